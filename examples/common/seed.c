/* seed: numbers that nobody can guess, for Call IDs and magic numbers. */
#include "seed.h"

#include <errno.h>
#include <sys/random.h>

#include "log.h"

bool seed_get(uint64_t *ret)
{
	uint64_t seed;
	ssize_t got;

	do {
		got = getrandom(&seed, sizeof seed, 0);
	} while (got < 0 && errno == EINTR);
	if (got != (ssize_t)sizeof seed) {
		log_errno("cannot get random numbers");
		return false;
	}
	*ret = seed;
	return true;
}
