/* sim_conn: hosts with control connections between them, for hours of their time: sim_conn [--seed N]
 * [--seeds N]
 * [--hours H] [--hosts N] [--verbose]. Ends with 0 when nothing was violated; else it says what was, and the
 * command that shows it again. Runs of one seed are alike on every machine. */
#include "sim_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[N_COUNTS] = {
        "connections",
        "with a hostile peer",
        "ends that came up",
        "calls dialled",
        "calls offered",
        "ends of calls that came up",
        "ends of calls down",
        "messages sent",
        "octets sent",
        "events",
        "ticks",
        "requests",
        "from callbacks",
        "misuses of drivers",
        "requests that found no room",
        "agreements checked",
        "meetings judged",
        "collisions",
        "sends that blocked",
        "sends taken in part",
        "faults: stalls",
        "faults: cuts",
        "faults: vanished peers",
        "faults: flipped bits",
        "faults: sleeps",
        "faults: crashes",
        "frees",
        "frees in callbacks",
        "hostile messages",
        "of them broken",
};

static void print(const char *name, uint64_t n)
{
	printf("  %-28s %12llu\n", name, (unsigned long long)n);
}

static void print_reasons(const char *title, const uint64_t *counts)
{
	uint32_t i;
	printf("  %s:", title);
	for (i = 0; i < REASONS; i++)
		printf(" %s %llu", pptp_err_name((pptp_err)(PPTP_ERR_SEND + (int32_t)i)),
		       (unsigned long long)counts[i]);
	printf("\n");
}

static void report(void *context)
{
	const sim_world *w = context;
	uint32_t i;
	print("simulated seconds", w->s.now / SIM_SECOND);
	print("steps", w->s.steps);
	for (i = 0; i < N_COUNTS; i++)
		print(names[i], w->counts[i]);
	print_reasons("connections ended", w->downs);
	print_reasons("calls ended", w->calls_downs);
	for (i = 0; i < PPTP_CONN_COUNTS; i++)
		printf("%s %s %llu", i ? "," : "  counted:", pptp_conn_count_name(i),
		       (unsigned long long)w->library[i]);
	printf("\n");
}

typedef struct options {
	uint64_t seed;
	uint32_t seeds, hosts;
	double hours;
	int verbose;
} options;

static void run(const options *o, const char *program)
{
	sim_world *w = sim_world_new(o->seed, o->hosts);
	char replay[400];
	snprintf(replay, sizeof replay, "%s --seed %llu --hours %g --hosts %u", program,
	         (unsigned long long)o->seed, o->hours, (unsigned)o->hosts);
	w->s.replay = replay;
	w->s.verbose = o->verbose;
	w->s.report = report;
	w->s.report_context = w;
	while (sim_step(&w->s, (uint64_t)(o->hours * (double)SIM_HOUR)))
		;
	printf("seed %llu, %g hours, %u hosts\n", (unsigned long long)o->seed, o->hours, (unsigned)o->hosts);
	report(w);
	sim_world_free(w);
	printf("  violations 0\n");
}

static int usage(const char *program)
{
	fprintf(stderr, "usage: %s [--seed N] [--seeds N] [--hours H] [--hosts N] [--verbose]\n", program);
	return 2;
}

static int parse(int argc, char **argv, options *ret)
{
	int i;
	for (i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;
		if (strcmp(argv[i], "--verbose") == 0) {
			ret->verbose = 1;
			continue;
		}
		if (!value)
			return 0;
		if (strcmp(argv[i], "--seed") == 0)
			ret->seed = strtoull(value, NULL, 0);
		else if (strcmp(argv[i], "--seeds") == 0)
			ret->seeds = (uint32_t)strtoul(value, NULL, 0);
		else if (strcmp(argv[i], "--hosts") == 0)
			ret->hosts = (uint32_t)strtoul(value, NULL, 0);
		else if (strcmp(argv[i], "--hours") == 0)
			ret->hours = strtod(value, NULL);
		else
			return 0;
		i++;
	}
	return ret->hosts >= 2 && ret->hosts <= 1000 && ret->hours > 0;
}

int main(int argc, char **argv)
{
	options o = {1, 1, 8, 1, 0};
	if (!parse(argc, argv, &o))
		return usage(argv[0]);
	for (; o.seeds > 0; o.seeds--, o.seed++)
		run(&o, argv[0]);
	return 0;
}
