/* conn: random scripts, of messages good and spoilt, requests and time, in every way of driving and cut in
 * any way: the same octets leave and the same events come. A failure prints the script's seed. */
#include "link.h"

enum { STEPS_MAX = 24, FEED_MAX = 4, RESULTS_MAX = 200 };

enum { FEED, REQUEST, WAIT };
enum {
	DIAL,
	OFFER,
	ACCEPT,
	REJECT,
	CONNECTED,
	CLEAR,
	LINK_INFO,
	WAN_ERRORS,
	STATISTICS,
	CLOSE,
	ABORT,
	START_ACCEPT,
	START_REFUSE,
	END_OF_FILE,
	REQUESTS
};

typedef struct script_step {
	int what;
	uint8_t data[FEED_MAX * PPTP_MSG_MAX_OCTETS];
	size_t ends[FEED_MAX], ends_len; /* of messages in data */
	uint32_t request, random;        /* a request, and what it is about */
	pptp_usec time;
} script_step;

typedef struct script {
	uint32_t seed, role, flags;
	pptp_config_options options;
	script_step steps[STEPS_MAX];
	size_t len;
} script;

/* ---- writing a script --------------------------------------------------------------------------------- */

#define OURS(random)   ((uint16_t)(0x101 + random_below(random, 3)))
#define THEIRS(random) ((uint16_t)(random_below(random, 4)))

static void set_ids(check_random *random, pptp_msg *m)
{
	switch (m->header.control_message_type) {
	case PPTP_OCRP:
	case PPTP_ICRP:
		m->ocrp.call_id = THEIRS(random); /* at the same place in both */
		m->ocrp.peer_call_id = OURS(random);
		m->ocrp.result_code = (uint8_t)(random_below(random, 6) ? 1 : random_below(random, 9));
		break;
	case PPTP_OCRQ:
	case PPTP_ICRQ:
	case PPTP_CCRQ:
	case PPTP_CDN:
		m->ocrq.call_id = random_below(random, 12) ? THEIRS(random) : OURS(random);
		break;
	case PPTP_ICCN:
	case PPTP_WEN:
	case PPTP_SLI:
		m->wen.peer_call_id = OURS(random);
		break;
	case PPTP_ECHORP:
	case PPTP_ECHORQ:
		m->echorq.identifier = random_below(random, 3);
		break;
	default:
		break;
	}
}

/* Mostly what belongs to calls; what ends a connection is rare. */
static uint32_t pick_type(check_random *random)
{
	static const uint8_t often[] = {PPTP_OCRQ, PPTP_OCRQ, PPTP_OCRP, PPTP_OCRP,   PPTP_ICRQ,  PPTP_ICRQ,
	                                PPTP_ICRP, PPTP_ICRP, PPTP_ICCN, PPTP_ICCN,   PPTP_CCRQ,  PPTP_CDN,
	                                PPTP_WEN,  PPTP_WEN,  PPTP_SLI,  PPTP_ECHORQ, PPTP_ECHORP};
	return random_below(random, 12) ? often[random_below(random, LEN(often))]
	                                : 1 + random_below(random, 15);
}

static void spoil(check_random *random, uint8_t *data, size_t len)
{
	uint32_t chance = random_below(random, 120);
	if (chance < 8) /* something in the body */
		data[10 + random_below(random, (uint32_t)len - 10)] ^=
		        (uint8_t)(1u << random_below(random, 8));
	else if (chance == 8) /* something in the header */
		data[random_below(random, 10)] ^= (uint8_t)(1u << random_below(random, 8));
	else if (chance == 9) /* a type to come, with this body */
		data[9] = (uint8_t)(16 + random_below(random, 240));
	else if (chance == 10)
		data[3] = PPTP_MSG_MANAGEMENT;
}

static void write_feed(check_random *random, script_step *step, uint32_t first)
{
	size_t n = 1 + random_below(random, FEED_MAX), at = 0, i;
	step->what = FEED;
	for (i = 0; i < n; i++) {
		pptp_msg m = link_msg(first ? first : pick_type(random));
		pptp_ssize len;
		set_ids(random, &m);
		len = pptp_msg_encode(&m, step->data + at, PPTP_MSG_MAX_OCTETS);
		CHECK(len > 0);
		if (!first || !random_below(random, 10))
			spoil(random, step->data + at, (size_t)len);
		first = 0;
		at += (size_t)len;
		step->ends[step->ends_len++] = at;
	}
}

static void write_options(check_random *random, script *s)
{
	pptp_config_options *o = &s->options;
	*o = link_options(random_below(random, 5) == 0);
	if (random_below(random, 5) == 0)
		o->tolerate = random_next(random);
	o->max_calls = random_below(random, 6);
	o->take_calls = (uint16_t)random_below(random, 4);
	o->max_offered = (uint16_t)(random_below(random, 4) ? 0 : 1);
	o->line_statistics = (uint16_t)random_below(random, 2);
	o->oldest_version = (uint16_t)random_below(random, 2);
	o->tx_octets = 8192; /* room for all: octets that wait for it may coalesce */
	if (random_below(random, 2))
		o->idle_timeout_us = 0;
	s->role = 1 + random_below(random, 2);
	s->flags = random_below(random, 4) ? 0 : PPTP_CONN_ASK;
}

static void write_script(script *s, uint32_t seed)
{
	check_random random = {seed};
	size_t i;
	memset(s, 0, sizeof(*s));
	s->seed = seed;
	write_options(&random, s);
	s->len = 6 + random_below(&random, STEPS_MAX - 5);
	for (i = 0; i < s->len; i++) {
		script_step *step = &s->steps[i];
		uint32_t chance = random_below(&random, 20);
		if (i == 0) {
			write_feed(&random, step, s->role == PPTP_ORIGINATOR ? PPTP_SCCRP : PPTP_SCCRQ);
		} else if (chance < 11) {
			write_feed(&random, step, 0);
		} else if (chance < 19) {
			step->what = REQUEST;
			step->request = random_below(&random, i + 4 < s->len ? STATISTICS + 1u : REQUESTS);
			step->random = random_next(&random);
		} else {
			step->what = WAIT;
			step->time = (1 + random_below(&random, 130)) * SECOND;
		}
	}
}

/* ---- playing it ---------------------------------------------------------------------------------------- */

typedef struct player {
	link_side side;
	const script *script;
	pptp_call calls[RESULTS_MAX]; /* in the order in which they came */
	size_t calls_len;
	int32_t results[RESULTS_MAX]; /* of requests, in callbacks, too */
	size_t results_len;
	size_t sent[STEPS_MAX], events[STEPS_MAX]; /* how many after each step */
	size_t last;                               /* the step in which it ended, or len */
} player;

static void note(player *p, pptp_err result)
{
	CHECK(p->results_len < RESULTS_MAX);
	p->results[p->results_len++] = result;
}

static void add_call(player *p, pptp_call call)
{
	CHECK(p->calls_len < RESULTS_MAX);
	p->calls[p->calls_len++] = call;
}

static pptp_err ask_new(player *p, uint32_t request, uint32_t random)
{
	pptp_dial d;
	pptp_offer o;
	pptp_call call;
	pptp_err err;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	d.local_call_id = o.local_call_id = (uint16_t)(0x101 + random % 3);
	err = request == DIAL ? pptp_call_dial(p->side.conn, &d, p->side.now, &call)
	                      : pptp_call_offer(p->side.conn, &o, p->side.now, &call);
	if (!err)
		add_call(p, call);
	return err;
}

static pptp_err ask_call(player *p, uint32_t request, pptp_call call, uint32_t random)
{
	pptp_conn *conn = p->side.conn;
	pptp_usec now = p->side.now;
	pptp_wan_errors errors = {sizeof(errors), random & 7, 0, 0, 0, 0, 0};
	pptp_answer a;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	switch (request) {
	case ACCEPT:
		a.local_call_id = (uint16_t)(0x101 + random % 3);
		if (pptp_call_accept(conn, call, &a, now) != PPTP_ERR_ARG)
			return PPTP_OK;
		a.local_call_id = 0; /* somebody has it */
		return pptp_call_accept(conn, call, &a, now);
	case REJECT:
		return pptp_call_reject(conn, call, (uint8_t)(random % 8), (uint8_t)(random >> 8 & 1), 17,
		                        now);
	case CONNECTED:
		return pptp_call_connected(conn, call, &a, now);
	case CLEAR:
		return pptp_call_clear(conn, call, (uint8_t)(1 + random % 3), 0, 16, now);
	case LINK_INFO:
		return pptp_call_set_link_info(conn, call, random, ~random, now);
	case WAN_ERRORS:
		return pptp_call_wan_errors(conn, call, &errors, now);
	default:
		return pptp_call_statistics(conn, call, (const uint8_t *)"0123456789", random % 11);
	}
}

static pptp_err ask_conn(player *p, uint32_t request, uint32_t random)
{
	pptp_conn *conn = p->side.conn;
	switch (request) {
	case CLOSE:
		return pptp_conn_close(conn, (uint8_t)(1 + random % 3), p->side.now);
	case ABORT:
		return pptp_conn_abort(conn, PPTP_ERR_MALFORMED - (pptp_err)(random % 11), p->side.now);
	case START_ACCEPT:
		return pptp_conn_accept(conn, p->side.now);
	default:
		return pptp_conn_refuse(conn, (uint8_t)(2 + random % 4), 0, p->side.now);
	}
}

static void ask(player *p, uint32_t request, uint32_t random)
{
	if (request == END_OF_FILE) /* a driver: in push mode events, and answers, come before it returns */
		CHECK_EQ(pptp_conn_eof(p->side.conn, p->side.now), PPTP_OK);
	else if (request <= OFFER)
		note(p, ask_new(p, request, random));
	else if (request >= CLOSE)
		note(p, ask_conn(p, request, random));
	else if (p->calls_len) /* one of the newest */
		note(p, ask_call(p, request,
		                 p->calls[p->calls_len - 1 - random % (p->calls_len < 4 ? p->calls_len : 4)],
		                 random >> 4));
}

/* What the host does in answer to an event depends on the event and the script alone. */
static void host(link_side *side, const pptp_event *e)
{
	player *p = side->user;
	uint32_t random =
	        (p->script->seed + e->peer_call_id * 7u + e->local_call_id) * UINT32_C(2654435761) >> 8;
	switch (e->type) {
	case PPTP_EV_START_OFFERED:
		if (random % 4)
			note(p, ask_conn(p, random % 4 == 1 ? START_REFUSE : START_ACCEPT, random));
		break;
	case PPTP_EV_CALL_OFFERED:
		add_call(p, e->call);
		if (random % 4)
			note(p, ask_call(p, random % 4 == 1 ? REJECT : ACCEPT, e->call, random));
		break;
	case PPTP_EV_CALL_ANSWER:
		if (random % 4)
			note(p, ask_call(p, random % 4 == 1 ? CLEAR : CONNECTED, e->call, random));
		break;
	case PPTP_EV_CALL_UP:
		if (random % 5 == 0)
			note(p, ask_call(p, CLEAR, e->call, random));
		else if (random % 5 == 1)
			note(p, ask_call(p, LINK_INFO, e->call, random));
		break;
	case PPTP_EV_CALL_DOWN:
		if (random % 8 == 0)
			note(p, ask_new(p, DIAL, random));
		break;
	default:
		break;
	}
}

/* Feed a step's octets: by message (random NULL), or cut anywhere. */
static void feed(player *p, const script_step *step, check_random *random)
{
	size_t len = step->ends[step->ends_len - 1], at = 0, i = 0;
	while (at < len && !p->side.recv_result) {
		size_t n = step->ends[i++] - at;
		if (random) {
			n = 1 + random_below(random, random_below(random, 3) ? (uint32_t)(len - at) : 9);
			n = n < len - at ? n : len - at;
			i = 0;
		}
		link_feed(&p->side, step->data + at, n);
		at += n;
	}
}

static void play(player *p, const script *s, const link_mode *mode, check_random *random)
{
	size_t i;
	memset(p, 0, sizeof(*p));
	p->script = s;
	p->side.user = p;
	p->side.on_event = host;
	p->side.flags = s->flags;
	p->last = s->len;
	link_open(&p->side, s->role, &s->options, mode, SECOND);
	for (i = 0; i < s->len; i++) {
		const script_step *step = &s->steps[i];
		check_step("%s, step %u", mode ? mode->name : "reference", (unsigned)i);
		if (step->what == FEED)
			feed(p, step, random);
		else if (step->what == REQUEST)
			ask(p, step->request, step->random);
		else
			link_wait(&p->side, step->time);
		link_pump(&p->side);
		p->sent[i] = p->side.sent_len;
		p->events[i] = p->side.events_len;
		if (p->side.down && p->last == s->len)
			p->last = i;
	}
}

/* ---- comparing ----------------------------------------------------------------------------------------- */

static void same_events(const link_side *is, const link_side *wanted)
{
	size_t i;
	for (i = 0; i < is->events_len && i < wanted->events_len; i++) {
		pptp_event a = is->events[i].event, b = wanted->events[i].event;
		check_step("event %u, %s", (unsigned)i, pptp_event_name(b.type));
		CHECK_EQ(a.msg_len, b.msg_len);
		CHECK_EQ(a.msg == NULL, b.msg == NULL);
		if (a.msg)
			CHECK_OCTETS(is->events[i].msg, wanted->events[i].msg, a.msg_len);
		a.msg = b.msg = NULL;
		a.user = b.user = NULL;
		CHECK_OCTETS(&a, &b, sizeof(a));
	}
	check_step("events");
	CHECK_EQ(is->events_len, wanted->events_len);
}

/* What had not left when a message ended the connection at once is dropped, so how much has left in that step
 * depends on how often the host wrote; everything before, and in every other end, is the same. */
static void same_octets(const player *is, const player *wanted)
{
	const script *s = is->script;
	size_t i, shorter = is->side.sent_len < wanted->side.sent_len ? is->side.sent_len
	                                                              : wanted->side.sent_len;
	int dropped = wanted->last < s->len && s->steps[wanted->last].what == FEED;
	check_step("octets");
	CHECK_OCTETS(is->side.sent, wanted->side.sent, shorter);
	for (i = 0; i < s->len && !(dropped && i >= wanted->last); i++) {
		check_step("octets of step %u", (unsigned)i);
		CHECK_EQ(is->sent[i], wanted->sent[i]);
		CHECK_EQ(is->events[i], wanted->events[i]);
	}
}

static void same_state(const player *is, const player *wanted)
{
	pptp_conn_info a, b;
	uint32_t i;
	check_step("state");
	CHECK_EQ(is->last, wanted->last);
	CHECK_EQ(is->results_len, wanted->results_len);
	CHECK_OCTETS(is->results, wanted->results, is->results_len * sizeof(is->results[0]));
	CHECK_EQ(is->side.recv_result, wanted->side.recv_result);
	CHECK_EQ(pptp_conn_get_info(is->side.conn, &a, sizeof(a)), PPTP_OK);
	CHECK_EQ(pptp_conn_get_info(wanted->side.conn, &b, sizeof(b)), PPTP_OK);
	CHECK_OCTETS(&a, &b, sizeof(a));
	CHECK_EQ(pptp_conn_deadline(is->side.conn), pptp_conn_deadline(wanted->side.conn));
	for (i = 0; i < PPTP_CONN_COUNTS; i++) {
		check_step("counter %s", pptp_conn_count_name(i));
		CHECK_EQ(pptp_conn_count(is->side.conn, i), pptp_conn_count(wanted->side.conn, i));
	}
}

/* ---- the test ------------------------------------------------------------------------------------------ */

static uint32_t seen[PPTP_EV_CALL_ANSWER + 1], octets, ended;

static void count(const player *p)
{
	size_t i;
	for (i = 0; i < p->side.events_len; i++)
		seen[p->side.events[i].event.type]++;
	octets += (uint32_t)p->side.sent_len;
	ended += (uint32_t)p->side.down;
}

/* Shows: T-07 T-10 H-02 */
static void test_scripts(void **state)
{
	uint32_t seed, scripts = check_scale(10000);
	static script s;
	static player wanted, is;
	size_t mode;
	(void)state;
	for (seed = 1; seed <= scripts; seed++) {
		check_random random = {seed};
		check_row("seed %u", seed);
		write_script(&s, seed);
		play(&wanted, &s, NULL, NULL);
		count(&wanted);
		for (mode = 0; mode < link_modes_len; mode++) {
			check_row("seed %u (%s)", seed, link_modes[mode].name);
			play(&is, &s, &link_modes[mode], &random);
			same_events(&is.side, &wanted.side);
			same_octets(&is, &wanted);
			same_state(&is, &wanted);
			link_drop(&is.side);
		}
		link_drop(&wanted.side);
	}
	for (mode = PPTP_EV_UP; mode < LEN(seen); mode++) {
		print_message("%s: %u\n", pptp_event_name((uint32_t)mode), seen[mode]);
		check_row("%s", pptp_event_name((uint32_t)mode)); /* the scripts are worth something */
		if (scripts > 1000 && mode != PPTP_EV_WRITABLE)
			CHECK(seen[mode] > scripts / 100);
	}
	print_message("octets: %u; ended: %u of %u\n", octets, ended, scripts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_scripts),
	};
	return cmocka_run_group_tests_name("conn_scripts", tests, NULL, NULL);
}
