#include "life.h"

static void act(life *l, int kind)
{
	if (l->deed == DO_NOTHING || kind != l->kind || l->seen++ != l->n)
		return;
	l->done = 1;
	if (l->deed == DO_FREE) {
		pptp_conn_free(l->conn);
		l->freed = 1;
	} else if (l->deed == DO_CLOSE) {
		pptp_conn_close(l->conn, PPTP_STOP_LOCAL_SHUTDOWN, l->now);
	} else if (l->deed == DO_ABORT) {
		pptp_conn_abort(l->conn, PPTP_ERR_EOF, l->now);
	} else if (l->deed == DO_CLEAR) {
		pptp_call_clear(l->conn, l->call, PPTP_CDN_ADMIN_SHUTDOWN, 0, 0, l->now);
	}
}

static pptp_ssize on_send(void *user, const uint8_t *data, size_t len)
{
	life *l = user;
	int failed = l->done;
	CHECK(!l->freed && !l->down);
	act(l, IN_SEND);
	if (l->deed == DO_FAIL && l->done && !failed)
		return PPTP_ERR_SEND;
	if (l->send_most && len > l->send_most)
		len = l->send_most;
	CHECK(l->sent_len + len <= sizeof(l->sent));
	memcpy(l->sent + l->sent_len, data, len);
	l->sent_len += len;
	return (pptp_ssize)len;
}

/* An event but for its pointers, which are other ones each time. */
static void record(life *l, pptp_event e)
{
	size_t len = e.msg_len;
	CHECK(l->events_len + sizeof(e) + len <= sizeof(l->events));
	if (len)
		memcpy(l->events + l->events_len, e.msg, len);
	l->events_len += len;
	e.msg = NULL;
	e.user = NULL;
	memcpy(l->events + l->events_len, &e, sizeof(e));
	l->events_len += sizeof(e);
}

/* The host answers as it goes. */
static void answer(life *l, const pptp_event *e)
{
	static const pptp_wan_errors errors = {sizeof(errors), 1, 2, 3, 4, 5, 6};
	pptp_answer a;
	pptp_call_info info;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	a.connect_speed = 64000;
	a.packet_recv_window_size = 5;
	a.packet_processing_delay = 6;
	a.cause_code = 16;
	a.physical_channel_id = 0xCAFEF00D;
	a.framing_type = PPTP_FRAMING_ASYNC;
	switch (e->type) {
	case PPTP_EV_CALL_OFFERED:
		a.local_call_id = ++l->local;
		pptp_call_accept(l->conn, e->call, &a, l->now);
		break;
	case PPTP_EV_CALL_ANSWER:
		pptp_call_connected(l->conn, e->call, &a, l->now);
		break;
	case PPTP_EV_CALL_UP:
		if (pptp_call_get_info(l->conn, e->call, &info, sizeof(info)) != PPTP_OK)
			break;
		if (info.role == PPTP_PNS)
			pptp_call_set_link_info(l->conn, e->call, 1, 0xA0000, l->now);
		else if (info.direction == PPTP_OUTGOING)
			pptp_call_wan_errors(l->conn, e->call, &errors, l->now);
		pptp_call_statistics(l->conn, e->call, (const uint8_t *)"rx 5", 4);
		break;
	default:
		break;
	}
}

static void on_event(void *user, pptp_conn *conn, const pptp_event *e)
{
	life *l = user;
	CHECK(!l->freed && !l->down);
	l->conn = conn;
	record(l, *e);
	if (e->type == PPTP_EV_CALL_OFFERED) {
		l->call = e->call;
		l->begun++;
	}
	l->ended += e->type == PPTP_EV_CALL_DOWN;
	if (e->type == PPTP_EV_DOWN) {
		l->down = l->over = 1;
		l->reason = e->reason;
		CHECK_EQ(l->ended, l->begun);
	}
	act(l, IN_EVENT);
	if (!l->freed && !l->down)
		answer(l, e);
}

static void on_trace(void *user, uint32_t sent, const uint8_t *msg, size_t len)
{
	life *l = user;
	CHECK(!l->freed);
	CHECK(sent <= 1 && len >= PPTP_HEADER_OCTETS);
	CHECK_EQ(msg[0] << 8 | msg[1], len);
	act(l, IN_TRACE);
}

static void on_amend(void *user, pptp_msg *msg)
{
	life *l = user;
	CHECK(!l->freed);
	CHECK(msg->header.control_message_type != 0);
	act(l, IN_AMEND);
}

/* After each function: FREED exactly when it was freed within. */
static void check_result(life *l, pptp_ssize result)
{
	if (l->freed)
		CHECK_EQ(result, PPTP_ERR_FREED);
	else
		CHECK(result >= 0 || result == PPTP_ERR_CLOSED || result == PPTP_ERR_STATE ||
		      result == PPTP_ERR_STALE);
	l->over |= l->freed;
}

static void drive(life *l, pptp_ssize result)
{
	uint32_t guard = 0;
	check_result(l, result);
	while (!l->over && (pptp_conn_want(l->conn) & PPTP_WANT_SEND)) {
		check_result(l, pptp_conn_flush(l->conn, l->now));
		CHECK(++guard < 1000);
	}
}

static void feed(life *l, const pptp_msg *m)
{
	uint8_t data[PPTP_MSG_MAX_OCTETS], *copy;
	pptp_ssize len = pptp_msg_encode(m, data, sizeof(data)), used;
	if (l->over)
		return;
	CHECK(len > 0);
	copy = check_copy(data, (size_t)len);
	used = pptp_conn_recv(l->conn, copy, (size_t)len, l->now);
	free(copy);
	drive(l, used);
}

/* A message about the newest call: its id of ours, and the peer's. */
static void feed_call(life *l, uint32_t type, uint16_t peer)
{
	pptp_msg m = link_msg(type);
	m.wen.peer_call_id = l->local; /* of ICCN, WEN and SLI */
	if (type == PPTP_OCRP || type == PPTP_ICRP) {
		m.ocrp.call_id = peer;
		m.ocrp.peer_call_id = l->local;
	} else if (type == PPTP_OCRQ || type == PPTP_ICRQ || type == PPTP_CCRQ || type == PPTP_CDN) {
		m.ocrq.call_id = peer;
	}
	feed(l, &m);
}

static void dial(life *l)
{
	pptp_dial d;
	pptp_err err;
	if (l->over)
		return;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	d.local_call_id = ++l->local;
	d.call_serial_number = 9;
	d.phone_number_length = 3;
	memcpy(d.phone_number, "123", 3);
	d.packet_processing_delay = 2;
	err = pptp_call_dial(l->conn, &d, l->now, &l->call);
	l->begun += err == PPTP_OK;
	if (l->freed || err == PPTP_OK)
		check_result(l, err);
	if (!l->over)
		drive(l, pptp_conn_flush(l->conn, l->now));
}

static void offer(life *l)
{
	pptp_offer o;
	pptp_err err;
	if (l->over)
		return;
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	o.local_call_id = ++l->local;
	o.call_serial_number = 9;
	o.call_bearer_type = PPTP_BEARER_DIGITAL;
	o.physical_channel_id = 0xCAFEF00D;
	o.dialed_number_length = 2;
	o.dialing_number_length = 3;
	memcpy(o.dialed_number, "12", 2);
	memcpy(o.dialing_number, "345", 3);
	err = pptp_call_offer(l->conn, &o, l->now, &l->call);
	l->begun += err == PPTP_OK;
	if (l->freed || err == PPTP_OK)
		check_result(l, err);
	if (!l->over)
		drive(l, pptp_conn_flush(l->conn, l->now));
}

static void clear(life *l)
{
	if (l->over)
		return;
	pptp_call_clear(l->conn, l->call, PPTP_CDN_GENERAL_ERROR, PPTP_ERROR_PAC, 41, l->now);
	drive(l, pptp_conn_flush(l->conn, l->now));
}

static void tick(life *l)
{
	if (l->over)
		return;
	l->now += 60 * SECOND;
	drive(l, pptp_conn_tick(l->conn, l->now));
}

/* All that there is, in order. */
static void live(life *l)
{
	pptp_msg m = link_msg(l->role == PPTP_ORIGINATOR ? PPTP_SCCRP : PPTP_SCCRQ);
	drive(l, pptp_conn_flush(l->conn, l->now));
	feed(l, &m);
	feed_call(l, PPTP_OCRQ, 0x2222);
	feed_call(l, PPTP_OCRQ, 0x2222); /* refused: in use */
	feed_call(l, PPTP_SLI, 0);
	clear(l); /* ours to end: Call-Disconnect-Notify */
	m = link_msg(PPTP_ECHORQ);
	m.echorq.identifier = 0xDEADBEEF;
	feed(l, &m);
	tick(l);
	m = link_msg(PPTP_ECHORP);
	m.echorp.identifier = 1;
	feed(l, &m);
	dial(l);
	feed_call(l, PPTP_OCRP, 0x2223);
	feed_call(l, PPTP_WEN, 0);
	clear(l); /* Call-Clear-Request */
	feed_call(l, PPTP_CDN, 0x2223);
	offer(l);
	feed_call(l, PPTP_ICRP, 0x2224);
	feed_call(l, PPTP_CCRQ, 0x2224);
	feed_call(l, PPTP_ICRQ, 0x2225);
	feed_call(l, PPTP_ICCN, 0);
	feed_call(l, PPTP_CDN, 0x2225);
	if (!l->over && l->role == PPTP_ORIGINATOR) {
		pptp_conn_close(l->conn, PPTP_STOP_LOCAL_SHUTDOWN, l->now);
		drive(l, pptp_conn_flush(l->conn, l->now));
		m = link_msg(PPTP_STOPCCRP);
	} else {
		m = link_msg(PPTP_STOPCCRQ);
	}
	feed(l, &m);
}

void life_run(life *l, uint32_t role, uint8_t fill)
{
	static const pptp_conn_callbacks callbacks = {sizeof(callbacks), 0,        on_send,
	                                              on_event,          on_trace, on_amend};
	pptp_config_options o = link_options(0);
	pptp_conn_options options;
	memset(&options, fill, sizeof(options));
	o.max_calls = 3;
	o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	o.line_statistics = 1;
	o.firmware_revision = 0x0102;
	o.host_name[0] = 'h';
	memset(o.vendor_string, 0, sizeof(o.vendor_string));
	o.vendor_string[0] = 'v';
	CHECK_EQ(pptp_config_new(&o, &l->config), PPTP_OK);
	CHECK_EQ(pptp_conn_options_init(&options, sizeof(options)), PPTP_OK);
	options.role = l->role = role;
	options.callbacks = &callbacks;
	options.user = l;
	l->local = 0x1110;
	l->mem = check_alloc(pptp_conn_size(l->config));
	memset(l->mem, fill, pptp_conn_size(l->config));
	CHECK_EQ(pptp_conn_init(l->mem, pptp_conn_size(l->config), l->config, &options, l->now, &l->conn),
	         PPTP_OK);
	live(l);
	if (!l->freed && !l->down) { /* something else than usual was done: TCP ends */
		pptp_ssize result = pptp_conn_eof(l->conn, l->now);
		check_result(l, result);
	}
	CHECK(l->freed || l->down);
	if (!l->freed)
		pptp_conn_free(l->conn);
	free(l->mem);
	pptp_config_free(l->config);
}
