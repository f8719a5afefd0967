/* conn: what a host can get wrong with incoming calls, the start, and a line. */
#include "link.h"

enum { ANSWERING_ID = 50, PEER_ID = 66 };

/* Every request that names a call, with arguments that are good. */
enum {
	ACCEPT,
	REJECT,
	CONNECTED,
	CLEAR,
	LINK_INFO,
	WAN_ERRORS,
	STATISTICS,
	SET_USER,
	GET_INFO,
	CHANNEL,
	REQUESTS
};
static const char *const request_names[] = {"accept",     "reject",     "connected", "clear",    "link info",
                                            "wan errors", "statistics", "set_user",  "get_info", "channel"};

static pptp_err request(pptp_conn *conn, int which, pptp_call call)
{
	static int user;
	pptp_wan_errors errors = {sizeof(errors), 1, 0, 0, 0, 0, 0};
	pptp_call_info info;
	pptp_gre_options gre;
	pptp_answer a;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	CHECK_EQ(pptp_gre_options_init(&gre, sizeof(gre)), PPTP_OK);
	switch (which) {
	case ACCEPT:
		return pptp_call_accept(conn, call, &a, 0);
	case REJECT:
		return pptp_call_reject(conn, call, 3, 0, 0, 0);
	case CONNECTED:
		return pptp_call_connected(conn, call, &a, 0);
	case CLEAR:
		return pptp_call_clear(conn, call, 3, 0, 0, 0);
	case LINK_INFO:
		return pptp_call_set_link_info(conn, call, 0, 0, 0);
	case WAN_ERRORS:
		return pptp_call_wan_errors(conn, call, &errors, 0);
	case STATISTICS:
		return pptp_call_statistics(conn, call, (const uint8_t *)"x", 1);
	case SET_USER:
		return pptp_call_set_user(conn, call, &user);
	case GET_INFO:
		return pptp_call_get_info(conn, call, &info, sizeof(info));
	default:
		return pptp_call_channel(conn, call, &gre);
	}
}

static void open_side(link_side *side)
{
	pptp_config_options o = link_options(0);
	memset(side, 0, sizeof(*side));
	o.max_calls = 3;
	o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	o.line_statistics = 1;
	link_open(side, PPTP_RECEIVER, &o, NULL, 0);
	link_up(side);
}

static void close_side(link_side *side)
{
	(void)pptp_conn_abort(side->conn, PPTP_ERR_SEND, 0);
	link_drop(side);
}

/* An offer of ours whose line is to be answered. */
static pptp_call answering(link_side *side)
{
	pptp_msg m = link_msg(PPTP_ICRP);
	pptp_offer o;
	pptp_call call;
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	o.local_call_id = m.icrp.peer_call_id = ANSWERING_ID;
	CHECK_EQ(pptp_call_offer(side->conn, &o, 0, &call), PPTP_OK);
	link_pump(side);
	link_next_msg(side, PPTP_ICRQ);
	m.icrp.call_id = PEER_ID;
	link_feed_msg(side, &m);
	CHECK_EQ(link_next_event(side, PPTP_EV_CALL_ANSWER)->call, call);
	return call;
}

static void test_misuse_calls_null(void **state)
{
	link_side side;
	pptp_offer o;
	pptp_answer a;
	pptp_wan_errors errors = {sizeof(errors), 1, 0, 0, 0, 0, 0};
	pptp_call call = 0x5A5A5A5A;
	int which;
	(void)state;
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	for (which = 0; which < REQUESTS; which++) {
		check_row("no connection: %s", request_names[which]);
		CHECK_EQ(request(NULL, which, 1), PPTP_ERR_ARG);
	}
	CHECK_EQ(pptp_call_offer(NULL, &o, 0, &call), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_accept(NULL, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_conn_refuse(NULL, PPTP_SCCRP_NOT_AUTHORIZED, 0, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_offer_init(NULL, sizeof(o)), PPTP_ERR_ARG);
	check_row("a connection");
	open_side(&side);
	CHECK_EQ(pptp_call_offer(side.conn, NULL, 0, &call), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_offer(side.conn, &o, 0, NULL), PPTP_ERR_ARG);
	CHECK_EQ(call, 0x5A5A5A5A);
	call = answering(&side);
	CHECK_EQ(pptp_call_connected(side.conn, call, NULL, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_connected(side.conn, call, &a, 0), PPTP_OK);
	CHECK_EQ(pptp_call_wan_errors(side.conn, call, NULL, 0), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_wan_errors(side.conn, call, &errors, 0), PPTP_OK);
	CHECK_EQ(pptp_call_channel(side.conn, call, NULL), PPTP_ERR_ARG);
	link_skip(&side);
	close_side(&side);
}

/* Handles that never were, of calls that are over, and of another slot. */
static void test_misuse_calls_stale(void **state)
{
	pptp_call odd[] = {PPTP_CALL_NONE, 1,       2,          3,           4, 0xFFFF,
	                   0x10000,        0x10001, 0x7FFFFFFF, 0xFFFFFFFFu, 0, 0};
	pptp_msg m = link_msg(PPTP_CCRQ);
	link_side side;
	pptp_call call;
	size_t i;
	int which;
	(void)state;
	open_side(&side);
	odd[LEN(odd) - 2] = answering(&side);
	m.ccrq.call_id = PEER_ID;
	link_feed_msg(&side, &m);
	link_next_msg(&side, PPTP_CDN);
	link_next_event(&side, PPTP_EV_CALL_DOWN);
	call = answering(&side);
	odd[LEN(odd) - 1] = call + 0x10000;
	for (i = 0; i < LEN(odd); i++) {
		if (odd[i] == call)
			continue;
		for (which = 0; which < REQUESTS; which++) {
			check_row("%s of 0x%x", request_names[which], odd[i]);
			CHECK_EQ(request(side.conn, which, odd[i]), PPTP_ERR_STALE);
		}
	}
	link_pump(&side);
	link_quiet(&side);
	CHECK_EQ(request(side.conn, CONNECTED, call), PPTP_OK);
	close_side(&side);
}

/* A call whose end the host does not know of yet: it can be looked at, and cleared, but not used. */
static void test_misuse_calls_ended(void **state)
{
	static const pptp_err wanted[REQUESTS] = {
	        [ACCEPT] = PPTP_ERR_STALE,    [REJECT] = PPTP_ERR_STALE,     [CONNECTED] = PPTP_ERR_STALE,
	        [LINK_INFO] = PPTP_ERR_STALE, [WAN_ERRORS] = PPTP_ERR_STALE, [STATISTICS] = PPTP_ERR_STALE,
	};
	static const char *const how[] = {"the peer clears it", "we clear it", "we stop", "TCP ends"};
	size_t i;
	int which;
	(void)state;
	for (i = 0; i < LEN(how); i++) {
		pptp_msg m = link_msg(PPTP_CCRQ);
		pptp_call_info info;
		link_side side;
		pptp_call call;
		check_row("%s", how[i]);
		open_side(&side);
		call = answering(&side);
		side.hold_poll = 1;
		m.ccrq.call_id = PEER_ID;
		if (i == 0)
			link_feed_msg(&side, &m);
		else if (i == 1)
			CHECK_EQ(pptp_call_clear(side.conn, call, 1, 0, 0, 0), PPTP_OK);
		else if (i == 2)
			CHECK_EQ(pptp_conn_close(side.conn, PPTP_STOP_NONE, 0), PPTP_OK);
		else
			CHECK_EQ(pptp_conn_eof(side.conn, 0), PPTP_OK);
		for (which = 0; which < REQUESTS; which++) {
			check_step("%s", request_names[which]);
			CHECK_EQ(request(side.conn, which, call), wanted[which]);
		}
		CHECK_EQ(pptp_call_get_info(side.conn, call, &info, sizeof(info)), PPTP_OK);
		CHECK_EQ(info.state, PPTP_CALL_ENDED);
		CHECK(info.reason != PPTP_OK);
		CHECK_EQ(pptp_call_next(side.conn, PPTP_CALL_NONE), PPTP_CALL_NONE);
		side.hold_poll = 0;
		link_pump(&side);
		link_next_event(&side, PPTP_EV_CALL_DOWN);
		for (which = 0; which < REQUESTS; which++)
			CHECK_EQ(request(side.conn, which, call), PPTP_ERR_STALE);
		close_side(&side);
	}
}

/* ---- sized structs ------------------------------------------------------------------------------------- */

/* Longer ones, with what is not known: 0, or not. */
static void test_misuse_calls_longer(void **state)
{
	struct {
		pptp_offer known;
		uintptr_t tail[2];
	} offer;
	struct {
		pptp_answer known;
		uintptr_t tail[2];
	} answer;
	struct {
		pptp_wan_errors known;
		uint32_t tail[2];
	} errors;
	pptp_call call = 0x5A5A5A5A;
	link_side side;
	size_t k;
	(void)state;
	memset(&offer, 0, sizeof(offer));
	memset(&answer, 0, sizeof(answer));
	memset(&errors, 0, sizeof(errors));
	CHECK_EQ(pptp_offer_init(&offer.known, sizeof(offer)), PPTP_OK);
	CHECK_EQ(pptp_answer_init(&answer.known, sizeof(answer)), PPTP_OK);
	CHECK_EQ(offer.known.size, sizeof(offer));
	errors.known.size = sizeof(errors);
	errors.known.crc_errors = 1;
	open_side(&side);
	for (k = 0; k < 2; k++) {
		offer.tail[k] = 1;
		CHECK_EQ(pptp_call_offer(side.conn, &offer.known, 0, &call), PPTP_ERR_SIZE);
		offer.tail[k] = 0;
	}
	CHECK_EQ(call, 0x5A5A5A5A);
	CHECK_EQ(pptp_call_offer(side.conn, &offer.known, 0, &call), PPTP_OK);
	link_pump(&side);
	link_next_msg(&side, PPTP_ICRQ);
	call = answering(&side);
	for (k = 0; k < 2; k++) {
		answer.tail[k] = UINTPTR_MAX;
		CHECK_EQ(pptp_call_connected(side.conn, call, &answer.known, 0), PPTP_ERR_SIZE);
		answer.tail[k] = 0;
	}
	CHECK_EQ(pptp_call_connected(side.conn, call, &answer.known, 0), PPTP_OK);
	link_pump(&side);
	link_next_msg(&side, PPTP_ICCN);
	for (k = 0; k < 2; k++) {
		errors.tail[k] = 1;
		CHECK_EQ(pptp_call_wan_errors(side.conn, call, &errors.known, 0), PPTP_ERR_SIZE);
		errors.tail[k] = 0;
	}
	link_pump(&side);
	CHECK_EQ(side.sent_read, side.sent_len); /* no notify of what was refused */
	CHECK_EQ(pptp_call_wan_errors(side.conn, call, &errors.known, 0), PPTP_OK);
	link_pump(&side);
	CHECK_EQ(link_next_msg(&side, PPTP_WEN).wen.crc_errors, 1);
	close_side(&side);
}

/* Shorter ones: what is not there has its default. Sizes below the size member are none. */
static void test_misuse_calls_shorter(void **state)
{
	pptp_wan_errors errors = {offsetof(pptp_wan_errors, hardware_overruns), 7, 8, 9, 10, 11, 12};
	pptp_call call = 0x5A5A5A5A;
	pptp_answer answer;
	pptp_offer offer;
	link_side side;
	pptp_msg m;
	uint32_t size;
	(void)state;
	open_side(&side);
	CHECK_EQ(pptp_offer_init(&offer, sizeof(offer)), PPTP_OK);
	CHECK_EQ(pptp_answer_init(&answer, sizeof(answer)), PPTP_OK);
	for (size = 0; size < 12; size++) {
		check_row("size %u", size);
		CHECK_EQ(pptp_offer_init(&offer, size), PPTP_ERR_SIZE);
		offer.size = size;
		CHECK_EQ(pptp_call_offer(side.conn, &offer, 0, &call), PPTP_ERR_SIZE);
	}
	offer.size = sizeof(offer);
	offer.reserved = 1;
	CHECK_EQ(pptp_call_offer(side.conn, &offer, 0, &call), PPTP_ERR_ARG);
	check_row("shorter");
	offer.size = offsetof(pptp_offer, dialed_number_length);
	offer.local_call_id = ANSWERING_ID;
	offer.call_bearer_type = PPTP_BEARER_DIGITAL;
	offer.physical_channel_id = 77;
	offer.dialed_number_length = 99;
	offer.user = &offer;
	CHECK_EQ(pptp_call_offer(side.conn, &offer, 0, &call), PPTP_OK);
	link_pump(&side);
	m = link_next_msg(&side, PPTP_ICRQ);
	CHECK_EQ(m.icrq.call_id, ANSWERING_ID);
	CHECK_EQ(m.icrq.call_bearer_type, PPTP_BEARER_DIGITAL);
	CHECK_EQ(m.icrq.physical_channel_id, 77);
	CHECK_EQ(m.icrq.dialed_number_length, 0);
	m = link_msg(PPTP_ICRP);
	m.icrp.peer_call_id = ANSWERING_ID;
	link_feed_msg(&side, &m);
	CHECK(link_next_event(&side, PPTP_EV_CALL_ANSWER)->user == NULL);
	for (size = 0; size < 12; size++) {
		answer.size = size;
		CHECK_EQ(pptp_call_connected(side.conn, call, &answer, 0), PPTP_ERR_SIZE);
	}
	answer.size = offsetof(pptp_answer, packet_recv_window_size);
	answer.connect_speed = 33600;
	answer.packet_recv_window_size = 5;
	answer.framing_type = PPTP_FRAMING_ASYNC;
	CHECK_EQ(pptp_call_connected(side.conn, call, &answer, 0), PPTP_OK);
	link_pump(&side);
	m = link_next_msg(&side, PPTP_ICCN);
	CHECK_EQ(m.iccn.connect_speed, 33600);
	CHECK_EQ(m.iccn.packet_recv_window_size, 64);
	CHECK_EQ(m.iccn.framing_type, PPTP_FRAMING_SYNC);
	for (size = 0; size < 12; size++) {
		pptp_wan_errors none = {size, 1, 1, 1, 1, 1, 1};
		CHECK_EQ(pptp_call_wan_errors(side.conn, call, &none, 0), PPTP_ERR_SIZE);
	}
	CHECK_EQ(pptp_call_wan_errors(side.conn, call, &errors, 0), PPTP_OK);
	link_pump(&side);
	m = link_next_msg(&side, PPTP_WEN);
	CHECK_EQ(m.wen.crc_errors, 7);
	CHECK_EQ(m.wen.framing_errors, 8);
	CHECK_EQ(m.wen.hardware_overruns, 0);
	CHECK_EQ(m.wen.alignment_errors, 0);
	close_side(&side);
}

/* The channel's options of an older host, which end where they ended when it was compiled, and of a newer
 * one. */
static void test_misuse_calls_channel(void **state)
{
	static const struct {
		uint32_t size;
		pptp_err wanted;
	} rows[] = {
	        {0, PPTP_ERR_SIZE},
	        {offsetof(pptp_gre_options, peer_delay), PPTP_ERR_SIZE},
	        {offsetof(pptp_gre_options, peer_delay) + 2, PPTP_OK},
	        {sizeof(pptp_gre_options), PPTP_OK},
	        {sizeof(pptp_gre_options) + 8, PPTP_OK},
	};
	pptp_gre_options gre, before;
	link_side side;
	pptp_call call;
	size_t i;
	(void)state;
	open_side(&side);
	call = answering(&side);
	for (i = 0; i < LEN(rows); i++) {
		check_row("size %u", rows[i].size);
		memset(&gre, 0x5A, sizeof(gre));
		gre.size = rows[i].size;
		before = gre;
		CHECK_EQ(pptp_call_channel(side.conn, call, &gre), rows[i].wanted);
		CHECK_EQ(gre.size, rows[i].size);
		CHECK_EQ(gre.ack_delay_us, before.ack_delay_us);
		CHECK_EQ(gre.first_sequence, before.first_sequence);
		CHECK_EQ(gre.reorder_packets, before.reorder_packets);
		if (rows[i].wanted) {
			CHECK_OCTETS(&gre, &before, sizeof(gre));
			continue;
		}
		CHECK_EQ(gre.local_call_id, ANSWERING_ID);
		CHECK_EQ(gre.peer_call_id, PEER_ID);
		CHECK_EQ(gre.peer_recv_window, 64);
		CHECK_EQ(gre.peer_delay, 0);
	}
	close_side(&side);
}

static uint32_t amended;

static void on_amend(void *user, pptp_msg *msg)
{
	(void)user;
	(void)msg;
	amended++;
}

/* Callbacks and options of a host that was compiled when there was no amend and no ask. */
static void test_misuse_calls_older_host(void **state)
{
	pptp_conn_callbacks callbacks = {offsetof(pptp_conn_callbacks, amend), 0, NULL, NULL, NULL, on_amend};
	pptp_config_options o = link_options(0);
	const pptp_config *config = NULL;
	pptp_conn_options options;
	pptp_conn *conn = NULL;
	pptp_msg m = link_msg(PPTP_SCCRQ);
	uint8_t data[PPTP_MSG_MAX_OCTETS];
	pptp_event e;
	size_t len;
	uint32_t flags;
	(void)state;
	CHECK_EQ(pptp_config_new(&o, &config), PPTP_OK);
	CHECK_EQ(pptp_conn_options_init(&options, sizeof(options)), PPTP_OK);
	options.role = PPTP_RECEIVER;
	options.callbacks = &callbacks;
	for (flags = 2; flags != 0; flags <<= 1) {
		options.flags = flags | PPTP_CONN_ASK;
		check_row("flags 0x%x", options.flags);
		CHECK_EQ(pptp_conn_new(config, &options, 0, &conn), PPTP_ERR_ARG);
	}
	check_row("older");
	options.size = offsetof(pptp_conn_options, flags);
	CHECK_EQ(pptp_conn_new(config, &options, 0, &conn), PPTP_OK);
	CHECK_EQ(pptp_msg_encode(&m, data, sizeof(data)), 156);
	CHECK_EQ(pptp_conn_recv(conn, data, 156, 0), 156);
	CHECK(pptp_conn_tx_buf(conn, &len, 0) != NULL);
	CHECK_EQ(pptp_conn_poll(conn, &e), PPTP_OK);
	CHECK_EQ(e.type, PPTP_EV_UP);
	CHECK_EQ(amended, 0);
	pptp_conn_free(conn);
	pptp_config_free(config);
}

/* What a line costs, only where it is asked for. */
static void test_misuse_calls_memory(void **state)
{
	pptp_config_options o = link_options(0);
	const pptp_config *without = NULL, *with = NULL;
	size_t grown;
	(void)state;
	o.max_calls = 1000;
	CHECK_EQ(pptp_config_new(&o, &without), PPTP_OK);
	o.line_statistics = 1;
	CHECK_EQ(pptp_config_new(&o, &with), PPTP_OK);
	grown = pptp_conn_size(with) - pptp_conn_size(without);
	CHECK(grown >= 1000u * 152u && grown < 1000u * 152u + 64u);
	pptp_config_free(with);
	pptp_config_free(without);
}

/* user pointers of the calls that are offered, either way. */
static void test_misuse_calls_user(void **state)
{
	int one, two, three;
	link_side side;
	pptp_offer o;
	pptp_answer a;
	pptp_msg m = link_msg(PPTP_ICRP);
	pptp_call call;
	(void)state;
	open_side(&side);
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	o.user = &one;
	a.user = &two; /* of a message without one: not the call's */
	o.local_call_id = m.icrp.peer_call_id = ANSWERING_ID;
	CHECK_EQ(pptp_call_offer(side.conn, &o, 0, &call), PPTP_OK);
	link_feed_msg(&side, &m);
	CHECK(link_next_event(&side, PPTP_EV_CALL_ANSWER)->user == &one);
	CHECK_EQ(pptp_call_connected(side.conn, call, &a, 0), PPTP_OK);
	link_pump(&side);
	CHECK(link_next_event(&side, PPTP_EV_CALL_UP)->user == &one);
	CHECK_EQ(pptp_call_set_user(side.conn, call, &three), PPTP_OK);
	CHECK_EQ(pptp_call_clear(side.conn, call, 3, 0, 0, 0), PPTP_OK);
	link_pump(&side);
	CHECK(link_next_event(&side, PPTP_EV_CALL_DOWN)->user == &three);

	m = link_msg(PPTP_ICRQ);
	link_feed_msg(&side, &m);
	CHECK(link_next_event(&side, PPTP_EV_CALL_OFFERED)->user == NULL);
	call = pptp_call_next(side.conn, PPTP_CALL_NONE);
	CHECK_EQ(pptp_call_accept(side.conn, call, &a, 0), PPTP_OK);
	CHECK_EQ(pptp_call_clear(side.conn, call, 3, 0, 0, 0), PPTP_OK);
	m = link_msg(PPTP_CDN);
	m.cdn.call_id = 1;
	link_feed_msg(&side, &m);
	CHECK(link_next_event(&side, PPTP_EV_CALL_DOWN)->user == &two);
	close_side(&side);
}

/* ---- a clock that goes back ---------------------------------------------------------------------------- */

/* Timers of calls and intervals are late then, not lost, and a round trip is not negative. */
/* Shows: K-05 */
static void test_misuse_calls_clock(void **state)
{
	pptp_wan_errors errors = {sizeof(errors), 1, 0, 0, 0, 0, 0};
	pptp_config_options options = link_options(0);
	pptp_conn_info info;
	pptp_answer a;
	pptp_offer o;
	pptp_msg m;
	pptp_call up, waits;
	link_side side;
	(void)state;
	check_row("clock");
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	options.max_calls = 3;
	options.line_statistics = 1;
	memset(&side, 0, sizeof(side));
	link_open(&side, PPTP_RECEIVER, &options, NULL, 1000 * SECOND);
	link_up(&side);
	up = answering(&side);
	CHECK_EQ(pptp_call_connected(side.conn, up, &a, side.now), PPTP_OK);
	CHECK_EQ(pptp_call_wan_errors(side.conn, up, &errors, side.now), PPTP_OK);
	CHECK_EQ(pptp_call_offer(side.conn, &o, side.now, &waits), PPTP_OK);
	link_pump(&side);
	link_skip(&side);

	check_step("Echo-Request, and a reply from the past");
	side.now = 1059 * SECOND;
	m = link_msg(PPTP_ECHORQ);
	link_feed_msg(&side, &m);
	link_skip(&side);
	side.now = 10 * SECOND; /* back, by a lot */
	CHECK_EQ(pptp_conn_tick(side.conn, side.now), PPTP_OK);
	errors.crc_errors = 2;
	CHECK_EQ(pptp_call_wan_errors(side.conn, up, &errors, side.now), PPTP_OK);
	link_pump(&side);
	link_quiet(&side);
	side.now = 1060 * SECOND;
	CHECK_EQ(pptp_conn_tick(side.conn, side.now), PPTP_OK);
	link_pump(&side);
	CHECK_EQ(link_next_msg(&side, PPTP_CDN).cdn.result_code, PPTP_CDN_GENERAL_ERROR);
	CHECK_EQ(link_next_event(&side, PPTP_EV_CALL_DOWN)->timer, PPTP_TIMER_OFFER);
	CHECK_EQ(link_next_msg(&side, PPTP_WEN).wen.crc_errors, 2);
	side.now = 1119 * SECOND;
	CHECK_EQ(pptp_conn_tick(side.conn, side.now), PPTP_OK);
	link_pump(&side);
	m = link_next_msg(&side, PPTP_ECHORQ);
	side.now = 1100 * SECOND;
	{
		pptp_msg reply = link_msg(PPTP_ECHORP);
		reply.echorp.identifier = m.echorq.identifier;
		link_feed_msg(&side, &reply);
	}
	CHECK_EQ(pptp_conn_get_info(side.conn, &info, sizeof(info)), PPTP_OK);
	CHECK(info.echo_rtt_us <= 60 * SECOND);
	CHECK_EQ(info.state, PPTP_CONN_ESTABLISHED);
	link_quiet(&side);
	close_side(&side);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_misuse_calls_null),    cmocka_unit_test(test_misuse_calls_stale),
	        cmocka_unit_test(test_misuse_calls_ended),   cmocka_unit_test(test_misuse_calls_longer),
	        cmocka_unit_test(test_misuse_calls_shorter), cmocka_unit_test(test_misuse_calls_older_host),
	        cmocka_unit_test(test_misuse_calls_memory),  cmocka_unit_test(test_misuse_calls_channel),
	        cmocka_unit_test(test_misuse_calls_user),    cmocka_unit_test(test_misuse_calls_clock),
	};
	return cmocka_run_group_tests_name("conn_misuse_calls", tests, NULL, NULL);
}
