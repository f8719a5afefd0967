/* options of pptp-server, from its command line. */
#ifndef SERVER_OPTIONS_H
#define SERVER_OPTIONS_H

#include <stdbool.h>

#include "options.h"
#include "policy.h"
#include "relay.h"

#define SERVER_CONNECT_MAX 64

struct server_options {
	struct address listen; /* any: every address */
	unsigned port;
	const char *connect[SERVER_CONNECT_MAX]; /* hosts */
	unsigned connect_count;
	bool one_per_peer;
	const char *users; /* file; NULL: nobody is asked who he is (--no-auth) */
	bool pppd;         /* PPP is that of a pppd for each call */
	struct relay_pppd how;
	bool no_auth;
	const char *name; /* ours, as users see it and as their file has it */
	char host_name[64];
	struct policy policy;
	uint32_t local; /* our address in the tunnels */
	uint32_t pool_first, pool_last;
	unsigned max_clients;
	unsigned
	        login_failures; /* from one address, before its calls are refused for a while; 0: any number */
	uint32_t dns[2];
	unsigned dns_count;
	uint32_t nbns[2]; /* NetBIOS name servers */
	unsigned nbns_count;
	const char *tun;
	bool no_ipv6;     /* in the tunnels */
	unsigned mtu;     /* 0: by the path */
	const char *pcap; /* file; NULL: none */
	bool strict;
	unsigned reorder_ms; /* how long packets wait for a missing one */
	int verbosity;
};

/** @return -1: go on; else exit with this code, everything has been said */
int server_options_parse(struct server_options *ret, int argc, char **argv);

#endif
