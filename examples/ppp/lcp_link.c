/* lcp_link: LCP's codes from 8 on, and the keepalive of an opened link (RFC 1661 5.7 to 5.9, RFC 1570 2). */
#include "internal.h"

#define MAGIC_OCTETS 4u

static ppp_fsm *lcp_fsm(ppp *link)
{
	return &link->fsm[PPP_LAYER_LCP];
}

enum ppp_counter ppp_lcp_input(ppp *link, const uint8_t *information, size_t len)
{
	return ppp_control_input(lcp_fsm(link), information, len);
}

static enum ppp_counter protocol_reject(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	if (fsm->state != PPP_OPENED)
		return PPP_DROP_NOT_OPENED;
	if (packet->data_len < 2)
		return PPP_DROP_BAD_LENGTH;
	return ppp_protocol_rejected(fsm->link, wire_load16(packet->data));
}

/* Echo-Request, Echo-Reply and Discard-Request: a magic number, then anything. */
static enum ppp_counter with_magic(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	const struct ppp_lcp *lcp = &fsm->link->lcp;

	if (fsm->state != PPP_OPENED)
		return PPP_DROP_NOT_OPENED;
	if (packet->data_len < MAGIC_OCTETS)
		return PPP_DROP_BAD_LENGTH;
	if (lcp->magic != 0 && wire_load32(packet->data) == lcp->magic) {
		ppp_end(fsm->link, PPP_REASON_LOOPED, fsm->type->name);
		return PPP_DROP_LOOPED;
	}
	if (packet->code == PPP_ECHO_REPLY && packet->id != lcp->echo_id)
		return PPP_DROP_BAD_IDENTIFIER;
	ppp_fsm_event(fsm, PPP_RXR, packet);
	return PPP_COUNT_CONTROL_IN;
}

enum ppp_counter ppp_lcp_other_code(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	switch (packet->code) {
	case PPP_PROTOCOL_REJECT:
		return protocol_reject(fsm, packet);
	case PPP_ECHO_REQUEST:
	case PPP_ECHO_REPLY:
	case PPP_DISCARD_REQUEST:
		return with_magic(fsm, packet);
	default: /* Identification, Time-Remaining: for the log, which the trace is */
		return PPP_COUNT_CONTROL_IN;
	}
}

void ppp_lcp_echo_reply(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	wire_writer w;

	if (packet->code != PPP_ECHO_REQUEST)
		return;
	w = ppp_packet_begin(fsm, PPP_ECHO_REPLY, packet->id);
	wire_put32(&w, fsm->link->lcp.magic);
	ppp_packet_put_cut(fsm, &w, packet->data + MAGIC_OCTETS, packet->data_len - MAGIC_OCTETS);
	ppp_packet_send(fsm, &w);
}

static void arm(ppp *link)
{
	uint64_t interval = link->options.echo_interval_us;

	link->lcp.echo_deadline = interval ? link->now + interval : PPP_NEVER;
}

void ppp_lcp_opened(ppp_fsm *fsm)
{
	fsm->link->lcp.echo_unanswered = 0;
	arm(fsm->link);
	ppp_session_lcp_up(fsm->link);
}

void ppp_lcp_not_opened(ppp_fsm *fsm)
{
	fsm->link->lcp.echo_deadline = PPP_NEVER;
	ppp_session_lcp_down(fsm->link);
}

void ppp_lcp_reject_protocol(ppp *link, uint16_t protocol, const uint8_t *information, size_t len)
{
	ppp_fsm *fsm = lcp_fsm(link);
	wire_writer w = ppp_packet_begin(fsm, PPP_PROTOCOL_REJECT, ppp_next_identifier(fsm));

	wire_put16(&w, protocol);
	ppp_packet_put_cut(fsm, &w, information, len);
	ppp_packet_send(fsm, &w);
}

void ppp_lcp_tick(ppp *link)
{
	struct ppp_lcp *lcp = &link->lcp;
	wire_writer w;

	if (lcp->echo_deadline > link->now)
		return;
	lcp->echo_deadline = PPP_NEVER;
	if (lcp->echo_unanswered > 0)
		ppp_add(link, PPP_COUNT_ECHO_MISSED);
	if (lcp->echo_unanswered >= link->options.echo_misses) {
		ppp_end(link, PPP_REASON_PEER_DEAD, "LCP");
		return;
	}
	lcp->echo_unanswered++;
	lcp->echo_id = ppp_next_identifier(lcp_fsm(link));
	w = ppp_packet_begin(lcp_fsm(link), PPP_ECHO_REQUEST, lcp->echo_id);
	wire_put32(&w, lcp->magic);
	ppp_packet_send(lcp_fsm(link), &w);
	arm(link);
}
