/* test_ppp_other: PPP carries other protocols than IP, and PPTP was made for some of them: IPX (RFC 1552),
 * NetBEUI (RFC 2097). They pass unchanged. */
#include "traffic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "internal.h"

static const uint16_t protocols[] = {0x002B, 0x003F, 0x802B, 0x803F};

/* An IPX packet of 34 octets: checksum FFFF, length, ..., to socket 0452 (SAP). */
static const uint8_t ipx[34] = {0xFF, 0xFF, 0x00, 0x22, 0x00, 0x04, 0, 0, 0, 1, 0xFF, 0xFF,
                                0xFF, 0xFF, 0xFF, 0xFF, 0x04, 0x52, 0, 0, 0, 1, 2,    3,
                                4,    5,    6,    7,    0x04, 0x52, 0, 1, 0, 4};

static void open_with(int encrypt)
{
	ppp_options c, s;

	pair_with(&c, &s, PPP_AUTH_MSCHAP2);
	s.other = pair_other;
	if (encrypt) {
		c.mppe = s.mppe = PPP_MPPE_128;
		c.mppe_require = s.mppe_require = 1;
	}
	pair_begin(&c, &s);
	pair_run(20 * SECOND);
	pair_assert_up();
}

static void send_other(uint16_t protocol, uint8_t *ret_frame, size_t *ret_len)
{
	uint8_t buffer[PPP_HEADROOM + sizeof ipx];
	const uint8_t *frame;
	size_t len;

	memcpy(buffer + PPP_HEADROOM, ipx, sizeof ipx);
	assert_int_equal(
	        ppp_output_protocol(&client.link, protocol, buffer + PPP_HEADROOM, sizeof ipx, &frame, &len),
	        PPP_OK);
	memcpy(ret_frame, frame, len);
	*ret_len = len;
}

/* P-NCP-01: unchanged, the network's encrypted where that is agreed, what controls it in clear (P-MPPE-04).
 */
static void test_other_passes(void **state)
{
	(void)state;
	for (int encrypt = 0; encrypt < 2; encrypt++) {
		open_with(encrypt);
		for (unsigned i = 0; i < sizeof protocols / sizeof protocols[0]; i++) {
			uint8_t frame[FRAME_MAX];
			size_t len;

			send_other(protocols[i], frame, &len);
			assert_int_equal(frame[3] == 0xFD, encrypt && protocols[i] < 0x8000);
			lone_hear_octets(&server, frame, len);
			assert_int_equal(server.others, i + 1);
			assert_int_equal(server.other_protocol, protocols[i]);
			assert_int_equal(server.other_len, sizeof ipx);
			assert_memory_equal(server.other_data, ipx, sizeof ipx);
		}
		assert_int_equal(ppp_count(&server.link, PPP_COUNT_OTHER_IN), 4);
		assert_int_equal(ppp_count(&client.link, PPP_COUNT_OTHER_OUT), 4);
		assert_int_equal(server.packets, 0);
	}
}

/* P-NCP-02 P-PKT-09: who has no use for them says so; what came encrypted does not go back in clear. */
static void test_other_rejected(void **state)
{
	(void)state;
	for (int encrypt = 0; encrypt < 2; encrypt++) {
		uint8_t frame[FRAME_MAX];
		const uint8_t *sent;
		size_t len;

		open_with(encrypt);
		server.link.options.other = NULL;
		send_other(0x002B, frame, &len);
		lone_hear_octets(&server, frame, len);
		sent = lone_find(&server, 0xC021, 8, &len);
		assert_non_null(sent);
		assert_int_equal(sent[8] << 8 | sent[9], 0x002B);
		assert_int_equal(len, encrypt ? 10 : 10 + sizeof ipx);
	}
}

/* Not for protocols that are ours, or none. */
static void test_other_not_ours(void **state)
{
	static const uint16_t bad[] = {0x0021, 0x0057, 0x00FD, 0x8021, 0x8057, 0x80FD, 0xC021, 0xC223,
	                               0x0022, 0x0121, 0x0001, 0x001F, 0xC02B, 0xFFFF, 0};
	uint8_t buffer[PPP_HEADROOM + 64] = {0};
	const uint8_t *frame;
	size_t len;

	(void)state;
	open_with(0);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(
		        ppp_output_protocol(&client.link, bad[i], buffer + PPP_HEADROOM, 10, &frame, &len),
		        PPP_ERR_ARGUMENT);
	assert_int_equal(ppp_count(&client.link, PPP_COUNT_OUTPUT_NOT_OURS), sizeof bad / sizeof bad[0]);
	ppp_close(&client.link, PPP_REASON_LOCAL, now);
	assert_int_equal(ppp_output_protocol(&client.link, 0x2B, buffer + PPP_HEADROOM, 10, &frame, &len),
	                 PPP_ERR_NOT_OPEN);
}

/* P-PKT-10: the host hears that its peer has no such protocol; not of numbers that are none of its own. */
static void test_other_host_is_told(void **state)
{
	(void)state;
	open_with(0);
	lone_hear(&server, "FF03C021 0801 0008 002D0000");
	assert_int_equal(server.rejected, 0x002D);
	lone_hear(&server, "FF03C021 0802 0006 802B");
	assert_int_equal(server.rejected, 0x802B);
	lone_hear(&server, "FF03C021 0803 0006 0022");
	lone_hear(&server, "FF03C021 0803 0006 C025");
	lone_hear(&client, "FF03C021 0803 0006 002B"); /* its host speaks none */
	assert_int_equal(server.rejected, 0x802B);
	assert_int_equal(client.rejected, 0);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_UNKNOWN_REJECT), 2);
	assert_int_equal(ppp_count(&client.link, PPP_DROP_UNKNOWN_REJECT), 1);
}

/* P-NUM-01 P-PKT-09: the hook does not see them either, and a peer that sends them is told. Those of the link
 * have their own meaning. */
static void test_other_not_offered(void **state)
{
	static const char *const numbers[] = {"0057", "8057", "00FD", "80FD", "0022", "0121", "001F", "C025"};

	(void)state;
	open_with(0);
	server.link.options.mppe = 0;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		char frame[32];
		const uint8_t *sent;

		snprintf(frame, sizeof frame, "FF03 %s 60000000", numbers[i]);
		lone_hear(&server, frame);
		sent = lone_find(&server, 0xC021, 8, NULL);
		assert_non_null(sent);
	}
	assert_int_equal(server.others, 0);
}

/* P-MPPE-19: where the link is encrypted the hook sees nothing of the network in clear. */
static void test_other_in_clear(void **state)
{
	(void)state;
	open_with(1);
	lone_hear(&server, "FF03 002B FFFF0022");
	lone_hear(&server, "2B FFFF0022");
	lone_hear(&server, "FF03 001F FFFF0022");
	assert_int_equal(server.others, 0);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_IN_CLEAR), 2);
	lone_hear(&server, "FF03 802B 01010004");
	assert_int_equal(server.others, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_other_passes),      cmocka_unit_test(test_other_rejected),
	        cmocka_unit_test(test_other_not_ours),    cmocka_unit_test(test_other_host_is_told),
	        cmocka_unit_test(test_other_not_offered), cmocka_unit_test(test_other_in_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
