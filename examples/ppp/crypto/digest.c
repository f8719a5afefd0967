/* digest: what MD4, MD5 and SHA-1 have in common: blocks of 64 octets, the padding, the length at the end. */
#include "digest.h"

#include <string.h>

#include "wipe.h"
#include "wire.h"

#define LENGTH_OCTETS 8u

void digest_begin(struct digest *digest, enum digest_kind kind)
{
	static const uint32_t initial[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};

	memset(digest, 0, sizeof *digest);
	digest->kind = kind;
	memcpy(digest->state, initial, sizeof initial);
}

static void take_block(struct digest *digest)
{
	switch (digest->kind) {
	case DIGEST_MD4:
		md4_block(digest->state, digest->block);
		break;
	case DIGEST_MD5:
		md5_block(digest->state, digest->block);
		break;
	case DIGEST_SHA1:
		sha1_block(digest->state, digest->block);
		break;
	}
}

void digest_put(struct digest *digest, const void *data, size_t len)
{
	const uint8_t *from = data;

	while (len > 0) {
		size_t at = (size_t)(digest->octets % DIGEST_BLOCK_OCTETS), n = DIGEST_BLOCK_OCTETS - at;

		if (n > len)
			n = len;
		memcpy(digest->block + at, from, n);
		digest->octets += n;
		from += n;
		len -= n;
		if (digest->octets % DIGEST_BLOCK_OCTETS == 0)
			take_block(digest);
	}
}

static void store_little(uint8_t *to, uint32_t value)
{
	to[0] = (uint8_t)value;
	to[1] = (uint8_t)(value >> 8);
	to[2] = (uint8_t)(value >> 16);
	to[3] = (uint8_t)(value >> 24);
}

static void put_length(struct digest *digest, uint64_t bits)
{
	uint8_t length[LENGTH_OCTETS];

	if (digest->kind == DIGEST_SHA1) {
		wire_store32(length, (uint32_t)(bits >> 32));
		wire_store32(length + 4, (uint32_t)bits);
	} else {
		store_little(length, (uint32_t)bits);
		store_little(length + 4, (uint32_t)(bits >> 32));
	}
	digest_put(digest, length, sizeof length);
}

void digest_end(struct digest *digest, uint8_t *ret)
{
	static const uint8_t padding[DIGEST_BLOCK_OCTETS] = {0x80};
	uint64_t bits = digest->octets * 8;
	size_t at = (size_t)(digest->octets % DIGEST_BLOCK_OCTETS);
	size_t end = at < DIGEST_BLOCK_OCTETS - LENGTH_OCTETS ? DIGEST_BLOCK_OCTETS : 2 * DIGEST_BLOCK_OCTETS;
	unsigned words = digest->kind == DIGEST_SHA1 ? 5 : 4;

	digest_put(digest, padding, end - LENGTH_OCTETS - at);
	put_length(digest, bits);
	for (unsigned i = 0; i < words; i++) {
		if (digest->kind == DIGEST_SHA1)
			wire_store32(ret + 4 * i, digest->state[i]);
		else
			store_little(ret + 4 * i, digest->state[i]);
	}
	wipe(digest, sizeof *digest);
}
