/* control: the packets every layer understands, in (RFC 1661 5). What is wrong with a packet is found
 * here, before the automaton hears of it. */
#include "internal.h"

int ppp_packet_read(const uint8_t *information, size_t len, struct ppp_packet *ret_packet)
{
	wire_reader r = wire_read(information, len);
	struct ppp_packet packet;

	packet.start = information;
	packet.code = wire_get8(&r);
	packet.id = wire_get8(&r);
	packet.len = wire_get16(&r);
	if (r.failed || packet.len < PPP_PACKET_HEADER || packet.len > len)
		return -1;
	packet.data = information + PPP_PACKET_HEADER;
	packet.data_len = packet.len - PPP_PACKET_HEADER;
	*ret_packet = packet;
	return 0;
}

/* A bit in known_codes, which are all below 16. */
static int is_known(const ppp_fsm *fsm, uint8_t code)
{
	return code < 16 && (fsm->type->known_codes >> code & 1);
}

/* RFC 1661 4.3: in Opened a Terminate-Request ends the layer; before that negotiation goes on, but if
 * it leads nowhere this was why. */
static enum ppp_counter terminate_request(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	if (fsm->state >= PPP_REQ_SENT)
		fsm->reason = PPP_REASON_PEER_TERMINATED;
	ppp_fsm_event(fsm, PPP_RTR, packet);
	return PPP_COUNT_CONTROL_IN;
}

/* RFC 1661 5.6: without the first six codes there is no layer; the others are not sent again. */
static enum ppp_counter code_reject(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	uint8_t code;

	if (packet->data_len == 0)
		return PPP_DROP_BAD_LENGTH;
	code = packet->data[0];
	if (code >= PPP_CONFIGURE_REQUEST && code <= PPP_TERMINATE_ACK) {
		fsm->reason = PPP_REASON_PEER_REJECTED;
		ppp_fsm_event(fsm, PPP_RXJ_MINUS, packet);
		return PPP_COUNT_CONTROL_IN;
	}
	if (is_known(fsm, code))
		fsm->refused_codes |= (uint16_t)(1u << code);
	ppp_fsm_event(fsm, PPP_RXJ_PLUS, packet);
	return PPP_COUNT_CONTROL_IN;
}

static enum ppp_counter dispatch(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	switch (packet->code) {
	case PPP_CONFIGURE_REQUEST:
		return ppp_reply_input(fsm, packet);
	case PPP_CONFIGURE_ACK:
		return ppp_request_acked(fsm, packet);
	case PPP_CONFIGURE_NAK:
		return ppp_request_naked(fsm, packet);
	case PPP_CONFIGURE_REJECT:
		return ppp_request_rejected(fsm, packet);
	case PPP_TERMINATE_REQUEST:
		return terminate_request(fsm, packet);
	case PPP_TERMINATE_ACK:
		ppp_fsm_event(fsm, PPP_RTA, packet);
		return PPP_COUNT_CONTROL_IN;
	case PPP_CODE_REJECT:
		return code_reject(fsm, packet);
	default:
		return fsm->type->other_code(fsm, packet);
	}
}

enum ppp_counter ppp_control_input(ppp_fsm *fsm, const uint8_t *information, size_t len)
{
	struct ppp_packet packet;

	if (fsm->state < PPP_CLOSED) /* the layer below is not up: P-FSM-09 */
		return PPP_DROP_NOT_OPENED;
	if (ppp_packet_read(information, len, &packet) < 0)
		return PPP_DROP_BAD_LENGTH;
	if (!is_known(fsm, packet.code)) {
		ppp_fsm_event(fsm, PPP_RUC, &packet);
		return PPP_DROP_UNKNOWN_CODE;
	}
	return dispatch(fsm, &packet);
}
