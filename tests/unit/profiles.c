#include "profiles.h"

/* ---- clients: we are the PAC --------------------------------------------------------------------------- */

/* Call ID 0 as Windows XP has it, a GUID in the subaddress, Set-Link-Info at once and again behind the
 * authentication, Call-Clear-Request once more behind Call-Disconnect-Notify. */
#define WINDOWS_PNS                                                                                          \
	"open r; in SCCRQ framing_capabilities=1 bearer_capabilities=1 maximum_channels=0 "                  \
	"firmware_revision=2600 vendor_string=Microsoft~Windows~NT;"                                         \
	"out SCCRP result_code=1; ev UP; info peer_firmware_revision=2600 peer_maximum_channels=0;"          \
	"in OCRQ call_id=0 call_serial_number=1 minimum_bps=300 maximum_bps=100000000 bearer_type=3 "        \
	"framing_type=3 packet_recv_window_size=64 "                                                         \
	"subaddress=%5C%12%00%9A%00%01%02%03%04%05%06%07%08%09%0A%0B;"                                       \
	"ev CALL_OFFERED call=$A peer_call_id=0 peer_recv_window=64; accept A; out OCRP call_id=$a "         \
	"peer_call_id=0 connect_speed=100000000; ev CALL_UP peer_call_id=0;"                                 \
	"in SLI peer_call_id=$a; ev CALL_LINK_INFO send_accm=0xFFFFFFFF recv_accm=0xFFFFFFFF;"               \
	"in SLI peer_call_id=$a; ev CALL_LINK_INFO;"                                                         \
	"wait 50; in EchoRQ identifier=7; out EchoRP identifier=7 result_code=1; wait 59; quiet;"            \
	"in CCRQ call_id=0; out CDN call_id=$a result_code=4; ev CALL_DOWN call=$A reason=PEER;"             \
	"in CCRQ call_id=0; quiet; state ESTABLISHED; in StopCCRQ reason=1; out StopCCRP result_code=1;"     \
	"ev DOWN reason=STOPPED"

/* Closes TCP without a word. */
#define APPLE_PNS                                                                                            \
	"open r; in SCCRQ framing_capabilities=3 bearer_capabilities=3 maximum_channels=0 "                  \
	"vendor_string=Mac~OS~X,~Apple~Computer,~Inc; out SCCRP result_code=1; ev UP;"                       \
	"in OCRQ call_id=1 bearer_type=3 framing_type=3 packet_recv_window_size=64; ev CALL_OFFERED "        \
	"call=$A; accept A; out OCRP call_id=$a; ev CALL_UP; in SLI peer_call_id=$a; ev CALL_LINK_INFO;"     \
	"eof; ev CALL_DOWN call=$A reason=EOF; ev DOWN reason=EOF"

/* Nothing but requests; answers echoes; closes TCP without a word. */
#define ANDROID                                                                                              \
	"open r; in SCCRQ framing_capabilities=3 bearer_capabilities=3 maximum_channels=1 "                  \
	"host_name=anonymous vendor_string=android; out SCCRP result_code=1; ev UP;"                         \
	"in OCRQ call_id=0x8001 packet_recv_window_size=8192; ev CALL_OFFERED call=$A "                      \
	"peer_recv_window=8192; accept A; out OCRP call_id=$a peer_call_id=0x8001; ev CALL_UP;"              \
	"wait 60; out EchoRQ identifier=$e; in EchoRP identifier=$e; wait 59; quiet;"                        \
	"eof; ev CALL_DOWN reason=EOF; ev DOWN reason=EOF"

/* ---- servers: we are the PNS --------------------------------------------------------------------------- */

/* Result Code 0 in Call-Disconnect-Notify, a window of 0 in its reply. */
#define WINDOWS_PAC                                                                                          \
	"open o; out SCCRQ; in SCCRP framing_capabilities=3 bearer_capabilities=3 maximum_channels=0 "       \
	"firmware_revision=3790 vendor_string=Microsoft; ev UP;"                                             \
	"dial A; out OCRQ call_id=$a; in OCRP call_id=0x4000 peer_call_id=$a cause_code=0 "                  \
	"connect_speed=64000 packet_recv_window_size=0 physical_channel_id=0; ev CALL_UP "                   \
	"peer_recv_window=0 peer_delay=0; sli A 0xFFFFFFFF 0xFFFFFFFF; out SLI peer_call_id=0x4000;"         \
	"wait 59; in EchoRQ identifier=1; out EchoRP identifier=1;"                                          \
	"in CDN call_id=0x4000 result_code=0; ev CALL_DOWN call=$A reason=PEER result_code=0; quiet;"        \
	"dial B; out OCRQ call_id=$b; in OCRP call_id=0x4001 peer_call_id=$b packet_recv_window_size=16384;" \
	"ev CALL_UP peer_recv_window=16384; clear B 3 0 0; out CCRQ call_id=$b; in CDN call_id=0x4001 "      \
	"result_code=0; ev CALL_DOWN call=$B reason=LOCAL result_code=0; close 1; out StopCCRQ;"             \
	"in StopCCRP; ev DOWN reason=LOCAL"

/* No bearer at all, synchronous framing only; echoes each minute. */
#define MIKROTIK_PAC                                                                                         \
	"open o; out SCCRQ; in SCCRP framing_capabilities=2 bearer_capabilities=0 maximum_channels=0 "       \
	"firmware_revision=1 host_name=MikroTik vendor_string=MikroTik; ev UP;"                              \
	"info peer_framing_capabilities=2 peer_bearer_capabilities=0 peer_firmware_revision=1;"              \
	"dial A; out OCRQ call_id=$a; in OCRP call_id=80 peer_call_id=$a packet_recv_window_size=100;"       \
	"ev CALL_UP; wait 59; in EchoRQ identifier=1; out EchoRP identifier=1; wait 59; in EchoRQ "          \
	"identifier=2; out EchoRP identifier=2; clear A 3 0 0; out CCRQ; in CDN call_id=80 result_code=4;"   \
	"ev CALL_DOWN reason=LOCAL result_code=4; close 1; out StopCCRQ; in StopCCRP; ev DOWN reason=LOCAL"

/* Repeats our speed and window, and answers Call-Clear-Request by closing TCP. */
#define POPTOP_PAC                                                                                           \
	"open o; out SCCRQ; in SCCRP framing_capabilities=0 bearer_capabilities=0 maximum_channels=1 "       \
	"firmware_revision=1 host_name=local vendor_string=linux; ev UP;"                                    \
	"dial A; out OCRQ call_id=$a; in OCRP call_id=0x80 peer_call_id=$a connect_speed=100000000 "         \
	"packet_recv_window_size=64; ev CALL_UP connect_speed=100000000; clear A 3 0 0; out CCRQ;"           \
	"eof; ev CALL_DOWN call=$A reason=LOCAL; ev DOWN reason=EOF"

/* Wants each field as it knows it, a "phone number", and Set-Link-Info behind the reply. */
#define ORCKIT_PAC                                                                                           \
	"opt framing_capabilities=1 bearer_capabilities=1 maximum_channels=0 firmware_revision=0x6021 "      \
	"host_name=RELAY_PPP1 vendor_string=MS~Win~NT; open o;"                                              \
	"out SCCRQ framing_capabilities=1 bearer_capabilities=1 maximum_channels=0 "                         \
	"firmware_revision=0x6021 host_name=RELAY_PPP1 vendor_string=MS~Win~NT; in SCCRP; ev UP;"            \
	"dial A bearer_type=2 framing_type=3 phone_number_length=10 phone_number=RELAY_PPP1;"                \
	"out OCRQ call_id=$a bearer_type=2 framing_type=3 phone_number_length=10 "                           \
	"phone_number=RELAY_PPP1; in OCRP call_id=5 peer_call_id=$a; ev CALL_UP;"                            \
	"sli A 0xFFFFFFFF 0xFFFFFFFF; out SLI peer_call_id=5 send_accm=0xFFFFFFFF "                          \
	"receive_accm=0xFFFFFFFF; in CDN call_id=5 result_code=1; ev CALL_DOWN reason=PEER result_code=1;"   \
	"eof; ev DOWN reason=EOF"

/* Result Code 0 for success, in both replies. */
#define ALCATEL_PAC                                                                                          \
	"open o; out SCCRQ; in SCCRP result_code=0; ev UP; count RESULT_0 1; dial A; out OCRQ call_id=$a;"   \
	"in OCRP call_id=1 peer_call_id=$a result_code=0; ev CALL_UP; count RESULT_0 2;"                     \
	"clear A 3 0 0; out CCRQ; in CDN call_id=1; ev CALL_DOWN; close 1; out StopCCRQ; in StopCCRP;"       \
	"ev DOWN reason=LOCAL"
#define ALCATEL_PAC_STRICT "open o; out SCCRQ; in SCCRP result_code=0; ev DOWN reason=REFUSED result_code=0"

/* Sends the PNS's Call ID in Call-Disconnect-Notify. */
#define ACCEL_PAC                                                                                            \
	"open o; out SCCRQ; in SCCRP maximum_channels=1 vendor_string=cananian; ev UP; dial A; out OCRQ "    \
	"call_id=$a; in OCRP call_id=0x1234 peer_call_id=$a packet_recv_window_size=3; ev CALL_UP;"          \
	"in CDN call_id=$a result_code=3;"
#define ACCEL_PAC_USUAL  ACCEL_PAC "ev CALL_DOWN reason=PEER result_code=3; count CDN_CALL_ID 1; quiet"
#define ACCEL_PAC_STRICT ACCEL_PAC "quiet; call A CALL_ESTABLISHED; count UNKNOWN_CALL 1"

/* ---- what stands between ------------------------------------------------------------------------------- */

/* Reserved0 is never 0. Strict, its requests are refused with Bad-Value. */
#define PIX                                                                                                  \
	"open r; in SCCRQ reserved0=0x100; out SCCRP result_code=1 reserved0=0; ev UP; in OCRQ "             \
	"reserved0=0x100 call_id=9; ev CALL_OFFERED call=$A; accept A; out OCRP call_id=$a reserved0=0;"     \
	"ev CALL_UP; in SLI reserved0=0x100 peer_call_id=$a; ev CALL_LINK_INFO;"                             \
	"in EchoRQ reserved0=0x100 identifier=3; out EchoRP identifier=3 result_code=1;"                     \
	"wait 60; out EchoRQ identifier=$e; in EchoRP reserved0=0x100 identifier=$e; wait 59; quiet;"        \
	"in CCRQ reserved0=0x100 call_id=9; out CDN; ev CALL_DOWN reason=PEER; count RESERVED 6"
#define PIX_STRICT                                                                                           \
	"open r; in SCCRQ reserved0=0x100; out SCCRP result_code=2 error_code=3; ev DOWN reason=REFUSED "    \
	"result_code=2 error_code=3; count RESERVED 1"

/* The same as a server, which refuses nothing: echoes are answered with an error, and it lives. */
#define PIX_PAC                                                                                              \
	"open o; out SCCRQ; in SCCRP reserved0=0x100; ev UP; dial A; out OCRQ call_id=$a;"                   \
	"in OCRP reserved0=0x100 call_id=9 peer_call_id=$a; ev CALL_UP; in EchoRQ reserved0=0x100 "          \
	"identifier=3;"
#define PIX_PAC_END                                                                                          \
	"wait 60; out EchoRQ identifier=$e; in EchoRP reserved0=0x100 identifier=$e; wait 59; quiet;"        \
	"in CDN reserved0=0x100 call_id=9; ev CALL_DOWN reason=PEER; count RESERVED 5"
#define PIX_PAC_USUAL  PIX_PAC "out EchoRP identifier=3 result_code=1 error_code=0;" PIX_PAC_END
#define PIX_PAC_STRICT PIX_PAC "out EchoRP identifier=3 result_code=2 error_code=3;" PIX_PAC_END

/* The client's Call ID is its port now, in every message but Set-Link-Info, which names nobody. */
#define NAT_REWRITER                                                                                         \
	"opt max_calls=2; open r; in SCCRQ; out SCCRP; ev UP; in OCRQ call_id=50123; ev CALL_OFFERED "       \
	"call=$A peer_call_id=50123; accept A; out OCRP call_id=$a peer_call_id=50123; ev CALL_UP;"          \
	"in SLI peer_call_id=$a+9; quiet; count UNKNOWN_CALL 1; call A CALL_ESTABLISHED;"                    \
	"in SLI peer_call_id=$a; ev CALL_LINK_INFO; in CCRQ call_id=1; quiet; count UNKNOWN_CALL 2;"         \
	"call A CALL_ESTABLISHED; in CCRQ call_id=50123; out CDN call_id=$a; ev CALL_DOWN reason=PEER;"      \
	"in OCRQ call_id=50123; ev CALL_OFFERED call=$B peer_call_id=50123; accept B; out OCRP "             \
	"call_id=$b; ev CALL_UP; eof; ev CALL_DOWN reason=EOF; ev DOWN reason=EOF"

const profile profiles[] = {
        {"windows-pns", WINDOWS_PNS, NULL},
        {"windows-pac", WINDOWS_PAC, NULL},
        {"mikrotik-pac", MIKROTIK_PAC, NULL},
        {"poptop-pac", POPTOP_PAC, NULL},
        {"apple-pns", APPLE_PNS, NULL},
        {"android", ANDROID, NULL},
        {"orckit-pac", ORCKIT_PAC, NULL},
        {"alcatel-pac", ALCATEL_PAC, ALCATEL_PAC_STRICT},
        {"accel-pac", ACCEL_PAC_USUAL, ACCEL_PAC_STRICT},
        {"pix", PIX, PIX_STRICT},
        {"pix-pac", PIX_PAC_USUAL, PIX_PAC_STRICT},
        {"nat-rewriter", NAT_REWRITER, NULL},
};
const size_t profiles_len = LEN(profiles);

static void run(const profile *p, int strict)
{
	char name[60], text[4000];
	script_row row = {name, text};
	snprintf(name, sizeof(name), "%s%s", p->name, strict ? ", strict" : "");
	CHECK(snprintf(text, sizeof(text), "%s%s", strict ? "opt strict; " : "",
	               strict && p->strict ? p->strict : p->usual) < (int)sizeof(text));
	script_run(&row, 1);
}

void profile_run(const char *name)
{
	size_t i;
	for (i = 0; i < profiles_len; i++) {
		if (strcmp(profiles[i].name, name) == 0) {
			run(&profiles[i], 0);
			run(&profiles[i], 1);
			return;
		}
	}
	check_fail(__FILE__, __LINE__, "no profile %s", name);
}
