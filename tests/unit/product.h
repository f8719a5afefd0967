/* product: a connection in a state, a step, and what the step did as a line of text: messages sent, events,
 * the next state, counters, joined by "; ". "CDN 4; down PEER; #ROLE" is a Call-Disconnect-Notify with
 * result 4, the end of the call under test with reason PEER, and the counter ROLE one up. The tables of what
 * is expected are written in the same words:
 *
 *   OCRP 2/5            a message, with its result and error code; ids in it are checked, not told
 *   up, answer, link, wan, down REASON[/TIMER]         events of the call under test
 *   offered             a new call of the peer's
 *   UP, START, WRITABLE, end REASON[/TIMER]            events of the connection
 *   fall REASON[/TIMER] both ended: the call with its own first cause if it had one, and all the others
 *   ->STATE, =>STATE    the next state of the call, of the connection
 *   #COUNTER [N]        counters
 *   err CODE            what a request returned; held: recv took nothing; closed: it said so; recv CODE: it
 *                       said that, and it is not the reason of the connection's end
 *
 * Bystanders, an established call of each kind, must come out of every step as they went in. */
#ifndef PRODUCT_H
#define PRODUCT_H

#include "link.h"

enum { PAC_OUTGOING, PNS_OUTGOING, PAC_INCOMING, PNS_INCOMING, MACHINES };

typedef struct product_ids {
	uint16_t local, peer; /* Call IDs: assigned by us, by the peer */
} product_ids;

typedef struct product {
	link_side side;
	uint32_t conn_state;

	pptp_call call; /* under test, or PPTP_CALL_NONE */
	product_ids ids;
	uint32_t call_state;
	pptp_err cause; /* that it has before the step */

	pptp_call bystanders[MACHINES]; /* or PPTP_CALL_NONE */
	pptp_call_info bystanders_before[MACHINES];

	uint32_t counts[PPTP_CONN_COUNTS];
	uint16_t asked;  /* Call ID of the request that was fed */
	uint32_t echo;   /* Identifier of the Echo-Request */
	uint32_t fed;    /* type of the message that was fed, or 0 */
	pptp_err result; /* of the request */
	int held;        /* recv took nothing */
	char text[400];
} product;

typedef struct product_row {
	const char *states, *events; /* names separated by '|'; "*" is any */
	const char *usual;           /* what the default profile does */
	const char *strict;          /* what the strict one does; NULL: the same */
} product_row;

/** Whether a name is in a list of them. */
int product_listed(const char *list, const char *name);

/** The first row for a pair; ends the test when there is none. used is an array of flags, one a row. */
const char *product_expected(const product_row *rows, size_t len, uint8_t *used, const char *state,
                             const char *event, int strict);
/** No row was in vain. */
void product_all_used(const product_row *rows, size_t len, const uint8_t *used);

/** Bring a call about, by messages and requests: "OFFERED", "WAIT_REPLY", "ANSWERING", "WAIT_CONNECT",
 *  "ESTABLISHED", "WAN" (WAN errors were told within the interval), "WAN_WAITS" (twice), "WAIT_DISCONNECT",
 * "UNLEARNT" (the same without the PAC's id), "ENDED" (pull mode; its event is held), "GONE". What is sent
 * and reported is read. Returns its handle. */
pptp_call product_bring(link_side *side, int machine, const char *state, product_ids ids);

/** Bring the bystanders about, with Call IDs of ours from 0x1101 and of the peer's from 0x2201 on. */
void product_bystanders(product *p);

/** Before a step: remember what there is, forget what was sent. */
void product_mark(product *p);
/** The step: a message, or a request's result. */
void product_feed(product *p, const pptp_msg *msg);
void product_octets(product *p, const uint8_t *data, size_t len);
void product_request(product *p, pptp_err result);
/** After it: what happened, in words. */
const char *product_tell(product *p);

#endif
