/* callees: hosts with which the server opens control connections itself, and opens them again (RFC
 * 2637 1.3.1: either side may). A host that has one with us, whoever opened it, is not called: one is enough
 * (2.1). */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "server.h"

#define DELAY_FIRST_US ((uint64_t)1000000)
#define DELAY_MAX_US   ((uint64_t)64 * 1000000)

static bool is_engaged(const struct callee *callee)
{
	if (callee->client != NULL || callee->connector.busy || callee->waiting)
		return true;
	for (unsigned i = 0; i < callee->addresses.count; i++)
		if (client_established(callee->server, &callee->addresses.list[i], NULL) != NULL)
			return true;
	return false;
}

void callee_again(struct callee *callee)
{
	struct loop *loop = &callee->server->loop;

	if (callee->server->stopping || is_engaged(callee))
		return;
	callee->waiting = true;
	loop_timer_at(loop, &callee->retry, loop->now + callee->delay_us);
	if (callee->delay_us < DELAY_MAX_US)
		callee->delay_us *= 2;
}

static void answered(void *user, int fd, int error)
{
	struct callee *callee = user;
	const struct address *at = &callee->addresses.list[callee->next];
	char text[ADDRESS_TEXT_OCTETS];

	if (fd < 0) {
		errno = error;
		log_errno("cannot connect to %s port %u, the next try is in %u s",
		          callee->addresses.count == 1 ? callee->host : address_text(at, text),
		          callee->server->options.shared.port, (unsigned)(callee->delay_us / 1000000));
		callee->next = (callee->next + 1) % callee->addresses.count;
	} else if (callee->server->stopping) {
		close(fd);
	} else if (client_add(callee->server, fd, callee)) {
		return;
	}
	callee_again(callee);
}

static void call(struct callee *callee)
{
	const struct server_options *o = &callee->server->options;

	if (callee->server->stopping || is_engaged(callee))
		return;
	if (!connector_start(&callee->connector, &callee->server->loop, &callee->addresses.list[callee->next],
	                     o->shared.port, &o->listen, answered, callee))
		callee_again(callee);
}

static void retry(void *user)
{
	struct callee *callee = user;

	callee->waiting = false;
	call(callee);
}

void callee_up(struct callee *callee)
{
	callee->delay_us = DELAY_FIRST_US;
	connector_stop(&callee->connector); /* it was faster; nothing was said there */
}

struct callee *callee_find(const struct server *server, const struct address *peer)
{
	for (unsigned i = 0; i < server->callee_count; i++)
		if (addresses_have(&server->callees[i].addresses, peer))
			return &server->callees[i];
	return NULL;
}

static bool open_one(struct server *server, const char *host)
{
	struct callee *callee = &server->callees[server->callee_count];

	*callee = (struct callee){.server = server, .host = host, .delay_us = DELAY_FIRST_US};
	if (!connector_resolve(host, AF_UNSPEC, &callee->addresses))
		return false;
	for (unsigned i = 0; i < callee->addresses.count; i++)
		if (callee_find(server, &callee->addresses.list[i]) != NULL) {
			log_line("--connect: %s is given twice", host);
			return false;
		}
	if (!loop_timer_add(&server->loop, &callee->retry, retry, callee))
		return false;
	server->callee_count++;
	return true;
}

bool callees_open(struct server *server)
{
	const struct server_options *o = &server->options;

	if (o->connect_count == 0)
		return true;
	server->callees = calloc(o->connect_count, sizeof *server->callees);
	if (server->callees == NULL) {
		log_errno("cannot keep the hosts of --connect");
		return false;
	}
	for (unsigned i = 0; i < o->connect_count; i++)
		if (!open_one(server, o->connect[i]))
			return false;
	for (unsigned i = 0; i < server->callee_count; i++)
		call(&server->callees[i]);
	return true;
}

void callees_close(struct server *server)
{
	for (unsigned i = 0; i < server->callee_count; i++) {
		connector_stop(&server->callees[i].connector);
		loop_timer_remove(&server->loop, &server->callees[i].retry);
	}
	free(server->callees);
}
