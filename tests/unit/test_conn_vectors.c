/* conn: the vectors, as a connection sees them. */
#define VECTORS_CONTROL
#define VECTORS_STREAM
#define VECTORS_NEGATIVE
#include "link.h"
#include "vectors.h"

/* A connection in the state a negative vector wants; a dialled call has our Call ID 1. */
static void prepare(link_side *side, enum vector_state wanted, int strict, const link_mode *mode)
{
	pptp_config_options o = link_options(strict);
	memset(side, 0, sizeof(*side));
	link_open(side, PPTP_RECEIVER, &o, mode, 0);
	if (wanted == VECTOR_IN_IDLE)
		return;
	link_up(side);
	if (wanted == VECTOR_IN_WAIT_REPLY) {
		pptp_dial d;
		pptp_call call;
		CHECK_EQ(pptp_dial_init(&d, sizeof(d)), PPTP_OK);
		d.local_call_id = 1;
		CHECK_EQ(pptp_call_dial(side->conn, &d, 0, &call), PPTP_OK);
		link_pump(side);
		link_next_msg(side, PPTP_OCRQ);
	}
}

/* The connection still answers. */
static void alive(link_side *side)
{
	pptp_msg echo = link_msg(PPTP_ECHORQ);
	echo.echorq.identifier = 0x600D;
	link_feed_msg(side, &echo);
	CHECK_EQ(link_next_msg(side, PPTP_ECHORP).echorp.identifier, 0x600D);
	link_quiet(side);
}

static void malformed(link_side *side, const struct vector_expected *e)
{
	const pptp_event *event;
	CHECK_EQ(side->recv_result, PPTP_ERR_MALFORMED);
	event = link_next_event(side, PPTP_EV_DOWN);
	CHECK_EQ(event->reason, PPTP_ERR_MALFORMED);
	CHECK_EQ(event->field, e->field);
	CHECK_EQ(event->value, e->value);
	CHECK(event->msg != NULL);
	link_quiet(side); /* without a word to the peer */
}

/* The reply to a refused request. */
static void refused(link_side *side, uint32_t request, const struct vector_expected *e)
{
	uint32_t result, error;
	pptp_msg m;
	switch (request) {
	case PPTP_SCCRQ:
		m = link_next_msg(side, PPTP_SCCRP);
		result = m.sccrp.result_code;
		error = m.sccrp.error_code;
		link_next_event(side, PPTP_EV_DOWN);
		break;
	case PPTP_ECHORQ:
		m = link_next_msg(side, PPTP_ECHORP);
		result = m.echorp.result_code;
		error = m.echorp.error_code;
		break;
	case PPTP_OCRQ:
		m = link_next_msg(side, PPTP_OCRP);
		result = m.ocrp.result_code;
		error = m.ocrp.error_code;
		break;
	default:
		m = link_next_msg(side, PPTP_ICRP);
		result = m.icrp.result_code;
		error = m.icrp.error_code;
		break;
	}
	if (e->reaction == VECTOR_REFUSE_ANY) {
		CHECK(result != 1);
		return;
	}
	CHECK_EQ(result, e->result);
	CHECK_EQ(error, e->error);
}

/* Used as if nothing were wrong. */
static void used(link_side *side, uint32_t type)
{
	if (type == PPTP_SCCRQ) {
		CHECK_EQ(link_next_msg(side, PPTP_SCCRP).sccrp.result_code, 1);
		link_next_event(side, PPTP_EV_UP);
	} else {
		CHECK_EQ(type, PPTP_ECHORQ);
		CHECK_EQ(link_next_msg(side, PPTP_ECHORP).echorp.result_code, 1);
	}
}

/* Both profiles, each negative vector, in every mode. */
/* Shows: T-08 T-09 T-14 H-01 A-07 A-08 A-09 C-OCRP-01 S-CC-03 S-CC-04 C-ICRP-01 */
static void test_vectors_negative(void **state)
{
	size_t i, mode;
	int strict;
	(void)state;
	for (i = 0; i < LEN(vector_negative_controls); i++) {
		const struct vector_negative_control *v = &vector_negative_controls[i];
		uint32_t type = (uint32_t)(v->data[8] << 8 | v->data[9]);
		for (strict = 0; strict < 2; strict++) {
			const struct vector_expected *e = strict ? &v->strict : &v->usual;
			for (mode = 0; mode < link_modes_len; mode++) {
				link_side side;
				check_row("%s, %s (%s)", v->id, strict ? "strict" : "default",
				          link_modes[mode].name);
				prepare(&side, v->state, strict, &link_modes[mode]);
				link_feed(&side, v->data, v->len);
				switch (e->reaction) {
				case VECTOR_MALFORMED:
					malformed(&side, e);
					break;
				case VECTOR_SKIP_OR_MALFORMED:
					if (side.down)
						malformed(&side, e);
					else
						alive(&side);
					break;
				case VECTOR_SKIP:
				case VECTOR_IGNORE:
					link_quiet(&side);
					alive(&side);
					break;
				case VECTOR_USE:
					used(&side, type);
					alive(&side);
					break;
				case VECTOR_REFUSE:
				case VECTOR_REFUSE_ANY:
					refused(&side, type, e);
					if (!side.down)
						alive(&side);
					break;
				case VECTOR_CALL_UP:
					link_next_event(&side, PPTP_EV_CALL_UP);
					alive(&side);
					break;
				case VECTOR_CALL_DOWN:
					CHECK_EQ(link_next_event(&side, PPTP_EV_CALL_DOWN)->result_code,
					         e->result);
					alive(&side);
					break;
				case VECTOR_CALL_OFFERED:
					link_next_event(&side, PPTP_EV_CALL_OFFERED);
					alive(&side);
					break;
				}
				link_quiet(&side);
				link_drop(&side);
			}
		}
	}
}

/* The stream vectors: their segments as they are. */
/* Shows: T-07 */
static void test_vectors_stream(void **state)
{
	size_t i, k;
	(void)state;
	for (i = 0; i < LEN(vector_streams); i++) {
		const struct vector_stream *v = &vector_streams[i];
		int start = v->messages[0].data[9] == PPTP_SCCRQ;
		link_side side;
		check_row("%s", v->id);
		prepare(&side, start ? VECTOR_IN_IDLE : VECTOR_IN_ESTABLISHED, 1, NULL);
		for (k = 0; k < v->segments_len; k++)
			CHECK_EQ(link_feed(&side, v->segments[k].data, v->segments[k].len),
			         v->segments[k].len);
		CHECK_EQ(side.traced_received, v->messages_len + !start);
		if (start) {
			const pptp_event *e;
			link_next_msg(&side, PPTP_SCCRP);
			e = link_next_event(&side, PPTP_EV_UP);
			CHECK_EQ(e->msg_len, v->messages[0].len);
			CHECK_OCTETS(e->msg, v->messages[0].data, e->msg_len);
		} else {
			CHECK_EQ(link_next_msg(&side, PPTP_ECHORP).echorp.identifier, 7);
		}
		link_quiet(&side);
		link_drop(&side);
	}
}

/* Every good vector as the first message, and on an established connection: no vector is malformed, and
 * what is sent in answer is well-formed. */
/* Shows: H-01 H-02 */
static void test_vectors_everywhere(void **state)
{
	size_t i, mode;
	int strict, where;
	(void)state;
	for (i = 0; i < LEN(vector_controls); i++) {
		for (where = 0; where < 3; where++) {
			for (strict = 0; strict < 2; strict++) {
				for (mode = 0; mode < link_modes_len; mode++) {
					const struct vector_control *v = &vector_controls[i];
					link_side side;
					check_row("%s, state %d, %s (%s)", v->id, where,
					          strict ? "strict" : "default", link_modes[mode].name);
					prepare(&side, (enum vector_state)where, strict, &link_modes[mode]);
					link_feed(&side, v->data, v->len);
					CHECK(side.recv_result != PPTP_ERR_MALFORMED);
					link_skip(&side);
					if (!side.down && where != VECTOR_IN_IDLE)
						alive(&side);
					link_drop(&side);
				}
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_vectors_negative),
	        cmocka_unit_test(test_vectors_stream),
	        cmocka_unit_test(test_vectors_everywhere),
	};
	return cmocka_run_group_tests_name("conn_vectors", tests, NULL, NULL);
}
