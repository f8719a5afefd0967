/* test_ppp_auth_chap_client: one end of examples/ppp that proves itself by CHAP and MS-CHAP (RFC 1994, 2433,
 * 2759), octet by octet. */
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

static const char *option_of(uint8_t method)
{
	return method == PPP_AUTH_MSCHAP2   ? "0305C22381"
	       : method == PPP_AUTH_MSCHAP1 ? "0305C22380"
	                                    : "0305C22305";
}

static void be_client(uint8_t method)
{
	ppp_options c, s;

	pair_with(&c, &s, method);
	lone_begin(&client, &c);
	lone_open(&client, option_of(method));
	assert_int_equal(ppp_phase_now(&client.link), PPP_PHASE_AUTHENTICATE);
	assert_null(lone_sent(&client, NULL));
}

/* The client, after it answered with the peer challenge of RFC 2759. */
static void be_client_of_rfc(void)
{
	static const uint8_t peer_challenge[] = {0x21, 0x40, 0x23, 0x24, 0x25, 0x5E, 0x26, 0x2A,
	                                         0x28, 0x29, 0x5F, 0x2B, 0x3A, 0x33, 0x7C, 0x7E};
	struct ppp_chap_proof proof = {PPP_AUTH_MSCHAP2,        7, "clientPass", 10,
	                               (const uint8_t *)"User", 4, challenge,    sizeof challenge};

	be_client(PPP_AUTH_MSCHAP2);
	lone_hear(&client, CHALLENGE);
	assert_non_null(lone_find(&client, CHAP, PPP_CHAP_RESPONSE, NULL));
	assert_int_equal(ppp_chap_compute(&proof, peer_challenge, client.link.auth.response), 0);
}

/* P-CHAP-01, P-MS1-02: values of the specification's vectors. A repeated Challenge is answered alike
 * (P-CHAP-05). */
static void test_chap_client_answers(void **state)
{
	static const char md5[] = "FF03C223 02070019 10 9406A36ECAC6D67AACB45AC26B091E11 55736572";

	(void)state;
	be_client(PPP_AUTH_CHAP_MD5);
	lone_hear(&client, CHALLENGE);
	lone_expect(&client, md5);
	lone_hear(&client, CHALLENGE);
	lone_expect(&client, md5);
	assert_int_equal(client.ups, 0);
}

/* P-MS1-01, P-MS1-02, P-MS1-03: RFC 2433 B.1, password "MyPw". */
static void test_chap_client_mschap1(void **state)
{
	ppp_options c, s;

	(void)state;
	pair_with(&c, &s, PPP_AUTH_MSCHAP1);
	c.password = "MyPw";
	c.password_len = 4;
	lone_begin(&client, &c);
	lone_open(&client, "0305C22380");
	lone_hear(&client, "FF03C223 0100000D 08 102DB5DF085D3041");
	lone_expect(&client, "FF03C223 0200003A 31 000000000000000000000000000000000000000000000000"
	                     "4E9D3C8F9CFD385D5BF4D3246791956CA4C351AB409A3D61 01 55736572");
}

/* P-MS2-01, P-MS2-02: the Response of RFC 2759 9.2, from both challenges of it. */
static void test_chap_client_mschap2(void **state)
{
	(void)state;
	be_client_of_rfc();
	ppp_chap_respond(&client.link);
	lone_expect(&client, RESPONSE);
}

/* P-MS2-10: the same Challenge again, the same Response; another one, another peer challenge. */
static void test_chap_client_repeats(void **state)
{
	uint8_t first[FRAME_MAX];
	const uint8_t *frame;
	size_t len;

	(void)state;
	be_client(PPP_AUTH_MSCHAP2);
	lone_hear(&client, CHALLENGE);
	memcpy(first, lone_sent(&client, &len), FRAME_MAX);
	lone_hear(&client, CHALLENGE);
	assert_memory_equal(lone_sent(&client, NULL), first, len);
	lone_hear(&client, "FF03C223 01080018 10 5B5D7C7D7B3F2F3E3C2C602132262628 737276");
	frame = lone_sent(&client, NULL);
	assert_int_equal(frame[5], 8);
	assert_memory_not_equal(frame + 9, first + 9, 16);
}

/* P-MS2-03, P-MS2-04, P-KEY-03: the server's proof, with text behind it or without. */
static void test_chap_client_accepts(void **state)
{
	static const char *const good[] = {
	        SUCCESS,
	        "FF03C223 03070036"
	        "533D34303741353538393131354644304436323039463531304645394330343536363933324344413536"
	        "204D3D48656C6C6F",
	};
	uint8_t send[16], recv[16];
	static const uint8_t client_sends[16] = {0xD5, 0xF0, 0xE9, 0x52, 0x1E, 0x3E, 0xA9, 0x58,
	                                         0x96, 0x45, 0xE8, 0x60, 0x51, 0xC8, 0x22, 0x26};
	static const uint8_t server_sends[16] = {0x8B, 0x7C, 0xDC, 0x14, 0x9B, 0x99, 0x3A, 0x1B,
	                                         0xA1, 0x18, 0xCB, 0x15, 0x3F, 0x56, 0xDC, 0xCB};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		be_client_of_rfc();
		lone_hear(&client, good[i]);
		assert_int_equal(ppp_phase_now(&client.link), PPP_PHASE_NETWORK);
		assert_int_equal(ppp_auth_mppe_keys(&client.link, 16, send, recv), 0);
		assert_memory_equal(send, client_sends, 16);
		assert_memory_equal(recv, server_sends, 16);
		assert_int_equal(ppp_auth_mppe_keys(&client.link, 8, send, recv),
		                 0); /* the first 8 of them */
		assert_memory_equal(send, client_sends, 8);
		assert_memory_equal(recv, server_sends, 8);
	}
}

/* P-MS2-04, P-MS2-13: a Success without the proof, cut, or with one digit wrong ends the link. */
static void test_chap_client_wants_proof(void **state)
{
	static const char *const bad[] = {
	        "FF03C223 03070004",
	        "FF03C223 0307000B 57656C636F6D65",
	        "FF03C223 0307002E "
	        "533D34303741353538393131354644304436323039463531304645394330343536363933324344"
	        "413537",
	        "FF03C223 0307002E "
	        "733D34303741353538393131354644304436323039463531304645394330343536363933324344"
	        "413536",
	        "FF03C223 0307002D "
	        "533D34303741353538393131354644304436323039463531304645394330343536363933324344"
	        "4135",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		uint8_t key[16];

		be_client_of_rfc();
		lone_hear(&client, bad[i]);
		assert_non_null(lone_find(&client, PPP_PROTOCOL_LCP, 5, NULL));
		assert_int_equal(ppp_auth_mppe_keys(&client.link, 16, key, key), -1);
		lone_run(&client, 20 * SECOND);
		assert_int_equal(client.down.reason, PPP_REASON_SERVER_NOT_PROVEN);
		assert_string_equal(client.down.layer, "MS-CHAPv2");
	}
}

/* P-CHAP-07: a verdict nobody asked for, of another Identifier, or after the verdict. */
static void test_chap_client_unasked(void **state)
{
	(void)state;
	for (size_t i = 0; i < METHODS; i++) {
		be_client(methods[i]);
		lone_hear(&client, SUCCESS);
		lone_hear(&client, "FF03C223 04070004");
		assert_int_equal(ppp_count(&client.link, PPP_DROP_BAD_IDENTIFIER), 2);
		assert_int_equal(ppp_phase_now(&client.link), PPP_PHASE_AUTHENTICATE);
	}
	be_client_of_rfc();
	lone_hear(&client, "FF03C223 04060004");
	lone_hear(&client, "FF03C223 03080004");
	assert_int_equal(ppp_count(&client.link, PPP_DROP_BAD_IDENTIFIER), 2);
	lone_hear(&client, SUCCESS);
	lone_hear(&client, "FF03C223 04070004");
	lone_hear(&client, SUCCESS);
	assert_int_equal(ppp_count(&client.link, PPP_DROP_BAD_IDENTIFIER), 4);
	assert_int_equal(ppp_phase_now(&client.link), PPP_PHASE_NETWORK);
}

/* P-MS1-04, P-MS1-05, P-MS2-05: the error codes in words, fields in any number; RFC 1994's message as it is.
 */
static void test_chap_client_failures(void **state)
{
	static const struct {
		uint8_t method;
		const char *text, *message;
	} rows[] = {
	        {PPP_AUTH_MSCHAP2, "E=691 R=0 C=00112233445566778899AABBCCDDEEFF V=3 M=Access denied",
	         "error 691, wrong user name or password: Access denied"},
	        {PPP_AUTH_MSCHAP2, "E=691 R=1 C=00112233445566778899AABBCCDDEEFF V=3",
	         "error 691, wrong user name or password"},
	        {PPP_AUTH_MSCHAP2,
	         "E=691 R=0 V=3 M=E=0 R=1 M=", "error 691, wrong user name or password: E=0 R=1 M="},
	        {PPP_AUTH_MSCHAP2, "E=646", "error 646, logging on is not permitted at this hour"},
	        {PPP_AUTH_MSCHAP2, "R=0 E=647 M=", "error 647, the account is disabled"},
	        {PPP_AUTH_MSCHAP1, "E=648 R=0 V=2", "error 648, the password has expired"},
	        {PPP_AUTH_MSCHAP1, "E=649 R=0", "error 649, the account has no permission to dial in"},
	        {PPP_AUTH_MSCHAP1, "E=709 R=0", "error 709, the password could not be changed"},
	        {PPP_AUTH_MSCHAP1, "E=6911 R=0", "error 6911"},
	        {PPP_AUTH_MSCHAP1, "E=", "error "},
	        {PPP_AUTH_MSCHAP1, "E", "E"},
	        {PPP_AUTH_MSCHAP2, "no such thing\n", "no such thing?"},
	        {PPP_AUTH_MSCHAP2, "", ""},
	        {PPP_AUTH_CHAP_MD5, "E=691 R=0", "E=691 R=0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t frame[200] = {0xFF, 0x03, 0xC2, 0x23, 4, 7, 0};
		size_t len = strlen(rows[i].text);

		be_client(rows[i].method);
		lone_hear(&client, rows[i].method == PPP_AUTH_MSCHAP1
		                           ? "FF03C223 0107000D 08 0102030405060708"
		                           : CHALLENGE);
		frame[7] = (uint8_t)(len + 4);
		memcpy(frame + 8, rows[i].text, len);
		lone_hear_octets(&client, frame, 8 + len);
		lone_run(&client, 20 * SECOND);
		assert_int_equal(client.down.reason, PPP_REASON_AUTH_FAILED);
		assert_string_equal(client.message, rows[i].message);
	}
}

/* However much a peer has to say, as much is kept as there is room for. */
static void test_chap_client_long_failure(void **state)
{
	uint8_t frame[1400];

	(void)state;
	be_client(PPP_AUTH_CHAP_MD5);
	lone_hear(&client, CHALLENGE);
	memset(frame, 'x', sizeof frame);
	memcpy(frame, "\xFF\x03\xC2\x23\x04\x07\x05\x74", 8);
	lone_hear_octets(&client, frame, sizeof frame);
	lone_run(&client, 20 * SECOND);
	assert_int_equal(strlen(client.message), PPP_MESSAGE_MAX - 1);
}

/* P-CHAP-03, P-CHAP-09: challenged again while the link is up: answered, judged, and the keys stay. */
static void test_chap_client_challenged_later(void **state)
{
	uint8_t before[16], after[16], other[16];

	(void)state;
	be_client_of_rfc();
	lone_hear(&client, SUCCESS);
	assert_int_equal(ppp_auth_mppe_keys(&client.link, 16, before, other), 0);
	assert_non_null(lone_find(&client, PPP_PROTOCOL_IPCP, 1, NULL));
	lone_hear(&client, CHALLENGE); /* a replay */
	lone_expect(&client, RESPONSE);
	lone_hear(&client, SUCCESS);
	lone_hear(&client, "FF03C223 01080018 10 00112233445566778899AABBCCDDEEFF 737276");
	assert_int_equal(lone_sent(&client, NULL)[5], 8);
	assert_int_equal(ppp_phase_now(&client.link), PPP_PHASE_NETWORK);
	assert_int_equal(ppp_auth_mppe_keys(&client.link, 16, after, other), 0);
	assert_memory_equal(before, after, 16);
	/* the proof of the first answer is none of the second */
	lone_hear(&client,
	          "FF03C223 0308002E 533D34303741353538393131354644304436323039463531304645394330343536"
	          "363933324344413536");
	assert_non_null(lone_find(&client, PPP_PROTOCOL_LCP, 5, NULL));
	lone_run(&client, 20 * SECOND);
	assert_int_equal(client.down.reason, PPP_REASON_SERVER_NOT_PROVEN);
}

/* P-CHAP-06: the client sends nothing by itself, and gives up in time; challenged or not. */
static void test_chap_client_waits(void **state)
{
	(void)state;
	for (size_t i = 0; i < METHODS * 2; i++) {
		be_client(methods[i / 2]);
		if (i % 2)
			lone_hear(&client, methods[i / 2] == PPP_AUTH_MSCHAP1
			                           ? "FF03C223 0107000D 08 0102030405060708"
			                           : CHALLENGE);
		client.first = client.last;
		lone_run(&client, 29 * SECOND);
		assert_null(lone_find(&client, CHAP, PPP_CHAP_RESPONSE, NULL));
		assert_int_equal(client.downs, 0);
		lone_run(&client, 60 * SECOND);
		assert_int_equal(client.down.reason, PPP_REASON_AUTH_TIMEOUT);
	}
}

/* P-SEQ-02, P-PH-10: the server went on, so its Success was lost: the same Response brings another one. */
static void test_chap_client_overtaken(void **state)
{
	(void)state;
	be_client_of_rfc();
	lone_hear(&client, "FF038021 0101000A 03060A000001");
	lone_expect(&client, RESPONSE);
	assert_null(lone_sent(&client, NULL));
	assert_int_equal(ppp_count(&client.link, PPP_DROP_WRONG_PHASE), 1);
	lone_hear(&client, SUCCESS);
	assert_int_equal(ppp_phase_now(&client.link), PPP_PHASE_NETWORK);
}

/* P-CHAP-10, P-CHAP-08: challenges of a length that cannot be, or that overrun; a name may be missing. */
static void test_chap_client_lengths(void **state)
{
	static const struct {
		uint8_t method;
		const char *frame;
		int answered;
	} rows[] = {
	        {PPP_AUTH_MSCHAP2, "FF03C223 0107000D 08 0102030405060708", 0},
	        {PPP_AUTH_MSCHAP2, "FF03C223 01070016 11 5B5D7C7D7B3F2F3E3C2C60213226262800", 0},
	        {PPP_AUTH_MSCHAP2, "FF03C223 01070015 10 5B5D7C7D7B3F2F3E3C2C602132262628", 1},
	        {PPP_AUTH_MSCHAP1, CHALLENGE, 0},
	        {PPP_AUTH_MSCHAP1, "FF03C223 0107000D 08 0102030405060708", 1},
	        {PPP_AUTH_CHAP_MD5, "FF03C223 01070006 01 FF", 1},
	        {PPP_AUTH_CHAP_MD5, "FF03C223 01070005 00", 0},
	        {PPP_AUTH_CHAP_MD5, "FF03C223 01070004", 0},
	        {PPP_AUTH_CHAP_MD5, "FF03C223 01070006 02 FF", 0},
	        {PPP_AUTH_CHAP_MD5, "FF03C223 01070003", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		be_client(rows[i].method);
		lone_hear(&client, rows[i].frame);
		if ((lone_sent(&client, NULL) != NULL) != rows[i].answered)
			fail_msg("row %u", (unsigned)i);
		assert_int_equal(ppp_count(&client.link, PPP_DROP_BAD_LENGTH), !rows[i].answered);
	}
}

/* It has one role: a Response to no Challenge of its own. */
static void test_chap_client_wrong_role(void **state)
{
	(void)state;
	for (size_t i = 0; i < METHODS; i++) {
		be_client(methods[i]);
		client.user = "User";
		client.password = "clientPass";
		lone_hear(&client, RESPONSE);
		assert_int_equal(client.lookups, 0);
		assert_int_equal(ppp_count(&client.link, PPP_DROP_NOT_AGREED), 1);
		assert_null(lone_sent(&client, NULL));
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
		lone_hear_octets(&client, frame, n);
		assert_int_not_equal(ppp_phase_now(&client.link), PPP_PHASE_NETWORK);
		assert_int_equal(client.ups, 0);
		free(frame);
	}
}

static void begin_client(void)
{
	be_client(PPP_AUTH_MSCHAP2);
}

/* P-CHAP-08, P-PKT-01 */
static void test_chap_client_cut(void **state)
{
	(void)state;
	for (int adjust = 0; adjust < 2; adjust++) {
		cut(begin_client, CHALLENGE, adjust);
		cut(be_client_of_rfc, SUCCESS, adjust);
		cut(be_client_of_rfc, "FF03C223 04070011 453D36393120523D30 4D3D78", adjust);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_chap_client_answers),
	        cmocka_unit_test(test_chap_client_mschap1),
	        cmocka_unit_test(test_chap_client_mschap2),
	        cmocka_unit_test(test_chap_client_repeats),
	        cmocka_unit_test(test_chap_client_accepts),
	        cmocka_unit_test(test_chap_client_wants_proof),
	        cmocka_unit_test(test_chap_client_unasked),
	        cmocka_unit_test(test_chap_client_failures),
	        cmocka_unit_test(test_chap_client_long_failure),
	        cmocka_unit_test(test_chap_client_challenged_later),
	        cmocka_unit_test(test_chap_client_waits),
	        cmocka_unit_test(test_chap_client_overtaken),
	        cmocka_unit_test(test_chap_client_lengths),
	        cmocka_unit_test(test_chap_client_wrong_role),
	        cmocka_unit_test(test_chap_client_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
