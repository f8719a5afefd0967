/* client: what the parts of pptp-client share. client.c has the program, the control connection and the call,
 * tunnel.c PPP and the interface, relayed.c the PPP of others, uplink.c what keeps the tunnel out of itself.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <termios.h>

#include "capture.h"
#include "contact.h"
#include "gre_socket.h"
#include "log.h"
#include "password.h"
#include "relay.h"
#include "session.h"
#include "tun.h"

/* Standard input and output with PPP on them, and what they were before. */
struct client_stdio {
	int in, out, in_flags, out_flags;
	bool taken, is_terminal;
	struct termios terminal;
};

struct client {
	struct client_options options;
	struct loop loop;
	struct capture capture;
	struct gre_socket gre;
	struct contact contact;
	struct control *control; /* the established one, NULL: none */
	struct session session;
	struct relay relay; /* where PPP is not ours */
	struct pppd_departures departures;
	struct client_stdio stdio;
	struct tun tun; /* where it is */
	const pptp_config *config;
	struct loop_timer limit; /* of connecting, then of stopping */
	struct addresses server;
	char user_shown[160];     /* for the log */
	struct password password; /* where there is a user */
	pptp_call call;
	bool has_session, connected, stopping;
	bool has_ipv6; /* in the tunnel, with this address */
	uint8_t identifier[PPP_INTERFACE_OCTETS];
	int exit_code;
	struct log_limit wan_errors;
};

/* client.c */

/** The first reason to fail is the one to exit with; none after a signal. */
void client_fail(struct client *client, int exit_code);

/** End in order: PPP, then the call, then the connection; each step's event leads to the next. */
void client_stop(struct client *client);
void client_clear_call(struct client *client);

/* tunnel.c */

/** PPP for the call that was dialled. @return false, logged */
bool tunnel_open(struct client *client);

/** A packet from the interface: what tun_open is given. */
bool tunnel_packet(void *client, uint8_t *packet, size_t len);

/* relayed.c: where PPP is somebody else's */

bool relayed(const struct client *client);
/** The session for the call that was dialled. @return false, logged */
bool relayed_open(struct client *client);
/** The call is up: begin. */
void relayed_up(struct client *client);
/** Make standard input and output fit for it. @return false, logged */
bool relayed_take_stdio(struct client *client);
/** As they were; harmless when they were not taken. */
void relayed_give_stdio_back(struct client *client);

/* uplink.c */

/** Where a route through the tunnel covers the server, keep what goes to the server on the interface that it
 *  leaves by now.
 *  @param fd  a TCP connection to the server
 *  @return false, logged */
bool uplink_pin(void *client, int fd);

#endif
