/* What kqueue(2) declares, for compiling docs/integration/kqueue.md where there is no kqueue. */
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
		(event)->ident = (id);                                                                       \
		(event)->filter = (how);                                                                     \
		(event)->flags = (what);                                                                     \
		(event)->fflags = (detail);                                                                  \
		(event)->data = (number);                                                                    \
		(event)->udata = (pointer);                                                                  \
	} while (0)

int kqueue(void);
int kevent(int queue, const struct kevent *changes, int change_count, struct kevent *events, int event_count,
           const struct timespec *patience);

#endif
