/* object: what every public object and sized struct shares (internal). */
#ifndef PPTP_OBJECT_H
#define PPTP_OBJECT_H

#include "pptp/base.h"
#include <string.h>

/* The largest of the members we use, */
union pptp_align {
	uint64_t number;
	void *pointer;
};
/* and what _init asks for: the alignment that it has in a struct, which on i686 is 4. */
struct pptp_aligned_member {
	char before;
	union pptp_align member;
};
#define PPTP_ALIGNMENT offsetof(struct pptp_aligned_member, member)

#define PPTP_ASSERT(name, condition) typedef char pptp_assert_##name[(condition) ? 1 : -1]

/* Round up, so that arrays can follow each other in one piece of memory. */
static inline size_t pptp_aligned(size_t octets)
{
	const size_t unit = sizeof(union pptp_align);
	return (octets + unit - 1) / unit * unit;
}

static inline pptp_err pptp_check_memory(const void *mem, size_t size, size_t needed)
{
	if (!mem)
		return PPTP_ERR_ARG;
	if ((uintptr_t)mem % PPTP_ALIGNMENT != 0)
		return PPTP_ERR_ALIGN;
	return size < needed ? PPTP_ERR_SIZE : PPTP_OK;
}

/* No struct that begins with its size is shorter; a pointer to one is, whose size is easily given instead. */
#define SIZED_MIN 12u

/* Copy a struct that begins with its size over defaults of ours: an older, shorter one leaves the
 * defaults of what it does not know; a newer, longer one must have a zero tail. Where it has pointers every
 * version's size is a multiple of `unit`, theirs: else one would be cut. */
static inline pptp_err pptp_copy_sized(void *known, uint32_t known_size, size_t unit, const void *given)
{
	uint32_t size, i;
	if (!given)
		return PPTP_ERR_ARG;
	memcpy(&size, given, sizeof size);
	if (size < SIZED_MIN || size % unit != 0)
		return PPTP_ERR_SIZE;
	for (i = known_size; i < size; i++)
		if (((const uint8_t *)given)[i] != 0)
			return PPTP_ERR_SIZE;
	memcpy(known, given, size < known_size ? size : known_size);
	return PPTP_OK;
}

/* The other way: give the caller as much of a struct as he knows, zeros behind what we know. */
static inline pptp_err pptp_give_sized(void *ret, uint32_t size, void *known, uint32_t known_size)
{
	if (!ret)
		return PPTP_ERR_ARG;
	if (size < SIZED_MIN)
		return PPTP_ERR_SIZE;
	memcpy(known, &size, sizeof size);
	if (size > known_size)
		memset((uint8_t *)ret + known_size, 0, size - known_size);
	memcpy(ret, known, size < known_size ? size : known_size);
	return PPTP_OK;
}

#endif
