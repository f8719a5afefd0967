/* mss: TCP's announcement becomes small enough for the tunnel, its checksum stays right, nothing else
 * changes. */
#include "check.h"
#include "mss.h"
#include "wire.h"

#define MTU 1400u

/* ---- packets, made octet by octet ----------------------------------------------------------- */

struct packet {
	uint8_t octets[200];
	size_t len, tcp;
};

static uint32_t sum_of(const uint8_t *data, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint32_t)data[i] << 8 : data[i];
	return sum;
}

/* What TCP's checksum must be, with its pseudo-header (RFC 9293 3.1, RFC 8200 8.1). */
static uint16_t checksum_of(const struct packet *p)
{
	size_t octets = p->len - p->tcp;
	const uint8_t *addresses = p->octets + (p->octets[0] >> 4 == 4 ? 12 : 8);
	uint32_t sum = 6 + (uint32_t)octets + sum_of(addresses, p->octets[0] >> 4 == 4 ? 8 : 32) +
	               sum_of(p->octets + p->tcp, octets) - wire_load16(p->octets + p->tcp + 16);

	while (sum >> 16 != 0)
		sum = (sum & 0xFFFF) + (sum >> 16);
	return (uint16_t)~sum;
}

static void put(struct packet *p, const void *data, size_t len)
{
	memcpy(p->octets + p->len, data, len);
	p->len += len;
}

static void put_tcp(struct packet *p, uint8_t flags, const uint8_t *options, size_t len)
{
	uint8_t header[20] = {0x12, 0x34, 0, 80, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

	header[12] = (uint8_t)((20 + len) / 4 << 4);
	header[13] = flags;
	p->tcp = p->len;
	put(p, header, sizeof header);
	put(p, options, len);
	put(p, "odd", 3);
	wire_store16(p->octets + p->tcp + 16, checksum_of(p));
}

static struct packet ipv4(uint8_t words, uint16_t fragment, uint8_t flags, const uint8_t *options, size_t len)
{
	struct packet p = {.len = words * 4u};

	p.octets[0] = (uint8_t)(0x40 | words);
	wire_store16(p.octets + 6, fragment);
	p.octets[9] = 6;
	memcpy(p.octets + 12, "\x0a\x01\x02\x03\xc0\xa8\xff\xfe", 8);
	put_tcp(&p, flags, options, len);
	wire_store16(p.octets + 2, (uint16_t)p.len);
	return p;
}

static struct packet ipv6(uint8_t next, const void *extensions, size_t extensions_len, const uint8_t *options,
                          size_t len)
{
	struct packet p = {.len = 40};

	p.octets[0] = 0x60;
	p.octets[6] = next;
	for (size_t i = 8; i < 40; i++)
		p.octets[i] = (uint8_t)(i * 37);
	put(&p, extensions, extensions_len);
	put_tcp(&p, 0x02, options, len);
	return p;
}

#define MSS(value) 2, 4, (value) >> 8, (value)&255
#define SYN        0x02
#define SYN_ACK    0x12
#define ACK        0x10

/* The value that is announced after all, 0: nothing was changed. Only it and the checksum may differ. */
static unsigned lowered(const struct packet *before, unsigned mtu)
{
	struct packet p = *before;
	uint8_t *exact = check_copy(p.octets, p.len);
	size_t at = mss_find(exact, p.len, mtu);
	unsigned value;

	free(exact);
	if (at == 0)
		return 0;
	mss_lower(p.octets, at, mtu);
	CHECK_EQ(wire_load16(p.octets + p.tcp + 16), checksum_of(&p));
	value = wire_load16(p.octets + at);
	memcpy(p.octets + at, before->octets + at, 2);
	memcpy(p.octets + p.tcp + 16, before->octets + p.tcp + 16, 2);
	CHECK_OCTETS(p.octets, before->octets, p.len);
	return value;
}

static void test_mss_ipv4(void **state)
{
	static const struct {
		const char *name;
		uint8_t words, flags;
		uint16_t fragment;
		uint8_t options[40];
		uint8_t len;
		unsigned wanted;
	} rows[] = {
	        {"too large", 5, SYN, 0, {MSS(1460)}, 4, 1360},
	        {"by one", 5, SYN, 0, {MSS(1361)}, 4, 1360},
	        {"just right", 5, SYN, 0, {MSS(1360)}, 4, 0},
	        {"small", 5, SYN, 0, {MSS(536)}, 4, 0},
	        {"the largest", 5, SYN, 0, {MSS(65535)}, 4, 1360},
	        {"the reply", 5, SYN_ACK, 0, {MSS(1460)}, 4, 1360},
	        {"no SYN", 5, ACK, 0, {MSS(1460)}, 4, 0},
	        {"no option", 5, SYN, 0, {0}, 0, 0},
	        {"IP has options", 8, SYN, 0, {MSS(1460)}, 4, 1360},
	        {"do not fragment", 5, SYN, 0x4000, {MSS(1460)}, 4, 1360},
	        {"the first fragment", 5, SYN, 0x2000, {MSS(1460)}, 4, 1360},
	        {"another fragment", 5, SYN, 0x2001, {MSS(1460)}, 4, 0},
	        {"behind others", 5, SYN, 0, {1, 3, 3, 7, 4, 2, 1, 1, MSS(1460)}, 12, 1360},
	        {"at an odd place", 5, SYN, 0, {1, MSS(1460), 1, 1, 0}, 8, 1360},
	        {"at another odd place", 5, SYN, 0, {3, 3, 7, MSS(0x05ff), 0}, 8, 1360},
	        {"behind the end", 5, SYN, 0, {0, 0, 0, 0, MSS(1460)}, 8, 0},
	        {"cut off", 5, SYN, 0, {1, 1, 1, 2}, 4, 0},
	        {"longer than the header", 5, SYN, 0, {1, 2, 4, 5}, 4, 0},
	        {"length 0 before it", 5, SYN, 0, {3, 0, 1, 1, MSS(1460)}, 8, 0},
	        {"length 1 before it", 5, SYN, 0, {3, 1, 1, 1, MSS(1460)}, 8, 0},
	        {"a wrong length", 5, SYN, 0, {2, 3, 0xff, 1, MSS(1460)}, 8, 0},
	};
	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct packet p =
		        ipv4(rows[i].words, rows[i].fragment, rows[i].flags, rows[i].options, rows[i].len);

		check_row("%s", rows[i].name);
		CHECK_EQ(lowered(&p, MTU), rows[i].wanted);
		p.octets[9] = 17;
		CHECK_EQ(mss_find(p.octets, p.len, MTU), 0); /* UDP with the same octets */
	}
}

static void test_mss_ipv6(void **state)
{
	static const uint8_t mss[] = {MSS(1440)};
	static const struct {
		const char *name;
		uint8_t next;
		uint8_t extensions[24];
		uint8_t len;
		unsigned wanted;
	} rows[] = {
	        {"plain", 6, {0}, 0, 1340},
	        {"hop by hop", 0, {6, 0}, 8, 1340},
	        {"long destination options", 60, {6, 1}, 16, 1340},
	        {"two", 0, {43, 0, 0, 0, 0, 0, 0, 0, 6, 1}, 24, 1340},
	        {"first fragment", 44, {6, 0, 0, 1}, 8, 1340},
	        {"another fragment", 44, {6, 0, 0, 9}, 8, 0},
	        {"encrypted", 50, {6, 0}, 8, 0},
	        {"a header longer than the packet", 0, {6, 255}, 8, 0},
	};
	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct packet p = ipv6(rows[i].next, rows[i].extensions, rows[i].len, mss, sizeof mss);

		check_row("%s", rows[i].name);
		CHECK_EQ(lowered(&p, MTU), rows[i].wanted);
	}
}

/* Cut anywhere, and with any octets: nothing is read behind it (ASan sees that), nothing found but what is
 * there. */
static void test_mss_hostile(void **state)
{
	static const uint8_t mss[] = {1, MSS(1460), 0, 0, 0};
	struct packet p = ipv4(5, 0, SYN, mss, sizeof mss),
	              q = ipv6(60, "\6\0\0\0\0\0\0", 8, mss, sizeof mss);
	check_random random = {1};

	(void)state;
	for (size_t len = 0; len < p.len; len++) {
		uint8_t *exact = check_copy(p.octets, len);

		check_row("IPv4, %d octets", (int)len);
		CHECK_EQ(mss_find(exact, len, MTU), len < 20 + 28 ? 0 : 20 + 23);
		free(exact);
	}
	for (size_t len = 0; len < q.len; len++) {
		uint8_t *exact = check_copy(q.octets, len);

		check_row("IPv6, %d octets", (int)len);
		CHECK_EQ(mss_find(exact, len, MTU), len < 48 + 28 ? 0 : 48 + 23);
		free(exact);
	}
	for (uint32_t round = check_scale(200000); round > 0; round--) {
		struct packet r = random_below(&random, 2) ? p : q;
		uint8_t *exact;
		size_t at;

		for (unsigned n = random_below(&random, 4); n > 0; n--)
			r.octets[random_below(&random, (uint32_t)r.len)] = (uint8_t)random_next(&random);
		r.len = random_below(&random, (uint32_t)r.len + 1);
		exact = check_copy(r.octets, r.len);
		at = mss_find(exact, r.len, MTU);
		if (at != 0) {
			mss_lower(exact, at, MTU);
			CHECK_EQ(mss_find(exact, r.len, MTU), 0);
		}
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_mss_ipv4),
	        cmocka_unit_test(test_mss_ipv6),
	        cmocka_unit_test(test_mss_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
