/* wipe: forget a secret, and compare one, in ways that a compiler cannot shorten. */
#ifndef PPP_WIPE_H
#define PPP_WIPE_H

#include <stddef.h>
#include <stdint.h>

static inline void wipe(void *secret, size_t len)
{
	volatile uint8_t *at = secret;

	while (len-- > 0)
		*at++ = 0;
}

/** Whether two secrets are equal, in a time that depends on len only. */
static inline int same_secret(const uint8_t *a, const uint8_t *b, size_t len)
{
	volatile uint8_t difference = 0;

	while (len-- > 0)
		difference = (uint8_t)(difference | (*a++ ^ *b++));
	return difference == 0;
}

#endif
