/* SPDX-License-Identifier: MIT */
/* What the Heroku CLI exports, and a pull of the console's log. */
#include "demo.h"

#include <string.h>

#define CONSOLE "raxx-console-prod"
#define EXPORTED (LATE_DUMP + 20 * SEC)
#define APP_ID "4b1f0c52-7a3d-4e6b-9c61-0d5a8e7f2b14"

static FILE *export(struct world *w, const char *app, const char *what,
    int64_t at, const char **path)
{
	char stamp[64];

	*path = text(w, "%s/exports/%s.%s.%s.json", w->dir, app, what,
	    file_stamp(at, stamp));
	return create(*path);
}

/* RFC 3339 in whole seconds, as the Platform API has times. */
static const char *
api_time(struct world *w, int64_t at)
{
	struct civil c = civil(at);

	return text(
	    w, "2026-06-%02dT%02d:%02d:%02dZ", c.day, c.hour, c.min, c.sec);
}

static void
write_releases(struct world *w)
{
	const char *path, *sep = "[\n";
	FILE *f = export(w, APP, "releases", EXPORTED, &path);
	size_t i;

	for (i = operation_n; i-- > 0;) {
		const struct operation *o = &operations[i];
		const char *by, *at;

		if (!o->release)
			continue;
		by = strstr(o->line[0], " by user ");
		at = api_time(w, o->at);
		fprintf(f,
		    "%s{\"version\":%d,\"status\":\"succeeded\","
		    "\"description\":"
		    "\"%.*s\",\"current\":%s,\"user\":{\"email\":\"%s\"},"
		    "\"id\":\"r%d\",\"created_at\":\"%s\",\"updated_at\":\"%"
		    "s\"}",
		    sep, o->release, (int)(by - o->line[0]), o->line[0],
		    *sep == '[' ? "true" : "false", by + sizeof " by user " - 1,
		    o->release, at, at);
		sep = ",\n";
	}
	fputs("\n]\n", f);
	close_file(f, path);
}

/* What runs when the week is over; the clock is nobody's. */
static const struct process {
	const char *type, *size, *command;
	int quantity;
	int64_t since;
} processes[] = {
	{ "web", "Standard-1X", "gunicorn raxx.wsgi:app", 1, SCALED_DOWN },
	{ "worker", "Standard-1X", "python -m raxx.worker", 0, WORKER_DOWN },
	{ "clock", "Standard-1X", "python -m raxx.clock", 1,
	    AT(18, 22, 10, 0) },
};

static void
write_formation(struct world *w)
{
	const char *path;
	FILE *f = export(w, APP, "formation", EXPORTED, &path);
	size_t i;

	for (i = 0; i < countof(processes); i++) {
		const struct process *p = &processes[i];

		fprintf(f,
		    "%s{\"app\":{\"id\":\"" APP_ID "\",\"name\":\"" APP "\"},"
		    "\"command\":\"%s\",\"created_at\":\"2026-01-12T09:00:"
		    "00Z\","
		    "\"id\":\"f-%s\",\"quantity\":%d,\"size\":\"%s\",\"type\":"
		    "\"%s\",\"updated_at\":\"%s\"}",
		    i ? ",\n" : "[\n", p->command, p->type, p->quantity,
		    p->size, p->type, api_time(w, p->since));
	}
	fputs("\n]\n", f);
	close_file(f, path);
}

static void
write_ps(struct world *w)
{
	const char *path, *sep = "[\n";
	FILE *f = export(w, APP, "ps", EXPORTED, &path);
	size_t i;

	for (i = 0; i < countof(processes); i++) {
		const struct process *p = &processes[i];
		int64_t up = *p->type == 'w' ? MISCONFIGURED : p->since;
		const char *at = api_time(w, up + 8 * SEC);

		if (!p->quantity)
			continue;
		fprintf(f,
		    "%s{\"attach_url\":null,\"command\":\"%s\",\"created_at\":"
		    "\"%s\",\"id\":\"d-%s.1\",\"name\":\"%s.1\",\"release\":"
		    "{\"id\":\"r91\",\"version\":91},\"app\":{\"id\":\"" APP_ID
		    "\",\"name\":\"" APP "\"},\"size\":\"%s\",\"state\":\"up\","
		    "\"type\":\"%s\",\"updated_at\":\"%s\"}",
		    sep, p->command, at, p->type, p->type, p->size, p->type,
		    at);
		sep = ",\n";
	}
	fputs("\n]\n", f);
	close_file(f, path);
}

static void
write_drains(struct world *w)
{
	const char *path;
	FILE *f = export(w, APP, "drains", EXPORTED, &path);

	fputs("[\n{\"addon\":null,\"created_at\":\"2026-06-14T23:58:11Z\","
	      "\"id\":\"l-1\",\"token\":\"d.7f3a1c52-90be-4d1e-8a47-"
	      "5512cc09e6b1\","
	      "\"updated_at\":\"2026-06-14T23:58:11Z\","
	      "\"url\":\"https://drain.raxx.example/in\"}\n]\n",
	    f);
	close_file(f, path);
}

/* A config as it is when the week is over, and one of before it was set. */
static void
write_config(struct world *w, const char *app, int64_t at, const char *console,
    const char *secret)
{
	const char *path;
	FILE *f = export(w, app, "config", at, &path);

	fprintf(f, "{\n  \"APP_ENV\": \"production\",\n");
	if (console)
		fprintf(f, "  \"CONSOLE_INTERNAL_URL\": \"%s\",\n", console);
	fprintf(f,
	    "  \"DATABASE_URL\": "
	    "\"postgres://raxx:made-up@db.raxx.example:5432/"
	    "raxx\",\n  \"INTERNAL_API_SECRET\": \"%s\",\n"
	    "  \"SENTRY_DSN\": "
	    "\"https://made-up@sentry.raxx.example/4507311\"\n}\n",
	    secret);
	close_file(f, path);
}

/* --- the console's log ---------------------------------------------------- */

#define CONSOLE_PULL AT(18, 14, 50, 0)
#define CONSOLE_LINES 60

/* The console takes the leftmost address, which anybody can send. */
static void
console_request(struct world *w, FILE *f, struct rng *r, int64_t at, int i)
{
	const char *client = text(w, "192.0.2.%d", 40 + below(r, 9));
	const char *forged = i % 5 ? NULL : text(w, "203.0.113.%d", 90 + i);
	const char *rid = new_id(w);
	char when[64];

	fprintf(f,
	    "%s app[web.1]: {\"evt\":\"console.request\",\"rid\":\"%s\","
	    "\"ip\":\"%s\",\"outcome\":\"ok\"}\n",
	    log_time(at, when), rid, forged ? forged : client);
	fprintf(f,
	    "%s heroku[router]: at=info method=GET path=\"/admin/tickets\""
	    " host=console.raxx.example request_id=%s fwd=\"%s%s%s\" dyno=web.1"
	    " connect=0ms service=%dms status=200 bytes=%d protocol=http1.1"
	    " tls=true tls_version=tls1.3\n",
	    log_time(at + 21000, when), rid, forged ? forged : "",
	    forged ? ", " : "", client, between(r, 8, 19), 2000 + i);
}

static void
write_console_log(struct world *w)
{
	struct rng r = stream(w, "console log");
	char stamp[64];
	const char *path = text(w, "%s/logs/" CONSOLE ".heroku-logs.%s.log",
	    w->dir, file_stamp(CONSOLE_PULL, stamp));
	int64_t when[CONSOLE_LINES];
	FILE *f = create(path);
	int i;

	pace(&r, CONSOLE_PULL - 40 * MINUTE, 39 * MINUTE, 600, CONSOLE_LINES,
	    when);
	for (i = 0; i < CONSOLE_LINES; i++)
		console_request(w, f, &r, when[i], i);
	close_file(f, path);
}

void
write_exports(struct world *w)
{
	write_releases(w);
	write_formation(w);
	write_ps(w);
	write_drains(w);
	write_config(w, APP, AT(12, 12, 10, 0), NULL, "made-up-before");
	write_config(w, APP, EXPORTED, "https://console-staging.raxx.example/",
	    "made-up-staging");
	write_config(w, CONSOLE, EXPORTED, "https://console.raxx.example/",
	    "made-up-before");
	write_console_log(w);
}

/* --- postures ------------------------------------------------------------- */

static const struct posture {
	const char *rule, *arm, *level, *key, *note;
	double metric; /* 0: not compared */
	bool drained;
} postures[] = {
	{ "POST-SENTRY-OFF", "silent", "high", APP,
	    "an H12 in an hour in which Sentry saw nothing", 1, false },
	{ "POST-SENTRY-OFF", NULL, NULL, "dsn", "SENTRY_DSN is set", 0, false },
	{ "POST-DRAIN-MISSING", "quiet", "high", APP,
	    "the drain brings nothing since the 16th", 0, true },
	{ "POST-DRAIN-MISSING", NULL, NULL, "none", "a drain is wired", 0,
	    false },
	{ "POST-DRAIN-MISSING", NULL, NULL, "failing",
	    "one L10 is no failing drain", 0, true },
	{ "POST-CONFIG-UNSET", "host", "high", APP " CONSOLE_INTERNAL_URL",
	    "v91 points to the staging console", 1, false },
	{ "POST-CONFIG-UNSET", NULL, NULL, "unset",
	    "the export of the 12th lacks it, the newest does not", 0, false },
	{ "POST-SECRET-MISMATCH", "fingerprint", "high", "INTERNAL_API_SECRET",
	    "v91 took staging's secret", 2, false },
	{ "POST-SOURCE-STALE", "age", "medium", "heroku_router",
	    "the last pull was at eight", 0, false },
	{ "POST-SOURCE-STALE", "age", "medium", "heroku_app",
	    "the last pull was at eight", 0, false },
	{ "POST-SOURCE-STALE", "age", "medium", "heroku_platform",
	    "the last pull was at eight", 0, false },
	{ "POST-SOURCE-STALE", "age", "medium", "heroku_drain",
	    "the drain brings nothing since the 16th", 0, true },
	{ "POST-SOURCE-STALE", NULL, NULL, "pg_stat_statements", "an hour old",
	    0, false },
	{ "POST-XFF-TRUST", "disagree", "medium", CONSOLE,
	    "the console takes the leftmost address", 20, false },
	{ "POST-XFF-TRUST", NULL, NULL, APP,
	    "the app takes the rightmost address, forged ones or not", 0,
	    false },
	{ "POST-BASELINE-OVERDUE", "due", "low", "re-baseline",
	    "a drain was wired, and no baseline recorded", 0, true },
};

void
facts_of_the_deployment(struct world *w)
{
	size_t i;

	for (i = 0; i < countof(postures); i++)
		plant(w,
		    (struct truth){ .rule = postures[i].rule,
			.arm = postures[i].arm,
			.level = postures[i].level,
			.key = postures[i].key,
			.metric = postures[i].metric,
			.drained = postures[i].drained,
			.note = postures[i].note });
}
