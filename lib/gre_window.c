/* gre_window: the peer's receive window and the time-outs that keep it moving (RFC 2637 4.2, 4.4).
 *
 * Nothing is sent twice and nothing queued: a window only says how many frames may be out. The round
 * trip is estimated with the RFC's formulae in eighths of a microsecond, from one packet at a time. */
#include "gre_internal.h"

#define DEFAULT_PEER_WINDOW 64u /* when the peer leaves it open with 0 */
#define SILENT_TIMEOUTS     4u  /* in a row: the peer does not acknowledge */
#define LIFTED_MAX          3u  /* a window given up so often stays so */
#define PEER_DELAY_US       100000u

static uint32_t in_eighths(uint32_t ms)
{
	return ms * 8000u;
}

static uint32_t outstanding(const pptp_gre *gre)
{
	return gre->next_sequence - gre->window_base;
}

static int is_full(const pptp_gre *gre)
{
	return outstanding(gre) >= gre->window;
}

uint32_t pptp_gre_room(const pptp_gre *gre)
{
	if (!gre || !(gre->flags & GRE_STARTED) || (gre->flags & GRE_FREED))
		return 0;
	if (!(gre->flags & GRE_WINDOW))
		return UINT32_MAX;
	return is_full(gre) ? 0 : gre->window - outstanding(gre);
}

/* ---- estimator (RFC 2637 4.4) ---------------------------------------------------------------- */

/* ATO = max (MinTimeOut, min (RTT + chi * DEV, MaxTimeOut)), chi = 4 */
uint32_t pptp_window_timeout_us(const pptp_gre *gre)
{
	uint32_t us = (gre->round_trip8_us + 4 * gre->deviation8_us) / 8;
	uint32_t min = gre->min_timeout_ms * 1000u, max = gre->max_timeout_ms * 1000u;
	if (us > max)
		us = max;
	return us > min ? us : min;
}

/* DIFF = SAMPLE - RTT, DEV += (|DIFF| - DEV) / 4, RTT += DIFF / 8 */
static void estimate(pptp_gre *gre, uint32_t sample_us)
{
	uint32_t max = gre->max_timeout_ms * 1000u;
	int32_t sample = (int32_t)(sample_us < max ? sample_us : max) * 8;
	int32_t diff = sample - (int32_t)gre->round_trip8_us;
	int32_t distance = diff < 0 ? -diff : diff;
	gre->deviation8_us =
	        (uint32_t)((int32_t)gre->deviation8_us + (distance - (int32_t)gre->deviation8_us) / 4);
	gre->round_trip8_us = (uint32_t)((int32_t)gre->round_trip8_us + diff / 8);
}

/* RTT *= delta, delta = 2. A round trip below MinTimeOut counts as that, so that backing off begins with
 * the first time-out, and none grows above MaxTimeOut. */
static void back_off(pptp_gre *gre)
{
	uint32_t min = in_eighths(gre->min_timeout_ms), max = in_eighths(gre->max_timeout_ms);
	uint32_t doubled = 2 * (gre->round_trip8_us > min ? gre->round_trip8_us : min);
	gre->round_trip8_us = doubled < max ? doubled : max;
}

/* ---- window (RFC 2637 4.2) ------------------------------------------------------------------- */

/* It grows by one when as many packets as it has now were acknowledged from here. */
static void mark(pptp_gre *gre)
{
	gre->window_mark = gre->window_base - 1 + gre->window;
}

/* Half of what the peer offers, but 2 at least: the first frame is often lost, before the peer is ready. */
static void open_window(pptp_gre *gre)
{
	uint32_t half = (gre->window_max + 1u) / 2;
	gre->window = (uint16_t)(half > 2 ? half : 2);
	if (gre->window > gre->window_max)
		gre->window = gre->window_max;
	gre->window_base = gre->next_sequence;
	gre->silent = 0;
	pptp_gre_set(gre, GRE_WINDOW);
	mark(gre);
}

void pptp_window_start(pptp_gre *gre, uint16_t peer_recv_window, uint16_t peer_delay)
{
	uint32_t max = in_eighths(gre->max_timeout_ms);
	gre->window_max = peer_recv_window > 0 ? peer_recv_window : DEFAULT_PEER_WINDOW;
	gre->round_trip8_us = peer_delay < gre->max_timeout_ms / 100u ? peer_delay * PEER_DELAY_US * 8 : max;
	gre->deviation8_us = 0;
	pptp_gre_set(gre, GRE_PACED);
	open_window(gre);
}

static void stop_timer(pptp_gre *gre)
{
	gre->ack_timeout_due = PPTP_NEVER;
	pptp_gre_rearm(gre);
}

/* It runs for the oldest frame that is out, and anew with every progress. */
static void start_timer(pptp_gre *gre, pptp_usec now)
{
	gre->ack_timeout_due = now + pptp_window_timeout_us(gre);
	pptp_gre_rearm(gre);
}

/* Whether a frame is timed that was not given up at a time-out. */
static int is_timed(const pptp_gre *gre)
{
	return (gre->flags & GRE_TIMED) && (int32_t)(gre->timed_sequence - gre->window_base) >= 0;
}

pptp_err pptp_window_send(pptp_gre *gre, pptp_usec now)
{
	if (is_full(gre) && gre->window_mode == PPTP_WINDOW_ENFORCED) {
		gre->counts[PPTP_GRE_WINDOW_FULL]++;
		return PPTP_ERR_WINDOW;
	}
	if (outstanding(gre) == 0)
		start_timer(gre, now);
	if (!is_timed(gre)) {
		pptp_gre_set(gre, GRE_TIMED);
		gre->timed_sequence = gre->next_sequence;
		gre->timed_at = (uint32_t)now;
	}
	return PPTP_OK;
}

void pptp_window_unsent(pptp_gre *gre)
{
	if ((int32_t)outstanding(gre) <= 0) {
		gre->window_base = gre->next_sequence;
		stop_timer(gre);
	}
	if ((int32_t)(gre->timed_sequence - gre->next_sequence) >= 0)
		pptp_gre_clear(gre, GRE_TIMED);
}

/* Late is better than never: the one frame that is timed may have been given up already. */
static void take_sample(pptp_gre *gre, uint32_t ack, pptp_usec now)
{
	int32_t sample = (int32_t)((uint32_t)now - gre->timed_at);
	if (!(gre->flags & GRE_TIMED) || (int32_t)(ack - gre->timed_sequence) < 0)
		return;
	pptp_gre_clear(gre, GRE_TIMED);
	estimate(gre, sample > 0 ? (uint32_t)sample : 0);
}

void pptp_window_acked(pptp_gre *gre, uint32_t ack, pptp_usec now)
{
	int was_full = is_full(gre);
	gre->silent = 0;
	if (!(gre->flags & GRE_WINDOW)) {
		if (gre->lifted < LIFTED_MAX)
			open_window(gre);
		return;
	}
	take_sample(gre, ack, now);
	if ((int32_t)(ack - gre->window_base) < 0)
		return; /* given up at a time-out: it makes no room now */
	gre->window_base = ack + 1;
	if ((int32_t)(ack - gre->window_mark) >= 0) {
		if (gre->window < gre->window_max)
			gre->window++;
		mark(gre);
	}
	if (outstanding(gre) > 0)
		start_timer(gre, now);
	else
		stop_timer(gre);
	if (was_full && !is_full(gre))
		gre->events |= PPTP_GRE_EV_WRITABLE;
}

/* A peer that never acknowledges would have us stop and go for ever. What so many time-outs made of the
 * estimate says nothing about the path. */
static void lift_window(pptp_gre *gre)
{
	pptp_gre_clear(gre, GRE_WINDOW | GRE_TIMED);
	gre->round_trip8_us = gre->deviation8_us = 0;
	gre->lifted++;
	gre->events |= PPTP_GRE_EV_PEER_NEVER_ACKS;
}

/* Everything that is out counts as gone, the window is halved, the next time-out comes later. */
void pptp_window_tick(pptp_gre *gre, pptp_usec now)
{
	if (now < gre->ack_timeout_due)
		return;
	if (is_full(gre))
		gre->events |= PPTP_GRE_EV_WRITABLE;
	gre->counts[PPTP_GRE_TIMEOUT]++;
	gre->window = (uint16_t)((gre->window + 1u) / 2);
	gre->window_base = gre->next_sequence;
	mark(gre);
	back_off(gre);
	stop_timer(gre);
	if (++gre->silent >= SILENT_TIMEOUTS)
		lift_window(gre);
}
