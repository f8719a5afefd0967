#include "router.h"

#include <pptp/storage.h>

#define TX_OCTETS 440u

static PPTP_STORAGE(config_storage, PPTP_STORAGE_CONFIG);
static PPTP_STORAGE(conn_storage, PPTP_STORAGE_CONN(1, TX_OCTETS, 0));
static PPTP_STORAGE(gre_storage, PPTP_STORAGE_GRE);

static const struct router_port *port;
static pptp_conn *conn;
static pptp_gre *channel; /* NULL: there is no call */

pptp_err router_begin(const struct router_port *board, uint64_t seed, pptp_usec now)
{
	const pptp_config *config;
	pptp_config_options settings;
	pptp_conn_options options;
	pptp_err error;

	port = board;
	channel = NULL;
	(void)pptp_config_options_init(&settings, sizeof settings);
	settings.max_calls = 1;
	settings.maximum_channels = 1;
	settings.tx_octets = TX_OCTETS;
	error = pptp_config_init(config_storage, sizeof config_storage, &settings, &config);
	if (error != PPTP_OK)
		return error;
	(void)pptp_conn_options_init(&options, sizeof options);
	options.role = PPTP_RECEIVER;
	options.seed = seed;
	return pptp_conn_init(conn_storage, sizeof conn_storage, config, &options, now, &conn);
}

/* ---- the call --------------------------------------------------------------------------------- */

static void accept_call(const pptp_event *event, pptp_usec now)
{
	pptp_answer answer;

	(void)pptp_answer_init(&answer, sizeof answer);
	(void)pptp_call_accept(conn, event->call, &answer, now);
}

/* GRE may come before our reply has left, so the channel is there when it does. */
static void open_channel(const pptp_event *event, pptp_usec now)
{
	pptp_gre_options options;

	(void)pptp_gre_options_init(&options, sizeof options);
	if (pptp_call_channel(conn, event->call, &options) != PPTP_OK ||
	    pptp_gre_init(gre_storage, sizeof gre_storage, &options, NULL, NULL, &channel) != PPTP_OK)
		return;
	(void)pptp_gre_start(channel, options.peer_call_id, options.peer_recv_window, options.peer_delay,
	                     now);
}

static void close_channel(void)
{
	if (channel)
		pptp_gre_free(channel);
	channel = NULL;
}

static void handle(const pptp_event *event, pptp_usec now)
{
	switch (event->type) {
	case PPTP_EV_CALL_OFFERED:
		accept_call(event, now);
		break;
	case PPTP_EV_CALL_UP:
		open_channel(event, now);
		break;
	case PPTP_EV_CALL_DOWN:
		close_channel();
		break;
	case PPTP_EV_DOWN:
		close_channel();
		port->closed();
		break;
	default:
		break;
	}
}

/* ---- the connection ----------------------------------------------------------------------------- */

/* What can be done is done: events first, then octets, since answers to events are octets. */
static void go_on(pptp_usec now)
{
	pptp_event event;
	const uint8_t *octets;
	size_t len, sent;

	while (pptp_conn_poll(conn, &event) == PPTP_OK)
		handle(&event, now);
	while ((octets = pptp_conn_tx_buf(conn, &len, now)) != NULL) {
		sent = port->tcp_send(octets, len);
		if (sent == 0)
			break;
		(void)pptp_conn_tx_done(conn, sent, now);
	}
	while (pptp_conn_poll(conn, &event) == PPTP_OK)
		handle(&event, now);
}

size_t router_tcp(const uint8_t *data, size_t len, pptp_usec now)
{
	size_t taken = 0;

	while (taken < len) {
		pptp_ssize n = pptp_conn_recv(conn, data + taken, len - taken, now);

		go_on(now);
		/* Going on may have made room. */
		if (n < 0 || (n == 0 && !(pptp_conn_want(conn) & PPTP_CAN_RECV)))
			break;
		taken += (size_t)n;
	}
	return taken;
}

void router_tcp_writable(pptp_usec now)
{
	go_on(now);
}

/* ---- data ------------------------------------------------------------------------------------------ */

static void acknowledge(pptp_usec now)
{
	uint8_t packet[PPTP_GRE_ACK_OCTETS];
	pptp_ssize len;

	if (!channel || pptp_gre_deadline(channel) > now)
		return;
	len = pptp_gre_ack(channel, packet, sizeof packet, now);
	if (len > 0)
		port->gre_send(packet, (size_t)len);
}

void router_gre(const uint8_t *packet, size_t len, pptp_usec now)
{
	pptp_gre_frame frame;

	if (!channel || pptp_gre_recv(channel, packet, len, NULL, now, &frame) != PPTP_OK)
		return;
	if (frame.verdict == PPTP_GRE_DELIVER)
		port->frame(frame.frame, frame.len);
	acknowledge(now);
}

int router_send(uint8_t *frame, size_t len, pptp_usec now)
{
	pptp_ssize header;

	if (!channel)
		return 0;
	header = pptp_gre_send(channel, frame - ROUTER_HEADROOM, ROUTER_HEADROOM, len, now);
	if (header < 0)
		return 0;
	port->gre_send(frame - header, (size_t)header + len);
	return 1;
}

/* ---- time ------------------------------------------------------------------------------------------ */

pptp_usec router_deadline(void)
{
	pptp_usec due = pptp_conn_deadline(conn), other = channel ? pptp_gre_deadline(channel) : PPTP_NEVER;

	return due < other ? due : other;
}

void router_tick(pptp_usec now)
{
	(void)pptp_conn_tick(conn, now);
	if (channel)
		(void)pptp_gre_tick(channel, now);
	acknowledge(now);
	go_on(now);
}
