/* conn_query: what hosts ask about a connection and its calls; nothing here changes anything. */
#include "conn_internal.h"
#include "object.h"

static uint32_t state_of(const pptp_conn *conn, const call *c)
{
	return conn->ending_calls ? PPTP_CALL_ENDED : c->state;
}

void *pptp_conn_user(const pptp_conn *conn)
{
	return conn && !conn->freed ? conn->user : NULL;
}

uint32_t pptp_conn_count(const pptp_conn *conn, uint32_t which)
{
	return conn && !conn->freed && which < PPTP_CONN_COUNTS ? conn->counts[which] : 0;
}

pptp_err pptp_conn_get_info(const pptp_conn *conn, pptp_conn_info *ret, uint32_t size)
{
	pptp_conn_info info;
	if (!conn)
		return PPTP_ERR_ARG;
	if (conn->freed)
		return PPTP_ERR_FREED;
	memset(&info, 0, sizeof info);
	info.state = conn->state;
	info.role = conn->role;
	info.calls = conn->ending_calls ? 0 : conn->live;
	info.reason = conn->end.reason;
	info.tx_octets = pptp_tx_octets(conn);
	info.protocol_version = conn->version;
	info.peer_firmware_revision = conn->peer_firmware;
	info.peer_framing_capabilities = conn->peer_framing;
	info.peer_bearer_capabilities = conn->peer_bearer;
	info.peer_maximum_channels = conn->peer_channels;
	info.offered_calls = conn->ending_calls ? 0 : (uint16_t)conn->offered;
	info.echo_rtt_us = conn->echo_rtt;
	return pptp_give_sized(ret, size, &info, sizeof info);
}

/* A live call is one whose DOWN does not wait. */
pptp_call pptp_call_next(const pptp_conn *conn, pptp_call after)
{
	uint32_t slot;
	if (!conn || conn->freed || conn->ending_calls)
		return PPTP_CALL_NONE;
	for (slot = after & 0xFFFFu; slot < conn->options->max_calls; slot++) {
		const call *c = &conn->calls[slot];
		if (c->state != CALL_IDLE && c->state != PPTP_CALL_ENDED)
			return pptp_call_handle(conn, c);
	}
	return PPTP_CALL_NONE;
}

static pptp_err find(const pptp_conn *conn, pptp_call handle, const call **ret)
{
	if (!conn)
		return PPTP_ERR_ARG;
	if (conn->freed)
		return PPTP_ERR_FREED;
	*ret = pptp_call_of(conn, handle);
	return *ret ? PPTP_OK : PPTP_ERR_STALE;
}

pptp_err pptp_call_get_info(const pptp_conn *conn, pptp_call handle, pptp_call_info *ret, uint32_t size)
{
	pptp_call_info info;
	const call *c;
	pptp_err err = find(conn, handle, &c);
	if (err)
		return err;
	memset(&info, 0, sizeof info);
	info.state = state_of(conn, c);
	info.role = is_pac(c->machine) ? PPTP_PAC : PPTP_PNS;
	info.direction = is_incoming(c->machine) ? PPTP_INCOMING : PPTP_OUTGOING;
	info.reason = c->reason || !conn->ending_calls ? c->reason : conn->end.reason;
	info.local_call_id = c->local_call_id;
	info.peer_call_id = c->peer_call_id;
	info.call_serial_number = c->serial;
	info.recv_window = c->recv_window;
	info.peer_recv_window = c->peer_recv_window;
	info.peer_delay = c->peer_delay;
	info.connect_speed = c->connect_speed;
	info.minimum_bps = c->minimum_bps;
	info.maximum_bps = c->maximum_bps;
	info.bearer_type = c->bearer_type;
	info.framing_type = c->framing_type;
	info.physical_channel_id = c->physical_channel_id;
	info.send_accm = c->send_accm;
	info.recv_accm = c->recv_accm;
	info.user = c->user;
	return pptp_give_sized(ret, size, &info, sizeof info);
}

/* A host compiled with a shorter struct than ours has these members all the same. */
#define CHANNEL_OCTETS (offsetof(pptp_gre_options, peer_delay) + sizeof(uint16_t))

pptp_err pptp_call_channel(const pptp_conn *conn, pptp_call handle, pptp_gre_options *io)
{
	const call *c;
	pptp_err err = find(conn, handle, &c);
	if (err)
		return err;
	if (!io)
		return PPTP_ERR_ARG;
	if (io->size < CHANNEL_OCTETS)
		return PPTP_ERR_SIZE;
	io->local_call_id = c->local_call_id;
	io->recv_window = c->recv_window;
	io->peer_call_id = c->peer_call_id;
	io->peer_recv_window = c->peer_recv_window;
	io->peer_delay = c->peer_delay;
	return PPTP_OK;
}
