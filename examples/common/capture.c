/* capture: a file of what passed, for Wireshark: control messages as TCP, data as GRE, both ways. */
#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "capture_packet.h"
#include "log.h"
#include "wire.h"

#define FLUSH_US      ((uint64_t)500000) /* who watches the file as it grows waits no longer */
#define FILE_OCTETS   24u
#define RECORD_OCTETS 16u
#define KEPT_OFFSET   8u          /* in a record: how many octets of the packet follow it */
#define PCAP_MAGIC    0xA1B2C3D4u /* times in microseconds */
#define LINKTYPE_RAW  101u        /* a packet begins with its IPv4 or IPv6 header */

#define LENGTH_OFFSET 0u /* of a control message, RFC 2637 2 */
#define MESSAGE_KNOWN 2u /* octets after which its length is known */

/* ---- the file ------------------------------------------------------------------------------- */

/* Of so many octets of the buffer those that are whole records, or the file's header before them. */
static size_t whole_records(const struct capture *capture, off_t offset, size_t octets)
{
	size_t at = offset == 0 ? FILE_OCTETS : 0, next = at;

	while (next <= octets) {
		at = next;
		if (octets - at < RECORD_OCTETS)
			break;
		next = at + RECORD_OCTETS + wire_load32(capture->buffer + at + KEPT_OFFSET);
	}
	return at <= octets ? at : 0;
}

/* Give up, once and for all: behind a record in half nothing could be read. */
static void give_up(struct capture *capture, off_t offset, size_t written)
{
	log_errno("cannot write to %s: what passes from now on is not kept; make room on that disk",
	          capture->path);
	if (offset >= 0 &&
	    ftruncate(capture->fd, offset + (off_t)whole_records(capture, offset, written)) != 0)
		log_errno("%s ends in half a packet", capture->path);
	close(capture->fd);
	capture->fd = -1;
	capture->kept = 0;
}

static void write_out(struct capture *capture)
{
	off_t offset = lseek(capture->fd, 0, SEEK_CUR); /* -1: a pipe */
	size_t done = 0;

	while (done < capture->kept) {
		ssize_t n = write(capture->fd, capture->buffer + done, capture->kept - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			give_up(capture, offset, done);
			return;
		}
		done += (size_t)n;
	}
	capture->kept = 0;
}

static void flush_due(void *user)
{
	struct capture *capture = user;

	if (capture->fd >= 0 && capture->kept > 0)
		write_out(capture);
}

static void put(struct capture *capture, const void *data, size_t len)
{
	memcpy(capture->buffer + capture->kept, data, len);
	capture->kept += len;
}

static void put32(struct capture *capture, uint32_t value)
{
	uint8_t octets[4];

	wire_store32(octets, value);
	put(capture, octets, sizeof octets);
}

/* The octet order of a file is told by its magic number: ours are big-endian, as all the rest. */
static void put_file_header(struct capture *capture)
{
	static const uint8_t version_2_4[] = {0, 2, 0, 4};

	put32(capture, PCAP_MAGIC);
	put(capture, version_2_4, sizeof version_2_4);
	put32(capture, 0); /* time zone: UTC */
	put32(capture, 0);
	put32(capture, CAPTURE_PACKET_MAX);
	put32(capture, LINKTYPE_RAW);
}

/* A packet in up to two pieces. */
static void put_record(struct capture *capture, const uint8_t *head, size_t head_len, const uint8_t *data,
                       size_t len)
{
	size_t total = head_len + len, kept = total < CAPTURE_PACKET_MAX ? total : CAPTURE_PACKET_MAX;
	struct timespec now;

	if (capture->fd < 0) {
		capture->lost++;
		return;
	}
	if (capture->kept + RECORD_OCTETS + kept > sizeof capture->buffer)
		write_out(capture);
	if (capture->fd < 0)
		return;
	clock_gettime(CLOCK_REALTIME, &now); /* cannot fail with this clock and a valid pointer */
	put32(capture, (uint32_t)now.tv_sec);
	put32(capture, (uint32_t)(now.tv_nsec / 1000));
	put32(capture, (uint32_t)kept);
	put32(capture, (uint32_t)total);
	put(capture, head, head_len);
	put(capture, data, kept - head_len);
	loop_timer_at(capture->loop, &capture->flush, capture->loop->now + FLUSH_US);
}

bool capture_open(struct capture *capture, struct loop *loop, const char *path)
{
	capture->loop = loop;
	capture->path = path;
	capture->kept = 0;
	capture->lost = 0;
	capture->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (capture->fd < 0) {
		log_errno("cannot write to %s (--pcap)", path);
		return false;
	}
	if (!loop_timer_add(loop, &capture->flush, flush_due, capture)) {
		close(capture->fd);
		return false;
	}
	put_file_header(capture);
	write_out(capture);
	return true;
}

void capture_close(struct capture *capture)
{
	flush_due(capture);
	if (capture->fd >= 0 && close(capture->fd) != 0)
		log_errno("cannot write all to %s", capture->path);
	if (capture->lost > 0)
		log_line("%llu packets are not in %s", (unsigned long long)capture->lost, capture->path);
	loop_timer_remove(capture->loop, &capture->flush);
}

/* ---- packets -------------------------------------------------------------------------------- */

void capture_gre(struct capture *capture, const struct address *from, const struct address *to,
                 const uint8_t *data, size_t len)
{
	uint8_t head[CAPTURE_HEADERS_MAX];

	if (capture != NULL)
		put_record(capture, head, capture_ip_header(head, from, to, PPTP_IP_PROTOCOL, len), data,
		           len);
}

static void put_segment(struct capture *capture, struct capture_tcp *tcp, bool sent, struct capture_end local,
                        struct capture_end peer)
{
	struct capture_stream *stream = sent ? &tcp->sent : &tcp->received;
	uint32_t acknowledged = sent ? tcp->received.octets : tcp->sent.octets;
	uint8_t head[CAPTURE_HEADERS_MAX];
	size_t head_len = capture_tcp_header(head, sent ? &local : &peer, sent ? &peer : &local,
	                                     stream->octets, acknowledged, stream->message, stream->kept);

	put_record(capture, head, head_len, stream->message, stream->kept);
	stream->octets += (uint32_t)stream->kept;
	stream->kept = 0;
}

/* How long the message that begins here is; 0: it cannot be one. */
static size_t message_octets(const struct capture_stream *stream)
{
	size_t length;

	if (stream->kept < MESSAGE_KNOWN)
		return MESSAGE_KNOWN + 1;
	length = wire_load16(stream->message + LENGTH_OFFSET);
	return length > MESSAGE_KNOWN && length <= sizeof stream->message ? length : 0;
}

/* What is no message is not waited for. */
static bool is_whole(const struct capture_stream *stream, bool last)
{
	size_t octets = message_octets(stream);

	return octets != 0 ? stream->kept == octets : last || stream->kept == sizeof stream->message;
}

void capture_control(struct capture *capture, struct capture_tcp *tcp, bool sent, struct capture_end local,
                     struct capture_end peer, const uint8_t *data, size_t len)
{
	struct capture_stream *stream = sent ? &tcp->sent : &tcp->received;

	if (capture == NULL)
		return;
	while (len > 0) {
		stream->message[stream->kept++] = *data++;
		len--;
		if (is_whole(stream, len == 0))
			put_segment(capture, tcp, sent, local, peer);
	}
}

void capture_control_end(struct capture *capture, struct capture_tcp *tcp, struct capture_end local,
                         struct capture_end peer)
{
	if (capture == NULL)
		return;
	if (tcp->sent.kept > 0)
		put_segment(capture, tcp, true, local, peer);
	if (tcp->received.kept > 0)
		put_segment(capture, tcp, false, local, peer);
}
