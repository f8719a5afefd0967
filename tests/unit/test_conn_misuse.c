/* conn: what a host can get wrong; sized structs, memory, queries. */
#include "link.h"

static pptp_conn_options conn_options(uint32_t role)
{
	pptp_conn_options o;
	CHECK_EQ(pptp_conn_options_init(&o, sizeof(o)), PPTP_OK);
	o.role = role;
	return o;
}

static const pptp_config *make_config(const pptp_config_options *o)
{
	pptp_config_options usual = link_options(0);
	const pptp_config *config = NULL;
	CHECK_EQ(pptp_config_new(o ? o : &usual, &config), PPTP_OK);
	return config;
}

static void test_misuse_init(void **state)
{
	const pptp_config *config = make_config(NULL);
	pptp_conn_options o = conn_options(PPTP_ORIGINATOR);
	size_t size = pptp_conn_size(config), k;
	uint8_t *mem = check_alloc(size + 16);
	pptp_conn *conn = NULL;
	(void)state;
	CHECK(size > 0);
	CHECK_EQ(pptp_conn_size(NULL), 0);
	CHECK_EQ(pptp_conn_init(NULL, size, config, &o, 0, &conn), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_init(mem, size, NULL, &o, 0, &conn), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_init(mem, size, config, NULL, 0, &conn), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_init(mem, size, config, &o, 0, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_init(mem, size - 1, config, &o, 0, &conn), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_conn_init(mem, 0, config, &o, 0, &conn), PPTP_ERR_SIZE);
	for (k = 1; k < CHECK_ALIGNMENT; k++)
		CHECK_EQ(pptp_conn_init(mem + k, size, config, &o, 0, &conn), PPTP_ERR_ALIGN);
	for (k = 0; k < 5; k++) {
		o.role = (uint32_t)k;
		if (k != PPTP_ORIGINATOR && k != PPTP_RECEIVER)
			CHECK_EQ(pptp_conn_init(mem, size, config, &o, 0, &conn), PPTP_ERR_ARG);
	}
	o = conn_options(PPTP_RECEIVER);
	CHECK_EQ(pptp_conn_new(NULL, &o, 0, &conn), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_new(config, NULL, 0, &conn), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_new(config, &o, 0, NULL), PPTP_ERR_ARG);
	o.role = 9;
	CHECK_EQ(pptp_conn_new(config, &o, 0, &conn), PPTP_ERR_ARG);
	CHECK(conn == NULL);
	pptp_conn_free(NULL);
	pptp_config_free(config);
	free(mem);
}

/* The structs of config.h, conn.h and call.h with a size: longer with a zero tail or not, shorter. */
static void test_misuse_sized(void **state)
{
	const pptp_config *config = make_config(NULL);
	struct {
		pptp_conn_options known;
		uintptr_t tail[2];
	} o;
	struct {
		pptp_conn_callbacks known;
		uintptr_t tail[2];
	} c;
	struct {
		pptp_dial known;
		uintptr_t tail[2];
	} d;
	struct {
		pptp_answer known;
		uintptr_t tail[2];
	} a;
	pptp_conn *conn = NULL;
	pptp_call call = 0x5A5A5A5A;
	link_side side;
	const pptp_event *e;
	pptp_msg m;
	(void)state;

	memset(&o, 0, sizeof(o));
	memset(&c, 0, sizeof(c));
	o.known = conn_options(PPTP_ORIGINATOR);
	o.known.size = sizeof(o);
	o.known.callbacks = &c.known;
	c.known.size = sizeof(c);
	CHECK_EQ(pptp_conn_new(config, &o.known, 0, &conn), PPTP_OK);
	pptp_conn_free(conn);
	conn = NULL;
	o.tail[1] = 1;
	CHECK_EQ(pptp_conn_new(config, &o.known, 0, &conn), PPTP_ERR_SIZE);
	o.tail[1] = 0;
	o.known.size = 3;
	CHECK_EQ(pptp_conn_new(config, &o.known, 0, &conn), PPTP_ERR_SIZE);
	o.known.size = 8;
	CHECK_EQ(pptp_conn_new(config, &o.known, 0, &conn), PPTP_ERR_SIZE);
	o.known.size = sizeof(o);
	o.known.reserved = 1;
	CHECK_EQ(pptp_conn_new(config, &o.known, 0, &conn), PPTP_ERR_ARG);
	o.known.reserved = 0;
	c.known.reserved = 1;
	CHECK_EQ(pptp_conn_new(config, &o.known, 0, &conn), PPTP_ERR_ARG);
	c.known.reserved = 0;
	c.tail[0] = 1;
	CHECK_EQ(pptp_conn_new(config, &o.known, 0, &conn), PPTP_ERR_SIZE);
	c.tail[0] = 0;
	c.known.size = 0;
	CHECK_EQ(pptp_conn_new(config, &o.known, 0, &conn), PPTP_ERR_SIZE);
	c.known.size = offsetof(pptp_conn_callbacks, send) + 4; /* no version had half a callback */
	CHECK_EQ(pptp_conn_new(config, &o.known, 0, &conn), PPTP_ERR_SIZE);
	/* an older struct, before there were callbacks; what is behind is not looked at */
	o.known.size = offsetof(pptp_conn_options, callbacks);
	CHECK_EQ(pptp_conn_new(config, &o.known, 0, &conn), PPTP_OK);
	pptp_conn_free(conn);
	pptp_config_free(config);

	memset(&side, 0, sizeof(side));
	memset(&d, 0, sizeof(d));
	memset(&a, 0, sizeof(a));
	link_open(&side, PPTP_RECEIVER, NULL, NULL, 0);
	link_up(&side);
	CHECK_EQ(pptp_dial_init(&d.known, sizeof(d.known)), PPTP_OK);
	d.known.size = sizeof(d);
	d.tail[0] = 1;
	CHECK_EQ(pptp_call_dial(side.conn, &d.known, 0, &call), PPTP_ERR_SIZE);
	d.known.size = 0;
	CHECK_EQ(pptp_call_dial(side.conn, &d.known, 0, &call), PPTP_ERR_SIZE);
	d.known.size = sizeof(d.known);
	d.known.reserved = 1;
	CHECK_EQ(pptp_call_dial(side.conn, &d.known, 0, &call), PPTP_ERR_ARG);
	CHECK_EQ(call, 0x5A5A5A5A);
	/* older: the rest has its defaults */
	d.known.size = offsetof(pptp_dial, bearer_type);
	d.known.minimum_bps = 12345;
	d.known.maximum_bps = 54321;
	d.known.user = &d;
	CHECK_EQ(pptp_call_dial(side.conn, &d.known, 0, &call), PPTP_OK);
	link_pump(&side);
	m = link_next_msg(&side, PPTP_OCRQ);
	CHECK_EQ(m.ocrq.minimum_bps, 12345);
	CHECK_EQ(m.ocrq.maximum_bps, 54321);
	CHECK_EQ(m.ocrq.packet_recv_window_size, 64);
	CHECK_EQ(pptp_call_clear(side.conn, call, 3, 0, 0, 0), PPTP_OK);
	m = link_msg(PPTP_OCRP);
	m.ocrp.peer_call_id = 0;
	link_drop(&side);

	link_open(&side, PPTP_RECEIVER, NULL, NULL, 0);
	link_up(&side);
	m = link_msg(PPTP_OCRQ);
	link_feed_msg(&side, &m);
	e = link_next_event(&side, PPTP_EV_CALL_OFFERED);
	CHECK_EQ(pptp_answer_init(&a.known, sizeof(a.known)), PPTP_OK);
	a.known.size = sizeof(a);
	a.tail[1] = 1;
	CHECK_EQ(pptp_call_accept(side.conn, e->call, &a.known, 0), PPTP_ERR_SIZE);
	a.tail[1] = 0;
	CHECK_EQ(pptp_call_accept(side.conn, e->call, NULL, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_accept(side.conn, e->call, &a.known, 0), PPTP_OK);
	link_drop(&side);
}

/* What is given back is cut, or filled with zeros, to the size that was asked for. */
static void test_misuse_info_sizes(void **state)
{
	uint64_t whole[32], part[32];
	link_side side;
	pptp_dial d;
	pptp_call call;
	uint32_t size, i, what;
	(void)state;
	memset(&side, 0, sizeof(side));
	link_open(&side, PPTP_ORIGINATOR, NULL, NULL, 0);
	link_up(&side);
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(pptp_call_dial(side.conn, &d, 0, &call), PPTP_OK);
	for (what = 0; what < 2; what++) {
		uint32_t known = what ? sizeof(pptp_call_info) : sizeof(pptp_conn_info);
		check_row("%s", what ? "call" : "conn");
		if (what)
			CHECK_EQ(pptp_call_get_info(side.conn, call, (pptp_call_info *)whole, known),
			         PPTP_OK);
		else
			CHECK_EQ(pptp_conn_get_info(side.conn, (pptp_conn_info *)whole, known), PPTP_OK);
		for (size = 0; size <= known + 32; size++) {
			const uint8_t *is = (uint8_t *)part, *wanted = (uint8_t *)whole;
			pptp_err err;
			check_step("size %u", size);
			memset(part, 0x5A, sizeof(part));
			err = what ? pptp_call_get_info(side.conn, call, (pptp_call_info *)part, size)
			           : pptp_conn_get_info(side.conn, (pptp_conn_info *)part, size);
			CHECK_EQ(err, size < 12 ? PPTP_ERR_SIZE : PPTP_OK);
			for (i = err ? 0 : 4; i < sizeof(part); i++)
				CHECK_EQ(is[i], err || i >= size ? 0x5A : i >= known ? 0 : wanted[i]);
		}
	}
	link_drop(&side);
}

static void test_misuse_null(void **state)
{
	link_side side;
	pptp_dial d;
	pptp_answer a;
	pptp_call call = 1;
	pptp_call_info call_info;
	pptp_conn_info info;
	pptp_gre_options gre;
	pptp_event e;
	size_t len = 5;
	uint8_t octet = 0;
	(void)state;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	CHECK_EQ(pptp_gre_options_init(&gre, sizeof(gre)), PPTP_OK);
	check_row("no connection");
	CHECK_EQ(pptp_conn_recv(NULL, &octet, 1, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_eof(NULL, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_tick(NULL, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_flush(NULL, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_poll(NULL, &e), PPTP_ERR_ARG);
	CHECK(pptp_conn_tx_buf(NULL, &len, 0) == NULL);
	CHECK_EQ(pptp_conn_tx_done(NULL, 0, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_close(NULL, 1, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_abort(NULL, PPTP_ERR_SEND, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_deadline(NULL), PPTP_NEVER);
	CHECK_EQ(pptp_conn_want(NULL), 0);
	CHECK(pptp_conn_user(NULL) == NULL);
	CHECK_EQ(pptp_conn_count(NULL, 0), 0);
	CHECK_EQ(pptp_conn_get_info(NULL, &info, sizeof(info)), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_dial(NULL, &d, 0, &call), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_accept(NULL, 1, &a, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_reject(NULL, 1, 4, 0, 0, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_clear(NULL, 1, 3, 0, 0, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_set_user(NULL, 1, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_get_info(NULL, 1, &call_info, sizeof(call_info)), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_channel(NULL, 1, &gre), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_next(NULL, PPTP_CALL_NONE), PPTP_CALL_NONE);

	check_row("a connection");
	memset(&side, 0, sizeof(side));
	link_open(&side, PPTP_RECEIVER, NULL, NULL, 0);
	link_up(&side);
	CHECK_EQ(pptp_conn_recv(side.conn, NULL, 1, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_recv(side.conn, NULL, 0, 0), 0);
	CHECK_EQ(pptp_conn_poll(side.conn, NULL), PPTP_ERR_ARG);
	CHECK(pptp_conn_tx_buf(side.conn, NULL, 0) == NULL);
	CHECK_EQ(pptp_conn_get_info(side.conn, NULL, sizeof(info)), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_dial(side.conn, NULL, 0, &call), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_dial(side.conn, &d, 0, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_dial(side.conn, &d, 0, &call), PPTP_OK);
	CHECK_EQ(pptp_call_get_info(side.conn, call, NULL, sizeof(call_info)), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_channel(side.conn, call, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_count(side.conn, PPTP_CONN_COUNTS), 0);
	CHECK_EQ(pptp_conn_count(side.conn, UINT32_MAX), 0);
	CHECK_EQ(pptp_conn_tx_done(side.conn, 169, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_tx_done(side.conn, SIZE_MAX, 0), PPTP_ERR_ARG);
	link_drop(&side);
}

/* Handles that never were, and handles of calls that are over. */
static void test_misuse_handles(void **state)
{
	static const pptp_call odd[] = {PPTP_CALL_NONE, 1,       2,          0xFFFF,
	                                0x10000,        0x10001, 0x7FFFFFFF, 0xFFFFFFFFu};
	link_side side;
	pptp_config_options options = link_options(0);
	pptp_call_info info;
	pptp_gre_options gre;
	pptp_answer a;
	pptp_dial d;
	pptp_msg m;
	pptp_call call, none;
	uint16_t id;
	size_t i;
	(void)state;
	options.max_calls = 3;
	memset(&side, 0, sizeof(side));
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(pptp_gre_options_init(&gre, sizeof(gre)), PPTP_OK);
	link_open(&side, PPTP_RECEIVER, &options, NULL, 0);
	link_up(&side);
	CHECK_EQ(pptp_call_dial(side.conn, &d, 0, &call), PPTP_OK);
	link_pump(&side);
	id = link_next_msg(&side, PPTP_OCRQ).ocrq.call_id;
	for (i = 0; i <= LEN(odd); i++) {
		if (i == LEN(odd)) { /* a call that is over */
			m = link_msg(PPTP_OCRP);
			m.ocrp.peer_call_id = id;
			m.ocrp.result_code = PPTP_OCRP_BUSY;
			link_feed_msg(&side, &m);
			CHECK_EQ(link_next_event(&side, PPTP_EV_CALL_DOWN)->call, call);
		}
		none = i == LEN(odd) ? call : odd[i];
		if (i < LEN(odd) && none == call)
			continue;
		check_row("0x%x", none);
		CHECK_EQ(pptp_call_get_info(side.conn, none, &info, sizeof(info)), PPTP_ERR_STALE);
		CHECK_EQ(pptp_call_channel(side.conn, none, &gre), PPTP_ERR_STALE);
		CHECK_EQ(pptp_call_accept(side.conn, none, &a, 0), PPTP_ERR_STALE);
		CHECK_EQ(pptp_call_reject(side.conn, none, 4, 0, 0, 0), PPTP_ERR_STALE);
		CHECK_EQ(pptp_call_clear(side.conn, none, 3, 0, 0, 0), PPTP_ERR_STALE);
		CHECK_EQ(pptp_call_set_user(side.conn, none, &d), PPTP_ERR_STALE);
	}
	link_quiet(&side);
	link_drop(&side);
}

/* A call that has ended, whose event was not polled yet: it can still be looked at, not used. */
static void test_misuse_ended_call(void **state)
{
	link_side side;
	pptp_call_info info;
	pptp_answer a;
	pptp_event e;
	pptp_msg m;
	pptp_call call;
	(void)state;
	memset(&side, 0, sizeof(side));
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	link_open(&side, PPTP_RECEIVER, NULL, NULL, 0);
	link_up(&side);
	m = link_msg(PPTP_OCRQ);
	link_feed_msg(&side, &m);
	call = link_next_event(&side, PPTP_EV_CALL_OFFERED)->call;
	CHECK_EQ(pptp_call_reject(side.conn, call, PPTP_OCRP_BUSY, 0, 0, 0), PPTP_OK);
	CHECK_EQ(pptp_call_get_info(side.conn, call, &info, sizeof(info)), PPTP_OK);
	CHECK_EQ(info.state, PPTP_CALL_ENDED);
	CHECK_EQ(info.reason, PPTP_ERR_REFUSED);
	CHECK_EQ(pptp_call_accept(side.conn, call, &a, 0), PPTP_ERR_STALE);
	CHECK_EQ(pptp_call_clear(side.conn, call, 3, 0, 0, 0), PPTP_OK);
	CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_OK);
	CHECK_EQ(e.type, PPTP_EV_CALL_DOWN);
	CHECK_EQ(pptp_call_get_info(side.conn, call, &info, sizeof(info)), PPTP_ERR_STALE);
	CHECK_EQ(pptp_call_next(side.conn, PPTP_CALL_NONE), PPTP_CALL_NONE);
	pptp_conn_abort(side.conn, PPTP_ERR_SEND, 0);
	CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_OK);
	CHECK_EQ(e.type, PPTP_EV_DOWN);
	link_drop(&side);
}

/* user pointers come back in the events. */
static void test_misuse_user(void **state)
{
	int one, two;
	link_side side;
	pptp_call_info info;
	pptp_dial d;
	pptp_msg m;
	pptp_call call;
	const pptp_event *e;
	(void)state;
	memset(&side, 0, sizeof(side));
	link_open(&side, PPTP_ORIGINATOR, NULL, NULL, 0);
	link_up(&side);
	CHECK(pptp_conn_user(side.conn) == &side);
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	d.user = &one;
	d.local_call_id = 9;
	CHECK_EQ(pptp_call_dial(side.conn, &d, 0, &call), PPTP_OK);
	CHECK_EQ(pptp_call_get_info(side.conn, call, &info, sizeof(info)), PPTP_OK);
	CHECK(info.user == &one);
	m = link_msg(PPTP_OCRP);
	m.ocrp.peer_call_id = 9;
	m.ocrp.call_id = 10;
	link_feed_msg(&side, &m);
	e = link_next_event(&side, PPTP_EV_CALL_UP);
	CHECK(e->user == &one);
	CHECK_EQ(pptp_call_set_user(side.conn, call, &two), PPTP_OK);
	m = link_msg(PPTP_CDN);
	m.cdn.call_id = 10;
	link_feed_msg(&side, &m);
	CHECK(link_next_event(&side, PPTP_EV_CALL_DOWN)->user == &two);
	link_drop(&side);
}

/* The channel's settings come from the call; the rest of them is left alone. */
/* Shows: C-OCRP-01 C-OCRQ-02 A-15 */
static void test_misuse_channel(void **state)
{
	link_side side;
	pptp_gre_options gre;
	pptp_dial d;
	pptp_msg m;
	pptp_call call;
	(void)state;
	memset(&side, 0, sizeof(side));
	link_open(&side, PPTP_ORIGINATOR, NULL, NULL, 0);
	link_up(&side);
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	d.local_call_id = 9;
	d.packet_recv_window_size = 7;
	CHECK_EQ(pptp_call_dial(side.conn, &d, 0, &call), PPTP_OK);
	CHECK_EQ(pptp_gre_options_init(&gre, sizeof(gre)), PPTP_OK);
	gre.ack_delay_us = 1234;
	gre.first_sequence = 5678;
	CHECK_EQ(pptp_call_channel(side.conn, call, &gre), PPTP_OK);
	CHECK_EQ(gre.local_call_id, 9);
	CHECK_EQ(gre.recv_window, 7);
	m = link_msg(PPTP_OCRP);
	m.ocrp.peer_call_id = 9;
	m.ocrp.call_id = 10;
	m.ocrp.packet_recv_window_size = 11;
	m.ocrp.packet_processing_delay = 12;
	link_feed_msg(&side, &m);
	link_next_event(&side, PPTP_EV_CALL_UP);
	CHECK_EQ(pptp_call_channel(side.conn, call, &gre), PPTP_OK);
	CHECK_EQ(gre.local_call_id, 9);
	CHECK_EQ(gre.recv_window, 7);
	CHECK_EQ(gre.peer_call_id, 10);
	CHECK_EQ(gre.peer_recv_window, 11);
	CHECK_EQ(gre.peer_delay, 12);
	CHECK_EQ(gre.ack_delay_us, 1234);
	CHECK_EQ(gre.first_sequence, 5678);
	CHECK_EQ(gre.size, sizeof(gre));
	link_drop(&side);
}

/* A clock that stands, jumps, goes back, or starts near its end: timers are late or early, nothing worse. */
/* Shows: K-05 */
static void test_misuse_clock(void **state)
{
	static const pptp_usec starts[] = {0, 1, UINT64_C(1) << 63, UINT64_MAX - 1000, UINT64_MAX - 1};
	check_random random = {12};
	size_t i;
	uint32_t n;
	(void)state;
	for (i = 0; i < LEN(starts); i++) {
		pptp_config_options o = link_options(0);
		link_side side;
		pptp_msg echo = link_msg(PPTP_ECHORQ);
		check_row("from %llu", (unsigned long long)starts[i]);
		memset(&side, 0, sizeof(side));
		link_open(&side, PPTP_RECEIVER, &o, NULL, starts[i]);
		link_up(&side);
		side.now = 0;
		CHECK_EQ(pptp_conn_tick(side.conn, 0), PPTP_OK);
		link_pump(&side);
		link_feed_msg(&side, &echo);
		link_next_msg(&side, PPTP_ECHORP);
		link_quiet(&side);
		for (n = 0; n < 1000; n++) {
			pptp_usec deadline;
			side.now = (pptp_usec)random_below(&random, 40) * SECOND;
			CHECK_EQ(pptp_conn_tick(side.conn, side.now), PPTP_OK);
			link_pump(&side);
			link_feed_msg(&side, &echo);
			deadline = pptp_conn_deadline(side.conn);
			CHECK(deadline > side.now);
			CHECK(deadline <= side.now + 60 * SECOND);
		}
		CHECK(!side.down);
		link_drop(&side);
	}
}

/* Early and late ticks are harmless, and the deadline's tick makes progress. */
/* Shows: K-01 K-05 */
static void test_misuse_ticks(void **state)
{
	link_side side;
	pptp_usec t;
	(void)state;
	memset(&side, 0, sizeof(side));
	link_open(&side, PPTP_RECEIVER, NULL, NULL, 0);
	link_up(&side);
	for (t = 0; t < 60 * SECOND; t += SECOND / 4) {
		side.now = t;
		CHECK_EQ(pptp_conn_tick(side.conn, t), PPTP_OK);
		link_pump(&side);
		link_quiet(&side);
		CHECK_EQ(pptp_conn_deadline(side.conn), 60 * SECOND);
	}
	side.now = 60 * SECOND - 1;
	CHECK_EQ(pptp_conn_tick(side.conn, side.now), PPTP_OK);
	link_pump(&side);
	link_quiet(&side);
	side.now = 3600 * SECOND; /* an hour late: one request, not many */
	CHECK_EQ(pptp_conn_tick(side.conn, side.now), PPTP_OK);
	link_pump(&side);
	link_next_msg(&side, PPTP_ECHORQ);
	link_quiet(&side);
	CHECK_EQ(pptp_conn_deadline(side.conn), side.now + 60 * SECOND);
	link_drop(&side);
}

/* Settings are shared, and unchanged, by the connections of a config. */
static void test_misuse_shared_config(void **state)
{
	const pptp_config *config = make_config(NULL);
	pptp_conn_options o = conn_options(PPTP_ORIGINATOR);
	uint8_t *before = check_copy(config, pptp_config_size());
	pptp_conn *conns[10];
	size_t i;
	(void)state;
	for (i = 0; i < LEN(conns); i++)
		CHECK_EQ(pptp_conn_new(config, &o, i, &conns[i]), PPTP_OK);
	for (i = 0; i < LEN(conns); i++) {
		pptp_conn_eof(conns[i], 5);
		pptp_conn_free(conns[i]);
	}
	CHECK_OCTETS(config, before, pptp_config_size());
	free(before);
	pptp_config_free(config);
}

/* pptp_conn_size grows with what it is for; an older config struct has the defaults. */
static void test_misuse_conn_size(void **state)
{
	pptp_config_options o = link_options(0);
	const pptp_config *config = make_config(&o);
	size_t usual = pptp_conn_size(config);
	(void)state;
	pptp_config_free(config);
	o.line_statistics = 1;
	o.size = offsetof(pptp_config_options, framing_capabilities);
	config = make_config(&o);
	CHECK_EQ(pptp_conn_size(config), usual);
	pptp_config_free(config);
	o = link_options(0);
	o.max_calls = 65535;
	config = make_config(&o);
	CHECK(pptp_conn_size(config) > usual + 65534);
	pptp_config_free(config);
	o.max_calls = 1;
	o.tx_octets = 100000;
	config = make_config(&o);
	CHECK(pptp_conn_size(config) >= usual + 90000);
	pptp_config_free(config);
}

/* After the end everything says so, and nothing happens. */
/* Shows: T-10 */
static void test_misuse_after_the_end(void **state)
{
	link_side side;
	pptp_dial d;
	pptp_call call;
	pptp_event e;
	size_t len = 0;
	uint8_t octet = 0;
	(void)state;
	memset(&side, 0, sizeof(side));
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	link_open(&side, PPTP_RECEIVER, NULL, NULL, 0);
	link_up(&side);
	CHECK_EQ(pptp_conn_want(side.conn), PPTP_CAN_RECV);
	CHECK_EQ(pptp_conn_eof(side.conn, 0), PPTP_OK);
	CHECK_EQ(pptp_conn_want(side.conn), PPTP_WANT_POLL);
	link_pump(&side);
	CHECK_EQ(link_next_event(&side, PPTP_EV_DOWN)->reason, PPTP_ERR_EOF);
	CHECK_EQ(pptp_conn_want(side.conn), PPTP_FINISHED);
	CHECK_EQ(pptp_conn_deadline(side.conn), PPTP_NEVER);
	CHECK_EQ(pptp_conn_recv(side.conn, &octet, 1, 0), PPTP_ERR_CLOSED);
	CHECK_EQ(pptp_conn_close(side.conn, 1, 0), PPTP_ERR_CLOSED);
	CHECK_EQ(pptp_call_dial(side.conn, &d, 0, &call), PPTP_ERR_CLOSED);
	pptp_conn_eof(side.conn, 0);
	pptp_conn_tick(side.conn, UINT64_MAX);
	pptp_conn_abort(side.conn, PPTP_ERR_SEND, 0);
	CHECK(pptp_conn_tx_buf(side.conn, &len, 0) == NULL);
	CHECK_EQ(len, 0);
	CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_ERR_EMPTY);
	link_drop(&side);
}

/* Different seeds, different Call IDs; never guessable from the first. */
/* Shows: X-05 I-05 */
static void test_misuse_seed(void **state)
{
	static uint8_t seen[65536];
	uint32_t seed, distinct = 0;
	(void)state;
	memset(seen, 0, sizeof(seen));
	for (seed = 0; seed < 100; seed++) {
		const pptp_config *config = make_config(NULL);
		pptp_conn_options o = conn_options(PPTP_RECEIVER);
		pptp_msg m = link_msg(PPTP_SCCRQ);
		uint8_t data[PPTP_MSG_MAX_OCTETS];
		pptp_call_info info;
		pptp_conn *conn = NULL;
		pptp_event e;
		pptp_call call;
		pptp_dial d;
		o.seed = seed;
		CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
		CHECK_EQ(pptp_conn_new(config, &o, 0, &conn), PPTP_OK);
		CHECK_EQ(pptp_msg_encode(&m, data, sizeof(data)), 156);
		CHECK_EQ(pptp_conn_recv(conn, data, 156, 0), 156);
		CHECK_EQ(pptp_conn_poll(conn, &e), PPTP_OK);
		CHECK_EQ(pptp_call_dial(conn, &d, 0, &call), PPTP_OK);
		CHECK_EQ(pptp_call_get_info(conn, call, &info, sizeof(info)), PPTP_OK);
		CHECK(info.local_call_id != 0);
		distinct += !seen[info.local_call_id];
		seen[info.local_call_id] = 1;
		pptp_conn_free(conn);
		pptp_config_free(config);
	}
	check_row("%u distinct", distinct);
	CHECK(distinct > 80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_misuse_init),          cmocka_unit_test(test_misuse_sized),
	        cmocka_unit_test(test_misuse_info_sizes),    cmocka_unit_test(test_misuse_null),
	        cmocka_unit_test(test_misuse_handles),       cmocka_unit_test(test_misuse_ended_call),
	        cmocka_unit_test(test_misuse_user),          cmocka_unit_test(test_misuse_channel),
	        cmocka_unit_test(test_misuse_clock),         cmocka_unit_test(test_misuse_ticks),
	        cmocka_unit_test(test_misuse_shared_config), cmocka_unit_test(test_misuse_conn_size),
	        cmocka_unit_test(test_misuse_after_the_end), cmocka_unit_test(test_misuse_seed),
	};
	return cmocka_run_group_tests_name("conn_misuse", tests, NULL, NULL);
}
