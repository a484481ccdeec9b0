/* SPDX-License-Identifier: MIT */
/* Planted for DET-BETA-002: harvesting screens. */
#include "demo.h"

static const struct scrape {
	const char *arm;
	int holder;
	int64_t start, span;
	int n, burst; /* burst: screens fetched within a second of each one */
	const char *note;
} scrapes[] = {
	{ "fast", FAST_SCRAPER, AT(13, 18, 21, 0), 560 * SEC, 31, 0,
	    "31 screens in under 10 minutes on a valid token" },
	{ "slow", SLOW_SCRAPER, AT(15, 12, 5, 0), 390 * MINUTE, 46, 0,
	    "46 screens in a day, about one every 9 minutes" },
	{ NULL, 6, AT(14, 15, 0, 30), 570 * SEC, 24, 0,
	    "an enthusiastic tester: 24 screens in 10 minutes, one under the"
	    " threshold, no more that day" },
	{ NULL, 8, AT(16, 16, 20, 0), 440 * SEC, 5, 5,
	    "5 navigations, each prefetches 5 other screens within 2 seconds,"
	    " then the same ones again on reload" },
};

static void
prefetch(struct world *w, struct rng *r, const struct visit *v, int64_t at,
    int screen, int n)
{
	int i;

	for (i = 1; i <= n; i++)
		preview(
		    w, r, v, at + 250000 * i, 1 + (screen + i) % SCREENS, 200);
}

static void
scrape(struct world *w, struct rng *r, const struct scrape *s)
{
	struct visit v = visit_of(w, s->holder);
	int64_t when[SCREENS], first = 0, last = 0;
	int i, k, screen;

	preview(w, r, &v, s->start - 6 * SEC, 0, 200);
	pace(r, s->start, s->span, 850, s->n, when);
	for (i = 0; i < s->n; i++) {
		screen = (s->holder + i * (s->burst + 1)) % SCREENS;
		for (k = 0; k <= (s->burst && i % 2); k++) {
			last = preview(
			    w, r, &v, when[i] + k * 9 * SEC, 1 + screen, 200);
			first = first ? first : last;
			prefetch(
			    w, r, &v, when[i] + k * 9 * SEC, screen, s->burst);
		}
		if (!s->arm || i % 4 == 0)
			assets(w, r, &v, when[i] + 1600000);
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-002",
		.arm = s->arm,
		.level = s->arm ? "medium" : NULL,
		.key = token_key(w, v.token),
		.client = v.client,
		.start = first,
		.end = last,
		.metric = s->n,
		.note = s->note });
}

void
scrapers(struct world *w)
{
	struct rng r = stream(w, "scrapers");
	size_t i;

	for (i = 0; i < countof(scrapes); i++)
		scrape(w, &r, &scrapes[i]);
}

/* --- other ways of harvesting --------------------------------------------- */

#define CHROME "Mozilla/5.0 (Windows) Chrome/122.0"
#define MAX_FINDINGS 3

static const struct harvest {
	const char *arm[MAX_FINDINGS]; /* none: a look-alike */
	int metric[MAX_FINDINGS];
	const char *level;
	const char *name[2];   /* of the tokens, in turn */
	const char *client[4]; /* in turn, as many as the agents if there are */
	const char *agent[3];  /* CHROME if none */
	int64_t start, span;
	int loose, n, screens; /* screens: how many different ones */
	bool by_client, bare;  /* by_client: the key; bare: without assets */
	const char *allowed, *note;
} harvests[] = {
	{ { "rhythm" }, { 20 }, "medium", { "rhythm" }, { "198.51.100.151" },
	    { NULL }, AT(18, 15, 20, 0), 16 * MINUTE, 60, 24, 24, false, false,
	    NULL,
	    "24 screens, one every 42 seconds, with what belongs to them" },
	{ { "bare" }, { 16 }, "medium", { "bare" }, { "198.51.100.152" },
	    { NULL }, AT(16, 13, 40, 0), 70 * MINUTE, 850, 16, 16, false, true,
	    NULL, "16 screens and not one asset" },
	{ { "client" }, { 28 }, "medium", { "pair a", "pair b" },
	    { "198.51.100.153" }, { NULL }, AT(18, 14, 10, 0), 9 * MINUTE, 700,
	    28, 28, true, false, NULL,
	    "28 screens in 9 minutes, half of them on each of two tokens" },
	{ { "spread" }, { 4 }, "high", { "shared" },
	    { "198.51.100.155", "2001:db8:d1:1::4", "2001:db8:d2:1::4",
		"2001:db8:d3:1::4" },
	    { NULL }, AT(18, 13, 10, 0), 300 * MINUTE, 700, 8, 8, false, false,
	    NULL, "one token from 4 networks" },
	{ { "agents" }, { 3 }, "high", { "passed on" },
	    { "198.51.100.156", "198.51.100.156", "198.51.100.156" },
	    { CHROME, "curl/8.5.0", "python-requests/2.32" }, AT(14, 13, 45, 0),
	    40 * MINUTE, 700, 6, 6, false, false, NULL,
	    "one token with 3 kinds of programs" },
	{ { "fast", "bare", "rhythm" }, { 30, 30, 20 }, NULL, { "screenshots" },
	    { SCREENSHOT_JOB }, { NULL }, AT(18, 14, 30, 0), 5 * MINUTE, 0, 30,
	    30, false, true, "medium",
	    "a screenshot job that the allow list names" },
	{ { NULL }, { 30 }, NULL, { MONITOR_TOKEN },
	    { "2001:db8:c1:1::1", "2001:db8:c2:1::1", "2001:db8:c3:1::1",
		"2001:db8:c4:1::1" },
	    { NULL }, AT(12, 13, 50, 0), 6 * MINUTE, 0, 30, 30, false, true,
	    NULL, "the token of our own tests, from machines of a cloud" },
	{ { NULL }, { 2 }, NULL, { "on the way" },
	    { "192.0.2.98", "2001:db8:98:1::4" }, { NULL }, AT(16, 16, 40, 0),
	    40 * MINUTE, 700, 10, 10, false, false, NULL,
	    "a phone between two networks" },
	{ { NULL }, { 1 }, NULL, { "wall" }, { "192.0.2.99" }, { NULL },
	    AT(14, 19, 5, 0), 15 * MINUTE, 0, 30, 1, false, false, NULL,
	    "a screen on a wall reloads itself every 30 seconds" },
};

static int
filled(const char *const *name, int n)
{
	int i = 0;

	while (i < n && name[i])
		i++;
	return i ? i : 1;
}

static void
tell_harvest(
    struct world *w, const struct harvest *h, int64_t first, int64_t last)
{
	struct truth t = { .rule = "DET-BETA-002",
		.level = h->level,
		.key = h->by_client ? h->client[0]
				    : token_key(w, guest(w, h->name[0])),
		.client = h->client[0],
		.start = first,
		.end = last,
		.suppressed = h->allowed,
		.allowed = h->allowed,
		.note = h->note };
	int i;

	for (i = 0; i < filled(h->arm, MAX_FINDINGS); i++) {
		t.arm = h->arm[i];
		t.metric = h->metric[i];
		plant(w, t);
	}
}

static void
harvest(struct world *w, struct rng *r, const struct harvest *h)
{
	int names = filled(h->name, 2), clients = filled(h->client, 4), i;
	bool agents = h->agent[0];
	struct visit v = { .agent = CHROME };
	int64_t when[64], at, first = 0, last = 0;

	for (i = 0; i < names; i++)
		accepted(w, guest(w, h->name[i]), AT(11, 19, 50, 0));
	pace(r, h->start, h->span, h->loose, h->n, when);
	for (i = 0; i < h->n; i++) {
		v.token = guest(w, h->name[i % names]);
		v.client = h->client[i % clients];
		if (agents)
			v.agent = h->agent[i % clients];
		at = preview(w, r, &v, when[i], 1 + i % h->screens, 200);
		last = agents ? w->accessed : at;
		first = first ? first : last;
		if (!h->bare)
			assets(w, r, &v, when[i] + 300000);
	}
	tell_harvest(w, h, first, last);
}

/* Seven times a day eight screens, half of them on each of two tokens. */
static void
come_back(struct world *w, struct rng *r)
{
	struct visit v = { .client = "198.51.100.154", .agent = CHROME };
	int64_t first = 0, last = 0, at;
	int i;

	for (i = 0; i < 2; i++)
		accepted(
		    w, guest(w, text(w, "again %d", i)), AT(11, 19, 55, 0));
	for (i = 0; i < 56; i++) {
		v.token = guest(w, text(w, "again %d", i % 2));
		at = AT(16, 13, 5, 0) + i / 8 * 57 * MINUTE + i % 8 * 47 * SEC +
		    within(r, 9 * SEC);
		last = preview(w, r, &v, at, 1 + i, 200);
		first = first ? first : last;
		if (i % 8 == 0)
			assets(w, r, &v, at + 400000);
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-002",
		.arm = "client-slow",
		.level = "medium",
		.key = v.client,
		.client = v.client,
		.start = first,
		.end = last,
		.metric = 56,
		.note = "56 screens in a day, half of them on each of two"
			" tokens" });
}

void
harvesters(struct world *w)
{
	struct rng r = stream(w, "harvesters");
	size_t i;

	for (i = 0; i < countof(harvests); i++)
		harvest(w, &r, &harvests[i]);
	come_back(w, &r);
}
