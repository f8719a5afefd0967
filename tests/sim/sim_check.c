/* sim_check: what must hold of one end of a link, whoever is at the other: its memory, its queries, the order
 * of its events, the octets it sends. */
#include "sim_host.h"

#include <string.h>

/* ---- memory --------------------------------------------------------------------------------------- */

/* A fingerprint of the connection's memory. */
static uint64_t print_of(const sim_side *d)
{
	const uint8_t *octets = (const uint8_t *)d->conn;
	size_t len = pptp_conn_size(d->host->config);
	uint64_t print = len, word = 0;
	for (; len >= sizeof word; octets += sizeof word, len -= sizeof word) {
		memcpy(&word, octets, sizeof word);
		print = (print ^ word) * UINT64_C(0x9E3779B97F4A7C15);
		print ^= print >> 29;
	}
	return print;
}

/* Whatever happened meanwhile, to other connections above all, has not changed this one. */
void sim_check_enter(sim_side *d)
{
	CHECK(d, !d->entered);
	d->entered = 1;
	CHECK(d, d->print == print_of(d));
}

/* ---- queries --------------------------------------------------------------------------------------- */

static uint64_t sum_of_call_timers(const pptp_config_options *o)
{
	const uint64_t timers[] = {o->dial_timeout_us, o->answer_timeout_us, o->clear_timeout_us,
	                           o->offer_timeout_us, o->connect_timeout_us};
	uint64_t sum = LATEST;
	size_t i;
	for (i = 0; i < sizeof timers / sizeof timers[0]; i++) {
		if (timers[i] == 0)
			return SIM_NEVER;
		sum += timers[i];
	}
	return sum;
}

/* True when a timer of so long, or several, must have run out since. */
static int overdue(const sim_side *d, uint64_t since, uint64_t timers)
{
	return since != SIM_NEVER && timers != SIM_NEVER && d->link->world->s.now > since &&
	       d->link->world->s.now - since > timers;
}

static void check_call(sim_side *d, pptp_call call, const pptp_call_info *info, uint32_t want)
{
	const sim_call *c = sim_call_of(d, call);
	CHECK(d, info->local_call_id != 0);
	CHECK(d, info->state >= PPTP_CALL_OFFERED && info->state < PPTP_CALL_ENDED);
	if (!c) { /* not told of yet */
		CHECK(d, info->state == PPTP_CALL_OFFERED && want & PPTP_WANT_POLL);
		return;
	}
	CHECK(d, info->direction == c->direction && info->user == c->half[d->which].user);
	CHECK(d, info->role == (uint32_t)(sim_is_pac(d, c) ? PPTP_PAC : PPTP_PNS));
	if (info->state != PPTP_CALL_ESTABLISHED)
		CHECK(d, !overdue(d, c->half[d->which].half_open_since, sum_of_call_timers(&d->options)));
}

/* Every live call, its ids distinct from all others'. */
static void check_calls(sim_side *d, const pptp_conn_info *conn, uint32_t want)
{
	uint16_t local[LINK_CALLS];
	uint32_t n = 0, offered = 0, i;
	pptp_call call = PPTP_CALL_NONE;
	pptp_call_info info;
	while ((call = pptp_call_next(d->conn, call)) != PPTP_CALL_NONE) {
		CHECK(d, n < LINK_CALLS);
		CHECK(d, pptp_call_get_info(d->conn, call, &info, sizeof info) == PPTP_OK);
		check_call(d, call, &info, want);
		offered += info.state == PPTP_CALL_OFFERED;
		for (i = 0; i < n; i++)
			CHECK(d, local[i] != info.local_call_id);
		local[n++] = info.local_call_id;
	}
	CHECK(d, n == conn->calls && n <= d->options.max_calls && offered == conn->offered_calls);
	CHECK(d, d->options.max_offered == 0 || offered <= d->options.max_offered);
}

/* Handles that were given out and not taken back are good. */
static void check_handles(sim_side *d)
{
	uint32_t i;
	pptp_call_info info;
	for (i = 0; i < d->link->calls_len; i++) {
		const sim_call *c = &d->link->calls[i];
		pptp_call call = c->used ? c->half[d->which].call : PPTP_CALL_NONE;
		if (call != PPTP_CALL_NONE)
			CHECK(d, pptp_call_get_info(d->conn, call, &info, sizeof info) == PPTP_OK);
	}
}

/* Nothing lasts longer than its timers. */
static void check_age(sim_side *d, const pptp_conn_info *conn)
{
	const pptp_config_options *o = &d->options;
	if (conn->state < PPTP_CONN_ESTABLISHED)
		CHECK(d, !overdue(d, d->began, o->start_timeout_us + LATEST));
	if (conn->state == PPTP_CONN_ESTABLISHED && o->idle_timeout_us && o->echo_timeout_us)
		CHECK(d, !overdue(d, d->last_heard, o->idle_timeout_us + o->echo_timeout_us + LATEST));
	if (conn->state > PPTP_CONN_ESTABLISHED && d->ending_since == SIM_NEVER)
		d->ending_since = sim_of(d)->now;
	if (o->stop_timeout_us && !d->down)
		CHECK(d, !overdue(d, d->ending_since, 2 * o->stop_timeout_us + LATEST));
}

void sim_check_leave(sim_side *d)
{
	pptp_conn_info conn;
	uint32_t want = pptp_conn_want(d->conn);
	d->print = print_of(d);
	CHECK(d, pptp_conn_get_info(d->conn, &conn, sizeof conn) == PPTP_OK);
	CHECK(d, pptp_conn_user(d->conn) == d && conn.role == d->role);
	CHECK(d, conn.tx_octets <= d->options.tx_octets);
	CHECK(d, conn.tx_octets == 0 || want & PPTP_WANT_SEND);
	CHECK(d, ((want & PPTP_FINISHED) != 0) == d->down);
	CHECK(d, !d->up || conn.state >= PPTP_CONN_ESTABLISHED);
	check_calls(d, &conn, want);
	check_handles(d);
	check_age(d, &conn);
	if (d->memory)
		sim_check_zones(d->link->world, d->memory);
	CHECK(d, d->print == print_of(d)); /* queries change nothing */
	d->entered = 0;
}

/* ---- records ---------------------------------------------------------------------------------------- */

sim_call *sim_call_of(sim_side *d, pptp_call call)
{
	uint32_t i;
	for (i = 0; call != PPTP_CALL_NONE && i < d->link->calls_len; i++)
		if (d->link->calls[i].used && d->link->calls[i].half[d->which].call == call)
			return &d->link->calls[i];
	return NULL;
}

/* A new handle is none of a call that is over: the host may still mean that one. */
void sim_check_handle(sim_side *d, pptp_call call)
{
	uint32_t i;
	CHECK(d, call != PPTP_CALL_NONE && sim_call_of(d, call) == NULL);
	for (i = 0; i < PAST_CALLS; i++)
		CHECK(d, d->past[i] != call);
}

/* Nobody needs the record any more: on a trusted link both ends must have seen the end of the call. */
static int is_done(const sim_link *l, const sim_call *c)
{
	const sim_half *a = &c->half[0], *b = &c->half[1];
	if (!c->used || (a->over && b->over))
		return 1;
	return !l->trusted && (a->over || !a->known) && (b->over || !b->known);
}

/* All is quiet: what has ended at one end and never came to the other will not come any more. */
void sim_call_forget(sim_link *l)
{
	uint32_t i;
	for (i = 0; i < l->calls_len; i++) {
		sim_call *c = &l->calls[i];
		if ((c->half[0].over || !c->half[0].known) && (c->half[1].over || !c->half[1].known))
			c->used = 0;
	}
}

sim_call *sim_call_new(sim_side *d)
{
	sim_link *l = d->link;
	uint32_t i;
	for (i = 0; i < l->calls_len && !is_done(l, &l->calls[i]); i++)
		;
	if (i == LINK_CALLS)
		return NULL;
	if (i == l->calls_len)
		l->calls_len++;
	memset(&l->calls[i], 0, sizeof l->calls[i]);
	l->calls[i].used = 1;
	return &l->calls[i];
}

/* ---- events ------------------------------------------------------------------------------------------- */

static void check_message(sim_side *d, const pptp_event *e)
{
	pptp_msg m;
	CHECK(d, (e->msg != NULL) == (e->msg_len > 0) && e->msg_len <= PPTP_MSG_MAX_OCTETS);
	if (!e->msg || e->reason == PPTP_ERR_MALFORMED)
		return;
	CHECK(d, pptp_msg_decode(e->msg, e->msg_len, PPTP_MSG_LONGER, &m, NULL) > 0);
	CHECK(d, m.header.control_message_type == e->message_type);
}

static int is_of_call(const pptp_event *e)
{
	return (e->type >= PPTP_EV_CALL_OFFERED && e->type <= PPTP_EV_CALL_WAN_ERROR) ||
	       e->type == PPTP_EV_CALL_ANSWER;
}

static void check_shape(sim_side *d, const pptp_event *e)
{
	int ends = e->type == PPTP_EV_DOWN || e->type == PPTP_EV_CALL_DOWN;
	uint32_t i;
	CHECK(d, e->type >= PPTP_EV_UP && e->type <= PPTP_EV_CALL_ANSWER);
	CHECK(d, ends ? e->reason <= PPTP_ERR_MALFORMED && e->reason >= PPTP_ERR_SEND : e->reason == 0);
	CHECK(d, ends || e->timer == PPTP_TIMER_NONE);
	CHECK(d, e->reason != PPTP_ERR_TIMEOUT || e->timer != PPTP_TIMER_NONE || d->abort_reason);
	CHECK(d, is_of_call(e) == (e->call != PPTP_CALL_NONE));
	CHECK(d, is_of_call(e) == (e->local_call_id != 0));
	for (i = 0; i < sizeof e->reserved / sizeof e->reserved[0]; i++)
		CHECK(d, e->reserved[i] == 0);
	check_message(d, e);
}

static void conn_down(sim_side *d, const pptp_event *e)
{
	uint32_t i;
	for (i = 0; i < d->link->calls_len; i++)
		CHECK(d, !d->link->calls[i].used || d->link->calls[i].half[d->which].call == PPTP_CALL_NONE);
	CHECK(d, pptp_conn_want(d->conn) == PPTP_FINISHED);
	d->down = 1;
	d->link->world->downs[e->reason - PPTP_ERR_SEND]++;
	sim_agree_down(d, e);
}

static void check_conn_event(sim_side *d, const pptp_event *e)
{
	CHECK(d, e->user == d);
	switch (e->type) {
	case PPTP_EV_START_OFFERED:
		CHECK(d, d->asks && !d->offered_start && !d->up && e->msg);
		d->offered_start = 1;
		break;
	case PPTP_EV_UP:
		CHECK(d, !d->up && (!d->asks || (d->answered_start && !d->refuse_asked)));
		d->up = 1;
		d->last_heard = sim_of(d)->now;
		sim_count(d->link->world, N_UP, 1);
		break;
	case PPTP_EV_WRITABLE:
		CHECK(d, d->again);
		d->again--;
		break;
	default:
		conn_down(d, e);
		break;
	}
}

static int seen(const sim_half *half, uint32_t type)
{
	return (half->seen & 1u << type) != 0;
}

/* Which record an offered call belongs to: on a trusted link the one that its caller made. */
static sim_call *offered(sim_side *d, const pptp_event *e)
{
	uint8_t direction = e->message_type == PPTP_ICRQ ? PPTP_INCOMING : PPTP_OUTGOING;
	sim_call *c = NULL;
	pptp_msg m;
	uint32_t i;
	sim_check_handle(d, e->call);
	CHECK(d, e->msg && pptp_msg_decode(e->msg, e->msg_len, PPTP_MSG_LONGER, &m, NULL) > 0);
	for (i = 0; d->link->trusted && i < d->link->calls_len && !c; i++) {
		sim_call *at = &d->link->calls[i];
		if (at->used && at->caller != d->which && at->direction == direction &&
		    !at->half[d->which].known && at->serial == m.ocrq.call_serial_number)
			c = at;
	}
	CHECK(d, c || !d->link->trusted);
	if (!c)
		c = sim_call_new(d);
	CHECK(d, c != NULL);
	c->direction = direction;
	c->caller = (uint8_t)!d->which;
	c->half[d->which].known = 1;
	c->half[d->which].call = e->call;
	c->half[d->which].half_open_since = sim_of(d)->now;
	return c;
}

/* RFC 2637 3.2.3, 3.2.4, as the host sees it. */
static void check_order(sim_side *d, const sim_call *c, const pptp_event *e)
{
	const sim_half *half = &c->half[d->which];
	int ours = c->caller == d->which;
	CHECK(d, half->known && !half->over);
	switch (e->type) {
	case PPTP_EV_CALL_OFFERED:
		CHECK(d, !ours && half->seen == 0);
		break;
	case PPTP_EV_CALL_ANSWER:
		CHECK(d, ours && c->direction == PPTP_INCOMING && half->seen == 0);
		break;
	case PPTP_EV_CALL_UP:
		CHECK(d, !seen(half, PPTP_EV_CALL_UP) && (ours || half->accepted));
		CHECK(d, !ours || c->direction == PPTP_OUTGOING || half->connected);
		break;
	case PPTP_EV_CALL_LINK_INFO:
		CHECK(d, sim_is_pac(d, c) && (half->seen != 0));
		break;
	case PPTP_EV_CALL_WAN_ERROR:
		CHECK(d, !sim_is_pac(d, c) && seen(half, PPTP_EV_CALL_UP));
		break;
	default: /* PPTP_EV_CALL_DOWN */
		CHECK(d, half->must_be == PPTP_OK || e->reason == half->must_be);
		CHECK(d, !half->accepted || c->direction == PPTP_INCOMING || seen(half, PPTP_EV_CALL_UP));
		CHECK(d, !half->connected || seen(half, PPTP_EV_CALL_UP));
		break;
	}
}

static void call_is_over(sim_side *d, sim_call *c, const pptp_event *e)
{
	sim_half *half = &c->half[d->which];
	pptp_call_info info;
	sim_world *w = d->link->world;
	CHECK(d, pptp_call_get_info(d->conn, e->call, &info, sizeof info) == PPTP_ERR_STALE);
	sim_count(w, N_CALLS_DOWN, 1);
	w->calls_downs[e->reason - PPTP_ERR_SEND]++;
	d->past[d->past_len++ % PAST_CALLS] = e->call;
	half->over = 1;
	half->call = PPTP_CALL_NONE;
	if (half->own_id)
		CHECK(d, pptp_mux_release(d->host->mux, half->own_id) == PPTP_OK);
	half->own_id = 0;
}

static void check_call_event(sim_side *d, const pptp_event *e)
{
	sim_call *c = e->type == PPTP_EV_CALL_OFFERED ? offered(d, e) : sim_call_of(d, e->call);
	sim_half *half;
	CHECK(d, c != NULL);
	half = &c->half[d->which];
	check_order(d, c, e);
	CHECK(d, e->user == half->user);
	half->seen |= 1u << e->type;
	if (e->type == PPTP_EV_CALL_UP) {
		if (!half->cleared)
			half->half_open_since = SIM_NEVER;
		sim_count(d->link->world, N_CALLS_UP, 1);
	}
	if (d->link->trusted)
		sim_agree_event(d, c, e);
	if (e->type == PPTP_EV_CALL_DOWN)
		call_is_over(d, c, e);
}

void sim_check_event(sim_side *d, const pptp_event *e)
{
	sim_log(sim_of(d), "%s: %s 0x%x reason %s timer %s ids %u %u", sim_side_name(d),
	        pptp_event_name(e->type), (unsigned)e->call, pptp_err_name(e->reason),
	        pptp_timer_name(e->timer), e->local_call_id, e->peer_call_id);
	CHECK(d, !d->down);
	check_shape(d, e);
	if (is_of_call(e))
		check_call_event(d, e);
	else
		check_conn_event(d, e);
}

/* ---- octets -------------------------------------------------------------------------------------------- */

static size_t length_of(const uint8_t *msg)
{
	return (size_t)(msg[0] << 8 | msg[1]);
}

/* Offered is one message or the rest of one; what was not taken stays where it was, as it was. */
void sim_check_offer(sim_side *d, const uint8_t *data, size_t len)
{
	CHECK(d, len > 0 && len <= PPTP_MSG_MAX_OCTETS);
	if (d->held_len > 0) {
		CHECK(d, data == d->held && len == d->held_len);
		CHECK(d, memcmp(data, d->held_octets, len) == 0);
	}
	if (d->out_len >= 2)
		CHECK(d, d->out_len + len == length_of(d->out));
	else if (d->out_len == 0)
		CHECK(d, len >= 2 && len == length_of(data));
}

static void check_sent_message(sim_side *d)
{
	pptp_msg m;
	CHECK(d, pptp_msg_decode(d->out, d->out_len, 0, &m, NULL) == (pptp_ssize)d->out_len);
	CHECK(d, m.header.reserved0 == 0);
	if (d->role == PPTP_ORIGINATOR && !d->sent_any)
		CHECK(d, m.header.control_message_type == PPTP_SCCRQ);
	else
		CHECK(d, m.header.control_message_type != PPTP_SCCRQ);
	d->sent_any = 1;
	sim_count(d->link->world, N_MESSAGES, 1);
	sim_log(sim_of(d), "%s: sends %s %u %u", sim_side_name(d),
	        pptp_msg_name(m.header.control_message_type), m.ocrp.call_id, m.ocrp.peer_call_id);
}

/* So many octets of what was offered were taken. */
void sim_check_sent(sim_side *d, const uint8_t *data, size_t offered_octets, size_t taken)
{
	memcpy(d->out + d->out_len, data, taken);
	d->out_len += taken;
	sim_count(d->link->world, N_OCTETS, taken);
	d->held = data + taken;
	d->held_len = offered_octets - taken;
	memcpy(d->held_octets, d->held, d->held_len);
	if (d->held_len > 0)
		return;
	check_sent_message(d);
	d->out_len = 0;
}
