/* conn_internal: the connection and its calls as the conn_*.c files see them (internal).
 *
 *   conn.c          lifecycle, drivers                conn_recv.c     octets to whole messages
 *   conn_table.c    the state tables                  conn_tx.c       the transmit buffer, and who is next
 *   conn_control.c  the connection's actions          conn_put.c      pending bits to messages
 *   conn_dispatch.c messages to calls                 conn_event.c    what poll returns
 *   conn_call.c     the calls' actions                conn_slot.c     slots, ids, timers of calls
 *   conn_request.c  what hosts ask of a connection    conn_query.c    what hosts ask about
 *   call_request.c  what hosts ask of a call */
#ifndef PPTP_CONN_INTERNAL_H
#define PPTP_CONN_INTERNAL_H

#include "pptp/call.h"
#include "release.h"

#define NO_CALL 0xFFFFu /* index of no slot; slots are 0 .. 65,534 */

struct pptp_config {
	pptp_config_options options;
	pptp_release release; /* of heap memory, or NULL */
	void *self;           /* for release: config is const to everybody else */
};

/* ---- state tables (conn_table.c) ------------------------------------------------------------- */

/* One line of a figure of RFC 2637: in `state`, on `event`, do `action`, be in `next`. */
typedef struct row {
	uint8_t state, event, action, next;
} row;

enum { /* what happens to a control connection */
       IN_SCCRQ_OK = 1,
       IN_SCCRQ_ASK,     /* any of the three, and the host wants to be asked */
       IN_SCCRQ_VERSION, /* older than we support */
       IN_SCCRQ_VALUE,   /* a value the strict profile refuses */
       IN_SCCRP_OK,
       IN_SCCRP_VERSION,
       IN_SCCRP_REFUSED,
       IN_STOPCCRQ,
       IN_STOPCCRP,
       IN_ECHORQ,
       IN_ECHORP,
       IN_CALL,         /* messages 7 to 15 */
       IN_ACCEPT,       /* requests */
       IN_ACCEPT_UNFIT, /* the same, for a start that cannot be accepted */
       IN_REFUSE,
       IN_CLOSE,
       IN_DRAINED, /* closing, and the last octet has left */
       IN_TIMER_START,
       IN_TIMER_IDLE,
       IN_TIMER_ECHO,
       IN_TIMER_STOP
};

enum {                 /* what a control connection does */
       DO_ILLEGAL = 0, /* no row: a protocol error */
       DO_NOTHING,     /* crossed messages: nobody's fault */
       DO_IGNORE,      /* counted; a protocol error in the strict profile */
       DO_UP,
       DO_ASK,
       DO_ACCEPT,
       DO_ACCEPT_ASKED,
       DO_REFUSE,
       DO_REFUSE_UNFIT,
       DO_REFUSE_VERSION,
       DO_REFUSE_VALUE,
       DO_CHANNEL_EXISTS,
       DO_STOP_VERSION,
       DO_STOP_LOCAL,
       DO_STOP_REPLY,
       DO_ECHO_REPLY,
       DO_ECHO_EARLY,
       DO_ALIVE,
       DO_ECHO_REQUEST,
       DO_CALL,
       DO_CALL_EARLY,
       DO_END_LOCAL,
       DO_END_REFUSED,
       DO_END_STOPPED,
       DO_END_TIMEOUT,
       DO_END
};

enum { /* what happens to a call */
       CALL_IN_OCRQ = 1,
       CALL_IN_OCRP_OK,
       CALL_IN_OCRP_BAD,
       CALL_IN_ICRQ,
       CALL_IN_ICRP_OK,
       CALL_IN_ICRP_BAD,
       CALL_IN_ICCN,
       CALL_IN_CCRQ,
       CALL_IN_CDN,
       CALL_IN_WEN,
       CALL_IN_SLI,
       CALL_IN_DIAL, /* requests */
       CALL_IN_OFFER,
       CALL_IN_ACCEPT,
       CALL_IN_REJECT,
       CALL_IN_CONNECTED,
       CALL_IN_CLEAR,
       CALL_IN_LINK_INFO,
       CALL_IN_WAN_ERRORS,
       CALL_IN_TIMER /* the one that runs in the state */
};

enum {                   /* what a call does */
       CALL_ILLEGAL = 0, /* no row */
       CALL_NOTHING,
       CALL_IGNORE,
       CALL_OFFER, /* to the host */
       CALL_WAIT_DIAL,
       CALL_WAIT_OFFER,
       CALL_CONNECT,      /* OCRP */
       CALL_ANSWER_LINE,  /* ICRP */
       CALL_CONNECT_LINE, /* ICCN */
       CALL_ACCEPT,
       CALL_ACCEPT_LINE,
       CALL_REFUSE,
       CALL_REFUSE_TIMEOUT,
       CALL_REFUSED,
       CALL_LINE_CONNECTED,
       CALL_CLEAR_REQUEST,
       CALL_CLEAR_TIMEOUT,
       CALL_NOTIFY,
       CALL_NOTIFY_REQUEST,
       CALL_NOTIFY_TIMEOUT,
       CALL_PEER,
       CALL_CLEARED,
       CALL_LEARN,
       CALL_TIMED_OUT,
       CALL_SEND_LINK_INFO,
       CALL_SEND_WAN_ERROR,
       CALL_WAN_TIMER,
       CALL_LINK_INFO,
       CALL_WAN_ERROR
};

enum { CALL_IDLE = 0 }; /* the other states are in pptp/call.h */

enum { /* a machine is the figure that a call follows */
       MACHINE_PAC_OUTGOING = 0,
       MACHINE_PNS_OUTGOING = 1,
       MACHINE_PAC_INCOMING = 2,
       MACHINE_PNS_INCOMING = 3
};

static inline int is_pac(uint8_t machine)
{
	return machine == MACHINE_PAC_OUTGOING || machine == MACHINE_PAC_INCOMING;
}

static inline int is_incoming(uint8_t machine)
{
	return machine >= MACHINE_PAC_INCOMING;
}

const row *pptp_control_row(uint32_t role, uint32_t state, uint32_t event);
const row *pptp_call_row(uint32_t machine, uint32_t state, uint32_t event);

/* ---- a call ---------------------------------------------------------------------------------- */

enum {                    /* call.tx: messages to encode, in this order */
       CALL_TX_REPLY = 1, /* OCRP or ICRP, accepting */
       CALL_TX_REFUSE = 2,
       CALL_TX_ICCN = 4,
       CALL_TX_SLI = 8,
       CALL_TX_WEN = 16,
       CALL_TX_CCRQ = 32,
       CALL_TX_CDN = 64
};

enum { /* call.events: to report, in this order */
       CALL_EV_OFFERED = 1,
       CALL_EV_ANSWER = 2,
       CALL_EV_UP = 4,
       CALL_EV_LINK_INFO = 8,
       CALL_EV_WAN_ERROR = 16,
       CALL_EV_DOWN = 32
};

enum { /* timers of calls; a list each, since a constant time makes a queue an ordered one */
       CALL_TIMER_DIAL = 0,
       CALL_TIMER_ANSWER,
       CALL_TIMER_CLEAR,
       CALL_TIMER_OFFER,
       CALL_TIMER_CONNECT,
       CALL_TIMER_WAN,
       CALL_TIMERS,
       CALL_TIMER_OFF = CALL_TIMERS
};

enum { /* call.ids: which of its Call IDs are in the tables */
       KNOWS_LOCAL = 1,
       KNOWS_PEER = 2
};

typedef struct call {
	pptp_usec deadline;
	void *user;
	uint32_t connect_speed, minimum_bps, maximum_bps;
	uint32_t bearer_type, framing_type, physical_channel_id;
	uint32_t send_accm, recv_accm;
	uint16_t generation;
	uint16_t local_call_id, peer_call_id, serial;
	uint16_t recv_window, delay, peer_recv_window, peer_delay;
	uint16_t answer_cause; /* of our Outgoing-Call-Reply */
	uint16_t cause_code;   /* of what ended the call, with the next two */
	uint8_t result_code, error_code;
	uint8_t state, machine;
	uint8_t tx, events;
	uint8_t timer;                  /* CALL_TIMER_ that runs */
	uint8_t timer_fired;            /* PPTP_TIMER_, with reason PPTP_ERR_TIMEOUT */
	uint8_t ids;                    /* KNOWS_ bits */
	uint8_t result_type;            /* Control Message Type that result_code stands in */
	uint8_t in_tx, in_events;       /* queued */
	uint8_t wan_waits;              /* WAN errors were told within the interval */
	int8_t reason;                  /* PPTP_ERR_ that ends the call */
	uint16_t next_local, next_peer; /* in the chains of the id tables */
	uint16_t next_tx, next_event;
	uint16_t next_timer, previous_timer;
	uint16_t next_free;
} call;

#define WAN_ERRORS 6u /* counters of a WAN-Error-Notify */

/* What a PAC with lines keeps of each call, beside it. */
typedef struct line {
	uint32_t wan_errors[WAN_ERRORS]; /* in the order of the message */
	uint8_t statistics[128];
} line;

typedef struct queue {
	uint16_t first, last;
} queue;

/* ---- a connection ------------------------------------------------------------------------------ */

enum { /* conn.tx: messages to encode */
       TX_SCCRQ = 1,
       TX_SCCRP = 2,
       TX_ECHORP = 4,
       TX_ECHORQ = 8,
       TX_STOPCCRP = 16,
       TX_STOPCCRQ = 32
};

enum { /* conn.events */
       EV_UP_BIT = 1,
       EV_WRITABLE_BIT = 2,
       EV_DOWN_BIT = 4,
       EV_START_OFFERED_BIT = 8
};

/* A request that got no slot is refused from here; when it is full, recv waits. */
#define REFUSALS_MAX 4u
typedef struct refusal {
	uint16_t type; /* PPTP_OCRP or PPTP_ICRP */
	uint16_t peer_call_id;
	uint8_t result_code, error_code;
} refusal;

/* Why a connection ends. */
typedef struct ending {
	uint32_t value;
	uint16_t field;
	int8_t reason; /* PPTP_ERR_; PPTP_OK: it does not */
	uint8_t timer;
	uint8_t result_code, error_code;
	uint8_t result_type; /* Control Message Type that result_code stands in */
} ending;

struct pptp_conn {
	const pptp_config_options *options;
	pptp_conn_callbacks callbacks; /* size 0: none */
	void *user;
	pptp_release release; /* of heap memory, or NULL */

	call *calls;      /* options->max_calls of them */
	line *lines;      /* one for each, or NULL */
	uint16_t *by_id;  /* heads of chains: id_mask + 1 by our Call IDs, as many by the peer's */
	uint8_t *tx_data; /* options->tx_octets */
	uint16_t id_mask;
	uint16_t live;    /* calls that have not ended */
	uint16_t offered; /* of these, by the peer, and not answered */
	uint16_t next_call_id, next_serial;
	queue free_calls, tx_calls, event_calls;
	queue timers[CALL_TIMERS];
	uint16_t ending_cursor; /* calls below have been reported */

	uint8_t role, state, ask;
	uint8_t tx, events;
	uint8_t timer; /* PPTP_TIMER_ that runs, PPTP_TIMER_NONE */
	uint8_t busy;  /* functions on the stack that may call back */
	uint8_t in_trace, freed, finished;
	uint8_t ending_calls; /* every call goes down with `end` */
	uint8_t want_room;    /* octets that dial or offer found no room, or no slot, for: report WRITABLE */
	uint8_t stop_reason, sccrp_result, sccrp_error;
	uint8_t echo_result, echo_error;
	int8_t recv_error;  /* for recv to return, once */
	pptp_usec deadline; /* of timer */
	uint32_t echo_id;   /* of our Echo-Request */
	uint32_t echo_reply_id;
	pptp_usec echo_sent, echo_rtt;
	ending end;

	uint16_t version; /* in use */
	uint16_t peer_firmware, peer_channels;
	const call *msg_call; /* which event the message in rx belongs to: its call, */
	uint16_t msg_len;
	uint8_t msg_event; /* and type; 0: none */
	uint8_t refusals;  /* in refused */
	uint32_t peer_framing, peer_bearer;

	/* Transmit buffer: messages from `head` to `tail`, then, when `wrapped`, from 0 to `wrap_tail`. */
	uint32_t head, tail, wrap_tail;
	uint32_t left; /* of the first message, once part of it was taken; else 0 */
	refusal refused[REFUSALS_MAX];

	uint32_t counts[PPTP_CONN_COUNTS];
	uint16_t rx_len;
	uint8_t rx[PPTP_MSG_MAX_OCTETS];
};

static inline int tolerates(const pptp_conn *conn, uint32_t flag)
{
	return (conn->options->tolerate & flag) != 0;
}

/* The time a timer runs out; 0 switches it off. */
static inline pptp_usec deadline_after(pptp_usec now, uint64_t timeout_us)
{
	return timeout_us == 0 || timeout_us > PPTP_NEVER - now ? PPTP_NEVER : now + timeout_us;
}

static inline void start_timer(pptp_conn *conn, uint8_t timer, uint64_t timeout_us, pptp_usec now)
{
	conn->timer = timer;
	conn->deadline = deadline_after(now, timeout_us);
}

/* conn_slot.c */
void pptp_calls_init(pptp_conn *conn, uint64_t seed);
uint32_t pptp_id_table_size(uint32_t max_calls);
call *pptp_call_claim(pptp_conn *conn, uint8_t machine);
void pptp_call_release_slot(pptp_conn *conn, call *c);
call *pptp_call_of(const pptp_conn *conn, pptp_call handle);
pptp_call pptp_call_handle(const pptp_conn *conn, const call *c);
call *pptp_call_by_local(const pptp_conn *conn, uint16_t call_id);
call *pptp_call_by_peer(const pptp_conn *conn, uint16_t call_id);
pptp_err pptp_call_set_local(pptp_conn *conn, call *c, uint16_t call_id);
void pptp_call_set_peer(pptp_conn *conn, call *c, uint16_t call_id);
void pptp_call_forget_ids(pptp_conn *conn, call *c);
void pptp_call_timer(pptp_conn *conn, call *c, uint8_t timer, pptp_usec now);
line *pptp_call_line(const pptp_conn *conn, const call *c);
void pptp_call_queue_tx(pptp_conn *conn, call *c, uint8_t bits);
void pptp_call_queue_event(pptp_conn *conn, call *c, uint8_t bits);
call *pptp_queue_first(const pptp_conn *conn, const queue *q);
void pptp_queue_drop_tx(pptp_conn *conn);
void pptp_queue_drop_event(pptp_conn *conn);

/* conn_control.c */
void pptp_control_message(pptp_conn *conn, const pptp_msg *msg, pptp_usec now);
void pptp_control_input(pptp_conn *conn, uint32_t event, const pptp_msg *msg, pptp_usec now);
void pptp_control_begin(pptp_conn *conn, pptp_usec now);
void pptp_control_end(pptp_conn *conn, pptp_err reason);
void pptp_control_timeout(pptp_conn *conn, uint8_t timer);
void pptp_control_malformed(pptp_conn *conn, const pptp_msg_fault *fault);
void pptp_control_tick(pptp_conn *conn, pptp_usec now);
void pptp_control_drained(pptp_conn *conn, pptp_usec now);
void pptp_illegal(pptp_conn *conn, const pptp_msg *msg, uint32_t tolerance, uint32_t count);

/* conn_dispatch.c */
void pptp_call_message(pptp_conn *conn, const pptp_msg *msg, pptp_usec now);
void pptp_refuse(pptp_conn *conn, uint16_t type, uint16_t peer_call_id, uint8_t result, uint8_t error);

/* conn_call.c */
pptp_err pptp_call_input(pptp_conn *conn, call *c, uint32_t event, const pptp_msg *msg, pptp_usec now);
void pptp_call_ended(pptp_conn *conn, call *c, pptp_err reason);
void pptp_call_codes(call *c, uint8_t type, uint8_t result, uint8_t error, uint16_t cause);
void pptp_calls_tick(pptp_conn *conn, pptp_usec now);

/* conn_request.c */
pptp_err pptp_may_request(const pptp_conn *conn);
int pptp_is_ending(const pptp_conn *conn);

/* conn_recv.c */
size_t pptp_recv_step(pptp_conn *conn, const uint8_t *data, size_t len, pptp_usec now);
uint32_t pptp_reserved_field(const pptp_msg *msg);
void pptp_trace(pptp_conn *conn, uint32_t sent, const uint8_t *msg, size_t len);

/* conn_tx.c */
void pptp_tx_fill(pptp_conn *conn);
void pptp_tx_tell_room(pptp_conn *conn);
const uint8_t *pptp_tx_first(const pptp_conn *conn, size_t *ret_len);
void pptp_tx_took(pptp_conn *conn, size_t n);
int pptp_tx_put(pptp_conn *conn, pptp_msg *msg);
void pptp_tx_drop(pptp_conn *conn);
int pptp_tx_has_room(const pptp_conn *conn, uint32_t octets);
int pptp_tx_waiting(const pptp_conn *conn);
uint32_t pptp_tx_octets(const pptp_conn *conn);

/* conn_put.c */
int pptp_put_of_conn(pptp_conn *conn, uint8_t bit);
int pptp_put_of_call(pptp_conn *conn, const call *c, uint8_t bit);
int pptp_put_refusal(pptp_conn *conn, const refusal *refused);

/* conn_event.c */
int pptp_events_waiting(const pptp_conn *conn);
void pptp_event_raised_by_message(pptp_conn *conn, uint32_t type, const call *c);
pptp_err pptp_event_take(pptp_conn *conn, pptp_event *ret);

#endif
