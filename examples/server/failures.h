/* failures: from where log-ins fail again and again. Who tries passwords there is not listened to for a while; who does
 * so slowly enough to pass learns nothing either. */
#ifndef FAILURES_H
#define FAILURES_H

#include "address.h"

#define FAILURES_PEERS     256u                     /* addresses that are remembered, the newest */
#define FAILURES_WINDOW_US ((uint64_t)60 * 1000000) /* without a failure, and all is forgotten */

struct failures {
	unsigned limit; /* log-ins that may fail; 0: any number */
	struct failure {
		struct address peer; /* of IPv6 the network */
		uint64_t last;       /* when the newest failed */
		unsigned count;      /* 0: nobody's */
	} peers[FAILURES_PEERS];
};

/** A log-in from this address has failed. */
void failures_note(struct failures *failures, const struct address *peer, uint64_t now);

/** Whether its calls are to be refused now. */
bool failures_refuse(const struct failures *failures, const struct address *peer, uint64_t now);

#endif
