/* neighbours: each identifier leads to who has it, and to nobody when he is gone. */
#include "check.h"
#include "neighbours.h"

#define MANY 20000u

static struct neighbours neighbours;
static struct neighbour all[MANY];

static void identifier_of(uint32_t i, uint8_t ret[PPP_INTERFACE_OCTETS])
{
	check_random random = {i};

	random_fill(&random, ret, PPP_INTERFACE_OCTETS);
	ret[4] = (uint8_t)(i >> 24);
	ret[5] = (uint8_t)(i >> 16);
	ret[6] = (uint8_t)(i >> 8);
	ret[7] = (uint8_t)i;
}

static void check_all(uint32_t gone_below)
{
	uint8_t identifier[PPP_INTERFACE_OCTETS];

	for (uint32_t i = 0; i < MANY; i++) {
		check_row("%u", (unsigned)i);
		identifier_of(i, identifier);
		CHECK(neighbours_find(&neighbours, identifier) == (i < gone_below ? NULL : &all[i]));
	}
}

static void test_neighbours_many(void **state)
{
	uint8_t identifier[PPP_INTERFACE_OCTETS];
	struct neighbour other = {{0}, NULL, NULL};

	(void)state;
	check_all(MANY);
	for (uint32_t i = 0; i < MANY; i++) {
		identifier_of(i, identifier);
		CHECK(neighbours_add(&neighbours, &all[i], identifier, &all[i]));
	}
	check_all(0);
	identifier_of(7, identifier);
	CHECK(!neighbours_add(&neighbours, &other, identifier, &other)); /* taken */
	neighbours_remove(&neighbours, &other);                          /* never added */
	check_all(0);
	for (uint32_t i = 0; i < MANY / 2; i++)
		neighbours_remove(&neighbours, &all[i]);
	check_all(MANY / 2);
	CHECK(neighbours_add(&neighbours, &other, identifier, &other));
	CHECK(neighbours_find(&neighbours, identifier) == &other);
	neighbours_remove(&neighbours, &other);
	neighbours_remove(&neighbours, &other);
	check_all(MANY / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_neighbours_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
