/* wire: bounds-checked big-endian reader and writer (internal).
 *
 * Everything in this tree that touches an octet of a message goes through here. Errors are sticky:
 * a reader that ran out returns zeros, a writer that ran out writes nothing more, and `failed` tells
 * so once at the end. Needs nothing but memcpy, memset. RFC 2637 2: all integers are big-endian. */
#ifndef PPTP_WIRE_H
#define PPTP_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Unchecked access, for code that has just compared a length. */

static inline uint16_t wire_load16(const uint8_t *from)
{
	return (uint16_t)((uint32_t)from[0] << 8 | from[1]);
}

static inline uint32_t wire_load32(const uint8_t *from)
{
	return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

static inline void wire_store16(uint8_t *to, uint16_t value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

/* By way of an array, which compilers make one store of, whatever stands around it. */
static inline void wire_store32(uint8_t *to, uint32_t value)
{
	const uint8_t octets[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
	                           (uint8_t)value};
	memcpy(to, octets, sizeof octets);
}

/* Reader: borrows [at, at + left), which must outlive it. */

typedef struct wire_reader {
	const uint8_t *at;
	size_t left;
	int failed;
} wire_reader;

static inline wire_reader wire_read(const uint8_t *from, size_t len)
{
	wire_reader r = {from, len, 0};
	return r;
}

/* The next n octets, or NULL when fewer are left. */
static inline const uint8_t *wire_take(wire_reader *r, size_t n)
{
	const uint8_t *from = r->at;
	if (r->failed || n > r->left) {
		r->failed = 1;
		return NULL;
	}
	r->at += n;
	r->left -= n;
	return from;
}

static inline uint8_t wire_get8(wire_reader *r)
{
	const uint8_t *from = wire_take(r, 1);
	return from ? from[0] : 0;
}

static inline uint16_t wire_get16(wire_reader *r)
{
	const uint8_t *from = wire_take(r, 2);
	return from ? wire_load16(from) : 0;
}

static inline uint32_t wire_get32(wire_reader *r)
{
	const uint8_t *from = wire_take(r, 4);
	return from ? wire_load32(from) : 0;
}

static inline void wire_get_octets(wire_reader *r, void *to, size_t n)
{
	const uint8_t *from = wire_take(r, n);
	if (from)
		memcpy(to, from, n);
}

/* Writer: borrows [start, start + cap). */

typedef struct wire_writer {
	uint8_t *start;
	size_t used, cap;
	int failed;
} wire_writer;

static inline wire_writer wire_write(uint8_t *to, size_t cap)
{
	wire_writer w = {to, 0, cap, 0};
	return w;
}

/* Room for n octets, or NULL when fewer are free. */
static inline uint8_t *wire_room(wire_writer *w, size_t n)
{
	uint8_t *to;
	if (w->failed || n > w->cap - w->used) {
		w->failed = 1;
		return NULL;
	}
	to = w->start + w->used;
	w->used += n;
	return to;
}

static inline void wire_put8(wire_writer *w, uint8_t value)
{
	uint8_t *to = wire_room(w, 1);
	if (to)
		to[0] = value;
}

static inline void wire_put16(wire_writer *w, uint16_t value)
{
	uint8_t *to = wire_room(w, 2);
	if (to)
		wire_store16(to, value);
}

static inline void wire_put32(wire_writer *w, uint32_t value)
{
	uint8_t *to = wire_room(w, 4);
	if (to)
		wire_store32(to, value);
}

static inline void wire_put_octets(wire_writer *w, const void *from, size_t n)
{
	uint8_t *to = wire_room(w, n);
	if (to && n > 0)
		memcpy(to, from, n);
}

#endif
