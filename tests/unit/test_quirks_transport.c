/* conn: what other implementations do, continued: segments, sockets, numbers to begin with, messages that are
 * none (test_quirks.c). */
#include "script.h"

#define RUN(rows) script_run(rows, LEN(rows))

#define TAKEN                                                                                                \
	"in OCRQ call_id=77; ev CALL_OFFERED call=$A; accept A; out OCRP call_id=$a; ev CALL_UP call=$A;"

/* A message is offered to TCP alone: NAT helpers only understand one that is a segment. */
static uint32_t offers;

static void count_offers(link_side *side)
{
	CHECK_EQ(side->sent_checked, side->sent_len); /* whole */
	offers++;
}

/* Shows: T-07 */
static void test_q23_one_message_a_segment(void **state)
{
	size_t mode;
	(void)state;
	for (mode = 0; mode < link_modes_len; mode++) {
		pptp_config_options o = link_options(0);
		link_side side;
		pptp_msg m = link_msg(PPTP_SCCRQ);
		uint16_t n;
		if (link_modes[mode].one_out)
			continue;
		check_row("%s", link_modes[mode].name);
		memset(&side, 0, sizeof(side));
		o.take_calls = 0;
		side.on_send = count_offers;
		offers = 0;
		link_open(&side, PPTP_RECEIVER, &o, &link_modes[mode], 0);
		side.hold_tx = 1; /* several wait in the buffer */
		link_feed_msg(&side, &m);
		for (n = 0; n < 5; n++) {
			m = link_msg(PPTP_OCRQ);
			m.ocrq.call_id = n;
			link_feed_msg(&side, &m);
		}
		side.hold_tx = 0;
		link_pump(&side);
		CHECK_EQ(side.sent_messages, 6);
		CHECK_EQ(offers, 6);
		link_drop(&side);
	}
}

/* Call IDs begin anywhere, so that two servers behind a NAT, or two lives of one, do not clash. */
/* Shows: I-05 */
static void test_q26_ids_begin_anywhere(void **state)
{
	static uint16_t first[4096];
	static uint8_t seen[16];
	pptp_config_options o = link_options(0);
	const pptp_config *config = NULL;
	pptp_conn_options options;
	uint32_t seed, same = 0, spread = 0, k;
	(void)state;
	memset(seen, 0, sizeof(seen));
	o.max_calls = 2;
	CHECK_EQ(pptp_config_new(&o, &config), PPTP_OK);
	CHECK_EQ(pptp_conn_options_init(&options, sizeof(options)), PPTP_OK);
	options.role = PPTP_RECEIVER;
	for (seed = 0; seed < LEN(first); seed++) {
		pptp_msg m = link_msg(PPTP_SCCRQ);
		uint8_t data[PPTP_MSG_MAX_OCTETS];
		pptp_conn *conn = NULL;
		pptp_event e;
		options.seed = seed;
		CHECK_EQ(pptp_conn_new(config, &options, 0, &conn), PPTP_OK);
		CHECK_EQ(pptp_msg_encode(&m, data, sizeof(data)), 156);
		CHECK_EQ(pptp_conn_recv(conn, data, 156, 0), 156);
		CHECK_EQ(pptp_conn_poll(conn, &e), PPTP_OK);
		m = link_msg(PPTP_OCRQ);
		CHECK_EQ(pptp_msg_encode(&m, data, sizeof(data)), 168);
		CHECK_EQ(pptp_conn_recv(conn, data, 168, 0), 168);
		CHECK_EQ(pptp_conn_poll(conn, &e), PPTP_OK);
		CHECK_EQ(e.type, PPTP_EV_CALL_OFFERED);
		CHECK(e.local_call_id != 0);
		first[seed] = e.local_call_id;
		seen[e.local_call_id >> 12] = 1;
		pptp_conn_free(conn);
	}
	for (seed = 1; seed < LEN(first); seed++)
		same += first[seed] == first[seed - 1] || first[seed] == first[seed - 1] + 1;
	for (k = 0; k < LEN(seen); k++)
		spread += seen[k];
	check_row("%u neighbours of %u", same, (uint32_t)LEN(first));
	CHECK(same < 8);
	CHECK_EQ(spread, LEN(seen)); /* from every part of the range */
	pptp_config_free(config);
}

/* A socket that would block takes the same octets later; one that fails ends the connection. */
static const struct {
	const char *name;
	pptp_ssize code;
	pptp_err reason;
} q38_rows[] = {
        {"would block", PPTP_ERR_AGAIN, 0},
        {"takes nothing", 0, 0},
        {"takes one octet", 1, 0},
        {"fails", PPTP_ERR_SEND, PPTP_ERR_SEND},
        {"fails with a code of its own", -105, PPTP_ERR_SEND},
        {"takes more than there is", 157, PPTP_ERR_SEND},
};

typedef struct q38 {
	pptp_ssize code;
	uint8_t got[PPTP_MSG_MAX_OCTETS * 4];
	size_t len, calls;
	pptp_err reason;
} q38;

static pptp_ssize q38_send(void *user, const uint8_t *data, size_t len)
{
	q38 *q = user;
	size_t n = q->calls++ > 0 ? len : q->code < 0 || q->code > (pptp_ssize)len ? 0 : (size_t)q->code;
	memcpy(q->got + q->len, data, n);
	q->len += n;
	return q->calls == 1 ? q->code : (pptp_ssize)len;
}

static void q38_event(void *user, pptp_conn *conn, const pptp_event *event)
{
	q38 *q = user;
	(void)conn;
	CHECK_EQ(event->type, PPTP_EV_DOWN);
	q->reason = event->reason;
	CHECK_EQ((int32_t)event->value, q->code == 157 ? PPTP_ERR_ARG : q->code);
}

/* Shows: T-10 T-07 */
static void test_q38_send_would_block(void **state)
{
	size_t i;
	(void)state;
	for (i = 0; i < LEN(q38_rows); i++) {
		pptp_config_options o = link_options(0);
		pptp_conn_callbacks callbacks = {sizeof(callbacks), 0, q38_send, q38_event, NULL, NULL};
		pptp_conn_options options;
		const pptp_config *config = NULL;
		pptp_conn *conn = NULL;
		pptp_msg m;
		q38 q;
		check_row("%s", q38_rows[i].name);
		memset(&q, 0, sizeof(q));
		q.code = q38_rows[i].code;
		CHECK_EQ(pptp_config_new(&o, &config), PPTP_OK);
		CHECK_EQ(pptp_conn_options_init(&options, sizeof(options)), PPTP_OK);
		options.role = PPTP_ORIGINATOR;
		options.callbacks = &callbacks;
		options.user = &q;
		CHECK_EQ(pptp_conn_new(config, &options, 0, &conn), PPTP_OK);
		CHECK_EQ(pptp_conn_flush(conn, 0), PPTP_OK);
		CHECK_EQ(q.reason, q38_rows[i].reason);
		CHECK_EQ(pptp_conn_want(conn), q.reason ? PPTP_FINISHED : PPTP_WANT_SEND | PPTP_CAN_RECV);
		CHECK_EQ(pptp_conn_flush(conn, 0), PPTP_OK);
		CHECK_EQ(q.calls, q.reason ? 1 : 2);
		if (!q.reason) {
			CHECK_EQ(q.len, 156);
			CHECK_EQ(pptp_msg_decode(q.got, q.len, 0, &m, NULL), 156);
			CHECK_EQ(m.header.control_message_type, PPTP_SCCRQ);
		}
		pptp_conn_free(conn);
		pptp_config_free(config);
	}
}

#define UNKNOWN_MANAGEMENT "raw 00100002 1A2B3C4D 00050000 00000001;"

/* PPTP Message Type 2: skipped as one message, or the end. */
/* Shows: A-08 T-09 */
static void test_q41_management(void **state)
{
	static const script_row rows[] = {
	        {"default", "up r;" UNKNOWN_MANAGEMENT "quiet; count MANAGEMENT 1; in EchoRQ identifier=9;"
	                    "out EchoRP identifier=9"},
	        {"before it is up",
	         "open r;" UNKNOWN_MANAGEMENT "in SCCRQ; out SCCRP; ev UP; count MANAGEMENT 1"},
	        {"strict", "opt strict; up r;" UNKNOWN_MANAGEMENT
	                   "ev DOWN reason=MALFORMED field=2 value=2; received MALFORMED"},
	};
	(void)state;
	RUN(rows);
}

/* A Length above the type's, up to the longest message of all. */
/* Shows: A-07 T-14 */
static void test_q42_longer(void **state)
{
	static const script_row rows[] = {
	        {"a Call-Clear-Request of 32 octets",
	         "up r;" TAKEN "raw 00200001 1A2B3C4D 000C0000 004D0000 00000000 00000000 00000000 00000000;"
	         "out CDN call_id=$a result_code=4; ev CALL_DOWN call=$A message_type=12 msg_len=32;"
	         "count LONGER 1; in EchoRQ identifier=9; out EchoRP identifier=9"},
	        {"strict",
	         "opt strict; up r; raw 00200001 1A2B3C4D 000C0000 004D0000 00000000 00000000 00000000 "
	         "00000000; ev DOWN reason=MALFORMED field=0 value=32"},
	        {"above 220", "up r; raw 00DD; ev DOWN reason=MALFORMED field=0 value=221"},
	};
	(void)state;
	RUN(rows);
}

/* Start-Control-Connection-Request and Outgoing-Call-Request in one segment; the other way round. */
/* Shows: T-07 H-02 */
static void test_q43_one_segment(void **state)
{
	size_t mode;
	int wrong_way;
	(void)state;
	for (wrong_way = 0; wrong_way < 2; wrong_way++) {
		for (mode = 0; mode < link_modes_len; mode++) {
			uint8_t data[324];
			link_side side;
			pptp_msg start = link_msg(PPTP_SCCRQ), call = link_msg(PPTP_OCRQ);
			check_row("%s (%s)", wrong_way ? "call first" : "start first", link_modes[mode].name);
			memset(&side, 0, sizeof(side));
			link_open(&side, PPTP_RECEIVER, NULL, &link_modes[mode], 0);
			CHECK_EQ(pptp_msg_encode(&start, data + (wrong_way ? 168 : 0), 156), 156);
			CHECK_EQ(pptp_msg_encode(&call, data + (wrong_way ? 0 : 156), 168), 168);
			link_feed(&side, data, sizeof(data));
			if (wrong_way) {
				CHECK_EQ(link_next_msg(&side, PPTP_OCRP).ocrp.error_code,
				         PPTP_ERROR_NOT_CONNECTED);
				CHECK_EQ(link_next_event(&side, PPTP_EV_DOWN)->reason, PPTP_ERR_PROTOCOL);
			} else {
				link_next_msg(&side, PPTP_SCCRP);
				link_next_event(&side, PPTP_EV_UP);
				link_next_event(&side, PPTP_EV_CALL_OFFERED);
			}
			link_quiet(&side);
			link_drop(&side);
		}
	}
}

/* Stop-Control-Connection-Request, and TCP is closed without reading the reply: a stop all the same. */
/* Shows: C-STOPRQ-03 T-10 */
static void test_q44_stop_then_close(void **state)
{
	size_t mode;
	(void)state;
	for (mode = 0; mode < link_modes_len; mode++) {
		link_side side;
		pptp_msg m = link_msg(PPTP_STOPCCRQ);
		check_row("%s", link_modes[mode].name);
		memset(&side, 0, sizeof(side));
		link_open(&side, PPTP_RECEIVER, NULL, &link_modes[mode], 0);
		link_up(&side);
		side.hold_tx = 1; /* nothing can be written any more */
		link_feed_msg(&side, &m);
		link_quiet(&side);
		CHECK_EQ(pptp_conn_eof(side.conn, 0), PPTP_OK);
		link_pump(&side);
		CHECK_EQ(link_next_event(&side, PPTP_EV_DOWN)->reason, PPTP_ERR_STOPPED);
		link_quiet(&side);
		link_drop(&side);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_q23_one_message_a_segment),
	        cmocka_unit_test(test_q26_ids_begin_anywhere),
	        cmocka_unit_test(test_q38_send_would_block),
	        cmocka_unit_test(test_q41_management),
	        cmocka_unit_test(test_q42_longer),
	        cmocka_unit_test(test_q43_one_segment),
	        cmocka_unit_test(test_q44_stop_then_close),
	};
	return cmocka_run_group_tests_name("quirks_transport", tests, NULL, NULL);
}
