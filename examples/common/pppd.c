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

#define GRACE_US  ((uint64_t)5 * 1000000) /* for Terminate-Request and its answer */
#define NOT_FOUND 127                     /* as shells say it */

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

static void exited(void *user, uint32_t events)
{
	struct pppd *pppd = user;
	int status = 0;

	(void)events;
	if (waitpid(pppd->process, &status, WNOHANG) != pppd->process)
		return;
	pppd->process = 0;
	loop_remove(pppd->loop, &pppd->exit_io);
	close(pppd->exit_io.fd);
	pppd->exit_io.fd = -1;
	pppd->ended(pppd->user, status);
}

static void lingers(void *user)
{
	struct pppd *pppd = user;

	if (pppd->process != 0)
		(void)kill(pppd->process, SIGKILL);
}

static bool watch(struct pppd *pppd)
{
	pppd->exit_io = (struct loop_io){
	        .fd = pidfd_open(pppd->process, 0), .events = EPOLLIN, .ready = exited, .user = pppd};
	if (pppd->exit_io.fd < 0) {
		log_errno("cannot watch pppd");
		return false;
	}
	if (!loop_timer_add(pppd->loop, &pppd->grace, lingers, pppd))
		goto close_descriptor;
	if (loop_add(pppd->loop, &pppd->exit_io))
		return true;
	loop_timer_remove(pppd->loop, &pppd->grace);
close_descriptor:
	close(pppd->exit_io.fd);
	return false;
}

static void reap(pid_t process)
{
	while (waitpid(process, NULL, 0) < 0 && errno == EINTR)
		;
}

bool pppd_start(struct pppd *pppd, struct loop *loop, const char *path, const char *const words[],
                void (*ended)(void *user, int status), void *user)
{
	int tty;

	*pppd = (struct pppd){.loop = loop, .ended = ended, .user = user};
	pppd->pty = open_pty(&tty);
	if (pppd->pty < 0)
		return false;
	pppd->process = fork();
	if (pppd->process == 0)
		become(path, words, tty);
	close(tty);
	if (pppd->process < 0) {
		log_errno("cannot start %s", path);
		goto close_pty;
	}
	if (watch(pppd))
		return true;
	(void)kill(pppd->process, SIGKILL);
	reap(pppd->process);
close_pty:
	pppd->process = 0;
	close(pppd->pty);
	return false;
}

void pppd_stop(struct pppd *pppd)
{
	if (pppd->process == 0)
		return;
	(void)kill(pppd->process, SIGTERM);
	loop_timer_at(pppd->loop, &pppd->grace, pppd->loop->now + GRACE_US);
}

/* SIGHUP is what it takes for the end of the line; most have ended before this. */
void pppd_free(struct pppd *pppd)
{
	const struct timespec step = {.tv_nsec = 5000000};

	close(pppd->pty);
	loop_timer_remove(pppd->loop, &pppd->grace);
	if (pppd->process == 0)
		return;
	loop_remove(pppd->loop, &pppd->exit_io);
	close(pppd->exit_io.fd);
	(void)kill(pppd->process, SIGHUP);
	for (int left = 100; left > 0; left--) {
		if (waitpid(pppd->process, NULL, WNOHANG) != 0)
			return;
		nanosleep(&step, NULL);
	}
	(void)kill(pppd->process, SIGKILL);
	reap(pppd->process);
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
