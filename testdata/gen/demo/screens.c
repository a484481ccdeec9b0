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
	int64_t when[SCREENS];
	int i, k, screen;

	preview(w, r, &v, s->start - 6 * SEC, 0, 200);
	pace(r, s->start, s->span, 850, s->n, when);
	for (i = 0; i < s->n; i++) {
		screen = (s->holder + i * (s->burst + 1)) % SCREENS;
		for (k = 0; k <= (s->burst && i % 2); k++) {
			preview(
			    w, r, &v, when[i] + k * 9 * SEC, 1 + screen, 200);
			prefetch(
			    w, r, &v, when[i] + k * 9 * SEC, screen, s->burst);
		}
		if (!s->arm || i % 4 == 0)
			assets(w, r, &v, when[i] + 1600000);
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-002",
		.arm = s->arm,
		.key = v.token,
		.client = v.client,
		.start = when[0],
		.end = when[s->n - 1],
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
