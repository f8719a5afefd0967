/* gre: the header codec. */
#define VECTORS_GRE
#define VECTORS_NEGATIVE
#include "check.h"
#include "vectors.h"

static void same_header(const pptp_gre_header *is, const pptp_gre_header *wanted)
{
	CHECK_EQ(is->payload_octets, wanted->payload_octets);
	CHECK_EQ(is->call_id, wanted->call_id);
	CHECK_EQ(is->has_sequence, wanted->has_sequence);
	CHECK_EQ(is->has_ack, wanted->has_ack);
	CHECK_EQ(is->header_octets, wanted->header_octets);
	if (wanted->has_sequence)
		CHECK_EQ(is->sequence, wanted->sequence);
	if (wanted->has_ack)
		CHECK_EQ(is->acknowledgment, wanted->acknowledgment);
}

/* Shows: G-HDR-00 G-HDR-01 G-HDR-02 G-HDR-04 G-SEQ-04 I-05 T-05 */
static void test_gre_header_vectors(void **state)
{
	size_t i, cap;
	(void)state;
	for (i = 0; i < LEN(vector_gres); i++) {
		const struct vector_gre *v = &vector_gres[i];
		uint8_t *data = check_copy(v->data, v->len);
		pptp_gre_header header;
		uint16_t call_id = 0;
		check_row("%s", v->id);
		memset(&header, 0x5A, sizeof(header));
		CHECK_EQ(pptp_gre_decode(data, v->len, &header), v->verdict);
		same_header(&header, &v->header);
		CHECK_OCTETS(data + header.header_octets, v->payload, header.payload_octets);
		CHECK_EQ(pptp_gre_peek(data, v->len, &call_id), PPTP_OK);
		CHECK_EQ(call_id, v->header.call_id);

		header.header_octets = 99; /* ignored */
		for (cap = 0; cap <= PPTP_GRE_HEADER_MAX; cap++) {
			size_t wanted = v->header.header_octets;
			uint8_t *out = check_alloc(cap);
			check_step("cap %u", (unsigned)cap);
			if (cap < wanted) {
				CHECK_EQ(pptp_gre_encode(&header, out, cap), PPTP_ERR_SIZE);
			} else {
				CHECK_EQ(pptp_gre_encode(&header, out, cap), wanted);
				CHECK_OCTETS(out, v->data, wanted);
			}
			free(out);
		}
		free(data);
	}
}

/* Cut anywhere, refused for the right reason; octets behind the payload are padding. */
/* Shows: G-HDR-02 G-HDR-03 */
static void test_gre_header_lengths(void **state)
{
	size_t i, len;
	(void)state;
	for (i = 0; i < LEN(vector_gres); i++) {
		const struct vector_gre *v = &vector_gres[i];
		for (len = 0; len < v->len + 8; len++) {
			uint8_t *data = check_alloc(len);
			pptp_gre_header header, untouched;
			uint32_t wanted = v->verdict;
			memcpy(data, v->data, len < v->len ? len : v->len);
			check_row("%s, %u octets", v->id, (unsigned)len);
			memset(&header, 0x5A, sizeof(header));
			untouched = header;
			if (len < v->header.header_octets)
				wanted = PPTP_GRE_DROP_TRUNCATED;
			else if (len < v->len)
				wanted = PPTP_GRE_DROP_PAYLOAD;
			CHECK_EQ(pptp_gre_decode(data, len, &header), wanted);
			if (wanted == v->verdict)
				same_header(&header, &v->header);
			else
				CHECK_OCTETS(&header, &untouched, sizeof(header));
			free(data);
		}
	}
}

/* Every combination of the first 16 bits. */
/* Shows: G-HDR-06 G-HDR-01 G-HDR-03 */
static void test_gre_header_flags(void **state)
{
	uint32_t bits;
	(void)state;
	for (bits = 0; bits <= 0xFFFF; bits++) {
		uint8_t data[20] = {0, 0, 0x88, 0x0B, 0, 4, 0x12, 0x34, 0, 0, 0, 7, 0, 0, 0, 9, 1, 2, 3, 4};
		int s = (bits & 0x1000) != 0, a = (bits & 0x0080) != 0;
		pptp_gre_header header = {0};
		uint32_t wanted = PPTP_GRE_DROP_NOT_PPTP;
		uint16_t call_id = 0;
		data[0] = (uint8_t)(bits >> 8);
		data[1] = (uint8_t)bits;
		if ((bits & 0xEF7F) == 0x2001)
			wanted = s ? PPTP_GRE_DELIVER : a ? PPTP_GRE_ACK_ONLY : PPTP_GRE_DROP_NOTHING;
		check_row("0x%04x", bits);
		CHECK_EQ(pptp_gre_decode(data, sizeof(data), &header), wanted);
		if (wanted == PPTP_GRE_DELIVER) {
			CHECK_EQ(header.sequence, 7);
			CHECK_EQ(header.has_ack, a);
			CHECK_EQ(header.header_octets, a ? 16 : 12);
			CHECK(!a || header.acknowledgment == 9);
		} else if (wanted == PPTP_GRE_ACK_ONLY) {
			CHECK_EQ(header.acknowledgment, 7); /* directly behind the key */
			CHECK_EQ(header.header_octets, 12);
		}
		if (wanted == PPTP_GRE_DROP_NOT_PPTP) {
			CHECK_EQ(pptp_gre_peek(data, sizeof(data), &call_id), PPTP_ERR_MALFORMED);
			CHECK_EQ(call_id, 0);
		} else if (wanted != PPTP_GRE_DROP_NOTHING) {
			CHECK_EQ(pptp_gre_peek(data, sizeof(data), &call_id), PPTP_OK);
			CHECK_EQ(call_id, 0x1234);
		}
	}
}

/* Shows: G-HDR-06 */
static void test_gre_header_protocol(void **state)
{
	uint32_t protocol;
	(void)state;
	for (protocol = 0; protocol <= 0xFFFF; protocol++) {
		uint8_t data[13] = {0x30, 0x01, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0xC0};
		pptp_gre_header header;
		data[2] = (uint8_t)(protocol >> 8);
		data[3] = (uint8_t)protocol;
		check_row("0x%04x", protocol);
		CHECK_EQ(pptp_gre_decode(data, sizeof(data), &header),
		         protocol == 0x880B ? PPTP_GRE_DELIVER : PPTP_GRE_DROP_NOT_PPTP);
	}
}

/* A Payload Length above what is there, by 1 to all of it. */
/* Shows: G-HDR-03 G-HDR-04 */
static void test_gre_header_payload_length(void **state)
{
	uint32_t length, there;
	(void)state;
	for (there = 0; there <= 20; there++) {
		for (length = 0; length <= 0xFFFF; length += length < 40 ? 1 : 977) {
			uint8_t *data = check_alloc(12 + there);
			static const uint8_t start[12] = {0x30, 0x01, 0x88, 0x0B, 0, 0, 0, 1, 0, 0, 0, 5};
			pptp_gre_header header;
			memcpy(data, start, sizeof(start));
			data[4] = (uint8_t)(length >> 8);
			data[5] = (uint8_t)length;
			check_row("%u of %u", length, there);
			CHECK_EQ(pptp_gre_decode(data, 12 + there, &header),
			         length > there ? PPTP_GRE_DROP_PAYLOAD
			         : length == 0  ? PPTP_GRE_EMPTY
			                        : PPTP_GRE_DELIVER);
			if (length <= there)
				CHECK_EQ(header.payload_octets, length);
			free(data);
		}
	}
}

/* Shows: G-HDR-03 G-HDR-05 G-HDR-06 */
static void test_gre_header_negative_vectors(void **state)
{
	size_t i;
	(void)state;
	for (i = 0; i < LEN(vector_negative_gres); i++) {
		const struct vector_negative_gre *v = &vector_negative_gres[i];
		uint8_t *data = check_copy(v->data, v->len);
		pptp_gre_header header;
		check_row("%s", v->id);
		CHECK_EQ(pptp_gre_decode(data, v->len, &header), v->decode);
		free(data);
	}
}

/* Shows: G-HDR-01 */
static void test_gre_header_encode(void **state)
{
	static const struct {
		const char *name;
		pptp_gre_header header;
		pptp_ssize wanted;
		uint8_t octets[16];
	} rows[] = {
	        {"nothing", {0, 0, 0, 1, 0, 0, 0, 0}, PPTP_ERR_ARG, {0}},
	        {"payload without number", {0, 0, 1, 1, 0, 1, 0, 0}, PPTP_ERR_ARG, {0}},
	        {"payload and neither", {0, 0, 1, 1, 0, 0, 0, 0}, PPTP_ERR_ARG, {0}},
	        {"empty with number",
	         {2, 0, 0, 1, 1, 0, 0, 0},
	         12,
	         {0x30, 0x01, 0x88, 0x0B, 0, 0, 0, 1, 0, 0, 0, 2}},
	        {"acknowledgment",
	         {0, 0xFFFFFFFFu, 0, 0xFFFF, 0, 1, 0, 0},
	         12,
	         {0x20, 0x81, 0x88, 0x0B, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}},
	        {"both",
	         {0x01020304, 0x05060708, 0xFFFF, 0, 1, 1, 0, 0},
	         16,
	         {0x30, 0x81, 0x88, 0x0B, 0xFF, 0xFF, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}},
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		uint8_t out[16], before[16];
		memset(out, 0x5A, sizeof(out));
		memset(before, 0x5A, sizeof(before));
		check_row("%s", rows[i].name);
		CHECK_EQ(pptp_gre_encode(&rows[i].header, out, sizeof(out)), rows[i].wanted);
		if (rows[i].wanted > 0) {
			CHECK_OCTETS(out, rows[i].octets, (size_t)rows[i].wanted);
			CHECK_OCTETS(out + rows[i].wanted, before, sizeof(out) - (size_t)rows[i].wanted);
		} else {
			CHECK_OCTETS(out, before, sizeof(out));
		}
	}
	CHECK_EQ(pptp_gre_encode(NULL, NULL, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_gre_encode(&rows[3].header, NULL, 16), PPTP_ERR_ARG);
}

/* Every first octet, every length; a header length of 0 to 4 is none. */
/* Shows: T-02 */
static void test_gre_t26_ipv4_header(void **state)
{
	uint32_t first;
	size_t len;
	(void)state;
	for (first = 0; first <= 255; first++) {
		for (len = 0; len <= 80; len++) {
			uint8_t *data = check_alloc(len);
			uint32_t octets = (first & 15) * 4;
			int ok = (first >> 4) == 4 && octets >= 20 && octets <= len;
			if (len)
				data[0] = (uint8_t)first;
			check_row("0x%02x, %u octets", first, (unsigned)len);
			CHECK_EQ(pptp_gre_ipv4_header(data, len),
			         ok ? (pptp_ssize)octets : PPTP_ERR_MALFORMED);
			free(data);
		}
	}
}

/* Shows: G-HDR-03 */
static void test_gre_header_garbage(void **state)
{
	check_random random = {5};
	uint32_t turn, turns = check_scale(300000);
	(void)state;
	for (turn = 0; turn < turns; turn++) {
		size_t len = random_below(&random, 40);
		uint8_t data[40];
		pptp_gre_header header;
		uint16_t call_id;
		uint32_t verdict;
		random_fill(&random, data, sizeof(data));
		if (turn % 2) {
			data[0] = (uint8_t)(0x20 | (data[0] & 0x10));
			data[1] = (uint8_t)(0x01 | (data[1] & 0x80));
			data[2] = 0x88;
			data[3] = 0x0B;
			data[4] = 0;
			data[5] &= 31;
		}
		check_row("turn %u", turn);
		verdict = pptp_gre_decode(data, len, &header);
		if (verdict <= PPTP_GRE_EMPTY) {
			CHECK(header.header_octets == 12 || header.header_octets == 16);
			CHECK(verdict != PPTP_GRE_DELIVER ||
			      (size_t)header.header_octets + header.payload_octets <= len);
			CHECK_EQ(pptp_gre_peek(data, len, &call_id), PPTP_OK);
			CHECK_EQ(call_id, header.call_id);
		} else {
			CHECK(verdict >= PPTP_GRE_DROP_TRUNCATED && verdict <= PPTP_GRE_DROP_PAYLOAD);
		}
		if (verdict == PPTP_GRE_DROP_NOT_PPTP || len < 8)
			CHECK_EQ(pptp_gre_peek(data, len, &call_id), PPTP_ERR_MALFORMED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_gre_header_vectors),
	        cmocka_unit_test(test_gre_header_lengths),
	        cmocka_unit_test(test_gre_header_flags),
	        cmocka_unit_test(test_gre_header_protocol),
	        cmocka_unit_test(test_gre_header_payload_length),
	        cmocka_unit_test(test_gre_header_negative_vectors),
	        cmocka_unit_test(test_gre_header_encode),
	        cmocka_unit_test(test_gre_t26_ipv4_header),
	        cmocka_unit_test(test_gre_header_garbage),
	};
	return cmocka_run_group_tests_name("gre_header", tests, NULL, NULL);
}
