/* conn: what the two ends tell one another of a line: Set-Link-Info, WAN-Error-Notify and Call Statistics
 * (RFC 2637 2.13 - 2.15). */
#include "script.h"

#define RUN(rows) script_run(rows, LEN(rows))

/* Calls that are up. The peer's Call ID is 77. */
#define DIALLED  "dial A; out OCRQ call_id=$a; in OCRP call_id=77 peer_call_id=$a; ev CALL_UP call=$A;"
#define TAKEN    "in OCRQ call_id=77; ev CALL_OFFERED call=$A local_call_id=$a; accept A; out OCRP; ev CALL_UP;"
#define RINGING  "offer A; out ICRQ call_id=$a; in ICRP call_id=77 peer_call_id=$a; ev CALL_ANSWER call=$A;"
#define ANSWERED RINGING "connected A; out ICCN; ev CALL_UP call=$A;"
#define CALLED   "in ICRQ call_id=77; ev CALL_OFFERED call=$A local_call_id=$a;"
#define IN_CALL  CALLED "accept A; out ICRP; in ICCN peer_call_id=$a; ev CALL_UP call=$A;"

/* ---- Set-Link-Info ----------------------------------------------------------------------------------- */

/* Shows: C-SLI-01 C-SLI-02 C-SLI-04 C-SLI-05 A-06 A-48 T-06 */
static void test_line_link_info(void **state)
{
	static const script_row rows[] = {
	        {"outgoing call",
	         "opt strict; up o;" DIALLED "cinfo A send_accm=0xFFFFFFFF recv_accm=0xFFFFFFFF;"
	         "sli A 0x12345678 0x9ABCDEF0; out SLI length=24 peer_call_id=77 send_accm=0x12345678 "
	         "receive_accm=0x9ABCDEF0 reserved0=0 reserved1=0; quiet; call A CALL_ESTABLISHED"},
	        {"incoming call", "opt strict take_calls=2; up r;" IN_CALL
	                          "sli A 0 0; out SLI peer_call_id=77 send_accm=0 receive_accm=0; quiet"},
	        {"as a modem wants it, right behind the reply",
	         "up o;" DIALLED "sli A 0xFFFFFFFF 0xFFFFFFFF;"
	         "out SLI send_accm=0xFFFFFFFF receive_accm=0xFFFFFFFF"},
	        {"as often as one likes",
	         "up o;" DIALLED "sli A 1 2; out SLI send_accm=1 receive_accm=2; sli A 1 2; skip; sli A 3 4;"
	         "out SLI send_accm=3 receive_accm=4; wait 30; sli A 0 0; out SLI send_accm=0 "
	         "receive_accm=0"},
	        {"Call ID 0 at the PAC",
	         "up o; dial A; out OCRQ call_id=$a; in OCRP call_id=0 peer_call_id=$a;"
	         "ev CALL_UP; sli A 1 2; out SLI peer_call_id=0 send_accm=1"},
	        {"before the reply", "up o; dial A; out OCRQ; sli A 1 2 err=STATE; quiet"},
	        {"before the answer", "opt take_calls=2; up r;" CALLED "sli A 1 2 err=STATE; quiet"},
	        {"before the line is answered",
	         "opt take_calls=2; up r;" CALLED "accept A; out ICRP; sli A 1 2 err=STATE; quiet"},
	        {"while it is cleared", "up o;" DIALLED "clear A 3 0 0; out CCRQ; sli A 1 2 err=STATE; quiet;"
	                                "in CDN call_id=77; ev CALL_DOWN; sli A 1 2 err=STALE; quiet"},
	        {"by the PAC of an outgoing call", "up r;" TAKEN "sli A 1 2 err=STATE; quiet"},
	        {"by the PAC of an incoming call", "up r;" ANSWERED "sli A 1 2 err=STATE; quiet"},
	        {"after the end", "up o;" DIALLED "close 1; out StopCCRQ; ev CALL_DOWN; sli A 1 2 err=STALE;"
	                          "quiet; in StopCCRP; ev DOWN"},
	        {"received at any time, the newest holds",
	         "opt strict; up r;" TAKEN "cinfo A send_accm=0xFFFFFFFF recv_accm=0xFFFFFFFF;"
	         "in SLI peer_call_id=$a send_accm=1 receive_accm=2;"
	         "ev CALL_LINK_INFO call=$A send_accm=1 recv_accm=2; cinfo A send_accm=1 recv_accm=2;"
	         "wait 30; in SLI peer_call_id=$a send_accm=0 receive_accm=0;"
	         "ev CALL_LINK_INFO send_accm=0 recv_accm=0; cinfo A send_accm=0 recv_accm=0"},
	        {"a new call begins anew",
	         "opt strict; up r;" TAKEN "in SLI peer_call_id=$a send_accm=1 receive_accm=2; skip;"
	         "in CCRQ call_id=77; skip; in OCRQ call_id=78; ev CALL_OFFERED call=$B send_accm=0xFFFFFFFF;"
	         "cinfo B send_accm=0xFFFFFFFF recv_accm=0xFFFFFFFF"},
	        {"of another call",
	         "opt max_calls=2; up r;" TAKEN "in OCRQ call_id=78; ev CALL_OFFERED call=$B;"
	         "in SLI peer_call_id=$a send_accm=5 receive_accm=6; ev CALL_LINK_INFO call=$A;"
	         "cinfo B send_accm=0xFFFFFFFF"},
	        {"with reserved1", "opt strict; up r;" TAKEN "in SLI peer_call_id=$a reserved1=1;"
	                           "ev CALL_LINK_INFO; count RESERVED 1"},
	};
	(void)state;
	RUN(rows);
}

/* Fill the transmit buffer to the brim: dial until there is no room. */
static void fill(link_side *side)
{
	pptp_dial d;
	pptp_call call;
	pptp_err err;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	side->hold_tx = 1;
	while ((err = pptp_call_dial(side->conn, &d, side->now, &call)) == PPTP_OK)
		;
	CHECK_EQ(err, PPTP_ERR_AGAIN);
}

/* A small buffer, and room for the calls that fill it. */
static void open_lines(link_side *side, const link_mode *mode)
{
	pptp_config_options o = link_options(0);
	memset(side, 0, sizeof(*side));
	o.max_calls = 20;
	o.tx_octets = 220;
	o.line_statistics = 1;
	o.idle_timeout_us = 0;
	link_open(side, PPTP_RECEIVER, &o, mode, 0);
	link_up(side);
}

/* A call that is up, of which we are the PNS, or the PAC. */
static pptp_call dialled(link_side *side)
{
	pptp_msg m = link_msg(PPTP_OCRP);
	pptp_dial d;
	pptp_call call;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	CHECK_EQ(pptp_call_dial(side->conn, &d, side->now, &call), PPTP_OK);
	link_pump(side);
	m.ocrp.peer_call_id = link_next_msg(side, PPTP_OCRQ).ocrq.call_id;
	m.ocrp.call_id = 77;
	link_feed_msg(side, &m);
	link_next_event(side, PPTP_EV_CALL_UP);
	return call;
}

static pptp_call taken(link_side *side)
{
	pptp_msg m = link_msg(PPTP_OCRQ);
	pptp_answer a;
	pptp_call call;
	m.ocrq.call_id = 77;
	link_feed_msg(side, &m);
	call = link_next_event(side, PPTP_EV_CALL_OFFERED)->call;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	CHECK_EQ(pptp_call_accept(side->conn, call, &a, side->now), PPTP_OK);
	link_pump(side);
	link_next_msg(side, PPTP_OCRP);
	link_next_event(side, PPTP_EV_CALL_UP);
	return call;
}

/* The messages of this type that are sent when there is room again; *ret is the last. Nothing of it may come
 * behind a message of the type `never_after`. */
static uint32_t drain(link_side *side, uint32_t type, uint32_t never_after, pptp_msg *ret)
{
	uint32_t n = 0;
	int after = 0;
	side->hold_tx = 0;
	link_pump(side);
	while (side->sent_read < side->sent_len) {
		const uint8_t *at = side->sent + side->sent_read;
		uint32_t is = (uint32_t)(at[8] << 8 | at[9]);
		pptp_msg m = link_next_msg(side, is);
		if (is == type) {
			CHECK(!after);
			*ret = m;
			n++;
		}
		after |= is == never_after;
	}
	return n;
}

static void end(link_side *side)
{
	CHECK_EQ(pptp_conn_abort(side->conn, PPTP_ERR_SEND, side->now), PPTP_OK);
	link_drop(side);
}

/* Of several that wait for room the newest is sent, once; and none behind the call's end. */
/* Shows: C-SLI-01 T-12 */
static void test_line_link_info_waits(void **state)
{
	size_t k;
	int cleared;
	(void)state;
	for (k = 0; k < link_modes_len; k++) {
		for (cleared = 0; cleared < 2; cleared++) {
			pptp_call call;
			link_side side;
			pptp_msg m;
			uint32_t n;
			check_row("%s%s", link_modes[k].name, cleared ? ", cleared" : "");
			open_lines(&side, &link_modes[k]);
			call = dialled(&side);
			fill(&side);
			for (n = 1; n <= 5; n++)
				CHECK_EQ(pptp_call_set_link_info(side.conn, call, n, n + 100, 0), PPTP_OK);
			if (cleared)
				CHECK_EQ(pptp_call_clear(side.conn, call, 3, 0, 0, 0), PPTP_OK);
			n = drain(&side, PPTP_SLI, PPTP_CCRQ, &m);
			CHECK(n == 1 || (cleared && n == 0));
			if (n) {
				CHECK_EQ(m.sli.peer_call_id, 77);
				CHECK_EQ(m.sli.send_accm, 5);
				CHECK_EQ(m.sli.receive_accm, 105);
			}
			end(&side);
		}
	}
}

/* ---- WAN-Error-Notify ---------------------------------------------------------------------------------- */

#define LINES  "opt line_statistics=1 idle_timeout_us=0 max_calls=3; up r;"
#define STRICT "opt strict line_statistics=1 idle_timeout_us=0 max_calls=3; up r;"

/* Shows: C-WEN-01 C-WEN-02 A-06 K-05 T-06 */
static void test_line_wan_errors(void **state)
{
	static const script_row rows[] = {
	        {"outgoing call", STRICT TAKEN
	         "wan A 1 2 3 4 5 6; out WEN length=40 peer_call_id=77 crc_errors=1 framing_errors=2 "
	         "hardware_overruns=3 buffer_overruns=4 timeout_errors=5 alignment_errors=6 "
	         "reserved0=0 reserved1=0; quiet; call A CALL_ESTABLISHED"},
	        {"incoming call", STRICT ANSWERED "wan A 0 0 0 0 0 0xFFFFFFFF; out WEN peer_call_id=77 "
	                                          "crc_errors=0 alignment_errors=0xFFFFFFFF; quiet"},
	        {"incoming call, at most one an interval", LINES ANSWERED
	         "wan A 1 0 0 0 0 0; out WEN crc_errors=1; wan A 2 0 0 0 0 0; quiet; wait 59; quiet;"
	         "wait 1; out WEN crc_errors=2; wait 60; quiet; deadline never; wan A 3 0 0 0 0 0;"
	         "out WEN crc_errors=3"},
	        {"never without an error",
	         LINES TAKEN "wan A 0 0 0 0 0 0; quiet; wait 1000; quiet; wan A 0 0 0 0 0 0; quiet;"
	                     "wan A 0 0 0 0 1 0; out WEN timeout_errors=1"},
	        {"each counter counts",
	         "opt line_statistics=1 wan_error_interval_us=0; up r;" TAKEN
	         "wan A 1 0 0 0 0 0; out WEN; wan A 1 1 0 0 0 0; out WEN; wan A 1 1 1 0 0 0; out WEN;"
	         "wan A 1 1 1 1 0 0; out WEN; wan A 1 1 1 1 1 0; out WEN; wan A 1 1 1 1 1 1;"
	         "out WEN crc_errors=1 framing_errors=1 hardware_overruns=1 buffer_overruns=1 "
	         "timeout_errors=1 "
	         "alignment_errors=1; quiet"},
	        {"at most one an interval", LINES TAKEN
	         "wan A 1 0 0 0 0 0; out WEN crc_errors=1; wan A 2 0 0 0 0 0; quiet; wait 59; quiet;"
	         "deadline 1; wait 1; out WEN crc_errors=2; quiet; wan A 3 0 0 0 0 0; quiet; wait 59;"
	         "quiet; wait 1; out WEN crc_errors=3; wait 1000; quiet"},
	        {"what was last said is sent", LINES TAKEN
	         "wan A 1 0 0 0 0 0; out WEN; wait 10; wan A 2 0 0 0 0 0; wan A 2 5 0 0 0 0; wait 10;"
	         "wan A 9 5 0 0 0 7; wait 39; quiet; wait 1;"
	         "out WEN crc_errors=9 framing_errors=5 alignment_errors=7; quiet; wait 1000; quiet"},
	        {"nothing new, nothing said",
	         LINES TAKEN "wan A 1 0 0 0 0 0; out WEN; wan A 1 0 0 0 0 0; wait 100; quiet;"
	                     "wan A 1 0 0 0 0 0; wait 100; quiet; wan A 2 0 0 0 0 0; out WEN crc_errors=2"},
	        {"after a quiet interval at once", LINES TAKEN
	         "wan A 1 0 0 0 0 0; out WEN; wait 60; quiet; wan A 2 0 0 0 0 0; out WEN crc_errors=2;"
	         "wait 59; wan A 3 0 0 0 0 0; quiet; wait 1; out WEN crc_errors=3"},
	        {"another interval", "opt line_statistics=1 wan_error_interval_us=5000000; up r;" TAKEN
	                             "wan A 1 0 0 0 0 0; out WEN; wan A 2 0 0 0 0 0; wait 4; quiet; wait 1; "
	                             "out WEN crc_errors=2"},
	        {"no interval",
	         "opt line_statistics=1 wan_error_interval_us=0 idle_timeout_us=0; up r;" TAKEN
	         "wan A 1 0 0 0 0 0; out WEN crc_errors=1; wan A 2 0 0 0 0 0; out WEN crc_errors=2;"
	         "wan A 2 0 0 0 0 0; quiet; deadline never"},
	        {"each call has its own", LINES TAKEN
	         "in OCRQ call_id=78; ev CALL_OFFERED call=$B; accept B; out OCRP; ev CALL_UP;"
	         "wan A 1 0 0 0 0 0; out WEN peer_call_id=77 crc_errors=1; wan B 7 0 0 0 0 0;"
	         "out WEN peer_call_id=78 crc_errors=7; wait 30; wan B 8 0 0 0 0 0; quiet; wait 30;"
	         "out WEN peer_call_id=78 crc_errors=8; quiet"},
	        {"a new call begins anew",
	         "opt line_statistics=1 idle_timeout_us=0; up r;" TAKEN "wan A 5 0 0 0 0 0; out WEN;"
	         "wan A 6 0 0 0 0 0; quiet; in CCRQ call_id=77; out CDN; ev CALL_DOWN;"
	         "in OCRQ call_id=78; ev CALL_OFFERED call=$B; accept B; out OCRP; ev CALL_UP; wait 100; "
	         "quiet;"
	         "wan B 0 0 0 0 0 0; quiet; wan B 5 0 0 0 0 0; out WEN peer_call_id=78 crc_errors=5; quiet"},
	        {"a new call does not wait for the old one's interval",
	         "opt line_statistics=1 idle_timeout_us=0; up r;" TAKEN "wan A 5 0 0 0 0 0; out WEN;"
	         "clear A 3 0 0; out CDN; ev CALL_DOWN; in OCRQ call_id=78; ev CALL_OFFERED call=$B; accept "
	         "B;"
	         "out OCRP; ev CALL_UP; wan B 1 0 0 0 0 0; out WEN peer_call_id=78 crc_errors=1"},
	        {"what waits dies with its call", LINES TAKEN
	         "wan A 1 0 0 0 0 0; out WEN; wan A 2 0 0 0 0 0; clear A 3 0 0; out CDN; ev CALL_DOWN;"
	         "wait 1000; quiet; wan A 3 0 0 0 0 0 err=STALE"},
	        {"the option is not set", "up r;" TAKEN "wan A 1 0 0 0 0 0 err=LIMIT; wait 100; skip; state "
	                                  "ESTABLISHED"},
	        {"not established",
	         LINES "in OCRQ call_id=77; ev CALL_OFFERED call=$A; wan A 1 0 0 0 0 0 err=STATE;"
	               "accept A; out OCRP; ev CALL_UP; quiet; wait 100; quiet"},
	        {"while the line rings",
	         LINES "offer A; out ICRQ call_id=$a; wan A 1 0 0 0 0 0 err=STATE;"
	               "in ICRP call_id=77 peer_call_id=$a; ev CALL_ANSWER;"
	               "wan A 1 0 0 0 0 0 err=STATE; connected A; out ICCN; ev CALL_UP;"
	               "quiet; wan A 1 0 0 0 0 0; out WEN"},
	        {"by the PNS", LINES DIALLED "wan A 1 0 0 0 0 0 err=STATE; quiet"},
	        {"by the PNS of an incoming call",
	         "opt line_statistics=1 take_calls=2; up r;" IN_CALL "wan A 1 0 0 0 0 0 err=STATE; quiet"},
	        {"after the end",
	         LINES TAKEN "wan A 1 0 0 0 0 0; out WEN; wan A 2 0 0 0 0 0; close 1;"
	                     "out StopCCRQ; ev CALL_DOWN; wan A 3 0 0 0 0 0 err=STALE; wait 59;"
	                     "quiet; in StopCCRP; ev DOWN"},
	};
	(void)state;
	RUN(rows);
}

/* While there is no room the counters go on; one message says the newest. */
/* Shows: C-WEN-01 C-WEN-02 T-12 */
static void test_line_wan_errors_wait(void **state)
{
	size_t k;
	int cleared;
	(void)state;
	for (k = 0; k < link_modes_len; k++) {
		for (cleared = 0; cleared < 2; cleared++) {
			pptp_wan_errors e = {sizeof(e), 0, 0, 0, 0, 0, 0};
			pptp_call call;
			link_side side;
			pptp_msg m;
			uint32_t n;
			check_row("%s%s", link_modes[k].name, cleared ? ", cleared" : "");
			open_lines(&side, &link_modes[k]);
			call = taken(&side);
			fill(&side);
			for (n = 1; n <= 5; n++) {
				e.crc_errors = n;
				CHECK_EQ(pptp_call_wan_errors(side.conn, call, &e, 0), PPTP_OK);
			}
			if (cleared)
				CHECK_EQ(pptp_call_clear(side.conn, call, 3, 0, 0, 0), PPTP_OK);
			n = drain(&side, PPTP_WEN, PPTP_CDN, &m);
			CHECK(n == 1 || (cleared && n == 0));
			if (n)
				CHECK_EQ(m.wen.crc_errors, 5);
			link_wait(&side, 61 * SECOND); /* it said everything, so that no other follows */
			CHECK_EQ(drain(&side, PPTP_WEN, 0, &m), 0);
			end(&side);
		}
	}
}

/* ---- Call Statistics ----------------------------------------------------------------------------------- */

#define X32  "xxxxxxxxyyyyyyyyzzzzzzzzwwwwwwww"
#define X127 X32 X32 X32 "0123456789abcdefghijklmnopqrstu"

/* In each kind of Call-Disconnect-Notify, for this call only. */
/* Shows: C-CDN-01 C-CCRQ-02 */
static void test_line_statistics(void **state)
{
	static const script_row rows[] = {
	        {"we clear it", STRICT TAKEN "statistics A bytes:5,errors:0; quiet; clear A 3 0 16;"
	                                     "out CDN result_code=3 cause_code=16 reserved1=0 "
	                                     "call_statistics=bytes:5,errors:0; ev CALL_DOWN"},
	        {"the line drops", STRICT ANSWERED "statistics A x; clear A 1 0 0;"
	                                           "out CDN result_code=1 call_statistics=x; ev CALL_DOWN"},
	        {"answer to Call-Clear-Request",
	         STRICT TAKEN "statistics A x; in CCRQ call_id=77;"
	                      "out CDN result_code=4 call_statistics=x; ev CALL_DOWN"},
	        {"answer to Call-Clear-Request before ours",
	         STRICT "in OCRQ call_id=77; ev CALL_OFFERED call=$A; statistics A x; in CCRQ call_id=77;"
	                "out CDN result_code=4 call_statistics=x; ev CALL_DOWN"},
	        {"answer to Call-Clear-Request while the line is answered",
	         STRICT RINGING "statistics A x; in CCRQ call_id=77; out CDN result_code=4 call_statistics=x;"
	                        "ev CALL_DOWN"},
	        {"time-out of the request",
	         LINES "offer A; out ICRQ; statistics A x; wait 60;"
	               "out CDN result_code=2 error_code=6 call_statistics=x; ev CALL_DOWN reason=TIMEOUT"},
	        {"time-out of the line", LINES RINGING
	         "statistics A x; wait 60; out CDN result_code=2 error_code=6 call_statistics=x;"
	         "ev CALL_DOWN reason=TIMEOUT"},
	        {"an id in use",
	         LINES ANSWERED "offer B; out ICRQ call_id=$b; statistics B x;"
	                        "in ICRP call_id=77 peer_call_id=$b;"
	                        "out CDN result_code=2 error_code=5 call_statistics=x; ev CALL_DOWN"},
	        {"none said", LINES TAKEN "clear A 3 0 0; out CDN call_statistics=; ev CALL_DOWN"},
	        {"the last said holds", LINES TAKEN "statistics A abcdefgh; statistics A xyz; clear A 3 0 0;"
	                                            "out CDN call_statistics=xyz; ev CALL_DOWN"},
	        {"taken back", LINES TAKEN "statistics A abcdefgh; statistics A; clear A 3 0 0;"
	                                   "out CDN call_statistics=; ev CALL_DOWN"},
	        {"127 octets", LINES TAKEN "statistics A " X127
	                                   "; clear A 3 0 0; out CDN call_statistics=" X127 "; ev CALL_DOWN"},
	        {"128 octets", LINES TAKEN
	         "statistics A " X127 "v; clear A 3 0 0; out CDN call_statistics=" X127 "v; ev CALL_DOWN"},
	        {"129 octets change nothing",
	         LINES TAKEN "statistics A abc; statistics A " X127 "vw err=ARG;"
	                     "clear A 3 0 0; out CDN call_statistics=abc; ev CALL_DOWN"},
	        {"not for the next call in the slot",
	         "opt line_statistics=1; up r;" TAKEN
	         "statistics A abc; clear A 3 0 0; out CDN; ev CALL_DOWN;"
	         "in OCRQ call_id=78; ev CALL_OFFERED call=$B; accept B; out OCRP; ev CALL_UP;"
	         "in CCRQ call_id=78; out CDN call_statistics=; ev CALL_DOWN call=$B"},
	        {"not for another call",
	         LINES TAKEN "in OCRQ call_id=78; ev CALL_OFFERED call=$B; accept B; out OCRP; ev CALL_UP;"
	                     "statistics A abc; clear B 3 0 0; out CDN call_statistics=; ev CALL_DOWN;"
	                     "clear A 3 0 0; out CDN call_statistics=abc; ev CALL_DOWN"},
	        {"a refusal has none", LINES "in OCRQ call_id=77; ev CALL_OFFERED call=$A; statistics A x;"
	                                     "reject A 4 0 0; out OCRP result_code=4; ev CALL_DOWN; quiet"},
	        {"the option is not set", "up r;" TAKEN "statistics A x err=LIMIT; clear A 3 0 0;"
	                                  "out CDN call_statistics=; ev CALL_DOWN"},
	        {"by the PNS", LINES DIALLED "statistics A x err=STATE; clear A 3 0 0; out CCRQ; quiet;"
	                                     "in CDN call_id=77; ev CALL_DOWN"},
	        {"by the PNS that answers a Call-Clear-Request",
	         LINES DIALLED "in CCRQ call_id=77; out CDN result_code=4 call_statistics=; ev CALL_DOWN"},
	        {"after the end",
	         LINES TAKEN "clear A 3 0 0; out CDN; ev CALL_DOWN; statistics A x err=STALE"},
	        {"while the connection stops", LINES TAKEN "close 1; out StopCCRQ; ev CALL_DOWN;"
	                                                   "statistics A x err=STALE; in StopCCRP; ev DOWN"},
	};
	(void)state;
	RUN(rows);
}

/* Octets that are no text, and lengths that are none. */
/* Shows: C-CDN-01 */
static void test_line_statistics_octets(void **state)
{
	uint8_t data[129];
	link_side side;
	pptp_call call;
	pptp_msg m;
	size_t i;
	(void)state;
	check_row("octets");
	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(255 - i * 2);
	open_lines(&side, NULL);
	call = taken(&side);
	CHECK_EQ(pptp_call_statistics(side.conn, call, data, 128), PPTP_OK);
	CHECK_EQ(pptp_call_statistics(side.conn, call, data, 129), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_statistics(side.conn, call, data, SIZE_MAX), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_statistics(side.conn, call, NULL, 1), PPTP_ERR_ARG);
	CHECK_EQ(pptp_call_clear(side.conn, call, 3, 0, 0, 0), PPTP_OK);
	/* it ends: what was said holds */
	CHECK_EQ(pptp_call_statistics(side.conn, call, data + 1, 1), PPTP_ERR_STALE);
	link_pump(&side);
	m = link_next_msg(&side, PPTP_CDN);
	CHECK_OCTETS(m.cdn.call_statistics, data, 128);
	link_next_event(&side, PPTP_EV_CALL_DOWN);

	call = taken(&side);
	CHECK_EQ(pptp_call_statistics(side.conn, call, data, 128), PPTP_OK);
	CHECK_EQ(pptp_call_statistics(side.conn, call, NULL, 0), PPTP_OK);
	CHECK_EQ(pptp_call_clear(side.conn, call, 3, 0, 0, 0), PPTP_OK);
	link_pump(&side);
	m = link_next_msg(&side, PPTP_CDN);
	for (i = 0; i < 128; i++)
		CHECK_EQ(m.cdn.call_statistics[i], 0);
	end(&side);
}

/* A notify that waits for room keeps the statistics of its call, though its slot's next call has others. */
/* Shows: C-CDN-01 T-12 */
static void test_line_statistics_wait(void **state)
{
	size_t k;
	(void)state;
	for (k = 0; k < link_modes_len; k++) {
		link_side side;
		pptp_call call;
		pptp_msg m, request = link_msg(PPTP_OCRQ);
		check_row("%s", link_modes[k].name);
		open_lines(&side, &link_modes[k]);
		call = taken(&side);
		CHECK_EQ(pptp_call_statistics(side.conn, call, (const uint8_t *)"old", 3), PPTP_OK);
		fill(&side);
		CHECK_EQ(pptp_call_clear(side.conn, call, 3, 0, 0, 0), PPTP_OK);
		link_pump(&side);
		link_next_event(&side, PPTP_EV_CALL_DOWN);
		for (; request.ocrq.call_id < 60; request.ocrq.call_id++)
			link_feed_msg(&side, &request); /* to every slot that is free */
		for (call = pptp_call_next(side.conn, PPTP_CALL_NONE); call;
		     call = pptp_call_next(side.conn, call))
			(void)pptp_call_statistics(side.conn, call, (const uint8_t *)"new", 3);
		CHECK_EQ(drain(&side, PPTP_CDN, 0, &m), 1);
		CHECK_OCTETS(m.cdn.call_statistics, "old\0", 4);
		end(&side);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_line_link_info),       cmocka_unit_test(test_line_link_info_waits),
	        cmocka_unit_test(test_line_wan_errors),      cmocka_unit_test(test_line_wan_errors_wait),
	        cmocka_unit_test(test_line_statistics),      cmocka_unit_test(test_line_statistics_octets),
	        cmocka_unit_test(test_line_statistics_wait),
	};
	return cmocka_run_group_tests_name("conn_line", tests, NULL, NULL);
}
