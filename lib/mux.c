/* mux: Call ID allocation and GRE demultiplexing (RFC 2637 3.2.2).
 *
 * The low bits of a Call ID are the index of its slot, the high bits a turn that moves on each time
 * the slot is used again: finding is one index and one compare, and an id is not soon given out twice.
 * Free slots wait in a queue, so the one released longest ago is used next. */
#include "pptp/mux.h"
#include "object.h"
#include "release.h"

#define ID_COUNT 65536u

/* What a slot is, above the 16 bits of its id: one compare tells both. */
#define SLOT_FREE     0u
#define SLOT_RESERVED 0x10000u
#define SLOT_BOUND    0x20000u

/* 32 octets with 8 in a pointer: no slot lies on two cache lines, for the first begins on one. */
typedef struct slot {
	void *target;
	uint8_t peer[PPTP_ADDRESS_OCTETS];
	uint32_t state; /* SLOT_ | id of the present or next use */
	uint16_t next;  /* behind this one in the queue of free slots */
	uint16_t reserved;
} slot;

#define CACHE_LINE 64u

/* The host reads there next, and with many calls it is not in any cache. */
#if defined(__GNUC__)
#define FETCH_AHEAD(at) __builtin_prefetch(at)
#else
#define FETCH_AHEAD(at) ((void)0)
#endif

struct pptp_mux {
	slot *slots;
	uint32_t mask;      /* slots - 1; their number is a power of two */
	uint32_t available; /* calls that may still be reserved */
	uint32_t free;      /* slots in the queue */
	uint16_t first_free, last_free;
	uint32_t counts[PPTP_MUX_COUNTS];
	pptp_release release; /* of heap memory, or NULL */
};

/* More slots than calls, so that even the oldest free id is not used again at once. */
static uint32_t slots_for(uint32_t max_calls)
{
	uint32_t slots = 2;
	while (slots <= max_calls)
		slots *= 2;
	return slots;
}

size_t pptp_mux_size(uint32_t max_calls)
{
	if (max_calls == 0 || max_calls > PPTP_MUX_MAX_CALLS)
		return 0;
	return sizeof(pptp_mux) + CACHE_LINE + slots_for(max_calls) * sizeof(slot);
}

/* splitmix64: enough to spread ids; the host's seed is what makes them unpredictable. */
static uint32_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return (uint32_t)(z >> 32);
}

static void enqueue(pptp_mux *mux, uint16_t index)
{
	if (mux->free++ == 0)
		mux->first_free = index;
	else
		mux->slots[mux->last_free].next = index;
	mux->last_free = index;
}

/* Every slot once, in an order that the seed gives: a walk with an odd step visits all of them. */
static void fill_queue(pptp_mux *mux, uint64_t seed)
{
	uint32_t step = next_random(&seed) | 1, index = next_random(&seed), i;
	for (i = 0; i <= mux->mask; i++) {
		uint16_t at = (uint16_t)(index & mux->mask);
		mux->slots[at].state = SLOT_FREE | ((next_random(&seed) & ~mux->mask & 0xFFFFu) | at);
		index += step;
		if (at != 0 || mux->mask < ID_COUNT - 1) /* else its only id would be 0 */
			enqueue(mux, at);
	}
}

pptp_err pptp_mux_init(void *mem, size_t size, uint32_t max_calls, uint64_t seed, pptp_mux **ret)
{
	pptp_mux *mux = mem;
	pptp_err err;
	size_t needed = pptp_mux_size(max_calls);
	if (!ret || needed == 0)
		return PPTP_ERR_ARG;
	err = pptp_check_memory(mem, size, needed);
	if (err)
		return err;
	memset(mem, 0, needed);
	mux->slots = (slot *)(((uintptr_t)(mux + 1) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
	mux->mask = slots_for(max_calls) - 1;
	mux->available = max_calls;
	fill_queue(mux, seed);
	*ret = mux;
	return PPTP_OK;
}

/* For alloc.c. */
void pptp_mux_set_release(pptp_mux *mux, pptp_release release)
{
	mux->release = release;
}

void pptp_mux_free(pptp_mux *mux)
{
	if (mux && mux->release)
		mux->release(mux);
}

static slot *reserved_slot(pptp_mux *mux, uint16_t call_id)
{
	slot *s = &mux->slots[call_id & mux->mask];
	return s->state == (SLOT_RESERVED | call_id) || s->state == (SLOT_BOUND | call_id) ? s : NULL;
}

pptp_err pptp_mux_reserve(pptp_mux *mux, uint16_t *ret_call_id)
{
	slot *s;
	uint16_t id;
	if (!mux || !ret_call_id)
		return PPTP_ERR_ARG;
	if (mux->available == 0)
		return PPTP_ERR_LIMIT;
	s = &mux->slots[mux->first_free];
	mux->first_free = s->next;
	mux->free--;
	mux->available--;
	id = (uint16_t)(s->state + mux->mask + 1);
	if (id == 0) /* never 0: peers use it as "none" (RFC 2637 3.2.2 leaves it open) */
		id = (uint16_t)(mux->mask + 1);
	s->state = SLOT_RESERVED | id;
	*ret_call_id = id;
	return PPTP_OK;
}

pptp_err pptp_mux_bind(pptp_mux *mux, uint16_t call_id, const uint8_t *peer, void *target)
{
	slot *s;
	if (!mux || !peer || !target)
		return PPTP_ERR_ARG;
	s = reserved_slot(mux, call_id);
	if (!s)
		return PPTP_ERR_ARG;
	memcpy(s->peer, peer, sizeof s->peer);
	s->target = target;
	s->state = SLOT_BOUND | call_id;
	return PPTP_OK;
}

void *pptp_mux_find(pptp_mux *mux, const uint8_t *peer, uint16_t call_id)
{
	slot *s;
	if (!mux || !peer)
		return NULL;
	s = &mux->slots[call_id & mux->mask];
	if (s->state != (SLOT_BOUND | call_id)) {
		mux->counts[PPTP_MUX_UNKNOWN_CALL]++;
		return NULL;
	}
	if (memcmp(s->peer, peer, sizeof s->peer) != 0) {
		mux->counts[PPTP_MUX_FOREIGN_SOURCE]++;
		return NULL;
	}
	mux->counts[PPTP_MUX_FOUND]++;
	FETCH_AHEAD(s->target);
	return s->target;
}

pptp_err pptp_mux_release(pptp_mux *mux, uint16_t call_id)
{
	slot *s;
	if (!mux)
		return PPTP_ERR_ARG;
	s = reserved_slot(mux, call_id);
	if (!s)
		return PPTP_ERR_ARG;
	s->state = SLOT_FREE | call_id;
	s->target = NULL;
	enqueue(mux, (uint16_t)(call_id & mux->mask));
	mux->available++;
	return PPTP_OK;
}

uint32_t pptp_mux_count(const pptp_mux *mux, uint32_t which)
{
	return mux && which < PPTP_MUX_COUNTS ? mux->counts[which] : 0;
}
