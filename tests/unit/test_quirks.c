/* conn: what other implementations do that RFC 2637 does not say, and whole sessions of them (profiles.h):
 * what stands in their messages, and when they send them. The numbers are names and stay what they are. */
#include "profiles.h"

#define RUN(rows) script_run(rows, LEN(rows))

#define DIALLED "dial A; out OCRQ call_id=$a; in OCRP call_id=77 peer_call_id=$a; ev CALL_UP call=$A;"
#define TAKEN                                                                                                \
	"in OCRQ call_id=77; ev CALL_OFFERED call=$A; accept A; out OCRP call_id=$a; ev CALL_UP call=$A;"

/* Start-Control-Connection-Reply with Result Code 0: ADSL modems. */
/* Shows: S-CC-08 */
static void test_q01_sccrp_result_0(void **state)
{
	static const script_row rows[] = {
	        {"default",
	         "open o; skip; in SCCRP result_code=0; ev UP; count RESULT_0 1; dial A; out OCRQ"},
	        {"the flag alone", "opt tolerate=0x10; open o; skip; in SCCRP result_code=0; ev UP"},
	        {"without the flag", "opt tolerate=0xFFFFFFEF; open o; skip; in SCCRP result_code=0;"
	                             "ev DOWN reason=REFUSED result_code=0; count RESULT_0 0"},
	};
	(void)state;
	RUN(rows);
	profile_run("alcatel-pac");
}

/* Outgoing-Call-Reply with Result Code 0: with a Call ID it is success. */
/* Shows: C-OCRP-01 */
static void test_q02_ocrp_result_0(void **state)
{
	static const script_row rows[] = {
	        {"default",
	         "up o; dial A; out OCRQ call_id=$a; in OCRP call_id=1 peer_call_id=$a result_code=0;"
	         "ev CALL_UP call=$A peer_call_id=1; count RESULT_0 1"},
	        {"without a Call ID", "up o; dial A; out OCRQ call_id=$a;"
	                              "in OCRP call_id=0 peer_call_id=$a result_code=0;"
	                              "ev CALL_DOWN reason=REFUSED result_code=0; count RESULT_0 0"},
	        {"without the flag", "opt tolerate=0xFFFFFFDF; up o; dial A; out OCRQ call_id=$a;"
	                             "in OCRP call_id=1 peer_call_id=$a result_code=0;"
	                             "ev CALL_DOWN reason=REFUSED result_code=0"},
	        {"to nobody",
	         "up o; in OCRP call_id=1 peer_call_id=9 result_code=0; quiet; count RESULT_0 0"},
	};
	(void)state;
	RUN(rows);
}

/* Call ID 0 is an id like others. */
/* Shows: I-05 I-01 */
static void test_q03_call_id_0(void **state)
{
	static const script_row rows[] = {
	        {"of a PNS",
	         "opt strict max_calls=2; up r; in OCRQ call_id=0; ev CALL_OFFERED call=$A peer_call_id=0; "
	         "accept A;"
	         "out OCRP call_id=$a peer_call_id=0; ev CALL_UP; in OCRQ call_id=0;"
	         "out OCRP peer_call_id=0 result_code=2 error_code=5; in CCRQ call_id=0;"
	         "out CDN call_id=$a result_code=4; ev CALL_DOWN call=$A; in CCRQ call_id=0; quiet;"
	         "count UNKNOWN_CALL 1"},
	        {"of a PAC",
	         "opt strict; up o; dial A; out OCRQ call_id=$a; in OCRP call_id=0 peer_call_id=$a;"
	         "ev CALL_UP peer_call_id=0; sli A 1 2; out SLI peer_call_id=0; in CDN call_id=0;"
	         "ev CALL_DOWN call=$A reason=PEER"},
	        {"of a PAC's incoming call",
	         "opt strict take_calls=2; up r; in ICRQ call_id=0; ev CALL_OFFERED call=$A; accept A;"
	         "out ICRP call_id=$a peer_call_id=0; in CDN call_id=0; ev CALL_DOWN call=$A"},
	        {"of a PNS that takes an incoming call",
	         "opt strict; up r; offer A; out ICRQ call_id=$a; in ICRP call_id=0 peer_call_id=$a;"
	         "ev CALL_ANSWER call=$A peer_call_id=0; connected A; out ICCN peer_call_id=0; ev CALL_UP;"
	         "in CCRQ call_id=0; out CDN call_id=$a; ev CALL_DOWN call=$A"},
	        {"nobody has it", "opt strict; up r; dial A; out OCRQ; in OCRP peer_call_id=0; quiet;"
	                          "count UNKNOWN_CALL 1; call A WAIT_REPLY"},
	};
	(void)state;
	RUN(rows);
}

/* A receive window of 0 is no window of none. */
/* Shows: A-15 */
static void test_q04_window_0(void **state)
{
	static const script_row rows[] = {
	        {"OCRP", "opt strict; up o; dial A; out OCRQ call_id=$a;"
	                 "in OCRP call_id=1 peer_call_id=$a packet_recv_window_size=0;"
	                 "ev CALL_UP peer_recv_window=0; cinfo A peer_recv_window=0 recv_window=64"},
	        {"OCRQ", "opt strict; up r; in OCRQ packet_recv_window_size=0; ev CALL_OFFERED call=$A "
	                 "peer_recv_window=0; accept A; out OCRP packet_recv_window_size=64; ev CALL_UP"},
	        {"ICRP", "opt strict; up r; offer A; out ICRQ call_id=$a;"
	                 "in ICRP call_id=1 peer_call_id=$a packet_recv_window_size=0; ev CALL_ANSWER "
	                 "peer_recv_window=0; connected A; out ICCN packet_recv_window_size=64; ev CALL_UP"},
	        {"ICCN", "opt strict take_calls=2; up r; in ICRQ; ev CALL_OFFERED call=$A; accept A;"
	                 "out ICRP call_id=$a; in ICCN peer_call_id=$a packet_recv_window_size=0;"
	                 "ev CALL_UP peer_recv_window=0"},
	};
	(void)state;
	RUN(rows);
	profile_run("windows-pac");
}

/* Call-Disconnect-Notify with Result Code 0, or any other. */
/* Shows: C-CDN-02 */
static void test_q05_cdn_result_0(void **state)
{
	static const script_row rows[] = {
	        {"0", "opt strict; up o;" DIALLED "in CDN call_id=77 result_code=0;"
	              "ev CALL_DOWN reason=PEER result_code=0; state ESTABLISHED"},
	        {"5",
	         "opt strict; up o;" DIALLED "in CDN call_id=77 result_code=5; ev CALL_DOWN result_code=5"},
	        {"255", "up o;" DIALLED "in CDN call_id=77 result_code=255 error_code=9 cause_code=65535;"
	                "ev CALL_DOWN reason=PEER result_code=255 error_code=9 cause_code=65535"},
	        {"0, in answer", "opt strict; up o;" DIALLED "clear A 3 0 0; out CCRQ;"
	                         "in CDN call_id=77 result_code=0; ev CALL_DOWN reason=LOCAL result_code=0"},
	};
	(void)state;
	RUN(rows);
}

/* Windows waits 30 s to be established: we take no time at all. Keepalive after 60 s. */
/* Shows: K-01 K-06 */
static void test_q06_windows_timers(void **state)
{
	static const script_row rows[] = {
	        {"a server answers at once", "open r; in SCCRQ; out SCCRP; ev UP; in OCRQ; ev CALL_OFFERED "
	                                     "call=$A; accept A; out OCRP; ev "
	                                     "CALL_UP; in EchoRQ; out EchoRP; deadline 60"},
	        {"60 s of silence", "up r; wait 59; quiet; wait 1; out EchoRQ; deadline 60"},
	        {"the peer's keepalive does", "up r; wait 59; in EchoRQ; out EchoRP; wait 59; quiet; wait 1;"
	                                      "out EchoRQ"},
	        {"30 s to be established, as Windows has it",
	         "opt start_timeout_us=30000000; open r; deadline 30; wait 30; ev DOWN reason=TIMEOUT "
	         "timer=start"},
	        {"5 s",
	         "opt start_timeout_us=5000000; open o; skip; wait 5; ev DOWN reason=TIMEOUT timer=start"},
	        {"3 s for the stop", "opt stop_timeout_us=3000000; up o; close 1; out StopCCRQ; deadline 3;"
	                             "wait 3; ev DOWN reason=LOCAL timer=stop"},
	        {"90 s for a reply", "opt dial_timeout_us=90000000 idle_timeout_us=0; up o; dial A; out OCRQ;"
	                             "deadline 90; wait 89; quiet; wait 1; out CCRQ"},
	        {"no echo", "opt idle_timeout_us=0; up r; deadline never; wait 100000; quiet"},
	};
	(void)state;
	RUN(rows);
}

/* Empty names, no channels, few capabilities. */
/* Shows: C-SCCRQ-03 C-SCCRQ-04 */
static void test_q07_windows_client(void **state)
{
	static const script_row rows[] = {
	        {"nothing in it", "opt strict; open r; in SCCRQ framing_capabilities=0 bearer_capabilities=0 "
	                          "maximum_channels=0 firmware_revision=0 host_name= vendor_string=;"
	                          "out SCCRP result_code=1; ev UP"},
	        {"channels of a PNS mean nothing",
	         "opt strict max_calls=3; up r; in OCRQ call_id=1; ev CALL_OFFERED; in OCRQ call_id=2;"
	         "ev CALL_OFFERED; info peer_maximum_channels=0 calls=2"},
	};
	(void)state;
	RUN(rows);
	profile_run("windows-pns");
}

/* Garbage behind the zero of a name, or no zero. */
/* Shows: H-04 C-SCCRQ-05 */
static void test_q08_names_with_garbage(void **state)
{
	static const script_row rows[] = {
	        {"Windows 95",
	         "opt strict host_name=us vendor_string=libpptp; open r;"
	         "in SCCRQ host_name=pc%00%FF%FEC:%5CWINDOWS%01%80 vendor_string=Microsoft%00%C0%C1%C2;"
	         "out SCCRP result_code=1 host_name=us vendor_string=libpptp; ev UP msg_len=156"},
	        {"64 octets", "opt strict; open r; in SCCRQ "
	                      "host_name=0123456789012345678901234567890123456789012345678901234567890123;"
	                      "out SCCRP result_code=1 host_name=; ev UP"},
	        {"and from a server", "opt strict; open o; skip; in SCCRP host_name=%FF%00%FF; ev UP"},
	};
	(void)state;
	RUN(rows);
}

/* Reserved0 that is not 0; refusing it would kill the tunnel with the first echo. */
/* Shows: A-09 T-06 */
static void test_q12_reserved0(void **state)
{
	(void)state;
	profile_run("pix");
	profile_run("pix-pac");
}

/* Each field as the host wants it, and what no option has by `amend`. */
static void on_amend(void *user, pptp_msg *msg)
{
	(void)user;
	if (msg->header.control_message_type == PPTP_SCCRQ) {
		msg->header.length = 9;
		msg->header.magic_cookie = 0;
		msg->header.pptp_message_type = 2;
		msg->header.control_message_type = 99;
		msg->sccrq.reserved1 = 0x5678;
		memset(msg->sccrq.vendor_string, 'x', sizeof(msg->sccrq.vendor_string));
	} else if (msg->header.control_message_type == PPTP_OCRQ) {
		memset(msg->ocrq.subaddress, 0xFF, sizeof(msg->ocrq.subaddress));
		msg->ocrq.reserved1 = 7;
	}
}

/* Shows: C-SLI-05 C-OCRQ-01 */
static void test_q13_every_field_is_the_hosts(void **state)
{
	link_side side;
	pptp_msg m;
	pptp_dial d;
	pptp_call call;
	uint8_t data[PPTP_MSG_MAX_OCTETS];
	(void)state;
	profile_run("orckit-pac");
	memset(&side, 0, sizeof(side));
	side.callbacks.amend = on_amend;
	link_open(&side, PPTP_ORIGINATOR, NULL, NULL, 0);
	m = link_next_msg(&side, PPTP_SCCRQ); /* what frames it is as it was */
	CHECK_EQ(m.header.length, 156);
	CHECK_EQ(m.sccrq.reserved1, 0x5678);
	memset(data, 'x', sizeof(data));
	CHECK_OCTETS(m.sccrq.vendor_string, data, 64);
	m = link_msg(PPTP_SCCRP);
	link_feed_msg(&side, &m);
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(pptp_call_dial(side.conn, &d, 0, &call), PPTP_OK);
	link_pump(&side);
	m = link_next_msg(&side, PPTP_OCRQ);
	memset(data, 0xFF, sizeof(data));
	CHECK_OCTETS(m.ocrq.subaddress, data, 64);
	CHECK_EQ(m.ocrq.reserved1, 7);
	link_drop(&side);
}

/* An Echo-Reply is a sign of life whatever stands in it. */
/* Shows: C-ECHO-02 C-ECHO-03 C-ECHO-04 K-02 */
static void test_q14_echo_reply(void **state)
{
	static const script_row rows[] = {
	        {"identifier 0", "up o; wait 60; out EchoRQ; in EchoRP identifier=0; wait 59; quiet; wait 1;"
	                         "out EchoRQ; count ECHO_MISMATCH 1"},
	        {"result 2", "up o; wait 60; out EchoRQ identifier=$e; in EchoRP identifier=$e result_code=2;"
	                     "wait 59; quiet; wait 1; out EchoRQ; count ECHO_MISMATCH 1"},
	        {"result 0", "up o; wait 60; out EchoRQ identifier=$e; in EchoRP identifier=$e result_code=0;"
	                     "wait 59; quiet"},
	        {"strict: identifier 0",
	         "opt strict; up o; wait 60; out EchoRQ; in EchoRP identifier=0; wait 59; quiet; wait 1;"
	         "ev DOWN reason=TIMEOUT timer=echo; count ECHO_MISMATCH 1"},
	        {"strict: result 2",
	         "opt strict; up o; wait 60; out EchoRQ identifier=$e; in EchoRP identifier=$e result_code=2;"
	         "wait 60; ev DOWN reason=TIMEOUT timer=echo"},
	        {"strict: the right one, behind a wrong one",
	         "opt strict; up o; wait 60; out EchoRQ identifier=$e; in EchoRP identifier=$e+1; wait 59;"
	         "in EchoRP identifier=$e; wait 59; quiet"},
	        {"other messages do not stop the wait",
	         "up o; wait 60; out EchoRQ; wait 30; in EchoRQ; out EchoRP; wait 29; quiet; wait 1;"
	         "ev DOWN reason=TIMEOUT timer=echo"},
	};
	(void)state;
	RUN(rows);
}

/* Call-Clear-Request answered by the end of TCP, or not at all. */
/* Shows: C-CDN-04 K-05 T-10 */
static void test_q15_no_notify(void **state)
{
	static const script_row rows[] = {
	        {"a short wait",
	         "opt clear_timeout_us=2000000; up o;" DIALLED "clear A 3 0 0; out CCRQ; deadline 2;"
	         "wait 2; ev CALL_DOWN call=$A reason=LOCAL timer=clear; state ESTABLISHED"},
	        {"TCP ends",
	         "up o;" DIALLED "clear A 3 0 0; out CCRQ; eof; ev CALL_DOWN reason=LOCAL timer=0;"
	         "ev DOWN reason=EOF"},
	};
	(void)state;
	RUN(rows);
	profile_run("poptop-pac");
}

/* Call-Clear-Request behind Call-Disconnect-Notify. */
/* Shows: C-CCRQ-03 A-46 */
static void test_q16_clear_after_notify(void **state)
{
	static const script_row rows[] = {
	        {"once more", "opt strict; up r;" TAKEN "in CCRQ call_id=77; out CDN; ev CALL_DOWN;"
	                      "in CCRQ call_id=77; in CCRQ call_id=77; quiet; count UNKNOWN_CALL 2"},
	        {"crossing ours",
	         "opt strict; up r;" TAKEN "clear A 3 0 0; out CDN result_code=3; ev CALL_DOWN;"
	         "in CCRQ call_id=77; quiet; state ESTABLISHED"},
	};
	(void)state;
	RUN(rows);
}

/* Call-Disconnect-Notify with the receiver's Call ID; the sender's goes first. */
/* Shows: C-CDN-03 A-02 */
static void test_q17_cdn_with_our_id(void **state)
{
	static const script_row rows[] = {
	        {"ambiguous",
	         "opt max_calls=2; up o; dial A local_call_id=5; out OCRQ; in OCRP call_id=6 "
	         "peer_call_id=5; ev CALL_UP; dial B local_call_id=6; out OCRQ; in OCRP call_id=9 "
	         "peer_call_id=6; ev CALL_UP; in CDN call_id=6; ev CALL_DOWN call=$A;"
	         "call B CALL_ESTABLISHED; in CDN call_id=6; ev CALL_DOWN call=$B;"
	         "count CDN_CALL_ID 1"},
	        {"a call that we took has no notify",
	         "up r; in OCRQ call_id=77; ev CALL_OFFERED call=$A; accept A local_call_id=78; out OCRP; ev "
	         "CALL_UP; in CDN call_id=78; quiet; count UNKNOWN_CALL 1; call A CALL_ESTABLISHED"},
	};
	(void)state;
	RUN(rows);
	profile_run("accel-pac");
}

/* Call-Clear-Request toward a PNS. */
/* Shows: H-03 */
static void test_q18_clear_request_to_a_pns(void **state)
{
	static const script_row rows[] = {
	        {"default", "up o;" DIALLED "in CCRQ call_id=77; out CDN call_id=$a result_code=4;"
	                    "ev CALL_DOWN call=$A reason=PEER; count ROLE 1; state ESTABLISHED"},
	        {"strict", "opt strict; up o;" DIALLED "in CCRQ call_id=77; ev CALL_DOWN reason=PROTOCOL;"
	                   "ev DOWN reason=PROTOCOL message_type=12 field=8 value=12"},
	};
	(void)state;
	RUN(rows);
}

/* TCP ends without a word. */
/* Shows: T-10 */
static void test_q19_closed_without_a_word(void **state)
{
	(void)state;
	profile_run("apple-pns");
	profile_run("android");
}

/* Set-Link-Info at once, and at any time. */
/* Shows: C-SLI-01 C-SLI-02 C-SLI-04 */
static void test_q20_link_info_at_once(void **state)
{
	static const script_row rows[] = {
	        {"behind the reply, many times",
	         "opt strict; up r;" TAKEN "in SLI peer_call_id=$a; ev CALL_LINK_INFO send_accm=0xFFFFFFFF;"
	         "in SLI peer_call_id=$a send_accm=0 receive_accm=0xA0000; ev CALL_LINK_INFO send_accm=0 "
	         "recv_accm=0xA0000; cinfo A send_accm=0 recv_accm=0xA0000"},
	        {"before the reply",
	         "up r; in OCRQ call_id=77; ev CALL_OFFERED call=$A local_call_id=$p; in SLI peer_call_id=$p;"
	         "ev CALL_LINK_INFO call=$A; accept A; out OCRP; ev CALL_UP"},
	};
	(void)state;
	RUN(rows);
}

/* A PAC never sends Set-Link-Info: routers drop its traffic for it. */
/* Shows: C-SLI-05 */
static void test_q21_no_link_info_from_a_pac(void **state)
{
	static const script_row rows[] = {
	        {"outgoing",
	         "up r;" TAKEN "sli A 1 2 err=STATE; quiet; wait 59; quiet; in SLI peer_call_id=$a "
	         "send_accm=1; ev CALL_LINK_INFO; quiet"},
	        {"incoming",
	         "up r; offer A; out ICRQ call_id=$a; in ICRP call_id=7 peer_call_id=$a; ev CALL_ANSWER;"
	         "connected A; out ICCN; ev CALL_UP; sli A 1 2 err=STATE; quiet"},
	};
	(void)state;
	RUN(rows);
}

/* Set-Link-Info with a Call ID that a NAT box made wrong. */
/* Shows: C-SLI-04 X-05 */
static void test_q22_link_info_for_nobody(void **state)
{
	(void)state;
	profile_run("nat-rewriter");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_q01_sccrp_result_0),
	        cmocka_unit_test(test_q02_ocrp_result_0),
	        cmocka_unit_test(test_q03_call_id_0),
	        cmocka_unit_test(test_q04_window_0),
	        cmocka_unit_test(test_q05_cdn_result_0),
	        cmocka_unit_test(test_q06_windows_timers),
	        cmocka_unit_test(test_q07_windows_client),
	        cmocka_unit_test(test_q08_names_with_garbage),
	        cmocka_unit_test(test_q12_reserved0),
	        cmocka_unit_test(test_q13_every_field_is_the_hosts),
	        cmocka_unit_test(test_q14_echo_reply),
	        cmocka_unit_test(test_q15_no_notify),
	        cmocka_unit_test(test_q16_clear_after_notify),
	        cmocka_unit_test(test_q17_cdn_with_our_id),
	        cmocka_unit_test(test_q18_clear_request_to_a_pns),
	        cmocka_unit_test(test_q19_closed_without_a_word),
	        cmocka_unit_test(test_q20_link_info_at_once),
	        cmocka_unit_test(test_q21_no_link_info_from_a_pac),
	        cmocka_unit_test(test_q22_link_info_for_nobody),
	};
	return cmocka_run_group_tests_name("quirks", tests, NULL, NULL);
}
