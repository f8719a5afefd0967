/* gre: acknowledgments, ours and the peer's (RFC 2637 4.2). */
#include "channel.h"

/* Shows: G-ACK-01 G-ACK-02 G-ACK-06 */
static void test_gre_piggyback(void **state)
{
	pptp_gre *gre = channel_make();
	pptp_gre_header h;
	(void)state;
	CHECK_EQ(channel_recv(gre, 0, NO_NUMBER, 0), PPTP_GRE_DELIVER);
	h = channel_send(gre, 1, 10);
	CHECK(h.has_ack);
	CHECK_EQ(h.acknowledgment, 0); /* number 0 is worth an acknowledgment */
	h = channel_send(gre, 1, 20);
	CHECK(!h.has_ack);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	CHECK_EQ(channel_ack(gre, 10 * DELAY), -1);
	channel_recv(gre, 1, NO_NUMBER, 30);
	channel_recv(gre, 2, NO_NUMBER, 30);
	h = channel_send(gre, 1, 40);
	CHECK(h.has_ack);
	CHECK_EQ(h.acknowledgment, 2);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_SENT_ACK), 0);
	pptp_gre_free(gre);
}

/* Shows: G-ACK-02 G-ACK-07 G-HDR-01 */
static void test_gre_delayed_ack(void **state)
{
	static const uint32_t delays[] = {0, 1, 50000, DELAY, 0xFFFFFFFFu};
	static const pptp_usec starts[] = {0, 12345, UINT64_C(1) << 40};
	size_t i, k;
	(void)state;
	for (i = 0; i < LEN(delays); i++) {
		for (k = 0; k < LEN(starts); k++) {
			pptp_gre_options o = channel_options();
			pptp_gre *gre;
			pptp_usec due = starts[k] + delays[i];
			check_row("delay %u from %llu", delays[i], (unsigned long long)starts[k]);
			CHECK_EQ(o.ack_delay_us, DELAY);
			o.ack_delay_us = delays[i];
			gre = channel_started(&o, NULL);
			channel_recv(gre, 5, NO_NUMBER, starts[k]);
			CHECK_EQ(pptp_gre_deadline(gre), due);
			if (delays[i]) {
				CHECK_EQ(channel_ack(gre, starts[k]), -1);
				CHECK_EQ(channel_ack(gre, due - 1), -1);
				/* a second packet does not put it off */
				channel_recv(gre, 6, NO_NUMBER, due - 1);
				CHECK_EQ(pptp_gre_deadline(gre), due);
			}
			CHECK_EQ(channel_ack(gre, due), delays[i] ? 6 : 5);
			CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
			CHECK_EQ(channel_ack(gre, due + DELAY), -1);
			CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_SENT_ACK), 1);
			pptp_gre_free(gre);
		}
	}
}

/* When half of the window that we advertised is unacknowledged, the acknowledgment goes out at once. */
/* Shows: G-ACK-07 G-ACK-03 G-ACK-04 */
static void test_gre_half_window(void **state)
{
	static const struct {
		uint16_t window;
		uint32_t packets; /* that make it due; the half rounded down or up */
		uint32_t at_most;
	} rows[] = {
	        {0, 1, 1}, {1, 1, 1}, {2, 1, 1}, {3, 1, 2}, {4, 2, 2}, {64, 32, 32}, {65535, 32767, 32768}};
	size_t i;
	uint32_t k;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_gre_options o = channel_options();
		pptp_gre *gre;
		check_row("window %u", rows[i].window);
		CHECK_EQ(o.recv_window, 64);
		o.recv_window = rows[i].window;
		gre = channel_started(&o, NULL);
		for (k = 1; k <= rows[i].at_most; k++) {
			channel_recv(gre, k, NO_NUMBER, 1000);
			check_step("packet %u", k);
			if (k < rows[i].packets)
				CHECK_EQ(pptp_gre_deadline(gre), 1000 + DELAY);
			else if (pptp_gre_deadline(gre) <= 1000)
				break;
		}
		CHECK(k <= rows[i].at_most);
		CHECK_EQ(channel_ack(gre, 1000), k);
		CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
		pptp_gre_free(gre);
	}
}

/* At its deadline pptp_gre_ack does something, and the deadline is gone: a host's loop ends. */
/* Shows: G-ACK-07 */
static void test_gre_deadline_progress(void **state)
{
	check_random random = {7};
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	pptp_usec now = 0;
	uint32_t sequence = 0, turn, turns = check_scale(20000);
	(void)state;
	o.no_inbound_us = 0; /* only acknowledgments */
	gre = channel_started(&o, NULL);
	for (turn = 0; turn < turns; turn++) {
		pptp_usec due;
		check_row("turn %u", turn);
		now += random_below(&random, 60000);
		switch (random_below(&random, 4)) {
		case 0:
			channel_send(gre, 1, now);
			break;
		case 1:
			if (sequence > 3)
				channel_recv(gre, sequence - 1 - random_below(&random, 3), NO_NUMBER, now);
			break;
		default:
			sequence += 1 + random_below(&random, 2);
			channel_recv(gre, sequence, NO_NUMBER, now);
			break;
		}
		due = pptp_gre_deadline(gre);
		if (due == PPTP_NEVER)
			continue;
		CHECK(due <= now + DELAY);
		if (due > now)
			CHECK_EQ(channel_ack(gre, due - 1), -1);
		if (random_below(&random, 2)) {
			now = due > now ? due : now;
			CHECK_EQ(channel_ack(gre, now), sequence);
			CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
		}
	}
	pptp_gre_free(gre);
}

static void test_gre_ack_cap(void **state)
{
	pptp_gre *gre = channel_make();
	uint8_t packet[16];
	size_t cap;
	(void)state;
	channel_recv(gre, 9, NO_NUMBER, 0);
	for (cap = 0; cap < PPTP_GRE_ACK_OCTETS; cap++) {
		check_row("cap %u", (unsigned)cap);
		CHECK_EQ(pptp_gre_ack(gre, packet, cap, DELAY), PPTP_ERR_SIZE);
	}
	CHECK_EQ(channel_ack(gre, DELAY), 9);
	pptp_gre_free(gre);
}

/* Packets without a number owe no acknowledgment; an empty one that has a number does. */
/* Shows: G-HDR-04 G-SEQ-02 G-HDR-03 */
static void test_gre_empty(void **state)
{
	pptp_gre *gre = channel_make();
	uint8_t data[40];
	size_t len;
	pptp_gre_frame f;
	(void)state;
	channel_send(gre, 1, 0);
	channel_recv_ack(gre, 0, 0);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	channel_recv(gre, 0, NO_NUMBER, 0);
	len = channel_datagram(data, 1, NO_NUMBER, 0);
	CHECK_EQ(pptp_gre_recv(gre, data, len, NULL, 0, &f), PPTP_OK);
	CHECK_EQ(f.verdict, PPTP_GRE_EMPTY);
	CHECK(f.frame == NULL);
	CHECK_EQ(channel_recv(gre, 1, NO_NUMBER, 0), PPTP_GRE_DROP_DUPLICATE); /* the number is used up */
	CHECK_EQ(channel_recv(gre, 2, NO_NUMBER, 0), PPTP_GRE_DELIVER);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_LOST), 0);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_EMPTY), 1);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_ONLY), 1);
	CHECK_EQ(channel_ack(gre, DELAY), 2);
	pptp_gre_free(gre);
}

/* Shows: G-ACK-03 G-ACK-05 */
static void test_gre_peer_acks(void **state)
{
	static const struct {
		const char *name;
		uint32_t sent;
		struct {
			uint32_t ack, left, bad, old;
		} acks[5];
		size_t acks_len;
	} rows[] = {
	        {"one by one", 3, {{0, 2, 0, 0}, {1, 1, 0, 0}, {2, 0, 0, 0}}, 3},
	        {"one for all", 5, {{4, 0, 0, 0}}, 1},
	        {"the same again", 5, {{2, 2, 0, 0}, {2, 2, 0, 0}}, 2},
	        {"old", 5, {{3, 1, 0, 0}, {1, 1, 0, 1}, {0, 1, 0, 2}, {4, 0, 0, 2}}, 4},
	        {"next to send", 5, {{5, 5, 1, 0}, {4, 0, 1, 0}}, 2},
	        {"far ahead", 5, {{0x40000000, 5, 1, 0}, {0x7FFFFFFF, 5, 2, 0}, {2, 2, 2, 0}}, 3},
	        {"nothing sent", 0, {{0, 0, 1, 0}, {5, 0, 2, 0}}, 2},
	};
	size_t i, k;
	uint32_t n;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_gre *gre = channel_make();
		check_row("%s", rows[i].name);
		for (n = 0; n < rows[i].sent; n++)
			channel_send(gre, 1, 0);
		for (k = 0; k < rows[i].acks_len; k++) {
			check_step("ack 0x%x", rows[i].acks[k].ack);
			channel_recv_ack(gre, rows[i].acks[k].ack, 0);
			CHECK_EQ(channel_outstanding(gre, 10), rows[i].acks[k].left);
			CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), rows[i].acks[k].bad);
			CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_OLD), rows[i].acks[k].old);
		}
		pptp_gre_free(gre);
	}
}

/* Some begin with an acknowledgment of the number before the first: it acknowledges nothing. */
/* Shows: G-ACK-05 */
static void test_gre_q28_ack_before_first(void **state)
{
	pptp_gre *gre = channel_make();
	(void)state;
	channel_recv_ack(gre, 0xFFFFFFFFu, 0);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 1);
	CHECK_EQ(channel_outstanding(gre, 3), 0);
	channel_send(gre, 1, 0);
	channel_send(gre, 1, 0);
	channel_recv_ack(gre, 0xFFFFFFFFu, 0);
	channel_recv_ack(gre, 0x80000000u, 0);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 3);
	CHECK_EQ(channel_outstanding(gre, 10), 2);
	channel_recv_ack(gre, 1, 0);
	CHECK_EQ(channel_outstanding(gre, 10), 0);
	channel_recv_ack(gre, 0xFFFFFFFFu, 0); /* now it is only old */
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_OLD), 1);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 3);
	pptp_gre_free(gre);
}

/* Nothing received, nothing acknowledged, however long it takes and whatever else comes. */
/* Shows: G-ACK-06 */
static void test_gre_q28_never_for_nothing(void **state)
{
	pptp_gre *gre = channel_make();
	uint8_t data[40];
	size_t len = channel_datagram(data, 5, NO_NUMBER, 4);
	pptp_gre_frame f;
	uint32_t k;
	(void)state;
	data[7] ^= 1; /* another call's */
	for (k = 0; k < 100; k++) {
		check_row("turn %u", k);
		CHECK(!channel_send(gre, 1, k * DELAY).has_ack);
		channel_recv_ack(gre, k, k * DELAY);
		CHECK_EQ(pptp_gre_recv(gre, data, len, NULL, 0, &f), PPTP_OK);
		CHECK_EQ(channel_ack(gre, k * DELAY), -1);
		CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	}
	channel_recv(gre, 7, NO_NUMBER, 100 * DELAY);
	CHECK(channel_send(gre, 1, 100 * DELAY).has_ack);
	for (k = 0; k < 10; k++) { /* once each, not with every frame */
		CHECK(!channel_send(gre, 1, 101 * DELAY).has_ack);
		channel_recv(gre, 7 - k, NO_NUMBER, 101 * DELAY); /* twice and late: nothing to say */
		CHECK_EQ(channel_ack(gre, 200 * DELAY), -1);
	}
	pptp_gre_free(gre);
}

/* A packet that only acknowledges has its number in the place of the sequence number; octets behind it, and
 * what Payload Length says, are nothing. */
/* Shows: G-HDR-01 G-HDR-03 */
static void test_gre_q29_ack_only(void **state)
{
	static const uint8_t padding[8] = {0xFF, 0x03, 0xC0, 0x21, 1, 1, 0, 4};
	uint32_t payload, extra;
	(void)state;
	for (payload = 0; payload < 20; payload++) {
		for (extra = 0; extra <= sizeof(padding); extra++) {
			pptp_gre *gre = channel_make();
			uint8_t data[12 + sizeof(padding)];
			pptp_gre_frame f;
			check_row("Payload Length %u, %u octets", payload, extra);
			channel_send(gre, 1, 0);
			channel_send(gre, 1, 0);
			channel_datagram(data, NO_NUMBER, 1, 0);
			data[5] = (uint8_t)payload;
			memcpy(data + 12, padding, sizeof(padding));
			CHECK_EQ(pptp_gre_recv(gre, data, 12 + extra, NULL, 0, &f), PPTP_OK);
			CHECK_EQ(f.verdict, PPTP_GRE_ACK_ONLY);
			CHECK(f.frame == NULL && f.len == 0);
			CHECK_EQ(channel_outstanding(gre, 5), 0);
			CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
			pptp_gre_free(gre);
		}
	}
}

/* One packet each way: number 0 is acknowledged, with the answer and without one. */
/* Shows: G-ACK-01 G-ACK-02 */
static void test_gre_t35_ack_of_0(void **state)
{
	pptp_gre *gre = channel_make();
	(void)state;
	CHECK_EQ(channel_recv(gre, 0, NO_NUMBER, 0), PPTP_GRE_DELIVER);
	CHECK_EQ(channel_ack(gre, DELAY), 0);
	pptp_gre_free(gre);
	gre = channel_make();
	CHECK_EQ(channel_recv(gre, 0, NO_NUMBER, 0), PPTP_GRE_DELIVER);
	CHECK_EQ(channel_send(gre, 1, 0).acknowledgment, 0);
	CHECK_EQ(channel_ack(gre, DELAY), -1);
	pptp_gre_free(gre);
}

/* The number that comes next was not sent: its acknowledgment is a bad one, at every point of the numbers. */
/* Shows: G-ACK-05 */
static void test_gre_t37_ack_of_next(void **state)
{
	static const uint32_t firsts[] = {0, 1, 1000, 0x7FFFFFFE, 0x80000000u, 0xFFFFFFFEu, 0xFFFFFFFFu};
	size_t i;
	uint32_t sent;
	(void)state;
	for (i = 0; i < LEN(firsts); i++) {
		for (sent = 0; sent < 5; sent++) {
			pptp_gre_options o = channel_options();
			pptp_gre *gre;
			uint32_t k;
			check_row("first 0x%x, %u sent", firsts[i], sent);
			o.first_sequence = firsts[i];
			gre = channel_started(&o, NULL);
			for (k = 0; k < sent; k++)
				channel_send(gre, 1, 0);
			channel_recv_ack(gre, firsts[i] + sent, 0);
			CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 1);
			CHECK_EQ(channel_outstanding(gre, 10), sent);
			channel_recv(gre, 9, firsts[i] + sent, 0); /* on data, too */
			channel_recv(gre, 10, firsts[i] + sent, 0);
			CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 3);
			CHECK_EQ(channel_outstanding(gre, 10), sent);
			pptp_gre_free(gre);
		}
	}
}

/* Whoever can forge a packet of the call can acknowledge what was sent, and no more: random numbers move
 * nothing else. */
/* Shows: G-ACK-05 X-05 */
static void test_gre_t36_injected_acks(void **state)
{
	check_random random = {36};
	pptp_gre *gre = channel_make();
	uint32_t turn, turns = check_scale(100000), taken = 0;
	(void)state;
	for (turn = 0; turn < 1000; turn++)
		channel_send(gre, 1, 0);
	for (turn = 0; turn < turns; turn++) {
		uint32_t ack = random_next(&random), before = channel_info(gre).acknowledged;
		check_row("turn %u, ack 0x%x", turn, ack);
		if (ack < 1000)
			continue;
		channel_recv_ack(gre, ack, 0);
		CHECK_EQ(channel_info(gre).acknowledged, before);
		taken++;
	}
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), taken);
	channel_recv_ack(gre, 999, 0);
	CHECK_EQ(channel_info(gre).acknowledged, 999);
	pptp_gre_free(gre);
}

/* An acknowledgment counts on data too, also on data that is dropped; not on another call's packet. */
/* Shows: G-ACK-02 I-02 */
static void test_gre_acks_on_data(void **state)
{
	pptp_gre *gre = channel_make();
	uint8_t data[40];
	size_t len;
	pptp_gre_frame f;
	uint32_t k;
	(void)state;
	for (k = 0; k < 6; k++)
		channel_send(gre, 1, 0);
	CHECK_EQ(channel_recv(gre, 0, 1, 0), PPTP_GRE_DELIVER);
	CHECK_EQ(channel_outstanding(gre, 10), 4);
	len = channel_datagram(data, 1, 5, 4);
	data[7] ^= 1;
	CHECK_EQ(pptp_gre_recv(gre, data, len, NULL, 0, &f), PPTP_OK);
	CHECK_EQ(f.verdict, PPTP_GRE_DROP_CALL_ID);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_DROP_CALL_ID), 1);
	CHECK_EQ(channel_outstanding(gre, 10), 4);
	CHECK_EQ(channel_recv(gre, 1, 2, 0), PPTP_GRE_DELIVER);
	CHECK_EQ(channel_outstanding(gre, 10), 3);
	for (k = 2; k < 6; k++) { /* the same again, bad ones, old ones */
		static const uint32_t acks[] = {2, 6, 0x80000002u, 1};
		CHECK_EQ(channel_recv(gre, k, acks[k - 2], 0), PPTP_GRE_DELIVER);
		CHECK_EQ(channel_outstanding(gre, 10), 3);
	}
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 1);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_OLD), 2);
	pptp_gre_free(gre);
	gre = channel_make(); /* an old one after nothing but acknowledgments on data in order */
	for (k = 0; k < 6; k++) {
		channel_send(gre, 1, 0);
		CHECK_EQ(channel_recv(gre, k, k, 0), PPTP_GRE_DELIVER);
	}
	CHECK_EQ(channel_recv(gre, 6, 3, 0), PPTP_GRE_DELIVER);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_OLD), 1);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 0);
	CHECK_EQ(channel_ack(gre, DELAY), 6);
	pptp_gre_free(gre);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_gre_piggyback),
	        cmocka_unit_test(test_gre_delayed_ack),
	        cmocka_unit_test(test_gre_half_window),
	        cmocka_unit_test(test_gre_deadline_progress),
	        cmocka_unit_test(test_gre_ack_cap),
	        cmocka_unit_test(test_gre_empty),
	        cmocka_unit_test(test_gre_peer_acks),
	        cmocka_unit_test(test_gre_q28_ack_before_first),
	        cmocka_unit_test(test_gre_q28_never_for_nothing),
	        cmocka_unit_test(test_gre_q29_ack_only),
	        cmocka_unit_test(test_gre_t35_ack_of_0),
	        cmocka_unit_test(test_gre_t37_ack_of_next),
	        cmocka_unit_test(test_gre_t36_injected_acks),
	        cmocka_unit_test(test_gre_acks_on_data),
	};
	return cmocka_run_group_tests_name("gre_ack", tests, NULL, NULL);
}
