/* mss: the largest segment that TCP announces, lowered to what a tunnel carries (RFC 879, RFC 9293 3.7.1).
 *
 * Hosts behind the two ends do not know the tunnel's MTU, and the ICMP messages that would tell them are
 * often dropped on the way: without this their connections open and then hang. */
#ifndef MSS_H
#define MSS_H

#include <stddef.h>
#include <stdint.h>

/** Where in an IPv4 or IPv6 packet an MSS is that is too large for this MTU; 0: nowhere. */
size_t mss_find(const uint8_t *packet, size_t len, unsigned mtu);

/** Lower what mss_find has found, and the checksum with it. */
void mss_lower(uint8_t *packet, size_t at, unsigned mtu);

#endif
