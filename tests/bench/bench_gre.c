/* bench_gre: what a packet costs in the data channel.
 *
 *   bench_gre                     rows of times, ratios, holds and sizes
 *   bench_gre SCENARIO PACKETS    run one, for count.sh: send send_ack recv recv_ack recv_next loss_cookie
 *                                 loss_copy */
#include "bench.h"

#define LOCAL   0x1111
#define PEER    0x2222
#define PAYLOAD 1400u
#define LOSS    100u /* one packet of so many */
#define BUFFERS 16u  /* more than a channel holds */

struct rig {
	pptp_gre *gre;
	pptp_pool *pool;
	pptp_mux *mux;
	uint8_t address[PPTP_ADDRESS_OCTETS];
	uint16_t call_id;
	uint8_t buffers[BUFFERS][PPTP_GRE_HEADER_MAX + PAYLOAD];
	uint8_t *free[BUFFERS];
	uint32_t free_len;
	uint32_t sequence, acknowledgment;
	pptp_usec now;
	uint64_t delivered;
};

static struct rig *make(uint32_t slots, uint32_t slot_octets)
{
	struct rig *rig = bench_memory(sizeof *rig);
	pptp_gre_options options;
	uint32_t i;
	bench_check(pptp_mux_init(bench_memory(pptp_mux_size(1)), pptp_mux_size(1), 1, 1, &rig->mux) ==
	                            PPTP_OK &&
	                    pptp_mux_reserve(rig->mux, &rig->call_id) == PPTP_OK,
	            "no mux");
	pptp_gre_options_init(&options, sizeof options);
	options.local_call_id = rig->call_id;
	if (slots > 0) {
		size_t size = pptp_pool_size(slots, slot_octets);
		bench_check(pptp_pool_init(bench_memory(size), size, slots, slot_octets, &rig->pool) ==
		                    PPTP_OK,
		            "no pool");
		options.pool = rig->pool;
	}
	bench_check(pptp_gre_init(bench_memory(pptp_gre_size()), pptp_gre_size(), &options, NULL, NULL,
	                          &rig->gre) == PPTP_OK &&
	                    pptp_gre_start(rig->gre, PEER, 64, 0, 0) == PPTP_OK &&
	                    pptp_mux_bind(rig->mux, rig->call_id, rig->address, rig->gre) == PPTP_OK,
	            "no channel");
	for (i = 0; i < BUFFERS; i++)
		rig->free[i] = rig->buffers[i];
	rig->free_len = BUFFERS;
	return rig;
}

static size_t datagram(struct rig *rig, uint8_t *to, int with_ack)
{
	static const uint8_t start[8] = {0x30, 0x01, 0x88, 0x0B, PAYLOAD >> 8, PAYLOAD & 255, 0, 0};
	memcpy(to, start, sizeof start);
	to[6] = (uint8_t)(rig->call_id >> 8);
	to[7] = (uint8_t)rig->call_id;
	bench_put_number(to + 8, rig->sequence++);
	if (!with_ack)
		return 12 + PAYLOAD;
	to[1] = 0x81;
	bench_put_number(to + 12, rig->acknowledgment++);
	return 16 + PAYLOAD;
}

static void take(struct rig *rig, const pptp_gre_frame *frame)
{
	rig->delivered += frame->verdict == PPTP_GRE_DELIVER;
	if (frame->cookie)
		rig->free[rig->free_len++] = frame->cookie;
}

/* Find the call and receive the peer's next frame, as a host does for each datagram. */
static void receive(struct rig *rig, int with_ack)
{
	uint8_t *data = rig->free[--rig->free_len];
	size_t len = datagram(rig, data, with_ack);
	pptp_gre_frame frame;
	uint16_t call_id = 0;
	pptp_gre *gre;
	bench_check(pptp_gre_peek(data, len, &call_id) == PPTP_OK, "peek");
	gre = pptp_mux_find(rig->mux, rig->address, call_id);
	bench_check(gre != NULL && pptp_gre_recv(gre, data, len, data, rig->now, &frame) == PPTP_OK,
	            "receive");
	take(rig, &frame);
}

static void drain(struct rig *rig)
{
	pptp_gre_frame frame;
	while (pptp_gre_next(rig->gre, &frame) == PPTP_OK)
		take(rig, &frame);
}

static void acknowledge(struct rig *rig)
{
	uint8_t packet[PPTP_GRE_ACK_OCTETS];
	if (pptp_gre_deadline(rig->gre) <= rig->now)
		pptp_gre_ack(rig->gre, packet, sizeof packet, rig->now);
}

static void send(struct rig *rig)
{
	uint8_t room[PPTP_GRE_HEADER_MAX];
	bench_check(pptp_gre_send(rig->gre, room, sizeof room, PAYLOAD, rig->now) > 0, "send");
}

/* ---- scenarios ------------------------------------------------------------------------------- */

static void run_send(struct rig *rig, uint32_t packets)
{
	receive(rig, 0);
	send(rig);
	while (packets-- > 0)
		send(rig);
}

static void run_send_ack(struct rig *rig, uint32_t packets)
{
	while (packets-- > 0) {
		receive(rig, 0);
		send(rig);
	}
}

static void run_recv(struct rig *rig, uint32_t packets)
{
	while (packets-- > 0) {
		receive(rig, 0);
		rig->now += 20;
		acknowledge(rig);
	}
}

static void run_recv_ack(struct rig *rig, uint32_t packets)
{
	while (packets-- > 0) {
		send(rig);
		receive(rig, 1);
	}
}

/* One packet of `loss` is missing; 0: none. At 50,000 packets a second, so that the depth decides. */
static void run_loss(struct rig *rig, uint32_t packets, uint32_t loss)
{
	uint32_t k;
	for (k = 1; k <= packets; k++) {
		rig->now += 20;
		if (loss > 0 && k % loss == 0) {
			rig->sequence++;
		} else {
			receive(rig, 0);
			drain(rig);
		}
		acknowledge(rig);
	}
}

static int run(const char *name, uint32_t packets)
{
	if (strcmp(name, "send") == 0)
		run_send(make(0, 0), packets);
	else if (strcmp(name, "send_ack") == 0)
		run_send_ack(make(0, 0), packets);
	else if (strcmp(name, "recv") == 0)
		run_recv(make(0, 0), packets);
	else if (strcmp(name, "recv_ack") == 0)
		run_recv_ack(make(0, 0), packets);
	else if (strcmp(name, "recv_next") == 0)
		run_loss(make(32, 0), packets, 0);
	else if (strcmp(name, "loss_cookie") == 0)
		run_loss(make(32, 0), packets, LOSS);
	else if (strcmp(name, "loss_copy") == 0)
		run_loss(make(32, PPTP_GRE_MTU), packets, LOSS);
	else
		return 0;
	return 1;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Nanoseconds a packet: the best of some rounds, taken in turn for all scenarios. */
static void times(void)
{
	static const char *const names[] = {"send",      "send_ack",    "recv",     "recv_ack",
	                                    "recv_next", "loss_cookie", "loss_copy"};
	enum { COUNT = sizeof names / sizeof names[0], PACKETS = 500000, ROUNDS = 7 };
	double best[COUNT];
	char what[80];
	int round, i;
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < COUNT; i++) {
			double start = bench_seconds(), ns;
			run(names[i], PACKETS);
			ns = (bench_seconds() - start) * 1e9 / PACKETS;
			if (round == 0 || ns < best[i])
				best[i] = ns;
		}
	}
	for (i = 0; i < COUNT; i++) {
		snprintf(what, sizeof what, "time of %s, with the loop around it", names[i]);
		printf("%-58s %10.1f ns\n", what, best[i]);
	}
	bench_row("receive at 1 % loss over in order, cookies", best[5] / best[4], "x", 4, 2);
	bench_row("receive at 1 % loss over in order, copies", best[6] / best[4], "x", 4, 2);
}

static void measure(struct rig *rig, const pptp_usec *arrived, const pptp_gre_frame *frame,
                    pptp_usec *longest)
{
	pptp_usec held = rig->now - arrived[frame->sequence];
	if (frame->verdict == PPTP_GRE_DELIVER && held > *longest)
		*longest = held;
	take(rig, frame);
}

static void measure_held(struct rig *rig, const pptp_usec *arrived, pptp_usec *longest)
{
	pptp_gre_frame frame;
	while (pptp_gre_next(rig->gre, &frame) == PPTP_OK)
		measure(rig, arrived, &frame, longest);
	acknowledge(rig);
}

/* One of FRAMES packets is missing, the others come every gap_us: how long is one held at most? The clock
 * is the program's. */
static void hold_at(uint32_t gap_us, pptp_usec *longest)
{
	enum { FRAMES = 40, MISSING = 10 };
	struct rig *rig = make(32, 0);
	pptp_usec arrived[FRAMES], next;
	while (rig->sequence < FRAMES) {
		if (rig->sequence == MISSING) {
			rig->sequence++;
		} else {
			uint8_t *data = rig->free[--rig->free_len];
			pptp_gre_frame frame;
			size_t len;
			arrived[rig->sequence] = rig->now;
			len = datagram(rig, data, 0);
			bench_check(pptp_gre_recv(rig->gre, data, len, data, rig->now, &frame) == PPTP_OK,
			            "receive");
			measure(rig, arrived, &frame, longest);
			measure_held(rig, arrived, longest);
		}
		for (next = rig->now + gap_us; pptp_gre_deadline(rig->gre) <= next;) {
			rig->now = pptp_gre_deadline(rig->gre);
			bench_check(pptp_gre_tick(rig->gre, rig->now) == PPTP_OK, "tick");
			measure_held(rig, arrived, longest);
		}
		rig->now = next;
	}
	bench_check(rig->delivered == FRAMES - 1, "not everything was delivered");
}

static void longest_hold(void)
{
	static const uint32_t gaps_us[] = {1, 20, 100, 1000, 2600, 5000, 30000, 1000000};
	pptp_usec longest = 0;
	size_t i;
	for (i = 0; i < sizeof gaps_us / sizeof gaps_us[0]; i++)
		hold_at(gaps_us[i], &longest);
	bench_row("longest hold after one lost packet, any rate", (double)longest / 1000, "ms", 50, 20);
}

static void sizes(void)
{
	bench_row("channel", (double)pptp_gre_size(), "octets", 320, 256);
	bench_row("all that is held, whatever arrives: pool of 32 x MTU",
	          (double)pptp_pool_size(32, PPTP_GRE_MTU) / PPTP_GRE_MTU, "MTU", 35, 34);
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return run(argv[1], (uint32_t)strtoul(argv[2], NULL, 10)) ? 0 : 2;
	if (argc != 1)
		return 2;
	times();
	longest_hold();
	sizes();
	return 0;
}
