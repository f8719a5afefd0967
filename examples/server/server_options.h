/* options of pptp-server, from its command line. */
#ifndef SERVER_OPTIONS_H
#define SERVER_OPTIONS_H

#include <stdbool.h>

#include "shared_options.h"

#define SERVER_CONNECT_MAX 64

struct server_options {
	struct shared_options shared;
	struct address listen;                   /* any: every address */
	const char *connect[SERVER_CONNECT_MAX]; /* hosts */
	unsigned connect_count;
	bool one_per_peer;
	const char *users; /* file; NULL: nobody is asked who he is (--no-auth) */
	bool pppd;         /* PPP is that of a pppd for each call */
	bool no_auth;
	const char *name; /* ours, as users see it and as their file has it */
	char host_name[64];
	uint32_t local; /* our address in the tunnels */
	uint32_t pool_first, pool_last;
	unsigned max_clients;
	unsigned
	        login_failures; /* from one address, before its calls are refused for a while; 0: any number */
	uint32_t dns[2];
	unsigned dns_count;
	uint32_t nbns[2]; /* NetBIOS name servers */
	unsigned nbns_count;
};

/** @return -1: go on; else exit with this code, everything has been said */
int server_options_parse(struct server_options *ret, int argc, char **argv);

#endif
