/* conn in push mode, for a host that forgets to flush: whatever driver comes next says and sends what waits, and takes
 * octets all the same. */
#include "link.h"

typedef struct host {
	pptp_conn *conn;
	const pptp_config *config;
	uint32_t events, last_event;
	pptp_call call;
	uint8_t sent[2048];
	size_t sent_len;
	int blocked; /* its socket takes nothing */
} host;

static pptp_ssize on_send(void *user, const uint8_t *data, size_t len)
{
	host *h = user;
	if (h->blocked)
		return PPTP_ERR_AGAIN;
	CHECK(h->sent_len + len <= sizeof h->sent);
	memcpy(h->sent + h->sent_len, data, len);
	h->sent_len += len;
	return (pptp_ssize)len;
}

static void on_event(void *user, pptp_conn *conn, const pptp_event *event)
{
	host *h = user;
	(void)conn;
	h->events++;
	h->last_event = event->type;
	if (event->type == PPTP_EV_CALL_OFFERED)
		h->call = event->call;
}

static const pptp_conn_callbacks callbacks = {sizeof callbacks, 0, on_send, on_event, NULL, NULL};

static pptp_ssize feed(host *h, uint32_t type)
{
	uint8_t octets[PPTP_MSG_MAX_OCTETS];
	pptp_msg msg = link_msg(type);
	pptp_ssize len = pptp_msg_encode(&msg, octets, sizeof octets);
	CHECK(len > 0);
	return pptp_conn_recv(h->conn, octets, (size_t)len, 0) == len ? len : -1;
}

/* A call is offered, and accepted outside of callbacks without a flush: its reply and CALL_UP wait. */
static void begin(host *h)
{
	pptp_config_options settings;
	pptp_conn_options options;
	pptp_answer answer;
	memset(h, 0, sizeof *h);
	CHECK_EQ(pptp_config_options_init(&settings, sizeof settings), PPTP_OK);
	CHECK_EQ(pptp_config_new(&settings, &h->config), PPTP_OK);
	CHECK_EQ(pptp_conn_options_init(&options, sizeof options), PPTP_OK);
	options.role = PPTP_RECEIVER;
	options.callbacks = &callbacks;
	options.user = h;
	CHECK_EQ(pptp_conn_new(h->config, &options, 0, &h->conn), PPTP_OK);
	CHECK(feed(h, PPTP_SCCRQ) > 0);
	CHECK(feed(h, PPTP_OCRQ) > 0);
	CHECK_EQ(h->last_event, PPTP_EV_CALL_OFFERED);
	CHECK_EQ(pptp_answer_init(&answer, sizeof answer), PPTP_OK);
	h->sent_len = h->events = 0;
	CHECK_EQ(pptp_call_accept(h->conn, h->call, &answer, 0), PPTP_OK);
	CHECK_EQ(h->events, 0);
}

static void end(host *h)
{
	pptp_conn_free(h->conn);
	pptp_config_free(h->config);
}

/* The control message types that were sent, in order. */
static void check_sent(const host *h, uint32_t first, uint32_t second)
{
	pptp_msg msg;
	pptp_ssize n = pptp_msg_decode(h->sent, h->sent_len, 0, &msg, NULL);
	CHECK(n > 0);
	CHECK_EQ(msg.header.control_message_type, first);
	if (second == 0) {
		CHECK_EQ((size_t)n, h->sent_len);
		return;
	}
	CHECK(pptp_msg_decode(h->sent + n, h->sent_len - (size_t)n, 0, &msg, NULL) > 0);
	CHECK_EQ(msg.header.control_message_type, second);
}

static void test_push_recv_after_a_request(void **state)
{
	host h;
	(void)state;
	begin(&h);
	CHECK(feed(&h, PPTP_ECHORQ) > 0);
	CHECK_EQ(h.events, 1);
	CHECK_EQ(h.last_event, PPTP_EV_CALL_UP);
	check_sent(&h, PPTP_OCRP, PPTP_ECHORP);
	end(&h);
}

/* Half a message is taken as well, and nothing at all still says what waits. */
static void test_push_recv_of_little(void **state)
{
	static const uint8_t begun[] = {0, 16, 0, 1};
	host h;
	(void)state;
	begin(&h);
	CHECK_EQ(pptp_conn_recv(h.conn, begun, sizeof begun, 0), sizeof begun);
	CHECK_EQ(h.events, 1);
	check_sent(&h, PPTP_OCRP, 0);
	end(&h);
	begin(&h);
	CHECK_EQ(pptp_conn_recv(h.conn, begun, 0, 0), 0);
	CHECK_EQ(h.events, 1);
	check_sent(&h, PPTP_OCRP, 0);
	end(&h);
}

static void test_push_other_drivers(void **state)
{
	static pptp_err (*const drivers[])(pptp_conn *, pptp_usec) = {pptp_conn_flush, pptp_conn_tick};
	host h;
	size_t i;
	(void)state;
	for (i = 0; i < LEN(drivers); i++) {
		begin(&h);
		CHECK_EQ(drivers[i](h.conn, 0), PPTP_OK);
		CHECK_EQ(h.events, 1);
		check_sent(&h, PPTP_OCRP, 0);
		end(&h);
	}
}

/* A socket that takes nothing: events come all the same, and what waits goes when it takes octets again. */
static void test_push_recv_while_blocked(void **state)
{
	host h;
	(void)state;
	begin(&h);
	h.blocked = 1;
	CHECK(feed(&h, PPTP_ECHORQ) > 0);
	CHECK_EQ(h.events, 1);
	CHECK_EQ(h.sent_len, 0);
	h.blocked = 0;
	CHECK_EQ(pptp_conn_flush(h.conn, 0), PPTP_OK);
	check_sent(&h, PPTP_OCRP, PPTP_ECHORP);
	end(&h);
}

/* What waits may be the end: then no octet is taken any more. */
static void test_push_recv_after_an_abort(void **state)
{
	host h;
	(void)state;
	begin(&h);
	CHECK_EQ(pptp_conn_abort(h.conn, PPTP_ERR_LOCAL, 0), PPTP_OK);
	CHECK_EQ(feed(&h, PPTP_ECHORQ), -1);
	CHECK_EQ(h.last_event, PPTP_EV_DOWN);
	end(&h);
}

/* A tick that ends the connection has said before what there was to say. */
/* Shows: C-STOPRQ-01 */
static void test_push_tick_says_first(void **state)
{
	host h;
	(void)state;
	begin(&h);
	CHECK_EQ(pptp_conn_close(h.conn, PPTP_STOP_LOCAL_SHUTDOWN, 0), PPTP_OK);
	CHECK_EQ(h.sent_len, 0);
	CHECK_EQ(pptp_conn_tick(h.conn, pptp_conn_deadline(h.conn)), PPTP_OK);
	CHECK_EQ(h.last_event, PPTP_EV_DOWN);
	check_sent(&h, PPTP_OCRP, PPTP_STOPCCRQ);
	end(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_push_recv_after_a_request),
	        cmocka_unit_test(test_push_recv_of_little),
	        cmocka_unit_test(test_push_other_drivers),
	        cmocka_unit_test(test_push_recv_while_blocked),
	        cmocka_unit_test(test_push_recv_after_an_abort),
	        cmocka_unit_test(test_push_tick_says_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
