/* hdlc_brief: brief frames of the line, octet by octet (RFC 1662 4.2). They are over before words are of use.
 */
#include "hdlc_fcs.h"

#if PPTP_HDLC_TABLES > 0

static inline uint32_t damage_of(size_t octets, uint32_t escaped)
{
	if (escaped)
		return PPTP_HDLC_DROP_ABORTED;
	return octets < HDLC_FRAME_MIN ? PPTP_HDLC_DROP_SHORT : PPTP_HDLC_DROP_FCS;
}

/* Does what pptp_hdlc_take_octet and pptp_hdlc_take_flag do, but with the FCS on the way. */
const uint8_t *pptp_hdlc_take_brief(pptp_hdlc *hdlc, const uint8_t *from, size_t octets, int *ret_good)
{
	uint8_t *const start = hdlc->buffer, *to = start;
	const uint8_t *const stop = from + (octets < hdlc->room ? octets : hdlc->room);
	const uint32_t accm = hdlc->recv_accm, controls = accm ? 0x20 : 0;
	uint32_t escaped = hdlc->escaped, fcs = PPTP_HDLC_FCS_INIT;
	while (from < stop) {
		uint32_t octet = *from++;
		if (octet < controls && accm >> octet & 1) {
			hdlc->counts[PPTP_HDLC_DROP_CONTROL]++;
		} else if (octet == HDLC_FLAG) {
			octets = (size_t)(to - start);
			if (octets >= HDLC_FRAME_MIN && fcs == PPTP_HDLC_FCS_GOOD && !escaped) {
				*ret_good = 1;
				break;
			}
			if (octets > 0 || escaped) {
				hdlc->counts[damage_of(octets, escaped)]++;
				hdlc->dropped++;
			}
			to = start;
			escaped = 0;
			fcs = PPTP_HDLC_FCS_INIT;
		} else if (octet == HDLC_ESCAPE && !escaped) {
			escaped = 1;
		} else {
			octet ^= escaped * HDLC_TOGGLE;
			escaped = 0;
			fcs = hdlc_fcs_add(fcs, octet);
			*to++ = (uint8_t)octet;
		}
	}
	hdlc->at = (size_t)(to - start);
	hdlc->escaped = (uint8_t)escaped;
	return from;
}

#endif
