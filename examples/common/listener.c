/* listener: takes TCP connections at one port. */
#include "listener.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

#define PAUSE_US ((uint64_t)1000000) /* when no descriptor is left */
#define BACKLOG  128

static void rest(struct listener *listener)
{
	log_errno("cannot take a connection; trying again soon");
	loop_watch(listener->loop, &listener->io, 0);
	loop_timer_at(listener->loop, &listener->pause, listener->loop->now + PAUSE_US);
}

static void rested(void *user)
{
	struct listener *listener = user;

	loop_watch(listener->loop, &listener->io, EPOLLIN);
}

static void knocked(void *user, uint32_t events)
{
	struct listener *listener = user;

	(void)events;
	for (int i = 0; i < LOOP_BATCH && listener->io.fd >= 0; i++) {
		struct sockaddr_storage from = {0};
		socklen_t len = sizeof from;
		int fd = accept4(listener->io.fd, (struct sockaddr *)&from, &len,
		                 SOCK_NONBLOCK | SOCK_CLOEXEC);
		struct address peer = address_from_socket(&from);

		if (fd < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
				rest(listener);
			return;
		}
		listener->accepted(listener->user, fd, &peer);
	}
}

/* One socket for both families: an IPv4 peer is ::ffff:a.b.c.d there, which is how we keep it anyway. */
static int open_family(int family, const struct sockaddr_storage *at, socklen_t octets)
{
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1, off = 0, error;

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
	if (bind(fd, (const struct sockaddr *)at, octets) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static int open_descriptor(const struct address *address, unsigned port)
{
	const struct address any_ipv4 = address_from_ipv4((struct in_addr){.s_addr = INADDR_ANY});
	struct sockaddr_storage at;
	socklen_t octets = address_to_socket(address, (uint16_t)port, &at);
	char text[ADDRESS_TEXT_OCTETS];
	int fd = open_family(at.ss_family, &at, octets);

	if (fd < 0 && address_is_any(address) && errno != EADDRINUSE) {
		octets = address_to_socket(&any_ipv4, (uint16_t)port, &at);
		fd = open_family(AF_INET, &at, octets);
	}
	if (fd < 0)
		log_line("cannot listen at %s port %u: %s%s", address_text(address, text), port,
		         strerror(errno),
		         errno == EADDRINUSE ? ": another PPTP server runs here; stop it, or use --port"
		                             : "");
	return fd;
}

bool listener_open(struct listener *listener, struct loop *loop, const struct address *address, unsigned port,
                   void (*accepted)(void *user, int fd, const struct address *peer), void *user)
{
	*listener = (struct listener){.loop = loop, .accepted = accepted, .user = user};
	listener->io = (struct loop_io){
	        .fd = open_descriptor(address, port), .events = EPOLLIN, .ready = knocked, .user = listener};
	if (listener->io.fd < 0)
		return false;
	if (!loop_timer_add(loop, &listener->pause, rested, listener))
		goto close_descriptor;
	if (!loop_add(loop, &listener->io))
		goto remove_timer;
	return true;

remove_timer:
	loop_timer_remove(loop, &listener->pause);
close_descriptor:
	close(listener->io.fd);
	return false;
}

void listener_close(struct listener *listener)
{
	loop_remove(listener->loop, &listener->io);
	loop_timer_remove(listener->loop, &listener->pause);
	close(listener->io.fd);
	listener->io.fd = -1;
}
