/* pool: nobody's address is given to a second one, reserved ones only to who claims them. */
#include "check.h"
#include "pool.h"

#define FIRST 0x0A000002u
#define LAST  0x0A000005u
#define FAR   0x0B000001u

static int owners[8];

static void test_pool_order(void **state)
{
	struct pool pool;

	(void)state;
	CHECK(pool_open(&pool, FIRST, LAST));
	for (uint32_t i = 0; i < 4; i++)
		CHECK_EQ(pool_take(&pool, &owners[i]), FIRST + i);
	CHECK_EQ(pool_take(&pool, &owners[4]), 0);
	CHECK(pool_owner(&pool, FIRST + 1) == &owners[1]);
	CHECK(pool_owner(&pool, LAST + 1) == NULL);
	CHECK(pool_owner(&pool, 0) == NULL);
	pool_give_back(&pool, FIRST + 2, &owners[2]);
	pool_give_back(&pool, FIRST, &owners[0]);
	CHECK(pool_owner(&pool, FIRST + 2) == NULL);
	CHECK_EQ(pool_take(&pool, &owners[4]), FIRST + 2); /* the oldest first */
	pool_give_back(&pool, FIRST + 2, &owners[5]);      /* not his */
	CHECK(pool_owner(&pool, FIRST + 2) == &owners[4]);
	CHECK_EQ(pool_take(&pool, &owners[5]), FIRST);
	CHECK_EQ(pool_take(&pool, &owners[6]), 0);
	pool_close(&pool);
}

static void test_pool_reserved(void **state)
{
	static const uint32_t some[] = {FIRST, FAR, FIRST}, others[] = {FIRST + 1, FAR + 1};
	struct pool pool;
	void *former = NULL;

	(void)state;
	CHECK(pool_open(&pool, FIRST, LAST));
	CHECK(!pool_claim(&pool, FIRST, &owners[0], &former)); /* nothing is reserved yet */
	CHECK(!pool_claim(&pool, FAR, &owners[0], &former));
	CHECK(pool_reserve(&pool, some, LEN(some)));
	CHECK_EQ(pool_take(&pool, &owners[0]), FIRST + 1);
	CHECK(pool_claim(&pool, FAR, &owners[1], &former) && former == NULL);
	CHECK(pool_claim(&pool, FIRST, &owners[2], &former) && former == NULL);
	CHECK(pool_claim(&pool, FIRST, &owners[3], &former) && former == &owners[2]);
	CHECK(pool_owner(&pool, FIRST) == &owners[3]);
	pool_give_back(&pool, FIRST, &owners[2]); /* the former one's end */
	CHECK(pool_owner(&pool, FIRST) == &owners[3]);
	CHECK(pool_owner(&pool, FAR) == &owners[1]);

	/* Others are reserved now: who has an address keeps it, also one outside. */
	CHECK(pool_reserve(&pool, others, LEN(others)));
	CHECK(pool_owner(&pool, FIRST) == &owners[3]);
	CHECK(pool_owner(&pool, FIRST + 1) == &owners[0]);
	CHECK(pool_owner(&pool, FAR) == &owners[1]);
	CHECK(!pool_claim(&pool, FAR, &owners[4], &former));
	CHECK(pool_claim(&pool, FAR + 1, &owners[4], &former) && former == NULL);
	pool_give_back(&pool, FAR, &owners[1]);
	CHECK(pool_owner(&pool, FAR) == NULL);

	/* What is given back is given out again when it is not reserved, and only then. */
	pool_give_back(&pool, FIRST + 1, &owners[0]);
	pool_give_back(&pool, FIRST, &owners[3]);
	CHECK_EQ(pool_take(&pool, &owners[0]), FIRST + 2);
	CHECK_EQ(pool_take(&pool, &owners[1]), FIRST + 3);
	CHECK_EQ(pool_take(&pool, &owners[2]), FIRST);
	CHECK_EQ(pool_take(&pool, &owners[3]), 0);
	CHECK(pool_reserve(&pool, NULL, 0));
	CHECK(pool_owner(&pool, FAR + 1) == &owners[4]);
	CHECK_EQ(pool_take(&pool, &owners[3]), FIRST + 1);
	CHECK_EQ(pool_take(&pool, &owners[3]), 0);
	pool_close(&pool);
}

/* Against a plain record of who has what: never two owners, never a reserved one given out, none lost. */
#define RANGE  16u
#define TOTAL  (2 * RANGE) /* half of them outside */
#define ROUNDS 20000u

struct record {
	int *owner[TOTAL];
	int reserved[TOTAL];
};

static uint32_t address_of(uint32_t i)
{
	return i < RANGE ? FIRST + i : FAR + i;
}

static void take_one(struct pool *pool, struct record *record, int *owner)
{
	uint32_t address = pool_take(pool, owner), i = address - FIRST, free_ones = 0;

	for (uint32_t k = 0; k < RANGE; k++)
		free_ones += record->owner[k] == NULL && !record->reserved[k];
	CHECK_EQ(address != 0, free_ones > 0);
	if (address == 0)
		return;
	CHECK(i < RANGE && record->owner[i] == NULL && !record->reserved[i]);
	record->owner[i] = owner;
}

static void reserve_some(struct pool *pool, struct record *record, check_random *random)
{
	uint32_t addresses[TOTAL], count = 0;

	for (uint32_t i = 0; i < TOTAL; i++) {
		record->reserved[i] = random_below(random, 3) == 0;
		if (record->reserved[i])
			addresses[count++] = address_of(i);
	}
	CHECK(pool_reserve(pool, addresses, count));
}

static void claim_one(struct pool *pool, struct record *record, uint32_t i, int *owner)
{
	void *former = NULL;

	CHECK_EQ(pool_claim(pool, address_of(i), owner, &former), record->reserved[i]);
	if (!record->reserved[i])
		return;
	CHECK(former == record->owner[i]);
	record->owner[i] = owner;
}

static void test_pool_random(void **state)
{
	check_random random = {7};
	struct record record = {{0}, {0}};
	struct pool pool;
	static int names[TOTAL];

	(void)state;
	CHECK(pool_open(&pool, FIRST, FIRST + RANGE - 1));
	for (uint32_t round = 0; round < check_scale(ROUNDS); round++) {
		uint32_t i = random_below(&random, TOTAL);
		int *owner = &names[random_below(&random, TOTAL)];

		check_row("round %u", (unsigned)round);
		switch (random_below(&random, 8)) {
		case 0:
			reserve_some(&pool, &record, &random);
			break;
		case 1:
			claim_one(&pool, &record, i, owner);
			break;
		case 2:
		case 3:
		case 4:
			take_one(&pool, &record, owner);
			break;
		default:
			pool_give_back(&pool, address_of(i), owner);
			if (record.owner[i] == owner)
				record.owner[i] = NULL;
			break;
		}
		for (i = 0; i < TOTAL; i++)
			CHECK(pool_owner(&pool, address_of(i)) == record.owner[i]);
	}
	pool_close(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_pool_order),
	        cmocka_unit_test(test_pool_reserved),
	        cmocka_unit_test(test_pool_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
