#include "channel.h"
#include "wire.h"

void recorder_log(recorder *r, uint8_t kind, const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	CHECK(r->log_len + 3 + a_len + b_len <= sizeof(r->log));
	r->log[r->log_len++] = kind;
	r->log[r->log_len++] = (uint8_t)((a_len + b_len) >> 8);
	r->log[r->log_len++] = (uint8_t)(a_len + b_len);
	if (a_len)
		memcpy(r->log + r->log_len, a, a_len);
	r->log_len += a_len;
	if (b_len)
		memcpy(r->log + r->log_len, b, b_len);
	r->log_len += b_len;
}

static pptp_err on_send(void *user, const uint8_t *header, size_t header_len, const uint8_t *frame,
                        size_t frame_len)
{
	recorder *r = user;
	pptp_err result = r->send_result;
	if (result == PPTP_OK) {
		recorder_log(r, 'S', header, header_len, frame, frame_len);
		r->sent++;
	}
	if (r->in_send)
		r->in_send(r);
	return result;
}

static void on_receive(void *user, const uint8_t *frame, size_t len)
{
	recorder *r = user;
	recorder_log(r, 'R', frame, len, NULL, 0);
	r->received++;
	if (r->in_receive)
		r->in_receive(r);
}

static void on_release(void *user, void *cookie)
{
	recorder *r = user;
	CHECK(cookie != NULL);
	r->cookies[r->released++ % LEN(r->cookies)] = cookie;
	if (r->in_release)
		r->in_release(r);
}

const pptp_gre_callbacks recorder_callbacks = {sizeof(pptp_gre_callbacks), 0, on_send, on_receive,
                                               on_release};

recorder *recorder_new(void)
{
	recorder *r = check_alloc(sizeof(*r));
	memset(r, 0, sizeof(*r));
	return r;
}

pptp_gre_options channel_options(void)
{
	pptp_gre_options o;
	CHECK_EQ(pptp_gre_options_init(&o, sizeof(o)), PPTP_OK);
	o.local_call_id = LOCAL;
	return o;
}

pptp_gre *channel_new(const pptp_gre_options *o, recorder *r)
{
	pptp_gre *gre = NULL;
	CHECK_EQ(pptp_gre_new(o, r ? &recorder_callbacks : NULL, r, &gre), PPTP_OK);
	if (r)
		r->gre = gre;
	return gre;
}

pptp_gre *channel_started(const pptp_gre_options *o, recorder *r)
{
	pptp_gre *gre = channel_new(o, r);
	CHECK_EQ(pptp_gre_start(gre, PEER, 64, 0, 0), PPTP_OK);
	return gre;
}

pptp_gre *channel_make(void)
{
	pptp_gre_options o = channel_options();
	return channel_started(&o, NULL);
}

size_t channel_datagram(uint8_t *ret, uint64_t sequence, uint64_t ack, size_t len)
{
	pptp_gre_header h = {0};
	pptp_ssize n;
	size_t i;
	h.call_id = LOCAL;
	h.has_sequence = sequence != NO_NUMBER;
	h.sequence = (uint32_t)sequence;
	h.has_ack = ack != NO_NUMBER;
	h.acknowledgment = (uint32_t)ack;
	h.payload_octets = (uint16_t)len;
	n = pptp_gre_encode(&h, ret, 16);
	CHECK(n > 0);
	for (i = 0; i < len; i++)
		ret[(size_t)n + i] = (uint8_t)(0x10 + i);
	if (len >= 4)
		wire_store32(ret + n, (uint32_t)sequence);
	return (size_t)n + len;
}

uint32_t channel_recv(pptp_gre *gre, uint32_t sequence, uint64_t ack, pptp_usec now)
{
	uint8_t data[40];
	size_t len = channel_datagram(data, sequence, ack, 8);
	int cookie;
	pptp_gre_frame f;
	memset(&f, 0x5A, sizeof(f));
	CHECK_EQ(pptp_gre_recv(gre, data, len, &cookie, now, &f), PPTP_OK);
	CHECK(f.cookie == &cookie);
	CHECK_EQ(f.sequence, sequence);
	CHECK(f.reserved[0] == 0 && f.reserved[1] == 0 && f.reserved[2] == 0);
	if (f.verdict == PPTP_GRE_DELIVER) {
		CHECK_EQ(f.len, 8);
		CHECK(f.frame == data + len - 8);
	} else {
		CHECK(f.frame == NULL);
		CHECK_EQ(f.len, 0);
	}
	return f.verdict;
}

void channel_recv_ack(pptp_gre *gre, uint32_t ack, pptp_usec now)
{
	uint8_t data[16];
	size_t len = channel_datagram(data, NO_NUMBER, ack, 0);
	pptp_gre_frame f;
	CHECK_EQ(pptp_gre_recv(gre, data, len, NULL, now, &f), PPTP_OK);
	CHECK_EQ(f.verdict, PPTP_GRE_ACK_ONLY);
	CHECK(f.frame == NULL);
}

pptp_gre_header channel_send(pptp_gre *gre, size_t len, pptp_usec now)
{
	uint8_t buffer[PPTP_GRE_HEADER_MAX + 8], *frame = buffer + PPTP_GRE_HEADER_MAX;
	pptp_gre_header h = {0};
	pptp_ssize n = pptp_gre_send(gre, buffer, PPTP_GRE_HEADER_MAX, len, now);
	CHECK(n == 12 || n == 16);
	CHECK(len <= 8);
	CHECK_EQ(pptp_gre_decode(frame - n, (size_t)n + len, &h), len ? PPTP_GRE_DELIVER : PPTP_GRE_EMPTY);
	CHECK_EQ(h.header_octets, n);
	CHECK_EQ(h.payload_octets, len);
	CHECK_EQ(h.call_id, PEER);
	CHECK_EQ(n == 16, h.has_ack);
	return h;
}

int64_t channel_ack(pptp_gre *gre, pptp_usec now)
{
	uint8_t packet[PPTP_GRE_ACK_OCTETS];
	pptp_gre_header h;
	pptp_ssize n = pptp_gre_ack(gre, packet, sizeof(packet), now);
	if (n == 0)
		return -1;
	CHECK_EQ(n, PPTP_GRE_ACK_OCTETS);
	CHECK_EQ(pptp_gre_decode(packet, sizeof(packet), &h), PPTP_GRE_ACK_ONLY);
	CHECK_EQ(h.call_id, PEER);
	CHECK_EQ(h.payload_octets, 0);
	return h.acknowledgment;
}

uint32_t channel_outstanding(pptp_gre *gre, uint32_t most)
{
	uint32_t n;
	for (n = most; n > 0; n--) {
		pptp_err err = pptp_gre_unsend(gre, n, 0);
		if (err == PPTP_OK)
			break;
		CHECK_EQ(err, PPTP_ERR_ARG);
	}
	for (most = 0; most < n; most++)
		channel_send(gre, 1, 0);
	return n;
}

pptp_gre_info channel_info(const pptp_gre *gre)
{
	pptp_gre_info info;
	memset(&info, 0x5A, sizeof(info));
	CHECK_EQ(pptp_gre_get_info(gre, &info, sizeof(info)), PPTP_OK);
	CHECK_EQ(info.size, sizeof(info));
	return info;
}
