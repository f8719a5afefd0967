/* conn: incoming calls (RFC 2637 3.2.3) of which we are the PAC, and all kinds of calls together. */
#include "script.h"

#define RUN(rows) script_run(rows, LEN(rows))

/* Our call. The peer's Call ID is 66. */
#define OFFERED  "offer A; out ICRQ call_id=$a;"
#define RINGING  OFFERED "in ICRP call_id=66 peer_call_id=$a; ev CALL_ANSWER call=$A;"
#define ANSWERED RINGING "connected A; out ICCN peer_call_id=66; ev CALL_UP call=$A;"

/* Shows: C-SCCRQ-04 C-SCCRP-02 C-ICRQ-01 C-ICRQ-02 C-ICRQ-03 C-ICRP-02 C-ICRP-04 C-ICCN-01 I-05 I-06 T-06
 * A-04 A-05 A-06 A-49 C-SLI-02
 */
static void test_incoming_pac(void **state)
{
	static const script_row rows[] = {
	        {"numbers",
	         "up o; offer A local_call_id=0x1234 call_serial_number=9 call_bearer_type=2 "
	         "physical_channel_id=0xCAFE dialed_number_length=0 dialing_number_length=0;"
	         "out ICRQ length=220 call_id=0x1234 call_serial_number=9 call_bearer_type=2 "
	         "physical_channel_id=0xCAFE dialed_number_length=0 dialing_number_length=0 reserved0=0;"
	         "quiet; calls 1; call A WAIT_REPLY;"
	         "cinfo A role=1 direction=2 reason=0 local_call_id=0x1234 call_serial_number=9 "
	         "bearer_type=2 physical_channel_id=0xCAFE send_accm=0xFFFFFFFF recv_accm=0xFFFFFFFF;"
	         "channel A local_call_id=0x1234;"
	         "in ICRP call_id=66 peer_call_id=0x1234 packet_recv_window_size=5 packet_transmit_delay=6;"
	         "ev CALL_ANSWER call=$A local_call_id=0x1234 peer_call_id=66 peer_recv_window=5 "
	         "peer_delay=6 reason=0 message_type=10 msg_len=24; quiet; call A ANSWERING;"
	         "cinfo A role=1 direction=2 peer_call_id=66 peer_recv_window=5 peer_delay=6;"
	         "connected A connect_speed=33600 packet_recv_window_size=7 packet_processing_delay=8 "
	         "framing_type=1;"
	         "out ICCN length=28 peer_call_id=66 connect_speed=33600 packet_recv_window_size=7 "
	         "packet_transmit_delay=8 framing_type=1 reserved0=0 reserved1=0;"
	         "ev CALL_UP call=$A local_call_id=0x1234 peer_call_id=66 peer_recv_window=5 peer_delay=6 "
	         "connect_speed=33600 reason=0; quiet; call A CALL_ESTABLISHED;"
	         "cinfo A role=1 direction=2 reason=0 recv_window=7 connect_speed=33600 framing_type=1;"
	         "channel A local_call_id=0x1234 peer_call_id=66 recv_window=7 peer_recv_window=5 "
	         "peer_delay=6"},
	        {"defaults",
	         "opt strict; up r; offer A; out ICRQ call_id=$a call_bearer_type=1 physical_channel_id=0 "
	         "dialed_number_length=0 dialing_number_length=0; deadline 60;"
	         "in ICRP call_id=66 peer_call_id=$a packet_recv_window_size=0;"
	         "ev CALL_ANSWER peer_recv_window=0; connected A;"
	         "out ICCN connect_speed=0 packet_recv_window_size=64 packet_transmit_delay=0 framing_type=2;"
	         "ev CALL_UP connect_speed=0 peer_recv_window=0"},
	        {"by either end", "opt strict; up o;" ANSWERED "quiet; call A CALL_ESTABLISHED"},
	        {"Call ID 0 at the peer",
	         "opt strict; up o; offer A; out ICRQ call_id=$a; in ICRP call_id=0 peer_call_id=$a;"
	         "ev CALL_ANSWER call=$A peer_call_id=0; connected A; out ICCN peer_call_id=0;"
	         "ev CALL_UP peer_call_id=0; channel A peer_call_id=0;"
	         "in CCRQ call_id=0; out CDN call_id=$a result_code=4; ev CALL_DOWN call=$A reason=PEER"},
	        {"the line waits for the reply",
	         "up o; offer A; connected A err=STATE; out ICRQ; connected A err=STATE; quiet;"
	         "call A WAIT_REPLY"},
	        {"answered twice", "up o;" ANSWERED "connected A err=STATE; quiet; call A CALL_ESTABLISHED"},
	        {"the id is the request's", "up o;" RINGING "connected A local_call_id=5 err=ARG; quiet;"
	                                    "call A ANSWERING; connected A; out ICCN; ev CALL_UP"},
	        {"an offered call is not ours to answer",
	         "up o;" RINGING "accept A err=STATE; reject A 3 0 0 err=STATE; quiet; call A ANSWERING"},
	        {"a dialled call has no line", "up o; dial A; out OCRQ; connected A err=STATE; quiet"},
	        {"serial numbers count",
	         "opt max_calls=3; up o; offer A; out ICRQ call_serial_number=$s; dial B;"
	         "out OCRQ call_serial_number=$s+1; offer C; out ICRQ call_serial_number=$s+2"},
	        {"before it is up", "open o; skip; offer A err=STATE"},
	        {"after it is closed", "up o; close 1; skip; offer A err=CLOSED"},
	        {"no limit left", "up o; offer A; out ICRQ; offer B err=LIMIT; dial B err=LIMIT"},
	        {"no calls at all", "opt max_calls=0; up o; offer A err=LIMIT; quiet"},
	        {"numbers too long", "up o; offer A dialed_number_length=65 err=ARG;"
	                             "offer A dialing_number_length=65 err=ARG; calls 0; quiet;"
	                             "offer A dialed_number_length=64 dialing_number_length=64;"
	                             "out ICRQ dialed_number_length=64 dialing_number_length=64"},
	        {"an id in use", "opt max_calls=3; up o; dial A local_call_id=5; out OCRQ;"
	                         "offer B local_call_id=5 err=ARG; quiet; calls 1;"
	                         "offer B local_call_id=6; out ICRQ call_id=6"},
	        {"a PAC's channels are not for a PNS to count",
	         "opt max_calls=3; open o; skip; in SCCRP maximum_channels=1; ev UP; dial A; out OCRQ; dial "
	         "B;"
	         "out OCRQ; dial C; out OCRQ"},
	        {"a PNS has no channels to count",
	         "opt max_calls=3; open r; in SCCRQ maximum_channels=1; skip; offer A; out ICRQ; offer B;"
	         "out ICRQ; offer C; out ICRQ"},
	};
	(void)state;
	RUN(rows);
}

/* What the PNS says to the request, and what it says when it should not. */
/* Shows: C-ICRP-01 C-ICRP-03 C-CDN-01 E-01 E-02 A-05 A-09 A-15 I-01 */
static void test_incoming_pac_reply(void **state)
{
	static const script_row rows[] = {
	        {"refused",
	         "opt strict; up o;" OFFERED "in ICRP call_id=0 peer_call_id=$a result_code=3;"
	         "ev CALL_DOWN call=$A reason=REFUSED result_code=3 error_code=0 message_type=10 "
	         "local_call_id=$a; quiet; calls 0; connected A err=STALE; clear A 3 0 0 err=STALE"},
	        {"general error",
	         "opt strict; up o;" OFFERED "in ICRP peer_call_id=$a result_code=2 error_code=4;"
	         "ev CALL_DOWN call=$A reason=REFUSED result_code=2 error_code=4; quiet"},
	        {"an error that nobody knows",
	         "opt strict; up o;" OFFERED "in ICRP peer_call_id=$a result_code=2 error_code=200;"
	         "ev CALL_DOWN reason=REFUSED result_code=2 error_code=200"},
	        {"result 0", "up o;" OFFERED "in ICRP call_id=5 peer_call_id=$a result_code=0;"
	                     "ev CALL_DOWN reason=REFUSED result_code=0; quiet; count RESULT_0 0"},
	        {"result 4", "opt strict; up o;" OFFERED "in ICRP call_id=5 peer_call_id=$a result_code=4;"
	                     "ev CALL_DOWN reason=REFUSED result_code=4; quiet"},
	        {"result 255", "up o;" OFFERED "in ICRP call_id=5 peer_call_id=$a result_code=255;"
	                       "ev CALL_DOWN reason=REFUSED result_code=255; quiet"},
	        {"result 1 with an error code",
	         "opt strict; up o;" OFFERED "in ICRP peer_call_id=$a error_code=3;"
	         "ev CALL_ANSWER error_code=0; call A ANSWERING"},
	        {"a refusal with a live id is a refusal",
	         "opt strict max_calls=2; up o;" ANSWERED "offer B; out ICRQ call_id=$b;"
	         "in ICRP call_id=66 peer_call_id=$b result_code=3; ev CALL_DOWN call=$B reason=REFUSED;"
	         "quiet; call A CALL_ESTABLISHED"},
	        {"to nobody",
	         "opt strict; up o;" OFFERED "in ICRP peer_call_id=$a+1; quiet; call A WAIT_REPLY;"
	         "count UNKNOWN_CALL 1; in ICRP peer_call_id=$a; ev CALL_ANSWER call=$A"},
	        {"again while the line is answered",
	         "up o;" RINGING "in ICRP call_id=67 peer_call_id=$a; quiet; count STATE 1;"
	         "call A ANSWERING; cinfo A peer_call_id=66"},
	        {"again while the line is answered, strict",
	         "opt strict; up o;" RINGING "in ICRP call_id=66 peer_call_id=$a;"
	         "ev CALL_DOWN reason=PROTOCOL; ev DOWN reason=PROTOCOL message_type=10"},
	        {"a refusal behind the acceptance",
	         "up o;" RINGING "in ICRP peer_call_id=$a result_code=3; quiet; call A ANSWERING"},
	        {"again in the call", "up o;" ANSWERED "in ICRP call_id=67 peer_call_id=$a; quiet;"
	                              "count STATE 1; call A CALL_ESTABLISHED; cinfo A peer_call_id=66"},
	        {"a live id of the PNS, incoming both",
	         "opt max_calls=2; up o;" ANSWERED "offer B; out ICRQ call_id=$b;"
	         "in ICRP call_id=66 peer_call_id=$b; out CDN call_id=$b result_code=2 error_code=5;"
	         "ev CALL_DOWN call=$B reason=PROTOCOL result_code=2 error_code=5; quiet; count BAD_CALL_ID "
	         "1; calls 1; call A CALL_ESTABLISHED;"
	         "in CCRQ call_id=66; out CDN call_id=$a result_code=4; ev CALL_DOWN call=$A reason=PEER"},
	        {"a live id of the PNS, strict",
	         "opt strict max_calls=2; up o;" ANSWERED "offer B; out ICRQ call_id=$b;"
	         "in ICRP call_id=66 peer_call_id=$b; out CDN call_id=$b result_code=2 error_code=5;"
	         "ev CALL_DOWN call=$B; quiet; call A CALL_ESTABLISHED; state ESTABLISHED"},
	        {"a live id of the peer as PNS of an outgoing call",
	         "opt max_calls=2; up r; in OCRQ call_id=66; ev CALL_OFFERED call=$B; accept B; out OCRP;"
	         "ev CALL_UP;" OFFERED "in ICRP call_id=66 peer_call_id=$a;"
	         "out CDN call_id=$a result_code=2 error_code=5; ev CALL_DOWN call=$A; quiet;"
	         "call B CALL_ESTABLISHED"},
	        {"a live id of the peer as PAC",
	         "opt max_calls=2; up r; dial B; out OCRQ call_id=$b; in OCRP call_id=66 peer_call_id=$b;"
	         "ev CALL_UP;" OFFERED "in ICRP call_id=66 peer_call_id=$a;"
	         "out CDN call_id=$a result_code=2 error_code=5; ev CALL_DOWN call=$A; quiet;"
	         "call B CALL_ESTABLISHED"},
	        {"reserved1 has no reply to be refused with",
	         "opt strict; up o;" OFFERED "in ICRP call_id=66 peer_call_id=$a reserved1=1;"
	         "ev CALL_ANSWER; count RESERVED 1"},
	        {"reserved0",
	         "up o;" OFFERED "in ICRP peer_call_id=$a reserved0=1; ev CALL_ANSWER; count RESERVED 1"},
	};
	(void)state;
	RUN(rows);
}

/* Every way out. */
/* Shows: C-CDN-01 C-CCRQ-01 C-CCRQ-02 C-CCRQ-03 A-34 A-46 K-04 S-CALL-02 H-03 */
static void test_incoming_pac_ends(void **state)
{
	static const script_row rows[] = {
	        {"the caller hangs up before the reply",
	         "opt strict; up o;" OFFERED "clear A 1 0 16;"
	         "out CDN call_id=$a result_code=1 error_code=0 cause_code=16 reserved1=0;"
	         "ev CALL_DOWN call=$A reason=LOCAL; quiet; calls 0;"
	         "in ICRP call_id=66 peer_call_id=$a; quiet; count UNKNOWN_CALL 1; state ESTABLISHED;"
	         "in CCRQ call_id=66; quiet; count UNKNOWN_CALL 2; state ESTABLISHED"},
	        {"CCRQ before the reply has an id that we never saw",
	         "opt strict; up o;" OFFERED "in CCRQ call_id=66; quiet; count UNKNOWN_CALL 1;"
	         "call A WAIT_REPLY"},
	        {"no reply",
	         "opt idle_timeout_us=0; up o;" OFFERED "deadline 60; wait 59; quiet; wait 1;"
	         "out CDN call_id=$a result_code=2 error_code=6;"
	         "ev CALL_DOWN call=$A reason=TIMEOUT timer=offer; quiet; calls 0; state ESTABLISHED;"
	         "in ICRP call_id=66 peer_call_id=$a; quiet; count UNKNOWN_CALL 1"},
	        {"no reply, strict",
	         "opt strict idle_timeout_us=0; up o;" OFFERED "wait 59; quiet; wait 1;"
	         "ev CALL_DOWN call=$A reason=TIMEOUT timer=offer; ev DOWN reason=TIMEOUT timer=offer;"
	         "state CLOSED_STATE"},
	        {"no reply, other time",
	         "opt offer_timeout_us=5000000; up o;" OFFERED "deadline 5; wait 4; quiet; wait 1; out CDN;"
	         "ev CALL_DOWN reason=TIMEOUT timer=offer"},
	        {"no reply, no timer",
	         "opt idle_timeout_us=0 offer_timeout_us=0; up o;" OFFERED "deadline never; wait 100000;"
	         "quiet; call A WAIT_REPLY"},
	        {"the line cannot be answered",
	         "opt strict; up o;" RINGING "clear A 2 6 41; out CDN call_id=$a result_code=2 error_code=6 "
	         "cause_code=41; ev CALL_DOWN call=$A reason=LOCAL; quiet; calls 0;"
	         "connected A err=STALE; in CCRQ call_id=66; quiet; state ESTABLISHED"},
	        {"the PNS gives up while the line is answered",
	         "opt strict; up o;" RINGING "in CCRQ call_id=66; out CDN call_id=$a result_code=4 "
	         "error_code=0; ev CALL_DOWN call=$A reason=PEER message_type=12; calls 0;"
	         "connected A err=STALE; quiet"},
	        {"the line is never answered",
	         "opt idle_timeout_us=0; up o;" OFFERED "wait 50; in ICRP call_id=66 peer_call_id=$a;"
	         "ev CALL_ANSWER call=$A; deadline 60; wait 59; quiet; wait 1;"
	         "out CDN call_id=$a result_code=2 error_code=6;"
	         "ev CALL_DOWN call=$A reason=TIMEOUT timer=connect; quiet; state ESTABLISHED;"
	         "connected A err=STALE"},
	        {"the line is never answered, strict",
	         "opt strict idle_timeout_us=0; up o;" RINGING "wait 59; quiet; wait 1;"
	         "ev CALL_DOWN call=$A reason=TIMEOUT timer=connect; ev DOWN reason=TIMEOUT timer=connect"},
	        {"the line is never answered, no timer",
	         "opt idle_timeout_us=0 connect_timeout_us=0; up o;" RINGING "deadline never; wait 100000;"
	         "quiet; connected A; out ICCN; ev CALL_UP"},
	        {"no timer in the call", "opt idle_timeout_us=0; up o;" ANSWERED "deadline never"},
	        {"the line drops",
	         "opt strict; up o;" ANSWERED "clear A 1 0 31; out CDN call_id=$a result_code=1 error_code=0 "
	         "cause_code=31; ev CALL_DOWN call=$A reason=LOCAL; calls 0; quiet;"
	         "in CCRQ call_id=66; quiet; in SLI peer_call_id=$a; quiet; state ESTABLISHED"},
	        {"the PNS clears",
	         "opt strict; up o;" ANSWERED "in CCRQ call_id=66; out CDN call_id=$a result_code=4 "
	         "error_code=0 reserved1=0; ev CALL_DOWN call=$A reason=PEER; calls 0; quiet;"
	         "in CCRQ call_id=66; quiet; count UNKNOWN_CALL 1"},
	        {"CCRQ with our id is for nobody",
	         "opt strict; up o; offer A local_call_id=50; out ICRQ; in ICRP call_id=66 peer_call_id=50;"
	         "ev CALL_ANSWER; connected A; out ICCN; ev CALL_UP; in CCRQ call_id=50; quiet;"
	         "count UNKNOWN_CALL 1; call A CALL_ESTABLISHED"},
	        {"an error without result 2", "up o;" ANSWERED "clear A 3 6 0 err=ARG; quiet;"
	                                      "call A CALL_ESTABLISHED"},
	        {"results that the message does not have",
	         "up o;" RINGING "clear A 0 0 0 err=ARG; clear A 5 0 0 err=ARG; quiet; call A ANSWERING"},
	        {"SLI", "opt strict; up o;" ANSWERED "in SLI peer_call_id=$a send_accm=1 receive_accm=2;"
	                "ev CALL_LINK_INFO call=$A send_accm=1 recv_accm=2 message_type=15 msg_len=24;"
	                "cinfo A send_accm=1 recv_accm=2"},
	        {"SLI while the line is answered",
	         "up o;" RINGING
	         "in SLI peer_call_id=$a send_accm=5 receive_accm=6; ev CALL_LINK_INFO call=$A "
	         "send_accm=5 recv_accm=6; call A ANSWERING; connected A; out ICCN; ev CALL_UP send_accm=5"},
	        {"CDN from the wrong end while the line is answered",
	         "up o;" RINGING
	         "in CDN call_id=66; ev CALL_DOWN call=$A reason=PEER; count ROLE 1; calls 0; quiet"},
	        {"ICCN from the wrong end",
	         "up o;" ANSWERED "in ICCN peer_call_id=$a; quiet; count ROLE 1; call A CALL_ESTABLISHED"},
	        {"ICCN from the wrong end, strict",
	         "opt strict; up o;" RINGING "in ICCN peer_call_id=$a; ev CALL_DOWN reason=PROTOCOL;"
	         "ev DOWN reason=PROTOCOL message_type=11; count ROLE 1"},
	        {"OCRP to an incoming call",
	         "up o;" OFFERED
	         "in OCRP call_id=66 peer_call_id=$a; quiet; count ROLE 1; call A WAIT_REPLY"},
	        {"OCRP to an incoming call, strict",
	         "opt strict; up o;" OFFERED "in OCRP call_id=66 peer_call_id=$a;"
	         "ev CALL_DOWN reason=PROTOCOL; ev DOWN reason=PROTOCOL message_type=8"},
	        {"ICRP to an outgoing call that we dialled",
	         "up o; dial A; out OCRQ call_id=$a; in ICRP call_id=66 peer_call_id=$a; quiet;"
	         "count ROLE 1; call A WAIT_REPLY"},
	        {"WEN from the wrong end",
	         "up o;" ANSWERED "in WEN peer_call_id=$a; quiet; count ROLE 1; call A CALL_ESTABLISHED"},
	        {"CDN from the wrong end",
	         "up o;" ANSWERED
	         "in CDN call_id=66; ev CALL_DOWN call=$A reason=PEER; count ROLE 1; calls 0"},
	        {"CDN from the wrong end, strict",
	         "opt strict; up o;" ANSWERED "in CDN call_id=66; ev CALL_DOWN reason=PROTOCOL;"
	         "ev DOWN reason=PROTOCOL message_type=13"},
	        {"the peer stops",
	         "opt strict max_calls=3; up o;" ANSWERED "offer B; out ICRQ; in StopCCRQ;"
	         "out StopCCRP result_code=1; ev CALL_DOWN reason=STOPPED; ev CALL_DOWN reason=STOPPED;"
	         "ev DOWN reason=STOPPED; calls 0"},
	        {"we stop", "opt strict max_calls=3; up o;" RINGING "offer B; out ICRQ; close 3;"
	                    "out StopCCRQ reason=3; ev CALL_DOWN reason=LOCAL; ev CALL_DOWN reason=LOCAL;"
	                    "quiet; connected A err=STALE; offer C err=CLOSED; in ICRP peer_call_id=$a;"
	                    "quiet; in StopCCRP; ev DOWN reason=LOCAL"},
	        {"TCP ends", "up o;" RINGING "eof; ev CALL_DOWN call=$A reason=EOF; ev DOWN reason=EOF;"
	                     "connected A err=STALE"},
	};
	(void)state;
	RUN(rows);
}

/* Calls of all four kinds on one connection, told apart by their ids alone. */
/* Shows: R-05 I-01 I-02 I-06 A-02 A-03 A-06 */
static void test_incoming_every_role(void **state)
{
	/* A is dialled, B taken; C offered, D taken. Ours are 1 to 4, the peer's 5 to 8, by order. */
	static const char all[] =
	        "opt strict take_calls=3 max_calls=4; up r;"
	        "dial A local_call_id=1; out OCRQ call_id=1; in OCRP call_id=5 peer_call_id=1; ev CALL_UP;"
	        "in OCRQ call_id=6; ev CALL_OFFERED call=$B; accept B local_call_id=2; out OCRP; ev CALL_UP;"
	        "offer C local_call_id=3; out ICRQ; in ICRP call_id=7 peer_call_id=3; ev CALL_ANSWER;"
	        "connected C; out ICCN peer_call_id=7; ev CALL_UP;"
	        "in ICRQ call_id=8; ev CALL_OFFERED call=$D; accept D local_call_id=4; out ICRP;"
	        "in ICCN peer_call_id=4; ev CALL_UP;"
	        "cinfo A role=2 direction=1; cinfo B role=1 direction=1; cinfo C role=1 direction=2;"
	        "cinfo D role=2 direction=2; info calls=4;";
	static const script_row ends[] = {
	        {"by the peer",
	         "in CDN call_id=8; ev CALL_DOWN call=$D reason=PEER; in CCRQ call_id=7;"
	         "out CDN call_id=3 result_code=4; ev CALL_DOWN call=$C reason=PEER; in CCRQ call_id=6;"
	         "out CDN call_id=2; ev CALL_DOWN call=$B; in CDN call_id=5; ev CALL_DOWN call=$A; quiet"},
	        {"by us",
	         "clear A 3 0 0; out CCRQ call_id=1; clear D 3 0 0; out CCRQ call_id=4;"
	         "clear B 3 0 0; out CDN call_id=2; ev CALL_DOWN call=$B;"
	         "clear C 1 0 0; out CDN call_id=3; ev CALL_DOWN call=$C;"
	         "in CDN call_id=8; ev CALL_DOWN call=$D; in CDN call_id=5; ev CALL_DOWN call=$A; quiet"},
	        {"messages within", "in SLI peer_call_id=2; ev CALL_LINK_INFO call=$B; in SLI peer_call_id=3;"
	                            "ev CALL_LINK_INFO call=$C; in WEN peer_call_id=1;"
	                            "ev CALL_WAN_ERROR call=$A; in WEN peer_call_id=4;"
	                            "ev CALL_WAN_ERROR call=$D; sli A 1 2; out SLI peer_call_id=5;"
	                            "sli D 3 4; out SLI peer_call_id=8; sli B 1 2 err=STATE;"
	                            "sli C 1 2 err=STATE; quiet"},
	        {"SLI to the call that we dialled", "in SLI peer_call_id=1; ev CALL_DOWN reason=PROTOCOL; ev "
	                                            "CALL_DOWN; ev CALL_DOWN; ev CALL_DOWN;"
	                                            "ev DOWN reason=PROTOCOL"},
	        {"none of the peer's ids is one of ours",
	         "in CCRQ call_id=1; in CCRQ call_id=2; in CCRQ call_id=3; in CCRQ call_id=4;"
	         "in CDN call_id=1; in CDN call_id=2; in CDN call_id=3; in CDN call_id=4;"
	         "in SLI peer_call_id=6; in SLI peer_call_id=7; in WEN peer_call_id=5; in WEN peer_call_id=8;"
	         "quiet; calls 4; count UNKNOWN_CALL 12"},
	        {"the connection ends", "eof; ev CALL_DOWN reason=EOF; ev CALL_DOWN reason=EOF; ev CALL_DOWN;"
	                                "ev CALL_DOWN; ev DOWN reason=EOF"},
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(ends); i++) {
		char text[4000];
		script_row row = {ends[i].name, text};
		snprintf(text, sizeof(text), "%s%s", all, ends[i].text);
		script_run(&row, 1);
	}
}

/* The caller's numbers, as long as they get, and without a zero behind them. */
/* Shows: C-ICRQ-03 H-04 */
static void test_incoming_numbers(void **state)
{
	pptp_config_options o = link_options(1);
	link_side pac, pns;
	pptp_offer offer;
	pptp_call call;
	pptp_msg m;
	const pptp_event *e;
	size_t mode;
	(void)state;
	o.take_calls = PPTP_TAKE_INCOMING;
	for (mode = 0; mode < link_modes_len; mode++) {
		check_row("%s", link_modes[mode].name);
		memset(&pac, 0, sizeof(pac));
		memset(&pns, 0, sizeof(pns));
		link_open(&pac, PPTP_ORIGINATOR, &o, &link_modes[mode], 0);
		link_open(&pns, PPTP_RECEIVER, &o, &link_modes[mode], 0);
		link_join(&pac, &pns);
		link_next_event(&pac, PPTP_EV_UP);
		link_next_event(&pns, PPTP_EV_UP);
		CHECK_EQ(pptp_offer_init(&offer, sizeof(offer)), PPTP_OK);
		offer.dialed_number_length = offer.dialing_number_length = 64;
		memset(offer.dialed_number, '1', 64);
		memset(offer.dialing_number, '2', 64);
		memset(offer.subaddress, 0xFF, 64);
		CHECK_EQ(pptp_call_offer(pac.conn, &offer, 0, &call), PPTP_OK);
		link_join(&pac, &pns);
		e = link_next_event(&pns, PPTP_EV_CALL_OFFERED);
		CHECK_EQ(pptp_msg_decode(e->msg, e->msg_len, 0, &m, NULL), 220);
		CHECK_EQ(m.icrq.dialed_number_length, 64);
		CHECK_EQ(m.icrq.dialing_number_length, 64);
		CHECK_OCTETS(m.icrq.dialed_number, offer.dialed_number, 64);
		CHECK_OCTETS(m.icrq.dialing_number, offer.dialing_number, 64);
		CHECK_OCTETS(m.icrq.subaddress, offer.subaddress, 64);
		CHECK_EQ(pptp_conn_abort(pac.conn, PPTP_ERR_SEND, 0), PPTP_OK);
		CHECK_EQ(pptp_conn_abort(pns.conn, PPTP_ERR_SEND, 0), PPTP_OK);
		link_drop(&pac);
		link_drop(&pns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_incoming_pac),      cmocka_unit_test(test_incoming_pac_reply),
	        cmocka_unit_test(test_incoming_pac_ends), cmocka_unit_test(test_incoming_every_role),
	        cmocka_unit_test(test_incoming_numbers),
	};
	return cmocka_run_group_tests_name("conn_incoming", tests, NULL, NULL);
}
