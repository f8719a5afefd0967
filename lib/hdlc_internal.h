/* hdlc_internal: a line, and what its parts share (internal). RFC 1662. */
#ifndef PPTP_HDLC_INTERNAL_H
#define PPTP_HDLC_INTERNAL_H

#include "pptp/hdlc.h"
#include "object.h"
#include "release.h"

/* Tables of 512 octets for the FCS: 16 for the most speed, 1, or 0 for the least flash. With 0 all work is
 * done octet by octet. A matter of speed and size, never of results. */
#ifndef PPTP_HDLC_TABLES
#define PPTP_HDLC_TABLES 16
#endif
#if PPTP_HDLC_TABLES != 0 && PPTP_HDLC_TABLES != 1 && PPTP_HDLC_TABLES != 16
#error "PPTP_HDLC_TABLES is 0, 1 or 16"
#endif

#define HDLC_FLAG      0x7Eu
#define HDLC_ESCAPE    0x7Du
#define HDLC_TOGGLE    0x20u /* an escaped octet is sent with this bit inverted */
#define HDLC_FRAME_MIN 4u    /* octets with FCS (RFC 1662 4.3) */

enum { HDLC_OUTSIDE = 0, HDLC_IN_FRAME = 1, HDLC_TOO_LONG = 2 };

struct pptp_hdlc {
	uint8_t *buffer;
	size_t room;      /* octets of the buffer */
	size_t at;        /* octets of the frame in it */
	uint32_t dropped; /* damaged frames since the last good one */
	uint32_t recv_accm;
	uint32_t send_accm;
	uint32_t frame_accm; /* map of the frame being sent */
	uint16_t frame_fcs;  /* its FCS so far */
	uint8_t flags;
	uint8_t sending;      /* it is begun and not finished */
	uint8_t closed;       /* the last octet sent was the flag behind a frame */
	uint8_t state;        /* of receiving: HDLC_OUTSIDE .. HDLC_TOO_LONG */
	uint8_t escaped;      /* the last octet received was an escape */
	uint8_t brief;        /* the last frame received had few octets */
	pptp_release release; /* of heap memory, or NULL */
	uint32_t counts[PPTP_HDLC_COUNTS];
};

/* Count a frame as damaged and forget it. */
void pptp_hdlc_drop(pptp_hdlc *hdlc, uint32_t why);

/* Take a flag; 1: it closes a good frame, which stands in the buffer. Take another octet of a frame. */
int pptp_hdlc_take_flag(pptp_hdlc *hdlc);
void pptp_hdlc_take_octet(pptp_hdlc *hdlc, uint32_t octet);

/* Take octets, at least one, or another state; at most up to the end of a good frame. */
const uint8_t *pptp_hdlc_take(pptp_hdlc *hdlc, const uint8_t *from, const uint8_t *end, int *ret_good);

/* Its parts, where there are tables. Words of a frame for which there is room, up to one with a flag or with
 * a control to be dropped. Octets from the beginning of a frame, at most as many as there is room for, to the
 * end of a good one. */
const uint8_t *pptp_hdlc_unstuff(pptp_hdlc *hdlc, const uint8_t *from, size_t words);
const uint8_t *pptp_hdlc_take_brief(pptp_hdlc *hdlc, const uint8_t *from, size_t octets, int *ret_good);

/* Write words of eight octets, escaped where the map says so: at most 16 octets for each. */
uint8_t *pptp_hdlc_stuff(uint8_t *to, const uint8_t *from, size_t words, uint32_t accm);

#endif
