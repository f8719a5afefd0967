/* contact: how client and server get a control connection. The client calls; with --listen it also takes a
 * call of the server's (RFC 2637 1.3.1: either side may open it), and of two that cross one goes on (3.1.3).
 */
#include "contact.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "collision.h"
#include "report.h"

#define PATIENCE_US ((uint64_t)3 * 1000000) /* with an address, where the server has another one */

static void over(struct contact *contact, int exit_code)
{
	contact->handler->over(contact->user, exit_code);
}

static void stop_listening(struct contact *contact)
{
	if (contact->listening)
		listener_close(&contact->listener);
	contact->listening = false;
}

static void stop_calling(struct contact *contact)
{
	connector_stop(&contact->connector);
	loop_timer_at(contact->loop, &contact->patience, PPTP_NEVER);
}

/* ---- what both connections have in common --------------------------------------------------- */

static void establish(struct contact *contact, struct control *control, const pptp_event *event)
{
	contact->established = control;
	stop_calling(contact);
	stop_listening(contact);
	contact->handler->event(contact->user, event);
}

static void closed(struct contact *contact, struct control *control)
{
	bool was_established = contact->established == control;

	control_close(control);
	if (was_established)
		contact->established = NULL;
	if (was_established || (contact->established == NULL && !contact->listening && !contact->has_ours &&
	                        !contact->has_theirs && !contact->connector.busy))
		over(contact, was_established ? EXIT_OK : EXIT_CONNECT);
}

/* ---- ours ----------------------------------------------------------------------------------- */

/* With "command channel already exists" a server says that it has called us, or is about to: its
 * connection may come behind this answer, or wait to be taken. */
static bool server_calls(const struct contact *contact, const pptp_event *event)
{
	return contact->listening && event->result_type == PPTP_SCCRP &&
	       event->result_code == PPTP_SCCRP_CHANNEL_EXISTS;
}

/* Its answer is the server's answer, unless the server asks for a connection itself. */
static void ours_failed(struct contact *contact, const pptp_event *event)
{
	bool waits = !contact->has_theirs && server_calls(contact, event);
	char text[REPORT_OCTETS];

	if (event->reason == PPTP_ERR_COLLISION)
		return;
	if (!contact->has_theirs && !waits) {
		stop_listening(contact);
		contact->handler->event(contact->user, event);
		return;
	}
	contact->refused = event->reason == PPTP_ERR_REFUSED;
	log_line("the connection that we opened ended%s: %s", waits ? ", waiting for the server's call" : "",
	         report_end(event, text));
	if (!waits && pptp_conn_accept(contact->theirs.conn, contact->loop->now) == PPTP_OK)
		control_wake(&contact->theirs);
}

static void ours_event(void *user, const pptp_event *event)
{
	struct contact *contact = user;

	if (event->type == PPTP_EV_UP)
		establish(contact, &contact->ours, event);
	else if (contact->established == &contact->ours)
		contact->handler->event(contact->user, event);
	else if (event->type == PPTP_EV_DOWN)
		ours_failed(contact, event);
}

static void ours_over(void *user)
{
	struct contact *contact = user;

	contact->has_ours = false;
	closed(contact, &contact->ours);
}

static const struct control_handler ours_handler = {.event = ours_event, .over = ours_over};

static const char *advice(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return ": no PPTP server runs there, or a firewall refuses";
	case ETIMEDOUT:
		return ": the host is down, or a firewall on the path drops TCP to that port";
	case EHOSTUNREACH:
	case ENETUNREACH:
		return ": the host is down, or the routes do not lead there";
	default:
		return "";
	}
}

static void call(struct contact *contact);

static bool has_more(const struct contact *contact)
{
	return contact->next + 1 < contact->server->count;
}

/* This address does not answer; on to the next, if there is one. */
static void unanswered(struct contact *contact, int error)
{
	const struct client_options *o = contact->options;
	char text[ADDRESS_TEXT_OCTETS];

	log_line("cannot connect to %s port %u%s: %s%s",
	         contact->server->count > 1 ? address_text(&contact->server->list[contact->next], text)
	                                    : o->server,
	         o->shared.port,
	         has_more(contact)    ? ", trying its next address"
	         : contact->listening ? ", waiting for its call"
	                              : "",
	         strerror(error), has_more(contact) ? "" : advice(error));
	if (has_more(contact)) {
		contact->next++;
		call(contact);
	} else if (!contact->listening) { /* a reset comes from a server that took the connection first */
		over(contact, error == ECONNRESET ? EXIT_LOST : EXIT_CONNECT);
	}
}

static void impatient(void *user)
{
	struct contact *contact = user;

	connector_stop(&contact->connector);
	unanswered(contact, ETIMEDOUT);
}

static void answered(void *user, int fd, int error)
{
	struct contact *contact = user;

	loop_timer_at(contact->loop, &contact->patience, PPTP_NEVER);
	if (fd < 0) {
		unanswered(contact, error);
		return;
	}
	if (!contact->handler->opened(contact->user, fd)) {
		close(fd);
		over(contact, EXIT_SETUP);
		return;
	}
	contact->has_ours = control_open(&contact->ours, contact->loop, fd, contact->config, PPTP_ORIGINATOR,
	                                 &ours_handler, contact);
	contact->ours.capture = contact->capture;
	if (!contact->has_ours)
		over(contact, EXIT_SETUP);
}

static void call(struct contact *contact)
{
	const struct client_options *o = contact->options;

	if (has_more(contact))
		loop_timer_at(contact->loop, &contact->patience, contact->loop->now + PATIENCE_US);
	if (!connector_start(&contact->connector, contact->loop, &contact->server->list[contact->next],
	                     o->shared.port, &o->bind, answered, contact))
		over(contact, EXIT_SETUP);
}

/* ---- theirs --------------------------------------------------------------------------------- */

static void theirs_event(void *user, const pptp_event *event)
{
	struct contact *contact = user;
	char text[REPORT_OCTETS];

	if (event->type == PPTP_EV_START_OFFERED)
		(void)collision_settle(contact->has_ours ? &contact->ours : NULL, &contact->theirs);
	else if (event->type == PPTP_EV_UP)
		establish(contact, &contact->theirs, event);
	else if (contact->established == &contact->theirs)
		contact->handler->event(contact->user, event);
	else if (event->type == PPTP_EV_DOWN)
		log_line("the connection that the server opened ended: %s", report_end(event, text));
}

static void theirs_over(void *user)
{
	struct contact *contact = user;

	contact->has_theirs = false;
	closed(contact, &contact->theirs);
}

static const struct control_handler theirs_handler = {.event = theirs_event, .over = theirs_over};

static void called(void *user, int fd, const struct address *peer)
{
	struct contact *contact = user;
	char text[ADDRESS_TEXT_OCTETS];

	if (!addresses_have(contact->server, peer) || contact->has_theirs) {
		if (log_allowed(&contact->strangers, contact->loop->now))
			log_line("turned a connection from %s away: %s", address_text(peer, text),
			         contact->has_theirs ? "one is enough" : "it is not the server");
		close(fd);
		return;
	}
	if (!contact->handler->opened(contact->user, fd)) {
		close(fd);
		over(contact, EXIT_SETUP);
		return;
	}
	contact->has_theirs = control_open(&contact->theirs, contact->loop, fd, contact->config,
	                                   PPTP_RECEIVER, &theirs_handler, contact);
	contact->theirs.capture = contact->capture;
	if (!contact->has_theirs)
		over(contact, EXIT_SETUP);
}

/* ---- beginning and end ---------------------------------------------------------------------- */

bool contact_open(struct contact *contact, const struct client_options *options,
                  const struct addresses *server, const pptp_config *config, struct loop *loop,
                  struct capture *capture, const struct contact_handler *handler, void *user)
{
	*contact = (struct contact){.options = options,
	                            .config = config,
	                            .loop = loop,
	                            .capture = capture,
	                            .handler = handler,
	                            .user = user,
	                            .server = server};
	if (!loop_timer_add(loop, &contact->patience, impatient, contact))
		return false;
	if (options->listen) {
		contact->listening = listener_open(&contact->listener, loop, &options->bind,
		                                   options->shared.port, called, contact);
		if (!contact->listening)
			return false;
	}
	call(contact);
	return true;
}

void contact_close(struct contact *contact)
{
	connector_stop(&contact->connector);
	loop_timer_remove(contact->loop, &contact->patience);
	stop_listening(contact);
	if (contact->has_ours)
		control_close(&contact->ours);
	if (contact->has_theirs)
		control_close(&contact->theirs);
	contact->has_ours = contact->has_theirs = false;
}
