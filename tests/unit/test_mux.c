/* mux: Call ID allocation and demultiplexing. */
#include "check.h"
#include <pptp/pptp.h>

#define CALLS 65535u

static void drop(pptp_mux *mux, void *mem)
{
	pptp_mux_free(mux);
	free(mem);
}

static pptp_mux *make_in(void **ret_mem, uint32_t calls, uint64_t seed)
{
	pptp_mux *mux = NULL;
	*ret_mem = check_alloc(pptp_mux_size(calls));
	CHECK_EQ(pptp_mux_init(*ret_mem, pptp_mux_size(calls), calls, seed, &mux), PPTP_OK);
	return mux;
}

/* Ids are unique and never 0, as many as were asked for, up to all 65,535. */
/* Shows: I-01 I-05 */
static void test_mux_unique(void **state)
{
	static const uint32_t sizes[] = {1,    2,    3,    7,     64,    255,   256,  257,
	                                 1000, 4095, 4096, 32767, 32768, 65534, 65535};
	static uint8_t seen[65536];
	size_t i;
	(void)state;
	for (i = 0; i < LEN(sizes); i++) {
		uint32_t n = sizes[i], k;
		void *mem;
		pptp_mux *mux = make_in(&mem, n, 7 * i);
		uint16_t id = 0;
		check_row("%u calls", n);
		memset(seen, 0, sizeof(seen));
		for (k = 0; k < n; k++) {
			CHECK_EQ(pptp_mux_reserve(mux, &id), PPTP_OK);
			CHECK(id != 0);
			CHECK(!seen[id]);
			seen[id] = 1;
		}
		id = 0xABCD;
		CHECK_EQ(pptp_mux_reserve(mux, &id), PPTP_ERR_LIMIT);
		CHECK_EQ(id, 0xABCD);
		for (k = 0; k <= 65535; k++)
			CHECK_EQ(pptp_mux_release(mux, (uint16_t)k), seen[k] ? PPTP_OK : PPTP_ERR_ARG);
		for (k = 0; k < n; k++)
			CHECK_EQ(pptp_mux_reserve(mux, &id), PPTP_OK);
		drop(mux, mem);
	}
}

/* Among ids that come again, the one released first comes first. */
/* Shows: I-05 */
static void test_mux_oldest_first(void **state)
{
	static const uint32_t sizes[] = {5, 100, 65535};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(sizes); i++) {
		uint32_t n = sizes[i], k, next = 0;
		uint16_t *ids = check_alloc(n * sizeof(*ids)), released[5], id = 0;
		void *mem;
		pptp_mux *mux = make_in(&mem, n, 99);
		check_row("%u calls", n);
		for (k = 0; k < n; k++)
			CHECK_EQ(pptp_mux_reserve(mux, &ids[k]), PPTP_OK);
		for (k = 0; k < 5; k++) {
			released[k] = ids[(k * 3) % 5 * (n / 5)];
			CHECK_EQ(pptp_mux_release(mux, released[k]), PPTP_OK);
		}
		for (k = 0; k < 5; k++) {
			uint32_t m;
			CHECK_EQ(pptp_mux_reserve(mux, &id), PPTP_OK);
			for (m = 0; m < 5; m++) {
				if (released[m] == id) {
					CHECK(m >= next);
					next = m + 1;
				}
			}
			if (n == 65535)
				CHECK_EQ(id, released[k]);
		}
		free(ids);
		drop(mux, mem);
	}
}

/* An id just released is not given out while others are free. */
/* Shows: I-05 I-03 */
static void test_mux_not_reused_soon(void **state)
{
	void *mem;
	pptp_mux *mux = make_in(&mem, 16, 5);
	uint16_t last[15] = {0}, id = 0;
	uint32_t turn, k;
	(void)state;
	for (turn = 0; turn < 2000; turn++) {
		CHECK_EQ(pptp_mux_reserve(mux, &id), PPTP_OK);
		check_row("turn %u", turn);
		for (k = 0; k < LEN(last); k++)
			CHECK(last[k] != id);
		last[turn % LEN(last)] = id;
		CHECK_EQ(pptp_mux_release(mux, id), PPTP_OK);
	}
	drop(mux, mem);
}

/* The seed decides: the same one gives the same ids, others give others, all over the 16 bits. */
/* Shows: X-05 I-05 */
static void test_mux_q26_spread_ids(void **state)
{
	static uint8_t seen[65536];
	uint32_t seed, distinct = 0, high = 0;
	(void)state;
	memset(seen, 0, sizeof(seen));
	for (seed = 0; seed < 200; seed++) {
		void *mem_a, *mem_b;
		pptp_mux *a = make_in(&mem_a, 8, seed), *b = make_in(&mem_b, 8, seed);
		uint16_t id_a = 0, id_b = 1;
		check_row("seed %u", seed);
		CHECK_EQ(pptp_mux_reserve(a, &id_a), PPTP_OK);
		CHECK_EQ(pptp_mux_reserve(b, &id_b), PPTP_OK);
		CHECK_EQ(id_a, id_b);
		distinct += !seen[id_a];
		high += id_a >= 0x8000;
		seen[id_a] = 1;
		drop(a, mem_a);
		drop(b, mem_b);
	}
	check_row("%u distinct, %u high", distinct, high);
	CHECK(distinct > 150);
	CHECK(high > 60 && high < 140);
}

/* Found by peer and id together only. */
/* Shows: I-02 G-HDR-05 X-05 */
static void test_mux_t36_spoofed_source(void **state)
{
	uint8_t peer[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1}, other[16];
	int target, moved;
	uint16_t id = 0, second = 0;
	uint32_t k, foreign = 0, unknown;
	void *mem;
	pptp_mux *mux = make_in(&mem, 4, 1);
	(void)state;

	CHECK_EQ(pptp_mux_reserve(mux, &id), PPTP_OK);
	CHECK_EQ(pptp_mux_reserve(mux, &second), PPTP_OK);
	CHECK(pptp_mux_find(mux, peer, id) == NULL);
	CHECK_EQ(pptp_mux_bind(mux, id, peer, &target), PPTP_OK);
	foreign = pptp_mux_count(mux, PPTP_MUX_FOREIGN_SOURCE);
	unknown = pptp_mux_count(mux, PPTP_MUX_UNKNOWN_CALL);
	CHECK_EQ(foreign + unknown, 1);
	CHECK(pptp_mux_find(mux, peer, id) == &target);
	CHECK_EQ(pptp_mux_count(mux, PPTP_MUX_FOUND), 1);
	for (k = 0; k < 128; k++) {
		check_row("address bit %u", k);
		memcpy(other, peer, 16);
		other[k / 8] = (uint8_t)(other[k / 8] ^ (1u << k % 8));
		CHECK(pptp_mux_find(mux, other, id) == NULL);
		CHECK_EQ(pptp_mux_count(mux, PPTP_MUX_FOREIGN_SOURCE), ++foreign);
	}
	for (k = 0; k <= 65535; k++) {
		if (k == id || k == second)
			continue;
		check_row("call id %u", k);
		CHECK(pptp_mux_find(mux, peer, (uint16_t)k) == NULL);
		CHECK_EQ(pptp_mux_count(mux, PPTP_MUX_UNKNOWN_CALL), ++unknown);
	}
	check_row("moved");
	other[0] = 0x20;
	CHECK_EQ(pptp_mux_bind(mux, id, other, &moved), PPTP_OK);
	CHECK(pptp_mux_find(mux, other, id) == &moved);
	CHECK(pptp_mux_find(mux, peer, id) == NULL);
	other[0] = 0x21; /* the address was copied */
	CHECK(pptp_mux_find(mux, other, id) == NULL);
	check_row("released");
	other[0] = 0x20;
	CHECK_EQ(pptp_mux_release(mux, id), PPTP_OK);
	CHECK(pptp_mux_find(mux, other, id) == NULL);
	CHECK_EQ(pptp_mux_release(mux, id), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_count(mux, PPTP_MUX_COUNTS), 0);
	CHECK_EQ(pptp_mux_count(mux, UINT32_MAX), 0);
	drop(mux, mem);
}

/* Two calls of different peers; an id that comes back forgets its old binding. */
/* Shows: I-02 I-01 */
static void test_mux_rebound(void **state)
{
	uint8_t a[16] = {1}, b[16] = {2};
	int target_a, target_b;
	uint16_t id = 0, first = 0;
	void *mem;
	pptp_mux *mux = make_in(&mem, 65535, 3);
	uint32_t k;
	(void)state;
	CHECK_EQ(pptp_mux_reserve(mux, &first), PPTP_OK);
	CHECK_EQ(pptp_mux_bind(mux, first, a, &target_a), PPTP_OK);
	for (k = 1; k < CALLS; k++) {
		CHECK_EQ(pptp_mux_reserve(mux, &id), PPTP_OK);
		CHECK_EQ(pptp_mux_bind(mux, id, b, &target_b), PPTP_OK);
	}
	for (k = 1; k <= CALLS; k++) {
		check_row("id %u", k);
		CHECK(pptp_mux_find(mux, k == first ? a : b, (uint16_t)k) ==
		      (k == first ? &target_a : &target_b));
		CHECK(pptp_mux_find(mux, k == first ? b : a, (uint16_t)k) == NULL);
	}
	CHECK_EQ(pptp_mux_release(mux, first), PPTP_OK);
	CHECK_EQ(pptp_mux_reserve(mux, &id), PPTP_OK);
	CHECK_EQ(id, first);
	CHECK(pptp_mux_find(mux, a, id) == NULL);
	drop(mux, mem);
}

/* A long random life against a plain model. */
/* Shows: I-01 I-02 */
static void test_mux_model(void **state)
{
	static uint8_t live[65536];
	static uint8_t peers[65536];
	static int targets[65536];
	uint16_t ids[50], id;
	uint32_t count = 0, turn, turns = check_scale(100000);
	check_random random = {6};
	void *mem;
	pptp_mux *mux = make_in(&mem, LEN(ids), 11);
	(void)state;
	memset(live, 0, sizeof(live));
	for (turn = 0; turn < turns; turn++) {
		uint32_t what = random_below(&random, 4);
		uint8_t peer[16] = {0};
		check_row("turn %u", turn);
		peer[5] = (uint8_t)random_below(&random, 3);
		if (what == 0) {
			pptp_err err = pptp_mux_reserve(mux, &id);
			CHECK_EQ(err, count == LEN(ids) ? PPTP_ERR_LIMIT : PPTP_OK);
			if (err)
				continue;
			CHECK(id != 0 && !live[id]);
			live[id] = 1;
			peers[id] = peer[5];
			ids[count++] = id;
			CHECK_EQ(pptp_mux_bind(mux, id, peer, &targets[id]), PPTP_OK);
		} else if (what == 1 && count) {
			uint32_t k = random_below(&random, count);
			CHECK_EQ(pptp_mux_release(mux, ids[k]), PPTP_OK);
			live[ids[k]] = 0;
			ids[k] = ids[--count];
		} else {
			id = count && what == 2 ? ids[random_below(&random, count)]
			                        : (uint16_t)random_next(&random);
			CHECK(pptp_mux_find(mux, peer, id) ==
			      (live[id] && peers[id] == peer[5] ? &targets[id] : NULL));
		}
	}
	drop(mux, mem);
}

/* Two clients behind one address: the Call ID alone tells them apart. Packets for ids that are none of ours,
 * and those of a neighbour, are counted and nothing else. */
/* Shows: I-01 I-02 */
static void test_mux_q24_q25_behind_one_nat(void **state)
{
	static const uint8_t nat[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 203, 0, 113, 9};
	int targets[2];
	uint16_t ids[2] = {0, 0}, id;
	uint32_t k, unknown = 0;
	void *mem;
	pptp_mux *mux = make_in(&mem, 100, 24);
	(void)state;
	for (k = 0; k < 2; k++) {
		CHECK_EQ(pptp_mux_reserve(mux, &ids[k]), PPTP_OK);
		CHECK_EQ(pptp_mux_bind(mux, ids[k], nat, &targets[k]), PPTP_OK);
	}
	for (k = 0; k <= 65535; k++) {
		id = (uint16_t)k;
		check_row("id %u", k);
		CHECK(pptp_mux_find(mux, nat, id) == (id == ids[0]   ? &targets[0]
		                                      : id == ids[1] ? &targets[1]
		                                                     : NULL));
		unknown += id != ids[0] && id != ids[1];
	}
	CHECK_EQ(pptp_mux_count(mux, PPTP_MUX_UNKNOWN_CALL), unknown);
	CHECK_EQ(pptp_mux_count(mux, PPTP_MUX_FOUND), 2);
	CHECK_EQ(pptp_mux_count(mux, PPTP_MUX_FOREIGN_SOURCE), 0);
	drop(mux, mem);
}

/* All 65,535 calls: every one is found, with its own address and no other. */
/* Shows: I-01 I-02 G-HDR-05 */
static void test_mux_full(void **state)
{
	static int targets[65536];
	uint32_t k;
	void *mem;
	pptp_mux *mux = make_in(&mem, CALLS, 77);
	(void)state;
	for (k = 0; k < CALLS; k++) {
		uint8_t peer[16] = {0x20, 0x01};
		uint16_t id = 0;
		CHECK_EQ(pptp_mux_reserve(mux, &id), PPTP_OK);
		peer[14] = (uint8_t)(id >> 8);
		peer[15] = (uint8_t)id;
		CHECK_EQ(pptp_mux_bind(mux, id, peer, &targets[id]), PPTP_OK);
	}
	for (k = 0; k <= 65535; k++) {
		uint8_t peer[16] = {0x20, 0x01};
		check_row("id %u", k);
		peer[14] = (uint8_t)(k >> 8);
		peer[15] = (uint8_t)k;
		CHECK(pptp_mux_find(mux, peer, (uint16_t)k) == (k ? &targets[k] : NULL));
		peer[15] ^= 1;
		CHECK(pptp_mux_find(mux, peer, (uint16_t)k) == NULL);
	}
	CHECK_EQ(pptp_mux_count(mux, PPTP_MUX_FOREIGN_SOURCE), 65535);
	drop(mux, mem);
}

/* The slots begin on a cache line wherever the memory does, and stay inside it. */
static void test_mux_any_alignment(void **state)
{
	size_t size = pptp_mux_size(3), offset;
	uint8_t *mem = check_alloc(size + 128);
	(void)state;
	for (offset = 0; offset < 64; offset += sizeof(uint64_t)) {
		uint8_t peer[16] = {1};
		uint16_t ids[3] = {0};
		pptp_mux *mux = NULL;
		uint32_t k;
		check_row("offset %u", (unsigned)offset);
		memset(mem, 0xA5, size + 128);
		CHECK_EQ(pptp_mux_init(mem + offset, size, 3, 5, &mux), PPTP_OK);
		for (k = 0; k < 3; k++) {
			CHECK_EQ(pptp_mux_reserve(mux, &ids[k]), PPTP_OK);
			CHECK_EQ(pptp_mux_bind(mux, ids[k], peer, &ids[k]), PPTP_OK);
		}
		for (k = 0; k < 3; k++)
			CHECK(pptp_mux_find(mux, peer, ids[k]) == &ids[k]);
		pptp_mux_free(mux);
		for (k = 0; k < offset; k++)
			CHECK_EQ(mem[k], 0xA5);
		for (k = 0; k < 64; k++)
			CHECK_EQ(mem[offset + size + k], 0xA5);
	}
	free(mem);
}

static void test_mux_misuse(void **state)
{
	uint8_t peer[16] = {0};
	int target;
	uint16_t id = 0;
	size_t size = pptp_mux_size(10);
	uint8_t *mem = check_alloc(size + 16);
	pptp_mux *mux = NULL;
	(void)state;
	CHECK(size > 0);
	CHECK_EQ(pptp_mux_size(0), 0);
	CHECK_EQ(pptp_mux_size(PPTP_MUX_MAX_CALLS + 1), 0);
	CHECK_EQ(pptp_mux_size(UINT32_MAX), 0);
	CHECK(pptp_mux_size(PPTP_MUX_MAX_CALLS) > pptp_mux_size(1));
	CHECK_EQ(pptp_mux_init(NULL, size, 10, 0, &mux), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_init(mem, size, 10, 0, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_init(mem, size, 0, 0, &mux), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_init(mem, size, PPTP_MUX_MAX_CALLS + 1, 0, &mux), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_init(mem, size - 1, 10, 0, &mux), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_mux_init(mem, 0, 10, 0, &mux), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_mux_init(mem + 1, size, 10, 0, &mux), PPTP_ERR_ALIGN);
	CHECK(mux == NULL);
	CHECK_EQ(pptp_mux_init(mem, size, 10, 0, &mux), PPTP_OK);
	CHECK_EQ(pptp_mux_reserve(mux, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_reserve(NULL, &id), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_reserve(mux, &id), PPTP_OK);
	CHECK_EQ(pptp_mux_bind(mux, id, NULL, &target), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_bind(mux, id, peer, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_bind(NULL, id, peer, &target), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_bind(mux, 0, peer, &target), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_bind(mux, (uint16_t)(id ^ 1), peer, &target), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_release(mux, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_release(mux, (uint16_t)(id ^ 1)), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_release(NULL, id), PPTP_ERR_ARG);
	CHECK(pptp_mux_find(NULL, peer, id) == NULL);
	CHECK(pptp_mux_find(mux, NULL, id) == NULL);
	CHECK_EQ(pptp_mux_count(NULL, PPTP_MUX_FOUND), 0);
	pptp_mux_free(mux);
	pptp_mux_free(NULL);
	free(mem);
}

static void test_mux_heap(void **state)
{
	pptp_mux *mux = NULL;
	uint16_t id = 0;
	(void)state;
	CHECK_EQ(pptp_mux_new(0, 0, &mux), PPTP_ERR_ARG);
	CHECK_EQ(pptp_mux_new(1, 0, NULL), PPTP_ERR_ARG);
	CHECK(mux == NULL);
	CHECK_EQ(pptp_mux_new(1, 0, &mux), PPTP_OK);
	CHECK_EQ(pptp_mux_reserve(mux, &id), PPTP_OK);
	CHECK_EQ(pptp_mux_reserve(mux, &id), PPTP_ERR_LIMIT);
	pptp_mux_free(mux);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_mux_unique),
	        cmocka_unit_test(test_mux_oldest_first),
	        cmocka_unit_test(test_mux_not_reused_soon),
	        cmocka_unit_test(test_mux_q26_spread_ids),
	        cmocka_unit_test(test_mux_t36_spoofed_source),
	        cmocka_unit_test(test_mux_rebound),
	        cmocka_unit_test(test_mux_model),
	        cmocka_unit_test(test_mux_q24_q25_behind_one_nat),
	        cmocka_unit_test(test_mux_full),
	        cmocka_unit_test(test_mux_any_alignment),
	        cmocka_unit_test(test_mux_misuse),
	        cmocka_unit_test(test_mux_heap),
	};
	return cmocka_run_group_tests_name("mux", tests, NULL, NULL);
}
