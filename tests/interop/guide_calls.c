/* The server's part of docs/programmers-guide.md, which test_guide.sh cuts out, put to work: a client places two calls,
 * one more than there are Call IDs for; a packet finds the channel of the first; and the end takes everything back. */
#include <pptp/pptp.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* server.c */
void offered(pptp_mux *mux, pptp_conn *conn, const pptp_event *event, const uint8_t peer[PPTP_ADDRESS_OCTETS],
             pptp_usec now);
pptp_err call_up(const pptp_event *event, pptp_usec now);
void call_down(pptp_mux *mux, const pptp_event *event);
struct session {
	uint16_t call_id;
	pptp_gre *gre;
};
struct session *whose(pptp_mux *mux, const uint8_t peer[PPTP_ADDRESS_OCTETS], const uint8_t *datagram,
                      size_t len);
void mux_address(uint8_t ret[PPTP_ADDRESS_OCTETS], const uint8_t ipv4[4]);

static const pptp_usec now = 1;
static uint8_t here[PPTP_ADDRESS_OCTETS], elsewhere[PPTP_ADDRESS_OCTETS];

static const pptp_config *config;
static pptp_conn *client, *server;
static pptp_mux *mux;
static pptp_gre *channel;   /* the client's, of the call that is up */
static unsigned ups, downs; /* of the client */

static void check(bool ok, const char *what)
{
	if (ok)
		return;
	printf("guide_calls: %s\n", what);
	exit(1);
}

static void place_two_calls(void)
{
	pptp_dial request;
	pptp_call call;

	check(pptp_dial_init(&request, sizeof request) == PPTP_OK, "pptp_dial_init");
	for (int i = 0; i < 2; i++)
		check(pptp_call_dial(client, &request, now, &call) == PPTP_OK, "the client cannot dial");
}

static void client_up(const pptp_event *event)
{
	pptp_gre_options options;

	check(pptp_gre_options_init(&options, sizeof options) == PPTP_OK &&
	              pptp_call_channel(client, event->call, &options) == PPTP_OK &&
	              pptp_gre_new(&options, NULL, NULL, &channel) == PPTP_OK &&
	              pptp_gre_start(channel, event->peer_call_id, event->peer_recv_window, event->peer_delay,
	                             now) == PPTP_OK,
	      "the client has no channel");
	ups++;
}

static void at_client(const pptp_event *event)
{
	if (event->type == PPTP_EV_UP)
		place_two_calls();
	else if (event->type == PPTP_EV_CALL_UP)
		client_up(event);
	else if (event->type == PPTP_EV_CALL_DOWN && downs++ == 0)
		check(event->reason == PPTP_ERR_REFUSED && event->error_code == PPTP_ERROR_NO_RESOURCE,
		      "no call is refused for lack of a Call ID");
}

static void at_server(const pptp_event *event)
{
	if (event->type == PPTP_EV_CALL_OFFERED)
		offered(mux, server, event, here, now);
	else if (event->type == PPTP_EV_CALL_UP)
		check(call_up(event, now) == PPTP_OK, "the server's channel does not start");
	else if (event->type == PPTP_EV_CALL_DOWN)
		call_down(mux, event);
}

static void told(pptp_conn *conn)
{
	pptp_event event;

	while (pptp_conn_poll(conn, &event) == PPTP_OK)
		(conn == client ? at_client : at_server)(&event);
}

static bool carry(pptp_conn *from, pptp_conn *to)
{
	size_t len;
	const uint8_t *octets;
	bool moved = false;

	for (told(from); (octets = pptp_conn_tx_buf(from, &len, now)) != NULL; moved = true) {
		check(pptp_conn_recv(to, octets, len, now) == (pptp_ssize)len, "a message is not taken");
		check(pptp_conn_tx_done(from, len, now) == PPTP_OK, "pptp_conn_tx_done");
		told(to);
	}
	return moved;
}

static void carry_all(void)
{
	while (carry(client, server) || carry(server, client))
		;
}

static void open_one(uint32_t role, pptp_conn **ret)
{
	pptp_conn_options options;

	pptp_conn_options_init(&options, sizeof options);
	options.role = role;
	options.seed = role;
	check(pptp_conn_new(config, &options, now, ret) == PPTP_OK, "pptp_conn_new");
}

static void open_both(void)
{
	pptp_config_options settings;

	check(pptp_mux_new(1, 2, &mux) == PPTP_OK, "pptp_mux_new");
	pptp_config_options_init(&settings, sizeof settings);
	settings.max_calls = 2;
	check(pptp_config_new(&settings, &config) == PPTP_OK, "pptp_config_new");
	open_one(PPTP_RECEIVER, &server);
	open_one(PPTP_ORIGINATOR, &client);
}

static void check_addresses(void)
{
	static const uint8_t wanted[PPTP_ADDRESS_OCTETS] = {
	        [10] = 255, [11] = 255, [12] = 192, [14] = 2, [15] = 1};

	mux_address(here, (const uint8_t[]){192, 0, 2, 1});
	mux_address(elsewhere, (const uint8_t[]){192, 0, 2, 2});
	check(memcmp(here, wanted, sizeof wanted) == 0, "192.0.2.1 is not ::ffff:192.0.2.1");
}

static void send_one(void)
{
	uint8_t packet[PPTP_GRE_HEADER_MAX + 4] = {0};
	pptp_ssize header = pptp_gre_send(channel, packet, PPTP_GRE_HEADER_MAX, 4, now);
	uint8_t *datagram = packet + PPTP_GRE_HEADER_MAX - header;
	size_t len = (size_t)header + 4;
	pptp_gre_frame got;
	const struct session *found;

	check(header > 0, "the client cannot send");
	check(whose(mux, elsewhere, datagram, len) == NULL, "a stranger's packet finds a channel");
	found = whose(mux, here, datagram, len);
	check(found != NULL, "a packet does not find its channel");
	check(pptp_gre_recv(found->gre, datagram, len, NULL, now, &got) == PPTP_OK && got.len == 4,
	      "the frame does not come");
	check(pptp_gre_send(found->gre, packet, PPTP_GRE_HEADER_MAX, 4, now) > 0, "the server cannot send");
}

int main(void)
{
	uint16_t call_id;

	check_addresses();
	open_both();
	carry_all();
	check(ups == 1 && downs == 1, "not one call is up and one refused");
	send_one();
	check(pptp_mux_reserve(mux, &call_id) == PPTP_ERR_LIMIT, "the call has no Call ID of the mux");
	pptp_gre_free(channel);
	check(pptp_conn_close(client, PPTP_STOP_LOCAL_SHUTDOWN, now) == PPTP_OK, "pptp_conn_close");
	carry_all();
	check(downs == 2, "a call has no end");
	check(pptp_conn_want(client) == PPTP_FINISHED && pptp_conn_want(server) == PPTP_FINISHED, "no end");
	check(pptp_mux_reserve(mux, &call_id) == PPTP_OK, "the Call ID does not come back");
	pptp_mux_free(mux);
	pptp_conn_free(client);
	pptp_conn_free(server);
	pptp_config_free(config);
	printf("two calls, one of them refused; one packet; all back\n");
	return 0;
}
