#include "control.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "report.h"
#include "seed.h"

#define TUNNEL_MTU_MIN 576u /* the least that every IPv4 host takes (RFC 791 3.1); beyond it fragments */

/* ---- what the connection asks for --------------------------------------------------------------------- */

static void capture(struct control *control, bool sent, const uint8_t *data, size_t len)
{
	struct capture_end local = {&control->local, control->local_port};
	struct capture_end peer = {&control->peer, control->peer_port};

	capture_control(control->capture, &control->captured, sent, local, peer, data, len);
}

static pptp_ssize on_send(void *user, const uint8_t *data, size_t len)
{
	struct control *control = user;
	ssize_t n = send(control->io.fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n >= 0) {
		capture(control, true, data, (size_t)n);
		return n;
	}
	if (errno == EAGAIN || errno == EINTR)
		return PPTP_ERR_AGAIN;
	return PPTP_ERR_SEND;
}

static void on_event(void *user, pptp_conn *conn, const pptp_event *event)
{
	struct control *control = user;

	(void)conn;
	control->event(control->user, event);
}

static void on_trace(void *user, uint32_t sent, const uint8_t *msg, size_t len)
{
	struct control *control = user;

	if (log_wants(LOG_MESSAGES))
		report_message(control->name, sent, msg, len);
}

static const pptp_conn_callbacks callbacks = {
        .size = sizeof callbacks, .send = on_send, .event = on_event, .trace = on_trace};

/* ---- the loop ---------------------------------------------------------------------------------------------
 */

/* What follows every driver. `over` is the last thing done: it may free the control. */
static void settle(struct control *control)
{
	uint32_t want = pptp_conn_want(control->conn);
	uint32_t events = 0;

	if (want & PPTP_FINISHED) {
		control->over(control->user);
		return;
	}
	if ((want & PPTP_CAN_RECV) && control->kept == 0)
		events |= EPOLLIN;
	if (want & PPTP_WANT_SEND)
		events |= EPOLLOUT;
	loop_watch(control->loop, &control->io, events);
	loop_timer_at(control->loop, &control->timer, pptp_conn_deadline(control->conn));
}

/* Give the connection what was read; keep what it cannot take before its replies have left. */
static void feed(struct control *control)
{
	pptp_ssize used = pptp_conn_recv(control->conn, control->input, control->kept, control->loop->now);

	if (used < 0) { /* the connection is over; its event said why */
		control->kept = 0;
		return;
	}
	control->kept -= (size_t)used;
	memmove(control->input, control->input + used, control->kept);
}

static void receive(struct control *control)
{
	ssize_t n = recv(control->io.fd, control->input, sizeof control->input, MSG_DONTWAIT);

	if (n > 0) {
		control->kept = (size_t)n;
		capture(control, false, control->input, control->kept);
		feed(control);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		(void)pptp_conn_eof(control->conn, control->loop->now);
	}
}

static void ready(void *user, uint32_t events)
{
	struct control *control = user;

	if (events & EPOLLOUT)
		(void)pptp_conn_flush(control->conn, control->loop->now);
	if (control->kept > 0)
		feed(control);
	if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && control->kept == 0)
		receive(control);
	settle(control);
}

static void expired(void *user)
{
	struct control *control = user;

	(void)pptp_conn_tick(control->conn, control->loop->now);
	if (control->kept > 0) /* what left just now may have made room */
		feed(control);
	settle(control);
}

/* A tick is never too early, and does all that a flush does. */
void control_wake(struct control *control)
{
	loop_timer_at(control->loop, &control->timer, control->loop->now);
}

/* ---- beginning and end --------------------------------------------------------------------------------- */

static void learn_addresses(struct control *control)
{
	struct sockaddr_storage name = {0};
	socklen_t len = sizeof name;

	if (getsockname(control->io.fd, (struct sockaddr *)&name, &len) == 0) {
		control->local = address_from_socket(&name);
		address_complete(&control->local);
		control->local_port = address_port(&name);
	}
	len = sizeof name;
	if (getpeername(control->io.fd, (struct sockaddr *)&name, &len) == 0) {
		control->peer = address_from_socket(&name);
		control->peer_port = address_port(&name);
	}
	address_text(&control->peer, control->name);
}

static bool make_conn(struct control *control, const pptp_config *config, uint32_t role)
{
	pptp_conn_options options;
	pptp_err error = pptp_conn_options_init(&options, sizeof options);

	options.role = role;
	options.flags = role == PPTP_RECEIVER ? PPTP_CONN_ASK : 0;
	options.callbacks = &callbacks;
	options.user = control;
	if (!seed_get(&options.seed))
		return false;
	if (error == PPTP_OK)
		error = pptp_conn_new(config, &options, control->loop->now, &control->conn);
	if (error != PPTP_OK)
		log_line("cannot begin a control connection: %s", pptp_err_text(error));
	return error == PPTP_OK;
}

bool control_open(struct control *control, struct loop *loop, int fd, const pptp_config *config,
                  uint32_t role, const struct control_handler *handler, void *user)
{
	int on = 1;

	memset(control, 0, sizeof *control);
	control->loop = loop;
	control->event = handler->event;
	control->over = handler->over;
	control->user = user;
	control->io =
	        (struct loop_io){.fd = fd, .events = EPOLLIN | EPOLLOUT, .ready = ready, .user = control};
	/* One message a segment: NAT helpers understand nothing else. */
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
		log_errno("cannot set TCP_NODELAY");
	learn_addresses(control);
	if (!make_conn(control, config, role))
		goto close_descriptor;
	if (!loop_timer_add(loop, &control->timer, expired, control))
		goto free_conn;
	if (!loop_add(loop, &control->io))
		goto remove_timer;
	return true;

remove_timer:
	loop_timer_remove(loop, &control->timer);
free_conn:
	pptp_conn_free(control->conn);
close_descriptor:
	close(fd);
	return false;
}

unsigned control_tunnel_mtu(const struct control *control, uint32_t flags, unsigned most)
{
	bool ipv6 = !address_is_ipv4(&control->peer);
	int path = 0;
	socklen_t len = sizeof path;
	uint32_t fits;

	/* A dual-stack socket knows the MTU of an IPv4 peer as IP_MTU only. */
	if (getsockopt(control->io.fd, ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, ipv6 ? IPV6_MTU : IP_MTU, &path,
	               &len) != 0 ||
	    path <= 0)
		return most;
	fits = pptp_gre_mtu((uint32_t)path, flags | (ipv6 ? PPTP_MTU_IPV6 : 0));
	if (fits < TUNNEL_MTU_MIN)
		fits = TUNNEL_MTU_MIN;
	return fits < most ? fits : most;
}

uint32_t control_state(const struct control *control)
{
	pptp_conn_info info;

	/* Fails for a connection that was freed, which a control's never is. */
	return pptp_conn_get_info(control->conn, &info, sizeof info) == PPTP_OK ? info.state
	                                                                        : PPTP_CONN_CLOSED;
}

void control_abort(struct control *control, pptp_err why)
{
	if (pptp_conn_abort(control->conn, why, control->loop->now) != PPTP_OK)
		return;
	(void)shutdown(control->io.fd, SHUT_RDWR); /* fails only when the peer was faster */
	control_wake(control);
}

void control_close(struct control *control)
{
	capture_control_end(control->capture, &control->captured,
	                    (struct capture_end){&control->local, control->local_port},
	                    (struct capture_end){&control->peer, control->peer_port});
	loop_remove(control->loop, &control->io);
	loop_timer_remove(control->loop, &control->timer);
	pptp_conn_free(control->conn);
	close(control->io.fd);
}
