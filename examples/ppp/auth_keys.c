/* auth_keys: from an authentication by MS-CHAP to the start keys of MPPE (RFC 3079). */
#include "auth.h"

#include "mschap.h"
#include "wipe.h"

#define KEY_OCTETS_40 8u /* of 56 bits, too */

/* The first authentication counts (P-KEY-02). Once MS-CHAP ran in both directions there is no saying whose it
 * was, and the two ends might not agree; then there are no keys. */
void ppp_auth_keep_keys(ppp *link, int server, const struct ppp_chap_proof *proof, const uint8_t *value)
{
	struct ppp_auth_keys *keys = &link->auth.keys;

	if ((proof->method & PPP_AUTH_MSCHAP) == 0 || keys->both)
		return;
	if (keys->version != 0) {
		wipe(keys, sizeof *keys);
		keys->both = 1;
		return;
	}
	if (mschap_nt_hash(proof->password, proof->password_len, keys->nt_hash) < 0)
		return;
	keys->server = (uint8_t)server;
	if (proof->method == PPP_AUTH_MSCHAP2) {
		keys->version = 2;
		memcpy(keys->nt_response, value + PPP_CHAP_NT_RESPONSE, sizeof keys->nt_response);
		return;
	}
	keys->version = 1;
	memcpy(keys->challenge, proof->challenge, sizeof keys->challenge);
	keys->has_lm_hash = mschap_lm_hash(proof->password, proof->password_len, keys->lm_hash) == 0;
}

static int version1(const struct ppp_auth_keys *keys, size_t key_octets, uint8_t *ret)
{
	if (key_octets == MPPE_KEY_MAX) {
		mppe_start_key_v1(keys->nt_hash, keys->challenge, ret);
		return 0;
	}
	if (!keys->has_lm_hash)
		return -1;
	memcpy(ret, keys->lm_hash, key_octets);
	return 0;
}

int ppp_auth_mppe_keys(const ppp *link, size_t key_octets, uint8_t send[16], uint8_t recv[16])
{
	const struct ppp_auth_keys *keys = &link->auth.keys;

	if (key_octets != KEY_OCTETS_40 && key_octets != MPPE_KEY_MAX)
		return -1;
	switch (keys->version) {
	case 1:
		if (version1(keys, key_octets, send) < 0)
			return -1;
		memcpy(recv, send, key_octets);
		return 0;
	case 2:
		mppe_start_keys(keys->nt_hash, keys->nt_response, key_octets, keys->server ? recv : send,
		                keys->server ? send : recv);
		return 0;
	default:
		return -1;
	}
}
