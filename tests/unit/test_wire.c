/* wire: the bounds-checked reader and writer under every codec. */
#include "check.h"
#include "wire.h"

/* Shows: T-05 */
static void test_wire_big_endian(void **state)
{
	static const uint8_t wanted[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xFF, 0xFF};
	uint8_t octets[sizeof(wanted)] = {0};
	wire_writer w = wire_write(octets, sizeof(octets));
	wire_reader r;
	(void)state;

	wire_put8(&w, 0x01);
	wire_put16(&w, 0x2345);
	wire_put32(&w, 0x6789ABCDu);
	wire_put_octets(&w, "\xFF\xFF", 2);
	CHECK(!w.failed);
	CHECK_EQ(w.used, sizeof(wanted));
	CHECK_OCTETS(octets, wanted, sizeof(wanted));

	r = wire_read(octets, sizeof(octets));
	CHECK_EQ(wire_get8(&r), 0x01);
	CHECK_EQ(wire_get16(&r), 0x2345);
	CHECK_EQ(wire_get32(&r), 0x6789ABCD);
	CHECK_EQ(wire_get16(&r), 0xFFFF);
	CHECK(!r.failed);
	CHECK_EQ(r.left, 0);
	CHECK_EQ(wire_load16(wanted), 0x0123);
	CHECK_EQ(wire_load32(wanted + 5), 0xABCDFFFF);
	wire_store16(octets, 0xFEDC);
	CHECK_OCTETS(octets, "\xFE\xDC", 2);
	wire_store32(octets, 0xFEDCBA98u);
	CHECK_OCTETS(octets, "\xFE\xDC\xBA\x98", 4);
}

/* A reader that ran out reads zeros and moves no further, whatever is asked for next. */
static void test_wire_reader_runs_out(void **state)
{
	size_t len;
	(void)state;
	for (len = 0; len < 4; len++) {
		static const uint8_t source[4] = {1, 2, 3, 4};
		uint8_t *octets = check_copy(source, len);
		uint8_t into[4] = {9, 9, 9, 9};
		wire_reader r = wire_read(octets, len);
		check_row("%u octets", (unsigned)len);
		CHECK_EQ(wire_get32(&r), 0);
		CHECK(r.failed);
		CHECK_EQ(wire_get8(&r), 0);
		CHECK_EQ(wire_get16(&r), 0);
		wire_get_octets(&r, into, 1);
		CHECK_OCTETS(into, "\x09\x09\x09\x09", 4);
		CHECK(wire_take(&r, 0) == NULL);
		CHECK(r.failed);
		free(octets);
	}
}

/* A writer that ran out writes nothing more, not even what would fit. */
static void test_wire_writer_runs_out(void **state)
{
	size_t cap;
	(void)state;
	for (cap = 0; cap < 4; cap++) {
		uint8_t *octets = check_alloc(cap);
		wire_writer w = wire_write(octets, cap);
		size_t i;
		check_row("%u octets", (unsigned)cap);
		wire_put32(&w, 0x01020304);
		CHECK(w.failed);
		wire_put8(&w, 1);
		wire_put16(&w, 1);
		wire_put_octets(&w, "x", 1);
		CHECK(wire_room(&w, 0) == NULL);
		CHECK_EQ(w.used, 0);
		for (i = 0; i < cap; i++)
			CHECK_EQ(octets[i], 0xA5);
		free(octets);
	}
}

/* A length near SIZE_MAX must not wrap the comparison. */
static void test_wire_huge_length(void **state)
{
	uint8_t octets[8] = {0};
	wire_reader r = wire_read(octets, sizeof(octets));
	wire_writer w = wire_write(octets, sizeof(octets));
	(void)state;
	wire_get8(&r);
	wire_put8(&w, 1);
	CHECK(wire_take(&r, SIZE_MAX) == NULL);
	CHECK(wire_room(&w, SIZE_MAX) == NULL);
	CHECK(r.failed && w.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_wire_big_endian),
	        cmocka_unit_test(test_wire_reader_runs_out),
	        cmocka_unit_test(test_wire_writer_runs_out),
	        cmocka_unit_test(test_wire_huge_length),
	};
	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
