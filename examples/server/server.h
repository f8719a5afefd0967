/* server: what the parts of pptp-server share. server.c has the program, calls.c the calls, clients.c the
 * control connections, callees.c those that the server opens itself, login.c who may come. */
#ifndef SERVER_H
#define SERVER_H

#include "capture.h"
#include "connector.h"
#include "control.h"
#include "failures.h"
#include "gre_socket.h"
#include "listener.h"
#include "log.h"
#include "login.h"
#include "neighbours.h"
#include "policy_link.h"
#include "pool.h"
#include "relay.h"
#include "server_options.h"
#include "session.h"
#include "tun.h"

struct server {
	struct server_options options;
	struct loop loop;
	struct capture capture;
	struct gre_socket gre;
	struct tun tun;
	struct pool pool;
	struct pppd_departures departures;
	bool ipv6;                                /* link-local in the tunnels; for all of them ... */
	uint8_t identifier[PPP_INTERFACE_OCTETS]; /* ... we have this one */
	struct neighbours neighbours;
	struct users users; /* who may log in; all zero without --users */
	struct failures failures;
	const pptp_config *config;
	struct listener listener;
	struct loop_timer limit;
	struct client *clients;
	unsigned client_count;
	struct callee *callees;
	unsigned callee_count;
	bool stopping;
	struct log_limit flood, guesses;
};

/* A control connection. */
struct client {
	struct server *server;
	struct client *next, *previous;
	struct control control;
	struct callee *callee; /* whom the server called; NULL: the peer has called */
	bool crossed;          /* it asked before it answered our call to it */
};

#define CALL_USER_OCTETS 160 /* a longer name is cut in the log */

struct call {
	struct client *client;
	pptp_call handle;
	struct session session;
	struct relay relay; /* where PPP is a pppd's */
	uint32_t address;   /* 0: none yet, or no more */
	bool routed, claimed;
	struct neighbour neighbour;  /* where it has IPv6 */
	char user[CALL_USER_OCTETS]; /* who says he is there, for the log */
	enum users_address kind;     /* what his line in the users file gives him ... */
	uint32_t fixed;              /* ... and which address that is */
	struct log_limit link_info, wan_errors;
};

/* A host of --connect. */
struct callee {
	struct server *server;
	const char *host; /* as the user named it */
	struct addresses addresses;
	unsigned next; /* of them, to be called */
	struct connector connector;
	struct loop_timer retry;
	bool waiting; /* for retry */
	uint64_t delay_us;
	struct client *client; /* the connection that we opened; NULL: none */
};

/* calls.c */

/** A packet from the interface: what tun_open is given. */
bool call_packet(void *server, uint8_t *packet, size_t len);

/** An event of a call on this connection. */
void call_event(struct client *client, const pptp_event *event);

/** Another call has its address now: it ends. */
void call_replaced(struct call *call, struct call *by);

/** The GRE socket takes packets again. */
void calls_resume(struct server *server);

/** Without an address from now on. */
void call_leave_address(struct call *call);

/* server.c */

/** NULL: none is wanted. */
struct capture *server_capture(struct server *server);

/* clients.c */

/** A connection has come in: the listener's `accepted`. */
void client_accepted(void *server, int fd, const struct address *peer);

/** Begin a control connection on a connected socket, which is its own from now on, whatever is returned.
 *  @param callee  whom the server called; NULL: the peer has called
 *  @return false, logged */
bool client_add(struct server *server, int fd, struct callee *callee);

/** Close at once and free. */
void client_remove(struct client *client);

/** The established connection with this peer, another one than `but`; NULL: there is none. */
struct client *client_established(const struct server *server, const struct address *peer,
                                  const struct client *but);

/* callees.c */

/** Find the hosts of --connect and call them. @return false, logged; close then too */
bool callees_open(struct server *server);
void callees_close(struct server *server);

/** NULL: not a host of --connect. */
struct callee *callee_find(const struct server *server, const struct address *peer);

/** A control connection with it is established, whoever opened it. */
void callee_up(struct callee *callee);

/** One is gone: call it again, after a while, unless there is another. */
void callee_again(struct callee *callee);

#endif
