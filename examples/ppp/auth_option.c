/* auth_option: LCP's Authentication-Protocol option, in both directions (RFC 1661 6.2). What the peer puts
 * into its request binds us, what we put into ours binds the peer. */
#include "auth.h"

#define CHAP_VALUE_OCTETS 3u /* protocol and algorithm */

/* Strongest first. */
static const struct method {
	uint8_t bit, algorithm; /* RFC 1994 3, RFC 2433 3, RFC 2759 3 */
	uint16_t protocol;
	const char *name;
} methods[] = {
        {PPP_AUTH_MSCHAP2, 0x81, PPP_PROTOCOL_CHAP, "MS-CHAPv2"},
        {PPP_AUTH_CHAP_MD5, 0x05, PPP_PROTOCOL_CHAP, "CHAP-MD5"},
        {PPP_AUTH_MSCHAP1, 0x80, PPP_PROTOCOL_CHAP, "MS-CHAPv1"},
        {PPP_AUTH_PAP, 0, PPP_PROTOCOL_PAP, "PAP"},
};

#define METHODS (sizeof methods / sizeof methods[0])

static const struct method *find(uint8_t bit)
{
	for (size_t i = 0; i < METHODS; i++)
		if (methods[i].bit == bit)
			return &methods[i];
	return NULL;
}

uint8_t ppp_auth_strongest(uint8_t set)
{
	for (size_t i = 0; i < METHODS; i++)
		if (set & methods[i].bit)
			return methods[i].bit;
	return 0;
}

uint16_t ppp_auth_protocol(uint8_t method)
{
	const struct method *found = find(method);

	return found ? found->protocol : 0;
}

const char *ppp_auth_name(uint8_t method)
{
	const struct method *found = find(method);

	return found ? found->name : NULL;
}

uint8_t ppp_auth_method(const uint8_t *value)
{
	size_t len = ppp_option_octets(value);
	uint16_t protocol = wire_load16(value);

	if (protocol == PPP_PROTOCOL_PAP)
		return len == 2 ? PPP_AUTH_PAP : 0;
	for (size_t i = 0; i < METHODS && len == CHAP_VALUE_OCTETS; i++)
		if (methods[i].protocol == protocol && methods[i].algorithm == value[2])
			return methods[i].bit;
	return 0;
}

static void put_option(wire_writer *w, uint8_t method)
{
	const struct method *found = find(method);
	size_t octets = found->protocol == PPP_PROTOCOL_CHAP ? CHAP_VALUE_OCTETS : 2;

	wire_put8(w, PPP_OPTION_AUTHENTICATION);
	wire_put8(w, (uint8_t)(PPP_OPTION_HEADER + octets));
	wire_put16(w, found->protocol);
	if (octets == CHAP_VALUE_OCTETS)
		wire_put8(w, found->algorithm);
}

/* ---- the peer asks us -------------------------------------------------------------------------------- */

enum ppp_verdict ppp_auth_judge(ppp_fsm *fsm, const uint8_t *value)
{
	uint8_t allowed = fsm->link->options.auth_allow;

	if (value && (ppp_auth_method(value) & allowed) != 0)
		return PPP_ACKED;
	fsm->link->lcp.authentication_demanded = 1;
	return allowed ? PPP_NAKED : PPP_REJECTED;
}

void ppp_auth_suggest(ppp_fsm *fsm, const uint8_t *value, wire_writer *nak)
{
	if (!value)
		fsm->link->lcp.authentication_missing = 1;
	put_option(nak, ppp_auth_strongest(fsm->link->options.auth_allow));
}

int ppp_auth_wanted(const ppp_fsm *fsm)
{
	return fsm->link->options.auth_demand;
}

void ppp_auth_accept(ppp_fsm *fsm, const uint8_t *value)
{
	fsm->link->auth.own.method = value ? ppp_auth_method(value) : 0;
	if (!value) /* a demand we refused, then dropped: still why the peer is about to end the link */
		return;
	fsm->link->lcp.authentication_demanded = 0;
	fsm->link->lcp.authentication_missing = 0;
}

/* ---- we ask the peer --------------------------------------------------------------------------------- */

void ppp_auth_request(const ppp_fsm *fsm, wire_writer *request)
{
	if (fsm->link->auth.peer.method)
		put_option(request, fsm->link->auth.peer.method);
}

/* Down from the strongest, within auth_require, each method once (P-LCP-04). */
enum ppp_retry ppp_auth_naked(ppp_fsm *fsm, const uint8_t *value)
{
	struct ppp_auth *auth = &fsm->link->auth;
	uint8_t suggested = ppp_auth_method(value);

	if (auth->peer.method == 0 || suggested == auth->peer.method)
		return PPP_RETRY;
	auth->left &= (uint8_t)~auth->peer.method;
	if (auth->left == 0)
		return ppp_auth_rejected(fsm);
	auth->peer.method = suggested & auth->left ? suggested : ppp_auth_strongest(auth->left);
	return PPP_RETRY;
}

/* RFC 1661 6.2: then the link must not come up. Ending it, other than giving LCP up, tells the peer. */
enum ppp_retry ppp_auth_rejected(ppp_fsm *fsm)
{
	ppp_end(fsm->link, PPP_REASON_AUTH_REFUSED, fsm->type->name);
	return PPP_RETRY;
}
