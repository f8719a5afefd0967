/* channel: a data channel under test, the peer's datagrams, and what callbacks saw. */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "check.h"
#include <pptp/pptp.h>

#define LOCAL 0x1111 /* the Call ID that we assigned */
#define PEER  0x2222
#define DELAY 100000u /* the default of ack_delay_us */

/** No sequence number, or no acknowledgment. */
#define NO_NUMBER UINT64_C(0xFFFFFFFFFF)

/** What callbacks saw, and what they do. */
typedef struct recorder {
	pptp_gre *gre;
	uint8_t log[1 << 16]; /* each datagram sent or frame received: kind, length (2), octets */
	size_t log_len;
	uint32_t sent, received, released;
	void *cookies[64]; /* the newest that were released, by released % 64 */
	pptp_err send_result;
	void (*in_send)(struct recorder *r);
	void (*in_receive)(struct recorder *r);
	void (*in_release)(struct recorder *r);
	pptp_usec now;
	int done;
} recorder;

recorder *recorder_new(void);
void recorder_log(recorder *r, uint8_t kind, const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len);

/** All of them, with a recorder as user. */
extern const pptp_gre_callbacks recorder_callbacks;

/** The defaults, for Call ID LOCAL. */
pptp_gre_options channel_options(void);

/** In heap memory, so that one pptp_gre_free ends it. @param r  NULL: pull only */
pptp_gre *channel_new(const pptp_gre_options *o, recorder *r);

/** The same, started at 0 towards PEER with a window of 64 and no delay. */
pptp_gre *channel_started(const pptp_gre_options *o, recorder *r);
pptp_gre *channel_make(void);

/** A datagram to Call ID LOCAL; sequence and ack may be NO_NUMBER. A payload of 4 octets or more begins with
 *  the number. */
size_t channel_datagram(uint8_t *ret, uint64_t sequence, uint64_t ack, size_t len);

/** Receive data with this number; the verdict. What is delivered is what the datagram holds. */
uint32_t channel_recv(pptp_gre *gre, uint32_t sequence, uint64_t ack, pptp_usec now);
void channel_recv_ack(pptp_gre *gre, uint32_t ack, pptp_usec now);

/** Send a frame of at most 8 octets and decode its header. */
pptp_gre_header channel_send(pptp_gre *gre, size_t len, pptp_usec now);

/** The number of the acknowledgment that is due, or -1. */
int64_t channel_ack(pptp_gre *gre, pptp_usec now);

/** How many frames wait for an acknowledgment, at most `most`: what pptp_gre_unsend takes. They are sent
 *  again. */
uint32_t channel_outstanding(pptp_gre *gre, uint32_t most);

/** What the host learns of a channel since it asked last. */
#define CHECK_EVENTS(gre, wanted) CHECK_EQ(pptp_gre_events(gre), wanted)

pptp_gre_info channel_info(const pptp_gre *gre);

#endif
