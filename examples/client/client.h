/* client: what the parts of pptp-client share. client.c has the program, the control connection and the call,
 * tunnel.c PPP and the interface, uplink.c what keeps the tunnel out of itself. */
#ifndef CLIENT_H
#define CLIENT_H

#include "capture.h"
#include "contact.h"
#include "gre_socket.h"
#include "log.h"
#include "password.h"
#include "session.h"
#include "tun.h"

struct client {
	struct client_options options;
	struct loop loop;
	struct capture capture;
	struct gre_socket gre;
	struct contact contact;
	struct control *control; /* the established one, NULL: none */
	struct session session;
	struct tun tun;
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

/* uplink.c */

/** Where a route through the tunnel covers the server, keep what goes to the server on the interface that it
 *  leaves by now.
 *  @param fd  a TCP connection to the server
 *  @return false, logged */
bool uplink_pin(void *client, int fd);

#endif
