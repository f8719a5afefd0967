/* ccp_data: packets of the network, encrypted under 00FD (RFC 3078 3), and how two ends that lost step find
 * it again (stateful mode). */
#include "ccp.h"

#include "wipe.h"

enum { RESET_REQUEST = 14 };

#define RESET_AGAIN_US ((uint64_t)1000000) /* P-MPPE-13: again each second, while packets come */

static int begin(ppp *link, struct mppe *mppe, uint32_t bits, int sending)
{
	unsigned strength = ppp_mppe_strength(bits);
	uint8_t send_key[16], recv_key[16];
	int result;

	if (strength == 0)
		return 0;
	result = ppp_auth_mppe_keys(link, mppe_key_octets((enum mppe_bits)strength), send_key, recv_key);
	if (result == 0)
		mppe_begin(mppe, (enum mppe_bits)strength, (bits & MPPE_BIT_STATELESS) != 0,
		           sending ? send_key : recv_key);
	wipe(send_key, sizeof send_key);
	wipe(recv_key, sizeof recv_key);
	return result;
}

/* One set of keys makes one pair of ciphers (P-MPPE-21). */
int ppp_mppe_start(ppp *link, uint32_t send_bits, uint32_t recv_bits)
{
	struct ppp_ccp *ccp = &link->ccp;

	if (begin(link, &ccp->send, send_bits, 1) < 0 || begin(link, &ccp->recv, recv_bits, 0) < 0)
		return -1;
	ccp->sending = ppp_mppe_strength(send_bits) != 0;
	ccp->receiving = ppp_mppe_strength(recv_bits) != 0;
	ccp->spent = ccp->sending || ccp->receiving;
	ccp->heard = 0;
	ccp->failures = 0;
	return 0;
}

int ppp_mppe_forbids_clear(const ppp *link)
{
	return link->options.mppe_require || link->ccp.receiving;
}

int ppp_mppe_sends(const ppp *link)
{
	return link->ccp.sending;
}

unsigned ppp_mppe_overhead(const ppp *link)
{
	return link->ccp.sending ? PPP_MPPE_OVERHEAD : 0;
}

/* ---- in --------------------------------------------------------------------------------------------- */

static void send_reset_request(ppp *link)
{
	ppp_fsm *fsm = &link->fsm[PPP_LAYER_CCP];
	wire_writer w = ppp_packet_begin(fsm, RESET_REQUEST, link->ccp.reset_id);

	ppp_add(link, PPP_COUNT_RESETS_OUT);
	ppp_packet_send(fsm, &w);
	link->ccp.reset_deadline = link->now + RESET_AGAIN_US;
}

/* The first lost packet asks at once, the following ones once a second. */
static void lost_step(ppp *link)
{
	struct ppp_ccp *ccp = &link->ccp;

	if (!ccp->resetting) {
		ccp->resetting = 1;
		ccp->reset_id = ppp_next_identifier(&link->fsm[PPP_LAYER_CCP]);
		send_reset_request(link);
	} else if (link->now >= ccp->reset_deadline) {
		send_reset_request(link);
	}
}

/* Out of step for good: the peer goes on under keys that are not ours. */
static void failed(ppp *link)
{
	uint16_t most = link->options.mppe_failures;

	if (link->ccp.failures < UINT16_MAX)
		link->ccp.failures++;
	if (most != 0 && link->ccp.failures >= most)
		ppp_end(link, PPP_REASON_ENCRYPTION_LOST, "MPPE");
}

static enum ppp_counter undecryptable(ppp *link, enum mppe_result result)
{
	switch (result) {
	case MPPE_LATE:
		failed(link);
		return PPP_DROP_MPPE_LATE;
	case MPPE_LOST_SYNC:
		lost_step(link);
		failed(link);
		return PPP_DROP_MPPE_LOST_STEP;
	case MPPE_CLEAR:
		return PPP_DROP_MPPE_CLEAR;
	default:
		failed(link);
		return PPP_DROP_MPPE_GARBAGE;
	}
}

enum ppp_counter ppp_mppe_input(ppp *link, const uint8_t *information, size_t len)
{
	struct ppp_ccp *ccp = &link->ccp;
	enum mppe_result result;
	wire_reader r;
	uint16_t protocol;

	if (!ccp->receiving)
		return PPP_DROP_NOT_OPENED;
	memcpy(link->decrypted, information, len); /* the host's frame stays as it is */
	result = mppe_decrypt(&ccp->recv, link->decrypted, len);
	if (result != MPPE_OK)
		return undecryptable(link, result);
	ccp->heard = 1;
	ccp->resetting = 0;
	ccp->failures = 0;
	ppp_add(link, PPP_COUNT_DECRYPTED);
	r = wire_read(link->decrypted + MPPE_HEADER_OCTETS, len - MPPE_HEADER_OCTETS);
	if (ppp_read_protocol(&r, &protocol) < 0)
		return PPP_DROP_MPPE_GARBAGE;
	return ppp_network_input(link, protocol, r.at, r.left);
}
