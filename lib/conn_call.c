/* conn_call: the calls' side of the state machines: what their rows do (RFC 2637 2.7 - 2.15, 3.2). */
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
	if (c->state == PPTP_CALL_OFFERED)
		conn->offered--;
	pptp_call_timer(conn, c, CALL_TIMER_OFF, 0);
	pptp_call_forget_ids(conn, c);
	c->state = PPTP_CALL_ENDED;
	conn->live--;
	pptp_call_queue_event(conn, c, CALL_EV_DOWN);
}

/* What a message of this type says of the end, the peer's or ours. */
void pptp_call_codes(call *c, uint8_t type, uint8_t result, uint8_t error, uint16_t cause)
{
	c->result_type = type;
	c->result_code = result;
	c->error_code = error;
	c->cause_code = cause;
}

/* ---- actions ------------------------------------------------------------------------------------------- */

static void up(pptp_conn *conn, call *c, const pptp_msg *msg)
{
	pptp_call_timer(conn, c, CALL_TIMER_OFF, 0);
	pptp_call_queue_event(conn, c, CALL_EV_UP);
	if (msg)
		pptp_event_raised_by_message(conn, PPTP_EV_CALL_UP, c);
}

static void request_clear(pptp_conn *conn, call *c, pptp_usec now)
{
	pptp_call_queue_tx(conn, c, CALL_TX_CCRQ);
	pptp_call_timer(conn, c, CALL_TIMER_CLEAR, now);
}

static void notify(pptp_conn *conn, call *c, pptp_err reason)
{
	pptp_call_queue_tx(conn, c, CALL_TX_CDN);
	pptp_call_ended(conn, c, reason);
}

/* Two live calls of a peer with one Call ID could not be told apart: keep the older. Returns whether the id
 * is free; else the call ends as its role can end it. */
static int claim_peer_id(pptp_conn *conn, call *c, uint16_t peer_call_id, pptp_usec now)
{
	if (!pptp_call_by_peer(conn, peer_call_id)) {
		pptp_call_set_peer(conn, c, peer_call_id);
		return 1;
	}
	conn->counts[PPTP_COUNT_BAD_CALL_ID]++;
	if (is_pac(c->machine)) {
		pptp_call_codes(c, PPTP_CDN, PPTP_CDN_GENERAL_ERROR, PPTP_ERROR_BAD_CALL_ID, 0);
		notify(conn, c, PPTP_ERR_PROTOCOL);
	} else {
		set_reason(c, PPTP_ERR_PROTOCOL);
		c->state = PPTP_CALL_WAIT_DISCONNECT;
		request_clear(conn, c, now);
	}
	return 0;
}

/* Only a reply that is used counts as taken for success. */
static void count_result_0(pptp_conn *conn, const pptp_ocrp *reply)
{
	if (reply->result_code == 0)
		conn->counts[PPTP_COUNT_RESULT_0]++;
}

/* The PAC has dialled: 2.8. */
static void connect(pptp_conn *conn, call *c, const pptp_msg *msg, pptp_usec now)
{
	const pptp_ocrp *reply = &msg->ocrp;
	count_result_0(conn, reply);
	if (!claim_peer_id(conn, c, reply->call_id, now))
		return;
	c->connect_speed = reply->connect_speed;
	c->peer_recv_window = reply->packet_recv_window_size;
	c->peer_delay = reply->packet_processing_delay;
	c->physical_channel_id = reply->physical_channel_id;
	up(conn, c, msg);
}

/* The PNS takes the incoming call: 2.10. Window and delay are the PNS's, whatever its text says. */
static void answer_line(pptp_conn *conn, call *c, const pptp_icrp *reply, pptp_usec now)
{
	if (!claim_peer_id(conn, c, reply->call_id, now))
		return;
	c->peer_recv_window = reply->packet_recv_window_size;
	c->peer_delay = reply->packet_transmit_delay;
	pptp_call_timer(conn, c, CALL_TIMER_CONNECT, now);
	pptp_call_queue_event(conn, c, CALL_EV_ANSWER);
	pptp_event_raised_by_message(conn, PPTP_EV_CALL_ANSWER, c);
}

/* The PAC has answered the line: 2.11. */
static void connect_line(pptp_conn *conn, call *c, const pptp_msg *msg)
{
	const pptp_iccn *connected = &msg->iccn;
	c->connect_speed = connected->connect_speed;
	c->peer_recv_window = connected->packet_recv_window_size;
	c->peer_delay = connected->packet_transmit_delay;
	c->framing_type = connected->framing_type;
	if (c->framing_type != PPTP_FRAMING_ASYNC && c->framing_type != PPTP_FRAMING_SYNC) {
		conn->counts[PPTP_COUNT_BAD_VALUE]++;
		c->framing_type = PPTP_FRAMING_SYNC;
	}
	up(conn, c, msg);
}

static void learn(pptp_conn *conn, call *c, const pptp_ocrp *reply)
{
	count_result_0(conn, reply);
	if (!(c->ids & KNOWS_PEER) && !pptp_call_by_peer(conn, reply->call_id))
		pptp_call_set_peer(conn, c, reply->call_id);
}

static void ended_by_message(pptp_conn *conn, call *c, const pptp_msg *msg, pptp_err reason)
{
	if (msg->header.control_message_type == PPTP_CDN)
		pptp_call_codes(c, PPTP_CDN, msg->cdn.result_code, msg->cdn.error_code, msg->cdn.cause_code);
	else if (msg->header.control_message_type == PPTP_OCRP)
		pptp_call_codes(c, PPTP_OCRP, msg->ocrp.result_code, msg->ocrp.error_code,
		                msg->ocrp.cause_code);
	else if (msg->header.control_message_type == PPTP_ICRP)
		pptp_call_codes(c, PPTP_ICRP, msg->icrp.result_code, msg->icrp.error_code, 0);
	pptp_event_raised_by_message(conn, PPTP_EV_CALL_DOWN, c);
	pptp_call_ended(conn, c, reason);
}

static void refuse_offered(pptp_conn *conn, call *c, pptp_err reason)
{
	pptp_call_queue_tx(conn, c, CALL_TX_REFUSE);
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

/* The timer that runs in this state, as events name it. */
static uint8_t fired(const call *c)
{
	static const uint8_t names[] = {PPTP_TIMER_DIAL,  PPTP_TIMER_ANSWER,  PPTP_TIMER_CLEAR,
	                                PPTP_TIMER_OFFER, PPTP_TIMER_CONNECT, PPTP_TIMER_NONE};
	return names[c->timer];
}

static void refuse_late(pptp_conn *conn, call *c)
{
	if (is_incoming(c->machine))
		pptp_call_codes(c, PPTP_ICRP, PPTP_ICRP_GENERAL_ERROR, PPTP_ERROR_NO_RESOURCE, 0);
	else
		pptp_call_codes(c, PPTP_OCRP, PPTP_OCRP_TIMEOUT, PPTP_ERROR_NONE, 0);
	c->timer_fired = PPTP_TIMER_ANSWER;
	refuse_offered(conn, c, PPTP_ERR_TIMEOUT);
}

static void clear_late(pptp_conn *conn, call *c, pptp_usec now)
{
	uint8_t timer = fired(c);
	request_clear(conn, c, now);
	call_timeout(conn, c, timer);
}

static void notify_late(pptp_conn *conn, call *c)
{
	uint8_t timer = fired(c);
	pptp_call_codes(c, PPTP_CDN, PPTP_CDN_GENERAL_ERROR, PPTP_ERROR_PAC, 0);
	notify(conn, c, PPTP_ERR_TIMEOUT);
	call_timeout(conn, c, timer);
}

static void offer_outgoing(call *c, const pptp_ocrq *request)
{
	c->serial = request->call_serial_number;
	c->minimum_bps = request->minimum_bps;
	c->maximum_bps = request->maximum_bps;
	c->bearer_type = request->bearer_type;
	c->framing_type = request->framing_type;
	c->peer_recv_window = request->packet_recv_window_size;
	c->peer_delay = request->packet_processing_delay;
}

static void offer_incoming(call *c, const pptp_icrq *request)
{
	c->serial = request->call_serial_number;
	c->bearer_type = request->call_bearer_type;
	c->physical_channel_id = request->physical_channel_id;
}

static void offer(pptp_conn *conn, call *c, const pptp_msg *msg, pptp_usec now)
{
	if (is_incoming(c->machine))
		offer_incoming(c, &msg->icrq);
	else
		offer_outgoing(c, &msg->ocrq);
	conn->offered++;
	pptp_call_set_peer(conn, c, is_incoming(c->machine) ? msg->icrq.call_id : msg->ocrq.call_id);
	pptp_call_timer(conn, c, CALL_TIMER_ANSWER, now);
	pptp_call_queue_event(conn, c, CALL_EV_OFFERED);
	pptp_event_raised_by_message(conn, PPTP_EV_CALL_OFFERED, c);
}

/* At most one WAN-Error-Notify an interval (2.14); what is told in between goes with the next. */
static void send_wan_error(pptp_conn *conn, call *c, pptp_usec now)
{
	if (c->tx & CALL_TX_WEN) /* waits for room, and takes the newest with it */
		return;
	if (c->timer == CALL_TIMER_WAN) {
		c->wan_waits = 1;
		return;
	}
	pptp_call_queue_tx(conn, c, CALL_TX_WEN);
	if (conn->options->wan_error_interval_us != 0)
		pptp_call_timer(conn, c, CALL_TIMER_WAN, now);
}

static void wan_timer(pptp_conn *conn, call *c, pptp_usec now)
{
	pptp_call_timer(conn, c, CALL_TIMER_OFF, 0);
	if (!c->wan_waits)
		return;
	c->wan_waits = 0;
	send_wan_error(conn, c, now);
}

static void act(pptp_conn *conn, call *c, uint32_t action, const pptp_msg *msg, pptp_usec now)
{
	switch (action) {
	case CALL_OFFER:
		offer(conn, c, msg, now);
		break;
	case CALL_WAIT_DIAL:
		pptp_call_timer(conn, c, CALL_TIMER_DIAL, now);
		break;
	case CALL_WAIT_OFFER:
		pptp_call_timer(conn, c, CALL_TIMER_OFFER, now);
		break;
	case CALL_CONNECT:
		connect(conn, c, msg, now);
		break;
	case CALL_ANSWER_LINE:
		answer_line(conn, c, &msg->icrp, now);
		break;
	case CALL_CONNECT_LINE:
		connect_line(conn, c, msg);
		break;
	case CALL_ACCEPT:
		conn->offered--;
		pptp_call_queue_tx(conn, c, CALL_TX_REPLY);
		up(conn, c, NULL);
		break;
	case CALL_ACCEPT_LINE:
		conn->offered--;
		pptp_call_queue_tx(conn, c, CALL_TX_REPLY);
		pptp_call_timer(conn, c, CALL_TIMER_CONNECT, now);
		break;
	case CALL_REFUSE:
		refuse_offered(conn, c, PPTP_ERR_LOCAL);
		break;
	case CALL_REFUSE_TIMEOUT:
		refuse_late(conn, c);
		break;
	case CALL_REFUSED:
		ended_by_message(conn, c, msg, PPTP_ERR_REFUSED);
		break;
	case CALL_LINE_CONNECTED:
		pptp_call_queue_tx(conn, c, CALL_TX_ICCN);
		up(conn, c, NULL);
		break;
	case CALL_CLEAR_REQUEST:
		set_reason(c, PPTP_ERR_LOCAL);
		request_clear(conn, c, now);
		break;
	case CALL_CLEAR_TIMEOUT:
		clear_late(conn, c, now);
		break;
	case CALL_NOTIFY:
		notify(conn, c, PPTP_ERR_LOCAL);
		break;
	case CALL_NOTIFY_REQUEST:
		pptp_call_codes(c, PPTP_CDN, PPTP_CDN_REQUEST, PPTP_ERROR_NONE, 0);
		pptp_event_raised_by_message(conn, PPTP_EV_CALL_DOWN, c);
		notify(conn, c, PPTP_ERR_PEER);
		break;
	case CALL_NOTIFY_TIMEOUT:
		notify_late(conn, c);
		break;
	case CALL_PEER:
	case CALL_CLEARED:
		ended_by_message(conn, c, msg, PPTP_ERR_PEER);
		break;
	case CALL_LEARN:
		learn(conn, c, &msg->ocrp);
		break;
	case CALL_TIMED_OUT:
		pptp_call_ended(conn, c, PPTP_ERR_TIMEOUT);
		call_timeout(conn, c, PPTP_TIMER_CLEAR);
		break;
	case CALL_SEND_LINK_INFO:
		pptp_call_queue_tx(conn, c, CALL_TX_SLI);
		break;
	case CALL_SEND_WAN_ERROR:
		send_wan_error(conn, c, now);
		break;
	case CALL_WAN_TIMER:
		wan_timer(conn, c, now);
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

/* ---- timers -------------------------------------------------------------------------------------------- */

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
