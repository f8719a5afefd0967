/* connector: opens a TCP connection while the loop goes on. */
#include "connector.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"

bool connector_resolve(const char *host, int family, struct addresses *ret)
{
	const struct addrinfo hints = {
	        .ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
	const struct addrinfo numeric = {
	        .ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
	struct addrinfo *found;
	int error = getaddrinfo(host, NULL, &numeric, &found);

	if (error == EAI_NONAME)
		error = getaddrinfo(host, NULL, &hints, &found);
	if (error != 0) {
		log_line("cannot find \"%s\": %s; check the name, or give an IP address", host,
		         error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error));
		return false;
	}
	ret->count = 0;
	for (const struct addrinfo *at = found; at != NULL && ret->count < ADDRESSES_MAX; at = at->ai_next) {
		struct sockaddr_storage socket = {0};

		memcpy(&socket, at->ai_addr, at->ai_addrlen);
		ret->list[ret->count++] = address_from_socket(&socket);
	}
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

/* The peer's family is that of the socket; what comes from an address of the other one never gets there. */
static int open_descriptor(const struct address *to, const struct address *from)
{
	struct sockaddr_storage local;
	char text[ADDRESS_TEXT_OCTETS];
	int fd;

	if (!address_is_any(from) && address_is_ipv4(from) != address_is_ipv4(to)) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	fd = socket(address_is_ipv4(to) ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		int error = errno;

		if (error != EAFNOSUPPORT)
			log_errno("cannot make a TCP socket");
		errno = error;
		return -1;
	}
	if (address_is_any(from))
		return fd;
	if (bind(fd, (struct sockaddr *)&local, address_to_socket(from, 0, &local)) == 0)
		return fd;
	log_errno("cannot connect from %s", address_text(from, text));
	close(fd);
	errno = EADDRNOTAVAIL;
	return -1;
}

bool connector_start(struct connector *connector, struct loop *loop, const struct address *to, unsigned port,
                     const struct address *from, void (*done)(void *user, int fd, int error), void *user)
{
	struct sockaddr_storage at;
	socklen_t octets = address_to_socket(to, (uint16_t)port, &at);
	int fd = open_descriptor(to, from), error = errno;

	*connector = (struct connector){.loop = loop, .done = done, .user = user};
	if (fd < 0 && error != EAFNOSUPPORT)
		return false;
	if (fd < 0) { /* perhaps another address of the host is of use */
		done(user, -1, error);
		return true;
	}
	connector->io = (struct loop_io){.fd = fd, .events = EPOLLOUT, .ready = ready, .user = connector};
	if (connect(fd, (const struct sockaddr *)&at, octets) != 0 && errno != EINPROGRESS) {
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
