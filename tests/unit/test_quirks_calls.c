/* conn: what other implementations do, continued: ids, channels, windows, capabilities, roles
 * (test_quirks.c). */
#include "product.h"
#include "profiles.h"

#define RUN(rows) script_run(rows, LEN(rows))

#define DIALLED "dial A; out OCRQ call_id=$a; in OCRP call_id=77 peer_call_id=$a; ev CALL_UP call=$A;"
#define TAKEN                                                                                                \
	"in OCRQ call_id=77; ev CALL_OFFERED call=$A; accept A; out OCRP call_id=$a; ev CALL_UP call=$A;"

/* The peer's Call ID is a port: two clients behind one NAT may have the same, on connections of their own. */
/* Shows: I-01 I-02 I-04 X-05 K-03 */
static void test_q24_same_id_of_two_clients(void **state)
{
	link_side a, b;
	pptp_call call_a, call_b;
	pptp_call_info info;
	const product_ids ids_a = {10, 50123}, ids_b = {11, 50123};
	pptp_msg clear = link_msg(PPTP_CCRQ);
	(void)state;
	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	link_open(&a, PPTP_RECEIVER, NULL, NULL, 0);
	link_open(&b, PPTP_RECEIVER, NULL, NULL, 0);
	link_up(&a);
	link_up(&b);
	call_a = product_bring(&a, PAC_OUTGOING, "ESTABLISHED", ids_a);
	call_b = product_bring(&b, PAC_OUTGOING, "ESTABLISHED", ids_b);
	clear.ccrq.call_id = 50123;
	link_feed_msg(&a, &clear);
	CHECK_EQ(link_next_msg(&a, PPTP_CDN).cdn.call_id, 10);
	CHECK_EQ(link_next_event(&a, PPTP_EV_CALL_DOWN)->call, call_a);
	CHECK_EQ(pptp_call_get_info(b.conn, call_b, &info, sizeof(info)), PPTP_OK);
	CHECK_EQ(info.state, PPTP_CALL_ESTABLISHED);
	link_quiet(&b);
	link_drop(&a);
	link_open(&a, PPTP_RECEIVER, NULL, NULL,
	          0); /* connects anew, with another id, then with the old one */
	link_up(&a);
	call_a = product_bring(&a, PAC_OUTGOING, "GONE", (product_ids){12, 50124});
	call_a = product_bring(&a, PAC_OUTGOING, "ESTABLISHED", ids_a);
	CHECK_EQ(pptp_call_get_info(a.conn, call_a, &info, sizeof(info)), PPTP_OK);
	CHECK_EQ(info.peer_call_id, 50123);
	link_drop(&a);
	link_drop(&b);
}

/* The channel of a call can be made before its reply: the PAC's first packet may come before it. */
/* Shows: S-CALL-01 A-38 */
static void test_q27_channel_before_the_reply(void **state)
{
	link_side side;
	pptp_gre_options gre;
	pptp_msg m = link_msg(PPTP_OCRP);
	pptp_call call;
	(void)state;
	memset(&side, 0, sizeof(side));
	link_open(&side, PPTP_ORIGINATOR, NULL, NULL, 0);
	link_up(&side);
	call = product_bring(&side, PNS_OUTGOING, "WAIT_REPLY", (product_ids){21, 22});
	CHECK_EQ(pptp_gre_options_init(&gre, sizeof(gre)), PPTP_OK);
	CHECK_EQ(pptp_call_channel(side.conn, call, &gre), PPTP_OK);
	CHECK_EQ(gre.local_call_id, 21);
	CHECK_EQ(gre.recv_window, 64);
	m.ocrp.call_id = 22;
	m.ocrp.peer_call_id = 21;
	m.ocrp.packet_recv_window_size = 3;
	link_feed_msg(&side, &m);
	link_next_event(&side, PPTP_EV_CALL_UP);
	CHECK_EQ(pptp_call_channel(side.conn, call, &gre), PPTP_OK);
	CHECK_EQ(gre.local_call_id, 21);
	CHECK_EQ(gre.peer_call_id, 22);
	CHECK_EQ(gre.peer_recv_window, 3);
	link_drop(&side);
}

/* Any window is taken as it is. */
/* Shows: A-15 */
static void test_q32_windows(void **state)
{
	static const uint16_t windows[] = {0, 1, 3, 8, 16, 32, 64, 1024, 8192, 16384, 65535};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(windows); i++) {
		char text[200];
		const script_row row = {"window", text};
		snprintf(text, sizeof(text),
		         "opt strict; up o; dial A; out OCRQ call_id=$a; in OCRP call_id=1 peer_call_id=$a "
		         "packet_recv_window_size=%u; ev CALL_UP peer_recv_window=%u; cinfo A "
		         "peer_recv_window=%u",
		         windows[i], windows[i], windows[i]);
		script_run(&row, 1);
	}
}

/* Shows: C-SCCRP-02 */
static void test_q35_mikrotik(void **state)
{
	(void)state;
	profile_run("mikrotik-pac");
}

/* No capabilities at all; nothing is refused for what the Start messages say. */
/* Shows: C-SCCRP-02 C-SCCRQ-04 */
static void test_q36_no_capabilities(void **state)
{
	static const script_row rows[] = {
	        {"server",
	         "opt strict max_calls=2; open o; skip; in SCCRP framing_capabilities=0 "
	         "bearer_capabilities=0 maximum_channels=1; ev UP; dial A; out OCRQ call_id=$a bearer_type=3 "
	         "framing_type=3; in OCRP peer_call_id=$a call_id=5; ev CALL_UP; dial B; out OCRQ"},
	        {"client",
	         "opt strict framing_capabilities=1 bearer_capabilities=1; open r; in SCCRQ "
	         "framing_capabilities=2 bearer_capabilities=2; out SCCRP result_code=1; ev UP; in OCRQ "
	         "bearer_type=2 framing_type=2; ev CALL_OFFERED bearer_type=2 framing_type=2"},
	};
	(void)state;
	RUN(rows);
}

/* Providers that want a "phone number". */
/* Shows: C-OCRQ-01 H-04 */
static void test_q37_phone_number(void **state)
{
	static const script_row rows[] = {
	        {"as set", "up o; dial A phone_number_length=14 phone_number=ip-up@mxstream;"
	                   "out OCRQ phone_number_length=14 phone_number=ip-up@mxstream subaddress="},
	        {"64 digits",
	         "up o; dial A phone_number_length=64 "
	         "phone_number=0123456789012345678901234567890123456789012345678901234567890123;"
	         "out OCRQ phone_number_length=64 "
	         "phone_number=0123456789012345678901234567890123456789012345678901234567890123"},
	        {"65", "up o; dial A phone_number_length=65 err=ARG; quiet"},
	        {"with octets behind its length", "up o; dial A phone_number_length=2 phone_number=12%FF;"
	                                          "out OCRQ phone_number_length=2"},
	};
	(void)state;
	RUN(rows);
}

/* What PPP sends is the peer's as it is: the ACCMs of Set-Link-Info are for the PAC's line and escape nothing
 * here, and neither FF 03 nor anything else is taken off or put on. */
/* Shows: C-SLI-03 A-47 A-48 G-HDR-00 */
static void test_q37_payload_is_opaque(void **state)
{
	link_side side;
	pptp_gre_options o;
	pptp_gre *gre = NULL;
	pptp_gre_frame got;
	pptp_msg m = link_msg(PPTP_SLI);
	const product_ids ids = {21, 21};
	pptp_call call;
	uint8_t packet[PPTP_GRE_HEADER_MAX + 261], frame[261] = {0xFF, 0x03, 0x00, 0x21, 0x7E};
	pptp_ssize header;
	uint32_t i;
	(void)state;
	for (i = 0; i < 256; i++)
		frame[5 + i] = (uint8_t)i;
	memset(&side, 0, sizeof(side));
	link_open(&side, PPTP_RECEIVER, NULL, NULL, 0);
	link_up(&side);
	call = product_bring(&side, PAC_OUTGOING, "ESTABLISHED", ids);
	m.sli.peer_call_id = 21;
	for (i = 0; i < 3; i++) { /* escape everything, something, nothing */
		m.sli.send_accm = m.sli.receive_accm = i == 0 ? UINT32_MAX : i == 1 ? 0xA0000 : 0;
		link_feed_msg(&side, &m);
		link_next_event(&side, PPTP_EV_CALL_LINK_INFO);
		CHECK_EQ(pptp_gre_options_init(&o, sizeof(o)), PPTP_OK);
		CHECK_EQ(pptp_call_channel(side.conn, call, &o), PPTP_OK);
		CHECK_EQ(pptp_gre_new(&o, NULL, NULL, &gre), PPTP_OK);
		CHECK_EQ(pptp_gre_start(gre, o.peer_call_id, o.peer_recv_window, o.peer_delay, 0), PPTP_OK);
		memcpy(packet + PPTP_GRE_HEADER_MAX, frame, sizeof(frame));
		header = pptp_gre_send(gre, packet, PPTP_GRE_HEADER_MAX, sizeof(frame), 0);
		CHECK_EQ(header, 12);
		CHECK_OCTETS(packet + PPTP_GRE_HEADER_MAX, frame, sizeof(frame));
		/* both ends have the same Call ID, so that it is a packet for us as well */
		CHECK_EQ(pptp_gre_recv(gre, packet + PPTP_GRE_HEADER_MAX - header,
		                       (size_t)header + sizeof(frame), NULL, 0, &got),
		         PPTP_OK);
		CHECK_EQ(got.verdict, PPTP_GRE_DELIVER);
		CHECK_EQ(got.len, sizeof(frame));
		CHECK_OCTETS(got.frame, frame, sizeof(frame));
		pptp_gre_free(gre);
	}
	link_drop(&side);
}

/* Roles are per call: the client of a VPN is a PNS whoever opened TCP, and both may be in one connection. */
/* Shows: R-03 R-05 A-33 A-40 */
static void test_q47_roles(void **state)
{
	static const script_row rows[] = {
	        {"a client", "opt strict; up o;" DIALLED "cinfo A role=2 direction=1"},
	        {"a server", "opt strict; up r;" TAKEN "cinfo A role=1 direction=1"},
	        {"a server that calls back", "opt strict; up r;" DIALLED "cinfo A role=2 direction=1"},
	        {"a client that is called", "opt strict; up o;" TAKEN "cinfo A role=1 direction=1"},
	        {"all four on one connection",
	         "opt strict max_calls=4 take_calls=3; up r;" DIALLED
	         "in OCRQ call_id=78; ev CALL_OFFERED call=$B; cinfo B role=1 direction=1;"
	         "offer C; out ICRQ; cinfo C role=1 direction=2; in ICRQ call_id=79; ev CALL_OFFERED call=$D;"
	         "cinfo D role=2 direction=2; cinfo A role=2 direction=1; calls 4"},
	};
	(void)state;
	RUN(rows);
}

/* Whoever the peer says it is. */
/* Shows: H-04 */
static void test_q48_vendors(void **state)
{
	static const char *const vendors[] = {
	        "cananian", "linux",    "MikroTik", "Microsoft", "NT", "%00", "Mac~OS~X,~Apple~Computer,~Inc",
	        "none",     "MS~Win~NT"};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(vendors); i++) {
		char text[300];
		const script_row row = {vendors[i], text};
		snprintf(text, sizeof(text),
		         "opt strict vendor_string=%s host_name=none; open o; out SCCRQ vendor_string=%s "
		         "host_name=none; in SCCRP vendor_string=%s; ev UP",
		         vendors[i], vendors[i], vendors[i]);
		script_run(&row, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_q24_same_id_of_two_clients),
	        cmocka_unit_test(test_q27_channel_before_the_reply),
	        cmocka_unit_test(test_q32_windows),
	        cmocka_unit_test(test_q35_mikrotik),
	        cmocka_unit_test(test_q36_no_capabilities),
	        cmocka_unit_test(test_q37_phone_number),
	        cmocka_unit_test(test_q37_payload_is_opaque),
	        cmocka_unit_test(test_q47_roles),
	        cmocka_unit_test(test_q48_vendors),
	};
	return cmocka_run_group_tests_name("quirks_calls", tests, NULL, NULL);
}
