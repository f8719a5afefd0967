/* users_line: one line of a users file. */
#ifndef USERS_LINE_H
#define USERS_LINE_H

#include "users.h"

enum users_line { USERS_LINE_BAD, USERS_LINE_EMPTY, USERS_LINE_ENTRY };

/** @param line  without its line feed; is changed: quotes are taken out in place
 *  @param ret   line and next are left as they are; its words point into `line`
 *  @param text  for USERS_LINE_BAD: what is wrong and what to do; never holds a secret */
enum users_line users_line_parse(struct users_entry *ret, char *line, size_t len, char text[USERS_TEXT_MAX]);

#endif
