/* fuzz_ppp: what its two files share. Two ends of examples/ppp and the path between them, which the input
 * drives: it loses, repeats, changes and invents frames, lets time pass and is the host of both ends. */
#ifndef FUZZ_PPP_H
#define FUZZ_PPP_H

#include "fuzz.h"
#include "ppp.h"

#define QUEUE     8u
#define FRAME_MAX 2048u /* a peer may take more than PPP_MRU_DEFAULT */

struct end {
	ppp link;
	ppp_options options;
	uint8_t *frames[QUEUE]; /* of its own, on their way; the oldest is at `first` */
	size_t lens[QUEUE];
	unsigned first, count;
	uint16_t hearing;    /* protocol of the frame that it is being given, 0 = none */
	uint8_t encrypted;   /* the host was told that the link is */
	uint8_t up, up6;     /* the host may send */
	uint8_t over;        /* DOWN was reported, or it was never up */
	uint8_t from_within; /* the host sends from callbacks */
};

struct path {
	struct end ends[2];
	uint64_t now;
};

/* fuzz_ppp_check.c: what must hold, in callbacks and after each call */

/** Callbacks and what the options of both ends have in common. */
void path_options(ppp_options *options, struct end *end);
void check_end(const struct end *end);
/** Send a packet. @return whether the link took it; then its frame is on its way, where it is `kept` */
int path_output(struct end *end, uint16_t protocol, size_t len, int kept);

/* fuzz_ppp.c */

/** Put a frame on its way; it is lost when there is no room. */
void path_send(struct end *end, const uint8_t *frame, size_t len);

#endif
