/* hdlc_fcs: one octet more in an FCS-16 (internal). RFC 1662 C.2: x^16 + x^12 + x^5 + 1, low bit first. */
#ifndef PPTP_HDLC_FCS_H
#define PPTP_HDLC_FCS_H

#include "hdlc_internal.h"

#if PPTP_HDLC_TABLES > 0

/* Data of another file would be reached through a table of addresses, were it not known to be of this
 * library. */
#if defined(__GNUC__) && !defined(_WIN32)
#define HDLC_INTERNAL __attribute__((visibility("hidden")))
#else
#define HDLC_INTERNAL
#endif

/* Table k gives what an octet adds to an FCS k octets later. */
HDLC_INTERNAL extern const uint16_t pptp_hdlc_tables[PPTP_HDLC_TABLES][256];

static inline uint32_t hdlc_fcs_add(uint32_t fcs, uint32_t octet)
{
	return fcs >> 8 ^ pptp_hdlc_tables[0][(fcs ^ octet) & 0xFF];
}

#else

/* The polynomial has so few terms that what an octet adds is three shifts of it. */
static inline uint32_t hdlc_fcs_add(uint32_t fcs, uint32_t octet)
{
	octet = (octet ^ fcs) & 0xFF;
	octet = (octet ^ octet << 4) & 0xFF;
	return fcs >> 8 ^ octet << 8 ^ octet << 3 ^ octet >> 4;
}

#endif

#endif
