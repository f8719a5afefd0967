/* release: how an object in heap memory is given back without the core knowing of a heap (internal).
 * alloc.c sets it after _init; _free, or the last driver after a free in a callback, calls it. */
#ifndef PPTP_RELEASE_H
#define PPTP_RELEASE_H

#include "pptp/conn.h"
#include "pptp/gre.h"
#include "pptp/hdlc.h"
#include "pptp/mux.h"

typedef void (*pptp_release)(void *mem);

void pptp_gre_set_release(pptp_gre *gre, pptp_release release);
void pptp_pool_set_release(pptp_pool *pool, pptp_release release);
void pptp_hdlc_set_release(pptp_hdlc *hdlc, pptp_release release);
void pptp_mux_set_release(pptp_mux *mux, pptp_release release);
void pptp_conn_set_release(pptp_conn *conn, pptp_release release);
void pptp_config_set_release(pptp_config *config, pptp_release release);

#endif
