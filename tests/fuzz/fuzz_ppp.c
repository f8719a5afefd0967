/* fuzz_ppp: two ends of examples/ppp, with authentication, encryption, IPv6 and other protocols, over a path
 * that the input drives. The checks are in fuzz_ppp_check.c. */
#include "fuzz_ppp.h"
#include "wire.h"

#define STEP_MAX 64u /* frames carried by one operation */

static struct end *other_of(struct path *path, const struct end *end)
{
	return end == &path->ends[0] ? &path->ends[1] : &path->ends[0];
}

void path_send(struct end *end, const uint8_t *frame, size_t len)
{
	unsigned at = (end->first + end->count) % QUEUE;

	if (end->count == QUEUE)
		return;
	end->frames[at] = fuzz_copy(frame, len);
	end->lens[at] = len;
	end->count++;
}

/* ---- frames ------------------------------------------------------------------------------------------ */

static uint16_t protocol_in(const uint8_t *frame, size_t len)
{
	wire_reader r = wire_read(frame, len);

	if (len >= 2 && wire_load16(frame) == 0xFF03)
		(void)wire_take(&r, 2);
	if (r.left > 0 && r.at[0] & 1)
		return r.at[0];
	return r.left >= 2 ? wire_load16(r.at) : 0;
}

/* In memory of its exact size. */
static void hear(struct path *path, struct end *end, const uint8_t *frame, size_t len)
{
	uint8_t *copy = fuzz_copy(frame, len);

	end->hearing = protocol_in(frame, len);
	FUZZ_CHECK(ppp_input(&end->link, copy, len, path->now) == PPP_OK);
	end->hearing = 0;
	free(copy);
	check_end(end);
}

static void forget_first(struct end *end)
{
	free(end->frames[end->first]);
	end->first = (end->first + 1) % QUEUE;
	end->count--;
}

enum how { WHOLE, TWICE, CHANGED, CUT, LOST };

/* The oldest frame that this end sent reaches the other one, or what is left of it. */
static void carry(struct path *path, struct end *from, enum how how, uint8_t where, uint8_t what)
{
	struct end *to = other_of(path, from);
	uint8_t frame[FRAME_MAX];
	size_t len;

	if (from->count == 0)
		return;
	len = from->lens[from->first];
	FUZZ_CHECK(len <= sizeof frame);
	memcpy(frame, from->frames[from->first], len);
	forget_first(from);
	if (how == CHANGED)
		frame[where % len] ^= what;
	if (how == CUT)
		len = where % len;
	if (how != LOST)
		hear(path, to, frame, len);
	if (how == TWICE)
		hear(path, to, frame, len);
}

/* Both ends talk until they have no more to say. */
static void carry_all(struct path *path)
{
	for (unsigned i = 0; i < STEP_MAX && path->ends[0].count + path->ends[1].count > 0; i++) {
		carry(path, &path->ends[0], WHOLE, 0, 0);
		carry(path, &path->ends[1], WHOLE, 0, 0);
	}
}

/* A frame of the input's own: its information is the input's, or a control packet with a length that fits. */
static void invent(struct path *path, struct end *to, fuzz_input *in)
{
	static const uint16_t protocols[] = {0xC021, 0xC023, 0xC223, 0x80FD, 0x8021, 0x8057, 0x802B, 0x0021,
	                                     0x0057, 0x002B, 0x00FD, 0x002D, 0xC025, 0x0022, 0x4001, 0x00FB};
	uint8_t what = fuzz_octet(in), frame[4 + 4 + 256];
	size_t len = fuzz_octet(in);
	wire_writer w = wire_write(frame, sizeof frame);
	uint8_t code_and_id[2];

	wire_put16(&w, 0xFF03);
	wire_put16(&w, protocols[what % 16]);
	if (what & 0x80) {
		code_and_id[0] = fuzz_octet(in);
		/* what the other end asked last, so that the answer counts */
		code_and_id[1] = what & 0x40 ? to->link.fsm[what >> 4 & 3].request_id : fuzz_octet(in);
		wire_put_octets(&w, code_and_id, sizeof code_and_id);
		len = len < in->left ? len : in->left;
		wire_put16(&w, (uint16_t)(4 + len));
	}
	w.used += fuzz_octets(in, frame + w.used, len);
	hear(path, to, frame, w.used);
}

static void hear_raw(struct path *path, struct end *to, fuzz_input *in)
{
	uint8_t frame[256];
	size_t len = fuzz_octet(in);

	hear(path, to, frame, fuzz_octets(in, frame, len));
}

/* ---- time and hosts ---------------------------------------------------------------------------------- */

static void tick(struct path *path, struct end *end)
{
	FUZZ_CHECK(ppp_tick(&end->link, path->now) == PPP_OK);
	FUZZ_CHECK(ppp_deadline(&end->link) > path->now);
	check_end(end);
}

static void pass(struct path *path, uint64_t us)
{
	path->now += us;
	tick(path, &path->ends[0]);
	tick(path, &path->ends[1]);
}

/* To the next thing that is due. */
static void wait_for(struct path *path)
{
	uint64_t a = ppp_deadline(&path->ends[0].link), b = ppp_deadline(&path->ends[1].link);
	uint64_t due = a < b ? a : b;

	if (due != PPP_NEVER)
		pass(path, due > path->now ? due - path->now : 0);
}

static void begin_link(struct path *path, struct end *end)
{
	int result;

	if (ppp_phase_now(&end->link) == PPP_PHASE_DEAD)
		end->over = 0;
	result = ppp_lower_up(&end->link, path->now);
	FUZZ_CHECK(result == PPP_OK || result == PPP_ERR_STATE);
	check_end(end);
}

static void end_link(struct path *path, struct end *end, int in_order)
{
	if (in_order)
		FUZZ_CHECK(ppp_close(&end->link, PPP_REASON_LOCAL, path->now) == PPP_OK);
	else
		FUZZ_CHECK(ppp_lower_down(&end->link, path->now) == PPP_OK);
	FUZZ_CHECK(in_order || (ppp_phase_now(&end->link) == PPP_PHASE_DEAD && end->over));
	check_end(end);
}

static void output(struct end *end, fuzz_input *in)
{
	static const uint16_t protocols[] = {0x0021, 0x0057, 0x002B, 0x802B, 0x003F, 0x00FD, 0x4001, 0x0022};
	uint8_t what = fuzz_octet(in);
	size_t len = what & 8 ? 1380 + fuzz_octet(in) : fuzz_octet(in);

	(void)path_output(end, protocols[what % 8], len, 1);
	check_end(end);
}

/* ---- the input --------------------------------------------------------------------------------------- */

static void step(struct path *path, fuzz_input *in)
{
	uint8_t op = fuzz_octet(in);
	struct end *end = &path->ends[op >> 7];

	switch (op % 16) {
	case 0:
	case 1:
		carry_all(path);
		break;
	case 2:
		carry(path, end, WHOLE, 0, 0);
		break;
	case 3:
		carry(path, end, TWICE, 0, 0);
		break;
	case 4:
		carry(path, end, CHANGED, fuzz_octet(in), (uint8_t)(fuzz_octet(in) | 1));
		break;
	case 5:
		carry(path, end, CUT, fuzz_octet(in), 0);
		break;
	case 6:
		carry(path, end, LOST, 0, 0);
		break;
	case 7:
	case 8:
		invent(path, end, in);
		break;
	case 9:
		hear_raw(path, end, in);
		break;
	case 10:
		wait_for(path);
		break;
	case 11:
		pass(path, (uint64_t)fuzz_octet(in) * 10000);
		break;
	case 12:
	case 13:
		output(end, in);
		break;
	case 14:
		begin_link(path, end);
		break;
	default:
		end_link(path, end, op & 16);
		break;
	}
}

/* What an end agrees to; the one that asks for a proof has the addresses. */
static void set(struct path *path, unsigned which, fuzz_input *in)
{
	struct end *end = &path->ends[which];
	ppp_options *o = &end->options;
	uint8_t encryption = fuzz_octet(in), proof = fuzz_octet(in), rest = fuzz_octet(in);

	path_options(o, end);
	o->seed = which + 1;
	o->mppe = (uint8_t)((encryption & 15) | (encryption & 64 ? PPP_MPPE_STATEFUL_ONLY : 0));
	o->mppe_require = encryption >> 4 & 1;
	o->mppe_failures = encryption & 32 ? 5 : 4096;
	o->auth_allow = proof & 15;
	o->auth_require = which == 1 || rest & 1 ? proof >> 4 : 0;
	o->auth_demand = o->auth_allow && rest & 2;
	o->auth_retries = rest >> 2 & 1;
	o->ipv6 = rest >> 3 & 1;
	o->mtu_max = rest & 16 ? 1000 : 1400;
	if (rest & 32)
		o->other = NULL;
	end->from_within = rest >> 6;
	if (which == 1) {
		o->local_address = 0x0A000001;
		o->peer_address = 0x0A000002;
	}
	end->over = 1;
	if (ppp_init(&end->link, o) != PPP_OK) { /* not so: as a host that wants nothing */
		o->mppe = o->mppe_require = o->auth_allow = o->auth_require = o->auth_demand = 0;
		FUZZ_CHECK(ppp_init(&end->link, o) == PPP_OK);
	}
	end->options.auth_require = end->link.options.auth_require;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_input in = {data, size};
	struct path *path = fuzz_alloc(sizeof *path);

	memset(path, 0, sizeof *path);
	set(path, 0, &in);
	set(path, 1, &in);
	begin_link(path, &path->ends[0]);
	begin_link(path, &path->ends[1]);
	while (in.left > 0)
		step(path, &in);
	for (unsigned which = 0; which < 2; which++) {
		end_link(path, &path->ends[which], 0);
		while (path->ends[which].count > 0)
			forget_first(&path->ends[which]);
	}
	free(path);
	return 0;
}
