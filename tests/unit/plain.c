#include "plain.h"

void plain_open(plain *p, uint32_t role, const pptp_config_options *o)
{
	pptp_conn_options options;
	memset(p, 0, sizeof(*p));
	CHECK_EQ(pptp_config_new(o, &p->config), PPTP_OK);
	CHECK_EQ(pptp_conn_options_init(&options, sizeof(options)), PPTP_OK);
	options.role = role;
	options.seed = 42;
	p->mem = check_alloc(pptp_conn_size(p->config));
	CHECK_EQ(pptp_conn_init(p->mem, pptp_conn_size(p->config), p->config, &options, 0, &p->conn),
	         PPTP_OK);
}

void plain_drop(plain *p)
{
	pptp_conn_free(p->conn);
	pptp_config_free(p->config);
	free(p->mem);
}

pptp_ssize plain_feed(plain *p, const pptp_msg *msg)
{
	uint8_t data[PPTP_MSG_MAX_OCTETS];
	pptp_ssize len = pptp_msg_encode(msg, data, sizeof(data));
	CHECK(len > 0);
	return pptp_conn_recv(p->conn, data, (size_t)len, p->now);
}

uint32_t plain_take(plain *p, pptp_msg *ret)
{
	size_t len = 0;
	const uint8_t *data = pptp_conn_tx_buf(p->conn, &len, p->now);
	if (!data)
		return 0;
	CHECK_EQ(pptp_msg_decode(data, len, 0, ret, NULL), len);
	CHECK_EQ(pptp_conn_tx_done(p->conn, len, p->now), PPTP_OK);
	return ret->header.control_message_type;
}

pptp_event plain_event(plain *p, uint32_t type)
{
	pptp_event e;
	CHECK_EQ(pptp_conn_poll(p->conn, &e), PPTP_OK);
	CHECK_EQ(e.type, type);
	return e;
}

void plain_up(plain *p, uint32_t role, const pptp_config_options *o)
{
	pptp_msg m = link_msg(role == PPTP_ORIGINATOR ? PPTP_SCCRP : PPTP_SCCRQ);
	plain_open(p, role, o);
	if (role == PPTP_ORIGINATOR)
		CHECK_EQ(plain_take(p, &m), PPTP_SCCRQ);
	m = link_msg(role == PPTP_ORIGINATOR ? PPTP_SCCRP : PPTP_SCCRQ);
	CHECK_EQ(plain_feed(p, &m), 156);
	if (role == PPTP_RECEIVER)
		CHECK_EQ(plain_take(p, &m), PPTP_SCCRP);
	plain_event(p, PPTP_EV_UP);
	CHECK_EQ(plain_take(p, &m), 0);
}

uint32_t plain_live(const plain *p)
{
	pptp_conn_info info;
	CHECK_EQ(pptp_conn_get_info(p->conn, &info, sizeof(info)), PPTP_OK);
	return info.calls;
}
