/* ipcp: addresses and name servers (RFC 1332, RFC 1877), and the IPv4 packets that follow. Either end is
 * client or server, option by option: who has a value gives it, who has none asks. */
#include "ccp.h"

enum { IP_ADDRESS = 3, DNS_PRIMARY = 129, NBNS_PRIMARY = 130, DNS_SECONDARY = 131, NBNS_SECONDARY = 132 };

#define SOURCE_OFFSET 12u /* in an IPv4 header, RFC 791 3.1 */
#define LENGTH_OFFSET 2u

/* ---- the peer's address ---- */

/* With an address for the peer only that one will do. Without, any but none and our own. */
static enum ppp_verdict judge_address(ppp_fsm *fsm, const uint8_t *value)
{
	uint32_t assigned = fsm->link->options.peer_address;
	uint32_t asked = value ? wire_load32(value) : 0;

	if (assigned != 0)
		return value && asked == assigned ? PPP_ACKED : PPP_NAKED;
	return asked != 0 && asked != fsm->link->ipcp.local_address ? PPP_ACKED : PPP_REJECTED;
}

static void suggest_address(ppp_fsm *fsm, const uint8_t *value, wire_writer *nak)
{
	if (!value)
		fsm->link->ipcp.address_suggested = 1;
	ppp_option_put32(nak, IP_ADDRESS, fsm->link->options.peer_address);
}

/* A request without an address gets ours appended, once (RFC 1332 3.3). */
static int want_address(const ppp_fsm *fsm)
{
	return fsm->link->options.peer_address != 0 && !fsm->link->ipcp.address_suggested;
}

static void accept_address(ppp_fsm *fsm, const uint8_t *value)
{
	fsm->link->ipcp.peer_address = value ? wire_load32(value) : fsm->link->options.peer_address;
}

/* ---- our address ---- */

static void request_address(const ppp_fsm *fsm, wire_writer *request)
{
	ppp_option_put32(request, IP_ADDRESS, fsm->link->ipcp.local_address);
}

static enum ppp_retry without_address(ppp_fsm *fsm, enum ppp_retry otherwise)
{
	if (fsm->link->options.local_address != 0)
		return otherwise;
	fsm->reason = PPP_REASON_NO_ADDRESS;
	return PPP_GIVE_UP;
}

static enum ppp_retry naked_address(ppp_fsm *fsm, const uint8_t *value)
{
	uint32_t given = wire_load32(value);

	if (given == 0 || fsm->link->options.local_address != 0)
		return without_address(fsm, PPP_RETRY);
	fsm->link->ipcp.local_address = given;
	return PPP_RETRY;
}

static enum ppp_retry rejected_address(ppp_fsm *fsm)
{
	return without_address(fsm, PPP_WITHDRAW);
}

/* ---- name servers, primary 0 and secondary 1 ---- */

static uint8_t dns_type(unsigned which)
{
	return which == 0 ? DNS_PRIMARY : DNS_SECONDARY;
}

static enum ppp_verdict judge_given(uint32_t ours, const uint8_t *value)
{
	if (ours == 0)
		return PPP_REJECTED;
	return value && wire_load32(value) == ours ? PPP_ACKED : PPP_NAKED;
}

static void request_dns(const ppp_fsm *fsm, unsigned which, wire_writer *request)
{
	if (fsm->link->options.ask_dns)
		ppp_option_put32(request, dns_type(which), fsm->link->ipcp.dns[which]);
}

static enum ppp_retry naked_dns(ppp_fsm *fsm, unsigned which, const uint8_t *value)
{
	fsm->link->ipcp.dns[which] = wire_load32(value);
	return fsm->link->ipcp.dns[which] ? PPP_RETRY : PPP_WITHDRAW;
}

static enum ppp_retry rejected_dns(ppp_fsm *fsm, unsigned which)
{
	fsm->link->ipcp.dns[which] = 0;
	return PPP_WITHDRAW;
}

/* The rules call without saying which one they are. */
#define DNS_HOOKS(name, which)                                                                               \
	static enum ppp_verdict judge_##name(ppp_fsm *fsm, const uint8_t *value)                             \
	{                                                                                                    \
		return judge_given(fsm->link->options.dns[which], value);                                    \
	}                                                                                                    \
	static void suggest_##name(ppp_fsm *fsm, const uint8_t *value, wire_writer *nak)                     \
	{                                                                                                    \
		(void)value;                                                                                 \
		ppp_option_put32(nak, dns_type(which), fsm->link->options.dns[which]);                       \
	}                                                                                                    \
	static void request_##name(const ppp_fsm *fsm, wire_writer *request)                                 \
	{                                                                                                    \
		request_dns(fsm, which, request);                                                            \
	}                                                                                                    \
	static enum ppp_retry naked_##name(ppp_fsm *fsm, const uint8_t *value)                               \
	{                                                                                                    \
		return naked_dns(fsm, which, value);                                                         \
	}                                                                                                    \
	static enum ppp_retry rejected_##name(ppp_fsm *fsm)                                                  \
	{                                                                                                    \
		return rejected_dns(fsm, which);                                                             \
	}
DNS_HOOKS(primary, 0)
DNS_HOOKS(secondary, 1)

/* ---- NetBIOS name servers: given to a peer that asks, nothing for us to ask for ---- */

#define NBNS_HOOKS(name, option, which)                                                                      \
	static enum ppp_verdict judge_##name(ppp_fsm *fsm, const uint8_t *value)                             \
	{                                                                                                    \
		return judge_given(fsm->link->options.nbns[which], value);                                   \
	}                                                                                                    \
	static void suggest_##name(ppp_fsm *fsm, const uint8_t *value, wire_writer *nak)                     \
	{                                                                                                    \
		(void)value;                                                                                 \
		ppp_option_put32(nak, option, fsm->link->options.nbns[which]);                               \
	}
NBNS_HOOKS(nbns_primary, NBNS_PRIMARY, 0)
NBNS_HOOKS(nbns_secondary, NBNS_SECONDARY, 1)

static const struct ppp_option_rule rules[] = {
        {.type = IP_ADDRESS,
         .len = 6,
         .judge = judge_address,
         .suggest = suggest_address,
         .wanted = want_address,
         .accept = accept_address,
         .request = request_address,
         .naked = naked_address,
         .rejected = rejected_address},
        {.type = DNS_PRIMARY,
         .len = 6,
         .judge = judge_primary,
         .suggest = suggest_primary,
         .request = request_primary,
         .naked = naked_primary,
         .rejected = rejected_primary},
        {.type = DNS_SECONDARY,
         .len = 6,
         .judge = judge_secondary,
         .suggest = suggest_secondary,
         .request = request_secondary,
         .naked = naked_secondary,
         .rejected = rejected_secondary},
        {.type = NBNS_PRIMARY, .len = 6, .judge = judge_nbns_primary, .suggest = suggest_nbns_primary},
        {.type = NBNS_SECONDARY, .len = 6, .judge = judge_nbns_secondary, .suggest = suggest_nbns_secondary},
};

/* ---- the layer ---- */

static void assign_address(ppp_fsm *fsm)
{
	ppp_options *options = &fsm->link->options;

	if (!options->assign)
		return;
	options->peer_address = options->assign(options->user);
	if (options->peer_address == 0 || options->peer_address == options->local_address)
		ppp_end(fsm->link, PPP_REASON_NO_ADDRESS, fsm->type->name);
}

static void reset(ppp_fsm *fsm)
{
	assign_address(fsm);
	memset(&fsm->link->ipcp, 0, sizeof fsm->link->ipcp);
	fsm->link->ipcp.local_address = fsm->link->options.local_address;
}

/* Two ends with one address, or one without any, cannot talk. */
static void up(ppp_fsm *fsm)
{
	const struct ppp_ipcp *ipcp = &fsm->link->ipcp;

	if (ipcp->local_address == 0 || ipcp->peer_address == 0 || ipcp->local_address == ipcp->peer_address)
		ppp_end(fsm->link, PPP_REASON_NO_ADDRESS, fsm->type->name);
	else
		ppp_network_opened(fsm->link);
}

static void down(ppp_fsm *fsm)
{
	ppp_network_left(fsm->link);
}

const struct ppp_layer_type ppp_ipcp_type = {
        .name = "IPCP",
        .number = PPP_PROTOCOL_IPCP,
        .known_codes = 0x00FE, /* 1 to 7 */
        .rules = rules,
        .rule_count = sizeof rules / sizeof rules[0],
        .reset = reset,
        .up = up,
        .down = down,
        .finished = ppp_session_network_finished,
};

enum ppp_counter ppp_ipcp_input(ppp *link, const uint8_t *information, size_t len)
{
	if (link->phase != PPP_PHASE_NETWORK)
		return PPP_DROP_WRONG_PHASE;
	if (!ppp_ccp_settled(link))
		return ppp_fsm_keep_early(&link->fsm[PPP_LAYER_IPCP], information, len);
	return ppp_control_input(&link->fsm[PPP_LAYER_IPCP], information, len);
}

void ppp_ipcp_protocol_rejected(ppp *link)
{
	ppp_fsm_protocol_rejected(&link->fsm[PPP_LAYER_IPCP]);
}

/* Octets behind the packet's own length are padding. */
enum ppp_counter ppp_ipv4_input(ppp *link, const uint8_t *packet, size_t len)
{
	const ppp_options *options = &link->options;
	size_t total;

	if (link->phase != PPP_PHASE_NETWORK || !link->network_up)
		return PPP_DROP_NOT_OPENED;
	if (len < PPP_IPV4_HEADER_MIN || packet[0] >> 4 != 4)
		return PPP_DROP_NOT_IPV4;
	total = wire_load16(packet + LENGTH_OFFSET);
	if (total < PPP_IPV4_HEADER_MIN || total > len)
		return PPP_DROP_NOT_IPV4;
	if (options->check_source && options->peer_address != 0 &&
	    wire_load32(packet + SOURCE_OFFSET) != link->ipcp.peer_address)
		return PPP_DROP_BAD_SOURCE;
	options->receive(options->user, packet, total);
	return PPP_COUNT_IPV4_IN;
}
