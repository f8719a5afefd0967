/* loopback: a PPTP client and a server in one process, without a socket.
 *
 * Octets move from one connection to the other by hand, which is all that a host's event loop does with TCP;
 * then one frame goes each way through GRE. Pull mode: nothing calls back. */
#include <pptp/pptp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct end {
	const char *name;
	pptp_conn *conn;
	pptp_call call;
	pptp_gre *channel;
};

static const pptp_usec now = 0; /* a host would read its monotonic clock */

static void check(pptp_err err, const char *what)
{
	if (err == PPTP_OK)
		return;
	fprintf(stderr, "loopback: cannot %s: %s\n", what, pptp_err_text(err));
	exit(1);
}

/* One end of a connection; the client is the originator, who opened TCP. */
static void begin(struct end *end, const char *name, const pptp_config *config, uint32_t role)
{
	pptp_conn_options options;
	check(pptp_conn_options_init(&options, sizeof options), "set options");
	options.role = role;
	options.seed = 1; /* a host would take it from getrandom */
	end->name = name;
	check(pptp_conn_new(config, &options, now, &end->conn), "make a connection");
}

static void dial(struct end *end)
{
	pptp_dial request;
	check(pptp_dial_init(&request, sizeof request), "set up a request");
	check(pptp_call_dial(end->conn, &request, now, &end->call), "dial");
}

static void accept_call(struct end *end)
{
	pptp_answer answer;
	check(pptp_answer_init(&answer, sizeof answer), "set up an answer");
	check(pptp_call_accept(end->conn, end->call, &answer, now), "accept");
}

/* The call is up: its frames may flow. */
static void open_channel(struct end *end)
{
	pptp_gre_options options;
	check(pptp_gre_options_init(&options, sizeof options), "set options");
	check(pptp_call_channel(end->conn, end->call, &options), "ask for the call's numbers");
	check(pptp_gre_new(&options, NULL, NULL, &end->channel), "make a channel");
	check(pptp_gre_start(end->channel, options.peer_call_id, options.peer_recv_window, options.peer_delay,
	                     now),
	      "start the channel");
}

static void handle(struct end *end, const pptp_event *event)
{
	printf("%s: %s", end->name, pptp_event_name(event->type));
	if (event->reason)
		printf(" (%s)", pptp_err_text(event->reason));
	printf("\n");
	switch (event->type) {
	case PPTP_EV_UP: /* the server waits to be called */
		if (strcmp(end->name, "client") == 0)
			dial(end);
		break;
	case PPTP_EV_CALL_OFFERED:
		end->call = event->call;
		accept_call(end);
		break;
	case PPTP_EV_CALL_UP:
		open_channel(end);
		break;
	}
}

/* Carry what one end has to send to the other. Returns whether anything moved. */
static int carry(struct end *from, struct end *to)
{
	pptp_event event;
	size_t len;
	int moved = 0;
	const uint8_t *octets;
	while ((octets = pptp_conn_tx_buf(from->conn, &len, now)) != NULL) {
		printf("%s sends %s\n", from->name, pptp_msg_name((uint32_t)octets[8] << 8 | octets[9]));
		/* A short count would mean: poll first. Each message's events are polled here before the
		 * next. */
		if (pptp_conn_recv(to->conn, octets, len, now) != (pptp_ssize)len)
			check(PPTP_ERR_PROTOCOL, "pass a message on");
		check(pptp_conn_tx_done(from->conn, len, now), "drop what was sent");
		while (pptp_conn_poll(to->conn, &event) == PPTP_OK)
			handle(to, &event);
		moved = 1;
	}
	while (pptp_conn_poll(from->conn, &event) == PPTP_OK)
		handle(from, &event);
	return moved;
}

/* One frame, from one channel to the other: a GRE header in front of it is all it takes. */
static void send_frame(struct end *from, struct end *to, const char *text)
{
	uint8_t packet[PPTP_GRE_HEADER_MAX + 64], *payload = packet + PPTP_GRE_HEADER_MAX;
	pptp_gre_frame got;
	size_t len = strlen(text);
	pptp_ssize header = pptp_gre_send(from->channel, packet, PPTP_GRE_HEADER_MAX, len, now);
	check(header < 0 ? (pptp_err)header : PPTP_OK, "send a frame");
	memcpy(payload, text, len);
	check(pptp_gre_recv(to->channel, payload - header, (size_t)header + len, NULL, now, &got),
	      "receive a frame");
	printf("%s got frame %u: %.*s\n", to->name, (unsigned)got.sequence, (int)got.len,
	       (const char *)got.frame);
}

int main(void)
{
	pptp_config_options options;
	const pptp_config *config;
	struct end client = {0}, server = {0};
	check(pptp_config_options_init(&options, sizeof options), "set options");
	check(pptp_config_new(&options, &config), "make a configuration");
	begin(&client, "client", config, PPTP_ORIGINATOR);
	begin(&server, "server", config, PPTP_RECEIVER);
	while (carry(&client, &server) || carry(&server, &client))
		;
	send_frame(&client, &server, "a PPP frame");
	send_frame(&server, &client, "and one back");
	check(pptp_conn_close(client.conn, PPTP_STOP_LOCAL_SHUTDOWN, now), "close");
	while (carry(&client, &server) || carry(&server, &client))
		;
	pptp_gre_free(client.channel);
	pptp_gre_free(server.channel);
	pptp_conn_free(client.conn);
	pptp_conn_free(server.conn);
	pptp_config_free(config);
	return 0;
}
