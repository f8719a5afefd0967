/* bench_mux: many calls on one thread.
 *
 *   bench_mux                     rows of times and sizes
 *   bench_mux CALLS PACKETS       receive from so many calls at random, for count.sh */
#include "bench.h"

#define CALLS   65535u
#define PAYLOAD 36u
#define BATCH   32u

/* What comes from the network: one cache line, in order of arrival. */
struct packet {
	uint8_t address[PPTP_ADDRESS_OCTETS];
	uint8_t data[12 + PAYLOAD];
};

struct rig {
	pptp_mux *mux;
	uint16_t *call_ids;
	uint32_t *sequences;
	uint32_t calls;
	struct packet *packets;
	uint32_t packets_len;
	uint64_t random;
};

/* Every call has its own address; the last octets are its number. */
static void address_of(uint32_t call, uint8_t *ret)
{
	memset(ret, 0, PPTP_ADDRESS_OCTETS);
	ret[10] = ret[11] = 0xFF;
	bench_put_number(ret + 12, call | 0x0A000000u);
}

static struct rig *make(uint32_t calls, uint32_t packets_len)
{
	struct rig *rig = bench_memory(sizeof *rig);
	uint8_t *channels = bench_memory(calls * pptp_gre_size());
	size_t size = pptp_mux_size(calls);
	pptp_gre_options options;
	uint32_t i;
	rig->call_ids = bench_memory(calls * sizeof *rig->call_ids);
	rig->sequences = bench_memory(calls * sizeof *rig->sequences);
	rig->calls = calls;
	rig->packets = bench_memory(packets_len * sizeof *rig->packets);
	rig->packets_len = packets_len;
	bench_check(pptp_mux_init(bench_memory(size), size, calls, 1, &rig->mux) == PPTP_OK, "no mux");
	pptp_gre_options_init(&options, sizeof options);
	for (i = 0; i < calls; i++) {
		uint8_t address[PPTP_ADDRESS_OCTETS];
		pptp_gre *gre;
		address_of(i, address);
		bench_check(pptp_mux_reserve(rig->mux, &rig->call_ids[i]) == PPTP_OK, "no Call ID");
		options.local_call_id = rig->call_ids[i];
		bench_check(pptp_gre_init(channels + i * pptp_gre_size(), pptp_gre_size(), &options, NULL,
		                          NULL, &gre) == PPTP_OK &&
		                    pptp_gre_start(gre, (uint16_t)i, 64, 0, 0) == PPTP_OK &&
		                    pptp_mux_bind(rig->mux, options.local_call_id, address, gre) == PPTP_OK,
		            "no channel");
	}
	return rig;
}

/* Packets of calls at random, each call's in order. */
static void arrive(struct rig *rig)
{
	static const uint8_t start[12] = {0x30, 0x01, 0x88, 0x0B, 0, PAYLOAD};
	uint32_t i;
	for (i = 0; i < rig->packets_len; i++) {
		struct packet *packet = &rig->packets[i];
		uint32_t call = (uint32_t)(((uint64_t)bench_random(&rig->random) * rig->calls) >> 32);
		address_of(call, packet->address);
		memcpy(packet->data, start, sizeof start);
		packet->data[6] = (uint8_t)(rig->call_ids[call] >> 8);
		packet->data[7] = (uint8_t)rig->call_ids[call];
		bench_put_number(packet->data + 8, rig->sequences[call]++);
	}
}

/* A batch, as recvmmsg gives one: first find every call, then receive, so that the memory of many calls
 * is on its way at once. */
static void receive_batch(struct rig *rig, const struct packet *packets, uint32_t len)
{
	pptp_gre *channels[BATCH];
	uint32_t i;
	for (i = 0; i < len; i++) {
		uint16_t call_id = 0;
		bench_check(pptp_gre_peek(packets[i].data, sizeof packets[i].data, &call_id) == PPTP_OK,
		            "peek");
		channels[i] = pptp_mux_find(rig->mux, packets[i].address, call_id);
		bench_check(channels[i] != NULL, "find");
	}
	for (i = 0; i < len; i++) {
		pptp_gre_frame frame;
		bench_check(pptp_gre_recv(channels[i], packets[i].data, sizeof packets[i].data, NULL, 1,
		                          &frame) == PPTP_OK &&
		                    frame.verdict == PPTP_GRE_DELIVER,
		            "receive");
	}
}

static void receive_all(struct rig *rig)
{
	uint32_t i;
	for (i = 0; i < rig->packets_len; i += BATCH)
		receive_batch(rig, rig->packets + i,
		              rig->packets_len - i < BATCH ? rig->packets_len - i : BATCH);
}

static void time_it(struct rig *rig, double *best)
{
	double start;
	arrive(rig);
	start = bench_seconds();
	receive_all(rig);
	start = bench_seconds() - start;
	if (*best == 0 || start < *best)
		*best = start;
}

int main(int argc, char **argv)
{
	enum { PACKETS = 500000, ROUNDS = 9 };
	double best_one = 0, best_all = 0;
	struct rig *one, *all;
	int round;
	if (argc == 3) {
		uint32_t packets = (uint32_t)strtoul(argv[2], NULL, 10);
		one = make((uint32_t)strtoul(argv[1], NULL, 10), BATCH); /* the datagrams stay in the cache */
		for (; packets >= BATCH; packets -= BATCH) {
			arrive(one);
			receive_all(one);
		}
		return 0;
	}
	if (argc != 1)
		return 2;
	one = make(1, PACKETS);
	all = make(CALLS, PACKETS);
	for (round = 0; round < ROUNDS; round++) {
		time_it(one, &best_one);
		time_it(all, &best_all);
	}
	printf("%-58s %10.1f ns\n", "receive, one call, with the loop around it", best_one * 1e9 / PACKETS);
	printf("%-58s %10.1f ns\n", "receive, 65,535 calls at random", best_all * 1e9 / PACKETS);
	bench_row("65,535 calls at random over one", best_all / best_one, "x", 3, 1.5);
	bench_row("mux and channels of 65,535 calls",
	          (double)(pptp_mux_size(CALLS) + CALLS * pptp_gre_size()) / 1e6, "MB", 24, 20);
	return 0;
}
