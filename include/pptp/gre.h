/* gre: the enhanced GRE header (RFC 2637 4.1) and one call's data channel over it.
 *
 * The header codec is stateless. A channel numbers what it sends, acknowledges what it delivers, keeps
 * the peer's window where that is wanted, puts what comes out of order right where a pool is given, and
 * drops what comes late or twice. It never queues what is to be sent and does not know the control
 * connection, so it may run on another thread than `conn`. A frame is a PPP frame without flags, escapes
 * and FCS; its content is never looked at.
 *
 * Two ways to use a channel, which may be mixed:
 *   pull  pptp_gre_recv for each datagram and pptp_gre_next behind it until PPTP_ERR_EMPTY; pptp_gre_send
 *         for each frame; at pptp_gre_deadline pptp_gre_tick, pptp_gre_next, pptp_gre_ack, which earlier have
 *         nothing to do and do no harm;
 *   push  pptp_gre_input, pptp_gre_output and pptp_gre_tick with the callbacks in pptp_gre_callbacks.
 * In both pptp_gre_events tells what else there is to know.
 *
 * From the receive callback every function of the channel is legal but pptp_gre_input; from send and
 * release only pptp_gre_free and the const ones. Others return PPTP_ERR_REENTRANT there. A frame can end its
 * call, and so free the channel: pptp_gre_input and pptp_gre_tick return PPTP_ERR_FREED then. */
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

/* ---- header codec ---------------------------------------------------------------------------- */

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
	PPTP_GRE_DROP_PAYLOAD = 8,   /* Payload Length of a frame above what the datagram holds */
	PPTP_GRE_DROP_CALL_ID = 9,   /* another call's */
	PPTP_GRE_ACK_BAD = 10,       /* counter only: acknowledgment of something never sent, ignored */
	PPTP_GRE_ACK_OLD = 11,       /* counter only: acknowledgment below an earlier one, ignored */
	PPTP_GRE_LOST = 12,          /* counter only: sequence numbers that were skipped */
	PPTP_GRE_SENT_FRAME = 13,    /* counter only; without those that pptp_gre_unsend took back */
	PPTP_GRE_SENT_ACK = 14,      /* counter only: packets that only acknowledge */
	PPTP_GRE_UNSENT = 15,        /* counter only: frames taken back by pptp_gre_unsend */
	PPTP_GRE_HELD = 16,          /* one before it is missing: delivered later, by pptp_gre_next */
	PPTP_GRE_DROP_RESET = 17,    /* it was held when pptp_gre_reset came */
	PPTP_GRE_DROP_UNHELD = 18,   /* could not be held behind others that are: no cookie, or too long */
	PPTP_GRE_WINDOW_FULL = 19,   /* counter only: frames that pptp_gre_send refused for the window */
	PPTP_GRE_TIMEOUT = 20,       /* counter only: time-outs of acknowledgments (RFC 2637 4.4) */
	PPTP_GRE_RESYNC = 21,        /* counter only: the peer's numbers began anew */
	PPTP_GRE_COUNTS = 22
};

/** Name of one of the above, such as "late"; "unknown" for others. Static. */
PPTP_API const char *pptp_gre_count_name(uint32_t which);

/** Decode the header of a datagram (GRE first, no IP header).
 *  @return PPTP_GRE_DELIVER, _EMPTY or _ACK_ONLY, with ret filled: the payload is payload_octets at data +
 *          header_octets, anything behind it is padding · or a PPTP_GRE_DROP_, ret untouched; with a NULL
 *          _TRUNCATED. Pure. RFC 2637 4.1. */
PPTP_API uint32_t pptp_gre_decode(const uint8_t *data, size_t len, pptp_gre_header *ret);

/** Encode a header (header_octets and reserved are ignored).
 *  @return octets written, 12 or 16 · PPTP_ERR_SIZE: cap is too small · PPTP_ERR_ARG: neither number present,
 *          or a payload without sequence number. Pure. */
PPTP_API pptp_ssize pptp_gre_encode(const pptp_gre_header *header, uint8_t *ret_data, size_t cap);

/** The call a datagram is for, for demultiplexing before the channel is known.
 *  @return PPTP_OK, or PPTP_ERR_MALFORMED when it cannot be PPTP. Pure. */
PPTP_API pptp_err pptp_gre_peek(const uint8_t *data, size_t len, uint16_t *ret_call_id);

/** Octets of the IPv4 header in front of what a raw IPv4 socket returns.
 *  @return 20 .. 60, or PPTP_ERR_MALFORMED: not IPv4, header length impossible or above len. Pure. */
PPTP_API pptp_ssize pptp_gre_ipv4_header(const uint8_t *data, size_t len);

/* What pptp_gre_mtu takes into account, besides IPv4, GRE with both numbers, and PPP in full. */
enum {
	PPTP_MTU_IPV6 = 1,   /* the tunnel runs over IPv6 */
	PPTP_MTU_NO_ACK = 2, /* no frame carries an acknowledgment, as towards a peer that sends nothing */
	PPTP_MTU_ACFC = 4,   /* PPP without FF 03 (RFC 1661 6.6) */
	PPTP_MTU_PFC = 8,    /* PPP protocol in one octet (RFC 1661 6.5) */
	PPTP_MTU_MPPE = 16   /* encryption: 4 octets more (RFC 3078 3) */
};

/** The largest packet of the user that fits into one datagram of path_mtu octets, so that the tunnel needs no
 *  fragments: path_mtu less IP, GRE and PPP, in no case more than PPTP_GRE_MTU less PPP; 0 when nothing fits.
 *  1500 gives 1460, with PPTP_MTU_MPPE 1456.
 *  @param flags  PPTP_MTU_, ored · Pure. RFC 2637 1.4. */
PPTP_API uint32_t pptp_gre_mtu(uint32_t path_mtu, uint32_t flags);

/** A Packet Processing Delay to advertise: how long a window of packets takes on a line of so many bit/s, in
 *  the unit of the field, 1/10 s, rounded up. MTU 1500, window 8 and 28,800 bit/s give 33. 65,535 when it is
 *  longer, 0 for a line without a speed (0). Pure. RFC 2637 4.4. */
PPTP_API uint16_t pptp_gre_delay(uint32_t path_mtu, uint16_t recv_window, uint32_t connect_speed);

/* ---- pool ------------------------------------------------------------------------------------ */

/** Slots for packets that came before one that is still missing, shared by any number of channels of one
 *  thread. It bounds what all of them hold together; each is bounded by its own options besides. */
typedef struct pptp_pool pptp_pool;

#define PPTP_POOL_MAX_SLOTS 65534u /* packets that one pool can hold */

/** Octets of memory for a pool; 0 when slots is 0 or above PPTP_POOL_MAX_SLOTS, slot_octets above 65,535, or
 *  the product does not fit into size_t. @param slot_octets  see pptp_pool_init */
PPTP_API size_t pptp_pool_size(uint32_t slots, uint32_t slot_octets);

/** @param slots        packets held at once; 32 are good for some hundred calls
 *  @param slot_octets  above 0: packets are copied, and frames up to this length can be held (PPTP_GRE_MTU is
 *          good for all); a slot more is there for the frame that the host reads. Of a longer one that comes
 *          early nothing waits: it is delivered at once and what is missing given up, or, behind others that
 *          are held, dropped (PPTP_GRE_DROP_UNHELD). 0: nothing is copied; the host leaves its buffer alone
 *          until it has the cookie back. The memory is aligned for a uint64_t, and the host's again after
 *          pptp_pool_free.
 *  @return PPTP_OK, PPTP_ERR_ARG, PPTP_ERR_SIZE, PPTP_ERR_ALIGN. */
PPTP_API pptp_err pptp_pool_init(void *mem, size_t size, uint32_t slots, uint32_t slot_octets,
                                 pptp_pool **ret);

/** The same in heap memory; PPTP_ERR_NO_HEAP. */
PPTP_API pptp_err pptp_pool_new(uint32_t slots, uint32_t slot_octets, pptp_pool **ret);

/** End a pool, after the channels that use it. NULL is legal. */
PPTP_API void pptp_pool_free(pptp_pool *pool);

/** Slots that hold nothing. Callable from callbacks. */
PPTP_API uint32_t pptp_pool_available(const pptp_pool *pool);

/* ---- channel --------------------------------------------------------------------------------- */

/** The data channel of one call, both directions. */
typedef struct pptp_gre pptp_gre;

/** What the host does for a channel in push mode. Must outlive the channel. Any may be NULL. */
typedef struct pptp_gre_callbacks {
	uint32_t size; /* sizeof (pptp_gre_callbacks) */
	uint32_t reserved;
	/** Send one datagram: header and frame one after the other (frame_len 0: acknowledgment only). Return
	 *  0 or more when it was taken or may be lost; PPTP_ERR_AGAIN when the socket would block: the
	 *  sequence number is taken back. Other codes are handed to the caller of the driver as they are, the
	 *  number taken back. */
	pptp_err (*send)(void *user, const uint8_t *header, size_t header_len, const uint8_t *frame,
	                 size_t frame_len);
	/** One frame for PPP, in order, of 1 to 65,535 octets: a peer may send more than PPTP_GRE_MTU.
	 *  Not kept after return. Where this is NULL pptp_gre_input and pptp_gre_tick count frames and
	 *  drop them. */
	void (*receive)(void *user, const uint8_t *frame, size_t len);
	/** A cookie of pptp_gre_input that is not NULL: the datagram is needed no more. Exactly once for
	 *  each, at the latest from pptp_gre_free. */
	void (*release)(void *user, void *cookie);
} pptp_gre_callbacks;

/** What becomes of the peer's receive window (RFC 2637 4.2). Off towards peers that one does not know: few of
 *  them acknowledge as the RFC thinks, and none has to. */
enum {
	PPTP_WINDOW_OFF = 0,      /* nothing: send at any time */
	PPTP_WINDOW_ADVISORY = 1, /* pptp_gre_room and PPTP_GRE_EV_WRITABLE tell, and nothing is refused */
	PPTP_WINDOW_ENFORCED = 2  /* pptp_gre_send refuses with PPTP_ERR_WINDOW */
};

/** Settings of a channel. pptp_call_channel fills the call's part. */
typedef struct pptp_gre_options {
	uint32_t size;           /* set by pptp_gre_options_init */
	uint32_t ack_delay_us;   /* longest wait for a frame to carry the acknowledgment; default 100,000.
	                            * 0: acknowledge at once */
	uint32_t first_sequence; /* number of our first frame; default 0 (RFC 2637 4.1); some peers use 1 */
	uint16_t local_call_id;  /* the one we assigned: packets for another are dropped */
	uint16_t recv_window;    /* packets, the window we advertised; an acknowledgment goes out at once
	                            * when half of it is unacknowledged; default 64; 0 counts as 1 */
	/* The next three are arguments for pptp_gre_start, which pptp_call_channel fills; _init does not read
	 * them. */
	uint16_t peer_call_id;
	uint16_t peer_recv_window; /* packets; 0: not specified */
	uint16_t peer_delay;       /* Packet Processing Delay of the peer, 1/10 s */
	uint16_t reorder_packets;  /* most packets held behind a missing one; default 8; 0: none */
	uint32_t reorder_us;       /* longest time one is held; default 20,000 */
	uint32_t resync_us;        /* a peer whose numbers began anew is believed when it has sent nothing but
	                            * old ones for so long; default 1,000,000; 0: never. Old is what is not
	                            * ahead of the one expected by less than 2^24 */
	uint32_t no_inbound_us;    /* PPTP_GRE_EV_NO_INBOUND after sending for so long; default 10,000,000;
	                            * 0: never */
	uint32_t window_mode;      /* PPTP_WINDOW_; default off */
	uint32_t min_timeout_us;   /* of the acknowledgment time-out (RFC 2637 4.4), above the time a peer may
	                            * wait to acknowledge; default 200,000 */
	uint32_t max_timeout_us;   /* default 10,000,000; min_timeout_us, where that is above. These two,
	                            * resync_us and no_inbound_us are rounded up to milliseconds, 65,535 at
	                            * most */
	pptp_pool *pool;           /* where packets are held; default NULL: none. Must outlive the channel */
} pptp_gre_options;

/** Fill with the defaults. @param size  sizeof (pptp_gre_options) as the caller compiled it. */
PPTP_API pptp_err pptp_gre_options_init(pptp_gre_options *ret, uint32_t size);

/** Octets of memory a channel needs. On 64 bit a packet touches the first 64 only, while no window is kept
 *  and nothing is held: align them to a cache line where that counts. */
PPTP_API size_t pptp_gre_size(void);

/** Set a channel up in the caller's memory (aligned for a uint64_t). It can receive from now on: GRE may
 *  overtake the Outgoing-Call-Reply. Sending needs pptp_gre_start.
 *  @param options    read, not kept · @param callbacks  kept; NULL: pull only
 *  @return PPTP_OK, PPTP_ERR_ARG, PPTP_ERR_SIZE, PPTP_ERR_ALIGN. */
PPTP_API pptp_err pptp_gre_init(void *mem, size_t size, const pptp_gre_options *options,
                                const pptp_gre_callbacks *callbacks, void *user, pptp_gre **ret);

/** The same in heap memory; PPTP_ERR_NO_HEAP. End it with pptp_gre_free all the same. */
PPTP_API pptp_err pptp_gre_new(const pptp_gre_options *options, const pptp_gre_callbacks *callbacks,
                               void *user, pptp_gre **ret);

/** End a channel. What it holds is not delivered; `release` gets its cookies, and where there is none they
 *  are forgotten: pptp_gre_reset and pptp_gre_next come first then. Outside callbacks memory of pptp_gre_init
 *  belongs to the host again at once; inside, once the outermost function of the channel that is running has
 *  returned PPTP_ERR_FREED. Until then every function returns PPTP_ERR_FREED. NULL is legal. */
PPTP_API void pptp_gre_free(pptp_gre *gre);

/** Complete the channel at PPTP_EV_CALL_UP, with what the event has under these names: from now on it can
 *  send. PPTP_ERR_STATE when started before.
 *  @param peer_recv_window  packets; 0: not specified, 64 are taken · @param peer_delay  1/10 s: what the
 *          round trip is estimated from first (RFC 2637 4.4) */
PPTP_API pptp_err pptp_gre_start(pptp_gre *gre, uint16_t peer_call_id, uint16_t peer_recv_window,
                                 uint16_t peer_delay, pptp_usec now);

/** Back to what pptp_gre_init made, for another call with the same options: numbers begin anew, timers and
 *  events are off, counters go on. What is held is not delivered: each cookie comes back from pptp_gre_next
 *  with PPTP_GRE_DROP_RESET, or through `release` before this returns. RFC 2637 4.1. */
PPTP_API pptp_err pptp_gre_reset(pptp_gre *gre);

/** What pptp_gre_recv makes of a datagram. Frozen layout. */
typedef struct pptp_gre_frame {
	const uint8_t *frame; /* into the datagram or the pool; NULL unless verdict is PPTP_GRE_DELIVER */
	void *cookie;         /* the host's again, with the datagram it stands for; NULL: none is */
	size_t len;           /* of the frame: 1 .. 65,535, above PPTP_GRE_MTU if the peer so likes */
	uint32_t verdict;  /* PPTP_GRE_DELIVER, or another: no frame, whatever there may be in a newer library
	                    */
	uint32_t sequence; /* of the packet, where it has one */
	uintptr_t reserved[3];
} pptp_gre_frame;

/** Take one datagram, GRE header first, and yield at most one frame: call pptp_gre_next until it returns
 *  PPTP_ERR_EMPTY before the next datagram. Only the header is looked at, unless a pool copies: where a
 *  datagram lies in several buffers it is enough that the first has PPTP_GRE_HEADER_MAX octets of it, and len
 *  is all of them.
 *  @param cookie  stands for the datagram, so that a buffer has one owner at every moment. It comes back in
 *          ret, unless the pool has slot_octets 0 and the datagram is held (PPTP_GRE_HELD): then the channel
 *          owns both until ret of a later call, or of pptp_gre_next, has this cookie. When there is no room
 *          to hold one more, ret has an older frame with the cookie of that. NULL: the datagram can be held
 *          as a copy only
 *  @return PPTP_OK, whatever the verdict; the datagram is the host's still with PPTP_ERR_ARG,
 *          PPTP_ERR_REENTRANT, PPTP_ERR_FREED. Not from the send callback. RFC 2637 4.2, 4.3. */
PPTP_API pptp_err pptp_gre_recv(pptp_gre *gre, const uint8_t *data, size_t len, void *cookie, pptp_usec now,
                                pptp_gre_frame *ret);

/** The next frame that was held and may go now, in order. A frame that was copied is good until a channel of
 *  the same pool is given another datagram or asked for another frame; other functions leave it alone.
 *  @return PPTP_OK, or PPTP_ERR_EMPTY: none now; PPTP_ERR_ARG, PPTP_ERR_REENTRANT, PPTP_ERR_FREED. */
PPTP_API pptp_err pptp_gre_next(pptp_gre *gre, pptp_gre_frame *ret);

/** Write the header of the next frame so that it ends at header + cap: directly in front of the frame when
 *  that is where the headroom lies, or into a separate vector. Takes the sequence number and carries the
 *  acknowledgment that is due, if any. With so much room in front of a frame:
 *
 *      n = pptp_gre_send(gre, frame - PPTP_GRE_HEADER_MAX, PPTP_GRE_HEADER_MAX, len, now);
 *      if (n > 0)
 *              send(raw, frame - n, n + len, 0);
 *
 *  @param cap  at least PPTP_GRE_HEADER_MAX
 *  @return octets of the header, n, 12 or 16: the packet begins at header + cap - n, not at header ·
 *          PPTP_ERR_SIZE: cap, or frame_len not 1 to 65,535 · PPTP_ERR_STATE: not started · PPTP_ERR_WINDOW:
 *          the window is full; hold back until PPTP_GRE_EV_WRITABLE or pptp_gre_room. RFC 2637 4.1. */
PPTP_API pptp_ssize pptp_gre_send(pptp_gre *gre, uint8_t *header, size_t cap, size_t frame_len,
                                  pptp_usec now);

/** Take back the newest n frames, because the socket would block: their numbers are used again and an
 *  acknowledgment that one of them carried is due again. PPTP_ERR_ARG when n is above the number of frames
 *  that were sent and not acknowledged. */
PPTP_API pptp_err pptp_gre_unsend(pptp_gre *gre, uint32_t n, pptp_usec now);

/** Write a packet that only acknowledges, if one is due at `now`.
 *  @return PPTP_GRE_ACK_OCTETS, or 0: nothing due; PPTP_ERR_SIZE (cap), PPTP_ERR_STATE (not started). */
PPTP_API pptp_ssize pptp_gre_ack(pptp_gre *gre, uint8_t *ret_packet, size_t cap, pptp_usec now);

/** Frames that may be sent now: what the window has left. UINT32_MAX when none is kept, 0 before
 *  pptp_gre_start. Callable from callbacks. RFC 2637 4.2. */
PPTP_API uint32_t pptp_gre_room(const pptp_gre *gre);

/** What a host learns from pptp_gre_events. */
enum {
	PPTP_GRE_EV_WRITABLE = 1,       /* the window was full and is not any more */
	PPTP_GRE_EV_NO_INBOUND = 2,     /* no packet of the call came since the first one was sent, for
	                                 * no_inbound_us: something on the path drops IP protocol 47.
	                                 * Once */
	PPTP_GRE_EV_RESYNC = 4,         /* the peer's numbers began anew; so may its PPP */
	PPTP_GRE_EV_PEER_NEVER_ACKS = 8 /* four time-outs in a row without one acknowledgment between: the
	                                 * window is not kept any more, or only tried again later */
};

/** Name of one of these bits, such as "WRITABLE"; "unknown" for others. Static. */
PPTP_API const char *pptp_gre_event_name(uint32_t event);

/** What happened since the last time, PPTP_GRE_EV_ bits ored: taken and cleared. Ask after every driver, or
 *  after those at pptp_gre_deadline. Callable from the receive callback; 0 from the others. */
PPTP_API uint32_t pptp_gre_events(pptp_gre *gre);

/** When pptp_gre_ack or pptp_gre_tick has something to do; PPTP_NEVER when nothing is pending. It may lie in
 *  the past: 0 means at once. After both were called, and pptp_gre_next until it is empty, it lies later. */
PPTP_API pptp_usec pptp_gre_deadline(const pptp_gre *gre);

/** Do what time asks for: give up waiting for a missing packet (then call pptp_gre_next), time-outs of the
 *  window, PPTP_GRE_EV_NO_INBOUND. Harmless at any time. Push: besides, `receive` what may go and `send` the
 *  acknowledgment that is due at `now`, if any; a code of `send`. Driver. */
PPTP_API pptp_err pptp_gre_tick(pptp_gre *gre, pptp_usec now);

/** Push: take one datagram and call `receive` for every frame that may go now, in order; then, when half the
 *  window is unacknowledged, `send` an acknowledgment. Driver.
 *  @param cookie  as in pptp_gre_recv, given to `release`; without that callback it is not looked at
 *  @return PPTP_OK, whatever became of it; PPTP_ERR_REENTRANT, PPTP_ERR_FREED; a code of `send`, but not
 *          PPTP_ERR_AGAIN: an acknowledgment is tried again by itself, 10 ms later, after other codes
 *          ack_delay_us later, if that is more. */
PPTP_API pptp_err pptp_gre_input(pptp_gre *gre, const uint8_t *data, size_t len, void *cookie, pptp_usec now);

/** Push: `send` one frame with its header. Legal from the receive callback.
 *  @return PPTP_OK · nothing was taken: PPTP_ERR_AGAIN and other codes of `send`; PPTP_ERR_WINDOW, as from
 *          pptp_gre_send; PPTP_ERR_STATE: not started, or there is no `send`; PPTP_ERR_SIZE: len not 1 to
 *          65,535; PPTP_ERR_ARG, PPTP_ERR_REENTRANT, PPTP_ERR_FREED. */
PPTP_API pptp_err pptp_gre_output(pptp_gre *gre, const uint8_t *frame, size_t len, pptp_usec now);

/** A counter, PPTP_GRE_DELIVER .. PPTP_GRE_COUNTS - 1, modulo 2^32; 0 for others. */
PPTP_API uint32_t pptp_gre_count(const pptp_gre *gre, uint32_t which);

/** What a channel knows, for people. */
typedef struct pptp_gre_info {
	uint32_t size;          /* set by pptp_gre_get_info */
	uint32_t next_sequence; /* of our next frame */
	uint32_t acknowledged; /* the highest number of ours that the peer has acknowledged; next_sequence - 1
	                        * before any was sent */
	uint32_t expected;     /* number of the peer's next frame; 0 before any came */
	uint32_t window;       /* packets; 0 while none is kept, like the next four */
	uint32_t outstanding;  /* packets that fill it */
	uint32_t round_trip_us; /* estimates of RFC 2637 4.4 */
	uint32_t deviation_us;
	uint32_t timeout_us; /* of the next frame */
	uint32_t held;       /* packets, for a missing one */
} pptp_gre_info;

/** @param size  sizeof (pptp_gre_info) as the caller compiled it
 *  @return PPTP_OK, PPTP_ERR_ARG, PPTP_ERR_SIZE, PPTP_ERR_FREED. Callable from callbacks. */
PPTP_API pptp_err pptp_gre_get_info(const pptp_gre *gre, pptp_gre_info *ret, uint32_t size);

#ifdef __cplusplus
}
#endif
#endif
