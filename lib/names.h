/* names: lists of names without pointers (internal). A pointer in a constant table would need a
 * relocation, that is, writable data in a shared library. */
#ifndef PPTP_NAMES_H
#define PPTP_NAMES_H

#include <stdint.h>

/* Element n of a list "a\0b\0" (which ends with an empty name), or other. */
static inline const char *pptp_nth_name(const char *list, uint32_t n, const char *other)
{
	for (; *list; list++) {
		if (n-- == 0)
			return list;
		while (*list)
			list++;
	}
	return other;
}

#endif
