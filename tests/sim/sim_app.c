/* sim_app: what hosts decide. An offer is taken at once, later, refused or forgotten; between events a
 * connection's host asks for something at random, from callbacks too; one day it ends the connection, one way
 * or another. */
#include "sim_host.h"

/* ---- later -------------------------------------------------------------------------------------- */

/* May this side act now? When its host sleeps, it does so when it is awake. */
static int begin(sim_side *d, uint32_t generation, sim_action action, uint64_t value)
{
	if (generation != d->link->generation || d->kind != SIDE_CONN)
		return 0;
	if (d->host->frozen) {
		sim_after(sim_of(d), SIM_SECOND, action, d, generation, value);
		return 0;
	}
	sim_check_enter(d);
	return 1;
}

static void later(sim_side *d, uint64_t longest, sim_action action, uint64_t value)
{
	sim_after(sim_of(d), sim_between(sim_of(d), 0, longest), action, d, d->link->generation, value);
}

/* ---- calls -------------------------------------------------------------------------------------- */

static pptp_call any_call(sim_side *d)
{
	uint32_t n = d->link->calls_len, i, at = sim_below(sim_of(d), n);
	for (i = 0; i < n; i++) {
		const sim_call *c = &d->link->calls[(at + i) % n];
		if (c->used && c->half[d->which].call != PPTP_CALL_NONE)
			return c->half[d->which].call;
	}
	return sim_random(sim_of(d)); /* one that it does not have */
}

static void accept_later(void *object, uint32_t generation, uint64_t value)
{
	sim_side *d = object;
	if (!begin(d, generation, accept_later, value))
		return;
	if (sim_one_in(sim_of(d), 8))
		sim_request_reject(d, (pptp_call)value);
	else
		sim_request_accept(d, (pptp_call)value);
	sim_side_work(d);
}

static void connected_later(void *object, uint32_t generation, uint64_t value)
{
	sim_side *d = object;
	if (!begin(d, generation, connected_later, value))
		return;
	sim_request_connected(d, (pptp_call)value);
	sim_side_work(d);
}

static void clear_later(void *object, uint32_t generation, uint64_t value)
{
	sim_side *d = object;
	if (!begin(d, generation, clear_later, value))
		return;
	sim_request_clear(d, (pptp_call)value);
	sim_side_work(d);
}

#define AS_LONG_AS (130 * SIM_SECOND) /* longer than every timer */

static void decide_offered(sim_side *d, pptp_call call)
{
	const sim_manner *m = &d->host->manner;
	uint32_t dice = sim_below(sim_of(d), 16);
	if (dice < m->now)
		sim_request_accept(d, call);
	else if (dice < (uint32_t)m->now + m->later)
		later(d, sim_one_in(sim_of(d), 4) ? AS_LONG_AS : 2 * SIM_SECOND, accept_later, call);
	else if (dice < (uint32_t)m->now + m->later + m->reject)
		sim_request_reject(d, call);
}

static void decide_answer(sim_side *d, pptp_call call)
{
	const sim_manner *m = &d->host->manner;
	uint32_t dice = sim_below(sim_of(d), 16);
	if (dice < m->now)
		sim_request_connected(d, call);
	else if (dice < (uint32_t)m->now + m->later)
		later(d, sim_one_in(sim_of(d), 4) ? AS_LONG_AS : 2 * SIM_SECOND, connected_later, call);
	else if (dice < (uint32_t)m->now + m->later + m->reject)
		sim_request_clear(d, call);
}

/* ---- connections ---------------------------------------------------------------------------------- */

static void answer_start(sim_side *d, int accept)
{
	sim *s = sim_of(d);
	pptp_conn_info info;
	uint8_t result = (uint8_t)sim_between(s, PPTP_SCCRP_GENERAL_ERROR, PPTP_SCCRP_BAD_VERSION);
	pptp_err due, err;
	CHECK(d, pptp_conn_get_info(d->conn, &info, sizeof info) == PPTP_OK);
	due = info.state == PPTP_CONN_START_OFFERED ? PPTP_OK
	      : info.state > PPTP_CONN_ESTABLISHED  ? PPTP_ERR_CLOSED
	                                            : PPTP_ERR_STATE;
	err = accept ? pptp_conn_accept(d->conn, sim_host_now(d->host))
	             : pptp_conn_refuse(d->conn, result, 0, sim_host_now(d->host));
	CHECK(d, err == due);
	sim_log(s, "%s: %s the start: %s", sim_side_name(d), accept ? "accepts" : "refuses",
	        pptp_err_name(err));
	if (err)
		return;
	d->answered_start = 1;
	d->refuse_asked = !accept;
}

static void accept_start_later(void *object, uint32_t generation, uint64_t value)
{
	sim_side *d = object;
	if (!begin(d, generation, accept_start_later, value))
		return;
	answer_start(d, 1);
	sim_side_work(d);
}

static void decide_start(sim_side *d)
{
	int collided = sim_meet_offered(d);
	if (collided < 0 || (collided == 0 && d->link->meeting)) {
		answer_start(d, 1);
		return;
	}
	if (collided > 0) { /* we have won: silence */
		d->silent = 1;
		return;
	}
	switch (sim_below(sim_of(d), 12)) {
	case 0:
		answer_start(d, 0);
		break;
	case 1:
		d->silent = 1;
		break;
	case 2:
	case 3:
		later(d, 2 * d->options.start_timeout_us, accept_start_later, 0);
		break;
	case 4:
	case 5:
	case 6:
		later(d, SIM_SECOND, accept_start_later, 0);
		break;
	default:
		answer_start(d, 1);
		break;
	}
}

/* ---- at random -------------------------------------------------------------------------------------- */

typedef void (*request)(sim_side *d, pptp_call call);

static void dial(sim_side *d, pptp_call call)
{
	(void)call;
	sim_request_dial(d);
}

static void offer(sim_side *d, pptp_call call)
{
	(void)call;
	sim_request_offer(d);
}

static void anything(sim_side *d)
{
	static const request requests[] = {
	        dial,
	        dial,
	        dial,
	        offer,
	        offer,
	        sim_request_clear,
	        sim_request_clear,
	        sim_request_link_info,
	        sim_request_link_info,
	        sim_request_wan_errors,
	        sim_request_wan_errors,
	        sim_request_statistics,
	        sim_request_user,
	        sim_request_nonsense,
	};
	uint32_t at = sim_below(sim_of(d), sizeof requests / sizeof requests[0]);
	if (sim_one_in(sim_of(d), 100)) {
		sim_request_accept(d, any_call(d));
		return;
	}
	if (sim_one_in(sim_of(d), 100)) {
		sim_request_connected(d, any_call(d));
		return;
	}
	requests[at](d, any_call(d));
}

static void act(void *object, uint32_t generation, uint64_t value)
{
	sim_side *d = object;
	uint32_t n;
	(void)value;
	if (!begin(d, generation, act, value))
		return;
	/* Sometimes much at once, so that buffers fill. */
	n = sim_one_in(sim_of(d), 40) ? sim_below(sim_of(d), 60) : 1;
	while (n-- > 0 && d->conn)
		anything(d);
	if (!d->conn)
		return;
	later(d, 2 * (uint64_t)d->host->manner.act_us, act, 0);
	sim_side_work(d);
}

static void end_it(sim_side *d)
{
	sim *s = sim_of(d);
	switch (sim_below(s, 8)) {
	case 0:
		sim_request_abort(d, (pptp_err)(PPTP_ERR_SEND + (int32_t)sim_below(s, REASONS)));
		break;
	case 1:
		sim_side_free(d);
		break;
	default:
		sim_request_close(d);
		break;
	}
}

/* Two hosts that meet stay together until it was seen that they do. */
static int is_meeting(const sim_side *d)
{
	return d->link->meeting && d->link->world->s.now - d->began < 6 * SIM_SECOND;
}

static void end_later(void *object, uint32_t generation, uint64_t value)
{
	sim_side *d = object;
	(void)value;
	if (!begin(d, generation, end_later, value))
		return;
	if (!is_meeting(d))
		end_it(d);
	if (d->conn)
		sim_side_work(d);
}

/* ---- events ------------------------------------------------------------------------------------------ */

void sim_app_begin(sim_side *d)
{
	if (sim_one_in(sim_of(d), 30) && !d->link->meeting)
		later(d, SIM_SECOND, end_later, 0);
}

static void decide(sim_side *d, const pptp_event *e)
{
	switch (e->type) {
	case PPTP_EV_START_OFFERED:
		decide_start(d);
		break;
	case PPTP_EV_UP:
		later(d, 2 * (uint64_t)d->host->manner.act_us, act, 0);
		later(d, 2 * (uint64_t)d->host->manner.life_us, end_later, 0);
		break;
	case PPTP_EV_CALL_OFFERED:
		decide_offered(d, e->call);
		break;
	case PPTP_EV_CALL_ANSWER:
		decide_answer(d, e->call);
		break;
	case PPTP_EV_CALL_UP:
		if (sim_one_in(sim_of(d), 2))
			later(d, 60 * SIM_SECOND, clear_later, e->call);
		break;
	default:
		break;
	}
}

void sim_app_event(sim_side *d, const pptp_event *e)
{
	sim *s = sim_of(d);
	pptp_event copy = *e;
	decide(d, &copy);
	while (d->conn && !d->free_asked && sim_one_in(s, 10))
		anything(d);
	if (d->conn && !d->free_asked && !is_meeting(d) && sim_one_in(s, 1000))
		end_it(d);
}
