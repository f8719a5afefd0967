/* fuzz_conn: a connection, and the input that says what happens to it (internal to fuzz_conn). */
#ifndef FUZZ_CONN_H
#define FUZZ_CONN_H

#include "fuzz.h"

enum { FUZZ_CALLS = 15, FUZZ_KEPT_OCTETS = 512 };

/* The first octet of an input. */
enum {
	FUZZ_PUSH_SEND = 1,
	FUZZ_PUSH_EVENT = 2,
	FUZZ_OBSERVED = 4,
	FUZZ_OWN_HEAP = 8,
	FUZZ_RECEIVER = 16,
	FUZZ_ASK = 32
};

/* How a call began here. */
enum { FUZZ_FREE = 0, FUZZ_DIALLED, FUZZ_OFFERED_BY_US, FUZZ_TAKEN_OUTGOING, FUZZ_TAKEN_INCOMING };

typedef struct fuzz_call {
	pptp_call call;
	uint32_t seen; /* 1 << PPTP_EV_CALL_ */
	uint8_t origin, accepted, connected;
} fuzz_call;

typedef struct fuzz {
	fuzz_input in;
	uint32_t mode;
	pptp_config_options options;
	const pptp_config *config;
	void *config_memory, *memory;
	pptp_conn *conn;
	pptp_usec now;
	uint32_t depth;  /* drivers on the stack */
	uint32_t budget; /* octets that `send` still takes before it would block */
	int send_fails;
	uint32_t inside; /* requests to make in the callbacks to come */
	int freed;       /* asked for in a callback */
	int up, down, asked, answered;
	uint32_t again; /* requests that found no room */
	fuzz_call calls[FUZZ_CALLS];
	uint8_t out[PPTP_MSG_MAX_OCTETS]; /* the message that is being sent */
	size_t out_len;
	const uint8_t *held; /* the rest of it, which must not move */
	uint8_t held_octets[PPTP_MSG_MAX_OCTETS];
	size_t held_len;
	uint8_t kept[FUZZ_KEPT_OCTETS]; /* read and not consumed */
	size_t kept_len;
} fuzz;

/* fuzz_conn.c: behind every driver and every request that may call back; 0: the connection is gone. */
int fuzz_still_there(fuzz *f, pptp_ssize result);

/* fuzz_conn_request.c: one request, as the input says. */
void fuzz_request(fuzz *f);

/* fuzz_conn_check.c */
void fuzz_check_event(fuzz *f, const pptp_event *e);
void fuzz_check_offer(fuzz *f, const uint8_t *data, size_t len);
void fuzz_check_sent(fuzz *f, const uint8_t *data, size_t offered, size_t taken);
void fuzz_check_queries(fuzz *f);
fuzz_call *fuzz_find(fuzz *f, pptp_call call);
fuzz_call *fuzz_new_call(fuzz *f, pptp_call call, uint8_t origin);

#endif
