/* test_ppp_auth_pap: one end of examples/ppp, octet by octet, speaking PAP (RFC 1334). */
#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "internal.h"

#define REQUEST      "FF03C023 01010014 04 55736572 0A 636C69656E7450617373"
#define PAP_OPTION   "0304C023"
#define NO_ADDRESS   "FF038021 01010004"
#define LOGIN_WRONG  "FF03C023 0305000D 08 6E6F206C75636B21" /* "no luck!" */
#define TERMINATE_ID 5

static void be_server(void)
{
	ppp_options c, s;

	pair_with(&c, &s, PPP_AUTH_PAP);
	lone_begin(&server, &s);
	lone_open(&server, "");
	assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_AUTHENTICATE);
}

static void be_client(void)
{
	ppp_options c, s;

	pair_with(&c, &s, PPP_AUTH_PAP);
	lone_begin(&client, &c);
	lone_open(&client, PAP_OPTION);
	assert_int_equal(ppp_phase_now(&client.link), PPP_PHASE_AUTHENTICATE);
}

/* P-PAP-05, P-PAP-06, P-SEQ-02: the server waits, acknowledges the request of the specification, and opens
 * its network layer at once. P-PAP-02: it acknowledges every repetition, whatever is in it. */
static void test_pap_server(void **state)
{
	(void)state;
	be_server();
	assert_null(lone_sent(&server, NULL));
	lone_hear(&server, REQUEST);
	lone_expect(&server, "FF03C023 02010005 00");
	assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_NETWORK);
	assert_non_null(lone_find(&server, PPP_PROTOCOL_IPCP, 1, NULL));
	lone_hear(&server, REQUEST);
	lone_expect(&server, "FF03C023 02010005 00");
	lone_hear(&server, "FF03C023 0109000C 03 456E65 03 777878");
	lone_expect(&server, "FF03C023 02090005 00");
	assert_int_equal(server.lookups, 1);
	assert_int_equal(server.downs, 0);
}

/* P-PAP-03: a wrong password gets one Nak and a Terminate-Request, and nothing gets an answer after that. */
static void test_pap_server_refuses(void **state)
{
	static const char *const wrong[] = {
	        "FF03C023 01030014 04 55736572 0A 636C69656E7450617300", /* last octet */
	        "FF03C023 01030013 04 55736572 09 636C69656E74506173",   /* one less */
	        "FF03C023 01030015 04 55736572 0B 636C69656E745061737378",
	        "FF03C023 01030015 04 55736572 0B 636C69656E745061737300",
	        "FF03C023 0103000A 04 55736572 00",
	        "FF03C023 01030006 00 00",
	        "FF03C023 01030014 04 75736572 0A 636C69656E7450617373", /* another user */
	        "FF03C023 01030015 05 5573657200 0A 636C69656E7450617373",
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		const uint8_t *nak;

		be_server();
		lone_hear(&server, wrong[i]);
		nak = lone_sent(&server, NULL);
		assert_int_equal(nak[4], 3);
		assert_int_equal(nak[5], 3);
		assert_int_equal(lone_sent(&server, NULL)[4], TERMINATE_ID);
		lone_hear(&server, REQUEST);
		assert_null(lone_sent(&server, NULL));
		lone_hear(&server, "FF03C021 06020004");
		assert_int_equal(server.downs, 1);
		assert_int_equal(server.down.reason, PPP_REASON_PEER_AUTH_FAILED);
		assert_int_equal(server.lookups, 1);
	}
}

/* P-PAP-05: a peer that never asks is ended in time, by a Terminate-Request. */
static void test_pap_server_waits_in_vain(void **state)
{
	(void)state;
	be_server();
	lone_run(&server, 29 * SECOND);
	assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_AUTHENTICATE);
	lone_run(&server, 59 * SECOND);
	assert_non_null(lone_find(&server, PPP_PROTOCOL_LCP, TERMINATE_ID, NULL));
	assert_int_equal(server.down.reason, PPP_REASON_AUTH_TIMEOUT);
	assert_string_equal(server.down.layer, "PAP");
}

/* P-PAP-05, P-PAP-01: the client asks as soon as LCP is open, in the words of the specification, and again
 * under another Identifier each time, Max-Configure times; then it gives up. */
static void test_pap_client_asks(void **state)
{
	const uint8_t *frame;
	unsigned seen = 0;

	(void)state;
	be_client();
	lone_expect(&client, REQUEST);
	lone_run(&client, 24 * SECOND);
	while ((frame = lone_find(&client, PPP_PROTOCOL_PAP, 1, NULL)) != NULL)
		assert_int_equal(frame[5], 2 + seen++);
	assert_int_equal(seen, 9);
	assert_int_equal(client.downs, 0);
	lone_run(&client, 60 * SECOND);
	assert_int_equal(client.down.reason, PPP_REASON_AUTH_TIMEOUT);
	assert_string_equal(client.down.layer, "PAP");
}

/* P-PAP-06: an answer with a message, with an empty one, or with none. */
static void test_pap_client_is_let_in(void **state)
{
	static const char *const acks[] = {"FF03C023 02010004", "FF03C023 02010005 00",
	                                   "FF03C023 02010007 02 4F4B", "C023 02010007 02 4F4B 0000"};

	(void)state;
	for (size_t i = 0; i < sizeof acks / sizeof acks[0]; i++) {
		be_client();
		lone_hear(&client, acks[i]);
		assert_int_equal(ppp_phase_now(&client.link), PPP_PHASE_NETWORK);
		/* anything after the verdict is late */
		lone_hear(&client, "FF03C023 03010004");
		assert_int_equal(ppp_phase_now(&client.link), PPP_PHASE_NETWORK);
		assert_int_equal(ppp_count(&client.link, PPP_DROP_BAD_IDENTIFIER), 1);
	}
}

/* P-PAP-03: refused, with the peer's words for the user. */
static void test_pap_client_is_refused(void **state)
{
	static const struct {
		const char *nak, *message;
	} rows[] = {
	        {"FF03C023 03010004", ""},
	        {"FF03C023 0301000D 08 6E6F206C75636B21", "no luck!"},
	        {"FF03C023 0301000A 05 1B5B304DFF", "?[0M?"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		be_client();
		lone_hear(&client, rows[i].nak);
		lone_run(&client, 20 * SECOND);
		assert_int_equal(client.down.reason, PPP_REASON_AUTH_FAILED);
		assert_string_equal(client.message, rows[i].message);
	}
}

/* An answer to no request of ours. */
static void test_pap_client_other_identifier(void **state)
{
	(void)state;
	be_client();
	lone_hear(&client, "FF03C023 02020005 00");
	lone_hear(&client, "FF03C023 02000005 00");
	lone_hear(&client, LOGIN_WRONG);
	assert_int_equal(ppp_phase_now(&client.link), PPP_PHASE_AUTHENTICATE);
	assert_int_equal(ppp_count(&client.link, PPP_DROP_BAD_IDENTIFIER), 3);
}

/* Each end has one role: what belongs to the other one is counted, and not acted upon. */
static void test_pap_wrong_role(void **state)
{
	(void)state;
	be_client();
	client.user = "User";
	client.password = "clientPass";
	lone_hear(&client, REQUEST);
	assert_int_equal(client.lookups, 0);
	assert_int_equal(ppp_count(&client.link, PPP_DROP_NOT_AGREED), 1);
	be_server();
	lone_hear(&server, "FF03C023 02010005 00");
	lone_hear(&server, "FF03C023 03010005 00");
	assert_int_equal(ppp_count(&server.link, PPP_DROP_NOT_AGREED), 2);
	lone_hear(&server, "FF03C023 04010004");
	assert_int_equal(ppp_count(&server.link, PPP_DROP_UNKNOWN_CODE), 1);
	assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_AUTHENTICATE);
	assert_null(lone_sent(&server, NULL));
}

/* P-PAP-06, P-PKT-01: cut anywhere, with its Length as it was or following the cut: never let in, never read
 * beyond its end. */
static void cut(end *e, void (*begin)(void), const uint8_t *whole, size_t len, int adjust)
{
	for (size_t n = 0; n < len; n++) {
		uint8_t *frame = malloc(n ? n : 1);

		assert_non_null(frame);
		begin();
		memcpy(frame, whole, n);
		if (adjust && n >= 8)
			frame[7] = (uint8_t)(n - 4);
		lone_hear_octets(e, frame, n);
		assert_int_not_equal(ppp_phase_now(&e->link), PPP_PHASE_NETWORK);
		free(frame);
	}
}

static void test_pap_cut_at_every_length(void **state)
{
	static const uint8_t request[] = {0xFF, 0x03, 0xC0, 0x23, 1,   1,   0,   20,  4,   'U', 's', 'e',
	                                  'r',  10,   'c',  'l',  'i', 'e', 'n', 't', 'P', 'a', 's', 's'};
	static const uint8_t ack[] = {0xFF, 0x03, 0xC0, 0x23, 2, 1, 0, 7, 2, 'O', 'K'};

	(void)state;
	cut(&server, be_server, request, sizeof request, 0);
	cut(&server, be_server, request, sizeof request, 1);
	cut(&client, be_client, ack, sizeof ack, 0);
	/* a Length below 4, beyond the frame, or which the fields overrun */
	be_client();
	lone_hear(&client, "FF03C023 02010003");
	lone_hear(&client, "FF03C023 02010006 00");
	lone_hear(&client, "FF03C023 02010006 024F");
	assert_int_equal(ppp_count(&client.link, PPP_DROP_BAD_LENGTH), 3);
	assert_int_equal(ppp_phase_now(&client.link), PPP_PHASE_AUTHENTICATE);
	be_server();
	lone_hear(&server, "FF03C023 01010014 04 55736572 0B 636C69656E7450617373");
	lone_hear(&server, "FF03C023 01010014 10 55736572 0A 636C69656E7450617373");
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_LENGTH), 2);
	assert_int_equal(server.lookups, 0);
}

/* P-PH-01, P-PH-07: until the peer is known no other protocol gets a word, not even a Protocol-Reject. */
static void test_pap_nothing_before(void **state)
{
	static const char *const early[] = {NO_ADDRESS,          "FF0380FD 01010004",    "FF030021 45",
	                                    "FF03C223 01010004", "FF03C227 01010005 01", "FF033FFF 00"};
	(void)state;
	be_server();
	for (size_t i = 0; i < sizeof early / sizeof early[0]; i++)
		lone_hear(&server, early[i]);
	assert_null(lone_sent(&server, NULL));
	/* P-PKT-19: but LCP's Echo-Request does */
	lone_hear(&server, "FF03C021 09070008 01020304");
	assert_int_equal(lone_sent(&server, NULL)[4], 10);
	lone_hear(&server, REQUEST);
	assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_NETWORK);
	/* after it the protocol that was not agreed on is an unknown one */
	lone_hear(&server, "FF03C223 01010004");
	assert_non_null(lone_find(&server, PPP_PROTOCOL_LCP, 8, NULL));
}

/* P-PKT-10: a peer that rejects the protocol it agreed to prove itself by. */
static void test_pap_protocol_rejected(void **state)
{
	(void)state;
	be_server();
	lone_hear(&server, "FF03C021 08010006 C023");
	lone_run(&server, 20 * SECOND);
	assert_int_equal(server.down.reason, PPP_REASON_AUTH_REFUSED);
	be_client();
	lone_hear(&client, "FF03C021 08010006 C023");
	lone_run(&client, 20 * SECOND);
	assert_int_equal(client.down.reason, PPP_REASON_PEER_REJECTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_pap_server),
	        cmocka_unit_test(test_pap_server_refuses),
	        cmocka_unit_test(test_pap_server_waits_in_vain),
	        cmocka_unit_test(test_pap_client_asks),
	        cmocka_unit_test(test_pap_client_is_let_in),
	        cmocka_unit_test(test_pap_client_is_refused),
	        cmocka_unit_test(test_pap_client_other_identifier),
	        cmocka_unit_test(test_pap_wrong_role),
	        cmocka_unit_test(test_pap_cut_at_every_length),
	        cmocka_unit_test(test_pap_nothing_before),
	        cmocka_unit_test(test_pap_protocol_rejected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
