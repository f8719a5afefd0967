/* traffic: packets from one end of a pair to the other, and what they look like on the wire. */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include "pair.h"

#define PACKET_OCTETS 48u

/** An IPv4 or IPv6 packet with a number in it, PACKET_OCTETS long, from this end. */
void traffic_packet(const end *from, int version, uint32_t number, uint8_t *ret);
/** Frame it, into ret (FRAME_MAX octets). @return its length; the frame is not delivered */
size_t traffic_frame(end *from, int version, uint32_t number, uint8_t *ret);
/** Frame and deliver it. @return whether the other end's host got it, as it was */
int traffic_send(end *from, int version, uint32_t number);
/** Whether a frame is under 00FD, and the packet cannot be seen in it. */
int traffic_is_encrypted(const uint8_t *frame, size_t len);

#endif
