/* address: an IP address as 16 octets, IPv4 as ::ffff:a.b.c.d. */
#include "address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

static const uint8_t ipv4_prefix[12] = {[10] = 0xff, [11] = 0xff};

struct address address_from_ipv4(struct in_addr ipv4)
{
	struct address ret = {.scope = 0};

	memcpy(ret.octets, ipv4_prefix, sizeof ipv4_prefix);
	memcpy(ret.octets + sizeof ipv4_prefix, &ipv4, sizeof ipv4);
	return ret;
}

struct address address_from_socket(const struct sockaddr_storage *from)
{
	struct address ret = {.scope = 0};

	if (from->ss_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, from, sizeof in);
		return address_from_ipv4(in.sin_addr);
	}
	if (from->ss_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, from, sizeof in6);
		memcpy(ret.octets, &in6.sin6_addr, sizeof ret.octets);
		ret.scope = in6.sin6_scope_id;
	}
	return ret;
}

uint16_t address_port(const struct sockaddr_storage *from)
{
	if (from->ss_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, from, sizeof in);
		return ntohs(in.sin_port);
	}
	if (from->ss_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, from, sizeof in6);
		return ntohs(in6.sin6_port);
	}
	return 0;
}

void address_interface(const struct address *address, char ret[IF_NAMESIZE])
{
	struct ifaddrs *all;

	ret[0] = '\0';
	if (getifaddrs(&all) != 0)
		return;
	for (const struct ifaddrs *at = all; at != NULL; at = at->ifa_next) {
		struct sockaddr_storage socket = {0};
		struct address has;

		if (at->ifa_addr == NULL ||
		    (at->ifa_addr->sa_family != AF_INET && at->ifa_addr->sa_family != AF_INET6))
			continue;
		memcpy(&socket, at->ifa_addr,
		       at->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
		                                          : sizeof(struct sockaddr_in6));
		has = address_from_socket(&socket);
		if (address_equal(&has, address))
			snprintf(ret, IF_NAMESIZE, "%s", at->ifa_name);
	}
	freeifaddrs(all);
}

void address_complete(struct address *local)
{
	char interface[IF_NAMESIZE];

	if (local->octets[0] != 0xFE || (local->octets[1] & 0xC0) != 0x80 || local->scope != 0)
		return;
	address_interface(local, interface);
	local->scope = if_nametoindex(interface);
}

bool address_equal(const struct address *one, const struct address *other)
{
	return memcmp(one->octets, other->octets, sizeof one->octets) == 0;
}

bool address_is_any(const struct address *address)
{
	static const struct address any;

	return address_equal(address, &any);
}

bool addresses_have(const struct addresses *addresses, const struct address *address)
{
	for (unsigned i = 0; i < addresses->count; i++)
		if (address_equal(&addresses->list[i], address))
			return true;
	return false;
}

bool address_is_ipv4(const struct address *address)
{
	return memcmp(address->octets, ipv4_prefix, sizeof ipv4_prefix) == 0;
}

uint32_t address_to_ipv4(const struct address *address)
{
	uint32_t big_endian;

	memcpy(&big_endian, address->octets + sizeof ipv4_prefix, sizeof big_endian);
	return ntohl(big_endian);
}

socklen_t address_to_socket(const struct address *address, uint16_t port, struct sockaddr_storage *ret)
{
	memset(ret, 0, sizeof *ret);
	if (address_is_ipv4(address)) {
		struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};

		memcpy(&in.sin_addr, address->octets + sizeof ipv4_prefix, sizeof in.sin_addr);
		memcpy(ret, &in, sizeof in);
		return sizeof in;
	}
	struct sockaddr_in6 in6 = {
	        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_scope_id = address->scope};

	memcpy(&in6.sin6_addr, address->octets, sizeof in6.sin6_addr);
	memcpy(ret, &in6, sizeof in6);
	return sizeof in6;
}

const char *address_text(const struct address *address, char ret[ADDRESS_TEXT_OCTETS])
{
	char interface[IF_NAMESIZE];

	if (address_is_any(address))
		return strcpy(ret, "any address");
	if (address_is_ipv4(address))
		return ipv4_text(address_to_ipv4(address), ret);
	if (inet_ntop(AF_INET6, address->octets, ret, ADDRESS_TEXT_OCTETS) == NULL)
		strcpy(ret, "?");
	if (address->scope != 0 && if_indextoname(address->scope, interface) != NULL) {
		size_t len = strlen(ret);

		snprintf(ret + len, ADDRESS_TEXT_OCTETS - len, "%%%s", interface);
	}
	return ret;
}

const char *ipv4_text(uint32_t ipv4, char ret[INET_ADDRSTRLEN])
{
	snprintf(ret, INET_ADDRSTRLEN, "%u.%u.%u.%u", ipv4 >> 24, ipv4 >> 16 & 255, ipv4 >> 8 & 255,
	         ipv4 & 255);
	return ret;
}
