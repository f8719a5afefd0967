/* msg: the codec of the 15 control messages. */
#define VECTORS_LAYOUTS
#define VECTORS_CONTROL
#define VECTORS_NEGATIVE
#include "check.h"
#include "vectors.h"

#define ALLOW_ALL (PPTP_MSG_LONGER | PPTP_MSG_UNKNOWN_TYPE | PPTP_MSG_MANAGEMENT_TYPE)
#define FILL      0x5A

static const struct vector_layout *layout_of(uint32_t type)
{
	size_t i;
	for (i = 0; i < LEN(vector_layouts); i++) {
		if (vector_layouts[i].type == type)
			return &vector_layouts[i];
	}
	return NULL;
}

/* An integer of the message in memory, which has the wire's offsets but the host's byte order. */
static uint32_t in_memory(const pptp_msg *msg, uint32_t offset, uint32_t octets)
{
	const uint8_t *at = (const uint8_t *)msg + offset;
	uint16_t two;
	uint32_t four;
	if (octets == 1)
		return at[0];
	if (octets == 2) {
		memcpy(&two, at, 2);
		return two;
	}
	memcpy(&four, at, 4);
	return four;
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* 12 octets of header, and zeros up to len. */
static void put_header(uint8_t *data, size_t len, uint32_t length, uint32_t message_type, uint32_t type)
{
	memset(data, 0, len);
	put16(data, length);
	put16(data + 2, message_type);
	put16(data + 4, 0x1A2B);
	put16(data + 6, 0x3C4D);
	put16(data + 8, type);
}

static int is_filled(const void *data, size_t len)
{
	const uint8_t *at = data;
	size_t i;
	for (i = 0; i < len; i++) {
		if (at[i] != FILL)
			return 0;
	}
	return 1;
}

/* Shows: H-01 H-04 T-05 C-OCRP-01 I-05 I-06 */
static void test_msg_vectors(void **state)
{
	size_t i, k;
	(void)state;
	for (i = 0; i < LEN(vector_controls); i++) {
		const struct vector_control *v = &vector_controls[i];
		const struct vector_layout *layout = layout_of(v->type);
		uint8_t *data = check_copy(v->data, v->len);
		uint8_t *out = check_alloc(v->len);
		pptp_msg_fault fault = {1, 2};
		pptp_msg msg;

		check_row("%s", v->id);
		memset(&msg, FILL, sizeof(msg));
		CHECK_EQ(pptp_msg_peek(data, v->len, 0, &fault), v->len);
		CHECK_EQ(pptp_msg_decode(data, v->len, 0, &msg, &fault), v->len);
		CHECK(fault.field == 1 && fault.value == 2);
		CHECK(is_filled((uint8_t *)&msg + v->len, sizeof(msg) - v->len));
		CHECK_EQ(v->fields_len, layout->fields_len);
		for (k = 0; k < v->fields_len; k++) {
			const struct vector_layout_field *at = &layout->fields[k];
			const struct vector_field *field = &v->fields[k];
			check_step("%s", field->name);
			CHECK_TEXT(field->name, at->name);
			if (field->text) {
				const uint8_t *text = (uint8_t *)&msg + at->offset;
				uint8_t wanted[128] = {0};
				memcpy(wanted, field->text, field->text_len);
				CHECK_OCTETS(text, wanted, at->octets);
			} else {
				CHECK_EQ(in_memory(&msg, at->offset, at->octets), field->value);
			}
		}
		check_step("encode");
		CHECK_EQ(pptp_msg_encode(&msg, out, v->len), v->len);
		CHECK_OCTETS(out, v->data, v->len);
		free(out);
		free(data);
	}
}

/* Every octet of every message survives decode and encode, reserved ones and the tails of texts too. */
/* Shows: H-04 C-SCCRQ-05 */
static void test_msg_round_trip(void **state)
{
	check_random random = {3};
	uint32_t type, turn;
	(void)state;
	for (type = PPTP_SCCRQ; type <= PPTP_SLI; type++) {
		uint32_t size = layout_of(type)->length;
		for (turn = 0; turn < 50; turn++) {
			uint8_t data[PPTP_MSG_MAX_OCTETS], out[PPTP_MSG_MAX_OCTETS];
			pptp_msg msg;
			check_row("type %u, turn %u", type, turn);
			put_header(data, sizeof(data), size, 1, type);
			random_fill(&random, data + 10, size - 10);
			CHECK_EQ(pptp_msg_decode(data, size, 0, &msg, NULL), size);
			CHECK_EQ(pptp_msg_encode(&msg, out, sizeof(out)), size);
			CHECK_OCTETS(out, data, size);
		}
	}
}

/* Shows: T-07 T-14 */
static void test_msg_truncated(void **state)
{
	size_t i, len;
	(void)state;
	for (i = 0; i < LEN(vector_controls); i++) {
		const struct vector_control *v = &vector_controls[i];
		for (len = 0; len < v->len; len++) {
			uint8_t *data = check_copy(v->data, len);
			pptp_msg_fault fault = {1, 2};
			pptp_ssize peeked;
			pptp_msg msg;
			check_row("%s, %u octets", v->id, (unsigned)len);
			memset(&msg, FILL, sizeof(msg));
			CHECK_EQ(pptp_msg_decode(data, len, 0, &msg, &fault), PPTP_ERR_SHORT);
			CHECK(is_filled(&msg, sizeof(msg)));
			peeked = pptp_msg_peek(data, len, 0, &fault);
			CHECK(peeked == (pptp_ssize)v->len || (len < 10 && peeked == PPTP_ERR_SHORT));
			CHECK(fault.field == 1 && fault.value == 2);
			free(data);
		}
	}
}

/* What a Length must be. */
static int length_fits(uint32_t type, uint32_t length, uint32_t allow)
{
	const struct vector_layout *layout = layout_of(type);
	if (length < 12 || length > 220)
		return 0;
	if (!layout)
		return 1;
	return length == layout->length || ((allow & PPTP_MSG_LONGER) && length > layout->length);
}

/* Every Length for every type, with and without each allowance. */
/* Shows: H-01 T-14 T-09 C-CDN-02 */
static void test_msg_every_length(void **state)
{
	static const uint32_t odd_types[] = {0, 16, 17, 255, 256, 257, 0x0100, 0x0F00, 65535};
	static const uint32_t odd_lengths[] = {512, 1024, 0x1000, 0x7FFF, 0x8000, 0xFFFF};
	uint32_t t, n, allow;
	(void)state;
	for (t = 1; t <= 15 + LEN(odd_types); t++) {
		uint32_t type = t <= 15 ? t : odd_types[t - 16];
		for (n = 0; n <= 300 + LEN(odd_lengths); n++) {
			uint32_t length = n <= 300 ? n : odd_lengths[n - 301];
			for (allow = 0; allow <= ALLOW_ALL; allow++) {
				int known = layout_of(type) != NULL;
				int peek_ok = length_fits(type, length, allow) &&
				              (known || (allow & PPTP_MSG_UNKNOWN_TYPE));
				int decode_ok = length_fits(type, length, allow) && known;
				uint8_t data[400];
				pptp_msg_fault fault = {99, 99};
				pptp_msg msg;
				pptp_ssize is;

				check_row("type %u, length %u, allow %u", type, length, allow);
				put_header(data, sizeof(data), length, 1, type);
				is = pptp_msg_peek(data, sizeof(data), allow, &fault);
				CHECK_EQ(is, peek_ok ? (pptp_ssize)length : PPTP_ERR_MALFORMED);
				if (!peek_ok) {
					if (length_fits(type, length, allow) && !known) {
						CHECK_EQ(fault.field, 8);
						CHECK_EQ(fault.value, type);
					} else if (known || length < 12 || length > 220) {
						CHECK_EQ(fault.field, 0);
						CHECK_EQ(fault.value, length);
					}
				} else {
					CHECK(fault.field == 99 && fault.value == 99);
				}
				memset(&msg, FILL, sizeof(msg));
				is = pptp_msg_decode(data, sizeof(data), allow, &msg, NULL);
				CHECK_EQ(is, decode_ok ? (pptp_ssize)length : PPTP_ERR_MALFORMED);
				if (!decode_ok)
					CHECK(is_filled(&msg, sizeof(msg)));
			}
		}
	}
}

/* Every PPTP Message Type; only 1 is defined. */
/* Shows: T-09 */
static void test_msg_message_type(void **state)
{
	uint32_t message_type;
	(void)state;
	for (message_type = 0; message_type <= 65535; message_type++) {
		pptp_msg_fault fault = {0, 0};
		uint8_t data[16];
		pptp_msg msg;
		check_row("PPTP Message Type %u", message_type);
		put_header(data, sizeof(data), 16, message_type, PPTP_ECHORQ);
		CHECK_EQ(pptp_msg_peek(data, sizeof(data), 0, &fault),
		         message_type == 1 ? 16 : PPTP_ERR_MALFORMED);
		if (message_type != 1) {
			CHECK_EQ(fault.field, 2);
			CHECK_EQ(fault.value, message_type);
		}
		CHECK_EQ(pptp_msg_peek(data, sizeof(data), ALLOW_ALL, NULL),
		         message_type == 1 || message_type == 2 ? 16 : PPTP_ERR_MALFORMED);
		CHECK_EQ(pptp_msg_decode(data, sizeof(data), ALLOW_ALL, &msg, NULL),
		         message_type == 1 ? 16 : PPTP_ERR_MALFORMED);
	}
}

/* A wrong bit anywhere in the cookie is found, as soon as the cookie is there, whatever follows. */
/* Shows: T-08 */
static void test_msg_cookie(void **state)
{
	uint32_t bit;
	(void)state;
	for (bit = 0; bit < 32; bit++) {
		uint32_t cookie = PPTP_MAGIC_COOKIE ^ (UINT32_C(1) << bit);
		pptp_msg_fault fault = {0, 0};
		uint8_t data[16];
		size_t len;
		check_row("bit %u", bit);
		put_header(data, sizeof(data), 16, 1, PPTP_ECHORQ);
		put16(data + 4, cookie >> 16);
		put16(data + 6, cookie & 0xFFFF);
		for (len = 8; len <= sizeof(data); len++) {
			CHECK_EQ(pptp_msg_peek(data, len, ALLOW_ALL, &fault), PPTP_ERR_MALFORMED);
			CHECK_EQ(fault.field, 4);
			CHECK_EQ(fault.value, cookie);
		}
	}
}

/* Garbage is refused as early as its first wrong field is there: no waiting for a Length that lies. */
/* Shows: T-08 T-14 */
static void test_msg_early(void **state)
{
	static const struct {
		const char *name;
		uint8_t data[12];
		size_t decided; /* octets that suffice */
		uint32_t field, value;
	} rows[] = {
	        {"length 0", {0, 0, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0}, 2, 0, 0},
	        {"length 11", {0, 11, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0}, 2, 0, 11},
	        {"length 221", {0, 221, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 9, 0, 0}, 2, 0, 221},
	        {"HTTP", {'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P', '/', '1'}, 2, 0, 0x4745},
	        {"message type", {0, 16, 0, 9, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0}, 4, 2, 9},
	        {"cookie", {0, 16, 0, 1, 0x1A, 0x2B, 0x4D, 0x3C, 0, 5, 0, 0}, 8, 4, 0x1A2B4D3C},
	        {"type", {0, 16, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 99, 0, 0}, 10, 8, 99},
	        {"length of the type", {0, 20, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0}, 10, 0, 20},
	};
	size_t i, len;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		for (len = rows[i].decided; len <= 12; len++) {
			pptp_msg_fault fault = {77, 77};
			uint8_t *data = check_copy(rows[i].data, len);
			pptp_msg msg;
			check_row("%s, %u octets", rows[i].name, (unsigned)len);
			CHECK_EQ(pptp_msg_peek(data, len, 0, &fault), PPTP_ERR_MALFORMED);
			CHECK_EQ(fault.field, rows[i].field);
			CHECK_EQ(fault.value, rows[i].value);
			CHECK_EQ(pptp_msg_decode(data, len, 0, &msg, NULL), PPTP_ERR_MALFORMED);
			free(data);
		}
	}
}

/* What the codec can tell of the negative vectors; the connection does the rest. */
/* Shows: T-08 T-09 H-01 */
static void test_msg_negative_vectors(void **state)
{
	size_t i, profile;
	(void)state;
	for (i = 0; i < LEN(vector_negative_controls); i++) {
		const struct vector_negative_control *v = &vector_negative_controls[i];
		for (profile = 0; profile < 2; profile++) {
			const struct vector_expected *e = profile ? &v->usual : &v->strict;
			uint32_t allow = profile ? ALLOW_ALL : 0;
			uint8_t *data = check_copy(v->data, v->len);
			pptp_msg_fault fault = {77, 77};
			pptp_ssize peeked;
			pptp_msg msg;

			check_row("%s, %s", v->id, profile ? "all allowed" : "strict");
			peeked = pptp_msg_peek(data, v->len, allow, &fault);
			if (e->reaction == VECTOR_MALFORMED) {
				CHECK_EQ(peeked, PPTP_ERR_MALFORMED);
				CHECK_EQ(fault.field, e->field);
				CHECK_EQ(fault.value, e->value);
				CHECK_EQ(pptp_msg_decode(data, v->len, allow, &msg, &fault),
				         PPTP_ERR_MALFORMED);
			} else if (e->reaction == VECTOR_SKIP || e->reaction == VECTOR_SKIP_OR_MALFORMED) {
				CHECK(peeked == (pptp_ssize)v->len ||
				      e->reaction == VECTOR_SKIP_OR_MALFORMED);
				CHECK_EQ(pptp_msg_decode(data, v->len, allow, &msg, &fault),
				         PPTP_ERR_MALFORMED);
			} else {
				CHECK_EQ(peeked, v->len);
				CHECK_EQ(pptp_msg_decode(data, v->len, allow, &msg, &fault), v->len);
			}
			free(data);
		}
	}
}

/* The tail of a message that is longer than its type is not decoded. */
/* Shows: H-01 */
static void test_msg_longer(void **state)
{
	uint32_t type;
	(void)state;
	for (type = PPTP_SCCRQ; type <= PPTP_SLI; type++) {
		uint32_t size = layout_of(type)->length;
		uint8_t data[PPTP_MSG_MAX_OCTETS];
		pptp_msg msg;
		if (size == PPTP_MSG_MAX_OCTETS)
			continue;
		check_row("type %u", type);
		memset(&msg, FILL, sizeof(msg));
		put_header(data, sizeof(data), PPTP_MSG_MAX_OCTETS, 1, type);
		memset(data + size, 0xEE, sizeof(data) - size);
		CHECK_EQ(pptp_msg_decode(data, sizeof(data), PPTP_MSG_LONGER, &msg, NULL),
		         PPTP_MSG_MAX_OCTETS);
		CHECK(is_filled((uint8_t *)&msg + size, sizeof(msg) - size));
		CHECK_EQ(pptp_msg_decode(data, size, PPTP_MSG_LONGER, &msg, NULL), PPTP_ERR_SHORT);
		CHECK_EQ(pptp_msg_decode(data, sizeof(data) - 1, PPTP_MSG_LONGER, &msg, NULL),
		         PPTP_ERR_SHORT);
	}
}

/* Shows: H-01 */
static void test_msg_fields(void **state)
{
	uint32_t type, index, offset, octets;
	(void)state;
	for (type = PPTP_SCCRQ; type <= PPTP_SLI; type++) {
		const struct vector_layout *layout = layout_of(type);
		uint32_t next = 0, at;
		check_row("%s", layout->name);
		CHECK_EQ(pptp_msg_size(type), layout->length);
		for (index = 0; index < layout->fields_len; index++) {
			const struct vector_layout_field *field = &layout->fields[index];
			check_step("%s", field->name);
			CHECK_TEXT(pptp_msg_field(type, index, &offset, &octets), field->name);
			CHECK_EQ(offset, field->offset);
			CHECK_EQ(octets, field->octets);
			CHECK_EQ(offset, next);
			next += octets;
			CHECK_TEXT(pptp_msg_field_at(type, offset), field->name);
			for (at = offset + 1; at < offset + octets; at++)
				CHECK(pptp_msg_field_at(type, at) == NULL);
		}
		CHECK_EQ(next, layout->length);
		offset = octets = 7;
		for (index = (uint32_t)layout->fields_len; index < 300; index++)
			CHECK(pptp_msg_field(type, index, &offset, &octets) == NULL);
		CHECK(pptp_msg_field(type, UINT32_MAX, &offset, &octets) == NULL);
		CHECK(offset == 7 && octets == 7);
		for (at = next; at < next + 300; at++)
			CHECK(pptp_msg_field_at(type, at) == NULL);
		CHECK(pptp_msg_field_at(type, UINT32_MAX) == NULL);
	}
}

/* Types that RFC 2637 does not have: no size, a header all the same. */
/* Shows: H-01 T21 */
static void test_msg_other_types(void **state)
{
	static const struct {
		uint32_t offset;
		const char *name;
	} header[] = {{0, "length"},
	              {2, "pptp_message_type"},
	              {4, "magic_cookie"},
	              {8, "control_message_type"},
	              {10, "reserved0"}};
	uint32_t type;
	size_t i;
	(void)state;
	for (type = 0; type <= 65536; type++) {
		pptp_msg msg;
		if (type >= PPTP_SCCRQ && type <= PPTP_SLI)
			continue;
		check_row("type %u", type);
		CHECK_EQ(pptp_msg_size(type), 0);
		CHECK_TEXT(pptp_msg_name(type), "unknown");
		for (i = 0; i < LEN(header); i++)
			CHECK_TEXT(pptp_msg_field_at(type, header[i].offset), header[i].name);
		CHECK(pptp_msg_field_at(type, 12) == NULL);
		memset(&msg, FILL, sizeof(msg));
		CHECK_EQ(pptp_msg_init(&msg, type), PPTP_ERR_ARG);
		CHECK(is_filled(&msg, sizeof(msg)));
	}
	CHECK_EQ(pptp_msg_size(UINT32_MAX), 0);
	CHECK_TEXT(pptp_msg_name(UINT32_MAX), "unknown");
	CHECK_EQ(pptp_msg_size(0x10000 + PPTP_SCCRQ), 0);
	CHECK_TEXT(pptp_msg_name(0x10000 + PPTP_SCCRQ), "unknown");
}

/* Shows: H-01 */
static void test_msg_names(void **state)
{
	static const char *const names[] = {
	        "Start-Control-Connection-Request",
	        "Start-Control-Connection-Reply",
	        "Stop-Control-Connection-Request",
	        "Stop-Control-Connection-Reply",
	        "Echo-Request",
	        "Echo-Reply",
	        "Outgoing-Call-Request",
	        "Outgoing-Call-Reply",
	        "Incoming-Call-Request",
	        "Incoming-Call-Reply",
	        "Incoming-Call-Connected",
	        "Call-Clear-Request",
	        "Call-Disconnect-Notify",
	        "WAN-Error-Notify",
	        "Set-Link-Info",
	};
	uint32_t i;
	(void)state;
	for (i = 0; i < LEN(names); i++)
		CHECK_TEXT(pptp_msg_name(i + 1), names[i]);
}

/* Shows: T-06 C-SCCRQ-02 H-01 */
static void test_msg_init(void **state)
{
	uint32_t type, i;
	(void)state;
	for (type = PPTP_SCCRQ; type <= PPTP_SLI; type++) {
		pptp_msg msg;
		uint8_t data[PPTP_MSG_MAX_OCTETS], wanted[PPTP_MSG_MAX_OCTETS];
		check_row("type %u", type);
		memset(&msg, FILL, sizeof(msg));
		CHECK_EQ(pptp_msg_init(&msg, type), PPTP_OK);
		CHECK_EQ(msg.header.length, pptp_msg_size(type));
		CHECK_EQ(msg.header.pptp_message_type, 1);
		CHECK_EQ(msg.header.magic_cookie, 0x1A2B3C4D);
		CHECK_EQ(msg.header.control_message_type, type);
		CHECK_EQ(msg.header.reserved0, 0);
		for (i = 12; i < sizeof(msg); i++)
			CHECK_EQ(((uint8_t *)&msg)[i], 0);
		put_header(wanted, sizeof(wanted), pptp_msg_size(type), 1, type);
		CHECK_EQ(pptp_msg_encode(&msg, data, sizeof(data)), pptp_msg_size(type));
		CHECK_OCTETS(data, wanted, pptp_msg_size(type));
	}
	CHECK_EQ(pptp_msg_init(NULL, PPTP_SCCRQ), PPTP_ERR_ARG);
}

/* Shows: T-06 */
static void test_msg_encode_refuses(void **state)
{
	uint32_t type, cap, k;
	(void)state;
	for (type = PPTP_SCCRQ; type <= PPTP_SLI; type++) {
		uint32_t size = pptp_msg_size(type);
		pptp_msg good, bad;
		check_row("type %u", type);
		CHECK_EQ(pptp_msg_init(&good, type), PPTP_OK);
		for (cap = 0; cap < size; cap++) {
			uint8_t *out = check_alloc(cap);
			check_step("cap %u", cap);
			memset(out, FILL, cap);
			CHECK_EQ(pptp_msg_encode(&good, out, cap), PPTP_ERR_SIZE);
			CHECK(is_filled(out, cap));
			free(out);
		}
		for (k = 0; k < 6; k++) {
			uint8_t out[PPTP_MSG_MAX_OCTETS];
			bad = good;
			memset(out, FILL, sizeof(out));
			if (k == 0)
				bad.header.length++;
			else if (k == 1)
				bad.header.length--;
			else if (k == 2)
				bad.header.pptp_message_type = 2;
			else if (k == 3)
				bad.header.magic_cookie ^= 1;
			else if (k == 4)
				bad.header.control_message_type = 16;
			else
				bad.header.control_message_type = 0;
			check_step("header %u", k);
			CHECK_EQ(pptp_msg_encode(&bad, out, sizeof(out)), PPTP_ERR_ARG);
			CHECK(is_filled(out, sizeof(out)));
		}
	}
}

static void test_msg_null(void **state)
{
	uint8_t data[16], out[16];
	pptp_msg msg;
	(void)state;
	put_header(data, sizeof(data), 16, 1, PPTP_ECHORQ);
	CHECK_EQ(pptp_msg_decode(NULL, 16, 0, &msg, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_msg_decode(data, 16, 0, NULL, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_msg_decode(data, 16, 0, &msg, NULL), 16);
	CHECK_EQ(pptp_msg_encode(NULL, out, 16), PPTP_ERR_ARG);
	CHECK_EQ(pptp_msg_encode(&msg, NULL, 16), PPTP_ERR_ARG);
	CHECK_EQ(pptp_msg_peek(data, 0, 0, NULL), PPTP_ERR_SHORT);
	data[4] = 0;
	CHECK_EQ(pptp_msg_peek(data, 16, 0, NULL), PPTP_ERR_MALFORMED);
	CHECK_EQ(pptp_msg_decode(data, 16, 0, &msg, NULL), PPTP_ERR_MALFORMED);
	CHECK(pptp_msg_field(PPTP_ECHORQ, 0, NULL, NULL) == NULL ||
	      strcmp(pptp_msg_field(PPTP_ECHORQ, 0, NULL, NULL), "length") == 0);
}

/* Shows: E-01 E-02 E-03 */
static void test_msg_result_names(void **state)
{
	static const struct {
		uint32_t type, first, last;
	} rows[] = {
	        {PPTP_SCCRP, 1, 5}, {PPTP_STOPCCRQ, 1, 3}, {PPTP_STOPCCRP, 1, 2}, {PPTP_ECHORP, 1, 2},
	        {PPTP_OCRP, 1, 7},  {PPTP_ICRP, 1, 3},     {PPTP_CDN, 1, 4},
	};
	uint32_t type, value, other;
	size_t i;
	(void)state;
	for (type = 0; type <= 20; type++) {
		uint32_t first = 1, last = 0;
		for (i = 0; i < LEN(rows); i++) {
			if (rows[i].type == type) {
				first = rows[i].first;
				last = rows[i].last;
			}
		}
		for (value = 0; value <= 65537; value++) {
			const char *name = pptp_result_name(type, value);
			check_row("type %u, value %u", type, value);
			CHECK(name != NULL);
			if (value < first || value > last) {
				CHECK_TEXT(name, "unknown");
				continue;
			}
			CHECK(strcmp(name, "unknown") != 0);
			for (other = first; other < value; other++)
				CHECK(strcmp(name, pptp_result_name(type, other)) != 0);
		}
	}
	CHECK_TEXT(pptp_result_name(PPTP_OCRP, PPTP_OCRP_BUSY), "busy");
	CHECK_TEXT(pptp_result_name(UINT32_MAX, 1), "unknown");
	for (value = 0; value <= 65537; value++)
		CHECK_EQ(strcmp(pptp_error_name(value), "unknown") == 0, value > PPTP_ERROR_PAC);
}

/* The constants of the header are the RFC's. */
/* Shows: H-01 E-01 S-CC-01 */
static void test_msg_constants(void **state)
{
	static const struct {
		int64_t is, wanted;
	} rows[] = {
	        {PPTP_MAGIC_COOKIE, 0x1A2B3C4D},
	        {PPTP_PROTOCOL_VERSION, 0x0100},
	        {PPTP_SCCRP_OK, 1},
	        {PPTP_SCCRP_GENERAL_ERROR, 2},
	        {PPTP_SCCRP_CHANNEL_EXISTS, 3},
	        {PPTP_SCCRP_NOT_AUTHORIZED, 4},
	        {PPTP_SCCRP_BAD_VERSION, 5},
	        {PPTP_STOP_NONE, 1},
	        {PPTP_STOP_PROTOCOL, 2},
	        {PPTP_STOP_LOCAL_SHUTDOWN, 3},
	        {PPTP_OCRP_CONNECTED, 1},
	        {PPTP_OCRP_GENERAL_ERROR, 2},
	        {PPTP_OCRP_NO_CARRIER, 3},
	        {PPTP_OCRP_BUSY, 4},
	        {PPTP_OCRP_NO_DIAL_TONE, 5},
	        {PPTP_OCRP_TIMEOUT, 6},
	        {PPTP_OCRP_DO_NOT_ACCEPT, 7},
	        {PPTP_ICRP_CONNECT, 1},
	        {PPTP_ICRP_GENERAL_ERROR, 2},
	        {PPTP_ICRP_DO_NOT_ACCEPT, 3},
	        {PPTP_CDN_LOST_CARRIER, 1},
	        {PPTP_CDN_GENERAL_ERROR, 2},
	        {PPTP_CDN_ADMIN_SHUTDOWN, 3},
	        {PPTP_CDN_REQUEST, 4},
	        {PPTP_ERROR_NONE, 0},
	        {PPTP_ERROR_NOT_CONNECTED, 1},
	        {PPTP_ERROR_BAD_FORMAT, 2},
	        {PPTP_ERROR_BAD_VALUE, 3},
	        {PPTP_ERROR_NO_RESOURCE, 4},
	        {PPTP_ERROR_BAD_CALL_ID, 5},
	        {PPTP_ERROR_PAC, 6},
	        {PPTP_FRAMING_ANY, 3},
	        {PPTP_BEARER_ANY, 3},
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		check_row("%u", (unsigned)i);
		CHECK_EQ(rows[i].is, rows[i].wanted);
	}
}

/* Anything at all: no crash, and what is decoded encodes to the same octets. */
/* Shows: T-09 */
static void test_msg_garbage(void **state)
{
	check_random random = {4};
	uint32_t turn, turns = check_scale(200000);
	(void)state;
	for (turn = 0; turn < turns; turn++) {
		size_t len = random_below(&random, 240);
		uint8_t data[240], out[PPTP_MSG_MAX_OCTETS];
		uint32_t type = 1 + random_below(&random, 15), allow = random_below(&random, 8);
		pptp_ssize used, peeked;
		pptp_msg msg;
		random_fill(&random, data, sizeof(data));
		if (turn % 4) {
			put_header(data, 12, pptp_msg_size(type), 1, type);
			if (turn % 4 == 1)
				data[random_below(&random, 12)] = (uint8_t)random_next(&random);
		}
		check_row("turn %u", turn);
		used = pptp_msg_decode(data, len, allow, &msg, NULL);
		peeked = pptp_msg_peek(data, len, allow, NULL);
		CHECK(used == PPTP_ERR_SHORT || used == PPTP_ERR_MALFORMED || (used >= 12 && used <= 220));
		if (used > 0) {
			CHECK_EQ(peeked, used);
			CHECK((size_t)used <= len);
			msg.header.length = (uint16_t)pptp_msg_size(msg.header.control_message_type);
			CHECK_EQ(pptp_msg_encode(&msg, out, sizeof(out)), msg.header.length);
			CHECK_OCTETS(out + 2, data + 2, msg.header.length - 2u);
		}
		if (used == PPTP_ERR_SHORT)
			CHECK(peeked == PPTP_ERR_SHORT || peeked > (pptp_ssize)len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_msg_vectors),      cmocka_unit_test(test_msg_round_trip),
	        cmocka_unit_test(test_msg_truncated),    cmocka_unit_test(test_msg_every_length),
	        cmocka_unit_test(test_msg_message_type), cmocka_unit_test(test_msg_cookie),
	        cmocka_unit_test(test_msg_early),        cmocka_unit_test(test_msg_negative_vectors),
	        cmocka_unit_test(test_msg_longer),       cmocka_unit_test(test_msg_fields),
	        cmocka_unit_test(test_msg_other_types),  cmocka_unit_test(test_msg_names),
	        cmocka_unit_test(test_msg_init),         cmocka_unit_test(test_msg_encode_refuses),
	        cmocka_unit_test(test_msg_null),         cmocka_unit_test(test_msg_result_names),
	        cmocka_unit_test(test_msg_constants),    cmocka_unit_test(test_msg_garbage),
	};
	return cmocka_run_group_tests_name("msg", tests, NULL, NULL);
}
