/* conn: faults that other implementations had, as tests, part one: octets. Lengths, types, texts and names.
 * The numbers are names and stay what they are; test_faults_state.c and test_faults_host.c have the others.
 */
#include "link.h"

static const uint16_t sizes[] = {0, 156, 156, 16, 16, 16, 20, 168, 32, 220, 24, 28, 16, 148, 40, 24};

/* A header and `total` octets in all. */
static void header(uint8_t *ret, size_t total, uint32_t length, uint32_t type)
{
	static const uint8_t magic[] = {0, 1, 0x1A, 0x2B, 0x3C, 0x4D};
	memset(ret, 0, total);
	ret[0] = (uint8_t)(length >> 8);
	ret[1] = (uint8_t)length;
	memcpy(ret + 2, magic, sizeof(magic));
	ret[8] = (uint8_t)(type >> 8);
	ret[9] = (uint8_t)type;
}

/* Established, in a mode. */
static void up(link_side *side, int strict, const link_mode *mode)
{
	pptp_config_options o = link_options(strict);
	memset(side, 0, sizeof(*side));
	link_open(side, PPTP_RECEIVER, &o, mode, 0);
	link_up(side);
}

static void alive(link_side *side)
{
	pptp_msg echo = link_msg(PPTP_ECHORQ);
	link_skip(side);
	echo.echorq.identifier = 0x600D;
	link_feed_msg(side, &echo);
	CHECK_EQ(link_next_msg(side, PPTP_ECHORP).echorp.identifier, 0x600D);
	link_quiet(side);
}

/* Ended without a word, for this octet. */
static void malformed(link_side *side, uint32_t field, uint32_t value)
{
	const pptp_event *e;
	CHECK_EQ(side->recv_result, PPTP_ERR_MALFORMED);
	e = link_next_event(side, PPTP_EV_DOWN);
	CHECK_EQ(e->reason, PPTP_ERR_MALFORMED);
	CHECK_EQ(e->field, field);
	CHECK_EQ(e->value, value);
	link_quiet(side);
}

/* Feed octets to a new connection in each mode and profile; it must end for this. */
static void all_malformed(const uint8_t *data, size_t len, uint32_t field, uint32_t value)
{
	size_t mode;
	int strict;
	for (strict = 0; strict < 2; strict++) {
		for (mode = 0; mode < link_modes_len; mode++) {
			link_side side;
			check_step("%s, %s", link_modes[mode].name, strict ? "strict" : "default");
			up(&side, strict, &link_modes[mode]);
			link_feed(&side, data, len);
			malformed(&side, field, value);
			link_drop(&side);
		}
	}
}

/* A Length of 0 to 11, of every type: decided by the Length's own two octets, with nothing read behind. */
/* Shows: T-09 T-14 H-01 */
static void test_t01_length_below_a_header(void **state)
{
	uint32_t type, length;
	(void)state;
	for (type = 0; type <= PPTP_SLI + 1; type++) {
		for (length = 0; length < 12; length++) {
			uint8_t data[12];
			check_row("type %u, Length %u", type, length);
			header(data, sizeof(data), length, type);
			all_malformed(data, sizeof(data), 0, length);
			all_malformed(data, 2, 0, length);
		}
	}
}

/* A Length above the longest message is not waited for, and nothing is allocated for it. */
/* Shows: T-09 T-14 */
static void test_t02_length_above_every_message(void **state)
{
	uint32_t length, step = check_scale(64) < 64 ? 997 : 61;
	(void)state;
	for (length = 221; length < 65536; length += length < 300 || length > 65500 ? 1 : step) {
		uint8_t data[2] = {(uint8_t)(length >> 8), (uint8_t)length};
		check_row("Length %u", length);
		all_malformed(data, sizeof(data), 0, length);
	}
}

/* A Length that holds a header, and less than the type's message. */
/* Shows: T-09 H-01 */
static void test_t03_length_below_the_type(void **state)
{
	uint32_t type;
	size_t i;
	(void)state;
	for (type = PPTP_SCCRQ; type <= PPTP_SLI; type++) {
		const uint32_t lengths[] = {12, 13, sizes[type] - 1u};
		for (i = 0; i < LEN(lengths); i++) {
			uint8_t data[PPTP_MSG_MAX_OCTETS];
			check_row("type %u, Length %u", type, lengths[i]);
			header(data, lengths[i], lengths[i], type);
			all_malformed(data, lengths[i], 0, lengths[i]);
		}
	}
}

/* Length 0 and a type without a size: 0 is not the right size for it, and nothing stalls. */
/* Shows: T-09 A-08 */
static void test_t04_length_0_of_an_unknown_type(void **state)
{
	static const uint16_t types[] = {0, 16, 255, 256, 32768, 65535};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(types); i++) {
		uint8_t data[24];
		check_row("type %u", types[i]);
		header(data, sizeof(data), 0, types[i]);
		all_malformed(data, sizeof(data), 0, 0);
	}
}

/* Two to fourteen messages in one segment, cut in two at every octet. */
/* Shows: T-07 */
static void test_t09_coalesced(void **state)
{
	uint32_t n, k;
	size_t mode;
	(void)state;
	for (n = 2; n <= 14; n++) {
		uint8_t data[14 * 16];
		size_t cut;
		for (k = 0; k < n; k++) {
			header(data + k * 16, 16, 16, PPTP_ECHORQ);
			data[k * 16 + 15] = (uint8_t)(k + 1);
		}
		for (mode = 0; mode < link_modes_len; mode++) {
			for (cut = 0; cut < (size_t)n * 16; cut += link_modes[mode].one_in ? 16 : 1) {
				link_side side;
				check_row("%u messages, cut at %u (%s)", n, (unsigned)cut,
				          link_modes[mode].name);
				up(&side, 1, &link_modes[mode]);
				CHECK_EQ(link_feed(&side, data, cut), cut);
				CHECK_EQ(link_feed(&side, data + cut, n * 16 - cut), n * 16 - cut);
				for (k = 0; k < n; k++)
					CHECK_EQ(link_next_msg(&side, PPTP_ECHORP).echorp.identifier, k + 1);
				link_quiet(&side);
				link_drop(&side);
			}
		}
	}
}

/* Texts without an end, and lengths of numbers that lie: nothing behind the fields is looked at. */
/* Shows: H-04 C-OCRQ-01 */
static void test_t16_texts_without_an_end(void **state)
{
	static const uint16_t lengths[] = {65, 66, 127, 128, 255, 256, 32767, 32768, 65535};
	size_t i, mode;
	int strict, incoming;
	(void)state;
	for (i = 0; i < LEN(lengths); i++) {
		for (incoming = 0; incoming < 2; incoming++) {
			for (strict = 0; strict < 2; strict++) {
				for (mode = 0; mode < link_modes_len; mode++) {
					pptp_config_options o = link_options(strict);
					pptp_msg m = link_msg(PPTP_SCCRQ);
					link_side side;
					check_row("%s %u, %s (%s)", incoming ? "ICRQ" : "OCRQ", lengths[i],
					          strict ? "strict" : "default", link_modes[mode].name);
					memset(&side, 0, sizeof(side));
					o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
					link_open(&side, PPTP_RECEIVER, &o, &link_modes[mode], 0);
					memset(m.sccrq.host_name, 'h', 64);
					memset(m.sccrq.vendor_string, 0xFF, 64);
					link_feed_msg(&side, &m);
					link_next_event(&side, PPTP_EV_UP);
					m = link_msg(incoming ? PPTP_ICRQ : PPTP_OCRQ);
					if (incoming) {
						memset(m.icrq.dialed_number, '9', 192);
						m.icrq.dialed_number_length = lengths[i];
						m.icrq.dialing_number_length = lengths[i];
					} else {
						memset(m.ocrq.phone_number, '9', 128);
						m.ocrq.phone_number_length = lengths[i];
					}
					link_skip(&side);
					link_feed_msg(&side, &m);
					if (!strict)
						link_next_event(&side, PPTP_EV_CALL_OFFERED);
					else if (incoming)
						CHECK_EQ(link_next_msg(&side, PPTP_ICRP).icrp.error_code,
						         PPTP_ERROR_BAD_VALUE);
					else
						CHECK_EQ(link_next_msg(&side, PPTP_OCRP).ocrp.error_code,
						         PPTP_ERROR_BAD_VALUE);
					link_quiet(&side);
					link_drop(&side);
				}
			}
		}
	}
}

/* One packet as the first and last of a connection: each message with each octet spoilt, and cut everywhere.
 */
/* Shows: T-09 T-10 */
static void test_t17_one_packet(void **state)
{
	static const uint8_t spoils[] = {0x00, 0xFF, 0x80, 0x01};
	uint32_t type, role, at;
	size_t i;
	(void)state;
	for (type = PPTP_SCCRQ; type <= PPTP_SLI; type++) {
		pptp_msg m = link_msg(type);
		uint8_t good[PPTP_MSG_MAX_OCTETS];
		CHECK_EQ(pptp_msg_encode(&m, good, sizeof(good)), sizes[type]);
		for (at = 0; at < sizes[type] * 2u; at++) {
			for (role = PPTP_ORIGINATOR; role <= PPTP_RECEIVER; role++) {
				for (i = 0; i < LEN(spoils); i++) {
					link_side side;
					uint8_t data[PPTP_MSG_MAX_OCTETS];
					size_t len = at < sizes[type] ? sizes[type] : at - sizes[type];
					check_row("type %u, octet %u, %u octets, spoil 0x%02x, role %u", type,
					          at, (unsigned)len, spoils[i], role);
					memcpy(data, good, sizeof(data));
					if (at < sizes[type])
						data[at] = i < 2 ? spoils[i] : data[at] ^ spoils[i];
					else if (i > 0)
						continue;
					memset(&side, 0, sizeof(side));
					link_open(&side, role, NULL, &link_modes[at % link_modes_len], 0);
					link_feed(&side, data, len);
					pptp_conn_eof(side.conn, 0);
					link_pump(&side);
					CHECK(side.down); /* whatever it was, it ends in order */
					link_drop(&side);
				}
			}
		}
	}
}

/* Names of all 65,536 types, and of what else has one. */
/* Shows: E-03 */
static void test_t21_names(void **state)
{
	uint32_t v, named = 0;
	(void)state;
	for (v = 0; v < 65536; v++) {
		const char *const names[] = {pptp_msg_name(v),           pptp_event_name(v),
		                             pptp_timer_name(v),         pptp_result_name(v, v & 0xFF),
		                             pptp_error_name(v),         pptp_conn_count_name(v),
		                             pptp_cause_name(v),         pptp_err_name(-(pptp_err)v),
		                             pptp_err_text(-(pptp_err)v)};
		size_t i;
		uint32_t offset, octets;
		check_row("%u", v);
		for (i = 0; i < LEN(names); i++) {
			CHECK(names[i] != NULL && names[i][0] != 0);
			CHECK(strlen(names[i]) < 100);
		}
		named += strcmp(names[0], "unknown") != 0;
		CHECK_EQ(pptp_msg_size(v), v < LEN(sizes) ? sizes[v] : 0);
		if (v < PPTP_SCCRQ || v > PPTP_SLI)
			CHECK(pptp_msg_field(v, 5, &offset, &octets) == NULL);
		CHECK(pptp_msg_field(v & 15, v, &offset, &octets) == NULL || v < 20);
	}
	CHECK_EQ(named, 15);
}

/* Lengths that this host gives are checked before they are used. */
/* Shows: H-04 */
static void test_t23_lengths_of_our_own(void **state)
{
	uint32_t length;
	link_side side;
	(void)state;
	up(&side, 0, NULL);
	for (length = 65; length < 65536; length += 1 + length / 7) {
		pptp_dial d;
		pptp_offer o;
		pptp_call call;
		check_row("%u", length);
		CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
		CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
		d.phone_number_length = (uint16_t)length;
		CHECK_EQ(pptp_call_dial(side.conn, &d, 0, &call), PPTP_ERR_ARG);
		o.dialed_number_length = (uint16_t)length;
		CHECK_EQ(pptp_call_offer(side.conn, &o, 0, &call), PPTP_ERR_ARG);
		o.dialed_number_length = 0;
		o.dialing_number_length = (uint16_t)length;
		CHECK_EQ(pptp_call_offer(side.conn, &o, 0, &call), PPTP_ERR_ARG);
	}
	link_pump(&side);
	link_quiet(&side);
	link_drop(&side);
}

/* The sizes, as numbers of their own; Incoming-Call-Reply has 24 octets and not 148. */
/* Shows: H-01 */
static void test_t31_sizes(void **state)
{
	uint32_t type;
	(void)state;
	for (type = PPTP_SCCRQ; type <= PPTP_SLI; type++) {
		pptp_msg m = link_msg(type);
		uint8_t data[PPTP_MSG_MAX_OCTETS];
		check_row("type %u", type);
		CHECK_EQ(pptp_msg_encode(&m, data, sizeof(data)), sizes[type]);
		CHECK_EQ(data[0] << 8 | data[1], sizes[type]);
	}
}

/* An unknown type with a body of any length: skipped with its body, or the end; never read as messages. */
/* Shows: A-08 T-09 */
static void test_t32_unknown_type_with_a_body(void **state)
{
	uint32_t length;
	size_t mode;
	int strict;
	(void)state;
	for (length = 12; length <= 220; length++) {
		for (strict = 0; strict < 2; strict++) {
			for (mode = 0; mode < link_modes_len; mode++) {
				uint8_t data[PPTP_MSG_MAX_OCTETS];
				link_side side;
				check_row("%u octets, %s (%s)", length, strict ? "strict" : "default",
				          link_modes[mode].name);
				up(&side, strict, &link_modes[mode]);
				header(data, sizeof(data), length, 77);
				if (length >= 28) /* a whole message within */
					header(data + 12, 16, 16, PPTP_STOPCCRQ);
				link_feed(&side, data, length);
				if (strict) {
					malformed(&side, 8, 77);
				} else {
					link_quiet(&side);
					CHECK_EQ(pptp_conn_count(side.conn, PPTP_COUNT_UNKNOWN_TYPE), 1);
					alive(&side);
				}
				link_drop(&side);
			}
		}
	}
}

/* A bad cookie is the end: the stream is never searched for a good one. */
/* Shows: T-08 */
static void test_t33_no_hunting_for_a_cookie(void **state)
{
	uint32_t shift;
	(void)state;
	for (shift = 1; shift < 16; shift++) {
		uint8_t data[48];
		check_row("%u octets of garbage", shift);
		header(data, sizeof(data), 16, PPTP_ECHORQ);
		header(data + shift, 16, 16, PPTP_ECHORQ); /* good, where nobody looks */
		if (shift < 8) {
			const uint32_t length = (uint32_t)(data[0] << 8 | data[1]);
			size_t mode;
			for (mode = 0; mode < link_modes_len; mode++) {
				link_side side;
				up(&side, 0, &link_modes[mode]);
				link_feed(&side, data, sizeof(data));
				check_step("%s, Length %u", link_modes[mode].name, length);
				CHECK_EQ(side.recv_result, PPTP_ERR_MALFORMED);
				CHECK_EQ(link_next_event(&side, PPTP_EV_DOWN)->reason, PPTP_ERR_MALFORMED);
				link_quiet(&side);
				CHECK_EQ(pptp_conn_recv(side.conn, data + shift, 16, 0), PPTP_ERR_CLOSED);
				link_drop(&side);
			}
		}
	}
}

/* A known type that is too short ends the connection in both profiles: what it lacks cannot be guessed, and
 * its Length may be a lie as well. */
/* Shows: T-09 H-01 A-07 */
static void test_t34_short_known_types(void **state)
{
	uint32_t type, length;
	(void)state;
	for (type = PPTP_SCCRQ; type <= PPTP_SLI; type++) {
		for (length = 12; length < sizes[type]; length += length < 16 ? 1 : 11) {
			uint8_t data[PPTP_MSG_MAX_OCTETS];
			check_row("type %u, Length %u", type, length);
			header(data, length, length, type);
			all_malformed(data, length, 0, length);
			all_malformed(data, 10, 0, length); /* decided by the type */
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_t01_length_below_a_header),
	        cmocka_unit_test(test_t02_length_above_every_message),
	        cmocka_unit_test(test_t03_length_below_the_type),
	        cmocka_unit_test(test_t04_length_0_of_an_unknown_type),
	        cmocka_unit_test(test_t09_coalesced),
	        cmocka_unit_test(test_t16_texts_without_an_end),
	        cmocka_unit_test(test_t17_one_packet),
	        cmocka_unit_test(test_t21_names),
	        cmocka_unit_test(test_t23_lengths_of_our_own),
	        cmocka_unit_test(test_t31_sizes),
	        cmocka_unit_test(test_t32_unknown_type_with_a_body),
	        cmocka_unit_test(test_t33_no_hunting_for_a_cookie),
	        cmocka_unit_test(test_t34_short_known_types),
	};
	return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
