/* link: a connection under test with everything it said, and two of them joined.
 *
 * A side owns a connection, moves its octets by hand and records what it sends and reports. It checks
 * what must hold whatever happens: messages are whole and well-formed, a call's events are in order,
 * every call goes down before its connection, nothing comes after that. */
#ifndef LINK_H
#define LINK_H

#include "check.h"
#include <pptp/pptp.h>

#define SECOND ((pptp_usec)1000000)

/** An event with its message, for later. */
typedef struct link_event {
	pptp_event event; /* msg points to the octets below, or is NULL */
	uint8_t msg[PPTP_MSG_MAX_OCTETS];
} link_event;

/** How a side drives its connection. None of it may change what happens. */
typedef struct link_mode {
	const char *name;
	int push;     /* callbacks, not poll and tx_buf */
	int one_in;   /* feed recv one octet at a time */
	int one_out;  /* take one octet at a time */
	int own_heap; /* pptp_conn_new, not pptp_conn_init */
} link_mode;

extern const link_mode link_modes[];
extern const size_t link_modes_len;

struct call_seen;

typedef struct link_side {
	pptp_conn *conn;
	const pptp_config *config;
	void *mem;
	link_mode mode;
	uint32_t role, flags; /* PPTP_CONN_ bits, set before link_open */
	pptp_usec now;
	pptp_ssize recv_result; /* the last negative one, or 0 */
	int hold_tx, hold_poll; /* leave octets, or events, where they are */
	int down;               /* PPTP_EV_DOWN was seen */
	pptp_conn_callbacks callbacks;

	link_event *events;
	size_t events_len, events_cap, events_read;
	uint8_t *sent; /* octets */
	size_t sent_len, sent_cap, sent_read;
	size_t sent_checked; /* messages up to here are checked */
	uint32_t sent_messages, traced_sent, traced_received;

	struct call_seen *calls;
	size_t calls_cap, calls_len, calls_up;

	/* called for each event, in the callback in push mode; may be NULL */
	void (*on_event)(struct link_side *side, const pptp_event *event);
	void (*on_send)(struct link_side *side);
	void (*on_trace)(struct link_side *side);
	void *user;
} link_side;

/** Default options of the strict profile, or of the usual one. */
pptp_config_options link_options(int strict);

/** Make a connection at the side's `now`. The struct must be zero before; mode may be NULL (pull). */
void link_open(link_side *side, uint32_t role, const pptp_config_options *options, const link_mode *mode,
               pptp_usec now);
void link_drop(link_side *side);

/** Move what there is to move: octets to `sent`, events to `events`. */
void link_pump(link_side *side);

/** Feed octets, pumping as often as it takes. Returns how many were consumed. */
size_t link_feed(link_side *side, const uint8_t *data, size_t len);
void link_feed_msg(link_side *side, const pptp_msg *msg);

/** Let time pass, with a tick at every deadline. */
void link_wait(link_side *side, pptp_usec time);

/** The next message that was sent and not read yet; it must be of this type. */
pptp_msg link_next_msg(link_side *side, uint32_t type);
/** The next event not read yet; it must be of this type. */
const pptp_event *link_next_event(link_side *side, uint32_t type);
/** Nothing was sent or reported that was not read. */
void link_quiet(link_side *side);
/** Forget what was not read. */
void link_skip(link_side *side);

/** A message of this type as a usual peer would send it. */
pptp_msg link_msg(uint32_t type);

/** Establish one side by playing its peer. Everything is read afterwards. */
void link_up(link_side *side);

/** Octets from each side to the other until nothing moves. */
void link_join(link_side *a, link_side *b);

#endif
