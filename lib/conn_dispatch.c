/* conn_dispatch: the messages about calls, to the calls that they are for; requests for new ones to a slot,
 * or to a refusal (RFC 2637 2.7 - 2.15, 3.2.2). */
#include "conn_internal.h"

/* Refuse a request that got no slot. recv makes sure that there is room for it. */
void pptp_refuse(pptp_conn *conn, uint16_t type, uint16_t peer_call_id, uint8_t result, uint8_t error)
{
	refusal *refused = &conn->refused[conn->refusals++];
	refused->type = type;
	refused->peer_call_id = peer_call_id;
	refused->result_code = result;
	refused->error_code = error;
}

/* ---- messages ------------------------------------------------------------------------------------------ */

/* What the strict profile refuses in an Outgoing-Call-Request is bent to something useful here. */
static int values_refused(pptp_conn *conn, pptp_ocrq *request)
{
	int refused = 0;
	if (request->bearer_type < PPTP_BEARER_ANALOG || request->bearer_type > PPTP_BEARER_ANY ||
	    request->framing_type < PPTP_FRAMING_ASYNC || request->framing_type > PPTP_FRAMING_ANY ||
	    (request->maximum_bps != 0 && request->minimum_bps > request->maximum_bps)) {
		conn->counts[PPTP_COUNT_BAD_VALUE]++;
		refused = !tolerates(conn, PPTP_TOLERATE_CALL_TYPE);
		if (request->bearer_type < PPTP_BEARER_ANALOG || request->bearer_type > PPTP_BEARER_ANY)
			request->bearer_type = PPTP_BEARER_ANY;
		if (request->framing_type < PPTP_FRAMING_ASYNC || request->framing_type > PPTP_FRAMING_ANY)
			request->framing_type = PPTP_FRAMING_ANY;
		if (request->minimum_bps > request->maximum_bps)
			request->minimum_bps = request->maximum_bps = 0;
	}
	if (request->phone_number_length > sizeof request->phone_number) {
		conn->counts[PPTP_COUNT_BAD_VALUE]++;
		refused |= !tolerates(conn, PPTP_TOLERATE_NUMBER_LENGTH);
	}
	return refused;
}

/* The same for an Incoming-Call-Request. */
static int incoming_values_refused(pptp_conn *conn, pptp_icrq *request)
{
	int refused = 0;
	if (request->call_bearer_type != PPTP_BEARER_ANALOG &&
	    request->call_bearer_type != PPTP_BEARER_DIGITAL) {
		conn->counts[PPTP_COUNT_BAD_VALUE]++;
		refused = !tolerates(conn, PPTP_TOLERATE_CALL_TYPE);
		request->call_bearer_type = PPTP_BEARER_ANY;
	}
	if (request->dialed_number_length > sizeof request->dialed_number ||
	    request->dialing_number_length > sizeof request->dialing_number) {
		conn->counts[PPTP_COUNT_BAD_VALUE]++;
		refused |= !tolerates(conn, PPTP_TOLERATE_NUMBER_LENGTH);
	}
	return refused;
}

/* What the two requests for a call have in common. General error and do not accept have the same numbers. */
typedef struct asked {
	uint16_t reply, call_id;
	uint8_t machine, event;
	uint8_t do_not_accept; /* Result Code */
} asked;

static void refuse(pptp_conn *conn, const asked *a, uint32_t count, uint8_t error)
{
	conn->counts[count]++;
	pptp_refuse(conn, a->reply, a->call_id, PPTP_OCRP_GENERAL_ERROR, error);
}

static int too_many_offered(const pptp_conn *conn)
{
	return conn->options->max_offered != 0 && conn->offered >= conn->options->max_offered;
}

static int admitted(pptp_conn *conn, const asked *a, uint32_t take)
{
	if (!(conn->options->take_calls & take)) {
		conn->counts[PPTP_COUNT_NOT_TAKEN]++;
		pptp_refuse(conn, a->reply, a->call_id, a->do_not_accept, PPTP_ERROR_NONE);
		return 0;
	}
	if (!pptp_call_by_peer(conn, a->call_id))
		return 1;
	refuse(conn, a, PPTP_COUNT_BAD_CALL_ID, PPTP_ERROR_BAD_CALL_ID);
	return 0;
}

/* A request without fault: to the host, if there is a slot for it. */
static void take(pptp_conn *conn, const asked *a, const pptp_msg *msg, pptp_usec now)
{
	call *c;
	if (too_many_offered(conn)) {
		refuse(conn, a, PPTP_COUNT_HALF_OPEN, PPTP_ERROR_NO_RESOURCE);
		return;
	}
	c = pptp_call_claim(conn, a->machine);
	if (c)
		(void)pptp_call_input(conn, c, a->event, msg, now);
	else
		refuse(conn, a, PPTP_COUNT_NO_RESOURCE, PPTP_ERROR_NO_RESOURCE);
}

static int reserved_refused(const pptp_conn *conn, const pptp_msg *msg)
{
	return !tolerates(conn, PPTP_TOLERATE_RESERVED) && pptp_reserved_field(msg) != 0;
}

static void outgoing_request(pptp_conn *conn, const pptp_msg *msg, pptp_usec now)
{
	const asked a = {PPTP_OCRP, msg->ocrq.call_id, MACHINE_PAC_OUTGOING, CALL_IN_OCRQ,
	                 PPTP_OCRP_DO_NOT_ACCEPT};
	pptp_msg bent = *msg;
	if (!admitted(conn, &a, PPTP_TAKE_OUTGOING))
		return;
	if (values_refused(conn, &bent.ocrq) || reserved_refused(conn, msg))
		pptp_refuse(conn, a.reply, a.call_id, PPTP_OCRP_GENERAL_ERROR, PPTP_ERROR_BAD_VALUE);
	else
		take(conn, &a, &bent, now);
}

static void incoming_request(pptp_conn *conn, const pptp_msg *msg, pptp_usec now)
{
	const asked a = {PPTP_ICRP, msg->icrq.call_id, MACHINE_PNS_INCOMING, CALL_IN_ICRQ,
	                 PPTP_ICRP_DO_NOT_ACCEPT};
	pptp_msg bent = *msg;
	if (!admitted(conn, &a, PPTP_TAKE_INCOMING))
		return;
	if (incoming_values_refused(conn, &bent.icrq) || reserved_refused(conn, msg))
		pptp_refuse(conn, a.reply, a.call_id, PPTP_ICRP_GENERAL_ERROR, PPTP_ERROR_BAD_VALUE);
	else
		take(conn, &a, &bent, now);
}

static void unknown_call(pptp_conn *conn)
{
	conn->counts[PPTP_COUNT_UNKNOWN_CALL]++;
}

/* Which ends of a call a message may come to. */
enum {
	TO_PAC = 1 << MACHINE_PAC_OUTGOING | 1 << MACHINE_PAC_INCOMING,
	TO_PNS = 1 << MACHINE_PNS_OUTGOING | 1 << MACHINE_PNS_INCOMING
};

/* Hand a message to a call, if this end of the call is one that may get it. */
static void deliver(pptp_conn *conn, call *c, uint32_t machines, uint32_t event, const pptp_msg *msg,
                    pptp_usec now)
{
	if (!c)
		unknown_call(conn);
	else if (machines & 1u << c->machine)
		(void)pptp_call_input(conn, c, event, msg, now);
	else
		pptp_illegal(conn, msg, PPTP_TOLERATE_ROLE, PPTP_COUNT_ROLE);
}

/* The same for the two messages that act even when the wrong end sent them. */
static void deliver_end(pptp_conn *conn, call *c, uint32_t machines, uint32_t event, const pptp_msg *msg,
                        pptp_usec now)
{
	int right = (machines & 1u << c->machine) != 0;
	if (!right)
		pptp_illegal(conn, msg, PPTP_TOLERATE_ROLE, PPTP_COUNT_ROLE);
	if (right || tolerates(conn, PPTP_TOLERATE_ROLE))
		(void)pptp_call_input(conn, c, event, msg, now);
}

static uint32_t outgoing_reply_event(const pptp_conn *conn, const pptp_ocrp *reply)
{
	if (reply->result_code == PPTP_OCRP_CONNECTED)
		return CALL_IN_OCRP_OK;
	if (reply->result_code != 0 || reply->call_id == 0 || !tolerates(conn, PPTP_TOLERATE_OCRP_RESULT_0))
		return CALL_IN_OCRP_BAD;
	return CALL_IN_OCRP_OK;
}

/* Waits for a notify that will carry an id we were never told. */
static int is_unlearnt(const call *c)
{
	return c->timer == CALL_TIMER_CLEAR && !(c->ids & KNOWS_PEER);
}

static call *oldest_unlearnt(const pptp_conn *conn)
{
	uint16_t at = conn->timers[CALL_TIMER_CLEAR].first;
	while (at != NO_CALL && !is_unlearnt(&conn->calls[at]))
		at = conn->calls[at].next_timer;
	return at == NO_CALL ? NULL : &conn->calls[at];
}

/* Whose a notify is that carries no id of the peer's. While a call waits for an id that was never told it is
 * this one's: that ours has the same number means nothing then, except when it is the one that waits. */
static call *notified_otherwise(const pptp_conn *conn, uint16_t call_id)
{
	call *ours = pptp_call_by_local(conn, call_id);
	call *unlearnt = oldest_unlearnt(conn);
	if (ours && !is_pac(ours->machine) && (is_unlearnt(ours) || !unlearnt))
		return ours;
	return unlearnt;
}

/* Whose Call ID a notify carries is said in two ways by RFC 2637 2.13, and peers differ. */
static void disconnect_notify(pptp_conn *conn, const pptp_msg *msg, pptp_usec now)
{
	call *c = pptp_call_by_peer(conn, msg->cdn.call_id);
	if (!c && tolerates(conn, PPTP_TOLERATE_CDN_CALL_ID)) {
		c = notified_otherwise(conn, msg->cdn.call_id);
		if (c)
			conn->counts[PPTP_COUNT_CDN_CALL_ID]++;
	}
	if (c)
		deliver_end(conn, c, TO_PNS, CALL_IN_CDN, msg, now);
	else
		unknown_call(conn);
}

static void clear_request(pptp_conn *conn, const pptp_msg *msg, pptp_usec now)
{
	call *c = pptp_call_by_peer(conn, msg->ccrq.call_id);
	if (c)
		deliver_end(conn, c, TO_PAC, CALL_IN_CCRQ, msg, now);
	else
		unknown_call(conn);
}

/* Every reply, and all that speaks of a call by the recipient's id. */
static void by_local(pptp_conn *conn, uint16_t call_id, uint32_t machines, uint32_t event,
                     const pptp_msg *msg, pptp_usec now)
{
	deliver(conn, pptp_call_by_local(conn, call_id), machines, event, msg, now);
}

void pptp_call_message(pptp_conn *conn, const pptp_msg *msg, pptp_usec now)
{
	switch (msg->header.control_message_type) {
	case PPTP_OCRQ:
		outgoing_request(conn, msg, now);
		break;
	case PPTP_OCRP:
		by_local(conn, msg->ocrp.peer_call_id, 1 << MACHINE_PNS_OUTGOING,
		         outgoing_reply_event(conn, &msg->ocrp), msg, now);
		break;
	case PPTP_ICRQ:
		incoming_request(conn, msg, now);
		break;
	case PPTP_ICRP:
		by_local(conn, msg->icrp.peer_call_id, 1 << MACHINE_PAC_INCOMING,
		         msg->icrp.result_code == PPTP_ICRP_CONNECT ? CALL_IN_ICRP_OK : CALL_IN_ICRP_BAD, msg,
		         now);
		break;
	case PPTP_ICCN:
		by_local(conn, msg->iccn.peer_call_id, 1 << MACHINE_PNS_INCOMING, CALL_IN_ICCN, msg, now);
		break;
	case PPTP_CCRQ:
		clear_request(conn, msg, now);
		break;
	case PPTP_CDN:
		disconnect_notify(conn, msg, now);
		break;
	case PPTP_WEN:
		by_local(conn, msg->wen.peer_call_id, TO_PNS, CALL_IN_WEN, msg, now);
		break;
	default: /* PPTP_SLI */
		by_local(conn, msg->sli.peer_call_id, TO_PAC, CALL_IN_SLI, msg, now);
		break;
	}
}
