/* fuzz_conn: one control connection under a stream of operations: octets in any cut, time, requests from
 * outside and from callbacks, sends that take a part or nothing, polls. The first eight octets of an input
 * are the settings. */
#include "fuzz_conn.h"

#define SECOND ((pptp_usec)1000000)

/* ---- callbacks ---------------------------------------------------------------------------------- */

static void act_inside(fuzz *f)
{
	if (f->inside == 0 || f->freed)
		return;
	f->inside--;
	fuzz_request(f);
}

static pptp_ssize on_send(void *user, const uint8_t *data, size_t len)
{
	fuzz *f = user;
	size_t n = len < f->budget ? len : f->budget;
	FUZZ_CHECK(f->depth > 0 && !f->freed);
	fuzz_check_offer(f, data, len);
	if (f->send_fails)
		return -77;
	f->budget -= (uint32_t)n;
	fuzz_check_sent(f, data, len, n);
	act_inside(f);
	return n > 0 ? (pptp_ssize)n : PPTP_ERR_AGAIN;
}

static void on_event(void *user, pptp_conn *conn, const pptp_event *e)
{
	fuzz *f = user;
	FUZZ_CHECK(f->depth > 0 && !f->freed && conn == f->conn);
	FUZZ_CHECK(pptp_conn_tick(conn, f->now) == PPTP_ERR_REENTRANT);
	fuzz_check_event(f, e);
	act_inside(f);
}

static void on_trace(void *user, uint32_t sent, const uint8_t *msg, size_t len)
{
	fuzz *f = user;
	FUZZ_CHECK(!f->freed && sent <= 1 && len >= PPTP_HEADER_OCTETS && len <= PPTP_MSG_MAX_OCTETS);
	FUZZ_CHECK((size_t)(msg[0] << 8 | msg[1]) == len);
	FUZZ_CHECK(pptp_conn_abort(f->conn, PPTP_ERR_LOCAL, f->now) == PPTP_ERR_REENTRANT);
}

static void on_amend(void *user, pptp_msg *msg)
{
	fuzz *f = user;
	FUZZ_CHECK(!f->freed && pptp_msg_size(msg->header.control_message_type) == msg->header.length);
	msg->header.magic_cookie = 0; /* is set again */
}

/* ---- life ----------------------------------------------------------------------------------------- */

int fuzz_still_there(fuzz *f, pptp_ssize result)
{
	f->depth--;
	FUZZ_CHECK((result == PPTP_ERR_FREED) == (f->freed != 0));
	if (f->freed && f->depth == 0)
		f->conn = NULL;
	return !f->freed;
}

static void read_settings(fuzz *f)
{
	pptp_config_options *o = &f->options;
	uint32_t tolerate, bits, off;
	FUZZ_CHECK(pptp_config_options_init(o, sizeof *o) == PPTP_OK);
	f->mode = fuzz_octet(&f->in);
	tolerate = fuzz_number(&f->in, 2);
	o->tolerate = tolerate == 0xFFFF ? PPTP_TOLERATE_ALL : tolerate;
	o->max_calls = fuzz_octet(&f->in) % (FUZZ_CALLS + 1);
	o->tx_octets = 440 + 8u * fuzz_octet(&f->in);
	bits = fuzz_octet(&f->in);
	o->take_calls = bits & 3;
	o->max_offered = bits >> 2 & 3;
	o->line_statistics = bits >> 4 & 1;
	o->oldest_version = bits & 32 ? PPTP_PROTOCOL_VERSION - 1 : 0;
	o->protocol_version = bits & 64 ? PPTP_PROTOCOL_VERSION + 1 : PPTP_PROTOCOL_VERSION;
	off = fuzz_number(&f->in, 2);
	o->start_timeout_us = off & 1 ? 0 : 10 * SECOND;
	o->idle_timeout_us = off & 2 ? 0 : 10 * SECOND;
	o->echo_timeout_us = off & 4 ? 0 : 5 * SECOND;
	o->stop_timeout_us = off & 8 ? 0 : 5 * SECOND;
	o->dial_timeout_us = off & 16 ? 0 : 10 * SECOND;
	o->answer_timeout_us = off & 32 ? 0 : 10 * SECOND;
	o->clear_timeout_us = off & 64 ? 0 : 5 * SECOND;
	o->offer_timeout_us = off & 128 ? 0 : 5 * SECOND;
	o->connect_timeout_us = off & 256 ? 0 : 5 * SECOND;
	o->wan_error_interval_us = off & 512 ? 0 : 5 * SECOND;
}

static void begin(fuzz *f, const pptp_conn_callbacks *callbacks)
{
	pptp_conn_options o;
	size_t size;
	f->config_memory = fuzz_alloc(pptp_config_size());
	FUZZ_CHECK(pptp_config_init(f->config_memory, pptp_config_size(), &f->options, &f->config) ==
	           PPTP_OK);
	FUZZ_CHECK(pptp_conn_options_init(&o, sizeof o) == PPTP_OK);
	o.role = f->mode & FUZZ_RECEIVER ? PPTP_RECEIVER : PPTP_ORIGINATOR;
	o.flags = f->mode & FUZZ_ASK ? PPTP_CONN_ASK : 0;
	o.seed = f->mode;
	o.user = f;
	o.callbacks = callbacks;
	if (f->mode & FUZZ_OWN_HEAP) {
		FUZZ_CHECK(pptp_conn_new(f->config, &o, f->now, &f->conn) == PPTP_OK);
		return;
	}
	size = pptp_conn_size(f->config);
	f->memory = fuzz_alloc(size);
	FUZZ_CHECK(pptp_conn_init(f->memory, size, f->config, &o, f->now, &f->conn) == PPTP_OK);
}

/* ---- operations: drivers ------------------------------------------------------------------------------ */

static void tick(fuzz *f)
{
	f->depth++;
	if (fuzz_still_there(f, pptp_conn_tick(f->conn, f->now)))
		FUZZ_CHECK(pptp_conn_deadline(f->conn) > f->now); /* progress */
}

static void wait_some(fuzz *f)
{
	f->now += fuzz_octet(&f->in) * (SECOND / 4);
	tick(f);
}

static void wait_deadline(fuzz *f)
{
	pptp_usec deadline = pptp_conn_deadline(f->conn);
	if (deadline != PPTP_NEVER && deadline > f->now)
		f->now = deadline;
	tick(f);
}

static void flush(fuzz *f)
{
	uint32_t want;
	f->depth++;
	if (!fuzz_still_there(f, pptp_conn_flush(f->conn, f->now)))
		return;
	want = pptp_conn_want(f->conn);
	FUZZ_CHECK(!(f->mode & FUZZ_PUSH_EVENT) || !(want & PPTP_WANT_POLL));
	FUZZ_CHECK(!(f->mode & FUZZ_PUSH_SEND) || f->budget == 0 || !(want & PPTP_WANT_SEND));
}

static void end_of_file(fuzz *f)
{
	f->depth++;
	(void)fuzz_still_there(f, pptp_conn_eof(f->conn, f->now));
}

/* Take of the next message, or the rest of one, as much as the input says. Returns whether there was one. */
static int pull(fuzz *f, size_t most)
{
	uint32_t want = pptp_conn_want(f->conn);
	size_t len = 0;
	const uint8_t *data;
	f->depth++;
	data = pptp_conn_tx_buf(f->conn, &len, f->now);
	if (!fuzz_still_there(f, f->freed ? PPTP_ERR_FREED : PPTP_OK))
		return 0;
	FUZZ_CHECK((data != NULL) == ((want & PPTP_WANT_SEND) != 0) && (data != NULL) == (len > 0));
	if (!data)
		return 0;
	fuzz_check_offer(f, data, len);
	if (most > len)
		most = len;
	FUZZ_CHECK(pptp_conn_tx_done(f->conn, len + 1, f->now) == PPTP_ERR_ARG);
	fuzz_check_sent(f, data, len, most);
	f->depth++;
	(void)fuzz_still_there(f, pptp_conn_tx_done(f->conn, most, f->now));
	return f->conn != NULL;
}

static void pull_some(fuzz *f)
{
	(void)pull(f, fuzz_octet(&f->in));
}

static void pull_all(fuzz *f)
{
	uint32_t guard = 0;
	while (f->conn && pull(f, PPTP_MSG_MAX_OCTETS))
		FUZZ_CHECK(++guard < 10000);
}

static int poll(fuzz *f)
{
	uint32_t want = pptp_conn_want(f->conn);
	pptp_event e;
	pptp_err err = pptp_conn_poll(f->conn, &e);
	FUZZ_CHECK(err == (want & PPTP_WANT_POLL ? PPTP_OK : PPTP_ERR_EMPTY));
	if (!err)
		fuzz_check_event(f, &e);
	return !err;
}

static void poll_one(fuzz *f)
{
	(void)poll(f);
}

static void poll_all(fuzz *f)
{
	while (poll(f))
		;
}

/* ---- operations: octets from the peer ------------------------------------------------------------------ */

/* recv takes octets where pptp_conn_want says so. What waits is pushed first: that may make room, and it may be the end, or
 * bring an event to be polled first. */
static int took_as_told(const fuzz *f, uint32_t want, pptp_ssize used)
{
	int took = used != 0 && used != PPTP_ERR_CLOSED;
	if (took == ((want & PPTP_CAN_RECV) != 0))
		return 1;
	return (f->mode & (FUZZ_PUSH_SEND | FUZZ_PUSH_EVENT)) &&
	       (took || !(pptp_conn_want(f->conn) & PPTP_CAN_RECV));
}

/* Feed what is kept, in pieces of so many octets, until it stops. */
static void feed(fuzz *f, size_t piece)
{
	while (f->kept_len > 0) {
		size_t n = piece == 0 || piece > f->kept_len ? f->kept_len : piece;
		uint32_t want = pptp_conn_want(f->conn);
		uint8_t *exact = fuzz_copy(f->kept, n);
		pptp_ssize used;
		f->depth++;
		used = pptp_conn_recv(f->conn, exact, n, f->now);
		free(exact);
		if (!fuzz_still_there(f, used))
			return;
		FUZZ_CHECK(used <= (pptp_ssize)n);
		FUZZ_CHECK(took_as_told(f, want, used));
		if (used < 0) {
			FUZZ_CHECK(used == PPTP_ERR_MALFORMED || used == PPTP_ERR_PROTOCOL ||
			           used == PPTP_ERR_CLOSED);
			used = (pptp_ssize)f->kept_len;
		}
		if (used == 0)
			return;
		f->kept_len -= (size_t)used;
		memmove(f->kept, f->kept + used, f->kept_len);
	}
}

static void keep(fuzz *f, const uint8_t *data, size_t len)
{
	if (len > sizeof f->kept - f->kept_len)
		return;
	memcpy(f->kept + f->kept_len, data, len);
	f->kept_len += len;
}

/* Octets as they stand in the input: their number and the size of pieces go before. */
static void feed_raw(fuzz *f)
{
	uint8_t data[255];
	size_t len = fuzz_octet(&f->in), piece = fuzz_octet(&f->in);
	len = fuzz_octets(&f->in, data, len);
	keep(f, data, len);
	feed(f, piece);
}

static uint16_t live_id(fuzz *f, uint32_t which, int of_peer)
{
	pptp_call call = PPTP_CALL_NONE;
	pptp_call_info info;
	do {
		call = pptp_call_next(f->conn, call);
		if (call == PPTP_CALL_NONE)
			return 0;
	} while (which-- > 0);
	FUZZ_CHECK(pptp_call_get_info(f->conn, call, &info, sizeof info) == PPTP_OK);
	return of_peer ? info.peer_call_id : info.local_call_id;
}

/* A message that is well formed: type, which ids to fill in, the size of pieces, and octets for its body. */
static void feed_message(fuzz *f)
{
	uint32_t type = fuzz_octet(&f->in) % PPTP_SLI + 1, ids = fuzz_octet(&f->in), given;
	size_t piece = fuzz_octet(&f->in);
	uint8_t data[PPTP_MSG_MAX_OCTETS];
	pptp_msg m;
	uint16_t id;
	FUZZ_CHECK(pptp_msg_init(&m, type) == PPTP_OK);
	FUZZ_CHECK(pptp_msg_encode(&m, data, sizeof data) == m.header.length);
	given = fuzz_octet(&f->in);
	if (given > m.header.length - PPTP_HEADER_OCTETS)
		given = m.header.length - PPTP_HEADER_OCTETS;
	(void)fuzz_octets(&f->in, data + PPTP_HEADER_OCTETS, given);
	id = live_id(f, ids >> 4, ids & 1);
	if (id && (ids & 6)) { /* Call ID, or Peer's Call ID */
		uint8_t *at = data + PPTP_HEADER_OCTETS + (ids & 2 ? 0 : 2);
		at[0] = (uint8_t)(id >> 8);
		at[1] = (uint8_t)id;
	}
	if (type <= PPTP_SCCRP && given == 0)
		memcpy(data + PPTP_HEADER_OCTETS, "\1\0\1", 3); /* our version, and success */
	keep(f, data, m.header.length);
	feed(f, piece);
}

static void feed_rest(fuzz *f)
{
	feed(f, 0);
}

/* ---- operations: the host ------------------------------------------------------------------------------ */

static void set_send(fuzz *f)
{
	f->budget = fuzz_octet(&f->in);
	if (f->budget == 255)
		f->budget = UINT32_MAX / 2;
	f->send_fails = f->budget == 254;
}

static void set_inside(fuzz *f)
{
	f->inside = fuzz_octet(&f->in) % 4;
}

static void operation(fuzz *f)
{
	static void (*const operations[])(fuzz *) = {
	        feed_raw, feed_message, feed_rest, wait_some,    wait_deadline, flush,    pull_some,
	        pull_all, poll_one,     poll_all,  fuzz_request, end_of_file,   set_send, set_inside,
	};
	operations[fuzz_octet(&f->in) % (sizeof operations / sizeof operations[0])](f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pptp_conn_callbacks callbacks;
	fuzz *f = fuzz_alloc(sizeof *f);
	memset(f, 0, sizeof *f);
	memset(&callbacks, 0, sizeof callbacks);
	f->in.at = data;
	f->in.left = size;
	f->now = 1000;
	f->budget = UINT32_MAX / 2;
	read_settings(f);
	callbacks.size = sizeof callbacks;
	callbacks.send = f->mode & FUZZ_PUSH_SEND ? on_send : NULL;
	callbacks.event = f->mode & FUZZ_PUSH_EVENT ? on_event : NULL;
	callbacks.trace = f->mode & FUZZ_OBSERVED ? on_trace : NULL;
	callbacks.amend = f->mode & FUZZ_OBSERVED ? on_amend : NULL;
	begin(f, &callbacks);
	while (f->in.left > 0 && f->conn) {
		operation(f);
		if (f->conn)
			fuzz_check_queries(f);
	}
	pptp_conn_free(f->conn);
	pptp_config_free(f->config);
	free(f->config_memory);
	free(f->memory);
	free(f);
	return 0;
}
