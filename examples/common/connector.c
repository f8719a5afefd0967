/* connector: opens a TCP connection while the loop goes on. */
#include "connector.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "log.h"

bool connector_resolve(const char *host, unsigned port, struct sockaddr_in *ret)
{
	const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found;
	int error = getaddrinfo(host, NULL, &hints, &found);

	if (error != 0) {
		log_line("cannot find \"%s\": %s; check the name, or give an IPv4 address", host,
		         gai_strerror(error));
		return false;
	}
	memcpy(ret, found->ai_addr, sizeof *ret);
	ret->sin_port = htons((uint16_t)port);
	freeaddrinfo(found);
	return true;
}

static void ready(void *user, uint32_t events)
{
	struct connector *connector = user;
	int fd = connector->io.fd, error = 0;
	socklen_t len = sizeof error;

	(void)events;
	loop_remove(connector->loop, &connector->io);
	connector->busy = false;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		error = errno;
	if (error != 0) {
		close(fd);
		fd = -1;
	}
	connector->done(connector->user, fd, error);
}

static int open_descriptor(uint32_t from)
{
	struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(from)};
	char text[INET_ADDRSTRLEN];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0) {
		log_errno("cannot make a TCP socket");
		return -1;
	}
	if (from == 0 || bind(fd, (struct sockaddr *)&local, sizeof local) == 0)
		return fd;
	log_errno("cannot connect from %s", ipv4_text(from, text));
	close(fd);
	return -1;
}

bool connector_start(struct connector *connector, struct loop *loop, const struct sockaddr_in *to,
                     uint32_t from, void (*done)(void *user, int fd, int error), void *user)
{
	int fd = open_descriptor(from), error;

	if (fd < 0)
		return false;
	*connector = (struct connector){.loop = loop, .done = done, .user = user};
	connector->io = (struct loop_io){.fd = fd, .events = EPOLLOUT, .ready = ready, .user = connector};
	if (connect(fd, (const struct sockaddr *)to, sizeof *to) != 0 && errno != EINPROGRESS) {
		error = errno;
		close(fd);
		done(user, -1, error);
		return true;
	}
	connector->busy = loop_add(loop, &connector->io);
	if (!connector->busy)
		close(fd);
	return connector->busy;
}

void connector_stop(struct connector *connector)
{
	if (!connector->busy)
		return;
	loop_remove(connector->loop, &connector->io);
	close(connector->io.fd);
	connector->busy = false;
}
