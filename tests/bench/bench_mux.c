/* bench_mux: many calls on one thread.
 *
 *   bench_mux                     rows of times and sizes
 *   bench_mux CALLS PACKETS       receive from so many calls at random, for count.sh */
#include "bench.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#define CALLS   65535u
#define PAYLOAD 36u
#define BATCH   32u
#define PACKETS 500000u
#define ROUNDS  15

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
	int behind_nat;
};

/* Every call has its own address, of which the last octets are its number; or all have one, behind a NAT. */
static void address_of(const struct rig *rig, uint32_t call, uint8_t *ret)
{
	memset(ret, 0, PPTP_ADDRESS_OCTETS);
	ret[10] = ret[11] = 0xFF;
	bench_put_number(ret + 12, (rig->behind_nat ? 0 : call) | 0x0A000000u);
}

static struct rig *make(uint32_t calls, uint32_t packets_len, int behind_nat)
{
	struct rig *rig = bench_memory(sizeof *rig);
	uint8_t *channels = bench_memory(calls * pptp_gre_size());
	size_t size = pptp_mux_size(calls);
	pptp_gre_options options;
	uint32_t i;
	rig->call_ids = bench_memory(calls * sizeof *rig->call_ids);
	rig->sequences = bench_memory(calls * sizeof *rig->sequences);
	rig->calls = calls;
	rig->behind_nat = behind_nat;
	rig->packets = bench_memory(packets_len * sizeof *rig->packets);
	rig->packets_len = packets_len;
	bench_check(pptp_mux_init(bench_memory(size), size, calls, 1, &rig->mux) == PPTP_OK, "no mux");
	pptp_gre_options_init(&options, sizeof options);
	for (i = 0; i < calls; i++) {
		uint8_t address[PPTP_ADDRESS_OCTETS];
		pptp_gre *gre;
		address_of(rig, i, address);
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
		address_of(rig, call, packet->address);
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

static double time_it(struct rig *rig)
{
	double start;
	arrive(rig);
	start = bench_seconds();
	receive_all(rig);
	return bench_seconds() - start;
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* How long the second takes over the first, in rounds of one, other, other, one, so that a machine that
 * becomes faster or slower does not count; quartiles. The upper one is what is judged: less is better. */
static void compare(struct rig *one, struct rig *other, double ret_quartiles[3])
{
	double ratios[ROUNDS];
	int i;
	for (i = 0; i < ROUNDS; i++) {
		double a = time_it(one), b = time_it(other);
		b += time_it(other);
		a += time_it(one);
		ratios[i] = b / a;
	}
	qsort(ratios, ROUNDS, sizeof ratios[0], by_size);
	for (i = 0; i < 3; i++)
		ret_quartiles[i] = ratios[(i + 1) * ROUNDS / 4];
}

static void compare_row(const char *what, struct rig *one, struct rig *other, double must, double moonshot)
{
	double quartiles[3];
	compare(one, other, quartiles);
	bench_row(what, quartiles[2], "x", must, moonshot);
	printf("    quartiles %.2f %.2f %.2f\n", quartiles[0], quartiles[1], quartiles[2]);
}

/* Of connections with room for so many calls and the least of a transmit buffer. */
static const pptp_config *config_for(uint32_t calls)
{
	pptp_config_options options;
	const pptp_config *config;
	bench_check(pptp_config_options_init(&options, sizeof options) == PPTP_OK, "options");
	options.max_calls = calls;
	options.tx_octets = PPTP_MSG_MAX_OCTETS;
	bench_check(pptp_config_new(&options, &config) == PPTP_OK, "config");
	return config;
}

static void sizes(void)
{
	size_t mux = pptp_mux_size(CALLS), channels = CALLS * pptp_gre_size();
	bench_row("mux and channels of 65,535 calls", (double)(mux + channels) / 1e6, "MB", 24, 20);
	bench_row("65,535 calls, a connection each, all of the library",
	          (double)(mux + channels + CALLS * pptp_conn_size(config_for(1))) / 1e6, "MB", 80, 64);
	bench_row("65,535 calls on one connection, all of the library",
	          (double)(mux + channels + pptp_conn_size(config_for(CALLS))) / 1e6, "MB", 80, 64);
}

/* What malloc takes for them, with what it needs for itself. */
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
static void heap(void)
{
	const pptp_config *config = config_for(1);
	struct mallinfo2 before = mallinfo2(), after;
	pptp_gre_options options;
	pptp_conn_options conn_options;
	pptp_mux *mux;
	uint32_t i;
	pptp_gre_options_init(&options, sizeof options);
	pptp_conn_options_init(&conn_options, sizeof conn_options);
	conn_options.role = PPTP_RECEIVER;
	bench_check(pptp_mux_new(CALLS, 1, &mux) == PPTP_OK, "mux");
	for (i = 0; i < CALLS; i++) {
		pptp_conn *conn;
		pptp_gre *gre;
		bench_check(pptp_conn_new(config, &conn_options, 0, &conn) == PPTP_OK &&
		                    pptp_gre_new(&options, NULL, NULL, &gre) == PPTP_OK,
		            "objects");
	}
	after = mallinfo2();
	bench_row("the same with a connection each, as glibc's heap has it",
	          (double)(after.uordblks + after.hblkhd - before.uordblks - before.hblkhd) / 1e6, "MB", 80,
	          64);
}
#else
static void heap(void)
{
	puts("what the heap takes: only measured with glibc");
}
#endif

int main(int argc, char **argv)
{
	struct rig *one, *all, *thousand;
	if (argc == 3) {
		uint32_t packets = (uint32_t)strtoul(argv[2], NULL, 10);
		one = make((uint32_t)strtoul(argv[1], NULL, 10), BATCH, 0); /* datagrams stay in the cache */
		for (; packets >= BATCH; packets -= BATCH) {
			arrive(one);
			receive_all(one);
		}
		return 0;
	}
	if (argc != 1)
		return 2;
	one = make(1, PACKETS, 0);
	all = make(CALLS, PACKETS, 0);
	thousand = make(1000, PACKETS, 1);
	printf("%-58s %10.1f ns\n", "receive, one call, with the loop around it",
	       time_it(one) * 1e9 / PACKETS);
	printf("%-58s %10.1f ns\n", "receive, 65,535 calls at random", time_it(all) * 1e9 / PACKETS);
	compare_row("65,535 calls at random over one", one, all, 3, 1.5);
	compare_row("1,000 calls behind one address over one", one, thousand, 1.1, 1.05);
	sizes();
	heap();
	return 0;
}
