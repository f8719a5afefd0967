/* fuzz_gre_header: any octets as a datagram. What decodes lies inside, and encodes to the same octets. */
#include <pptp/pptp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static void check_encoded(const pptp_gre_header *header, const uint8_t *data)
{
	uint8_t again[PPTP_GRE_HEADER_MAX];
	check(pptp_gre_encode(header, again, sizeof again) == header->header_octets);
	check(pptp_gre_encode(header, again, header->header_octets - 1u) == PPTP_ERR_SIZE);
	check(memcmp(again, data, 4) == 0 && memcmp(again + 6, data + 6, header->header_octets - 6u) == 0);
	if (header->has_sequence) /* without one Payload Length is not looked at */
		check(memcmp(again + 4, data + 4, 2) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pptp_gre_header header;
	uint16_t call_id = 0;
	uint32_t verdict = pptp_gre_decode(data, size, &header);
	pptp_err peek = pptp_gre_peek(data, size, &call_id);
	pptp_ssize ip = pptp_gre_ipv4_header(data, size);
	check(verdict <= PPTP_GRE_DROP_PAYLOAD && verdict != PPTP_GRE_DROP_LATE &&
	      verdict != PPTP_GRE_DROP_DUPLICATE);
	check(ip == PPTP_ERR_MALFORMED || ip == PPTP_ERR_ARG || (ip >= 20 && ip <= 60 && (size_t)ip <= size));
	if (verdict > PPTP_GRE_EMPTY)
		return 0;
	check(peek == PPTP_OK && call_id == header.call_id);
	check(header.header_octets == 12 || header.header_octets == 16);
	check((size_t)header.header_octets + header.payload_octets <= size);
	check((header.payload_octets > 0) == (verdict == PPTP_GRE_DELIVER));
	check(header.has_sequence == (verdict != PPTP_GRE_ACK_ONLY));
	check_encoded(&header, data);
	return 0;
}
