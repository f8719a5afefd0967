/* users: who may log in, from a file in the format of pppd's chap-secrets (pppd(8), "AUTHENTICATION"). */
#include "users.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "users_line.h"
#include "wipe.h"

/* ---- the table ------------------------------------------------------------------------------ */

#define FNV_BASIS 2166136261u
#define FNV_PRIME 16777619u

static uint32_t hash(const char *text, size_t len)
{
	uint32_t value = FNV_BASIS;

	while (len-- > 0)
		value = (value ^ (uint8_t)*text++) * FNV_PRIME;
	return value;
}

static bool is_any(const struct users_word *word)
{
	return word->len == 1 && word->text[0] == '*';
}

static bool matches(const struct users_word *word, const char *text, size_t len)
{
	return word->len == len && memcmp(word->text, text, len) == 0;
}

/* Backwards, so that each chain is in the order of the file. */
static bool make_index(struct users *users)
{
	uint32_t size = 1;

	while (size < users->count)
		size *= 2;
	users->heads = calloc(size, sizeof *users->heads);
	if (users->heads == NULL)
		return false;
	users->mask = size - 1;
	for (uint32_t i = users->count; i > 0; i--) {
		struct users_entry *entry = &users->entries[i - 1];
		uint32_t *head = &users->heads[hash(entry->client.text, entry->client.len) & users->mask];

		entry->next = *head;
		*head = i;
	}
	return true;
}

/* Of the entries of this client the one for this server, or else the one for any. */
static const struct users_entry *find_client(const struct users *users, const char *client, size_t len,
                                             const char *server)
{
	const struct users_entry *any = NULL;

	for (uint32_t i = users->heads[hash(client, len) & users->mask]; i != 0;
	     i = users->entries[i - 1].next) {
		const struct users_entry *entry = &users->entries[i - 1];

		if (!matches(&entry->client, client, len))
			continue;
		if (matches(&entry->server, server, strlen(server)))
			return entry;
		if (any == NULL && is_any(&entry->server))
			any = entry;
	}
	return any;
}

const struct users_entry *users_find(const struct users *users, const void *client, size_t client_len,
                                     const char *server)
{
	const struct users_entry *named, *any;

	if (users->count == 0)
		return NULL;
	named = find_client(users, client, client_len, server);
	if (named != NULL && !is_any(&named->server))
		return named;
	any = find_client(users, "*", 1, server);
	return named != NULL ? named : any;
}

/* ---- reading -------------------------------------------------------------------------------- */

static bool add(struct users *users, const struct users_entry *entry, uint32_t *capacity)
{
	if (users->count == *capacity) {
		uint32_t larger = *capacity == 0 ? 64 : 2 * *capacity;
		struct users_entry *entries = realloc(users->entries, larger * sizeof *entries);

		if (entries == NULL)
			return false;
		users->entries = entries;
		*capacity = larger;
	}
	users->entries[users->count++] = *entry;
	return true;
}

static bool read_lines(struct users *users, struct users_error *error)
{
	char *at = users->text, *end = users->text + users->text_len;
	uint32_t capacity = 0;

	for (error->line = 1; at < end; error->line++) {
		char *line_end = memchr(at, '\n', (size_t)(end - at));
		struct users_entry entry = {.line = error->line};

		if (line_end == NULL)
			line_end = end;
		switch (users_line_parse(&entry, at, (size_t)(line_end - at), error->text)) {
		case USERS_LINE_BAD:
			return false;
		case USERS_LINE_ENTRY:
			if (!add(users, &entry, &capacity))
				goto no_memory;
			break;
		case USERS_LINE_EMPTY:
			break;
		}
		at = line_end < end ? line_end + 1 : end;
	}
	if (make_index(users))
		return true;
no_memory:
	error->line = 0;
	snprintf(error->text, sizeof error->text, "there is not enough memory for it");
	return false;
}

bool users_parse(struct users *ret, char *text, size_t len, struct users_error *ret_error)
{
	struct users users = {.text = text, .text_len = len};

	if (!read_lines(&users, ret_error)) {
		users_free(&users);
		return false;
	}
	*ret = users;
	return true;
}

void users_free(struct users *users)
{
	if (users->text != NULL)
		wipe(users->text, users->text_len);
	free(users->text);
	free(users->entries);
	free(users->heads);
	*users = (struct users){0};
}

/* ---- files ---------------------------------------------------------------------------------- */

bool users_check_file(int fd, const char *path, char text[USERS_TEXT_MAX])
{
	struct stat about;

	if (fstat(fd, &about) != 0)
		snprintf(text, USERS_TEXT_MAX, "cannot be examined: %s", strerror(errno));
	else if (!S_ISREG(about.st_mode))
		snprintf(text, USERS_TEXT_MAX, "is no ordinary file");
	else if (about.st_uid != 0 && about.st_uid != geteuid())
		snprintf(text, USERS_TEXT_MAX, "belongs to user %u, who could change it: chown %u %s",
		         (unsigned)about.st_uid, (unsigned)geteuid(), path);
	else if ((about.st_mode & (S_IRWXO | S_IWGRP)) != 0)
		snprintf(text, USERS_TEXT_MAX,
		         "is open to others (mode %04o), and it holds secrets: chmod 600 %s",
		         (unsigned)about.st_mode & 07777, path);
	else if ((uint64_t)about.st_size > USERS_FILE_MAX)
		snprintf(text, USERS_TEXT_MAX, "is larger than %u octets", USERS_FILE_MAX);
	else
		return true;
	return false;
}

/* The file in memory of exactly its size: nothing that was in a larger buffer is left behind. */
static char *read_all(int fd, size_t *ret_len, char text[USERS_TEXT_MAX])
{
	struct stat about;
	size_t len = 0, size;
	char *octets;

	if (fstat(fd, &about) != 0)
		about.st_size = 0;
	size = (size_t)about.st_size;
	octets = malloc(size + 1);
	while (octets != NULL && len < size) {
		ssize_t n = read(fd, octets + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			snprintf(text, USERS_TEXT_MAX, "cannot be read: %s", strerror(errno));
			wipe(octets, len);
			free(octets);
			return NULL;
		}
		if (n == 0) /* it became shorter */
			break;
		len += (size_t)n;
	}
	if (octets == NULL)
		snprintf(text, USERS_TEXT_MAX, "there is not enough memory for it");
	*ret_len = len;
	return octets;
}

bool users_load(struct users *ret, const char *path, struct users_error *ret_error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = NULL;
	size_t len = 0;

	ret_error->line = 0;
	if (fd < 0) {
		snprintf(ret_error->text, sizeof ret_error->text, "cannot be opened: %s", strerror(errno));
		return false;
	}
	if (users_check_file(fd, path, ret_error->text))
		text = read_all(fd, &len, ret_error->text);
	close(fd);
	return text != NULL && users_parse(ret, text, len, ret_error);
}
