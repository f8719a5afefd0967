/* ppp: one end of a PPP link, without I/O (RFC 1661, 1332, 1877, 1570, 5072), with authentication by PAP,
 * CHAP and MS-CHAP (RFC 1334, 1994, 2433, 2759) and encryption by MPPE (RFC 1962, 3078, 3079).
 *
 * The host brings memory, time, randomness and a lower layer which carries whole frames, such as a PPTP
 * call; it gets packets of IPv4, IPv6 and others, and a word when the link is up or over. Nothing is
 * allocated, nothing is global, and every callback runs inside one of the calls below. This header is the
 * manual.
 *
 * A session: ppp_options_init, ppp_init, ppp_lower_up, then ppp_input for each frame that came in,
 * ppp_output for each packet going out and ppp_tick at ppp_deadline; ppp_close to end it in good order,
 * ppp_lower_down once the call is gone. After that ppp_lower_up starts the next one. */
#ifndef PPP_H
#define PPP_H

#include <stddef.h>
#include <stdint.h>

#include "mppe.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PPP_HEADROOM                                                                                         \
	8u                         /* octets ppp_output writes in front of a packet, at most: FF 03 00 FD,   \
	                            * two of MPPE, and the packet's protocol */
#define PPP_MRU_MIN          128u  /* smallest MRU we accept from a peer */
#define PPP_MRU_DEFAULT      1500u /* RFC 1661 6.1: always to be received, whatever was negotiated */
#define PPP_NEVER            UINT64_MAX /* a deadline that is not set */
#define PPP_REQUEST_MAX      64u        /* octets of options in a Configure-Request of ours */
#define PPP_INTERFACE_OCTETS 8u         /* of an interface identifier, RFC 5072 4.1 */
#define PPP_IPV6_MTU_MIN     1280u      /* a smaller link has no IPv6, RFC 8200 5 */
#define PPP_MPPE_OVERHEAD    4u   /* octets that encryption takes from the MTU: header and inner protocol */
#define PPP_NAME_MAX         255u /* octets of a user's name */
#define PPP_SECRET_MAX       768u /* octets of a password: 256 units of UTF-16 are never longer in UTF-8 */
#define PPP_MESSAGE_MAX      128u /* characters of a message kept from the peer, with the closing NUL */

typedef struct ppp ppp;

enum ppp_error {
	PPP_OK = 0,
	PPP_ERR_ARGUMENT = -1, /* ppp_init: an option is missing, out of range, or against another one */
	PPP_ERR_BUSY = -2,     /* not from a callback */
	PPP_ERR_STATE = -3,    /* ppp_lower_up: the lower layer is up already */
	PPP_ERR_NOT_OPEN =
	        -4, /* ppp_output: IPCP or IPV6CP is not opened, or encryption is required and is not */
	PPP_ERR_TOO_LONG = -5, /* ppp_output: the packet is above the MTU */
	PPP_ERR_NOT_IP = -6    /* ppp_output: neither an IPv4 nor an IPv6 packet */
};

/* Where a session is, RFC 1661 3.2. The order matters: later is larger. */
enum ppp_phase {
	PPP_PHASE_DEAD,
	PPP_PHASE_ESTABLISH,
	PPP_PHASE_AUTHENTICATE,
	PPP_PHASE_NETWORK,
	PPP_PHASE_TERMINATE
};

/* Ways to prove who one is: bits for auth_require and auth_allow. Two of them are weak and belong there only
 * where a peer knows nothing better: PAP sends the password as it is, and whoever hears MS-CHAPv1 gets the
 * password's hash within hours. The others fall to guessing of passwords by whoever hears them; MS-CHAPv2
 * also to a search through 2^56 keys. Of all four only MS-CHAPv2 proves the server, too, and only the
 * MS-CHAPs give keys. Strength decreases in the order MSCHAP2, CHAP_MD5, MSCHAP1, PAP. */
enum ppp_auth_method {
	PPP_AUTH_PAP = 1 << 0,      /* RFC 1334 */
	PPP_AUTH_CHAP_MD5 = 1 << 1, /* RFC 1994 */
	PPP_AUTH_MSCHAP1 = 1 << 2,  /* RFC 2433 */
	PPP_AUTH_MSCHAP2 = 1 << 3   /* RFC 2759 */
};

/* Encryption by MPPE: bits for the option mppe. Keys come from MS-CHAP, and an attacker who gets past that
 * has them; keys of 40 and 56 bits can be found by trying. Stateful mode (one key for up to 256 packets)
 * loses more when packets are lost, and is for peers that know nothing else. */
enum ppp_mppe_bit {
	PPP_MPPE_40 = 1 << 0,
	PPP_MPPE_56 = 1 << 1,
	PPP_MPPE_128 = 1 << 2,
	PPP_MPPE_STATEFUL = 1 << 3,     /* where the peer will not do without state */
	PPP_MPPE_STATEFUL_ONLY = 1 << 4 /* not without state: for peers whose other mode does not work */
};

/* Layers that run the automaton of RFC 1661 4. The first one carries the others; with encryption the second
 * has to be there before those of the network. */
enum ppp_layer { PPP_LAYER_LCP, PPP_LAYER_CCP, PPP_LAYER_IPCP, PPP_LAYER_IPV6CP, PPP_LAYERS };

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
	PPP_REASON_WANTS_AUTHENTICATION, /* the peer demands authentication by no method of auth_allow */
	PPP_REASON_AUTH_FAILED,       /* the peer refused our name or password; event.message has its words */
	PPP_REASON_PEER_AUTH_FAILED,  /* the peer's name or password is wrong */
	PPP_REASON_AUTH_TIMEOUT,      /* authentication did not end in time */
	PPP_REASON_AUTH_REFUSED,      /* the peer will not prove itself by any method of auth_require */
	PPP_REASON_AUTH_NOT_DEMANDED, /* auth_demand, and the peer did not ask us to prove ourselves */
	PPP_REASON_SERVER_NOT_PROVEN, /* MS-CHAPv2: the server's own proof is missing or wrong */
	PPP_REASON_NO_KEYS,           /* encryption is required, and authentication gave no keys for it */
	PPP_REASON_ENCRYPTION_REFUSED, /* encryption is required, and the peer does not agree to what is
	                                  allowed */
	PPP_REASON_ENCRYPTION_LOST,    /* the peer ended encryption, required or not, or went out of step for
	                                * good
	                                */
	PPP_REASONS
};

/* Counters, read with ppp_count and named by ppp_counter_name. Each frame given to ppp_input adds one to
 * PPP_COUNT_FRAMES_IN and one to exactly one of the group that begins with PPP_COUNT_CONTROL_IN. */
enum ppp_counter {
	PPP_COUNT_CONTROL_IN,      /* control packets acted upon */
	PPP_COUNT_IPV4_IN,         /* IPv4 packets handed to the host */
	PPP_COUNT_IPV6_IN,         /* IPv6 packets, likewise */
	PPP_COUNT_OTHER_IN,        /* frames that the callback `other` took */
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
	PPP_DROP_UNKNOWN_CODE,     /* answered by Code-Reject, but not by PAP and CHAP, which have none */
	PPP_DROP_UNKNOWN_REJECT,   /* Protocol-Reject of a protocol we do not run */
	PPP_DROP_LOOPED,           /* Echo or Discard-Request with our own magic number */
	PPP_DROP_NOT_IPV4,         /* not an IPv4 header */
	PPP_DROP_NOT_IPV6,         /* not an IPv6 header */
	PPP_DROP_BAD_SOURCE,       /* source is not the address we gave the peer, or not its link-local one */
	PPP_DROP_IN_CLEAR,         /* a packet of the network without encryption, where there must be some */
	PPP_DROP_MPPE_LATE,        /* encrypted: older than one that was decrypted, or once more */
	PPP_DROP_MPPE_LOST_STEP,   /* encrypted, stateful: behind a lost one; a Reset-Request went out */
	PPP_DROP_MPPE_CLEAR,       /* under 00FD, but the packet says that it is not encrypted */
	PPP_DROP_MPPE_GARBAGE,     /* what came out of decryption makes no sense */
	PPP_DROP_NOT_AGREED,       /* PAP or CHAP in a direction for which it was not agreed on */
	PPP_DROP_REFLECTED,        /* our own challenge came back as the peer's */

	PPP_COUNT_FRAMES_IN,        /* calls of ppp_input that were not refused */
	PPP_COUNT_CONTROL_OUT,      /* control packets handed to send */
	PPP_COUNT_IPV4_OUT,         /* packets framed by ppp_output */
	PPP_COUNT_IPV6_OUT,         /* */
	PPP_COUNT_OTHER_OUT,        /* packets framed by ppp_output_protocol */
	PPP_COUNT_ENCRYPTED,        /* of the packets framed, those which are encrypted */
	PPP_COUNT_DECRYPTED,        /* packets in that were encrypted and made sense */
	PPP_COUNT_RESETS_OUT,       /* Reset-Requests sent, one for each loss of step and its repetitions */
	PPP_COUNT_RESETS_IN,        /* Reset-Requests answered */
	PPP_COUNT_SEND_FAILED,      /* of the control packets out, those which send refused */
	PPP_COUNT_SEND_SUPPRESSED,  /* control packets not sent: the peer rejected their code */
	PPP_COUNT_OUTPUT_NOT_OPEN,  /* packets refused by ppp_output, by error */
	PPP_COUNT_OUTPUT_TOO_LONG,  /* */
	PPP_COUNT_OUTPUT_NOT_IP,    /* */
	PPP_COUNT_OUTPUT_NOT_OURS,  /* ppp_output_protocol: PPP_ERR_ARGUMENT */
	PPP_COUNT_RETRANSMITS,      /* requests repeated by the restart timer */
	PPP_COUNT_AUTH_WRONG,       /* wrong names, passwords or responses of the peer */
	PPP_COUNT_ECHO_MISSED,      /* Echo-Requests followed by silence until the next was due */
	PPP_COUNT_NAK_IGNORED,      /* options in a Nak that we do not request or cannot read */
	PPP_COUNT_IMPOSSIBLE_EVENT, /* automaton events the table calls impossible; always 0 */
	PPP_COUNT_BUSY,             /* calls refused with PPP_ERR_BUSY */
	PPP_COUNTERS
};

enum ppp_event_type {
	PPP_EVENT_UP,        /* IPCP opened: addresses, dns and mtu are set; may come again after SUSPENDED */
	PPP_EVENT_SUSPENDED, /* IPCP left Opened: no packets until the next UP; the address is free again */
	PPP_EVENT_IPV6_UP,   /* IPV6CP opened: the interfaces and mtu are set; before or after UP, or never */
	PPP_EVENT_IPV6_DOWN, /* IPV6CP left Opened; also before DOWN */
	PPP_EVENT_REJECTED,  /* the peer has no such protocol, one of those the host speaks: stop sending it;
	                        only with  the callback `other` */
	PPP_EVENT_DOWN       /* the session is over, once per ppp_lower_up: clear the call */
};

typedef struct ppp_event {
	enum ppp_event_type type;
	uint32_t local_address; /* UP; IPv4 in host order, 10.0.0.1 is 0x0A000001 */
	uint32_t peer_address;  /* UP */
	uint32_t dns[2];        /* UP; 0 = none was given */
	uint16_t mtu;           /* UP, IPV6_UP; largest packet to send: min(peer's MRU, mtu_max), less 4 when
	                         * packets go out encrypted */
	uint16_t mppe_bits;     /* UP, IPV6_UP; of the keys of what goes out, 0 = it is not encrypted */
	uint8_t mppe_stateless; /* UP, IPV6_UP */
	uint8_t local_interface[PPP_INTERFACE_OCTETS]; /* IPV6_UP: the address is fe80:: with this behind it
	                                                */
	uint8_t peer_interface[PPP_INTERFACE_OCTETS];  /* IPV6_UP */
	uint16_t protocol;                             /* REJECTED */
	enum ppp_reason reason;                        /* DOWN */
	const char *text;                              /* DOWN; ppp_reason_text(reason) */
	const char *layer;                             /* DOWN; the layer that failed, "" when none did */
	const char *message; /* DOWN; what the peer said to it, in printable ASCII; "" when it said nothing */

	const char
	        *peer_name; /* UP: the name that the peer proved, "" when it was not asked to. DOWN: the name
	                       that failed, when the reason is PPP_REASON_PEER_AUTH_FAILED. As the peer sent
	                       it, any octets; a NUL stands behind. Borrowed: until the callback returns */
	size_t peer_name_len;
	uint8_t auth_method;     /* UP; the method by which the peer proved itself, 0 = it was not asked to */
	uint8_t own_auth_method; /* UP; the one by which we did; after PPP_AUTH_MSCHAP2 the peer has, too */
} ppp_event;

enum ppp_trace_type {
	PPP_TRACE_SENT,     /* frame: a control packet handed to send */
	PPP_TRACE_RECEIVED, /* frame: a control packet about to be looked at */
	PPP_TRACE_DROPPED,  /* frame, counter: a frame that was not acted upon, and why */
	PPP_TRACE_STATE     /* layer, from, to: a step of an automaton */
};

/* What the trace callback sees. Borrowed: valid until the callback returns. A PAP frame has a password in it,
 * and one of CHAP what helps to guess it; ppp_trace_text leaves both out. */
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
	/** An IPv4 or IPv6 packet for the host; gone when the callback returns. Required. */
	void (*receive)(void *user, const uint8_t *packet, size_t len);
	/** Up, suspended, down. Required. */
	void (*event)(void *user, const ppp_event *event);
	/** A frame of a network protocol, or of what controls one, that is not known here: IPX (002B, 802B)
	 * and NetBEUI (003F, 803F) go through PPTP like IP does. NULL: there are none.
	 *  @param data,len  the information, gone when the callback returns
	 *  @return not 0: taken; 0: the peer is told by Protocol-Reject */
	int (*other)(void *user, uint16_t protocol, const uint8_t *data, size_t len);
	/** The peer's address, or NULL: that of the options is known from the beginning. Asked each time that
	 * IPCP begins, so that an address is not taken before there is a reason to.
	 *  @return in host order; 0, or ours: there is none, the session ends with PPP_REASON_NO_ADDRESS */
	uint32_t (*assign)(void *user);
	/** Observer, or NULL. ppp_trace_text turns a record into a line. */
	void (*trace)(void *user, const ppp_trace *record);
	/** The password of a user who wants to prove itself. Required with auth_require.
	 *  @param name          as the peer sent it, any octets, no NUL behind; a domain (DOMAIN\) is still
	 * there
	 *  @param method        one bit of auth_require
	 *  @param ret_password  room for `size` octets, UTF-8; wiped after use
	 *  @return its length, or -1: there is no such user, or not for this method. The peer sees and
	 *          measures no difference to a wrong password, as far as this callback makes none. */
	int (*secret)(void *user, const char *name, size_t name_len, uint8_t method, char *ret_password,
	              size_t size);

	uint64_t seed; /* unpredictable, never the same twice: magic numbers and challenges come from it */
	uint32_t local_address; /* ours; 0 = ask the peer */
	uint32_t peer_address;  /* assigned to the peer; 0 = take what the peer says (RFC 1332 3.3) */
	uint32_t dns[2];        /* given to a peer that asks (RFC 1877); 0 = none */
	uint32_t nbns[2];       /* likewise, for NetBIOS names */
	uint8_t ask_dns;        /* ask the peer for DNS servers */
	uint8_t check_source;   /* drop packets not from peer_address, where that is set */
	uint16_t mru;           /* we ask for: PPP_MRU_MIN to PPP_MRU_DEFAULT */
	uint16_t mtu_max;       /* upper bound of the MTU reported */

	uint8_t ipv6; /* carry IPv6, too, where the peer does and the MTU is PPP_IPV6_MTU_MIN or more */
	uint8_t interface[PPP_INTERFACE_OCTETS]; /* our identifier for it; all zero: at random */
	uint8_t mppe; /* bits of enum ppp_mppe_bit: what is agreed to; 0 = no encryption, and no CCP */
	uint8_t mppe_require; /* no packet of the network without it, in neither direction. Then auth_require,
	                       * or where that is 0 auth_allow, is narrowed to the methods that give keys,
	                       * and who proves himself has to be asked to (auth_demand): no password goes
	                       * out for a link that cannot be */
	uint16_t mppe_failures; /* packets in a row that cannot be decrypted before the link ends; 0 = no
	                           limit */

	uint8_t max_configure; /* RFC 1661 4.6; also bounds requests answered by Nak or Reject */
	uint8_t max_terminate;
	uint8_t max_failure;
	uint8_t echo_misses; /* unanswered Echo-Requests that make a dead peer */

	/* Authentication. Each end may ask the other one; who asks is the authenticator (RFC 1661 6.2). Where
	 * both ask, give each a password of its own: with one password for both, a peer can have us answer
	 * what it cannot answer itself (RFC 1994 2.3). */
	uint8_t auth_require; /* methods of which the peer must prove itself by one, the strongest first, then
	                         what it suggests, never another one; 0: it need not */
	uint8_t auth_allow;   /* methods by which we prove ourselves when asked; 0: by none */
	uint8_t auth_demand;  /* no link unless the peer asks us: for who needs keys, or the peer's proof */
	uint8_t auth_retries; /* authenticator, MS-CHAP: further tries after a wrong answer */
	const char *name;     /* our user name; as authenticator what we call ourselves, may be NULL. Borrowed
	                         as long as the link is in use, and so is the password */
	size_t name_len;      /* at most PPP_NAME_MAX */
	const char *password; /* UTF-8; required with auth_allow */
	size_t password_len;  /* at most PPP_SECRET_MAX; PAP: 255 */
	uint64_t auth_limit_us; /* from LCP Opened, or the last of auth_retries, until both ends are proven; 0
	                           = no limit */

	uint64_t restart_first_us; /* restart timer: first period, doubled for each repetition ... */
	uint64_t restart_max_us;   /* ... up to this */
	uint64_t echo_interval_us; /* 0 = no keepalive */
	uint64_t setup_limit_us;   /* ppp_lower_up to IPCP Opened; 0 = no limit */
} ppp_options;

/** Fill in defaults: a client that asks for its address; MRU and MTU 1400, restart 0.5 s doubling to 3 s,
 *  Max-Configure 10, Max-Terminate 2, Max-Failure 5, Echo every 30 s and 4 misses, set-up 60 s,
 *  check_source on; no authentication, asked for or given, and 30 s for it where there is any; no encryption,
 * 4096 failures to decrypt where there is; no IPv6. The host sets the callbacks and seed; a server also
 * local_address, peer_address, dns. */
void ppp_options_init(ppp_options *options);

/** Make an endpoint in the caller's memory. Nothing is sent, nothing needs to be released.
 *  @param link     stays where it is while in use: it holds pointers into itself
 *  @param options  copied
 *  @return PPP_OK, or PPP_ERR_ARGUMENT: a callback missing, mru, a limit or a period out of range, both
 *          ends given one address, auth_require without secret, auth_allow without name and password,
 *          auth_demand without auth_allow, mppe_require without a strength in mppe or without a method that
 *          gives keys, or a name or password
 * that a method of auth_allow cannot carry (MS-CHAP: not UTF-8, or above 256 units of UTF-16) */
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

/** Frame an IPv4 or IPv6 packet in place; the caller sends the result, in this order.
 *  @param packet     PPP_HEADROOM writable octets must lie in front of it; encrypted where that was agreed,
 * so that it is of no more use afterwards: a frame that is not sent is a lost one
 *  @param ret_frame  in front of the packet, by PPP_HEADROOM octets or less
 *  @return PPP_OK, PPP_ERR_NOT_OPEN, PPP_ERR_TOO_LONG or PPP_ERR_NOT_IP; each is counted
 *  Legal from callbacks. */
int ppp_output(ppp *link, uint8_t *packet, size_t len, const uint8_t **ret_frame, size_t *ret_len);

/** The same for a packet of another protocol of the network, or of what controls one: what `other` is in the
 *  other direction. @return as ppp_output, and PPP_ERR_ARGUMENT for a protocol that is not the host's: even,
 *  above BFFF, or one that this endpoint runs */
int ppp_output_protocol(ppp *link, uint16_t protocol, uint8_t *packet, size_t len, const uint8_t **ret_frame,
                        size_t *ret_len);

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
/** The name of one method, a bit of enum ppp_auth_method: "MS-CHAPv2". */
const char *ppp_auth_name(uint8_t method);

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
	uint8_t early_len; /* before Up: a request of the peer, which came too early, lies in `request` */
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
	uint8_t loops;                   /* requests in a row that carried our own magic number */
	uint8_t authentication_demanded; /* by no method of ours, and not withdrawn yet */
	uint8_t authentication_missing;  /* auth_demand, and the peer has not asked yet */
};

struct ppp_ipcp {
	uint32_t local_address, peer_address, dns[2];
	uint8_t address_suggested;
};

struct ppp_ccp {
	uint64_t reset_deadline;       /* when a Reset-Request may go out again */
	uint32_t send_bits, recv_bits; /* Supported Bits of each direction, agreed on or about to be */
	uint16_t failures;             /* packets in a row that were not decrypted */
	uint8_t active;                /* we have CCP */
	uint8_t settled;               /* agreed, or known not to be to be had */
	uint8_t sending, receiving;    /* encrypted */
	uint8_t spent;                 /* the keys were used once */
	uint8_t heard;                 /* something was decrypted */
	uint8_t resetting, reset_id;   /* a Reset-Request is out */
	struct mppe send, recv;
};

struct ppp_ipv6cp {
	uint8_t local[PPP_INTERFACE_OCTETS], peer[PPP_INTERFACE_OCTETS];
	uint8_t suggested[PPP_INTERFACE_OCTETS]; /* in our last Nak */
	uint8_t up;
};

#define PPP_CHALLENGE_MAX 16u /* octets of a challenge of ours, or of one of MS-CHAP */
#define PPP_RESPONSE_MAX  49u /* octets of the value of a Response, RFC 2433 5, RFC 2759 4 */

/* One direction of authentication. */
struct ppp_auth_side {
	uint64_t deadline;  /* to send again what is out */
	uint64_t period_us; /* then, how long to wait */
	uint8_t method;     /* agreed on, or about to be; 0 = none */
	uint8_t state;      /* enum ppp_auth_state */
	uint8_t id;         /* of what is out */
	uint8_t tries;      /* transmissions left */
	uint8_t challenge[PPP_CHALLENGE_MAX];
};

/* What MPPE keys are made of, from the first authentication by MS-CHAP after LCP opened. */
struct ppp_auth_keys {
	uint8_t version; /* of MS-CHAP; 0 = there are no keys */
	uint8_t server;  /* we were the authenticator */
	uint8_t both;    /* it ran in both directions: no end knows which one counts */
	uint8_t has_lm_hash;
	uint8_t nt_hash[16], lm_hash[16];
	uint8_t nt_response[24];                  /* version 2 */
	uint8_t challenge[PPP_CHALLENGE_MAX / 2]; /* version 1 */
};

struct ppp_auth {
	uint64_t limit_deadline;
	uint64_t random_count;              /* blocks of random octets made */
	struct ppp_auth_side own;           /* we prove ourselves */
	struct ppp_auth_side peer;          /* the peer proves itself */
	struct ppp_auth_keys keys;          /* */
	uint8_t left;                       /* methods of auth_require that the peer has not refused */
	uint8_t failures;                   /* wrong answers of the peer since ppp_lower_up */
	uint8_t answered;                   /* own, CHAP: a Response waits for its verdict */
	uint8_t response_len;               /* own, CHAP: the value of the last Response ... */
	uint8_t name_len;                   /* of the peer */
	uint8_t verdict[42];                /* peer, MS-CHAPv2: our Success, for repetitions */
	uint8_t response[PPP_RESPONSE_MAX]; /* ... itself */
	char name[PPP_NAME_MAX + 1];
	char message[PPP_MESSAGE_MAX];
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
	struct ppp_auth auth;
	struct ppp_ccp ccp;
	struct ppp_ipv6cp ipv6cp;
	enum ppp_phase phase;
	enum ppp_reason reason; /* why the session ends */
	const char *reason_layer;
	uint8_t busy;    /* inside a call: callbacks may be running */
	uint8_t pending; /* work put off until the outermost call ends */
	uint8_t network_up;
	uint8_t encryption_missing; /* required, and not there yet */
	uint8_t over;               /* PPP_EVENT_DOWN was delivered */
	uint8_t transmit[PPP_HEADROOM + PPP_MRU_DEFAULT];
	uint8_t decrypted[PPP_MRU_DEFAULT + PPP_MPPE_OVERHEAD];
};

#ifdef __cplusplus
}
#endif

#endif
