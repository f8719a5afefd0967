/* conn: faults that other implementations had, as tests, part three: hosts whose sockets take little or fail,
 * who free in the middle, whose memory is not clean; and what leaves, octet by octet (test_faults.c). */
#include "life.h"

/* ---- octets -------------------------------------------------------------------------------------------- */

#define H(length, type) "00" length "0001 1A2B3C4D 00" type "0000 "
#define CAPABILITIES    "00000003 00000003 0000 0102 68 z63 76 z63"

/* What leaves in the life of an originator, and what else in a receiver's; zN is N octets of zero. */
static const char *const originator_octets[] = {
        H("9C", "01") "0100 0000 " CAPABILITIES,
        H("20", "08") "1111 2222 01 00 0010 0000FA00 0005 0006 CAFEF00D",
        H("28", "0E") "2222 0000 00000001 00000002 00000003 00000004 00000005 00000006",
        H("20", "08") "0000 2222 02 05 0000 00000000 0000 0000 00000000",
        H("94", "0D") "1111 02 06 0029 0000 72782035 z124",
        H("14", "06") "DEADBEEF 01 00 0000",
        H("10", "05") "00000001",
        H("A8", "07") "1112 0009 0000012C 05F5E100 00000003 00000003 0040 0002 0003 0000 313233 z61 z64",
        H("18", "0F") "2223 0000 00000001 000A0000",
        H("10", "0C") "1112 0000",
        H("DC", "09") "1113 0009 00000002 CAFEF00D 0002 0003 3132 z62 333435 z61 z64",
        H("1C", "0B") "2224 0000 0000FA00 0005 0006 00000001",
        H("94", "0D") "1113 04 00 0000 0000 72782035 z124",
        H("18", "0A") "1114 2225 01 00 0005 0006 0000",
        H("18", "0F") "2225 0000 00000001 000A0000",
        H("10", "03") "03 00 0000",
};
static const char *const receiver_first = H("9C", "02") "0100 01 00 " CAPABILITIES;
static const char *const receiver_last = H("10", "04") "01 00 0000";

static size_t from_hex(const char *hex, uint8_t *ret)
{
	size_t len = 0;
	while (*hex) {
		if (*hex == ' ') {
			hex++;
		} else if (*hex == 'z') {
			char *end;
			size_t zeros = strtoul(hex + 1, &end, 10);
			memset(ret + len, 0, zeros);
			len += zeros;
			hex = end;
		} else {
			const char two[] = {hex[0], hex[1], 0};
			ret[len++] = (uint8_t)strtoul(two, NULL, 16);
			hex += 2;
		}
	}
	return len;
}

/* Every octet of all fifteen messages, on any machine. */
/* Shows: T-05 T-06 H-01 I-06 C-SCCRQ-02 C-SCCRQ-05 C-ICRQ-03 A-04 A-06 E-01 */
static void test_t06_octets(void **state)
{
	uint32_t role, seen = 0;
	(void)state;
	for (role = PPTP_ORIGINATOR; role <= PPTP_RECEIVER; role++) {
		static life l;
		uint8_t wanted[PPTP_MSG_MAX_OCTETS];
		size_t i, at = 0, len;
		memset(&l, 0, sizeof(l));
		life_run(&l, role, 0);
		for (i = 0; i < LEN(originator_octets); i++) {
			const char *hex = originator_octets[i];
			if (role == PPTP_RECEIVER && i == 0)
				hex = receiver_first;
			if (role == PPTP_RECEIVER && i == LEN(originator_octets) - 1)
				hex = receiver_last;
			check_row("message %u, role %u", (unsigned)i, role);
			len = from_hex(hex, wanted);
			CHECK(at + len <= l.sent_len);
			CHECK_OCTETS(l.sent + at, wanted, len);
			seen |= 1u << wanted[9];
			at += len;
		}
		CHECK_EQ(at, l.sent_len);
	}
	CHECK_EQ(seen, 0xFFFE); /* all of them */
}

/* A socket that takes 1, 2, 3 ... octets at a time: the same octets, the same events. */
/* Shows: T-07 */
static void test_t05_partial_write(void **state)
{
	uint32_t role;
	size_t most;
	(void)state;
	for (role = PPTP_ORIGINATOR; role <= PPTP_RECEIVER; role++) {
		static life wanted;
		memset(&wanted, 0, sizeof(wanted));
		life_run(&wanted, role, 0);
		for (most = 1; most <= 220; most++) {
			static life l;
			check_row("%u octets at a time, role %u", (unsigned)most, role);
			memset(&l, 0, sizeof(l));
			l.send_most = most;
			life_run(&l, role, 0);
			CHECK_EQ(l.sent_len, wanted.sent_len);
			CHECK_OCTETS(l.sent, wanted.sent, wanted.sent_len);
			CHECK_EQ(l.events_len, wanted.events_len);
			CHECK_OCTETS(l.events, wanted.events, wanted.events_len);
		}
	}
}

/* Memory that was not clean before is not seen in what is sent or reported. */
/* Shows: T-06 C-SCCRQ-05 */
static void test_t19_no_old_octets(void **state)
{
	static const uint8_t fills[] = {0x00, 0xA5, 0xFF};
	uint32_t role;
	size_t i;
	(void)state;
	for (role = PPTP_ORIGINATOR; role <= PPTP_RECEIVER; role++) {
		static life first;
		for (i = 0; i < LEN(fills); i++) {
			static life l;
			check_row("memory of 0x%02x, role %u", fills[i], role);
			memset(&l, 0, sizeof(l));
			life_run(&l, role, fills[i]);
			if (i == 0)
				first = l;
			CHECK_EQ(l.sent_len, first.sent_len);
			CHECK_OCTETS(l.sent, first.sent, first.sent_len);
			CHECK_EQ(l.events_len, first.events_len);
			CHECK_OCTETS(l.events, first.events, first.events_len);
		}
	}
}

/* ---- hosts that fail ----------------------------------------------------------------------------------- */

static const char *const kinds[] = {"send", "event", "trace", "amend"};
static const char *const deeds[] = {"nothing", "free", "close", "abort", "clear", "fail"};

static uint32_t every_callback(int kind, int deed)
{
	uint32_t role, n, done = 0;
	for (role = PPTP_ORIGINATOR; role <= PPTP_RECEIVER; role++) {
		for (n = 0;; n++) {
			static life l;
			check_row("%s in %s %u, role %u", deeds[deed], kinds[kind], n, role);
			memset(&l, 0, sizeof(l));
			l.kind = kind;
			l.deed = deed;
			l.n = n;
			life_run(&l, role, 0xA5);
			if (!l.done)
				break;
			done++;
			if (deed == DO_FAIL && l.reason != PPTP_ERR_SEND) /* it was ending already */
				CHECK(l.reason == PPTP_ERR_STOPPED || l.reason == PPTP_ERR_LOCAL);
		}
	}
	return done;
}

/* `send` fails at each message there is: every call goes down once, and nothing is sent any more. */
/* Shows: T-10 */
static void test_t08_failing_send(void **state)
{
	(void)state;
	CHECK_EQ(every_callback(IN_SEND, DO_FAIL), 2 * LEN(originator_octets));
}

/* Free, close, abort or clear in each callback of a life with all four kinds of calls. */
/* Shows: T-10 */
static void test_t13_ends_in_callbacks(void **state)
{
	int kind, deed;
	(void)state;
	for (kind = 0; kind < LIFE_KINDS; kind++) {
		for (deed = DO_FREE; deed <= DO_CLEAR; deed++)
			CHECK(every_callback(kind, deed) > 20);
	}
}

/* ---- structs of other sizes ---------------------------------------------------------------------------- */

/* Use a struct that begins with its size, on a connection with an offered call or one whose line rings. */
static pptp_err use_dial(link_side *side, pptp_call call, const void *given)
{
	pptp_call ret;
	(void)call;
	return pptp_call_dial(side->conn, given, 0, &ret);
}

static pptp_err use_offer(link_side *side, pptp_call call, const void *given)
{
	pptp_call ret;
	(void)call;
	return pptp_call_offer(side->conn, given, 0, &ret);
}

static pptp_err use_answer(link_side *side, pptp_call call, const void *given)
{
	return pptp_call_accept(side->conn, call, given, 0);
}

static pptp_err use_wan_errors(link_side *side, pptp_call call, const void *given)
{
	pptp_answer a;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	CHECK_EQ(pptp_call_accept(side->conn, call, &a, 0), PPTP_OK);
	return pptp_call_wan_errors(side->conn, call, given, 0);
}

static pptp_err use_config(link_side *side, pptp_call call, const void *given)
{
	const pptp_config *config = NULL;
	pptp_err err = pptp_config_new(given, &config);
	(void)side;
	(void)call;
	pptp_config_free(config);
	return err;
}

static pptp_err use_conn_options(link_side *side, pptp_call call, const void *given)
{
	pptp_conn *conn = NULL;
	pptp_err err = pptp_conn_new(side->config, given, 0, &conn);
	(void)call;
	pptp_conn_free(conn);
	return err;
}

typedef union sized {
	uint32_t size;
	pptp_dial dial;
	pptp_offer offer;
	pptp_answer answer;
	pptp_wan_errors wan_errors;
	pptp_config_options config;
	pptp_conn_options conn;
} sized;

static const struct sized_row {
	const char *name;
	uint32_t size, least; /* what an older struct has at least, to be of use */
	pptp_err (*use)(link_side *side, pptp_call call, const void *given);
} sized_rows[] = {
        {"dial", sizeof(pptp_dial), 4, use_dial},
        {"offer", sizeof(pptp_offer), 4, use_offer},
        {"answer", sizeof(pptp_answer), 4, use_answer},
        {"WAN errors", sizeof(pptp_wan_errors), 4, use_wan_errors},
        {"config", sizeof(pptp_config_options), 4, use_config},
        {"connection", sizeof(pptp_conn_options), offsetof(pptp_conn_options, seed), use_conn_options},
};

static sized sized_defaults(const struct sized_row *row)
{
	sized s;
	memset(&s, 0, sizeof(s));
	if (row->use == use_dial)
		CHECK_EQ(pptp_dial_init(&s.dial, sizeof(s.dial)), PPTP_OK);
	else if (row->use == use_offer)
		CHECK_EQ(pptp_offer_init(&s.offer, sizeof(s.offer)), PPTP_OK);
	else if (row->use == use_answer)
		CHECK_EQ(pptp_answer_init(&s.answer, sizeof(s.answer)), PPTP_OK);
	else if (row->use == use_config)
		CHECK_EQ(pptp_config_options_init(&s.config, sizeof(s.config)), PPTP_OK);
	else if (row->use == use_conn_options)
		CHECK_EQ(pptp_conn_options_init(&s.conn, sizeof(s.conn)), PPTP_OK);
	s.conn.role = row->use == use_conn_options ? PPTP_RECEIVER : s.conn.role;
	return s;
}

/* The struct in memory of exactly its size, so that a read behind it is found. */
static pptp_err use_sized(const struct sized_row *row, uint32_t size, int garbage)
{
	pptp_config_options o = link_options(0);
	sized s = sized_defaults(row);
	link_side side;
	pptp_msg m = link_msg(PPTP_OCRQ);
	uint8_t *given = check_alloc(size < 4 ? 4 : size);
	pptp_err err;
	memset(given, 0, size < 4 ? 4 : size);
	memcpy(given, &s, size < row->size ? (size < 4 ? 4 : size) : row->size);
	memcpy(given, &size, 4);
	if (garbage)
		given[size - 1] = 1;
	memset(&side, 0, sizeof(side));
	o.max_calls = 3;
	o.line_statistics = 1;
	link_open(&side, PPTP_RECEIVER, &o, NULL, 0);
	link_up(&side);
	link_feed_msg(&side, &m);
	err = row->use(&side, link_next_event(&side, PPTP_EV_CALL_OFFERED)->call, given);
	free(given);
	link_drop(&side);
	return err;
}

/* Every size: too small, of an older library, as it is, of a newer one with zeros, or with what is not known.
 */
static void test_t11_struct_sizes(void **state)
{
	size_t i;
	uint32_t size;
	(void)state;
	for (i = 0; i < LEN(sized_rows); i++) {
		const struct sized_row *row = &sized_rows[i];
		/* what a size is a multiple of: the others have pointers, which nothing cuts */
		uint32_t unit = row->use == use_config || row->use == use_wan_errors ? 4 : sizeof(void *);
		for (size = 0; size <= row->size + 40; size++) {
			check_row("%s, size %u of %u", row->name, size, row->size);
			if (size >= 12 && size < row->least)
				continue;
			CHECK_EQ(use_sized(row, size, 0),
			         size < 12 || size % unit != 0 ? PPTP_ERR_SIZE : PPTP_OK);
			if (size > row->size)
				CHECK_EQ(use_sized(row, size, 1), PPTP_ERR_SIZE);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_t05_partial_write),     cmocka_unit_test(test_t06_octets),
	        cmocka_unit_test(test_t08_failing_send),      cmocka_unit_test(test_t11_struct_sizes),
	        cmocka_unit_test(test_t13_ends_in_callbacks), cmocka_unit_test(test_t19_no_old_octets),
	};
	return cmocka_run_group_tests_name("faults_host", tests, NULL, NULL);
}
