/* resolver: the name servers of the tunnel, handed to the host while the tunnel is up. */
#ifndef RESOLVER_H
#define RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define RESOLVER_PATH_MAX 4096u

enum resolver_way {
	RESOLVER_NONE,
	RESOLVER_RESOLVECTL, /* systemd-resolved; it forgets them with the interface, whatever ends us */
	RESOLVER_RESOLVCONF, /* Debian's resolvconf or openresolv */
	RESOLVER_FILE        /* such as /etc/resolv.conf; the old one is kept beside it meanwhile */
};

struct resolver {
	enum resolver_way way;
	const char *path;      /* RESOLVER_FILE */
	const char *interface; /* of the tunnel */
	bool set;              /* and must be restored */
	bool had_file;         /* there was one, it is kept */
	dev_t device;          /* the file that we made: what another program made is not ours to undo */
	ino_t inode;
};

/** "none", "resolvectl", "resolvconf" or an absolute path. @return false, logged */
bool resolver_option(const char *option, const char *text, struct resolver *ret);

/** Use these name servers, in host order, 0: none there. Again with others, or the same, is legal.
 *  @param interface  kept
 *  @return false, logged: the host has those that it had before */
bool resolver_set(struct resolver *resolver, const char *interface, const uint32_t servers[2]);

/** What was before; harmless when nothing is set. */
void resolver_restore(struct resolver *resolver);

#endif
