/* options of pptp-client, from its command line. */
#ifndef CLIENT_OPTIONS_H
#define CLIENT_OPTIONS_H

#include <pptp/pptp.h>
#include <stdbool.h>

#include "options.h"
#include "relay.h"
#include "password.h"
#include "policy.h"
#include "resolver.h"

#define CLIENT_ROUTES_MAX 64

/* Exit codes behind those of options.h, as --help lists them. */
enum { EXIT_CONNECT = 3, EXIT_REFUSED = 4, EXIT_LOST = 5, EXIT_PPP = 6, EXIT_LOGIN = 7 };

/* Whose PPP is in the tunnel. */
enum client_ppp {
	CLIENT_PPP_OURS,
	CLIENT_PPP_PPPD, /* of a pppd that we start */
	CLIENT_PPP_STDIO /* of whoever has started us */
};

struct client_options {
	const char *server;
	unsigned port;
	struct address bind; /* any: the system chooses */
	int family;          /* of the server's address: AF_INET, AF_INET6, or AF_UNSPEC for either */
	const char *tun;
	struct ipv4_network routes[CLIENT_ROUTES_MAX];
	unsigned route_count;
	bool default_route;
	struct resolver resolver;     /* who is to be told of the tunnel's name servers */
	unsigned mtu;                 /* 0: by the path */
	pptp_config_options settings; /* what we say of ourselves */
	pptp_dial call;               /* what we ask for */
	unsigned call_id;             /* ours; 0: at random */
	bool link_info;
	bool listen;
	bool no_ipv6;     /* in the tunnel */
	const char *user; /* NULL: we do not say who we are */
	struct password_source password;
	struct policy policy;
	enum client_ppp ppp;
	struct relay_pppd pppd;
	unsigned connect_timeout_s;
	const char *pcap; /* file; NULL: none */
	bool strict;
	unsigned reorder_ms; /* how long packets wait for a missing one */
	bool nobuffer;       /* not at all */
	bool sync;           /* frames as they are, instead of HDLC */
	int verbosity;
};

/** What --help prints. */
extern const char client_help[];

/** @return -1: go on; else exit with this code, everything has been said */
int client_options_parse(struct client_options *ret, int argc, char **argv);

#endif
