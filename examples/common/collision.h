/* collision: of two control connections between the same two hosts, one opened by each, one goes on (RFC 2637
 * 3.1.3). */
#ifndef COLLISION_H
#define COLLISION_H

#include "control.h"

/** Whether our request on this connection still waits for its answer. NULL: no. */
bool collision_possible(const struct control *ours);

/** The peer asks on theirs (PPTP_EV_START_OFFERED) for what we may be asking for on ours. Says nothing on
 *  theirs where ours goes on; where ours is not to be it ends with PPTP_ERR_COLLISION, soon, and theirs is
 * accepted. A connection that stays unanswered ends by its start timer, or by the peer.
 *  @param ours  the one that we opened to this peer; NULL: none, or it has ended
 *  @return whether theirs was accepted */
bool collision_settle(struct control *ours, struct control *theirs);

#endif
