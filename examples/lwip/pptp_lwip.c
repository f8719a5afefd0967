/* pptp_lwip: a tunnel as lwIP's PPP sees it: its link callbacks, what it is told, and the one time-out that everything
 * else hangs on. */
#include "pptp_lwip_internal.h"
#if PPP_SUPPORT && LWIP_RAW && LWIP_TCP

#include <string.h>

#include "lwip/ip.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"
#include "netif/ppp/ppp_impl.h"

#define US_PER_MS   1000u
#define MAX_WAIT_US 3600000000u /* fits into 32 bits, so that no 64 of them are divided */

/* ---- time ------------------------------------------------------------------------------------------ */

/* sys_now() wraps every 49 days; a tunnel looks at it every minute or so. */
pptp_usec tunnel_now(struct pptp_lwip *self)
{
	u32_t ms = sys_now();

	self->now += (pptp_usec)(u32_t)(ms - self->now_ms) * US_PER_MS;
	self->now_ms = ms;
	return self->now;
}

static void on_time(void *arg);

static void disarm(struct pptp_lwip *self)
{
	if (self->timer_at != PPTP_NEVER)
		sys_untimeout(on_time, self);
	self->timer_at = PPTP_NEVER;
}

static pptp_usec due(const struct pptp_lwip *self)
{
	pptp_usec control = self->conn ? pptp_conn_deadline(self->conn) : PPTP_NEVER;
	pptp_usec data = self->channel ? pptp_gre_deadline(self->channel) : PPTP_NEVER;

	if (self->over || self->hurry)
		return 0;
	if (self->up_by < control)
		control = self->up_by;
	return control < data ? control : data;
}

/* A deadline that moves away, as with each packet, costs nothing: the time-out comes, finds nothing and is set anew. */
void tunnel_arm(struct pptp_lwip *self)
{
	pptp_usec now = tunnel_now(self), at = due(self);
	u32_t wait;

	if (at == PPTP_NEVER)
		return;
	if (at < now)
		at = now;
	if (at >= self->timer_at)
		return;
	disarm(self);
	wait = at - now < MAX_WAIT_US ? (u32_t)(at - now) : MAX_WAIT_US;
	self->timer_at = now + wait;
	sys_timeout(wait / US_PER_MS + (wait % US_PER_MS != 0), on_time, self);
}

/* ---- the end --------------------------------------------------------------------------------------- */

void tunnel_over(struct pptp_lwip *self)
{
	self->over = 1;
	tunnel_arm(self);
}

static u8_t loss_of(const struct pptp_lwip *self)
{
	return self->end.reason == PPTP_ERR_TIMEOUT ? PPPERR_PEERDEAD : PPPERR_CONNECT;
}

/* A protocol of lwIP's that ended the link in the middle of a packet may go on with that packet, and leave a time-out
 * behind that outlives the PCB: CCP of 2.1.3 does, where it has to have MPPE and does not get it. */
static void quiet(ppp_pcb *ppp)
{
	for (size_t i = 0; protocols[i]; i++)
		if (protocols[i]->protocol != PPP_LCP)
			protocols[i]->lowerdown(ppp);
}

/* What comes last in each branch may call the host, and the host ppp_free: nothing may follow. */
static void tell_ppp(struct pptp_lwip *self)
{
	if (self->leaving) {
		quiet(self->ppp);
		ppp_link_end(self->ppp);
	} else if (self->started) {
		self->lost = loss_of(self);
		(void)ppp_close(self->ppp, 1); /* without words to the peer; then `disconnect` comes */
	} else {
		ppp_link_failed(self->ppp);
	}
}

/* IPv4, or else whatever neither side gave up. */
static int is_up(const ppp_pcb *ppp)
{
#if PPP_IPV4_SUPPORT
	if (ppp->if4_up)
		return 1;
#endif
	return ppp->num_np_up > 0 && ppp->num_np_up >= ppp->num_np_open;
}

/* Time for PPP to come up is over. */
static void judge_ppp(struct pptp_lwip *self)
{
	self->up_by = PPTP_NEVER;
	if (is_up(self->ppp))
		return;
	self->lost = PPPERR_PEERDEAD;
	(void)ppp_close(self->ppp, 1); /* `disconnect` comes */
}

static void on_time(void *arg)
{
	struct pptp_lwip *self = arg;

	self->timer_at = PPTP_NEVER;
	self->hurry = 0;
	if (!self->over) {
		if (tunnel_now(self) >= self->up_by)
			judge_ppp(self);
		control_tick(self);
		data_tick(self);
		tunnel_arm(self);
		return;
	}
	self->over = 0;
	control_free(self);
	data_free(self);
	tell_ppp(self);
}

static void on_status(ppp_pcb *ppp, int error, void *ctx)
{
	struct pptp_lwip *self = ctx;

	if (error != PPPERR_NONE)
		self->up_by = PPTP_NEVER;
	if (self->lost && error == PPPERR_USER) /* it was we who closed */
		error = self->lost;
	self->status(ppp, error, self->status_ctx);
}

/* ---- lwIP's PPP ------------------------------------------------------------------------------------- */

/* The tunnel must not fragment; what MPPE adds is room that PPP without it leaves unused. */
static void set_options(struct pptp_lwip *self, const struct netif *netif)
{
	u32_t flags = (IP_IS_V6_VAL(self->server) ? PPTP_MTU_IPV6 : 0u) | (MPPE_SUPPORT ? PPTP_MTU_MPPE : 0u);
	u16_t mru = (u16_t)LWIP_MIN(pptp_gre_mtu(netif->mtu, flags), PPP_MAXMRU);

	self->ppp->lcp_wantoptions.mru = mru;
	self->ppp->lcp_allowoptions.mru = mru;
	self->ppp->lcp_wantoptions.neg_asyncmap = 0; /* there are no characters to escape */
#if VJ_SUPPORT                                       /* which lwIP has on serial lines alone */
	self->ppp->ipcp_wantoptions.neg_vj = 0;
	self->ppp->ipcp_allowoptions.neg_vj = 0;
#endif
}

static err_t open_link(struct pptp_lwip *self)
{
	const struct netif *netif = self->netif ? self->netif : ip_route(IP_ANY_TYPE, &self->server);
	err_t error;

	if (!netif)
		return ERR_RTE;
	set_options(self, netif);
	error = data_open(self, netif);
	return error == ERR_OK ? control_open(self, netif) : error;
}

static void on_connect(ppp_pcb *ppp, void *ctx)
{
	struct pptp_lwip *self = ctx;

	LWIP_UNUSED_ARG(ppp);
	memset(&self->end, 0, sizeof self->end);
	self->over = self->hurry = self->started = self->leaving = self->lost = self->accomp = self->pcomp =
	        0;
	self->end.lwip = open_link(self);
	if (self->end.lwip != ERR_OK)
		tunnel_over(self);
}

void tunnel_up(struct pptp_lwip *self)
{
	if (self->leaving)
		return;
	self->started = 1;
	self->up_by = tunnel_now(self) + (pptp_usec)PPTP_LWIP_PPP_SECONDS * US_PER_S;
	ppp_start(self->ppp);
}

static void on_disconnect(ppp_pcb *ppp, void *ctx)
{
	struct pptp_lwip *self = ctx;

	LWIP_UNUSED_ARG(ppp);
	self->leaving = self->hurry = 1;
	self->up_by = PPTP_NEVER;
	control_close(self);
	tunnel_arm(self);
}

/* Only a dead tunnel is freed, and a dead one has nothing. */
static err_t on_free(ppp_pcb *ppp, void *ctx)
{
	LWIP_UNUSED_ARG(ppp);
	disarm(ctx);
	return ERR_OK;
}

static err_t on_write(ppp_pcb *ppp, void *ctx, struct pbuf *p)
{
	LWIP_UNUSED_ARG(ppp);
	return data_send_frame(ctx, p);
}

static err_t on_output(ppp_pcb *ppp, void *ctx, struct pbuf *p, u_short protocol)
{
	LWIP_UNUSED_ARG(ppp);
	return data_send(ctx, p, protocol);
}

static void on_send_config(ppp_pcb *ppp, void *ctx, u32_t accm, int pcomp, int accomp)
{
	struct pptp_lwip *self = ctx;

	LWIP_UNUSED_ARG(ppp);
	LWIP_UNUSED_ARG(accm);
	self->pcomp = pcomp != 0;
	self->accomp = accomp != 0;
}

static const struct link_callbacks link_callbacks = {
        .connect = on_connect,
        .disconnect = on_disconnect,
        .free = on_free,
        .write = on_write,
        .netif_output = on_output,
        .send_config = on_send_config,
};

ppp_pcb *pptp_lwip_create(struct pptp_lwip *tunnel, struct netif *pppif, struct netif *netif,
                          const ip_addr_t *server, ppp_link_status_cb_fn status, void *ctx)
{
	memset(tunnel, 0, sizeof *tunnel);
	tunnel->timer_at = tunnel->up_by = PPTP_NEVER;
	tunnel->now_ms = sys_now();
	tunnel->netif = netif;
	tunnel->server = *server;
	tunnel->status = status;
	tunnel->status_ctx = ctx;
	tunnel->ppp = ppp_new(pppif, &link_callbacks, tunnel, on_status, tunnel);
	return tunnel->ppp;
}

#endif
