/* product_bring: calls brought about by messages and requests, for product.h. */
#include "product.h"

static pptp_call bring_offered(link_side *side, uint32_t type, product_ids ids)
{
	pptp_msg m = link_msg(type);
	m.ocrq.call_id = ids.peer; /* at the same place in both requests */
	link_feed_msg(side, &m);
	return link_next_event(side, PPTP_EV_CALL_OFFERED)->call;
}

static void accept(link_side *side, pptp_call call, product_ids ids)
{
	pptp_answer a;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	a.local_call_id = ids.local;
	CHECK_EQ(pptp_call_accept(side->conn, call, &a, side->now), PPTP_OK);
	link_pump(side);
}

static void clear_by_us(link_side *side, pptp_call call, uint32_t sends)
{
	CHECK_EQ(pptp_call_clear(side->conn, call, PPTP_CDN_ADMIN_SHUTDOWN, 0, 0, side->now), PPTP_OK);
	link_pump(side);
	link_next_msg(side, sends);
}

static pptp_call bring_pac_outgoing(link_side *side, const char *state, product_ids ids)
{
	pptp_call call = bring_offered(side, PPTP_OCRQ, ids);
	if (strcmp(state, "OFFERED") == 0)
		return call;
	accept(side, call, ids);
	link_next_msg(side, PPTP_OCRP);
	link_next_event(side, PPTP_EV_CALL_UP);
	return call;
}

static pptp_call bring_pns_incoming(link_side *side, const char *state, product_ids ids)
{
	pptp_call call = bring_offered(side, PPTP_ICRQ, ids);
	pptp_msg m = link_msg(PPTP_ICCN);
	if (strcmp(state, "OFFERED") == 0)
		return call;
	accept(side, call, ids);
	link_next_msg(side, PPTP_ICRP);
	if (strcmp(state, "WAIT_CONNECT") == 0)
		return call;
	m.iccn.peer_call_id = ids.local;
	link_feed_msg(side, &m);
	link_next_event(side, PPTP_EV_CALL_UP);
	return call;
}

static pptp_call bring_pns_outgoing(link_side *side, const char *state, product_ids ids)
{
	pptp_call call;
	pptp_msg m = link_msg(PPTP_OCRP);
	pptp_dial d;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	d.local_call_id = ids.local;
	CHECK_EQ(pptp_call_dial(side->conn, &d, side->now, &call), PPTP_OK);
	link_pump(side);
	link_next_msg(side, PPTP_OCRQ);
	if (strcmp(state, "WAIT_REPLY") == 0)
		return call;
	if (strcmp(state, "UNLEARNT") == 0) {
		clear_by_us(side, call, PPTP_CCRQ);
		return call;
	}
	m.ocrp.call_id = ids.peer;
	m.ocrp.peer_call_id = ids.local;
	link_feed_msg(side, &m);
	link_next_event(side, PPTP_EV_CALL_UP);
	return call;
}

static pptp_call bring_pac_incoming(link_side *side, const char *state, product_ids ids)
{
	pptp_call call;
	pptp_msg m = link_msg(PPTP_ICRP);
	pptp_offer o;
	pptp_answer a;
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	o.local_call_id = ids.local;
	CHECK_EQ(pptp_call_offer(side->conn, &o, side->now, &call), PPTP_OK);
	link_pump(side);
	link_next_msg(side, PPTP_ICRQ);
	if (strcmp(state, "WAIT_REPLY") == 0)
		return call;
	m.icrp.call_id = ids.peer;
	m.icrp.peer_call_id = ids.local;
	link_feed_msg(side, &m);
	link_next_event(side, PPTP_EV_CALL_ANSWER);
	if (strcmp(state, "ANSWERING") == 0)
		return call;
	CHECK_EQ(pptp_call_connected(side->conn, call, &a, side->now), PPTP_OK);
	link_pump(side);
	link_next_msg(side, PPTP_ICCN);
	link_next_event(side, PPTP_EV_CALL_UP);
	return call;
}

/* End an established call, by whoever can do it alone. */
static void end(link_side *side, int machine, pptp_call call, product_ids ids)
{
	pptp_msg m = link_msg(PPTP_CDN);
	if (machine == PAC_OUTGOING || machine == PAC_INCOMING) {
		clear_by_us(side, call, PPTP_CDN);
		return;
	}
	m.cdn.call_id = ids.peer;
	link_feed_msg(side, &m);
}

static void tell_wan_errors(link_side *side, pptp_call call, uint32_t n)
{
	pptp_wan_errors errors = {sizeof(errors), n, n, n, n, n, n};
	CHECK_EQ(pptp_call_wan_errors(side->conn, call, &errors, side->now), PPTP_OK);
	link_pump(side);
}

pptp_call product_bring(link_side *side, int machine, const char *state, product_ids ids)
{
	static pptp_call (*const bring[])(link_side *, const char *, product_ids) = {
	        bring_pac_outgoing, bring_pns_outgoing, bring_pac_incoming, bring_pns_incoming};
	pptp_call call = bring[machine](side, state, ids);
	if (strcmp(state, "WAIT_DISCONNECT") == 0)
		clear_by_us(side, call, PPTP_CCRQ);
	if (strncmp(state, "WAN", 3) == 0) {
		tell_wan_errors(side, call, 7);
		link_next_msg(side, PPTP_WEN);
	}
	if (strcmp(state, "WAN_WAITS") == 0)
		tell_wan_errors(side, call, 8);
	if (strcmp(state, "ENDED") == 0)
		side->hold_poll = 1;
	if (strcmp(state, "ENDED") == 0 || strcmp(state, "GONE") == 0)
		end(side, machine, call, ids);
	if (strcmp(state, "GONE") == 0)
		link_next_event(side, PPTP_EV_CALL_DOWN);
	link_quiet(side);
	return call;
}

void product_bystanders(product *p)
{
	int i;
	for (i = 0; i < MACHINES; i++) {
		const product_ids ids = {(uint16_t)(0x1101 + i), (uint16_t)(0x2201 + i)};
		p->bystanders[i] = product_bring(&p->side, i, "ESTABLISHED", ids);
	}
}
