/* ccp: the Compression Control Protocol (RFC 1962), here only for MPPE (RFC 3078), and what it means for the
 * other layers: nothing of the user's passes before it, where encryption is required (internal). */
#ifndef PPP_CCP_H
#define PPP_CCP_H

#include "internal.h"

/* Supported Bits of option 18 (RFC 2118 2.1, RFC 3078 2.1). */
#define MPPE_BIT_STATELESS 0x01000000u
#define MPPE_BIT_56        0x00000080u
#define MPPE_BIT_128       0x00000040u
#define MPPE_BIT_40        0x00000020u
#define MPPE_BITS_STRENGTH (MPPE_BIT_40 | MPPE_BIT_56 | MPPE_BIT_128)

/* ccp.c: the layer */

/** Whether this end speaks CCP at all. */
int ppp_ccp_used(const ppp *link);
/** Whether the layers of the network may begin, or have to wait for CCP. */
int ppp_ccp_settled(const ppp *link);
/** The keys of the session before are gone, and with them what was agreed. */
void ppp_ccp_forget(ppp *link);
enum ppp_counter ppp_ccp_input(ppp *link, const uint8_t *information, size_t len);
void ppp_ccp_protocol_rejected(ppp *link);

/** What goes out encrypted, for an event. */
void ppp_ccp_describe(const ppp *link, ppp_event *event);

/* ccp_option.c: option 18 */

extern const struct ppp_option_rule ppp_ccp_rules[1];
/** One strength of Supported Bits in bits of key; 0 = none. */
unsigned ppp_mppe_strength(uint32_t bits);

/* ccp_data.c: packets, encrypted */

/** Agreed: make the ciphers. @return 0, or -1: there are no keys */
int ppp_mppe_start(ppp *link, uint32_t send_bits, uint32_t recv_bits);
/** A packet under 00FD. Returns its fate. */
enum ppp_counter ppp_mppe_input(ppp *link, const uint8_t *information, size_t len);
/** A packet of the network that came in clear: whether it has to be dropped. */
int ppp_mppe_forbids_clear(const ppp *link);
/** Whether packets of the network go out encrypted. */
int ppp_mppe_sends(const ppp *link);
/** Octets that go to it from the MTU. */
unsigned ppp_mppe_overhead(const ppp *link);
#endif
