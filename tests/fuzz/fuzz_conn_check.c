/* fuzz_conn_check: what must hold of a connection whatever its peer and its host do. */
#include "fuzz_conn.h"

/* ---- calls ---------------------------------------------------------------------------------------- */

fuzz_call *fuzz_find(fuzz *f, pptp_call call)
{
	size_t i;
	for (i = 0; call != PPTP_CALL_NONE && i < FUZZ_CALLS; i++)
		if (f->calls[i].call == call)
			return &f->calls[i];
	return NULL;
}

fuzz_call *fuzz_new_call(fuzz *f, pptp_call call, uint8_t origin)
{
	size_t i = 0;
	FUZZ_CHECK(call != PPTP_CALL_NONE && !fuzz_find(f, call));
	while (i < FUZZ_CALLS && f->calls[i].call != PPTP_CALL_NONE)
		i++;
	FUZZ_CHECK(i < f->options.max_calls);
	memset(&f->calls[i], 0, sizeof f->calls[i]);
	f->calls[i].call = call;
	f->calls[i].origin = origin;
	return &f->calls[i];
}

/* ---- events ----------------------------------------------------------------------------------------- */

static int is_of_call(const pptp_event *e)
{
	return (e->type >= PPTP_EV_CALL_OFFERED && e->type <= PPTP_EV_CALL_WAN_ERROR) ||
	       e->type == PPTP_EV_CALL_ANSWER;
}

static void check_shape(fuzz *f, const pptp_event *e)
{
	int ends = e->type == PPTP_EV_DOWN || e->type == PPTP_EV_CALL_DOWN;
	pptp_msg m;
	size_t i;
	FUZZ_CHECK(!f->down && e->type >= PPTP_EV_UP && e->type <= PPTP_EV_CALL_ANSWER);
	FUZZ_CHECK(ends ? e->reason <= PPTP_ERR_MALFORMED && e->reason >= PPTP_ERR_SEND : e->reason == 0);
	FUZZ_CHECK(is_of_call(e) == (e->call != PPTP_CALL_NONE));
	FUZZ_CHECK(is_of_call(e) == (e->local_call_id != 0));
	FUZZ_CHECK((e->msg != NULL) == (e->msg_len > 0) && e->msg_len <= PPTP_MSG_MAX_OCTETS);
	for (i = 0; i < sizeof e->reserved / sizeof e->reserved[0]; i++)
		FUZZ_CHECK(e->reserved[i] == 0);
	if (!e->msg || e->reason == PPTP_ERR_MALFORMED)
		return;
	FUZZ_CHECK(pptp_msg_decode(e->msg, e->msg_len, PPTP_MSG_LONGER, &m, NULL) > 0);
	FUZZ_CHECK(m.header.control_message_type == e->message_type);
}

static void check_conn_event(fuzz *f, const pptp_event *e)
{
	size_t i;
	FUZZ_CHECK(e->user == f);
	switch (e->type) {
	case PPTP_EV_START_OFFERED:
		FUZZ_CHECK(f->mode & FUZZ_ASK && f->mode & FUZZ_RECEIVER && !f->asked && !f->up);
		f->asked = 1;
		break;
	case PPTP_EV_UP:
		FUZZ_CHECK(!f->up && (f->answered || !(f->mode & FUZZ_ASK) || !(f->mode & FUZZ_RECEIVER)));
		f->up = 1;
		break;
	case PPTP_EV_WRITABLE:
		FUZZ_CHECK(f->again > 0);
		f->again--;
		break;
	default: /* PPTP_EV_DOWN: the last, and no call is left */
		for (i = 0; i < FUZZ_CALLS; i++)
			FUZZ_CHECK(f->calls[i].call == PPTP_CALL_NONE);
		FUZZ_CHECK(pptp_conn_want(f->conn) == PPTP_FINISHED);
		f->down = 1;
		break;
	}
}

/* RFC 2637 3.2.3, 3.2.4, as the host sees it. */
static void check_call_event(fuzz *f, const pptp_event *e)
{
	uint8_t taken = e->message_type == PPTP_ICRQ ? FUZZ_TAKEN_INCOMING : FUZZ_TAKEN_OUTGOING;
	fuzz_call *c =
	        e->type == PPTP_EV_CALL_OFFERED ? fuzz_new_call(f, e->call, taken) : fuzz_find(f, e->call);
	int up;
	FUZZ_CHECK(f->up && c != NULL);
	up = (c->seen & 1u << PPTP_EV_CALL_UP) != 0;
	switch (e->type) {
	case PPTP_EV_CALL_OFFERED:
		FUZZ_CHECK(e->msg && f->options.take_calls & (taken == FUZZ_TAKEN_INCOMING ? 2 : 1));
		break;
	case PPTP_EV_CALL_ANSWER:
		FUZZ_CHECK(c->origin == FUZZ_OFFERED_BY_US && c->seen == 0);
		break;
	case PPTP_EV_CALL_UP:
		FUZZ_CHECK(!up && (c->origin < FUZZ_TAKEN_OUTGOING || c->accepted));
		FUZZ_CHECK(c->origin != FUZZ_OFFERED_BY_US || c->connected);
		break;
	case PPTP_EV_CALL_LINK_INFO:
		FUZZ_CHECK(c->origin == FUZZ_OFFERED_BY_US || c->origin == FUZZ_TAKEN_OUTGOING);
		break;
	case PPTP_EV_CALL_WAN_ERROR:
		FUZZ_CHECK((c->origin == FUZZ_DIALLED || c->origin == FUZZ_TAKEN_INCOMING) && up);
		break;
	default: /* PPTP_EV_CALL_DOWN */
		FUZZ_CHECK(!c->connected || up);
		FUZZ_CHECK(!c->accepted || c->origin == FUZZ_TAKEN_INCOMING || up);
		c->call = PPTP_CALL_NONE;
		break;
	}
	c->seen |= 1u << e->type;
}

void fuzz_check_event(fuzz *f, const pptp_event *e)
{
	check_shape(f, e);
	if (is_of_call(e))
		check_call_event(f, e);
	else
		check_conn_event(f, e);
}

/* ---- octets -------------------------------------------------------------------------------------------- */

static size_t length_of(const uint8_t *msg)
{
	return (size_t)(msg[0] << 8 | msg[1]);
}

/* Offered is one message or the rest of one; what was not taken stays where it was, as it was. */
void fuzz_check_offer(fuzz *f, const uint8_t *data, size_t len)
{
	FUZZ_CHECK(len > 0 && len <= PPTP_MSG_MAX_OCTETS);
	if (f->held_len > 0)
		FUZZ_CHECK(data == f->held && len == f->held_len && memcmp(data, f->held_octets, len) == 0);
	if (f->out_len == 0)
		FUZZ_CHECK(len >= PPTP_HEADER_OCTETS && len == length_of(data));
}

void fuzz_check_sent(fuzz *f, const uint8_t *data, size_t offered, size_t taken)
{
	pptp_msg m;
	memcpy(f->out + f->out_len, data, taken);
	f->out_len += taken;
	f->held = data + taken;
	f->held_len = offered - taken;
	memcpy(f->held_octets, f->held, f->held_len);
	if (f->held_len > 0)
		return;
	FUZZ_CHECK(pptp_msg_decode(f->out, f->out_len, 0, &m, NULL) == (pptp_ssize)f->out_len);
	FUZZ_CHECK(m.header.reserved0 == 0);
	f->out_len = 0;
}

/* ---- queries ------------------------------------------------------------------------------------------- */

static void check_calls(fuzz *f, const pptp_conn_info *conn)
{
	uint16_t local[FUZZ_CALLS];
	pptp_call call = PPTP_CALL_NONE;
	pptp_call_info info;
	uint32_t n = 0, offered = 0, i;
	while ((call = pptp_call_next(f->conn, call)) != PPTP_CALL_NONE) {
		FUZZ_CHECK(n < f->options.max_calls);
		FUZZ_CHECK(pptp_call_get_info(f->conn, call, &info, sizeof info) == PPTP_OK);
		FUZZ_CHECK(info.local_call_id != 0 && info.state < PPTP_CALL_ENDED);
		FUZZ_CHECK(fuzz_find(f, call) || info.state == PPTP_CALL_OFFERED);
		for (i = 0; i < n; i++)
			FUZZ_CHECK(local[i] != info.local_call_id);
		local[n++] = info.local_call_id;
		offered += info.state == PPTP_CALL_OFFERED;
	}
	FUZZ_CHECK(n == conn->calls && offered == conn->offered_calls);
	FUZZ_CHECK(f->options.max_offered == 0 || offered <= f->options.max_offered);
}

void fuzz_check_queries(fuzz *f)
{
	uint32_t want = pptp_conn_want(f->conn);
	pptp_conn_info conn;
	pptp_call_info info;
	size_t i;
	FUZZ_CHECK(pptp_conn_get_info(f->conn, &conn, sizeof conn) == PPTP_OK);
	FUZZ_CHECK(((want & PPTP_FINISHED) != 0) == f->down);
	FUZZ_CHECK(conn.tx_octets <= f->options.tx_octets);
	FUZZ_CHECK(conn.tx_octets == 0 || want & PPTP_WANT_SEND);
	check_calls(f, &conn);
	for (i = 0; i < FUZZ_CALLS; i++)
		if (f->calls[i].call != PPTP_CALL_NONE)
			FUZZ_CHECK(pptp_call_get_info(f->conn, f->calls[i].call, &info, sizeof info) ==
			           PPTP_OK);
}
