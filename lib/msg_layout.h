/* msg_layout: the wire layout of a control message, shared by the codec and the names (internal). */
#ifndef PPTP_MSG_LAYOUT_H
#define PPTP_MSG_LAYOUT_H

#include <stdint.h>

#define PPTP_FIELDS_MAX 17 /* Outgoing-Call-Request has the most */

/* Field sizes in octets, ended by 0; an empty row for a type that RFC 2637 does not have. */
const uint8_t *pptp_msg_layout(uint32_t control_message_type);

#endif
