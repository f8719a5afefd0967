/* cc: what lwIP wants to know of this machine, beyond its defaults. */
#ifndef LWIP_ARCH_CC_H
#define LWIP_ARCH_CC_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/** From the kernel's random source. */
uint32_t port_random(void);
#define LWIP_RAND() port_random()

#define LWIP_PLATFORM_DIAG(x) ((void)0)
#define LWIP_PLATFORM_ASSERT(x)                                                                              \
	do {                                                                                                 \
		fprintf(stderr, "lwIP: %s, %s:%d\n", x, __FILE__, __LINE__);                                 \
		abort();                                                                                     \
	} while (0)

#endif
