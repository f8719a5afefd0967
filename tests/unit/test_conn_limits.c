/* conn: many calls, floods, small buffers. Memory never grows: it is exactly what pptp_conn_size said. */
#include "plain.h"

/* ---- 65,535 calls -------------------------------------------------------------------------------------- */

/* As PNS: all Call IDs are given out, each once, none of them 0. */
/* Shows: I-01 I-05 R-02 C-STOPRQ-01 K-03 */
static void test_limits_all_calls_dialled(void **state)
{
	static uint8_t seen[65536];
	uint32_t n, count = check_scale(PPTP_CALLS_MAX), downs = 0;
	pptp_config_options o = link_options(0);
	pptp_call call, *calls = check_alloc(PPTP_CALLS_MAX * sizeof(*calls));
	pptp_dial d;
	pptp_event e;
	pptp_msg m;
	plain p;
	(void)state;
	memset(seen, 0, sizeof(seen));
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	o.max_calls = count;
	plain_up(&p, PPTP_ORIGINATOR, &o);
	for (n = 0; n < count; n++) {
		uint16_t id;
		check_row("call %u", n);
		CHECK_EQ(pptp_call_dial(p.conn, &d, 0, &calls[n]), PPTP_OK);
		CHECK_EQ(plain_take(&p, &m), PPTP_OCRQ);
		id = m.ocrq.call_id;
		CHECK(id != 0);
		CHECK(!seen[id]);
		seen[id] = 1;
		m = link_msg(PPTP_OCRP);
		m.ocrp.peer_call_id = id;
		m.ocrp.call_id = (uint16_t)n;
		CHECK_EQ(plain_feed(&p, &m), 32);
		e = plain_event(&p, PPTP_EV_CALL_UP);
		CHECK_EQ(e.call, calls[n]);
		CHECK_EQ(e.local_call_id, id);
	}
	CHECK_EQ(pptp_call_dial(p.conn, &d, 0, &call), PPTP_ERR_LIMIT);
	CHECK_EQ(plain_live(&p), count);
	for (n = 0, call = PPTP_CALL_NONE; (call = pptp_call_next(p.conn, call)) != PPTP_CALL_NONE; n++)
		CHECK(n < count);
	CHECK_EQ(n, count);

	check_row("clearing one");
	CHECK_EQ(pptp_call_clear(p.conn, calls[count / 2], PPTP_CDN_ADMIN_SHUTDOWN, 0, 0, 0), PPTP_OK);
	CHECK_EQ(plain_take(&p, &m), PPTP_CCRQ);
	m = link_msg(PPTP_CDN);
	m.cdn.call_id = (uint16_t)(count / 2);
	CHECK_EQ(plain_feed(&p, &m), 148);
	CHECK_EQ(plain_event(&p, PPTP_EV_CALL_DOWN).call, calls[count / 2]);
	CHECK_EQ(pptp_call_dial(p.conn, &d, 0, &calls[count / 2]), PPTP_OK);
	CHECK_EQ(plain_take(&p, &m), PPTP_OCRQ);

	check_row("stopping with all of them");
	CHECK_EQ(pptp_conn_close(p.conn, PPTP_STOP_NONE, 0), PPTP_OK);
	CHECK_EQ(plain_take(&p, &m), PPTP_STOPCCRQ);
	CHECK_EQ(plain_take(&p, &m), 0);
	while (pptp_conn_poll(p.conn, &e) == PPTP_OK) {
		CHECK_EQ(e.type, PPTP_EV_CALL_DOWN);
		CHECK_EQ(e.reason, PPTP_ERR_LOCAL);
		downs++;
	}
	CHECK_EQ(downs, count);
	m = link_msg(PPTP_STOPCCRP);
	CHECK_EQ(plain_feed(&p, &m), 16);
	CHECK_EQ(plain_event(&p, PPTP_EV_DOWN).reason, PPTP_ERR_LOCAL);
	CHECK_EQ(pptp_conn_poll(p.conn, &e), PPTP_ERR_EMPTY);
	plain_drop(&p);
	free(calls);
}

/* As PAC, and all of them end with the TCP connection. */
/* Shows: I-01 I-05 R-02 T-10 */
static void test_limits_all_calls_taken(void **state)
{
	static uint8_t seen[65536];
	uint32_t n, count = check_scale(PPTP_CALLS_MAX), downs = 0;
	pptp_config_options o = link_options(0);
	pptp_answer a;
	pptp_event e;
	pptp_msg m;
	plain p;
	(void)state;
	memset(seen, 0, sizeof(seen));
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	o.max_calls = count;
	plain_up(&p, PPTP_RECEIVER, &o);
	for (n = 0; n < count; n++) {
		check_row("call %u", n);
		m = link_msg(PPTP_OCRQ);
		m.ocrq.call_id = (uint16_t)n;
		CHECK_EQ(plain_feed(&p, &m), 168);
		e = plain_event(&p, PPTP_EV_CALL_OFFERED);
		CHECK_EQ(e.peer_call_id, n);
		CHECK_EQ(pptp_call_accept(p.conn, e.call, &a, 0), PPTP_OK);
		CHECK_EQ(plain_take(&p, &m), PPTP_OCRP);
		CHECK_EQ(m.ocrp.peer_call_id, n);
		CHECK(m.ocrp.call_id != 0 && !seen[m.ocrp.call_id]);
		seen[m.ocrp.call_id] = 1;
		plain_event(&p, PPTP_EV_CALL_UP);
	}
	m = link_msg(PPTP_OCRQ);
	m.ocrq.call_id = (uint16_t)count;
	CHECK_EQ(plain_feed(&p, &m), 168);
	CHECK_EQ(plain_take(&p, &m), PPTP_OCRP);
	CHECK_EQ(m.ocrp.result_code, PPTP_OCRP_GENERAL_ERROR);
	CHECK_EQ(m.ocrp.error_code, PPTP_ERROR_NO_RESOURCE);
	for (n = 0; n < count; n += 2) {
		m = link_msg(PPTP_CCRQ);
		m.ccrq.call_id = (uint16_t)n;
		CHECK_EQ(plain_feed(&p, &m), 16);
		CHECK_EQ(plain_take(&p, &m), PPTP_CDN);
		CHECK_EQ(plain_event(&p, PPTP_EV_CALL_DOWN).peer_call_id, n);
	}
	CHECK_EQ(plain_live(&p), count / 2);
	CHECK_EQ(pptp_conn_eof(p.conn, 0), PPTP_OK);
	while (pptp_conn_poll(p.conn, &e) == PPTP_OK && e.type == PPTP_EV_CALL_DOWN)
		downs++;
	CHECK_EQ(e.type, PPTP_EV_DOWN);
	CHECK_EQ(downs, count / 2);
	plain_drop(&p);
}

/* Connect and clear, over and over: nothing is used up, and an old handle never means a new call. */
/* Shows: I-05 */
static void test_limits_cycles(void **state)
{
	uint32_t n, k, turns = check_scale(100000);
	pptp_config_options o = link_options(0);
	pptp_call old[64] = {0}, call;
	pptp_call_info info;
	pptp_dial d;
	pptp_msg m;
	plain p;
	(void)state;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	o.max_calls = 2;
	plain_up(&p, PPTP_ORIGINATOR, &o);
	for (n = 0; n < turns; n++) {
		check_row("turn %u", n);
		CHECK_EQ(pptp_call_dial(p.conn, &d, 0, &call), PPTP_OK);
		CHECK(call != PPTP_CALL_NONE);
		CHECK_EQ(plain_take(&p, &m), PPTP_OCRQ);
		for (k = 0; k < LEN(old); k++) {
			CHECK(old[k] != call);
			if (old[k] && n % 64 == k)
				CHECK_EQ(pptp_call_get_info(p.conn, old[k], &info, sizeof(info)),
				         PPTP_ERR_STALE);
		}
		if (n % 2) {
			k = m.ocrq.call_id;
			m = link_msg(PPTP_OCRP);
			m.ocrp.peer_call_id = (uint16_t)k;
			m.ocrp.call_id = (uint16_t)n;
			plain_feed(&p, &m);
			plain_event(&p, PPTP_EV_CALL_UP);
			m = link_msg(PPTP_CDN);
			m.cdn.call_id = (uint16_t)n;
		} else {
			k = m.ocrq.call_id;
			m = link_msg(PPTP_OCRP);
			m.ocrp.peer_call_id = (uint16_t)k;
			m.ocrp.result_code = PPTP_OCRP_BUSY;
		}
		plain_feed(&p, &m);
		CHECK_EQ(plain_event(&p, PPTP_EV_CALL_DOWN).call, call);
		CHECK_EQ(pptp_call_clear(p.conn, call, PPTP_CDN_ADMIN_SHUTDOWN, 0, 0, 0), PPTP_ERR_STALE);
		CHECK_EQ(plain_live(&p), 0);
		old[n % LEN(old)] = call;
	}
	plain_drop(&p);
}

/* ---- floods -------------------------------------------------------------------------------------------- */

/* Requests that are refused, and a host that does not write: recv holds back, and nothing is lost or answered
 * twice when it writes again. */
/* Shows: T-12 X-05 C-OCRQ-01 */
static void test_limits_flood_of_calls(void **state)
{
	static const struct {
		const char *name;
		uint32_t type;
		uint16_t take_calls;
		uint32_t max_calls;
	} rows[] = {
	        {"no slot", PPTP_OCRQ, PPTP_TAKE_OUTGOING, 0},
	        {"not taken", PPTP_OCRQ, 0, 5},
	        {"incoming", PPTP_ICRQ, PPTP_TAKE_OUTGOING, 5},
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_config_options o = link_options(0);
		uint32_t size, turns = check_scale(5000), fed = 0, answered = 0, held = 0, guard = 0;
		uint8_t data[PPTP_MSG_MAX_OCTETS];
		size_t at = 0;
		pptp_msg m;
		plain p;
		check_row("%s", rows[i].name);
		o.max_calls = rows[i].max_calls;
		o.take_calls = rows[i].take_calls;
		o.tx_octets = 220;
		plain_up(&p, PPTP_RECEIVER, &o);
		size = pptp_msg_size(rows[i].type);
		while (answered < turns) {
			pptp_conn_info info;
			CHECK(++guard < turns * 20 + 1000);
			while (fed < turns) {
				pptp_ssize used;
				m = link_msg(rows[i].type);
				m.ocrq.call_id = (uint16_t)fed; /* at the same place in both */
				CHECK_EQ(pptp_msg_encode(&m, data, sizeof(data)), size);
				used = pptp_conn_recv(p.conn, data + at, size - at, 0);
				CHECK(used >= 0);
				at += (size_t)used;
				if (at < size) {
					CHECK_EQ(pptp_conn_want(p.conn) & PPTP_CAN_RECV, 0);
					held++;
					break;
				}
				at = 0;
				fed++;
				CHECK(fed - answered < 60); /* it cannot keep more */
			}
			CHECK_EQ(pptp_conn_get_info(p.conn, &info, sizeof(info)), PPTP_OK);
			CHECK(info.tx_octets <= 220);
			while (plain_take(&p, &m) == (rows[i].type == PPTP_OCRQ ? PPTP_OCRP : PPTP_ICRP)) {
				if (rows[i].type == PPTP_OCRQ)
					CHECK_EQ(m.ocrp.peer_call_id, (uint16_t)answered);
				else
					CHECK_EQ(m.icrp.peer_call_id, (uint16_t)answered);
				answered++;
				if (answered % 3 == 0)
					break; /* the socket takes a little at a time */
			}
		}
		CHECK(held > 0);
		CHECK_EQ(plain_take(&p, &m), 0);
		plain_drop(&p);
	}
}

/* Echo-Requests are never held back: the newest is answered, the rest are counted. */
/* Shows: C-ECHO-01 X-05 T-12 */
static void test_limits_flood_of_echoes(void **state)
{
	pptp_config_options o = link_options(0);
	uint32_t n, turns = check_scale(20000), replies = 0, last = 0;
	pptp_msg m;
	plain p;
	(void)state;
	o.tx_octets = 220;
	plain_up(&p, PPTP_RECEIVER, &o);
	for (n = 1; n <= turns; n++) {
		m = link_msg(PPTP_ECHORQ);
		m.echorq.identifier = n;
		CHECK_EQ(plain_feed(&p, &m), 16);
		if (n % 1000 == 0 && plain_take(&p, &m) == PPTP_ECHORP) {
			CHECK(m.echorp.identifier > last);
			last = m.echorp.identifier;
			replies++;
		}
	}
	while (plain_take(&p, &m) == PPTP_ECHORP) {
		CHECK(m.echorp.identifier > last);
		last = m.echorp.identifier;
		replies++;
	}
	CHECK_EQ(last, turns);
	CHECK_EQ(replies + pptp_conn_count(p.conn, PPTP_COUNT_ECHO_COALESCED), turns);
	plain_drop(&p);
}

/* All kinds of messages at random, a host that hardly writes or polls: never stuck, never an error. */
/* Shows: T-12 X-05 T-11 */
static void test_limits_flood_of_everything(void **state)
{
	check_random random = {10};
	uint32_t seed, turns = check_scale(20000);
	(void)state;
	for (seed = 0; seed < 6; seed++) {
		pptp_config_options o = link_options(0);
		uint32_t turn, idle = 0;
		uint8_t data[PPTP_MSG_MAX_OCTETS];
		size_t len = 0, at = 0;
		pptp_msg m;
		pptp_event e;
		pptp_answer a;
		plain p;
		CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
		o.max_calls = seed;
		o.tx_octets = 220 + seed * 100;
		plain_up(&p, PPTP_RECEIVER, &o);
		for (turn = 0; turn < turns; turn++) {
			int moved = 0;
			check_row("seed %u, turn %u", seed, turn);
			if (at == len) {
				static const uint8_t types[] = {
				        PPTP_SCCRQ, PPTP_ECHORQ, PPTP_ECHORP, PPTP_OCRQ, PPTP_OCRP, PPTP_ICRQ,
				        PPTP_ICRP,  PPTP_ICCN,   PPTP_CCRQ,   PPTP_CDN,  PPTP_WEN,  PPTP_SLI};
				pptp_ssize n;
				m = link_msg(types[random_below(&random, LEN(types))]);
				m.ocrq.call_id = (uint16_t)random_below(&random, 8);
				n = pptp_msg_encode(&m, data, sizeof(data));
				CHECK(n > 0);
				len = (size_t)n;
				at = 0;
			}
			if (at < len) {
				pptp_ssize used = pptp_conn_recv(p.conn, data + at, len - at, p.now);
				CHECK(used >= 0);
				at += (size_t)used;
				moved |= used > 0;
			}
			if (random_below(&random, 4) == 0 || idle > 3)
				moved |= plain_take(&p, &m) != 0;
			if ((random_below(&random, 4) == 0 || idle > 3) &&
			    pptp_conn_poll(p.conn, &e) == PPTP_OK) {
				moved = 1;
				CHECK(e.type != PPTP_EV_DOWN);
				if (e.type == PPTP_EV_CALL_OFFERED && random_below(&random, 2))
					CHECK_EQ(pptp_call_accept(p.conn, e.call, &a, p.now), PPTP_OK);
			}
			idle = moved ? 0 : idle + 1;
			CHECK(idle < 10);
		}
		plain_drop(&p);
	}
}

/* ---- a small transmit buffer --------------------------------------------------------------------------- */

/* dial says AGAIN when there is no room, one WRITABLE follows, and then there is room. */
/* Shows: T-12 */
static void test_limits_again(void **state)
{
	static const uint32_t sizes[] = {440, 1024, 4096};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(sizes); i++) {
		pptp_config_options o = link_options(0);
		uint32_t dialled = 0, left;
		pptp_call call;
		pptp_dial d;
		pptp_event e;
		pptp_msg m;
		pptp_err err;
		plain p;
		check_row("%u octets", sizes[i]);
		CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
		o.max_calls = 1000;
		o.tx_octets = sizes[i];
		plain_up(&p, PPTP_ORIGINATOR, &o);
		while ((err = pptp_call_dial(p.conn, &d, 0, &call)) == PPTP_OK)
			CHECK(++dialled <= sizes[i] / 168);
		CHECK_EQ(err, PPTP_ERR_AGAIN);
		CHECK(dialled >= 1);
		CHECK_EQ(plain_live(&p), dialled);
		CHECK_EQ(pptp_call_dial(p.conn, &d, 0, &call), PPTP_ERR_AGAIN);
		CHECK_EQ(pptp_conn_poll(p.conn, &e), PPTP_ERR_EMPTY);
		CHECK(pptp_conn_want(p.conn) & PPTP_WANT_SEND);
		for (left = dialled; left > 0; left--)
			CHECK_EQ(plain_take(&p, &m), PPTP_OCRQ);
		plain_event(&p, PPTP_EV_WRITABLE);
		CHECK_EQ(pptp_conn_poll(p.conn, &e), PPTP_ERR_EMPTY);
		CHECK_EQ(pptp_call_dial(p.conn, &d, 0, &call), PPTP_OK);
		plain_drop(&p);
	}
}

/* Who was told AGAIN and then ends the connection, or whose peer does, is not told that there is room. */
/* Shows: T-12 C-STOPRQ-01 */
static void test_limits_again_then_the_end(void **state)
{
	int by_peer;
	(void)state;
	for (by_peer = 0; by_peer < 2; by_peer++) {
		pptp_config_options o = link_options(0);
		pptp_call call;
		pptp_dial d;
		pptp_event e;
		pptp_msg m = link_msg(by_peer ? PPTP_STOPCCRQ : PPTP_STOPCCRP);
		uint32_t sent = 0, type;
		plain p;
		check_row("by %s", by_peer ? "the peer" : "us");
		CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
		o.max_calls = 10;
		o.tx_octets = 440;
		plain_up(&p, PPTP_ORIGINATOR, &o);
		while (pptp_call_dial(p.conn, &d, 0, &call) == PPTP_OK)
			sent++;
		CHECK_EQ(sent, 2);
		if (by_peer)
			CHECK_EQ(plain_feed(&p, &m), 16);
		else
			CHECK_EQ(pptp_conn_close(p.conn, PPTP_STOP_NONE, 0), PPTP_OK);
		while ((type = plain_take(&p, &m)) == PPTP_OCRQ)
			sent--;
		CHECK_EQ(sent, 0);
		CHECK_EQ(type, by_peer ? PPTP_STOPCCRP : PPTP_STOPCCRQ);
		plain_event(&p, PPTP_EV_CALL_DOWN);
		plain_event(&p, PPTP_EV_CALL_DOWN);
		if (!by_peer) {
			CHECK_EQ(pptp_conn_poll(p.conn, &e), PPTP_ERR_EMPTY);
			m = link_msg(PPTP_STOPCCRP);
			CHECK_EQ(plain_feed(&p, &m), 16);
		}
		plain_event(&p, PPTP_EV_DOWN);
		plain_drop(&p);
	}
}

/* Every request but dial is taken, whatever the buffer holds. */
/* Shows: T-12 C-CDN-01 */
static void test_limits_requests_without_room(void **state)
{
	pptp_config_options o = link_options(0);
	pptp_call calls[20];
	uint32_t n, seen[16] = {0}, type;
	pptp_answer a;
	pptp_event e;
	pptp_msg m;
	plain p;
	(void)state;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	o.max_calls = LEN(calls);
	o.tx_octets = 220;
	plain_up(&p, PPTP_RECEIVER, &o);
	for (n = 0; n < LEN(calls); n++) {
		m = link_msg(PPTP_OCRQ);
		m.ocrq.call_id = (uint16_t)n;
		CHECK_EQ(plain_feed(&p, &m), 168);
		e = plain_event(&p, PPTP_EV_CALL_OFFERED);
		calls[n] = e.call;
		CHECK_EQ(pptp_call_accept(p.conn, e.call, &a, 0), PPTP_OK);
		plain_event(&p, PPTP_EV_CALL_UP);
	}
	for (n = 0; n < LEN(calls); n++) {
		check_row("call %u", n);
		CHECK_EQ(pptp_call_clear(p.conn, calls[n], PPTP_CDN_ADMIN_SHUTDOWN, 0, 0, 0), PPTP_OK);
		plain_event(&p, PPTP_EV_CALL_DOWN);
	}
	check_row("all of it leaves");
	while ((type = plain_take(&p, &m)) != 0) {
		seen[type]++;
		if (type == PPTP_CDN)
			CHECK_EQ(m.cdn.result_code, PPTP_CDN_ADMIN_SHUTDOWN);
	}
	CHECK_EQ(seen[PPTP_OCRP], LEN(calls));
	CHECK_EQ(seen[PPTP_CDN], LEN(calls));

	check_row("close with a full buffer");
	for (n = 0; n < 8; n++) {
		m = link_msg(PPTP_OCRQ);
		m.ocrq.call_id = (uint16_t)n;
		plain_feed(&p, &m);
		e = plain_event(&p, PPTP_EV_CALL_OFFERED);
		CHECK_EQ(pptp_call_reject(p.conn, e.call, PPTP_OCRP_BUSY, 0, 0, 0), PPTP_OK);
		plain_event(&p, PPTP_EV_CALL_DOWN);
	}
	CHECK_EQ(pptp_conn_close(p.conn, PPTP_STOP_NONE, 0), PPTP_OK);
	seen[PPTP_STOPCCRQ] = 0;
	while ((type = plain_take(&p, &m)) != 0)
		seen[type]++;
	CHECK_EQ(seen[PPTP_STOPCCRQ], 1);
	plain_drop(&p);
}

/* Answers of one call leave in order, however they wait: a reply before the notify that ends the call. */
/* Shows: C-CDN-01 C-OCRQ-01 */
static void test_limits_order_of_a_call(void **state)
{
	uint32_t before;
	(void)state;
	for (before = 0; before < 12; before++) {
		pptp_config_options o = link_options(0);
		pptp_answer a;
		pptp_event e;
		pptp_msg m;
		uint32_t n, type, order[16] = {0}, at = 0;
		plain p;
		check_row("%u messages in front", before);
		CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
		o.max_calls = 1;
		o.tx_octets = 220;
		plain_up(&p, PPTP_RECEIVER, &o);
		m = link_msg(PPTP_OCRQ);
		m.ocrq.call_id = 1000;
		plain_feed(&p, &m);
		e = plain_event(&p, PPTP_EV_CALL_OFFERED);
		for (n = 0; n < before; n++) {
			m = link_msg(PPTP_OCRQ);
			m.ocrq.call_id = (uint16_t)n;
			plain_feed(&p, &m);
		}
		CHECK_EQ(pptp_call_accept(p.conn, e.call, &a, 0), PPTP_OK);
		plain_event(&p, PPTP_EV_CALL_UP);
		CHECK_EQ(pptp_call_clear(p.conn, e.call, PPTP_CDN_ADMIN_SHUTDOWN, 0, 0, 0), PPTP_OK);
		plain_event(&p, PPTP_EV_CALL_DOWN);
		while ((type = plain_take(&p, &m)) != 0) {
			if (type == PPTP_OCRP && m.ocrp.peer_call_id == 1000)
				order[at++] = type;
			else if (type == PPTP_CDN)
				order[at++] = type;
			CHECK(at < LEN(order));
		}
		CHECK_EQ(at, 2);
		CHECK_EQ(order[0], PPTP_OCRP);
		CHECK_EQ(order[1], PPTP_CDN);
		plain_drop(&p);
	}
}

/* What tx_buf gave stays where it is and as it is, until tx_done took it. */
/* Shows: T-07 */
static void test_limits_tx_buf_is_stable(void **state)
{
	check_random random = {11};
	pptp_config_options o = link_options(0);
	uint32_t turn, turns = check_scale(30000), taken = 0;
	uint8_t copy[PPTP_MSG_MAX_OCTETS];
	const uint8_t *held = NULL;
	size_t held_len = 0, in_message = 0;
	pptp_answer a;
	pptp_dial d;
	plain p;
	(void)state;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	o.max_calls = 8;
	o.tx_octets = 700;
	plain_up(&p, PPTP_RECEIVER, &o);
	for (turn = 0; turn < turns; turn++) {
		pptp_msg m;
		pptp_event e;
		pptp_call call;
		size_t len = 0, n;
		const uint8_t *now;
		check_row("turn %u", turn);
		switch (random_below(&random, 7)) {
		case 0:
			pptp_call_dial(p.conn, &d, p.now, &call);
			break;
		case 1:
			call = pptp_call_next(p.conn, PPTP_CALL_NONE);
			pptp_call_clear(p.conn, call, PPTP_CDN_ADMIN_SHUTDOWN, 0, 0, p.now);
			break;
		case 2:
			m = link_msg(PPTP_OCRQ);
			m.ocrq.call_id = (uint16_t)random_below(&random, 20);
			if (pptp_conn_want(p.conn) & PPTP_CAN_RECV)
				plain_feed(&p, &m);
			break;
		case 3:
			m = link_msg(PPTP_ECHORQ);
			if (pptp_conn_want(p.conn) & PPTP_CAN_RECV)
				plain_feed(&p, &m);
			break;
		case 4:
			pptp_conn_tick(p.conn, p.now);
			break;
		default:
			while (pptp_conn_poll(p.conn, &e) == PPTP_OK) {
				if (e.type == PPTP_EV_CALL_OFFERED)
					pptp_call_accept(p.conn, e.call, &a, p.now);
			}
			break;
		}
		if (held)
			CHECK_OCTETS(held, copy, held_len);
		now = pptp_conn_tx_buf(p.conn, &len, p.now);
		CHECK_EQ(now == NULL, len == 0);
		if (held) {
			CHECK(now == held);
			CHECK_EQ(len, held_len);
		}
		if (!now)
			continue;
		if (!in_message)
			in_message = (size_t)(now[0] << 8 | now[1]);
		CHECK_EQ(len, in_message);
		CHECK_EQ(pptp_conn_tx_done(p.conn, len + 1, p.now), PPTP_ERR_ARG);
		n = random_below(&random, 3) ? 0 : random_below(&random, (uint32_t)len + 1);
		CHECK_EQ(pptp_conn_tx_done(p.conn, n, p.now), PPTP_OK);
		taken += n > 0;
		in_message -= n;
		held = n < len ? now + n : NULL;
		held_len = len - n;
		if (held)
			memcpy(copy, held, held_len);
	}
	CHECK(taken > turns / 20);
	plain_drop(&p);
}

/* A call that has ended is none of max_calls, though it may have something to say or to be reported
 * still: then the next one waits for that, and is told when. */
/* Shows: R-02 */
static void test_limits_slot_of_the_last(void **state)
{
	pptp_config_options o = link_options(1);
	pptp_msg m = link_msg(PPTP_OCRQ);
	pptp_call call = 0, next = 0;
	pptp_dial dial;
	pptp_event e;
	link_side side;
	size_t len, i;
	(void)state;
	CHECK_EQ(pptp_dial_init(&dial, sizeof(dial)), PPTP_OK);
	m.ocrq.call_id = 77;
	for (i = 0; i < 3; i++) {
		check_row("way %u", (unsigned)i);
		memset(&side, 0, sizeof(side));
		link_open(&side, PPTP_RECEIVER, &o, NULL, 0);
		link_up(&side);
		link_feed_msg(&side, &m);
		call = link_next_event(&side, PPTP_EV_CALL_OFFERED)->call;
		CHECK_EQ(pptp_call_dial(side.conn, &dial, 0, &next), PPTP_ERR_LIMIT); /* it lives */
		CHECK_EQ(pptp_call_reject(side.conn, call, PPTP_OCRP_BUSY, 0, 0, 0), PPTP_OK);
		if (i > 0)
			CHECK_EQ(pptp_call_dial(side.conn, &dial, 0, &next),
			         PPTP_ERR_AGAIN); /* not reported yet */
		CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_OK);
		CHECK_EQ(e.type, PPTP_EV_CALL_DOWN);
		if (i == 2) {
			CHECK(pptp_conn_tx_buf(side.conn, &len, 0) != NULL);
			CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_OK);
			CHECK_EQ(e.type, PPTP_EV_WRITABLE);
		}
		CHECK_EQ(pptp_call_dial(side.conn, &dial, 0, &next), PPTP_OK);
		CHECK_EQ(pptp_call_dial(side.conn, &dial, 0, &call), PPTP_ERR_LIMIT);
		link_pump(&side);
		CHECK_EQ(link_next_msg(&side, PPTP_OCRP).ocrp.result_code, PPTP_OCRP_BUSY);
		(void)link_next_msg(&side, PPTP_OCRQ);
		link_drop(&side);
	}
}

/* WRITABLE follows AGAIN whatever else there is to do: nothing at all here, when the peer's end of the
 * last call was polled, or a reply that was fetched before. pptp_conn_want says so. */
/* Shows: R-02 */
static void test_limits_writable_follows(void **state)
{
	pptp_config_options o = link_options(1);
	pptp_msg notify = link_msg(PPTP_CDN), m = link_msg(PPTP_OCRQ);
	uint8_t data[PPTP_MSG_MAX_OCTETS];
	pptp_call call = 0;
	pptp_dial dial;
	pptp_event e;
	link_side side;
	size_t len;
	(void)state;
	CHECK_EQ(pptp_dial_init(&dial, sizeof(dial)), PPTP_OK);

	check_row("the peer hangs up");
	memset(&side, 0, sizeof(side));
	link_open(&side, PPTP_ORIGINATOR, &o, NULL, 0);
	link_up(&side);
	CHECK_EQ(pptp_call_dial(side.conn, &dial, 0, &call), PPTP_OK);
	link_pump(&side);
	m = link_msg(PPTP_OCRP);
	m.ocrp.call_id = 66;
	m.ocrp.peer_call_id = link_next_msg(&side, PPTP_OCRQ).ocrq.call_id;
	m.ocrp.result_code = PPTP_OCRP_CONNECTED;
	link_feed_msg(&side, &m);
	(void)link_next_event(&side, PPTP_EV_CALL_UP);
	notify.cdn.call_id = 66;
	notify.cdn.result_code = PPTP_CDN_LOST_CARRIER;
	CHECK_EQ(pptp_msg_encode(&notify, data, sizeof(data)), 148);
	CHECK_EQ(pptp_conn_recv(side.conn, data, 148, 0), 148);
	CHECK_EQ(pptp_call_dial(side.conn, &dial, 0, &call), PPTP_ERR_AGAIN);
	CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_OK);
	CHECK_EQ(e.type, PPTP_EV_CALL_DOWN);
	CHECK(pptp_conn_want(side.conn) & PPTP_WANT_POLL);
	CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_OK);
	CHECK_EQ(e.type, PPTP_EV_WRITABLE);
	CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_ERR_EMPTY);
	CHECK_EQ(pptp_call_dial(side.conn, &dial, 0, &call), PPTP_OK);
	link_drop(&side);

	check_row("fetched before it is polled");
	memset(&side, 0, sizeof(side));
	link_open(&side, PPTP_RECEIVER, &o, NULL, 0);
	link_up(&side);
	m = link_msg(PPTP_OCRQ);
	m.ocrq.call_id = 77;
	link_feed_msg(&side, &m);
	call = link_next_event(&side, PPTP_EV_CALL_OFFERED)->call;
	CHECK_EQ(pptp_call_reject(side.conn, call, PPTP_OCRP_BUSY, 0, 0, 0), PPTP_OK);
	CHECK_EQ(pptp_call_dial(side.conn, &dial, 0, &call), PPTP_ERR_AGAIN);
	while (pptp_conn_tx_buf(side.conn, &len, 0) != NULL)
		CHECK_EQ(pptp_conn_tx_done(side.conn, len, 0), PPTP_OK);
	CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_OK);
	CHECK_EQ(e.type, PPTP_EV_CALL_DOWN);
	CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_OK);
	CHECK_EQ(e.type, PPTP_EV_WRITABLE);
	CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_ERR_EMPTY);
	CHECK_EQ(pptp_call_dial(side.conn, &dial, 0, &call), PPTP_OK);
	link_drop(&side);
}

/* The same for the peer's next call: replies that were not fetched yet do not take its place, and when
 * there is no room for more of them it waits. */
/* Shows: R-02 */
static void test_limits_slot_of_the_next(void **state)
{
	pptp_config_options o = link_options(1);
	pptp_msg m = link_msg(PPTP_OCRQ);
	uint8_t data[PPTP_MSG_MAX_OCTETS];
	pptp_event e;
	link_side side;
	uint32_t waited = 0;
	uint16_t id;
	(void)state;
	o.tx_octets = 220;
	memset(&side, 0, sizeof(side));
	link_open(&side, PPTP_RECEIVER, &o, NULL, 0);
	link_up(&side);
	for (id = 77; id < 100; id++) {
		check_row("Call ID %u", (unsigned)id);
		m.ocrq.call_id = id;
		CHECK_EQ(pptp_msg_encode(&m, data, sizeof(data)), 168);
		if (pptp_conn_recv(side.conn, data, 168, 0) == 0) {
			CHECK(!(pptp_conn_want(side.conn) & PPTP_CAN_RECV));
			CHECK(pptp_conn_want(side.conn) & PPTP_WANT_SEND);
			link_pump(&side);
			CHECK(pptp_conn_want(side.conn) & PPTP_CAN_RECV);
			CHECK_EQ(pptp_conn_recv(side.conn, data, 168, 0), 168);
			waited++;
		}
		CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_OK);
		CHECK_EQ(e.type, PPTP_EV_CALL_OFFERED);
		CHECK_EQ(pptp_call_reject(side.conn, e.call, PPTP_OCRP_BUSY, 0, 0, 0), PPTP_OK);
		CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_OK);
		CHECK_EQ(e.type, PPTP_EV_CALL_DOWN);
	}
	CHECK(waited >= 2);
	link_pump(&side);
	for (id = 77; id < 100; id++) {
		m = link_next_msg(&side, PPTP_OCRP);
		CHECK_EQ(m.ocrp.peer_call_id, id);
		CHECK_EQ(m.ocrp.result_code, PPTP_OCRP_BUSY);
	}
	CHECK_EQ(pptp_conn_count(side.conn, PPTP_COUNT_NO_RESOURCE), 0);
	link_drop(&side);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_limits_all_calls_dialled),
	        cmocka_unit_test(test_limits_all_calls_taken),
	        cmocka_unit_test(test_limits_cycles),
	        cmocka_unit_test(test_limits_flood_of_calls),
	        cmocka_unit_test(test_limits_flood_of_echoes),
	        cmocka_unit_test(test_limits_flood_of_everything),
	        cmocka_unit_test(test_limits_again),
	        cmocka_unit_test(test_limits_again_then_the_end),
	        cmocka_unit_test(test_limits_requests_without_room),
	        cmocka_unit_test(test_limits_order_of_a_call),
	        cmocka_unit_test(test_limits_tx_buf_is_stable),
	        cmocka_unit_test(test_limits_slot_of_the_last),
	        cmocka_unit_test(test_limits_writable_follows),
	        cmocka_unit_test(test_limits_slot_of_the_next),
	};
	return cmocka_run_group_tests_name("conn_limits", tests, NULL, NULL);
}
