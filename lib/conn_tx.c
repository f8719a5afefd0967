/* conn_tx: what waits to be sent, as bits, and the buffer it is encoded into when there is room.
 *
 * The buffer holds whole messages in up to two runs: from `head` to `tail`, and behind them in time, from
 * 0 to `wrap_tail`. Nothing in it ever moves, so the host may keep what tx_buf gave it. */
#include "conn_internal.h"
#include "msg_layout.h"
#include "wire.h"

/* ---- the buffer -------------------------------------------------------------------------------------- */

/* Where n octets can go: the offset, or -1. */
static int64_t room_for(const pptp_conn *conn, uint32_t n)
{
	if (conn->wrap_tail > 0)
		return conn->head - conn->wrap_tail >= n ? (int64_t)conn->wrap_tail : -1;
	if (conn->options->tx_octets - conn->tail >= n)
		return conn->tail;
	return conn->head >= n ? 0 : -1;
}

int pptp_tx_has_room(const pptp_conn *conn, uint32_t octets)
{
	return room_for(conn, octets) >= 0;
}

/* What frames a message is not the host's to change. */
static void amend(pptp_conn *conn, pptp_msg *msg)
{
	pptp_msg_header header = msg->header;
	if (!conn->callbacks.amend || conn->freed)
		return;
	conn->in_trace = 1;
	conn->callbacks.amend(conn->user, msg);
	conn->in_trace = 0;
	header.reserved0 = msg->header.reserved0;
	msg->header = header;
}

/* Encode a message into the buffer. Returns 0 when there is no room for it. */
int pptp_tx_put(pptp_conn *conn, pptp_msg *msg)
{
	uint32_t size = msg->header.length;
	int64_t at = room_for(conn, size);
	if (at < 0)
		return 0;
	amend(conn, msg);
	pptp_msg_store(msg, conn->tx_data + at);
	if (conn->wrap_tail == 0 && at == (int64_t)conn->tail)
		conn->tail += size;
	else
		conn->wrap_tail += size;
	conn->counts[PPTP_COUNT_TX_MESSAGES]++;
	pptp_trace(conn, 1, conn->tx_data + at, size);
	return 1;
}

/* The first message or what is left of it; NULL when the buffer is empty. */
const uint8_t *pptp_tx_first(const pptp_conn *conn, size_t *ret_len)
{
	const uint8_t *first = conn->tx_data + conn->head;
	if (conn->head == conn->tail) {
		*ret_len = 0;
		return NULL;
	}
	*ret_len = conn->left ? conn->left : wire_load16(first);
	return first;
}

/* n octets of the first message have left; n is not above what pptp_tx_first said. */
void pptp_tx_took(pptp_conn *conn, size_t n)
{
	size_t len;
	(void)pptp_tx_first(conn, &len);
	conn->left = (uint32_t)(len - n);
	conn->head += (uint32_t)n;
	if (conn->head < conn->tail)
		return;
	conn->head = 0;
	conn->tail = conn->wrap_tail;
	conn->wrap_tail = 0;
}

uint32_t pptp_tx_octets(const pptp_conn *conn)
{
	return conn->tail - conn->head + conn->wrap_tail;
}

void pptp_tx_drop(pptp_conn *conn)
{
	conn->head = conn->tail = conn->wrap_tail = conn->left = 0;
	conn->tx = 0;
	conn->refusals = 0;
	while (pptp_queue_first(conn, &conn->tx_calls)) {
		pptp_queue_first(conn, &conn->tx_calls)->tx = 0;
		pptp_queue_drop_tx(conn);
	}
}

/* ---- filling ------------------------------------------------------------------------------------------- */

static uint8_t lowest_bit(uint8_t bits)
{
	return (uint8_t)(bits & -bits);
}

/* Each of these encodes all it can and returns 0 when something had to stay. */

static int fill_conn(pptp_conn *conn, uint8_t bits)
{
	while (conn->tx & bits) {
		uint8_t bit = lowest_bit(conn->tx & bits);
		if (!pptp_put_of_conn(conn, bit))
			return 0;
		conn->tx &= (uint8_t)~bit;
	}
	return 1;
}

static int fill_calls(pptp_conn *conn)
{
	call *c;
	while ((c = pptp_queue_first(conn, &conn->tx_calls)) != NULL) {
		while (c->tx) {
			uint8_t bit = lowest_bit(c->tx);
			if (!pptp_put_of_call(conn, c, bit))
				return 0;
			c->tx &= (uint8_t)~bit;
		}
		pptp_queue_drop_tx(conn);
	}
	return 1;
}

static int fill_refusals(pptp_conn *conn)
{
	while (conn->refusals > 0) {
		if (!pptp_put_refusal(conn, &conn->refused[0]))
			return 0;
		conn->refusals--;
		memmove(&conn->refused[0], &conn->refused[1], conn->refusals * sizeof conn->refused[0]);
	}
	return 1;
}

/* What starts the connection goes first, what ends it last. */
static int fill_all(pptp_conn *conn)
{
	return fill_conn(conn, TX_SCCRQ | TX_SCCRP) && fill_calls(conn) && fill_refusals(conn) &&
	       fill_conn(conn, TX_ECHORP | TX_ECHORQ | TX_STOPCCRP | TX_STOPCCRQ);
}

int pptp_tx_waiting(const pptp_conn *conn)
{
	return conn->tx != 0 || conn->refusals > 0 || conn->tx_calls.first != NO_CALL;
}

/* What dial or offer did not find may be there now: room, or a slot. */
void pptp_tx_tell_room(pptp_conn *conn)
{
	if (!conn->want_room || pptp_tx_waiting(conn) || !pptp_tx_has_room(conn, conn->want_room))
		return;
	conn->want_room = 0;
	conn->events |= EV_WRITABLE_BIT;
}

void pptp_tx_fill(pptp_conn *conn)
{
	if (conn->state == PPTP_CONN_CLOSED || conn->in_trace)
		return;
	if (!pptp_tx_waiting(conn) || fill_all(conn))
		pptp_tx_tell_room(conn);
}
