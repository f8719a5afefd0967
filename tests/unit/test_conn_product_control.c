/* conn: every state of the control connection, at its originator and its receiver (RFC 2637 3.1.1, 3.1.2),
 * with everything that can happen in it: messages in their variants, octets that are none, requests, timers,
 * the end of TCP. What is expected is written here from the RFC and docs/design.md, in the words of
 * product.h. */
#include "product_step.h"

/* ---- what happens -------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	uint8_t data[24];
	size_t len;
} octets[] = {
        {"bad cookie", {0, 16, 0, 1, 0x1A, 0x2B, 0x3C, 0x4E, 0, 5, 0, 0, 0, 0, 0, 0}, 16},
        {"Length 11", {0, 11, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0}, 11},
        {"Length 221", {0, 221, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 9, 0, 0}, 12},
        {"Length below the type's", {0, 15, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0, 0, 0, 0}, 15},
        {"Length above the type's",
         {0, 18, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0, 0, 0, 0xEC, 0x40, 7, 7},
         18},
        {"type 0", {0, 12, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 0, 0, 0}, 12},
        {"type 16", {0, 13, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 16, 0, 0, 9}, 13},
        {"type 65535", {0, 12, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0xFF, 0xFF, 0, 0}, 12},
        {"management", {0, 12, 0, 2, 0x1A, 0x2B, 0x3C, 0x4D, 0, 1, 0, 0}, 12},
        {"message type 0", {0, 12, 0, 0, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0}, 12},
        {"message type 3", {0, 12, 0, 3, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0}, 12},
};

static void feed_octets(product *p, const step *s, product_ids ids)
{
	(void)ids;
	p->echo = 0xEC40; /* of the longer one */
	product_octets(p, octets[s->what].data, octets[s->what].len);
}

#define NO_CALLS                                                                                             \
	{                                                                                                    \
		0x5151, 0x5252                                                                               \
	} /* ids that nobody has */

static const step control_steps[] = {
        {"SCCRQ", step_feed, PPTP_SCCRQ, 0x100},
        {"SCCRQ, newer", step_feed, PPTP_SCCRQ, 0x101},
        {"SCCRQ, newest", step_feed, PPTP_SCCRQ, 0xFFFF},
        {"SCCRQ, older", step_feed, PPTP_SCCRQ, 0xFF},
        {"SCCRQ, oldest", step_feed, PPTP_SCCRQ, 0},
        {"SCCRQ, reserved", step_feed, PPTP_SCCRQ, 0x100 | STEP_RESERVED},
        {"SCCRP 1", step_feed, PPTP_SCCRP, 1},
        {"SCCRP 0", step_feed, PPTP_SCCRP, 0},
        {"SCCRP 2", step_feed, PPTP_SCCRP, 2},
        {"SCCRP 3", step_feed, PPTP_SCCRP, 3},
        {"SCCRP 4", step_feed, PPTP_SCCRP, 4},
        {"SCCRP 5", step_feed, PPTP_SCCRP, 5},
        {"SCCRP 6", step_feed, PPTP_SCCRP, 6},
        {"SCCRP 255", step_feed, PPTP_SCCRP, 255},
        {"SCCRP, newer", step_feed, PPTP_SCCRP, 0x101},
        {"SCCRP, older", step_feed, PPTP_SCCRP, 1 | STEP_OLDER},
        {"SCCRP, reserved", step_feed, PPTP_SCCRP, 1 | STEP_RESERVED},
        {"StopCCRQ 0", step_feed, PPTP_STOPCCRQ, 0},
        {"StopCCRQ 1", step_feed, PPTP_STOPCCRQ, 1},
        {"StopCCRQ 3", step_feed, PPTP_STOPCCRQ, 3},
        {"StopCCRP 1", step_feed, PPTP_STOPCCRP, 1},
        {"StopCCRP 2", step_feed, PPTP_STOPCCRP, 2},
        {"StopCCRP 0", step_feed, PPTP_STOPCCRP, 0},
        {"EchoRQ", step_feed, PPTP_ECHORQ, 0},
        {"EchoRQ, reserved", step_feed, PPTP_ECHORQ, STEP_RESERVED},
        {"EchoRP 1", step_feed, PPTP_ECHORP, 1},
        {"EchoRP 2", step_feed, PPTP_ECHORP, 2},
        {"EchoRP, another", step_feed, PPTP_ECHORP, 1 | STEP_OTHER_ID},
        {"OCRQ", step_feed, PPTP_OCRQ, 0},
        {"OCRP 1", step_feed, PPTP_OCRP, 1},
        {"OCRP 4", step_feed, PPTP_OCRP, 4},
        {"ICRQ", step_feed, PPTP_ICRQ, 0},
        {"ICRP 1", step_feed, PPTP_ICRP, 1},
        {"ICRP 3", step_feed, PPTP_ICRP, 3},
        {"ICCN", step_feed, PPTP_ICCN, 1},
        {"CCRQ", step_feed, PPTP_CCRQ, 0},
        {"CDN", step_feed, PPTP_CDN, 1},
        {"WEN", step_feed, PPTP_WEN, 0},
        {"SLI", step_feed, PPTP_SLI, 0},
        {"dial", step_request, DIAL, 0},
        {"offer", step_request, OFFER, 0},
        {"close", step_request, CLOSE, 0},
        {"abort", step_request, ABORT, 0},
        {"accept", step_request, CONN_ACCEPT, 0},
        {"refuse", step_request, CONN_REFUSE, 0},
        {"timer", step_happen, WAIT, 0},
        {"end of file", step_happen, END_OF_FILE, 0},
};

/* ---- what is expected ---------------------------------------------------------------------------------- */

#define SCCRQS    "SCCRQ|SCCRQ, newer|SCCRQ, newest|SCCRQ, older|SCCRQ, oldest"
#define SCCRPS    "SCCRP 1|SCCRP 0|SCCRP 2|SCCRP 3|SCCRP 4|SCCRP 5|SCCRP 6|SCCRP 255|SCCRP, newer|SCCRP, older"
#define STOPCCRQS "StopCCRQ 0|StopCCRQ 1|StopCCRQ 3"
#define STOPCCRPS "StopCCRP 1|StopCCRP 2|StopCCRP 0"
#define ECHORPS   "EchoRP 1|EchoRP 2|EchoRP, another"
#define REPLIES   "OCRP 1|OCRP 4|ICRP 1|ICRP 3|ICCN|CCRQ|CDN|WEN|SLI"
#define REQUESTS  "OCRQ|ICRQ"
#define GARBAGE   "bad cookie|Length 11|Length 221|Length below the type's|message type 0|message type 3"
#define NO_TYPE   "type 0|type 16|type 65535"

/* 5.2. ECHO is established with an Echo-Request outstanding. */
static const product_row originator[] = {
        {"WAIT_CTL_REPLY", "SCCRP 1", "UP; =>ESTABLISHED", NULL},
        {"WAIT_CTL_REPLY", "SCCRP 0", "UP; =>ESTABLISHED; #RESULT_0", "end REFUSED"},
        {"WAIT_CTL_REPLY", "SCCRP, reserved", "UP; =>ESTABLISHED; #RESERVED", NULL},
        {"WAIT_CTL_REPLY", "SCCRP 2|SCCRP 3|SCCRP 4|SCCRP 5|SCCRP 6|SCCRP 255", "end REFUSED", NULL},
        {"WAIT_CTL_REPLY", "SCCRP, newer|SCCRP, older", "StopCCRQ 2; =>WAIT_STOP_REPLY", NULL},
        {"WAIT_CTL_REPLY", STOPCCRQS, "StopCCRP 1; end STOPPED", NULL},
        {"WAIT_CTL_REPLY", "SCCRQ, reserved", "end PROTOCOL; #RESERVED", NULL},
        {"WAIT_CTL_REPLY", SCCRQS "|" STOPCCRPS "|" ECHORPS "|" REQUESTS "|" REPLIES, "end PROTOCOL", NULL},

        /* Stopped because of its version: the same wait as any other. */
        {"WAIT_STOP_VERSION", STOPCCRPS, "end VERSION", NULL},
        {"WAIT_STOP_VERSION", STOPCCRQS, "StopCCRP 1; end VERSION", NULL},
        {"WAIT_STOP_VERSION", SCCRQS "|" SCCRPS, "#STATE", "recv PROTOCOL; end VERSION; #STATE"},
        {"WAIT_STOP_VERSION", "SCCRQ, reserved|SCCRP, reserved", "#RESERVED; #STATE",
         "recv PROTOCOL; end VERSION; #RESERVED; #STATE"},
        {"WAIT_STOP_VERSION", "abort|end of file", "end VERSION", NULL},
        {"WAIT_STOP_VERSION", GARBAGE, "recv MALFORMED; end VERSION", NULL},
        {"WAIT_STOP_VERSION", "Length above the type's", "EchoRP 1; #LONGER", "recv MALFORMED; end VERSION"},
        {"WAIT_STOP_VERSION", NO_TYPE, "#UNKNOWN_TYPE", "recv MALFORMED; end VERSION"},
        {"WAIT_STOP_VERSION", "management", "#MANAGEMENT", "recv MALFORMED; end VERSION"},
        {"WAIT_STOP_VERSION", "timer", "end VERSION/stop", NULL},
};

/* 5.3. ASKED is IDLE with PPTP_CONN_ASK. Nothing is sent in START_OFFERED: the winner of a collision must be
 * silent on the loser's connection (3.1.3). */
static const product_row receiver[] = {
        {"IDLE", "SCCRQ|SCCRQ, newer|SCCRQ, newest", "SCCRP 1; UP; =>ESTABLISHED", NULL},
        {"IDLE", "SCCRQ, reserved", "SCCRP 1; UP; =>ESTABLISHED; #RESERVED",
         "SCCRP 2/3; end REFUSED; #RESERVED"},
        {"ASKED", SCCRQS, "START; =>START_OFFERED", NULL},
        {"ASKED", "SCCRQ, reserved", "START; =>START_OFFERED; #RESERVED", NULL},
        {"IDLE", "SCCRQ, older|SCCRQ, oldest", "SCCRP 5; end VERSION", NULL},
        {"IDLE|ASKED", "OCRQ", "OCRP 2/1; end PROTOCOL", NULL},
        {"IDLE|ASKED", "SCCRP, reserved", "end PROTOCOL; #RESERVED", NULL},
        {"IDLE|ASKED", SCCRPS "|" STOPCCRQS "|" STOPCCRPS "|" ECHORPS "|ICRQ|" REPLIES, "end PROTOCOL", NULL},

        {"START_OFFERED", "accept", "SCCRP 1; UP; =>ESTABLISHED", NULL},
        {"START_OFFERED", "refuse", "SCCRP 4; end REFUSED", NULL},
        {"START_OFFERED", STOPCCRQS, "end STOPPED", NULL},
        {"START_OFFERED", "EchoRQ", "#STATE", "end PROTOCOL; #STATE"},
        {"START_OFFERED", "EchoRQ, reserved", "#RESERVED; #STATE", "end PROTOCOL; #RESERVED; #STATE"},
        {"START_OFFERED", "SCCRQ, reserved|SCCRP, reserved", "end PROTOCOL; #RESERVED", NULL},
        {"START_OFFERED", SCCRQS "|" SCCRPS "|" STOPCCRPS "|" ECHORPS "|" REQUESTS "|" REPLIES,
         "end PROTOCOL", NULL},
        {"START_OFFERED", "Length above the type's", "#LONGER; #STATE", "end MALFORMED"},

        /* A refusal is leaving. */
        {"CLOSING_REFUSED", "abort|end of file", "end VERSION", NULL},
        {"CLOSING_REFUSED", "timer", "end VERSION/stop", NULL},
};

/* Before it is established; established; stopping; both ends alike. */
static const product_row both[] = {
        {"WAIT_CTL_REPLY|IDLE|ASKED", "EchoRQ", "EchoRP 2/1; #STATE", "end PROTOCOL; #STATE"},
        {"WAIT_CTL_REPLY|IDLE|ASKED", "EchoRQ, reserved", "EchoRP 2/1; #RESERVED; #STATE",
         "end PROTOCOL; #RESERVED; #STATE"},
        {"WAIT_CTL_REPLY|IDLE|ASKED", "Length above the type's", "EchoRP 2/1; #LONGER; #STATE",
         "end MALFORMED"},
        {"WAIT_CTL_REPLY|IDLE|ASKED|START_OFFERED", "close", "end LOCAL", NULL},
        {"WAIT_CTL_REPLY|IDLE|ASKED|START_OFFERED", "timer", "end TIMEOUT/start", NULL},
        {"WAIT_CTL_REPLY|IDLE|ASKED|START_OFFERED", "dial|offer", "err STATE", NULL},
        {"WAIT_CTL_REPLY|IDLE|ASKED|ESTABLISHED|ECHO", "accept|refuse", "err STATE", NULL},

        {"ESTABLISHED|ECHO", SCCRQS, "SCCRP 3; #STATE", NULL},
        {"ESTABLISHED|ECHO", "SCCRQ, reserved", "SCCRP 3; #RESERVED; #STATE", NULL},
        {"ESTABLISHED|ECHO", SCCRPS "|" STOPCCRPS, "#STATE", "end PROTOCOL; #STATE"},
        {"ESTABLISHED|ECHO", "SCCRP, reserved", "#RESERVED; #STATE", "end PROTOCOL; #RESERVED; #STATE"},
        {"ESTABLISHED|ECHO", STOPCCRQS, "StopCCRP 1; end STOPPED", NULL},
        {"ECHO", "EchoRP 1", "", NULL},
        {"ESTABLISHED|ECHO", ECHORPS, "#ECHO_MISMATCH", NULL},
        {"ESTABLISHED|ECHO", REQUESTS, "offered", NULL},
        {"ESTABLISHED|ECHO", REPLIES, "#UNKNOWN_CALL", NULL},
        {"ESTABLISHED|ECHO", "dial", "OCRQ", NULL},
        {"ESTABLISHED|ECHO", "offer", "ICRQ", NULL},
        {"ESTABLISHED|ECHO", "close", "StopCCRQ 3; =>WAIT_STOP_REPLY", NULL},
        {"ESTABLISHED", "timer", "EchoRQ", NULL},
        {"ECHO", "timer", "end TIMEOUT/echo", NULL},

        {"WAIT_STOP_REPLY", STOPCCRPS, "end LOCAL", NULL},
        {"WAIT_STOP_REPLY", STOPCCRQS, "StopCCRP 1; end LOCAL", NULL},
        {"WAIT_STOP_REPLY", SCCRQS "|" SCCRPS, "#STATE", "recv PROTOCOL; end LOCAL; #STATE"},
        {"WAIT_STOP_REPLY", "SCCRQ, reserved|SCCRP, reserved", "#RESERVED; #STATE",
         "recv PROTOCOL; end LOCAL; #RESERVED; #STATE"},
        {"WAIT_STOP_REPLY", "abort|end of file", "end LOCAL", NULL},
        {"WAIT_STOP_REPLY", GARBAGE, "recv MALFORMED; end LOCAL", NULL},
        {"WAIT_STOP_REPLY", "Length above the type's", "EchoRP 1; #LONGER", "recv MALFORMED; end LOCAL"},
        {"WAIT_STOP_REPLY", NO_TYPE, "#UNKNOWN_TYPE", "recv MALFORMED; end LOCAL"},
        {"WAIT_STOP_REPLY", "management", "#MANAGEMENT", "recv MALFORMED; end LOCAL"},
        {"WAIT_STOP_REPLY", "timer", "end LOCAL/stop", NULL},
        {"WAIT_STOP_REPLY|WAIT_STOP_VERSION", ECHORPS "|" REQUESTS "|" REPLIES, "", NULL},

        {"ESTABLISHED|ECHO|WAIT_STOP_REPLY|WAIT_STOP_VERSION", "EchoRQ", "EchoRP 1", NULL},
        {"ESTABLISHED|ECHO|WAIT_STOP_REPLY|WAIT_STOP_VERSION", "EchoRQ, reserved", "EchoRP 1; #RESERVED",
         "EchoRP 2/3; #RESERVED"},

        /* The reply to the peer's stop is leaving: nothing matters any more. */
        {"CLOSING", "abort|end of file", "end STOPPED", NULL},
        {"CLOSING", "timer", "end STOPPED/stop", NULL},

        {"CLOSED", "abort|close|dial|offer|accept|refuse", "err CLOSED", NULL},
        {"CLOSED", "timer|end of file", "", NULL},
        {"CLOSED", "*", "closed", NULL},
        {"WAIT_STOP_REPLY|WAIT_STOP_VERSION|CLOSING|CLOSING_REFUSED", "close|dial|offer|accept|refuse",
         "err CLOSED", NULL},
        {"CLOSING|CLOSING_REFUSED", "*", "", NULL},

        {"*", GARBAGE, "end MALFORMED", NULL},
        {"*", NO_TYPE, "#UNKNOWN_TYPE", "end MALFORMED"},
        {"*", "management", "#MANAGEMENT", "end MALFORMED"},
        {"*", "Length above the type's", "EchoRP 1; #LONGER", "end MALFORMED"},
        {"*", "abort", "end SEND", NULL},
        {"*", "end of file", "end EOF", NULL},
};

/* ---- states brought about ------------------------------------------------------------------------------ */

static void feed(link_side *side, uint32_t type, uint16_t version)
{
	pptp_msg m = link_msg(type);
	if (version)
		m.sccrq.protocol_version = version; /* at the same place in both */
	link_feed_msg(side, &m);
}

/* From established on; PPTP_EV_DOWN is read where it comes. */
static void bring_later(product *p, const char *state)
{
	link_side *side = &p->side;
	if (strcmp(state, "ECHO") == 0) {
		link_wait(side, 60 * SECOND);
		CHECK_EQ(link_next_msg(side, PPTP_ECHORQ).echorq.identifier, 1);
	} else if (strcmp(state, "WAIT_STOP_REPLY") == 0) {
		CHECK_EQ(pptp_conn_close(side->conn, PPTP_STOP_NONE, side->now), PPTP_OK);
		link_pump(side);
		link_next_msg(side, PPTP_STOPCCRQ);
	} else if (strcmp(state, "CLOSING") == 0) {
		side->hold_tx = 1;
		feed(side, PPTP_STOPCCRQ, 0);
	} else if (strcmp(state, "CLOSED") == 0) {
		feed(side, PPTP_STOPCCRQ, 0);
		link_next_msg(side, PPTP_STOPCCRP);
		link_next_event(side, PPTP_EV_DOWN);
	}
}

static void bring(product *p, const char *state)
{
	link_side *side = &p->side;
	if (strcmp(state, "WAIT_CTL_REPLY") == 0 || strcmp(state, "IDLE") == 0 ||
	    strcmp(state, "ASKED") == 0) {
		return;
	} else if (strcmp(state, "START_OFFERED") == 0) {
		feed(side, PPTP_SCCRQ, 0);
		link_next_event(side, PPTP_EV_START_OFFERED);
	} else if (strcmp(state, "WAIT_STOP_VERSION") == 0) {
		feed(side, PPTP_SCCRP, 0x200);
		link_skip(side);
	} else if (strcmp(state, "CLOSING_REFUSED") == 0) {
		side->hold_tx = 1;
		feed(side, PPTP_SCCRQ, 0xFF);
	} else {
		link_up(side);
		if (strcmp(state, "ESTABLISHED") == 0 || strcmp(state, "ECHO") == 0)
			product_bystanders(p);
		bring_later(p, state);
	}
}

/* ---- the walk ------------------------------------------------------------------------------------------ */

#define ROWS_MAX 100
typedef struct walk {
	const char *name;
	uint32_t role;
	const char *const *states;
	const product_row *rows;
	size_t rows_len;
} walk;

static uint8_t used[ROWS_MAX];
static uint32_t pairs, runs;

static const char *expected(const walk *w, const char *state, const char *event, int strict)
{
	product_row rows[ROWS_MAX];
	CHECK(w->rows_len + LEN(both) <= ROWS_MAX);
	memcpy(rows, w->rows, w->rows_len * sizeof(*rows));
	memcpy(rows + w->rows_len, both, sizeof(both));
	return product_expected(rows, w->rows_len + LEN(both), used, state, event, strict);
}

/* What was held leaves, if the connection is still there, and is the last thing that happens. */
static void release(product *p)
{
	pptp_conn_info info;
	p->side.hold_tx = 0;
	CHECK_EQ(pptp_conn_get_info(p->side.conn, &info, sizeof(info)), PPTP_OK);
	if (info.state == PPTP_CONN_CLOSED)
		return;
	link_pump(&p->side);
	link_next_msg(&p->side, p->side.sent_messages == 1 ? PPTP_SCCRP : PPTP_STOPCCRP);
	link_next_event(&p->side, PPTP_EV_DOWN);
}

static void try(const walk *w, const char *state, const step *s, int strict, const link_mode *mode)
{
	static const product_ids nobody = NO_CALLS;
	const char *wanted = expected(w, state, s->name, strict), *is;
	pptp_config_options o = link_options(strict);
	product p;
	memset(&p, 0, sizeof(p));
	o.max_calls = MACHINES + 1;
	o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	p.side.flags = strcmp(state, "ASKED") == 0 || strcmp(state, "START_OFFERED") == 0 ? PPTP_CONN_ASK : 0;
	link_open(&p.side, w->role, &o, mode, SECOND);
	bring(&p, state);
	product_mark(&p);
	s->act(&p, s, nobody);
	is = product_tell(&p);
	if (strcmp(is, wanted) != 0)
		check_fail(__FILE__, __LINE__, "\"%s\", wanted \"%s\"", is, wanted);
	if (p.side.hold_tx)
		release(&p);
	link_quiet(&p.side);
	link_drop(&p.side);
	runs++;
}

static void pair(const walk *w, const char *state, const step *s, int strict)
{
	size_t mode;
	for (mode = 0; mode < link_modes_len; mode++) {
		if (check_scale(2) == 1 && mode != pairs % link_modes_len)
			continue;
		check_row("%s, %s: %s (%s%s)", w->name, state, s->name, link_modes[mode].name,
		          strict ? ", strict" : "");
		try(w, state, s, strict, &link_modes[mode]);
	}
	pairs++;
}

static void walk_all(const walk *w)
{
	const char *const *state;
	size_t i;
	int strict;
	pairs = runs = 0;
	memset(used, 0, sizeof(used));
	for (state = w->states; *state; state++) {
		for (strict = 0; strict < 2; strict++) {
			for (i = 0; i < LEN(control_steps); i++)
				pair(w, *state, &control_steps[i], strict);
			for (i = 0; i < LEN(octets); i++) {
				const step s = {octets[i].name, feed_octets, (uint32_t)i, 0};
				pair(w, *state, &s, strict);
			}
		}
	}
	product_all_used(w->rows, w->rows_len, used);
	product_all_used(both, LEN(both), used + w->rows_len);
	print_message("pairs checked: %u (%s, in %u runs)\n", pairs, w->name, runs);
}

/* Shows: S-CC-06 S-CC-07 S-CC-08 C-SCCRQ-06 C-STOPRQ-02 C-STOPRQ-03 C-STOPRP-01 C-ECHO-03 C-ECHO-05 E-02 H-02
 * A-08 A-09 A-10 A-11 A-32 A-35 A-50 T-08 T-09 T-10 T-14 */
static void test_product_originator(void **state)
{
	static const char *const states[] = {"WAIT_CTL_REPLY",    "ESTABLISHED", "ECHO",   "WAIT_STOP_REPLY",
	                                     "WAIT_STOP_VERSION", "CLOSING",     "CLOSED", NULL};
	const walk w = {"originator", PPTP_ORIGINATOR, states, originator, LEN(originator)};
	(void)state;
	walk_all(&w);
}

/* Shows: S-CC-03 S-CC-04 S-COL-05 C-SCCRQ-06 C-STOPRQ-02 C-STOPRQ-03 C-STOPRP-01 C-ECHO-03 C-ECHO-05 H-02
 * A-08 A-09 A-11 A-32 A-35 A-50 T-08 T-09 T-10 T-14 */
static void test_product_receiver(void **state)
{
	static const char *const states[] = {
	        "IDLE",    "ASKED",           "START_OFFERED", "ESTABLISHED", "ECHO", "WAIT_STOP_REPLY",
	        "CLOSING", "CLOSING_REFUSED", "CLOSED",        NULL};
	const walk w = {"receiver", PPTP_RECEIVER, states, receiver, LEN(receiver)};
	(void)state;
	walk_all(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_product_originator),
	        cmocka_unit_test(test_product_receiver),
	};
	return cmocka_run_group_tests_name("conn_product_control", tests, NULL, NULL);
}
