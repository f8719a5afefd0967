/* conn: lifecycle and drivers of a control connection. Pull comes first; push is the pump, a loop over the
 * same functions. */
#include "conn_internal.h"
#include "object.h"

/* What callbacks of the first version had. */
#define CALLBACKS_MIN offsetof(pptp_conn_callbacks, amend)

/* ---- lifecycle ----------------------------------------------------------------------------------------- */

size_t pptp_conn_size(const pptp_config *config)
{
	size_t calls, ids;
	if (!config)
		return 0;
	calls = config->options.max_calls;
	ids = pptp_id_table_size(config->options.max_calls);
	return pptp_aligned(sizeof(pptp_conn)) + pptp_aligned(calls * sizeof(call)) +
	       (config->options.line_statistics ? pptp_aligned(calls * sizeof(line)) : 0) +
	       pptp_aligned(2 * ids * sizeof(uint16_t) + config->options.tx_octets);
}

/* The arrays follow the struct in the caller's memory. */
static void lay_out(pptp_conn *conn, const pptp_config *config)
{
	uint8_t *at = (uint8_t *)conn + pptp_aligned(sizeof *conn);
	uint32_t ids = pptp_id_table_size(config->options.max_calls);
	conn->options = &config->options;
	conn->calls = (call *)(void *)at;
	at += pptp_aligned(config->options.max_calls * sizeof(call));
	if (config->options.line_statistics) {
		conn->lines = (line *)(void *)at;
		at += pptp_aligned(config->options.max_calls * sizeof(line));
	}
	conn->by_id = (uint16_t *)(void *)at;
	conn->id_mask = (uint16_t)(ids - 1);
	conn->tx_data = at + 2 * ids * sizeof(uint16_t);
}

pptp_err pptp_conn_init(void *mem, size_t size, const pptp_config *config, const pptp_conn_options *options,
                        pptp_usec now, pptp_conn **ret)
{
	pptp_conn *conn = mem;
	pptp_conn_options o;
	pptp_conn_callbacks callbacks;
	pptp_err err;
	if (!config || !options || !ret)
		return PPTP_ERR_ARG;
	memset(&o, 0, sizeof o);
	memset(&callbacks, 0, sizeof callbacks);
	err = pptp_check_memory(mem, size, pptp_conn_size(config));
	if (!err)
		err = pptp_copy_sized(&o, sizeof o, sizeof(void *), options);
	if (!err && o.callbacks)
		err = pptp_copy_sized(&callbacks, sizeof callbacks, sizeof(void *), o.callbacks);
	if (!err && o.callbacks && callbacks.size < CALLBACKS_MIN)
		err = PPTP_ERR_SIZE;
	if (!err && ((o.role != PPTP_ORIGINATOR && o.role != PPTP_RECEIVER) || o.flags > PPTP_CONN_ASK ||
	             o.reserved || callbacks.reserved))
		err = PPTP_ERR_ARG;
	if (err)
		return err;
	memset(mem, 0, pptp_conn_size(config));
	lay_out(conn, config);
	conn->callbacks = callbacks;
	conn->user = o.user;
	conn->role = (uint8_t)o.role;
	conn->ask = (o.flags & PPTP_CONN_ASK) != 0;
	pptp_calls_init(conn, o.seed);
	pptp_control_begin(conn, now);
	*ret = conn;
	return PPTP_OK;
}

/* For alloc.c. */
void pptp_conn_set_release(pptp_conn *conn, pptp_release release)
{
	conn->release = release;
}

static void release(pptp_conn *conn)
{
	if (conn->release)
		conn->release(conn);
}

void pptp_conn_free(pptp_conn *conn)
{
	if (!conn || conn->freed)
		return;
	conn->freed = 1;
	if (conn->busy == 0)
		release(conn);
}

/* ---- what every function that may call back goes through ----------------------------------------------- */

static pptp_err enter(pptp_conn *conn)
{
	if (!conn)
		return PPTP_ERR_ARG;
	if (conn->freed)
		return PPTP_ERR_FREED;
	if (conn->busy)
		return PPTP_ERR_REENTRANT;
	conn->busy = 1;
	return PPTP_OK;
}

/* The last thing a driver does: after a free in a callback the memory goes back here. */
static pptp_err leave(pptp_conn *conn)
{
	int freed = conn->freed;
	conn->busy = 0;
	if (!freed)
		return PPTP_OK;
	release(conn);
	return PPTP_ERR_FREED;
}

/* ---- push ---------------------------------------------------------------------------------------------- */

static void send_failed(pptp_conn *conn, pptp_ssize code)
{
	if (!conn->end.reason)
		conn->end.value = (uint32_t)(int32_t)code;
	pptp_control_end(conn, PPTP_ERR_SEND);
}

/* Offer messages to `send` until it would block. Returns whether something left. */
static int push_octets(pptp_conn *conn, int *blocked, pptp_usec now)
{
	const uint8_t *data;
	size_t len;
	int sent = 0;
	while (!*blocked && conn->callbacks.send && (data = pptp_tx_first(conn, &len)) != NULL) {
		pptp_ssize n = conn->callbacks.send(conn->user, data, len);
		if (conn->freed || conn->state == PPTP_CONN_CLOSED)
			return sent;
		if (n < 0 && n != PPTP_ERR_AGAIN) {
			send_failed(conn, n);
			return 1;
		}
		if (n > (pptp_ssize)len) {
			send_failed(conn, PPTP_ERR_ARG);
			return 1;
		}
		*blocked = n < (pptp_ssize)len;
		if (n > 0) {
			pptp_tx_took(conn, (size_t)n);
			sent = 1;
		}
	}
	pptp_control_drained(conn, now);
	return sent;
}

static int push_events(pptp_conn *conn)
{
	pptp_event event;
	int taken = 0;
	while (!conn->freed && conn->callbacks.event && pptp_event_take(conn, &event) == PPTP_OK) {
		conn->callbacks.event(conn->user, conn, &event);
		taken = 1;
	}
	return taken;
}

static void pump(pptp_conn *conn, int *blocked, pptp_usec now)
{
	int moved = 1;
	while (moved && !conn->freed) {
		pptp_tx_fill(conn);
		moved = !conn->freed && push_octets(conn, blocked, now);
		moved |= push_events(conn);
	}
	if (!conn->freed)
		pptp_control_drained(conn, now);
}

static pptp_err pump_and_leave(pptp_conn *conn, pptp_usec now)
{
	int blocked = 0;
	pump(conn, &blocked, now);
	return leave(conn);
}

/* ---- drivers ------------------------------------------------------------------------------------------- */

/* A call has ended, as was reported, and its slot is the next one's as soon as there is room for its last
 * message. */
static int slot_waits(const pptp_conn *conn)
{
	return conn->free_calls.first == NO_CALL && conn->live < conn->options->max_calls &&
	       !conn->ending_calls && !pptp_events_waiting(conn) && pptp_tx_waiting(conn);
}

/* Events that wait to be polled come first; those that are pushed never wait for long. */
static int can_recv(const pptp_conn *conn)
{
	return conn->state != PPTP_CONN_CLOSED && conn->refusals < REFUSALS_MAX && !slot_waits(conn) &&
	       (conn->callbacks.event || !pptp_events_waiting(conn));
}

/* Push mode: what waits goes first. An event that nobody heard of would keep recv from taking octets;
 * and a timer may end the connection. */
static void push_waiting(pptp_conn *conn, int *blocked, pptp_usec now)
{
	if (conn->callbacks.send || conn->callbacks.event)
		pump(conn, blocked, now);
}

static size_t recv_all(pptp_conn *conn, const uint8_t *data, size_t len, pptp_usec now)
{
	size_t used = 0;
	int blocked = 0;
	push_waiting(conn, &blocked, now);
	while (!conn->freed && used < len && can_recv(conn)) {
		used += pptp_recv_step(conn, data + used, len - used, now);
		if (conn->freed)
			break;
		if (conn->recv_error)
			pptp_control_drained(conn, now);
		pump(conn, &blocked, now);
		if (conn->recv_error)
			break;
	}
	return used;
}

/* What recv says of octets that it took, or did not. */
static pptp_ssize received(pptp_conn *conn, const uint8_t *data, size_t len, pptp_usec now)
{
	int was_closed = conn->state == PPTP_CONN_CLOSED;
	size_t used;
	pptp_err err;
	if ((!data && len > 0) || len > PTRDIFF_MAX)
		return PPTP_ERR_ARG;
	used = recv_all(conn, data, len, now);
	if (conn->freed)
		return PPTP_ERR_FREED;
	err = conn->recv_error;
	conn->recv_error = 0;
	if (err)
		return err;
	return was_closed ? PPTP_ERR_CLOSED : (pptp_ssize)used;
}

pptp_ssize pptp_conn_recv(pptp_conn *conn, const uint8_t *data, size_t len, pptp_usec now)
{
	pptp_err err = enter(conn);
	pptp_ssize result;
	if (err)
		return err;
	result = received(conn, data, len, now);
	err = leave(conn);
	return err ? err : result;
}

pptp_err pptp_conn_eof(pptp_conn *conn, pptp_usec now)
{
	pptp_err err = enter(conn);
	if (err)
		return err;
	if (conn->state != PPTP_CONN_CLOSED)
		pptp_control_end(conn, PPTP_ERR_EOF);
	return pump_and_leave(conn, now);
}

pptp_err pptp_conn_tick(pptp_conn *conn, pptp_usec now)
{
	pptp_err err = enter(conn);
	int blocked = 0;
	if (err)
		return err;
	push_waiting(conn, &blocked, now);
	if (!conn->freed) {
		pptp_control_tick(conn, now);
		pptp_calls_tick(conn, now);
	}
	pump(conn, &blocked, now);
	return leave(conn);
}

pptp_err pptp_conn_flush(pptp_conn *conn, pptp_usec now)
{
	pptp_err err = enter(conn);
	return err ? err : pump_and_leave(conn, now);
}

const uint8_t *pptp_conn_tx_buf(pptp_conn *conn, size_t *ret_len, pptp_usec now)
{
	const uint8_t *first = NULL;
	size_t len = 0;
	if (!ret_len || enter(conn) != PPTP_OK)
		return NULL;
	pptp_tx_fill(conn);
	if (!conn->freed) {
		pptp_control_drained(conn, now);
		first = pptp_tx_first(conn, &len);
	}
	(void)leave(conn);
	*ret_len = len;
	return first;
}

pptp_err pptp_conn_tx_done(pptp_conn *conn, size_t n, pptp_usec now)
{
	pptp_err err = enter(conn), freed;
	size_t len;
	if (err)
		return err;
	if (conn->state == PPTP_CONN_CLOSED) {
		err = PPTP_ERR_CLOSED;
	} else {
		(void)pptp_tx_first(conn, &len);
		if (n > len)
			err = PPTP_ERR_ARG;
		else if (n > 0)
			pptp_tx_took(conn, n);
		pptp_tx_fill(conn);
		if (!conn->freed)
			pptp_control_drained(conn, now);
	}
	freed = leave(conn);
	return freed ? freed : err;
}

pptp_err pptp_conn_poll(pptp_conn *conn, pptp_event *ret)
{
	pptp_err err = enter(conn);
	pptp_err freed;
	if (err)
		return err;
	err = ret ? pptp_event_take(conn, ret) : PPTP_ERR_ARG;
	if (slot_waits(conn)) /* the end of its call may just have been reported */
		pptp_tx_fill(conn);
	freed = leave(conn);
	return freed ? freed : err;
}

/* ---- queries ------------------------------------------------------------------------------------------- */

uint32_t pptp_conn_want(const pptp_conn *conn)
{
	uint32_t want = 0;
	if (!conn || conn->freed)
		return 0;
	if (conn->state != PPTP_CONN_CLOSED && (pptp_tx_octets(conn) > 0 || pptp_tx_waiting(conn)))
		want |= PPTP_WANT_SEND;
	if (pptp_events_waiting(conn))
		want |= PPTP_WANT_POLL;
	if (can_recv(conn))
		want |= PPTP_CAN_RECV;
	if (conn->finished)
		want |= PPTP_FINISHED;
	return want;
}

pptp_usec pptp_conn_deadline(const pptp_conn *conn)
{
	pptp_usec earliest = PPTP_NEVER;
	uint32_t i;
	if (!conn || conn->freed)
		return PPTP_NEVER;
	if (conn->timer != PPTP_TIMER_NONE)
		earliest = conn->deadline;
	for (i = 0; i < CALL_TIMERS && !conn->ending_calls; i++) {
		const call *c = pptp_queue_first(conn, &conn->timers[i]);
		if (c && c->deadline < earliest)
			earliest = c->deadline;
	}
	return earliest;
}
