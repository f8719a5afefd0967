/* test_ppp_ccp_early: what an end that wants encryption says and does before there is some (RFC 1962, RFC
 * 3078; the ids are those of the requirements that each test shows). */
#include "traffic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ccp.h"

#define IPCP_REQUEST "FF038021 0177000A 0306 0A000002"

/* The server has authenticated its client, and waits for an answer to its request of CCP. */
static void at_ccp(int required)
{
	ppp_options c, s;

	pair_with(&c, &s, PPP_AUTH_MSCHAP2);
	c.mppe = s.mppe = PPP_MPPE_128;
	s.mppe_require = (uint8_t)required;
	pair_begin(&c, &s);
	while (server.link.fsm[PPP_LAYER_CCP].state != PPP_REQ_SENT) {
		const uint8_t *frame;
		size_t len;

		if ((frame = lone_sent(&client, &len)) != NULL)
			lone_hear_octets(&server, frame, len);
		else if ((frame = lone_sent(&server, &len)) != NULL)
			lone_hear_octets(&client, frame, len);
		else
			fail();
	}
	while (lone_sent(&client, NULL) != NULL)
		;
}

/* The test takes the place of the client. */
static void open_ccp(void)
{
	const uint8_t *request;
	uint8_t ack[FRAME_MAX];
	size_t len;

	lone_hear(&server, "FF0380FD 0144000A 1206 01000040");
	request = lone_find(&server, 0x80FD, 1, &len);
	assert_non_null(request);
	memcpy(ack, request, len);
	ack[4] = 2;
	lone_hear_octets(&server, ack, len);
	assert_int_equal(server.link.fsm[PPP_LAYER_CCP].state, PPP_OPENED);
}

/* P-SEQ-03 P-SEQ-04: a request of IPCP that comes too early is answered when its time has come, and not
 * before. */
static void test_early_request_is_kept(void **state)
{
	(void)state;
	for (int required = 0; required < 2; required++) {
		const uint8_t *answer;

		at_ccp(required);
		lone_hear(&server, IPCP_REQUEST);
		assert_null(lone_find(&server, 0x8021, 2, NULL));
		at_ccp(required);
		lone_hear(&server, "FF038021 01760004"); /* the last one counts */
		lone_hear(&server, IPCP_REQUEST);
		open_ccp();
		answer = lone_find(&server, 0x8021, 2, NULL);
		assert_non_null(answer);
		assert_int_equal(answer[5], 0x77);
		assert_null(lone_find(&server, 0x8021, 2, NULL));
		assert_int_equal(server.link.fsm[PPP_LAYER_IPCP].state, PPP_ACK_SENT);
	}
}

/* Nothing else is kept, nor what would not be understood. */
static void test_early_others_are_not(void **state)
{
	static const char *const frames[] = {"FF038021 02770004",      "FF038021 05770004",
	                                     "FF038021 01770005",      "FF038021 017700",
	                                     "FF038021 01770006 0301", "FF038021 0177000A 0307 0A000002",
	                                     "FF038057 05010004"};
	char large[2 * 80 + 1] = "FF038021 01770044";

	(void)state;
	at_ccp(1);
	server.link.options.ipv6 = 1;
	for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
		lone_hear(&server, frames[i]);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_NOT_OPENED), sizeof frames / sizeof frames[0]);
	strcat(large, "8140"); /* one option of 64 octets */
	for (int i = 0; i < 62; i++)
		strcat(large, "00");
	lone_hear(&server, large);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_NOT_OPENED), 1 + sizeof frames / sizeof frames[0]);
	open_ccp();
	assert_null(lone_find(&server, 0x8021, 2, NULL));
}

/* P-PH-08: what was kept does not outlive LCP. */
static void test_early_request_is_forgotten(void **state)
{
	(void)state;
	at_ccp(1);
	lone_hear(&server, IPCP_REQUEST);
	lone_hear(&server, "FF03C021 01990004");
	assert_int_equal(server.link.phase, PPP_PHASE_ESTABLISH);
	assert_int_equal(server.link.fsm[PPP_LAYER_IPCP].early_len, 0);
}

/* P-SEQ-06: where it is not required, packets wait until it is known that there is none, and no longer. */
static void test_early_packets_wait(void **state)
{
	uint8_t frame[FRAME_MAX] = {0xFF, 0x03, 0x00, 0x21};

	(void)state;
	at_ccp(0);
	traffic_packet(&client, 4, 1, frame + 4);
	lone_hear_octets(&server, frame, 4 + PACKET_OCTETS);
	lone_hear(&server, "FF03002B FFFF"); /* not even a Protocol-Reject */
	assert_int_equal(server.packets, 0);
	assert_int_equal(server.link.fsm[PPP_LAYER_IPCP].state < PPP_CLOSED, 1);
	lone_hear(&server, "FF03C021 0801 0006 80FD");
	assert_int_equal(server.link.fsm[PPP_LAYER_IPCP].state, PPP_REQ_SENT);
}

/* P-LCP-10: who requires encryption shows no password for less, and joins no link that gives no keys. */
static void test_early_no_password_for_nothing(void **state)
{
	static const struct {
		const char *asked, *answer; /* options of LCP */
	} rows[] = {
	        {"0304C023", "FF03C021 03010009 0305C22381"},
	        {"0305C22305", "FF03C021 03010009 0305C22381"},
	        {"", "FF03C021 03010009 0305C22381"},
	        {"0305C22381", "FF03C021 02010009 0305C22381"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t frame[FRAME_MAX] = {0xFF, 0x03, 0xC0, 0x21, 1, 1};
		ppp_options c, s;
		size_t len;

		pair_with(&c, &s, PPP_AUTH_PAP | PPP_AUTH_CHAP_MD5 | PPP_AUTH_MSCHAP2);
		c.mppe = PPP_MPPE_128;
		c.mppe_require = 1;
		lone_begin(&client, &c);
		assert_non_null(lone_sent(&client, NULL));
		len = pair_octets(rows[i].asked, frame + 8);
		frame[7] = (uint8_t)(4 + len);
		lone_hear_octets(&client, frame, 8 + len);
		lone_expect(&client, rows[i].answer);
	}
}

/* P-MPPE-02 P-CCP-07: keys of none, as both ends proved themselves by MS-CHAP: the link ends, and says why.
 */
static void test_early_no_keys(void **state)
{
	ppp_options c, s;

	(void)state;
	pair_with(&c, &s, PPP_AUTH_MSCHAP2);
	s.auth_allow = c.auth_require = PPP_AUTH_MSCHAP2;
	s.name = "User";
	s.name_len = 4;
	s.password = "clientPass";
	s.password_len = 10;
	client.user = "User";
	client.password = "clientPass";
	c.mppe = s.mppe = PPP_MPPE_128;
	s.mppe_require = 1;
	pair_begin(&c, &s);
	pair_run(60 * SECOND);
	assert_int_equal(client.ups + server.ups, 0);
	assert_int_equal(server.down.reason, PPP_REASON_NO_KEYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_early_request_is_kept),
	        cmocka_unit_test(test_early_others_are_not),
	        cmocka_unit_test(test_early_request_is_forgotten),
	        cmocka_unit_test(test_early_packets_wait),
	        cmocka_unit_test(test_early_no_password_for_nothing),
	        cmocka_unit_test(test_early_no_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
