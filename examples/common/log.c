/* log: one line a message on standard error, the program's name first. */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_OCTETS     4096 /* an Incoming-Call-Request with every octet of its text escaped fits */
#define LIMIT_PERIOD_US 1000000u

static const char *program_name = "pptp";
static int wanted_verbosity;

void log_open(const char *program, int verbosity)
{
	program_name = program;
	wanted_verbosity = verbosity;
}

bool log_wants(int verbosity)
{
	return wanted_verbosity >= verbosity;
}

static void write_line(const char *format, va_list values, const char *reason)
{
	char line[LINE_OCTETS];
	size_t cap = sizeof line - 1; /* room for the line feed */
	size_t len = 0;
	int added = snprintf(line, cap, "%s: ", program_name);

	if (added > 0)
		len = (size_t)added < cap ? (size_t)added : cap - 1;
	added = vsnprintf(line + len, cap - len, format, values);
	if (added > 0)
		len += (size_t)added < cap - len ? (size_t)added : cap - len - 1;
	if (reason != NULL) {
		added = snprintf(line + len, cap - len, ": %s", reason);
		if (added > 0)
			len += (size_t)added < cap - len ? (size_t)added : cap - len - 1;
	}
	line[len++] = '\n';
	/* Where standard error itself fails there is nowhere left to say so. */
	if (write(STDERR_FILENO, line, len) < 0)
		return;
}

void log_line(const char *format, ...)
{
	va_list values;

	va_start(values, format);
	write_line(format, values, NULL);
	va_end(values);
}

void log_errno(const char *format, ...)
{
	const char *reason = strerror(errno);
	va_list values;

	va_start(values, format);
	write_line(format, values, reason);
	va_end(values);
}

const char *log_escape(char *ret, size_t cap, const uint8_t *text, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	size_t used = 0;

	for (size_t i = 0; i < len && text[i] != 0; i++) {
		bool plain = text[i] >= 0x20 && text[i] < 0x7f && text[i] != '"' && text[i] != '\\';

		if (used + (plain ? 1 : 4) >= cap)
			break;
		if (plain) {
			ret[used++] = (char)text[i];
		} else {
			ret[used++] = '\\';
			ret[used++] = 'x';
			ret[used++] = digits[text[i] >> 4];
			ret[used++] = digits[text[i] & 15];
		}
	}
	ret[used] = '\0';
	return ret;
}

bool log_allowed(struct log_limit *limit, uint64_t now)
{
	if (now < limit->next_us) {
		limit->suppressed++;
		return false;
	}
	if (limit->suppressed > 0)
		log_line("%lu more lines like the next one were left out", limit->suppressed);
	limit->suppressed = 0;
	limit->next_us = now + LIMIT_PERIOD_US;
	return true;
}
