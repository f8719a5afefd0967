/* bench_socket: packets through the kernel, over loopback, through one raw socket: a thousand calls of one
 * address over one call. Peers have a socket for each call, and every one of them gets a copy of
 * every packet. Needs Linux and CAP_NET_RAW, and says so. */
#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>

#define CALLS   1000u
#define PACKETS 20000u
#define ROUNDS  15
#define PAYLOAD 84u
#define BURST   64u /* packets on their way at once: what the socket's buffer holds */

struct host {
	pptp_mux *mux;
	uint16_t call_ids[CALLS];
	uint32_t sequences[CALLS];
	uint8_t address[PPTP_ADDRESS_OCTETS];
};

static int sender, receiver;
static struct sockaddr_in loopback;

static struct host *make(uint32_t calls)
{
	struct host *host = bench_memory(sizeof *host);
	pptp_gre_options options;
	bench_check(pptp_mux_new(calls, 1, &host->mux) == PPTP_OK, "no mux");
	bench_check(pptp_gre_options_init(&options, sizeof options) == PPTP_OK, "options");
	host->address[10] = host->address[11] = 0xFF;
	memcpy(host->address + 12, &loopback.sin_addr, 4);
	for (uint32_t i = 0; i < calls; i++) {
		pptp_gre *gre;
		bench_check(pptp_mux_reserve(host->mux, &host->call_ids[i]) == PPTP_OK, "no Call ID");
		options.local_call_id = host->call_ids[i];
		bench_check(pptp_gre_new(&options, NULL, NULL, &gre) == PPTP_OK &&
		                    pptp_gre_start(gre, 1, 64, 0, 0) == PPTP_OK &&
		                    pptp_mux_bind(host->mux, host->call_ids[i], host->address, gre) ==
		                            PPTP_OK,
		            "no channel");
	}
	return host;
}

static void send_one(struct host *host, uint32_t call)
{
	uint8_t packet[12 + PAYLOAD] = {0x30, 0x01, 0x88, 0x0B, 0, PAYLOAD};
	packet[6] = (uint8_t)(host->call_ids[call] >> 8);
	packet[7] = (uint8_t)host->call_ids[call];
	bench_put_number(packet + 8, host->sequences[call]++);
	bench_check(sendto(sender, packet, sizeof packet, 0, (struct sockaddr *)&loopback, sizeof loopback) ==
	                    (ssize_t)sizeof packet,
	            "cannot send");
}

static void receive_one(struct host *host)
{
	uint8_t datagram[2048];
	uint16_t call_id;
	pptp_gre_frame frame;
	ssize_t len = recv(receiver, datagram, sizeof datagram, 0);
	pptp_ssize header = len > 0 ? pptp_gre_ipv4_header(datagram, (size_t)len) : -1;
	pptp_gre *gre;
	bench_check(header > 0, "cannot receive");
	bench_check(pptp_gre_peek(datagram + header, (size_t)(len - header), &call_id) == PPTP_OK, "peek");
	gre = pptp_mux_find(host->mux, host->address, call_id);
	bench_check(gre != NULL &&
	                    pptp_gre_recv(gre, datagram + header, (size_t)(len - header), NULL, 1, &frame) ==
	                            PPTP_OK &&
	                    frame.verdict == PPTP_GRE_DELIVER,
	            "receive");
}

/* Seconds for PACKETS, the calls one after the other. */
static double time_it(struct host *host, uint32_t calls)
{
	double start = bench_seconds();
	for (uint32_t sent = 0; sent < PACKETS; sent += BURST) {
		for (uint32_t i = 0; i < BURST; i++)
			send_one(host, (sent + i) % calls);
		for (uint32_t i = 0; i < BURST; i++)
			receive_one(host);
	}
	return bench_seconds() - start;
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static int open_sockets(void)
{
	const int octets = 1 << 20;
	struct timeval patience = {.tv_sec = 2};
	loopback.sin_family = AF_INET;
	loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	receiver = sender = socket(AF_INET, SOCK_RAW, PPTP_IP_PROTOCOL); /* both: it hears what it says */
	if (receiver < 0)
		return -1;
	(void)setsockopt(receiver, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
	(void)setsockopt(receiver, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	return 0;
}

int main(void)
{
	struct host *one, *many;
	double ratios[ROUNDS], rate = 0;
	if (open_sockets() != 0) {
		printf("bench_socket: no raw socket here: %s\n", strerror(errno));
		return 77;
	}
	one = make(1);
	many = make(CALLS);
	for (int i = 0; i < ROUNDS; i++) {
		double a = time_it(one, 1), b = time_it(many, CALLS);
		b += time_it(many, CALLS);
		a += time_it(one, 1);
		ratios[i] = b / a;
		rate = 2 * PACKETS / b;
	}
	qsort(ratios, ROUNDS, sizeof ratios[0], by_size);
	printf("%-58s %10.0f packets/s\n", "1,000 calls behind one address, raw sockets on loopback", rate);
	bench_row("the same over one call, time a packet", ratios[3 * ROUNDS / 4], "x", 1.1, 1.05);
	printf("    quartiles %.3f %.3f %.3f\n", ratios[ROUNDS / 4], ratios[ROUNDS / 2],
	       ratios[3 * ROUNDS / 4]);
	return 0;
}
