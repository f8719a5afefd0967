/* gre_recv: numbers and acknowledgments that come in (RFC 2637 4.2, 4.3). The packet that was to come next
 * takes the short way; everything else is in functions of its own. */
#include "gre_internal.h"
#include "gre_header.h"

/* A number further ahead than any loss explains is damage or forgery, and counts as old: believed at once, it
 * would make all that really follows old, and what is late look new, where it stands across the circle. A
 * peer that means it goes on that way, and began_anew finds it. */
#define AHEAD_MAX (UINT32_C(1) << 24)

/* A peer whose numbers begin anew sends only what looks old. So do a replay and a bad network, but not for
 * so long, in rising order, and with nothing newer in between. */
#define OLD_RUN_PACKETS 4u
#define OLD_RUN_STEP    64u /* between neighbours of a run; more is another run */

/* ---- acknowledgments ------------------------------------------------------------------------- */

/* RFC 2637 4.2: an acknowledgment covers all numbers up to it. One for something never sent, or older
 * than what we know, says nothing (some peers open with 0xffffffff). */
static void take_ack(pptp_gre *gre, uint32_t ack, pptp_usec now)
{
	uint32_t ahead = ack - gre->acked, outstanding = gre->next_sequence - 1 - gre->acked;
	if (ahead - 1 < outstanding) {
		gre->acked = ack;
		pptp_gre_set(gre, GRE_ACKED);
		if (gre->flags & GRE_PACED)
			pptp_window_acked(gre, ack, now);
	} else if (ahead != 0 || !(gre->flags & GRE_ACKED)) {
		int is_old = (gre->flags & GRE_ACKED) && (int32_t)ahead < 0;
		gre->counts[is_old ? PPTP_GRE_ACK_OLD : PPTP_GRE_ACK_BAD]++;
	}
}

/* ---- numbers --------------------------------------------------------------------------------- */

static void hear(pptp_gre *gre)
{
	pptp_gre_set(gre, GRE_HEARD);
	if (gre->flags & GRE_WAITING)
		pptp_gre_stop_waiting(gre);
}

/* The packet is the first, or counts as the first: any number will do, since peers start at 0 or at 1. */
static void begin_at(pptp_gre *gre, uint32_t sequence)
{
	pptp_gre_set(gre, GRE_BASED);
	gre->counts[PPTP_GRE_DELIVER] += gre->expected - sequence;
	gre->expected = sequence + 1;
}

/* Whether this old packet shows that the numbers began anew. */
static int began_anew(pptp_gre *gre, uint32_t sequence, pptp_usec now)
{
	uint32_t step = sequence - gre->run_last;
	int32_t lasted = (int32_t)((uint32_t)now - gre->run_since); /* below 0: the clock went back */
	if (gre->resync_ms == 0)
		return 0;
	if (!(gre->flags & GRE_OLD_RUN) || step + OLD_RUN_STEP > 2 * OLD_RUN_STEP) {
		pptp_gre_set(gre, GRE_OLD_RUN);
		gre->run = 1;
		gre->run_last = sequence;
		gre->run_since = (uint32_t)now;
		return 0;
	}
	if ((int32_t)step <= 0) /* twice, or in disorder: it says nothing */
		return 0;
	gre->run_last = sequence;
	if (gre->run < OLD_RUN_PACKETS)
		gre->run++;
	return gre->run >= OLD_RUN_PACKETS && lasted >= gre->resync_ms * 1000 && gre->held == 0;
}

static void resync(pptp_gre *gre, uint32_t sequence)
{
	begin_at(gre, sequence);
	pptp_gre_clear(gre, GRE_OLD_RUN);
	gre->events |= PPTP_GRE_EV_RESYNC;
	gre->counts[PPTP_GRE_RESYNC]++;
}

/* RFC 2637 4.3: what comes after a newer packet is never delivered. Returns whether it is. */
static int take_old(pptp_gre *gre, const pptp_gre_header *header, pptp_usec now, pptp_gre_frame *ret)
{
	if (header->sequence == gre->expected - 1) {
		ret->verdict = PPTP_GRE_DROP_DUPLICATE;
	} else if (began_anew(gre, header->sequence, now)) {
		resync(gre, header->sequence);
		return 1;
	} else {
		ret->verdict = PPTP_GRE_DROP_LATE;
	}
	gre->counts[ret->verdict]++;
	return 0;
}

/* A packet with a number that is not simply the one to come next, or that is empty. */
static void take_number(pptp_gre *gre, const pptp_gre_header *header, const uint8_t *data, pptp_usec now,
                        pptp_gre_frame *ret)
{
	if (!(gre->flags & GRE_BASED)) {
		begin_at(gre, header->sequence);
	} else if (header->sequence - gre->expected >= AHEAD_MAX) {
		if (!take_old(gre, header, now, ret))
			return;
	} else {
		pptp_gre_clear(gre, GRE_OLD_RUN);
		if (gre->pool && (header->sequence != gre->expected || gre->held > 0)) {
			pptp_reorder_packet(gre, header, data, now, ret);
			pptp_reorder_tick(gre, now);
			return;
		}
		pptp_gre_pass(gre, header->sequence);
	}
	pptp_gre_owe_ack(gre, now);
	pptp_gre_yield(gre, ret, data + header->header_octets, header->payload_octets);
}

/* ---- datagrams ------------------------------------------------------------------------------- */

/* Any datagram, step by step. */
static PPTP_NOINLINE pptp_err receive(pptp_gre *gre, const uint8_t *data, size_t len, void *cookie,
                                      pptp_usec now, pptp_gre_frame *ret)
{
	pptp_gre_header header = {0, 0, 0, 0, 0, 0, 0, 0};
	pptp_err err = pptp_gre_usable(gre);
	if (err)
		return err;
	if (!ret || (!data && len > 0))
		return PPTP_ERR_ARG;
	memset(ret, 0, sizeof *ret);
	ret->cookie = cookie;
	ret->verdict = gre_parse(data, len, &header);
	if (ret->verdict <= PPTP_GRE_EMPTY && header.call_id != gre->local_call_id)
		ret->verdict = PPTP_GRE_DROP_CALL_ID;
	if (ret->verdict > PPTP_GRE_EMPTY) {
		gre->counts[ret->verdict]++;
		return PPTP_OK;
	}
	hear(gre);
	if (header.has_ack)
		take_ack(gre, header.acknowledgment, now);
	if (header.has_sequence) {
		ret->sequence = header.sequence;
		take_number(gre, &header, data, now, ret);
	} else {
		gre->counts[PPTP_GRE_ACK_ONLY]++;
	}
	return PPTP_OK;
}

/* What most datagrams are: a frame in order, while nothing out of the ordinary goes on. Whether this is
 * one; then it is taken. header_octets is a constant where this is inlined: 16 with an acknowledgment. */
static inline int take_next(pptp_gre *gre, const uint8_t *data, size_t len, size_t header_octets,
                            void *cookie, pptp_usec now, pptp_gre_frame *ret)
{
	uint32_t payload_octets = wire_load16(data + 4);
	if (payload_octets == 0 || payload_octets > len - header_octets ||
	    wire_load16(data + 6) != gre->local_call_id || wire_load32(data + 8) != gre->expected)
		return 0;
	if (header_octets == PPTP_GRE_HEADER_MAX) {
		uint32_t ack = wire_load32(data + 12), ahead = ack - gre->acked;
		if ((gre->flags & GRE_PACED) || ahead - 1 >= gre->next_sequence - 1 - gre->acked)
			return 0;
		gre->acked = ack;
		pptp_gre_set(gre, GRE_ACKED);
	}
	pptp_gre_owe_ack(gre, now);
	memset(ret, 0, sizeof *ret);
	ret->frame = data + header_octets;
	ret->cookie = cookie;
	ret->len = payload_octets;
	ret->sequence = gre->expected++;
	return 1;
}

pptp_err pptp_gre_recv(pptp_gre *gre, const uint8_t *data, size_t len, void *cookie, pptp_usec now,
                       pptp_gre_frame *ret)
{
	const uint32_t plain = GRE_FIXED_VALUE | GRE_BIT_S, with_ack = plain | GRE_BIT_A;
	if (gre && data && ret && len > PPTP_GRE_HEADER_MAX &&
	    (gre->flags & (GRE_FREED | GRE_BUSY | GRE_BASED | GRE_HELD | GRE_OLD_RUN)) == GRE_BASED) {
		if (wire_load32(data) == plain && take_next(gre, data, len, 12, cookie, now, ret))
			return PPTP_OK;
		if (wire_load32(data) == with_ack && take_next(gre, data, len, 16, cookie, now, ret))
			return PPTP_OK;
	}
	return receive(gre, data, len, cookie, now, ret);
}

static PPTP_NOINLINE pptp_err next_held(pptp_gre *gre, pptp_gre_frame *ret)
{
	pptp_gre_frame frame = {NULL, NULL, 0, 0, 0, {0, 0, 0}};
	pptp_err err = pptp_gre_usable(gre);
	if (err)
		return err;
	if (!ret)
		return PPTP_ERR_ARG;
	err = pptp_reorder_next(gre, &frame);
	if (!err)
		*ret = frame;
	return err;
}

pptp_err pptp_gre_next(pptp_gre *gre, pptp_gre_frame *ret)
{
	if (gre && ret && !(gre->flags & (GRE_FREED | GRE_BUSY | GRE_HELD)))
		return PPTP_ERR_EMPTY;
	return next_held(gre, ret);
}
