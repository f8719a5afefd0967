/* transmit: frames out. Control packets are written into the link's own buffer, packets of the network are
 * framed where they lie. Always the long form, FF 03 and a protocol of two octets: RFC 1661 6.5 and 6.6
 * permit it to everyone and demand it for LCP. */
#include "ccp.h"

uint8_t ppp_next_identifier(ppp_fsm *fsm)
{
	return ++fsm->identifier;
}

wire_writer ppp_frame_begin(ppp *link, uint16_t protocol, uint8_t code, uint8_t id)
{
	wire_writer w = wire_write(link->transmit, sizeof link->transmit);

	wire_put16(&w, PPP_ADDRESS_CONTROL);
	wire_put16(&w, protocol);
	wire_put8(&w, code);
	wire_put8(&w, id);
	wire_put16(&w, 0); /* Length, once it is known */
	return w;
}

void ppp_frame_send(ppp *link, wire_writer *w)
{
	ppp_trace record = {PPP_TRACE_SENT, w->start, w->used, PPP_COUNTERS, NULL, NULL, NULL};

	wire_store16(w->start + PPP_FRAME_HEADER + 2, (uint16_t)(w->used - PPP_FRAME_HEADER));
	ppp_add(link, PPP_COUNT_CONTROL_OUT);
	ppp_trace_record(link, &record);
	if (w->failed || link->options.send(link->options.user, w->start, w->used) != 0)
		ppp_add(link, PPP_COUNT_SEND_FAILED);
}

wire_writer ppp_packet_begin(ppp_fsm *fsm, uint8_t code, uint8_t id)
{
	return ppp_frame_begin(fsm->link, fsm->type->number, code, id);
}

void ppp_packet_put_cut(const ppp_fsm *fsm, wire_writer *w, const uint8_t *from, size_t len)
{
	size_t limit = PPP_FRAME_HEADER + fsm->link->lcp.peer_mru;
	size_t room = limit > w->used ? limit - w->used : 0;

	if (room > w->cap - w->used)
		room = w->cap - w->used;
	wire_put_octets(w, from, len < room ? len : room);
}

static int code_refused(const ppp_fsm *fsm, uint8_t code)
{
	return fsm->refused_codes >> code & 1;
}

void ppp_packet_send(ppp_fsm *fsm, wire_writer *w)
{
	if (code_refused(fsm, w->start[PPP_FRAME_HEADER]))
		ppp_add(fsm->link, PPP_COUNT_SEND_SUPPRESSED);
	else
		ppp_frame_send(fsm->link, w);
}

uint16_t ppp_mtu(const ppp *link)
{
	uint16_t most = link->options.mtu_max, peer = link->lcp.peer_mru;

	return (uint16_t)((peer < most ? peer : most) - ppp_mppe_overhead(link));
}

static int refuse(ppp *link, enum ppp_counter counter, int error)
{
	ppp_add(link, counter);
	return error;
}

/* RFC 3078 3: the inner protocol is encrypted with the packet, in front of it go the header and 00FD. */
static uint8_t *encrypt(ppp *link, uint16_t protocol, uint8_t *packet, size_t *len)
{
	wire_store16(packet - 2, protocol);
	mppe_encrypt(&link->ccp.send, packet - 2, *len + 2);
	*len += PPP_MPPE_OVERHEAD;
	return packet - PPP_MPPE_OVERHEAD;
}

static int frame_packet(ppp *link, uint16_t protocol, uint8_t *packet, size_t len, const uint8_t **ret_frame,
                        size_t *ret_len)
{
	if (link->phase != PPP_PHASE_NETWORK || !ppp_ccp_settled(link))
		return refuse(link, PPP_COUNT_OUTPUT_NOT_OPEN, PPP_ERR_NOT_OPEN);
	if (len > link->lcp.peer_mru - ppp_mppe_overhead(link))
		return refuse(link, PPP_COUNT_OUTPUT_TOO_LONG, PPP_ERR_TOO_LONG);
	if (ppp_mppe_sends(link) && protocol <= PPP_PROTOCOL_NETWORK_LAST) {
		packet = encrypt(link, protocol, packet, &len);
		protocol = PPP_PROTOCOL_MPPE;
		ppp_add(link, PPP_COUNT_ENCRYPTED);
	}
	packet -= PPP_FRAME_HEADER;
	wire_store16(packet, PPP_ADDRESS_CONTROL);
	wire_store16(packet + 2, protocol);
	*ret_frame = packet;
	*ret_len = len + PPP_FRAME_HEADER;
	return PPP_OK;
}

static int counted(ppp *link, int result, enum ppp_counter counter)
{
	if (result == PPP_OK)
		ppp_add(link, counter);
	return result;
}

int ppp_output(ppp *link, uint8_t *packet, size_t len, const uint8_t **ret_frame, size_t *ret_len)
{
	uint8_t version = len > 0 ? packet[0] >> 4 : 0;

	if (version == 6 && len >= PPP_IPV6_HEADER) {
		if (!link->ipv6cp.up)
			return refuse(link, PPP_COUNT_OUTPUT_NOT_OPEN, PPP_ERR_NOT_OPEN);
		return counted(link, frame_packet(link, PPP_PROTOCOL_IPV6, packet, len, ret_frame, ret_len),
		               PPP_COUNT_IPV6_OUT);
	}
	if (!link->network_up)
		return refuse(link, PPP_COUNT_OUTPUT_NOT_OPEN, PPP_ERR_NOT_OPEN);
	if (version != 4 || len < PPP_IPV4_HEADER_MIN)
		return refuse(link, PPP_COUNT_OUTPUT_NOT_IP, PPP_ERR_NOT_IP);
	return counted(link, frame_packet(link, PPP_PROTOCOL_IPV4, packet, len, ret_frame, ret_len),
	               PPP_COUNT_IPV4_OUT);
}

int ppp_output_protocol(ppp *link, uint16_t protocol, uint8_t *packet, size_t len, const uint8_t **ret_frame,
                        size_t *ret_len)
{
	if (!ppp_is_the_hosts(protocol))
		return refuse(link, PPP_COUNT_OUTPUT_NOT_OURS, PPP_ERR_ARGUMENT);
	return counted(link, frame_packet(link, protocol, packet, len, ret_frame, ret_len),
	               PPP_COUNT_OTHER_OUT);
}
