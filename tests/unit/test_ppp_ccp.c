/* test_ppp_ccp: encryption agreed on and used, between two ends, and by one end to which a test speaks (RFC
 * 1962, 3078; the ids are those of the requirements that each test shows). */
#include "traffic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ccp.h"

#define STRENGTHS (PPP_MPPE_40 | PPP_MPPE_56 | PPP_MPPE_128)

static void require(ppp_options *c, ppp_options *s, uint8_t client_bits, uint8_t server_bits)
{
	pair_with(c, s, PPP_AUTH_MSCHAP2);
	c->mppe = client_bits;
	s->mppe = server_bits;
	c->mppe_require = s->mppe_require = 1;
}

static void open_with(uint8_t client_bits, uint8_t server_bits)
{
	ppp_options c, s;

	require(&c, &s, client_bits, server_bits);
	pair_begin(&c, &s);
	pair_run(20 * SECOND);
}

static unsigned bits_of(uint8_t strength)
{
	return strength == PPP_MPPE_40 ? 40 : strength == PPP_MPPE_56 ? 56 : 128;
}

static void assert_both_have(unsigned bits, int stateless)
{
	pair_assert_up();
	assert_int_equal(client.up.mppe_bits, bits);
	assert_int_equal(server.up.mppe_bits, bits);
	assert_int_equal(client.up.mppe_stateless, stateless);
	assert_int_equal(server.up.mppe_stateless, stateless);
	assert_int_equal(client.up.mtu, 1396);
}

/* P-MPPE-01 P-MPPE-04 P-MPPE-05 P-MPPE-06 P-MPPE-08 P-MPPE-12: each strength, in both directions, past the
 * end of the count. */
static void test_ccp_each_strength(void **state)
{
	(void)state;
	for (uint8_t strength = PPP_MPPE_40; strength <= PPP_MPPE_128; strength = (uint8_t)(strength << 1)) {
		uint8_t frame[FRAME_MAX];

		open_with(strength, strength);
		assert_both_have(bits_of(strength), 1);
		for (uint32_t i = 0; i < 5000; i++) {
			assert_true(traffic_send(&client, 4, i));
			assert_true(traffic_send(&server, 4, i));
		}
		assert_true(traffic_is_encrypted(frame, traffic_frame(&client, 4, 1, frame)));
		assert_int_equal(ppp_count(&server.link, PPP_COUNT_IPV4_IN), 5000);
	}
}

/* P-MPPE-01 P-MPPE-22 P-MPPE-23: the strongest that both have. */
static void test_ccp_strongest(void **state)
{
	static const struct {
		uint8_t client, server;
		unsigned bits;
	} rows[] = {
	        {STRENGTHS, STRENGTHS, 128},
	        {STRENGTHS, PPP_MPPE_40, 40},
	        {STRENGTHS, PPP_MPPE_56, 56},
	        {PPP_MPPE_40 | PPP_MPPE_128, STRENGTHS, 128},
	        {PPP_MPPE_40 | PPP_MPPE_56, STRENGTHS, 56},
	        {PPP_MPPE_40, PPP_MPPE_40 | PPP_MPPE_128, 40},
	        /* neither has the other one's strongest */
	        {PPP_MPPE_40 | PPP_MPPE_128, PPP_MPPE_40 | PPP_MPPE_56, 40},
	        {PPP_MPPE_40 | PPP_MPPE_56, PPP_MPPE_40 | PPP_MPPE_128, 40},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		open_with(rows[i].client, rows[i].server);
		assert_both_have(rows[i].bits, 1);
		assert_true(traffic_send(&client, 4, 1) && traffic_send(&server, 4, 1));
	}
}

/* P-CCP-07 P-MPPE-03: nobody gets less than he requires, and not a packet passes. */
static void test_ccp_nothing_in_common(void **state)
{
	static const uint8_t rows[][2] = {{PPP_MPPE_128, PPP_MPPE_40},
	                                  {PPP_MPPE_40 | PPP_MPPE_56, PPP_MPPE_128},
	                                  {PPP_MPPE_56, PPP_MPPE_40 | PPP_MPPE_128}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		open_with(rows[i][0], rows[i][1]);
		assert_int_equal(client.ups + server.ups, 0);
		assert_int_equal(client.downs, 1);
		assert_int_equal(server.downs, 1);
		assert_true(client.down.reason == PPP_REASON_ENCRYPTION_REFUSED ||
		            server.down.reason == PPP_REASON_ENCRYPTION_REFUSED);
	}
}

/* P-MPPE-09 P-MPPE-13 P-MPPE-22: stateful only where both ends allow it and one will have nothing else. */
static void test_ccp_stateless_is_preferred(void **state)
{
	(void)state;
	open_with(PPP_MPPE_128 | PPP_MPPE_STATEFUL, PPP_MPPE_128 | PPP_MPPE_STATEFUL);
	assert_both_have(128, 1);
	open_with(PPP_MPPE_128, PPP_MPPE_128 | PPP_MPPE_STATEFUL);
	assert_both_have(128, 1);
}

/* P-MPPE-09: one that will have nothing else gets it where it is allowed, and with it packets pass in both
 * directions; it is refused where it is not. */
static void test_ccp_stateful_only(void **state)
{
	(void)state;
	for (int by_server = 0; by_server < 2; by_server++)
		for (uint8_t strength = PPP_MPPE_40; strength <= PPP_MPPE_128;
		     strength = (uint8_t)(strength << 1)) {
			uint8_t other = (uint8_t)(strength | PPP_MPPE_STATEFUL);
			uint8_t only = (uint8_t)(strength | PPP_MPPE_STATEFUL_ONLY);

			open_with(by_server ? other : only, by_server ? only : other);
			assert_both_have(bits_of(strength), 0);
			for (uint32_t i = 0; i < 5000; i++)
				assert_true(traffic_send(&client, 4, i) && traffic_send(&server, 4, i));
			open_with(by_server ? strength : only, by_server ? only : strength);
			assert_int_equal(client.ups + server.ups, 0);
			assert_int_equal(client.downs, 1);
		}
}

/* P-CCP-06: where only one end wants encryption, and neither requires it, there is none. */
static void test_ccp_optional(void **state)
{
	(void)state;
	for (int who = 0; who < 4; who++) {
		ppp_options c, s;
		uint8_t frame[FRAME_MAX];

		pair_with(&c, &s, PPP_AUTH_MSCHAP2);
		c.mppe = who & 1 ? PPP_MPPE_128 : 0;
		s.mppe = who & 2 ? PPP_MPPE_128 : 0;
		pair_begin(&c, &s);
		pair_run(20 * SECOND);
		pair_assert_up();
		assert_int_equal(client.up.mppe_bits, who == 3 ? 128 : 0);
		assert_int_equal(client.up.mtu, who == 3 ? 1396 : 1400);
		assert_true(traffic_send(&client, 4, 7) && traffic_send(&server, 4, 7));
		assert_int_equal(traffic_is_encrypted(frame, traffic_frame(&server, 4, 1, frame)), who == 3);
	}
}

/* P-CCP-07 P-PKT-10: required by one end, and the other one has no CCP. */
static void test_ccp_required_by_one(void **state)
{
	(void)state;
	for (int by_server = 0; by_server < 2; by_server++) {
		ppp_options c, s;
		end *who = by_server ? &server : &client;

		pair_with(&c, &s, PPP_AUTH_MSCHAP2);
		(by_server ? &s : &c)->mppe = PPP_MPPE_128;
		(by_server ? &s : &c)->mppe_require = 1;
		pair_begin(&c, &s);
		pair_run(20 * SECOND);
		assert_int_equal(client.ups + server.ups, 0);
		assert_int_equal(who->down.reason, PPP_REASON_ENCRYPTION_REFUSED);
		assert_string_equal(who->down.layer, "CCP");
		assert_int_equal(who->other->down.reason, PPP_REASON_PEER_TERMINATED);
	}
}

/* The peer ends the link, or the call, rather than agree: what is missing is the reason, not how it ended. */
static void test_ccp_peer_leaves(void **state)
{
	(void)state;
	for (int call = 0; call < 2; call++) {
		ppp_options c, s;

		require(&c, &s, PPP_MPPE_128, PPP_MPPE_40);
		pair_begin(&c, &s);
		while (strcmp(ppp_layer_state(&client.link, PPP_LAYER_CCP), "Req-Sent") != 0) {
			end *from = client.first != client.last ? &client : &server;
			unsigned at = from->first++ % QUEUE;

			assert_true(at < QUEUE && from->first <= from->last);
			lone_hear_octets(from->other, from->frames[at], from->lens[at]);
		}
		if (call)
			ppp_lower_down(&client.link, now);
		else
			lone_hear(&client, "FF03C021 05990004");
		lone_run(&client, 30 * SECOND);
		assert_int_equal(client.downs, 1);
		assert_int_equal(client.down.reason, PPP_REASON_ENCRYPTION_REFUSED);
	}
}

/* P-MPPE-02 P-PAP-07: without MS-CHAP there are no keys. */
static void test_ccp_no_keys(void **state)
{
	static const uint8_t methods[] = {0, PPP_AUTH_PAP, PPP_AUTH_CHAP_MD5};

	(void)state;
	for (size_t i = 0; i < sizeof methods; i++) {
		ppp_options c, s;

		pair_with(&c, &s, methods[i]);
		if (methods[i] == 0) {
			c = pair_client();
			s = pair_server();
		}
		s.mppe = c.mppe = PPP_MPPE_128;
		s.mppe_require = c.mppe_require = 1;
		assert_int_equal(ppp_init(&server.link, &s), PPP_ERR_ARGUMENT);
		assert_int_equal(ppp_init(&client.link, &c), PPP_ERR_ARGUMENT);
		s.mppe_require = c.mppe_require = 0;
		pair_begin(&c, &s);
		pair_run(20 * SECOND);
		pair_assert_up();
		assert_int_equal(server.up.mppe_bits, 0);
	}
}

/* P-MPPE-08 P-MPPE-16: any packets lost, twice or late; forged counts do not end it. A forged one in some
 * hundreds makes sense by chance, and then a few are late. */
static void test_ccp_stateless_losses(void **state)
{
	uint8_t late[FRAME_MAX];
	size_t late_len = 0;
	uint32_t random = 1, good = 0, forgeries = 0;

	(void)state;
	open_with(PPP_MPPE_128, PPP_MPPE_128);
	for (uint32_t i = 0; i < 20000; i++) {
		uint8_t frame[FRAME_MAX];
		size_t len = traffic_frame(&client, 4, i, frame);

		while (lone_sent(&server, NULL) != NULL) /* of a forged one that made sense */
			;
		random = random * 1664525 + 1013904223;
		if (random >> 29 == 0) { /* lost; now and then it comes after all */
			memcpy(late, frame, len);
			late_len = len;
			continue;
		}
		lone_hear_octets(&server, frame, len);
		good++;
		if (random >> 28 != 15)
			continue;
		lone_hear_octets(&server, frame, len);
		if (late_len != 0)
			lone_hear_octets(&server, late, late_len);
		frame[5] = (uint8_t)(frame[5] + 9);
		lone_hear_octets(&server, frame, len);
		forgeries++;
	}
	assert_true(ppp_count(&server.link, PPP_DROP_MPPE_LATE) > 1000);
	assert_true(ppp_count(&server.link, PPP_DROP_MPPE_GARBAGE) > forgeries * 9 / 10);
	assert_true(server.packets <= good && server.packets + forgeries / 50 * 9 > good);
	assert_int_equal(server.downs, 0);
}

/* P-MPPE-17: out of step for good is the end, after a while. */
static void test_ccp_out_of_step(void **state)
{
	ppp_options c, s;

	(void)state;
	require(&c, &s, PPP_MPPE_128, PPP_MPPE_128);
	s.mppe_failures = 100;
	pair_begin(&c, &s);
	pair_run(20 * SECOND);
	pair_assert_up();
	client.link.ccp.send.session_key[0] ^= 1; /* a peer with other keys */
	client.link.ccp.send.start_key[0] ^= 1;
	for (uint32_t i = 0; i < 99; i++) {
		assert_false(traffic_send(&client, 4, i));
		assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_NETWORK);
	}
	assert_false(traffic_send(&client, 4, 100));
	pair_run(40 * SECOND);
	assert_int_equal(server.down.reason, PPP_REASON_ENCRYPTION_LOST);
	assert_int_equal(client.downs, 1);
}

/* P-MPPE-07 P-MPPE-19: what comes in clear is dropped, also what only says that it is encrypted. */
static void test_ccp_clear_is_dropped(void **state)
{
	uint8_t frame[FRAME_MAX] = {0xFF, 0x03, 0x00, 0x21};

	(void)state;
	open_with(PPP_MPPE_128, PPP_MPPE_128);
	traffic_packet(&client, 4, 1, frame + 4);
	lone_hear_octets(&server, frame, 4 + PACKET_OCTETS);
	lone_hear_octets(&server, frame + 3, 1 + PACKET_OCTETS); /* compressed header */
	assert_int_equal(ppp_count(&server.link, PPP_DROP_IN_CLEAR), 2);
	memmove(frame + 8, frame + 4, PACKET_OCTETS);
	memcpy(frame, "\xFF\x03\x00\xFD\x00\x00\x00\x21", 8);
	lone_hear_octets(&server, frame, 8 + PACKET_OCTETS);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_MPPE_CLEAR), 1);
	assert_int_equal(server.packets, 0);
}

/* P-MPPE-03: before encryption is there, IPCP is not, and nothing can be sent. */
static void test_ccp_comes_first(void **state)
{
	ppp_options c, s;
	uint8_t packet[PPP_HEADROOM + PACKET_OCTETS];
	const uint8_t *frame;
	size_t len;

	(void)state;
	require(&c, &s, PPP_MPPE_128, PPP_MPPE_128);
	s.user = &server;
	pair_begin(&c, &s);
	for (int i = 0; i < 40 && client.ups == 0; i++) {
		unsigned at = server.first % QUEUE;

		traffic_packet(&client, 4, 0, packet + PPP_HEADROOM);
		assert_int_equal(ppp_output(&client.link, packet + PPP_HEADROOM, PACKET_OCTETS, &frame, &len),
		                 PPP_ERR_NOT_OPEN);
		if (!client.link.ccp.settled)
			assert_int_equal(ppp_output_protocol(&client.link, 0x2B, packet + PPP_HEADROOM,
			                                     PACKET_OCTETS, &frame, &len),
			                 PPP_ERR_NOT_OPEN);
		if (strcmp(ppp_layer_state(&client.link, PPP_LAYER_CCP), "Opened") != 0)
			assert_true(client.link.fsm[PPP_LAYER_IPCP].state < PPP_CLOSED);
		if (server.first != server.last) {
			server.first++;
			lone_hear_octets(&client, server.frames[at], server.lens[at]);
		}
		at = client.first % QUEUE;
		if (client.first != client.last) {
			client.first++;
			lone_hear_octets(&server, client.frames[at], client.lens[at]);
		}
	}
	assert_int_equal(client.ups, 1);
}

/* ---- one end, and a test that speaks to it ------------------------------------------------------------- */

/* The server of a pair that is up, or the client when it is not required; frames of the other end stay in a
 * queue. */
static void lone_network(uint8_t bits, int required)
{
	ppp_options c, s;

	pair_with(&c, &s, PPP_AUTH_MSCHAP2);
	c.mppe = STRENGTHS | PPP_MPPE_STATEFUL; /* the client has to have CCP, or the server's is rejected */
	s.mppe = bits;
	s.mppe_require = (uint8_t)required;
	pair_begin(&c, &s);
	while (strcmp(ppp_layer_state(&server.link, PPP_LAYER_CCP), "Req-Sent") != 0) {
		unsigned at = client.first % QUEUE, other = server.first % QUEUE;

		if (client.first != client.last) {
			client.first++;
			lone_hear_octets(&server, client.frames[at], client.lens[at]);
		} else {
			assert_true(server.first != server.last);
			server.first++;
			lone_hear_octets(&client, server.frames[other], server.lens[other]);
		}
	}
	while (server.first != server.last) /* leave its CCP request, which is the last one */
		server.first++;
	server.first--;
}

/* P-MPPE-22: what is said to each kind of request. */
static void test_ccp_answers(void **state)
{
	static const struct {
		uint8_t bits;
		const char *request, *answer;
	} rows[] = {
	        {PPP_MPPE_128, "12 06 01000040", "02 12 06 01000040"},
	        {PPP_MPPE_128, "12 06 01000060", "03 12 06 01000040"},
	        {PPP_MPPE_128, "12 06 01000041", "03 12 06 01000040"}, /* with MPPC */
	        {PPP_MPPE_128, "12 06 010000F1", "03 12 06 01000040"},
	        {PPP_MPPE_128, "12 06 01000000", "03 12 06 01000040"},
	        {PPP_MPPE_128, "12 06 00000040", "03 12 06 01000040"}, /* stateful */
	        {PPP_MPPE_128, "12 06 01000020", "03 12 06 01000040"},
	        {PPP_MPPE_128, "12 06 00000000", "03 12 06 01000040"}, /* nothing, but it is required */
	        {PPP_MPPE_128, "12 04 0100", "03 12 06 01000040"},
	        {PPP_MPPE_128, "", "03 12 06 01000040"},
	        {STRENGTHS, "12 06 010000E0", "03 12 06 01000040"},
	        {STRENGTHS, "12 06 010000A0", "03 12 06 01000080"},
	        {STRENGTHS, "12 06 01000020", "02 12 06 01000020"},
	        {PPP_MPPE_128, "15 03 2F 12 06 01000040", "04 15 03 2F"}, /* BSD compression, too */
	        {PPP_MPPE_128, "1A 04 7800 18 04 7800", "04 1A 04 7800 18 04 7800"},
	        {PPP_MPPE_128, "12 06 01000040 12 06 01000040", "04 12 06 01000040"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char hear[200], expect[200];
		size_t len = 0, answer_len = 0;

		lone_network(rows[i].bits, 1);
		(void)lone_sent(&server, NULL);
		for (const char *c = rows[i].request; *c; c++)
			len += *c != ' ';
		for (const char *c = rows[i].answer; *c; c++)
			answer_len += *c != ' ';
		snprintf(hear, sizeof hear, "FF0380FD 01 33 %04x %s", (unsigned)(len / 2 + 4),
		         rows[i].request);
		lone_hear(&server, hear);
		snprintf(expect, sizeof expect, "FF0380FD %.2s 33 %04x %s", rows[i].answer,
		         (unsigned)(answer_len / 2 + 3), rows[i].answer + 2);
		lone_expect(&server, expect);
	}
}

/* P-MPPE-22: stateful is asked for again and again: taken where it is allowed, never where it is not. */
static void test_ccp_stateful_at_last(void **state)
{
	(void)state;
	lone_network(PPP_MPPE_128 | PPP_MPPE_STATEFUL, 1);
	(void)lone_sent(&server, NULL);
	lone_hear(&server, "FF0380FD 01010006 1206 00000040"); /* Length does not fit: nothing is said */
	assert_null(lone_sent(&server, NULL));
	lone_hear(&server, "FF0380FD 0102000A 1206 00000040");
	lone_expect(&server, "FF0380FD 0302000A 1206 01000040");
	lone_hear(&server, "FF0380FD 0103000A 1206 00000040");
	lone_expect(&server, "FF0380FD 0203000A 1206 00000040");
	lone_network(PPP_MPPE_128, 1);
	(void)lone_sent(&server, NULL);
	for (int i = 0; i < 9; i++) {
		const uint8_t *frame;

		lone_hear(&server, "FF0380FD 0102000A 1206 00000040");
		frame = lone_sent(&server, NULL);
		assert_non_null(frame);
		assert_true(frame[4] == 3 || frame[4] == 4);
	}
}

/* Stateful, agreed on: what the server sent last is acknowledged. */
static void open_stateful(void)
{
	const uint8_t *frame;
	uint8_t ack[FRAME_MAX];
	size_t len;

	lone_network(PPP_MPPE_128 | PPP_MPPE_STATEFUL, 1);
	frame = lone_find(&server, 0x80FD, 1, &len);
	assert_non_null(frame);
	memcpy(ack, frame, len);
	ack[4] = 3; /* Nak: without H */
	ack[10] = 0;
	lone_hear_octets(&server, ack, len);
	frame = lone_find(&server, 0x80FD, 1, &len);
	assert_non_null(frame);
	assert_int_equal(frame[10], 0);
	memcpy(ack, frame, len);
	ack[4] = 2;
	lone_hear_octets(&server, ack, len);
	lone_hear(&server, "FF0380FD 0103000A 1206 00000040"); /* as agreed in the other direction */
	lone_expect(&server, "FF0380FD 0203000A 1206 00000040");
	assert_string_equal(ppp_layer_state(&server.link, PPP_LAYER_CCP), "Opened");
}

/* The client's cipher, as the server's peer would have it. */
static size_t encrypted(struct mppe *cipher, uint32_t number, uint8_t *ret)
{
	memcpy(ret, "\xFF\x03\x00\xFD\x00\x00\x00\x21", 8);
	traffic_packet(&client, 4, number, ret + 8);
	mppe_encrypt(cipher, ret + 6, PACKET_OCTETS + 2);
	return 8 + PACKET_OCTETS;
}

/* P-CCP-01 P-CCP-02 P-CCP-04 P-MPPE-09 P-MPPE-13 P-MPPE-14 P-MPPE-18 */
static void test_ccp_stateful_losses(void **state)
{
	struct mppe cipher;
	uint8_t send[16], recv[16], frame[FRAME_MAX], id;
	const uint8_t *sent;
	size_t len;

	(void)state;
	open_stateful();
	assert_int_equal(ppp_auth_mppe_keys(&server.link, 16, recv, send), 0);
	mppe_begin(&cipher, MPPE_128, 0, send);
	while (lone_sent(&server, NULL) != NULL) /* its IPCP */
		;
	for (uint32_t i = 0; i < 600; i++) {
		len = encrypted(&cipher, i, frame);
		lone_hear_octets(&server, frame, len);
	}
	/* IPCP is not opened, so the host gets nothing; but they were decrypted. */
	assert_int_equal(ppp_count(&server.link, PPP_DROP_NOT_OPENED), 600);
	(void)encrypted(&cipher, 0, frame); /* lost */
	len = encrypted(&cipher, 1, frame);
	lone_hear_octets(&server, frame, len);
	sent = lone_find(&server, 0x80FD, 14, &len);
	assert_non_null(sent);
	assert_int_equal(len, 8);
	id = sent[5];
	len = encrypted(&cipher, 2, frame);
	lone_hear_octets(&server, frame, len);
	assert_null(lone_find(&server, 0x80FD, 14, NULL)); /* not more than once a second */
	now += SECOND;
	len = encrypted(&cipher, 3, frame);
	lone_hear_octets(&server, frame, len);
	sent = lone_find(&server, 0x80FD, 14, &len);
	assert_non_null(sent);
	assert_int_equal(sent[5], id);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_MPPE_LOST_STEP), 3);
	mppe_reset_requested(&cipher);
	len = encrypted(&cipher, 4, frame);
	lone_hear_octets(&server, frame, len);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_NOT_OPENED), 601);
	/* Ours: the peer lost something. */
	lone_hear(&server, "FF0380FD 0E 77 0004");
	lone_expect(&server, "FF0380FD 0F 77 0004");
	assert_int_equal(server.link.ccp.send.flush, 1);
	lone_hear(&server, "FF0380FD 0F 77 0004");
	assert_null(lone_find(&server, 0x80FD, 15, NULL));
	assert_int_equal(server.downs, 0);
}

/* P-CCP-05: a Reset-Request in stateless mode is answered, and changes nothing; before CCP is open it is
 * nothing. */
static void test_ccp_reset_request_stateless(void **state)
{
	(void)state;
	lone_network(PPP_MPPE_128, 1);
	(void)lone_sent(&server, NULL);
	lone_hear(&server, "FF0380FD 0E 77 0004");
	assert_null(lone_sent(&server, NULL));
	open_with(PPP_MPPE_128, PPP_MPPE_128);
	lone_hear(&server, "FF0380FD 0E 78 0008 01020304");
	lone_expect(&server, "FF0380FD 0F 78 0004");
	assert_true(traffic_send(&client, 4, 1) && traffic_send(&server, 4, 1));
}

/* P-MPPE-21: a lost Ack brings the request again: acknowledged, and no key is used twice. Anything else is
 * the end (P-CCP-07). */
static void test_ccp_asked_again(void **state)
{
	static const char *const ends[] = {"FF0380FD 01550004", "FF0380FD 0155000A 1206 01000020",
	                                   "FF0380FD 05550004", "FF03C021 0855 0006 80FD"};

	(void)state;
	open_with(PPP_MPPE_128, PPP_MPPE_128);
	lone_hear(&server, "FF0380FD 0155000A 1206 01000040");
	lone_expect(&server, "FF0380FD 0255000A 1206 01000040");
	assert_true(traffic_send(&client, 4, 1) && traffic_send(&server, 4, 1));
	lone_hear(&server, "FF0380FD 0156000A 1206 01000040"); /* after something was decrypted */
	pair_run(60 * SECOND);
	assert_int_equal(server.down.reason, PPP_REASON_ENCRYPTION_LOST);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		open_with(PPP_MPPE_128, PPP_MPPE_128);
		lone_hear(&server, ends[i]);
		pair_run(60 * SECOND);
		assert_int_equal(server.downs, 1);
		assert_true(server.down.reason == PPP_REASON_ENCRYPTION_LOST ||
		            server.down.reason == PPP_REASON_ENCRYPTION_REFUSED);
	}
}

static unsigned outputs;

/* The host of the server sends whenever it is told anything. */
static void output_from_trace(void *user, const ppp_trace *record)
{
	end *e = user;
	uint8_t packet[PPP_HEADROOM + PACKET_OCTETS];
	const uint8_t *frame;
	size_t len;

	(void)record;
	traffic_packet(e, 4, 0, packet + PPP_HEADROOM);
	if (ppp_output(&e->link, packet + PPP_HEADROOM, PACKET_OCTETS, &frame, &len) != PPP_OK)
		return;
	assert_true(traffic_is_encrypted(frame, len));
	outputs++;
}

/* P-MPPE-21: where it is not required, too: what the host was told is encrypted never goes on in clear, not
 * even out of a callback. */
static void test_ccp_ends_not_required(void **state)
{
	static const char *const ends[] = {"FF0380FD 05550004", "FF0380FD 01550004",
	                                   "FF03C021 0855 0006 80FD"};

	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		ppp_options c, s;

		pair_with(&c, &s, PPP_AUTH_MSCHAP2);
		c.mppe = s.mppe = PPP_MPPE_128;
		s.trace = output_from_trace;
		pair_begin(&c, &s);
		pair_run(20 * SECOND);
		assert_int_equal(server.up.mppe_bits, 128);
		outputs = 0;
		lone_hear(&server, ends[i]);
		assert_true(outputs > 0);
		pair_run(60 * SECOND);
		assert_int_equal(server.down.reason, PPP_REASON_ENCRYPTION_LOST);
		assert_int_equal(server.ups, 1);
	}
}

/* P-PKT-01: CCP packets cut at every length do nothing. */
static void test_ccp_malformed(void **state)
{
	static const char whole[] = "FF0380FD0155000A120601000040";

	(void)state;
	for (size_t digits = 8; digits + 2 < sizeof whole; digits += 2) {
		char cut[sizeof whole];

		lone_network(PPP_MPPE_128, 1);
		(void)lone_sent(&server, NULL);
		memcpy(cut, whole, digits);
		cut[digits] = '\0';
		lone_hear(&server, cut);
		if (digits + 2 < sizeof whole - 1)
			assert_null(lone_sent(&server, NULL));
	}
	for (unsigned bad = 0; bad < 8; bad++) { /* Length of the option */
		char frame[64];

		lone_network(PPP_MPPE_128, 1);
		(void)lone_sent(&server, NULL);
		snprintf(frame, sizeof frame, "FF0380FD 0155000A 12%02x 01000040", bad);
		lone_hear(&server, frame);
		assert_int_equal(server.downs, 0);
	}
}

/* P-MPPE-18: rubbish under 00FD, of every length, is dropped and counted. What makes sense by chance is a
 * protocol that we do not have. */
static void test_ccp_rubbish(void **state)
{
	uint8_t frame[FRAME_MAX] = {0xFF, 0x03, 0x00, 0xFD};
	uint64_t dropped;

	(void)state;
	open_with(PPP_MPPE_128, PPP_MPPE_128);
	for (size_t len = 4; len < 4 + PPP_MRU_DEFAULT + PPP_MPPE_OVERHEAD; len++) {
		memset(frame + 4, (int)(len * 7), len - 4);
		if (len > 4)
			frame[4] |= 0x90; /* so as to be decrypted */
		lone_hear_octets(&server, frame, len);
		while (lone_sent(&server, NULL) != NULL)
			;
	}
	assert_int_equal(server.packets, 0);
	dropped =
	        ppp_count(&server.link, PPP_DROP_MPPE_GARBAGE) + ppp_count(&server.link, PPP_DROP_MPPE_LATE);
	assert_int_equal(dropped + ppp_count(&server.link, PPP_DROP_UNKNOWN_PROTOCOL),
	                 PPP_MRU_DEFAULT + PPP_MPPE_OVERHEAD);
	assert_true(ppp_count(&server.link, PPP_DROP_UNKNOWN_PROTOCOL) < 15);
	assert_int_equal(server.downs, 0);
}

/* LCP begins anew: new authentication, new keys, and encryption again. */
static void test_ccp_after_renegotiation(void **state)
{
	(void)state;
	open_with(PPP_MPPE_128, PPP_MPPE_128);
	assert_true(traffic_send(&client, 4, 1));
	lone_hear(&server, "FF03C021 01990004");
	pair_run(60 * SECOND);
	pair_assert_up();
	assert_int_equal(server.ups, 2);
	assert_int_equal(server.up.mppe_bits, 128);
	assert_true(traffic_send(&client, 4, 2) && traffic_send(&server, 4, 2));
}

static void test_ccp_options(void **state)
{
	ppp_options c, s;

	(void)state;
	require(&c, &s, PPP_MPPE_STATEFUL, PPP_MPPE_128);
	assert_int_equal(ppp_init(&client.link, &c), PPP_ERR_ARGUMENT);
	c.mppe = 0;
	assert_int_equal(ppp_init(&client.link, &c), PPP_ERR_ARGUMENT);
}

static void test_ccp_trace(void **state)
{
	(void)state;
	open_with(PPP_MPPE_128, PPP_MPPE_128);
	assert_non_null(
	        strstr(client.lines, "sent CCP Configure-Request id 1 mppe 0x01000040 128 stateless"));
	assert_non_null(strstr(client.lines, "CCP: Ack-Sent to Opened"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_ccp_each_strength),
	        cmocka_unit_test(test_ccp_strongest),
	        cmocka_unit_test(test_ccp_nothing_in_common),
	        cmocka_unit_test(test_ccp_stateless_is_preferred),
	        cmocka_unit_test(test_ccp_stateful_only),
	        cmocka_unit_test(test_ccp_optional),
	        cmocka_unit_test(test_ccp_required_by_one),
	        cmocka_unit_test(test_ccp_peer_leaves),
	        cmocka_unit_test(test_ccp_no_keys),
	        cmocka_unit_test(test_ccp_stateless_losses),
	        cmocka_unit_test(test_ccp_out_of_step),
	        cmocka_unit_test(test_ccp_clear_is_dropped),
	        cmocka_unit_test(test_ccp_comes_first),
	        cmocka_unit_test(test_ccp_answers),
	        cmocka_unit_test(test_ccp_stateful_at_last),
	        cmocka_unit_test(test_ccp_stateful_losses),
	        cmocka_unit_test(test_ccp_reset_request_stateless),
	        cmocka_unit_test(test_ccp_asked_again),
	        cmocka_unit_test(test_ccp_ends_not_required),
	        cmocka_unit_test(test_ccp_malformed),
	        cmocka_unit_test(test_ccp_rubbish),
	        cmocka_unit_test(test_ccp_after_renegotiation),
	        cmocka_unit_test(test_ccp_options),
	        cmocka_unit_test(test_ccp_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
