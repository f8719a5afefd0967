/* conn: two libraries and one call, in every order in which hosts can act, messages arrive and time passes.
 * Whatever the order, both ends agree in the end, the connection stands, and the next call has its slot. */
#include "link.h"

/* One end of the call, and what its host knows of it. */
typedef struct end {
	link_side side;
	pptp_call call;
	int offered, answer, up, down;            /* events that came */
	int replied, connected, refused, cleared; /* what its host did; a refused call is cleared, too */
	pptp_err reason;
} end;

typedef struct pair {
	end pac, pns;
	int incoming, strict,
	        lazy; /* lazy: hosts write when the peer reads, and poll when it is their turn */
	int begun, waited;
} pair;

/* ---- one order -------------------------------------------------------------------------------------- */

static void open_end(end *e, uint32_t role, int strict)
{
	pptp_config_options o = link_options(strict);
	o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	o.idle_timeout_us = 0;
	o.dial_timeout_us = o.answer_timeout_us = 60 * SECOND;
	link_open(&e->side, role, &o, NULL, SECOND);
}

static void read_events(end *e, int lazy)
{
	for (; e->side.events_read < e->side.events_len; e->side.events_read++) {
		const pptp_event *event = &e->side.events[e->side.events_read].event;
		switch (event->type) {
		case PPTP_EV_UP:
			break;
		case PPTP_EV_CALL_OFFERED:
			e->call = event->call;
			e->offered = 1;
			break;
		case PPTP_EV_CALL_ANSWER:
			e->answer = 1;
			break;
		case PPTP_EV_CALL_UP:
			CHECK(!e->cleared || lazy);
			e->up++;
			break;
		default:
			CHECK_EQ(event->type, PPTP_EV_CALL_DOWN);
			CHECK_EQ(event->call, e->call);
			e->down++;
			e->reason = event->reason;
			break;
		}
	}
}

static void begin(pair *p)
{
	pptp_dial d;
	pptp_offer o;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	if (p->incoming)
		CHECK_EQ(pptp_call_offer(p->pac.side.conn, &o, p->pac.side.now, &p->pac.call), PPTP_OK);
	else
		CHECK_EQ(pptp_call_dial(p->pns.side.conn, &d, p->pns.side.now, &p->pns.call), PPTP_OK);
	p->begun = 1;
}

static end *called(pair *p)
{
	return p->incoming ? &p->pns : &p->pac;
}

/* A lazy host may come too late. */
static void answer(const pair *p, end *e, char how)
{
	pptp_answer a;
	pptp_err err;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	if (how == 'l')
		err = pptp_call_connected(e->side.conn, e->call, &a, e->side.now);
	else if (how == 'a')
		err = pptp_call_accept(e->side.conn, e->call, &a, e->side.now);
	else
		err = pptp_call_reject(e->side.conn, e->call, 3, 0, 0, e->side.now);
	CHECK(err == PPTP_OK || (p->lazy && err == PPTP_ERR_STALE));
	*(how == 'l' ? &e->connected : &e->replied) = 1;
	e->refused |= how == 'r' && err == PPTP_OK;
	e->cleared |= e->refused;
}

static void clear(end *e)
{
	CHECK_EQ(pptp_call_clear(e->side.conn, e->call, PPTP_CDN_ADMIN_SHUTDOWN, 0, 0, e->side.now), PPTP_OK);
	e->cleared = e->replied = 1;
}

/* One message, from one end to the other. */
static void deliver(link_side *from, link_side *to)
{
	int lazy = from->hold_tx;
	const uint8_t *at;
	size_t len;
	from->hold_tx = 0;
	link_pump(from);
	from->hold_tx = lazy;
	at = from->sent + from->sent_read;
	len = (size_t)(at[0] << 8 | at[1]);
	CHECK_EQ(link_feed(to, at, len), len);
	from->sent_read += len;
}

static int can_deliver(const link_side *from, const link_side *to)
{
	return (from->sent_read < from->sent_len || (pptp_conn_want(from->conn) & PPTP_WANT_SEND)) &&
	       (pptp_conn_want(to->conn) & PPTP_CAN_RECV);
}

static void poll(link_side *side)
{
	side->hold_poll = 0;
	link_pump(side);
	side->hold_poll = 1;
}

static void hold(pair *p, int held)
{
	p->pac.side.hold_tx = p->pns.side.hold_tx = held;
	p->pac.side.hold_poll = p->pns.side.hold_poll = held;
}

static void join(pair *p)
{
	hold(p, 0);
	link_join(&p->pac.side, &p->pns.side);
	read_events(&p->pac, p->lazy);
	read_events(&p->pns, p->lazy);
}

static void act(pair *p, char action)
{
	switch (action) {
	case 'b':
		begin(p);
		break;
	case 'a':
	case 'r':
		answer(p, called(p), action);
		break;
	case 'l':
		answer(p, &p->pac, action);
		break;
	case 'p':
		clear(&p->pac);
		break;
	case 'n':
		clear(&p->pns);
		break;
	case '>':
		deliver(&p->pac.side, &p->pns.side);
		break;
	case '<':
		deliver(&p->pns.side, &p->pac.side);
		break;
	case '(':
		poll(&p->pac.side);
		break;
	case ')':
		poll(&p->pns.side);
		break;
	default:
		link_wait(&p->pac.side, 61 * SECOND);
		link_wait(&p->pns.side, 61 * SECOND);
		p->waited = 1;
		break;
	}
	link_pump(&p->pac.side);
	link_pump(&p->pns.side);
	read_events(&p->pac, p->lazy);
	read_events(&p->pns, p->lazy);
}

static int can(const pair *p, char action)
{
	const end *callee = p->incoming ? &p->pns : &p->pac;
	switch (action) {
	case 'b':
		return !p->begun;
	case 'a':
	case 'r':
		return callee->offered && !callee->replied && !callee->down;
	case 'l':
		return p->pac.answer && !p->pac.connected && !p->pac.cleared && !p->pac.down;
	case 'p':
		return p->pac.call && !p->pac.cleared && !p->pac.down;
	case 'n':
		return p->pns.call && !p->pns.cleared && !p->pns.down;
	case '>':
		return can_deliver(&p->pac.side, &p->pns.side);
	case '<':
		return can_deliver(&p->pns.side, &p->pac.side);
	case '(':
		return p->lazy && (pptp_conn_want(p->pac.side.conn) & PPTP_WANT_POLL);
	case ')':
		return p->lazy && (pptp_conn_want(p->pns.side.conn) & PPTP_WANT_POLL);
	default: /* time ends a strict connection */
		return p->begun && !p->waited && !p->strict;
	}
}

static void open_pair(pair *p, const pair *like, const char *order)
{
	*p = *like;
	check_row("%s%s%s: %s", p->incoming ? "incoming" : "outgoing", p->strict ? ", strict" : "",
	          p->lazy ? ", lazy" : "", order);
	open_end(&p->pac, PPTP_RECEIVER, p->strict);
	open_end(&p->pns, PPTP_ORIGINATOR, p->strict);
	join(p);
	hold(p, p->lazy);
	for (; *order; order++)
		act(p, *order);
}

static void drop_pair(pair *p)
{
	CHECK_EQ(pptp_conn_abort(p->pac.side.conn, PPTP_ERR_SEND, 0), PPTP_OK);
	CHECK_EQ(pptp_conn_abort(p->pns.side.conn, PPTP_ERR_SEND, 0), PPTP_OK);
	link_drop(&p->pac.side);
	link_drop(&p->pns.side);
}

/* ---- what must hold when everything has arrived -------------------------------------------------------- */

static uint32_t state_of(const end *e)
{
	pptp_call_info info;
	pptp_err err;
	if (!e->call)
		return 0;
	err = pptp_call_get_info(e->side.conn, e->call, &info, sizeof(info));
	CHECK_EQ(err, e->down ? PPTP_ERR_STALE : PPTP_OK);
	return err ? 0 : info.state;
}

static void check_states(const pair *p)
{
	static const struct {
		int incoming; /* 2: either */
		uint32_t pac, pns;
	} rest[] = {
	        {2, 0, 0},
	        {2, PPTP_CALL_ESTABLISHED, PPTP_CALL_ESTABLISHED},
	        {0, PPTP_CALL_OFFERED, PPTP_CALL_WAIT_REPLY},
	        {1, PPTP_CALL_WAIT_REPLY, PPTP_CALL_OFFERED},
	        {1, PPTP_CALL_ANSWERING, PPTP_CALL_WAIT_CONNECT},
	};
	uint32_t pac = state_of(&p->pac), pns = state_of(&p->pns);
	size_t i;
	/* the strict profile has no rule for a notify with an id that was never learnt */
	if (p->strict && !p->incoming && !p->pns.up && pns == PPTP_CALL_WAIT_DISCONNECT && pac == 0)
		return;
	for (i = 0; i < LEN(rest); i++) {
		if (rest[i].pac == pac && rest[i].pns == pns &&
		    (rest[i].incoming == 2 || rest[i].incoming == p->incoming))
			return;
	}
	check_fail(__FILE__, __LINE__, "at rest the PAC is in state %u, the PNS in %u", pac, pns);
}

static void check_end(const pair *p, const end *e)
{
	static const uint32_t none[] = {PPTP_COUNT_STATE,       PPTP_COUNT_ROLE,        PPTP_COUNT_BAD_VALUE,
	                                PPTP_COUNT_BAD_CALL_ID, PPTP_COUNT_NO_RESOURCE, PPTP_COUNT_NOT_TAKEN};
	pptp_conn_info info;
	size_t i;
	for (i = 0; i < LEN(none); i++) {
		check_step("count %s", pptp_conn_count_name(none[i]));
		CHECK_EQ(pptp_conn_count(e->side.conn, none[i]), 0);
	}
	check_step("at rest");
	CHECK_EQ(pptp_conn_get_info(e->side.conn, &info, sizeof(info)), PPTP_OK);
	CHECK_EQ(info.state, PPTP_CONN_ESTABLISHED);
	CHECK_EQ(info.calls, e->call && !e->down);
	CHECK(e->up <= 1 && e->down <= 1);
	if (p->lazy)
		return; /* a call may have ended before its host cleared it, and knew */
	if (e->down && e->refused)
		CHECK_EQ(e->reason, PPTP_ERR_REFUSED);
	else if (e->down && e->cleared)
		CHECK(e->reason == PPTP_ERR_LOCAL || (p->waited && e->reason == PPTP_ERR_TIMEOUT));
	else if (e->down)
		CHECK(e->reason == PPTP_ERR_PEER || e->reason == PPTP_ERR_REFUSED ||
		      (p->waited && e->reason == PPTP_ERR_TIMEOUT));
}

/* The only slot is free: another call comes up. */
static void check_next_call(pair *p)
{
	memset(&p->pac.call, 0, sizeof(p->pac) - offsetof(end, call));
	memset(&p->pns.call, 0, sizeof(p->pns) - offsetof(end, call));
	check_step("the next call");
	act(p, 'b');
	join(p);
	act(p, 'a');
	join(p);
	if (p->incoming)
		act(p, 'l');
	join(p);
	CHECK_EQ(p->pac.up, 1);
	CHECK_EQ(p->pns.up, 1);
}

static void settle(pair *p)
{
	check_step("at rest");
	join(p);
	check_states(p);
	check_end(p, &p->pac);
	check_end(p, &p->pns);
	if (p->pac.cleared || p->pns.cleared)
		CHECK(state_of(&p->pac) == 0);
	if (state_of(&p->pac) == 0 && state_of(&p->pns) == 0)
		check_next_call(p);
}

/* ---- all orders ---------------------------------------------------------------------------------------- */

/* Returns how many there are. A scaled test leaves out most of the long ones. */
static uint32_t explore(const pair *like, char *order, size_t len)
{
	static const char actions[] = "barlpn><()t";
	static uint32_t turn;
	char enabled[sizeof(actions)];
	uint32_t orders = 1;
	size_t n = 0, i;
	pair p;
	CHECK(len < 30);
	if (len == 6 && turn++ % (64 / check_scale(64)) != 0)
		return 1;
	order[len] = 0;
	open_pair(&p, like, order);
	for (i = 0; actions[i]; i++) {
		if (can(&p, actions[i]))
			enabled[n++] = actions[i];
	}
	settle(&p);
	drop_pair(&p);
	for (i = 0; i < n; i++) {
		order[len] = enabled[i];
		orders += explore(like, order, len + 1);
	}
	return orders;
}

static void run(int incoming)
{
	static const uint32_t at_least[] = {100, 50, 200, 100};
	int k;
	for (k = 0; k < (int)LEN(at_least); k++) {
		char order[32];
		uint32_t orders;
		pair like;
		memset(&like, 0, sizeof(like));
		like.incoming = incoming;
		like.strict = k % 2;
		like.lazy = k / 2;
		orders = explore(&like, order, 0);
		check_row("%u orders", orders);
		CHECK(orders > at_least[k]);
	}
}

/* Shows: C-OCRQ-01 C-CCRQ-01 C-CCRQ-02 C-CDN-01 C-CDN-04 A-02 A-34 A-50 T-09 */
static void test_crossing_outgoing(void **state)
{
	(void)state;
	run(0);
}

/* Shows: C-ICRQ-02 C-ICCN-01 C-CCRQ-01 C-CCRQ-02 C-CDN-01 A-34 A-49 A-50 T-09 */
static void test_crossing_incoming(void **state)
{
	(void)state;
	run(1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_crossing_outgoing),
	        cmocka_unit_test(test_crossing_incoming),
	};
	return cmocka_run_group_tests_name("conn_crossing", tests, NULL, NULL);
}
