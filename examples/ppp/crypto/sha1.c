/* SHA-1, RFC 3174: four rounds of twenty steps. */
#include "digest.h"
#include "wire.h"

static uint32_t mix(unsigned round, uint32_t x, uint32_t y, uint32_t z)
{
	switch (round) {
	case 0:
		return (x & y) | (~x & z);
	case 2:
		return (x & y) | (x & z) | (y & z);
	default:
		return x ^ y ^ z;
	}
}

void sha1_block(uint32_t state[5], const uint8_t *block)
{
	static const uint32_t constants[4] = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
	uint32_t words[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];

	for (unsigned i = 0; i < 16; i++)
		words[i] = wire_load32(block + 4u * i);
	for (unsigned i = 16; i < 80; i++)
		words[i] = digest_rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
	for (unsigned i = 0; i < 80; i++) {
		uint32_t sum = digest_rotate(a, 5) + mix(i / 20, b, c, d) + e + words[i] + constants[i / 20];

		e = d;
		d = c;
		c = digest_rotate(b, 30);
		b = a;
		a = sum;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}
