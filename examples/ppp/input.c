/* input: whole frames from the peer, and which layer gets them (RFC 1661 2, RFC 1662 3.1). */
#include "internal.h"

/* FF 03 may be missing (ACFC), and an odd first octet is a protocol number by itself (PFC); both are read
 * whether or not they were agreed, since nothing else can begin like that. A number that RFC 1661 2 does not
 * permit (low octet even) is an unknown one. */
int ppp_read_header(wire_reader *frame, uint16_t *ret_protocol)
{
	uint16_t protocol;

	if (frame->left >= 2 && wire_load16(frame->at) == PPP_ADDRESS_CONTROL)
		(void)wire_take(frame, 2);
	protocol = wire_get8(frame);
	if ((protocol & 1) == 0)
		protocol = (uint16_t)(protocol << 8 | wire_get8(frame));
	if (frame->failed)
		return -1;
	*ret_protocol = protocol;
	return 0;
}

static enum ppp_counter unknown_protocol(ppp *link, uint16_t protocol, const uint8_t *information, size_t len)
{
	if (link->phase != PPP_PHASE_NETWORK) /* RFC 1661 3.5: before that silently discarded */
		return PPP_DROP_WRONG_PHASE;
	ppp_lcp_reject_protocol(link, protocol, information, len);
	return PPP_DROP_UNKNOWN_PROTOCOL;
}

static enum ppp_counter dispatch(ppp *link, uint16_t protocol, const uint8_t *information, size_t len)
{
	switch (protocol) {
	case PPP_PROTOCOL_LCP:
		return ppp_lcp_input(link, information, len);
	case PPP_PROTOCOL_PAP:
	case PPP_PROTOCOL_CHAP:
		if (ppp_auth_uses(link, protocol))
			return ppp_auth_input(link, protocol, information, len);
		return unknown_protocol(link, protocol, information, len);
	case PPP_PROTOCOL_IPCP:
		return ppp_ipcp_input(link, information, len);
	case PPP_PROTOCOL_IPV4:
		return ppp_ipv4_input(link, information, len);
	default:
		return unknown_protocol(link, protocol, information, len);
	}
}

enum ppp_counter ppp_receive(ppp *link, const uint8_t *frame, size_t len)
{
	wire_reader r = wire_read(frame, len);
	uint16_t protocol;

	if (link->phase == PPP_PHASE_DEAD || link->over)
		return PPP_DROP_LOWER_DOWN;
	if (ppp_read_header(&r, &protocol) < 0)
		return PPP_DROP_BAD_HEADER;
	if (r.left > PPP_MRU_DEFAULT)
		return PPP_DROP_TOO_LONG;
	if (protocol != PPP_PROTOCOL_IPV4) {
		ppp_trace record = {PPP_TRACE_RECEIVED, frame, len, PPP_COUNTERS, NULL, NULL, NULL};
		ppp_trace_record(link, &record);
	}
	link->lcp.echo_unanswered = 0; /* whoever sends is alive */
	if (protocol < PPP_PROTOCOL_LCP)
		ppp_auth_overtaken(link);
	return dispatch(link, protocol, r.at, r.left);
}

enum ppp_counter ppp_protocol_rejected(ppp *link, uint16_t protocol)
{
	switch (protocol) {
	case PPP_PROTOCOL_LCP:
		link->fsm[PPP_LAYER_LCP].reason = PPP_REASON_PEER_REJECTED;
		ppp_fsm_event(&link->fsm[PPP_LAYER_LCP], PPP_RXJ_MINUS, NULL);
		return PPP_COUNT_CONTROL_IN;
	case PPP_PROTOCOL_IPCP:
	case PPP_PROTOCOL_IPV4:
		ppp_ipcp_protocol_rejected(link);
		return PPP_COUNT_CONTROL_IN;
	default:
		if (!ppp_auth_uses(link, protocol))
			return PPP_DROP_UNKNOWN_REJECT;
		ppp_auth_protocol_rejected(link, protocol);
		return PPP_COUNT_CONTROL_IN;
	}
}
