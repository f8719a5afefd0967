/* connector: opens a TCP connection while the loop goes on. */
#ifndef CONNECTOR_H
#define CONNECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "loop.h"

struct connector {
	struct loop *loop;
	struct loop_io io;
	bool busy;
	void (*done)(void *user, int fd, int error);
	void *user;
};

/** The addresses of a host, in the order in which the system would try them; waits for the name service.
 *  @param family  AF_INET, AF_INET6, or AF_UNSPEC for both
 *  @return false, logged */
bool connector_resolve(const char *host, int family, struct addresses *ret);

/** Begin, where none is under way. Ends with `done`, perhaps before this returns: fd is a non-blocking
 *  socket, which is the callee's, or -1 and error is an errno.
 *  @param from  local address; any: the system chooses
 *  @return false, logged: not even a try was possible here, `done` does not come */
bool connector_start(struct connector *connector, struct loop *loop, const struct address *to, unsigned port,
                     const struct address *from, void (*done)(void *user, int fd, int error), void *user);

/** Give up, also when nothing is under way; `done` does not come. */
void connector_stop(struct connector *connector);

#endif
