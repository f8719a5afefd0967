/* sim_hostile: a peer that holds to nothing. It starts well, as a rule, learns the Call IDs of its victim,
 * and then sends messages of every type with values it likes, broken ones, garbage, floods; it may not read,
 * or trickle. */
#include "sim_host.h"

#include <string.h>

enum { BURST_OCTETS = SIDE_IN_OCTETS };

/* ---- messages ------------------------------------------------------------------------------------ */

static void store16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static uint32_t load16(const uint8_t *at)
{
	return (uint32_t)(at[0] << 8 | at[1]);
}

static uint16_t some_id(sim_side *d)
{
	sim *s = sim_of(d);
	if (d->ids_len > 0 && !sim_one_in(s, 6))
		return d->ids[sim_below(s, d->ids_len)];
	return (uint16_t)(sim_one_in(s, 2) ? sim_below(s, 8) : sim_random(s));
}

/* Values that are legal more often than not: what is refused at once reaches nothing. */
static void plausible(sim_side *d, pptp_msg *m)
{
	sim *s = sim_of(d);
	uint32_t type = m->header.control_message_type;
	uint8_t *octets = (uint8_t *)m;
	switch (type) {
	case PPTP_SCCRQ:
	case PPTP_SCCRP:
		m->sccrq.protocol_version = PPTP_PROTOCOL_VERSION;
		if (type == PPTP_SCCRP)
			m->sccrp.result_code = PPTP_SCCRP_OK;
		break;
	case PPTP_OCRQ:
		m->ocrq.call_id = some_id(d);
		m->ocrq.maximum_bps = 1000;
		m->ocrq.bearer_type = m->ocrq.framing_type = 1 + sim_below(s, 3);
		break;
	case PPTP_ICRQ:
		m->icrq.call_id = some_id(d);
		m->icrq.call_bearer_type = 1 + sim_below(s, 2);
		break;
	case PPTP_OCRP:
	case PPTP_ICRP:
		m->ocrp.call_id = some_id(d);
		m->ocrp.peer_call_id = some_id(d);
		m->ocrp.result_code = (uint8_t)sim_below(s, 4);
		break;
	case PPTP_ECHORP:
		m->echorp.identifier = sim_below(s, 4);
		m->echorp.result_code = PPTP_ECHORP_OK;
		break;
	case PPTP_STOPCCRQ:
	case PPTP_STOPCCRP:
	case PPTP_ECHORQ:
		octets[PPTP_HEADER_OCTETS] = (uint8_t)sim_below(s, 4);
		break;
	default: /* begin with an id */
		m->ccrq.call_id = some_id(d);
		sim_fill(s, octets + 16, m->header.length > 24 ? 8 : 0);
		break;
	}
}

static uint32_t some_type(sim *s)
{
	uint32_t type = 1 + sim_below(s, PPTP_SLI);
	if ((type == PPTP_STOPCCRQ || type == PPTP_STOPCCRP) && !sim_one_in(s, 10))
		return PPTP_OCRQ;
	return type;
}

/* One way of many to break a message. Returns its octets. */
static size_t break_it(sim *s, uint8_t *octets, size_t len)
{
	switch (sim_below(s, 8)) {
	case 0:
		store16(octets, sim_random(s)); /* Length */
		return len;
	case 1:
		store16(octets + 2, sim_below(s, 4)); /* PPTP Message Type */
		return len;
	case 2:
		store16(octets + 8, sim_below(s, 40)); /* Control Message Type */
		return len;
	case 3:
		return sim_below(s, (uint32_t)len);
	case 4: /* a tail that the Length counts */
		sim_fill(s, octets + len, 20);
		store16(octets, (uint32_t)len + 20);
		return len + 20;
	case 5:
		store16(octets + 10, sim_random(s)); /* reserved0 */
		return len;
	case 6:
		sim_fill(s, octets, len);
		return len;
	default:
		sim_flip(s, octets, len);
		return len;
	}
}

/* Octets go whole or not at all, so that what follows them is understood: the rest of what TCP took in part
 * waits in the buffer that other sides read into, and while it does nothing else goes. */
static void write_tcp(sim_side *d, const uint8_t *octets, size_t len)
{
	ptrdiff_t n = 0;
	if (d->in_len > 0)
		n = sim_tcp_write(&d->link->tcp, d->which, d->in, d->in_len);
	if (n > 0) {
		d->in_len -= (size_t)n;
		memmove(d->in, d->in + n, d->in_len);
	}
	if (d->in_len > 0 || len == 0)
		return;
	n = sim_tcp_write(&d->link->tcp, d->which, octets, len);
	d->in_len = n > 0 ? len - (size_t)n : 0;
	memcpy(d->in, octets + len - d->in_len, d->in_len);
}

static void send_message(sim_side *d, uint32_t type, int broken)
{
	uint8_t octets[PPTP_MSG_MAX_OCTETS + 32];
	sim_world *w = d->link->world;
	pptp_msg m;
	size_t len;
	SIM_CHECK(&w->s, pptp_msg_init(&m, type) == PPTP_OK);
	plausible(d, &m);
	len = (size_t)pptp_msg_encode(&m, octets, sizeof octets);
	if (broken) {
		len = break_it(&w->s, octets, len);
		sim_count(w, N_HOSTILE_BROKEN, 1);
	}
	sim_count(w, N_HOSTILE_MESSAGES, 1);
	write_tcp(d, octets, len);
}

/* ---- behaviour --------------------------------------------------------------------------------------- */

static void garbage(sim_side *d)
{
	uint8_t octets[BURST_OCTETS];
	size_t len = 1 + sim_below(sim_of(d), BURST_OCTETS);
	sim_fill(sim_of(d), octets, len);
	write_tcp(d, octets, len);
}

static void flood(sim_side *d)
{
	sim *s = sim_of(d);
	static const uint8_t answered[] = {PPTP_OCRQ, PPTP_ICRQ, PPTP_ECHORQ, PPTP_SCCRQ};
	uint32_t n = 1 + sim_below(s, 100), type = some_type(s);
	if (d->deaf)
		type = answered[sim_below(s, 4)];
	while (n-- > 0)
		send_message(d, type, 0);
}

static void act(void *object, uint32_t generation, uint64_t value)
{
	sim_side *d = object;
	sim *s = sim_of(d);
	uint32_t dice = sim_below(s, 100), type = some_type(s);
	(void)value;
	if (generation != d->link->generation || d->kind != SIDE_HOSTILE)
		return;
	if (dice < 2) {
		sim_side_leave(d, sim_one_in(s, 2));
		return;
	}
	if (dice < 4)
		garbage(d);
	else if (dice < 8 || (d->deaf && dice < 90))
		flood(d);
	else
		send_message(d, type, sim_one_in(s, 12));
	if (sim_one_in(s, 30))
		d->deaf = !d->deaf;
	if (!d->deaf)
		sim_hostile_ready(d);
	sim_after(s, sim_between(s, 0, (d->deaf ? 1 : 4) * SIM_SECOND), act, d, generation, 0);
}

void sim_hostile_begin(sim_side *d, sim_host *h, uint32_t role)
{
	sim *s = sim_of(d);
	d->host = h;
	d->kind = SIDE_HOSTILE;
	d->role = (uint8_t)role;
	if (!sim_one_in(s, 10))
		send_message(d, role == PPTP_ORIGINATOR ? PPTP_SCCRQ : PPTP_SCCRP, 0);
	sim_after(s, sim_between(s, 0, 4 * SIM_SECOND), act, d, d->link->generation, 0);
}

/* Remember the ids in what the victim says, wherever messages have them. */
static void learn(sim_side *d, const uint8_t *octets, size_t len)
{
	size_t at;
	for (at = 0; at + 16 <= len; at++) {
		uint32_t type = load16(octets + at + 8);
		if (load16(octets + at + 2) != PPTP_MSG_CONTROL || load16(octets + at + 4) != 0x1A2Bu ||
		    type < PPTP_OCRQ)
			continue;
		if (d->ids_len < 8)
			d->ids_len++;
		d->ids[sim_below(sim_of(d), d->ids_len)] = (uint16_t)load16(octets + at + 12);
		if (type == PPTP_OCRP || type == PPTP_ICRP)
			d->ids[sim_below(sim_of(d), d->ids_len)] = (uint16_t)load16(octets + at + 14);
	}
}

void sim_hostile_ready(sim_side *d)
{
	uint8_t octets[SIM_TCP_OCTETS];
	ptrdiff_t n;
	write_tcp(d, NULL, 0);
	if (d->deaf)
		return;
	while ((n = sim_tcp_read(&d->link->tcp, d->which, octets, sizeof octets)) > 0)
		learn(d, octets, (size_t)n);
	if (n == SIM_END || n == SIM_BROKEN)
		sim_side_leave(d, 0);
}
