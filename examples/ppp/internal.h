/* internal: what the files of this endpoint share beyond the automaton. */
#ifndef PPP_INTERNAL_H
#define PPP_INTERNAL_H

#include "fsm.h"
#include "wipe.h"

enum ppp_protocol_number {
	PPP_PROTOCOL_IPV4 = 0x0021,
	PPP_PROTOCOL_IPV6 = 0x0057,
	PPP_PROTOCOL_NETWORK_LAST = 0x00FA, /* of what is encrypted, RFC 3078 3 */
	PPP_PROTOCOL_MPPE = 0x00FD,
	PPP_PROTOCOL_IPCP = 0x8021,
	PPP_PROTOCOL_IPV6CP = 0x8057,
	PPP_PROTOCOL_CCP = 0x80FD,
	PPP_PROTOCOL_CONTROL_LAST = 0xBFFF, /* of those that control one of the network, RFC 1661 2 */
	PPP_PROTOCOL_LCP = 0xC021,
	PPP_PROTOCOL_PAP = 0xC023,
	PPP_PROTOCOL_CHAP = 0xC223
};

#define PPP_ADDRESS_CONTROL 0xFF03u /* All-Stations, Unnumbered Information: RFC 1662 3.1 */
#define PPP_FRAME_HEADER    4u      /* octets: FF 03, protocol */
#define PPP_IPV4_HEADER_MIN 20u
#define PPP_IPV6_HEADER     40u

/* input.c */

/** Drop FF 03, read a protocol field of one or two octets. 0, or -1 when it is not complete. */
int ppp_read_header(wire_reader *frame, uint16_t *ret_protocol);
/** The protocol field alone. */
int ppp_read_protocol(wire_reader *frame, uint16_t *ret_protocol);
/** A number of a network layer or of what controls one, which may be the host's if it is not ours: RFC 1661
 * 2, the low octet odd and the high one even. */
int ppp_is_the_hosts(uint16_t protocol);
/** A packet of the network, that came encrypted or may come in clear. Returns its fate. */
enum ppp_counter ppp_network_input(ppp *link, uint16_t protocol, const uint8_t *information, size_t len);
/** One frame from the peer. Returns its fate. */
enum ppp_counter ppp_receive(ppp *link, const uint8_t *frame, size_t len);
/** The peer sent Protocol-Reject for this number. Returns the fate of that packet. */
enum ppp_counter ppp_protocol_rejected(ppp *link, uint16_t protocol);

/* lcp_link.c: the part of LCP which watches over an opened link */

enum ppp_counter ppp_lcp_input(ppp *link, const uint8_t *information, size_t len);
enum ppp_counter ppp_lcp_other_code(ppp_fsm *fsm, const struct ppp_packet *packet);
void ppp_lcp_echo_reply(ppp_fsm *fsm, const struct ppp_packet *packet);
void ppp_lcp_opened(ppp_fsm *fsm);
void ppp_lcp_not_opened(ppp_fsm *fsm);
/** Tell the peer that we do not have this protocol. */
void ppp_lcp_reject_protocol(ppp *link, uint16_t protocol, const uint8_t *information, size_t len);
/** Keepalive timer, if due. */
void ppp_lcp_tick(ppp *link);

/* ipcp.c */

enum ppp_counter ppp_ipcp_input(ppp *link, const uint8_t *information, size_t len);
enum ppp_counter ppp_ipv4_input(ppp *link, const uint8_t *packet, size_t len);
void ppp_ipcp_protocol_rejected(ppp *link);

/* ccp.c, ccp_option.c */

/** Begin with CCP, where there is something to agree on. @return 0, or -1: required, and there are no keys */
int ppp_ccp_begin(ppp *link);
uint32_t ppp_mppe_first_offer(const ppp *link);

/* ipv6cp.c */

/** Whether it is wanted, and the link large enough for it. */
int ppp_ipv6_runs(const ppp *link);
enum ppp_counter ppp_ipv6cp_input(ppp *link, const uint8_t *information, size_t len);
enum ppp_counter ppp_ipv6_input(ppp *link, const uint8_t *packet, size_t len);

/* transmit.c */

/** The largest packet of the user. */
uint16_t ppp_mtu(const ppp *link);

/* auth.c: who the ends are (RFC 1661 3.5) */

int ppp_auth_options_valid(const ppp_options *options);
/** LCP is negotiated anew: nothing is agreed on. */
void ppp_auth_reset(ppp *link);
/** LCP opened: prove what was agreed on, then ppp_session_authenticated. */
void ppp_auth_begin(ppp *link);
/** LCP is not opened any more, or the lower layer is gone: forget every secret. */
void ppp_auth_forget(ppp *link);
enum ppp_counter ppp_auth_input(ppp *link, uint16_t protocol, const uint8_t *information, size_t len);
/** Whether an end proves itself by this protocol. */
int ppp_auth_uses(const ppp *link, uint16_t protocol);
/** The peer sent Protocol-Reject for one which ppp_auth_uses. */
void ppp_auth_protocol_rejected(ppp *link, uint16_t protocol);
/** A packet of a network layer came before our authentication ended: its verdict may have been lost. */
void ppp_auth_overtaken(ppp *link);
/** Who was authenticated and how, for an event. */
void ppp_auth_describe(const ppp *link, ppp_event *event);
uint64_t ppp_auth_deadline(const ppp *link);
/** The phase took too long. */
void ppp_auth_timed_out(ppp *link);
/** Timers, those which are due. */
void ppp_auth_tick(ppp *link);

/* auth_keys.c */

/** Start keys of MPPE (RFC 3079), for mppe_begin.
 *  @param key_octets  8 for 40 and 56 bits, 16 for 128; as many are written to each of send and recv
 *  @return 0, or -1: not authenticated by MS-CHAP, or in both directions by it, or by MS-CHAPv1 with a
 * password that has no LM hash, which its keys of 8 octets come from */
int ppp_auth_mppe_keys(const ppp *link, size_t key_octets, uint8_t send[16], uint8_t recv[16]);

/* session.c: phases, what the layers mean for each other, work put off */

/** Every public call that may run callbacks is enclosed by these. */
void ppp_enter(ppp *link, uint64_t now);
void ppp_leave(ppp *link);
/** Close LCP when the outermost call ends. The first reason stays. */
void ppp_end(ppp *link, enum ppp_reason reason, const char *layer);
void ppp_lower_is_gone(ppp *link);
void ppp_network_opened(ppp *link);
void ppp_network_left(ppp *link);
void ppp_session_lcp_up(ppp *link);
void ppp_session_lcp_down(ppp *link);
void ppp_session_lcp_finished(ppp_fsm *fsm);
/** Both ends are who they should be: on to the network layers. */
void ppp_session_authenticated(ppp *link);
/** CCP has said its word: on to IPCP and IPV6CP. */
void ppp_session_network_may_begin(ppp *link);
void ppp_session_network_finished(ppp_fsm *fsm);
/** Set-up guard, if due. */
void ppp_guard_tick(ppp *link);

/* small things */

static inline void ppp_add(ppp *link, enum ppp_counter counter)
{
	link->counters[counter]++;
}

static inline uint64_t ppp_earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/** A random number other than zero: 0 means "no magic number" (RFC 1661 6.4). */
uint32_t ppp_random(ppp *link);
/** Octets for challenges: what is seen of them tells nothing about those to come. */
void ppp_random_octets(ppp *link, uint8_t *ret, size_t len);
/** Pass a record to the observer, if there is one. */
void ppp_trace_record(ppp *link, const ppp_trace *record);
const char *ppp_state_name(uint8_t state);

#endif
