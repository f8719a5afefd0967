/* conn: every value of every field of every message, where the message is legal. What happens is told in the
 * words of product.h and compared with ranges of values written from RFC 2637 2 and docs/design.md. */
#include "product.h"

typedef struct range {
	uint32_t type;
	const char *fields; /* separated by '|' */
	uint32_t from, to;
	const char *usual, *strict; /* as in a product_row */
} range;

#define ANY       0, UINT32_MAX
#define OWN_LOCAL 0x1111u
#define OWN_PEER  0x2222u

/* A field that is to be 0 and is not: ignored and counted; error 3 in the strict profile's replies. */
#define RESERVED(type, fields, text, strict)                                                                 \
	{type, fields, 0, 0, text, NULL},                                                                    \
	{                                                                                                    \
		type, fields, 1, UINT32_MAX, text "; #RESERVED", strict                                      \
	}
#define RESERVED_QUIET(type, fields)                                                                         \
	{type, fields, 0, 0, "", NULL},                                                                      \
	{                                                                                                    \
		type, fields, 1, UINT32_MAX, "#RESERVED", NULL                                               \
	}
#define ID(type, field, id, text)                                                                            \
	{type, field, id, id, text, NULL},                                                                   \
	{                                                                                                    \
		type, field, ANY, "#UNKNOWN_CALL", NULL                                                      \
	}

#define STARTED   "SCCRP 1; UP; =>ESTABLISHED"
#define BAD_OCRQ  "offered; #BAD_VALUE", "OCRP 2/3; #BAD_VALUE"
#define BAD_ICRQ  "offered; #BAD_VALUE", "ICRP 2/3; #BAD_VALUE"
#define CONNECTED "up; ->ESTABLISHED"

static const range ranges[] = {
        /* 4.1 */
        {PPTP_SCCRQ, "protocol_version", 0, 0xFF, "SCCRP 5; end VERSION", NULL},
        {PPTP_SCCRQ, "protocol_version", 0x100, 0xFFFF, STARTED, NULL},
        RESERVED(PPTP_SCCRQ, "reserved0|reserved1", STARTED, "SCCRP 2/3; end REFUSED; #RESERVED"),
        {PPTP_SCCRQ, "framing_capabilities|bearer_capabilities|maximum_channels|firmware_revision", ANY,
         STARTED, NULL},
        /* 4.2 */
        {PPTP_SCCRP, "protocol_version", 0x100, 0x100, "UP; =>ESTABLISHED", NULL},
        {PPTP_SCCRP, "protocol_version", ANY, "StopCCRQ 2; =>WAIT_STOP_REPLY", NULL},
        {PPTP_SCCRP, "result_code", 0, 0, "UP; =>ESTABLISHED; #RESULT_0", "end REFUSED"},
        {PPTP_SCCRP, "result_code", 1, 1, "UP; =>ESTABLISHED", NULL},
        {PPTP_SCCRP, "result_code", 2, 255, "end REFUSED", NULL},
        RESERVED(PPTP_SCCRP, "reserved0", "UP; =>ESTABLISHED", NULL),
        {PPTP_SCCRP, "error_code|framing_capabilities|bearer_capabilities|maximum_channels|firmware_revision",
         ANY, "UP; =>ESTABLISHED", NULL},
        /* 4.3, 4.4: whatever the codes are */
        {PPTP_STOPCCRQ, "reason", ANY, "StopCCRP 1; end STOPPED", NULL},
        RESERVED(PPTP_STOPCCRQ, "reserved0|reserved1|reserved2", "StopCCRP 1; end STOPPED", NULL),
        {PPTP_STOPCCRP, "result_code|error_code", ANY, "end LOCAL", NULL},
        RESERVED(PPTP_STOPCCRP, "reserved0|reserved1", "end LOCAL", NULL),
        /* 4.5, 4.6; our identifier is 1 */
        {PPTP_ECHORQ, "identifier", ANY, "EchoRP 1", NULL},
        RESERVED(PPTP_ECHORQ, "reserved0", "EchoRP 1", "EchoRP 2/3; #RESERVED"),
        {PPTP_ECHORP, "identifier|result_code", 1, 1, "", NULL},
        {PPTP_ECHORP, "identifier|result_code", ANY, "#ECHO_MISMATCH", NULL},
        {PPTP_ECHORP, "error_code", ANY, "", NULL},
        RESERVED_QUIET(PPTP_ECHORP, "reserved0|reserved1"),
        /* 4.7 */
        {PPTP_OCRQ, "minimum_bps", 0, 100000000, "offered", NULL},
        {PPTP_OCRQ, "minimum_bps", 100000001, UINT32_MAX, BAD_OCRQ},
        {PPTP_OCRQ, "maximum_bps", 1, 299, BAD_OCRQ},
        {PPTP_OCRQ, "bearer_type|framing_type", 1, 3, "offered", NULL},
        {PPTP_OCRQ, "bearer_type|framing_type", ANY, BAD_OCRQ},
        {PPTP_OCRQ, "phone_number_length", 65, 65535, BAD_OCRQ},
        RESERVED(PPTP_OCRQ, "reserved0|reserved1", "offered", "OCRP 2/3; #RESERVED"),
        {PPTP_OCRQ,
         "call_id|call_serial_number|maximum_bps|phone_number_length|packet_recv_window_size|"
         "packet_processing_delay",
         ANY, "offered", NULL},
        /* 4.8 */
        ID(PPTP_OCRP, "peer_call_id", OWN_LOCAL, CONNECTED),
        {PPTP_OCRP, "result_code", 0, 0, CONNECTED "; #RESULT_0", "down REFUSED"},
        {PPTP_OCRP, "result_code", 1, 1, CONNECTED, NULL},
        {PPTP_OCRP, "result_code", 2, 255, "down REFUSED", NULL},
        RESERVED(PPTP_OCRP, "reserved0", CONNECTED, NULL),
        {PPTP_OCRP,
         "call_id|error_code|cause_code|connect_speed|packet_recv_window_size|packet_processing_delay|"
         "physical_channel_id",
         ANY, CONNECTED, NULL},
        /* 4.9 */
        {PPTP_ICRQ, "call_bearer_type", 1, 2, "offered", NULL},
        {PPTP_ICRQ, "call_bearer_type", ANY, BAD_ICRQ},
        {PPTP_ICRQ, "dialed_number_length|dialing_number_length", 65, 65535, BAD_ICRQ},
        RESERVED(PPTP_ICRQ, "reserved0", "offered", "ICRP 2/3; #RESERVED"),
        {PPTP_ICRQ,
         "call_id|call_serial_number|physical_channel_id|dialed_number_length|dialing_number_length", ANY,
         "offered", NULL},
        /* 4.10 */
        ID(PPTP_ICRP, "peer_call_id", OWN_LOCAL, "answer; ->ANSWERING"),
        {PPTP_ICRP, "result_code", 1, 1, "answer; ->ANSWERING", NULL},
        {PPTP_ICRP, "result_code", ANY, "down REFUSED", NULL},
        RESERVED(PPTP_ICRP, "reserved0|reserved1", "answer; ->ANSWERING", NULL),
        {PPTP_ICRP, "call_id|error_code|packet_recv_window_size|packet_transmit_delay", ANY,
         "answer; ->ANSWERING", NULL},
        /* 4.11 */
        ID(PPTP_ICCN, "peer_call_id", OWN_LOCAL, CONNECTED),
        RESERVED(PPTP_ICCN, "reserved0|reserved1", CONNECTED, NULL),
        {PPTP_ICCN, "framing_type", 1, 2, CONNECTED, NULL},
        {PPTP_ICCN, "framing_type", ANY, CONNECTED "; #BAD_VALUE", NULL},
        {PPTP_ICCN, "connect_speed|packet_recv_window_size|packet_transmit_delay", ANY, CONNECTED, NULL},
        /* 4.12, 4.13; the peer's id */
        ID(PPTP_CCRQ, "call_id", OWN_PEER, "CDN 4; down PEER"),
        RESERVED(PPTP_CCRQ, "reserved0|reserved1", "CDN 4; down PEER", NULL),
        {PPTP_CDN, "call_id", OWN_LOCAL, OWN_LOCAL, "down PEER; #CDN_CALL_ID", "#UNKNOWN_CALL"},
        ID(PPTP_CDN, "call_id", OWN_PEER, "down PEER"),
        RESERVED(PPTP_CDN, "reserved0|reserved1", "down PEER", NULL),
        {PPTP_CDN, "result_code|error_code|cause_code", ANY, "down PEER", NULL},
        /* 4.14, 4.15 */
        ID(PPTP_WEN, "peer_call_id", OWN_LOCAL, "wan"),
        RESERVED(PPTP_WEN, "reserved0|reserved1", "wan", NULL),
        {PPTP_WEN,
         "crc_errors|framing_errors|hardware_overruns|buffer_overruns|timeout_errors|alignment_errors", ANY,
         "wan", NULL},
        ID(PPTP_SLI, "peer_call_id", OWN_LOCAL, "link"),
        RESERVED(PPTP_SLI, "reserved0|reserved1", "link", NULL),
        {PPTP_SLI, "send_accm|receive_accm", ANY, "link", NULL},
};

static uint8_t range_used[LEN(ranges)];

static const range *find_range(uint32_t type, const char *field, uint32_t value)
{
	size_t i;
	for (i = 0; i < LEN(ranges); i++) {
		if (ranges[i].type == type && product_listed(ranges[i].fields, field) &&
		    ranges[i].from <= value && value <= ranges[i].to) {
			range_used[i] = 1;
			return &ranges[i];
		}
	}
	check_fail(__FILE__, __LINE__, "%s.%s = %u has no expectation", pptp_msg_name(type), field, value);
	return NULL;
}

/* Each message where it is legal. */
static void arrange(product *p, uint32_t type, int strict)
{
	static const struct {
		int machine;
		const char *state;
	} calls[] = {
	        {PNS_OUTGOING, "WAIT_REPLY"},  {0, NULL},
	        {PAC_INCOMING, "WAIT_REPLY"},  {PNS_INCOMING, "WAIT_CONNECT"},
	        {PAC_OUTGOING, "ESTABLISHED"}, {PNS_OUTGOING, "ESTABLISHED"},
	        {PNS_INCOMING, "ESTABLISHED"}, {PAC_INCOMING, "ESTABLISHED"},
	}; /* from OCRP to SLI */
	pptp_config_options o = link_options(strict);
	link_side *side = &p->side;
	memset(p, 0, sizeof(*p));
	o.max_calls = 2;
	o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	link_open(side, type == PPTP_SCCRQ ? PPTP_RECEIVER : PPTP_ORIGINATOR, &o, NULL, 0);
	if (type == PPTP_SCCRQ || type == PPTP_SCCRP)
		return;
	link_up(side);
	if (type == PPTP_STOPCCRP)
		CHECK_EQ(pptp_conn_close(side->conn, PPTP_STOP_NONE, 0), PPTP_OK);
	else if (type == PPTP_ECHORP)
		link_wait(side, 60 * SECOND);
	link_pump(side);
	if (type >= PPTP_OCRP && calls[type - PPTP_OCRP].state) {
		p->ids.local = OWN_LOCAL;
		p->ids.peer = OWN_PEER;
		p->call = product_bring(side, calls[type - PPTP_OCRP].machine, calls[type - PPTP_OCRP].state,
		                        p->ids);
	}
}

static void set_ids(pptp_msg *m)
{
	switch (m->header.control_message_type) {
	case PPTP_ECHORP:
		m->echorp.identifier = 1;
		break;
	case PPTP_OCRP:
	case PPTP_ICRP:
		m->ocrp.call_id = OWN_PEER; /* at the same place in both */
		m->ocrp.peer_call_id = OWN_LOCAL;
		break;
	case PPTP_ICCN:
	case PPTP_WEN:
	case PPTP_SLI:
		m->iccn.peer_call_id = OWN_LOCAL; /* likewise */
		break;
	case PPTP_CCRQ:
	case PPTP_CDN:
		m->cdn.call_id = OWN_PEER; /* likewise */
		break;
	default:
		break;
	}
}

/* Fields of which every value of 16 bits is tried; the others are tried where something may turn. */
static int is_full(const char *field)
{
	return product_listed(
	        "protocol_version|phone_number_length|dialed_number_length|dialing_number_length|"
	        "call_id|peer_call_id",
	        field);
}

/* The n-th value to try; 0 when there is none. */
static int nth_value(uint32_t n, uint32_t octets, int full, uint32_t *ret)
{
	uint32_t max = octets == 4 ? UINT32_MAX : octets == 2 ? 0xFFFF : 0xFF;
	if (octets == 1 || (full && octets == 2)) {
		*ret = n;
		return n <= max;
	}
	if (n <= 300) {
		*ret = n;
		return 1;
	}
	n -= 301;
	*ret = n / 3 < octets * 8 ? (UINT32_C(1) << n / 3) + n % 3 - 1 : max;
	return n <= octets * 8 * 3;
}

static void set_field(pptp_msg *m, uint32_t offset, uint32_t octets, uint32_t value)
{
	uint8_t one = (uint8_t)value;
	uint16_t two = (uint16_t)value;
	const void *from = octets == 1 ? (void *)&one : octets == 2 ? (void *)&two : (void *)&value;
	memcpy((uint8_t *)m + offset, from, octets); /* a message in memory has the offsets of the wire */
}

/* Whether all is as it was, so that the connection can be used for the next value: nothing but a refusal or a
 * counter, or a call that was offered and is sent away again. */
static int is_unchanged(product *p, uint32_t type, const char *text)
{
	static const char *const changes[] = {"UP",     "START", "end", "fall", "down",
	                                      "answer", "->",    "=>",  "up"};
	size_t i;
	if (type == PPTP_ECHORP || p->side.events_len > 1000)
		return 0;
	for (i = 0; i < LEN(changes); i++) {
		if (strstr(text, changes[i]))
			return 0;
	}
	if (strncmp(text, "offered", 7) == 0) {
		pptp_call call = pptp_call_next(p->side.conn, PPTP_CALL_NONE);
		CHECK_EQ(pptp_call_reject(p->side.conn, call, PPTP_OCRP_GENERAL_ERROR, 0, 0, 0), PPTP_OK);
		link_pump(&p->side);
	}
	return 1;
}

/* Every value of a field. Where the strict profile does the same, it sees fewer of them. */
static uint32_t try_field(uint32_t type, const char *field, uint32_t offset, uint32_t octets, int strict)
{
	product p;
	int is_open = 0;
	uint32_t n, value, tried = 0, step = check_scale(16) < 16 ? 13 : 1;
	for (n = 0; nth_value(n, octets, is_full(field), &value); n += n < 300 ? 1 : step) {
		const range *r = find_range(type, field, value);
		const char *wanted = strict && r->strict ? r->strict : r->usual, *is;
		pptp_msg m = link_msg(type);
		if (strict && !r->strict && n > 300 && n % 97 != 0)
			continue;
		check_row("%s.%s = %u%s", pptp_msg_name(type), field, value, strict ? ", strict" : "");
		if (!is_open)
			arrange(&p, type, strict);
		set_ids(&m);
		set_field(&m, offset, octets, value);
		product_mark(&p);
		product_feed(&p, &m);
		is = product_tell(&p);
		if (strcmp(is, wanted) != 0)
			check_fail(__FILE__, __LINE__, "\"%s\", wanted \"%s\"", is, wanted);
		is_open = is_unchanged(&p, type, is);
		if (!is_open)
			link_drop(&p.side);
		tried++;
	}
	if (is_open)
		link_drop(&p.side);
	return tried;
}

/* Shows: C-SCCRQ-04 C-SCCRP-02 C-STOPRQ-02 C-STOPRP-01 C-ECHO-02 C-ECHO-03 C-ECHO-04 C-OCRQ-01 C-OCRP-01
 * C-ICRP-01 C-ICRP-03 C-ICCN-02 C-CCRQ-03 C-CDN-02 C-WEN-03 C-SLI-02 E-01 S-CC-03 S-CC-04 S-CC-07 S-CC-08
 * S-CC-09 I-05 A-09 A-15 */
static void test_every_value(void **state)
{
	uint32_t type, index, tried = 0;
	size_t i;
	int strict;
	(void)state;
	for (type = PPTP_SCCRQ; type <= PPTP_SLI; type++) {
		uint32_t offset, octets;
		const char *field;
		for (index = 0; (field = pptp_msg_field(type, index, &offset, &octets)) != NULL; index++) {
			if (octets > 4 || offset < 10) /* text; what test_every_length and _header try */
				continue;
			for (strict = 0; strict < 2; strict++)
				tried += try_field(type, field, offset, octets, strict);
		}
	}
	for (i = 0; i < LEN(ranges); i++)
		CHECK(range_used[i]);
	print_message("values tried: %u\n", tried);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_every_value),
	};
	return cmocka_run_group_tests_name("conn_every_value", tests, NULL, NULL);
}
