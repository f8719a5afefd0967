/* sim_gre: the data channel in bad weather.
 *
 *   sim_gre                       a short run over some seeds
 *   sim_gre --seed N              one run, with what it was
 *   sim_gre --seed N --hours H    from this seed on, until so many hours have passed in there
 *   sim_gre --table               rows of weather and of what it does to a call with the default options
 *
 * Even ends hold by cookie, odd ones by copy; the ends of one kind share a pool. After each step must hold:
 * no frame twice and none out of order, none held above the bound, every cookie back exactly once, every slot
 * in the pool or in use, acknowledgments of what was delivered and of nothing else, deadlines that move on.
 * In the end the weather clears up, and everything that is sent arrives. */
#include "sim_gre.h"

#define ENDS_MAX    24u
#define BUFFERS_MAX 256u
#define NO_END      UINT32_MAX

/* What a frame says: its number in all that this end ever sent, and a mark that damage changes. */
#define MARK_AT   4u
#define MARK      0x5Au
#define FRAME_MIN 5u

struct end {
	pptp_gre *gre;
	struct sim_weather *weather;
	uint32_t number; /* of this end; the other one is number ^ 1 */
	uint32_t reorder_us, mode;
	uint16_t call_id;
	int blocked; /* a frame waits for the socket */
	uint32_t pace_us;
	pptp_usec next_send;
	/* sent */
	uint32_t next_index, sent;
	/* received */
	uint32_t newest_index, expected, resyncs, delivered;
	int any, any_index;
	uint8_t *buffers[BUFFERS_MAX]; /* that the channel has */
	pptp_usec arrived[1024];       /* by sequence number: when it was given to the channel */
	uint32_t clear_index;          /* frames from this number on must arrive */
	uint32_t clear_received;
};

struct world {
	struct sim_random random;
	struct sim_weather weather;
	struct end ends[ENDS_MAX];
	uint32_t ends_len;
	pptp_pool *pools[2];
	uint32_t slots;
	pptp_usec now;
	pptp_usec longest_hold;
	uint32_t most_held_octets;
	uint64_t sent, delivered;
	uint32_t restarts;
};

uint64_t sim_seed;

void sim_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: %s\nto see it again: sim_gre --seed %llu\n", file, line, what,
	        (unsigned long long)sim_seed);
	exit(1);
}

/* ---- the host of an end ------------------------------------------------------------------------ */

static uint8_t *lend_buffer(struct end *end, const uint8_t *data, size_t len)
{
	uint32_t k = 0;
	while (end->buffers[k]) {
		k++;
		SIM_CHECK(k < BUFFERS_MAX);
	}
	end->buffers[k] = malloc(len ? len : 1);
	SIM_CHECK(end->buffers[k] != NULL);
	memcpy(end->buffers[k], data, len);
	return end->buffers[k];
}

static void take_back(struct end *end, void *cookie)
{
	uint32_t k = 0;
	while (end->buffers[k] != cookie) {
		k++;
		SIM_CHECK(k < BUFFERS_MAX);
	}
	free(end->buffers[k]);
	end->buffers[k] = NULL;
}

static uint32_t load32(const uint8_t *from)
{
	return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

static void check_order(struct end *end, const pptp_gre_frame *frame)
{
	uint32_t resyncs = pptp_gre_count(end->gre, PPTP_GRE_RESYNC);
	if (end->any && resyncs == end->resyncs)
		SIM_CHECK((int32_t)(frame->sequence - end->expected) >= 0);
	end->any = 1;
	end->resyncs = resyncs;
	end->expected = frame->sequence + 1;
}

/* A frame that was damaged on the way may say anything. */
static void check_content(struct world *world, struct end *end, const pptp_gre_frame *frame)
{
	uint32_t index;
	if (frame->len < FRAME_MIN || frame->frame[MARK_AT] != MARK)
		return;
	index = load32(frame->frame);
	SIM_CHECK(!end->any_index || index > end->newest_index);
	SIM_CHECK(index < world->ends[end->number ^ 1].next_index);
	end->any_index = 1;
	end->newest_index = index;
	end->clear_received += index >= world->ends[end->number ^ 1].clear_index;
}

static void take_frame(struct world *world, struct end *end, const pptp_gre_frame *frame)
{
	if (frame->verdict == PPTP_GRE_DELIVER || frame->verdict == PPTP_GRE_EMPTY) {
		pptp_usec hold = world->now - end->arrived[frame->sequence % 1024];
		SIM_CHECK(hold <= end->reorder_us);
		if (hold > world->longest_hold)
			world->longest_hold = hold;
		check_order(end, frame);
	}
	if (frame->verdict == PPTP_GRE_DELIVER) {
		SIM_CHECK(frame->frame != NULL && frame->len > 0);
		check_content(world, end, frame);
		end->delivered++;
	} else {
		SIM_CHECK(frame->frame == NULL);
	}
	if (frame->cookie)
		take_back(end, frame->cookie);
}

static void fetch_frames(struct world *world, struct end *end)
{
	pptp_gre_frame frame;
	while (pptp_gre_next(end->gre, &frame) == PPTP_OK)
		take_frame(world, end, &frame);
	SIM_CHECK(pptp_gre_count(end->gre, PPTP_GRE_DELIVER) == end->delivered);
}

/* What goes out acknowledges what was delivered, at most. */
static void put_on_the_net(struct world *world, struct end *end, const uint8_t *packet, size_t len,
                           size_t mark)
{
	pptp_gre_header header;
	SIM_CHECK(pptp_gre_decode(packet, len, &header) <= PPTP_GRE_EMPTY);
	if (header.has_ack)
		SIM_CHECK(end->any && header.acknowledgment == end->expected - 1);
	sim_net_send(&world->random, end->weather, end->number ^ 1, packet, len, mark, world->now);
}

static void send_ack(struct world *world, struct end *end)
{
	uint8_t packet[PPTP_GRE_ACK_OCTETS];
	pptp_ssize len = pptp_gre_ack(end->gre, packet, sizeof packet, world->now);
	SIM_CHECK(len >= 0);
	if (len > 0)
		put_on_the_net(world, end, packet, (size_t)len, SIZE_MAX);
}

/* The deadline moves on once everything was done. */
static void after_driver(struct world *world, struct end *end)
{
	fetch_frames(world, end);
	send_ack(world, end);
	SIM_CHECK(pptp_gre_deadline(end->gre) > world->now);
	(void)pptp_gre_events(end->gre);
}

static void receive(struct world *world, const struct sim_packet *packet)
{
	struct end *end = &world->ends[packet->to];
	uint8_t *data = lend_buffer(end, packet->data, packet->len);
	uint32_t duplicates = pptp_gre_count(end->gre, PPTP_GRE_DROP_DUPLICATE);
	pptp_gre_header header = {0, 0, 0, 0, 0, 0, 0, 0};
	pptp_usec *arrived, before;
	pptp_gre_frame frame;
	(void)pptp_gre_decode(data, packet->len, &header);
	arrived = &end->arrived[header.sequence % 1024];
	before = *arrived;
	*arrived = world->now;
	SIM_CHECK(pptp_gre_recv(end->gre, data, packet->len, data, world->now, &frame) == PPTP_OK);
	if (pptp_gre_count(end->gre, PPTP_GRE_DROP_DUPLICATE) != duplicates)
		*arrived = before; /* the first of them may be held */
	take_frame(world, end, &frame);
	after_driver(world, end);
}

static void send_frame(struct world *world, struct end *end)
{
	uint8_t packet[PPTP_GRE_HEADER_MAX + FRAME_MAX], *frame = packet + PPTP_GRE_HEADER_MAX;
	size_t len = FRAME_MIN + sim_below(&world->random, FRAME_MAX - FRAME_MIN);
	pptp_ssize header;
	uint32_t room = pptp_gre_room(end->gre);
	memset(frame, (int)(end->next_index & 255), len);
	frame[0] = (uint8_t)(end->next_index >> 24);
	frame[1] = (uint8_t)(end->next_index >> 16);
	frame[2] = (uint8_t)(end->next_index >> 8);
	frame[3] = (uint8_t)end->next_index;
	frame[MARK_AT] = MARK;
	header = pptp_gre_send(end->gre, packet, PPTP_GRE_HEADER_MAX, len, world->now);
	if (header == PPTP_ERR_WINDOW) {
		SIM_CHECK(room == 0 && end->mode == PPTP_WINDOW_ENFORCED);
		return;
	}
	SIM_CHECK(header == 12 || header == 16);
	SIM_CHECK(room > 0 || end->mode == PPTP_WINDOW_ADVISORY);
	if (sim_chance(&world->random, end->weather->blocked)) {
		SIM_CHECK(pptp_gre_unsend(end->gre, 1, world->now) == PPTP_OK);
		return;
	}
	end->next_index++;
	end->sent++;
	put_on_the_net(world, end, frame - header, (size_t)header + len, (size_t)header + MARK_AT);
}

/* ---- the world ------------------------------------------------------------------------------------ */

static struct sim_weather make_weather(struct sim_random *random)
{
	static const struct sim_weather clear = {0, 0, 0, 0, 1000, 0, 0, 0};
	struct sim_weather weather = clear;
	weather.delay_us = sim_below(random, 100000);
	if (sim_chance(random, 800))
		weather.loss = sim_below(random, 200);
	if (sim_chance(random, 500))
		weather.twice = sim_below(random, 100);
	if (sim_chance(random, 400))
		weather.corrupt = sim_below(random, 20);
	if (sim_chance(random, 600))
		weather.jitter_us = sim_below(random, 30000);
	if (sim_chance(random, 500)) {
		weather.late = sim_below(random, 100);
		weather.late_us = sim_below(random, 200000);
	}
	if (sim_chance(random, 300))
		weather.blocked = sim_below(random, 200);
	return weather;
}

static void start(struct world *world, struct end *end)
{
	(void)world;
	SIM_CHECK(pptp_gre_start(end->gre, (uint16_t)(1000 + (end->number ^ 1)), 64, 0, world->now) ==
	          PPTP_OK);
}

static void make_end(struct world *world, uint32_t number, const pptp_gre_options *common)
{
	struct end *end = &world->ends[number];
	pptp_gre_options options = *common;
	memset(end, 0, sizeof *end);
	end->number = number;
	end->weather = &world->weather;
	end->call_id = options.local_call_id = (uint16_t)(1000 + number);
	options.pool = world->pools[number % 2];
	options.first_sequence =
	        sim_chance(&world->random, 500) ? 0xFFFFFFFFu - sim_below(&world->random, 2000) : 0;
	end->reorder_us = options.reorder_us;
	end->mode = options.window_mode;
	end->pace_us = 500 + sim_below(&world->random, sim_chance(&world->random, 300) ? 300000 : 20000);
	end->clear_index = UINT32_MAX;
	SIM_CHECK(pptp_gre_new(&options, NULL, NULL, &end->gre) == PPTP_OK);
	start(world, end);
}

static void make_ends(struct world *world, const pptp_gre_options *options)
{
	uint32_t k;
	for (k = 0; k < 2; k++)
		SIM_CHECK(pptp_pool_new(world->slots, k ? FRAME_MAX : 0, &world->pools[k]) == PPTP_OK);
	for (k = 0; k < world->ends_len; k++)
		make_end(world, k, options);
}

static void make_world(struct world *world)
{
	pptp_gre_options options;
	memset(world, 0, sizeof *world);
	world->random.state = sim_seed;
	world->weather = make_weather(&world->random);
	world->slots = 1 + sim_below(&world->random, 40);
	world->ends_len = 2 * (1 + sim_below(&world->random, ENDS_MAX / 2));
	world->now = sim_next(&world->random);
	pptp_gre_options_init(&options, sizeof options);
	options.recv_window = (uint16_t)(1 + sim_below(&world->random, 64));
	options.reorder_packets = (uint16_t)sim_below(&world->random, 17);
	options.reorder_us = sim_below(&world->random, 50000);
	options.ack_delay_us = sim_below(&world->random, 100001);
	options.window_mode = sim_below(&world->random, 3);
	make_ends(world, &options);
}

static void check_pools(struct world *world)
{
	uint32_t held[2] = {0, 0}, k;
	for (k = 0; k < world->ends_len; k++) {
		pptp_gre_info info;
		SIM_CHECK(pptp_gre_get_info(world->ends[k].gre, &info, sizeof info) == PPTP_OK);
		held[k % 2] += info.held;
	}
	for (k = 0; k < 2; k++)
		SIM_CHECK(held[k] + pptp_pool_available(world->pools[k]) == world->slots);
	if ((held[0] + held[1]) * FRAME_MAX > world->most_held_octets)
		world->most_held_octets = (held[0] + held[1]) * FRAME_MAX;
}

/* One end begins a new call, as a program that was restarted: its numbers begin anew, and the other end is
 * not told. */
static void restart(struct world *world, struct end *end)
{
	uint32_t k, held = 0;
	pptp_gre_frame frame;
	SIM_CHECK(pptp_gre_reset(end->gre) == PPTP_OK);
	while (pptp_gre_next(end->gre, &frame) == PPTP_OK) {
		SIM_CHECK(frame.verdict == PPTP_GRE_DROP_RESET);
		take_frame(world, end, &frame);
	}
	for (k = 0; k < BUFFERS_MAX; k++)
		held += end->buffers[k] != NULL;
	SIM_CHECK(held == 0);
	end->any = end->any_index = 0;
	world->restarts++;
	start(world, end);
}

static uint32_t next_deadline(const struct world *world, pptp_usec *ret_at)
{
	uint32_t k, which = NO_END;
	for (k = 0; k < world->ends_len; k++) {
		pptp_usec due = pptp_gre_deadline(world->ends[k].gre);
		if (due < *ret_at) {
			*ret_at = due;
			which = k;
		}
	}
	return which;
}

static uint32_t next_sender(const struct world *world, pptp_usec *ret_at)
{
	uint32_t k, which = NO_END;
	for (k = 0; k < world->ends_len; k++) {
		if (world->ends[k].next_send < *ret_at) {
			*ret_at = world->ends[k].next_send;
			which = k;
		}
	}
	return which;
}

/* Whatever comes first: a packet, a deadline, or a frame to send. Deadlines go first, as in a host that keeps
 * them. */
static void step(struct world *world)
{
	pptp_usec at = PPTP_NEVER;
	uint32_t ticks = next_deadline(world, &at), sends, which;
	pptp_usec packet_at = sim_net_next();
	if (packet_at < at) {
		at = packet_at;
		ticks = NO_END;
	}
	sends = next_sender(world, &at);
	if (at > world->now)
		world->now = at;
	which = sends != NO_END ? sends : ticks;
	if (sends != NO_END) {
		struct end *end = &world->ends[which];
		send_frame(world, end);
		end->next_send = world->now + end->pace_us / 2 + sim_below(&world->random, end->pace_us);
	} else if (ticks != NO_END) {
		SIM_CHECK(pptp_gre_tick(world->ends[which].gre, world->now) == PPTP_OK);
		after_driver(world, &world->ends[which]);
	} else {
		receive(world, sim_net_take());
	}
	check_pools(world);
}

static void run_until(struct world *world, pptp_usec end)
{
	while (world->now < end)
		step(world);
}

/* All that was sent in clear weather has arrived. */
static void check_clear(struct world *world)
{
	static const struct sim_weather clear = {0, 0, 0, 0, 1000, 0, 0, 0};
	uint32_t k;
	world->weather = clear;
	run_until(world, world->now + 30 * SECOND); /* windows, time-outs and resynchronisations settle */
	for (k = 0; k < world->ends_len; k++) {
		world->ends[k].clear_index = world->ends[k].next_index;
		world->ends[k].pace_us = 20000;
		world->ends[k].next_send = world->now;
	}
	run_until(world, world->now + 2 * SECOND);
	for (k = 0; k < world->ends_len; k++)
		world->ends[k].next_send = PPTP_NEVER;
}

static void run_dry(struct world *world)
{
	pptp_usec end = world->now + SECOND;
	for (;;) {
		pptp_usec at = PPTP_NEVER;
		(void)next_deadline(world, &at);
		if (sim_net_next() < at)
			at = sim_net_next();
		if (at > end)
			return;
		step(world);
	}
}

static void finish(struct world *world, int verbose)
{
	uint32_t k, b;
	if (verbose)
		printf("seed %llu: %u calls, loss %.1f %%, twice %.1f %%, damaged %.1f %%, late %.1f %%, "
		       "slots %u, "
		       "window mode %u, restarts %u\n",
		       (unsigned long long)sim_seed, world->ends_len / 2, world->weather.loss / 10.0,
		       world->weather.twice / 10.0, world->weather.corrupt / 10.0, world->weather.late / 10.0,
		       world->slots, world->ends[0].mode, world->restarts);
	for (k = 0; k < world->ends_len; k++) {
		struct end *end = &world->ends[k], *other = &world->ends[k ^ 1];
		SIM_CHECK(end->next_index > end->clear_index + 10);
		SIM_CHECK(other->clear_received == end->next_index - end->clear_index);
		SIM_CHECK(pptp_gre_count(end->gre, PPTP_GRE_SENT_FRAME) == end->sent);
		world->sent += end->sent;
		world->delivered += end->delivered;
	}
	for (k = 0; k < world->ends_len; k++) {
		struct end *end = &world->ends[k];
		restart(world, end);
		for (b = 0; b < BUFFERS_MAX; b++)
			SIM_CHECK(end->buffers[b] == NULL);
		pptp_gre_free(end->gre);
	}
	for (k = 0; k < 2; k++) {
		SIM_CHECK(pptp_pool_available(world->pools[k]) == world->slots);
		pptp_pool_free(world->pools[k]);
	}
}

struct totals {
	uint64_t runs, sent, delivered;
	pptp_usec time;
	pptp_usec longest_hold;
	uint32_t most_held_octets;
};

static void run(uint64_t seed, struct totals *totals, int verbose)
{
	static struct world world;
	struct sim_weather weather;
	uint32_t part, parts;
	pptp_usec start_of_time;
	sim_seed = seed;
	make_world(&world);
	start_of_time = world.now;
	weather = world.weather;
	parts = 1 + sim_below(&world.random, 4);
	for (part = 0; part < parts; part++) {
		run_until(&world, world.now + (1 + sim_below(&world.random, 5)) * SECOND);
		if (sim_chance(&world.random, 300))
			restart(&world, &world.ends[sim_below(&world.random, world.ends_len)]);
	}
	check_clear(&world);
	run_dry(&world);
	world.weather = weather;
	finish(&world, verbose);
	sim_net_clear();
	totals->runs++;
	totals->time += world.now - start_of_time;
	totals->sent += world.sent;
	totals->delivered += world.delivered;
	if (world.longest_hold > totals->longest_hold)
		totals->longest_hold = world.longest_hold;
	if (world.most_held_octets > totals->most_held_octets)
		totals->most_held_octets = world.most_held_octets;
}

static void print(const struct totals *totals)
{
	printf("%llu runs, %.1f hours, %llu frames, %.2f %% delivered, longest hold %.1f ms, at most %u "
	       "octets held\n",
	       (unsigned long long)totals->runs, (double)totals->time / (3600.0 * SECOND),
	       (unsigned long long)totals->sent, 100.0 * (double)totals->delivered / (double)totals->sent,
	       (double)totals->longest_hold / 1000, totals->most_held_octets);
}

/* ---- a table ----------------------------------------------------------------------------------------- */

#define TABLE_TIME    (60 * SECOND)
#define TABLE_PACE_US 1000u

/* One call in one kind of weather, for a minute: what was sent, what the network let through, what PPP got.
 */
static void tabulate(const char *kind, double severity, const struct sim_weather *weather)
{
	static struct world world;
	pptp_gre_options options;
	uint64_t sent = 0, delivered = 0, late = 0;
	uint32_t k;
	sim_seed = 1;
	memset(&world, 0, sizeof world);
	world.random.state = sim_seed;
	world.weather = *weather;
	world.slots = 16;
	world.ends_len = 2;
	pptp_gre_options_init(&options, sizeof options);
	make_ends(&world, &options);
	for (k = 0; k < 2; k++)
		world.ends[k].pace_us = TABLE_PACE_US;
	run_until(&world, TABLE_TIME);
	for (k = 0; k < 2; k++)
		world.ends[k].next_send = PPTP_NEVER;
	run_dry(&world);
	for (k = 0; k < 2; k++) {
		sent += world.ends[k].sent;
		delivered += world.ends[k].delivered;
		late += pptp_gre_count(world.ends[k].gre, PPTP_GRE_DROP_LATE);
		restart(&world, &world.ends[k]);
		pptp_gre_free(world.ends[k].gre);
		pptp_pool_free(world.pools[k]);
	}
	sim_net_clear();
	printf("%s\t%g\t%.2f\t%.2f\t%.1f\t%u\n", kind, severity, 100.0 * (double)delivered / (double)sent,
	       100.0 * (double)late / (double)sent, (double)world.longest_hold / 1000,
	       world.most_held_octets);
}

static void print_table(void)
{
	static const uint32_t per_mille[] = {0, 10, 20, 50, 100, 150, 200},
	                      jitter_ms[] = {0, 1, 2, 5, 10, 15, 20, 30};
	uint32_t k;
	printf("weather\tseverity\tdelivered %%\tlate %%\tlongest hold ms\tmost octets held\n");
	for (k = 0; k < sizeof per_mille / sizeof per_mille[0]; k++) {
		struct sim_weather loss = {.loss = per_mille[k], .delay_us = 20000};
		tabulate("loss %", per_mille[k] / 10.0, &loss);
	}
	for (k = 0; k < sizeof per_mille / sizeof per_mille[0]; k++) {
		struct sim_weather late = {.late = per_mille[k], .late_us = 30000, .delay_us = 20000};
		tabulate("up to 30 ms late %", per_mille[k] / 10.0, &late);
	}
	for (k = 0; k < sizeof per_mille / sizeof per_mille[0]; k++) {
		struct sim_weather twice = {.twice = per_mille[k], .delay_us = 20000};
		tabulate("twice %", per_mille[k] / 10.0, &twice);
	}
	for (k = 0; k < sizeof jitter_ms / sizeof jitter_ms[0]; k++) {
		struct sim_weather jitter = {.jitter_us = jitter_ms[k] * 1000, .delay_us = 20000};
		tabulate("jitter ms", jitter_ms[k], &jitter);
	}
}

int main(int argc, char **argv)
{
	struct totals totals = {0, 0, 0, 0, 0, 0};
	const int one = argc == 3 && strcmp(argv[1], "--seed") == 0;
	const uint64_t runs = one ? 1 : 12;
	uint64_t seed = 1;
	double hours = 0;
	int i;
	if (argc == 2 && strcmp(argv[1], "--table") == 0) {
		print_table();
		return 0;
	}
	for (i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--seed") == 0)
			seed = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--hours") == 0)
			hours = strtod(argv[i + 1], NULL);
		else
			break;
	}
	if (i != argc) {
		fprintf(stderr, "usage: sim_gre [--seed N] [--hours H] | --table\n");
		return 2;
	}
	do
		run(seed++, &totals, one);
	while (hours > 0 ? (double)totals.time < hours * 3600 * SECOND : totals.runs < runs);
	print(&totals);
	return 0;
}
