/* connector: opens a TCP connection while the loop goes on. */
#ifndef CONNECTOR_H
#define CONNECTOR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "loop.h"

struct connector {
	struct loop *loop;
	struct loop_io io;
	bool busy;
	void (*done)(void *user, int fd, int error);
	void *user;
};

/** The IPv4 address of a host; waits for the name service. @return false, logged */
bool connector_resolve(const char *host, unsigned port, struct sockaddr_in *ret);

/** Begin, where none is under way. Ends with `done`, perhaps before this returns: fd is a non-blocking
 *  socket, which is the callee's, or -1 and error is an errno.
 *  @param from  local IPv4 address, 0: the system chooses
 *  @return false, logged: not even a try was possible here, `done` does not come */
bool connector_start(struct connector *connector, struct loop *loop, const struct sockaddr_in *to,
                     uint32_t from, void (*done)(void *user, int fd, int error), void *user);

/** Give up, also when nothing is under way; `done` does not come. */
void connector_stop(struct connector *connector);

#endif
