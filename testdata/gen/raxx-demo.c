/* SPDX-License-Identifier: MIT */
/*
 * raxx-demo: a seeded week of beta traffic, as a user of raxx would hold it.
 *
 *	raxx-demo [--seed N] [--hours-only] OUTDIR
 *
 * First the whole week of one app is made in memory, event by event: ordinary
 * traffic from random numbers, attacks and look-alikes from tables in demo/.
 * Then the files are written, and they hold only what exports would hold:
 * logs/ hourly pulls of at most 1500 lines and one drain archive of a day and a
 * half (not with --hours-only), dumps/ of tables and of pg_stat_statements,
 * exports/ of Sentry and of the Heroku CLI. keys/ holds the keys of the audit
 * log and of raxx, facts.yml what site.yml does not say of this deployment.
 * truth.json names what was planted: see testdata/truth.sh. The same seed gives
 * the same bytes.
 *
 * Addresses: 198.51.100.0/24 attacks, 192.0.2.0/24 testers, staff and
 * look-alikes, 203.0.113.0/24 customers and visitors, 2001:db8::/32 any.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "demo/demo.h"

/* New kinds stand at the end: request ids are drawn in this order. */
static void (*const traffic[])(struct world *) = { testers, metrics, probes,
	customers, visitors, surge, logins, platform, incidents, guessers,
	scrapers, refusals, waitlist, signins, sessions, pokers,
	waves_of_signups, batches_of_mails, forgers, harvesters, strangers,
	outages, errors, slow_statements, dynos, audit_log,
	facts_of_the_deployment };

static void
make_week(struct world *w)
{
	struct rng r = stream(w, "tokens");
	size_t i;

	w->ids = stream(w, "ids");
	for (i = 0; i < HOLDER_N; i++)
		new_token(&r, w->token[i]);
	for (i = 0; i < countof(traffic); i++)
		traffic[i](w);
	sort_week(w);
}

static void
make_dir(struct world *w, const char *tail)
{
	const char *path = text(w, "%s%s", w->dir, tail);

	if (mkdir(path, 0777) && errno != EEXIST)
		die("cannot make", path);
}

static void
write_week(struct world *w)
{
	make_dir(w, "");
	make_dir(w, "/logs");
	make_dir(w, "/dumps");
	make_dir(w, "/exports");
	make_dir(w, "/keys");
	write_keys(w);
	write_facts(w);
	write_pulls(w);
	dump_signups(w, EARLY_DUMP);
	dump_signups(w, LATE_DUMP);
	dump_console(w);
	dump_customer(w, EARLY_DUMP);
	dump_customer(w, LATE_DUMP);
	write_statements(w);
	write_sentry(w);
	write_exports(w);
	write_drain(w);
	write_truth(w);
}

static int
usage(void)
{
	fputs("usage: raxx-demo [--seed N] [--hours-only] OUTDIR\n", stderr);
	return 2;
}

static bool
parse_seed(const char *s, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(s, &end, 10);
	return *s >= '0' && *s <= '9' && !*end && !errno;
}

int
main(int argc, char **argv)
{
	static struct world w = { .seed = 1 };
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "--hours-only"))
			w.hours_only = true;
		else if (strcmp(argv[i], "--seed") || ++i == argc ||
		    !parse_seed(argv[i], &w.seed))
			return usage();
	}
	if (i != argc - 1)
		return usage();
	w.dir = argv[i];
	make_week(&w);
	write_week(&w);
	world_release(&w);
	return 0;
}
