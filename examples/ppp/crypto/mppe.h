/* mppe: Microsoft Point-to-Point Encryption, one direction (RFC 3078, 3079): what is behind the protocol
 * field 00FD. It hides less than it seems: the keys come from the password, and nothing protects what is sent
 * from being changed. */
#ifndef PPP_MPPE_H
#define PPP_MPPE_H

#include <stddef.h>
#include <stdint.h>

#include "mschap.h"
#include "rc4.h"

#define MPPE_HEADER_OCTETS 2u

enum mppe_bits { MPPE_40 = 40, MPPE_56 = 56, MPPE_128 = 128 };

/** What became of a packet. */
enum mppe_result {
	MPPE_OK,
	MPPE_LATE,      /* older than one that was decrypted, or once more: drop */
	MPPE_LOST_SYNC, /* stateful: packets were lost; drop, and send a Reset-Request */
	MPPE_CLEAR,     /* the packet says that it is not encrypted: drop */
	MPPE_GARBAGE,   /* too short, or what came out is no protocol that may be encrypted: drop */
	MPPE_RESULTS
};

struct mppe {
	struct rc4 cipher;
	uint8_t start_key[MPPE_KEY_MAX], session_key[MPPE_KEY_MAX];
	uint8_t key_octets, bits;
	uint8_t stateless;
	uint8_t flush;   /* sender: the next packet starts anew */
	uint8_t waiting; /* receiver: for a packet that starts anew */
	uint16_t count;  /* sender: of the next packet; receiver: of the next one expected */
};

size_t mppe_key_octets(enum mppe_bits bits);

/** Begin with a start key; count 0. */
void mppe_begin(struct mppe *mppe, enum mppe_bits bits, int stateless, const uint8_t *start_key);

/** Encrypt in place what begins with the inner protocol field, two octets, and write the header of
 *  MPPE_HEADER_OCTETS in front of it. */
void mppe_encrypt(struct mppe *mppe, uint8_t *data, size_t len);

/** Decrypt in place a packet that begins with the header; on MPPE_OK the inner protocol field begins at data
 * + MPPE_HEADER_OCTETS. After any other result the contents are of no use. */
enum mppe_result mppe_decrypt(struct mppe *mppe, uint8_t *data, size_t len);

/** A Reset-Request came: the next packet starts anew. Nothing to do where each packet does. */
void mppe_reset_requested(struct mppe *mppe);

#endif
