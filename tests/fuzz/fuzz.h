/* fuzz: what the fuzz targets share. A target is LLVMFuzzerTestOneInput; with replay_main.c it is a plain
 * program that runs files. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pptp/pptp.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition)                                                                                \
	do {                                                                                                 \
		if (!(condition)) {                                                                          \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);              \
			abort();                                                                             \
		}                                                                                            \
	} while (0)

/** Memory of exactly this size, so that a sanitizer sees what goes beyond it. */
static inline void *fuzz_alloc(size_t octets)
{
	void *mem = malloc(octets ? octets : 1);
	FUZZ_CHECK(mem != NULL);
	memset(mem, 0xA5, octets);
	return mem;
}

static inline uint8_t *fuzz_copy(const uint8_t *data, size_t len)
{
	uint8_t *copy = fuzz_alloc(len);
	if (len > 0)
		memcpy(copy, data, len);
	return copy;
}

/** The input, read from the front; behind its end there are zeros. */
typedef struct fuzz_input {
	const uint8_t *at;
	size_t left;
} fuzz_input;

static inline uint8_t fuzz_octet(fuzz_input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->at++;
}

static inline uint32_t fuzz_number(fuzz_input *in, uint32_t octets)
{
	uint32_t n = 0;
	while (octets-- > 0)
		n = n << 8 | fuzz_octet(in);
	return n;
}

/** Up to len octets; returns how many there were. */
static inline size_t fuzz_octets(fuzz_input *in, void *ret, size_t len)
{
	if (len > in->left)
		len = in->left;
	if (len > 0)
		memcpy(ret, in->at, len);
	in->at += len;
	in->left -= len;
	return len;
}

#endif
