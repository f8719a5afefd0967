/* request: our own Configure-Request and what the peer says to it, RFC 1661 5.1 to 5.4. */
#include "internal.h"

static int withdrawn(const ppp_fsm *fsm, size_t rule)
{
	return fsm->withdrawn >> rule & 1;
}

static size_t build(const ppp_fsm *fsm, uint8_t *to)
{
	const struct ppp_layer_type *type = fsm->type;
	wire_writer w = wire_write(to, PPP_REQUEST_MAX);

	for (size_t i = 0; i < type->rule_count; i++)
		if (type->rules[i].request && !withdrawn(fsm, i))
			type->rules[i].request(fsm, &w);
	return w.used;
}

/* A repetition keeps its Identifier, so that a late answer to the first copy counts; anything else
 * takes a new one (P-PKT-02). */
void ppp_request_send(ppp_fsm *fsm)
{
	uint8_t options[PPP_REQUEST_MAX];
	size_t len = build(fsm, options);
	int same = len == fsm->request_len && memcmp(options, fsm->request, len) == 0;
	wire_writer w;

	if (!fsm->request_pending || !same)
		fsm->request_id = ppp_next_identifier(fsm);
	memcpy(fsm->request, options, len);
	fsm->request_len = (uint8_t)len;
	fsm->request_pending = 1;

	w = ppp_packet_begin(fsm, PPP_CONFIGURE_REQUEST, fsm->request_id);
	wire_put_octets(&w, fsm->request, fsm->request_len);
	ppp_packet_send(fsm, &w);
}

/* Whether a reply speaks of the request that is out. A request is answered once: a duplicate which the
 * network made must not take an opened link down, as RCA in Opened would. */
static int answers_request(const ppp_fsm *fsm, const struct ppp_packet *packet)
{
	return fsm->request_pending && packet->id == fsm->request_id;
}

enum ppp_counter ppp_request_acked(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	if (!answers_request(fsm, packet))
		return PPP_DROP_BAD_IDENTIFIER;
	if (packet->data_len != fsm->request_len || memcmp(packet->data, fsm->request, fsm->request_len) != 0)
		return PPP_DROP_BAD_ACK;
	fsm->request_pending = 0;
	fsm->refusals = 0;
	ppp_fsm_event(fsm, PPP_RCA, packet);
	return PPP_COUNT_CONTROL_IN;
}

/* Naks and Rejects reload the restart counter, so two ends that disagree would go on for ever; as many
 * of them in a row as Max-Configure means that this layer has failed (P-PKT-15). */
static void refused(ppp_fsm *fsm, const struct ppp_packet *packet, enum ppp_retry retry)
{
	fsm->request_pending = 0;
	if (fsm->link->reason != PPP_REASON_NONE) /* a hook ended the link: no further request */
		return;
	if (fsm->state >= PPP_REQ_SENT && ++fsm->refusals >= fsm->link->options.max_configure &&
	    retry != PPP_GIVE_UP) {
		fsm->reason = PPP_REASON_NOT_CONVERGING;
		retry = PPP_GIVE_UP;
	}
	ppp_fsm_event(fsm, retry == PPP_GIVE_UP ? PPP_RXJ_MINUS : PPP_RCN, packet);
}

static enum ppp_retry rejected_option(ppp_fsm *fsm, int rule)
{
	enum ppp_retry (*hook)(ppp_fsm *) = fsm->type->rules[rule].rejected;
	enum ppp_retry retry = hook ? hook(fsm) : PPP_WITHDRAW;

	if (retry == PPP_WITHDRAW)
		fsm->withdrawn |= (uint16_t)(1u << rule);
	return retry;
}

/* One option of a Nak. What we do not request, was rejected before, or has a length it cannot have is
 * passed over: the next request goes without it, or with our value again. */
static enum ppp_retry naked_option(ppp_fsm *fsm, const struct ppp_option *option)
{
	int rule = ppp_rule_index(fsm->type, option->type);
	const struct ppp_option_rule *rules = fsm->type->rules;
	enum ppp_retry retry;

	if (rule < 0 || !rules[rule].request || withdrawn(fsm, (size_t)rule) ||
	    !ppp_option_value(&rules[rule], option)) {
		ppp_add(fsm->link, PPP_COUNT_NAK_IGNORED);
		return PPP_RETRY;
	}
	if (!rules[rule].naked)
		return rejected_option(fsm, rule);
	retry = rules[rule].naked(fsm, option->value);
	if (retry == PPP_WITHDRAW)
		fsm->withdrawn |= (uint16_t)(1u << rule);
	return retry;
}

enum ppp_counter ppp_request_naked(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	wire_reader list = wire_read(packet->data, packet->data_len);
	enum ppp_retry worst = PPP_RETRY;
	struct ppp_option option;

	if (!answers_request(fsm, packet))
		return PPP_DROP_BAD_IDENTIFIER;
	if (packet->data_len == 0 || !ppp_options_valid(packet->data, packet->data_len))
		return PPP_DROP_BAD_OPTIONS;
	while (ppp_option_next(&list, &option) > 0) {
		enum ppp_retry retry = naked_option(fsm, &option);
		if (retry > worst)
			worst = retry;
	}
	refused(fsm, packet, worst);
	return PPP_COUNT_CONTROL_IN;
}

/* RFC 1661 5.4 with erratum 543: any part of our request, unchanged and in our order. */
static int is_part_of_request(const ppp_fsm *fsm, const struct ppp_packet *packet)
{
	wire_reader ours = wire_read(fsm->request, fsm->request_len);
	wire_reader theirs = wire_read(packet->data, packet->data_len);
	struct ppp_option rejected, own;

	while (ppp_option_next(&theirs, &rejected) > 0)
		do
			if (ppp_option_next(&ours, &own) <= 0)
				return 0;
		while (own.len != rejected.len || memcmp(own.start, rejected.start, own.len) != 0);
	return 1;
}

enum ppp_counter ppp_request_rejected(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	wire_reader list = wire_read(packet->data, packet->data_len);
	enum ppp_retry worst = PPP_RETRY;
	struct ppp_option option;

	if (!answers_request(fsm, packet))
		return PPP_DROP_BAD_IDENTIFIER;
	if (packet->data_len == 0 || !ppp_options_valid(packet->data, packet->data_len))
		return PPP_DROP_BAD_OPTIONS;
	if (!is_part_of_request(fsm, packet))
		return PPP_DROP_BAD_REJECT;
	while (ppp_option_next(&list, &option) > 0) {
		enum ppp_retry retry = rejected_option(fsm, ppp_rule_index(fsm->type, option.type));
		if (retry > worst)
			worst = retry;
	}
	refused(fsm, packet, worst);
	return PPP_COUNT_CONTROL_IN;
}
