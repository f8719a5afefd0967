/* pap: the Password Authentication Protocol, RFC 1334. The password goes over the wire as it is. */
#include "auth.h"

#include "wipe.h"

enum { AUTHENTICATE_REQUEST = 1, AUTHENTICATE_ACK, AUTHENTICATE_NAK };

static int take_field(wire_reader *r, const uint8_t **ret, size_t *ret_len)
{
	*ret_len = wire_get8(r);
	*ret = wire_take(r, *ret_len);
	return *ret ? 0 : -1;
}

/* ---- we ask to be let in ----------------------------------------------------------------------------- */

/* RFC 1334 2.2.1: a new Identifier each time. */
void ppp_pap_request(ppp *link)
{
	const ppp_options *o = &link->options;
	wire_writer w = ppp_frame_begin(link, PPP_PROTOCOL_PAP, AUTHENTICATE_REQUEST, ++link->auth.own.id);

	wire_put8(&w, (uint8_t)o->name_len);
	wire_put_octets(&w, o->name, o->name_len);
	wire_put8(&w, (uint8_t)o->password_len);
	wire_put_octets(&w, o->password, o->password_len);
	ppp_auth_arm(link, &link->auth.own);
	ppp_frame_send(link, &w);
	wipe(w.start, w.used);
}

static enum ppp_counter verdict(ppp *link, const struct ppp_packet *packet)
{
	struct ppp_auth_side *own = &link->auth.own;
	wire_reader r = wire_read(packet->data, packet->data_len);
	const uint8_t *text = packet->data;
	size_t len = 0;

	if (own->method != PPP_AUTH_PAP)
		return PPP_DROP_NOT_AGREED;
	if (own->state != PPP_AUTH_WAITING || packet->id != own->id)
		return PPP_DROP_BAD_IDENTIFIER;
	if (packet->data_len > 0 && take_field(&r, &text, &len) < 0)
		return PPP_DROP_BAD_LENGTH;
	if (packet->code == AUTHENTICATE_ACK)
		ppp_auth_own_proven(link);
	else
		ppp_auth_own_refused(link, text, len);
	return PPP_COUNT_CONTROL_IN;
}

/* ---- the peer asks to be let in ---------------------------------------------------------------------- */

static void reply(ppp *link, uint8_t code, uint8_t id, const char *text)
{
	wire_writer w = ppp_frame_begin(link, PPP_PROTOCOL_PAP, code, id);

	wire_put8(&w, (uint8_t)strlen(text));
	wire_put_octets(&w, text, strlen(text));
	ppp_frame_send(link, &w);
}

/* Compares all of two fields, so that neither contents nor lengths show in the time. */
static int right(ppp *link, const uint8_t *name, size_t name_len, const uint8_t *password, size_t len)
{
	char secret[PPP_SECRET_MAX] = {0};
	uint8_t claimed[PPP_SECRET_MAX] = {0};
	int known = ppp_auth_keep_name(link, name, name_len) == 0 ? ppp_auth_secret(link, secret) : -1;
	int same;

	if (known >= 0) /* whatever the host left behind it */
		memset(secret + known, 0, sizeof secret - (size_t)known);
	memcpy(claimed, password, len);
	same = same_secret(claimed, (const uint8_t *)secret, sizeof claimed);
	wipe(secret, sizeof secret);
	wipe(claimed, sizeof claimed);
	return same & (known == (int)len);
}

/* RFC 1334 2.2.1: once the peer is in, every repetition gets the same answer, whatever is in it. */
static enum ppp_counter request(ppp *link, const struct ppp_packet *packet)
{
	struct ppp_auth_side *peer = &link->auth.peer;
	wire_reader r = wire_read(packet->data, packet->data_len);
	const uint8_t *name, *password;
	size_t name_len, len;

	if (peer->method != PPP_AUTH_PAP)
		return PPP_DROP_NOT_AGREED;
	if (take_field(&r, &name, &name_len) < 0 || take_field(&r, &password, &len) < 0)
		return PPP_DROP_BAD_LENGTH;
	if (peer->state == PPP_AUTH_DONE) {
		reply(link, AUTHENTICATE_ACK, packet->id, "");
		return PPP_COUNT_CONTROL_IN;
	}
	if (right(link, name, name_len, password, len)) {
		reply(link, AUTHENTICATE_ACK, packet->id, "");
		ppp_auth_peer_proven(link);
	} else {
		ppp_add(link, PPP_COUNT_AUTH_WRONG);
		reply(link, AUTHENTICATE_NAK, packet->id, "wrong user name or password");
		ppp_auth_peer_refused(link);
	}
	return PPP_COUNT_CONTROL_IN;
}

enum ppp_counter ppp_pap_input(ppp *link, const struct ppp_packet *packet)
{
	switch (packet->code) {
	case AUTHENTICATE_REQUEST:
		return request(link, packet);
	case AUTHENTICATE_ACK:
	case AUTHENTICATE_NAK:
		return verdict(link, packet);
	default:
		return PPP_DROP_UNKNOWN_CODE;
	}
}
