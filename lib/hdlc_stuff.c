/* hdlc_stuff: words of a frame to octets of the line (RFC 1662 4.2). */
#include "hdlc_escape.h"

#if PPTP_HDLC_TABLES > 0

#define BLOCK_OCTETS 64 /* written alike before asking whether there are still many escapes */

/* Write a word with at most one octet to be escaped; returns the number of escapes. */
static inline size_t stuff_one(uint8_t *to, uint64_t word, uint64_t mark)
{
	const uint64_t bit = mark >> 7, before = bit - 1;
	word ^= mark >> 2;
	word_store(to, (word & before) | bit * HDLC_ESCAPE | (word & ~before) << 8);
	to[WORD_OCTETS] = (uint8_t)(word >> 56);
	return mark != 0;
}

/* Write words without asking what is in them. */
static uint8_t *stuff_block(uint8_t *to, const uint8_t *from, size_t words, uint32_t accm)
{
	for (; words > 0; words--, from += WORD_OCTETS) {
		uint64_t word = word_load(from);
		to += WORD_OCTETS + escape_put(to, word, escape_marks(word, accm));
	}
	return to;
}

/* Write words. Those in which nothing is to be escaped are copied. A word with more than one octet to be
 * escaped begins a block that is written without asking, since a branch that is guessed wrong costs more, and
 * so do the following blocks while there are many. */
uint8_t *pptp_hdlc_stuff(uint8_t *to, const uint8_t *from, size_t words, uint32_t accm)
{
	const uint8_t *end = from + words * WORD_OCTETS;
	while (from < end) {
		uint64_t word, marks;
		size_t plain, left = (size_t)(end - from) / WORD_OCTETS, octets;
		plain = accm ? word_copy_plain(to, from, left, 1) : word_copy_plain(to, from, left, 0);
		from += plain * WORD_OCTETS;
		to += plain * WORD_OCTETS;
		if (from == end)
			break;
		word = word_load(from);
		marks = escape_marks(word, accm);
		if ((marks & (marks - 1)) == 0) {
			to += WORD_OCTETS + stuff_one(to, word, marks);
			from += WORD_OCTETS;
			continue;
		}
		do {
			uint8_t *start = to;
			octets = end - from < BLOCK_OCTETS ? (size_t)(end - from) : BLOCK_OCTETS;
			to = stuff_block(to, from, octets / WORD_OCTETS, accm);
			from += octets;
			octets = (size_t)(to - start) - octets;
		} while (octets > 2 && from < end);
	}
	return to;
}

#endif
