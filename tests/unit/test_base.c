/* base: names of codes, version. */
#include "check.h"
#include <pptp/pptp.h>

#define ROW(name)                                                                                            \
	{                                                                                                    \
		PPTP_ERR_##name, #name                                                                       \
	}

static const struct {
	pptp_err code;
	const char *name;
} codes[] = {
        ROW(ARG),       ROW(SIZE),      ROW(ALIGN),     ROW(STATE),  ROW(STALE),   ROW(AGAIN),   ROW(LIMIT),
        ROW(EMPTY),     ROW(REENTRANT), ROW(FREED),     ROW(CLOSED), ROW(SHORT),   ROW(NO_HEAP), ROW(WINDOW),
        ROW(MALFORMED), ROW(PROTOCOL),  ROW(LOCAL),     ROW(PEER),   ROW(REFUSED), ROW(TIMEOUT), ROW(EOF),
        ROW(STOPPED),   ROW(VERSION),   ROW(COLLISION), ROW(SEND),
};

static int is_code(int64_t value)
{
	size_t i;
	for (i = 0; i < LEN(codes); i++) {
		if (codes[i].code == value)
			return 1;
	}
	return value == PPTP_OK;
}

/* Every code has the name of its enumerator and a sentence of its own. */
static void test_base_error_names(void **state)
{
	size_t i, j;
	(void)state;
	for (i = 0; i < LEN(codes); i++) {
		const char *text = pptp_err_text(codes[i].code);
		check_row("%s", codes[i].name);
		CHECK_TEXT(pptp_err_name(codes[i].code), codes[i].name);
		CHECK(text != NULL && text[0] != 0);
		CHECK(text[strlen(text) - 1] != '.');
		CHECK(strcmp(text, pptp_err_text(PPTP_OK)) != 0);
		for (j = 0; j < i; j++)
			CHECK(strcmp(text, pptp_err_text(codes[j].code)) != 0);
		CHECK(strcmp(pptp_err_name(PPTP_OK), codes[i].name) != 0);
	}
	CHECK(strcmp(pptp_err_name(PPTP_OK), "UNKNOWN") != 0);
}

static void check_unknown_code(int64_t value)
{
	if (is_code(value))
		return;
	check_row("%lld", (long long)value);
	CHECK_TEXT(pptp_err_name((pptp_err)value), "UNKNOWN");
	CHECK(pptp_err_text((pptp_err)value) != NULL);
}

/* Shows: E-03 */
static void test_base_unknown_error_names(void **state)
{
	int64_t value;
	check_random random = {1};
	uint32_t i;
	(void)state;
	for (value = -70000; value <= 70000; value++)
		check_unknown_code(value);
	for (i = 0; i < 100000; i++)
		check_unknown_code((int32_t)random_next(&random));
	check_unknown_code(INT32_MIN);
	check_unknown_code(INT32_MAX);
}

static void test_base_version(void **state)
{
	char wanted[40];
	uint32_t version = (uint32_t)PPTP_VERSION_MAJOR << 16 | PPTP_VERSION_MINOR << 8 | PPTP_VERSION_PATCH;
	(void)state;
	snprintf(wanted, sizeof(wanted), "%d.%d.%d", PPTP_VERSION_MAJOR, PPTP_VERSION_MINOR,
	         PPTP_VERSION_PATCH);
	CHECK_EQ(pptp_version(), version);
	CHECK_TEXT(pptp_version_text(), wanted);
}

/* Shows: T-01 T-02 */
static void test_base_numbers(void **state)
{
	(void)state;
	CHECK_EQ(PPTP_TCP_PORT, 1723);
	CHECK_EQ(PPTP_IP_PROTOCOL, 47);
}

typedef const char *(*name_function)(uint32_t value);

/* Values below count have names of their own, from `first` on; all others share one that none of them has. */
static void check_names(const char *what, name_function name, uint32_t first, uint32_t count)
{
	uint32_t i, j;
	const char *unknown = name(count);
	check_row("%s", what);
	CHECK(unknown != NULL);
	for (i = first; i < count; i++) {
		CHECK(name(i) != NULL && name(i)[0] != 0);
		CHECK(strcmp(name(i), unknown) != 0);
		for (j = first; j < i; j++) {
			if (strcmp(name(i), name(j)) == 0)
				check_fail(__FILE__, __LINE__, "%u and %u are both \"%s\"", i, j, name(i));
		}
	}
	for (i = count; i < 70000; i++)
		CHECK_TEXT(name(i), unknown);
	CHECK_TEXT(name(UINT32_MAX), unknown);
	CHECK_TEXT(name(UINT32_C(0x80000000)), unknown);
}

/* Shows: T21 */
static void test_base_other_names(void **state)
{
	(void)state;
	check_names("events", pptp_event_name, PPTP_EV_UP, PPTP_EV_CALL_ANSWER + 1);
	check_names("timers", pptp_timer_name, PPTP_TIMER_START, PPTP_TIMER_CONNECT + 1);
	check_names("counters of a connection", pptp_conn_count_name, 0, PPTP_CONN_COUNTS);
	check_names("counters of a channel", pptp_gre_count_name, 0, PPTP_GRE_COUNTS);
	check_names("counters of a mux", pptp_mux_count_name, 0, PPTP_MUX_COUNTS);
	check_names("error codes", pptp_error_name, PPTP_ERROR_NONE, PPTP_ERROR_PAC + 1);
	CHECK_TEXT(pptp_event_name(PPTP_EV_CALL_UP), "CALL_UP");
	CHECK_TEXT(pptp_timer_name(PPTP_TIMER_ECHO), "echo");
	CHECK_TEXT(pptp_conn_count_name(PPTP_COUNT_UNKNOWN_CALL), "unknown call");
	CHECK_TEXT(pptp_gre_count_name(PPTP_GRE_DROP_LATE), "late");
	CHECK_TEXT(pptp_gre_count_name(PPTP_GRE_COUNTS), "unknown");
	CHECK_TEXT(pptp_gre_count_name(PPTP_GRE_RESYNC), "resync");
	CHECK_TEXT(pptp_error_name(PPTP_ERROR_PAC + 1), "unknown");
}

/* Q.931 causes: those of Q.850 that there are have names, no two the same, and no other value has one. */
/* Shows: E-03 */
static void test_base_cause_names(void **state)
{
	static const uint8_t defined[] = {1,  2,  3,  6,  7,  16,  17,  18,  19,  20, 21, 22, 26,
	                                  27, 28, 29, 30, 31, 34,  38,  41,  42,  43, 44, 47, 49,
	                                  50, 57, 58, 63, 65, 66,  69,  70,  79,  81, 82, 88, 91,
	                                  95, 96, 97, 98, 99, 100, 101, 102, 111, 127};
	static const struct {
		uint32_t cause;
		const char *part;
	} rows[] = {
	        {1, "number"},       {16, "normal"},    {17, "user busy"},     {18, "responding"},
	        {19, "answer"},      {21, "rejected"},  {31, "normal"},        {34, "circuit"},
	        {38, "network"},     {41, "temporary"}, {42, "congestion"},    {47, "resource"},
	        {88, "destination"}, {102, "timer"},    {127, "interworking"},
	};
	const char *names[256] = {NULL};
	uint32_t cause, other;
	size_t i;
	(void)state;
	for (i = 0; i < LEN(defined); i++)
		names[defined[i]] = pptp_cause_name(defined[i]);
	for (cause = 0; cause <= 70000; cause++) {
		const char *name = pptp_cause_name(cause);
		check_row("cause %u", cause);
		CHECK(name != NULL);
		if (cause > 255 || !names[cause]) {
			CHECK_TEXT(name, "unknown");
			continue;
		}
		CHECK(strlen(name) > 3 && strcmp(name, "unknown") != 0);
		for (i = 0; name[i]; i++)
			CHECK(name[i] >= ' ' && name[i] < 127);
		for (other = 0; other < cause; other++)
			CHECK(!names[other] || strcmp(names[other], name) != 0);
	}
	CHECK_TEXT(pptp_cause_name(UINT32_MAX), "unknown");
	CHECK_TEXT(pptp_cause_name(0x110), "unknown");
	for (i = 0; i < LEN(rows); i++) {
		check_row("cause %u: %s", rows[i].cause, pptp_cause_name(rows[i].cause));
		CHECK(strstr(pptp_cause_name(rows[i].cause), rows[i].part) != NULL);
	}
}

/* What a peer is told for each code of ours. */
/* Shows: E-01 */
static void test_base_error_of(void **state)
{
	static const struct {
		pptp_err code;
		uint8_t error;
	} rows[] = {
	        {PPTP_OK, PPTP_ERROR_NONE},
	        {PPTP_ERR_ARG, PPTP_ERROR_BAD_VALUE},
	        {PPTP_ERR_SIZE, PPTP_ERROR_BAD_VALUE},
	        {PPTP_ERR_STATE, PPTP_ERROR_NOT_CONNECTED},
	        {PPTP_ERR_STALE, PPTP_ERROR_BAD_CALL_ID},
	        {PPTP_ERR_AGAIN, PPTP_ERROR_NO_RESOURCE},
	        {PPTP_ERR_LIMIT, PPTP_ERROR_NO_RESOURCE},
	        {PPTP_ERR_NO_HEAP, PPTP_ERROR_NO_RESOURCE},
	        {PPTP_ERR_CLOSED, PPTP_ERROR_NOT_CONNECTED},
	        {PPTP_ERR_EOF, PPTP_ERROR_NOT_CONNECTED},
	        {PPTP_ERR_STOPPED, PPTP_ERROR_NOT_CONNECTED},
	        {PPTP_ERR_SHORT, PPTP_ERROR_BAD_FORMAT},
	        {PPTP_ERR_MALFORMED, PPTP_ERROR_BAD_FORMAT},
	        {PPTP_ERR_PROTOCOL, PPTP_ERROR_BAD_VALUE},
	};
	int32_t code;
	size_t i;
	(void)state;
	for (code = -70000; code <= 70000; code++) {
		uint8_t wanted = PPTP_ERROR_PAC;
		for (i = 0; i < LEN(rows); i++) {
			if (rows[i].code == code)
				wanted = rows[i].error;
		}
		check_row("code %d", code);
		CHECK_EQ(pptp_error_of(code), wanted);
	}
	CHECK_EQ(pptp_error_of(INT32_MIN), PPTP_ERROR_PAC);
	CHECK_EQ(pptp_error_of(INT32_MAX), PPTP_ERROR_PAC);
}

/* Headers of a program against this library. */
static void test_base_version_check(void **state)
{
	static const struct {
		const char *name;
		int32_t plus; /* to this version */
		pptp_err wanted;
	} rows[] = {
	        {"the same", 0, PPTP_OK},
	        {"a later minor version", 0x100, PPTP_ERR_VERSION},
	        {"another major version", 0x10000, PPTP_ERR_VERSION},
	};
	size_t i;
	(void)state;
#if PPTP_VERSION < 0x000100 || PPTP_VERSION >= 0x1000000 /* for the preprocessor, too */
	CHECK(0);
#endif
	CHECK_EQ(PPTP_VERSION, PPTP_VERSION_MAJOR << 16 | PPTP_VERSION_MINOR << 8 | PPTP_VERSION_PATCH);
	CHECK_EQ(pptp_version(), PPTP_VERSION);
	for (i = 0; i < LEN(rows); i++) {
		check_row("%s", rows[i].name);
		CHECK_EQ(pptp_version_check(PPTP_VERSION + (uint32_t)rows[i].plus), rows[i].wanted);
	}
	CHECK_EQ(pptp_version_check(0), PPTP_ERR_VERSION);
	CHECK_EQ(pptp_version_check(UINT32_MAX), PPTP_ERR_VERSION);
	/* Another patch of the same minor version is as good, once there is a promise. */
	CHECK_EQ(pptp_version_check(PPTP_VERSION ^ 1), PPTP_VERSION < 0x100 ? PPTP_ERR_VERSION : PPTP_OK);
}

/* A name for each bit, none for a set of them. */
static void test_base_gre_event_names(void **state)
{
	static const char *const names[] = {"WRITABLE", "NO_INBOUND", "RESYNC", "PEER_NEVER_ACKS"};
	uint32_t event, bit;
	(void)state;
	for (event = 0; event < 300; event++) {
		const char *wanted = "unknown";
		for (bit = 0; bit < LEN(names); bit++)
			if (event == 1u << bit)
				wanted = names[bit];
		check_row("%u", event);
		CHECK_TEXT(pptp_gre_event_name(event), wanted);
	}
	CHECK_TEXT(pptp_gre_event_name(0x80000000u), "unknown");
	CHECK_TEXT(pptp_gre_event_name(UINT32_MAX), "unknown");
	CHECK_TEXT(pptp_gre_event_name(PPTP_GRE_EV_PEER_NEVER_ACKS), "PEER_NEVER_ACKS");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_base_error_names),     cmocka_unit_test(test_base_unknown_error_names),
	        cmocka_unit_test(test_base_version),         cmocka_unit_test(test_base_numbers),
	        cmocka_unit_test(test_base_other_names),     cmocka_unit_test(test_base_cause_names),
	        cmocka_unit_test(test_base_error_of),        cmocka_unit_test(test_base_version_check),
	        cmocka_unit_test(test_base_gre_event_names),
	};
	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
