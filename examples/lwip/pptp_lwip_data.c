/* pptp_lwip_data: GRE over a raw PCB of lwIP's, without a copy: headers go in front of the pbuf that lwIP sends where
 * it has room, and what comes in goes to PPP in the pbuf it came in, also when it has to wait for one before it. */
#include "pptp_lwip_internal.h"
#if PPP_SUPPORT && LWIP_RAW && LWIP_TCP

#include "lwip/ip.h"
#include "lwip/raw.h"
#include "netif/ppp/ppp_impl.h"

/* ---- in --------------------------------------------------------------------------------------------- */

/* PPP wants the protocol first, in two octets: take FF 03 off, and put the zero back that PFC saves, where the GRE
 * header was (RFC 1661 6.5, 6.6). @return 0: no frame */
static int bare(struct pbuf *p)
{
	if (p->len >= 2 && PPP_ADDRESS(p->payload) == PPP_ALLSTATIONS && PPP_CONTROL(p->payload) == PPP_UI)
		(void)pbuf_remove_header(p, 2);
	if (p->len < 1)
		return 0;
	if ((pbuf_get_at(p, 0) & 1) == 0)
		return 1;
	(void)pbuf_add_header_force(p, 1); /* also where the driver has its own buffers */
	pbuf_put_at(p, 0, 0);
	return 1;
}

/* The cookie of a packet is its pbuf. */
static void deliver(struct pptp_lwip *self, const pptp_gre_frame *frame)
{
	struct pbuf *p = frame->cookie;

	if (!p)
		return; /* held */
	if (frame->verdict == PPTP_GRE_DELIVER && self->started && !self->leaving) {
		(void)pbuf_remove_header(p, (size_t)(frame->frame - (const uint8_t *)p->payload));
		pbuf_realloc(p, (u16_t)frame->len); /* no padding */
		if (bare(p)) {
			ppp_input(self->ppp, p);
			return;
		}
	}
	pbuf_free(p);
}

/* An acknowledgment for which there is no memory is lost, as one may be. */
static void acknowledge(struct pptp_lwip *self)
{
	uint8_t packet[PPTP_GRE_ACK_OCTETS];
	pptp_ssize len = pptp_gre_ack(self->channel, packet, sizeof packet, tunnel_now(self));
	struct pbuf *p = len > 0 ? pbuf_alloc(PBUF_IP, (u16_t)len, PBUF_RAM) : NULL;

	if (!p)
		return;
	(void)pbuf_take(p, packet, (u16_t)len);
	(void)raw_send(self->raw, p);
	pbuf_free(p);
}

static void drain(struct pptp_lwip *self)
{
	pptp_gre_frame frame;

	while (pptp_gre_next(self->channel, &frame) == PPTP_OK)
		deliver(self, &frame);
	if (pptp_gre_deadline(self->channel) <= tunnel_now(self))
		acknowledge(self);
	tunnel_arm(self);
}

static int is_ours(const struct pptp_lwip *self, const struct pbuf *p, u16_t ip_header)
{
	uint8_t header[PPTP_GRE_ACK_OCTETS];
	u16_t len = pbuf_copy_partial(p, header, sizeof header, ip_header), call_id;

	return self->channel && pptp_gre_peek(header, len, &call_id) == PPTP_OK && call_id == self->call_id;
}

/* lwIP gives the IP header too. What is another tunnel's goes on to the next PCB. Of a chain of pbufs libpptp is shown
 * the first alone: it looks at no more than the header. */
static u8_t on_packet(void *arg, struct raw_pcb *raw, struct pbuf *p, const ip_addr_t *from)
{
	struct pptp_lwip *self = arg;
	pptp_gre_frame frame;
	u16_t ip_header = ip_current_header_tot_len();

	LWIP_UNUSED_ARG(raw);
	LWIP_UNUSED_ARG(from); /* the PCB is connected: it is the server */
	if (!is_ours(self, p, ip_header))
		return 0;
	p = pbuf_free_header(p, ip_header);
	if (p->len < PPTP_LWIP_HEADROOM)
		p = pbuf_coalesce(p, PBUF_RAW);
	if (p->next && p->len < PPTP_LWIP_HEADROOM) { /* no memory */
		pbuf_free(p);
		return 1;
	}
	if (pptp_gre_recv(self->channel, p->payload, p->tot_len, p, tunnel_now(self), &frame) != PPTP_OK) {
		pbuf_free(p);
		return 1;
	}
	deliver(self, &frame);
	drain(self);
	return 1;
}

/* ---- out -------------------------------------------------------------------------------------------- */

/* A pbuf that begins with so many octets of room and goes on with p: p itself where nobody else has it and it can
 * grow (lwIP's IP takes no pbuf that has two owners), else a new one; NULL: there is no memory. */
static struct pbuf *with_room(struct pbuf *p, u16_t octets)
{
	struct pbuf *head;

	if (p->ref == 1 && pbuf_add_header(p, octets) == 0)
		return p;
	head = pbuf_alloc(PBUF_IP, octets, PBUF_RAM);
	if (head)
		pbuf_chain(head, p);
	return head;
}

/* packet: PPTP_GRE_HEADER_MAX octets of room, then a frame; `added` octets of them are not the caller's pbuf's. */
static err_t transmit(struct pptp_lwip *self, struct pbuf *packet, u16_t added)
{
	pptp_usec now = tunnel_now(self);
	pptp_ssize len = pptp_gre_send(self->channel, packet->payload, PPTP_GRE_HEADER_MAX,
	                               packet->tot_len - PPTP_GRE_HEADER_MAX, now);
	err_t error;

	if (len < 0) {
		(void)pbuf_remove_header(packet, added);
		return ERR_CONN;
	}
	(void)pbuf_remove_header(packet, PPTP_GRE_HEADER_MAX - (size_t)len);
	error = raw_send(self->raw, packet);
	if (error != ERR_OK)
		(void)pptp_gre_unsend(self->channel, 1, now);
	tunnel_arm(self);
	return error;
}

/* The header of PPP, as short as LCP agreed on. @return octets */
static u16_t frame_header(const struct pptp_lwip *self, u16_t protocol, u8_t *ret)
{
	u16_t len = 0;

	if (!self->accomp) {
		ret[len++] = PPP_ALLSTATIONS;
		ret[len++] = PPP_UI;
	}
	if (!self->pcomp || protocol > 0xFF)
		ret[len++] = (u8_t)(protocol >> 8);
	ret[len++] = (u8_t)protocol;
	return len;
}

err_t data_send(struct pptp_lwip *self, struct pbuf *p, u16_t protocol)
{
	u8_t header[PPP_HDRLEN];
	u16_t len = frame_header(self, protocol, header), added;
	struct pbuf *packet;
	err_t error;

	if (!self->channel)
		return ERR_CONN;
	added = (u16_t)(PPTP_GRE_HEADER_MAX + len);
	packet = with_room(p, added);
	if (!packet)
		return ERR_MEM;
	SMEMCPY((u8_t *)packet->payload + PPTP_GRE_HEADER_MAX, header, len);
	error = transmit(self, packet, added);
	if (packet != p)
		pbuf_free(packet);
	return error;
}

err_t data_send_frame(struct pptp_lwip *self, struct pbuf *p)
{
	err_t error = ERR_CONN;
	struct pbuf *packet;

	if (self->channel) {
		packet = with_room(p, PPTP_GRE_HEADER_MAX);
		error = packet ? transmit(self, packet, PPTP_GRE_HEADER_MAX) : ERR_MEM;
		if (packet && packet != p)
			pbuf_free(packet);
	}
	pbuf_free(p);
	return error;
}

/* ---- life ------------------------------------------------------------------------------------------- */

err_t data_open(struct pptp_lwip *self, const struct netif *netif)
{
	self->raw = raw_new_ip_type(IP_GET_TYPE(&self->server), PPTP_IP_PROTOCOL);
	if (!self->raw)
		return ERR_MEM;
	raw_bind_netif(self->raw, netif);
	raw_recv(self->raw, on_packet, self);
	return raw_connect(self->raw, &self->server);
}

pptp_err data_prepare(struct pptp_lwip *self)
{
	pptp_gre_options options;
	pptp_err error = pptp_pool_init(self->pool_storage, sizeof self->pool_storage,
	                                PPTP_LWIP_REORDER_PACKETS, 0, &self->pool);

	(void)pptp_gre_options_init(&options, sizeof options);
	options.pool = self->pool;
	options.no_inbound_us = PPTP_LWIP_NO_INBOUND_SECONDS * US_PER_S;
	options.reorder_packets = PPTP_LWIP_REORDER_PACKETS;
	if (error == PPTP_OK)
		error = pptp_call_channel(self->conn, self->call, &options);
	if (error != PPTP_OK)
		return error;
	self->call_id = options.local_call_id;
	return pptp_gre_init(self->gre_storage, sizeof self->gre_storage, &options, NULL, NULL,
	                     &self->channel);
}

void data_start(struct pptp_lwip *self, const pptp_event *up)
{
	(void)pptp_gre_start(self->channel, up->peer_call_id, up->peer_recv_window, up->peer_delay,
	                     tunnel_now(self));
}

void data_tick(struct pptp_lwip *self)
{
	if (!self->channel)
		return;
	(void)pptp_gre_tick(self->channel, tunnel_now(self));
	if (pptp_gre_events(self->channel) & PPTP_GRE_EV_NO_INBOUND)
		self->end.no_inbound = 1;
	drain(self);
}

void data_stop(struct pptp_lwip *self)
{
	pptp_gre_frame frame;

	if (!self->channel)
		return;
	(void)pptp_gre_reset(self->channel);
	while (pptp_gre_next(self->channel, &frame) == PPTP_OK)
		deliver(self, &frame);
	pptp_gre_free(self->channel);
	pptp_pool_free(self->pool);
	self->channel = NULL;
}

void data_free(struct pptp_lwip *self)
{
	data_stop(self);
	if (self->raw)
		raw_remove(self->raw);
	self->raw = NULL;
}

#endif
