/* mschap: the computations of MS-CHAPv1 and v2 (RFC 2433, 2759). */
#include "mschap.h"

#include <string.h>

#include "des.h"
#include "digest.h"
#include "wipe.h"

/* ---- the password ------------------------------------------------------------------------------------- */

/* One code point of UTF-8; *at moves on. UINT32_MAX: malformed, overlong or a surrogate. */
static uint32_t next_code_point(const uint8_t *text, size_t len, size_t *at)
{
	static const uint32_t smallest[4] = {0, 0x80, 0x800, 0x10000};
	uint8_t first = text[(*at)++];
	unsigned more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
	uint32_t value = more == 0 ? first : first & (0x3Fu >> more);

	if ((first >= 0x80 && first < 0xC2) || first > 0xF4)
		return UINT32_MAX;
	for (unsigned i = 0; i < more; i++) {
		if (*at == len || (text[*at] & 0xC0) != 0x80)
			return UINT32_MAX;
		value = value << 6 | (text[(*at)++] & 0x3Fu);
	}
	if (value < smallest[more] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
		return UINT32_MAX;
	return value;
}

static void put_unit(struct digest *digest, uint32_t unit)
{
	uint8_t little[2] = {(uint8_t)unit, (uint8_t)(unit >> 8)};

	digest_put(digest, little, sizeof little);
	wipe(little, sizeof little);
}

int mschap_nt_hash(const char *password, size_t len, uint8_t ret[MSCHAP_HASH_OCTETS])
{
	const uint8_t *text = (const uint8_t *)password;
	struct digest digest;
	size_t at = 0, units = 0;

	digest_begin(&digest, DIGEST_MD4);
	while (at < len) {
		uint32_t value = next_code_point(text, len, &at);

		units += value > 0xFFFF ? 2 : 1;
		if (value == UINT32_MAX || units > MSCHAP_PASSWORD_UNITS) {
			wipe(&digest, sizeof digest);
			return -1;
		}
		if (value > 0xFFFF) {
			put_unit(&digest, 0xD800 + ((value - 0x10000) >> 10));
			put_unit(&digest, 0xDC00 + ((value - 0x10000) & 0x3FF));
		} else {
			put_unit(&digest, value);
		}
	}
	digest_end(&digest, ret);
	return 0;
}

#define LM_PASSWORD_MAX 14u

int mschap_lm_hash(const char *password, size_t len, uint8_t ret[MSCHAP_HASH_OCTETS])
{
	static const uint8_t constant[DES_BLOCK_OCTETS] = {'K', 'G', 'S', '!', '@', '#', '$', '%'};
	uint8_t upper[LM_PASSWORD_MAX] = {0};

	if (len > LM_PASSWORD_MAX)
		return -1;
	for (size_t i = 0; i < len; i++) {
		uint8_t octet = (uint8_t)password[i];

		if (octet >= 0x80) {
			wipe(upper, sizeof upper);
			return -1;
		}
		upper[i] = octet >= 'a' && octet <= 'z' ? (uint8_t)(octet - 'a' + 'A') : octet;
	}
	des_encrypt(upper, constant, ret);
	des_encrypt(upper + DES_KEY_OCTETS, constant, ret + DES_BLOCK_OCTETS);
	wipe(upper, sizeof upper);
	return 0;
}

/* ---- responses ----------------------------------------------------------------------------------------- */

void mschap_response(const uint8_t challenge[MSCHAP1_CHALLENGE_OCTETS],
                     const uint8_t nt_hash[MSCHAP_HASH_OCTETS], uint8_t ret[MSCHAP_RESPONSE_OCTETS])
{
	uint8_t keys[3 * DES_KEY_OCTETS] = {0};

	memcpy(keys, nt_hash, MSCHAP_HASH_OCTETS);
	for (unsigned i = 0; i < 3; i++)
		des_encrypt(keys + DES_KEY_OCTETS * i, challenge, ret + DES_BLOCK_OCTETS * i);
	wipe(keys, sizeof keys);
}

static size_t domain_octets(const uint8_t *name, size_t len)
{
	size_t octets = 0;

	for (size_t i = 0; i < len; i++)
		if (name[i] == '\\')
			octets = i + 1;
	return octets;
}

void mschap2_challenge_hash(const uint8_t peer_challenge[MSCHAP2_CHALLENGE_OCTETS],
                            const uint8_t authenticator_challenge[MSCHAP2_CHALLENGE_OCTETS],
                            const uint8_t *name, size_t name_len, uint8_t ret[MSCHAP1_CHALLENGE_OCTETS])
{
	size_t domain = domain_octets(name, name_len);
	uint8_t whole[SHA1_OCTETS];
	struct digest digest;

	digest_begin(&digest, DIGEST_SHA1);
	digest_put(&digest, peer_challenge, MSCHAP2_CHALLENGE_OCTETS);
	digest_put(&digest, authenticator_challenge, MSCHAP2_CHALLENGE_OCTETS);
	digest_put(&digest, name + domain, name_len - domain);
	digest_end(&digest, whole);
	memcpy(ret, whole, MSCHAP1_CHALLENGE_OCTETS);
}

/* The texts of RFC 2759 8.7 and RFC 3079 3.4 count without the zero at their end. */
static void put_text(struct digest *digest, const char *text)
{
	digest_put(digest, text, strlen(text));
}

static void hash_of_hash(const uint8_t nt_hash[MSCHAP_HASH_OCTETS], uint8_t ret[MSCHAP_HASH_OCTETS])
{
	struct digest digest;

	digest_begin(&digest, DIGEST_MD4);
	digest_put(&digest, nt_hash, MSCHAP_HASH_OCTETS);
	digest_end(&digest, ret);
}

void mschap2_success(const uint8_t nt_hash[MSCHAP_HASH_OCTETS],
                     const uint8_t nt_response[MSCHAP_RESPONSE_OCTETS],
                     const uint8_t challenge_hash[MSCHAP1_CHALLENGE_OCTETS],
                     uint8_t ret[MSCHAP2_SUCCESS_OCTETS])
{
	static const char digits[] = "0123456789ABCDEF";
	uint8_t hash[MSCHAP_HASH_OCTETS], signature[SHA1_OCTETS];
	struct digest digest;

	hash_of_hash(nt_hash, hash);
	digest_begin(&digest, DIGEST_SHA1);
	digest_put(&digest, hash, sizeof hash);
	digest_put(&digest, nt_response, MSCHAP_RESPONSE_OCTETS);
	put_text(&digest, "Magic server to client signing constant");
	digest_end(&digest, signature);
	digest_begin(&digest, DIGEST_SHA1);
	digest_put(&digest, signature, sizeof signature);
	digest_put(&digest, challenge_hash, MSCHAP1_CHALLENGE_OCTETS);
	put_text(&digest, "Pad to make it do more than one iteration");
	digest_end(&digest, signature);
	ret[0] = 'S';
	ret[1] = '=';
	for (unsigned i = 0; i < SHA1_OCTETS; i++) {
		ret[2 + 2 * i] = (uint8_t)digits[signature[i] >> 4];
		ret[3 + 2 * i] = (uint8_t)digits[signature[i] & 15];
	}
	wipe(hash, sizeof hash);
}

/* ---- keys (RFC 3079) ----------------------------------------------------------------------------------- */

void mppe_start_keys(const uint8_t nt_hash[MSCHAP_HASH_OCTETS],
                     const uint8_t nt_response[MSCHAP_RESPONSE_OCTETS], size_t key_octets,
                     uint8_t ret_client_sends[MPPE_KEY_MAX], uint8_t ret_server_sends[MPPE_KEY_MAX])
{
	static const char *const texts[2] = {
	        "On the client side, this is the send key; on the server side, it is the receive key.",
	        "On the client side, this is the receive key; on the server side, it is the send key."};
	uint8_t *const keys[2] = {ret_client_sends, ret_server_sends};
	uint8_t hash[MSCHAP_HASH_OCTETS], master[SHA1_OCTETS], whole[SHA1_OCTETS], zeros[40], pad[40];
	struct digest digest;

	memset(zeros, 0, sizeof zeros);
	memset(pad, 0xF2, sizeof pad);
	hash_of_hash(nt_hash, hash);
	digest_begin(&digest, DIGEST_SHA1);
	digest_put(&digest, hash, sizeof hash);
	digest_put(&digest, nt_response, MSCHAP_RESPONSE_OCTETS);
	put_text(&digest, "This is the MPPE Master Key");
	digest_end(&digest, master);
	for (unsigned i = 0; i < 2; i++) {
		digest_begin(&digest, DIGEST_SHA1);
		digest_put(&digest, master, MPPE_KEY_MAX);
		digest_put(&digest, zeros, sizeof zeros);
		put_text(&digest, texts[i]);
		digest_put(&digest, pad, sizeof pad);
		digest_end(&digest, whole);
		memcpy(keys[i], whole, key_octets);
	}
	wipe(hash, sizeof hash);
	wipe(master, sizeof master);
	wipe(whole, sizeof whole);
}

void mppe_start_key_v1(const uint8_t nt_hash[MSCHAP_HASH_OCTETS],
                       const uint8_t challenge[MSCHAP1_CHALLENGE_OCTETS], uint8_t ret[MPPE_KEY_MAX])
{
	uint8_t hash[MSCHAP_HASH_OCTETS], whole[SHA1_OCTETS];
	struct digest digest;

	hash_of_hash(nt_hash, hash);
	digest_begin(&digest, DIGEST_SHA1);
	digest_put(&digest, hash, sizeof hash);
	digest_put(&digest, hash, sizeof hash);
	digest_put(&digest, challenge, MSCHAP1_CHALLENGE_OCTETS);
	digest_end(&digest, whole);
	memcpy(ret, whole, MPPE_KEY_MAX);
	wipe(hash, sizeof hash);
	wipe(whole, sizeof whole);
}
