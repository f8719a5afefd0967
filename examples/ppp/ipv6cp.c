/* ipv6cp: interface identifiers (RFC 5072), and the IPv6 packets that follow. A session with IPv4 does not
 * end where this fails. */
#include "ccp.h"

enum { INTERFACE_IDENTIFIER = 1 };

#define IDENTIFIER_OCTETS PPP_INTERFACE_OCTETS
#define UNIVERSAL         0x02u /* in the first octet: from a hardware address (RFC 4291 2.5.1) */
#define LENGTH_OFFSET     4u    /* in an IPv6 header, RFC 8200 3 */
#define SOURCE_OFFSET     8u

static struct ppp_ipv6cp *ipv6cp_of(const ppp_fsm *fsm)
{
	return &fsm->link->ipv6cp;
}

static int is_zero(const uint8_t *identifier)
{
	static const uint8_t zero[IDENTIFIER_OCTETS];

	return memcmp(identifier, zero, sizeof zero) == 0;
}

static int is_equal(const uint8_t *one, const uint8_t *other)
{
	return memcmp(one, other, IDENTIFIER_OCTETS) == 0;
}

/* At random, not zero and not `but` (RFC 5072 4.1). */
static void choose(ppp *link, const uint8_t *but, uint8_t *ret)
{
	do {
		ppp_random_octets(link, ret, IDENTIFIER_OCTETS);
		ret[0] &= (uint8_t)~UNIVERSAL;
	} while (is_zero(ret) || is_equal(ret, but));
}

/* ---- the peer's --------------------------------------------------------------------------------------- */

/* P-V6-02 to 05. Ours is never zero. */
static enum ppp_verdict judge(ppp_fsm *fsm, const uint8_t *value)
{
	if (!value || is_zero(value) || is_equal(value, ipv6cp_of(fsm)->local))
		return PPP_NAKED;
	return PPP_ACKED;
}

static void suggest(ppp_fsm *fsm, const uint8_t *value, wire_writer *nak)
{
	struct ppp_ipv6cp *ipv6cp = ipv6cp_of(fsm);

	(void)value;
	choose(fsm->link, ipv6cp->local, ipv6cp->suggested);
	wire_put8(nak, INTERFACE_IDENTIFIER);
	wire_put8(nak, IDENTIFIER_OCTETS + PPP_OPTION_HEADER);
	wire_put_octets(nak, ipv6cp->suggested, IDENTIFIER_OCTETS);
}

static int wanted(const ppp_fsm *fsm)
{
	return fsm->naks_sent == 0;
}

static void accept(ppp_fsm *fsm, const uint8_t *value)
{
	if (value)
		memcpy(ipv6cp_of(fsm)->peer, value, IDENTIFIER_OCTETS);
	else
		memset(ipv6cp_of(fsm)->peer, 0, IDENTIFIER_OCTETS);
}

/* ---- ours ---------------------------------------------------------------------------------------------- */

static void request(const ppp_fsm *fsm, wire_writer *w)
{
	wire_put8(w, INTERFACE_IDENTIFIER);
	wire_put8(w, IDENTIFIER_OCTETS + PPP_OPTION_HEADER);
	wire_put_octets(w, ipv6cp_of(fsm)->local, IDENTIFIER_OCTETS);
}

/* P-V6-09 */
static enum ppp_retry naked(ppp_fsm *fsm, const uint8_t *value)
{
	struct ppp_ipv6cp *ipv6cp = ipv6cp_of(fsm);

	if (is_zero(value) || is_equal(value, ipv6cp->suggested))
		choose(fsm->link, ipv6cp->suggested, ipv6cp->local);
	else
		memcpy(ipv6cp->local, value, IDENTIFIER_OCTETS);
	return PPP_RETRY;
}

static enum ppp_retry rejected(ppp_fsm *fsm)
{
	fsm->reason = PPP_REASON_NO_ADDRESS;
	return PPP_GIVE_UP;
}

static const struct ppp_option_rule rules[] = {
        {.type = INTERFACE_IDENTIFIER,
         .len = IDENTIFIER_OCTETS + PPP_OPTION_HEADER,
         .judge = judge,
         .suggest = suggest,
         .wanted = wanted,
         .accept = accept,
         .request = request,
         .naked = naked,
         .rejected = rejected},
};

/* ---- the layer ----------------------------------------------------------------------------------------- */

static void reset(ppp_fsm *fsm)
{
	struct ppp_ipv6cp *ipv6cp = ipv6cp_of(fsm);

	memset(ipv6cp, 0, sizeof *ipv6cp);
	if (is_zero(fsm->link->options.interface))
		choose(fsm->link, ipv6cp->suggested, ipv6cp->local);
	else
		memcpy(ipv6cp->local, fsm->link->options.interface, IDENTIFIER_OCTETS);
}

static void tell(ppp *link, enum ppp_event_type type)
{
	ppp_event event;

	memset(&event, 0, sizeof event);
	event.type = type;
	memcpy(event.local_interface, link->ipv6cp.local, IDENTIFIER_OCTETS);
	memcpy(event.peer_interface, link->ipv6cp.peer, IDENTIFIER_OCTETS);
	event.mtu = ppp_mtu(link);
	ppp_ccp_describe(link, &event);
	ppp_auth_describe(link, &event);
	link->options.event(link->options.user, &event);
}

/* Without an identifier of the peer there is no address to talk to. */
static void up(ppp_fsm *fsm)
{
	ppp *link = fsm->link;

	if (is_zero(link->ipv6cp.peer))
		return;
	link->ipv6cp.up = 1;
	tell(link, PPP_EVENT_IPV6_UP);
}

static void down(ppp_fsm *fsm)
{
	if (!fsm->link->ipv6cp.up)
		return;
	fsm->link->ipv6cp.up = 0;
	tell(fsm->link, PPP_EVENT_IPV6_DOWN);
}

const struct ppp_layer_type ppp_ipv6cp_type = {
        .name = "IPV6CP",
        .number = PPP_PROTOCOL_IPV6CP,
        .known_codes = 0x00FE, /* 1 to 7 */
        .rules = rules,
        .rule_count = sizeof rules / sizeof rules[0],
        .reset = reset,
        .up = up,
        .down = down,
};

/* RFC 8200 5: not below 1280 octets. */
int ppp_ipv6_runs(const ppp *link)
{
	return link->options.ipv6 && ppp_mtu(link) >= PPP_IPV6_MTU_MIN;
}

enum ppp_counter ppp_ipv6cp_input(ppp *link, const uint8_t *information, size_t len)
{
	if (link->phase != PPP_PHASE_NETWORK)
		return PPP_DROP_WRONG_PHASE;
	if (!ppp_ccp_settled(link))
		return ppp_fsm_keep_early(&link->fsm[PPP_LAYER_IPV6CP], information, len);
	return ppp_control_input(&link->fsm[PPP_LAYER_IPV6CP], information, len);
}

/* A peer to whom an address was given, a client, has no other IPv6 address from us than its link-local one.
 */
static int is_foreign(const ppp *link, const uint8_t *source)
{
	static const uint8_t link_local[IDENTIFIER_OCTETS] = {0xFE, 0x80};

	return link->options.check_source && link->options.peer_address != 0 &&
	       !(is_zero(source) &&
	         is_zero(source + IDENTIFIER_OCTETS)) && /* it looks whether its own is free */
	       !(is_equal(source, link_local) && is_equal(source + IDENTIFIER_OCTETS, link->ipv6cp.peer));
}

enum ppp_counter ppp_ipv6_input(ppp *link, const uint8_t *packet, size_t len)
{
	size_t total;

	if (link->phase != PPP_PHASE_NETWORK || !link->ipv6cp.up)
		return PPP_DROP_NOT_OPENED;
	if (len < PPP_IPV6_HEADER || packet[0] >> 4 != 6)
		return PPP_DROP_NOT_IPV6;
	total = PPP_IPV6_HEADER + wire_load16(packet + LENGTH_OFFSET);
	if (total > len)
		return PPP_DROP_NOT_IPV6;
	if (is_foreign(link, packet + SOURCE_OFFSET))
		return PPP_DROP_BAD_SOURCE;
	link->options.receive(link->options.user, packet, total);
	return PPP_COUNT_IPV6_IN;
}
