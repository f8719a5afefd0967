/* relayed: the client where PPP is not ours: a pppd that we start, or that has started us and speaks to us on
 * standard input and output (pppd's option pty), as with pptp-linux. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"

bool relayed(const struct client *client)
{
	return client->options.ppp != CLIENT_PPP_OURS;
}

/* ---- the session ------------------------------------------------------------------------------- */

static void frame_in(void *user, const uint8_t *frame, size_t len)
{
	struct client *client = user;

	relay_frame(&client->relay, frame, len);
}

static const struct session_handler session_handler = {.frame = frame_in};

static void over(void *user, const char *why)
{
	struct client *client = user;

	if (why != NULL && !client->stopping)
		log_line("pppd ended: %s", why);
	if (why != NULL)
		client_fail(client, EXIT_PPP);
	client_clear_call(client);
}

bool relayed_open(struct client *client)
{
	pptp_gre_options channel;

	(void)pptp_gre_options_init(&channel, sizeof channel);
	(void)pptp_call_channel(client->control->conn, client->call, &channel);
	channel.reorder_us = client->options.shared.reorder_ms * 1000;
	client->has_session =
	        session_open(&client->session, &client->loop, &client->gre, &client->control->local,
	                     &client->control->peer, &channel, NULL, &session_handler, client);
	return client->has_session;
}

void relayed_up(struct client *client)
{
	const struct client_options *o = &client->options;
	const char *const first[] = {"ipparam", o->server, NULL};
	bool good;

	if (o->ppp == CLIENT_PPP_PPPD)
		good = relay_start_pppd(&client->relay, &client->session, &client->departures,
		                        &o->shared.pppd, first, over, client);
	else
		good = relay_start(&client->relay, &client->session, client->stdio.in, client->stdio.out,
		                   o->sync, over, client);
	client->connected = good;
	if (good) {
		log_line("the call is up");
		return;
	}
	client_fail(client, EXIT_SETUP);
	client_stop(client);
}

/* ---- standard input and output ------------------------------------------------------------------------ */

/* With a terminal, pty or socket the first is both, which is how pppd and others start a program. */
static int output_of(int in)
{
	struct stat status;

	return isatty(in) || (fstat(in, &status) == 0 && S_ISSOCK(status.st_mode)) ? in : STDOUT_FILENO;
}

/* Every octet as it is. What it was comes back at the end: it is not ours, and neither is the flag, which
 * whoever started us may share. */
bool relayed_take_stdio(struct client *client)
{
	struct client_stdio *stdio = &client->stdio;
	struct termios raw;

	stdio->in = STDIN_FILENO;
	stdio->out = output_of(stdio->in);
	stdio->in_flags = fcntl(stdio->in, F_GETFL);
	stdio->out_flags = fcntl(stdio->out, F_GETFL);
	if (stdio->in_flags < 0 || stdio->out_flags < 0 ||
	    fcntl(stdio->in, F_SETFL, stdio->in_flags | O_NONBLOCK) != 0 ||
	    fcntl(stdio->out, F_SETFL, stdio->out_flags | O_NONBLOCK) != 0) {
		log_errno("--nolaunchpppd: cannot use standard input and output for PPP");
		return false;
	}
	stdio->taken = true;
	stdio->is_terminal = tcgetattr(stdio->in, &stdio->terminal) == 0;
	if (stdio->is_terminal) {
		raw = stdio->terminal;
		cfmakeraw(&raw);
		(void)tcsetattr(stdio->in, TCSANOW, &raw);
	}
	return true;
}

void relayed_give_stdio_back(struct client *client)
{
	const struct client_stdio *stdio = &client->stdio;

	if (!stdio->taken)
		return;
	if (stdio->is_terminal)
		(void)tcsetattr(stdio->in, TCSANOW, &stdio->terminal);
	(void)fcntl(stdio->in, F_SETFL, stdio->in_flags);
	(void)fcntl(stdio->out, F_SETFL, stdio->out_flags);
}
