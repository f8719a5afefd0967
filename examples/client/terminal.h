/* terminal: asks for what must not be seen. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/** Ask on the controlling terminal, without echo. A signal that ends the program is let through when the
 * terminal is as it was.
 *  @param ret_line  what was typed, ends with zero, without the line feed; cut to fit
 *  @return false, logged */
bool terminal_ask(const char *prompt, char *ret_line, size_t cap);

#endif
