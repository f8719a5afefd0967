/* pptp-server: takes calls of PPTP clients and carries IPv4 for them through one TUN interface.
 *
 * A client is a TCP connection; on it are calls, each with a session of its own. All of them share one raw
 * socket and one interface; a packet finds its call by Call ID, or by the address that the call was given. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "seed.h"
#include "server.h"

#define STOP_US          ((uint64_t)3 * 1000000) /* how long clients may take over an orderly end */
#define CALLS_PER_CLIENT 16u
#define CALLS_MAX        65535u /* that a GRE socket can tell apart */

/* ---- GRE ----------------------------------------------------------------------------------------------- */

static void gre_writable(void *user)
{
	struct server *server = user;

	if (server->options.pppd)
		calls_resume(server);
	else
		tun_resume(&server->tun);
}

static void gre_unreachable(void *user, const struct address *peer, const char *what)
{
	(void)user; /* the socket has logged it; who sends GRE to us may still hear us */
	(void)peer;
	(void)what;
}

static const struct gre_socket_handler gre_handler = {
        .datagram = session_datagram, .writable = gre_writable, .unreachable = gre_unreachable};

/* ---- beginning and end --------------------------------------------------------------------------------- */

static void signalled(void *user)
{
	struct server *server = user;

	log_line("stopping, %u clients", server->client_count);
	server->stopping = true;
	loop_timer_at(&server->loop, &server->limit, server->loop.now + STOP_US);
	for (struct client *client = server->clients; client != NULL; client = client->next) {
		(void)pptp_conn_close(client->control.conn, PPTP_STOP_LOCAL_SHUTDOWN, server->loop.now);
		control_wake(&client->control);
	}
	if (server->client_count == 0)
		loop_stop(&server->loop);
}

static void reload(void *user)
{
	login_reload(user);
}

/* Users with addresses of their own come beside those of the pool. */
static uint32_t calls_max(const struct server *server)
{
	uint64_t calls = (uint64_t)server->pool.count +
	                 (server->options.users != NULL ? server->options.max_clients : 0);

	return calls < CALLS_MAX ? (uint32_t)calls : CALLS_MAX;
}

static void limit_expired(void *user)
{
	struct server *server = user;

	log_line("%u clients did not answer; leaving without them", server->client_count);
	loop_stop(&server->loop);
}

static bool make_config(struct server *server)
{
	pptp_config_options settings;
	pptp_err error = pptp_config_options_init(&settings, sizeof settings);

	settings.max_calls = CALLS_PER_CLIENT;
	settings.maximum_channels = CALLS_PER_CLIENT;
	settings.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	if (server->options.shared.strict)
		settings.tolerate = 0;
	if (error == PPTP_OK)
		error = pptp_config_new(&settings, &server->config);
	if (error != PPTP_OK)
		log_line("cannot set up: %s", pptp_err_text(error));
	return error == PPTP_OK;
}

static void say_ready(const struct server *server)
{
	char listen[ADDRESS_TEXT_OCTETS], local[INET_ADDRSTRLEN];

	printf("ready: %s port %u, %s on %s\n", address_text(&server->options.listen, listen),
	       server->options.shared.port, ipv4_text(server->options.local, local),
	       server->options.pppd ? "interfaces of pppd" : server->tun.name);
	fflush(stdout);
}

/* Connections that were not ended in order: their calls' DOWN events free the calls. */
static void drop_clients(struct server *server)
{
	while (server->clients != NULL) {
		struct client *client = server->clients;

		(void)pptp_conn_eof(client->control.conn, server->loop.now);
		client_remove(client);
	}
}

struct capture *server_capture(struct server *server)
{
	return server->options.shared.pcap != NULL ? &server->capture : NULL;
}

#define UNIVERSAL                                                                                            \
	0x02u /* in the first octet: from a hardware address (RFC 4291 2.5.1), which ours is not             \
	       */

/* One address for all tunnels: they have one interface. */
static bool open_ipv6(struct server *server)
{
	const struct server_options *o = &server->options;
	uint64_t identifier;

	if (o->shared.no_ipv6 || (o->shared.mtu != 0 && o->shared.mtu < TUN_IPV6_MTU_MIN) || !tun_can_ipv6())
		return true;
	if (!seed_get(&identifier))
		return false;
	memcpy(server->identifier, &identifier, sizeof server->identifier);
	server->identifier[0] &= (uint8_t)~UNIVERSAL;
	/* Where the system has it switched off IPv4 does not suffer. */
	server->ipv6 = tun_add_ipv6(&server->tun, server->identifier);
	return true;
}

/* One for all tunnels; pppd makes its own. */
static bool open_interface(struct server *server)
{
	const struct server_options *o = &server->options;

	if (o->pppd)
		return true;
	if (!tun_open(&server->tun, &server->loop, o->shared.tun, call_packet, server))
		return false;
	if (tun_configure(&server->tun, o->local, 0, o->shared.mtu != 0 ? o->shared.mtu : SESSION_MTU) &&
	    open_ipv6(server))
		return true;
	tun_close(&server->tun);
	return false;
}

static bool serve(struct server *server)
{
	const struct server_options *o = &server->options;
	bool good = false;

	server->loop.reload = reload;
	pppd_departures_open(&server->departures, &server->loop);
	if (!loop_signals(&server->loop, signalled, server) ||
	    !loop_timer_add(&server->loop, &server->limit, limit_expired, server) || !make_config(server))
		return false;
	if (!pool_open(&server->pool, o->pool_first, o->pool_last)) {
		log_errno("cannot set up the address pool");
		return false;
	}
	if (!login_open(server))
		goto close_pool;
	if (!gre_socket_open(&server->gre, &server->loop, calls_max(server), &gre_handler, server))
		goto close_pool;
	server->gre.capture = server_capture(server);
	if (!open_interface(server))
		goto close_gre;
	if (!listener_open(&server->listener, &server->loop, &o->listen, o->shared.port, client_accepted,
	                   server))
		goto close_interface;
	if (!callees_open(server))
		goto close_callees;
	say_ready(server);
	good = loop_run(&server->loop);
	drop_clients(server);
	pppd_departures_close(&server->departures);
close_callees:
	callees_close(server);
	listener_close(&server->listener);
close_interface:
	if (!o->pppd)
		tun_close(&server->tun);
close_gre:
	gre_socket_close(&server->gre);
close_pool:
	login_close(server);
	pool_close(&server->pool);
	return good;
}

static bool serve_with_capture(struct server *server)
{
	bool good;

	if (server->options.shared.pcap == NULL)
		return serve(server);
	if (!capture_open(&server->capture, &server->loop, server->options.shared.pcap))
		return false;
	good = serve(server);
	capture_close(&server->capture);
	return good;
}

int main(int argc, char **argv)
{
	static struct server server;
	int exit_code;

	log_open("pptp-server", 0);
	exit_code = server_options_parse(&server.options, argc, argv);
	if (exit_code >= 0)
		return exit_code;
	log_open("pptp-server", server.options.shared.verbosity);
	server.failures.limit = server.options.login_failures;
	if (!loop_open(&server.loop))
		return EXIT_SETUP;
	exit_code = serve_with_capture(&server) ? EXIT_OK : EXIT_SETUP;
	pptp_config_free(server.config);
	loop_close(&server.loop);
	return exit_code;
}
