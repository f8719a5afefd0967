#include "stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

/* ---- what epoll is to watch ------------------------------------------------------------------ */

static void watch(struct stream *stream)
{
	uint32_t in = stream->paused ? 0 : EPOLLIN, out = stream->hold_len > 0 ? EPOLLOUT : 0;

	if (stream->over)
		return;
	if (stream->out.fd < 0) {
		loop_watch(stream->loop, &stream->in, in | out);
	} else {
		loop_watch(stream->loop, &stream->in, in);
		loop_watch(stream->loop, &stream->out, out);
	}
}

/* A closed stream stays readable: it is not watched any more. */
static void over(struct stream *stream)
{
	if (stream->over)
		return;
	stream->over = true;
	loop_remove(stream->loop, &stream->in);
	if (stream->out.fd >= 0)
		loop_remove(stream->loop, &stream->out);
	stream->handler->closed(stream->user);
}

/* ---- in --------------------------------------------------------------------------------------- */

/* Frames of what was read, until there are no more or one has to wait. */
static void decode(struct stream *stream)
{
	while (!stream->over && !stream->paused) {
		const uint8_t *data = stream->input + stream->input_at;
		pptp_hdlc_frame got = {.frame = stream->waiting, .len = stream->waiting_len};

		if (stream->waiting == NULL) {
			pptp_ssize used = pptp_hdlc_decode(stream->line, data,
			                                   stream->input_len - stream->input_at, &got);

			stream->input_at += used > 0 ? (size_t)used : 0;
		}
		if (got.frame == NULL)
			return;
		stream->waiting = NULL;
		if (!stream->handler->frame(stream->user, got.frame, got.len)) {
			stream->waiting = got.frame;
			stream->waiting_len = got.len;
			stream->paused = true;
		}
	}
}

static bool read_some(struct stream *stream)
{
	ssize_t n = read(stream->in.fd, stream->input, sizeof stream->input);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) { /* a pty whose other end is closed says EIO */
		over(stream);
		return false;
	}
	stream->input_at = 0;
	stream->input_len = (size_t)n;
	if (stream->sync) {
		stream->input_at = stream->input_len;
		stream->waiting = stream->input;
		stream->waiting_len = (size_t)n;
	}
	decode(stream);
	return true;
}

void stream_resume(struct stream *stream)
{
	if (!stream->paused)
		return;
	stream->paused = false;
	decode(stream);
	watch(stream);
}

/* ---- out -------------------------------------------------------------------------------------- */

static int output(const struct stream *stream)
{
	return stream->out.fd >= 0 ? stream->out.fd : stream->in.fd;
}

static void write_some(struct stream *stream)
{
	while (!stream->over && stream->hold_len > 0) {
		size_t end = STREAM_HOLD - stream->hold_first;
		size_t n = stream->hold_len < end ? stream->hold_len : end;
		ssize_t written = write(output(stream), stream->hold + stream->hold_first, n);

		if (written < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (written < 0) {
			over(stream);
			return;
		}
		stream->hold_first = (stream->hold_first + (size_t)written) % STREAM_HOLD;
		stream->hold_len -= (size_t)written;
	}
}

static void put(struct stream *stream, const uint8_t *octets, size_t len)
{
	size_t at = (stream->hold_first + stream->hold_len) % STREAM_HOLD;
	size_t end = STREAM_HOLD - at, n = len < end ? len : end;

	memcpy(stream->hold + at, octets, n);
	memcpy(stream->hold, octets + n, len - n);
	stream->hold_len += len;
}

/* What cannot be written whole and now would tear its neighbours apart. */
static void send_whole(struct stream *stream, const uint8_t *frame, size_t len)
{
	ssize_t written = write(output(stream), frame, len);

	if (written == (ssize_t)len)
		return;
	stream->dropped++;
	if (written < 0 && errno != EAGAIN && errno != EINTR && errno != EMSGSIZE)
		over(stream);
}

void stream_send(struct stream *stream, const uint8_t *frame, size_t len)
{
	uint8_t octets[PPTP_STORAGE_HDLC_ENCODED(PPTP_GRE_MTU + 8)];
	pptp_ssize n;

	if (stream->over)
		return;
	if (stream->sync) {
		send_whole(stream, frame, len);
		return;
	}
	n = pptp_hdlc_encode(stream->line, frame, len, octets, sizeof octets);
	if (stream->hold_len > STREAM_HOLD / 2)
		write_some(stream);
	if (n < 0 || (size_t)n > STREAM_HOLD - stream->hold_len) {
		stream->dropped++;
		return;
	}
	put(stream, octets, (size_t)n);
	loop_task_add(stream->loop, &stream->flush);
}

/* All frames of a wake-up in one write. */
static void flush(void *user)
{
	struct stream *stream = user;

	write_some(stream);
	watch(stream);
}

void stream_set_accm(struct stream *stream, uint32_t accm)
{
	(void)pptp_hdlc_set_accm(stream->line, accm, 0);
}

/* ---- life ------------------------------------------------------------------------------------- */

static void ready(void *user, uint32_t events)
{
	struct stream *stream = user;

	if ((events & EPOLLOUT) != 0)
		write_some(stream);
	if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && !stream->over && !stream->paused)
		for (int i = 0; i < LOOP_BATCH && !stream->paused && read_some(stream); i++)
			;
	else if ((events & (EPOLLHUP | EPOLLERR)) != 0 && !stream->over)
		over(stream); /* paused: nobody reads what may be left */
	watch(stream);
}

static void out_ready(void *user, uint32_t events)
{
	struct stream *stream = user;

	if ((events & (EPOLLHUP | EPOLLERR)) != 0)
		over(stream);
	else
		write_some(stream);
	watch(stream);
}

static bool open_line(struct stream *stream)
{
	pptp_hdlc_options options;
	pptp_err error = pptp_hdlc_options_init(&options, sizeof options);

	options.buffer = stream->frame;
	options.buffer_octets = sizeof stream->frame;
	if (error == PPTP_OK)
		error = pptp_hdlc_new(&options, &stream->line);
	if (error != PPTP_OK)
		log_line("cannot set up HDLC: %s", pptp_err_text(error));
	return error == PPTP_OK;
}

bool stream_open(struct stream *stream, struct loop *loop, int in, int out, bool sync,
                 const struct stream_handler *handler, void *user)
{
	memset(stream, 0, sizeof *stream);
	stream->loop = loop;
	stream->sync = sync;
	stream->handler = handler;
	stream->user = user;
	stream->in = (struct loop_io){.fd = in, .events = EPOLLIN, .ready = ready, .user = stream};
	stream->out = (struct loop_io){.fd = out == in ? -1 : out, .ready = out_ready, .user = stream};
	stream->flush = (struct loop_task){.run = flush, .user = stream};
	if (!open_line(stream))
		return false;
	if (!loop_add(loop, &stream->in))
		goto free_line;
	if (stream->out.fd >= 0 && !loop_add(loop, &stream->out))
		goto remove_in;
	return true;

remove_in:
	loop_remove(loop, &stream->in);
free_line:
	pptp_hdlc_free(stream->line);
	return false;
}

void stream_close(struct stream *stream)
{
	if (!stream->over) {
		loop_remove(stream->loop, &stream->in);
		if (stream->out.fd >= 0)
			loop_remove(stream->loop, &stream->out);
	}
	stream->over = true;
	loop_task_remove(&stream->flush);
	pptp_hdlc_free(stream->line);
	stream->line = NULL;
}

void stream_report(const struct stream *stream, uint16_t call_id)
{
	if (!log_wants(LOG_DETAILS))
		return;
	for (uint32_t i = 0; i < PPTP_HDLC_COUNTS; i++)
		if (pptp_hdlc_count(stream->line, i) != 0)
			log_line("call %u HDLC %s: %lu", call_id, pptp_hdlc_count_name(i),
			         (unsigned long)pptp_hdlc_count(stream->line, i));
	if (stream->dropped != 0)
		log_line("call %u HDLC no room: %llu", call_id, (unsigned long long)stream->dropped);
}
