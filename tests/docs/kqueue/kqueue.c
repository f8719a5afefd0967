/* A kqueue of two filters over poll(2), for running docs/integration/kqueue.md where there is none. One queue a process,
 * level-triggered, as kqueue is without EV_CLEAR. */
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/event.h>

#define FILTERS 8

static struct {
	uintptr_t ident;
	short filter;
	short events; /* 0: disabled */
} filters[FILTERS];
static nfds_t filter_count;

/* A descriptor that close takes; nothing is in it. */
int kqueue(void)
{
	return epoll_create1(EPOLL_CLOEXEC);
}

static int change(const struct kevent *wanted)
{
	nfds_t i = 0;

	while (i < filter_count && (filters[i].ident != wanted->ident || filters[i].filter != wanted->filter))
		i++;
	if (i == FILTERS || (i == filter_count && !(wanted->flags & EV_ADD)))
		return -1;
	if (i == filter_count)
		filter_count++;
	filters[i].ident = wanted->ident;
	filters[i].filter = wanted->filter;
	filters[i].events = wanted->flags & EV_DISABLE ? 0 : wanted->filter == EVFILT_READ ? POLLIN : POLLOUT;
	return 0;
}

/* A filter that is disabled reports nothing, an error neither: poll does not look at a negative descriptor. */
static int wait_for_any(struct pollfd *fds, const struct timespec *patience)
{
	for (nfds_t i = 0; i < filter_count; i++) {
		fds[i].fd = filters[i].events != 0 ? (int)filters[i].ident : -1;
		fds[i].events = filters[i].events;
		fds[i].revents = 0;
	}
	return ppoll(fds, filter_count, patience, NULL);
}

int kevent(int queue, const struct kevent *changes, int change_count, struct kevent *events, int event_count,
           const struct timespec *patience)
{
	struct pollfd fds[FILTERS];
	int count = 0;

	(void)queue;
	for (int i = 0; i < change_count; i++)
		if (change(&changes[i]) != 0) {
			errno = EINVAL;
			return -1;
		}
	if (event_count == 0)
		return 0;
	if (wait_for_any(fds, patience) < 0)
		return -1;
	for (nfds_t i = 0; i < filter_count && count < event_count; i++)
		if (fds[i].revents != 0)
			EV_SET(&events[count++], filters[i].ident, filters[i].filter, 0, 0, 0, NULL);
	return count;
}
