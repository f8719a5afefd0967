/* script: a test of one connection as a line of text, so that a table of them reads like the figures of
 * RFC 2637. Statements end with ';'. Each script runs once in every mode of link.h.
 *
 *   opt NAME=N ...        set options before the connection is made; "opt strict" is tolerate=0
 *   open o|r [ask]        make the connection, as originator or receiver, with PPTP_CONN_ASK
 *   up o|r                the same, and establish it
 *   in TYPE [FIELD=N ...] the peer sends a message, filled as usual but for these fields
 *   raw HEX               the peer sends these octets
 *   out TYPE [FIELD=N ..] the next message that we sent; a text field is FIELD=TEXT, zeros behind it
 *   ev NAME [MEMBER=N ..] the next event
 *   quiet                 neither of them waits;  skip  forget what waits
 *   dial C [MEMBER=N ...] place a call, and keep its handle in the variable C
 *   offer C [MEMBER=N ..] offer an incoming call, likewise
 *   accept C [MEMBER=N .] answer an offered call
 *   connected C [MEMB=N.] the line is answered
 *   reject C RESULT ERROR CAUSE
 *   clear C RESULT ERROR CAUSE
 *   sli C SEND RECV       Set-Link-Info
 *   wan C N N N N N N     errors of the line
 *   statistics C [TEXT]   for Call-Disconnect-Notify
 *   start accept, start refuse RESULT ERROR
 *   close REASON, abort CODE, eof
 *   wait SECONDS          ticking at every deadline
 *   deadline SECONDS      from now on; or never
 *   count NAME N          a counter: PPTP_COUNT_NAME
 *   state N, calls N, call C STATE
 *   info MEMBER=N ...     of pptp_conn_get_info;  cinfo C MEMBER=N ... of pptp_call_get_info
 *   channel C MEMBER=N ... of pptp_call_channel
 *   received CODE         what pptp_conn_recv returned: OK, or the last error
 *
 * Requests take err=CODE when they must fail. N is a number, a name of a code, timer or state, or $x: a
 * variable of one letter; where something is read and $x has no value yet, it gets one. Where a text belongs,
 * ~ is a space and %XX an octet in hex; zeros follow. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "link.h"

typedef struct script_row {
	const char *name;
	const char *text;
} script_row;

void script_run(const script_row *rows, size_t len);

#endif
