/* The network of sim_gre: packets on their way in a heap, the next to arrive on top. */
#include "sim_gre.h"

#define PACKETS_MAX 4096u /* more are lost, as in a router */

static struct sim_packet *heap[PACKETS_MAX];
static uint32_t heap_len;
static uint64_t orders;

uint32_t sim_next(struct sim_random *random)
{
	uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return (uint32_t)((z ^ (z >> 31)) >> 32);
}

uint32_t sim_below(struct sim_random *random, uint32_t below)
{
	return (uint32_t)(((uint64_t)sim_next(random) * below) >> 32);
}

int sim_chance(struct sim_random *random, uint32_t per_mille)
{
	return sim_below(random, 1000) < per_mille;
}

static int is_before(const struct sim_packet *a, const struct sim_packet *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(uint32_t a, uint32_t b)
{
	struct sim_packet *packet = heap[a];
	heap[a] = heap[b];
	heap[b] = packet;
}

static void push(struct sim_packet *packet)
{
	uint32_t at = heap_len++;
	heap[at] = packet;
	for (; at > 0 && is_before(heap[at], heap[(at - 1) / 2]); at = (at - 1) / 2)
		swap(at, (at - 1) / 2);
}

static struct sim_packet *pop(void)
{
	struct sim_packet *packet = heap[0];
	uint32_t at = 0;
	heap[0] = heap[--heap_len];
	for (;;) {
		uint32_t least = at, child;
		for (child = 2 * at + 1; child <= 2 * at + 2; child++)
			if (child < heap_len && is_before(heap[child], heap[least]))
				least = child;
		if (least == at)
			return packet;
		swap(at, least);
		at = least;
	}
}

static void damage(struct sim_random *random, struct sim_packet *packet, size_t mark)
{
	uint32_t octet = sim_below(random, packet->len);
	packet->data[octet] ^= (uint8_t)(1u << sim_below(random, 8));
	if (mark < packet->len && mark != octet)
		packet->data[mark] ^= 0xFF;
	if (sim_chance(random, 200))
		packet->len = sim_below(random, packet->len + 1);
}

static void send_one(struct sim_random *random, const struct sim_weather *weather, uint32_t to,
                     const uint8_t *data, size_t len, size_t mark, pptp_usec now)
{
	struct sim_packet *packet;
	if (sim_chance(random, weather->loss) || heap_len == PACKETS_MAX)
		return;
	packet = malloc(sizeof *packet);
	SIM_CHECK(packet != NULL && len <= sizeof packet->data);
	packet->to = to;
	packet->len = (uint32_t)len;
	packet->order = orders++;
	packet->at = now + weather->delay_us + sim_below(random, weather->jitter_us + 1);
	if (sim_chance(random, weather->late))
		packet->at += sim_below(random, weather->late_us + 1);
	memcpy(packet->data, data, len);
	if (sim_chance(random, weather->corrupt))
		damage(random, packet, mark);
	push(packet);
}

void sim_net_send(struct sim_random *random, const struct sim_weather *weather, uint32_t to,
                  const uint8_t *data, size_t len, size_t mark, pptp_usec now)
{
	send_one(random, weather, to, data, len, mark, now);
	if (sim_chance(random, weather->twice))
		send_one(random, weather, to, data, len, mark, now);
}

pptp_usec sim_net_next(void)
{
	return heap_len > 0 ? heap[0]->at : PPTP_NEVER;
}

const struct sim_packet *sim_net_take(void)
{
	static struct sim_packet taken;
	struct sim_packet *packet = pop();
	taken = *packet;
	free(packet);
	return &taken;
}

void sim_net_clear(void)
{
	while (heap_len > 0)
		free(pop());
	orders = 0;
}
