/* login: who may log in at the server, and which address he gets. */
#ifndef LOGIN_H
#define LOGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "users.h"

struct server;
struct call;

/** Read the users file, where there is one, and keep its addresses for them. @return false, logged */
bool login_open(struct server *server);

/** Read it again. Where it has an error that is logged, and all is as before. Nobody's session ends. */
void login_reload(struct server *server);
void login_close(struct server *server);

/** The secret of who wants to log in on this call, as long as no reload comes; the call keeps in mind who
 * that is.
 *  @return false: he may not, and that was logged */
bool login_secret(struct call *call, const char *name, size_t len, struct users_word *ret_secret);

/** He has proved who he is, PPP is about to give him an address: his own, or one of the pool. Another session
 * that has this address ends.
 *  @return 0: there is none, logged */
uint32_t login_address(struct call *call);

#endif
