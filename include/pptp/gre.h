/* gre: the enhanced GRE header (RFC 2637 4.1) and one call's data channel over it.
 *
 * The header codec is stateless. A channel numbers what it sends, acknowledges what it delivers and
 * drops what comes late or twice; it neither holds frames nor knows the control connection, so it may
 * run on another thread than `conn`. A frame is a PPP frame without flags, escapes and FCS; its content
 * is never looked at.
 *
 * Two ways to use a channel, which may be mixed:
 *   pull  pptp_gre_recv for each datagram, pptp_gre_send for each frame, pptp_gre_ack at the deadline;
 *   push  pptp_gre_input, pptp_gre_output and pptp_gre_tick with the callbacks in pptp_gre_callbacks.
 *
 * From the receive callback every function of the channel is legal but pptp_gre_input; from the send
 * callback only pptp_gre_free and the const ones. Others return PPTP_ERR_REENTRANT there. */
#ifndef PPTP_GRE_H
#define PPTP_GRE_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PPTP_GRE_PROTOCOL   0x880Bu /* Protocol Type of PPP in enhanced GRE (RFC 2637 4.1) */
#define PPTP_GRE_HEADER_MAX 16u     /* octets: key, sequence and acknowledgment number */
#define PPTP_GRE_ACK_OCTETS 12u     /* octets of a packet that only acknowledges */
#define PPTP_GRE_MTU        1532u   /* largest frame a peer must take (RFC 2637 1.4) */

/* ---- header codec -------------------------------------------------------------------------- */

/** A GRE header as PPTP uses it. */
typedef struct pptp_gre_header {
	uint32_t sequence;       /* valid when has_sequence */
	uint32_t acknowledgment; /* valid when has_ack */
	uint16_t payload_octets;
	uint16_t call_id;      /* the one the recipient assigned */
	uint8_t has_sequence;  /* 0 or 1: exactly the packets with a payload */
	uint8_t has_ack;       /* 0 or 1 */
	uint8_t header_octets; /* 8, 12 or 16; set by decode */
	uint8_t reserved;
} pptp_gre_header;

/** Why a packet was refused, or what became of it. Each has a counter in the channel and a name. */
enum {
	PPTP_GRE_DELIVER = 0,        /* a frame for PPP */
	PPTP_GRE_ACK_ONLY = 1,       /* no payload by design */
	PPTP_GRE_EMPTY = 2,          /* sequence number used, payload of 0 octets: nothing to deliver */
	PPTP_GRE_DROP_LATE = 3,      /* a newer packet was delivered before it (RFC 2637 4.3) */
	PPTP_GRE_DROP_DUPLICATE = 4, /* the newest packet once more */
	PPTP_GRE_DROP_TRUNCATED = 5, /* shorter than its header says */
	PPTP_GRE_DROP_NOT_PPTP = 6,  /* version, protocol type or a flag bit that PPTP does not have */
	PPTP_GRE_DROP_NOTHING = 7,   /* neither sequence nor acknowledgment number */
	PPTP_GRE_DROP_PAYLOAD = 8,   /* Payload Length above what the datagram holds */
	PPTP_GRE_DROP_CALL_ID = 9,   /* another call's */
	PPTP_GRE_ACK_BAD = 10,       /* counter only: acknowledgment of something never sent, ignored */
	PPTP_GRE_ACK_OLD = 11,       /* counter only: acknowledgment below an earlier one, ignored */
	PPTP_GRE_LOST = 12,          /* counter only: sequence numbers that were skipped */
	PPTP_GRE_SENT_FRAME = 13,    /* counter only */
	PPTP_GRE_SENT_ACK = 14,      /* counter only: packets that only acknowledge */
	PPTP_GRE_UNSENT = 15,        /* counter only: frames taken back by pptp_gre_unsend */
	PPTP_GRE_COUNTS = 16
};

/** Name of one of the above, such as "late"; "unknown" for others. Static. */
PPTP_API const char *pptp_gre_count_name(uint32_t which);

/** Decode the header of a datagram (GRE first, no IP header).
 *  @return PPTP_GRE_DELIVER, _EMPTY or _ACK_ONLY, with ret filled: the payload is payload_octets at
 *          data + header_octets, anything behind it is padding · or a PPTP_GRE_DROP_, ret untouched.
 *  Pure. RFC 2637 4.1. */
PPTP_API uint32_t pptp_gre_decode(const uint8_t *data, size_t len, pptp_gre_header *ret);

/** Encode a header (header_octets and reserved are ignored).
 *  @return octets written, 12 or 16 · PPTP_ERR_SIZE: cap is too small · PPTP_ERR_ARG: neither number
 *          present, or a payload without sequence number. Pure. */
PPTP_API pptp_ssize pptp_gre_encode(const pptp_gre_header *header, uint8_t *ret_data, size_t cap);

/** The call a datagram is for, for demultiplexing before the channel is known.
 *  @return PPTP_OK, or PPTP_ERR_MALFORMED when it cannot be PPTP. Pure. */
PPTP_API pptp_err pptp_gre_peek(const uint8_t *data, size_t len, uint16_t *ret_call_id);

/** Octets of the IPv4 header in front of what a raw IPv4 socket returns.
 *  @return 20 .. 60, or PPTP_ERR_MALFORMED: not IPv4, header length impossible or above len. Pure. */
PPTP_API pptp_ssize pptp_gre_ipv4_header(const uint8_t *data, size_t len);

/* ---- channel ------------------------------------------------------------------------------- */

typedef struct pptp_gre pptp_gre;

/** What the host does for a channel in push mode. Must outlive the channel. Any may be NULL. */
typedef struct pptp_gre_callbacks {
	uint32_t size; /* sizeof (pptp_gre_callbacks) */
	uint32_t reserved;
	/** Send one datagram: header and frame one after the other (frame_len 0: acknowledgment only).
	 *  Return 0 when it was taken or may be lost; PPTP_ERR_AGAIN when the socket would block: the
	 *  sequence number is taken back. Other codes are handed to the caller of the driver as they are,
	 *  the number taken back. */
	pptp_err (*send)(void *user, const uint8_t *header, size_t header_len, const uint8_t *frame,
	                 size_t frame_len);
	/** One frame for PPP, in order. Not kept after return. */
	void (*receive)(void *user, const uint8_t *frame, size_t len);
} pptp_gre_callbacks;

/** Settings of a channel. pptp_call_channel fills the call's part. */
typedef struct pptp_gre_options {
	uint32_t size;             /* set by pptp_gre_options_init */
	uint32_t ack_delay_us;     /* longest wait for a frame to carry the acknowledgment; default 100,000.
	                            * 0: acknowledge at once */
	uint32_t first_sequence;   /* number of our first frame; default 0 (RFC 2637 4.1); some peers use 1 */
	uint16_t local_call_id;    /* the one we assigned: packets for another are dropped */
	uint16_t recv_window;      /* packets, the window we advertised; an acknowledgment goes out at once
	                            * when half of it is unacknowledged; default 64; 0 counts as 1 */
	uint16_t peer_call_id;     /* this one and the next two are arguments for pptp_gre_start, filled by */
	uint16_t peer_recv_window; /* pptp_call_channel; pptp_gre_init does not read them. Packets; 0 = not */
	uint16_t peer_delay;       /* specified. Packet Processing Delay of the peer, 1/10 s */
	uint16_t reserved;
} pptp_gre_options;

/** Fill with the defaults. @param size  sizeof (pptp_gre_options) as the caller compiled it. */
PPTP_API pptp_err pptp_gre_options_init(pptp_gre_options *ret, uint32_t size);

/** Octets of memory a channel needs. */
PPTP_API size_t pptp_gre_size(void);

/** Set a channel up in the caller's memory (aligned as by malloc). It can receive from now on: GRE may
 *  overtake the Outgoing-Call-Reply. Sending needs pptp_gre_start.
 *  @param options    read, not kept · @param callbacks  kept; NULL: pull only
 *  @return PPTP_OK, PPTP_ERR_ARG, PPTP_ERR_SIZE, PPTP_ERR_ALIGN. */
PPTP_API pptp_err pptp_gre_init(void *mem, size_t size, const pptp_gre_options *options,
                                const pptp_gre_callbacks *callbacks, void *user, pptp_gre **ret);

/** The same in heap memory; PPTP_ERR_NO_HEAP. End it with pptp_gre_free all the same. */
PPTP_API pptp_err pptp_gre_new(const pptp_gre_options *options, const pptp_gre_callbacks *callbacks,
                               void *user, pptp_gre **ret);

/** End a channel. Outside callbacks memory of pptp_gre_init belongs to the host again at once; inside, once
 *  the outermost function of the channel that is running has returned PPTP_ERR_FREED. Until then every
 *  function returns PPTP_ERR_FREED. NULL is legal. */
PPTP_API void pptp_gre_free(pptp_gre *gre);

/** Complete the channel at PPTP_EV_CALL_UP: from now on it can send. PPTP_ERR_STATE when started before. */
PPTP_API pptp_err pptp_gre_start(pptp_gre *gre, uint16_t peer_call_id, uint16_t peer_recv_window,
                                 uint16_t peer_delay, pptp_usec now);

/** What pptp_gre_recv makes of a datagram. Frozen layout. */
typedef struct pptp_gre_frame {
	const uint8_t *frame; /* into the datagram; NULL unless verdict is PPTP_GRE_DELIVER */
	void *cookie;         /* the host's, given back with the frame */
	size_t len;
	uint32_t verdict;  /* PPTP_GRE_DELIVER .. PPTP_GRE_DROP_CALL_ID; what else there may be is no frame
	                      either */
	uint32_t sequence; /* of the packet, where it has one */
	uintptr_t reserved[3];
} pptp_gre_frame;

/** Take one datagram, GRE header first, and yield at most one frame.
 *  @param cookie  anything; comes back in ret, so that a buffer has one owner at every moment
 *  @return PPTP_OK, whatever the verdict; PPTP_ERR_ARG, PPTP_ERR_REENTRANT, PPTP_ERR_FREED.
 *  Not from the send callback. RFC 2637 4.2, 4.3. */
PPTP_API pptp_err pptp_gre_recv(pptp_gre *gre, const uint8_t *data, size_t len, void *cookie, pptp_usec now,
                                pptp_gre_frame *ret);

/** Write the header of the next frame so that it ends at header + cap: directly in front of the frame
 *  when that is where the headroom lies, or into a separate vector. Takes the sequence number and carries
 *  the acknowledgment that is due, if any.
 *  @param cap  at least PPTP_GRE_HEADER_MAX
 *  @return octets of the header, 12 or 16: the packet begins at header + cap - that · PPTP_ERR_SIZE: cap,
 *          or frame_len above 65,535 · PPTP_ERR_STATE: not started. RFC 2637 4.1. */
PPTP_API pptp_ssize pptp_gre_send(pptp_gre *gre, uint8_t *header, size_t cap, size_t frame_len,
                                  pptp_usec now);

/** Take back the newest n frames, because the socket would block: their numbers are used again and
 *  their acknowledgment is due again. PPTP_ERR_ARG when n is above the number of frames that were sent
 *  and not acknowledged. */
PPTP_API pptp_err pptp_gre_unsend(pptp_gre *gre, uint32_t n, pptp_usec now);

/** Write a packet that only acknowledges, if one is due at `now`.
 *  @return PPTP_GRE_ACK_OCTETS, or 0: nothing due; PPTP_ERR_SIZE (cap), PPTP_ERR_STATE (not started). */
PPTP_API pptp_ssize pptp_gre_ack(pptp_gre *gre, uint8_t *ret_packet, size_t cap, pptp_usec now);

/** When pptp_gre_ack or pptp_gre_tick has something to do; PPTP_NEVER when nothing is pending. */
PPTP_API pptp_usec pptp_gre_deadline(const pptp_gre *gre);

/** Push: take one datagram and call `receive` when it holds a frame in order; then, when half the
 *  window is unacknowledged, `send` an acknowledgment. Driver.
 *  @return PPTP_OK, whatever became of it; PPTP_ERR_REENTRANT, PPTP_ERR_FREED; a code of `send`. */
PPTP_API pptp_err pptp_gre_input(pptp_gre *gre, const uint8_t *data, size_t len, pptp_usec now);

/** Push: `send` one frame with its header. PPTP_ERR_AGAIN and other codes of `send`: nothing was taken.
 *  Legal from the receive callback. */
PPTP_API pptp_err pptp_gre_output(pptp_gre *gre, const uint8_t *frame, size_t len, pptp_usec now);

/** Push: `send` the acknowledgment that is due at `now`, if any. Harmless at any time. */
PPTP_API pptp_err pptp_gre_tick(pptp_gre *gre, pptp_usec now);

/** A counter, PPTP_GRE_DELIVER .. PPTP_GRE_COUNTS - 1, modulo 2^32; 0 for others. */
PPTP_API uint32_t pptp_gre_count(const pptp_gre *gre, uint32_t which);

#ifdef __cplusplus
}
#endif
#endif
