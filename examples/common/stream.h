/* stream: frames of PPP over a byte stream, with HDLC between them (RFC 1662): a pty with pppd behind it, or
 * standard input and output. Or without HDLC, where the other end has it so (pppd's option sync): then each read
 * gives one frame, and each frame is one write. Both directions hold a bounded amount: what the stream does not take in time is
 * dropped and counted, and nothing is read from it while frames cannot go on. */
#ifndef STREAM_H
#define STREAM_H

#include <pptp/pptp.h>
#include <stdbool.h>

#include "loop.h"

#define STREAM_HOLD 65536u /* octets that wait for the stream */

struct stream_handler {
	/** A frame came: FF 03, protocol, information. @return false: no room now; it comes again after
	 * stream_resume */
	bool (*frame)(void *user, const uint8_t *frame, size_t len);
	/** The other end is closed, or the stream failed; comes once. */
	void (*closed)(void *user);
};

struct stream {
	struct loop *loop;
	const struct stream_handler *handler;
	void *user;
	pptp_hdlc *line;
	struct loop_task flush;
	struct loop_io in, out; /* one descriptor for both: out.fd is -1 */
	bool sync, over, full, paused;
	size_t input_at, input_len; /* octets read and not decoded yet */
	size_t hold_first, hold_len;
	uint64_t dropped;       /* frames for which there was no room */
	const uint8_t *waiting; /* a frame that its handler could not take */
	size_t waiting_len;
	uint8_t frame[PPTP_GRE_MTU + 8];
	uint8_t input[65536];
	uint8_t hold[STREAM_HOLD];
};

/** Begin on descriptors that are not blocking; they remain the caller's.
 *  @param in,out  may be the same
 *  @param sync    without HDLC
 *  @return false, logged; nothing to close then */
bool stream_open(struct stream *stream, struct loop *loop, int in, int out, bool sync,
                 const struct stream_handler *handler, void *user);
void stream_close(struct stream *stream);

/** A frame for the other end of the stream. */
void stream_send(struct stream *stream, const uint8_t *frame, size_t len);

/** Control octets that are to be escaped from now on; all of them until then. */
void stream_set_accm(struct stream *stream, uint32_t accm);

/** Frames may go on. */
void stream_resume(struct stream *stream);

/** Counters that are not 0, for the log. */
void stream_report(const struct stream *stream, uint16_t call_id);

#endif
