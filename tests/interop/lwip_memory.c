/* lwip_memory: a heap that has nothing left for as many allocations, from such a one on, as LWIP_MEMORY_FAILS says,
 * "FIRST COUNT". lwIP's time-outs are exempt: their pool is made so large that it is never empty, and lwIP asserts
 * that it is not. */
#include "lwip_memory.h"

#include <stdio.h>
#include <stdlib.h>

#include "lwip/mem.h"
#include "lwip/timeouts.h"

#define TIMEOUT_OCTETS                                                                                       \
	(LWIP_MEM_ALIGN_SIZE(sizeof(struct sys_timeo)) + LWIP_MEM_ALIGN_SIZE(sizeof(mem_size_t)))

static unsigned allocations, failed;

static void report(void)
{
	printf("allocations: %u, %u of them failed\n", allocations, failed);
}

static int fails(size_t octets)
{
	static unsigned first, count;

	if (octets == TIMEOUT_OCTETS)
		return 0;
	if (allocations++ == 0) {
		const char *which = getenv("LWIP_MEMORY_FAILS");

		atexit(report);
		if (which && sscanf(which, "%u %u", &first, &count) != 2)
			abort();
	}
	if (allocations < first || allocations >= first + count)
		return 0;
	failed++;
	return 1;
}

void *short_malloc(size_t octets)
{
	return fails(octets) ? NULL : malloc(octets);
}

void *short_calloc(size_t n, size_t octets)
{
	return fails(n * octets) ? NULL : calloc(n, octets);
}
