#include "product_step.h"

/* ---- messages ---------------------------------------------------------------------------------------- */

static void set_call_ids(pptp_msg *m, const step *s, product_ids ids)
{
	uint16_t sender = s->code & STEP_OTHER_ID ? ids.local : ids.peer;
	switch (s->what) {
	case PPTP_OCRQ:
		m->ocrq.call_id = ids.peer;
		break;
	case PPTP_OCRP:
		m->ocrp.peer_call_id = ids.local;
		m->ocrp.call_id = s->code & STEP_NO_ID ? 0 : s->code & STEP_DUPLICATE ? 0x2202 : ids.peer;
		break;
	case PPTP_ICRQ:
		m->icrq.call_id = ids.peer;
		break;
	case PPTP_ICRP:
		m->icrp.peer_call_id = ids.local;
		m->icrp.call_id = s->code & STEP_DUPLICATE ? 0x2203 : ids.peer;
		break;
	case PPTP_ICCN:
		m->iccn.peer_call_id = ids.local;
		break;
	case PPTP_CCRQ:
		m->ccrq.call_id = sender;
		break;
	case PPTP_CDN:
		m->cdn.call_id = sender;
		break;
	case PPTP_WEN:
		m->wen.peer_call_id = ids.local;
		break;
	case PPTP_SLI:
		m->sli.peer_call_id = ids.local;
		break;
	default:
		break;
	}
}

static void set_codes(pptp_msg *m, const step *s)
{
	uint16_t code = (uint16_t)s->code;
	switch (s->what) {
	case PPTP_SCCRQ:
		m->sccrq.protocol_version = code;
		break;
	case PPTP_SCCRP: /* a code above 255 is a version */
		if (code > UINT8_MAX)
			m->sccrp.protocol_version = code;
		else
			m->sccrp.result_code = (uint8_t)code;
		if (s->code & STEP_OLDER)
			m->sccrp.protocol_version = 0xFF;
		break;
	case PPTP_STOPCCRQ:
		m->stopccrq.reason = (uint8_t)code;
		break;
	case PPTP_STOPCCRP:
		m->stopccrp.result_code = (uint8_t)code;
		break;
	case PPTP_ECHORQ:
		m->echorq.identifier = 0xEC40;
		break;
	case PPTP_ECHORP:
		m->echorp.result_code = (uint8_t)code;
		m->echorp.identifier = s->code & STEP_OTHER_ID ? 0xFFFF : 1; /* of our first request */
		break;
	case PPTP_OCRP:
		m->ocrp.result_code = (uint8_t)code;
		break;
	case PPTP_ICRP:
		m->icrp.result_code = (uint8_t)code;
		break;
	case PPTP_ICCN:
		m->iccn.framing_type = code;
		break;
	case PPTP_CDN:
		m->cdn.result_code = (uint8_t)code;
		break;
	default:
		break;
	}
}

void step_feed(product *p, const step *s, product_ids ids)
{
	pptp_msg m = link_msg(s->what);
	set_call_ids(&m, s, ids);
	set_codes(&m, s);
	if (s->code & STEP_RESERVED)
		m.header.reserved0 = 0x4000;
	product_feed(p, &m);
}

/* ---- requests -------------------------------------------------------------------------------------- */

#define ACCEPTED_ID 0x1111 /* Call ID given with accept */

static pptp_err ask_call(product *p, const step *s)
{
	pptp_conn *conn = p->side.conn;
	pptp_usec now = p->side.now;
	pptp_wan_errors errors = {sizeof(errors), 1, 2, 3, 4, 5, 6};
	pptp_answer a;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	switch (s->what) {
	case ACCEPT:
		a.local_call_id = ACCEPTED_ID;
		p->ids.local = p->call_state == PPTP_CALL_OFFERED ? ACCEPTED_ID : p->ids.local;
		return pptp_call_accept(conn, p->call, &a, now);
	case REJECT:
		return pptp_call_reject(conn, p->call, (uint8_t)s->code, 0, 17, now);
	case CONNECTED:
		return pptp_call_connected(conn, p->call, &a, now);
	case CLEAR:
		return pptp_call_clear(conn, p->call, (uint8_t)s->code, s->code == 2 ? 6 : 0, 16, now);
	case LINK_INFO:
		return pptp_call_set_link_info(conn, p->call, 1, 2, now);
	case WAN_ERRORS:
		return pptp_call_wan_errors(conn, p->call, &errors, now);
	case STATISTICS:
		return pptp_call_statistics(conn, p->call, (const uint8_t *)"rx 5", 4);
	default:
		return pptp_call_set_user(conn, p->call, p);
	}
}

static pptp_err ask_conn(product *p, const step *s)
{
	pptp_conn *conn = p->side.conn;
	pptp_usec now = p->side.now;
	pptp_dial d;
	pptp_offer o;
	pptp_call call;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	d.local_call_id = o.local_call_id = s->code ? p->ids.local : 0;
	switch (s->what) {
	case DIAL:
		return pptp_call_dial(conn, &d, now, &call);
	case OFFER:
		return pptp_call_offer(conn, &o, now, &call);
	case CLOSE:
		return pptp_conn_close(conn, PPTP_STOP_LOCAL_SHUTDOWN, now);
	case ABORT:
		return pptp_conn_abort(conn, PPTP_ERR_SEND, now);
	case CONN_ACCEPT:
		return pptp_conn_accept(conn, now);
	default:
		return pptp_conn_refuse(conn, PPTP_SCCRP_NOT_AUTHORIZED, 0, now);
	}
}

void step_request(product *p, const step *s, product_ids ids)
{
	(void)ids;
	product_request(p, s->what <= SET_USER ? ask_call(p, s) : ask_conn(p, s));
}

/* Time passes, or TCP ends. WAIT without a time is up to the next deadline. */
void step_happen(product *p, const step *s, product_ids ids)
{
	pptp_usec deadline = pptp_conn_deadline(p->side.conn);
	(void)ids;
	if (s->what == WAIT && s->code == 0 && deadline != PPTP_NEVER)
		link_wait(&p->side, deadline - p->side.now);
	else if (s->what == WAIT)
		link_wait(&p->side, (s->code ? s->code : 1000) * SECOND);
	else
		CHECK_EQ(pptp_conn_eof(p->side.conn, p->side.now), PPTP_OK);
	link_pump(&p->side);
}

/* ---- all of them -------------------------------------------------------------------------------- */

const step step_call_messages[] = {
        {"OCRQ", step_feed, PPTP_OCRQ, 0},
        {"OCRP 1", step_feed, PPTP_OCRP, 1},
        {"OCRP 4", step_feed, PPTP_OCRP, 4},
        {"ICRQ", step_feed, PPTP_ICRQ, 0},
        {"ICRP 1", step_feed, PPTP_ICRP, 1},
        {"ICRP 3", step_feed, PPTP_ICRP, 3},
        {"ICCN", step_feed, PPTP_ICCN, PPTP_FRAMING_ASYNC},
        {"CCRQ", step_feed, PPTP_CCRQ, 0},
        {"CDN 1", step_feed, PPTP_CDN, 1},
        {"CDN 0", step_feed, PPTP_CDN, 0},
        {"WEN", step_feed, PPTP_WEN, 0},
        {"SLI", step_feed, PPTP_SLI, 0},
};

const size_t step_call_messages_len = LEN(step_call_messages);

const step steps[] = {
        {"OCRP 0", step_feed, PPTP_OCRP, 0},
        {"OCRP 0 without an id", step_feed, PPTP_OCRP, STEP_NO_ID},
        {"OCRP 9", step_feed, PPTP_OCRP, 9},
        {"OCRP 1, another's id", step_feed, PPTP_OCRP, 1 | STEP_DUPLICATE},
        {"ICRP 0", step_feed, PPTP_ICRP, 0},
        {"ICRP 9", step_feed, PPTP_ICRP, 9},
        {"ICRP 1, another's id", step_feed, PPTP_ICRP, 1 | STEP_DUPLICATE},
        {"ICCN, framing 3", step_feed, PPTP_ICCN, PPTP_FRAMING_ANY},
        {"CCRQ, our id", step_feed, PPTP_CCRQ, STEP_OTHER_ID},
        {"CDN 4, our id", step_feed, PPTP_CDN, 4 | STEP_OTHER_ID},
        {"SCCRQ", step_feed, PPTP_SCCRQ, 0x100},
        {"SCCRQ, old", step_feed, PPTP_SCCRQ, 0},
        {"SCCRP 1", step_feed, PPTP_SCCRP, 1},
        {"SCCRP 4", step_feed, PPTP_SCCRP, 4},
        {"StopCCRQ 1", step_feed, PPTP_STOPCCRQ, 1},
        {"StopCCRQ 0", step_feed, PPTP_STOPCCRQ, 0},
        {"StopCCRP 1", step_feed, PPTP_STOPCCRP, 1},
        {"StopCCRP 2", step_feed, PPTP_STOPCCRP, 2},
        {"EchoRQ", step_feed, PPTP_ECHORQ, 0},
        {"EchoRP", step_feed, PPTP_ECHORP, 1},
        {"accept", step_request, ACCEPT, 0},
        {"reject 2", step_request, REJECT, 2},
        {"reject 3", step_request, REJECT, 3},
        {"connected", step_request, CONNECTED, 0},
        {"clear 3", step_request, CLEAR, 3},
        {"clear 2/6", step_request, CLEAR, 2},
        {"link info", step_request, LINK_INFO, 0},
        {"WAN errors", step_request, WAN_ERRORS, 0},
        {"statistics", step_request, STATISTICS, 0},
        {"user", step_request, SET_USER, 0},
        {"dial", step_request, DIAL, 0},
        {"dial, same id", step_request, DIAL, 1},
        {"offer", step_request, OFFER, 0},
        {"offer, same id", step_request, OFFER, 1},
        {"close", step_request, CLOSE, 0},
        {"abort", step_request, ABORT, 0},
        {"start accept", step_request, CONN_ACCEPT, 0},
        {"start refuse", step_request, CONN_REFUSE, 0},
        {"its timer", step_happen, WAIT, 0},
        {"idle timer", step_happen, WAIT, 60},
        {"echo timer", step_happen, WAIT, 120},
        {"end of file", step_happen, END_OF_FILE, 0},
};
const size_t steps_len = LEN(steps);
