/* lwip_echo: TCP's echo service on lwIP, port 7, so that what TCP sends again can be looked at. It begins with the TAP
 * device: linked with --wrap=port_tap_open. */
#include "lwip/tcp.h"
#include "port.h"

#define ECHO_PORT 7

int __real_port_tap_open(struct netif *netif, const char *device, const ip_addr_t *address);
int __wrap_port_tap_open(struct netif *netif, const char *device, const ip_addr_t *address);

static struct pbuf *waiting; /* of the one connection at a time */

/* As much as TCP takes. */
static void echo(struct tcp_pcb *tcp)
{
	while (waiting) {
		u16_t len = waiting->len;

		if (len > tcp_sndbuf(tcp) ||
		    tcp_write(tcp, waiting->payload, len, TCP_WRITE_FLAG_COPY) != ERR_OK)
			break;
		waiting = pbuf_free_header(waiting, len);
		tcp_recved(tcp, len);
	}
	(void)tcp_output(tcp);
}

static err_t on_received(void *arg, struct tcp_pcb *tcp, struct pbuf *p, err_t error)
{
	(void)arg;
	(void)error;
	if (!p)
		return tcp_close(tcp);
	if (waiting)
		pbuf_cat(waiting, p);
	else
		waiting = p;
	echo(tcp);
	return ERR_OK;
}

static err_t on_sent(void *arg, struct tcp_pcb *tcp, u16_t len)
{
	(void)arg;
	(void)len;
	echo(tcp);
	return ERR_OK;
}

static err_t on_poll(void *arg, struct tcp_pcb *tcp)
{
	(void)arg;
	echo(tcp);
	return ERR_OK;
}

static err_t on_accepted(void *arg, struct tcp_pcb *tcp, err_t error)
{
	(void)arg;
	if (error != ERR_OK)
		return error;
	tcp_recv(tcp, on_received);
	tcp_sent(tcp, on_sent);
	tcp_poll(tcp, on_poll, 1);
	return ERR_OK;
}

int __wrap_port_tap_open(struct netif *netif, const char *device, const ip_addr_t *address)
{
	int fd = __real_port_tap_open(netif, device, address);
	struct tcp_pcb *tcp = tcp_new_ip_type(IPADDR_TYPE_V4);

	if (tcp && tcp_bind(tcp, IP4_ADDR_ANY, ECHO_PORT) == ERR_OK)
		tcp = tcp_listen(tcp);
	if (tcp)
		tcp_accept(tcp, on_accepted);
	return fd;
}
