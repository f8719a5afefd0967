/* des: DES encryption of one block (FIPS 46-3), as MS-CHAP uses it: with keys of 56 bits without parity. */
#ifndef PPP_DES_H
#define PPP_DES_H

#include <stdint.h>

#define DES_KEY_OCTETS   7u
#define DES_BLOCK_OCTETS 8u

/** @param key  56 bits; the parity bit behind each seven of them is inserted here */
void des_encrypt(const uint8_t key[DES_KEY_OCTETS], const uint8_t block[DES_BLOCK_OCTETS],
                 uint8_t ret[DES_BLOCK_OCTETS]);

#endif
