/* fsm: takes the steps of the automaton and runs its restart timer (RFC 1661 4.4, 4.6).
 *
 * The state changes before the actions run, and their order is fixed below; so a hook that looks at the
 * state, or sends, finds the layer where the table says it is. */
#include "internal.h"

static void layer_up(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	(void)packet;
	fsm->reason = PPP_REASON_NONE;
	if (fsm->type->up)
		fsm->type->up(fsm);
}

static void layer_down(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	(void)packet;
	if (fsm->type->down)
		fsm->type->down(fsm);
}

static void layer_started(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	(void)packet;
	if (fsm->type->started)
		fsm->type->started(fsm);
}

static void layer_finished(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	(void)packet;
	if (fsm->type->finished)
		fsm->type->finished(fsm);
}

/* Arms the timer for a transmission and doubles the period of the next one. A link of the Internet's
 * speed answers long before 3 s; a peer that was not ready yet must not cost 3 s (P-FSM-01). */
static void start_timer(ppp_fsm *fsm)
{
	uint64_t max_us = fsm->link->options.restart_max_us;

	fsm->deadline = fsm->link->now + fsm->period_us;
	fsm->period_us = fsm->period_us < max_us / 2 ? fsm->period_us * 2 : max_us;
	if (fsm->restart_count > 0)
		fsm->restart_count--;
}

/* irc. The table loads the counter before it sends Terminate-Requests only on the way to Closing and
 * Stopping, and for Configure-Requests everywhere else (RFC 1661 4.6). */
static void load_counter(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	const ppp_options *options = &fsm->link->options;
	int terminating = fsm->state == PPP_CLOSING || fsm->state == PPP_STOPPING;

	(void)packet;
	fsm->restart_count = terminating ? options->max_terminate : options->max_configure;
	fsm->period_us = options->restart_first_us;
}

/* zrc: one period of grace, in which the peer may repeat a Terminate-Request whose answer was lost
 * (RFC 1661 3.7). The peer's period is not known: take the longest of ours. */
static void clear_counter(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	(void)packet;
	fsm->restart_count = 0;
	fsm->period_us = fsm->link->options.restart_max_us;
	start_timer(fsm);
}

static void send_request(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	(void)packet;
	start_timer(fsm);
	ppp_request_send(fsm);
}

static void send_terminate(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	wire_writer w = ppp_packet_begin(fsm, PPP_TERMINATE_REQUEST, ppp_next_identifier(fsm));

	(void)packet;
	start_timer(fsm);
	ppp_packet_send(fsm, &w);
}

static void acknowledge_terminate(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	wire_writer w = ppp_packet_begin(fsm, PPP_TERMINATE_ACK, packet->id);

	ppp_packet_send(fsm, &w);
}

/* RFC 1661 5.6: a copy of the packet, cut to the peer's MRU, under an Identifier of its own. */
static void reject_code(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	wire_writer w = ppp_packet_begin(fsm, PPP_CODE_REJECT, ppp_next_identifier(fsm));

	ppp_packet_put_cut(fsm, &w, packet->start, packet->len);
	ppp_packet_send(fsm, &w);
}

static void send_echo(ppp_fsm *fsm, const struct ppp_packet *packet)
{
	if (fsm->type->echo)
		fsm->type->echo(fsm, packet);
}

/* Every cell of the table lists its actions in this order. */
static const struct {
	enum ppp_action action;
	void (*run)(ppp_fsm *fsm, const struct ppp_packet *packet);
} steps[] = {
        {PPP_TLD, layer_down},     {PPP_IRC, load_counter},          {PPP_ZRC, clear_counter},
        {PPP_SCR, send_request},   {PPP_SCA, ppp_reply_ack},         {PPP_SCN, ppp_reply_refuse},
        {PPP_STR, send_terminate}, {PPP_STA, acknowledge_terminate}, {PPP_SCJ, reject_code},
        {PPP_SER, send_echo},      {PPP_TLS, layer_started},         {PPP_TLU, layer_up},
        {PPP_TLF, layer_finished},
};

void ppp_fsm_init(ppp_fsm *fsm, ppp *link, const struct ppp_layer_type *type)
{
	memset(fsm, 0, sizeof *fsm);
	fsm->link = link;
	fsm->type = type;
	fsm->deadline = PPP_NEVER;
	fsm->period_us = link->options.restart_first_us;
}

/* The layer below came up: a new negotiation. Identifiers go on counting, so that a late reply from
 * before does not match. */
static void begin(ppp_fsm *fsm)
{
	fsm->reason = PPP_REASON_NONE;
	fsm->naks_sent = 0;
	fsm->refusals = 0;
	fsm->request_pending = 0;
	fsm->withdrawn = 0;
	fsm->refused_codes = 0;
	if (fsm->type->reset)
		fsm->type->reset(fsm);
}

static void enter_state(ppp_fsm *fsm, uint8_t next)
{
	ppp_trace record = {PPP_TRACE_STATE, NULL, 0, PPP_COUNTERS, NULL, NULL, NULL};

	if (next < PPP_CLOSING || next == PPP_OPENED) /* states without TO, RFC 1661 4.6 */
		fsm->deadline = PPP_NEVER;
	if (next == fsm->state)
		return;
	record.layer = fsm->type->name;
	record.from = ppp_state_name(fsm->state);
	record.to = ppp_state_name(next);
	fsm->state = next;
	ppp_trace_record(fsm->link, &record);
}

void ppp_fsm_event(ppp_fsm *fsm, enum ppp_fsm_event event, const struct ppp_packet *packet)
{
	const struct ppp_cell *cell = ppp_automaton(event, (enum ppp_state)fsm->state);

	if (cell->next == PPP_IMPOSSIBLE) {
		ppp_add(fsm->link, PPP_COUNT_IMPOSSIBLE_EVENT);
		return;
	}
	if (event == PPP_UP)
		begin(fsm);
	enter_state(fsm, cell->next);
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (cell->actions & steps[i].action)
			steps[i].run(fsm, packet);
}

/* The room for our own request is free until Up. Only what will be understood then is kept. */
enum ppp_counter ppp_fsm_keep_early(ppp_fsm *fsm, const uint8_t *information, size_t len)
{
	struct ppp_packet packet;

	if (fsm->state >= PPP_CLOSED || ppp_packet_read(information, len, &packet) < 0 ||
	    packet.code != PPP_CONFIGURE_REQUEST || packet.len > sizeof fsm->request ||
	    !ppp_options_valid(packet.data, packet.data_len))
		return PPP_DROP_NOT_OPENED;
	memcpy(fsm->request, packet.start, packet.len);
	fsm->early_len = (uint8_t)packet.len;
	return PPP_COUNT_CONTROL_IN;
}

void ppp_fsm_start(ppp_fsm *fsm)
{
	uint8_t early[PPP_REQUEST_MAX];
	size_t early_len = fsm->early_len;

	memcpy(early, fsm->request, early_len);
	fsm->early_len = 0;
	if (fsm->state == PPP_INITIAL)
		ppp_fsm_event(fsm, PPP_OPEN, NULL);
	ppp_fsm_event(fsm, PPP_UP, NULL);
	if (early_len > 0)
		(void)ppp_control_input(fsm, early, early_len); /* counted when it came */
}

void ppp_fsm_tick(ppp_fsm *fsm)
{
	if (fsm->deadline > fsm->link->now)
		return;
	if (fsm->restart_count > 0) {
		ppp_add(fsm->link, PPP_COUNT_RETRANSMITS);
		ppp_fsm_event(fsm, PPP_TO_PLUS, NULL);
		return;
	}
	if (fsm->reason == PPP_REASON_NONE)
		fsm->reason = PPP_REASON_NO_ANSWER;
	ppp_fsm_event(fsm, PPP_TO_MINUS, NULL);
}

/* RXJ- would answer an Opened layer's rejection with Terminate-Requests of the rejected protocol; Down
 * and Close end in Initial without a word. */
void ppp_fsm_protocol_rejected(ppp_fsm *fsm)
{
	fsm->reason = PPP_REASON_PEER_REJECTED;
	if (fsm->state >= PPP_CLOSED)
		ppp_fsm_event(fsm, PPP_DOWN, NULL);
	if (fsm->state == PPP_STARTING)
		ppp_fsm_event(fsm, PPP_CLOSE, NULL);
}
