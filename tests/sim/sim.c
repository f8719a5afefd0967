/* sim: random, time, and what is said when something is wrong. */
#include "sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sim_init(sim *s, uint64_t seed)
{
	memset(s, 0, sizeof *s);
	s->seed = s->random = seed;
}

void sim_free(sim *s)
{
	free(s->events);
	memset(s, 0, sizeof *s);
}

void *sim_alloc(size_t octets)
{
	void *mem = calloc(1, octets ? octets : 1);
	if (!mem) {
		fprintf(stderr, "no memory for %lu octets\n", (unsigned long)octets);
		exit(2);
	}
	return mem;
}

/* ---- random ------------------------------------------------------------------------------------ */

/* splitmix64 */
uint32_t sim_random(sim *s)
{
	uint64_t z = s->random += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return (uint32_t)((z ^ (z >> 31)) >> 32);
}

uint32_t sim_below(sim *s, uint32_t below)
{
	return (uint32_t)(((uint64_t)sim_random(s) * below) >> 32);
}

uint64_t sim_between(sim *s, uint64_t low, uint64_t high)
{
	uint64_t wide = (uint64_t)sim_random(s) << 32;
	wide |= sim_random(s);
	return high <= low ? low : low + wide % (high - low + 1);
}

int sim_one_in(sim *s, uint32_t n)
{
	return n != 0 && sim_below(s, n) == 0;
}

void sim_fill(sim *s, void *ret, size_t len)
{
	uint8_t *octets = ret;
	size_t i;
	for (i = 0; i < len; i++)
		octets[i] = (uint8_t)sim_random(s);
}

void sim_flip(sim *s, uint8_t *octets, size_t len)
{
	uint32_t bit = sim_below(s, (uint32_t)len * 8);
	octets[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

/* ---- time ---------------------------------------------------------------------------------------- */

static int before(const sim_event *a, const sim_event *b)
{
	return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void grow(sim *s)
{
	size_t cap = s->cap ? 2 * s->cap : 256;
	sim_event *events = realloc(s->events, cap * sizeof *events);
	if (!events) {
		fprintf(stderr, "no memory for %lu events\n", (unsigned long)cap);
		exit(2);
	}
	s->events = events;
	s->cap = cap;
}

void sim_at(sim *s, uint64_t when, sim_action action, void *object, uint32_t generation, uint64_t value)
{
	sim_event e = {when, s->order++, value, action, object, generation};
	size_t at = s->len;
	if (when == SIM_NEVER)
		return;
	if (s->len == s->cap)
		grow(s);
	s->len++;
	for (; at > 0 && before(&e, &s->events[(at - 1) / 2]); at = (at - 1) / 2)
		s->events[at] = s->events[(at - 1) / 2];
	s->events[at] = e;
}

void sim_after(sim *s, uint64_t delay, sim_action action, void *object, uint32_t generation, uint64_t value)
{
	sim_at(s, delay == SIM_NEVER ? SIM_NEVER : s->now + delay, action, object, generation, value);
}

static sim_event pop(sim *s)
{
	sim_event first = s->events[0], last = s->events[--s->len];
	size_t at = 0, child;
	while ((child = 2 * at + 1) < s->len) {
		if (child + 1 < s->len && before(&s->events[child + 1], &s->events[child]))
			child++;
		if (!before(&s->events[child], &last))
			break;
		s->events[at] = s->events[child];
		at = child;
	}
	s->events[at] = last;
	return first;
}

int sim_step(sim *s, uint64_t until)
{
	sim_event e;
	if (s->len == 0 || s->events[0].at > until)
		return 0;
	e = pop(s);
	if (e.at > s->now)
		s->now = e.at;
	s->steps++;
	e.action(e.object, e.generation, e.value);
	return 1;
}

/* ---- what must not be ---------------------------------------------------------------------------- */

static void print_time(FILE *to, uint64_t now)
{
	fprintf(to, "%llu.%06u s", (unsigned long long)(now / SIM_SECOND), (unsigned)(now % SIM_SECOND));
}

void sim_violation(sim *s, const char *format, ...)
{
	va_list args;
	fflush(stdout);
	fprintf(stderr, "violation at step %llu, ", (unsigned long long)s->steps);
	print_time(stderr, s->now);
	fprintf(stderr, "\n  ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n  replay: %s\n", s->replay ? s->replay : "unknown");
	if (s->report)
		s->report(s->report_context);
	exit(1);
}

void sim_log(sim *s, const char *format, ...)
{
	va_list args;
	if (!s->verbose)
		return;
	printf("%llu ", (unsigned long long)s->steps);
	print_time(stdout, s->now);
	printf(" ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}
