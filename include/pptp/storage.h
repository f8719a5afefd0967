/* storage: how much memory objects need at most, for who has to know it when he compiles: no heap, no alloca.
 *
 *     static PPTP_STORAGE(connection, PPTP_STORAGE_CONN(1, 220, 0));
 *     pptp_conn_init(connection, sizeof connection, config, &options, now, &conn);
 *
 * The numbers are bounds within this ABI (base.h), on every machine: what pptp_conn_size and its like return is
 * never above them, and on 32 bits somewhat below. With memory from here and options in range an _init
 * function cannot fail. Pure: macros alone, for #if and array sizes. */
#ifndef PPTP_STORAGE_H
#define PPTP_STORAGE_H

#include "base.h"

/** Declare an array of at least so many octets, aligned as _init wants it: a variable or a struct's member. */
#define PPTP_STORAGE(name, octets) uint64_t name[PPTP_STORAGE_WORDS(octets)]

/** Its length, for an array of objects: uint64_t channels[4][PPTP_STORAGE_WORDS(PPTP_STORAGE_GRE)] */
#define PPTP_STORAGE_WORDS(octets) (((octets) + 7u) / 8u)

/** A config: pptp_config_init. */
#define PPTP_STORAGE_CONFIG 320u

/** A connection: pptp_conn_init.
 *  @param max_calls,tx_octets,line_statistics  as in pptp_config_options */
#define PPTP_STORAGE_CONN(max_calls, tx_octets, line_statistics)                                             \
	(608u + 112u * (max_calls) + ((line_statistics) ? 160u : 0u) * (max_calls) + (tx_octets))

/** A channel: pptp_gre_init. */
#define PPTP_STORAGE_GRE 272u

/** A pool: pptp_pool_init. @param slots,slot_octets  as there */
#define PPTP_STORAGE_POOL(slots, slot_octets) (80u + 40u * (slots) + ((slots) + 1ull) * ((slot_octets) + 16u))

/** A table of Call IDs: pptp_mux_init. @param max_calls  as there */
#define PPTP_STORAGE_MUX(max_calls) (192u + 72u * (max_calls))

/** A line of HDLC: pptp_hdlc_init; its buffer comes beside it. */
#define PPTP_STORAGE_HDLC 112u

/** A frame of so many octets on that line: what pptp_hdlc_encode_max returns at most. */
#define PPTP_STORAGE_HDLC_ENCODED(len) (2u * (len) + 32u)

#endif
