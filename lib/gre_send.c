/* gre_send: numbers and acknowledgments that go out (RFC 2637 4.1, 4.2). Nothing is queued here. */
#include "gre_internal.h"
#include "gre_header.h"

/* A socket that would block is asked again after this for an acknowledgment that is due or overdue. */
#define BLOCKED_RETRY_US 10000u

/* The acknowledgment that is owed, in front of end. RFC 2637 4.2: the highest number delivered. */
static inline void put_ack(pptp_gre *gre, uint8_t *to)
{
	wire_store32(to, gre->expected - 1);
	gre->unacked = 0;
}

/* The header of the next frame, up to end, with the acknowledgment that is owed. Nothing can go wrong. */
static inline pptp_ssize put_frame(pptp_gre *gre, uint8_t *end, size_t frame_len)
{
	if (gre->unacked == 0) {
		gre_put_key(end - 12, GRE_BIT_S, (uint32_t)frame_len, gre->peer_call_id);
		wire_store32(end - 4, gre->next_sequence++);
		return 12;
	}
	gre_put_key(end - 16, GRE_BIT_S | GRE_BIT_A, (uint32_t)frame_len, gre->peer_call_id);
	gre->carrier = gre->next_sequence;
	wire_store32(end - 8, gre->next_sequence++);
	put_ack(gre, end - 4);
	return 16;
}

/* GRE may be blocked on the path: count from the first frame (docs/design.md). */
static void wait_for_peer(pptp_gre *gre, pptp_usec now)
{
	if ((gre->flags & (GRE_HEARD | GRE_WAITING)) || gre->no_inbound_ms == 0)
		return;
	pptp_gre_set(gre, GRE_WAITING);
	gre->wait_due = now + gre->no_inbound_ms * 1000u;
	pptp_gre_rearm(gre);
}

/* Any frame, step by step. */
static PPTP_NOINLINE pptp_ssize send(pptp_gre *gre, uint8_t *header, size_t cap, size_t frame_len,
                                     pptp_usec now)
{
	pptp_err err = pptp_gre_usable(gre);
	if (err)
		return err;
	if (!header)
		return PPTP_ERR_ARG;
	if (!(gre->flags & GRE_STARTED))
		return PPTP_ERR_STATE;
	if (cap < PPTP_GRE_HEADER_MAX || frame_len == 0 || frame_len > UINT16_MAX)
		return PPTP_ERR_SIZE;
	if (gre->flags & GRE_WINDOW) {
		err = pptp_window_send(gre, now);
		if (err)
			return err;
	}
	wait_for_peer(gre, now);
	return put_frame(gre, header + cap, frame_len);
}

pptp_ssize pptp_gre_send(pptp_gre *gre, uint8_t *header, size_t cap, size_t frame_len, pptp_usec now)
{
	const uint32_t usual = GRE_STARTED | GRE_HEARD;
	if (gre && header && cap >= PPTP_GRE_HEADER_MAX && frame_len - 1 < UINT16_MAX &&
	    (gre->flags & (GRE_FREED | GRE_BUSY | GRE_WINDOW | usual)) == usual)
		return put_frame(gre, header + cap, frame_len);
	return send(gre, header, cap, frame_len, now);
}

/* The acknowledgment that a frame carried is due soon: when it was is not known any more. */
static void owe_ack_again(pptp_gre *gre, pptp_usec now)
{
	if ((gre->unacked == 0 && gre->ack_due <= now) || gre->ack_due > now + BLOCKED_RETRY_US)
		gre->ack_due = now + BLOCKED_RETRY_US;
	if (gre->unacked == 0)
		gre->unacked = 1;
}

void pptp_gre_stop_waiting(pptp_gre *gre)
{
	pptp_gre_clear(gre, GRE_WAITING);
	gre->wait_due = PPTP_NEVER;
	pptp_gre_rearm(gre);
}

pptp_err pptp_gre_unsend(pptp_gre *gre, uint32_t n, pptp_usec now)
{
	pptp_err err = pptp_gre_usable(gre);
	if (err)
		return err;
	if (n > gre->next_sequence - 1 - gre->acked)
		return PPTP_ERR_ARG;
	gre->next_sequence -= n;
	gre->counts[PPTP_GRE_UNSENT] += n;
	if ((int32_t)(gre->carrier - gre->next_sequence) >= 0) {
		gre->carrier = gre->acked;
		owe_ack_again(gre, now);
	}
	/* Nothing is out that could be answered. But once NO_INBOUND was told, it stays told. */
	if (gre->next_sequence == gre->first_sequence && (gre->flags & GRE_WAITING) &&
	    gre->wait_due != PPTP_NEVER)
		pptp_gre_stop_waiting(gre);
	if (gre->flags & GRE_WINDOW)
		pptp_window_unsent(gre);
	return PPTP_OK;
}

pptp_ssize pptp_gre_ack(pptp_gre *gre, uint8_t *ret_packet, size_t cap, pptp_usec now)
{
	pptp_err err = pptp_gre_usable(gre);
	if (err)
		return err;
	if (!ret_packet)
		return PPTP_ERR_ARG;
	if (!(gre->flags & GRE_STARTED))
		return PPTP_ERR_STATE;
	if (cap < PPTP_GRE_ACK_OCTETS)
		return PPTP_ERR_SIZE;
	if (gre->unacked == 0 || now < gre->ack_due)
		return 0;
	gre_put_key(ret_packet, GRE_BIT_A, 0, gre->peer_call_id);
	put_ack(gre, ret_packet + GRE_KEY_OCTETS);
	gre->carrier = gre->acked;
	gre->counts[PPTP_GRE_SENT_ACK]++;
	return PPTP_GRE_ACK_OCTETS;
}

/* For push mode: the packet of pptp_gre_ack did not go out. A socket that is broken need not be asked
 * often. */
void pptp_gre_unack(pptp_gre *gre, pptp_err why, pptp_usec now)
{
	int soon = why == PPTP_ERR_AGAIN || gre->ack_delay_us < BLOCKED_RETRY_US;
	gre->counts[PPTP_GRE_SENT_ACK]--;
	gre->unacked = 1;
	gre->ack_due = now + (soon ? BLOCKED_RETRY_US : gre->ack_delay_us);
}
