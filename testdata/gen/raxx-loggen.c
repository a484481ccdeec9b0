/* SPDX-License-Identifier: MIT */
/*
 * raxx-loggen: any number of lines as `heroku logs` prints them, to measure by.
 *
 *	raxx-loggen [--lines N] [--seed S] [--truth FILE] [--no-attacks] >log
 *
 * Without options a million lines of seed 1; the same numbers give the same
 * bytes. A week from 2025-03-03 on, denser by day: 60 % of the lines are the
 * router's, 25 % the app's (half of these JSON), 10 % samples of metrics, 5 %
 * others. Two lines in a hundred are late by up to two seconds. Clients are
 * drawn from 100,000 addresses by Zipf's law. Attacks stand at fixed places of
 * the week and are larger in a larger file. FILE tells of them, and what was
 * counted, as JSON.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/utc.h"
#include "loggen/loggen.h"

#define PI 3.14159265358979323846

enum { FLUSH_AT = 1 << 20 };

/* When ordinary line i of n comes: by day there are more of them. */
static int64_t
ordinary_at(struct gen *g, uint64_t i, uint64_t n)
{
	double share = (double)i / (double)n;
	double phase =
	    share - 0.6 * (1 - cos(2 * PI * 7 * share)) / (2 * PI * 7) * 0.9;
	double step = WEEK_S * 1e6 / (double)n;

	return (int64_t)(((double)START_S + phase * WEEK_S) * 1e6) +
	    (int64_t)(fraction(g) * step * 0.9);
}

static void
ordinary_line(struct gen *g, int64_t at)
{
	struct request r;
	uint32_t kind;

	if (below(g, 100) < 2)
		at -= below(g, 2000000);
	if (at < START_S * UTC_SECOND)
		at = START_S * UTC_SECOND;
	kind = below(g, 1000);
	if (kind < 600) {
		draw_request(g, at, &r);
		request_line(g, &r);
	} else if (kind < 850) {
		app_line(g, at);
	} else if (kind < 950) {
		metric_line(g, at);
	} else {
		other_line(g, at);
	}
}

static bool
flush(struct gen *g, struct err *e)
{
	bool ok = io_write_all(STDOUT_FILENO, buf_sv(&g->out), e);

	g->bytes += g->out.n;
	buf_clear(&g->out);
	return ok;
}

static bool
write_week(struct gen *g, struct err *e)
{
	int64_t now = START_S * UTC_SECOND;
	struct attack *next = next_attack(g);
	uint64_t ordinary = g->lines, done = 0;

	for (int i = 0; i < g->nattacks; i++)
		ordinary -= g->attack[i].n;
	for (uint64_t i = 0; i < g->lines; i++) {
		if (next && (next_at(next) <= now || done >= ordinary)) {
			attack_line(g, next);
			next = next_attack(g);
		} else {
			now = ordinary_at(g, done++, ordinary);
			ordinary_line(g, now);
		}
		if (g->out.n > FLUSH_AT && !flush(g, e))
			return false;
	}
	return flush(g, e);
}

struct options {
	uint64_t lines, seed;
	const char *truth;
	bool no_attacks;
};

static bool
parse_options(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (!strcmp(argv[i], "--no-attacks"))
			o->no_attacks = true;
		else if (!value)
			return false;
		else if (!strcmp(argv[i], "--truth"))
			o->truth = argv[++i];
		else if (!strcmp(argv[i], "--lines"))
			i += sv_to_u64(sv_str(value), &o->lines);
		else if (!strcmp(argv[i], "--seed"))
			i += sv_to_u64(sv_str(value), &o->seed);
		else
			return false;
	}
	return true;
}

int
main(int argc, char **argv)
{
	static struct gen g;
	struct options o = { .lines = 1000000, .seed = 1 };
	struct err e = ERR_INIT;
	bool ok;

	if (!parse_options(argc, argv, &o)) {
		fputs("usage: raxx-loggen [--lines N] [--seed S] "
		      "[--truth FILE] [--no-attacks] >log\n",
		    stderr);
		return 2;
	}
	g.seed = o.seed;
	g.lines = o.lines;
	seed(&g);
	if (!o.no_attacks)
		plan_attacks(&g);
	ok = write_week(&g, &e) && (!o.truth || write_truth(&g, o.truth, &e));
	if (!ok)
		fprintf(stderr, "raxx-loggen: %s\n", e.msg);
	buf_release(&g.out);
	return ok ? 0 : (int)e.status;
}
