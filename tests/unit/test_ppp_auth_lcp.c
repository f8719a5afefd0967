/* test_ppp_auth_lcp: LCP of examples/ppp, octet by octet: every option, the Authentication-Protocol above all
 * (RFC 1661 6, RFC 1570). */
#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "internal.h"

#define LCP PPP_PROTOCOL_LCP

enum { ACK = 2, NAK = 3, REJECT = 4, TERMINATE = 5, CODE_REJECT = 7, PROTOCOL_REJECT = 8, ECHO_REPLY = 10 };

static void be_client(uint8_t allow, uint8_t demand)
{
	ppp_options c, s;

	pair_with(&c, &s, allow ? allow : PPP_AUTH_PAP);
	c.auth_allow = allow;
	c.auth_demand = demand;
	lone_begin(&client, &c);
	assert_non_null(lone_sent(&client, NULL));
}

/* After its first Configure-Request, which asks for MRU, authentication and a magic number. */
static void be_server(uint8_t require)
{
	ppp_options c, s;

	pair_with(&c, &s, require);
	lone_begin(&server, &s);
}

/* A Configure packet of `code` with these options, in hexadecimal. */
static void hear(end *e, uint8_t code, uint8_t id, const char *options)
{
	uint8_t frame[FRAME_MAX] = {0xFF, 0x03, 0xC0, 0x21};
	size_t len = pair_octets(options, frame + 8);

	frame[4] = code;
	frame[5] = id;
	frame[7] = (uint8_t)(len + 4);
	lone_hear_octets(e, frame, 8 + len);
}

static void expect(end *e, uint8_t code, const char *options)
{
	uint8_t expected[FRAME_MAX];
	size_t len = pair_octets(options, expected), sent_len;
	const uint8_t *sent = lone_sent(e, &sent_len);

	assert_non_null(sent);
	assert_int_equal(sent[4], code);
	assert_int_equal(sent_len, 8 + len);
	assert_memory_equal(sent + 8, expected, len);
}

/* ---- options of the peer ----------------------------------------------------------------------------- */

/* P-PKT-05, P-PKT-01, P-LCP-01, P-LCP-02, P-LCP-13 and the table of chapter 5: what we say to each option,
 * alone and of a wrong length. */
static void test_lcp_answers(void **state)
{
	static const struct {
		const char *request;
		uint8_t code;
		const char *options;
	} rows[] = {
	        {"", ACK, ""},
	        {"01040578", ACK, "01040578"},
	        {"01040080", ACK, "01040080"}, /* MRU 128 */
	        {"0104007F", NAK, "01040080"},
	        {"0104FFFF", ACK, "0104FFFF"},
	        {"010305", NAK, "010405DC"},
	        {"020600000000", ACK, "020600000000"},
	        {"0206FFFFFFFF", ACK, "0206FFFFFFFF"},
	        {"020400000506 01020304", NAK, "020600000000"},
	        {"050601020304", ACK, "050601020304"},
	        {"0702 0802", ACK, "0702 0802"},
	        {"070300", REJECT, "070300"}, /* a boolean is never naked */
	        {"0404C025", REJECT, "0404C025"},
	        {"030301 0D0306 110405DC 130301", REJECT, "030301 0D0306 110405DC 130301"},
	        {"090304 0A0301 0F02", REJECT, "090304 0A0301 0F02"},
	        {"01040578 0D0306 0104007F 0702", REJECT, "0D0306 0104007F"}, /* a second MRU */
	        {"0304C023", REJECT, "0304C023"},                             /* nothing is allowed */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		be_client(0, 0);
		hear(&client, 1, 9, rows[i].request);
		expect(&client, rows[i].code, rows[i].options);
	}
	/* an option that overruns, or is shorter than itself: the packet is none */
	be_client(0, 0);
	hear(&client, 1, 9, "01050578");
	hear(&client, 1, 9, "0100");
	hear(&client, 1, 9, "01040578 05");
	assert_int_equal(ppp_count(&client.link, PPP_DROP_BAD_OPTIONS), 3);
	assert_null(lone_sent(&client, NULL));
}

/* P-LCP-01, P-LCP-02: zero, and our own, get another number. */
static void test_lcp_magic(void **state)
{
	uint8_t frame[] = {0xFF, 0x03, 0xC0, 0x21, 1, 9, 0, 10, 5, 6, 0, 0, 0, 0};

	(void)state;
	for (int own = 0; own < 2; own++) {
		const uint8_t *nak;

		be_client(0, 0);
		if (own) {
			uint32_t magic = client.link.lcp.magic;

			for (int i = 0; i < 4; i++)
				frame[10 + i] = (uint8_t)(magic >> (24 - 8 * i));
		}
		lone_hear_octets(&client, frame, sizeof frame);
		nak = lone_sent(&client, NULL);
		assert_int_equal(nak[4], NAK);
		assert_memory_not_equal(nak + 10, frame + 10, 4);
		assert_memory_not_equal(nak + 10, "\0\0\0\0", 4);
	}
}

/* P-LCP-04, P-LCP-09: methods that are allowed, and what the others are told. */
static void test_lcp_client_is_asked(void **state)
{
	static const struct {
		uint8_t allow;
		const char *request;
		uint8_t code;
		const char *options;
	} rows[] = {
	        {PPP_AUTH_MSCHAP2, "0305C22381", ACK, "0305C22381"},
	        {PPP_AUTH_MSCHAP2, "0304C227", NAK, "0305C22381"},
	        {PPP_AUTH_MSCHAP2, "0304C023", NAK, "0305C22381"},
	        {PPP_AUTH_MSCHAP2, "0305C22380", NAK, "0305C22381"},
	        {PPP_AUTH_MSCHAP2, "0305C22305", NAK, "0305C22381"},
	        {PPP_AUTH_MSCHAP2, "0304C223", NAK, "0305C22381"},
	        {PPP_AUTH_MSCHAP2, "0306C2238100", NAK, "0305C22381"},
	        {PPP_AUTH_MSCHAP2, "0303C2", NAK, "0305C22381"},
	        {PPP_AUTH_MSCHAP2, "0302", NAK, "0305C22381"},
	        {PPP_AUTH_MSCHAP2, "0305C22305 0D0306", REJECT, "0D0306"},
	        {PPP_AUTH_CHAP_MD5 | PPP_AUTH_PAP, "0305C22381", NAK, "0305C22305"},
	        {PPP_AUTH_MSCHAP1 | PPP_AUTH_PAP, "0305C22381", NAK, "0305C22380"},
	        {PPP_AUTH_PAP, "0305C22381", NAK, "0304C023"},
	        {PPP_AUTH_PAP, "0304C023", ACK, "0304C023"},
	        {PPP_AUTH_PAP, "0305C02300", NAK, "0304C023"},
	        {PPP_AUTH_CHAP_MD5 | PPP_AUTH_PAP, "0304C023", ACK, "0304C023"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		be_client(rows[i].allow, 0);
		hear(&client, 1, 9, rows[i].request);
		expect(&client, rows[i].code, rows[i].options);
	}
}

/* P-LCP-09, P-FSM-03: a server that insists is rejected after Max-Failure Naks, and the reason is its demand.
 */
static void test_lcp_client_insists(void **state)
{
	(void)state;
	be_client(PPP_AUTH_MSCHAP2, 0);
	for (uint8_t i = 0; i < 5; i++) {
		hear(&client, 1, i, "0304C227");
		expect(&client, NAK, "0305C22381");
	}
	hear(&client, 1, 5, "0304C227");
	expect(&client, REJECT, "0304C227");
	lone_run(&client, 60 * SECOND);
	assert_int_equal(client.down.reason, PPP_REASON_WANTS_AUTHENTICATION);

	/* or clears the call without a word */
	be_client(PPP_AUTH_MSCHAP2, 0);
	hear(&client, 1, 1, "0304C227");
	ppp_lower_down(&client.link, now);
	assert_int_equal(client.down.reason, PPP_REASON_WANTS_AUTHENTICATION);
}

/* P-LCP-10, P-PKT-06: no option where one is needed is asked for; a server that has none does without us. */
static void test_lcp_client_demands(void **state)
{
	(void)state;
	be_client(PPP_AUTH_MSCHAP2, 1);
	hear(&client, 1, 1, "01040578");
	expect(&client, NAK, "0305C22381");
	hear(&client, 1, 2, "01040578 0305C22381");
	expect(&client, ACK, "01040578 0305C22381");

	be_client(PPP_AUTH_MSCHAP2, 1);
	for (uint8_t i = 0; i < 5; i++) {
		hear(&client, 1, i, "");
		expect(&client, NAK, "0305C22381");
	}
	lone_run(&client, SECOND); /* another request, for lone_open */
	lone_open(&client, "");
	assert_non_null(lone_find(&client, LCP, TERMINATE, NULL));
	lone_run(&client, 20 * SECOND);
	assert_int_equal(client.down.reason, PPP_REASON_AUTH_NOT_DEMANDED);

	/* or ends the link by itself */
	be_client(PPP_AUTH_MSCHAP2, 1);
	hear(&client, 1, 1, "");
	hear(&client, 5, 2, "");
	lone_run(&client, 60 * SECOND);
	assert_int_equal(client.down.reason, PPP_REASON_AUTH_NOT_DEMANDED);
}

/* ---- our own option ---------------------------------------------------------------------------------- */

/* Whether the request sent last asks for this method, the only one (P-LCP-04); answers it by code and
 * options. */
static void expect_request(end *e, uint8_t method, uint8_t code, const char *options)
{
	size_t len;
	const uint8_t *frame = lone_find(e, LCP, 1, &len);
	unsigned seen = 0;

	assert_non_null(frame);
	for (size_t at = 8; at < len; at += frame[at + 1])
		if (frame[at] == 3) {
			seen++;
			assert_int_equal(frame[at + 2] == 0xC0   ? PPP_AUTH_PAP
			                 : frame[at + 4] == 0x81 ? PPP_AUTH_MSCHAP2
			                 : frame[at + 4] == 0x80 ? PPP_AUTH_MSCHAP1
			                                         : PPP_AUTH_CHAP_MD5,
			                 method);
		}
	assert_int_equal(seen, method ? 1 : 0);
	if (code)
		hear(e, code, frame[5], options);
}

static void assert_refused(void)
{
	assert_non_null(lone_find(&server, LCP, TERMINATE, NULL));
	lone_run(&server, 20 * SECOND);
	assert_int_equal(server.ups, 0);
	assert_int_equal(server.down.reason, PPP_REASON_AUTH_REFUSED);
	assert_string_equal(server.down.layer, "LCP");
}

/* P-LCP-04: down on Nak, within the set; what the peer suggests first, if it is in there. */
static void test_lcp_server_goes_down(void **state)
{
	(void)state;
	be_server(15);
	expect_request(&server, PPP_AUTH_MSCHAP2, NAK, "0304C227"); /* EAP */
	expect_request(&server, PPP_AUTH_CHAP_MD5, NAK, "0305C22380");
	expect_request(&server, PPP_AUTH_MSCHAP1, NAK, "0305C22381"); /* refused before */
	expect_request(&server, PPP_AUTH_PAP, NAK, "0305C22305");
	assert_refused();

	be_server(15);
	expect_request(&server, PPP_AUTH_MSCHAP2, NAK, "0304C023");
	expect_request(&server, PPP_AUTH_PAP, 0, "");

	be_server(PPP_AUTH_MSCHAP2 | PPP_AUTH_PAP);
	expect_request(&server, PPP_AUTH_MSCHAP2, NAK, "0304C023");
	expect_request(&server, PPP_AUTH_PAP, 0, "");

	be_server(PPP_AUTH_MSCHAP2);
	expect_request(&server, PPP_AUTH_MSCHAP2, NAK, "0304C023");
	assert_refused();
}

/* P-LCP-08: rejected. And no more requests after that: no answer to one could open the link. */
static void test_lcp_server_is_rejected(void **state)
{
	(void)state;
	be_server(15);
	expect_request(&server, PPP_AUTH_MSCHAP2, REJECT, "0305C22381");
	assert_int_equal(server.first + 1, server.last);
	assert_refused();
}

/* A Nak of nothing new, for ever: bounded (P-PKT-15). */
static void test_lcp_server_only_naks(void **state)
{
	const uint8_t *frame;
	unsigned naks = 0;

	(void)state;
	be_server(PPP_AUTH_MSCHAP2);
	while ((frame = lone_find(&server, LCP, 1, NULL)) != NULL) {
		assert_true(naks++ < 10);
		hear(&server, NAK, frame[5], "0305C22381");
	}
	assert_int_equal(server.downs, 1);
	assert_int_equal(server.down.reason, PPP_REASON_NOT_CONVERGING);
}

/* Who demands nothing is not talked into it. */
static void test_lcp_server_is_not_talked_into(void **state)
{
	(void)state;
	be_server(0);
	expect_request(&server, 0, NAK, "0305C22381");
	expect_request(&server, 0, 0, "");
}

/* The peer's Nak of a length that cannot be is passed over. */
static void test_lcp_server_odd_nak(void **state)
{
	(void)state;
	be_server(15);
	expect_request(&server, PPP_AUTH_MSCHAP2, NAK, "0303C2");
	assert_int_equal(ppp_count(&server.link, PPP_COUNT_NAK_IGNORED), 1);
	expect_request(&server, PPP_AUTH_MSCHAP2, 0, "");
}

/* P-LCP-11, P-LCP-12: the peer's MRU bounds what we send, up to our own limit. */
static void test_lcp_mtu(void **state)
{
	static const struct {
		const char *option;
		uint16_t mtu;
	} rows[] = {
	        {"", 1400}, {"010405DC", 1400}, {"01040578", 1400}, {"01040500", 1280}, {"0104FFFF", 1400}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ppp_options s = pair_server();
		const uint8_t *request;
		uint8_t frame[FRAME_MAX];
		size_t len;

		lone_begin(&server, &s);
		lone_open(&server, rows[i].option);
		request = lone_find(&server, PPP_PROTOCOL_IPCP, 1, &len);
		memcpy(frame, request, len);
		frame[4] = ACK;
		lone_hear_octets(&server, frame, len);
		lone_hear(&server, "FF038021 0101000A 03060A000002");
		assert_int_equal(server.ups, 1);
		assert_int_equal(server.up.mtu, rows[i].mtu);
	}
}

/* ---- other packets ----------------------------------------------------------------------------------- */

/* P-PKT-17: Identification and Time-Remaining, in any phase and with anything in them: no answer, no harm. */
static void test_lcp_identification(void **state)
{
	static const char *const harmless[] = {
	        "FF03C021 0C010012 01020304 4D5352415356352E3130",
	        "FF03C021 0C020004",
	        "FF03C021 0D03000C 01020304 0000003C",
	        "FF03C021 0D040004",
	        "C021 0B050004",
	        "FF03C021 0B05000A 05060708 0000",
	};

	(void)state;
	for (int opened = 0; opened < 2; opened++) {
		be_server(PPP_AUTH_MSCHAP2);
		if (opened)
			lone_open(&server, "");
		server.first = server.last;
		for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
			lone_hear(&server, harmless[i]);
		assert_null(lone_sent(&server, NULL));
		assert_int_equal(ppp_phase_now(&server.link),
		                 opened ? PPP_PHASE_AUTHENTICATE : PPP_PHASE_ESTABLISH);
		assert_int_equal(server.downs, 0);
	}
}

/* P-PKT-08, P-FSM-07: codes there are none of. P-PKT-11, P-PKT-19: Echo, also while authentication goes on.
 */
static void test_lcp_codes(void **state)
{
	const uint8_t *frame;

	(void)state;
	be_server(PPP_AUTH_MSCHAP2);
	lone_hear(&server, "FF03C021 09070008 01020304");
	assert_null(lone_find(&server, LCP, ECHO_REPLY, NULL));
	lone_run(&server, SECOND); /* another request, for lone_open */
	lone_open(&server, "");
	lone_hear(&server, "FF03C021 0E070005 FF");
	frame = lone_find(&server, LCP, CODE_REJECT, NULL);
	assert_memory_equal(frame + 8, "\x0E\x07\x00\x05\xFF", 5);
	lone_hear(&server, "FF03C021 00070004");
	assert_non_null(lone_find(&server, LCP, CODE_REJECT, NULL));
	lone_hear(&server, "FF03C021 0907000A 01020304 ABCD");
	frame = lone_find(&server, LCP, ECHO_REPLY, NULL);
	assert_int_equal(frame[5], 7);
	assert_memory_equal(frame + 12, "\xAB\xCD", 2);
	lone_hear(&server, "FF03C021 09070007 010203");
	assert_null(lone_sent(&server, NULL));
}

/* P-NUM-01, P-NUM-05, P-PKT-09: a number that cannot be is an unknown one, once the peer is known. */
static void test_lcp_odd_protocols(void **state)
{
	ppp_options s = pair_server();
	const uint8_t *frame;

	(void)state;
	lone_begin(&server, &s);
	lone_hear(&server, "FF03 0020 00");
	assert_int_equal(ppp_count(&server.link, PPP_DROP_WRONG_PHASE), 1);
	lone_open(&server, "");
	lone_hear(&server, "FF03 0020 AA");
	frame = lone_find(&server, LCP, PROTOCOL_REJECT, NULL);
	assert_memory_equal(frame + 8, "\x00\x20\xAA", 3);
	lone_hear(&server, "03");
	frame = lone_find(&server, LCP, PROTOCOL_REJECT, NULL);
	assert_memory_equal(frame + 6, "\x00\x06\x00\x03", 4);
	lone_hear(&server, "");
	lone_hear(&server, "FF03");
	lone_hear(&server, "FF03 80");
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_HEADER), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_lcp_answers),
	        cmocka_unit_test(test_lcp_magic),
	        cmocka_unit_test(test_lcp_client_is_asked),
	        cmocka_unit_test(test_lcp_client_insists),
	        cmocka_unit_test(test_lcp_client_demands),
	        cmocka_unit_test(test_lcp_server_goes_down),
	        cmocka_unit_test(test_lcp_server_is_rejected),
	        cmocka_unit_test(test_lcp_server_only_naks),
	        cmocka_unit_test(test_lcp_server_is_not_talked_into),
	        cmocka_unit_test(test_lcp_server_odd_nak),
	        cmocka_unit_test(test_lcp_mtu),
	        cmocka_unit_test(test_lcp_identification),
	        cmocka_unit_test(test_lcp_codes),
	        cmocka_unit_test(test_lcp_odd_protocols),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
