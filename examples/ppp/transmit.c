/* transmit: frames out. Control packets are written into the link's own buffer, IPv4 packets are framed
 * where they lie. Always the long form, FF 03 and a protocol of two octets: RFC 1661 6.5 and 6.6 permit
 * it to everyone and demand it for LCP. */
#include "internal.h"

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

	wire_store16(w->start + PPP_HEADROOM + 2, (uint16_t)(w->used - PPP_HEADROOM));
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
	size_t limit = PPP_HEADROOM + fsm->link->lcp.peer_mru;
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
	if (code_refused(fsm, w->start[PPP_HEADROOM]))
		ppp_add(fsm->link, PPP_COUNT_SEND_SUPPRESSED);
	else
		ppp_frame_send(fsm->link, w);
}

static int is_ipv4(const uint8_t *packet, size_t len)
{
	return len >= PPP_IPV4_HEADER_MIN && packet[0] >> 4 == 4;
}

static int refuse(ppp *link, enum ppp_counter counter, int error)
{
	ppp_add(link, counter);
	return error;
}

int ppp_output(ppp *link, uint8_t *packet, size_t len, const uint8_t **ret_frame, size_t *ret_len)
{
	uint8_t *frame;

	if (link->fsm[PPP_LAYER_IPCP].state != PPP_OPENED)
		return refuse(link, PPP_COUNT_OUTPUT_NOT_OPEN, PPP_ERR_NOT_OPEN);
	if (!is_ipv4(packet, len))
		return refuse(link, PPP_COUNT_OUTPUT_NOT_IPV4, PPP_ERR_NOT_IPV4);
	if (len > link->lcp.peer_mru)
		return refuse(link, PPP_COUNT_OUTPUT_TOO_LONG, PPP_ERR_TOO_LONG);
	frame = packet - PPP_HEADROOM;
	wire_store16(frame, PPP_ADDRESS_CONTROL);
	wire_store16(frame + 2, PPP_PROTOCOL_IPV4);
	ppp_add(link, PPP_COUNT_IPV4_OUT);
	*ret_frame = frame;
	*ret_len = len + PPP_HEADROOM;
	return PPP_OK;
}
