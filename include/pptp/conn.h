/* conn: one control connection (one TCP stream, from open to close) and the calls on it.
 *
 * The host owns the socket. It makes a conn when the TCP connection is open, as originator or receiver,
 * and then moves octets:
 *
 *     octets read from TCP  -> pptp_conn_recv      events  <- pptp_conn_poll
 *     octets to write       <- pptp_conn_tx_buf    requests -> pptp_call_dial, pptp_conn_close ...
 *     time                  -> pptp_conn_tick, at pptp_conn_deadline
 *
 * That is pull mode. In push mode (callbacks given) every driver ends by calling `send` and `event` as
 * often as there is something; a callback left NULL leaves its half to be pulled.
 *
 * Three kinds of function, named in each docstring:
 *   driver   moves things: recv, eof, tick, flush, poll, tx_buf, tx_done. Never from a callback
 *            (PPTP_ERR_REENTRANT).
 *   request  only queues: dial, offer, accept, reject, clear, close, abort, free and the like. From anywhere.
 *            After one made outside a callback, call pptp_conn_flush (push) or look at tx_buf and poll (pull);
 *            pptp_conn_want says what waits. tx_done, too, can raise an event: that the last octets have left.
 *   query    changes nothing. From anywhere.
 * Exception: from the trace and amend callbacks requests return PPTP_ERR_REENTRANT too (free is legal).
 *
 * The trace of events is a function of the octets, not of how they were cut: recv stops behind a message
 * that raised events until these were polled.
 *
 * Roles are per call, and a connection may have calls of every kind at once. RFC 2637 1.1, 1.3, 3.2.
 *   outgoing  its PNS (a VPN client) dials, its PAC (a VPN server) accepts:
 *             pptp_call_dial -> PPTP_EV_CALL_OFFERED, pptp_call_accept -> PPTP_EV_CALL_UP on both ends
 *   incoming  the line of a PAC rings, the PNS accepts, the PAC answers the line:
 *             pptp_call_offer -> PPTP_EV_CALL_OFFERED, pptp_call_accept -> PPTP_EV_CALL_ANSWER,
 *             pptp_call_connected -> PPTP_EV_CALL_UP on both ends */
#ifndef PPTP_CONN_H
#define PPTP_CONN_H

#include "base.h"
#include "gre.h"
#include "msg.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PPTP_CALLS_MAX 65535u /* calls on one connection */

/** Settings, checked; shared by many connections. */
typedef struct pptp_config pptp_config;
/** One end of a control connection, with its calls. */
typedef struct pptp_conn pptp_conn;

/* ---- settings, shared by many connections -------------------------------------------------- */

/** Deviations from RFC 2637's text that are let pass, one bit each, each for the peers named. 0 is the strict
 *  profile; the default is all. What each does when clear is in docs/design.md. */
enum {
	PPTP_TOLERATE_UNKNOWN_TYPE = 1 << 0,   /* skip control message types above 15 (future extensions) */
	PPTP_TOLERATE_MANAGEMENT = 1 << 1,     /* skip PPTP Message Type 2 (Android does likewise) */
	PPTP_TOLERATE_LONGER = 1 << 2,         /* ignore octets behind a message's end ([MS-PTPT] 4) */
	PPTP_TOLERATE_RESERVED = 1 << 3,       /* ignore reserved fields that are not 0 (Cisco IOS and PIX) */
	PPTP_TOLERATE_SCCRP_RESULT_0 = 1 << 4, /* Result Code 0 is success (Alcatel and other ADSL modems) */
	PPTP_TOLERATE_OCRP_RESULT_0 = 1 << 5,  /* likewise, when it has a Call ID (the same modems) */
	PPTP_TOLERATE_ECHO_REPLY = 1 << 6,  /* any Echo-Reply is a sign of life, whatever its identifier and
	                                     * result (assorted servers) */
	PPTP_TOLERATE_ROLE = 1 << 7,        /* Call-Clear-Request from a PAC, Call-Disconnect-Notify from a
	                                     * PNS (servers that act as PNS only) */
	PPTP_TOLERATE_CDN_CALL_ID = 1 << 8, /* Call-Disconnect-Notify with our Call ID (accel-ppp) or, while
	                                     * a clear is outstanding, with one never learnt */
	PPTP_TOLERATE_STATE = 1 << 9,       /* ignore a message that is not legal in the state of its call
	                                     * or connection (Windows, Apple: crossed messages) */
	PPTP_TOLERATE_NUMBER_LENGTH = 1 << 10, /* take a Phone Number Length above 64 as 64 */
	PPTP_TOLERATE_CALL_TYPE = 1 << 11,     /* take an unknown bearer or framing type as "any", and minimum
	                                        * above maximum BPS as no limit (old modems) */
	PPTP_TOLERATE_CALL_TIMEOUT = 1 << 12   /* a call's timer ends that call, not the whole connection as
	                                        * 3.2.1 has it (connections with several calls; slow
	                                        * dialling) */
};
/** All of them, those that a newer library adds included. */
#define PPTP_TOLERATE_ALL 0xFFFFFFFFu

enum { /* pptp_config_options.take_calls: which of the peer's calls are offered to the host; the others are
	  refused */
       PPTP_TAKE_OUTGOING = 1, /* Outgoing-Call-Request: we are the PAC, as a VPN server is */
       PPTP_TAKE_INCOMING = 2  /* Incoming-Call-Request: we are the PNS of a PAC with lines */
};

/** Settings. Times are microseconds; 0 disables the timer. Text is zero-padded, not a C string. */
typedef struct pptp_config_options {
	uint32_t size;
	uint32_t tolerate;             /* PPTP_TOLERATE_ bits; default PPTP_TOLERATE_ALL */
	uint32_t max_calls;            /* at once, both directions: 0 .. 65,535; default 1 */
	uint32_t tx_octets;            /* transmit buffer, at least 220; default 1,024 */
	uint32_t framing_capabilities; /* of Start-Control-Connection-Request and -Reply; default 3 */
	uint32_t bearer_capabilities;  /* default 3 */
	uint16_t maximum_channels;     /* default 0, as a PNS should; a PAC: calls it can take */
	uint16_t firmware_revision;    /* default the library's version, major << 8 | minor */
	uint16_t protocol_version;     /* default PPTP_PROTOCOL_VERSION, the only one there is */
	uint16_t take_calls;           /* PPTP_TAKE_ bits; default PPTP_TAKE_OUTGOING; 0 for a client, so
	                                * that a server cannot occupy its calls */
	uint16_t oldest_version;       /* a peer may use a version from this one to ours (3.1.1, 3.1.2);
	                                * default 0: ours only, there is no other yet */
	uint16_t max_offered;          /* calls offered and not answered yet; default 0: max_calls only */
	uint16_t line_statistics;      /* 1: keep WAN errors and Call Statistics for each call, 152 octets,
	                                * for a PAC with lines (pptp_call_wan_errors,
	                                * pptp_call_statistics); default 0 */
	uint16_t reserved;
	uint64_t start_timeout_us; /* TCP open to established; default 60 s (RFC 2637 3.1.4) */
	uint64_t idle_timeout_us;  /* silence until an Echo-Request; default 60 s (3.1.4) */
	uint64_t echo_timeout_us;  /* Echo-Request to Echo-Reply; default 60 s (3.1.4) */
	uint64_t stop_timeout_us;  /* Stop-Control-Connection-Request to -Reply, also the longest wait for the
	                            * last octets to leave; default 60 s (3). 0: a peer that does not answer
	                            * is waited for until pptp_conn_abort */
	uint64_t dial_timeout_us;  /* Outgoing-Call-Request to -Reply; default 120 s, since dialling may take
	                            * "more than one minute" (3.2.1) */
	uint64_t answer_timeout_us;  /* PPTP_EV_CALL_OFFERED to accept or reject; default 120 s, likewise */
	uint64_t clear_timeout_us;   /* Call-Clear-Request to Call-Disconnect-Notify; default 60 s (3.2.1) */
	uint64_t offer_timeout_us;   /* Incoming-Call-Request to -Reply; default 60 s (3.2.1) */
	uint64_t connect_timeout_us; /* Incoming-Call-Reply to -Connected, at both ends; default 60 s (3.2.1)
	                              */
	uint64_t wan_error_interval_us; /* between two WAN-Error-Notify of a call; default 60 s (2.14) */
	uint8_t host_name[64];          /* default empty */
	uint8_t vendor_string[64];      /* default "libpptp" */
} pptp_config_options;

/** Fill with the defaults. @param size  sizeof (pptp_config_options) as the caller compiled it. */
PPTP_API pptp_err pptp_config_options_init(pptp_config_options *ret, uint32_t size);

/** Octets of memory for a config. */
PPTP_API size_t pptp_config_size(void);

/** Check and copy settings. The config is immutable and must outlive its connections; any number of them, on
 *  any threads, may share it.
 *  @return PPTP_OK · PPTP_ERR_ARG: an option is out of range · PPTP_ERR_SIZE · PPTP_ERR_ALIGN. */
PPTP_API pptp_err pptp_config_init(void *mem, size_t size, const pptp_config_options *options,
                                   const pptp_config **ret);

/** The same in heap memory; PPTP_ERR_NO_HEAP. */
PPTP_API pptp_err pptp_config_new(const pptp_config_options *options, const pptp_config **ret);
PPTP_API void pptp_config_free(const pptp_config *config);

/* ---- events -------------------------------------------------------------------------------- */

enum {                             /* pptp_event.type */
       PPTP_EV_UP = 1,             /* control connection established; msg: the peer's Start message, unless
	                            * PPTP_EV_START_OFFERED had it */
       PPTP_EV_DOWN = 2,           /* the last event: nothing is left to send; close the socket, free */
       PPTP_EV_CALL_OFFERED = 3,   /* msg: Outgoing- or Incoming-Call-Request, as message_type says; answer
	                            * with accept or reject, once. local_call_id is provisional until then */
       PPTP_EV_CALL_UP = 4,        /* connected: start the channel */
       PPTP_EV_CALL_DOWN = 5,      /* the handle is stale from now on. Exactly one follows each OFFERED and
	                            * each dial or offer that returned PPTP_OK, unless the connection is
	                            * freed first */
       PPTP_EV_CALL_LINK_INFO = 6, /* msg: Set-Link-Info; send_accm and recv_accm are set */
       PPTP_EV_CALL_WAN_ERROR = 7, /* msg: WAN-Error-Notify */
       PPTP_EV_WRITABLE = 8,       /* after PPTP_ERR_AGAIN: there is room now */
       PPTP_EV_START_OFFERED = 9,  /* with PPTP_CONN_ASK; msg: Start-Control-Connection-Request; answer with
	                            * pptp_conn_accept or _refuse, or stay silent */
       PPTP_EV_CALL_ANSWER = 10    /* the PNS takes the incoming call, msg: Incoming-Call-Reply: answer the
	                            * line, then pptp_call_connected or _clear */
};

enum { /* pptp_event.timer, with reason PPTP_ERR_TIMEOUT: the option of the same name */
       PPTP_TIMER_NONE = 0,
       PPTP_TIMER_START = 1,
       PPTP_TIMER_IDLE = 2,
       PPTP_TIMER_ECHO = 3,
       PPTP_TIMER_STOP = 4,
       PPTP_TIMER_DIAL = 5,
       PPTP_TIMER_ANSWER = 6,
       PPTP_TIMER_CLEAR = 7,
       PPTP_TIMER_OFFER = 8,
       PPTP_TIMER_CONNECT = 9
};

/** An event. Members that do not apply are 0. Frozen layout.
 *
 *  Of several causes the first is the reason, and stays it: a call that this host cleared goes down with
 *  PPTP_ERR_LOCAL whether the peer answers, stays silent (then `timer` is set) or closes TCP; so does a
 *  connection. result, error and cause are those of the last message that spoke of it. Calls that fall with
 *  their connection carry its reason and timer. */
typedef struct pptp_event {
	uint32_t type;
	pptp_call call;         /* PPTP_EV_CALL_ only */
	pptp_err reason;        /* PPTP_EV_DOWN, PPTP_EV_CALL_DOWN */
	uint32_t timer;         /* with PPTP_ERR_TIMEOUT */
	uint16_t local_call_id; /* the call's, as far as known, here and below */
	uint16_t peer_call_id;
	uint16_t peer_recv_window; /* packets; 0: not specified */
	uint16_t peer_delay;       /* 1/10 s */
	uint32_t connect_speed;    /* bit/s */
	uint32_t bearer_type;
	uint32_t framing_type;
	uint32_t physical_channel_id;
	uint32_t send_accm;
	uint32_t recv_accm;
	uint16_t cause_code; /* of the reply or notify that ended the call */
	uint8_t result_code; /* of the message that refused or ended the call or connection */
	uint8_t error_code;
	uint16_t message_type; /* Control Message Type of msg; with PPTP_ERR_MALFORMED as far as it was */
	uint16_t result_type;  /* and of the message that result_code stands in, the peer's or ours, for
	                        * pptp_result_name; 0: none told a result */
	uint32_t field;        /* PPTP_EV_DOWN with PPTP_ERR_MALFORMED, _PROTOCOL, _VERSION: octet offset, */
	uint32_t value;        /* and what stands there. PPTP_ERR_SEND: the code that `send` returned */
	const uint8_t *msg;    /* the message behind the event as it came (decode it with PPTP_MSG_LONGER), or
	                        * NULL; until the next driver. PPTP_ERR_MALFORMED: as far as it was read */
	size_t msg_len;
	void *user; /* the call's, for PPTP_EV_CALL_; else the connection's */
	uintptr_t reserved[5];
} pptp_event;

/** Names of events, timers and counters, such as "CALL_UP", "echo", "unknown call". Static. */
PPTP_API const char *pptp_event_name(uint32_t type);
PPTP_API const char *pptp_timer_name(uint32_t timer);

/* ---- connection ---------------------------------------------------------------------------- */

enum { PPTP_ORIGINATOR = 1, PPTP_RECEIVER = 2 }; /* who opened the TCP connection: we, or the peer */

/** What the host does for a connection in push mode. Must outlive it. Any may be NULL; with trace and amend
 *  alone it is pull mode. */
typedef struct pptp_conn_callbacks {
	uint32_t size; /* sizeof (pptp_conn_callbacks) */
	uint32_t reserved;
	/** Write to TCP: the whole of one control message or the rest of one. Return octets taken, fewer than
	 *  len or PPTP_ERR_AGAIN when it would block (then call pptp_conn_flush when writable); another code
	 *  ends the connection with PPTP_ERR_SEND. data stays as it is until taken; requests queue behind
	 *  it. */
	pptp_ssize (*send)(void *user, const uint8_t *data, size_t len);
	/** One event; valid during the call. */
	void (*event)(void *user, pptp_conn *conn, const pptp_event *event);
	/** Observer of whole messages, for logs: sent is 1 for ours, 0 for the peer's. */
	void (*trace)(void *user, uint32_t sent, const uint8_t *msg, size_t len);
	/** Change a message of ours before it is encoded, for peers that want something of their own in it.
	 *  The length, both types and the cookie are set again afterwards. What the connection does is not
	 *  changed by it: another Call ID here is a Call ID that it does not know. As from trace, only free
	 *  is legal. */
	void (*amend)(void *user, pptp_msg *msg);
} pptp_conn_callbacks;

enum {                   /* pptp_conn_options.flags */
       PPTP_CONN_ASK = 1 /* PPTP_EV_START_OFFERED asks the host before a receiver is established, for the
	                  * rule of one connection a peer and for collisions (RFC 2637 3.1.3) */
};

/** Settings of one connection. */
typedef struct pptp_conn_options {
	uint32_t size; /* set by pptp_conn_options_init */
	uint32_t role; /* PPTP_ORIGINATOR or PPTP_RECEIVER */
	uint64_t seed; /* from the operating system's random source: Call IDs must not be guessable */
	const pptp_conn_callbacks *callbacks; /* NULL: pull mode, nothing traced or amended */
	void *user;                           /* first argument of the callbacks; pptp_conn_user */
	uint32_t flags;                       /* PPTP_CONN_ bits; default 0 */
	uint32_t reserved;
} pptp_conn_options;

/** Fill with the defaults. @param size  sizeof (pptp_conn_options) as the caller compiled it. */
PPTP_API pptp_err pptp_conn_options_init(pptp_conn_options *ret, uint32_t size);

/** Octets of memory for a connection with these settings. */
PPTP_API size_t pptp_conn_size(const pptp_config *config);

/** Begin, when TCP is open. An originator has its Start-Control-Connection-Request to send at once.
 *  @param mem      the caller's, aligned for a uint64_t
 *  @param config   kept · @param options  read, not kept; its callbacks are kept
 *  @return PPTP_OK, PPTP_ERR_ARG, PPTP_ERR_SIZE, PPTP_ERR_ALIGN. RFC 2637 3.1.1, 3.1.2. */
PPTP_API pptp_err pptp_conn_init(void *mem, size_t size, const pptp_config *config,
                                 const pptp_conn_options *options, pptp_usec now, pptp_conn **ret);

/** The same in heap memory; PPTP_ERR_NO_HEAP. */
PPTP_API pptp_err pptp_conn_new(const pptp_config *config, const pptp_conn_options *options, pptp_usec now,
                                pptp_conn **ret);

/** Forget a connection, in any state: nothing is sent, no event follows. From a callback the outermost driver
 *  returns PPTP_ERR_FREED as its last act, and only then is memory of pptp_conn_init the host's again; until
 *  then every function returns PPTP_ERR_FREED, or nothing. NULL is legal. Request. */
PPTP_API void pptp_conn_free(pptp_conn *conn);

/** Feed octets read from TCP, in any split.
 *  @param data,len  not kept after return; an event's `msg` is the library's copy
 *  @return octets consumed: fewer than len while events wait to be polled or refusals wait for room in the
 *          transmit buffer; keep the rest, poll and drain, call again while PPTP_CAN_RECV ·
 *          PPTP_ERR_MALFORMED or PPTP_ERR_PROTOCOL once, when the octets end the connection, which
 *          PPTP_EV_DOWN says as well, with what was wrong · PPTP_ERR_CLOSED after its end (an orderly close
 *          is not the end yet: what comes is consumed) · PPTP_ERR_REENTRANT · PPTP_ERR_FREED. Driver.
 *          RFC 2637 1.4, 3. */
PPTP_API pptp_ssize pptp_conn_recv(pptp_conn *conn, const uint8_t *data, size_t len, pptp_usec now);

/** The peer closed TCP, or reading failed. Feed recv what was read before. Every call goes down, then the
 *  connection. Driver. */
PPTP_API pptp_err pptp_conn_eof(pptp_conn *conn, pptp_usec now);

/** Run the timers that are due. Early or late is harmless; at the deadline it makes progress. Driver. */
PPTP_API pptp_err pptp_conn_tick(pptp_conn *conn, pptp_usec now);

/** When to tick next; PPTP_NEVER when nothing is pending. Moves with every other call. Query. */
PPTP_API pptp_usec pptp_conn_deadline(const pptp_conn *conn);

/** Push: send and report what waits, after requests or when the socket became writable. Driver. */
PPTP_API pptp_err pptp_conn_flush(pptp_conn *conn, pptp_usec now);

/** Pull: the next octets to write to TCP, one whole message or its rest, never two: NAT helpers only
 *  understand a message that is one TCP segment, so write it with one send and set TCP_NODELAY.
 *  @return start, *ret_len octets, valid and unmoved until tx_done has taken them, whatever else is called
 *          meanwhile; NULL and 0 when there is nothing. Driver. */
PPTP_API const uint8_t *pptp_conn_tx_buf(pptp_conn *conn, size_t *ret_len, pptp_usec now);

/** Pull: n octets of tx_buf were written. PPTP_ERR_ARG when n is more than there was. Driver. */
PPTP_API pptp_err pptp_conn_tx_done(pptp_conn *conn, size_t n, pptp_usec now);

/** Pull: the next event; PPTP_ERR_EMPTY when there is none. Every call's DOWN comes before the connection's.
 *  Driver. */
PPTP_API pptp_err pptp_conn_poll(pptp_conn *conn, pptp_event *ret);

enum {                     /* pptp_conn_want: bits */
       PPTP_WANT_SEND = 1, /* tx_buf has octets, or flush has work for `send` */
       PPTP_WANT_POLL = 2, /* an event waits */
       PPTP_CAN_RECV = 4,  /* recv would consume */
       PPTP_FINISHED = 8   /* PPTP_EV_DOWN was polled: close and free */
};

/** What the connection waits for, PPTP_WANT_ bits. Query. */
PPTP_API uint32_t pptp_conn_want(const pptp_conn *conn);

/** End the connection in order: every call goes down without a message of its own,
 *  Stop-Control-Connection-Request with this reason (PPTP_STOP_), wait for the reply, PPTP_EV_DOWN. Before it
 *  is established: the end at once. Never fails for lack of room.
 *  @return PPTP_OK · PPTP_ERR_CLOSED: it is ending already, which is no harm and usual in PPTP_EV_CALL_DOWN ·
 *          PPTP_ERR_ARG: another reason. Request. RFC 2637 2.3, 3.1. */
PPTP_API pptp_err pptp_conn_close(pptp_conn *conn, uint8_t reason, pptp_usec now);

/** End the connection without a word to the peer: every call's DOWN, then PPTP_EV_DOWN with `why`, a
 *  PPTP_ERR_ code (PPTP_ERR_MALFORMED .. PPTP_ERR_SEND; the socket failed: PPTP_ERR_SEND; else PPTP_ERR_ARG).
 *  Request. */
PPTP_API pptp_err pptp_conn_abort(pptp_conn *conn, pptp_err why, pptp_usec now);

/** Answer PPTP_EV_START_OFFERED: established, PPTP_EV_UP follows. start_timeout_us bounds the time for it.
 *  Where the request cannot be accepted (its version is older than oldest_version; a reserved field is set
 *  and PPTP_TOLERATE_RESERVED is not) this refuses it instead, as a connection that does not ask would have
 *  done by itself: PPTP_EV_DOWN with PPTP_ERR_VERSION or PPTP_ERR_REFUSED follows.
 *  @return PPTP_OK · PPTP_ERR_STATE: not asked, or answered before · PPTP_ERR_CLOSED: the peer gave up first.
 *          Request. RFC 2637 2.2, 3.1.2. */
PPTP_API pptp_err pptp_conn_accept(pptp_conn *conn, pptp_usec now);

/** Answer PPTP_EV_START_OFFERED with a Result Code (PPTP_SCCRP_GENERAL_ERROR .. _BAD_VERSION) and, with
 *  result 2 only, an Error Code; PPTP_EV_DOWN with PPTP_ERR_REFUSED follows. Codes as accept, and
 *  PPTP_ERR_ARG. Request. */
PPTP_API pptp_err pptp_conn_refuse(pptp_conn *conn, uint8_t result_code, uint8_t error_code, pptp_usec now);

/** Who wins when both ends opened a connection to each other and neither request was answered: the higher
 *  address, most significant octet first; of equal ones (one host, or a NAT) the higher source port. The
 *  loser aborts its own connection with PPTP_ERR_COLLISION, without a word, and accepts the winner's; the
 *  winner goes on waiting for its reply and says nothing on the loser's, which it aborts when that is still
 *  open after start_timeout_us.
 *  @param local,peer  addresses of the two connections' ends, big-endian, of 4 or 16 octets
 *  @param local_port  source port of the connection that we opened
 *  @param peer_port   source port of the one that the peer opened
 *  @return 1: we win, -1: the peer wins, 0: cannot be told (all is equal, or a pointer is NULL). Pure.
 *          RFC 2637 3.1.3; for IPv6 and equal addresses it has no rule, and this is the library's. */
PPTP_API int32_t pptp_collision(const uint8_t *local, const uint8_t *peer, size_t octets, uint16_t local_port,
                                uint16_t peer_port);

/** The pointer of pptp_conn_options. Query. */
PPTP_API void *pptp_conn_user(const pptp_conn *conn);

/* ---- calls --------------------------------------------------------------------------------- */

/** An Outgoing-Call-Request to send (RFC 2637 2.7). */
typedef struct pptp_dial {
	uint32_t size;
	uint16_t local_call_id;      /* ours, from a mux; 0: the library picks, which is unique on this
	                                   * connection only, not among all on a local address */
	uint16_t call_serial_number; /* for both ends' logs; 0: the library counts */
	uint32_t minimum_bps;        /* default 300 */
	uint32_t maximum_bps;        /* default 100,000,000 */
	uint32_t bearer_type;        /* default PPTP_BEARER_ANY */
	uint32_t framing_type;       /* default PPTP_FRAMING_ANY */
	uint16_t
	        packet_recv_window_size; /* packets; default 64. pptp_call_channel hands it on as recv_window */
	uint16_t packet_processing_delay; /* 1/10 s; default 0 */
	uint16_t phone_number_length;     /* 0 .. 64 */
	uint16_t reserved;
	uint8_t phone_number[64];
	uint8_t subaddress[64];
	void *user; /* comes back in the call's events */
} pptp_dial;

/** An Incoming-Call-Request to send (RFC 2637 2.9). */
typedef struct pptp_offer {
	uint32_t size;
	uint16_t local_call_id;        /* as in pptp_dial */
	uint16_t call_serial_number;   /* likewise */
	uint32_t call_bearer_type;     /* PPTP_BEARER_ANALOG or _DIGITAL; default analog */
	uint32_t physical_channel_id;  /* for logs */
	uint16_t dialed_number_length; /* 0 .. 64, what the telephone network supplied */
	uint16_t dialing_number_length;
	uint32_t reserved;
	uint8_t dialed_number[64];
	uint8_t dialing_number[64];
	uint8_t subaddress[64];
	void *user;
} pptp_offer;

/** The connect_speed of an Outgoing-Call-Reply that repeats the request's Maximum BPS. */
#define PPTP_SPEED_AS_ASKED 0xFFFFFFFFu

/** What this end says of a call that it takes: an accepting Outgoing-Call-Reply (RFC 2637 2.8) or
 *  Incoming-Call-Reply (2.10) with pptp_call_accept, Incoming-Call-Connected (2.11) with pptp_call_connected.
 *  Which member goes into which message: O, R, C. */
typedef struct pptp_answer {
	uint32_t size;
	uint16_t local_call_id;           /* OR: ours, from a mux; 0: the provisional one of
	                                   * PPTP_EV_CALL_OFFERED, as in pptp_dial */
	uint16_t cause_code;              /* O */
	uint32_t connect_speed;           /* O C: bit/s; default PPTP_SPEED_AS_ASKED, 0 in C */
	uint32_t physical_channel_id;     /* O */
	uint16_t packet_recv_window_size; /* ORC: packets; default 64 */
	uint16_t packet_processing_delay; /* ORC: 1/10 s; default 0; 2.10 and 2.11 call it transmit delay */
	uint32_t framing_type;            /* C: PPTP_FRAMING_ASYNC or _SYNC; default synchronous */
	void *user;                       /* OR: comes back in the call's events */
} pptp_answer;

/** Fill each with its defaults. @param size  sizeof (*ret) as the caller compiled it. */
PPTP_API pptp_err pptp_dial_init(pptp_dial *ret, uint32_t size);
PPTP_API pptp_err pptp_offer_init(pptp_offer *ret, uint32_t size);
PPTP_API pptp_err pptp_answer_init(pptp_answer *ret, uint32_t size);

/** Place an outgoing call, as its PNS. PPTP_EV_CALL_UP or PPTP_EV_CALL_DOWN follows.
 *  @return PPTP_OK · PPTP_ERR_STATE: connection not established · PPTP_ERR_CLOSED · PPTP_ERR_LIMIT: max_calls
 *          · PPTP_ERR_AGAIN: no room, PPTP_EV_WRITABLE follows · PPTP_ERR_ARG: also a local_call_id in use.
 *          Request. RFC 2637 2.7, 3.2.4. */
PPTP_API pptp_err pptp_call_dial(pptp_conn *conn, const pptp_dial *dial, pptp_usec now, pptp_call *ret);

/** Offer an incoming call, as its PAC: the line rings and is not answered yet. PPTP_EV_CALL_ANSWER or
 *  PPTP_EV_CALL_DOWN follows. Codes as dial. Request. RFC 2637 2.9, 3.2.3. */
PPTP_API pptp_err pptp_call_offer(pptp_conn *conn, const pptp_offer *offer, pptp_usec now, pptp_call *ret);

/** Answer PPTP_EV_CALL_OFFERED, in the callback or later; PPTP_EV_CALL_UP follows, for an incoming call when
 *  its PAC has answered the line.
 *  @return PPTP_OK · PPTP_ERR_STALE: the peer gave up first · PPTP_ERR_STATE: answered before, or not an
 *          offered call · PPTP_ERR_ARG: local_call_id in use. Request. RFC 2637 2.8, 2.10. */
PPTP_API pptp_err pptp_call_accept(pptp_conn *conn, pptp_call call, const pptp_answer *answer, pptp_usec now);

/** Refuse PPTP_EV_CALL_OFFERED with PPTP_OCRP_ or PPTP_ICRP_ and PPTP_ERROR_ codes (error_code only with
 *  result 2) and a Q.931 cause (outgoing calls); PPTP_EV_CALL_DOWN follows. Codes as accept. Request. */
PPTP_API pptp_err pptp_call_reject(pptp_conn *conn, pptp_call call, uint8_t result_code, uint8_t error_code,
                                   uint16_t cause_code, pptp_usec now);

/** The line of PPTP_EV_CALL_ANSWER is answered: tell the PNS. PPTP_EV_CALL_UP follows.
 *  @return PPTP_OK · PPTP_ERR_STALE: the PNS cleared it first · PPTP_ERR_STATE: not asked for · PPTP_ERR_ARG:
 *          a local_call_id is given. Request. RFC 2637 2.11. */
PPTP_API pptp_err pptp_call_connected(pptp_conn *conn, pptp_call call, const pptp_answer *answer,
                                      pptp_usec now);

/** End a call, in any state; PPTP_EV_CALL_DOWN follows: at once for its PAC, after the peer's answer for its
 *  PNS. Stop its channel now. An offered call that was not answered is refused.
 *  @param result_code,error_code,cause_code  of our Call-Disconnect-Notify (PPTP_CDN_ADMIN_SHUTDOWN is
 *          usual), where we are the PAC; a PNS sends none of them. error_code only with result 2
 *  @return PPTP_OK, also when it is ending already; PPTP_ERR_STALE; PPTP_ERR_ARG: error_code without
 *          result 2. Request. RFC 2637 2.12, 2.13. */
PPTP_API pptp_err pptp_call_clear(pptp_conn *conn, pptp_call call, uint8_t result_code, uint8_t error_code,
                                  uint16_t cause_code, pptp_usec now);

/** Tell the PAC of an established call the ACCMs of PPP's negotiation, at any time and as often as they
 *  change; of several that wait for room the newest is sent. A PAC without an asynchronous line ignores it;
 *  0xFFFFFFFF for both is what it begins with.
 *  @return PPTP_OK · PPTP_ERR_STALE · PPTP_ERR_STATE: not established, or we are its PAC. Request.
 *          RFC 2637 2.15. */
PPTP_API pptp_err pptp_call_set_link_info(pptp_conn *conn, pptp_call call, uint32_t send_accm,
                                          uint32_t recv_accm, pptp_usec now);

/** Errors of a PAC's line since the call was connected (RFC 2637 2.14). */
typedef struct pptp_wan_errors {
	uint32_t size; /* sizeof (pptp_wan_errors) */
	uint32_t crc_errors;
	uint32_t framing_errors;
	uint32_t hardware_overruns;
	uint32_t buffer_overruns;
	uint32_t timeout_errors;
	uint32_t alignment_errors;
} pptp_wan_errors;

/** Tell the PNS of an established call of errors on the line, with all that happened since it was connected.
 *  Call it whenever a counter moved: it is sent at most once per wan_error_interval_us, with what was last
 *  said, and never when nothing changed.
 *  @return PPTP_OK · PPTP_ERR_STALE · PPTP_ERR_STATE: not established, or we are its PNS · PPTP_ERR_LIMIT:
 *          the option line_statistics is 0 · PPTP_ERR_SIZE. Request. RFC 2637 2.14. */
PPTP_API pptp_err pptp_call_wan_errors(pptp_conn *conn, pptp_call call, const pptp_wan_errors *errors,
                                       pptp_usec now);

/** The Call Statistics, text for the PNS's log, that the Call-Disconnect-Notify of a call of which we are the
 *  PAC will carry, whoever ends it. Set it anew as often as it changes.
 *  @param text  0 to 128 octets, copied · @return PPTP_OK · PPTP_ERR_STALE, also when it is ending ·
 *          PPTP_ERR_STATE: we are its PNS · PPTP_ERR_LIMIT: the option line_statistics is 0 · PPTP_ERR_ARG.
 *          Request. RFC 2637 2.13. */
PPTP_API pptp_err pptp_call_statistics(pptp_conn *conn, pptp_call call, const uint8_t *text, size_t len);

/** Enumerate: the live call behind `after` (PPTP_CALL_NONE: the first), PPTP_CALL_NONE at the end. Query. */
PPTP_API pptp_call pptp_call_next(const pptp_conn *conn, pptp_call after);

enum {                        /* pptp_call_info.state: RFC 2637 3.2.3, 3.2.4 */
       PPTP_CALL_OFFERED = 1, /* the host has not answered yet; wait_cs_ans of outgoing calls */
       PPTP_CALL_WAIT_REPLY = 2,
       PPTP_CALL_WAIT_CONNECT = 3, /* PNS: accepted, the PAC answers the line */
       PPTP_CALL_ANSWERING = 4,    /* PAC: PPTP_EV_CALL_ANSWER, the line is being answered */
       PPTP_CALL_ESTABLISHED = 5,
       PPTP_CALL_WAIT_DISCONNECT = 6,
       PPTP_CALL_ENDED = 7 /* PPTP_EV_CALL_DOWN waits to be polled */
};
enum { PPTP_PAC = 1, PPTP_PNS = 2 };           /* pptp_call_info.role: ours in this call */
enum { PPTP_OUTGOING = 1, PPTP_INCOMING = 2 }; /* pptp_call_info.direction */

/** What is known of a call: pptp_call_get_info. */
typedef struct pptp_call_info {
	uint32_t size;      /* set by pptp_call_get_info */
	uint32_t state;     /* PPTP_CALL_OFFERED .. PPTP_CALL_ENDED */
	uint32_t role;      /* PPTP_PAC or PPTP_PNS */
	uint32_t direction; /* PPTP_OUTGOING or PPTP_INCOMING */
	pptp_err reason;    /* why it ends, PPTP_OK before */
	uint16_t local_call_id;
	uint16_t peer_call_id;
	uint16_t call_serial_number;
	uint16_t recv_window;      /* packets, ours */
	uint16_t peer_recv_window; /* packets; 0: not specified */
	uint16_t peer_delay;       /* 1/10 s */
	uint32_t connect_speed;    /* bit/s */
	uint32_t minimum_bps;
	uint32_t maximum_bps;
	uint32_t bearer_type;
	uint32_t framing_type;
	uint32_t physical_channel_id;
	uint32_t send_accm; /* 0xFFFFFFFF until a Set-Link-Info (RFC 2637 2.15) */
	uint32_t recv_accm;
	void *user;
} pptp_call_info;

/** @param size  sizeof (pptp_call_info) as the caller compiled it; no more is written
 *  @return PPTP_OK, PPTP_ERR_STALE, PPTP_ERR_ARG, PPTP_ERR_SIZE. Query. */
PPTP_API pptp_err pptp_call_get_info(const pptp_conn *conn, pptp_call call, pptp_call_info *ret,
                                     uint32_t size);

/** Set the members of io that concern a call: Call IDs, windows, peer_delay; the peer's as far as known,
 *  final at PPTP_EV_CALL_UP. Then pptp_gre_init, which may be done as early as dial or accept. Query. */
PPTP_API pptp_err pptp_call_channel(const pptp_conn *conn, pptp_call call, pptp_gre_options *io);

/** Replace the pointer that comes back in the call's events. Request. */
PPTP_API pptp_err pptp_call_set_user(pptp_conn *conn, pptp_call call, void *user);

/* ---- state and counters of a connection ----------------------------------------------------- */

enum {                              /* pptp_conn_info.state: RFC 2637 3.1.1, 3.1.2 */
       PPTP_CONN_IDLE = 1,          /* receiver, before the peer's Start-Control-Connection-Request */
       PPTP_CONN_START_OFFERED = 2, /* receiver, the host has not answered yet */
       PPTP_CONN_WAIT_CTL_REPLY = 3,
       PPTP_CONN_ESTABLISHED = 4,
       PPTP_CONN_WAIT_STOP_REPLY = 5,
       PPTP_CONN_CLOSING = 6, /* the last octets are leaving */
       PPTP_CONN_CLOSED = 7
};

/** What is known of a connection: pptp_conn_get_info. */
typedef struct pptp_conn_info {
	uint32_t size;             /* set by pptp_conn_get_info */
	uint32_t state;            /* PPTP_CONN_IDLE .. PPTP_CONN_CLOSED */
	uint32_t role;             /* PPTP_ORIGINATOR or PPTP_RECEIVER */
	uint32_t calls;            /* live calls */
	pptp_err reason;           /* why it ends, PPTP_OK before */
	uint32_t tx_octets;        /* waiting in the transmit buffer */
	uint16_t protocol_version; /* in use, once established */
	uint16_t peer_firmware_revision;
	uint32_t peer_framing_capabilities;
	uint32_t peer_bearer_capabilities;
	uint16_t peer_maximum_channels;
	uint16_t offered_calls; /* of the peer's, that the host has not answered yet */
	uint64_t echo_rtt_us;   /* Echo-Request to its Echo-Reply, the newest; 0: none came yet */
} pptp_conn_info;

/** @param size  sizeof (pptp_conn_info) as the caller compiled it
 *  @return PPTP_OK · PPTP_ERR_ARG · PPTP_ERR_SIZE · PPTP_ERR_FREED. Query. */
PPTP_API pptp_err pptp_conn_get_info(const pptp_conn *conn, pptp_conn_info *ret, uint32_t size);

/** Counters: everything that was refused, ignored or bent has one. */
enum {
	PPTP_COUNT_RX_MESSAGES = 0,
	PPTP_COUNT_TX_MESSAGES = 1,
	PPTP_COUNT_UNKNOWN_TYPE = 2,  /* skipped */
	PPTP_COUNT_MANAGEMENT = 3,    /* skipped */
	PPTP_COUNT_LONGER = 4,        /* tail ignored */
	PPTP_COUNT_RESERVED = 5,      /* a reserved field was not 0 */
	PPTP_COUNT_RESULT_0 = 6,      /* taken as success */
	PPTP_COUNT_ECHO_MISMATCH = 7, /* Echo-Reply with another identifier or result than awaited */
	PPTP_COUNT_ROLE = 8,          /* message from the wrong role for its call */
	PPTP_COUNT_CDN_CALL_ID = 9,   /* Call-Disconnect-Notify matched by something else than the PAC's id */
	PPTP_COUNT_STATE = 10,        /* message not legal in the state, ignored */
	PPTP_COUNT_UNKNOWN_CALL = 11, /* message for no call of this connection, ignored */
	PPTP_COUNT_BAD_VALUE = 12,    /* field out of range, refused or bent */
	PPTP_COUNT_NO_RESOURCE = 13,  /* call refused: max_calls */
	PPTP_COUNT_BAD_CALL_ID = 14,  /* call refused: the peer uses this Call ID already */
	PPTP_COUNT_NOT_TAKEN = 15,    /* call refused: take_calls */
	PPTP_COUNT_HALF_OPEN = 16,    /* call refused: max_offered */
	PPTP_COUNT_ECHO_COALESCED = 17, /* Echo-Requests answered by the reply to a later one */
	PPTP_CONN_COUNTS = 18
};

/** A counter, modulo 2^32; 0 for others. Query. */
PPTP_API uint32_t pptp_conn_count(const pptp_conn *conn, uint32_t which);
PPTP_API const char *pptp_conn_count_name(uint32_t which);

#ifdef __cplusplus
}
#endif
#endif
