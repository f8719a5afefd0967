/* libpptp: PPTP (RFC 2637) without I/O. This header is all of it; each of the others can be included alone. */
#ifndef PPTP_PPTP_H
#define PPTP_PPTP_H

#include "base.h"
#include "msg.h"
#include "gre.h"
#include "hdlc.h"
#include "config.h"
#include "conn.h"
#include "call.h"
#include "mux.h"
#include "storage.h"

#endif
