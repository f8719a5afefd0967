/* sim_callback: a host's callbacks, and what pull mode does the same way: write to TCP, take an event. From
 * here the host asks for more, calls what it must not, and frees the connection under the library's feet. */
#include "sim_host.h"

#include <string.h>

static pptp_usec now_of(const sim_side *d)
{
	return sim_host_now(d->host);
}

/* Drivers must not be called from here. */
static void misuse(sim_side *d)
{
	size_t len = 7;
	pptp_event event;
	if (d->free_asked || !sim_one_in(sim_of(d), 50))
		return;
	sim_count(d->link->world, N_MISUSES, 1);
	CHECK(d, pptp_conn_tick(d->conn, now_of(d)) == PPTP_ERR_REENTRANT);
	CHECK(d, pptp_conn_recv(d->conn, d->in, 1, now_of(d)) == PPTP_ERR_REENTRANT);
	CHECK(d, pptp_conn_poll(d->conn, &event) == PPTP_ERR_REENTRANT);
	CHECK(d, pptp_conn_flush(d->conn, now_of(d)) == PPTP_ERR_REENTRANT);
	CHECK(d, pptp_conn_eof(d->conn, now_of(d)) == PPTP_ERR_REENTRANT);
	CHECK(d, pptp_conn_tx_done(d->conn, 0, now_of(d)) == PPTP_ERR_REENTRANT);
	CHECK(d, pptp_conn_tx_buf(d->conn, &len, now_of(d)) == NULL && len == 7);
}

/* Returns octets taken, or what sim_tcp_write says. */
ptrdiff_t sim_side_write(sim_side *d, const uint8_t *data, size_t len)
{
	uint8_t copy[PPTP_MSG_MAX_OCTETS];
	ptrdiff_t n;
	sim_check_offer(d, data, len);
	memcpy(copy, data, len);
	sim_fault_write(d, copy, len);
	n = sim_tcp_write(&d->link->tcp, d->which, copy, len);
	d->blocked = n >= 0 ? n < (ptrdiff_t)len : 1;
	sim_check_sent(d, data, len, n > 0 ? (size_t)n : 0);
	if (n == SIM_BROKEN)
		d->socket_failed = 1;
	else if (n != (ptrdiff_t)len)
		sim_count(d->link->world, n > 0 ? N_PARTIAL : N_BLOCKED, 1);
	return n;
}

#define SEND_CODE (-1000) /* a host's own code for a failed send */

static pptp_ssize on_send(void *user, const uint8_t *data, size_t len)
{
	sim_side *d = user;
	ptrdiff_t n;
	CHECK(d, d->depth > 0 && !d->free_asked);
	misuse(d);
	n = sim_side_write(d, data, len);
	if (sim_one_in(sim_of(d), 3000)) {
		sim_side_free(d);
		return 0;
	}
	if (n == SIM_BLOCKED)
		return PPTP_ERR_AGAIN;
	return n == SIM_BROKEN ? SEND_CODE : n;
}

void sim_side_take(sim_side *d, const pptp_event *e)
{
	sim_count(d->link->world, N_EVENTS, 1);
	sim_check_event(d, e);
	sim_app_event(d, e);
}

static void on_event(void *user, pptp_conn *conn, const pptp_event *e)
{
	sim_side *d = user;
	CHECK(d, d->depth > 0 && !d->free_asked && conn == d->conn);
	misuse(d);
	sim_side_take(d, e);
}

static void on_trace(void *user, uint32_t sent, const uint8_t *msg, size_t len)
{
	sim_side *d = user;
	CHECK(d, !d->free_asked && sent <= 1 && len >= 10 && len <= PPTP_MSG_MAX_OCTETS);
	CHECK(d, (size_t)(msg[0] << 8 | msg[1]) == len);
	d->traced += sent;
	if (sim_one_in(sim_of(d), 100)) {
		pptp_err err = pptp_conn_close(d->conn, PPTP_STOP_NONE, now_of(d));
		CHECK(d, err == PPTP_ERR_REENTRANT);
	}
	if (d->depth > 0 && sim_one_in(sim_of(d), 3000))
		sim_side_free(d);
}

static void on_amend(void *user, pptp_msg *msg)
{
	sim_side *d = user;
	CHECK(d, !d->free_asked && pptp_msg_size(msg->header.control_message_type) == msg->header.length);
	msg->header.length = 0; /* is set again */
	msg->header.magic_cookie = 0;
}

const pptp_conn_callbacks *sim_callbacks(uint32_t mode)
{
	static const pptp_conn_callbacks table[] = {
	        {sizeof table[0], 0, NULL, NULL, NULL, NULL},
	        {sizeof table[0], 0, on_send, NULL, NULL, NULL},
	        {sizeof table[0], 0, NULL, on_event, NULL, NULL},
	        {sizeof table[0], 0, on_send, on_event, NULL, NULL},
	        {sizeof table[0], 0, NULL, NULL, on_trace, on_amend},
	        {sizeof table[0], 0, on_send, NULL, on_trace, on_amend},
	        {sizeof table[0], 0, NULL, on_event, on_trace, on_amend},
	        {sizeof table[0], 0, on_send, on_event, on_trace, on_amend},
	};
	return &table[mode & 7u];
}
