/* conn: every state of the four kinds of call (RFC 2637 3.2.3.1 to 3.2.4.2) with everything that can happen
 * in it: the messages in their variants, for this call and for calls that are not, the requests, the timers,
 * the end of TCP. What is expected is written here from the RFC and docs/design.md, in the words of
 * product.h; other calls on the connection stay as they are. */
#include "product_step.h"

/* ---- what happens -------------------------------------------------------------------------------- */

static const product_ids own = {0x1111, 0x2222}, unknown = {0x1501, 0x2501}, foreign = {0x1401, 0x2401},
                         gone = {0x1301, 0x2301};

/* ---- what is the same for every call ------------------------------------------------------------------- */

#define STATE_RULE "#STATE", "fall PROTOCOL; #STATE" /* not legal in this state */
#define ROLE_RULE  "#ROLE", "fall PROTOCOL; #ROLE"   /* of the other end of a call, or of another kind */

#define NOBODYS                                                                                              \
	"OCRP 1, nobody|OCRP 4, nobody|ICRP 1, nobody|ICRP 3, nobody|ICCN, nobody|CCRQ, nobody|WEN, "        \
	"nobody|SLI, "                                                                                       \
	"nobody|CDN 1, nobody|CDN 0, nobody"
#define ALL_OCRP "OCRP 1|OCRP 4|OCRP 0|OCRP 0 without an id|OCRP 9|OCRP 1, another's id"
#define ALL_ICRP "ICRP 1|ICRP 3|ICRP 0|ICRP 9|ICRP 1, another's id"
#define ALL_ICCN "ICCN|ICCN, framing 3"
#define ALL_CDN  "CDN 1|CDN 0"

static const product_row every_call[] = {
        {"*", NOBODYS, "#UNKNOWN_CALL", NULL}, /* 4.8 to 4.15: log, ignore */
        {"*", "OCRQ, nobody|ICRQ, nobody", "offered", NULL},
        {"*", "CCRQ, our id", "#UNKNOWN_CALL", NULL},       /* 4.12: the PNS's own id */
        {"*", "SCCRQ|SCCRQ, old", "SCCRP 3; #STATE", NULL}, /* 5.2 */
        {"*", "SCCRP 1|SCCRP 4|StopCCRP 1|StopCCRP 2", STATE_RULE},
        {"*", "StopCCRQ 1|StopCCRQ 0", "StopCCRP 1; fall STOPPED", NULL},
        {"*", "EchoRQ", "EchoRP 1", NULL},
        {"*", "EchoRP", "#ECHO_MISMATCH", NULL},
        {"*", "close", "StopCCRQ 3; down LOCAL; =>WAIT_STOP_REPLY", NULL},
        {"*", "abort", "fall SEND", NULL},
        {"*", "end of file", "fall EOF", NULL},
        {"*", "start accept|start refuse", "err STATE", NULL},
        {"*", "idle timer", "EchoRQ", NULL},
        {"*", "echo timer", "EchoRQ; fall TIMEOUT/echo", NULL},
        {"*", "user", "", NULL},
        {"*", "dial", "OCRQ", NULL},
        {"*", "offer", "ICRQ", NULL},
        {"OFFERED", "dial, same id", "OCRQ", NULL}, /* a provisional id makes room */
        {"OFFERED", "offer, same id", "ICRQ", NULL},
        {"*", "dial, same id|offer, same id", "err ARG", NULL},
};

/* A call that has ended, and whose host has not polled its end: no message is taken before it does. */
#define MESSAGES_OF_ALL                                                                                      \
	ALL_OCRP                                                                                             \
	"|" ALL_ICRP "|" ALL_ICCN "|" ALL_CDN "|" NOBODYS                                                    \
	"|OCRQ|ICRQ|CCRQ|WEN|SLI|CCRQ, our id|CDN 4, our id|OCRQ, nobody|ICRQ, nobody|SCCRQ|SCCRQ, "         \
	"old|SCCRP 1|SCCRP 4|StopCCRQ 1|StopCCRQ 0|StopCCRP 1|StopCCRP 2|EchoRQ|EchoRP"

static const product_row ended_call[] = {
        {"ENDED", MESSAGES_OF_ALL, "held", NULL},
        {"ENDED", "accept|reject 2|reject 3|connected|link info|WAN errors|statistics", "err STALE", NULL},
        {"ENDED", "clear 3|clear 2/6|its timer|user", "", NULL},
        {"ENDED", "dial|dial, same id", "OCRQ", NULL}, /* its id is free */
        {"ENDED", "offer|offer, same id", "ICRQ", NULL},
        {"ENDED", "start accept|start refuse", "err STATE", NULL},
        {"ENDED", "close", "StopCCRQ 3; =>WAIT_STOP_REPLY", NULL},
        {"ENDED", "abort|end of file", "", NULL}, /* its event, and the connection's, wait */
        {"ENDED", "idle timer", "EchoRQ", NULL},
        {"ENDED", "echo timer", "EchoRQ", NULL},
};

#define ALL_UP "ESTABLISHED|WAN|WAN_WAITS" /* of a PAC */

/* ---- 7.1: the PAC of an incoming call ------------------------------------------------------------------ */

static const char *const pac_incoming_states[] = {"WAIT_REPLY", "ANSWERING", "ESTABLISHED", "WAN",
                                                  "WAN_WAITS",  "ENDED",     NULL};

static const product_row pac_incoming[] = {
        /* Until its Incoming-Call-Reply no id of the PNS's is known, so none can be meant. */
        {"WAIT_REPLY", "ICRP 1", "answer; ->ANSWERING", NULL},
        {"WAIT_REPLY", "ICRP 3|ICRP 0|ICRP 9", "down REFUSED", NULL},
        {"WAIT_REPLY", "ICRP 1, another's id", "CDN 2/5; down PROTOCOL; #BAD_CALL_ID", NULL},
        {"WAIT_REPLY", "OCRQ|ICRQ", "offered", NULL},
        {"WAIT_REPLY", "CCRQ|" ALL_CDN, "#UNKNOWN_CALL", NULL},
        {"WAIT_REPLY", "SLI", STATE_RULE},
        {"WAIT_REPLY", "connected", "err STATE", NULL},
        {"WAIT_REPLY", "its timer", "CDN 2/6; down TIMEOUT/offer", "fall TIMEOUT/offer"},

        {"ANSWERING", "connected", "ICCN; up; ->ESTABLISHED", NULL},
        {"ANSWERING", "its timer", "CDN 2/6; down TIMEOUT/connect", "fall TIMEOUT/connect"},

        {ALL_UP, "connected", "err STATE", NULL},
        {"ESTABLISHED", "WAN errors", "WEN", NULL},
        {"WAN|WAN_WAITS", "WAN errors", "", NULL}, /* once an interval */
        {"WAN_WAITS", "its timer", "WEN", NULL},
        {"ESTABLISHED|WAN", "its timer", "", NULL},

        {"ANSWERING|" ALL_UP, ALL_ICRP, STATE_RULE},
        {"ANSWERING|" ALL_UP, "OCRQ", "OCRP 2/5; #BAD_CALL_ID", NULL}, /* the id is in use */
        {"ANSWERING|" ALL_UP, "ICRQ", "ICRP 2/5; #BAD_CALL_ID", NULL},
        {"ANSWERING|" ALL_UP, "CCRQ", "CDN 4; down PEER", NULL},
        {"ANSWERING|" ALL_UP, ALL_CDN, "down PEER; #ROLE", "fall PROTOCOL; #ROLE"},
        {"ANSWERING|" ALL_UP, "SLI", "link", NULL},

        {"*", ALL_OCRP "|" ALL_ICCN "|WEN", ROLE_RULE},
        {"*", "CDN 4, our id", "#UNKNOWN_CALL", NULL},
        {"*", "clear 3", "CDN 3; down LOCAL", NULL},
        {"*", "clear 2/6", "CDN 2/6; down LOCAL", NULL},
        {"*", "statistics", "", NULL},
        {"*", "accept|reject 2|reject 3|link info|WAN errors", "err STATE", NULL},
};

/* ---- 7.2: the PNS of an incoming call ------------------------------------------------------------------ */

static const char *const pns_incoming_states[] = {"OFFERED",         "WAIT_CONNECT", "ESTABLISHED",
                                                  "WAIT_DISCONNECT", "ENDED",        NULL};

static const product_row pns_incoming[] = {
        {"OFFERED", "accept", "ICRP 1; ->WAIT_CONNECT", NULL},
        {"OFFERED", "reject 2", "ICRP 2; down REFUSED", NULL},
        {"OFFERED", "reject 3", "ICRP 3; down REFUSED", NULL},
        {"OFFERED", "clear 3|clear 2/6", "ICRP 3; down LOCAL", NULL},
        {"OFFERED", "its timer", "ICRP 2/4; down TIMEOUT/answer", NULL},
        {"OFFERED", ALL_ICCN "|WEN", STATE_RULE},

        {"WAIT_CONNECT", "ICCN", "up; ->ESTABLISHED", NULL},
        {"WAIT_CONNECT", "ICCN, framing 3", "up; ->ESTABLISHED; #BAD_VALUE", NULL},
        {"WAIT_CONNECT", "WEN", STATE_RULE},
        {"WAIT_CONNECT", "its timer", "CCRQ; ->WAIT_DISCONNECT", "fall TIMEOUT/connect"},

        {"ESTABLISHED", ALL_ICCN, STATE_RULE},
        {"ESTABLISHED", "WEN", "wan", NULL},
        {"ESTABLISHED", "link info", "SLI", NULL},
        {"ESTABLISHED", "its timer", "", NULL},

        {"WAIT_CONNECT|ESTABLISHED", "clear 3|clear 2/6", "CCRQ; ->WAIT_DISCONNECT", NULL},

        /* What crossed our Call-Clear-Request is never an error. */
        {"WAIT_DISCONNECT", ALL_ICCN "|WEN|clear 3|clear 2/6", "", NULL},
        {"WAIT_DISCONNECT", ALL_CDN, "down LOCAL", NULL},
        {"WAIT_DISCONNECT", "CDN 4, our id", "down LOCAL; #CDN_CALL_ID", "#UNKNOWN_CALL"},
        {"WAIT_DISCONNECT", "CCRQ", "CDN 4; down LOCAL; #ROLE", "fall PROTOCOL; #ROLE"},
        {"WAIT_DISCONNECT", "its timer", "down LOCAL/clear", "fall TIMEOUT/clear"},

        {"*", "OCRQ", "OCRP 2/5; #BAD_CALL_ID", NULL},
        {"*", "ICRQ", "ICRP 2/5; #BAD_CALL_ID", NULL},
        {"*", ALL_CDN, "down PEER", NULL},
        {"*", "CDN 4, our id", "down PEER; #CDN_CALL_ID", "#UNKNOWN_CALL"},
        {"*", "CCRQ", "CDN 4; down PEER; #ROLE", "fall PROTOCOL; #ROLE"},
        {"*", ALL_OCRP "|" ALL_ICRP "|SLI", ROLE_RULE},
        {"*", "accept|reject 2|reject 3|connected|link info|WAN errors|statistics", "err STATE", NULL},
};

/* ---- 7.3: the PAC of an outgoing call ------------------------------------------------------------------ */

static const char *const pac_outgoing_states[] = {"OFFERED",   "ESTABLISHED", "WAN",
                                                  "WAN_WAITS", "ENDED",       NULL};

static const product_row pac_outgoing[] = {
        {"OFFERED", "accept", "OCRP 1; up; ->ESTABLISHED", NULL},
        {"OFFERED", "reject 2", "OCRP 2; down REFUSED", NULL},
        {"OFFERED", "reject 3", "OCRP 3; down REFUSED", NULL},
        {"OFFERED", "clear 3|clear 2/6", "OCRP 7; down LOCAL", NULL},
        {"OFFERED", "WAN errors", "err STATE", NULL},
        {"OFFERED", "its timer", "OCRP 6; down TIMEOUT/answer", NULL},

        {ALL_UP, "accept|reject 2|reject 3", "err STATE", NULL},
        {ALL_UP, "clear 3", "CDN 3; down LOCAL", NULL},
        {ALL_UP, "clear 2/6", "CDN 2/6; down LOCAL", NULL},
        {"ESTABLISHED", "WAN errors", "WEN", NULL},
        {"WAN|WAN_WAITS", "WAN errors", "", NULL}, /* once an interval */
        {"WAN_WAITS", "its timer", "WEN", NULL},
        {"ESTABLISHED|WAN", "its timer", "", NULL},

        {"*", "OCRQ", "OCRP 2/5; #BAD_CALL_ID", NULL},
        {"*", "ICRQ", "ICRP 2/5; #BAD_CALL_ID", NULL},
        {"*", "CCRQ", "CDN 4; down PEER", NULL}, /* and no Outgoing-Call-Reply */
        {"*", ALL_CDN, "down PEER; #ROLE", "fall PROTOCOL; #ROLE"},
        {"*", "CDN 4, our id", "#UNKNOWN_CALL", NULL},
        {"*", "SLI", "link", NULL},
        {"*", ALL_OCRP "|" ALL_ICRP "|" ALL_ICCN "|WEN", ROLE_RULE},
        {"*", "statistics", "", NULL},
        {"*", "connected|link info", "err STATE", NULL},
};

/* ---- 7.4: the PNS of an outgoing call ------------------------------------------------------------------ */

static const char *const pns_outgoing_states[] = {"WAIT_REPLY", "ESTABLISHED", "WAIT_DISCONNECT",
                                                  "UNLEARNT",   "ENDED",       NULL};

static const product_row pns_outgoing[] = {
        /* The PAC's id is known from its Outgoing-Call-Reply on. */
        {"WAIT_REPLY", "OCRP 1", "up; ->ESTABLISHED", NULL},
        {"WAIT_REPLY", "OCRP 0", "up; ->ESTABLISHED; #RESULT_0", "down REFUSED"},
        {"WAIT_REPLY", "OCRP 4|OCRP 9|OCRP 0 without an id", "down REFUSED", NULL},
        {"WAIT_REPLY", "OCRP 1, another's id", "CCRQ; ->WAIT_DISCONNECT; #BAD_CALL_ID", NULL},
        {"WAIT_REPLY", ALL_CDN, "#UNKNOWN_CALL", NULL},
        {"WAIT_REPLY", "WEN", STATE_RULE},
        {"WAIT_REPLY", "its timer", "CCRQ; ->WAIT_DISCONNECT", "fall TIMEOUT/dial"},

        {"ESTABLISHED", ALL_OCRP, STATE_RULE},
        {"ESTABLISHED", "WEN", "wan", NULL},
        {"ESTABLISHED", "link info", "SLI", NULL},
        {"ESTABLISHED", "its timer", "", NULL},
        {"ESTABLISHED", ALL_CDN, "down PEER", NULL},
        {"ESTABLISHED", "CCRQ", "CDN 4; down PEER; #ROLE", "fall PROTOCOL; #ROLE"},

        {"WAIT_REPLY|ESTABLISHED", "CDN 4, our id", "down PEER; #CDN_CALL_ID", "#UNKNOWN_CALL"},
        {"WAIT_REPLY|ESTABLISHED", "clear 3|clear 2/6", "CCRQ; ->WAIT_DISCONNECT", NULL},

        /* Crossed: the PAC's id is remembered; a refusal says that there is no call any more. */
        {"WAIT_DISCONNECT|UNLEARNT", "OCRP 1|OCRP 1, another's id", "", NULL},
        {"WAIT_DISCONNECT|UNLEARNT", "OCRP 0", "#RESULT_0", "down LOCAL"},
        {"WAIT_DISCONNECT|UNLEARNT", "OCRP 4|OCRP 9|OCRP 0 without an id", "down LOCAL", NULL},
        {"WAIT_DISCONNECT|UNLEARNT", "WEN|clear 3|clear 2/6", "", NULL},
        {"WAIT_DISCONNECT", ALL_CDN, "down LOCAL", NULL},
        {"UNLEARNT", ALL_CDN "|CDN 1, nobody|CDN 0, nobody", "down LOCAL; #CDN_CALL_ID", "#UNKNOWN_CALL"},
        {"WAIT_DISCONNECT|UNLEARNT", "CDN 4, our id", "down LOCAL; #CDN_CALL_ID", "#UNKNOWN_CALL"},
        {"WAIT_DISCONNECT", "CCRQ", "CDN 4; down LOCAL; #ROLE", "fall PROTOCOL; #ROLE"},
        {"WAIT_DISCONNECT|UNLEARNT", "its timer", "down LOCAL/clear", "fall TIMEOUT/clear"},

        {"WAIT_REPLY|UNLEARNT", "OCRQ|ICRQ", "offered", NULL},
        {"WAIT_REPLY|UNLEARNT", "CCRQ", "#UNKNOWN_CALL", NULL},
        {"ESTABLISHED|WAIT_DISCONNECT", "OCRQ", "OCRP 2/5; #BAD_CALL_ID", NULL},
        {"ESTABLISHED|WAIT_DISCONNECT", "ICRQ", "ICRP 2/5; #BAD_CALL_ID", NULL},
        {"*", ALL_ICRP "|" ALL_ICCN "|SLI", ROLE_RULE},
        {"*", "accept|reject 2|reject 3|connected|link info|WAN errors|statistics", "err STATE", NULL},
};

/* ---- the walk ------------------------------------------------------------------------------------------ */

static const struct machine {
	const char *name;
	const char *const *states;
	const product_row *rows;
	size_t rows_len;
} machines[] = {
        {"PAC, outgoing", pac_outgoing_states, pac_outgoing, LEN(pac_outgoing)},
        {"PNS, outgoing", pns_outgoing_states, pns_outgoing, LEN(pns_outgoing)},
        {"PAC, incoming", pac_incoming_states, pac_incoming, LEN(pac_incoming)},
        {"PNS, incoming", pns_incoming_states, pns_incoming, LEN(pns_incoming)},
};

#define ROWS_MAX 80
static uint32_t pairs, runs;

typedef struct walk {
	int machine, strict;
	const char *state;
	uint8_t used[ROWS_MAX]; /* rows of all three tables */
} walk;

static const char *expected(walk *w, const char *name)
{
	product_row rows[ROWS_MAX];
	const struct machine *m = &machines[w->machine];
	size_t len = 0;
	CHECK(LEN(ended_call) + m->rows_len + LEN(every_call) <= ROWS_MAX);
	memcpy(rows, ended_call, sizeof(ended_call));
	len += LEN(ended_call);
	memcpy(rows + len, m->rows, m->rows_len * sizeof(*rows));
	len += m->rows_len;
	memcpy(rows + len, every_call, sizeof(every_call));
	len += LEN(every_call);
	return product_expected(rows, len, w->used, w->state, name, w->strict);
}

static void open_side(link_side *side, const walk *w, uint32_t role, const step *s, const link_mode *mode)
{
	pptp_config_options o = link_options(w->strict);
	memset(side, 0, sizeof(*side));
	o.max_calls = MACHINES + 4;
	o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	o.line_statistics = 1;
	o.wan_error_interval_us = 200 * SECOND;
	if (s && s->what == WAIT && s->code != 0) /* a timer of the connection's */
		o.dial_timeout_us = o.answer_timeout_us = o.clear_timeout_us = o.offer_timeout_us =
		        o.connect_timeout_us = 0;
	else
		o.idle_timeout_us = 0;
	link_open(side, role, &o, mode, SECOND);
	link_up(side);
}

/* The end that was held is the next event; an end of the connection follows the calls'. */
static void release(product *p)
{
	const pptp_event *e;
	pptp_conn_info info;
	p->side.hold_poll = 0;
	link_pump(&p->side);
	e = link_next_event(&p->side, PPTP_EV_CALL_DOWN);
	CHECK_EQ(e->call, p->call);
	CHECK_EQ(e->reason, p->cause);
	CHECK_EQ(pptp_conn_get_info(p->side.conn, &info, sizeof(info)), PPTP_OK);
	CHECK_EQ(p->side.down, info.state == PPTP_CONN_CLOSED);
}

/* The state comes about, the step is done, and what it did is compared. */
static void try(walk *w, const step *s, const product_ids *ids, const char *name, uint32_t role,
                const link_mode *mode)
{
	const char *wanted = expected(w, name), *is;
	product p;
	memset(&p, 0, sizeof(p));
	open_side(&p.side, w, role, s, mode);
	product_bring(&p.side, w->machine, "GONE", gone);
	product_bystanders(&p);
	p.ids = own;
	p.call = product_bring(&p.side, w->machine, w->state, own);
	product_mark(&p);
	s->act(&p, s, ids ? *ids : p.ids); /* a mark learns a provisional id */
	is = product_tell(&p);
	if (strcmp(is, wanted) != 0)
		check_fail(__FILE__, __LINE__, "\"%s\", wanted \"%s\"", is, wanted);
	if (p.side.hold_poll)
		release(&p);
	link_drop(&p.side);
	runs++;
}

/* One pair of a state and an event, driven in every way, at both ends of the connection. */
static void pair(walk *w, const step *s, const product_ids *ids, const char *name)
{
	size_t mode;
	uint32_t role;
	int held = strcmp(w->state, "ENDED") == 0; /* push mode holds no event */
	for (role = PPTP_ORIGINATOR; role <= PPTP_RECEIVER; role++) {
		for (mode = 0; mode < link_modes_len; mode++) {
			if ((held && link_modes[mode].push) ||
			    (check_scale(2) == 1 && mode != pairs % link_modes_len))
				continue;
			check_row("%s, %s: %s (%s, %s%s)", machines[w->machine].name, w->state, name,
			          link_modes[mode].name, role == PPTP_ORIGINATOR ? "originator" : "receiver",
			          w->strict ? ", strict" : "");
			try(w, s, ids, name, role, &link_modes[mode]);
		}
	}
	pairs++;
}

static void walk_state(walk *w)
{
	static const product_ids *const nobodys[] = {&unknown, &foreign, &gone};
	size_t i, k;
	for (i = 0; i < step_call_messages_len; i++) {
		char name[40];
		pair(w, &step_call_messages[i], NULL, step_call_messages[i].name);
		snprintf(name, sizeof(name), "%s, nobody", step_call_messages[i].name);
		for (k = 0; k < LEN(nobodys); k++)
			pair(w, &step_call_messages[i], nobodys[k], name);
	}
	for (i = 0; i < steps_len; i++)
		pair(w, &steps[i], NULL, steps[i].name);
}

/* Both profiles; another connection, with a call of the ids that are foreign here, sees nothing of it. */
static void walk_machine(int machine)
{
	const struct machine *m = &machines[machine];
	uint8_t used[ROWS_MAX] = {0};
	const char *const *state;
	size_t i;
	pairs = runs = 0;
	for (i = 0; i < 2; i++) {
		walk w = {machine, (int)i, NULL, {0}};
		link_side other;
		pptp_call call;
		pptp_call_info info;
		open_side(&other, &w, PPTP_RECEIVER, NULL, NULL);
		call = product_bring(&other, machine, "ESTABLISHED", foreign);
		for (state = m->states; *state; state++) {
			w.state = *state;
			walk_state(&w);
		}
		link_pump(&other);
		link_quiet(&other);
		CHECK_EQ(pptp_call_get_info(other.conn, call, &info, sizeof(info)), PPTP_OK);
		CHECK_EQ(info.state, PPTP_CALL_ESTABLISHED);
		link_drop(&other);
		for (i = 0; i < ROWS_MAX; i++)
			used[i] |= w.used[i];
		i = (size_t)w.strict;
	}
	check_row("%s", m->name);
	product_all_used(m->rows, m->rows_len, used + LEN(ended_call));
	print_message("pairs checked: %u (%s, in %u runs)\n", pairs, m->name, runs);
}

/* Shows: C-CCRQ-01 C-CCRQ-02 C-CCRQ-03 C-CDN-01 C-CDN-02 C-OCRQ-01 C-SLI-01 H-03 A-03 A-06 A-14 A-34 A-46
 * */
static void test_product_pac_outgoing(void **state)
{
	(void)state;
	walk_machine(PAC_OUTGOING);
}

/* Shows: C-CDN-02 C-CDN-03 C-CDN-04 C-WEN-03 C-WEN-04 H-03 A-02 A-03 A-06 A-34 T-09 X-05 */
static void test_product_pns_outgoing(void **state)
{
	(void)state;
	walk_machine(PNS_OUTGOING);
}

/* Shows: C-ICRQ-02 C-ICRP-03 C-ICCN-01 C-CCRQ-01 C-CCRQ-02 C-CDN-01 C-SLI-01 H-03 A-03 A-06 A-34 A-49 X-05 */
static void test_product_pac_incoming(void **state)
{
	(void)state;
	walk_machine(PAC_INCOMING);
}

/* Shows: C-ICRP-01 C-ICCN-02 C-CDN-02 C-CDN-03 C-WEN-03 C-WEN-04 H-03 A-02 A-03 A-06 A-12 A-34 T-09 X-05 */
static void test_product_pns_incoming(void **state)
{
	(void)state;
	walk_machine(PNS_INCOMING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_product_pac_outgoing),
	        cmocka_unit_test(test_product_pns_outgoing),
	        cmocka_unit_test(test_product_pac_incoming),
	        cmocka_unit_test(test_product_pns_incoming),
	};
	return cmocka_run_group_tests_name("conn_product", tests, NULL, NULL);
}
