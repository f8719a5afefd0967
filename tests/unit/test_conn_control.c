/* conn: the control connection (RFC 2637 3.1). */
#include "script.h"

#define RUN(rows) script_run(rows, LEN(rows))

/* Shows: C-SCCRQ-01 C-SCCRQ-02 C-SCCRQ-03 C-SCCRP-01 S-CC-01 S-CC-04 S-CC-07 T-03 T-06 H-02 */
static void test_control_establish(void **state)
{
	static const script_row rows[] = {
	        {"originator",
	         "open o; state WAIT_CTL_REPLY;"
	         "out SCCRQ length=156 protocol_version=0x100 reserved0=0 reserved1=0 "
	         "framing_capabilities=3 bearer_capabilities=3 maximum_channels=0; quiet;"
	         "in SCCRP framing_capabilities=1 bearer_capabilities=2 maximum_channels=9 "
	         "firmware_revision=77;"
	         "ev UP message_type=2 msg_len=156; state ESTABLISHED;"
	         "info role=1 calls=0 reason=0 protocol_version=0x100 peer_framing_capabilities=1 "
	         "peer_bearer_capabilities=2 peer_maximum_channels=9 peer_firmware_revision=77"},
	        {"receiver",
	         "open r; state IDLE; quiet;"
	         "in SCCRQ framing_capabilities=1 bearer_capabilities=2 maximum_channels=9 "
	         "firmware_revision=77;"
	         "out SCCRP length=156 protocol_version=0x100 result_code=1 error_code=0 reserved0=0 "
	         "framing_capabilities=3 bearer_capabilities=3 maximum_channels=0;"
	         "ev UP message_type=1 msg_len=156; state ESTABLISHED;"
	         "info role=2 protocol_version=0x100 peer_framing_capabilities=1 "
	         "peer_bearer_capabilities=2 peer_maximum_channels=9 peer_firmware_revision=77"},
	        {"settings, originator",
	         "opt framing_capabilities=1 bearer_capabilities=2 maximum_channels=65535 "
	         "firmware_revision=0x6021; open o;"
	         "out SCCRQ framing_capabilities=1 bearer_capabilities=2 "
	         "maximum_channels=65535 firmware_revision=0x6021"},
	        {"settings, receiver",
	         "opt framing_capabilities=0 bearer_capabilities=0 maximum_channels=7 "
	         "firmware_revision=5; open r; in SCCRQ;"
	         "out SCCRP framing_capabilities=0 bearer_capabilities=0 maximum_channels=7 "
	         "firmware_revision=5; ev UP"},
	        {"peer without capabilities", "opt strict; open o; skip;"
	                                      "in SCCRP framing_capabilities=0 bearer_capabilities=0; ev UP"},
	        {"unknown capabilities",
	         "opt strict; open r;"
	         "in SCCRQ framing_capabilities=0xFFFFFFFF bearer_capabilities=0xFFFFFFFC;"
	         "out SCCRP result_code=1; ev UP"},
	};
	(void)state;
	RUN(rows);
}

/* Names are sent as set, zero-padded. */
/* Shows: C-SCCRQ-05 H-04 */
static void test_control_names(void **state)
{
	pptp_config_options o = link_options(0);
	link_side side;
	pptp_msg m;
	uint8_t vendor[64] = "libpptp";
	(void)state;
	memset(&side, 0, sizeof(side));
	memset(o.host_name, 'h', 64); /* as long as it gets: no zero at the end */
	link_open(&side, PPTP_ORIGINATOR, &o, NULL, 0);
	m = link_next_msg(&side, PPTP_SCCRQ);
	CHECK_OCTETS(m.sccrq.host_name, o.host_name, 64);
	CHECK_OCTETS(m.sccrq.vendor_string, vendor, 64);
	link_drop(&side);

	memset(o.vendor_string, 0, 64);
	memcpy(o.vendor_string, "x", 1);
	link_open(&side, PPTP_RECEIVER, &o, NULL, 0);
	m = link_msg(PPTP_SCCRQ);
	memset(m.sccrq.host_name, 0xFF, 64); /* garbage to the end */
	memset(m.sccrq.vendor_string, 0xFF, 64);
	link_feed_msg(&side, &m);
	m = link_next_msg(&side, PPTP_SCCRP);
	CHECK_OCTETS(m.sccrp.host_name, o.host_name, 64);
	CHECK_OCTETS(m.sccrp.vendor_string, o.vendor_string, 64);
	link_next_event(&side, PPTP_EV_UP);
	link_drop(&side);
}

/* Shows: S-CC-02 S-CC-03 S-CC-04 S-CC-05 S-CC-06 S-CC-07 S-CC-09 */
static void test_control_version(void **state)
{
	static const script_row rows[] = {
	        {"receiver, newer revision", "open r; in SCCRQ protocol_version=0x101;"
	                                     "out SCCRP result_code=1 protocol_version=0x100; ev UP;"
	                                     "info protocol_version=0x100"},
	        {"receiver, newer version, strict", "opt strict; open r; in SCCRQ protocol_version=0x200;"
	                                            "out SCCRP result_code=1 protocol_version=0x100; ev UP"},
	        {"receiver, newest version", "open r; in SCCRQ protocol_version=0xFFFF;"
	                                     "out SCCRP result_code=1 protocol_version=0x100; ev UP"},
	        {"receiver, older", "open r; in SCCRQ protocol_version=0xFF;"
	                            "out SCCRP result_code=5 error_code=0 protocol_version=0x100;"
	                            "ev DOWN reason=VERSION message_type=1 field=12 value=0xFF"},
	        {"receiver, 0", "open r; in SCCRQ protocol_version=0; out SCCRP result_code=5;"
	                        "ev DOWN reason=VERSION field=12 value=0"},
	        {"receiver, older, strict",
	         "opt strict; open r; in SCCRQ protocol_version=1; out SCCRP result_code=5;"
	         "ev DOWN reason=VERSION field=12 value=1"},
	        {"receiver, older than a version to come", "opt protocol_version=0x200; open r; in SCCRQ "
	                                                   "protocol_version=0x100; out SCCRP result_code=5;"
	                                                   "ev DOWN reason=VERSION"},
	        {"originator, older", "open o; skip; in SCCRP protocol_version=0xFF; out StopCCRQ reason=2;"
	                              "state WAIT_STOP_REPLY; quiet; in StopCCRP;"
	                              "ev DOWN reason=VERSION"},
	        {"originator, newer",
	         "open o; skip; in SCCRP protocol_version=0x101; out StopCCRQ reason=2; quiet;"
	         "in StopCCRP; ev DOWN reason=VERSION"},
	        {"originator, newer, strict",
	         "opt strict; open o; skip; in SCCRP protocol_version=0x200; out StopCCRQ reason=2; quiet;"
	         "in StopCCRP; ev DOWN reason=VERSION"},
	        {"originator, no reply",
	         "open o; skip; in SCCRP protocol_version=0x200; out StopCCRQ reason=2;"
	         "wait 59; quiet; wait 1; ev DOWN reason=VERSION timer=stop"},
	        {"originator, peer closes",
	         "open o; skip; in SCCRP protocol_version=0; out StopCCRQ reason=2; eof;"
	         "ev DOWN reason=VERSION"},
	        {"originator, crossing", "open o; skip; in SCCRP protocol_version=0; out StopCCRQ reason=2;"
	                                 "in StopCCRQ; out StopCCRP result_code=1; ev DOWN reason=VERSION"},
	};
	(void)state;
	RUN(rows);
}

/* Shows: S-CC-08 E-01 E-02 C-SCCRP-02 */
static void test_control_refused(void **state)
{
	static const script_row rows[] = {
	        {"general error", "open o; skip; in SCCRP result_code=2 error_code=4;"
	                          "ev DOWN reason=REFUSED result_code=2 error_code=4 message_type=2"},
	        {"channel exists", "open o; skip; in SCCRP result_code=3;"
	                           "ev DOWN reason=REFUSED result_code=3 error_code=0"},
	        {"not authorised",
	         "open o; skip; in SCCRP result_code=4; ev DOWN reason=REFUSED result_code=4"},
	        {"bad version", "open o; skip; in SCCRP result_code=5; ev DOWN reason=REFUSED result_code=5"},
	        {"undefined", "open o; skip; in SCCRP result_code=6; ev DOWN reason=REFUSED result_code=6"},
	        {"undefined, strict", "opt strict; open o; skip; in SCCRP result_code=255;"
	                              "ev DOWN reason=REFUSED result_code=255"},
	        {"0", "open o; skip; in SCCRP result_code=0; ev UP; count RESULT_0 1"},
	        {"0, strict",
	         "opt strict; open o; skip; in SCCRP result_code=0; ev DOWN reason=REFUSED result_code=0"},
	        {"1 with an error code",
	         "opt strict; open o; skip; in SCCRP result_code=1 error_code=3; ev UP"},
	};
	(void)state;
	RUN(rows);
}

/* Shows: C-ECHO-05 H-02 T-09 T-10 C-STOPRQ-03 */
static void test_control_before_established(void **state)
{
	static const script_row rows[] = {
	        {"originator: StopCCRQ", "open o; skip; in StopCCRQ; out StopCCRP result_code=1;"
	                                 "ev DOWN reason=STOPPED"},
	        {"originator: time", "open o; skip; deadline 60; wait 59; quiet; wait 1;"
	                             "ev DOWN reason=TIMEOUT timer=start; deadline never"},
	        {"originator: close", "open o; skip; close 1; ev DOWN reason=LOCAL; close 1 err=CLOSED"},
	        {"originator: abort", "open o; skip; abort SEND; ev DOWN reason=SEND"},
	        {"originator: end of file", "open o; skip; eof; ev DOWN reason=EOF"},
	        {"originator: no timer",
	         "opt start_timeout_us=0; open o; skip; deadline never; wait 100000; quiet"},
	        {"originator: SCCRQ",
	         "opt strict; open o; skip; in SCCRQ; ev DOWN reason=PROTOCOL message_type=1;"
	         "received PROTOCOL"},
	        {"originator: StopCCRP", "opt strict; open o; skip; in StopCCRP; ev DOWN reason=PROTOCOL"},
	        {"originator: EchoRP", "opt strict; open o; skip; in EchoRP; ev DOWN reason=PROTOCOL"},
	        {"originator: WEN", "opt strict; open o; skip; in WEN; ev DOWN reason=PROTOCOL"},
	        {"originator: CDN", "opt strict; open o; skip; in CDN; ev DOWN reason=PROTOCOL"},
	        {"originator: OCRP", "opt strict; open o; skip; in OCRP; ev DOWN reason=PROTOCOL"},
	        {"originator: EchoRQ", "open o; skip; in EchoRQ identifier=9;"
	                               "out EchoRP identifier=9 result_code=2 error_code=1; quiet;"
	                               "state WAIT_CTL_REPLY; in SCCRP; ev UP"},
	        {"originator: EchoRQ, strict",
	         "opt strict; open o; skip; in EchoRQ; ev DOWN reason=PROTOCOL"},
	        {"receiver: time",
	         "open r; deadline 60; wait 59; quiet; wait 1; ev DOWN reason=TIMEOUT timer=start"},
	        {"receiver: close", "open r; close 1; ev DOWN reason=LOCAL"},
	        {"receiver: end of file", "open r; eof; ev DOWN reason=EOF"},
	        {"receiver: abort", "open r; abort COLLISION; ev DOWN reason=COLLISION"},
	        {"receiver: OCRQ", "open r; in OCRQ call_id=77;"
	                           "out OCRP call_id=0 peer_call_id=77 result_code=2 error_code=1;"
	                           "ev DOWN reason=PROTOCOL message_type=7; received PROTOCOL"},
	        {"receiver: OCRQ, strict", "opt strict; open r; in OCRQ call_id=77;"
	                                   "out OCRP peer_call_id=77 result_code=2 error_code=1;"
	                                   "ev DOWN reason=PROTOCOL"},
	        {"receiver: EchoRQ", "open r; in EchoRQ identifier=9;"
	                             "out EchoRP identifier=9 result_code=2 error_code=1; quiet; state IDLE;"
	                             "in SCCRQ; out SCCRP result_code=1; ev UP"},
	        {"receiver: EchoRQ, strict", "opt strict; open r; in EchoRQ; ev DOWN reason=PROTOCOL"},
	        {"receiver: SCCRP", "opt strict; open r; in SCCRP; ev DOWN reason=PROTOCOL message_type=2;"
	                            "received PROTOCOL"},
	        {"receiver: StopCCRP", "opt strict; open r; in StopCCRP; ev DOWN reason=PROTOCOL"},
	        {"receiver: EchoRP", "opt strict; open r; in EchoRP; ev DOWN reason=PROTOCOL"},
	        {"receiver: CCRQ", "opt strict; open r; in CCRQ; ev DOWN reason=PROTOCOL"},
	        {"receiver: SLI", "opt strict; open r; in SLI; ev DOWN reason=PROTOCOL"},
	        {"receiver: SCCRQ behind EchoRQ is still in time",
	         "open r; wait 50; in EchoRQ; skip; wait 9; quiet; wait 1; ev DOWN reason=TIMEOUT "
	         "timer=start"},
	        {"dialling", "open o; skip; dial A err=STATE; in SCCRP; ev UP; dial A; out OCRQ"},
	};
	(void)state;
	RUN(rows);
}

/* Shows: C-SCCRQ-06 C-ECHO-01 C-ECHO-03 T-15 */
static void test_control_established(void **state)
{
	static const script_row rows[] = {
	        {"second SCCRQ",
	         "up r; in SCCRQ; out SCCRP result_code=3 error_code=0; quiet; state ESTABLISHED"},
	        {"second SCCRQ, strict", "opt strict; up r; in SCCRQ; out SCCRP result_code=3; quiet;"
	                                 "state ESTABLISHED"},
	        {"second SCCRQ, of an older version",
	         "up r; in SCCRQ protocol_version=0; out SCCRP result_code=3 protocol_version=0x100; quiet;"
	         "state ESTABLISHED"},
	        {"second SCCRQ with reserved1, strict",
	         "opt strict; up r; in SCCRQ reserved1=1; out SCCRP result_code=3 error_code=0; quiet;"
	         "state ESTABLISHED"},
	        {"second SCCRP, a refusal",
	         "up o; in SCCRP result_code=4; quiet; state ESTABLISHED; count STATE 1"},
	        {"second SCCRP, another version",
	         "up o; in SCCRP protocol_version=0x200; quiet; state ESTABLISHED; count STATE 1;"
	         "info protocol_version=0x100"},
	        {"SCCRQ to an originator",
	         "up o; in SCCRQ; out SCCRP result_code=3; quiet; state ESTABLISHED"},
	        {"second SCCRP", "up o; in SCCRP; quiet; state ESTABLISHED; count STATE 1"},
	        {"second SCCRP, strict",
	         "opt strict; up o; in SCCRP; ev DOWN reason=PROTOCOL message_type=2"},
	        {"StopCCRP", "up r; in StopCCRP; quiet; state ESTABLISHED; count STATE 1"},
	        {"StopCCRP, strict", "opt strict; up r; in StopCCRP; ev DOWN reason=PROTOCOL message_type=4;"
	                             "received PROTOCOL"},
	        {"EchoRQ", "up r; in EchoRQ identifier=0; out EchoRP identifier=0 result_code=1 error_code=0;"
	                   "in EchoRQ identifier=0xFFFFFFFF; out EchoRP identifier=0xFFFFFFFF result_code=1;"
	                   "in EchoRQ identifier=0x1020304; out EchoRP identifier=0x1020304 reserved1=0"},
	        {"EchoRQ, originator, strict",
	         "opt strict; up o; in EchoRQ identifier=8; out EchoRP identifier=8"},
	        {"EchoRP for nothing",
	         "up r; in EchoRP identifier=3; quiet; state ESTABLISHED; count ECHO_MISMATCH 1"},
	        {"EchoRP for nothing, strict",
	         "opt strict; up r; in EchoRP identifier=3; quiet; state ESTABLISHED;"
	         "count ECHO_MISMATCH 1"},
	        {"end of file", "up r; eof; ev DOWN reason=EOF; state CLOSED_STATE"},
	        {"abort", "up r; abort TIMEOUT; ev DOWN reason=TIMEOUT; state CLOSED_STATE"},
	        {"abort with what is no reason",
	         "up r; abort -1 err=ARG; abort 0 err=ARG; abort -31 err=ARG;"
	         "abort -43 err=ARG; abort 5 err=ARG; quiet; state ESTABLISHED"},
	        {"counting", "up r; in EchoRQ; in EchoRQ; skip; count RX_MESSAGES 3; count TX_MESSAGES 3"},
	};
	(void)state;
	RUN(rows);
}

/* Shows: C-STOPRQ-01 C-STOPRQ-02 C-STOPRQ-03 C-STOPRP-01 A-35 A-50 T-10 */
static void test_control_stop(void **state)
{
	static const script_row rows[] = {
	        {"peer's, reason 1",
	         "up r; in StopCCRQ reason=1; out StopCCRP result_code=1 error_code=0;"
	         "ev DOWN reason=STOPPED result_code=1 message_type=3; state CLOSED_STATE"},
	        {"peer's, reason 2", "up o; in StopCCRQ reason=2; out StopCCRP result_code=1;"
	                             "ev DOWN reason=STOPPED result_code=2"},
	        {"peer's, reason 3", "opt strict; up o; in StopCCRQ reason=3; out StopCCRP result_code=1;"
	                             "ev DOWN reason=STOPPED result_code=3"},
	        {"peer's, unknown reason",
	         "opt strict; up r; in StopCCRQ reason=0; out StopCCRP result_code=1;"
	         "ev DOWN reason=STOPPED"},
	        {"peer's, unknown reason 255", "up r; in StopCCRQ reason=255; out StopCCRP result_code=1;"
	                                       "ev DOWN reason=STOPPED"},
	        {"ours",
	         "up r; close 3; out StopCCRQ reason=3 reserved1=0 reserved2=0; state WAIT_STOP_REPLY; quiet;"
	         "close 1 err=CLOSED; dial A err=CLOSED; in StopCCRP; ev DOWN reason=LOCAL;"
	         "state CLOSED_STATE"},
	        {"ours, reason 1", "up o; close 1; out StopCCRQ reason=1; in StopCCRP; ev DOWN reason=LOCAL"},
	        {"ours, refused", "up o; close 1; out StopCCRQ; in StopCCRP result_code=2 error_code=4;"
	                          "ev DOWN reason=LOCAL result_code=2 error_code=4"},
	        {"ours, undefined result",
	         "opt strict; up o; close 1; out StopCCRQ; in StopCCRP result_code=99;"
	         "ev DOWN reason=LOCAL"},
	        {"ours, no reply",
	         "up r; wait 30; close 1; out StopCCRQ; deadline 60; wait 59; quiet; wait 1;"
	         "ev DOWN reason=LOCAL timer=stop"},
	        {"ours, no reply, no timer",
	         "opt stop_timeout_us=0; up r; close 1; out StopCCRQ; deadline never;"
	         "wait 100000; quiet; abort SEND; ev DOWN reason=LOCAL"},
	        {"ours, end of file", "up r; close 1; out StopCCRQ; eof; ev DOWN reason=LOCAL timer=0"},
	        {"crossing", "up r; close 1; out StopCCRQ; in StopCCRQ reason=3; out StopCCRP result_code=1;"
	                     "ev DOWN reason=LOCAL"},
	        {"while we wait",
	         "up r; close 1; out StopCCRQ; in EchoRP; in OCRQ; in CCRQ; in WEN; in CDN; in SLI;"
	         "in OCRP; in ICRQ; quiet; state WAIT_STOP_REPLY; in StopCCRP;"
	         "ev DOWN reason=LOCAL"},
	        {"Start messages while we wait",
	         "up r; close 1; out StopCCRQ; in SCCRQ; in SCCRQ protocol_version=0; in SCCRQ reserved1=1; "
	         "in SCCRP;"
	         "in SCCRP protocol_version=0; in SCCRP result_code=4; quiet; state WAIT_STOP_REPLY; in "
	         "EchoRQ;"
	         "out EchoRP result_code=1; in StopCCRP; ev DOWN reason=LOCAL"},
	        {"while we wait, strict",
	         "opt strict; up r; close 1; out StopCCRQ; in EchoRP; in OCRQ; in CCRQ;"
	         "in WEN; in CDN; in SLI; in OCRP; in ICRQ; quiet; state WAIT_STOP_REPLY;"
	         "in StopCCRP; ev DOWN reason=LOCAL"},
	        {"nothing renews the wait", "up r; close 1; out StopCCRQ; wait 59; in EchoRQ; skip; wait 1;"
	                                    "ev DOWN reason=LOCAL timer=stop"},
	        {"malformed while we wait",
	         "up r; close 1; out StopCCRQ; raw 001000011A2B3C4E0005000000000001;"
	         "ev DOWN reason=LOCAL; received MALFORMED"},
	        {"garbage behind a stop is not looked at",
	         "up r; in StopCCRQ; out StopCCRP; ev DOWN reason=STOPPED; in EchoRQ; received CLOSED"},
	};
	(void)state;
	RUN(rows);
}

/* The last octets do not leave: they are waited for as long as for a reply to a stop. */
/* Shows: C-STOPRQ-03 K-05 */
static void test_control_closing(void **state)
{
	static const struct {
		const char *name;
		uint32_t type; /* what the peer says */
		pptp_err reason;
	} rows[] = {{"peer's stop", PPTP_STOPCCRQ, PPTP_ERR_STOPPED},
	            {"refused version", PPTP_SCCRQ, PPTP_ERR_VERSION},
	            {"call before the start", PPTP_OCRQ, PPTP_ERR_PROTOCOL}};
	size_t i, k;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		for (k = 0; k < link_modes_len; k++) {
			pptp_msg m = link_msg(rows[i].type);
			link_side side;
			const pptp_event *e;
			check_row("%s (%s)", rows[i].name, link_modes[k].name);
			memset(&side, 0, sizeof(side));
			link_open(&side, PPTP_RECEIVER, NULL, &link_modes[k], 0);
			if (rows[i].type == PPTP_STOPCCRQ)
				link_up(&side);
			if (rows[i].type == PPTP_SCCRQ)
				m.sccrq.protocol_version = 0;
			side.hold_tx = 1;
			link_feed_msg(&side, &m);
			CHECK_EQ(pptp_conn_deadline(side.conn), 60 * SECOND);
			link_wait(&side, 59 * SECOND);
			link_quiet(&side);
			link_wait(&side, SECOND);
			e = link_next_event(&side, PPTP_EV_DOWN);
			CHECK_EQ(e->reason, rows[i].reason);
			CHECK_EQ(e->timer, PPTP_TIMER_STOP);
			side.hold_tx = 0;
			link_pump(&side);
			link_quiet(&side); /* too late to send it */
			link_drop(&side);
		}
	}
}

/* Shows: K-01 K-02 K-05 C-ECHO-01 C-ECHO-02 C-ECHO-03 C-ECHO-04 */
static void test_control_keepalive(void **state)
{
	static const script_row rows[] = {
	        {"regular",
	         "up o; deadline 60; wait 59; quiet; wait 1; out EchoRQ identifier=$i; quiet; deadline 60;"
	         "wait 10; in EchoRP identifier=$i; quiet; deadline 60; wait 59; quiet; wait 1;"
	         "out EchoRQ identifier=$j; in EchoRP identifier=$j; wait 59; quiet"},
	        {"receiver, strict",
	         "opt strict; up r; wait 60; out EchoRQ identifier=$i; in EchoRP identifier=$i;"
	         "wait 59; quiet; wait 1; out EchoRQ"},
	        {"no answer", "up r; wait 60; out EchoRQ; wait 59; quiet; wait 1;"
	                      "ev DOWN reason=TIMEOUT timer=echo; state CLOSED_STATE; deadline never"},
	        {"every message counts as life",
	         "up r; wait 50; in EchoRQ; out EchoRP; wait 59; quiet; in SCCRQ; out SCCRP; wait 59; quiet;"
	         "in WEN; wait 59; quiet; in SLI peer_call_id=9; wait 59; quiet; wait 1; out EchoRQ"},
	        {"times", "opt idle_timeout_us=5000000 echo_timeout_us=2000000; up r; wait 4; quiet; wait 1; "
	                  "out EchoRQ;"
	                  "wait 1; quiet; wait 1; ev DOWN reason=TIMEOUT timer=echo"},
	        {"no keepalive", "opt idle_timeout_us=0; up r; deadline never; wait 1000000; quiet"},
	        {"any time for an answer", "opt echo_timeout_us=0; up r; wait 60; out EchoRQ identifier=$i;"
	                                   "wait 100000; skip; state ESTABLISHED"},
	        {"wrong identifier",
	         "up r; wait 60; out EchoRQ identifier=$i; in EchoRP identifier=0x55555555;"
	         "count ECHO_MISMATCH 1; wait 59; quiet; wait 1; out EchoRQ"},
	        {"wrong identifier, strict",
	         "opt strict; up r; wait 60; out EchoRQ identifier=$i; wait 10;"
	         "in EchoRP identifier=0x55555555; count ECHO_MISMATCH 1; wait 49;"
	         "quiet; wait 1; ev DOWN reason=TIMEOUT timer=echo"},
	        {"right one behind a wrong one, strict",
	         "opt strict; up r; wait 60; out EchoRQ identifier=$i; in EchoRP identifier=0x55555555;"
	         "in EchoRP identifier=$i; wait 59; quiet; wait 1; out EchoRQ"},
	        {"general error",
	         "up r; wait 60; out EchoRQ identifier=$i;"
	         "in EchoRP identifier=$i result_code=2 error_code=1; count ECHO_MISMATCH 1; wait 59;"
	         "quiet; wait 1; out EchoRQ"},
	        {"general error, strict",
	         "opt strict; up r; wait 60; out EchoRQ identifier=$i;"
	         "in EchoRP identifier=$i result_code=2; count ECHO_MISMATCH 1; wait 59;"
	         "quiet; wait 1; ev DOWN reason=TIMEOUT timer=echo"},
	        {"the peer's echo while ours is out",
	         "up r; wait 60; out EchoRQ identifier=$i; in EchoRQ identifier=4;"
	         "out EchoRP identifier=4; in EchoRP identifier=$i; wait 59;"
	         "quiet"},
	};
	(void)state;
	RUN(rows);
}

/* The round trip of the newest Echo-Request that its own reply answered. */
/* Shows: C-ECHO-02 C-ECHO-03 */
static void test_control_round_trip(void **state)
{
	static const script_row rows[] = {
	        {"none yet", "up r; info echo_rtt_us=0; wait 60; out EchoRQ; info echo_rtt_us=0"},
	        {"three seconds", "up r; wait 60; out EchoRQ identifier=$i; wait 3; in EchoRP identifier=$i;"
	                          "info echo_rtt_us=3000000"},
	        {"the newest holds",
	         "opt strict; up o; wait 60; out EchoRQ identifier=$i; wait 3; in EchoRP identifier=$i; wait "
	         "60;"
	         "out EchoRQ identifier=$j; info echo_rtt_us=3000000; wait 1; in EchoRP identifier=$j;"
	         "info echo_rtt_us=1000000; wait 59; quiet; wait 1; skip; wait 5; info echo_rtt_us=1000000"},
	        {"at once is no time", "up r; wait 60; out EchoRQ identifier=$i; in EchoRP identifier=$i;"
	                               "info echo_rtt_us=0"},
	        {"the wrong reply is not measured",
	         "up r; wait 60; out EchoRQ identifier=$i; wait 3; in EchoRP identifier=0x55555555;"
	         "count ECHO_MISMATCH 1; info echo_rtt_us=0"},
	        {"the right one behind a wrong one, strict",
	         "opt strict; up r; wait 60; out EchoRQ identifier=$i; wait 3; in EchoRP "
	         "identifier=0x55555555;"
	         "info echo_rtt_us=0; wait 4; in EchoRP identifier=$i; info echo_rtt_us=7000000"},
	        {"a reply that came twice", "up r; wait 60; out EchoRQ identifier=$i; wait 2;"
	                                    "in EchoRP identifier=$i; wait 9; in EchoRP identifier=$i;"
	                                    "info echo_rtt_us=2000000; count ECHO_MISMATCH 1"},
	        {"the peer's echoes are not ours",
	         "up r; wait 60; out EchoRQ; wait 2; in EchoRQ; out EchoRP; info echo_rtt_us=0"},
	        {"after the end",
	         "up r; wait 60; out EchoRQ identifier=$i; wait 2; in EchoRP identifier=$i; eof;"
	         "ev DOWN; info echo_rtt_us=2000000"},
	};
	(void)state;
	RUN(rows);
}

/* Reserved fields and messages of the future: refused where there is a reply in the strict profile, else
 * counted. */
/* Shows: A-08 A-09 T-06 */
static void test_control_tolerance(void **state)
{
	static const script_row rows[] = {
	        {"SCCRQ with reserved1",
	         "open r; in SCCRQ reserved1=1; out SCCRP result_code=1; ev UP; count RESERVED 1"},
	        {"SCCRQ with reserved1, strict",
	         "opt strict; open r; in SCCRQ reserved1=1; out SCCRP result_code=2 error_code=3;"
	         "ev DOWN reason=REFUSED result_code=2 error_code=3 message_type=1; count RESERVED 1"},
	        {"SCCRP with reserved0", "open o; skip; in SCCRP reserved0=7; ev UP; count RESERVED 1"},
	        {"last octet of a stop's reserved fields",
	         "up r; in StopCCRQ reserved2=1; skip; count RESERVED 1"},
	        {"management", "up r; raw 001000021A2B3C4D0005000000000001; quiet; count MANAGEMENT 1; in "
	                       "EchoRQ; out EchoRP"},
	        {"unknown type",
	         "up r; raw 000C00011A2B3C4D00630000; quiet; count UNKNOWN_TYPE 1; in EchoRQ; out EchoRP"},
	        {"longer", "up r; raw 001400011A2B3C4D000500000000000100000000; out EchoRP identifier=1; "
	                   "count LONGER 1"},
	        {"version, originator",
	         "open o; skip; in SCCRP protocol_version=0x200; out StopCCRQ; in StopCCRP;"
	         "ev DOWN reason=VERSION field=12 value=0x200"},
	};
	(void)state;
	RUN(rows);
}

/* Shows: T-08 T-09 T-14 T-15 */
static void test_control_malformed(void **state)
{
	static const script_row rows[] = {
	        {"cookie", "up r; raw 001000011A2B3C4E0005000000000001;"
	                   "ev DOWN reason=MALFORMED field=4 value=0x1A2B3C4E; received MALFORMED;"
	                   "state CLOSED_STATE; in EchoRQ; received CLOSED"},
	        {"cookie behind a message",
	         "up r; raw 001000011A2B3C4D0005000000000001 001000011A2B3C4E00050000;"
	         "received MALFORMED; state CLOSED_STATE; skip"},
	        {"no hunt for the next cookie", "up r; raw FF 001000011A2B3C4D0005000000000001; ev DOWN "
	                                        "reason=MALFORMED field=0 value=0xFF00"},
	        {"length 65535", "up r; raw FFFF; ev DOWN reason=MALFORMED field=0 value=0xFFFF"},
	        {"length 0", "open r; raw 0000; ev DOWN reason=MALFORMED field=0 value=0"},
	        {"HTTP", "open r; raw 474554202F; ev DOWN reason=MALFORMED field=0 value=0x4745"},
	        {"before the reply", "open o; skip; raw FFFF; ev DOWN reason=MALFORMED; received MALFORMED"},
	        {"half a message is none",
	         "up r; raw 001000011A2B3C4D000500; quiet; state ESTABLISHED; wait 59; quiet;"
	         "raw 0000000001; out EchoRP identifier=1"},
	        {"half a message, then the end", "up r; raw 001000011A2B3C4D000500; eof; ev DOWN reason=EOF"},
	};
	(void)state;
	RUN(rows);
}

/* One side of each role, joined: they understand one another. */
/* Shows: T-03 C-ECHO-01 C-STOPRQ-03 K-01 */
static void test_control_joined(void **state)
{
	size_t i, k;
	(void)state;
	for (i = 0; i < link_modes_len; i++) {
		for (k = 0; k < link_modes_len; k++) {
			pptp_config_options strict = link_options(1);
			link_side a, b;
			uint32_t n;
			check_row("%s and %s", link_modes[i].name, link_modes[k].name);
			memset(&a, 0, sizeof(a));
			memset(&b, 0, sizeof(b));
			link_open(&a, PPTP_ORIGINATOR, &strict, &link_modes[i], 77);
			link_open(&b, PPTP_RECEIVER, &strict, &link_modes[k], 77);
			link_join(&a, &b);
			link_next_event(&a, PPTP_EV_UP);
			link_next_event(&b, PPTP_EV_UP);
			for (n = 0; n < 1000; n++) {
				link_wait(&a, 7 * SECOND);
				link_wait(&b, 7 * SECOND);
				link_join(&a, &b);
			}
			CHECK(pptp_conn_count(a.conn, PPTP_COUNT_TX_MESSAGES) > 50);
			CHECK_EQ(pptp_conn_count(a.conn, PPTP_COUNT_RX_MESSAGES),
			         pptp_conn_count(b.conn, PPTP_COUNT_TX_MESSAGES));
			CHECK_EQ(a.traced_sent, pptp_conn_count(a.conn, PPTP_COUNT_TX_MESSAGES));
			CHECK_EQ(a.traced_received, pptp_conn_count(a.conn, PPTP_COUNT_RX_MESSAGES));
			CHECK_EQ(pptp_conn_close(k % 2 ? a.conn : b.conn, PPTP_STOP_NONE, a.now), PPTP_OK);
			link_join(&a, &b);
			CHECK_EQ(link_next_event(&a, PPTP_EV_DOWN)->reason,
			         k % 2 ? PPTP_ERR_LOCAL : PPTP_ERR_STOPPED);
			CHECK_EQ(link_next_event(&b, PPTP_EV_DOWN)->reason,
			         k % 2 ? PPTP_ERR_STOPPED : PPTP_ERR_LOCAL);
			CHECK(pptp_conn_want(a.conn) & PPTP_FINISHED);
			CHECK(pptp_conn_want(b.conn) & PPTP_FINISHED);
			link_drop(&a);
			link_drop(&b);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_control_establish),
	        cmocka_unit_test(test_control_names),
	        cmocka_unit_test(test_control_version),
	        cmocka_unit_test(test_control_refused),
	        cmocka_unit_test(test_control_before_established),
	        cmocka_unit_test(test_control_established),
	        cmocka_unit_test(test_control_stop),
	        cmocka_unit_test(test_control_closing),
	        cmocka_unit_test(test_control_keepalive),
	        cmocka_unit_test(test_control_round_trip),
	        cmocka_unit_test(test_control_tolerance),
	        cmocka_unit_test(test_control_malformed),
	        cmocka_unit_test(test_control_joined),
	};
	return cmocka_run_group_tests_name("conn_control", tests, NULL, NULL);
}
