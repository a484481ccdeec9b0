/* SPDX-License-Identifier: MIT */
/* Planted for DET-BETA-004: getting round the NDA. */
#include "demo.h"

#define BROWSER "Mozilla/5.0 (X11; Linux) Firefox/138.0"

/* Comes, and is shown the NDA, but does not accept. */
static void
arrive(struct world *w, struct rng *r, const struct visit *v, int64_t at)
{
	preview(w, r, v, at, 0, 302);
	show_nda(w, v, at + 400000);
}

static struct visit
newcomer(struct world *w, const char *client)
{
	return (struct visit){ guest(w, text(w, "nda %s", client)), client,
		NULL, BROWSER };
}

static void
probe(struct world *w, struct rng *r)
{
	static const int screens[] = { 1, 2, 3, 1, 4 };
	struct visit v = newcomer(w, "198.51.100.180");
	int64_t at = AT(13, 14, 5, 0), first = 0, last = 0;
	size_t i;

	arrive(w, r, &v, at);
	for (i = 0; i < countof(screens); i++) {
		at += between(r, 30, 70) * SEC;
		last = preview(w, r, &v, at, screens[i], 403);
		first = first ? first : last;
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-004",
		.arm = "probe",
		.level = "low",
		.key = token_key(w, v.token),
		.client = v.client,
		.start = first,
		.end = last,
		.metric = countof(screens),
		.note = "5 screens tried after the NDA page" });
}

/* Three tokens, two refusals each; the first of a token may be a deep link. */
static void
probe_client(struct world *w, struct rng *r)
{
	struct visit v = { .client = "198.51.100.181", .agent = BROWSER };
	int64_t at = AT(17, 15, 20, 0), first = 0, last = 0;
	int i;

	for (i = 0; i < 3; i++) {
		v.token = guest(w, text(w, "nda 181 %d", i));
		arrive(w, r, &v, at);
		preview(w, r, &v, at + 40 * SEC, 5 + i, 403);
		last = preview(w, r, &v, at + 95 * SEC, 9 + i, 403);
		first = first ? first : last;
		at += 4 * MINUTE;
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-004",
		.arm = "probe-client",
		.level = "low",
		.key = v.client,
		.client = v.client,
		.start = first,
		.end = last,
		.metric = 3,
		.note = "screens tried with three tokens after the NDA page" });
}

static void
trick(struct world *w, struct rng *r)
{
	static const struct view tries[] = {
		{ NULL, "//screens/s03", 3, 404, false },
		{ NULL, "/nda/%2e%2e/screens/s05", 5, 403, false },
		{ "POST", "/screens/s05", 5, 403, false },
	};
	struct visit v = newcomer(w, "198.51.100.182");
	int64_t at = AT(12, 18, 40, 0), first = 0, last = 0;
	size_t i;

	arrive(w, r, &v, at);
	for (i = 0; i < countof(tries); i++) {
		at += between(r, 20, 50) * SEC;
		last = view(w, r, &v, at, &tries[i]);
		first = first ? first : last;
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-004",
		.arm = "trick",
		.level = "medium",
		.key = token_key(w, v.token),
		.client = v.client,
		.start = first,
		.end = last,
		.metric = countof(tries),
		.note = "altered paths and another method" });
}

static void
bypass(struct world *w, struct rng *r)
{
	struct visit v = newcomer(w, "198.51.100.183");
	int64_t at = AT(18, 18, 40, 0), first, last;

	arrive(w, r, &v, at);
	first = preview(w, r, &v, at + 50 * SEC, 21, 200);
	last = preview(w, r, &v, at + 95 * SEC, 22, 200);
	assets(w, r, &v, at + 96 * SEC);
	plant(w,
	    (struct truth){ .rule = "DET-BETA-004",
		.arm = "bypass",
		.level = "critical",
		.key = token_key(w, v.token),
		.client = v.client,
		.start = first,
		.end = last,
		.metric = 2,
		.note = "2 screens served, and no acceptance anywhere" });
}

/* --- look-alikes ---------------------------------------------------------- */

static void
innocent(struct world *w, const struct visit *v, int64_t start, int64_t end,
    int metric, const char *why)
{
	plant(w,
	    (struct truth){ .rule = "DET-BETA-004",
		.key = token_key(w, v->token),
		.client = v->client,
		.start = start,
		.end = end,
		.metric = metric,
		.note = why });
}

/* The links in the invitation lead to screens. */
static void
deep_links(struct world *w, struct rng *r)
{
	struct visit v = newcomer(w, "192.0.2.111");
	int64_t at = AT(14, 13, 35, 0);
	int i;

	for (i = 0; i < 4; i++, at += 20 * SEC)
		preview(w, r, &v, at, 12 + i, 403);
	preview(w, r, &v, at, 0, 302);
	show_nda(w, &v, at + 900000);
	accept_nda(w, &v, at + 70 * SEC);
	preview(w, r, &v, at + 74 * SEC, 12, 200);
	assets(w, r, &v, at + 75 * SEC);
	innocent(w, &v, AT(14, 13, 35, 0), at, 4,
	    "4 links of a mail, before the NDA page was shown");
}

/* Behind the dialogue the page asks for six screens at once. */
static void
at_once(struct world *w, struct rng *r)
{
	struct visit v = newcomer(w, "192.0.2.112");
	int64_t at = AT(16, 19, 10, 0);
	int i;

	arrive(w, r, &v, at);
	for (i = 0; i < 6; i++)
		preview(w, r, &v, at + SEC + i * 300000, 30 + i, 403);
	accept_nda(w, &v, at + 80 * SEC);
	innocent(w, &v, at + SEC, at + SEC, 6,
	    "6 calls at once behind the NDA dialogue");
}

/* The page is served while the acceptance is being written. */
static void
race(struct world *w, struct rng *r)
{
	struct visit v = newcomer(w, "192.0.2.113");
	int64_t at = AT(17, 18, 35, 0);

	arrive(w, r, &v, at);
	preview(w, r, &v, at + 30 * SEC, 1, 200);
	assets(w, r, &v, at + 31 * SEC);
	accept_nda(w, &v, at + 45 * SEC);
	innocent(w, &v, at + 30 * SEC, at + 30 * SEC, 1,
	    "served 15 seconds before the acceptance");
}

void
strangers(struct world *w)
{
	struct rng r = stream(w, "strangers");

	probe(w, &r);
	probe_client(w, &r);
	trick(w, &r);
	bypass(w, &r);
	deep_links(w, &r);
	at_once(w, &r);
	race(w, &r);
}
