/* hdlc: a line's set-up; and whole lines, against a codec that goes octet by octet. */
#include "line.h"
#include "reference_hdlc.h"

static void test_hdlc_line_init(void **state)
{
	size_t size = pptp_hdlc_size();
	uint8_t *mem = check_alloc(size + 8), buffer[4];
	pptp_hdlc_options o = line_options(0, 1, 2), bad;
	pptp_hdlc *untouched = (pptp_hdlc *)(void *)mem, *h = untouched;
	uint32_t which;
	(void)state;
	CHECK(size > 0 && size <= 128);
	CHECK_EQ(pptp_hdlc_init(NULL, size, &o, &h), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_init(mem, size, NULL, &h), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_init(mem, size, &o, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_init(mem, size - 1, &o, &h), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_hdlc_init(mem + 1, size, &o, &h), PPTP_ERR_ALIGN);
	bad = o;
	bad.flags = 16;
	CHECK_EQ(pptp_hdlc_init(mem, size, &bad, &h), PPTP_ERR_ARG);
	bad = o;
	bad.buffer = buffer;
	bad.buffer_octets = 3;
	CHECK_EQ(pptp_hdlc_init(mem, size, &bad, &h), PPTP_ERR_SIZE);
	bad = o;
	bad.size = 3;
	CHECK_EQ(pptp_hdlc_init(mem, size, &bad, &h), PPTP_ERR_SIZE);
	CHECK(h == untouched);
	bad = o;
	bad.buffer = buffer;
	bad.buffer_octets = 4;
	CHECK_EQ(pptp_hdlc_init(mem, size, &bad, &h), PPTP_OK);
	for (which = 0; which <= PPTP_HDLC_COUNTS; which++)
		CHECK_EQ(pptp_hdlc_count(h, which), 0);
	pptp_hdlc_free(h);
	pptp_hdlc_free(NULL);
	CHECK_EQ(pptp_hdlc_count(NULL, 0), 0);
	CHECK_EQ(pptp_hdlc_set_accm(NULL, 0, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_idle(NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_address_control(NULL, 0), 0);
	CHECK_EQ(pptp_hdlc_address_control(NULL, 4), 0);
	CHECK_EQ(pptp_hdlc_fcs(0x1234, NULL, 0), 0x1234);
	CHECK_EQ(pptp_hdlc_fcs(0x1234, NULL, 5), 0);
	CHECK_EQ(pptp_hdlc_fcs(0x1234, NULL, 5000), 0);
	free(mem);
}

/* An older program knows less of the options, a newer one more. */
static void test_hdlc_line_options(void **state)
{
	static const uint8_t frame[] = {0x01, 0x41};
	struct {
		pptp_hdlc_options o;
		uint64_t newer;
	} longer;
	pptp_hdlc_options o, shorter;
	pptp_hdlc_frame none;
	uint8_t *mem = check_alloc(pptp_hdlc_size()), out[64];
	pptp_hdlc *h;
	(void)state;
	CHECK_EQ(pptp_hdlc_options_init(NULL, sizeof o), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_options_init(&o, 3), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_hdlc_options_init(&o, sizeof o), PPTP_OK);
	CHECK_EQ(o.size, sizeof o);
	CHECK_EQ(o.flags, 0);
	CHECK_EQ(o.send_accm, ALL_CONTROLS);
	CHECK_EQ(o.recv_accm, 0);
	CHECK(o.buffer == NULL && o.buffer_octets == 0);

	memset(&shorter, 0x5A, sizeof shorter); /* what is behind `recv_accm` is not looked at */
	shorter.size = 8;
	shorter.flags = 0;
	shorter.send_accm = 0;
	CHECK_EQ(pptp_hdlc_init(mem, pptp_hdlc_size(), &shorter, &h), PPTP_ERR_SIZE);
	shorter.recv_accm = 0;
	shorter.size = 16;
	CHECK_EQ(pptp_hdlc_init(mem, pptp_hdlc_size(), &shorter, &h), PPTP_OK);
	CHECK(pptp_hdlc_encode(h, frame, 2, out, sizeof out) > 0);
	CHECK_EQ(out[1], 0x01);
	CHECK_EQ(pptp_hdlc_decode(h, out, 4, &none), PPTP_ERR_STATE); /* no buffer */

	CHECK_EQ(pptp_hdlc_options_init(&longer.o, sizeof longer), PPTP_OK);
	CHECK_EQ(longer.newer, 0);
	CHECK_EQ(pptp_hdlc_init(mem, pptp_hdlc_size(), &longer.o, &h), PPTP_OK);
	longer.newer = 1;
	CHECK_EQ(pptp_hdlc_init(mem, pptp_hdlc_size(), &longer.o, &h), PPTP_ERR_SIZE);
	free(mem);
}

static void test_hdlc_line_new(void **state)
{
	static const uint8_t frame[] = {0xFF, 0x03, 0x00, 0x21};
	uint8_t buffer[16], out[64];
	pptp_hdlc_options o = line_options(0, 0, 0);
	pptp_hdlc_frame is;
	pptp_hdlc *h = NULL;
	pptp_ssize len;
	(void)state;
	o.buffer = buffer;
	o.buffer_octets = sizeof buffer;
	CHECK_EQ(pptp_hdlc_new(&o, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_new(NULL, &h), PPTP_ERR_ARG);
	CHECK(h == NULL);
	CHECK_EQ(pptp_hdlc_new(&o, &h), PPTP_OK);
	len = pptp_hdlc_encode(h, frame, sizeof frame, out, sizeof out);
	CHECK(len > 0);
	CHECK_EQ(pptp_hdlc_decode(h, out, (size_t)len, &is), len);
	CHECK_EQ(is.len, sizeof frame);
	CHECK_EQ(pptp_hdlc_decode(h, out, (size_t)len, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_decode(h, NULL, 1, &is), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_decode(NULL, out, 1, &is), PPTP_ERR_ARG);
	pptp_hdlc_free(h);
}

static void test_hdlc_line_count_names(void **state)
{
	uint32_t i, k;
	(void)state;
	for (i = 0; i < PPTP_HDLC_COUNTS; i++) {
		check_row("count %u", (unsigned)i);
		CHECK(strcmp(pptp_hdlc_count_name(i), "unknown") != 0);
		for (k = 0; k < i; k++)
			CHECK(strcmp(pptp_hdlc_count_name(i), pptp_hdlc_count_name(k)) != 0);
	}
	CHECK_TEXT(pptp_hdlc_count_name(PPTP_HDLC_RECEIVED), "received");
	CHECK_TEXT(pptp_hdlc_count_name(PPTP_HDLC_DROP_FCS), "bad FCS");
	CHECK_TEXT(pptp_hdlc_count_name(PPTP_HDLC_SENT_ABORT), "sent abort");
	CHECK_TEXT(pptp_hdlc_count_name(PPTP_HDLC_COUNTS), "unknown");
	CHECK_TEXT(pptp_hdlc_count_name(0xFFFFFFFF), "unknown");
}

/* ---- whole lines ------------------------------------------------------------------------------ */

#define WIRE_MAX 60000u

static void same_counts(const line *l, const reference_hdlc *r)
{
	CHECK_EQ(pptp_hdlc_count(l->hdlc, PPTP_HDLC_RECEIVED), r->received);
	CHECK_EQ(pptp_hdlc_count(l->hdlc, PPTP_HDLC_DROP_FCS), r->bad_fcs);
	CHECK_EQ(pptp_hdlc_count(l->hdlc, PPTP_HDLC_DROP_SHORT), r->too_short);
	CHECK_EQ(pptp_hdlc_count(l->hdlc, PPTP_HDLC_DROP_LONG), r->too_long);
	CHECK_EQ(pptp_hdlc_count(l->hdlc, PPTP_HDLC_DROP_ABORTED), r->aborted);
	CHECK_EQ(pptp_hdlc_count(l->hdlc, PPTP_HDLC_DROP_CONTROL), r->controls);
}

/* Feed both codecs, ours in random pieces: the same frames and counts. */
static void compare(check_random *random, const uint8_t *wire, size_t len, uint32_t recv_accm, size_t room)
{
	pptp_hdlc_options o = line_options(0, 0, recv_accm);
	uint8_t *buffer = check_alloc(room);
	reference_hdlc r;
	const uint8_t *frame;
	size_t at, frame_len, seen = 0;
	uint32_t largest = 1 + random_below(random, random_below(random, 4) ? 3000 : 20);
	line l;
	line_open(&l, &o, room);
	for (at = 0; at < len;) {
		size_t piece = 1 + random_below(random, largest);
		piece = piece < len - at ? piece : len - at;
		line_feed(&l, wire + at, piece);
		at += piece;
	}
	reference_hdlc_init(&r, 0, recv_accm, buffer, room);
	for (at = 0; at < len;) {
		at += reference_hdlc_decode(&r, wire + at, len - at, &frame, &frame_len);
		if (!frame)
			continue;
		check_step("frame %u", (unsigned)r.received);
		CHECK(seen + 2 + frame_len <= l.got_len);
		CHECK_EQ(l.got[seen] << 8 | l.got[seen + 1], frame_len);
		CHECK_OCTETS(l.got + seen + 2, frame, frame_len);
		seen += 2 + frame_len;
	}
	CHECK_EQ(seen, l.got_len);
	same_counts(&l, &r);
	line_close(&l);
	free(buffer);
}

static uint32_t some_map(check_random *random)
{
	static const uint32_t maps[] = {0, ALL_CONTROLS, 0x000A0000};
	uint32_t which = random_below(random, LEN(maps) + 1);
	return which < LEN(maps) ? maps[which] : random_next(random);
}

/* Frames of many kinds as a peer sends them; then a few octets damaged, lost or inserted, in some lines. */
static void test_hdlc_line_random(void **state)
{
	check_random random = {4};
	uint8_t *wire = check_alloc(WIRE_MAX), *frame = check_alloc(2000);
	uint32_t i, k, n = check_scale(600);
	(void)state;
	for (i = 0; i < n; i++) {
		uint32_t send_accm = some_map(&random), recv_accm = some_map(&random);
		uint32_t most = random_below(&random, 3) ? 60 : 1600;
		size_t room = 4 + random_below(&random, most + 20), len = 0;
		reference_hdlc sender;
		reference_hdlc_init(&sender, send_accm, 0, NULL, 0);
		while (len + 2 * (size_t)most + 6 < WIRE_MAX / 4) {
			size_t octets = random_below(&random, most);
			random_fill(&random, frame, octets);
			if (random_below(&random, 4) == 0)
				memset(frame, (int)(0x7B + random_below(&random, 4)), octets);
			len += reference_hdlc_encode(&sender, frame, octets, wire + len);
		}
		for (k = i % 3 ? random_below(&random, 40) : 0; k > 0; k--) {
			static const uint8_t bad[] = {0x7E, 0x7D, 0x11, 0x00, 0x5D, 0x5E};
			size_t at = random_below(&random, (uint32_t)len - 1);
			if (random_next(&random) & 1)
				wire[at] = bad[random_below(&random, LEN(bad))];
			else
				memmove(wire + at, wire + at + 1, --len - at);
		}
		check_row("line %u, map %08x, room %u", (unsigned)i, (unsigned)recv_accm, (unsigned)room);
		compare(&random, wire, len, recv_accm, room);
	}
	free(wire);
	free(frame);
}

/* Octets in which almost everything means something. */
static void test_hdlc_line_hostile(void **state)
{
	static const uint8_t alphabet[] = {0x7E, 0x7D, 0x7D, 0x5D, 0x5E, 0x41, 0x11,
	                                   0x00, 0x1F, 0x20, 0xFD, 0xFE, 0x7C, 0x7F};
	check_random random = {5};
	uint8_t *wire = check_alloc(WIRE_MAX);
	uint32_t i, n = check_scale(400);
	size_t k;
	(void)state;
	for (i = 0; i < n; i++) {
		uint32_t letters = 1 + random_below(&random, LEN(alphabet)),
		         flags = 1 + random_below(&random, 200);
		size_t len = 1 + random_below(&random, 6000), room = 4 + random_below(&random, 100);
		for (k = 0; k < len; k++)
			wire[k] = random_below(&random, flags) == 0
			                  ? 0x7E
			                  : alphabet[random_below(&random, letters)];
		wire[0] = 0x7E;
		check_row("line %u of %u letters", (unsigned)i, (unsigned)letters);
		compare(&random, wire, len, some_map(&random), room);
	}
	free(wire);
}

/* What one end encodes, in parts of any size, the other gets, with the line's own controls in between. */
static void test_hdlc_line_round_trip(void **state)
{
	check_random random = {6};
	uint32_t i, n = check_scale(1500);
	(void)state;
	for (i = 0; i < n; i++) {
		uint32_t send_accm = some_map(&random), flags = random_next(&random) & 15;
		pptp_hdlc_options a = line_options(flags, send_accm, 0);
		pptp_hdlc_options b = line_options(flags, 0, send_accm & some_map(&random));
		size_t len = 2 + random_below(&random, 1500), position = 0,
		       cap = PPTP_HDLC_PART_MIN + random_below(&random, 300);
		uint8_t *frame = check_alloc(len), *part = check_alloc(cap);
		size_t skip;
		line from, to;
		check_row("frame %u, map %08x, flags %u", (unsigned)i, (unsigned)send_accm, (unsigned)flags);
		random_fill(&random, frame, len);
		frame[0] = random_next(&random) & 1 ? 0xFF : 0x00;
		frame[1] = 0x03;
		line_open(&from, &a, 0);
		line_open(&to, &b, len + 4);
		while (position != PPTP_HDLC_DONE) {
			pptp_ssize octets =
			        pptp_hdlc_encode_part(from.hdlc, frame, len, &position, part, cap);
			CHECK(octets > 0);
			line_feed_cut(&to, part, (size_t)octets, random_below(&random, (uint32_t)octets + 1));
			if (b.recv_accm)
				line_feed(&to,
				          b.recv_accm & 1 ? (const uint8_t *)"\x00\x00" : (const uint8_t *)"",
				          b.recv_accm & 1 ? 2 : 0);
		}
		CHECK_EQ(to.frames, 1);
		skip = flags & PPTP_HDLC_STRIP_ADDRESS && frame[0] == 0xFF ? 2 : 0;
		if (frame[0] != 0xFF && flags & PPTP_HDLC_ADD_ADDRESS && !(flags & PPTP_HDLC_STRIP_ADDRESS)) {
			CHECK_OCTETS(to.got + 2, "\xFF\x03", 2);
			CHECK_OCTETS(to.got + 4, frame, len);
		} else {
			CHECK_EQ(to.got_len, len - skip + 2);
			CHECK_OCTETS(to.got + 2, frame + skip, len - skip);
		}
		line_close(&from);
		line_close(&to);
		free(frame);
		free(part);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_hdlc_line_init),       cmocka_unit_test(test_hdlc_line_options),
	        cmocka_unit_test(test_hdlc_line_new),        cmocka_unit_test(test_hdlc_line_count_names),
	        cmocka_unit_test(test_hdlc_line_random),     cmocka_unit_test(test_hdlc_line_hostile),
	        cmocka_unit_test(test_hdlc_line_round_trip),
	};
	return cmocka_run_group_tests_name("hdlc_line", tests, NULL, NULL);
}
