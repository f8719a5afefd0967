/* fsm: the option negotiation automaton of RFC 1661 4 and its packets (internal).
 *
 * A layer (LCP, IPCP) is one struct ppp_layer_type: numbers, hooks, and a table of option rules. A new
 * layer is a new file with such a struct, an entry in enum ppp_layer and a row in input.c. */
#ifndef PPP_FSM_H
#define PPP_FSM_H

#include "ppp.h"
#include "wire.h"

/* RFC 1661 4.2, in its numbering. */
enum ppp_state {
	PPP_INITIAL,
	PPP_STARTING,
	PPP_CLOSED,
	PPP_STOPPED,
	PPP_CLOSING,
	PPP_STOPPING,
	PPP_REQ_SENT,
	PPP_ACK_RCVD,
	PPP_ACK_SENT,
	PPP_OPENED,
	PPP_STATES
};

#define PPP_IMPOSSIBLE 0xFFu /* as next state: the event cannot happen here */

/* RFC 1661 4.3 */
enum ppp_fsm_event {
	PPP_UP,
	PPP_DOWN,
	PPP_OPEN,
	PPP_CLOSE,
	PPP_TO_PLUS,
	PPP_TO_MINUS,
	PPP_RCR_PLUS,
	PPP_RCR_MINUS,
	PPP_RCA,
	PPP_RCN,
	PPP_RTR,
	PPP_RTA,
	PPP_RUC,
	PPP_RXJ_PLUS,
	PPP_RXJ_MINUS,
	PPP_RXR,
	PPP_FSM_EVENTS
};

/* RFC 1661 4.4 */
enum ppp_action {
	PPP_TLU = 1 << 0,
	PPP_TLD = 1 << 1,
	PPP_TLS = 1 << 2,
	PPP_TLF = 1 << 3,
	PPP_IRC = 1 << 4,
	PPP_ZRC = 1 << 5,
	PPP_SCR = 1 << 6,
	PPP_SCA = 1 << 7,
	PPP_SCN = 1 << 8,
	PPP_STR = 1 << 9,
	PPP_STA = 1 << 10,
	PPP_SCJ = 1 << 11,
	PPP_SER = 1 << 12
};

struct ppp_cell {
	uint16_t actions;
	uint8_t next;
};

/** One cell of the state transition table, RFC 1661 4.1. */
const struct ppp_cell *ppp_automaton(enum ppp_fsm_event event, enum ppp_state state);

/* RFC 1661 5, RFC 1570 2 */
enum ppp_code {
	PPP_CONFIGURE_REQUEST = 1,
	PPP_CONFIGURE_ACK,
	PPP_CONFIGURE_NAK,
	PPP_CONFIGURE_REJECT,
	PPP_TERMINATE_REQUEST,
	PPP_TERMINATE_ACK,
	PPP_CODE_REJECT,
	PPP_PROTOCOL_REJECT,
	PPP_ECHO_REQUEST,
	PPP_ECHO_REPLY,
	PPP_DISCARD_REQUEST,
	PPP_IDENTIFICATION,
	PPP_TIME_REMAINING
};

#define PPP_PACKET_HEADER 4u /* Code, Identifier, Length */
#define PPP_OPTION_HEADER 2u /* Type, Length */

/* A received control packet; padding beyond Length is gone. Borrows the frame. */
struct ppp_packet {
	const uint8_t *start; /* at Code */
	size_t len;           /* the Length field */
	const uint8_t *data;
	size_t data_len;
	uint8_t code, id;
};

struct ppp_option {
	const uint8_t *start, *value;
	uint8_t type, len; /* len counts Type and Length, as on the wire */
};

/* What we say to an option of the peer; the worst one decides the answer (RFC 1661 5.2 to 5.4). */
enum ppp_verdict { PPP_ACKED, PPP_NAKED, PPP_REJECTED };

/* What we do after a Nak or Reject of an option of ours. */
enum ppp_retry {
	PPP_RETRY,    /* ask again, perhaps with another value */
	PPP_WITHDRAW, /* go on without the option */
	PPP_GIVE_UP   /* the layer has failed; the hook has set fsm->reason */
};

/* How one option is negotiated. Unused hooks are NULL. Where `value` points at an option's value, the
 * option has a length that the rule permits. */
struct ppp_option_rule {
	uint8_t type;
	uint8_t len;
	uint8_t len_max;    /* 0 = len; else any length in between, see ppp_option_octets */
	uint8_t always_nak; /* Max-Failure does not turn its Naks into Rejects */

	/* The peer's option. judge: value is NULL when the length is wrong; called more than once per packet.
	 * suggest: write the option we would acknowledge; value as in judge, or NULL when it was missing.
	 * wanted: whether to suggest an option that is missing. accept: acknowledged; NULL = it was absent.
	 */
	enum ppp_verdict (*judge)(ppp_fsm *fsm, const uint8_t *value);
	void (*suggest)(ppp_fsm *fsm, const uint8_t *value, wire_writer *nak);
	int (*wanted)(const ppp_fsm *fsm);
	void (*accept)(ppp_fsm *fsm, const uint8_t *value);

	/* Our own option. request: append it to our Configure-Request, or nothing. Without naked a Nak counts
	 * as Reject; without rejected the option is withdrawn. */
	void (*request)(const ppp_fsm *fsm, wire_writer *request);
	enum ppp_retry (*naked)(ppp_fsm *fsm, const uint8_t *value);
	enum ppp_retry (*rejected)(ppp_fsm *fsm);
};

/* One protocol that runs the automaton. Unused hooks are NULL. */
struct ppp_layer_type {
	const char *name;
	uint16_t number;
	uint16_t known_codes; /* bit n: code n */
	const struct ppp_option_rule *rules;
	size_t rule_count;

	void (*reset)(ppp_fsm *fsm);    /* Up: forget what was negotiated */
	void (*up)(ppp_fsm *fsm);       /* tlu */
	void (*down)(ppp_fsm *fsm);     /* tld */
	void (*started)(ppp_fsm *fsm);  /* tls */
	void (*finished)(ppp_fsm *fsm); /* tlf */
	/* ser */
	void (*echo)(ppp_fsm *fsm, const struct ppp_packet *packet);
	/* Known codes from 8 on. Returns the fate of the packet. */
	enum ppp_counter (*other_code)(ppp_fsm *fsm, const struct ppp_packet *packet);
};

/** By enum ppp_layer. */
extern const struct ppp_layer_type *const ppp_layer_types[PPP_LAYERS];
extern const struct ppp_layer_type ppp_lcp_type;
extern const struct ppp_layer_type ppp_ccp_type;
extern const struct ppp_layer_type ppp_ipcp_type;
extern const struct ppp_layer_type ppp_ipv6cp_type;

/* fsm.c: the engine and its timer */

void ppp_fsm_init(ppp_fsm *fsm, ppp *link, const struct ppp_layer_type *type);
/** Take one step. `packet` is the one that caused it, NULL for events which are not packets. */
void ppp_fsm_event(ppp_fsm *fsm, enum ppp_fsm_event event, const struct ppp_packet *packet);
/** Open and Up: the layer below is there. Answers a request of the peer that was kept for that. */
void ppp_fsm_start(ppp_fsm *fsm);
/** Keep a Configure-Request that came before ppp_fsm_start: its sender may be slow to repeat it (P-SEQ-04).
 *  Returns the fate of the packet. */
enum ppp_counter ppp_fsm_keep_early(ppp_fsm *fsm, const uint8_t *information, size_t len);
/** Restart timer, if due. */
void ppp_fsm_tick(ppp_fsm *fsm);
/** The peer sent Protocol-Reject for this layer: stop it without another packet (RFC 1661 5.7). */
void ppp_fsm_protocol_rejected(ppp_fsm *fsm);

/* control.c: packets of a layer, in */

/** Code, Identifier, Length; octets beyond Length are padding (RFC 1661 5). 0, or -1: Length does not fit. */
int ppp_packet_read(const uint8_t *information, size_t len, struct ppp_packet *ret_packet);
/** The information field of a control frame. Returns its fate. */
enum ppp_counter ppp_control_input(ppp_fsm *fsm, const uint8_t *information, size_t len);

/* option.c */

/** Next option of a list. 1 = *ret_option is set, 0 = end, -1 = malformed. */
int ppp_option_next(wire_reader *list, struct ppp_option *ret_option);
/** The octets of a value which a hook was given: its Length stands in front of it. */
static inline size_t ppp_option_octets(const uint8_t *value)
{
	return (size_t)value[-1] - PPP_OPTION_HEADER;
}

/** The option's value, or NULL when the rule does not permit its length. */
static inline const uint8_t *ppp_option_value(const struct ppp_option_rule *rule,
                                              const struct ppp_option *option)
{
	uint8_t max = rule->len_max ? rule->len_max : rule->len;

	return option->len >= rule->len && option->len <= max ? option->value : NULL;
}

/** Whether a list can be walked to its end. */
int ppp_options_valid(const uint8_t *list, size_t len);
/** Index of the rule for an option type, or -1. */
int ppp_rule_index(const struct ppp_layer_type *type, uint8_t option_type);
/** Append options of the two usual shapes. */
void ppp_option_put16(wire_writer *w, uint8_t type, uint16_t value);
void ppp_option_put32(wire_writer *w, uint8_t type, uint32_t value);

/* request.c: our Configure-Request and the peer's answers */

void ppp_request_send(ppp_fsm *fsm);
enum ppp_counter ppp_request_acked(ppp_fsm *fsm, const struct ppp_packet *packet);
enum ppp_counter ppp_request_naked(ppp_fsm *fsm, const struct ppp_packet *packet);
enum ppp_counter ppp_request_rejected(ppp_fsm *fsm, const struct ppp_packet *packet);

/* reply.c: the peer's Configure-Request and our answers */

enum ppp_counter ppp_reply_input(ppp_fsm *fsm, const struct ppp_packet *packet);
void ppp_reply_ack(ppp_fsm *fsm, const struct ppp_packet *packet);
/** Configure-Nak or Configure-Reject, whichever the request deserves. */
void ppp_reply_refuse(ppp_fsm *fsm, const struct ppp_packet *packet);

/* transmit.c: packets of a layer, out */

uint8_t ppp_next_identifier(ppp_fsm *fsm);
/** Begin a packet of a protocol without an automaton, as below. */
wire_writer ppp_frame_begin(ppp *link, uint16_t protocol, uint8_t code, uint8_t id);
/** Fill in Length and hand the packet to the lower layer. */
void ppp_frame_send(ppp *link, wire_writer *w);
/** Begin a packet in the link's transmit buffer; room for PPP_MRU_DEFAULT octets of information. */
wire_writer ppp_packet_begin(ppp_fsm *fsm, uint8_t code, uint8_t id);
/** Append at most as many octets as keep the packet within the peer's MRU. */
void ppp_packet_put_cut(const ppp_fsm *fsm, wire_writer *w, const uint8_t *from, size_t len);
/** The same, unless the peer rejected this code. */
void ppp_packet_send(ppp_fsm *fsm, wire_writer *w);

#endif
