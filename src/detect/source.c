/* SPDX-License-Identifier: MIT */
#include "detect/source.h"

#include "base/attr.h"
#include "base/buf.h"
#include "base/utc.h"
#include "detect/coverage.h"
#include "detect/sift.h"
#include "record/site.h"
#include "store/query.h"

const char *const source_status_name[] = {
	[SOURCE_ABSENT] = "absent",
	[SOURCE_MANUAL] = "manual",
	[SOURCE_AUTOMATED] = "automated",
};
_Static_assert(countof(source_status_name) == SOURCE_STATUS_N,
    "a name per status");

/* Separate subqueries: the first and the last time are found without the rows
 * between. */
#define ENDS(t) \
	"(SELECT min(ts) FROM " t "), (SELECT max(ts) FROM " t ")"
#define TABLE(t) "SELECT (SELECT count(*) FROM " t "), " ENDS(t)
#define ENDS_OF_TWO(t, u) \
	"(SELECT min(x) FROM (SELECT min(ts) AS x FROM " t \
	" UNION ALL SELECT min(ts) FROM " u ")), " \
	"(SELECT max(x) FROM (SELECT max(ts) AS x FROM " t \
	" UNION ALL SELECT max(ts) FROM " u "))"
#define TABLES(t, u) \
	"SELECT (SELECT count(*) FROM " t ") + (SELECT count(*) FROM " u "), " \
	ENDS_OF_TWO(t, u)
#define ROWS(names) \
	"SELECT count(*), min(ts), max(ts) FROM dump_row " \
	"WHERE (SELECT s FROM str WHERE id = dump) IN (" names ")"
/* Rows of the app's log about one thing, by the names of its events. */
#define EVENTS(names) \
	"SELECT count(*), min(ts), max(ts) FROM app " \
	"WHERE event IN (SELECT id FROM str WHERE s IN (" names "))"
#define POSTGRES \
	"SELECT count(*), min(ts), max(ts) FROM app WHERE payload = 5"
#define DRAINS \
	"SELECT coalesce(sum(stored + duplicates), 0), " \
	"(SELECT min(start) FROM span JOIN source ON id = span.source " \
	"WHERE form = 'drain'), " \
	"(SELECT max(stop) FROM span JOIN source ON id = span.source " \
	"WHERE form = 'drain') FROM source WHERE form = 'drain'"

const struct source_def source_def[] = {
	[SRC_HEROKU_ROUTER] = { "heroku_router", "Heroku router logs",
	    "requests",
	    "No Heroku log loaded: pull with heroku logs, or wire the log drain",
	    FEED_LOG, TABLE("request"), NULL },
	[SRC_HEROKU_APP] = { "heroku_app", "Heroku app logs", "app_events",
	    "No Heroku log loaded: pull with heroku logs, or wire the log drain",
	    FEED_LOG, TABLE("app"), NULL },
	[SRC_HEROKU_PLATFORM] = { "heroku_platform", "Heroku platform logs",
	    "platform_events",
	    "No Heroku log loaded: pull with heroku logs, or wire the log drain",
	    FEED_LOG, TABLES("platform", "metric"), NULL },
	[SRC_HEROKU_DRAIN] = { "heroku_drain", "Heroku log drain", NULL,
	    "No drain log loaded", FEED_LOG, DRAINS, NULL },
	[SRC_POSTGRES_LINES] = { "postgres_lines", "Heroku Postgres logs",
	    "app_events", "No line of Postgres in the logs: pull them with "
	    "heroku logs, or wire the log drain", FEED_LOG, POSTGRES, NULL },
	[SRC_AUTH_EVENTS] = { "auth_events", "App events of sign-in",
	    "app_events", "No passkey or session event in the app logs: log "
	    "them as JSON with evt, and pull or drain the logs", FEED_LOG,
	    EVENTS("'auth.passkey.begin', 'auth.passkey.finish', "
	    "'register.begin', 'session.created', 'session.refreshed'"), NULL },
	[SRC_PREVIEW_EVENTS] = { "preview_events", "App events of the preview",
	    "app_events", "No preview or NDA event in the app logs: log them "
	    "as JSON with evt, and pull or drain the logs", FEED_LOG,
	    EVENTS("'preview.request', 'nda.shown', 'nda.accepted'"), NULL },
	[SRC_ACCESS_LINES] = { "access_lines", "Access lines of the app server",
	    "access_lines", "No access line in the app logs: let the app server "
	    "log its requests, and pull or drain the logs", FEED_LOG,
	    TABLE("access"), NULL },
	[SRC_WAITLIST_SIGNUPS] = { "waitlist_signups",
	    "waitlist_signups table", "waitlist_signups",
	    "No dump of waitlist_signups loaded", FEED_DUMP,
	    TABLE("dump_waitlist_signups"), "'waitlist_signups'" },
	[SRC_CONSOLE_AUDIT_EVENTS] = { "console_audit_events",
	    "console_audit_events table", "console_audit_events",
	    "No dump of console_audit_events loaded", FEED_DUMP,
	    TABLE("dump_console_audit_events"),
	    "'console_audit_events'" },
	[SRC_CUSTOMER_AUDIT_EVENTS] = { "customer_audit_events",
	    "customer_audit_events table", "customer_audit_events",
	    "No dump of customer_audit_events loaded", FEED_DUMP,
	    TABLE("dump_customer_audit_events"),
	    "'customer_audit_events'" },
	[SRC_SENTRY_EVENTS] = { "sentry_events", "Sentry (prod)",
	    "sentry_events", "No export of Sentry events loaded", FEED_DUMP,
	    ROWS("'sentry_event'"), "'sentry_event'" },
	[SRC_PG_STAT_STATEMENTS] = { "pg_stat_statements",
	    "pg_stat_statements", "pg_stat_statements",
	    "No snapshot of pg_stat_statements loaded", FEED_DUMP,
	    TABLE("dump_pg_stat_statements"), "'pg_stat_statements'" },
	[SRC_PLATFORM_API] = { "platform_api", "Heroku Platform API metrics",
	    "formation", "No export of formation, ps or releases loaded",
	    FEED_DUMP,
	    ROWS("'formation', 'dyno', 'release'"),
	    "'formation', 'dyno', 'release'" },
	[SRC_CONFIG_VARS] = { "config_vars", "Config vars (names, hosts)",
	    "config_vars", "No heroku config export loaded", FEED_DUMP,
	    ROWS("'config_var'"), "'config_var'" },
	[SRC_DRAIN_LIST] = { "drain_list", "List of log drains", "drains",
	    "No heroku drains export loaded", FEED_DUMP, ROWS("'drain'"),
	    "'drain'" },
	[SRC_AUDIT_CHAIN_KEY] = { "audit_chain_key",
	    "Keys of the KMS HMAC hash chain", NULL,
	    "site.yml names no key that can be read", FEED_FILE, NULL, NULL },
	[SRC_STRIPE_WEBHOOKS] = { "stripe_webhooks", "Stripe webhooks", NULL,
	    "no input of raxx yet", FEED_NONE, NULL, NULL },
};
_Static_assert(countof(source_def) == SRC_N, "a row per source");

/* Sources that are tables of the log: a pass over these has counted the rows. */
static const struct log {
	const char *table[2];
	const char *ends; /* SQL as that of source_def, without the count; NULL:
	                   * the source is none */
} log_of[SRC_N] = {
	[SRC_HEROKU_ROUTER] = { { "request" }, "SELECT 0, " ENDS("request") },
	[SRC_HEROKU_APP] = { { "app" }, "SELECT 0, " ENDS("app") },
	[SRC_HEROKU_PLATFORM] = { { "platform", "metric" },
	    "SELECT 0, " ENDS_OF_TWO("platform", "metric") },
	[SRC_ACCESS_LINES] = { { "access" }, "SELECT 0, " ENDS("access") },
};

int
source_find(sv name)
{
	for (int i = 0; i < SRC_N; i++)
		if (sv_is(name, source_def[i].name))
			return i;
	return -1;
}

unsigned
source_streams(int i)
{
	static const unsigned streams[SRC_N] = {
		[SRC_HEROKU_ROUTER] = STREAM_ROUTER,
		[SRC_HEROKU_APP] = STREAM_APP,
		[SRC_HEROKU_PLATFORM] = STREAM_PLATFORM,
		[SRC_AUTH_EVENTS] = STREAM_APP,
		[SRC_PREVIEW_EVENTS] = STREAM_APP,
	};

	return streams[i] ? streams[i] : STREAM_ALL;
}

static int64_t
time_of(struct query *q, int col)
{
	return query_is_null(q, col) ? UTC_NONE : query_i64(q, col);
}

/* -1: nobody has counted them. */
static int64_t
counted(const struct log *log, const struct sift *sift)
{
	int64_t sum = 0, n = log->ends ? 0 : -1;

	for (size_t i = 0; i < countof(log->table) && n >= 0; i++) {
		n = log->table[i] ? sift_rows(sift, log->table[i]) : 0;
		sum += n;
	}
	return n >= 0 ? sum : -1;
}

/* First row of a constant statement: three integers of it. */
static bool
read_row(struct store *st, const char *sql, int64_t v[3], struct err *e)
{
	struct query *q = query_open(st, sv_str(sql), NULL, e);
	enum query_end end;

	if (!q)
		return false;
	end = query_next(q, e);
	for (int i = 0; i < 3; i++)
		v[i] = end == QUERY_MORE && i < query_columns(q)
		    ? time_of(q, i) : UTC_NONE;
	query_close(q);
	return end != QUERY_FAILED;
}

static bool
said_automated(const struct site *site, const char *name)
{
	for (size_t i = 0; i < site->nsources; i++)
		if (sv_is(site->source[i].name, name))
			return site->source[i].automated;
	return false;
}

static bool
load_one(struct arena *a, struct store *st, const struct site *site, int i,
    const struct sift *sift, struct source_fact *f, struct err *e)
{
	const struct source_def *d = &source_def[i];
	int64_t n = counted(&log_of[i], sift), v[3];

	*f = (struct source_fact){ SOURCE_ABSENT, 0, UTC_NONE, UTC_NONE,
		{ UTC_NONE, UTC_NONE, UTC_NONE, SV_NULL } };
	if (!d->count)
		return true;
	if (!read_row(st, n >= 0 ? log_of[i].ends : d->count, v, e) ||
	    (d->dumps && !dumps_load(a, st, site, d->dumps, &f->dumps, e)))
		return false;
	f->records = n >= 0 ? n : v[0] == UTC_NONE ? 0 : v[0];
	f->first = v[1];
	f->last = v[2];
	if (d->dumps && sv_null(f->dumps.flaw) && f->dumps.until == UTC_NONE)
		f->dumps = (struct dumps){ f->last, f->last, f->last, SV_NULL };
	if (d->dumps ? f->dumps.until != UTC_NONE : f->records > 0)
		f->status = SOURCE_MANUAL;
	return true;
}

/* A drain of last week does not make today's pulls automated: the input that
 * reaches furthest decides, of several one that came by itself. */
static const char flowing_sql[] =
    "SELECT form IN ('drain', 'stream') FROM span "
    "JOIN source ON source.id = span.source WHERE form <> 'dump' "
    "AND start <= ?1 ORDER BY min(stop, ?1) DESC, 1 DESC";

static bool
is_flowing(struct store *st, int64_t to, bool *out, struct err *e)
{
	struct query *q = query_open(st, SV(flowing_sql), NULL, e);
	enum query_end end;

	if (!q)
		return false;
	query_bind_i64_at(q, 1, to);
	end = query_next(q, e);
	*out = end == QUERY_MORE && query_i64(q, 0) > 0;
	query_close(q);
	return end != QUERY_FAILED;
}

void
source_sift(struct sift *s)
{
	for (int i = 0; i < SRC_N; i++)
		if (source_def[i].count)
			sift_add(s, sv_str(source_def[i].count));
}

void
source_missing(struct store *st, bool missing[SRC_N])
{
	for (int i = 0; i < SRC_N; i++) {
		struct buf b = BUF_INIT;

		missing[i] = false;
		if (!source_def[i].dumps)
			continue;
		buf_printf(&b, "SELECT 1 FROM source WHERE dump IN (%s)%c",
		    source_def[i].dumps, '\0');
		missing[i] = query_one_i64(st, b.p, 0) == 0;
		buf_release(&b);
	}
}

bool
source_load(struct arena *a, struct store *st, const struct site *site,
    int64_t to, const struct sift *sift, struct source_fact out[SRC_N],
    struct err *e)
{
	bool flowing;

	if (!is_flowing(st, to, &flowing, e))
		return false;
	for (int i = 0; i < SRC_N; i++) {
		const struct source_def *d = &source_def[i];

		if (!load_one(a, st, site, i, sift, &out[i], e))
			return false;
		if (out[i].status == SOURCE_ABSENT)
			continue;
		if (d->feed == FEED_LOG ? flowing || i == SRC_HEROKU_DRAIN
		    : said_automated(site, d->name))
			out[i].status = SOURCE_AUTOMATED;
	}
	return true;
}
