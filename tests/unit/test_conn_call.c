/* conn: calls (RFC 2637 3.2). We are the PNS of those we dial and the PAC of those we take. */
#include "script.h"

#define RUN(rows) script_run(rows, LEN(rows))

/* A call of Call ID 77 at the peer, up. */
#define DIALLED "dial A; out OCRQ call_id=$a; in OCRP call_id=77 peer_call_id=$a; ev CALL_UP call=$A;"
/* The peer's call with its id 77, up. */
#define TAKEN                                                                                                \
	"in OCRQ call_id=77; ev CALL_OFFERED call=$A; accept A; out OCRP call_id=$a; ev CALL_UP call=$A;"

/* Shows: C-OCRQ-01 S-CALL-01 I-01 I-05 I-06 E-01 C-SLI-02 */
static void test_call_dial(void **state)
{
	static const script_row rows[] = {
	        {"numbers",
	         "up o;"
	         "dial A local_call_id=0x1234 call_serial_number=9 minimum_bps=2400 maximum_bps=64000 "
	         "bearer_type=2 framing_type=1 packet_recv_window_size=3 packet_processing_delay=2 "
	         "phone_number_length=0;"
	         "out OCRQ call_id=0x1234 call_serial_number=9 minimum_bps=2400 maximum_bps=64000 "
	         "bearer_type=2 framing_type=1 packet_recv_window_size=3 packet_processing_delay=2 "
	         "phone_number_length=0 reserved0=0 reserved1=0; quiet; call A WAIT_REPLY; calls 1;"
	         "in OCRP call_id=77 peer_call_id=0x1234 connect_speed=33600 packet_recv_window_size=5 "
	         "packet_processing_delay=6 physical_channel_id=0xCAFE cause_code=31;"
	         "ev CALL_UP call=$A local_call_id=0x1234 peer_call_id=77 connect_speed=33600 "
	         "peer_recv_window=5 peer_delay=6 physical_channel_id=0xCAFE message_type=8 reason=0;"
	         "call A CALL_ESTABLISHED; quiet;"
	         "cinfo A role=2 reason=0 local_call_id=0x1234 peer_call_id=77 call_serial_number=9 "
	         "recv_window=3 peer_recv_window=5 peer_delay=6 connect_speed=33600 minimum_bps=2400 "
	         "maximum_bps=64000 bearer_type=2 framing_type=1 physical_channel_id=0xCAFE "
	         "send_accm=0xFFFFFFFF recv_accm=0xFFFFFFFF"},
	        {"defaults",
	         "up r; dial A; out OCRQ call_id=$a minimum_bps=300 maximum_bps=100000000 bearer_type=3 "
	         "framing_type=3 packet_recv_window_size=64 packet_processing_delay=0;"
	         "in OCRP call_id=0 peer_call_id=$a packet_recv_window_size=0;"
	         "ev CALL_UP call=$A peer_call_id=0 peer_recv_window=0"},
	        {"refused", "opt strict; up o; dial A; out OCRQ call_id=$a;"
	                    "in OCRP call_id=0 peer_call_id=$a result_code=4 cause_code=17;"
	                    "ev CALL_DOWN call=$A reason=REFUSED result_code=4 error_code=0 cause_code=17 "
	                    "message_type=8 local_call_id=$a; calls 0; quiet"},
	        {"general error",
	         "up o; dial A; out OCRQ call_id=$a; in OCRP peer_call_id=$a result_code=2 error_code=4;"
	         "ev CALL_DOWN call=$A reason=REFUSED result_code=2 error_code=4"},
	        {"undefined result",
	         "opt strict; up o; dial A; out OCRQ call_id=$a;"
	         "in OCRP peer_call_id=$a result_code=8; ev CALL_DOWN reason=REFUSED result_code=8"},
	        {"result 0",
	         "up o; dial A; out OCRQ call_id=$a; in OCRP call_id=5 peer_call_id=$a result_code=0;"
	         "ev CALL_UP peer_call_id=5; count RESULT_0 1"},
	        {"result 0 without an id", "up o; dial A; out OCRQ call_id=$a;"
	                                   "in OCRP call_id=0 peer_call_id=$a result_code=0;"
	                                   "ev CALL_DOWN reason=REFUSED result_code=0; count RESULT_0 0"},
	        {"result 0, strict", "opt strict; up o; dial A; out OCRQ call_id=$a;"
	                             "in OCRP call_id=5 peer_call_id=$a result_code=0;"
	                             "ev CALL_DOWN reason=REFUSED result_code=0"},
	        {"result 1 with an error code",
	         "opt strict; up o; dial A; out OCRQ call_id=$a;"
	         "in OCRP peer_call_id=$a error_code=3; ev CALL_UP error_code=0"},
	        {"reply to nobody",
	         "opt strict; up o; dial A; out OCRQ call_id=$a; in OCRP peer_call_id=$a+1; quiet;"
	         "call A WAIT_REPLY; count UNKNOWN_CALL 1; in OCRP peer_call_id=$a; ev CALL_UP"},
	        {"cleared by the PAC while dialling",
	         "up o; dial A; out OCRQ call_id=$a; in CDN call_id=$a result_code=1;"
	         "ev CALL_DOWN reason=PEER result_code=1; calls 0"},
	        {"second reply", "up o;" DIALLED "in OCRP call_id=78 peer_call_id=$a; quiet; count STATE 1;"
	                         "call A CALL_ESTABLISHED; cinfo A peer_call_id=77"},
	        {"second reply, a refusal",
	         "up o;" DIALLED "in OCRP call_id=77 peer_call_id=$a result_code=4; quiet;"
	         "call A CALL_ESTABLISHED"},
	        {"second reply, strict",
	         "opt strict; up o;" DIALLED "in OCRP call_id=77 peer_call_id=$a;"
	         "ev CALL_DOWN reason=PROTOCOL; ev DOWN reason=PROTOCOL message_type=8"},
	        {"no limit left", "up o; dial A; out OCRQ; dial B err=LIMIT"},
	        {"no calls at all", "opt max_calls=0; up o; dial A err=LIMIT"},
	        {"a phone number too long", "up o; dial A phone_number_length=65 err=ARG; calls 0; quiet"},
	        {"an id in use", "opt max_calls=2; up o; dial A local_call_id=5; out OCRQ call_id=5;"
	                         "dial B local_call_id=5 err=ARG; dial B; out OCRQ"},
	        {"serial numbers count", "opt max_calls=3; up o; dial A; out OCRQ call_serial_number=$s;"
	                                 "dial B; out OCRQ call_serial_number=$s+1; dial C; out OCRQ "
	                                 "call_serial_number=$s+2"},
	        {"before it is up", "open o; skip; dial A err=STATE"},
	        {"after it is closed", "up o; close 1; skip; dial A err=CLOSED"},
	};
	(void)state;
	RUN(rows);
}

/* Shows: C-OCRQ-01 C-CDN-01 E-01 A-02 A-14 */
static void test_call_take(void **state)
{
	static const script_row rows[] = {
	        {"numbers",
	         "up r;"
	         "in OCRQ call_id=77 call_serial_number=9 minimum_bps=2400 maximum_bps=64000 bearer_type=2 "
	         "framing_type=1 packet_recv_window_size=3 packet_processing_delay=2;"
	         "ev CALL_OFFERED call=$A peer_call_id=77 local_call_id=$p peer_recv_window=3 peer_delay=2 "
	         "bearer_type=2 framing_type=1 message_type=7 msg_len=168; calls 1; call A OFFERED;"
	         "cinfo A role=1 peer_call_id=77 call_serial_number=9 minimum_bps=2400 maximum_bps=64000 "
	         "bearer_type=2 framing_type=1 peer_recv_window=3 peer_delay=2 send_accm=0xFFFFFFFF "
	         "recv_accm=0xFFFFFFFF;"
	         "accept A local_call_id=0x4321 cause_code=31 connect_speed=33600 "
	         "physical_channel_id=0xCAFE packet_recv_window_size=5 packet_processing_delay=6;"
	         "out OCRP call_id=0x4321 peer_call_id=77 result_code=1 error_code=0 cause_code=31 "
	         "connect_speed=33600 packet_recv_window_size=5 packet_processing_delay=6 "
	         "physical_channel_id=0xCAFE;"
	         "ev CALL_UP call=$A local_call_id=0x4321 peer_call_id=77 connect_speed=33600;"
	         "call A CALL_ESTABLISHED; cinfo A local_call_id=0x4321 recv_window=5"},
	        {"defaults",
	         "up r; in OCRQ call_id=77 maximum_bps=64000; ev CALL_OFFERED call=$A local_call_id=$p;"
	         "accept A; out OCRP call_id=$p connect_speed=64000 packet_recv_window_size=64 "
	         "packet_processing_delay=0 cause_code=0 physical_channel_id=0; ev CALL_UP"},
	        {"by the originator", "opt strict; up o;" TAKEN "quiet"},
	        {"Call ID 0 is an id",
	         "opt strict; up r; in OCRQ call_id=0; ev CALL_OFFERED call=$A peer_call_id=0;"
	         "accept A; out OCRP peer_call_id=0 result_code=1; ev CALL_UP peer_call_id=0;"
	         "in CCRQ call_id=0; out CDN result_code=4; ev CALL_DOWN"},
	        {"rejected", "up r; in OCRQ call_id=77; ev CALL_OFFERED call=$A; reject A 4 0 17;"
	                     "out OCRP peer_call_id=77 result_code=4 error_code=0 cause_code=17;"
	                     "ev CALL_DOWN call=$A reason=REFUSED; calls 0"},
	        {"rejected with an error", "up r; in OCRQ; ev CALL_OFFERED call=$A; reject A 2 6 0;"
	                                   "out OCRP result_code=2 error_code=6; ev CALL_DOWN call=$A"},
	        {"rejected with nonsense", "up r; in OCRQ; ev CALL_OFFERED call=$A; reject A 1 0 0 err=ARG;"
	                                   "reject A 4 3 0 err=ARG; quiet; call A OFFERED"},
	        {"cleared instead of answered",
	         "up r; in OCRQ; ev CALL_OFFERED call=$A; clear A 3 0 0;"
	         "out OCRP result_code=7 error_code=0; ev CALL_DOWN call=$A reason=LOCAL;"
	         "clear A 3 0 0 err=STALE"},
	        {"the peer gives up first",
	         "up r; in OCRQ call_id=77; ev CALL_OFFERED call=$A local_call_id=$p;"
	         "in CCRQ call_id=77; out CDN call_id=$p result_code=4 error_code=0;"
	         "ev CALL_DOWN call=$A reason=PEER; accept A err=STALE;"
	         "reject A 4 0 0 err=STALE; quiet"},
	        {"nobody answers",
	         "opt idle_timeout_us=0; up r; in OCRQ; ev CALL_OFFERED call=$A; wait 119; quiet;"
	         "wait 1; out OCRP result_code=6 cause_code=0; ev CALL_DOWN call=$A reason=TIMEOUT "
	         "timer=answer;"
	         "state ESTABLISHED"},
	        {"nobody answers, strict",
	         "opt strict idle_timeout_us=0; up r; in OCRQ; ev CALL_OFFERED call=$A;"
	         "wait 119; quiet; wait 1; out OCRP result_code=6 error_code=0 cause_code=0;"
	         "ev CALL_DOWN reason=TIMEOUT timer=answer; state ESTABLISHED"},
	        {"nobody answers, no timer",
	         "opt idle_timeout_us=0 answer_timeout_us=0; up r; in OCRQ;"
	         "ev CALL_OFFERED call=$A; deadline never; wait 100000; quiet; call A OFFERED"},
	        {"answered twice", "up r; in OCRQ; ev CALL_OFFERED call=$A; accept A; out OCRP; ev CALL_UP;"
	                           "accept A err=STATE; reject A 4 0 0 err=STATE"},
	        {"no calls taken", "opt take_calls=0; up r; in OCRQ call_id=77;"
	                           "out OCRP call_id=0 peer_call_id=77 result_code=7 error_code=0; quiet;"
	                           "count NOT_TAKEN 1; calls 0"},
	        {"no calls taken, strict", "opt strict take_calls=0; up r; in OCRQ; out OCRP result_code=7"},
	        {"no slot",
	         "up r; in OCRQ call_id=1; ev CALL_OFFERED; in OCRQ call_id=2;"
	         "out OCRP call_id=0 peer_call_id=2 result_code=2 error_code=4; quiet; count NO_RESOURCE 1"},
	        {"no slots",
	         "opt strict max_calls=0; up r; in OCRQ call_id=1; out OCRP result_code=2 error_code=4"},
	        {"id in use, offered",
	         "opt max_calls=5; up r; in OCRQ call_id=1; ev CALL_OFFERED call=$A;"
	         "in OCRQ call_id=1; out OCRP call_id=0 peer_call_id=1 result_code=2 error_code=5;"
	         "quiet; count BAD_CALL_ID 1; call A OFFERED"},
	        {"id in use, up", "opt strict max_calls=5; up r;" TAKEN "in OCRQ call_id=77;"
	                          "out OCRP result_code=2 error_code=5; quiet; call A CALL_ESTABLISHED"},
	        {"id in use and no slot",
	         "up r;" TAKEN "in OCRQ call_id=77; out OCRP result_code=2 error_code=5"},
	        {"id free again", "up r;" TAKEN "in CCRQ call_id=77; out CDN; ev CALL_DOWN;"
	                          "in OCRQ call_id=77; ev CALL_OFFERED call=$B"},
	        {"our id in use",
	         "opt max_calls=2; up r; dial A local_call_id=9; out OCRQ; in OCRQ call_id=4;"
	         "ev CALL_OFFERED call=$B; accept B local_call_id=9 err=ARG; quiet; call B OFFERED;"
	         "accept B local_call_id=10; out OCRP call_id=10; ev CALL_UP"},
	        {"a dialled call is not offered",
	         "up r; dial A; out OCRQ; accept A err=STATE; reject A 4 0 0 err=STATE"},
	        {"incoming calls are refused",
	         "up r; in ICRQ call_id=66;"
	         "out ICRP call_id=0 peer_call_id=66 result_code=3 error_code=0; quiet;"
	         "count NOT_TAKEN 1; calls 0"},
	        {"incoming calls, strict",
	         "opt strict; up o; in ICRQ call_id=66; out ICRP result_code=3; quiet"},
	};
	(void)state;
	RUN(rows);
}

/* Values that a request should not have. */
/* Shows: A-09 A-15 */
static void test_call_values(void **state)
{
	static const script_row rows[] = {
	        {"min above max",
	         "up r; in OCRQ minimum_bps=9 maximum_bps=8; ev CALL_OFFERED; count BAD_VALUE 1"},
	        {"min above max, strict",
	         "opt strict; up r; in OCRQ call_id=5 minimum_bps=9 maximum_bps=8;"
	         "out OCRP peer_call_id=5 result_code=2 error_code=3; quiet; count BAD_VALUE 1"},
	        {"max 0 is no limit",
	         "opt strict; up r; in OCRQ minimum_bps=9 maximum_bps=0; ev CALL_OFFERED"},
	        {"bearer 0", "up r; in OCRQ bearer_type=0; ev CALL_OFFERED bearer_type=3; count BAD_VALUE 1"},
	        {"bearer 4, and speeds that are good",
	         "up r; in OCRQ bearer_type=4 minimum_bps=64000 maximum_bps=64000;"
	         "ev CALL_OFFERED call=$A bearer_type=3 framing_type=3;"
	         "cinfo A minimum_bps=64000 maximum_bps=64000 bearer_type=3"},
	        {"bearer 4, strict",
	         "opt strict; up r; in OCRQ bearer_type=4; out OCRP result_code=2 error_code=3"},
	        {"framing 0",
	         "up r; in OCRQ framing_type=0; ev CALL_OFFERED framing_type=3; count BAD_VALUE 1"},
	        {"framing 4, strict",
	         "opt strict; up r; in OCRQ framing_type=4; out OCRP result_code=2 error_code=3"},
	        {"phone number length",
	         "up r; in OCRQ phone_number_length=65535; ev CALL_OFFERED; count BAD_VALUE 1"},
	        {"phone number length, strict", "opt strict; up r; in OCRQ phone_number_length=65;"
	                                        "out OCRP result_code=2 error_code=3"},
	        {"phone number of 64, strict",
	         "opt strict; up r; in OCRQ phone_number_length=64; ev CALL_OFFERED"},
	        {"window 0, strict", "opt strict; up r; in OCRQ packet_recv_window_size=0;"
	                             "ev CALL_OFFERED peer_recv_window=0"},
	        {"reserved1", "up r; in OCRQ reserved1=1; ev CALL_OFFERED; count RESERVED 1"},
	        {"reserved1, strict",
	         "opt strict; up r; in OCRQ reserved1=1; out OCRP result_code=2 error_code=3;"
	         "count RESERVED 1"},
	        {"reserved0", "up r; in OCRQ reserved0=0xFFFF; ev CALL_OFFERED; count RESERVED 1"},
	        {"reserved0, strict",
	         "opt strict; up r; in OCRQ reserved0=1; out OCRP result_code=2 error_code=3"},
	};
	(void)state;
	RUN(rows);
}

/* Shows: C-CCRQ-01 C-CCRQ-02 C-CCRQ-03 C-CDN-01 C-CDN-02 C-CDN-03 C-CDN-04 A-02 A-03 A-46 A-50 */
static void test_call_clear(void **state)
{
	static const script_row rows[] = {
	        /* we are the PNS */
	        {"PNS, up",
	         "opt strict; up o;" DIALLED "clear A 3 0 0; out CCRQ call_id=$a reserved1=0; quiet;"
	         "call A WAIT_DISCONNECT; cinfo A reason=LOCAL; in CDN call_id=77 result_code=4 "
	         "cause_code=16;"
	         "ev CALL_DOWN call=$A reason=LOCAL result_code=4 cause_code=16 message_type=13 timer=0;"
	         "calls 0; clear A 3 0 0 err=STALE"},
	        {"PNS, twice",
	         "up o;" DIALLED "clear A 3 0 0; out CCRQ; clear A 3 0 0; quiet; in CDN call_id=77;"
	         "ev CALL_DOWN reason=LOCAL"},
	        {"PNS, before the reply",
	         "up o; dial A; out OCRQ call_id=$a; clear A 3 0 0; out CCRQ call_id=$a;"
	         "in CDN call_id=99 result_code=4; ev CALL_DOWN call=$A reason=LOCAL;"
	         "count CDN_CALL_ID 1"},
	        {"PNS, crossing an OCRP",
	         "opt strict; up o; dial A; out OCRQ call_id=$a; clear A 3 0 0; out CCRQ;"
	         "in OCRP call_id=99 peer_call_id=$a; quiet; call A WAIT_DISCONNECT;"
	         "in CDN call_id=99 result_code=4; ev CALL_DOWN call=$A reason=LOCAL"},
	        {"PNS, crossing a refusal",
	         "opt strict; up o; dial A; out OCRQ call_id=$a; clear A 3 0 0; out CCRQ;"
	         "in OCRP call_id=0 peer_call_id=$a result_code=4;"
	         "ev CALL_DOWN call=$A reason=LOCAL; calls 0"},
	        {"PNS, crossing a WEN",
	         "opt strict; up o;" DIALLED "clear A 3 0 0; out CCRQ; in WEN peer_call_id=$a; quiet;"
	         "in CDN call_id=77; ev CALL_DOWN"},
	        {"PNS, no notify",
	         "opt idle_timeout_us=0; up o;" DIALLED "clear A 3 0 0; out CCRQ; wait 59; quiet; wait 1;"
	         "ev CALL_DOWN call=$A reason=LOCAL timer=clear; state ESTABLISHED; calls 0"},
	        {"PNS, no notify, strict",
	         "opt strict idle_timeout_us=0; up o;" DIALLED "clear A 3 0 0; out CCRQ; wait 59;"
	         "quiet; wait 1; ev CALL_DOWN call=$A reason=LOCAL timer=clear;"
	         "ev DOWN reason=TIMEOUT timer=clear"},
	        {"PNS, no notify, no timer",
	         "opt idle_timeout_us=0 clear_timeout_us=0; up o;" DIALLED
	         "clear A 3 0 0; out CCRQ; wait 100000; quiet; call A WAIT_DISCONNECT"},
	        {"PNS, closed instead of notified", "up o;" DIALLED "clear A 3 0 0; out CCRQ; eof;"
	                                            "ev CALL_DOWN call=$A reason=LOCAL; ev DOWN reason=EOF"},
	        {"PNS, dial time-out",
	         "opt idle_timeout_us=0; up o; dial A; out OCRQ call_id=$a; wait 119; quiet; wait 1;"
	         "out CCRQ call_id=$a; call A WAIT_DISCONNECT; in CDN call_id=$a;"
	         "ev CALL_DOWN call=$A reason=TIMEOUT timer=dial"},
	        {"PNS, dial time-out, silence",
	         "opt idle_timeout_us=0; up o; dial A; out OCRQ; wait 120; out CCRQ; wait 59;"
	         "quiet; wait 1; ev CALL_DOWN call=$A reason=TIMEOUT timer=dial"},
	        {"PNS, dial time-out, strict",
	         "opt strict idle_timeout_us=0; up o; dial A; out OCRQ; wait 119; quiet;"
	         "wait 1; skip; state CLOSED_STATE"},
	        {"PNS, the peer clears",
	         "opt strict; up o;" DIALLED "in CDN call_id=77 result_code=2 error_code=6 "
	         "cause_code=41; ev CALL_DOWN call=$A reason=PEER result_code=2 error_code=6 "
	         "cause_code=41 message_type=13 msg_len=148 local_call_id=$a peer_call_id=77;"
	         "calls 0; quiet"},
	        {"PNS, result 0", "opt strict; up o;" DIALLED "in CDN call_id=77 result_code=0;"
	                          "ev CALL_DOWN call=$A reason=PEER result_code=0"},
	        {"PNS, our id",
	         "up o;" DIALLED "in CDN call_id=$a; ev CALL_DOWN call=$A reason=PEER; count CDN_CALL_ID 1"},
	        {"PNS, our id, strict",
	         "opt strict; up o;" DIALLED "in CDN call_id=$a; quiet; call A CALL_ESTABLISHED;"
	         "count UNKNOWN_CALL 1"},
	        {"PNS, an unknown id", "up o;" DIALLED "in CDN call_id=$a+1; quiet; call A CALL_ESTABLISHED;"
	                               "count UNKNOWN_CALL 1"},
	        {"PNS, the PAC's id goes first",
	         "opt max_calls=2; up o; dial A local_call_id=77; out OCRQ;"
	         "in OCRP call_id=88 peer_call_id=77; ev CALL_UP;"
	         "dial B local_call_id=88; out OCRQ; in OCRP call_id=77 peer_call_id=88;"
	         "ev CALL_UP; in CDN call_id=77; ev CALL_DOWN call=$B;"
	         "call A CALL_ESTABLISHED"},
	        {"PNS, the oldest unlearnt one",
	         "opt max_calls=3; up o; dial A; out OCRQ; dial B; out OCRQ; dial C; out OCRQ;"
	         "clear B 3 0 0; out CCRQ; clear A 3 0 0; out CCRQ; in CDN call_id=0;"
	         "ev CALL_DOWN call=$B; in CDN call_id=0; ev CALL_DOWN call=$A;"
	         "in CDN call_id=0; quiet; call C WAIT_REPLY; count UNKNOWN_CALL 1"},
	        {"PNS, an unlearnt one goes before another of that number",
	         "opt max_calls=2; up o; dial A; out OCRQ; clear A 3 0 0; out CCRQ;"
	         "dial B local_call_id=99; out OCRQ; in CDN call_id=99; ev CALL_DOWN call=$A reason=LOCAL;"
	         "quiet; call B WAIT_REPLY; in CDN call_id=99; ev CALL_DOWN call=$B reason=PEER"},
	        {"PNS, of two unlearnt ones the one of that number",
	         "opt max_calls=2; up o; dial A; out OCRQ; clear A 3 0 0; out CCRQ;"
	         "dial B; out OCRQ call_id=$b; clear B 3 0 0; out CCRQ; in CDN call_id=$b;"
	         "ev CALL_DOWN call=$B; call A WAIT_DISCONNECT"},
	        {"PNS, the unlearnt rule is no strict one",
	         "opt strict; up o; dial A; out OCRQ; clear A 3 0 0; out CCRQ;"
	         "in CDN call_id=0; quiet; call A WAIT_DISCONNECT"},
	        /* we are the PAC */
	        {"PAC, up",
	         "opt strict; up r;" TAKEN "clear A 3 0 16; out CDN call_id=$a result_code=3 error_code=0 "
	         "cause_code=16 reserved1=0; ev CALL_DOWN call=$A reason=LOCAL; calls 0; quiet"},
	        {"PAC, with an error",
	         "up r;" TAKEN "clear A 2 6 0; out CDN call_id=$a result_code=2 error_code=6;"
	         "ev CALL_DOWN"},
	        {"PAC, an error without result 2",
	         "up r;" TAKEN "clear A 3 6 0 err=ARG; quiet; call A CALL_ESTABLISHED"},
	        {"PAC, results that the message does not have",
	         "up r;" TAKEN "clear A 0 0 0 err=ARG; clear A 5 0 0 err=ARG; clear A 255 0 0 err=ARG; quiet;"
	         "call A CALL_ESTABLISHED"},
	        {"PNS, results that the message does not have",
	         "up o; dial A; out OCRQ call_id=$a; in OCRP call_id=66 peer_call_id=$a result_code=1; ev "
	         "CALL_UP;"
	         "clear A 0 0 0 err=ARG; clear A 5 0 0 err=ARG; clear A 4 1 0 err=ARG; quiet; call A "
	         "CALL_ESTABLISHED"},
	        {"PAC, the peer clears",
	         "opt strict; up r;" TAKEN "in CCRQ call_id=77; out CDN call_id=$a result_code=4 "
	         "error_code=0; ev CALL_DOWN call=$A reason=PEER message_type=12; calls 0; quiet"},
	        {"PAC, cleared twice",
	         "up r;" TAKEN "in CCRQ call_id=77; out CDN; ev CALL_DOWN; in CCRQ call_id=77; quiet;"
	         "count UNKNOWN_CALL 1"},
	        {"PAC, CCRQ crossing our CDN",
	         "opt strict; up r;" TAKEN "clear A 3 0 0; out CDN; ev CALL_DOWN;"
	         "in CCRQ call_id=77; quiet; state ESTABLISHED; count UNKNOWN_CALL 1"},
	        {"PAC, CCRQ for nobody, strict",
	         "opt strict; up r; in CCRQ call_id=3; quiet; state ESTABLISHED;"
	         "count UNKNOWN_CALL 1"},
	        {"PAC, CCRQ with our id",
	         "opt strict; up r; in OCRQ call_id=77; ev CALL_OFFERED call=$A;"
	         "accept A local_call_id=78; out OCRP; ev CALL_UP; in CCRQ call_id=78; quiet;"
	         "call A CALL_ESTABLISHED"},
	};
	(void)state;
	RUN(rows);
}

/* Messages of the wrong role for their call. */
/* Shows: H-03 R-05 */
static void test_call_roles(void **state)
{
	static const script_row rows[] = {
	        {"CCRQ to a PNS",
	         "up o;" DIALLED "in CCRQ call_id=77; count ROLE 1; skip; calls 0; state ESTABLISHED"},
	        {"CCRQ to a PNS is answered", "up o;" DIALLED "in CCRQ call_id=77; out CDN result_code=4;"
	                                      "ev CALL_DOWN call=$A reason=PEER"},
	        {"CCRQ to a PNS, strict",
	         "opt strict; up o;" DIALLED "in CCRQ call_id=77; ev CALL_DOWN reason=PROTOCOL;"
	         "ev DOWN reason=PROTOCOL message_type=12; count ROLE 1"},
	        {"CDN to a PAC",
	         "up r;" TAKEN "in CDN call_id=77; ev CALL_DOWN call=$A reason=PEER; count ROLE 1; calls 0"},
	        {"CDN to a PAC, strict",
	         "opt strict; up r;" TAKEN "in CDN call_id=77; ev CALL_DOWN reason=PROTOCOL;"
	         "ev DOWN reason=PROTOCOL"},
	        {"SLI to a PNS",
	         "up o;" DIALLED "in SLI peer_call_id=$a; quiet; count ROLE 1; call A CALL_ESTABLISHED"},
	        {"SLI to a PNS, strict",
	         "opt strict; up o;" DIALLED "in SLI peer_call_id=$a; ev CALL_DOWN reason=PROTOCOL;"
	         "ev DOWN reason=PROTOCOL"},
	        {"WEN to a PAC",
	         "up r;" TAKEN "in WEN peer_call_id=$a; quiet; count ROLE 1; call A CALL_ESTABLISHED"},
	        {"WEN to a PAC, strict",
	         "opt strict; up r;" TAKEN "in WEN peer_call_id=$a; ev CALL_DOWN reason=PROTOCOL;"
	         "ev DOWN reason=PROTOCOL"},
	        {"OCRP to a PAC",
	         "up r;" TAKEN "in OCRP peer_call_id=$a; quiet; count ROLE 1; call A CALL_ESTABLISHED"},
	        {"both roles on one connection",
	         "opt strict max_calls=2; up r;" TAKEN "dial B local_call_id=0x7777; out OCRQ call_id=0x7777;"
	         "in OCRP call_id=78 peer_call_id=0x7777; ev CALL_UP call=$B; cinfo A role=1; cinfo B role=2;"
	         "in CDN call_id=78; ev CALL_DOWN call=$B; in CCRQ call_id=77; out CDN call_id=$a; ev "
	         "CALL_DOWN call=$A"},
	        {"the same id both ways",
	         "opt strict max_calls=2; up r; dial A local_call_id=77; out OCRQ;"
	         "in OCRP call_id=50 peer_call_id=77; ev CALL_UP; in OCRQ call_id=77;"
	         "ev CALL_OFFERED call=$B; accept B; out OCRP call_id=$b; ev CALL_UP;"
	         "in CCRQ call_id=77; out CDN call_id=$b; ev CALL_DOWN call=$B;"
	         "call A CALL_ESTABLISHED"},
	};
	(void)state;
	RUN(rows);
}

/* Shows: C-SLI-01 C-SLI-02 C-SLI-04 C-WEN-02 C-WEN-03 C-WEN-04 */
static void test_call_messages(void **state)
{
	static const script_row rows[] = {
	        {"SLI",
	         "opt strict; up r;" TAKEN "in SLI peer_call_id=$a send_accm=1 receive_accm=0xA0000;"
	         "ev CALL_LINK_INFO call=$A send_accm=1 recv_accm=0xA0000 message_type=15 msg_len=24;"
	         "cinfo A send_accm=1 recv_accm=0xA0000;"
	         "in SLI peer_call_id=$a; ev CALL_LINK_INFO send_accm=0xFFFFFFFF recv_accm=0xFFFFFFFF"},
	        {"SLI before the answer",
	         "opt strict; up r; in OCRQ call_id=77; ev CALL_OFFERED call=$A local_call_id=$p;"
	         "in SLI peer_call_id=$p send_accm=0 receive_accm=0; ev CALL_LINK_INFO call=$A;"
	         "accept A; out OCRP; ev CALL_UP"},
	        {"SLI of nobody",
	         "opt strict; up r;" TAKEN "in SLI peer_call_id=$a+1; quiet; state ESTABLISHED;"
	         "count UNKNOWN_CALL 1"},
	        {"WEN", "opt strict; up o;" DIALLED "in WEN peer_call_id=$a crc_errors=5;"
	                "ev CALL_WAN_ERROR call=$A message_type=14 msg_len=40; quiet"},
	        {"WEN of nobody",
	         "opt strict; up o; in WEN peer_call_id=5; quiet; state ESTABLISHED; count UNKNOWN_CALL 1"},
	        {"WEN while dialling",
	         "up o; dial A; out OCRQ call_id=$a; in WEN peer_call_id=$a; quiet; count STATE 1;"
	         "call A WAIT_REPLY"},
	        {"WEN while dialling, strict",
	         "opt strict; up o; dial A; out OCRQ call_id=$a; in WEN peer_call_id=$a;"
	         "ev CALL_DOWN reason=PROTOCOL; ev DOWN reason=PROTOCOL message_type=14"},
	        {"ICRP, ICCN of nobody",
	         "opt strict; up o; in ICRP peer_call_id=7; in ICCN peer_call_id=7; quiet;"
	         "state ESTABLISHED; count UNKNOWN_CALL 2"},
	        {"ICCN of an outgoing call",
	         "up o;" DIALLED "in ICCN peer_call_id=$a; quiet; call A CALL_ESTABLISHED;"
	         "count ROLE 1"},
	        {"ICRP of an outgoing call, strict", "opt strict; up o;" DIALLED "in ICRP peer_call_id=$a;"
	                                             "ev CALL_DOWN reason=PROTOCOL; ev DOWN reason=PROTOCOL"},
	};
	(void)state;
	RUN(rows);
}

/* Shows: C-STOPRQ-01 T-10 K-03 */
static void test_call_ends_with_connection(void **state)
{
	static const script_row rows[] = {
	        {"peer stops",
	         "opt max_calls=3; up r;" TAKEN
	         "dial B; out OCRQ; in OCRQ call_id=4; ev CALL_OFFERED call=$C;"
	         "in StopCCRQ; out StopCCRP; ev CALL_DOWN reason=STOPPED; ev CALL_DOWN reason=STOPPED;"
	         "ev CALL_DOWN reason=STOPPED; ev DOWN reason=STOPPED; calls 0"},
	        {"we stop",
	         "opt max_calls=3; up r;" TAKEN
	         "dial B; out OCRQ; in OCRQ call_id=4; ev CALL_OFFERED call=$C;"
	         "close 1; out StopCCRQ; ev CALL_DOWN reason=LOCAL; ev CALL_DOWN reason=LOCAL;"
	         "ev CALL_DOWN reason=LOCAL; quiet; accept C err=STALE; in StopCCRP; ev DOWN reason=LOCAL"},
	        {"TCP ends", "up o;" DIALLED "eof; ev CALL_DOWN call=$A reason=EOF; ev DOWN reason=EOF"},
	        {"echo", "up o;" DIALLED
	                 "wait 60; out EchoRQ; wait 60; ev CALL_DOWN call=$A reason=TIMEOUT timer=echo;"
	                 "ev DOWN reason=TIMEOUT timer=echo"},
	        {"malformed",
	         "up o;" DIALLED "raw FFFF; ev CALL_DOWN call=$A reason=MALFORMED; ev DOWN reason=MALFORMED"},
	        {"abort",
	         "up o;" DIALLED "abort SEND; ev CALL_DOWN call=$A reason=SEND; ev DOWN reason=SEND; quiet"},
	        {"one that was being cleared",
	         "opt max_calls=2; up o;" DIALLED "dial B; out OCRQ; clear A 3 0 0; out CCRQ;"
	         "in StopCCRQ; out StopCCRP; skip; calls 0; state CLOSED_STATE"},
	};
	(void)state;
	RUN(rows);
}

/* A duplicate id of the PAC: this call cannot be told from the other, so it is cleared. */
/* Shows: I-01 C-OCRP-01 */
static void test_call_duplicate_peer_id(void **state)
{
	static const script_row rows[] = {
	        {"OCRP with another call's id",
	         "opt max_calls=2; up o;" DIALLED "dial B; out OCRQ call_id=$b;"
	         "in OCRP call_id=77 peer_call_id=$b; out CCRQ call_id=$b; quiet;"
	         "call A CALL_ESTABLISHED; call B WAIT_DISCONNECT; count BAD_CALL_ID 1;"
	         "in CDN call_id=9 result_code=4; ev CALL_DOWN call=$B reason=PROTOCOL; quiet;"
	         "call A CALL_ESTABLISHED"},
	};
	(void)state;
	RUN(rows);
}

/* Two libraries, many calls in both directions. */
/* Shows: R-05 I-01 C-CCRQ-02 */
static void test_call_joined(void **state)
{
	size_t mode;
	(void)state;
	for (mode = 0; mode < link_modes_len; mode++) {
		pptp_config_options o = link_options(1);
		link_side a, b;
		uint32_t n;
		o.max_calls = 40;
		check_row("%s", link_modes[mode].name);
		memset(&a, 0, sizeof(a));
		memset(&b, 0, sizeof(b));
		link_open(&a, PPTP_ORIGINATOR, &o, &link_modes[mode], 0);
		link_open(&b, PPTP_RECEIVER, &o, &link_modes[(mode + 1) % link_modes_len], 0);
		link_join(&a, &b);
		link_next_event(&a, PPTP_EV_UP);
		link_next_event(&b, PPTP_EV_UP);
		for (n = 0; n < 20; n++) {
			link_side *pns = n % 2 ? &a : &b, *pac = n % 2 ? &b : &a;
			const pptp_event *e;
			pptp_call call, offered;
			pptp_dial d;
			pptp_answer answer;
			uint16_t pac_id, pns_id;
			check_step("call %u", n);
			CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
			CHECK_EQ(pptp_answer_init(&answer, sizeof(answer)), PPTP_OK);
			d.user = &d;
			answer.user = &answer;
			CHECK_EQ(pptp_call_dial(pns->conn, &d, pns->now, &call), PPTP_OK);
			link_join(&a, &b);
			e = link_next_event(pac, PPTP_EV_CALL_OFFERED);
			offered = e->call;
			pns_id = e->peer_call_id;
			CHECK_EQ(pptp_call_accept(pac->conn, offered, &answer, pac->now), PPTP_OK);
			link_join(&a, &b);
			e = link_next_event(pac, PPTP_EV_CALL_UP);
			CHECK_EQ(e->call, offered);
			CHECK(e->user == &answer);
			pac_id = e->local_call_id;
			e = link_next_event(pns, PPTP_EV_CALL_UP);
			CHECK_EQ(e->call, call);
			CHECK(e->user == &d);
			CHECK_EQ(e->local_call_id, pns_id);
			CHECK_EQ(e->peer_call_id, pac_id);
			if (n % 3 == 0) {
				int by_pns = n % 2;
				CHECK_EQ(pptp_call_clear(by_pns ? pns->conn : pac->conn,
				                         by_pns ? call : offered, PPTP_CDN_ADMIN_SHUTDOWN, 0,
				                         0, a.now),
				         PPTP_OK);
				link_join(&a, &b);
				e = link_next_event(pns, PPTP_EV_CALL_DOWN);
				CHECK_EQ(e->reason, by_pns ? PPTP_ERR_LOCAL : PPTP_ERR_PEER);
				CHECK_EQ(e->result_code, by_pns ? PPTP_CDN_REQUEST : PPTP_CDN_ADMIN_SHUTDOWN);
				e = link_next_event(pac, PPTP_EV_CALL_DOWN);
				CHECK_EQ(e->reason, by_pns ? PPTP_ERR_PEER : PPTP_ERR_LOCAL);
			}
		}
		CHECK_EQ(pptp_conn_close(a.conn, PPTP_STOP_NONE, a.now), PPTP_OK);
		link_join(&a, &b);
		CHECK(a.down && b.down);
		link_drop(&a);
		link_drop(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_call_dial),
	        cmocka_unit_test(test_call_take),
	        cmocka_unit_test(test_call_values),
	        cmocka_unit_test(test_call_clear),
	        cmocka_unit_test(test_call_roles),
	        cmocka_unit_test(test_call_messages),
	        cmocka_unit_test(test_call_ends_with_connection),
	        cmocka_unit_test(test_call_duplicate_peer_id),
	        cmocka_unit_test(test_call_joined),
	};
	return cmocka_run_group_tests_name("conn_call", tests, NULL, NULL);
}
