/* fuzz_msg: the codec of control messages on any octets. What is decoded is encoded to the same octets; peek
 * and decode agree on every input and on all its beginnings, whatever deviations are let pass. */
#include "fuzz.h"

#define ALLOW_ALL (PPTP_MSG_LONGER | PPTP_MSG_UNKNOWN_TYPE | PPTP_MSG_MANAGEMENT_TYPE)
#define UNTOUCHED 0xA5A5A5A5u

static uint32_t load16(const uint8_t *at)
{
	return (uint32_t)(at[0] << 8 | at[1]);
}

static pptp_ssize peek(const uint8_t *data, size_t len, uint32_t allow, pptp_msg_fault *ret)
{
	uint8_t *exact = fuzz_copy(data, len);
	pptp_ssize n;
	ret->field = ret->value = UNTOUCHED;
	n = pptp_msg_peek(exact, len, allow, ret);
	free(exact);
	FUZZ_CHECK(n == PPTP_ERR_SHORT || n == PPTP_ERR_MALFORMED ||
	           (n >= (pptp_ssize)PPTP_HEADER_OCTETS && n <= (pptp_ssize)PPTP_MSG_MAX_OCTETS));
	FUZZ_CHECK((n == PPTP_ERR_MALFORMED) == (ret->field != UNTOUCHED));
	return n;
}

/* Once peek has decided it says the same of anything longer; 10 octets suffice. */
static void check_peek(const uint8_t *data, size_t len, uint32_t allow)
{
	pptp_msg_fault whole_fault, fault;
	pptp_ssize whole = peek(data, len, allow, &whole_fault), n;
	size_t i;
	FUZZ_CHECK(whole != PPTP_ERR_SHORT || len < 10);
	for (i = 0; i < len && i < 16; i++) {
		n = peek(data, i, allow, &fault);
		if (n == PPTP_ERR_SHORT)
			continue;
		FUZZ_CHECK(n == whole && fault.field == whole_fault.field &&
		           fault.value == whole_fault.value);
	}
	if (whole > 0)
		FUZZ_CHECK(load16(data) == (uint32_t)whole && load16(data + 4) == PPTP_MAGIC_COOKIE >> 16);
}

/* What decode made of data, encoded again. The tail of a longer message is not part of it. */
static void check_round_trip(const uint8_t *data, pptp_ssize len, pptp_msg *msg)
{
	uint32_t size = pptp_msg_size(msg->header.control_message_type);
	uint8_t *out = fuzz_alloc(size);
	FUZZ_CHECK(size > 0 && len >= (pptp_ssize)size && msg->header.length == len);
	if (len > (pptp_ssize)size)
		FUZZ_CHECK(pptp_msg_encode(msg, out, size) == PPTP_ERR_ARG);
	msg->header.length = (uint16_t)size;
	FUZZ_CHECK(pptp_msg_encode(msg, out, size - 1) == PPTP_ERR_SIZE);
	FUZZ_CHECK(out[0] == 0xA5);
	FUZZ_CHECK(pptp_msg_encode(msg, out, size) == (pptp_ssize)size);
	FUZZ_CHECK(load16(out) == size && memcmp(out + 2, data + 2, size - 2) == 0);
	free(out);
}

static void check_decode(const uint8_t *data, size_t len, uint32_t allow)
{
	uint8_t *exact = fuzz_copy(data, len);
	pptp_msg_fault fault, peek_fault;
	pptp_msg msg, before;
	pptp_ssize peeked = peek(data, len, allow & PPTP_MSG_LONGER, &peek_fault), n;
	memset(&msg, 0x5A, sizeof msg);
	before = msg;
	fault.field = fault.value = UNTOUCHED;
	n = pptp_msg_decode(exact, len, allow, &msg, &fault);
	free(exact);
	if (n < 0) {
		FUZZ_CHECK(memcmp(&msg, &before, sizeof msg) == 0);
		FUZZ_CHECK(n == peeked || (n == PPTP_ERR_SHORT && peeked > (pptp_ssize)len));
		FUZZ_CHECK(fault.field == peek_fault.field && fault.value == peek_fault.value);
		return;
	}
	FUZZ_CHECK(n == peeked && n <= (pptp_ssize)len);
	check_round_trip(data, n, &msg);
}

/* The fields of a type lie behind each other and fill it. */
static void check_names(uint32_t type)
{
	uint32_t i, offset, octets, at = 0;
	const char *name;
	FUZZ_CHECK(pptp_msg_name(type) != NULL);
	for (i = 0; (name = pptp_msg_field(type, i, &offset, &octets)) != NULL; i++) {
		FUZZ_CHECK(offset == at && octets > 0 && pptp_msg_field_at(type, offset) != NULL);
		FUZZ_CHECK(strcmp(name, pptp_msg_field_at(type, offset)) == 0);
		at += octets;
	}
	FUZZ_CHECK(at == pptp_msg_size(type));
}

/* Any octets as a struct: encode takes it or refuses it, and what it takes comes back. */
static void check_encode(const uint8_t *data, size_t len)
{
	uint8_t out[PPTP_MSG_MAX_OCTETS];
	pptp_msg msg, back;
	pptp_ssize n;
	memset(&msg, 0, sizeof msg);
	memset(&back, 0, sizeof back);
	memcpy(&msg, data, len < sizeof msg ? len : sizeof msg);
	n = pptp_msg_encode(&msg, out, sizeof out);
	FUZZ_CHECK(n > 0 || n == PPTP_ERR_ARG);
	if (n < 0)
		return;
	FUZZ_CHECK(pptp_msg_decode(out, (size_t)n, 0, &back, NULL) == n);
	FUZZ_CHECK(memcmp(&msg, &back, (size_t)n) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t allow, code = size >= 2 ? load16(data) : 0;
	for (allow = 0; allow <= ALLOW_ALL; allow++) {
		check_peek(data, size, allow);
		check_decode(data, size, allow);
	}
	check_encode(data, size);
	check_names(code % 20);
	FUZZ_CHECK(pptp_result_name(code % 20, code >> 8) != NULL);
	FUZZ_CHECK(pptp_error_name(code) != NULL && pptp_cause_name(code) != NULL);
	return 0;
}
