/* conn: what other implementations do, continued: segments, ids, roles, windows, TCP (test_quirks.c). */
#include "product.h"
#include "profiles.h"

#define RUN(rows) script_run(rows, LEN(rows))

#define DIALLED "dial A; out OCRQ call_id=$a; in OCRP call_id=77 peer_call_id=$a; ev CALL_UP call=$A;"
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

/* The peer's Call ID is a port: two clients behind one NAT may have the same, on connections of their own. */
/* Shows: I-01 I-02 X-05 K-03 */
static void test_q24_same_id_of_two_clients(void **state)
{
	link_side a, b;
	pptp_call call_a, call_b;
	pptp_call_info info;
	const product_ids ids_a = {10, 50123}, ids_b = {11, 50123};
	pptp_msg clear = link_msg(PPTP_CCRQ);
	(void)state;
	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	link_open(&a, PPTP_RECEIVER, NULL, NULL, 0);
	link_open(&b, PPTP_RECEIVER, NULL, NULL, 0);
	link_up(&a);
	link_up(&b);
	call_a = product_bring(&a, PAC_OUTGOING, "ESTABLISHED", ids_a);
	call_b = product_bring(&b, PAC_OUTGOING, "ESTABLISHED", ids_b);
	clear.ccrq.call_id = 50123;
	link_feed_msg(&a, &clear);
	CHECK_EQ(link_next_msg(&a, PPTP_CDN).cdn.call_id, 10);
	CHECK_EQ(link_next_event(&a, PPTP_EV_CALL_DOWN)->call, call_a);
	CHECK_EQ(pptp_call_get_info(b.conn, call_b, &info, sizeof(info)), PPTP_OK);
	CHECK_EQ(info.state, PPTP_CALL_ESTABLISHED);
	link_quiet(&b);
	link_drop(&a);
	link_open(&a, PPTP_RECEIVER, NULL, NULL,
	          0); /* connects anew, with another id, then with the old one */
	link_up(&a);
	call_a = product_bring(&a, PAC_OUTGOING, "GONE", (product_ids){12, 50124});
	call_a = product_bring(&a, PAC_OUTGOING, "ESTABLISHED", ids_a);
	CHECK_EQ(pptp_call_get_info(a.conn, call_a, &info, sizeof(info)), PPTP_OK);
	CHECK_EQ(info.peer_call_id, 50123);
	link_drop(&a);
	link_drop(&b);
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

/* The channel of a call can be made before its reply: the PAC's first packet may come before it. */
/* Shows: S-CALL-01 A-38 */
static void test_q27_channel_before_the_reply(void **state)
{
	link_side side;
	pptp_gre_options gre;
	pptp_msg m = link_msg(PPTP_OCRP);
	pptp_call call;
	(void)state;
	memset(&side, 0, sizeof(side));
	link_open(&side, PPTP_ORIGINATOR, NULL, NULL, 0);
	link_up(&side);
	call = product_bring(&side, PNS_OUTGOING, "WAIT_REPLY", (product_ids){21, 22});
	CHECK_EQ(pptp_gre_options_init(&gre, sizeof(gre)), PPTP_OK);
	CHECK_EQ(pptp_call_channel(side.conn, call, &gre), PPTP_OK);
	CHECK_EQ(gre.local_call_id, 21);
	CHECK_EQ(gre.recv_window, 64);
	m.ocrp.call_id = 22;
	m.ocrp.peer_call_id = 21;
	m.ocrp.packet_recv_window_size = 3;
	link_feed_msg(&side, &m);
	link_next_event(&side, PPTP_EV_CALL_UP);
	CHECK_EQ(pptp_call_channel(side.conn, call, &gre), PPTP_OK);
	CHECK_EQ(gre.local_call_id, 21);
	CHECK_EQ(gre.peer_call_id, 22);
	CHECK_EQ(gre.peer_recv_window, 3);
	link_drop(&side);
}

/* Any window is taken as it is. */
/* Shows: A-15 */
static void test_q32_windows(void **state)
{
	static const uint16_t windows[] = {0, 1, 3, 8, 16, 32, 64, 1024, 8192, 16384, 65535};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(windows); i++) {
		char text[200];
		const script_row row = {"window", text};
		snprintf(text, sizeof(text),
		         "opt strict; up o; dial A; out OCRQ call_id=$a; in OCRP call_id=1 peer_call_id=$a "
		         "packet_recv_window_size=%u; ev CALL_UP peer_recv_window=%u; cinfo A "
		         "peer_recv_window=%u",
		         windows[i], windows[i], windows[i]);
		script_run(&row, 1);
	}
}

/* Shows: C-SCCRP-02 */
static void test_q35_mikrotik(void **state)
{
	(void)state;
	profile_run("mikrotik-pac");
}

/* No capabilities at all; nothing is refused for what the Start messages say. */
/* Shows: C-SCCRP-02 C-SCCRQ-04 */
static void test_q36_no_capabilities(void **state)
{
	static const script_row rows[] = {
	        {"server",
	         "opt strict max_calls=2; open o; skip; in SCCRP framing_capabilities=0 "
	         "bearer_capabilities=0 maximum_channels=1; ev UP; dial A; out OCRQ call_id=$a bearer_type=3 "
	         "framing_type=3; in OCRP peer_call_id=$a call_id=5; ev CALL_UP; dial B; out OCRQ"},
	        {"client",
	         "opt strict framing_capabilities=1 bearer_capabilities=1; open r; in SCCRQ "
	         "framing_capabilities=2 bearer_capabilities=2; out SCCRP result_code=1; ev UP; in OCRQ "
	         "bearer_type=2 framing_type=2; ev CALL_OFFERED bearer_type=2 framing_type=2"},
	};
	(void)state;
	RUN(rows);
}

/* Providers that want a "phone number". */
/* Shows: C-OCRQ-01 H-04 */
static void test_q37_phone_number(void **state)
{
	static const script_row rows[] = {
	        {"as set", "up o; dial A phone_number_length=14 phone_number=ip-up@mxstream;"
	                   "out OCRQ phone_number_length=14 phone_number=ip-up@mxstream subaddress="},
	        {"64 digits",
	         "up o; dial A phone_number_length=64 "
	         "phone_number=0123456789012345678901234567890123456789012345678901234567890123;"
	         "out OCRQ phone_number_length=64 "
	         "phone_number=0123456789012345678901234567890123456789012345678901234567890123"},
	        {"65", "up o; dial A phone_number_length=65 err=ARG; quiet"},
	        {"with octets behind its length", "up o; dial A phone_number_length=2 phone_number=12%FF;"
	                                          "out OCRQ phone_number_length=2"},
	};
	(void)state;
	RUN(rows);
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

/* Roles are per call: the client of a VPN is a PNS whoever opened TCP, and both may be in one connection. */
/* Shows: R-03 R-05 A-33 A-40 */
static void test_q47_roles(void **state)
{
	static const script_row rows[] = {
	        {"a client", "opt strict; up o;" DIALLED "cinfo A role=2 direction=1"},
	        {"a server", "opt strict; up r;" TAKEN "cinfo A role=1 direction=1"},
	        {"a server that calls back", "opt strict; up r;" DIALLED "cinfo A role=2 direction=1"},
	        {"a client that is called", "opt strict; up o;" TAKEN "cinfo A role=1 direction=1"},
	        {"all four on one connection",
	         "opt strict max_calls=4 take_calls=3; up r;" DIALLED
	         "in OCRQ call_id=78; ev CALL_OFFERED call=$B; cinfo B role=1 direction=1;"
	         "offer C; out ICRQ; cinfo C role=1 direction=2; in ICRQ call_id=79; ev CALL_OFFERED call=$D;"
	         "cinfo D role=2 direction=2; cinfo A role=2 direction=1; calls 4"},
	};
	(void)state;
	RUN(rows);
}

/* Whoever the peer says it is. */
/* Shows: H-04 */
static void test_q48_vendors(void **state)
{
	static const char *const vendors[] = {
	        "cananian", "linux",    "MikroTik", "Microsoft", "NT", "%00", "Mac~OS~X,~Apple~Computer,~Inc",
	        "none",     "MS~Win~NT"};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(vendors); i++) {
		char text[300];
		const script_row row = {vendors[i], text};
		snprintf(text, sizeof(text),
		         "opt strict vendor_string=%s host_name=none; open o; out SCCRQ vendor_string=%s "
		         "host_name=none; in SCCRP vendor_string=%s; ev UP",
		         vendors[i], vendors[i], vendors[i]);
		script_run(&row, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_q23_one_message_a_segment),
	        cmocka_unit_test(test_q24_same_id_of_two_clients),
	        cmocka_unit_test(test_q26_ids_begin_anywhere),
	        cmocka_unit_test(test_q27_channel_before_the_reply),
	        cmocka_unit_test(test_q32_windows),
	        cmocka_unit_test(test_q35_mikrotik),
	        cmocka_unit_test(test_q36_no_capabilities),
	        cmocka_unit_test(test_q37_phone_number),
	        cmocka_unit_test(test_q38_send_would_block),
	        cmocka_unit_test(test_q41_management),
	        cmocka_unit_test(test_q42_longer),
	        cmocka_unit_test(test_q43_one_segment),
	        cmocka_unit_test(test_q44_stop_then_close),
	        cmocka_unit_test(test_q47_roles),
	        cmocka_unit_test(test_q48_vendors),
	};
	return cmocka_run_group_tests_name("quirks_transport", tests, NULL, NULL);
}
