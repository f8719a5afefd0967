/* auth: the phase between LCP and the network layers (RFC 1661 3.5): what each end still has to prove, how
 * long it may take, and what follows. How something is proven is in pap.c and chap*.c. */
#include "auth.h"

#include "mschap.h"
#include "wipe.h"

#define PAP_FIELD_MAX 255u /* RFC 1334 2.2.1: lengths of one octet */

/* MS-CHAP takes a password only as text of limited length. */
static int password_fits(const ppp_options *o)
{
	uint8_t hash[MSCHAP_HASH_OCTETS];
	int fits = o->password_len <= PPP_SECRET_MAX;

	if (o->auth_allow & PPP_AUTH_PAP)
		fits = fits && o->password_len <= PAP_FIELD_MAX;
	if (fits && o->auth_allow & PPP_AUTH_MSCHAP)
		fits = mschap_nt_hash(o->password, o->password_len, hash) == 0;
	wipe(hash, sizeof hash);
	return fits;
}

int ppp_auth_options_valid(const ppp_options *o)
{
	if ((o->auth_require | o->auth_allow) & ~PPP_AUTH_METHODS)
		return 0;
	if ((o->auth_require && !o->secret) || (o->name_len && !o->name) || o->name_len > PPP_NAME_MAX)
		return 0;
	if (!o->auth_allow)
		return !o->auth_demand;
	return o->name_len && o->password && password_fits(o);
}

void ppp_auth_reset(ppp *link)
{
	struct ppp_auth *auth = &link->auth;

	auth->left = link->options.auth_require;
	auth->peer.method = ppp_auth_strongest(auth->left);
	auth->own.method = 0;
}

/* Identifiers go on counting, so that a late answer does not match. */
static void forget_side(struct ppp_auth_side *side)
{
	side->state = PPP_AUTH_IDLE;
	side->deadline = PPP_NEVER;
	wipe(side->challenge, sizeof side->challenge);
}

void ppp_auth_forget(ppp *link)
{
	struct ppp_auth *auth = &link->auth;

	auth->limit_deadline = PPP_NEVER;
	forget_side(&auth->own);
	forget_side(&auth->peer);
	auth->answered = 0;
	auth->response_len = 0;
	wipe(&auth->keys, sizeof auth->keys);
	wipe(auth->response, sizeof auth->response);
	wipe(auth->verdict, sizeof auth->verdict);
}

/* ---- the phase --------------------------------------------------------------------------------------- */

static void begin_side(const ppp *link, struct ppp_auth_side *side)
{
	side->state = side->method ? PPP_AUTH_WAITING : PPP_AUTH_DONE;
	side->period_us = link->options.restart_first_us;
	side->tries = link->options.max_configure;
}

static void go_on(ppp *link)
{
	if (link->phase != PPP_PHASE_AUTHENTICATE || link->auth.own.state != PPP_AUTH_DONE ||
	    link->auth.peer.state != PPP_AUTH_DONE)
		return;
	link->auth.limit_deadline = PPP_NEVER;
	ppp_session_authenticated(link);
}

void ppp_auth_arm_limit(ppp *link)
{
	uint64_t limit = link->options.auth_limit_us;

	link->auth.limit_deadline = limit ? link->now + limit : PPP_NEVER;
}

/* Both demands are seen to by LCP; nothing gets past here, should it ever agree on less. */
static int agreed_enough(ppp *link)
{
	if (link->options.auth_require && !link->auth.peer.method)
		ppp_end(link, PPP_REASON_AUTH_REFUSED, "LCP");
	else if (link->options.auth_demand && !link->auth.own.method)
		ppp_end(link, PPP_REASON_AUTH_NOT_DEMANDED, "LCP");
	else
		return 1;
	return 0;
}

void ppp_auth_begin(ppp *link)
{
	struct ppp_auth *auth = &link->auth;

	auth->name_len = 0;
	auth->name[0] = '\0';
	if (!agreed_enough(link))
		return;
	ppp_auth_arm_limit(link);
	begin_side(link, &auth->own);
	begin_side(link, &auth->peer);
	if (auth->peer.method & PPP_AUTH_CHAP)
		ppp_chap_challenge(link);
	if (auth->own.method == PPP_AUTH_PAP)
		ppp_pap_request(link);
	go_on(link);
}

int ppp_auth_uses(const ppp *link, uint16_t protocol)
{
	return protocol == ppp_auth_protocol(link->auth.own.method) ||
	       protocol == ppp_auth_protocol(link->auth.peer.method);
}

enum ppp_counter ppp_auth_input(ppp *link, uint16_t protocol, const uint8_t *information, size_t len)
{
	struct ppp_packet packet;

	if (link->phase != PPP_PHASE_AUTHENTICATE && link->phase != PPP_PHASE_NETWORK)
		return PPP_DROP_WRONG_PHASE;
	if (ppp_packet_read(information, len, &packet) < 0)
		return PPP_DROP_BAD_LENGTH;
	return protocol == PPP_PROTOCOL_PAP ? ppp_pap_input(link, &packet) : ppp_chap_input(link, &packet);
}

void ppp_auth_protocol_rejected(ppp *link, uint16_t protocol)
{
	int asked = protocol == ppp_auth_protocol(link->auth.peer.method);

	ppp_end(link, asked ? PPP_REASON_AUTH_REFUSED : PPP_REASON_PEER_REJECTED,
	        protocol == PPP_PROTOCOL_PAP ? "PAP" : "CHAP");
}

void ppp_auth_overtaken(ppp *link)
{
	if (link->phase == PPP_PHASE_AUTHENTICATE && link->auth.answered)
		ppp_chap_respond(link);
}

/* ---- verdicts ---------------------------------------------------------------------------------------- */

static void side_proven(ppp *link, struct ppp_auth_side *side)
{
	side->state = PPP_AUTH_DONE;
	side->deadline = PPP_NEVER;
	go_on(link);
}

void ppp_auth_own_proven(ppp *link)
{
	side_proven(link, &link->auth.own);
}

void ppp_auth_peer_proven(ppp *link)
{
	side_proven(link, &link->auth.peer);
}

void ppp_auth_own_refused(ppp *link, const uint8_t *text, size_t len)
{
	uint8_t method = link->auth.own.method;

	if (method & PPP_AUTH_MSCHAP)
		ppp_auth_keep_failure(link, text, len);
	else
		ppp_auth_keep_text(link, text, len);
	ppp_end(link, PPP_REASON_AUTH_FAILED, ppp_auth_name(method));
}

void ppp_auth_peer_refused(ppp *link)
{
	link->auth.peer.deadline = PPP_NEVER;
	ppp_end(link, PPP_REASON_PEER_AUTH_FAILED, ppp_auth_name(link->auth.peer.method));
}

int ppp_auth_keep_name(ppp *link, const uint8_t *name, size_t len)
{
	struct ppp_auth *auth = &link->auth;

	auth->name_len = (uint8_t)(len <= PPP_NAME_MAX ? len : 0);
	memcpy(auth->name, name, auth->name_len);
	auth->name[auth->name_len] = '\0';
	return len <= PPP_NAME_MAX ? 0 : -1;
}

int ppp_auth_secret(ppp *link, char *ret_password)
{
	const ppp_options *o = &link->options;
	int len = o->secret(o->user, link->auth.name, link->auth.name_len, link->auth.peer.method,
	                    ret_password, PPP_SECRET_MAX);

	return len >= 0 && (size_t)len <= PPP_SECRET_MAX ? len : -1;
}

void ppp_auth_describe(const ppp *link, ppp_event *event)
{
	const struct ppp_auth *auth = &link->auth;
	int named = event->type == PPP_EVENT_UP || event->reason == PPP_REASON_PEER_AUTH_FAILED;

	event->message = event->reason == PPP_REASON_AUTH_FAILED ? auth->message : "";
	event->peer_name = named ? auth->name : "";
	event->peer_name_len = named ? auth->name_len : 0;
	if (event->type != PPP_EVENT_UP)
		return;
	event->auth_method = auth->peer.method;
	event->own_auth_method = auth->own.method;
}

/* ---- time -------------------------------------------------------------------------------------------- */

void ppp_auth_arm(ppp *link, struct ppp_auth_side *side)
{
	uint64_t max_us = link->options.restart_max_us;

	side->deadline = link->now + side->period_us;
	side->period_us = side->period_us < max_us / 2 ? side->period_us * 2 : max_us;
	side->tries--;
}

uint64_t ppp_auth_deadline(const ppp *link)
{
	const struct ppp_auth *auth = &link->auth;

	return ppp_earlier(auth->limit_deadline, ppp_earlier(auth->own.deadline, auth->peer.deadline));
}

/* Names what is missing, ours first: the host can do most about that. */
void ppp_auth_timed_out(ppp *link)
{
	struct ppp_auth *auth = &link->auth;
	const struct ppp_auth_side *late = auth->own.state == PPP_AUTH_DONE ? &auth->peer : &auth->own;

	auth->limit_deadline = auth->own.deadline = auth->peer.deadline = PPP_NEVER;
	ppp_end(link, PPP_REASON_AUTH_TIMEOUT, ppp_auth_name(late->method));
}

static void side_tick(ppp *link, struct ppp_auth_side *side, void (*send)(ppp *link))
{
	if (side->deadline > link->now)
		return;
	if (side->tries == 0) {
		ppp_auth_timed_out(link);
		return;
	}
	ppp_add(link, PPP_COUNT_RETRANSMITS);
	send(link);
}

void ppp_auth_tick(ppp *link)
{
	if (link->auth.limit_deadline <= link->now)
		ppp_auth_timed_out(link);
	side_tick(link, &link->auth.own, ppp_pap_request);
	side_tick(link, &link->auth.peer, ppp_chap_challenge);
}
