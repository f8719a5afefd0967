/* relay: a session whose PPP is somebody else's: frames between its channel and a byte stream, with a pppd
 * behind it or whoever has started us. */
#ifndef RELAY_H
#define RELAY_H

#include "pppd.h"
#include "session.h"
#include "stream.h"

#define RELAY_ARGUMENTS_MAX 16 /* of the user's */

/** How pppd is started. */
struct relay_pppd {
	const char *path;
	const char *options_file; /* NULL: none */
	const char *arguments[RELAY_ARGUMENTS_MAX];
	unsigned argument_count;
};

/** "pppd", with nothing. */
struct relay_pppd relay_pppd_default(void);

/** One argument more. @return false, logged: too many */
bool relay_add_argument(struct relay_pppd *how, const char *argument);

/** A file of options; whether it can be read is seen now. @return false, logged */
bool relay_set_options_file(struct relay_pppd *how, const char *option, const char *file);

struct relay {
	struct session *session;
	struct stream *stream;                     /* NULL: not started, as all of it */
	struct pppd *pppd;                         /* NULL: none of ours */
	void (*over)(void *user, const char *why); /* NULL why: in order */
	void *user;
};

/** The call is up: start a pppd for it.
 *  @param departures  where it goes when the call ends
 *  @param first  NULL-terminated, in front of the user's arguments: addresses and the like
 *  @param over   pppd has ended: clear the call
 *  @return false, logged */
bool relay_start_pppd(struct relay *relay, struct session *session, struct pppd_departures *departures,
                      const struct relay_pppd *how, const char *const first[],
                      void (*over)(void *user, const char *why), void *user);

/** The same with descriptors that are there; they remain the caller's.
 *  @param sync  without HDLC between the frames */
bool relay_start(struct relay *relay, struct session *session, int in, int out, bool sync,
                 void (*over)(void *user, const char *why), void *user);

/** Ask pppd to end. @return whether `over` follows */
bool relay_stop(struct relay *relay);

/** The GRE socket takes packets again. */
void relay_resume(struct relay *relay);

/** End and free everything; harmless when it was not started. */
void relay_free(struct relay *relay);

/** A frame from the channel: a session's handler calls this. */
void relay_frame(struct relay *relay, const uint8_t *frame, size_t len);

#endif
