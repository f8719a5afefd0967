/* conn_recv: octets from TCP to whole messages (RFC 2637 1.4). */
#include "conn_internal.h"
#include "msg_layout.h"
#include "wire.h"

/* Where pptp_msg_peek can decide something new: behind the length, the message type, the cookie and the
 * control message type. Stopping there makes what is seen of garbage independent of how it was cut. */
static const uint8_t peek_at[] = {2, 4, 8, 10};

static uint32_t next_peek(uint32_t len)
{
	uint32_t i = 0;
	while (peek_at[i] <= len)
		i++;
	return peek_at[i];
}

static uint32_t allowed(const pptp_conn *conn)
{
	return (tolerates(conn, PPTP_TOLERATE_LONGER) ? PPTP_MSG_LONGER : 0u) |
	       (tolerates(conn, PPTP_TOLERATE_UNKNOWN_TYPE) ? PPTP_MSG_UNKNOWN_TYPE : 0u) |
	       (tolerates(conn, PPTP_TOLERATE_MANAGEMENT) ? PPTP_MSG_MANAGEMENT_TYPE : 0u);
}

void pptp_trace(pptp_conn *conn, uint32_t sent, const uint8_t *msg, size_t len)
{
	if (!conn->callbacks.trace || conn->freed)
		return;
	conn->in_trace = 1;
	conn->callbacks.trace(conn->user, sent, msg, len);
	conn->in_trace = 0;
}

/* Reserved fields other than reserved0, by type: offset and octets. */
static const uint8_t reserved[PPTP_SLI + 1][2] = {
        {0, 0},  {14, 2}, /* SCCRQ */
        {0, 0},  {13, 3}, /* StopCCRQ */
        {14, 2}, {0, 0},  /* StopCCRP, EchoRQ */
        {18, 2}, {38, 2}, /* EchoRP, OCRQ */
        {0, 0},  {0, 0},  /* OCRP, ICRQ */
        {22, 2}, {14, 2}, /* ICRP, ICCN */
        {14, 2}, {18, 2}, /* CCRQ, CDN */
        {14, 2}, {14, 2}, /* WEN, SLI */
};

/* Offset of the first reserved field that is not 0, or 0. Offsets in memory are those of the wire. */
uint32_t pptp_reserved_field(const pptp_msg *msg)
{
	const uint8_t *span = reserved[msg->header.control_message_type];
	const uint8_t *octets = (const uint8_t *)msg;
	uint32_t i;
	if (msg->header.reserved0 != 0)
		return (uint32_t)offsetof(pptp_msg_header, reserved0);
	for (i = 0; i < span[1]; i++)
		if (octets[span[0] + i] != 0)
			return span[0];
	return 0;
}

/* A whole message is in rx, and pptp_msg_peek let it pass. */
static void handle(pptp_conn *conn, pptp_usec now)
{
	pptp_msg msg;
	uint32_t size;
	conn->counts[PPTP_COUNT_RX_MESSAGES]++;
	pptp_trace(conn, 0, conn->rx, conn->msg_len);
	if (conn->freed)
		return;
	if (wire_load16(conn->rx + 2) == PPTP_MSG_MANAGEMENT) {
		conn->counts[PPTP_COUNT_MANAGEMENT]++;
		return;
	}
	size = pptp_msg_size(wire_load16(conn->rx + 8));
	if (size == 0) {
		conn->counts[PPTP_COUNT_UNKNOWN_TYPE]++;
		return;
	}
	pptp_msg_load(conn->rx, &msg);
	if (conn->msg_len > size)
		conn->counts[PPTP_COUNT_LONGER]++;
	if (pptp_reserved_field(&msg) != 0)
		conn->counts[PPTP_COUNT_RESERVED]++;
	pptp_control_message(conn, &msg, now);
}

/* Take what is needed up to the next place where something can be decided, or the message's end. Returns
 * whether it is whole now; *used counts on. */
static int gather(pptp_conn *conn, const uint8_t *data, size_t len, size_t *used)
{
	for (;;) {
		pptp_msg_fault fault;
		pptp_ssize whole = pptp_msg_peek(conn->rx, conn->rx_len, allowed(conn), &fault);
		uint32_t target, n;
		if (whole == PPTP_ERR_MALFORMED) {
			conn->msg_len = conn->rx_len;
			pptp_control_malformed(conn, &fault);
			return 0;
		}
		target = whole == PPTP_ERR_SHORT ? next_peek(conn->rx_len) : (uint32_t)whole;
		if (conn->rx_len == target)
			return 1;
		n = target - conn->rx_len;
		if (n > len - *used)
			n = (uint32_t)(len - *used);
		if (n == 0)
			return 0;
		memcpy(conn->rx + conn->rx_len, data + *used, n);
		conn->rx_len = (uint16_t)(conn->rx_len + n);
		conn->msg_event = 0;
		*used += n;
	}
}

/* The usual case: a message that came in one piece. Returns its length, or 0. */
static size_t whole_message(pptp_conn *conn, const uint8_t *data, size_t len)
{
	pptp_ssize whole = conn->rx_len == 0 ? pptp_msg_peek(data, len, allowed(conn), NULL) : 0;
	if (whole <= 0 || (size_t)whole > len)
		return 0;
	memcpy(conn->rx, data, (size_t)whole);
	conn->msg_event = 0;
	conn->rx_len = (uint16_t)whole;
	return (size_t)whole;
}

/* Take octets up to the end of one message. Returns how many. */
size_t pptp_recv_step(pptp_conn *conn, const uint8_t *data, size_t len, pptp_usec now)
{
	size_t used;
	if (conn->state == PPTP_CONN_CLOSING) /* nothing matters any more, but the peer must not block */
		return len;
	used = whole_message(conn, data, len);
	if (used == 0 && !gather(conn, data, len, &used))
		return used;
	conn->msg_len = conn->rx_len;
	conn->rx_len = 0;
	handle(conn, now);
	return used;
}
