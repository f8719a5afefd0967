/* run: the static router on a PC, dialled by an ordinary connection in the same process: a call, frames each
 * way, an end in order. Exit code 0 when all was as it should be. */
#include "router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES 1000u

static pptp_conn *dialler;
static pptp_gre *channel;
static pptp_usec now;
static unsigned came_back, closed;
static uint8_t to_router[4096];
static size_t to_router_len;

static void check(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "static_router: %s\n", what);
	exit(1);
}

static void dialler_goes_on(void)
{
	pptp_event event;
	const uint8_t *octets;
	size_t len;

	(void)pptp_conn_tick(dialler, now);
	while (pptp_conn_poll(dialler, &event) == PPTP_OK) {
		if (event.type == PPTP_EV_UP) {
			pptp_dial request;
			pptp_call call;

			check(pptp_dial_init(&request, sizeof request) == PPTP_OK &&
			              pptp_call_dial(dialler, &request, now, &call) == PPTP_OK,
			      "cannot dial");
		} else if (event.type == PPTP_EV_CALL_UP) {
			pptp_gre_options options;

			check(pptp_gre_options_init(&options, sizeof options) == PPTP_OK &&
			              pptp_call_channel(dialler, event.call, &options) == PPTP_OK &&
			              pptp_gre_new(&options, NULL, NULL, &channel) == PPTP_OK &&
			              pptp_gre_start(channel, options.peer_call_id, 64, 0, now) == PPTP_OK,
			      "no channel");
		}
	}
	while ((octets = pptp_conn_tx_buf(dialler, &len, now)) != NULL &&
	       to_router_len + len <= sizeof to_router) {
		memcpy(to_router + to_router_len, octets, len);
		to_router_len += len;
		(void)pptp_conn_tx_done(dialler, len, now);
	}
}

/* ---- the board -------------------------------------------------------------------------------------- */

/* One octet at a time, as a slow line takes them. */
static size_t tcp_send(const uint8_t *data, size_t len)
{
	(void)len;
	(void)pptp_conn_recv(dialler, data, 1, now);
	return 1;
}

static void gre_send(const uint8_t *packet, size_t len)
{
	pptp_gre_frame frame;

	check(pptp_gre_recv(channel, packet, len, NULL, now, &frame) == PPTP_OK, "a packet is refused");
	if (frame.verdict == PPTP_GRE_DELIVER) {
		check(frame.len == 40 && frame.frame[39] == (uint8_t)came_back, "a frame is not as it was");
		came_back++;
	}
}

/* What a PPP stack would take: here each goes back. */
static void frame_came(const uint8_t *frame, size_t len)
{
	uint8_t buffer[ROUTER_HEADROOM + 64];

	check(len <= 64, "a frame is too long");
	memcpy(buffer + ROUTER_HEADROOM, frame, len);
	check(router_send(buffer + ROUTER_HEADROOM, len, now), "a frame does not go back");
}

static void over(void)
{
	closed++;
}

static const struct router_port board = {
        .tcp_send = tcp_send, .gre_send = gre_send, .frame = frame_came, .closed = over};

static void exchange(void)
{
	for (int round = 0; round < 10; round++) {
		dialler_goes_on();
		check(router_tcp(to_router, to_router_len, now) == to_router_len, "octets are left");
		to_router_len = 0;
		router_tcp_writable(now);
	}
}

int main(void)
{
	pptp_config_options settings;
	pptp_conn_options options;
	const pptp_config *config;

	check(pptp_config_options_init(&settings, sizeof settings) == PPTP_OK &&
	              pptp_config_new(&settings, &config) == PPTP_OK &&
	              pptp_conn_options_init(&options, sizeof options) == PPTP_OK,
	      "settings");
	options.role = PPTP_ORIGINATOR;
	options.seed = 7;
	check(pptp_conn_new(config, &options, now, &dialler) == PPTP_OK, "no dialler");
	check(router_begin(&board, 9, now) == PPTP_OK, "the router does not begin");
	exchange();
	check(channel != NULL, "the call is not up");
	for (unsigned i = 0; i < FRAMES; i++) {
		uint8_t packet[PPTP_GRE_HEADER_MAX + 40];
		pptp_ssize header;

		memset(packet, 0, sizeof packet);
		packet[sizeof packet - 1] = (uint8_t)i;
		header = pptp_gre_send(channel, packet, PPTP_GRE_HEADER_MAX, 40, now);
		check(header > 0, "cannot send");
		router_gre(packet + PPTP_GRE_HEADER_MAX - header, (size_t)header + 40, now);
		now += 1000;
	}
	check(came_back == FRAMES, "not every frame came back");
	now = router_deadline(); /* an Echo-Request, after a minute of silence */
	check(now != PPTP_NEVER, "no deadline");
	router_tick(now);
	exchange();
	check(closed == 0, "closed too early");
	check(pptp_conn_close(dialler, PPTP_STOP_LOCAL_SHUTDOWN, now) == PPTP_OK, "cannot close");
	exchange();
	check(closed == 1, "the router does not close");
	printf("static_router: a call, %u frames each way, an end in order; no heap\n", FRAMES);
	pptp_gre_free(channel);
	pptp_conn_free(dialler);
	pptp_config_free(config);
	return 0;
}
