/* conn_put: the messages that a connection and its calls have to send, from their fields (RFC 2637 2). Each
 * function returns 0 when the transmit buffer has no room for its message. */
#include "conn_internal.h"

#include <string.h>

/* ---- messages of the connection ------------------------------------------------------------------------ */

static int put_sccrq(pptp_conn *conn)
{
	const pptp_config_options *o = conn->options;
	pptp_msg msg;
	pptp_msg_init(&msg, PPTP_SCCRQ);
	msg.sccrq.protocol_version = o->protocol_version;
	msg.sccrq.framing_capabilities = o->framing_capabilities;
	msg.sccrq.bearer_capabilities = o->bearer_capabilities;
	msg.sccrq.maximum_channels = o->maximum_channels;
	msg.sccrq.firmware_revision = o->firmware_revision;
	memcpy(msg.sccrq.host_name, o->host_name, sizeof o->host_name);
	memcpy(msg.sccrq.vendor_string, o->vendor_string, sizeof o->vendor_string);
	return pptp_tx_put(conn, &msg);
}

static int put_sccrp(pptp_conn *conn)
{
	const pptp_config_options *o = conn->options;
	pptp_msg msg;
	pptp_msg_init(&msg, PPTP_SCCRP);
	msg.sccrp.protocol_version = conn->version ? conn->version : o->protocol_version;
	msg.sccrp.result_code = conn->sccrp_result;
	msg.sccrp.error_code = conn->sccrp_error;
	msg.sccrp.framing_capabilities = o->framing_capabilities;
	msg.sccrp.bearer_capabilities = o->bearer_capabilities;
	msg.sccrp.maximum_channels = o->maximum_channels;
	msg.sccrp.firmware_revision = o->firmware_revision;
	memcpy(msg.sccrp.host_name, o->host_name, sizeof o->host_name);
	memcpy(msg.sccrp.vendor_string, o->vendor_string, sizeof o->vendor_string);
	return pptp_tx_put(conn, &msg);
}

static int put_echorp(pptp_conn *conn)
{
	pptp_msg msg;
	pptp_msg_init(&msg, PPTP_ECHORP);
	msg.echorp.identifier = conn->echo_reply_id;
	msg.echorp.result_code = conn->echo_result;
	msg.echorp.error_code = conn->echo_error;
	return pptp_tx_put(conn, &msg);
}

static int put_echorq(pptp_conn *conn)
{
	pptp_msg msg;
	pptp_msg_init(&msg, PPTP_ECHORQ);
	msg.echorq.identifier = conn->echo_id;
	return pptp_tx_put(conn, &msg);
}

static int put_stopccrp(pptp_conn *conn)
{
	pptp_msg msg;
	pptp_msg_init(&msg, PPTP_STOPCCRP);
	msg.stopccrp.result_code = PPTP_STOPCCRP_OK;
	return pptp_tx_put(conn, &msg);
}

static int put_stopccrq(pptp_conn *conn)
{
	pptp_msg msg;
	pptp_msg_init(&msg, PPTP_STOPCCRQ);
	msg.stopccrq.reason = conn->stop_reason;
	return pptp_tx_put(conn, &msg);
}

int pptp_put_refusal(pptp_conn *conn, const refusal *refused)
{
	pptp_msg msg;
	pptp_msg_init(&msg, refused->type);
	if (refused->type == PPTP_OCRP) {
		msg.ocrp.peer_call_id = refused->peer_call_id;
		msg.ocrp.result_code = refused->result_code;
		msg.ocrp.error_code = refused->error_code;
	} else {
		msg.icrp.peer_call_id = refused->peer_call_id;
		msg.icrp.result_code = refused->result_code;
		msg.icrp.error_code = refused->error_code;
	}
	return pptp_tx_put(conn, &msg);
}

/* ---- messages of a call -------------------------------------------------------------------------------- */

static int put_ocrp(pptp_conn *conn, const call *c)
{
	pptp_msg msg;
	pptp_msg_init(&msg, PPTP_OCRP);
	msg.ocrp.call_id = c->local_call_id;
	msg.ocrp.peer_call_id = c->peer_call_id;
	msg.ocrp.result_code = PPTP_OCRP_CONNECTED;
	msg.ocrp.cause_code = c->answer_cause;
	msg.ocrp.connect_speed = c->connect_speed;
	msg.ocrp.packet_recv_window_size = c->recv_window;
	msg.ocrp.packet_processing_delay = c->delay;
	msg.ocrp.physical_channel_id = c->physical_channel_id;
	return pptp_tx_put(conn, &msg);
}

static int put_icrp(pptp_conn *conn, const call *c)
{
	pptp_msg msg;
	pptp_msg_init(&msg, PPTP_ICRP);
	msg.icrp.call_id = c->local_call_id;
	msg.icrp.peer_call_id = c->peer_call_id;
	msg.icrp.result_code = PPTP_ICRP_CONNECT;
	msg.icrp.packet_recv_window_size = c->recv_window;
	msg.icrp.packet_transmit_delay = c->delay;
	return pptp_tx_put(conn, &msg);
}

static int put_reply(pptp_conn *conn, const call *c)
{
	return is_incoming(c->machine) ? put_icrp(conn, c) : put_ocrp(conn, c);
}

static int put_refuse(pptp_conn *conn, const call *c)
{
	pptp_msg msg;
	if (is_incoming(c->machine)) {
		pptp_msg_init(&msg, PPTP_ICRP);
		msg.icrp.peer_call_id = c->peer_call_id;
		msg.icrp.result_code = c->result_code;
		msg.icrp.error_code = c->error_code;
	} else {
		pptp_msg_init(&msg, PPTP_OCRP);
		msg.ocrp.peer_call_id = c->peer_call_id;
		msg.ocrp.result_code = c->result_code;
		msg.ocrp.error_code = c->error_code;
		msg.ocrp.cause_code = c->cause_code;
	}
	return pptp_tx_put(conn, &msg);
}

static int put_iccn(pptp_conn *conn, const call *c)
{
	pptp_msg msg;
	pptp_msg_init(&msg, PPTP_ICCN);
	msg.iccn.peer_call_id = c->peer_call_id;
	msg.iccn.connect_speed = c->connect_speed;
	msg.iccn.packet_recv_window_size = c->recv_window;
	msg.iccn.packet_transmit_delay = c->delay;
	msg.iccn.framing_type = c->framing_type;
	return pptp_tx_put(conn, &msg);
}

static int put_sli(pptp_conn *conn, const call *c)
{
	pptp_msg msg;
	pptp_msg_init(&msg, PPTP_SLI);
	msg.sli.peer_call_id = c->peer_call_id;
	msg.sli.send_accm = c->send_accm;
	msg.sli.receive_accm = c->recv_accm;
	return pptp_tx_put(conn, &msg);
}

static int put_wen(pptp_conn *conn, const call *c)
{
	const uint32_t *errors = pptp_call_line(conn, c)->wan_errors;
	pptp_msg msg;
	pptp_msg_init(&msg, PPTP_WEN);
	msg.wen.peer_call_id = c->peer_call_id;
	msg.wen.crc_errors = errors[0];
	msg.wen.framing_errors = errors[1];
	msg.wen.hardware_overruns = errors[2];
	msg.wen.buffer_overruns = errors[3];
	msg.wen.timeout_errors = errors[4];
	msg.wen.alignment_errors = errors[5];
	return pptp_tx_put(conn, &msg);
}

static int put_ccrq(pptp_conn *conn, const call *c)
{
	pptp_msg msg;
	pptp_msg_init(&msg, PPTP_CCRQ);
	msg.ccrq.call_id = c->local_call_id;
	return pptp_tx_put(conn, &msg);
}

static int put_cdn(pptp_conn *conn, const call *c)
{
	const line *of_call = pptp_call_line(conn, c);
	pptp_msg msg;
	pptp_msg_init(&msg, PPTP_CDN);
	msg.cdn.call_id = c->local_call_id;
	msg.cdn.result_code = c->result_code;
	msg.cdn.error_code = c->error_code;
	msg.cdn.cause_code = c->cause_code;
	if (of_call && is_pac(c->machine))
		memcpy(msg.cdn.call_statistics, of_call->statistics, sizeof of_call->statistics);
	return pptp_tx_put(conn, &msg);
}

/* ---- by bit ------------------------------------------------------------------------------------------- */

int pptp_put_of_conn(pptp_conn *conn, uint8_t bit)
{
	switch (bit) {
	case TX_SCCRQ:
		return put_sccrq(conn);
	case TX_SCCRP:
		return put_sccrp(conn);
	case TX_ECHORP:
		return put_echorp(conn);
	case TX_ECHORQ:
		return put_echorq(conn);
	case TX_STOPCCRP:
		return put_stopccrp(conn);
	default:
		return put_stopccrq(conn);
	}
}

int pptp_put_of_call(pptp_conn *conn, const call *c, uint8_t bit)
{
	switch (bit) {
	case CALL_TX_REPLY:
		return put_reply(conn, c);
	case CALL_TX_REFUSE:
		return put_refuse(conn, c);
	case CALL_TX_ICCN:
		return put_iccn(conn, c);
	case CALL_TX_SLI:
		return put_sli(conn, c);
	case CALL_TX_WEN:
		return put_wen(conn, c);
	case CALL_TX_CCRQ:
		return put_ccrq(conn, c);
	default:
		return put_cdn(conn, c);
	}
}
