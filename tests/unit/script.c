#include "script.h"

typedef struct script {
	link_side side;
	pptp_config_options options;
	const link_mode *mode;
	int64_t variables[128];
	uint8_t known[128];
	char *words[40];
	size_t words_len;
} script;

struct member {
	const char *name;
	size_t offset, octets;
};

#define MEMBER(type, member)                                                                                 \
	{                                                                                                    \
#member, offsetof(type, member), sizeof(((type *)0)->member)                                 \
	}
#define END                                                                                                  \
	{                                                                                                    \
		NULL, 0, 0                                                                                   \
	}

static const struct member option_members[] = {
        MEMBER(pptp_config_options, tolerate),
        MEMBER(pptp_config_options, max_calls),
        MEMBER(pptp_config_options, tx_octets),
        MEMBER(pptp_config_options, framing_capabilities),
        MEMBER(pptp_config_options, bearer_capabilities),
        MEMBER(pptp_config_options, maximum_channels),
        MEMBER(pptp_config_options, firmware_revision),
        MEMBER(pptp_config_options, protocol_version),
        MEMBER(pptp_config_options, take_calls),
        MEMBER(pptp_config_options, oldest_version),
        MEMBER(pptp_config_options, max_offered),
        MEMBER(pptp_config_options, line_statistics),
        MEMBER(pptp_config_options, start_timeout_us),
        MEMBER(pptp_config_options, idle_timeout_us),
        MEMBER(pptp_config_options, echo_timeout_us),
        MEMBER(pptp_config_options, stop_timeout_us),
        MEMBER(pptp_config_options, dial_timeout_us),
        MEMBER(pptp_config_options, answer_timeout_us),
        MEMBER(pptp_config_options, clear_timeout_us),
        MEMBER(pptp_config_options, offer_timeout_us),
        MEMBER(pptp_config_options, connect_timeout_us),
        MEMBER(pptp_config_options, wan_error_interval_us),
        MEMBER(pptp_config_options, host_name),
        MEMBER(pptp_config_options, vendor_string),
        END,
};

static const struct member event_members[] = {
        MEMBER(pptp_event, call),
        MEMBER(pptp_event, reason),
        MEMBER(pptp_event, timer),
        MEMBER(pptp_event, local_call_id),
        MEMBER(pptp_event, peer_call_id),
        MEMBER(pptp_event, peer_recv_window),
        MEMBER(pptp_event, peer_delay),
        MEMBER(pptp_event, connect_speed),
        MEMBER(pptp_event, bearer_type),
        MEMBER(pptp_event, framing_type),
        MEMBER(pptp_event, physical_channel_id),
        MEMBER(pptp_event, send_accm),
        MEMBER(pptp_event, recv_accm),
        MEMBER(pptp_event, cause_code),
        MEMBER(pptp_event, result_code),
        MEMBER(pptp_event, error_code),
        MEMBER(pptp_event, message_type),
        MEMBER(pptp_event, result_type),
        MEMBER(pptp_event, field),
        MEMBER(pptp_event, value),
        MEMBER(pptp_event, msg_len),
        END,
};

static const struct member dial_members[] = {
        MEMBER(pptp_dial, local_call_id),
        MEMBER(pptp_dial, call_serial_number),
        MEMBER(pptp_dial, minimum_bps),
        MEMBER(pptp_dial, maximum_bps),
        MEMBER(pptp_dial, bearer_type),
        MEMBER(pptp_dial, framing_type),
        MEMBER(pptp_dial, packet_recv_window_size),
        MEMBER(pptp_dial, packet_processing_delay),
        MEMBER(pptp_dial, phone_number_length),
        MEMBER(pptp_dial, phone_number),
        MEMBER(pptp_dial, subaddress),
        END,
};

static const struct member offer_members[] = {
        MEMBER(pptp_offer, local_call_id),
        MEMBER(pptp_offer, call_serial_number),
        MEMBER(pptp_offer, call_bearer_type),
        MEMBER(pptp_offer, physical_channel_id),
        MEMBER(pptp_offer, dialed_number_length),
        MEMBER(pptp_offer, dialing_number_length),
        MEMBER(pptp_offer, dialed_number),
        MEMBER(pptp_offer, dialing_number),
        END,
};

static const struct member answer_members[] = {
        MEMBER(pptp_answer, local_call_id),
        MEMBER(pptp_answer, cause_code),
        MEMBER(pptp_answer, connect_speed),
        MEMBER(pptp_answer, physical_channel_id),
        MEMBER(pptp_answer, packet_recv_window_size),
        MEMBER(pptp_answer, packet_processing_delay),
        MEMBER(pptp_answer, framing_type),
        END,
};

static const struct member conn_info_members[] = {
        MEMBER(pptp_conn_info, state),
        MEMBER(pptp_conn_info, role),
        MEMBER(pptp_conn_info, calls),
        MEMBER(pptp_conn_info, reason),
        MEMBER(pptp_conn_info, tx_octets),
        MEMBER(pptp_conn_info, protocol_version),
        MEMBER(pptp_conn_info, peer_firmware_revision),
        MEMBER(pptp_conn_info, peer_framing_capabilities),
        MEMBER(pptp_conn_info, peer_bearer_capabilities),
        MEMBER(pptp_conn_info, peer_maximum_channels),
        MEMBER(pptp_conn_info, offered_calls),
        MEMBER(pptp_conn_info, echo_rtt_us),
        END,
};

static const struct member call_info_members[] = {
        MEMBER(pptp_call_info, state),
        MEMBER(pptp_call_info, role),
        MEMBER(pptp_call_info, direction),
        MEMBER(pptp_call_info, reason),
        MEMBER(pptp_call_info, local_call_id),
        MEMBER(pptp_call_info, peer_call_id),
        MEMBER(pptp_call_info, call_serial_number),
        MEMBER(pptp_call_info, recv_window),
        MEMBER(pptp_call_info, peer_recv_window),
        MEMBER(pptp_call_info, peer_delay),
        MEMBER(pptp_call_info, connect_speed),
        MEMBER(pptp_call_info, minimum_bps),
        MEMBER(pptp_call_info, maximum_bps),
        MEMBER(pptp_call_info, bearer_type),
        MEMBER(pptp_call_info, framing_type),
        MEMBER(pptp_call_info, physical_channel_id),
        MEMBER(pptp_call_info, send_accm),
        MEMBER(pptp_call_info, recv_accm),
        END,
};

static const struct member channel_members[] = {
        MEMBER(pptp_gre_options, local_call_id), MEMBER(pptp_gre_options, peer_call_id),
        MEMBER(pptp_gre_options, recv_window),   MEMBER(pptp_gre_options, peer_recv_window),
        MEMBER(pptp_gre_options, peer_delay),    END,
};

static const struct {
	const char *name;
	int64_t value;
} names[] = {
        {"OK", 0},
        {"IDLE", PPTP_CONN_IDLE},
        {"START_OFFERED", PPTP_CONN_START_OFFERED},
        {"WAIT_CTL_REPLY", PPTP_CONN_WAIT_CTL_REPLY},
        {"ESTABLISHED", PPTP_CONN_ESTABLISHED},
        {"WAIT_STOP_REPLY", PPTP_CONN_WAIT_STOP_REPLY},
        {"CLOSING", PPTP_CONN_CLOSING},
        {"CLOSED_STATE", PPTP_CONN_CLOSED},
        {"OFFERED", PPTP_CALL_OFFERED},
        {"WAIT_REPLY", PPTP_CALL_WAIT_REPLY},
        {"WAIT_CONNECT", PPTP_CALL_WAIT_CONNECT},
        {"ANSWERING", PPTP_CALL_ANSWERING},
        {"CALL_ESTABLISHED", PPTP_CALL_ESTABLISHED},
        {"WAIT_DISCONNECT", PPTP_CALL_WAIT_DISCONNECT},
        {"ENDED", PPTP_CALL_ENDED},
        {"start", PPTP_TIMER_START},
        {"idle", PPTP_TIMER_IDLE},
        {"echo", PPTP_TIMER_ECHO},
        {"stop", PPTP_TIMER_STOP},
        {"dial", PPTP_TIMER_DIAL},
        {"answer", PPTP_TIMER_ANSWER},
        {"clear", PPTP_TIMER_CLEAR},
        {"offer", PPTP_TIMER_OFFER},
        {"connect", PPTP_TIMER_CONNECT},
};

/* ---- values -------------------------------------------------------------------------------------- */

static int64_t value_of(script *s, const char *text)
{
	char *end;
	int64_t value;
	int32_t code;
	size_t i;
	if (text[0] == '$') {
		uint8_t name = (uint8_t)text[1] & 127;
		int64_t plus = text[2] == '+' ? strtoll(text + 3, NULL, 0) : 0;
		if (!s->known[name])
			check_fail(__FILE__, __LINE__, "%s has no value", text);
		return (s->variables[name] + plus) & (text[2] == '+' ? 0xFFFF : INT64_MAX);
	}
	value = strtoll(text, &end, 0);
	if (*end == 0 && end != text)
		return value;
	for (i = 0; i < LEN(names); i++) {
		if (strcmp(text, names[i].name) == 0)
			return names[i].value;
	}
	for (code = -1; code > -60; code--) {
		if (strcmp(text, pptp_err_name(code)) == 0 && strcmp(text, "UNKNOWN") != 0)
			return code;
	}
	check_fail(__FILE__, __LINE__, "what is \"%s\"?", text);
	return 0;
}

/* Compare, or learn a variable. */
static void expect(script *s, const char *what, const char *text, int64_t is)
{
	int64_t wanted;
	if (text[0] == '$' && text[2] == 0 && !s->known[text[1] & 127]) {
		s->known[text[1] & 127] = 1;
		s->variables[text[1] & 127] = is;
		return;
	}
	wanted = value_of(s, text);
	if (is != wanted)
		check_fail(__FILE__, __LINE__, "%s is %lld (0x%llx), wanted %lld (0x%llx)", what,
		           (long long)is, (unsigned long long)is, (long long)wanted,
		           (unsigned long long)wanted);
}

static int64_t load(const void *at, size_t octets)
{
	uint8_t one;
	uint16_t two;
	uint32_t four;
	uint64_t eight;
	switch (octets) {
	case 1:
		memcpy(&one, at, 1);
		return one;
	case 2:
		memcpy(&two, at, 2);
		return two;
	case 4:
		memcpy(&four, at, 4);
		return four;
	default:
		memcpy(&eight, at, 8);
		return (int64_t)eight;
	}
}

static void store(void *at, size_t octets, int64_t value)
{
	uint8_t one = (uint8_t)value;
	uint16_t two = (uint16_t)value;
	uint32_t four = (uint32_t)value;
	uint64_t eight = (uint64_t)value;
	switch (octets) {
	case 1:
		memcpy(at, &one, 1);
		break;
	case 2:
		memcpy(at, &two, 2);
		break;
	case 4:
		memcpy(at, &four, 4);
		break;
	default:
		memcpy(at, &eight, 8);
		break;
	}
}

/* Text: ~ is a space, %XX an octet in hex; the rest is zero. */
static void text_of(const char *value, uint8_t *ret, size_t octets)
{
	size_t at = 0;
	memset(ret, 0, octets);
	for (; *value; value++, at++) {
		CHECK(at < octets);
		ret[at] = *value == '~' ? ' ' : (uint8_t)*value;
		if (*value == '%') {
			char two[3] = {value[1], value[2], 0};
			ret[at] = (uint8_t)strtoul(two, NULL, 16);
			value += 2;
		}
	}
}

/* A number or a text, as the member is. */
static void store_value(script *s, void *at, size_t octets, const char *value)
{
	if (octets > 8)
		text_of(value, at, octets);
	else
		store(at, octets, value_of(s, value));
}

static void compare_value(script *s, const char *what, const char *value, const void *is, size_t octets)
{
	if (octets > 8) {
		uint8_t wanted[128];
		CHECK(octets <= sizeof(wanted));
		text_of(value, wanted, octets);
		check_octets(is, wanted, octets, what, __FILE__, __LINE__);
	} else {
		int64_t has = load(is, octets);
		expect(s, what, value, strcmp(what, "reason") == 0 ? (int32_t)has : has);
	}
}

static const struct member *find_member(const struct member *members, const char *name)
{
	for (; members->name; members++) {
		if (strcmp(members->name, name) == 0)
			return members;
	}
	check_fail(__FILE__, __LINE__, "no member \"%s\"", name);
	return NULL;
}

/* A field of a message: its layout is the wire's. */
static struct member find_field(uint32_t type, const char *name)
{
	struct member m = {name, 0, 0};
	uint32_t index, offset, octets;
	const char *is;
	for (index = 0; (is = pptp_msg_field(type, index, &offset, &octets)) != NULL; index++) {
		if (strcmp(is, name) == 0) {
			m.offset = offset;
			m.octets = octets;
			return m;
		}
	}
	check_fail(__FILE__, __LINE__, "%s has no field \"%s\"", pptp_msg_name(type), name);
	return m;
}

static char *split_value(char *word)
{
	char *value = strchr(word, '=');
	if (!value)
		check_fail(__FILE__, __LINE__, "\"%s\" has no value", word);
	*value = 0;
	return value + 1;
}

static void store_members(script *s, const struct member *members, void *to, size_t from)
{
	for (; from < s->words_len; from++) {
		char *value = split_value(s->words[from]);
		const struct member *m = find_member(members, s->words[from]);
		store_value(s, (uint8_t *)to + m->offset, m->octets, value);
	}
}

static void expect_members(script *s, const struct member *members, const void *is, size_t from)
{
	for (; from < s->words_len; from++) {
		char *value = split_value(s->words[from]);
		const struct member *m = find_member(members, s->words[from]);
		compare_value(s, m->name, value, (const uint8_t *)is + m->offset, m->octets);
	}
}

static uint32_t message_type(const char *name)
{
	static const char *const short_names[] = {
	        "",     "SCCRQ", "SCCRP", "StopCCRQ", "StopCCRP", "EchoRQ", "EchoRP", "OCRQ",
	        "OCRP", "ICRQ",  "ICRP",  "ICCN",     "CCRQ",     "CDN",    "WEN",    "SLI"};
	uint32_t type;
	for (type = 1; type < LEN(short_names); type++) {
		if (strcmp(short_names[type], name) == 0)
			return type;
	}
	check_fail(__FILE__, __LINE__, "no message \"%s\"", name);
	return 0;
}

/* The handle in a variable, such as A. */
static pptp_call handle(script *s, const char *name)
{
	if (!s->known[name[0] & 127])
		check_fail(__FILE__, __LINE__, "no call %s", name);
	return (pptp_call)s->variables[name[0] & 127];
}

/* ---- statements -------------------------------------------------------------------------------------- */

static void do_in(script *s)
{
	uint32_t type = message_type(s->words[1]);
	pptp_msg msg = link_msg(type);
	uint8_t data[PPTP_MSG_MAX_OCTETS];
	uint32_t length = pptp_msg_size(type);
	size_t i;
	for (i = 2; i < s->words_len; i++) {
		char *value = split_value(s->words[i]);
		struct member m = find_field(type, s->words[i]);
		store_value(s, (uint8_t *)&msg + m.offset, m.octets, value);
	}
	CHECK_EQ(pptp_msg_encode(&msg, data, sizeof(data)), length);
	link_feed(&s->side, data, length);
}

static void do_raw(script *s)
{
	uint8_t data[600];
	size_t len = 0, i;
	const char *hex;
	for (i = 1; i < s->words_len; i++) {
		for (hex = s->words[i]; hex[0] && hex[1]; hex += 2) {
			char two[3] = {hex[0], hex[1], 0};
			CHECK(len < sizeof(data));
			data[len++] = (uint8_t)strtoul(two, NULL, 16);
		}
	}
	link_feed(&s->side, data, len);
}

static void do_out(script *s)
{
	uint32_t type = message_type(s->words[1]);
	pptp_msg msg = link_next_msg(&s->side, type);
	size_t i;
	for (i = 2; i < s->words_len; i++) {
		char *value = split_value(s->words[i]);
		struct member m = find_field(type, s->words[i]);
		compare_value(s, m.name, value, (uint8_t *)&msg + m.offset, m.octets);
	}
}

static void do_event(script *s)
{
	uint32_t type;
	const pptp_event *e;
	for (type = 1; strcmp(pptp_event_name(type), s->words[1]) != 0; type++)
		CHECK(type < 100);
	e = link_next_event(&s->side, type);
	expect_members(s, event_members, e, 2);
}

/* err=CODE at the end of the statement; else OK. */
static pptp_err wanted_error(script *s)
{
	const char *last = s->words[s->words_len - 1];
	if (strncmp(last, "err=", 4) != 0)
		return PPTP_OK;
	s->words_len--;
	return (pptp_err)value_of(s, last + 4);
}

/* A new call, or the reason that there is none. */
static void keep_call(script *s, pptp_err err, pptp_err wanted, pptp_call call)
{
	uint8_t name = (uint8_t)s->words[1][0] & 127;
	CHECK_EQ(err, wanted);
	CHECK_EQ(call == 0x5A5A5A5A, err != PPTP_OK); /* untouched on failure */
	if (err)
		return;
	CHECK(call != PPTP_CALL_NONE);
	s->known[name] = 1;
	s->variables[name] = call;
}

static void do_dial(script *s)
{
	pptp_err wanted = wanted_error(s), err;
	pptp_call call = 0x5A5A5A5A;
	pptp_dial d;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	store_members(s, dial_members, &d, 2);
	err = pptp_call_dial(s->side.conn, &d, s->side.now, &call);
	keep_call(s, err, wanted, call);
}

static void do_offer(script *s)
{
	pptp_err wanted = wanted_error(s), err;
	pptp_call call = 0x5A5A5A5A;
	pptp_offer o;
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	store_members(s, offer_members, &o, 2);
	err = pptp_call_offer(s->side.conn, &o, s->side.now, &call);
	keep_call(s, err, wanted, call);
}

static void do_answer(script *s)
{
	pptp_err wanted = wanted_error(s), err;
	pptp_call call = handle(s, s->words[1]);
	pptp_answer a;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	store_members(s, answer_members, &a, 2);
	if (strcmp(s->words[0], "accept") == 0)
		err = pptp_call_accept(s->side.conn, call, &a, s->side.now);
	else
		err = pptp_call_connected(s->side.conn, call, &a, s->side.now);
	CHECK_EQ(err, wanted);
}

static void do_end(script *s)
{
	pptp_err wanted = wanted_error(s), err;
	pptp_err (*function)(pptp_conn *, pptp_call, uint8_t, uint8_t, uint16_t, pptp_usec) =
	        strcmp(s->words[0], "reject") == 0 ? pptp_call_reject : pptp_call_clear;
	CHECK_EQ(s->words_len, 5);
	err = function(s->side.conn, handle(s, s->words[1]), (uint8_t)value_of(s, s->words[2]),
	               (uint8_t)value_of(s, s->words[3]), (uint16_t)value_of(s, s->words[4]), s->side.now);
	CHECK_EQ(err, wanted);
}

static void do_sli(script *s)
{
	pptp_err wanted = wanted_error(s);
	CHECK_EQ(s->words_len, 4);
	CHECK_EQ(pptp_call_set_link_info(s->side.conn, handle(s, s->words[1]),
	                                 (uint32_t)value_of(s, s->words[2]),
	                                 (uint32_t)value_of(s, s->words[3]), s->side.now),
	         wanted);
}

static void do_wan(script *s)
{
	pptp_err wanted = wanted_error(s);
	pptp_wan_errors e = {sizeof(e), 0, 0, 0, 0, 0, 0};
	uint32_t *const counters[] = {&e.crc_errors,      &e.framing_errors, &e.hardware_overruns,
	                              &e.buffer_overruns, &e.timeout_errors, &e.alignment_errors};
	size_t i;
	CHECK_EQ(s->words_len, 8);
	for (i = 0; i < LEN(counters); i++)
		*counters[i] = (uint32_t)value_of(s, s->words[2 + i]);
	CHECK_EQ(pptp_call_wan_errors(s->side.conn, handle(s, s->words[1]), &e, s->side.now), wanted);
}

static void do_statistics(script *s)
{
	pptp_err wanted = wanted_error(s);
	const char *text = s->words_len > 2 ? s->words[2] : "";
	CHECK_EQ(pptp_call_statistics(s->side.conn, handle(s, s->words[1]), (const uint8_t *)text,
	                              strlen(text)),
	         wanted);
}

/* The answer to START_OFFERED. */
static void do_start(script *s)
{
	pptp_err wanted = wanted_error(s), err;
	if (strcmp(s->words[1], "accept") == 0) {
		err = pptp_conn_accept(s->side.conn, s->side.now);
	} else {
		CHECK_EQ(s->words_len, 4);
		err = pptp_conn_refuse(s->side.conn, (uint8_t)value_of(s, s->words[2]),
		                       (uint8_t)value_of(s, s->words[3]), s->side.now);
	}
	CHECK_EQ(err, wanted);
}

/* Requests. Returns 0 for another statement. */
static int do_request(script *s)
{
	static const struct {
		const char *name;
		void (*function)(script *s);
	} requests[] = {
	        {"dial", do_dial},     {"offer", do_offer},
	        {"accept", do_answer}, {"connected", do_answer},
	        {"reject", do_end},    {"clear", do_end},
	        {"sli", do_sli},       {"wan", do_wan},
	        {"start", do_start},   {"statistics", do_statistics},
	};
	size_t i;
	for (i = 0; i < LEN(requests); i++) {
		if (strcmp(requests[i].name, s->words[0]) == 0) {
			requests[i].function(s);
			link_pump(&s->side);
			return 1;
		}
	}
	return 0;
}

static void do_info(script *s)
{
	if (strcmp(s->words[0], "info") == 0) {
		pptp_conn_info info;
		CHECK_EQ(pptp_conn_get_info(s->side.conn, &info, sizeof(info)), PPTP_OK);
		expect_members(s, conn_info_members, &info, 1);
	} else {
		pptp_call_info info;
		CHECK_EQ(pptp_call_get_info(s->side.conn, handle(s, s->words[1]), &info, sizeof(info)),
		         PPTP_OK);
		expect_members(s, call_info_members, &info, 2);
	}
}

static void do_channel(script *s)
{
	pptp_gre_options gre;
	CHECK_EQ(pptp_gre_options_init(&gre, sizeof(gre)), PPTP_OK);
	CHECK_EQ(pptp_call_channel(s->side.conn, handle(s, s->words[1]), &gre), PPTP_OK);
	expect_members(s, channel_members, &gre, 2);
}

static void do_count(script *s)
{
	static const char *const counters[] = {
	        "RX_MESSAGES", "TX_MESSAGES",   "UNKNOWN_TYPE", "MANAGEMENT",  "LONGER",    "RESERVED",
	        "RESULT_0",    "ECHO_MISMATCH", "ROLE",         "CDN_CALL_ID", "STATE",     "UNKNOWN_CALL",
	        "BAD_VALUE",   "NO_RESOURCE",   "BAD_CALL_ID",  "NOT_TAKEN",   "HALF_OPEN", "ECHO_COALESCED",
	};
	uint32_t which;
	for (which = 0; which < LEN(counters); which++) {
		if (strcmp(counters[which], s->words[1]) == 0)
			break;
	}
	CHECK(which < LEN(counters));
	expect(s, s->words[1], s->words[2], pptp_conn_count(s->side.conn, which));
}

static void do_state(script *s)
{
	pptp_conn_info info;
	CHECK_EQ(pptp_conn_get_info(s->side.conn, &info, sizeof(info)), PPTP_OK);
	if (strcmp(s->words[0], "state") == 0)
		expect(s, "state", s->words[1], info.state);
	else
		expect(s, "calls", s->words[1], info.calls);
}

static void do_deadline(script *s)
{
	pptp_usec deadline = pptp_conn_deadline(s->side.conn);
	if (strcmp(s->words[1], "never") == 0)
		CHECK_EQ(deadline, PPTP_NEVER);
	else
		CHECK_EQ(deadline, s->side.now + (pptp_usec)value_of(s, s->words[1]) * SECOND);
}

static void do_statement(script *s)
{
	const char *what = s->words[0];
	link_side *side = &s->side;
	if (do_request(s))
		return;
	if (strcmp(what, "opt") == 0) {
		if (strcmp(s->words[1], "strict") == 0) {
			s->options.tolerate = 0;
			store_members(s, option_members, &s->options, 2);
		} else {
			store_members(s, option_members, &s->options, 1);
		}
	} else if (strcmp(what, "open") == 0 || strcmp(what, "up") == 0) {
		side->flags = s->words_len > 2 && strcmp(s->words[2], "ask") == 0 ? PPTP_CONN_ASK : 0;
		link_open(side, s->words[1][0] == 'o' ? PPTP_ORIGINATOR : PPTP_RECEIVER, &s->options, s->mode,
		          5 * SECOND);
		if (what[0] == 'u')
			link_up(side);
	} else if (strcmp(what, "in") == 0) {
		do_in(s);
	} else if (strcmp(what, "raw") == 0) {
		do_raw(s);
	} else if (strcmp(what, "out") == 0) {
		do_out(s);
	} else if (strcmp(what, "ev") == 0) {
		do_event(s);
	} else if (strcmp(what, "quiet") == 0) {
		link_quiet(side);
	} else if (strcmp(what, "skip") == 0) {
		link_skip(side);
	} else if (strcmp(what, "close") == 0) {
		pptp_err wanted = wanted_error(s);
		CHECK_EQ(pptp_conn_close(side->conn, (uint8_t)value_of(s, s->words[1]), side->now), wanted);
		link_pump(side);
	} else if (strcmp(what, "abort") == 0) {
		pptp_err wanted = wanted_error(s);
		CHECK_EQ(pptp_conn_abort(side->conn, (pptp_err)value_of(s, s->words[1]), side->now), wanted);
		link_pump(side);
	} else if (strcmp(what, "eof") == 0) {
		pptp_conn_eof(side->conn, side->now);
		link_pump(side);
	} else if (strcmp(what, "wait") == 0) {
		link_wait(side, (pptp_usec)value_of(s, s->words[1]) * SECOND);
	} else if (strcmp(what, "deadline") == 0) {
		do_deadline(s);
	} else if (strcmp(what, "count") == 0) {
		do_count(s);
	} else if (strcmp(what, "state") == 0 || strcmp(what, "calls") == 0) {
		do_state(s);
	} else if (strcmp(what, "info") == 0 || strcmp(what, "cinfo") == 0) {
		do_info(s);
	} else if (strcmp(what, "channel") == 0) {
		do_channel(s);
	} else if (strcmp(what, "call") == 0) {
		pptp_call_info info;
		CHECK_EQ(pptp_call_get_info(side->conn, handle(s, s->words[1]), &info, sizeof(info)),
		         PPTP_OK);
		expect(s, "state of the call", s->words[2], info.state);
	} else if (strcmp(what, "received") == 0) {
		expect(s, "received", s->words[1], side->recv_result);
	} else {
		check_fail(__FILE__, __LINE__, "what is \"%s\"?", what);
	}
}

static void run(const script_row *row, const link_mode *mode)
{
	char *text = (char *)check_copy(row->text, strlen(row->text) + 1), *at = text;
	script *s = check_alloc(sizeof(*s));
	memset(s, 0, sizeof(*s));
	s->mode = mode;
	s->options = link_options(0);
	check_row("%s (%s)", row->name, mode->name);
	while (*at) {
		char *end = at + strcspn(at, ";"), *next = *end ? end + 1 : end;
		*end = 0;
		check_step("%s", at);
		s->words_len = 0;
		while (*(at += strspn(at, " ")) != 0) {
			CHECK(s->words_len < LEN(s->words));
			s->words[s->words_len++] = at;
			at += strcspn(at, " ");
			if (*at)
				*at++ = 0;
		}
		if (s->words_len)
			do_statement(s);
		at = next;
	}
	check_step("at the end");
	link_quiet(&s->side);
	link_drop(&s->side);
	free(s);
	free(text);
}

void script_run(const script_row *rows, size_t len)
{
	size_t i, k;
	for (i = 0; i < len; i++) {
		for (k = 0; k < link_modes_len; k++)
			run(&rows[i], &link_modes[k]);
	}
}
