/* hdlc: the FCS, and frames to octets of the line (RFC 1662 3.1, 4.2, 7.1, C.2). */
#define VECTORS_HDLC
#include "line.h"
#include "vectors.h"

static const uint32_t maps[] = {0, ALL_CONTROLS, 0x000A0000, 0x80000001, 0x7FFFFFFE, 0x55555555, 1u << 17};

/* What the line should show, octet by octet as the RFC has it. */
static size_t expect(const uint8_t *frame, size_t len, uint32_t accm, uint8_t *ret)
{
	uint16_t fcs = (uint16_t)~line_fcs(0xFFFF, frame, len);
	size_t at = 0, i;
	ret[at++] = 0x7E;
	for (i = 0; i < len; i++)
		at += line_escape(frame[i], accm, ret + at);
	at += line_escape((uint8_t)fcs, accm, ret + at);
	at += line_escape((uint8_t)(fcs >> 8), accm, ret + at);
	ret[at++] = 0x7E;
	return at;
}

static void check_encoded(line *l, const uint8_t *frame, size_t len, uint32_t accm)
{
	uint8_t *wanted = check_alloc(2 * len + 6), *is;
	size_t octets = line_encode(l, frame, len, &is);
	CHECK_EQ(octets, expect(frame, len, accm, wanted));
	CHECK_OCTETS(is, wanted, octets);
	free(wanted);
	free(is);
}

static void test_hdlc_fcs_vectors(void **state)
{
	size_t i, cut;
	(void)state;
	for (i = 0; i < LEN(vector_hdlcs); i++) {
		const struct vector_hdlc *v = &vector_hdlcs[i];
		uint16_t fcs = pptp_hdlc_fcs(PPTP_HDLC_FCS_INIT, v->data, v->len);
		check_row("%s", v->id);
		CHECK_EQ((uint16_t)~fcs, v->fcs);
		CHECK_EQ(pptp_hdlc_fcs(fcs, v->fcs_on_wire.data, v->fcs_on_wire.len), PPTP_HDLC_FCS_GOOD);
		for (cut = 0; cut <= v->len; cut++) {
			check_step("cut at %u", (unsigned)cut);
			CHECK_EQ(pptp_hdlc_fcs(pptp_hdlc_fcs(PPTP_HDLC_FCS_INIT, v->data, cut), v->data + cut,
			                       v->len - cut),
			         fcs);
		}
	}
}

/* The FCS is computed in several ways, by length: each length, at each alignment, from any state. */
static void test_hdlc_fcs_lengths(void **state)
{
	check_random random = {1};
	size_t len, offset;
	(void)state;
	for (len = 0; len < 700; len++) {
		for (offset = 0; offset<8; offset += len> 64 ? 7 : 1) {
			uint8_t *data = check_alloc(offset + len);
			uint16_t start = (uint16_t)random_next(&random);
			check_row("%u octets at %u", (unsigned)len, (unsigned)offset);
			random_fill(&random, data, offset + len);
			CHECK_EQ(pptp_hdlc_fcs(start, data + offset, len),
			         line_fcs(start, data + offset, len));
			free(data);
		}
	}
}

/* Each octet has the same weight wherever it stands: a single bit anywhere in a long frame. */
static void test_hdlc_fcs_single_bits(void **state)
{
	uint8_t data[600];
	size_t bit;
	(void)state;
	for (bit = 0; bit < sizeof data * 8; bit++) {
		memset(data, 0, sizeof data);
		data[bit / 8] = (uint8_t)(1 << bit % 8);
		check_row("bit %u", (unsigned)bit);
		CHECK_EQ(pptp_hdlc_fcs(0, data, sizeof data), line_fcs(0, data, sizeof data));
	}
}

static void test_hdlc_encode_vectors(void **state)
{
	pptp_hdlc_options none = line_options(PPTP_HDLC_LCP_AS_IS, 0, 0);
	pptp_hdlc_options all = line_options(PPTP_HDLC_LCP_AS_IS, ALL_CONTROLS, 0);
	size_t i, octets;
	uint8_t *is;
	line l;
	(void)state;
	for (i = 0; i < LEN(vector_hdlcs); i++) {
		const struct vector_hdlc *v = &vector_hdlcs[i];
		check_row("%s", v->id);
		line_open(&l, &all, 0);
		octets = line_encode(&l, v->data, v->len, &is);
		CHECK_EQ(octets, v->all_controls.len);
		CHECK_OCTETS(is, v->all_controls.data, octets);
		CHECK_EQ(pptp_hdlc_count(l.hdlc, PPTP_HDLC_SENT), 1);
		free(is);
		line_close(&l);
		line_open(&l, &none, 0);
		octets = line_encode(&l, v->data, v->len, &is);
		CHECK_EQ(octets, v->no_controls.len);
		CHECK_OCTETS(is, v->no_controls.data, octets);
		free(is);
		line_close(&l);
	}
}

/* Every octet with every bit of the map, at every place in a word. */
static void test_hdlc_encode_every_octet_and_bit(void **state)
{
	uint8_t frame[27];
	unsigned octet, bit, at;
	(void)state;
	for (bit = 0; bit < 33; bit++) {
		uint32_t accm = bit < 32 ? UINT32_C(1) << bit : 0;
		pptp_hdlc_options o = line_options(0, accm, 0);
		line l;
		line_open(&l, &o, 0);
		for (octet = 0; octet < 256; octet++) {
			at = (octet + bit) % sizeof frame;
			memset(frame, 0x41, sizeof frame);
			frame[at] = (uint8_t)octet;
			check_row("octet %02x, map %08x, at %u", octet, (unsigned)accm, at);
			check_encoded(&l, frame, sizeof frame, accm);
			memset(frame, (int)octet, sizeof frame);
			check_encoded(&l, frame, sizeof frame, accm);
		}
		line_close(&l);
	}
}

/* One octet to be escaped at each place, two of them, and all. */
static void test_hdlc_encode_places(void **state)
{
	uint8_t frame[40];
	size_t len, first, second;
	pptp_hdlc_options o = line_options(0, 0, 0);
	line l;
	(void)state;
	line_open(&l, &o, 0);
	for (len = 0; len <= sizeof frame; len++) {
		for (first = 0; first < len; first++) {
			for (second = first; second < len; second++) {
				memset(frame, 0x20, sizeof frame);
				frame[first] = 0x7E;
				frame[second] = 0x7D;
				check_row("%u octets, %u and %u", (unsigned)len, (unsigned)first,
				          (unsigned)second);
				check_encoded(&l, frame, len, 0);
			}
		}
		memset(frame, 0x7D, sizeof frame);
		check_encoded(&l, frame, len, 0);
	}
	line_close(&l);
}

static void fill_density(check_random *random, uint8_t *frame, size_t len, uint32_t one_of)
{
	size_t i;
	for (i = 0; i < len; i++) {
		frame[i] = (uint8_t)(0x80 | random_next(random));
		if (random_below(random, one_of) == 0)
			frame[i] = (uint8_t)(random_next(random) & 1 ? random_below(random, 32)
			                                             : 0x7D + random_below(random, 2));
	}
}

/* Any mixture of sparse and dense. */
static void test_hdlc_encode_random(void **state)
{
	check_random random = {2};
	uint32_t i, n = check_scale(4000);
	(void)state;
	for (i = 0; i < n; i++) {
		uint32_t accm = i % 2 ? maps[i / 2 % LEN(maps)] : random_next(&random);
		size_t len = random_below(&random, i % 16 ? 300 : 3000),
		       half = random_below(&random, (uint32_t)len + 1);
		pptp_hdlc_options o = line_options(PPTP_HDLC_LCP_AS_IS, accm, 0);
		uint8_t *frame = check_alloc(len);
		line l;
		check_row("%u: %u octets, map %08x", (unsigned)i, (unsigned)len, (unsigned)accm);
		fill_density(&random, frame, half, 1 + random_below(&random, 100));
		fill_density(&random, frame + half, len - half, 1 + random_below(&random, 4));
		line_open(&l, &o, 0);
		check_encoded(&l, frame, len, accm);
		line_close(&l);
		free(frame);
	}
}

/* RFC 1662 7.1: packets that negotiate the link go out with all controls escaped. */
static void test_hdlc_encode_lcp(void **state)
{
	static const struct {
		const char *name;
		uint8_t frame[12];
		size_t len;
		int with_code;
		size_t code_at;
	} rows[] = {
	        {"LCP with address", {0xFF, 0x03, 0xC0, 0x21, 0, 1, 0, 4}, 8, 1, 4},
	        {"LCP without", {0xC0, 0x21, 0, 1, 0, 4}, 6, 1, 2},
	        {"LCP cut behind the code", {0xFF, 0x03, 0xC0, 0x21, 0}, 5, 1, 4},
	        {"IPCP", {0xFF, 0x03, 0x80, 0x21, 0, 1, 0, 4}, 8, 0, 4},
	        {"CHAP", {0xFF, 0x03, 0xC2, 0x23, 0, 1, 0, 4}, 8, 0, 4},
	        {"C0 20", {0xFF, 0x03, 0xC0, 0x20, 0, 1, 0, 4}, 8, 0, 4},
	        {"FF 02", {0xFF, 0x02, 0xC0, 0x21, 0, 1, 0, 4}, 8, 0, 4},
	        {"protocol only", {0xFF, 0x03, 0xC0, 0x21}, 4, 0, 3},
	};
	size_t i;
	unsigned code;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		for (code = 0; code < 16; code++) {
			pptp_hdlc_options usual = line_options(0, 0, 0);
			pptp_hdlc_options as_is = line_options(PPTP_HDLC_LCP_AS_IS, 0, 0);
			uint8_t frame[12];
			line l;
			memcpy(frame, rows[i].frame, sizeof frame);
			if (rows[i].code_at < rows[i].len && rows[i].len > 4)
				frame[rows[i].code_at] = (uint8_t)code;
			check_row("%s, code %u", rows[i].name, code);
			line_open(&l, &usual, 0);
			check_encoded(&l, frame, rows[i].len,
			              rows[i].with_code && code >= 1 && code <= 7 ? ALL_CONTROLS : 0);
			line_close(&l);
			line_open(&l, &as_is, 0);
			check_encoded(&l, frame, rows[i].len, 0);
			line_close(&l);
		}
	}
}

static void test_hdlc_encode_share_flag(void **state)
{
	static const uint8_t frame[] = {0xFF, 0x03, 0x00, 0x21, 0x45};
	pptp_hdlc_options o = line_options(PPTP_HDLC_SHARE_FLAG, 0, 0);
	uint8_t wanted[32], *is;
	size_t len = expect(frame, sizeof frame, 0, wanted), octets;
	unsigned i;
	line l;
	(void)state;
	line_open(&l, &o, 0);
	for (i = 0; i < 4; i++) {
		size_t skip = i == 1 || i == 3; /* the flag that closed the frame before */
		check_row("frame %u", i);
		if (i == 2)
			CHECK_EQ(pptp_hdlc_idle(l.hdlc), PPTP_OK);
		octets = line_encode(&l, frame, sizeof frame, &is);
		CHECK_EQ(octets, len - skip);
		CHECK_OCTETS(is, wanted + skip, octets);
		free(is);
	}
	CHECK_EQ(pptp_hdlc_count(l.hdlc, PPTP_HDLC_SENT), 4);
	line_close(&l);
}

static void test_hdlc_encode_add_address(void **state)
{
	static const struct {
		const char *name;
		uint8_t frame[6];
		size_t len;
		uint8_t as_sent[8];
		size_t sent_len;
	} rows[] = {
	        {"without", {0x00, 0x21, 0x45, 0x00}, 4, {0xFF, 0x03, 0x00, 0x21, 0x45, 0x00}, 6},
	        {"one octet protocol", {0x21, 0x45}, 2, {0xFF, 0x03, 0x21, 0x45}, 4},
	        {"with", {0xFF, 0x03, 0x00, 0x21}, 4, {0xFF, 0x03, 0x00, 0x21}, 4},
	        {"half", {0xFF}, 1, {0xFF, 0x03, 0xFF}, 3},
	        {"another", {0xFF, 0x13, 0x00, 0x21}, 4, {0xFF, 0x03, 0xFF, 0x13, 0x00, 0x21}, 6},
	        {"nothing", {0}, 0, {0xFF, 0x03}, 2},
	};
	size_t i, k, octets;
	uint8_t wanted[40], *is;
	line l;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		for (k = 0; k < LEN(maps); k++) {
			pptp_hdlc_options o = line_options(PPTP_HDLC_ADD_ADDRESS, maps[k], 0);
			check_row("%s, map %08x", rows[i].name, (unsigned)maps[k]);
			line_open(&l, &o, 0);
			octets = line_encode(&l, rows[i].frame, rows[i].len, &is);
			CHECK_EQ(octets, expect(rows[i].as_sent, rows[i].sent_len, maps[k], wanted));
			CHECK_OCTETS(is, wanted, octets);
			free(is);
			line_close(&l);
		}
		CHECK_EQ(pptp_hdlc_address_control(rows[i].frame, rows[i].len),
		         strcmp(rows[i].name, "with") == 0 ? 2 : 0);
	}
}

/* A new map counts from the next frame on, also for one sent in parts. */
static void test_hdlc_encode_new_map(void **state)
{
	static uint8_t frame[200];
	pptp_hdlc_options o = line_options(0, 0, 0);
	uint8_t wanted[500], out[500];
	size_t position = 0, at = 0;
	line l;
	(void)state;
	memset(frame, 0x11, sizeof frame);
	line_open(&l, &o, 0);
	check_encoded(&l, frame, sizeof frame, 0);
	CHECK_EQ(pptp_hdlc_set_accm(l.hdlc, 1u << 0x11, 0), PPTP_OK);
	check_encoded(&l, frame, sizeof frame, 1u << 0x11);
	CHECK_EQ(pptp_hdlc_set_accm(l.hdlc, 1u << 0x12, 0), PPTP_OK);
	while (position != PPTP_HDLC_DONE) {
		pptp_ssize octets = pptp_hdlc_encode_part(l.hdlc, frame, sizeof frame, &position, out + at,
		                                          PPTP_HDLC_PART_MIN);
		CHECK(octets > 0);
		at += (size_t)octets;
		CHECK_EQ(pptp_hdlc_set_accm(l.hdlc, ALL_CONTROLS, 0), PPTP_OK);
	}
	CHECK_EQ(at, expect(frame, sizeof frame, 1u << 0x12, wanted));
	CHECK_OCTETS(out, wanted, at);
	check_encoded(&l, frame, sizeof frame, ALL_CONTROLS);
	line_close(&l);
}

static void encode_parts(line *l, const uint8_t *frame, size_t len, size_t cap, uint32_t accm)
{
	size_t position = 0, at = 0, before;
	uint8_t *wanted = check_alloc(2 * len + 6), *out = check_alloc(2 * len + 6 + cap);
	while (position != PPTP_HDLC_DONE) {
		uint8_t *part = check_alloc(cap);
		pptp_ssize octets;
		before = position;
		octets = pptp_hdlc_encode_part(l->hdlc, frame, len, &position, part, cap);
		CHECK(octets > 0 && (size_t)octets <= cap && position > before);
		CHECK(at + (size_t)octets <= 2 * len + 6);
		memcpy(out + at, part, (size_t)octets);
		at += (size_t)octets;
		free(part);
	}
	CHECK_EQ(at, expect(frame, len, accm, wanted));
	CHECK_OCTETS(out, wanted, at);
	free(wanted);
	free(out);
}

/* The octets are the same however small the parts are. */
static void test_hdlc_encode_parts(void **state)
{
	check_random random = {3};
	uint8_t frame[230];
	size_t len, cap;
	uint32_t count = 0;
	line l;
	pptp_hdlc_options o = line_options(PPTP_HDLC_LCP_AS_IS, 0x0000FFFF, 0);
	(void)state;
	line_open(&l, &o, 0);
	for (cap = PPTP_HDLC_PART_MIN; cap < 200; cap += 1 + cap / 100 * 10) {
		for (len = 0; len <= sizeof frame; len += len > 40 ? 8 : 1) {
			check_row("%u octets in parts of %u", (unsigned)len, (unsigned)cap);
			fill_density(&random, frame, len, 1 + random_below(&random, 6));
			encode_parts(&l, frame, len, cap, 0x0000FFFF);
			count++;
			CHECK_EQ(pptp_hdlc_count(l.hdlc, PPTP_HDLC_SENT), count);
		}
	}
	CHECK_EQ(pptp_hdlc_count(l.hdlc, PPTP_HDLC_SENT_ABORT), 0);
	line_close(&l);
}

/* A frame given up is aborted on the line, so that the receiver takes the next one. */
static void test_hdlc_encode_abort(void **state)
{
	pptp_hdlc_options o = line_options(PPTP_HDLC_SHARE_FLAG, 0, 0);
	uint8_t frame[100], out[PPTP_HDLC_PART_MIN], *is;
	size_t position, octets;
	unsigned i;
	line l;
	(void)state;
	memset(frame, 0x41, sizeof frame);
	line_open(&l, &o, LINE_ROOM);
	for (i = 1; i < 4; i++) {
		check_row("abort %u", i);
		position = 0;
		octets = (size_t)pptp_hdlc_encode_part(l.hdlc, frame, sizeof frame, &position, out,
		                                       sizeof out);
		line_feed(&l, out, octets);
		CHECK(position > 0 && position != PPTP_HDLC_DONE);
		octets = line_encode(&l, frame, sizeof frame, &is);
		CHECK_EQ(is[0], 0x7D);
		CHECK_EQ(is[1], 0x7E);
		line_feed(&l, is, octets);
		free(is);
		CHECK_EQ(l.frames, i);
		CHECK_EQ(l.dropped, i);
		CHECK_EQ(pptp_hdlc_count(l.hdlc, PPTP_HDLC_DROP_ABORTED), i);
		CHECK_EQ(pptp_hdlc_count(l.hdlc, PPTP_HDLC_SENT_ABORT), i);
		CHECK_EQ(pptp_hdlc_count(l.hdlc, PPTP_HDLC_SENT), i);
	}
	line_close(&l);
}

/* Success does not depend on the content, and nothing is touched on failure. */
static void test_hdlc_encode_errors(void **state)
{
	static const uint8_t frame[] = {0x7E, 0x7E, 0x7E, 0x7E};
	pptp_hdlc_options o = line_options(0, 0, 0);
	uint8_t out[PPTP_HDLC_PART_MIN], untouched[PPTP_HDLC_PART_MIN];
	size_t position = 0, cap;
	line l;
	(void)state;
	memset(out, 0x5A, sizeof out);
	memset(untouched, 0x5A, sizeof untouched);
	line_open(&l, &o, 0);
	for (cap = 0; cap < pptp_hdlc_encode_max(sizeof frame); cap++)
		CHECK_EQ(pptp_hdlc_encode(l.hdlc, frame, sizeof frame, out, cap), PPTP_ERR_SIZE);
	CHECK(pptp_hdlc_encode_max(sizeof frame) <= sizeof out);
	CHECK_EQ(pptp_hdlc_encode_max(SIZE_MAX), SIZE_MAX);
	CHECK_EQ(pptp_hdlc_encode_max(SIZE_MAX / 2), SIZE_MAX);
	CHECK(pptp_hdlc_encode_max(SIZE_MAX / 2 - 64) < SIZE_MAX);
	CHECK_EQ(pptp_hdlc_encode(l.hdlc, frame, SIZE_MAX, out, sizeof out), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_hdlc_encode(l.hdlc, frame, SIZE_MAX / 2, out, sizeof out), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_hdlc_encode(NULL, frame, 4, out, sizeof out), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_encode(l.hdlc, NULL, 4, out, sizeof out), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_encode(l.hdlc, frame, 4, NULL, sizeof out), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_encode_part(NULL, frame, 4, &position, out, sizeof out), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_encode_part(l.hdlc, NULL, 4, &position, out, sizeof out), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_encode_part(l.hdlc, frame, 4, NULL, out, sizeof out), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_encode_part(l.hdlc, frame, 4, &position, NULL, sizeof out), PPTP_ERR_ARG);
	CHECK_EQ(pptp_hdlc_encode_part(l.hdlc, frame, 4, &position, out, sizeof out - 1), PPTP_ERR_SIZE);
	CHECK_EQ(position, 0);
	position = 1;
	CHECK_EQ(pptp_hdlc_encode_part(l.hdlc, frame, 4, &position, out, sizeof out), PPTP_ERR_STATE);
	CHECK_EQ(position, 1);
	CHECK_OCTETS(out, untouched, sizeof out);
	CHECK_EQ(pptp_hdlc_count(l.hdlc, PPTP_HDLC_SENT), 0);
	line_close(&l);
}

/* A position is one that a call gave. */
static void test_hdlc_encode_positions(void **state)
{
	pptp_hdlc_options o = line_options(0, 0, 0);
	uint8_t frame[100], out[PPTP_HDLC_PART_MIN];
	size_t position = 0, bad;
	line l;
	(void)state;
	memset(frame, 0x41, sizeof frame);
	line_open(&l, &o, 0);
	CHECK(pptp_hdlc_encode_part(l.hdlc, frame, sizeof frame, &position, out, sizeof out) > 0);
	for (bad = 2; bad < 9; bad++) {
		size_t at = bad;
		CHECK_EQ(pptp_hdlc_encode_part(l.hdlc, frame, sizeof frame, &at, out, sizeof out),
		         PPTP_ERR_ARG);
		CHECK_EQ(at, bad);
	}
	bad = 105;
	CHECK_EQ(pptp_hdlc_encode_part(l.hdlc, frame, sizeof frame, &bad, out, sizeof out), PPTP_ERR_ARG);
	bad = PPTP_HDLC_DONE;
	CHECK_EQ(pptp_hdlc_encode_part(l.hdlc, frame, sizeof frame, &bad, out, sizeof out), PPTP_ERR_ARG);
	while (position != PPTP_HDLC_DONE)
		CHECK(pptp_hdlc_encode_part(l.hdlc, frame, sizeof frame, &position, out, sizeof out) > 0);
	CHECK_EQ(pptp_hdlc_encode_part(l.hdlc, frame, sizeof frame, &position, out, sizeof out),
	         PPTP_ERR_STATE);
	line_close(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_hdlc_fcs_vectors),
	        cmocka_unit_test(test_hdlc_fcs_lengths),
	        cmocka_unit_test(test_hdlc_fcs_single_bits),
	        cmocka_unit_test(test_hdlc_encode_vectors),
	        cmocka_unit_test(test_hdlc_encode_every_octet_and_bit),
	        cmocka_unit_test(test_hdlc_encode_places),
	        cmocka_unit_test(test_hdlc_encode_random),
	        cmocka_unit_test(test_hdlc_encode_lcp),
	        cmocka_unit_test(test_hdlc_encode_share_flag),
	        cmocka_unit_test(test_hdlc_encode_add_address),
	        cmocka_unit_test(test_hdlc_encode_new_map),
	        cmocka_unit_test(test_hdlc_encode_parts),
	        cmocka_unit_test(test_hdlc_encode_abort),
	        cmocka_unit_test(test_hdlc_encode_errors),
	        cmocka_unit_test(test_hdlc_encode_positions),
	};
	return cmocka_run_group_tests_name("hdlc_encode", tests, NULL, NULL);
}
