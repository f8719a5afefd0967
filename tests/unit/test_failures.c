/* failures: so many failed log-ins from an address and no more, for a while; others are not touched. */
#include "check.h"
#include "failures.h"

#define SECOND ((uint64_t)1000000)

static struct failures failures;

static struct address ipv4(uint32_t host)
{
	return address_from_ipv4((struct in_addr){htonl(0x0A000000 + host)});
}

static void guess(const struct address *from, unsigned times, uint64_t now)
{
	while (times-- > 0)
		failures_note(&failures, from, now);
}

static void test_failures_limit(void **state)
{
	struct address bad = ipv4(1), good = ipv4(2);
	uint64_t now = 1000 * SECOND;

	(void)state;
	failures = (struct failures){.limit = 3};
	CHECK(!failures_refuse(&failures, &bad, now));
	guess(&bad, 2, now);
	CHECK(!failures_refuse(&failures, &bad, now));
	guess(&bad, 1, now);
	CHECK(failures_refuse(&failures, &bad, now));
	CHECK(!failures_refuse(&failures, &good, now));
	CHECK(failures_refuse(&failures, &bad, now + FAILURES_WINDOW_US - 1));
	CHECK(!failures_refuse(&failures, &bad, now + FAILURES_WINDOW_US));
	/* It begins anew: nothing of before counts. */
	now += FAILURES_WINDOW_US;
	guess(&bad, 2, now);
	CHECK(!failures_refuse(&failures, &bad, now));
	guess(&bad, 1, now);
	CHECK(failures_refuse(&failures, &bad, now));
}

/* One that tries slowly is never refused; one that tries within the window is, since the newest counts. */
static void test_failures_over_time(void **state)
{
	struct address slow = ipv4(1), steady = ipv4(2);
	uint64_t now = SECOND;

	(void)state;
	failures = (struct failures){.limit = 5};
	for (unsigned i = 0; i < 20; i++, now += FAILURES_WINDOW_US) {
		check_row("%u", i);
		guess(&slow, 1, now);
		CHECK(!failures_refuse(&failures, &slow, now));
	}
	for (unsigned i = 1; i <= 10; i++, now += FAILURES_WINDOW_US / 2) {
		check_row("steady %u", i);
		guess(&steady, 1, now);
		CHECK_EQ(failures_refuse(&failures, &steady, now), i >= 5);
	}
}

static void test_failures_no_limit(void **state)
{
	struct address any = ipv4(1);

	(void)state;
	failures = (struct failures){.limit = 0};
	guess(&any, 1000, 0);
	CHECK(!failures_refuse(&failures, &any, 0));
}

/* Whoever has a network of IPv6 has 2^64 addresses: they are one here. */
static void test_failures_ipv6(void **state)
{
	struct address one = {{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 1}, 0}, same = one, other = one;

	(void)state;
	same.octets[15] = 7;
	other.octets[7] = 2;
	failures = (struct failures){.limit = 2};
	guess(&one, 1, 0);
	guess(&same, 1, 0);
	CHECK(failures_refuse(&failures, &one, 0) && failures_refuse(&failures, &same, 0));
	CHECK(!failures_refuse(&failures, &other, 0));
}

/* More addresses than there is room for: the one that was quiet for longest is forgotten. */
static void test_failures_many(void **state)
{
	(void)state;
	failures = (struct failures){.limit = 1};
	for (uint32_t i = 0; i < FAILURES_PEERS + 10; i++) {
		struct address peer = ipv4(i);

		guess(&peer, 1, i);
	}
	for (uint32_t i = 0; i < FAILURES_PEERS + 10; i++) {
		struct address peer = ipv4(i);

		check_row("%u", (unsigned)i);
		CHECK_EQ(failures_refuse(&failures, &peer, FAILURES_PEERS + 10), i >= 10);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_failures_limit),    cmocka_unit_test(test_failures_over_time),
	        cmocka_unit_test(test_failures_no_limit), cmocka_unit_test(test_failures_ipv6),
	        cmocka_unit_test(test_failures_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
