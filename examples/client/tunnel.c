/* tunnel: the client's PPP and its interface. */
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "policy_link.h"

/* ---- packets -------------------------------------------------------------------------------- */

bool tunnel_packet(void *user, uint8_t *packet, size_t len)
{
	struct client *client = user;

	return !client->has_session || session_output(&client->session, packet, len);
}

static void packet_in(void *user, const uint8_t *packet, size_t len)
{
	struct client *client = user;

	tun_write(&client->tun, packet, len);
}

/* ---- up and down ---------------------------------------------------------------------------- */

/* Everything, in two halves: more exact than the host's own default route, which stays as it is. When the
 * interface goes, in whatever way this program ends, they go with it, and that route is there again. */
static const struct ipv4_network halves[] = {{.address = 0, .prefix_bits = 1},
                                             {.address = 0x80000000, .prefix_bits = 1}};

static bool add_routes(struct client *client)
{
	bool good = true;

	for (unsigned i = 0; good && i < client->options.route_count; i++)
		good = tun_add_route(&client->tun, &client->options.routes[i]);
	for (unsigned i = 0; good && client->options.default_route && i < 2; i++)
		good = tun_add_route(&client->tun, &halves[i]);
	return good;
}

static bool bring_up(struct client *client, const ppp_event *event)
{
	if (!tun_configure(&client->tun, event->local_address, event->peer_address, event->mtu) ||
	    !add_routes(client))
		return false;
	/* A tunnel without IPv6 or its name servers is better than none; what went wrong was said. */
	if (client->has_ipv6)
		(void)tun_add_ipv6(&client->tun, client->identifier);
	(void)resolver_set(&client->options.resolver, client->tun.name, event->dns);
	return true;
}

/* Perhaps before IPv4 is up, and the interface with it. */
static void ipv6_up(struct client *client, const ppp_event *event)
{
	char local[ADDRESS_TEXT_OCTETS], peer[ADDRESS_TEXT_OCTETS];

	client->has_ipv6 = true;
	memcpy(client->identifier, event->local_interface, sizeof client->identifier);
	if (client->connected && !tun_add_ipv6(&client->tun, client->identifier))
		return;
	log_line("IPv6 in the tunnel: %s -> %s on %s", tun_ipv6_text(event->local_interface, local),
	         tun_ipv6_text(event->peer_interface, peer), client->tun.name);
}

static void ipv6_down(struct client *client)
{
	client->has_ipv6 = false;
	tun_delete_ipv6(&client->tun, client->identifier);
}

static void say_connected(struct client *client, const ppp_event *event)
{
	char local[INET_ADDRSTRLEN], peer[INET_ADDRSTRLEN], dns[INET_ADDRSTRLEN], how[POLICY_REPORT_OCTETS];

	printf("connected: %s -> %s on %s, mtu %u", ipv4_text(event->local_address, local),
	       ipv4_text(event->peer_address, peer), client->tun.name, event->mtu);
	for (unsigned i = 0; i < 2; i++)
		if (event->dns[i] != 0)
			printf(", dns %s", ipv4_text(event->dns[i], dns));
	printf(", %s\n", policy_report(event, event->own_auth_method, client->user_shown, how));
	fflush(stdout);
}

/* What PPP's end means for who runs this program; NULL: no more than it says itself. */
static const char *login_advice(const struct client *client, enum ppp_reason reason)
{
	switch (reason) {
	case PPP_REASON_WANTS_AUTHENTICATION:
		return client->options.user == NULL ? "it wants to know who we are: give --user NAME"
		                                    : "it wants another method than those of --auth";
	case PPP_REASON_AUTH_FAILED:
		return "it does not take this name and password";
	case PPP_REASON_AUTH_NOT_DEMANDED:
		return "it lets everybody in, without the encryption that --mppe required wants";
	case PPP_REASON_SERVER_NOT_PROVEN:
		return "it does not know the password itself: it may be somebody else's server";
	case PPP_REASON_AUTH_TIMEOUT:
		return "it did not answer in time whether it takes name and password";
	default:
		return NULL;
	}
}

static void say_ended(struct client *client, const ppp_event *event)
{
	const char *advice = login_advice(client, event->reason);

	log_line("PPP ended: %s%s%s%s%s", event->text, event->layer[0] ? ", in " : "", event->layer,
	         event->message[0] ? ", the server says: " : "", event->message);
	if (advice != NULL)
		log_line("%s: %s", client->options.server, advice);
	if (event->reason == PPP_REASON_PEER_TERMINATED)
		client_fail(client, EXIT_LOST);
	else
		client_fail(client, advice != NULL ? EXIT_LOGIN : EXIT_PPP);
}

static void link_event(void *user, const ppp_event *event)
{
	struct client *client = user;

	switch (event->type) {
	case PPP_EVENT_UP:
		if (!bring_up(client, event)) {
			client_fail(client, EXIT_SETUP);
			client_stop(client);
			break;
		}
		client->connected = true;
		say_connected(client, event);
		break;
	case PPP_EVENT_SUSPENDED:
		if (!client->stopping)
			log_line("PPP negotiates anew");
		break;
	case PPP_EVENT_IPV6_UP:
		ipv6_up(client, event);
		break;
	case PPP_EVENT_IPV6_DOWN:
		ipv6_down(client);
		break;
	case PPP_EVENT_REJECTED: /* nothing but IP is sent here */
		break;
	case PPP_EVENT_DOWN:
		if (event->reason != PPP_REASON_LOCAL && event->reason != PPP_REASON_LOWER_DOWN)
			say_ended(client, event);
		client_clear_call(client);
		break;
	}
}

static const struct session_handler session_handler = {.packet = packet_in, .event = link_event};

/* ---- the beginning -------------------------------------------------------------------------- */

static unsigned tunnel_mtu(const struct client *client)
{
	return client->options.shared.mtu != 0 ? client->options.shared.mtu
	                                       : control_tunnel_mtu(client->control, 0, SESSION_MTU);
}

static void log_in(const struct client *client, ppp_options *link)
{
	policy_offer(&client->options.shared.policy, link);
	link->name = client->options.user;
	link->name_len = strlen(client->options.user);
	link->password = client->password.text;
	link->password_len = client->password.len;
}

bool tunnel_open(struct client *client)
{
	pptp_gre_options channel;
	ppp_options link;

	ppp_options_init(&link);
	link.ask_dns = 1;
	link.mru = link.mtu_max = (uint16_t)tunnel_mtu(client);
	link.ipv6 = !client->options.shared.no_ipv6 && link.mtu_max >= TUN_IPV6_MTU_MIN && tun_can_ipv6();
	if (client->options.user != NULL)
		log_in(client, &link);
	(void)pptp_gre_options_init(&channel, sizeof channel);
	(void)pptp_call_channel(client->control->conn, client->call, &channel);
	channel.reorder_us = client->options.shared.reorder_ms * 1000;
	client->has_session =
	        session_open(&client->session, &client->loop, &client->gre, &client->control->local,
	                     &client->control->peer, &channel, &link, &session_handler, client);
	return client->has_session;
}
