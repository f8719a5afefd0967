/* conn_event: what poll returns, one event at a time, each call's end before the connection's. */
#include "conn_internal.h"
#include "wire.h"

int pptp_events_waiting(const pptp_conn *conn)
{
	return conn->events != 0 || conn->event_calls.first != NO_CALL ||
	       (conn->ending_calls && conn->live > 0);
}

/* The event of this type, of this call or (NULL) of the connection, comes from the message in rx. */
void pptp_event_raised_by_message(pptp_conn *conn, uint32_t type, const call *c)
{
	conn->msg_event = (uint8_t)type;
	conn->msg_call = c;
}

static void attach_message(pptp_conn *conn, pptp_event *event, const call *c)
{
	if (conn->msg_event != event->type || conn->msg_call != c)
		return;
	conn->msg_event = 0;
	event->msg = conn->rx;
	event->msg_len = conn->msg_len;
	if (conn->msg_len >= PPTP_HEADER_OCTETS - 2)
		event->message_type = wire_load16(conn->rx + 8);
}

static void describe_end(const ending *end, pptp_event *event)
{
	event->reason = end->reason;
	event->timer = end->timer;
	event->result_code = end->result_code;
	event->error_code = end->error_code;
	event->result_type = end->result_type;
}

static void begin(uint32_t type, void *user, pptp_event *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->type = type;
	ret->user = user;
}

static void of_conn(pptp_conn *conn, uint32_t type, pptp_event *ret)
{
	begin(type, conn->user, ret);
	attach_message(conn, ret, NULL);
	if (type != PPTP_EV_DOWN)
		return;
	describe_end(&conn->end, ret);
	ret->field = conn->end.field;
	ret->value = conn->end.value;
}

static void of_call(pptp_conn *conn, call *c, uint32_t type, pptp_event *ret)
{
	begin(type, c->user, ret);
	ret->call = pptp_call_handle(conn, c);
	ret->local_call_id = c->local_call_id;
	ret->peer_call_id = c->peer_call_id;
	ret->peer_recv_window = c->peer_recv_window;
	ret->peer_delay = c->peer_delay;
	ret->connect_speed = c->connect_speed;
	ret->bearer_type = c->bearer_type;
	ret->framing_type = c->framing_type;
	ret->physical_channel_id = c->physical_channel_id;
	ret->send_accm = c->send_accm;
	ret->recv_accm = c->recv_accm;
	attach_message(conn, ret, c);
}

static void call_down(pptp_conn *conn, call *c, pptp_event *ret)
{
	of_call(conn, c, PPTP_EV_CALL_DOWN, ret);
	ret->reason = c->reason;
	ret->timer = c->timer_fired;
	ret->result_code = c->result_code;
	ret->error_code = c->error_code;
	ret->result_type = c->result_type;
	ret->cause_code = c->cause_code;
	c->state = CALL_IDLE;
	c->generation++;
	pptp_call_release_slot(conn, c);
	pptp_tx_tell_room(conn);
}

/* The bits of call.events are in the order in which their events are reported. */
static uint32_t take_call_event(pptp_conn *conn, call *c)
{
	static const uint8_t types[] = {PPTP_EV_CALL_OFFERED,   PPTP_EV_CALL_ANSWER,    PPTP_EV_CALL_UP,
	                                PPTP_EV_CALL_LINK_INFO, PPTP_EV_CALL_WAN_ERROR, PPTP_EV_CALL_DOWN};
	uint32_t i = 0;
	while (!(c->events & 1u << i))
		i++;
	c->events &= (uint8_t) ~(1u << i);
	if (c->events == 0)
		pptp_queue_drop_event(conn);
	return types[i];
}

/* The next call that falls with its connection. A scan, since 65,535 of them need no queue this way. */
static void next_fallen(pptp_conn *conn, pptp_event *ret)
{
	call *c = &conn->calls[conn->ending_cursor];
	int cause_of_its_own;
	while (c->state == CALL_IDLE)
		c++;
	conn->ending_cursor = (uint16_t)(c - conn->calls + 1);
	conn->live--;
	cause_of_its_own = c->reason != 0;
	call_down(conn, c, ret);
	if (!cause_of_its_own)
		describe_end(&conn->end, ret);
}

static void next_of_call(pptp_conn *conn, call *c, pptp_event *ret)
{
	uint32_t type = take_call_event(conn, c);
	if (type == PPTP_EV_CALL_DOWN)
		call_down(conn, c, ret);
	else
		of_call(conn, c, type, ret);
}

/* The connection's events that come before all of its calls', and those that come behind them. */
#define EARLY_BITS (EV_START_OFFERED_BIT | EV_UP_BIT)

static void take_early(pptp_conn *conn, pptp_event *ret)
{
	if (conn->events & EV_START_OFFERED_BIT) {
		conn->events &= (uint8_t)~EV_START_OFFERED_BIT;
		of_conn(conn, PPTP_EV_START_OFFERED, ret);
	} else {
		conn->events &= (uint8_t)~EV_UP_BIT;
		of_conn(conn, PPTP_EV_UP, ret);
	}
}

static void take_late(pptp_conn *conn, pptp_event *ret)
{
	if (conn->events & EV_WRITABLE_BIT) {
		conn->events &= (uint8_t)~EV_WRITABLE_BIT;
		of_conn(conn, PPTP_EV_WRITABLE, ret);
		return;
	}
	conn->events &= (uint8_t)~EV_DOWN_BIT;
	conn->finished = 1;
	of_conn(conn, PPTP_EV_DOWN, ret);
}

pptp_err pptp_event_take(pptp_conn *conn, pptp_event *ret)
{
	call *c = pptp_queue_first(conn, &conn->event_calls);
	if (conn->events & EARLY_BITS)
		take_early(conn, ret);
	else if (c)
		next_of_call(conn, c, ret);
	else if (conn->ending_calls && conn->live > 0)
		next_fallen(conn, ret);
	else if (conn->events)
		take_late(conn, ret);
	else
		return PPTP_ERR_EMPTY;
	return PPTP_OK;
}
