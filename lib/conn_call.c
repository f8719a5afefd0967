/* conn_call: the calls' side of the state machines (RFC 2637 2.7 - 2.15, 3.2). */
#include "conn_internal.h"

/* ---- ends -------------------------------------------------------------------------------------------- */

static void set_reason(call *c, pptp_err reason)
{
	if (!c->reason)
		c->reason = (int8_t)reason;
}

/* A call is over: its ids are free, its DOWN waits; its last message may still have to leave. */
void pptp_call_ended(pptp_conn *conn, call *c, pptp_err reason)
{
	set_reason(c, reason);
	pptp_call_timer(conn, c, CALL_TIMER_OFF, 0);
	pptp_call_forget_ids(conn, c);
	c->state = PPTP_CALL_ENDED;
	conn->live--;
	pptp_call_queue_event(conn, c, CALL_EV_DOWN);
}

static void codes(call *c, uint8_t result, uint8_t error, uint16_t cause)
{
	c->result_code = result;
	c->error_code = error;
	c->cause_code = cause;
}

/* Refuse a request that got no slot. recv makes sure that there is room for it. */
void pptp_refuse(pptp_conn *conn, uint16_t type, uint16_t peer_call_id, uint8_t result, uint8_t error)
{
	refusal *refused = &conn->refused[conn->refusals++];
	refused->type = type;
	refused->peer_call_id = peer_call_id;
	refused->result_code = result;
	refused->error_code = error;
}

/* ---- actions ------------------------------------------------------------------------------------------- */

static void connected(pptp_conn *conn, call *c, const pptp_ocrp *reply)
{
	c->connect_speed = reply->connect_speed;
	c->peer_recv_window = reply->packet_recv_window_size;
	c->peer_delay = reply->packet_processing_delay;
	c->physical_channel_id = reply->physical_channel_id;
	pptp_call_timer(conn, c, CALL_TIMER_OFF, 0);
	pptp_call_set_peer(conn, c, reply->call_id);
	pptp_call_queue_event(conn, c, CALL_EV_UP);
	pptp_event_raised_by_message(conn, PPTP_EV_CALL_UP, c);
}

static void request_clear(pptp_conn *conn, call *c, pptp_usec now)
{
	pptp_call_queue_tx(conn, c, CALL_TX_CCRQ);
	pptp_call_timer(conn, c, CALL_TIMER_CLEAR, now);
}

/* Two live calls of a peer with one Call ID could not be told apart: keep the older. */
static void connect_or_clear(pptp_conn *conn, call *c, const pptp_ocrp *reply, pptp_usec now)
{
	if (!pptp_call_by_peer(conn, reply->call_id)) {
		connected(conn, c, reply);
		return;
	}
	conn->counts[PPTP_COUNT_BAD_CALL_ID]++;
	set_reason(c, PPTP_ERR_PROTOCOL);
	c->state = PPTP_CALL_WAIT_DISCONNECT;
	request_clear(conn, c, now);
}

static void learn(pptp_conn *conn, call *c, uint16_t peer_call_id)
{
	if (!c->knows_peer && !pptp_call_by_peer(conn, peer_call_id))
		pptp_call_set_peer(conn, c, peer_call_id);
}

static void ended_by_message(pptp_conn *conn, call *c, const pptp_msg *msg, pptp_err reason)
{
	if (msg->header.control_message_type == PPTP_CDN)
		codes(c, msg->cdn.result_code, msg->cdn.error_code, msg->cdn.cause_code);
	else if (msg->header.control_message_type == PPTP_OCRP)
		codes(c, msg->ocrp.result_code, msg->ocrp.error_code, msg->ocrp.cause_code);
	pptp_event_raised_by_message(conn, PPTP_EV_CALL_DOWN, c);
	pptp_call_ended(conn, c, reason);
}

static void refuse_offered(pptp_conn *conn, call *c, pptp_err reason)
{
	pptp_call_queue_tx(conn, c, CALL_TX_OCRP_REFUSE);
	pptp_call_ended(conn, c, reason);
}

static void notify(pptp_conn *conn, call *c, pptp_err reason)
{
	pptp_call_queue_tx(conn, c, CALL_TX_CDN);
	pptp_call_ended(conn, c, reason);
}

/* A call's timer ran out. RFC 2637 3.2.1 ends the whole connection for it. */
static void call_timeout(pptp_conn *conn, call *c, uint8_t timer)
{
	set_reason(c, PPTP_ERR_TIMEOUT);
	if (!c->timer_fired)
		c->timer_fired = timer;
	if (!tolerates(conn, PPTP_TOLERATE_CALL_TIMEOUT))
		pptp_control_timeout(conn, timer);
}

static void offer(pptp_conn *conn, call *c, const pptp_ocrq *request, pptp_usec now)
{
	c->serial = request->call_serial_number;
	c->minimum_bps = request->minimum_bps;
	c->maximum_bps = request->maximum_bps;
	c->bearer_type = request->bearer_type;
	c->framing_type = request->framing_type;
	c->peer_recv_window = request->packet_recv_window_size;
	c->peer_delay = request->packet_processing_delay;
	pptp_call_set_peer(conn, c, request->call_id);
	pptp_call_timer(conn, c, CALL_TIMER_ANSWER, now);
	pptp_call_queue_event(conn, c, CALL_EV_OFFERED);
	pptp_event_raised_by_message(conn, PPTP_EV_CALL_OFFERED, c);
}

static void act(pptp_conn *conn, call *c, uint32_t action, const pptp_msg *msg, pptp_usec now)
{
	switch (action) {
	case CALL_OFFER:
		offer(conn, c, &msg->ocrq, now);
		break;
	case CALL_REQUEST:
		pptp_call_timer(conn, c, CALL_TIMER_DIAL, now);
		break;
	case CALL_CONNECT:
		connect_or_clear(conn, c, &msg->ocrp, now);
		break;
	case CALL_ANSWER:
		pptp_call_timer(conn, c, CALL_TIMER_OFF, now);
		pptp_call_queue_tx(conn, c, CALL_TX_OCRP_OK);
		pptp_call_queue_event(conn, c, CALL_EV_UP);
		break;
	case CALL_REFUSE:
		refuse_offered(conn, c, PPTP_ERR_LOCAL);
		break;
	case CALL_REFUSE_TIMEOUT:
		codes(c, PPTP_OCRP_TIMEOUT, PPTP_ERROR_NONE, 0);
		c->timer_fired = PPTP_TIMER_ANSWER;
		refuse_offered(conn, c, PPTP_ERR_TIMEOUT);
		break;
	case CALL_REFUSED:
		ended_by_message(conn, c, msg, PPTP_ERR_REFUSED);
		break;
	case CALL_CLEAR_REQUEST:
		set_reason(c, PPTP_ERR_LOCAL);
		request_clear(conn, c, now);
		break;
	case CALL_CLEAR_TIMEOUT:
		request_clear(conn, c, now);
		call_timeout(conn, c, PPTP_TIMER_DIAL);
		break;
	case CALL_NOTIFY:
		notify(conn, c, PPTP_ERR_LOCAL);
		break;
	case CALL_NOTIFY_REQUEST:
		codes(c, PPTP_CDN_REQUEST, PPTP_ERROR_NONE, 0);
		pptp_event_raised_by_message(conn, PPTP_EV_CALL_DOWN, c);
		notify(conn, c, PPTP_ERR_PEER);
		break;
	case CALL_PEER:
	case CALL_CLEARED:
		ended_by_message(conn, c, msg, PPTP_ERR_PEER);
		break;
	case CALL_LEARN:
		learn(conn, c, msg->ocrp.call_id);
		break;
	case CALL_TIMED_OUT:
		pptp_call_ended(conn, c, PPTP_ERR_TIMEOUT);
		call_timeout(conn, c, PPTP_TIMER_CLEAR);
		break;
	case CALL_LINK_INFO:
		c->send_accm = msg->sli.send_accm;
		c->recv_accm = msg->sli.receive_accm;
		pptp_call_queue_event(conn, c, CALL_EV_LINK_INFO);
		pptp_event_raised_by_message(conn, PPTP_EV_CALL_LINK_INFO, c);
		break;
	case CALL_WAN_ERROR:
		pptp_call_queue_event(conn, c, CALL_EV_WAN_ERROR);
		pptp_event_raised_by_message(conn, PPTP_EV_CALL_WAN_ERROR, c);
		break;
	case CALL_IGNORE:
		pptp_illegal(conn, msg, PPTP_TOLERATE_STATE, PPTP_COUNT_STATE);
		break;
	default: /* CALL_NOTHING */
		break;
	}
}

/* One event through the table; PPTP_ERR_STATE when a request is not possible in the call's state. */
pptp_err pptp_call_input(pptp_conn *conn, call *c, uint32_t event, const pptp_msg *msg, pptp_usec now)
{
	const row *found = pptp_call_row(c->machine, c->state, event);
	if (found) {
		if (found->next != PPTP_CALL_ENDED) /* else the action ends it, with all that belongs to it */
			c->state = found->next;
		act(conn, c, found->action, msg, now);
		return PPTP_OK;
	}
	if (msg)
		pptp_illegal(conn, msg, PPTP_TOLERATE_STATE, PPTP_COUNT_STATE);
	return PPTP_ERR_STATE;
}

/* ---- messages --------------------------------------------------------------------------------------------
 */

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

static void refuse_ocrq(pptp_conn *conn, const pptp_ocrq *request, uint8_t result, uint8_t error)
{
	pptp_refuse(conn, PPTP_OCRP, request->call_id, result, error);
}

static void outgoing_request(pptp_conn *conn, const pptp_msg *msg, pptp_usec now)
{
	pptp_msg bent = *msg;
	call *c;
	if (!(conn->options->take_calls & PPTP_TAKE_OUTGOING)) {
		conn->counts[PPTP_COUNT_NOT_TAKEN]++;
		refuse_ocrq(conn, &msg->ocrq, PPTP_OCRP_DO_NOT_ACCEPT, PPTP_ERROR_NONE);
		return;
	}
	if (pptp_call_by_peer(conn, msg->ocrq.call_id)) {
		conn->counts[PPTP_COUNT_BAD_CALL_ID]++;
		refuse_ocrq(conn, &msg->ocrq, PPTP_OCRP_GENERAL_ERROR, PPTP_ERROR_BAD_CALL_ID);
		return;
	}
	if (values_refused(conn, &bent.ocrq) ||
	    (!tolerates(conn, PPTP_TOLERATE_RESERVED) && pptp_reserved_field(msg) != 0)) {
		refuse_ocrq(conn, &msg->ocrq, PPTP_OCRP_GENERAL_ERROR, PPTP_ERROR_BAD_VALUE);
		return;
	}
	c = pptp_call_claim(conn, MACHINE_PAC_OUTGOING);
	if (!c) {
		conn->counts[PPTP_COUNT_NO_RESOURCE]++;
		refuse_ocrq(conn, &msg->ocrq, PPTP_OCRP_GENERAL_ERROR, PPTP_ERROR_NO_RESOURCE);
		return;
	}
	(void)pptp_call_input(conn, c, CALL_IN_OCRQ, &bent, now);
}

static void unknown_call(pptp_conn *conn)
{
	conn->counts[PPTP_COUNT_UNKNOWN_CALL]++;
}

/* Hand a message to a call, if this end of the call is one that may get it. */
static void deliver(pptp_conn *conn, call *c, uint8_t machine, uint32_t event, const pptp_msg *msg,
                    pptp_usec now)
{
	if (!c)
		unknown_call(conn);
	else if (c->machine == machine)
		(void)pptp_call_input(conn, c, event, msg, now);
	else
		pptp_illegal(conn, msg, PPTP_TOLERATE_ROLE, PPTP_COUNT_ROLE);
}

/* The same for the two messages that act even when the wrong end sent them. */
static void deliver_end(pptp_conn *conn, call *c, uint8_t machine, uint32_t event, const pptp_msg *msg,
                        pptp_usec now)
{
	if (c->machine != machine)
		pptp_illegal(conn, msg, PPTP_TOLERATE_ROLE, PPTP_COUNT_ROLE);
	if (c->machine == machine || tolerates(conn, PPTP_TOLERATE_ROLE))
		(void)pptp_call_input(conn, c, event, msg, now);
}

static uint32_t outgoing_reply_event(pptp_conn *conn, const pptp_ocrp *reply)
{
	if (reply->result_code == PPTP_OCRP_CONNECTED)
		return CALL_IN_OCRP_OK;
	if (reply->result_code != 0 || reply->call_id == 0 || !tolerates(conn, PPTP_TOLERATE_OCRP_RESULT_0))
		return CALL_IN_OCRP_BAD;
	conn->counts[PPTP_COUNT_RESULT_0]++;
	return CALL_IN_OCRP_OK;
}

/* The oldest call that waits for a notify with an id we were never told. */
static call *oldest_unlearnt(const pptp_conn *conn)
{
	uint16_t at = conn->timers[CALL_TIMER_CLEAR].first;
	while (at != NO_CALL && conn->calls[at].knows_peer)
		at = conn->calls[at].next_timer;
	return at == NO_CALL ? NULL : &conn->calls[at];
}

/* Whose Call ID a notify carries is said in two ways by RFC 2637 2.13, and peers differ. */
static void disconnect_notify(pptp_conn *conn, const pptp_msg *msg, pptp_usec now)
{
	uint16_t call_id = msg->cdn.call_id;
	call *c = pptp_call_by_peer(conn, call_id);
	if (!c && tolerates(conn, PPTP_TOLERATE_CDN_CALL_ID)) {
		c = pptp_call_by_local(conn, call_id);
		if (!c || c->machine != MACHINE_PNS_OUTGOING)
			c = oldest_unlearnt(conn);
		if (c)
			conn->counts[PPTP_COUNT_CDN_CALL_ID]++;
	}
	if (c)
		deliver_end(conn, c, MACHINE_PNS_OUTGOING, CALL_IN_CDN, msg, now);
	else
		unknown_call(conn);
}

static void clear_request(pptp_conn *conn, const pptp_msg *msg, pptp_usec now)
{
	call *c = pptp_call_by_peer(conn, msg->ccrq.call_id);
	if (c)
		deliver_end(conn, c, MACHINE_PAC_OUTGOING, CALL_IN_CCRQ, msg, now);
	else
		unknown_call(conn);
}

/* Messages of incoming calls, which this end neither makes nor takes. */
static void of_incoming_call(pptp_conn *conn, const pptp_msg *msg, const call *c)
{
	if (c)
		pptp_illegal(conn, msg, PPTP_TOLERATE_STATE, PPTP_COUNT_STATE);
	else
		unknown_call(conn);
}

void pptp_call_message(pptp_conn *conn, const pptp_msg *msg, pptp_usec now)
{
	switch (msg->header.control_message_type) {
	case PPTP_OCRQ:
		outgoing_request(conn, msg, now);
		break;
	case PPTP_OCRP:
		deliver(conn, pptp_call_by_local(conn, msg->ocrp.peer_call_id), MACHINE_PNS_OUTGOING,
		        outgoing_reply_event(conn, &msg->ocrp), msg, now);
		break;
	case PPTP_ICRQ:
		conn->counts[PPTP_COUNT_INCOMING]++;
		pptp_refuse(conn, PPTP_ICRP, msg->icrq.call_id, PPTP_ICRP_DO_NOT_ACCEPT, PPTP_ERROR_NONE);
		break;
	case PPTP_ICRP:
		of_incoming_call(conn, msg, pptp_call_by_local(conn, msg->icrp.peer_call_id));
		break;
	case PPTP_ICCN:
		of_incoming_call(conn, msg, pptp_call_by_local(conn, msg->iccn.peer_call_id));
		break;
	case PPTP_CCRQ:
		clear_request(conn, msg, now);
		break;
	case PPTP_CDN:
		disconnect_notify(conn, msg, now);
		break;
	case PPTP_WEN:
		deliver(conn, pptp_call_by_local(conn, msg->wen.peer_call_id), MACHINE_PNS_OUTGOING,
		        CALL_IN_WEN, msg, now);
		break;
	default: /* PPTP_SLI */
		deliver(conn, pptp_call_by_local(conn, msg->sli.peer_call_id), MACHINE_PAC_OUTGOING,
		        CALL_IN_SLI, msg, now);
		break;
	}
}

/* ---- timers
 * ------------------------------------------------------------------------------------------------ */

void pptp_calls_tick(pptp_conn *conn, pptp_usec now)
{
	uint32_t i;
	for (i = 0; i < CALL_TIMERS; i++) {
		call *c;
		while (!conn->ending_calls && (c = pptp_queue_first(conn, &conn->timers[i])) != NULL &&
		       c->deadline != PPTP_NEVER && c->deadline <= now)
			(void)pptp_call_input(conn, c, CALL_IN_TIMER, NULL, now);
	}
}
