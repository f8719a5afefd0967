/* collision: who goes on when two peers opened a control connection to each other at once (RFC 2637 3.1.3).
 */
#include "pptp/conn.h"

#include <string.h>

static int32_t higher(uint16_t local, uint16_t peer)
{
	if (local == peer)
		return 0;
	return local > peer ? 1 : -1;
}

int32_t pptp_collision(const uint8_t *local, const uint8_t *peer, size_t octets, uint16_t local_port,
                       uint16_t peer_port)
{
	int order;
	if (!local || !peer || (octets != 4 && octets != 16))
		return 0;
	order = memcmp(local, peer, octets); /* compares as big-endian numbers do */
	if (order == 0)
		return higher(local_port, peer_port);
	return order > 0 ? 1 : -1;
}
