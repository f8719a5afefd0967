/* loop: one epoll loop with descriptors, timers and the signals that end a program.
 *
 * `now` is read from CLOCK_MONOTONIC once a wake-up; everything that happens in it shares that value. A timer
 * is told to fire earlier, never later: moving it later would cost work for every packet, so it fires at the
 * old time, its owner finds nothing due, and sets it again. Callbacks may add, change and remove anything. */
#ifndef LOOP_H
#define LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

#define LOOP_BATCH                                                                                           \
	64 /* descriptors a wake-up; also what a descriptor's owner reads at most before it returns */

struct loop_io {
	int fd;
	uint32_t events; /* EPOLLIN, EPOLLOUT; EPOLLERR and EPOLLHUP come in any case */
	void (*ready)(void *user, uint32_t events);
	void *user;
};

struct loop_timer {
	uint64_t due; /* PPTP_NEVER: not set */
	size_t slot;  /* in the heap */
	void (*expired)(void *user);
	void *user;
};

/* Work that waits for the end of a wake-up: what many packets in it want done is done once. */
struct loop_task {
	struct loop_task *next, *previous; /* NULL: it does not wait */
	void (*run)(void *user);
	void *user;
};

struct loop {
	uint64_t now; /* microseconds */
	int epoll;
	bool stopped;
	struct epoll_event ready[LOOP_BATCH];
	int ready_count;
	struct loop_timer **heap; /* a binary heap of every timer, the earliest first */
	size_t timers;
	size_t capacity;
	struct loop_task tasks; /* the head of a ring */
	struct loop_io signal_io;
	void (*signalled)(void *user);
	void (*leaving)(void *user); /* may be set: what must be done before the second signal's exit */
	void (*reload)(void *user);  /* may be set: at SIGHUP, which else ends the program as the others do */
	void *signal_user;
	unsigned signals;
};

/** Functions that return bool log what failed. */
bool loop_open(struct loop *loop);
void loop_close(struct loop *loop);

/** Call `signalled` at the first SIGINT, SIGTERM or SIGHUP; the second one exits the program at once with 128
 * + its number. SIGPIPE is ignored from now on. */
bool loop_signals(struct loop *loop, void (*signalled)(void *user), void *user);

/** Run until loop_stop. @return false when the loop itself failed */
bool loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/** Watch io->fd for io->events; the caller filled all members. The descriptor remains the caller's. */
bool loop_add(struct loop *loop, struct loop_io *io);
void loop_watch(struct loop *loop, struct loop_io *io, uint32_t events); /* free when nothing changes */
void loop_remove(struct loop *loop, struct loop_io *io);                 /* before the descriptor is closed */

/** A timer must be added once before it is set, and removed before its memory goes. */
bool loop_timer_add(struct loop *loop, struct loop_timer *timer, void (*expired)(void *user), void *user);
void loop_timer_at(struct loop *loop, struct loop_timer *timer, uint64_t due); /* when earlier than set */
void loop_timer_remove(struct loop *loop, struct loop_timer *timer);

/** At the end of this wake-up, once; the caller filled `run` and `user`. Free when it waits already. */
void loop_task_add(struct loop *loop, struct loop_task *task);
void loop_task_remove(struct loop_task *task); /* before its memory goes; harmless when it does not wait */

#endif
