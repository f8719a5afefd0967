/* gre_internal: the channel as its files share it (internal).
 *
 *   gre.c          life, time, push mode on top of pull mode
 *   gre_send.c     numbers and acknowledgments out
 *   gre_recv.c     numbers and acknowledgments in
 *   gre_window.c   the peer's window and the time-outs (RFC 2637 4.2, 4.4)
 *   gre_reorder.c  packets held for a missing one (RFC 2637 4.3)
 *   gre_pool.c     the slots they are held in */
#ifndef PPTP_GRE_INTERNAL_H
#define PPTP_GRE_INTERNAL_H

#include "pptp/gre.h"
#include "object.h"
#include "release.h"

#if defined(__GNUC__)
#define PPTP_NOINLINE __attribute__((noinline))
#else
#define PPTP_NOINLINE
#endif

/* ---- pool ------------------------------------------------------------------------------------ */

#define POOL_NONE 0xFFFFu /* no slot */

typedef struct pool_slot {
	void *cookie;         /* the host's, where nothing is copied */
	const uint8_t *frame; /* in the host's datagram or in the pool */
	pptp_usec since;
	uint32_t sequence;
	uint16_t len;
	uint16_t next; /* slot behind this one in its list */
} pool_slot;

struct pptp_pool {
	pool_slot *slots;
	uint8_t *octets;      /* slot_octets for each slot; NULL: nothing is copied */
	uint32_t slot_octets; /* the longest frame that is copied */
	uint32_t stride;      /* from one slot's octets to the next */
	uint32_t available;
	uint16_t first_free;
	uint16_t lent;        /* nothing is held here any more, but the host still reads the frame */
	pptp_release release; /* of heap memory, or NULL */
};

uint16_t pptp_pool_take(pptp_pool *pool); /* only while some are available */
void pptp_pool_give(pptp_pool *pool, uint16_t slot);
void pptp_pool_lend(pptp_pool *pool, uint16_t slot);

/* ---- channel --------------------------------------------------------------------------------- */

enum {                     /* pptp_gre.flags */
       GRE_FREED = 1,      /* by a callback: the outermost driver lets go of the memory */
       GRE_BUSY = 2,       /* inside the callbacks send or release */
       GRE_RECEIVING = 4,  /* inside the loop that calls receive */
       GRE_STARTED = 8,    /* may send */
       GRE_HEARD = 16,     /* a packet of this call came */
       GRE_BASED = 32,     /* expected is known */
       GRE_WAITING = 64,   /* the first frame is out, nothing came back */
       GRE_HELD = 128,     /* there is something for pptp_gre_next now or later */
       GRE_OLD_RUN = 256,  /* the last packet was an old one: see run */
       GRE_ACKED = 512,    /* the peer has acknowledged something */
       GRE_PACED = 1024,   /* the host wants a window to be kept */
       GRE_WINDOW = 2048,  /* and it is */
       GRE_TIMED = 4096,   /* timed_sequence is on its way */
       GRE_RELEASES = 8192 /* there is a callback for cookies */
};
#define GRE_LIFELONG (GRE_FREED | GRE_BUSY | GRE_RECEIVING | GRE_RELEASES) /* what a reset leaves */

struct pptp_gre {
	/* One cache line: all that a packet in order touches while no window is kept. */
	uint32_t expected;      /* number of the next packet to deliver; valid with GRE_BASED */
	uint32_t next_sequence; /* of our next frame */
	uint32_t acked;         /* highest number of ours the peer has; next_sequence - 1 when all are */
	uint32_t unacked;       /* packets delivered since we last acknowledged */
	uint32_t carrier;       /* the newest frame of ours with an acknowledgment on board, if above acked */
	uint32_t ack_delay_us;
	pptp_usec ack_due;   /* while unacked > 0; else when the one was due that went out last */
	pptp_usec timer_due; /* the earlier of the next two dues */
	uint16_t flags;
	uint16_t local_call_id, peer_call_id;
	uint16_t ack_every;   /* half of the window we advertised, at least 1 */
	uint32_t window_base; /* first number of ours that fills the window */
	uint32_t window_mark; /* the window grows when this number is acknowledged */
	uint16_t window, window_max;
	uint8_t events;
	uint8_t silent; /* time-outs in a row without an acknowledgment */
	uint8_t lifted; /* how often the window was given up for such a row */
	uint8_t run;    /* old packets in a row; valid with GRE_OLD_RUN */

	pptp_usec ack_timeout_due; /* RFC 2637 4.4 */
	pptp_usec wait_due; /* with GRE_WAITING: NO_INBOUND; later: the end of the oldest wait for a packet */
	uint32_t timed_at, timed_sequence;      /* one packet at a time is timed; low bits of its time */
	uint32_t round_trip8_us, deviation8_us; /* in eighths of a microsecond */
	uint16_t min_timeout_ms, max_timeout_ms;
	uint16_t resync_ms, no_inbound_ms;
	pptp_pool *pool; /* NULL: nothing is held */
	uint32_t reorder_us;
	uint16_t first_held, last_held; /* in order of their numbers; valid while held > 0 */
	uint16_t held;
	uint16_t passed;          /* how many of them, from the first, need not wait any more */
	uint16_t reorder_packets; /* most that may be held */
	uint16_t returned;        /* held at a reset: the first of the list */
	uint32_t run_last, run_since;
	uint32_t first_sequence;
	uint8_t window_mode;
	uint8_t drivers; /* on the stack */
	uint8_t reserved[2];
	const pptp_gre_callbacks *callbacks;
	void *user;
	pptp_release release; /* of heap memory, or NULL */
	/* What was delivered and sent follows from the numbers: these two are kept as differences to
	 * expected and next_sequence, so that a packet in order need not touch them. */
	uint32_t counts[PPTP_GRE_COUNTS];
};

/* PPTP_OK, or why a function other than free must not run. */
static inline pptp_err pptp_gre_usable(const pptp_gre *gre)
{
	if (!gre)
		return PPTP_ERR_ARG;
	if ((gre->flags & (GRE_FREED | GRE_BUSY)) == 0)
		return PPTP_OK;
	return gre->flags & GRE_FREED ? PPTP_ERR_FREED : PPTP_ERR_REENTRANT;
}

static inline void pptp_gre_set(pptp_gre *gre, uint16_t flag)
{
	gre->flags |= flag;
}

static inline void pptp_gre_clear(pptp_gre *gre, uint16_t flag)
{
	gre->flags = (uint16_t)(gre->flags & ~flag);
}

static inline void pptp_gre_rearm(pptp_gre *gre)
{
	gre->timer_due = gre->ack_timeout_due < gre->wait_due ? gre->ack_timeout_due : gre->wait_due;
}

/* One more packet to acknowledge: with the next frame, at the end of the delay, or at once when half
 * of the window is waiting (RFC 2637 4.2). */
static inline void pptp_gre_owe_ack(pptp_gre *gre, pptp_usec now)
{
	if (gre->unacked == 0)
		gre->ack_due = now + gre->ack_delay_us;
	if (++gre->unacked >= gre->ack_every)
		gre->ack_due = 0;
}

/* The number leaves: it is delivered, and what is missing before it is lost. Not for the first packet. */
static inline void pptp_gre_pass(pptp_gre *gre, uint32_t sequence)
{
	uint32_t gap = sequence - gre->expected;
	gre->expected = sequence + 1;
	gre->counts[PPTP_GRE_LOST] += gap;
	gre->counts[PPTP_GRE_DELIVER] -= gap;
}

/* What ret says of a packet whose payload may be empty; counted. */
static inline void pptp_gre_yield(pptp_gre *gre, pptp_gre_frame *ret, const uint8_t *frame, size_t len)
{
	ret->verdict = PPTP_GRE_DELIVER;
	ret->frame = frame;
	ret->len = len;
	if (len == 0) {
		ret->verdict = PPTP_GRE_EMPTY;
		ret->frame = NULL;
		gre->counts[PPTP_GRE_EMPTY]++;
		gre->counts[PPTP_GRE_DELIVER]--;
	}
}

/* gre_send.c */
void pptp_gre_unack(pptp_gre *gre, pptp_err why, pptp_usec now);
void pptp_gre_stop_waiting(pptp_gre *gre);

/* gre_window.c */
void pptp_window_start(pptp_gre *gre, uint16_t peer_recv_window, uint16_t peer_delay);
pptp_err pptp_window_send(pptp_gre *gre, pptp_usec now);            /* with GRE_WINDOW */
void pptp_window_unsent(pptp_gre *gre);                             /* with GRE_WINDOW */
void pptp_window_acked(pptp_gre *gre, uint32_t ack, pptp_usec now); /* with GRE_PACED; acked is ack by now */
void pptp_window_tick(pptp_gre *gre, pptp_usec now);
uint32_t pptp_window_timeout_us(const pptp_gre *gre);

/* gre_reorder.c */
void pptp_reorder_packet(pptp_gre *gre, const pptp_gre_header *header, const uint8_t *data, pptp_usec now,
                         pptp_gre_frame *ret);
pptp_err pptp_reorder_next(pptp_gre *gre, pptp_gre_frame *ret); /* ret is zero */
void pptp_reorder_tick(pptp_gre *gre, pptp_usec now);
void pptp_reorder_reset(pptp_gre *gre);

#endif
