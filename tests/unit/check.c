#include "check.h"

static char row[200], step[600];

void check_row(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(row, sizeof(row), format, args);
	va_end(args);
	step[0] = 0;
}

void check_step(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(step, sizeof(step), format, args);
	va_end(args);
}

void check_fail(const char *file, int line, const char *format, ...)
{
	va_list args;
	fprintf(stderr, "# %s:%d\n", file, line);
	if (row[0])
		fprintf(stderr, "#   row: %s\n", row);
	if (step[0])
		fprintf(stderr, "#   step: %s\n", step);
	fprintf(stderr, "#   ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	fflush(stderr);
	_fail(file, line);
}

void check_equal(int64_t is, int64_t wanted, const char *what, const char *file, int line)
{
	if (is != wanted)
		check_fail(file, line, "%s is %lld (0x%llx), wanted %lld (0x%llx)", what, (long long)is,
		           (unsigned long long)is, (long long)wanted, (unsigned long long)wanted);
}

void check_octets(const void *is, const void *wanted, size_t len, const char *what, const char *file,
                  int line)
{
	const uint8_t *a = is, *b = wanted;
	size_t i;
	for (i = 0; i < len; i++) {
		if (a[i] != b[i])
			check_fail(file, line, "%s: octet %u of %u is 0x%02x, wanted 0x%02x", what,
			           (unsigned)i, (unsigned)len, a[i], b[i]);
	}
}

void check_text(const char *is, const char *wanted, const char *what, const char *file, int line)
{
	if (!is || strcmp(is, wanted) != 0)
		check_fail(file, line, "%s is \"%s\", wanted \"%s\"", what, is ? is : "(null)", wanted);
}

uint32_t check_scale(uint32_t full)
{
	const char *text = getenv("PPTP_TEST_SCALE");
	unsigned long scale = text ? strtoul(text, NULL, 10) : 1;
	if (scale <= 1)
		return full;
	return full > scale ? (uint32_t)(full / scale) : 1;
}

/* splitmix64 */
uint32_t random_next(check_random *random)
{
	uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return (uint32_t)((z ^ (z >> 31)) >> 32);
}

uint32_t random_below(check_random *random, uint32_t below)
{
	return (uint32_t)(((uint64_t)random_next(random) * below) >> 32);
}

void random_fill(check_random *random, uint8_t *ret, size_t len)
{
	size_t i;
	for (i = 0; i < len; i++)
		ret[i] = (uint8_t)random_next(random);
}

void *check_alloc(size_t size)
{
	void *mem = malloc(size ? size : 1);
	if (!mem)
		check_fail(__FILE__, __LINE__, "no memory for %u octets", (unsigned)size);
	memset(mem, 0xA5, size);
	return mem;
}

uint8_t *check_copy(const void *data, size_t len)
{
	uint8_t *copy = check_alloc(len);
	if (len)
		memcpy(copy, data, len);
	return copy;
}
