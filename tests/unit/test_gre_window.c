/* gre: the peer's receive window and acknowledgment time-outs (RFC 2637 4.2, 4.4). */
#include "channel.h"

#define MS  UINT64_C(1000)
#define MIN 200000u /* the default of min_timeout_us */

/* A started channel with this window of the peer's. */
static pptp_gre *make_window(uint32_t mode, uint16_t window, uint16_t delay)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	o.window_mode = mode;
	o.no_inbound_us = 0;
	gre = channel_new(&o, NULL);
	CHECK_EQ(pptp_gre_start(gre, PEER, window, delay, 0), PPTP_OK);
	return gre;
}

/* Send until the window is full; how many went. */
static uint32_t fill(pptp_gre *gre, pptp_usec now)
{
	uint32_t n = 0;
	while (pptp_gre_room(gre) > 0) {
		channel_send(gre, 1, now);
		n++;
	}
	return n;
}

/* A frame that is refused for the window: nothing is written, no number is used. */
static void check_refused(pptp_gre *gre, pptp_usec now)
{
	uint8_t room[16], before[16];
	uint32_t next = channel_info(gre).next_sequence, full = pptp_gre_count(gre, PPTP_GRE_WINDOW_FULL);
	memset(room, 0x5A, sizeof(room));
	memcpy(before, room, sizeof(room));
	CHECK_EQ(pptp_gre_send(gre, room, sizeof(room), 1, now), PPTP_ERR_WINDOW);
	CHECK_OCTETS(room, before, sizeof(room));
	CHECK_EQ(channel_info(gre).next_sequence, next);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_WINDOW_FULL), full + 1);
}

/* Let the acknowledgment time-out come. */
static pptp_usec time_out(pptp_gre *gre)
{
	pptp_usec due = pptp_gre_deadline(gre);
	uint32_t before = pptp_gre_count(gre, PPTP_GRE_TIMEOUT);
	CHECK(due != PPTP_NEVER);
	CHECK_EQ(pptp_gre_tick(gre, due - 1), PPTP_OK);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_TIMEOUT), before);
	CHECK_EQ(pptp_gre_tick(gre, due), PPTP_OK);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_TIMEOUT), before + 1);
	return due;
}

/* ---- estimator ------------------------------------------------------------------------------- */

struct step {
	uint32_t sample_us; /* 0: a time-out */
	double round_trip_ms, deviation_ms, timeout_ms;
};

static void check_close(uint32_t is_us, double wanted_ms, const char *what)
{
	double off = is_us - wanted_ms * 1000;
	if (off < -1.5 || off > 1.5)
		check_fail(__FILE__, __LINE__, "%s is %u us, wanted %f ms", what, is_us, wanted_ms);
}

static void check_trace(uint16_t delay, const struct step *steps, size_t len)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	pptp_usec now = 1000000;
	uint32_t sequence = 0;
	size_t i;
	o.window_mode = PPTP_WINDOW_ENFORCED;
	o.min_timeout_us = 10000;
	o.max_timeout_us = 10000000;
	gre = channel_new(&o, NULL);
	CHECK_EQ(pptp_gre_start(gre, PEER, 16, delay, now), PPTP_OK);
	for (i = 0; i < len; i++) {
		pptp_gre_info info = channel_info(gre);
		check_step("step %u", (unsigned)i);
		channel_send(gre, 1, now);
		CHECK_EQ(pptp_gre_deadline(gre), now + info.timeout_us); /* the estimate is what counts */
		if (steps[i].sample_us > 0)
			channel_recv_ack(gre, sequence, now += steps[i].sample_us);
		else
			now = time_out(gre);
		sequence++;
		now += 12345;
		info = channel_info(gre);
		check_close(info.round_trip_us, steps[i].round_trip_ms, "round trip");
		check_close(info.deviation_us, steps[i].deviation_ms, "deviation");
		check_close(info.timeout_us, steps[i].timeout_ms, "time-out");
	}
	pptp_gre_free(gre);
}

/* The formulae of RFC 2637 4.4.1, number by number. */
/* Shows: G-ATO-05 G-ATO-06 G-ATO-08 G-ATO-09 G-ATO-11 G-ATO-04 A-36 */
static void test_gre_window_estimator(void **state)
{
	static const struct step with_delay[] = {
	        {200000, 112.5, 25, 212.5},
	        {100000, 110.9375, 21.875, 198.4375},
	        {300000, 134.5703125, 63.671875, 389.2578125},
	        {0, 269.140625, 63.671875, 523.828125},
	        {150000, 254.248046875, 77.5390625, 564.404296875},
	};
	static const struct step without_delay[] = {
	        {40000, 5, 10, 45},
	        {40000, 9.375, 16.25, 74.375},
	        {40000, 13.203125, 19.84375, 92.578125},
	};
	(void)state;
	check_row("delay 1");
	check_trace(1, with_delay, LEN(with_delay));
	check_row("delay 0");
	check_trace(0, without_delay, LEN(without_delay));
}

/* The first estimate is the peer's Packet Processing Delay, within the bounds. */
/* Shows: G-ATO-11 G-ATO-03 G-ATO-12 */
static void test_gre_window_delay(void **state)
{
	static const struct {
		uint16_t delay;
		uint32_t round_trip_ms, timeout_ms;
	} rows[] = {{0, 0, 200},          {1, 100, 200},        {2, 200, 200},       {3, 300, 300},
	            {64, 6400, 6400},     {99, 9900, 9900},     {100, 10000, 10000}, {101, 10000, 10000},
	            {6553, 10000, 10000}, {65535, 10000, 10000}};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_gre *gre = make_window(PPTP_WINDOW_ENFORCED, 16, rows[i].delay);
		check_row("delay %u", rows[i].delay);
		CHECK_EQ(channel_info(gre).round_trip_us, rows[i].round_trip_ms * MS);
		CHECK_EQ(channel_info(gre).timeout_us, rows[i].timeout_ms * MS);
		CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
		channel_send(gre, 1, 77);
		CHECK_EQ(pptp_gre_deadline(gre), 77 + rows[i].timeout_ms * MS);
		pptp_gre_free(gre);
	}
}

/* Round trips of 0 and 1 us, of a clock that stands still or goes back: the time-out keeps its floor, and
 * backs off from there. */
/* Shows: G-ATO-05 G-ATO-08 G-ATO-12 */
static void test_gre_t38_tiny_round_trips(void **state)
{
	static const int32_t samples[] = {0, 1, 2, 7, -5};
	size_t i;
	uint32_t k;
	(void)state;
	for (i = 0; i < LEN(samples); i++) {
		pptp_gre *gre = make_window(PPTP_WINDOW_ENFORCED, 16, 0);
		pptp_usec now = 1000000;
		uint32_t wanted;
		check_row("samples of %d us", (int)samples[i]);
		for (k = 0; k < 1000; k++) {
			check_step("sample %u", k);
			channel_send(gre, 1, now);
			channel_recv_ack(gre, k, now + (pptp_usec)(int64_t)samples[i]);
			CHECK_EQ(channel_info(gre).timeout_us, MIN);
			CHECK(channel_info(gre).round_trip_us <= 8);
			now += 100;
		}
		for (wanted = 2 * MIN; wanted < 10000000; wanted *= 2) {
			check_step("time-out to %u", wanted);
			channel_send(gre, 1, now);
			now = time_out(gre);
			if (!(pptp_gre_room(gre) < UINT32_MAX)) /* it was given up */
				break;
			CHECK(channel_info(gre).timeout_us >= wanted);
			CHECK(channel_info(gre).timeout_us <= wanted + 32); /* the deviation */
		}
		CHECK(wanted >= 8 * MIN);
		pptp_gre_free(gre);
	}
}

/* However often it times out, the estimates stay within the bounds and come down again soon. */
/* Shows: G-ATO-12 G-ATO-01 */
static void test_gre_window_ceiling(void **state)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	pptp_usec now = 0;
	uint32_t k, sequence = 0;
	(void)state;
	o.window_mode = PPTP_WINDOW_ENFORCED;
	o.max_timeout_us = 1000000;
	gre = channel_new(&o, NULL);
	CHECK_EQ(pptp_gre_start(gre, PEER, 16, 30000, 0), PPTP_OK);
	for (k = 0; k < 200; k++) {
		check_row("turn %u", k);
		CHECK(channel_info(gre).timeout_us <= 1000000);
		CHECK(channel_info(gre).round_trip_us <= 1000000);
		channel_send(gre, 1, now);
		sequence++;
		if (k % 4 == 3) /* an hour later, and it counts as the ceiling */
			channel_recv_ack(gre, sequence - 1, now += UINT64_C(3600000000));
		else
			now = time_out(gre);
	}
	for (k = 0; k < 40; k++) {
		channel_send(gre, 1, now);
		channel_recv_ack(gre, sequence++, now += 10000);
	}
	CHECK(channel_info(gre).round_trip_us < 20000);
	CHECK_EQ(channel_info(gre).timeout_us, MIN);
	pptp_gre_free(gre);
}

/* The timer runs for the oldest frame, anew with each progress, and not at all when nothing is out. */
/* Shows: G-ATO-13 G-ATO-02 */
static void test_gre_window_timer(void **state)
{
	pptp_gre *gre = make_window(PPTP_WINDOW_ENFORCED, 16, 10);
	pptp_gre *other = make_window(PPTP_WINDOW_ENFORCED, 16, 10);
	pptp_usec now = 50000;
	(void)state;
	channel_send(gre, 1, now);
	CHECK_EQ(pptp_gre_deadline(gre), now + 1000 * MS);
	channel_send(gre, 1, now + 100 * MS);
	channel_send(gre, 1, now + 200 * MS);
	CHECK_EQ(pptp_gre_deadline(gre), now + 1000 * MS);
	channel_recv_ack(gre, 0, now += 300 * MS);
	CHECK_EQ(pptp_gre_deadline(gre), now + channel_info(gre).timeout_us);
	channel_recv_ack(gre, 0, now + 1); /* no progress */
	channel_recv_ack(gre, 55, now + 1);
	CHECK_EQ(pptp_gre_deadline(gre), now + channel_info(gre).timeout_us);
	channel_recv_ack(gre, 2, now += 300 * MS);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_TIMEOUT), 0);
	CHECK_EQ(channel_info(other).round_trip_us, 1000 * MS); /* each call has its own */
	CHECK_EQ(pptp_gre_deadline(other), PPTP_NEVER);
	pptp_gre_free(gre);
	pptp_gre_free(other);
}

/* One frame at a time is timed; the acknowledgment of a later one says how long it was at most. */
/* Shows: G-ATO-06 G-ATO-07 */
static void test_gre_window_one_sample(void **state)
{
	pptp_gre *gre = make_window(PPTP_WINDOW_ENFORCED, 64, 0);
	uint32_t before;
	(void)state;
	channel_send(gre, 1, 0);
	channel_send(gre, 1, 100 * MS);
	channel_send(gre, 1, 110 * MS);
	channel_recv_ack(gre, 1, 120 * MS); /* 0 was timed */
	CHECK_EQ(channel_info(gre).round_trip_us, 120 * MS / 8);
	before = channel_info(gre).round_trip_us;
	channel_recv_ack(gre, 2, 190 * MS); /* none was */
	CHECK_EQ(channel_info(gre).round_trip_us, before);
	channel_send(gre, 1, 200 * MS); /* this one is, but taken back */
	CHECK_EQ(pptp_gre_unsend(gre, 1, 200 * MS), PPTP_OK);
	channel_send(gre, 1, 300 * MS);
	channel_recv_ack(gre, 3, 315 * MS);
	CHECK_EQ(channel_info(gre).round_trip_us, before); /* 15 ms again */
	channel_send(gre, 1, 400 * MS);
	channel_send(gre, 1, 400 * MS);
	channel_send(gre, 1, 400 * MS);
	channel_recv_ack(gre, 4, 415 * MS);
	channel_send(gre, 1, 430 * MS); /* 7 is timed now */
	channel_recv_ack(gre, 5, 431 * MS);
	CHECK_EQ(channel_info(gre).round_trip_us, before);
	channel_recv_ack(gre, 7, 445 * MS);
	CHECK_EQ(channel_info(gre).round_trip_us, before);
	channel_send(gre, 1, 500 * MS); /* 8 is timed, 9 taken back */
	channel_send(gre, 1, 510 * MS);
	CHECK_EQ(pptp_gre_unsend(gre, 1, 510 * MS), PPTP_OK);
	channel_recv_ack(gre, 8, 535 * MS);
	CHECK_EQ(channel_info(gre).round_trip_us, before + (35 * MS - before) / 8);
	pptp_gre_free(gre);
}

/* An acknowledgment that comes after its time-out makes no room, but tells the round trip, and that the peer
 * does acknowledge. */
/* Shows: G-WIN-06 G-ATO-01 A-17 */
static void test_gre_window_late_ack(void **state)
{
	pptp_gre *gre = make_window(PPTP_WINDOW_ENFORCED, 16, 0);
	pptp_usec now = 0;
	uint32_t k;
	(void)state;
	for (k = 0; k < 20; k++) { /* a peer at 500 ms: the estimate must learn that */
		pptp_usec sent = now;
		check_row("frame %u", k);
		channel_send(gre, 1, now);
		if (pptp_gre_deadline(gre) < sent + 500 * MS)
			now = time_out(gre);
		CHECK(pptp_gre_room(gre) > 0);
		channel_recv_ack(gre, k, now = sent + 500 * MS);
		CHECK_EQ(channel_info(gre).acknowledged, k);
		CHECK_EQ(channel_info(gre).outstanding, 0);
	}
	CHECK(pptp_gre_count(gre, PPTP_GRE_TIMEOUT) <= 3);
	CHECK(channel_info(gre).round_trip_us > 400000);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_OLD) + pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 0);
	CHECK_EVENTS(gre, 0);
	for (k = 0; k < 4; k++)
		channel_send(gre, 1, now);
	now = time_out(gre);
	channel_send(gre, 1, now);
	channel_recv_ack(gre, 21, now); /* 20 to 23 were given up: they fill nothing again */
	CHECK_EQ(channel_info(gre).acknowledged, 21);
	CHECK_EQ(channel_info(gre).outstanding, 1);
	channel_recv_ack(gre, 24, now);
	CHECK_EQ(channel_info(gre).outstanding, 0);
	pptp_gre_free(gre);
}

/* ---- window ---------------------------------------------------------------------------------- */

/* Half of what the peer offers, but 2 where it has them; 0 offers nothing in particular. */
/* Shows: G-WIN-01 G-WIN-02 */
static void test_gre_q31_first_window(void **state)
{
	static const struct {
		uint16_t peer;
		uint32_t first;
	} rows[] = {{0, 32}, {1, 1},  {2, 2},   {3, 2},      {4, 2},       {5, 3},        {6, 3},
	            {7, 4},  {16, 8}, {64, 32}, {1024, 512}, {8192, 4096}, {16384, 8192}, {65535, 32768}};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_gre *gre = make_window(PPTP_WINDOW_ENFORCED, rows[i].peer, 0);
		check_row("peer %u", rows[i].peer);
		CHECK_EQ(pptp_gre_room(gre), rows[i].first);
		CHECK_EQ(fill(gre, 0), rows[i].first);
		check_refused(gre, 0);
		CHECK_EQ(channel_info(gre).window, rows[i].first);
		CHECK_EQ(channel_info(gre).outstanding, rows[i].first);
		CHECK_EVENTS(gre, 0);
		pptp_gre_free(gre);
	}
}

/* Full and open, by return value, room and event. */
/* Shows: G-WIN-02 G-WIN-08 G-ACK-03 */
static void test_gre_window_full_and_open(void **state)
{
	pptp_gre *gre = make_window(PPTP_WINDOW_ENFORCED, 8, 0);
	uint32_t k;
	(void)state;
	CHECK_EQ(fill(gre, 0), 4);
	for (k = 0; k < 10; k++)
		check_refused(gre, k);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_WINDOW_FULL), 10);
	CHECK_EQ(channel_recv(gre, 0, 0, 1000), PPTP_GRE_DELIVER); /* on board of data */
	CHECK_EVENTS(gre, PPTP_GRE_EV_WRITABLE);
	CHECK_EVENTS(gre, 0); /* once */
	CHECK_EQ(pptp_gre_room(gre), 1);
	channel_send(gre, 1, 1000);
	check_refused(gre, 1000);
	channel_recv_ack(gre, 4, 2000);
	CHECK_EVENTS(gre, PPTP_GRE_EV_WRITABLE);
	CHECK_EQ(pptp_gre_room(gre), 5); /* and it grew */
	channel_send(gre, 1, 2000);
	channel_recv_ack(gre, 5, 2000);
	CHECK_EVENTS(gre, 0); /* it was not full */
	pptp_gre_free(gre);
}

/* One more for every window's worth that is acknowledged, up to what the peer offers. */
/* Shows: G-WIN-03 G-WIN-10 */
static void test_gre_window_grows(void **state)
{
	pptp_gre *gre = make_window(PPTP_WINDOW_ENFORCED, 7, 0);
	uint32_t window = 4, since = 0, k;
	(void)state;
	for (k = 0; k < 100; k++) {
		check_row("acknowledgment %u", k);
		fill(gre, k);
		CHECK_EQ(channel_info(gre).window, window);
		channel_recv_ack(gre, k, k);
		if (++since == window) {
			window += window < 7;
			since = 0;
		}
		CHECK_EQ(channel_info(gre).window, window);
	}
	CHECK_EQ(window, 7);
	pptp_gre_free(gre);
}

/* A time-out halves, rounded up, down to 1; all that was out is gone; then it grows as before. */
/* Shows: G-WIN-04 G-WIN-05 G-WIN-06 G-ATO-08 G-WIN-07 */
static void test_gre_window_halves(void **state)
{
	static const uint32_t windows[] = {25, 13, 7};
	pptp_gre *gre = make_window(PPTP_WINDOW_ENFORCED, 49, 0);
	pptp_usec now = 0;
	uint32_t sequence = 0, window, k;
	size_t i;
	(void)state;
	for (i = 0; i < LEN(windows); i++) {
		check_row("window %u", windows[i]);
		CHECK_EQ(fill(gre, now), windows[i]);
		sequence += windows[i];
		now = time_out(gre);
		CHECK_EVENTS(gre, PPTP_GRE_EV_WRITABLE);
		CHECK_EQ(channel_info(gre).outstanding, 0);
		CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	}
	CHECK_EQ(pptp_gre_room(gre), 4);
	channel_send(gre, 1, now);
	channel_recv_ack(gre, sequence++, now);
	for (window = 4; window > 1; window = (window + 1) / 2) {
		channel_send(gre, 1, now);
		channel_recv_ack(gre, sequence++, now); /* it does acknowledge */
		channel_send(gre, 1, now);
		sequence++;
		now = time_out(gre);
		CHECK_EQ(pptp_gre_room(gre), (window + 1) / 2);
	}
	channel_send(gre, 1, now);
	channel_recv_ack(gre, sequence++, now); /* a window's worth of 1 */
	CHECK_EQ(pptp_gre_room(gre), 2);
	for (k = 0; k < 2; k++) {
		CHECK_EQ(pptp_gre_room(gre), 2);
		channel_send(gre, 1, now);
		channel_recv_ack(gre, sequence++, now);
	}
	CHECK_EQ(pptp_gre_room(gre), 3);
	pptp_gre_free(gre);
}

/* The numbers wrap in the middle of a window. */
/* Shows: G-SEQ-04 G-WIN-02 G-WIN-10 */
static void test_gre_window_wrap(void **state)
{
	uint32_t first;
	(void)state;
	for (first = 0xFFFFFFF0u; first != 8; first++) {
		pptp_gre_options o = channel_options();
		pptp_gre *gre;
		uint32_t k, window = 4;
		check_row("first 0x%x", first);
		o.window_mode = PPTP_WINDOW_ENFORCED;
		o.first_sequence = first;
		gre = channel_new(&o, NULL);
		CHECK_EQ(pptp_gre_start(gre, PEER, 8, 0, 0), PPTP_OK);
		for (k = 0; k < 5; k++) {
			CHECK_EQ(fill(gre, 0), window);
			first += window;
			channel_recv_ack(gre, first - 1, 0);
			CHECK_EQ(channel_info(gre).outstanding, 0);
			window += window < 8;
		}
		first -= 4 + 5 + 6 + 7 + 8;
		pptp_gre_free(gre);
	}
}

/* Advice refuses nothing. */
/* Shows: G-WIN-09 */
static void test_gre_window_advisory(void **state)
{
	pptp_gre *gre = make_window(PPTP_WINDOW_ADVISORY, 8, 0);
	uint32_t k;
	(void)state;
	CHECK_EQ(fill(gre, 0), 4);
	for (k = 0; k < 100; k++) {
		channel_send(gre, 1, 0);
		CHECK_EQ(pptp_gre_room(gre), 0);
	}
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_WINDOW_FULL), 0);
	channel_recv_ack(gre, 50, 10);
	CHECK_EQ(pptp_gre_room(gre), 0);
	CHECK_EVENTS(gre, 0);
	channel_recv_ack(gre, 103, 10);
	CHECK_EVENTS(gre, PPTP_GRE_EV_WRITABLE);
	CHECK(pptp_gre_room(gre) >= 4);
	for (k = 0; k < 100; k++)
		channel_send(gre, 1, 20);
	time_out(gre);
	CHECK_EVENTS(gre, PPTP_GRE_EV_WRITABLE);
	CHECK(pptp_gre_room(gre) > 0);
	pptp_gre_free(gre);
}

/* The default: no window, no timer, whatever the peer offers and acknowledges. */
/* Shows: G-WIN-09 G-WIN-00 */
static void test_gre_q33_window_off(void **state)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	uint32_t k;
	(void)state;
	CHECK_EQ(o.window_mode, PPTP_WINDOW_OFF);
	CHECK_EQ(o.min_timeout_us, MIN);
	o.no_inbound_us = 0;
	gre = channel_new(&o, NULL);
	CHECK_EQ(pptp_gre_room(gre), 0); /* it cannot send yet */
	CHECK_EQ(pptp_gre_start(gre, PEER, 1, 65535, 0), PPTP_OK);
	for (k = 0; k < 1000; k++) {
		channel_send(gre, 1, 0);
		CHECK_EQ(pptp_gre_room(gre), UINT32_MAX);
		CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	}
	channel_recv_ack(gre, 999, 0);
	CHECK_EQ(channel_info(gre).window, 0);
	CHECK_EQ(channel_info(gre).timeout_us, 0);
	CHECK_EVENTS(gre, 0);
	pptp_gre_free(gre);
}

/* ---- peers that do not acknowledge ----------------------------------------------------------- */

/* Send whenever there is room for so long; ticks at deadlines. The frames that went. */
static uint32_t send_for(pptp_gre *gre, pptp_usec *now, pptp_usec lasting, pptp_usec every,
                         uint32_t *ret_events)
{
	pptp_usec end = *now + lasting, next = *now;
	uint32_t sent = 0;
	while (*now < end) {
		pptp_usec due = pptp_gre_deadline(gre);
		if (due <= next) {
			*now = due;
			CHECK_EQ(pptp_gre_tick(gre, *now), PPTP_OK);
			CHECK(pptp_gre_deadline(gre) > *now);
		} else {
			*now = next;
			next += every;
			if (pptp_gre_room(gre) > 0) {
				channel_send(gre, 1, *now);
				sent++;
			}
		}
		*ret_events |= pptp_gre_events(gre);
	}
	return sent;
}

/* A peer that never acknowledges is noticed, and then we send as if there were no window, for good. */
/* Shows: G-ACK-08 G-ATO-01 */
static void test_gre_q30_never_acks(void **state)
{
	uint32_t mode;
	(void)state;
	for (mode = PPTP_WINDOW_ADVISORY; mode <= PPTP_WINDOW_ENFORCED; mode++) {
		pptp_gre *gre = make_window(mode, 8192, 0);
		pptp_usec now = 0;
		uint32_t k, events;
		check_row("mode %u", mode);
		for (k = 1; k <= 4; k++) {
			check_step("time-out %u", k);
			fill(gre, now);
			now = time_out(gre);
			events = pptp_gre_events(gre);
			CHECK(events & PPTP_GRE_EV_WRITABLE);
			CHECK_EQ(events & PPTP_GRE_EV_PEER_NEVER_ACKS,
			         k == 4 ? PPTP_GRE_EV_PEER_NEVER_ACKS : 0);
		}
		CHECK(now < 5000 * MS);
		CHECK_EQ(pptp_gre_room(gre), UINT32_MAX);
		CHECK_EQ(channel_info(gre).window, 0);
		events = 0;
		CHECK(send_for(gre, &now, 3600000 * MS, 10 * MS, &events) >= 360000);
		CHECK_EQ(events, 0);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_TIMEOUT), 4);
		CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
		pptp_gre_free(gre);
	}
}

/* One that acknowledges only on its own data, which is rare: all but some seconds of an hour go at full
 * speed. */
/* Shows: G-ACK-08 */
static void test_gre_q30_rare_acks(void **state)
{
	pptp_gre *gre = make_window(PPTP_WINDOW_ENFORCED, 64, 0);
	pptp_usec now = 0;
	uint32_t minute, sent = 0, events = 0;
	(void)state;
	for (minute = 0; minute < 60; minute++) {
		check_row("minute %u", minute);
		sent += send_for(gre, &now, 60000 * MS, 10 * MS, &events);
		CHECK_EQ(channel_recv(gre, minute, channel_info(gre).next_sequence - 1, now),
		         PPTP_GRE_DELIVER);
	}
	CHECK(events & PPTP_GRE_EV_PEER_NEVER_ACKS);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_TIMEOUT), 12); /* three times four, then never again */
	CHECK(sent > 360000 - 2500);
	pptp_gre_free(gre);
}

/* The window comes back with the next acknowledgment: the path was down for a while. */
/* Shows: G-WIN-05 */
static void test_gre_window_comes_back(void **state)
{
	pptp_gre *gre = make_window(PPTP_WINDOW_ENFORCED, 16, 0);
	pptp_usec now = 0;
	uint32_t outage, k;
	(void)state;
	for (outage = 1; outage <= 4; outage++) {
		check_row("outage %u", outage);
		for (k = 0; k < 50; k++) {
			channel_send(gre, 1, now);
			channel_recv_ack(gre, channel_info(gre).next_sequence - 1, now += 1000);
		}
		CHECK_EQ(pptp_gre_room(gre) < UINT32_MAX, outage <= 3);
		CHECK_EVENTS(gre, 0);
		if (outage > 3)
			break;
		for (k = 0; k < 4; k++) {
			CHECK(pptp_gre_room(gre) < UINT32_MAX);
			channel_send(gre, 1, now);
			now = time_out(gre);
		}
		CHECK(pptp_gre_events(gre) & PPTP_GRE_EV_PEER_NEVER_ACKS);
		CHECK_EQ(pptp_gre_room(gre), UINT32_MAX);
		for (k = 0; k < 1000; k++)
			channel_send(gre, 1, now);
		channel_recv_ack(gre, channel_info(gre).next_sequence - 10, now);
		if (outage < 3) {
			CHECK_EQ(pptp_gre_room(gre), 8); /* what is out does not fill it */
			CHECK_EQ(channel_info(gre).window, 8);
		}
	}
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	pptp_gre_free(gre);
}

/* ---- other functions ------------------------------------------------------------------------- */

/* What is taken back makes room again, and stops the timer when nothing else is out. */
/* Shows: G-WIN-02 */
static void test_gre_window_unsend(void **state)
{
	pptp_gre *gre = make_window(PPTP_WINDOW_ENFORCED, 8, 0);
	(void)state;
	CHECK_EQ(fill(gre, 0), 4);
	CHECK_EQ(pptp_gre_unsend(gre, 1, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_room(gre), 1);
	CHECK_EQ(pptp_gre_deadline(gre), MIN);
	CHECK_EQ(pptp_gre_unsend(gre, 3, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_room(gre), 4);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	CHECK_EQ(fill(gre, 0), 4);
	time_out(gre);
	CHECK_EQ(pptp_gre_unsend(gre, 2, MIN), PPTP_OK); /* they were given up already */
	CHECK_EQ(pptp_gre_room(gre), 2);
	CHECK_EQ(channel_info(gre).outstanding, 0);
	CHECK_EQ(fill(gre, MIN), 2);
	CHECK_EQ(pptp_gre_unsend(gre, 5, MIN), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_unsend(gre, 4, MIN), PPTP_OK);
	CHECK_EQ(pptp_gre_room(gre), 2);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	CHECK_EQ(channel_send(gre, 1, MIN).sequence, 0);
	pptp_gre_free(gre);
}

/* Push mode says the same. */
/* Shows: G-WIN-02 G-WIN-08 */
static void test_gre_window_push(void **state)
{
	recorder *r = recorder_new();
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	uint8_t data[40];
	size_t len;
	(void)state;
	o.window_mode = PPTP_WINDOW_ENFORCED;
	gre = channel_new(&o, r);
	CHECK_EQ(pptp_gre_start(gre, PEER, 2, 0, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"a", 1, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"b", 1, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"c", 1, 0), PPTP_ERR_WINDOW);
	CHECK_EQ(r->sent, 2);
	len = channel_datagram(data, NO_NUMBER, 0, 0);
	CHECK_EQ(pptp_gre_input(gre, data, len, NULL, 0), PPTP_OK);
	CHECK_EVENTS(gre, PPTP_GRE_EV_WRITABLE);
	r->send_result = PPTP_ERR_AGAIN;
	CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"c", 1, 0), PPTP_ERR_AGAIN);
	CHECK_EQ(pptp_gre_room(gre), 1);
	r->send_result = PPTP_OK;
	CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"c", 1, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_room(gre), 0);
	CHECK_EQ(pptp_gre_tick(gre, MIN), PPTP_OK);
	CHECK_EVENTS(gre, PPTP_GRE_EV_WRITABLE);
	pptp_gre_free(gre);
	free(r);
}

/* A reset forgets the window with everything else. */
/* Shows: S-CALL-02 G-SEQ-01 */
static void test_gre_window_reset(void **state)
{
	pptp_gre *gre = make_window(PPTP_WINDOW_ENFORCED, 64, 0);
	uint32_t k;
	(void)state;
	for (k = 0; k < 12; k++) { /* given up for good */
		fill(gre, k * 100000000);
		time_out(gre);
		if (k % 4 == 3)
			channel_recv_ack(gre, channel_info(gre).next_sequence - 1, k * 100000000);
	}
	CHECK_EQ(pptp_gre_room(gre), UINT32_MAX);
	CHECK_EQ(pptp_gre_reset(gre), PPTP_OK);
	CHECK_EQ(pptp_gre_start(gre, PEER, 8, 3, 0), PPTP_OK);
	for (k = 0; k < 4; k++) { /* and may come back again */
		fill(gre, 0);
		time_out(gre);
	}
	CHECK_EQ(pptp_gre_room(gre), UINT32_MAX);
	channel_recv_ack(gre, channel_info(gre).next_sequence - 1, 0);
	CHECK_EQ(pptp_gre_room(gre), 4);
	CHECK_EQ(pptp_gre_reset(gre), PPTP_OK);
	CHECK_EQ(pptp_gre_start(gre, PEER, 8, 3, 0), PPTP_OK);
	channel_send(gre, 1, 0);
	channel_recv_ack(gre, 0, 900000);
	CHECK_EQ(channel_info(gre).deviation_us, 150000);
	CHECK_EQ(pptp_gre_reset(gre), PPTP_OK);
	CHECK_EVENTS(gre, 0);
	CHECK_EQ(pptp_gre_room(gre), 0);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	CHECK_EQ(pptp_gre_start(gre, PEER, 8, 3, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_room(gre), 4);
	CHECK_EQ(channel_info(gre).round_trip_us, 300000);
	CHECK_EQ(channel_info(gre).deviation_us, 0);
	CHECK_EQ(channel_send(gre, 1, 0).sequence, 0);
	channel_recv_ack(gre, 0, 300000);
	CHECK_EQ(channel_info(gre).acknowledged, 0);
	CHECK_EQ(pptp_gre_room(gre), 4);
	for (k = 0; k < 3; k++) { /* time-outs of the call before do not count */
		channel_send(gre, 1, 0);
		time_out(gre);
	}
	CHECK_EQ(pptp_gre_reset(gre), PPTP_OK);
	CHECK_EQ(pptp_gre_start(gre, PEER, 8, 3, 0), PPTP_OK);
	for (k = 0; k < 4; k++) {
		CHECK(pptp_gre_room(gre) < UINT32_MAX);
		channel_send(gre, 1, 0);
		time_out(gre);
	}
	CHECK_EQ(pptp_gre_room(gre), UINT32_MAX);
	pptp_gre_free(gre);
}

/* Odd bounds: rounded up to milliseconds, and the floor wins over the ceiling (RFC 2637 4.4.1). */
/* Shows: G-ATO-03 */
static void test_gre_window_options(void **state)
{
	static const struct {
		uint32_t min_us, max_us, timeout_us;
	} rows[] = {
	        {0, 0, 0},           {1, 10000000, 1000}, {999, 10000000, 1000},      {1001, 10000000, 2000},
	        {500000, 1, 500000}, {5000, 5000, 5000},  {0xFFFFFFFFu, 1, 65535000},
	};
	pptp_gre_options o = channel_options();
	pptp_gre *gre = NULL;
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		check_row("%u to %u", rows[i].min_us, rows[i].max_us);
		o.window_mode = PPTP_WINDOW_ENFORCED;
		o.min_timeout_us = rows[i].min_us;
		o.max_timeout_us = rows[i].max_us;
		gre = channel_started(&o, NULL);
		CHECK_EQ(channel_info(gre).timeout_us, rows[i].timeout_us);
		pptp_gre_free(gre);
	}
	gre = NULL;
	o.window_mode = PPTP_WINDOW_ENFORCED + 1;
	CHECK_EQ(pptp_gre_new(&o, NULL, NULL, &gre), PPTP_ERR_ARG);
	o.window_mode = UINT32_MAX;
	CHECK_EQ(pptp_gre_new(&o, NULL, NULL, &gre), PPTP_ERR_ARG);
	CHECK(gre == NULL);
	CHECK_EQ(pptp_gre_room(NULL), 0);
	CHECK_EQ(pptp_gre_events(NULL), 0);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_gre_window_estimator),     cmocka_unit_test(test_gre_window_delay),
	        cmocka_unit_test(test_gre_t38_tiny_round_trips), cmocka_unit_test(test_gre_window_ceiling),
	        cmocka_unit_test(test_gre_window_timer),         cmocka_unit_test(test_gre_window_one_sample),
	        cmocka_unit_test(test_gre_window_late_ack),      cmocka_unit_test(test_gre_q31_first_window),
	        cmocka_unit_test(test_gre_window_full_and_open), cmocka_unit_test(test_gre_window_grows),
	        cmocka_unit_test(test_gre_window_halves),        cmocka_unit_test(test_gre_window_wrap),
	        cmocka_unit_test(test_gre_window_advisory),      cmocka_unit_test(test_gre_q33_window_off),
	        cmocka_unit_test(test_gre_q30_never_acks),       cmocka_unit_test(test_gre_q30_rare_acks),
	        cmocka_unit_test(test_gre_window_comes_back),    cmocka_unit_test(test_gre_window_unsend),
	        cmocka_unit_test(test_gre_window_push),          cmocka_unit_test(test_gre_window_reset),
	        cmocka_unit_test(test_gre_window_options),
	};
	return cmocka_run_group_tests_name("gre_window", tests, NULL, NULL);
}
