/* profiles: peers as they are met, as scripts of a whole session (script.h). What a peer sends stands in `in`
 * lines with the values that this peer uses; what the default set of tolerances makes of it is one script,
 * what the strict profile makes of it another. */
#ifndef PROFILES_H
#define PROFILES_H

#include "script.h"

typedef struct profile {
	const char *name;
	const char *usual;
	const char *strict; /* NULL: the same */
} profile;

extern const profile profiles[];
extern const size_t profiles_len;

/** Both sessions of the peer of this name, in every mode. */
void profile_run(const char *name);

#endif
