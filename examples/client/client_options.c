#include "client_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <pptp/pptp.h>

#include "log.h"

static const char help[] =
        "Usage: pptp-client [options] SERVER\n"
        "\n"
        "Carry IPv4 to a PPTP server (RFC 2637) through a TUN interface, until SIGINT or SIGTERM.\n"
        "\n"
        "  --port N         TCP port of the server, default 1723\n"
        "  --bind ADDRESS   local address to use\n"
        "  --tun NAME       name of the interface, default \"pptp%d\"\n"
        "  --route NET/LEN  route this network through the tunnel; may be given again\n"
        "  --mtu N          largest packet in the tunnel, 576 to 1460, default 1400\n"
        "  --phone NUMBER   phone number of the call, which some modems ask for\n"
        "  --timeout S      give up when not connected after so many seconds, default 30\n"
        "  --strict         do only what RFC 2637 says, without tolerance for other implementations\n"
        "  -v               show control messages; -vv: PPP and counters too\n"
        "  --version, --help\n"
        "\n"
        "When the tunnel is up one line beginning with \"connected:\" goes to standard output.\n"
        "\n"
        "Exit codes: 0 ended as asked, 1 bad usage, 2 cannot set up here (privileges, interface),\n"
        "3 cannot reach the server, 4 the server refused, 5 the connection was lost, 6 PPP failed.\n"
        "\n"
        "There is no authentication and no encryption here: everybody on the path can read and change\n"
        "what is sent. PPTP's own (MS-CHAPv2, MPPE) would not stop a modern attacker either. Use it for\n"
        "equipment that speaks nothing else.\n";

enum { PORT = 256, BIND, TUN, ROUTE, MTU, PHONE, TIMEOUT, STRICT, VERSION, HELP };

static const struct option long_options[] = {
        {"port", required_argument, NULL, PORT},
        {"bind", required_argument, NULL, BIND},
        {"tun", required_argument, NULL, TUN},
        {"route", required_argument, NULL, ROUTE},
        {"mtu", required_argument, NULL, MTU},
        {"phone", required_argument, NULL, PHONE},
        {"strict", no_argument, NULL, STRICT},
        {"timeout", required_argument, NULL, TIMEOUT},
        {"version", no_argument, NULL, VERSION},
        {"help", no_argument, NULL, HELP},
        {NULL, 0, NULL, 0},
};

static bool add_route(struct client_options *o, const char *text)
{
	if (o->route_count == CLIENT_ROUTES_MAX) {
		log_line("--route: at most %d of them", CLIENT_ROUTES_MAX);
		return false;
	}
	return option_network("--route", text, &o->routes[o->route_count++]);
}

static bool set_phone(struct client_options *o, const char *text)
{
	if (strlen(text) > 64) {
		log_line("--phone: \"%s\" is longer than 64 characters", text);
		return false;
	}
	o->phone = text;
	return true;
}

static bool take(struct client_options *o, int option)
{
	switch (option) {
	case PORT:
		return option_number("--port", optarg, 1, 65535, &o->port);
	case BIND:
		return option_ipv4("--bind", optarg, &o->bind);
	case TUN:
		return option_interface("--tun", optarg, &o->tun);
	case ROUTE:
		return add_route(o, optarg);
	case MTU:
		return option_number("--mtu", optarg, 576, 1460, &o->mtu);
	case PHONE:
		return set_phone(o, optarg);
	case TIMEOUT:
		return option_number("--timeout", optarg, 1, 3600, &o->timeout_s);
	case STRICT:
		o->strict = true;
		return true;
	case 'v':
		o->verbosity++;
		return true;
	default: /* getopt has said what is wrong */
		return false;
	}
}

int client_options_parse(struct client_options *ret, int argc, char **argv)
{
	int option;

	*ret = (struct client_options){
	        .port = PPTP_TCP_PORT, .tun = "pptp%d", .mtu = 1400, .phone = "", .timeout_s = 30};
	while ((option = getopt_long(argc, argv, "v", long_options, NULL)) != -1) {
		if (option == HELP) {
			fputs(help, stdout);
			return EXIT_OK;
		}
		if (option == VERSION) {
			printf("pptp-client (libpptp) %s\n", pptp_version_text());
			return EXIT_OK;
		}
		if (!take(ret, option)) {
			fputs("Try pptp-client --help.\n", stderr);
			return EXIT_USAGE;
		}
	}
	if (argc - optind != 1) {
		log_line(argc == optind ? "which SERVER? Give its name or address as the last argument."
		                        : "only one SERVER can be given");
		fputs("Try pptp-client --help.\n", stderr);
		return EXIT_USAGE;
	}
	ret->server = argv[optind];
	return -1;
}
