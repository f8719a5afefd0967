/* hdlc: octets of the line to frames (RFC 1662 3.1, 4.2, 4.3, 4.4.1). */
#define VECTORS_HDLC
#include "line.h"
#include "vectors.h"

#define COUNTS_MAX 5

struct expected_count {
	uint32_t which, n;
};

/* What a line of octets is. Frames are given without FCS; "+" in the wire stands for the FCS of what is in
 * brackets: "7e [ff03 7d3e] + 7e". */
struct row {
	const char *name;
	uint32_t recv_accm;
	size_t room;
	const char *wire;
	const char *frames[4];
	struct expected_count counts[COUNTS_MAX];
};

/* Octets of a row's wire. The FCS in it is escaped with all controls. */
static size_t wire_of(const char *text, uint8_t *ret, size_t cap)
{
	uint16_t fcs = 0;
	size_t at = 0;
	while (*text) {
		size_t octets = strcspn(text, "[]+");
		char hex[600];
		CHECK(octets < sizeof hex);
		memcpy(hex, text, octets);
		hex[octets] = 0;
		at += line_hex(hex, ret + at, cap - at);
		text += octets;
		if (*text == '+') {
			CHECK(cap - at >= 4);
			at += line_escape((uint8_t)~fcs, ALL_CONTROLS, ret + at);
			at += line_escape((uint8_t)(~fcs >> 8), ALL_CONTROLS, ret + at);
		} else if (*text == '[') {
			uint8_t frame[300];
			size_t end = strcspn(text, "]");
			CHECK(end < sizeof hex);
			memcpy(hex, text + 1, end - 1);
			hex[end - 1] = 0;
			fcs = line_fcs(0xFFFF, frame, line_hex(hex, frame, sizeof frame));
			text += end;
		}
		text += *text != 0;
	}
	return at;
}

static const struct row rows[] = {
        {"one frame", 0, 16, "7e ff030021 [ff030021] + 7e", {"ff030021"}, {{PPTP_HDLC_RECEIVED, 1}}},
        {"shared flag",
         0,
         16,
         "7e 0021 [0021] + 7e 0057 [0057] + 7e",
         {"0021", "0057"},
         {{PPTP_HDLC_RECEIVED, 2}}},
        {"fill",
         0,
         16,
         "7e7e7e7e7e7e7e7e7e7e7e7e 0021 [0021] + 7e7e7e7e7e7e7e7e7e7e7e",
         {"0021"},
         {{PPTP_HDLC_RECEIVED, 1}}},
        {"octets outside",
         0,
         16,
         "434f4e4e4543540d0a434f4e4e4543540d0a 7e 0021 [0021] + 7e",
         {"0021"},
         {{PPTP_HDLC_RECEIVED, 1}, {PPTP_HDLC_DROP_OUTSIDE, 18}}},
        {"escapes outside",
         0,
         16,
         "7d7d7d117d 7e 0021 [0021] + 7e",
         {"0021"},
         {{PPTP_HDLC_RECEIVED, 1}, {PPTP_HDLC_DROP_OUTSIDE, 5}}},
        {"no flag ever", 0, 16, "0021450000140000000040", {NULL}, {{PPTP_HDLC_DROP_OUTSIDE, 11}}},
        {"escaped flag and escape",
         0,
         16,
         "7e 7d5e7d5d 21 [7e7d21] + 7e",
         {"7e7d21"},
         {{PPTP_HDLC_RECEIVED, 1}}},
        {"any octet may be escaped",
         0,
         16,
         "7e 7d61 7d80 7ddf 7d00 [41a0ff20] + 7e",
         {"41a0ff20"},
         {{PPTP_HDLC_RECEIVED, 1}}},
        {"7D behind 7D",
         0,
         16,
         "7e 7d7d 7d7d 7d5d 41 [5d5d7d41] + 7e",
         {"5d5d7d41"},
         {{PPTP_HDLC_RECEIVED, 1}}},
        {"7D behind 7D at odd places",
         0,
         24,
         "7e 41 7d7d 7d7d 7d7d 42 7d7d7d33 43 [415d5d5d425d1343] + 7e",
         {"415d5d5d425d1343"},
         {{PPTP_HDLC_RECEIVED, 1}}},
        {"abort",
         0,
         16,
         "7e 0021 7d7e 0057 [0057] + 7e",
         {"0057"},
         {{PPTP_HDLC_RECEIVED, 1}, {PPTP_HDLC_DROP_ABORTED, 1}}},
        {"abort of a good frame", 0, 16, "7e 0021 [0021] + 7d7e", {NULL}, {{PPTP_HDLC_DROP_ABORTED, 1}}},
        {"abort of nothing",
         0,
         16,
         "7e 7d7e 7d7e 0021 [0021] + 7e",
         {"0021"},
         {{PPTP_HDLC_RECEIVED, 1}, {PPTP_HDLC_DROP_ABORTED, 2}}},
        {"7D7D7E is no abort", 0, 16, "7e 002141 7d7d7e 7e", {NULL}, {{PPTP_HDLC_DROP_FCS, 1}}},
        {"7D7D7D7E is one", 0, 16, "7e 002141 7d7d7d7e 7e", {NULL}, {{PPTP_HDLC_DROP_ABORTED, 1}}},
        {"short",
         0,
         16,
         "7e 41 7e 4142 7e 414243 7e 0021 [0021] + 7e",
         {"0021"},
         {{PPTP_HDLC_RECEIVED, 1}, {PPTP_HDLC_DROP_SHORT, 3}}},
        {"short by escapes", 0, 16, "7e 7d617d627d63 7e", {NULL}, {{PPTP_HDLC_DROP_SHORT, 1}}},
        {"empty with FCS", 0, 16, "7e 0000 7e", {NULL}, {{PPTP_HDLC_DROP_SHORT, 1}}},
        {"one octet with FCS", 0, 16, "7e 41 [41] + 7e", {NULL}, {{PPTP_HDLC_DROP_SHORT, 1}}},
        {"bad FCS",
         0,
         16,
         "7e 0021 [0022] + 7e 0057 [0057] + 7e",
         {"0057"},
         {{PPTP_HDLC_RECEIVED, 1}, {PPTP_HDLC_DROP_FCS, 1}}},
        {"four octets, bad FCS", 0, 16, "7e 41414141 7e", {NULL}, {{PPTP_HDLC_DROP_FCS, 1}}},
        {"fills the buffer", 0, 6, "7e 00214142 [00214142] + 7e", {"00214142"}, {{PPTP_HDLC_RECEIVED, 1}}},
        {"one octet more",
         0,
         5,
         "7e 00214142 [00214142] + 7e 0021 [0021] + 7e",
         {"0021"},
         {{PPTP_HDLC_RECEIVED, 1}, {PPTP_HDLC_DROP_LONG, 1}}},
        {"much more, then abort",
         0,
         5,
         "7e 002141424344454647484950515253545556575859606162 7d7d7d41 7d7e 0021 [0021] + 7e",
         {"0021"},
         {{PPTP_HDLC_RECEIVED, 1}, {PPTP_HDLC_DROP_LONG, 1}}},
        {"escapes at the end of the buffer",
         0,
         6,
         "7e 7d617d627d637d64 [41424344] + 7e",
         {"41424344"},
         {{PPTP_HDLC_RECEIVED, 1}}},
        {"an escape too much is none",
         0,
         6,
         "7e 41424344 [41424344] + 7d 7e",
         {NULL},
         {{PPTP_HDLC_DROP_ABORTED, 1}}},
        {"controls dropped",
         ALL_CONTROLS,
         16,
         "7e 1113 41 00 42 0a [4142] + 1f 7e",
         {"4142"},
         {{PPTP_HDLC_RECEIVED, 1}, {PPTP_HDLC_DROP_CONTROL, 5}}},
        {"controls kept",
         0,
         16,
         "7e 11134100420a [11134100420a] + 7e",
         {"11134100420a"},
         {{PPTP_HDLC_RECEIVED, 1}}},
        {"only the named",
         0x000A0000,
         16,
         "7e 11 12 13 14 41 11 [121441] + 7e",
         {"121441"},
         {{PPTP_HDLC_RECEIVED, 1}, {PPTP_HDLC_DROP_CONTROL, 3}}},
        {"escaped controls are kept",
         ALL_CONTROLS,
         16,
         "7e 7d317d33 41 7d20 [111341 00] + 7e",
         {"11134100"},
         {{PPTP_HDLC_RECEIVED, 1}}},
        {"dropped behind an escape",
         ALL_CONTROLS,
         16,
         "7e 7d 11 61 7d 1311 62 7d 00 5e [41427e] + 7e",
         {"41427e"},
         {{PPTP_HDLC_RECEIVED, 1}, {PPTP_HDLC_DROP_CONTROL, 4}}},
        {"abort with a dropped octet in it",
         ALL_CONTROLS,
         16,
         "7e 414243 7d 11 7e",
         {NULL},
         {{PPTP_HDLC_DROP_CONTROL, 1}, {PPTP_HDLC_DROP_ABORTED, 1}}},
        {"dropped while the buffer is full",
         ALL_CONTROLS,
         6,
         "7e 41424344 [41424344] + 11131113 7e",
         {"41424344"},
         {{PPTP_HDLC_RECEIVED, 1}, {PPTP_HDLC_DROP_CONTROL, 4}}},
        {"nothing but dropped",
         ALL_CONTROLS,
         16,
         "7e 0102030405060708090a0b0c0d0e0f10 7e",
         {NULL},
         {{PPTP_HDLC_DROP_CONTROL, 16}}},
        {"words of all kinds",
         0x000A0000,
         64,
         "7e 4142434445464748 7d5e7d5e7d5e7d5e 7d7d7d7d7d7d7d7d 01027d5e03047d5d 1111111111111111 "
         "5152535455565758 "
         "[4142434445464748 7e7e7e7e 5d5d5d5d 01027e03047d 5152535455565758] + 7e",
         {"41424344454647487e7e7e7e5d5d5d5d01027e03047d5152535455565758"},
         {{PPTP_HDLC_RECEIVED, 1}, {PPTP_HDLC_DROP_CONTROL, 8}}},
};

static void check_row_result(const line *l, const struct row *r)
{
	uint32_t which, frames = 0, damaged = 0;
	size_t at = 0, i;
	for (i = 0; i < LEN(r->frames) && r->frames[i]; i++, frames++) {
		uint8_t wanted[64];
		size_t len = line_hex(r->frames[i], wanted, sizeof wanted);
		check_step("frame %u", (unsigned)i);
		CHECK(at < l->got_len);
		CHECK_EQ(l->got[at] << 8 | l->got[at + 1], len);
		CHECK_OCTETS(l->got + at + 2, wanted, len);
		at += 2 + len;
	}
	CHECK_EQ(l->frames, frames);
	for (which = 0; which < PPTP_HDLC_COUNTS; which++) {
		uint32_t wanted = 0;
		for (i = 0; i < COUNTS_MAX; i++)
			if (r->counts[i].n > 0 && r->counts[i].which == which)
				wanted = r->counts[i].n;
		check_step("count of %s", pptp_hdlc_count_name(which));
		CHECK_EQ(pptp_hdlc_count(l->hdlc, which), wanted);
		if (which >= PPTP_HDLC_DROP_FCS && which <= PPTP_HDLC_DROP_ABORTED)
			damaged += wanted;
	}
	CHECK(l->dropped <= damaged);
	if (frames > 0 && r->wire[strlen(r->wire) - 4] == '+') /* the last thing is a good frame */
		CHECK_EQ(l->dropped, damaged);
}

/* Every row at every cut, and octet by octet, behind each kind of frame. */
static void test_hdlc_decode_rows(void **state)
{
	size_t i, cut;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_hdlc_options o = line_options(0, 0, rows[i].recv_accm);
		uint8_t wire[600];
		size_t len = wire_of(rows[i].wire, wire, sizeof wire);
		line l;
		check_row("%s", rows[i].name);
		for (cut = 0; cut <= len; cut++) {
			line_open(&l, &o, rows[i].room);
			check_row("%s, cut at %u", rows[i].name, (unsigned)cut);
			line_feed_cut(&l, wire, len, cut);
			check_row_result(&l, &rows[i]);
			line_close(&l);
		}
		check_row("%s, octet by octet", rows[i].name);
		line_open(&l, &o, rows[i].room);
		line_feed_octets(&l, wire, len);
		check_row_result(&l, &rows[i]);
		line_close(&l);
	}
}

/* How the codec goes about a frame depends on those before: all rows in one stream, all of them twice. */
static void test_hdlc_decode_rows_in_a_row(void **state)
{
	uint8_t *wire = check_alloc(1 << 16);
	uint32_t seed;
	(void)state;
	for (seed = 0; seed < 40; seed++) {
		check_random random = {seed};
		pptp_hdlc_options o = line_options(0, 0, 0);
		uint32_t counts[PPTP_HDLC_COUNTS] = {0}, which;
		size_t i, k, len;
		line l;
		line_open(&l, &o, 64);
		line_feed(&l, (const uint8_t *)"\x7E", 1);
		for (i = 0; i < 2 * LEN(rows); i++) {
			const struct row *r = &rows[random_below(&random, LEN(rows))];
			if (r->room < 16 || r->counts[0].which == PPTP_HDLC_DROP_OUTSIDE ||
			    r->counts[1].which == PPTP_HDLC_DROP_OUTSIDE)
				continue;
			check_row("seed %u, %s", (unsigned)seed, r->name);
			CHECK_EQ(pptp_hdlc_set_accm(l.hdlc, 0, r->recv_accm), PPTP_OK);
			len = wire_of(r->wire, wire, 1 << 16);
			line_feed_cut(&l, wire, len, random_below(&random, (uint32_t)len + 1));
			for (k = 0; k < COUNTS_MAX; k++)
				counts[r->counts[k].which] += r->counts[k].n;
			for (which = 0; which < PPTP_HDLC_COUNTS; which++)
				CHECK_EQ(pptp_hdlc_count(l.hdlc, which), counts[which]);
		}
		line_close(&l);
	}
	free(wire);
}

static void test_hdlc_decode_vectors(void **state)
{
	size_t i, cut, k;
	(void)state;
	for (i = 0; i < LEN(vector_hdlcs); i++) {
		const struct vector_hdlc *v = &vector_hdlcs[i];
		const struct vector_octets *wires[2];
		wires[0] = &v->all_controls;
		wires[1] = &v->no_controls;
		for (k = 0; k < 2; k++) {
			pptp_hdlc_options o = line_options(0, 0, k == 0 ? ALL_CONTROLS : 0);
			for (cut = 0; cut <= wires[k]->len; cut++) {
				line l;
				check_row("%s, %s, cut at %u", v->id, k == 0 ? "all controls" : "none",
				          (unsigned)cut);
				line_open(&l, &o, v->len + 4);
				line_feed_cut(&l, wires[k]->data, wires[k]->len, cut);
				CHECK_EQ(l.frames, v->len > 1);
				CHECK_EQ(pptp_hdlc_count(l.hdlc, PPTP_HDLC_DROP_SHORT), v->len <= 1);
				if (v->len > 1) {
					CHECK_EQ(l.got[1], v->len);
					CHECK_OCTETS(l.got + 2, v->data, v->len);
				}
				line_close(&l);
			}
		}
	}
}

/* Every octet with every bit of the receive map, escaped and not, at every place in a word. */
static void test_hdlc_decode_every_octet_and_bit(void **state)
{
	uint8_t frame[29], wire[80];
	unsigned octet, bit, escaped;
	(void)state;
	for (bit = 0; bit < 33; bit++) {
		uint32_t accm = bit < 32 ? UINT32_C(1) << bit : ALL_CONTROLS;
		pptp_hdlc_options o = line_options(0, 0, accm);
		for (octet = 0; octet < 256; octet++) {
			for (escaped = 0; escaped < 2; escaped++) {
				unsigned place = (octet + bit) % 24, at = 0, len = 0, i;
				int dropped = !escaped && octet < 0x20 && (accm >> octet & 1) != 0;
				uint16_t fcs;
				line l;
				if (!escaped && (octet == 0x7E || octet == 0x7D))
					continue;
				if (escaped && ((octet ^ 0x20) == 0x7E ||
				                ((octet ^ 0x20) < 0x20 && accm >> (octet ^ 0x20) & 1)))
					continue; /* an abort, and an octet that is dropped before it is
					             unescaped */
				check_row("octet %02x%s, map %08x, at %u", octet, escaped ? " escaped" : "",
				          (unsigned)accm, place);
				wire[at++] = 0x7E;
				for (i = 0; i < 24; i++) {
					if (i == place && escaped)
						wire[at++] = 0x7D;
					wire[at++] = (uint8_t)(i != place ? 0x41
					                       : escaped  ? octet ^ 0x20
					                                  : octet);
					if (i != place || !dropped)
						frame[len++] = (uint8_t)(i == place ? octet : 0x41);
				}
				fcs = (uint16_t)~line_fcs(0xFFFF, frame, len);
				at += (unsigned)line_escape((uint8_t)fcs, ALL_CONTROLS, wire + at);
				at += (unsigned)line_escape((uint8_t)(fcs >> 8), ALL_CONTROLS, wire + at);
				wire[at++] = 0x7E;
				line_open(&l, &o, sizeof frame);
				line_feed(&l, wire, at);
				CHECK_EQ(l.frames, 1);
				CHECK_EQ(l.got[1], len);
				CHECK_OCTETS(l.got + 2, frame, len);
				CHECK_EQ(pptp_hdlc_count(l.hdlc, PPTP_HDLC_DROP_CONTROL), dropped);
				line_close(&l);
			}
		}
	}
}

/* Frames of every length around that of the buffer, with every octet escaped or none. */
static void test_hdlc_decode_room(void **state)
{
	size_t room, len, k;
	(void)state;
	for (room = 4; room < 60; room++) {
		for (len = 2; len < 64; len++) {
			for (k = 0; k < 2; k++) {
				pptp_hdlc_options o = line_options(0, 0, 0);
				uint8_t frame[64], *wire;
				size_t octets;
				line l;
				check_row("%u octets, room for %u, octets %s", (unsigned)len, (unsigned)room,
				          k ? "escaped" : "not escaped");
				memset(frame, k ? 0x7E : 0x41, sizeof frame);
				line_open(&l, &o, room);
				octets = line_encode(&l, frame, len, &wire);
				line_feed(&l, wire, octets);
				CHECK_EQ(l.frames, len + 2 <= room);
				CHECK_EQ(pptp_hdlc_count(l.hdlc, PPTP_HDLC_DROP_LONG), len + 2 > room);
				if (l.frames) {
					CHECK_EQ(l.got[1], len);
					CHECK_OCTETS(l.got + 2, frame, len);
				}
				line_feed_octets(&l, wire, octets);
				CHECK_EQ(l.frames, len + 2 <= room ? 2 : 0);
				free(wire);
				line_close(&l);
			}
		}
	}
}

/* decode stops behind each good frame, whatever follows, and nothing of the frame is lost before the next
 * call. */
static void test_hdlc_decode_stops_behind_a_frame(void **state)
{
	uint8_t wire[400], frame[4] = {0x00, 0x21, 0x41, 0x41};
	pptp_hdlc_options o = line_options(0, 0, 0);
	size_t at = 0, used = 0, i;
	pptp_hdlc_frame is;
	line l;
	(void)state;
	line_open(&l, &o, LINE_ROOM);
	for (i = 0; i < 20; i++) {
		uint8_t *one;
		size_t len;
		frame[3] = (uint8_t)i;
		len = line_encode(&l, frame, sizeof frame, &one);
		CHECK(at + len <= sizeof wire);
		memcpy(wire + at, one, len);
		at += len;
		free(one);
	}
	for (i = 0; i < 20; i++) {
		pptp_ssize n = pptp_hdlc_decode(l.hdlc, wire + used, at - used, &is);
		check_row("frame %u", (unsigned)i);
		CHECK(n > 0);
		used += (size_t)n;
		CHECK_EQ(wire[used - 1], 0x7E);
		CHECK(is.frame == l.buffer);
		CHECK_EQ(is.len, sizeof frame);
		frame[3] = (uint8_t)i;
		CHECK_OCTETS(is.frame, frame, sizeof frame);
		CHECK_EQ(pptp_hdlc_count(l.hdlc, PPTP_HDLC_RECEIVED), i + 1);
	}
	CHECK_EQ(used, at);
	CHECK_EQ(pptp_hdlc_decode(l.hdlc, wire, 0, &is), 0);
	CHECK(is.frame == NULL);
	CHECK_EQ(pptp_hdlc_decode(l.hdlc, NULL, 0, &is), 0);
	line_close(&l);
}

/* Receiving uses a new map from the next octet on, also in the middle of a frame. */
static void test_hdlc_decode_new_map(void **state)
{
	static const uint8_t begin[] = {0x7E, 0x41, 0x11, 0x42}, rest[] = {0x11, 0x43};
	static const uint8_t wanted[] = {0x41, 0x11, 0x42, 0x43};
	pptp_hdlc_options o = line_options(0, 0, 0);
	uint8_t end[8];
	uint16_t fcs = (uint16_t)~line_fcs(0xFFFF, wanted, sizeof wanted);
	size_t at;
	line l;
	(void)state;
	at = line_escape((uint8_t)fcs, ALL_CONTROLS, end);
	at += line_escape((uint8_t)(fcs >> 8), ALL_CONTROLS, end + at);
	end[at++] = 0x7E;
	line_open(&l, &o, LINE_ROOM);
	line_feed(&l, begin, sizeof begin);
	CHECK_EQ(pptp_hdlc_set_accm(l.hdlc, 0, 1u << 0x11), PPTP_OK);
	line_feed(&l, rest, sizeof rest);
	line_feed(&l, end, at);
	CHECK_EQ(l.frames, 1);
	CHECK_OCTETS(l.got + 2, wanted, sizeof wanted);
	CHECK_EQ(pptp_hdlc_count(l.hdlc, PPTP_HDLC_DROP_CONTROL), 1);
	line_close(&l);
}

static void test_hdlc_decode_set_buffer(void **state)
{
	static const uint8_t frame[] = {0xFF, 0x03, 0x00, 0x21, 0x45, 0x46};
	pptp_hdlc_options o = line_options(0, 0, 0);
	uint8_t *buffers[3], *wire;
	pptp_hdlc_frame is;
	size_t len, i;
	line l;
	(void)state;
	line_open(&l, &o, 0);
	len = line_encode(&l, frame, sizeof frame, &wire);
	CHECK_EQ(pptp_hdlc_decode(l.hdlc, wire, len, &is), PPTP_ERR_STATE);
	for (i = 0; i < 3; i++) {
		check_row("buffer %u", (unsigned)i);
		buffers[i] = check_alloc(sizeof frame + 2);
		CHECK_EQ(pptp_hdlc_set_buffer(l.hdlc, buffers[i], sizeof frame + 2), PPTP_OK);
		CHECK_EQ(pptp_hdlc_decode(l.hdlc, wire, 4, &is), 4);
		CHECK_EQ(pptp_hdlc_set_buffer(l.hdlc, buffers[i], sizeof frame + 2), PPTP_ERR_STATE);
		CHECK_EQ(pptp_hdlc_decode(l.hdlc, wire + 4, len - 4, &is), len - 4);
		CHECK(is.frame == buffers[i]);
	}
	for (i = 0; i < 3; i++) {
		CHECK_OCTETS(buffers[i], frame, sizeof frame);
		free(buffers[i]);
	}
	CHECK_EQ(pptp_hdlc_set_buffer(l.hdlc, wire, 3), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_hdlc_set_buffer(l.hdlc, NULL, 30), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_set_buffer(NULL, wire, 30), PPTP_ERR_ARG);
	free(wire);
	line_close(&l);
}

/* `dropped` tells of the damaged frames in front of a good one, each of them once. */
static void test_hdlc_decode_dropped(void **state)
{
	pptp_hdlc_options o = line_options(0, 0, 0);
	uint8_t wire[100];
	size_t len =
	        wire_of("7e 0021 [0021] + 7e 41414141 7e 41 7e 41 7d7e 0021 [0021] + 7e 0021 [0021] + 7e",
	                wire, sizeof wire);
	uint32_t wanted[] = {0, 3, 0}, i;
	const uint8_t *at = wire;
	line l;
	(void)state;
	line_open(&l, &o, 16);
	for (i = 0; i < LEN(wanted); i++) {
		pptp_hdlc_frame is;
		pptp_ssize used = pptp_hdlc_decode(l.hdlc, at, len - (size_t)(at - wire), &is);
		check_row("frame %u", (unsigned)i);
		CHECK(used > 0 && is.frame != NULL);
		CHECK_EQ(is.dropped, wanted[i]);
		CHECK_EQ(is.reserved0 | is.reserved[0] | is.reserved[1] | is.reserved[2] | is.reserved[3], 0);
		at += used;
	}
	line_close(&l);
}

static void test_hdlc_decode_strip_address(void **state)
{
	static const struct {
		const char *name, *wire, *wanted;
	} strips[] = {
	        {"with", "7e ff030021 41 [ff03002141] + 7e", "002141"},
	        {"without", "7e 002141 [002141] + 7e", "002141"},
	        {"another", "7e ff13002141 [ff13002141] + 7e", "ff13002141"},
	        {"nothing else", "7e ff03 [ff03] + 7e", ""},
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(strips); i++) {
		pptp_hdlc_options o = line_options(PPTP_HDLC_STRIP_ADDRESS, 0, 0);
		uint8_t wire[64], wanted[64];
		size_t len = line_hex(strips[i].wanted, wanted, sizeof wanted);
		line l;
		check_row("%s", strips[i].name);
		line_open(&l, &o, 16);
		line_feed(&l, wire, wire_of(strips[i].wire, wire, sizeof wire));
		CHECK_EQ(l.frames, 1);
		CHECK_EQ(l.got[1], len);
		CHECK_OCTETS(l.got + 2, wanted, len);
		line_close(&l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_hdlc_decode_rows),
	        cmocka_unit_test(test_hdlc_decode_rows_in_a_row),
	        cmocka_unit_test(test_hdlc_decode_vectors),
	        cmocka_unit_test(test_hdlc_decode_every_octet_and_bit),
	        cmocka_unit_test(test_hdlc_decode_room),
	        cmocka_unit_test(test_hdlc_decode_stops_behind_a_frame),
	        cmocka_unit_test(test_hdlc_decode_new_map),
	        cmocka_unit_test(test_hdlc_decode_set_buffer),
	        cmocka_unit_test(test_hdlc_decode_dropped),
	        cmocka_unit_test(test_hdlc_decode_strip_address),
	};
	return cmocka_run_group_tests_name("hdlc_decode", tests, NULL, NULL);
}
