/* options of pptp-client, from its command line. */
#ifndef CLIENT_OPTIONS_H
#define CLIENT_OPTIONS_H

#include <pptp/pptp.h>
#include <stdbool.h>

#include "password.h"
#include "resolver.h"
#include "shared_options.h"

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
	struct shared_options shared;
	const char *server;
	struct address bind; /* any: the system chooses */
	int family;          /* of the server's address: AF_INET, AF_INET6, or AF_UNSPEC for either */
	struct ipv4_network routes[CLIENT_ROUTES_MAX];
	unsigned route_count;
	bool default_route;
	struct resolver resolver;     /* who is to be told of the tunnel's name servers */
	pptp_config_options settings; /* what we say of ourselves */
	pptp_dial call;               /* what we ask for */
	unsigned call_id;             /* ours; 0: at random */
	bool link_info;
	bool listen;
	const char *user; /* NULL: we do not say who we are */
	struct password_source password;
	enum client_ppp ppp;
	unsigned connect_timeout_s;
	bool nobuffer; /* not at all */
	bool sync;     /* frames as they are, instead of HDLC */
};

/** What --help prints. */
extern const char client_help[];

/** @return -1: go on; else exit with this code, everything has been said */
int client_options_parse(struct client_options *ret, int argc, char **argv);

#endif
