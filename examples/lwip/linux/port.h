/* port: what a port of lwIP supplies to a program of one thread: clock, randomness, and an Ethernet interface, which
 * here is one end of a TAP device. */
#ifndef PORT_H
#define PORT_H

#include "lwip/netif.h"

/** Add the netif of an existing TAP device with this address, of a /24 or an IPv6 /64, and bring it up.
 *  @return its descriptor, -1: errno tells why */
int port_tap_open(struct netif *netif, const char *device, const ip_addr_t *address);

/** Give lwIP the frames that have come, until there is none. */
void port_tap_read(struct netif *netif);

/** Packets of IP protocol 47 that went out, and those of them that were one pbuf. */
struct port_counts {
	unsigned gre, in_one;
};
struct port_counts port_counts(void);

#endif
