/* seed: numbers that nobody can guess, for Call IDs and magic numbers. */
#ifndef SEED_H
#define SEED_H

#include <stdbool.h>
#include <stdint.h>

/** 64 bits from the kernel. @return false, logged, when it has none to give */
bool seed_get(uint64_t *ret);

#endif
