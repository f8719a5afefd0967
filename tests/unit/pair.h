/* pair: two ends of examples/ppp over a wire that a test controls, on a virtual clock; and one end alone, to
 * which a test speaks octet by octet. */
#ifndef PAIR_H
#define PAIR_H

#include "ppp.h"

#define SECOND    ((uint64_t)1000000)
#define QUEUE     64
#define FRAME_MAX 1600

typedef struct end {
	ppp link;
	struct end *other;
	uint8_t frames[QUEUE][FRAME_MAX]; /* on their way to the other end */
	size_t lens[QUEUE];
	unsigned first, last;
	unsigned sent, lose; /* the frame of this number is lost, from 1 */
	unsigned ups, suspends, downs, packets;
	int close_at_up; /* the host closes, in the callback */
	ppp_event up, down;
	char up_name[PPP_NAME_MAX + 1], down_name[PPP_NAME_MAX + 1], message[PPP_MESSAGE_MAX];
	uint8_t packet[FRAME_MAX]; /* the last that the host was given */
	size_t packet_len;
	unsigned ups6, downs6;
	ppp_event up6;
	unsigned others; /* frames that pair_other took: the last one */
	uint16_t other_protocol;
	uint16_t rejected; /* by the peer, of the host's */
	uint8_t other_data[FRAME_MAX];
	size_t other_len;
	/* what the host's secret callback knows and was asked for */
	const char *user, *password;
	unsigned lookups;
	uint8_t looked_up_for;
	char lines[4096]; /* what ppp_trace_text said, up to its size */
	size_t lines_len;
} end;

extern end client, server;
extern uint64_t now;

ppp_options pair_client(void);
/** With addresses for both. */
ppp_options pair_server(void);
/** The client proves itself by one of these as "User" with "clientPass", which the server knows and demands.
 */
void pair_with(ppp_options *c, ppp_options *s, uint8_t methods);
void pair_begin(const ppp_options *c, const ppp_options *s);
/** Carry frames, and let time pass to the next deadline when none is on its way. */
void pair_run(uint64_t end_time);
void pair_assert_up(void);
/** For options.other: takes everything, and keeps the last. */
int pair_other(void *user, uint16_t protocol, const uint8_t *data, size_t len);

/** Hexadecimal digits as octets; blanks between them do not matter. At most FRAME_MAX. */
size_t pair_octets(const char *hex, uint8_t *ret);

/** One end alone: what it sends stays in its queue. */
void lone_begin(end *e, const ppp_options *o);
/** Give it a frame, in hexadecimal. */
void lone_hear(end *e, const char *hex);
void lone_hear_octets(end *e, const uint8_t *frame, size_t len);
/** The next frame it sent, NULL when there is none; ret_len may be NULL. */
const uint8_t *lone_sent(end *e, size_t *ret_len);
/** The next frame it sent of this protocol and code; those before it are skipped. NULL when there is none. */
const uint8_t *lone_find(end *e, uint16_t protocol, uint8_t code, size_t *ret_len);
/** Its next frame is this one, in hexadecimal. */
void lone_expect(end *e, const char *hex);
/** LCP opens between it and a peer that asks for `option` (hexadecimal, may be "") and takes everything. What
 * it sent in the course of that is gone, up to what came after its Configure-Ack. */
void lone_open(end *e, const char *option);
void lone_run(end *e, uint64_t end_time);

#endif
