/* msg: codec of the 15 control messages (RFC 2637 2). A message in memory has the offsets it has on the
 * wire, so one row of field sizes a type says all that decode, encode and the field names need. */
#include "pptp/msg.h"
#include "msg_layout.h"
#include "object.h"
#include "wire.h"

/* Sizes of the fields in octets, in wire order; 0 ends a row. The header's five come first in each. */
#define HEADER        2, 2, 4, 2, 2
#define HEADER_FIELDS 5
static const uint8_t layouts[PPTP_SLI + 1][PPTP_FIELDS_MAX + 1] = {
        {0},
        {HEADER, 2, 2, 4, 4, 2, 2, 64, 64},             /* SCCRQ */
        {HEADER, 2, 1, 1, 4, 4, 2, 2, 64, 64},          /* SCCRP */
        {HEADER, 1, 1, 2},                              /* StopCCRQ */
        {HEADER, 1, 1, 2},                              /* StopCCRP */
        {HEADER, 4},                                    /* EchoRQ */
        {HEADER, 4, 1, 1, 2},                           /* EchoRP */
        {HEADER, 2, 2, 4, 4, 4, 4, 2, 2, 2, 2, 64, 64}, /* OCRQ */
        {HEADER, 2, 2, 1, 1, 2, 4, 2, 2, 4},            /* OCRP */
        {HEADER, 2, 2, 4, 4, 2, 2, 64, 64, 64},         /* ICRQ */
        {HEADER, 2, 2, 1, 1, 2, 2, 2},                  /* ICRP */
        {HEADER, 2, 2, 4, 2, 2, 4},                     /* ICCN */
        {HEADER, 2, 2},                                 /* CCRQ */
        {HEADER, 2, 1, 1, 2, 2, 128},                   /* CDN */
        {HEADER, 2, 2, 4, 4, 4, 4, 4, 4},               /* WEN */
        {HEADER, 2, 2, 4, 4},                           /* SLI */
};

static const uint8_t sizes[PPTP_SLI + 1] = {
        0,
        sizeof(pptp_sccrq),
        sizeof(pptp_sccrp),
        sizeof(pptp_stopccrq),
        sizeof(pptp_stopccrp),
        sizeof(pptp_echorq),
        sizeof(pptp_echorp),
        sizeof(pptp_ocrq),
        sizeof(pptp_ocrp),
        sizeof(pptp_icrq),
        sizeof(pptp_icrp),
        sizeof(pptp_iccn),
        sizeof(pptp_ccrq),
        sizeof(pptp_cdn),
        sizeof(pptp_wen),
        sizeof(pptp_sli),
};

/* Should a compiler ever pad, this stops it: the last field of each message ends where the wire says. */
PPTP_ASSERT(sccrq, sizeof(pptp_sccrq) == 156);
PPTP_ASSERT(sccrp, sizeof(pptp_sccrp) == 156);
PPTP_ASSERT(stopccrq, sizeof(pptp_stopccrq) == 16);
PPTP_ASSERT(stopccrp, sizeof(pptp_stopccrp) == 16);
PPTP_ASSERT(echorq, sizeof(pptp_echorq) == 16);
PPTP_ASSERT(echorp, sizeof(pptp_echorp) == 20);
PPTP_ASSERT(ocrq, sizeof(pptp_ocrq) == 168);
PPTP_ASSERT(ocrp, sizeof(pptp_ocrp) == 32);
PPTP_ASSERT(icrq, sizeof(pptp_icrq) == 220);
PPTP_ASSERT(icrp, sizeof(pptp_icrp) == 24);
PPTP_ASSERT(iccn, sizeof(pptp_iccn) == 28);
PPTP_ASSERT(ccrq, sizeof(pptp_ccrq) == 16);
PPTP_ASSERT(cdn, sizeof(pptp_cdn) == 148);
PPTP_ASSERT(wen, sizeof(pptp_wen) == 40);
PPTP_ASSERT(sli, sizeof(pptp_sli) == 24);
PPTP_ASSERT(any, sizeof(pptp_msg) == PPTP_MSG_MAX_OCTETS);

/* Header offsets. */
enum {
	AT_LENGTH = 0,
	AT_MESSAGE_TYPE = 2,
	AT_COOKIE = 4,
	AT_CONTROL_TYPE = 8,
	PEEK_OCTETS = 10,
	AT_RESERVED0 = 10
};

uint32_t pptp_msg_size(uint32_t type)
{
	return type <= PPTP_SLI ? sizes[type] : 0;
}

const uint8_t *pptp_msg_layout(uint32_t type)
{
	return layouts[type <= PPTP_SLI ? type : 0];
}

static pptp_err malformed(pptp_msg_fault *ret_fault, uint32_t field, uint32_t value)
{
	if (ret_fault) {
		ret_fault->field = field;
		ret_fault->value = value;
	}
	return PPTP_ERR_MALFORMED;
}

/* Is this Length right for this type? RFC 2637 does not say what to do with a longer one. */
static int length_fits(uint32_t length, uint32_t type, uint32_t allow)
{
	uint32_t size = pptp_msg_size(type);
	if (size == 0)
		return 1;
	return length == size || (length > size && (allow & PPTP_MSG_LONGER));
}

pptp_ssize pptp_msg_peek(const uint8_t *data, size_t len, uint32_t allow, pptp_msg_fault *ret_fault)
{
	uint32_t length, message_type, type;
	if (!data && len > 0)
		return PPTP_ERR_ARG;
	if (len < AT_MESSAGE_TYPE)
		return PPTP_ERR_SHORT;
	length = wire_load16(data + AT_LENGTH);
	if (length < PPTP_HEADER_OCTETS || length > PPTP_MSG_MAX_OCTETS)
		return malformed(ret_fault, AT_LENGTH, length);
	if (len < AT_COOKIE)
		return PPTP_ERR_SHORT;
	message_type = wire_load16(data + AT_MESSAGE_TYPE);
	if (message_type != PPTP_MSG_CONTROL &&
	    !(message_type == PPTP_MSG_MANAGEMENT && (allow & PPTP_MSG_MANAGEMENT_TYPE)))
		return malformed(ret_fault, AT_MESSAGE_TYPE, message_type);
	if (len < AT_CONTROL_TYPE)
		return PPTP_ERR_SHORT;
	if (wire_load32(data + AT_COOKIE) != PPTP_MAGIC_COOKIE)
		return malformed(ret_fault, AT_COOKIE, wire_load32(data + AT_COOKIE));
	if (message_type == PPTP_MSG_MANAGEMENT)
		return (pptp_ssize)length;
	if (len < PEEK_OCTETS)
		return PPTP_ERR_SHORT;
	type = wire_load16(data + AT_CONTROL_TYPE);
	if (pptp_msg_size(type) == 0 && !(allow & PPTP_MSG_UNKNOWN_TYPE))
		return malformed(ret_fault, AT_CONTROL_TYPE, type);
	if (!length_fits(length, type, allow))
		return malformed(ret_fault, AT_LENGTH, length);
	return (pptp_ssize)length;
}

/* In every message the texts come last, so that they are copied at once. */
#define TEXT_OCTETS_MIN 64

static size_t header_get(const uint8_t *data, pptp_msg_header *ret)
{
	ret->length = wire_load16(data);
	ret->pptp_message_type = wire_load16(data + AT_MESSAGE_TYPE);
	ret->magic_cookie = wire_load32(data + AT_COOKIE);
	ret->control_message_type = wire_load16(data + AT_CONTROL_TYPE);
	ret->reserved0 = wire_load16(data + AT_RESERVED0);
	return PPTP_HEADER_OCTETS;
}

void pptp_msg_load(const uint8_t *data, pptp_msg *ret)
{
	uint32_t type = wire_load16(data + AT_CONTROL_TYPE);
	const uint8_t *layout = layouts[type] + HEADER_FIELDS;
	uint8_t *to = (uint8_t *)ret;
	size_t at = header_get(data, &ret->header);
	uint16_t value16;
	uint32_t value32;
	for (; *layout != 0 && *layout < TEXT_OCTETS_MIN; at += *layout++) {
		if (*layout == 4) {
			value32 = wire_load32(data + at);
			memcpy(to + at, &value32, 4);
		} else if (*layout == 2) {
			value16 = wire_load16(data + at);
			memcpy(to + at, &value16, 2);
		} else {
			to[at] = data[at];
		}
	}
	if (*layout != 0)
		memcpy(to + at, data + at, sizes[type] - at);
}

static size_t header_put(const pptp_msg_header *header, uint8_t *data)
{
	wire_store16(data, header->length);
	wire_store16(data + AT_MESSAGE_TYPE, header->pptp_message_type);
	wire_store32(data + AT_COOKIE, header->magic_cookie);
	wire_store16(data + AT_CONTROL_TYPE, header->control_message_type);
	wire_store16(data + AT_RESERVED0, header->reserved0);
	return PPTP_HEADER_OCTETS;
}

void pptp_msg_store(const pptp_msg *msg, uint8_t *ret_data)
{
	uint32_t type = msg->header.control_message_type;
	const uint8_t *layout = layouts[type] + HEADER_FIELDS, *from = (const uint8_t *)msg;
	size_t at = header_put(&msg->header, ret_data);
	uint16_t value16;
	uint32_t value32;
	for (; *layout != 0 && *layout < TEXT_OCTETS_MIN; at += *layout++) {
		if (*layout == 4) {
			memcpy(&value32, from + at, 4);
			wire_store32(ret_data + at, value32);
		} else if (*layout == 2) {
			memcpy(&value16, from + at, 2);
			wire_store16(ret_data + at, value16);
		} else {
			ret_data[at] = from[at];
		}
	}
	if (*layout != 0)
		memcpy(ret_data + at, from + at, sizes[type] - at);
}

pptp_ssize pptp_msg_decode(const uint8_t *data, size_t len, uint32_t allow, pptp_msg *ret,
                           pptp_msg_fault *ret_fault)
{
	pptp_ssize length;
	if (!ret)
		return PPTP_ERR_ARG;
	length = pptp_msg_peek(data, len, allow & PPTP_MSG_LONGER, ret_fault);
	if (length < 0)
		return length;
	if (len < (size_t)length)
		return PPTP_ERR_SHORT;
	pptp_msg_load(data, ret);
	return length;
}

pptp_err pptp_msg_init(pptp_msg *ret, uint32_t type)
{
	if (!ret || pptp_msg_size(type) == 0)
		return PPTP_ERR_ARG;
	memset(ret, 0, sizeof *ret);
	ret->header.length = (uint16_t)pptp_msg_size(type);
	ret->header.pptp_message_type = PPTP_MSG_CONTROL;
	ret->header.magic_cookie = PPTP_MAGIC_COOKIE;
	ret->header.control_message_type = (uint16_t)type;
	return PPTP_OK;
}

pptp_ssize pptp_msg_encode(const pptp_msg *msg, uint8_t *ret_data, size_t cap)
{
	uint32_t size;
	if (!msg || !ret_data)
		return PPTP_ERR_ARG;
	size = pptp_msg_size(msg->header.control_message_type);
	if (size == 0 || msg->header.length != size || msg->header.pptp_message_type != PPTP_MSG_CONTROL ||
	    msg->header.magic_cookie != PPTP_MAGIC_COOKIE)
		return PPTP_ERR_ARG;
	if (cap < size)
		return PPTP_ERR_SIZE;
	pptp_msg_store(msg, ret_data);
	return (pptp_ssize)size;
}

uint8_t pptp_error_of(pptp_err code)
{
	switch (code) {
	case PPTP_OK:
		return PPTP_ERROR_NONE;
	case PPTP_ERR_STATE:
	case PPTP_ERR_CLOSED:
	case PPTP_ERR_EOF:
	case PPTP_ERR_STOPPED:
		return PPTP_ERROR_NOT_CONNECTED;
	case PPTP_ERR_MALFORMED:
	case PPTP_ERR_SHORT:
		return PPTP_ERROR_BAD_FORMAT;
	case PPTP_ERR_ARG:
	case PPTP_ERR_SIZE:
	case PPTP_ERR_PROTOCOL:
		return PPTP_ERROR_BAD_VALUE;
	case PPTP_ERR_AGAIN:
	case PPTP_ERR_LIMIT:
	case PPTP_ERR_NO_HEAP:
		return PPTP_ERROR_NO_RESOURCE;
	case PPTP_ERR_STALE:
		return PPTP_ERROR_BAD_CALL_ID;
	default:
		return PPTP_ERROR_PAC;
	}
}
