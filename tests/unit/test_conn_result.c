/* conn: which message a result is of, so that a host can name it (pptp_result_name). Types: SCCRP 2, StopCCRQ
 * 3, StopCCRP 4, OCRP 8, ICRP 10, CDN 13. */
#include "script.h"

#define RUN(rows) script_run(rows, LEN(rows))

#define TAKE_INCOMING "opt take_calls=3;"
/* The peer's call with its id 77, up; and ours with the same id there. */
#define TAKEN                                                                                                \
	"in OCRQ call_id=77; ev CALL_OFFERED call=$A; accept A; out OCRP call_id=$a; ev CALL_UP call=$A;"
#define DIALLED "dial A; out OCRQ call_id=$a; in OCRP call_id=77 peer_call_id=$a; ev CALL_UP call=$A;"

static void test_result_of_connection(void **state)
{
	static const script_row rows[] = {
	        {"we are refused", "open o; skip; in SCCRP result_code=4;"
	                           "ev DOWN reason=REFUSED result_code=4 result_type=2 message_type=2"},
	        {"we refuse, by its version", "open r; in SCCRQ protocol_version=1; out SCCRP result_code=5;"
	                                      "ev DOWN result_code=5 result_type=2 message_type=1"},
	        {"the host refuses", "open r ask; in SCCRQ; ev START_OFFERED; start refuse 4 0;"
	                             "out SCCRP result_code=4; ev DOWN result_code=4 result_type=2"},
	        {"the peer stops", "up r; in StopCCRQ reason=3; out StopCCRP;"
	                           "ev DOWN reason=STOPPED result_code=3 result_type=3 message_type=3"},
	        {"we stop", "up o; close 3; out StopCCRQ; in StopCCRP result_code=1;"
	                    "ev DOWN reason=LOCAL result_code=1 result_type=4 message_type=4"},
	        {"nobody says anything", "up o; eof; ev DOWN reason=EOF result_code=0 result_type=0"},
	        {"calls fall with it",
	         "opt max_calls=2; up r;" TAKEN "in StopCCRQ reason=1; out StopCCRP;"
	         "ev CALL_DOWN call=$A reason=STOPPED result_code=1 result_type=3 message_type=0;"
	         "ev DOWN reason=STOPPED result_code=1 result_type=3"},
	};
	(void)state;
	RUN(rows);
}

static void test_result_of_outgoing_call(void **state)
{
	static const script_row rows[] = {
	        {"the PAC refuses",
	         "up o; dial A; out OCRQ call_id=$a; in OCRP peer_call_id=$a result_code=4;"
	         "ev CALL_DOWN result_code=4 result_type=8 message_type=8"},
	        {"the PAC ends it", "up o;" DIALLED "in CDN call_id=77 result_code=1;"
	                            "ev CALL_DOWN result_code=1 result_type=13 message_type=13"},
	        {"the PNS ends it: the result is that of our answer",
	         "up r;" TAKEN "in CCRQ call_id=77; out CDN result_code=4;"
	         "ev CALL_DOWN result_code=4 result_type=13 message_type=12"},
	        {"we refuse",
	         "up r; in OCRQ; ev CALL_OFFERED call=$A; reject A 4 0 17; out OCRP result_code=4;"
	         "ev CALL_DOWN reason=REFUSED result_code=4 result_type=8 message_type=0"},
	        {"we clear it before we answered",
	         "up r; in OCRQ; ev CALL_OFFERED call=$A; clear A 3 0 0; out OCRP result_code=7;"
	         "ev CALL_DOWN reason=LOCAL result_code=7 result_type=8"},
	        {"we are too late", "opt answer_timeout_us=1000000; up r; in OCRQ; ev CALL_OFFERED call=$A; "
	                            "wait 1; out OCRP result_code=6;"
	                            "ev CALL_DOWN reason=TIMEOUT timer=answer result_code=6 result_type=8"},
	        {"we end it, as its PAC", "up r;" TAKEN "clear A 3 0 0; out CDN result_code=3;"
	                                  "ev CALL_DOWN reason=LOCAL result_code=3 result_type=13"},
	        {"we end it, as its PNS",
	         "up o;" DIALLED "clear A 3 0 0; out CCRQ; in CDN call_id=77 result_code=4;"
	         "ev CALL_DOWN reason=LOCAL result_code=4 result_type=13"},
	        {"TCP closes",
	         "up o;" DIALLED "eof; ev CALL_DOWN reason=EOF result_code=0 result_type=0; ev DOWN"},
	};
	(void)state;
	RUN(rows);
}

static void test_result_of_incoming_call(void **state)
{
	static const script_row rows[] = {
	        {"the PNS refuses",
	         "up o; offer A; out ICRQ call_id=$a; in ICRP peer_call_id=$a result_code=3;"
	         "ev CALL_DOWN result_code=3 result_type=10 message_type=10"},
	        {"we refuse", TAKE_INCOMING
	         "up r; in ICRQ; ev CALL_OFFERED call=$A; reject A 3 0 0; out ICRP result_code=3;"
	         "ev CALL_DOWN reason=REFUSED result_code=3 result_type=10"},
	        {"the PAC gives up",
	         TAKE_INCOMING "up r; in ICRQ call_id=77; ev CALL_OFFERED call=$A; in CDN "
	                       "call_id=77 result_code=1;"
	                       "ev CALL_DOWN result_code=1 result_type=13 message_type=13"},
	        {"we are too late", TAKE_INCOMING
	         "opt answer_timeout_us=1000000; up r; in ICRQ; ev CALL_OFFERED call=$A; wait 1;"
	         "out ICRP result_code=2 error_code=4;"
	         "ev CALL_DOWN reason=TIMEOUT timer=answer result_code=2 error_code=4 "
	         "result_type=10"},
	};
	(void)state;
	RUN(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_result_of_connection),
	        cmocka_unit_test(test_result_of_outgoing_call),
	        cmocka_unit_test(test_result_of_incoming_call),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
