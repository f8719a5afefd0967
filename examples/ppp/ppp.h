/* ppp: one end of a PPP link, without I/O (RFC 1661, 1332, 1877, 1570).
 *
 * The host brings memory, time, randomness and a lower layer which carries whole frames, such as a PPTP
 * call; it gets IPv4 packets and a word when the link is up or over. Nothing is allocated, nothing is
 * global, and every callback runs inside one of the calls below. This header is the manual.
 *
 * A session: ppp_options_init, ppp_init, ppp_lower_up, then ppp_input for each frame that came in,
 * ppp_output for each packet going out and ppp_tick at ppp_deadline; ppp_close to end it in good order,
 * ppp_lower_down once the call is gone. After that ppp_lower_up starts the next one. */
#ifndef PPP_H
#define PPP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PPP_HEADROOM    4u         /* octets ppp_output writes in front of a packet: FF 03 00 21 */
#define PPP_MRU_MIN     128u       /* smallest MRU we accept from a peer */
#define PPP_MRU_DEFAULT 1500u      /* RFC 1661 6.1: always to be received, whatever was negotiated */
#define PPP_NEVER       UINT64_MAX /* a deadline that is not set */
#define PPP_REQUEST_MAX 64u        /* octets of options in a Configure-Request of ours */

typedef struct ppp ppp;

enum ppp_error {
	PPP_OK = 0,
	PPP_ERR_ARGUMENT = -1, /* ppp_init: an option is missing or out of range */
	PPP_ERR_BUSY = -2,     /* not from a callback */
	PPP_ERR_STATE = -3,    /* ppp_lower_up: the lower layer is up already */
	PPP_ERR_NOT_OPEN = -4, /* ppp_output: IPCP is not opened */
	PPP_ERR_TOO_LONG = -5, /* ppp_output: the packet is above the peer's MRU */
	PPP_ERR_NOT_IPV4 = -6  /* ppp_output: not an IPv4 packet */
};

/* Where a session is, RFC 1661 3.2. The order matters: later is larger. */
enum ppp_phase { PPP_PHASE_DEAD, PPP_PHASE_ESTABLISH, PPP_PHASE_NETWORK, PPP_PHASE_TERMINATE };

/* Layers that run the automaton of RFC 1661 4. The first one carries the others. */
enum ppp_layer { PPP_LAYER_LCP, PPP_LAYER_IPCP, PPP_LAYERS };

/* Why a session ended. */
enum ppp_reason {
	PPP_REASON_NONE,
	PPP_REASON_LOCAL,                /* the host called ppp_close */
	PPP_REASON_LOWER_DOWN,           /* the lower layer went away first */
	PPP_REASON_PEER_TERMINATED,      /* the peer sent Terminate-Request */
	PPP_REASON_NO_ANSWER,            /* Max-Configure requests unanswered */
	PPP_REASON_NOT_CONVERGING,       /* every request was answered by Nak or Reject */
	PPP_REASON_PEER_REJECTED,        /* the peer rejected a code or a protocol we cannot do without */
	PPP_REASON_SETUP_TIMEOUT,        /* set-up took longer than setup_limit_us */
	PPP_REASON_PEER_DEAD,            /* echo_misses Echo-Requests unanswered */
	PPP_REASON_LOOPED,               /* we are talking to ourselves */
	PPP_REASON_NO_ADDRESS,           /* IPCP ended without two different addresses */
	PPP_REASON_WANTS_AUTHENTICATION, /* the peer demands authentication; this endpoint has none */
	PPP_REASONS
};

/* Counters, read with ppp_count and named by ppp_counter_name. Each frame given to ppp_input adds one to
 * PPP_COUNT_FRAMES_IN and one to exactly one of the group that begins with PPP_COUNT_CONTROL_IN. */
enum ppp_counter {
	PPP_COUNT_CONTROL_IN,      /* control packets acted upon */
	PPP_COUNT_IPV4_IN,         /* IPv4 packets handed to the host */
	PPP_DROP_LOWER_DOWN,       /* before ppp_lower_up or after ppp_lower_down */
	PPP_DROP_BAD_HEADER,       /* no complete protocol field */
	PPP_DROP_TOO_LONG,         /* information above PPP_MRU_DEFAULT */
	PPP_DROP_UNKNOWN_PROTOCOL, /* answered by Protocol-Reject */
	PPP_DROP_WRONG_PHASE,      /* a protocol whose phase has not come, or is over */
	PPP_DROP_NOT_OPENED,       /* only allowed while its layer is Opened, and it is not */
	PPP_DROP_BAD_LENGTH,       /* control packet: Length below the minimum or beyond the frame */
	PPP_DROP_BAD_OPTIONS,      /* option of length 0 or 1, option overrunning, empty Nak or Reject */
	PPP_DROP_BAD_IDENTIFIER,   /* a reply to nothing we have outstanding */
	PPP_DROP_BAD_ACK,          /* Configure-Ack which differs from the request */
	PPP_DROP_BAD_REJECT,       /* Configure-Reject which is not part of the request */
	PPP_DROP_UNKNOWN_CODE,     /* answered by Code-Reject */
	PPP_DROP_UNKNOWN_REJECT,   /* Protocol-Reject of a protocol we do not run */
	PPP_DROP_LOOPED,           /* Echo or Discard-Request with our own magic number */
	PPP_DROP_NOT_IPV4,         /* not an IPv4 header */
	PPP_DROP_BAD_SOURCE,       /* source is not the address we gave the peer */

	PPP_COUNT_FRAMES_IN,        /* calls of ppp_input that were not refused */
	PPP_COUNT_CONTROL_OUT,      /* control packets handed to send */
	PPP_COUNT_IPV4_OUT,         /* packets framed by ppp_output */
	PPP_COUNT_SEND_FAILED,      /* of the control packets out, those which send refused */
	PPP_COUNT_SEND_SUPPRESSED,  /* control packets not sent: the peer rejected their code */
	PPP_COUNT_OUTPUT_NOT_OPEN,  /* packets refused by ppp_output, by error */
	PPP_COUNT_OUTPUT_TOO_LONG,  /* */
	PPP_COUNT_OUTPUT_NOT_IPV4,  /* */
	PPP_COUNT_RETRANSMITS,      /* requests repeated by the restart timer */
	PPP_COUNT_ECHO_MISSED,      /* Echo-Requests followed by silence until the next was due */
	PPP_COUNT_NAK_IGNORED,      /* options in a Nak that we do not request or cannot read */
	PPP_COUNT_IMPOSSIBLE_EVENT, /* automaton events the table calls impossible; always 0 */
	PPP_COUNT_BUSY,             /* calls refused with PPP_ERR_BUSY */
	PPP_COUNTERS
};

enum ppp_event_type {
	PPP_EVENT_UP,        /* IPCP opened: addresses, dns and mtu are set; may come again after SUSPENDED */
	PPP_EVENT_SUSPENDED, /* IPCP left Opened: no packets until the next UP; the address is free again */
	PPP_EVENT_DOWN       /* the session is over, once per ppp_lower_up: clear the call */
};

typedef struct ppp_event {
	enum ppp_event_type type;
	uint32_t local_address; /* UP; IPv4 in host order, 10.0.0.1 is 0x0A000001 */
	uint32_t peer_address;  /* UP */
	uint32_t dns[2];        /* UP; 0 = none was given */
	uint16_t mtu;           /* UP; largest packet to send: min(peer's MRU, mtu_max) */
	enum ppp_reason reason; /* DOWN */
	const char *text;       /* DOWN; ppp_reason_text(reason) */
	const char *layer;      /* DOWN; the layer that failed, "" when none did */
} ppp_event;

enum ppp_trace_type {
	PPP_TRACE_SENT,     /* frame: a control packet handed to send */
	PPP_TRACE_RECEIVED, /* frame: a control packet about to be looked at */
	PPP_TRACE_DROPPED,  /* frame, counter: a frame that was not acted upon, and why */
	PPP_TRACE_STATE     /* layer, from, to: a step of an automaton */
};

/* What the trace callback sees. Borrowed: valid until the callback returns. */
typedef struct ppp_trace {
	enum ppp_trace_type type;
	const uint8_t *frame;
	size_t len;
	enum ppp_counter counter;
	const char *layer, *from, *to;
} ppp_trace;

typedef struct ppp_options {
	void *user; /* first argument of every callback */

	/** Hand a whole frame (FF 03, protocol, information) to the lower layer. Required.
	 *  @return 0, or anything else when the frame was lost: it is counted and the timers heal it. */
	int (*send)(void *user, const uint8_t *frame, size_t len);
	/** An IPv4 packet for the host, inside the frame given to ppp_input. Required. */
	void (*receive)(void *user, const uint8_t *packet, size_t len);
	/** Up, suspended, down. Required. */
	void (*event)(void *user, const ppp_event *event);
	/** Observer, or NULL. ppp_trace_text turns a record into a line. */
	void (*trace)(void *user, const ppp_trace *record);

	uint64_t seed;          /* unpredictable, different at both ends: magic numbers come from it */
	uint32_t local_address; /* ours; 0 = ask the peer */
	uint32_t peer_address;  /* assigned to the peer; 0 = take what the peer says (RFC 1332 3.3) */
	uint32_t dns[2];        /* given to a peer that asks (RFC 1877); 0 = none */
	uint8_t ask_dns;        /* ask the peer for DNS servers */
	uint8_t check_source;   /* drop packets not from peer_address, where that is set */
	uint16_t mru;           /* we ask for: PPP_MRU_MIN to PPP_MRU_DEFAULT */
	uint16_t mtu_max;       /* upper bound of the MTU reported */

	uint8_t max_configure; /* RFC 1661 4.6; also bounds requests answered by Nak or Reject */
	uint8_t max_terminate;
	uint8_t max_failure;
	uint8_t echo_misses; /* unanswered Echo-Requests that make a dead peer */

	uint64_t restart_first_us; /* restart timer: first period, doubled for each repetition ... */
	uint64_t restart_max_us;   /* ... up to this */
	uint64_t echo_interval_us; /* 0 = no keepalive */
	uint64_t setup_limit_us;   /* ppp_lower_up to IPCP Opened; 0 = no limit */
} ppp_options;

/** Fill in defaults: a client that asks for its address; MRU and MTU 1400, restart 0.5 s doubling to 3 s,
 *  Max-Configure 10, Max-Terminate 2, Max-Failure 5, Echo every 30 s and 4 misses, set-up 60 s,
 *  check_source on. The host sets the callbacks and seed; a server also local_address, peer_address, dns. */
void ppp_options_init(ppp_options *options);

/** Make an endpoint in the caller's memory. Nothing is sent, nothing needs to be released.
 *  @param link     stays where it is while in use: it holds pointers into itself
 *  @param options  copied
 *  @return PPP_OK, or PPP_ERR_ARGUMENT: a callback missing, mru, a limit or a period out of range, or
 *          both ends given one address */
int ppp_init(ppp *link, const ppp_options *options);

/** The lower layer can carry frames: start LCP, at both ends at once (RFC 1661 3.4).
 *  @param now  microseconds, monotonic, as in every call
 *  @return PPP_OK, PPP_ERR_BUSY from a callback, PPP_ERR_STATE when it is up already */
int ppp_lower_up(ppp *link, uint64_t now);

/** The lower layer is gone: everything down at once, nothing is sent. PPP_EVENT_DOWN comes before the
 *  return if it has not come yet. Harmless when the lower layer is down. From a callback: done when the
 *  outermost call returns. @return PPP_OK */
int ppp_lower_down(ppp *link, uint64_t now);

/** A frame from the lower layer: with or without FF 03, protocol field of one or two octets.
 *  @param frame,len  not kept after return; hostile content is counted, never an error
 *  @return PPP_OK, or PPP_ERR_BUSY from a callback */
int ppp_input(ppp *link, const uint8_t *frame, size_t len, uint64_t now);

/** Frame an IPv4 packet in place; the caller sends the result.
 *  @param packet     PPP_HEADROOM writable octets must lie in front of it
 *  @param ret_frame  packet - PPP_HEADROOM
 *  @param ret_len    len + PPP_HEADROOM
 *  @return PPP_OK, PPP_ERR_NOT_OPEN, PPP_ERR_TOO_LONG or PPP_ERR_NOT_IPV4; each is counted
 *  Legal from callbacks. */
int ppp_output(ppp *link, uint8_t *packet, size_t len, const uint8_t **ret_frame, size_t *ret_len);

/** End the session in good order: Terminate-Request, and PPP_EVENT_DOWN with this reason when the peer
 *  has answered or Max-Terminate requests were in vain. Does nothing when the link is down or ending.
 *  From a callback: done when the outermost call returns. @return PPP_OK */
int ppp_close(ppp *link, enum ppp_reason reason, uint64_t now);

/** When to call ppp_tick, or PPP_NEVER. May change in every call that takes `now`. */
uint64_t ppp_deadline(const ppp *link);

/** Do what is due; nothing when called early. Afterwards ppp_deadline is later than now.
 *  @return PPP_OK, or PPP_ERR_BUSY from a callback */
int ppp_tick(ppp *link, uint64_t now);

/* Queries, for logs; legal from callbacks. Names are static strings, NULL for values out of range. */

enum ppp_phase ppp_phase_now(const ppp *link);
const char *ppp_phase_name(enum ppp_phase phase);
/** The name of a layer's automaton state, as in RFC 1661 4.2: "Req-Sent", "Opened". */
const char *ppp_layer_state(const ppp *link, enum ppp_layer layer);
const char *ppp_layer_name(enum ppp_layer layer);
uint64_t ppp_count(const ppp *link, enum ppp_counter counter);
const char *ppp_counter_name(enum ppp_counter counter);
const char *ppp_reason_text(enum ppp_reason reason);

/** Put a trace record into words: "sent LCP Configure-Request id 1 mru 1400 magic 0x01020304".
 *  The only part that needs stdio (snprintf); leave trace.c out where it is not called.
 *  @return characters written without the closing NUL; a line that does not fit is cut */
size_t ppp_trace_text(const ppp_trace *record, char *ret_line, size_t size);

/* Below: what the endpoint keeps. Here only so that the caller can own the memory; not to be touched. */

typedef struct ppp_fsm {
	ppp *link;
	const struct ppp_layer_type *type;
	uint64_t deadline;       /* restart timer */
	uint64_t period_us;      /* its next period */
	enum ppp_reason reason;  /* why this layer is about to finish */
	uint8_t state;           /* enum ppp_state */
	uint8_t identifier;      /* last one used */
	uint8_t restart_count;   /* transmissions left, RFC 1661 4.6 */
	uint8_t naks_sent;       /* since our last Configure-Ack */
	uint8_t refusals;        /* valid Naks and Rejects received since the last Configure-Ack */
	uint8_t request_id;      /* our last Configure-Request ... */
	uint8_t request_len;     /* ... its options */
	uint8_t request_pending; /* ... still without a valid reply */
	uint8_t request[PPP_REQUEST_MAX];
	uint16_t withdrawn;     /* bit n: rule n is not requested any more */
	uint16_t refused_codes; /* bit n: the peer rejected code n */
} ppp_fsm;

struct ppp_lcp {
	uint64_t echo_deadline;
	uint32_t magic;    /* ours; 0 = none */
	uint16_t mru;      /* ours */
	uint16_t peer_mru; /* caps what we send */
	uint8_t echo_id;
	uint8_t echo_unanswered;
	uint8_t loops; /* requests in a row that carried our own magic number */
	uint8_t authentication_demanded;
};

struct ppp_ipcp {
	uint32_t local_address, peer_address, dns[2];
	uint8_t address_suggested;
};

struct ppp {
	ppp_options options;
	uint64_t now; /* sampled once per outermost call */
	uint64_t random;
	uint64_t guard_deadline;
	uint64_t counters[PPP_COUNTERS];
	ppp_fsm fsm[PPP_LAYERS];
	struct ppp_lcp lcp;
	struct ppp_ipcp ipcp;
	enum ppp_phase phase;
	enum ppp_reason reason; /* why the session ends */
	const char *reason_layer;
	uint8_t busy;    /* inside a call: callbacks may be running */
	uint8_t pending; /* work put off until the outermost call ends */
	uint8_t network_up;
	uint8_t over; /* PPP_EVENT_DOWN was delivered */
	uint8_t transmit[PPP_HEADROOM + PPP_MRU_DEFAULT];
};

#ifdef __cplusplus
}
#endif

#endif
