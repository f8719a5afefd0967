/* failures: from where log-ins fail again and again. */
#include "failures.h"

#include <string.h>

#define NETWORK_OCTETS 8u /* of an IPv6 address: whoever has one has its whole network */

static struct address key_of(const struct address *peer)
{
	struct address key = {.scope = 0};

	memcpy(key.octets, peer->octets, address_is_ipv4(peer) ? sizeof key.octets : NETWORK_OCTETS);
	return key;
}

static const struct failure *find(const struct failures *failures, const struct address *key, uint64_t now)
{
	for (const struct failure *at = failures->peers; at < failures->peers + FAILURES_PEERS; at++)
		if (at->count > 0 && now - at->last < FAILURES_WINDOW_US && address_equal(&at->peer, key))
			return at;
	return NULL;
}

/* A free one, or that of the address that was quiet for longest. */
static struct failure *oldest(struct failures *failures)
{
	struct failure *ret = failures->peers;

	for (struct failure *at = ret; at < failures->peers + FAILURES_PEERS && ret->count > 0; at++)
		if (at->count == 0 || at->last < ret->last)
			ret = at;
	return ret;
}

void failures_note(struct failures *failures, const struct address *peer, uint64_t now)
{
	struct address key = key_of(peer);
	const struct failure *known = find(failures, &key, now);
	struct failure *failure;

	if (known != NULL) {
		failure = &failures->peers[known - failures->peers];
	} else {
		failure = oldest(failures);
		*failure = (struct failure){.peer = key};
	}
	failure->count++;
	failure->last = now;
}

bool failures_refuse(const struct failures *failures, const struct address *peer, uint64_t now)
{
	struct address key = key_of(peer);
	const struct failure *known = find(failures, &key, now);

	return failures->limit > 0 && known != NULL && known->count >= failures->limit;
}
