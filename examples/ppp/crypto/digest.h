/* digest: MD4, MD5 and SHA-1 (RFC 1320, 1321, 3174), for what PPP's authentication is made of. All three are
 * broken; nothing new should use them. */
#ifndef PPP_DIGEST_H
#define PPP_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_BLOCK_OCTETS 64u
#define MD4_OCTETS          16u
#define MD5_OCTETS          16u
#define SHA1_OCTETS         20u

enum digest_kind { DIGEST_MD4, DIGEST_MD5, DIGEST_SHA1 };

struct digest {
	enum digest_kind kind;
	uint32_t state[5];
	uint64_t octets;
	uint8_t block[DIGEST_BLOCK_OCTETS];
};

void digest_begin(struct digest *digest, enum digest_kind kind);
void digest_put(struct digest *digest, const void *data, size_t len);
/** Writes 16 octets, or 20 for SHA-1, and wipes the digest. */
void digest_end(struct digest *digest, uint8_t *ret);

/* One block each, for digest.c. */
void md4_block(uint32_t state[5], const uint8_t *block);
void md5_block(uint32_t state[5], const uint8_t *block);
void sha1_block(uint32_t state[5], const uint8_t *block);

static inline uint32_t digest_rotate(uint32_t value, unsigned bits)
{
	return value << bits | value >> (32 - bits);
}

static inline uint32_t digest_load_little(const uint8_t *from)
{
	return (uint32_t)from[3] << 24 | (uint32_t)from[2] << 16 | (uint32_t)from[1] << 8 | from[0];
}

#endif
