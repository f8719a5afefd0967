/* collision: two peers that open a control connection to each other at once (RFC 2637 3.1.3). */
#include "link.h"

/* ---- who wins ---------------------------------------------------------------------------------------- */

typedef struct address {
	uint8_t octets[16];
	size_t len;
	uint16_t port; /* of the connection that this host opened */
} address;

#define V4(a, b, c, d, port)                                                                                 \
	{                                                                                                    \
		{a, b, c, d}, 4, port                                                                        \
	}
#define V6(first, last, port)                                                                                \
	{                                                                                                    \
		{first, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}, 16, port                            \
	}

static const struct {
	const char *name;
	address higher, lower;
} pairs[] = {
        {"the RFC's example", V4(192, 33, 45, 89, 5000), V4(192, 33, 45, 17, 6000)},
        {"the first octet counts most", V4(10, 0, 0, 1, 1), V4(9, 255, 255, 255, 2)},
        {"octets are unsigned", V4(128, 0, 0, 0, 1), V4(127, 255, 255, 255, 65535)},
        {"the last octet counts", V4(10, 1, 2, 4, 1), V4(10, 1, 2, 3, 1)},
        {"all there is", V4(255, 255, 255, 255, 0), V4(0, 0, 0, 0, 65535)},
        {"IPv6", V6(0xFE, 2, 1), V6(0xFE, 1, 2)},
        {"IPv6, first octet", V6(0xFE, 1, 1), V6(0x20, 255, 2)},
        {"one address, two ports", V4(127, 0, 0, 1, 50001), V4(127, 0, 0, 1, 50000)},
        {"one address, ports are unsigned", V4(127, 0, 0, 1, 0x8000), V4(127, 0, 0, 1, 0x7FFF)},
        {"one IPv6 address, two ports", V6(0, 1, 1724), V6(0, 1, 1723)},
};

static int32_t compare(const address *local, const address *peer)
{
	return pptp_collision(local->octets, peer->octets, local->len, local->port, peer->port);
}

/* Shows: S-COL-02 S-COL-07 */
static void test_collision_rule(void **state)
{
	static const address same = V4(127, 0, 0, 1, 50000);
	size_t i;
	(void)state;
	for (i = 0; i < LEN(pairs); i++) {
		check_row("%s", pairs[i].name);
		CHECK_EQ(compare(&pairs[i].higher, &pairs[i].lower), 1);
		CHECK_EQ(compare(&pairs[i].lower, &pairs[i].higher), -1);
	}
	check_row("all is equal");
	CHECK_EQ(compare(&same, &same), 0);
	check_row("no address");
	CHECK_EQ(pptp_collision(NULL, same.octets, 4, 2, 1), 0);
	CHECK_EQ(pptp_collision(same.octets, NULL, 4, 2, 1), 0);
	CHECK_EQ(pptp_collision(NULL, NULL, 16, 2, 1), 0);
	CHECK_EQ(pptp_collision(same.octets, same.octets, 0, 2, 1), 0);
	CHECK_EQ(pptp_collision(same.octets, same.octets, 5, 2, 1), 0);
}

/* Whatever the addresses, both ends name the same winner: the bigger number. */
/* Shows: S-COL-02 S-COL-07 */
static void test_collision_random(void **state)
{
	check_random random = {20};
	uint32_t turn, turns = check_scale(200000);
	(void)state;
	for (turn = 0; turn < turns; turn++) {
		size_t len = turn % 2 ? 4 : 16, i;
		uint8_t *a = check_alloc(len), *b = check_alloc(len);
		uint16_t port_a = (uint16_t)random_next(&random), port_b = (uint16_t)random_next(&random);
		int32_t wanted = 0;
		check_row("turn %u", turn);
		random_fill(&random, a, len);
		memcpy(b, a, len);
		for (i = random_below(&random, (uint32_t)len + 1); i < len && turn % 3; i++)
			b[i] = (uint8_t)random_next(&random);
		if (turn % 5 == 0)
			port_b = port_a;
		for (i = 0; i < len && wanted == 0; i++)
			wanted = (a[i] > b[i]) - (a[i] < b[i]);
		if (wanted == 0)
			wanted = (port_a > port_b) - (port_a < port_b);
		CHECK_EQ(pptp_collision(a, b, len, port_a, port_b), wanted);
		CHECK_EQ(pptp_collision(b, a, len, port_b, port_a), -wanted);
		free(a);
		free(b);
	}
}

/* ---- two hosts ----------------------------------------------------------------------------------------- */

/* A host has the connection it opened, and the one that its peer opened. */
typedef struct host {
	const address *local, *peer;
	link_side own, theirs;
	int decided, knew; /* own was established when the peer's request came: no collision */
} host;

/* One TCP connection, between its opener's `own` and the other's `theirs`. */
typedef struct tcp {
	link_side *from, *to;
} tcp;

typedef struct world {
	host winner, loser;
	const char *order;
} world;

static uint32_t state_of(const link_side *side)
{
	pptp_conn_info info;
	CHECK_EQ(pptp_conn_get_info(side->conn, &info, sizeof(info)), PPTP_OK);
	return info.state;
}

/* The host's answer to the peer's request, as conn.h tells it to. */
static void answer(host *h)
{
	link_side *theirs = &h->theirs;
	if (state_of(theirs) != PPTP_CONN_START_OFFERED || h->decided)
		return;
	h->decided = 1;
	if (state_of(&h->own) == PPTP_CONN_ESTABLISHED) {
		h->knew = 1;
		CHECK_EQ(pptp_conn_refuse(theirs->conn, PPTP_SCCRP_CHANNEL_EXISTS, 0, theirs->now), PPTP_OK);
	} else if (state_of(&h->own) == PPTP_CONN_CLOSED || compare(h->local, h->peer) < 0) {
		if (state_of(&h->own) != PPTP_CONN_CLOSED)
			CHECK_EQ(pptp_conn_abort(h->own.conn, PPTP_ERR_COLLISION, h->own.now), PPTP_OK);
		CHECK_EQ(pptp_conn_accept(theirs->conn, theirs->now), PPTP_OK);
	}
	link_pump(&h->own);
	link_pump(theirs);
}

static void deliver(link_side *from, link_side *to)
{
	const uint8_t *at = from->sent + from->sent_read;
	size_t len = (size_t)(at[0] << 8 | at[1]);
	link_feed(to, at, len);
	from->sent_read += len;
}

/* Actions: a message each way of each connection, and its end. */
static int can(world *w, int action)
{
	link_side *const ends[4] = {&w->winner.own, &w->loser.theirs, &w->loser.own, &w->winner.theirs};
	link_side *from = ends[action % 4], *to = ends[(action % 4) ^ 1];
	if (action < 4)
		return from->sent_read < from->sent_len && !to->down;
	return from->down && !to->down && from->sent_read == from->sent_len;
}

static void act(world *w, int action)
{
	link_side *const ends[4] = {&w->winner.own, &w->loser.theirs, &w->loser.own, &w->winner.theirs};
	link_side *from = ends[action % 4], *to = ends[(action % 4) ^ 1];
	if (action < 4) {
		deliver(from, to);
	} else {
		CHECK_EQ(pptp_conn_eof(to->conn, to->now), PPTP_OK);
		link_pump(to);
	}
	answer(&w->winner);
	answer(&w->loser);
}

static void open_host(host *h, const address *local, const address *peer, const link_mode *mode)
{
	h->local = local;
	h->peer = peer;
	h->theirs.flags = PPTP_CONN_ASK;
	link_open(&h->own, PPTP_ORIGINATOR, NULL, mode, 0);
	link_open(&h->theirs, PPTP_RECEIVER, NULL, mode, 0);
}

static void open_world(world *w, size_t pair, const char *order)
{
	const link_mode *mode = &link_modes[pair % link_modes_len];
	memset(w, 0, sizeof(*w));
	check_row("%s (%s): %s", pairs[pair].name, mode->name, order);
	open_host(&w->winner, &pairs[pair].higher, &pairs[pair].lower, mode);
	open_host(&w->loser, &pairs[pair].lower, &pairs[pair].higher, mode);
	for (; *order; order++)
		act(w, *order - '0');
}

static void drop_world(world *w)
{
	link_drop(&w->winner.own);
	link_drop(&w->winner.theirs);
	link_drop(&w->loser.own);
	link_drop(&w->loser.theirs);
}

/* One connection is left, the winner's, and the other was left in silence. */
static void check_world(world *w)
{
	check_step("at rest");
	CHECK_EQ(state_of(&w->winner.own), PPTP_CONN_ESTABLISHED);
	CHECK_EQ(state_of(&w->loser.theirs), PPTP_CONN_ESTABLISHED);
	CHECK_EQ(state_of(&w->loser.own), PPTP_CONN_CLOSED);
	CHECK_EQ(state_of(&w->winner.theirs), PPTP_CONN_CLOSED);
	CHECK_EQ(w->loser.own.sent_len, 156); /* its request, and nothing later */
	CHECK_EQ(w->loser.knew, 0);
	CHECK_EQ(w->winner.theirs.sent_len, w->winner.knew ? 156 : 0);
	CHECK_EQ(w->loser.own.events[w->loser.own.events_len - 1].event.reason, PPTP_ERR_COLLISION);
}

/* Returns how many orders there are. */
static uint32_t explore(size_t pair, char *order, size_t len)
{
	int enabled[8], action;
	uint32_t orders = 1, n = 0, i;
	world w;
	CHECK(len < 20);
	order[len] = 0;
	open_world(&w, pair, order);
	for (action = 0; action < 8; action++) {
		if (can(&w, action))
			enabled[n++] = action;
	}
	if (n == 0)
		check_world(&w);
	drop_world(&w);
	for (i = 0; i < n; i++) {
		order[len] = (char)('0' + enabled[i]);
		orders += explore(pair, order, len + 1);
	}
	return orders;
}

/* In every order in which the messages and ends of the two TCP connections can arrive. */
/* Shows: S-COL-01 S-COL-02 S-COL-03 S-COL-04 S-COL-05 S-COL-06 S-COL-07 T-04 T-03 */
static void test_collision_hosts(void **state)
{
	size_t pair;
	(void)state;
	for (pair = 0; pair < LEN(pairs); pair++) {
		char order[32];
		uint32_t orders = explore(pair, order, 0);
		check_row("%s: %u orders", pairs[pair].name, orders);
		CHECK(orders > 10);
	}
}

/* The loser does not close its connection: the winner closes it without a word when the time is over. */
/* Shows: S-COL-04 S-COL-05 S-COL-06 */
static void test_collision_loser_stays(void **state)
{
	size_t pair;
	(void)state;
	for (pair = 0; pair < LEN(pairs); pair++) {
		link_side *theirs;
		world w;
		open_world(&w, pair, "2"); /* the loser's request, to the winner */
		theirs = &w.winner.theirs;
		link_next_event(theirs, PPTP_EV_START_OFFERED);
		link_wait(theirs, 59 * SECOND);
		link_quiet(theirs);
		CHECK_EQ(state_of(&w.winner.own), PPTP_CONN_WAIT_CTL_REPLY);
		act(&w, 0);
		act(&w, 1);
		CHECK_EQ(state_of(&w.winner.own), PPTP_CONN_ESTABLISHED);
		link_wait(theirs, SECOND);
		CHECK_EQ(link_next_event(theirs, PPTP_EV_DOWN)->timer, PPTP_TIMER_START);
		link_quiet(theirs);
		CHECK_EQ(theirs->sent_len, 0);
		drop_world(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_collision_rule),
	        cmocka_unit_test(test_collision_random),
	        cmocka_unit_test(test_collision_hosts),
	        cmocka_unit_test(test_collision_loser_stays),
	};
	return cmocka_run_group_tests_name("conn_collision", tests, NULL, NULL);
}
