/* pppd: one pppd behind a pty, for one call. */
#ifndef PPPD_H
#define PPPD_H

#include <stdbool.h>
#include <sys/types.h>

#include "loop.h"

#define PPPD_WORDS_MAX 32

struct pppd {
	struct pppd_departures *departures;
	struct pppd *next, *previous; /* among them */
	struct loop_io exit_io;       /* a descriptor of the process: readable when it has ended */
	struct loop_timer grace;
	uint64_t patience; /* when it is killed */
	pid_t process;     /* 0: it has ended */
	int pty;           /* the host's end, not blocking; -1: hung up */
	void (*ended)(void *user, int status);
	void *user;
};

/* Those whose line was hung up and that have not ended yet: scripts run, a RADIUS server is told. They take
 * the time that they need while the loop goes on. */
struct pppd_departures {
	struct loop *loop;
	struct pppd *first;
};

void pppd_departures_open(struct pppd_departures *departures, struct loop *loop);

/** When the program ends: wait for all of them together, a few seconds at most; killed then. */
void pppd_departures_close(struct pppd_departures *departures);

/** Start one.
 *  @param departures  where it goes when it is freed and has not ended
 *  @param path    the program, looked for in PATH
 *  @param words   its arguments, behind its name; NULL behind the last one. Everybody can read them: no
 *                 secrets
 *  @param ended   called once, with the status as of waitpid; not after pppd_free
 *  @return NULL, logged: nothing to free then */
struct pppd *pppd_start(struct pppd_departures *departures, const char *path, const char *const words[],
                        void (*ended)(void *user, int status), void *user);

/** Ask it to end: it hangs up in order. Killed when that takes long. `ended` follows.
 *  @return whether it does: false when it has ended already */
bool pppd_stop(struct pppd *pppd);

/** Hang up and forget it. Does not wait. */
void pppd_free(struct pppd *pppd);

/** Why it ended, for a user (pppd(8), EXIT STATUS). */
const char *pppd_reason(int status);

#endif
