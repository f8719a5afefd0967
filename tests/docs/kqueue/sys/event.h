/* What docs/integration/kqueue.md takes from kqueue(2), for machines that have none; kqueue.c beside it does it. */
#ifndef SYS_EVENT_H
#define SYS_EVENT_H

#include <stdint.h>
#include <time.h>

struct kevent {
	uintptr_t ident;
	short filter;
	unsigned short flags;
	unsigned int fflags;
	int64_t data;
	void *udata;
};

#define EVFILT_READ  (-1)
#define EVFILT_WRITE (-2)
#define EV_ADD       0x0001
#define EV_ENABLE    0x0004
#define EV_DISABLE   0x0008

#define EV_SET(event, id, how, what, detail, number, pointer)                                                \
	do {                                                                                                 \
		struct kevent *event_set = (event);                                                          \
		event_set->ident = (id);                                                                     \
		event_set->filter = (how);                                                                   \
		event_set->flags = (what);                                                                   \
		event_set->fflags = (detail);                                                                \
		event_set->data = (number);                                                                  \
		event_set->udata = (pointer);                                                                \
	} while (0)

int kqueue(void);
int kevent(int queue, const struct kevent *changes, int change_count, struct kevent *events, int event_count,
           const struct timespec *patience);

#endif
