/* test_ppp_lcp: LCP of examples/ppp, octet by octet, and what its state means for the other layers (RFC 1661
 * 2 to 5). Its options have test_ppp_auth_lcp. */
#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "internal.h"

#define LCP  PPP_PROTOCOL_LCP
#define IPCP PPP_PROTOCOL_IPCP
#define IPV4 "4500001C 00000000 40110000 0A000002 0A000001 0000000000000000"

enum { REQUEST = 1, ACK, NAK, REJECT, TERMINATE, TERMINATE_ACK, ECHO_REQUEST = 9, ECHO_REPLY };

static void begin(void)
{
	ppp_options s = pair_server();

	lone_begin(&server, &s);
}

/* LCP is opened and IPCP has asked; the peer's `option` was acknowledged. */
static void open_lcp(const char *option)
{
	begin();
	lone_open(&server, option);
	assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_NETWORK);
}

/* An answer with this code and Identifier, with all that was in our request. */
static void answer(const uint8_t *request, size_t len, uint8_t code, uint8_t id)
{
	uint8_t frame[FRAME_MAX];

	memcpy(frame, request, len);
	frame[4] = code;
	frame[5] = id;
	lone_hear_octets(&server, frame, len);
}

static void open_ipcp(void)
{
	size_t len;
	const uint8_t *request = lone_find(&server, IPCP, REQUEST, &len);

	assert_non_null(request);
	answer(request, len, ACK, request[5]);
	lone_hear(&server, "FF038021 0101000A 03060A000002");
	assert_int_equal(server.ups, 1);
	server.first = server.last;
}

/* P-NUM-03, P-NUM-05: both forms of everything, whatever was agreed. P-PH-03: data only while IPCP is Opened.
 */
static void test_lcp_forms_in(void **state)
{
	static const char *const packets[] = {"FF03 0021" IPV4, "FF03 21" IPV4, "0021" IPV4, "21" IPV4};

	(void)state;
	open_lcp("");
	for (size_t i = 0; i < 4; i++)
		lone_hear(&server, packets[i]);
	assert_int_equal(server.packets, 0);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_NOT_OPENED), 4);
	open_ipcp();
	for (size_t i = 0; i < 4; i++)
		lone_hear(&server, packets[i]);
	assert_int_equal(server.packets, 4);
}

/* P-NUM-04, P-NUM-06, P-LCP-05: the long form of everything out, which is legal after agreeing on shorter
 * ones. */
static void test_lcp_form_out(void **state)
{
	const uint8_t *frame;
	size_t len;

	(void)state;
	open_lcp("0702 0802");
	lone_hear(&server, "C021 09070008 01020304");
	lone_hear(&server, "FF0380 3F 01010004"); /* NBFCP: P-NCP-02 */
	for (unsigned i = 0; i < 3; i++) {
		frame = lone_sent(&server, &len);
		assert_memory_equal(frame, "\xFF\x03", 2);
		assert_int_equal(frame[2] & 0xBF, 0x80); /* 8021 or C021 */
		assert_int_equal(frame[3], 0x21);
	}
}

/* P-NUM-02: a network protocol, its control protocol, and others we do not have, are told so alike. */
static void test_lcp_unknown_protocols(void **state)
{
	static const char *const frames[] = {"FF03002B 00", "FF03802B 00", "FF034025 00", "FF03C025 00",
	                                     "FF03C02D 00"};

	(void)state;
	for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
		open_lcp("");
		lone_hear(&server, frames[i]);
		assert_non_null(lone_find(&server, LCP, 8, NULL));
		assert_int_equal(ppp_count(&server.link, PPP_DROP_UNKNOWN_PROTOCOL), 1);
	}
}

/* P-PH-04, P-PH-08: LCP goes down, and takes IPCP with it. P-PH-05: the other way round it stays, at first.
 */
static void test_lcp_carries_the_others(void **state)
{
	(void)state;
	open_lcp("");
	open_ipcp();
	lone_hear(&server, "FF03C021 01050004");
	assert_int_equal(server.suspends, 1);
	assert_string_equal(ppp_layer_state(&server.link, PPP_LAYER_IPCP), "Starting");
	lone_hear(&server, "21" IPV4);
	assert_int_equal(server.packets, 0);

	open_lcp("");
	open_ipcp();
	lone_hear(&server, "FF038021 05090004");
	lone_expect(&server, "FF038021 06090004");
	assert_string_equal(ppp_layer_state(&server.link, PPP_LAYER_LCP), "Opened");
	assert_int_equal(server.suspends, 1);
	assert_int_equal(server.downs, 0);
}

/* ---- our request and its answers --------------------------------------------------------------------- */

/* P-PKT-02: the Identifier stays while the request does, and changes with it. P-PKT-07: what was rejected is
 * not asked for again. */
static void test_lcp_identifiers(void **state)
{
	uint8_t frame[FRAME_MAX];
	const uint8_t *request;
	size_t len;

	(void)state;
	begin();
	memcpy(frame, lone_sent(&server, &len), FRAME_MAX);
	lone_run(&server, SECOND);
	assert_memory_equal(lone_sent(&server, NULL), frame, len);
	answer(frame, len, REJECT, frame[5]); /* erratum 543: of all of it */
	request = lone_sent(&server, &len);
	assert_int_equal(len, 8);
	assert_int_not_equal(request[5], frame[5]);
	answer(request, len, NAK, request[5]); /* of nothing: no Nak at all */
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_OPTIONS), 1);
}

/* P-PKT-03, P-PKT-04, P-FSM-06: answers which are none of ours. */
static void test_lcp_other_answers(void **state)
{
	uint8_t frame[FRAME_MAX], changed[FRAME_MAX];
	size_t len;

	(void)state;
	begin();
	memcpy(frame, lone_sent(&server, &len), FRAME_MAX);
	for (uint8_t code = ACK; code <= REJECT; code++)
		answer(frame, len, code, (uint8_t)(frame[5] + 1));
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_IDENTIFIER), 3);
	memcpy(changed, frame, FRAME_MAX);
	changed[len - 1] ^= 1; /* the magic number */
	answer(changed, len, ACK, frame[5]);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_ACK), 1);
	changed[7] = (uint8_t)(len - 4 - 6); /* MRU alone */
	answer(changed, len - 6, ACK, frame[5]);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_ACK), 2);
	changed[7] = (uint8_t)(len - 4);
	answer(changed, len, REJECT, frame[5]);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_REJECT), 1);
	/* magic number first, then MRU: another order */
	memcpy(changed + 8, frame + 12, 6);
	memcpy(changed + 14, frame + 8, 4);
	answer(changed, len, REJECT, frame[5]);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_REJECT), 2);
	assert_string_equal(ppp_layer_state(&server.link, PPP_LAYER_LCP), "Req-Sent");
	answer(frame, len, ACK, frame[5]);
	assert_string_equal(ppp_layer_state(&server.link, PPP_LAYER_LCP), "Ack-Rcvd");
}

/* ---- an opened link ---------------------------------------------------------------------------------- */

/* P-PKT-12: a peer that answers no Echo-Request is dead; one that sends anything is not. */
static void test_lcp_keepalive(void **state)
{
	const uint8_t *frame;
	unsigned seen = 0;

	(void)state;
	open_lcp("");
	open_ipcp();
	for (unsigned i = 1; i <= 10; i++) {
		lone_run(&server, i * 31 * SECOND);
		lone_hear(&server, "21" IPV4);
	}
	assert_int_equal(server.downs, 0);
	server.first = server.last;
	lone_run(&server, 500 * SECOND);
	while ((frame = lone_sent(&server, NULL)) != NULL && frame[4] == ECHO_REQUEST)
		seen++;
	assert_int_equal(seen, 4);
	assert_int_equal(frame[4], TERMINATE);
	assert_int_equal(server.down.reason, PPP_REASON_PEER_DEAD);
}

/* P-LCP-03: our own magic number comes back. P-PKT-13: Discard-Request is for nothing but that. */
static void test_lcp_looped(void **state)
{
	uint8_t frame[] = {0xFF, 0x03, 0xC0, 0x21, 9, 1, 0, 8, 0, 0, 0, 0};

	(void)state;
	for (uint8_t code = ECHO_REQUEST; code <= 11; code++) {
		open_lcp("");
		server.first = server.last;
		for (unsigned i = 0; i < 4; i++)
			frame[8 + i] = (uint8_t)(server.link.lcp.magic >> (24 - 8 * i));
		frame[4] = code;
		lone_hear_octets(&server, frame, sizeof frame);
		assert_int_equal(ppp_count(&server.link, PPP_DROP_LOOPED), 1);
		assert_non_null(lone_find(&server, LCP, TERMINATE, NULL));
	}
	open_lcp("");
	server.first = server.last;
	lone_hear(&server, "FF03C021 0B010008 01020304");
	assert_null(lone_sent(&server, NULL));
	assert_int_equal(ppp_count(&server.link, PPP_COUNT_CONTROL_IN), 3);
}

/* P-PKT-10, P-PKT-14: accel-ppp sends a Protocol-Reject of two octets and no copy. */
static void test_lcp_short_protocol_reject(void **state)
{
	(void)state;
	open_lcp("");
	lone_hear(&server, "FF03C021 08010005 80");
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_LENGTH), 1);
	lone_hear(&server, "FF03C021 08010006 8281"); /* never sent */
	assert_int_equal(ppp_count(&server.link, PPP_DROP_UNKNOWN_REJECT), 1);
	lone_hear(&server, "FF03C021 08010006 8021");
	lone_run(&server, 20 * SECOND);
	assert_int_equal(server.down.reason, PPP_REASON_PEER_REJECTED);
	assert_string_equal(server.down.layer, "IPCP");
}

/* P-PKT-16: without codes 1 to 6 there is no LCP; of the others the rejected one is not sent again. */
static void test_lcp_code_rejects(void **state)
{
	uint8_t frame[] = {0xFF, 0x03, 0xC0, 0x21, 7, 1, 0, 8, 1, 1, 0, 4};

	(void)state;
	for (uint8_t code = 1; code <= 6; code++) {
		open_lcp("");
		frame[8] = code;
		lone_hear_octets(&server, frame, sizeof frame);
		lone_run(&server, 20 * SECOND);
		assert_int_equal(server.down.reason, PPP_REASON_PEER_REJECTED);
	}
	open_lcp("");
	open_ipcp();
	frame[8] = ECHO_REQUEST;
	lone_hear_octets(&server, frame, sizeof frame);
	lone_run(&server, 100 * SECOND);
	assert_null(lone_find(&server, LCP, ECHO_REQUEST, NULL));
	assert_int_equal(ppp_count(&server.link, PPP_COUNT_SEND_SUPPRESSED), 3);
	lone_hear(&server, "FF03C021 07010004");
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_LENGTH), 1);
}

/* P-PKT-18, P-FSM-04: the reason of a Windows client, its Ack, and its repetition while we wait a moment. */
static void test_lcp_terminate_data(void **state)
{
	(void)state;
	open_lcp("");
	server.first = server.last;
	for (unsigned i = 0; i < 2; i++) {
		lone_hear(&server, "FF03C021 05420010 01020304 003CCD74 00000000");
		lone_expect(&server, "FF03C021 06420004");
		assert_int_equal(server.downs, 0);
	}
	lone_run(&server, 20 * SECOND);
	assert_int_equal(server.down.reason, PPP_REASON_PEER_TERMINATED);

	/* an Ack with data in it */
	open_lcp("");
	ppp_close(&server.link, PPP_REASON_LOCAL, now);
	lone_hear(&server, "FF03C021 06020008 01020304");
	assert_int_equal(server.downs, 1);
	assert_int_equal(server.down.reason, PPP_REASON_LOCAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_lcp_forms_in),
	        cmocka_unit_test(test_lcp_form_out),
	        cmocka_unit_test(test_lcp_unknown_protocols),
	        cmocka_unit_test(test_lcp_carries_the_others),
	        cmocka_unit_test(test_lcp_identifiers),
	        cmocka_unit_test(test_lcp_other_answers),
	        cmocka_unit_test(test_lcp_keepalive),
	        cmocka_unit_test(test_lcp_looped),
	        cmocka_unit_test(test_lcp_short_protocol_reject),
	        cmocka_unit_test(test_lcp_code_rejects),
	        cmocka_unit_test(test_lcp_terminate_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
