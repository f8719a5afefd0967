/* login: who may log in at the server, and which address he gets. */
#include "login.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"

/* ---- the file ------------------------------------------------------------------------------- */

static void say_error(const char *path, const struct users_error *error)
{
	if (error->line > 0)
		log_line("%s:%u: %s", path, error->line, error->text);
	else
		log_line("%s: it %s", path, error->text);
}

/* Our own address is nobody's. */
static bool check_addresses(const struct server *server, const struct users *users, struct users_error *error)
{
	char text[INET_ADDRSTRLEN];

	for (uint32_t i = 0; i < users->count; i++)
		if (users->entries[i].kind == USERS_ADDRESS_FIXED &&
		    users->entries[i].address == server->options.local) {
			error->line = users->entries[i].line;
			snprintf(error->text, sizeof error->text,
			         "%s is our own address (--local): write another one",
			         ipv4_text(server->options.local, text));
			return false;
		}
	return true;
}

static bool reserve_addresses(struct server *server, const struct users *users)
{
	uint32_t *addresses = malloc((users->count + 1) * sizeof *addresses), count = 0;
	bool done = false;

	for (uint32_t i = 0; addresses != NULL && i < users->count; i++)
		if (users->entries[i].kind == USERS_ADDRESS_FIXED)
			addresses[count++] = users->entries[i].address;
	if (addresses != NULL)
		done = pool_reserve(&server->pool, addresses, count);
	if (!done)
		log_errno("cannot keep the addresses of the users");
	free(addresses);
	return done;
}

static bool read_users(struct server *server)
{
	const char *path = server->options.users;
	struct users users;
	struct users_error error = {0};

	if (!users_load(&users, path, &error)) {
		say_error(path, &error);
		return false;
	}
	if (!check_addresses(server, &users, &error)) {
		say_error(path, &error);
		users_free(&users);
		return false;
	}
	if (!reserve_addresses(server, &users)) {
		users_free(&users);
		return false;
	}
	users_free(&server->users);
	server->users = users;
	log_line("%u users in %s", users.count, path);
	return true;
}

bool login_open(struct server *server)
{
	return server->options.users == NULL || read_users(server);
}

void login_reload(struct server *server)
{
	if (server->options.users == NULL)
		log_line("there is nothing to read again: no --users was given");
	else if (!read_users(server))
		log_line("the users of before stay, %u of them", server->users.count);
}

void login_close(struct server *server)
{
	users_free(&server->users);
}

/* ---- logging in ----------------------------------------------------------------------------- */

/* One line for an attempt, as for its call and connection. */
static bool refused(const struct call *call, const char *why)
{
	log_line("%s: user \"%s\" is refused: %s", call->client->control.name, call->user, why);
	return false;
}

/* Windows puts a domain in front, DOMAIN\user: a line for that counts first, then one for the user alone. The
 * call keeps the name that has a line: it is the same user with a domain and without. */
static const struct users_entry *find_user(struct call *call, const char *name, size_t len)
{
	const struct server *server = call->client->server;
	const struct users_entry *entry = users_find(&server->users, name, len, server->options.name);
	const char *domain_end = memchr(name, '\\', len);

	if (entry == NULL && domain_end != NULL) {
		len -= (size_t)(domain_end + 1 - name);
		name = domain_end + 1;
		entry = users_find(&server->users, name, len, server->options.name);
	}
	log_escape(call->user, sizeof call->user, (const uint8_t *)name, len);
	return entry;
}

bool login_secret(struct call *call, const char *name, size_t len, struct users_word *ret_secret)
{
	const struct users_entry *entry = find_user(call, name, len);
	char why[128];

	call->kind = USERS_ADDRESS_NONE;
	if (entry == NULL)
		return refused(call, "there is no line for him in the users file");
	if (entry->kind == USERS_ADDRESS_NONE) {
		snprintf(why, sizeof why,
		         "line %u of the users file gives him no address; write * there for one of the pool",
		         entry->line);
		return refused(call, why);
	}
	call->kind = entry->kind;
	call->fixed = entry->address;
	*ret_secret = entry->secret;
	return true;
}

/* His own session of before gives way: where a line broke down, it would stay for minutes. Another user's
 * does not: sessions outlive a change of the file. */
static bool may_claim(struct call *call)
{
	const struct call *holder = pool_owner(&call->client->server->pool, call->fixed);
	char why[64 + CALL_USER_OCTETS];

	if (holder == NULL || holder == call || strcmp(holder->user, call->user) == 0)
		return true;
	snprintf(why, sizeof why, "his address is in use until the session of \"%s\" ends", holder->user);
	return refused(call, why);
}

static uint32_t fixed_address(struct call *call)
{
	void *former = NULL;

	if (!may_claim(call))
		return 0;
	if (!pool_claim(&call->client->server->pool, call->fixed, call, &former)) {
		(void)refused(call, "his address is not in the users file any more");
		return 0;
	}
	if (former != NULL && former != call)
		call_replaced(former, call);
	call->address = call->fixed;
	call->claimed = true;
	return call->address;
}

static uint32_t pool_address(struct call *call)
{
	if (call->address == 0)
		call->address = pool_take(&call->client->server->pool, call);
	if (call->address == 0)
		(void)refused(call, "no address is free; enlarge --pool");
	return call->address;
}

/* Who negotiates anew may be another one than before. */
static bool keeps_address(const struct call *call)
{
	return call->claimed ? call->kind == USERS_ADDRESS_FIXED && call->address == call->fixed
	                     : call->kind == USERS_ADDRESS_ANY;
}

uint32_t login_address(struct call *call)
{
	if (call->address != 0 && !keeps_address(call))
		call_leave_address(call);
	return call->kind == USERS_ADDRESS_FIXED ? fixed_address(call) : pool_address(call);
}
