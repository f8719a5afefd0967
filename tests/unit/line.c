#include "line.h"

pptp_hdlc_options line_options(uint32_t flags, uint32_t send_accm, uint32_t recv_accm)
{
	pptp_hdlc_options o;
	CHECK_EQ(pptp_hdlc_options_init(&o, sizeof o), PPTP_OK);
	o.flags = flags;
	o.send_accm = send_accm;
	o.recv_accm = recv_accm;
	return o;
}

void line_open(line *l, const pptp_hdlc_options *options, size_t room)
{
	pptp_hdlc_options o = *options;
	memset(l, 0, sizeof *l);
	l->memory = check_alloc(pptp_hdlc_size());
	l->buffer = room ? check_alloc(room) : NULL;
	o.buffer = l->buffer;
	o.buffer_octets = room;
	CHECK_EQ(pptp_hdlc_init(l->memory, pptp_hdlc_size(), &o, &l->hdlc), PPTP_OK);
}

void line_close(line *l)
{
	pptp_hdlc_free(l->hdlc);
	free(l->memory);
	free(l->buffer);
	free(l->got);
}

static void keep(line *l, const pptp_hdlc_frame *frame)
{
	if (l->got_cap - l->got_len < frame->len + 2) {
		l->got_cap = 2 * (l->got_cap + frame->len + 2);
		l->got = realloc(l->got, l->got_cap);
		CHECK(l->got != NULL);
	}
	l->got[l->got_len++] = (uint8_t)(frame->len >> 8);
	l->got[l->got_len++] = (uint8_t)frame->len;
	memcpy(l->got + l->got_len, frame->frame, frame->len);
	l->got_len += frame->len;
	l->frames++;
	l->dropped += frame->dropped;
}

void line_feed(line *l, const uint8_t *data, size_t len)
{
	uint8_t *copy = check_copy(data, len);
	size_t at = 0;
	while (at < len) {
		pptp_hdlc_frame frame;
		pptp_ssize used;
		memset(&frame, 0x5A, sizeof frame);
		used = pptp_hdlc_decode(l->hdlc, copy + at, len - at, &frame);
		CHECK(used > 0 && (size_t)used <= len - at);
		at += (size_t)used;
		if (frame.frame) {
			CHECK_EQ(copy[at - 1], 0x7E);
			keep(l, &frame);
		} else {
			CHECK_EQ(at, len);
			CHECK_EQ(frame.len, 0);
			CHECK_EQ(frame.dropped, 0);
		}
	}
	free(copy);
}

void line_feed_cut(line *l, const uint8_t *data, size_t len, size_t cut)
{
	line_feed(l, data, cut);
	line_feed(l, data + cut, len - cut);
}

void line_feed_octets(line *l, const uint8_t *data, size_t len)
{
	for (; len > 0; len--)
		line_feed(l, data++, 1);
}

size_t line_encode(line *l, const uint8_t *frame, size_t len, uint8_t **ret)
{
	size_t cap = pptp_hdlc_encode_max(len);
	uint8_t *copy = check_copy(frame, len);
	pptp_ssize octets;
	*ret = check_alloc(cap);
	octets = pptp_hdlc_encode(l->hdlc, copy, len, *ret, cap);
	CHECK(octets >= (pptp_ssize)len + 3 && (size_t)octets <= cap);
	free(copy);
	return (size_t)octets;
}

size_t line_escape(uint8_t octet, uint32_t accm, uint8_t *ret)
{
	int escaped = octet == 0x7E || octet == 0x7D;
	if (octet < 0x20 && (accm & (UINT32_C(1) << octet)) != 0)
		escaped = 1;
	if (!escaped) {
		ret[0] = octet;
		return 1;
	}
	ret[0] = 0x7D;
	ret[1] = octet ^ 0x20;
	return 2;
}

uint16_t line_fcs(uint16_t fcs, const uint8_t *data, size_t len)
{
	int bit;
	for (; len > 0; len--) {
		fcs ^= *data++;
		for (bit = 0; bit < 8; bit++)
			fcs = (uint16_t)(fcs & 1 ? fcs >> 1 ^ 0x8408 : fcs >> 1);
	}
	return fcs;
}

size_t line_hex(const char *text, uint8_t *ret, size_t cap)
{
	static const char digits[] = "0123456789abcdef";
	size_t nibbles = 0;
	for (; *text; text++) {
		const char *digit = strchr(digits, *text);
		if (*text == ' ')
			continue;
		CHECK(digit && nibbles / 2 < cap);
		if (nibbles % 2 == 0)
			ret[nibbles / 2] = (uint8_t)((digit - digits) << 4);
		else
			ret[nibbles / 2] |= (uint8_t)(digit - digits);
		nibbles++;
	}
	CHECK_EQ(nibbles % 2, 0);
	return nibbles / 2;
}
