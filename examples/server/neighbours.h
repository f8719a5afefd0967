/* neighbours: which call an IPv6 packet is for: whose interface identifier its link-local destination ends
 * with. */
#ifndef NEIGHBOURS_H
#define NEIGHBOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "ppp.h"

#define NEIGHBOURS_HEADS 4096u /* chains; identifiers are random, so they are short */

struct neighbour {
	uint8_t identifier[PPP_INTERFACE_OCTETS];
	struct neighbour *next;
	void *owner;
};

/** All zero: empty. */
struct neighbours {
	struct neighbour *heads[NEIGHBOURS_HEADS];
};

/** @return false: it is another one's */
bool neighbours_add(struct neighbours *neighbours, struct neighbour *neighbour,
                    const uint8_t identifier[PPP_INTERFACE_OCTETS], void *owner);

/** Harmless when it was not added. */
void neighbours_remove(struct neighbours *neighbours, struct neighbour *neighbour);

/** The owner; NULL: nobody. */
void *neighbours_find(const struct neighbours *neighbours, const uint8_t identifier[PPP_INTERFACE_OCTETS]);

#endif
