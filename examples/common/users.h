/* users: who may log in, from a file in the format of pppd's chap-secrets (pppd(8), "AUTHENTICATION"):
 *
 *     # client   server   secret          IP addresses
 *     alice      *        "a secret"      *            an address of the pool
 *     bob        *        another         10.20.0.77   this address
 *
 * Words have blanks between them; "quotes" hold blanks together, a backslash takes the next character as it
 * is, and # begins a comment. "*" stands for any client or server. Without addresses, or with "-", the client
 * may have none and cannot log in, as with pppd. */
#ifndef USERS_H
#define USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USERS_WORD_MAX 255u        /* octets of a name or secret: what CHAP and PAP have room for */
#define USERS_FILE_MAX (64u << 20) /* octets; some million users */
#define USERS_TEXT_MAX 512u

enum users_address { USERS_ADDRESS_NONE, USERS_ADDRESS_ANY, USERS_ADDRESS_FIXED };

struct users_word {
	const char *text; /* no zero behind it, and there may be some in it */
	size_t len;
};

struct users_entry {
	struct users_word client, server, secret;
	unsigned line;
	enum users_address kind;
	uint32_t address; /* USERS_ADDRESS_FIXED: in host order */
	uint32_t next;    /* of those with the same hash, 1 .. count; 0: none */
};

struct users {
	struct users_entry *entries; /* in the order of the file */
	uint32_t count;
	uint32_t *heads; /* of the chains */
	uint32_t mask;
	char *text; /* the file; the words are in it */
	size_t text_len;
};

struct users_error {
	unsigned line; /* 0: the file as a whole */
	char text[USERS_TEXT_MAX];
};

/** Read a file. Secrets are in memory until users_free.
 *  @return false, with what is wrong and what to do in *ret_error; nothing to free then */
bool users_load(struct users *ret, const char *path, struct users_error *ret_error);

/** The same from memory.
 *  @param text  allocated with malloc; is freed with the users, and when this fails */
bool users_parse(struct users *ret, char *text, size_t len, struct users_error *ret_error);

/** Forget the secrets and free. Also of all zero. */
void users_free(struct users *users);

/** The entry for this client at this server: of those that match the one with the fewest "*", of these the
 *  first. The time does not depend on how many there are. @return NULL: none */
const struct users_entry *users_find(const struct users *users, const void *client, size_t client_len,
                                     const char *server);

/** A file with a secret must be an ordinary one, of ours or root's, and others must have no access to it.
 *  @param text  what is wrong and what to do
 *  @return false: it is not */
bool users_check_file(int fd, const char *path, char text[USERS_TEXT_MAX]);

#endif
