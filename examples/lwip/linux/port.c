#include "port.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/ip.h"
#include "lwip/sys.h"
#include "netif/ethernet.h"

#define MTU          1500
#define FRAME_MAX    (MTU + SIZEOF_ETH_HDR)
#define PBUFS_MAX    16 /* of one frame */
#define PROTOCOL_AT  (SIZEOF_ETH_HDR + 9)
#define PROTOCOL6_AT (SIZEOF_ETH_HDR + 6)

static struct port_counts counts;

/* ---- clock and randomness ----------------------------------------------------------------------------- */

u32_t sys_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u32_t)((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
}

u32_t sys_jiffies(void) /* for PPP's magic numbers */
{
	return sys_now();
}

uint32_t port_random(void)
{
	uint32_t value;

	if (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value)
		abort();
	return value;
}

/* ---- TAP ---------------------------------------------------------------------------------------------- */

static int descriptor(const struct netif *netif)
{
	return (int)(intptr_t)netif->state;
}

static void count(const struct pbuf *p)
{
	const uint8_t *frame = p->payload;
	u16_t at = frame[12] == 0x86 ? PROTOCOL6_AT : PROTOCOL_AT;

	if (p->len <= at || frame[at] != 47)
		return;
	counts.gre++;
	counts.in_one += p->next == NULL;
}

static err_t output(struct netif *netif, struct pbuf *p)
{
	struct iovec pieces[PBUFS_MAX];
	int n = 0;

	count(p);
	for (struct pbuf *q = p; q; q = q->next) {
		if (n == PBUFS_MAX)
			return ERR_BUF;
		pieces[n++] = (struct iovec){.iov_base = q->payload, .iov_len = q->len};
	}
	return writev(descriptor(netif), pieces, n) == (ssize_t)p->tot_len ? ERR_OK : ERR_IF;
}

static err_t begin(struct netif *netif)
{
	uint32_t number = port_random();

	netif->name[0] = 't';
	netif->name[1] = 'p';
	netif->output = etharp_output;
	netif->output_ip6 = ethip6_output;
	netif->linkoutput = output;
	netif->mtu = MTU;
	netif->hwaddr_len = ETH_HWADDR_LEN;
	netif->hwaddr[0] = 2; /* locally administered */
	memcpy(netif->hwaddr + 1, &number, sizeof number);
	netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
	return ERR_OK;
}

static int open_device(const char *name)
{
	struct ifreq request;
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC), error;

	if (fd < 0)
		return -1;
	memset(&request, 0, sizeof request);
	request.ifr_flags = IFF_TAP | IFF_NO_PI;
	snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
	if (ioctl(fd, TUNSETIFF, &request) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static void set_address(struct netif *netif, const ip_addr_t *address)
{
	s8_t index;

	if (IP_IS_V4(address)) {
		ip4_addr_t netmask, none = {0};

		IP4_ADDR(&netmask, 255, 255, 255, 0);
		netif_set_addr(netif, ip_2_ip4(address), &netmask, &none);
	} else if (netif_add_ip6_address(netif, ip_2_ip6(address), &index) == ERR_OK) {
		netif_ip6_addr_set_state(netif, index, IP6_ADDR_PREFERRED);
	}
}

int port_tap_open(struct netif *netif, const char *device, const ip_addr_t *address)
{
	int fd = open_device(device);

	if (fd < 0)
		return -1;
	netif_add_noaddr(netif, (void *)(intptr_t)fd, begin, ethernet_input);
	netif_create_ip6_linklocal_address(netif, 1);
	set_address(netif, address);
	netif_set_up(netif);
	return fd;
}

void port_tap_read(struct netif *netif)
{
	uint8_t frame[FRAME_MAX];
	ssize_t len;

	while ((len = read(descriptor(netif), frame, sizeof frame)) > 0) {
		struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);

		if (!p)
			continue; /* lost, as on a wire */
		pbuf_take(p, frame, (u16_t)len);
		if (netif->input(p, netif) != ERR_OK)
			pbuf_free(p);
	}
}

struct port_counts port_counts(void)
{
	return counts;
}
