/* MD4, RFC 1320: three rounds of sixteen steps. */
#include "digest.h"

static uint32_t choose(uint32_t x, uint32_t y, uint32_t z)
{
	return (x & y) | (~x & z);
}

static uint32_t majority(uint32_t x, uint32_t y, uint32_t z)
{
	return (x & y) | (x & z) | (y & z);
}

static uint32_t parity(uint32_t x, uint32_t y, uint32_t z)
{
	return x ^ y ^ z;
}

/* RFC 1320 3.4: which word each step of a round takes, and how far the result is turned. */
static const struct {
	uint32_t (*function)(uint32_t x, uint32_t y, uint32_t z);
	uint32_t constant;
	uint8_t shifts[4];
	uint8_t words[16];
} rounds[3] = {
        {choose, 0, {3, 7, 11, 19}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
        {majority, 0x5A827999, {3, 5, 9, 13}, {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15}},
        {parity, 0x6ED9EBA1, {3, 9, 11, 15}, {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}},
};

void md4_block(uint32_t state[5], const uint8_t *block)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];

	for (unsigned round = 0; round < 3; round++) {
		for (unsigned step = 0; step < 16; step++) {
			uint32_t word = digest_load_little(block + 4u * rounds[round].words[step]);
			uint32_t sum = a + rounds[round].function(b, c, d) + word + rounds[round].constant;

			a = d;
			d = c;
			c = b;
			b = digest_rotate(sum, rounds[round].shifts[step % 4]);
		}
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
}
