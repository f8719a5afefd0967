/* router: the smallest host: one connection that a peer opens, one call on it, everything in static memory,
 * nothing of libc but memcpy, memmove, memset and memcmp. What a board has to bring is in struct router_port.
 */
#ifndef ROUTER_H
#define ROUTER_H

#include <pptp/pptp.h>

#define ROUTER_HEADROOM PPTP_GRE_HEADER_MAX /* octets in front of a frame for router_send */

/** What the board does. */
struct router_port {
	/** Put octets into the TCP connection. @return how many it took, 0: none now */
	size_t (*tcp_send)(const uint8_t *data, size_t len);
	/** Send one packet under IP protocol 47. */
	void (*gre_send)(const uint8_t *packet, size_t len);
	/** A frame of PPP from the peer. */
	void (*frame)(const uint8_t *frame, size_t len);
	/** The connection is over: close TCP. */
	void (*closed)(void);
};

/** A peer has opened a TCP connection to port 1723.
 *  @param seed  from the board's source of randomness
 *  @return PPTP_OK, or what was wrong with the settings */
pptp_err router_begin(const struct router_port *port, uint64_t seed, pptp_usec now);

/** Octets came on it. @return how many were taken; the rest comes again, after some were sent */
size_t router_tcp(const uint8_t *data, size_t len, pptp_usec now);

/** TCP takes octets again. */
void router_tcp_writable(pptp_usec now);

/** A packet of IP protocol 47 from the peer, GRE header first. */
void router_gre(const uint8_t *packet, size_t len, pptp_usec now);

/** A frame of PPP for the peer, ROUTER_HEADROOM octets in front of it. @return 0: there is no call to send on
 */
int router_send(uint8_t *frame, size_t len, pptp_usec now);

/** When router_tick has to be called, PPTP_NEVER: not at all. */
pptp_usec router_deadline(void);
void router_tick(pptp_usec now);

#endif
