/* conn: every length of every type, every value of the header, every Call ID that is nobody's (RFC 2637 2).
 * test_conn_every_value.c has the other fields. */
#include "product.h"

static const uint16_t sizes[] = {0, 156, 156, 16, 16, 16, 20, 168, 32, 220, 24, 28, 16, 148, 40, 24};

static uint16_t size_of(uint32_t type)
{
	return type < LEN(sizes) ? sizes[type] : 0;
}

/* ---- lengths and types -------------------------------------------------------------------------------- */

enum { FIRST, WAITING, UP, WHERES }; /* receiver, originator, established */

static void open_where(link_side *side, int where, int strict, const link_mode *mode)
{
	pptp_config_options o = link_options(strict);
	memset(side, 0, sizeof(*side));
	link_open(side, where == WAITING ? PPTP_ORIGINATOR : PPTP_RECEIVER, &o, mode, 0);
	if (where == UP)
		link_up(side);
	link_skip(side);
}

/* What is wrong with the header: the offset of the field, or -1. */
static int header_fault(uint32_t type, uint32_t length, int strict)
{
	uint32_t size = size_of(type);
	if (length < 12 || length > 220)
		return 0;
	if (size == 0)
		return strict ? 8 : -1;
	return length < size || (length > size && strict) ? 0 : -1;
}

/* What becomes of the connection when the message of zeros is well-formed: PPTP_OK when it goes on. */
static pptp_err end_by_zeros(uint32_t type, int where, int strict)
{
	if (size_of(type) == 0)
		return PPTP_OK;
	if (type == PPTP_ECHORQ)
		return where != UP && strict ? PPTP_ERR_PROTOCOL : PPTP_OK;
	if (where == UP) {
		if (type == PPTP_STOPCCRQ)
			return PPTP_ERR_STOPPED;
		return strict && (type == PPTP_SCCRP || type == PPTP_STOPCCRP) ? PPTP_ERR_PROTOCOL : PPTP_OK;
	}
	if (where == FIRST)
		return type == PPTP_SCCRQ ? PPTP_ERR_VERSION : PPTP_ERR_PROTOCOL;
	if (type == PPTP_STOPCCRQ)
		return PPTP_ERR_STOPPED;
	if (type == PPTP_SCCRP) /* Result Code 0 and version 0 */
		return strict ? PPTP_ERR_REFUSED : PPTP_OK;
	return PPTP_ERR_PROTOCOL;
}

/* The next message is found where it begins. */
static void check_next(link_side *side)
{
	pptp_msg echo = link_msg(PPTP_ECHORQ);
	echo.echorq.identifier = 0x600D;
	link_skip(side);
	link_feed_msg(side, &echo);
	CHECK_EQ(link_next_msg(side, PPTP_ECHORP).echorp.identifier, 0x600D);
	link_quiet(side);
}

static void check_length(link_side *side, int where, uint32_t type, uint32_t length, int strict)
{
	uint8_t data[PPTP_MSG_MAX_OCTETS] = {0};
	int fault = header_fault(type, length, strict);
	pptp_err wanted = fault >= 0 ? PPTP_ERR_MALFORMED : end_by_zeros(type, where, strict);
	data[0] = (uint8_t)(length >> 8);
	data[1] = (uint8_t)length;
	data[3] = 1;
	memcpy(data + 4, "\x1A\x2B\x3C\x4D", 4);
	data[8] = (uint8_t)(type >> 8);
	data[9] = (uint8_t)type;
	link_feed(side, data, length >= 12 && length <= sizeof(data) ? length : 12);
	CHECK_EQ(side->down, wanted != PPTP_OK);
	if (wanted) {
		const pptp_event *e = &side->events[side->events_len - 1].event;
		CHECK_EQ(e->type, PPTP_EV_DOWN);
		CHECK_EQ(e->reason, wanted);
		if (fault >= 0) {
			CHECK_EQ(e->field, fault);
			CHECK_EQ(e->value, fault == 8 ? type : length);
			/* a bad Length is seen before there is a type */
			CHECK_EQ(e->message_type, length < 12 || length > 220 ? 0 : type);
		}
		return;
	}
	CHECK_EQ(pptp_conn_count(side->conn, PPTP_COUNT_UNKNOWN_TYPE), size_of(type) == 0);
	CHECK_EQ(pptp_conn_count(side->conn, PPTP_COUNT_LONGER), size_of(type) && length > size_of(type));
	if (!(where != UP && strict)) /* there an echo is an end */
		check_next(side);
}

/* Shows: T-08 T-09 T-14 H-01 A-07 A-08 */
static void test_every_length(void **state)
{
	static const uint16_t types[] = {0,  1,  2,  3,  4,  5,  6,  7,   8,   9,      10,   11,
	                                 12, 13, 14, 15, 16, 17, 99, 255, 256, 0x0105, 65535};
	static const uint32_t more[] = {301, 511, 512, 1023, 1024, 4096, 32767, 32768, 65534, 65535};
	size_t i, mode;
	uint32_t n, step = check_scale(2) == 1 ? 7 : 1;
	int where, strict;
	(void)state;
	for (i = 0; i < LEN(types); i++) {
		for (n = 0; n < 301 + LEN(more); n += n < 301 && n > 40 ? step : 1) {
			uint32_t length = n < 301 ? n : more[n - 301];
			for (where = 0; where < WHERES; where++) {
				for (strict = 0; strict < 2; strict++) {
					for (mode = 0; mode < link_modes_len; mode++) {
						link_side side;
						check_row("type %u, Length %u, where %d%s (%s)", types[i],
						          length, where, strict ? ", strict" : "",
						          link_modes[mode].name);
						open_where(&side, where, strict, &link_modes[mode]);
						check_length(&side, where, types[i], length, strict);
						link_drop(&side);
					}
				}
			}
		}
	}
}

/* Every PPTP Message Type, every Control Message Type, and cookies that are nearly right. */
/* Shows: T-08 T-09 A-08 H-01 */
static void test_every_header(void **state)
{
	uint32_t v, step = check_scale(64) < 64 ? 61 : 1;
	int strict;
	(void)state;
	for (strict = 0; strict < 2; strict++) {
		for (v = 0; v < 65536 * 2 + 300; v += step) {
			uint8_t data[] = {0, 16, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0, 0, 0, 0x60, 0x0D};
			int alive;
			link_side side;
			check_row("value %u%s", v, strict ? ", strict" : "");
			if (v < 65536) {
				data[2] = (uint8_t)(v >> 8);
				data[3] = (uint8_t)v;
				alive = v == 1 || (v == 2 && !strict);
			} else if (v < 131072) {
				data[8] = (uint8_t)(v >> 8);
				data[9] = (uint8_t)v;
				/* 16 octets are the length of four types, and of every unknown one */
				if (size_of(v & 0xFFFF) != 0 && size_of(v & 0xFFFF) != 16)
					continue;
				if ((v & 0xFFFF) != PPTP_ECHORQ && size_of(v & 0xFFFF) == 16)
					continue; /* test_every_length has them */
				alive = size_of(v & 0xFFFF) == 16 || !strict;
			} else {
				uint32_t n = v - 131072; /* one bit, or one octet, wrong */
				data[4 + n % 4] ^= (uint8_t)(n < 32 ? 1u << n / 4 : n);
				alive = data[4] == 0x1A && data[5] == 0x2B && data[6] == 0x3C &&
				        data[7] == 0x4D;
			}
			open_where(&side, UP, strict, NULL);
			link_feed(&side, data, sizeof(data));
			CHECK_EQ(side.down, !alive);
			CHECK_EQ(side.recv_result, alive ? 0 : PPTP_ERR_MALFORMED);
			if (alive)
				check_next(&side);
			link_drop(&side);
		}
	}
}

/* ---- Call IDs of nobody -------------------------------------------------------------------------------- */

static const struct {
	int machine;
	const char *state;
} all_states[] = {
        {PAC_OUTGOING, "OFFERED"},      {PAC_OUTGOING, "ESTABLISHED"},     {PNS_OUTGOING, "WAIT_REPLY"},
        {PNS_OUTGOING, "ESTABLISHED"},  {PNS_OUTGOING, "WAIT_DISCONNECT"}, {PAC_INCOMING, "WAIT_REPLY"},
        {PAC_INCOMING, "ANSWERING"},    {PAC_INCOMING, "ESTABLISHED"},     {PNS_INCOMING, "OFFERED"},
        {PNS_INCOMING, "WAIT_CONNECT"}, {PNS_INCOMING, "ESTABLISHED"},     {PNS_INCOMING, "WAIT_DISCONNECT"},
};

typedef struct crowd { /* a call in each state */
	link_side side;
	pptp_call calls[LEN(all_states)];
	pptp_call_info before[LEN(all_states)];
	uint8_t ids[65536]; /* 1: of ours, 2: of the peer's */
} crowd;

static void crowd_open(crowd *c, int strict)
{
	pptp_config_options o = link_options(strict);
	size_t i;
	memset(c, 0, sizeof(*c));
	o.max_calls = LEN(all_states) + 1;
	o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	link_open(&c->side, PPTP_RECEIVER, &o, NULL, 0);
	link_up(&c->side);
	for (i = 0; i < 4; i++) { /* calls that were, with ids that are nobody's any more */
		const product_ids gone = {(uint16_t)(0x3300 + i), (uint16_t)(0x4400 + i)};
		product_bring(&c->side, (int)i, "GONE", gone);
	}
	for (i = 0; i < LEN(all_states); i++) {
		const product_ids ids = {(uint16_t)(0x1100 + i), (uint16_t)(0x2200 + i)};
		c->calls[i] = product_bring(&c->side, all_states[i].machine, all_states[i].state, ids);
	}
	for (i = 0; i < LEN(all_states); i++) {
		CHECK_EQ(pptp_call_get_info(c->side.conn, c->calls[i], &c->before[i], sizeof(c->before[i])),
		         PPTP_OK);
		c->ids[c->before[i].local_call_id] |= 1;
		c->ids[0x2200 + i] |= 2;
	}
}

/* Not one of the calls is touched. */
static void crowd_check(const crowd *c)
{
	size_t i;
	for (i = 0; i < LEN(all_states); i++) {
		pptp_call_info info;
		CHECK_EQ(pptp_call_get_info(c->side.conn, c->calls[i], &info, sizeof(info)), PPTP_OK);
		if (memcmp(&info, &c->before[i], sizeof(info)) == 0)
			continue;
		check_step("%d, %s", all_states[i].machine, all_states[i].state);
		CHECK_OCTETS(&info, &c->before[i], sizeof(info));
	}
}

static void set_id(pptp_msg *m, uint16_t call_id)
{
	switch (m->header.control_message_type) {
	case PPTP_OCRP:
	case PPTP_ICRP:
		m->ocrp.peer_call_id = call_id; /* at the same place in both */
		break;
	default:
		m->ccrq.call_id = call_id; /* in all others */
		break;
	}
}

/* Every Call ID that no call has, in every message, with a call in every state: counted, and nothing else. */
/* Shows: C-CCRQ-03 C-CDN-03 C-WEN-03 C-OCRP-01 X-05 A-46 I-01 */
static void test_every_id_of_nobody(void **state)
{
	static const uint8_t types[] = {PPTP_OCRP, PPTP_ICRP, PPTP_ICCN, PPTP_CCRQ,
	                                PPTP_CDN,  PPTP_WEN,  PPTP_SLI};
	uint32_t id, step = check_scale(64) < 64 ? 61 : 1;
	int strict;
	size_t i;
	(void)state;
	for (strict = 0; strict < 2; strict++) {
		static crowd c;
		uint32_t fed = 0;
		crowd_open(&c, strict);
		for (i = 0; i < LEN(types); i++) {
			for (id = 0; id < 65536; id += step) {
				int by_ours = types[i] != PPTP_CCRQ && types[i] != PPTP_CDN;
				int known = by_ours ? c.ids[id] & 1 : c.ids[id] & 2;
				pptp_msg m = link_msg(types[i]);
				/* The default profile takes our id in a Call-Disconnect-Notify, too. */
				if (known || (types[i] == PPTP_CDN && c.ids[id]))
					continue;
				check_row("%s, Call ID %u%s", pptp_msg_name(types[i]), id,
				          strict ? ", strict" : "");
				set_id(&m, (uint16_t)id);
				link_feed_msg(&c.side, &m);
				link_quiet(&c.side);
				fed++;
				crowd_check(&c);
			}
		}
		CHECK_EQ(pptp_conn_count(c.side.conn, PPTP_COUNT_UNKNOWN_CALL), fed);
		link_drop(&c.side);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_every_length),
	        cmocka_unit_test(test_every_header),
	        cmocka_unit_test(test_every_id_of_nobody),
	};
	return cmocka_run_group_tests_name("conn_every", tests, NULL, NULL);
}
