/* address: an IP address as 16 octets, IPv4 as ::ffff:a.b.c.d, and several of one host.
 *
 * The same octets are the key of pptp_mux, so a datagram's source is looked up without a conversion.
 * Addresses inside the tunnel are IPv4 by nature (IPCP) and are uint32_t in host order here. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include <pptp/pptp.h>

struct address {
	uint8_t octets[PPTP_ADDRESS_OCTETS];
	uint32_t scope; /* index of the interface that a link-local IPv6 address is on, else 0 */
};

/** Octets of the longest text of an address, zero included: with scope. */
#define ADDRESS_TEXT_OCTETS 64

#define ADDRESSES_MAX 8u

/** Where a host may be reached, the best first. */
struct addresses {
	struct address list[ADDRESSES_MAX];
	unsigned count;
};

struct address address_from_ipv4(struct in_addr ipv4);

/** The address of a socket address; :: for families other than AF_INET and AF_INET6. */
struct address address_from_socket(const struct sockaddr_storage *from);

/** Its port, 0 for those families. */
uint16_t address_port(const struct sockaddr_storage *from);

/** All octets 0: none in particular, or every one, of both families. */
bool address_is_any(const struct address *address);

/** Whether the octets are equal. */
bool address_equal(const struct address *one, const struct address *other);
bool addresses_have(const struct addresses *addresses, const struct address *address);
bool address_is_ipv4(const struct address *address);

/** The last four octets, in host order. */
uint32_t address_to_ipv4(const struct address *address);

/** The interface of this host that has this address; "" when none has. */
void address_interface(const struct address *address, char ret[IF_NAMESIZE]);

/** Give a link-local address of this host the scope that it needs and getsockname leaves out where the other end has an
 *  address of another kind. */
void address_complete(struct address *local);

/** @return length of *ret, as bind, connect and sendmsg want it */
socklen_t address_to_socket(const struct address *address, uint16_t port, struct sockaddr_storage *ret);

/** Write as text, IPv4 in dotted form, a link-local one with its interface. @return ret */
const char *address_text(const struct address *address, char ret[ADDRESS_TEXT_OCTETS]);

/** The same for an address inside the tunnel. @return ret */
const char *ipv4_text(uint32_t ipv4, char ret[INET_ADDRSTRLEN]);

#endif
