#include "server_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <pptp/pptp.h>

#include "log.h"

static const char help[] =
        "Usage: pptp-server [options]\n"
        "\n"
        "Take calls of PPTP clients (RFC 2637) and carry IPv4 for them through a TUN interface, until "
        "SIGINT\n"
        "or SIGTERM.\n"
        "\n"
        "  --listen ADDRESS   take connections at this address only, and open them from it; default all of "
        "IPv4\n"
        "                     and IPv6\n"
        "  --port N           TCP port, default 1723\n"
        "  --connect HOST     open a control connection to HOST, take its calls, and connect again when it "
        "ends;\n"
        "                     may be given again\n"
        "  --one-per-peer     refuse a second control connection from an address that has one\n"
        "\n"
        "  --users FILE       who may log in: lines of client, server, secret and address, the format of "
        "pppd's\n"
        "                     chap-secrets; SIGHUP reads it again\n"
        "  --login-failures N log-ins that may fail from an address before its calls are refused until a "
        "minute "
        "has\n"
        "                     passed without one, default 10; 0: any number\n"
        "  --no-auth          let everybody in without a password, and encrypt nothing\n"
        "  --name NAME        our name in that file, default: that of this host\n"
        "  --auth LIST        how users may prove who they are: mschap2, mschap1, chap, pap, with commas "
        "between;\n"
        "                     default mschap2\n"
        "  --mppe HOW         encryption: required (default), allowed, off\n"
        "  --mppe-bits LIST   lengths of its keys: 128, 56, 40, default 128\n"
        "  --mppe-stateful[=only]\n"
        "                     let clients choose stateful mode too, which a lost packet disturbs; or only "
        "that\n"
        "\n"
        "  --ppp pppd         PPP of a pppd for each call, with its options and plugins; without --users\n"
        "  --pppd PROGRAM     default pppd\n"
        "  --pppd-options FILE, --pppd-arg WORD\n"
        "                     options for it, beside the addresses; the latter may be given again\n"
        "\n"
        "  --local ADDRESS    our address in the tunnels, default 10.20.0.1\n"
        "  --pool FIRST-LAST  addresses for clients, default 10.20.0.2-10.20.0.254\n"
        "  --max-clients N    connections at once, default 100\n"
        "  --dns ADDRESS      name server for clients; may be given twice\n"
        "  --nbns ADDRESS     the same for NetBIOS (WINS)\n"
        "  --tun NAME         name of the interface, default \"pptpd%d\"\n"
        "  --mtu N            largest packet in a tunnel, 576 to 1460; default what fits the path, 1400 at "
        "most\n"
        "  --no-ipv6          carry IPv4 only; else link-local IPv6 too, where the client does\n"
        "  --reorder-ms N     how long packets wait for one that is missing, default 20; 0: not at all\n"
        "  --pcap FILE        write all that passes to FILE, for Wireshark: control messages and GRE\n"
        "  --strict           do only what RFC 2637 says, without tolerance for other implementations\n"
        "  -v                 show control messages; -vv: PPP and counters too\n"
        "  --version, --help\n"
        "\n"
        "When clients can come one line beginning with \"ready:\" goes to standard output.\n"
        "Exit codes: 0 ended as asked, 1 bad usage, 2 cannot set up (privileges, address, interface).\n"
        "\n"
        "PPTP does not protect: MS-CHAPv2 is broken at the cost of one DES key, and MPPE falls with it. Use "
        "it\n"
        "for equipment that speaks nothing else, behind a firewall, with passwords used nowhere else.\n";

enum {
	LISTEN = 256,
	CONNECT,
	ONE_PER_PEER,
	USERS,
	NO_AUTH,
	PPP,
	PPPD_ARG,
	NAME,
	LOCAL,
	POOL,
	MAX_CLIENTS,
	LOGIN_FAILURES,
	DNS,
	NBNS,
};

static const struct option long_options[] = {
        {"listen", required_argument, NULL, LISTEN},
        {"connect", required_argument, NULL, CONNECT},
        {"one-per-peer", no_argument, NULL, ONE_PER_PEER},
        {"users", required_argument, NULL, USERS},
        {"no-auth", no_argument, NULL, NO_AUTH},
        {"ppp", required_argument, NULL, PPP},
        {"pppd-arg", required_argument, NULL, PPPD_ARG},
        {"name", required_argument, NULL, NAME},
        {"local", required_argument, NULL, LOCAL},
        {"pool", required_argument, NULL, POOL},
        {"max-clients", required_argument, NULL, MAX_CLIENTS},
        {"login-failures", required_argument, NULL, LOGIN_FAILURES},
        {"dns", required_argument, NULL, DNS},
        {"nbns", required_argument, NULL, NBNS},
        SHARED_OPTIONS,
        {NULL, 0, NULL, 0},
};

#define POOL_MAX 65535u /* as many calls a GRE socket can tell apart */

static bool add_name_server(const char *option, uint32_t servers[2], unsigned *count)
{
	if (*count == 2) {
		log_line("%s: PPP can tell a client of two name servers at most", option);
		return false;
	}
	return option_ipv4(option, optarg, &servers[(*count)++]);
}

#define NAME_MAX_OCTETS 255u

static bool set_name(struct server_options *o, const char *text)
{
	if (text[0] == '\0' || strlen(text) > NAME_MAX_OCTETS) {
		log_line("--name: a name has 1 to %u octets", NAME_MAX_OCTETS);
		return false;
	}
	o->name = text;
	return true;
}

/* That of the host, as pppd does it. */
static void default_name(struct server_options *o)
{
	if (o->name != NULL)
		return;
	if (gethostname(o->host_name, sizeof o->host_name) != 0 || o->host_name[0] == '\0')
		strcpy(o->host_name, "pptp-server");
	o->host_name[sizeof o->host_name - 1] = '\0'; /* a longer one is cut, perhaps without this */
	o->name = o->host_name;
}

static bool add_connect(struct server_options *o, const char *host)
{
	if (o->connect_count == SERVER_CONNECT_MAX) {
		log_line("--connect: at most %d of them", SERVER_CONNECT_MAX);
		return false;
	}
	o->connect[o->connect_count++] = host;
	return true;
}

static bool set_ppp(struct server_options *o, const char *text)
{
	o->pppd = strcmp(text, "pppd") == 0;
	if (o->pppd || strcmp(text, "own") == 0)
		return true;
	log_line("--ppp: \"%s\" is neither own nor pppd", text);
	return false;
}

static bool take(void *user, int option, int index)
{
	struct server_options *o = user;

	(void)index;
	switch (option) {
	case LISTEN:
		return option_address("--listen", optarg, &o->listen);
	case CONNECT:
		return add_connect(o, optarg);
	case ONE_PER_PEER:
		o->one_per_peer = true;
		return true;
	case USERS:
		o->users = optarg;
		return true;
	case PPP:
		return set_ppp(o, optarg);
	case PPPD_ARG:
		return relay_add_argument(&o->shared.pppd, optarg);
	case NO_AUTH:
		o->no_auth = true;
		return true;
	case NAME:
		return set_name(o, optarg);
	case LOCAL:
		return option_ipv4("--local", optarg, &o->local);
	case POOL:
		return option_range("--pool", optarg, &o->pool_first, &o->pool_last);
	case MAX_CLIENTS:
		return option_number("--max-clients", optarg, 1, 60000, &o->max_clients);
	case LOGIN_FAILURES:
		return option_number("--login-failures", optarg, 0, 1000000, &o->login_failures);
	case DNS:
		return add_name_server("--dns", o->dns, &o->dns_count);
	case NBNS:
		return add_name_server("--nbns", o->nbns, &o->nbns_count);
	default:
		return shared_option(&o->shared, option);
	}
}

static bool consistent(const struct server_options *o)
{
	if (o->pool_last - o->pool_first >= POOL_MAX) {
		log_line("--pool: at most %u addresses", POOL_MAX);
		return false;
	}
	if (o->local >= o->pool_first && o->local <= o->pool_last) {
		log_line("--pool: the range holds our own address (--local); leave it out");
		return false;
	}
	return true;
}

/* Whoever lets everybody in has said so. */
static bool knows_whom(struct server_options *o)
{
	if (o->pppd && (o->users != NULL || o->no_auth)) {
		log_line("--users and --no-auth are for our own PPP: pppd has options of its own, auth and "
		         "noauth");
		return false;
	}
	if (o->pppd)
		return policy_settle(&o->shared.policy, false, "our own PPP");
	if (o->users == NULL && !o->no_auth) {
		log_line("who may log in? Give a file with --users, or let everybody in with --no-auth");
		return false;
	}
	if (o->users != NULL && o->no_auth) {
		log_line("--users and --no-auth exclude each other");
		return false;
	}
	return policy_settle(&o->shared.policy, o->users != NULL, "--users");
}

int server_options_parse(struct server_options *ret, int argc, char **argv)
{
	const struct options_form form = {.program = "pptp-server",
	                                  .help = help,
	                                  .letters = "v",
	                                  .options = long_options,
	                                  .take = take};
	int exit_code;

	*ret = (struct server_options){.shared = shared_options_default("pptpd%d"),
	                               .local = 0x0A140001,
	                               .pool_first = 0x0A140002,
	                               .pool_last = 0x0A1400FE,
	                               .max_clients = 100,
	                               .login_failures = 10};
	exit_code = options_take(&form, argc, argv, ret);
	if (exit_code >= 0)
		return exit_code;
	if (optind < argc) {
		log_line("\"%s\": a server takes options only", argv[optind]);
		return options_bad(&form);
	}
	if (!consistent(ret) || !knows_whom(ret))
		return options_bad(&form);
	default_name(ret);
	return -1;
}
