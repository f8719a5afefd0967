/* A preload for User Mode Linux: it saves a process's floating point state into 2,696 octets, and where a CPU
 * has more of it (AMX has) the host's kernel refuses to set a part. So the rest is kept as it is. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

typedef long ptrace_function(enum __ptrace_request request, ...);

static ptrace_function *next_ptrace(void)
{
	static ptrace_function *next;
	if (!next) {
		void *symbol = dlsym(RTLD_NEXT, "ptrace");
		memcpy(&next, &symbol, sizeof next); /* ISO C has no cast for this */
	}
	return next;
}

static long set_part(pid_t pid, void *type, const struct iovec *part)
{
	static char whole[1 << 16]; /* User Mode Linux has one thread that does this */
	struct iovec all = {whole, sizeof whole};
	long result = next_ptrace()(PTRACE_GETREGSET, pid, type, &all);
	if (result != 0)
		return result;
	memcpy(whole, part->iov_base, part->iov_len < all.iov_len ? part->iov_len : all.iov_len);
	return next_ptrace()(PTRACE_SETREGSET, pid, type, &all);
}

long ptrace(enum __ptrace_request request, ...)
{
	va_list arguments;
	pid_t pid;
	void *address, *data;
	va_start(arguments, request);
	pid = va_arg(arguments, pid_t);
	address = va_arg(arguments, void *);
	data = va_arg(arguments, void *);
	va_end(arguments);
	if (request == PTRACE_SETREGSET && address == (void *)NT_X86_XSTATE)
		return set_part(pid, address, data);
	return next_ptrace()(request, pid, address, data);
}
