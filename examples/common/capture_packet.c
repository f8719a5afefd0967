/* capture_packet: the headers of packets in a capture (RFC 791, RFC 8200, RFC 9293). */
#include "capture_packet.h"

#include <string.h>

#include "wire.h"

#define IPV4_OCTETS 20u
#define IPV6_OCTETS 40u
#define TCP_OCTETS  20u
#define TTL         64u

/* RFC 1071: ones' complement sum of big-endian words, an odd octet filled up with zero. */
static uint32_t add_words(uint32_t sum, const uint8_t *data, size_t len)
{
	for (; len > 1; data += 2, len -= 2)
		sum += wire_load16(data);
	return len > 0 ? sum + ((uint32_t)data[0] << 8) : sum;
}

static uint16_t checksum(uint32_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xFFFF) + (sum >> 16);
	return (uint16_t)~sum;
}

static size_t ipv4_header(uint8_t *ret, const struct address *from, const struct address *to,
                          uint8_t protocol, size_t len)
{
	memset(ret, 0, IPV4_OCTETS);
	ret[0] = 0x45;
	wire_store16(ret + 2, (uint16_t)(IPV4_OCTETS + len));
	ret[6] = 0x40; /* do not fragment: then the identification may be 0 (RFC 6864) */
	ret[8] = TTL;
	ret[9] = protocol;
	wire_store32(ret + 12, address_to_ipv4(from));
	wire_store32(ret + 16, address_to_ipv4(to));
	wire_store16(ret + 10, checksum(add_words(0, ret, IPV4_OCTETS)));
	return IPV4_OCTETS;
}

static size_t ipv6_header(uint8_t *ret, const struct address *from, const struct address *to,
                          uint8_t protocol, size_t len)
{
	memset(ret, 0, 8);
	ret[0] = 0x60;
	wire_store16(ret + 4, (uint16_t)len);
	ret[6] = protocol;
	ret[7] = TTL;
	memcpy(ret + 8, from->octets, sizeof from->octets);
	memcpy(ret + 24, to->octets, sizeof to->octets);
	return IPV6_OCTETS;
}

size_t capture_ip_header(uint8_t ret[CAPTURE_HEADERS_MAX], const struct address *from,
                         const struct address *to, uint8_t protocol, size_t len)
{
	if (address_is_ipv4(from) && address_is_ipv4(to))
		return ipv4_header(ret, from, to, protocol, len);
	return ipv6_header(ret, from, to, protocol, len);
}

/* Of the pseudo-header: that of IPv4 and that of IPv6 have the same words, for lengths that are this small.
 */
static uint32_t pseudo_sum(const uint8_t *ip, size_t ip_octets, size_t tcp_octets)
{
	size_t addresses = ip_octets == IPV4_OCTETS ? 12 : 8;

	return add_words(IPPROTO_TCP + (uint32_t)tcp_octets, ip + addresses, ip_octets - addresses);
}

size_t capture_tcp_header(uint8_t ret[CAPTURE_HEADERS_MAX], const struct capture_end *from,
                          const struct capture_end *to, uint32_t sequence, uint32_t acknowledged,
                          const uint8_t *data, size_t len)
{
	size_t ip = capture_ip_header(ret, from->address, to->address, IPPROTO_TCP, TCP_OCTETS + len);
	uint8_t *tcp = ret + ip;
	uint32_t sum;

	memset(tcp, 0, TCP_OCTETS);
	wire_store16(tcp, from->port);
	wire_store16(tcp + 2, to->port);
	wire_store32(tcp + 4, sequence + 1); /* the SYN had 0 */
	wire_store32(tcp + 8, acknowledged + 1);
	tcp[12] = TCP_OCTETS / 4 << 4;
	tcp[13] = 0x18; /* ACK, PSH */
	wire_store16(tcp + 14, 0xFFFF);
	sum = add_words(pseudo_sum(ret, ip, TCP_OCTETS + len), tcp, TCP_OCTETS);
	wire_store16(tcp + 16, checksum(add_words(sum, data, len)));
	return ip + TCP_OCTETS;
}
