/* sim_tcp: TCP as a stream may meet it: octets come late, in pieces or several writes at once; the window is
 * small, or shut for a while or for ever; the stream ends or is reset behind any octet. They come in order,
 * or not at all. */
#include "sim.h"

#include <string.h>

static void ready(sim_tcp *tcp, uint32_t end)
{
	tcp->ready(tcp->owner, end);
}

static uint32_t writer_of(const sim_pipe *p)
{
	return p == &p->tcp->pipes[0] ? 0 : 1;
}

void sim_tcp_open(sim_tcp *tcp, sim *s, const sim_tcp_options *options,
                  void (*on_ready)(void *owner, uint32_t end), void *owner)
{
	uint32_t i;
	tcp->s = s;
	tcp->generation++;
	tcp->options = *options;
	tcp->ready = on_ready;
	tcp->owner = owner;
	for (i = 0; i < 2; i++) {
		sim_pipe *p = &tcp->pipes[i];
		memset(p, 0, offsetof(sim_pipe, octets));
		p->tcp = tcp;
		p->end = SIM_NEVER;
	}
}

/* ---- what happens later ------------------------------------------------------------------------ */

static void writable(void *object, uint32_t generation, uint64_t value)
{
	sim_pipe *p = object;
	(void)value;
	if (generation == p->tcp->generation && p->blocked) {
		p->blocked = 0;
		ready(p->tcp, writer_of(p));
	}
}

static void wake_writer(sim_pipe *p, uint64_t delay)
{
	sim_after(p->tcp->s, delay, writable, p, p->tcp->generation, 0);
}

/* Octets up to a position have come, the stream's end with them when it is there. */
static void arrive(void *object, uint32_t generation, uint64_t position)
{
	sim_pipe *p = object;
	if (generation != p->tcp->generation)
		return;
	if (p->tcp->s->now < p->stalled_until) {
		sim_at(p->tcp->s, p->stalled_until, arrive, p, generation, position);
		return;
	}
	if (position > p->arrived)
		p->arrived = position;
	if (p->arrived >= p->end) {
		p->arrived = p->end;
		p->ended = 1;
	}
	if (p->unread) {
		p->taken = p->arrived;
		wake_writer(p, p->tcp->options.delay_us);
	} else {
		ready(p->tcp, !writer_of(p));
	}
}

static void schedule(sim_pipe *p, uint64_t position)
{
	sim_tcp *tcp = p->tcp;
	uint64_t at = tcp->s->now + tcp->options.delay_us + sim_between(tcp->s, 0, tcp->options.jitter_us);
	if (at < p->last_arrival)
		at = p->last_arrival;
	p->last_arrival = at;
	sim_at(tcp->s, at, arrive, p, tcp->generation, position);
}

static void break_writer(void *object, uint32_t generation, uint64_t value)
{
	sim_pipe *p = object;
	(void)value;
	if (generation != p->tcp->generation || p->broken)
		return;
	p->broken = 1;
	ready(p->tcp, writer_of(p));
}

/* ---- octets -------------------------------------------------------------------------------------- */

static void put(sim_pipe *p, const uint8_t *data, size_t len)
{
	size_t at = (size_t)(p->sent % SIM_TCP_OCTETS), first = SIM_TCP_OCTETS - at;
	if (first > len)
		first = len;
	memcpy(p->octets + at, data, first);
	memcpy(p->octets, data + first, len - first);
	p->sent += len;
}

static void get(sim_pipe *p, uint8_t *ret, size_t len)
{
	size_t at = (size_t)(p->taken % SIM_TCP_OCTETS), first = SIM_TCP_OCTETS - at;
	if (first > len)
		first = len;
	memcpy(ret, p->octets + at, first);
	memcpy(ret + first, p->octets, len - first);
	p->taken += len;
}

/* One write, one segment, or several. */
static void transmit(sim_pipe *p, size_t len)
{
	sim *s = p->tcp->s;
	uint64_t at = p->sent - len;
	if (sim_one_in(s, p->tcp->options.split)) {
		while (at + 1 < p->sent && !sim_one_in(s, 4)) {
			at = sim_between(s, at + 1, p->sent - 1);
			schedule(p, at);
		}
	}
	schedule(p, p->sent);
}

ptrdiff_t sim_tcp_write(sim_tcp *tcp, uint32_t end, const uint8_t *data, size_t len)
{
	sim_pipe *p = &tcp->pipes[end];
	size_t room = (size_t)(tcp->options.window - (p->sent - p->taken));
	if (p->broken)
		return SIM_BROKEN;
	if (p->sent >= p->end) /* cut: it goes nowhere */
		return (ptrdiff_t)len;
	if (room == 0) {
		p->blocked = 1;
		return SIM_BLOCKED;
	}
	if (len > room) {
		len = room;
		p->blocked = 1;
	} else if (len > 1 && sim_one_in(tcp->s, tcp->options.split)) {
		len = 1 + sim_below(tcp->s, (uint32_t)len - 1);
		p->blocked = 1;
		wake_writer(p, tcp->options.delay_us);
	}
	put(p, data, len);
	transmit(p, len);
	if (p->unread)
		sim_after(tcp->s, 2 * tcp->options.delay_us, break_writer, p, tcp->generation, 0);
	return (ptrdiff_t)len;
}

ptrdiff_t sim_tcp_read(sim_tcp *tcp, uint32_t end, uint8_t *ret, size_t cap)
{
	sim_pipe *p = &tcp->pipes[!end];
	uint64_t there = p->arrived - p->taken;
	if (p->ended && p->reset)
		return SIM_BROKEN;
	if (there == 0)
		return p->ended ? SIM_END : SIM_BLOCKED;
	if (cap > there)
		cap = (size_t)there;
	if (sim_one_in(tcp->s, tcp->options.split))
		cap = 1 + sim_below(tcp->s, (uint32_t)cap);
	get(p, ret, cap);
	if (p->blocked)
		wake_writer(p, tcp->options.delay_us);
	return (ptrdiff_t)cap;
}

/* ---- ends ---------------------------------------------------------------------------------------- */

static void end_at(sim_pipe *p, uint64_t position, int reset)
{
	if (position >= p->end)
		return;
	p->end = position;
	p->reset = reset != 0;
	if (position <= p->sent)
		schedule(p, p->sent);
}

/* The end that reads this pipe is gone. */
static void stop_reading(sim_pipe *p)
{
	p->unread = 1;
	p->taken = p->arrived;
	if (p->blocked || p->sent > p->taken)
		sim_after(p->tcp->s, 2 * p->tcp->options.delay_us, break_writer, p, p->tcp->generation, 0);
}

void sim_tcp_close(sim_tcp *tcp, uint32_t end)
{
	end_at(&tcp->pipes[end], tcp->pipes[end].sent, 0);
	stop_reading(&tcp->pipes[!end]);
}

void sim_tcp_reset(sim_tcp *tcp, uint32_t end)
{
	sim_pipe *p = &tcp->pipes[end];
	end_at(p, p->arrived, 1);
	stop_reading(&tcp->pipes[!end]);
	sim_after(tcp->s, tcp->options.delay_us, break_writer, &tcp->pipes[!end], tcp->generation, 0);
}

void sim_tcp_cut(sim_tcp *tcp, uint32_t end, uint32_t octets, int reset)
{
	end_at(&tcp->pipes[end], tcp->pipes[end].sent + octets, reset);
}

void sim_tcp_stall(sim_tcp *tcp, uint32_t end, uint64_t until)
{
	if (until > tcp->pipes[end].stalled_until)
		tcp->pipes[end].stalled_until = until;
}

uint64_t sim_tcp_pending(const sim_tcp *tcp, uint32_t end)
{
	return tcp->pipes[end].sent - tcp->pipes[end].taken;
}
