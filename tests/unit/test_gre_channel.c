/* gre: life of a data channel, and what it sends. */
#include "channel.h"

/* Shows: G-SEQ-01 G-SEQ-02 G-SEQ-03 G-HDR-01 G-ACK-06 C-OCRQ-02 C-OCRP-01 */
static void test_gre_send_numbers(void **state)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	uint32_t k;
	(void)state;
	o.no_inbound_us = 0;
	gre = channel_started(&o, NULL);
	for (k = 0; k < 300; k++) {
		pptp_gre_header h = channel_send(gre, k % 5 + 1, 0);
		check_row("frame %u", k);
		CHECK_EQ(h.sequence, k);
		CHECK(!h.has_ack);
		CHECK_EQ(channel_ack(gre, k * UINT64_C(1000000)), -1);
	}
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_SENT_FRAME), 300);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	pptp_gre_free(gre);
}

/* Shows: G-SEQ-03 G-SEQ-04 A-01 */
static void test_gre_first_sequence(void **state)
{
	static const uint32_t firsts[] = {0, 1, 2, 0x7FFFFFFF, 0x80000000u, 0xFFFFFFFEu, 0xFFFFFFFFu};
	size_t i;
	uint32_t k;
	(void)state;
	for (i = 0; i < LEN(firsts); i++) {
		pptp_gre_options o = channel_options();
		pptp_gre *gre;
		check_row("first 0x%x", firsts[i]);
		o.first_sequence = firsts[i];
		gre = channel_started(&o, NULL);
		for (k = 0; k < 5; k++)
			CHECK_EQ(channel_send(gre, 1, 0).sequence, (uint32_t)(firsts[i] + k));
		channel_recv_ack(gre, firsts[i] + 1, 0);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 0);
		CHECK_EQ(channel_outstanding(gre, 10), 3);
		channel_recv_ack(gre, firsts[i] + 5, 0); /* the next to send: never sent */
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 1);
		CHECK_EQ(channel_outstanding(gre, 10), 3);
		pptp_gre_free(gre);
	}
}

/* The header ends where the headroom does, whatever its size. */
/* Shows: G-HDR-02 */
static void test_gre_send_headroom(void **state)
{
	size_t cap;
	(void)state;
	for (cap = 0; cap < 40; cap++) {
		int with_ack;
		for (with_ack = 0; with_ack < 2; with_ack++) {
			pptp_gre *gre = channel_make();
			uint8_t *room = check_alloc(cap);
			size_t i, wanted = with_ack ? 16 : 12;
			pptp_ssize n;
			check_row("cap %u, ack %d", (unsigned)cap, with_ack);
			if (with_ack)
				channel_recv(gre, 0, NO_NUMBER, 0);
			n = pptp_gre_send(gre, room, cap, 3, 0);
			if (cap < PPTP_GRE_HEADER_MAX) {
				CHECK_EQ(n, PPTP_ERR_SIZE);
				CHECK_EQ(channel_send(gre, 1, 0).sequence, 0);
			} else {
				CHECK_EQ(n, wanted);
				for (i = 0; i < cap - wanted; i++)
					CHECK_EQ(room[i], 0xA5);
				CHECK_EQ(room[cap - wanted], 0x30);
				CHECK_EQ(room[cap - wanted + 5], 3);
			}
			free(room);
			pptp_gre_free(gre);
		}
	}
}

/* Shows: T-13 G-HDR-01 */
static void test_gre_send_sizes(void **state)
{
	static const size_t good[] = {1, 2, 1400, 1532, 1533, 65535}, bad[] = {0, 65536, 70000, SIZE_MAX};
	pptp_gre *gre = channel_make();
	uint8_t room[16];
	pptp_gre_header h;
	size_t i;
	(void)state;
	for (i = 0; i < LEN(bad); i++)
		CHECK_EQ(pptp_gre_send(gre, room, sizeof(room), bad[i], 0), PPTP_ERR_SIZE);
	channel_recv_ack(gre, UINT32_MAX, 0); /* from now on by the short way */
	for (i = 0; i < LEN(bad); i++)
		CHECK_EQ(pptp_gre_send(gre, room, sizeof(room), bad[i], 0), PPTP_ERR_SIZE);
	for (i = 0; i < LEN(good); i++) {
		uint8_t *whole = check_alloc(12 + good[i]);
		check_row("%u octets", (unsigned)good[i]);
		CHECK_EQ(pptp_gre_send(gre, room, sizeof(room), good[i], 0), 12);
		memcpy(whole, room + 4, 12);
		CHECK_EQ(pptp_gre_decode(whole, 12 + good[i], &h), PPTP_GRE_DELIVER);
		CHECK_EQ(h.payload_octets, good[i]);
		CHECK_EQ(h.sequence, i);
		free(whole);
	}
	pptp_gre_free(gre);
}

/* Before pptp_gre_start nothing is sent, but received; a deadline that could not be met is none. */
/* Shows: S-CALL-01 S-CALL-02 */
static void test_gre_q27_before_start(void **state)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre = channel_new(&o, NULL);
	uint8_t room[16];
	uint32_t k;
	(void)state;
	CHECK_EQ(pptp_gre_send(gre, room, 16, 1, 0), PPTP_ERR_STATE);
	CHECK_EQ(pptp_gre_ack(gre, room, 16, 0), PPTP_ERR_STATE);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	for (k = 0; k < 40; k++)
		CHECK_EQ(channel_recv(gre, k, NO_NUMBER, 0), PPTP_GRE_DELIVER);
	CHECK_EQ(pptp_gre_ack(gre, room, 16, 0), PPTP_ERR_STATE);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	CHECK_EQ(pptp_gre_start(gre, PEER, 0, 0, 500), PPTP_OK);
	CHECK(pptp_gre_deadline(gre) <= 500 + DELAY);
	CHECK_EQ(channel_ack(gre, 500 + DELAY), 39);
	CHECK_EQ(pptp_gre_start(gre, PEER, 0, 0, 0), PPTP_ERR_STATE);
	CHECK_EQ(channel_send(gre, 1, 0).sequence, 0);
	pptp_gre_free(gre);
}

/* Nothing the peer acknowledges or fails to acknowledge keeps us from sending: no window is enforced. */
/* Shows: G-WIN-09 G-ACK-08 G-WIN-00 */
static void test_gre_never_stalls(void **state)
{
	static const uint16_t windows[] = {0, 1, 3, 64};
	size_t i;
	uint32_t k;
	(void)state;
	for (i = 0; i < LEN(windows); i++) {
		pptp_gre_options o = channel_options();
		pptp_gre *gre = channel_new(&o, NULL);
		check_row("window %u", windows[i]);
		CHECK_EQ(pptp_gre_start(gre, PEER, windows[i], 65535, 0), PPTP_OK);
		for (k = 0; k < 100000; k++)
			CHECK_EQ(channel_send(gre, 1, 0).sequence, k);
		pptp_gre_free(gre);
	}
}

/* Shows: G-SEQ-02 G-SEQ-05 */
static void test_gre_unsend(void **state)
{
	pptp_gre *gre = channel_make();
	pptp_gre_header h;
	uint32_t k;
	(void)state;
	CHECK_EQ(pptp_gre_unsend(gre, 1, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_unsend(gre, 0, 0), PPTP_OK);
	for (k = 0; k < 10; k++)
		channel_send(gre, 1, 0);
	CHECK_EQ(pptp_gre_unsend(gre, 11, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_unsend(gre, UINT32_MAX, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_unsend(gre, 3, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_UNSENT), 3);
	CHECK_EQ(channel_send(gre, 1, 0).sequence, 7);
	channel_recv_ack(gre, 8, 0); /* taken back: never sent */
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 1);
	channel_recv_ack(gre, 5, 0);
	CHECK_EQ(pptp_gre_unsend(gre, 3, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_unsend(gre, 2, 0), PPTP_OK);
	CHECK_EQ(channel_send(gre, 1, 0).sequence, 6);

	/* an acknowledgment that was on board is due again */
	channel_recv(gre, 77, NO_NUMBER, 1000);
	h = channel_send(gre, 1, 1000);
	CHECK(h.has_ack && h.acknowledgment == 77);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	CHECK_EQ(pptp_gre_unsend(gre, 1, 2000), PPTP_OK);
	CHECK(pptp_gre_deadline(gre) <= 2000 + DELAY);
	h = channel_send(gre, 1, 2000);
	CHECK(h.has_ack);
	CHECK_EQ(h.acknowledgment, 77);
	CHECK_EQ(pptp_gre_unsend(gre, 1, 3000), PPTP_OK);
	CHECK_EQ(channel_ack(gre, 3000 + DELAY), 77);
	pptp_gre_free(gre);
}

/* Back over the wrap of the numbers. */
/* Shows: G-SEQ-04 */
static void test_gre_unsend_wrap(void **state)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	uint32_t k;
	(void)state;
	o.first_sequence = 0xFFFFFFFDu;
	gre = channel_started(&o, NULL);
	for (k = 0; k < 6; k++)
		CHECK_EQ(channel_send(gre, 1, 0).sequence, 0xFFFFFFFDu + k);
	CHECK_EQ(pptp_gre_unsend(gre, 5, 0), PPTP_OK);
	CHECK_EQ(channel_send(gre, 1, 0).sequence, 0xFFFFFFFEu);
	channel_recv_ack(gre, 0xFFFFFFFEu, 0);
	CHECK_EQ(channel_outstanding(gre, 5), 0);
	pptp_gre_free(gre);
}

static void test_gre_misuse(void **state)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre = NULL;
	pptp_gre_frame f;
	size_t size = pptp_gre_size();
	uint8_t *mem = check_alloc(size + 16), data[40];
	size_t len = channel_datagram(data, 0, NO_NUMBER, 4);
	(void)state;
	CHECK_EQ(pptp_gre_init(NULL, size, &o, NULL, NULL, &gre), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_init(mem, size, NULL, NULL, NULL, &gre), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_init(mem, size, &o, NULL, NULL, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_init(mem, size - 1, &o, NULL, NULL, &gre), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_gre_init(mem, 0, &o, NULL, NULL, &gre), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_gre_init(mem + 1, size, &o, NULL, NULL, &gre), PPTP_ERR_ALIGN);
	CHECK_EQ(pptp_gre_new(NULL, NULL, NULL, &gre), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_new(&o, NULL, NULL, NULL), PPTP_ERR_ARG);
	CHECK(gre == NULL);
	CHECK_EQ(pptp_gre_init(mem, size, &o, NULL, NULL, &gre), PPTP_OK);
	CHECK_EQ(pptp_gre_recv(gre, data, len, NULL, 0, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_recv(gre, NULL, len, NULL, 0, &f), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_recv(NULL, data, len, NULL, 0, &f), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_start(NULL, 1, 1, 1, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_start(gre, 0, 0, 0, 0), PPTP_OK); /* Call ID 0 is a peer's right */
	CHECK_EQ(pptp_gre_send(gre, NULL, 16, 1, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_send(NULL, data, 16, 1, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_unsend(NULL, 0, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_ack(NULL, data, 16, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_ack(gre, NULL, 16, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_input(NULL, data, len, NULL, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_input(gre, NULL, len, NULL, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_output(NULL, data, len, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_output(gre, NULL, len, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_output(gre, data, len, 0), PPTP_ERR_STATE); /* no send */
	CHECK_EQ(pptp_gre_tick(NULL, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_deadline(NULL), PPTP_NEVER);
	CHECK_EQ(pptp_gre_count(NULL, 0), 0);
	CHECK_EQ(pptp_gre_send(gre, data, 16, 1, 0), 12);
	pptp_gre_free(gre);
	pptp_gre_free(NULL);
	free(mem);
}

/* Times near the end of time, and a clock that goes back: no acknowledgment is lost over it. */
static void test_gre_odd_clock(void **state)
{
	pptp_gre *gre = channel_make();
	(void)state;
	channel_recv(gre, 0, NO_NUMBER, UINT64_MAX - 10);
	CHECK(channel_send(gre, 1, UINT64_MAX - 1).has_ack);
	channel_recv(gre, 1, NO_NUMBER, 5000000);
	CHECK_EQ(channel_ack(gre, 0), -1);
	channel_recv(gre, 2, NO_NUMBER, 0);
	CHECK_EQ(channel_ack(gre, 5000000 + DELAY), 2);
	pptp_gre_free(gre);
}

/* A datagram in several buffers: only the header has to be in the first. The memory ends behind it, so that a
 * sanitizer sees who looks further. */
static void test_gre_header_alone(void **state)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	pptp_pool *pool;
	uint32_t n, order[] = {0, 1, 3, 2, 4};
	(void)state;
	CHECK_EQ(pptp_pool_new(4, 0, &pool), PPTP_OK);
	o.pool = pool;
	gre = channel_started(&o, NULL);
	for (n = 0; n < LEN(order); n++) {
		uint8_t whole[PPTP_GRE_HEADER_MAX + 100], *first = check_alloc(PPTP_GRE_HEADER_MAX);
		size_t len = channel_datagram(whole, order[n], n % 2 ? 0 : NO_NUMBER, 100);
		pptp_gre_frame f;
		check_row("datagram %u", (unsigned)order[n]);
		memcpy(first, whole, PPTP_GRE_HEADER_MAX);
		CHECK_EQ(pptp_gre_recv(gre, first, len, first, 0, &f), PPTP_OK);
		CHECK_EQ(f.verdict, order[n] == 3 ? PPTP_GRE_HELD : PPTP_GRE_DELIVER);
		CHECK(f.verdict == PPTP_GRE_HELD || (f.len == 100 && f.frame == first + len - 100));
		free(f.cookie);
		while (pptp_gre_next(gre, &f) == PPTP_OK) {
			CHECK_EQ(f.len, 100);
			free(f.cookie);
		}
	}
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_DELIVER), LEN(order));
	pptp_gre_free(gre);
	pptp_pool_free(pool);
}

/* A frame of 1 octet is a frame, and nothing is padded. One of none is no frame: we send none, and one that
 * comes has a number all the same. */
/* Shows: G-HDR-04 G-HDR-01 */
static void test_gre_t30_tiny_frames(void **state)
{
	pptp_gre *a = channel_make(), *b;
	pptp_gre_options o = channel_options();
	uint32_t i;
	(void)state;
	o.local_call_id = PEER;
	b = channel_started(&o, NULL);
	for (i = 0; i < 300; i++) {
		uint8_t packet[PPTP_GRE_HEADER_MAX + 1] = {0}, *at = packet + PPTP_GRE_HEADER_MAX - 12;
		uint32_t octets = i % 2; /* of the payload */
		pptp_gre_frame f;
		check_row("frame %u", i);
		CHECK_EQ(pptp_gre_send(a, packet, PPTP_GRE_HEADER_MAX, 0, 0), PPTP_ERR_SIZE);
		CHECK_EQ(pptp_gre_send(a, packet, PPTP_GRE_HEADER_MAX, 1, 0), 12);
		at[5] = (uint8_t)octets; /* Payload Length */
		packet[PPTP_GRE_HEADER_MAX] = (uint8_t)i;
		CHECK_EQ(pptp_gre_recv(b, at, 12 + octets, NULL, 0, &f), PPTP_OK);
		CHECK_EQ(f.verdict, octets ? PPTP_GRE_DELIVER : PPTP_GRE_EMPTY);
		CHECK_EQ(f.len, octets);
		CHECK(octets == 0 || f.frame[0] == (uint8_t)i);
	}
	CHECK_EQ(pptp_gre_count(b, PPTP_GRE_DELIVER), 150);
	CHECK_EQ(pptp_gre_count(b, PPTP_GRE_EMPTY), 150);
	CHECK_EQ(pptp_gre_count(b, PPTP_GRE_LOST), 0);
	CHECK_EQ(pptp_gre_count(a, PPTP_GRE_SENT_FRAME), 300);
	pptp_gre_free(a);
	pptp_gre_free(b);
}

/* An acknowledgment is due again only when a frame that is taken back carried it. */
/* Shows: G-ACK-06 G-SEQ-02 */
static void test_gre_q38_unsend_acks(void **state)
{
	static const struct {
		const char *name;
		uint32_t before, after, back; /* frames before and behind the one with the acknowledgment */
		int due;
	} rows[] = {
	        {"the frame itself", 0, 0, 1, 1},
	        {"the frame behind it", 0, 1, 1, 0},
	        {"both", 0, 1, 2, 1},
	        {"the one before, too", 1, 1, 3, 1},
	        {"two behind it", 2, 5, 2, 0},
	        {"none", 1, 0, 0, 0},
	};
	size_t i;
	uint32_t k;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_gre *gre = channel_make();
		check_row("%s", rows[i].name);
		for (k = 0; k < rows[i].before; k++)
			CHECK(!channel_send(gre, 1, 0).has_ack);
		channel_recv(gre, 5, NO_NUMBER, 0);
		CHECK(channel_send(gre, 1, 0).has_ack);
		for (k = 0; k < rows[i].after; k++)
			CHECK(!channel_send(gre, 1, 0).has_ack);
		CHECK_EQ(pptp_gre_unsend(gre, rows[i].back, 1000), PPTP_OK);
		CHECK_EQ(pptp_gre_deadline(gre), rows[i].due ? 11000 : PPTP_NEVER);
		CHECK_EQ(channel_ack(gre, 11000), rows[i].due ? 5 : -1);
		pptp_gre_free(gre);
	}
}

/* What a frame carried that was taken back is due again once, and not when it was said in another way. */
/* Shows: G-ACK-06 G-SEQ-02 */
static void test_gre_q38_unsend_once(void **state)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	(void)state;
	o.no_inbound_us = 0;
	gre = channel_started(&o, NULL);
	channel_recv(gre, 5, NO_NUMBER, 0);
	CHECK(channel_send(gre, 1, 0).has_ack);
	CHECK_EQ(pptp_gre_unsend(gre, 1, 0), PPTP_OK);
	CHECK_EQ(channel_ack(gre, DELAY), 5);
	CHECK(!channel_send(gre, 1, DELAY).has_ack); /* the same number again, without */
	CHECK_EQ(pptp_gre_unsend(gre, 1, DELAY), PPTP_OK);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	channel_recv(gre, 6, NO_NUMBER, DELAY);
	CHECK(channel_send(gre, 1, DELAY).has_ack);
	channel_recv(gre, 7, NO_NUMBER, DELAY);
	CHECK_EQ(channel_ack(gre, 2 * DELAY), 7);
	CHECK_EQ(pptp_gre_unsend(gre, 1, 2 * DELAY), PPTP_OK);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	channel_recv(gre, 8, NO_NUMBER, 2 * DELAY);
	CHECK(channel_send(gre, 1, 2 * DELAY).has_ack);
	channel_recv(gre, 9, NO_NUMBER, 2 * DELAY + 1000);
	CHECK_EQ(pptp_gre_unsend(gre, 1, 2 * DELAY + 50000), PPTP_OK);
	CHECK_EQ(pptp_gre_deadline(gre), 2 * DELAY + 60000); /* not later than that of 8 was */
	pptp_gre_free(gre);
}

/* A socket that blocks again and again does not put an acknowledgment off: 10 ms after the first time
 * it is due. */
/* Shows: G-ACK-06 */
static void test_gre_q38_unsend_again(void **state)
{
	pptp_gre *gre = channel_make();
	pptp_usec now;
	(void)state;
	channel_recv(gre, 5, NO_NUMBER, 0);
	for (now = 0; now < 10000; now += 3000) {
		CHECK(channel_send(gre, 1, now).has_ack);
		CHECK_EQ(pptp_gre_unsend(gre, 1, now), PPTP_OK);
		CHECK_EQ(pptp_gre_deadline(gre), 10000);
	}
	CHECK_EQ(channel_ack(gre, 10000), 5);
	pptp_gre_free(gre);

	/* of two that were carried, neither */
	gre = channel_make();
	channel_recv(gre, 5, NO_NUMBER, 0);
	CHECK(channel_send(gre, 1, 50000).has_ack);
	channel_recv(gre, 6, NO_NUMBER, 60000);
	CHECK(channel_send(gre, 1, 60000).has_ack);
	CHECK_EQ(pptp_gre_unsend(gre, 2, 90000), PPTP_OK);
	CHECK_EQ(pptp_gre_deadline(gre), 100000);
	CHECK_EQ(channel_ack(gre, 100000), 6);
	pptp_gre_free(gre);

	/* what comes before it is taken back does not either */
	gre = channel_make();
	channel_recv(gre, 5, NO_NUMBER, 0);
	CHECK(channel_send(gre, 1, DELAY - 10).has_ack);
	channel_recv(gre, 6, NO_NUMBER, DELAY - 5);
	CHECK_EQ(pptp_gre_unsend(gre, 1, DELAY - 4), PPTP_OK);
	CHECK_EQ(pptp_gre_deadline(gre), DELAY - 4 + 10000);
	CHECK_EQ(channel_ack(gre, DELAY - 4 + 10000), 6);
	pptp_gre_free(gre);
}

/* With a delay of 0 a blocked socket is not asked again in the same moment. */
/* Shows: G-ACK-07 */
static void test_gre_q38_unsend_waits(void **state)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	(void)state;
	o.ack_delay_us = 0;
	gre = channel_started(&o, NULL);
	channel_recv(gre, 1, NO_NUMBER, 100);
	CHECK(channel_send(gre, 1, 100).has_ack);
	CHECK_EQ(pptp_gre_unsend(gre, 1, 100), PPTP_OK);
	CHECK(pptp_gre_deadline(gre) > 100);
	CHECK(pptp_gre_deadline(gre) < 100 + DELAY);
	channel_recv(gre, 2, NO_NUMBER, 200); /* what comes then does not wait longer than that */
	CHECK(pptp_gre_deadline(gre) < 100 + DELAY);
	CHECK_EQ(channel_ack(gre, DELAY), 2);
	pptp_gre_free(gre);
}

/* ---- the path -------------------------------------------------------------------------------- */

/* Sent, and nothing came: told once, when the time is over, and not when anything came before. */
/* Shows: S-CALL-01 G-HDR-05 */
static void test_gre_no_inbound(void **state)
{
	static const struct {
		const char *name;
		uint32_t after_us;               /* the option */
		int32_t send_at_ms, comes_at_ms; /* -1: never */
		int ack_only;
		int64_t told_at_ms; /* -1: never */
	} rows[] = {
	        {"nothing comes", 10000000, 500, -1, 0, 10500},
	        {"data comes", 10000000, 500, 10499, 0, -1},
	        {"an acknowledgment comes", 10000000, 500, 600, 1, -1},
	        {"it came before", 10000000, 500, 100, 0, -1},
	        {"an acknowledgment came before", 10000000, 500, 100, 1, -1},
	        {"nothing is sent", 10000000, -1, -1, 0, -1},
	        {"off", 0, 500, -1, 0, -1},
	        {"another time", 1500000, 0, -1, 0, 1500},
	        {"too late", 1000000, 0, 2000, 0, 1000},
	        {"the shortest", 1, 0, -1, 0, 1},
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_gre_options o = channel_options();
		pptp_gre *gre;
		int64_t ms, told = -1;
		check_row("%s", rows[i].name);
		CHECK_EQ(o.no_inbound_us, 10000000);
		o.no_inbound_us = rows[i].after_us;
		gre = channel_started(&o, NULL);
		for (ms = 0; ms < 30000; ms++) {
			uint32_t events;
			pptp_usec now = (pptp_usec)ms * 1000;
			if (rows[i].send_at_ms >= 0 && ms % 5000 == rows[i].send_at_ms)
				channel_send(gre, 1, now);
			if (ms == rows[i].comes_at_ms && rows[i].ack_only)
				channel_recv_ack(gre, 0, now);
			else if (ms == rows[i].comes_at_ms)
				channel_recv(gre, 0, NO_NUMBER, now);
			channel_ack(gre, now);
			if (ms == rows[i].told_at_ms)
				CHECK_EQ(pptp_gre_deadline(gre), now);
			CHECK_EQ(pptp_gre_tick(gre, now), PPTP_OK);
			events = pptp_gre_events(gre);
			CHECK(events == 0 || events == PPTP_GRE_EV_NO_INBOUND);
			if (events) {
				CHECK_EQ(told, -1);
				told = ms;
			}
		}
		CHECK_EQ(told, rows[i].told_at_ms);
		CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
		pptp_gre_free(gre);
	}
}

/* What is refused is no sign of life; and holding begins after one, with the same timer. */
/* Shows: I-02 */
static void test_gre_no_inbound_of_others(void **state)
{
	pptp_gre *gre = channel_make();
	uint8_t data[40];
	size_t len = channel_datagram(data, 0, NO_NUMBER, 4);
	pptp_gre_frame f;
	(void)state;
	data[7] ^= 1;
	channel_send(gre, 1, 0);
	CHECK_EQ(pptp_gre_recv(gre, data, len, NULL, 100, &f), PPTP_OK);
	CHECK_EQ(pptp_gre_recv(gre, data, 5, NULL, 100, &f), PPTP_OK);
	CHECK_EQ(pptp_gre_deadline(gre), 10000000);
	CHECK_EQ(pptp_gre_tick(gre, 10000000), PPTP_OK);
	CHECK_EVENTS(gre, PPTP_GRE_EV_NO_INBOUND);
	pptp_gre_free(gre);
}

/* Nor does anybody answer what did not go out. */
/* Shows: S-CALL-01 */
static void test_gre_no_inbound_unsent(void **state)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	uint32_t k;
	(void)state;
	o.first_sequence = 5;
	gre = channel_started(&o, NULL);
	for (k = 0; k < 3; k++)
		channel_send(gre, 1, 0);
	CHECK_EQ(pptp_gre_unsend(gre, 2, 1), PPTP_OK);
	CHECK_EQ(pptp_gre_deadline(gre), 10000000); /* one is out */
	CHECK_EQ(pptp_gre_unsend(gre, 1, 2), PPTP_OK);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	channel_send(gre, 1, 5000000);
	CHECK_EQ(pptp_gre_tick(gre, 10000000), PPTP_OK);
	CHECK_EVENTS(gre, 0);
	CHECK_EQ(pptp_gre_deadline(gre), 15000000);
	CHECK_EQ(pptp_gre_tick(gre, 15000000), PPTP_OK);
	CHECK_EVENTS(gre, PPTP_GRE_EV_NO_INBOUND);
	CHECK_EQ(pptp_gre_unsend(gre, 1, 15000001), PPTP_OK); /* it was told, and once is enough */
	channel_send(gre, 1, 15000002);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	pptp_gre_free(gre);
}

/* Packets that are held wait as long as before, though nothing of ours is out. */
/* Shows: G-OOS-05 */
static void test_gre_held_and_unsent(void **state)
{
	pptp_gre_options o = channel_options();
	pptp_pool *pool = NULL;
	pptp_usec due;
	pptp_gre *gre;
	(void)state;
	CHECK_EQ(pptp_pool_new(4, 64, &pool), PPTP_OK);
	o.pool = pool;
	gre = channel_started(&o, NULL);
	channel_recv(gre, 1, NO_NUMBER, 0);
	CHECK_EQ(channel_ack(gre, DELAY), 1);
	channel_recv(gre, 3, NO_NUMBER, DELAY);
	due = pptp_gre_deadline(gre);
	CHECK_EQ(due, DELAY + o.reorder_us);
	channel_send(gre, 1, DELAY + 1);
	CHECK_EQ(pptp_gre_unsend(gre, 1, DELAY + 1), PPTP_OK);
	CHECK_EQ(pptp_gre_deadline(gre), due);
	pptp_gre_free(gre);
	pptp_pool_free(pool);
}

/* ---- mtu ------------------------------------------------------------------------------------- */

/* Shows: T-13 */
static void test_gre_q39_mtu(void **state)
{
	static const struct {
		uint32_t path, flags, mtu;
	} rows[] = {
	        {1500, 0, 1460},
	        {1500, PPTP_MTU_MPPE, 1456},
	        {1500, PPTP_MTU_IPV6, 1440},
	        {1500, PPTP_MTU_IPV6 | PPTP_MTU_MPPE, 1436},
	        {1500, PPTP_MTU_NO_ACK, 1464},
	        {1500, PPTP_MTU_ACFC, 1462},
	        {1500, PPTP_MTU_ACFC | PPTP_MTU_PFC, 1463},
	        {1500, PPTP_MTU_ACFC | PPTP_MTU_PFC | PPTP_MTU_MPPE, 1460},
	        {1500, PPTP_MTU_MPPE | PPTP_MTU_ACFC, 1458},
	        {1492, 0, 1452},
	        {1400, 0, 1360},
	        {576, 0, 536},
	        {1572, 0, 1528},
	        {1568, 0, 1528}, /* PPTP_GRE_MTU less PPP */
	        {9000, 0, 1528},
	        {9000, PPTP_MTU_IPV6, 1528},
	        {UINT32_MAX, 0, 1528},
	        {UINT32_MAX, PPTP_MTU_MPPE, 1524},
	        {41, 0, 1},
	        {40, 0, 0},
	        {39, 0, 0},
	        {36, 0, 0},
	        {1, 0, 0},
	        {0, 0, 0},
	        {0, PPTP_MTU_IPV6 | PPTP_MTU_MPPE, 0},
	        {1500, 0xFFFFFFE0u, 1460}, /* flags of a newer version */
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		check_row("%u, flags 0x%x", rows[i].path, rows[i].flags);
		CHECK_EQ(pptp_gre_mtu(rows[i].path, rows[i].flags), rows[i].mtu);
	}
	for (i = 0; i < 3000; i++) {
		uint32_t flags;
		check_row("%u", (unsigned)i);
		for (flags = 0; flags < 32; flags++) {
			uint32_t mtu = pptp_gre_mtu((uint32_t)i, flags);
			CHECK(mtu <= i);
			CHECK(mtu <= pptp_gre_mtu((uint32_t)i + 1, flags));
			CHECK(mtu < PPTP_GRE_MTU);
		}
	}
}

/* Shows: G-ATO-10 G-ATO-04 */
static void test_gre_delay(void **state)
{
	static const struct {
		uint32_t mtu;
		uint16_t window;
		uint32_t speed;
		uint16_t delay;
	} rows[] = {
	        {1500, 8, 28800, 33},    /* 3.2533 s */
	        {1500, 8, 64000, 15},    /* 1.464 s */
	        {1500, 1, 1464 * 8, 10}, /* just 1 s */
	        {1500, 1, 1464 * 8 - 1, 11},
	        {1500, 1, 1464 * 8 + 1, 10},
	        {1500, 16, 100000000, 1},
	        {1500, 64, 0xFFFFFFFFu, 1},
	        {1500, 0, 28800, 0},
	        {1500, 8, 0, 0},
	        {36, 8, 28800, 0},
	        {0, 8, 28800, 0},
	        {37, 1, 1, 80},
	        {1500, 65535, 300, 65535},
	        {0xFFFFFFFFu, 65535, 1, 65535},
	        {0xFFFFFFFFu, 65535, 0xFFFFFFFFu, 65535},
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		check_row("MTU %u, window %u, %u bit/s", rows[i].mtu, rows[i].window, rows[i].speed);
		CHECK_EQ(pptp_gre_delay(rows[i].mtu, rows[i].window, rows[i].speed), rows[i].delay);
	}
}

/* ---- reset, information, sizes ------------------------------------------------------------------------- */

/* A channel that was reset is as one just made, but for its counters. */
/* Shows: S-CALL-02 G-SEQ-01 */
static void test_gre_reset(void **state)
{
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	uint32_t turn, k;
	uint8_t room[16];
	(void)state;
	o.first_sequence = 7;
	gre = channel_new(&o, NULL);
	for (turn = 1; turn <= 5; turn++) {
		pptp_gre_info info = channel_info(gre);
		check_row("turn %u", turn);
		CHECK_EQ(info.next_sequence, 7);
		CHECK_EQ(info.acknowledged, 6);
		CHECK_EQ(info.expected, 0);
		CHECK_EQ(pptp_gre_send(gre, room, sizeof(room), 1, 0), PPTP_ERR_STATE);
		CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
		CHECK_EQ(channel_recv(gre, 98, NO_NUMBER, 0), PPTP_GRE_DELIVER);
		CHECK_EQ(pptp_gre_start(gre, PEER, 64, 0, 0), PPTP_OK);
		for (k = 0; k < 10; k++) {
			CHECK_EQ(channel_send(gre, 1, 0).sequence, 7 + k);
			CHECK_EQ(channel_recv(gre, 100 + 2 * k, NO_NUMBER, 0), PPTP_GRE_DELIVER);
		}
		channel_recv_ack(gre, 9, 0);
		info = channel_info(gre);
		CHECK_EQ(info.next_sequence, 17);
		CHECK_EQ(info.acknowledged, 9);
		CHECK_EQ(info.expected, 119);
		CHECK_EQ(pptp_gre_reset(gre), PPTP_OK);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_SENT_FRAME), 10 * turn);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_DELIVER), 11 * turn);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_LOST), 10 * turn);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_ONLY), turn);
		CHECK_EVENTS(gre, 0);
		CHECK_EQ(pptp_gre_start(gre, PEER, 64, 0, 0), PPTP_OK);
		CHECK_EQ(channel_ack(gre, 10 * DELAY), -1); /* what was to acknowledge is no more */
		CHECK_EQ(pptp_gre_reset(gre), PPTP_OK);
	}
	pptp_gre_free(gre);
}

/* Structs of an older and of a newer host. */
static void test_gre_sizes_of_structs(void **state)
{
	struct {
		pptp_gre_options known;
		uint8_t more[16];
	} newer;
	struct {
		pptp_gre_info known;
		uint8_t more[16];
	} info;
	pptp_gre_callbacks older = recorder_callbacks;
	pptp_gre_options o = channel_options();
	pptp_gre *gre = NULL;
	size_t k;
	(void)state;
	CHECK_EQ(pptp_gre_options_init(NULL, sizeof(o)), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_options_init(&o, 3), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_gre_options_init(&newer.known, sizeof(newer)), PPTP_OK);
	CHECK_EQ(newer.known.size, sizeof(newer));
	for (k = 0; k < sizeof(newer.more); k++)
		CHECK_EQ(newer.more[k], 0);
	CHECK_EQ(pptp_gre_new(&newer.known, NULL, NULL, &gre), PPTP_OK);
	pptp_gre_free(gre);
	newer.more[7] = 1; /* asks for something this library does not have */
	CHECK_EQ(pptp_gre_new(&newer.known, NULL, NULL, &gre), PPTP_ERR_SIZE);
	o.size = offsetof(pptp_gre_options, reorder_us); /* an older one: the rest has defaults */
	o.window_mode = 99;
	CHECK_EQ(pptp_gre_new(&o, NULL, NULL, &gre), PPTP_OK);
	CHECK_EQ(pptp_gre_start(gre, PEER, 64, 0, 0), PPTP_OK);
	channel_send(gre, 1, 0);
	CHECK_EQ(pptp_gre_deadline(gre), 10000000);
	pptp_gre_free(gre);
	older.size = offsetof(pptp_gre_callbacks, release);
	o = channel_options();
	CHECK_EQ(pptp_gre_new(&o, &older, NULL, &gre), PPTP_OK);
	pptp_gre_free(gre);
	older.size = offsetof(pptp_gre_callbacks, receive);
	CHECK_EQ(pptp_gre_new(&o, &older, NULL, &gre), PPTP_ERR_SIZE);
	gre = channel_make();
	memset(&info, 0x5A, sizeof(info));
	CHECK_EQ(pptp_gre_get_info(gre, &info.known, sizeof(info)), PPTP_OK);
	CHECK_EQ(info.known.size, sizeof(info));
	for (k = 0; k < sizeof(info.more); k++)
		CHECK_EQ(info.more[k], 0);
	memset(&info, 0x5A, sizeof(info));
	CHECK_EQ(pptp_gre_get_info(gre, &info.known, 12), PPTP_OK);
	CHECK_EQ(info.known.expected, 0x5A5A5A5A);
	CHECK_EQ(pptp_gre_get_info(gre, &info.known, 3), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_gre_get_info(gre, NULL, sizeof(info)), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_get_info(NULL, &info.known, sizeof(info)), PPTP_ERR_ARG);
	pptp_gre_free(gre);
}

/* A size that hosts and the documentation rely on. */
static void test_gre_object_size(void **state)
{
	(void)state;
	CHECK(pptp_gre_size() <= 256);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_gre_send_numbers),
	        cmocka_unit_test(test_gre_first_sequence),
	        cmocka_unit_test(test_gre_send_headroom),
	        cmocka_unit_test(test_gre_send_sizes),
	        cmocka_unit_test(test_gre_q27_before_start),
	        cmocka_unit_test(test_gre_never_stalls),
	        cmocka_unit_test(test_gre_unsend),
	        cmocka_unit_test(test_gre_unsend_wrap),
	        cmocka_unit_test(test_gre_misuse),
	        cmocka_unit_test(test_gre_odd_clock),
	        cmocka_unit_test(test_gre_header_alone),
	        cmocka_unit_test(test_gre_t30_tiny_frames),
	        cmocka_unit_test(test_gre_q38_unsend_acks),
	        cmocka_unit_test(test_gre_q38_unsend_once),
	        cmocka_unit_test(test_gre_q38_unsend_again),
	        cmocka_unit_test(test_gre_q38_unsend_waits),
	        cmocka_unit_test(test_gre_no_inbound),
	        cmocka_unit_test(test_gre_no_inbound_of_others),
	        cmocka_unit_test(test_gre_no_inbound_unsent),
	        cmocka_unit_test(test_gre_held_and_unsent),
	        cmocka_unit_test(test_gre_q39_mtu),
	        cmocka_unit_test(test_gre_delay),
	        cmocka_unit_test(test_gre_reset),
	        cmocka_unit_test(test_gre_sizes_of_structs),
	        cmocka_unit_test(test_gre_object_size),
	};
	return cmocka_run_group_tests_name("gre_channel", tests, NULL, NULL);
}
