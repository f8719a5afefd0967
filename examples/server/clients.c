/* clients: the server's control connections, from when TCP is open until it is closed. */
#include <stdlib.h>
#include <unistd.h>

#include "collision.h"
#include "report.h"
#include "server.h"

/* ---- who may have one ----------------------------------------------------------------------- */

struct client *client_established(const struct server *server, const struct address *peer,
                                  const struct client *but)
{
	for (struct client *client = server->clients; client != NULL; client = client->next)
		if (client != but && address_equal(&client->control.peer, peer) &&
		    control_state(&client->control) == PPTP_CONN_ESTABLISHED)
			return client;
	return NULL;
}

/* RFC 2637 2.1 wants one control connection for a pair of hosts. Behind one NAT router are many, so that is
 * for the user to say; but when both ends open one at once (3.1.3) one goes in any case. */
static void start_offered(struct client *client)
{
	struct server *server = client->server;
	struct control *control = &client->control;
	struct callee *callee = callee_find(server, &control->peer);
	struct client *ours = callee != NULL ? callee->client : NULL;

	if (ours != NULL && (client->crossed || collision_possible(&ours->control))) {
		(void)collision_settle(&ours->control, control);
	} else if (server->options.one_per_peer &&
	           client_established(server, &control->peer, client) != NULL) {
		log_line("%s: refused, for it has a control connection already (--one-per-peer)",
		         control->name);
		(void)pptp_conn_refuse(control->conn, PPTP_SCCRP_CHANNEL_EXISTS, PPTP_ERROR_NONE,
		                       server->loop.now);
	} else {
		(void)pptp_conn_accept(control->conn, server->loop.now);
	}
}

/* The peer has answered our call. What it asks for on connections that it opened before was asked earlier: in
 * a collision, which it lost. */
static void mark_crossed(struct client *ours)
{
	for (struct client *client = ours->server->clients; client != NULL; client = client->next)
		if (client->callee == NULL && address_equal(&client->control.peer, &ours->control.peer) &&
		    control_state(&client->control) < PPTP_CONN_ESTABLISHED)
			client->crossed = true;
}

static void established(struct client *client)
{
	struct callee *callee = callee_find(client->server, &client->control.peer);

	if (client->callee != NULL)
		mark_crossed(client);
	if (callee != NULL)
		callee_up(callee);
}

/* ---- events --------------------------------------------------------------------------------- */

static void client_event(void *user, const pptp_event *event)
{
	struct client *client = user;
	char text[REPORT_OCTETS];

	switch (event->type) {
	case PPTP_EV_START_OFFERED:
		start_offered(client);
		break;
	case PPTP_EV_UP:
		established(client);
		break;
	case PPTP_EV_DOWN:
		log_line("%s: connection ended: %s", client->control.name, report_end(event, text));
		break;
	default:
		call_event(client, event);
		break;
	}
}

void client_remove(struct client *client)
{
	struct server *server = client->server;
	struct callee *callee = callee_find(server, &client->control.peer);

	if (client->previous != NULL)
		client->previous->next = client->next;
	else
		server->clients = client->next;
	if (client->next != NULL)
		client->next->previous = client->previous;
	server->client_count--;
	control_close(&client->control);
	if (client->callee != NULL)
		client->callee->client = NULL;
	free(client);
	if (callee != NULL)
		callee_again(callee);
	if (server->stopping && server->client_count == 0)
		loop_stop(&server->loop);
}

static void client_over(void *user)
{
	client_remove(user);
}

/* ---- beginning ------------------------------------------------------------------------------ */

static const struct control_handler control_handler = {.event = client_event, .over = client_over};

bool client_add(struct server *server, int fd, struct callee *callee)
{
	struct client *client = calloc(1, sizeof *client);

	if (client == NULL) {
		log_errno("cannot take a client");
		close(fd);
		return false;
	}
	client->server = server;
	client->callee = callee;
	if (!control_open(&client->control, &server->loop, fd, server->config,
	                  callee != NULL ? PPTP_ORIGINATOR : PPTP_RECEIVER, &control_handler, client)) {
		free(client);
		return false;
	}
	client->control.capture = server_capture(server);
	client->next = server->clients;
	if (client->next != NULL)
		client->next->previous = client;
	server->clients = client;
	server->client_count++;
	if (callee != NULL)
		callee->client = client;
	log_line("%s connected%s", client->control.name, callee != NULL ? ", called by us" : "");
	return true;
}

static void too_many(struct server *server, int fd)
{
	close(fd);
	if (log_allowed(&server->flood, server->loop.now))
		log_line("turned a connection away: %u clients are here already (--max-clients)",
		         server->client_count);
}

void client_accepted(void *user, int fd, const struct address *peer)
{
	struct server *server = user;

	(void)peer;
	if (server->stopping || server->client_count >= server->options.max_clients)
		too_many(server, fd);
	else
		(void)client_add(server, fd, NULL);
}
