/* mux: Call ID allocation and GRE demultiplexing for a host with many tunnels on one raw socket.
 *
 * One mux per local address, at most 65,535 calls. It gives out Call IDs (RFC 2637 3.2.2): never 0, the
 * first ones at random, and one that was released not again before many others; and finds the host's own
 * pointer by the peer's address and our Call ID, with one index and one compare. Addresses are 16 opaque
 * octets that the host fills: IPv6, or IPv4 as ::ffff:a.b.c.d. Every function is callable from every
 * callback; a mux belongs to the thread of the channels it finds: where connections have another one,
 * Call IDs have to be asked for and given back across the two. */
#ifndef PPTP_MUX_H
#define PPTP_MUX_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PPTP_MUX_MAX_CALLS  65535u /* Call IDs that there are */
#define PPTP_ADDRESS_OCTETS 16u    /* of a peer: an IPv6 address, IPv4 as ::ffff:a.b.c.d */

/** The Call IDs of many calls on one socket, and whose they are. */
typedef struct pptp_mux pptp_mux;

/** Counters of pptp_mux_find; names in pptp_mux_count_name. */
enum {
	PPTP_MUX_FOUND = 0,
	PPTP_MUX_UNKNOWN_CALL = 1,   /* no call has this Call ID */
	PPTP_MUX_FOREIGN_SOURCE = 2, /* the call exists, but not with this peer (RFC 2637 5) */
	PPTP_MUX_COUNTS = 3
};

/** Octets of memory for so many calls at once; 0 when max_calls is 0 or above PPTP_MUX_MAX_CALLS. */
PPTP_API size_t pptp_mux_size(uint32_t max_calls);

/** @param mem   the caller's, aligned for a uint64_t; his again after pptp_mux_free
 *  @param seed  from the operating system's random source: the first Call IDs are hard to guess then; those
 *          that follow are not, to somebody who saw them all. The address keeps strangers out (RFC 2637 5)
 *  @return PPTP_OK, PPTP_ERR_ARG, PPTP_ERR_SIZE, PPTP_ERR_ALIGN. */
PPTP_API pptp_err pptp_mux_init(void *mem, size_t size, uint32_t max_calls, uint64_t seed, pptp_mux **ret);

/** The same in heap memory; PPTP_ERR_NO_HEAP. */
PPTP_API pptp_err pptp_mux_new(uint32_t max_calls, uint64_t seed, pptp_mux **ret);

/** End it; targets are not touched. NULL is legal. */
PPTP_API void pptp_mux_free(pptp_mux *mux);

/** A Call ID of our own for a new call. PPTP_ERR_LIMIT when max_calls are out. O(1). */
PPTP_API pptp_err pptp_mux_reserve(pptp_mux *mux, uint16_t *ret_call_id);

/** Let pptp_mux_find return target for this reserved id and this peer; again to move it.
 *  @param peer    16 octets, copied · @param target  not NULL, not touched
 *  @return PPTP_OK, PPTP_ERR_ARG: not a reserved id. */
PPTP_API pptp_err pptp_mux_bind(pptp_mux *mux, uint16_t call_id, const uint8_t *peer, void *target);

/** The target for a datagram from this peer to this Call ID, or NULL, counted: drop the datagram. Touches one
 *  cache line of the mux and asks for the first of the target: a host that has a batch of datagrams finds all
 *  their targets first and then receives, so that many calls' memory is on its way at once. */
PPTP_API void *pptp_mux_find(pptp_mux *mux, const uint8_t *peer, uint16_t call_id);

/** Give an id back at the end of its call. PPTP_ERR_ARG: not a reserved id. O(1). */
PPTP_API pptp_err pptp_mux_release(pptp_mux *mux, uint16_t call_id);

/** A counter, PPTP_MUX_FOUND .. PPTP_MUX_COUNTS - 1; 0 for others. */
PPTP_API uint32_t pptp_mux_count(const pptp_mux *mux, uint32_t which);
/** Its name, such as "unknown call"; "unknown" for others. Static. */
PPTP_API const char *pptp_mux_count_name(uint32_t which);

#ifdef __cplusplus
}
#endif
#endif
