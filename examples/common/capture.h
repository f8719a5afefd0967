/* capture: a file of what passed, for Wireshark: control messages as TCP, data as GRE, both ways.
 *
 * The format is pcap, each packet begins with an IP header (LINKTYPE_RAW). TCP itself is the kernel's: the
 * segments here are made from the octets of the stream, one message in each, for Wireshark's dissector of
 * PPTP knows no other. IP headers of GRE packets are made likewise: a raw
 * socket does not show them all. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include "address.h"
#include "loop.h"

#define CAPTURE_BUFFER_OCTETS 65536u

struct capture {
	struct loop *loop;
	struct loop_timer flush;
	const char *path;
	int fd;      /* -1: none, or it could not be written to any more */
	size_t kept; /* octets of whole records that are not written yet */
	uint64_t lost;
	uint8_t buffer[CAPTURE_BUFFER_OCTETS];
};

/** One direction of a control connection. All zero at first. */
struct capture_stream {
	uint32_t octets; /* that were written so far */
	size_t kept;     /* of a message that is not whole */
	uint8_t message[256];
};

struct capture_tcp {
	struct capture_stream sent, received;
};

/** One end of a packet. */
struct capture_end {
	const struct address *address;
	uint16_t port;
};

/** Begin a new file, which only its owner can read: it holds what passed.
 *  @param path  kept
 *  @return false, logged; nothing to close then */
bool capture_open(struct capture *capture, struct loop *loop, const char *path);

/** Write what is kept, and close. */
void capture_close(struct capture *capture);

/** Octets of a control connection, in any split.
 *  @param capture  NULL: nothing is written, here and below */
void capture_control(struct capture *capture, struct capture_tcp *tcp, bool sent, struct capture_end local,
                     struct capture_end peer, const uint8_t *data, size_t len);

/** The connection has ended: what is kept of a message that did not become whole. */
void capture_control_end(struct capture *capture, struct capture_tcp *tcp, struct capture_end local,
                         struct capture_end peer);

/** A GRE packet, from its GRE header on. */
void capture_gre(struct capture *capture, const struct address *from, const struct address *to,
                 const uint8_t *data, size_t len);

#endif
