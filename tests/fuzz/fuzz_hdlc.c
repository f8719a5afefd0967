/* fuzz_hdlc: a line driven at random. What it receives is compared with a decoder that goes octet by octet,
 * in two splits; what it sends comes back as it was, whole or in parts; nothing goes beyond the memory given.
 */
#include "fuzz.h"

#define BUFFER_MAX 80u
#define FRAME_MAX  200u

/* RFC 1662 4.2, 4.3, word for word. */
struct model {
	uint8_t frame[BUFFER_MAX];
	size_t room, at;
	uint32_t accm, counts[PPTP_HDLC_COUNTS], dropped;
	int in_frame, too_long, escaped;
};

struct lines {
	pptp_hdlc *whole, *split; /* the same octets, at once and in pieces */
	uint8_t *memory[2], *buffer[2];
	struct model model;
	uint32_t flags, send_accm;
};

static uint16_t fcs_octet(uint16_t fcs, uint8_t octet)
{
	fcs ^= octet;
	for (int bit = 0; bit < 8; bit++)
		fcs = (uint16_t)(fcs >> 1 ^ (fcs & 1 ? 0x8408 : 0));
	return fcs;
}

static uint16_t fcs_of(const uint8_t *data, size_t len)
{
	uint16_t fcs = 0xFFFF;
	while (len-- > 0)
		fcs = fcs_octet(fcs, *data++);
	return fcs;
}

static void model_drop(struct model *m, uint32_t why)
{
	m->counts[why]++;
	m->dropped++;
}

/* 1: a good frame is in m->frame, of *ret_len octets. */
static int model_flag(struct model *m, size_t *ret_len)
{
	size_t octets = m->at;
	int good = 0, counted = m->in_frame && !m->too_long;
	if (counted && m->escaped)
		model_drop(m, PPTP_HDLC_DROP_ABORTED);
	else if (counted && octets >= 4 && fcs_of(m->frame, octets) == 0xF0B8)
		good = 1;
	else if (counted && octets > 0)
		model_drop(m, octets < 4 ? PPTP_HDLC_DROP_SHORT : PPTP_HDLC_DROP_FCS);
	m->in_frame = 1;
	m->too_long = m->escaped = 0;
	m->at = 0;
	m->counts[PPTP_HDLC_RECEIVED] += (uint32_t)good;
	*ret_len = good ? octets - 2 : 0;
	return good;
}

static int model_take(struct model *m, uint8_t octet, size_t *ret_len)
{
	if (octet == 0x7E)
		return model_flag(m, ret_len);
	if (!m->in_frame) {
		m->counts[PPTP_HDLC_DROP_OUTSIDE]++;
	} else if (m->too_long) {
	} else if (octet < 0x20 && m->accm >> octet & 1) {
		m->counts[PPTP_HDLC_DROP_CONTROL]++;
	} else if (octet == 0x7D && !m->escaped) {
		m->escaped = 1;
	} else if (m->at == m->room) {
		model_drop(m, PPTP_HDLC_DROP_LONG);
		m->too_long = 1;
		m->escaped = 0;
	} else {
		m->frame[m->at++] = m->escaped ? octet ^ 0x20 : octet;
		m->escaped = 0;
	}
	return 0;
}

/* The frame that a line gives is the model's. */
static void check_frame(struct lines *l, const pptp_hdlc_frame *got, const uint8_t *frame, size_t len,
                        uint32_t dropped)
{
	if (l->flags & PPTP_HDLC_STRIP_ADDRESS && len >= 2 && frame[0] == 0xFF && frame[1] == 0x03) {
		frame += 2;
		len -= 2;
	}
	FUZZ_CHECK(got->frame != NULL && got->len == len && memcmp(got->frame, frame, len) == 0);
	FUZZ_CHECK(got->dropped == dropped);
}

/* Give octets to a line until it has taken them or shows a frame. */
static size_t feed(pptp_hdlc *line, const uint8_t *data, size_t len, size_t piece, pptp_hdlc_frame *ret)
{
	size_t used = 0;
	memset(ret, 0, sizeof *ret);
	while (used < len && !ret->frame) {
		size_t n = piece < len - used ? piece : len - used;
		uint8_t *copy = fuzz_copy(data + used, n);
		pptp_ssize taken = pptp_hdlc_decode(line, copy, n, ret);
		free(copy);
		FUZZ_CHECK(taken >= 0 && (size_t)taken <= n && ((size_t)taken == n || ret->frame));
		used += (size_t)taken;
	}
	return used;
}

static void receive(struct lines *l, const uint8_t *data, size_t len, size_t piece)
{
	while (len > 0) {
		pptp_hdlc_frame whole, split;
		size_t n = 0, frame_len = 0;
		uint32_t dropped;
		int good = 0;
		while (n < len && !good)
			good = model_take(&l->model, data[n++], &frame_len);
		dropped = l->model.dropped;
		FUZZ_CHECK(feed(l->whole, data, len, len, &whole) == n);
		FUZZ_CHECK(feed(l->split, data, len, piece, &split) == n);
		FUZZ_CHECK(good == (whole.frame != NULL) && good == (split.frame != NULL));
		if (good) {
			check_frame(l, &whole, l->model.frame, frame_len, dropped);
			check_frame(l, &split, l->model.frame, frame_len, dropped);
			l->model.dropped = 0;
		}
		data += n;
		len -= n;
	}
	for (uint32_t i = 0; i <= PPTP_HDLC_DROP_OUTSIDE; i++) {
		FUZZ_CHECK(pptp_hdlc_count(l->whole, i) == l->model.counts[i]);
		FUZZ_CHECK(pptp_hdlc_count(l->split, i) == l->model.counts[i]);
	}
}

/* Octets of the line for a frame, in parts of `cap`. */
static size_t encode_parts(pptp_hdlc *line, const uint8_t *frame, size_t len, size_t cap, uint8_t *ret)
{
	size_t position = 0, octets = 0;
	do {
		uint8_t *part = fuzz_alloc(cap);
		pptp_ssize n = pptp_hdlc_encode_part(line, frame, len, &position, part, cap);
		FUZZ_CHECK(n > 0 && (size_t)n <= cap);
		memcpy(ret + octets, part, (size_t)n);
		octets += (size_t)n;
		free(part);
	} while (position != PPTP_HDLC_DONE);
	return octets;
}

/* What goes out is what the standard says: nothing between the flags that must be escaped, and the frame. */
static void check_line(const struct lines *l, const uint8_t *line, size_t octets, const uint8_t *frame,
                       size_t len)
{
	struct model m = {.room = BUFFER_MAX, .in_frame = 1};
	size_t got = 0;
	int add = l->flags & PPTP_HDLC_ADD_ADDRESS && pptp_hdlc_address_control(frame, len) == 0;
	FUZZ_CHECK(octets >= 3 && line[octets - 1] == 0x7E);
	for (size_t i = 0; i < octets; i++) {
		FUZZ_CHECK(line[i] >= 0x20 || !(l->send_accm >> line[i] & 1));
		FUZZ_CHECK(line[i] != 0x7E || i == octets - 1 || i == 0);
	}
	if (len + (add ? 2 : 0) + 2 > BUFFER_MAX || len + (add ? 2 : 0) < 2)
		return;
	for (size_t i = 0; i + 1 < octets; i++)
		FUZZ_CHECK(!model_take(&m, line[i], &got));
	FUZZ_CHECK(model_take(&m, line[octets - 1], &got));
	FUZZ_CHECK(got == len + (add ? 2 : 0) && memcmp(m.frame + (add ? 2 : 0), frame, len) == 0);
	FUZZ_CHECK(!add || (m.frame[0] == 0xFF && m.frame[1] == 0x03));
}

static void send(struct lines *l, const uint8_t *data, size_t len, size_t cap)
{
	size_t most = pptp_hdlc_encode_max(len), octets;
	uint8_t *frame = fuzz_copy(data, len), *line = fuzz_alloc(most), *parts = fuzz_alloc(2 * most);
	pptp_ssize n = pptp_hdlc_encode(l->whole, frame, len, line, most);
	FUZZ_CHECK(n > 0 && (size_t)n <= most);
	FUZZ_CHECK(pptp_hdlc_encode(l->whole, frame, len, line, most - 1) == PPTP_ERR_SIZE);
	octets = encode_parts(l->split, frame, len, cap, parts);
	FUZZ_CHECK(octets == (size_t)n && memcmp(line, parts, octets) == 0);
	check_line(l, line, octets, frame, len);
	free(frame);
	free(line);
	free(parts);
}

/* A frame begun and not finished: aborted by the next, which both lines then send alike. */
static void abandon(struct lines *l, const uint8_t *data, size_t len)
{
	uint8_t part[PPTP_HDLC_PART_MIN], *frame = fuzz_copy(data, len);
	uint32_t aborts = pptp_hdlc_count(l->whole, PPTP_HDLC_SENT_ABORT);
	size_t one = 0, other = 0;
	FUZZ_CHECK(pptp_hdlc_encode_part(l->whole, frame, len, &one, part, sizeof part) > 0);
	FUZZ_CHECK(pptp_hdlc_encode_part(l->split, frame, len, &other, part, sizeof part) > 0);
	FUZZ_CHECK(one == other);
	free(frame);
	if (one == PPTP_HDLC_DONE)
		return;
	one = other = 0;
	FUZZ_CHECK(pptp_hdlc_encode_part(l->whole, data, 0, &one, part, sizeof part) > 2);
	FUZZ_CHECK(part[0] == 0x7D && part[1] == 0x7E && one == PPTP_HDLC_DONE);
	FUZZ_CHECK(pptp_hdlc_encode_part(l->split, data, 0, &other, part, sizeof part) > 2);
	FUZZ_CHECK(pptp_hdlc_count(l->whole, PPTP_HDLC_SENT_ABORT) == aborts + 1);
}

static pptp_hdlc *open_line(struct lines *l, int which)
{
	pptp_hdlc_options o;
	pptp_hdlc *line = NULL;
	FUZZ_CHECK(pptp_hdlc_options_init(&o, sizeof o) == PPTP_OK);
	o.flags = l->flags;
	o.send_accm = l->send_accm;
	o.recv_accm = l->model.accm;
	o.buffer_octets = l->model.room;
	o.buffer = l->buffer[which] = fuzz_alloc(l->model.room);
	l->memory[which] = fuzz_alloc(pptp_hdlc_size());
	FUZZ_CHECK(pptp_hdlc_init(l->memory[which], pptp_hdlc_size(), &o, &line) == PPTP_OK);
	return line;
}

static void set_maps(struct lines *l, uint32_t send_accm, uint32_t recv_accm)
{
	l->send_accm = send_accm;
	l->model.accm = recv_accm;
	FUZZ_CHECK(pptp_hdlc_set_accm(l->whole, send_accm, recv_accm) == PPTP_OK);
	FUZZ_CHECK(pptp_hdlc_set_accm(l->split, send_accm, recv_accm) == PPTP_OK);
}

/* What the input says in few octets becomes a good frame on the line. */
static void receive_frame(struct lines *l, const uint8_t *frame, size_t len, size_t piece)
{
	uint8_t line[2 * FRAME_MAX + 64];
	pptp_hdlc *other;
	pptp_hdlc_options o;
	pptp_ssize n;
	FUZZ_CHECK(pptp_hdlc_options_init(&o, sizeof o) == PPTP_OK);
	o.send_accm = l->model.accm;
	FUZZ_CHECK(pptp_hdlc_new(&o, &other) == PPTP_OK);
	n = pptp_hdlc_encode(other, frame, len, line, sizeof line);
	FUZZ_CHECK(n > 0);
	receive(l, line, (size_t)n, piece);
	pptp_hdlc_free(other);
}

static void step(struct lines *l, fuzz_input *in)
{
	uint8_t data[FRAME_MAX], op = fuzz_octet(in);
	size_t size = fuzz_octet(in), len, piece = size % 17 + 1;
	len = fuzz_octets(in, data, size % (FRAME_MAX + 1));
	if (op % 8 < 3)
		receive(l, data, len, piece);
	else if (op % 8 < 5)
		receive_frame(l, data, len, piece);
	else if (op % 8 == 5)
		send(l, data, len, PPTP_HDLC_PART_MIN + size % 64);
	else if (op % 8 == 6)
		abandon(l, data, len);
	else if (l->model.at == 0 && op & 8)
		set_maps(l, fuzz_number(in, 4), fuzz_number(in, 4));
	else
		set_maps(l, l->send_accm, fuzz_number(in, 4)); /* in flight: from the next octet on */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t maps[] = {0, 0xFFFFFFFFu, 0x000A0000u, 0x80000001u};
	fuzz_input in = {data, size};
	struct lines l;
	uint8_t how = fuzz_octet(&in);
	memset(&l, 0, sizeof l);
	l.flags = how & (PPTP_HDLC_SHARE_FLAG | PPTP_HDLC_ADD_ADDRESS | PPTP_HDLC_STRIP_ADDRESS |
	                 PPTP_HDLC_LCP_AS_IS);
	l.send_accm = maps[how >> 4 & 3];
	l.model.accm = maps[how >> 6];
	l.model.room = 4u + fuzz_octet(&in) % (BUFFER_MAX - 3u);
	l.whole = open_line(&l, 0);
	l.split = open_line(&l, 1);
	while (in.left > 0)
		step(&l, &in);
	pptp_hdlc_free(l.whole);
	pptp_hdlc_free(l.split);
	for (int i = 0; i < 2; i++) {
		free(l.memory[i]);
		free(l.buffer[i]);
	}
	return 0;
}
