/* lcp: the options of the Link Control Protocol, RFC 1661 6. What is not listed is rejected. */
#include "auth.h"

enum { MRU = 1, ACCM = 2, MAGIC = 5, PFC = 7, ACFC = 8 };

#define LOOPS_MAX 5 /* requests of our own that come back before we call it a loop */

static struct ppp_lcp *lcp(ppp_fsm *fsm)
{
	return &fsm->link->lcp;
}

/* ---- Maximum-Receive-Unit ---- */

static enum ppp_verdict judge_mru(ppp_fsm *fsm, const uint8_t *value)
{
	(void)fsm;
	return value && wire_load16(value) >= PPP_MRU_MIN ? PPP_ACKED : PPP_NAKED;
}

static void suggest_mru(ppp_fsm *fsm, const uint8_t *value, wire_writer *nak)
{
	(void)fsm;
	ppp_option_put16(nak, MRU, value ? PPP_MRU_MIN : PPP_MRU_DEFAULT);
}

static void accept_mru(ppp_fsm *fsm, const uint8_t *value)
{
	lcp(fsm)->peer_mru = value ? wire_load16(value) : PPP_MRU_DEFAULT;
}

static void request_mru(const ppp_fsm *fsm, wire_writer *request)
{
	ppp_option_put16(request, MRU, fsm->link->lcp.mru);
}

/* Some servers want less than we offer; less never hurts us. */
static enum ppp_retry naked_mru(ppp_fsm *fsm, const uint8_t *value)
{
	uint16_t wanted = wire_load16(value);

	if (wanted >= PPP_MRU_MIN && wanted <= PPP_MRU_DEFAULT)
		lcp(fsm)->mru = wanted;
	return PPP_RETRY;
}

static enum ppp_retry rejected_mru(ppp_fsm *fsm)
{
	lcp(fsm)->mru = PPP_MRU_DEFAULT;
	return PPP_WITHDRAW;
}

/* ---- Async-Control-Character-Map: means nothing without an async line; any value will do ---- */

static enum ppp_verdict judge_accm(ppp_fsm *fsm, const uint8_t *value)
{
	(void)fsm;
	return value ? PPP_ACKED : PPP_NAKED;
}

static void suggest_accm(ppp_fsm *fsm, const uint8_t *value, wire_writer *nak)
{
	(void)fsm;
	(void)value;
	ppp_option_put32(nak, ACCM, 0);
}

/* ---- Magic-Number ---- */

static int is_ours(const ppp_fsm *fsm, const uint8_t *value)
{
	return fsm->link->lcp.magic != 0 && wire_load32(value) == fsm->link->lcp.magic;
}

static enum ppp_verdict judge_magic(ppp_fsm *fsm, const uint8_t *value)
{
	return !value || wire_load32(value) == 0 || is_ours(fsm, value) ? PPP_NAKED : PPP_ACKED;
}

static void suggest_magic(ppp_fsm *fsm, const uint8_t *value, wire_writer *nak)
{
	ppp_option_put32(nak, MAGIC, ppp_random(fsm->link));
	if (value && is_ours(fsm, value) && ++lcp(fsm)->loops >= LOOPS_MAX)
		ppp_end(fsm->link, PPP_REASON_LOOPED, fsm->type->name);
}

static void accept_magic(ppp_fsm *fsm, const uint8_t *value)
{
	(void)value;
	lcp(fsm)->loops = 0;
}

static void request_magic(const ppp_fsm *fsm, wire_writer *request)
{
	ppp_option_put32(request, MAGIC, fsm->link->lcp.magic);
}

/* Never the suggested one: in a loop that was our own suggestion. */
static enum ppp_retry naked_magic(ppp_fsm *fsm, const uint8_t *value)
{
	(void)value;
	lcp(fsm)->magic = ppp_random(fsm->link);
	return PPP_RETRY;
}

static enum ppp_retry rejected_magic(ppp_fsm *fsm)
{
	lcp(fsm)->magic = 0;
	return PPP_WITHDRAW;
}

/* ---- Protocol- and Address-and-Control-Field-Compression: we can read them, and never send them ---- */

static enum ppp_verdict judge_compression(ppp_fsm *fsm, const uint8_t *value)
{
	(void)fsm;
	return value ? PPP_ACKED : PPP_REJECTED;
}

static const struct ppp_option_rule rules[] = {
        {.type = MRU,
         .len = 4,
         .judge = judge_mru,
         .suggest = suggest_mru,
         .accept = accept_mru,
         .request = request_mru,
         .naked = naked_mru,
         .rejected = rejected_mru},
        {.type = ACCM, .len = 6, .judge = judge_accm, .suggest = suggest_accm},
        {.type = PPP_OPTION_AUTHENTICATION,
         .len = 4,
         .len_max = UINT8_MAX,
         .judge = ppp_auth_judge,
         .suggest = ppp_auth_suggest,
         .wanted = ppp_auth_wanted,
         .accept = ppp_auth_accept,
         .request = ppp_auth_request,
         .naked = ppp_auth_naked,
         .rejected = ppp_auth_rejected},
        {.type = MAGIC,
         .len = 6,
         .always_nak = 1, /* who uses magic numbers must not reject them: RFC 1661 6.4 */
         .judge = judge_magic,
         .suggest = suggest_magic,
         .accept = accept_magic,
         .request = request_magic,
         .naked = naked_magic,
         .rejected = rejected_magic},
        {.type = PFC, .len = 2, .judge = judge_compression},
        {.type = ACFC, .len = 2, .judge = judge_compression},
};

static void reset(ppp_fsm *fsm)
{
	struct ppp_lcp *state = lcp(fsm);

	memset(state, 0, sizeof *state);
	state->echo_deadline = PPP_NEVER;
	state->magic = ppp_random(fsm->link);
	state->mru = fsm->link->options.mru;
	state->peer_mru = PPP_MRU_DEFAULT;
	ppp_auth_reset(fsm->link);
}

const struct ppp_layer_type ppp_lcp_type = {
        .name = "LCP",
        .number = PPP_PROTOCOL_LCP,
        .known_codes = 0x3FFE, /* 1 to 13 */
        .rules = rules,
        .rule_count = sizeof rules / sizeof rules[0],
        .reset = reset,
        .up = ppp_lcp_opened,
        .down = ppp_lcp_not_opened,
        .finished = ppp_session_lcp_finished,
        .echo = ppp_lcp_echo_reply,
        .other_code = ppp_lcp_other_code,
};
