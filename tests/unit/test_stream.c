/* stream: frames of PPP over descriptors: cut and joined in any way, held up by either side, never more than there is
 * room for, and never a frame torn. */
#include "check.h"
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME_OCTETS 1400u

/* A stream at one end of a pair of sockets; the test has the other end, with a line of HDLC of its own. */
struct rig {
	struct loop loop;
	struct loop_timer stopper;
	struct stream *stream;
	int end; /* the test's */
	pptp_hdlc *line;
	uint8_t frame[PPTP_GRE_MTU + 8];
	uint32_t taken, closed; /* what the handler heard */
	bool refuse;
	uint32_t received; /* by the test's end */
};

/* ---- frames: the n-th one has its number, and octets that have to be escaped ---------------------------- */

static size_t make_frame(uint32_t n, uint8_t ret[FRAME_OCTETS])
{
	size_t len = 8 + n * 37 % (FRAME_OCTETS - 8);

	ret[0] = 0xFF;
	ret[1] = 0x03;
	for (size_t i = 2; i < len; i++)
		ret[i] = (uint8_t)(n * 7 + i * 13);
	ret[4] = (uint8_t)(n >> 8);
	ret[5] = (uint8_t)n;
	return len;
}

static void check_frame(uint32_t n, const uint8_t *frame, size_t len)
{
	uint8_t wanted[FRAME_OCTETS];

	check_row("frame %u", (unsigned)n);
	CHECK_EQ(len, make_frame(n, wanted));
	CHECK_OCTETS(frame, wanted, len);
}

/* ---- the rig --------------------------------------------------------------------------------------------- */

static bool on_frame(void *user, const uint8_t *frame, size_t len)
{
	struct rig *rig = user;

	if (rig->refuse)
		return false;
	check_frame(rig->taken++, frame, len);
	return true;
}

static void on_closed(void *user)
{
	struct rig *rig = user;

	rig->closed++;
}

static const struct stream_handler handler = {.frame = on_frame, .closed = on_closed};

static void on_stop(void *user)
{
	struct rig *rig = user;

	loop_stop(&rig->loop);
}

/* Whatever the loop has to do now: three wake-ups that do not wait. */
static void turn(struct rig *rig)
{
	for (int i = 0; i < 3; i++) {
		loop_timer_at(&rig->loop, &rig->stopper, rig->loop.now);
		CHECK(loop_run(&rig->loop));
		rig->loop.stopped = false;
	}
}

static void begin(struct rig *rig, int type)
{
	pptp_hdlc_options options;
	int ends[2];

	memset(rig, 0, sizeof *rig);
	CHECK(loop_open(&rig->loop));
	CHECK(loop_timer_add(&rig->loop, &rig->stopper, on_stop, rig));
	CHECK_EQ(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, ends), 0);
	rig->end = ends[1];
	CHECK_EQ(pptp_hdlc_options_init(&options, sizeof options), PPTP_OK);
	options.buffer = rig->frame;
	options.buffer_octets = sizeof rig->frame;
	CHECK_EQ(pptp_hdlc_new(&options, &rig->line), PPTP_OK);
	rig->stream = check_alloc(sizeof *rig->stream);
	CHECK(stream_open(rig->stream, &rig->loop, ends[0], ends[0], type == SOCK_SEQPACKET, &handler, rig));
}

static void finish(struct rig *rig)
{
	stream_close(rig->stream);
	close(rig->stream->in.fd);
	if (rig->end >= 0)
		close(rig->end);
	pptp_hdlc_free(rig->line);
	loop_timer_remove(&rig->loop, &rig->stopper);
	loop_close(&rig->loop);
	free(rig->stream);
}

/* The octets of frames first .. last - 1. */
static size_t encode(struct rig *rig, uint32_t first, uint32_t last, uint8_t *ret, size_t cap)
{
	size_t len = 0;

	for (uint32_t n = first; n < last; n++) {
		uint8_t frame[FRAME_OCTETS];
		size_t octets = make_frame(n, frame);
		pptp_ssize put = pptp_hdlc_encode(rig->line, frame, octets, ret + len, cap - len);

		CHECK(put > 0);
		len += (size_t)put;
	}
	return len;
}

/* All that lies at the test's end: frames in order, but those that were dropped. */
static void read_end(struct rig *rig)
{
	uint8_t octets[4096];
	ssize_t len;

	while ((len = read(rig->end, octets, sizeof octets)) > 0) {
		for (size_t at = 0; at < (size_t)len;) {
			pptp_hdlc_frame got;
			uint32_t n;

			at += (size_t)pptp_hdlc_decode(rig->line, octets + at, (size_t)len - at, &got);
			if (got.frame == NULL)
				continue;
			n = (uint32_t)got.frame[4] << 8 | got.frame[5];
			check_frame(n, got.frame, got.len);
			rig->received++;
		}
		turn(rig);
	}
	CHECK_EQ(errno, EAGAIN);
}

/* ---- what must hold --------------------------------------------------------------------------------------- */

static void test_stream_any_cut(void **state)
{
	static const size_t pieces[] = {1, 7, 1000, 60000};
	static uint8_t octets[120000];

	(void)state;
	for (size_t i = 0; i < LEN(pieces); i++) {
		struct rig rig;
		size_t len, count = pieces[i] == 1 ? 3 : 40;

		begin(&rig, SOCK_STREAM);
		len = encode(&rig, 0, (uint32_t)count, octets, sizeof octets);
		for (size_t at = 0; at < len; at += pieces[i]) {
			size_t piece = len - at < pieces[i] ? len - at : pieces[i];

			CHECK_EQ(write(rig.end, octets + at, piece), piece);
			if (at % 50 == 0 || pieces[i] > 1)
				turn(&rig);
		}
		turn(&rig);
		CHECK_EQ(rig.taken, count);
		finish(&rig);
	}
}

static void test_stream_sends(void **state)
{
	struct rig rig;

	(void)state;
	begin(&rig, SOCK_STREAM);
	for (uint32_t n = 0; n < 20; n++) {
		uint8_t frame[FRAME_OCTETS];

		stream_send(rig.stream, frame, make_frame(n, frame));
	}
	turn(&rig);
	read_end(&rig);
	CHECK_EQ(rig.received, 20);
	CHECK_EQ(rig.stream->dropped, 0);
	CHECK_EQ(pptp_hdlc_count(rig.line, PPTP_HDLC_DROP_FCS), 0);
	finish(&rig);
}

/* Nobody takes the frames: the writer is made to wait, and nothing is lost. */
static void test_stream_paused(void **state)
{
	static uint8_t octets[2000000];
	struct rig rig;
	size_t len, at = 0;
	uint32_t count = 1000;

	(void)state;
	begin(&rig, SOCK_STREAM);
	rig.refuse = true;
	len = encode(&rig, 0, count, octets, sizeof octets);
	for (int i = 0; i < 50; i++) {
		ssize_t written = write(rig.end, octets + at, len - at);

		at += written > 0 ? (size_t)written : 0;
		turn(&rig);
	}
	CHECK(at < len); /* it waits */
	CHECK_EQ(rig.taken, 0);
	rig.refuse = false;
	while (at < len) {
		ssize_t written = write(rig.end, octets + at, len - at);

		at += written > 0 ? (size_t)written : 0;
		stream_resume(rig.stream);
		turn(&rig);
	}
	turn(&rig);
	CHECK_EQ(rig.taken, count);
	CHECK_EQ(rig.closed, 0);
	finish(&rig);
}

/* Nobody reads what is sent: a bounded amount waits, the rest is dropped, whole frames only, and counted. */
static void test_stream_never_read(void **state)
{
	struct rig rig;
	uint32_t sent = 2000;

	(void)state;
	begin(&rig, SOCK_STREAM);
	for (uint32_t n = 0; n < sent; n++) {
		uint8_t frame[FRAME_OCTETS];

		stream_send(rig.stream, frame, make_frame(n, frame));
		CHECK(rig.stream->hold_len <= STREAM_HOLD);
		if (n % 16 == 0)
			turn(&rig);
	}
	CHECK(rig.stream->dropped > 0);
	read_end(&rig);
	CHECK_EQ(rig.stream->hold_len, 0);
	CHECK_EQ(rig.received + rig.stream->dropped, sent);
	CHECK_EQ(pptp_hdlc_count(rig.line, PPTP_HDLC_DROP_FCS), 0);
	finish(&rig);
}

static void test_stream_closed(void **state)
{
	uint8_t octets[20000];
	struct rig rig;
	size_t len;

	(void)state;
	begin(&rig, SOCK_STREAM);
	len = encode(&rig, 0, 5, octets, sizeof octets);
	CHECK_EQ(write(rig.end, octets, len), len);
	close(rig.end);
	rig.end = -1;
	turn(&rig);
	CHECK_EQ(rig.taken, 5); /* what came before the end */
	CHECK_EQ(rig.closed, 1);
	stream_send(rig.stream, octets, 10);
	stream_resume(rig.stream);
	turn(&rig);
	CHECK_EQ(rig.closed, 1);
	finish(&rig);
}

/* The other end went away while nobody took frames: that is noticed, too. */
static void test_stream_closed_while_paused(void **state)
{
	uint8_t octets[20000];
	struct rig rig;
	size_t len;

	(void)state;
	begin(&rig, SOCK_STREAM);
	rig.refuse = true;
	len = encode(&rig, 0, 5, octets, sizeof octets);
	CHECK_EQ(write(rig.end, octets, len), len);
	turn(&rig);
	close(rig.end);
	rig.end = -1;
	turn(&rig);
	CHECK_EQ(rig.closed, 1);
	CHECK_EQ(rig.taken, 0);
	finish(&rig);
}

static void test_stream_two_descriptors(void **state)
{
	struct rig rig;
	uint8_t octets[20000], frame[FRAME_OCTETS];
	int in[2], out[2];
	size_t len;
	struct stream *stream = check_alloc(sizeof *stream);

	(void)state;
	begin(&rig, SOCK_STREAM);
	CHECK_EQ(pipe2(in, O_NONBLOCK), 0);
	CHECK_EQ(pipe2(out, O_NONBLOCK), 0);
	CHECK(stream_open(stream, &rig.loop, in[0], out[1], false, &handler, &rig));
	len = encode(&rig, 0, 3, octets, sizeof octets);
	CHECK_EQ(write(in[1], octets, len), len);
	stream_send(stream, frame, make_frame(0, frame));
	turn(&rig);
	CHECK_EQ(rig.taken, 3);
	CHECK(read(out[0], octets, sizeof octets) > (ssize_t)make_frame(0, frame));
	close(out[0]);
	turn(&rig);
	CHECK_EQ(rig.closed, 1); /* nobody reads any more */
	stream_close(stream);
	close(in[0]);
	close(in[1]);
	close(out[1]);
	free(stream);
	finish(&rig);
}

/* Without HDLC a read is a frame and a frame is a write; what does not go whole does not go. */
static void test_stream_sync(void **state)
{
	struct rig rig;
	uint8_t frame[FRAME_OCTETS];
	uint32_t arrived = 0, sent = 2000;
	ssize_t len;

	(void)state;
	begin(&rig, SOCK_SEQPACKET);
	for (uint32_t n = 0; n < 10; n++)
		CHECK_EQ(write(rig.end, frame, make_frame(n, frame)), make_frame(n, frame));
	turn(&rig);
	CHECK_EQ(rig.taken, 10);
	for (uint32_t n = 0; n < sent; n++)
		stream_send(rig.stream, frame, make_frame(n, frame));
	CHECK(rig.stream->dropped > 0);
	CHECK_EQ(rig.closed, 0);
	for (; (len = read(rig.end, frame, sizeof frame)) > 0; arrived++)
		check_frame((uint32_t)frame[4] << 8 | frame[5], frame, (size_t)len);
	CHECK_EQ(arrived + rig.stream->dropped, sent);
	finish(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_stream_any_cut),
	        cmocka_unit_test(test_stream_sends),
	        cmocka_unit_test(test_stream_paused),
	        cmocka_unit_test(test_stream_never_read),
	        cmocka_unit_test(test_stream_closed),
	        cmocka_unit_test(test_stream_closed_while_paused),
	        cmocka_unit_test(test_stream_two_descriptors),
	        cmocka_unit_test(test_stream_sync),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
