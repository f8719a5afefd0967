/* call: the calls on a control connection, each a handle and no object of its own.
 *
 * Roles are per call, and a connection may have calls of every kind at once. RFC 2637 1.1, 1.3, 3.2.
 *   outgoing  its PNS (a VPN client) dials, its PAC (a VPN server) accepts:
 *             pptp_call_dial -> PPTP_EV_CALL_OFFERED, pptp_call_accept -> PPTP_EV_CALL_UP on both ends
 *   incoming  the line of a PAC rings, the PNS accepts, the PAC answers the line:
 *             pptp_call_offer -> PPTP_EV_CALL_OFFERED, pptp_call_accept -> PPTP_EV_CALL_ANSWER,
 *             pptp_call_connected -> PPTP_EV_CALL_UP on both ends
 * Every call ends with one PPTP_EV_CALL_DOWN, whoever ends it and why. Who opened the TCP connection does not
 * matter: a receiver that takes outgoing calls, as a VPN server does, is their PAC.
 *
 * Functions here are requests or queries, as conn.h has them: they may be made from an event's callback, and
 * what a request made outside of one has to send leaves with pptp_conn_flush or pptp_conn_tx_buf. */
#ifndef PPTP_CALL_H
#define PPTP_CALL_H

#include "base.h"
#include "conn.h"
#include "gre.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An Outgoing-Call-Request to send (RFC 2637 2.7). What may be odd in it is the host's: numbers go out as
 *  they are, here and in pptp_offer, and a strict peer may refuse them. */
typedef struct pptp_dial {
	uint32_t size;
	uint16_t local_call_id;      /* ours, from a mux; 0: the library picks, one after the other, which is
	                              * unique on this connection only, not on a local address */
	uint16_t call_serial_number; /* for both ends' logs; 0: the library counts */
	uint32_t minimum_bps;        /* default 300 */
	uint32_t maximum_bps;        /* default 100,000,000 */
	uint32_t bearer_type;        /* default PPTP_BEARER_ANY */
	uint32_t framing_type;       /* default PPTP_FRAMING_ANY */
	uint16_t packet_recv_window_size; /* packets; default 64; recv_window of pptp_call_channel */
	uint16_t packet_processing_delay; /* 1/10 s; default 0 */
	uint16_t phone_number_length;     /* 0 .. 64 */
	uint16_t reserved;
	uint8_t phone_number[64];
	uint8_t subaddress[64];
	void *user; /* comes back in the call's events */
} pptp_dial;

/** An Incoming-Call-Request to send (RFC 2637 2.9). */
typedef struct pptp_offer {
	uint32_t size;
	uint16_t local_call_id;        /* as in pptp_dial */
	uint16_t call_serial_number;   /* likewise */
	uint32_t call_bearer_type;     /* PPTP_BEARER_ANALOG or _DIGITAL; default analog */
	uint32_t physical_channel_id;  /* for logs */
	uint16_t dialed_number_length; /* 0 .. 64, what the telephone network supplied */
	uint16_t dialing_number_length;
	uint32_t reserved;
	uint8_t dialed_number[64];
	uint8_t dialing_number[64];
	uint8_t subaddress[64];
	void *user;
} pptp_offer;

/** The connect_speed of an Outgoing-Call-Reply that repeats the request's Maximum BPS. */
#define PPTP_SPEED_AS_ASKED 0xFFFFFFFFu

/** What this end says of a call that it takes: an accepting Outgoing-Call-Reply (RFC 2637 2.8) or
 *  Incoming-Call-Reply (2.10) with pptp_call_accept, Incoming-Call-Connected (2.11) with pptp_call_connected.
 *  Members that the message has no place for are not looked at. */
typedef struct pptp_answer {
	uint32_t size;
	uint16_t local_call_id;           /* both replies: ours, from a mux; 0: the provisional one of
	                                   * PPTP_EV_CALL_OFFERED, as in pptp_dial */
	uint16_t cause_code;              /* Outgoing-Call-Reply: Q.931 */
	uint32_t connect_speed;           /* not in Incoming-Call-Reply: bit/s; default
	                                   * PPTP_SPEED_AS_ASKED, which is 0 in -Connected */
	uint32_t physical_channel_id;     /* Outgoing-Call-Reply */
	uint16_t packet_recv_window_size; /* all three: packets; default 64 */
	uint16_t packet_processing_delay; /* all three: 1/10 s; default 0; 2.10 and 2.11 call it
	                                   * transmit delay */
	uint32_t framing_type;            /* Incoming-Call-Connected: PPTP_FRAMING_ASYNC or _SYNC;
	                                   * default synchronous */
	void *user;                       /* both replies: comes back in the call's events */
} pptp_answer;

/** Fill each with its defaults. @param size  sizeof (*ret) as the caller compiled it. */
PPTP_API pptp_err pptp_dial_init(pptp_dial *ret, uint32_t size);
PPTP_API pptp_err pptp_offer_init(pptp_offer *ret, uint32_t size);
PPTP_API pptp_err pptp_answer_init(pptp_answer *ret, uint32_t size);

/** Place an outgoing call, as its PNS. PPTP_EV_CALL_UP or PPTP_EV_CALL_DOWN follows.
 *  @return PPTP_OK · PPTP_ERR_STATE: connection not established · PPTP_ERR_CLOSED · PPTP_ERR_LIMIT: max_calls
 *          live · PPTP_ERR_AGAIN: no room, for a message or beside a call that has ended and was not reported
 *          yet; PPTP_EV_WRITABLE follows · PPTP_ERR_ARG: also a local_call_id in use · PPTP_ERR_FREED: by
 *          amend or trace. Request. RFC 2637 2.7, 3.2.4. */
PPTP_API pptp_err pptp_call_dial(pptp_conn *conn, const pptp_dial *dial, pptp_usec now, pptp_call *ret);

/** Offer an incoming call, as its PAC: the line rings and is not answered yet. PPTP_EV_CALL_ANSWER or
 *  PPTP_EV_CALL_DOWN follows. Codes as dial. Request. RFC 2637 2.9, 3.2.3. */
PPTP_API pptp_err pptp_call_offer(pptp_conn *conn, const pptp_offer *offer, pptp_usec now, pptp_call *ret);

/** Answer PPTP_EV_CALL_OFFERED, in the callback or later; PPTP_EV_CALL_UP follows, for an incoming call when
 *  its PAC has answered the line.
 *  @return PPTP_OK · PPTP_ERR_STALE: the peer gave up first · PPTP_ERR_STATE: answered before, or not an
 *          offered call · PPTP_ERR_ARG: local_call_id is that of a call that was dialled, offered or accepted
 *          here; another offered call that has it provisionally gets another. Request. RFC 2637 2.8, 2.10. */
PPTP_API pptp_err pptp_call_accept(pptp_conn *conn, pptp_call call, const pptp_answer *answer, pptp_usec now);

/** Refuse PPTP_EV_CALL_OFFERED; PPTP_EV_CALL_DOWN with PPTP_ERR_REFUSED follows.
 *  @param result_code  PPTP_OCRP_ or PPTP_ICRP_ · @param error_code  PPTP_ERROR_, with result 2 only
 *  @param cause_code   Q.931, of an outgoing call; else not sent
 *  @return as accept; PPTP_ERR_ARG: a code that the reply does not have. Request. RFC 2637 2.8, 2.10. */
PPTP_API pptp_err pptp_call_reject(pptp_conn *conn, pptp_call call, uint8_t result_code, uint8_t error_code,
                                   uint16_t cause_code, pptp_usec now);

/** The line of PPTP_EV_CALL_ANSWER is answered: tell the PNS. PPTP_EV_CALL_UP follows.
 *  @return PPTP_OK · PPTP_ERR_STALE: the PNS cleared it first · PPTP_ERR_STATE: not asked for · PPTP_ERR_ARG:
 *          a local_call_id is given. Request. RFC 2637 2.11. */
PPTP_API pptp_err pptp_call_connected(pptp_conn *conn, pptp_call call, const pptp_answer *answer,
                                      pptp_usec now);

/** End a call, in any state; PPTP_EV_CALL_DOWN with PPTP_ERR_LOCAL follows: at once for its PAC, after the
 *  peer's answer for its PNS. Stop its channel now. An offered call that was not answered is refused.
 *  @param result_code  of our Call-Disconnect-Notify, PPTP_CDN_: ADMIN_SHUTDOWN is usual. A PNS sends none of
 *          the three, but they are checked
 *  @param error_code   PPTP_ERROR_, with result 2 only · @param cause_code  Q.931
 *  @return PPTP_OK, also when it is ending already; PPTP_ERR_STALE; PPTP_ERR_ARG: a code that the message
 *          does not have. Request. RFC 2637 2.12, 2.13. */
PPTP_API pptp_err pptp_call_clear(pptp_conn *conn, pptp_call call, uint8_t result_code, uint8_t error_code,
                                  uint16_t cause_code, pptp_usec now);

/** Tell the PAC of an established call the ACCMs of PPP's negotiation, at any time and as often as they
 *  change; of several that wait for room the newest is sent. A PAC without an asynchronous line ignores it;
 *  0xFFFFFFFF for both is what it begins with.
 *  @return PPTP_OK · PPTP_ERR_STALE · PPTP_ERR_STATE: not established, or we are its PAC. Request.
 *          RFC 2637 2.15. */
PPTP_API pptp_err pptp_call_set_link_info(pptp_conn *conn, pptp_call call, uint32_t send_accm,
                                          uint32_t recv_accm, pptp_usec now);

/** Errors of a PAC's line since the call was connected (RFC 2637 2.14). */
typedef struct pptp_wan_errors {
	uint32_t size; /* sizeof (pptp_wan_errors) */
	uint32_t crc_errors;
	uint32_t framing_errors;
	uint32_t hardware_overruns;
	uint32_t buffer_overruns;
	uint32_t timeout_errors;
	uint32_t alignment_errors;
} pptp_wan_errors;

/** Tell the PNS of an established call of errors on the line, with all that happened since it was connected.
 *  Call it whenever a counter moved: it is sent at most once per wan_error_interval_us, with what was last
 *  said, and never when nothing changed.
 *  @return PPTP_OK · PPTP_ERR_STALE · PPTP_ERR_STATE: not established, or we are its PNS · PPTP_ERR_LIMIT:
 *          the option line_statistics is 0 · PPTP_ERR_SIZE. Request. RFC 2637 2.14. */
PPTP_API pptp_err pptp_call_wan_errors(pptp_conn *conn, pptp_call call, const pptp_wan_errors *errors,
                                       pptp_usec now);

/** The Call Statistics, text for the PNS's log, that the Call-Disconnect-Notify of a call of which we are the
 *  PAC will carry, whoever ends it. Set it anew as often as it changes.
 *  @param text  0 to 128 octets, copied · @return PPTP_OK · PPTP_ERR_STALE, also when it is ending ·
 *          PPTP_ERR_STATE: we are its PNS · PPTP_ERR_LIMIT: the option line_statistics is 0 · PPTP_ERR_ARG.
 *          Request. RFC 2637 2.13. */
PPTP_API pptp_err pptp_call_statistics(pptp_conn *conn, pptp_call call, const uint8_t *text, size_t len);

/** Enumerate: the live call behind `after` (PPTP_CALL_NONE: the first), PPTP_CALL_NONE at the end. Query. */
PPTP_API pptp_call pptp_call_next(const pptp_conn *conn, pptp_call after);

enum {                        /* pptp_call_info.state: RFC 2637 3.2.3, 3.2.4 */
       PPTP_CALL_OFFERED = 1, /* the host has not answered yet; wait_cs_ans of outgoing calls */
       PPTP_CALL_WAIT_REPLY = 2,
       PPTP_CALL_WAIT_CONNECT = 3, /* PNS: accepted, the PAC answers the line */
       PPTP_CALL_ANSWERING = 4,    /* PAC: PPTP_EV_CALL_ANSWER, the line is being answered */
       PPTP_CALL_ESTABLISHED = 5,
       PPTP_CALL_WAIT_DISCONNECT = 6,
       PPTP_CALL_ENDED = 7 /* PPTP_EV_CALL_DOWN waits to be polled */
};
enum { PPTP_PAC = 1, PPTP_PNS = 2 };           /* pptp_call_info.role: ours in this call */
enum { PPTP_OUTGOING = 1, PPTP_INCOMING = 2 }; /* pptp_call_info.direction */

/** What is known of a call: pptp_call_get_info. */
typedef struct pptp_call_info {
	uint32_t size;      /* set by pptp_call_get_info */
	uint32_t state;     /* PPTP_CALL_OFFERED .. PPTP_CALL_ENDED */
	uint32_t role;      /* PPTP_PAC or PPTP_PNS */
	uint32_t direction; /* PPTP_OUTGOING or PPTP_INCOMING */
	pptp_err reason;    /* why it ends, PPTP_OK before */
	uint16_t local_call_id;
	uint16_t peer_call_id;
	uint16_t call_serial_number;
	uint16_t recv_window;      /* packets, ours */
	uint16_t peer_recv_window; /* packets; 0: not specified */
	uint16_t peer_delay;       /* 1/10 s */
	uint32_t connect_speed;    /* bit/s */
	uint32_t minimum_bps;
	uint32_t maximum_bps;
	uint32_t bearer_type;
	uint32_t framing_type;
	uint32_t physical_channel_id;
	uint32_t send_accm; /* 0xFFFFFFFF until a Set-Link-Info (RFC 2637 2.15) */
	uint32_t recv_accm;
	void *user;
} pptp_call_info;

/** @param size  sizeof (pptp_call_info) as the caller compiled it; no more is written
 *  @return PPTP_OK, PPTP_ERR_STALE, PPTP_ERR_ARG, PPTP_ERR_SIZE. Query. */
PPTP_API pptp_err pptp_call_get_info(const pptp_conn *conn, pptp_call call, pptp_call_info *ret,
                                     uint32_t size);

/** Set the members of io that concern a call: Call IDs, windows, peer_delay; the peer's as far as known,
 *  final at PPTP_EV_CALL_UP. Then pptp_gre_init, which may be done as early as dial or before accept. Before
 *  accept recv_window is not known yet and local_call_id provisional: a host that will give accept others
 *  sets both behind this call.
 *  @return PPTP_OK, PPTP_ERR_STALE, PPTP_ERR_ARG, PPTP_ERR_SIZE. Query. */
PPTP_API pptp_err pptp_call_channel(const pptp_conn *conn, pptp_call call, pptp_gre_options *io);

/** Replace the pointer that comes back in the call's events. Request. */
PPTP_API pptp_err pptp_call_set_user(pptp_conn *conn, pptp_call call, void *user);

#ifdef __cplusplus
}
#endif
#endif
