/* tun: the interface through which IP packets of the host enter and leave the tunnel. It exists as long as
 * the program: the kernel removes it, and every route through it, when the descriptor is closed. */
#ifndef TUN_H
#define TUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "loop.h"
#include "options.h"
#include "ppp.h"

#define TUN_PACKET_MAX   1500u
#define TUN_IPV6_MTU_MIN 1284u /* 1280 (RFC 8200 5), and what encryption adds */
#define TUN_HEADROOM     32u   /* octets free in front of a packet that was read, for PPP and GRE headers */

struct tun {
	struct loop *loop;
	struct loop_io io;
	/** One packet of the host, TUN_HEADROOM octets in front of it. @return false: no room, ask again
	 * later */
	bool (*packet)(void *user, uint8_t *packet, size_t len);
	void *user;
	char name[16];
	size_t held;   /* octets of a packet that found no room */
	uint64_t lost; /* packets the interface did not take */
	uint8_t buffer[TUN_HEADROOM + TUN_PACKET_MAX];
};

/** Make the interface and set it up. Each returns false after saying why; addresses in host order.
 *  @param name  wished for, or with "%d"  @param peer  the address at the other end, 0: none */
bool tun_open(struct tun *tun, struct loop *loop, const char *name,
              bool (*packet)(void *user, uint8_t *packet, size_t len), void *user);
bool tun_configure(struct tun *tun, uint32_t local, uint32_t peer, unsigned mtu);
bool tun_add_route(struct tun *tun, const struct ipv4_network *network);
void tun_delete_route(struct tun *tun, const struct ipv4_network *network);
void tun_close(struct tun *tun);

/* tun_ipv6.c */

/** The system gives it no IPv6 address by itself. Before it is configured. */
void tun_own_ipv6(const struct tun *tun);

/** Give it the link-local address with this interface identifier, or take it away; all other link-local
 * addresses are behind it. @return false, logged */
bool tun_add_ipv6(struct tun *tun, const uint8_t identifier[PPP_INTERFACE_OCTETS]);
void tun_delete_ipv6(struct tun *tun, const uint8_t identifier[PPP_INTERFACE_OCTETS]);

/** Whether this system has IPv6 at all. */
bool tun_can_ipv6(void);

/** Such as "fe80::1". @return ret */
const char *tun_ipv6_text(const uint8_t identifier[PPP_INTERFACE_OCTETS], char ret[ADDRESS_TEXT_OCTETS]);

/** A packet for the host. */
void tun_write(struct tun *tun, const uint8_t *packet, size_t len);

/** There is room again: offer the packet that was held, and read on. */
void tun_resume(struct tun *tun);

#endif
