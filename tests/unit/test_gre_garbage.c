/* gre: datagrams that are refused. */
#define VECTORS_NEGATIVE
#include "channel.h"
#include "vectors.h"

/* Shows: G-HDR-03 G-ACK-05 I-02 */
static void test_gre_negative_vectors(void **state)
{
	size_t i;
	(void)state;
	for (i = 0; i < LEN(vector_negative_gres); i++) {
		const struct vector_negative_gre *v = &vector_negative_gres[i];
		uint8_t *data = check_copy(v->data, v->len);
		pptp_gre_options o = channel_options();
		pptp_gre *gre;
		pptp_gre_frame f;
		check_row("%s", v->id);
		o.local_call_id = 1;
		gre = channel_started(&o, NULL);
		channel_send(gre, 1, 0);
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
		CHECK_EQ(channel_outstanding(gre, 3), strcmp(v->id, "gre-ack-only-with-payload") != 0);
		pptp_gre_free(gre);
		free(data);
	}
}

/* ---- a channel with guards around it --------------------------------------------------------- */

#define GUARD 64u

typedef struct guarded {
	uint8_t *mem;
	pptp_pool *pool;
	pptp_gre *gre;
} guarded;

static guarded make_guarded(int copies)
{
	guarded g;
	pptp_gre_options o = channel_options();
	g.mem = check_alloc(pptp_gre_size() + 2 * GUARD);
	CHECK_EQ(pptp_pool_new(4, copies ? 64 : 0, &g.pool), PPTP_OK);
	o.pool = g.pool;
	CHECK_EQ(pptp_gre_init(g.mem + GUARD, pptp_gre_size(), &o, NULL, NULL, &g.gre), PPTP_OK);
	CHECK_EQ(pptp_gre_start(g.gre, PEER, 64, 0, 0), PPTP_OK);
	return g;
}

static void free_guarded(guarded *g)
{
	uint32_t k;
	pptp_gre_free(g->gre);
	CHECK_EQ(pptp_pool_available(g->pool), 4);
	pptp_pool_free(g->pool);
	for (k = 0; k < GUARD; k++) {
		CHECK_EQ(g->mem[k], 0xA5);
		CHECK_EQ(g->mem[GUARD + pptp_gre_size() + k], 0xA5);
	}
	free(g->mem);
}

/* Take one datagram and all that follows; counts verdicts. */
static void feed(pptp_gre *gre, const uint8_t *data, size_t len, pptp_usec now, uint32_t *verdicts)
{
	pptp_gre_frame f;
	CHECK_EQ(pptp_gre_recv(gre, data, len, NULL, now, &f), PPTP_OK);
	do {
		CHECK(f.verdict < PPTP_GRE_COUNTS);
		verdicts[f.verdict]++;
		CHECK_EQ(f.frame != NULL, f.verdict == PPTP_GRE_DELIVER);
		CHECK_EQ(f.len > 0, f.verdict == PPTP_GRE_DELIVER);
	} while (pptp_gre_next(gre, &f) == PPTP_OK);
}

/* Random octets, and good datagrams with one octet changed or cut off. */
static size_t garbage(check_random *random, uint8_t *data, size_t cap, uint32_t newest)
{
	size_t len = random_below(random, (uint32_t)cap);
	switch (random_below(random, 4)) {
	case 0:
		random_fill(random, data, len);
		return len;
	case 1:
		len = channel_datagram(data, newest + random_below(random, 8) - 4, random_next(random) & 3,
		                       8);
		data[random_below(random, 8)] = (uint8_t)random_next(random);
		return len;
	case 2:
		len = channel_datagram(data, newest, NO_NUMBER, random_below(random, 16));
		return random_below(random, (uint32_t)len);
	default:
		len = channel_datagram(data, NO_NUMBER, random_next(random), 0);
		data[random_below(random, 12)] ^= (uint8_t)(1u << random_below(random, 8));
		return len;
	}
}

/* A million of them: every one is counted, nothing grows, and the next good one is delivered. */
/* Shows: G-HDR-03 R-04 X-05 */
static void test_gre_t15_garbage(void **state)
{
	check_random random = {15};
	uint32_t turn, turns = check_scale(1000000), verdicts[PPTP_GRE_COUNTS] = {0}, which, newest = 1000;
	guarded g = make_guarded(1);
	uint8_t data[80];
	pptp_gre_frame f;
	size_t len;
	(void)state;
	feed(g.gre, data, channel_datagram(data, newest, NO_NUMBER, 4), 0, verdicts);
	for (turn = 0; turn < turns; turn++) {
		pptp_usec now = turn;
		check_row("turn %u", turn);
		len = garbage(&random, data, sizeof(data), newest);
		feed(g.gre, data, len, now, verdicts);
		newest = channel_info(g.gre).expected - 1;
		if (turn % 1000 == 0) {
			CHECK_EQ(pptp_gre_tick(g.gre, now), PPTP_OK);
			while (pptp_gre_next(g.gre, &f) == PPTP_OK)
				verdicts[f.verdict]++;
		}
		CHECK_EQ(pptp_pool_available(g.pool), 4 - channel_info(g.gre).held);
	}
	CHECK_EQ(pptp_gre_tick(g.gre, UINT64_MAX / 2), PPTP_OK);
	while (pptp_gre_next(g.gre, &f) == PPTP_OK)
		verdicts[f.verdict]++;
	for (which = 0; which < PPTP_GRE_COUNTS; which++) {
		check_row("%s", pptp_gre_count_name(which));
		if (which < PPTP_GRE_ACK_BAD || which == PPTP_GRE_DROP_UNHELD || which == PPTP_GRE_DROP_RESET)
			CHECK_EQ(pptp_gre_count(g.gre, which), verdicts[which]);
		if (which <= PPTP_GRE_LOST && which != PPTP_GRE_ACK_OLD)
			CHECK(pptp_gre_count(g.gre, which) > 0 || turns < 1000000);
	}
	CHECK(pptp_gre_count(g.gre, PPTP_GRE_HELD) >= verdicts[PPTP_GRE_HELD]);
	CHECK_EQ(pptp_gre_count(g.gre, PPTP_GRE_COUNTS), 0);
	CHECK_EQ(pptp_gre_count(g.gre, UINT32_MAX), 0);
	check_row("the next good one");
	newest = channel_info(g.gre).expected;
	len = channel_datagram(data, newest, NO_NUMBER, 4);
	CHECK_EQ(pptp_gre_recv(g.gre, data, len, NULL, 0, &f), PPTP_OK);
	CHECK_EQ(f.verdict, PPTP_GRE_DELIVER);
	CHECK_EQ(f.sequence, newest);
	free_guarded(&g);
}

/* ---- cut and stretched --------------------------------------------------------------------------------- */

static const struct form {
	const char *name;
	uint64_t sequence, ack;
	size_t payload;
} forms[] = {
        {"data", 5, NO_NUMBER, 8},           {"data with acknowledgment", 5, 1, 8},
        {"empty", 5, NO_NUMBER, 0},          {"empty with acknowledgment", 5, 1, 0},
        {"acknowledgment", NO_NUMBER, 1, 0},
};

/* Every header form cut at every octet: refused, and the channel is as it was. */
/* Shows: G-HDR-02 G-HDR-03 */
static void test_gre_t10_truncated(void **state)
{
	size_t i, len;
	(void)state;
	for (i = 0; i < LEN(forms); i++) {
		uint8_t whole[40];
		size_t octets = channel_datagram(whole, forms[i].sequence, forms[i].ack, forms[i].payload);
		for (len = 0; len < octets; len++) {
			uint8_t *data = check_copy(whole, len);
			uint32_t wanted = len < octets - forms[i].payload ? PPTP_GRE_DROP_TRUNCATED
			                                                  : PPTP_GRE_DROP_PAYLOAD;
			pptp_gre *gre = channel_make();
			pptp_gre_info before, after;
			pptp_gre_frame f;
			check_row("%s, %u octets", forms[i].name, (unsigned)len);
			channel_send(gre, 1, 0);
			channel_send(gre, 1, 0);
			channel_recv(gre, 4, NO_NUMBER, 0);
			before = channel_info(gre);
			CHECK_EQ(pptp_gre_recv(gre, data, len, data, 0, &f), PPTP_OK);
			CHECK_EQ(f.verdict, wanted);
			CHECK(f.cookie == data && f.frame == NULL && f.len == 0);
			after = channel_info(gre);
			CHECK_OCTETS(&after, &before, sizeof(after));
			CHECK_EQ(pptp_gre_count(gre, wanted), 1);
			CHECK_EQ(channel_recv(gre, 5, NO_NUMBER, 0), PPTP_GRE_DELIVER);
			pptp_gre_free(gre);
			free(data);
		}
	}
}

/* Payload Length above what is there is refused, below it cuts: what follows is padding. */
/* Shows: G-HDR-03 G-HDR-04 */
static void test_gre_t25_payload_length(void **state)
{
	int32_t off;
	int with_ack;
	(void)state;
	for (off = -20; off <= 20; off++) {
		for (with_ack = 0; with_ack < 2; with_ack++) {
			uint8_t data[16 + 20];
			size_t len = channel_datagram(data, 1, with_ack ? 0 : NO_NUMBER, 20);
			pptp_gre *gre = channel_make();
			pptp_gre_frame f;
			uint8_t *own;
			check_row("off by %d, acknowledgment %d", (int)off, with_ack);
			channel_send(gre, 1, 0);
			channel_recv(gre, 0, NO_NUMBER, 0);
			data[5] = (uint8_t)(20 + off);
			own = check_copy(data, len);
			CHECK_EQ(pptp_gre_recv(gre, own, len, NULL, 0, &f), PPTP_OK);
			if (off > 0) {
				CHECK_EQ(f.verdict, PPTP_GRE_DROP_PAYLOAD);
				CHECK_EQ(channel_outstanding(gre, 3),
				         1); /* its acknowledgment counts no more than it */
			} else {
				CHECK_EQ(f.verdict, off == -20 ? PPTP_GRE_EMPTY : PPTP_GRE_DELIVER);
				CHECK_EQ(f.len, 20 + off);
				CHECK(off == -20 || f.frame == own + len - 20);
				CHECK_EQ(channel_outstanding(gre, 3), !with_ack);
			}
			pptp_gre_free(gre);
			free(own);
		}
	}
}

/* S or A without the octets for its number; every other bit of the first four octets. */
/* Shows: G-HDR-02 G-HDR-06 */
static void test_gre_t26_bits(void **state)
{
	uint32_t bit;
	size_t i;
	(void)state;
	for (i = 0; i < LEN(forms); i++) {
		for (bit = 0; bit < 32; bit++) {
			uint8_t data[40];
			size_t len = channel_datagram(data, forms[i].sequence, forms[i].ack, 0);
			int s = forms[i].sequence != NO_NUMBER, a = forms[i].ack != NO_NUMBER;
			uint32_t wanted = PPTP_GRE_DROP_NOT_PPTP;
			pptp_gre *gre = channel_make();
			pptp_gre_frame f;
			uint8_t *own;
			check_row("%s, bit %u", forms[i].name, bit);
			data[bit / 8] ^= (uint8_t)(0x80u >> bit % 8);
			if (bit == 3 || bit == 8) { /* S, A */
				s ^= bit == 3;
				a ^= bit == 8;
				wanted = !s && !a                          ? PPTP_GRE_DROP_NOTHING
				         : (size_t)(8 + 4 * (s + a)) > len ? PPTP_GRE_DROP_TRUNCATED
				         : s                               ? PPTP_GRE_EMPTY
				                                           : PPTP_GRE_ACK_ONLY;
			}
			own = check_copy(data, len);
			CHECK_EQ(pptp_gre_recv(gre, own, len, NULL, 0, &f), PPTP_OK);
			CHECK_EQ(f.verdict, wanted);
			CHECK_EQ(pptp_gre_count(gre, wanted), 1);
			pptp_gre_free(gre);
			free(own);
		}
	}
}
int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_gre_negative_vectors), cmocka_unit_test(test_gre_t15_garbage),
	        cmocka_unit_test(test_gre_t10_truncated),    cmocka_unit_test(test_gre_t25_payload_length),
	        cmocka_unit_test(test_gre_t26_bits),
	};
	return cmocka_run_group_tests_name("gre_garbage", tests, NULL, NULL);
}
