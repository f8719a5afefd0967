/* capture_packet: the headers of packets in a capture. */
#ifndef CAPTURE_PACKET_H
#define CAPTURE_PACKET_H

#include "capture.h"

#define CAPTURE_PACKET_MAX  16384u      /* what is longer is cut, and the file says so */
#define CAPTURE_HEADERS_MAX (40u + 20u) /* IPv6 and TCP */

/** IPv4 where both addresses are, else IPv6. @param len  of what follows @return octets */
size_t capture_ip_header(uint8_t ret[CAPTURE_HEADERS_MAX], const struct address *from,
                         const struct address *to, uint8_t protocol, size_t len);

/** IP and TCP with checksums. @return octets */
size_t capture_tcp_header(uint8_t ret[CAPTURE_HEADERS_MAX], const struct capture_end *from,
                          const struct capture_end *to, uint32_t sequence, uint32_t acknowledged,
                          const uint8_t *data, size_t len);

#endif
