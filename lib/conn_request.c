/* conn_request: what hosts ask of a connection. Requests queue; drivers do the rest. */
#include "conn_internal.h"

pptp_err pptp_may_request(const pptp_conn *conn)
{
	if (!conn)
		return PPTP_ERR_ARG;
	if (conn->freed)
		return PPTP_ERR_FREED;
	return conn->in_trace ? PPTP_ERR_REENTRANT : PPTP_OK;
}

int pptp_is_ending(const pptp_conn *conn)
{
	return conn->state >= PPTP_CONN_WAIT_STOP_REPLY;
}

pptp_err pptp_conn_close(pptp_conn *conn, uint8_t reason, pptp_usec now)
{
	pptp_err err = pptp_may_request(conn);
	if (err)
		return err;
	if (reason < PPTP_STOP_NONE || reason > PPTP_STOP_LOCAL_SHUTDOWN)
		return PPTP_ERR_ARG;
	if (pptp_is_ending(conn))
		return PPTP_ERR_CLOSED;
	conn->stop_reason = reason;
	pptp_control_input(conn, IN_CLOSE, NULL, now);
	return PPTP_OK;
}

pptp_err pptp_conn_abort(pptp_conn *conn, pptp_err why, pptp_usec now)
{
	pptp_err err = pptp_may_request(conn);
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

/* ---- the answer to PPTP_EV_START_OFFERED --------------------------------------------------------------- */

static pptp_err may_answer(const pptp_conn *conn)
{
	pptp_err err = pptp_may_request(conn);
	if (err)
		return err;
	if (pptp_is_ending(conn))
		return PPTP_ERR_CLOSED;
	return conn->state == PPTP_CONN_START_OFFERED ? PPTP_OK : PPTP_ERR_STATE;
}

pptp_err pptp_conn_accept(pptp_conn *conn, pptp_usec now)
{
	pptp_err err = may_answer(conn);
	if (!err)
		pptp_control_input(conn, conn->sccrp_result == PPTP_SCCRP_OK ? IN_ACCEPT : IN_ACCEPT_UNFIT,
		                   NULL, now);
	return err;
}

pptp_err pptp_conn_refuse(pptp_conn *conn, uint8_t result_code, uint8_t error_code, pptp_usec now)
{
	pptp_err err = may_answer(conn);
	if (err)
		return err;
	if (result_code < PPTP_SCCRP_GENERAL_ERROR || result_code > PPTP_SCCRP_BAD_VERSION ||
	    (error_code && result_code != PPTP_SCCRP_GENERAL_ERROR))
		return PPTP_ERR_ARG;
	conn->sccrp_result = result_code;
	conn->sccrp_error = error_code;
	pptp_control_input(conn, IN_REFUSE, NULL, now);
	return PPTP_OK;
}
