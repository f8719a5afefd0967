/* pptp-client: dials a PPTP server and carries IPv4 through a TUN interface.
 *
 * connect -> control connection -> call -> PPP -> interface, and the same way back at the end. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "report.h"

#define STOP_US  ((uint64_t)3 * 1000000) /* how long a peer may take over an orderly end */
#define ACCM_ALL 0xFFFFFFFFu             /* every control character is escaped */

/* ---- the end ------------------------------------------------------------------------------------------- */

/* The first reason to fail is the one to exit with. */
void client_fail(struct client *client, int exit_code)
{
	if (client->exit_code == EXIT_OK && !client->stopping)
		client->exit_code = exit_code;
}

static void close_control(struct client *client)
{
	if (pptp_conn_close(client->control->conn, PPTP_STOP_LOCAL_SHUTDOWN, client->loop.now) == PPTP_OK)
		control_wake(client->control);
}

void client_clear_call(struct client *client)
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
void client_stop(struct client *client)
{
	begin_stop(client);
	if (client->control == NULL)
		loop_stop(&client->loop);
	else if (!client->has_session)
		close_control(client);
	else if (!relay_stop(&client->relay) && !session_close(&client->session))
		client_clear_call(client);
}

static void signalled(void *user)
{
	struct client *client = user;

	log_line("stopping");
	client_stop(client);
}

/* The same, where no control connection of ours is open. */
static int say_who_called(const struct client *client)
{
	const struct contact *contact = &client->contact;
	const char *server = client->options.server;
	unsigned seconds = client->options.connect_timeout_s;

	if (contact->connector.busy)
		log_line("no answer from %s port %u in %u s: the host is down, or a firewall on the path "
		         "drops TCP to that port",
		         server, client->options.shared.port, seconds);
	else if (contact->has_theirs)
		log_line("%s opened a connection, but sent no Start-Control-Connection-Request in %u s",
		         server, seconds);
	else
		log_line("%s %s our connection, and none of its own came up in %u s", server,
		         contact->refused ? "refused" : "did not take", seconds);
	return contact->refused ? EXIT_REFUSED : EXIT_CONNECT;
}

/* What the time ran out for, and what to do. @return exit code */
static int say_how_far(const struct client *client)
{
	const char *server = client->options.server;
	unsigned seconds = client->options.connect_timeout_s;

	if (client->has_session && client->session.heard) {
		log_line("the call is up, but PPP did not agree with the server's in %u s; see why with -vv",
		         seconds);
		return EXIT_PPP;
	}
	if (client->has_session && ppp_phase_now(&client->session.link) != PPP_PHASE_DEAD) {
		log_line("the call is up, but nothing came through GRE in %u s: a firewall or NAT router on "
		         "the path drops IP protocol 47, or the server has no PPP for us",
		         seconds);
		return EXIT_PPP;
	}
	if (client->has_session)
		log_line("%s does not answer our call (Outgoing-Call-Request) in %u s", server, seconds);
	else if (client->contact.has_ours)
		log_line("%s takes the TCP connection, but does not answer Start-Control-Connection-Request "
		         "in %u s: is it a PPTP server?",
		         server, seconds);
	else
		return say_who_called(client);
	return EXIT_CONNECT;
}

static void limit_expired(void *user)
{
	struct client *client = user;

	if (client->stopping) {
		log_line("the server does not answer; leaving without it");
		loop_stop(&client->loop);
	} else if (!client->connected) {
		client_fail(client, say_how_far(client));
		client_stop(client);
	}
}

/* ---- the call ------------------------------------------------------------------------------------------ */

/* Ids come round again, the one given back first last of all; so the wanted one comes, too. */
static pptp_err reserve_call_id(struct client *client, uint16_t *ret)
{
	unsigned wanted = client->options.call_id;
	pptp_err error = pptp_mux_reserve(client->gre.mux, ret);

	for (unsigned i = 0; error == PPTP_OK && wanted != 0 && *ret != wanted && i <= UINT16_MAX; i++) {
		(void)pptp_mux_release(client->gre.mux, *ret);
		error = pptp_mux_reserve(client->gre.mux, ret);
	}
	return error;
}

static void dial(struct client *client)
{
	pptp_dial request = client->options.call;
	pptp_err error = reserve_call_id(client, &request.local_call_id);

	if (error == PPTP_OK)
		error = pptp_call_dial(client->control->conn, &request, client->loop.now, &client->call);
	if (error != PPTP_OK)
		log_line("cannot dial: %s", pptp_err_text(error));
	if (error != PPTP_OK || !(relayed(client) ? relayed_open(client) : tunnel_open(client))) {
		client_fail(client, EXIT_SETUP);
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
	if (relayed(client))
		relayed_up(client);
}

static void free_session(struct client *client)
{
	if (!client->has_session)
		return;
	relay_free(&client->relay);
	session_free(&client->session);
	client->has_session = false;
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
		free_session(client); /* first: PPP may know why */
		if (event->reason != PPTP_ERR_LOCAL)
			log_line("%s: call ended: %s", client->options.server, report_end(event, text));
		client_fail(client,
		            event->reason == PPTP_ERR_LOCAL ? EXIT_OK : exit_code_of(client, event->reason));
		begin_stop(client);
		(void)pptp_conn_close(client->control->conn, PPTP_STOP_LOCAL_SHUTDOWN, client->loop.now);
	} else if (event->type == PPTP_EV_DOWN && event->reason != PPTP_ERR_LOCAL) {
		log_line("%s: control connection ended: %s", client->options.server, report_end(event, text));
		client_fail(client, exit_code_of(client, event->reason));
	}
}

static void control_over(void *user, int exit_code)
{
	struct client *client = user;

	client->control = NULL;
	client_fail(client, exit_code);
	loop_stop(&client->loop);
}

/* ---- GRE ----------------------------------------------------------------------------------------------- */

static void gre_writable(void *user)
{
	struct client *client = user;

	if (relayed(client))
		relay_resume(&client->relay);
	else
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

/* ---- connecting ---------------------------------------------------------------------------------------- */

static const struct contact_handler contact_handler = {
        .opened = uplink_pin, .event = control_event, .over = control_over};

static bool make_config(struct client *client)
{
	pptp_config_options settings = client->options.settings;
	pptp_err error;

	settings.take_calls = 0; /* we call; nobody calls us */
	if (client->options.shared.strict)
		settings.tolerate = 0;
	error = pptp_config_new(&settings, &client->config);
	if (error != PPTP_OK)
		log_line("cannot set up: %s", pptp_err_text(error));
	return error == PPTP_OK;
}

/* NULL: none is wanted. */
static struct capture *capture_of(struct client *client)
{
	return client->options.shared.pcap != NULL ? &client->capture : NULL;
}

static void leave_at_once(void *user)
{
	struct client *client = user;

	resolver_restore(&client->options.resolver);
	relayed_give_stdio_back(client);
}

/* Before anything is said to the server: what it takes here is there, or this says what is not. */
static bool open_here(struct client *client)
{
	switch (client->options.ppp) {
	case CLIENT_PPP_STDIO:
		return relayed_take_stdio(client);
	case CLIENT_PPP_PPPD:
		return true;
	default:
		return tun_open(&client->tun, &client->loop, client->options.shared.tun, tunnel_packet,
		                client);
	}
}

static void close_here(struct client *client)
{
	relayed_give_stdio_back(client);
	if (!relayed(client))
		tun_close(&client->tun);
}

static int run(struct client *client)
{
	client->loop.leaving = leave_at_once;
	pppd_departures_open(&client->departures, &client->loop);
	if (!loop_signals(&client->loop, signalled, client) ||
	    !loop_timer_add(&client->loop, &client->limit, limit_expired, client) || !make_config(client))
		return EXIT_SETUP;
	if (!gre_socket_open(&client->gre, &client->loop, 1, &gre_handler, client))
		return EXIT_SETUP;
	client->gre.capture = capture_of(client);
	if (!open_here(client)) {
		gre_socket_close(&client->gre);
		return EXIT_SETUP;
	}
	loop_timer_at(&client->loop, &client->limit,
	              client->loop.now + (uint64_t)client->options.connect_timeout_s * 1000000);
	if (!contact_open(&client->contact, &client->options, &client->server, client->config, &client->loop,
	                  capture_of(client), &contact_handler, client))
		client_fail(client, EXIT_SETUP);
	else if (!loop_run(&client->loop))
		client_fail(client, EXIT_SETUP);
	free_session(client);
	pppd_departures_close(&client->departures);
	contact_close(&client->contact);
	resolver_restore(&client->options.resolver);
	close_here(client);
	gre_socket_close(&client->gre);
	return client->exit_code;
}

static int run_with_capture(struct client *client)
{
	int exit_code;

	if (client->options.shared.pcap == NULL)
		return run(client);
	if (!capture_open(&client->capture, &client->loop, client->options.shared.pcap))
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
	alarm(client->options.connect_timeout_s);
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
	log_open("pptp-client", client.options.shared.verbosity);
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
