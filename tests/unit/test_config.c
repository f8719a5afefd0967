/* config: ranges of options, and the rule of all structs that begin with their size. */
#include "check.h"
#include <pptp/pptp.h>

static pptp_config_options defaults(void)
{
	pptp_config_options o;
	CHECK_EQ(pptp_config_options_init(&o, sizeof(o)), PPTP_OK);
	return o;
}

static pptp_err try_config(const pptp_config_options *o)
{
	void *mem = check_alloc(pptp_config_size());
	const pptp_config *config = NULL;
	pptp_err err = pptp_config_init(mem, pptp_config_size(), o, &config);
	CHECK_EQ(config != NULL, err == PPTP_OK);
	pptp_config_free(config);
	free(mem);
	return err;
}

/* Shows: K-05 K-04 C-SCCRQ-03 C-SCCRP-01 S-CC-01 A-16 */
static void test_config_defaults(void **state)
{
	pptp_config_options o;
	uint64_t second = 1000000;
	size_t i;
	(void)state;
	memset(&o, 0x5A, sizeof(o));
	CHECK_EQ(pptp_config_options_init(&o, sizeof(o)), PPTP_OK);
	CHECK_EQ(o.size, sizeof(o));
	CHECK_EQ(o.tolerate, PPTP_TOLERATE_ALL);
	CHECK_EQ(o.max_calls, 1);
	CHECK_EQ(o.tx_octets, 1024);
	CHECK_EQ(o.framing_capabilities, 3);
	CHECK_EQ(o.bearer_capabilities, 3);
	CHECK_EQ(o.maximum_channels, 0);
	CHECK_EQ(o.firmware_revision, PPTP_VERSION_MAJOR << 8 | PPTP_VERSION_MINOR);
	CHECK_EQ(o.protocol_version, 0x0100);
	CHECK_EQ(o.take_calls, PPTP_TAKE_OUTGOING);
	CHECK_EQ(o.start_timeout_us, 60 * second);
	CHECK_EQ(o.idle_timeout_us, 60 * second);
	CHECK_EQ(o.echo_timeout_us, 60 * second);
	CHECK_EQ(o.stop_timeout_us, 60 * second);
	CHECK_EQ(o.dial_timeout_us, 120 * second);
	CHECK_EQ(o.answer_timeout_us, 120 * second);
	CHECK_EQ(o.clear_timeout_us, 60 * second);
	CHECK_EQ(o.offer_timeout_us, 60 * second);
	CHECK_EQ(o.connect_timeout_us, 60 * second);
	CHECK_EQ(o.wan_error_interval_us, 60 * second);
	CHECK_EQ(o.oldest_version, 0);
	CHECK_EQ(o.max_offered, 0);
	CHECK_EQ(o.line_statistics, 0);
	CHECK_EQ(o.reserved, 0);
	for (i = 0; i < 64; i++) {
		CHECK_EQ(o.host_name[i], 0);
		CHECK_EQ(o.vendor_string[i], i < 7 ? "libpptp"[i] : 0);
	}
	CHECK_EQ(try_config(&o), PPTP_OK);
}

/* Shows: K-05 */
static void test_config_ranges(void **state)
{
	static const struct {
		const char *name;
		size_t offset, octets;
		uint64_t value;
		pptp_err wanted;
	} rows[] = {
#define ROW(member, value, wanted)                                                                           \
	{#member " = " #value, offsetof(pptp_config_options, member),                                        \
	 sizeof(((pptp_config_options *)0)->member), value, wanted}
	        ROW(max_calls, 0, PPTP_OK),
	        ROW(max_calls, 1, PPTP_OK),
	        ROW(max_calls, 65535, PPTP_OK),
	        ROW(max_calls, 65536, PPTP_ERR_ARG),
	        ROW(max_calls, 0xFFFFFFFF, PPTP_ERR_ARG),
	        ROW(tx_octets, 0, PPTP_ERR_ARG),
	        ROW(tx_octets, 219, PPTP_ERR_ARG),
	        ROW(tx_octets, 220, PPTP_OK),
	        ROW(tx_octets, 0x40000000, PPTP_OK),
	        ROW(tx_octets, 0x40000001, PPTP_ERR_ARG),
	        ROW(tx_octets, 0xFFFFFFFF, PPTP_ERR_ARG),
	        ROW(tolerate, 0, PPTP_OK),
	        ROW(tolerate, 0xFFFFFFFF, PPTP_OK),
	        ROW(framing_capabilities, 0, PPTP_OK),
	        ROW(framing_capabilities, 0xFFFFFFFF, PPTP_OK),
	        ROW(bearer_capabilities, 0, PPTP_OK),
	        ROW(bearer_capabilities, 0xFFFFFFFF, PPTP_OK),
	        ROW(maximum_channels, 65535, PPTP_OK),
	        ROW(firmware_revision, 65535, PPTP_OK),
	        ROW(take_calls, 0, PPTP_OK),
	        ROW(take_calls, 1, PPTP_OK),
	        ROW(take_calls, 2, PPTP_OK),
	        ROW(take_calls, 3, PPTP_OK),
	        ROW(take_calls, 4, PPTP_ERR_ARG),
	        ROW(take_calls, 0x8001, PPTP_ERR_ARG),
	        ROW(oldest_version, 1, PPTP_OK),
	        ROW(oldest_version, 0x100, PPTP_OK),
	        ROW(oldest_version, 0x101, PPTP_ERR_ARG),
	        ROW(oldest_version, 0xFFFF, PPTP_ERR_ARG),
	        ROW(protocol_version, 0, PPTP_ERR_ARG),
	        ROW(protocol_version, 0xFFFF, PPTP_OK),
	        ROW(max_offered, 1, PPTP_OK),
	        ROW(max_offered, 0xFFFF, PPTP_OK),
	        ROW(line_statistics, 1, PPTP_OK),
	        ROW(line_statistics, 2, PPTP_ERR_ARG),
	        ROW(line_statistics, 0xFFFF, PPTP_ERR_ARG),
	        ROW(reserved, 1, PPTP_ERR_ARG),
	        ROW(start_timeout_us, 0, PPTP_OK),
	        ROW(start_timeout_us, UINT64_MAX, PPTP_OK),
	        ROW(idle_timeout_us, 0, PPTP_OK),
	        ROW(idle_timeout_us, UINT64_MAX, PPTP_OK),
	        ROW(echo_timeout_us, 0, PPTP_OK),
	        ROW(echo_timeout_us, UINT64_MAX, PPTP_OK),
	        ROW(stop_timeout_us, 0, PPTP_OK),
	        ROW(stop_timeout_us, UINT64_MAX, PPTP_OK),
	        ROW(dial_timeout_us, 0, PPTP_OK),
	        ROW(dial_timeout_us, UINT64_MAX, PPTP_OK),
	        ROW(answer_timeout_us, 0, PPTP_OK),
	        ROW(answer_timeout_us, UINT64_MAX, PPTP_OK),
	        ROW(clear_timeout_us, 0, PPTP_OK),
	        ROW(clear_timeout_us, UINT64_MAX, PPTP_OK),
	        ROW(offer_timeout_us, 0, PPTP_OK),
	        ROW(offer_timeout_us, UINT64_MAX, PPTP_OK),
	        ROW(connect_timeout_us, 0, PPTP_OK),
	        ROW(connect_timeout_us, UINT64_MAX, PPTP_OK),
	        ROW(wan_error_interval_us, 0, PPTP_OK),
	        ROW(wan_error_interval_us, UINT64_MAX, PPTP_OK),
#undef ROW
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_config_options o = defaults();
		uint8_t *at = (uint8_t *)&o + rows[i].offset;
		uint16_t two = (uint16_t)rows[i].value;
		uint32_t four = (uint32_t)rows[i].value;
		check_row("%s", rows[i].name);
		if (rows[i].octets == 2)
			memcpy(at, &two, 2);
		else if (rows[i].octets == 4)
			memcpy(at, &four, 4);
		else
			memcpy(at, &rows[i].value, 8);
		CHECK_EQ(try_config(&o), rows[i].wanted);
	}
}

/* ---- structs with a size -------------------------------------------------------------------- */

typedef pptp_err (*init_function)(void *ret, uint32_t size);

static pptp_err init_config(void *ret, uint32_t size)
{
	return pptp_config_options_init(ret, size);
}

static pptp_err init_gre(void *ret, uint32_t size)
{
	return pptp_gre_options_init(ret, size);
}

static pptp_err init_conn(void *ret, uint32_t size)
{
	return pptp_conn_options_init(ret, size);
}

static pptp_err init_dial(void *ret, uint32_t size)
{
	return pptp_dial_init(ret, size);
}

static pptp_err init_offer(void *ret, uint32_t size)
{
	return pptp_offer_init(ret, size);
}

static pptp_err init_answer(void *ret, uint32_t size)
{
	return pptp_answer_init(ret, size);
}

/* Every _init fills exactly as much as the caller asked for, zeros behind what the library knows. */
static void test_config_sized_inits(void **state)
{
	static const struct {
		const char *name;
		init_function init;
		uint32_t size;
	} rows[] = {
	        {"pptp_config_options", init_config, sizeof(pptp_config_options)},
	        {"pptp_gre_options", init_gre, sizeof(pptp_gre_options)},
	        {"pptp_conn_options", init_conn, sizeof(pptp_conn_options)},
	        {"pptp_dial", init_dial, sizeof(pptp_dial)},
	        {"pptp_offer", init_offer, sizeof(pptp_offer)},
	        {"pptp_answer", init_answer, sizeof(pptp_answer)},
	};
	uint64_t whole[64], part[64];
	uint32_t size, written, i;
	size_t r;
	(void)state;
	for (r = 0; r < LEN(rows); r++) {
		check_row("%s", rows[r].name);
		CHECK(rows[r].size + 40 <= sizeof(whole));
		memset(whole, 0x5A, sizeof(whole));
		CHECK_EQ(rows[r].init(whole, rows[r].size), PPTP_OK);
		CHECK_EQ(rows[r].init(NULL, rows[r].size), PPTP_ERR_ARG);
		for (size = 0; size <= rows[r].size + 40; size++) {
			const uint8_t *is = (uint8_t *)part, *wanted = (uint8_t *)whole;
			pptp_err err;
			check_step("size %u", size);
			memset(part, 0x5A, sizeof(part));
			err = rows[r].init(part, size);
			CHECK_EQ(err, size < 12 ? PPTP_ERR_SIZE : PPTP_OK);
			if (err)
				continue;
			memcpy(&written, part, 4);
			CHECK_EQ(written, size);
			for (i = 4; i < sizeof(part); i++)
				CHECK_EQ(is[i], i >= size ? 0x5A : i >= rows[r].size ? 0 : wanted[i]);
		}
	}
}

/* Longer with a zero tail, or not; too short. */
static void test_config_sized_options(void **state)
{
	struct {
		pptp_config_options known;
		uint8_t tail[24];
	} o;
	uint32_t i;
	(void)state;
	memset(&o, 0, sizeof(o));
	o.known = defaults();
	o.known.size = sizeof(o);
	CHECK_EQ(try_config(&o.known), PPTP_OK);
	for (i = 0; i < sizeof(o.tail); i++) {
		check_row("tail %u", i);
		o.tail[i] = 1;
		o.known.size = sizeof(o);
		CHECK_EQ(try_config(&o.known), PPTP_ERR_SIZE);
		/* the octet lies behind the struct, whose size can only be a multiple of its alignment */
		o.known.size = (uint32_t)(sizeof(o.known) + i);
		CHECK_EQ(try_config(&o.known), i % 4 ? PPTP_ERR_SIZE : PPTP_OK);
		o.tail[i] = 0;
	}
	/* sizes that no struct has; that of a pointer to one is among them */
	for (i = 0; i < 12; i++) {
		check_row("size %u", i);
		o.known.size = i;
		CHECK_EQ(try_config(&o.known), PPTP_ERR_SIZE);
	}
	/* an older struct: what lies behind it is not read */
	check_row("older");
	o.known.take_calls = 77;
	o.known.size = offsetof(pptp_config_options, framing_capabilities);
	CHECK_EQ(try_config(&o.known), PPTP_OK);
	o.known.size = offsetof(pptp_config_options, oldest_version);
	CHECK_EQ(try_config(&o.known), PPTP_ERR_ARG);
}

/* The same for a channel, where it can be seen which value is used. */
static void test_config_sized_gre_options(void **state)
{
	struct {
		pptp_gre_options known;
		uint8_t tail[16];
	} o;
	static const struct {
		const char *name;
		uint32_t size, tail_at;
		pptp_err wanted;
		uint8_t first;
	} rows[] = {
	        {"exact", sizeof(pptp_gre_options), 99, PPTP_OK, 5},
	        {"longer, zero tail", sizeof(pptp_gre_options) + 16, 99, PPTP_OK, 5},
	        {"longer, tail begins", sizeof(pptp_gre_options) + 16, 0, PPTP_ERR_SIZE, 0},
	        {"longer, tail ends", sizeof(pptp_gre_options) + 16, 15, PPTP_ERR_SIZE, 0},
	        {"older", offsetof(pptp_gre_options, peer_call_id), 99, PPTP_OK, 5},
	        {"half a pointer", sizeof(pptp_gre_options) - sizeof(void *) / 2, 99, PPTP_ERR_SIZE, 0},
	        {"as a pointer", 8, 99, PPTP_ERR_SIZE, 0},
	        {"size only", 4, 99, PPTP_ERR_SIZE, 0},
	        {"no size", 0, 99, PPTP_ERR_SIZE, 0},
	        {"half a size", 3, 99, PPTP_ERR_SIZE, 0},
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_gre *gre = NULL;
		uint8_t header[16];
		pptp_err err;
		check_row("%s", rows[i].name);
		memset(&o, 0, sizeof(o));
		CHECK_EQ(pptp_gre_options_init(&o.known, sizeof(o.known)), PPTP_OK);
		o.known.size = rows[i].size;
		o.known.first_sequence = 5;
		if (rows[i].tail_at < sizeof(o.tail))
			o.tail[rows[i].tail_at] = 1;
		err = pptp_gre_new(&o.known, NULL, NULL, &gre);
		CHECK_EQ(err, rows[i].wanted);
		if (err)
			continue;
		CHECK_EQ(pptp_gre_start(gre, 1, 1, 1, 0), PPTP_OK);
		CHECK_EQ(pptp_gre_send(gre, header, 16, 1, 0), 12);
		CHECK_EQ(header[15], rows[i].first);
		pptp_gre_free(gre);
	}
}

/* Callback structs are sized too. */
static void test_config_sized_gre_callbacks(void **state)
{
	struct {
		pptp_gre_callbacks known;
		uintptr_t tail[2];
	} c;
	pptp_gre_options o;
	pptp_gre *gre = NULL;
	(void)state;
	memset(&c, 0, sizeof(c));
	CHECK_EQ(pptp_gre_options_init(&o, sizeof(o)), PPTP_OK);
	c.known.size = sizeof(c);
	CHECK_EQ(pptp_gre_new(&o, &c.known, NULL, &gre), PPTP_OK);
	pptp_gre_free(gre);
	gre = NULL;
	c.tail[1] = 1;
	CHECK_EQ(pptp_gre_new(&o, &c.known, NULL, &gre), PPTP_ERR_SIZE);
	c.known.size = 0;
	CHECK_EQ(pptp_gre_new(&o, &c.known, NULL, &gre), PPTP_ERR_SIZE);
	c.known.size = sizeof(c.known);
	c.known.reserved = 1;
	CHECK_EQ(pptp_gre_new(&o, &c.known, NULL, &gre), PPTP_ERR_ARG);
	CHECK(gre == NULL);
}

static void test_config_memory(void **state)
{
	pptp_config_options o = defaults();
	size_t size = pptp_config_size();
	uint8_t *mem = check_alloc(size + 16);
	const pptp_config *config = NULL;
	uint32_t k;
	(void)state;
	CHECK_EQ(pptp_config_init(NULL, size, &o, &config), PPTP_ERR_ARG);
	CHECK_EQ(pptp_config_init(mem, size, NULL, &config), PPTP_ERR_ARG);
	CHECK_EQ(pptp_config_init(mem, size, &o, NULL), PPTP_ERR_ARG);
	CHECK_EQ(pptp_config_init(mem, size - 1, &o, &config), PPTP_ERR_SIZE);
	CHECK_EQ(pptp_config_init(mem, 0, &o, &config), PPTP_ERR_SIZE);
	for (k = 1; k < CHECK_ALIGNMENT; k++)
		CHECK_EQ(pptp_config_init(mem + k, size, &o, &config), PPTP_ERR_ALIGN);
	CHECK_EQ(pptp_config_new(NULL, &config), PPTP_ERR_ARG);
	CHECK_EQ(pptp_config_new(&o, NULL), PPTP_ERR_ARG);
	CHECK(config == NULL);
	CHECK_EQ(pptp_config_init(mem, size, &o, &config), PPTP_OK);
	pptp_config_free(config);
	pptp_config_free(NULL);
	free(mem);
	CHECK_EQ(pptp_config_new(&o, &config), PPTP_OK);
	pptp_config_free(config);
	o.max_calls = 65536;
	config = NULL;
	CHECK_EQ(pptp_config_new(&o, &config), PPTP_ERR_ARG);
	CHECK(config == NULL);
}

/* Shows: C-SLI-02 C-ICRQ-03 */
static void test_config_call_defaults(void **state)
{
	pptp_dial d;
	pptp_offer o;
	size_t i;
	pptp_answer a;
	(void)state;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(d.local_call_id, 0);
	CHECK_EQ(d.call_serial_number, 0);
	CHECK_EQ(d.minimum_bps, 300);
	CHECK_EQ(d.maximum_bps, 100000000);
	CHECK_EQ(d.bearer_type, PPTP_BEARER_ANY);
	CHECK_EQ(d.framing_type, PPTP_FRAMING_ANY);
	CHECK_EQ(d.packet_recv_window_size, 64);
	CHECK_EQ(d.packet_processing_delay, 0);
	CHECK_EQ(d.phone_number_length, 0);
	CHECK_EQ(d.phone_number[0], 0);
	CHECK_EQ(d.subaddress[0], 0);
	CHECK(d.user == NULL);
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	CHECK_EQ(o.local_call_id, 0);
	CHECK_EQ(o.call_serial_number, 0);
	CHECK_EQ(o.call_bearer_type, PPTP_BEARER_ANALOG);
	CHECK_EQ(o.physical_channel_id, 0);
	CHECK_EQ(o.dialed_number_length, 0);
	CHECK_EQ(o.dialing_number_length, 0);
	CHECK_EQ(o.reserved, 0);
	for (i = 0; i < 64; i++)
		CHECK_EQ(o.dialed_number[i] | o.dialing_number[i] | o.subaddress[i], 0);
	CHECK(o.user == NULL);
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	CHECK_EQ(a.local_call_id, 0);
	CHECK_EQ(a.cause_code, 0);
	CHECK_EQ(a.connect_speed, PPTP_SPEED_AS_ASKED);
	CHECK_EQ(a.framing_type, PPTP_FRAMING_SYNC);
	CHECK_EQ(a.packet_recv_window_size, 64);
	CHECK_EQ(a.packet_processing_delay, 0);
	CHECK(a.user == NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_config_defaults),
	        cmocka_unit_test(test_config_ranges),
	        cmocka_unit_test(test_config_sized_inits),
	        cmocka_unit_test(test_config_sized_options),
	        cmocka_unit_test(test_config_sized_gre_options),
	        cmocka_unit_test(test_config_sized_gre_callbacks),
	        cmocka_unit_test(test_config_memory),
	        cmocka_unit_test(test_config_call_defaults),
	};
	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
