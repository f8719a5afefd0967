/* auth_message: what the peer said when it refused us, made fit for a log: bounded, printable ASCII, and the
 * error codes of MS-CHAP in words (RFC 2433 6, RFC 2759 6). */
#include "auth.h"

struct message {
	char *text;
	size_t used;
};

static void put(struct message *message, const char *text, size_t len)
{
	for (size_t i = 0; i < len && message->used + 1 < PPP_MESSAGE_MAX; i++)
		message->text[message->used++] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	message->text[message->used] = '\0';
}

static void put_words(struct message *message, const char *words)
{
	put(message, words, strlen(words));
}

static struct message begin(ppp *link)
{
	struct message message = {link->auth.message, 0};

	message.text[0] = '\0';
	return message;
}

void ppp_auth_keep_text(ppp *link, const uint8_t *text, size_t len)
{
	struct message message = begin(link);

	put(&message, (const char *)text, len);
}

static const char *words_of(const char *digits, size_t len)
{
	static const struct {
		const char *code, *words;
	} errors[] = {
	        {"646", "logging on is not permitted at this hour"},
	        {"647", "the account is disabled"},
	        {"648", "the password has expired"},
	        {"649", "the account has no permission to dial in"},
	        {"691", "wrong user name or password"},
	        {"709", "the password could not be changed"},
	};

	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (strlen(errors[i].code) == len && memcmp(errors[i].code, digits, len) == 0)
			return errors[i].words;
	return NULL;
}

/* A field "X=" at the beginning or behind a blank, up to the next blank; M, the last one, up to the end. NULL
 * where there is none: peers leave out what they like (P-MS2-05). */
static const char *find(const char *text, size_t len, char letter, size_t *ret_len)
{
	for (size_t i = 0; i + 1 < len; i++) {
		size_t from = i + 2, to = from;

		if (text[i] != letter || text[i + 1] != '=' || (i > 0 && text[i - 1] != ' '))
			continue;
		while (to < len && (letter == 'M' || text[to] != ' '))
			to++;
		*ret_len = to - from;
		return text + from;
	}
	return NULL;
}

void ppp_auth_keep_failure(ppp *link, const uint8_t *octets, size_t len)
{
	struct message message = begin(link);
	const char *text = (const char *)octets, *code, *words;
	size_t code_len, words_len;

	code = find(text, len, 'E', &code_len);
	if (!code) {
		put(&message, text, len);
		return;
	}
	put_words(&message, "error ");
	put(&message, code, code_len);
	words = words_of(code, code_len);
	if (words) {
		put_words(&message, ", ");
		put_words(&message, words);
	}
	words = find(text, len, 'M', &words_len);
	if (words && words_len > 0) {
		put_words(&message, ": ");
		put(&message, words, words_len);
	}
}
