/* password: the user's password, from where nobody else sees it. */
#ifndef PASSWORD_H
#define PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#define PASSWORD_OCTETS_MAX  255u
#define PASSWORD_ENVIRONMENT "PPTP_PASSWORD"

struct password {
	char text[PASSWORD_OCTETS_MAX]; /* no zero behind it */
	size_t len;
};

/* Where to look. At most one of the first three is given; without any the environment, then the terminal. */
struct password_source {
	const char *file;    /* its first line; NULL: none */
	const char *secrets; /* in the format of chap-secrets; NULL: none */
	int descriptor;      /* its first line; -1: none */
};

/** Get it. The terminal is as it was before when this returns, and when a signal ends the program meanwhile.
 *  @return false, logged; never with the password in it */
bool password_get(const struct password_source *source, const char *user, const char *server,
                  struct password *ret);

void password_wipe(struct password *password);

#endif
