/* rc4: the stream cipher of MPPE (RFC 3078 3). Broken; MPPE's change of key with every packet is what keeps
 * it from falling apart at once. */
#ifndef PPP_RC4_H
#define PPP_RC4_H

#include <stddef.h>
#include <stdint.h>

struct rc4 {
	uint8_t i, j;
	uint8_t box[256];
};

/** @param len  of the key, 1 to 256 octets */
void rc4_begin(struct rc4 *rc4, const uint8_t *key, size_t len);

/** Encrypt or decrypt in place. */
void rc4_apply(struct rc4 *rc4, uint8_t *data, size_t len);

#endif
