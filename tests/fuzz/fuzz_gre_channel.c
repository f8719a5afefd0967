/* fuzz_gre_channel: two channels with one pool, and the octets of the input as what happens to them: packets
 * of a model of the peer, the same changed, any octets, time, frames to send, taken back, resets.
 *
 * The first octets are the settings. Whatever happens: no number is delivered twice or after a higher one
 * (unless the channel says RESYNC), every cookie comes back exactly once, deadlines move on, the pool has all
 * its slots, counters say what happened. */
#include <pptp/pptp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ENDS    2u
#define BUFFERS 80u /* more than a pool holds */
#define SLOTS   16u

struct input {
	const uint8_t *at, *end;
};

struct end {
	pptp_gre *gre;
	uint16_t call_id;
	uint32_t peer_sequence; /* of the model's next packet */
	uint32_t expected, resyncs, delivered, sent;
	int any;
	uint8_t *buffers[BUFFERS]; /* that the channel has */
};

struct rig {
	struct end ends[ENDS];
	pptp_pool *pool;
	uint32_t slots;
	pptp_usec now;
};

static void check(int condition)
{
	if (!condition)
		abort();
}

static uint32_t take8(struct input *input)
{
	return input->at < input->end ? *input->at++ : 0;
}

static uint32_t take32(struct input *input)
{
	uint32_t value = take8(input);
	value = value << 8 | take8(input);
	value = value << 8 | take8(input);
	return value << 8 | take8(input);
}

/* ---- the host -------------------------------------------------------------------------------- */

static uint8_t *lend(struct end *end, const uint8_t *data, size_t len)
{
	uint32_t k = 0;
	while (end->buffers[k])
		check(++k < BUFFERS);
	end->buffers[k] = malloc(len ? len : 1);
	check(end->buffers[k] != NULL);
	if (len)
		memcpy(end->buffers[k], data, len);
	return end->buffers[k];
}

static void take_back(struct end *end, const void *cookie)
{
	uint32_t k = 0;
	while (end->buffers[k] != cookie)
		check(++k < BUFFERS);
	free(end->buffers[k]);
	end->buffers[k] = NULL;
}

/* Reads the whole frame: a sanitizer sees whether it is still there. */
static uint32_t sum(const uint8_t *frame, size_t len)
{
	uint32_t total = 0;
	while (len > 0)
		total += frame[--len];
	return total;
}

static void take_frame(struct end *end, const pptp_gre_frame *frame)
{
	static volatile uint32_t sink;
	check(frame->reserved[0] == 0 && frame->reserved[1] == 0 && frame->reserved[2] == 0);
	check((frame->verdict == PPTP_GRE_DELIVER) == (frame->frame != NULL));
	if (frame->verdict == PPTP_GRE_DELIVER || frame->verdict == PPTP_GRE_EMPTY) {
		uint32_t resyncs = pptp_gre_count(end->gre, PPTP_GRE_RESYNC);
		check(!end->any || resyncs != end->resyncs ||
		      (int32_t)(frame->sequence - end->expected) >= 0);
		end->any = 1;
		end->resyncs = resyncs;
		end->expected = frame->sequence + 1;
	}
	if (frame->frame) {
		check(frame->len > 0);
		sink += sum(frame->frame, frame->len);
		(void)sink;
		end->delivered++;
	}
	if (frame->cookie)
		take_back(end, frame->cookie);
}

static void fetch(struct end *end)
{
	pptp_gre_frame frame;
	while (pptp_gre_next(end->gre, &frame) == PPTP_OK)
		take_frame(end, &frame);
	check(pptp_gre_count(end->gre, PPTP_GRE_DELIVER) == end->delivered);
}

static void acknowledge(struct rig *rig, struct end *end)
{
	uint8_t packet[PPTP_GRE_ACK_OCTETS];
	pptp_gre_header header;
	pptp_ssize len = pptp_gre_ack(end->gre, packet, sizeof packet, rig->now);
	check(len == 0 || len == PPTP_GRE_ACK_OCTETS || len == PPTP_ERR_STATE);
	if (len <= 0)
		return;
	check(pptp_gre_decode(packet, sizeof packet, &header) == PPTP_GRE_ACK_ONLY);
	check(end->any && header.acknowledgment == end->expected - 1);
}

/* What there is to do at this time; then the next time is later. */
static void tick(struct rig *rig, struct end *end)
{
	check(pptp_gre_tick(end->gre, rig->now) == PPTP_OK);
	fetch(end);
	acknowledge(rig, end);
	check(pptp_gre_deadline(end->gre) > rig->now);
	check(pptp_gre_events(end->gre) < 16);
	check(pptp_gre_events(end->gre) == 0);
}

static void receive(struct rig *rig, struct end *end, const uint8_t *data, size_t len, int with_cookie)
{
	uint8_t *own = lend(end, data, len);
	pptp_gre_frame frame;
	check(pptp_gre_recv(end->gre, own, len, with_cookie ? own : NULL, rig->now, &frame) == PPTP_OK);
	take_frame(end, &frame);
	if (!with_cookie)
		take_back(end, own); /* what has no cookie is not kept, unless as a copy */
	if (frame.verdict != PPTP_GRE_HELD || rig->now % 7 != 0) /* now and then the host does not fetch */
		fetch(end);
}

/* ---- what happens ---------------------------------------------------------------------------- */

static void receive_packet(struct rig *rig, struct end *end, uint32_t sequence, uint32_t payload,
                           struct input *input, int change)
{
	uint8_t data[PPTP_GRE_HEADER_MAX + 64];
	pptp_gre_header header = {0, 0, 0, 0, 1, 0, 0, 0};
	pptp_ssize octets;
	uint32_t len, bits = take8(input);
	header.sequence = sequence;
	header.call_id = end->call_id;
	header.payload_octets = (uint16_t)(payload % 64);
	header.has_ack = bits & 1;
	if (header.has_ack)
		header.acknowledgment = bits & 2 ? take32(input) : (bits >> 2);
	octets = pptp_gre_encode(&header, data, sizeof data);
	check(octets > 0);
	memset(data + octets, (int)(sequence & 255), 64);
	len = (uint32_t)octets + header.payload_octets;
	if (change) {
		data[take8(input) % (len ? len : 1)] ^= (uint8_t)take8(input);
		len -= take8(input) % 4 ? 0 : take8(input) % (len + 1);
	}
	receive(rig, end, data, len, (bits & 0x80) == 0);
}

static void send_frame(struct rig *rig, struct end *end, uint32_t len)
{
	uint8_t room[PPTP_GRE_HEADER_MAX];
	uint32_t may = pptp_gre_room(end->gre);
	pptp_gre_header header;
	pptp_ssize octets = pptp_gre_send(end->gre, room, sizeof room, len, rig->now);
	if (octets == PPTP_ERR_WINDOW || octets == PPTP_ERR_STATE) {
		check(may == 0);
		return;
	}
	if (len == 0) {
		check(octets == PPTP_ERR_SIZE);
		return;
	}
	check(octets == 12 || octets == 16);
	check(pptp_gre_decode(room + sizeof room - octets, (size_t)octets, &header) == PPTP_GRE_DROP_PAYLOAD);
	end->sent++;
}

static void take_back_frames(struct rig *rig, struct end *end, uint32_t n)
{
	pptp_gre_info info;
	pptp_err err;
	check(pptp_gre_get_info(end->gre, &info, sizeof info) == PPTP_OK);
	err = pptp_gre_unsend(end->gre, n, rig->now);
	check(err == (n > info.next_sequence - 1 - info.acknowledged ? PPTP_ERR_ARG : PPTP_OK));
	if (err == PPTP_OK)
		end->sent -= n;
}

static void reset(struct rig *rig, struct end *end, int start)
{
	check(pptp_gre_reset(end->gre) == PPTP_OK);
	end->any = 0;
	fetch(end);
	check(pptp_gre_deadline(end->gre) == PPTP_NEVER && pptp_gre_room(end->gre) == 0);
	if (start)
		check(pptp_gre_start(end->gre, 7, 9, 1, rig->now) == PPTP_OK);
}

static void happen(struct rig *rig, struct input *input)
{
	uint32_t what = take8(input), much = take8(input);
	struct end *end = &rig->ends[what >> 7];
	switch (what & 15) {
	case 0:
	case 1:
		receive_packet(rig, end, end->peer_sequence++, much, input, 0);
		break;
	case 2: /* some are missing */
		end->peer_sequence += much % 20;
		receive_packet(rig, end, end->peer_sequence++, much, input, 0);
		break;
	case 3: /* one of before, or once more */
		receive_packet(rig, end, end->peer_sequence - much, much, input, 0);
		break;
	case 4:
		receive_packet(rig, end, end->peer_sequence++, much, input, 1);
		break;
	case 5: /* the peer begins anew */
		end->peer_sequence = take32(input);
		break;
	case 6: { /* any octets */
		size_t len =
		        much < (size_t)(input->end - input->at) ? much : (size_t)(input->end - input->at);
		receive(rig, end, input->at, len, 1);
		input->at += len;
		break;
	}
	case 7:
		rig->now += (pptp_usec)much << (take8(input) % 24);
		tick(rig, &rig->ends[0]);
		tick(rig, &rig->ends[1]);
		break;
	case 8: /* to the next deadline */
		if (pptp_gre_deadline(end->gre) != PPTP_NEVER && pptp_gre_deadline(end->gre) > rig->now)
			rig->now = pptp_gre_deadline(end->gre);
		tick(rig, end);
		break;
	case 9:
	case 10:
		send_frame(rig, end, much);
		break;
	case 11:
		take_back_frames(rig, end, much % 8);
		break;
	case 12:
		fetch(end);
		break;
	case 13:
		acknowledge(rig, end);
		break;
	case 14:
		if (much == 0)
			reset(rig, end, what & 16);
		break;
	default:
		(void)pptp_gre_start(end->gre, 7, (uint16_t)much, (uint16_t)(what >> 4), rig->now);
		break;
	}
}

static void check_rig(const struct rig *rig)
{
	uint32_t held = 0, k, counted;
	for (k = 0; k < ENDS; k++) {
		pptp_gre_info info;
		check(pptp_gre_get_info(rig->ends[k].gre, &info, sizeof info) == PPTP_OK);
		counted = pptp_gre_count(rig->ends[k].gre, PPTP_GRE_SENT_FRAME);
		check(counted == rig->ends[k].sent);
		held += info.held;
	}
	check(held + pptp_pool_available(rig->pool) == rig->slots);
}

static void make_end(struct rig *rig, struct end *end, uint16_t call_id, struct input *input)
{
	pptp_gre_options options;
	memset(end, 0, sizeof *end);
	check(pptp_gre_options_init(&options, sizeof options) == PPTP_OK);
	end->call_id = options.local_call_id = call_id;
	options.pool = rig->pool;
	options.first_sequence = take8(input) & 1 ? 0xFFFFFFFEu : 0;
	options.recv_window = (uint16_t)take8(input);
	options.reorder_packets = (uint16_t)(take8(input) % 20);
	options.reorder_us = take8(input) << 8;
	options.ack_delay_us = take8(input) << 10;
	options.window_mode = take8(input) % 3;
	check(pptp_gre_new(&options, NULL, NULL, &end->gre) == PPTP_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input;
	struct rig rig;
	uint32_t copies, k, b;
	input.at = data;
	input.end = data + size;
	copies = take8(&input) & 1;
	rig.slots = 1 + take8(&input) % SLOTS;
	rig.now = take32(&input);
	check(pptp_pool_new(rig.slots, copies ? 40 : 0, &rig.pool) == PPTP_OK);
	for (k = 0; k < ENDS; k++)
		make_end(&rig, &rig.ends[k], (uint16_t)(k + 1), &input);
	while (input.at < input.end) {
		happen(&rig, &input);
		check_rig(&rig);
	}
	for (k = 0; k < ENDS; k++) {
		reset(&rig, &rig.ends[k], 0);
		for (b = 0; b < BUFFERS; b++)
			check(rig.ends[k].buffers[b] == NULL);
		pptp_gre_free(rig.ends[k].gre);
	}
	check(pptp_pool_available(rig.pool) == rig.slots);
	pptp_pool_free(rig.pool);
	return 0;
}
