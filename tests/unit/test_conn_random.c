/* conn: two libraries, hosts that ask for anything at any time, octets that come in pieces, and a clock that
 * is not to be trusted. In the strict profile, where one wrong message would end the connection. */
#include "plain.h"

enum { MAX_CALLS = 5, QUEUE = 4096 };

typedef struct host {
	plain p;
	uint8_t queue[QUEUE]; /* octets on their way to this host */
	size_t queued;
	uint32_t begun, ups, downs, down;
	check_random *random;
} host;

/* ---- what hosts ask for -------------------------------------------------------------------------------- */

static void check_combination(const pptp_call_info *info)
{
	static const struct {
		uint32_t state, role, direction; /* 0: either */
	} legal[] = {
	        {PPTP_CALL_OFFERED, PPTP_PAC, PPTP_OUTGOING},
	        {PPTP_CALL_OFFERED, PPTP_PNS, PPTP_INCOMING},
	        {PPTP_CALL_WAIT_REPLY, PPTP_PNS, PPTP_OUTGOING},
	        {PPTP_CALL_WAIT_REPLY, PPTP_PAC, PPTP_INCOMING},
	        {PPTP_CALL_WAIT_CONNECT, PPTP_PNS, PPTP_INCOMING},
	        {PPTP_CALL_ANSWERING, PPTP_PAC, PPTP_INCOMING},
	        {PPTP_CALL_ESTABLISHED, 0, 0},
	        {PPTP_CALL_WAIT_DISCONNECT, PPTP_PNS, 0},
	};
	size_t i;
	for (i = 0; i < LEN(legal); i++) {
		if (legal[i].state == info->state && (!legal[i].role || legal[i].role == info->role) &&
		    (!legal[i].direction || legal[i].direction == info->direction))
			break;
	}
	CHECK(i < LEN(legal));
	CHECK_EQ(info->reason != PPTP_OK, info->state == PPTP_CALL_WAIT_DISCONNECT);
	CHECK(info->local_call_id != 0);
}

static pptp_call any_call(host *h)
{
	uint32_t skip = random_below(h->random, MAX_CALLS);
	pptp_call call = pptp_call_next(h->p.conn, PPTP_CALL_NONE);
	while (skip-- > 0 && call)
		call = pptp_call_next(h->p.conn, call);
	return call;
}

static void ask_of_call(host *h, pptp_call call)
{
	pptp_wan_errors errors = {sizeof(errors), random_below(h->random, 9), 0, 0, 0, 0, 0};
	pptp_conn *conn = h->p.conn;
	pptp_call_info info;
	pptp_answer a;
	int offered, up;
	CHECK_EQ(pptp_call_get_info(conn, call, &info, sizeof(info)), PPTP_OK);
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	check_combination(&info);
	a.packet_recv_window_size = (uint16_t)random_next(h->random);
	a.packet_processing_delay = (uint16_t)random_next(h->random);
	offered = info.state == PPTP_CALL_OFFERED;
	up = info.state == PPTP_CALL_ESTABLISHED;
	switch (random_below(h->random, 8)) {
	case 0:
	case 1:
		CHECK_EQ(pptp_call_accept(conn, call, &a, h->p.now), offered ? PPTP_OK : PPTP_ERR_STATE);
		break;
	case 2:
	case 3:
		CHECK_EQ(pptp_call_connected(conn, call, &a, h->p.now),
		         info.state == PPTP_CALL_ANSWERING ? PPTP_OK : PPTP_ERR_STATE);
		break;
	case 4:
		CHECK_EQ(pptp_call_set_link_info(conn, call, 1, 2, h->p.now),
		         up && info.role == PPTP_PNS ? PPTP_OK : PPTP_ERR_STATE);
		break;
	case 5:
		CHECK_EQ(pptp_call_wan_errors(conn, call, &errors, h->p.now),
		         up && info.role == PPTP_PAC ? PPTP_OK : PPTP_ERR_STATE);
		break;
	case 6:
		CHECK_EQ(pptp_call_statistics(conn, call, (const uint8_t *)"x", 1),
		         info.role == PPTP_PAC ? PPTP_OK : PPTP_ERR_STATE);
		break;
	default:
		if (random_below(h->random, 2))
			CHECK_EQ(pptp_call_clear(conn, call, PPTP_CDN_ADMIN_SHUTDOWN, 0, 0, h->p.now),
			         PPTP_OK);
		else
			CHECK_EQ(pptp_call_reject(conn, call, 3, 0, 0, h->p.now),
			         offered ? PPTP_OK : PPTP_ERR_STATE);
		break;
	}
}

static void begin_call(host *h)
{
	pptp_dial d;
	pptp_offer o;
	pptp_call call;
	pptp_err err;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	d.packet_recv_window_size = (uint16_t)random_next(h->random);
	err = random_below(h->random, 2) ? pptp_call_dial(h->p.conn, &d, h->p.now, &call)
	                                 : pptp_call_offer(h->p.conn, &o, h->p.now, &call);
	CHECK(err == PPTP_OK || err == PPTP_ERR_LIMIT || err == PPTP_ERR_AGAIN);
	h->begun += err == PPTP_OK;
}

/* ---- what moves ---------------------------------------------------------------------------------------- */

static int poll(host *h)
{
	pptp_event e;
	if (pptp_conn_poll(h->p.conn, &e) != PPTP_OK)
		return 0;
	CHECK(!h->down);
	h->begun += e.type == PPTP_EV_CALL_OFFERED;
	h->ups += e.type == PPTP_EV_CALL_UP;
	h->downs += e.type == PPTP_EV_CALL_DOWN;
	h->down += e.type == PPTP_EV_DOWN;
	return 1;
}

/* Some octets from this host into the network. */
static int transmit(host *from, host *to)
{
	size_t len = 0, n;
	const uint8_t *data = pptp_conn_tx_buf(from->p.conn, &len, from->p.now);
	if (!data || QUEUE - to->queued < len)
		return 0;
	n = 1 + random_below(from->random, (uint32_t)len);
	memcpy(to->queue + to->queued, data, n);
	to->queued += n;
	CHECK_EQ(pptp_conn_tx_done(from->p.conn, n, from->p.now), PPTP_OK);
	return 1;
}

/* Some octets out of the network to this host. */
static int receive(host *h)
{
	pptp_ssize used;
	size_t n;
	if (h->queued == 0)
		return 0;
	n = 1 + random_below(h->random, (uint32_t)h->queued);
	used = pptp_conn_recv(h->p.conn, h->queue, n, h->p.now);
	if (used == PPTP_ERR_CLOSED)
		used = (pptp_ssize)n;
	CHECK(used >= 0);
	h->queued -= (size_t)used;
	memmove(h->queue, h->queue + used, h->queued);
	return used > 0;
}

static void step(host *h, host *peer)
{
	pptp_call call;
	switch (random_below(h->random, 16)) {
	case 0:
		begin_call(h);
		break;
	case 1:
	case 2:
		call = any_call(h);
		if (call)
			ask_of_call(h, call);
		break;
	case 3:
		h->p.now += random_below(h->random, 8) * SECOND;
		CHECK_EQ(pptp_conn_tick(h->p.conn, h->p.now), PPTP_OK);
		CHECK(pptp_conn_deadline(h->p.conn) > h->p.now);
		break;
	case 4:
		if (random_below(h->random, 20) == 0)
			h->p.now -= random_below(h->random, 10) * SECOND;
		break;
	case 5:
		poll(h);
		break;
	case 6:
	case 7:
	case 8:
	case 9:
		receive(h);
		break;
	default:
		transmit(h, peer);
		break;
	}
}

static void drain(host *a, host *b)
{
	int moved;
	do {
		moved = transmit(a, b) | transmit(b, a);
		moved |= receive(a) | receive(b);
		moved |= poll(a) | poll(b);
	} while (moved);
}

/* ---- at rest ------------------------------------------------------------------------------------------- */

static const pptp_call_info *find_partner(const pptp_call_info *of, const pptp_call_info *among, size_t len)
{
	size_t i;
	for (i = 0; i < len; i++) {
		if (among[i].local_call_id == of->peer_call_id && among[i].peer_call_id == of->local_call_id)
			return &among[i];
	}
	return NULL;
}

static size_t established(const host *h, pptp_call_info *ret)
{
	pptp_call call = PPTP_CALL_NONE;
	size_t n = 0;
	while ((call = pptp_call_next(h->p.conn, call)) != PPTP_CALL_NONE) {
		CHECK(n < MAX_CALLS);
		CHECK_EQ(pptp_call_get_info(h->p.conn, call, &ret[n], sizeof(ret[n])), PPTP_OK);
		CHECK_EQ(ret[n].state, PPTP_CALL_ESTABLISHED);
		n++;
	}
	return n;
}

/* Both ends have the same calls, and say the same of them. */
static void check_pairs(const host *a, const host *b)
{
	pptp_call_info at_a[MAX_CALLS], at_b[MAX_CALLS];
	size_t len = established(a, at_a), i;
	CHECK_EQ(established(b, at_b), len);
	for (i = 0; i < len; i++) {
		const pptp_call_info *x = &at_a[i], *y = find_partner(x, at_b, len);
		CHECK(y != NULL);
		CHECK_EQ(x->direction, y->direction);
		CHECK_EQ(x->role + y->role, PPTP_PAC + PPTP_PNS);
		CHECK_EQ(x->call_serial_number, y->call_serial_number);
		CHECK_EQ(x->recv_window, y->peer_recv_window);
		CHECK_EQ(y->recv_window, x->peer_recv_window);
		CHECK_EQ(x->connect_speed, y->connect_speed);
		CHECK_EQ(x->send_accm, y->send_accm);
		CHECK_EQ(x->framing_type, y->framing_type);
	}
}

static void check_host(const host *h)
{
	static const uint32_t none[] = {PPTP_COUNT_STATE,       PPTP_COUNT_ROLE,      PPTP_COUNT_BAD_VALUE,
	                                PPTP_COUNT_BAD_CALL_ID, PPTP_COUNT_NOT_TAKEN, PPTP_COUNT_RESERVED,
	                                PPTP_COUNT_CDN_CALL_ID};
	pptp_conn_info info;
	size_t i;
	for (i = 0; i < LEN(none); i++) {
		check_step("count %s", pptp_conn_count_name(none[i]));
		CHECK_EQ(pptp_conn_count(h->p.conn, none[i]), 0);
	}
	check_step("at rest");
	CHECK_EQ(pptp_conn_get_info(h->p.conn, &info, sizeof(info)), PPTP_OK);
	CHECK_EQ(info.state, PPTP_CONN_ESTABLISHED);
	CHECK_EQ(info.offered_calls, 0);
	CHECK_EQ(info.tx_octets, 0);
	CHECK_EQ(h->begun, h->downs + info.calls);
}

/* Time enough for every timer, after everything has arrived. */
static void settle(host *a, host *b)
{
	uint32_t n;
	a->p.now = b->p.now = (a->p.now > b->p.now ? a->p.now : b->p.now) + 30 * SECOND;
	for (n = 0; n < 40; n++) {
		drain(a, b);
		a->p.now += 10 * SECOND;
		b->p.now += 10 * SECOND;
		CHECK_EQ(pptp_conn_tick(a->p.conn, a->p.now), PPTP_OK);
		CHECK_EQ(pptp_conn_tick(b->p.conn, b->p.now), PPTP_OK);
	}
	drain(a, b);
}

static void open_host(host *h, uint32_t role, check_random *random)
{
	pptp_config_options o = link_options(1);
	memset(h, 0, sizeof(*h));
	h->random = random;
	o.tolerate = PPTP_TOLERATE_CALL_TIMEOUT; /* the rest of the connection goes on */
	o.max_calls = MAX_CALLS;
	o.max_offered = (uint16_t)random_below(random, 4);
	o.tx_octets = 440 + random_below(random, 400);
	o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	o.line_statistics = 1;
	o.idle_timeout_us = 0;
	plain_open(&h->p, role, &o);
	h->p.now = 1000 * SECOND;
}

/* Shows: R-05 I-01 T-07 T-12 K-05 C-CDN-01 C-CCRQ-02 C-ICCN-01 C-OCRQ-01 C-STOPRQ-01 */
static void test_random(void **state)
{
	uint32_t seed, seeds = check_scale(400), ups = 0, limit = 0;
	(void)state;
	for (seed = 0; seed < seeds; seed++) {
		check_random random = {seed};
		host a, b;
		uint32_t turn;
		check_row("seed %u", seed);
		open_host(&a, PPTP_ORIGINATOR, &random);
		open_host(&b, PPTP_RECEIVER, &random);
		drain(&a, &b);
		for (turn = 0; turn < 8000; turn++) {
			check_step("turn %u", turn);
			if (random_below(&random, 2))
				step(&a, &b);
			else
				step(&b, &a);
		}
		settle(&a, &b);
		check_host(&a);
		check_host(&b);
		check_pairs(&a, &b);
		CHECK_EQ(pptp_conn_close(seed % 2 ? a.p.conn : b.p.conn, PPTP_STOP_NONE, a.p.now), PPTP_OK);
		drain(&a, &b);
		CHECK_EQ(a.down, 1);
		CHECK_EQ(b.down, 1);
		CHECK_EQ(a.begun, a.downs);
		CHECK_EQ(b.begun, b.downs);
		ups += a.ups + b.ups;
		limit += pptp_conn_count(a.p.conn, PPTP_COUNT_HALF_OPEN);
		plain_drop(&a.p);
		plain_drop(&b.p);
	}
	check_row("%u calls came up, %u were half open", ups, limit);
	CHECK(ups > seeds * 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_random),
	};
	return cmocka_run_group_tests_name("conn_random", tests, NULL, NULL);
}
