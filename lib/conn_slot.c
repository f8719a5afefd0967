/* conn_slot: the calls' slots, handles, Call IDs and timers. Slots and ids are reused oldest first; both
 * ids of a call are found through chained tables (RFC 2637 3.2.2). */
#include "conn_internal.h"

#include <string.h>

/* A power of two near the number of calls, so that a chain holds one call on average. */
uint32_t pptp_id_table_size(uint32_t max_calls)
{
	uint32_t size = 1;
	while (size < max_calls)
		size *= 2;
	return size;
}

static uint16_t index_of(const pptp_conn *conn, const call *c)
{
	return (uint16_t)(c - conn->calls);
}

/* ---- queues: chained through a member of the calls in them --------------------------------------- */

call *pptp_queue_first(const pptp_conn *conn, const queue *q)
{
	return q->first == NO_CALL ? NULL : &conn->calls[q->first];
}

/* The next call in a queue: a member of each call in it, so many octets from its start. */
static uint16_t *next_of(call *c, size_t link)
{
	return (uint16_t *)(void *)((uint8_t *)c + link);
}

static void append(pptp_conn *conn, queue *q, call *c, size_t link)
{
	uint16_t index = index_of(conn, c);
	*next_of(c, link) = NO_CALL;
	if (q->first == NO_CALL)
		q->first = index;
	else
		*next_of(&conn->calls[q->last], link) = index;
	q->last = index;
}

void pptp_call_queue_tx(pptp_conn *conn, call *c, uint8_t bits)
{
	c->tx |= bits;
	if (!c->in_tx)
		append(conn, &conn->tx_calls, c, offsetof(call, next_tx));
	c->in_tx = 1;
}

void pptp_queue_drop_tx(pptp_conn *conn)
{
	call *c = pptp_queue_first(conn, &conn->tx_calls);
	conn->tx_calls.first = c->next_tx;
	c->in_tx = 0;
	pptp_call_release_slot(conn, c);
}

void pptp_call_queue_event(pptp_conn *conn, call *c, uint8_t bits)
{
	c->events |= bits;
	if (!c->in_events)
		append(conn, &conn->event_calls, c, offsetof(call, next_event));
	c->in_events = 1;
}

void pptp_queue_drop_event(pptp_conn *conn)
{
	call *c = pptp_queue_first(conn, &conn->event_calls);
	conn->event_calls.first = c->next_event;
	c->in_events = 0;
}

/* ---- slots ---------------------------------------------------------------------------------------- */

/* splitmix64: spreads the seed, whose secrecy is the host's. */
static uint32_t spread(uint64_t seed)
{
	uint64_t z = seed + 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return (uint32_t)(z >> 32);
}

void pptp_calls_init(pptp_conn *conn, uint64_t seed)
{
	uint32_t i, random = spread(seed);
	const queue empty = {NO_CALL, NO_CALL};
	conn->free_calls = conn->tx_calls = conn->event_calls = empty;
	for (i = 0; i < CALL_TIMERS; i++)
		conn->timers[i] = empty;
	for (i = 0; i < 2 * (conn->id_mask + 1u); i++)
		conn->by_id[i] = NO_CALL;
	for (i = 0; i < conn->options->max_calls; i++)
		append(conn, &conn->free_calls, &conn->calls[i], offsetof(call, next_free));
	conn->next_call_id = (uint16_t)random;
	conn->next_serial = (uint16_t)(random >> 16);
}

static uint16_t pick_call_id(pptp_conn *conn)
{
	while (conn->next_call_id == 0 || pptp_call_by_local(conn, conn->next_call_id))
		conn->next_call_id++;
	return conn->next_call_id++;
}

/* A slot with a Call ID of ours that nobody else has, or NULL: all have a call that lives, or that was
 * not reported yet or has a message to be encoded. */
call *pptp_call_claim(pptp_conn *conn, uint8_t machine)
{
	call *c = pptp_queue_first(conn, &conn->free_calls);
	uint16_t generation;
	if (!c)
		return NULL;
	conn->free_calls.first = c->next_free;
	generation = c->generation;
	memset(c, 0, sizeof *c);
	c->generation = generation;
	c->machine = machine;
	c->timer = CALL_TIMER_OFF;
	c->send_accm = c->recv_accm = 0xFFFFFFFFu; /* RFC 2637 2.15 */
	pptp_call_set_local(conn, c, pick_call_id(conn));
	if (conn->lines)
		memset(pptp_call_line(conn, c), 0, sizeof(line));
	conn->live++;
	return c;
}

/* What is kept of the call's line; NULL where the option line_statistics is not set. */
line *pptp_call_line(const pptp_conn *conn, const call *c)
{
	return conn->lines ? &conn->lines[index_of(conn, c)] : NULL;
}

/* Reuse a slot whose end was reported and whose last message was encoded. */
void pptp_call_release_slot(pptp_conn *conn, call *c)
{
	if (c->state == CALL_IDLE && !c->in_tx && !c->in_events)
		append(conn, &conn->free_calls, c, offsetof(call, next_free));
}

pptp_call pptp_call_handle(const pptp_conn *conn, const call *c)
{
	return (uint32_t)c->generation << 16 | (index_of(conn, c) + 1u);
}

/* The call a handle names, NULL for a stale one. */
call *pptp_call_of(const pptp_conn *conn, pptp_call handle)
{
	uint32_t slot = handle & 0xFFFFu;
	call *c;
	if (slot == 0 || slot > conn->options->max_calls)
		return NULL;
	c = &conn->calls[slot - 1];
	return c->state != CALL_IDLE && c->generation == handle >> 16 ? c : NULL;
}

/* ---- Call IDs --------------------------------------------------------------------------------------- */

static uint16_t *local_head(const pptp_conn *conn, uint16_t call_id)
{
	return &conn->by_id[call_id & conn->id_mask];
}

static uint16_t *peer_head(const pptp_conn *conn, uint16_t call_id)
{
	return &conn->by_id[conn->id_mask + 1u + (call_id & conn->id_mask)];
}

call *pptp_call_by_local(const pptp_conn *conn, uint16_t call_id)
{
	uint16_t at = *local_head(conn, call_id);
	while (at != NO_CALL && conn->calls[at].local_call_id != call_id)
		at = conn->calls[at].next_local;
	return at == NO_CALL ? NULL : &conn->calls[at];
}

call *pptp_call_by_peer(const pptp_conn *conn, uint16_t call_id)
{
	uint16_t at = *peer_head(conn, call_id);
	while (at != NO_CALL && conn->calls[at].peer_call_id != call_id)
		at = conn->calls[at].next_peer;
	return at == NO_CALL ? NULL : &conn->calls[at];
}

static void unlink_local(pptp_conn *conn, const call *c)
{
	uint16_t *at = local_head(conn, c->local_call_id);
	while (*at != index_of(conn, c))
		at = &conn->calls[*at].next_local;
	*at = c->next_local;
}

static void link_local(pptp_conn *conn, call *c, uint16_t call_id)
{
	uint16_t *head = local_head(conn, call_id);
	c->local_call_id = call_id;
	c->ids |= KNOWS_LOCAL;
	c->next_local = *head;
	*head = index_of(conn, c);
}

/* Give a call this id. An offered call that holds it for the time being moves out of the way: its host
 * has not said yet which one it wants. */
pptp_err pptp_call_set_local(pptp_conn *conn, call *c, uint16_t call_id)
{
	call *holder = pptp_call_by_local(conn, call_id);
	if (holder == c)
		return PPTP_OK;
	if (holder && holder->state != PPTP_CALL_OFFERED)
		return PPTP_ERR_ARG;
	if (c->ids & KNOWS_LOCAL)
		unlink_local(conn, c);
	if (holder) {
		unlink_local(conn, holder);
		link_local(conn, c, call_id);
		link_local(conn, holder, pick_call_id(conn));
		return PPTP_OK;
	}
	link_local(conn, c, call_id);
	return PPTP_OK;
}

void pptp_call_set_peer(pptp_conn *conn, call *c, uint16_t call_id)
{
	uint16_t *head = peer_head(conn, call_id);
	c->peer_call_id = call_id;
	c->ids |= KNOWS_PEER;
	c->next_peer = *head;
	*head = index_of(conn, c);
}

/* No message names this call any more; its ids may be given out again. */
void pptp_call_forget_ids(pptp_conn *conn, call *c)
{
	uint16_t *at;
	if (c->ids & KNOWS_LOCAL)
		unlink_local(conn, c);
	c->ids &= (uint8_t)~KNOWS_LOCAL;
	if (!(c->ids & KNOWS_PEER))
		return;
	at = peer_head(conn, c->peer_call_id);
	while (*at != index_of(conn, c))
		at = &conn->calls[*at].next_peer;
	*at = c->next_peer;
	c->ids &= (uint8_t)~KNOWS_PEER;
}

/* ---- timers ------------------------------------------------------------------------------------------ */

static void timer_unlink(pptp_conn *conn, call *c)
{
	queue *list = &conn->timers[c->timer];
	if (c->previous_timer == NO_CALL)
		list->first = c->next_timer;
	else
		conn->calls[c->previous_timer].next_timer = c->next_timer;
	if (c->next_timer == NO_CALL)
		list->last = c->previous_timer;
	else
		conn->calls[c->next_timer].previous_timer = c->previous_timer;
	c->timer = CALL_TIMER_OFF;
}

static uint64_t timeout_of(const pptp_config_options *o, uint8_t timer)
{
	switch (timer) {
	case CALL_TIMER_DIAL:
		return o->dial_timeout_us;
	case CALL_TIMER_ANSWER:
		return o->answer_timeout_us;
	case CALL_TIMER_OFFER:
		return o->offer_timeout_us;
	case CALL_TIMER_CONNECT:
		return o->connect_timeout_us;
	case CALL_TIMER_WAN:
		return o->wan_error_interval_us;
	default:
		return o->clear_timeout_us;
	}
}

/* Start a timer instead of the one that runs, or stop it with CALL_TIMER_OFF. All of a list take the
 * same time, so the newest belongs at the end; a clock that went back only makes it wait for those before. */
void pptp_call_timer(pptp_conn *conn, call *c, uint8_t timer, pptp_usec now)
{
	queue *list;
	if (c->timer != CALL_TIMER_OFF)
		timer_unlink(conn, c);
	if (timer == CALL_TIMER_OFF)
		return;
	list = &conn->timers[timer];
	c->timer = timer;
	c->deadline = deadline_after(now, timeout_of(conn->options, timer));
	c->next_timer = NO_CALL;
	c->previous_timer = list->last;
	if (list->last == NO_CALL)
		list->first = index_of(conn, c);
	else
		conn->calls[list->last].next_timer = index_of(conn, c);
	list->last = index_of(conn, c);
}
