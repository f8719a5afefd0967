/* cortex_m4: the static router on a bare Cortex-M4: vectors, a main loop, and mailboxes in RAM in place of
 * drivers. It is linked in CI to see what a board needs; a real one puts its Ethernet and its TCP where the
 * mailboxes are. */
#include "router.h"

struct mailbox {
	volatile uint32_t full;
	uint32_t len;
	uint8_t octets[1600];
};

static struct mailbox tcp_in, tcp_out, gre_in, gre_out, frame_in, frame_out;
static volatile uint64_t microseconds; /* a timer's interrupt counts */
static volatile uint32_t opened, closed;

static size_t put(struct mailbox *box, const uint8_t *octets, size_t len)
{
	if (box->full || len > sizeof box->octets)
		return 0;
	for (size_t i = 0; i < len; i++)
		box->octets[i] = octets[i];
	box->len = (uint32_t)len;
	box->full = 1;
	return len;
}

static void gre_send(const uint8_t *packet, size_t len)
{
	(void)put(&gre_out, packet, len); /* lost when there is no room, as IP may be */
}

static void frame_came(const uint8_t *frame, size_t len)
{
	(void)put(&frame_in, frame, len);
}

static size_t tcp_send(const uint8_t *data, size_t len)
{
	return put(&tcp_out, data, len);
}

static void over(void)
{
	closed = 1;
	opened = 0;
}

static const struct router_port board = {
        .tcp_send = tcp_send, .gre_send = gre_send, .frame = frame_came, .closed = over};

static void serve(void)
{
	pptp_usec now = microseconds;

	if (tcp_in.full && router_tcp(tcp_in.octets, tcp_in.len, now) == tcp_in.len)
		tcp_in.full = 0;
	if (gre_in.full) {
		router_gre(gre_in.octets, gre_in.len, now);
		gre_in.full = 0;
	}
	if (frame_out.full) { /* the driver leaves the headroom free */
		(void)router_send(frame_out.octets + ROUTER_HEADROOM, frame_out.len - ROUTER_HEADROOM, now);
		frame_out.full = 0;
	}
	if (!tcp_out.full)
		router_tcp_writable(now);
	if (router_deadline() <= now)
		router_tick(now);
}

extern uint32_t data_from, data_begin, data_end, bss_begin, bss_end, stack_end; /* cortex_m4.ld */

static void reset(void)
{
	const uint32_t *from = &data_from;

	for (uint32_t *to = &data_begin; to < &data_end;)
		*to++ = *from++;
	for (uint32_t *to = &bss_begin; to < &bss_end;)
		*to++ = 0;
	for (;;) {
		while (!opened)
			;
		if (router_begin(&board, microseconds, microseconds) != PPTP_OK)
			opened = 0;
		while (opened)
			serve();
	}
}

__attribute__((section(".vectors"), used)) static const void *const vectors[2] = {&stack_end,
                                                                                  (void *)(uintptr_t)reset};
