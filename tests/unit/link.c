#include "link.h"

const link_mode link_modes[] = {
        {"pull", 0, 0, 0, 0},
        {"pull, octet by octet", 0, 1, 1, 1},
        {"push", 1, 0, 0, 1},
        {"push, octet by octet", 1, 1, 1, 0},
};
const size_t link_modes_len = LEN(link_modes);

/* ---- what must hold of every event ------------------------------------------------------------ */

enum { SEEN_DIALLED = 1, SEEN_OFFERED, SEEN_UP, SEEN_DOWN };

struct call_seen {
	pptp_call call; /* PPTP_CALL_NONE: free */
	int state;
};

static struct call_seen *find_call(link_side *side, pptp_call call)
{
	size_t at, i;
	if (side->calls_len * 2 >= side->calls_cap) {
		struct call_seen *old = side->calls;
		size_t old_cap = side->calls_cap;
		side->calls_cap = old_cap ? old_cap * 2 : 64;
		side->calls = check_alloc(side->calls_cap * sizeof(*side->calls));
		memset(side->calls, 0, side->calls_cap * sizeof(*side->calls));
		side->calls_len = 0;
		for (i = 0; i < old_cap; i++) {
			if (old[i].call)
				find_call(side, old[i].call)->state = old[i].state;
		}
		free(old);
	}
	at = call * UINT32_C(2654435761) % side->calls_cap;
	while (side->calls[at].call && side->calls[at].call != call)
		at = (at + 1) % side->calls_cap;
	if (!side->calls[at].call) {
		side->calls[at].call = call;
		side->calls_len++;
	}
	return &side->calls[at];
}

static void check_call_order(link_side *side, const pptp_event *e)
{
	struct call_seen *seen = find_call(side, e->call);
	CHECK(e->call != PPTP_CALL_NONE);
	switch (e->type) {
	case PPTP_EV_CALL_OFFERED:
		CHECK_EQ(seen->state, 0);
		seen->state = SEEN_OFFERED;
		break;
	case PPTP_EV_CALL_UP:
		CHECK(seen->state == SEEN_OFFERED || seen->state == 0 || seen->state == SEEN_DIALLED);
		seen->state = SEEN_UP;
		side->calls_up++;
		break;
	case PPTP_EV_CALL_DOWN:
		CHECK(seen->state != SEEN_DOWN);
		if (seen->state == SEEN_UP)
			side->calls_up--;
		seen->state = SEEN_DOWN;
		break;
	default:
		CHECK(seen->state != SEEN_DOWN);
		break;
	}
}

static void check_event(link_side *side, const pptp_event *e)
{
	size_t i;
	CHECK(!side->down);
	CHECK(e->type >= PPTP_EV_UP && e->type <= PPTP_EV_CALL_ANSWER);
	for (i = 0; i < LEN(e->reserved); i++)
		CHECK_EQ(e->reserved[i], 0);
	CHECK_EQ(e->msg == NULL, e->msg_len == 0);
	CHECK(e->msg_len <= PPTP_MSG_MAX_OCTETS);
	if (e->msg && e->reason != PPTP_ERR_MALFORMED) {
		pptp_msg msg;
		CHECK(pptp_msg_decode(e->msg, e->msg_len, PPTP_MSG_LONGER, &msg, NULL) > 0);
		CHECK_EQ(e->message_type, msg.header.control_message_type);
	}
	switch (e->type) {
	case PPTP_EV_DOWN:
	case PPTP_EV_CALL_DOWN:
		CHECK(e->reason <= PPTP_ERR_MALFORMED && e->reason >= PPTP_ERR_SEND);
		/* The first cause stays the reason when what it led to times out. */
		CHECK(e->reason == PPTP_ERR_TIMEOUT || e->reason == PPTP_ERR_LOCAL ||
		      e->timer == PPTP_TIMER_NONE || e->timer == PPTP_TIMER_STOP ||
		      e->timer == PPTP_TIMER_CLEAR);
		break;
	default:
		CHECK_EQ(e->reason, 0);
		CHECK_EQ(e->timer, 0);
		break;
	}
	if (e->type == PPTP_EV_UP || e->type == PPTP_EV_DOWN || e->type == PPTP_EV_WRITABLE ||
	    e->type == PPTP_EV_START_OFFERED) {
		CHECK_EQ(e->call, PPTP_CALL_NONE);
		CHECK_EQ(e->local_call_id, 0);
		CHECK(e->user == side);
	} else {
		check_call_order(side, e);
	}
	if (e->type == PPTP_EV_DOWN) {
		CHECK_EQ(side->calls_up, 0);
		for (i = 0; i < side->calls_cap; i++)
			CHECK(!side->calls[i].call || side->calls[i].state == SEEN_DOWN);
		side->down = 1;
	}
}

static void take_event(link_side *side, const pptp_event *e)
{
	link_event *to;
	check_event(side, e);
	if (side->events_len == side->events_cap) {
		size_t i;
		side->events_cap = side->events_cap ? side->events_cap * 2 : 16;
		side->events = realloc(side->events, side->events_cap * sizeof(*side->events));
		CHECK(side->events != NULL);
		for (i = 0; i < side->events_len; i++) {
			if (side->events[i].event.msg)
				side->events[i].event.msg = side->events[i].msg;
		}
	}
	to = &side->events[side->events_len++];
	to->event = *e;
	if (e->msg) {
		memcpy(to->msg, e->msg, e->msg_len);
		to->event.msg = to->msg;
	}
	if (side->on_event)
		side->on_event(side, e);
}

/* ---- what must hold of every octet sent -------------------------------------------------------- */

static void take_octets(link_side *side, const uint8_t *data, size_t len)
{
	if (side->sent_len + len > side->sent_cap) {
		side->sent_cap = (side->sent_len + len) * 2 + 1024;
		side->sent = realloc(side->sent, side->sent_cap);
		CHECK(side->sent != NULL);
	}
	memcpy(side->sent + side->sent_len, data, len);
	side->sent_len += len;
	for (;;) {
		size_t left = side->sent_len - side->sent_checked;
		pptp_msg msg;
		pptp_ssize n = pptp_msg_decode(side->sent + side->sent_checked, left, 0, &msg, NULL);
		if (n == PPTP_ERR_SHORT)
			break;
		CHECK(n > 0);
		if (!side->callbacks.amend)
			CHECK_EQ(msg.header.reserved0, 0);
		if (side->sent_messages == 0 && side->role == PPTP_ORIGINATOR)
			CHECK_EQ(msg.header.control_message_type, PPTP_SCCRQ);
		side->sent_checked += (size_t)n;
		side->sent_messages++;
	}
}

/* What is offered is one message or the rest of one. */
static void check_offer(const link_side *side, size_t len)
{
	size_t done = side->sent_len - side->sent_checked, whole;
	CHECK(len > 0 && len <= PPTP_MSG_MAX_OCTETS);
	if (done >= 2) {
		whole = (size_t)(side->sent[side->sent_checked] << 8 | side->sent[side->sent_checked + 1]);
		CHECK_EQ(done + len, whole);
	}
}

/* ---- callbacks ----------------------------------------------------------------------------------- */

static pptp_ssize on_send(void *user, const uint8_t *data, size_t len)
{
	link_side *side = user;
	if (side->hold_tx)
		return PPTP_ERR_AGAIN;
	check_offer(side, len);
	if (side->mode.one_out)
		len = 1;
	take_octets(side, data, len);
	if (side->on_send)
		side->on_send(side);
	return (pptp_ssize)len;
}

static void on_event(void *user, pptp_conn *conn, const pptp_event *event)
{
	link_side *side = user;
	CHECK(!side->conn || conn == side->conn);
	take_event(side, event);
}

static void on_trace(void *user, uint32_t sent, const uint8_t *msg, size_t len)
{
	link_side *side = user;
	CHECK(sent <= 1);
	CHECK(len >= PPTP_HEADER_OCTETS && len <= PPTP_MSG_MAX_OCTETS);
	CHECK_EQ(msg[0] << 8 | msg[1], len);
	if (sent)
		side->traced_sent++;
	else
		side->traced_received++;
	if (side->on_trace)
		side->on_trace(side);
}

/* ---- life ------------------------------------------------------------------------------------------ */

pptp_config_options link_options(int strict)
{
	pptp_config_options o;
	CHECK_EQ(pptp_config_options_init(&o, sizeof(o)), PPTP_OK);
	if (strict)
		o.tolerate = 0;
	return o;
}

void link_open(link_side *side, uint32_t role, const pptp_config_options *options, const link_mode *mode,
               pptp_usec now)
{
	pptp_config_options usual = link_options(0);
	pptp_conn_options o;
	CHECK_EQ(pptp_config_new(options ? options : &usual, &side->config), PPTP_OK);
	CHECK_EQ(pptp_conn_options_init(&o, sizeof(o)), PPTP_OK);
	if (mode)
		side->mode = *mode;
	o.role = side->role = role;
	o.flags = side->flags;
	o.seed = UINT64_C(0x0123456789ABCDEF);
	o.user = side;
	side->callbacks.size = sizeof(side->callbacks);
	side->callbacks.trace = on_trace;
	if (side->mode.push) {
		side->callbacks.send = on_send;
		side->callbacks.event = on_event;
	}
	o.callbacks = &side->callbacks;
	side->now = now;
	if (side->mode.own_heap) {
		CHECK_EQ(pptp_conn_new(side->config, &o, now, &side->conn), PPTP_OK);
	} else {
		size_t size = pptp_conn_size(side->config);
		side->mem = check_alloc(size);
		CHECK_EQ(pptp_conn_init(side->mem, size, side->config, &o, now, &side->conn), PPTP_OK);
	}
	CHECK(side->conn != NULL);
	link_pump(side);
}

void link_drop(link_side *side)
{
	pptp_conn_free(side->conn);
	pptp_config_free(side->config);
	free(side->mem);
	free(side->events);
	free(side->sent);
	free(side->calls);
	memset(side, 0, sizeof(*side));
}

/* ---- moving ------------------------------------------------------------------------------------------ */

static int pull(link_side *side)
{
	const uint8_t *data;
	size_t len;
	pptp_event e;
	int moved = 0;
	while (!side->hold_tx && (data = pptp_conn_tx_buf(side->conn, &len, side->now)) != NULL) {
		check_offer(side, len);
		if (side->mode.one_out)
			len = 1;
		take_octets(side, data, len);
		CHECK_EQ(pptp_conn_tx_done(side->conn, len, side->now), PPTP_OK);
		if (side->on_send)
			side->on_send(side);
		moved = 1;
	}
	while (!side->hold_poll && pptp_conn_poll(side->conn, &e) == PPTP_OK) {
		take_event(side, &e);
		moved = 1;
	}
	return moved;
}

void link_pump(link_side *side)
{
	uint32_t guard = 0;
	if (!side->conn)
		return;
	if (!side->mode.push) {
		while (pull(side))
			CHECK(++guard < 1000000);
		if (!side->hold_poll)
			CHECK_EQ(pptp_conn_want(side->conn) & PPTP_WANT_POLL, 0);
		if (!side->hold_tx)
			CHECK_EQ(pptp_conn_want(side->conn) & PPTP_WANT_SEND, 0);
		return;
	}
	do {
		pptp_err err = pptp_conn_flush(side->conn, side->now);
		CHECK(err == PPTP_OK || err == PPTP_ERR_CLOSED);
		CHECK(++guard < 1000000);
	} while (!side->hold_tx && (pptp_conn_want(side->conn) & PPTP_WANT_SEND));
	CHECK_EQ(pptp_conn_want(side->conn) & PPTP_WANT_POLL, 0);
}

size_t link_feed(link_side *side, const uint8_t *data, size_t len)
{
	size_t at = 0;
	while (at < len) {
		size_t n = side->mode.one_in ? 1 : len - at;
		uint8_t *copy = check_copy(data + at, n);
		pptp_ssize used = pptp_conn_recv(side->conn, copy, n, side->now);
		free(copy);
		CHECK(used <= (pptp_ssize)n);
		link_pump(side);
		if (used < 0) {
			CHECK(used == PPTP_ERR_MALFORMED || used == PPTP_ERR_PROTOCOL ||
			      used == PPTP_ERR_CLOSED);
			side->recv_result = used;
			break;
		}
		if (used == 0 && !(pptp_conn_want(side->conn) & PPTP_CAN_RECV))
			break;
		at += (size_t)used;
	}
	return at;
}

void link_feed_msg(link_side *side, const pptp_msg *msg)
{
	uint8_t data[PPTP_MSG_MAX_OCTETS];
	pptp_ssize len = pptp_msg_encode(msg, data, sizeof(data));
	CHECK(len > 0);
	link_feed(side, data, (size_t)len);
}

void link_wait(link_side *side, pptp_usec time)
{
	pptp_usec end = side->now + time;
	uint32_t guard = 0;
	for (;;) {
		pptp_usec deadline = pptp_conn_deadline(side->conn);
		pptp_err err;
		CHECK(++guard < 100000);
		if (deadline > side->now)
			side->now = deadline < end ? deadline : end;
		err = pptp_conn_tick(side->conn, side->now);
		CHECK(err == PPTP_OK || err == PPTP_ERR_CLOSED);
		link_pump(side);
		CHECK(pptp_conn_deadline(side->conn) > side->now); /* progress */
		if (side->now >= end)
			break;
	}
}

/* ---- reading ----------------------------------------------------------------------------------------- */

pptp_msg link_next_msg(link_side *side, uint32_t type)
{
	pptp_msg msg;
	pptp_ssize n;
	memset(&msg, 0, sizeof(msg));
	n = pptp_msg_decode(side->sent + side->sent_read, side->sent_len - side->sent_read, 0, &msg, NULL);
	if (side->sent_read == side->sent_len || n <= 0)
		check_fail(__FILE__, __LINE__, "nothing was sent, wanted %s", pptp_msg_name(type));
	if (msg.header.control_message_type != type)
		check_fail(__FILE__, __LINE__, "%s was sent, wanted %s",
		           pptp_msg_name(msg.header.control_message_type), pptp_msg_name(type));
	side->sent_read += (size_t)n;
	return msg;
}

const pptp_event *link_next_event(link_side *side, uint32_t type)
{
	const pptp_event *e;
	if (side->events_read == side->events_len)
		check_fail(__FILE__, __LINE__, "no event, wanted %s", pptp_event_name(type));
	e = &side->events[side->events_read++].event;
	if (e->type != type)
		check_fail(__FILE__, __LINE__,
		           "event %s (reason %s, timer %s, field %u, value 0x%x), wanted %s",
		           pptp_event_name(e->type), pptp_err_name(e->reason), pptp_timer_name(e->timer),
		           (unsigned)e->field, (unsigned)e->value, pptp_event_name(type));
	return e;
}

void link_quiet(link_side *side)
{
	if (side->events_read < side->events_len) {
		const pptp_event *e = &side->events[side->events_read].event;
		check_fail(__FILE__, __LINE__, "event %s (reason %s, timer %s, result %u), wanted none",
		           pptp_event_name(e->type), pptp_err_name(e->reason), pptp_timer_name(e->timer),
		           e->result_code);
	}
	if (side->sent_read < side->sent_len) {
		pptp_msg msg;
		memset(&msg, 0, sizeof(msg));
		pptp_msg_decode(side->sent + side->sent_read, side->sent_len - side->sent_read, 0, &msg,
		                NULL);
		check_fail(__FILE__, __LINE__, "%s was sent, wanted nothing",
		           pptp_msg_name(msg.header.control_message_type));
	}
}

void link_skip(link_side *side)
{
	side->events_read = side->events_len;
	side->sent_read = side->sent_len;
}

/* ---- the peer ------------------------------------------------------------------------------------------ */

pptp_msg link_msg(uint32_t type)
{
	pptp_msg m;
	CHECK_EQ(pptp_msg_init(&m, type), PPTP_OK);
	switch (type) {
	case PPTP_SCCRQ:
		m.sccrq.protocol_version = PPTP_PROTOCOL_VERSION;
		m.sccrq.framing_capabilities = m.sccrq.bearer_capabilities = 3;
		memcpy(m.sccrq.host_name, "peer", 4);
		break;
	case PPTP_SCCRP:
		m.sccrp.protocol_version = PPTP_PROTOCOL_VERSION;
		m.sccrp.result_code = PPTP_SCCRP_OK;
		m.sccrp.framing_capabilities = m.sccrp.bearer_capabilities = 3;
		break;
	case PPTP_STOPCCRQ:
		m.stopccrq.reason = PPTP_STOP_NONE;
		break;
	case PPTP_STOPCCRP:
		m.stopccrp.result_code = PPTP_STOPCCRP_OK;
		break;
	case PPTP_ECHORP:
		m.echorp.result_code = PPTP_ECHORP_OK;
		break;
	case PPTP_OCRQ:
		m.ocrq.call_id = 1;
		m.ocrq.minimum_bps = 300;
		m.ocrq.maximum_bps = 100000000;
		m.ocrq.bearer_type = PPTP_BEARER_ANY;
		m.ocrq.framing_type = PPTP_FRAMING_ANY;
		m.ocrq.packet_recv_window_size = 64;
		break;
	case PPTP_OCRP:
		m.ocrp.call_id = 1;
		m.ocrp.result_code = PPTP_OCRP_CONNECTED;
		m.ocrp.connect_speed = 100000000;
		m.ocrp.packet_recv_window_size = 64;
		break;
	case PPTP_ICRQ:
		m.icrq.call_id = 1;
		m.icrq.call_bearer_type = PPTP_BEARER_DIGITAL;
		break;
	case PPTP_ICRP:
		m.icrp.result_code = PPTP_ICRP_CONNECT;
		m.icrp.packet_recv_window_size = 64;
		break;
	case PPTP_ICCN:
		m.iccn.framing_type = PPTP_FRAMING_SYNC;
		break;
	case PPTP_CDN:
		m.cdn.result_code = PPTP_CDN_LOST_CARRIER;
		break;
	case PPTP_SLI:
		m.sli.send_accm = m.sli.receive_accm = UINT32_MAX;
		break;
	default:
		break;
	}
	return m;
}

void link_up(link_side *side)
{
	pptp_msg start = link_msg(side->role == PPTP_ORIGINATOR ? PPTP_SCCRP : PPTP_SCCRQ);
	if (side->role == PPTP_ORIGINATOR)
		link_next_msg(side, PPTP_SCCRQ);
	link_feed_msg(side, &start);
	if (side->role == PPTP_RECEIVER)
		CHECK_EQ(link_next_msg(side, PPTP_SCCRP).sccrp.result_code, PPTP_SCCRP_OK);
	link_next_event(side, PPTP_EV_UP);
	link_quiet(side);
}

static int move(link_side *from, link_side *to)
{
	size_t len = from->sent_len - from->sent_read, used;
	if (!to->conn || len == 0)
		return 0;
	used = link_feed(to, from->sent + from->sent_read, len);
	from->sent_read += to->recv_result < 0 ? len : used;
	return used > 0;
}

void link_join(link_side *a, link_side *b)
{
	uint32_t guard = 0;
	int moved;
	do {
		b->now = a->now = a->now > b->now ? a->now : b->now;
		link_pump(a);
		link_pump(b);
		moved = move(a, b);
		moved |= move(b, a);
		CHECK(++guard < 1000000);
	} while (moved);
}
