/* conn: the same octets, cut in any way and driven in any way, give the same events and the same answers. */
#include "link.h"

/* ---- a session of the peer's, and a host that answers -------------------------------------------------- */

typedef struct stream {
	uint8_t data[8192];
	size_t len;
	size_t ends[64]; /* of messages */
	size_t ends_len;
} stream;

static void put_octets(stream *s, const uint8_t *data, size_t len)
{
	CHECK(s->len + len <= sizeof(s->data) && s->ends_len < LEN(s->ends));
	memcpy(s->data + s->len, data, len);
	s->len += len;
	s->ends[s->ends_len++] = s->len;
}

static void put(stream *s, const pptp_msg *msg)
{
	uint8_t data[PPTP_MSG_MAX_OCTETS];
	pptp_ssize len = pptp_msg_encode(msg, data, sizeof(data));
	CHECK(len > 0);
	put_octets(s, data, (size_t)len);
}

static void put_call(stream *s, uint32_t type, uint16_t call_id)
{
	pptp_msg m = link_msg(type);
	if (type == PPTP_OCRQ)
		m.ocrq.call_id = call_id;
	else if (type == PPTP_CCRQ)
		m.ccrq.call_id = call_id;
	else if (type == PPTP_ICRQ)
		m.icrq.call_id = call_id;
	else if (type == PPTP_ECHORQ)
		m.echorq.identifier = call_id;
	put(s, &m);
}

/* What ends the session. */
enum { END_STOP, END_MALFORMED, END_PROTOCOL, END_NOT, ENDS };

static void make_session(stream *s, int end)
{
	static const uint8_t unknown[] = {0, 18, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 99, 0, 0, 1, 2, 3, 4, 5, 6};
	static const uint8_t longer[] = {0, 20, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5,
	                                 0, 0,  1, 2, 3,    4,    5,    6,    7, 8};
	static const uint8_t wrong[] = {0, 16, 0, 1, 0x1A, 0x2B, 0x3C, 0x4E, 0, 5, 0, 0, 1, 2, 3, 4};
	memset(s, 0, sizeof(*s));
	put_call(s, PPTP_SCCRQ, 0);
	put_call(s, PPTP_OCRQ, 10); /* accepted */
	put_call(s, PPTP_ECHORQ, 1);
	put_call(s, PPTP_OCRQ, 11); /* rejected */
	put_call(s, PPTP_OCRQ, 12); /* accepted */
	put_octets(s, unknown, sizeof(unknown));
	put_octets(s, longer, sizeof(longer));
	put_call(s, PPTP_OCRQ, 12); /* id in use */
	put_call(s, PPTP_CCRQ, 10);
	put_call(s, PPTP_CCRQ, 10); /* unknown by then */
	put_call(s, PPTP_OCRQ, 14); /* ignored by the host */
	put_call(s, PPTP_ICRQ, 15); /* refused */
	put_call(s, PPTP_SCCRQ, 0); /* once more */
	put_call(s, PPTP_OCRQ, 16); /* accepted, then cleared by us */
	put_call(s, PPTP_OCRQ, 10); /* free again */
	put_call(s, PPTP_OCRQ, 17); /* no slot */
	put_call(s, PPTP_WEN, 0);
	if (end == END_STOP)
		put_call(s, PPTP_STOPCCRQ, 0);
	else if (end == END_MALFORMED)
		put_octets(s, wrong, sizeof(wrong));
	else if (end == END_PROTOCOL)
		put_call(s, PPTP_STOPCCRP, 0);
}

/* The host: what it does depends on the events alone. */
static void host(link_side *side, const pptp_event *event)
{
	pptp_answer a;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	if (event->type == PPTP_EV_CALL_OFFERED) {
		switch (event->peer_call_id) {
		case 11:
			CHECK_EQ(pptp_call_reject(side->conn, event->call, PPTP_OCRP_BUSY, 0, 17, side->now),
			         PPTP_OK);
			break;
		case 14:
			break;
		default:
			CHECK_EQ(pptp_call_accept(side->conn, event->call, &a, side->now), PPTP_OK);
			break;
		}
	}
	if (event->type == PPTP_EV_CALL_UP && event->peer_call_id == 16)
		CHECK_EQ(pptp_call_clear(side->conn, event->call, PPTP_CDN_ADMIN_SHUTDOWN, 0, 0, side->now),
		         PPTP_OK);
}

static void begin(link_side *side, int end, const link_mode *mode)
{
	pptp_config_options o = link_options(0);
	if (end == END_PROTOCOL)
		o.tolerate &= ~(uint32_t)PPTP_TOLERATE_STATE;
	o.max_calls = 4;
	memset(side, 0, sizeof(*side));
	side->on_event = host;
	link_open(side, PPTP_RECEIVER, &o, mode, 0);
}

/* ---- comparison ---------------------------------------------------------------------------------------- */

static void same_event(const link_event *is, const link_event *wanted)
{
	pptp_event a = is->event, b = wanted->event;
	CHECK_EQ(a.msg_len, b.msg_len);
	CHECK_EQ(a.msg == NULL, b.msg == NULL);
	if (a.msg)
		CHECK_OCTETS(is->msg, wanted->msg, a.msg_len);
	a.msg = b.msg = NULL;
	a.user = b.user = NULL;
	CHECK_OCTETS(&a, &b, sizeof(a));
}

static void same_session(const link_side *is, const link_side *wanted, int octets_too)
{
	size_t i;
	for (i = 0; i < is->events_len && i < wanted->events_len; i++) {
		check_step("event %u, %s", (unsigned)i, pptp_event_name(wanted->events[i].event.type));
		same_event(&is->events[i], &wanted->events[i]);
	}
	check_step("events");
	CHECK_EQ(is->events_len, wanted->events_len);
	CHECK_EQ(is->recv_result, wanted->recv_result);
	if (!octets_too)
		return;
	check_step("octets");
	CHECK_OCTETS(is->sent, wanted->sent,
	             is->sent_len < wanted->sent_len ? is->sent_len : wanted->sent_len);
	CHECK_EQ(is->sent_len, wanted->sent_len);
}

/* The session message by message in pull mode: what all the others are compared with. */
static void reference(link_side *side, const stream *s, int end)
{
	size_t i, at = 0;
	begin(side, end, NULL);
	for (i = 0; i < s->ends_len; i++) {
		link_feed(side, s->data + at, s->ends[i] - at);
		at = s->ends[i];
	}
	CHECK(side->events_len >= 10);
	CHECK_EQ(side->down, end != END_NOT);
}

/* Answers that were not sent when the connection ended in error are dropped, so octets depend on how often
 * the host writes; events do not. */
static int compare_octets(int end)
{
	return end == END_STOP || end == END_NOT;
}

/* ---- tests --------------------------------------------------------------------------------------------- */

/* Cut in two at every octet; all at once; octet by octet; in every mode. */
/* Shows: T-07 */
static void test_stream_every_split(void **state)
{
	int end;
	size_t mode, cut;
	(void)state;
	for (end = 0; end < ENDS; end++) {
		static stream s;
		link_side wanted;
		make_session(&s, end);
		check_row("reference, end %d", end);
		reference(&wanted, &s, end);
		for (mode = 0; mode < link_modes_len; mode++) {
			for (cut = 0; cut < s.len; cut += link_modes[mode].one_in ? 97 : 1) {
				link_side side;
				check_row("end %d, cut at %u (%s)", end, (unsigned)cut,
				          link_modes[mode].name);
				begin(&side, end, &link_modes[mode]);
				link_feed(&side, s.data, cut);
				if (!side.recv_result)
					link_feed(&side, s.data + cut, s.len - cut);
				same_session(&side, &wanted, compare_octets(end));
				link_drop(&side);
			}
		}
		link_drop(&wanted);
	}
}

/* Cut at random, in pieces of 1 to 400 octets. */
/* Shows: T-07 */
static void test_stream_random_splits(void **state)
{
	check_random random = {9};
	uint32_t turn, turns = check_scale(2000);
	(void)state;
	for (turn = 0; turn < turns; turn++) {
		static stream s;
		int end = (int)(turn % ENDS);
		uint32_t most = 1 + random_below(&random, 400);
		link_side wanted, side;
		size_t at = 0;
		make_session(&s, end);
		check_row("turn %u, end %d", turn, end);
		reference(&wanted, &s, end);
		begin(&side, end, &link_modes[turn / ENDS % 2 ? 0 : 2]);
		while (at < s.len && !side.recv_result) {
			size_t n = 1 + random_below(&random, most);
			n = n < s.len - at ? n : s.len - at;
			link_feed(&side, s.data + at, n);
			at += n;
		}
		same_session(&side, &wanted, compare_octets(end));
		link_drop(&side);
		link_drop(&wanted);
	}
}

/* Transmit buffers of any size and a socket that takes little: the same octets leave, in the same order. */
/* Shows: T-07 T-12 */
static void test_stream_slow_socket(void **state)
{
	static const uint32_t sizes[] = {440, 441, 500, 600, 1024, 100000};
	size_t i, mode;
	(void)state;
	for (i = 0; i < LEN(sizes); i++) {
		for (mode = 0; mode < link_modes_len; mode++) {
			static stream s;
			link_side wanted, side;
			pptp_config_options o = link_options(0);
			make_session(&s, END_STOP);
			reference(&wanted, &s, END_STOP);
			check_row("%u octets (%s)", sizes[i], link_modes[mode].name);
			o.max_calls = 4;
			o.tx_octets = sizes[i];
			memset(&side, 0, sizeof(side));
			side.on_event = host;
			link_open(&side, PPTP_RECEIVER, &o, &link_modes[mode], 0);
			link_feed(&side, s.data, s.len);
			same_session(&side, &wanted, 1);
			link_drop(&side);
			link_drop(&wanted);
		}
	}
}

/* recv stops behind a message with events until they are polled, and says so. */
/* Shows: T-07 */
static void test_stream_stops_for_events(void **state)
{
	static stream s;
	link_side side;
	pptp_event e;
	pptp_ssize used;
	(void)state;
	make_session(&s, END_NOT);
	begin(&side, END_NOT, NULL);
	used = pptp_conn_recv(side.conn, s.data, s.len, 0);
	CHECK_EQ(used, s.ends[0]);
	CHECK_EQ(pptp_conn_want(side.conn), PPTP_WANT_SEND | PPTP_WANT_POLL);
	CHECK_EQ(pptp_conn_recv(side.conn, s.data + used, s.len - (size_t)used, 0), 0);
	CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_OK);
	CHECK_EQ(e.type, PPTP_EV_UP);
	CHECK_EQ(e.msg_len, 156);
	CHECK_OCTETS(e.msg, s.data, 156);
	CHECK_EQ(pptp_conn_poll(side.conn, &e), PPTP_ERR_EMPTY);
	CHECK_EQ(e.type, PPTP_EV_UP); /* untouched */
	CHECK_EQ(pptp_conn_want(side.conn), PPTP_WANT_SEND | PPTP_CAN_RECV);
	CHECK_EQ(pptp_conn_recv(side.conn, s.data + used, s.len - (size_t)used, 0), 168);
	link_drop(&side);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_stream_every_split),
	        cmocka_unit_test(test_stream_random_splits),
	        cmocka_unit_test(test_stream_slow_socket),
	        cmocka_unit_test(test_stream_stops_for_events),
	};
	return cmocka_run_group_tests_name("conn_stream", tests, NULL, NULL);
}
