/* check: what every unit test includes. Checks that name the row of a table they fail in, a
 * deterministic random source, and memory with a guard behind it. */
#ifndef CHECK_H
#define CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define LEN(table) (sizeof(table) / sizeof((table)[0]))

/* What memory for an object is aligned to at least: as a uint64_t in a struct. */
struct check_alignment {
	char before;
	uint64_t member;
};
#define CHECK_ALIGNMENT offsetof(struct check_alignment, member)

#if defined(__GNUC__)
#define CHECK_PRINTF(at) __attribute__((format(printf, at, at + 1)))
#else
#define CHECK_PRINTF(at)
#endif

/** Names the row of the table that runs now; printed when a check fails. */
void check_row(const char *format, ...) CHECK_PRINTF(1);

/** Names the step in the row. */
void check_step(const char *format, ...) CHECK_PRINTF(1);

/** End the test as failed, with a text. */
void check_fail(const char *file, int line, const char *format, ...) CHECK_PRINTF(3);

void check_equal(int64_t is, int64_t wanted, const char *what, const char *file, int line);
void check_octets(const void *is, const void *wanted, size_t len, const char *what, const char *file,
                  int line);
void check_text(const char *is, const char *wanted, const char *what, const char *file, int line);

#define CHECK(condition)                                                                                     \
	do {                                                                                                 \
		if (!(condition))                                                                            \
			check_fail(__FILE__, __LINE__, "%s", #condition);                                    \
	} while (0)
#define CHECK_EQ(is, wanted)          check_equal((int64_t)(is), (int64_t)(wanted), #is, __FILE__, __LINE__)
#define CHECK_OCTETS(is, wanted, len) check_octets(is, wanted, len, #is, __FILE__, __LINE__)
#define CHECK_TEXT(is, wanted)        check_text(is, wanted, #is, __FILE__, __LINE__)

/** How often a heavy loop runs: full, divided by the environment's PPTP_TEST_SCALE; at least once. */
uint32_t check_scale(uint32_t full);

/** A deterministic random source. */
typedef struct check_random {
	uint64_t state;
} check_random;

uint32_t random_next(check_random *random);
/** 0 .. below - 1 */
uint32_t random_below(check_random *random, uint32_t below);
void random_fill(check_random *random, uint8_t *ret, size_t len);

/** Memory of exactly this size, filled with a pattern; ends the test when there is none. Free with free(). */
void *check_alloc(size_t size);

/** A copy of exactly this size, so that a read behind it is found. */
uint8_t *check_copy(const void *data, size_t len);

#endif
