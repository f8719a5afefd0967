/* gre_header: stateless codec of the enhanced GRE header (RFC 2637 4.1), and what a host needs to find
 * it in a datagram and to size one. */
#include "gre_header.h"

uint32_t pptp_gre_decode(const uint8_t *data, size_t len, pptp_gre_header *ret)
{
	pptp_gre_header h = {0, 0, 0, 0, 0, 0, 0, 0};
	uint32_t verdict;
	if (!data || !ret)
		return PPTP_GRE_DROP_TRUNCATED;
	verdict = gre_parse(data, len, &h);
	if (verdict <= PPTP_GRE_EMPTY)
		*ret = h;
	return verdict;
}

pptp_ssize pptp_gre_encode(const pptp_gre_header *header, uint8_t *ret_data, size_t cap)
{
	size_t octets = GRE_KEY_OCTETS;
	if (!header || !ret_data || (!header->has_sequence && !header->has_ack) ||
	    (!header->has_sequence && header->payload_octets > 0))
		return PPTP_ERR_ARG;
	if (cap < GRE_KEY_OCTETS + (header->has_sequence ? GRE_NUMBER_OCTETS : 0) +
	                  (header->has_ack ? GRE_NUMBER_OCTETS : 0))
		return PPTP_ERR_SIZE;
	gre_put_key(ret_data, (header->has_sequence ? GRE_BIT_S : 0) | (header->has_ack ? GRE_BIT_A : 0),
	            header->payload_octets, header->call_id);
	if (header->has_sequence) {
		wire_store32(ret_data + octets, header->sequence);
		octets += GRE_NUMBER_OCTETS;
	}
	if (header->has_ack) {
		wire_store32(ret_data + octets, header->acknowledgment);
		octets += GRE_NUMBER_OCTETS;
	}
	return (pptp_ssize)octets;
}

pptp_err pptp_gre_peek(const uint8_t *data, size_t len, uint16_t *ret_call_id)
{
	if (!data || !ret_call_id)
		return PPTP_ERR_ARG;
	if (len < GRE_KEY_OCTETS || (wire_load32(data) & GRE_FIXED_MASK) != GRE_FIXED_VALUE)
		return PPTP_ERR_MALFORMED;
	*ret_call_id = wire_load16(data + 6);
	return PPTP_OK;
}

pptp_ssize pptp_gre_ipv4_header(const uint8_t *data, size_t len)
{
	size_t octets;
	if (!data)
		return PPTP_ERR_ARG;
	if (len < 20 || data[0] >> 4 != 4)
		return PPTP_ERR_MALFORMED;
	octets = (size_t)(data[0] & 0x0F) * 4;
	return octets >= 20 && octets <= len ? (pptp_ssize)octets : PPTP_ERR_MALFORMED;
}

/* MPPE puts protocol FD and a coherency count in front of the protocol that it encrypts; the protocol
 * FD is one of those that PFC shortens, and so is the one inside (RFC 3078 3, RFC 1661 6.5). */
uint32_t pptp_gre_mtu(uint32_t path_mtu, uint32_t flags)
{
	uint32_t outer = (flags & PPTP_MTU_IPV6 ? 40u : 20u) + PPTP_GRE_HEADER_MAX -
	                 (flags & PPTP_MTU_NO_ACK ? GRE_NUMBER_OCTETS : 0);
	uint32_t protocol = flags & PPTP_MTU_PFC ? 1u : 2u;
	uint32_t inner =
	        (flags & PPTP_MTU_ACFC ? 0u : 2u) + protocol + (flags & PPTP_MTU_MPPE ? 2u + protocol : 0);
	uint32_t frame;
	if (path_mtu <= outer)
		return 0;
	frame = path_mtu - outer < PPTP_GRE_MTU ? path_mtu - outer : PPTP_GRE_MTU;
	return frame > inner ? frame - inner : 0;
}

/* PPD = ((MTU - Header) * WindowSize * 8) / ConnectRate in seconds, Header 36 octets: IP and GRE (RFC
 * 2637 4.4). Halving finds the quotient without a 64-bit division. */
uint16_t pptp_gre_delay(uint32_t path_mtu, uint16_t recv_window, uint32_t connect_speed)
{
	uint32_t packet = path_mtu > 36 ? path_mtu - 36 : 0, low = 0, high = UINT16_MAX;
	uint64_t bits = (uint64_t)packet * recv_window;
	if (connect_speed == 0)
		return 0;
	bits = bits < UINT64_MAX / 80 ? bits * 80 : UINT64_MAX; /* and of tenths of a second */
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if ((uint64_t)middle * connect_speed >= bits)
			high = middle;
		else
			low = middle + 1;
	}
	return (uint16_t)low;
}
