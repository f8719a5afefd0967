/* tun: the interface through which IP packets of the host enter and leave the tunnel. It exists as long as
 * the program: the kernel removes it, and every route through it, when the descriptor is closed. */
#ifndef TUN_H
#define TUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"
#include "options.h"
#include "ppp.h"

#define TUN_PACKET_MAX 1500u
#define TUN_HEADROOM   32u /* octets free in front of a packet that was read, for PPP and GRE headers */

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

/** A packet for the host. */
void tun_write(struct tun *tun, const uint8_t *packet, size_t len);

/** There is room again: offer the packet that was held, and read on. */
void tun_resume(struct tun *tun);

#endif
