/* mppe: Microsoft Point-to-Point Encryption, one direction (RFC 3078, 3079). */
#include "mppe.h"

#include <string.h>

#include "digest.h"
#include "wipe.h"
#include "wire.h"

#define FLAG_FLUSHED   0x8000u /* bit A */
#define FLAG_ENCRYPTED 0x1000u /* bit D */
#define COUNT_MASK     0x0FFFu
#define COUNT_AHEAD    2048u /* a larger distance is one backwards */
#define CHANGE_MASK    0x00FFu

enum { PROTOCOL_IPV4 = 0x21, PROTOCOL_IPV6 = 0x57, PROTOCOL_LAST = 0xFA };

size_t mppe_key_octets(enum mppe_bits bits)
{
	return bits == MPPE_128 ? 16 : 8;
}

/* RFC 3079 3.2, 3.3: weak keys have the same first octets everywhere. */
static void weaken(struct mppe *mppe)
{
	static const uint8_t salt[3] = {0xD1, 0x26, 0x9E};

	if (mppe->bits == MPPE_40)
		memcpy(mppe->session_key, salt, 3);
	else if (mppe->bits == MPPE_56)
		mppe->session_key[0] = salt[0];
}

static void derive(struct mppe *mppe)
{
	uint8_t whole[SHA1_OCTETS], zeros[40], pad[40];
	struct digest digest;

	memset(zeros, 0, sizeof zeros);
	memset(pad, 0xF2, sizeof pad);
	digest_begin(&digest, DIGEST_SHA1);
	digest_put(&digest, mppe->start_key, mppe->key_octets);
	digest_put(&digest, zeros, sizeof zeros);
	digest_put(&digest, mppe->session_key, mppe->key_octets);
	digest_put(&digest, pad, sizeof pad);
	digest_end(&digest, whole);
	memcpy(mppe->session_key, whole, mppe->key_octets);
	wipe(whole, sizeof whole);
}

static void restart_cipher(struct mppe *mppe)
{
	rc4_begin(&mppe->cipher, mppe->session_key, mppe->key_octets);
}

/* RFC 3078 7.2: the derived key encrypts itself. */
static void change_key(struct mppe *mppe)
{
	derive(mppe);
	restart_cipher(mppe);
	rc4_apply(&mppe->cipher, mppe->session_key, mppe->key_octets);
	weaken(mppe);
	restart_cipher(mppe);
}

void mppe_begin(struct mppe *mppe, enum mppe_bits bits, int stateless, const uint8_t *start_key)
{
	memset(mppe, 0, sizeof *mppe);
	mppe->bits = (uint8_t)bits;
	mppe->key_octets = (uint8_t)mppe_key_octets(bits);
	mppe->stateless = stateless != 0;
	memcpy(mppe->start_key, start_key, mppe->key_octets);
	memcpy(mppe->session_key, start_key, mppe->key_octets);
	derive(mppe);
	weaken(mppe);
	restart_cipher(mppe);
}

static int is_change(uint32_t count)
{
	return (count & CHANGE_MASK) == CHANGE_MASK;
}

void mppe_encrypt(struct mppe *mppe, uint8_t *data, size_t len)
{
	uint32_t flags = FLAG_ENCRYPTED;

	if (mppe->stateless || is_change(mppe->count)) {
		change_key(mppe);
		flags |= FLAG_FLUSHED;
	} else if (mppe->flush) {
		restart_cipher(mppe);
		flags |= FLAG_FLUSHED;
	}
	mppe->flush = 0;
	wire_store16(data - MPPE_HEADER_OCTETS, (uint16_t)(flags | mppe->count));
	mppe->count = (uint16_t)((mppe->count + 1u) & COUNT_MASK);
	rc4_apply(&mppe->cipher, data, len);
}

void mppe_reset_requested(struct mppe *mppe)
{
	mppe->flush = !mppe->stateless;
}

/* RFC 3078 4: what may be encrypted is 0021 to 00FA. As there is no checksum, this is also how it is found
 * out whether the key was right; so IP has to look like it, and only IP may come with a protocol of one
 * octet, which few peers send: else every second guess would pass. */
static int is_inner_protocol(const uint8_t *data, size_t len)
{
	uint32_t number, version;

	if (len < 3)
		return 0;
	number = data[0] == 0 ? data[1] : data[0];
	version = (data[0] == 0 ? data[2] : data[1]) >> 4;
	if (number == PROTOCOL_IPV4 || number == PROTOCOL_IPV6)
		return version == (number == PROTOCOL_IPV4 ? 4 : 6);
	return data[0] == 0 && number > PROTOCOL_IPV4 && number <= PROTOCOL_LAST && (number & 1) != 0;
}

/* Each packet has a key of its own: as many changes as packets were sent. A packet that makes no sense must
 * not move the key, or one that was forged would end the session. */
static enum mppe_result decrypt_stateless(struct mppe *mppe, uint32_t count, uint8_t *data, size_t len)
{
	uint32_t ahead = (count - mppe->count) & COUNT_MASK;
	struct mppe before = *mppe;
	enum mppe_result result = MPPE_OK;

	if (ahead >= COUNT_AHEAD)
		return MPPE_LATE;
	for (uint32_t i = 0; i <= ahead; i++)
		change_key(mppe);
	rc4_apply(&mppe->cipher, data, len);
	mppe->count = (uint16_t)((count + 1) & COUNT_MASK);
	if (!is_inner_protocol(data, len)) {
		*mppe = before;
		result = MPPE_GARBAGE;
	}
	wipe(&before, sizeof before);
	return result;
}

/* What makes no sense must not move the cipher, as above. Where it was the key that is wrong, the next packet
 * is one after a gap. */
static enum mppe_result decrypt_stateful(struct mppe *mppe, uint32_t count, int flushed, uint8_t *data,
                                         size_t len)
{
	uint32_t ahead = (count - mppe->count) & COUNT_MASK;
	enum mppe_result result = MPPE_OK;
	struct mppe before;

	if (ahead > COUNT_AHEAD)
		return MPPE_LATE;
	if ((ahead != 0 || mppe->waiting) && !flushed) {
		mppe->waiting = 1;
		return MPPE_LOST_SYNC;
	}
	before = *mppe;
	for (uint32_t i = 0; i < ahead; i++)
		if (is_change(mppe->count + i))
			change_key(mppe);
	if (is_change(count))
		change_key(mppe);
	else if (flushed)
		restart_cipher(mppe);
	rc4_apply(&mppe->cipher, data, len);
	mppe->count = (uint16_t)((count + 1) & COUNT_MASK);
	mppe->waiting = 0;
	if (!is_inner_protocol(data, len)) {
		*mppe = before;
		result = MPPE_GARBAGE;
	}
	wipe(&before, sizeof before);
	return result;
}

enum mppe_result mppe_decrypt(struct mppe *mppe, uint8_t *data, size_t len)
{
	uint32_t header;

	if (len <= MPPE_HEADER_OCTETS)
		return MPPE_GARBAGE;
	header = wire_load16(data);
	if (!(header & FLAG_ENCRYPTED))
		return MPPE_CLEAR;
	data += MPPE_HEADER_OCTETS;
	len -= MPPE_HEADER_OCTETS;
	if (mppe->stateless)
		return decrypt_stateless(mppe, header & COUNT_MASK, data, len);
	return decrypt_stateful(mppe, header & COUNT_MASK, (header & FLAG_FLUSHED) != 0, data, len);
}
