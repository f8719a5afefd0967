/* hdlc_decode: octets of the line to frames (RFC 1662 4.2, 4.3). A frame grows in the line's buffer, FCS
 * included. How octets get there is a matter of speed or size: here octet by octet, in hdlc_take.c by words.
 */
#include "hdlc_internal.h"

void pptp_hdlc_drop(pptp_hdlc *hdlc, uint32_t why)
{
	hdlc->counts[why]++;
	hdlc->dropped++;
	hdlc->at = 0;
	hdlc->escaped = 0;
}

/* One flag may close a frame and open the next; flags with nothing between them are fill (RFC 1662 4.4.1). */
int pptp_hdlc_take_flag(pptp_hdlc *hdlc)
{
	if (hdlc->escaped)
		pptp_hdlc_drop(hdlc, PPTP_HDLC_DROP_ABORTED);
	else if (hdlc->at >= HDLC_FRAME_MIN) {
		if (pptp_hdlc_fcs(PPTP_HDLC_FCS_INIT, hdlc->buffer, hdlc->at) == PPTP_HDLC_FCS_GOOD)
			return 1;
		pptp_hdlc_drop(hdlc, PPTP_HDLC_DROP_FCS);
	} else if (hdlc->at > 0)
		pptp_hdlc_drop(hdlc, PPTP_HDLC_DROP_SHORT);
	return 0;
}

/* An octet other than a flag, in a frame. */
void pptp_hdlc_take_octet(pptp_hdlc *hdlc, uint32_t octet)
{
	if (octet < 0x20 && hdlc->recv_accm >> octet & 1) {
		hdlc->counts[PPTP_HDLC_DROP_CONTROL]++; /* before escapes are undone (RFC 1662 4.2) */
	} else if (octet == HDLC_ESCAPE && !hdlc->escaped) {
		hdlc->escaped = 1;
	} else if (hdlc->at == hdlc->room) {
		pptp_hdlc_drop(hdlc, PPTP_HDLC_DROP_LONG);
		hdlc->state = HDLC_TOO_LONG;
	} else {
		hdlc->buffer[hdlc->at++] = (uint8_t)(octet ^ hdlc->escaped * HDLC_TOGGLE);
		hdlc->escaped = 0;
	}
}

#if PPTP_HDLC_TABLES == 0

const uint8_t *pptp_hdlc_take(pptp_hdlc *hdlc, const uint8_t *from, const uint8_t *end, int *ret_good)
{
	uint32_t octet = *from;
	(void)end;
	if (octet == HDLC_FLAG) {
		*ret_good = pptp_hdlc_take_flag(hdlc);
		hdlc->state = HDLC_IN_FRAME;
	} else if (hdlc->state == HDLC_IN_FRAME) {
		pptp_hdlc_take_octet(hdlc, octet);
	} else if (hdlc->state == HDLC_OUTSIDE) {
		hdlc->counts[PPTP_HDLC_DROP_OUTSIDE]++;
	}
	return from + 1;
}

#endif

static void give_frame(pptp_hdlc *hdlc, pptp_hdlc_frame *ret)
{
	size_t len = hdlc->at - PPTP_HDLC_FCS_OCTETS, skip = 0;
	if (hdlc->flags & PPTP_HDLC_STRIP_ADDRESS)
		skip = pptp_hdlc_address_control(hdlc->buffer, len);
	ret->frame = hdlc->buffer + skip;
	ret->len = len - skip;
	ret->dropped = hdlc->dropped;
	hdlc->dropped = 0;
	hdlc->at = 0;
	hdlc->counts[PPTP_HDLC_RECEIVED]++;
}

pptp_ssize pptp_hdlc_decode(pptp_hdlc *hdlc, const uint8_t *data, size_t len, pptp_hdlc_frame *ret)
{
	const uint8_t *from = data, *end;
	int good = 0;
	if (!hdlc || (!data && len > 0) || !ret)
		return PPTP_ERR_ARG;
	if (!hdlc->buffer)
		return PPTP_ERR_STATE;
	memset(ret, 0, sizeof *ret);
	if (len == 0)
		return 0;
	for (end = data + len; from < end && !good;)
		from = pptp_hdlc_take(hdlc, from, end, &good);
	if (good)
		give_frame(hdlc, ret);
	return from - data;
}
