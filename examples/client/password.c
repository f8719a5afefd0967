/* password: the user's password, from where nobody else sees it. */
#include "password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "terminal.h"
#include "users.h"
#include "wipe.h"

void password_wipe(struct password *password)
{
	wipe(password, sizeof *password);
}

static bool take(struct password *ret, const char *text, size_t len, const char *from)
{
	if (len == 0)
		log_line("the password from %s is empty", from);
	else if (len > PASSWORD_OCTETS_MAX)
		log_line("the password from %s has more than %u octets", from, PASSWORD_OCTETS_MAX);
	else {
		memcpy(ret->text, text, len);
		ret->len = len;
		return true;
	}
	return false;
}

/* ---- files and descriptors ------------------------------------------------------------------ */

#define READ_MAX (PASSWORD_OCTETS_MAX + 3u) /* room for a line feed, and to see that it is too long */

/* Up to the first line feed or the end, and nothing behind it is read: a descriptor may have more to say to
 * others. */
static bool read_line(int fd, char line[READ_MAX], size_t *ret_len)
{
	*ret_len = 0;
	while (*ret_len < READ_MAX) {
		ssize_t n = read(fd, line + *ret_len, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0 || line[*ret_len] == '\n')
			break;
		++*ret_len;
	}
	if (*ret_len > 0 && line[*ret_len - 1] == '\r')
		--*ret_len;
	return true;
}

static bool from_descriptor(int fd, const char *name, struct password *ret)
{
	char line[READ_MAX];
	size_t len;
	bool good = read_line(fd, line, &len);

	if (good)
		good = take(ret, line, len, name);
	else
		log_errno("cannot read the password from %s", name);
	wipe(line, sizeof line);
	return good;
}

static bool from_file(const char *path, struct password *ret)
{
	char said[USERS_TEXT_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool good = false;

	if (fd < 0) {
		log_errno("cannot read the password from %s", path);
		return false;
	}
	if (users_check_file(fd, path, said))
		good = from_descriptor(fd, path, ret);
	else
		log_line("%s: it %s", path, said);
	close(fd);
	return good;
}

static bool from_secrets(const char *path, const char *user, const char *server, struct password *ret)
{
	struct users users;
	struct users_error error;
	const struct users_entry *entry;
	bool good;

	if (!users_load(&users, path, &error)) {
		if (error.line > 0)
			log_line("%s:%u: %s", path, error.line, error.text);
		else
			log_line("%s: it %s", path, error.text);
		return false;
	}
	entry = users_find(&users, user, strlen(user), server);
	good = entry != NULL && take(ret, entry->secret.text, entry->secret.len, path);
	if (entry == NULL)
		log_line("%s: there is no line for client %s and server %s", path, user, server);
	users_free(&users);
	return good;
}

/* ---- environment and terminal --------------------------------------------------------------- */

/* It is taken out of there too: programs that this one starts have no use for it. */
static bool from_environment(char *value, struct password *ret)
{
	bool good = take(ret, value, strlen(value), "the environment (" PASSWORD_ENVIRONMENT ")");

	wipe(value, strlen(value));
	unsetenv(PASSWORD_ENVIRONMENT);
	return good;
}

static bool from_terminal(const char *user, const char *server, struct password *ret)
{
	char line[READ_MAX], prompt[512];
	bool good;

	snprintf(prompt, sizeof prompt, "Password of %s at %s: ", user, server);
	good = terminal_ask(prompt, line, sizeof line) && take(ret, line, strlen(line), "the terminal");
	wipe(line, sizeof line);
	return good;
}

bool password_get(const struct password_source *source, const char *user, const char *server,
                  struct password *ret)
{
	char name[32];
	char *environment = getenv(PASSWORD_ENVIRONMENT);

	if (source->file != NULL)
		return from_file(source->file, ret);
	if (source->secrets != NULL)
		return from_secrets(source->secrets, user, server, ret);
	if (source->descriptor >= 0) {
		snprintf(name, sizeof name, "descriptor %d", source->descriptor);
		return from_descriptor(source->descriptor, name, ret);
	}
	return environment != NULL ? from_environment(environment, ret) : from_terminal(user, server, ret);
}
