/* pptp_lwip_control: the control connection over lwIP's raw TCP. libpptp pushes: it sends and reports from within
 * whatever it is given. */
#include "pptp_lwip_internal.h"
#if PPP_SUPPORT && LWIP_RAW && LWIP_TCP

#include "lwip/tcp.h"

#ifndef LWIP_RAND
#error "arch/cc.h must have LWIP_RAND(): whoever guesses the Call ID can send into the tunnel"
#endif

#define POLL_HALF_SECONDS 1

/* One for all tunnels: it never changes. */
static const pptp_config *settings(void)
{
	static PPTP_STORAGE(storage, PPTP_STORAGE_CONFIG);
	static const pptp_config *config;
	pptp_config_options options;

	if (config)
		return config;
	(void)pptp_config_options_init(&options, sizeof options);
	options.tx_octets = PPTP_LWIP_TX_OCTETS;
	options.take_calls = 0;
	options.start_timeout_us = options.dial_timeout_us = (uint64_t)PPTP_LWIP_DIAL_SECONDS * US_PER_S;
	options.idle_timeout_us = options.echo_timeout_us = (uint64_t)PPTP_LWIP_ECHO_SECONDS * US_PER_S;
	options.stop_timeout_us = options.clear_timeout_us = (uint64_t)PPTP_LWIP_STOP_SECONDS * US_PER_S;
	(void)pptp_config_init(storage, sizeof storage, &options, &config);
	return config;
}

/* ---- what libpptp asks for --------------------------------------------------------------------------- */

/* A message is one segment, as NAT helpers want it: it is not queued behind another, which TCP might put it with. */
static pptp_ssize send_message(void *user, const uint8_t *data, size_t len)
{
	struct pptp_lwip *self = user;
	err_t error;

	if (!self->tcp)
		return PPTP_ERR_SEND;
	if (self->tcp->unsent || tcp_sndbuf(self->tcp) < len)
		return PPTP_ERR_AGAIN;
	error = tcp_write(self->tcp, data, (u16_t)len, TCP_WRITE_FLAG_COPY);
	if (error == ERR_MEM)
		return PPTP_ERR_AGAIN;
	if (error != ERR_OK)
		return PPTP_ERR_SEND;
	(void)tcp_output(self->tcp); /* lwIP's timers try again */
	return (pptp_ssize)len;
}

static void dial(struct pptp_lwip *self, pptp_conn *conn)
{
	pptp_usec now = tunnel_now(self);
	pptp_dial request;
	pptp_err error;

	(void)pptp_dial_init(&request, sizeof request);
	error = pptp_call_dial(conn, &request, now, &self->call);
	if (error == PPTP_ERR_AGAIN)
		return; /* PPTP_EV_WRITABLE comes */
	if (error == PPTP_OK)
		error = data_prepare(self);
	if (error == PPTP_OK)
		return;
	self->end.reason = error;
	(void)pptp_conn_abort(conn, PPTP_ERR_LOCAL, now);
}

/* The first cause is the one that counts; that we ended it is none. */
static void note_end(struct pptp_lwip *self, const pptp_event *event)
{
	if (self->end.reason != PPTP_OK || event->reason == PPTP_ERR_LOCAL)
		return;
	self->end.reason = event->reason;
	self->end.timer = event->timer;
	self->end.result_type = event->result_type;
	self->end.result_code = event->result_code;
	self->end.error_code = event->error_code;
}

static void on_event(void *user, pptp_conn *conn, const pptp_event *event)
{
	struct pptp_lwip *self = user;

	switch (event->type) {
	case PPTP_EV_UP:
		self->in_touch = 1;
		dial(self, conn);
		break;
	case PPTP_EV_WRITABLE:
		if (self->call == PPTP_CALL_NONE)
			dial(self, conn);
		break;
	case PPTP_EV_CALL_UP:
		data_start(self, event);
		tunnel_up(self);
		break;
	case PPTP_EV_CALL_DOWN:
		note_end(self, event);
		data_stop(self);
		(void)pptp_conn_close(conn, PPTP_STOP_NONE, tunnel_now(self));
		break;
	case PPTP_EV_DOWN:
		note_end(self, event);
		self->in_touch = self->in_touch && event->timer == PPTP_TIMER_NONE;
		tunnel_over(self);
		break;
	default:
		break;
	}
}

static const pptp_conn_callbacks callbacks = {
        .size = sizeof callbacks,
        .send = send_message,
        .event = on_event,
};

/* ---- what lwIP tells ---------------------------------------------------------------------------------- */

/* What is not consumed stays, and TCP's window closed for it. */
static void feed(struct pptp_lwip *self)
{
	while (self->rx && !self->over) {
		pptp_ssize n = pptp_conn_recv(self->conn, self->rx->payload, self->rx->len, tunnel_now(self));

		if (n <= 0)
			break;
		self->rx = pbuf_free_header(self->rx, (u16_t)n);
		if (self->tcp)
			tcp_recved(self->tcp, (u16_t)n);
	}
}

static void go_on(struct pptp_lwip *self)
{
	(void)pptp_conn_flush(self->conn, tunnel_now(self));
	feed(self);
	tunnel_arm(self);
}

static err_t on_received(void *arg, struct tcp_pcb *tcp, struct pbuf *p, err_t error)
{
	struct pptp_lwip *self = arg;

	LWIP_UNUSED_ARG(tcp);
	LWIP_UNUSED_ARG(error);
	if (!p)
		(void)pptp_conn_eof(self->conn, tunnel_now(self));
	else if (!self->rx)
		self->rx = p;
	else
		pbuf_cat(self->rx, p);
	go_on(self);
	return ERR_OK;
}

static err_t on_sent(void *arg, struct tcp_pcb *tcp, u16_t len)
{
	LWIP_UNUSED_ARG(tcp);
	LWIP_UNUSED_ARG(len);
	go_on(arg);
	return ERR_OK;
}

/* Where nothing is under way, and there was no memory, no acknowledgment will call on_sent. */
static err_t on_poll(void *arg, struct tcp_pcb *tcp)
{
	struct pptp_lwip *self = arg;

	LWIP_UNUSED_ARG(tcp);
	if (self->conn)
		go_on(self);
	return ERR_OK;
}

/* The PCB is gone already. */
static void on_error(void *arg, err_t error)
{
	struct pptp_lwip *self = arg;

	self->tcp = NULL;
	self->end.lwip = error;
	if (self->conn) {
		(void)pptp_conn_eof(self->conn, tunnel_now(self));
		tunnel_arm(self);
	} else {
		tunnel_over(self);
	}
}

static err_t on_connected(void *arg, struct tcp_pcb *tcp, err_t error)
{
	struct pptp_lwip *self = arg;
	pptp_conn_options options;

	LWIP_UNUSED_ARG(error);
	(void)pptp_conn_options_init(&options, sizeof options);
	options.role = PPTP_ORIGINATOR;
	options.seed = (uint64_t)LWIP_RAND() << 32 | (uint32_t)LWIP_RAND();
	options.callbacks = &callbacks;
	options.user = self;
	self->end.reason = pptp_conn_init(self->conn_storage, sizeof self->conn_storage, settings(), &options,
	                                  tunnel_now(self), &self->conn);
	if (self->end.reason != PPTP_OK) {
		tunnel_over(self);
		return ERR_OK;
	}
	tcp_recv(tcp, on_received);
	tcp_sent(tcp, on_sent);
	go_on(self);
	return ERR_OK;
}

/* ---- life ------------------------------------------------------------------------------------------- */

err_t control_open(struct pptp_lwip *self, const struct netif *netif)
{
	self->call = PPTP_CALL_NONE;
	self->in_touch = 0;
	self->tcp = tcp_new_ip_type(IP_GET_TYPE(&self->server));
	if (!self->tcp)
		return ERR_MEM;
	tcp_arg(self->tcp, self);
	tcp_err(self->tcp, on_error);
	tcp_poll(self->tcp, on_poll, POLL_HALF_SECONDS);
	tcp_nagle_disable(self->tcp);
	tcp_bind_netif(self->tcp, netif);
	return tcp_connect(self->tcp, &self->server, PPTP_TCP_PORT, on_connected);
}

void control_close(struct pptp_lwip *self)
{
	if (!self->conn || pptp_conn_close(self->conn, PPTP_STOP_NONE, tunnel_now(self)) != PPTP_OK)
		tunnel_over(self);
}

void control_tick(struct pptp_lwip *self)
{
	if (!self->conn)
		return;
	(void)pptp_conn_tick(self->conn, tunnel_now(self));
	feed(self);
}

/* A server that is not in touch is not asked for its part in TCP's end either: lwIP would wait for it, with a PCB. */
void control_free(struct pptp_lwip *self)
{
	if (self->tcp) {
		tcp_arg(self->tcp, NULL);
		tcp_err(self->tcp, NULL);
		tcp_recv(self->tcp, NULL);
		tcp_sent(self->tcp, NULL);
		tcp_poll(self->tcp, NULL, 0);
		if (!self->in_touch || tcp_close(self->tcp) != ERR_OK)
			tcp_abort(self->tcp);
	}
	if (self->rx)
		pbuf_free(self->rx);
	pptp_conn_free(self->conn);
	self->tcp = NULL;
	self->rx = NULL;
	self->conn = NULL;
}

#endif
