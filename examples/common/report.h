/* report: control messages and ends in words. */
#ifndef REPORT_H
#define REPORT_H

#include <pptp/pptp.h>

#define REPORT_OCTETS 1024

/** One line for a control message, such as "from 192.0.2.1: Outgoing-Call-Reply call_id 7 …". */
void report_message(const char *peer, uint32_t sent, const uint8_t *msg, size_t len);

/** Why a call or connection ended, such as "refused: Outgoing-Call-Reply says busy". @return ret */
const char *report_end(const pptp_event *event, char ret[REPORT_OCTETS]);

/** What the peer tells in an event of a call, with its values: PPTP_EV_CALL_OFFERED with an
 *  Incoming-Call-Request, PPTP_EV_CALL_LINK_INFO or PPTP_EV_CALL_WAN_ERROR. Its text is escaped.
 *  @return ret; "" for other events */
const char *report_call(const pptp_event *event, char ret[REPORT_OCTETS]);

#endif
