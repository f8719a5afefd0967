/* mss: the largest segment that TCP announces, lowered to what a tunnel carries (RFC 879, RFC 9293 3.7.1). */
#include "mss.h"

#include <netinet/in.h>

#include "wire.h"

#define IPV4_OCTETS      20u
#define IPV6_OCTETS      40u
#define EXTENSION_MIN    8u
#define FRAGMENT_OCTETS  8u
#define TCP_OCTETS       20u
#define CHECKSUM_OFFSET  16u
#define FLAGS_OFFSET     13u
#define FLAG_SYN         0x02u
#define OFFSET_MASK_IPV4 0x1FFFu
#define OFFSET_MASK_IPV6 0xFFF8u

enum { OPTION_END = 0, OPTION_NOP = 1, OPTION_MSS = 2, OPTION_MSS_OCTETS = 4 };

/* ---- where TCP begins; 0: there is none, or not its beginning ------------------------------- */

static size_t tcp_in_ipv4(const uint8_t *packet, size_t len)
{
	size_t header;

	if (len < IPV4_OCTETS)
		return 0;
	header = (size_t)(packet[0] & 15) * 4;
	if (header < IPV4_OCTETS || packet[9] != IPPROTO_TCP ||
	    (wire_load16(packet + 6) & OFFSET_MASK_IPV4) != 0)
		return 0;
	return header;
}

/* Octets of an extension header (RFC 8200 4); 0: it is none, or TCP does not begin behind it. */
static size_t extension(const uint8_t *header, uint8_t type)
{
	switch (type) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
		return ((size_t)header[1] + 1) * 8;
	case IPPROTO_FRAGMENT:
		return (wire_load16(header + 2) & OFFSET_MASK_IPV6) == 0 ? FRAGMENT_OCTETS : 0;
	default:
		return 0;
	}
}

static size_t tcp_in_ipv6(const uint8_t *packet, size_t len)
{
	size_t at = IPV6_OCTETS;
	uint8_t type;

	if (len < IPV6_OCTETS)
		return 0;
	type = packet[6];
	while (type != IPPROTO_TCP) {
		size_t octets = len >= at + EXTENSION_MIN ? extension(packet + at, type) : 0;

		if (octets == 0)
			return 0;
		type = packet[at];
		at += octets;
	}
	return at;
}

static size_t tcp_in(const uint8_t *packet, size_t len)
{
	if (len == 0)
		return 0;
	return packet[0] >> 4 == 4   ? tcp_in_ipv4(packet, len)
	       : packet[0] >> 4 == 6 ? tcp_in_ipv6(packet, len)
	                             : 0;
}

static unsigned limit_of(const uint8_t *packet, unsigned mtu)
{
	unsigned headers = (packet[0] >> 4 == 4 ? IPV4_OCTETS : IPV6_OCTETS) + TCP_OCTETS;

	return mtu > headers ? mtu - headers : 0;
}

/* ---- the option ----------------------------------------------------------------------------- */

/* Where the value of MSS is among the options from `at` to `end`. */
static size_t find_option(const uint8_t *packet, size_t at, size_t end)
{
	while (at < end && packet[at] != OPTION_END) {
		if (packet[at] == OPTION_NOP) {
			at++;
			continue;
		}
		if (at + 2 > end || packet[at + 1] < 2 || packet[at + 1] > end - at)
			return 0;
		if (packet[at] == OPTION_MSS)
			return packet[at + 1] == OPTION_MSS_OCTETS ? at + 2 : 0;
		at += packet[at + 1];
	}
	return 0;
}

size_t mss_find(const uint8_t *packet, size_t len, unsigned mtu)
{
	size_t tcp = tcp_in(packet, len), header, at;

	if (tcp == 0 || len < tcp + TCP_OCTETS || (packet[tcp + FLAGS_OFFSET] & FLAG_SYN) == 0)
		return 0;
	header = (size_t)(packet[tcp + 12] >> 4) * 4;
	if (header < TCP_OCTETS || len < tcp + header)
		return 0;
	at = find_option(packet, tcp + TCP_OCTETS, tcp + header);
	return at != 0 && wire_load16(packet + at) > limit_of(packet, mtu) ? at : 0;
}

/* RFC 1624: HC' = ~(~HC + ~m + m'). Swapped octets sum up to a swapped sum (RFC 1071 1.2.B), for a value that
 * does not begin at a word of TCP's. */
static uint16_t adjust(uint16_t checksum, uint16_t old, uint16_t new)
{
	uint32_t sum = (uint16_t)~checksum + (uint32_t)(uint16_t)~old + new;

	while (sum >> 16 != 0)
		sum = (sum & 0xFFFF) + (sum >> 16);
	return (uint16_t)~sum;
}

static uint16_t swapped(uint16_t value)
{
	return (uint16_t)(value << 8 | value >> 8);
}

void mss_lower(uint8_t *packet, size_t at, unsigned mtu)
{
	uint16_t old = wire_load16(packet + at), new = (uint16_t)limit_of(packet, mtu);
	size_t tcp = tcp_in(packet, at);
	uint8_t *checksum = packet + tcp + CHECKSUM_OFFSET;
	int odd = ((at - tcp) & 1) != 0;

	wire_store16(packet + at, new);
	wire_store16(checksum,
	             adjust(wire_load16(checksum), odd ? swapped(old) : old, odd ? swapped(new) : new));
}
