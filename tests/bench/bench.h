/* bench: what the benchmark programs share. A row says what was measured, what it should be, and whether
 * it is; no row makes the program fail, for a machine may be busy. */
#ifndef BENCH_H
#define BENCH_H

#include <pptp/pptp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __linux__
#include <sys/mman.h>
#endif

#define CACHE_LINE 64u
#define HUGE_PAGE  ((size_t)2 << 20)

static inline void bench_check(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

/* Seconds of a steady clock. */
static inline double bench_seconds(void)
{
	struct timespec t;
	timespec_get(&t, TIME_UTC);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static inline void bench_row(const char *what, double is, const char *unit, double must, double moonshot)
{
	printf("%-58s %10.1f %-8s must %8.1f  moonshot %8.1f  %s\n", what, is, unit, must, moonshot,
	       is <= moonshot ? "moonshot"
	       : is <= must   ? "met"
	                      : "MISSED");
}

/* Memory on a cache line, on huge pages where it is large and the system has them; never given back, for
 * the program ends soon. */
static inline void *bench_memory(size_t octets)
{
	size_t align = octets >= HUGE_PAGE ? HUGE_PAGE : CACHE_LINE;
	void *mem = aligned_alloc(align, (octets + align - 1) / align * align);
	bench_check(mem != NULL, "no memory");
#ifdef MADV_HUGEPAGE
	if (align == HUGE_PAGE)
		(void)madvise(mem, octets, MADV_HUGEPAGE); /* a matter of speed only */
#endif
	memset(mem, 0, octets);
	return mem;
}

/* Three words: seed 0 is fine. splitmix64. */
static inline uint32_t bench_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return (uint32_t)(z >> 32);
}

/* The number of a data packet, behind the key of 8 octets. */
static inline void bench_put_number(uint8_t *to, uint32_t number)
{
	to[0] = (uint8_t)(number >> 24);
	to[1] = (uint8_t)(number >> 16);
	to[2] = (uint8_t)(number >> 8);
	to[3] = (uint8_t)number;
}

#endif
