/* ppp: options, the calls of the host, and names. */
#include "digest.h"
#include "auth.h"
#include "ccp.h"
#include "wipe.h"

#define MPPE_STRENGTHS (PPP_MPPE_40 | PPP_MPPE_56 | PPP_MPPE_128)
#define SECOND_US      ((uint64_t)1000000)
#define PERIOD_MAX_US  (3600 * SECOND_US)

const struct ppp_layer_type *const ppp_layer_types[PPP_LAYERS] = {
        [PPP_LAYER_LCP] = &ppp_lcp_type,
        [PPP_LAYER_CCP] = &ppp_ccp_type,
        [PPP_LAYER_IPCP] = &ppp_ipcp_type,
        [PPP_LAYER_IPV6CP] = &ppp_ipv6cp_type,
};

void ppp_options_init(ppp_options *options)
{
	memset(options, 0, sizeof *options);
	options->check_source = 1;
	options->mru = 1400;
	options->mtu_max = 1400;
	options->max_configure = 10;
	options->max_terminate = 2;
	options->max_failure = 5;
	options->echo_misses = 4;
	options->restart_first_us = SECOND_US / 2;
	options->restart_max_us = 3 * SECOND_US;
	options->auth_limit_us = 30 * SECOND_US;
	options->echo_interval_us = 30 * SECOND_US;
	options->setup_limit_us = 60 * SECOND_US;
	options->mppe_failures = 4096;
}

/* One end proves itself, and that gives the keys. */
static int may_have_keys(const ppp_options *o)
{
	return ((o->auth_require ? o->auth_require : o->auth_allow) & PPP_AUTH_MSCHAP) != 0;
}

/* P-LCP-10: not to find out only after a password was shown that there will be no encryption. */
static void narrow_authentication(ppp_options *o)
{
	if (!o->mppe_require)
		return;
	if (o->auth_require) {
		o->auth_require &= PPP_AUTH_MSCHAP;
		return;
	}
	o->auth_allow &= PPP_AUTH_MSCHAP;
	o->auth_demand = 1;
}

static int valid(const ppp_options *o)
{
	if (!o->send || !o->receive || !o->event)
		return 0;
	if (o->mru < PPP_MRU_MIN || o->mru > PPP_MRU_DEFAULT || o->mtu_max < PPP_MRU_MIN)
		return 0;
	if (o->max_configure == 0 || o->max_terminate == 0 || o->max_failure == 0 || o->echo_misses == 0)
		return 0;
	if (o->restart_first_us == 0 || o->restart_max_us < o->restart_first_us ||
	    o->restart_max_us > PERIOD_MAX_US)
		return 0;
	if (!ppp_auth_options_valid(o))
		return 0;
	if (o->mppe_require && ((o->mppe & MPPE_STRENGTHS) == 0 || !may_have_keys(o)))
		return 0;
	return o->local_address == 0 || o->local_address != o->peer_address;
}

/* splitmix64 lets itself be turned back: magic numbers, which everybody sees, must not lead to the seed,
 * which the challenges come from. */
static void seed_random(ppp *link)
{
	uint8_t octets[sizeof link->random];

	ppp_random_octets(link, octets, sizeof octets);
	link->random = (uint64_t)wire_load32(octets) << 32 | wire_load32(octets + 4);
}

int ppp_init(ppp *link, const ppp_options *options)
{
	if (!valid(options))
		return PPP_ERR_ARGUMENT;
	memset(link, 0, sizeof *link);
	link->options = *options;
	narrow_authentication(&link->options);
	if (!options->name)
		link->options.name = "";
	link->guard_deadline = link->lcp.echo_deadline = PPP_NEVER;
	link->reason_layer = "";
	seed_random(link);
	ppp_auth_forget(link);
	ppp_ccp_forget(link);
	for (unsigned layer = 0; layer < PPP_LAYERS; layer++)
		ppp_fsm_init(&link->fsm[layer], link, ppp_layer_types[layer]);
	return PPP_OK;
}

static int refuse_busy(ppp *link)
{
	if (!link->busy)
		return 0;
	ppp_add(link, PPP_COUNT_BUSY);
	return 1;
}

int ppp_lower_down(ppp *link, uint64_t now)
{
	ppp_lower_is_gone(link);
	if (!link->busy) {
		ppp_enter(link, now);
		ppp_leave(link);
	}
	return PPP_OK;
}

int ppp_close(ppp *link, enum ppp_reason reason, uint64_t now)
{
	ppp_end(link, reason, "");
	if (!link->busy) {
		ppp_enter(link, now);
		ppp_leave(link);
	}
	return PPP_OK;
}

int ppp_input(ppp *link, const uint8_t *frame, size_t len, uint64_t now)
{
	ppp_trace record = {PPP_TRACE_DROPPED, frame, len, PPP_COUNTERS, NULL, NULL, NULL};

	if (refuse_busy(link))
		return PPP_ERR_BUSY;
	ppp_enter(link, now);
	ppp_add(link, PPP_COUNT_FRAMES_IN);
	record.counter = ppp_receive(link, frame, len);
	ppp_add(link, record.counter);
	if (record.counter >= PPP_DROP_LOWER_DOWN)
		ppp_trace_record(link, &record);
	ppp_leave(link);
	return PPP_OK;
}

uint64_t ppp_deadline(const ppp *link)
{
	uint64_t earliest = PPP_NEVER;

	if (link->phase == PPP_PHASE_DEAD || link->over)
		return PPP_NEVER;
	for (unsigned i = 0; i < PPP_LAYERS; i++)
		earliest = ppp_earlier(earliest, link->fsm[i].deadline);
	earliest = ppp_earlier(earliest, ppp_auth_deadline(link));
	return ppp_earlier(earliest, ppp_earlier(link->lcp.echo_deadline, link->guard_deadline));
}

int ppp_tick(ppp *link, uint64_t now)
{
	if (refuse_busy(link))
		return PPP_ERR_BUSY;
	ppp_enter(link, now);
	if (link->phase != PPP_PHASE_DEAD && !link->over) {
		for (unsigned layer = 0; layer < PPP_LAYERS; layer++)
			ppp_fsm_tick(&link->fsm[layer]);
		ppp_auth_tick(link);
		ppp_lcp_tick(link);
		ppp_guard_tick(link);
	}
	ppp_leave(link);
	return PPP_OK;
}

/* splitmix64: enough for numbers that must differ. */
uint32_t ppp_random(ppp *link)
{
	uint32_t random;

	do {
		uint64_t z = link->random += 0x9E3779B97F4A7C15u;
		z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
		z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
		random = (uint32_t)(z >> 32);
	} while (random == 0);
	return random;
}

static void put_number(struct digest *digest, uint64_t number)
{
	uint8_t octets[8];

	wire_store32(octets, (uint32_t)(number >> 32));
	wire_store32(octets + 4, (uint32_t)number);
	digest_put(digest, octets, sizeof octets);
}

/* SHA-1 over seed and counter: RFC 1994 4.1 wants challenges that are unique and cannot be predicted. */
void ppp_random_octets(ppp *link, uint8_t *ret, size_t len)
{
	uint8_t block[SHA1_OCTETS];

	while (len > 0) {
		size_t n = len < sizeof block ? len : sizeof block;
		struct digest digest;

		link->auth.random_count++;
		digest_begin(&digest, DIGEST_SHA1);
		put_number(&digest, link->options.seed);
		put_number(&digest, link->auth.random_count);
		put_number(&digest, link->now);
		digest_end(&digest, block);
		memcpy(ret, block, n);
		ret += n;
		len -= n;
	}
	wipe(block, sizeof block);
}

void ppp_trace_record(ppp *link, const ppp_trace *record)
{
	if (link->options.trace)
		link->options.trace(link->options.user, record);
}

/* ---- queries ---------------------------------------------------------------------------------------- */

enum ppp_phase ppp_phase_now(const ppp *link)
{
	return link->phase;
}

const char *ppp_phase_name(enum ppp_phase phase)
{
	static const char *const names[] = {"Dead", "Establish", "Authenticate", "Network", "Terminate"};

	return (unsigned)phase < sizeof names / sizeof names[0] ? names[phase] : NULL;
}

const char *ppp_state_name(uint8_t state)
{
	static const char *const names[PPP_STATES] = {"Initial",  "Starting", "Closed",   "Stopped",
	                                              "Closing",  "Stopping", "Req-Sent", "Ack-Rcvd",
	                                              "Ack-Sent", "Opened"};

	return state < PPP_STATES ? names[state] : NULL;
}

const char *ppp_layer_state(const ppp *link, enum ppp_layer layer)
{
	return (unsigned)layer < PPP_LAYERS ? ppp_state_name(link->fsm[layer].state) : NULL;
}

const char *ppp_layer_name(enum ppp_layer layer)
{
	return (unsigned)layer < PPP_LAYERS ? ppp_layer_types[layer]->name : NULL;
}

uint64_t ppp_count(const ppp *link, enum ppp_counter counter)
{
	return (unsigned)counter < PPP_COUNTERS ? link->counters[counter] : 0;
}

const char *ppp_counter_name(enum ppp_counter counter)
{
	static const char *const names[PPP_COUNTERS] = {
	        [PPP_COUNT_CONTROL_IN] = "control packets in",
	        [PPP_COUNT_IPV4_IN] = "IPv4 packets in",
	        [PPP_COUNT_IPV6_IN] = "IPv6 packets in",
	        [PPP_COUNT_OTHER_IN] = "other packets in",
	        [PPP_DROP_LOWER_DOWN] = "link is down",
	        [PPP_DROP_BAD_HEADER] = "bad header",
	        [PPP_DROP_TOO_LONG] = "too long",
	        [PPP_DROP_UNKNOWN_PROTOCOL] = "unknown protocol",
	        [PPP_DROP_WRONG_PHASE] = "wrong phase",
	        [PPP_DROP_NOT_OPENED] = "layer not opened",
	        [PPP_DROP_BAD_LENGTH] = "bad length",
	        [PPP_DROP_BAD_OPTIONS] = "bad options",
	        [PPP_DROP_BAD_IDENTIFIER] = "bad identifier",
	        [PPP_DROP_BAD_ACK] = "Configure-Ack differs from the request",
	        [PPP_DROP_BAD_REJECT] = "Configure-Reject is not part of the request",
	        [PPP_DROP_UNKNOWN_CODE] = "unknown code",
	        [PPP_DROP_UNKNOWN_REJECT] = "Protocol-Reject of something never sent",
	        [PPP_DROP_LOOPED] = "own magic number",
	        [PPP_DROP_NOT_IPV4] = "not IPv4",
	        [PPP_DROP_NOT_IPV6] = "not IPv6",
	        [PPP_DROP_IN_CLEAR] = "not encrypted",
	        [PPP_DROP_MPPE_LATE] = "encrypted, late",
	        [PPP_DROP_MPPE_LOST_STEP] = "encrypted, behind a lost one",
	        [PPP_DROP_MPPE_CLEAR] = "encrypted by name only",
	        [PPP_DROP_MPPE_GARBAGE] = "encrypted, makes no sense",
	        [PPP_DROP_BAD_SOURCE] = "source is not the assigned address",
	        [PPP_DROP_NOT_AGREED] = "authentication not agreed on",
	        [PPP_DROP_REFLECTED] = "our own challenge",
	        [PPP_COUNT_FRAMES_IN] = "frames in",
	        [PPP_COUNT_CONTROL_OUT] = "control packets out",
	        [PPP_COUNT_IPV4_OUT] = "IPv4 packets out",
	        [PPP_COUNT_IPV6_OUT] = "IPv6 packets out",
	        [PPP_COUNT_OTHER_OUT] = "other packets out",
	        [PPP_COUNT_ENCRYPTED] = "packets encrypted",
	        [PPP_COUNT_DECRYPTED] = "packets decrypted",
	        [PPP_COUNT_RESETS_OUT] = "Reset-Requests out",
	        [PPP_COUNT_RESETS_IN] = "Reset-Requests in",
	        [PPP_COUNT_SEND_FAILED] = "send failed",
	        [PPP_COUNT_SEND_SUPPRESSED] = "not sent: code was rejected",
	        [PPP_COUNT_OUTPUT_NOT_OPEN] = "output before IPCP",
	        [PPP_COUNT_OUTPUT_TOO_LONG] = "output too long",
	        [PPP_COUNT_OUTPUT_NOT_IP] = "output not IP",
	        [PPP_COUNT_OUTPUT_NOT_OURS] = "output of a protocol that is not the host's",
	        [PPP_COUNT_RETRANSMITS] = "retransmits",
	        [PPP_COUNT_AUTH_WRONG] = "wrong names or passwords",
	        [PPP_COUNT_ECHO_MISSED] = "echoes missed",
	        [PPP_COUNT_NAK_IGNORED] = "options in a Nak ignored",
	        [PPP_COUNT_IMPOSSIBLE_EVENT] = "impossible events",
	        [PPP_COUNT_BUSY] = "calls from a callback",
	};

	return (unsigned)counter < PPP_COUNTERS ? names[counter] : NULL;
}

const char *ppp_reason_text(enum ppp_reason reason)
{
	static const char *const texts[PPP_REASONS] = {
	        [PPP_REASON_NONE] = "no reason",
	        [PPP_REASON_LOCAL] = "ended by this host",
	        [PPP_REASON_LOWER_DOWN] = "the call ended",
	        [PPP_REASON_PEER_TERMINATED] = "the peer ended the link",
	        [PPP_REASON_NO_ANSWER] = "the peer does not answer",
	        [PPP_REASON_NOT_CONVERGING] = "the two ends cannot agree",
	        [PPP_REASON_PEER_REJECTED] = "the peer rejects what the link needs",
	        [PPP_REASON_SETUP_TIMEOUT] = "setting up took too long",
	        [PPP_REASON_PEER_DEAD] = "the peer stopped answering",
	        [PPP_REASON_LOOPED] = "the link is looped back",
	        [PPP_REASON_NO_ADDRESS] = "no usable pair of addresses",
	        [PPP_REASON_WANTS_AUTHENTICATION] =
	                "the peer demands authentication by a method that is not allowed here",
	        [PPP_REASON_AUTH_FAILED] = "the peer refused our user name or password",
	        [PPP_REASON_PEER_AUTH_FAILED] = "the peer's user name or password is wrong",
	        [PPP_REASON_AUTH_TIMEOUT] = "authentication took too long",
	        [PPP_REASON_AUTH_REFUSED] =
	                "the peer does not prove itself by any method that is allowed here",
	        [PPP_REASON_AUTH_NOT_DEMANDED] = "the peer does not ask for a user name and password",
	        [PPP_REASON_NO_KEYS] = "authentication gave no keys, and encryption is required here",
	        [PPP_REASON_ENCRYPTION_REFUSED] =
	                "the peer does not agree to the encryption that is required here",
	        [PPP_REASON_ENCRYPTION_LOST] = "encryption ended, or the peer went out of step",
	        [PPP_REASON_SERVER_NOT_PROVEN] = "the server could not prove that it knows the password",
	};

	return (unsigned)reason < PPP_REASONS ? texts[reason] : NULL;
}
