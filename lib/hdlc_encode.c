/* hdlc_encode: frames to octets of the line (RFC 1662 4.1, 4.2). */
#include "hdlc_internal.h"

#define OPEN_OCTETS  5u  /* at most: abort and flag, FF, 03 escaped */
#define CLOSE_OCTETS 5u  /* at most: FCS escaped, flag */
#define SLACK_OCTETS 16u /* may be written to behind what counts, so that the end needs no care */
#define FIXED_OCTETS (OPEN_OCTETS + CLOSE_OCTETS + SLACK_OCTETS)
#define STEP         8u /* octets: parts of a frame end at multiples of it, whatever the tables */

#define FCS_OF_ADDRESS 0x3DE3u /* of FF 03 */

/* Any position must be able to move on: room for a step, or for the end of a frame when a step does not fill
 * it. */
PPTP_ASSERT(part_min, PPTP_HDLC_PART_MIN >= FIXED_OCTETS + 4 * STEP);

#if PPTP_HDLC_TABLES > 0

#include "hdlc_escape.h"

/* Write the first n octets of a word. */
static inline uint8_t *stuff_part(uint8_t *to, uint64_t word, size_t n, uint32_t accm)
{
	uint64_t marks = escape_marks(word, accm) & WORD_MARKS >> (64 - 8 * n);
	return to + n + escape_put(to, word, marks);
}

static inline uint8_t *stuff_octet(uint8_t *to, uint32_t octet, uint32_t accm)
{
	uint32_t escape = (octet - HDLC_ESCAPE < 2) | ((octet < 0x20) & (accm >> (octet & 0x1F)));
	to[0] = HDLC_ESCAPE;
	to[escape] = (uint8_t)(octet ^ escape * HDLC_TOGGLE);
	return to + 1 + escape;
}

/* Write the octets of a frame behind its last whole word, at most 7, and its FCS. */
static inline uint8_t *stuff_end(uint8_t *to, const uint8_t *from, size_t rest, uint16_t fcs, uint32_t accm)
{
	if (rest > 0 && rest < 7)
		return stuff_part(to, word_load_part(from, rest) | (uint64_t)fcs << 8 * rest, rest + 2, accm);
	if (rest > 0)
		to = stuff_part(to, word_load_part(from, rest), rest, accm);
	to = stuff_octet(to, fcs & 0xFF, accm);
	return stuff_octet(to, fcs >> 8, accm);
}

#else

static uint8_t *stuff_octets(uint8_t *to, const uint8_t *from, size_t len, uint32_t accm)
{
	for (; len > 0; len--) {
		uint32_t octet = *from++;
		if (octet < 0x20 ? accm >> octet & 1 : octet == HDLC_FLAG || octet == HDLC_ESCAPE) {
			*to++ = HDLC_ESCAPE;
			octet ^= HDLC_TOGGLE;
		}
		*to++ = (uint8_t)octet;
	}
	return to;
}

uint8_t *pptp_hdlc_stuff(uint8_t *to, const uint8_t *from, size_t words, uint32_t accm)
{
	return stuff_octets(to, from, words * STEP, accm);
}

static inline uint8_t *stuff_end(uint8_t *to, const uint8_t *from, size_t rest, uint16_t fcs, uint32_t accm)
{
	const uint8_t low_first[] = {(uint8_t)fcs, (uint8_t)(fcs >> 8)};
	to = stuff_octets(to, from, rest, accm);
	return stuff_octets(to, low_first, 2, accm);
}

#endif

/* LCP packets that negotiate the link, or undo it, must pass whatever the two ends have agreed on so far
 * (RFC 1662 7.1): Configure-Request (1) to Code-Reject (7). */
static inline int negotiates_link(const uint8_t *frame, size_t len)
{
	if (len >= 2 && frame[0] == 0xFF && frame[1] == 0x03) {
		frame += 2;
		len -= 2;
	}
	return len >= 3 && frame[0] == 0xC0 && frame[1] == 0x21 && frame[2] >= 1 && frame[2] <= 7;
}

static uint8_t *add_address(pptp_hdlc *hdlc, uint8_t *to)
{
	*to++ = 0xFF;
	if (hdlc->frame_accm >> 0x03 & 1)
		*to++ = HDLC_ESCAPE;
	*to++ = hdlc->frame_accm >> 0x03 & 1 ? 0x03 ^ HDLC_TOGGLE : 0x03;
	hdlc->frame_fcs = FCS_OF_ADDRESS;
	return to;
}

static inline uint8_t *open_frame(pptp_hdlc *hdlc, const uint8_t *frame, size_t len, uint8_t *to)
{
	if (hdlc->sending) {
		*to++ = HDLC_ESCAPE;
		hdlc->counts[PPTP_HDLC_SENT_ABORT]++;
	}
	if (!hdlc->closed || !(hdlc->flags & PPTP_HDLC_SHARE_FLAG))
		*to++ = HDLC_FLAG;
	hdlc->frame_accm = hdlc->send_accm;
	hdlc->frame_fcs = PPTP_HDLC_FCS_INIT;
	if (!(hdlc->flags & PPTP_HDLC_LCP_AS_IS) && negotiates_link(frame, len))
		hdlc->frame_accm = 0xFFFFFFFFu;
	if (hdlc->flags & PPTP_HDLC_ADD_ADDRESS && pptp_hdlc_address_control(frame, len) == 0)
		to = add_address(hdlc, to);
	return to;
}

/* Write a frame from its octet `at` on, a multiple of STEP. The FCS goes low octet first (RFC 1662 3.1). */
static inline uint8_t *close_frame(pptp_hdlc *hdlc, const uint8_t *frame, size_t at, size_t len, uint8_t *to)
{
	uint32_t accm = hdlc->frame_accm;
	uint16_t fcs = pptp_hdlc_fcs(hdlc->frame_fcs, frame + at, len - at);
	if (len - at >= STEP)
		to = pptp_hdlc_stuff(to, frame + at, (len - at) / STEP, accm);
	to = stuff_end(to, frame + len / STEP * STEP, len % STEP, (uint16_t)~fcs, accm);
	*to++ = HDLC_FLAG;
	hdlc->sending = 0;
	hdlc->closed = 1;
	hdlc->counts[PPTP_HDLC_SENT]++;
	return to;
}

static uint8_t *continue_frame(pptp_hdlc *hdlc, const uint8_t *from, size_t len, uint8_t *to)
{
	hdlc->frame_fcs = pptp_hdlc_fcs(hdlc->frame_fcs, from, len);
	return pptp_hdlc_stuff(to, from, len / STEP, hdlc->frame_accm);
}

size_t pptp_hdlc_encode_max(size_t len)
{
	return len > (SIZE_MAX - FIXED_OCTETS) / 2 ? SIZE_MAX : 2 * len + FIXED_OCTETS;
}

pptp_ssize pptp_hdlc_encode(pptp_hdlc *hdlc, const uint8_t *frame, size_t len, uint8_t *ret_data, size_t cap)
{
	uint8_t *to;
	if (!hdlc || !frame || !ret_data)
		return PPTP_ERR_ARG;
	if (cap < FIXED_OCTETS || (cap - FIXED_OCTETS) / 2 < len)
		return PPTP_ERR_SIZE;
	to = open_frame(hdlc, frame, len, ret_data);
	return close_frame(hdlc, frame, 0, len, to) - ret_data;
}

/* Position 0 is before the opening flag, 1 before the first octet, 1 + STEP before the ninth, and so on. */
pptp_ssize pptp_hdlc_encode_part(pptp_hdlc *hdlc, const uint8_t *frame, size_t len, size_t *position,
                                 uint8_t *ret_data, size_t cap)
{
	uint8_t *to = ret_data;
	size_t at, n, room;
	if (!hdlc || !frame || !position || !ret_data)
		return PPTP_ERR_ARG;
	if (cap < PPTP_HDLC_PART_MIN)
		return PPTP_ERR_SIZE;
	at = *position;
	if (at > 0 && !hdlc->sending)
		return PPTP_ERR_STATE;
	if (at > 0 && (at - 1 > len || (at - 1) % STEP != 0))
		return PPTP_ERR_ARG;
	if (at == 0) {
		to = open_frame(hdlc, frame, len, to);
		hdlc->sending = 1;
		hdlc->closed = 0;
	} else {
		at--;
	}
	n = len - at;
	room = cap - SLACK_OCTETS - (size_t)(to - ret_data);
	if (n <= (room - CLOSE_OCTETS) / 2) {
		to = close_frame(hdlc, frame, at, len, to);
		*position = PPTP_HDLC_DONE;
	} else {
		n = (n < room / 2 ? n : room / 2) / STEP * STEP;
		to = continue_frame(hdlc, frame + at, n, to);
		*position = at + n + 1;
	}
	return to - ret_data;
}
