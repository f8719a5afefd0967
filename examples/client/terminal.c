/* terminal: asks for what must not be seen. */
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "log.h"

/* Those that would end or stop the program with the terminal as it is then. */
static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};

#define SIGNALS (sizeof signals / sizeof signals[0])

static volatile sig_atomic_t came;

static void catch (int number)
{
	came = number;
}

struct signals_before {
	struct sigaction actions[SIGNALS];
	sigset_t mask;
};

/* What was ignored remains so. They come only while we wait for a key: none is lost between two looks. */
static void catch_signals(struct signals_before *ret)
{
	struct sigaction action;
	sigset_t set;

	memset(&action, 0, sizeof action);
	action.sa_handler = catch;
	sigemptyset(&action.sa_mask);
	sigemptyset(&set);
	for (size_t i = 0; i < SIGNALS; i++) {
		sigaddset(&set, signals[i]);
		if (sigaction(signals[i], NULL, &ret->actions[i]) == 0 &&
		    ret->actions[i].sa_handler != SIG_IGN)
			(void)sigaction(signals[i], &action, NULL); /* fails for no signal of the list */
	}
	(void)sigprocmask(SIG_BLOCK, &set, &ret->mask); /* fails for no valid pointer */
}

/* One that comes between the terminal's restoration and this is delivered here. */
static void restore_signals(const struct signals_before *before)
{
	for (size_t i = 0; i < SIGNALS; i++)
		(void)sigaction(signals[i], &before->actions[i], NULL);
	(void)sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

/* @return whether a line or the end came, and no signal */
static bool read_line(int fd, const sigset_t *mask, char *ret_line, size_t cap)
{
	struct pollfd key = {.fd = fd, .events = POLLIN};
	size_t len = 0;

	for (;;) {
		char c;
		ssize_t n;

		if (ppoll(&key, 1, NULL, mask) < 0) {
			if (came != 0 || errno != EINTR)
				return false;
			continue;
		}
		n = read(fd, &c, 1);
		if (n < 0 && errno != EINTR)
			return false;
		if (n == 0 || (n > 0 && c == '\n'))
			break;
		if (n > 0 && len + 1 < cap)
			ret_line[len++] = c;
	}
	ret_line[len] = '\0';
	return true;
}

static bool ask(int fd, const char *prompt, char *ret_line, size_t cap)
{
	struct termios old, quiet;
	struct signals_before before;
	bool good;

	if (tcgetattr(fd, &old) != 0) {
		log_errno("cannot set up the terminal for a password");
		return false;
	}
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	came = 0;
	catch_signals(&before);
	good = tcsetattr(fd, TCSAFLUSH, &quiet) == 0 && write(fd, prompt, strlen(prompt)) >= 0 &&
	       read_line(fd, &before.mask, ret_line, cap);
	if (!good && came == 0)
		log_errno("cannot ask for the password on the terminal");
	if (tcsetattr(fd, TCSAFLUSH, &old) != 0)
		log_errno("cannot set up the terminal as it was; type: stty echo");
	if (write(fd, "\n", 1) < 0)
		good = false; /* the terminal is gone */
	restore_signals(&before);
	if (came != 0)
		raise(came);
	return good;
}

bool terminal_ask(const char *prompt, char *ret_line, size_t cap)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	bool good;

	if (fd < 0) {
		log_line("there is no terminal to ask for the password on: give it with --password-file, "
		         "--password-fd or in the environment as PPTP_PASSWORD");
		return false;
	}
	good = ask(fd, prompt, ret_line, cap);
	close(fd);
	return good;
}
