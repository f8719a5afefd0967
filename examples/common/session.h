/* session: one call's data: the channel, the PPP on it, and the packets in and out. */
#ifndef SESSION_H
#define SESSION_H

#include <pptp/pptp.h>
#include <stdbool.h>

#include "gre_socket.h"
#include "loop.h"
#include "ppp.h"

#define SESSION_HEADROOM (PPTP_GRE_HEADER_MAX + PPP_HEADROOM) /* in front of packets for session_output */

/** What a tunnel carries at most, where the user does not say: it leaves room for what lies between, such as
 *  PPPoE at either end. */
#define SESSION_MTU 1400u

struct session {
	struct loop *loop;
	struct gre_socket *gre;
	struct gre_path path;
	pptp_gre *channel;
	ppp link;
	struct loop_timer timer;
	void (*packet)(void *user, const uint8_t *packet, size_t len); /* from the peer, IPv4 */
	void (*event)(void *user, const ppp_event *event);
	void (*frame)(void *user, const uint8_t *frame, size_t len); /* NULL: PPP is ours */
	void *user;
	uint16_t call_id; /* ours */
	uint16_t mtu;     /* of packets, when PPP is up */
	bool heard, diagnosed, over;
};

/** Packets and events of our PPP; or, where PPP is somebody else's, its frames. */
struct session_handler {
	void (*packet)(void *user, const uint8_t *packet, size_t len);
	void (*event)(void *user, const ppp_event *event);
	void (*frame)(void *user, const uint8_t *frame, size_t len);
};

/** Prepare for a call that was dialled or accepted: from now on the channel takes packets, for GRE may
 * overtake the reply.
 * @param link_options  seed and callbacks are set here; NULL with handler->frame
 * @return false, logged; nothing to close */
bool session_open(struct session *session, struct loop *loop, struct gre_socket *gre,
                  const struct address *local, const struct address *peer, const pptp_gre_options *channel,
                  const ppp_options *link_options, const struct session_handler *handler, void *user);

/** The call is up: begin PPP. */
void session_start(struct session *session, const pptp_gre_options *channel);

/** End PPP in order. @return whether its DOWN event follows; not when PPP had not begun or is over */
bool session_close(struct session *session);

/** The call is gone; the event DOWN comes if it has not come yet. Frees everything, also the Call ID. */
void session_free(struct session *session);

/** A datagram from the GRE socket; the target of its mux. */
void session_datagram(void *session, const uint8_t *data, size_t len);

/** An IPv4 packet for the peer, SESSION_HEADROOM octets in front of it.
 *  @return false: no room now; the packet is as it was */
bool session_output(struct session *session, uint8_t *packet, size_t len);

/** A frame for the peer, of a PPP that is not ours. @return false: no room now */
bool session_send(struct session *session, const uint8_t *frame, size_t len);

/** Counters that are not 0, for the log. */
void session_report(const struct session *session);

#endif
