/* sim_host: hosts boot with settings and manners of their own, open TCP connections to each other, and boot
 * again some hours later as somebody else. */
#include "sim_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONE_OCTETS 64u
enum { ZONE_FILL = 0xEE, FREE_FILL = 0xDD };

pptp_usec sim_host_now(const sim_host *h)
{
	return h->clock + h->world->s.now;
}

const char *sim_side_name(const sim_side *d)
{
	static char name[64];
	snprintf(name, sizeof name, "link %u.%u end %u (host %u)", (unsigned)d->link->index,
	         (unsigned)d->link->generation, (unsigned)d->which, d->host ? (unsigned)d->host->index : 0);
	return name;
}

/* ---- memory ------------------------------------------------------------------------------------ */

static void memory_new(sim_host *h, sim_memory *m)
{
	m->size = pptp_conn_size(h->config);
	m->zone = sim_alloc(m->size + 2 * ZONE_OCTETS);
	m->octets = m->zone + ZONE_OCTETS;
	memset(m->zone, ZONE_FILL, m->size + 2 * ZONE_OCTETS);
	memset(m->octets, FREE_FILL, m->size);
	m->used = 0;
}

static int filled(const uint8_t *octets, size_t len, uint8_t with)
{
	while (len > 0 && octets[len - 1] == with)
		len--;
	return len == 0;
}

void sim_check_zones(sim_world *w, const sim_memory *m)
{
	SIM_CHECK(&w->s, filled(m->zone, ZONE_OCTETS, ZONE_FILL));
	SIM_CHECK(&w->s, filled(m->octets + m->size, ZONE_OCTETS, ZONE_FILL));
}

/* Memory that the library gave back is written by nobody, and need not be zero for the next connection. */
sim_memory *sim_host_memory(sim_host *h)
{
	uint32_t i;
	for (i = 0; i < HOST_SLOTS; i++) {
		sim_memory *m = &h->memory[i];
		if (m->used)
			continue;
		sim_check_zones(h->world, m);
		SIM_CHECK(&h->world->s, filled(m->octets, m->size, FREE_FILL));
		m->used = 1;
		if (sim_one_in(&h->world->s, 4))
			memset(m->octets, (int)sim_below(&h->world->s, 256), m->size);
		return m;
	}
	return NULL;
}

void sim_side_release(sim_side *d)
{
	d->conn = NULL;
	if (!d->memory)
		return;
	sim_check_zones(d->link->world, d->memory);
	memset(d->memory->octets, FREE_FILL, d->memory->size);
	d->memory->used = 0;
	d->memory = NULL;
}

/* ---- settings ------------------------------------------------------------------------------------ */

static uint64_t timer(sim *s, uint64_t longest_s)
{
	return sim_one_in(s, 40) ? 0 : sim_between(s, 5 * SIM_SECOND, longest_s * SIM_SECOND);
}

static uint32_t max_calls(sim *s)
{
	switch (sim_below(s, 8)) {
	case 0:
		return sim_below(s, 2);
	case 1:
	case 2:
		return 1;
	case 3:
		return (uint32_t)sim_between(s, 9, 60);
	default:
		return (uint32_t)sim_between(s, 2, 8);
	}
}

static uint32_t tolerate(sim *s)
{
	switch (sim_below(s, 5)) {
	case 0:
		return 0;
	case 1:
		return sim_random(s);
	default:
		return PPTP_TOLERATE_ALL;
	}
}

static void settings(sim *s, pptp_config_options *o)
{
	SIM_CHECK(s, pptp_config_options_init(o, sizeof *o) == PPTP_OK);
	o->tolerate = tolerate(s);
	if (sim_one_in(s, 10)) /* a version to come, that knows this one or not */
		o->protocol_version = PPTP_PROTOCOL_VERSION + 1;
	if (sim_one_in(s, 2))
		o->oldest_version = PPTP_PROTOCOL_VERSION;
	o->max_calls = max_calls(s);
	o->tx_octets = 440 + (sim_one_in(s, 2) ? 0 : sim_below(s, 4096));
	o->take_calls = sim_one_in(s, 2) ? 3 : (uint16_t)sim_below(s, 4);
	o->max_offered = sim_one_in(s, 3) ? (uint16_t)sim_below(s, 4) : 0;
	o->line_statistics = (uint16_t)sim_below(s, 2);
	o->maximum_channels = (uint16_t)sim_random(s);
	o->start_timeout_us = sim_between(s, 5 * SIM_SECOND, 60 * SIM_SECOND);
	o->idle_timeout_us = timer(s, 60);
	o->echo_timeout_us = timer(s, 60);
	o->stop_timeout_us = timer(s, 60);
	o->dial_timeout_us = timer(s, 120);
	o->answer_timeout_us = timer(s, 120);
	o->clear_timeout_us = timer(s, 60);
	o->offer_timeout_us = timer(s, 60);
	o->connect_timeout_us = timer(s, 60);
	o->wan_error_interval_us = timer(s, 60);
	sim_fill(s, o->host_name, sizeof o->host_name);
}

static void manners(sim *s, sim_manner *m)
{
	m->act_us = (uint32_t)sim_between(s, SIM_SECOND, 12 * SIM_SECOND);
	m->life_us = (uint32_t)sim_between(s, 60 * SIM_SECOND, 1200 * SIM_SECOND);
	m->modes = sim_below(s, 17);
	m->lazy = sim_one_in(s, 2) ? 0 : (uint32_t)sim_between(s, 2, 20);
	m->ask = m->one_per_peer = (uint8_t)sim_one_in(s, 2);
	if (!m->ask)
		m->ask = (uint8_t)sim_one_in(s, 4);
	m->own_ids = (uint8_t)sim_one_in(s, 3);
	m->now = (uint8_t)sim_between(s, 4, 14);
	m->later = (uint8_t)sim_below(s, 16u - m->now);
	m->reject = (uint8_t)sim_below(s, 16u - m->now - m->later);
}

/* ---- hosts: boot and crash ------------------------------------------------------------------------- */

static void connect_now(void *object, uint32_t generation, uint64_t value);

static void connect_later(sim_host *h)
{
	uint64_t mean = (h->hostile ? 40 : 60) * SIM_SECOND;
	sim_after(&h->world->s, sim_between(&h->world->s, 0, 2 * mean), connect_now, h, h->generation, 0);
}

static void boot_mux(sim_host *h)
{
	sim *s = &h->world->s;
	size_t size = pptp_mux_size(1024);
	void *mem = sim_alloc(size);
	SIM_CHECK(s, pptp_mux_init(mem, size, 1024, sim_random(s), &h->mux) == PPTP_OK);
}

static void boot(void *object, uint32_t generation, uint64_t value)
{
	sim_host *h = object;
	sim *s = &h->world->s;
	uint32_t i;
	(void)value;
	if (generation != h->generation)
		return;
	settings(s, &h->options);
	manners(s, &h->manner);
	h->clock = sim_one_in(s, 4) ? 0 : sim_between(s, 0, UINT64_MAX / 2);
	h->config_memory = sim_alloc(pptp_config_size());
	SIM_CHECK(s,
	          pptp_config_init(h->config_memory, pptp_config_size(), &h->options, &h->config) == PPTP_OK);
	if (h->manner.own_ids)
		boot_mux(h);
	for (i = 0; i < HOST_SLOTS; i++)
		memory_new(h, &h->memory[i]);
	h->frozen = 0;
	sim_log(s, "host %u boots: tolerate 0x%x, %u calls, modes %u", (unsigned)h->index,
	        (unsigned)h->options.tolerate, (unsigned)h->options.max_calls, (unsigned)h->manner.modes);
	connect_later(h);
}

static void shut(sim_host *h)
{
	uint32_t i;
	for (i = 0; i < HOST_SLOTS; i++) {
		SIM_CHECK(&h->world->s, !h->memory[i].used);
		free(h->memory[i].zone);
		h->memory[i].zone = NULL;
	}
	pptp_mux_free(h->mux);
	free(h->mux);
	h->mux = NULL;
	pptp_config_free(h->config);
	free(h->config_memory);
	h->config = NULL;
	h->config_memory = NULL;
}

static void crash_side(sim_host *h, sim_side *d)
{
	sim *s = &h->world->s;
	if (d->kind == SIDE_NONE || d->host != h)
		return;
	if (sim_one_in(s, 2)) { /* the wire is pulled first */
		sim_tcp_stall(&d->link->tcp, d->which, SIM_NEVER);
		d->link->clean = 0;
	}
	if (d->conn)
		sim_side_free(d);
	else
		sim_side_leave(d, 1);
}

void sim_host_crash(sim_host *h)
{
	uint32_t i;
	sim_log(&h->world->s, "host %u crashes", (unsigned)h->index);
	for (i = 0; i < WORLD_LINKS; i++) {
		crash_side(h, &h->world->links[i].side[0]);
		crash_side(h, &h->world->links[i].side[1]);
	}
	h->generation++;
	h->frozen = 1;
	if (h->hostile) {
		h->frozen = 0;
		connect_later(h);
		return;
	}
	shut(h);
	sim_after(&h->world->s, sim_between(&h->world->s, 0, 20 * SIM_SECOND), boot, h, h->generation, 0);
}

void sim_host_wake(sim_host *h)
{
	uint32_t i, end;
	h->frozen = 0;
	for (i = 0; i < WORLD_LINKS; i++) {
		for (end = 0; end < 2; end++) {
			sim_side *d = &h->world->links[i].side[end];
			if (d->kind == SIDE_CONN && d->host == h)
				sim_side_work(d);
		}
	}
}

/* ---- links ----------------------------------------------------------------------------------------- */

static void link_release(sim_link *l)
{
	if (!l->used || l->accept_waits || l->side[0].kind != SIDE_NONE || l->side[1].kind != SIDE_NONE)
		return;
	l->used = 0;
	l->generation++;
}

void sim_side_leave(sim_side *d, int reset)
{
	if (reset)
		sim_tcp_reset(&d->link->tcp, d->which);
	else
		sim_tcp_close(&d->link->tcp, d->which);
	d->kind = SIDE_NONE;
	link_release(d->link);
}

static void ready(void *owner, uint32_t end)
{
	sim_link *l = owner;
	sim_side *d = &l->side[end];
	if (d->kind == SIDE_CONN)
		sim_side_work(d);
	else if (d->kind == SIDE_HOSTILE)
		sim_hostile_ready(d);
}

static int side_begin(sim_side *d, sim_host *h, uint32_t role)
{
	if (!h->hostile)
		return !h->frozen && sim_side_begin(d, h, role);
	sim_hostile_begin(d, h, role);
	return 1;
}

static void accept_tcp(void *object, uint32_t generation, uint64_t value)
{
	sim_link *l = object;
	sim_host *h = &l->world->hosts[value];
	if (generation != l->generation)
		return;
	l->accept_waits = 0;
	if (!side_begin(&l->side[1], h, PPTP_RECEIVER)) {
		l->clean = 0;
		l->world->meeting.clean &= !l->meeting;
		sim_tcp_reset(&l->tcp, 1);
	}
	link_release(l);
}

/* One in three networks is slow, small or cuts what it carries. */
static void weather(sim *s, sim_tcp_options *o, sim_link *l)
{
	memset(o, 0, sizeof *o);
	o->delay_us = sim_between(s, 100, 40 * SIM_MS);
	o->window = (uint32_t)sim_between(s, 1024, SIM_TCP_OCTETS);
	o->split = sim_below(s, 12);
	if (!sim_one_in(s, 3))
		return;
	l->clean = 0;
	o->delay_us = sim_between(s, 100, 400 * SIM_MS);
	o->jitter_us = sim_between(s, 0, 400 * SIM_MS);
	o->split = 1 + sim_below(s, 3);
	if (sim_one_in(s, 2))
		o->window = (uint32_t)sim_between(s, 1, 256);
}

static void link_reset(sim_link *l, sim_host *from, sim_host *to)
{
	uint32_t generation = l->generation + 1, index = l->index, tcp = l->tcp.generation;
	sim_world *w = l->world;
	memset(&l->side, 0, sizeof l->side);
	memset(&l->calls, 0, l->calls_len * sizeof l->calls[0]);
	l->calls_len = 0;
	l->used = l->accept_waits = l->trusted = l->clean = 1;
	l->meeting = 0;
	l->next_serial = (uint16_t)sim_random(&w->s);
	l->port = from->next_port++;
	l->generation = generation;
	l->index = index;
	l->tcp.generation = tcp;
	l->side[0].link = l->side[1].link = l;
	l->side[1].which = 1;
	l->side[1].host = to;
}

sim_link *sim_link_open(sim_world *w, sim_host *from, sim_host *to)
{
	sim_tcp_options o;
	sim_link *l = w->links;
	while (l < w->links + WORLD_LINKS && l->used)
		l++;
	if (l == w->links + WORLD_LINKS)
		return NULL;
	link_reset(l, from, to);
	weather(&w->s, &o, l);
	sim_tcp_open(&l->tcp, &w->s, &o, ready, l);
	if (from->hostile || to->hostile)
		l->trusted = l->clean = 0;
	if (!side_begin(&l->side[0], from, PPTP_ORIGINATOR)) {
		l->used = 0;
		return NULL;
	}
	sim_count(w, from->hostile || to->hostile ? N_HOSTILE_CONNECTIONS : N_CONNECTIONS, 1);
	sim_after(&w->s, o.delay_us, accept_tcp, l, l->generation, to->index);
	return l;
}

int sim_host_knows(const sim_host *h, const sim_host *peer)
{
	uint32_t i, end;
	for (i = 0; i < WORLD_LINKS; i++) {
		const sim_link *l = &h->world->links[i];
		for (end = 0; end < 2; end++)
			if (l->used && l->side[end].kind == SIDE_CONN && l->side[end].host == h &&
			    !l->side[end].down && l->side[!end].host == peer)
				return 1;
	}
	return 0;
}

static void connect_now(void *object, uint32_t generation, uint64_t value)
{
	sim_host *h = object, *peer;
	sim_world *w = h->world;
	(void)value;
	if (generation != h->generation)
		return;
	peer = &w->hosts[sim_below(&w->s, w->hosts_len)];
	if (!h->frozen && (!h->hostile || !peer->hostile) &&
	    !(h->manner.one_per_peer && sim_host_knows(h, peer)))
		(void)sim_link_open(w, h, peer);
	connect_later(h);
}

/* ---- the world ------------------------------------------------------------------------------------- */

static void host_new(sim_world *w, uint32_t index)
{
	sim_host *h = &w->hosts[index];
	h->world = w;
	h->index = index;
	h->hostile = index >= w->hosts_len - w->hostile_len;
	h->next_port = (uint16_t)(1024 + sim_below(&w->s, 60000));
	h->address[0] = 10;
	h->address[3] = (uint8_t)sim_below(&w->s, 4); /* some stand behind one address */
	if (h->hostile) {
		connect_later(h);
		return;
	}
	h->frozen = 1;
	sim_after(&w->s, 0, boot, h, 0, 0);
}

sim_world *sim_world_new(uint64_t seed, uint32_t hosts)
{
	sim_world *w = sim_alloc(sizeof *w);
	uint32_t i;
	sim_init(&w->s, seed);
	w->hosts = sim_alloc(hosts * sizeof *w->hosts);
	w->hosts_len = hosts;
	w->hostile_len = hosts / 4;
	for (i = 0; i < WORLD_LINKS; i++) {
		w->links[i].world = w;
		w->links[i].index = i;
	}
	for (i = 0; i < hosts; i++)
		host_new(w, i);
	sim_fault_begin(w);
	sim_meet_begin(w);
	return w;
}

void sim_world_free(sim_world *w)
{
	uint32_t i;
	for (i = 0; i < w->hosts_len; i++) {
		sim_host_crash(&w->hosts[i]);
	}
	sim_free(&w->s);
	free(w->hosts);
	free(w);
}
