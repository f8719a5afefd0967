/* conn: incoming calls (RFC 2637 3.2.3) of which we are the PNS. */
#include "script.h"

#define RUN(rows) script_run(rows, LEN(rows))

/* The peer's call. Its Call ID is 77. */
#define TAKE    "opt take_calls=2 max_calls=4; up r;"
#define STRICT  "opt strict take_calls=2 max_calls=4; up r;"
#define CALLED  "in ICRQ call_id=77; ev CALL_OFFERED call=$A local_call_id=$a;"
#define WAITING CALLED "accept A; out ICRP call_id=$a peer_call_id=77 result_code=1;"
#define IN_CALL WAITING "in ICCN peer_call_id=$a; ev CALL_UP call=$A;"

/* Shows: C-ICRP-02 C-ICRP-04 C-ICCN-01 C-ICCN-02 I-05 I-06 T-06 A-04 A-06 A-09 A-15 R-05 */
static void test_incoming_pns(void **state)
{
	static const script_row rows[] = {
	        {"numbers",
	         "opt take_calls=3; up r;"
	         "in ICRQ call_id=77 call_serial_number=9 call_bearer_type=1 physical_channel_id=0xCAFE "
	         "dialed_number_length=3 dialing_number_length=4;"
	         "ev CALL_OFFERED call=$A local_call_id=$p peer_call_id=77 bearer_type=1 "
	         "physical_channel_id=0xCAFE reason=0 message_type=9 msg_len=220; quiet; call A OFFERED;"
	         "info calls=1 offered_calls=1;"
	         "cinfo A role=2 direction=2 reason=0 peer_call_id=77 call_serial_number=9 bearer_type=1 "
	         "physical_channel_id=0xCAFE send_accm=0xFFFFFFFF recv_accm=0xFFFFFFFF;"
	         "accept A local_call_id=0x4321 packet_recv_window_size=5 packet_processing_delay=6;"
	         "out ICRP length=24 call_id=0x4321 peer_call_id=77 result_code=1 error_code=0 "
	         "packet_recv_window_size=5 packet_transmit_delay=6 reserved0=0 reserved1=0; quiet;"
	         "call A WAIT_CONNECT; info calls=1 offered_calls=0;"
	         "cinfo A role=2 direction=2 local_call_id=0x4321 recv_window=5;"
	         "channel A local_call_id=0x4321 peer_call_id=77 recv_window=5;"
	         "in ICCN peer_call_id=0x4321 connect_speed=33600 packet_recv_window_size=7 "
	         "packet_transmit_delay=8 framing_type=1;"
	         "ev CALL_UP call=$A local_call_id=0x4321 peer_call_id=77 peer_recv_window=7 peer_delay=8 "
	         "connect_speed=33600 framing_type=1 reason=0 message_type=11 msg_len=28; quiet;"
	         "call A CALL_ESTABLISHED;"
	         "cinfo A role=2 direction=2 peer_recv_window=7 peer_delay=8 connect_speed=33600 "
	         "framing_type=1;"
	         "channel A local_call_id=0x4321 peer_call_id=77 recv_window=5 peer_recv_window=7 "
	         "peer_delay=8"},
	        {"defaults", STRICT "in ICRQ call_id=77; ev CALL_OFFERED call=$A local_call_id=$p; accept A;"
	                            "out ICRP call_id=$p packet_recv_window_size=64 packet_transmit_delay=0;"
	                            "in ICCN peer_call_id=$p packet_recv_window_size=0 connect_speed=0;"
	                            "ev CALL_UP peer_recv_window=0 connect_speed=0 framing_type=2"},
	        {"by the originator", "opt strict take_calls=2; up o;" IN_CALL "quiet"},
	        {"Call ID 0 at the peer",
	         STRICT "in ICRQ call_id=0; ev CALL_OFFERED call=$A peer_call_id=0 local_call_id=$p;"
	                "accept A; out ICRP call_id=$p peer_call_id=0; in ICCN peer_call_id=$p;"
	                "ev CALL_UP peer_call_id=0; channel A peer_call_id=0; clear A 3 0 0;"
	                "out CCRQ call_id=$p; in CDN call_id=0 result_code=4;"
	                "ev CALL_DOWN call=$A reason=LOCAL"},
	        {"answered late",
	         "opt take_calls=2 idle_timeout_us=0; up r;" CALLED "wait 119; quiet; accept A; out ICRP;"
	         "deadline 60; wait 59; quiet; in ICCN peer_call_id=$a; ev CALL_UP call=$A; deadline never"},
	        {"answered twice", TAKE WAITING "accept A err=STATE; reject A 3 0 0 err=STATE;"
	                                        "connected A err=STATE; quiet; call A WAIT_CONNECT"},
	        {"our id in use", TAKE "offer B local_call_id=9; out ICRQ;" CALLED
	                               "accept A local_call_id=9 err=ARG; quiet; call A OFFERED;"
	                               "accept A local_call_id=10; out ICRP call_id=10"},
	        {"a provisional id makes way for one that is asked for",
	         TAKE CALLED "dial B local_call_id=$a; out OCRQ call_id=$a; accept A; out ICRP call_id=$n;"
	                     "in OCRP call_id=5 peer_call_id=$a; ev CALL_UP call=$B;"
	                     "in ICCN peer_call_id=$n; ev CALL_UP call=$A local_call_id=$n"},
	        {"framing 0", STRICT WAITING "in ICCN peer_call_id=$a framing_type=0;"
	                                     "ev CALL_UP framing_type=2; count BAD_VALUE 1"},
	        {"framing 3", TAKE WAITING "in ICCN peer_call_id=$a framing_type=3;"
	                                   "ev CALL_UP framing_type=2; count BAD_VALUE 1"},
	        {"ICCN with reserved1", STRICT WAITING "in ICCN peer_call_id=$a reserved1=1; ev CALL_UP;"
	                                               "count RESERVED 1"},
	        {"ICCN with the id of the PAC",
	         STRICT WAITING "in ICCN peer_call_id=77; quiet; call A WAIT_CONNECT; count UNKNOWN_CALL 1"},
	        {"ICCN before the reply",
	         TAKE CALLED "in ICCN peer_call_id=$a; quiet; call A OFFERED; state ESTABLISHED"},
	        {"ICCN again",
	         TAKE IN_CALL "in ICCN peer_call_id=$a packet_recv_window_size=9 framing_type=1; quiet;"
	                      "count STATE 1; call A CALL_ESTABLISHED; cinfo A framing_type=2"},
	        {"WEN", STRICT IN_CALL "in WEN peer_call_id=$a crc_errors=5; ev CALL_WAN_ERROR call=$A "
	                               "message_type=14 msg_len=40; quiet"},
	        {"WEN before the line is answered",
	         TAKE WAITING "in WEN peer_call_id=$a; quiet; count STATE 1; call A WAIT_CONNECT"},
	        {"WEN before the line is answered, strict",
	         STRICT WAITING "in WEN peer_call_id=$a; ev CALL_DOWN reason=PROTOCOL;"
	                        "ev DOWN reason=PROTOCOL message_type=14"},
	        {"SLI from the wrong end",
	         TAKE IN_CALL "in SLI peer_call_id=$a; quiet; count ROLE 1; call A CALL_ESTABLISHED"},
	        {"SLI from the wrong end, strict",
	         STRICT IN_CALL "in SLI peer_call_id=$a; ev CALL_DOWN reason=PROTOCOL;"
	                        "ev DOWN reason=PROTOCOL"},
	        {"ICRP from the wrong end",
	         TAKE IN_CALL "in ICRP call_id=5 peer_call_id=$a; quiet; count ROLE 1;"
	                      "call A CALL_ESTABLISHED"},
	        {"ICRP from the wrong end, strict",
	         STRICT WAITING "in ICRP call_id=5 peer_call_id=$a; ev CALL_DOWN reason=PROTOCOL;"
	                        "ev DOWN reason=PROTOCOL message_type=10"},
	};
	(void)state;
	RUN(rows);
}

/* Requests that are not taken, and values that they should not have. */
/* Shows: C-ICRP-01 C-ICRP-03 E-01 A-09 I-01 X-05 */
static void test_incoming_pns_refuses(void **state)
{
	static const script_row rows[] = {
	        {"rejected", STRICT CALLED "reject A 3 0 0; out ICRP call_id=0 peer_call_id=77 result_code=3 "
	                                   "error_code=0 reserved1=0; ev CALL_DOWN call=$A reason=REFUSED;"
	                                   "calls 0; quiet; accept A err=STALE"},
	        {"rejected with an error", TAKE CALLED "reject A 2 4 0; out ICRP result_code=2 error_code=4;"
	                                               "ev CALL_DOWN call=$A reason=REFUSED"},
	        {"rejected with nonsense",
	         TAKE CALLED "reject A 1 0 0 err=ARG; reject A 0 0 0 err=ARG; reject A 4 0 0 err=ARG;"
	                     "reject A 7 0 0 err=ARG; reject A 3 4 0 err=ARG; quiet; call A OFFERED"},
	        {"cleared instead of answered",
	         TAKE CALLED "clear A 3 0 0; out ICRP call_id=0 peer_call_id=77 result_code=3 error_code=0;"
	                     "ev CALL_DOWN call=$A reason=LOCAL; quiet; calls 0"},
	        {"not taken", "opt take_calls=1; up r; in ICRQ call_id=77;"
	                      "out ICRP call_id=0 peer_call_id=77 result_code=3 error_code=0; quiet;"
	                      "count NOT_TAKEN 1; calls 0"},
	        {"outgoing calls not taken", "opt strict take_calls=2; up r; in OCRQ call_id=77;"
	                                     "out OCRP call_id=0 peer_call_id=77 result_code=7; quiet;"
	                                     "count NOT_TAKEN 1;" CALLED},
	        {"no slot", "opt take_calls=2; up r;" CALLED "in ICRQ call_id=78;"
	                    "out ICRP call_id=0 peer_call_id=78 result_code=2 error_code=4; quiet;"
	                    "count NO_RESOURCE 1; call A OFFERED"},
	        {"no slots", "opt strict take_calls=2 max_calls=0; up r; in ICRQ call_id=78;"
	                     "out ICRP call_id=0 peer_call_id=78 result_code=2 error_code=4"},
	        {"too many not answered",
	         "opt take_calls=3 max_calls=5 max_offered=2; up r;"
	         "in ICRQ call_id=1; ev CALL_OFFERED call=$A; in OCRQ call_id=2; ev CALL_OFFERED call=$B;"
	         "info offered_calls=2;"
	         "in ICRQ call_id=3; out ICRP call_id=0 peer_call_id=3 result_code=2 error_code=4;"
	         "in OCRQ call_id=4; out OCRP call_id=0 peer_call_id=4 result_code=2 error_code=4; quiet;"
	         "count HALF_OPEN 2; count NO_RESOURCE 0; accept A; out ICRP; info offered_calls=1;"
	         "in ICRQ call_id=3; ev CALL_OFFERED call=$C; in ICRQ call_id=5; out ICRP result_code=2;"
	         "reject C 3 0 0; out ICRP result_code=3; ev CALL_DOWN call=$C;"
	         "in ICRQ call_id=5; ev CALL_OFFERED call=$D; in CDN call_id=5; ev CALL_DOWN call=$D;"
	         "in ICRQ call_id=6; ev CALL_OFFERED; in ICRQ call_id=7; out ICRP result_code=2;"
	         "count HALF_OPEN 4"},
	        {"our own calls are not counted as offered",
	         "opt take_calls=3 max_calls=5 max_offered=1; up r; dial B; out OCRQ; offer C; out ICRQ;"
	         "info offered_calls=0 calls=2;" CALLED},
	        {"time makes room",
	         "opt take_calls=2 max_calls=5 max_offered=1 idle_timeout_us=0; up r;" CALLED
	         "in ICRQ call_id=78; out ICRP result_code=2 error_code=4; wait 120;"
	         "out ICRP peer_call_id=77 result_code=2 error_code=4;"
	         "ev CALL_DOWN call=$A reason=TIMEOUT timer=answer; info offered_calls=0;"
	         "in ICRQ call_id=78; ev CALL_OFFERED"},
	        {"id in use, offered",
	         TAKE CALLED "in ICRQ call_id=77; out ICRP call_id=0 peer_call_id=77 result_code=2 "
	                     "error_code=5; quiet; count BAD_CALL_ID 1; call A OFFERED"},
	        {"id in use, line not answered yet",
	         STRICT WAITING "in ICRQ call_id=77; out ICRP call_id=0 result_code=2 error_code=5; quiet;"
	                        "call A WAIT_CONNECT; in ICCN peer_call_id=$a; ev CALL_UP call=$A"},
	        {"id in use, up", STRICT IN_CALL "in ICRQ call_id=77; out ICRP result_code=2 error_code=5;"
	                                         "quiet; call A CALL_ESTABLISHED"},
	        {"id in use, being cleared",
	         STRICT IN_CALL "clear A 3 0 0; out CCRQ; in ICRQ call_id=77;"
	                        "out ICRP result_code=2 error_code=5; quiet; call A WAIT_DISCONNECT"},
	        {"id in use and no slot",
	         "opt take_calls=2; up r;" CALLED "in ICRQ call_id=77; out ICRP result_code=2 error_code=5"},
	        {"id in use by the peer's outgoing call",
	         "opt take_calls=3 max_calls=3; up r; in OCRQ call_id=77; ev CALL_OFFERED call=$A;"
	         "in ICRQ call_id=77; out ICRP result_code=2 error_code=5; quiet; call A OFFERED"},
	        {"id of an incoming call in an OCRQ",
	         "opt take_calls=3 max_calls=3; up r;" CALLED "in OCRQ call_id=77;"
	         "out OCRP call_id=0 peer_call_id=77 result_code=2 error_code=5; quiet; call A OFFERED"},
	        {"id in use by the PAC of our call",
	         "opt take_calls=2 max_calls=3; up r; dial B; out OCRQ call_id=$b;"
	         "in OCRP call_id=77 peer_call_id=$b; ev CALL_UP; in ICRQ call_id=77;"
	         "out ICRP result_code=2 error_code=5; quiet; call B CALL_ESTABLISHED"},
	        {"id free again",
	         STRICT IN_CALL "in CDN call_id=77; ev CALL_DOWN call=$A; in ICRQ call_id=77;"
	                        "ev CALL_OFFERED call=$B; accept B; out ICRP call_id=$b;"
	                        "in ICCN peer_call_id=$b; ev CALL_UP call=$B"},
	        {"bearer 0",
	         TAKE "in ICRQ call_bearer_type=0; ev CALL_OFFERED bearer_type=3; count BAD_VALUE 1"},
	        {"bearer 3", TAKE "in ICRQ call_bearer_type=3; ev CALL_OFFERED; count BAD_VALUE 1"},
	        {"bearer 3, strict", STRICT "in ICRQ call_id=8 call_bearer_type=3;"
	                                    "out ICRP call_id=0 peer_call_id=8 result_code=2 error_code=3;"
	                                    "quiet; calls 0; count BAD_VALUE 1"},
	        {"bearer 0, strict",
	         STRICT "in ICRQ call_bearer_type=0; out ICRP result_code=2 error_code=3"},
	        {"bearer of all ones, strict",
	         STRICT "in ICRQ call_bearer_type=0xFFFFFFFF; out ICRP result_code=2 error_code=3"},
	        {"bearers, strict",
	         STRICT "in ICRQ call_id=1 call_bearer_type=1; ev CALL_OFFERED bearer_type=1;"
	                "in ICRQ call_id=2 call_bearer_type=2; ev CALL_OFFERED bearer_type=2"},
	        {"dialed number of 65", TAKE "in ICRQ dialed_number_length=65; ev CALL_OFFERED;"
	                                     "count BAD_VALUE 1"},
	        {"dialing number of 65535", TAKE "in ICRQ dialing_number_length=65535; ev CALL_OFFERED;"
	                                         "count BAD_VALUE 1"},
	        {"dialed number of 65, strict",
	         STRICT "in ICRQ dialed_number_length=65; out ICRP result_code=2 error_code=3; quiet"},
	        {"dialing number of 65535, strict",
	         STRICT "in ICRQ dialing_number_length=65535; out ICRP result_code=2 error_code=3; quiet"},
	        {"numbers of 64, strict",
	         STRICT "in ICRQ dialed_number_length=64 dialing_number_length=64; ev CALL_OFFERED;"
	                "count BAD_VALUE 0"},
	        {"reserved0", TAKE "in ICRQ reserved0=0x8000; ev CALL_OFFERED; count RESERVED 1"},
	        {"reserved0, strict", STRICT "in ICRQ call_id=8 reserved0=1;"
	                                     "out ICRP call_id=0 peer_call_id=8 result_code=2 error_code=3;"
	                                     "quiet; count RESERVED 1"},
	};
	(void)state;
	RUN(rows);
}

/* Shows: C-CCRQ-01 C-CDN-02 C-CDN-03 C-CDN-04 A-02 A-03 A-34 K-04 H-03 S-CALL-02 */
static void test_incoming_pns_ends(void **state)
{
	static const script_row rows[] = {
	        {"nobody answers",
	         "opt take_calls=2 idle_timeout_us=0; up r;" CALLED "deadline 120; wait 119; quiet; wait 1;"
	         "out ICRP call_id=0 peer_call_id=77 result_code=2 error_code=4;"
	         "ev CALL_DOWN call=$A reason=TIMEOUT timer=answer; quiet; calls 0; state ESTABLISHED;"
	         "accept A err=STALE"},
	        {"nobody answers, strict",
	         "opt strict take_calls=2 idle_timeout_us=0; up r;" CALLED "wait 120;"
	         "out ICRP result_code=2 error_code=4; ev CALL_DOWN reason=TIMEOUT timer=answer; quiet;"
	         "state ESTABLISHED"},
	        {"nobody answers, no timer",
	         "opt take_calls=2 idle_timeout_us=0 answer_timeout_us=0; up r;" CALLED "deadline never;"
	         "wait 100000; quiet; accept A; out ICRP result_code=1"},
	        {"the caller hangs up before the answer", STRICT CALLED
	         "in CDN call_id=77 result_code=1 cause_code=16; ev CALL_DOWN call=$A "
	         "reason=PEER result_code=1 cause_code=16 message_type=13 msg_len=148;"
	         "calls 0; accept A err=STALE; reject A 3 0 0 err=STALE; clear A 3 0 0 err=STALE;"
	         "quiet"},
	        {"the caller hangs up before the line is answered",
	         STRICT WAITING "in CDN call_id=77 result_code=1; ev CALL_DOWN call=$A reason=PEER "
	                        "result_code=1; calls 0; in ICCN peer_call_id=$a; quiet;"
	                        "count UNKNOWN_CALL 1; state ESTABLISHED"},
	        {"the PAC ends the call",
	         STRICT IN_CALL "in CDN call_id=77 result_code=2 error_code=6 cause_code=41;"
	                        "ev CALL_DOWN call=$A reason=PEER result_code=2 error_code=6 cause_code=41 "
	                        "local_call_id=$a peer_call_id=77; calls 0; quiet"},
	        {"CDN with result 0",
	         STRICT IN_CALL "in CDN call_id=77 result_code=0; ev CALL_DOWN reason=PEER result_code=0"},
	        {"CDN with our id",
	         TAKE IN_CALL "in CDN call_id=$a; ev CALL_DOWN call=$A reason=PEER; count CDN_CALL_ID 1"},
	        {"CDN with our id, strict",
	         STRICT IN_CALL "in CDN call_id=$a; quiet; call A CALL_ESTABLISHED; count UNKNOWN_CALL 1"},
	        {"CDN of nobody",
	         STRICT CALLED "in CDN call_id=78; quiet; call A OFFERED; count UNKNOWN_CALL 1"},
	        {"CDN with our id goes to a call that waits for one first",
	         "opt take_calls=2 max_calls=3; up r; dial B local_call_id=500; out OCRQ;" IN_CALL
	         "clear B 3 0 0; out CCRQ call_id=500; in CDN call_id=77; ev CALL_DOWN call=$A reason=PEER;"
	         "in CDN call_id=9; ev CALL_DOWN call=$B reason=LOCAL"},
	        {"cleared before the line is answered", STRICT WAITING
	         "clear A 3 0 0; out CCRQ call_id=$a reserved1=0; quiet; call A WAIT_DISCONNECT;"
	         "cinfo A reason=LOCAL role=2 direction=2; clear A 3 0 0; quiet;"
	         "in CDN call_id=77 result_code=4 cause_code=16;"
	         "ev CALL_DOWN call=$A reason=LOCAL result_code=4 cause_code=16 timer=0;"
	         "calls 0"},
	        {"cleared, crossing the ICCN",
	         STRICT WAITING "clear A 3 0 0; out CCRQ; in ICCN peer_call_id=$a; quiet;"
	                        "call A WAIT_DISCONNECT; in WEN peer_call_id=$a; quiet;"
	                        "in CDN call_id=77 result_code=4; ev CALL_DOWN call=$A reason=LOCAL;"
	                        "count STATE 0"},
	        {"cleared, crossing the PAC's CDN",
	         STRICT IN_CALL "clear A 3 0 0; out CCRQ; in CDN call_id=77 result_code=1;"
	                        "ev CALL_DOWN call=$A reason=LOCAL result_code=1; quiet; calls 0"},
	        {"cleared in the call",
	         STRICT IN_CALL "clear A 3 0 0; out CCRQ call_id=$a; deadline 60; in CDN call_id=77;"
	                        "ev CALL_DOWN call=$A reason=LOCAL; calls 0"},
	        {"cleared, no notify",
	         "opt take_calls=2 idle_timeout_us=0; up r;" IN_CALL
	         "clear A 3 0 0; out CCRQ; wait 59; quiet;"
	         "wait 1; ev CALL_DOWN call=$A reason=LOCAL timer=clear; quiet; state ESTABLISHED; calls 0;"
	         "in CDN call_id=77; quiet; count UNKNOWN_CALL 1"},
	        {"cleared, no notify, strict", "opt strict take_calls=2 idle_timeout_us=0; up r;" WAITING
	                                       "clear A 3 0 0; out CCRQ; wait 59;"
	                                       "quiet; wait 1; ev CALL_DOWN call=$A reason=LOCAL timer=clear;"
	                                       "ev DOWN reason=TIMEOUT timer=clear"},
	        {"the line is never answered",
	         "opt take_calls=2 idle_timeout_us=0; up r;" CALLED
	         "wait 30; accept A; out ICRP; deadline 60;"
	         "wait 59; quiet; wait 1; out CCRQ call_id=$a; quiet; call A WAIT_DISCONNECT;"
	         "in CDN call_id=77 result_code=4; ev CALL_DOWN call=$A reason=TIMEOUT timer=connect;"
	         "state ESTABLISHED"},
	        {"the line is never answered, silence",
	         "opt take_calls=2 idle_timeout_us=0; up r;" WAITING
	         "wait 60; out CCRQ; wait 59; quiet; wait 1;"
	         "ev CALL_DOWN call=$A reason=TIMEOUT timer=connect; state ESTABLISHED"},
	        {"the line is answered too late",
	         "opt take_calls=2 idle_timeout_us=0; up r;" WAITING "wait 60; out CCRQ;"
	         "in ICCN peer_call_id=$a; quiet; call A WAIT_DISCONNECT; in CDN call_id=77 result_code=4;"
	         "ev CALL_DOWN call=$A reason=TIMEOUT timer=connect; quiet"},
	        {"the line is never answered, no timer",
	         "opt take_calls=2 idle_timeout_us=0 connect_timeout_us=0; up r;" WAITING "deadline never;"
	         "wait 100000; quiet; in ICCN peer_call_id=$a; ev CALL_UP"},
	        {"CCRQ from a server that knows only one role",
	         TAKE IN_CALL "in CCRQ call_id=77; out CDN call_id=$a result_code=4;"
	                      "ev CALL_DOWN call=$A reason=PEER message_type=12; count ROLE 1; calls 0;"
	                      "state ESTABLISHED"},
	        {"CCRQ to the PNS before our answer",
	         TAKE CALLED "in CCRQ call_id=77; out CDN call_id=$a result_code=4;"
	                     "ev CALL_DOWN call=$A reason=PEER; count ROLE 1; calls 0; accept A err=STALE"},
	        {"CCRQ to the PNS that is clearing",
	         TAKE IN_CALL "clear A 3 0 0; out CCRQ; in CCRQ call_id=77; out CDN call_id=$a result_code=4;"
	                      "ev CALL_DOWN call=$A reason=LOCAL; count ROLE 1; calls 0; quiet"},
	        {"CCRQ to the PNS before the line is answered",
	         TAKE WAITING "in CCRQ call_id=77; out CDN call_id=$a result_code=4;"
	                      "ev CALL_DOWN call=$A reason=PEER; count ROLE 1; calls 0"},
	        {"CCRQ to the PNS, strict",
	         STRICT IN_CALL "in CCRQ call_id=77; ev CALL_DOWN reason=PROTOCOL;"
	                        "ev DOWN reason=PROTOCOL message_type=12; count ROLE 1"},
	        {"the peer stops", STRICT WAITING "in StopCCRQ; out StopCCRP; ev CALL_DOWN call=$A "
	                                          "reason=STOPPED; ev DOWN reason=STOPPED"},
	        {"we stop", STRICT CALLED "close 1; out StopCCRQ; ev CALL_DOWN call=$A reason=LOCAL;"
	                                  "accept A err=STALE; in CDN call_id=77; quiet; in StopCCRP;"
	                                  "ev DOWN reason=LOCAL"},
	};
	(void)state;
	RUN(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_incoming_pns),
	        cmocka_unit_test(test_incoming_pns_refuses),
	        cmocka_unit_test(test_incoming_pns_ends),
	};
	return cmocka_run_group_tests_name("conn_incoming_pns", tests, NULL, NULL);
}
