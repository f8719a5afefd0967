/* test_ppp_ipv6cp: IPv6 beside IPv4 (RFC 5072). */
#include "traffic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "internal.h"

static void open_with(int client_has, int server_has, int encrypt)
{
	ppp_options c, s;

	pair_with(&c, &s, PPP_AUTH_MSCHAP2);
	c.ipv6 = (uint8_t)client_has;
	s.ipv6 = (uint8_t)server_has;
	if (encrypt) {
		c.mppe = s.mppe = PPP_MPPE_128;
		c.mppe_require = s.mppe_require = 1;
	}
	pair_begin(&c, &s);
	pair_run(20 * SECOND);
	pair_assert_up();
}

/* P-V6-01 P-V6-02 P-V6-06 P-V6-07 */
static void test_ipv6cp_both(void **state)
{
	(void)state;
	for (int encrypt = 0; encrypt < 2; encrypt++) {
		uint8_t frame[FRAME_MAX];

		open_with(1, 1, encrypt);
		assert_int_equal(client.ups6, 1);
		assert_int_equal(server.ups6, 1);
		assert_memory_equal(client.up6.local_interface, server.up6.peer_interface,
		                    PPP_INTERFACE_OCTETS);
		assert_memory_equal(client.up6.peer_interface, server.up6.local_interface,
		                    PPP_INTERFACE_OCTETS);
		assert_memory_not_equal(client.up6.local_interface, client.up6.peer_interface,
		                        PPP_INTERFACE_OCTETS);
		assert_int_equal(client.up6.local_interface[0] & 2, 0);
		assert_int_equal(client.up6.mtu, encrypt ? 1396 : 1400);
		assert_true(traffic_send(&client, 6, 1) && traffic_send(&server, 6, 1));
		assert_true(traffic_send(&client, 4, 2) && traffic_send(&server, 4, 2));
		assert_int_equal(traffic_is_encrypted(frame, traffic_frame(&client, 6, 1, frame)), encrypt);
		ppp_close(&client.link, PPP_REASON_LOCAL, now);
		pair_run(40 * SECOND);
		assert_int_equal(client.downs6, 1);
		assert_int_equal(server.downs6, 1);
	}
}

/* A host that is known by one identifier asks for that one; two with the same one still differ in the end. */
static void test_ipv6cp_own_identifier(void **state)
{
	static const uint8_t ours[PPP_INTERFACE_OCTETS] = {0, 0, 0, 0, 0, 0, 0, 1};

	(void)state;
	for (int both = 0; both < 2; both++) {
		ppp_options c, s;

		pair_with(&c, &s, PPP_AUTH_MSCHAP2);
		c.ipv6 = s.ipv6 = 1;
		memcpy(s.interface, ours, sizeof ours);
		if (both)
			memcpy(c.interface, ours, sizeof ours);
		pair_begin(&c, &s);
		pair_run(20 * SECOND);
		pair_assert_up();
		assert_int_equal(server.ups6, 1);
		assert_memory_not_equal(client.up6.local_interface, server.up6.local_interface,
		                        PPP_INTERFACE_OCTETS);
		assert_memory_equal(client.up6.local_interface, server.up6.peer_interface,
		                    PPP_INTERFACE_OCTETS);
		if (!both)
			assert_memory_equal(server.up6.local_interface, ours, sizeof ours);
	}
}

/* P-V6-10 P-PKT-09: one end has none: IPv4 goes on. */
static void test_ipv6cp_one_has_none(void **state)
{
	uint8_t packet[PPP_HEADROOM + PACKET_OCTETS];
	const uint8_t *frame;
	size_t len;

	(void)state;
	for (int who = 0; who < 2; who++) {
		open_with(who == 0, who == 1, 0);
		assert_int_equal(client.ups6 + server.ups6, 0);
		assert_true(traffic_send(&client, 4, 2) && traffic_send(&server, 4, 2));
		traffic_packet(&client, 6, 1, packet + PPP_HEADROOM);
		assert_int_equal(ppp_output(&client.link, packet + PPP_HEADROOM, PACKET_OCTETS, &frame, &len),
		                 PPP_ERR_NOT_OPEN);
	}
}

/* P-LCP-12: below 1280 octets, which encryption takes four of, there is none, and IPv4 goes on. */
static void test_ipv6cp_small_link(void **state)
{
	static const struct {
		uint16_t mtu;
		int encrypt, has;
	} rows[] = {{1280, 0, 1}, {1279, 0, 0}, {1284, 1, 1}, {1283, 1, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ppp_options c, s;

		pair_with(&c, &s, PPP_AUTH_MSCHAP2);
		c.ipv6 = s.ipv6 = 1;
		c.mppe = s.mppe = rows[i].encrypt ? PPP_MPPE_128 : 0;
		s.mtu_max = rows[i].mtu;
		pair_begin(&c, &s);
		pair_run(20 * SECOND);
		pair_assert_up();
		assert_int_equal(client.ups6, rows[i].has);
		assert_int_equal(server.ups6, rows[i].has);
	}
}

/* One end that is up, and whose IPV6CP the test speaks to. */
static void lone_ipv6cp(void)
{
	ppp_options o = pair_server();

	o.ipv6 = 1;
	lone_begin(&server, &o);
	lone_open(&server, "");
}

/* P-V6-03 P-V6-04 P-V6-05 P-V6-08 */
static void test_ipv6cp_answers(void **state)
{
	const uint8_t *sent;
	uint8_t ours[PPP_INTERFACE_OCTETS], frame[FRAME_MAX];
	size_t len;

	(void)state;
	lone_ipv6cp();
	sent = lone_find(&server, 0x8057, 1, &len);
	assert_non_null(sent);
	assert_int_equal(len, 18);
	memcpy(ours, sent + 10, sizeof ours);
	lone_hear(&server, "FF038057 0101000E 010A 0000000000000000");
	sent = lone_sent(&server, &len);
	assert_int_equal(sent[4], 3);
	assert_memory_not_equal(sent + 10, ours, sizeof ours);
	assert_memory_not_equal(sent + 10, "\0\0\0\0\0\0\0\0", sizeof ours);
	lone_hear(&server, "FF038057 01020004"); /* none at all */
	sent = lone_sent(&server, &len);
	assert_int_equal(sent[4], 2); /* it was told once what to ask for */
	lone_ipv6cp();
	sent = lone_find(&server, 0x8057, 1, &len);
	memcpy(frame, sent, len);
	frame[5] = 9;
	lone_hear_octets(&server, frame, len); /* its own */
	sent = lone_sent(&server, &len);
	assert_int_equal(sent[4], 3);
	assert_memory_not_equal(sent + 10, frame + 10, sizeof ours);
	lone_hear(&server, "FF038057 01030012 0204 0061 010A 0102030405060708");
	lone_expect(&server, "FF038057 04030008 0204 0061");
	lone_hear(&server, "FF038057 0104000E 010A 0102030405060708");
	lone_expect(&server, "FF038057 0204000E 010A 0102030405060708");
}

/* P-V6-09: a suggestion is taken, but not what we suggested to the peer. */
static void test_ipv6cp_naked(void **state)
{
	const uint8_t *sent;
	uint8_t suggested[PPP_INTERFACE_OCTETS], frame[FRAME_MAX];
	size_t len;

	(void)state;
	lone_ipv6cp();
	sent = lone_find(&server, 0x8057, 1, &len);
	memcpy(frame, sent, len);
	frame[4] = 3;
	memset(frame + 10, 0x44, 8);
	lone_hear_octets(&server, frame, len);
	sent = lone_find(&server, 0x8057, 1, &len);
	assert_memory_equal(sent + 10, "DDDDDDDD", 8);
	memcpy(frame, sent, len);
	lone_hear(&server, "FF038057 0101000E 010A 0000000000000000");
	sent = lone_find(&server, 0x8057, 3, NULL);
	memcpy(suggested, sent + 10, sizeof suggested);
	frame[4] = 3;
	memcpy(frame + 10, suggested, sizeof suggested);
	lone_hear_octets(&server, frame, len);
	sent = lone_find(&server, 0x8057, 1, &len);
	assert_non_null(sent);
	assert_memory_not_equal(sent + 10, suggested, sizeof suggested);
}

/* P-V6-09: our identifier rejected is no IPv6, and no end of the session. */
static void test_ipv6cp_rejected(void **state)
{
	const uint8_t *sent;
	uint8_t frame[FRAME_MAX];
	size_t len;

	(void)state;
	lone_ipv6cp();
	sent = lone_find(&server, 0x8057, 1, &len);
	memcpy(frame, sent, len);
	frame[4] = 4;
	lone_hear_octets(&server, frame, len);
	assert_int_equal(server.downs, 0);
	assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_NETWORK);
	assert_null(lone_find(&server, 0x8057, 1, NULL));
}

/* P-IP-12: a client has its link-local address, or none while it looks whether that is free. */
static void test_ipv6_source(void **state)
{
	uint8_t frame[FRAME_MAX] = {0xFF, 0x03, 0x00, 0x57};

	(void)state;
	open_with(1, 1, 0);
	traffic_packet(&client, 6, 1, frame + 4);
	frame[4 + 23] ^= 1;
	lone_hear_octets(&server, frame, 4 + PACKET_OCTETS);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_SOURCE), 1);
	memset(frame + 4 + 8, 0, 16);
	lone_hear_octets(&server, frame, 4 + PACKET_OCTETS);
	assert_int_equal(server.packets, 1);
	lone_hear_octets(&client, frame, 4 + PACKET_OCTETS); /* a client takes what its server sends */
	assert_int_equal(client.packets, 1);
}

/* Every length of a packet; padding goes. */
static void test_ipv6_lengths(void **state)
{
	uint8_t frame[FRAME_MAX] = {0xFF, 0x03, 0x00, 0x57};

	(void)state;
	open_with(1, 1, 0);
	traffic_packet(&server, 6, 1, frame + 4);
	for (size_t len = 4; len < 4 + PACKET_OCTETS; len++)
		lone_hear_octets(&client, frame, len);
	assert_int_equal(client.packets, 0);
	assert_int_equal(ppp_count(&client.link, PPP_DROP_NOT_IPV6), PACKET_OCTETS);
	lone_hear_octets(&client, frame, 4 + PACKET_OCTETS + 30);
	assert_int_equal(client.packet_len, PACKET_OCTETS);
	frame[4] = 0x45; /* not what it says */
	lone_hear_octets(&client, frame, 4 + PACKET_OCTETS);
	assert_int_equal(client.packets, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_ipv6cp_small_link),   cmocka_unit_test(test_ipv6cp_both),
	        cmocka_unit_test(test_ipv6cp_one_has_none), cmocka_unit_test(test_ipv6cp_own_identifier),
	        cmocka_unit_test(test_ipv6cp_answers),      cmocka_unit_test(test_ipv6cp_naked),
	        cmocka_unit_test(test_ipv6cp_rejected),     cmocka_unit_test(test_ipv6_source),
	        cmocka_unit_test(test_ipv6_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
