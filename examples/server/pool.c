#include "pool.h"

#include <stdlib.h>

bool pool_open(struct pool *pool, uint32_t first, uint32_t last)
{
	*pool = (struct pool){.first = first, .count = last - first + 1};
	pool->queue = calloc(pool->count, sizeof *pool->queue);
	pool->owners = calloc(pool->count, sizeof *pool->owners);
	if (pool->queue == NULL || pool->owners == NULL) {
		pool_close(pool);
		return false;
	}
	while (pool->queue_len < pool->count) {
		pool->queue[pool->queue_len] = first + pool->queue_len;
		pool->queue_len++;
	}
	return true;
}

void pool_close(struct pool *pool)
{
	free(pool->queue);
	free(pool->owners);
	*pool = (struct pool){0};
}

uint32_t pool_take(struct pool *pool, void *owner)
{
	uint32_t address;

	if (pool->queue_len == 0)
		return 0;
	address = pool->queue[pool->queue_first];
	pool->queue_first = (pool->queue_first + 1) % pool->count;
	pool->queue_len--;
	pool->owners[address - pool->first] = owner;
	return address;
}

void pool_give_back(struct pool *pool, uint32_t address)
{
	pool->owners[address - pool->first] = NULL;
	pool->queue[(pool->queue_first + pool->queue_len) % pool->count] = address;
	pool->queue_len++;
}

void *pool_owner(const struct pool *pool, uint32_t address)
{
	return address - pool->first < pool->count ? pool->owners[address - pool->first] : NULL;
}
