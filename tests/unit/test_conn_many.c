/* conn: as many incoming calls as there are Call IDs, between two libraries; and requests without room. */
#include "plain.h"

/* ---- two ends joined ----------------------------------------------------------------------------------- */

/* How far a call is taken by its ends. */
enum { LEFT_RINGING, LEFT_UNCONNECTED, CONNECTED };

typedef struct end {
	plain p;
	int until;       /* what this end answers: see above */
	pptp_call *next; /* where the next call that is offered to us goes */
	uint32_t offered, ups, downs, down, timeouts;
	pptp_err reason; /* of the newest end of a call */
} end;

static void answer(end *e, const pptp_event *event)
{
	pptp_answer a;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	switch (event->type) {
	case PPTP_EV_CALL_OFFERED:
		e->offered++;
		if (e->next)
			*e->next++ = event->call;
		if (e->until != LEFT_RINGING)
			CHECK_EQ(pptp_call_accept(e->p.conn, event->call, &a, e->p.now), PPTP_OK);
		break;
	case PPTP_EV_CALL_ANSWER:
		if (e->until == CONNECTED)
			CHECK_EQ(pptp_call_connected(e->p.conn, event->call, &a, e->p.now), PPTP_OK);
		break;
	case PPTP_EV_CALL_UP:
		e->ups++;
		break;
	case PPTP_EV_CALL_DOWN:
		CHECK(!e->down);
		e->downs++;
		e->timeouts += event->timer != PPTP_TIMER_NONE;
		e->reason = event->reason;
		break;
	case PPTP_EV_DOWN:
		e->down++;
		break;
	default:
		CHECK_EQ(event->type, PPTP_EV_UP);
		break;
	}
}

static int poll(end *e)
{
	pptp_event event;
	int polled = 0;
	while (pptp_conn_poll(e->p.conn, &event) == PPTP_OK) {
		answer(e, &event);
		polled = 1;
	}
	return polled;
}

/* One message from here to there, if there is one and it is wanted. */
static int carry(end *from, end *to)
{
	size_t len;
	const uint8_t *data = pptp_conn_tx_buf(from->p.conn, &len, from->p.now);
	pptp_ssize used;
	if (!data)
		return 0;
	used = pptp_conn_recv(to->p.conn, data, len, to->p.now);
	if (used == PPTP_ERR_CLOSED)
		used = (pptp_ssize)len;
	CHECK(used >= 0);
	CHECK_EQ(pptp_conn_tx_done(from->p.conn, (size_t)used, from->p.now), PPTP_OK);
	return used > 0;
}

static void join(end *a, end *b)
{
	uint32_t guard = 0;
	int moved;
	do {
		moved = carry(a, b);
		moved |= carry(b, a);
		moved |= poll(a);
		moved |= poll(b);
		CHECK(++guard < 2000000);
	} while (moved);
}

static void open_ends(end *pac, end *pns, uint32_t count)
{
	pptp_config_options o = link_options(0);
	memset(pac, 0, sizeof(*pac));
	memset(pns, 0, sizeof(*pns));
	o.max_calls = count;
	o.take_calls = PPTP_TAKE_INCOMING;
	o.idle_timeout_us = 0;
	plain_open(&pac->p, PPTP_ORIGINATOR, &o);
	plain_open(&pns->p, PPTP_RECEIVER, &o);
	pac->until = pns->until = CONNECTED;
	join(pac, pns);
}

static void drop_ends(end *a, end *b)
{
	plain_drop(&a->p);
	plain_drop(&b->p);
}

static pptp_call offer(end *pac)
{
	pptp_offer o;
	pptp_call call;
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	CHECK_EQ(pptp_call_offer(pac->p.conn, &o, pac->p.now, &call), PPTP_OK);
	return call;
}

static void check_quiet_end(const end *e, uint32_t downs)
{
	CHECK_EQ(e->downs, downs);
	CHECK_EQ(plain_live(&e->p), 0);
	CHECK_EQ(pptp_call_next(e->p.conn, PPTP_CALL_NONE), PPTP_CALL_NONE);
	CHECK_EQ(pptp_conn_count(e->p.conn, PPTP_COUNT_STATE), 0);
	CHECK_EQ(pptp_conn_count(e->p.conn, PPTP_COUNT_ROLE), 0);
	CHECK_EQ(pptp_conn_count(e->p.conn, PPTP_COUNT_BAD_CALL_ID), 0);
	CHECK_EQ(pptp_conn_count(e->p.conn, PPTP_COUNT_CDN_CALL_ID), 0);
}

/* All of them up, then cleared by both ends at once: every notify crosses a request. */
/* Shows: I-01 I-03 I-05 R-02 C-CDN-01 C-CCRQ-02 T-12 */
static void test_many_cleared_by_both(void **state)
{
	uint32_t n, count = check_scale(PPTP_CALLS_MAX);
	pptp_call *at_pac = check_alloc(count * sizeof(*at_pac)),
	          *at_pns = check_alloc(count * sizeof(*at_pns));
	pptp_offer o;
	pptp_call none = 0x5A5A5A5A;
	end pac, pns;
	(void)state;
	open_ends(&pac, &pns, count);
	pns.next = at_pns;
	for (n = 0; n < count; n++) {
		check_row("call %u", n);
		at_pac[n] = offer(&pac);
		join(&pac, &pns);
		CHECK_EQ(pac.ups, n + 1);
		CHECK_EQ(pns.ups, n + 1);
	}
	check_row("all of them up");
	CHECK_EQ(plain_live(&pac.p), count);
	CHECK_EQ(plain_live(&pns.p), count);
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	CHECK_EQ(pptp_call_offer(pac.p.conn, &o, 0, &none), PPTP_ERR_LIMIT);
	CHECK_EQ(none, 0x5A5A5A5A);
	for (n = 0; n < count; n++) {
		CHECK_EQ(pptp_call_clear(pac.p.conn, at_pac[n], PPTP_CDN_LOST_CARRIER, 0, 0, 0), PPTP_OK);
		CHECK_EQ(pptp_call_clear(pns.p.conn, at_pns[count - 1 - n], 3, 0, 0, 0), PPTP_OK);
	}
	CHECK_EQ(plain_live(&pac.p), 0);
	CHECK_EQ(plain_live(&pns.p), count); /* they wait for the notifies */
	join(&pac, &pns);
	check_row("all of them down");
	check_quiet_end(&pac, count);
	check_quiet_end(&pns, count);
	CHECK_EQ(pac.reason, PPTP_ERR_LOCAL);
	CHECK_EQ(pns.reason, PPTP_ERR_LOCAL);
	CHECK_EQ(pptp_conn_count(pac.p.conn, PPTP_COUNT_UNKNOWN_CALL), count);
	check_row("and another one");
	pns.next = NULL;
	offer(&pac);
	join(&pac, &pns);
	CHECK_EQ(pns.ups, count + 1);
	drop_ends(&pac, &pns);
	free(at_pac);
	free(at_pns);
}

/* A stop with all of them, a third in each state of the figures. */
/* Shows: C-STOPRQ-01 K-03 I-04 R-02 */
static void test_many_stopped(void **state)
{
	uint32_t n, count = check_scale(PPTP_CALLS_MAX);
	int by_pac;
	(void)state;
	for (by_pac = 0; by_pac < 2; by_pac++) {
		end pac, pns, *stopping = by_pac ? &pac : &pns, *stopped = by_pac ? &pns : &pac;
		check_row("by the %s", by_pac ? "PAC" : "PNS");
		open_ends(&pac, &pns, count);
		for (n = 0; n < count; n++) {
			pac.until = pns.until = (int)(n % 3);
			offer(&pac);
			join(&pac, &pns);
		}
		CHECK_EQ(plain_live(&pac.p), count);
		CHECK_EQ(pns.ups, count / 3);
		n = pptp_conn_count(stopping->p.conn, PPTP_COUNT_TX_MESSAGES);
		CHECK_EQ(pptp_conn_close(stopping->p.conn, PPTP_STOP_LOCAL_SHUTDOWN, 0), PPTP_OK);
		CHECK_EQ(plain_live(&stopping->p), 0);
		join(&pac, &pns);
		CHECK_EQ(pptp_conn_count(stopping->p.conn, PPTP_COUNT_TX_MESSAGES), n + 1);
		check_quiet_end(&pac, count);
		check_quiet_end(&pns, count);
		CHECK_EQ(pac.down, 1);
		CHECK_EQ(pns.down, 1);
		CHECK_EQ(stopping->reason, PPTP_ERR_LOCAL);
		CHECK_EQ(stopped->reason, PPTP_ERR_STOPPED);
		drop_ends(&pac, &pns);
	}
}

/* All of them time out in one tick: each is notified, and the PNS follows. */
/* Shows: A-34 C-CDN-01 T-12 */
static void test_many_time_out(void **state)
{
	uint32_t n, count = check_scale(PPTP_CALLS_MAX);
	end pac, pns;
	(void)state;
	check_row("time-out");
	open_ends(&pac, &pns, count);
	for (n = 0; n < count; n++) {
		pac.until = pns.until = (int)(n % 2);
		offer(&pac);
		join(&pac, &pns);
	}
	pac.p.now = pns.p.now = 60 * SECOND;
	CHECK_EQ(pptp_conn_deadline(pac.p.conn), pac.p.now);
	CHECK_EQ(pptp_conn_tick(pac.p.conn, pac.p.now), PPTP_OK);
	CHECK_EQ(pptp_conn_deadline(pac.p.conn), PPTP_NEVER);
	join(&pac, &pns);
	check_quiet_end(&pac, count);
	check_quiet_end(&pns, count);
	CHECK_EQ(pac.timeouts, count);
	CHECK_EQ(pac.reason, PPTP_ERR_TIMEOUT);
	CHECK_EQ(pns.reason, PPTP_ERR_PEER);
	drop_ends(&pac, &pns);
}

/* ---- requests without room ----------------------------------------------------------------------------- */

static pptp_err request(pptp_conn *conn, uint32_t type)
{
	pptp_dial d;
	pptp_offer o;
	pptp_call call = 0x5A5A5A5A;
	pptp_err err;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	err = type == PPTP_OCRQ ? pptp_call_dial(conn, &d, 0, &call) : pptp_call_offer(conn, &o, 0, &call);
	CHECK_EQ(err != PPTP_OK, call == 0x5A5A5A5A);
	return err;
}

/* AGAIN once there is no room; then WRITABLE, once, and not before there is room for what was asked. */
/* Shows: T-12 */
static void test_many_again(void **state)
{
	static const uint32_t types[] = {PPTP_OCRQ, PPTP_ICRQ};
	uint32_t octets, i, first;
	(void)state;
	for (octets = 440; octets <= 1100; octets += 20) {
		for (i = 0; i < LEN(types) * 3; i++) {
			pptp_config_options o = link_options(0);
			uint32_t type = types[i % 2], done = 0;
			pptp_event e;
			pptp_msg m;
			plain p;
			check_row("%u octets, %s behind %u others", octets, pptp_msg_name(type), i / 2);
			o.max_calls = 100;
			o.tx_octets = octets;
			plain_up(&p, PPTP_ORIGINATOR, &o);
			for (first = 0; first < i / 2; first++)
				(void)request(p.conn, types[(i + 1) % 2]);
			while (request(p.conn, type) == PPTP_OK)
				CHECK(++done < 10);
			CHECK_EQ(request(p.conn, type), PPTP_ERR_AGAIN);
			for (;;) {
				CHECK(pptp_conn_want(p.conn) & PPTP_WANT_SEND);
				CHECK_EQ(pptp_conn_poll(p.conn, &e), PPTP_ERR_EMPTY);
				CHECK_EQ(pptp_conn_tick(p.conn, 0), PPTP_OK);
				CHECK_EQ(pptp_conn_poll(p.conn, &e), PPTP_ERR_EMPTY);
				CHECK(plain_take(&p, &m) != 0);
				if (pptp_conn_want(p.conn) & PPTP_WANT_POLL)
					break;
			}
			plain_event(&p, PPTP_EV_WRITABLE);
			CHECK_EQ(pptp_conn_poll(p.conn, &e), PPTP_ERR_EMPTY);
			CHECK_EQ(request(p.conn, type), PPTP_OK);
			plain_drop(&p);
		}
	}
}

/* Two kinds of request were turned away: there is room for both when it says so. */
/* Shows: T-12 */
static void test_many_again_both(void **state)
{
	int offer_first;
	(void)state;
	for (offer_first = 0; offer_first < 2; offer_first++) {
		pptp_config_options o = link_options(0);
		pptp_msg m;
		plain p;
		check_row("%s first", offer_first ? "offer" : "dial");
		o.max_calls = 100;
		o.tx_octets = 600;
		plain_up(&p, PPTP_ORIGINATOR, &o);
		while (request(p.conn, PPTP_OCRQ) == PPTP_OK)
			;
		CHECK_EQ(request(p.conn, offer_first ? PPTP_ICRQ : PPTP_OCRQ), PPTP_ERR_AGAIN);
		CHECK_EQ(request(p.conn, offer_first ? PPTP_OCRQ : PPTP_ICRQ), PPTP_ERR_AGAIN);
		while (!(pptp_conn_want(p.conn) & PPTP_WANT_POLL))
			CHECK_EQ(plain_take(&p, &m), PPTP_OCRQ);
		plain_event(&p, PPTP_EV_WRITABLE);
		CHECK_EQ(request(p.conn, PPTP_ICRQ), PPTP_OK);
		plain_drop(&p);
	}
}

/* A host in push mode that asks again in the callback, while its socket takes nothing: it is not called for
 * ever. */
static uint32_t writables;

static void ask_again(link_side *side, const pptp_event *event)
{
	if (event->type == PPTP_EV_WRITABLE) {
		writables++;
		CHECK(writables < 100);
		while (request(side->conn, PPTP_ICRQ) == PPTP_OK)
			;
	}
}

/* Shows: T-12 */
static void test_many_again_push(void **state)
{
	uint32_t octets;
	(void)state;
	for (octets = 440; octets <= 1100; octets += 20) {
		pptp_config_options o = link_options(0);
		link_side side;
		check_row("%u octets", octets);
		o.max_calls = 10;
		o.tx_octets = octets;
		memset(&side, 0, sizeof(side));
		link_open(&side, PPTP_ORIGINATOR, &o, &link_modes[2], 0);
		CHECK(side.mode.push);
		link_up(&side);
		side.hold_tx = 1;
		side.on_event = ask_again;
		writables = 0;
		while (request(side.conn, PPTP_ICRQ) == PPTP_OK)
			;
		link_pump(&side);
		CHECK_EQ(writables, 0);
		side.hold_tx = 0;
		link_pump(&side);
		CHECK(writables > 0);
		CHECK_EQ(pptp_conn_count(side.conn, PPTP_COUNT_TX_MESSAGES), 11);
		CHECK_EQ(pptp_conn_abort(side.conn, PPTP_ERR_SEND, 0), PPTP_OK);
		link_drop(&side);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_many_cleared_by_both), cmocka_unit_test(test_many_stopped),
	        cmocka_unit_test(test_many_time_out),        cmocka_unit_test(test_many_again),
	        cmocka_unit_test(test_many_again_both),      cmocka_unit_test(test_many_again_push),
	};
	return cmocka_run_group_tests_name("conn_many", tests, NULL, NULL);
}
