/* test_ppp_auth: two ends of examples/ppp that prove themselves to each other, by each method and each way
 * round: RFC 1661 3.5, 1334, 1994, 2433, 2759 and the keys of RFC 3079. */
#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "internal.h"

static const uint8_t methods[] = {PPP_AUTH_PAP, PPP_AUTH_CHAP_MD5, PPP_AUTH_MSCHAP1, PPP_AUTH_MSCHAP2};

#define METHODS     (sizeof methods / sizeof methods[0])
#define ALL_METHODS 15u
#define MSCHAPS     (PPP_AUTH_MSCHAP1 | PPP_AUTH_MSCHAP2)

static void open_with(uint8_t method)
{
	ppp_options c, s;

	pair_with(&c, &s, method);
	pair_begin(&c, &s);
	pair_run(20 * SECOND);
	pair_assert_up();
}

/* P-PH-06, P-LCP-06, P-LCP-07: each method alone, one direction, without one repetition. */
static void test_auth_each_method(void **state)
{
	(void)state;
	for (size_t i = 0; i < METHODS; i++) {
		open_with(methods[i]);
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

static void assert_refused(uint8_t method)
{
	assert_int_equal(client.ups + server.ups, 0);
	assert_int_equal(client.downs, 1);
	assert_int_equal(server.downs, 1);
	assert_int_equal(client.down.reason, PPP_REASON_AUTH_FAILED);
	assert_string_equal(client.down.layer, ppp_auth_name(method));
	assert_non_null(strstr(client.message, "wrong user name or password"));
	assert_int_equal(strstr(client.message, "error 691") != NULL, (method & MSCHAPS) != 0);
	assert_int_equal(server.down.reason, PPP_REASON_PEER_AUTH_FAILED);
	assert_string_equal(server.down.layer, ppp_auth_name(method));
	assert_string_equal(server.message, "");
	assert_int_equal(ppp_count(&server.link, PPP_COUNT_AUTH_WRONG), 1);
}

static int sent_code(end *e, uint16_t protocol, uint8_t code)
{
	e->first = 0;
	return lone_find(e, protocol, code, NULL) != NULL;
}

/* P-PAP-03, P-CHAP-04, P-MS2-09, P-PH-02, P-PH-09, P-FSM-10: the refusal, then Terminate-Request by whom it
 * was that refused. P-MS2-08: what an unknown user sees is what a wrong password gets, octet by octet. */
static void test_auth_wrong_and_unknown(void **state)
{
	static uint8_t frames[QUEUE][FRAME_MAX];

	(void)state;
	for (size_t i = 0; i < METHODS; i++) {
		unsigned sent[2];

		for (int unknown = 0; unknown < 2; unknown++) {
			ppp_options c, s;

			pair_with(&c, &s, methods[i]);
			server.password = "clientpass";
			server.user = unknown ? "user" : "User";
			pair_begin(&c, &s);
			pair_run(60 * SECOND);
			assert_refused(methods[i]);
			assert_string_equal(server.down_name, "User");
			assert_true(sent_code(&server, PPP_PROTOCOL_LCP, 5));
			sent[unknown] = server.sent;
			if (unknown) {
				assert_int_equal(sent[0], sent[1]);
				assert_memory_equal(frames, server.frames, sizeof frames);
			}
			memcpy(frames, server.frames, sizeof frames);
		}
	}
}

/* P-MS2-08: whatever is computed for a user who does not exist, no password opens. */
static void test_auth_nobodys_password(void **state)
{
	static const char *const passwords[] = {"", "password", "xxxxxxxx"};

	(void)state;
	for (size_t i = 0; i < METHODS * 3; i++) {
		ppp_options c, s;

		pair_with(&c, &s, methods[i / 3]);
		c.password = passwords[i % 3];
		c.password_len = strlen(c.password);
		server.user = NULL;
		pair_begin(&c, &s);
		pair_run(60 * SECOND);
		assert_refused(methods[i / 3]);
	}
}

/* P-PH-10: one lost frame, whichever it is, costs time and nothing else. */
static void test_auth_loses_any_frame(void **state)
{
	(void)state;
	for (size_t i = 0; i < METHODS; i++)
		for (unsigned which = 1; which <= 24; which++) {
			ppp_options c, s;

			pair_with(&c, &s, methods[i]);
			(which % 2 ? &client : &server)->lose = (which + 1) / 2;
			pair_begin(&c, &s);
			pair_run(29 * SECOND);
			pair_assert_up();
			assert_string_equal(server.up_name, "User");
		}
}

/* The server also has something to prove, by another name and password. */
static void both_ways(ppp_options *c, ppp_options *s, uint8_t client_proves, uint8_t server_proves)
{
	pair_with(c, s, client_proves);
	s->auth_allow = c->auth_require = server_proves;
	s->name = "Gate";
	s->name_len = 4;
	s->password = "other words";
	s->password_len = 11;
	client.user = "Gate";
	client.password = "other words";
}

/* P-LCP-06: both directions at once, each by its own method. */
static void test_auth_both_ways(void **state)
{
	uint8_t keys[16];

	(void)state;
	for (size_t i = 0; i < METHODS * METHODS; i++) {
		uint8_t ours = methods[i / METHODS], theirs = methods[i % METHODS];
		int one_mschap = ((ours & MSCHAPS) != 0) != ((theirs & MSCHAPS) != 0);
		ppp_options c, s;

		both_ways(&c, &s, ours, theirs);
		pair_begin(&c, &s);
		pair_run(20 * SECOND);
		pair_assert_up();
		assert_string_equal(server.up_name, "User");
		assert_string_equal(client.up_name, "Gate");
		assert_int_equal(server.up.auth_method, ours);
		assert_int_equal(server.up.own_auth_method, theirs);
		assert_int_equal(client.up.auth_method, theirs);
		/* no end can know which of two authentications the keys come from */
		assert_int_equal(ppp_auth_mppe_keys(&client.link, 16, keys, keys) == 0, one_mschap);
		assert_int_equal(ppp_auth_mppe_keys(&server.link, 16, keys, keys) == 0, one_mschap);
	}
}

/* One direction succeeds, the other fails: there is no link, whichever it is. */
static void test_auth_both_ways_one_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < METHODS * METHODS * 2; i++) {
		ppp_options c, s;
		end *wrong = i % 2 ? &client : &server;

		both_ways(&c, &s, methods[i / 2 / METHODS], methods[i / 2 % METHODS]);
		wrong->password = "wrong";
		pair_begin(&c, &s);
		pair_run(60 * SECOND);
		assert_int_equal(client.ups + server.ups, 0);
		assert_int_equal(wrong->down.reason, PPP_REASON_PEER_AUTH_FAILED);
		assert_int_equal(wrong->other->down.reason, PPP_REASON_AUTH_FAILED);
	}
}

/* P-LCP-04: whatever one end demands and the other allows, they meet where they can, and nowhere else. */
static void test_auth_any_two_sets(void **state)
{
	(void)state;
	for (unsigned demanded = 1; demanded <= ALL_METHODS; demanded++)
		for (unsigned allowed = 0; allowed <= ALL_METHODS; allowed++) {
			ppp_options c, s;

			pair_with(&c, &s, (uint8_t)demanded);
			c.auth_allow = (uint8_t)allowed;
			pair_begin(&c, &s);
			pair_run(60 * SECOND);
			if (demanded & allowed) {
				pair_assert_up();
				assert_true(server.up.auth_method & demanded & allowed);
				assert_int_equal(client.up.own_auth_method, server.up.auth_method);
			} else {
				assert_int_equal(client.ups + server.ups + server.lookups, 0);
				assert_int_equal(server.down.reason, PPP_REASON_AUTH_REFUSED);
				assert_int_equal(client.down.reason, PPP_REASON_WANTS_AUTHENTICATION);
			}
		}
}

/* The strongest that both ends take wins where the client does not suggest a weaker one. */
static void test_auth_strongest_first(void **state)
{
	static const uint8_t by_strength[] = {PPP_AUTH_MSCHAP2, PPP_AUTH_CHAP_MD5, PPP_AUTH_MSCHAP1,
	                                      PPP_AUTH_PAP};
	uint8_t left = ALL_METHODS;

	(void)state;
	for (size_t i = 0; i < METHODS; left &= (uint8_t)~by_strength[i++]) {
		ppp_options c, s;

		pair_with(&c, &s, ALL_METHODS);
		c.auth_allow = left;
		pair_begin(&c, &s);
		pair_run(20 * SECOND);
		pair_assert_up();
		assert_int_equal(server.up.auth_method, by_strength[i]);
	}
}

/* P-LCP-10: a client that needs the server's demand does without a link, and no password leaves it. */
static void test_auth_demand(void **state)
{
	ppp_options c, s;

	(void)state;
	pair_with(&c, &s, PPP_AUTH_MSCHAP2);
	c.auth_demand = 1;
	pair_begin(&c, &s);
	pair_run(20 * SECOND);
	pair_assert_up();

	pair_with(&c, &s, ALL_METHODS);
	c.auth_demand = 1;
	s.auth_require = 0;
	pair_begin(&c, &s);
	pair_run(60 * SECOND);
	assert_int_equal(client.ups + server.ups, 0);
	assert_int_equal(client.down.reason, PPP_REASON_AUTH_NOT_DEMANDED);
	assert_false(sent_code(&client, PPP_PROTOCOL_PAP, 1) || sent_code(&client, PPP_PROTOCOL_CHAP, 2));
}

/* P-PAP-04: without a word of the host nothing is demanded or given. */
static void test_auth_off_by_default(void **state)
{
	ppp_options c = pair_client(), s = pair_server();

	(void)state;
	assert_int_equal(c.auth_require | c.auth_allow | c.auth_demand | c.auth_retries, 0);
	pair_begin(&c, &s);
	pair_run(20 * SECOND);
	pair_assert_up();
	assert_int_equal(server.up.auth_method | server.up.own_auth_method, 0);
	assert_string_equal(server.up.peer_name, "");
}

/* ---- keys -------------------------------------------------------------------------------------------- */

/* P-KEY-01, P-KEY-02, P-PAP-07: what one end sends with, the other receives with; without MS-CHAP
 * there are none. */
static void test_auth_keys(void **state)
{
	static const size_t sizes[] = {8, 16};

	(void)state;
	for (size_t i = 0; i < METHODS * 2; i++) {
		uint8_t cs[16] = {0}, cr[16] = {0}, ss[16] = {0}, sr[16] = {0};
		size_t len = sizes[i % 2];
		int expected = methods[i / 2] & MSCHAPS ? 0 : -1;

		open_with(methods[i / 2]);
		assert_int_equal(ppp_auth_mppe_keys(&client.link, len, cs, cr), expected);
		assert_int_equal(ppp_auth_mppe_keys(&server.link, len, ss, sr), expected);
		assert_memory_equal(cs, sr, 16);
		assert_memory_equal(cr, ss, 16);
		assert_int_equal(memcmp(cs, cr, len) == 0, methods[i / 2] != PPP_AUTH_MSCHAP2);
		assert_int_equal(ppp_auth_mppe_keys(&client.link, 7, cs, cr), -1);
		/* P-KEY-04: gone with the call, on both ends */
		ppp_lower_down(&client.link, now);
		ppp_close(&server.link, PPP_REASON_LOCAL, now);
		assert_int_equal(ppp_auth_mppe_keys(&client.link, len, cs, cr), -1);
		assert_int_equal(ppp_auth_mppe_keys(&server.link, len, cs, cr), -1);
	}
}

/* P-MS1-06, P-MS1-07: of a long password there is no LM hash, which the short keys of MS-CHAPv1 come from. */
static void test_auth_keys_without_lm_hash(void **state)
{
	uint8_t send[16], recv[16];
	ppp_options c, s;

	(void)state;
	pair_with(&c, &s, PPP_AUTH_MSCHAP1);
	server.password = c.password = "fifteen letters";
	c.password_len = 15;
	pair_begin(&c, &s);
	pair_run(20 * SECOND);
	pair_assert_up();
	assert_int_equal(ppp_auth_mppe_keys(&client.link, 8, send, recv), -1);
	assert_int_equal(ppp_auth_mppe_keys(&client.link, 16, send, recv), 0);
}

/* ---- later ------------------------------------------------------------------------------------------- */

/* P-PH-08: LCP begins anew, and so does everything above it: names, keys. */
static void test_auth_again_after_renegotiation(void **state)
{
	uint8_t before[16], after[16], other[16];

	(void)state;
	open_with(PPP_AUTH_MSCHAP2);
	assert_int_equal(ppp_auth_mppe_keys(&server.link, 16, before, other), 0);
	lone_hear(&server, "FF03C021 01F00004");
	assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_ESTABLISH);
	assert_int_equal(ppp_auth_mppe_keys(&server.link, 16, after, other), -1);
	pair_run(now + 20 * SECOND);
	pair_assert_up();
	assert_int_equal(client.ups, 2);
	assert_int_equal(server.ups, 2);
	assert_int_equal(server.lookups, 2);
	assert_int_equal(ppp_auth_mppe_keys(&server.link, 16, after, other), 0);
	assert_memory_not_equal(before, after, 16);
}

/* A second call on the same link: nothing of the first one helps. */
static void test_auth_second_session(void **state)
{
	(void)state;
	open_with(PPP_AUTH_MSCHAP2);
	ppp_lower_down(&client.link, now);
	ppp_lower_down(&server.link, now);
	client.downs = server.downs = client.ups = server.ups = 0;
	client.first = client.last = server.first = server.last = 0;
	server.password = "changed";
	assert_int_equal(ppp_lower_up(&client.link, now), PPP_OK);
	assert_int_equal(ppp_lower_up(&server.link, now), PPP_OK);
	pair_run(now + 60 * SECOND);
	assert_int_equal(client.ups + server.ups, 0);
	assert_int_equal(client.down.reason, PPP_REASON_AUTH_FAILED);
	assert_int_equal(server.down.reason, PPP_REASON_PEER_AUTH_FAILED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_auth_each_method),
	        cmocka_unit_test(test_auth_wrong_and_unknown),
	        cmocka_unit_test(test_auth_nobodys_password),
	        cmocka_unit_test(test_auth_loses_any_frame),
	        cmocka_unit_test(test_auth_both_ways),
	        cmocka_unit_test(test_auth_both_ways_one_wrong),
	        cmocka_unit_test(test_auth_any_two_sets),
	        cmocka_unit_test(test_auth_strongest_first),
	        cmocka_unit_test(test_auth_demand),
	        cmocka_unit_test(test_auth_off_by_default),
	        cmocka_unit_test(test_auth_keys),
	        cmocka_unit_test(test_auth_keys_without_lm_hash),
	        cmocka_unit_test(test_auth_again_after_renegotiation),
	        cmocka_unit_test(test_auth_second_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
