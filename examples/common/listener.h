/* listener: takes TCP connections at one port. */
#ifndef LISTENER_H
#define LISTENER_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "loop.h"

struct listener {
	struct loop *loop;
	struct loop_io io;
	struct loop_timer pause; /* while the process has no descriptor left */
	void (*accepted)(void *user, int fd, const struct address *peer);
	void *user;
};

/** Listen at an address; any: at every one, of both families, or of IPv4 where the system has no IPv6.
 *  @param accepted  gets a non-blocking socket, which is its own from then on; it may close the listener
 *  @return false, logged; nothing to close then */
bool listener_open(struct listener *listener, struct loop *loop, const struct address *address, unsigned port,
                   void (*accepted)(void *user, int fd, const struct address *peer), void *user);
void listener_close(struct listener *listener);

#endif
