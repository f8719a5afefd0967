/* auth: what the files of authentication share (internal). The authenticator asks, the other end proves
 * itself; an end may be both, each in its own direction (RFC 1661 6.2). */
#ifndef PPP_AUTH_H
#define PPP_AUTH_H

#include "internal.h"

#define PPP_OPTION_AUTHENTICATION 3u /* of LCP, RFC 1661 6.2 */
#define PPP_AUTH_METHODS          (PPP_AUTH_PAP | PPP_AUTH_CHAP_MD5 | PPP_AUTH_MSCHAP1 | PPP_AUTH_MSCHAP2)
#define PPP_AUTH_MSCHAP           (PPP_AUTH_MSCHAP1 | PPP_AUTH_MSCHAP2)
#define PPP_AUTH_CHAP             (PPP_AUTH_MSCHAP | PPP_AUTH_CHAP_MD5)

enum ppp_auth_state {
	PPP_AUTH_IDLE,     /* LCP is not opened */
	PPP_AUTH_WAITING,  /* for the first verdict */
	PPP_AUTH_RETRYING, /* authenticator: a wrong answer was given, another one may come */
	PPP_AUTH_DONE      /* proven, or nothing to prove */
};

/* auth_option.c: the Authentication-Protocol option, for the rules of LCP */

enum ppp_verdict ppp_auth_judge(ppp_fsm *fsm, const uint8_t *value);
void ppp_auth_suggest(ppp_fsm *fsm, const uint8_t *value, wire_writer *nak);
int ppp_auth_wanted(const ppp_fsm *fsm);
void ppp_auth_accept(ppp_fsm *fsm, const uint8_t *value);
void ppp_auth_request(const ppp_fsm *fsm, wire_writer *request);
enum ppp_retry ppp_auth_naked(ppp_fsm *fsm, const uint8_t *value);
enum ppp_retry ppp_auth_rejected(ppp_fsm *fsm);
/** The strongest of some methods, 0 when there is none. */
uint8_t ppp_auth_strongest(uint8_t methods);
uint16_t ppp_auth_protocol(uint8_t method);
/** The method in an option's value of two octets or more; 0 for what we do not know, such as EAP. */
uint8_t ppp_auth_method(const uint8_t *value);

/* auth.c */

/** The timer of what is about to be sent: restart_first_us, doubling, max_configure times. */
void ppp_auth_arm(ppp *link, struct ppp_auth_side *side);
/** The whole phase may take auth_limit_us from now. */
void ppp_auth_arm_limit(ppp *link);
void ppp_auth_own_proven(ppp *link);
/** The peer refused us. The text is kept for the host. */
void ppp_auth_own_refused(ppp *link, const uint8_t *text, size_t len);
void ppp_auth_peer_proven(ppp *link);
void ppp_auth_peer_refused(ppp *link);
/** Keep the name that the peer claims; -1 when it is too long to be anybody's. */
int ppp_auth_keep_name(ppp *link, const uint8_t *name, size_t len);
/** The password of the name kept, into PPP_SECRET_MAX octets. Its length, or -1. */
int ppp_auth_secret(ppp *link, char *ret_password);

/* auth_message.c: a verdict's text, for the host and its user */

/** Octets from the peer as printable ASCII. */
void ppp_auth_keep_text(ppp *link, const uint8_t *text, size_t len);
/** The same of a Failure of MS-CHAP (RFC 2433 6, RFC 2759 6), its error code in words. */
void ppp_auth_keep_failure(ppp *link, const uint8_t *text, size_t len);

/* auth_keys.c */

struct ppp_chap_proof;
/** Keep what MPPE keys are made of, if this is MS-CHAP. */
void ppp_auth_keep_keys(ppp *link, int server, const struct ppp_chap_proof *proof, const uint8_t *value);

/* pap.c */

enum ppp_counter ppp_pap_input(ppp *link, const struct ppp_packet *packet);
/** Send an Authenticate-Request, for the first time or again. */
void ppp_pap_request(ppp *link);

/* chap.c: packets in, and what the values in them are */

enum ppp_chap_code { PPP_CHAP_CHALLENGE = 1, PPP_CHAP_RESPONSE, PPP_CHAP_SUCCESS, PPP_CHAP_FAILURE };

/* Where the parts of an MS-CHAP value lie (RFC 2433 5, RFC 2759 4). */
enum ppp_chap_value_offset { PPP_CHAP_NT_RESPONSE = 24, PPP_CHAP_FLAGS = 48 };

/* A Challenge or Response taken apart. Borrows the frame. */
struct ppp_chap_packet {
	uint8_t code, id;
	const uint8_t *value, *name;
	size_t value_len, name_len;
};

/* What a Response is computed from. */
struct ppp_chap_proof {
	uint8_t method, id;
	const char *password;
	size_t password_len;
	const uint8_t *name;
	size_t name_len;
	const uint8_t *challenge;
	size_t challenge_len;
};

enum ppp_counter ppp_chap_input(ppp *link, const struct ppp_packet *packet);
size_t ppp_chap_challenge_octets(uint8_t method);
size_t ppp_chap_response_octets(uint8_t method);
/** The value of a Response. MS-CHAPv2 takes a peer challenge of PPP_CHALLENGE_MAX octets, too.
 *  @return 0, or -1: the password cannot be hashed */
int ppp_chap_compute(const struct ppp_chap_proof *proof, const uint8_t *peer_challenge,
                     uint8_t ret[PPP_RESPONSE_MAX]);
/** What a Success of MS-CHAPv2 must begin with; zeros where the password cannot be hashed. */
void ppp_chap_success_text(const struct ppp_chap_proof *proof, const uint8_t *value, uint8_t ret[42]);

/* chap_server.c: the authenticator */

/** Send a Challenge, for the first time or again: a new one each time (RFC 1994 4.1). */
void ppp_chap_challenge(ppp *link);
enum ppp_counter ppp_chap_responded(ppp *link, const struct ppp_chap_packet *packet);

/* chap_client.c: who proves itself */

enum ppp_counter ppp_chap_challenged(ppp *link, const struct ppp_chap_packet *packet);
enum ppp_counter ppp_chap_verdict(ppp *link, const struct ppp_packet *packet);
/** Send the last Response once more. */
void ppp_chap_respond(ppp *link);

#endif
