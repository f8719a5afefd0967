#include "pool.h"

#include <stdlib.h>

/* ---- addresses outside of the range --------------------------------------------------------- */

static uint32_t start_of(uint32_t address, uint32_t mask)
{
	return (address * 2654435761u) >> 7 & mask; /* a multiplication that mixes (Knuth, 6.4) */
}

/* Its place, or the free one where it would be: at least half of them are free. */
static struct pool_slot *seek(struct pool_slot *table, uint32_t mask, uint32_t address)
{
	uint32_t at = start_of(address, mask);

	while (table[at].address != 0 && table[at].address != address)
		at = (at + 1) & mask;
	return &table[at];
}

static struct pool_slot *slot_of(const struct pool *pool, uint32_t address)
{
	struct pool_slot *slot;

	if (address - pool->first < pool->count)
		return &pool->slots[address - pool->first];
	if (pool->outside == NULL || address == 0)
		return NULL;
	slot = seek(pool->outside, pool->outside_mask, address);
	return slot->address != 0 ? slot : NULL;
}

static bool is_outside(const struct pool *pool, uint32_t address)
{
	return address - pool->first >= pool->count;
}

/* ---- reservations --------------------------------------------------------------------------- */

static void enqueue(struct pool *pool, struct pool_slot *slot)
{
	if (slot->queued)
		return;
	slot->queued = true;
	pool->queue[(pool->queue_first + pool->queue_len++) % pool->count] = slot->address;
}

/* A table with room for what is owned now and for what is to be reserved. */
static struct pool_slot *make_table(const struct pool *pool, uint32_t count, uint32_t *ret_mask)
{
	uint64_t wanted = count, size = 2;
	struct pool_slot *table;

	for (uint32_t i = 0; pool->outside != NULL && i <= pool->outside_mask; i++)
		wanted += pool->outside[i].owner != NULL;
	while (size < 2 * wanted)
		size *= 2;
	table = calloc((size_t)size, sizeof *table); /* at most as many as there are users */
	*ret_mask = (uint32_t)(size - 1);
	for (uint32_t i = 0; table != NULL && pool->outside != NULL && i <= pool->outside_mask; i++)
		if (pool->outside[i].owner != NULL) {
			struct pool_slot *slot = seek(table, *ret_mask, pool->outside[i].address);

			slot->address = pool->outside[i].address;
			slot->owner = pool->outside[i].owner;
		}
	return table;
}

bool pool_reserve(struct pool *pool, const uint32_t *addresses, uint32_t count)
{
	uint32_t mask;
	struct pool_slot *table = make_table(pool, count, &mask);

	if (table == NULL)
		return false;
	free(pool->outside);
	pool->outside = table;
	pool->outside_mask = mask;
	for (uint32_t i = 0; i < pool->count; i++)
		pool->slots[i].reserved = false;
	for (uint32_t i = 0; i < count; i++) {
		struct pool_slot *slot = is_outside(pool, addresses[i]) ? seek(table, mask, addresses[i])
		                                                        : slot_of(pool, addresses[i]);

		slot->address = addresses[i];
		slot->reserved = true;
	}
	for (uint32_t i = 0; i < pool->count; i++)
		if (!pool->slots[i].reserved && pool->slots[i].owner == NULL)
			enqueue(pool, &pool->slots[i]);
	return true;
}

/* ---- the pool ------------------------------------------------------------------------------- */

bool pool_open(struct pool *pool, uint32_t first, uint32_t last)
{
	*pool = (struct pool){.first = first, .count = last - first + 1};
	pool->queue = calloc(pool->count, sizeof *pool->queue);
	pool->slots = calloc(pool->count, sizeof *pool->slots);
	if (pool->queue == NULL || pool->slots == NULL) {
		pool_close(pool);
		return false;
	}
	for (uint32_t i = 0; i < pool->count; i++) {
		pool->slots[i].address = first + i;
		enqueue(pool, &pool->slots[i]);
	}
	return true;
}

void pool_close(struct pool *pool)
{
	free(pool->queue);
	free(pool->slots);
	free(pool->outside);
	*pool = (struct pool){0};
}

uint32_t pool_take(struct pool *pool, void *owner)
{
	while (pool->queue_len > 0) {
		struct pool_slot *slot = slot_of(pool, pool->queue[pool->queue_first]);

		pool->queue_first = (pool->queue_first + 1) % pool->count;
		pool->queue_len--;
		slot->queued = false;
		if (slot->reserved || slot->owner != NULL) /* since it was queued */
			continue;
		slot->owner = owner;
		return slot->address;
	}
	return 0;
}

bool pool_claim(struct pool *pool, uint32_t address, void *owner, void **ret_former)
{
	struct pool_slot *slot = slot_of(pool, address);

	if (slot == NULL || !slot->reserved)
		return false;
	*ret_former = slot->owner;
	slot->owner = owner;
	return true;
}

void pool_give_back(struct pool *pool, uint32_t address, const void *owner)
{
	struct pool_slot *slot = slot_of(pool, address);

	if (slot == NULL || slot->owner != owner)
		return;
	slot->owner = NULL;
	if (!slot->reserved && !is_outside(pool, address))
		enqueue(pool, slot);
}

void *pool_owner(const struct pool *pool, uint32_t address)
{
	const struct pool_slot *slot = slot_of(pool, address);

	return slot != NULL ? slot->owner : NULL;
}
