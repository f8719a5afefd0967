/* test_ppp_auth_chap_server: one end of examples/ppp that has its peer prove itself by CHAP and MS-CHAP (RFC
 * 1994, 2433, 2759), octet by octet. Challenges are random; where a test needs the RFC's it puts it into the
 * endpoint. */
#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "auth.h"
#include "rfc2759.h"

#define CHAP PPP_PROTOCOL_CHAP

static const uint8_t methods[] = {PPP_AUTH_CHAP_MD5, PPP_AUTH_MSCHAP1, PPP_AUTH_MSCHAP2};

#define METHODS (sizeof methods / sizeof methods[0])

static uint8_t retries;

/* The server, after its first Challenge. */
static const uint8_t *be_server(uint8_t method)
{
	const uint8_t *frame;
	ppp_options c, s;

	pair_with(&c, &s, method);
	s.auth_retries = retries;
	lone_begin(&server, &s);
	lone_open(&server, "");
	frame = lone_find(&server, CHAP, PPP_CHAP_CHALLENGE, NULL);
	assert_non_null(frame);
	return frame;
}

/* The server, after it sent the challenge of RFC 2759. */
static void be_server_of_rfc(uint8_t method)
{
	be_server(method);
	server.link.auth.peer.id = 7;
	memcpy(server.link.auth.peer.challenge, challenge, sizeof challenge);
}

/* P-MS2-03, P-MS2-08, P-SEQ-02: the RFC's Response gets the RFC's Success, and the network layer opens. A
 * Response again gets it again (P-CHAP-03), whatever is in it. */
static void test_chap_server_accepts(void **state)
{
	uint8_t send[16], recv[16];
	static const uint8_t server_sends[16] = {0x8B, 0x7C, 0xDC, 0x14, 0x9B, 0x99, 0x3A, 0x1B,
	                                         0xA1, 0x18, 0xCB, 0x15, 0x3F, 0x56, 0xDC, 0xCB};

	(void)state;
	be_server_of_rfc(PPP_AUTH_MSCHAP2);
	lone_hear(&server, RESPONSE);
	lone_expect(&server, SUCCESS);
	assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_NETWORK);
	assert_int_equal(ppp_auth_mppe_keys(&server.link, 16, send, recv), 0);
	assert_memory_equal(send, server_sends, 16);
	assert_non_null(lone_find(&server, PPP_PROTOCOL_IPCP, 1, NULL));
	lone_hear(&server, RESPONSE);
	lone_expect(&server, SUCCESS);
	lone_hear(&server, "FF03C223 02070006 01 FF");
	lone_expect(&server, SUCCESS);
	assert_int_equal(server.lookups, 1);
	/* of another Identifier: nothing */
	lone_hear(&server, "FF03C223 02080006 01 FF");
	assert_null(lone_sent(&server, NULL));
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_IDENTIFIER), 1);
}

/* P-MS2-08: reserved octets and flags, which Windows 98 sets, say nothing. */
static void test_chap_server_ignores_flags(void **state)
{
	(void)state;
	be_server_of_rfc(PPP_AUTH_MSCHAP2);
	lone_hear(&server, "FF03C223 0207003A 31 21402324255E262A28295F2B3A337C7E FFFFFFFFFFFFFFFF"
	                   "82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF 04 55736572");
	lone_expect(&server, SUCCESS);
}

/* P-CHAP-02, P-CHAP-05: a Challenge at once when LCP opens, of the right length, repeated under another
 * Identifier with another value each time, Max-Configure times, and the end. */
static void test_chap_server_repeats(void **state)
{
	(void)state;
	for (size_t i = 0; i < METHODS; i++) {
		uint8_t values[10][16], len = (uint8_t)ppp_chap_challenge_octets(methods[i]);
		const uint8_t *frame = be_server(methods[i]);
		unsigned seen = 0;

		lone_run(&server, 29 * SECOND);
		for (; frame; frame = lone_find(&server, CHAP, PPP_CHAP_CHALLENGE, NULL)) {
			assert_true(seen < 10);
			assert_int_equal(frame[5], seen + 1);
			assert_int_equal(frame[8], len);
			for (unsigned other = 0; other < seen; other++)
				assert_memory_not_equal(frame + 9, values[other], len);
			memcpy(values[seen++], frame + 9, len);
		}
		assert_int_equal(seen, 10);
		lone_run(&server, 60 * SECOND);
		assert_int_equal(server.down.reason, PPP_REASON_AUTH_TIMEOUT);
		assert_string_equal(server.down.layer, ppp_auth_name(methods[i]));
	}
}

/* P-CHAP-07: a Response to a Challenge that is not the latest one, or to none at all. */
static void test_chap_server_other_identifier(void **state)
{
	(void)state;
	be_server_of_rfc(PPP_AUTH_MSCHAP2);
	server.link.auth.peer.id = 8;
	lone_hear(&server, RESPONSE);
	assert_null(lone_sent(&server, NULL));
	assert_int_equal(server.lookups, 0);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_IDENTIFIER), 1);
	assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_AUTHENTICATE);
}

/* P-CHAP-10, P-MS2-05, P-MS2-09, P-MS1-04: what is wrong, and the text of the refusal. */
static void test_chap_server_refuses(void **state)
{
	static const struct {
		uint8_t method;
		const char *frame, *begin, *end;
	} rows[] = {
	        {PPP_AUTH_MSCHAP2, /* one bit of the NT-Response */
	         "FF03C223 0207003A 31 21402324255E262A28295F2B3A337C7E 0000000000000000"
	         "82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DE 00 55736572",
	         "E=691 R=0 C=", " V=3 M=wrong user name or password"},
	        {PPP_AUTH_MSCHAP2, /* another name: hashed with it */
	         "FF03C223 0207003A 31 21402324255E262A28295F2B3A337C7E 0000000000000000"
	         "82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF 00 75736572",
	         "E=691 R=0 C=", " V=3 M=wrong user name or password"},
	        {PPP_AUTH_MSCHAP2, "FF03C223 0207000A 01 00 55736572", "E=691 R=0 C=", "password"},
	        {PPP_AUTH_MSCHAP1, "FF03C223 0207000A 01 00 55736572",
	         "E=691 R=0 C=", " V=2 M=wrong user name or password"},
	        {PPP_AUTH_CHAP_MD5, "FF03C223 0207000A 01 00 55736572", "wrong", "password"},
	        {PPP_AUTH_CHAP_MD5, "FF03C223 02070019 10 9406A36ECAC6D67AACB45AC26B091E10 55736572", "wrong",
	         "password"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const uint8_t *frame;
		size_t len, end_len = strlen(rows[i].end);

		be_server_of_rfc(rows[i].method);
		lone_hear(&server, rows[i].frame);
		frame = lone_sent(&server, &len);
		assert_int_equal(frame[4], PPP_CHAP_FAILURE);
		assert_int_equal(frame[5], 7);
		assert_memory_equal(frame + 8, rows[i].begin, strlen(rows[i].begin));
		assert_memory_equal(frame + len - end_len, rows[i].end, end_len);
		assert_int_equal(lone_sent(&server, NULL)[4], 5); /* Terminate-Request */
		lone_hear(&server, RESPONSE);                     /* too late */
		assert_null(lone_sent(&server, NULL));
		lone_run(&server, 20 * SECOND);
		assert_int_equal(server.down.reason, PPP_REASON_PEER_AUTH_FAILED);
	}
}

static uint8_t from_hex(const uint8_t *text)
{
	char octet[3] = {(char)text[0], (char)text[1], '\0'};

	return (uint8_t)strtoul(octet, NULL, 16);
}

/* Answer the challenge in a Failure, at frame + 20, as RFC 2759 5 says: under the next Identifier. */
static void try_again(const uint8_t *failure, const char *password)
{
	static const uint8_t peer_challenge[16] = {1};
	uint8_t value[16], frame[4 + 4 + 1 + PPP_RESPONSE_MAX + 4] = {0xFF, 0x03, 0xC2, 0x23, 2};
	struct ppp_chap_proof proof = {PPP_AUTH_MSCHAP2,        0, password, strlen(password),
	                               (const uint8_t *)"User", 4, value,    sizeof value};

	assert_memory_equal(failure + 8, "E=691 R=1 C=", 12);
	for (size_t i = 0; i < sizeof value; i++)
		value[i] = from_hex(failure + 20 + 2 * i);
	frame[5] = (uint8_t)(failure[5] + 1);
	frame[7] = sizeof frame - 4;
	frame[8] = PPP_RESPONSE_MAX;
	assert_int_equal(ppp_chap_compute(&proof, peer_challenge, frame + 9), 0);
	memcpy(frame + 9 + PPP_RESPONSE_MAX, "User", 4);
	lone_hear_octets(&server, frame, sizeof frame);
}

#define WRONG_RESPONSE "FF03C223 0207000A 01 00 55736572"

/* P-MS2-09: with retries another answer is asked for, by a fresh challenge each time and with no hurry, so
 * often and not more often. */
static void test_chap_server_retries(void **state)
{
	uint8_t first[FRAME_MAX];
	const uint8_t *frame;
	size_t len;

	(void)state;
	retries = 2;
	be_server_of_rfc(PPP_AUTH_MSCHAP2);
	lone_hear(&server, WRONG_RESPONSE);
	memcpy(first, lone_sent(&server, &len), FRAME_MAX);
	lone_run(&server, 20 * SECOND);
	assert_null(lone_sent(&server, NULL));
	lone_hear(&server, WRONG_RESPONSE); /* its Failure was lost */
	assert_memory_equal(lone_sent(&server, NULL), first, len);
	try_again(first, "wrong");
	frame = lone_sent(&server, NULL);
	assert_int_equal(frame[5], 8);
	assert_memory_not_equal(frame + 20, first + 20, 32);
	lone_run(&server, 45 * SECOND); /* each of them brings its own time */
	try_again(frame, "clientPass");
	frame = lone_find(&server, CHAP, PPP_CHAP_SUCCESS, NULL);
	assert_non_null(frame);
	assert_int_equal(frame[5], 9);
	assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_NETWORK);

	retries = 1;
	be_server_of_rfc(PPP_AUTH_MSCHAP2);
	lone_hear(&server, WRONG_RESPONSE);
	try_again(lone_sent(&server, NULL), "wrong");
	assert_memory_equal(lone_sent(&server, NULL) + 8, "E=691 R=0", 9);
	assert_int_equal(lone_sent(&server, NULL)[4], 5);
	assert_int_equal(ppp_count(&server.link, PPP_COUNT_AUTH_WRONG), 2);

	/* nobody tries again */
	be_server_of_rfc(PPP_AUTH_MSCHAP2);
	lone_hear(&server, WRONG_RESPONSE);
	lone_run(&server, 60 * SECOND);
	assert_int_equal(server.down.reason, PPP_REASON_AUTH_TIMEOUT);
	retries = 0;
}

/* P-PH-08: negotiating LCP anew does not bring the tries back, nor more time. */
static void test_chap_server_counts_on(void **state)
{
	(void)state;
	retries = 1;
	be_server_of_rfc(PPP_AUTH_MSCHAP2);
	lone_hear(&server, WRONG_RESPONSE);
	lone_run(&server, 20 * SECOND);
	lone_open(&server, "");
	server.link.auth.peer.id = 7;
	lone_hear(&server, WRONG_RESPONSE);
	assert_memory_equal(lone_find(&server, CHAP, PPP_CHAP_FAILURE, NULL) + 8, "E=691 R=0", 9);
	retries = 0;

	be_server(PPP_AUTH_MSCHAP2);
	for (unsigned i = 1; i < 9; i++) {
		lone_run(&server, i * 7 * SECOND);
		server.first = server.last = 0;
		lone_open(&server, "");
	}
	lone_run(&server, 80 * SECOND);
	assert_int_equal(server.down.reason, PPP_REASON_AUTH_TIMEOUT);
}

/* A name longer than any is nobody's, and costs no memory. */
static void test_chap_server_long_name(void **state)
{
	uint8_t frame[1400];

	(void)state;
	be_server_of_rfc(PPP_AUTH_CHAP_MD5);
	memset(frame, 'U', sizeof frame);
	memcpy(frame, "\xFF\x03\xC2\x23\x02\x07\x05\x74\x10", 9);
	lone_hear_octets(&server, frame, sizeof frame);
	assert_int_equal(lone_sent(&server, NULL)[4], PPP_CHAP_FAILURE);
	assert_int_equal(server.lookups, 0);
}

/* ---- both roles --------------------------------------------------------------------------------------- */

static const char *option_of(uint8_t method)
{
	return method == PPP_AUTH_MSCHAP2   ? "0305C22381"
	       : method == PPP_AUTH_MSCHAP1 ? "0305C22380"
	                                    : "0305C22305";
}

/* Reflection: a peer that cannot answer our challenge has us answer it. Both ends here use one password,
 * which is what makes it worth a try. */
static void test_chap_reflected(void **state)
{
	(void)state;
	for (size_t i = 0; i < METHODS; i++) {
		uint8_t frame[FRAME_MAX];
		ppp_options c, s;
		size_t len;

		pair_with(&c, &s, methods[i]);
		s.auth_allow = methods[i];
		s.name = "User";
		s.name_len = 4;
		s.password = "clientPass";
		s.password_len = 10;
		lone_begin(&server, &s);
		lone_open(&server, option_of(methods[i]));
		memcpy(frame, lone_find(&server, CHAP, PPP_CHAP_CHALLENGE, &len), FRAME_MAX);
		lone_hear_octets(&server, frame, len);
		frame[5]++;
		lone_hear_octets(&server, frame, len);
		assert_null(lone_sent(&server, NULL));
		assert_int_equal(ppp_count(&server.link, PPP_DROP_REFLECTED), 2);
		assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_AUTHENTICATE);
	}
}

/* It has one role here: a Challenge, and verdicts, are not for it. */
static void test_chap_server_wrong_role(void **state)
{
	(void)state;
	for (size_t i = 0; i < METHODS; i++) {
		be_server(methods[i]);
		lone_hear(&server, CHALLENGE);
		lone_hear(&server, SUCCESS);
		lone_hear(&server, "FF03C223 04070004");
		assert_int_equal(ppp_count(&server.link, PPP_DROP_NOT_AGREED), 3);
		/* P-MS2-06: Change-Password, and codes there are none of */
		lone_hear(&server, "FF03C223 07070004");
		lone_hear(&server, "FF03C223 00070004");
		assert_int_equal(ppp_count(&server.link, PPP_DROP_UNKNOWN_CODE), 2);
		assert_null(lone_sent(&server, NULL));
	}
}

/* Cut anywhere; its Length as it was, or following the cut: nobody is let in, nothing is read beyond the end.
 */
static void cut(void (*begin)(void), const char *hex, int adjust)
{
	uint8_t whole[FRAME_MAX];
	size_t len = pair_octets(hex, whole);

	for (size_t n = 0; n < len; n++) {
		uint8_t *frame = malloc(n ? n : 1);

		assert_non_null(frame);
		begin();
		memcpy(frame, whole, n);
		if (adjust && n >= 8)
			frame[7] = (uint8_t)(n - 4);
		lone_hear_octets(&server, frame, n);
		assert_int_not_equal(ppp_phase_now(&server.link), PPP_PHASE_NETWORK);
		assert_int_equal(server.ups, 0);
		free(frame);
	}
}

static void begin_server(void)
{
	be_server_of_rfc(PPP_AUTH_MSCHAP2);
}

static void begin_md5_server(void)
{
	be_server_of_rfc(PPP_AUTH_CHAP_MD5);
}

/* P-CHAP-08, P-PKT-01 */
static void test_chap_server_cut(void **state)
{
	static const char md5[] = "FF03C223 02070019 10 9406A36ECAC6D67AACB45AC26B091E11 55736572";

	(void)state;
	for (int adjust = 0; adjust < 2; adjust++) {
		cut(begin_server, RESPONSE, adjust);
		cut(begin_md5_server, md5, adjust);
	}
	begin_md5_server();
	lone_hear(&server, md5);
	assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_NETWORK);
}

/* Nothing that comes in lets anybody in, or does harm; each frame is counted once. */
static void test_chap_garbage(void **state)
{
	uint64_t random = 11;

	(void)state;
	for (unsigned n = 0; n < 20000; n++) {
		static uint8_t frame[70];
		uint64_t fates = 0;

		if (n % 200 == 0) {
			retries = 255;
			begin_server();
			retries = 0;
		}
		for (size_t i = 0; i < sizeof frame; i++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			frame[i] = (uint8_t)(random >> 56);
		}
		memcpy(frame, "\xFF\x03\xC2\x23", 4);
		frame[4] &= 7;
		frame[5] &= 7;
		frame[6] = 0;
		frame[7] = (uint8_t)(frame[7] % sizeof frame);
		frame[8] = (uint8_t)(n % 3 ? 49 : frame[8]);
		server.first = server.last = 0;
		lone_hear_octets(&server, frame, 8 + n % (sizeof frame - 8));
		assert_int_not_equal(ppp_phase_now(&server.link), PPP_PHASE_NETWORK);
		for (int i = PPP_COUNT_CONTROL_IN; i < PPP_COUNT_FRAMES_IN; i++)
			fates += ppp_count(&server.link, (enum ppp_counter)i);
		assert_int_equal(fates, ppp_count(&server.link, PPP_COUNT_FRAMES_IN));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_chap_server_accepts),
	        cmocka_unit_test(test_chap_server_ignores_flags),
	        cmocka_unit_test(test_chap_server_repeats),
	        cmocka_unit_test(test_chap_server_other_identifier),
	        cmocka_unit_test(test_chap_server_refuses),
	        cmocka_unit_test(test_chap_server_retries),
	        cmocka_unit_test(test_chap_server_counts_on),
	        cmocka_unit_test(test_chap_server_long_name),
	        cmocka_unit_test(test_chap_reflected),
	        cmocka_unit_test(test_chap_server_wrong_role),
	        cmocka_unit_test(test_chap_server_cut),
	        cmocka_unit_test(test_chap_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
