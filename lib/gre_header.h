/* gre_header: the enhanced GRE header as the codec and the channel read and write it (internal). Inline,
 * because a packet goes through here. RFC 2637 4.1. */
#ifndef PPTP_GRE_HEADER_H
#define PPTP_GRE_HEADER_H

#include "pptp/gre.h"
#include "wire.h"

/* The first 32 bits: flags, version and Protocol Type. C, R, s, Recur and Flags must be 0, K must be 1
 * and Ver 1; S and A say which numbers follow. */
#define GRE_FIXED_MASK  0xEF7FFFFFu
#define GRE_FIXED_VALUE (0x20010000u | PPTP_GRE_PROTOCOL)
#define GRE_BIT_S       0x10000000u
#define GRE_BIT_A       0x00800000u

#define GRE_KEY_OCTETS    8u /* flags, protocol, payload length, Call ID */
#define GRE_NUMBER_OCTETS 4u

/* As pptp_gre_decode, but ret is undefined when the packet is refused. */
static inline uint32_t gre_parse(const uint8_t *data, size_t len, pptp_gre_header *ret)
{
	uint32_t first, header = GRE_KEY_OCTETS;
	if (len < GRE_KEY_OCTETS)
		return PPTP_GRE_DROP_TRUNCATED;
	first = wire_load32(data);
	if ((first & GRE_FIXED_MASK) != GRE_FIXED_VALUE)
		return PPTP_GRE_DROP_NOT_PPTP;
	ret->payload_octets = wire_load16(data + 4);
	ret->call_id = wire_load16(data + 6);
	ret->has_sequence = (first & GRE_BIT_S) != 0;
	ret->has_ack = (first & GRE_BIT_A) != 0;
	if (!ret->has_sequence && !ret->has_ack)
		return PPTP_GRE_DROP_NOTHING;
	if (len < GRE_KEY_OCTETS + GRE_NUMBER_OCTETS * ((size_t)ret->has_sequence + ret->has_ack))
		return PPTP_GRE_DROP_TRUNCATED;
	if (ret->has_sequence) {
		ret->sequence = wire_load32(data + header);
		header += GRE_NUMBER_OCTETS;
	}
	if (ret->has_ack) {
		ret->acknowledgment = wire_load32(data + header);
		header += GRE_NUMBER_OCTETS;
	}
	ret->header_octets = (uint8_t)header;
	if (!ret->has_sequence) {
		ret->payload_octets = 0; /* S and a payload go together: anything that follows is padding */
		return PPTP_GRE_ACK_ONLY;
	}
	if (ret->payload_octets > len - header)
		return PPTP_GRE_DROP_PAYLOAD;
	return ret->payload_octets > 0 ? PPTP_GRE_DELIVER : PPTP_GRE_EMPTY;
}

/* The 8 octets that every header begins with; bits: GRE_BIT_. */
static inline void gre_put_key(uint8_t *to, uint32_t bits, uint32_t payload_octets, uint16_t call_id)
{
	wire_store32(to, GRE_FIXED_VALUE | bits);
	wire_store32(to + 4, payload_octets << 16 | call_id);
}

#endif
