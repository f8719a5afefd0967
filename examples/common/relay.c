#include "relay.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"
#include "wire.h"

struct relay_pppd relay_pppd_default(void)
{
	return (struct relay_pppd){.path = "pppd"};
}

bool relay_add_argument(struct relay_pppd *how, const char *argument)
{
	if (how->argument_count == RELAY_ARGUMENTS_MAX) {
		log_line("more than %d arguments for pppd: put them into a file (--pppd-options)",
		         RELAY_ARGUMENTS_MAX);
		return false;
	}
	how->arguments[how->argument_count++] = argument;
	return true;
}

bool relay_set_options_file(struct relay_pppd *how, const char *option, const char *file)
{
	how->options_file = file;
	if (access(file, R_OK) == 0)
		return true;
	log_errno("%s: cannot read %s", option, file);
	return false;
}

#define LCP               0xC021u
#define CONFIGURE_REQUEST 1u
#define OPTION_ACCM       2u
#define ACCM_ALL          0xFFFFFFFFu /* before anybody asks for another one (RFC 1662 7.1) */

/* The map that a Configure-Request of LCP asks for: its sender drops control octets of it that come
 * unescaped. */
static uint32_t asked_accm(const uint8_t *options, size_t len)
{
	wire_reader r = wire_read(options, len);

	while (r.left >= 2) {
		uint8_t type = wire_get8(&r), octets = wire_get8(&r);
		const uint8_t *value = octets >= 2 ? wire_take(&r, octets - 2u) : NULL;

		if (value == NULL)
			break;
		if (type == OPTION_ACCM && octets == 6)
			return wire_load32(value);
	}
	return ACCM_ALL;
}

/* What pppd negotiates with the peer, for itself, is what we have to escape for it: pppd asks for 0, and then
 * one octet in eight need not be escaped. LCP's own packets are escaped in any case. */
static void watch_accm(struct relay *relay, const uint8_t *frame, size_t len)
{
	size_t skip = pptp_hdlc_address_control(frame, len);

	if (len < skip + 6 || wire_load16(frame + skip) != LCP || frame[skip + 2] != CONFIGURE_REQUEST)
		return;
	stream_set_accm(relay->stream, asked_accm(frame + skip + 6, len - skip - 6));
}

static bool to_channel(void *user, const uint8_t *frame, size_t len)
{
	struct relay *relay = user;

	watch_accm(relay, frame, len);
	return session_send(relay->session, frame, len);
}

/* pppd closes its end when it ends; its exit tells more. */
static void stream_over(void *user)
{
	struct relay *relay = user;

	if (relay->pppd == NULL)
		relay->over(relay->user, NULL);
}

static const struct stream_handler handler = {.frame = to_channel, .closed = stream_over};

bool relay_start(struct relay *relay, struct session *session, int in, int out, bool sync,
                 void (*over)(void *user, const char *why), void *user)
{
	relay->session = session;
	relay->over = over;
	relay->user = user;
	relay->stream = malloc(sizeof *relay->stream);
	if (relay->stream == NULL)
		log_errno("cannot take a call");
	if (relay->stream != NULL &&
	    stream_open(relay->stream, session->loop, in, out, sync, &handler, relay))
		return true;
	free(relay->stream);
	relay->stream = NULL;
	return false;
}

static void pppd_over(void *user, int status)
{
	struct relay *relay = user;

	relay->over(relay->user, WIFEXITED(status) && WEXITSTATUS(status) == 0 ? NULL : pppd_reason(status));
}

/* Those that must be: it stays our child, and takes the pty for a line without modem. */
static void put_words(const struct relay_pppd *how, const char *const first[],
                      const char *ret[PPPD_WORDS_MAX + 1])
{
	unsigned count = 0;

	ret[count++] = "nodetach";
	ret[count++] = "local";
	for (; *first != NULL && count < PPPD_WORDS_MAX; first++)
		ret[count++] = *first;
	if (how->options_file != NULL && count + 2 <= PPPD_WORDS_MAX) {
		ret[count++] = "file";
		ret[count++] = how->options_file;
	}
	for (unsigned i = 0; i < how->argument_count && count < PPPD_WORDS_MAX; i++)
		ret[count++] = how->arguments[i];
	ret[count] = NULL;
}

bool relay_start_pppd(struct relay *relay, struct session *session, struct pppd_departures *departures,
                      const struct relay_pppd *how, const char *const first[],
                      void (*over)(void *user, const char *why), void *user)
{
	const char *words[PPPD_WORDS_MAX + 1];

	put_words(how, first, words);
	relay->pppd = pppd_start(departures, how->path, words, pppd_over, relay);
	if (relay->pppd == NULL)
		return false;
	if (relay_start(relay, session, relay->pppd->pty, relay->pppd->pty, false, over, user))
		return true;
	relay_free(relay);
	return false;
}

bool relay_stop(struct relay *relay)
{
	return relay->pppd != NULL && pppd_stop(relay->pppd);
}

void relay_resume(struct relay *relay)
{
	if (relay->stream != NULL)
		stream_resume(relay->stream);
}

void relay_free(struct relay *relay)
{
	if (relay->stream != NULL) {
		stream_report(relay->stream, relay->session->call_id);
		stream_close(relay->stream);
		free(relay->stream);
	}
	relay->stream = NULL;
	if (relay->pppd != NULL)
		pppd_free(relay->pppd);
	relay->pppd = NULL;
}

void relay_frame(struct relay *relay, const uint8_t *frame, size_t len)
{
	if (relay->stream != NULL)
		stream_send(relay->stream, frame, len);
}
