/* users_line: one line of a users file. */
#include "users_line.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* ---- words ---------------------------------------------------------------------------------- */

enum take { TAKE_BAD, TAKE_NONE, TAKE_WORD };

struct words {
	char *at, *end;
	char *text; /* for errors */
};

static enum take bad(struct words *words, const char *what)
{
	snprintf(words->text, USERS_TEXT_MAX, "%s", what);
	return TAKE_BAD;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next word, its quotes and backslashes taken out where it stands. */
static enum take take_word(struct words *words, struct users_word *ret)
{
	char *to;
	bool quoted = false;

	while (words->at < words->end && is_blank(*words->at))
		words->at++;
	if (words->at == words->end || *words->at == '#')
		return TAKE_NONE;
	ret->text = to = words->at;
	while (words->at < words->end && (quoted || !is_blank(*words->at))) {
		char c = *words->at++;

		if (c == '\0')
			return bad(words, "there is a zero octet in it: this is no text file");
		if (c == '"') {
			quoted = !quoted;
			continue;
		}
		if (c == '#' && !quoted)
			return bad(
			        words,
			        "# in a word begins a comment in some programs: put the word in \"quotes\", "
			        "or a blank before #");
		if (c == '\\') {
			if (words->at == words->end)
				return bad(words,
				           "nothing follows the backslash: for a backslash itself write two");
			c = *words->at++;
		}
		*to++ = c;
	}
	ret->len = (size_t)(to - ret->text);
	if (quoted)
		return bad(words,
		           "the quotes are not closed: write another \", or \\\" for the character itself");
	if (ret->len > USERS_WORD_MAX)
		return bad(words, "a word has more than 255 octets, the most that PPP has room for");
	return TAKE_WORD;
}

/* ---- addresses ------------------------------------------------------------------------------ */

static bool is_word(const struct users_word *word, const char *text)
{
	return word->len == strlen(text) && memcmp(word->text, text, word->len) == 0;
}

static bool read_address(const struct users_word *word, uint32_t *ret)
{
	char text[INET_ADDRSTRLEN];
	struct in_addr address;

	if (word->len >= sizeof text)
		return false;
	memcpy(text, word->text, word->len);
	text[word->len] = '\0';
	if (inet_pton(AF_INET, text, &address) != 1)
		return false;
	*ret = ntohl(address.s_addr);
	return *ret != 0;
}

/* The word itself is not shown: behind a secret with a blank and no quotes it is a part of that. */
static enum take bad_address(struct words *words, int number)
{
	snprintf(words->text, USERS_TEXT_MAX,
	         "word %d is no address for a client: write one IPv4 address, * for one of the pool, or - "
	         "for none; if it is part of the secret, put that in \"quotes\"",
	         number);
	return TAKE_BAD;
}

static enum take take_addresses(struct words *words, struct users_entry *entry)
{
	struct users_word word;
	enum take took = take_word(words, &word);

	entry->kind = USERS_ADDRESS_NONE;
	if (took != TAKE_WORD || is_word(&word, "-") || is_word(&word, "--"))
		return took == TAKE_BAD ? TAKE_BAD : TAKE_NONE;
	if (is_word(&word, "*"))
		entry->kind = USERS_ADDRESS_ANY;
	else if (read_address(&word, &entry->address))
		entry->kind = USERS_ADDRESS_FIXED;
	else
		return bad_address(words, 4);
	took = take_word(words, &word);
	if (took == TAKE_WORD && !is_word(&word, "--")) /* options of pppd's, which are not for us */
		return bad_address(words, 5);
	return took;
}

/* ---- lines ---------------------------------------------------------------------------------- */

static enum users_line bad_line(char text[USERS_TEXT_MAX], const char *what)
{
	snprintf(text, USERS_TEXT_MAX, "%s", what);
	return USERS_LINE_BAD;
}

enum users_line users_line_parse(struct users_entry *ret, char *line, size_t len, char text[USERS_TEXT_MAX])
{
	struct words words = {.at = line, .end = line + len, .text = text};
	struct users_word *const fields[] = {&ret->client, &ret->server, &ret->secret};

	for (unsigned i = 0; i < 3; i++) {
		enum take took = take_word(&words, fields[i]);

		if (took == TAKE_BAD)
			return USERS_LINE_BAD;
		if (took == TAKE_NONE && i == 0)
			return USERS_LINE_EMPTY;
		if (took == TAKE_NONE)
			return bad_line(text,
			                i == 1 ? "the server and the secret are missing: write client server "
			                         "secret address, * for any server"
			                       : "the secret is missing: write client server secret address");
	}
	if (ret->client.len == 0)
		return bad_line(text, "the client's name is empty");
	if (ret->secret.len == 0)
		return bad_line(text, "the secret is empty: anybody could log in");
	if (ret->secret.text[0] == '@')
		return bad_line(
		        text, "a secret beginning with @ names a file that holds it, which is not supported: "
		              "write the secret here");
	return take_addresses(&words, ret) == TAKE_BAD ? USERS_LINE_BAD : USERS_LINE_ENTRY;
}
