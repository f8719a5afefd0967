/* pptp-client: dials a PPTP server and carries IPv4 through a TUN interface.
 *
 * connect -> control connection -> call -> PPP -> interface, and the same way back at the end. */
#include <ifaddrs.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "contact.h"
#include "gre_socket.h"
#include "log.h"
#include "password.h"
#include "policy_link.h"
#include "report.h"
#include "session.h"
#include "tun.h"

#define STOP_US  ((uint64_t)3 * 1000000) /* how long a peer may take over an orderly end */
#define ACCM_ALL 0xFFFFFFFFu             /* every control character is escaped */

struct client {
	struct client_options options;
	struct loop loop;
	struct capture capture;
	struct gre_socket gre;
	struct contact contact;
	struct control *control; /* the established one, NULL: none */
	struct session session;
	struct tun tun;
	const pptp_config *config;
	struct loop_timer limit; /* of connecting, then of stopping */
	struct addresses server;
	char user_shown[160];     /* for the log */
	struct password password; /* where there is a user */
	pptp_call call;
	bool has_session, connected, stopping;
	int exit_code;
	struct log_limit wan_errors;
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
	if (pptp_conn_close(client->control->conn, PPTP_STOP_LOCAL_SHUTDOWN, client->loop.now) == PPTP_OK)
		control_wake(client->control);
}

static void clear_call(struct client *client)
{
	(void)pptp_call_clear(client->control->conn, client->call, PPTP_CDN_REQUEST, PPTP_ERROR_NONE, 0,
	                      client->loop.now);
	control_wake(client->control);
}

static void begin_stop(struct client *client)
{
	client->stopping = true;
	loop_timer_at(&client->loop, &client->limit, client->loop.now + STOP_US);
}

/* In order: PPP, then the call, then the connection; each step's event leads to the next. */
static void stop(struct client *client)
{
	begin_stop(client);
	if (client->control == NULL)
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

/* What the time ran out for, and what to do. @return exit code */
static int say_how_far(const struct client *client)
{
	const char *server = client->options.server;
	unsigned seconds = client->options.timeout_s;

	if (client->has_session && client->session.heard) {
		log_line("the call is up, but PPP did not agree with the server's in %u s; see why with -vv",
		         seconds);
		return EXIT_PPP;
	}
	if (client->has_session && ppp_phase_now(&client->session.link) != PPP_PHASE_DEAD) {
		log_line("the call is up, but nothing came through GRE in %u s: a firewall or NAT router on "
		         "the path "
		         "drops IP protocol 47, or the server has no PPP for us",
		         seconds);
		return EXIT_PPP;
	}
	if (client->has_session)
		log_line("%s does not answer our call (Outgoing-Call-Request) in %u s", server, seconds);
	else if (client->contact.has_ours || client->contact.has_theirs)
		log_line("%s takes the TCP connection, but does not answer Start-Control-Connection-Request "
		         "in %u s: "
		         "is it a PPTP server?",
		         server, seconds);
	else
		log_line("no answer from %s port %u in %u s: the host is down, or a firewall on the path "
		         "drops TCP to "
		         "that port",
		         server, client->options.port, seconds);
	return EXIT_CONNECT;
}

static void limit_expired(void *user)
{
	struct client *client = user;

	if (client->stopping) {
		log_line("the server does not answer; leaving without it");
		loop_stop(&client->loop);
	} else if (!client->connected) {
		fail(client, say_how_far(client));
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

	tun_write(&client->tun, packet, len);
}

/* Everything, in two halves: more exact than the host's own default route, which stays as it is. When the
 * interface goes, in whatever way this program ends, they go with it, and that route is there again. */
static const struct ipv4_network halves[] = {{.address = 0, .prefix_bits = 1},
                                             {.address = 0x80000000, .prefix_bits = 1}};

static bool add_routes(struct client *client)
{
	bool good = true;

	for (unsigned i = 0; good && i < client->options.route_count; i++)
		good = tun_add_route(&client->tun, &client->options.routes[i]);
	for (unsigned i = 0; good && client->options.default_route && i < 2; i++)
		good = tun_add_route(&client->tun, &halves[i]);
	return good;
}

static bool bring_up(struct client *client, const ppp_event *event)
{
	if (!tun_configure(&client->tun, event->local_address, event->peer_address, event->mtu) ||
	    !add_routes(client))
		return false;
	/* A tunnel without its name servers is better than none; what went wrong was said. */
	(void)resolver_set(&client->options.resolver, client->tun.name, event->dns);
	return true;
}

static void say_connected(struct client *client, const ppp_event *event)
{
	char local[INET_ADDRSTRLEN], peer[INET_ADDRSTRLEN], dns[INET_ADDRSTRLEN], how[POLICY_REPORT_OCTETS];

	printf("connected: %s -> %s on %s, mtu %u", ipv4_text(event->local_address, local),
	       ipv4_text(event->peer_address, peer), client->tun.name, event->mtu);
	for (unsigned i = 0; i < 2; i++)
		if (event->dns[i] != 0)
			printf(", dns %s", ipv4_text(event->dns[i], dns));
	printf(", %s\n", policy_report(event->own_auth_method, client->user_shown, how));
	fflush(stdout);
}

/* What PPP's end means for who runs this program; NULL: no more than it says itself. */
static const char *login_advice(const struct client *client, enum ppp_reason reason)
{
	switch (reason) {
	case PPP_REASON_WANTS_AUTHENTICATION:
		return client->options.user == NULL ? "it wants to know who we are: give --user NAME"
		                                    : "it wants another method than those of --auth";
	case PPP_REASON_AUTH_FAILED:
		return "it does not take this name and password";
	case PPP_REASON_AUTH_NOT_DEMANDED:
		return "it lets everybody in, without the encryption that --mppe required wants";
	case PPP_REASON_SERVER_NOT_PROVEN:
		return "it does not know the password itself: it may be somebody else's server";
	case PPP_REASON_AUTH_TIMEOUT:
		return "it did not answer in time whether it takes name and password";
	default:
		return NULL;
	}
}

static void say_ended(struct client *client, const ppp_event *event)
{
	const char *advice = login_advice(client, event->reason);

	log_line("PPP ended: %s%s%s%s%s", event->text, event->layer[0] ? ", in " : "", event->layer,
	         event->message[0] ? ", the server says: " : "", event->message);
	if (advice != NULL)
		log_line("%s: %s", client->options.server, advice);
	if (event->reason == PPP_REASON_PEER_TERMINATED)
		fail(client, EXIT_LOST);
	else
		fail(client, advice != NULL ? EXIT_LOGIN : EXIT_PPP);
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
	case PPP_EVENT_IPV6_UP:
	case PPP_EVENT_IPV6_DOWN:
		break;
	case PPP_EVENT_DOWN:
		if (event->reason != PPP_REASON_LOCAL && event->reason != PPP_REASON_LOWER_DOWN)
			say_ended(client, event);
		clear_call(client);
		break;
	}
}

static const struct session_handler session_handler = {.packet = packet_in, .event = link_event};

/* ---- the call
 * -------------------------------------------------------------------------------------------------- */

static unsigned tunnel_mtu(const struct client *client)
{
	return client->options.mtu != 0 ? client->options.mtu
	                                : control_tunnel_mtu(client->control, 0, SESSION_MTU);
}

static void log_in(const struct client *client, ppp_options *link)
{
	policy_offer(&client->options.policy, link);
	link->name = client->options.user;
	link->name_len = (uint8_t)strlen(client->options.user);
	link->password = client->password.text;
	link->password_len = (uint16_t)client->password.len;
}

static bool open_session(struct client *client)
{
	pptp_gre_options channel;
	ppp_options link;

	ppp_options_init(&link);
	link.ask_dns = 1;
	link.mru = link.mtu_max = (uint16_t)tunnel_mtu(client);
	if (client->options.user != NULL)
		log_in(client, &link);
	(void)pptp_gre_options_init(&channel, sizeof channel);
	(void)pptp_call_channel(client->control->conn, client->call, &channel);
	channel.reorder_us = client->options.reorder_ms * 1000;
	client->has_session =
	        session_open(&client->session, &client->loop, &client->gre, &client->control->local,
	                     &client->control->peer, &channel, &link, &session_handler, client);
	return client->has_session;
}

static void dial(struct client *client)
{
	pptp_dial request = client->options.call;
	pptp_err error = pptp_mux_reserve(client->gre.mux, &request.local_call_id);

	if (error == PPTP_OK)
		error = pptp_call_dial(client->control->conn, &request, client->loop.now, &client->call);
	if (error != PPTP_OK)
		log_line("cannot dial: %s", pptp_err_text(error));
	if (error != PPTP_OK || !open_session(client)) {
		fail(client, EXIT_SETUP);
		(void)pptp_conn_close(client->control->conn, PPTP_STOP_LOCAL_SHUTDOWN, client->loop.now);
	}
}

static void call_up(struct client *client)
{
	pptp_gre_options channel;

	(void)pptp_gre_options_init(&channel, sizeof channel);
	if (client->stopping || pptp_call_channel(client->control->conn, client->call, &channel) != PPTP_OK)
		return;
	/* All ones are what a PAC begins with (RFC 2637 2.15). Modems that want it want to be told so. */
	if (client->options.link_info)
		(void)pptp_call_set_link_info(client->control->conn, client->call, ACCM_ALL, ACCM_ALL,
		                              client->loop.now);
	session_start(&client->session, &channel);
}

static int exit_code_of(const struct client *client, pptp_err reason)
{
	if (reason == PPTP_ERR_REFUSED || reason == PPTP_ERR_VERSION)
		return EXIT_REFUSED;
	return reason == PPTP_ERR_TIMEOUT && !client->connected ? EXIT_CONNECT : EXIT_LOST;
}

static void control_event(void *user, const pptp_event *event)
{
	struct client *client = user;
	char text[REPORT_OCTETS];

	if (event->type == PPTP_EV_UP) {
		client->control = client->contact.established;
		dial(client);
	} else if (event->type == PPTP_EV_CALL_UP) {
		call_up(client);
	} else if (event->type == PPTP_EV_CALL_WAN_ERROR) {
		if (log_allowed(&client->wan_errors, client->loop.now))
			log_line("%s", report_call(event, text));
	} else if (event->type == PPTP_EV_CALL_DOWN) {
		if (client->has_session) /* first: PPP may know why */
			session_free(&client->session);
		client->has_session = false;
		if (event->reason != PPTP_ERR_LOCAL)
			log_line("%s: call ended: %s", client->options.server, report_end(event, text));
		fail(client, event->reason == PPTP_ERR_LOCAL ? EXIT_OK : exit_code_of(client, event->reason));
		begin_stop(client);
		(void)pptp_conn_close(client->control->conn, PPTP_STOP_LOCAL_SHUTDOWN, client->loop.now);
	} else if (event->type == PPTP_EV_DOWN && event->reason != PPTP_ERR_LOCAL) {
		log_line("%s: control connection ended: %s", client->options.server, report_end(event, text));
		fail(client, exit_code_of(client, event->reason));
	}
}

static void control_over(void *user, int exit_code)
{
	struct client *client = user;

	client->control = NULL;
	fail(client, exit_code);
	loop_stop(&client->loop);
}

/* ---- GRE
 * ----------------------------------------------------------------------------------------------------------
 */

static void gre_writable(void *user)
{
	struct client *client = user;

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

static bool covers(const struct ipv4_network *network, uint32_t address)
{
	return network->prefix_bits == 0 || (address ^ network->address) >> (32 - network->prefix_bits) == 0;
}

/* The interface that has this address, "" when none has. */
static void find_interface(const struct address *address, char ret[IFNAMSIZ])
{
	struct ifaddrs *all;

	ret[0] = '\0';
	if (getifaddrs(&all) != 0)
		return;
	for (const struct ifaddrs *at = all; at != NULL; at = at->ifa_next) {
		struct sockaddr_storage socket = {0};
		struct address has;

		if (at->ifa_addr == NULL ||
		    (at->ifa_addr->sa_family != AF_INET && at->ifa_addr->sa_family != AF_INET6))
			continue;
		memcpy(&socket, at->ifa_addr,
		       at->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
		                                          : sizeof(struct sockaddr_in6));
		has = address_from_socket(&socket);
		if (address_equal(&has, address))
			snprintf(ret, IFNAMSIZ, "%s", at->ifa_name);
	}
	freeifaddrs(all);
}

/* Routes through the tunnel are IPv4's. */
static bool is_covered(const struct client *client, const struct address *server)
{
	bool covered = client->options.default_route && address_is_ipv4(server);

	for (unsigned i = 0; i < client->options.route_count && address_is_ipv4(server); i++)
		covered |= covers(&client->options.routes[i], address_to_ipv4(server));
	return covered;
}

/* A route through the tunnel that covers the server would lead the tunnel into itself: keep the tunnel's own
 * packets on the interface they leave by now. */
static bool pin_to_uplink(void *user, int fd)
{
	struct client *client = user;
	struct sockaddr_storage name = {0};
	struct address local, server;
	char interface[IFNAMSIZ];
	socklen_t len = sizeof name;

	if (getpeername(fd, (struct sockaddr *)&name, &len) != 0)
		return true; /* it is gone already, and the connection will say so */
	server = address_from_socket(&name);
	if (!is_covered(client, &server))
		return true;
	len = sizeof name;
	if (getsockname(fd, (struct sockaddr *)&name, &len) != 0)
		return false;
	local = address_from_socket(&name);
	find_interface(&local, interface);
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)) != 0) {
		log_errno("cannot keep the control connection on interface %s", interface);
		return false;
	}
	return gre_socket_bind_interface(&client->gre, interface);
}

static const struct contact_handler contact_handler = {
        .opened = pin_to_uplink, .event = control_event, .over = control_over};

static bool make_config(struct client *client)
{
	pptp_config_options settings = client->options.settings;
	pptp_err error;

	settings.take_calls = 0; /* we call; nobody calls us */
	if (client->options.strict)
		settings.tolerate = 0;
	error = pptp_config_new(&settings, &client->config);
	if (error != PPTP_OK)
		log_line("cannot set up: %s", pptp_err_text(error));
	return error == PPTP_OK;
}

/* NULL: none is wanted. */
static struct capture *capture_of(struct client *client)
{
	return client->options.pcap != NULL ? &client->capture : NULL;
}

static void leave_at_once(void *user)
{
	struct client *client = user;

	resolver_restore(&client->options.resolver);
}

static int run(struct client *client)
{
	client->loop.leaving = leave_at_once;
	if (!loop_signals(&client->loop, signalled, client) ||
	    !loop_timer_add(&client->loop, &client->limit, limit_expired, client) || !make_config(client))
		return EXIT_SETUP;
	if (!gre_socket_open(&client->gre, &client->loop, 1, &gre_handler, client))
		return EXIT_SETUP;
	client->gre.capture = capture_of(client);
	/* Before anything is said to the server: what it takes here is there, or this says what is not. */
	if (!tun_open(&client->tun, &client->loop, client->options.tun, packet_out, client)) {
		gre_socket_close(&client->gre);
		return EXIT_SETUP;
	}
	loop_timer_at(&client->loop, &client->limit,
	              client->loop.now + (uint64_t)client->options.timeout_s * 1000000);
	if (!contact_open(&client->contact, &client->options, &client->server, client->config, &client->loop,
	                  capture_of(client), &contact_handler, client))
		fail(client, EXIT_SETUP);
	else if (!loop_run(&client->loop))
		fail(client, EXIT_SETUP);
	if (client->has_session)
		session_free(&client->session);
	contact_close(&client->contact);
	resolver_restore(&client->options.resolver);
	tun_close(&client->tun);
	gre_socket_close(&client->gre);
	return client->exit_code;
}

static int run_with_capture(struct client *client)
{
	int exit_code;

	if (client->options.pcap == NULL)
		return run(client);
	if (!capture_open(&client->capture, &client->loop, client->options.pcap))
		return EXIT_SETUP;
	exit_code = run(client);
	capture_close(&client->capture);
	return exit_code;
}

/* Looking a name up may take longer than a user wants to wait, and knows no loop. */
static void name_server_silent(int signal)
{
	static const char text[] =
	        "pptp-client: no name server answers in time; give the server's IP address\n";

	(void)signal;
	if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
		_exit(EXIT_CONNECT);
	_exit(EXIT_CONNECT);
}

static bool resolve(struct client *client)
{
	bool found;

	(void)signal(SIGALRM, name_server_silent);
	alarm(client->options.timeout_s);
	found = connector_resolve(client->options.server, client->options.family, &client->server);
	alarm(0);
	return found;
}

static bool ask_password(struct client *client)
{
	const struct client_options *o = &client->options;

	if (o->user == NULL)
		return true;
	log_escape(client->user_shown, sizeof client->user_shown, (const uint8_t *)o->user, strlen(o->user));
	return password_get(&o->password, o->user, o->server, &client->password);
}

int main(int argc, char **argv)
{
	static struct client client;
	int exit_code;

	log_open("pptp-client", 0);
	exit_code = client_options_parse(&client.options, argc, argv);
	if (exit_code >= 0)
		return exit_code;
	log_open("pptp-client", client.options.verbosity);
	if (!ask_password(&client))
		return EXIT_SETUP;
	if (!resolve(&client))
		return EXIT_CONNECT;
	if (!loop_open(&client.loop))
		return EXIT_SETUP;
	exit_code = run_with_capture(&client);
	password_wipe(&client.password);
	pptp_config_free(client.config);
	loop_close(&client.loop);
	return exit_code;
}
