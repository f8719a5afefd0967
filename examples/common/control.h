/* control: one pptp_conn on its TCP socket in the event loop. */
#ifndef CONTROL_H
#define CONTROL_H

#include <pptp/pptp.h>
#include <stdbool.h>

#include "address.h"
#include "capture.h"
#include "loop.h"

struct control {
	struct loop *loop;
	pptp_conn *conn;
	struct loop_io io;
	struct loop_timer timer;
	struct address local, peer;
	uint16_t local_port, peer_port;
	char name[ADDRESS_TEXT_OCTETS]; /* of the peer */
	void (*event)(void *user, const pptp_event *event);
	void (*over)(void *user); /* after PPTP_EV_DOWN: call control_close */
	void *user;
	struct capture *capture; /* NULL: none; to be set as soon as it is open */
	struct capture_tcp captured;
	size_t kept; /* octets read that the connection could not take yet */
	uint8_t input[4096];
};

struct control_handler {
	void (*event)(void *user, const pptp_event *event);
	void (*over)(void *user);
};

/** Begin on a connected, non-blocking socket, which is the control's from now on, whatever is returned.
 *  @param role  PPTP_ORIGINATOR or PPTP_RECEIVER, which is asked with PPTP_EV_START_OFFERED
 *  @return false, logged */
bool control_open(struct control *control, struct loop *loop, int fd, const pptp_config *config,
                  uint32_t role, const struct control_handler *handler, void *user);

/** The largest packet that a tunnel to the same peer carries without fragments, for what the system knows of
 *  the path (the interface's MTU, or less where a router has said so). At most `most`, at least 576. */
unsigned control_tunnel_mtu(const struct control *control, uint32_t flags, unsigned most);

/** PPTP_CONN_IDLE and so on. */
uint32_t control_state(const struct control *control);

/** Free and close at once, in any state. */
void control_close(struct control *control);

/** End it without a word to the peer, which sees it at once; PPTP_EV_DOWN and `over` follow soon. */
void control_abort(struct control *control, pptp_err why);

/** After requests made outside of `event`: send what they queued, soon. Nothing is called back before this
 *  returns, so it is safe where the control or its calls must not vanish. */
void control_wake(struct control *control);

#endif
