/* test_ppp_link: two ends of examples/ppp over a wire that a test controls, on a virtual clock. What is
 * expected comes from RFC 1661, 1332 and 1877. */
#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static ppp_options client_options(void)
{
	ppp_options o = pair_client();

	o.ask_dns = 1;
	return o;
}

static ppp_options server_options(void)
{
	ppp_options o = pair_server();

	o.dns[0] = 0x08080808;
	return o;
}

static void assert_both_up(void)
{
	assert_true(client.ups >= 1 && server.ups >= 1);
	assert_int_equal(client.downs + server.downs, 0);
	assert_int_equal(client.up.local_address, 0x0A000002);
	assert_int_equal(client.up.peer_address, 0x0A000001);
	assert_int_equal(server.up.local_address, 0x0A000001);
	assert_int_equal(server.up.peer_address, 0x0A000002);
	assert_int_equal(client.up.dns[0], 0x08080808);
	assert_int_equal(client.up.dns[1], 0);
	assert_int_equal(client.up.mtu, 1400);
}

static void begin_and_open(void)
{
	ppp_options c = client_options(), s = server_options();

	pair_begin(&c, &s);
	pair_run(20 * SECOND);
	assert_both_up();
}

static void test_ppp_opens(void **state)
{
	(void)state;
	begin_and_open();
	assert_int_equal(client.ups, 1);
	assert_int_equal(server.ups, 1);
	assert_int_equal(ppp_count(&client.link, PPP_COUNT_RETRANSMITS), 0);
	assert_int_equal(ppp_count(&client.link, PPP_COUNT_IMPOSSIBLE_EVENT), 0);
	assert_string_equal(ppp_layer_state(&client.link, PPP_LAYER_IPCP), "Opened");
}

/* Whichever frame is lost, the restart timer heals it. */
static void test_ppp_loses_any_frame(void **state)
{
	unsigned which, side;

	(void)state;
	for (side = 0; side < 2; side++)
		for (which = 1; which <= 12; which++) {
			ppp_options c = client_options(), s = server_options();

			(side ? &client : &server)->lose = which;
			pair_begin(&c, &s);
			pair_run(29 * SECOND);
			assert_both_up();
		}
}

static size_t ipv4(uint8_t *packet, uint32_t source)
{
	memset(packet, 0, 28);
	packet[0] = 0x45;
	packet[3] = 28;
	packet[12] = (uint8_t)(source >> 24);
	packet[13] = (uint8_t)(source >> 16);
	packet[14] = (uint8_t)(source >> 8);
	packet[15] = (uint8_t)source;
	return 28;
}

static void send_ipv4(end *from, uint32_t source)
{
	uint8_t buffer[PPP_HEADROOM + 64];
	const uint8_t *frame;
	size_t len = ipv4(buffer + PPP_HEADROOM, source), frame_len;

	assert_int_equal(ppp_output(&from->link, buffer + PPP_HEADROOM, len, &frame, &frame_len), PPP_OK);
	assert_int_equal(ppp_input(&from->other->link, frame, frame_len, now), PPP_OK);
}

static void test_ppp_carries_packets(void **state)
{
	uint8_t short_form[64] = {0x21};

	(void)state;
	begin_and_open();
	send_ipv4(&client, 0x0A000002);
	send_ipv4(&server, 0x08080808);
	assert_int_equal(server.packets, 1);
	assert_int_equal(client.packets, 1);
	/* one-octet protocol, no FF 03, padding behind */
	ipv4(short_form + 1, 0x0A000002);
	assert_int_equal(ppp_input(&server.link, short_form, sizeof short_form, now), PPP_OK);
	assert_int_equal(server.packets, 2);
	/* a source that is not the client's */
	send_ipv4(&client, 0x0A000003);
	assert_int_equal(server.packets, 2);
	assert_int_equal(ppp_count(&server.link, PPP_DROP_BAD_SOURCE), 1);
}

static void test_ppp_output_errors(void **state)
{
	static uint8_t buffer[PPP_HEADROOM + 2000];
	uint8_t *packet = buffer + PPP_HEADROOM;
	const uint8_t *frame;
	size_t len = ipv4(packet, 1), frame_len;
	ppp_options c = client_options(), s = server_options();

	(void)state;
	pair_begin(&c, &s);
	assert_int_equal(ppp_output(&client.link, packet, len, &frame, &frame_len), PPP_ERR_NOT_OPEN);
	pair_run(SECOND);
	assert_int_equal(ppp_output(&client.link, packet, 1401, &frame, &frame_len), PPP_ERR_TOO_LONG);
	assert_int_equal(ppp_output(&client.link, packet, 19, &frame, &frame_len), PPP_ERR_NOT_IP);
	packet[0] = 0x60;
	assert_int_equal(ppp_output(&client.link, packet, len, &frame, &frame_len), PPP_ERR_NOT_IP);
}

/* Either end closes; the other hears of it; each reports the end once. */
static void test_ppp_terminates(void **state)
{
	unsigned side;

	(void)state;
	for (side = 0; side < 2; side++) {
		end *closer = side ? &client : &server;

		begin_and_open();
		ppp_close(&closer->link, PPP_REASON_LOCAL, now);
		pair_run(40 * SECOND);
		assert_int_equal(closer->downs, 1);
		assert_int_equal(closer->down.reason, PPP_REASON_LOCAL);
		assert_int_equal(closer->suspends, 1);
		assert_int_equal(closer->other->downs, 1);
		assert_int_equal(closer->other->down.reason, PPP_REASON_PEER_TERMINATED);
		assert_true(ppp_deadline(&closer->link) == PPP_NEVER);
	}
}

static void test_ppp_lower_down(void **state)
{
	(void)state;
	begin_and_open();
	ppp_lower_down(&client.link, now);
	assert_int_equal(client.downs, 1);
	assert_int_equal(client.down.reason, PPP_REASON_LOWER_DOWN);
	ppp_lower_down(&client.link, now);
	assert_int_equal(client.downs, 1);
	/* and once more from the beginning */
	ppp_lower_down(&server.link, now);
	client.downs = server.downs = client.ups = server.ups = 0;
	client.first = client.last = server.first = server.last = 0;
	assert_int_equal(ppp_lower_up(&client.link, now), PPP_OK);
	assert_int_equal(ppp_lower_up(&client.link, now), PPP_ERR_STATE);
	assert_int_equal(ppp_lower_up(&server.link, now), PPP_OK);
	pair_run(now + SECOND);
	assert_both_up();
}

static void test_ppp_close_from_callback(void **state)
{
	ppp_options c = client_options(), s = server_options();

	(void)state;
	client.close_at_up = 1;
	pair_begin(&c, &s);
	pair_run(20 * SECOND);
	assert_int_equal(client.downs, 1);
	assert_int_equal(client.down.reason, PPP_REASON_LOCAL);
	assert_int_equal(server.downs, 1);
}

static void test_ppp_silence(void **state)
{
	ppp_options c = client_options(), s = server_options();

	(void)state;
	pair_begin(&c, &s);
	ppp_lower_down(&server.link, now);
	pair_run(120 * SECOND);
	assert_int_equal(client.downs, 1);
	assert_int_equal(client.down.reason, PPP_REASON_NO_ANSWER);
	assert_string_equal(client.down.layer, "LCP");
}

static void test_ppp_dead_peer(void **state)
{
	(void)state;
	begin_and_open();
	ppp_lower_down(&server.link, now);
	pair_run(400 * SECOND);
	assert_int_equal(client.downs, 1);
	assert_int_equal(client.down.reason, PPP_REASON_PEER_DEAD);
	assert_true(ppp_count(&client.link, PPP_COUNT_ECHO_MISSED) > 0);
}

static void test_ppp_keepalive(void **state)
{
	(void)state;
	begin_and_open();
	pair_run(4000 * SECOND);
	assert_both_up();
	assert_int_equal(ppp_count(&client.link, PPP_COUNT_ECHO_MISSED), 0);
}

static void test_ppp_loop(void **state)
{
	ppp_options c = client_options(), s = server_options();

	(void)state;
	pair_begin(&c, &s);
	ppp_lower_down(&server.link, now);
	client.other = &client; /* hears itself */
	pair_run(100 * SECOND);
	assert_int_equal(client.ups, 0);
	assert_int_equal(client.downs, 1);
	assert_int_equal(client.down.reason, PPP_REASON_LOOPED);
}

static void test_ppp_no_address(void **state)
{
	ppp_options c = client_options(), s = client_options();

	(void)state;
	s.user = &server;
	s.seed = 2;
	memset(&server, 0, sizeof server);
	pair_begin(&c, &s);
	pair_run(100 * SECOND);
	assert_int_equal(client.ups + server.ups, 0);
	assert_int_equal(client.downs, 1);
	assert_int_equal(server.downs, 1);
	assert_true(client.down.reason == PPP_REASON_NO_ADDRESS ||
	            server.down.reason == PPP_REASON_NO_ADDRESS);
}

static void test_ppp_wants_authentication(void **state)
{
	/* Configure-Request with MS-CHAPv2 only, again and again; then Terminate-Request */
	static const uint8_t request[] = {0xFF, 0x03, 0xC0, 0x21, 1, 1, 0, 9, 3, 5, 0xC2, 0x23, 0x81};
	static const uint8_t terminate[] = {0xFF, 0x03, 0xC0, 0x21, 5, 2, 0, 4};
	ppp_options c = client_options(), s = server_options();
	unsigned i;

	(void)state;
	pair_begin(&c, &s);
	ppp_lower_down(&server.link, now);
	client.first = client.last;
	for (i = 0; i < 3; i++)
		ppp_input(&client.link, request, sizeof request, now);
	assert_int_equal(client.frames[client.first % QUEUE][4],
	                 4); /* Configure-Reject, the option verbatim */
	assert_memory_equal(client.frames[client.first % QUEUE] + 8, request + 8, 5);
	ppp_input(&client.link, terminate, sizeof terminate, now);
	client.other = &server;
	pair_run(100 * SECOND);
	assert_int_equal(client.down.reason, PPP_REASON_WANTS_AUTHENTICATION);

	/* A peer that is faster with the end of the call. */
	c = client_options();
	s = server_options();
	pair_begin(&c, &s);
	ppp_input(&client.link, request, sizeof request, now);
	ppp_lower_down(&client.link, now);
	assert_int_equal(client.down.reason, PPP_REASON_WANTS_AUTHENTICATION);
	/* And one that has asked for nothing. */
	c = client_options();
	pair_begin(&c, &s);
	ppp_lower_down(&client.link, now);
	assert_int_equal(client.down.reason, PPP_REASON_LOWER_DOWN);
}

/* A Windows client: options we lack get one Reject, then values a Nak, then Ack (P-IP-07). */
static void test_ppp_windows_client(void **state)
{
	static const uint8_t request[] = {0xFF, 0x03, 0x80, 0x21, 1, 7, 0,   34,  3, 6, 0, 0, 0,
	                                  0,    129,  6,    0,    0, 0, 0,   130, 6, 0, 0, 0, 0,
	                                  131,  6,    0,    0,    0, 0, 132, 6,   0, 0, 0, 0};
	static const uint8_t rejected[] = {130, 6, 0, 0, 0, 0, 131, 6, 0, 0, 0, 0, 132, 6, 0, 0, 0, 0};
	static const uint8_t unknown[] = {0xFF, 0x03, 0x80, 0xFD, 1, 1, 0, 10, 18, 6, 1, 0, 0, 0x40};
	const uint8_t *answer;

	(void)state;
	begin_and_open();
	server.first = server.last;
	ppp_input(&server.link, unknown, sizeof unknown, now);
	answer = server.frames[server.first++ % QUEUE];
	assert_int_equal(answer[4], 8); /* Protocol-Reject of CCP, with a copy */
	assert_memory_equal(answer + 8, unknown + 2, sizeof unknown - 2);
	ppp_input(&server.link, request, sizeof request, now);
	while (server.frames[server.first % QUEUE][4] == 1) /* its own Configure-Request, it was opened */
		server.first++;
	answer = server.frames[server.first % QUEUE];
	assert_int_equal(answer[4], 4);
	assert_int_equal(answer[7], 4 + sizeof rejected);
	assert_memory_equal(answer + 8, rejected, sizeof rejected);
}

static uint32_t assigned, assign_calls;

static uint32_t on_assign(void *user)
{
	end *e = user;

	assert_int_equal(ppp_phase_now(&e->link), PPP_PHASE_NETWORK); /* not before */
	assign_calls++;
	return assigned;
}

/* The host says when IPCP begins which address the peer gets, again when it begins anew; or that there is
 * none. */
static void test_ppp_assigned_address(void **state)
{
	static const struct {
		uint32_t address;
		int up;
	} rows[] = {{0x0A000007, 1}, {0, 0}, {0x0A000001 /* the server's own */, 0}};

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ppp_options c = client_options(), s = server_options();

		s.peer_address = 0;
		s.assign = on_assign;
		assigned = rows[i].address;
		assign_calls = 0;
		pair_begin(&c, &s);
		assert_int_equal(assign_calls, 0);
		pair_run(10 * SECOND);
		assert_int_equal(assign_calls, 1);
		assert_int_equal(client.ups, rows[i].up);
		assert_int_equal(server.ups, rows[i].up);
		if (!rows[i].up) {
			assert_int_equal(server.down.reason, PPP_REASON_NO_ADDRESS);
			continue;
		}
		assert_int_equal(client.up.local_address, rows[i].address);
		assert_int_equal(server.up.peer_address, rows[i].address);
	}
}

/* NetBIOS name servers that the host has are told, one that it has not is rejected (RFC 1877 1.2, 1.4). */
static void test_ppp_nbns(void **state)
{
	static const uint8_t request[] = {0xFF, 0x03, 0x80, 0x21, 1, 7, 0, 22,  3, 6, 10, 0, 0,
	                                  2,    130,  6,    0,    0, 0, 0, 132, 6, 0, 0,  0, 0};
	static const uint8_t told[] = {3, 7, 0, 16, 130, 6, 10, 0, 0, 9, 132, 6, 10, 0, 0, 8};
	static const uint8_t asked_again[] = {0xFF, 0x03, 0x80, 0x21, 1, 8, 0, 22,  3, 6,  10, 0, 0,
	                                      2,    130,  6,    10,   0, 0, 9, 132, 6, 10, 0,  0, 8};
	static const uint8_t rejected[] = {4, 7, 0, 10, 132, 6, 0, 0, 0, 0};
	ppp_options c = client_options(), s = server_options();

	(void)state;
	for (unsigned count = 2; count > 0; count--) {
		c = client_options(), s = server_options();
		s.nbns[0] = 0x0A000009;
		s.nbns[1] = count == 2 ? 0x0A000008 : 0;
		pair_begin(&c, &s);
		pair_run(10 * SECOND);
		assert_int_equal(client.ups, 1);
		server.first = server.last;
		ppp_input(&server.link, request, sizeof request, now);
		while (server.frames[server.first % QUEUE][4] == 1)
			server.first++;
		if (count == 1) {
			assert_memory_equal(server.frames[server.first % QUEUE] + 4, rejected,
			                    sizeof rejected);
			break;
		}
		assert_memory_equal(server.frames[server.first % QUEUE] + 4, told, sizeof told);
		server.first = server.last;
		ppp_input(&server.link, asked_again, sizeof asked_again, now);
		assert_int_equal(server.frames[server.first % QUEUE][4], 2); /* Configure-Ack */
	}
}

/* Nothing that comes in can do harm: each frame is counted once, whatever it is. */
static void test_ppp_garbage(void **state)
{
	uint64_t random = 7, dropped = 0, i;
	unsigned n;

	(void)state;
	begin_and_open();
	for (n = 0; n < 20000; n++) {
		uint8_t frame[80];
		size_t len = n % sizeof frame;

		for (i = 0; i < sizeof frame; i++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			frame[i] = (uint8_t)(random >> 56);
		}
		if (n % 3) { /* headers that get further */
			frame[0] = n % 2 ? 0xC0 : 0x80;
			frame[1] = 0x21;
			frame[2] = (uint8_t)(frame[2] % 16);
			frame[4] = 0;
		}
		client.first = client.last = 0;
		ppp_input(&client.link, frame, len, now);
		if (client.downs || client.link.phase != PPP_PHASE_NETWORK) {
			ppp_lower_down(&client.link, now);
			client.downs = 0;
			ppp_lower_up(&client.link, now);
		}
	}
	for (i = PPP_COUNT_CONTROL_IN; i < PPP_COUNT_FRAMES_IN; i++)
		dropped += ppp_count(&client.link, (enum ppp_counter)i);
	assert_int_equal(dropped, ppp_count(&client.link, PPP_COUNT_FRAMES_IN));
	assert_int_equal(ppp_count(&client.link, PPP_COUNT_IMPOSSIBLE_EVENT), 0);
}

static void test_ppp_bad_options(void **state)
{
	ppp_options c = client_options();

	(void)state;
	c.send = NULL;
	assert_int_equal(ppp_init(&client.link, &c), PPP_ERR_ARGUMENT);
	c = client_options();
	c.mru = 127;
	assert_int_equal(ppp_init(&client.link, &c), PPP_ERR_ARGUMENT);
	c = client_options();
	c.local_address = c.peer_address = 5;
	assert_int_equal(ppp_init(&client.link, &c), PPP_ERR_ARGUMENT);
}

static void test_ppp_names(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < PPP_COUNTERS; i++)
		assert_non_null(ppp_counter_name((enum ppp_counter)i));
	for (i = 0; i < PPP_REASONS; i++)
		assert_non_null(ppp_reason_text((enum ppp_reason)i));
	assert_null(ppp_counter_name(PPP_COUNTERS));
	assert_null(ppp_reason_text(PPP_REASONS));
}

static void test_ppp_trace(void **state)
{
	static const uint8_t request[] = {0xFF, 0x03, 0xC0, 0x21, 1, 1, 0, 14, 1,
	                                  4,    5,    0x78, 5,    6, 1, 2, 3,  4};
	ppp_trace record = {PPP_TRACE_SENT, request, sizeof request, PPP_COUNTERS, NULL, NULL, NULL};
	char line[128], tiny[8];

	(void)state;
	ppp_trace_text(&record, line, sizeof line);
	assert_string_equal(line, "sent LCP Configure-Request id 1 mru 1400 magic 0x01020304");
	assert_int_equal(ppp_trace_text(&record, tiny, sizeof tiny), 7);
	assert_string_equal(tiny, "sent LC");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_ppp_opens),
	        cmocka_unit_test(test_ppp_loses_any_frame),
	        cmocka_unit_test(test_ppp_carries_packets),
	        cmocka_unit_test(test_ppp_output_errors),
	        cmocka_unit_test(test_ppp_terminates),
	        cmocka_unit_test(test_ppp_lower_down),
	        cmocka_unit_test(test_ppp_close_from_callback),
	        cmocka_unit_test(test_ppp_silence),
	        cmocka_unit_test(test_ppp_dead_peer),
	        cmocka_unit_test(test_ppp_keepalive),
	        cmocka_unit_test(test_ppp_loop),
	        cmocka_unit_test(test_ppp_no_address),
	        cmocka_unit_test(test_ppp_wants_authentication),
	        cmocka_unit_test(test_ppp_windows_client),
	        cmocka_unit_test(test_ppp_assigned_address),
	        cmocka_unit_test(test_ppp_nbns),
	        cmocka_unit_test(test_ppp_garbage),
	        cmocka_unit_test(test_ppp_bad_options),
	        cmocka_unit_test(test_ppp_names),
	        cmocka_unit_test(test_ppp_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
