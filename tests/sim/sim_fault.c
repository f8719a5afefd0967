/* sim_fault: what goes wrong in this world: streams stall, end or are reset behind any octet, or are never
 * heard of again; bits flip on the way; hosts sleep, and crash. */
#include "sim_host.h"

/* A bit flips in what a side of the library's sends. From then on its link proves nothing but survival. */
void sim_fault_write(sim_side *d, uint8_t *octets, size_t len)
{
	sim *s = sim_of(d);
	if (len == 0 || !sim_one_in(s, 4000))
		return;
	sim_flip(s, octets, len);
	d->link->trusted = d->link->clean = 0;
	sim_count(d->link->world, N_FLIPPED, 1);
	sim_log(s, "%s: a bit flips", sim_side_name(d));
}

static sim_link *any_link(sim_world *w)
{
	uint32_t i, at = sim_below(&w->s, WORLD_LINKS);
	for (i = 0; i < WORLD_LINKS; i++) {
		sim_link *l = &w->links[(at + i) % WORLD_LINKS];
		if (l->used)
			return l;
	}
	return NULL;
}

static void stall(sim_world *w, sim_link *l, uint32_t end)
{
	uint64_t longest = (sim_one_in(&w->s, 4) ? 200 : 5) * SIM_SECOND;
	sim_count(w, N_STALLS, 1);
	sim_tcp_stall(&l->tcp, end, w->s.now + sim_between(&w->s, 0, longest));
}

static void vanish(sim_world *w, sim_link *l)
{
	sim_count(w, N_VANISHED, 1);
	sim_tcp_stall(&l->tcp, 0, SIM_NEVER);
	sim_tcp_stall(&l->tcp, 1, SIM_NEVER);
}

static void link_fault(void *object, uint32_t generation, uint64_t value)
{
	sim_world *w = object;
	sim *s = &w->s;
	sim_link *l = any_link(w);
	uint32_t end = sim_below(s, 2), octets;
	(void)generation;
	(void)value;
	sim_after(s, sim_between(s, 0, 20 * SIM_SECOND), link_fault, w, 0, 0);
	if (!l)
		return;
	l->clean = 0;
	sim_log(s, "link %u.%u: a fault", (unsigned)l->index, (unsigned)l->generation);
	switch (sim_below(s, 6)) {
	case 0:
	case 1:
		octets = sim_below(s, 400);
		sim_count(w, N_CUTS, 1);
		sim_tcp_cut(&l->tcp, end, octets, sim_one_in(s, 2));
		break;
	case 2:
		vanish(w, l);
		break;
	default:
		stall(w, l, end);
		break;
	}
}

static void thaw(void *object, uint32_t generation, uint64_t value)
{
	sim_host *h = object;
	(void)value;
	if (generation == h->generation)
		sim_host_wake(h);
}

static void mark_links(sim_host *h)
{
	uint32_t i;
	for (i = 0; i < WORLD_LINKS; i++) {
		sim_link *l = &h->world->links[i];
		if (l->side[0].host == h || l->side[1].host == h)
			l->clean = 0;
	}
}

static void freeze(sim_world *w, sim_host *h)
{
	sim_count(w, N_FREEZES, 1);
	sim_log(&w->s, "host %u sleeps", (unsigned)h->index);
	mark_links(h);
	h->frozen = 1;
	sim_after(&w->s, sim_between(&w->s, 0, 30 * SIM_SECOND), thaw, h, h->generation, 0);
}

static void host_fault(void *object, uint32_t generation, uint64_t value)
{
	sim_world *w = object;
	sim *s = &w->s;
	sim_host *h = &w->hosts[sim_below(s, w->hosts_len)];
	(void)generation;
	(void)value;
	sim_after(s, sim_between(s, 0, 600 * SIM_SECOND), host_fault, w, 0, 0);
	if (h->frozen || h->hostile)
		return;
	if (sim_one_in(s, 4)) {
		sim_count(w, N_CRASHES, 1);
		mark_links(h);
		sim_host_crash(h);
	} else {
		freeze(w, h);
	}
}

void sim_fault_begin(sim_world *w)
{
	sim_after(&w->s, 0, link_fault, w, 0, 0);
	sim_after(&w->s, 600 * SIM_SECOND, host_fault, w, 0, 0);
}
