/* command: runs a program of the host's and waits for it. */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>

/** Run and wait, for a few seconds at most: then it is killed.
 *  @param words  its name, which is looked for in PATH, and its arguments; NULL behind the last one
 *  @param input  text for its standard input; NULL: none
 *  @return whether it ended with 0; if not, that was logged */
bool command_run(const char *const words[], const char *input);

#endif
