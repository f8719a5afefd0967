/* sim_side: a host's loop around one connection of the library: octets from and to TCP, events, ticks; in
 * pull mode, push mode and the two halves of it. Every promise of a driver is held against what it does. */
#include "sim_host.h"

#include <stdlib.h>
#include <string.h>

static pptp_usec now_of(const sim_side *d)
{
	return sim_host_now(d->host);
}

/* ---- ends --------------------------------------------------------------------------------------- */

/* The library has given the memory back. */
static void gone(sim_side *d)
{
	uint32_t i;
	for (i = 0; i < d->link->calls_len; i++) {
		sim_half *half = &d->link->calls[i].half[d->which];
		if (half->own_id)
			CHECK(d, pptp_mux_release(d->host->mux, half->own_id) == PPTP_OK);
		half->own_id = 0;
		half->over = 1;
		half->call = PPTP_CALL_NONE;
	}
	sim_side_release(d);
	sim_side_leave(d, sim_one_in(sim_of(d), 4));
}

static void remember_counts(sim_side *d)
{
	sim_world *w = d->link->world;
	uint32_t i;
	d->library_refusals = pptp_conn_count(d->conn, PPTP_COUNT_NO_RESOURCE) +
	                      pptp_conn_count(d->conn, PPTP_COUNT_NOT_TAKEN) +
	                      pptp_conn_count(d->conn, PPTP_COUNT_HALF_OPEN);
	if (d->mode & MODE_OBSERVED)
		CHECK(d, pptp_conn_count(d->conn, PPTP_COUNT_TX_MESSAGES) == d->traced);
	for (i = 0; i < PPTP_CONN_COUNTS; i++)
		w->library[i] += pptp_conn_count(d->conn, i);
}

void sim_side_free(sim_side *d)
{
	sim_log(sim_of(d), "%s: free", sim_side_name(d));
	sim_count(d->link->world, d->depth ? N_FREES_INSIDE : N_FREES, 1);
	remember_counts(d);
	pptp_conn_free(d->conn);
	if (d->depth == 0) {
		gone(d);
		return;
	}
	d->free_asked = 1;
	CHECK(d, pptp_conn_want(d->conn) == 0);
	CHECK(d, pptp_conn_deadline(d->conn) == PPTP_NEVER);
	CHECK(d, pptp_conn_close(d->conn, PPTP_STOP_NONE, now_of(d)) == PPTP_ERR_FREED);
}

/* Behind every driver, and every request that may call back. Returns whether the connection is still there.
 */
static int still_there(sim_side *d, pptp_ssize result)
{
	d->depth--;
	if (!d->free_asked) {
		CHECK(d, result != PPTP_ERR_FREED);
		return 1;
	}
	CHECK(d, result == PPTP_ERR_FREED);
	if (d->depth == 0)
		gone(d);
	return 0;
}

void sim_side_request_done(sim_side *d, pptp_err err)
{
	(void)still_there(d, err);
}

/* ---- begin ---------------------------------------------------------------------------------------- */

static int make(sim_side *d, const pptp_conn_options *o)
{
	sim_host *h = d->host;
	if (d->mode & MODE_OWN_HEAP)
		return pptp_conn_new(h->config, o, now_of(d), &d->conn) == PPTP_OK;
	d->memory = sim_host_memory(h);
	return d->memory && pptp_conn_init(d->memory->octets, d->memory->size, h->config, o, now_of(d),
	                                   &d->conn) == PPTP_OK;
}

int sim_side_begin(sim_side *d, sim_host *h, uint32_t role)
{
	sim *s = sim_of(d);
	pptp_conn_options o;
	CHECK(d, pptp_conn_options_init(&o, sizeof o) == PPTP_OK);
	d->host = h;
	d->options = h->options;
	d->mode = (uint8_t)(h->manner.modes > 15 ? sim_below(s, 16) : h->manner.modes);
	d->role = (uint8_t)role;
	d->asks = h->manner.ask && role == PPTP_RECEIVER;
	d->began = d->last_heard = s->now;
	d->wake_at = d->ending_since = SIM_NEVER;
	o.role = role;
	o.seed = sim_between(s, 0, UINT64_MAX - 1);
	o.user = d;
	o.flags = h->manner.ask ? PPTP_CONN_ASK : 0;
	if (d->mode & 7u)
		o.callbacks = sim_callbacks(d->mode);
	if (!make(d, &o))
		return 0;
	d->kind = SIDE_CONN;
	d->entered = 1;
	sim_log(s, "%s: begins, role %u, mode %u", sim_side_name(d), (unsigned)role, (unsigned)d->mode);
	sim_app_begin(d);
	sim_side_work(d);
	return 1;
}

/* ---- the loop -------------------------------------------------------------------------------------- */

static int push(sim_side *d)
{
	uint32_t want = pptp_conn_want(d->conn);
	int send = (d->mode & MODE_PUSH_SEND) && (want & PPTP_WANT_SEND) && !d->blocked;
	int poll = (d->mode & MODE_PUSH_EVENT) && (want & PPTP_WANT_POLL);
	pptp_err err;
	if (!send && !poll)
		return 0;
	d->depth++;
	err = pptp_conn_flush(d->conn, now_of(d));
	if (!still_there(d, err))
		return 0;
	CHECK(d, err == PPTP_OK);
	want = pptp_conn_want(d->conn);
	CHECK(d, !(d->mode & MODE_PUSH_SEND) || d->blocked || !(want & PPTP_WANT_SEND));
	CHECK(d, !(d->mode & MODE_PUSH_EVENT) || !(want & PPTP_WANT_POLL));
	return 1;
}

static void socket_failed(sim_side *d)
{
	pptp_err err;
	d->socket_failed = 1;
	if (sim_one_in(sim_of(d), 2)) {
		err = pptp_conn_abort(d->conn, PPTP_ERR_SEND, now_of(d));
		CHECK(d, err == PPTP_OK || err == PPTP_ERR_CLOSED);
		return;
	}
	d->eof_told = 1;
	d->depth++;
	err = pptp_conn_eof(d->conn, now_of(d));
	if (still_there(d, err))
		CHECK(d, err == PPTP_OK);
}

static int pull_octets(sim_side *d)
{
	uint32_t want = pptp_conn_want(d->conn);
	const uint8_t *data;
	size_t len = 0;
	ptrdiff_t n;
	pptp_err err;
	if (d->mode & MODE_PUSH_SEND || d->blocked)
		return 0;
	d->depth++;
	data = pptp_conn_tx_buf(d->conn, &len, now_of(d));
	if (!still_there(d, d->free_asked ? PPTP_ERR_FREED : PPTP_OK))
		return 0;
	CHECK(d, (data != NULL) == ((want & PPTP_WANT_SEND) != 0) && (data != NULL) == (len > 0));
	if (!data)
		return 0;
	n = sim_side_write(d, data, len);
	if (n == SIM_BROKEN)
		socket_failed(d);
	if (n < 0)
		return n == SIM_BROKEN;
	d->depth++;
	err = pptp_conn_tx_done(d->conn, (size_t)n, now_of(d));
	if (still_there(d, err))
		CHECK(d, err == PPTP_OK);
	return 1;
}

static int pull_event(sim_side *d)
{
	uint32_t want = pptp_conn_want(d->conn);
	pptp_event event;
	pptp_err err;
	if (d->mode & MODE_PUSH_EVENT)
		return 0;
	err = pptp_conn_poll(d->conn, &event);
	CHECK(d, err == (want & PPTP_WANT_POLL ? PPTP_OK : PPTP_ERR_EMPTY));
	if (err)
		return 0;
	sim_side_take(d, &event);
	return 1;
}

/* Octets that were fed and consumed go; the rest stays for the next time. */
static void consumed(sim_side *d, pptp_ssize n)
{
	if (n < 0)
		n = (pptp_ssize)d->in_len;
	d->in_len -= (size_t)n;
	memmove(d->in, d->in + n, d->in_len);
}

/* recv takes octets where pptp_conn_want says so, and does not where it says no. What waits is pushed first: that may make
 * room, and it may be the end, or bring an event to be polled first. */
static int took_as_told(const sim_side *d, uint32_t want, pptp_ssize n)
{
	int took = n != 0 && n != PPTP_ERR_CLOSED;
	if (took == ((want & PPTP_CAN_RECV) != 0))
		return 1;
	return (d->mode & (MODE_PUSH_SEND | MODE_PUSH_EVENT)) &&
	       (took || !(pptp_conn_want(d->conn) & PPTP_CAN_RECV));
}

static int feed(sim_side *d)
{
	uint32_t want = pptp_conn_want(d->conn);
	uint8_t *copy = sim_alloc(d->in_len); /* no longer than it is, so that a read behind it is seen */
	pptp_conn_info before;
	pptp_ssize n;
	CHECK(d, pptp_conn_get_info(d->conn, &before, sizeof before) == PPTP_OK);
	memcpy(copy, d->in, d->in_len);
	d->depth++;
	n = pptp_conn_recv(d->conn, copy, d->in_len, now_of(d));
	free(copy);
	if (!still_there(d, n))
		return 0;
	CHECK(d, n <= (pptp_ssize)d->in_len);
	CHECK(d, n >= 0 || n == PPTP_ERR_CLOSED || n == PPTP_ERR_MALFORMED || n == PPTP_ERR_PROTOCOL);
	CHECK(d, n != PPTP_ERR_CLOSED || before.state == PPTP_CONN_CLOSED);
	CHECK(d, took_as_told(d, want, n));
	CHECK(d, n != PPTP_ERR_MALFORMED || !d->link->trusted);
	CHECK(d, n != PPTP_ERR_PROTOCOL || !d->link->trusted);
	if (n != 0)
		d->last_heard = sim_of(d)->now;
	consumed(d, n);
	return n != 0;
}

static int read_tcp(sim_side *d)
{
	ptrdiff_t n;
	if (d->in_len == 0 && !d->socket_ended) {
		n = sim_tcp_read(&d->link->tcp, d->which, d->in, sizeof d->in);
		if (n == SIM_BROKEN || n == SIM_END)
			d->socket_ended = 1;
		if (n == SIM_BROKEN)
			d->socket_failed = 1;
		if (n > 0)
			d->in_len = (size_t)n;
	}
	if (d->in_len > 0)
		return feed(d);
	if (!d->socket_ended || d->eof_told)
		return 0;
	d->eof_told = 1;
	if (d->socket_failed) {
		socket_failed(d);
		return 1;
	}
	d->depth++;
	n = pptp_conn_eof(d->conn, now_of(d));
	if (still_there(d, n))
		CHECK(d, n == PPTP_OK);
	return 1;
}

static int step(sim_side *d)
{
	int moved;
	if (sim_one_in(sim_of(d), d->host->manner.lazy)) {
		sim_side_later(d, sim_between(sim_of(d), 0, 100 * SIM_MS));
		return 0;
	}
	moved = push(d);
	moved |= d->conn && pull_octets(d);
	moved |= d->conn && pull_event(d);
	moved |= d->conn && read_tcp(d);
	return moved;
}

/* ---- time ------------------------------------------------------------------------------------------ */

static void tick(sim_side *d)
{
	pptp_usec before = pptp_conn_deadline(d->conn), now = now_of(d);
	uint32_t want = pptp_conn_want(d->conn);
	pptp_err err;
	sim_count(d->link->world, N_TICKS, 1);
	d->blocked = 0;
	d->depth++;
	err = pptp_conn_tick(d->conn, now);
	if (!still_there(d, err))
		return;
	CHECK(d, err == PPTP_OK);
	CHECK(d, pptp_conn_deadline(d->conn) > now); /* else the host's loop would be busy */
	if (now < before && want == pptp_conn_want(d->conn) && !(d->mode & MODE_PUSH_EVENT))
		CHECK(d, pptp_conn_deadline(d->conn) == before); /* too early: nothing happens */
}

static void wake(void *object, uint32_t generation, uint64_t value)
{
	sim_side *d = object;
	if (generation != d->link->generation || d->kind != SIDE_CONN || value != d->wake_at)
		return;
	d->wake_at = SIM_NEVER;
	if (d->host->frozen)
		return;
	sim_check_enter(d);
	if (pptp_conn_deadline(d->conn) <= now_of(d) || sim_one_in(sim_of(d), 2))
		tick(d);
	sim_side_work(d);
}

/* Hosts look at the deadline when they have done everything else, and wake on time or a little late. */
static void arm(sim_side *d)
{
	pptp_usec deadline = pptp_conn_deadline(d->conn);
	uint64_t at;
	if (deadline == PPTP_NEVER)
		return;
	at = deadline - d->host->clock;
	if (at < sim_of(d)->now || deadline < d->host->clock)
		at = sim_of(d)->now;
	if (sim_one_in(sim_of(d), 50))
		at += sim_between(sim_of(d), 0, 2 * SIM_SECOND);
	if (at >= d->wake_at)
		return;
	d->wake_at = at;
	sim_at(sim_of(d), at, wake, d, d->link->generation, at);
}

static void later(void *object, uint32_t generation, uint64_t value)
{
	sim_side *d = object;
	(void)value;
	if (generation != d->link->generation || d->kind != SIDE_CONN)
		return;
	d->later_queued = 0;
	sim_side_work(d);
}

void sim_side_later(sim_side *d, uint64_t delay)
{
	if (d->later_queued)
		return;
	d->later_queued = 1;
	sim_after(sim_of(d), delay, later, d, d->link->generation, 0);
}

/* After the end everything says so. */
static void check_finished(sim_side *d)
{
	pptp_event event;
	pptp_call call;
	pptp_dial dial;
	size_t len = 0;
	CHECK(d, pptp_conn_want(d->conn) == PPTP_FINISHED);
	CHECK(d, pptp_conn_deadline(d->conn) == PPTP_NEVER);
	CHECK(d, pptp_conn_poll(d->conn, &event) == PPTP_ERR_EMPTY);
	CHECK(d, pptp_conn_tx_buf(d->conn, &len, now_of(d)) == NULL && len == 0);
	CHECK(d, pptp_conn_recv(d->conn, d->out, 1, now_of(d)) == PPTP_ERR_CLOSED);
	CHECK(d, pptp_conn_close(d->conn, PPTP_STOP_NONE, now_of(d)) == PPTP_ERR_CLOSED);
	CHECK(d, pptp_conn_abort(d->conn, PPTP_ERR_LOCAL, now_of(d)) == PPTP_ERR_CLOSED);
	CHECK(d, pptp_dial_init(&dial, sizeof dial) == PPTP_OK);
	CHECK(d, pptp_call_dial(d->conn, &dial, now_of(d), &call) == PPTP_ERR_CLOSED);
	CHECK(d, pptp_call_next(d->conn, PPTP_CALL_NONE) == PPTP_CALL_NONE);
}

static void retire(void *object, uint32_t generation, uint64_t value)
{
	sim_side *d = object;
	(void)value;
	if (generation != d->link->generation || d->kind != SIDE_CONN)
		return;
	sim_check_enter(d);
	check_finished(d);
	sim_side_free(d);
}

void sim_side_work(sim_side *d)
{
	sim *s = sim_of(d);
	uint32_t guard = 0;
	if (d->kind != SIDE_CONN || d->host->frozen)
		return;
	if (!d->entered)
		sim_check_enter(d);
	d->blocked = 0;
	while (d->conn && step(d))
		CHECK(d, ++guard < 100000);
	if (!d->conn)
		return;
	if (d->down && !d->retiring) {
		d->retiring = 1;
		sim_after(s, sim_between(s, 0, SIM_SECOND), retire, d, d->link->generation, 0);
	}
	arm(d);
	sim_check_leave(d);
	sim_agree_link(d->link);
}
