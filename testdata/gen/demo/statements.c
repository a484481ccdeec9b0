/* SPDX-License-Identifier: MIT */
/*
 * Snapshots of pg_stat_statements, one an hour; planted for DET-OPS-002.
 *
 * All statements run more or less often together, so the mix has one p99 as
 * long as no statement changes. Each has a mean and a deviation, and the
 * counters are what they add up to.
 */
#include "demo.h"

#include <math.h>
#include <string.h>

#define SERVER_VERSION "17.5"
#define RESET AT(14, 3, 20, 0) /* pg_stat_statements_reset() */
#define PG_RESTART AT(16, 2, 31, 0)
#define EVICTED AT(13, 10, 30, 0)  /* one statement is not there */
#define RETURNED AT(13, 15, 20, 0) /* between these two */
#define SLOW_DISK AT(14, 14, 0, 0) /* all take SLOW times as long */
#define FAST_DISK AT(14, 17, 0, 0)
#define SLOW 1.8
#define BAD_PLAN AT(17, 12, 0, 0) /* from here on one statement is slow */
#define BATCH_ROLE "16411"

enum kind { APP_SQL, DRIFTS, COMES_BACK, SPIKES, RARE, BATCH, UPKEEP };

static const struct statement {
	const char *id, *query;
	enum kind kind;
	int rate;        /* calls in a busy hour */
	double mean, sd; /* ms */
	double max;
	int rows;
} statements[] = {
	{ "-8120934711873345201", "SELECT $1", APP_SQL, 4000, 0.04, 0.02, 3,
	    1 },
	{ "2203911456728810937",
	    "SELECT id, name FROM projects WHERE tenant_id = $1", APP_SQL, 2400,
	    1.9, 0.9, 60, 12 },
	{ "-4410087321195543312",
	    "SELECT * FROM items WHERE project_id = $1 AND name ILIKE $2",
	    DRIFTS, 1200, 22, 11, 900, 30 },
	{ "7719002348811240045", "SELECT * FROM users WHERE id = $1", APP_SQL,
	    2800, 0.3, 0.1, 20, 1 },
	{ "1180345529007713348",
	    "INSERT INTO items (project_id, name) VALUES "
	    "($1, $2) RETURNING id",
	    COMES_BACK, 500, 2.6, 1.2, 80, 1 },
	{ "-6934410025518803319",
	    "UPDATE items SET name = $1, updated_at = now() WHERE id = $2",
	    APP_SQL, 400, 3.1, 1.4, 90, 1 },
	{ "5520918834410027713",
	    "SELECT sum(amount) FROM rows WHERE "
	    "report_id = $1 GROUP BY month",
	    APP_SQL, 300, 180, 90, 4000, 12 },
	{ "-3307712045819936602",
	    "INSERT INTO customer_audit_events (seq, "
	    "tenant_id, action) VALUES ($1, $2, $3)",
	    APP_SQL, 600, 1.1, 0.4, 40, 1 },
	{ "9001273345110982274",
	    "SELECT token FROM previews WHERE token_h = $1", SPIKES, 700, 0.8,
	    0.3, 45, 1 },
	{ "-1288345067712390045",
	    "SELECT * FROM invoices WHERE tenant_id = $1 "
	    "ORDER BY created_at",
	    RARE, 60, 9, 4, 300, 40 },
	{ "4471190283345510026",
	    "INSERT INTO daily_totals SELECT day, "
	    "count(*) FROM events GROUP BY day",
	    BATCH, 300, 240, 110, 9000, 1 },
	{ "-7702339184410055123", "VACUUM ANALYZE items", UPKEEP, 300, 310, 60,
	    9000, 0 },
};

struct counter {
	double calls, total, squares;
	int64_t since;
};

static int
busy_percent(int64_t at)
{
	static const int percent[24] = { 12, 8, 6, 5, 5, 8, 15, 25, 40, 55, 70,
		80, 90, 100, 100, 95, 100, 100, 90, 90, 75, 50, 30, 20 };

	return percent[civil(at).hour];
}

/* What is slow and no drift: for one hour; hardly called, or by a batch job or
 * the upkeep; right after a restart; right after it came back. */
static bool
is_slow(enum kind kind, int64_t at)
{
	switch (kind) {
	case SPIKES:
		return at == AT(15, 11, 0, 0);
	case RARE:
	case BATCH:
	case UPKEEP:
		return at >= AT(16, 8, 0, 0);
	case COMES_BACK:
		return at == AT(13, 15, 0, 0) || at == AT(13, 16, 0, 0);
	case APP_SQL:
	case DRIFTS:
		break;
	}
	return at >= AT(16, 2, 0, 0) && at < AT(16, 4, 0, 0);
}

/* How much slower it is in the hour that begins then, of mean and deviation. */
static void
slowness(const struct statement *s, int64_t at, double *mean, double *sd)
{
	*mean = s->mean;
	*sd = s->sd;
	if (at >= SLOW_DISK && at < FAST_DISK) {
		*mean *= SLOW;
		*sd *= SLOW;
	} else if (s->kind == DRIFTS && at >= BAD_PLAN) {
		*mean = 60;
		*sd = 50;
	} else if (is_slow(s->kind, at)) {
		*mean *= 40;
		*sd *= 40;
	}
}

static void
count_hour(const struct statement *s, struct counter *c, int64_t at)
{
	double n = (double)s->rate * busy_percent(at) / 100, mean, sd;

	slowness(s, at, &mean, &sd);
	c->calls += n;
	c->total += n * mean;
	c->squares += n * (sd * sd + mean * mean);
}

static bool
is_evicted(const struct statement *s, int64_t at)
{
	return s->kind == COMES_BACK && at >= EVICTED && at < RETURNED;
}

/* Counters start anew after a reset, and what was evicted does too. */
static void
next_hour(const struct statement *s, struct counter *c, int64_t at)
{
	bool reset = at <= RESET && at + HOUR > RESET;

	count_hour(s, c, at);
	if (!reset && !is_evicted(s, at + HOUR))
		return;
	*c = (struct counter){ .since = reset ? RESET : at + HOUR };
}

static void
snap(struct world *w, FILE *f, const struct statement *s,
    const struct counter *c, int64_t at)
{
	double mean = c->total / c->calls;
	double var = c->squares / c->calls - mean * mean;
	const char *reset = sql_time(w, at >= RESET ? RESET : AT(1, 6, 0, 0));
	const char *since = sql_time(w, c->since);

	ROW(f, sql_time(w, at), SERVER_VERSION, reset,
	    text(w, "%d", at >= EVICTED ? 1 : 0),
	    s->kind == BATCH ? BATCH_ROLE : "16400", "16384", "t", s->id,
	    s->query, text(w, "%.0f", c->calls), text(w, "%.17g", c->total),
	    text(w, "%.17g", s->mean / 4), text(w, "%.17g", s->max),
	    text(w, "%.17g", mean), text(w, "%.17g", var > 0 ? sqrt(var) : 0),
	    text(w, "%.0f", c->calls * s->rows), since, since,
	    sql_time(w, at >= PG_RESTART ? PG_RESTART : AT(3, 9, 12, 0)));
}

static void
write_day(struct world *w, int day, struct counter *c)
{
	char stamp[64];
	const char *path = text(w, "%s/dumps/pg_stat_statements_%s.csv", w->dir,
	    file_stamp(AT(day, 23, 59, 0), stamp));
	FILE *f = create(path);
	int64_t t;
	size_t i;

	ROW(f, "snapshot_at", "server_version", "stats_reset", "dealloc",
	    "userid", "dbid", "toplevel", "queryid", "query", "calls",
	    "total_exec_time", "min_exec_time", "max_exec_time",
	    "mean_exec_time", "stddev_exec_time", "rows", "stats_since",
	    "minmax_stats_since", "postmaster_start_time");
	for (t = AT(day, 0, 0, 0); t < AT(day + 1, 0, 0, 0); t += HOUR)
		for (i = 0; i < countof(statements); i++) {
			if (c[i].calls > 0)
				snap(w, f, &statements[i], &c[i], t);
			next_hour(&statements[i], &c[i], t);
		}
	close_file(f, path);
}

/* A job appends each hour's snapshot to the file of the day. */
void
write_statements(struct world *w)
{
	struct counter c[countof(statements)];
	int64_t t;
	size_t i;
	int day;

	for (i = 0; i < countof(statements); i++) {
		c[i] = (struct counter){ .since = AT(1, 6, 0, 0) };
		for (t = AT(6, 0, 0, 0); t < WEEK_START; t += HOUR)
			count_hour(&statements[i], &c[i], t);
	}
	for (day = FIRST_DAY; day <= LAST_DAY; day++)
		write_day(w, day, c);
}

/* --- what a run must say -------------------------------------------------- */

/* The estimate of the slowest hundredth of a lognormal. */
static double
p99(double mean, double sd)
{
	double v = log(1 + sd / mean * (sd / mean));

	return exp(log(mean) - v / 2 + 2.3263478740408408 * sqrt(v));
}

static const struct drift {
	const char *arm, *key, *note;
	int64_t start, end;
	bool plan; /* the bad plan, and timeouts agree; else the slow disk */
} drifts[] = {
	{ "p99", "-4410087321195543312", "a slow disk", SLOW_DISK, FAST_DISK,
	    false },
	{ "p99", "5520918834410027713", "a slow disk", SLOW_DISK, FAST_DISK,
	    false },
	{ "mix", "all", "a slow disk", SLOW_DISK, FAST_DISK, false },
	{ "p99", "-4410087321195543312", "a bad plan", BAD_PLAN,
	    WEEK_END - HOUR, true },
	{ "mean", "-4410087321195543312", "a bad plan", BAD_PLAN,
	    WEEK_END - HOUR, true },
};

static double
ratio(const struct drift *d)
{
	double r = !d->plan  ? SLOW
	    : *d->arm == 'm' ? 60.0 / 22
			     : p99(60, 50) / p99(22, 11);

	return floor(r * 100 + 0.5) / 100;
}

static void
look_alike(struct world *w, const char *key, int64_t at, const char *why)
{
	plant(w,
	    (struct truth){ .rule = "DET-OPS-002",
		.key = key,
		.start = at,
		.end = at + HOUR,
		.metric = 1,
		.note = why });
}

void
slow_statements(struct world *w)
{
	size_t i;

	for (i = 0; i < countof(drifts); i++)
		plant(w,
		    (struct truth){ .rule = "DET-OPS-002",
			.arm = drifts[i].arm,
			.level = drifts[i].plan ? "high" : "medium",
			.key = drifts[i].key,
			.start = drifts[i].start + HOUR,
			.end = drifts[i].end,
			.metric = ratio(&drifts[i]),
			.note = drifts[i].note });
	look_alike(w, "all", RESET, "the counters are reset");
	look_alike(w, "all", PG_RESTART, "a cold cache after a restart");
	look_alike(w, "1180345529007713348", EVICTED,
	    "an entry is evicted, and comes back with new counters");
	look_alike(w, "9001273345110982274", AT(15, 11, 0, 0), "one slow hour");
	look_alike(w, "-1288345067712390045", AT(16, 8, 0, 0),
	    "40 times slower, but hardly called");
	look_alike(w, "4471190283345510026", AT(16, 8, 0, 0),
	    "a batch job: its role is a service account");
	look_alike(w, "-7702339184410055123", AT(16, 8, 0, 0),
	    "the upkeep: no request waits for it");
	say(w, PG_RESTART + 4 * SEC, POSTGRES,
	    "[DATABASE] [3-1]  sql_error_code = 00000 LOG:  database system is"
	    " ready to accept connections");
}
