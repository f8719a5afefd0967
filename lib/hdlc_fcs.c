/* hdlc_fcs: the FCS-16 over many octets (RFC 1662 C.2), without waiting for one before the next.
 *
 * Long runs are folded: see fold(). What is left goes through 16 tables, 16 octets at once, of which only the
 * first two must wait for those before. */
#include "hdlc_fcs.h"

#if PPTP_HDLC_TABLES > 0

/* The tables are computed by the compiler: what an octet adds is the sum of what its bits add. */
#define BIT(i, n, value) (((i) >> (n)) % 2 ? (value) : 0)
#define ENTRY(i, b7, b6, b5, b4, b3, b2, b1, b0)                                                             \
	BIT(i, 7, b7) ^ BIT(i, 6, b6) ^ BIT(i, 5, b5) ^ BIT(i, 4, b4) ^ BIT(i, 3, b3) ^ BIT(i, 2, b2) ^      \
	        BIT(i, 1, b1) ^ BIT(i, 0, b0)
#define ROW4(i, ...)                                                                                         \
	ENTRY(i, __VA_ARGS__), ENTRY(i + 1, __VA_ARGS__), ENTRY(i + 2, __VA_ARGS__), ENTRY(i + 3, __VA_ARGS__)
#define ROW16(i, ...)                                                                                        \
	ROW4(i, __VA_ARGS__), ROW4(i + 4, __VA_ARGS__), ROW4(i + 8, __VA_ARGS__), ROW4(i + 12, __VA_ARGS__)
#define ROW64(i, ...)                                                                                        \
	ROW16(i, __VA_ARGS__), ROW16(i + 16, __VA_ARGS__), ROW16(i + 32, __VA_ARGS__),                       \
	        ROW16(i + 48, __VA_ARGS__)
#define TABLE(...)                                                                                           \
	{                                                                                                    \
		ROW64(0, __VA_ARGS__), ROW64(64, __VA_ARGS__), ROW64(128, __VA_ARGS__),                      \
		        ROW64(192, __VA_ARGS__)                                                              \
	}

/* The states of a register that begins as the polynomial and has zeros shifted into it: eight to a table. */
/* clang-format off */
const uint16_t pptp_hdlc_tables[PPTP_HDLC_TABLES][256] = {
	TABLE(0x8408, 0x4204, 0x2102, 0x1081, 0x8C48, 0x4624, 0x2312, 0x1189),
#if PPTP_HDLC_TABLES == 16
	TABLE(0x8CCC, 0x4666, 0x2333, 0x9591, 0xCEC0, 0x6760, 0x33B0, 0x19D8),
	TABLE(0x0CEC, 0x0676, 0x033B, 0x8595, 0xC6C2, 0x6361, 0xB5B8, 0x5ADC),
	TABLE(0x2D6E, 0x16B7, 0x8F53, 0xC3A1, 0xE5D8, 0x72EC, 0x3976, 0x1CBB),
	TABLE(0x8A55, 0xC122, 0x6091, 0xB440, 0x5A20, 0x2D10, 0x1688, 0x0B44),
	TABLE(0x05A2, 0x02D1, 0x8560, 0x42B0, 0x2158, 0x10AC, 0x0856, 0x042B),
	TABLE(0x861D, 0xC706, 0x6383, 0xB5C9, 0xDEEC, 0x6F76, 0x37BB, 0x9FD5),
	TABLE(0xCBE2, 0x65F1, 0xB6F0, 0x5B78, 0x2DBC, 0x16DE, 0x0B6F, 0x81BF),
	TABLE(0xC4D7, 0xE663, 0xF739, 0xFF94, 0x7FCA, 0x3FE5, 0x9BFA, 0x4DFD),
	TABLE(0xA2F6, 0x517B, 0xACB5, 0xD252, 0x6929, 0xB09C, 0x584E, 0x2C27),
	TABLE(0x921B, 0xCD05, 0xE28A, 0x7145, 0xBCAA, 0x5E55, 0xAB22, 0x5591),
	TABLE(0xAEC0, 0x5760, 0x2BB0, 0x15D8, 0x0AEC, 0x0576, 0x02BB, 0x8555),
	TABLE(0xC6A2, 0x6351, 0xB5A0, 0x5AD0, 0x2D68, 0x16B4, 0x0B5A, 0x05AD),
	TABLE(0x86DE, 0x436F, 0xA5BF, 0xD6D7, 0xEF63, 0xF3B9, 0xFDD4, 0x7EEA),
	TABLE(0x3F75, 0x9BB2, 0x4DD9, 0xA2E4, 0x5172, 0x28B9, 0x9054, 0x482A),
	TABLE(0x2415, 0x9602, 0x4B01, 0xA188, 0x50C4, 0x2862, 0x1431, 0x8E10),
#endif
};
/* clang-format on */

#endif

#if PPTP_HDLC_TABLES == 16

#define tables pptp_hdlc_tables

static inline uint32_t add_16(uint32_t fcs, const uint8_t *from)
{
	return (uint32_t)(tables[13][from[2]] ^ tables[12][from[3]] ^ tables[11][from[4]] ^
	                  tables[10][from[5]] ^ tables[9][from[6]] ^ tables[8][from[7]] ^ tables[7][from[8]] ^
	                  tables[6][from[9]] ^ tables[5][from[10]] ^ tables[4][from[11]] ^
	                  tables[3][from[12]] ^ tables[2][from[13]] ^ tables[1][from[14]] ^
	                  tables[0][from[15]] ^ tables[15][(fcs ^ from[0]) & 0xFF] ^
	                  tables[14][fcs >> 8 ^ from[1]]);
}

/* The same for less than 16. */
static inline uint32_t add_rest(uint32_t fcs, const uint8_t *from, size_t len)
{
	const uint8_t *end;
	uint32_t sum;
	if (len < 2)
		return len > 0 ? hdlc_fcs_add(fcs, from[0]) : fcs;
	end = from + len;
	sum = (uint32_t)tables[len - 1][(fcs ^ from[0]) & 0xFF] ^ tables[len - 2][fcs >> 8 ^ from[1]];
	switch (len) {
	case 15:
		sum ^= tables[12][end[-13]]; /* fall through */
	case 14:
		sum ^= tables[11][end[-12]]; /* fall through */
	case 13:
		sum ^= tables[10][end[-11]]; /* fall through */
	case 12:
		sum ^= tables[9][end[-10]]; /* fall through */
	case 11:
		sum ^= tables[8][end[-9]]; /* fall through */
	case 10:
		sum ^= tables[7][end[-8]]; /* fall through */
	case 9:
		sum ^= tables[6][end[-7]]; /* fall through */
	case 8:
		sum ^= tables[5][end[-6]]; /* fall through */
	case 7:
		sum ^= tables[4][end[-5]]; /* fall through */
	case 6:
		sum ^= tables[3][end[-4]]; /* fall through */
	case 5:
		sum ^= tables[2][end[-3]]; /* fall through */
	case 4:
		sum ^= tables[1][end[-2]]; /* fall through */
	case 3:
		sum ^= tables[0][end[-1]];
	}
	return sum;
}

static uint32_t add_octets(uint32_t fcs, const uint8_t *data, size_t len)
{
	for (; len >= 16; len -= 16, data += 16)
		fcs = add_16(fcs, data);
	return add_rest(fcs, data, len);
}

#else

static uint32_t add_octets(uint32_t fcs, const uint8_t *data, size_t len)
{
	for (; len > 0; len--)
		fcs = hdlc_fcs_add(fcs, *data++);
	return fcs;
}

#endif

#if PPTP_HDLC_TABLES > 0

#define WORDS        16u
#define BLOCK_OCTETS 128u /* 16 words */

static inline uint64_t word_at(const uint8_t *from, unsigned at)
{
	uint64_t word; /* in the machine's byte order, which does not matter for sums */
	memcpy(&word, from + 8 * at, sizeof word);
	return word;
}

static inline void fold_word(uint64_t *sum, unsigned at, const uint8_t *block)
{
	sum[at] ^= word_at(block, at) ^ sum[(at + 12) % WORDS] ^ sum[(at + 5) % WORDS];
}

static inline void fold_block(uint64_t *sum, const uint8_t *block)
{
	fold_word(sum, 0, block);
	fold_word(sum, 1, block);
	fold_word(sum, 2, block);
	fold_word(sum, 3, block);
	fold_word(sum, 4, block);
	fold_word(sum, 5, block);
	fold_word(sum, 6, block);
	fold_word(sum, 7, block);
	fold_word(sum, 8, block);
	fold_word(sum, 9, block);
	fold_word(sum, 10, block);
	fold_word(sum, 11, block);
	fold_word(sum, 12, block);
	fold_word(sum, 13, block);
	fold_word(sum, 14, block);
	fold_word(sum, 15, block);
}

/* For at least two blocks. The square of a polynomial has the squares of its terms. So the 64th power of ours
 * is x^1024 + x^768 + x^320 + 1, and as all its multiples leave the FCS as it is, a word of 64 bits may be
 * taken away when it is added to those 4, 11 and 16 words behind it (256, 704 and 1,024 bits). `sum` holds
 * the last 16 words as they were when they were taken away; what they add to the block behind them is added
 * to it at the end. */
static uint32_t fold(uint32_t fcs, const uint8_t *data, size_t len)
{
	uint64_t sum[WORDS] = {0};
	uint8_t first[2];
	unsigned at;
	first[0] = (uint8_t)fcs; /* an FCS adds to the two octets behind it */
	first[1] = (uint8_t)(fcs >> 8);
	memcpy(sum, first, sizeof first);
	for (; len >= 2 * BLOCK_OCTETS; len -= BLOCK_OCTETS, data += BLOCK_OCTETS)
		fold_block(sum, data);
	for (at = 0; at < 4; at++)
		sum[at] ^= word_at(data, at) ^ sum[at + 12] ^ sum[at + 5];
	for (; at < 11; at++)
		sum[at] ^= word_at(data, at) ^ sum[at + 5];
	for (; at < WORDS; at++)
		sum[at] ^= word_at(data, at);
	fcs = add_octets(0, (const uint8_t *)sum, sizeof sum);
	return add_octets(fcs, data + BLOCK_OCTETS, len - BLOCK_OCTETS);
}

uint16_t pptp_hdlc_fcs(uint16_t fcs, const uint8_t *data, size_t len)
{
	if (!data && len > 0)
		return 0;
	return (uint16_t)(len < 2 * BLOCK_OCTETS ? add_octets(fcs, data, len) : fold(fcs, data, len));
}

#else

uint16_t pptp_hdlc_fcs(uint16_t fcs, const uint8_t *data, size_t len)
{
	if (!data && len > 0)
		return 0;
	return (uint16_t)add_octets(fcs, data, len);
}

#endif
