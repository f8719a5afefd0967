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
	        cmocka_unit_test(test_base_error_names), cmocka_unit_test(test_base_unknown_error_names),
	        cmocka_unit_test(test_base_version),     cmocka_unit_test(test_base_numbers),
	        cmocka_unit_test(test_base_other_names), cmocka_unit_test(test_base_gre_event_names),
	};
	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
