/* neighbours: which call an IPv6 packet is for: whose interface identifier its link-local destination ends
 * with. */
#include "neighbours.h"

#include <string.h>

#include "wire.h"

static uint32_t chain_of(const uint8_t *identifier)
{
	uint32_t mixed =
	        (wire_load32(identifier) ^ wire_load32(identifier + 4)) * 2654435761u; /* Knuth, 6.4 */

	return mixed >> 16 & (NEIGHBOURS_HEADS - 1);
}

void *neighbours_find(const struct neighbours *neighbours, const uint8_t identifier[PPP_INTERFACE_OCTETS])
{
	for (const struct neighbour *at = neighbours->heads[chain_of(identifier)]; at != NULL; at = at->next)
		if (memcmp(at->identifier, identifier, sizeof at->identifier) == 0)
			return at->owner;
	return NULL;
}

bool neighbours_add(struct neighbours *neighbours, struct neighbour *neighbour,
                    const uint8_t identifier[PPP_INTERFACE_OCTETS], void *owner)
{
	struct neighbour **head = &neighbours->heads[chain_of(identifier)];

	if (neighbours_find(neighbours, identifier) != NULL)
		return false;
	memcpy(neighbour->identifier, identifier, sizeof neighbour->identifier);
	neighbour->owner = owner;
	neighbour->next = *head;
	*head = neighbour;
	return true;
}

void neighbours_remove(struct neighbours *neighbours, struct neighbour *neighbour)
{
	struct neighbour **at = &neighbours->heads[chain_of(neighbour->identifier)];

	while (*at != NULL && *at != neighbour)
		at = &(*at)->next;
	if (*at != NULL)
		*at = neighbour->next;
}
