/* log: one line a message on standard error, the program's name first.
 *
 * Every line goes out in one write, so that lines of two programs on one terminal do not mix. Text that came
 * from a peer passes log_escape first: it must not move the cursor of whoever reads the log. */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOG_MESSAGES = 1, LOG_DETAILS = 2 }; /* verbosity: -v control messages, -vv PPP and counters too */

/** @param program  kept */
void log_open(const char *program, int verbosity);

/** Whether -v was given that often. */
bool log_wants(int verbosity);

void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** The same with ": " and the text of errno behind it. */
void log_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Copy text of a peer's, up to its first zero octet, with \xNN for whatever is not printable ASCII and for
 *  the characters that delimit it in a log line (" and \).
 *  @param cap  at least 1; the result is cut to fit and ends with a zero
 *  @return ret */
const char *log_escape(char *ret, size_t cap, const uint8_t *text, size_t len);

/** For lines that a stranger can provoke: true at most once a second; all zero at first. */
struct log_limit {
	uint64_t next_us;
	unsigned long suppressed; /* since the last true */
};

bool log_allowed(struct log_limit *limit, uint64_t now);

#endif
