/* SPDX-License-Identifier: MIT */
/* Sentry: ordinary errors; planted for DET-OPS-001 and DET-BETA-003. */
#include "demo.h"

#include <stdlib.h>
#include <string.h>

#define PROJECT "4507311"

static const struct issue_row {
	const char *group, *type, *value, *where, *file;
	int line;
	const char *environment; /* NULL: production */
} issues[] = {
	[CONSOLE_DOWN] = { "6120001", "ConsoleError", "console: 401",
	    "preview.verify", "raxx/preview.py", 41, NULL },
	[PARTIAL_FAILS] = { "6120002", "TemplateError", "partial 'totals'",
	    "preview.partial", "raxx/preview.py", 133, NULL },
	[SCREEN_FAILS] = { "6120003", "KeyError", "'layout'", "preview.screen",
	    "raxx/preview.py", 97, NULL },
	[REPORT_FAILS] = { "6120004", "TypeError",
	    "can't multiply sequence by 'NoneType'", "reports.build",
	    "raxx/reports.py", 88, NULL },
	[SEARCH_TIMEOUT] = { "6120005", "SearchTimeout", "no answer in 30 s",
	    "search.query", "raxx/search.py", 52, NULL },
	[CACHE_STALE] = { "6120006", "CacheStale", "key 'projects'",
	    "cache.read", "raxx/cache.py", 20, NULL },
	[MAIL_REFUSED] = { "6120007", "MailRefused", "550 no such user",
	    "mail.send", "raxx/mail.py", 64, NULL },
	[PAYMENT_TIMEOUT] = { "6120008", "PaymentTimeout", "no answer in 8 s",
	    "billing.charge", "raxx/billing.py", 117, NULL },
	[SHARE_LINK] = { "6120009", "ValueError", "share link without owner",
	    "reports.share", "raxx/reports.py", 140, NULL },
	[WORKER_BOOT] = { "6120010", "ImportError", "no module 'raxx.share'",
	    "wsgi.load", "raxx/wsgi.py", 9, NULL },
	[CLIENT_GONE] = { "6120011", "BrokenPipeError", "Broken pipe",
	    "wsgi.write", "raxx/wsgi.py", 31, NULL },
	[STAGING_ONLY] = { "6120012", "MigrationError", "column exists",
	    "migrate.run", "raxx/migrate.py", 15, "staging" },
	[IMPORT_LOOP] = { "6120013", "ImportError", "row 7 has no name",
	    "items.import", "raxx/items.py", 201, NULL },
	[THEME_MISSING] = { "6120014", "KeyError", "'theme'", "me.show",
	    "raxx/me.py", 33, NULL },
};
_Static_assert(countof(issues) == ISSUE_N, "a row per issue");

/* Now and then something fails; each kind was there before the week. */
static const struct {
	int64_t at;
	enum issue issue;
} ordinary[] = {
	{ AT(11, 15, 42, 40), REPORT_FAILS },
	{ AT(11, 15, 59, 3), CACHE_STALE }, { AT(11, 16, 5, 30), MAIL_REFUSED },
	{ AT(11, 16, 9, 2), SEARCH_TIMEOUT },
	{ AT(11, 16, 22, 19), PAYMENT_TIMEOUT },
	{ AT(11, 17, 50, 1), PARTIAL_FAILS },
	{ AT(11, 18, 3, 44), SCREEN_FAILS }, { AT(11, 20, 15, 9), IMPORT_LOOP },
	{ AT(12, 9, 30, 51), CACHE_STALE },
	{ AT(12, 15, 20, 11), REPORT_FAILS }, /* as in the log */
	{ AT(13, 10, 2, 13), MAIL_REFUSED }, { AT(14, 8, 55, 37), CACHE_STALE },
	{ AT(14, 21, 14, 28), MAIL_REFUSED },
	{ AT(15, 2, 12, 40), REPORT_FAILS }, /* as in the log */
	{ AT(15, 16, 41, 0), CACHE_STALE },
	{ AT(16, 15, 9, 55), SEARCH_TIMEOUT },
	{ AT(17, 10, 37, 22), MAIL_REFUSED }, { AT(18, 9, 1, 18), CACHE_STALE },
	{ AT(18, 16, 48, 2), REPORT_FAILS }, /* as in the log */
};

static const struct burst {
	const char *arm, *level; /* arm NULL: a look-alike without a finding */
	enum issue issue;
	int64_t start, span;
	int n, people;
	bool tester; /* on a page of the preview */
	const char *allowed, *note;
} bursts[] = {
	{ "spike", "medium", PAYMENT_TIMEOUT, AT(14, 16, 10, 0), 20 * MINUTE,
	    24, 6, false, NULL, "24 payment timeouts of 6 customers" },
	{ "new-issue", "medium", SHARE_LINK, AT(17, 13, 52, 0), 33 * MINUTE, 4,
	    3, false, NULL, "an error that v89 brought" },
	{ "spike", NULL, IMPORT_LOOP, AT(13, 14, 50, 0), 15 * MINUTE, 12, 1,
	    false, "low", "one client tries one import again and again" },
	{ NULL, NULL, WORKER_BOOT, AT(17, 13, 40, 35), 75 * SEC, 6, 4, false,
	    NULL, "errors while the dyno starts after v89" },
	{ NULL, NULL, CLIENT_GONE, AT(15, 17, 30, 0), 18 * MINUTE, 14, 9, false,
	    NULL, "clients that went away" },
	{ NULL, NULL, STAGING_ONLY, AT(12, 18, 0, 0), 9 * MINUTE, 15, 3, false,
	    NULL, "15 errors of staging" },
	{ NULL, NULL, THEME_MISSING, AT(18, 12, 41, 0), 11 * MINUTE, 2, 2,
	    false, NULL, "an error that v90 brought, seen twice" },
	{ NULL, NULL, PAYMENT_TIMEOUT, AT(16, 18, 5, 0), 12 * MINUTE, 9, 5,
	    false, NULL, "9 in an hour, one under the threshold" },
	{ "sentry", "high", PARTIAL_FAILS, AT(13, 19, 20, 0), 6 * MINUTE, 4, 3,
	    true, NULL,
	    "three testers meet a broken partial; the page is"
	    " served without it" },
	{ "sentry", NULL, PARTIAL_FAILS, AT(12, 17, 32, 0), 5 * MINUTE, 4, 1,
	    true, "low", "one tester reloads one broken partial" },
};

void
report(struct world *w, int64_t at, enum issue issue, const char *path,
    const char *person, const char *ip)
{
	struct error *e = slot(&w->errors, sizeof *e);

	*e = (struct error){ at, w->errors.n, issue, path, person, ip };
}

static void
meet(struct world *w, const struct burst *b, int64_t at, int i)
{
	int who = b->people == 1 ? 0 : i % b->people;
	const char *token =
	    guest(w, text(w, "error %d %d", (int)b->issue, who));

	report(w, at, b->issue,
	    b->tester ? text(w, PREVIEW "%s/screens/s%02d", token, 3)
		      : text(w, "/api/v1/%s", issues[b->issue].where),
	    text(w, "u-%02d", 30 + who), text(w, "203.0.113.%d", 200 + who));
}

/* What its finding is, or would be, about. */
static const char *
key_of(struct world *w, const struct burst *b)
{
	if (b->tester)
		return PREVIEW;
	if (b->issue == SHARE_LINK || b->issue == THEME_MISSING)
		return issues[b->issue].group;
	return text(w, PROJECT " raxx@v%d", release_at(b->start));
}

static void
burst(struct world *w, struct rng *r, const struct burst *b)
{
	int64_t when[32];
	int i;

	pace(r, b->start, b->span, 300, b->n, when);
	for (i = 0; i < b->n; i++)
		meet(w, b, when[i], i);
	plant(w,
	    (struct truth){ .rule = b->tester ? "DET-BETA-003" : "DET-OPS-001",
		.arm = b->arm,
		.level = b->level,
		.key = key_of(w, b),
		.start = when[0],
		.end = when[b->n - 1],
		.metric = b->n,
		.allowed = b->allowed,
		.note = b->note });
}

static void
ordinary_error(struct world *w, struct rng *r, int64_t at, enum issue issue)
{
	const char *person;

	at += within(r, SEC);
	person = text(w, "u-%02d", between(r, 10, 19));
	report(w, at, issue, text(w, "/api/v1/%s", issues[issue].where), person,
	    "203.0.113.34");
}

void
errors(struct world *w)
{
	struct rng r = stream(w, "errors");
	size_t i;

	for (i = 0; i < countof(ordinary); i++)
		ordinary_error(w, &r, ordinary[i].at, ordinary[i].issue);
	for (i = 0; i < countof(bursts); i++)
		burst(w, &r, &bursts[i]);
}

static int
by_error(const void *a, const void *b)
{
	const struct error *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* As Sentry's API gives events, without what raxx does not read. */
static void
put_error(FILE *f, struct world *w, const struct error *e)
{
	const struct issue_row *i = &issues[e->issue];
	char id[64], at[64];

	snprintf(id, sizeof id, "%016" PRIx64 "%016" PRIx64,
	    mix((uint64_t)e->at ^ w->seed), mix(e->order * 31 + w->seed));
	fprintf(f,
	    "{\"eventID\":\"%s\",\"groupID\":\"%s\",\"projectID\":\"" PROJECT
	    "\",\"title\":\"%s: %s\",\"message\":\"\","
	    "\"platform\":\"python\",\"type\":\"error\",\"dateCreated\":\"%s\","
	    "\"culprit\":\"%s\",\"release\":{\"version\":\"raxx@v%d\"},",
	    id, i->group, i->type, i->value, zulu(e->at, at), i->where,
	    release_at(e->at));
	fprintf(f,
	    "\"user\":{\"id\":\"%s\",\"ip_address\":\"%s\"},\"tags\":["
	    "{\"key\":\"environment\",\"value\":\"%s\"},"
	    "{\"key\":\"level\",\"value\":\"error\"},"
	    "{\"key\":\"transaction\",\"value\":\"%s\"}],",
	    e->person, e->ip, i->environment ? i->environment : "production",
	    i->where);
	fprintf(f,
	    "\"entries\":[{\"type\":\"exception\",\"data\":{\"values\":"
	    "[{\"type\":\"%s\",\"value\":\"%s\",\"mechanism\":{\"type\":"
	    "\"generic\",\"handled\":false},\"stacktrace\":{\"frames\":["
	    "{\"filename\":\"%s\",\"function\":\"%s\",\"lineNo\":%d}]}}]}},"
	    "{\"type\":\"request\",\"data\":{\"method\":\"GET\",\"url\":"
	    "\"https://" HOST "%s\"}}]}",
	    i->type, i->value, i->file, strchr(i->where, '.') + 1, i->line,
	    e->path);
}

void
write_sentry(struct world *w)
{
	struct error *e = w->errors.items;
	char stamp[64],
	    *path = text(w, "%s/exports/sentry-events.%s.json", w->dir,
		file_stamp(LATE_DUMP, stamp));
	FILE *f = create(path);
	size_t i;

	qsort(e, w->errors.n, sizeof *e, by_error);
	for (i = 0; i < w->errors.n; i++) {
		fputs(i ? ",\n" : "[\n", f);
		put_error(f, w, &e[i]);
	}
	fputs("\n]\n", f);
	close_file(f, path);
}
