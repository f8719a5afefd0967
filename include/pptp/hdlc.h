/* hdlc: octet-stuffed asynchronous framing (RFC 1662) for hosts whose PPP is a byte stream: pppd on a pty,
 * a modem, a serial line. GRE carries frames without it (RFC 2637 4), so most hosts with a PPP stack of
 * their own need none of this.
 *
 * An object is one line, both directions. A frame is what PPP says, from the Address field, or the
 * Protocol field where Address and Control are left out, to the end of the Information field; flags, escapes
 * and FCS are added and taken off here. Nothing of what is passed in is kept. There are no callbacks: every
 * function may be called from every callback of the other modules. */
#ifndef PPTP_HDLC_H
#define PPTP_HDLC_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- without an object ------------------------------------------------------------------------ */

#define PPTP_HDLC_FCS_INIT   0xFFFFu /* an FCS begins with this (RFC 1662 C.2) */
#define PPTP_HDLC_FCS_GOOD   0xF0B8u /* and is this behind a frame and its FCS */
#define PPTP_HDLC_FCS_OCTETS 2u

/** Carry an FCS-16 over more octets. What goes on the line, low octet first, is its complement. Pure.
 *  RFC 1662 C.2. */
PPTP_API uint16_t pptp_hdlc_fcs(uint16_t fcs, const uint8_t *data, size_t len);

/** Octets of the Address and Control fields in front of a frame: 2 when it begins with FF 03, else 0. To take
 *  them off, begin behind them; to put them on, write FF 03 into headroom. Pure. RFC 1662 3.1. */
PPTP_API size_t pptp_hdlc_address_control(const uint8_t *frame, size_t len);

/** Octets that pptp_hdlc_encode needs for a frame of len octets, whatever is in it; SIZE_MAX when that is
 *  beyond what can be counted. Pure. */
PPTP_API size_t pptp_hdlc_encode_max(size_t len);

/* ---- a line ----------------------------------------------------------------------------------- */

/** One line, both directions. */
typedef struct pptp_hdlc pptp_hdlc;

/** Counters, modulo 2^32; names in pptp_hdlc_count_name. Each frame received has one of the first five. */
enum {
	PPTP_HDLC_RECEIVED = 0,   /* good frames */
	PPTP_HDLC_DROP_FCS = 1,   /* frames with a wrong FCS */
	PPTP_HDLC_DROP_SHORT = 2, /* frames of less than 4 octets with FCS (RFC 1662 4.3); flag after flag is
	                           * fill and not counted */
	PPTP_HDLC_DROP_LONG = 3,  /* frames that the buffer could not take */
	PPTP_HDLC_DROP_ABORTED = 4, /* frames that ended with 7D 7E (RFC 1662 4.3) */
	PPTP_HDLC_DROP_CONTROL = 5, /* octets dropped because recv_accm names them */
	PPTP_HDLC_DROP_OUTSIDE = 6, /* octets before the first flag */
	PPTP_HDLC_SENT = 7,         /* frames finished */
	PPTP_HDLC_SENT_ABORT = 8,   /* frames begun with pptp_hdlc_encode_part and not finished */
	PPTP_HDLC_COUNTS = 9
};

/** Name of one of the above, such as "bad FCS"; "unknown" for others. Static. */
PPTP_API const char *pptp_hdlc_count_name(uint32_t which);

/** Flags of pptp_hdlc_options. */
#define PPTP_HDLC_SHARE_FLAG    1u /* the flag that closed a frame opens the next: one octet less */
#define PPTP_HDLC_ADD_ADDRESS   2u /* send FF 03 in front of frames that begin otherwise */
#define PPTP_HDLC_STRIP_ADDRESS 4u /* give received frames without FF 03 */
#define PPTP_HDLC_LCP_AS_IS                                                                                  \
	8u /* send_accm also for LCP codes 1 to 7, which otherwise go out with all                           \
	    * controls escaped, since they must pass before and while the map is                             \
	    * negotiated (RFC 1662 7.1) */

/** Settings of a line. A map (Async-Control-Character-Map) has bit n for octet n. */
typedef struct pptp_hdlc_options {
	uint32_t size;        /* set by pptp_hdlc_options_init */
	uint32_t flags;       /* PPTP_HDLC_, default 0 */
	uint32_t send_accm;   /* control octets to escape; default 0xFFFFFFFF (RFC 1662 7.1) */
	uint32_t recv_accm;   /* control octets that the line itself inserts: dropped where they arrive
	                       * unescaped; default 0: a host that only relays does not see what the two ends
	                       * agree on, and dropping what a peer means is worse. A host that negotiates for
	                       * itself begins with 0xFFFFFFFF (RFC 1662 7.1), one with XON/XOFF flow control
	                       * has 0x000A0000 */
	uint8_t *buffer;      /* for the frame being received; default NULL: this line only sends */
	size_t buffer_octets; /* what it holds: the longest frame and its FCS, which is the MRU and 6
	                       * (Address, Control, Protocol, FCS) */
} pptp_hdlc_options;

/** Fill with the defaults. @param size  sizeof (pptp_hdlc_options) as the caller compiled it. */
PPTP_API pptp_err pptp_hdlc_options_init(pptp_hdlc_options *ret, uint32_t size);

/** Octets of memory a line needs, without its buffer. */
PPTP_API size_t pptp_hdlc_size(void);

/** Set a line up in the caller's memory (aligned for a uint64_t); his again after pptp_hdlc_free.
 *  @param options  read, not kept, but the buffer it names is used until the end
 *  @return PPTP_OK, PPTP_ERR_ARG: also for an unknown flag, PPTP_ERR_SIZE: also for a buffer of less than 4
 *          octets, PPTP_ERR_ALIGN. */
PPTP_API pptp_err pptp_hdlc_init(void *mem, size_t size, const pptp_hdlc_options *options, pptp_hdlc **ret);

/** The same in heap memory; PPTP_ERR_NO_HEAP. The buffer stays the caller's. */
PPTP_API pptp_err pptp_hdlc_new(const pptp_hdlc_options *options, pptp_hdlc **ret);

/** End a line. NULL is legal. */
PPTP_API void pptp_hdlc_free(pptp_hdlc *hdlc);

/** New maps, such as PPTP_EV_CALL_LINK_INFO brings (RFC 2637 2.15). Sending uses its map from the next frame
 *  on, receiving from the next octet on. PPTP_ERR_ARG: no line. */
PPTP_API pptp_err pptp_hdlc_set_accm(pptp_hdlc *hdlc, uint32_t send_accm, uint32_t recv_accm);

/** Receive into another buffer from now on, so that the frame just taken may stay where it is.
 *  @return PPTP_OK, PPTP_ERR_ARG, PPTP_ERR_SIZE: less than 4 octets, PPTP_ERR_STATE: in the middle of a frame
 *          (never right behind one). */
PPTP_API pptp_err pptp_hdlc_set_buffer(pptp_hdlc *hdlc, uint8_t *buffer, size_t octets);

/** Open the next frame sent with a flag of its own even with PPTP_HDLC_SHARE_FLAG: for a line that was silent
 *  and may have made noise meanwhile. PPTP_ERR_ARG: no line. */
PPTP_API pptp_err pptp_hdlc_idle(pptp_hdlc *hdlc);

/** Encode a frame whole: flag, octets, FCS, flag.
 *  @param frame  not altered, must not overlap the output
 *  @param len    peers discard frames of less than 2 octets
 *  @param cap    at least pptp_hdlc_encode_max(len), so that success does not depend on the content
 *  @return octets written · PPTP_ERR_ARG, PPTP_ERR_SIZE: cap. RFC 1662 4.1, 4.2. */
PPTP_API pptp_ssize pptp_hdlc_encode(pptp_hdlc *hdlc, const uint8_t *frame, size_t len, uint8_t *ret_data,
                                     size_t cap);

#define PPTP_HDLC_PART_MIN 64u      /* smallest cap of pptp_hdlc_encode_part */
#define PPTP_HDLC_DONE     SIZE_MAX /* its position behind the closing flag */

/** Encode a frame piece by piece, for output in small buffers. Call it with the same frame until *position is
 *  PPTP_HDLC_DONE. Position 0 in the middle of another frame aborts that one on the line, with 7D 7E.
 *  @param position  0 to begin; then where the next call goes on
 *  @param cap       at least PPTP_HDLC_PART_MIN
 *  @return octets written, some at least; the end of cap is left free where the next step might not fit
 *          · PPTP_ERR_ARG: also for a position that
 *          no call gave, PPTP_ERR_SIZE: cap · PPTP_ERR_STATE: no frame begun. RFC 1662 4.1, 4.2. */
PPTP_API pptp_ssize pptp_hdlc_encode_part(pptp_hdlc *hdlc, const uint8_t *frame, size_t len, size_t *position,
                                          uint8_t *ret_data, size_t cap);

/** What pptp_hdlc_decode found. Frozen layout. */
typedef struct pptp_hdlc_frame {
	const uint8_t *frame; /* in the line's buffer, until the next decode; NULL: none yet */
	size_t len;           /* without FCS */
	uint32_t dropped; /* damaged frames between the frame before and this one, for those who must know,
	                   * such as VJ header decompression (RFC 1144 4.1) */
	uint32_t reserved0;
	uintptr_t reserved[4];
} pptp_hdlc_frame;

/** Take octets from the line, in any split, up to the end of the first good frame. Damaged frames are counted
 *  and passed over.
 *  @param data  not kept
 *  @param ret   the frame, if there is one: take it, then call again with the rest of the octets
 *  @return octets consumed, all of them when there is no frame · PPTP_ERR_ARG · PPTP_ERR_STATE: no buffer.
 *          RFC 1662 3.1, 4.2, 4.3. */
PPTP_API pptp_ssize pptp_hdlc_decode(pptp_hdlc *hdlc, const uint8_t *data, size_t len, pptp_hdlc_frame *ret);

/** A counter, PPTP_HDLC_RECEIVED .. PPTP_HDLC_COUNTS - 1; 0 for others. */
PPTP_API uint32_t pptp_hdlc_count(const pptp_hdlc *hdlc, uint32_t which);

#ifdef __cplusplus
}
#endif
#endif
