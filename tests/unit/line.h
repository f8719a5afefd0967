/* line: an HDLC line under test, with memory of exactly the size it asked for, and what it received. */
#ifndef LINE_H
#define LINE_H

#include "check.h"
#include <pptp/pptp.h>

#define ALL_CONTROLS 0xFFFFFFFFu
#define LINE_ROOM    1506u /* MRU 1500 and 6 */

typedef struct line {
	pptp_hdlc *hdlc;
	void *memory;
	uint8_t *buffer;
	uint8_t *got; /* frames one behind the other, each with its length in two octets in front */
	size_t got_len, got_cap;
	uint32_t frames, dropped;
} line;

pptp_hdlc_options line_options(uint32_t flags, uint32_t send_accm, uint32_t recv_accm);

/** Open a line with a buffer of so many octets (0: none). */
void line_open(line *l, const pptp_hdlc_options *options, size_t room);
void line_close(line *l);

/** Decode all of it, from a copy of exactly its size, and keep the frames. */
void line_feed(line *l, const uint8_t *data, size_t len);
/** The same in two pieces, cut at `cut`, or one octet at a time. */
void line_feed_cut(line *l, const uint8_t *data, size_t len, size_t cut);
void line_feed_octets(line *l, const uint8_t *data, size_t len);

/** Encode into memory of exactly pptp_hdlc_encode_max octets. Returns octets; free *ret. */
size_t line_encode(line *l, const uint8_t *frame, size_t len, uint8_t **ret);

/** What RFC 1662 4.2 says of an octet, written as it says it. Returns 1 or 2 octets. */
size_t line_escape(uint8_t octet, uint32_t accm, uint8_t *ret);

/** FCS bit by bit (RFC 1662 C.2). */
uint16_t line_fcs(uint16_t fcs, const uint8_t *data, size_t len);

/** Octets of "7e 01, ..." into ret; blanks do not matter. */
size_t line_hex(const char *text, uint8_t *ret, size_t cap);

#endif
