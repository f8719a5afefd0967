/* conn: everything a host can call, from inside every callback. Run it under a sanitizer too. */
#include "link.h"

enum { IN_SEND, IN_EVENT, IN_TRACE, IN_AMEND, KINDS };
static const char *const kind_names[] = {"send", "event", "trace", "amend"};

enum {
	DO_START_ACCEPT,
	DO_START_REFUSE,
	DO_DIAL,
	DO_OFFER,
	DO_ACCEPT,
	DO_CONNECTED,
	DO_REJECT,
	DO_CLEAR,
	DO_LINK_INFO,
	DO_WAN_ERRORS,
	DO_STATISTICS,
	DO_CLOSE,
	DO_ABORT,
	DO_FREE,
	DO_FREE_AND_ALL,
	DO_SET_USER,
	REQUESTS,
	DO_RECV = REQUESTS,
	DO_EOF,
	DO_TICK,
	DO_FLUSH,
	DO_POLL,
	DO_TX_BUF,
	DO_TX_DONE,
	DO_QUERIES,
	ACTIONS,
	DO_FAIL = ACTIONS /* of send */
};
static pptp_ssize fail_code;
static const char *const action_names[] = {
        "accept the start",
        "refuse the start",
        "dial",
        "offer",
        "accept",
        "connected",
        "reject",
        "clear",
        "sli",
        "wan errors",
        "statistics",
        "close",
        "abort",
        "free",
        "free, and all else",
        "set_user",
        "recv",
        "eof",
        "tick",
        "flush",
        "poll",
        "tx_buf",
        "tx_done",
        "queries",
        "fail",
};

/* The calls of a life, by how they begin. */
enum { TAKEN, DIALLED, RUNG, CALLED, CALLS };

typedef struct probe {
	pptp_conn *conn;
	pptp_usec now;
	int kind, action;
	uint32_t n, seen; /* act in the n-th callback of this kind */
	int acted, failed, freed, down;
	int stopping, was_stopping; /* the peer's stop was fed; and before `send` failed: the first reason */
	int partial;                /* send takes one octet at a time */
	pptp_call calls[CALLS];
	uint32_t ups, downs, begun;
} probe;

/* ---- the act ------------------------------------------------------------------------------------------- */

/* A request from send or event does what it does elsewhere. */
static void check_request(const probe *p, pptp_err err)
{
	if (p->kind == IN_TRACE || p->kind == IN_AMEND)
		CHECK_EQ(err, PPTP_ERR_REENTRANT);
	else
		CHECK(err == PPTP_OK || err == PPTP_ERR_STATE || err == PPTP_ERR_STALE ||
		      err == PPTP_ERR_LIMIT || err == PPTP_ERR_CLOSED || err == PPTP_ERR_AGAIN);
}

static pptp_err do_new_call(probe *p, int action)
{
	pptp_dial d;
	pptp_offer o;
	pptp_call call;
	pptp_err err;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	err = action == DO_DIAL ? pptp_call_dial(p->conn, &d, p->now, &call)
	                        : pptp_call_offer(p->conn, &o, p->now, &call);
	p->begun += err == PPTP_OK;
	return err;
}

static pptp_err do_call_request(probe *p, int action, pptp_call call)
{
	pptp_wan_errors errors = {sizeof(errors), p->n + 1, 0, 0, 0, 0, 0};
	pptp_answer a;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	switch (action) {
	case DO_ACCEPT:
		return pptp_call_accept(p->conn, call, &a, p->now);
	case DO_CONNECTED:
		return pptp_call_connected(p->conn, call, &a, p->now);
	case DO_REJECT:
		return pptp_call_reject(p->conn, call, 3, 0, 0, p->now);
	case DO_CLEAR:
		return pptp_call_clear(p->conn, call, PPTP_CDN_ADMIN_SHUTDOWN, 0, 0, p->now);
	case DO_LINK_INFO:
		return pptp_call_set_link_info(p->conn, call, p->n, p->n, p->now);
	case DO_WAN_ERRORS:
		return pptp_call_wan_errors(p->conn, call, &errors, p->now);
	case DO_STATISTICS:
		return pptp_call_statistics(p->conn, call, (const uint8_t *)"x", 1);
	default:
		return pptp_call_set_user(p->conn, call, p);
	}
}

static pptp_err do_request(probe *p, int action, pptp_call call)
{
	switch (action) {
	case DO_START_ACCEPT:
		return pptp_conn_accept(p->conn, p->now);
	case DO_START_REFUSE:
		return pptp_conn_refuse(p->conn, PPTP_SCCRP_NOT_AUTHORIZED, 0, p->now);
	case DO_DIAL:
	case DO_OFFER:
		return do_new_call(p, action);
	case DO_CLOSE:
		return pptp_conn_close(p->conn, PPTP_STOP_NONE, p->now);
	case DO_ABORT:
		return pptp_conn_abort(p->conn, PPTP_ERR_SEND, p->now);
	default:
		return do_call_request(p, action, call);
	}
}

static void queries(probe *p)
{
	pptp_conn_info info;
	pptp_call_info call_info;
	pptp_gre_options gre;
	pptp_call call;
	uint32_t n = 0;
	CHECK_EQ(pptp_gre_options_init(&gre, sizeof(gre)), PPTP_OK);
	CHECK_EQ(pptp_conn_get_info(p->conn, &info, sizeof(info)), PPTP_OK);
	for (call = pptp_call_next(p->conn, PPTP_CALL_NONE); call; call = pptp_call_next(p->conn, call)) {
		CHECK_EQ(pptp_call_get_info(p->conn, call, &call_info, sizeof(call_info)), PPTP_OK);
		CHECK_EQ(pptp_call_channel(p->conn, call, &gre), PPTP_OK);
		CHECK_EQ(gre.local_call_id, call_info.local_call_id);
		CHECK(++n < 10);
	}
	CHECK(pptp_conn_user(p->conn) == p);
	pptp_conn_want(p->conn);
	pptp_conn_deadline(p->conn);
	pptp_conn_count(p->conn, 0);
}

static void do_driver(probe *p, int action)
{
	uint8_t octet = 0;
	size_t len = 0;
	pptp_event e;
	switch (action) {
	case DO_RECV:
		CHECK_EQ(pptp_conn_recv(p->conn, &octet, 1, p->now),
		         p->freed ? PPTP_ERR_FREED : PPTP_ERR_REENTRANT);
		break;
	case DO_EOF:
		CHECK_EQ(pptp_conn_eof(p->conn, p->now), p->freed ? PPTP_ERR_FREED : PPTP_ERR_REENTRANT);
		break;
	case DO_TICK:
		CHECK_EQ(pptp_conn_tick(p->conn, p->now), p->freed ? PPTP_ERR_FREED : PPTP_ERR_REENTRANT);
		break;
	case DO_FLUSH:
		CHECK_EQ(pptp_conn_flush(p->conn, p->now), p->freed ? PPTP_ERR_FREED : PPTP_ERR_REENTRANT);
		break;
	case DO_POLL:
		CHECK_EQ(pptp_conn_poll(p->conn, &e), p->freed ? PPTP_ERR_FREED : PPTP_ERR_REENTRANT);
		break;
	case DO_TX_BUF:
		CHECK(pptp_conn_tx_buf(p->conn, &len, p->now) == NULL);
		break;
	default:
		CHECK_EQ(pptp_conn_tx_done(p->conn, 0, p->now),
		         p->freed ? PPTP_ERR_FREED : PPTP_ERR_REENTRANT);
		break;
	}
}

static void act(probe *p, int kind)
{
	int i, k;
	if (kind != p->kind || p->seen++ != p->n)
		return;
	p->acted = 1;
	if (p->action == DO_FAIL)
		return;
	if (p->action == DO_QUERIES) {
		queries(p);
	} else if (p->action == DO_FREE || p->action == DO_FREE_AND_ALL) {
		pptp_conn_free(p->conn);
		p->freed = 1;
		if (p->action == DO_FREE)
			return;
		pptp_conn_free(p->conn);
		for (i = 0; i < REQUESTS; i++) {
			if (i != DO_FREE && i != DO_FREE_AND_ALL)
				CHECK_EQ(do_request(p, i, p->calls[0]), PPTP_ERR_FREED);
		}
		for (i = DO_RECV; i < DO_QUERIES; i++)
			do_driver(p, i);
		CHECK_EQ(pptp_conn_deadline(p->conn), PPTP_NEVER);
		CHECK_EQ(pptp_call_next(p->conn, PPTP_CALL_NONE), PPTP_CALL_NONE);
	} else if (p->action < REQUESTS) {
		for (k = 0; k < CALLS; k++)
			check_request(p, do_request(p, p->action, p->calls[k]));
	} else {
		do_driver(p, p->action);
	}
}

/* ---- callbacks ----------------------------------------------------------------------------------------- */

static pptp_ssize on_send(void *user, const uint8_t *data, size_t len)
{
	probe *p = user;
	uint8_t copy[PPTP_MSG_MAX_OCTETS];
	CHECK(!p->freed);
	CHECK(len > 0 && len <= sizeof(copy));
	memcpy(copy, data, len);
	act(p, IN_SEND);
	CHECK_OCTETS(data, copy, len); /* as it is until taken */
	if (p->action == DO_FAIL && p->acted && !p->failed) {
		p->failed = 1;
		p->was_stopping = p->stopping;
		return fail_code;
	}
	return p->partial ? 1 : (pptp_ssize)len;
}

/* What a host does in answer; in vain when the action did it. */
static void answer(probe *p, const pptp_event *event)
{
	if (event->type == PPTP_EV_START_OFFERED)
		(void)do_request(p, DO_START_ACCEPT, 0);
	else if (event->type == PPTP_EV_CALL_OFFERED)
		(void)do_request(p, DO_ACCEPT, event->call);
	else if (event->type == PPTP_EV_CALL_ANSWER)
		(void)do_request(p, DO_CONNECTED, event->call);
}

static void on_event(void *user, pptp_conn *conn, const pptp_event *event)
{
	probe *p = user;
	CHECK(!p->freed);
	CHECK(!p->down);
	p->conn = conn;
	if (event->type == PPTP_EV_CALL_OFFERED) {
		p->calls[event->message_type == PPTP_OCRQ ? TAKEN : CALLED] = event->call;
		p->begun++;
	} else if (event->type == PPTP_EV_CALL_UP) {
		p->ups++;
	} else if (event->type == PPTP_EV_CALL_DOWN) {
		p->downs++;
	} else if (event->type == PPTP_EV_DOWN) {
		p->down = 1;
		if (p->failed && fail_code != PPTP_ERR_AGAIN) {
			CHECK_EQ(event->reason, p->was_stopping ? PPTP_ERR_STOPPED : PPTP_ERR_SEND);
			if (event->reason == PPTP_ERR_SEND)
				CHECK_EQ((int32_t)event->value, fail_code);
		}
	}
	act(p, IN_EVENT);
	if (!p->freed)
		answer(p, event);
}

static void on_trace(void *user, uint32_t sent, const uint8_t *msg, size_t len)
{
	probe *p = user;
	uint8_t copy[PPTP_MSG_MAX_OCTETS];
	(void)sent;
	CHECK(!p->freed);
	memcpy(copy, msg, len);
	act(p, IN_TRACE);
	CHECK_OCTETS(msg, copy, len);
}

static void on_amend(void *user, pptp_msg *msg)
{
	probe *p = user;
	CHECK(!p->freed);
	CHECK_EQ(msg->header.magic_cookie, PPTP_MAGIC_COOKIE);
	act(p, IN_AMEND);
}

/* ---- a life with everything in it ---------------------------------------------------------------------- */

/* Pull what a host in pull mode would. Returns FREED when the trace callback freed. */
static pptp_err drain(probe *p, int push)
{
	size_t len = 99;
	pptp_event e;
	pptp_err err;
	if (push) {
		uint32_t guard = 0;
		do {
			err = pptp_conn_flush(p->conn, p->now);
			CHECK(++guard < 10000);
		} while (err == PPTP_OK && (pptp_conn_want(p->conn) & PPTP_WANT_SEND));
		return err;
	}
	do {
		while (pptp_conn_tx_buf(p->conn, &len, p->now)) {
			err = pptp_conn_tx_done(p->conn, len, p->now);
			if (err || p->freed)
				return err;
		}
		CHECK_EQ(len, 0);
		while (!p->freed && pptp_conn_poll(p->conn, &e) == PPTP_OK)
			on_event(p, p->conn, &e);
	} while (!p->freed && (pptp_conn_want(p->conn) & PPTP_WANT_SEND));
	return p->freed ? PPTP_ERR_FREED : PPTP_OK;
}

/* After each driver: FREED exactly when it was freed in there. Returns whether to go on. */
static int go_on(probe *p, pptp_ssize result, int push)
{
	pptp_err err;
	if (p->freed) {
		CHECK_EQ(result, PPTP_ERR_FREED);
		return 0;
	}
	CHECK(result != PPTP_ERR_FREED);
	CHECK(result != PPTP_ERR_REENTRANT);
	err = drain(p, push);
	if (p->freed) {
		CHECK(err == PPTP_ERR_FREED || !push);
		return 0;
	}
	return 1;
}

static int feed(probe *p, pptp_msg msg, int push)
{
	uint8_t data[PPTP_MSG_MAX_OCTETS];
	pptp_ssize len = pptp_msg_encode(&msg, data, sizeof(data));
	return go_on(p, pptp_conn_recv(p->conn, data, (size_t)len, p->now), push);
}

/* Our Call ID of a call, 0 when there is none. */
static uint16_t local_id(const probe *p, int which)
{
	pptp_call_info info;
	if (pptp_call_get_info(p->conn, p->calls[which], &info, sizeof(info)) != PPTP_OK)
		return 0;
	return info.local_call_id;
}

/* A request of the life itself: its result depends on what was done before. */
static int ask(probe *p, int action, int which, int push)
{
	return go_on(p, do_request(p, action, p->calls[which]), push);
}

static int begin_call(probe *p, int which, uint16_t id, int push)
{
	pptp_dial d;
	pptp_offer o;
	pptp_err err;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	d.local_call_id = o.local_call_id = id;
	err = which == DIALLED ? pptp_call_dial(p->conn, &d, p->now, &p->calls[which])
	                       : pptp_call_offer(p->conn, &o, p->now, &p->calls[which]);
	p->begun += err == PPTP_OK;
	return go_on(p, err, push);
}

static pptp_msg message(uint32_t type, uint16_t call_id, uint16_t peer_call_id)
{
	pptp_msg m = link_msg(type);
	m.ocrp.call_id = call_id; /* the first field of all of them */
	if (type == PPTP_OCRP || type == PPTP_ICRP)
		m.ocrp.peer_call_id = peer_call_id; /* of both */
	return m;
}

/* The peer's call as PNS, and what is said of it. */
static int life_taken(probe *p, int push)
{
	return feed(p, message(PPTP_OCRQ, 11, 0), push) && feed(p, message(PPTP_OCRQ, 11, 0), push) &&
	       feed(p, message(PPTP_SLI, local_id(p, TAKEN), 0), push) &&
	       ask(p, DO_STATISTICS, TAKEN, push) && ask(p, DO_WAN_ERRORS, TAKEN, push);
}

static int life_dialled(probe *p, int push)
{
	return begin_call(p, DIALLED, 5, push) && feed(p, message(PPTP_OCRP, 12, 5), push) &&
	       feed(p, message(PPTP_WEN, 5, 0), push) && ask(p, DO_LINK_INFO, DIALLED, push);
}

static int life_incoming(probe *p, int push)
{
	return begin_call(p, RUNG, 6, push) && feed(p, message(PPTP_ICRP, 13, 6), push) &&
	       feed(p, message(PPTP_ICRQ, 14, 0), push) &&
	       feed(p, message(PPTP_ICCN, local_id(p, CALLED), 0), push);
}

static int life_silence(probe *p, int push)
{
	pptp_msg m = link_msg(PPTP_ECHORP);
	m.echorp.identifier = 1;
	p->now += 60 * SECOND;
	return go_on(p, pptp_conn_tick(p->conn, p->now), push) && feed(p, m, push) &&
	       feed(p, link_msg(PPTP_ECHORQ), push);
}

static int life_clears(probe *p, int push)
{
	return feed(p, message(PPTP_CCRQ, 11, 0), push) && ask(p, DO_CLEAR, CALLED, push) &&
	       feed(p, message(PPTP_CDN, 14, 0), push);
}

static void life(probe *p, int push)
{
	if (!feed(p, link_msg(PPTP_SCCRQ), push) || !life_taken(p, push) || !life_dialled(p, push) ||
	    !life_incoming(p, push) || !life_silence(p, push) || !life_clears(p, push))
		return;
	p->stopping = 1;
	if (feed(p, link_msg(PPTP_STOPCCRQ), push))
		go_on(p, pptp_conn_eof(p->conn, p->now), push);
}

/* Act in the n-th callback of the kind. Returns whether there was one. */
static int run(int push, int partial, int own_heap, int kind, int action, uint32_t n)
{
	pptp_config_options o = link_options(0);
	pptp_conn_callbacks callbacks = {sizeof(callbacks), 0, on_send, on_event, on_trace, on_amend};
	pptp_conn_options options;
	const pptp_config *config = NULL;
	void *mem = NULL;
	probe p;

	memset(&p, 0, sizeof(p));
	check_row("%s%s, %s: %s in %s %u", push ? "push" : "pull", partial ? " octet by octet" : "",
	          own_heap ? "heap" : "own memory", action_names[action], kind_names[kind], n);
	p.kind = kind;
	p.action = action;
	p.n = n;
	p.partial = partial;
	p.now = SECOND;
	o.max_calls = 6;
	o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	o.line_statistics = 1;
	CHECK_EQ(pptp_config_new(&o, &config), PPTP_OK);
	CHECK_EQ(pptp_conn_options_init(&options, sizeof(options)), PPTP_OK);
	options.role = PPTP_RECEIVER;
	options.flags = own_heap ? PPTP_CONN_ASK : 0;
	options.callbacks = &callbacks;
	options.user = &p;
	if (!push) {
		callbacks.send = NULL;
		callbacks.event = NULL;
	}
	if (own_heap) {
		CHECK_EQ(pptp_conn_new(config, &options, p.now, &p.conn), PPTP_OK);
	} else {
		mem = check_alloc(pptp_conn_size(config));
		CHECK_EQ(pptp_conn_init(mem, pptp_conn_size(config), config, &options, p.now, &p.conn),
		         PPTP_OK);
	}
	life(&p, push);
	if (!p.freed) {
		pptp_conn_info info;
		CHECK(p.down);
		CHECK_EQ(p.downs, p.begun);
		if (action == DO_QUERIES) /* which change nothing */
			CHECK_EQ(p.ups, CALLS);
		CHECK_EQ(pptp_conn_want(p.conn), PPTP_FINISHED);
		CHECK_EQ(pptp_conn_get_info(p.conn, &info, sizeof(info)), PPTP_OK);
		CHECK_EQ(info.tx_octets, 0);
		CHECK_EQ(info.calls, 0);
		pptp_conn_free(p.conn);
	}
	free(mem);
	pptp_config_free(config);
	return p.acted;
}

static void run_all(int push, int partial, int kind)
{
	int action, own_heap;
	uint32_t n;
	for (action = 0; action < ACTIONS; action++) {
		for (own_heap = 0; own_heap < 2; own_heap++) {
			for (n = 0; run(push, partial, own_heap, kind, action, n); n++)
				CHECK(n < 1000);
			CHECK(n > 5); /* there were callbacks */
		}
	}
}

/* Shows: T-10 */
static void test_reentrancy_send(void **state)
{
	(void)state;
	run_all(1, 0, IN_SEND);
}

static void test_reentrancy_partial_send(void **state)
{
	int action;
	uint32_t n;
	(void)state;
	for (action = 0; action < ACTIONS; action++) {
		for (n = 0; n < 2000 && run(1, 1, 1, IN_SEND, action, n); n += 7)
			;
	}
}

static void test_reentrancy_event(void **state)
{
	(void)state;
	run_all(1, 0, IN_EVENT);
}

static void test_reentrancy_trace(void **state)
{
	(void)state;
	run_all(1, 0, IN_TRACE);
	run_all(0, 0, IN_TRACE);
}

static void test_reentrancy_amend(void **state)
{
	(void)state;
	run_all(1, 0, IN_AMEND);
	run_all(0, 0, IN_AMEND);
}

/* `send` fails at each of its calls: the connection ends with the host's code, and no call is forgotten. */
/* Shows: T-10 */
static void test_reentrancy_send_fails(void **state)
{
	static const pptp_ssize codes[] = {PPTP_ERR_SEND, -1000, PPTP_ERR_ARG, PPTP_ERR_EOF, INT32_MIN};
	size_t i;
	uint32_t n;
	(void)state;
	for (i = 0; i < LEN(codes); i++) {
		fail_code = codes[i];
		for (n = 0; run(1, 0, 1, IN_SEND, DO_FAIL, n); n++)
			CHECK(n < 1000);
		CHECK(n > 5);
	}
	fail_code = PPTP_ERR_AGAIN; /* no failure: the same octets are offered again */
	for (n = 0; run(1, 0, 1, IN_SEND, DO_FAIL, n); n++)
		CHECK(n < 1000);
	CHECK(n > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_reentrancy_send),  cmocka_unit_test(test_reentrancy_partial_send),
	        cmocka_unit_test(test_reentrancy_event), cmocka_unit_test(test_reentrancy_trace),
	        cmocka_unit_test(test_reentrancy_amend), cmocka_unit_test(test_reentrancy_send_fails),
	};
	return cmocka_run_group_tests_name("conn_reentrancy", tests, NULL, NULL);
}
