/* options: command lines, and the values in them, checked; a bad one is reported with the option's name. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

#include "address.h"

/** An IPv4 network, addresses in host order. */
struct ipv4_network {
	uint32_t address;
	unsigned prefix_bits; /* 0 .. 32 */
};

/* Exit codes of every program. */
enum { EXIT_OK = 0, EXIT_USAGE = 1, EXIT_SETUP = 2 };

#define OPTION_VERSION 254 /* what programs call these two in their tables; 'v' and the like are letters */
#define OPTION_HELP    255

/** A program's command line. */
struct options_form {
	const char *program, *help;
	const char *letters; /* as getopt has them */
	const struct option *options;
	/** Take one, with optarg; its place in `options`, where it has one. @return false, said */
	bool (*take)(void *user, int option, int index);
};

/** Take all options; --help and --version are answered here.
 *  @return -1: go on, with the words that begin at optind; else exit with this code */
int options_take(const struct options_form *form, int argc, char **argv, void *user);

/** Bad usage: where to read more. @return the exit code */
int options_bad(const struct options_form *form);

/** Each returns false after a line on standard error; option is the name as the user knows it. */
bool option_number(const char *option, const char *text, unsigned minimum, unsigned maximum, unsigned *ret);
/** An address of either family, with the interface behind % where it is link-local. */
bool option_address(const char *option, const char *text, struct address *ret);
bool option_ipv4(const char *option, const char *text, uint32_t *ret);

/** "10.0.0.0/8", or an address alone for one host. */
bool option_network(const char *option, const char *text, struct ipv4_network *ret);

/** "10.0.0.2-10.0.0.254", the first not above the last. */
bool option_range(const char *option, const char *text, uint32_t *ret_first, uint32_t *ret_last);

/** A name the kernel takes for an interface; it may hold one "%d". */
bool option_interface(const char *option, const char *text, const char **ret);

#endif
