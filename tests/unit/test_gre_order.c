/* gre: the order of packets without a pool, the wrap of the numbers, and peers that begin anew
 * (RFC 2637 4.3). */
#include "channel.h"

#define SECOND UINT64_C(1000000)

#define D PPTP_GRE_DELIVER
#define L PPTP_GRE_DROP_LATE
#define U PPTP_GRE_DROP_DUPLICATE

/* Shows: G-OOS-01 G-OOS-02 G-OOS-03 G-OOS-04 G-SEQ-03 G-SEQ-04 G-SEQ-05 G-ACK-01 */
static void test_gre_order(void **state)
{
	static const struct {
		const char *name;
		struct {
			uint32_t sequence, verdict;
		} packets[10];
		uint32_t lost;
		size_t packets_len;
	} rows[] = {
	        {"RFC 4.3", {{0, D}, {1, D}, {2, D}, {4, D}, {3, L}, {5, D}}, 1, 6},
	        {"first is 1", {{1, D}, {2, D}}, 0, 2},
	        {"first is anything", {{0xDEADBEEF, D}, {0xDEADBEF0u, D}, {0, L}}, 0, 3},
	        {"first is the last number", {{0xFFFFFFFFu, D}, {0, D}, {1, D}}, 0, 3},
	        {"duplicates", {{7, D}, {7, U}, {7, U}, {8, D}, {7, L}, {8, U}, {9, D}}, 0, 7},
	        {"0 twice", {{0, D}, {0, U}, {1, D}}, 0, 3},
	        {"before the first", {{5, D}, {4, L}, {0, L}, {6, D}}, 0, 4},
	        {"wrap", {{0xFFFFFFFEu, D}, {0xFFFFFFFFu, D}, {0, D}, {0xFFFFFFFFu, L}, {1, D}}, 0, 5},
	        {"wrap, last lost", {{0xFFFFFFFEu, D}, {0, D}, {0xFFFFFFFFu, L}, {1, D}}, 1, 4},
	        {"wrap, first lost", {{0xFFFFFFFEu, D}, {0xFFFFFFFFu, D}, {1, D}, {0, L}}, 1, 4},
	        {"wrap, both lost", {{0xFFFFFFFEu, D}, {1, D}, {0, L}, {0xFFFFFFFFu, L}}, 2, 4},
	        {"swapped pairs", {{0, D}, {2, D}, {1, L}, {4, D}, {3, L}}, 2, 5},
	        {"reversed", {{9, D}, {8, L}, {7, L}, {6, L}, {10, D}}, 0, 5},
	        {"farthest ahead", {{0, D}, {0x1000000, D}, {0, L}}, 0xFFFFFF, 3},
	        {"one too far", {{0, D}, {0x1000001, L}, {1, D}}, 0, 3},
	        {"across the circle", {{0, D}, {0x7FFFFFFF, L}, {0x80000001u, L}, {1, D}}, 0, 4},
	};
	size_t i, k;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_gre *gre = channel_make();
		uint32_t newest = 0, seen[3] = {0};
		check_row("%s", rows[i].name);
		for (k = 0; k < rows[i].packets_len; k++) {
			uint32_t sequence = rows[i].packets[k].sequence, wanted = rows[i].packets[k].verdict;
			check_step("packet %u, number 0x%x", (unsigned)k, sequence);
			CHECK_EQ(channel_recv(gre, sequence, NO_NUMBER, 0), wanted);
			if (wanted == D)
				newest = sequence;
			seen[wanted == D ? 0 : wanted == L ? 1 : 2]++;
		}
		CHECK_EQ(channel_ack(gre, DELAY), newest);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_LOST), rows[i].lost);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_DELIVER), seen[0]);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_DROP_LATE), seen[1]);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_DROP_DUPLICATE), seen[2]);
		pptp_gre_free(gre);
	}
}

#undef D
#undef L
#undef U

/* Any subset of the packets around the wrap may be lost. */
/* Shows: G-SEQ-04 G-OOS-01 */
static void test_gre_t27_wrap_with_losses(void **state)
{
	uint32_t lost, k;
	(void)state;
	for (lost = 0; lost < 256; lost++) {
		pptp_gre *gre = channel_make();
		check_row("lost 0x%02x", lost);
		CHECK_EQ(channel_recv(gre, 0xFFFFFFFBu, NO_NUMBER, 0), PPTP_GRE_DELIVER);
		for (k = 0; k < 8; k++) {
			if (!(lost & 1u << k))
				CHECK_EQ(channel_recv(gre, 0xFFFFFFFCu + k, NO_NUMBER, 0), PPTP_GRE_DELIVER);
		}
		CHECK_EQ(channel_recv(gre, 4, NO_NUMBER, 0), PPTP_GRE_DELIVER);
		CHECK_EQ(channel_ack(gre, DELAY), 4);
		pptp_gre_free(gre);
	}
}

/* A packet 1 after many does not rewind the channel, nor do others of old: not one for ever, not all of them
 * at once. */
/* Shows: G-OOS-02 G-SEQ-05 */
static void test_gre_t28_no_rewind(void **state)
{
	pptp_gre *gre = channel_make();
	uint32_t k;
	(void)state;
	for (k = 0; k <= 1000; k++)
		CHECK_EQ(channel_recv(gre, k, NO_NUMBER, 0), PPTP_GRE_DELIVER);
	CHECK_EQ(channel_recv(gre, 1, NO_NUMBER, 0), PPTP_GRE_DROP_LATE);
	for (k = 0; k < 1000; k++)
		CHECK_EQ(channel_recv(gre, k, NO_NUMBER, k), PPTP_GRE_DROP_LATE);
	CHECK_EQ(channel_recv(gre, 1001, NO_NUMBER, 1000), PPTP_GRE_DELIVER);
	for (k = 0; k < 1000; k++)
		CHECK_EQ(channel_recv(gre, 1, NO_NUMBER, k * SECOND), PPTP_GRE_DROP_LATE);
	for (k = 0; k < 1000; k++)
		CHECK_EQ(channel_recv(gre, 900 - k % 900, NO_NUMBER, k * SECOND), PPTP_GRE_DROP_LATE);
	CHECK_EQ(channel_recv(gre, 1002, NO_NUMBER, 1000 * SECOND), PPTP_GRE_DELIVER);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_RESYNC), 0);
	CHECK_EVENTS(gre, 0);
	pptp_gre_free(gre);
}

/* Whatever number a peer begins with is the first; 0 or 1 is worth nothing after that. */
/* Shows: G-SEQ-03 S-CALL-02 */
static void test_gre_q9_any_first(void **state)
{
	check_random random = {9};
	uint32_t turn, k;
	(void)state;
	for (turn = 0; turn < 300; turn++) {
		uint32_t first = turn < 4 ? turn : random_next(&random);
		pptp_gre *gre = channel_make();
		check_row("first 0x%x", first);
		CHECK_EQ(channel_recv(gre, first, NO_NUMBER, 0), PPTP_GRE_DELIVER);
		for (k = 1; k < 20; k++)
			CHECK_EQ(channel_recv(gre, first + k, NO_NUMBER, 0), PPTP_GRE_DELIVER);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_LOST), 0);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_DELIVER), 20);
		CHECK_EQ(channel_ack(gre, DELAY), first + 19);
		pptp_gre_free(gre);
	}
}

/* The rewind that one implementation allowed at number 1 is none for us: before the first packet only. */
/* Shows: G-SEQ-03 G-OOS-02 */
static void test_gre_q10_one_is_no_magic(void **state)
{
	static const uint32_t firsts[] = {2, 3, 100, 0x7FFFFFFF};
	size_t i;
	uint32_t k;
	(void)state;
	for (i = 0; i < LEN(firsts); i++) {
		pptp_gre *gre = channel_make();
		check_row("first 0x%x", firsts[i]);
		CHECK_EQ(channel_recv(gre, firsts[i], NO_NUMBER, 0), PPTP_GRE_DELIVER);
		for (k = 0; k < 5; k++)
			CHECK_EQ(channel_recv(gre, 1, NO_NUMBER, k * 10 * SECOND), PPTP_GRE_DROP_LATE);
		CHECK_EQ(channel_recv(gre, firsts[i] + 1, NO_NUMBER, 50 * SECOND), PPTP_GRE_DELIVER);
		pptp_gre_free(gre);
	}
}

/* ---- peers that begin anew ------------------------------------------------------------------- */

static pptp_gre *make_at(uint32_t sequence, uint32_t resync_us)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	CHECK_EQ(o.resync_us, SECOND);
	o.resync_us = resync_us;
	o.no_inbound_us = 0;
	gre = channel_started(&o, NULL);
	CHECK_EQ(channel_recv(gre, sequence, NO_NUMBER, 0), PPTP_GRE_DELIVER);
	CHECK_EQ(channel_ack(gre, DELAY), sequence);
	return gre;
}

/* The channel follows, counts and tells. */
static void check_followed(pptp_gre *gre, uint32_t sequence, pptp_usec now)
{
	CHECK_EQ(channel_recv(gre, sequence, NO_NUMBER, now), PPTP_GRE_DELIVER);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_RESYNC), 1);
	CHECK_EVENTS(gre, PPTP_GRE_EV_RESYNC);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_DELIVER), 2);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_LOST), 0);
	CHECK_EQ(channel_recv(gre, sequence + 1, NO_NUMBER, now), PPTP_GRE_DELIVER);
	CHECK_EQ(channel_recv(gre, sequence, NO_NUMBER, now), PPTP_GRE_DROP_LATE);
	CHECK_EQ(channel_ack(gre, now + DELAY), sequence + 1);
	CHECK_EVENTS(gre, 0);
}

/* A peer that restarted its numbers is believed after a second of them, at any rate. */
/* Shows: G-SEQ-01 S-CALL-02 */
static void test_gre_q46_resync(void **state)
{
	static const struct {
		uint32_t old, every_us;
	} rows[] = {{100000, 20},     {100000, 1000},    {0x6FFFFFFF, 20},    {0x7FFFFFF0, 300000},
	            {20, 300000},     {20, 3000000},     {0x7FFFFFF0, 20000}, {3000, 1000},
	            {100000, 999999}, {100000, 60000000}};
	uint32_t first;
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		for (first = 0; first < 3; first++) {
			pptp_gre *gre = make_at(rows[i].old, SECOND);
			pptp_usec now = 10 * SECOND;
			uint32_t begin = first < 2 ? first : rows[i].old - 0x60000000, sequence = begin;
			check_row("from 0x%x to 0x%x, every %u us", rows[i].old, begin, rows[i].every_us);
			while (sequence - begin < 3 || now < 11 * SECOND) {
				CHECK_EQ(channel_recv(gre, sequence++, NO_NUMBER, now), PPTP_GRE_DROP_LATE);
				CHECK_EVENTS(gre, 0);
				now += rows[i].every_us;
			}
			check_followed(gre, sequence, now);
			pptp_gre_free(gre);
		}
	}
}

/* The numbers that begin anew may have gaps, duplicates and disorder of their own. */
/* Shows: G-SEQ-01 */
static void test_gre_q46_resync_bad_path(void **state)
{
	check_random random = {46};
	uint32_t turn;
	(void)state;
	for (turn = 0; turn < 300; turn++) {
		pptp_gre *gre = make_at(1000000, SECOND);
		pptp_usec now = SECOND;
		uint32_t sequence = 0;
		check_row("turn %u", turn);
		while (pptp_gre_count(gre, PPTP_GRE_RESYNC) == 0) {
			sequence += random_below(&random, 5) == 0 ? 3 : 1;
			if (random_below(&random, 5))
				channel_recv(gre, sequence - random_below(&random, 3), NO_NUMBER, now);
			now += 10000;
			CHECK(now < 3 * SECOND);
		}
		CHECK(now >= 2 * SECOND);
		CHECK_EVENTS(gre, PPTP_GRE_EV_RESYNC);
		pptp_gre_free(gre);
	}
}

/* A number further ahead than any loss explains, as one with a flipped bit, is not believed, and nothing is
 * lost but its packet. Late packets must not look new because of it. */
/* Shows: G-OOS-01 G-OOS-02 */
static void test_gre_not_so_far_ahead(void **state)
{
	uint32_t bit, k;
	(void)state;
	for (bit = 24; bit < 32; bit++) {
		pptp_gre *gre = make_at(0, SECOND);
		check_row("bit %u", bit);
		for (k = 1; k <= 100; k++) {
			CHECK_EQ(channel_recv(gre, (k + 1) ^ 1u << bit, NO_NUMBER, k * 50000),
			         PPTP_GRE_DROP_LATE);
			CHECK_EQ(channel_recv(gre, k, NO_NUMBER, k * 50000), PPTP_GRE_DELIVER);
			CHECK_EQ(channel_recv(gre, k - 1, NO_NUMBER, k * 50000), PPTP_GRE_DROP_LATE);
		}
		CHECK_EVENTS(gre, 0);
		pptp_gre_free(gre);
	}
}

/* A peer that goes on there means it. */
/* Shows: G-OOS-01 G-SEQ-01 */
static void test_gre_far_ahead_for_good(void **state)
{
	pptp_gre *gre = make_at(0, SECOND);
	uint32_t k;
	(void)state;
	for (k = 0; k < 100; k++)
		CHECK_EQ(channel_recv(gre, 0x40000000 + k, NO_NUMBER, k * 10000), PPTP_GRE_DROP_LATE);
	CHECK_EQ(channel_recv(gre, 0x40000000 + k, NO_NUMBER, k * 10000), PPTP_GRE_DELIVER);
	CHECK_EVENTS(gre, PPTP_GRE_EV_RESYNC);
	pptp_gre_free(gre);
}

/* A flipped bit in a number may take the channel ahead; a second later it is back with the peer. */
/* Shows: G-OOS-01 */
static void test_gre_q46_resync_after_jump(void **state)
{
	uint32_t bit;
	(void)state;
	for (bit = 8; bit < 24; bit++) {
		pptp_gre *gre = make_at(0, SECOND);
		uint32_t k;
		check_row("bit %u", bit);
		CHECK_EQ(channel_recv(gre, 1u << bit, NO_NUMBER, 0), PPTP_GRE_DELIVER);
		for (k = 1; k <= 100; k++)
			CHECK_EQ(channel_recv(gre, k, NO_NUMBER, k * 10000), PPTP_GRE_DROP_LATE);
		CHECK_EQ(channel_recv(gre, 101, NO_NUMBER, 1010000), PPTP_GRE_DELIVER);
		CHECK_EQ(channel_recv(gre, 102, NO_NUMBER, 1020000), PPTP_GRE_DELIVER);
		CHECK_EVENTS(gre, PPTP_GRE_EV_RESYNC);
		pptp_gre_free(gre);
	}
}

/* One packet that is newer shows that the numbers go on. */
/* Shows: G-OOS-02 */
static void test_gre_q46_no_resync_while_newer_come(void **state)
{
	pptp_gre *gre = make_at(1000, SECOND);
	uint32_t k;
	(void)state;
	for (k = 0; k < 900; k++) {
		CHECK_EQ(channel_recv(gre, k, NO_NUMBER, k * 10000), PPTP_GRE_DROP_LATE);
		if (k % 90 == 0)
			CHECK_EQ(channel_recv(gre, 1001 + k, NO_NUMBER, k * 10000), PPTP_GRE_DELIVER);
	}
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_RESYNC), 0);
	CHECK_EVENTS(gre, 0);
	pptp_gre_free(gre);
}

/* A clock that goes back does not make a second of a moment. */
/* Shows: G-OOS-02 */
static void test_gre_q46_resync_clock(void **state)
{
	pptp_gre *gre = make_at(100, SECOND);
	uint32_t k;
	(void)state;
	channel_recv(gre, 101, NO_NUMBER, 10 * SECOND);
	for (k = 0; k < 10; k++) /* the first, and then the clock goes back */
		CHECK_EQ(channel_recv(gre, 50 + k, NO_NUMBER, 10 * SECOND - k), PPTP_GRE_DROP_LATE);
	CHECK_EVENTS(gre, 0);
	CHECK_EQ(channel_recv(gre, 60, NO_NUMBER, 10 * SECOND + SECOND / 2), PPTP_GRE_DROP_LATE);
	CHECK_EQ(channel_recv(gre, 61, NO_NUMBER, 11 * SECOND), PPTP_GRE_DELIVER);
	CHECK_EVENTS(gre, PPTP_GRE_EV_RESYNC);
	pptp_gre_free(gre);
}

/* Three packets are not enough, however long it takes; the option may forbid it altogether. */
/* Shows: G-OOS-02 */
static void test_gre_q46_resync_limits(void **state)
{
	pptp_gre *gre = make_at(1000, SECOND);
	uint32_t k;
	(void)state;
	for (k = 0; k < 3; k++)
		CHECK_EQ(channel_recv(gre, k, NO_NUMBER, k * 3600 * SECOND), PPTP_GRE_DROP_LATE);
	for (k = 0; k < 50; k++) /* the same again, and another far away: a new run */
		CHECK_EQ(channel_recv(gre, 2, NO_NUMBER, 8000 * SECOND), PPTP_GRE_DROP_LATE);
	CHECK_EQ(channel_recv(gre, 500, NO_NUMBER, 9000 * SECOND), PPTP_GRE_DROP_LATE);
	CHECK_EQ(channel_recv(gre, 3, NO_NUMBER, 9001 * SECOND), PPTP_GRE_DROP_LATE);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_RESYNC), 0);
	pptp_gre_free(gre);
	gre = make_at(1000, 0);
	for (k = 0; k < 900; k++)
		CHECK_EQ(channel_recv(gre, k, NO_NUMBER, k * SECOND), PPTP_GRE_DROP_LATE);
	CHECK_EQ(channel_recv(gre, 1001, NO_NUMBER, 0), PPTP_GRE_DELIVER);
	pptp_gre_free(gre);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_gre_order),
	        cmocka_unit_test(test_gre_t27_wrap_with_losses),
	        cmocka_unit_test(test_gre_t28_no_rewind),
	        cmocka_unit_test(test_gre_q9_any_first),
	        cmocka_unit_test(test_gre_q10_one_is_no_magic),
	        cmocka_unit_test(test_gre_q46_resync),
	        cmocka_unit_test(test_gre_q46_resync_bad_path),
	        cmocka_unit_test(test_gre_q46_resync_clock),
	        cmocka_unit_test(test_gre_not_so_far_ahead),
	        cmocka_unit_test(test_gre_far_ahead_for_good),
	        cmocka_unit_test(test_gre_q46_resync_after_jump),
	        cmocka_unit_test(test_gre_q46_no_resync_while_newer_come),
	        cmocka_unit_test(test_gre_q46_resync_limits),
	};
	return cmocka_run_group_tests_name("gre_order", tests, NULL, NULL);
}
