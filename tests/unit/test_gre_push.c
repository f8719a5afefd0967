/* gre: push mode, and what callbacks may do. */
#include "channel.h"

/* ---- a pool behind it ------------------------------------------------------------------------ */

enum { NO_POOL, COOKIES, COPIES, KINDS };
static const char *const kinds[] = {"no pool", "cookies", "copies"};

static pptp_pool *pool_for(int kind, uint32_t slots)
{
	pptp_pool *pool = NULL;
	if (kind != NO_POOL)
		CHECK_EQ(pptp_pool_new(slots, kind == COPIES ? 64 : 0, &pool), PPTP_OK);
	return pool;
}

static void pool_gone(pptp_pool *pool, uint32_t slots)
{
	if (pool)
		CHECK_EQ(pptp_pool_available(pool), slots);
	pptp_pool_free(pool);
}

/* Every cookie is a datagram in memory of its own. */
static void frees_cookie(recorder *r)
{
	free(r->cookies[(r->released - 1) % LEN(r->cookies)]);
}

static pptp_err input(pptp_gre *gre, const uint8_t *data, size_t len, pptp_usec now)
{
	uint8_t *own = check_copy(data, len);
	return pptp_gre_input(gre, own, len, own, now);
}

static void take(recorder *pull, const pptp_gre_frame *f)
{
	if (f->frame)
		recorder_log(pull, 'R', f->frame, f->len, NULL, 0);
	free(f->cookie);
}

/* What input and tick do, by hand. */
static void pull_rest(pptp_gre *gre, recorder *pull, pptp_usec now)
{
	uint8_t packet[PPTP_GRE_ACK_OCTETS];
	pptp_gre_frame f;
	pptp_ssize n;
	while (pptp_gre_next(gre, &f) == PPTP_OK)
		take(pull, &f);
	n = pptp_gre_ack(gre, packet, sizeof(packet), now);
	if (n > 0)
		recorder_log(pull, 'S', packet, (size_t)n, NULL, 0);
}

static void pull_input(pptp_gre *gre, recorder *pull, const uint8_t *data, size_t len, pptp_usec now)
{
	uint8_t *own = check_copy(data, len);
	pptp_gre_frame f;
	CHECK_EQ(pptp_gre_recv(gre, own, len, own, now, &f), PPTP_OK);
	take(pull, &f);
	pull_rest(gre, pull, now);
}

static void pull_output(pptp_gre *gre, recorder *pull, const uint8_t *data, size_t len, pptp_usec now)
{
	uint8_t room[PPTP_GRE_HEADER_MAX];
	pptp_ssize n = pptp_gre_send(gre, room, sizeof(room), len, now);
	CHECK(n > 0);
	recorder_log(pull, 'S', room + sizeof(room) - n, (size_t)n, data, len);
}

static void live(pptp_gre *a, pptp_gre *b, recorder *pull, uint32_t seed)
{
	check_random random = {seed};
	pptp_usec now = 1;
	uint32_t turn, sequence = seed * 0x10000001u, sent = 0;
	for (turn = 0; turn < 300; turn++) {
		uint8_t data[40];
		size_t len;
		check_step("turn %u", turn);
		now += random_below(&random, seed % 2 ? 70000 : 5000);
		CHECK_EQ(pptp_gre_deadline(a), pptp_gre_deadline(b));
		CHECK_EQ(pptp_gre_tick(a, now), PPTP_OK);
		CHECK_EQ(pptp_gre_tick(b, now), PPTP_OK);
		pull_rest(b, pull, now);
		CHECK_EQ(pptp_gre_events(a), pptp_gre_events(b));
		if (random_below(&random, 3) == 0) {
			len = 1 + random_below(&random, 8);
			random_fill(&random, data, len);
			CHECK_EQ(pptp_gre_output(a, data, len, now), PPTP_OK);
			pull_output(b, pull, data, len, now);
			sent++;
			continue;
		}
		sequence += random_below(&random, 4) - 1;
		len = channel_datagram(data, sequence, random_below(&random, sent + 2),
		                       random_below(&random, 5));
		if (random_below(&random, 10) == 0)
			len = random_below(&random, (uint32_t)len);
		CHECK_EQ(input(a, data, len, now), PPTP_OK);
		pull_input(b, pull, data, len, now);
	}
}

/* The same life in push and in pull mode: the same datagrams out, the same frames up. */
/* Shows: G-ACK-07 G-OOS-02 G-OOS-05 */
static void test_gre_push_is_pull(void **state)
{
	uint32_t seed, which;
	int kind;
	(void)state;
	for (seed = 0; seed < 40; seed++) {
		for (kind = 0; kind < KINDS; kind++) {
			recorder *push = recorder_new(), *pull = recorder_new();
			pptp_pool *push_pool = pool_for(kind, 3), *pull_pool = pool_for(kind, 3);
			pptp_gre_options o = channel_options();
			pptp_gre *a, *b;
			check_row("seed %u, %s", seed, kinds[kind]);
			o.recv_window = (uint16_t)(seed % 9);
			o.window_mode = seed % 5 == 0 ? PPTP_WINDOW_ADVISORY : PPTP_WINDOW_OFF;
			o.pool = push_pool;
			a = channel_started(&o, push);
			push->in_release = frees_cookie;
			o.pool = pull_pool;
			b = channel_started(&o, NULL);
			live(a, b, pull, seed);
			CHECK(push->received > 20 && push->sent > 20);
			CHECK_EQ(push->log_len, pull->log_len);
			CHECK_OCTETS(push->log, pull->log, pull->log_len);
			for (which = 0; which < PPTP_GRE_COUNTS; which++)
				CHECK_EQ(pptp_gre_count(a, which), pptp_gre_count(b, which));
			CHECK_EQ(pptp_gre_reset(b), PPTP_OK);
			pull_rest(b, pull, 0);
			pptp_gre_free(a);
			pptp_gre_free(b);
			pool_gone(push_pool, 3);
			pool_gone(pull_pool, 3);
			free(push);
			free(pull);
		}
	}
}

/* Callbacks may be missing. */
static void test_gre_no_callbacks(void **state)
{
	pptp_gre_callbacks none = {sizeof(none), 0, NULL, NULL, NULL};
	pptp_gre_options o = channel_options();
	uint8_t data[40];
	size_t len = channel_datagram(data, 0, NO_NUMBER, 4);
	pptp_gre *gre = NULL;
	(void)state;
	CHECK_EQ(pptp_gre_new(&o, &none, NULL, &gre), PPTP_OK);
	CHECK_EQ(pptp_gre_start(gre, PEER, 1, 1, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_input(gre, data, len, NULL, 0), PPTP_OK);
	pptp_gre_tick(gre, 10 * DELAY);
	pptp_gre_free(gre);
}

/* An acknowledgment that finds no room is tried again soon, and nobody need care; a socket that is
 * broken is told of, and not asked much more often than before. */
/* Shows: G-ACK-06 */
static void test_gre_ack_fails(void **state)
{
	static const struct {
		pptp_err code, told;
		pptp_usec again;
	} rows[] = {{PPTP_ERR_AGAIN, PPTP_OK, 10000}, {PPTP_ERR_SEND, PPTP_ERR_SEND, DELAY}};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		recorder *r = recorder_new();
		pptp_gre_options o = channel_options();
		pptp_gre *gre;
		uint8_t data[40];
		size_t len = channel_datagram(data, 3, NO_NUMBER, 4);
		check_row("code %d", (int)rows[i].code);
		o.recv_window = 1; /* an acknowledgment for each */
		gre = channel_started(&o, r);
		r->send_result = rows[i].code;
		CHECK_EQ(pptp_gre_input(gre, data, len, NULL, 5), rows[i].told);
		CHECK_EQ(pptp_gre_deadline(gre), 5 + rows[i].again);
		CHECK_EQ(pptp_gre_tick(gre, 5 + rows[i].again), rows[i].told);
		CHECK_EQ(pptp_gre_deadline(gre), 5 + 2 * rows[i].again);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_SENT_ACK), 0);
		r->send_result = PPTP_OK;
		CHECK_EQ(pptp_gre_tick(gre, 5 + 2 * rows[i].again), PPTP_OK);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_SENT_ACK), 1);
		pptp_gre_free(gre);
		free(r);
	}
}

/* What writev and its like return is no error: the packet is out. */
/* Shows: G-SEQ-02 */
static void test_gre_send_counts_octets(void **state)
{
	recorder *r = recorder_new();
	pptp_gre_options o = channel_options();
	pptp_gre *gre = channel_started(&o, r);
	uint8_t data[40];
	size_t len = channel_datagram(data, 3, NO_NUMBER, 4);
	pptp_gre_info info;
	(void)state;
	r->send_result = 13;
	CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"a", 1, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_input(gre, data, len, NULL, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_tick(gre, DELAY), PPTP_OK);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_SENT_ACK), 1);
	CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_UNSENT), 0);
	CHECK_EQ(pptp_gre_get_info(gre, &info, sizeof(info)), PPTP_OK);
	CHECK_EQ(info.next_sequence, 1);
	pptp_gre_free(gre);
	free(r);
}

/* A socket that would block, or fails: the number is taken back, and what was due is due again. */
/* Shows: G-SEQ-02 */
static void test_gre_send_fails(void **state)
{
	static const pptp_err codes[] = {PPTP_ERR_AGAIN, PPTP_ERR_SEND, -1234};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(codes); i++) {
		recorder *r = recorder_new();
		pptp_gre_options o = channel_options();
		pptp_gre *gre = channel_started(&o, r);
		pptp_gre_header h;
		uint8_t data[40];
		size_t len;

		check_row("code %d", (int)codes[i]);
		CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"a", 1, 0), PPTP_OK);
		len = channel_datagram(data, 3, NO_NUMBER, 4);
		CHECK_EQ(pptp_gre_input(gre, data, len, NULL, 0), PPTP_OK);
		r->send_result = codes[i];
		CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"b", 1, 0), codes[i]);
		CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"b", 1, 0), codes[i]);
		check_step("tick");
		pptp_gre_tick(gre, DELAY);
		CHECK(pptp_gre_deadline(gre) <= 2 * DELAY);
		CHECK_EQ(pptp_gre_count(gre, PPTP_GRE_SENT_ACK), 0);
		CHECK_EQ(pptp_gre_unsend(gre, 2, 0), PPTP_ERR_ARG); /* one is out */
		r->send_result = PPTP_OK;
		CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"c", 1, 0), PPTP_OK);
		CHECK_EQ(r->sent, 2);
		len = r->log_len - 17;
		CHECK_EQ(pptp_gre_decode(r->log + len, 17, &h), PPTP_GRE_DELIVER);
		CHECK_EQ(h.sequence, 1);
		CHECK_EQ(r->log[len + 16], 'c');
		CHECK(h.has_ack && h.acknowledgment == 3);
		pptp_gre_free(gre);
		free(r);
	}
}

/* ---- free from callbacks ------------------------------------------------------------------------------- */

static void frees(recorder *r)
{
	uint8_t room[16];
	pptp_gre_frame f;
	pptp_gre_info info;
	pptp_gre_free(r->gre);
	pptp_gre_free(r->gre); /* once more is harmless */
	CHECK_EQ(pptp_gre_send(r->gre, room, 16, 1, 0), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_output(r->gre, room, 1, 0), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_input(r->gre, room, 1, NULL, 0), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_recv(r->gre, room, 1, NULL, 0, &f), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_next(r->gre, &f), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_ack(r->gre, room, 16, 0), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_tick(r->gre, 0), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_unsend(r->gre, 0, 0), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_start(r->gre, 1, 1, 1, 0), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_reset(r->gre), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_get_info(r->gre, &info, sizeof(info)), PPTP_ERR_FREED);
	CHECK_EQ(pptp_gre_room(r->gre), 0);
	CHECK_EQ(pptp_gre_events(r->gre), 0);
	CHECK_EQ(pptp_gre_deadline(r->gre), PPTP_NEVER);
}

/* Which callback frees, and the how-manieth time it is called from now on. */
static int countdown;
static void frees_in_time(recorder *r)
{
	if (--countdown == 0) {
		r->done = 1;
		frees(r);
	}
}

static void releases_in_time(recorder *r)
{
	frees_cookie(r);
	frees_in_time(r);
}

enum { IN_RECEIVE, IN_SEND, IN_RELEASE, CALLBACKS };
static const char *const callback_names[] = {"receive", "send", "release"};

static void arm(recorder *r, int callback, int when)
{
	countdown = when;
	r->in_receive = callback == IN_RECEIVE ? frees_in_time : NULL;
	r->in_send = callback == IN_SEND ? frees_in_time : NULL;
	r->in_release = callback == IN_RELEASE ? releases_in_time : frees_cookie;
}

enum {
	INPUT_NEXT,
	INPUT_GAP,
	INPUT_LATE,
	INPUT_FULL,
	TICK_HELD,
	TICK_ACK,
	OUTPUT,
	OUTPUT_FAILS,
	RESET,
	FREE,
	DRIVERS
};
static const char *const driver_names[] = {"input of the next",
                                           "input of the missing one",
                                           "input of a late one",
                                           "input of one too many",
                                           "tick at the end of a wait",
                                           "tick for the acknowledgment",
                                           "output",
                                           "output that fails",
                                           "reset",
                                           "free"};

/* 0 was delivered; 2, 3 and 4 are held for 1, but for INPUT_NEXT. */
static pptp_err drive(recorder *r, int driver)
{
	uint8_t data[40];
	size_t len;
	switch (driver) {
	case INPUT_NEXT:
	case INPUT_GAP:
		len = channel_datagram(data, 1, NO_NUMBER, 4);
		return input(r->gre, data, len, 0);
	case INPUT_LATE:
		len = channel_datagram(data, 0, NO_NUMBER, 4);
		return input(r->gre, data, len, 0);
	case INPUT_FULL:
		len = channel_datagram(data, 6, NO_NUMBER, 4);
		return input(r->gre, data, len, 0);
	case TICK_HELD:
		return pptp_gre_tick(r->gre, 20000);
	case TICK_ACK:
		return pptp_gre_tick(r->gre, DELAY);
	case OUTPUT_FAILS:
		r->send_result = PPTP_ERR_AGAIN;
		return pptp_gre_output(r->gre, data, 1, 0) == PPTP_ERR_FREED ? PPTP_ERR_FREED : PPTP_OK;
	case OUTPUT:
		return pptp_gre_output(r->gre, data, 1, 0);
	case RESET:
		return pptp_gre_reset(r->gre);
	default:
		pptp_gre_free(r->gre);
		return PPTP_ERR_FREED;
	}
}

/* Whether the callback came. */
static int free_within(int driver, int callback, int when, int kind, int heap)
{
	recorder *r = recorder_new();
	pptp_gre_options o = channel_options();
	void *mem = check_alloc(pptp_gre_size());
	uint8_t data[40];
	uint32_t k, given = 1 + (driver <= INPUT_FULL);
	int came;
	pptp_err err;
	o.recv_window = 1;
	o.reorder_packets = 3;
	o.pool = pool_for(kind, 3);
	if (heap)
		CHECK_EQ(pptp_gre_new(&o, &recorder_callbacks, r, &r->gre), PPTP_OK);
	else
		CHECK_EQ(pptp_gre_init(mem, pptp_gre_size(), &o, &recorder_callbacks, r, &r->gre), PPTP_OK);
	CHECK_EQ(pptp_gre_start(r->gre, PEER, 1, 1, 0), PPTP_OK);
	arm(r, CALLBACKS, 0);
	CHECK_EQ(input(r->gre, data, channel_datagram(data, 0, NO_NUMBER, 4), 0), PPTP_OK);
	for (k = 2; k < 5 && driver != INPUT_NEXT && kind != NO_POOL; k++, given++)
		CHECK_EQ(input(r->gre, data, channel_datagram(data, k, NO_NUMBER, 4), 0), PPTP_OK);
	arm(r, callback, when);
	err = drive(r, driver);
	came = r->done;
	CHECK_EQ(err, came || driver == FREE ? PPTP_ERR_FREED : PPTP_OK);
	if (err != PPTP_ERR_FREED) {
		arm(r, CALLBACKS, 0);
		pptp_gre_free(r->gre);
	}
	free(mem);
	CHECK_EQ(r->released, given); /* each cookie once; frees_cookie would find a second time */
	pool_gone(o.pool, 3);
	free(r);
	return came;
}

/* Free from each callback under each driver, in heap memory and in the host's: no octet of it is touched
 * after, no cookie and no slot is lost. */
/* Shows: S-CALL-02 */
static void test_gre_free_in_callback(void **state)
{
	int driver, callback, when, kind, came[DRIVERS][CALLBACKS] = {{0}};
	(void)state;
	for (driver = 0; driver < DRIVERS; driver++)
		for (callback = 0; callback < CALLBACKS; callback++)
			for (when = 1; when <= 5; when++)
				for (kind = 0; kind < 2 * KINDS; kind++) {
					check_row("%s, %s number %d, %s, %s", driver_names[driver],
					          callback_names[callback], when, kinds[kind / 2],
					          kind % 2 ? "heap" : "own memory");
					came[driver][callback] +=
					        free_within(driver, callback, when, kind / 2, kind % 2);
				}
	check_row("the callbacks came");
	CHECK(came[INPUT_NEXT][IN_RECEIVE] && came[INPUT_NEXT][IN_SEND] && came[INPUT_NEXT][IN_RELEASE]);
	CHECK(came[INPUT_GAP][IN_RECEIVE] > came[INPUT_NEXT][IN_RECEIVE]);
	CHECK(came[INPUT_FULL][IN_RECEIVE] && came[INPUT_FULL][IN_RELEASE] && came[INPUT_LATE][IN_RELEASE]);
	CHECK(came[TICK_HELD][IN_RECEIVE] && came[TICK_HELD][IN_SEND] && came[TICK_HELD][IN_RELEASE]);
	CHECK(came[OUTPUT][IN_SEND] && came[OUTPUT_FAILS][IN_SEND]);
	CHECK(came[RESET][IN_RELEASE] && came[FREE][IN_RELEASE]);
}

/* ---- calls from callbacks ------------------------------------------------------------------------------ */

/* The whole API but input is there in receive. */
static void uses_all(recorder *r)
{
	uint8_t data[40], room[16], packet[12];
	pptp_gre_frame f;
	size_t len = channel_datagram(data, 50, NO_NUMBER, 4);
	r->in_receive = NULL;
	CHECK_EQ(pptp_gre_input(r->gre, data, len, NULL, 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_recv(r->gre, data, len, r, 0, &f), PPTP_OK);
	CHECK_EQ(f.verdict, PPTP_GRE_DELIVER);
	CHECK_EQ(pptp_gre_output(r->gre, (const uint8_t *)"x", 1, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_send(r->gre, room, sizeof(room), 1, 0), 12);
	CHECK_EQ(pptp_gre_unsend(r->gre, 1, 0), PPTP_OK);
	CHECK_EQ(pptp_gre_ack(r->gre, packet, sizeof(packet), 0), 0);
	CHECK_EQ(pptp_gre_tick(r->gre, 0), PPTP_OK);
	pptp_gre_deadline(r->gre);
	CHECK_EQ(pptp_gre_count(r->gre, PPTP_GRE_DELIVER), 2);
	CHECK_EQ(pptp_gre_start(r->gre, 1, 1, 1, 0), PPTP_ERR_STATE);
	CHECK_EQ(pptp_gre_next(r->gre, &f), PPTP_ERR_EMPTY);
	CHECK_EQ(pptp_gre_room(r->gre), UINT32_MAX);
	CHECK_EQ(pptp_gre_events(r->gre), 0);
	r->done++;
}

/* From send nothing is but the const ones. */
static void uses_none(recorder *r)
{
	uint8_t data[40], room[16], packet[12];
	pptp_gre_frame f;
	size_t len = channel_datagram(data, 60, NO_NUMBER, 4);
	r->in_send = NULL;
	CHECK_EQ(pptp_gre_input(r->gre, data, len, NULL, 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_recv(r->gre, data, len, r, 0, &f), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_output(r->gre, data, 1, 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_send(r->gre, room, sizeof(room), 1, 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_unsend(r->gre, 1, 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_ack(r->gre, packet, sizeof(packet), 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_tick(r->gre, 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_start(r->gre, 1, 1, 1, 0), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_next(r->gre, &f), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_reset(r->gre), PPTP_ERR_REENTRANT);
	CHECK_EQ(pptp_gre_events(r->gre), 0);
	CHECK_EQ(pptp_gre_room(r->gre), UINT32_MAX);
	CHECK(channel_info(r->gre).held <= 1);
	pptp_gre_deadline(r->gre);
	CHECK_EQ(pptp_gre_count(r->gre, PPTP_GRE_COUNTS), 0);
	r->done++;
}

/* Shows: G-ACK-02 */
static void test_gre_calls_in_callback(void **state)
{
	recorder *r = recorder_new();
	pptp_gre_options o = channel_options();
	pptp_gre *gre = channel_started(&o, r);
	uint8_t data[40];
	size_t len = channel_datagram(data, 0, NO_NUMBER, 4);
	(void)state;
	r->in_receive = uses_all;
	r->in_send = uses_none; /* under output under input */
	CHECK_EQ(pptp_gre_input(gre, data, len, NULL, 0), PPTP_OK);
	CHECK_EQ(r->done, 2);
	r->in_send = uses_none;
	CHECK_EQ(pptp_gre_output(gre, (const uint8_t *)"y", 1, 0), PPTP_OK);
	CHECK_EQ(r->done, 3);
	len = channel_datagram(data, 70, NO_NUMBER, 4);
	CHECK_EQ(pptp_gre_input(gre, data, len, NULL, 0), PPTP_OK);
	r->in_send = uses_none;
	CHECK_EQ(pptp_gre_tick(gre, DELAY), PPTP_OK);
	CHECK_EQ(r->done, 4);
	pptp_gre_free(gre);
	free(r);
}

static void answers(recorder *r)
{
	CHECK_EQ(pptp_gre_output(r->gre, (const uint8_t *)"pong", 4, r->now), PPTP_OK);
}

/* A frame sent from receive carries the acknowledgment of the frame that is being received. */
/* Shows: G-ACK-01 G-ACK-02 */
static void test_gre_answer_in_receive(void **state)
{
	recorder *r = recorder_new();
	pptp_gre_options o = channel_options();
	pptp_gre *gre;
	uint32_t k;
	(void)state;
	o.recv_window = 1;
	gre = channel_started(&o, r);
	r->in_receive = answers;
	for (k = 0; k < 20; k++) {
		uint8_t data[40];
		size_t len = channel_datagram(data, k, NO_NUMBER, 4);
		pptp_gre_header h;
		check_row("packet %u", k);
		CHECK_EQ(pptp_gre_input(gre, data, len, NULL, k), PPTP_OK);
		CHECK_EQ(r->sent, k + 1);
		CHECK_EQ(pptp_gre_decode(r->log + r->log_len - 20, 20, &h), PPTP_GRE_DELIVER);
		CHECK(h.has_ack);
		CHECK_EQ(h.acknowledgment, k);
		CHECK_EQ(h.sequence, k);
		CHECK_EQ(pptp_gre_deadline(gre), PPTP_NEVER);
	}
	pptp_gre_free(gre);
	free(r);
}

/* From release nothing is legal either. */
static void uses_none_in_release(recorder *r)
{
	frees_cookie(r);
	uses_none(r);
	r->in_release = frees_cookie;
}

/* Shows: G-OOS-05 */
static void test_gre_calls_in_release(void **state)
{
	int driver;
	(void)state;
	for (driver = 0; driver < 3; driver++) {
		recorder *r = recorder_new();
		pptp_gre_options o = channel_options();
		uint8_t data[40];
		check_row("%d", driver);
		o.pool = pool_for(COOKIES, 4);
		channel_started(&o, r);
		r->in_release = frees_cookie;
		CHECK_EQ(input(r->gre, data, channel_datagram(data, 0, NO_NUMBER, 4), 0), PPTP_OK);
		CHECK_EQ(input(r->gre, data, channel_datagram(data, 2, NO_NUMBER, 4), 0), PPTP_OK);
		CHECK_EQ(r->released, 1);
		r->in_release = uses_none_in_release;
		if (driver == 0)
			CHECK_EQ(input(r->gre, data, channel_datagram(data, 1, NO_NUMBER, 4), 0), PPTP_OK);
		else if (driver == 1)
			CHECK_EQ(pptp_gre_tick(r->gre, DELAY), PPTP_OK);
		else
			CHECK_EQ(pptp_gre_reset(r->gre), PPTP_OK);
		CHECK_EQ(r->done, 1);
		CHECK_EQ(r->released, driver == 0 ? 3 : 2);
		CHECK_EQ(r->received, driver == 0 ? 3 : driver == 1 ? 2 : 1);
		pptp_gre_free(r->gre);
		pool_gone(o.pool, 4);
		free(r);
	}
}

/* A datagram taken, or what is held fetched, from inside receive: the order holds. */
static void takes_more(recorder *r)
{
	uint8_t data[40];
	pptp_gre_frame f;
	size_t len;
	int k;
	r->in_receive = NULL;
	for (k = 5; k < 8; k++) {
		len = channel_datagram(data, (uint64_t)k, NO_NUMBER, 4);
		CHECK_EQ(pptp_gre_recv(r->gre, data, len, NULL, 0, &f), PPTP_OK);
		CHECK_EQ(f.verdict, PPTP_GRE_HELD); /* 2, 3 and 4 come first */
	}
	CHECK_EQ(pptp_gre_tick(r->gre, 20000), PPTP_OK); /* does not deliver in here */
	CHECK_EQ(r->received, 2);
	CHECK_EQ(pptp_gre_next(r->gre, &f), PPTP_OK);
	CHECK_EQ(f.sequence, 2);
	r->done++;
}

/* Shows: G-OOS-02 G-OOS-05 */
static void test_gre_recv_in_receive(void **state)
{
	recorder *r = recorder_new();
	pptp_gre_options o = channel_options();
	uint8_t data[40];
	uint32_t k;
	(void)state;
	o.pool = pool_for(COPIES, 8);
	channel_started(&o, r);
	r->in_release = frees_cookie;
	for (k = 0; k < 5; k++) {
		if (k != 1)
			CHECK_EQ(input(r->gre, data, channel_datagram(data, k, NO_NUMBER, 4), 0), PPTP_OK);
	}
	r->in_receive = takes_more;
	CHECK_EQ(input(r->gre, data, channel_datagram(data, 1, NO_NUMBER, 4), 0), PPTP_OK);
	CHECK_EQ(r->done, 1);
	CHECK_EQ(r->received, 7); /* 0, 1, 3 .. 7 */
	CHECK_EQ(pptp_gre_count(r->gre, PPTP_GRE_DELIVER), 8);
	CHECK_EQ(pptp_gre_count(r->gre, PPTP_GRE_LOST), 0);
	for (k = 2; k < 7; k++)
		CHECK_EQ(r->log[k * 7 + 6], k + 1);
	pptp_gre_free(r->gre);
	pool_gone(o.pool, 8);
	free(r);
}

static void resets(recorder *r)
{
	r->in_receive = NULL;
	CHECK_EQ(pptp_gre_reset(r->gre), PPTP_OK);
	CHECK_EQ(pptp_gre_start(r->gre, PEER, 64, 0, 0), PPTP_OK);
	r->done++;
}

/* A reset from inside receive: what was held comes no more, its cookies do. */
/* Shows: S-CALL-02 */
static void test_gre_reset_in_receive(void **state)
{
	int kind;
	uint32_t k;
	(void)state;
	for (kind = 0; kind < KINDS; kind++) {
		recorder *r = recorder_new();
		pptp_gre_options o = channel_options();
		uint8_t data[40];
		check_row("%s", kinds[kind]);
		o.pool = pool_for(kind, 8);
		channel_started(&o, r);
		r->in_release = frees_cookie;
		for (k = 0; k < 5; k++) {
			if (k != 1)
				CHECK_EQ(input(r->gre, data, channel_datagram(data, k, NO_NUMBER, 4), 0),
				         PPTP_OK);
		}
		r->in_receive = resets;
		k = r->received;
		CHECK_EQ(input(r->gre, data, channel_datagram(data, kind ? 1 : 5, NO_NUMBER, 4), 0), PPTP_OK);
		CHECK_EQ(r->done, 1);
		CHECK_EQ(r->received, k + 1);
		CHECK_EQ(r->released, 5);
		CHECK_EQ(input(r->gre, data, channel_datagram(data, 0, NO_NUMBER, 4), 0), PPTP_OK);
		CHECK_EQ(r->received, k + 2);
		pptp_gre_free(r->gre);
		pool_gone(o.pool, 8);
		free(r);
	}
}

/* Without release a pool without copies holds nothing in push mode: the datagram is the host's again. */
/* Shows: G-OOS-05 */
static void test_gre_push_without_release(void **state)
{
	pptp_gre_callbacks callbacks = recorder_callbacks;
	recorder *r = recorder_new();
	pptp_gre_options o = channel_options();
	uint8_t data[40];
	size_t len;
	(void)state;
	callbacks.release = NULL;
	o.pool = pool_for(COOKIES, 8);
	CHECK_EQ(pptp_gre_new(&o, &callbacks, r, &r->gre), PPTP_OK);
	len = channel_datagram(data, 0, NO_NUMBER, 4);
	CHECK_EQ(pptp_gre_input(r->gre, data, len, data, 0), PPTP_OK);
	len = channel_datagram(data, 2, NO_NUMBER, 4);
	CHECK_EQ(pptp_gre_input(r->gre, data, len, data, 0), PPTP_OK);
	CHECK_EQ(r->received, 2);
	CHECK_EQ(pptp_pool_available(o.pool), 8);
	CHECK_EQ(r->released, 0);
	pptp_gre_free(r->gre);
	pool_gone(o.pool, 8);
	free(r);
}

/* A channel without receive has nobody to deliver to; pull mode may still have it. */
static void test_gre_tick_without_receive(void **state)
{
	pptp_gre *gre;
	pptp_gre_options o = channel_options();
	uint8_t data[40];
	pptp_gre_frame f;
	size_t len;
	(void)state;
	o.pool = pool_for(COPIES, 8);
	gre = channel_started(&o, NULL);
	channel_recv(gre, 0, NO_NUMBER, 0);
	len = channel_datagram(data, 2, NO_NUMBER, 4);
	CHECK_EQ(pptp_gre_recv(gre, data, len, NULL, 0, &f), PPTP_OK);
	CHECK_EQ(f.verdict, PPTP_GRE_HELD);
	CHECK_EQ(pptp_gre_tick(gre, DELAY), PPTP_OK);
	CHECK_EQ(pptp_gre_next(gre, &f), PPTP_OK);
	CHECK_EQ(f.sequence, 2);
	pptp_gre_free(gre);
	pool_gone(o.pool, 8);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_gre_push_is_pull),
	        cmocka_unit_test(test_gre_no_callbacks),
	        cmocka_unit_test(test_gre_send_fails),
	        cmocka_unit_test(test_gre_send_counts_octets),
	        cmocka_unit_test(test_gre_ack_fails),
	        cmocka_unit_test(test_gre_free_in_callback),
	        cmocka_unit_test(test_gre_calls_in_callback),
	        cmocka_unit_test(test_gre_answer_in_receive),
	        cmocka_unit_test(test_gre_calls_in_release),
	        cmocka_unit_test(test_gre_recv_in_receive),
	        cmocka_unit_test(test_gre_reset_in_receive),
	        cmocka_unit_test(test_gre_push_without_release),
	        cmocka_unit_test(test_gre_tick_without_receive),
	};
	return cmocka_run_group_tests_name("gre_push", tests, NULL, NULL);
}
