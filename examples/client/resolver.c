/* resolver: the name servers of the tunnel, handed to the host while the tunnel is up. */
#include "resolver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "address.h"
#include "command.h"
#include "log.h"

#define LIST_OCTETS 256u
#define KEPT        ".before-pptp" /* the old file, beside the new one */
#define UNFINISHED  ".pptp-new"

/* ---- resolvectl ----------------------------------------------------------------------------- */

static bool resolvectl_set(const struct resolver *resolver, const uint32_t servers[2])
{
	char first[INET_ADDRSTRLEN], second[INET_ADDRSTRLEN];
	const char *const servers_are[] = {"resolvectl",
	                                   "dns",
	                                   resolver->interface,
	                                   ipv4_text(servers[0], first),
	                                   servers[1] != 0 ? ipv4_text(servers[1], second) : NULL,
	                                   NULL};
	/* Every name is looked up there, not only some. */
	const char *const for_all[] = {"resolvectl", "domain", resolver->interface, "~.", NULL};

	return command_run(servers_are, NULL) && command_run(for_all, NULL);
}

static void resolvectl_restore(const struct resolver *resolver)
{
	const char *const revert[] = {"resolvectl", "revert", resolver->interface, NULL};

	(void)command_run(revert, NULL); /* it has said so; the interface goes, and this with it */
}

/* ---- resolvconf ----------------------------------------------------------------------------- */

static void list(char ret[LIST_OCTETS], const uint32_t servers[2])
{
	char first[INET_ADDRSTRLEN], second[INET_ADDRSTRLEN];
	int n = snprintf(ret, LIST_OCTETS, "# made by pptp-client\nnameserver %s\n",
	                 ipv4_text(servers[0], first));

	if (servers[1] != 0)
		snprintf(ret + n, LIST_OCTETS - (size_t)n, "nameserver %s\n", ipv4_text(servers[1], second));
}

static bool resolvconf(const struct resolver *resolver, const char *what, const char *input)
{
	char record[64];
	const char *const words[] = {"resolvconf", what, record, NULL};

	snprintf(record, sizeof record, "%s.pptp", resolver->interface);
	return command_run(words, input);
}

/* ---- a file --------------------------------------------------------------------------------- */

static bool beside(const struct resolver *resolver, const char *suffix, char ret[RESOLVER_PATH_MAX])
{
	int n = snprintf(ret, RESOLVER_PATH_MAX, "%s%s", resolver->path, suffix);

	return n > 0 && (size_t)n < RESOLVER_PATH_MAX;
}

/* Into a file of its own first: nobody ever reads half of it. */
static bool write_file(struct resolver *resolver, const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	struct stat about;
	bool good;

	if (fd < 0)
		return false;
	good = write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fchmod(fd, 0644) == 0 &&
	       fstat(fd, &about) == 0;
	if (close(fd) != 0 || !good) {
		unlink(path);
		return false;
	}
	resolver->device = about.st_dev;
	resolver->inode = about.st_ino;
	return true;
}

/* A second name for the file that is there, which may be a symbolic link. */
static bool keep(struct resolver *resolver, const char *kept)
{
	if (linkat(AT_FDCWD, resolver->path, AT_FDCWD, kept, 0) == 0) {
		resolver->had_file = true;
		return true;
	}
	if (errno == EEXIST) {
		log_line("%s is left from a time that did not end in order: it is what will be put back",
		         kept);
		resolver->had_file = true;
		return true;
	}
	resolver->had_file = false;
	return errno == ENOENT;
}

static bool file_set(struct resolver *resolver, const uint32_t servers[2])
{
	char kept[RESOLVER_PATH_MAX], unfinished[RESOLVER_PATH_MAX], text[LIST_OCTETS];
	bool again = resolver->set;

	list(text, servers);
	if (!beside(resolver, KEPT, kept) || !beside(resolver, UNFINISHED, unfinished) ||
	    (!again && !keep(resolver, kept)) || !write_file(resolver, unfinished, text)) {
		log_errno("cannot put the name servers into %s", resolver->path);
		return false;
	}
	if (rename(unfinished, resolver->path) == 0)
		return true;
	log_errno("cannot replace %s", resolver->path);
	unlink(unfinished);
	if (!again && resolver->had_file)
		unlink(kept);
	return false;
}

static bool is_ours(const struct resolver *resolver)
{
	struct stat about;

	return lstat(resolver->path, &about) == 0 && about.st_dev == resolver->device &&
	       about.st_ino == resolver->inode;
}

static void file_restore(struct resolver *resolver)
{
	char kept[RESOLVER_PATH_MAX];
	int failed;

	if (!beside(resolver, KEPT, kept))
		return;
	if (!is_ours(resolver)) {
		log_line("another program has changed %s meanwhile: it stays as it is", resolver->path);
		failed = resolver->had_file ? unlink(kept) : 0;
	} else {
		failed = resolver->had_file ? rename(kept, resolver->path) : unlink(resolver->path);
	}
	if (failed != 0)
		log_errno("cannot put %s back as it was; the old one is %s", resolver->path, kept);
}

/* ---- all of them ---------------------------------------------------------------------------- */

bool resolver_option(const char *option, const char *text, struct resolver *ret)
{
	*ret = (struct resolver){.way = RESOLVER_NONE};
	if (strcmp(text, "resolvectl") == 0)
		ret->way = RESOLVER_RESOLVECTL;
	else if (strcmp(text, "resolvconf") == 0)
		ret->way = RESOLVER_RESOLVCONF;
	else if (text[0] == '/' && strlen(text) < RESOLVER_PATH_MAX - sizeof KEPT)
		*ret = (struct resolver){.way = RESOLVER_FILE, .path = text};
	else if (strcmp(text, "none") != 0) {
		log_line("%s: \"%s\" is not resolvectl, resolvconf, none or a file such as /etc/resolv.conf",
		         option, text);
		return false;
	}
	return true;
}

static bool hand_over(struct resolver *resolver, const uint32_t servers[2])
{
	char text[LIST_OCTETS];

	switch (resolver->way) {
	case RESOLVER_RESOLVECTL:
		return resolvectl_set(resolver, servers);
	case RESOLVER_RESOLVCONF:
		list(text, servers);
		return resolvconf(resolver, "-a", text);
	case RESOLVER_FILE:
		return file_set(resolver, servers);
	case RESOLVER_NONE:
		break;
	}
	return true;
}

bool resolver_set(struct resolver *resolver, const char *interface, const uint32_t servers[2])
{
	const uint32_t in_order[2] = {servers[0] != 0 ? servers[0] : servers[1],
	                              servers[0] != 0 ? servers[1] : 0};

	resolver->interface = interface;
	if (resolver->way == RESOLVER_NONE)
		return true;
	if (in_order[0] == 0) {
		log_line("the server names no name server: those of this host stay as they are (--dns)");
		return true;
	}
	if (!hand_over(resolver, in_order))
		return false;
	resolver->set = true;
	return true;
}

void resolver_restore(struct resolver *resolver)
{
	if (!resolver->set)
		return;
	resolver->set = false;
	switch (resolver->way) {
	case RESOLVER_RESOLVECTL:
		resolvectl_restore(resolver);
		break;
	case RESOLVER_RESOLVCONF:
		(void)resolvconf(resolver, "-d", NULL); /* it has said so */
		break;
	case RESOLVER_FILE:
		file_restore(resolver);
		break;
	case RESOLVER_NONE:
		break;
	}
}
