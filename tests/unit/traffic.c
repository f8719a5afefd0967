#include "traffic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wire.h"

void traffic_packet(const end *from, int version, uint32_t number, uint8_t *ret)
{
	memset(ret, 0x5A, PACKET_OCTETS);
	if (version == 4) {
		ret[0] = 0x45;
		wire_store16(ret + 2, PACKET_OCTETS);
		wire_store32(ret + 12, from->up.local_address);
	} else {
		ret[0] = 0x60;
		wire_store16(ret + 4, PACKET_OCTETS - 40);
		memset(ret + 8, 0, 16);
		wire_store16(ret + 8, 0xFE80);
		memcpy(ret + 16, from->up6.local_interface, PPP_INTERFACE_OCTETS);
	}
	wire_store32(ret + PACKET_OCTETS - 4, number);
}

size_t traffic_frame(end *from, int version, uint32_t number, uint8_t *ret)
{
	uint8_t buffer[PPP_HEADROOM + PACKET_OCTETS];
	const uint8_t *frame;
	size_t len;

	traffic_packet(from, version, number, buffer + PPP_HEADROOM);
	assert_int_equal(ppp_output(&from->link, buffer + PPP_HEADROOM, PACKET_OCTETS, &frame, &len), PPP_OK);
	assert_true(frame >= buffer && frame + len == buffer + sizeof buffer);
	memcpy(ret, frame, len);
	return len;
}

int traffic_send(end *from, int version, uint32_t number)
{
	uint8_t frame[FRAME_MAX], packet[PACKET_OCTETS];
	size_t len = traffic_frame(from, version, number, frame);
	unsigned before = from->other->packets;

	traffic_packet(from, version, number, packet);
	assert_int_equal(ppp_input(&from->other->link, frame, len, now), PPP_OK);
	if (from->other->packets == before)
		return 0;
	assert_int_equal(from->other->packets, before + 1);
	assert_int_equal(from->other->packet_len, PACKET_OCTETS);
	assert_memory_equal(from->other->packet, packet, PACKET_OCTETS);
	return 1;
}

int traffic_is_encrypted(const uint8_t *frame, size_t len)
{
	static const uint8_t seen[4] = {0x5A, 0x5A, 0x5A, 0x5A};

	if (len < 8 || wire_load32(frame) != 0xFF0300FD)
		return 0;
	for (size_t i = 0; i + sizeof seen <= len; i++)
		if (memcmp(frame + i, seen, sizeof seen) == 0)
			return 0;
	return 1;
}
