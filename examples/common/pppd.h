/* pppd: one pppd behind a pty, for one call. */
#ifndef PPPD_H
#define PPPD_H

#include <stdbool.h>
#include <sys/types.h>

#include "loop.h"

#define PPPD_WORDS_MAX 32

struct pppd {
	struct loop *loop;
	struct loop_io exit_io; /* a descriptor of the process: readable when it has ended */
	struct loop_timer grace;
	pid_t process; /* 0: none */
	int pty;
	void (*ended)(void *user, int status);
	void *user;
};

/** Start one.
 *  @param path    the program, looked for in PATH
 *  @param words   its arguments, behind its name; NULL behind the last one. Everybody can read them: no
 * secrets
 *  @param ended   called once, with the status as of waitpid; not after pppd_kill
 *  @return false, logged; nothing to free then. pppd->pty is the host's end, not blocking */
bool pppd_start(struct pppd *pppd, struct loop *loop, const char *path, const char *const words[],
                void (*ended)(void *user, int status), void *user);

/** Ask it to end: it hangs up in order. Killed when that takes long. `ended` follows. */
void pppd_stop(struct pppd *pppd);

/** End it and wait for it, briefly: it is killed if need be. Frees everything. */
void pppd_free(struct pppd *pppd);

/** Why it ended, for a user (pppd(8), EXIT STATUS). */
const char *pppd_reason(int status);

#endif
