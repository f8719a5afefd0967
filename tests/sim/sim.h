/* sim: the core of a simulator: a seeded random source, a virtual clock with a queue of what happens next,
 * and TCP connections that do to a stream what networks do. Nothing here knows PPTP. All that happens is a
 * function of the seed, so that a failing run can be had again. */
#ifndef SIM_H
#define SIM_H

#include <stddef.h>
#include <stdint.h>

#define SIM_MS     ((uint64_t)1000) /* times are microseconds */
#define SIM_SECOND ((uint64_t)1000000)
#define SIM_HOUR   (3600 * SIM_SECOND)
#define SIM_NEVER  UINT64_MAX

#if defined(__GNUC__)
#define SIM_PRINTF(at) __attribute__((format(printf, at, at + 1)))
#define SIM_NORETURN   __attribute__((noreturn))
#else
#define SIM_PRINTF(at)
#define SIM_NORETURN
#endif

/** What happens to an object. An object that was reused since has another generation: then do nothing. */
typedef void (*sim_action)(void *object, uint32_t generation, uint64_t value);

typedef struct sim_event {
	uint64_t at, order; /* of two at one time the older comes first */
	uint64_t value;
	sim_action action;
	void *object;
	uint32_t generation;
} sim_event;

typedef struct sim {
	uint64_t now;
	uint64_t seed, random;
	uint64_t steps;
	sim_event *events; /* a heap */
	size_t len, cap;
	uint64_t order;
	int verbose;
	const char *replay; /* the command that repeats this run */
	void (*report)(void *context);
	void *report_context;
} sim;

void sim_init(sim *s, uint64_t seed);
void sim_free(sim *s);

/** Memory, or the end of the program. */
void *sim_alloc(size_t octets);

/* ---- random ----------------------------------------------------------------------------------- */

uint32_t sim_random(sim *s);
/** 0 .. below - 1; 0 when below is 0. */
uint32_t sim_below(sim *s, uint32_t below);
/** low .. high */
uint64_t sim_between(sim *s, uint64_t low, uint64_t high);
/** True once in n times; never when n is 0. */
int sim_one_in(sim *s, uint32_t n);
void sim_fill(sim *s, void *ret, size_t len);
/** Flip one bit of len octets, at least 1. */
void sim_flip(sim *s, uint8_t *octets, size_t len);

/* ---- time --------------------------------------------------------------------------------------- */

/** Let this happen then; PPTP_NEVER and the like: not at all. */
void sim_at(sim *s, uint64_t when, sim_action action, void *object, uint32_t generation, uint64_t value);
void sim_after(sim *s, uint64_t delay, sim_action action, void *object, uint32_t generation, uint64_t value);

/** Let the next thing happen, if it does so by `until`. Returns 0 when nothing does. */
int sim_step(sim *s, uint64_t until);

/* ---- what must not be --------------------------------------------------------------------------- */

/** Say what is wrong and how to see it again, report, end the program. */
void sim_violation(sim *s, const char *format, ...) SIM_PRINTF(2) SIM_NORETURN;

#define SIM_CHECK(s, condition)                                                                              \
	do {                                                                                                 \
		if (!(condition))                                                                            \
			sim_violation(s, "%s:%d: not so: %s", __FILE__, __LINE__, #condition);               \
	} while (0)

/** A line of the log, with --verbose. */
void sim_log(sim *s, const char *format, ...) SIM_PRINTF(2);

/* ---- TCP ---------------------------------------------------------------------------------------- */

#define SIM_TCP_OCTETS 4096u

typedef struct sim_tcp_options {
	uint64_t delay_us, jitter_us;
	uint32_t window; /* octets on the way and not read, 1 .. SIM_TCP_OCTETS */
	uint32_t split;  /* one in so many writes arrives in pieces, in so many is taken in part; 0: none */
} sim_tcp_options;

/* One direction. Positions count octets of the stream from its start. */
typedef struct sim_pipe {
	struct sim_tcp *tcp;
	uint64_t sent, arrived, taken;
	uint64_t end;           /* the stream ends behind this octet */
	uint64_t last_arrival;  /* time */
	uint64_t stalled_until; /* time */
	uint8_t ended;          /* the end has arrived */
	uint8_t reset;          /* and was a reset */
	uint8_t broken;         /* the writer knows that nobody reads any more */
	uint8_t blocked;        /* the writer waits */
	uint8_t unread;         /* the reader has closed: what arrives is dropped */
	uint8_t octets[SIM_TCP_OCTETS];
} sim_pipe;

typedef struct sim_tcp {
	sim *s;
	uint32_t generation;
	sim_tcp_options options;
	sim_pipe pipes[2];                        /* 0: from end 0 to end 1 */
	void (*ready)(void *owner, uint32_t end); /* this end may read or write */
	void *owner;
} sim_tcp;

enum { SIM_BLOCKED = -1, SIM_END = -2, SIM_BROKEN = -3 };

/** Begin a connection; the struct may have been one before. */
void sim_tcp_open(sim_tcp *tcp, sim *s, const sim_tcp_options *options,
                  void (*ready)(void *owner, uint32_t end), void *owner);

/** Octets taken · SIM_BLOCKED: `ready` follows · SIM_BROKEN. */
ptrdiff_t sim_tcp_write(sim_tcp *tcp, uint32_t end, const uint8_t *data, size_t len);

/** Octets read, at least 1 · SIM_BLOCKED: `ready` follows · SIM_END: the peer closed · SIM_BROKEN: it reset.
 */
ptrdiff_t sim_tcp_read(sim_tcp *tcp, uint32_t end, uint8_t *ret, size_t cap);

/** This end closes its socket: what it wrote still arrives. */
void sim_tcp_close(sim_tcp *tcp, uint32_t end);

/** This end resets: what is on the way is lost. */
void sim_tcp_reset(sim_tcp *tcp, uint32_t end);

/** Cut the stream that this end writes behind the octet that is so many away. */
void sim_tcp_cut(sim_tcp *tcp, uint32_t end, uint32_t octets, int reset);

/** Nothing from this end arrives until then, SIM_NEVER included; what was written waits. */
void sim_tcp_stall(sim_tcp *tcp, uint32_t end, uint64_t until);

/** Octets written by this end and not read by the other. */
uint64_t sim_tcp_pending(const sim_tcp *tcp, uint32_t end);

#endif
