/* conn_control: the control connection's side of the state machines (RFC 2637 2.1 - 2.6, 3.1). */
#include "conn_internal.h"

/* ---- ends ------------------------------------------------------------------------------------------- */

/* The first cause is the reason. Every call falls now, whatever follows for the connection. */
static void begin_ending(pptp_conn *conn, pptp_err reason)
{
	if (!conn->end.reason)
		conn->end.reason = (int8_t)reason;
	conn->ending_calls = 1;
	conn->want_room = 0;
	conn->events &= (uint8_t) ~(EV_WRITABLE_BIT | EV_START_OFFERED_BIT);
}

/* The connection is over: nothing is sent any more, PPTP_EV_DOWN waits. */
void pptp_control_end(pptp_conn *conn, pptp_err reason)
{
	begin_ending(conn, reason);
	conn->state = PPTP_CONN_CLOSED;
	conn->timer = PPTP_TIMER_NONE;
	conn->events |= EV_DOWN_BIT;
	pptp_tx_drop(conn);
}

/* What a message of this type says of the end, the peer's or ours. */
static void codes(pptp_conn *conn, uint8_t type, uint8_t result, uint8_t error)
{
	conn->end.result_type = type;
	conn->end.result_code = result;
	conn->end.error_code = error;
}

void pptp_control_timeout(pptp_conn *conn, uint8_t timer)
{
	if (!conn->end.timer)
		conn->end.timer = timer;
	pptp_control_end(conn, PPTP_ERR_TIMEOUT);
}

/* Say what in the message in rx ends the connection, and let recv return it. */
static void blame(pptp_conn *conn, pptp_err reason, uint32_t field, uint32_t value)
{
	if (reason != PPTP_ERR_VERSION)
		conn->recv_error = (int8_t)reason;
	if (conn->end.reason)
		return;
	conn->end.field = (uint16_t)field;
	conn->end.value = value;
	pptp_event_raised_by_message(conn, PPTP_EV_DOWN, NULL);
}

void pptp_control_malformed(pptp_conn *conn, const pptp_msg_fault *fault)
{
	blame(conn, PPTP_ERR_MALFORMED, fault->field, fault->value);
	pptp_control_end(conn, PPTP_ERR_MALFORMED);
}

#define TYPE_OFFSET    ((uint32_t)offsetof(pptp_msg_header, control_message_type))
#define VERSION_OFFSET PPTP_HEADER_OCTETS /* of Protocol Version, in both Start messages */

static void protocol_error(pptp_conn *conn, const pptp_msg *msg)
{
	blame(conn, PPTP_ERR_PROTOCOL, TYPE_OFFSET, msg->header.control_message_type);
	pptp_control_end(conn, PPTP_ERR_PROTOCOL);
}

/* A message that must not be: counted where tolerated, else the end (RFC 2637 3). */
void pptp_illegal(pptp_conn *conn, const pptp_msg *msg, uint32_t tolerance, uint32_t count)
{
	conn->counts[count]++;
	if (!tolerates(conn, tolerance))
		protocol_error(conn, msg);
}

/* ---- what a message is to the tables ------------------------------------------------------------------- */

static int reserved_refused(const pptp_conn *conn, const pptp_msg *msg)
{
	return !tolerates(conn, PPTP_TOLERATE_RESERVED) && pptp_reserved_field(msg) != 0;
}

static uint16_t oldest_version(const pptp_conn *conn)
{
	return conn->options->oldest_version ? conn->options->oldest_version
	                                     : conn->options->protocol_version;
}

/* 3.1.2: to a newer version than ours we answer with ours. */
static uint32_t sccrq_fitness(const pptp_conn *conn, const pptp_msg *msg)
{
	if (msg->sccrq.protocol_version < oldest_version(conn))
		return IN_SCCRQ_VERSION;
	return reserved_refused(conn, msg) ? IN_SCCRQ_VALUE : IN_SCCRQ_OK;
}

/* The host is asked first even about what cannot be accepted: to a start that lost a collision nothing must
 * be said, a refusal neither (3.1.3). */
static uint32_t sccrq_event(const pptp_conn *conn, const pptp_msg *msg)
{
	return conn->ask && conn->state == PPTP_CONN_IDLE ? IN_SCCRQ_ASK : sccrq_fitness(conn, msg);
}

static uint32_t sccrp_event(const pptp_conn *conn, const pptp_msg *msg)
{
	uint8_t result = msg->sccrp.result_code;
	if (result == 0 && tolerates(conn, PPTP_TOLERATE_SCCRP_RESULT_0))
		result = PPTP_SCCRP_OK;
	if (result != PPTP_SCCRP_OK)
		return IN_SCCRP_REFUSED;
	if (msg->sccrp.protocol_version > conn->options->protocol_version ||
	    msg->sccrp.protocol_version < oldest_version(conn))
		return IN_SCCRP_VERSION;
	return IN_SCCRP_OK;
}

static uint32_t event_of(const pptp_conn *conn, const pptp_msg *msg)
{
	switch (msg->header.control_message_type) {
	case PPTP_SCCRQ:
		return sccrq_event(conn, msg);
	case PPTP_SCCRP:
		return sccrp_event(conn, msg);
	case PPTP_STOPCCRQ:
		return IN_STOPCCRQ;
	case PPTP_STOPCCRP:
		return IN_STOPCCRP;
	case PPTP_ECHORQ:
		return IN_ECHORQ;
	case PPTP_ECHORP:
		return IN_ECHORP;
	default:
		return IN_CALL;
	}
}

void pptp_control_message(pptp_conn *conn, const pptp_msg *msg, pptp_usec now)
{
	pptp_control_input(conn, event_of(conn, msg), msg, now);
	if (conn->state == PPTP_CONN_ESTABLISHED && conn->timer == PPTP_TIMER_IDLE)
		start_timer(conn, PPTP_TIMER_IDLE, conn->options->idle_timeout_us, now);
}

/* ---- actions ------------------------------------------------------------------------------------------- */

static void established(pptp_conn *conn, pptp_usec now)
{
	conn->events |= EV_UP_BIT;
	start_timer(conn, PPTP_TIMER_IDLE, conn->options->idle_timeout_us, now);
}

static void learn_peer(pptp_conn *conn, const pptp_sccrq *request)
{
	uint16_t ours = conn->options->protocol_version;
	conn->version = request->protocol_version < ours ? request->protocol_version : ours;
	conn->peer_framing = request->framing_capabilities;
	conn->peer_bearer = request->bearer_capabilities;
	conn->peer_channels = request->maximum_channels;
	conn->peer_firmware = request->firmware_revision;
}

/* The reply that accepting will lead to is settled now: the request is not kept. */
static void settle_answer(pptp_conn *conn, const pptp_msg *msg)
{
	switch (sccrq_fitness(conn, msg)) {
	case IN_SCCRQ_VERSION:
		conn->sccrp_result = PPTP_SCCRP_BAD_VERSION;
		break;
	case IN_SCCRQ_VALUE:
		conn->sccrp_result = PPTP_SCCRP_GENERAL_ERROR;
		conn->sccrp_error = PPTP_ERROR_BAD_VALUE;
		break;
	default:
		conn->sccrp_result = PPTP_SCCRP_OK;
		break;
	}
}

static void ask_host(pptp_conn *conn, const pptp_msg *msg)
{
	learn_peer(conn, &msg->sccrq);
	settle_answer(conn, msg);
	conn->events |= EV_START_OFFERED_BIT;
	pptp_event_raised_by_message(conn, PPTP_EV_START_OFFERED, NULL);
}

static void accept_asked(pptp_conn *conn, pptp_usec now)
{
	conn->sccrp_result = PPTP_SCCRP_OK;
	conn->tx |= TX_SCCRP;
	established(conn, now);
}

static void accept_peer(pptp_conn *conn, const pptp_sccrq *request, pptp_usec now)
{
	learn_peer(conn, request);
	pptp_event_raised_by_message(conn, PPTP_EV_UP, NULL);
	accept_asked(conn, now);
}

static void accepted_by_peer(pptp_conn *conn, const pptp_sccrp *reply, pptp_usec now)
{
	if (reply->result_code == 0)
		conn->counts[PPTP_COUNT_RESULT_0]++;
	conn->version = reply->protocol_version;
	conn->peer_framing = reply->framing_capabilities;
	conn->peer_bearer = reply->bearer_capabilities;
	conn->peer_channels = reply->maximum_channels;
	conn->peer_firmware = reply->firmware_revision;
	pptp_event_raised_by_message(conn, PPTP_EV_UP, NULL);
	established(conn, now);
}

/* Wait until what is queued has left, but not for ever. */
static void closing(pptp_conn *conn, pptp_err reason, pptp_usec now)
{
	begin_ending(conn, reason);
	start_timer(conn, PPTP_TIMER_STOP, conn->options->stop_timeout_us, now);
}

static void refuse_peer(pptp_conn *conn, uint8_t result, uint8_t error, pptp_err reason, pptp_usec now)
{
	conn->sccrp_result = result;
	conn->sccrp_error = error;
	codes(conn, PPTP_SCCRP, result, error);
	conn->tx |= TX_SCCRP;
	closing(conn, reason, now);
}

/* The host accepted what it could not: version and values are checked behind its back, not instead of it. */
static void refuse_unfit(pptp_conn *conn, pptp_usec now)
{
	pptp_err reason = PPTP_ERR_REFUSED;
	if (conn->sccrp_result == PPTP_SCCRP_BAD_VERSION) {
		reason = PPTP_ERR_VERSION;
		conn->end.field = VERSION_OFFSET;
		conn->end.value = conn->version;
		conn->version = 0; /* the reply says ours */
	}
	refuse_peer(conn, conn->sccrp_result, conn->sccrp_error, reason, now);
}

/* A second request. When the answer to the first has not left yet, it answers this one, too. */
static void channel_exists(pptp_conn *conn)
{
	conn->counts[PPTP_COUNT_STATE]++;
	if (conn->tx & TX_SCCRP)
		return;
	conn->sccrp_result = PPTP_SCCRP_CHANNEL_EXISTS;
	conn->tx |= TX_SCCRP;
}

static void stop(pptp_conn *conn, uint8_t reason, pptp_err why, pptp_usec now)
{
	conn->stop_reason = reason;
	conn->tx |= TX_STOPCCRQ;
	closing(conn, why, now);
}

static void stopped_by_peer(pptp_conn *conn, const pptp_stopccrq *request, pptp_usec now)
{
	conn->tx |= TX_STOPCCRP;
	if (!conn->end.reason) {
		codes(conn, PPTP_STOPCCRQ, request->reason, PPTP_ERROR_NONE);
		pptp_event_raised_by_message(conn, PPTP_EV_DOWN, NULL);
	}
	closing(conn, PPTP_ERR_STOPPED, now);
}

/* Echo-Requests that come faster than replies can leave are answered by the newest one's reply. */
static void echo_reply(pptp_conn *conn, const pptp_msg *msg, uint8_t result, uint8_t error)
{
	if (conn->tx & TX_ECHORP)
		conn->counts[PPTP_COUNT_ECHO_COALESCED]++;
	conn->tx |= TX_ECHORP;
	conn->echo_reply_id = msg->echorq.identifier;
	conn->echo_result = result;
	conn->echo_error = error;
}

static void echo_requested(pptp_conn *conn, const pptp_msg *msg)
{
	if (reserved_refused(conn, msg))
		echo_reply(conn, msg, PPTP_ECHORP_GENERAL_ERROR, PPTP_ERROR_BAD_VALUE);
	else
		echo_reply(conn, msg, PPTP_ECHORP_OK, PPTP_ERROR_NONE);
}

static void echo_early(pptp_conn *conn, const pptp_msg *msg)
{
	conn->counts[PPTP_COUNT_STATE]++;
	if (tolerates(conn, PPTP_TOLERATE_STATE))
		echo_reply(conn, msg, PPTP_ECHORP_GENERAL_ERROR, PPTP_ERROR_NOT_CONNECTED);
	else
		protocol_error(conn, msg);
}

static void echo_replied(pptp_conn *conn, const pptp_echorp *reply, pptp_usec now)
{
	int awaited = conn->timer == PPTP_TIMER_ECHO && reply->identifier == conn->echo_id &&
	              reply->result_code == PPTP_ECHORP_OK;
	if (awaited && now >= conn->echo_sent)
		conn->echo_rtt = now - conn->echo_sent;
	if (!awaited)
		conn->counts[PPTP_COUNT_ECHO_MISMATCH]++;
	if (awaited || tolerates(conn, PPTP_TOLERATE_ECHO_REPLY))
		start_timer(conn, PPTP_TIMER_IDLE, conn->options->idle_timeout_us, now);
}

static void echo_request(pptp_conn *conn, pptp_usec now)
{
	conn->echo_id++;
	conn->echo_sent = now;
	conn->tx |= TX_ECHORQ;
	start_timer(conn, PPTP_TIMER_ECHO, conn->options->echo_timeout_us, now);
}

static void call_too_early(pptp_conn *conn, const pptp_msg *msg, pptp_usec now)
{
	if (msg->header.control_message_type == PPTP_OCRQ)
		pptp_refuse(conn, PPTP_OCRP, msg->ocrq.call_id, PPTP_OCRP_GENERAL_ERROR,
		            PPTP_ERROR_NOT_CONNECTED);
	blame(conn, PPTP_ERR_PROTOCOL, TYPE_OFFSET, msg->header.control_message_type);
	closing(conn, PPTP_ERR_PROTOCOL, now);
}

static void refused_by_peer(pptp_conn *conn, const pptp_sccrp *reply)
{
	codes(conn, PPTP_SCCRP, reply->result_code, reply->error_code);
	pptp_event_raised_by_message(conn, PPTP_EV_DOWN, NULL);
	pptp_control_end(conn, PPTP_ERR_REFUSED);
}

/* Whatever the reply says, the connection is over. */
static void stop_replied(pptp_conn *conn, const pptp_stopccrp *reply)
{
	codes(conn, PPTP_STOPCCRP, reply->result_code, reply->error_code);
	pptp_event_raised_by_message(conn, PPTP_EV_DOWN, NULL);
}

static void act(pptp_conn *conn, uint32_t action, const pptp_msg *msg, pptp_usec now)
{
	switch (action) {
	case DO_UP:
		accepted_by_peer(conn, &msg->sccrp, now);
		break;
	case DO_ASK:
		ask_host(conn, msg);
		break;
	case DO_ACCEPT:
		accept_peer(conn, &msg->sccrq, now);
		break;
	case DO_ACCEPT_ASKED:
		accept_asked(conn, now);
		break;
	case DO_REFUSE:
		refuse_peer(conn, conn->sccrp_result, conn->sccrp_error, PPTP_ERR_REFUSED, now);
		break;
	case DO_REFUSE_UNFIT:
		refuse_unfit(conn, now);
		break;
	case DO_REFUSE_VERSION:
		blame(conn, PPTP_ERR_VERSION, VERSION_OFFSET, msg->sccrq.protocol_version);
		refuse_peer(conn, PPTP_SCCRP_BAD_VERSION, PPTP_ERROR_NONE, PPTP_ERR_VERSION, now);
		break;
	case DO_REFUSE_VALUE:
		pptp_event_raised_by_message(conn, PPTP_EV_DOWN, NULL);
		refuse_peer(conn, PPTP_SCCRP_GENERAL_ERROR, PPTP_ERROR_BAD_VALUE, PPTP_ERR_REFUSED, now);
		break;
	case DO_CHANNEL_EXISTS:
		channel_exists(conn);
		break;
	case DO_STOP_VERSION:
		blame(conn, PPTP_ERR_VERSION, VERSION_OFFSET, msg->sccrp.protocol_version);
		stop(conn, PPTP_STOP_PROTOCOL, PPTP_ERR_VERSION, now);
		break;
	case DO_STOP_LOCAL:
		stop(conn, conn->stop_reason, PPTP_ERR_LOCAL, now);
		break;
	case DO_STOP_REPLY:
		stopped_by_peer(conn, &msg->stopccrq, now);
		break;
	case DO_ECHO_REPLY:
		echo_requested(conn, msg);
		break;
	case DO_ECHO_EARLY:
		echo_early(conn, msg);
		break;
	case DO_ALIVE:
		echo_replied(conn, &msg->echorp, now);
		break;
	case DO_ECHO_REQUEST:
		echo_request(conn, now);
		break;
	case DO_CALL:
		pptp_call_message(conn, msg, now);
		break;
	case DO_CALL_EARLY:
		call_too_early(conn, msg, now);
		break;
	case DO_IGNORE:
		pptp_illegal(conn, msg, PPTP_TOLERATE_STATE, PPTP_COUNT_STATE);
		break;
	case DO_END:
		if (msg)
			stop_replied(conn, &msg->stopccrp);
		pptp_control_end(conn, PPTP_ERR_LOCAL);
		break;
	case DO_END_LOCAL:
		pptp_control_end(conn, PPTP_ERR_LOCAL);
		break;
	case DO_END_REFUSED:
		refused_by_peer(conn, &msg->sccrp);
		break;
	case DO_END_STOPPED:
		codes(conn, PPTP_STOPCCRQ, msg->stopccrq.reason, PPTP_ERROR_NONE);
		pptp_event_raised_by_message(conn, PPTP_EV_DOWN, NULL);
		pptp_control_end(conn, PPTP_ERR_STOPPED);
		break;
	case DO_END_TIMEOUT:
		pptp_control_timeout(conn, conn->timer);
		break;
	default: /* DO_NOTHING */
		break;
	}
}

/* One event through the table. Before the connection is established what has no row is a protocol error
 * in every profile: nothing legal can follow it. */
void pptp_control_input(pptp_conn *conn, uint32_t event, const pptp_msg *msg, pptp_usec now)
{
	const row *found = pptp_control_row(conn->role, conn->state, event);
	if (found) {
		conn->state = found->next;
		act(conn, found->action, msg, now);
	} else if (msg) {
		protocol_error(conn, msg);
	}
}

void pptp_control_begin(pptp_conn *conn, pptp_usec now)
{
	conn->state = PPTP_CONN_IDLE;
	if (conn->role == PPTP_ORIGINATOR) {
		conn->state = PPTP_CONN_WAIT_CTL_REPLY;
		conn->tx |= TX_SCCRQ;
	}
	start_timer(conn, PPTP_TIMER_START, conn->options->start_timeout_us, now);
}

void pptp_control_tick(pptp_conn *conn, pptp_usec now)
{
	static const uint8_t events[] = {0, IN_TIMER_START, IN_TIMER_IDLE, IN_TIMER_ECHO, IN_TIMER_STOP};
	if (conn->timer == PPTP_TIMER_NONE || now < conn->deadline || conn->deadline == PPTP_NEVER)
		return;
	pptp_control_input(conn, events[conn->timer], NULL, now);
}

/* Closing ends when the last octet has left. */
void pptp_control_drained(pptp_conn *conn, pptp_usec now)
{
	if (conn->state == PPTP_CONN_CLOSING && !pptp_tx_waiting(conn) && pptp_tx_octets(conn) == 0)
		pptp_control_input(conn, IN_DRAINED, NULL, now);
}
