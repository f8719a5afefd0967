/* pptp-client: dials a PPTP server and carries IPv4 through a TUN interface.
 *
 * connect -> control connection -> call -> PPP -> interface, and the same way back at the end. */
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client_options.h"
#include "control.h"
#include "gre_socket.h"
#include "log.h"
#include "report.h"
#include "session.h"
#include "tun.h"

#define STOP_US ((uint64_t)3 * 1000000) /* how long a peer may take over an orderly end */

struct client {
	struct client_options options;
	struct loop loop;
	struct gre_socket gre;
	struct control control;
	struct session session;
	struct tun tun;
	const pptp_config *config;
	struct loop_timer limit; /* of connecting, then of stopping */
	struct loop_io connecting;
	struct sockaddr_in server;
	pptp_call call;
	bool has_control, has_session, has_tun, connected, stopping;
	int exit_code;
};

/* ---- the end
 * ------------------------------------------------------------------------------------------------ */

/* The first reason to fail is the one to exit with. */
static void fail(struct client *client, int exit_code)
{
	if (client->exit_code == EXIT_OK && !client->stopping)
		client->exit_code = exit_code;
}

static void close_control(struct client *client)
{
	if (pptp_conn_close(client->control.conn, PPTP_STOP_LOCAL_SHUTDOWN, client->loop.now) == PPTP_OK)
		control_wake(&client->control);
}

static void clear_call(struct client *client)
{
	(void)pptp_call_clear(client->control.conn, client->call, PPTP_CDN_REQUEST, PPTP_ERROR_NONE, 0,
	                      client->loop.now);
	control_wake(&client->control);
}

/* In order: PPP, then the call, then the connection; each step's event leads to the next. */
static void stop(struct client *client)
{
	client->stopping = true;
	loop_timer_at(&client->loop, &client->limit, client->loop.now + STOP_US);
	if (!client->has_control)
		loop_stop(&client->loop);
	else if (!client->has_session)
		close_control(client);
	else if (!session_close(&client->session))
		clear_call(client);
}

static void signalled(void *user)
{
	struct client *client = user;

	log_line("stopping");
	stop(client);
}

static void limit_expired(void *user)
{
	struct client *client = user;

	if (client->stopping) {
		log_line("the server does not answer; leaving without it");
		loop_stop(&client->loop);
	} else if (!client->connected) {
		log_line("not connected after %u s; see with -v how far it came", client->options.timeout_s);
		fail(client, client->has_session ? EXIT_PPP : EXIT_CONNECT);
		stop(client);
	}
}

/* ---- the interface
 * --------------------------------------------------------------------------------------------- */

static bool packet_out(void *user, uint8_t *packet, size_t len)
{
	struct client *client = user;

	return !client->has_session || session_output(&client->session, packet, len);
}

static void packet_in(void *user, const uint8_t *packet, size_t len)
{
	struct client *client = user;

	if (client->has_tun)
		tun_write(&client->tun, packet, len);
}

static bool bring_up(struct client *client, const ppp_event *event)
{
	unsigned mtu = event->mtu < client->options.mtu ? event->mtu : client->options.mtu;

	if (!client->has_tun) {
		if (!tun_open(&client->tun, &client->loop, client->options.tun, packet_out, client))
			return false;
		client->has_tun = true;
	}
	if (!tun_configure(&client->tun, event->local_address, event->peer_address, mtu))
		return false;
	for (unsigned i = 0; i < client->options.route_count; i++)
		if (!tun_add_route(&client->tun, &client->options.routes[i]))
			return false;
	return true;
}

static void say_connected(struct client *client, const ppp_event *event)
{
	char local[INET_ADDRSTRLEN], peer[INET_ADDRSTRLEN], dns[INET_ADDRSTRLEN];

	printf("connected: %s -> %s on %s, mtu %u", ipv4_text(event->local_address, local),
	       ipv4_text(event->peer_address, peer), client->tun.name, event->mtu);
	for (unsigned i = 0; i < 2; i++)
		if (event->dns[i] != 0)
			printf(", dns %s", ipv4_text(event->dns[i], dns));
	printf("\n");
	fflush(stdout);
}

static void link_event(void *user, const ppp_event *event)
{
	struct client *client = user;

	switch (event->type) {
	case PPP_EVENT_UP:
		if (!bring_up(client, event)) {
			fail(client, EXIT_SETUP);
			stop(client);
			break;
		}
		client->connected = true;
		say_connected(client, event);
		break;
	case PPP_EVENT_SUSPENDED:
		if (!client->stopping)
			log_line("PPP negotiates anew");
		break;
	case PPP_EVENT_DOWN:
		if (event->reason != PPP_REASON_LOCAL && event->reason != PPP_REASON_LOWER_DOWN) {
			log_line("PPP ended: %s%s%s", event->text, event->layer[0] ? ", in " : "",
			         event->layer);
			fail(client, event->reason == PPP_REASON_PEER_TERMINATED ? EXIT_LOST : EXIT_PPP);
		}
		clear_call(client);
		break;
	}
}

static const struct session_handler session_handler = {.packet = packet_in, .event = link_event};

/* ---- the call
 * -------------------------------------------------------------------------------------------------- */

static bool open_session(struct client *client)
{
	pptp_gre_options channel;
	ppp_options link;

	ppp_options_init(&link);
	link.ask_dns = 1;
	link.mru = (uint16_t)client->options.mtu;
	link.mtu_max = (uint16_t)client->options.mtu;
	(void)pptp_gre_options_init(&channel, sizeof channel);
	(void)pptp_call_channel(client->control.conn, client->call, &channel);
	client->has_session =
	        session_open(&client->session, &client->loop, &client->gre, &client->control.local,
	                     &client->control.peer, &channel, &link, &session_handler, client);
	return client->has_session;
}

static void dial(struct client *client)
{
	size_t digits = strlen(client->options.phone);
	pptp_dial request;
	pptp_err error = pptp_dial_init(&request, sizeof request);

	memcpy(request.phone_number, client->options.phone, digits);
	request.phone_number_length = (uint16_t)digits;
	if (error == PPTP_OK)
		error = pptp_mux_reserve(client->gre.mux, &request.local_call_id);
	if (error == PPTP_OK)
		error = pptp_call_dial(client->control.conn, &request, client->loop.now, &client->call);
	if (error != PPTP_OK)
		log_line("cannot dial: %s", pptp_err_text(error));
	if (error != PPTP_OK || !open_session(client)) {
		fail(client, EXIT_SETUP);
		(void)pptp_conn_close(client->control.conn, PPTP_STOP_LOCAL_SHUTDOWN, client->loop.now);
	}
}

static void call_up(struct client *client)
{
	pptp_gre_options channel;

	(void)pptp_gre_options_init(&channel, sizeof channel);
	if (pptp_call_channel(client->control.conn, client->call, &channel) == PPTP_OK && !client->stopping)
		session_start(&client->session, &channel);
}

static int exit_code_of(pptp_err reason)
{
	return reason == PPTP_ERR_REFUSED || reason == PPTP_ERR_VERSION ? EXIT_REFUSED : EXIT_LOST;
}

static void control_event(void *user, const pptp_event *event)
{
	struct client *client = user;
	char text[REPORT_OCTETS];

	if (event->type == PPTP_EV_UP) {
		dial(client);
	} else if (event->type == PPTP_EV_CALL_UP) {
		call_up(client);
	} else if (event->type == PPTP_EV_CALL_DOWN) {
		if (event->reason != PPTP_ERR_LOCAL)
			log_line("call ended: %s", report_end(event, text));
		fail(client, event->reason == PPTP_ERR_LOCAL ? EXIT_OK : exit_code_of(event->reason));
		if (client->has_session)
			session_free(&client->session);
		client->has_session = false;
		(void)pptp_conn_close(client->control.conn, PPTP_STOP_LOCAL_SHUTDOWN, client->loop.now);
	} else if (event->type == PPTP_EV_DOWN && event->reason != PPTP_ERR_LOCAL) {
		log_line("control connection ended: %s", report_end(event, text));
		fail(client, exit_code_of(event->reason));
	}
}

static void control_over(void *user)
{
	struct client *client = user;

	control_close(&client->control);
	client->has_control = false;
	loop_stop(&client->loop);
}

static const struct control_handler control_handler = {.event = control_event, .over = control_over};

/* ---- GRE
 * ----------------------------------------------------------------------------------------------------------
 */

static void gre_writable(void *user)
{
	struct client *client = user;

	if (client->has_tun)
		tun_resume(&client->tun);
}

static void gre_unreachable(void *user, const struct address *peer, const char *what)
{
	struct client *client = user;

	(void)peer;
	(void)what;
	if (client->has_session && !client->session.heard && !client->session.diagnosed) {
		client->session.diagnosed = true;
		log_line("a firewall or NAT router on the path does not let IP protocol 47 (GRE) through");
	}
}

static const struct gre_socket_handler gre_handler = {
        .datagram = session_datagram, .writable = gre_writable, .unreachable = gre_unreachable};

/* ---- connecting
 * ----------------------------------------------------------------------------------------------------- */

static void cannot_reach(struct client *client, int error)
{
	errno = error;
	log_errno("cannot connect to %s port %u", client->options.server, client->options.port);
	fail(client, EXIT_CONNECT);
	loop_stop(&client->loop);
}

static bool covers(const struct ipv4_network *network, uint32_t address)
{
	return network->prefix_bits == 0 || (address ^ network->address) >> (32 - network->prefix_bits) == 0;
}

/* The interface that has this address, "" when none has. */
static void find_interface(uint32_t address, char ret[IFNAMSIZ])
{
	struct ifaddrs *all;

	ret[0] = '\0';
	if (getifaddrs(&all) != 0)
		return;
	for (const struct ifaddrs *at = all; at != NULL; at = at->ifa_next) {
		struct sockaddr_in in;

		if (at->ifa_addr == NULL || at->ifa_addr->sa_family != AF_INET)
			continue;
		memcpy(&in, at->ifa_addr, sizeof in);
		if (ntohl(in.sin_addr.s_addr) == address)
			snprintf(ret, IFNAMSIZ, "%s", at->ifa_name);
	}
	freeifaddrs(all);
}

/* A route through the tunnel that covers the server would lead the tunnel into itself: keep the tunnel's own
 * packets on the interface they leave by now. */
static bool pin_to_uplink(struct client *client, int fd)
{
	uint32_t server = ntohl(client->server.sin_addr.s_addr);
	char interface[IFNAMSIZ];
	struct sockaddr_in local;
	socklen_t len = sizeof local;
	bool needed = false;

	for (unsigned i = 0; i < client->options.route_count; i++)
		needed |= covers(&client->options.routes[i], server);
	if (!needed)
		return true;
	if (getsockname(fd, (struct sockaddr *)&local, &len) != 0)
		return false;
	find_interface(ntohl(local.sin_addr.s_addr), interface);
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)) != 0) {
		log_errno("cannot keep the control connection on interface %s", interface);
		return false;
	}
	return gre_socket_bind_interface(&client->gre, interface);
}

static void connection_made(void *user, uint32_t events)
{
	struct client *client = user;
	int fd = client->connecting.fd, error = 0;
	socklen_t len = sizeof error;

	(void)events;
	loop_remove(&client->loop, &client->connecting);
	client->connecting.fd = -1;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		error = errno;
	if (error != 0) {
		close(fd);
		cannot_reach(client, error);
		return;
	}
	if (!pin_to_uplink(client, fd)) {
		close(fd);
		fail(client, EXIT_SETUP);
		loop_stop(&client->loop);
		return;
	}
	client->has_control = control_open(&client->control, &client->loop, fd, client->config,
	                                   PPTP_ORIGINATOR, &control_handler, client);
	if (!client->has_control) {
		fail(client, EXIT_SETUP);
		loop_stop(&client->loop);
	}
}

static bool resolve(struct client *client)
{
	const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found;
	int error = getaddrinfo(client->options.server, NULL, &hints, &found);

	if (error != 0) {
		log_line("cannot find server \"%s\": %s", client->options.server, gai_strerror(error));
		return false;
	}
	memcpy(&client->server, found->ai_addr, sizeof client->server);
	client->server.sin_port = htons((uint16_t)client->options.port);
	freeaddrinfo(found);
	return true;
}

static bool begin_connect(struct client *client)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(client->options.bind)};

	if (fd < 0) {
		log_errno("cannot make a TCP socket");
		return false;
	}
	if (client->options.bind != 0 && bind(fd, (struct sockaddr *)&local, sizeof local) != 0) {
		log_errno("--bind: cannot use that address");
		close(fd);
		return false;
	}
	if (connect(fd, (struct sockaddr *)&client->server, sizeof client->server) != 0 &&
	    errno != EINPROGRESS) {
		int error = errno;
		close(fd);
		cannot_reach(client, error);
		return false;
	}
	client->connecting =
	        (struct loop_io){.fd = fd, .events = EPOLLOUT, .ready = connection_made, .user = client};
	if (loop_add(&client->loop, &client->connecting))
		return true;
	close(fd);
	client->connecting.fd = -1;
	return false;
}

static bool make_config(struct client *client)
{
	pptp_config_options settings;
	pptp_err error = pptp_config_options_init(&settings, sizeof settings);

	settings.take_calls = 0; /* we call; nobody calls us */
	if (client->options.strict)
		settings.tolerate = 0;
	if (error == PPTP_OK)
		error = pptp_config_new(&settings, &client->config);
	if (error != PPTP_OK)
		log_line("cannot set up: %s", pptp_err_text(error));
	return error == PPTP_OK;
}

static int run(struct client *client)
{
	if (!loop_signals(&client->loop, signalled, client) ||
	    !loop_timer_add(&client->loop, &client->limit, limit_expired, client) || !make_config(client))
		return EXIT_SETUP;
	if (!gre_socket_open(&client->gre, &client->loop, 1, &gre_handler, client))
		return EXIT_SETUP;
	loop_timer_at(&client->loop, &client->limit,
	              client->loop.now + (uint64_t)client->options.timeout_s * 1000000);
	if (!begin_connect(client))
		fail(client, EXIT_SETUP);
	else if (!loop_run(&client->loop))
		fail(client, EXIT_SETUP);
	if (client->has_session)
		session_free(&client->session);
	if (client->has_control)
		control_close(&client->control);
	if (client->connecting.fd >= 0) {
		loop_remove(&client->loop, &client->connecting);
		close(client->connecting.fd);
	}
	if (client->has_tun)
		tun_close(&client->tun);
	gre_socket_close(&client->gre);
	return client->exit_code;
}

int main(int argc, char **argv)
{
	static struct client client = {.connecting.fd = -1};
	int exit_code;

	log_open("pptp-client", 0);
	exit_code = client_options_parse(&client.options, argc, argv);
	if (exit_code >= 0)
		return exit_code;
	log_open("pptp-client", client.options.verbosity);
	if (!resolve(&client))
		return EXIT_CONNECT;
	if (!loop_open(&client.loop))
		return EXIT_SETUP;
	exit_code = run(&client);
	pptp_config_free(client.config);
	loop_close(&client.loop);
	return exit_code;
}
