/* SPDX-License-Identifier: MIT */
/* Ordinary traffic: probes, customers, visitors, sign-in. */
#include "demo.h"

/* How busy an hour of the day is, in percent. */
static int
busy(int64_t at)
{
	static const int percent[24] = { 12, 8, 6, 5, 5, 8, 15, 25, 40, 55, 70,
		80, 90, 100, 100, 95, 100, 100, 90, 90, 75, 50, 30, 20 };

	return percent[civil(at).hour];
}

/* The next time something happens that a full hour has rate of. */
int64_t
next_time(struct rng *r, int64_t at, int rate)
{
	return at + 1000 + within(r, 2 * HOUR * 100 / (rate * busy(at)));
}

static void
sample(struct world *w, struct rng *r, int64_t at, int dyno)
{
	enum source s = dyno == 2 ? DYNO2 : DYNO1;
	const char *id = instance(w, at, dyno);
	int load = between(r, 1, 4) + busy(at) / 6;
	int mem = 18400 + busy(at) * 20 + below(r, 900);

	say(w, at, s,
	    "source=web.%d dyno=%s sample#load_avg_1m=0.%02d"
	    " sample#load_avg_5m=0.%02d sample#load_avg_15m=0.%02d",
	    dyno, id, load, load + 1, load / 2 + 1);
	say(w, at + 87, s,
	    "source=web.%d dyno=%s sample#memory_total=%d.%02dMB"
	    " sample#memory_rss=%d.%02dMB sample#memory_cache=0.66MB"
	    " sample#memory_swap=0.00MB sample#memory_pgpgin=%dpages"
	    " sample#memory_pgpgout=%dpages sample#memory_quota=512.00MB",
	    dyno, id, mem / 100, mem % 100, mem / 100 - 1, mem % 100,
	    48000 + mem, 11000 + mem % 7000);
}

void
metrics(struct world *w)
{
	struct rng r = stream(w, "metrics");
	int64_t t;

	for (t = WEEK_START + 7 * SEC; t < WEEK_END; t += 20 * SEC) {
		sample(w, &r, t + within(&r, 300000), 1);
		if (t >= SCALED_UP + MINUTE && t < SCALED_DOWN)
			sample(w, &r, t + 6 * SEC + within(&r, 300000), 2);
	}
}

/* A tester who looks once an hour: no hour of the day is without any. */
static bool
is_regular(int64_t at)
{
	struct civil c = civil(at);

	return c.min == 11 && c.hour >= 6 && c.hour < 20;
}

/* In place of a probe, with as many lines: the pulls meet where they met. */
static void
regular_visit(struct world *w, int64_t at)
{
	struct visit v = { guest(w, REGULAR), "192.0.2.30", NULL,
		"Mozilla/5.0 (X11; Linux) Firefox/139.0" };
	struct rng r = stream(w, text(w, "regular %" PRId64, at));

	view(w, &r, &v, at,
	    &(struct view){ NULL, "/screens/s05", 5, 200, true });
}

static void
probe(struct world *w, struct rng *r, int64_t at)
{
	if (is_regular(at)) {
		draw(r); /* what the probe would have drawn */
		regular_visit(w, at);
	} else {
		fetch(w, r, at, "GET", "/healthz", "192.0.2.250",
		    "UptimeProbe/2.1", 200);
	}
}

void
probes(struct world *w)
{
	struct rng r = stream(w, "probes");
	struct visit v = visit_of(w, MONITOR);
	int64_t t;

	for (t = WEEK_START; t < WEEK_END; t += MINUTE)
		probe(w, &r, t + 31 * SEC + within(&r, 200000));
	for (t = WEEK_START; t < WEEK_END; t += 5 * MINUTE)
		preview(w, &r, &v, t + 44 * SEC + within(&r, 3 * SEC), 1, 200);
	plant(w,
	    (struct truth){ .rule = "DET-BETA-002",
		.key = w->token[MONITOR],
		.client = v.client,
		.note =
		    "a monitor polls one screen every 5 minutes all week" });
}

static const struct tenant {
	const char *id, *user, *client, *agent;
} tenants[] = {
	{ "t-acme", "u-acme-1", "203.0.113.21", "acme-sync/3.2" },
	{ "t-acme", "u-acme-2", "203.0.113.21", "Mozilla/5.0 Chrome/137.0" },
	{ "t-birch", "u-birch-1", "203.0.113.34", "Mozilla/5.0 Firefox/139" },
	{ "t-cove", "u-cove-1", "2001:db8:c0:1::11", "Mozilla/5.0 Safari" },
	{ "t-delta", "u-delta-4", "203.0.113.58", "python-requests/2.32" },
	{ "t-ember", "u-ember-2", "203.0.113.71", "Mozilla/5.0 Edg/137.0" },
};

static void
api_call(struct world *w, struct rng *r, int64_t at)
{
	static const struct {
		const char *method, *path, *action;
		bool numbered;
	} calls[] = {
		{ "GET", "/api/v1/projects", NULL, false },
		{ "GET", "/api/v1/projects/", NULL, true },
		{ "GET", "/api/v1/items?page=", NULL, true },
		{ "GET", "/api/v1/me", NULL, false },
		{ "POST", "/api/v1/items", "item.create", false },
		{ "PATCH", "/api/v1/items/", "item.update", true },
		{ "DELETE", "/api/v1/items/", "item.delete", true },
	};
	const struct tenant *t = &tenants[below(r, countof(tenants))];
	size_t i = (size_t)below(r, below(r, 4) ? 4 : countof(calls));
	const char *path = calls[i].path;
	const char *detail; /* NULL, empty and JSON all occur */
	bool reads = is_read_only(at);

	if (calls[i].numbered)
		path = text(w, "%s%d", path, 100 + below(r, 40));
	fetch(w, r, at, reads ? "GET" : calls[i].method, path, t->client,
	    t->agent, i == 4 && !reads ? 201 : 200);
	detail = i == 6             ? NULL
	    : i == 5 && below(r, 2) ? ""
				    : text(w, "{\"path\":\"%s\"}", path);
	if (calls[i].action && !reads)
		audit(w, at + 3000, t->id, t->user, calls[i].action, detail);
	if (!below(r, 12))
		say(w, at + 5000, APP1,
		    "level=info msg=\"cache refreshed\""
		    " tenant=%s keys=%d",
		    t->id, between(r, 2, 40));
}

void
customers(struct world *w)
{
	struct rng r = stream(w, "customers");
	int64_t t = WEEK_START;

	while ((t = next_time(&r, t, 55)) < WEEK_END)
		api_call(w, &r, t);
}

static const char *
visitor(struct world *w, struct rng *r)
{
	int site = between(r, 0x100, 0x1ff), net = below(r, 64);

	if (below(r, 2))
		return text(w, "203.0.113.%d", between(r, 100, 179));
	return text(w, "2001:db8:%x:%x::%x", (unsigned)site, (unsigned)net,
	    (unsigned)between(r, 1, 250));
}

void
visitors(struct world *w)
{
	static const struct {
		const char *path;
		int status;
	} pages[] = { { "/", 200 }, { "/", 200 }, { "/waitlist", 200 },
		{ "/waitlist", 200 }, { "/robots.txt", 200 },
		{ "/favicon.ico", 200 }, { "/wp-login.php", 404 },
		{ "/.env", 404 } };
	struct rng r = stream(w, "visitors");
	int64_t t = WEEK_START;
	int i;

	while ((t = next_time(&r, t, 30)) < WEEK_END) {
		i = below(&r, countof(pages));
		fetch(w, &r, t, "GET", pages[i].path, visitor(w, &r),
		    "Mozilla/5.0 (compatible)", pages[i].status);
	}
}

/* So many requests that two hourly pulls do not meet. */
void
surge(struct world *w)
{
	struct rng r = stream(w, "surge");
	int64_t t = SURGE_START;

	while ((t += 1000 + within(&r, 1200000)) < SURGE_END) {
		const char *who = visitor(w, &r);

		fetch(w, &r, t, "GET",
		    below(&r, 3) ? "/" : "/static/site.2ab9.css", who,
		    "Mozilla/5.0 (link preview)", 200);
	}
}

static void
passkey_step(struct world *w, struct rng *r, const struct tenant *t, int64_t at,
    bool finish, const char *fields)
{
	const char *rid = new_id(w);
	const char *created = finish
	    ? text(w,
		  "{\"evt\":\"session.created\","
		  "\"rid\":\"%s\",\"ip\":\"%s\",\"user_h\":\"%s\","
		  "\"method\":\"passkey\",\"ua\":\"%s\"}",
		  rid, t->client, hashed(w, t->user), t->agent)
	    : NULL;

	serve(w,
	    &(struct request){ .at = at,
		.method = "POST",
		.path = text(w, "/api/auth/passkey/login/%s",
		    finish ? "finish" : "options"),
		.client = t->client,
		.agent = t->agent,
		.rid = rid,
		.status = 200,
		.bytes = finish ? 240 : 611,
		.ms = between(r, 8, 30),
		.event = {
		    text(w,
			"{\"evt\":\"auth.passkey.%s\",\"rid\":\"%s\","
			"\"ip\":\"%s\"%s}",
			finish ? "finish" : "begin", rid, t->client, fields),
		    created } });
}

/* They sign in more or less in turn: nobody of them does much oftener. */
static void
login(struct world *w, struct rng *r, int64_t at, int nr)
{
	const struct tenant *t =
	    &tenants[(nr + below(r, 2)) % (int)countof(tenants)];
	const char *id = hashed(w, text(w, "%s@customer.example", t->user));

	if (below(r, 3) == 0) { /* autofill: the page asks, nobody answers */
		passkey_step(w, r, t, at, false, "");
		return;
	}
	passkey_step(
	    w, r, t, at, false, text(w, ",\"id_h\":\"%s\",\"known\":true", id));
	passkey_step(w, r, t, at + between(r, 3, 14) * SEC, true,
	    text(w, ",\"id_h\":\"%s\",\"ok\":true", id));
}

void
logins(struct world *w)
{
	struct rng r = stream(w, "logins");
	int64_t t = WEEK_START;
	int nr = 0;

	while ((t = next_time(&r, t, 6)) < WEEK_END)
		login(w, &r, t, nr++);
}
