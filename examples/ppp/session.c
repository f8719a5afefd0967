/* session: the phases of a link (RFC 1661 3.2), what its layers mean for each other, and what a callback
 * asked for, which is put off until the outermost call ends. */
#include "ccp.h"

enum { PENDING_CLOSE = 1, PENDING_LOWER_DOWN = 2 };

static ppp_fsm *lcp_of(ppp *link)
{
	return &link->fsm[PPP_LAYER_LCP];
}

static ppp_fsm *ipcp_of(ppp *link)
{
	return &link->fsm[PPP_LAYER_IPCP];
}

static void report(ppp *link, const ppp_event *event)
{
	link->options.event(link->options.user, event);
}

static void arm_guard(ppp *link)
{
	uint64_t limit = link->options.setup_limit_us;

	link->guard_deadline = limit ? link->now + limit : PPP_NEVER;
}

/* Reasons that may be no more than what an unmet demand led to. */
static int is_consequence(enum ppp_reason reason)
{
	return reason == PPP_REASON_PEER_TERMINATED || reason == PPP_REASON_NOT_CONVERGING ||
	       reason == PPP_REASON_SETUP_TIMEOUT || reason == PPP_REASON_NO_ANSWER;
}

/* The reason a host can use: the first one given, and an unmet demand before its consequences. */
static void settle_reason(ppp *link, enum ppp_reason otherwise, const char *layer)
{
	if (link->reason == PPP_REASON_NONE) {
		link->reason = otherwise;
		link->reason_layer = layer;
	}
	/* A peer whose demand is not met may clear the call faster than its Terminate-Request ends the link.
	 */
	if (!is_consequence(link->reason) && link->reason != PPP_REASON_LOWER_DOWN)
		return;
	if (link->lcp.authentication_demanded)
		link->reason = PPP_REASON_WANTS_AUTHENTICATION;
	else if (link->lcp.authentication_missing && link->reason != PPP_REASON_LOWER_DOWN)
		link->reason = PPP_REASON_AUTH_NOT_DEMANDED;
	else if (link->encryption_missing)
		link->reason = PPP_REASON_ENCRYPTION_REFUSED;
}

static void session_over(ppp *link, enum ppp_reason otherwise, const char *layer)
{
	ppp_event event;

	if (link->over)
		return;
	settle_reason(link, otherwise, layer);
	link->over = 1;
	link->guard_deadline = PPP_NEVER;
	memset(&event, 0, sizeof event);
	event.type = PPP_EVENT_DOWN;
	event.reason = link->reason;
	event.text = ppp_reason_text(link->reason);
	event.layer = link->reason_layer;
	ppp_auth_describe(link, &event);
	report(link, &event);
}

void ppp_end(ppp *link, enum ppp_reason reason, const char *layer)
{
	if (link->phase == PPP_PHASE_DEAD || link->over || link->reason != PPP_REASON_NONE)
		return;
	link->reason = reason;
	link->reason_layer = layer;
	link->pending |= PENDING_CLOSE;
}

void ppp_lower_is_gone(ppp *link)
{
	link->pending |= PENDING_LOWER_DOWN;
}

static void do_close(ppp *link)
{
	link->phase = PPP_PHASE_TERMINATE;
	ppp_fsm_event(lcp_of(link), PPP_CLOSE, NULL);
}

static void do_lower_down(ppp *link)
{
	if (link->phase == PPP_PHASE_DEAD)
		return;
	if (lcp_of(link)->state >= PPP_CLOSED)
		ppp_fsm_event(lcp_of(link), PPP_DOWN, NULL);
	ppp_auth_forget(link);
	session_over(link, PPP_REASON_LOWER_DOWN, "");
	link->phase = PPP_PHASE_DEAD;
}

void ppp_enter(ppp *link, uint64_t now)
{
	link->now = now;
	link->busy = 1;
}

void ppp_leave(ppp *link)
{
	while (link->pending) {
		uint8_t pending = link->pending;

		link->pending = 0;
		if (pending & PENDING_LOWER_DOWN)
			do_lower_down(link);
		else
			do_close(link);
	}
	link->busy = 0;
}

/* ---- what LCP and IPCP tell -------------------------------------------------------------------- */

void ppp_session_lcp_up(ppp *link)
{
	link->phase = PPP_PHASE_AUTHENTICATE;
	ppp_auth_begin(link);
}

void ppp_session_authenticated(ppp *link)
{
	link->phase = PPP_PHASE_NETWORK;
	link->encryption_missing = link->options.mppe_require;
	if (ppp_ccp_begin(link) < 0)
		ppp_end(link, PPP_REASON_NO_KEYS, "CCP");
	else if (ppp_ccp_settled(link))
		ppp_session_network_may_begin(link);
}

static void begin_layer(ppp_fsm *fsm)
{
	if (fsm->state <= PPP_STARTING)
		ppp_fsm_start(fsm);
}

/* Also where CCP comes and goes without being required: what has begun goes on. */
void ppp_session_network_may_begin(ppp *link)
{
	if (link->phase != PPP_PHASE_NETWORK || link->pending)
		return;
	begin_layer(ipcp_of(link));
	if (ppp_ipv6_runs(link))
		begin_layer(&link->fsm[PPP_LAYER_IPV6CP]);
}

/* Back to the beginning, when the peer negotiates anew (RFC 1661 3.4), or on to the end. */
void ppp_session_lcp_down(ppp *link)
{
	uint8_t state = lcp_of(link)->state;
	int again = state >= PPP_REQ_SENT &&
	            (link->phase == PPP_PHASE_AUTHENTICATE || link->phase == PPP_PHASE_NETWORK);

	link->phase = again ? PPP_PHASE_ESTABLISH : PPP_PHASE_TERMINATE;
	if (again &&
	    link->guard_deadline == PPP_NEVER) /* else it still runs, or a peer could go on for ever */
		arm_guard(link);
	ppp_auth_forget(link);
	for (unsigned layer = PPP_LAYERS; layer-- > PPP_LAYER_CCP;) {
		link->fsm[layer].early_len = 0;
		if (link->fsm[layer].state >= PPP_CLOSED)
			ppp_fsm_event(&link->fsm[layer], PPP_DOWN, NULL);
	}
	ppp_ccp_forget(link);
}

/* Stopped would begin again at the next Configure-Request; but this session is over. */
void ppp_session_lcp_finished(ppp_fsm *fsm)
{
	ppp *link = fsm->link;

	link->phase = PPP_PHASE_TERMINATE;
	if (fsm->state == PPP_STOPPED)
		ppp_fsm_event(fsm, PPP_CLOSE, NULL);
	session_over(link, fsm->reason == PPP_REASON_NONE ? PPP_REASON_PEER_TERMINATED : fsm->reason,
	             fsm->type->name);
}

void ppp_session_network_finished(ppp_fsm *fsm)
{
	ppp_end(fsm->link, fsm->reason == PPP_REASON_NONE ? PPP_REASON_PEER_TERMINATED : fsm->reason,
	        fsm->type->name);
}

void ppp_network_opened(ppp *link)
{
	const struct ppp_ipcp *ipcp = &link->ipcp;
	ppp_event event;

	link->network_up = 1;
	link->guard_deadline = PPP_NEVER;
	memset(&event, 0, sizeof event);
	event.type = PPP_EVENT_UP;
	event.local_address = ipcp->local_address;
	event.peer_address = ipcp->peer_address;
	memcpy(event.dns, ipcp->dns, sizeof event.dns);
	event.mtu = ppp_mtu(link);
	ppp_ccp_describe(link, &event);
	ppp_auth_describe(link, &event);
	report(link, &event);
}

void ppp_network_left(ppp *link)
{
	ppp_event event;

	if (!link->network_up)
		return;
	link->network_up = 0;
	memset(&event, 0, sizeof event);
	event.type = PPP_EVENT_SUSPENDED;
	report(link, &event);
}

static const char *late_layer(const ppp *link)
{
	if (link->phase != PPP_PHASE_NETWORK)
		return "LCP";
	return ppp_ccp_settled(link) ? "IPCP" : "CCP";
}

void ppp_guard_tick(ppp *link)
{
	if (link->guard_deadline > link->now)
		return;
	link->guard_deadline = PPP_NEVER;
	if (link->phase == PPP_PHASE_AUTHENTICATE)
		ppp_auth_timed_out(link);
	else
		ppp_end(link, PPP_REASON_SETUP_TIMEOUT, late_layer(link));
}

/* ---- beginning ------------------------------------------------------------------------------------ */

/* Identifiers go on counting from one session to the next, so that a late reply does not match. */
static void fresh_layer(ppp *link, enum ppp_layer layer, const struct ppp_layer_type *type)
{
	uint8_t identifier = link->fsm[layer].identifier;

	ppp_fsm_init(&link->fsm[layer], link, type);
	link->fsm[layer].identifier = identifier;
}

int ppp_lower_up(ppp *link, uint64_t now)
{
	if (link->busy) {
		ppp_add(link, PPP_COUNT_BUSY);
		return PPP_ERR_BUSY;
	}
	if (link->phase != PPP_PHASE_DEAD)
		return PPP_ERR_STATE;
	ppp_enter(link, now);
	for (unsigned layer = 0; layer < PPP_LAYERS; layer++)
		fresh_layer(link, (enum ppp_layer)layer, ppp_layer_types[layer]);
	ppp_ccp_forget(link);
	link->phase = PPP_PHASE_ESTABLISH;
	link->reason = PPP_REASON_NONE;
	link->reason_layer = "";
	link->over = link->network_up = link->pending = link->encryption_missing = 0;
	link->auth.failures = 0;
	link->auth.name_len = 0;
	link->auth.message[0] = '\0';
	arm_guard(link);
	ppp_fsm_event(lcp_of(link), PPP_OPEN, NULL);
	ppp_fsm_event(lcp_of(link), PPP_UP, NULL);
	ppp_leave(link);
	return PPP_OK;
}
