/* conn: how a connection begins: the host asked first, versions, two connections that cross (RFC 2637 3.1).
 */
#include "script.h"

#define RUN(rows) script_run(rows, LEN(rows))

#define ASKED "open r ask; in SCCRQ; ev START_OFFERED message_type=1 msg_len=156; state START_OFFERED;"

/* Nothing is sent before the answer: a connection that lost a collision must stay silent. */
/* Shows: C-STOPRQ-03 C-SCCRQ-06 S-COL-05 S-COL-08 T-04 T-09 T-10 A-16 A-32 E-01 H-02 C-ECHO-05 */
static void test_start_ask(void **state)
{
	static const script_row rows[] = {
	        {"accepted",
	         "open r ask; state IDLE; deadline 60; wait 20;"
	         "in SCCRQ framing_capabilities=1 bearer_capabilities=2 maximum_channels=9 "
	         "firmware_revision=77; ev START_OFFERED message_type=1 msg_len=156 reason=0;"
	         "state START_OFFERED; quiet; deadline 40; wait 30; quiet; start accept;"
	         "out SCCRP result_code=1 error_code=0 protocol_version=0x100; ev UP message_type=0 "
	         "msg_len=0; quiet; state ESTABLISHED; deadline 60;"
	         "info role=2 reason=0 protocol_version=0x100 peer_framing_capabilities=1 "
	         "peer_bearer_capabilities=2 peer_maximum_channels=9 peer_firmware_revision=77;"
	         "in EchoRQ identifier=5; out EchoRP identifier=5 result_code=1"},
	        {"accepted, strict",
	         "opt strict;" ASKED "start accept; out SCCRP result_code=1; ev UP; quiet"},
	        {"accepted, then used", ASKED
	         "start accept; out SCCRP; ev UP; in OCRQ call_id=77; ev CALL_OFFERED call=$A; accept A;"
	         "out OCRP; ev CALL_UP"},
	        {"general error", ASKED "start refuse 2 4; out SCCRP result_code=2 error_code=4 "
	                                "protocol_version=0x100; ev DOWN reason=REFUSED result_code=2 "
	                                "error_code=4; quiet; state CLOSED_STATE; deadline never"},
	        {"another error", ASKED "start refuse 2 6; out SCCRP result_code=2 error_code=6;"
	                                "ev DOWN reason=REFUSED result_code=2 error_code=6"},
	        {"one connection a peer", ASKED "start refuse 3 0; out SCCRP result_code=3 error_code=0;"
	                                        "ev DOWN reason=REFUSED result_code=3 error_code=0"},
	        {"not authorised, strict",
	         "opt strict;" ASKED "start refuse 4 0; out SCCRP result_code=4 error_code=0;"
	         "ev DOWN reason=REFUSED result_code=4"},
	        {"bad version", ASKED "start refuse 5 0; out SCCRP result_code=5 error_code=0;"
	                              "ev DOWN reason=REFUSED result_code=5"},
	        {"no refusal",
	         ASKED "start refuse 0 0 err=ARG; start refuse 1 0 err=ARG; start refuse 6 0 err=ARG;"
	               "start refuse 255 0 err=ARG; start refuse 3 1 err=ARG;"
	               "start refuse 4 6 err=ARG; start refuse 1 4 err=ARG; quiet;"
	               "state START_OFFERED; start accept; out SCCRP result_code=1; ev UP"},
	        {"silence", "open r ask; wait 10; in SCCRQ; ev START_OFFERED; wait 49; quiet; wait 1;"
	                    "ev DOWN reason=TIMEOUT timer=start; quiet; state CLOSED_STATE;"
	                    "start accept err=CLOSED; start refuse 4 0 err=CLOSED"},
	        {"silence, strict", "opt strict;" ASKED "wait 60; ev DOWN reason=TIMEOUT timer=start; quiet"},
	        {"silence for ever", "opt start_timeout_us=0;" ASKED "deadline never; wait 100000; quiet;"
	                             "state START_OFFERED; start accept; out SCCRP; ev UP; deadline 60"},
	        {"no request",
	         "open r ask; start accept err=STATE; start refuse 4 0 err=STATE; wait 59; quiet;"
	         "wait 1; ev DOWN reason=TIMEOUT timer=start"},
	        {"the peer closes TCP", ASKED "eof; ev DOWN reason=EOF; quiet; start accept err=CLOSED;"
	                                      "start refuse 3 0 err=CLOSED"},
	        {"the peer stops", ASKED "in StopCCRQ reason=3; ev DOWN reason=STOPPED result_code=3; quiet;"
	                                 "start accept err=CLOSED; start refuse 3 0 err=CLOSED"},
	        {"the peer stops, strict", "opt strict;" ASKED "in StopCCRQ; ev DOWN reason=STOPPED; quiet"},
	        {"Echo-Request", ASKED "in EchoRQ identifier=9; quiet; state START_OFFERED; start accept;"
	                               "out SCCRP result_code=1; ev UP; skip; in EchoRQ identifier=10;"
	                               "out EchoRP identifier=10 result_code=1"},
	        {"Echo-Request, refused", ASKED "in EchoRQ; quiet; start refuse 4 0; out SCCRP result_code=4;"
	                                        "ev DOWN reason=REFUSED; quiet"},
	        {"Echo-Request, silence", ASKED
	         "wait 50; in EchoRQ; wait 9; quiet; wait 1; ev DOWN reason=TIMEOUT timer=start; quiet"},
	        {"Echo-Request, strict",
	         "opt strict;" ASKED "in EchoRQ; ev DOWN reason=PROTOCOL message_type=5;"
	         "quiet; received PROTOCOL; start accept err=CLOSED"},
	        {"OCRQ", ASKED "in OCRQ call_id=77; ev DOWN reason=PROTOCOL message_type=7; quiet;"
	                       "received PROTOCOL; calls 0; start accept err=CLOSED"},
	        {"ICRQ, strict", "opt strict take_calls=3;" ASKED "in ICRQ; ev DOWN reason=PROTOCOL; quiet"},
	        {"CCRQ", ASKED "in CCRQ; ev DOWN reason=PROTOCOL; quiet"},
	        {"SCCRP", ASKED "in SCCRP; ev DOWN reason=PROTOCOL message_type=2; quiet"},
	        {"another SCCRQ, strict", "opt strict;" ASKED "in SCCRQ; ev DOWN reason=PROTOCOL; quiet"},
	        {"garbage", ASKED "raw FFFF; ev DOWN reason=MALFORMED; quiet; start accept err=CLOSED"},
	        {"accepted twice", ASKED "start accept; out SCCRP; ev UP; start accept err=STATE;"
	                                 "start refuse 3 0 err=STATE; quiet; state ESTABLISHED"},
	        {"refused twice", ASKED "start refuse 3 0; out SCCRP; ev DOWN; start refuse 3 0 err=CLOSED;"
	                                "start accept err=CLOSED; quiet"},
	        {"not asked", "up r; start accept err=STATE; start refuse 3 0 err=STATE; quiet"},
	        {"not asked, yet to start",
	         "open r; start accept err=STATE; start refuse 3 0 err=STATE; quiet"},
	        {"an originator is never asked",
	         "open o ask; skip; start accept err=STATE; in SCCRP; ev UP; start accept err=STATE; quiet"},
	        {"we close", ASKED "close 1; ev DOWN reason=LOCAL; quiet; start accept err=CLOSED"},
	        {"we abort", ASKED "abort COLLISION; ev DOWN reason=COLLISION; quiet; state CLOSED_STATE"},
	        {"dialling has to wait", ASKED "dial A err=STATE; offer A err=STATE; quiet; start accept;"
	                                       "out SCCRP; ev UP; dial A; out OCRQ"},
	        {"a second SCCRQ later", ASKED "start accept; out SCCRP; ev UP; in SCCRQ;"
	                                       "out SCCRP result_code=3; quiet; state ESTABLISHED"},
	};
	(void)state;
	RUN(rows);
}

/* ---- versions -------------------------------------------------------------------------------------- */

/* Shows: S-CC-01 S-CC-02 S-CC-03 S-CC-04 S-CC-05 S-CC-06 S-CC-07 S-CC-08 S-CC-09 A-10 A-11 */
static void test_start_versions(void **state)
{
	static const script_row rows[] = {
	        {"receiver, the oldest", "opt oldest_version=0x50; open r; in SCCRQ protocol_version=0x50;"
	                                 "out SCCRP result_code=1 protocol_version=0x50;"
	                                 "ev UP; info protocol_version=0x50"},
	        {"receiver, between",
	         "opt strict oldest_version=0x50; open r; in SCCRQ protocol_version=0x80;"
	         "out SCCRP result_code=1 protocol_version=0x80; ev UP; info protocol_version=0x80"},
	        {"receiver, one below ours",
	         "opt oldest_version=0x50; open r; in SCCRQ protocol_version=0xFF;"
	         "out SCCRP result_code=1 protocol_version=0xFF; ev UP"},
	        {"receiver, too old", "opt oldest_version=0x50; open r; in SCCRQ protocol_version=0x4F;"
	                              "out SCCRP result_code=5 error_code=0 protocol_version=0x100;"
	                              "ev DOWN reason=VERSION message_type=1 field=12 value=0x4F"},
	        {"receiver, 0", "opt oldest_version=1; open r; in SCCRQ protocol_version=0;"
	                        "out SCCRP result_code=5; ev DOWN reason=VERSION value=0"},
	        {"receiver, ours", "opt oldest_version=0x50; open r; in SCCRQ;"
	                           "out SCCRP result_code=1 protocol_version=0x100; ev UP;"
	                           "info protocol_version=0x100"},
	        {"receiver, newer", "opt strict oldest_version=0x50; open r; in SCCRQ protocol_version=0x101;"
	                            "out SCCRP result_code=1 protocol_version=0x100; ev UP;"
	                            "info protocol_version=0x100"},
	        {"receiver, 0xFFFF", "opt oldest_version=0x50; open r; in SCCRQ protocol_version=0xFFFF;"
	                             "out SCCRP result_code=1 protocol_version=0x100; ev UP"},
	        {"receiver, ours is the oldest",
	         "opt oldest_version=0x100; open r; in SCCRQ protocol_version=0xFF; out SCCRP result_code=5;"
	         "ev DOWN reason=VERSION"},
	        {"receiver to come, today's peer",
	         "opt protocol_version=0x201 oldest_version=0x100; open r; in SCCRQ protocol_version=0x100;"
	         "out SCCRP result_code=1 protocol_version=0x100; ev UP; info protocol_version=0x100"},
	        {"receiver to come, peer of the same version and another revision",
	         "opt protocol_version=0x201 oldest_version=0x100; open r; in SCCRQ protocol_version=0x200;"
	         "out SCCRP result_code=1 protocol_version=0x200; ev UP"},
	        {"receiver, asked, older",
	         "opt oldest_version=0x50; open r ask; in SCCRQ protocol_version=0x80; ev START_OFFERED; "
	         "quiet;"
	         "start accept; out SCCRP result_code=1 protocol_version=0x80; ev UP;"
	         "info protocol_version=0x80"},
	        {"receiver, asked, too old",
	         "opt oldest_version=0x50; open r ask; in SCCRQ protocol_version=0x4F; ev START_OFFERED; "
	         "quiet; start accept; out SCCRP result_code=5 error_code=0 protocol_version=0x100;"
	         "ev DOWN reason=VERSION message_type=0 field=12 value=0x4F result_code=5"},
	        {"receiver, asked, too old, in a collision",
	         "open r ask; in SCCRQ protocol_version=0xFF; ev START_OFFERED; abort COLLISION;"
	         "ev DOWN reason=COLLISION; quiet"},
	        {"receiver, asked, too old, the host has its own answer",
	         "open r ask; in SCCRQ protocol_version=0xFF; ev START_OFFERED; start refuse 3 0;"
	         "out SCCRP result_code=3; ev DOWN reason=REFUSED result_code=3"},
	        {"receiver, asked, reserved bits, strict",
	         "opt strict; open r ask; in SCCRQ reserved1=1; ev START_OFFERED; quiet; start accept;"
	         "out SCCRP result_code=2 error_code=3; ev DOWN reason=REFUSED result_code=2 error_code=3"},
	        {"receiver, asked, reserved bits, strict, in a collision",
	         "opt strict; open r ask; in SCCRQ reserved1=1; ev START_OFFERED; abort COLLISION;"
	         "ev DOWN reason=COLLISION; quiet"},
	        {"a second SCCRQ changes nothing",
	         "opt oldest_version=0x50; open r; in SCCRQ protocol_version=0x80; skip;"
	         "in SCCRQ protocol_version=0x60; out SCCRP result_code=3; quiet; info "
	         "protocol_version=0x80"},
	        {"originator, the oldest",
	         "opt oldest_version=0x50; open o; out SCCRQ protocol_version=0x100;"
	         "in SCCRP protocol_version=0x50; ev UP; info protocol_version=0x50; quiet"},
	        {"originator, between, strict",
	         "opt strict oldest_version=0x50; open o; skip; in SCCRP protocol_version=0xFF; ev UP;"
	         "info protocol_version=0xFF; quiet"},
	        {"originator, too old",
	         "opt oldest_version=0x50; open o; skip; in SCCRP protocol_version=0x4F;"
	         "out StopCCRQ reason=2; state WAIT_STOP_REPLY; quiet; in StopCCRP;"
	         "ev DOWN reason=VERSION field=12 value=0x4F"},
	        {"originator, 0", "opt oldest_version=1; open o; skip; in SCCRP protocol_version=0;"
	                          "out StopCCRQ reason=2; in StopCCRP; ev DOWN reason=VERSION value=0"},
	        {"originator, higher",
	         "opt oldest_version=0x50; open o; skip; in SCCRP protocol_version=0x101;"
	         "out StopCCRQ reason=2; in StopCCRP; ev DOWN reason=VERSION"},
	        {"originator, 0xFFFF",
	         "opt strict oldest_version=0x50; open o; skip; in SCCRP protocol_version=0xFFFF;"
	         "out StopCCRQ reason=2; in StopCCRP; ev DOWN reason=VERSION value=0xFFFF"},
	        {"originator to come",
	         "opt protocol_version=0x200 oldest_version=0x100; open o; out SCCRQ protocol_version=0x200;"
	         "in SCCRP protocol_version=0x100; ev UP; info protocol_version=0x100"},
	        {"originator, an old version that refuses",
	         "opt oldest_version=0x50; open o; skip; in SCCRP protocol_version=0x80 result_code=5;"
	         "ev DOWN reason=REFUSED result_code=5; quiet"},
	        {"originator, a bad version that refuses",
	         "open o; skip; in SCCRP protocol_version=0x200 result_code=5;"
	         "ev DOWN reason=REFUSED result_code=5; quiet"},
	        {"originator, a version that lies, result 0",
	         "open o; skip; in SCCRP protocol_version=0 result_code=0; out StopCCRQ reason=2;"
	         "in StopCCRP; ev DOWN reason=VERSION"},
	        {"while the stop's reply is awaited",
	         "open o; skip; in SCCRP protocol_version=0; out StopCCRQ reason=2; in SCCRP; in OCRQ; in "
	         "EchoRP;"
	         "quiet; state WAIT_STOP_REPLY; dial A err=CLOSED; in StopCCRP; ev DOWN reason=VERSION"},
	};
	(void)state;
	RUN(rows);
}

/* Two of our own, each with its versions. 0: no oldest one. */
/* Shows: S-CC-02 S-CC-03 S-CC-04 S-CC-05 S-CC-06 */
static void test_start_versions_joined(void **state)
{
	static const struct {
		const char *name;
		uint16_t originator, oldest_o, receiver, oldest_r, used; /* used 0: none */
	} rows[] = {
	        {"today", 0x100, 0, 0x100, 0, 0x100},
	        {"new originator, helpful", 0x200, 0x100, 0x100, 0, 0x100},
	        {"new originator, not helpful", 0x200, 0, 0x100, 0, 0},
	        {"new receiver, helpful", 0x100, 0, 0x200, 0x100, 0x100},
	        {"new receiver, not helpful", 0x100, 0, 0x200, 0, 0},
	        {"both helpful", 0x200, 0x100, 0x180, 0x100, 0x180},
	        {"ranges that do not meet", 0x300, 0x200, 0x180, 0x100, 0},
	        {"ranges that do not meet, the other way", 0x180, 0x100, 0x300, 0x200, 0},
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_config_options o = link_options(1), r = link_options(1);
		pptp_conn_info info;
		link_side a, b;
		check_row("%s", rows[i].name);
		memset(&a, 0, sizeof(a));
		memset(&b, 0, sizeof(b));
		o.protocol_version = rows[i].originator;
		o.oldest_version = rows[i].oldest_o;
		r.protocol_version = rows[i].receiver;
		r.oldest_version = rows[i].oldest_r;
		link_open(&a, PPTP_ORIGINATOR, &o, NULL, 0);
		link_open(&b, PPTP_RECEIVER, &r, NULL, 0);
		link_join(&a, &b);
		CHECK_EQ(a.down, rows[i].used == 0);
		CHECK_EQ(b.down, rows[i].used == 0);
		if (rows[i].used) {
			CHECK_EQ(pptp_conn_get_info(a.conn, &info, sizeof(info)), PPTP_OK);
			CHECK_EQ(info.protocol_version, rows[i].used);
			CHECK_EQ(pptp_conn_get_info(b.conn, &info, sizeof(info)), PPTP_OK);
			CHECK_EQ(info.protocol_version, rows[i].used);
		}
		link_drop(&a);
		link_drop(&b);
	}
}

/* ---- from a callback ----------------------------------------------------------------------------------- */

static pptp_err answered;

static void accept_it(link_side *side, const pptp_event *event)
{
	if (event->type == PPTP_EV_START_OFFERED) {
		answered = pptp_conn_accept(side->conn, side->now);
		CHECK_EQ(pptp_conn_accept(side->conn, side->now), PPTP_ERR_STATE);
	}
}

static void refuse_it(link_side *side, const pptp_event *event)
{
	if (event->type == PPTP_EV_START_OFFERED)
		answered = pptp_conn_refuse(side->conn, PPTP_SCCRP_NOT_AUTHORIZED, 0, side->now);
}

static void abort_it(link_side *side, const pptp_event *event)
{
	if (event->type == PPTP_EV_START_OFFERED)
		answered = pptp_conn_abort(side->conn, PPTP_ERR_COLLISION, side->now);
}

/* The answer comes in the event's callback, or as soon as it was polled. */
/* Shows: C-SCCRQ-01 H-02 */
static void test_start_ask_callback(void **state)
{
	static const struct {
		const char *name;
		void (*answer)(link_side *side, const pptp_event *event);
		uint8_t result; /* of the reply; 0: none is sent */
		pptp_err reason;
	} rows[] = {
	        {"accept", accept_it, PPTP_SCCRP_OK, PPTP_OK},
	        {"refuse", refuse_it, PPTP_SCCRP_NOT_AUTHORIZED, PPTP_ERR_REFUSED},
	        {"abort", abort_it, 0, PPTP_ERR_COLLISION},
	};
	size_t i, k;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		for (k = 0; k < link_modes_len; k++) {
			pptp_msg m = link_msg(PPTP_SCCRQ);
			link_side side;
			check_row("%s (%s)", rows[i].name, link_modes[k].name);
			memset(&side, 0, sizeof(side));
			side.flags = PPTP_CONN_ASK;
			side.on_event = rows[i].answer;
			answered = 1;
			link_open(&side, PPTP_RECEIVER, NULL, &link_modes[k], 0);
			link_feed_msg(&side, &m);
			CHECK_EQ(answered, PPTP_OK);
			link_next_event(&side, PPTP_EV_START_OFFERED);
			if (rows[i].result)
				CHECK_EQ(link_next_msg(&side, PPTP_SCCRP).sccrp.result_code, rows[i].result);
			if (rows[i].reason)
				CHECK_EQ(link_next_event(&side, PPTP_EV_DOWN)->reason, rows[i].reason);
			else
				link_next_event(&side, PPTP_EV_UP);
			link_quiet(&side);
			link_drop(&side);
		}
	}
}

/* A client that sends its call behind its start without waiting: it is not lost while the host decides in the
 * event's callback. */
/* Shows: T-07 */
static void test_start_ask_coalesced(void **state)
{
	size_t k;
	(void)state;
	for (k = 0; k < link_modes_len; k++) {
		pptp_msg start = link_msg(PPTP_SCCRQ), call = link_msg(PPTP_OCRQ);
		uint8_t data[2 * PPTP_MSG_MAX_OCTETS];
		pptp_ssize len;
		link_side side;
		check_row("%s", link_modes[k].name);
		memset(&side, 0, sizeof(side));
		side.flags = PPTP_CONN_ASK;
		side.on_event = accept_it;
		link_open(&side, PPTP_RECEIVER, NULL, &link_modes[k], 0);
		len = pptp_msg_encode(&start, data, sizeof(data));
		CHECK_EQ(len, 156);
		CHECK_EQ(pptp_msg_encode(&call, data + len, sizeof(data) - (size_t)len), 168);
		CHECK_EQ(link_feed(&side, data, 156 + 168), 156 + 168);
		link_next_event(&side, PPTP_EV_START_OFFERED);
		link_next_event(&side, PPTP_EV_UP);
		link_next_event(&side, PPTP_EV_CALL_OFFERED);
		CHECK_EQ(link_next_msg(&side, PPTP_SCCRP).sccrp.result_code, PPTP_SCCRP_OK);
		link_quiet(&side);
		CHECK_EQ(pptp_conn_abort(side.conn, PPTP_ERR_SEND, 0), PPTP_OK);
		link_drop(&side);
	}
}

/* A second request before the answer to the first has left: that answer stays what it is. */
/* Shows: C-SCCRQ-06 */
static void test_start_ask_slow_host(void **state)
{
	pptp_msg start = link_msg(PPTP_SCCRQ), m;
	uint8_t data[PPTP_MSG_MAX_OCTETS];
	pptp_event e;
	link_side side;
	(void)state;
	check_row("a slow host");
	CHECK_EQ(pptp_msg_encode(&start, data, sizeof(data)), 156);
	memset(&side, 0, sizeof(side));
	side.flags = PPTP_CONN_ASK;
	link_open(&side, PPTP_RECEIVER, NULL, NULL, 0);
	link_feed(&side, data, 156);
	link_next_event(&side, PPTP_EV_START_OFFERED);
	CHECK_EQ(pptp_conn_accept(side.conn, 0), PPTP_OK);
	CHECK_EQ(pptp_conn_recv(side.conn, data, 156, 0), 0); /* an event waits */
	CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_OK);
	CHECK_EQ(e.type, PPTP_EV_UP);
	CHECK_EQ(pptp_conn_recv(side.conn, data, 156, 0), 156);
	link_pump(&side);
	CHECK_EQ(link_next_msg(&side, PPTP_SCCRP).sccrp.result_code, PPTP_SCCRP_OK);
	if (side.sent_read < side.sent_len) {
		m = link_next_msg(&side, PPTP_SCCRP);
		CHECK_EQ(m.sccrp.result_code, PPTP_SCCRP_CHANNEL_EXISTS);
	}
	link_quiet(&side);
	link_drop(&side);
}

/* What happens before the host has polled the question: it is not asked any more, or was answered early. */
/* Shows: T-10 */
static void test_start_ask_not_polled(void **state)
{
	static const struct {
		const char *name;
		pptp_err reason; /* PPTP_OK: accepted */
	} rows[] = {{"accept", PPTP_OK},
	            {"eof", PPTP_ERR_EOF},
	            {"time", PPTP_ERR_TIMEOUT},
	            {"abort", PPTP_ERR_COLLISION},
	            {"close", PPTP_ERR_LOCAL}};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		pptp_msg m = link_msg(PPTP_SCCRQ);
		link_side side;
		check_row("%s", rows[i].name);
		memset(&side, 0, sizeof(side));
		side.flags = PPTP_CONN_ASK;
		side.hold_poll = 1;
		link_open(&side, PPTP_RECEIVER, NULL, NULL, 0);
		link_feed_msg(&side, &m);
		CHECK(pptp_conn_want(side.conn) & PPTP_WANT_POLL);
		if (rows[i].reason == PPTP_OK)
			CHECK_EQ(pptp_conn_accept(side.conn, 0), PPTP_OK);
		else if (rows[i].reason == PPTP_ERR_EOF)
			CHECK_EQ(pptp_conn_eof(side.conn, 0), PPTP_OK);
		else if (rows[i].reason == PPTP_ERR_TIMEOUT)
			CHECK_EQ(pptp_conn_tick(side.conn, 60 * SECOND), PPTP_OK);
		else if (rows[i].reason == PPTP_ERR_COLLISION)
			CHECK_EQ(pptp_conn_abort(side.conn, PPTP_ERR_COLLISION, 0), PPTP_OK);
		else
			CHECK_EQ(pptp_conn_close(side.conn, PPTP_STOP_NONE, 0), PPTP_OK);
		side.hold_poll = 0;
		link_pump(&side);
		if (rows[i].reason == PPTP_OK) {
			link_next_event(&side, PPTP_EV_START_OFFERED);
			link_next_event(&side, PPTP_EV_UP);
			CHECK_EQ(link_next_msg(&side, PPTP_SCCRP).sccrp.result_code, PPTP_SCCRP_OK);
		} else {
			CHECK_EQ(link_next_event(&side, PPTP_EV_DOWN)->reason, rows[i].reason);
		}
		link_quiet(&side);
		link_drop(&side);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_start_ask),
	        cmocka_unit_test(test_start_versions),
	        cmocka_unit_test(test_start_versions_joined),
	        cmocka_unit_test(test_start_ask_callback),
	        cmocka_unit_test(test_start_ask_coalesced),
	        cmocka_unit_test(test_start_ask_slow_host),
	        cmocka_unit_test(test_start_ask_not_polled),
	};
	return cmocka_run_group_tests_name("conn_start", tests, NULL, NULL);
}
