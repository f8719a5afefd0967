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
	conn->msg_event = type;
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
}

static pptp_event begin(uint32_t type, void *user)
{
	pptp_event event;
	memset(&event, 0, sizeof event);
	event.type = type;
	event.user = user;
	return event;
}

static pptp_event of_conn(pptp_conn *conn, uint32_t type)
{
	pptp_event event = begin(type, conn->user);
	attach_message(conn, &event, NULL);
	if (type != PPTP_EV_DOWN)
		return event;
	describe_end(&conn->end, &event);
	event.field = conn->end.field;
	event.value = conn->end.value;
	return event;
}

static pptp_event of_call(pptp_conn *conn, call *c, uint32_t type)
{
	pptp_event event = begin(type, c->user);
	event.call = pptp_call_handle(conn, c);
	event.local_call_id = c->local_call_id;
	event.peer_call_id = c->peer_call_id;
	event.peer_recv_window = c->peer_recv_window;
	event.peer_delay = c->peer_delay;
	event.connect_speed = c->connect_speed;
	event.bearer_type = c->bearer_type;
	event.framing_type = c->framing_type;
	event.physical_channel_id = c->physical_channel_id;
	event.send_accm = c->send_accm;
	event.recv_accm = c->recv_accm;
	attach_message(conn, &event, c);
	return event;
}

static pptp_event call_down(pptp_conn *conn, call *c)
{
	pptp_event event = of_call(conn, c, PPTP_EV_CALL_DOWN);
	event.reason = c->reason;
	event.timer = c->timer_fired;
	event.result_code = c->result_code;
	event.error_code = c->error_code;
	event.cause_code = c->cause_code;
	c->state = CALL_IDLE;
	c->generation++;
	pptp_call_release_slot(conn, c);
	return event;
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
static pptp_event next_fallen(pptp_conn *conn)
{
	call *c = &conn->calls[conn->ending_cursor];
	pptp_event event;
	int cause_of_its_own;
	while (c->state == CALL_IDLE)
		c++;
	conn->ending_cursor = (uint32_t)(c - conn->calls) + 1;
	conn->live--;
	cause_of_its_own = c->reason != 0;
	event = call_down(conn, c);
	if (!cause_of_its_own)
		describe_end(&conn->end, &event);
	return event;
}

static uint32_t take_conn_event(pptp_conn *conn)
{
	if (conn->events & EV_WRITABLE_BIT) {
		conn->events &= (uint8_t)~EV_WRITABLE_BIT;
		return PPTP_EV_WRITABLE;
	}
	conn->events &= (uint8_t)~EV_DOWN_BIT;
	conn->finished = 1;
	return PPTP_EV_DOWN;
}

pptp_err pptp_event_take(pptp_conn *conn, pptp_event *ret)
{
	call *c = pptp_queue_first(conn, &conn->event_calls);
	if (conn->events & EV_START_OFFERED_BIT) {
		conn->events &= (uint8_t)~EV_START_OFFERED_BIT;
		*ret = of_conn(conn, PPTP_EV_START_OFFERED);
	} else if (conn->events & EV_UP_BIT) {
		conn->events &= (uint8_t)~EV_UP_BIT;
		*ret = of_conn(conn, PPTP_EV_UP);
	} else if (c) {
		uint32_t type = take_call_event(conn, c);
		*ret = type == PPTP_EV_CALL_DOWN ? call_down(conn, c) : of_call(conn, c, type);
	} else if (conn->ending_calls && conn->live > 0) {
		*ret = next_fallen(conn);
	} else if (conn->events) {
		*ret = of_conn(conn, take_conn_event(conn));
	} else {
		return PPTP_ERR_EMPTY;
	}
	return PPTP_OK;
}
