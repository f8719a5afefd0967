/* calls: the server's calls, each with a session of its own, and the packets of all of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "server.h"
#include "wire.h"

/* ---- packets --------------------------------------------------------------------------------- */

#define IPV4_DESTINATION_OFFSET 16
#define IPV4_HEADER_MIN         20
#define IPV6_DESTINATION_OFFSET 24
#define IPV6_HEADER             40

/* Of IPv6 only what is for one client's link-local address: there is nobody to whom all of it goes. */
static struct call *ipv6_destination(const struct server *server, const uint8_t *packet)
{
	static const uint8_t link_local[8] = {0xFE, 0x80};
	const uint8_t *destination = packet + IPV6_DESTINATION_OFFSET;

	return memcmp(destination, link_local, sizeof link_local) == 0
	               ? neighbours_find(&server->neighbours, destination + sizeof link_local)
	               : NULL;
}

static struct call *destination(const struct server *server, const uint8_t *packet, size_t len)
{
	if (len >= IPV4_HEADER_MIN && packet[0] >> 4 == 4)
		return pool_owner(&server->pool, wire_load32(packet + IPV4_DESTINATION_OFFSET));
	if (len >= IPV6_HEADER && packet[0] >> 4 == 6)
		return ipv6_destination(server, packet);
	return NULL;
}

bool call_packet(void *user, uint8_t *packet, size_t len)
{
	struct call *call = destination(user, packet, len);

	return call == NULL || session_output(&call->session, packet, len);
}

static void packet_in(void *user, const uint8_t *packet, size_t len)
{
	struct call *call = user;

	tun_write(&call->client->server->tun, packet, len);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static const char *who(const struct call *call)
{
	return call->client->control.name;
}

static void clear_call(struct call *call)
{
	(void)pptp_call_clear(call->client->control.conn, call->handle, PPTP_CDN_ADMIN_SHUTDOWN,
	                      PPTP_ERROR_NONE, 0, call->client->server->loop.now);
	control_wake(&call->client->control);
}

static void link_up(struct call *call, const ppp_event *event)
{
	struct server *server = call->client->server;
	struct ipv4_network network = {.address = call->address, .prefix_bits = 32};
	char text[INET_ADDRSTRLEN], how[POLICY_REPORT_OCTETS];

	if (!call->routed && !tun_add_route(&server->tun, &network)) {
		clear_call(call);
		return;
	}
	call->routed = true;
	log_line("%s has %s, mtu %u, %s", who(call), ipv4_text(event->peer_address, text), event->mtu,
	         policy_report(event, event->auth_method, call->user, how));
}

/* Only with the identifier that all clients know us by, and for one that no other client has. */
static void ipv6_up(struct call *call, const ppp_event *event)
{
	struct server *server = call->client->server;
	char text[ADDRESS_TEXT_OCTETS];

	tun_ipv6_text(event->peer_interface, text);
	if (memcmp(event->local_interface, server->identifier, sizeof server->identifier) != 0)
		log_line("%s has no IPv6: it wants our address for itself", who(call));
	else if (!neighbours_add(&server->neighbours, &call->neighbour, event->peer_interface, call))
		log_line("%s has no IPv6: another client has %s", who(call), text);
	else
		log_line("%s has %s", who(call), text);
}

static void say_ended(const struct call *call, const ppp_event *event)
{
	char name[CALL_USER_OCTETS];

	if (event->peer_name_len > 0)
		log_line("%s: PPP ended: %s, user \"%s\"", who(call), event->text,
		         log_escape(name, sizeof name, (const uint8_t *)event->peer_name,
		                    event->peer_name_len));
	else
		log_line("%s: PPP ended: %s%s%s", who(call), event->text, event->layer[0] ? ", in " : "",
		         event->layer);
}

static void link_event(void *user, const ppp_event *event)
{
	struct call *call = user;

	if (event->type == PPP_EVENT_UP) {
		link_up(call, event);
	} else if (event->type == PPP_EVENT_IPV6_UP) {
		ipv6_up(call, event);
	} else if (event->type == PPP_EVENT_IPV6_DOWN) {
		neighbours_remove(&call->client->server->neighbours, &call->neighbour);
	} else if (event->type == PPP_EVENT_DOWN && event->reason != PPP_REASON_LOWER_DOWN) {
		say_ended(call, event);
		if (event->reason == PPP_REASON_PEER_AUTH_FAILED)
			failures_note(&call->client->server->failures, &call->client->control.peer,
			              call->client->server->loop.now);
		clear_call(call);
	}
}

static const struct session_handler session_handler = {.packet = packet_in, .event = link_event};

void call_leave_address(struct call *call)
{
	struct server *server = call->client->server;
	struct ipv4_network network = {.address = call->address, .prefix_bits = 32};

	if (call->routed)
		tun_delete_route(&server->tun, &network);
	pool_give_back(&server->pool, call->address, call);
	call->address = 0;
	call->routed = call->claimed = false;
}

/* The address is the other one's already, and so is the route to it. */
void call_replaced(struct call *call, struct call *by)
{
	log_line("%s: user \"%s\" logs in again from %s: his session here ends", who(call), by->user,
	         who(by));
	by->routed = call->routed;
	call->address = 0;
	call->routed = call->claimed = false;
	clear_call(call);
}

/* ---- calls whose PPP is a pppd's ----------------------------------------------------------------- */

static void frame_in(void *user, const uint8_t *frame, size_t len)
{
	struct call *call = user;

	relay_frame(&call->relay, frame, len);
}

static const struct session_handler relay_handler = {.frame = frame_in};

static void pppd_over(void *user, const char *why)
{
	struct call *call = user;

	log_line("%s: pppd ended%s%s", who(call), why != NULL ? ": " : "", why != NULL ? why : "");
	clear_call(call);
}

/* As pptpd does: the addresses, and who calls, for scripts and accounting. */
static void start_pppd(struct call *call)
{
	struct server *server = call->client->server;
	char local[INET_ADDRSTRLEN], peer[INET_ADDRSTRLEN], addresses[2 * INET_ADDRSTRLEN + 1];
	const char *const first[] = {addresses, "ipparam", who(call), "remotenumber", who(call), NULL};

	snprintf(addresses, sizeof addresses, "%s:%s", ipv4_text(server->options.local, local),
	         ipv4_text(call->address, peer));
	if (!relay_start_pppd(&call->relay, &call->session, &server->departures, &server->options.shared.pppd,
	                      first, pppd_over, call)) {
		clear_call(call);
		return;
	}
	log_line("%s has a pppd, %s", who(call), addresses);
}

void calls_resume(struct server *server)
{
	for (struct client *client = server->clients; client != NULL; client = client->next) {
		pptp_conn *conn = client->control.conn;

		for (pptp_call at = pptp_call_next(conn, PPTP_CALL_NONE); at != PPTP_CALL_NONE;
		     at = pptp_call_next(conn, at)) {
			pptp_call_info info;
			struct call *call;

			if (pptp_call_get_info(conn, at, &info, sizeof info) != PPTP_OK || info.user == NULL)
				continue;
			call = info.user;
			relay_resume(&call->relay);
		}
	}
}

static void free_call(struct call *call)
{
	relay_free(&call->relay);
	session_free(&call->session);
	neighbours_remove(&call->client->server->neighbours, &call->neighbour);
	call_leave_address(call);
	free(call);
}

/* Every method needs the secret itself. */
static int on_secret(void *user, const char *name, size_t name_len, uint8_t method, char *ret_password,
                     size_t size)
{
	struct session *session = user;
	struct users_word secret;

	(void)method;
	if (!login_secret(session->user, name, name_len, &secret) || secret.len > size)
		return -1;
	memcpy(ret_password, secret.text, secret.len);
	return (int)secret.len;
}

static uint32_t on_assign(void *user)
{
	struct session *session = user;

	return login_address(session->user);
}

static void demand_login(const struct server *server, ppp_options *link)
{
	policy_demand(&server->options.shared.policy, link);
	link->name = server->options.name;
	link->name_len = strlen(server->options.name);
	link->secret = on_secret;
	link->assign = on_assign;
}

static bool open_relayed(struct call *call, const pptp_gre_options *channel)
{
	struct server *server = call->client->server;
	struct control *control = &call->client->control;

	return session_open(&call->session, &server->loop, &server->gre, &control->local, &control->peer,
	                    channel, NULL, &relay_handler, call);
}

static bool open_session(struct call *call, uint16_t local_call_id)
{
	struct server *server = call->client->server;
	struct control *control = &call->client->control;
	pptp_gre_options channel;
	ppp_options link;
	unsigned mtu;

	(void)pptp_gre_options_init(&channel, sizeof channel);
	channel.local_call_id = local_call_id;
	channel.reorder_us = server->options.shared.reorder_ms * 1000;
	if (server->options.pppd)
		return open_relayed(call, &channel);
	ppp_options_init(&link);
	link.local_address = server->options.local;
	link.peer_address = call->address;
	link.ipv6 = server->ipv6 && link.mtu_max >= TUN_IPV6_MTU_MIN;
	memcpy(link.interface, server->identifier, sizeof link.interface);
	if (server->options.users != NULL)
		demand_login(server, &link);
	memcpy(link.dns, server->options.dns, sizeof link.dns);
	memcpy(link.nbns, server->options.nbns, sizeof link.nbns);
	mtu = server->options.shared.mtu != 0 ? server->options.shared.mtu
	                                      : control_tunnel_mtu(control, 0, SESSION_MTU);
	link.mru = link.mtu_max = (uint16_t)mtu;
	return session_open(&call->session, &server->loop, &server->gre, &control->local, &control->peer,
	                    &channel, &link, &session_handler, call);
}

/* All that a call needs, or NULL and nothing is left of it. */
static struct call *make_call(struct client *client, pptp_call handle, uint16_t *ret_call_id)
{
	struct server *server = client->server;
	struct call *call = calloc(1, sizeof *call);

	if (call == NULL)
		return NULL;
	call->client = client;
	call->handle = handle;
	if (server->options.users == NULL)
		call->address = pool_take(&server->pool, call);
	if (server->options.users == NULL && call->address == 0) {
		log_line("%s: no address is free for its call; enlarge --pool", client->control.name);
		goto free_memory;
	}
	if (pptp_mux_reserve(server->gre.mux, ret_call_id) != PPTP_OK)
		goto give_address_back;
	if (open_session(call, *ret_call_id))
		return call;
	(void)pptp_mux_release(server->gre.mux, *ret_call_id);
give_address_back:
	call_leave_address(call);
free_memory:
	free(call);
	return NULL;
}

/* Passwords are being tried from there: no PPP, so no further try. */
static void refuse_guess(struct client *client, const pptp_event *event)
{
	struct server *server = client->server;
	bool incoming = event->message_type == PPTP_ICRQ;

	if (log_allowed(&server->guesses, server->loop.now))
		log_line("%s: its call is refused: %u log-ins from there have failed (--login-failures), the "
		         "last one less than a minute ago",
		         client->control.name, server->options.login_failures);
	(void)pptp_call_reject(client->control.conn, event->call,
	                       incoming ? PPTP_ICRP_DO_NOT_ACCEPT : PPTP_OCRP_DO_NOT_ACCEPT, PPTP_ERROR_NONE,
	                       0, server->loop.now);
}

/* An outgoing call is answered by us, its PAC; an incoming one, which has a line and numbers, by us as its
 * PNS. No difference to what follows. */
static void call_offered(struct client *client, const pptp_event *event)
{
	struct server *server = client->server;
	pptp_conn *conn = client->control.conn;
	pptp_answer answer;
	uint16_t call_id;
	char text[REPORT_OCTETS];
	struct call *call;

	if (event->message_type == PPTP_ICRQ)
		log_line("%s: %s", client->control.name, report_call(event, text));
	if (failures_refuse(&server->failures, &client->control.peer, server->loop.now)) {
		refuse_guess(client, event);
		return;
	}
	call = server->stopping ? NULL : make_call(client, event->call, &call_id);
	if (call == NULL) { /* the code is the same in both replies */
		(void)pptp_call_reject(conn, event->call, PPTP_OCRP_GENERAL_ERROR, PPTP_ERROR_NO_RESOURCE, 0,
		                       server->loop.now);
		return;
	}
	(void)pptp_answer_init(&answer, sizeof answer);
	answer.local_call_id = call_id;
	answer.user = call;
	if (pptp_call_accept(conn, event->call, &answer, server->loop.now) != PPTP_OK)
		free_call(call);
}

static void call_up(struct client *client, const pptp_event *event)
{
	struct call *call = event->user;
	pptp_gre_options channel;

	(void)pptp_gre_options_init(&channel, sizeof channel);
	if (pptp_call_channel(client->control.conn, event->call, &channel) != PPTP_OK)
		return;
	session_start(&call->session, &channel);
	if (client->server->options.pppd)
		start_pppd(call);
}

/* What the peer tells of a call, as often as it likes. */
static void call_told(struct client *client, const pptp_event *event)
{
	struct call *call = event->user;
	struct log_limit *limit =
	        event->type == PPTP_EV_CALL_LINK_INFO ? &call->link_info : &call->wan_errors;
	char text[REPORT_OCTETS];

	if (log_allowed(limit, client->server->loop.now))
		log_line("%s: %s", client->control.name, report_call(event, text));
}

void call_event(struct client *client, const pptp_event *event)
{
	char text[REPORT_OCTETS];

	switch (event->type) {
	case PPTP_EV_CALL_OFFERED:
		call_offered(client, event);
		break;
	case PPTP_EV_CALL_UP:
		call_up(client, event);
		break;
	case PPTP_EV_CALL_LINK_INFO:
	case PPTP_EV_CALL_WAN_ERROR:
		call_told(client, event);
		break;
	case PPTP_EV_CALL_DOWN:
		log_line("%s: call ended: %s", client->control.name, report_end(event, text));
		if (event->user != NULL)
			free_call(event->user);
		break;
	default:
		break;
	}
}
