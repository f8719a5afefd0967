/* sim_agree: what must hold of both ends of a link together, when both are the library's and TCP was not
 * tampered with: every event has its cause at the other end, and once nothing is on the way both ends know
 * the same. */
#include "sim_host.h"

#include <string.h>

/* ---- causes --------------------------------------------------------------------------------------- */

static uint64_t timer_us(const pptp_config_options *o, uint32_t timer)
{
	switch (timer) {
	case PPTP_TIMER_START:
		return o->start_timeout_us;
	case PPTP_TIMER_IDLE:
		return o->idle_timeout_us;
	case PPTP_TIMER_ECHO:
		return o->echo_timeout_us;
	case PPTP_TIMER_STOP:
		return o->stop_timeout_us;
	case PPTP_TIMER_DIAL:
		return o->dial_timeout_us;
	case PPTP_TIMER_ANSWER:
		return o->answer_timeout_us;
	case PPTP_TIMER_CLEAR:
		return o->clear_timeout_us;
	case PPTP_TIMER_OFFER:
		return o->offer_timeout_us;
	case PPTP_TIMER_CONNECT:
		return o->connect_timeout_us;
	default:
		return 0;
	}
}

/* Can this timer of this side have run out since? */
static int may_have_run_out(const sim_side *d, uint32_t timer, uint64_t since)
{
	uint64_t us = timer_us(&d->options, timer);
	return us != 0 && d->link->world->s.now - since >= us;
}

static int a_call_timer_may(const sim_side *d, uint64_t since)
{
	uint32_t timer;
	for (timer = PPTP_TIMER_DIAL; timer <= PPTP_TIMER_CONNECT; timer++)
		if (may_have_run_out(d, timer, since))
			return 1;
	return 0;
}

/* Refusals that the library of this side sent on its own: no slot, not taken. */
static uint32_t library_refusals(const sim_side *d)
{
	if (!d->conn || d->free_asked)
		return d->library_refusals;
	return pptp_conn_count(d->conn, PPTP_COUNT_NO_RESOURCE) +
	       pptp_conn_count(d->conn, PPTP_COUNT_NOT_TAKEN) +
	       pptp_conn_count(d->conn, PPTP_COUNT_HALF_OPEN);
}

static void refused(sim_side *d, const sim_call *c)
{
	const sim_half *there = &c->half[!d->which];
	if (c->half[d->which].rejected) /* its own host did */
		return;
	CHECK(d, c->caller == d->which);
	if (there->rejected || there->cleared || may_have_run_out(sim_other(d), PPTP_TIMER_ANSWER, c->begun))
		return;
	CHECK(d, !there->known);
	d->unmatched_refusals++;
	CHECK(d, d->unmatched_refusals <= library_refusals(sim_other(d)));
}

/* Text of the PAC's line, as told last. A call whose PAC's id was never learnt may be ended by the notify of
 * one that did not live to see it: nothing in the message tells them apart. */
static void check_statistics(sim_side *d, const sim_call *c, const pptp_event *e)
{
	const sim_half *there = &c->half[!d->which];
	pptp_msg m;
	if (!e->msg || sim_is_pac(d, c) || e->message_type != PPTP_CDN || !there->known)
		return;
	CHECK(d, pptp_msg_decode(e->msg, e->msg_len, 0, &m, NULL) > 0);
	if (e->peer_call_id == 0)
		return;
	CHECK(d, m.cdn.call_id == e->peer_call_id);
	CHECK(d, memcmp(m.cdn.call_statistics, there->statistics, STATISTICS_OCTETS) == 0);
}

static void call_down(sim_side *d, const sim_call *c, const pptp_event *e)
{
	const sim_half *here = &c->half[d->which], *there = &c->half[!d->which];
	pptp_conn_info conn;
	check_statistics(d, c, e);
	CHECK(d, pptp_conn_get_info(d->conn, &conn, sizeof conn) == PPTP_OK);
	if (conn.reason && e->reason == conn.reason) /* it fell with the connection */
		return;
	switch (e->reason) {
	case PPTP_ERR_LOCAL:
		CHECK(d, here->cleared);
		break;
	case PPTP_ERR_PEER:
		CHECK(d, there->cleared || a_call_timer_may(sim_other(d), c->begun));
		break;
	case PPTP_ERR_REFUSED:
		refused(d, c);
		break;
	case PPTP_ERR_TIMEOUT:
		CHECK(d, may_have_run_out(d, e->timer, c->begun));
		break;
	default:
		CHECK(d, 0 && "a call ends for no reason of its own");
		break;
	}
}

static void call_up(sim_side *d, const sim_call *c, const pptp_event *e)
{
	const sim_half *there = &c->half[!d->which];
	int ours = c->caller == d->which;
	CHECK(d, there->known);
	CHECK(d, e->peer_recv_window == there->window && e->peer_delay == there->delay);
	if (c->direction == PPTP_OUTGOING)
		CHECK(d, !ours || there->accepted);
	else
		CHECK(d, ours ? there->accepted : there->connected);
}

static void call_offered(sim_side *d, const sim_call *c, const pptp_event *e)
{
	pptp_msg m;
	CHECK(d, pptp_msg_decode(e->msg, e->msg_len, 0, &m, NULL) > 0);
	if (c->direction == PPTP_OUTGOING) {
		CHECK(d, m.ocrq.maximum_bps == c->dial.maximum_bps);
		CHECK(d, memcmp(m.ocrq.phone_number, c->dial.phone_number, 64) == 0);
		CHECK(d, e->bearer_type == c->dial.bearer_type && e->framing_type == c->dial.framing_type);
		CHECK(d, e->peer_recv_window == c->dial.packet_recv_window_size);
	} else {
		CHECK(d, memcmp(m.icrq.dialed_number, c->offer.dialed_number, 64) == 0);
		CHECK(d, e->bearer_type == c->offer.call_bearer_type);
		CHECK(d, e->physical_channel_id == c->offer.physical_channel_id);
	}
}

/* At most one WAN-Error-Notify an interval; what it says was told, and never less than before. */
static void wan_error(sim_side *d, sim_call *c, const pptp_event *e)
{
	pptp_msg m;
	CHECK(d, e->msg && pptp_msg_decode(e->msg, e->msg_len, 0, &m, NULL) > 0);
	CHECK(d, m.wen.crc_errors > c->wan_heard && m.wen.crc_errors <= c->wan_told);
	CHECK(d, m.wen.alignment_errors == 6 * m.wen.crc_errors);
	c->wan_heard = m.wen.crc_errors;
}

void sim_agree_event(sim_side *d, sim_call *c, const pptp_event *e)
{
	switch (e->type) {
	case PPTP_EV_CALL_OFFERED:
		call_offered(d, c, e);
		break;
	case PPTP_EV_CALL_ANSWER:
		CHECK(d, c->half[!d->which].accepted);
		break;
	case PPTP_EV_CALL_UP:
		call_up(d, c, e);
		break;
	case PPTP_EV_CALL_WAN_ERROR:
		wan_error(d, c, e);
		break;
	case PPTP_EV_CALL_DOWN:
		call_down(d, c, e);
		break;
	default:
		break;
	}
}

/* ---- ends of connections ---------------------------------------------------------------------------- */

static void timed_out(sim_side *d, uint32_t timer)
{
	const sim_side *other = sim_other(d);
	int clean = d->link->clean;
	switch (timer) {
	case PPTP_TIMER_START: /* somebody was asked, and said nothing */
		CHECK(d, may_have_run_out(d, timer, d->began));
		CHECK(d, !clean || d->asks || other->asks);
		break;
	case PPTP_TIMER_STOP:
		CHECK(d, may_have_run_out(d, timer, d->began) && !clean);
		break;
	case PPTP_TIMER_ECHO:
		CHECK(d, may_have_run_out(d, timer, d->began) && !clean);
		break;
	default:
		CHECK(d, timer >= PPTP_TIMER_DIAL && timer <= PPTP_TIMER_CONNECT);
		CHECK(d, !(d->options.tolerate & PPTP_TOLERATE_CALL_TIMEOUT));
		break;
	}
}

/* Two of the library's make none of these. */
static void check_counts(sim_side *d)
{
	static const uint8_t none[] = {
	        PPTP_COUNT_UNKNOWN_TYPE, PPTP_COUNT_MANAGEMENT,    PPTP_COUNT_LONGER, PPTP_COUNT_RESERVED,
	        PPTP_COUNT_RESULT_0,     PPTP_COUNT_ECHO_MISMATCH, PPTP_COUNT_ROLE,   PPTP_COUNT_STATE,
	        PPTP_COUNT_BAD_VALUE,    PPTP_COUNT_BAD_CALL_ID};
	size_t i;
	for (i = 0; i < sizeof none / sizeof none[0]; i++)
		if (pptp_conn_count(d->conn, none[i]) != 0)
			sim_violation(sim_of(d), "%s: counted %s", sim_side_name(d),
			              pptp_conn_count_name(none[i]));
}

/* Who speaks another version may be refused, or stopped, for that. */
static int versions_differ(sim_side *d)
{
	const sim_side *other = sim_other(d);
	return d->options.protocol_version != other->options.protocol_version;
}

void sim_agree_down(sim_side *d, const pptp_event *e)
{
	const sim_side *other = sim_other(d);
	CHECK(d, !d->close_asked || e->reason == PPTP_ERR_LOCAL);
	CHECK(d, !d->abort_reason || e->reason == d->abort_reason);
	if (!d->link->trusted)
		return;
	check_counts(d);
	if (d->abort_reason || versions_differ(d))
		return;
	switch (e->reason) {
	case PPTP_ERR_LOCAL:
		CHECK(d, d->close_asked);
		break;
	case PPTP_ERR_REFUSED:
		CHECK(d, d->refuse_asked || other->refuse_asked);
		break;
	case PPTP_ERR_STOPPED:
		CHECK(d, other->close_asked);
		break;
	case PPTP_ERR_EOF:
		CHECK(d, d->eof_told && (!d->link->clean || other->kind == SIDE_NONE));
		break;
	case PPTP_ERR_SEND:
		CHECK(d, d->socket_failed && (!d->link->clean || other->kind == SIDE_NONE));
		break;
	case PPTP_ERR_TIMEOUT:
		timed_out(d, e->timer);
		break;
	default:
		CHECK(d, 0 && "a connection ends for no reason");
		break;
	}
}

/* ---- agreement ---------------------------------------------------------------------------------------- */

static int at_rest(const sim_link *l, uint32_t end)
{
	const sim_side *d = &l->side[end];
	const sim_pipe *p = &l->tcp.pipes[end];
	pptp_conn_info info;
	return d->kind == SIDE_CONN && d->depth == 0 && d->in_len == 0 &&
	       sim_tcp_pending(&l->tcp, end) == 0 && p->end == SIM_NEVER &&
	       !(pptp_conn_want(d->conn) & (PPTP_WANT_SEND | PPTP_WANT_POLL)) &&
	       pptp_conn_get_info(d->conn, &info, sizeof info) == PPTP_OK &&
	       info.state == PPTP_CONN_ESTABLISHED;
}

/* What the two ends of a call may be in when nothing is on the way. */
static int fits(const sim_call *c, uint32_t pns, uint32_t pac)
{
	if (pns == pac)
		return pns == 0 || pns == PPTP_CALL_ESTABLISHED;
	if (c->direction == PPTP_OUTGOING)
		return pns == PPTP_CALL_WAIT_REPLY && pac == PPTP_CALL_OFFERED;
	return (pns == PPTP_CALL_OFFERED && pac == PPTP_CALL_WAIT_REPLY) ||
	       (pns == PPTP_CALL_WAIT_CONNECT && pac == PPTP_CALL_ANSWERING);
}

/* The strict profile knows a Call-Disconnect-Notify only by an id that its sender may never have told: such a
 * call waits for its timer. */
static int strict_wait(const sim_side *pns, const pptp_call_info *info, uint32_t pac)
{
	return pac == 0 && info->state == PPTP_CALL_WAIT_DISCONNECT && info->peer_call_id == 0 &&
	       !(pns->options.tolerate & PPTP_TOLERATE_CDN_CALL_ID);
}

static void info_of(sim_side *d, const sim_call *c, pptp_call_info *ret)
{
	pptp_call call = c->half[d->which].call;
	memset(ret, 0, sizeof *ret);
	if (call != PPTP_CALL_NONE)
		CHECK(d, pptp_call_get_info(d->conn, call, ret, sizeof *ret) == PPTP_OK);
}

static void same_call(sim_side *d, const sim_call *c, const pptp_call_info *pns, const pptp_call_info *pac)
{
	CHECK(d, pns->local_call_id == pac->peer_call_id && pns->peer_call_id == pac->local_call_id);
	CHECK(d, pns->recv_window == pac->peer_recv_window && pac->recv_window == pns->peer_recv_window);
	CHECK(d, pns->connect_speed == pac->connect_speed && pns->framing_type == pac->framing_type);
	CHECK(d, pns->bearer_type == pac->bearer_type);
	CHECK(d, pns->physical_channel_id == pac->physical_channel_id);
	CHECK(d, pns->call_serial_number == pac->call_serial_number);
	CHECK(d, pns->minimum_bps == pac->minimum_bps && pns->maximum_bps == pac->maximum_bps);
	CHECK(d, pac->send_accm == c->send_accm && pac->recv_accm == c->recv_accm);
	CHECK(d, pns->send_accm == c->send_accm && pns->recv_accm == c->recv_accm);
}

static void agree_call(sim_link *l, const sim_call *c)
{
	uint32_t pac_end = sim_is_pac(&l->side[0], c) ? 0 : 1;
	sim_side *d = &l->side[!pac_end], *other = &l->side[pac_end];
	uint64_t interval = other->options.wan_error_interval_us;
	pptp_call_info pns, pac;
	info_of(d, c, &pns);
	info_of(other, c, &pac);
	if (!fits(c, pns.state, pac.state) && !strict_wait(d, &pns, pac.state))
		sim_violation(sim_of(d), "link %u, serial %u: the PNS is in state %u, its PAC in %u",
		              (unsigned)l->index, (unsigned)c->serial, (unsigned)pns.state,
		              (unsigned)pac.state);
	if (pns.state == PPTP_CALL_ESTABLISHED) {
		same_call(d, c, &pns, &pac);
		CHECK(d, c->wan_heard == c->wan_told || sim_of(d)->now - c->wan_told_at <= interval + LATEST);
	} else if (pac.state != 0) {
		CHECK(d, pac.local_call_id == pns.peer_call_id || pac.peer_call_id == pns.local_call_id);
	}
}

void sim_agree_link(sim_link *l)
{
	uint32_t i;
	if (!l->trusted || !at_rest(l, 0) || !at_rest(l, 1))
		return;
	sim_count(l->world, N_AGREED, 1);
	for (i = 0; i < l->calls_len; i++)
		if (l->calls[i].used)
			agree_call(l, &l->calls[i]);
	sim_call_forget(l);
}
