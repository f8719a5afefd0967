/* plain: a connection in pull mode without records, for tests with very many messages. */
#ifndef PLAIN_H
#define PLAIN_H

#include "link.h"

typedef struct plain {
	pptp_conn *conn;
	const pptp_config *config;
	void *mem;
	pptp_usec now;
} plain;

void plain_open(plain *p, uint32_t role, const pptp_config_options *o);
void plain_drop(plain *p);

/** Open, and establish it by playing the peer. */
void plain_up(plain *p, uint32_t role, const pptp_config_options *o);

/** What pptp_conn_recv returns for this message. */
pptp_ssize plain_feed(plain *p, const pptp_msg *msg);

/** Take one message; its type, or 0. */
uint32_t plain_take(plain *p, pptp_msg *ret);

/** The next event, which must be of this type. */
pptp_event plain_event(plain *p, uint32_t type);

/** Calls that live. */
uint32_t plain_live(const plain *p);

#endif
