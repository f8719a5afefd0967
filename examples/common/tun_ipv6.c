/* tun_ipv6: IPv6 on a TUN interface: link-local addresses, whose last half is the interface identifier that
 * PPP has agreed on (RFC 5072 5). */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
/* Behind those: it minds what they have defined. */
#include <linux/ipv6.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "log.h"
#include "tun.h"

#define PREFIX_BITS       64
#define IDENTIFIER_OFFSET 8

static struct in6_ifreq request_for(const struct tun *tun, const uint8_t *identifier)
{
	struct in6_ifreq request;
	uint8_t octets[16] = {0xFE, 0x80};

	memset(&request, 0, sizeof request);
	memcpy(octets + IDENTIFIER_OFFSET, identifier, PPP_INTERFACE_OCTETS);
	memcpy(&request.ifr6_addr, octets, sizeof octets);
	request.ifr6_prefixlen = PREFIX_BITS;
	request.ifr6_ifindex = (int)if_nametoindex(tun->name);
	return request;
}

static bool control(unsigned long what, struct in6_ifreq *request)
{
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0), error;
	bool done;

	if (fd < 0)
		return false;
	done = ioctl(fd, what, request) == 0;
	error = errno;
	close(fd);
	errno = error;
	return done;
}

void tun_own_ipv6(const struct tun *tun)
{
	static const char none[] = "1";
	char path[64];
	int fd;

	snprintf(path, sizeof path, "/proc/sys/net/ipv6/conf/%s/addr_gen_mode", tun->name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0) /* no IPv6 here: nor will there be such an address */
		return;
	if (write(fd, none, sizeof none - 1) < 0)
		log_errno("cannot keep the system from giving %s an IPv6 address of its own", tun->name);
	close(fd);
}

bool tun_add_ipv6(struct tun *tun, const uint8_t identifier[PPP_INTERFACE_OCTETS])
{
	struct in6_ifreq request = request_for(tun, identifier);

	if (control(SIOCSIFADDR, &request) || errno == EEXIST)
		return true;
	log_errno("cannot give interface %s its IPv6 address", tun->name);
	return false;
}

void tun_delete_ipv6(struct tun *tun, const uint8_t identifier[PPP_INTERFACE_OCTETS])
{
	struct in6_ifreq request = request_for(tun, identifier);

	(void)control(SIOCDIFADDR, &request); /* gone already, with the interface or by hand: as wished */
}

bool tun_can_ipv6(void)
{
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

const char *tun_ipv6_text(const uint8_t identifier[PPP_INTERFACE_OCTETS], char ret[ADDRESS_TEXT_OCTETS])
{
	struct address address = {.octets = {0xFE, 0x80}};

	memcpy(address.octets + IDENTIFIER_OFFSET, identifier, PPP_INTERFACE_OCTETS);
	return address_text(&address, ret);
}
