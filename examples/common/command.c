/* command: runs a program of the host's and waits for it. */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

#define WAIT_MS          5000
#define STEP_MS          5
#define NOT_FOUND        127   /* as shells say it */
#define INPUT_OCTETS_MAX 4096u /* what a pipe takes without anybody who reads */

/* What the loop has set up is not for the program. */
static void become(const char *const words[], int input)
{
	char *argv[16];
	size_t count = 0;
	sigset_t none;

	sigemptyset(&none);
	if (sigprocmask(SIG_SETMASK, &none, NULL) != 0 || signal(SIGPIPE, SIG_DFL) == SIG_ERR ||
	    dup2(input, STDIN_FILENO) < 0)
		_exit(NOT_FOUND);
	for (; words[count] != NULL && count + 1 < sizeof argv / sizeof argv[0]; count++)
		argv[count] = (char *)(uintptr_t)words[count]; /* execvp changes nothing, its type is older */
	argv[count] = NULL;
	execvp(argv[0], argv);
	_exit(NOT_FOUND);
}

/* The reading end of a pipe that has the text in it. */
static int make_input(const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;
	int ends[2];
	bool done;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	done = len <= INPUT_OCTETS_MAX && (len == 0 || write(ends[1], text, len) == (ssize_t)len);
	close(ends[1]);
	if (done)
		return ends[0];
	close(ends[0]);
	return -1;
}

/* @return its status as of waitpid, -1: it had to be killed */
static int wait_for(pid_t child)
{
	const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
	int status;

	for (int left = WAIT_MS / STEP_MS; left > 0; left--) {
		pid_t ended = waitpid(child, &status, WNOHANG);

		if (ended == child)
			return status;
		if (ended < 0 && errno != EINTR)
			return -1;
		nanosleep(&step, NULL);
	}
	kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return -1;
}

static bool judge(const char *name, int status)
{
	if (status == 0)
		return true;
	if (status == -1)
		log_line("%s did not end in %d s", name, WAIT_MS / 1000);
	else if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		log_line("cannot run %s: it is not installed", name);
	else if (WIFEXITED(status))
		log_line("%s failed with exit code %d", name, WEXITSTATUS(status));
	else
		log_line("%s was ended by signal %d", name, WTERMSIG(status));
	return false;
}

bool command_run(const char *const words[], const char *input)
{
	int descriptor = make_input(input);
	pid_t child = descriptor < 0 ? -1 : fork();

	if (child == 0)
		become(words, descriptor);
	if (child < 0)
		log_errno("cannot run %s", words[0]);
	if (descriptor >= 0)
		close(descriptor);
	return child > 0 && judge(words[0], wait_for(child));
}
