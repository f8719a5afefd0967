/* product_step: what can happen to a call and its connection, as rows of a table, for product.h. */
#ifndef PRODUCT_STEP_H
#define PRODUCT_STEP_H

#include "product.h"

typedef struct step {
	const char *name;
	/** What it does; ids are of the call that a message is about. */
	void (*act)(product *p, const struct step *step, product_ids ids);
	uint32_t what; /* message type, request, or what else happens */
	uint32_t code; /* result, reason, version and the like, and variants below */
} step;

enum {                          /* variants of messages */
       STEP_OTHER_ID = 1 << 16, /* Call-Clear-Request, -Disconnect-Notify: with our id; Echo-Reply: another */
       STEP_DUPLICATE = 1 << 17, /* replies: with a Call ID that a bystander of the kind has */
       STEP_NO_ID = 1 << 18,     /* replies: with Call ID 0 */
       STEP_RESERVED = 1 << 19,  /* Reserved0 is not 0 */
       STEP_OLDER = 1 << 20      /* Start-Control-Connection-Reply: version 0xFF */
};

enum { /* requests of the call, then of the connection, then the rest */
       ACCEPT,
       REJECT,
       CONNECTED,
       CLEAR,
       LINK_INFO,
       WAN_ERRORS,
       STATISTICS,
       SET_USER,
       DIAL, /* code 1: with the Call ID of the call */
       OFFER,
       CLOSE,
       ABORT,
       CONN_ACCEPT,
       CONN_REFUSE,
       END_OF_FILE,
       WAIT /* code: seconds; 0: to the next deadline */
};

void step_feed(product *p, const step *s, product_ids ids);
void step_request(product *p, const step *s, product_ids ids);
void step_happen(product *p, const step *s, product_ids ids);

/** Messages about calls, to be fed with the ids of the call under test and, as "NAME, nobody", with others.
 */
extern const step step_call_messages[];
extern const size_t step_call_messages_len;

/** What else happens to a call: replies with other results, messages of the connection, requests, time. */
extern const step steps[];
extern const size_t steps_len;

#endif
