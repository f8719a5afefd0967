/* gre: one call's data channel (RFC 2637 4.2, 4.3): numbers what is sent, acknowledges what is
 * delivered, drops what comes late or twice. Holds no frame and knows no control connection. */
#include "pptp/gre.h"
#include "object.h"
#include "release.h"

/* A socket that would block is asked again after this, should the acknowledgment delay be 0. */
#define BLOCKED_RETRY_US 10000u

struct pptp_gre {
	uint32_t next_sequence; /* of our next frame */
	uint32_t acked;         /* highest number of ours the peer has; next_sequence - 1 when all are */
	uint32_t highest;       /* highest number delivered; valid once received */
	uint32_t unacked;       /* packets delivered since we last acknowledged */
	uint16_t local_call_id, peer_call_id;
	uint16_t ack_every;        /* half of the window we advertised, at least 1 */
	uint16_t peer_recv_window; /* 0: not specified */
	uint16_t peer_delay;       /* 1/10 s */
	uint8_t started, received, any_acked;
	uint8_t sending;   /* inside the send callback */
	uint8_t receiving; /* inside the receive callback */
	uint8_t drivers;   /* drivers on the stack */
	uint8_t freed;     /* by a callback: the outermost driver lets go of the memory */
	uint32_t ack_delay_us;
	pptp_usec ack_due; /* valid while unacked > 0 */
	const pptp_gre_callbacks *callbacks;
	void *user;
	pptp_release release; /* of heap memory, or NULL */
	uint32_t counts[PPTP_GRE_COUNTS];
};

static const pptp_gre_callbacks no_callbacks = {sizeof no_callbacks, 0, NULL, NULL};

pptp_err pptp_gre_options_init(pptp_gre_options *ret, uint32_t size)
{
	pptp_gre_options o;
	memset(&o, 0, sizeof o);
	o.size = sizeof o;
	o.ack_delay_us = 100000;
	o.recv_window = 64;
	return pptp_give_sized(ret, size, &o, sizeof o);
}

size_t pptp_gre_size(void)
{
	return sizeof(pptp_gre);
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
		err = pptp_copy_sized(&o, sizeof o, options);
	if (!err && callbacks)
		err = pptp_copy_sized(&known, sizeof known, callbacks); /* kept, not copied: only looked at */
	if (!err && known.size < sizeof known)
		err = PPTP_ERR_SIZE;
	if (err)
		return err;
	memset(gre, 0, sizeof *gre);
	gre->next_sequence = o.first_sequence;
	gre->acked = o.first_sequence - 1;
	gre->local_call_id = o.local_call_id;
	gre->ack_every = (uint16_t)(o.recv_window > 1 ? o.recv_window / 2 : 1);
	gre->ack_delay_us = o.ack_delay_us;
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

static void let_go(pptp_gre *gre)
{
	if (gre->release)
		gre->release(gre);
}

void pptp_gre_free(pptp_gre *gre)
{
	if (!gre)
		return;
	gre->freed = 1;
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
	if (!gre->freed)
		return err;
	if (gre->drivers == 0)
		let_go(gre);
	return PPTP_ERR_FREED;
}

static pptp_err usable(const pptp_gre *gre)
{
	if (!gre)
		return PPTP_ERR_ARG;
	if (gre->freed)
		return PPTP_ERR_FREED;
	return gre->sending ? PPTP_ERR_REENTRANT : PPTP_OK;
}

pptp_err pptp_gre_start(pptp_gre *gre, uint16_t peer_call_id, uint16_t peer_recv_window, uint16_t peer_delay,
                        pptp_usec now)
{
	pptp_err err = usable(gre);
	if (err)
		return err;
	if (gre->started)
		return PPTP_ERR_STATE;
	gre->started = 1;
	gre->peer_call_id = peer_call_id;
	gre->peer_recv_window = peer_recv_window;
	gre->peer_delay = peer_delay;
	if (gre->unacked > 0 && gre->ack_due > now + gre->ack_delay_us)
		gre->ack_due = now + gre->ack_delay_us;
	return PPTP_OK;
}

/* ---- receive ---------------------------------------------------------------------------------- */

/* RFC 2637 4.2: an acknowledgment covers all numbers up to it. One for something never sent, or older
 * than what we know, says nothing (some peers open with 0xffffffff). */
static void take_ack(pptp_gre *gre, uint32_t ack)
{
	uint32_t outstanding = gre->next_sequence - 1 - gre->acked;
	uint32_t beyond = gre->next_sequence - 1 - ack;
	if (beyond < outstanding) {
		gre->acked = ack;
		gre->any_acked = 1;
	} else if (!gre->any_acked || (int32_t)(ack - gre->acked) > 0) {
		gre->counts[PPTP_GRE_ACK_BAD]++;
	} else if (ack != gre->acked) {
		gre->counts[PPTP_GRE_ACK_OLD]++;
	}
}

/* One more packet to acknowledge: with the next frame, at the end of the delay, or at once when half
 * of the window is waiting (RFC 2637 4.2). */
static void owe_ack(pptp_gre *gre, pptp_usec now)
{
	if (gre->unacked++ == 0)
		gre->ack_due = now + gre->ack_delay_us;
	if (gre->unacked >= gre->ack_every)
		gre->ack_due = now;
}

/* RFC 2637 4.3: a gap is taken as loss; what comes after a newer packet is never delivered. Any first
 * number is the baseline, since peers start at 0 or at 1. */
static uint32_t take_sequence(pptp_gre *gre, const pptp_gre_header *h, uint32_t verdict, pptp_usec now)
{
	int32_t ahead = (int32_t)(h->sequence - gre->highest);
	if (gre->received && ahead <= 0)
		return ahead == 0 ? PPTP_GRE_DROP_DUPLICATE : PPTP_GRE_DROP_LATE;
	if (gre->received)
		gre->counts[PPTP_GRE_LOST] += (uint32_t)ahead - 1;
	gre->received = 1;
	gre->highest = h->sequence;
	owe_ack(gre, now);
	return verdict;
}

static uint32_t take_packet(pptp_gre *gre, const uint8_t *data, size_t len, pptp_usec now, pptp_gre_header *h)
{
	uint32_t verdict = pptp_gre_decode(data, len, h);
	if (verdict > PPTP_GRE_EMPTY)
		return verdict;
	if (h->call_id != gre->local_call_id)
		return PPTP_GRE_DROP_CALL_ID;
	if (h->has_ack)
		take_ack(gre, h->acknowledgment);
	return h->has_sequence ? take_sequence(gre, h, verdict, now) : verdict;
}

static void receive(pptp_gre *gre, const uint8_t *data, size_t len, void *cookie, pptp_usec now,
                    pptp_gre_frame *ret)
{
	pptp_gre_header h = {0, 0, 0, 0, 0, 0, 0, 0};
	memset(ret, 0, sizeof *ret);
	ret->verdict = take_packet(gre, data, len, now, &h);
	ret->cookie = cookie;
	ret->sequence = h.sequence;
	gre->counts[ret->verdict]++;
	if (ret->verdict == PPTP_GRE_DELIVER) {
		ret->frame = data + h.header_octets;
		ret->len = h.payload_octets;
	}
}

pptp_err pptp_gre_recv(pptp_gre *gre, const uint8_t *data, size_t len, void *cookie, pptp_usec now,
                       pptp_gre_frame *ret)
{
	pptp_err err = usable(gre);
	if (err)
		return err;
	if (!ret || (!data && len > 0))
		return PPTP_ERR_ARG;
	receive(gre, data, len, cookie, now, ret);
	return PPTP_OK;
}

/* ---- send ------------------------------------------------------------------------------------- */

/* Put the acknowledgment that is owed, if any, into a header. */
static void add_ack(pptp_gre *gre, pptp_gre_header *h)
{
	h->has_ack = gre->unacked > 0;
	h->acknowledgment = gre->highest;
	gre->unacked = 0;
}

pptp_ssize pptp_gre_send(pptp_gre *gre, uint8_t *header, size_t cap, size_t frame_len, pptp_usec now)
{
	pptp_gre_header h = {0, 0, 0, 0, 0, 0, 0, 0};
	size_t octets;
	pptp_err err = usable(gre);
	(void)now; /* the window's timer will need it */
	if (err)
		return err;
	if (!header)
		return PPTP_ERR_ARG;
	if (!gre->started)
		return PPTP_ERR_STATE;
	if (cap < PPTP_GRE_HEADER_MAX || frame_len > UINT16_MAX)
		return PPTP_ERR_SIZE;
	h.payload_octets = (uint16_t)frame_len;
	h.call_id = gre->peer_call_id;
	h.has_sequence = 1;
	h.sequence = gre->next_sequence++;
	add_ack(gre, &h);
	gre->counts[PPTP_GRE_SENT_FRAME]++;
	octets = h.has_ack ? PPTP_GRE_HEADER_MAX : PPTP_GRE_HEADER_MAX - 4;
	return pptp_gre_encode(&h, header + cap - octets, octets);
}

/* Acknowledge (again), but leave a socket that would block the time to recover. */
static void owe_ack_again(pptp_gre *gre, pptp_usec now)
{
	if (!gre->received)
		return;
	gre->unacked = 1;
	gre->ack_due = now + (gre->ack_delay_us > 0 ? gre->ack_delay_us : BLOCKED_RETRY_US);
}

pptp_err pptp_gre_unsend(pptp_gre *gre, uint32_t n, pptp_usec now)
{
	pptp_err err = usable(gre);
	if (err)
		return err;
	if (n > gre->next_sequence - 1 - gre->acked)
		return PPTP_ERR_ARG;
	gre->next_sequence -= n;
	gre->counts[PPTP_GRE_SENT_FRAME] -= n;
	gre->counts[PPTP_GRE_UNSENT] += n;
	owe_ack_again(gre, now);
	return PPTP_OK;
}

pptp_ssize pptp_gre_ack(pptp_gre *gre, uint8_t *ret_packet, size_t cap, pptp_usec now)
{
	pptp_gre_header h = {0, 0, 0, 0, 0, 0, 0, 0};
	pptp_err err = usable(gre);
	if (err)
		return err;
	if (!ret_packet)
		return PPTP_ERR_ARG;
	if (!gre->started)
		return PPTP_ERR_STATE;
	if (cap < PPTP_GRE_ACK_OCTETS)
		return PPTP_ERR_SIZE;
	if (now < pptp_gre_deadline(gre))
		return 0;
	h.call_id = gre->peer_call_id;
	add_ack(gre, &h);
	gre->counts[PPTP_GRE_SENT_ACK]++;
	return pptp_gre_encode(&h, ret_packet, cap);
}

pptp_usec pptp_gre_deadline(const pptp_gre *gre)
{
	return gre && gre->started && gre->unacked > 0 ? gre->ack_due : PPTP_NEVER;
}

/* ---- push ------------------------------------------------------------------------------------- */

static pptp_err call_send(pptp_gre *gre, const uint8_t *header, pptp_ssize header_len, const uint8_t *frame,
                          size_t len)
{
	pptp_err err;
	gre->sending = 1;
	err = gre->callbacks->send(gre->user, header, (size_t)header_len, frame, len);
	gre->sending = 0;
	return err;
}

static pptp_err push_ack(pptp_gre *gre, pptp_usec now)
{
	uint8_t packet[PPTP_GRE_ACK_OCTETS];
	pptp_err err;
	if (!gre->callbacks->send || now < pptp_gre_deadline(gre))
		return PPTP_OK;
	err = call_send(gre, packet, pptp_gre_ack(gre, packet, sizeof packet, now), NULL, 0);
	if (err && !gre->freed) {
		gre->counts[PPTP_GRE_SENT_ACK]--;
		owe_ack_again(gre, now);
	}
	/* An acknowledgment that found no room is sent again at the deadline: no matter for the host. */
	return err == PPTP_ERR_AGAIN ? PPTP_OK : err;
}

pptp_err pptp_gre_input(pptp_gre *gre, const uint8_t *data, size_t len, pptp_usec now)
{
	pptp_gre_frame frame;
	pptp_err err = usable(gre);
	if (err)
		return err;
	if (gre->receiving)
		return PPTP_ERR_REENTRANT;
	if (!data && len > 0)
		return PPTP_ERR_ARG;
	enter(gre);
	receive(gre, data, len, NULL, now, &frame);
	if (frame.verdict == PPTP_GRE_DELIVER && gre->callbacks->receive) {
		gre->receiving = 1;
		gre->callbacks->receive(gre->user, frame.frame, frame.len);
		gre->receiving = 0;
	}
	return leave(gre, gre->freed ? PPTP_ERR_FREED : push_ack(gre, now));
}

pptp_err pptp_gre_output(pptp_gre *gre, const uint8_t *frame, size_t len, pptp_usec now)
{
	uint8_t header[PPTP_GRE_HEADER_MAX];
	pptp_ssize octets;
	pptp_err err = usable(gre);
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
	if (err && !gre->freed)
		pptp_gre_unsend(gre, 1, now);
	return leave(gre, err);
}

pptp_err pptp_gre_tick(pptp_gre *gre, pptp_usec now)
{
	pptp_err err = usable(gre);
	if (err)
		return err;
	enter(gre);
	return leave(gre, push_ack(gre, now));
}

uint32_t pptp_gre_count(const pptp_gre *gre, uint32_t which)
{
	return gre && which < PPTP_GRE_COUNTS ? gre->counts[which] : 0;
}
