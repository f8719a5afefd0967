/* bench_hdlc: how fast HDLC and its FCS are, as ratios to a codec that goes octet by octet, measured in turns
 * in one process. Prints a row for each figure with its target, "must" and "goal"; never fails for being
 * slow, but does when the two codecs disagree. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <pptp/pptp.h>
#include "reference_hdlc.h"

#define CORPUS    (1u << 20) /* octets of frames in a corpus */
#define PIECES    4 /* a round works on one of so many pieces, so that no branch can be learned by heart */
#define ROUNDS    100
#define FRAME_MAX 1500
#define BUFFER    (FRAME_MAX + 6)
#define WIRE      (2 * CORPUS + 8 * CORPUS) /* a frame of one octet is seven at most, with its flags */

struct corpus {
	uint8_t *frames;
	size_t frame_octets; /* of each */
	uint8_t *wire;
	size_t wire_octets;
};

/* What a row measures: a function that does the same work with one codec or the other. Returns a number that
 * must be equal for both. */
typedef uint64_t (*worker)(const struct corpus *corpus, int piece, int reference);

static pptp_hdlc *line;
static reference_hdlc reference;
static uint8_t line_buffer[BUFFER], reference_buffer[BUFFER], out[2 * FRAME_MAX + 64];
static uint64_t seed = 1;

static void fail(const char *what)
{
	fprintf(stderr, "bench_hdlc: %s\n", what);
	exit(1);
}

static uint32_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 20);
}

static double cpu_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- work ------------------------------------------------------------------------------------- */

static uint64_t encode(const struct corpus *c, int piece, int with_reference)
{
	size_t frames = CORPUS / c->frame_octets / PIECES, i;
	const uint8_t *frame = c->frames + (size_t)piece * frames * c->frame_octets;
	uint64_t octets = 0;
	for (i = 0; i < frames; i++, frame += c->frame_octets) {
		if (with_reference)
			octets += reference_hdlc_encode(&reference, frame, c->frame_octets, out);
		else
			octets += (uint64_t)pptp_hdlc_encode(line, frame, c->frame_octets, out, sizeof out);
	}
	return octets;
}

static uint64_t decode_reference(const uint8_t *data, size_t len)
{
	const uint8_t *frame;
	uint64_t octets = 0;
	size_t frame_len;
	while (len > 0) {
		size_t used = reference_hdlc_decode(&reference, data, len, &frame, &frame_len);
		data += used;
		len -= used;
		octets += frame ? frame_len + 1 : 0;
	}
	return octets;
}

static uint64_t decode_library(const uint8_t *data, size_t len)
{
	pptp_hdlc_frame frame;
	uint64_t octets = 0;
	while (len > 0) {
		size_t used = (size_t)pptp_hdlc_decode(line, data, len, &frame);
		data += used;
		len -= used;
		octets += frame.frame ? frame.len + 1 : 0;
	}
	return octets;
}

static uint64_t decode(const struct corpus *c, int piece, int with_reference)
{
	size_t octets = c->wire_octets / PIECES;
	const uint8_t *from = c->wire + (size_t)piece * octets;
	return with_reference ? decode_reference(from, octets) : decode_library(from, octets);
}

static uint64_t fcs(const struct corpus *c, int piece, int with_reference)
{
	size_t frames = CORPUS / c->frame_octets / PIECES, i;
	const uint8_t *frame = c->frames + (size_t)piece * frames * c->frame_octets;
	uint64_t sum = 0;
	for (i = 0; i < frames; i++, frame += c->frame_octets) {
		if (with_reference)
			sum += reference_hdlc_fcs(0xFFFF, frame, c->frame_octets);
		else
			sum += pptp_hdlc_fcs(0xFFFF, frame, c->frame_octets);
	}
	return sum;
}

/* ---- measurement ------------------------------------------------------------------------------ */

static int by_value(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof *values, by_value);
	return values[ROUNDS / 2];
}

static double seconds(worker work, const struct corpus *c, int piece, int with_reference,
                      uint64_t *ret_result)
{
	double start = cpu_seconds();
	*ret_result = work(c, piece, with_reference);
	return cpu_seconds() - start;
}

/* Median of the ratios of rounds; the order in a round is ours, theirs and then the other way round. */
static double ratio(worker work, const struct corpus *c, size_t octets, double *ret_gigabytes)
{
	static double ratios[ROUNDS], times[ROUNDS];
	uint64_t result[2];
	double time[2];
	int i, first;
	for (i = 0; i < ROUNDS; i++) {
		first = i & 1;
		time[first] = seconds(work, c, i % PIECES, first, &result[first]);
		time[!first] = seconds(work, c, i % PIECES, !first, &result[!first]);
		if (result[0] != result[1])
			fail("the codecs disagree");
		ratios[i] = time[1] / time[0];
		times[i] = time[0];
	}
	*ret_gigabytes = (double)(octets / PIECES) / median(times) * 1e-9;
	return median(ratios);
}

static const char *verdict(double value, double must, double goal)
{
	return value >= goal ? "goal" : value >= must ? "must" : "BELOW";
}

static void report(const char *row, const char *what, double value, double gigabytes, double must,
                   double goal)
{
	printf("%-3s %-46s %6.2fx %6.2f GB/s   must %4.1fx goal %4.1fx  %s\n", row, what, value, gigabytes,
	       must, goal, verdict(value, must, goal));
}

/* ---- corpora ---------------------------------------------------------------------------------- */

enum content { RANDOM, TEXT, FLAGS, ESCAPES, ZEROS, CONTROLS, HALF, EIGHTH, HUNDREDTH, ALTERNATE, PHASES };

static uint8_t octet_of(enum content content, size_t i)
{
	static const char text[] = "The quick brown fox jumps over the lazy dog. ";
	uint32_t random = next_random();
	switch (content) {
	case TEXT:
		return (uint8_t)text[i % (sizeof text - 1)];
	case FLAGS:
		return 0x7E;
	case ESCAPES:
		return 0x7D;
	case ZEROS:
		return 0;
	case CONTROLS:
		return (uint8_t)(random & 0x1F);
	case HALF:
		return random & 1 ? 0x7E : 0x55;
	case EIGHTH:
		return random & 7 ? 0x55 : 0x7E;
	case HUNDREDTH:
		return random % 100 ? 0x55 : 0x7E;
	case ALTERNATE:
		return i & 1 ? 0x7E : 0x55;
	case PHASES: /* sparse and dense stretches, each too short to settle in */
		return i / 64 & 1 && random & 1 ? 0x7E : 0x55;
	default:
		return (uint8_t)random;
	}
}

static void set_line(uint32_t send_accm, uint32_t recv_accm)
{
	static uint64_t memory[64];
	pptp_hdlc_options options;
	pptp_hdlc_options_init(&options, sizeof options);
	options.flags = PPTP_HDLC_LCP_AS_IS;
	options.send_accm = send_accm;
	options.recv_accm = recv_accm;
	options.buffer = line_buffer;
	options.buffer_octets = sizeof line_buffer;
	if (pptp_hdlc_init(memory, sizeof memory, &options, &line))
		fail("cannot set up a line");
	reference_hdlc_init(&reference, send_accm, recv_accm, reference_buffer, sizeof reference_buffer);
}

/* Frames, and what they are on the line; both codecs must agree on it. */
static void fill(struct corpus *c, enum content content, size_t frame_octets)
{
	size_t i, octets;
	c->frame_octets = frame_octets;
	c->wire_octets = 0;
	for (i = 0; i < CORPUS; i++)
		c->frames[i] = octet_of(content, i);
	for (i = 0; i + frame_octets <= CORPUS; i += frame_octets) {
		octets = reference_hdlc_encode(&reference, c->frames + i, frame_octets,
		                               c->wire + c->wire_octets);
		if ((size_t)pptp_hdlc_encode(line, c->frames + i, frame_octets, out, sizeof out) != octets ||
		    memcmp(out, c->wire + c->wire_octets, octets) != 0)
			fail("the encoders disagree");
		c->wire_octets += octets;
	}
}

/* ---- rows ------------------------------------------------------------------------------------- */

static void main_rows(struct corpus *c)
{
	static const struct {
		const char *encode, *decode;
		enum content content;
		uint32_t accm;
		double must_encode, goal_encode, must_decode, goal_decode;
	} rows[] = {
	        {"encode, ACCM 0, random", "decode, ACCM 0, random", RANDOM, 0, 3, 6, 3, 7},
	        {"encode, all controls, random", "decode, all controls, random", RANDOM, 0xFFFFFFFF, 2.5, 4,
	         2, 3.5},
	        {"encode, all escaped", "decode, all escaped", FLAGS, 0, 2, 3, 1.2, 2},
	};
	double value, gigabytes;
	size_t i;
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		set_line(rows[i].accm, rows[i].accm);
		fill(c, rows[i].content, FRAME_MAX);
		value = ratio(encode, c, CORPUS, &gigabytes);
		report("7", rows[i].encode, value, gigabytes, rows[i].must_encode, rows[i].goal_encode);
		value = ratio(decode, c, c->wire_octets, &gigabytes);
		report("8", rows[i].decode, value, gigabytes, rows[i].must_decode, rows[i].goal_decode);
	}
	value = ratio(fcs, c, CORPUS, &gigabytes);
	report("10", "FCS-16, 1,500 octets", value, gigabytes, 5, 10);
	c->frame_octets = 40;
	value = ratio(fcs, c, CORPUS, &gigabytes);
	report("10", "FCS-16, 40 octets", value, gigabytes, 1.1, 1.8);
}

static double adversarial_frames(struct corpus *c)
{
	static const struct {
		const char *name;
		enum content content;
		uint32_t send_accm, recv_accm;
		size_t frame_octets;
	} rows[] = {
	        {"text", TEXT, 0, 0, FRAME_MAX},
	        {"XON and XOFF, random", RANDOM, 0x000A0000, 0x000A0000, FRAME_MAX},
	        {"XON and XOFF, controls", CONTROLS, 0x000A0000, 0x000A0000, FRAME_MAX},
	        {"zeros, all controls", ZEROS, 0xFFFFFFFF, 0xFFFFFFFF, FRAME_MAX},
	        {"controls to be dropped, random", RANDOM, 0, 0xFFFFFFFF, FRAME_MAX},
	        {"nothing but controls to be dropped", CONTROLS, 0, 0xFFFFFFFF, FRAME_MAX},
	        {"7D only", ESCAPES, 0, 0, FRAME_MAX},
	        {"one of 2 escaped, at random", HALF, 0, 0, FRAME_MAX},
	        {"one of 2 escaped, in turn", ALTERNATE, 0, 0, FRAME_MAX},
	        {"one of 8 escaped", EIGHTH, 0, 0, FRAME_MAX},
	        {"one of 100 escaped", HUNDREDTH, 0, 0, FRAME_MAX},
	        {"dense and sparse in turn", PHASES, 0, 0, FRAME_MAX},
	        {"40 octets, random", RANDOM, 0, 0, 40},
	        {"40 octets, all controls", RANDOM, 0xFFFFFFFF, 0xFFFFFFFF, 40},
	        {"13 octets, all controls", RANDOM, 0xFFFFFFFF, 0xFFFFFFFF, 13},
	        {"8 octets, all controls", RANDOM, 0xFFFFFFFF, 0xFFFFFFFF, 8},
	        {"4 octets, random", RANDOM, 0, 0, 4},
	};
	char what[80];
	double value, gigabytes, least = 1e9;
	size_t i;
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		set_line(rows[i].send_accm, rows[i].recv_accm);
		fill(c, rows[i].content, rows[i].frame_octets);
		value = ratio(encode, c, CORPUS, &gigabytes);
		least = value < least ? value : least;
		snprintf(what, sizeof what, "encode, %s", rows[i].name);
		report("9", what, value, gigabytes, 1.1, 1.8);
		value = ratio(decode, c, c->wire_octets, &gigabytes);
		least = value < least ? value : least;
		snprintf(what, sizeof what, "decode, %s", rows[i].name);
		report("9", what, value, gigabytes, 1.1, 1.8);
	}
	return least;
}

/* Octets that no encoder would send. */
static double adversarial_lines(struct corpus *c)
{
	static const struct {
		const char *name;
		uint8_t pattern[8];
		size_t octets; /* of the pattern; 0: random */
	} rows[] = {
	        {"random octets", {0}, 0},
	        {"flags only", {0x7E}, 1},
	        {"aborts only", {0x7E, 0x55, 0x7D}, 3},
	        {"7D only", {0x7D}, 1},
	        {"7D at every second octet", {0x7D, 0x7D, 0x55}, 3},
	        {"frames of one octet", {0x7E, 0x55}, 2},
	        {"frames of three octets", {0x7E, 0x55, 0x55, 0x55}, 4},
	        {"frames of four octets, bad FCS", {0x7E, 0x55, 0x55, 0x55, 0x55}, 5},
	        {"no flag at all", {0x55}, 1},
	};
	char what[80];
	double value, gigabytes, least = 1e9;
	size_t i, k;
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		set_line(0, 0);
		c->wire_octets = CORPUS;
		for (k = 0; k < CORPUS; k++)
			c->wire[k] =
			        rows[i].octets ? rows[i].pattern[k % rows[i].octets] : (uint8_t)next_random();
		c->wire[0] = 0x7E;
		value = ratio(decode, c, CORPUS, &gigabytes);
		least = value < least ? value : least;
		snprintf(what, sizeof what, "decode line of %s", rows[i].name);
		report("9", what, value, gigabytes, 1.1, 1.8);
	}
	return least;
}

int main(void)
{
	struct corpus c = {0};
	double frames, lines;
	c.frames = malloc(CORPUS);
	c.wire = malloc(WIRE);
	if (!c.frames || !c.wire)
		fail("no memory");
	printf("Ratios to an octet by octet codec with a table for the FCS, medians of %d rounds.\n", ROUNDS);
	main_rows(&c);
	frames = adversarial_frames(&c);
	lines = adversarial_lines(&c);
	report("9", "least of all these", lines < frames ? lines : frames, 0, 1.1, 1.8);
	free(c.frames);
	free(c.wire);
	return 0;
}
