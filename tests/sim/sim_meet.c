/* sim_meet: two hosts that open a connection to each other at once (RFC 2637 3.1.3). Exactly one of the two
 * must come up, and both hosts must agree which. */
#include "sim_host.h"

/* Our own connection to the host behind d, not answered yet. */
static sim_side *own_attempt(sim_side *d)
{
	sim_world *w = d->link->world;
	uint32_t i;
	for (i = 0; i < WORLD_LINKS; i++) {
		sim_side *own = &w->links[i].side[0];
		if (w->links[i].used && own->kind == SIDE_CONN && own->host == d->host && !own->up &&
		    !own->down && w->links[i].side[1].host == sim_other(d)->host)
			return own;
	}
	return NULL;
}

/* A start was offered: 0: no collision, 1: one that we win, -1: one that we have lost. */
int sim_meet_offered(sim_side *d)
{
	sim *s = sim_of(d);
	const sim_host *h = d->host, *peer = sim_other(d)->host;
	sim_side *own = h->manner.one_per_peer ? own_attempt(d) : NULL;
	int32_t verdict;
	if (!own || own->entered)
		return 0;
	verdict =
	        pptp_collision(h->address, peer->address, sizeof h->address, own->link->port, d->link->port);
	SIM_CHECK(s, verdict == -pptp_collision(peer->address, h->address, sizeof h->address, d->link->port,
	                                        own->link->port));
	sim_log(s, "%s: collides with link %u: %d", sim_side_name(d), (unsigned)own->link->index,
	        (int)verdict);
	if (verdict == 0)
		return 0;
	sim_count(d->link->world, N_COLLISIONS, 1);
	if (verdict > 0)
		return 1;
	sim_check_enter(own);
	sim_request_abort(own, PPTP_ERR_COLLISION);
	sim_side_work(own);
	return -1;
}

/* ---- meetings ------------------------------------------------------------------------------------ */

#define MEETING_ENDS_US (4 * SIM_SECOND) /* delays and laziness are far below, the timers above */

/* What may come between. */
static uint64_t faults(const sim_world *w)
{
	const uint64_t *n = w->counts;
	return n[N_STALLS] + n[N_CUTS] + n[N_VANISHED] + n[N_FLIPPED] + n[N_FREEZES] + n[N_CRASHES] +
	       n[N_FREES_INSIDE];
}

static int between(const sim_link *l, const sim_host *a, const sim_host *b)
{
	return l->used && ((l->side[0].host == a && l->side[1].host == b) ||
	                   (l->side[0].host == b && l->side[1].host == a));
}

static int is_up(const sim_side *d)
{
	return d->kind == SIDE_CONN && d->up && !d->down;
}

static void judge(sim_world *w)
{
	const sim_host *a = w->meeting.host[0], *b = w->meeting.host[1];
	uint32_t i, up = 0;
	if (w->meeting.faults != faults(w) || !w->meeting.clean)
		return;
	for (i = 0; i < WORLD_LINKS; i++) {
		const sim_link *l = &w->links[i];
		if (!between(l, a, b))
			continue;
		if (!l->meeting) /* one of them tried by chance, too */
			return;
		up += is_up(&l->side[0]) && is_up(&l->side[1]);
	}
	sim_count(w, N_MEETINGS, 1);
	SIM_CHECK(&w->s, up == 1);
}

static void open_one(sim_world *w, sim_host *from, sim_host *to)
{
	sim_link *l;
	if (from->frozen || sim_host_knows(from, to))
		return;
	l = sim_link_open(w, from, to);
	if (l)
		l->meeting = 1;
	if (!l || !l->clean)
		w->meeting.clean = 0;
}

static void meet(void *object, uint32_t generation, uint64_t value);

static void meet_later(sim_world *w)
{
	sim_after(&w->s, sim_between(&w->s, 0, 20 * SIM_SECOND), meet, w, 0, 0);
}

static void meet_back(void *object, uint32_t generation, uint64_t value)
{
	sim_world *w = object;
	(void)generation;
	(void)value;
	open_one(w, w->meeting.host[1], w->meeting.host[0]);
}

static void part(void *object, uint32_t generation, uint64_t value)
{
	sim_world *w = object;
	(void)generation;
	(void)value;
	judge(w);
	meet_later(w);
}

/* Two hosts that want one connection for each peer and are asked for it. */
static int find_two(sim_world *w, sim_host **ret)
{
	uint32_t i;
	for (i = 0; i < 2; i++) {
		ret[i] = &w->hosts[sim_below(&w->s, w->hosts_len)];
		if (ret[i]->hostile || ret[i]->frozen || !ret[i]->manner.one_per_peer)
			return 0;
	}
	if (ret[0]->next_port == ret[1]->next_port)
		ret[0]->next_port++;
	return ret[0] != ret[1] && ret[0]->options.protocol_version == ret[1]->options.protocol_version &&
	       !sim_host_knows(ret[0], ret[1]) && !sim_host_knows(ret[1], ret[0]);
}

static void meet(void *object, uint32_t generation, uint64_t value)
{
	sim_world *w = object;
	(void)generation;
	(void)value;
	if (!find_two(w, w->meeting.host)) {
		meet_later(w);
		return;
	}
	w->meeting.faults = faults(w);
	w->meeting.clean = 1;
	open_one(w, w->meeting.host[0], w->meeting.host[1]);
	sim_after(&w->s, sim_between(&w->s, 0, 60 * SIM_MS), meet_back, w, 0, 0);
	sim_after(&w->s, MEETING_ENDS_US, part, w, 0, 0);
}

void sim_meet_begin(sim_world *w)
{
	meet_later(w);
}
