/* conn: each PPTP_TOLERATE_ flag by itself: it decides on its deviation, and no other flag does. */
#include "script.h"

#define DIALLED "dial A; out OCRQ call_id=$a; in OCRP call_id=77 peer_call_id=$a; ev CALL_UP call=$A;"
#define TAKEN                                                                                                \
	"in OCRQ call_id=77; ev CALL_OFFERED call=$A; accept A; out OCRP call_id=$a; ev CALL_UP call=$A;"
#define OFFERED "offer A; out ICRQ call_id=$a;"
#define RINGING OFFERED "in ICRP call_id=77 peer_call_id=$a; ev CALL_ANSWER call=$A;"
#define WAITING "in ICRQ call_id=77; ev CALL_OFFERED call=$A local_call_id=$a; accept A; out ICRP;"

#define FALLS(type)  "ev CALL_DOWN call=$A reason=PROTOCOL; ev DOWN reason=PROTOCOL message_type=" type
#define REFUSED_OCRP "out OCRP call_id=0 peer_call_id=5 result_code=2 error_code=3; quiet; state ESTABLISHED"
#define REFUSED_ICRP "out ICRP call_id=0 peer_call_id=5 result_code=2 error_code=3; quiet; state ESTABLISHED"

static const struct {
	uint32_t flag;
	const char *name;
	const char *before;    /* up to the deviation */
	const char *tolerated; /* with the flag, */
	const char * not ;     /* and without */
} rows[] = {
        {PPTP_TOLERATE_UNKNOWN_TYPE, "type 99", "up r; raw 000C00011A2B3C4D00630000;",
         "quiet; state ESTABLISHED; count UNKNOWN_TYPE 1", "ev DOWN reason=MALFORMED field=8 value=99"},
        {PPTP_TOLERATE_MANAGEMENT, "message type 2", "up r; raw 001000021A2B3C4D0005000000000001;",
         "quiet; state ESTABLISHED; count MANAGEMENT 1", "ev DOWN reason=MALFORMED field=2 value=2"},
        {PPTP_TOLERATE_LONGER, "EchoRQ of 20 octets", "up r; raw 001400011A2B3C4D000500000000000100000000;",
         "out EchoRP identifier=1 result_code=1; count LONGER 1",
         "ev DOWN reason=MALFORMED field=0 value=20"},
        {PPTP_TOLERATE_RESERVED, "OCRQ", "up r; in OCRQ call_id=5 reserved1=1; count RESERVED 1;",
         "ev CALL_OFFERED", REFUSED_OCRP},
        {PPTP_TOLERATE_RESERVED, "ICRQ", "up r; in ICRQ call_id=5 reserved0=1; count RESERVED 1;",
         "ev CALL_OFFERED", REFUSED_ICRP},
        {PPTP_TOLERATE_RESERVED, "EchoRQ", "up r; in EchoRQ identifier=9 reserved0=1; count RESERVED 1;",
         "out EchoRP identifier=9 result_code=1",
         "out EchoRP identifier=9 result_code=2 error_code=3; quiet"},
        {PPTP_TOLERATE_RESERVED, "SCCRQ", "open r; in SCCRQ reserved1=1;", "out SCCRP result_code=1; ev UP",
         "out SCCRP result_code=2 error_code=3; ev DOWN reason=REFUSED"},
        {PPTP_TOLERATE_SCCRP_RESULT_0, "SCCRP", "open o; skip; in SCCRP result_code=0;", "ev UP",
         "ev DOWN reason=REFUSED result_code=0"},
        {PPTP_TOLERATE_OCRP_RESULT_0, "OCRP",
         "up o; dial A; out OCRQ call_id=$a; in OCRP call_id=5 peer_call_id=$a result_code=0;",
         "ev CALL_UP; count RESULT_0 1", "ev CALL_DOWN reason=REFUSED result_code=0; count RESULT_0 0"},
        {PPTP_TOLERATE_ECHO_REPLY, "identifier",
         "up r; wait 60; out EchoRQ identifier=$i; in EchoRP identifier=$i+1; wait 59; quiet; wait 1;",
         "out EchoRQ; state ESTABLISHED", "ev DOWN reason=TIMEOUT timer=echo"},
        {PPTP_TOLERATE_ECHO_REPLY, "result",
         "up r; wait 60; out EchoRQ identifier=$i; in EchoRP identifier=$i result_code=2; wait 60;",
         "out EchoRQ; state ESTABLISHED", "ev DOWN reason=TIMEOUT timer=echo"},
        {PPTP_TOLERATE_ROLE, "CCRQ to the PNS", "up o;" DIALLED "in CCRQ call_id=77; count ROLE 1;",
         "out CDN call_id=$a result_code=4; ev CALL_DOWN call=$A reason=PEER", FALLS("12")},
        {PPTP_TOLERATE_ROLE, "CCRQ to the PNS that is clearing",
         "up o;" DIALLED "clear A 3 0 0; out CCRQ; in CCRQ call_id=77; count ROLE 1;",
         "out CDN call_id=$a result_code=4; ev CALL_DOWN call=$A reason=LOCAL; quiet; calls 0",
         "ev CALL_DOWN call=$A reason=LOCAL; ev DOWN reason=PROTOCOL message_type=12"},
        {PPTP_TOLERATE_ROLE, "CDN to the PAC", "up r;" TAKEN "in CDN call_id=77; count ROLE 1;",
         "ev CALL_DOWN call=$A reason=PEER; state ESTABLISHED", FALLS("13")},
        {PPTP_TOLERATE_ROLE, "CDN to the PAC before its answer",
         "up r; in OCRQ call_id=77; ev CALL_OFFERED call=$A; in CDN call_id=77; count ROLE 1;",
         "ev CALL_DOWN call=$A reason=PEER; accept A err=STALE; quiet", FALLS("13")},
        {PPTP_TOLERATE_ROLE, "CCRQ to the PNS of an incoming call",
         "up r;" WAITING "in CCRQ call_id=77; count ROLE 1;",
         "out CDN call_id=$a result_code=4; ev CALL_DOWN call=$A reason=PEER", FALLS("12")},
        {PPTP_TOLERATE_ROLE, "WEN to the PAC", "up r;" TAKEN "in WEN peer_call_id=$a; count ROLE 1;",
         "quiet; call A CALL_ESTABLISHED", FALLS("14")},
        {PPTP_TOLERATE_ROLE, "SLI to the PNS", "up r;" DIALLED "in SLI peer_call_id=$a; count ROLE 1;",
         "quiet; call A CALL_ESTABLISHED", FALLS("15")},
        {PPTP_TOLERATE_ROLE, "ICCN to the PAC", "up r;" RINGING "in ICCN peer_call_id=$a; count ROLE 1;",
         "quiet; call A ANSWERING", FALLS("11")},
        {PPTP_TOLERATE_ROLE, "ICRP to a dialled call",
         "up r; dial A; out OCRQ call_id=$a; in ICRP peer_call_id=$a; count ROLE 1;",
         "quiet; call A WAIT_REPLY", FALLS("10")},
        {PPTP_TOLERATE_CDN_CALL_ID, "our id", "up o;" DIALLED "in CDN call_id=$a;",
         "ev CALL_DOWN call=$A reason=PEER; count CDN_CALL_ID 1",
         "quiet; call A CALL_ESTABLISHED; count UNKNOWN_CALL 1"},
        {PPTP_TOLERATE_CDN_CALL_ID, "an id never learnt",
         "up o; dial A; out OCRQ call_id=$a; clear A 3 0 0; out CCRQ; in CDN call_id=$a+7;",
         "ev CALL_DOWN call=$A reason=LOCAL; count CDN_CALL_ID 1",
         "quiet; call A WAIT_DISCONNECT; count UNKNOWN_CALL 1"},
        {PPTP_TOLERATE_STATE, "second OCRP", "up o;" DIALLED "in OCRP call_id=77 peer_call_id=$a;",
         "quiet; call A CALL_ESTABLISHED; count STATE 1", FALLS("8")},
        {PPTP_TOLERATE_STATE, "second ICRP", "up o;" RINGING "in ICRP call_id=77 peer_call_id=$a;",
         "quiet; call A ANSWERING; count STATE 1", FALLS("10")},
        {PPTP_TOLERATE_STATE, "second ICCN",
         "up o;" WAITING "in ICCN peer_call_id=$a; ev CALL_UP; in ICCN peer_call_id=$a;",
         "quiet; call A CALL_ESTABLISHED; count STATE 1", FALLS("11")},
        {PPTP_TOLERATE_STATE, "WEN before the call is up",
         "up o; dial A; out OCRQ call_id=$a; in WEN peer_call_id=$a;",
         "quiet; call A WAIT_REPLY; count STATE 1", FALLS("14")},
        {PPTP_TOLERATE_STATE, "second SCCRP", "up o; in SCCRP;", "quiet; state ESTABLISHED; count STATE 1",
         "ev DOWN reason=PROTOCOL message_type=2"},
        {PPTP_TOLERATE_STATE, "StopCCRP", "up o; in StopCCRP;", "quiet; state ESTABLISHED; count STATE 1",
         "ev DOWN reason=PROTOCOL message_type=4"},
        {PPTP_TOLERATE_STATE, "early EchoRQ", "open r; in EchoRQ identifier=3;",
         "out EchoRP identifier=3 result_code=2 error_code=1; state IDLE",
         "ev DOWN reason=PROTOCOL message_type=5"},
        {PPTP_TOLERATE_STATE, "EchoRQ while the host is asked",
         "open r ask; in SCCRQ; ev START_OFFERED; in EchoRQ;", "quiet; state START_OFFERED; count STATE 1",
         "ev DOWN reason=PROTOCOL message_type=5"},
        {PPTP_TOLERATE_NUMBER_LENGTH, "phone number", "up r; in OCRQ call_id=5 phone_number_length=65;",
         "ev CALL_OFFERED; count BAD_VALUE 1", REFUSED_OCRP},
        {PPTP_TOLERATE_NUMBER_LENGTH, "dialed number", "up r; in ICRQ call_id=5 dialed_number_length=65;",
         "ev CALL_OFFERED; count BAD_VALUE 1", REFUSED_ICRP},
        {PPTP_TOLERATE_NUMBER_LENGTH, "dialing number",
         "up r; in ICRQ call_id=5 dialing_number_length=65535;", "ev CALL_OFFERED; count BAD_VALUE 1",
         REFUSED_ICRP},
        {PPTP_TOLERATE_CALL_TYPE, "bearer of OCRQ", "up r; in OCRQ call_id=5 bearer_type=4;",
         "ev CALL_OFFERED bearer_type=3; count BAD_VALUE 1", REFUSED_OCRP},
        {PPTP_TOLERATE_CALL_TYPE, "framing of OCRQ", "up r; in OCRQ call_id=5 framing_type=0;",
         "ev CALL_OFFERED framing_type=3; count BAD_VALUE 1", REFUSED_OCRP},
        {PPTP_TOLERATE_CALL_TYPE, "speeds of OCRQ", "up r; in OCRQ call_id=5 minimum_bps=9 maximum_bps=8;",
         "ev CALL_OFFERED call=$A; cinfo A minimum_bps=0 maximum_bps=0", REFUSED_OCRP},
        {PPTP_TOLERATE_CALL_TYPE, "bearer of ICRQ", "up r; in ICRQ call_id=5 call_bearer_type=3;",
         "ev CALL_OFFERED bearer_type=3; count BAD_VALUE 1", REFUSED_ICRP},
        {PPTP_TOLERATE_CALL_TIMEOUT, "no OCRP",
         "opt idle_timeout_us=0; up o; dial A; out OCRQ call_id=$a; wait 120;",
         "skip; call A WAIT_DISCONNECT; state ESTABLISHED", "skip; state CLOSED_STATE"},
        {PPTP_TOLERATE_CALL_TIMEOUT, "no CDN",
         "opt idle_timeout_us=0; up o;" DIALLED "clear A 3 0 0; out CCRQ; wait 60;",
         "skip; calls 0; state ESTABLISHED", "skip; state CLOSED_STATE"},
        {PPTP_TOLERATE_CALL_TIMEOUT, "no ICRP", "opt idle_timeout_us=0; up o;" OFFERED "wait 60;",
         "skip; calls 0; state ESTABLISHED", "skip; state CLOSED_STATE"},
        {PPTP_TOLERATE_CALL_TIMEOUT, "no answer on the line, PAC",
         "opt idle_timeout_us=0; up o;" RINGING "wait 60;", "skip; calls 0; state ESTABLISHED",
         "skip; state CLOSED_STATE"},
        {PPTP_TOLERATE_CALL_TIMEOUT, "no answer on the line, PNS",
         "opt idle_timeout_us=0; up o;" WAITING "wait 60;", "skip; call A WAIT_DISCONNECT; state ESTABLISHED",
         "skip; state CLOSED_STATE"},
};

/* With all flags, all but this one, this one alone, and none. */
/* Shows: A-02 A-07 A-08 A-09 A-32 A-34 H-03 C-CDN-03 C-CDN-04 C-ECHO-03 C-ECHO-04 C-ECHO-05 S-CC-08 T-09 */
static void test_tolerance_each(void **state)
{
	size_t i, k;
	uint32_t covered = 0;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		const uint32_t sets[] = {PPTP_TOLERATE_ALL, PPTP_TOLERATE_ALL & ~rows[i].flag, rows[i].flag,
		                         0};
		for (k = 0; k < LEN(sets); k++) {
			char name[100], text[1000];
			script_row row = {name, text};
			const char *end = sets[k] & rows[i].flag ? rows[i].tolerated : rows[i].not ;
			snprintf(name, sizeof(name), "%s, tolerate=0x%x", rows[i].name, (unsigned)sets[k]);
			snprintf(text, sizeof(text), "opt take_calls=3 tolerate=0x%x;%s%s", (unsigned)sets[k],
			         rows[i].before, end);
			script_run(&row, 1);
		}
		covered |= rows[i].flag;
	}
	check_row("flags covered: 0x%x", covered);
	CHECK_EQ(covered, (PPTP_TOLERATE_CALL_TIMEOUT << 1) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_tolerance_each),
	};
	return cmocka_run_group_tests_name("conn_tolerance", tests, NULL, NULL);
}
