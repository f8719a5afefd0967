#include "pppd.h"

#include <errno.h>
#include <fcntl.h>
#include <pptp/pptp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

#define SECOND_US ((uint64_t)1000000)
#define STOP_US   (5 * SECOND_US)  /* for Terminate-Request and its answer */
#define DEPART_US (30 * SECOND_US) /* for what pppd does when the line has gone: pppd asks RADIUS for 30 s */
#define LEAVE_MS  3000             /* the same when the program ends */
#define STEP_MS   5
#define NOT_FOUND 127 /* as shells say it */

/* What the loop has set up, and every descriptor but the pty, is not for it. */
static void become(const char *path, const char *const words[], int tty)
{
	char *argv[PPPD_WORDS_MAX + 2];
	size_t count = 0;
	sigset_t none;

	sigemptyset(&none);
	argv[count++] = (char *)(uintptr_t)path; /* execvp changes nothing, its type is older */
	for (; words[count - 1] != NULL && count < PPPD_WORDS_MAX + 1; count++)
		argv[count] = (char *)(uintptr_t)words[count - 1];
	argv[count] = NULL;
	if (sigprocmask(SIG_SETMASK, &none, NULL) != 0 || signal(SIGPIPE, SIG_DFL) == SIG_ERR ||
	    setsid() < 0 || dup2(tty, STDIN_FILENO) < 0 || dup2(tty, STDOUT_FILENO) < 0)
		_exit(NOT_FOUND);
	if (close_range(3, ~0u, 0) != 0)
		_exit(NOT_FOUND);
	execvp(path, argv);
	_exit(NOT_FOUND);
}

/* The host's end, and the other one; raw, so that nothing is changed before pppd has set it up. */
static int open_pty(int *ret_tty)
{
	int pty = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios raw;
	const char *name;

	if (pty < 0 || grantpt(pty) != 0 || unlockpt(pty) != 0 || (name = ptsname(pty)) == NULL ||
	    fcntl(pty, F_SETFL, O_NONBLOCK) != 0)
		goto fail;
	*ret_tty = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*ret_tty < 0)
		goto fail;
	if (tcgetattr(*ret_tty, &raw) == 0) {
		cfmakeraw(&raw);
		(void)tcsetattr(*ret_tty, TCSANOW, &raw);
	}
	return pty;

fail:
	log_errno("cannot make a pseudo-terminal for pppd");
	if (pty >= 0)
		close(pty);
	return -1;
}

static void unwatch(struct pppd *pppd)
{
	loop_remove(pppd->departures->loop, &pppd->exit_io);
	close(pppd->exit_io.fd);
	pppd->process = 0;
}

/* ---- departures ---------------------------------------------------------------------------------- */

static bool has_hung_up(const struct pppd *pppd)
{
	return pppd->pty < 0;
}

static void depart(struct pppd *pppd)
{
	struct pppd_departures *departures = pppd->departures;

	pppd->previous = NULL;
	pppd->next = departures->first;
	if (pppd->next != NULL)
		pppd->next->previous = pppd;
	departures->first = pppd;
}

/* It has ended: unlink and free it. */
static void forget(struct pppd *pppd)
{
	if (pppd->next != NULL)
		pppd->next->previous = pppd->previous;
	if (pppd->previous != NULL)
		pppd->previous->next = pppd->next;
	else
		pppd->departures->first = pppd->next;
	loop_timer_remove(pppd->departures->loop, &pppd->grace);
	free(pppd);
}

void pppd_departures_open(struct pppd_departures *departures, struct loop *loop)
{
	*departures = (struct pppd_departures){.loop = loop};
}

static void departed(struct pppd *pppd, int status)
{
	if (log_wants(LOG_MESSAGES))
		log_line("pppd (process %ld) has left: %s", (long)pppd->process, pppd_reason(status));
	unwatch(pppd);
	forget(pppd);
}

/* Those that have ended. @param flags  of waitpid */
static void collect(struct pppd_departures *departures, int flags)
{
	for (struct pppd *pppd = departures->first, *next; pppd != NULL; pppd = next) {
		int status = 0;
		pid_t ended;

		next = pppd->next;
		do
			ended = waitpid(pppd->process, &status, flags);
		while (ended < 0 && errno == EINTR);
		if (ended != 0)
			departed(pppd, status);
	}
}

void pppd_departures_close(struct pppd_departures *departures)
{
	const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};

	collect(departures, WNOHANG);
	for (int left = LEAVE_MS / STEP_MS; departures->first != NULL && left > 0; left--) {
		nanosleep(&step, NULL);
		collect(departures, WNOHANG);
	}
	for (const struct pppd *pppd = departures->first; pppd != NULL; pppd = pppd->next) {
		log_line("pppd (process %ld) does not end: killed", (long)pppd->process);
		(void)kill(pppd->process, SIGKILL);
	}
	collect(departures, 0);
}

/* ---- one ------------------------------------------------------------------------------------------- */

static void exited(void *user, uint32_t events)
{
	struct pppd *pppd = user;
	int status = 0;

	(void)events;
	if (waitpid(pppd->process, &status, WNOHANG) != pppd->process)
		return;
	if (has_hung_up(pppd)) {
		departed(pppd, status);
		return;
	}
	unwatch(pppd);
	pppd->ended(pppd->user, status);
}

/* The timer fires early when it was set anew: see loop.h. */
static void lingers(void *user)
{
	struct pppd *pppd = user;

	if (pppd->process == 0)
		return;
	if (pppd->departures->loop->now < pppd->patience) {
		loop_timer_at(pppd->departures->loop, &pppd->grace, pppd->patience);
		return;
	}
	log_line("pppd (process %ld) does not end: killed", (long)pppd->process);
	(void)kill(pppd->process, SIGKILL);
}

/* Tell it so, and see that it ends within this time. */
static void ask_to_end(struct pppd *pppd, int number, uint64_t patience_us)
{
	(void)kill(pppd->process, number);
	pppd->patience = pppd->departures->loop->now + patience_us;
	loop_timer_at(pppd->departures->loop, &pppd->grace, pppd->patience);
}

static bool watch(struct pppd *pppd)
{
	struct loop *loop = pppd->departures->loop;

	pppd->exit_io = (struct loop_io){
	        .fd = pidfd_open(pppd->process, 0), .events = EPOLLIN, .ready = exited, .user = pppd};
	if (pppd->exit_io.fd < 0) {
		log_errno("cannot watch pppd");
		return false;
	}
	if (!loop_timer_add(loop, &pppd->grace, lingers, pppd))
		goto close_descriptor;
	if (loop_add(loop, &pppd->exit_io))
		return true;
	loop_timer_remove(loop, &pppd->grace);
close_descriptor:
	close(pppd->exit_io.fd);
	return false;
}

static void kill_and_reap(pid_t process)
{
	(void)kill(process, SIGKILL);
	while (waitpid(process, NULL, 0) < 0 && errno == EINTR)
		;
}

struct pppd *pppd_start(struct pppd_departures *departures, const char *path, const char *const words[],
                        void (*ended)(void *user, int status), void *user)
{
	struct pppd *pppd = malloc(sizeof *pppd);
	int tty;

	if (pppd == NULL) {
		log_errno("cannot start %s", path);
		return NULL;
	}
	*pppd = (struct pppd){.departures = departures, .ended = ended, .user = user, .pty = open_pty(&tty)};
	if (pppd->pty < 0)
		goto free_memory;
	pppd->process = fork();
	if (pppd->process == 0)
		become(path, words, tty);
	close(tty);
	if (pppd->process < 0) {
		log_errno("cannot start %s", path);
		goto close_pty;
	}
	if (watch(pppd))
		return pppd;
	kill_and_reap(pppd->process);
close_pty:
	close(pppd->pty);
free_memory:
	free(pppd);
	return NULL;
}

bool pppd_stop(struct pppd *pppd)
{
	if (pppd->process == 0)
		return false;
	ask_to_end(pppd, SIGTERM, STOP_US);
	return true;
}

/* SIGHUP is what it takes for the end of the line. */
void pppd_free(struct pppd *pppd)
{
	close(pppd->pty);
	pppd->pty = -1;
	depart(pppd);
	if (pppd->process == 0)
		forget(pppd);
	else
		ask_to_end(pppd, SIGHUP, DEPART_US);
}

const char *pppd_reason(int status)
{
	static const char *const texts[] = {
	        "ended in order",
	        "a fatal error",
	        "an option is wrong",
	        "it is not root",
	        "the kernel has no PPP",
	        "ended by a signal",
	        "its device cannot be locked",
	        "its device cannot be opened",
	        "its connect script failed",
	        "its pty command failed",
	        "PPP did not agree: no network protocol came up",
	        "the peer did not prove itself",
	        "the link was idle",
	        "the link had its time",
	        "call back",
	        "the peer stopped answering",
	        "the call ended",
	        "the line is looped back",
	        "its init script failed",
	        "the peer did not take our name or password",
	};

	if (WIFSIGNALED(status))
		return "killed by a signal";
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return "it cannot be run: is it installed?";
	if (WIFEXITED(status) && (size_t)WEXITSTATUS(status) < sizeof texts / sizeof texts[0])
		return texts[WEXITSTATUS(status)];
	return "for no reason that we know";
}
