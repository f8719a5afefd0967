/* contact: how client and server get a control connection. The client calls; with --listen it also takes a
 * call of the server's (RFC 2637 1.3.1: either side may open it), and of two that cross one goes on (3.1.3).
 */
#ifndef CONTACT_H
#define CONTACT_H

#include "client_options.h"
#include "connector.h"
#include "control.h"
#include "listener.h"
#include "log.h"

struct contact_handler {
	/** A TCP connection is open, nothing was said on it yet. @return false, logged: give up */
	bool (*opened)(void *user, int fd);
	/** An event of the established control connection, PPTP_EV_UP the first; or PPTP_EV_DOWN alone, of
	 * one that was not to be. */
	void (*event)(void *user, const pptp_event *event);
	/** There is no connection any more, or there will be none: close. exit_code says what failed, where
	 *  `event` did not; it was logged. */
	void (*over)(void *user, int exit_code);
};

struct contact {
	const struct client_options *options;
	const pptp_config *config;
	struct loop *loop;
	const struct contact_handler *handler;
	void *user;
	const struct addresses *server;
	unsigned next; /* of them, to be called */
	struct connector connector;
	struct loop_timer patience; /* with one of several */
	struct listener listener;
	struct control ours, theirs; /* opened by us and by the server */
	bool listening, has_ours, has_theirs;
	bool refused;                /* ours was; what counts now is theirs */
	struct capture *capture;     /* of both; NULL: none */
	struct control *established; /* one of them; NULL: not yet */
	struct log_limit strangers;
};

/** Begin. `over` may come before this returns.
 *  @param server   its addresses, one at least: called one after the other until one answers; also those from
 *                  which it calls. Kept
 *  @param capture  NULL: none
 *  @return false, logged: not possible here; close then too */
bool contact_open(struct contact *contact, const struct client_options *options,
                  const struct addresses *server, const pptp_config *config, struct loop *loop,
                  struct capture *capture, const struct contact_handler *handler, void *user);

/** Close all that is open, without a word. */
void contact_close(struct contact *contact);

#endif
