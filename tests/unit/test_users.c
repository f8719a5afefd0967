/* users: the format of pppd's secrets files, as pppd(8) has it in "AUTHENTICATION" and "OPTIONS FILES". */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "users.h"

static char *copy_of(const char *text, size_t len)
{
	char *copy = check_alloc(len == 0 ? 1 : len);

	memcpy(copy, text, len);
	return copy;
}

/* @return the line of the error, -1: none */
static int parse(struct users *users, const char *text, size_t len, char ret_text[USERS_TEXT_MAX])
{
	struct users_error error = {0};

	if (users_parse(users, copy_of(text, len), len, &error))
		return -1;
	memcpy(ret_text, error.text, sizeof error.text);
	return (int)error.line;
}

static const struct users_entry *find(const struct users *users, const char *client, const char *server)
{
	return users_find(users, client, strlen(client), server);
}

static void check_word(const struct users_word *is, const char *wanted)
{
	CHECK_EQ(is->len, strlen(wanted));
	CHECK_OCTETS(is->text, wanted, is->len);
}

/* What one line means; the secret is that of "bob" at "here", NULL: he has none. */
static void test_users_lines(void **state)
{
	static const struct {
		const char *line, *secret;
		enum users_address kind;
		uint32_t address;
	} rows[] = {
	        {"bob here secret *", "secret", USERS_ADDRESS_ANY, 0},
	        {"bob * secret *", "secret", USERS_ADDRESS_ANY, 0},
	        {"* * secret *", "secret", USERS_ADDRESS_ANY, 0},
	        {"* here secret *", "secret", USERS_ADDRESS_ANY, 0},
	        {"bob there secret *", NULL, 0, 0},
	        {"alice here secret *", NULL, 0, 0},
	        /* "Case is significant in the client and server names and in the secret." */
	        {"Bob here secret *", NULL, 0, 0},
	        {"bob HERE secret *", NULL, 0, 0},
	        {"bob here SeCrEt *", "SeCrEt", USERS_ADDRESS_ANY, 0},
	        /* "Delimited by whitespace." */
	        {" \t bob\there  secret\t\t*\t", "secret", USERS_ADDRESS_ANY, 0},
	        {"bob here secret *\r", "secret", USERS_ADDRESS_ANY, 0},
	        /* "Whitespace can be included by enclosing the word in double-quotes." */
	        {"bob here \"a secret\" *", "a secret", USERS_ADDRESS_ANY, 0},
	        {"\"bob\" \"here\" \"secret\" \"*\"", "secret", USERS_ADDRESS_ANY, 0},
	        {"bob here a\" \"b *", "a b", USERS_ADDRESS_ANY, 0},
	        {"bob here \" \" *", " ", USERS_ADDRESS_ANY, 0},
	        {"bob here 'a *", "'a", USERS_ADDRESS_ANY, 0},
	        {"bob here \"# not\" *", "# not", USERS_ADDRESS_ANY, 0},
	        /* "A backslash quotes the following character." */
	        {"bob here a\\ b *", "a b", USERS_ADDRESS_ANY, 0},
	        {"bob here \\\"a *", "\"a", USERS_ADDRESS_ANY, 0},
	        {"bob here \"a\\\"b\" *", "a\"b", USERS_ADDRESS_ANY, 0},
	        {"bob here a\\\\b *", "a\\b", USERS_ADDRESS_ANY, 0},
	        {"bob here \\#a *", "#a", USERS_ADDRESS_ANY, 0},
	        {"bob here a\\n *", "an", USERS_ADDRESS_ANY, 0},
	        /* "A hash starts a comment, until the end of the line." */
	        {"bob here secret * # 10.0.0.1", "secret", USERS_ADDRESS_ANY, 0},
	        {"bob here secret #", "secret", USERS_ADDRESS_NONE, 0},
	        {"# bob here secret *", NULL, 0, 0},
	        {"#", NULL, 0, 0},
	        {"", NULL, 0, 0},
	        {" \t ", NULL, 0, 0},
	        /* "If there are only 3 words, or the first is -, all IP addresses are disallowed." */
	        {"bob here secret", "secret", USERS_ADDRESS_NONE, 0},
	        {"bob here secret -", "secret", USERS_ADDRESS_NONE, 0},
	        {"bob here secret 10.1.2.3", "secret", USERS_ADDRESS_FIXED, 0x0A010203},
	        {"bob here secret 10.1.2.3 -- mtu 1400", "secret", USERS_ADDRESS_FIXED, 0x0A010203},
	        {"bob here secret * -- mtu 1400", "secret", USERS_ADDRESS_ANY, 0},
	        {"bob here secret -- 10.1.2.3", "secret", USERS_ADDRESS_NONE, 0},
	        {"bob here \xc3\xa4\xff *", "\xc3\xa4\xff", USERS_ADDRESS_ANY, 0},
	        {"bob here x@file *", "x@file", USERS_ADDRESS_ANY, 0},
	};
	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct users_entry *entry;
		struct users users;
		char text[USERS_TEXT_MAX];

		check_row("%s", rows[i].line);
		CHECK_EQ(parse(&users, rows[i].line, strlen(rows[i].line), text), -1);
		entry = find(&users, "bob", "here");
		CHECK((entry != NULL) == (rows[i].secret != NULL));
		if (entry != NULL) {
			check_word(&entry->secret, rows[i].secret);
			CHECK_EQ(entry->kind, rows[i].kind);
			CHECK_EQ(entry->line, 1);
			if (entry->kind == USERS_ADDRESS_FIXED)
				CHECK_EQ(entry->address, rows[i].address);
		}
		users_free(&users);
	}
}

/* What is wrong, in which line, what to do, and never a secret in it. */
static void test_users_errors(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *said;
	} rows[] = {
	        {"bob", 1, "server and the secret are missing"},
	        {"bob here", 1, "the secret is missing"},
	        {"bob here # hidden *", 1, "the secret is missing"},
	        {"ann * x *\n\n# y\nbob here\n", 4, "the secret is missing"},
	        {"bob * hidden *\nann * \"hidden *\nbill * x *", 2, "quotes are not closed"},
	        {"bob * hidden\\", 1, "backslash"},
	        {"bob * hid#den *", 1, "\"quotes\""},
	        {"bob * \"\" *", 1, "secret is empty"},
	        {"\"\" * hidden *", 1, "name is empty"},
	        {"bob * @hidden *", 1, "not supported"},
	        {"bob * \"@hidden\" *", 1, "not supported"},
	        {"bob * a hidden *", 1, "word 4 is no address"},
	        {"bob * hidden 10.1.2", 1, "word 4 is no address"},
	        {"bob * hidden 10.1.2.256", 1, "word 4 is no address"},
	        {"bob * hidden 0.0.0.0", 1, "word 4 is no address"},
	        {"bob * hidden 010.1.2.3000000", 1, "word 4 is no address"},
	        {"bob * hidden !10.1.2.3", 1, "word 4 is no address"},
	        {"bob * hidden 10.1.2.0/24", 1, "word 4 is no address"},
	        {"bob * hidden 10.1.2.0/24+", 1, "word 4 is no address"},
	        {"bob * hidden 10.1.2.3 10.1.2.4", 1, "word 5 is no address"},
	        {"bob * hidden * \"x", 1, "quotes are not closed"},
	};
	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct users users;
		char text[USERS_TEXT_MAX] = "";

		check_row("%s", rows[i].text);
		CHECK_EQ(parse(&users, rows[i].text, strlen(rows[i].text), text), rows[i].line);
		if (strstr(text, rows[i].said) == NULL)
			check_fail(__FILE__, __LINE__, "it says: %s", text);
		CHECK(strstr(text, "hidden") == NULL);
	}
}

static void test_users_zero_octet(void **state)
{
	static const char text[] = "bob * a\0b *\n";
	struct users users;
	char said[USERS_TEXT_MAX];

	(void)state;
	CHECK_EQ(parse(&users, text, sizeof text - 1, said), 1);
	CHECK(strstr(said, "zero octet") != NULL);
}

/* 255 octets are what Value-Size and Peer-ID Length can say (RFC 1994 4.1, RFC 1334 2.2.1). */
static void test_users_word_length(void **state)
{
	(void)state;
	for (size_t len = 254; len <= 257; len++) {
		char line[300], said[USERS_TEXT_MAX];
		struct users users;
		int n = snprintf(line, sizeof line, "bob * ");

		check_row("%d", (int)len);
		memset(line + n, 'x', len);
		memcpy(line + n + (int)len, " *", 3);
		CHECK_EQ(parse(&users, line, strlen(line), said), len <= 255 ? -1 : 1);
		if (len <= 255) {
			CHECK_EQ(find(&users, "bob", "any")->secret.len, len);
			users_free(&users);
		}
	}
}

/* "Pppd takes the best match, i.e. the match with the fewest wildcards." */
static void test_users_best_match(void **state)
{
	static const char file[] = "* * both *\n"
	                           "* here server *\n"
	                           "bob * client *\n"
	                           "bob here none *\n"
	                           "bob here second *\n"
	                           "ann * ann *\n";
	static const struct {
		const char *client, *server, *secret;
	} rows[] = {
	        {"bob", "here", "none"},   {"bob", "there", "client"}, {"carl", "here", "server"},
	        {"carl", "there", "both"}, {"ann", "here", "ann"},     {"", "there", "both"},
	        {"*", "there", "both"},
	};
	struct users users;
	char said[USERS_TEXT_MAX];

	(void)state;
	CHECK_EQ(parse(&users, file, strlen(file), said), -1);
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct users_entry *entry = find(&users, rows[i].client, rows[i].server);

		check_row("%s at %s", rows[i].client, rows[i].server);
		CHECK(entry != NULL);
		check_word(&entry->secret, rows[i].secret);
	}
	CHECK(users_find(&users, "bob\0x", 5, "here") != NULL); /* another name: that of any client */
	check_word(&users_find(&users, "bob\0x", 5, "here")->secret, "server");
	users_free(&users);
}

/* Any octets: an error with its line, or users whose words lie in the file; nothing is read behind it (ASan
 * sees that). */
static void test_users_any_octets(void **state)
{
	static const char pieces[] = "  \t\n\n\"\"\\#**--@abcde10.20.0.1\r\0\xff";
	check_random random = {11};

	(void)state;
	for (uint32_t round = check_scale(20000); round > 0; round--) {
		char text[64], said[USERS_TEXT_MAX];
		size_t len = random_below(&random, sizeof text + 1);
		struct users users;
		int line;

		for (size_t i = 0; i < len; i++)
			text[i] = pieces[random_below(&random, sizeof pieces - 1)];
		line = parse(&users, text, len, said);
		if (line >= 0) {
			CHECK(line > 0 && line <= 65);
			continue;
		}
		for (uint32_t i = 0; i < users.count; i++) {
			const struct users_entry *entry = &users.entries[i];

			CHECK(entry->client.len > 0 && entry->secret.len > 0 && entry->secret.text[0] != '@');
			CHECK(entry->secret.text >= users.text &&
			      entry->secret.text + entry->secret.len <= users.text + users.text_len);
			CHECK(users_find(&users, entry->client.text, entry->client.len, "here") != NULL ||
			      entry->server.len != 1 || entry->server.text[0] != '*');
		}
		users_free(&users);
	}
}

/* All that a file may hold, in one that is empty, and in one that is gone. */
static void test_users_none(void **state)
{
	struct users users;
	char said[USERS_TEXT_MAX];

	(void)state;
	CHECK_EQ(parse(&users, "", 0, said), -1);
	CHECK(find(&users, "bob", "here") == NULL);
	users_free(&users);
	CHECK(find(&users, "bob", "here") == NULL);
	users_free(&users);
}

#define MANY 10000u

/* Each is found, no one else is, and chains are short: a search does not walk the file. */
static void test_users_many(void **state)
{
	char *text = check_alloc(MANY * 48u), *at = text, said[USERS_TEXT_MAX];
	struct users users;
	uint32_t longest = 0;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++)
		at += snprintf(at, 48, "user%u * secret%u 10.%u.%u.%u\n", i, i, i >> 16, i >> 8 & 255,
		               i & 255);
	CHECK_EQ(parse(&users, text, (size_t)(at - text), said), -1);
	CHECK_EQ(users.count, MANY);
	for (uint32_t i = 0; i < MANY; i++) {
		char name[16], secret[24];
		const struct users_entry *entry;
		uint32_t length = 0;

		snprintf(name, sizeof name, "user%u", i);
		snprintf(secret, sizeof secret, "secret%u", i);
		entry = find(&users, name, "here");
		check_row("%s", name);
		CHECK(entry != NULL);
		check_word(&entry->secret, secret);
		CHECK_EQ(entry->address, 0x0A000000 + i);
		CHECK_EQ(entry->line, i + 1);
		for (const struct users_entry *e = entry; e->next != 0; e = &users.entries[e->next - 1])
			length++;
		longest = length > longest ? length : longest;
	}
	CHECK(longest < 16);
	CHECK(find(&users, "user10000", "here") == NULL);
	users_free(&users);
	free(text);
}

/* Which files are refused, and that the words tell what to do. */
static void test_users_file_mode(void **state)
{
	static const struct {
		mode_t mode;
		const char *said; /* NULL: it is taken */
	} rows[] = {
	        {0600, NULL},   {0400, NULL},        {0640, NULL},        {0644, "chmod 600"},
	        {0604, "0604"}, {0602, "chmod 600"}, {0601, "chmod 600"}, {0660, "chmod 600"},
	};
	char path[] = "/tmp/test_users_XXXXXX";
	int fd = mkstemp(path);
	struct users_error error;
	struct users users;

	(void)state;
	CHECK(fd >= 0);
	CHECK_EQ(write(fd, "bob * hidden *\n", 15), 15);
	for (size_t i = 0; i < LEN(rows); i++) {
		bool good;

		check_row("%04o", (unsigned)rows[i].mode);
		CHECK_EQ(fchmod(fd, rows[i].mode), 0);
		good = users_load(&users, path, &error);
		CHECK_EQ(good, rows[i].said == NULL);
		if (good) {
			check_word(&find(&users, "bob", "here")->secret, "hidden");
			users_free(&users);
		} else {
			CHECK_EQ(error.line, 0);
			CHECK(strstr(error.text, rows[i].said) != NULL);
		}
	}
	close(fd);
	unlink(path);
	check_row("no file");
	CHECK(!users_load(&users, path, &error));
	CHECK(strstr(error.text, strerror(ENOENT)) != NULL);
	check_row("a directory");
	CHECK(!users_load(&users, "/tmp", &error));
	check_row("a device");
	CHECK(!users_load(&users, "/dev/null", &error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_users_lines),      cmocka_unit_test(test_users_errors),
	        cmocka_unit_test(test_users_zero_octet), cmocka_unit_test(test_users_word_length),
	        cmocka_unit_test(test_users_best_match), cmocka_unit_test(test_users_none),
	        cmocka_unit_test(test_users_any_octets), cmocka_unit_test(test_users_many),
	        cmocka_unit_test(test_users_file_mode),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
