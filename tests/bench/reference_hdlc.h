/* reference_hdlc: RFC 1662 octet by octet, as it is usually written: an FCS table of 256 entries and tests on
 * each octet. What the library's codec is measured against, and what it must agree with. */
#ifndef REFERENCE_HDLC_H
#define REFERENCE_HDLC_H

#include <stddef.h>
#include <stdint.h>

typedef struct reference_hdlc {
	uint32_t send_accm, recv_accm;
	uint8_t *buffer; /* for the frame being received, with FCS */
	size_t room, at;
	uint16_t fcs;
	uint8_t state, escaped;
	uint32_t received, bad_fcs, too_short, too_long, aborted, controls;
} reference_hdlc;

void reference_hdlc_init(reference_hdlc *ret, uint32_t send_accm, uint32_t recv_accm, uint8_t *buffer,
                         size_t room);

uint16_t reference_hdlc_fcs(uint16_t fcs, const uint8_t *data, size_t len);

/** Flag, frame, FCS, flag. `ret` has room for 2 * len + 6. Returns octets. */
size_t reference_hdlc_encode(const reference_hdlc *line, const uint8_t *frame, size_t len, uint8_t *ret);

/** Take octets up to the end of a good frame, or all of them (*ret_frame is NULL). Returns octets. */
size_t reference_hdlc_decode(reference_hdlc *line, const uint8_t *data, size_t len, const uint8_t **ret_frame,
                             size_t *ret_len);

#endif
