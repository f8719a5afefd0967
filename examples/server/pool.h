/* pool: the addresses for clients, and whose each one is. Released ones are given out again oldest first.
 *
 * An address that is reserved, in the range or outside of it, is never given out by itself, only claimed. */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>
#include <stdint.h>

struct pool_slot {
	uint32_t address; /* 0: a free place in a table */
	void *owner;      /* NULL: nobody */
	bool reserved, queued;
};

struct pool {
	uint32_t first, count;
	uint32_t *queue; /* addresses to give out, a ring; some may have been reserved meanwhile */
	uint32_t queue_first, queue_len;
	struct pool_slot *slots; /* of the range */
	struct pool_slot
	        *outside; /* of reserved addresses that are not in it: a hash table, open addressing */
	uint32_t outside_mask;
};

/** @return false: out of memory */
bool pool_open(struct pool *pool, uint32_t first, uint32_t last);
void pool_close(struct pool *pool);

/** Reserve these addresses, none of which is 0, and no others any more. Owners keep what they have.
 *  @return false: out of memory, nothing has changed */
bool pool_reserve(struct pool *pool, const uint32_t *addresses, uint32_t count);

/** @return 0: none is free */
uint32_t pool_take(struct pool *pool, void *owner);

/** Make a reserved address this owner's.
 *  @param ret_former  whose it was until now; NULL: nobody's
 *  @return false: it is not reserved, nothing has changed */
bool pool_claim(struct pool *pool, uint32_t address, void *owner, void **ret_former);

/** Only its owner can give an address back; from another one it means nothing. */
void pool_give_back(struct pool *pool, uint32_t address, const void *owner);

/** Who has this address; NULL: nobody. */
void *pool_owner(const struct pool *pool, uint32_t address);

#endif
