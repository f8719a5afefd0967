/* gre_pool: slots for packets that wait for a missing one (RFC 2637 4.3), shared by the channels of a
 * thread. A list of free ones, and behind the slots the octets of their frames where these are copied. */
#include "gre_internal.h"

/* Where frames are copied there is one slot more than may be held: the one whose frame the host reads. */
static uint32_t all_slots(uint32_t slots, uint32_t slot_octets)
{
	return slots + (slot_octets > 0);
}

size_t pptp_pool_size(uint32_t slots, uint32_t slot_octets)
{
	size_t head = pptp_aligned(sizeof(pptp_pool)), each = sizeof(pool_slot) + pptp_aligned(slot_octets);
	uint32_t all = all_slots(slots, slot_octets);
	if (slots == 0 || slots > PPTP_POOL_MAX_SLOTS || slot_octets > UINT16_MAX ||
	    all > (SIZE_MAX - head) / each)
		return 0;
	return head + all * each;
}

pptp_err pptp_pool_init(void *mem, size_t size, uint32_t slots, uint32_t slot_octets, pptp_pool **ret)
{
	size_t needed = pptp_pool_size(slots, slot_octets);
	uint32_t all = all_slots(slots, slot_octets), i;
	pptp_pool *pool = mem;
	pptp_err err;
	if (!ret || needed == 0)
		return PPTP_ERR_ARG;
	err = pptp_check_memory(mem, size, needed);
	if (err)
		return err;
	memset(pool, 0, sizeof *pool);
	pool->slots = (pool_slot *)(void *)((uint8_t *)mem + pptp_aligned(sizeof *pool));
	pool->octets = slot_octets > 0 ? (uint8_t *)(pool->slots + all) : NULL;
	pool->slot_octets = slot_octets;
	pool->stride = (uint32_t)pptp_aligned(slot_octets);
	pool->lent = POOL_NONE;
	pool->first_free = POOL_NONE;
	for (i = all; i > 0; i--)
		pptp_pool_give(pool, (uint16_t)(i - 1));
	pool->available = slots;
	*ret = pool;
	return PPTP_OK;
}

/* For alloc.c. */
void pptp_pool_set_release(pptp_pool *pool, pptp_release release)
{
	pool->release = release;
}

void pptp_pool_free(pptp_pool *pool)
{
	if (pool && pool->release)
		pool->release(pool);
}

uint32_t pptp_pool_available(const pptp_pool *pool)
{
	return pool ? pool->available : 0;
}

uint16_t pptp_pool_take(pptp_pool *pool)
{
	uint16_t slot = pool->first_free;
	pool->first_free = pool->slots[slot].next;
	pool->available--;
	return slot;
}

void pptp_pool_give(pptp_pool *pool, uint16_t slot)
{
	pool->slots[slot].next = pool->first_free;
	pool->first_free = slot;
	pool->available++;
}

/* The slot is free but for its frame, which stays until the next one is lent. */
void pptp_pool_lend(pptp_pool *pool, uint16_t slot)
{
	if (pool->lent != POOL_NONE)
		pptp_pool_give(pool, pool->lent);
	else
		pool->available++;
	pool->lent = slot;
}
