/* hdlc: a line's set-up and settings. hdlc_encode.c and hdlc_decode.c do the work. RFC 1662. */
#include "hdlc_internal.h"

#define KNOWN_FLAGS                                                                                          \
	(PPTP_HDLC_SHARE_FLAG | PPTP_HDLC_ADD_ADDRESS | PPTP_HDLC_STRIP_ADDRESS | PPTP_HDLC_LCP_AS_IS)

pptp_err pptp_hdlc_options_init(pptp_hdlc_options *ret, uint32_t size)
{
	pptp_hdlc_options o;
	memset(&o, 0, sizeof o);
	o.size = sizeof o;
	o.send_accm = 0xFFFFFFFFu;
	return pptp_give_sized(ret, size, &o, sizeof o);
}

size_t pptp_hdlc_size(void)
{
	return sizeof(pptp_hdlc);
}

pptp_err pptp_hdlc_init(void *mem, size_t size, const pptp_hdlc_options *options, pptp_hdlc **ret)
{
	pptp_hdlc *hdlc = mem;
	pptp_hdlc_options o;
	pptp_err err;
	if (!options || !ret)
		return PPTP_ERR_ARG;
	pptp_hdlc_options_init(&o, sizeof o);
	err = pptp_check_memory(mem, size, sizeof *hdlc);
	if (!err)
		err = pptp_copy_sized(&o, sizeof o, sizeof(void *), options);
	if (!err && o.flags & ~KNOWN_FLAGS)
		err = PPTP_ERR_ARG;
	if (!err && o.buffer && o.buffer_octets < HDLC_FRAME_MIN)
		err = PPTP_ERR_SIZE;
	if (err)
		return err;
	memset(hdlc, 0, sizeof *hdlc);
	hdlc->flags = (uint8_t)o.flags;
	hdlc->send_accm = o.send_accm;
	hdlc->recv_accm = o.recv_accm;
	hdlc->buffer = o.buffer;
	hdlc->room = o.buffer_octets;
	*ret = hdlc;
	return PPTP_OK;
}

/* For alloc.c. */
void pptp_hdlc_set_release(pptp_hdlc *hdlc, pptp_release release)
{
	hdlc->release = release;
}

void pptp_hdlc_free(pptp_hdlc *hdlc)
{
	if (hdlc && hdlc->release)
		hdlc->release(hdlc);
}

pptp_err pptp_hdlc_set_accm(pptp_hdlc *hdlc, uint32_t send_accm, uint32_t recv_accm)
{
	if (!hdlc)
		return PPTP_ERR_ARG;
	hdlc->send_accm = send_accm;
	hdlc->recv_accm = recv_accm;
	return PPTP_OK;
}

pptp_err pptp_hdlc_set_buffer(pptp_hdlc *hdlc, uint8_t *buffer, size_t octets)
{
	if (!hdlc || !buffer)
		return PPTP_ERR_ARG;
	if (octets < HDLC_FRAME_MIN)
		return PPTP_ERR_SIZE;
	if (hdlc->at > 0)
		return PPTP_ERR_STATE;
	hdlc->buffer = buffer;
	hdlc->room = octets;
	return PPTP_OK;
}

pptp_err pptp_hdlc_idle(pptp_hdlc *hdlc)
{
	if (!hdlc)
		return PPTP_ERR_ARG;
	hdlc->closed = 0;
	return PPTP_OK;
}

uint32_t pptp_hdlc_count(const pptp_hdlc *hdlc, uint32_t which)
{
	return hdlc && which < PPTP_HDLC_COUNTS ? hdlc->counts[which] : 0;
}

size_t pptp_hdlc_address_control(const uint8_t *frame, size_t len)
{
	return frame && len >= 2 && frame[0] == 0xFF && frame[1] == 0x03 ? 2 : 0;
}
