/* loop: one epoll loop with descriptors, timers and the signals that end a program. */
#include "loop.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <pptp/pptp.h>

#include "log.h"

static uint64_t monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail with this clock and a valid pointer */
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

bool loop_open(struct loop *loop)
{
	memset(loop, 0, sizeof *loop);
	loop->signal_io.fd = -1;
	loop->tasks.next = loop->tasks.previous = &loop->tasks;
	loop->now = monotonic_us();
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0)
		log_errno("cannot create an epoll descriptor");
	return loop->epoll >= 0;
}

void loop_close(struct loop *loop)
{
	if (loop->signal_io.fd >= 0)
		close(loop->signal_io.fd);
	close(loop->epoll);
	free(loop->heap);
}

/* ---- descriptors ---------------------------------------------------------------------------- */

bool loop_add(struct loop *loop, struct loop_io *io)
{
	struct epoll_event event = {.events = io->events, .data.ptr = io};

	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, io->fd, &event) == 0)
		return true;
	log_errno("cannot watch a descriptor");
	return false;
}

void loop_watch(struct loop *loop, struct loop_io *io, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = io};

	if (io->events == events)
		return;
	/* Changing what is watched needs no memory; it fails only when io was never added, a bug here. */
	if (epoll_ctl(loop->epoll, EPOLL_CTL_MOD, io->fd, &event) != 0)
		abort();
	io->events = events;
}

void loop_remove(struct loop *loop, struct loop_io *io)
{
	if (epoll_ctl(loop->epoll, EPOLL_CTL_DEL, io->fd, NULL) != 0)
		abort(); /* as above */
	/* Its event may stand in the batch that is being handled: io must not be touched any more. */
	for (int i = 0; i < loop->ready_count; i++)
		if (loop->ready[i].data.ptr == io)
			loop->ready[i].data.ptr = NULL;
}

/* ---- timers --------------------------------------------------------------------------------- */

static void heap_put(struct loop *loop, size_t slot, struct loop_timer *timer)
{
	loop->heap[slot] = timer;
	timer->slot = slot;
}

static void heap_up(struct loop *loop, struct loop_timer *timer)
{
	size_t slot = timer->slot;

	while (slot > 0 && timer->due < loop->heap[(slot - 1) / 2]->due) {
		heap_put(loop, slot, loop->heap[(slot - 1) / 2]);
		slot = (slot - 1) / 2;
	}
	heap_put(loop, slot, timer);
}

static void heap_down(struct loop *loop, struct loop_timer *timer)
{
	size_t slot = timer->slot;

	for (;;) {
		size_t child = 2 * slot + 1;

		if (child + 1 < loop->timers && loop->heap[child + 1]->due < loop->heap[child]->due)
			child++;
		if (child >= loop->timers || loop->heap[child]->due >= timer->due)
			break;
		heap_put(loop, slot, loop->heap[child]);
		slot = child;
	}
	heap_put(loop, slot, timer);
}

bool loop_timer_add(struct loop *loop, struct loop_timer *timer, void (*expired)(void *user), void *user)
{
	if (loop->timers == loop->capacity) {
		size_t capacity = loop->capacity == 0 ? 16 : 2 * loop->capacity;
		struct loop_timer **heap = realloc(loop->heap, capacity * sizeof *heap);

		if (heap == NULL) {
			log_errno("cannot add a timer");
			return false;
		}
		loop->heap = heap;
		loop->capacity = capacity;
	}
	timer->due = PPTP_NEVER; /* later than every other: the end of the heap is the right place */
	timer->expired = expired;
	timer->user = user;
	heap_put(loop, loop->timers++, timer);
	return true;
}

void loop_timer_at(struct loop *loop, struct loop_timer *timer, uint64_t due)
{
	if (due >= timer->due)
		return;
	timer->due = due;
	heap_up(loop, timer);
}

void loop_timer_remove(struct loop *loop, struct loop_timer *timer)
{
	struct loop_timer *last = loop->heap[--loop->timers];

	if (last == timer)
		return;
	heap_put(loop, timer->slot, last);
	heap_up(loop, last);
	heap_down(loop, last);
}

static void run_timers(struct loop *loop)
{
	/* Bounded, so that timers set to a time already past cannot keep the descriptors from their turn. */
	for (size_t left = loop->timers; left > 0 && loop->timers > 0; left--) {
		struct loop_timer *timer = loop->heap[0];

		if (timer->due > loop->now)
			return;
		timer->due = PPTP_NEVER;
		heap_down(loop, timer);
		timer->expired(timer->user);
	}
}

/* epoll waits in milliseconds, rounded up here: a timer that fires a little late is harmless, one that fires
 * a little early would spin until its time. */
static int wait_ms(const struct loop *loop)
{
	uint64_t due = loop->timers > 0 ? loop->heap[0]->due : PPTP_NEVER;

	if (due == PPTP_NEVER)
		return -1;
	if (due <= loop->now)
		return 0;
	return (due - loop->now) / 1000u >= INT_MAX ? INT_MAX : (int)((due - loop->now + 999u) / 1000u);
}

/* ---- tasks ---------------------------------------------------------------------------------- */

void loop_task_add(struct loop *loop, struct loop_task *task)
{
	struct loop_task *head = &loop->tasks;

	if (task->next != NULL)
		return;
	task->next = head;
	task->previous = head->previous;
	head->previous->next = task;
	head->previous = task;
}

void loop_task_remove(struct loop_task *task)
{
	if (task->next == NULL)
		return;
	task->previous->next = task->next;
	task->next->previous = task->previous;
	task->next = task->previous = NULL;
}

/* Those that are added meanwhile, too. */
static void run_tasks(struct loop *loop)
{
	while (loop->tasks.next != &loop->tasks) {
		struct loop_task *task = loop->tasks.next;

		loop_task_remove(task);
		task->run(task->user);
	}
}

/* ---- running -------------------------------------------------------------------------------- */

static void signal_ready(void *user, uint32_t events)
{
	struct loop *loop = user;
	struct signalfd_siginfo info;

	(void)events;
	if (read(loop->signal_io.fd, &info, sizeof info) != (ssize_t)sizeof info)
		return;
	if (info.ssi_signo == SIGHUP && loop->reload != NULL) {
		loop->reload(loop->signal_user);
		return;
	}
	if (loop->signals++ > 0) {
		if (loop->leaving != NULL)
			loop->leaving(loop->signal_user);
		_exit(128 + (int)info.ssi_signo);
	}
	loop->signalled(loop->signal_user);
}

bool loop_signals(struct loop *loop, void (*signalled)(void *user), void *user)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
		log_errno("cannot set up signals");
		return false;
	}
	loop->signalled = signalled;
	loop->signal_user = user;
	loop->signal_io = (struct loop_io){.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC),
	                                   .events = EPOLLIN,
	                                   .ready = signal_ready,
	                                   .user = loop};
	if (loop->signal_io.fd < 0) {
		log_errno("cannot create a signal descriptor");
		return false;
	}
	return loop_add(loop, &loop->signal_io);
}

bool loop_run(struct loop *loop)
{
	while (!loop->stopped) {
		int count = epoll_wait(loop->epoll, loop->ready, LOOP_BATCH, wait_ms(loop));

		if (count < 0 && errno != EINTR) {
			log_errno("cannot wait for events");
			return false;
		}
		loop->now = monotonic_us();
		loop->ready_count = count > 0 ? count : 0;
		/* Descriptors first: an answer that is here already beats the timer that waits for it. */
		for (int i = 0; i < loop->ready_count && !loop->stopped; i++) {
			struct loop_io *io = loop->ready[i].data.ptr;

			if (io != NULL)
				io->ready(io->user, loop->ready[i].events);
		}
		loop->ready_count = 0;
		if (!loop->stopped)
			run_timers(loop);
		run_tasks(loop);
	}
	return true;
}

void loop_stop(struct loop *loop)
{
	loop->stopped = true;
}
