/* conn: the amend callback, for peers that want something of their own in a message. */
#include "link.h"

/* What the callback does: to the message of this type, the n-th of it. */
static struct {
	uint32_t type, offset, octets;
	uint8_t pattern;
	uint32_t seen;
} plan;

static void on_amend(void *user, pptp_msg *msg)
{
	(void)user;
	CHECK_EQ(msg->header.magic_cookie, PPTP_MAGIC_COOKIE);
	CHECK_EQ(msg->header.pptp_message_type, PPTP_MSG_CONTROL);
	CHECK_EQ(msg->header.length, pptp_msg_size(msg->header.control_message_type));
	if (msg->header.control_message_type != plan.type)
		return;
	plan.seen++;
	memset((uint8_t *)msg + plan.offset, plan.pattern, plan.octets);
}

/* ---- every message that there is ----------------------------------------------------------------------- */

static void feed(link_side *side, pptp_msg m)
{
	link_feed_msg(side, &m);
}

static pptp_call offered(link_side *side, uint32_t type)
{
	pptp_msg m = link_msg(type);
	m.ocrq.call_id = 77; /* at the same place in both */
	feed(side, m);
	return link_next_event(side, PPTP_EV_CALL_OFFERED)->call;
}

static pptp_call taken(link_side *side, uint32_t type)
{
	pptp_call call = offered(side, type);
	pptp_answer a;
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	a.local_call_id = 55;
	CHECK_EQ(pptp_call_accept(side->conn, call, &a, side->now), PPTP_OK);
	link_pump(side);
	return call;
}

static pptp_call dialled(link_side *side)
{
	pptp_msg m = link_msg(PPTP_OCRP);
	pptp_dial d;
	pptp_call call;
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	d.local_call_id = m.ocrp.peer_call_id = 55;
	CHECK_EQ(pptp_call_dial(side->conn, &d, side->now, &call), PPTP_OK);
	link_pump(side);
	m.ocrp.call_id = 77;
	feed(side, m);
	return call;
}

static pptp_call rung(link_side *side)
{
	pptp_msg m = link_msg(PPTP_ICRP);
	pptp_offer o;
	pptp_answer a;
	pptp_call call;
	CHECK_EQ(pptp_offer_init(&o, sizeof(o)), PPTP_OK);
	CHECK_EQ(pptp_answer_init(&a, sizeof(a)), PPTP_OK);
	o.local_call_id = m.icrp.peer_call_id = 55;
	CHECK_EQ(pptp_call_offer(side->conn, &o, side->now, &call), PPTP_OK);
	link_pump(side);
	m.icrp.call_id = 77;
	feed(side, m);
	CHECK_EQ(pptp_call_connected(side->conn, call, &a, side->now), PPTP_OK);
	link_pump(side);
	return call;
}

static void line_errors(link_side *side)
{
	pptp_wan_errors e = {sizeof(e), 1, 2, 3, 4, 5, 6};
	pptp_call call = taken(side, PPTP_OCRQ);
	CHECK_EQ(pptp_call_statistics(side->conn, call, (const uint8_t *)"text", 4), PPTP_OK);
	CHECK_EQ(pptp_call_wan_errors(side->conn, call, &e, side->now), PPTP_OK);
}

/* Let the connection, which is established, send a message of this type. */
static void provoke(link_side *side, uint32_t type)
{
	switch (type) {
	case PPTP_STOPCCRQ:
		CHECK_EQ(pptp_conn_close(side->conn, PPTP_STOP_LOCAL_SHUTDOWN, side->now), PPTP_OK);
		break;
	case PPTP_STOPCCRP:
		feed(side, link_msg(PPTP_STOPCCRQ));
		break;
	case PPTP_ECHORQ:
		link_wait(side, 60 * SECOND);
		break;
	case PPTP_ECHORP:
		feed(side, link_msg(PPTP_ECHORQ));
		break;
	case PPTP_OCRQ:
		dialled(side);
		break;
	case PPTP_OCRP:
		taken(side, PPTP_OCRQ);
		break;
	case PPTP_ICRQ:
	case PPTP_ICCN:
		rung(side);
		break;
	case PPTP_ICRP:
		taken(side, PPTP_ICRQ);
		break;
	case PPTP_CCRQ:
		CHECK_EQ(pptp_call_clear(side->conn, dialled(side), 3, 0, 0, side->now), PPTP_OK);
		break;
	case PPTP_CDN:
		CHECK_EQ(pptp_call_clear(side->conn, taken(side, PPTP_OCRQ), 3, 0, 9, side->now), PPTP_OK);
		break;
	case PPTP_WEN:
		line_errors(side);
		break;
	case PPTP_SLI:
		CHECK_EQ(pptp_call_set_link_info(side->conn, dialled(side), 1, 2, side->now), PPTP_OK);
		break;
	default: /* the Start messages came with the establishment */
		break;
	}
	link_pump(side);
}

/* The octets of the first message of this type, with the plan carried out. */
static void sent(uint32_t type, const link_mode *mode, int amending, uint8_t *ret)
{
	pptp_config_options o = link_options(0);
	link_side side;
	size_t at = 0, len;
	memset(&side, 0, sizeof(side));
	o.take_calls = PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING;
	o.line_statistics = 1;
	side.callbacks.amend = amending ? on_amend : NULL;
	plan.seen = 0;
	link_open(&side, type == PPTP_SCCRP ? PPTP_RECEIVER : PPTP_ORIGINATOR, &o, mode, 0);
	feed(&side, link_msg(type == PPTP_SCCRP ? PPTP_SCCRQ : PPTP_SCCRP));
	link_next_event(&side, PPTP_EV_UP);
	provoke(&side, type);
	for (;; at += len) {
		CHECK(at < side.sent_len);
		len = (size_t)(side.sent[at] << 8 | side.sent[at + 1]);
		if ((uint32_t)(side.sent[at + 8] << 8 | side.sent[at + 9]) == type)
			break;
	}
	CHECK_EQ(len, pptp_msg_size(type));
	memcpy(ret, side.sent + at, len);
	if (amending)
		CHECK_EQ(plan.seen, 1);
	if (!side.down)
		CHECK_EQ(pptp_conn_abort(side.conn, PPTP_ERR_SEND, side.now), PPTP_OK);
	link_pump(&side);
	link_drop(&side);
}

/* Each field of each message, also the reserved ones, but not what frames it. */
/* Shows: T-06 H-01 */
static void test_amend_every_field(void **state)
{
	static const uint8_t patterns[] = {0x00, 0xA5, 0xFF};
	uint32_t type, index, fields = 0;
	size_t k, p;
	(void)state;
	for (type = PPTP_SCCRQ; type <= PPTP_SLI; type++) {
		for (k = 0; k < link_modes_len; k++) {
			uint8_t wanted[PPTP_MSG_MAX_OCTETS], is[PPTP_MSG_MAX_OCTETS],
			        plain[PPTP_MSG_MAX_OCTETS];
			sent(type, &link_modes[k], 0, plain);
			plan.type = type;
			for (index = 0; pptp_msg_field(type, index, &plan.offset, &plan.octets); index++) {
				const char *name = pptp_msg_field(type, index, NULL, NULL);
				for (p = 0; p < LEN(patterns); p++) {
					check_row("%s, %s = %02x (%s)", pptp_msg_name(type), name,
					          patterns[p], link_modes[k].name);
					plan.pattern = patterns[p];
					memcpy(wanted, plain, sizeof(wanted));
					if (plan.offset >= offsetof(pptp_msg_header, reserved0))
						memset(wanted + plan.offset, plan.pattern, plan.octets);
					sent(type, &link_modes[k], 1, is);
					CHECK_OCTETS(is, wanted, pptp_msg_size(type));
					fields++;
				}
			}
		}
	}
	CHECK(fields > 15u * 6u * 12u);
}

/* The whole union: what frames the message is as it was, and nothing behind the message is sent. */
/* Shows: T-06 H-01 T-08 */
static void test_amend_all_at_once(void **state)
{
	uint32_t type;
	size_t k;
	(void)state;
	for (type = PPTP_SCCRQ; type <= PPTP_SLI; type++) {
		for (k = 0; k < link_modes_len; k++) {
			uint8_t wanted[PPTP_MSG_MAX_OCTETS], is[PPTP_MSG_MAX_OCTETS];
			check_row("%s (%s)", pptp_msg_name(type), link_modes[k].name);
			sent(type, &link_modes[k], 0, wanted);
			plan.type = type;
			plan.offset = 0;
			plan.octets = sizeof(pptp_msg);
			plan.pattern = 0xEE;
			memset(wanted + 10, 0xEE, sizeof(wanted) - 10);
			sent(type, &link_modes[k], 1, is);
			CHECK_OCTETS(is, wanted, pptp_msg_size(type));
		}
	}
}

/* ---- what it is not ------------------------------------------------------------------------------------ */

static uint8_t traced[PPTP_MSG_MAX_OCTETS];
static size_t traced_len;

static void on_trace(void *user, uint32_t is_sent, const uint8_t *msg, size_t len)
{
	(void)user;
	CHECK_EQ(is_sent, 1);
	memcpy(traced, msg, len);
	traced_len = len;
}

/* In pull mode, with no other callback: the trace and the socket get the same octets. */
static void test_amend_traced(void **state)
{
	pptp_conn_callbacks callbacks = {sizeof(callbacks), 0, NULL, NULL, on_trace, on_amend};
	pptp_config_options o = link_options(0);
	pptp_conn_options options;
	const pptp_config *config;
	const uint8_t *data;
	pptp_conn *conn;
	size_t len = 0;
	int with_trace;
	(void)state;
	for (with_trace = 0; with_trace < 2; with_trace++) {
		check_row("%s", with_trace ? "trace and amend" : "amend alone");
		callbacks.trace = with_trace ? on_trace : NULL;
		plan.type = PPTP_SCCRQ;
		plan.offset = offsetof(pptp_sccrq, vendor_string);
		plan.octets = 64;
		plan.pattern = 'x';
		traced_len = 0;
		CHECK_EQ(pptp_config_new(&o, &config), PPTP_OK);
		CHECK_EQ(pptp_conn_options_init(&options, sizeof(options)), PPTP_OK);
		options.role = PPTP_ORIGINATOR;
		options.callbacks = &callbacks;
		CHECK_EQ(pptp_conn_new(config, &options, 0, &conn), PPTP_OK);
		data = pptp_conn_tx_buf(conn, &len, 0);
		CHECK(data != NULL);
		CHECK_EQ(len, 156);
		CHECK_EQ(data[155], 'x');
		CHECK_EQ(traced_len, with_trace ? 156 : 0);
		CHECK_OCTETS(traced, data, traced_len);
		pptp_conn_free(conn);
		pptp_config_free(config);
	}
}

/* What the connection does is not changed: it knows its call by the id that it gave. */
/* Shows: I-06 */
static void test_amend_changes_no_state(void **state)
{
	pptp_call_info info;
	pptp_msg m = link_msg(PPTP_OCRP);
	pptp_dial d;
	pptp_call call;
	link_side side;
	(void)state;
	memset(&side, 0, sizeof(side));
	plan.type = PPTP_OCRQ;
	plan.offset = offsetof(pptp_ocrq, call_id);
	plan.octets = 2;
	plan.pattern = 0x42;
	side.callbacks.amend = on_amend;
	link_open(&side, PPTP_ORIGINATOR, NULL, NULL, 0);
	link_up(&side);
	CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
	d.local_call_id = 9;
	CHECK_EQ(pptp_call_dial(side.conn, &d, 0, &call), PPTP_OK);
	link_pump(&side);
	CHECK_EQ(link_next_msg(&side, PPTP_OCRQ).ocrq.call_id, 0x4242);
	CHECK_EQ(pptp_call_get_info(side.conn, call, &info, sizeof(info)), PPTP_OK);
	CHECK_EQ(info.local_call_id, 9);
	m.ocrp.peer_call_id = 0x4242;
	feed(&side, m);
	link_quiet(&side);
	CHECK_EQ(pptp_conn_count(side.conn, PPTP_COUNT_UNKNOWN_CALL), 1);
	m.ocrp.peer_call_id = 9;
	feed(&side, m);
	link_next_event(&side, PPTP_EV_CALL_UP);
	link_quiet(&side);
	CHECK_EQ(pptp_conn_abort(side.conn, PPTP_ERR_SEND, 0), PPTP_OK);
	link_drop(&side);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_amend_every_field),
	        cmocka_unit_test(test_amend_all_at_once),
	        cmocka_unit_test(test_amend_traced),
	        cmocka_unit_test(test_amend_changes_no_state),
	};
	return cmocka_run_group_tests_name("conn_amend", tests, NULL, NULL);
}
