/* storage: the bounds of pptp/storage.h hold, for every object and many sizes, and are not far off. */
#include "check.h"

#include <pptp/pptp.h>
#include <pptp/storage.h>

#define SLACK 96u /* octets of an object without arrays that a bound may be above it */

static const uint32_t counts[] = {0,   1,    2,    3,    4,    5,     7,     8,    9,   15,
                                  16,  17,   31,   32,   33,   63,    64,    100,  127, 128,
                                  129, 1000, 1023, 1024, 1025, 32768, 65534, 65535};

static size_t conn_size(uint32_t calls, uint32_t tx_octets, uint32_t lines)
{
	pptp_config_options options;
	const pptp_config *config;
	size_t size;
	CHECK_EQ(pptp_config_options_init(&options, sizeof options), PPTP_OK);
	options.max_calls = calls;
	options.tx_octets = tx_octets;
	options.line_statistics = (uint16_t)lines;
	CHECK_EQ(pptp_config_new(&options, &config), PPTP_OK);
	size = pptp_conn_size(config);
	pptp_config_free(config);
	return size;
}

static void test_storage_connections(void **state)
{
	static const uint32_t buffers[] = {220, 221, 222, 223, 224, 440, 1024, 100000};
	size_t i, k;
	uint32_t lines;
	(void)state;
	CHECK(pptp_config_size() <= PPTP_STORAGE_CONFIG);
	for (i = 0; i < LEN(counts); i++)
		for (k = 0; k < LEN(buffers); k++)
			for (lines = 0; lines < 2; lines++) {
				size_t bound = PPTP_STORAGE_CONN(counts[i], buffers[k], lines);
				check_row("%u calls, %u octets, %u", counts[i], buffers[k], lines);
				CHECK(conn_size(counts[i], buffers[k], lines) <= bound);
			}
	CHECK(conn_size(0, 220, 0) + SLACK >= PPTP_STORAGE_CONN(0, 220, 0));
}

static void test_storage_channels(void **state)
{
	(void)state;
	CHECK(pptp_gre_size() <= PPTP_STORAGE_GRE && pptp_gre_size() + SLACK >= PPTP_STORAGE_GRE);
	for (size_t len = 0; len <= 1600; len += 100)
		CHECK(pptp_hdlc_encode_max(len) <= PPTP_STORAGE_HDLC_ENCODED(len) &&
		      pptp_hdlc_encode_max(len) + SLACK >= PPTP_STORAGE_HDLC_ENCODED(len));
	CHECK(pptp_hdlc_size() <= PPTP_STORAGE_HDLC && pptp_hdlc_size() + SLACK >= PPTP_STORAGE_HDLC);
}

static void test_storage_pools_and_tables(void **state)
{
	static const uint32_t octets[] = {0, 1, 2, 3, 7, 8, 1400, 1532, 65535};
	size_t i, k;
	(void)state;
	for (i = 0; i < LEN(counts); i++) {
		check_row("%u", counts[i]);
		if (counts[i] > 0)
			CHECK(pptp_mux_size(counts[i]) <= PPTP_STORAGE_MUX((size_t)counts[i]));
		for (k = 0; counts[i] <= 1025 && k < LEN(octets); k++)
			CHECK(pptp_pool_size(counts[i], octets[k]) <=
			      PPTP_STORAGE_POOL((size_t)counts[i], (size_t)octets[k]));
	}
}

static void three_calls(pptp_config_options *ret, uint32_t tx_octets)
{
	CHECK_EQ(pptp_config_options_init(ret, sizeof *ret), PPTP_OK);
	ret->max_calls = 3;
	ret->tx_octets = tx_octets;
	ret->line_statistics = 1;
}

/* What the macro declares is enough and aligned for all of them. */
static void test_storage_works(void **state)
{
	static PPTP_STORAGE(of_config, PPTP_STORAGE_CONFIG);
	static PPTP_STORAGE(of_conn, PPTP_STORAGE_CONN(3, 220, 1));
	static PPTP_STORAGE(of_gre, PPTP_STORAGE_GRE);
	static PPTP_STORAGE(of_pool, PPTP_STORAGE_POOL(5, 100));
	static PPTP_STORAGE(of_mux, PPTP_STORAGE_MUX(3));
	static PPTP_STORAGE(of_hdlc, PPTP_STORAGE_HDLC);
	pptp_config_options settings;
	pptp_conn_options options;
	pptp_gre_options channel;
	pptp_hdlc_options line;
	const pptp_config *config;
	pptp_conn *conn;
	pptp_gre *gre;
	pptp_pool *pool;
	pptp_mux *mux;
	pptp_hdlc *hdlc;
	(void)state;
	three_calls(&settings, 220);
	CHECK_EQ(pptp_config_init(of_config, sizeof of_config, &settings, &config), PPTP_OK);
	CHECK_EQ(pptp_conn_options_init(&options, sizeof options), PPTP_OK);
	options.role = PPTP_RECEIVER;
	CHECK_EQ(pptp_conn_init(of_conn, sizeof of_conn, config, &options, 0, &conn), PPTP_OK);
	CHECK_EQ(pptp_gre_options_init(&channel, sizeof channel), PPTP_OK);
	channel.local_call_id = 1;
	CHECK_EQ(pptp_gre_init(of_gre, sizeof of_gre, &channel, NULL, NULL, &gre), PPTP_OK);
	CHECK_EQ(pptp_pool_init(of_pool, sizeof of_pool, 5, 100, &pool), PPTP_OK);
	CHECK_EQ(pptp_mux_init(of_mux, sizeof of_mux, 3, 1, &mux), PPTP_OK);
	CHECK_EQ(pptp_hdlc_options_init(&line, sizeof line), PPTP_OK);
	CHECK_EQ(pptp_hdlc_init(of_hdlc, sizeof of_hdlc, &line, &hdlc), PPTP_OK);
	pptp_conn_free(conn);
	pptp_gre_free(gre);
	pptp_pool_free(pool);
	pptp_mux_free(mux);
	pptp_hdlc_free(hdlc);
}

/* In a struct, behind a member of four octets: where a uint64_t asks for no more than four, as on i686, so does
 * the library. */
struct board {
	uint32_t before;
	PPTP_STORAGE(config, PPTP_STORAGE_CONFIG);
	uint32_t between;
	PPTP_STORAGE(conn, PPTP_STORAGE_CONN(3, 221, 1));
	uint32_t channels_come;
	uint64_t channels[2][PPTP_STORAGE_WORDS(PPTP_STORAGE_GRE)];
	uint32_t pool_comes;
	PPTP_STORAGE(pool, PPTP_STORAGE_POOL(5, 101));
	uint32_t mux_comes;
	PPTP_STORAGE(mux, PPTP_STORAGE_MUX(3));
	uint32_t line_comes;
	PPTP_STORAGE(line, PPTP_STORAGE_HDLC);
};

static void test_storage_in_a_struct(void **state)
{
	static struct board boards[2];
	pptp_config_options settings;
	pptp_conn_options options;
	pptp_gre_options channel;
	pptp_hdlc_options line;
	size_t i, n;
	(void)state;
	three_calls(&settings, 221);
	CHECK_EQ(pptp_conn_options_init(&options, sizeof options), PPTP_OK);
	options.role = PPTP_RECEIVER;
	CHECK_EQ(pptp_gre_options_init(&channel, sizeof channel), PPTP_OK);
	CHECK_EQ(pptp_hdlc_options_init(&line, sizeof line), PPTP_OK);
	for (i = 0; i < 2; i++) {
		struct board *b = &boards[i];
		const pptp_config *config;
		pptp_conn *conn;
		pptp_gre *gre;
		pptp_pool *pool;
		pptp_mux *mux;
		pptp_hdlc *hdlc;
		check_row("board %u", (unsigned)i);
		CHECK_EQ(pptp_config_init(b->config, sizeof b->config, &settings, &config), PPTP_OK);
		CHECK_EQ(pptp_conn_init(b->conn, sizeof b->conn, config, &options, 0, &conn), PPTP_OK);
		for (n = 0; n < 2; n++)
			CHECK_EQ(pptp_gre_init(b->channels[n], sizeof b->channels[n], &channel, NULL, NULL,
			                       &gre),
			         PPTP_OK);
		CHECK_EQ(pptp_pool_init(b->pool, sizeof b->pool, 5, 101, &pool), PPTP_OK);
		CHECK_EQ(pptp_mux_init(b->mux, sizeof b->mux, 3, 1, &mux), PPTP_OK);
		CHECK_EQ(pptp_hdlc_init(b->line, sizeof b->line, &line, &hdlc), PPTP_OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_storage_connections),      cmocka_unit_test(test_storage_channels),
	        cmocka_unit_test(test_storage_pools_and_tables), cmocka_unit_test(test_storage_works),
	        cmocka_unit_test(test_storage_in_a_struct),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
