/* sim_host: a world of hosts with control connections between them (internal to sim_conn).
 *
 * A link is one TCP connection; a side is one end of it, with the library's connection on it or a hostile
 * peer. For every call a record says what both ends asked for and saw, so that each event can be held against
 * its cause.
 *
 *   sim_host.c      hosts, memory, the life of links
 *   sim_side.c      drivers: octets, events, ticks
 *   sim_callback.c  what the library calls
 *   sim_app.c       what hosts decide, at random
 *   sim_request.c   requests, and what they must answer
 *   sim_meet.c      two hosts that call each other at once
 *   sim_hostile.c   peers that send what they like
 *   sim_fault.c     stalls, cuts, crashes
 *   sim_check.c     what must hold of one end
 *   sim_agree.c     what must hold of both ends together */
#ifndef SIM_HOST_H
#define SIM_HOST_H

#include "sim.h"
#include <pptp/pptp.h>

enum {
	WORLD_LINKS = 128,
	LINK_CALLS = 160,
	HOST_SLOTS = 8,
	SIDE_IN_OCTETS = 512,
	PAST_CALLS = 64,
	STATISTICS_OCTETS = 128
};

/* Beyond its timers a host may take so long: it sleeps up to 30 seconds, more than once. */
#define LATEST (100 * SIM_SECOND)

/* What is counted, in the order of the report; the names are in sim_conn.c. */
enum {
	N_CONNECTIONS,
	N_HOSTILE_CONNECTIONS,
	N_UP,
	N_DIALS,
	N_OFFERS,
	N_CALLS_UP,
	N_CALLS_DOWN,
	N_MESSAGES,
	N_OCTETS,
	N_EVENTS,
	N_TICKS,
	N_REQUESTS,
	N_REQUESTS_INSIDE,
	N_MISUSES,
	N_AGAIN,
	N_AGREED,
	N_MEETINGS,
	N_COLLISIONS,
	N_BLOCKED,
	N_PARTIAL,
	N_STALLS,
	N_CUTS,
	N_VANISHED,
	N_FLIPPED,
	N_FREEZES,
	N_CRASHES,
	N_FREES,
	N_FREES_INSIDE,
	N_HOSTILE_MESSAGES,
	N_HOSTILE_BROKEN,
	N_COUNTS
};

#define REASONS (PPTP_ERR_MALFORMED - PPTP_ERR_SEND + 1)

/* ---- calls ------------------------------------------------------------------------------------- */

/* One end's side of a call. */
typedef struct sim_half {
	pptp_call call; /* PPTP_CALL_NONE: it never heard of it, or its DOWN was reported */
	void *user;
	uint32_t seen; /* 1 << PPTP_EV_CALL_ */
	uint8_t known, accepted, rejected, connected, cleared, over;
	int8_t must_be; /* the reason, since what the host did was the first cause; PPTP_OK: any */
	uint16_t window, delay;
	uint16_t own_id;          /* reserved from the host's mux, or 0 */
	uint64_t half_open_since; /* SIM_NEVER: established */
	uint8_t statistics[STATISTICS_OCTETS];
} sim_half;

typedef struct sim_call {
	uint8_t used, direction; /* PPTP_OUTGOING, PPTP_INCOMING */
	uint8_t caller;          /* which end asked for it */
	uint16_t serial;
	uint64_t begun;
	sim_half half[2];
	pptp_dial dial; /* as it was asked for, one of them */
	pptp_offer offer;
	uint32_t send_accm, recv_accm; /* told last by the PNS */
	uint32_t wan_told, wan_heard;  /* the six counters are multiples of one */
	uint64_t wan_told_at;
} sim_call;

/* ---- sides --------------------------------------------------------------------------------------- */

enum { SIDE_NONE, SIDE_CONN, SIDE_HOSTILE };
enum { MODE_PUSH_SEND = 1, MODE_PUSH_EVENT = 2, MODE_OBSERVED = 4, MODE_OWN_HEAP = 8 };

/* Memory of one connection, with a zone on each side that nobody may write. */
typedef struct sim_memory {
	uint8_t *zone;
	uint8_t *octets;
	size_t size;
	int used;
} sim_memory;

typedef struct sim_side {
	struct sim_link *link;
	struct sim_host *host;
	uint32_t which; /* end 0 or 1 of the link */
	uint8_t kind, mode;
	uint8_t role, asks;
	pptp_config_options options; /* its host's; that may have booted since */
	pptp_conn *conn;
	sim_memory *memory; /* NULL: the heap */
	uint64_t print;     /* of the memory, when this side was last left */
	uint64_t began, last_heard;
	uint64_t wake_at;   /* world's time of the next tick that is queued */
	uint32_t depth;     /* drivers on the stack */
	uint8_t free_asked; /* from a callback */
	uint8_t up, down, offered_start, answered_start;
	uint8_t close_asked, refuse_asked, socket_failed;
	uint8_t socket_ended, eof_told, silent; /* this side does not answer START_OFFERED */
	uint32_t again;                         /* dials that found no room: WRITABLE is due */
	uint8_t entered;                        /* its checks have been made for this step */
	uint8_t blocked;                        /* TCP takes nothing more for now */
	uint8_t later_queued, retiring;
	uint8_t sent_any;
	uint8_t deaf; /* hostile: does not read */
	pptp_err abort_reason;
	uint64_t ending_since;      /* SIM_NEVER: it is not ending */
	uint16_t last_id;           /* of a call that this side made */
	pptp_call past[PAST_CALLS]; /* handles of calls that are over, the newest of them */
	uint32_t past_len;
	uint32_t unmatched_refusals;
	uint32_t library_refusals; /* that its connection has sent, when it is gone */
	uint32_t traced;
	/* The octets offered last and not all taken: they must not move. */
	const uint8_t *held;
	size_t held_len;
	uint8_t held_octets[PPTP_MSG_MAX_OCTETS];
	/* The message that is being sent. */
	uint8_t out[PPTP_MSG_MAX_OCTETS];
	size_t out_len;
	/* Read from TCP and not consumed. */
	uint8_t in[SIDE_IN_OCTETS];
	size_t in_len;
	/* A hostile peer's: ids that it has seen. */
	uint16_t ids[8];
	uint32_t ids_len;
} sim_side;

typedef struct sim_link {
	struct sim_world *world;
	uint32_t index, generation;
	uint8_t used, accept_waits;
	uint8_t trusted; /* both ends are the library's, and TCP has not been tampered with */
	uint8_t clean;   /* and nothing was late or lost */
	uint8_t meeting; /* one of two that were opened at once */
	uint16_t next_serial;
	uint16_t port; /* of end 0 */
	sim_tcp tcp;
	sim_side side[2];
	sim_call calls[LINK_CALLS];
	uint32_t calls_len; /* records beyond were never used */
} sim_link;

/* ---- hosts --------------------------------------------------------------------------------------- */

/* How a host is, until it boots again. */
typedef struct sim_manner {
	uint32_t act_us;  /* between two requests on a connection, on average */
	uint32_t life_us; /* of a connection */
	uint32_t modes;   /* 0 .. 15, or 16: any */
	uint32_t lazy;    /* one in so many times it leaves work for later; 0: never */
	uint8_t one_per_peer, ask, own_ids;
	uint8_t now, later, reject; /* what it does with an offer, of 16; the rest: nothing */
} sim_manner;

typedef struct sim_host {
	struct sim_world *world;
	uint32_t index, generation;
	uint8_t hostile, frozen; /* asleep, or not booted */
	uint8_t address[4];
	pptp_usec clock; /* added to the world's time */
	uint16_t next_port;
	sim_manner manner;
	pptp_config_options options;
	const pptp_config *config;
	void *config_memory;
	pptp_mux *mux; /* Call IDs, or NULL */
	sim_memory memory[HOST_SLOTS];
} sim_host;

typedef struct sim_meeting {
	sim_host *host[2];
	uint64_t faults; /* at its begin */
	int clean;
} sim_meeting;

typedef struct sim_world {
	sim s;
	sim_host *hosts;
	uint32_t hosts_len, hostile_len; /* the last ones are hostile */
	sim_link links[WORLD_LINKS];
	sim_meeting meeting;
	uint64_t counts[N_COUNTS];
	uint64_t downs[REASONS], calls_downs[REASONS];
	uint64_t library[PPTP_CONN_COUNTS];
} sim_world;

/* sim_host.c */
sim_world *sim_world_new(uint64_t seed, uint32_t hosts);
void sim_world_free(sim_world *w);
pptp_usec sim_host_now(const sim_host *h);
sim_link *sim_link_open(sim_world *w, sim_host *from, sim_host *to);
void sim_side_release(sim_side *d);
void sim_side_leave(sim_side *d, int reset);
void sim_host_crash(sim_host *h);
void sim_host_wake(sim_host *h);
sim_memory *sim_host_memory(sim_host *h);
int sim_host_knows(const sim_host *h, const sim_host *peer);
const char *sim_side_name(const sim_side *d);

/* sim_side.c */
int sim_side_begin(sim_side *d, sim_host *h, uint32_t role);
void sim_side_work(sim_side *d);
void sim_side_later(sim_side *d, uint64_t delay);
void sim_side_request_done(sim_side *d, pptp_err err);
void sim_side_free(sim_side *d);

/* sim_callback.c */
const pptp_conn_callbacks *sim_callbacks(uint32_t mode);
ptrdiff_t sim_side_write(sim_side *d, const uint8_t *data, size_t len); /* as sim_tcp_write */
void sim_side_take(sim_side *d, const pptp_event *e);

/* sim_app.c */
void sim_app_begin(sim_side *d);
void sim_app_event(sim_side *d, const pptp_event *e);

/* sim_request.c: each leaves the connection as the library says, and checks what it says. After one the
 * connection may be gone. */
void sim_request_dial(sim_side *d);
void sim_request_offer(sim_side *d);
void sim_request_accept(sim_side *d, pptp_call call);
void sim_request_reject(sim_side *d, pptp_call call);
void sim_request_connected(sim_side *d, pptp_call call);
void sim_request_clear(sim_side *d, pptp_call call);
void sim_request_link_info(sim_side *d, pptp_call call);
void sim_request_wan_errors(sim_side *d, pptp_call call);
void sim_request_statistics(sim_side *d, pptp_call call);
void sim_request_user(sim_side *d, pptp_call call);
void sim_request_nonsense(sim_side *d, pptp_call call);
void sim_request_close(sim_side *d);
void sim_request_abort(sim_side *d, pptp_err why);

/* sim_meet.c */
void sim_meet_begin(sim_world *w);
int sim_meet_offered(sim_side *d);

/* sim_hostile.c */
void sim_hostile_begin(sim_side *d, sim_host *h, uint32_t role);
void sim_hostile_ready(sim_side *d);

/* sim_fault.c */
void sim_fault_begin(sim_world *w);
void sim_fault_write(sim_side *d, uint8_t *octets, size_t len);

/* sim_check.c */
void sim_check_enter(sim_side *d);
void sim_check_leave(sim_side *d);
void sim_check_zones(sim_world *w, const sim_memory *m);
void sim_check_event(sim_side *d, const pptp_event *e);
void sim_check_offer(sim_side *d, const uint8_t *data, size_t len);
void sim_check_sent(sim_side *d, const uint8_t *data, size_t offered, size_t taken);
sim_call *sim_call_of(sim_side *d, pptp_call call);
sim_call *sim_call_new(sim_side *d);
void sim_check_handle(sim_side *d, pptp_call call);
void sim_call_forget(sim_link *l);

/* sim_agree.c */
void sim_agree_event(sim_side *d, sim_call *c, const pptp_event *e);
void sim_agree_call_down(sim_side *d, sim_call *c, const pptp_event *e);
void sim_agree_down(sim_side *d, const pptp_event *e);
void sim_agree_link(sim_link *l);

static inline sim_side *sim_other(sim_side *d)
{
	return &d->link->side[!d->which];
}

static inline sim *sim_of(const sim_side *d)
{
	return &d->link->world->s;
}

#define CHECK(d, condition)                                                                                  \
	do {                                                                                                 \
		if (!(condition))                                                                            \
			sim_violation(sim_of(d), "%s, %s:%d: not so: %s", sim_side_name(d), __FILE__,        \
			              __LINE__, #condition);                                                 \
	} while (0)

static inline int sim_is_pac(const sim_side *d, const sim_call *c)
{
	return (c->caller == d->which) == (c->direction == PPTP_INCOMING);
}

static inline void sim_count(sim_world *w, uint32_t what, uint64_t n)
{
	w->counts[what] += n;
}

#endif
