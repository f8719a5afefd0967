/* gre: packets held for a missing one, in a pool that channels share (RFC 2637 4.3). Most tests run twice:
 * with cookies, where nothing is copied, and with copies. */
#include "channel.h"
#include "wire.h"

#define HOLD    20000u /* the default of reorder_us */
#define MOST    256u
#define NOTHING UINT32_MAX

/* ---- a host ---------------------------------------------------------------------------------- */

/* Its buffers are memory of their own each: used too long, they are found. */
typedef struct host {
	pptp_pool *pool;
	pptp_gre *gre;
	int copies;
	uint8_t *buffers[MOST]; /* the channel has their cookies */
	uint32_t out;           /* how many */
	uint32_t delivered[4 * MOST], delivered_len;
	uint32_t dropped[4 * MOST], dropped_len; /* with PPTP_GRE_DROP_RESET */
} host;

static const char *const ways[] = {"cookies", "copies"};

static pptp_pool *pool_new(uint32_t slots, int copies)
{
	pptp_pool *pool = NULL;
	CHECK_EQ(pptp_pool_new(slots, copies ? 64 : 0, &pool), PPTP_OK);
	CHECK_EQ(pptp_pool_available(pool), slots);
	return pool;
}

static host *host_join(pptp_pool *pool, int copies, uint16_t most)
{
	host *h = check_alloc(sizeof(*h));
	pptp_gre_options o = channel_options();
	CHECK_EQ(o.reorder_packets, 8);
	CHECK_EQ(o.reorder_us, HOLD);
	CHECK(o.pool == NULL);
	memset(h, 0, sizeof(*h));
	h->copies = copies;
	h->pool = o.pool = pool;
	o.reorder_packets = most;
	o.no_inbound_us = 0;
	h->gre = channel_started(&o, NULL);
	return h;
}

static host *host_new(int copies, uint32_t slots, uint16_t most)
{
	return host_join(pool_new(slots, copies), copies, most);
}

static void give_back(host *h, void *cookie)
{
	uint32_t k;
	for (k = 0; k < MOST; k++) {
		if (h->buffers[k] == cookie)
			break;
	}
	CHECK(k < MOST); /* once, and one of ours */
	free(h->buffers[k]);
	h->buffers[k] = NULL;
	h->out--;
}

static void take(host *h, const pptp_gre_frame *f)
{
	if (f->verdict == PPTP_GRE_DELIVER) {
		CHECK_EQ(f->len, 8);
		CHECK_EQ(wire_load32(f->frame), f->sequence);
		h->delivered[h->delivered_len++ % LEN(h->delivered)] = f->sequence;
	} else {
		CHECK(f->frame == NULL && f->len == 0);
	}
	if (f->verdict == PPTP_GRE_DROP_RESET)
		h->dropped[h->dropped_len++ % LEN(h->dropped)] = f->sequence;
	if (f->cookie)
		give_back(h, f->cookie);
}

static uint32_t drain(host *h)
{
	pptp_gre_frame f;
	uint32_t n = 0;
	memset(&f, 0x5A, sizeof(f));
	while (pptp_gre_next(h->gre, &f) == PPTP_OK) {
		CHECK(f.reserved[0] == 0 && f.reserved[1] == 0 && f.reserved[2] == 0);
		take(h, &f);
		n++;
		memset(&f, 0x5A, sizeof(f));
	}
	CHECK_EQ(f.verdict, 0x5A5A5A5A); /* untouched */
	return n;
}

/* The verdict; what may go then waits for drain. */
static uint32_t arrive_only(host *h, uint32_t sequence, size_t len, pptp_usec now)
{
	uint8_t data[40], *buffer;
	size_t octets = channel_datagram(data, sequence, NO_NUMBER, len);
	pptp_gre_frame f;
	uint32_t k;
	for (k = 0; h->buffers[k]; k++)
		CHECK(k + 1 < MOST);
	buffer = h->buffers[k] = check_copy(data, octets);
	h->out++;
	CHECK_EQ(pptp_gre_recv(h->gre, buffer, octets, buffer, now, &f), PPTP_OK);
	CHECK(!h->copies || f.cookie == buffer);
	CHECK(f.verdict != PPTP_GRE_HELD || h->copies || f.cookie == NULL);
	take(h, &f);
	CHECK_EQ(h->out, h->copies ? 0 : channel_info(h->gre).held);
	return f.verdict;
}

static uint32_t arrive(host *h, uint32_t sequence, pptp_usec now)
{
	uint32_t verdict = arrive_only(h, sequence, 8, now);
	drain(h);
	return verdict;
}

static void tick(host *h, pptp_usec now)
{
	CHECK_EQ(pptp_gre_tick(h->gre, now), PPTP_OK);
	drain(h);
}

/* The end of one of several: its pool has all that it held. */
static void host_leave(host *h)
{
	uint32_t k;
	pptp_gre_free(h->gre);
	for (k = 0; k < MOST; k++)
		free(h->buffers[k]);
	free(h);
}

static void host_free(host *h, uint32_t slots)
{
	pptp_pool *pool = h->pool;
	host_leave(h);
	CHECK_EQ(pptp_pool_available(pool), slots);
	pptp_pool_free(pool);
}

static void check_delivered(const host *h, const uint32_t *wanted, uint32_t len)
{
	uint32_t k;
	for (k = 0; k < len && k < h->delivered_len; k++) {
		check_step("delivered %u", k);
		CHECK_EQ(h->delivered[k], wanted[k]);
	}
	CHECK_EQ(h->delivered_len, len);
}

/* ---- order ----------------------------------------------------------------------------------- */

struct arrival {
	uint32_t sequence, at;
};

/* Deterministic disorders: what comes, and what goes; with the time that passes by itself at the end. */
/* Shows: G-OOS-04 G-OOS-05 G-OOS-02 G-OOS-03 G-SEQ-04 */
static void test_gre_t39_disorders(void **state)
{
	static const struct {
		const char *name;
		uint32_t arrivals_len, delivered_len;
		struct arrival arrivals[24];
		uint32_t delivered[24];
		uint32_t lost, late, duplicate;
	} rows[] = {
	        {"RFC 4.3",
	         6,
	         6,
	         {{0, 0}, {1, 0}, {2, 0}, {4, 0}, {3, 0}, {5, 0}},
	         {0, 1, 2, 3, 4, 5},
	         0,
	         0,
	         0},
	        {"swapped pairs",
	         7,
	         7,
	         {{0, 0}, {2, 0}, {1, 0}, {4, 0}, {3, 0}, {6, 0}, {5, 0}},
	         {0, 1, 2, 3, 4, 5, 6},
	         0,
	         0,
	         0},
	        {"the first pair swapped", 3, 2, {{1, 0}, {0, 0}, {2, 0}}, {1, 2}, 0, 1, 0},
	        {"one held back by 8",
	         11,
	         11,
	         {{0, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}, {6, 0}, {7, 0}, {8, 0}, {9, 0}, {1, 0}, {10, 0}},
	         {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
	         0,
	         0,
	         0},
	        {"one held back by 10: too many",
	         13,
	         12,
	         {{0, 0},
	          {2, 0},
	          {3, 0},
	          {4, 0},
	          {5, 0},
	          {6, 0},
	          {7, 0},
	          {8, 0},
	          {9, 0},
	          {10, 0},
	          {11, 0},
	          {1, 0},
	          {12, 0}},
	         {0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
	         1,
	         1,
	         0},
	        {"reversed by 9",
	         11,
	         11,
	         {{0, 0}, {9, 0}, {8, 0}, {7, 0}, {6, 0}, {5, 0}, {4, 0}, {3, 0}, {2, 0}, {1, 0}, {10, 0}},
	         {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
	         0,
	         0,
	         0},
	        {"reversed by 11: the lowest go first",
	         13,
	         11,
	         {{0, 0},
	          {11, 0},
	          {10, 0},
	          {9, 0},
	          {8, 0},
	          {7, 0},
	          {6, 0},
	          {5, 0},
	          {4, 0},
	          {3, 0},
	          {2, 0},
	          {1, 0},
	          {12, 0}},
	         {0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
	         2,
	         2,
	         0},
	        {"one lost", 4, 4, {{0, 0}, {2, 0}, {3, 10}, {4, HOLD}}, {0, 2, 3, 4}, 1, 0, 0},
	        {"two gaps",
	         6,
	         6,
	         {{0, 0}, {5, 0}, {3, 0}, {1, 0}, {2, 0}, {4, 0}},
	         {0, 1, 2, 3, 4, 5},
	         0,
	         0,
	         0},
	        {"two lost", 4, 4, {{0, 0}, {2, 0}, {4, 0}, {5, 0}}, {0, 2, 4, 5}, 2, 0, 0},
	        {"the missing one at the last moment",
	         3,
	         3,
	         {{0, 0}, {2, 0}, {1, HOLD - 1}},
	         {0, 1, 2},
	         0,
	         0,
	         0},
	        {"just in time: it was not looked at", 3, 3, {{0, 0}, {2, 0}, {1, HOLD}}, {0, 1, 2}, 0, 0, 0},
	        {"twice",
	         8,
	         4,
	         {{0, 0}, {2, 0}, {2, 0}, {3, 0}, {2, 0}, {1, 0}, {1, 0}, {3, 0}},
	         {0, 1, 2, 3},
	         0,
	         1,
	         3},
	        {"wrap",
	         5,
	         5,
	         {{0xFFFFFFFEu, 0}, {0, 0}, {1, 0}, {0xFFFFFFFFu, 0}, {2, 0}},
	         {0xFFFFFFFEu, 0xFFFFFFFFu, 0, 1, 2},
	         0,
	         0,
	         0},
	        {"wrap, lost", 3, 3, {{0xFFFFFFFEu, 0}, {0, 0}, {1, 0}}, {0xFFFFFFFEu, 0, 1}, 1, 0, 0},
	        {"far ahead", 3, 3, {{0, 0}, {0x1000000, 0}, {1, 0}}, {0, 1, 0x1000000}, 0xFFFFFE, 0, 0},
	        {"too far", 3, 2, {{0, 0}, {0x1000001, 0}, {1, 0}}, {0, 1}, 0, 1, 0},
	};
	size_t i, way;
	uint32_t k;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		for (way = 0; way < LEN(ways); way++) {
			host *h = host_new((int)way, 32, 8);
			pptp_usec now = 0;
			check_row("%s, %s", rows[i].name, ways[way]);
			for (k = 0; k < rows[i].arrivals_len; k++) {
				now = rows[i].arrivals[k].at;
				check_step("arrival %u", k);
				arrive(h, rows[i].arrivals[k].sequence, now);
			}
			tick(h, now + HOLD);
			CHECK_EQ(channel_info(h->gre).held, 0);
			check_delivered(h, rows[i].delivered, rows[i].delivered_len);
			CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_DELIVER), rows[i].delivered_len);
			CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_LOST), rows[i].lost);
			CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_DROP_LATE), rows[i].late);
			CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_DROP_DUPLICATE), rows[i].duplicate);
			CHECK_EQ(h->out, 0);
			host_free(h, 32);
		}
	}
}

/* Without a pool, and with a depth of 0, nothing is held. */
/* Shows: G-OOS-05 */
static void test_gre_reorder_off(void **state)
{
	static const uint32_t wanted[] = {0, 2, 3};
	size_t way;
	(void)state;
	for (way = 0; way < 3; way++) {
		host *h = way < 2 ? host_new((int)way, 4, 0) : host_join(NULL, 0, 8);
		check_row("%u", (unsigned)way);
		CHECK_EQ(arrive(h, 0, 0), PPTP_GRE_DELIVER);
		CHECK_EQ(arrive(h, 2, 0), PPTP_GRE_DELIVER);
		CHECK_EQ(arrive(h, 1, 0), PPTP_GRE_DROP_LATE);
		CHECK_EQ(arrive(h, 3, 0), PPTP_GRE_DELIVER);
		CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_HELD), 0);
		check_delivered(h, wanted, LEN(wanted));
		if (way < 2)
			host_free(h, 4);
		else
			host_leave(h);
	}
}

/* Only what was delivered is acknowledged, when it was. */
/* Shows: G-OOS-05 G-ACK-01 G-ACK-06 A-37 */
static void test_gre_reorder_acks_delivered(void **state)
{
	size_t way;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		host *h = host_new((int)way, 32, 8);
		check_row("%s", ways[way]);
		arrive(h, 0, 0);
		CHECK_EQ(channel_ack(h->gre, DELAY), 0);
		arrive(h, 2, DELAY);
		arrive(h, 3, DELAY);
		CHECK_EQ(pptp_gre_deadline(h->gre), DELAY + HOLD);
		CHECK_EQ(channel_ack(h->gre, 3 * DELAY), -1); /* nothing delivered since */
		CHECK(!channel_send(h->gre, 1, DELAY).has_ack);
		CHECK_EQ(arrive_only(h, 1, 8, DELAY + 5), PPTP_GRE_DELIVER);
		CHECK_EQ(channel_send(h->gre, 1, DELAY + 5).acknowledgment, 1); /* 2 and 3 are not out yet */
		CHECK_EQ(drain(h), 2);
		CHECK_EQ(channel_send(h->gre, 1, DELAY + 5).acknowledgment, 3);
		arrive(h, 5, 2 * DELAY);
		tick(h, 2 * DELAY + HOLD);
		CHECK_EQ(pptp_gre_deadline(h->gre), 3 * DELAY + HOLD);
		CHECK_EQ(channel_ack(h->gre, 3 * DELAY + HOLD - 1), -1);
		CHECK_EQ(channel_ack(h->gre, 3 * DELAY + HOLD), 5);
		host_free(h, 32);
	}
}

/* Half the window is waiting: the acknowledgment goes at once, also when held packets fill it. */
/* Shows: G-ACK-07 */
static void test_gre_reorder_half_window(void **state)
{
	host *h = host_new(0, 64, 40);
	uint32_t k;
	(void)state;
	for (k = 1; k <= 35; k++)
		arrive(h, k == 1 ? 0 : k, 0);
	CHECK_EQ(channel_ack(h->gre, 0), -1);
	arrive(h, 1, 0);
	CHECK_EQ(h->delivered_len, 36);
	CHECK(pptp_gre_deadline(h->gre) <= 0);
	CHECK_EQ(channel_ack(h->gre, 0), 35);
	host_free(h, 64);
}

/* An empty frame has a number like any other, and its turn. */
/* Shows: G-HDR-04 G-OOS-05 */
static void test_gre_reorder_empty(void **state)
{
	static const uint32_t wanted[] = {0, 1, 3};
	size_t way;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		host *h = host_new((int)way, 32, 8);
		check_row("%s", ways[way]);
		arrive(h, 0, 0);
		CHECK_EQ(arrive_only(h, 2, 0, 0), PPTP_GRE_HELD);
		arrive(h, 3, 0);
		arrive(h, 1, 0);
		check_delivered(h, wanted, LEN(wanted));
		CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_EMPTY), 1);
		CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_DELIVER), 3);
		CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_HELD), 2);
		CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_LOST), 0);
		CHECK_EQ(channel_info(h->gre).expected, 4);
		host_free(h, 32);
	}
}

/* Duplicates of what is held, of what was delivered and of what goes just now. */
/* Shows: G-OOS-03 */
static void test_gre_t29_duplicates_in_queue(void **state)
{
	check_random random = {29};
	size_t way;
	uint32_t k, turn;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		host *h = host_new((int)way, 32, 8);
		uint32_t base = 0, packets = 1;
		arrive(h, 0, 0);
		for (turn = 0; turn < 2000; turn++) {
			uint32_t order[7], copies = 0;
			check_row("%s, turn %u", ways[way], turn);
			for (k = 0; k < LEN(order); k++) { /* base + 1 .. base + 7, shuffled */
				uint32_t with = random_below(&random, k + 1);
				order[k] = order[with];
				order[with] = base + 1 + k;
			}
			for (k = 0; k < LEN(order); k++) {
				arrive(h, order[k], turn);
				for (copies = random_below(&random, 3); copies > 0; copies--)
					arrive(h, order[random_below(&random, k + 1)], turn);
			}
			packets += LEN(order);
			base += LEN(order);
			CHECK_EQ(h->delivered_len, packets);
			CHECK_EQ(h->delivered[(packets - 1) % LEN(h->delivered)], base);
			CHECK_EQ(channel_info(h->gre).held, 0);
			CHECK_EQ(h->out, 0);
		}
		CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_LOST), 0);
		CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_DELIVER), packets);
		host_free(h, 32);
	}
}

/* A late packet never reaches PPP, which may be encrypting: not when it was given up, not from the pool. */
/* Shows: G-OOS-02 G-OOS-07 G-OOS-06 */
static void test_gre_q45_late_never(void **state)
{
	check_random random = {45};
	size_t way;
	uint32_t k;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		host *h = host_new((int)way, 16, 8);
		uint32_t turn, turns = check_scale(100000), newest = 0;
		pptp_usec now = 0;
		arrive(h, 0, 0);
		for (turn = 0; turn < turns; turn++) {
			uint32_t before = h->delivered_len;
			check_row("%s, turn %u", ways[way], turn);
			now += random_below(&random, 3000);
			if (random_below(&random, 4) == 0)
				tick(h, now);
			else
				arrive(h, newest + random_below(&random, 16) - 4, now);
			for (k = before; k < h->delivered_len; k++) {
				uint32_t sequence = h->delivered[k % LEN(h->delivered)];
				CHECK((int32_t)(sequence - newest) > 0);
				newest = sequence;
			}
		}
		CHECK(pptp_gre_count(h->gre, PPTP_GRE_DROP_LATE) > turns / 10);
		host_free(h, 16);
	}
}

/* ---- bounds ---------------------------------------------------------------------------------- */

/* No more than asked for is held, from 1 up; one more costs the oldest wait and no packet. */
/* Shows: G-OOS-05 G-WIN-07 */
static void test_gre_reorder_depth(void **state)
{
	uint16_t most;
	size_t way;
	uint32_t k;
	(void)state;
	for (most = 1; most <= 9; most++) {
		for (way = 0; way < LEN(ways); way++) {
			host *h = host_new((int)way, 32, most);
			check_row("depth %u, %s", most, ways[way]);
			arrive(h, 0, 0);
			for (k = 2; k < 2u + most; k++) {
				CHECK_EQ(arrive(h, k, 0), PPTP_GRE_HELD);
				CHECK_EQ(channel_info(h->gre).held, k - 1);
				CHECK_EQ(pptp_pool_available(h->pool), 32 - (k - 1));
			}
			CHECK_EQ(h->delivered_len, 1);
			CHECK_EQ(arrive_only(h, k, 8, 0), PPTP_GRE_DELIVER); /* 2 for k */
			CHECK_EQ(h->delivered[1], 2);
			CHECK_EQ(channel_info(h->gre).held, most);
			CHECK_EQ(drain(h), most);
			CHECK_EQ(h->delivered_len, most + 2);
			CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_LOST), 1);
			CHECK_EQ(arrive(h, 1, 0), PPTP_GRE_DROP_LATE);
			host_free(h, 32);
		}
	}
}

/* Nothing is held longer than reorder_us when the host ticks at the deadlines, at any rate of arrival, and
 * whatever arrives. */
/* Shows: G-OOS-05 */
static void test_gre_reorder_time(void **state)
{
	static const uint32_t every[] = {1, 100, 2500, 7000, 19999, 20000, 20001, 1000000};
	check_random random = {20};
	size_t i, way;
	(void)state;
	for (i = 0; i < LEN(every); i++) {
		for (way = 0; way < LEN(ways); way++) {
			host *h = host_new((int)way, 32, 8);
			pptp_usec now = 0, next = 0, since[64] = {0};
			uint32_t sequence = 0, turn, k;
			check_row("every %u us, %s", every[i], ways[way]);
			for (turn = 0; turn < 2000;) {
				pptp_usec due = pptp_gre_deadline(h->gre);
				uint32_t before = h->delivered_len;
				check_step("turn %u", turn);
				if (due < next) {
					now = due > now ? due : now; /* 0 is at once */
					tick(h, now);
					channel_ack(h->gre, now);
					CHECK(pptp_gre_deadline(h->gre) > now);
				} else {
					uint32_t back =
					        random_below(&random, 3) == 0 ? random_below(&random, 6) : 0;
					turn++;
					now = next;
					next += every[i];
					if (random_below(&random, 10) != 0 && sequence >= back) {
						uint32_t verdict = arrive_only(h, sequence - back, 8, now);
						if (verdict == PPTP_GRE_HELD || verdict == PPTP_GRE_DELIVER)
							since[(sequence - back) % 64] = now;
						drain(h);
					}
					sequence++;
				}
				for (k = before; k < h->delivered_len; k++)
					CHECK(now - since[h->delivered[k % LEN(h->delivered)] % 64] <= HOLD ||
					      every[i] > HOLD);
				CHECK(channel_info(h->gre).held == 0 ||
				      pptp_gre_deadline(h->gre) <= now + HOLD);
			}
			CHECK(h->delivered_len > 1000);
			host_free(h, 32);
		}
	}
}

/* Each packet has its own time: what is behind it when that is over may wait on. */
/* Shows: G-OOS-05 */
static void test_gre_reorder_deadlines(void **state)
{
	static const uint32_t wanted[] = {0, 3, 5, 6, 8};
	size_t way;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		host *h = host_new((int)way, 32, 8);
		check_row("%s", ways[way]);
		arrive(h, 0, 0);
		channel_send(h->gre, 1, 0);
		CHECK_EQ(pptp_gre_deadline(h->gre), PPTP_NEVER);
		arrive(h, 5, 1000);
		arrive(h, 8, 3000);
		arrive(h, 3, 5000); /* younger than the two behind it */
		arrive(h, 6, 9000);
		CHECK_EQ(pptp_gre_deadline(h->gre), 1000 + HOLD);
		tick(h, 1000 + HOLD - 1);
		CHECK_EQ(h->delivered_len, 1);
		tick(h, 1000 + HOLD); /* 5 goes, and so must 3; 6 follows by itself */
		CHECK_EQ(h->delivered_len, 4);
		channel_send(h->gre, 1, 1000 + HOLD);
		CHECK_EQ(pptp_gre_deadline(h->gre), 3000 + HOLD);
		tick(h, 3000 + HOLD);
		check_delivered(h, wanted, LEN(wanted));
		channel_send(h->gre, 1, 3000 + HOLD);
		CHECK_EQ(pptp_gre_deadline(h->gre), PPTP_NEVER);
		CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_LOST), 4);
		arrive(h, 12, 101000);
		arrive(h, 10, 105000); /* goes with 12, and its own time is none any more */
		arrive(h, 15, 109000);
		tick(h, 101000 + HOLD);
		CHECK_EQ(h->delivered_len, 7);
		channel_send(h->gre, 1, 101000 + HOLD);
		CHECK_EQ(pptp_gre_deadline(h->gre), 109000 + HOLD);
		host_free(h, 32);
	}
}

/* A host that ticks late, or never, only delivers late: a datagram looks at the time, too. */
/* Shows: G-OOS-05 */
static void test_gre_reorder_no_ticks(void **state)
{
	static const uint32_t wanted[] = {0, 2, 4, 5};
	size_t way;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		host *h = host_new((int)way, 32, 8);
		check_row("%s", ways[way]);
		arrive(h, 0, 0);
		arrive(h, 2, 0);
		CHECK_EQ(arrive(h, 4, 10 * HOLD), PPTP_GRE_HELD); /* the time of 2 is over, its own is not */
		CHECK_EQ(h->delivered_len, 2);
		CHECK_EQ(arrive(h, 5, 20 * HOLD), PPTP_GRE_HELD);
		check_delivered(h, wanted, LEN(wanted));
		host_free(h, 32);
	}
}

/* ---- the pool -------------------------------------------------------------------------------- */

/* Channels that share a pool share its bound: who finds it empty gives up its own wait, nobody loses. */
/* Shows: G-OOS-05 G-ATO-02 */
static void test_gre_reorder_shared(void **state)
{
	size_t way;
	uint32_t k;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		pptp_pool *pool = pool_new(4, (int)way);
		host *a = host_join(pool, (int)way, 8), *b = host_join(pool, (int)way, 8);
		check_row("%s", ways[way]);
		arrive(a, 0, 0);
		arrive(b, 0, 0);
		for (k = 2; k < 5; k++)
			CHECK_EQ(arrive(a, k, 0), PPTP_GRE_HELD);
		CHECK_EQ(arrive(b, 2, 0), PPTP_GRE_HELD);
		CHECK_EQ(pptp_pool_available(pool), 0);
		CHECK_EQ(arrive(b, 4, 0), PPTP_GRE_DELIVER); /* 2 for 4 */
		CHECK_EQ(b->delivered_len, 2);
		CHECK_EQ(channel_info(b->gre).held, 1);
		CHECK_EQ(arrive(b, 3, 0), PPTP_GRE_DELIVER); /* in front of all that is held */
		CHECK_EQ(b->delivered_len, 4);
		CHECK_EQ(pptp_pool_available(pool), 1);
		CHECK_EQ(arrive(a, 6, 0), PPTP_GRE_HELD);
		CHECK_EQ(arrive(b, 7, 0), PPTP_GRE_DELIVER); /* nothing of its own to give up but this wait */
		CHECK_EQ(arrive(a, 1, 0), PPTP_GRE_DELIVER);
		CHECK_EQ(a->delivered_len, 5);
		CHECK_EQ(arrive(a, 5, 0), PPTP_GRE_DELIVER);
		CHECK_EQ(a->delivered_len, 7);
		CHECK_EQ(pptp_gre_count(a->gre, PPTP_GRE_LOST), 0);
		CHECK_EQ(pptp_gre_count(b->gre, PPTP_GRE_LOST), 3);
		CHECK_EQ(pptp_pool_available(pool), 4);
		host_leave(a);
		CHECK_EQ(pptp_pool_available(pool), 4);
		host_free(b, 4);
	}
}

/* Many channels at once, at random: nothing twice, nothing in disorder, nothing lost that arrived but what
 * was late; the pool has all its slots in the end. */
/* Shows: G-OOS-02 G-OOS-03 G-OOS-05 */
static void test_gre_reorder_crowd(void **state)
{
	enum { HOSTS = 9, SLOTS = 10 };
	check_random random = {99};
	size_t way;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		pptp_pool *pool = pool_new(SLOTS, (int)way);
		host *hosts[HOSTS];
		uint32_t sequence[HOSTS] = {0}, newest[HOSTS] = {0}, k, turn, turns = check_scale(60000);
		pptp_usec now = 0;
		for (k = 0; k < HOSTS; k++) {
			hosts[k] = host_join(pool, (int)way, (uint16_t)(k + 1));
			sequence[k] = newest[k] = 0xFFFFFF00u + 40 * k;
			arrive(hosts[k], sequence[k], 0);
		}
		for (turn = 0; turn < turns; turn++) {
			uint32_t which = random_below(&random, HOSTS), held = 0;
			host *h = hosts[which];
			uint32_t before = h->delivered_len;
			check_row("%s, turn %u, host %u", ways[way], turn, which);
			now += random_below(&random, 500);
			if (random_below(&random, 5) == 0) {
				tick(h, now);
			} else {
				sequence[which] += random_below(&random, 8) == 0 ? 2 : 1;
				arrive(h,
				       sequence[which] -
				               (random_below(&random, 4) == 0 ? random_below(&random, 7) : 0),
				       now);
			}
			for (k = before; k < h->delivered_len; k++) {
				uint32_t got = h->delivered[k % LEN(h->delivered)];
				CHECK((int32_t)(got - newest[which]) > 0);
				newest[which] = got;
			}
			for (k = 0; k < HOSTS; k++) {
				CHECK(channel_info(hosts[k]->gre).held <= k + 1);
				held += channel_info(hosts[k]->gre).held;
			}
			CHECK_EQ(held + pptp_pool_available(pool), SLOTS);
		}
		for (k = 0; k < HOSTS; k++) {
			CHECK_EQ(pptp_gre_count(hosts[k]->gre, PPTP_GRE_DELIVER), hosts[k]->delivered_len);
			host_leave(hosts[k]);
		}
		CHECK_EQ(pptp_pool_available(pool), SLOTS);
		pptp_pool_free(pool);
	}
}

/* A host that does not call pptp_gre_next loses nothing by it, and gets the order right. */
/* Shows: G-OOS-02 */
static void test_gre_reorder_not_drained(void **state)
{
	size_t way;
	uint32_t k;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		host *h = host_new((int)way, 32, 4);
		check_row("%s", ways[way]);
		arrive(h, 0, 0);
		for (k = 2; k <= 4; k++)
			CHECK_EQ(arrive_only(h, k, 8, 0), PPTP_GRE_HELD);
		CHECK_EQ(arrive_only(h, 1, 8, 0), PPTP_GRE_DELIVER);
		CHECK_EQ(arrive_only(h, 5, 8, 0), PPTP_GRE_HELD); /* 2, 3, 4 go first */
		for (k = 6; k < 40; k++)
			CHECK_EQ(arrive_only(h, k, 8, 0), PPTP_GRE_DELIVER); /* one in, one out */
		CHECK_EQ(drain(h), 4);
		CHECK_EQ(h->delivered_len, 40);
		arrive_only(h, 42, 8, HOLD);
		arrive_only(h, 45, 8, HOLD);
		CHECK_EQ(pptp_gre_tick(h->gre, 2 * HOLD), PPTP_OK); /* both may go, nobody fetches them */
		CHECK_EQ(channel_ack(h->gre, 2 * HOLD), 39);
		CHECK(pptp_gre_deadline(h->gre) > 2 * HOLD);
		CHECK_EQ(arrive_only(h, 43, 8, 2 * HOLD),
		         PPTP_GRE_HELD); /* not too late yet, and goes with them */
		CHECK_EQ(arrive_only(h, 41, 8, 2 * HOLD), PPTP_GRE_HELD);
		CHECK_EQ(drain(h), 4);
		CHECK_EQ(arrive_only(h, 40, 8, 2 * HOLD), PPTP_GRE_DROP_LATE);
		CHECK_EQ(h->delivered_len, 44);
		for (k = 0; k < 40; k++)
			CHECK_EQ(h->delivered[k], k);
		CHECK_EQ(h->delivered[40], 41);
		CHECK_EQ(h->delivered[41], 42);
		CHECK_EQ(h->delivered[42], 43);
		CHECK_EQ(h->delivered[43], 45);
		host_free(h, 32);
	}
}

/* What cannot be held: no cookie and no copy, or too long for a copy. Alone it is delivered at once; behind
 * others it would have to overtake, and is dropped. */
/* Shows: G-OOS-02 */
static void test_gre_reorder_unheld(void **state)
{
	size_t way;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		host *h = host_new((int)way, 32, 8);
		uint8_t data[200];
		size_t payload = way ? 65 : 4, len;
		void *cookie = way ? data : NULL;
		pptp_gre_frame f;
		check_row("%s", ways[way]);
		arrive(h, 0, 0);
		len = channel_datagram(data, 3, NO_NUMBER, payload);
		CHECK_EQ(pptp_gre_recv(h->gre, data, len, cookie, 0, &f), PPTP_OK);
		CHECK_EQ(f.verdict, PPTP_GRE_DELIVER);
		CHECK_EQ(f.len, payload);
		CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_LOST), 2);
		CHECK_EQ(arrive(h, 6, 0), PPTP_GRE_HELD);
		len = channel_datagram(data, 8, NO_NUMBER, payload);
		CHECK_EQ(pptp_gre_recv(h->gre, data, len, cookie, 0, &f), PPTP_OK);
		CHECK_EQ(f.verdict, PPTP_GRE_DROP_UNHELD);
		CHECK(f.frame == NULL && f.cookie == cookie);
		CHECK_EQ(f.sequence, 8);
		CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_DROP_UNHELD), 1);
		len = channel_datagram(data, 5, NO_NUMBER, payload); /* in front of 6 it may go */
		CHECK_EQ(pptp_gre_recv(h->gre, data, len, cookie, 0, &f), PPTP_OK);
		CHECK_EQ(f.verdict, PPTP_GRE_DELIVER);
		CHECK(f.cookie == cookie);
		CHECK_EQ(drain(h), 1);
		CHECK_EQ(channel_info(h->gre).expected, 7);
		if (way) { /* the longest that fits */
			len = channel_datagram(data, 8, NO_NUMBER, 64);
			CHECK_EQ(pptp_gre_recv(h->gre, data, len, data, 0, &f), PPTP_OK);
			CHECK_EQ(f.verdict, PPTP_GRE_HELD);
			memset(data, 0, sizeof(data));
			CHECK_EQ(pptp_gre_tick(h->gre, HOLD), PPTP_OK);
			CHECK_EQ(pptp_gre_next(h->gre, &f), PPTP_OK);
			CHECK_EQ(f.len, 64);
			CHECK_EQ(f.frame[63], 0x10 + 63);
			CHECK(f.cookie == NULL);
		}
		host_free(h, 32);
	}
}

/* The frame of a copy stays until the next one is asked for, also when its slot was the only one. */
/* Shows: G-OOS-05 */
static void test_gre_reorder_copy_lasts(void **state)
{
	pptp_pool *pool = pool_new(1, 1);
	host *a = host_join(pool, 1, 8), *b = host_join(pool, 1, 8);
	uint8_t data[40];
	pptp_gre_frame f, g;
	size_t len;
	uint32_t turn;
	(void)state;
	arrive(a, 0, 0);
	arrive(b, 0, 0);
	for (turn = 0; turn < 20; turn++) {
		uint32_t base = 4 * turn;
		check_row("turn %u", turn);
		CHECK_EQ(arrive(a, base + 2, 0), PPTP_GRE_HELD);
		len = channel_datagram(data, base + 4, NO_NUMBER, 4);
		CHECK_EQ(pptp_gre_recv(a->gre, data, len, NULL, 0, &f),
		         PPTP_OK); /* 2 goes, 4 is held: one slot */
		CHECK_EQ(f.verdict, PPTP_GRE_DELIVER);
		CHECK_EQ(f.sequence, base + 2);
		CHECK_EQ(f.frame[3], (base + 2) & 255);
		CHECK_EQ(pptp_pool_available(pool), 0);
		CHECK_EQ(arrive(b, base + 2, 0),
		         PPTP_GRE_DELIVER); /* no slot; the frame is from the datagram */
		CHECK_EQ(f.frame[3], (base + 2) & 255);
		CHECK_EQ(pptp_gre_tick(a->gre, (turn + 1) * HOLD), PPTP_OK);
		CHECK_EQ(f.frame[3], (base + 2) & 255);
		CHECK_EQ(pptp_gre_next(a->gre, &g), PPTP_OK);
		CHECK_EQ(g.frame[3], (base + 4) & 255);
		CHECK_EQ(pptp_pool_available(pool), 1);
	}
	host_leave(a);
	host_free(b, 1);
}

/* After a reset what was held comes back undelivered, every cookie once; a new call begins. */
/* Shows: S-CALL-02 G-SEQ-01 */
static void test_gre_reorder_reset(void **state)
{
	static const uint32_t again[] = {0, 7, 8, 9, 11};
	size_t way;
	uint32_t k;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		host *h = host_new((int)way, 32, 8);
		check_row("%s", ways[way]);
		arrive(h, 0, 0);
		for (k = 2; k < 6; k++)
			arrive(h, k, 0);
		CHECK_EQ(pptp_gre_reset(h->gre), PPTP_OK);
		CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_DROP_RESET), 4);
		CHECK_EQ(channel_info(h->gre).held, 0);
		CHECK_EQ(channel_info(h->gre).expected, 0);
		CHECK_EQ(pptp_gre_deadline(h->gre), PPTP_NEVER);
		CHECK_EQ(pptp_pool_available(h->pool), way ? 32 : 28);
		CHECK_EQ(pptp_gre_start(h->gre, PEER, 64, 0, 0), PPTP_OK);
		if (!way) { /* some are not fetched before the next reset */
			pptp_gre_frame f;
			h->out -= 4; /* arrive counts what the new call holds */
			CHECK_EQ(pptp_gre_next(h->gre, &f), PPTP_OK);
			CHECK_EQ(f.verdict, PPTP_GRE_DROP_RESET);
			CHECK_EQ(f.sequence, 2);
			h->out++;
			take(h, &f);
		}
		arrive_only(h, 7, 8, 0);
		arrive_only(h, 9, 8, 0);
		arrive_only(h, 8, 8, 0);
		if (!way)
			h->out += 3;
		drain(h);
		CHECK_EQ(h->dropped_len, way ? 0 : 4);
		for (k = 0; k < h->dropped_len; k++)
			CHECK_EQ(h->dropped[k], k + 2);
		CHECK_EQ(h->out, 0);
		arrive(h, 11, 0);
		tick(h, HOLD);
		check_delivered(h, again, LEN(again));
		CHECK_EQ(channel_ack(h->gre, HOLD + DELAY), 11);
		CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_DELIVER), 5);
		arrive(h, 13, HOLD);
		CHECK_EQ(pptp_gre_reset(h->gre), PPTP_OK);
		CHECK_EQ(pptp_gre_reset(h->gre), PPTP_OK);
		CHECK_EQ(drain(h), way ? 0 : 1);
		CHECK_EQ(h->out, 0);
		host_free(h, 32);
	}
}

/* Free with packets held, and with cookies that were not fetched after a reset: the pool has its slots again.
 */
/* Shows: S-CALL-02 */
static void test_gre_reorder_free(void **state)
{
	size_t way;
	uint32_t k;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		pptp_pool *pool = pool_new(16, (int)way);
		host *a = host_join(pool, (int)way, 8), *b = host_join(pool, (int)way, 8);
		check_row("%s", ways[way]);
		arrive(a, 0, 0);
		arrive(b, 0, 0);
		for (k = 2; k < 6; k++) {
			arrive(a, k, 0);
			arrive(b, k, 0);
		}
		CHECK_EQ(pptp_pool_available(pool), 8);
		host_leave(a);
		CHECK_EQ(pptp_pool_available(pool), 12);
		CHECK_EQ(pptp_gre_reset(b->gre), PPTP_OK);
		host_free(b, 16);
	}
}

/* What was still to be fetched at a reset, and what the next call holds, do not mix: in any number of resets.
 */
/* Shows: S-CALL-02 G-OOS-05 */
static void test_gre_reorder_reset_not_drained(void **state)
{
	static const uint32_t dropped[] = {13, 15, 3, 4, 5};
	size_t way;
	uint32_t k;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		host *h = host_new((int)way, 8, 8);
		uint8_t *buffers[2][6] = {{NULL}};
		uint8_t data[40];
		pptp_gre_frame f;
		uint32_t call;
		size_t len;
		check_row("%s", ways[way]);
		for (call = 0; call < 2; call++) {
			for (k = 0; k < 6; k++) {
				if (k == 1 || (call == 0 && k == 2) || (call == 1 && (k == 2 || k == 4)))
					continue;
				len = channel_datagram(data, k + 10 * call, NO_NUMBER, 8);
				buffers[call][k] = check_copy(data, len);
				CHECK_EQ(
				        pptp_gre_recv(h->gre, buffers[call][k], len, buffers[call][k], 0, &f),
				        PPTP_OK);
				CHECK_EQ(f.verdict, k ? PPTP_GRE_HELD : PPTP_GRE_DELIVER);
			}
			CHECK_EQ(pptp_gre_tick(h->gre, HOLD), PPTP_OK); /* all may go, nobody fetches them */
			CHECK_EQ(pptp_gre_reset(h->gre), PPTP_OK);
		}
		for (k = 0; k < LEN(dropped) && !way; k++) {
			CHECK_EQ(pptp_gre_next(h->gre, &f), PPTP_OK);
			CHECK_EQ(f.verdict, PPTP_GRE_DROP_RESET);
			CHECK_EQ(f.sequence, dropped[k]);
			CHECK(f.cookie == buffers[dropped[k] / 10][dropped[k] % 10]);
		}
		CHECK_EQ(pptp_gre_next(h->gre, &f), PPTP_ERR_EMPTY);
		CHECK_EQ(pptp_gre_count(h->gre, PPTP_GRE_DROP_RESET), 5);
		CHECK_EQ(pptp_pool_available(h->pool), 8);
		arrive(h, 20, 0); /* every slot is its own again, and waits again */
		for (k = 22; k < 30; k++)
			CHECK_EQ(arrive(h, k, 0), PPTP_GRE_HELD);
		CHECK_EQ(h->delivered_len, 1);
		CHECK_EQ(pptp_pool_available(h->pool), 0);
		arrive(h, 21, 0);
		CHECK_EQ(h->delivered_len, 10);
		for (k = 0; k < 12; k++)
			free(buffers[k / 6][k % 6]);
		host_free(h, 8);
	}
}

/* Who may go is not changed by who comes in, also when one must go at once for that. */
/* Shows: G-OOS-02 G-OOS-05 */
static void test_gre_reorder_full_not_drained(void **state)
{
	static const uint32_t wanted[] = {0, 2, 5, 6, 8};
	size_t way;
	(void)state;
	for (way = 0; way < LEN(ways); way++) {
		host *h = host_new((int)way, 8, 3);
		check_row("%s", ways[way]);
		arrive(h, 0, 0);
		arrive(h, 2, 0);
		arrive(h, 5, 0);
		arrive(h, 8, 0);
		CHECK_EQ(pptp_gre_tick(h->gre, HOLD), PPTP_OK);
		CHECK_EQ(arrive_only(h, 6, 8, HOLD), PPTP_GRE_DELIVER); /* 2 for 6 */
		CHECK_EQ(drain(h), 3);
		check_delivered(h, wanted, LEN(wanted));
		host_free(h, 8);
	}
}

/* The first packet that is sent waits for the peer, the first that is held for another: with one timer. */
/* Shows: G-OOS-05 */
static void test_gre_reorder_after_waiting(void **state)
{
	pptp_gre_options o = channel_options();
	uint8_t data[40];
	pptp_gre_frame f;
	pptp_gre *gre;
	size_t len;
	(void)state;
	o.pool = pool_new(4, 1);
	gre = channel_started(&o, NULL);
	channel_send(gre, 1, 0);
	CHECK_EQ(pptp_gre_deadline(gre), 10000000);
	channel_recv(gre, 0, NO_NUMBER, 0);
	CHECK_EQ(channel_ack(gre, DELAY), 0);
	len = channel_datagram(data, 2, NO_NUMBER, 8);
	CHECK_EQ(pptp_gre_recv(gre, data, len, NULL, DELAY, &f), PPTP_OK);
	CHECK_EQ(pptp_gre_deadline(gre), DELAY + HOLD);
	CHECK_EQ(pptp_gre_tick(gre, DELAY + HOLD), PPTP_OK);
	CHECK_EVENTS(gre, 0);
	CHECK_EQ(pptp_gre_next(gre, &f), PPTP_OK);
	CHECK_EQ(f.sequence, 2);
	CHECK_EQ(pptp_gre_tick(gre, 20000000), PPTP_OK);
	CHECK_EVENTS(gre, 0);
	pptp_gre_free(gre);
	pptp_pool_free(o.pool);
}

/* Any subset of eight packets around the wrap is lost, the rest comes in order, reversed, or by halves. */
/* Shows: G-SEQ-04 G-OOS-01 G-OOS-05 */
static void test_gre_t27_wrap_reordered(void **state)
{
	uint32_t lost, k, how;
	size_t way;
	(void)state;
	for (lost = 0; lost < 256; lost++) {
		for (how = 0; how < 3; how++) {
			for (way = 0; way < LEN(ways); way++) {
				host *h = host_new((int)way, 32, 8);
				uint32_t wanted[10], wanted_len = 0;
				check_row("lost 0x%02x, order %u, %s", lost, how, ways[way]);
				arrive(h, 0xFFFFFFFBu, 0);
				wanted[wanted_len++] = 0xFFFFFFFBu;
				for (k = 0; k < 8; k++) {
					uint32_t at = how == 0 ? k : how == 1 ? 7 - k : (k + 4) % 8;
					if (!(lost & 1u << at))
						arrive(h, 0xFFFFFFFCu + at, 0);
					if (!(lost & 1u << k))
						wanted[wanted_len++] = 0xFFFFFFFCu + k;
				}
				tick(h, HOLD);
				arrive(h, 4, HOLD);
				tick(h, 2 * HOLD);
				wanted[wanted_len++] = 4;
				check_delivered(h, wanted, wanted_len);
				host_free(h, 32);
			}
		}
	}
}

/* ---- options and misuse ---------------------------------------------------------------------- */

static void test_gre_pool_misuse(void **state)
{
	size_t size = pptp_pool_size(4, 100);
	uint8_t *mem = check_alloc(size + 16);
	pptp_pool *pool = NULL;
	pptp_gre *gre = channel_make();
	pptp_gre_frame f;
	(void)state;
	CHECK(size > 4 * 100);
	CHECK_EQ(pptp_pool_size(0, 0), 0);
	CHECK_EQ(pptp_pool_size(PPTP_POOL_MAX_SLOTS + 1, 0), 0);
	CHECK_EQ(pptp_pool_size(UINT32_MAX, 0), 0);
	CHECK_EQ(pptp_pool_size(1, 65536), 0);
	CHECK(pptp_pool_size(PPTP_POOL_MAX_SLOTS, 0) > 0);
	CHECK((pptp_pool_size(PPTP_POOL_MAX_SLOTS, 65535) > 0) == (sizeof(size_t) > 4));
	CHECK_EQ(pptp_pool_init(NULL, size, 4, 100, &pool), PPTP_ERR_ARG);
	CHECK_EQ(pptp_pool_init(mem, size, 4, 100, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_pool_init(mem, size, 0, 100, &pool), PPTP_ERR_ARG);
	CHECK_EQ(pptp_pool_init(mem, size, 4, 65536, &pool), PPTP_ERR_ARG);
	CHECK_EQ(pptp_pool_init(mem, size - 1, 4, 100, &pool), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_pool_init(mem + 1, size, 4, 100, &pool), PPTP_ERR_ALIGN);
	CHECK_EQ(pptp_pool_new(0, 100, &pool), PPTP_ERR_ARG);
	CHECK_EQ(pptp_pool_new(1, 100, NULL), PPTP_ERR_ARG);
	CHECK(pool == NULL);
	CHECK_EQ(pptp_pool_init(mem, size, 4, 100, &pool), PPTP_OK);
	CHECK_EQ(pptp_pool_available(pool), 4);
	CHECK_EQ(pptp_pool_available(NULL), 0);
	pptp_pool_free(pool);
	pptp_pool_free(NULL);
	free(mem);
	CHECK_EQ(pptp_gre_next(gre, &f), PPTP_ERR_EMPTY);
	CHECK_EQ(pptp_gre_next(gre, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_next(NULL, &f), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_reset(NULL), PPTP_ERR_ARG);
	pptp_gre_free(gre);
}

/* A pool in memory of exactly its size: every slot is used, none lies outside. */
/* Shows: T-13 */
static void test_gre_pool_own_memory(void **state)
{
	static const uint32_t octets[] = {0, 1, 7, 8, 9, 1532, 65535};
	size_t i;
	uint32_t k;
	(void)state;
	for (i = 0; i < LEN(octets); i++) {
		size_t size = pptp_pool_size(5, octets[i]);
		void *mem = check_alloc(size);
		pptp_gre_options o = channel_options();
		uint8_t *datagrams[6];
		pptp_pool *pool = NULL;
		pptp_gre *gre;
		pptp_gre_frame f;
		check_row("%u octets", octets[i]);
		CHECK_EQ(pptp_pool_init(mem, size, 5, octets[i], &pool), PPTP_OK);
		o.pool = pool;
		gre = channel_new(&o, NULL);
		for (k = 0; k < 6; k++) {
			uint32_t len = octets[i] ? octets[i] : 1000;
			datagrams[k] = check_alloc(12 + len);
			channel_datagram(datagrams[k], k ? k + 1 : 0, NO_NUMBER, len);
			CHECK_EQ(pptp_gre_recv(gre, datagrams[k], 12 + len, datagrams[k], 0, &f), PPTP_OK);
			CHECK_EQ(f.verdict, k ? PPTP_GRE_HELD : PPTP_GRE_DELIVER);
			if (octets[i])
				free(datagrams[k]);
		}
		CHECK_EQ(pptp_pool_available(pool), 0);
		CHECK_EQ(pptp_gre_tick(gre, HOLD), PPTP_OK);
		for (k = 1; k < 6; k++) {
			CHECK_EQ(pptp_gre_next(gre, &f), PPTP_OK);
			CHECK_EQ(f.sequence, k + 1);
			CHECK_EQ(f.frame[f.len - 1],
			         octets[i] == 0 || octets[i] > 4 ? (uint8_t)(0x10 + f.len - 1) : 0x10);
			CHECK(octets[i] ? f.cookie == NULL : f.cookie == datagrams[k]);
		}
		for (k = 0; k < 6 && !octets[i]; k++)
			free(datagrams[k]);
		pptp_gre_free(gre);
		pptp_pool_free(pool);
		free(mem);
	}
}
int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_gre_t39_disorders),
	        cmocka_unit_test(test_gre_reorder_off),
	        cmocka_unit_test(test_gre_reorder_acks_delivered),
	        cmocka_unit_test(test_gre_reorder_half_window),
	        cmocka_unit_test(test_gre_reorder_empty),
	        cmocka_unit_test(test_gre_t29_duplicates_in_queue),
	        cmocka_unit_test(test_gre_q45_late_never),
	        cmocka_unit_test(test_gre_reorder_depth),
	        cmocka_unit_test(test_gre_reorder_time),
	        cmocka_unit_test(test_gre_reorder_deadlines),
	        cmocka_unit_test(test_gre_reorder_no_ticks),
	        cmocka_unit_test(test_gre_reorder_shared),
	        cmocka_unit_test(test_gre_reorder_crowd),
	        cmocka_unit_test(test_gre_reorder_not_drained),
	        cmocka_unit_test(test_gre_reorder_unheld),
	        cmocka_unit_test(test_gre_reorder_copy_lasts),
	        cmocka_unit_test(test_gre_reorder_reset),
	        cmocka_unit_test(test_gre_reorder_free),
	        cmocka_unit_test(test_gre_reorder_reset_not_drained),
	        cmocka_unit_test(test_gre_reorder_full_not_drained),
	        cmocka_unit_test(test_gre_reorder_after_waiting),
	        cmocka_unit_test(test_gre_t27_wrap_reordered),
	        cmocka_unit_test(test_gre_pool_misuse),
	        cmocka_unit_test(test_gre_pool_own_memory),
	};
	return cmocka_run_group_tests_name("gre_reorder", tests, NULL, NULL);
}
