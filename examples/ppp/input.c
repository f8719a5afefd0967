/* input: whole frames from the peer, and which layer gets them (RFC 1661 2, RFC 1662 3.1). */
#include "ccp.h"

/* FF 03 may be missing (ACFC), and an odd first octet is a protocol number by itself (PFC); both are read
 * whether or not they were agreed, since nothing else can begin like that. A number that RFC 1661 2 does not
 * permit (low octet even) is an unknown one. */
int ppp_read_header(wire_reader *frame, uint16_t *ret_protocol)
{
	if (frame->left >= 2 && wire_load16(frame->at) == PPP_ADDRESS_CONTROL)
		(void)wire_take(frame, 2);
	return ppp_read_protocol(frame, ret_protocol);
}

int ppp_read_protocol(wire_reader *frame, uint16_t *ret_protocol)
{
	uint16_t protocol;

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

static int is_ours(uint16_t protocol)
{
	return protocol == PPP_PROTOCOL_IPV4 || protocol == PPP_PROTOCOL_IPV6 ||
	       protocol == PPP_PROTOCOL_MPPE || protocol == PPP_PROTOCOL_IPCP ||
	       protocol == PPP_PROTOCOL_IPV6CP || protocol == PPP_PROTOCOL_CCP;
}

int ppp_is_the_hosts(uint16_t protocol)
{
	return (protocol & 0x0101u) == 1 && protocol >= PPP_PROTOCOL_IPV4 &&
	       protocol <= PPP_PROTOCOL_CONTROL_LAST && !is_ours(protocol);
}

/* What is not ours may be the host's. What came encrypted does not go back in clear: a Protocol-Reject has no
 * copy of it then (P-PKT-14: peers take that). */
static enum ppp_counter other_protocol(ppp *link, uint16_t protocol, const uint8_t *information, size_t len)
{
	const ppp_options *options = &link->options;

	if (link->phase != PPP_PHASE_NETWORK || !ppp_ccp_settled(link))
		return PPP_DROP_WRONG_PHASE;
	if (options->other && ppp_is_the_hosts(protocol) &&
	    options->other(options->user, protocol, information, len) != 0)
		return PPP_COUNT_OTHER_IN;
	return unknown_protocol(link, protocol, information, link->ccp.receiving ? 0 : len);
}

enum ppp_counter ppp_network_input(ppp *link, uint16_t protocol, const uint8_t *information, size_t len)
{
	if (protocol == PPP_PROTOCOL_IPV4)
		return ppp_ipv4_input(link, information, len);
	if (protocol == PPP_PROTOCOL_IPV6 && ppp_ipv6_runs(link))
		return ppp_ipv6_input(link, information, len);
	return other_protocol(link, protocol, information, len);
}

static enum ppp_counter clear_input(ppp *link, uint16_t protocol, const uint8_t *information, size_t len)
{
	if (ppp_mppe_forbids_clear(link))
		return PPP_DROP_IN_CLEAR;
	return ppp_network_input(link, protocol, information, len);
}

static enum ppp_counter dispatch_control(ppp *link, uint16_t protocol, const uint8_t *information, size_t len)
{
	switch (protocol) {
	case PPP_PROTOCOL_LCP:
		return ppp_lcp_input(link, information, len);
	case PPP_PROTOCOL_PAP:
	case PPP_PROTOCOL_CHAP:
		if (ppp_auth_uses(link, protocol))
			return ppp_auth_input(link, protocol, information, len);
		break;
	case PPP_PROTOCOL_IPCP:
		return ppp_ipcp_input(link, information, len);
	case PPP_PROTOCOL_IPV6CP:
		if (ppp_ipv6_runs(link))
			return ppp_ipv6cp_input(link, information, len);
		break;
	case PPP_PROTOCOL_CCP:
		if (ppp_ccp_used(link))
			return ppp_ccp_input(link, information, len);
		break;
	default:
		if (protocol <= PPP_PROTOCOL_CONTROL_LAST)
			return other_protocol(link, protocol, information, len);
		break;
	}
	return unknown_protocol(link, protocol, information, len);
}

static enum ppp_counter dispatch(ppp *link, uint16_t protocol, const uint8_t *information, size_t len)
{
	if (protocol >= PPP_PROTOCOL_IPV4 && protocol <= PPP_PROTOCOL_NETWORK_LAST && (protocol & 1) != 0)
		return clear_input(link, protocol, information, len);
	if (protocol == PPP_PROTOCOL_MPPE && ppp_ccp_used(link))
		return ppp_mppe_input(link, information, len);
	return dispatch_control(link, protocol, information, len);
}

enum ppp_counter ppp_receive(ppp *link, const uint8_t *frame, size_t len)
{
	wire_reader r = wire_read(frame, len);
	uint16_t protocol;

	if (link->phase == PPP_PHASE_DEAD || link->over)
		return PPP_DROP_LOWER_DOWN;
	if (ppp_read_header(&r, &protocol) < 0)
		return PPP_DROP_BAD_HEADER;
	/* Some peers do not count what encryption adds (P-LCP-12). */
	if (r.left > PPP_MRU_DEFAULT + (protocol == PPP_PROTOCOL_MPPE ? PPP_MPPE_OVERHEAD : 0))
		return PPP_DROP_TOO_LONG;
	if (protocol > PPP_PROTOCOL_MPPE) {
		ppp_trace record = {PPP_TRACE_RECEIVED, frame, len, PPP_COUNTERS, NULL, NULL, NULL};
		ppp_trace_record(link, &record);
	}
	link->lcp.echo_unanswered = 0; /* whoever sends is alive */
	if (protocol < PPP_PROTOCOL_LCP)
		ppp_auth_overtaken(link);
	return dispatch(link, protocol, r.at, r.left);
}

/* P-PKT-10: what the host speaks by itself, it has to stop by itself. */
static enum ppp_counter rejected_at_host(ppp *link, uint16_t protocol)
{
	ppp_event event;

	if (!link->options.other || !ppp_is_the_hosts(protocol) || link->phase != PPP_PHASE_NETWORK)
		return PPP_DROP_UNKNOWN_REJECT;
	memset(&event, 0, sizeof event);
	event.type = PPP_EVENT_REJECTED;
	event.protocol = protocol;
	ppp_auth_describe(link, &event);
	link->options.event(link->options.user, &event);
	return PPP_COUNT_CONTROL_IN;
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
	case PPP_PROTOCOL_IPV6CP:
	case PPP_PROTOCOL_IPV6:
		ppp_fsm_protocol_rejected(&link->fsm[PPP_LAYER_IPV6CP]);
		return PPP_COUNT_CONTROL_IN;
	case PPP_PROTOCOL_CCP:
	case PPP_PROTOCOL_MPPE:
		if (!ppp_ccp_used(link))
			return PPP_DROP_UNKNOWN_REJECT;
		ppp_ccp_protocol_rejected(link);
		return PPP_COUNT_CONTROL_IN;
	default:
		if (!ppp_auth_uses(link, protocol))
			return rejected_at_host(link, protocol);
		ppp_auth_protocol_rejected(link, protocol);
		return PPP_COUNT_CONTROL_IN;
	}
}
