/* gre_reorder: packets that came before one that is still missing (RFC 2637 4.3). A channel keeps them
 * in a list in order of their numbers, no more than reorder_packets and none longer than reorder_us. When
 * there is no room for one more it stops waiting for the oldest missing one; it never drops what it has. */
#include "gre_internal.h"

#define NOWHERE UINT32_MAX /* this number is in the list already */

static int is_newer(uint32_t sequence, uint32_t than)
{
	return (int32_t)(sequence - than) > 0;
}

/* How many in the list are older; the last of them into ret_before. Mostly the newest comes last. */
static uint32_t find_place(const pptp_gre *gre, uint32_t sequence, uint16_t *ret_before)
{
	const pool_slot *slots = gre->pool->slots;
	uint32_t position = 0;
	uint16_t slot = gre->first_held;
	if (gre->held == 0)
		return 0;
	if (is_newer(sequence, slots[gre->last_held].sequence)) {
		*ret_before = gre->last_held;
		return gre->held;
	}
	for (; is_newer(sequence, slots[slot].sequence); slot = slots[slot].next) {
		*ret_before = slot;
		position++;
	}
	return slots[slot].sequence == sequence ? NOWHERE : position;
}

static int fits(const pptp_gre *gre, const pptp_gre_header *header, const void *cookie)
{
	return gre->pool->octets ? header->payload_octets <= gre->pool->slot_octets : cookie != NULL;
}

static int is_full(const pptp_gre *gre)
{
	return gre->held >= gre->reorder_packets || gre->pool->available == 0;
}

static void link_slot(pptp_gre *gre, uint16_t slot, uint16_t before)
{
	pool_slot *slots = gre->pool->slots;
	if (gre->held == 0 || before == gre->last_held)
		gre->last_held = slot;
	if (before == POOL_NONE) {
		slots[slot].next = gre->first_held;
		gre->first_held = slot;
	} else {
		slots[slot].next = slots[before].next;
		slots[before].next = slot;
	}
	gre->held++;
	pptp_gre_set(gre, GRE_HELD);
}

static uint16_t store(pptp_gre *gre, const pptp_gre_header *header, const uint8_t *data, void *cookie,
                      pptp_usec now)
{
	pptp_pool *pool = gre->pool;
	uint16_t index = pptp_pool_take(pool);
	pool_slot *slot = &pool->slots[index];
	slot->sequence = header->sequence;
	slot->len = header->payload_octets;
	slot->since = now;
	slot->cookie = cookie;
	slot->frame = data + header->header_octets;
	if (pool->octets) {
		uint8_t *copy = pool->octets + (size_t)index * pool->stride;
		memcpy(copy, slot->frame, slot->len);
		slot->frame = copy;
	}
	if (now + gre->reorder_us < gre->wait_due) {
		gre->wait_due = now + gre->reorder_us;
		pptp_gre_rearm(gre);
	}
	gre->counts[PPTP_GRE_HELD]++;
	return index;
}

/* Nothing is held any more. */
static void empty_list(pptp_gre *gre)
{
	gre->held = 0;
	gre->passed = 0;
	gre->wait_due = PPTP_NEVER;
	pptp_gre_rearm(gre);
	if (gre->returned == POOL_NONE)
		pptp_gre_clear(gre, GRE_HELD);
}

/* Deliver the first, whatever is missing before it. Where it was copied, ret->cookie stays as it is. */
static void pop(pptp_gre *gre, pptp_gre_frame *ret)
{
	pptp_pool *pool = gre->pool;
	uint16_t index = gre->first_held;
	const pool_slot *slot = &pool->slots[index];
	pptp_gre_pass(gre, slot->sequence);
	pptp_gre_yield(gre, ret, slot->frame, slot->len);
	ret->sequence = slot->sequence;
	gre->first_held = slot->next;
	gre->held--;
	if (gre->passed > 0)
		gre->passed--;
	if (pool->octets) {
		pptp_pool_lend(pool, index);
	} else {
		ret->cookie = slot->cookie;
		pptp_pool_give(pool, index);
	}
	if (gre->held == 0)
		empty_list(gre);
}

/* A packet that is not late, and cannot simply be delivered: something is held, or is missing before it.
 * ret has its number and cookie. */
void pptp_reorder_packet(pptp_gre *gre, const pptp_gre_header *header, const uint8_t *data, pptp_usec now,
                         pptp_gre_frame *ret)
{
	void *cookie = ret->cookie;
	uint16_t before = POOL_NONE, slot;
	uint32_t position = find_place(gre, header->sequence, &before);
	int can_be_held = fits(gre, header, cookie);
	if (position == NOWHERE) {
		ret->verdict = PPTP_GRE_DROP_DUPLICATE;
		gre->counts[PPTP_GRE_DROP_DUPLICATE]++;
		return;
	}
	if (position == 0 && (header->sequence == gre->expected || !can_be_held || is_full(gre))) {
		pptp_gre_pass(gre, header->sequence);
		pptp_gre_owe_ack(gre, now);
		pptp_gre_yield(gre, ret, data + header->header_octets, header->payload_octets);
		return;
	}
	if (!can_be_held) {
		ret->verdict = PPTP_GRE_DROP_UNHELD;
		gre->counts[PPTP_GRE_DROP_UNHELD]++;
		return;
	}
	ret->verdict = PPTP_GRE_HELD;
	if (!gre->pool->octets)
		ret->cookie = NULL;
	if (is_full(gre)) {
		if (before == gre->first_held)
			before = POOL_NONE;
		position--;
		pptp_gre_owe_ack(gre, now);
		pop(gre, ret);
	}
	slot = store(gre, header, data, cookie, now);
	if (position < gre->passed)
		gre->passed++;
	link_slot(gre, slot, before);
}

pptp_err pptp_reorder_next(pptp_gre *gre, pptp_gre_frame *ret)
{
	if (gre->returned != POOL_NONE) {
		uint16_t index = gre->returned;
		const pool_slot *slot = &gre->pool->slots[index];
		ret->verdict = PPTP_GRE_DROP_RESET;
		ret->cookie = slot->cookie;
		ret->sequence = slot->sequence;
		gre->returned = slot->next;
		pptp_pool_give(gre->pool, index);
		if (gre->returned == POOL_NONE && gre->held == 0)
			pptp_gre_clear(gre, GRE_HELD);
		return PPTP_OK;
	}
	if (gre->held == 0 ||
	    (gre->passed == 0 && gre->pool->slots[gre->first_held].sequence != gre->expected))
		return PPTP_ERR_EMPTY;
	/* ack_due was set when this frame was allowed to go. */
	if (++gre->unacked >= gre->ack_every)
		gre->ack_due = 0;
	pop(gre, ret);
	return PPTP_OK;
}

/* No packet is held longer than reorder_us: what came so long ago goes, with all that is before it. */
void pptp_reorder_tick(pptp_gre *gre, pptp_usec now)
{
	uint16_t slot = gre->first_held;
	uint32_t position;
	if (gre->held == 0 || now < gre->wait_due)
		return;
	gre->wait_due = PPTP_NEVER;
	for (position = 1; position <= gre->held; position++) {
		pptp_usec due = gre->pool->slots[slot].since + gre->reorder_us;
		if (due <= now) {
			gre->passed = (uint16_t)position;
			gre->wait_due = PPTP_NEVER;
		} else if (position > gre->passed && due < gre->wait_due) {
			gre->wait_due = due;
		}
		slot = gre->pool->slots[slot].next;
	}
	if (gre->unacked == 0)
		gre->ack_due = now + gre->ack_delay_us;
	pptp_gre_rearm(gre);
}

/* What is held is not delivered; cookies wait for pptp_gre_next. */
void pptp_reorder_reset(pptp_gre *gre)
{
	pptp_pool *pool = gre->pool;
	gre->counts[PPTP_GRE_DROP_RESET] += gre->held;
	if (gre->held > 0 && !pool->octets) {
		pool->slots[gre->last_held].next = gre->returned;
		gre->returned = gre->first_held;
	} else {
		while (gre->held > 0) {
			uint16_t slot = gre->first_held;
			gre->first_held = pool->slots[slot].next;
			pptp_pool_give(pool, slot);
			gre->held--;
		}
	}
	empty_list(gre);
}
