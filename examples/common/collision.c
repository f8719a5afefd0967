/* collision: of two control connections between the same two hosts, one opened by each, one goes on (RFC 2637
 * 3.1.3). */
#include "collision.h"

#include "log.h"

bool collision_possible(const struct control *ours)
{
	return ours != NULL && control_state(ours) == PPTP_CONN_WAIT_CTL_REPLY;
}

/* By where each connection comes from: hosts with several addresses agree on that too. Where the rule knows
 * no winner (all is equal) both ends let the other one win, and both connections end: better than that each
 * waits for the other. */
static bool we_win(const struct control *ours, const struct control *theirs)
{
	return pptp_collision(ours->local.octets, theirs->peer.octets, sizeof ours->local.octets,
	                      ours->local_port, theirs->peer_port) > 0;
}

bool collision_settle(struct control *ours, struct control *theirs)
{
	switch (ours != NULL ? control_state(ours) : PPTP_CONN_CLOSED) {
	case PPTP_CONN_WAIT_CTL_REPLY:
		if (we_win(ours, theirs)) {
			log_line("%s and we called each other: our connection goes on", theirs->name);
			return false;
		}
		log_line("%s and we called each other: its connection goes on", theirs->name);
		control_abort(ours, PPTP_ERR_COLLISION);
		break;
	case PPTP_CONN_ESTABLISHED: /* the peer has answered ours since it asked here: it is the loser */
		return false;
	default:
		break;
	}
	return pptp_conn_accept(theirs->conn, theirs->loop->now) == PPTP_OK;
}
