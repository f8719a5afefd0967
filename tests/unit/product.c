#include "product.h"

static const char *const short_names[] = {"?",      "SCCRQ", "SCCRP", "StopCCRQ", "StopCCRP", "EchoRQ",
                                          "EchoRP", "OCRQ",  "OCRP",  "ICRQ",     "ICRP",     "ICCN",
                                          "CCRQ",   "CDN",   "WEN",   "SLI"};
static const char *const conn_states[] = {
        "?",       "IDLE",  "START_OFFERED", "WAIT_CTL_REPLY", "ESTABLISHED", "WAIT_STOP_REPLY",
        "CLOSING", "CLOSED"};
static const char *const call_states[] = {"?",         "OFFERED",     "WAIT_REPLY",      "WAIT_CONNECT",
                                          "ANSWERING", "ESTABLISHED", "WAIT_DISCONNECT", "ENDED"};
static const char *const counters[] = {
        "RX_MESSAGES", "TX_MESSAGES",   "UNKNOWN_TYPE", "MANAGEMENT",  "LONGER",    "RESERVED",
        "RESULT_0",    "ECHO_MISMATCH", "ROLE",         "CDN_CALL_ID", "STATE",     "UNKNOWN_CALL",
        "BAD_VALUE",   "NO_RESOURCE",   "BAD_CALL_ID",  "NOT_TAKEN",   "HALF_OPEN", "ECHO_COALESCED",
};

/* ---- expectations ---------------------------------------------------------------------------------- */

int product_listed(const char *list, const char *name)
{
	size_t len = strlen(name);
	if (strcmp(list, "*") == 0)
		return 1;
	for (;;) {
		const char *end = strchr(list, '|');
		if ((end ? (size_t)(end - list) : strlen(list)) == len && memcmp(list, name, len) == 0)
			return 1;
		if (!end)
			return 0;
		list = end + 1;
	}
}

const char *product_expected(const product_row *rows, size_t len, uint8_t *used, const char *state,
                             const char *event, int strict)
{
	size_t i;
	for (i = 0; i < len; i++) {
		if (product_listed(rows[i].states, state) && product_listed(rows[i].events, event)) {
			used[i] = 1;
			return strict && rows[i].strict ? rows[i].strict : rows[i].usual;
		}
	}
	check_fail(__FILE__, __LINE__, "%s in %s has no expectation", event, state);
	return NULL;
}

void product_all_used(const product_row *rows, size_t len, const uint8_t *used)
{
	size_t i;
	for (i = 0; i < len; i++) {
		if (!used[i])
			check_fail(__FILE__, __LINE__, "row {%s, %s} is never reached", rows[i].states,
			           rows[i].events);
	}
}

/* ---- a step -------------------------------------------------------------------------------------------- */

/* The state of a call, 0 when it is gone. */
static uint32_t state_of(const product *p, pptp_call call, pptp_call_info *ret)
{
	pptp_err err = pptp_call_get_info(p->side.conn, call, ret, sizeof(*ret));
	if (err == PPTP_ERR_STALE)
		return 0;
	CHECK_EQ(err, PPTP_OK);
	return ret->state;
}

static pptp_conn_info conn_info(const product *p)
{
	pptp_conn_info info;
	CHECK_EQ(pptp_conn_get_info(p->side.conn, &info, sizeof(info)), PPTP_OK);
	return info;
}

void product_mark(product *p)
{
	pptp_call_info info;
	uint32_t i;
	link_skip(&p->side);
	p->conn_state = conn_info(p).state;
	p->call_state = 0;
	p->cause = PPTP_OK;
	if (p->call) {
		p->call_state = state_of(p, p->call, &info);
		CHECK(p->call_state != 0);
		p->cause = info.reason;
		p->ids.local = info.local_call_id;
	}
	for (i = 0; i < MACHINES; i++) {
		if (p->bystanders[i])
			CHECK_EQ(state_of(p, p->bystanders[i], &p->bystanders_before[i]),
			         PPTP_CALL_ESTABLISHED);
	}
	for (i = 0; i < PPTP_CONN_COUNTS; i++)
		p->counts[i] = pptp_conn_count(p->side.conn, i);
	p->side.recv_result = 0;
	p->result = PPTP_OK;
	p->fed = 0;
	p->asked = 0;
	p->held = 0;
	p->text[0] = 0;
}

void product_feed(product *p, const pptp_msg *msg)
{
	uint8_t data[PPTP_MSG_MAX_OCTETS];
	pptp_ssize len = pptp_msg_encode(msg, data, sizeof(data));
	CHECK(len > 0);
	p->asked = msg->ocrq.call_id;
	p->echo = msg->echorq.identifier;
	product_octets(p, data, (size_t)len);
	p->fed = msg->header.control_message_type;
}

void product_octets(product *p, const uint8_t *data, size_t len)
{
	size_t used = link_feed(&p->side, data, len);
	p->held = used == 0 && p->side.recv_result == 0;
}

void product_request(product *p, pptp_err result)
{
	p->result = result;
	link_pump(&p->side);
}

/* ---- in words ------------------------------------------------------------------------------------------ */

static void tell(product *p, const char *format, ...) CHECK_PRINTF(2);
static void tell(product *p, const char *format, ...)
{
	size_t len = strlen(p->text);
	va_list args;
	if (len)
		len += (size_t)snprintf(p->text + len, sizeof(p->text) - len, "; ");
	va_start(args, format);
	vsnprintf(p->text + len, sizeof(p->text) - len, format, args);
	va_end(args);
}

static void tell_codes(product *p, uint32_t type, uint8_t result, uint8_t error)
{
	if (error)
		tell(p, "%s %u/%u", short_names[type], result, error);
	else
		tell(p, "%s %u", short_names[type], result);
}

/* A reply to a request: whose it is, and no id of ours in a refusal. */
static void check_reply_ids(const product *p, uint16_t call_id, uint16_t peer_call_id, uint8_t result)
{
	CHECK_EQ(peer_call_id, p->fed == PPTP_OCRQ || p->fed == PPTP_ICRQ ? p->asked : p->ids.peer);
	CHECK_EQ(call_id, result == 1 ? p->ids.local : 0);
}

static void tell_message(product *p, const pptp_msg *m)
{
	uint32_t type = m->header.control_message_type;
	switch (type) {
	case PPTP_SCCRP:
		tell_codes(p, type, m->sccrp.result_code, m->sccrp.error_code);
		return;
	case PPTP_STOPCCRQ:
		tell_codes(p, type, m->stopccrq.reason, 0);
		return;
	case PPTP_STOPCCRP:
		tell_codes(p, type, m->stopccrp.result_code, m->stopccrp.error_code);
		return;
	case PPTP_ECHORP:
		CHECK_EQ(m->echorp.identifier, p->echo);
		tell_codes(p, type, m->echorp.result_code, m->echorp.error_code);
		return;
	case PPTP_OCRP:
		if (p->call || p->fed == PPTP_OCRQ || p->fed == PPTP_ICRQ)
			check_reply_ids(p, m->ocrp.call_id, m->ocrp.peer_call_id, m->ocrp.result_code);
		tell_codes(p, type, m->ocrp.result_code, m->ocrp.error_code);
		return;
	case PPTP_ICRP:
		if (p->call || p->fed == PPTP_OCRQ || p->fed == PPTP_ICRQ)
			check_reply_ids(p, m->icrp.call_id, m->icrp.peer_call_id, m->icrp.result_code);
		tell_codes(p, type, m->icrp.result_code, m->icrp.error_code);
		return;
	case PPTP_ICCN:
		CHECK_EQ(m->iccn.peer_call_id, p->ids.peer);
		break;
	case PPTP_CCRQ:
		CHECK_EQ(m->ccrq.call_id, p->ids.local);
		break;
	case PPTP_CDN:
		CHECK_EQ(m->cdn.call_id, p->ids.local);
		tell_codes(p, type, m->cdn.result_code, m->cdn.error_code);
		return;
	case PPTP_WEN:
		CHECK_EQ(m->wen.peer_call_id, p->ids.peer);
		break;
	case PPTP_SLI:
		CHECK_EQ(m->sli.peer_call_id, p->ids.peer);
		break;
	default:
		break;
	}
	tell(p, "%s", short_names[type]);
}

static void tell_end(product *p, const char *word, const pptp_event *e)
{
	if (e->timer)
		tell(p, "%s %s/%s", word, pptp_err_name(e->reason), pptp_timer_name(e->timer));
	else
		tell(p, "%s %s", word, pptp_err_name(e->reason));
}

static int is_bystander(const product *p, pptp_call call)
{
	int i;
	for (i = 0; i < MACHINES; i++) {
		if (p->bystanders[i] == call)
			return 1;
	}
	return 0;
}

/* What an event of the call under test must know of it. */
static void check_call_event(const product *p, const pptp_event *e)
{
	CHECK_EQ(e->local_call_id, p->ids.local);
	if (e->peer_call_id)
		CHECK(e->peer_call_id == p->ids.peer || p->fed == PPTP_OCRP || p->fed == PPTP_ICRP);
	if (e->msg)
		CHECK_EQ(e->message_type, p->fed);
}

static void tell_call_event(product *p, const pptp_event *e)
{
	static const char *const names[] = {"?",   "?", "?", "offered again", "up", "?", "link",
	                                    "wan", "?", "?", "answer"};
	if (e->call != p->call) {
		tell(p, "%s", e->type == PPTP_EV_CALL_OFFERED ? "offered" : "another call's event");
		return;
	}
	check_call_event(p, e);
	if (e->type == PPTP_EV_CALL_DOWN)
		tell_end(p, "down", e);
	else
		tell(p, "%s", names[e->type]);
}

/* The events of the step, but for what falls with the connection. */
static void tell_events(product *p, const pptp_event *conn_down)
{
	const pptp_event *fallen = NULL;
	size_t i;
	for (i = p->side.events_read; i < p->side.events_len; i++) {
		const pptp_event *e = &p->side.events[i].event;
		if (e->type == PPTP_EV_CALL_DOWN && conn_down && e->call == p->call &&
		    e->reason == (p->cause ? p->cause : conn_down->reason) &&
		    (p->cause || e->timer == conn_down->timer))
			fallen = e;
		else if (e->type == PPTP_EV_CALL_DOWN && is_bystander(p, e->call))
			CHECK_EQ(e->reason, conn_down ? conn_down->reason : PPTP_ERR_LOCAL);
		else if (e->type == PPTP_EV_UP)
			tell(p, "UP");
		else if (e->type == PPTP_EV_WRITABLE)
			tell(p, "WRITABLE");
		else if (e->type == PPTP_EV_START_OFFERED)
			tell(p, "START");
		else if (e->type != PPTP_EV_DOWN)
			tell_call_event(p, e);
	}
	if (fallen)
		check_call_event(p, fallen);
	if (conn_down)
		tell_end(p, fallen ? "fall" : "end", conn_down);
	if (conn_down &&
	    (conn_down->reason == PPTP_ERR_PROTOCOL || conn_down->reason == PPTP_ERR_MALFORMED) && p->fed) {
		CHECK_EQ(p->side.recv_result, conn_down->reason);
		CHECK_EQ(conn_down->message_type, p->fed);
	}
}

static void check_bystanders(const product *p)
{
	int i;
	for (i = 0; i < MACHINES; i++) {
		pptp_call_info info;
		if (!p->bystanders[i])
			continue;
		CHECK_EQ(state_of(p, p->bystanders[i], &info), PPTP_CALL_ESTABLISHED);
		if (memcmp(&info, &p->bystanders_before[i], sizeof(info)) != 0)
			CHECK_OCTETS(&info, &p->bystanders_before[i], sizeof(info));
	}
}

static void tell_states(product *p, int call_was_told)
{
	pptp_call_info info;
	uint32_t now = conn_info(p).state, call_now = p->call ? state_of(p, p->call, &info) : 0;
	if (call_now != p->call_state && call_now != 0)
		tell(p, "->%s", call_states[call_now]);
	CHECK_EQ(call_now == 0, p->call == PPTP_CALL_NONE || call_was_told);
	if (now != p->conn_state && now != PPTP_CONN_CLOSED)
		tell(p, "=>%s", conn_states[now]);
	if (now == PPTP_CONN_ESTABLISHED)
		check_bystanders(p);
	if (!p->side.hold_poll)
		CHECK_EQ(now == PPTP_CONN_CLOSED, p->side.down);
}

static void tell_counts(product *p)
{
	uint32_t i;
	for (i = PPTP_COUNT_UNKNOWN_TYPE; i < PPTP_CONN_COUNTS; i++) {
		uint32_t more = pptp_conn_count(p->side.conn, i) - p->counts[i];
		if (more == 1)
			tell(p, "#%s", counters[i]);
		else if (more > 1)
			tell(p, "#%s %u", counters[i], more);
	}
}

const char *product_tell(product *p)
{
	const pptp_event *conn_down = NULL;
	int call_down = 0;
	size_t i;
	if (p->result)
		tell(p, "err %s", pptp_err_name(p->result));
	if (p->side.recv_result == PPTP_ERR_CLOSED)
		tell(p, "closed");
	else if (p->held)
		tell(p, "held");
	while (p->side.sent_read < p->side.sent_len) {
		pptp_msg m;
		pptp_ssize n = pptp_msg_decode(p->side.sent + p->side.sent_read,
		                               p->side.sent_len - p->side.sent_read, 0, &m, NULL);
		CHECK(n > 0);
		p->side.sent_read += (size_t)n;
		tell_message(p, &m);
	}
	for (i = p->side.events_read; i < p->side.events_len; i++) {
		const pptp_event *e = &p->side.events[i].event;
		if (e->type == PPTP_EV_DOWN)
			conn_down = e;
		call_down |= e->type == PPTP_EV_CALL_DOWN && e->call == p->call;
	}
	if (p->side.recv_result && conn_down && conn_down->reason != p->side.recv_result)
		tell(p, "recv %s", pptp_err_name((pptp_err)p->side.recv_result));
	tell_events(p, conn_down);
	tell_states(p, call_down);
	tell_counts(p);
	link_skip(&p->side);
	return p->text;
}
