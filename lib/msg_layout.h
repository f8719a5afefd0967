/* msg_layout: the wire layout of a control message, shared by the codec, the connection and the names
 * (internal). */
#ifndef PPTP_MSG_LAYOUT_H
#define PPTP_MSG_LAYOUT_H

#include "pptp/msg.h"

#define PPTP_FIELDS_MAX 17 /* Outgoing-Call-Request has the most */

/* Field sizes in octets, ended by 0; an empty row for a type that RFC 2637 does not have. */
const uint8_t *pptp_msg_layout(uint32_t control_message_type);

/* The codec without its checks: the octets passed pptp_msg_peek and have one of the 15 types, or the header
 * is as pptp_msg_init made it. */
void pptp_msg_load(const uint8_t *data, pptp_msg *ret);
void pptp_msg_store(const pptp_msg *msg, uint8_t *ret_data);

#endif
