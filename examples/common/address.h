/* address: an IP address as 16 octets, IPv4 as ::ffff:a.b.c.d.
 *
 * The same octets are the key of pptp_mux, so a datagram's source is looked up without a conversion.
 * Addresses inside the tunnel are IPv4 by nature (IPCP) and are uint32_t in host order here. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include <pptp/pptp.h>

struct address {
	uint8_t octets[PPTP_ADDRESS_OCTETS];
};

/** Octets of the longest text of an address, zero included. */
#define ADDRESS_TEXT_OCTETS 46

struct address address_from_ipv4(struct in_addr ipv4);

/** The address of a socket address; :: for families other than AF_INET and AF_INET6. */
struct address address_from_socket(const struct sockaddr_storage *from);

/** Its port, 0 for those families. */
uint16_t address_port(const struct sockaddr_storage *from);

bool address_equal(const struct address *one, const struct address *other);
bool address_is_ipv4(const struct address *address);

/** The last four octets, in host order. */
uint32_t address_to_ipv4(const struct address *address);

/** @return length of *ret, as bind, connect and sendmsg want it */
socklen_t address_to_socket(const struct address *address, uint16_t port, struct sockaddr_storage *ret);

/** Write as text, IPv4 in dotted form. @return ret */
const char *address_text(const struct address *address, char ret[ADDRESS_TEXT_OCTETS]);

/** The same for an address inside the tunnel. @return ret */
const char *ipv4_text(uint32_t ipv4, char ret[INET_ADDRSTRLEN]);

#endif
