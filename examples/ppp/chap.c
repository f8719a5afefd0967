/* chap: the Challenge Handshake Authentication Protocol (RFC 1994) and Microsoft's two of its kind (RFC 2433,
 * 2759): packets in, and what is computed from a challenge and a password. */
#include "auth.h"

#include "digest.h"
#include "mschap.h"
#include "wipe.h"

/* Challenge and Response: Value-Size, Value, and a Name up to the end (RFC 1994 4.1). 0, or -1. */
static int take_apart(const struct ppp_packet *packet, struct ppp_chap_packet *ret)
{
	wire_reader r = wire_read(packet->data, packet->data_len);

	ret->code = packet->code;
	ret->id = packet->id;
	ret->value_len = wire_get8(&r);
	ret->value = wire_take(&r, ret->value_len);
	ret->name = r.at;
	ret->name_len = r.left;
	return ret->value && ret->value_len > 0 ? 0 : -1;
}

enum ppp_counter ppp_chap_input(ppp *link, const struct ppp_packet *packet)
{
	struct ppp_chap_packet parts;

	switch (packet->code) {
	case PPP_CHAP_CHALLENGE:
		if (take_apart(packet, &parts) < 0)
			return PPP_DROP_BAD_LENGTH;
		return ppp_chap_challenged(link, &parts);
	case PPP_CHAP_RESPONSE:
		if (take_apart(packet, &parts) < 0)
			return PPP_DROP_BAD_LENGTH;
		return ppp_chap_responded(link, &parts);
	case PPP_CHAP_SUCCESS:
	case PPP_CHAP_FAILURE:
		return ppp_chap_verdict(link, packet);
	default: /* MS-CHAP's Change-Password among them: no password is changed here */
		return PPP_DROP_UNKNOWN_CODE;
	}
}

/* ---- values ------------------------------------------------------------------------------------------ */

size_t ppp_chap_challenge_octets(uint8_t method)
{
	return method == PPP_AUTH_MSCHAP1 ? MSCHAP1_CHALLENGE_OCTETS : PPP_CHALLENGE_MAX;
}

size_t ppp_chap_response_octets(uint8_t method)
{
	return method == PPP_AUTH_CHAP_MD5 ? MD5_OCTETS : PPP_RESPONSE_MAX;
}

/* RFC 1994 4.1: over Identifier, secret and challenge. */
static void compute_md5(const struct ppp_chap_proof *proof, uint8_t *ret)
{
	struct digest digest;

	digest_begin(&digest, DIGEST_MD5);
	digest_put(&digest, &proof->id, 1);
	digest_put(&digest, proof->password, proof->password_len);
	digest_put(&digest, proof->challenge, proof->challenge_len);
	digest_end(&digest, ret);
}

int ppp_chap_compute(const struct ppp_chap_proof *proof, const uint8_t *peer_challenge,
                     uint8_t ret[PPP_RESPONSE_MAX])
{
	uint8_t nt_hash[MSCHAP_HASH_OCTETS], hash[MSCHAP1_CHALLENGE_OCTETS];

	memset(ret, 0, PPP_RESPONSE_MAX);
	if (proof->method == PPP_AUTH_CHAP_MD5) {
		compute_md5(proof, ret);
		return 0;
	}
	if (mschap_nt_hash(proof->password, proof->password_len, nt_hash) < 0)
		return -1;
	if (proof->method == PPP_AUTH_MSCHAP2) {
		memcpy(ret, peer_challenge, MSCHAP2_CHALLENGE_OCTETS);
		mschap2_challenge_hash(peer_challenge, proof->challenge, proof->name, proof->name_len, hash);
		mschap_response(hash, nt_hash, ret + PPP_CHAP_NT_RESPONSE);
	} else {
		mschap_response(proof->challenge, nt_hash, ret + PPP_CHAP_NT_RESPONSE);
		ret[PPP_CHAP_FLAGS] = 1; /* the NT response counts; of the LM one there are zeros */
	}
	wipe(nt_hash, sizeof nt_hash);
	return 0;
}

void ppp_chap_success_text(const struct ppp_chap_proof *proof, const uint8_t *value, uint8_t ret[42])
{
	uint8_t nt_hash[MSCHAP_HASH_OCTETS], hash[MSCHAP1_CHALLENGE_OCTETS];

	memset(ret, 0, MSCHAP2_SUCCESS_OCTETS);
	if (mschap_nt_hash(proof->password, proof->password_len, nt_hash) < 0)
		return;
	mschap2_challenge_hash(value, proof->challenge, proof->name, proof->name_len, hash);
	mschap2_success(nt_hash, value + PPP_CHAP_NT_RESPONSE, hash, ret);
	wipe(nt_hash, sizeof nt_hash);
}
