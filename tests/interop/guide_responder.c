/* The server in static memory of docs/integration/static-memory.md, which test_guide.sh cuts out, put to work: more
 * clients and calls than it has room for, packets in and out of order, and memory that is used again. */
#include <pptp/pptp.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "push.c"

#define CLIENTS (CONNECTIONS + 1)

struct client {
	pptp_conn *conn;
	pptp_gre *channels[CALLS + 1];
	struct link *link;
	uint8_t peer[PPTP_ADDRESS_OCTETS];
	unsigned ups, downs, refused, over;
};

static pptp_usec now = 1;
#define responder board /* push.c has it */
static struct client clients[CLIENTS];
static const pptp_config *config; /* the clients' */
static unsigned begun, ended, closed, frames;
static uint8_t newest;   /* what stood in the newest frame */
static uint8_t sent[64]; /* and the newest datagram of the server */
static size_t sent_len;
static bool tcp_is_full, pushed;

static void check(bool ok, const char *what)
{
	if (ok)
		return;
	printf("guide_responder: %s\n", what);
	exit(1);
}

/* ---- the board -------------------------------------------------------------------------------------------------- */

static struct client *client_of(const struct link *link)
{
	for (struct client *c = clients; c < clients + CLIENTS; c++)
		if (c->link == link)
			return c;
	check(false, "octets for nobody");
	return NULL;
}

/* Never more than ten octets at once; but where they are pushed that would be a socket that is full. */
size_t board_write(struct link *link, const uint8_t *octets, size_t len)
{
	size_t some = len < 10 || pushed ? len : 10;

	if (tcp_is_full)
		return 0;
	check(pptp_conn_recv(client_of(link)->conn, octets, some, now) == (pptp_ssize)some,
	      "a client takes less");
	return some;
}

void board_datagram(const uint8_t *peer, const uint8_t *packet, size_t len)
{
	(void)peer;
	check(len <= sizeof sent, "a datagram is too long");
	memcpy(sent, packet, len);
	sent_len = len;
}

void board_up(struct session *session)
{
	check(session->gre != NULL, "a call without a channel");
	begun++;
}

void board_frame(struct session *session, const uint8_t *frame, size_t len)
{
	(void)session;
	check(len == 4, "a frame has another length");
	newest = frame[0];
	frames++;
}

void board_down(struct session *session)
{
	check(session->gre != NULL, "a call goes down twice");
	ended++;
}

void board_silence(struct session *session)
{
	(void)session;
	check(false, "nothing came back, it says");
}

pptp_usec board_clock(void)
{
	return now;
}

void board_close(struct link *link)
{
	(void)link;
	closed++;
}

/* ---- the clients ------------------------------------------------------------------------------------------------ */

static void channel_up(struct client *c, const pptp_event *event)
{
	pptp_gre_options options;

	check(pptp_gre_options_init(&options, sizeof options) == PPTP_OK &&
	              pptp_call_channel(c->conn, event->call, &options) == PPTP_OK &&
	              pptp_gre_new(&options, NULL, NULL, &c->channels[c->ups]) == PPTP_OK &&
	              pptp_gre_start(c->channels[c->ups], event->peer_call_id, event->peer_recv_window,
	                             event->peer_delay, now) == PPTP_OK,
	      "a client has no channel");
	c->ups++;
}

static void told(struct client *c)
{
	pptp_event event;

	while (pptp_conn_poll(c->conn, &event) == PPTP_OK) {
		if (event.type == PPTP_EV_CALL_UP)
			channel_up(c, &event);
		c->downs += event.type == PPTP_EV_CALL_DOWN;
		c->refused += event.type == PPTP_EV_CALL_DOWN && event.reason == PPTP_ERR_REFUSED;
		c->over += event.type == PPTP_EV_DOWN;
	}
}

static void carry(struct client *c)
{
	const uint8_t *octets;
	size_t len;

	told(c);
	while ((octets = pptp_conn_tx_buf(c->conn, &len, now)) != NULL) {
		size_t taken = pushed ? push_tcp(c->link, octets, len)
		                      : responder_tcp(&responder, c->link, octets, len, now);

		pptp_err err = pptp_conn_tx_done(c->conn, taken, now);

		/* What is pushed answers before this end knows that its octets have left; the answer can be the end. */
		check(err == PPTP_OK || (pushed && err == PPTP_ERR_CLOSED), "pptp_conn_tx_done");
		told(c);
		if (taken == 0)
			break;
	}
}

static void make_client(struct client *c)
{
	pptp_conn_options options;

	memset(c, 0, sizeof *c);
	c->peer[0] = (uint8_t)(c - clients + 1);
	c->link = responder_accept(&responder, c->peer, pushed ? &callbacks : NULL, 7, now);
	pptp_conn_options_init(&options, sizeof options);
	options.role = PPTP_ORIGINATOR;
	options.seed = 3;
	check(pptp_conn_new(config, &options, now, &c->conn) == PPTP_OK, "pptp_conn_new");
	if (c->link != NULL)
		carry(c);
}

static void dial(struct client *c)
{
	pptp_dial request;
	pptp_call call;

	check(pptp_dial_init(&request, sizeof request) == PPTP_OK &&
	              pptp_call_dial(c->conn, &request, now, &call) == PPTP_OK,
	      "a client cannot dial");
	carry(c);
}

static void free_client(struct client *c)
{
	for (unsigned i = 0; i < c->ups; i++)
		pptp_gre_free(c->channels[i]);
	pptp_conn_free(c->conn);
}

/* ---- packets ---------------------------------------------------------------------------------------------------- */

struct packet {
	uint8_t octets[PPTP_GRE_HEADER_MAX + 4];
	size_t begin;
};

static struct packet write_packet(pptp_gre *gre, uint8_t what)
{
	struct packet ret = {.octets = {[PPTP_GRE_HEADER_MAX] = what}};

	ret.begin = PPTP_GRE_HEADER_MAX - (size_t)pptp_gre_send(gre, ret.octets, PPTP_GRE_HEADER_MAX, 4, now);
	return ret;
}

static void arrive(const struct client *from, const struct packet *packet)
{
	responder_gre(&responder, from->peer, packet->octets + packet->begin,
	              sizeof packet->octets - packet->begin, now);
}

/* One in order, two crossed, and one behind another that never comes. A channel waits for nothing before its first. */
static void packets(const struct client *c, const struct client *stranger)
{
	struct packet early, late, packet = write_packet(c->channels[0], 1);

	arrive(stranger, &packet);
	check(frames == 0, "a stranger's packet is taken");
	arrive(c, &packet);
	check(frames == 1 && newest == 1, "a packet does not come");
	late = write_packet(c->channels[0], 2);
	early = write_packet(c->channels[0], 3);
	arrive(c, &early);
	check(frames == 1, "a packet does not wait for the one before it");
	arrive(c, &late);
	check(frames == 3 && newest == 3, "the packets are not in order");
	(void)write_packet(c->channels[0], 4);
	packet = write_packet(c->channels[0], 5);
	arrive(c, &packet);
	check(frames == 3, "a packet does not wait");
	now = responder_deadline(&responder);
	check(now < 1000000, "nobody waits for time");
	responder_tick(&responder, now);
	check(frames == 4 && newest == 5, "a packet waits for ever");
	now += 1000000;
	responder_tick(&responder, now);
	check(sent_len == PPTP_GRE_ACK_OCTETS, "there is no acknowledgment");
}

static void answer(const struct client *c)
{
	uint8_t frame[PPTP_GRE_HEADER_MAX + 4] = {[PPTP_GRE_HEADER_MAX] = 9};
	struct session *session = &c->link->sessions[0];
	pptp_gre_frame got;

	check(responder_send(session, frame + PPTP_GRE_HEADER_MAX, 4, now), "the server cannot send");
	check(pptp_gre_recv(c->channels[0], sent, sent_len, NULL, now, &got) == PPTP_OK && got.len == 4 &&
	              got.frame[0] == 9,
	      "what the server sends does not come");
}

/* ---- all -------------------------------------------------------------------------------------------------------- */

static void take_clients(void)
{
	for (struct client *c = clients; c < clients + CLIENTS; c++) {
		make_client(c);
		check((c->link == NULL) == (c == clients + CONNECTIONS),
		      "not as many clients as there is room for");
		for (unsigned i = 0; c->link != NULL && i <= CALLS; i++)
			dial(c);
		check(c->link == NULL || (c->ups == CALLS && c->refused == 1),
		      "not as many calls as there is room for");
	}
	check(begun == ALL_CALLS, "a call does not begin");
}

static void use_again(struct client *old, struct client *c)
{
	check(pptp_conn_close(old->conn, PPTP_STOP_NONE, now) == PPTP_OK, "pptp_conn_close");
	tcp_is_full = true;
	carry(old);
	check(ended == CALLS && closed == 0, "the end does not wait for its answer to leave");
	tcp_is_full = false;
	responder_go_on(&responder, old->link, now);
	told(old);
	check(closed == 1 && old->over == 1, "a connection does not end");
	free_client(old);
	old->link = NULL;
	free_client(c);
	make_client(c);
	check(c->link != NULL, "memory does not come back");
	for (unsigned i = 0; i < CALLS; i++)
		dial(c);
	check(c->ups == CALLS && c->refused == 0, "channels or Call IDs do not come back");
}

/* The board ends a call and a connection; the memory is used again. */
static void end_by_board(struct client *c)
{
	unsigned downs = c->downs, down = ended;

	responder_clear(&responder, &c->link->sessions[1], now);
	told(c);
	check(ended == down + 1 && c->downs == downs + 1, "a call is not cleared");
	dial(c);
	check(c->refused == 0, "its memory does not come back");
	responder_stop(&responder, c->link, now);
	carry(c); /* its answer */
	check(c->over == 1 && closed == 2 && ended == down + 1 + CALLS,
	      "a connection is not stopped in order");
}

/* The same calls and the same end with callbacks. */
static void push(struct client *c)
{
	unsigned begun_before = begun, closed_before = closed;

	free_client(c);
	pushed = true;
	make_client(c);
	for (unsigned i = 0; i <= CALLS; i++)
		dial(c);
	check(c->ups == CALLS && c->refused == 1 && begun == begun_before + CALLS,
	      "pushed: calls do not come up");
	check(pptp_conn_close(c->conn, PPTP_STOP_NONE, now) == PPTP_OK, "pptp_conn_close");
	carry(c);
	check(c->over == 1 && closed == closed_before + 1 && c->link->conn == NULL,
	      "pushed: it does not end");
	free_client(c);
	make_client(c);
	check(c->link != NULL, "pushed: memory does not come back");
}

int main(void)
{
	pptp_config_options settings;

	pptp_config_options_init(&settings, sizeof settings);
	settings.max_calls = CALLS + 1;
	check(pptp_config_new(&settings, &config) == PPTP_OK, "pptp_config_new");
	check(responder_begin(&responder, 1) == PPTP_OK, "there is not enough memory");
	check(responder_deadline(&responder) == PPTP_NEVER, "something waits before anything is there");
	take_clients();
	packets(&clients[1], &clients[0]);
	answer(&clients[1]);
	use_again(&clients[0], &clients[CONNECTIONS]);
	end_by_board(&clients[CONNECTIONS]);
	responder_closed_by_peer(&responder, clients[1].link, now);
	check(closed == 3 && begun == ended, "a connection that breaks does not end its calls");
	responder_closed_by_peer(&responder, clients[1].link, now); /* once more is harmless */
	push(&clients[CONNECTIONS]);
	free_client(&clients[1]);
	free_client(&clients[CONNECTIONS]);
	pptp_config_free(config);
	printf("%u calls in static memory, one more refused; packets in order; memory used again; pulled and "
	       "pushed\n",
	       ALL_CALLS);
	return 0;
}
