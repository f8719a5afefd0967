/* pptp_lwip_internal: what the three parts of the adapter ask of each other. lwIP's callbacks change things and set
 * the time-out; what is freed is freed in the time-out alone, where no function of lwIP's or of libpptp's that uses it
 * is running. */
#ifndef PPTP_LWIP_INTERNAL_H
#define PPTP_LWIP_INTERNAL_H

#include "pptp_lwip.h"

#define US_PER_S 1000000u

/* pptp_lwip.c */

/** Monotonic microseconds. */
pptp_usec tunnel_now(struct pptp_lwip *self);
/** Have the time-out come when something is due: at the end of each function that lwIP calls. */
void tunnel_arm(struct pptp_lwip *self);
/** Nothing is left to do but to give everything back and tell PPP. */
void tunnel_over(struct pptp_lwip *self);
/** The call is connected: PPP may begin. */
void tunnel_up(struct pptp_lwip *self);

/* pptp_lwip_control.c: the control connection */

/** Begin to connect. @return what lwIP said when it cannot */
err_t control_open(struct pptp_lwip *self, const struct netif *netif);
/** End in order; tunnel_over follows. */
void control_close(struct pptp_lwip *self);
void control_tick(struct pptp_lwip *self);
/** Give the PCB back, and what was not read. */
void control_free(struct pptp_lwip *self);

/* pptp_lwip_data.c: GRE */

err_t data_open(struct pptp_lwip *self, const struct netif *netif);
/** A channel for the call that is being dialled: it receives at once. */
pptp_err data_prepare(struct pptp_lwip *self);
/** The call is connected: it sends, too. */
void data_start(struct pptp_lwip *self, const pptp_event *up);
void data_tick(struct pptp_lwip *self);
/** End the channel; the pbufs it holds are freed. */
void data_stop(struct pptp_lwip *self);
void data_free(struct pptp_lwip *self);
/** Send a packet of a network protocol; p is only looked at, and may get headers in front. */
err_t data_send(struct pptp_lwip *self, struct pbuf *p, u16_t protocol);
/** Send a frame of PPP's own, which begins with FF 03; frees it. */
err_t data_send_frame(struct pptp_lwip *self, struct pbuf *p);

#endif
