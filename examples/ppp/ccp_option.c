/* ccp_option: what is agreed about MPPE, each direction by whoever decrypts in it (RFC 1962 2, RFC 3078 2).
 */
#include "ccp.h"

enum { OPTION_MPPE = 18 };

unsigned ppp_mppe_strength(uint32_t bits)
{
	if (bits & MPPE_BIT_128)
		return 128;
	if (bits & MPPE_BIT_56)
		return 56;
	return bits & MPPE_BIT_40 ? 40 : 0;
}

/* The strongest of some, as a bit. */
static uint32_t strongest(uint32_t bits)
{
	if (bits & MPPE_BIT_128)
		return MPPE_BIT_128;
	return bits & MPPE_BIT_56 ? MPPE_BIT_56 : bits & MPPE_BIT_40;
}

/* What this end may agree to: as its host says, of what there are keys for; and once one direction is agreed
 * the other one has to be like it (P-MPPE-20: some peers mix the directions up). */
static uint32_t possible(const ppp *link)
{
	uint8_t allowed = link->options.mppe;
	uint32_t bits = 0;
	uint8_t key[16], other[16];

	if (link->ccp.spent)
		return 0;
	if (allowed & PPP_MPPE_40)
		bits |= MPPE_BIT_40;
	if (allowed & PPP_MPPE_56)
		bits |= MPPE_BIT_56;
	if (bits != 0 && ppp_auth_mppe_keys(link, 8, key, other) < 0)
		bits = 0;
	if (allowed & PPP_MPPE_128 && ppp_auth_mppe_keys(link, 16, key, other) == 0)
		bits |= MPPE_BIT_128;
	wipe(key, sizeof key);
	wipe(other, sizeof other);
	return bits;
}

static int stateful_allowed(const ppp *link)
{
	return (link->options.mppe & (PPP_MPPE_STATEFUL | PPP_MPPE_STATEFUL_ONLY)) != 0;
}

static int stateless_allowed(const ppp *link)
{
	return (link->options.mppe & PPP_MPPE_STATEFUL_ONLY) == 0;
}

/* What is asked for first. */
static uint32_t preferred_mode(const ppp *link)
{
	return stateless_allowed(link) ? MPPE_BIT_STATELESS : 0;
}

/* ---- the peer's request: what we send with ---------------------------------------------------------- */

/* What it should ask for. */
static uint32_t counter_offer(const ppp *link, uint32_t asked)
{
	uint32_t may = possible(link), common = may & asked;

	if (link->ccp.recv_bits != 0 && link->fsm[PPP_LAYER_CCP].state == PPP_ACK_RCVD)
		return link->ccp.recv_bits;
	return preferred_mode(link) | strongest(common != 0 ? common : may);
}

static int is_one_of_ours(const ppp *link, uint32_t bits)
{
	uint32_t strength = bits & MPPE_BITS_STRENGTH;

	return strength != 0 && (strength & (strength - 1)) == 0 && (strength & possible(link)) != 0 &&
	       (bits & ~(MPPE_BITS_STRENGTH | MPPE_BIT_STATELESS)) == 0;
}

/* P-MPPE-22. Stateful mode is taken from a peer that has been asked for the other one in vain. */
static enum ppp_verdict judge(ppp_fsm *fsm, const uint8_t *value)
{
	const ppp *link = fsm->link;
	uint32_t bits;

	if (possible(link) == 0)
		return PPP_REJECTED;
	if (!value)
		return PPP_NAKED;
	bits = wire_load32(value);
	if (bits == 0)
		return link->options.mppe_require ? PPP_NAKED : PPP_ACKED;
	if (!is_one_of_ours(link, bits))
		return PPP_NAKED;
	if (link->ccp.recv_bits != 0 && fsm->state == PPP_ACK_RCVD && bits != link->ccp.recv_bits)
		return PPP_NAKED;
	if (bits & MPPE_BIT_STATELESS)
		return stateless_allowed(link) ? PPP_ACKED : PPP_NAKED;
	if (!stateless_allowed(link))
		return PPP_ACKED;
	return stateful_allowed(link) && (fsm->naks_sent > 0 || bits == link->ccp.recv_bits) ? PPP_ACKED
	                                                                                     : PPP_NAKED;
}

static void suggest(ppp_fsm *fsm, const uint8_t *value, wire_writer *nak)
{
	ppp_option_put32(nak, OPTION_MPPE, counter_offer(fsm->link, value ? wire_load32(value) : 0));
}

/* Required, and not asked for: one word about it. */
static int wanted(const ppp_fsm *fsm)
{
	return fsm->link->options.mppe_require && fsm->naks_sent == 0 && possible(fsm->link) != 0;
}

static void accept(ppp_fsm *fsm, const uint8_t *value)
{
	fsm->link->ccp.send_bits = value ? wire_load32(value) : 0;
}

/* ---- our request: what we receive with ----------------------------------------------------------------- */

static void request(const ppp_fsm *fsm, wire_writer *w)
{
	uint32_t bits = fsm->link->ccp.recv_bits;

	if (bits != 0)
		ppp_option_put32(w, OPTION_MPPE, bits);
}

static enum ppp_retry refused(ppp_fsm *fsm)
{
	fsm->link->ccp.recv_bits = 0;
	if (!fsm->link->options.mppe_require)
		return PPP_WITHDRAW;
	fsm->reason = PPP_REASON_ENCRYPTION_REFUSED;
	return PPP_GIVE_UP;
}

/* P-MPPE-23 */
static enum ppp_retry naked(ppp_fsm *fsm, const uint8_t *value)
{
	ppp *link = fsm->link;
	uint32_t bits = wire_load32(value), strength = strongest(bits & possible(link));

	if (strength == 0)
		return refused(fsm);
	if (!(bits & MPPE_BIT_STATELESS) && !stateful_allowed(link))
		return refused(fsm);
	if (!stateless_allowed(link)) /* said again, the peer may give in */
		bits &= ~MPPE_BIT_STATELESS;
	link->ccp.recv_bits = strength | (bits & MPPE_BIT_STATELESS);
	return PPP_RETRY;
}

static enum ppp_retry rejected(ppp_fsm *fsm)
{
	return refused(fsm);
}

const struct ppp_option_rule ppp_ccp_rules[1] = {{.type = OPTION_MPPE,
                                                  .len = 6,
                                                  .judge = judge,
                                                  .suggest = suggest,
                                                  .wanted = wanted,
                                                  .accept = accept,
                                                  .request = request,
                                                  .naked = naked,
                                                  .rejected = rejected}};

/* All there is to choose from: pppd ends the link when the one strength asked for is not its own, instead of
 * saying which one is (P-MPPE-01). */
uint32_t ppp_mppe_first_offer(const ppp *link)
{
	uint32_t strengths = possible(link);

	return strengths != 0 ? strengths | preferred_mode(link) : 0;
}
