/* SPDX-License-Identifier: MIT */
/* The preview: links, screens, the NDA, and the testers. */
#include "demo.h"

#include <string.h>

const struct holder holders[HOLDER_N] = {
	{ "192.0.2.11", NULL, "Mozilla/5.0 (Macintosh) Safari/619.1" },
	{ "192.0.2.12", "2001:db8:12:7::52", "Mozilla/5.0 (iPhone) Mobile" },
	{ "192.0.2.13", NULL, "Mozilla/5.0 (X11; Linux) Firefox/139.0" },
	{ "2001:db8:14:1::9", NULL, "Mozilla/5.0 (Windows) Edg/137.0" },
	{ "192.0.2.15", NULL, "Mozilla/5.0 (Windows) Chrome/137.0" },
	{ "192.0.2.16", "2001:db8:16:2::a4", "Mozilla/5.0 (Android) Chrome" },
	{ "2001:db8:17:3::1", NULL, "Mozilla/5.0 (Macintosh) Chrome/137.0" },
	{ "192.0.2.18", NULL, "Mozilla/5.0 (X11; Linux) Chrome/137.0" },
	{ "192.0.2.19", NULL, "Mozilla/5.0 (iPad) Safari/619.1" },
	{ "2001:db8:20:1::77", NULL, "Mozilla/5.0 (Windows) Firefox/139.0" },
	{ "192.0.2.21", NULL, "Mozilla/5.0 (Macintosh) Firefox/139.0" },
	{ "192.0.2.22", NULL, "Mozilla/5.0 (Windows) Chrome/136.0" },
	[MONITOR] = { "192.0.2.251", NULL, "RaxxMonitor/1.4" },
	[FAST_SCRAPER] = { "198.51.100.150", NULL, "Mozilla/5.0 Chrome/120.0" },
	[SLOW_SCRAPER] = { "198.51.100.160", NULL, "Mozilla/5.0 Chrome/121.0" },
};

struct visit
visit_of(const struct world *w, int holder)
{
	return (struct visit){ w->token[holder], holders[holder].client, NULL,
		holders[holder].agent };
}

static const char *
outcome(int status)
{
	switch (status) {
	case 200:
		return "ok";
	case 302:
		return "nda_interstitial";
	case 403:
		return "nda_required";
	case 401:
	case 404:
		return "invalid";
	default:
		return "error";
	}
}

/*
 * When the preview does not work: the app cannot ask the console whether a
 * token is valid, and says so (503), or takes every one for unknown (404).
 */
static const struct {
	int64_t start, end;
	int status;
} failures[] = {
	{ AT(16, 1, 0, 0), AT(16, 1, 14, 0), 503 },
	{ AT(17, 19, 5, 0), AT(17, 19, 42, 0), 404 },
	{ MISCONFIGURED, WEEK_END, 503 },
};

int
preview_status(int64_t at, int status)
{
	size_t i;

	for (i = 0; i < countof(failures); i++)
		if (at >= failures[i].start && at < failures[i].end)
			return failures[i].status;
	return status;
}

int64_t
view(struct world *w, struct rng *r, const struct visit *v, int64_t at,
    const struct view *q)
{
	const char *rid = new_id(w);
	const char *name = q->screen ? text(w, "\"s%02d\"", q->screen) : "null";
	const char *path = text(w, PREVIEW "%s%s", v->token, q->tail);
	int bytes = q->status == 200 ? between(r, 9000, 60000) : 96;
	int status = preview_status(at, q->status);
	const char *event = text(w,
	    "{\"evt\":\"preview.request\","
	    "\"rid\":\"%s\",\"ip\":\"%s\",\"token_h\":\"%s\",\"screen\":%s,"
	    "\"outcome\":\"%s\"}",
	    rid, v->client, hashed(w, v->token), name, outcome(status));

	if (status == 503)
		report(w, at, CONSOLE_DOWN, path,
		    text(w, "tester:%s", hashed(w, v->token)), v->client);
	return serve(w,
	    &(struct request){ .at = at,
		.method = q->method ? q->method : "GET",
		.path = path,
		.client = v->client,
		.forged = v->forged,
		.agent = v->agent,
		.rid = rid,
		.status = status,
		.bytes = status == q->status ? bytes : 96,
		.ms = between(r, 6, 90),
		.unserved = q->unserved,
		.event = { event } });
}

/* screen 0 is the entry page. */
int64_t
preview(struct world *w, struct rng *r, const struct visit *v, int64_t at,
    int screen, int status)
{
	const char *tail = screen ? text(w, "/screens/s%02d", screen) : "";

	return view(
	    w, r, v, at, &(struct view){ NULL, tail, screen, status, false });
}

void
assets(struct world *w, struct rng *r, const struct visit *v, int64_t at)
{
	static const char *const name[] = { "app.77be01.js", "ui.4f1c9b.css",
		"icons.svg", "fonts.woff2" };
	int i, which, n = between(r, 1, 3);

	for (i = 0; i < n; i++) {
		at += within(r, 400000);
		which = below(r, 4);
		fetch(w, r, at, "GET",
		    text(w, "/static/preview/%s", name[which]), v->client,
		    v->agent, below(r, 3) ? 200 : 304);
	}
}

static int64_t
nda_step(struct world *w, const struct visit *v, int64_t at, const char *method,
    const char *evt, int bytes)
{
	const char *rid = new_id(w);
	bool accept = !strcmp(method, "POST");
	int64_t done = serve(w,
	    &(struct request){ .at = at,
		.method = method,
		.path = text(w, PREVIEW "%s/nda", v->token),
		.client = v->client,
		.agent = v->agent,
		.rid = rid,
		.status = 200,
		.bytes = bytes,
		.ms = 14,
		.event = { text(w,
		    "{\"evt\":\"%s\",\"rid\":\"%s\","
		    "\"ip\":\"%s\",\"token_h\":\"%s\"%s}",
		    evt, rid, v->client, hashed(w, v->token),
		    accept ? ",\"version\":\"2026-06\"" : "") } });
	if (accept)
		audit(w, at + 2000, "t-beta",
		    text(w, "tester:%s", hashed(w, v->token)), "nda.accepted",
		    text(w, "{\"token_h\":\"%s\",\"request_id\":\"%s\"}",
			hashed(w, v->token), rid));
	return done;
}

int64_t
show_nda(struct world *w, const struct visit *v, int64_t at)
{
	return nda_step(w, v, at, "GET", "nda.shown", 8421);
}

int64_t
accept_nda(struct world *w, const struct visit *v, int64_t at)
{
	return nda_step(w, v, at, "POST", "nda.accepted", 311);
}

/* First visit: sent to the NDA page, reads it, accepts; returns when done. */
static int64_t
first_visit(struct world *w, struct rng *r, const struct visit *v, int64_t at)
{
	preview(w, r, v, at, 0, 302);
	show_nda(w, v, at + 400000);
	at += between(r, 25, 120) * SEC;
	accept_nda(w, v, at);
	return at + 2 * SEC;
}

/* Those who accepted before the week have only the row in the audit table. */
void
accepted(struct world *w, const char *token, int64_t at)
{
	const char *h = hashed(w, token);

	audit(w, at, "t-beta", text(w, "tester:%s", h), "nda.accepted",
	    text(
		w, "{\"token_h\":\"%s\",\"request_id\":\"%s\"}", h, new_id(w)));
}

static void
accept_earlier(struct world *w, int holder)
{
	accepted(w, w->token[holder], AT(11, 15, 0, 0) + holder * 7 * MINUTE);
}

/* A token by name, for those whom a table below lets come. */
const char *
guest(struct world *w, const char *name)
{
	struct rng r = stream(w, text(w, "guest %s", name));
	char token[TOKEN_LEN + 1];

	new_token(&r, token);
	return text(w, "%s", token);
}

#define SESSION_MAX 9

static void
session(
    struct world *w, struct rng *r, const struct visit *v, int64_t at, int base)
{
	int64_t when[SESSION_MAX];
	int i, n = between(r, 4, SESSION_MAX);

	preview(w, r, v, at, 0, 200);
	assets(w, r, v, at + 200000);
	pace(r, at + 9 * SEC, n * 50 * SEC, 750, n, when);
	for (i = 0; i < n; i++) {
		preview(
		    w, r, v, when[i], 1 + (base + below(r, 18)) % SCREENS, 200);
		assets(w, r, v, when[i] + 120000);
	}
}

/* On these days a tester does only what a table below says. */
static const struct {
	int holder, first, last;
} reserved[] = { { 4, 14, 14 }, { 6, 13, 15 }, { 8, 15, 17 } };

static bool
is_reserved(int holder, int day)
{
	size_t i;

	for (i = 0; i < countof(reserved); i++)
		if (reserved[i].holder == holder && day >= reserved[i].first &&
		    day <= reserved[i].last)
			return true;
	return false;
}

/* And in these hours no tester comes but those. */
static const struct {
	int64_t start, end;
} lulls[] = {
	{ AT(17, 18, 54, 0), AT(17, 19, 42, 0) },
	{ AT(18, 19, 0, 0), WEEK_END },
};

static bool
is_away(int64_t at)
{
	size_t i;

	for (i = 0; i < countof(lulls); i++)
		if (at >= lulls[i].start && at < lulls[i].end)
			return true;
	return false;
}

static int64_t
session_time(struct rng *r, int day)
{
	if (below(r, 5))
		return AT(day, 12, 0, 0) + within(r, 460 * MINUTE);
	return AT(day, 6, 0, 0) + within(r, 17 * HOUR);
}

/* What is drawn stays drawn, so that no other session is another one. */
static void
come(struct world *w, struct rng *r, struct visit *v, int64_t at, bool fresh,
    int base)
{
	size_t events = w->events.n, rows = w->customers.n,
	       errors = w->errors.n;

	session(w, r, v, fresh ? first_visit(w, r, v, at) : at, base);
	if (is_away(at) && !fresh) {
		w->events.n = events;
		w->customers.n = rows;
		w->errors.n = errors;
	}
}

static void
tester_week(struct world *w, struct rng *r, int holder)
{
	struct visit v = visit_of(w, holder);
	const char *away = holders[holder].away;
	bool fresh = holder < 5; /* has yet to accept the NDA */
	int day, n;

	if (!fresh)
		accept_earlier(w, holder);
	for (day = FIRST_DAY; day <= LAST_DAY; day++) {
		if (is_reserved(holder, day))
			continue;
		for (n = fresh ? 1 : below(r, 3); n > 0; n--) {
			int64_t at = session_time(r, day);

			if (away && below(r, 2))
				v.client = away;
			come(w, r, &v, at, fresh, holder * 5);
			fresh = false;
			v.client = holders[holder].client;
		}
	}
}

void
testers(struct world *w)
{
	struct rng r = stream(w, "testers");
	int i;

	for (i = 0; i < TESTERS; i++)
		tester_week(w, &r, i);
	for (; i < HOLDER_N; i++)
		accept_earlier(w, i);
}
