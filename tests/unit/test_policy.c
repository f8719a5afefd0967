/* policy: what options mean alone and together, and what is refused. */
#include "check.h"
#include "policy.h"

static void test_policy_words(void **state)
{
	static const struct {
		const char *auth;
		uint32_t wanted; /* 0: refused */
	} rows[] = {
	        {"mschap2", POLICY_MSCHAP2},
	        {"mschap1", POLICY_MSCHAP1},
	        {"chap", POLICY_CHAP},
	        {"pap", POLICY_PAP},
	        {"mschap2,mschap1,chap,pap", POLICY_MSCHAP2 | POLICY_MSCHAP1 | POLICY_CHAP | POLICY_PAP},
	        {"pap,pap", POLICY_PAP},
	        {"", 0},
	        {",", 0},
	        {"pap,", 0},
	        {",pap", 0},
	        {"pa", 0},
	        {"paps", 0},
	        {"PAP", 0},
	        {"pap chap", 0},
	        {"eap", 0},
	};
	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct policy policy = {0};

		check_row("%s", rows[i].auth);
		CHECK_EQ(policy_auth("--auth", rows[i].auth, &policy), rows[i].wanted != 0);
		CHECK_EQ(policy.auth, rows[i].wanted);
	}
}

static void test_policy_mppe_words(void **state)
{
	struct policy policy = {0};

	(void)state;
	CHECK(policy_mppe("--mppe", "off", &policy) && policy.mppe == POLICY_MPPE_OFF);
	CHECK(policy_mppe("--mppe", "allowed", &policy) && policy.mppe == POLICY_MPPE_ALLOWED);
	CHECK(policy_mppe("--mppe", "required", &policy) && policy.mppe == POLICY_MPPE_REQUIRED);
	CHECK(!policy_mppe("--mppe", "on", &policy) && policy.mppe == POLICY_MPPE_REQUIRED);
	CHECK(!policy_mppe("--mppe", "required,off", &policy));
	CHECK(policy_bits("--mppe-bits", "40,128", &policy));
	CHECK_EQ(policy.bits, POLICY_MPPE_40 | POLICY_MPPE_128);
	CHECK(policy_bits("--mppe-bits", "56", &policy) && policy.bits == POLICY_MPPE_56);
	CHECK(!policy_bits("--mppe-bits", "64", &policy) && policy.bits == POLICY_MPPE_56);
}

/* The defaults protect: MS-CHAPv2, and MPPE with 128 bits or no link. */
static void test_policy_together(void **state)
{
	static const struct {
		const char *name;
		int authenticates;
		struct policy given;
		int good;
		struct policy wanted;
	} rows[] = {
	        {"nothing, with a user",
	         1,
	         {0},
	         1,
	         {POLICY_MSCHAP2, POLICY_MPPE_REQUIRED, POLICY_MPPE_128, false, false}},
	        {"nothing, without", 0, {0}, 1, {0, POLICY_MPPE_OFF, 0, false, false}},
	        {"off, without", 0, {.mppe = POLICY_MPPE_OFF}, 1, {0, POLICY_MPPE_OFF, 0, false, false}},
	        {"required, without", 0, {.mppe = POLICY_MPPE_REQUIRED}, 0, {0}},
	        {"allowed, without", 0, {.mppe = POLICY_MPPE_ALLOWED}, 0, {0}},
	        {"a method, without", 0, {.auth = POLICY_MSCHAP2}, 0, {0}},
	        {"bits, without", 0, {.bits = POLICY_MPPE_128}, 0, {0}},
	        {"both MS-CHAP",
	         1,
	         {.auth = POLICY_MSCHAP},
	         1,
	         {POLICY_MSCHAP, POLICY_MPPE_REQUIRED, POLICY_MPPE_128, false, false}},
	        {"PAP, which has no keys", 1, {.auth = POLICY_PAP}, 0, {0}},
	        {"CHAP beside MS-CHAPv2", 1, {.auth = POLICY_CHAP | POLICY_MSCHAP2}, 0, {0}},
	        {"PAP, open",
	         1,
	         {.auth = POLICY_PAP, .mppe = POLICY_MPPE_OFF},
	         1,
	         {POLICY_PAP, POLICY_MPPE_OFF, 0, false, false}},
	        {"PAP, if need be",
	         1,
	         {.auth = POLICY_PAP | POLICY_MSCHAP2, .mppe = POLICY_MPPE_ALLOWED},
	         1,
	         {POLICY_PAP | POLICY_MSCHAP2, POLICY_MPPE_ALLOWED, POLICY_MPPE_128, false, false}},
	        {"weak and stateful",
	         1,
	         {.bits = POLICY_MPPE_40, .stateful = true},
	         1,
	         {POLICY_MSCHAP2, POLICY_MPPE_REQUIRED, POLICY_MPPE_40, true, false}},
	        {"bits of nothing", 1, {.mppe = POLICY_MPPE_OFF, .bits = POLICY_MPPE_40}, 0, {0}},
	        {"stateful nothing", 1, {.mppe = POLICY_MPPE_OFF, .stateful = true}, 0, {0}},
	};
	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct policy policy = rows[i].given;

		check_row("%s", rows[i].name);
		CHECK_EQ(policy_settle(&policy, rows[i].authenticates, "--user"), rows[i].good);
		if (!rows[i].good)
			continue;
		CHECK_EQ(policy.auth, rows[i].wanted.auth);
		CHECK_EQ(policy.mppe, rows[i].wanted.mppe);
		CHECK_EQ(policy.bits, rows[i].wanted.bits);
		CHECK_EQ(policy.stateful, rows[i].wanted.stateful);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_policy_words),
	        cmocka_unit_test(test_policy_mppe_words),
	        cmocka_unit_test(test_policy_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
