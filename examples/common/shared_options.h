/* shared_options: what both programs take. */
#ifndef SHARED_OPTIONS_H
#define SHARED_OPTIONS_H

#include "options.h"
#include "policy.h"
#include "relay.h"

struct shared_options {
	unsigned port;
	struct policy policy;
	struct relay_pppd pppd; /* where PPP is a pppd's */
	const char *tun;
	bool no_ipv6;        /* in the tunnel */
	unsigned mtu;        /* 0: by the path */
	unsigned reorder_ms; /* how long packets wait for a missing one; 0: not at all */
	const char *pcap;    /* file; NULL: none */
	bool strict;
	int verbosity;
};

/* What getopt calls them; a program's own are between letters and these. */
enum {
	SHARED_PORT = 1024,
	SHARED_AUTH,
	SHARED_MPPE,
	SHARED_MPPE_BITS,
	SHARED_MPPE_STATEFUL,
	SHARED_PPPD,
	SHARED_PPPD_OPTIONS,
	SHARED_TUN,
	SHARED_NO_IPV6,
	SHARED_MTU,
	SHARED_REORDER_MS,
	SHARED_PCAP,
	SHARED_STRICT
};

/** Their rows in a table of getopt's, and those that all programs have; 'v' is among the letters. */
/* clang-format off */
#define SHARED_OPTIONS                                                                    \
	{"port", required_argument, NULL, SHARED_PORT},                                   \
	{"auth", required_argument, NULL, SHARED_AUTH},                                   \
	{"mppe", required_argument, NULL, SHARED_MPPE},                                   \
	{"mppe-bits", required_argument, NULL, SHARED_MPPE_BITS},                         \
	{"mppe-stateful", optional_argument, NULL, SHARED_MPPE_STATEFUL},                 \
	{"pppd", required_argument, NULL, SHARED_PPPD},                                   \
	{"pppd-options", required_argument, NULL, SHARED_PPPD_OPTIONS},                   \
	{"tun", required_argument, NULL, SHARED_TUN},                                     \
	{"no-ipv6", no_argument, NULL, SHARED_NO_IPV6},                                   \
	{"mtu", required_argument, NULL, SHARED_MTU},                                     \
	{"reorder-ms", required_argument, NULL, SHARED_REORDER_MS},                       \
	{"pcap", required_argument, NULL, SHARED_PCAP},                                   \
	{"strict", no_argument, NULL, SHARED_STRICT},                                     \
	{"version", no_argument, NULL, OPTION_VERSION},                                   \
	{"help", no_argument, NULL, OPTION_HELP}
/* clang-format on */

/** What holds when none of them is given. @param tun  name of the interface */
struct shared_options shared_options_default(const char *tun);

/** Take one of them, with optarg. @return false: bad, said */
bool shared_option(struct shared_options *options, int option);

#endif
