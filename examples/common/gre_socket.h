/* gre_socket: the raw sockets (IP protocol 47), one for IPv4 and one for IPv6, that carry the data of every
 * call, and the mux behind them.
 *
 * A datagram is handed on when its Call ID is ours and its source is the peer of that call (RFC 2637 5); the
 * kernel drops other kinds of GRE before they reach us. When the kernel cannot take a packet just now,
 * gre_socket_send says so, the caller holds back, and `writable` follows. ICMP errors are for the log only:
 * anybody can forge one. */
#ifndef GRE_SOCKET_H
#define GRE_SOCKET_H

#include <pptp/pptp.h>

#include "address.h"
#include "capture.h"
#include "log.h"
#include "loop.h"

#define GRE_SOCKET_BATCH  16u   /* datagrams taken by one system call */
#define GRE_SOCKET_OCTETS 2048u /* of each; no frame that a peer may send is longer (RFC 2637 1.4) */

struct gre_socket_handler {
	/** A datagram for the target bound with pptp_mux_bind, GRE header first. */
	void (*datagram)(void *target, const uint8_t *data, size_t len);
	/** Sending is possible again. */
	void (*writable)(void *user);
	/** A router or the peer refused a packet to peer: what, in words. */
	void (*unreachable)(void *user, const struct address *peer, const char *what);
};

/* What the kernel has of it, for one family. */
struct gre_descriptor {
	struct gre_socket *socket;
	struct loop_io io;
	bool ipv6;
};

struct gre_socket {
	struct loop *loop;
	pptp_mux *mux;
	pptp_pool *pool; /* where packets of all calls wait for one that is missing */
	const struct gre_socket_handler *handler;
	void *user;
	struct gre_descriptor ipv4, ipv6; /* fd -1: the system has not this family */
	struct loop_timer pause;          /* after ENOBUFS, which epoll cannot report the end of */
	bool blocked;
	struct capture *capture; /* NULL: none; to be set when it is open */
	struct log_limit limit;
	uint64_t not_pptp; /* datagrams that are not GRE as PPTP uses it */
	uint8_t datagrams[GRE_SOCKET_BATCH][GRE_SOCKET_OCTETS];
};

/** Where the packets of a call go and what address they come from. */
struct gre_path {
	struct address local, peer;
	struct sockaddr_storage to;
	socklen_t to_octets;
	bool ipv6;
	size_t control_octets;
	uint8_t control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

/** Open the sockets, for up to max_calls calls at once. Needs CAP_NET_RAW, and says so.
 *  @param handler,user  kept
 *  @return false, logged, with errno; nothing to close then */
bool gre_socket_open(struct gre_socket *socket, struct loop *loop, uint32_t max_calls,
                     const struct gre_socket_handler *handler, void *user);
void gre_socket_close(struct gre_socket *socket);

/** Send and receive through this interface only, whatever routes come later. */
bool gre_socket_bind_interface(struct gre_socket *socket, const char *interface);

/** IPv4 and IPv6 differ in what a path takes; the family is the peer's. */
void gre_path_init(struct gre_path *ret, const struct address *local, const struct address *peer);

/** Send one packet, GRE header first.
 *  @return false when it was not sent because there is no room: take its sequence number back and wait for
 *          `writable`. True also for packets that the network lost: that is IP's right. */
bool gre_socket_send(struct gre_socket *socket, struct gre_path *path, uint8_t *packet, size_t len);

#endif
