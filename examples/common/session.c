#include "session.h"

#include <string.h>

#include "log.h"
#include "mss.h"
#include "seed.h"

#define REORDER_PACKETS                                                                                      \
	16 /* more than senders and paths that reverse a burst have in it, of what the pool has */

static uint64_t now_of(const struct session *session)
{
	return session->loop->now;
}

static void arm(struct session *session)
{
	uint64_t due = pptp_gre_deadline(session->channel), other = PPTP_NEVER;

	if (session->frame == NULL)
		other = ppp_deadline(&session->link);
	if (other < due)
		due = other;
	loop_timer_at(session->loop, &session->timer, due);
}

/* ---- out ----------------------------------------------------------------------------------------------- */

/* A frame with PPTP_GRE_HEADER_MAX octets in front of it. False: no room; its number is taken back. */
static bool send_frame(struct session *session, uint8_t *frame, size_t len)
{
	pptp_ssize header = pptp_gre_send(session->channel, frame - PPTP_GRE_HEADER_MAX, PPTP_GRE_HEADER_MAX,
	                                  len, now_of(session));

	if (header < 0) /* not started: there is no call to send on */
		return true;
	if (gre_socket_send(session->gre, &session->path, frame - header, (size_t)header + len))
		return true;
	(void)pptp_gre_unsend(session->channel, 1, now_of(session));
	return false;
}

static int on_send(void *user, const uint8_t *frame, size_t len)
{
	struct session *session = user;
	uint8_t buffer[PPTP_GRE_HEADER_MAX + PPP_HEADROOM + PPP_MRU_DEFAULT];

	if (len > sizeof buffer - PPTP_GRE_HEADER_MAX)
		return -1;
	memcpy(buffer + PPTP_GRE_HEADER_MAX, frame, len);
	return send_frame(session, buffer + PPTP_GRE_HEADER_MAX, len) ? 0 : -1;
}

/* Room is asked for first: once it is encrypted a packet cannot wait, for the next one follows it. */
bool session_output(struct session *session, uint8_t *packet, size_t len)
{
	const uint8_t *frame;
	size_t frame_len, mss;
	ptrdiff_t in_front;

	if (session->gre->blocked)
		return false;
	mss = mss_find(packet, len, session->mtu);
	if (mss != 0)
		mss_lower(packet, mss, session->mtu);
	if (ppp_output(&session->link, packet, len, &frame, &frame_len) != PPP_OK)
		return true; /* counted there; the host's packet is lost, as IP may */
	/* No room after all: a packet that is as it was may wait, an encrypted one is lost, as IP may be. */
	in_front = packet - frame;
	if (!send_frame(session, packet - in_front, frame_len) && in_front < (ptrdiff_t)PPP_HEADROOM)
		return false;
	arm(session);
	return true;
}

bool session_send(struct session *session, const uint8_t *frame, size_t len)
{
	uint8_t buffer[PPTP_GRE_HEADER_MAX + PPTP_GRE_MTU + 8];

	if (session->gre->blocked)
		return false;
	if (len > sizeof buffer - PPTP_GRE_HEADER_MAX)
		return true; /* no peer takes it (RFC 2637 1.4) */
	memcpy(buffer + PPTP_GRE_HEADER_MAX, frame, len);
	if (!send_frame(session, buffer + PPTP_GRE_HEADER_MAX, len))
		return false;
	arm(session);
	return true;
}

static void send_ack(struct session *session)
{
	uint8_t packet[PPTP_GRE_ACK_OCTETS];
	pptp_ssize len = pptp_gre_ack(session->channel, packet, sizeof packet, now_of(session));

	if (len > 0)
		(void)gre_socket_send(session->gre, &session->path, packet,
		                      (size_t)len); /* the next one will do */
}

/* ---- in ------------------------------------------------------------------------------------------------ */

static void take_frame(struct session *session, const pptp_gre_frame *got)
{
	if (got->verdict != PPTP_GRE_DELIVER)
		return;
	if (session->frame != NULL)
		session->frame(session->user, got->frame, got->len);
	else
		(void)ppp_input(&session->link, got->frame, got->len, now_of(session));
}

static void tell(struct session *session, uint32_t events)
{
	if ((events & PPTP_GRE_EV_NO_INBOUND) != 0 && !session->diagnosed) {
		session->diagnosed = true;
		log_line("call %u is up, but nothing comes through GRE: a firewall or NAT router on the path "
		         "drops IP protocol 47",
		         session->call_id);
	}
	if ((events & PPTP_GRE_EV_RESYNC) != 0)
		log_line("call %u: the peer's packet numbers began anew", session->call_id);
}

/* The channel took a datagram, or the time. */
static void after_driver(struct session *session)
{
	pptp_gre_frame got;

	while (pptp_gre_next(session->channel, &got) == PPTP_OK)
		take_frame(session, &got);
	if (pptp_gre_deadline(session->channel) <= now_of(session))
		send_ack(session);
	tell(session, pptp_gre_events(session->channel));
	arm(session);
}

void session_datagram(void *user, const uint8_t *data, size_t len)
{
	struct session *session = user;
	pptp_gre_frame got;

	capture_gre(session->gre->capture, &session->path.peer, &session->path.local, data, len);
	if (pptp_gre_recv(session->channel, data, len, NULL, now_of(session), &got) != PPTP_OK)
		return;
	session->heard = true;
	take_frame(session, &got);
	after_driver(session);
}

static void on_receive(void *user, const uint8_t *packet, size_t len)
{
	struct session *session = user;
	uint8_t changed[PPP_MRU_DEFAULT];
	size_t mss = mss_find(packet, len, session->mtu);

	if (mss != 0 && len <= sizeof changed) { /* PPP's octets are not ours to change */
		memcpy(changed, packet, len);
		mss_lower(changed, mss, session->mtu);
		packet = changed;
	}
	session->packet(session->user, packet, len);
}

static void on_event(void *user, const ppp_event *event)
{
	struct session *session = user;

	if (event->type == PPP_EVENT_UP || event->type == PPP_EVENT_IPV6_UP)
		session->mtu = event->mtu;
	if (event->type == PPP_EVENT_DOWN)
		session->over = true;
	session->event(session->user, event);
}

static void on_trace(void *user, const ppp_trace *record)
{
	struct session *session = user;
	char line[512];

	if (!log_wants(LOG_DETAILS))
		return;
	ppp_trace_text(record, line, sizeof line);
	log_line("call %u %s", session->call_id, line);
}

/* ---- time ---------------------------------------------------------------------------------------------- */

static void expired(void *user)
{
	struct session *session = user;

	if (session->frame == NULL)
		(void)ppp_tick(&session->link, now_of(session));
	(void)pptp_gre_tick(session->channel, now_of(session));
	after_driver(session);
}

/* ---- life ---------------------------------------------------------------------------------------------- */

static bool open_link(struct session *session, const ppp_options *link_options)
{
	ppp_options options = *link_options;

	options.user = session;
	options.send = on_send;
	options.receive = on_receive;
	options.event = on_event;
	options.trace = on_trace;
	if (!seed_get(&options.seed))
		return false;
	if (ppp_init(&session->link, &options) == PPP_OK)
		return true;
	log_line("cannot set up PPP: the addresses of both ends are the same, or the MTU is out of range");
	return false;
}

bool session_open(struct session *session, struct loop *loop, struct gre_socket *gre,
                  const struct address *local, const struct address *peer, const pptp_gre_options *channel,
                  const ppp_options *link_options, const struct session_handler *handler, void *user)
{
	pptp_gre_options settings = *channel;
	pptp_err error;

	memset(session, 0, sizeof *session);
	session->loop = loop;
	session->gre = gre;
	session->packet = handler->packet;
	session->event = handler->event;
	session->frame = handler->frame;
	session->user = user;
	session->call_id = channel->local_call_id;
	gre_path_init(&session->path, local, peer);
	if (session->frame == NULL && !open_link(session, link_options))
		return false;
	settings.pool = gre->pool;
	settings.reorder_packets = REORDER_PACKETS;
	error = pptp_gre_new(&settings, NULL, NULL, &session->channel);
	if (error != PPTP_OK) {
		log_line("cannot set up the channel of a call: %s", pptp_err_text(error));
		return false;
	}
	if (loop_timer_add(loop, &session->timer, expired, session) &&
	    pptp_mux_bind(gre->mux, session->call_id, peer->octets, session) == PPTP_OK)
		return true;
	log_line("cannot register call %u", session->call_id);
	pptp_gre_free(session->channel);
	return false;
}

void session_start(struct session *session, const pptp_gre_options *channel)
{
	(void)pptp_gre_start(session->channel, channel->peer_call_id, channel->peer_recv_window,
	                     channel->peer_delay, now_of(session));
	if (session->frame == NULL)
		(void)ppp_lower_up(&session->link, now_of(session));
	arm(session);
}

bool session_close(struct session *session)
{
	if (session->frame != NULL || ppp_phase_now(&session->link) == PPP_PHASE_DEAD || session->over)
		return false;
	(void)ppp_close(&session->link, PPP_REASON_LOCAL, now_of(session));
	arm(session);
	return true;
}

void session_free(struct session *session)
{
	if (session->frame == NULL)
		(void)ppp_lower_down(&session->link, now_of(session));
	session_report(session);
	(void)pptp_mux_release(session->gre->mux, session->call_id);
	loop_timer_remove(session->loop, &session->timer);
	pptp_gre_free(session->channel);
}

void session_report(const struct session *session)
{
	if (!log_wants(LOG_DETAILS))
		return;
	for (uint32_t i = 0; i < PPTP_GRE_COUNTS; i++)
		if (pptp_gre_count(session->channel, i) != 0)
			log_line("call %u GRE %s: %lu", session->call_id, pptp_gre_count_name(i),
			         (unsigned long)pptp_gre_count(session->channel, i));
	for (unsigned i = 0; i < PPP_COUNTERS; i++)
		if (ppp_count(&session->link, (enum ppp_counter)i) != 0)
			log_line("call %u PPP %s: %llu", session->call_id,
			         ppp_counter_name((enum ppp_counter)i),
			         (unsigned long long)ppp_count(&session->link, (enum ppp_counter)i));
}
