/* hdlc_escape: escapes put into a word, found in it and left out of it (internal). RFC 1662 4.2. */
#ifndef PPTP_HDLC_ESCAPE_H
#define PPTP_HDLC_ESCAPE_H

#include "hdlc_internal.h"
#include "hdlc_word.h"

#define EVEN_OCTETS UINT64_C(0x00FF00FF00FF00FF)

/* Marks of what is to be escaped. */
static inline uint64_t escape_marks(uint64_t word, uint32_t accm)
{
	return word_specials(word) | word_named(word, accm);
}

/* Write a word with the marked octets escaped: escapes everywhere, and over them the octets at their places.
 * Returns the number of escapes; writes to 16 octets. */
static inline size_t escape_put(uint8_t *to, uint64_t word, uint64_t marks)
{
	uint64_t count = word_count(marks);
	word_store(to, WORD_EACH * HDLC_ESCAPE);
	word_store(to + WORD_OCTETS, WORD_EACH * HDLC_ESCAPE);
	word_scatter(to, word ^ marks >> 2, WORD_PLACES + count);
	return (size_t)(count >> 56);
}

/* Of octets 7D in a row the second, fourth and so on are not escapes but escaped. An addition that carries
 * through the rows that begin at an even octet tells them from the others. */
static inline uint64_t escape_true(uint64_t marks)
{
	uint64_t all = (marks >> 7) * 0xFF, first = all & ~(all << 8);
	uint64_t from_even = all & ~(all + (first & EVEN_OCTETS & WORD_EACH));
	return ((from_even & EVEN_OCTETS) | (all & ~from_even & ~EVEN_OCTETS)) & WORD_MARKS;
}

/* The escapes among octets 7D, when the first octet of the word is escaped (1) or not (0). */
static inline uint64_t escape_among(uint64_t marks, uint64_t escaped)
{
	marks &= ~(escaped << 7);
	return marks & marks << 8 ? escape_true(marks) : marks;
}

/* Write the octets of a word but the marked ones. Returns how many of the 8 octets that are written to count.
 */
static inline size_t escape_leave_out(uint8_t *to, uint64_t word, uint64_t marks)
{
	uint64_t count = word_count(marks);
	word_scatter(to, word, WORD_PLACES - (count << 8));
	return WORD_OCTETS - (size_t)(count >> 56);
}

#endif
