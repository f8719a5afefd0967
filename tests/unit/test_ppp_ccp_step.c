/* test_ppp_ccp_step: encrypted links keep in step: published frames, and both modes over paths that lose
 * packets and control packets (RFC 3078 7, 8, RFC 1962 3; the ids are those of the requirements that each
 * test shows). */
#include "traffic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ccp.h"

#define COUNTS 4096u

/* Both ends up with these bits; then, as no two of these ends agree on the stateful mode, as if they had. */
static void open_with(enum mppe_bits bits, int stateless)
{
	uint8_t send[16], recv[16];
	ppp_options c, s;

	pair_with(&c, &s, PPP_AUTH_MSCHAP2);
	c.mppe = s.mppe = bits == MPPE_40 ? PPP_MPPE_40 : bits == MPPE_56 ? PPP_MPPE_56 : PPP_MPPE_128;
	c.mppe_require = s.mppe_require = 1;
	pair_begin(&c, &s);
	pair_run(20 * SECOND);
	pair_assert_up();
	assert_int_equal(ppp_auth_mppe_keys(&client.link, mppe_key_octets(bits), send, recv), 0);
	mppe_begin(&client.link.ccp.send, bits, stateless, send);
	mppe_begin(&client.link.ccp.recv, bits, stateless, recv);
	assert_int_equal(ppp_auth_mppe_keys(&server.link, mppe_key_octets(bits), send, recv), 0);
	mppe_begin(&server.link.ccp.send, bits, stateless, send);
	mppe_begin(&server.link.ccp.recv, bits, stateless, recv);
}

/* ---- published frames -------------------------------------------------------------------------------- */

#define KEY_8  "d5f0e9521e3ea958"
#define KEY_16 "d5f0e9521e3ea9589645e86051c82226"

static const struct frames {
	enum mppe_bits bits;
	int stateless;
	const char *key;
	uint16_t count; /* of the first frame */
	const char *frames[3];
} published[] = {
        {MPPE_40,
         1,
         KEY_8,
         0,
         {"ff0300fd9000b243a2901f6409c0912fdbf8635859275bc55ad3725e",
          "ff0300fd9001743feb7fc8f177c0efa867bbe6e6a5aeb8b863862bfc",
          "ff0300fd90027efdd87a0535bfb4b6374f032467b63debf4f81809c2"}},
        {MPPE_40,
         0,
         KEY_8,
         0,
         {"ff0300fd1000ae6bca24925f77a76cc6d5df659bd500a1a17eed8553",
          "ff0300fd1001c7a7dcef941688e7e419d3b4fe89edbea0d50665ef3b",
          "ff0300fd100297cd54dc9060d37d3a547aadca29bf9e5629627f72d5"}},
        {MPPE_56,
         1,
         KEY_8,
         0,
         {"ff0300fd9000b655d03900d8038247673481f0d2b0f1a9388403fa26",
          "ff0300fd900150e1e939d88f554f111de6435e07acb879c6f724bd69",
          "ff0300fd9002668c6ea6e3319540dc24adfc25540f9876a57e1254d5"}},
        {MPPE_56,
         0,
         KEY_8,
         0,
         {"ff0300fd10003ef2e915544e433b569a4238fb36fcf10ef13c9aab47",
          "ff0300fd10011a886e469fcd955dc79cc6f47a22ced31edf9fffbdd6",
          "ff0300fd1002eb1de16418a8aa4f95422f8f19dbb0912c1867e6f592"}},
        {MPPE_128,
         1,
         KEY_16,
         0,
         {"ff0300fd90003f79989876f0f2254a21c66e7ea5ab54263411ffbab5",
          "ff0300fd9001fb2e423d06714fa3e00c82d0e958aa61593a06984264",
          "ff0300fd9002e86e453924e3a7b3563f20a5364a6aef8ddbd0c841e0"}},
        {MPPE_128,
         0,
         KEY_16,
         0,
         {"ff0300fd1000c1289f22b5982fb866909d58759529272470c6ef9140",
          "ff0300fd10019fce92a4cfa201eb0425582609d7752f4a94c688c95d",
          "ff0300fd10028d63a7323223cd3ba31c8b59c4697aee67669fb7fb28"}},
        {MPPE_40,
         0,
         KEY_8,
         254,
         {"FF0300FD10FE7CD93E58E933B041442C249E75B2E9CBE1667BD040E2",
          "FF0300FD90FFB243A2901F6409C0912FDBF8635859275BC55AD3725E",
          "FF0300FD1100171CB73F994D65168AA799C22594B92BCA3E750D7B07"}},
        {MPPE_56,
         0,
         KEY_8,
         254,
         {"FF0300FD10FE6647E94010ECBF5F320B880A3F7D44E1C4404E939264",
          "FF0300FD90FFB655D03900D8038247673481F0D2B0F1A9388403FA26",
          "FF0300FD11000AFC8664BFCF35856D4EEC4E43F3707A4A2DDC8EDE9B"}},
        {MPPE_128,
         0,
         KEY_16,
         254,
         {"FF0300FD10FECCE5EA08508E9E4447C9783A98E1B17549514167DD68",
          "FF0300FD90FF3F79989876F0F2254A21C66E7EA5AB54263411FFBAB5",
          "FF0300FD1100E3633E82A852E1723352BD5EA0743EC8A4908E7D3794"}},
};

/* The packet that all of them carry. */
static const uint8_t plain[20] = {0x45, 0,    0,    0x14, 0, 0, 0,    0,    0x40, 1,
                                  0xF7, 0x95, 0xC0, 0xA8, 1, 1, 0xC0, 0xA8, 1,    2};

static const uint8_t *output_plain(size_t *ret_len)
{
	static uint8_t buffer[PPP_HEADROOM + sizeof plain];
	const uint8_t *frame;

	memcpy(buffer + PPP_HEADROOM, plain, sizeof plain);
	assert_int_equal(ppp_output(&client.link, buffer + PPP_HEADROOM, sizeof plain, &frame, ret_len),
	                 PPP_OK);
	return frame;
}

/* P-MPPE-05 P-MPPE-06 P-MPPE-07 P-MPPE-08 P-MPPE-09 P-MPPE-10 P-MPPE-11: whole frames, out and in. */
static void test_step_published(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
		const struct frames *row = &published[i];
		uint8_t key[FRAME_MAX];

		open_with(row->bits, row->stateless);
		server.link.options.check_source = 0;
		(void)pair_octets(row->key, key);
		mppe_begin(&client.link.ccp.send, row->bits, row->stateless, key);
		mppe_begin(&server.link.ccp.recv, row->bits, row->stateless, key);
		for (unsigned count = 0; count < row->count + 3u; count++) {
			uint8_t expected[FRAME_MAX];
			size_t len;
			const uint8_t *frame = output_plain(&len);

			if (count >= row->count) {
				assert_int_equal(pair_octets(row->frames[count - row->count], expected), len);
				assert_memory_equal(frame, expected, len);
			}
			lone_hear_octets(&server, frame, len);
			assert_int_equal(server.packets, count + 1);
			assert_int_equal(server.packet_len, sizeof plain);
			assert_memory_equal(server.packet, plain, sizeof plain);
		}
	}
}

/* ---- losses ------------------------------------------------------------------------------------------ */

static uint32_t random_state;

static int one_in(uint32_t n)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % n == 0;
}

/* Control packets that wait reach the other end, or get lost. */
static void carry_control(end *from, int lossy)
{
	const uint8_t *frame;
	size_t len;

	while ((frame = lone_sent(from, &len)) != NULL)
		if (!lossy || !one_in(3))
			lone_hear_octets(from->other, frame, len);
}

static unsigned stream(end *from, uint32_t packets, uint32_t loss)
{
	unsigned got = 0;

	for (uint32_t i = 0; i < packets; i++) {
		uint8_t frame[FRAME_MAX];
		size_t len = traffic_frame(from, 4, i, frame);
		unsigned before = from->other->packets;

		now += 50000;
		if (loss && one_in(loss))
			continue;
		lone_hear_octets(from->other, frame, len);
		got += from->other->packets - before;
		if (from->other->packets != before)
			assert_int_equal(wire_load32(from->other->packet + PACKET_OCTETS - 4), i);
		carry_control(from->other, loss != 0);
		carry_control(from, loss != 0);
	}
	return got;
}

static void quiet(end *e)
{
	e->link.lcp.echo_deadline = PPP_NEVER; /* time passes here without ticks */
}

/* P-MPPE-06 P-MPPE-08 P-MPPE-09 P-MPPE-13 P-MPPE-14 P-CCP-02 P-CCP-04: each strength, mode and direction,
 * without a loss and with many, of Reset-Requests and Reset-Acks, too, twice round the count. Nothing wrong
 * reaches the host, and in the end the link is in step. */
static void test_step_losses(void **state)
{
	static const enum mppe_bits bits[] = {MPPE_40, MPPE_56, MPPE_128};

	(void)state;
	random_state = 1;
	for (unsigned i = 0; i < 12; i++) {
		int stateless = i & 1;
		end *from = i & 2 ? &client : &server;
		uint32_t packets = 2 * COUNTS + 300;
		unsigned got;

		open_with(bits[i >> 2], stateless);
		quiet(&client);
		quiet(&server);
		assert_int_equal(stream(from, packets, 0), packets);
		assert_int_equal(ppp_count(&from->other->link, PPP_COUNT_RESETS_OUT), 0);
		assert_int_equal(ppp_count(&from->link, PPP_COUNT_ENCRYPTED), packets);
		assert_int_equal(ppp_count(&from->other->link, PPP_COUNT_DECRYPTED), packets);
		got = stream(from, packets, 20);
		assert_true(stateless ? got > packets * 9 / 10 : got > packets / 4);
		assert_int_equal(ppp_count(&from->other->link, PPP_COUNT_RESETS_OUT) > 100, !stateless);
		assert_int_equal(ppp_count(&from->link, PPP_COUNT_RESETS_IN) > 50, !stateless);
		assert_int_equal(ppp_count(&from->other->link, PPP_DROP_MPPE_GARBAGE), 0);
		(void)stream(from, 300, 0);
		assert_int_equal(stream(from, 100, 0), 100);
		assert_int_equal(client.downs + server.downs, 0);
	}
}

/* P-MPPE-17: a gap as long as the count can tell, and one packet more. */
static void test_step_gap(void **state)
{
	(void)state;
	for (unsigned lost = 2046; lost <= 2049; lost++) {
		uint8_t frame[FRAME_MAX];

		open_with(MPPE_128, 1);
		assert_true(traffic_send(&client, 4, 1));
		for (unsigned i = 0; i < lost; i++)
			(void)traffic_frame(&client, 4, i, frame);
		assert_int_equal(traffic_send(&client, 4, 2), lost < 2048);
		assert_int_equal(ppp_count(&server.link, PPP_DROP_MPPE_LATE), lost < 2048 ? 0 : 1);
	}
}

/* P-MPPE-16 P-MPPE-18: a forged packet, with and without the flag that begins anew, moves no key and no
 * cipher, also where it pretends to be far ahead. */
static void test_step_forged_stateful(void **state)
{
	static const uint16_t headers[] = {0x1001, 0x9001, 0x90FF, 0x9700};

	(void)state;
	for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
		uint8_t forged[46] = {0xFF, 0x03, 0x00, 0xFD};

		open_with(MPPE_128, 0);
		assert_true(traffic_send(&client, 4, 0));
		wire_store16(forged + 4, headers[i]);
		memset(forged + 6, 0xA7, 40);
		lone_hear_octets(&server, forged, sizeof forged);
		assert_int_equal(ppp_count(&server.link, PPP_DROP_MPPE_GARBAGE), 1);
		assert_true(traffic_send(&client, 4, 1) && traffic_send(&client, 4, 2));
		assert_int_equal(ppp_count(&server.link, PPP_COUNT_RESETS_OUT), 0);
	}
}

/* P-MPPE-13 P-MPPE-18: stateful: a cipher that is really elsewhere: garbage, then a gap, then in step again.
 */
static void test_step_cipher_moved(void **state)
{
	(void)state;
	open_with(MPPE_40, 0);
	assert_true(traffic_send(&client, 4, 0));
	client.link.ccp.send.cipher.i ^= 0x5A;
	assert_false(traffic_send(&client, 4, 1));
	assert_int_equal(ppp_count(&server.link, PPP_DROP_MPPE_GARBAGE), 1);
	assert_false(traffic_send(&client, 4, 2));
	assert_int_equal(ppp_count(&server.link, PPP_DROP_MPPE_LOST_STEP), 1);
	carry_control(&server, 0);
	assert_true(traffic_send(&client, 4, 3) && traffic_send(&client, 4, 4));
}

/* P-CCP-05: stateless, garbage asks for nothing. */
static void test_step_forged_stateless(void **state)
{
	uint8_t forged[46] = {0xFF, 0x03, 0x00, 0xFD, 0x90, 0x07};

	(void)state;
	open_with(MPPE_128, 1);
	memset(forged + 6, 0xA7, 40);
	lone_hear_octets(&server, forged, sizeof forged);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_MPPE_GARBAGE), 1);
	assert_null(lone_sent(&server, NULL));
	assert_true(traffic_send(&client, 4, 1));
}

/* P-MPPE-13 P-MPPE-17: a peer that never begins anew is not waited for without end. */
static void test_step_reset_in_vain(void **state)
{
	uint8_t frame[FRAME_MAX];

	(void)state;
	open_with(MPPE_56, 0);
	server.link.options.mppe_failures = 200;
	(void)traffic_frame(&client, 4, 0, frame); /* lost */
	for (unsigned i = 0; i < 200 && server.link.phase == PPP_PHASE_NETWORK; i++) {
		assert_false(traffic_send(&client, 4, i));
		while (lone_sent(&server, NULL) != NULL) /* lost, too */
			;
		now += 100000;
		quiet(&server);
	}
	assert_int_equal(server.link.phase, PPP_PHASE_TERMINATE);
	assert_true(ppp_count(&server.link, PPP_COUNT_RESETS_OUT) >= 19);
	assert_true(ppp_count(&server.link, PPP_COUNT_RESETS_OUT) <= 21);
	assert_int_equal(ppp_tick(&client.link, now), PPP_OK);
	assert_int_equal(ppp_tick(&server.link, now), PPP_OK);
	pair_run(now + 60 * SECOND);
	assert_int_equal(server.down.reason, PPP_REASON_ENCRYPTION_LOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_step_published),     cmocka_unit_test(test_step_losses),
	        cmocka_unit_test(test_step_gap),           cmocka_unit_test(test_step_forged_stateful),
	        cmocka_unit_test(test_step_cipher_moved),  cmocka_unit_test(test_step_forged_stateless),
	        cmocka_unit_test(test_step_reset_in_vain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
