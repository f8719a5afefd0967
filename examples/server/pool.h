/* pool: the addresses for clients, and whose each one is. Released ones are given out again oldest first. */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>
#include <stdint.h>

struct pool {
	uint32_t first, count;
	uint32_t *queue; /* free addresses, a ring */
	uint32_t queue_first, queue_len;
	void **owners;
};

/** @return false: out of memory */
bool pool_open(struct pool *pool, uint32_t first, uint32_t last);
void pool_close(struct pool *pool);

/** @return 0: none is free */
uint32_t pool_take(struct pool *pool, void *owner);
void pool_give_back(struct pool *pool, uint32_t address);

/** Who has this address; NULL: nobody. */
void *pool_owner(const struct pool *pool, uint32_t address);

#endif
