/* chap_client: we prove ourselves by CHAP: answer every Challenge, at any time, and judge the verdict. */
#include "auth.h"

#include "mschap.h"
#include "wipe.h"

static struct ppp_chap_proof proof_of(const ppp *link, const uint8_t *challenge, size_t len)
{
	const ppp_options *o = &link->options;
	struct ppp_chap_proof proof = {.method = link->auth.own.method,
	                               .id = link->auth.own.id,
	                               .password = o->password,
	                               .password_len = o->password_len,
	                               .name = (const uint8_t *)o->name,
	                               .name_len = o->name_len,
	                               .challenge = challenge,
	                               .challenge_len = len};

	return proof;
}

void ppp_chap_respond(ppp *link)
{
	struct ppp_auth *auth = &link->auth;
	wire_writer w = ppp_frame_begin(link, PPP_PROTOCOL_CHAP, PPP_CHAP_RESPONSE, auth->own.id);

	wire_put8(&w, auth->response_len);
	wire_put_octets(&w, auth->response, auth->response_len);
	wire_put_octets(&w, link->options.name, link->options.name_len);
	auth->answered = 1;
	ppp_frame_send(link, &w);
}

static int acceptable_length(uint8_t method, size_t len)
{
	return method == PPP_AUTH_CHAP_MD5 || len == ppp_chap_challenge_octets(method);
}

/* Whoever gets our own challenge answered could hand the answer back as its own. */
static int is_reflected(const ppp *link, const struct ppp_chap_packet *packet)
{
	const struct ppp_auth_side *peer = &link->auth.peer;

	return (peer->method & PPP_AUTH_CHAP) != 0 &&
	       packet->value_len == ppp_chap_challenge_octets(peer->method) &&
	       memcmp(packet->value, peer->challenge, packet->value_len) == 0;
}

/* A repetition by the peer, which gets the very same answer: another peer challenge would not match the
 * Success of the first (P-MS2-10). Only MS-CHAP needs to know. */
static int is_repeated(const ppp *link, const struct ppp_chap_packet *packet)
{
	const struct ppp_auth *auth = &link->auth;

	return (auth->own.method & PPP_AUTH_MSCHAP) != 0 && auth->response_len > 0 &&
	       packet->id == auth->own.id &&
	       memcmp(packet->value, auth->own.challenge, packet->value_len) == 0;
}

static int compute(ppp *link, const struct ppp_chap_packet *packet)
{
	struct ppp_auth *auth = &link->auth;
	uint8_t peer_challenge[PPP_CHALLENGE_MAX];
	struct ppp_chap_proof proof;

	ppp_random_octets(link, peer_challenge, sizeof peer_challenge);
	auth->own.id = packet->id;
	if (auth->own.method & PPP_AUTH_MSCHAP)
		memcpy(auth->own.challenge, packet->value, packet->value_len);
	proof = proof_of(link, packet->value, packet->value_len);
	auth->response_len = (uint8_t)ppp_chap_response_octets(auth->own.method);
	return ppp_chap_compute(&proof, peer_challenge, auth->response);
}

enum ppp_counter ppp_chap_challenged(ppp *link, const struct ppp_chap_packet *packet)
{
	struct ppp_auth *auth = &link->auth;

	if ((auth->own.method & PPP_AUTH_CHAP) == 0)
		return PPP_DROP_NOT_AGREED;
	if (!acceptable_length(auth->own.method, packet->value_len))
		return PPP_DROP_BAD_LENGTH;
	if (is_reflected(link, packet))
		return PPP_DROP_REFLECTED;
	if (!is_repeated(link, packet) && compute(link, packet) < 0) {
		ppp_end(link, PPP_REASON_AUTH_FAILED, ppp_auth_name(auth->own.method)); /* ppp_init looked */
		return PPP_COUNT_CONTROL_IN;
	}
	ppp_chap_respond(link);
	return PPP_COUNT_CONTROL_IN;
}

/* ---- the verdict ------------------------------------------------------------------------------------- */

/* RFC 2759 5: who answers "S=" has the password's hash, or had our Response checked by who has it. */
static int server_proven(const ppp *link, const struct ppp_packet *packet)
{
	const struct ppp_auth *auth = &link->auth;
	struct ppp_chap_proof proof = proof_of(link, auth->own.challenge, MSCHAP2_CHALLENGE_OCTETS);
	uint8_t expected[MSCHAP2_SUCCESS_OCTETS];
	int same;

	if (packet->data_len < sizeof expected)
		return 0;
	ppp_chap_success_text(&proof, auth->response, expected);
	same = same_secret(packet->data, expected, sizeof expected);
	wipe(expected, sizeof expected);
	return same;
}

static void succeeded(ppp *link, const struct ppp_packet *packet)
{
	struct ppp_auth *auth = &link->auth;
	struct ppp_chap_proof proof = proof_of(link, auth->own.challenge, PPP_CHALLENGE_MAX);

	if (auth->own.method == PPP_AUTH_MSCHAP2 && !server_proven(link, packet)) {
		ppp_end(link, PPP_REASON_SERVER_NOT_PROVEN, ppp_auth_name(auth->own.method));
		return;
	}
	if (auth->own.state == PPP_AUTH_DONE) /* once more, in the Network phase: nothing changes */
		return;
	ppp_auth_keep_keys(link, 0, &proof, auth->response);
	ppp_auth_own_proven(link);
}

/* The peer sees each Response judged once; anything after the verdict, or to another one, is late or forged.
 * A failure that permits a retry ends the link, too: there is no other password to try. */
enum ppp_counter ppp_chap_verdict(ppp *link, const struct ppp_packet *packet)
{
	struct ppp_auth *auth = &link->auth;

	if ((auth->own.method & PPP_AUTH_CHAP) == 0)
		return PPP_DROP_NOT_AGREED;
	if (!auth->answered || packet->id != auth->own.id)
		return PPP_DROP_BAD_IDENTIFIER;
	auth->answered = 0;
	if (packet->code == PPP_CHAP_SUCCESS)
		succeeded(link, packet);
	else
		ppp_auth_own_refused(link, packet->data, packet->data_len);
	return PPP_COUNT_CONTROL_IN;
}
