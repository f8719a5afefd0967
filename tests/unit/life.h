/* life: a connection in push mode from its start to its end, in which calls of all four kinds are made and
 * cleared and each of the fifteen messages is sent by the one role or the other. A deed may be done in one of
 * its callbacks; what is sent and reported is kept. */
#ifndef LIFE_H
#define LIFE_H

#include "link.h"

enum { IN_SEND, IN_EVENT, IN_TRACE, IN_AMEND, LIFE_KINDS };
enum { DO_NOTHING, DO_FREE, DO_CLOSE, DO_ABORT, DO_CLEAR, DO_FAIL }; /* fail: of send */
typedef struct life {
	pptp_conn *conn;
	const pptp_config *config;
	void *mem;
	uint32_t role;
	pptp_usec now;
	size_t send_most; /* octets that `send` takes at once; 0: all */
	int kind, deed;   /* do this, in the n-th callback of the kind */
	uint32_t n, seen;
	int done, freed, down, over; /* over: the rest of the life is skipped */
	pptp_err reason;
	pptp_call call; /* the newest */
	uint16_t local; /* its Call ID */
	uint32_t begun, ended;
	uint8_t sent[4096], events[20000];
	size_t sent_len, events_len;
} life;

/** Begin in this role, in memory that was filled with this octet; live; free. The struct is zero but for
 *  send_most, kind, deed and n. */
void life_run(life *l, uint32_t role, uint8_t fill);

#endif
