/* gre: the data channel of one call. */
#define VECTORS_NEGATIVE
#include "check.h"
#include "vectors.h"

#define LOCAL 0x1111 /* the Call ID that we assigned */
#define PEER  0x2222
#define DELAY 100000u

/* ---- a channel and what it sent ------------------------------------------------------------- */

/* What callbacks saw, and what they do. */
typedef struct recorder {
	pptp_gre *gre;
	uint8_t log[1 << 16]; /* each datagram sent or frame received: kind, length (2), octets */
	size_t log_len;
	uint32_t sent, received;
	pptp_err send_result;
	void (*in_send)(struct recorder *r);
	void (*in_receive)(struct recorder *r);
	pptp_usec now;
	int done;
} recorder;

static void record(recorder *r, uint8_t kind, const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	CHECK(r->log_len + 3 + a_len + b_len <= sizeof(r->log));
	r->log[r->log_len++] = kind;
	r->log[r->log_len++] = (uint8_t)((a_len + b_len) >> 8);
	r->log[r->log_len++] = (uint8_t)(a_len + b_len);
	if (a_len)
		memcpy(r->log + r->log_len, a, a_len);
	r->log_len += a_len;
	if (b_len)
		memcpy(r->log + r->log_len, b, b_len);
	r->log_len += b_len;
}

static pptp_err on_send(void *user, const uint8_t *header, size_t header_len, const uint8_t *frame,
                        size_t frame_len)
{
	recorder *r = user;
	pptp_err result = r->send_result;
	if (result == PPTP_OK) {
		record(r, 'S', header, header_len, frame, frame_len);
		r->sent++;
	}
	if (r->in_send)
		r->in_send(r);
	return result;
}

static void on_receive(void *user, const uint8_t *frame, size_t len)
{
	recorder *r = user;
	record(r, 'R', frame, len, NULL, 0);
	r->received++;
	if (r->in_receive)
		r->in_receive(r);
}

static const pptp_gre_callbacks callbacks = {sizeof(pptp_gre_callbacks), 0, on_send, on_receive};

static pptp_gre_options defaults(void)
{
	pptp_gre_options o;
	CHECK_EQ(pptp_gre_options_init(&o, sizeof(o)), PPTP_OK);
	o.local_call_id = LOCAL;
	return o;
}

/* In heap memory, so that one pptp_gre_free ends it. */
static pptp_gre *make_with(const pptp_gre_options *o, recorder *r)
{
	pptp_gre *gre = NULL;
	CHECK_EQ(pptp_gre_new(o, r ? &callbacks : NULL, r, &gre), PPTP_OK);
	if (r)
		r->gre = gre;
	return gre;
}

static pptp_gre *make_started(const pptp_gre_options *o, recorder *r)
{
	pptp_gre *gre = make_with(o, r);
	CHECK_EQ(pptp_gre_start(gre, PEER, 64, 0, 0), PPTP_OK);
	return gre;
}

static pptp_gre *make(void)
{
	pptp_gre_options o = defaults();
	return make_started(&o, NULL);
}

static recorder *make_recorder(void)
{
	recorder *r = check_alloc(sizeof(*r));
	memset(r, 0, sizeof(*r));
	return r;
}

/* ---- datagrams of the peer -------------------------------------------------------------------- */

#define NO_NUMBER UINT64_C(0xFFFFFFFFFF)

/* A datagram to Call ID LOCAL; sequence and ack may be NO_NUMBER. Payload of len octets 0x10, 0x11 ... */
static size_t datagram(uint8_t *ret, uint64_t sequence, uint64_t ack, size_t len)
{
	pptp_gre_header h = {0};
	pptp_ssize n;
	size_t i;
	h.call_id = LOCAL;
	h.has_sequence = sequence != NO_NUMBER;
	h.sequence = (uint32_t)sequence;
	h.has_ack = ack != NO_NUMBER;
	h.acknowledgment = (uint32_t)ack;
	h.payload_octets = (uint16_t)len;
	n = pptp_gre_encode(&h, ret, 16);
	CHECK(n > 0);
	for (i = 0; i < len; i++)
		ret[(size_t)n + i] = (uint8_t)(0x10 + i);
	return (size_t)n + len;
}

/* Receive data with this number; the verdict. */
static uint32_t receive(pptp_gre *gre, uint32_t sequence, uint64_t ack, pptp_usec now)
{
	uint8_t data[40];
	size_t len = datagram(data, sequence, ack, 4);
	int cookie;
	pptp_gre_frame f;
	memset(&f, 0x5A, sizeof(f));
	CHECK_EQ(pptp_gre_recv(gre, data, len, &cookie, now, &f), PPTP_OK);
	CHECK(f.cookie == &cookie);
	CHECK_EQ(f.sequence, sequence);
	if (f.verdict == PPTP_GRE_DELIVER) {
		CHECK_EQ(f.len, 4);
		CHECK(f.frame == data + len - 4);
	} else {
		CHECK(f.frame == NULL);
	}
	return f.verdict;
}

static void receive_ack(pptp_gre *gre, uint32_t ack, pptp_usec now)
{
	uint8_t data[16];
	size_t len = datagram(data, NO_NUMBER, ack, 0);
	pptp_gre_frame f;
	CHECK_EQ(pptp_gre_recv(gre, data, len, NULL, now, &f), PPTP_OK);
	CHECK_EQ(f.verdict, PPTP_GRE_ACK_ONLY);
	CHECK(f.frame == NULL);
}

/* Send a frame and decode its header. */
static pptp_gre_header send(pptp_gre *gre, size_t len, pptp_usec now)
{
	uint8_t buffer[PPTP_GRE_HEADER_MAX + 8], *frame = buffer + PPTP_GRE_HEADER_MAX;
	pptp_gre_header h = {0};
	pptp_ssize n = pptp_gre_send(gre, buffer, PPTP_GRE_HEADER_MAX, len, now);
	CHECK(n == 12 || n == 16);
	CHECK(len <= 8);
	CHECK_EQ(pptp_gre_decode(frame - n, (size_t)n + len, &h), len ? PPTP_GRE_DELIVER : PPTP_GRE_EMPTY);
	CHECK_EQ(h.header_octets, n);
	CHECK_EQ(h.payload_octets, len);
	CHECK_EQ(h.call_id, PEER);
	CHECK_EQ(n == 16, h.has_ack);
	return h;
}

/* The number of the acknowledgment that is due, or -1. */
static int64_t ack(pptp_gre *gre, pptp_usec now)
{
	uint8_t packet[PPTP_GRE_ACK_OCTETS];
	pptp_gre_header h;
	pptp_ssize n = pptp_gre_ack(gre, packet, sizeof(packet), now);
	if (n == 0)
		return -1;
	CHECK_EQ(n, PPTP_GRE_ACK_OCTETS);
	CHECK_EQ(pptp_gre_decode(packet, sizeof(packet), &h), PPTP_GRE_ACK_ONLY);
	CHECK_EQ(h.call_id, PEER);
	CHECK_EQ(h.payload_octets, 0);
	return h.acknowledgment;
}

/* How many frames wait for an acknowledgment: the most that pptp_gre_unsend takes. Taken back, and sent
 * again. */
static uint32_t outstanding(pptp_gre *gre, uint32_t most)
{
	uint32_t n;
	for (n = most; n > 0; n--) {
		pptp_err err = pptp_gre_unsend(gre, n, 0);
		if (err == PPTP_OK)
			break;
		CHECK_EQ(err, PPTP_ERR_ARG);
	}
	for (most = 0; most < n; most++)
		send(gre, 1, 0);
	return n;
}

/* ---- sending ------------------------------------------------------------------------------------ */

/* Shows: G-SEQ-01 G-SEQ-02 G-SEQ-03 G-HDR-01 G-ACK-06 C-OCRQ-02 C-OCRP-01 */
static void test_gre_send_numbers(void **state)
{
	pptp_gre *gre = make();
	uint32_t k;
	(void)state;
	for (k = 0; k < 300; k++) {
		pptp_gre_header h = send(gre, k % 5 + 1, 0);
		check_row("frame %u", k);
		CHECK_EQ(h.sequence, k);
		CHECK(!h.has_ack);
		CHECK_EQ(ack(gre, k * UINT64_C(1000000)), -1);
	}
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_SENT_FRAME), 300);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	pptp_gre_free(gre);
}

/* Shows: G-SEQ-03 G-SEQ-04 */
static void test_gre_first_sequence(void **state)
{
	static const uint32_t firsts[] = {0, 1, 2, 0x7FFFFFFF, 0x80000000u, 0xFFFFFFFEu, 0xFFFFFFFFu};
	size_t i;
	uint32_t k;
	(void)state;
	for (i = 0; i < LEN(firsts); i++) {
		pptp_gre_options o = defaults();
		pptp_gre *gre;
		check_row("first 0x%x", firsts[i]);
		o.first_sequence = firsts[i];
		gre = make_started(&o, NULL);
		for (k = 0; k < 5; k++)
			CHECK_EQ(send(gre, 1, 0).sequence, (uint32_t)(firsts[i] + k));
		receive_ack(gre, firsts[i] + 1, 0);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 0);
		CHECK_EQ(outstanding(gre, 10), 3);
		receive_ack(gre, firsts[i] + 5, 0); /* the next to send: never sent */
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 1);
		CHECK_EQ(outstanding(gre, 10), 3);
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
			pptp_gre *gre = make();
			uint8_t *room = check_alloc(cap);
			size_t i, wanted = with_ack ? 16 : 12;
			pptp_ssize n;
			check_row("cap %u, ack %d", (unsigned)cap, with_ack);
			if (with_ack)
				receive(gre, 0, NO_NUMBER, 0);
			n = pptp_gre_send(gre, room, cap, 3, 0);
			if (cap < PPTP_GRE_HEADER_MAX) {
				CHECK_EQ(n, PPTP_ERR_SIZE);
				CHECK_EQ(send(gre, 1, 0).sequence, 0);
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
	static const size_t good[] = {1, 2, 1400, 1532, 1533, 65535}, bad[] = {65536, 70000, SIZE_MAX};
	pptp_gre *gre = make();
	uint8_t room[16];
	pptp_gre_header h;
	size_t i;
	(void)state;
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
static void test_gre_before_start(void **state)
{
	pptp_gre_options o = defaults();
	pptp_gre *gre = make_with(&o, NULL);
	uint8_t room[16];
	uint32_t k;
	(void)state;
	CHECK_EQ(pptp_gre_send(gre, room, 16, 1, 0), PPTP_ERR_STATE);
	CHECK_EQ(pptp_gre_ack(gre, room, 16, 0), PPTP_ERR_STATE);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	for (k = 0; k < 40; k++)
		CHECK_EQ(receive(gre, k, NO_NUMBER, 0), PPTP_GRE_DELIVER);
	CHECK_EQ(pptp_gre_ack(gre, room, 16, 0), PPTP_ERR_STATE);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	CHECK_EQ(pptp_gre_start(gre, PEER, 0, 0, 500), PPTP_OK);
	CHECK(pptp_gre_deadline(gre) <= 500 + DELAY);
	CHECK_EQ(ack(gre, 500 + DELAY), 39);
	CHECK_EQ(pptp_gre_start(gre, PEER, 0, 0, 0), PPTP_ERR_STATE);
	CHECK_EQ(send(gre, 1, 0).sequence, 0);
	pptp_gre_free(gre);
}

/* ---- acknowledgments we owe ------------------------------------------------------------------- */

/* Shows: G-ACK-01 G-ACK-02 G-ACK-06 */
static void test_gre_piggyback(void **state)
{
	pptp_gre *gre = make();
	pptp_gre_header h;
	(void)state;
	CHECK_EQ(receive(gre, 0, NO_NUMBER, 0), PPTP_GRE_DELIVER);
	h = send(gre, 1, 10);
	CHECK(h.has_ack);
	CHECK_EQ(h.acknowledgment, 0); /* number 0 is worth an acknowledgment */
	h = send(gre, 1, 20);
	CHECK(!h.has_ack);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	CHECK_EQ(ack(gre, 10 * DELAY), -1);
	receive(gre, 1, NO_NUMBER, 30);
	receive(gre, 2, NO_NUMBER, 30);
	h = send(gre, 1, 40);
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
			pptp_gre_options o = defaults();
			pptp_gre *gre;
			pptp_usec due = starts[k] + delays[i];
			check_row("delay %u from %llu", delays[i], (unsigned long long)starts[k]);
			CHECK_EQ(o.ack_delay_us, DELAY);
			o.ack_delay_us = delays[i];
			gre = make_started(&o, NULL);
			receive(gre, 5, NO_NUMBER, starts[k]);
			CHECK_EQ(pptp_gre_deadline(gre), due);
			if (delays[i]) {
				CHECK_EQ(ack(gre, starts[k]), -1);
				CHECK_EQ(ack(gre, due - 1), -1);
				/* a second packet does not put it off */
				receive(gre, 6, NO_NUMBER, due - 1);
				CHECK_EQ(pptp_gre_deadline(gre), due);
			}
			CHECK_EQ(ack(gre, due), delays[i] ? 6 : 5);
			CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
			CHECK_EQ(ack(gre, due + DELAY), -1);
			CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_SENT_ACK), 1);
			pptp_gre_free(gre);
		}
	}
}

/* When half of the window that we advertised is unacknowledged, the acknowledgment goes out at once. */
/* Shows: G-ACK-07 G-ACK-03 */
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
		pptp_gre_options o = defaults();
		pptp_gre *gre;
		check_row("window %u", rows[i].window);
		CHECK_EQ(o.recv_window, 64);
		o.recv_window = rows[i].window;
		gre = make_started(&o, NULL);
		for (k = 1; k <= rows[i].at_most; k++) {
			receive(gre, k, NO_NUMBER, 1000);
			check_step("packet %u", k);
			if (k < rows[i].packets)
				CHECK_EQ(pptp_gre_deadline(gre), 1000 + DELAY);
			else if (pptp_gre_deadline(gre) <= 1000)
				break;
		}
		CHECK(k <= rows[i].at_most);
		CHECK_EQ(ack(gre, 1000), k);
		CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
		pptp_gre_free(gre);
	}
}

/* At its deadline pptp_gre_ack does something, and the deadline is gone: a host's loop ends. */
/* Shows: G-ACK-07 */
static void test_gre_deadline_progress(void **state)
{
	check_random random = {7};
	pptp_gre *gre = make();
	pptp_usec now = 0;
	uint32_t sequence = 0, turn, turns = check_scale(20000);
	(void)state;
	for (turn = 0; turn < turns; turn++) {
		pptp_usec due;
		check_row("turn %u", turn);
		now += random_below(&random, 60000);
		switch (random_below(&random, 4)) {
		case 0:
			send(gre, 1, now);
			break;
		case 1:
			if (sequence > 3)
				receive(gre, sequence - 1 - random_below(&random, 3), NO_NUMBER, now);
			break;
		default:
			sequence += 1 + random_below(&random, 2);
			receive(gre, sequence, NO_NUMBER, now);
			break;
		}
		due = pptp_gre_deadline(gre);
		if (due == PPTP_NEVER)
			continue;
		CHECK(due <= now + DELAY);
		if (due > now)
			CHECK_EQ(ack(gre, due - 1), -1);
		if (random_below(&random, 2)) {
			now = due > now ? due : now;
			CHECK_EQ(ack(gre, now), sequence);
			CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
		}
	}
	pptp_gre_free(gre);
}

static void test_gre_ack_cap(void **state)
{
	pptp_gre *gre = make();
	uint8_t packet[16];
	size_t cap;
	(void)state;
	receive(gre, 9, NO_NUMBER, 0);
	for (cap = 0; cap < PPTP_GRE_ACK_OCTETS; cap++) {
		check_row("cap %u", (unsigned)cap);
		CHECK_EQ(pptp_gre_ack(gre, packet, cap, DELAY), PPTP_ERR_SIZE);
	}
	CHECK_EQ(ack(gre, DELAY), 9);
	pptp_gre_free(gre);
}

/* Packets without a number owe no acknowledgment; an empty one that has a number does. */
/* Shows: G-HDR-04 G-SEQ-02 G-HDR-03 */
static void test_gre_empty(void **state)
{
	pptp_gre *gre = make();
	uint8_t data[40];
	size_t len;
	pptp_gre_frame f;
	(void)state;
	send(gre, 1, 0);
	receive_ack(gre, 0, 0);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	receive(gre, 0, NO_NUMBER, 0);
	len = datagram(data, 1, NO_NUMBER, 0);
	CHECK_EQ(pptp_gre_recv(gre, data, len, NULL, 0, &f), PPTP_OK);
	CHECK_EQ(f.verdict, PPTP_GRE_EMPTY);
	CHECK(f.frame == NULL);
	CHECK_EQ(receive(gre, 1, NO_NUMBER, 0), PPTP_GRE_DROP_DUPLICATE); /* the number is used up */
	CHECK_EQ(receive(gre, 2, NO_NUMBER, 0), PPTP_GRE_DELIVER);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_LOST), 0);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_EMPTY), 1);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_ONLY), 1);
	CHECK_EQ(ack(gre, DELAY), 2);
	pptp_gre_free(gre);
}

/* ---- order ------------------------------------------------------------------------------------- */

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
	        {"first is anything", {{0xDEADBEEF, D}, {0xDEADBEF0u, D}, {0, D}}, 0x2152410F, 3},
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
	        {"farthest ahead", {{0, D}, {0x7FFFFFFF, D}, {0, L}}, 0x7FFFFFFE, 3},
	        {"one too far", {{0, D}, {0x80000001u, L}, {1, D}}, 0, 3},
	};
	size_t i, k;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_gre *gre = make();
		uint32_t newest = 0, seen[3] = {0};
		check_row("%s", rows[i].name);
		for (k = 0; k < rows[i].packets_len; k++) {
			uint32_t sequence = rows[i].packets[k].sequence, wanted = rows[i].packets[k].verdict;
			check_step("packet %u, number 0x%x", (unsigned)k, sequence);
			CHECK_EQ(receive(gre, sequence, NO_NUMBER, 0), wanted);
			if (wanted == D)
				newest = sequence;
			seen[wanted == D ? 0 : wanted == L ? 1 : 2]++;
		}
		CHECK_EQ(ack(gre, DELAY), newest);
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
static void test_gre_wrap_with_losses(void **state)
{
	uint32_t lost, k;
	(void)state;
	for (lost = 0; lost < 256; lost++) {
		pptp_gre *gre = make();
		check_row("lost 0x%02x", lost);
		CHECK_EQ(receive(gre, 0xFFFFFFFBu, NO_NUMBER, 0), PPTP_GRE_DELIVER);
		for (k = 0; k < 8; k++) {
			if (!(lost & 1u << k))
				CHECK_EQ(receive(gre, 0xFFFFFFFCu + k, NO_NUMBER, 0), PPTP_GRE_DELIVER);
		}
		CHECK_EQ(receive(gre, 4, NO_NUMBER, 0), PPTP_GRE_DELIVER);
		CHECK_EQ(ack(gre, DELAY), 4);
		pptp_gre_free(gre);
	}
}

/* A packet 1 after many does not rewind the channel. */
/* Shows: G-OOS-02 G-SEQ-05 */
static void test_gre_no_rewind(void **state)
{
	pptp_gre *gre = make();
	uint32_t k;
	(void)state;
	for (k = 0; k <= 1000; k++)
		CHECK_EQ(receive(gre, k, NO_NUMBER, 0), PPTP_GRE_DELIVER);
	for (k = 0; k < 1000; k++)
		CHECK_EQ(receive(gre, k, NO_NUMBER, 0), PPTP_GRE_DROP_LATE);
	CHECK_EQ(receive(gre, 1001, NO_NUMBER, 0), PPTP_GRE_DELIVER);
	pptp_gre_free(gre);
}

/* ---- acknowledgments of the peer ---------------------------------------------------------------- */

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
		pptp_gre *gre = make();
		check_row("%s", rows[i].name);
		for (n = 0; n < rows[i].sent; n++)
			send(gre, 1, 0);
		for (k = 0; k < rows[i].acks_len; k++) {
			check_step("ack 0x%x", rows[i].acks[k].ack);
			receive_ack(gre, rows[i].acks[k].ack, 0);
			CHECK_EQ(outstanding(gre, 10), rows[i].acks[k].left);
			CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), rows[i].acks[k].bad);
			CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_OLD), rows[i].acks[k].old);
		}
		pptp_gre_free(gre);
	}
}

/* Some begin with an acknowledgment of the number before the first: it acknowledges nothing. */
/* Shows: G-ACK-05 */
static void test_gre_ack_before_first(void **state)
{
	pptp_gre *gre = make();
	(void)state;
	receive_ack(gre, 0xFFFFFFFFu, 0);
	CHECK_EQ(outstanding(gre, 3), 0);
	send(gre, 1, 0);
	send(gre, 1, 0);
	receive_ack(gre, 0xFFFFFFFFu, 0);
	receive_ack(gre, 0x80000000u, 0);
	CHECK_EQ(outstanding(gre, 10), 2);
	receive_ack(gre, 1, 0);
	CHECK_EQ(outstanding(gre, 10), 0);
	pptp_gre_free(gre);
}

/* An acknowledgment counts on data too, also on data that is dropped; not on another call's packet. */
/* Shows: G-ACK-02 I-02 */
static void test_gre_acks_on_data(void **state)
{
	pptp_gre *gre = make();
	uint8_t data[40];
	size_t len;
	pptp_gre_frame f;
	uint32_t k;
	(void)state;
	for (k = 0; k < 6; k++)
		send(gre, 1, 0);
	CHECK_EQ(receive(gre, 0, 1, 0), PPTP_GRE_DELIVER);
	CHECK_EQ(outstanding(gre, 10), 4);
	len = datagram(data, 1, 5, 4);
	data[7] ^= 1;
	CHECK_EQ(pptp_gre_recv(gre, data, len, NULL, 0, &f), PPTP_OK);
	CHECK_EQ(f.verdict, PPTP_GRE_DROP_CALL_ID);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_DROP_CALL_ID), 1);
	CHECK_EQ(outstanding(gre, 10), 4);
	CHECK_EQ(receive(gre, 1, 2, 0), PPTP_GRE_DELIVER);
	CHECK_EQ(outstanding(gre, 10), 3);
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
		pptp_gre_options o = defaults();
		pptp_gre *gre = make_with(&o, NULL);
		check_row("window %u", windows[i]);
		CHECK_EQ(pptp_gre_start(gre, PEER, windows[i], 65535, 0), PPTP_OK);
		for (k = 0; k < 100000; k++)
			CHECK_EQ(send(gre, 1, 0).sequence, k);
		pptp_gre_free(gre);
	}
}

/* ---- unsend --------------------------------------------------------------------------------------- */

/* Shows: G-SEQ-02 G-SEQ-05 */
static void test_gre_unsend(void **state)
{
	pptp_gre *gre = make();
	pptp_gre_header h;
	uint32_t k;
	(void)state;
	CHECK_EQ(pptp_gre_unsend(gre, 1, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_unsend(gre, 0, 0), PPTP_OK);
	for (k = 0; k < 10; k++)
		send(gre, 1, 0);
	CHECK_EQ(pptp_gre_unsend(gre, 11, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_unsend(gre, UINT32_MAX, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_unsend(gre, 3, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_UNSENT), 3);
	CHECK_EQ(send(gre, 1, 0).sequence, 7);
	receive_ack(gre, 8, 0); /* taken back: never sent */
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 1);
	receive_ack(gre, 5, 0);
	CHECK_EQ(pptp_gre_unsend(gre, 3, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_unsend(gre, 2, 0), PPTP_OK);
	CHECK_EQ(send(gre, 1, 0).sequence, 6);

	/* an acknowledgment that was on board is due again */
	receive(gre, 77, NO_NUMBER, 1000);
	h = send(gre, 1, 1000);
	CHECK(h.has_ack && h.acknowledgment == 77);
	CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	CHECK_EQ(pptp_gre_unsend(gre, 1, 2000), PPTP_OK);
	CHECK(pptp_gre_deadline(gre) <= 2000 + DELAY);
	h = send(gre, 1, 2000);
	CHECK(h.has_ack);
	CHECK_EQ(h.acknowledgment, 77);
	CHECK_EQ(pptp_gre_unsend(gre, 1, 3000), PPTP_OK);
	CHECK_EQ(ack(gre, 3000 + DELAY), 77);
	pptp_gre_free(gre);
}

/* Back over the wrap of the numbers. */
/* Shows: G-SEQ-04 */
static void test_gre_unsend_wrap(void **state)
{
	pptp_gre_options o = defaults();
	pptp_gre *gre;
	uint32_t k;
	(void)state;
	o.first_sequence = 0xFFFFFFFDu;
	gre = make_started(&o, NULL);
	for (k = 0; k < 6; k++)
		CHECK_EQ(send(gre, 1, 0).sequence, 0xFFFFFFFDu + k);
	CHECK_EQ(pptp_gre_unsend(gre, 5, 0), PPTP_OK);
	CHECK_EQ(send(gre, 1, 0).sequence, 0xFFFFFFFEu);
	receive_ack(gre, 0xFFFFFFFEu, 0);
	CHECK_EQ(outstanding(gre, 5), 0);
	pptp_gre_free(gre);
}

/* ---- refused datagrams ------------------------------------------------------------------------------ */

/* Shows: G-HDR-03 G-ACK-05 I-02 */
static void test_gre_negative_vectors(void **state)
{
	size_t i;
	(void)state;
	for (i = 0; i < LEN(vector_negative_gres); i++) {
		const struct vector_negative_gre *v = &vector_negative_gres[i];
		uint8_t *data = check_copy(v->data, v->len);
		pptp_gre_options o = defaults();
		pptp_gre *gre;
		pptp_gre_frame f;
		check_row("%s", v->id);
		o.local_call_id = 1;
		gre = make_started(&o, NULL);
		send(gre, 1, 0);
		CHECK_EQ(pptp_gre_recv(gre, data, v->len, data, 0, &f), PPTP_OK);
		CHECK_EQ(f.verdict, v->channel);
		CHECK(f.cookie == data);
		CHECK_EQ(f.frame != NULL, v->channel == PPTP_GRE_DELIVER);
		if (f.frame)
			CHECK_EQ(f.len, v->delivered_octets);
		CHECK_EQ(pptp_gre_count(gre, v->channel), 1);
		if (strcmp(v->id, "gre-ack-future") == 0)
			CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_ACK_BAD), 1);
		/* its number 0 acknowledges the frame; that of gre-ack-future does not */
		CHECK_EQ(outstanding(gre, 3), strcmp(v->id, "gre-ack-only-with-payload") != 0);
		pptp_gre_free(gre);
		free(data);
	}
}

/* Whatever comes, every datagram is counted once, and what is refused changes nothing. */
/* Shows: G-HDR-03 R-04 */
static void test_gre_garbage(void **state)
{
	check_random random = {8};
	pptp_gre *gre = make();
	uint32_t turn, turns = check_scale(200000), verdicts[PPTP_GRE_DROP_CALL_ID + 1] = {0}, which;
	(void)state;
	for (turn = 0; turn < turns; turn++) {
		size_t len = random_below(&random, 40);
		uint8_t data[40];
		pptp_gre_frame f;
		random_fill(&random, data, sizeof(data));
		if (turn % 2) {
			datagram(data, random_next(&random) & 7, NO_NUMBER, 8);
			data[random_below(&random, 8)] = (uint8_t)random_next(&random);
		}
		CHECK_EQ(pptp_gre_recv(gre, data, len, NULL, turn, &f), PPTP_OK);
		CHECK(f.verdict < LEN(verdicts));
		verdicts[f.verdict]++;
		CHECK_EQ(f.frame != NULL, f.verdict == PPTP_GRE_DELIVER);
		CHECK(!f.frame || (f.frame >= data && f.frame + f.len <= data + len));
	}
	for (which = 0; which < LEN(verdicts); which++) {
		check_row("%s", pptp_gre_count_name(which));
		CHECK_EQ(pptp_gre_count(gre, which), verdicts[which]);
	}
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_COUNTS), 0);
	CHECK_EQ(pptp_gre_count(gre, UINT32_MAX), 0);
	pptp_gre_free(gre);
}

/* ---- push ------------------------------------------------------------------------------------------- */

/* The same life in push and in pull mode: the same datagrams out, the same frames up. */
/* Shows: G-ACK-07 G-OOS-02 */
static void test_gre_push_is_pull(void **state)
{
	uint32_t seed;
	(void)state;
	for (seed = 0; seed < 40; seed++) {
		check_random random = {seed};
		recorder *push = make_recorder(), *pull = make_recorder();
		pptp_gre_options o = defaults();
		pptp_gre *a, *b;
		pptp_usec now = 1;
		uint32_t turn, sequence = seed * 0x10000001u, sent = 0;

		check_row("seed %u", seed);
		o.recv_window = (uint16_t)(seed % 9);
		a = make_started(&o, push);
		b = make_started(&o, NULL);
		for (turn = 0; turn < 300; turn++) {
			uint8_t data[40], room[16], packet[12];
			size_t len;
			pptp_gre_frame f;
			pptp_ssize n;
			check_step("turn %u", turn);
			now += random_below(&random, 70000);
			CHECK_EQ(pptp_gre_deadline(a), pptp_gre_deadline(b));
			CHECK_EQ(pptp_gre_tick(a, now), PPTP_OK);
			n = pptp_gre_ack(b, packet, sizeof(packet), now);
			if (n > 0)
				record(pull, 'S', packet, (size_t)n, NULL, 0);
			if (random_below(&random, 3) == 0) {
				len = 1 + random_below(&random, 8);
				random_fill(&random, data, len);
				CHECK_EQ(pptp_gre_output(a, data, len, now), PPTP_OK);
				n = pptp_gre_send(b, room, sizeof(room), len, now);
				CHECK(n > 0);
				record(pull, 'S', room + sizeof(room) - n, (size_t)n, data, len);
				sent++;
				continue;
			}
			sequence += random_below(&random, 4) - 1;
			len = datagram(data, sequence, random_below(&random, sent + 2),
			               random_below(&random, 5));
			if (random_below(&random, 10) == 0)
				len = random_below(&random, (uint32_t)len);
			CHECK_EQ(pptp_gre_input(a, data, len, now), PPTP_OK);
			CHECK_EQ(pptp_gre_recv(b, data, len, NULL, now, &f), PPTP_OK);
			if (f.frame)
				record(pull, 'R', f.frame, f.len, NULL, 0);
			n = pptp_gre_deadline(b) <= now ? pptp_gre_ack(b, packet, sizeof(packet), now) : 0;
			if (n > 0)
				record(pull, 'S', packet, (size_t)n, NULL, 0);
		}
		CHECK(push->received > 20 && push->sent > 20);
		CHECK_EQ(push->log_len, pull->log_len);
		CHECK_OCTETS(push->log, pull->log, pull->log_len);
		for (turn = 0; turn < PPTP_GRE_COUNTS; turn++)
			CHECK_EQ(pptp_gre_count(a, turn), pptp_gre_count(b, turn));
		pptp_gre_free(a);
		pptp_gre_free(b);
		free(push);
		free(pull);
	}
}

/* Callbacks may be missing. */
static void test_gre_no_callbacks(void **state)
{
	pptp_gre_callbacks none = {sizeof(none), 0, NULL, NULL};
	pptp_gre_options o = defaults();
	uint8_t data[40];
	size_t len = datagram(data, 0, NO_NUMBER, 4);
	pptp_gre *gre = NULL;
	(void)state;
	CHECK_EQ(pptp_gre_new(&o, &none, NULL, &gre), PPTP_OK);
	CHECK_EQ(pptp_gre_start(gre, PEER, 1, 1, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_input(gre, data, len, 0), PPTP_OK);
	pptp_gre_tick(gre, 10 * DELAY);
	pptp_gre_free(gre);
}

/* A socket that would block, or fails: the number is taken back, and what was due is due again. */
/* Shows: G-SEQ-02 */
static void test_gre_send_fails(void **state)
{
	static const pptp_err codes[] = {PPTP_ERR_AGAIN, PPTP_ERR_SEND, -1234};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(codes); i++) {
		recorder *r = make_recorder();
		pptp_gre_options o = defaults();
		pptp_gre *gre = make_started(&o, r);
		pptp_gre_header h;
		uint8_t data[40];
		size_t len;

		check_row("code %d", (int)codes[i]);
		CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"a", 1, 0), PPTP_OK);
		len = datagram(data, 3, NO_NUMBER, 4);
		CHECK_EQ(pptp_gre_input(gre, data, len, 0), PPTP_OK);
		r->send_result = codes[i];
		CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"b", 1, 0), codes[i]);
		CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"b", 1, 0), codes[i]);
		check_step("tick");
		pptp_gre_tick(gre, DELAY);
		CHECK(pptp_gre_deadline(gre) <= 2 * DELAY);
		CHECK_EQ(pptp_gre_unsend(gre, 2, 0), PPTP_ERR_ARG); /* one is out */
		r->send_result = PPTP_OK;
		CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"c", 1, 0), PPTP_OK);
		CHECK_EQ(r->sent, 2);
		len = r->log_len - 17;
		CHECK_EQ(pptp_gre_decode(r->log + len, 17, &h), PPTP_GRE_DELIVER);
		CHECK_EQ(h.sequence, 1);
		CHECK_EQ(r->log[len + 16], 'c');
		CHECK(h.has_ack && h.acknowledgment == 3);
		pptp_gre_free(gre);
		free(r);
	}
}

/* ---- from callbacks ------------------------------------------------------------------------------------ */

static void frees(recorder *r)
{
	uint8_t room[16];
	pptp_gre_frame f;
	r->in_receive = r->in_send = NULL;
	pptp_gre_free(r->gre);
	pptp_gre_free(r->gre); /* once more is harmless */
	CHECK_EQ(pptp_gre_send(r->gre, room, 16, 1, 0), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_output(r->gre, room, 1, 0), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_input(r->gre, room, 1, 0), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_recv(r->gre, room, 1, NULL, 0, &f), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_ack(r->gre, room, 16, 0), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_tick(r->gre, 0), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_unsend(r->gre, 0, 0), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_start(r->gre, 1, 1, 1, 0), PPTP_ERR_FREED);
	r->done = 1;
}

/* Free from each callback under each driver, in heap memory and in the host's: no octet of it is touched
 * after. */
static void test_gre_free_in_callback(void **state)
{
	int where, how;
	(void)state;
	for (where = 0; where < 5; where++) {
		for (how = 0; how < 2; how++) {
			recorder *r = make_recorder();
			pptp_gre_options o = defaults();
			uint8_t *mem = check_alloc(pptp_gre_size()), data[40];
			size_t len = datagram(data, 0, NO_NUMBER, 4);
			pptp_err err = 0;

			check_row("case %d, %s", where, how ? "heap" : "own memory");
			o.recv_window = where == 3 ? 1 : 64;
			if (how)
				CHECK_EQ(pptp_gre_new(&o, &callbacks, r, &r->gre), PPTP_OK);
			else
				CHECK_EQ(pptp_gre_init(mem, pptp_gre_size(), &o, &callbacks, r, &r->gre),
				         PPTP_OK);
			CHECK_EQ(pptp_gre_start(r->gre, PEER, 1, 1, 0), PPTP_OK);
			switch (where) {
			case 0: /* receive under input */
				r->in_receive = frees;
				err = pptp_gre_input(r->gre, data, len, 0);
				break;
			case 1: /* send under output */
				r->in_send = frees;
				err = pptp_gre_output(r->gre, data, 1, 0);
				break;
			case 2: /* send under tick */
				CHECK_EQ(pptp_gre_input(r->gre, data, len, 0), PPTP_OK);
				r->in_send = frees;
				err = pptp_gre_tick(r->gre, DELAY);
				break;
			case 3: /* send under input */
				r->in_send = frees;
				err = pptp_gre_input(r->gre, data, len, 0);
				break;
			default: /* send that fails */
				r->in_send = frees;
				r->send_result = PPTP_ERR_AGAIN;
				err = pptp_gre_output(r->gre, data, 1, 0);
				break;
			}
			CHECK_EQ(r->done, 1);
			CHECK_EQ(err, PPTP_ERR_FREED);
			free(mem);
			free(r);
		}
	}
}

/* The whole API but input is there in receive. */
static void uses_all(recorder *r)
{
	uint8_t data[40], room[16], packet[12];
	pptp_gre_frame f;
	size_t len = datagram(data, 50, NO_NUMBER, 4);
	r->in_receive = NULL;
	CHECK_EQ(pptp_gre_input(r->gre, data, len, 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_recv(r->gre, data, len, r, 0, &f), PPTP_OK);
	CHECK_EQ(f.verdict, PPTP_GRE_DELIVER);
	CHECK_EQ(pptp_gre_output(r->gre, (const uint8_t *)"x", 1, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_send(r->gre, room, sizeof(room), 1, 0), 12);
	CHECK_EQ(pptp_gre_unsend(r->gre, 1, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_ack(r->gre, packet, sizeof(packet), 0), 0);
	CHECK_EQ(pptp_gre_tick(r->gre, 0), PPTP_OK);
	pptp_gre_deadline(r->gre);
	CHECK_EQ(pptp_gre_count(r->gre, PPTP_GRE_DELIVER), 2);
	CHECK_EQ(pptp_gre_start(r->gre, 1, 1, 1, 0), PPTP_ERR_STATE);
	r->done++;
}

/* From send nothing is but the const ones. */
static void uses_none(recorder *r)
{
	uint8_t data[40], room[16], packet[12];
	pptp_gre_frame f;
	size_t len = datagram(data, 60, NO_NUMBER, 4);
	r->in_send = NULL;
	CHECK_EQ(pptp_gre_input(r->gre, data, len, 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_recv(r->gre, data, len, r, 0, &f), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_output(r->gre, data, 1, 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_send(r->gre, room, sizeof(room), 1, 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_unsend(r->gre, 1, 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_ack(r->gre, packet, sizeof(packet), 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_tick(r->gre, 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_start(r->gre, 1, 1, 1, 0), PPTP_ERR_REENTRANT);
	pptp_gre_deadline(r->gre);
	CHECK_EQ(pptp_gre_count(r->gre, PPTP_GRE_COUNTS), 0);
	r->done++;
}

/* Shows: G-ACK-02 */
static void test_gre_calls_in_callback(void **state)
{
	recorder *r = make_recorder();
	pptp_gre_options o = defaults();
	pptp_gre *gre = make_started(&o, r);
	uint8_t data[40];
	size_t len = datagram(data, 0, NO_NUMBER, 4);
	(void)state;
	r->in_receive = uses_all;
	r->in_send = uses_none; /* under output under input */
	CHECK_EQ(pptp_gre_input(gre, data, len, 0), PPTP_OK);
	CHECK_EQ(r->done, 2);
	r->in_send = uses_none;
	CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"y", 1, 0), PPTP_OK);
	CHECK_EQ(r->done, 3);
	len = datagram(data, 70, NO_NUMBER, 4);
	CHECK_EQ(pptp_gre_input(gre, data, len, 0), PPTP_OK);
	r->in_send = uses_none;
	CHECK_EQ(pptp_gre_tick(gre, DELAY), PPTP_OK);
	CHECK_EQ(r->done, 4);
	pptp_gre_free(gre);
	free(r);
}

static void answers(recorder *r)
{
	CHECK_EQ(pptp_gre_output(r->gre, (const uint8_t *)"pong", 4, r->now), PPTP_OK);
}

/* A frame sent from receive carries the acknowledgment of the frame that is being received. */
/* Shows: G-ACK-01 G-ACK-02 */
static void test_gre_answer_in_receive(void **state)
{
	recorder *r = make_recorder();
	pptp_gre_options o = defaults();
	pptp_gre *gre;
	uint32_t k;
	(void)state;
	o.recv_window = 1;
	gre = make_started(&o, r);
	r->in_receive = answers;
	for (k = 0; k < 20; k++) {
		uint8_t data[40];
		size_t len = datagram(data, k, NO_NUMBER, 4);
		pptp_gre_header h;
		check_row("packet %u", k);
		CHECK_EQ(pptp_gre_input(gre, data, len, k), PPTP_OK);
		CHECK_EQ(r->sent, k + 1);
		CHECK_EQ(pptp_gre_decode(r->log + r->log_len - 20, 20, &h), PPTP_GRE_DELIVER);
		CHECK(h.has_ack);
		CHECK_EQ(h.acknowledgment, k);
		CHECK_EQ(h.sequence, k);
		CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	}
	pptp_gre_free(gre);
	free(r);
}

/* ---- options and misuse -------------------------------------------------------------------------------- */

static void test_gre_misuse(void **state)
{
	pptp_gre_options o = defaults();
	pptp_gre *gre = NULL;
	pptp_gre_frame f;
	size_t size = pptp_gre_size();
	uint8_t *mem = check_alloc(size + 16), data[40];
	size_t len = datagram(data, 0, NO_NUMBER, 4);
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
	CHECK_EQ(pptp_gre_input(NULL, data, len, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_input(gre, NULL, len, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_output(NULL, data, len, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_output(gre, NULL, len, 0), PPTP_ERR_ARG);
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
	pptp_gre *gre = make();
	(void)state;
	receive(gre, 0, NO_NUMBER, UINT64_MAX - 10);
	CHECK(send(gre, 1, UINT64_MAX - 1).has_ack);
	receive(gre, 1, NO_NUMBER, 5000000);
	CHECK_EQ(ack(gre, 0), -1);
	receive(gre, 2, NO_NUMBER, 0);
	CHECK_EQ(ack(gre, 5000000 + DELAY), 2);
	pptp_gre_free(gre);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_gre_send_numbers),
	        cmocka_unit_test(test_gre_first_sequence),
	        cmocka_unit_test(test_gre_send_headroom),
	        cmocka_unit_test(test_gre_send_sizes),
	        cmocka_unit_test(test_gre_before_start),
	        cmocka_unit_test(test_gre_piggyback),
	        cmocka_unit_test(test_gre_delayed_ack),
	        cmocka_unit_test(test_gre_half_window),
	        cmocka_unit_test(test_gre_deadline_progress),
	        cmocka_unit_test(test_gre_ack_cap),
	        cmocka_unit_test(test_gre_empty),
	        cmocka_unit_test(test_gre_order),
	        cmocka_unit_test(test_gre_wrap_with_losses),
	        cmocka_unit_test(test_gre_no_rewind),
	        cmocka_unit_test(test_gre_peer_acks),
	        cmocka_unit_test(test_gre_ack_before_first),
	        cmocka_unit_test(test_gre_acks_on_data),
	        cmocka_unit_test(test_gre_never_stalls),
	        cmocka_unit_test(test_gre_unsend),
	        cmocka_unit_test(test_gre_unsend_wrap),
	        cmocka_unit_test(test_gre_negative_vectors),
	        cmocka_unit_test(test_gre_garbage),
	        cmocka_unit_test(test_gre_push_is_pull),
	        cmocka_unit_test(test_gre_no_callbacks),
	        cmocka_unit_test(test_gre_send_fails),
	        cmocka_unit_test(test_gre_free_in_callback),
	        cmocka_unit_test(test_gre_calls_in_callback),
	        cmocka_unit_test(test_gre_answer_in_receive),
	        cmocka_unit_test(test_gre_misuse),
	        cmocka_unit_test(test_gre_odd_clock),
	};
	return cmocka_run_group_tests_name("gre_channel", tests, NULL, NULL);
}
