/* reply: the peer's Configure-Request and our Ack, Nak or Reject, RFC 1661 5.1 to 5.4.
 *
 * The request is judged twice: once to choose the event, once when the automaton says that an answer
 * goes out. So nothing is kept in between, and the answer is written straight into the frame. */
#include "internal.h"

typedef struct seen_set {
	uint8_t bits[256 / 8];
} seen_set;

static int test_and_set(seen_set *seen, uint8_t type)
{
	uint8_t bit = (uint8_t)(1u << (type & 7));
	int was = seen->bits[type >> 3] & bit;

	seen->bits[type >> 3] |= bit;
	return was != 0;
}

static int has(const seen_set *seen, uint8_t type)
{
	return seen->bits[type >> 3] >> (type & 7) & 1;
}

/* RFC 1661 4.6: after Max-Failure Naks no more of them, and nothing of our own is asked for. */
static int naks_used_up(const ppp_fsm *fsm)
{
	return fsm->naks_sent >= fsm->link->options.max_failure;
}

/* Unknown options and second instances are rejected (P-PKT-05); the rule has the word on all others. */
static enum ppp_verdict judge(ppp_fsm *fsm, const struct ppp_option *option, seen_set *seen)
{
	int index = ppp_rule_index(fsm->type, option->type);
	int again = test_and_set(seen, option->type);
	const struct ppp_option_rule *rule;
	enum ppp_verdict verdict;

	if (index < 0 || again)
		return PPP_REJECTED;
	rule = &fsm->type->rules[index];
	verdict = rule->judge(fsm, ppp_option_value(rule, option));
	if (verdict == PPP_NAKED && naks_used_up(fsm) && !rule->always_nak)
		return PPP_REJECTED;
	return verdict;
}

static int misses(const ppp_fsm *fsm, const struct ppp_option_rule *rule, const seen_set *seen)
{
	return rule->wanted && rule->wanted(fsm) && !has(seen, rule->type) && !naks_used_up(fsm);
}

/* The worst verdict on any option is the one on the request. */
static enum ppp_verdict judge_all(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	wire_reader list = wire_read(packet->data, packet->data_len);
	enum ppp_verdict worst = PPP_ACKED;
	struct ppp_option option;
	seen_set seen = {{0}};

	while (ppp_option_next(&list, &option) > 0) {
		enum ppp_verdict verdict = judge(fsm, &option, &seen);
		if (verdict > worst)
			worst = verdict;
	}
	for (size_t i = 0; i < fsm->type->rule_count && worst == PPP_ACKED; i++)
		if (misses(fsm, &fsm->type->rules[i], &seen))
			worst = PPP_NAKED;
	return worst;
}

enum ppp_counter ppp_reply_input(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	if (!ppp_options_valid(packet->data, packet->data_len))
		return PPP_DROP_BAD_OPTIONS;
	ppp_fsm_event(fsm, judge_all(fsm, packet) == PPP_ACKED ? PPP_RCR_PLUS : PPP_RCR_MINUS, packet);
	return PPP_COUNT_CONTROL_IN;
}

/* What the peer did not mention has its default from here on, so every rule hears of the agreement. */
static void accept(ppp_fsm *fsm, const struct ppp_option_rule *rule, const struct ppp_packet *packet)
{
	wire_reader list = wire_read(packet->data, packet->data_len);
	struct ppp_option option;

	if (!rule->accept)
		return;
	while (ppp_option_next(&list, &option) > 0)
		if (option.type == rule->type) {
			rule->accept(fsm, option.value);
			return;
		}
	rule->accept(fsm, NULL);
}

void ppp_reply_ack(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	wire_writer w = ppp_packet_begin(fsm, PPP_CONFIGURE_ACK, packet->id);

	wire_put_octets(&w, packet->data, packet->data_len);
	fsm->naks_sent = 0;
	for (size_t i = 0; i < fsm->type->rule_count; i++)
		accept(fsm, &fsm->type->rules[i], packet);
	ppp_packet_send(fsm, &w);
}

/* The options of one verdict, in the peer's order: rejected ones as they are, naked ones as they
 * should be. */
static void put_refused(ppp_fsm *fsm, const struct ppp_packet *packet, enum ppp_verdict verdict,
                        seen_set *seen, wire_writer *w)
{
	wire_reader list = wire_read(packet->data, packet->data_len);
	struct ppp_option option;

	while (ppp_option_next(&list, &option) > 0) {
		const struct ppp_option_rule *rule;

		if (judge(fsm, &option, seen) != verdict)
			continue;
		if (verdict == PPP_REJECTED) {
			wire_put_octets(w, option.start, option.len);
			continue;
		}
		rule = &fsm->type->rules[ppp_rule_index(fsm->type, option.type)];
		rule->suggest(fsm, ppp_option_value(rule, &option), w);
	}
}

void ppp_reply_refuse(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	enum ppp_verdict verdict = judge_all(fsm, packet);
	uint8_t code = verdict == PPP_REJECTED ? PPP_CONFIGURE_REJECT : PPP_CONFIGURE_NAK;
	wire_writer w = ppp_packet_begin(fsm, code, packet->id);
	const struct ppp_option_rule *rules = fsm->type->rules;
	seen_set seen = {{0}};

	put_refused(fsm, packet, verdict, &seen, &w);
	if (verdict == PPP_NAKED) {
		for (size_t i = 0; i < fsm->type->rule_count; i++)
			if (misses(fsm, &rules[i], &seen))
				rules[i].suggest(fsm, NULL, &w);
		if (!naks_used_up(fsm))
			fsm->naks_sent++;
	}
	ppp_packet_send(fsm, &w);
}
