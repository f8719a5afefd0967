/* lwip_memory: the heap of lwIP in the tests. */
#ifndef LWIP_MEMORY_H
#define LWIP_MEMORY_H

#include <stddef.h>

void *short_malloc(size_t octets);
void *short_calloc(size_t n, size_t octets);

#endif
