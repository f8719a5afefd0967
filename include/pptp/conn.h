/* conn: one control connection: one TCP stream, from open to close.
 *
 * The host owns the socket. It makes a conn when the TCP connection is open, as originator or receiver,
 * and then moves octets:
 *
 *     octets read from TCP  -> pptp_conn_recv      events  <- pptp_conn_poll
 *     octets to write       <- pptp_conn_tx_buf    requests -> pptp_call_dial, pptp_conn_close ...
 *     time                  -> pptp_conn_tick, at pptp_conn_deadline
 *
 * That is pull mode. In push mode (callbacks given) recv, eof, tick and flush call `send` and `event` as often as
 * there is something, at their end, and recv before it takes an octet, too; a callback left NULL leaves its
 * half to be pulled.
 *
 * Three kinds of function, named in each docstring:
 *   driver   moves things: recv, eof, tick, flush, poll, tx_buf, tx_done. Never from a callback
 *            (PPTP_ERR_REENTRANT).
 *   request  queues: dial, offer, accept, reject, clear, close, abort, free and the like. From anywhere.
 *            After one made outside a callback, call pptp_conn_flush (push) or look at tx_buf and poll (pull):
 *            else what was asked for waits for the next driver. pptp_conn_want says what waits, the deadline
 *            does not. tx_buf and tx_done, too, can raise events: that the last octets have left, or room.
 *   query    changes nothing. From anywhere.
 * Exception: from the trace and amend callbacks requests return PPTP_ERR_REENTRANT too (free is legal).
 * Besides drivers dial and offer call these two, for their message is encoded at once.
 *
 * The trace of events is a function of the octets, not of how they were cut: recv stops behind a message
 * that raised events until these were polled. Calls are in call.h, settings in config.h. */
#ifndef PPTP_CONN_H
#define PPTP_CONN_H

#include "base.h"
#include "config.h"
#include "msg.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One end of a control connection, with its calls. */
typedef struct pptp_conn pptp_conn;

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
       PPTP_EV_WRITABLE = 8,       /* after PPTP_ERR_AGAIN: there is room, or a slot, now */
       PPTP_EV_START_OFFERED = 9,  /* with PPTP_CONN_ASK; msg: Start-Control-Connection-Request; answer with
	                            * pptp_conn_accept or _refuse, or stay silent */
       PPTP_EV_CALL_ANSWER = 10    /* the PNS takes the incoming call, msg: Incoming-Call-Reply: answer the
	                            * line, then pptp_call_connected or _clear */
};

enum { /* pptp_event.timer, the one that ran out: the option of the same name */
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
	uint32_t timer;         /* the one that ran out, whatever the reason; else PPTP_TIMER_NONE */
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
	                        * NULL; pushed: until the callback returns, polled: until the next driver.
	                        * PPTP_ERR_MALFORMED: as far as it was read */
	size_t msg_len;
	void *user; /* the call's, for PPTP_EV_CALL_: NULL until accept or set_user gave it; else the
	             * connection's */
	uintptr_t reserved[5];
} pptp_event;

/** Names of events and timers, such as "CALL_UP" and "echo"; "unknown" for others. Static. */
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
	 *  len (0 is one, too) or PPTP_ERR_AGAIN when it would block (then call pptp_conn_flush when
	 *  writable); another code ends the connection with PPTP_ERR_SEND. data stays as it is until taken;
	 *  requests queue behind it. */
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
	uint32_t size;                        /* set by pptp_conn_options_init */
	uint32_t role;                        /* PPTP_ORIGINATOR or PPTP_RECEIVER; there is no default */
	uint64_t seed;                        /* from the system's random source: where Call IDs begin that
	                                       * the host does not give; default 0: always at the same one */
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

/** Forget a connection, in any state: nothing is sent, no event follows. Outside callbacks memory of
 *  pptp_conn_init is the host's again at once. From a callback the outermost function returns PPTP_ERR_FREED
 *  as its last act, and only then is it; until then every function returns PPTP_ERR_FREED, or nothing. NULL is
 *  legal. Request. */
PPTP_API void pptp_conn_free(pptp_conn *conn);

/** Feed octets read from TCP, in any split.
 *  @param data  not kept: a message that is not whole yet, and an event's `msg`, are copies of the library's
 *  @param len   any number
 *  @return octets consumed: fewer than len while events wait to be polled, or refusals or the
 *          last message of a call wait for room in the transmit buffer; keep the rest, poll and drain,
 *          call again while PPTP_CAN_RECV · PPTP_ERR_MALFORMED or PPTP_ERR_PROTOCOL once, when the octets
 *          end the connection, which PPTP_EV_DOWN says as well, with what was wrong; the rest of them is
 *          of no use · PPTP_ERR_CLOSED after its end (an orderly close is not the end yet: what comes is
 *          consumed) · PPTP_ERR_REENTRANT · PPTP_ERR_FREED. Driver. RFC 2637 1.4, 3. */
PPTP_API pptp_ssize pptp_conn_recv(pptp_conn *conn, const uint8_t *data, size_t len, pptp_usec now);

/** The peer closed TCP, or reading failed. Feed recv what was read before. Every call goes down, then the
 *  connection.
 *  @return PPTP_OK, after the end, too; PPTP_ERR_ARG, PPTP_ERR_REENTRANT, PPTP_ERR_FREED. Driver. */
PPTP_API pptp_err pptp_conn_eof(pptp_conn *conn, pptp_usec now);

/** Run the timers that are due, which no other function does. Early or late is harmless; at the deadline it
 *  makes progress.
 *  @return as eof. Driver. */
PPTP_API pptp_err pptp_conn_tick(pptp_conn *conn, pptp_usec now);

/** When to tick next; PPTP_NEVER when nothing is pending. Every other function may move it: ask again before
 *  you sleep. Query. */
PPTP_API pptp_usec pptp_conn_deadline(const pptp_conn *conn);

/** Push: send and report what waits, after requests or when the socket became writable.
 *  @return as eof. Driver. */
PPTP_API pptp_err pptp_conn_flush(pptp_conn *conn, pptp_usec now);

/** Pull: the next octets to write to TCP, one whole message or its rest, never two: NAT helpers only
 *  understand a message that is one TCP segment, so write it with one send and set TCP_NODELAY.
 *  @return start, *ret_len octets, valid and unmoved until tx_done has taken them, whatever else is called
 *          meanwhile; NULL and 0 when there is nothing, and when trace or amend freed the connection.
 *          Driver. */
PPTP_API const uint8_t *pptp_conn_tx_buf(pptp_conn *conn, size_t *ret_len, pptp_usec now);

/** Pull: n octets of tx_buf were written.
 *  @return PPTP_OK · PPTP_ERR_ARG: n is more than there was · PPTP_ERR_CLOSED: the connection ended
 *          meanwhile, which is no harm · PPTP_ERR_REENTRANT, PPTP_ERR_FREED. Driver. */
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
 *  PPTP_ERR_ code (PPTP_ERR_MALFORMED .. PPTP_ERR_SEND; the socket failed: PPTP_ERR_SEND).
 *  @return PPTP_OK · PPTP_ERR_ARG: another code · PPTP_ERR_CLOSED: it has ended already. Request. */
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
 *  @param local  our address, big-endian · @param peer  the peer's
 *  @param octets      of each: 4 or 16
 *  @param local_port  source port of the connection that we opened
 *  @param peer_port   source port of the one that the peer opened
 *  @return 1: we win, -1: the peer wins, 0: cannot be told (all is equal, a pointer is NULL, or octets are
 *          not those of an address). Pure.
 *          RFC 2637 3.1.3; for IPv6 and equal addresses it has no rule, and this is the library's. */
PPTP_API int32_t pptp_collision(const uint8_t *local, const uint8_t *peer, size_t octets, uint16_t local_port,
                                uint16_t peer_port);

/** The pointer of pptp_conn_options. Query. */
PPTP_API void *pptp_conn_user(const pptp_conn *conn);

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

/** Counters: everything that was refused, ignored or bent has one, but for what ended the connection:
 *  PPTP_EV_DOWN says that. */
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
