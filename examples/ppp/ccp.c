/* ccp: the layer. When encryption is required its end is the end of the session (RFC 3078 4, P-CCP-07). */
#include "ccp.h"

enum { RESET_REQUEST = 14, RESET_ACK = 15 };

static ppp_fsm *ccp_of(ppp *link)
{
	return &link->fsm[PPP_LAYER_CCP];
}

int ppp_ccp_used(const ppp *link)
{
	return link->ccp.active;
}

int ppp_ccp_settled(const ppp *link)
{
	return link->ccp.settled;
}

/* Without keys there is nothing to talk about, and CCP is a protocol that we do not have. */
int ppp_ccp_begin(ppp *link)
{
	link->ccp.active = ppp_mppe_first_offer(link) != 0;
	link->ccp.settled = !link->ccp.active;
	if (!link->ccp.active)
		return link->options.mppe_require ? -1 : 0;
	ppp_fsm_event(ccp_of(link), PPP_OPEN, NULL);
	ppp_fsm_event(ccp_of(link), PPP_UP, NULL);
	return 0;
}

/* ---- the layer -------------------------------------------------------------------------------------- */

static void reset(ppp_fsm *fsm)
{
	struct ppp_ccp *ccp = &fsm->link->ccp;

	ccp->send_bits = 0;
	ccp->recv_bits = ppp_mppe_first_offer(fsm->link);
}

/* Nothing agreed in a direction means no encryption there (RFC 1962 2). */
static void up(ppp_fsm *fsm)
{
	ppp *link = fsm->link;
	const struct ppp_ccp *ccp = &link->ccp;
	int needed = link->options.mppe_require;

	if (needed && (ppp_mppe_strength(ccp->send_bits) == 0 || ppp_mppe_strength(ccp->recv_bits) == 0)) {
		ppp_end(link, PPP_REASON_ENCRYPTION_REFUSED, fsm->type->name);
		return;
	}
	if (ppp_mppe_start(link, ccp->send_bits, ccp->recv_bits) < 0) {
		ppp_end(link, PPP_REASON_NO_KEYS, fsm->type->name);
		return;
	}
	link->ccp.settled = 1;
	link->encryption_missing = 0;
	ppp_session_network_may_begin(link);
}

/* Encryption that was there never turns into clear text, required or not: the host was told that there is
 * one, and whoever can put one packet in could end it. The keys are used up, too (P-MPPE-21). */
static void down(ppp_fsm *fsm)
{
	ppp *link = fsm->link;
	int lost = link->options.mppe_require || link->ccp.spent;

	link->ccp.sending = link->ccp.receiving = 0;
	if (!lost || link->phase != PPP_PHASE_NETWORK)
		return;
	link->ccp.settled = 0; /* nothing more goes out, not even from a callback */
	ppp_end(link, PPP_REASON_ENCRYPTION_LOST, fsm->type->name);
}

/* Failed, or ended by the peer. */
static void finished(ppp_fsm *fsm)
{
	ppp *link = fsm->link;

	if (link->options.mppe_require || link->ccp.spent) {
		ppp_end(link, PPP_REASON_ENCRYPTION_REFUSED, fsm->type->name);
		return;
	}
	link->ccp.settled = 1;
	ppp_session_network_may_begin(link);
}

/* P-CCP-01, P-CCP-05: a Reset-Request is answered in either mode, and means something only in the stateful.
 */
static enum ppp_counter other_code(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	wire_writer w;

	if (fsm->state != PPP_OPENED)
		return PPP_DROP_NOT_OPENED;
	if (packet->code == RESET_ACK)
		return PPP_COUNT_CONTROL_IN;
	ppp_add(fsm->link, PPP_COUNT_RESETS_IN);
	if (fsm->link->ccp.sending)
		mppe_reset_requested(&fsm->link->ccp.send);
	w = ppp_packet_begin(fsm, RESET_ACK, packet->id);
	ppp_packet_send(fsm, &w);
	return PPP_COUNT_CONTROL_IN;
}

const struct ppp_layer_type ppp_ccp_type = {
        .name = "CCP",
        .number = PPP_PROTOCOL_CCP,
        .known_codes = 0x00FE | 1u << RESET_REQUEST | 1u << RESET_ACK,
        .rules = ppp_ccp_rules,
        .rule_count = 1,
        .reset = reset,
        .up = up,
        .down = down,
        .finished = finished,
        .other_code = other_code,
};

void ppp_ccp_describe(const ppp *link, ppp_event *event)
{
	if (!link->ccp.sending)
		return;
	event->mppe_bits = link->ccp.send.bits;
	event->mppe_stateless = link->ccp.send.stateless;
}

void ppp_ccp_forget(ppp *link)
{
	wipe(&link->ccp, sizeof link->ccp);
	link->ccp.reset_deadline = PPP_NEVER;
}

/* ---- packets ------------------------------------------------------------------------------------------- */

/* P-MPPE-21: what we acknowledged, asked for again before anything came encrypted, means that our Ack was
 * lost. To negotiate anew would be the end, for the keys would be used twice. */
static int repeats_acknowledged(const ppp_fsm *fsm, const struct ppp_packet *packet)
{
	const struct ppp_ccp *ccp = &fsm->link->ccp;
	wire_reader list = wire_read(packet->data, packet->data_len);
	struct ppp_option option;

	if (fsm->state != PPP_OPENED || packet->code != PPP_CONFIGURE_REQUEST || ccp->heard)
		return 0;
	if (packet->data_len == 0)
		return ccp->send_bits == 0;
	return ppp_option_next(&list, &option) > 0 && list.left == 0 &&
	       option.type == ppp_ccp_rules[0].type && option.len == ppp_ccp_rules[0].len &&
	       wire_load32(option.value) == ccp->send_bits;
}

enum ppp_counter ppp_ccp_input(ppp *link, const uint8_t *information, size_t len)
{
	ppp_fsm *fsm = ccp_of(link);
	struct ppp_packet packet;

	if (link->phase != PPP_PHASE_NETWORK)
		return PPP_DROP_WRONG_PHASE;
	if (ppp_packet_read(information, len, &packet) == 0 && repeats_acknowledged(fsm, &packet)) {
		ppp_reply_ack(fsm, &packet);
		return PPP_COUNT_CONTROL_IN;
	}
	return ppp_control_input(fsm, information, len);
}

void ppp_ccp_protocol_rejected(ppp *link)
{
	ppp_fsm_protocol_rejected(ccp_of(link));
}
