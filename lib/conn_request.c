/* conn_request: what hosts ask of a connection and its calls. Requests only queue; drivers do the rest. */
#include "conn_internal.h"
#include "object.h"

static pptp_err may_request(const pptp_conn *conn)
{
	if (!conn)
		return PPTP_ERR_ARG;
	if (conn->freed)
		return PPTP_ERR_FREED;
	return conn->in_trace ? PPTP_ERR_REENTRANT : PPTP_OK;
}

static int is_ending(const pptp_conn *conn)
{
	return conn->state >= PPTP_CONN_WAIT_STOP_REPLY;
}

pptp_err pptp_conn_close(pptp_conn *conn, uint8_t reason, pptp_usec now)
{
	pptp_err err = may_request(conn);
	if (err)
		return err;
	if (reason < PPTP_STOP_NONE || reason > PPTP_STOP_LOCAL_SHUTDOWN)
		return PPTP_ERR_ARG;
	if (is_ending(conn))
		return PPTP_ERR_CLOSED;
	conn->stop_reason = reason;
	pptp_control_input(conn, IN_CLOSE, NULL, now);
	return PPTP_OK;
}

pptp_err pptp_conn_abort(pptp_conn *conn, pptp_err why, pptp_usec now)
{
	pptp_err err = may_request(conn);
	(void)now;
	if (err)
		return err;
	if (why > PPTP_ERR_MALFORMED || why < PPTP_ERR_SEND)
		return PPTP_ERR_ARG;
	if (conn->state == PPTP_CONN_CLOSED)
		return PPTP_ERR_CLOSED;
	pptp_control_end(conn, why);
	return PPTP_OK;
}

/* ---- dial -------------------------------------------------------------------------------------------------
 */

static void dial_message(const pptp_dial *dial, const call *c, pptp_msg *ret)
{
	pptp_ocrq *request = &ret->ocrq;
	pptp_msg_init(ret, PPTP_OCRQ);
	request->call_id = c->local_call_id;
	request->call_serial_number = c->serial;
	request->minimum_bps = dial->minimum_bps;
	request->maximum_bps = dial->maximum_bps;
	request->bearer_type = dial->bearer_type;
	request->framing_type = dial->framing_type;
	request->packet_recv_window_size = dial->packet_recv_window_size;
	request->packet_processing_delay = dial->packet_processing_delay;
	request->phone_number_length = dial->phone_number_length;
	memcpy(request->phone_number, dial->phone_number, sizeof request->phone_number);
	memcpy(request->subaddress, dial->subaddress, sizeof request->subaddress);
}

static void remember_dial(pptp_conn *conn, call *c, const pptp_dial *dial)
{
	c->serial = dial->call_serial_number ? dial->call_serial_number : conn->next_serial++;
	c->minimum_bps = dial->minimum_bps;
	c->maximum_bps = dial->maximum_bps;
	c->bearer_type = dial->bearer_type;
	c->framing_type = dial->framing_type;
	c->recv_window = dial->packet_recv_window_size;
	c->delay = dial->packet_processing_delay;
	c->user = dial->user;
}

static int id_is_taken(const pptp_conn *conn, uint16_t call_id)
{
	const call *holder = call_id ? pptp_call_by_local(conn, call_id) : NULL;
	return holder && holder->state != PPTP_CALL_OFFERED;
}

static pptp_err may_dial(pptp_conn *conn, const pptp_dial *dial)
{
	if (is_ending(conn))
		return PPTP_ERR_CLOSED;
	if (conn->state != PPTP_CONN_ESTABLISHED)
		return PPTP_ERR_STATE;
	if (dial->phone_number_length > sizeof dial->phone_number || id_is_taken(conn, dial->local_call_id))
		return PPTP_ERR_ARG;
	return conn->free_calls.first == NO_CALL ? PPTP_ERR_LIMIT : PPTP_OK;
}

/* The request goes into the buffer at once, so that the call need not keep its numbers. */
static pptp_err place(pptp_conn *conn, const pptp_dial *dial, pptp_usec now, pptp_call *ret)
{
	pptp_msg msg;
	call *c;
	pptp_tx_fill(conn);
	if (conn->freed)
		return PPTP_ERR_FREED;
	if (pptp_tx_waiting(conn) || !pptp_tx_has_room(conn, pptp_msg_size(PPTP_OCRQ))) {
		conn->want_room = 1;
		return PPTP_ERR_AGAIN;
	}
	c = pptp_call_claim(conn, MACHINE_PNS_OUTGOING);
	if (!c) /* the fill can only have freed slots, so this cannot be */
		return PPTP_ERR_LIMIT;
	if (dial->local_call_id)
		(void)pptp_call_set_local(conn, c, dial->local_call_id);
	remember_dial(conn, c, dial);
	dial_message(dial, c, &msg);
	(void)pptp_call_input(conn, c, CALL_IN_DIAL, NULL, now);
	*ret = pptp_call_handle(conn, c);
	(void)pptp_tx_put(conn, &msg);
	return conn->freed ? PPTP_ERR_FREED : PPTP_OK;
}

pptp_err pptp_call_dial(pptp_conn *conn, const pptp_dial *dial, pptp_usec now, pptp_call *ret)
{
	pptp_err err = may_request(conn);
	pptp_dial d;
	pptp_call handle = PPTP_CALL_NONE;
	if (err)
		return err;
	if (!ret)
		return PPTP_ERR_ARG;
	pptp_dial_init(&d, sizeof d);
	err = pptp_copy_sized(&d, sizeof d, dial);
	if (!err)
		err = may_dial(conn, &d);
	if (err)
		return err;
	conn->busy++; /* the trace callback may free */
	err = place(conn, &d, now, &handle);
	conn->busy--;
	if (!err)
		*ret = handle;
	if (conn->freed && conn->busy == 0 && conn->release)
		conn->release(conn);
	return err;
}

/* ---- requests of a call
 * ------------------------------------------------------------------------------------- */

/* The call of a handle that can still be asked for something. */
static pptp_err find(pptp_conn *conn, pptp_call handle, call **ret)
{
	pptp_err err = may_request(conn);
	if (err)
		return err;
	*ret = pptp_call_of(conn, handle);
	return *ret ? PPTP_OK : PPTP_ERR_STALE;
}

static int is_over(const pptp_conn *conn, const call *c)
{
	return conn->ending_calls || c->state == PPTP_CALL_ENDED;
}

static pptp_err find_offered(pptp_conn *conn, pptp_call handle, call **ret)
{
	pptp_err err = find(conn, handle, ret);
	if (err)
		return err;
	if (is_over(conn, *ret))
		return PPTP_ERR_STALE;
	return (*ret)->state == PPTP_CALL_OFFERED ? PPTP_OK : PPTP_ERR_STATE;
}

pptp_err pptp_call_accept(pptp_conn *conn, pptp_call handle, const pptp_answer *answer, pptp_usec now)
{
	pptp_answer a;
	call *c;
	pptp_err err = find_offered(conn, handle, &c);
	if (err)
		return err;
	pptp_answer_init(&a, sizeof a);
	err = pptp_copy_sized(&a, sizeof a, answer);
	if (!err && a.local_call_id)
		err = pptp_call_set_local(conn, c, a.local_call_id);
	if (err)
		return err;
	c->answer_cause = a.cause_code;
	c->connect_speed = a.connect_speed ? a.connect_speed : c->maximum_bps;
	c->physical_channel_id = a.physical_channel_id;
	c->recv_window = a.packet_recv_window_size;
	c->delay = a.packet_processing_delay;
	c->user = a.user;
	return pptp_call_input(conn, c, CALL_IN_ACCEPT, NULL, now);
}

static void set_codes(call *c, uint8_t result_code, uint8_t error_code, uint16_t cause_code)
{
	c->result_code = result_code;
	c->error_code = error_code;
	c->cause_code = cause_code;
}

pptp_err pptp_call_reject(pptp_conn *conn, pptp_call handle, uint8_t result_code, uint8_t error_code,
                          uint16_t cause_code, pptp_usec now)
{
	call *c;
	pptp_err err = find_offered(conn, handle, &c);
	if (err)
		return err;
	if (result_code < PPTP_OCRP_GENERAL_ERROR || result_code > PPTP_OCRP_DO_NOT_ACCEPT ||
	    (error_code && result_code != PPTP_OCRP_GENERAL_ERROR))
		return PPTP_ERR_ARG;
	set_codes(c, result_code, error_code, cause_code);
	return pptp_call_input(conn, c, CALL_IN_REJECT, NULL, now);
}

pptp_err pptp_call_clear(pptp_conn *conn, pptp_call handle, uint8_t result_code, uint8_t error_code,
                         uint16_t cause_code, pptp_usec now)
{
	call *c;
	pptp_err err = find(conn, handle, &c);
	if (err)
		return err;
	if (error_code && result_code != PPTP_CDN_GENERAL_ERROR)
		return PPTP_ERR_ARG;
	if (is_over(conn, c))
		return PPTP_OK;
	if (c->state == PPTP_CALL_OFFERED)
		set_codes(c, PPTP_OCRP_DO_NOT_ACCEPT, PPTP_ERROR_NONE, cause_code);
	else if (c->machine == MACHINE_PAC_OUTGOING)
		set_codes(c, result_code, error_code, cause_code);
	return pptp_call_input(conn, c, CALL_IN_CLEAR, NULL, now);
}

pptp_err pptp_call_set_user(pptp_conn *conn, pptp_call handle, void *user)
{
	call *c;
	pptp_err err = find(conn, handle, &c);
	if (!err)
		c->user = user;
	return err;
}
