/* uplink: a route through the tunnel that covers the server would lead the tunnel into itself. */
#include <stdio.h>
#include <string.h>

#include "client.h"

static bool covers(const struct ipv4_network *network, uint32_t address)
{
	return network->prefix_bits == 0 || (address ^ network->address) >> (32 - network->prefix_bits) == 0;
}

/* Routes through the tunnel are IPv4's. */
static bool is_covered(const struct client *client, const struct address *server)
{
	bool covered = client->options.default_route && address_is_ipv4(server);

	for (unsigned i = 0; i < client->options.route_count && address_is_ipv4(server); i++)
		covered |= covers(&client->options.routes[i], address_to_ipv4(server));
	return covered;
}

/* A route through the tunnel that covers the server would lead the tunnel into itself: keep the tunnel's own
 * packets on the interface they leave by now. */
bool uplink_pin(void *user, int fd)
{
	struct client *client = user;
	struct sockaddr_storage name = {0};
	struct address local, server;
	char interface[IF_NAMESIZE];
	socklen_t len = sizeof name;

	if (getpeername(fd, (struct sockaddr *)&name, &len) != 0)
		return true; /* it is gone already, and the connection will say so */
	server = address_from_socket(&name);
	if (!is_covered(client, &server))
		return true;
	len = sizeof name;
	if (getsockname(fd, (struct sockaddr *)&name, &len) != 0)
		return false;
	local = address_from_socket(&name);
	address_interface(&local, interface);
	if (interface[0] == '\0') { /* to be bound to none is not to be bound */
		log_line("cannot find the interface that leads to the server");
		return false;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)) != 0) {
		log_errno("cannot keep the control connection on interface %s", interface);
		return false;
	}
	return gre_socket_bind_interface(&client->gre, interface);
}
