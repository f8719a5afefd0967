/* gre: life of a data channel, its time, and push mode on top of pull mode (RFC 2637 4). */
#include "gre_internal.h"

static const pptp_gre_callbacks no_callbacks = {sizeof no_callbacks, 0, NULL, NULL, NULL};

/* What callbacks of the first version had. */
#define CALLBACKS_MIN offsetof(pptp_gre_callbacks, release)

/* ---- life ------------------------------------------------------------------------------------ */

pptp_err pptp_gre_options_init(pptp_gre_options *ret, uint32_t size)
{
	pptp_gre_options o;
	memset(&o, 0, sizeof o);
	o.ack_delay_us = 100000;
	o.recv_window = 64;
	o.reorder_packets = 8;
	o.reorder_us = 20000;
	o.resync_us = 1000000;
	o.no_inbound_us = 10000000;
	o.window_mode = PPTP_WINDOW_OFF;
	o.min_timeout_us = 200000;
	o.max_timeout_us = 10000000;
	return pptp_give_sized(ret, size, &o, sizeof o);
}

size_t pptp_gre_size(void)
{
	return sizeof(pptp_gre);
}

static uint16_t in_ms(uint32_t us)
{
	uint32_t ms = us / 1000 + (us % 1000 != 0);
	return (uint16_t)(ms < UINT16_MAX ? ms : UINT16_MAX);
}

/* Everything that a new call begins with; counters go on. */
static void begin(pptp_gre *gre)
{
	gre->counts[PPTP_GRE_DELIVER] += gre->expected;
	gre->counts[PPTP_GRE_SENT_FRAME] += gre->next_sequence - gre->first_sequence;
	gre->expected = 0;
	gre->next_sequence = gre->first_sequence;
	gre->acked = gre->carrier = gre->first_sequence - 1;
	gre->unacked = 0;
	gre->flags &= GRE_FREED | GRE_BUSY | GRE_RECEIVING | GRE_RELEASES | GRE_HELD;
	gre->events = 0;
	gre->lifted = 0;
	gre->ack_timeout_due = gre->wait_due = gre->timer_due = PPTP_NEVER;
}

static void take_options(pptp_gre *gre, const pptp_gre_options *o)
{
	gre->first_sequence = gre->next_sequence = o->first_sequence;
	gre->counts[PPTP_GRE_SENT_FRAME] = 0u - o->first_sequence;
	gre->local_call_id = o->local_call_id;
	gre->ack_every = (uint16_t)(o->recv_window > 1 ? o->recv_window / 2 : 1);
	gre->ack_delay_us = o->ack_delay_us;
	gre->pool = o->pool;
	gre->reorder_packets = o->reorder_packets;
	gre->reorder_us = o->reorder_us;
	gre->resync_ms = in_ms(o->resync_us);
	gre->no_inbound_ms = in_ms(o->no_inbound_us);
	gre->window_mode = (uint8_t)o->window_mode;
	gre->min_timeout_ms = in_ms(o->min_timeout_us);
	gre->max_timeout_ms = in_ms(o->max_timeout_us);
}

pptp_err pptp_gre_init(void *mem, size_t size, const pptp_gre_options *options,
                       const pptp_gre_callbacks *callbacks, void *user, pptp_gre **ret)
{
	pptp_gre *gre = mem;
	pptp_gre_callbacks known = no_callbacks;
	pptp_gre_options o;
	pptp_err err;
	if (!options || !ret)
		return PPTP_ERR_ARG;
	pptp_gre_options_init(&o, sizeof o);
	err = pptp_check_memory(mem, size, sizeof *gre);
	if (!err)
		err = pptp_copy_sized(&o, sizeof o, sizeof(void *), options);
	if (!err && callbacks) /* kept, not copied: only looked at */
		err = pptp_copy_sized(&known, sizeof known, sizeof(void *), callbacks);
	if (!err && known.size < CALLBACKS_MIN)
		err = PPTP_ERR_SIZE;
	if (!err && (o.window_mode > PPTP_WINDOW_ENFORCED || known.reserved))
		err = PPTP_ERR_ARG;
	if (err)
		return err;
	memset(gre, 0, sizeof *gre);
	take_options(gre, &o);
	gre->returned = POOL_NONE;
	begin(gre);
	if (known.release)
		pptp_gre_set(gre, GRE_RELEASES);
	gre->callbacks = callbacks ? callbacks : &no_callbacks;
	gre->user = user;
	*ret = gre;
	return PPTP_OK;
}

/* For alloc.c. */
void pptp_gre_set_release(pptp_gre *gre, pptp_release release)
{
	gre->release = release;
}

static void call_release(pptp_gre *gre, void *cookie)
{
	uint16_t busy = gre->flags & GRE_BUSY;
	pptp_gre_set(gre, GRE_BUSY);
	gre->callbacks->release(gre->user, cookie);
	if (!busy)
		pptp_gre_clear(gre, GRE_BUSY);
}

/* Hold nothing any more; with the callback, owe no cookie either. */
static void let_go_of_packets(pptp_gre *gre)
{
	pptp_reorder_reset(gre);
	while (gre->returned != POOL_NONE && (gre->flags & (GRE_RELEASES | GRE_FREED))) {
		pptp_gre_frame frame = {NULL, NULL, 0, 0, 0, {0, 0, 0}};
		pptp_reorder_next(gre, &frame);
		if (gre->flags & GRE_RELEASES)
			call_release(gre, frame.cookie);
	}
}

static void let_go(pptp_gre *gre)
{
	gre->drivers = 1; /* for good: a callback that frees once more changes nothing */
	let_go_of_packets(gre);
	if (gre->release)
		gre->release(gre);
}

void pptp_gre_free(pptp_gre *gre)
{
	if (!gre)
		return;
	pptp_gre_set(gre, GRE_FREED);
	if (gre->drivers == 0)
		let_go(gre);
}

/* Every driver begins and ends with these two, so that free works from any depth of callbacks. */
static void enter(pptp_gre *gre)
{
	gre->drivers++;
}

static pptp_err leave(pptp_gre *gre, pptp_err err)
{
	gre->drivers--;
	if (!(gre->flags & GRE_FREED))
		return err;
	if (gre->drivers == 0)
		let_go(gre);
	return PPTP_ERR_FREED;
}

pptp_err pptp_gre_start(pptp_gre *gre, uint16_t peer_call_id, uint16_t peer_recv_window, uint16_t peer_delay,
                        pptp_usec now)
{
	pptp_err err = pptp_gre_usable(gre);
	if (err)
		return err;
	if (gre->flags & GRE_STARTED)
		return PPTP_ERR_STATE;
	pptp_gre_set(gre, GRE_STARTED);
	gre->peer_call_id = peer_call_id;
	if (gre->window_mode != PPTP_WINDOW_OFF)
		pptp_window_start(gre, peer_recv_window, peer_delay);
	if (gre->unacked > 0 && gre->ack_due > now + gre->ack_delay_us)
		gre->ack_due = now + gre->ack_delay_us;
	return PPTP_OK;
}

pptp_err pptp_gre_reset(pptp_gre *gre)
{
	pptp_err err = pptp_gre_usable(gre);
	if (err)
		return err;
	enter(gre);
	let_go_of_packets(gre);
	begin(gre);
	return leave(gre, PPTP_OK);
}

/* ---- time ------------------------------------------------------------------------------------ */

pptp_usec pptp_gre_deadline(const pptp_gre *gre)
{
	if (!gre || (gre->flags & GRE_FREED))
		return PPTP_NEVER;
	if ((gre->flags & GRE_STARTED) && gre->unacked > 0 && gre->ack_due < gre->timer_due)
		return gre->ack_due;
	return gre->timer_due;
}

static void run_timers(pptp_gre *gre, pptp_usec now)
{
	if (now < gre->timer_due)
		return;
	pptp_window_tick(gre, now);
	if (!(gre->flags & GRE_WAITING)) {
		pptp_reorder_tick(gre, now);
	} else if (now >= gre->wait_due) {
		gre->events |= PPTP_GRE_EV_NO_INBOUND;
		gre->wait_due = PPTP_NEVER;
		pptp_gre_rearm(gre);
	}
}

/* ---- push ------------------------------------------------------------------------------------ */

static pptp_err call_send(pptp_gre *gre, const uint8_t *header, pptp_ssize header_len, const uint8_t *frame,
                          size_t len)
{
	pptp_err err;
	pptp_gre_set(gre, GRE_BUSY);
	err = gre->callbacks->send(gre->user, header, (size_t)header_len, frame, len);
	pptp_gre_clear(gre, GRE_BUSY);
	return err > 0 ? PPTP_OK : err; /* as send and its like tell that octets were taken */
}

static pptp_err push_ack(pptp_gre *gre, pptp_usec now)
{
	uint8_t packet[PPTP_GRE_ACK_OCTETS];
	pptp_ssize octets;
	pptp_err err;
	if (!gre->callbacks->send)
		return PPTP_OK;
	octets = pptp_gre_ack(gre, packet, sizeof packet, now);
	if (octets <= 0)
		return PPTP_OK;
	err = call_send(gre, packet, octets, NULL, 0);
	if (err && !(gre->flags & GRE_FREED))
		pptp_gre_unack(gre, err, now);
	/* An acknowledgment that found no room is sent again at the deadline: no matter for the host. */
	return err == PPTP_ERR_AGAIN ? PPTP_OK : err;
}

/* A frame and a cookie go to the host; the cookie also when the frame made him free the channel. */
static void hand_over(pptp_gre *gre, const pptp_gre_frame *frame)
{
	if (frame->verdict == PPTP_GRE_DELIVER && gre->callbacks->receive)
		gre->callbacks->receive(gre->user, frame->frame, frame->len);
	if (frame->cookie && (gre->flags & GRE_RELEASES))
		call_release(gre, frame->cookie);
}

static void hand_over_held(pptp_gre *gre)
{
	pptp_gre_frame frame;
	while (pptp_gre_next(gre, &frame) == PPTP_OK)
		hand_over(gre, &frame);
}

pptp_err pptp_gre_input(pptp_gre *gre, const uint8_t *data, size_t len, void *cookie, pptp_usec now)
{
	pptp_gre_frame frame;
	pptp_err err = pptp_gre_usable(gre);
	if (err)
		return err;
	if (gre->flags & GRE_RECEIVING)
		return PPTP_ERR_REENTRANT;
	if (!(gre->flags & GRE_RELEASES))
		cookie = NULL;
	err = pptp_gre_recv(gre, data, len, cookie, now, &frame);
	if (err)
		return err;
	enter(gre);
	pptp_gre_set(gre, GRE_RECEIVING);
	hand_over(gre, &frame);
	hand_over_held(gre);
	pptp_gre_clear(gre, GRE_RECEIVING);
	return leave(gre, push_ack(gre, now));
}

pptp_err pptp_gre_output(pptp_gre *gre, const uint8_t *frame, size_t len, pptp_usec now)
{
	uint8_t header[PPTP_GRE_HEADER_MAX];
	pptp_ssize octets;
	pptp_err err = pptp_gre_usable(gre);
	if (err)
		return err;
	if (!frame && len > 0)
		return PPTP_ERR_ARG;
	if (!gre->callbacks->send)
		return PPTP_ERR_STATE;
	octets = pptp_gre_send(gre, header, sizeof header, len, now);
	if (octets < 0)
		return (pptp_err)octets;
	enter(gre);
	err = call_send(gre, header + sizeof header - octets, octets, frame, len);
	if (err && !(gre->flags & GRE_FREED))
		pptp_gre_unsend(gre, 1, now);
	return leave(gre, err);
}

pptp_err pptp_gre_tick(pptp_gre *gre, pptp_usec now)
{
	pptp_err err = pptp_gre_usable(gre);
	if (err)
		return err;
	run_timers(gre, now);
	enter(gre);
	if (gre->callbacks->receive && !(gre->flags & GRE_RECEIVING)) {
		pptp_gre_set(gre, GRE_RECEIVING);
		hand_over_held(gre);
		pptp_gre_clear(gre, GRE_RECEIVING);
	}
	return leave(gre, push_ack(gre, now));
}

/* ---- questions ------------------------------------------------------------------------------- */

uint32_t pptp_gre_events(pptp_gre *gre)
{
	uint32_t events = 0;
	if (pptp_gre_usable(gre) == PPTP_OK) {
		events = gre->events;
		gre->events = 0;
	}
	return events;
}

uint32_t pptp_gre_count(const pptp_gre *gre, uint32_t which)
{
	if (!gre || which >= PPTP_GRE_COUNTS)
		return 0;
	if (which == PPTP_GRE_DELIVER)
		return gre->counts[which] + gre->expected;
	if (which == PPTP_GRE_SENT_FRAME)
		return gre->counts[which] + gre->next_sequence;
	return gre->counts[which];
}

pptp_err pptp_gre_get_info(const pptp_gre *gre, pptp_gre_info *ret, uint32_t size)
{
	pptp_gre_info info;
	if (!gre)
		return PPTP_ERR_ARG;
	if (gre->flags & GRE_FREED)
		return PPTP_ERR_FREED;
	memset(&info, 0, sizeof info);
	info.next_sequence = gre->next_sequence;
	info.acknowledged = gre->acked;
	info.expected = gre->expected;
	info.held = gre->held;
	if (gre->flags & GRE_WINDOW) {
		info.window = gre->window;
		info.outstanding = gre->next_sequence - gre->window_base;
		info.round_trip_us = gre->round_trip8_us / 8;
		info.deviation_us = gre->deviation8_us / 8;
		info.timeout_us = pptp_window_timeout_us(gre);
	}
	return pptp_give_sized(ret, size, &info, sizeof info);
}
