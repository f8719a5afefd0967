/* chap_server: the authenticator of CHAP: Challenge, check of the Response, Success or Failure. */
#include "auth.h"

#include "mschap.h"
#include "wipe.h"

#define ERROR_AUTHENTICATION_FAILURE "691" /* RFC 2433 6: whatever was wrong about it */

void ppp_chap_challenge(ppp *link)
{
	struct ppp_auth_side *peer = &link->auth.peer;
	size_t len = ppp_chap_challenge_octets(peer->method);
	wire_writer w = ppp_frame_begin(link, PPP_PROTOCOL_CHAP, PPP_CHAP_CHALLENGE, ++peer->id);

	ppp_random_octets(link, peer->challenge, len);
	wire_put8(&w, (uint8_t)len);
	wire_put_octets(&w, peer->challenge, len);
	wire_put_octets(&w, link->options.name, link->options.name_len);
	ppp_auth_arm(link, peer);
	ppp_frame_send(link, &w);
}

/* ---- verdicts ---------------------------------------------------------------------------------------- */

static void send_success(ppp *link, uint8_t id)
{
	wire_writer w = ppp_frame_begin(link, PPP_PROTOCOL_CHAP, PPP_CHAP_SUCCESS, id);

	if (link->auth.peer.method == PPP_AUTH_MSCHAP2)
		wire_put_octets(&w, link->auth.verdict, sizeof link->auth.verdict);
	ppp_frame_send(link, &w);
}

static void put_text(wire_writer *w, const char *text)
{
	wire_put_octets(w, text, strlen(text));
}

static void put_challenge(wire_writer *w, const struct ppp_auth_side *peer)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < ppp_chap_challenge_octets(peer->method); i++) {
		wire_put8(w, (uint8_t)digits[peer->challenge[i] >> 4]);
		wire_put8(w, (uint8_t)digits[peer->challenge[i] & 15]);
	}
}

/* RFC 2433 6, RFC 2759 6; RFC 1994 leaves the text open. */
static void send_failure(ppp *link, uint8_t id, int retry)
{
	const struct ppp_auth_side *peer = &link->auth.peer;
	wire_writer w = ppp_frame_begin(link, PPP_PROTOCOL_CHAP, PPP_CHAP_FAILURE, id);

	if (peer->method & PPP_AUTH_MSCHAP) {
		put_text(&w, retry ? "E=" ERROR_AUTHENTICATION_FAILURE " R=1 C="
		                   : "E=" ERROR_AUTHENTICATION_FAILURE " R=0 C=");
		put_challenge(&w, peer);
		put_text(&w, peer->method == PPP_AUTH_MSCHAP2 ? " V=3 M=" : " V=2 M=");
	}
	put_text(&w, "wrong user name or password");
	ppp_frame_send(link, &w);
}

/* The last word, or a new challenge for another try, which nothing hurries: somebody may be typing
 * (P-MS2-09). */
static void failed(ppp *link, uint8_t id)
{
	struct ppp_auth *auth = &link->auth;
	int retry = (auth->peer.method & PPP_AUTH_MSCHAP) != 0 && auth->failures < link->options.auth_retries;

	ppp_add(link, PPP_COUNT_AUTH_WRONG);
	auth->failures++;
	ppp_random_octets(link, auth->peer.challenge, ppp_chap_challenge_octets(auth->peer.method));
	send_failure(link, id, retry);
	if (!retry) {
		ppp_auth_peer_refused(link);
		return;
	}
	auth->peer.state = PPP_AUTH_RETRYING;
	auth->peer.deadline = PPP_NEVER;
	auth->peer.id = (uint8_t)(id + 1);
	ppp_auth_arm_limit(link);
}

static void succeeded(ppp *link, uint8_t id)
{
	send_success(link, id);
	ppp_auth_peer_proven(link);
}

/* ---- the check --------------------------------------------------------------------------------------- */

/* MS-CHAP: the NT-Response. The other fields are a challenge, zeros, and flags that say nothing more. */
static int same_response(uint8_t method, const uint8_t *expected, const uint8_t *value)
{
	size_t at = method == PPP_AUTH_CHAP_MD5 ? 0 : PPP_CHAP_NT_RESPONSE;
	size_t len = method == PPP_AUTH_CHAP_MD5 ? ppp_chap_response_octets(method) : MSCHAP_RESPONSE_OCTETS;

	return same_secret(expected + at, value + at, len);
}

/* Everything is computed whether or not there is such a user, and before the comparison (P-MS2-08). */
static int right(ppp *link, const struct ppp_chap_packet *packet, int claimable)
{
	static const char nobody[] = "password";
	struct ppp_auth *auth = &link->auth;
	char secret[PPP_SECRET_MAX];
	uint8_t expected[PPP_RESPONSE_MAX];
	int len = claimable ? ppp_auth_secret(link, secret) : -1;
	struct ppp_chap_proof proof = {.method = auth->peer.method,
	                               .id = packet->id,
	                               .password = len < 0 ? nobody : secret,
	                               .password_len = len < 0 ? sizeof nobody - 1 : (size_t)len,
	                               .name = packet->name,
	                               .name_len = packet->name_len,
	                               .challenge = auth->peer.challenge,
	                               .challenge_len = ppp_chap_challenge_octets(auth->peer.method)};
	int computed = ppp_chap_compute(&proof, packet->value, expected) == 0;
	int same = same_response(proof.method, expected, packet->value) & computed & (len >= 0);

	if (proof.method == PPP_AUTH_MSCHAP2)
		ppp_chap_success_text(&proof, packet->value, auth->verdict);
	if (same)
		ppp_auth_keep_keys(link, 1, &proof, packet->value);
	wipe(secret, sizeof secret);
	wipe(expected, sizeof expected);
	return same;
}

static void check(ppp *link, const struct ppp_chap_packet *packet)
{
	int claimable = ppp_auth_keep_name(link, packet->name, packet->name_len) == 0;

	/* of another length it is wrong, and nothing is computed from it (P-CHAP-10) */
	if (packet->value_len == ppp_chap_response_octets(link->auth.peer.method) &&
	    right(link, packet, claimable))
		succeeded(link, packet->id);
	else
		failed(link, packet->id);
}

/* RFC 1994 4.2: a repetition gets the same verdict, whatever is in it; what answers no Challenge of ours is
 * silently discarded. */
enum ppp_counter ppp_chap_responded(ppp *link, const struct ppp_chap_packet *packet)
{
	const struct ppp_auth_side *peer = &link->auth.peer;

	if ((peer->method & PPP_AUTH_CHAP) == 0)
		return PPP_DROP_NOT_AGREED;
	if (peer->state == PPP_AUTH_RETRYING && packet->id == (uint8_t)(peer->id - 1)) {
		send_failure(link, packet->id, 1);
		return PPP_COUNT_CONTROL_IN;
	}
	if (packet->id != peer->id)
		return PPP_DROP_BAD_IDENTIFIER;
	if (peer->state == PPP_AUTH_DONE)
		send_success(link, packet->id);
	else
		check(link, packet);
	return PPP_COUNT_CONTROL_IN;
}
