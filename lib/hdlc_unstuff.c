/* hdlc_unstuff: words with many escapes (RFC 1662 4.2). All are taken alike: a branch that is guessed wrong
 * costs as much as ten octets. */
#include "hdlc_escape.h"

#if PPTP_HDLC_TABLES > 0

#define EVERY_OTHER (EVEN_OCTETS & WORD_MARKS)

/* Write the second, fourth, sixth and eighth octet of a word. */
static inline size_t leave_out_every_other(uint8_t *to, uint64_t word)
{
	word = word >> 8 & EVEN_OCTETS;
	word = (word | word >> 8) & UINT64_C(0x0000FFFF0000FFFF);
	word_store(to, word | word >> 16);
	return WORD_OCTETS / 2;
}

const uint8_t *pptp_hdlc_unstuff(pptp_hdlc *hdlc, const uint8_t *from, size_t words)
{
	const uint64_t controls = hdlc->recv_accm ? WORD_MARKS : 0;
	uint8_t *to = hdlc->buffer + hdlc->at;
	uint64_t escaped = hdlc->escaped;
	for (; words > 0; words--, from += WORD_OCTETS) {
		uint64_t word = word_load(from), escapes = word_escapes(word);
		if ((word_flags(word) | (word_controls(word) & controls)) != 0 &&
		    (word_flags(word) | word_named(word, hdlc->recv_accm)) != 0)
			break;
		escapes = escape_among(escapes, escaped);
		word ^= (escapes << 8 | escaped << 7) >> 2;
		escaped = escapes >> 63;
		if (escapes == EVERY_OTHER)
			to += leave_out_every_other(to, word);
		else
			to += escape_leave_out(to, word, escapes);
	}
	hdlc->at = (size_t)(to - hdlc->buffer);
	hdlc->escaped = (uint8_t)escaped;
	return from;
}

#endif
