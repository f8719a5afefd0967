/* sim_request: every request of the library, with random values that are legal, and what it must answer:
 * which code it returns follows from the state that the queries showed before. */
#include "sim_host.h"

#include <string.h>

static pptp_usec now_of(const sim_side *d)
{
	return sim_host_now(d->host);
}

static void count(sim_side *d)
{
	sim_count(d->link->world, d->depth ? N_REQUESTS_INSIDE : N_REQUESTS, 1);
}

static uint32_t conn_state(sim_side *d)
{
	pptp_conn_info info;
	CHECK(d, pptp_conn_get_info(d->conn, &info, sizeof info) == PPTP_OK);
	return info.state;
}

/* State of a call; 0: the handle is stale. */
static uint32_t call_state(sim_side *d, pptp_call call, pptp_call_info *ret)
{
	pptp_err err = pptp_call_get_info(d->conn, call, ret, sizeof *ret);
	CHECK(d, err == PPTP_OK || err == PPTP_ERR_STALE);
	if (err)
		memset(ret, 0, sizeof *ret);
	return ret->state;
}

/* ---- ids ---------------------------------------------------------------------------------------- */

static uint16_t reserve(sim_side *d)
{
	uint16_t id = 0;
	if (d->host->mux && pptp_mux_reserve(d->host->mux, &id) != PPTP_OK)
		return 0;
	return id;
}

static void unreserve(sim_side *d, uint16_t id)
{
	if (id)
		CHECK(d, pptp_mux_release(d->host->mux, id) == PPTP_OK);
}

/* Some hosts choose ids themselves, where the library looks for its next: 0 when this one does not now. Not
 * on a link that is held to agreement: an id that is used again at once makes what is on the way ambiguous.
 */
static uint16_t choose(sim_side *d)
{
	if (d->link->trusted || d->host->mux || !sim_one_in(sim_of(d), 4))
		return 0;
	return (uint16_t)(d->last_id + sim_below(sim_of(d), 4));
}

/* An offered call gives way to whoever wants its id. */
static int is_taken(sim_side *d, uint16_t id, pptp_call by)
{
	pptp_call call = PPTP_CALL_NONE;
	pptp_call_info info;
	while (id && (call = pptp_call_next(d->conn, call)) != PPTP_CALL_NONE)
		if (call_state(d, call, &info) != PPTP_CALL_OFFERED && info.local_call_id == id && call != by)
			return 1;
	return 0;
}

/* ---- dial and offer ----------------------------------------------------------------------------- */

static pptp_err may_call(sim_side *d, uint16_t id)
{
	uint32_t state = conn_state(d);
	if (state > PPTP_CONN_ESTABLISHED)
		return PPTP_ERR_CLOSED;
	if (state != PPTP_CONN_ESTABLISHED)
		return PPTP_ERR_STATE;
	return is_taken(d, id, PPTP_CALL_NONE) ? PPTP_ERR_ARG : PPTP_OK;
}

static uint32_t calls_of(const sim_side *d)
{
	uint32_t i, n = 0;
	for (i = 0; i < d->link->calls_len; i++)
		n += d->link->calls[i].used && d->link->calls[i].half[d->which].call != PPTP_CALL_NONE;
	return n;
}

static sim_call *begin_call(sim_side *d, uint8_t direction)
{
	sim_call *c = sim_call_new(d);
	if (!c)
		return NULL;
	if (d->link->next_serial == 0)
		d->link->next_serial++;
	c->serial = d->link->next_serial++;
	c->direction = direction;
	c->caller = (uint8_t)d->which;
	c->begun = sim_of(d)->now;
	c->send_accm = c->recv_accm = 0xFFFFFFFFu;
	c->half[d->which].user = &c->half[d->which];
	c->half[d->which].own_id = reserve(d);
	return c;
}

/* The code must be the one that the state demands; where it is success, the other end's limits may still say
 * no. */
static void placed(sim_side *d, sim_call *c, pptp_err may, uint32_t want, pptp_err err, pptp_call call)
{
	sim_half *half = &c->half[d->which];
	if (err == PPTP_OK) {
		pptp_call_info info;
		CHECK(d, may == PPTP_OK);
		sim_check_handle(d, call);
		CHECK(d, call_state(d, call, &info) == PPTP_CALL_WAIT_REPLY);
		d->last_id = info.local_call_id;
		half->call = call;
		half->known = 1;
		half->half_open_since = sim_of(d)->now;
		sim_count(d->link->world, c->direction == PPTP_OUTGOING ? N_DIALS : N_OFFERS, 1);
		sim_log(sim_of(d), "%s: calls 0x%x, serial %u", sim_side_name(d), (unsigned)call,
		        (unsigned)c->serial);
		CHECK(d, calls_of(d) <= d->options.max_calls);
		return;
	}
	unreserve(d, half->own_id);
	half->own_id = 0;
	c->used = 0;
	CHECK(d, may == PPTP_OK ? err == PPTP_ERR_LIMIT || err == PPTP_ERR_AGAIN : err == may);
	if (err == PPTP_ERR_AGAIN) {
		CHECK(d, want & (PPTP_WANT_SEND | PPTP_WANT_POLL));
		d->again++;
		sim_count(d->link->world, N_AGAIN, 1);
	}
	if (err == PPTP_ERR_LIMIT) /* of what was offered we may not have heard yet */
		CHECK(d, calls_of(d) == d->options.max_calls || want & PPTP_WANT_POLL);
}

/* A request that may call back: the host may have freed the connection in it. */
static int finish(sim_side *d, sim_call *c, pptp_err err)
{
	uint16_t own_id = c->half[d->which].own_id;
	int freed = d->free_asked;
	if (freed) {
		c->used = 0;
		c->half[d->which].own_id = 0;
	}
	sim_side_request_done(d, err);
	if (freed)
		unreserve(d, own_id);
	return !freed;
}

void sim_request_dial(sim_side *d)
{
	sim *s = sim_of(d);
	sim_call *c = begin_call(d, PPTP_OUTGOING);
	pptp_call call = PPTP_CALL_NONE;
	uint32_t want = pptp_conn_want(d->conn);
	uint16_t id;
	pptp_err may, err;
	if (!c)
		return;
	id = c->half[d->which].own_id ? c->half[d->which].own_id : choose(d);
	may = may_call(d, id);
	count(d);
	CHECK(d, pptp_dial_init(&c->dial, sizeof c->dial) == PPTP_OK);
	c->dial.local_call_id = id;
	c->dial.call_serial_number = c->serial;
	c->dial.maximum_bps = 300 + sim_below(s, 1000000);
	c->dial.bearer_type = 1 + sim_below(s, 3);
	c->dial.framing_type = 1 + sim_below(s, 3);
	c->half[d->which].window = c->dial.packet_recv_window_size = (uint16_t)sim_random(s);
	c->half[d->which].delay = c->dial.packet_processing_delay = (uint16_t)sim_below(s, 100);
	c->dial.phone_number_length = (uint16_t)sim_below(s, 65);
	sim_fill(s, c->dial.phone_number, c->dial.phone_number_length);
	c->dial.user = c->half[d->which].user;
	d->depth++;
	err = pptp_call_dial(d->conn, &c->dial, now_of(d), &call);
	if (finish(d, c, err))
		placed(d, c, may, want, err, call);
}

void sim_request_offer(sim_side *d)
{
	sim *s = sim_of(d);
	sim_call *c = begin_call(d, PPTP_INCOMING);
	pptp_call call = PPTP_CALL_NONE;
	uint32_t want = pptp_conn_want(d->conn);
	uint16_t id;
	pptp_err may, err;
	if (!c)
		return;
	id = c->half[d->which].own_id ? c->half[d->which].own_id : choose(d);
	may = may_call(d, id);
	count(d);
	CHECK(d, pptp_offer_init(&c->offer, sizeof c->offer) == PPTP_OK);
	c->offer.local_call_id = id;
	c->offer.call_serial_number = c->serial;
	c->offer.call_bearer_type = 1 + sim_below(s, 2);
	c->offer.physical_channel_id = sim_random(s);
	c->offer.dialed_number_length = (uint16_t)sim_below(s, 65);
	sim_fill(s, c->offer.dialed_number, c->offer.dialed_number_length);
	c->offer.user = c->half[d->which].user;
	d->depth++;
	err = pptp_call_offer(d->conn, &c->offer, now_of(d), &call);
	if (finish(d, c, err))
		placed(d, c, may, want, err, call);
}

/* ---- answers --------------------------------------------------------------------------------------- */

/* What an answer to an offered call returns in a state. */
static pptp_err answer_code(uint32_t state, uint32_t due)
{
	if (state == 0 || state == PPTP_CALL_ENDED)
		return PPTP_ERR_STALE;
	return state == due ? PPTP_OK : PPTP_ERR_STATE;
}

static void answer(sim_side *d, pptp_answer *a)
{
	sim *s = sim_of(d);
	CHECK(d, pptp_answer_init(a, sizeof *a) == PPTP_OK);
	if (sim_one_in(s, 2))
		a->connect_speed = sim_random(s);
	a->physical_channel_id = sim_random(s);
	a->packet_recv_window_size = (uint16_t)sim_random(s);
	a->packet_processing_delay = (uint16_t)sim_below(s, 100);
	a->framing_type = 1 + sim_below(s, 2);
}

void sim_request_accept(sim_side *d, pptp_call call)
{
	pptp_call_info info;
	pptp_err due = answer_code(call_state(d, call, &info), PPTP_CALL_OFFERED);
	sim_call *c = sim_call_of(d, call);
	pptp_answer a;
	uint16_t id = reserve(d);
	count(d);
	answer(d, &a);
	a.local_call_id = id ? id : choose(d);
	if (!due && is_taken(d, a.local_call_id, call))
		due = PPTP_ERR_ARG;
	if (c)
		a.user = &c->half[d->which];
	CHECK(d, pptp_call_accept(d->conn, call, &a, now_of(d)) == due);
	sim_log(sim_of(d), "%s: accepts 0x%x: %s", sim_side_name(d), (unsigned)call, pptp_err_name(due));
	if (due) {
		unreserve(d, id);
		return;
	}
	CHECK(d, c != NULL);
	c->half[d->which].own_id = id;
	c->half[d->which].accepted = 1;
	c->half[d->which].user = a.user;
	c->half[d->which].window = a.packet_recv_window_size;
	c->half[d->which].delay = a.packet_processing_delay;
}

void sim_request_reject(sim_side *d, pptp_call call)
{
	sim *s = sim_of(d);
	pptp_call_info info;
	pptp_err due = answer_code(call_state(d, call, &info), PPTP_CALL_OFFERED);
	uint32_t most = info.direction == PPTP_INCOMING ? PPTP_ICRP_DO_NOT_ACCEPT : PPTP_OCRP_DO_NOT_ACCEPT;
	uint8_t result = (uint8_t)sim_between(s, PPTP_OCRP_GENERAL_ERROR, most);
	uint8_t error = result == PPTP_OCRP_GENERAL_ERROR ? (uint8_t)sim_below(s, 7) : 0;
	count(d);
	CHECK(d,
	      pptp_call_reject(d->conn, call, result, error, (uint16_t)sim_below(s, 128), now_of(d)) == due);
	sim_log(s, "%s: rejects 0x%x: %s", sim_side_name(d), (unsigned)call, pptp_err_name(due));
	if (due)
		return;
	sim_call_of(d, call)->half[d->which].rejected = 1;
	sim_call_of(d, call)->half[d->which].must_be = (int8_t)PPTP_ERR_REFUSED;
}

void sim_request_connected(sim_side *d, pptp_call call)
{
	pptp_call_info info;
	pptp_err due = answer_code(call_state(d, call, &info), PPTP_CALL_ANSWERING);
	sim_half *half;
	pptp_answer a;
	count(d);
	answer(d, &a);
	CHECK(d, pptp_call_connected(d->conn, call, &a, now_of(d)) == due);
	sim_log(sim_of(d), "%s: connected 0x%x: %s", sim_side_name(d), (unsigned)call, pptp_err_name(due));
	if (due)
		return;
	half = &sim_call_of(d, call)->half[d->which];
	half->connected = 1;
	half->window = a.packet_recv_window_size;
	half->delay = a.packet_processing_delay;
}

void sim_request_clear(sim_side *d, pptp_call call)
{
	sim *s = sim_of(d);
	pptp_call_info info;
	uint32_t state = call_state(d, call, &info);
	uint8_t result = (uint8_t)sim_between(s, PPTP_CDN_LOST_CARRIER, PPTP_CDN_REQUEST);
	uint8_t error = result == PPTP_CDN_GENERAL_ERROR ? (uint8_t)sim_below(s, 7) : 0;
	pptp_err err = pptp_call_clear(d->conn, call, result, error, 0, now_of(d));
	sim_half *half;
	count(d);
	CHECK(d, err == (state == 0 ? PPTP_ERR_STALE : PPTP_OK));
	sim_log(s, "%s: clears 0x%x: %s", sim_side_name(d), (unsigned)call, pptp_err_name(err));
	if (err)
		return;
	half = &sim_call_of(d, call)->half[d->which];
	half->cleared = 1;
	if (state != PPTP_CALL_ENDED && info.reason == PPTP_OK)
		half->must_be = (int8_t)PPTP_ERR_LOCAL;
	half->half_open_since = s->now;
}

/* ---- while it lasts -------------------------------------------------------------------------------- */

void sim_request_link_info(sim_side *d, pptp_call call)
{
	pptp_call_info info;
	pptp_err due = answer_code(call_state(d, call, &info), PPTP_CALL_ESTABLISHED);
	uint32_t send = sim_random(sim_of(d)), recv = sim_random(sim_of(d));
	if (!due && info.role != PPTP_PNS)
		due = PPTP_ERR_STATE;
	count(d);
	CHECK(d, pptp_call_set_link_info(d->conn, call, send, recv, now_of(d)) == due);
	if (due)
		return;
	sim_call_of(d, call)->send_accm = send;
	sim_call_of(d, call)->recv_accm = recv;
}

void sim_request_wan_errors(sim_side *d, pptp_call call)
{
	pptp_call_info info;
	pptp_err due = answer_code(call_state(d, call, &info), PPTP_CALL_ESTABLISHED);
	sim_call *c = sim_call_of(d, call);
	uint32_t n = (c ? c->wan_told : 0) + sim_below(sim_of(d), 3);
	pptp_wan_errors e = {sizeof e, n, 2 * n, 3 * n, 4 * n, 5 * n, 6 * n};
	if (!due && info.role != PPTP_PAC)
		due = PPTP_ERR_STATE;
	if (!due && !d->options.line_statistics)
		due = PPTP_ERR_LIMIT;
	count(d);
	CHECK(d, pptp_call_wan_errors(d->conn, call, &e, now_of(d)) == due);
	if (due || n == c->wan_told)
		return;
	c->wan_told = n;
	c->wan_told_at = sim_of(d)->now;
}

void sim_request_statistics(sim_side *d, pptp_call call)
{
	uint8_t text[STATISTICS_OCTETS] = {0};
	size_t len = sim_below(sim_of(d), STATISTICS_OCTETS + 1);
	pptp_call_info info;
	uint32_t state = call_state(d, call, &info);
	pptp_err due = answer_code(state, state);
	if (!due && info.role != PPTP_PAC)
		due = PPTP_ERR_STATE;
	if (!due && !d->options.line_statistics)
		due = PPTP_ERR_LIMIT;
	sim_fill(sim_of(d), text, len);
	count(d);
	CHECK(d, pptp_call_statistics(d->conn, call, text, len) == due);
	if (!due)
		memcpy(sim_call_of(d, call)->half[d->which].statistics, text, sizeof text);
}

void sim_request_user(sim_side *d, pptp_call call)
{
	sim_call *c = sim_call_of(d, call);
	void *user = c ? &c->half[sim_below(sim_of(d), 2)].seen : NULL;
	count(d);
	CHECK(d, pptp_call_set_user(d->conn, call, user) == (c ? PPTP_OK : PPTP_ERR_STALE));
	if (c)
		c->half[d->which].user = user;
}

/* What no host should ask for changes nothing. */
void sim_request_nonsense(sim_side *d, pptp_call call)
{
	pptp_usec now = now_of(d);
	pptp_conn_info conn;
	pptp_call_info info;
	uint32_t state = call_state(d, call, &info);
	count(d);
	CHECK(d, pptp_conn_get_info(d->conn, &conn, sizeof conn) == PPTP_OK);
	CHECK(d, pptp_conn_close(d->conn, 0, now) == PPTP_ERR_ARG);
	CHECK(d, pptp_conn_close(d->conn, 4, now) == PPTP_ERR_ARG);
	CHECK(d, pptp_conn_abort(d->conn, PPTP_OK, now) == PPTP_ERR_ARG);
	CHECK(d, pptp_conn_abort(d->conn, PPTP_ERR_SEND - 1, now) == PPTP_ERR_ARG);
	CHECK(d, pptp_call_clear(d->conn, PPTP_CALL_NONE, 1, 0, 0, now) == PPTP_ERR_STALE);
	CHECK(d, pptp_call_clear(d->conn, call ^ 0x40000000u, 1, 0, 0, now) == PPTP_ERR_STALE);
	CHECK(d, state == 0 || pptp_call_clear(d->conn, call, 1, 1, 0, now) == PPTP_ERR_ARG);
	CHECK(d, state != PPTP_CALL_OFFERED || pptp_call_reject(d->conn, call, 1, 0, 0, now) == PPTP_ERR_ARG);
	if (conn.state == PPTP_CONN_START_OFFERED)
		CHECK(d, pptp_conn_refuse(d->conn, PPTP_SCCRP_OK, 0, now) == PPTP_ERR_ARG);
	else
		CHECK(d, pptp_conn_accept(d->conn, now) ==
		                 (conn.state > PPTP_CONN_ESTABLISHED ? PPTP_ERR_CLOSED : PPTP_ERR_STATE));
}

/* ---- ends ------------------------------------------------------------------------------------------ */

void sim_request_close(sim_side *d)
{
	uint32_t state = conn_state(d);
	uint8_t reason = (uint8_t)sim_between(sim_of(d), PPTP_STOP_NONE, PPTP_STOP_LOCAL_SHUTDOWN);
	pptp_err err = pptp_conn_close(d->conn, reason, now_of(d));
	count(d);
	CHECK(d, err == (state > PPTP_CONN_ESTABLISHED ? PPTP_ERR_CLOSED : PPTP_OK));
	sim_log(sim_of(d), "%s: close: %s", sim_side_name(d), pptp_err_name(err));
	if (err)
		return;
	d->close_asked = 1;
}

void sim_request_abort(sim_side *d, pptp_err why)
{
	pptp_conn_info info;
	pptp_err err;
	count(d);
	CHECK(d, pptp_conn_get_info(d->conn, &info, sizeof info) == PPTP_OK);
	err = pptp_conn_abort(d->conn, why, now_of(d));
	CHECK(d, err == (info.state == PPTP_CONN_CLOSED ? PPTP_ERR_CLOSED : PPTP_OK));
	sim_log(sim_of(d), "%s: abort %s: %s", sim_side_name(d), pptp_err_name(why), pptp_err_name(err));
	if (!err && !info.reason)
		d->abort_reason = why;
}
