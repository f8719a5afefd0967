/* test_ppp_auth_host: what the host of examples/ppp gives to authentication, and what it gets to read. */
#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t methods[] = {PPP_AUTH_PAP, PPP_AUTH_CHAP_MD5, PPP_AUTH_MSCHAP1, PPP_AUTH_MSCHAP2};

#define METHODS (sizeof methods / sizeof methods[0])
#define MSCHAPS (PPP_AUTH_MSCHAP1 | PPP_AUTH_MSCHAP2)

static void open_with(uint8_t method)
{
	ppp_options c, s;

	pair_with(&c, &s, method);
	pair_begin(&c, &s);
	pair_run(20 * SECOND);
	pair_assert_up();
}

/* P-MS2-12: UTF-8 in, up to 256 units of UTF-16; what cannot be is found out before a call is made. */
static void test_auth_options(void **state)
{
	static char longest[PPP_SECRET_MAX + 4];
	static const struct {
		uint8_t allow, demand, require;
		size_t name_len;
		const char *password;
		size_t password_len;
		int expected;
	} rows[] = {
	        {0, 0, 0, 0, NULL, 0, PPP_OK},
	        {0, 1, 0, 4, "p", 1, PPP_ERR_ARGUMENT},
	        {16, 0, 0, 4, "p", 1, PPP_ERR_ARGUMENT},
	        {0, 0, 16, 4, "p", 1, PPP_ERR_ARGUMENT},
	        {8, 0, 0, 4, "p", 1, PPP_OK},
	        {8, 1, 15, 4, "", 0, PPP_OK},
	        {8, 0, 0, 4, NULL, 0, PPP_ERR_ARGUMENT},
	        {8, 0, 0, 0, "p", 1, PPP_ERR_ARGUMENT},
	        {8, 0, 0, 256, "p", 1, PPP_ERR_ARGUMENT},
	        {8, 0, 0, 4, "\xFF", 1, PPP_ERR_ARGUMENT},
	        {2, 0, 0, 4, "\xFF", 1, PPP_OK},
	        {4, 0, 0, 4, longest, 256, PPP_OK},
	        {4, 0, 0, 4, longest, 257, PPP_ERR_ARGUMENT},
	        {1, 0, 0, 4, longest, 255, PPP_OK},
	        {1, 0, 0, 4, longest, 256, PPP_ERR_ARGUMENT},
	        {2, 0, 0, 4, longest, PPP_SECRET_MAX, PPP_OK},
	        {2, 0, 0, 4, longest, PPP_SECRET_MAX + 1, PPP_ERR_ARGUMENT},
	};
	static char name[256];

	(void)state;
	memset(longest, 'a', sizeof longest);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ppp_options o = pair_server();

		o.auth_allow = rows[i].allow;
		o.auth_demand = rows[i].demand;
		o.auth_require = rows[i].require;
		o.name = name;
		o.name_len = rows[i].name_len;
		o.password = rows[i].password;
		o.password_len = rows[i].password_len;
		if (ppp_init(&server.link, &o) != rows[i].expected)
			fail_msg("row %u", (unsigned)i);
		o.secret = NULL;
		if (rows[i].require)
			assert_int_equal(ppp_init(&server.link, &o), PPP_ERR_ARGUMENT);
	}
}

/* A host that returns more than it was given room for, or what is no UTF-8, has no such user. */
static int bad_secret(void *user, const char *name, size_t name_len, uint8_t method, char *ret, size_t size)
{
	(void)user;
	(void)name;
	(void)name_len;
	memset(ret, 0xFF, size);
	return method == PPP_AUTH_MSCHAP2 ? 10 : (int)size + 1;
}

static void test_auth_host_misbehaves(void **state)
{
	(void)state;
	for (size_t i = 0; i < METHODS; i++) {
		ppp_options c, s;

		pair_with(&c, &s, methods[i]);
		s.secret = bad_secret;
		pair_begin(&c, &s);
		pair_run(60 * SECOND);
		assert_int_equal(client.ups + server.ups, 0);
		assert_int_equal(client.down.reason, PPP_REASON_AUTH_FAILED);
		assert_int_equal(server.down.reason, PPP_REASON_PEER_AUTH_FAILED);
	}
}

/* P-MS2-12, P-MS2-07, P-MS2-11: beyond ASCII, in UTF-8 on both ends; a domain before the name. */
static void test_auth_other_letters(void **state)
{
	(void)state;
	for (size_t i = 0; i < METHODS; i++) {
		ppp_options c, s;

		pair_with(&c, &s, methods[i]);
		c.name = server.user = "DOMAIN\\J\xC3\xBCrgen";
		c.name_len = 14;
		c.password = server.password = "p\xC3\xA4sse \xF0\x9F\x94\x91";
		c.password_len = strlen(c.password);
		pair_begin(&c, &s);
		pair_run(20 * SECOND);
		pair_assert_up();
		assert_string_equal(server.up_name, c.name);
	}
}

/* The line of a trace tells who and what, and nothing that helps to be somebody else. */
static void test_auth_trace(void **state)
{
	static const char *const lines[METHODS][3] = {
	        {"sent PAP Authenticate-Request id 1 name \"User\"\n", "received PAP Authenticate-Ack id 1\n",
	         "auth PAP"},
	        {"received CHAP Challenge id 1 name \"\"\n", "sent CHAP Response id 1 name \"User\"\n",
	         "auth CHAP-MD5"},
	        {"received CHAP Success id 1\n", "sent CHAP Response id 1 name \"User\"\n", "auth MS-CHAPv1"},
	        {"received CHAP Success id 1\n", "sent CHAP Response id 1 name \"User\"\n", "auth MS-CHAPv2"},
	};

	(void)state;
	for (size_t i = 0; i < METHODS; i++) {
		open_with(methods[i]);
		for (size_t line = 0; line < 3; line++)
			if (!strstr(client.lines, lines[i][line]))
				fail_msg("no '%s' in:\n%s", lines[i][line], client.lines);
		assert_null(strstr(client.lines, "clientPass"));
		assert_null(strstr(server.lines, "clientPass"));
		assert_null(strstr(client.lines, "S="));
		/* nor does the endpoint keep the password that went out */
		for (size_t at = 0; at + 10 <= sizeof client.link.transmit; at++)
			assert_memory_not_equal(client.link.transmit + at, "clientPass", 10);
	}
}

static void test_auth_names(void **state)
{
	(void)state;
	assert_string_equal(ppp_auth_name(PPP_AUTH_MSCHAP2), "MS-CHAPv2");
	assert_string_equal(ppp_phase_name(PPP_PHASE_AUTHENTICATE), "Authenticate");
	assert_null(ppp_auth_name(0));
	assert_null(ppp_auth_name(3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_auth_options),       cmocka_unit_test(test_auth_host_misbehaves),
	        cmocka_unit_test(test_auth_other_letters), cmocka_unit_test(test_auth_trace),
	        cmocka_unit_test(test_auth_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
