/* SPDX-License-Identifier: MIT */
/* Planted for DET-COST-001: dynos that run longer than anybody declared. */
#include "demo.h"

/* Lives of dynos beside the web; the drain alone sees them. */
static const struct life {
	enum source source;
	const char *name;
	int64_t start, end;
	const char *command, *last; /* last: their state at the end */
} lives[] = {
	{ WORKER, "worker.1", WORKER_UP, WORKER_DOWN, "python -m raxx.worker",
	    "down" },
	{ RUN, "run.4711", AT(15, 5, 30, 0), AT(15, 10, 32, 0), "bash",
	    "complete" },
	{ WORKER, "worker.1", AT(16, 0, 10, 0), AT(16, 7, 10, 0),
	    "python -m raxx.worker", "down" },
	{ RUN2, "run.4712", AT(16, 4, 10, 0), AT(16, 7, 40, 0),
	    "python -m raxx.backfill", "complete" },
	{ RELEASE, "release.6203", AT(16, 8, 58, 23), AT(16, 9, 1, 5),
	    "python -m raxx.migrate", "complete" },
};

static void
live(struct world *w, struct rng *r, const struct life *l)
{
	const char *id =
	    text(w, "heroku.2808254.%08x-7c11-4f02-8a3e-%012" PRIx64,
		(unsigned)(hash(l->name) ^ (uint64_t)l->start),
		hash(l->name) >> 16);
	int64_t at = l->start + 2 * SEC;

	say(w, at, l->source, "Starting process with command `%s`", l->command);
	say(w, at + SEC, l->source, "State changed from starting to up");
	while ((at += 20 * SEC) < l->end) {
		int load = between(r, 1, 9), mem = between(r, 9000, 16000);

		say(w, at, l->source,
		    "source=%s dyno=%s sample#load_avg_1m=0.%02d"
		    " sample#load_avg_5m=0.%02d sample#load_avg_15m=0.%02d",
		    l->name, id, load, load, load);
		say(w, at + 90, l->source,
		    "source=%s dyno=%s sample#memory_total=%d.%02dMB"
		    " sample#memory_rss=%d.%02dMB sample#memory_quota=512.00MB",
		    l->name, id, mem / 100, mem % 100, mem / 100 - 1,
		    mem % 100);
	}
	say(w, l->end, l->source, "Process exited with status 0");
	say(w, l->end + 40000, l->source, "State changed from up to %s",
	    l->last);
}

#define SCALER "build-bot@contractor.example"
#define LEAVER "old-dev@raxx.example"

/* Scaling is found at its line; hours where they had become too many. */
#define LINE_US 246644

static const struct bill {
	const char *arm, *level, *key;
	int64_t at;
	double metric;
	bool drained;
	const char *note;
} bills[] = {
	{ "actor", "high", LEAVER, AT(14, 13, 10, 0) + LINE_US, 1, false,
	    "somebody who may not scale does" },
	{ "size", "high", APP " web", AT(14, 13, 10, 0) + LINE_US, 1, false,
	    "a dyno of another size than declared" },
	{ "actor", "high", SCALER, WORKER_UP + LINE_US, 1, true,
	    "somebody who may not scale does" },
	{ "hours", "medium", APP " worker", WORKER_UP + 6 * HOUR + LINE_US, 8.2,
	    true, "a worker runs for 8 hours, none is declared" },
	{ "oneoff", "medium", APP " run.4711", AT(15, 9, 30, 0) + 3 * SEC, 5.0,
	    true, "a one-off dyno is left running for 5 hours" },
	{ "type", "high", APP " clock", LATE_DUMP + 20 * SEC, 1, false,
	    "a clock process that nobody declared" },
	{ NULL, NULL, APP " run.4712", AT(16, 4, 10, 0), 3.5, false,
	    "a one-off dyno of three and a half hours" },
	{ NULL, NULL, APP " worker", AT(16, 0, 10, 0), 7, false,
	    "a worker for 7 hours, scaled by ops" },
	{ NULL, NULL, APP " web", SCALED_UP, 0.8, false,
	    "a second web dyno for 50 minutes, scaled by ops" },
	{ NULL, NULL, APP " release", AT(16, 8, 58, 23), 0.1, false,
	    "the release phase of v88" },
};

void
dynos(struct world *w)
{
	struct rng r = stream(w, "dynos");
	size_t i;

	for (i = 0; i < countof(lives); i++)
		live(w, &r, &lives[i]);
	for (i = 0; i < countof(bills); i++)
		plant(w,
		    (struct truth){ .rule = "DET-COST-001",
			.arm = bills[i].arm,
			.level = bills[i].level,
			.key = bills[i].key,
			.start = bills[i].at,
			.end = bills[i].at,
			.metric = bills[i].metric,
			.drained = bills[i].drained,
			.note = bills[i].note });
}
