/* tun: Linux TUN, set up through ioctls. */
#include "tun.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "log.h"

static const char device[] = "/dev/net/tun";

static void say_open_failed(void)
{
	if (errno == EPERM || errno == EACCES)
		log_errno("cannot make a TUN interface; run as root or with CAP_NET_ADMIN");
	else if (errno == ENOENT || errno == ENODEV)
		log_errno("cannot open %s; load the kernel module \"tun\", or give the container this device",
		          device);
	else
		log_errno("cannot make a TUN interface");
}

/* Offer the packet in the buffer. While it finds no room, nothing more is read. */
static bool offer(struct tun *tun, size_t len)
{
	if (tun->packet(tun->user, tun->buffer + TUN_HEADROOM, len))
		return true;
	tun->held = len;
	loop_watch(tun->loop, &tun->io, 0);
	return false;
}

static void ready(void *user, uint32_t events)
{
	struct tun *tun = user;

	(void)events;
	for (int i = 0; i < LOOP_BATCH && tun->held == 0; i++) {
		ssize_t len = read(tun->io.fd, tun->buffer + TUN_HEADROOM, TUN_PACKET_MAX);

		if (len <= 0 || !offer(tun, (size_t)len))
			return;
	}
}

bool tun_open(struct tun *tun, struct loop *loop, const char *name,
              bool (*packet)(void *user, uint8_t *packet, size_t len), void *user)
{
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};

	memset(tun, 0, sizeof *tun);
	tun->loop = loop;
	tun->packet = packet;
	tun->user = user;
	tun->io = (struct loop_io){.events = EPOLLIN, .ready = ready, .user = tun};
	tun->io.fd = open(device, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (tun->io.fd < 0) {
		say_open_failed();
		return false;
	}
	strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
	if (ioctl(tun->io.fd, TUNSETIFF, &request) != 0) {
		if (errno == EBUSY)
			log_line(
			        "cannot make interface %s: it exists already; choose another name with --tun",
			        name);
		else
			say_open_failed();
		close(tun->io.fd);
		return false;
	}
	memcpy(tun->name, request.ifr_name, sizeof tun->name);
	tun_own_ipv6(tun);
	if (loop_add(loop, &tun->io))
		return true;
	close(tun->io.fd);
	return false;
}

/* ---- addresses, routes: ioctls of any socket -------------------------------------------------------- */

static void set_address(struct sockaddr *to, uint32_t address)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};

	memcpy(to, &in, sizeof in);
}

static bool control(unsigned long what, void *argument)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool done;

	if (fd < 0)
		return false;
	done = ioctl(fd, what, argument) == 0;
	if (!done) {
		int error = errno;
		close(fd);
		errno = error;
		return false;
	}
	close(fd);
	return true;
}

static struct ifreq request_for(const struct tun *tun)
{
	struct ifreq request;

	memset(&request, 0, sizeof request);
	memcpy(request.ifr_name, tun->name, sizeof request.ifr_name);
	return request;
}

static bool configure(struct tun *tun, uint32_t local, uint32_t peer, unsigned mtu)
{
	struct ifreq request = request_for(tun);

	set_address(&request.ifr_addr, local);
	if (!control(SIOCSIFADDR, &request))
		return false;
	if (peer != 0) {
		set_address(&request.ifr_dstaddr, peer);
		if (!control(SIOCSIFDSTADDR, &request))
			return false;
	}
	set_address(&request.ifr_netmask, 0xFFFFFFFF);
	if (!control(SIOCSIFNETMASK, &request))
		return false;
	request.ifr_mtu = (int)mtu;
	if (!control(SIOCSIFMTU, &request))
		return false;
	request.ifr_flags = IFF_UP | IFF_RUNNING | IFF_POINTOPOINT | IFF_NOARP;
	return control(SIOCSIFFLAGS, &request);
}

bool tun_configure(struct tun *tun, uint32_t local, uint32_t peer, unsigned mtu)
{
	char text[INET_ADDRSTRLEN];

	if (configure(tun, local, peer, mtu))
		return true;
	log_errno("cannot set up interface %s with address %s", tun->name, ipv4_text(local, text));
	return false;
}

static bool change_route(struct tun *tun, unsigned long what, const struct ipv4_network *network)
{
	struct rtentry route;
	uint32_t mask = network->prefix_bits == 0 ? 0 : 0xFFFFFFFFu << (32 - network->prefix_bits);

	memset(&route, 0, sizeof route);
	set_address(&route.rt_dst, network->address & mask);
	set_address(&route.rt_genmask, mask);
	route.rt_flags = RTF_UP | (network->prefix_bits == 32 ? RTF_HOST : 0);
	route.rt_dev = tun->name;
	return control(what, &route);
}

bool tun_add_route(struct tun *tun, const struct ipv4_network *network)
{
	char text[INET_ADDRSTRLEN];

	if (change_route(tun, SIOCADDRT, network) || errno == EEXIST)
		return true;
	log_errno("cannot route %s/%u through %s", ipv4_text(network->address, text), network->prefix_bits,
	          tun->name);
	return false;
}

void tun_delete_route(struct tun *tun, const struct ipv4_network *network)
{
	(void)change_route(tun, SIOCDELRT,
	                   network); /* gone already with the interface or by hand: as wished */
}

void tun_close(struct tun *tun)
{
	loop_remove(tun->loop, &tun->io);
	close(tun->io.fd);
}

void tun_write(struct tun *tun, const uint8_t *packet, size_t len)
{
	if (write(tun->io.fd, packet, len) < 0)
		tun->lost++; /* IP may lose packets; the kernel refuses those with a bad header too */
}

void tun_resume(struct tun *tun)
{
	size_t len = tun->held;

	if (len == 0)
		return;
	tun->held = 0;
	if (offer(tun, len))
		loop_watch(tun->loop, &tun->io, EPOLLIN);
}
