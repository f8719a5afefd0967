/* hdlc_word: eight octets at once, in any byte order (internal). Octet k stands in bits 8k to 8k + 7; a mark
 * is bit 7 of an octet. No test depends on a branch. */
#ifndef PPTP_HDLC_WORD_H
#define PPTP_HDLC_WORD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define WORD_OCTETS 8u
#define WORD_EACH   UINT64_C(0x0101010101010101) /* times an octet: that octet eight times */
#define WORD_MARKS  (WORD_EACH * 0x80)
#define WORD_PLACES UINT64_C(0x0706050403020100) /* 0 .. 7 */

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

static inline uint64_t word_load(const uint8_t *from)
{
	uint64_t word;
	memcpy(&word, from, sizeof word);
	return word;
}

static inline uint32_t word_load_half(const uint8_t *from)
{
	uint32_t half;
	memcpy(&half, from, sizeof half);
	return half;
}

static inline void word_store(uint8_t *to, uint64_t word)
{
	memcpy(to, &word, sizeof word);
}

#else

static inline uint32_t word_load_half(const uint8_t *from)
{
	return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static inline uint64_t word_load(const uint8_t *from)
{
	return word_load_half(from) | (uint64_t)word_load_half(from + 4) << 32;
}

static inline void word_store(uint8_t *to, uint64_t word)
{
	unsigned k;
	for (k = 0; k < WORD_OCTETS; k++)
		to[k] = (uint8_t)(word >> 8 * k);
}

#endif

/* 1 to 7 octets, with zeros behind. */
static inline uint64_t word_load_part(const uint8_t *from, size_t octets)
{
	size_t middle = octets / 2, last = octets - 1;
	if (octets < 4)
		return from[0] | (uint64_t)from[middle] << 8 * middle | (uint64_t)from[last] << 8 * last;
	return word_load_half(from) | (uint64_t)word_load_half(from + octets - 4) << 8 * (octets - 4);
}

/* The low seven bits of each octet: sums below 0x100 stay in their octet. */
static inline uint64_t word_low(uint64_t word)
{
	return word & ~WORD_MARKS;
}

/* Marks where an octet is 7D or 7E: where 3 more reach bit 7, and 1 more does not. */
static inline uint64_t word_specials(uint64_t word)
{
	uint64_t low = word_low(word);
	return (low + WORD_EACH * 3) & ~(low + WORD_EACH) & ~word & WORD_MARKS;
}

/* Of these, 7D has bit 0 and 7E has bit 1. */
static inline uint64_t word_escapes(uint64_t word)
{
	return word_specials(word) & word << 7;
}

static inline uint64_t word_flags(uint64_t word)
{
	return word_specials(word) & word << 6;
}

/* Marks where an octet is below 20: where 60 more do not reach bit 7. */
static inline uint64_t word_controls(uint64_t word)
{
	return ~(word_low(word) + WORD_EACH * 0x60) & ~word & WORD_MARKS;
}

/* Marks where an octet is a control that the map names. */
static inline uint64_t word_named(uint64_t word, uint32_t accm)
{
	uint64_t named = accm ? WORD_MARKS : 0;
	unsigned shift;
	if (accm + 1 > 1) { /* neither none of them nor all */
		named = 0;
		for (shift = 0; shift < 64; shift += 8)
			named |= (uint64_t)(accm >> (word >> shift & 0x1F) & 1) << (shift + 7);
	}
	return word_controls(word) & named;
}

/* In each octet, the number of marks up to it and with it; in the last, of all. */
static inline uint64_t word_count(uint64_t marks)
{
	return (marks >> 7) * WORD_EACH;
}

/* Write octet k to the place that octet k of `places` says, in this order. In halves, which takes fewer
 * shifts. */
static inline void word_scatter(uint8_t *to, uint64_t word, uint64_t places)
{
	uint32_t octets = (uint32_t)word, place = (uint32_t)places;
	to[(uint8_t)place] = (uint8_t)octets;
	to[(uint8_t)(place >> 8)] = (uint8_t)(octets >> 8);
	to[(uint8_t)(place >> 16)] = (uint8_t)(octets >> 16);
	to[place >> 24] = (uint8_t)(octets >> 24);
	octets = (uint32_t)(word >> 32);
	place = (uint32_t)(places >> 32);
	to[(uint8_t)place] = (uint8_t)octets;
	to[(uint8_t)(place >> 8)] = (uint8_t)(octets >> 8);
	to[(uint8_t)(place >> 16)] = (uint8_t)(octets >> 16);
	to[place >> 24] = (uint8_t)(octets >> 24);
}

/* Copy words while there is no 7D and no 7E in them, and no control, if they count. Returns how many. */
static inline size_t word_copy_plain(uint8_t *to, const uint8_t *from, size_t words, int controls_count)
{
	const uint64_t controls = controls_count ? WORD_MARKS : 0;
	size_t n;
	for (n = 0; n + 2 <= words; n += 2, from += 2 * WORD_OCTETS, to += 2 * WORD_OCTETS) {
		uint64_t one = word_load(from), two = word_load(from + WORD_OCTETS);
		if (word_specials(one) | word_specials(two) |
		    ((word_controls(one) | word_controls(two)) & controls))
			break;
		word_store(to, one);
		word_store(to + WORD_OCTETS, two);
	}
	if (n < words) {
		uint64_t one = word_load(from);
		if ((word_specials(one) | (word_controls(one) & controls)) == 0) {
			word_store(to, one);
			n++;
		}
	}
	return n;
}

#endif
