/* gre_header: stateless codec of the enhanced GRE header (RFC 2637 4.1), and what a host needs to find
 * it in a datagram. */
#include "pptp/gre.h"
#include "wire.h"

/* The first 32 bits: flags, version and Protocol Type. C, R, s, Recur and Flags must be 0, K must be 1
 * and Ver 1; S and A say which numbers follow. */
#define FIXED_MASK  0xEF7FFFFFu
#define FIXED_VALUE (0x20010000u | PPTP_GRE_PROTOCOL)
#define BIT_S       0x10000000u
#define BIT_A       0x00800000u

#define KEY_OCTETS    8u /* flags, protocol, payload length, Call ID */
#define NUMBER_OCTETS 4u

uint32_t pptp_gre_decode(const uint8_t *data, size_t len, pptp_gre_header *ret)
{
	pptp_gre_header h = {0, 0, 0, 0, 0, 0, KEY_OCTETS, 0};
	uint32_t first;
	if (!data || !ret || len < KEY_OCTETS)
		return PPTP_GRE_DROP_TRUNCATED;
	first = wire_load32(data);
	if ((first & FIXED_MASK) != FIXED_VALUE)
		return PPTP_GRE_DROP_NOT_PPTP;
	h.payload_octets = wire_load16(data + 4);
	h.call_id = wire_load16(data + 6);
	h.has_sequence = (first & BIT_S) != 0;
	h.has_ack = (first & BIT_A) != 0;
	if (!h.has_sequence && !h.has_ack)
		return PPTP_GRE_DROP_NOTHING;
	if (len < KEY_OCTETS + NUMBER_OCTETS * ((size_t)h.has_sequence + h.has_ack))
		return PPTP_GRE_DROP_TRUNCATED;
	if (h.has_sequence) {
		h.sequence = wire_load32(data + h.header_octets);
		h.header_octets = (uint8_t)(h.header_octets + NUMBER_OCTETS);
	}
	if (h.has_ack) {
		h.acknowledgment = wire_load32(data + h.header_octets);
		h.header_octets = (uint8_t)(h.header_octets + NUMBER_OCTETS);
	}
	if (!h.has_sequence)
		h.payload_octets = 0; /* S and a payload go together: anything that follows is padding */
	if (h.payload_octets > len - h.header_octets)
		return PPTP_GRE_DROP_PAYLOAD;
	*ret = h;
	if (!h.has_sequence)
		return PPTP_GRE_ACK_ONLY;
	return h.payload_octets > 0 ? PPTP_GRE_DELIVER : PPTP_GRE_EMPTY;
}

pptp_ssize pptp_gre_encode(const pptp_gre_header *header, uint8_t *ret_data, size_t cap)
{
	wire_writer w = wire_write(ret_data, cap);
	if (!header || !ret_data || (!header->has_sequence && !header->has_ack) ||
	    (!header->has_sequence && header->payload_octets > 0))
		return PPTP_ERR_ARG;
	wire_put32(&w, FIXED_VALUE | (header->has_sequence ? BIT_S : 0) | (header->has_ack ? BIT_A : 0));
	wire_put16(&w, header->payload_octets);
	wire_put16(&w, header->call_id);
	if (header->has_sequence)
		wire_put32(&w, header->sequence);
	if (header->has_ack)
		wire_put32(&w, header->acknowledgment);
	return w.failed ? PPTP_ERR_SIZE : (pptp_ssize)w.used;
}

pptp_err pptp_gre_peek(const uint8_t *data, size_t len, uint16_t *ret_call_id)
{
	if (!data || !ret_call_id)
		return PPTP_ERR_ARG;
	if (len < KEY_OCTETS || (wire_load32(data) & FIXED_MASK) != FIXED_VALUE)
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
