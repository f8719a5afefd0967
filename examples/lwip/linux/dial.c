/* dial: a PPTP client that is lwIP alone, on one end of a TAP device; the kernel, at the other end, is the network.
 *
 *     ip tuntap add mode tap name tap0; ip addr add 192.0.2.1/24 dev tap0; ip link set tap0 up
 *     PPTP_PASSWORD=... dial tap0 192.0.2.2 192.0.2.1 alice mppe
 *
 * SIGINT and SIGTERM end it in order. With "persist" behind it dials again when it was lost. Exit code 0: it was
 * connected and ended so; 1: it ended otherwise; 2: usage; 3: lwIP's memory is not as it was. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "../pptp_lwip.h"
#include "lwip/init.h"
#include "lwip/stats.h"
#include "lwip/timeouts.h"
#include "port.h"

#define AGAIN_S   1u
#define SETTLE_MS 3000u /* TIME-WAIT, and what else has a time of its own */

static volatile sig_atomic_t asked_to_end;
static struct pptp_lwip tunnel;
static struct netif ethernet, pppif;
static int connected, dead, error_code, persist;

static void on_signal(int number)
{
	(void)number;
	asked_to_end = 1;
}

/* ---- what is said -------------------------------------------------------------------------------------- */

static const char *name_of(int error)
{
	static const char *const names[] = {
	        [PPPERR_NONE] = "none",         [PPPERR_PARAM] = "parameter",
	        [PPPERR_OPEN] = "cannot open",  [PPPERR_DEVICE] = "device",
	        [PPPERR_ALLOC] = "no memory",   [PPPERR_USER] = "user",
	        [PPPERR_CONNECT] = "lost",      [PPPERR_AUTHFAIL] = "authentication failed",
	        [PPPERR_PROTOCOL] = "protocol", [PPPERR_PEERDEAD] = "peer dead",
	};

	return error >= 0 && (size_t)error < sizeof names / sizeof *names ? names[error] : "other";
}

static void print_end(const struct pptp_lwip_end *end)
{
	printf("end: %s; PPTP: %s", name_of(error_code), pptp_err_name(end->reason));
	if (end->reason == PPTP_ERR_TIMEOUT)
		printf(", timer %s", pptp_timer_name(end->timer));
	if (end->result_type)
		printf(", %s", pptp_result_name(end->result_type, end->result_code));
	if (end->lwip)
		printf(", lwIP %d", end->lwip);
	printf("%s\n", end->no_inbound ? "; no GRE comes in" : "");
}

static void on_status(ppp_pcb *ppp, int error, void *ctx)
{
	(void)ctx;
	if (error != PPPERR_NONE) {
		error_code = error;
		print_end(&tunnel.end);
		dead = !persist || asked_to_end || ppp_connect(ppp, AGAIN_S) != ERR_OK;
		return;
	}
	if (ip4_addr_isany(netif_ip4_addr(&pppif)))
		return; /* IPv6 is up, IPv4 not yet */
	connected = 1;
	printf("connected: %s", ip4addr_ntoa(netif_ip4_addr(&pppif)));
	printf(" to %s, MTU %u\n", ip4addr_ntoa(netif_ip4_gw(&pppif)), pppif.mtu);
}

/* ---- memory ---------------------------------------------------------------------------------------------- */

struct memory {
	size_t heap, pools[MEMP_MAX];
};

static struct memory memory_used(void)
{
	struct memory used = {0};

#if MEM_STATS
	used.heap = lwip_stats.mem.used;
#endif
#if MEMP_STATS
	for (size_t i = 0; i < MEMP_MAX; i++)
		used.pools[i] = lwip_stats.memp[i] ? lwip_stats.memp[i]->used : 0;
#endif
	return used;
}

static int memory_same(const struct memory *before)
{
	struct memory now = memory_used();

	return memcmp(before, &now, sizeof now) == 0;
}

/* ---- the program ------------------------------------------------------------------------------------------ */

static void turn(int fd)
{
	u32_t wait = sys_timeouts_sleeptime();
	struct pollfd ready = {.fd = fd, .events = POLLIN};

	if (poll(&ready, 1, wait > 1000 ? 1000 : (int)wait) > 0)
		port_tap_read(&ethernet);
	sys_check_timeouts();
}

static void run(ppp_pcb *ppp, int fd)
{
	int closed = 0;

	while (!dead) {
		turn(fd);
		if (asked_to_end && !closed) {
			closed = 1;
			(void)ppp_close(ppp, 0);
		}
	}
}

static int settled(const struct memory *before, int fd)
{
	u32_t began = sys_now();

	while (!memory_same(before) && sys_now() - began < SETTLE_MS)
		turn(fd);
	return memory_same(before);
}

static ppp_pcb *create(const ip_addr_t *server, const char *user, const char *password, const char *mppe)
{
	ppp_pcb *ppp = pptp_lwip_create(&tunnel, &pppif, NULL, server, on_status, NULL);

	if (!ppp)
		return NULL;
	ppp_set_default(ppp);
	ppp_set_auth(ppp, PPPAUTHTYPE_ANY, user, password);
	if (strcmp(mppe, "mppe") == 0)
		ppp_set_mppe(ppp, PPP_MPPE_ENABLE | PPP_MPPE_REFUSE_40);
	return ppp;
}

int main(int argc, char **argv)
{
	const char *password = getenv("PPTP_PASSWORD");
	struct memory before;
	ip_addr_t address, server;
	ppp_pcb *ppp;
	int fd;

	persist = argc == 7 && strcmp(argv[6], "persist") == 0;
	if (argc != 6 + persist || !password || !ipaddr_aton(argv[2], &address) ||
	    !ipaddr_aton(argv[3], &server)) {
		fprintf(stderr,
		        "usage: PPTP_PASSWORD=... dial TAP ADDRESS SERVER USER mppe|plain [persist]\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	lwip_init();
	fd = port_tap_open(&ethernet, argv[1], &address);
	if (fd < 0) {
		fprintf(stderr, "dial: %s: %s\n", argv[1], strerror(errno));
		return 2;
	}
	before = memory_used();
	ppp = create(&server, argv[4], password, argv[5]);
	if (!ppp || ppp_connect(ppp, 0) != ERR_OK) {
		fprintf(stderr, "dial: lwIP has no memory for PPP\n");
		return 1;
	}
	run(ppp, fd);
	(void)ppp_free(ppp);
	printf("GRE packets sent: %u, %u of them in one pbuf\n", port_counts().gre, port_counts().in_one);
	if (!settled(&before, fd)) {
		printf("memory is not as it was\n");
		return 3;
	}
	printf("memory is as it was\n");
	return connected && error_code == PPPERR_USER ? 0 : 1;
}
