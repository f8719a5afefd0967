/* conn: faults that other implementations had, as tests, part two: messages in orders that nobody expected
 * (test_faults.c). */
#include "product.h"
#include "script.h"

#define RUN(rows) script_run(rows, LEN(rows))

/* ---- a call cleared while it is made ------------------------------------------------------------------ */

/* The request and its end in one segment, behind the start or not: the host's answer comes too late. */
typedef struct early_clear {
	const char *name;
	uint32_t request, end;
	int answer_in_event;
} early_clear;

static pptp_call early_call;
static int early_answers;

static void early_host(link_side *side, const pptp_event *event)
{
	pptp_answer a;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	if (event->type == PPTP_EV_CALL_OFFERED) {
		early_call = event->call;
		if (early_answers)
			CHECK_EQ(pptp_call_accept(side->conn, event->call, &a, side->now), PPTP_OK);
	}
}

static void put(uint8_t *data, size_t *len, uint32_t type)
{
	pptp_msg m = link_msg(type);
	pptp_ssize n;
	if (type != PPTP_SCCRQ)
		m.ocrq.call_id = 77; /* at the same place in all four */
	n = pptp_msg_encode(&m, data + *len, PPTP_MSG_MAX_OCTETS);
	CHECK(n > 0);
	*len += (size_t)n;
}

static void check_early(const early_clear *row, size_t cut, const uint8_t *data, size_t len,
                        const link_mode *mode)
{
	pptp_config_options o = link_options(1);
	pptp_answer a;
	link_side side;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	memset(&side, 0, sizeof(side));
	o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	side.on_event = early_host;
	early_answers = row->answer_in_event;
	link_open(&side, PPTP_RECEIVER, &o, mode, 0);
	link_feed(&side, data, cut);
	link_feed(&side, data + cut, len - cut);
	link_next_msg(&side, PPTP_SCCRP);
	link_next_event(&side, PPTP_EV_UP);
	CHECK_EQ(link_next_event(&side, PPTP_EV_CALL_OFFERED)->call, early_call);
	if (row->answer_in_event)
		link_next_msg(&side, row->request == PPTP_OCRQ ? PPTP_OCRP : PPTP_ICRP);
	if (row->answer_in_event && row->request == PPTP_OCRQ)
		link_next_event(&side, PPTP_EV_CALL_UP);
	if (row->end == PPTP_CCRQ)
		CHECK_EQ(link_next_msg(&side, PPTP_CDN).cdn.result_code, PPTP_CDN_REQUEST);
	CHECK_EQ(link_next_event(&side, PPTP_EV_CALL_DOWN)->reason, PPTP_ERR_PEER);
	link_quiet(&side);
	CHECK_EQ(pptp_call_accept(side.conn, early_call, &a, 0), PPTP_ERR_STALE);
	CHECK_EQ(pptp_call_reject(side.conn, early_call, 3, 0, 0, 0), PPTP_ERR_STALE);
	CHECK_EQ(pptp_call_clear(side.conn, early_call, 3, 0, 0, 0), PPTP_ERR_STALE);
	link_pump(&side);
	link_quiet(&side);
	link_drop(&side);
}

/* Shows: C-CCRQ-01 C-CCRQ-02 C-OCRQ-01 T-07 */
static void test_t07_clear_while_connecting(void **state)
{
	static const early_clear rows[] = {
	        {"outgoing, never answered", PPTP_OCRQ, PPTP_CCRQ, 0},
	        {"outgoing, answered at once", PPTP_OCRQ, PPTP_CCRQ, 1},
	        {"incoming, never answered", PPTP_ICRQ, PPTP_CDN, 0},
	        {"incoming, answered at once", PPTP_ICRQ, PPTP_CDN, 1},
	};
	size_t i, mode, cut;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		uint8_t data[4 * PPTP_MSG_MAX_OCTETS];
		size_t len = 0;
		put(data, &len, PPTP_SCCRQ);
		put(data, &len, rows[i].request);
		put(data, &len, rows[i].end);
		for (mode = 0; mode < link_modes_len; mode++) {
			for (cut = 0; cut < len; cut += link_modes[mode].one_in ? 101 : 1) {
				check_row("%s, cut at %u (%s)", rows[i].name, (unsigned)cut,
				          link_modes[mode].name);
				check_early(&rows[i], cut, data, len, &link_modes[mode]);
			}
		}
	}
}

/* ---- sequences ----------------------------------------------------------------------------------------- */

enum { LETTERS = 22 }; /* 15 messages, and what the host and the clock do */

typedef struct speller {
	link_side side;
	pptp_call call; /* the newest */
	uint16_t local;
} speller;

static void find_newest(speller *s)
{
	pptp_call call = PPTP_CALL_NONE;
	pptp_call_info info;
	while ((call = pptp_call_next(s->side.conn, call)) != PPTP_CALL_NONE) {
		CHECK_EQ(pptp_call_get_info(s->side.conn, call, &info, sizeof(info)), PPTP_OK);
		s->call = call;
		s->local = info.local_call_id;
	}
}

static void say(speller *s, uint32_t type)
{
	pptp_msg m = link_msg(type);
	find_newest(s);
	switch (type) {
	case PPTP_OCRQ:
	case PPTP_ICRQ:
	case PPTP_CCRQ:
	case PPTP_CDN:
		m.ocrq.call_id = 0x2222;
		break;
	case PPTP_OCRP:
	case PPTP_ICRP:
		m.ocrp.call_id = 0x2222;
		m.ocrp.peer_call_id = s->local;
		break;
	case PPTP_ICCN:
	case PPTP_WEN:
	case PPTP_SLI:
		m.wen.peer_call_id = s->local;
		break;
	default:
		break;
	}
	link_feed_msg(&s->side, &m);
}

static void do_as_host(speller *s, uint32_t letter)
{
	pptp_conn *conn = s->side.conn;
	pptp_usec now = s->side.now;
	pptp_answer a;
	pptp_dial d;
	pptp_offer o;
	pptp_call call;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	find_newest(s);
	switch (letter) {
	case 16:
		pptp_call_dial(conn, &d, now, &call);
		break;
	case 17:
		pptp_call_offer(conn, &o, now, &call);
		break;
	case 18:
		if (pptp_call_accept(conn, s->call, &a, now) != PPTP_OK)
			pptp_call_connected(conn, s->call, &a, now);
		break;
	case 19:
		pptp_call_clear(conn, s->call, PPTP_CDN_ADMIN_SHUTDOWN, 0, 0, now);
		break;
	case 20:
		pptp_call_set_link_info(conn, s->call, 1, 2, now);
		break;
	case 21:
		link_wait(&s->side, 60 * SECOND);
		break;
	default:
		pptp_conn_close(conn, PPTP_STOP_NONE, now);
		break;
	}
	link_pump(&s->side);
}

/* A word: link.h checks what must hold of every event and octet; at last everything must end. */
static void spell(const uint32_t *word, size_t len, uint32_t role, int strict, int established,
                  const link_mode *mode)
{
	pptp_config_options o = link_options(strict);
	speller s;
	size_t i;
	memset(&s, 0, sizeof(s));
	o.max_calls = 2;
	o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	o.line_statistics = 1;
	link_open(&s.side, role, &o, mode, 0);
	if (established)
		link_up(&s.side);
	for (i = 0; i < len && !s.side.down; i++) {
		if (word[i] <= PPTP_SLI)
			say(&s, word[i]);
		else
			do_as_host(&s, word[i]);
	}
	pptp_conn_eof(s.side.conn, s.side.now);
	link_pump(&s.side);
	CHECK(s.side.down);
	CHECK_EQ(pptp_conn_want(s.side.conn), PPTP_FINISHED);
	link_drop(&s.side);
}

/* Every word of three letters in every setting, of four in one, and long ones at random. */
/* Shows: T-09 T-10 H-02 */
static void test_t12_sequences(void **state)
{
	uint32_t n, words = LETTERS * LETTERS * LETTERS, step = check_scale(64) < 64 ? 97 : 1;
	check_random random = {12};
	(void)state;
	for (n = 0; n < words; n += step) {
		const uint32_t word[] = {n % LETTERS + 1, n / LETTERS % LETTERS + 1,
		                         n / LETTERS / LETTERS + 1};
		uint32_t setting;
		for (setting = 0; setting < 8; setting++) {
			check_row("word %u %u %u, setting %u", word[0], word[1], word[2], setting);
			spell(word, 3, setting & 1 ? PPTP_ORIGINATOR : PPTP_RECEIVER, setting & 2,
			      setting & 4, &link_modes[n % link_modes_len]);
		}
	}
	for (n = 0; n < words * LETTERS; n += step * 11) {
		const uint32_t word[] = {n % LETTERS + 1, n / LETTERS % LETTERS + 1,
		                         n / LETTERS / LETTERS % LETTERS + 1, n / words + 1};
		check_row("word %u %u %u %u", word[0], word[1], word[2], word[3]);
		spell(word, 4, PPTP_RECEIVER, 0, 1, &link_modes[n / 11 % link_modes_len]);
	}
	for (n = 0; n < check_scale(2000); n++) {
		uint32_t word[100], i;
		check_row("random word %u", n);
		for (i = 0; i < LEN(word); i++) { /* what would end it at once comes last */
			do
				word[i] = 1 + random_below(&random, LETTERS);
			while (i < 90 && (word[i] == PPTP_STOPCCRQ || word[i] == LETTERS));
		}
		spell(word, LEN(word), PPTP_RECEIVER, 0, 1, &link_modes[n % link_modes_len]);
	}
}

/* ---- over and over ------------------------------------------------------------------------------------- */

/* What was recorded is not needed any more, so that records do not grow. */
static void forget(link_side *side)
{
	side->events_len = side->events_read = 0;
	side->sent_len = side->sent_read = side->sent_checked = 0;
	free(side->calls); /* a handle comes again when its slot was used 65,536 times */
	side->calls = NULL;
	side->calls_cap = side->calls_len = 0;
}

/* 100,000 calls of all kinds made and cleared: slots and ids are used again, oldest first, and the memory of
 * the connection is what its size said at the start. */
/* Shows: I-05 */
static void test_t18_connect_and_clear(void **state)
{
	static uint32_t last[65536];
	uint32_t n, turns = check_scale(100000), nearest = UINT32_MAX, reused = 0;
	pptp_config_options o = link_options(0);
	link_side side;
	size_t size;
	(void)state;
	memset(last, 0, sizeof(last));
	memset(&side, 0, sizeof(side));
	o.max_calls = 1;
	o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	o.idle_timeout_us = 0;
	link_open(&side, PPTP_RECEIVER, &o, NULL, 0);
	size = pptp_conn_size(side.config);
	link_up(&side);
	for (n = 1; n <= turns; n++) {
		product_ids ids = {0, (uint16_t)n}; /* we pick ours */
		pptp_call_info info;
		pptp_conn_info conn;
		pptp_call call;
		int machine = n % 2 ? PAC_OUTGOING : PNS_OUTGOING;
		check_row("turn %u", n);
		call = product_bring(&side, machine, machine == PAC_OUTGOING ? "OFFERED" : "WAIT_REPLY", ids);
		CHECK_EQ(pptp_call_get_info(side.conn, call, &info, sizeof(info)), PPTP_OK);
		if (last[info.local_call_id]) {
			reused++;
			if (n - last[info.local_call_id] < nearest)
				nearest = n - last[info.local_call_id];
		}
		last[info.local_call_id] = n;
		CHECK_EQ(pptp_call_clear(side.conn, call, 3, 0, 0, 0), PPTP_OK);
		link_pump(&side);
		if (machine == PNS_OUTGOING) {
			pptp_msg m = link_msg(PPTP_CDN);
			m.cdn.call_id = info.local_call_id;
			link_feed_msg(&side, &m);
		}
		CHECK_EQ(link_next_event(&side, PPTP_EV_CALL_DOWN)->call, call);
		CHECK_EQ(pptp_conn_get_info(side.conn, &conn, sizeof(conn)), PPTP_OK);
		CHECK_EQ(conn.calls, 0);
		CHECK_EQ(conn.tx_octets, 0);
		forget(&side);
	}
	CHECK_EQ(pptp_conn_size(side.config), size);
	if (turns > 65535) {
		CHECK_EQ(reused, turns - 65535);
		CHECK_EQ(nearest, 65535);
	}
	link_drop(&side);
}

/* ---- messages that cannot be --------------------------------------------------------------------------- */

/* Messages of lines to ends that have none, and of the other role. */
/* Shows: H-03 C-ICRP-01 C-OCRQ-01 X-05 */
static void test_t20_impossible_directions(void **state)
{
	static const script_row rows[] = {
	        {"requests to a client",
	         "opt take_calls=0; up o; in ICRQ call_id=7; out ICRP call_id=0 "
	         "peer_call_id=7 result_code=3 error_code=0; in OCRQ call_id=7; out OCRP "
	         "call_id=0 peer_call_id=7 result_code=7 error_code=0; count NOT_TAKEN 2"},
	        {"an incoming call to a server", "opt strict; up r; in ICRQ call_id=7; out ICRP "
	                                         "peer_call_id=7 result_code=3; count NOT_TAKEN 1"},
	        {"the rest to a client",
	         "opt strict; up o; in OCRP; in ICRP; in ICCN; in CCRQ; in CDN; in WEN; in SLI; quiet;"
	         "count UNKNOWN_CALL 7; in EchoRQ; out EchoRP"},
	        {"the rest to a server",
	         "opt strict; up r; in OCRP; in ICRP; in ICCN; in CCRQ; in CDN; in WEN; in SLI; quiet;"
	         "count UNKNOWN_CALL 7; in EchoRQ; out EchoRP"},
	        {"incoming messages of a call that is outgoing",
	         "up o; dial A; out OCRQ call_id=$a; in ICRP call_id=7 peer_call_id=$a; in ICCN "
	         "peer_call_id=$a;"
	         "quiet; call A WAIT_REPLY; count ROLE 2; in OCRP peer_call_id=$a; ev CALL_UP"},
	        {"outgoing messages of a call that is incoming",
	         "up r; offer A; out ICRQ call_id=$a; in OCRP call_id=7 peer_call_id=$a; in WEN "
	         "peer_call_id=$a;"
	         "quiet; call A WAIT_REPLY; count ROLE 2; in ICRP peer_call_id=$a; ev CALL_ANSWER"},
	};
	(void)state;
	RUN(rows);
}

/* Clients that say nothing, or one octet now and then: they end in time, and the others do not wait for them.
 */
/* Shows: X-05 T-12 K-05 */
static void test_t24_silent_clients(void **state)
{
	static link_side silent[50];
	link_side speaker;
	pptp_msg start = link_msg(PPTP_SCCRQ);
	uint8_t data[PPTP_MSG_MAX_OCTETS];
	size_t i;
	uint32_t second;
	(void)state;
	CHECK_EQ(pptp_msg_encode(&start, data, sizeof(data)), 156);
	memset(silent, 0, sizeof(silent));
	memset(&speaker, 0, sizeof(speaker));
	for (i = 0; i < LEN(silent); i++)
		link_open(&silent[i], PPTP_RECEIVER, NULL, NULL, 0);
	link_open(&speaker, PPTP_RECEIVER, NULL, NULL, 0);
	link_up(&speaker);
	for (second = 1; second <= 60; second++) {
		for (i = 0; i < LEN(silent); i++) {
			if (i % 2) /* octets of a request that never ends do not gain time */
				link_feed(&silent[i], data + second - 1, 1);
			link_wait(&silent[i], SECOND);
			CHECK_EQ(silent[i].down, second == 60);
		}
	}
	for (i = 0; i < LEN(silent); i++) {
		const pptp_event *e = link_next_event(&silent[i], PPTP_EV_DOWN);
		CHECK_EQ(e->reason, PPTP_ERR_TIMEOUT);
		CHECK_EQ(e->timer, PPTP_TIMER_START);
		link_quiet(&silent[i]);
		link_drop(&silent[i]);
	}
	CHECK(!speaker.down);
	link_drop(&speaker);
}

/* Replies to nothing: ignored, or in the strict profile the end for those that no crossing explains. */
/* Shows: C-ECHO-03 T-09 A-11 */
static void test_t40_replies_to_nothing(void **state)
{
	static const script_row rows[] = {
	        {"all", "up o; in SCCRP; in StopCCRP; in EchoRP; in OCRP; in ICRP; quiet; state ESTABLISHED;"
	                "count STATE 2; count ECHO_MISMATCH 1; count UNKNOWN_CALL 2; in EchoRQ; out EchoRP"},
	        {"all, a receiver", "up r; in SCCRP; in StopCCRP; in EchoRP; in OCRP; in ICRP; quiet;"
	                            "state ESTABLISHED; count STATE 2"},
	        {"SCCRP, strict", "opt strict; up r; in SCCRP; ev DOWN reason=PROTOCOL message_type=2"},
	        {"StopCCRP, strict", "opt strict; up r; in StopCCRP; ev DOWN reason=PROTOCOL message_type=4"},
	        {"the others, strict",
	         "opt strict; up r; in EchoRP; in OCRP; in ICRP; quiet; state ESTABLISHED;"
	         "count ECHO_MISMATCH 1; count UNKNOWN_CALL 2"},
	        {"before anything", "open r; in StopCCRP; ev DOWN reason=PROTOCOL message_type=4"},
	};
	(void)state;
	RUN(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_t07_clear_while_connecting),
	        cmocka_unit_test(test_t12_sequences),
	        cmocka_unit_test(test_t18_connect_and_clear),
	        cmocka_unit_test(test_t20_impossible_directions),
	        cmocka_unit_test(test_t24_silent_clients),
	        cmocka_unit_test(test_t40_replies_to_nothing),
	};
	return cmocka_run_group_tests_name("faults_state", tests, NULL, NULL);
}
