/* test_ppp_auth: two ends of examples/ppp that prove themselves to each other, by each method and each way
 * round: RFC 1334, 1994, 2433, 2759 and RFC 3079's keys. */
#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "internal.h"

static const uint8_t methods[] = {PPP_AUTH_PAP, PPP_AUTH_CHAP_MD5, PPP_AUTH_MSCHAP1, PPP_AUTH_MSCHAP2};

#define METHODS (sizeof methods / sizeof methods[0])

/* P-PH-*, P-LCP-04: each method alone, from Dead to Network, without one repetition. */
static void test_auth_each_method(void **state)
{
	(void)state;
	for (size_t i = 0; i < METHODS; i++) {
		ppp_options c, s;

		pair_with(&c, &s, methods[i]);
		pair_begin(&c, &s);
		pair_run(20 * SECOND);
		pair_assert_up();
		assert_string_equal(server.up_name, "User");
		assert_int_equal(server.up.auth_method, methods[i]);
		assert_int_equal(server.up.own_auth_method, 0);
		assert_string_equal(client.up_name, "");
		assert_int_equal(client.up.auth_method, 0);
		assert_int_equal(client.up.own_auth_method, methods[i]);
		assert_int_equal(server.lookups, 1);
		assert_int_equal(server.looked_up_for, methods[i]);
		assert_int_equal(ppp_count(&client.link, PPP_COUNT_RETRANSMITS), 0);
		assert_int_equal(ppp_count(&server.link, PPP_COUNT_RETRANSMITS), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_auth_each_method),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
