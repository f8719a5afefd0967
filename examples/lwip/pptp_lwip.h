/* pptp_lwip: a PPTP tunnel as one more link of lwIP's PPP, beside PPPoS, PPPoE and PPPoL2TP (lwIP 2.1 or later).
 *
 *     static struct pptp_lwip tunnel;
 *     static struct netif pppif;
 *     ppp_pcb *ppp = pptp_lwip_create(&tunnel, &pppif, NULL, &server, on_status, NULL);
 *
 * From there on it is lwIP's own: ppp_set_auth, ppp_set_mppe, ppp_connect, ppp_close, ppp_free. Like all of lwIP's
 * raw API these are called in lwIP's thread, or with its core locked. Heap: none but lwIP's pbufs and PCBs; a
 * tunnel takes one TCP PCB, one raw PCB and one time-out of lwIP's while it is not dead, beside what PPP takes.
 * lwipopts.h needs LWIP_RAW, LWIP_TCP, PPP_SUPPORT, and one more in MEMP_NUM_SYS_TIMEOUT for each tunnel;
 * arch/cc.h needs LWIP_RAND(), which nobody can guess. */
#ifndef PPTP_LWIP_H
#define PPTP_LWIP_H

#include "netif/ppp/ppp_opts.h"
#if PPP_SUPPORT && LWIP_RAW && LWIP_TCP /* don't build if not configured for use in lwipopts.h */

#include <pptp/pptp.h>
#include <pptp/storage.h>

#include "lwip/ip_addr.h"
#include "lwip/pbuf.h"
#include "netif/ppp/ppp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Each may be set in lwipopts.h. */
#ifndef PPTP_LWIP_TX_OCTETS
#define PPTP_LWIP_TX_OCTETS 220 /* control messages that wait for TCP to take them; at least 220 */
#endif
#ifndef PPTP_LWIP_REORDER_PACKETS
#define PPTP_LWIP_REORDER_PACKETS 4 /* pbufs held behind a missing one, for 20 ms at most; at least 1 */
#endif
#ifndef PPTP_LWIP_ECHO_SECONDS
#define PPTP_LWIP_ECHO_SECONDS 60 /* of silence until an Echo-Request, and again until the end */
#endif
#ifndef PPTP_LWIP_DIAL_SECONDS
#define PPTP_LWIP_DIAL_SECONDS 60 /* from TCP open to the control connection, and from there to the call */
#endif
#ifndef PPTP_LWIP_NO_INBOUND_SECONDS
#define PPTP_LWIP_NO_INBOUND_SECONDS                                                                         \
	10 /* of GRE that goes out and none that comes in: `no_inbound`; 65 at most */
#endif
#ifndef PPTP_LWIP_PPP_SECONDS
#define PPTP_LWIP_PPP_SECONDS 90 /* from the call until PPP is up: it waits for ever where it had no memory */
#endif
#ifndef PPTP_LWIP_STOP_SECONDS
#define PPTP_LWIP_STOP_SECONDS 3 /* for the server's part in an end in order */
#endif

#if PPTP_LWIP_TX_OCTETS < 220 || PPTP_LWIP_REORDER_PACKETS < 1
#error "PPTP_LWIP_TX_OCTETS is at least 220, PPTP_LWIP_REORDER_PACKETS at least 1"
#endif

/** Octets that a frame gets in front: set PBUF_LINK_ENCAPSULATION_HLEN in lwipopts.h to at least this and the outer
 *  IP header (20, or 40 for IPv6), and what lwIP's TCP and UDP send needs no second pbuf. */
#define PPTP_LWIP_HEADROOM (PPTP_GRE_HEADER_MAX + PPP_HDRLEN)

/** Why the newest tunnel ended, for the log line, beyond lwIP's PPPERR_; all 0 while there is nothing to say. */
struct pptp_lwip_end {
	pptp_err reason;      /* the call's, or the connection's: PPTP_ERR_REFUSED, PPTP_ERR_TIMEOUT ... */
	uint32_t timer;       /* with PPTP_ERR_TIMEOUT: PPTP_TIMER_ */
	uint16_t result_type; /* the two are arguments of pptp_result_name */
	uint8_t result_code;
	uint8_t error_code;
	err_t lwip;      /* what TCP ended with, or why no PCB could be had */
	u8_t no_inbound; /* 1: GRE goes out and none comes in: something drops IP protocol 47 */
};

/** A tunnel: the caller's memory, from pptp_lwip_create to ppp_free. `end` may be read; the rest is private. */
struct pptp_lwip {
	struct pptp_lwip_end end;
	ppp_pcb *ppp;
	ppp_link_status_cb_fn status;
	void *status_ctx;
	struct netif *netif; /* that the tunnel goes out through; NULL: lwIP's choice at ppp_connect */
	ip_addr_t server;
	struct tcp_pcb *tcp;
	struct raw_pcb *raw;
	struct pbuf *rx; /* of TCP, not consumed yet: the server sends no more than a window of it */
	pptp_conn *conn; /* NULL until TCP is open */
	pptp_gre *channel;
	pptp_pool *pool;
	pptp_call call;
	pptp_usec now, timer_at; /* PPTP_NEVER: no time-out is set */
	pptp_usec up_by;         /* PPP has to be up; PPTP_NEVER: it was looked at, or has not begun */
	u32_t now_ms;            /* sys_now() at `now` */
	u16_t call_id;
	u8_t hurry;         /* have the time-out come at once */
	u8_t in_touch;      /* the control connection is established, and none of its timers ran out */
	u8_t over;          /* nothing is left of the tunnel but to say so */
	u8_t started;       /* ppp_start was called */
	u8_t leaving;       /* PPP wants the link no more */
	u8_t lost;          /* PPPERR_ for a link that ended under PPP */
	u8_t accomp, pcomp; /* sent without FF 03, and the protocol in one octet where that can be */
	PPTP_STORAGE(conn_storage, PPTP_STORAGE_CONN(1, PPTP_LWIP_TX_OCTETS, 0));
	PPTP_STORAGE(gre_storage, PPTP_STORAGE_GRE);
	PPTP_STORAGE(pool_storage, PPTP_STORAGE_POOL(PPTP_LWIP_REORDER_PACKETS, 0));
};

/** Create a PPP interface over PPTP, as pppol2tp_create does over L2TP. Nothing is sent before ppp_connect.
 *  @param tunnel  the caller's, free for other use after ppp_free
 *  @param pppif   the netif to be, down until PPP is up
 *  @param netif   to send through, set up and up at ppp_connect; NULL: the one lwIP routes to the server through at
 *          that moment. Either is kept until the end, so the tunnel may become the default route
 *  @param server  copied
 *  @param status  lwIP's: PPPERR_NONE when up, another when dead. Of a link that could not be had
 *          PPPERR_OPEN; of one that ended under PPP PPPERR_PEERDEAD (a time-out), else PPPERR_CONNECT;
 *          `tunnel->end` says more. ppp_connect and ppp_free are legal in it
 *  @return NULL: MEMP_NUM_PPP_PCB are in use, or lwIP has no room for one more netif */
ppp_pcb *pptp_lwip_create(struct pptp_lwip *tunnel, struct netif *pppif, struct netif *netif,
                          const ip_addr_t *server, ppp_link_status_cb_fn status, void *ctx);

#ifdef __cplusplus
}
#endif

#endif /* PPP_SUPPORT && LWIP_RAW && LWIP_TCP */
#endif
