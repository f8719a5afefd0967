/* lwip_wire: a wire in front of lwIP that treats large packets badly, as LWIP_WIRE says: "swap" gives them in pairs,
 * the second one first; "drop" loses every tenth, and every tenth that lwIP sends. Linked with
 * --wrap=ethernet_input and, for what the TAP device is given, --wrap=writev. */
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "netif/ethernet.h"

#define LARGE_OCTETS 800
#define DROP_ONE_OF  10

err_t __real_ethernet_input(struct pbuf *p, struct netif *netif);
err_t __wrap_ethernet_input(struct pbuf *p, struct netif *netif);
ssize_t __real_writev(int fd, const struct iovec *pieces, int n);
ssize_t __wrap_writev(int fd, const struct iovec *pieces, int n);

static err_t swap(struct pbuf *p, struct netif *netif)
{
	static struct pbuf *kept;
	struct pbuf *first = kept;
	err_t error;

	if (!first) {
		kept = p;
		return ERR_OK;
	}
	kept = NULL;
	error = __real_ethernet_input(p, netif);
	if (__real_ethernet_input(first, netif) != ERR_OK)
		pbuf_free(first);
	return error;
}

static err_t drop(struct pbuf *p, struct netif *netif)
{
	static unsigned large;

	if (++large % DROP_ONE_OF != 0)
		return __real_ethernet_input(p, netif);
	pbuf_free(p);
	return ERR_OK;
}

err_t __wrap_ethernet_input(struct pbuf *p, struct netif *netif)
{
	const char *how = getenv("LWIP_WIRE");

	if (!how || p->tot_len < LARGE_OCTETS)
		return __real_ethernet_input(p, netif);
	return strcmp(how, "swap") == 0 ? swap(p, netif) : drop(p, netif);
}

ssize_t __wrap_writev(int fd, const struct iovec *pieces, int n)
{
	static unsigned large;
	const char *how = getenv("LWIP_WIRE");
	size_t len = 0;

	for (int i = 0; i < n; i++)
		len += pieces[i].iov_len;
	if (how && strcmp(how, "drop") == 0 && len >= LARGE_OCTETS && ++large % DROP_ONE_OF == 0)
		return (ssize_t)len;
	return __real_writev(fd, pieces, n);
}
