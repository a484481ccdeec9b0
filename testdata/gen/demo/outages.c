/* SPDX-License-Identifier: MIT */
/* Planted for DET-BETA-003 and DET-OPS-001: what fails, or only seems to. */
#include "demo.h"

#define BROWSER "Mozilla/5.0 (Macintosh) Safari/619.1"

static struct visit
night_owl(struct world *w, int i)
{
	return (struct visit){ guest(w, text(w, "night %d", i)),
		text(w, "2001:db8:a%d:1::7", i), NULL, BROWSER };
}

static void
tell_preview(struct world *w, const char *arm, const char *level, int64_t first,
    int64_t last, int metric, const char *note)
{
	plant(w,
	    (struct truth){ .rule = "DET-BETA-003",
		.arm = arm,
		.level = level,
		.key = PREVIEW,
		.start = first,
		.end = last,
		.metric = metric,
		.note = note });
}

/* Four testers in one night; in the next one nobody comes from three to six. */
static void
nights(struct world *w, struct rng *r)
{
	struct visit v;
	int i, k;

	for (i = 0; i < 4; i++) {
		v = night_owl(w, i);
		accepted(w, v.token, AT(11, 20, 10, 0) + i * MINUTE);
		for (k = 0; k < 3; k++) {
			int64_t at = AT(15, 4, 5 + 11 * i, 0) + k * 70 * SEC;

			preview(w, r, &v, at, 1 + 3 * i + k, 200);
			assets(w, r, &v, at + 200000);
		}
	}
	accepted(w, guest(w, REGULAR), AT(11, 20, 15, 0));
	plant(w,
	    (struct truth){ .rule = "DET-BETA-003",
		.arm = "quiet",
		.level = "informational",
		.key = PREVIEW,
		.start = AT(16, 4, 0, 0),
		.end = AT(16, 6, 0, 0),
		.metric = 12,
		.open = true,
		.drained = true,
		.note = "four testers of the night before do not come" });
}

/* Half of what three testers ask for fails. */
static void
half_fails(struct world *w, struct rng *r)
{
	static const struct {
		int minute, tester;
		bool bad;
	} visits[] = { { 0, 0, true }, { 4, 1, false }, { 9, 1, true },
		{ 13, 2, false }, { 18, 0, true }, { 27, 2, true } };
	int64_t first = 0, last = 0;
	size_t i;

	for (i = 0; i < countof(visits); i++) {
		struct visit v = night_owl(w, visits[i].tester);
		int64_t at = AT(16, 2, visits[i].minute, 10), done;

		done = preview(
		    w, r, &v, at, 7 + (int)i, visits[i].bad ? 500 : 200);
		if (!visits[i].bad)
			continue;
		report(w, at, SCREEN_FAILS,
		    text(w, PREVIEW "%s/screens/s%02d", v.token, 7 + (int)i),
		    text(w, "tester:%s", hashed(w, v.token)), v.client);
		first = first ? first : done;
		last = done;
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-003",
		.arm = "share",
		.level = "high",
		.key = PREVIEW,
		.start = first,
		.end = last,
		.metric = 4,
		.drained = true,
		.note = "4 of 6 requests of three testers fail" });
}

/* Since the change nothing works for anybody. */
static void
all_fails(struct world *w, struct rng *r)
{
	int64_t first = 0, last = 0, sent[6];
	int i;

	for (i = 0; i < 6; i++) {
		struct visit v = night_owl(w, i % 3);

		sent[i] = AT(18, 19, 49, 0) + i * 95 * SEC + within(r, 9 * SEC);
		last = preview(w, r, &v, sent[i], i, 200);
		first = first ? first : last;
	}
	tell_preview(w, "total", "critical", first, last, 6,
	    "since v91 no request of three testers works");
	tell_preview(w, "share", "high", first, last, 6,
	    "since v91 no request of three testers works");
	tell_preview(w, "sentry", "high", sent[0], sent[5], 6,
	    "since v91 no request of three testers works");
}

/* What clients broke off is no failure. */
static void
broken_off(struct world *w, struct rng *r)
{
	int64_t at = AT(14, 14, 10, 0);
	int i;

	for (i = 0; i < 6; i++) {
		struct visit v = night_owl(w, i % 3);

		at += between(r, 30, 60) * SEC;
		serve(w,
		    &(struct request){ .at = at,
			.method = "GET",
			.path = text(w, PREVIEW "%s/screens/s%02d", v.token, i),
			.client = v.client,
			.agent = "-",
			.rid = new_id(w),
			.status = i % 2 ? 503 : 499,
			.ms = 41,
			.fault = i % 2
			    ? "sock=backend at=error code=H18 "
			      "desc=\"Server Request Interrupted\""
			    : "sock=client at=warning code=H27 "
			      "desc=\"Client Request Interrupted\"" });
	}
	tell_preview(w, NULL, NULL, AT(14, 14, 10, 0), at, 6,
	    "6 requests that testers broke off");
}

/*
 * The console takes every token for an unknown one. Nine newcomers of one
 * office meet that, which is no guessing: testers whose links had worked meet
 * it too, and that the preview is shut is a finding.
 */
static void
verifier_down(struct world *w, struct rng *r)
{
	static const int minutes[] = { 23, 29, 36, 38 };
	struct visit v = { .agent = BROWSER };
	int64_t when[9], done[4];
	int i;

	for (i = 0; i < 4; i++) {
		v.token = guest(w, text(w, "outage %d", i % 2));
		v.client = text(w, "2001:db8:b%d:1::7", i % 2);
		if (i < 2) {
			accepted(w, v.token, AT(11, 20, 20, 0) + i * MINUTE);
			preview(w, r, &v, AT(17, 13, 32 + i, 0), 0, 200);
		}
		done[i] = preview(w, r, &v, AT(17, 19, minutes[i], 0), 0, 200);
	}
	/* nobody was served in half an hour: these two, those before, and the
	 * tester who comes every hour */
	tell_preview(w, "share", "high", done[2], done[3], 5,
	    "tokens that had worked are refused, and nobody is served");
	v.client = "192.0.2.95";
	pace(r, AT(17, 19, 24, 0), 8 * MINUTE, 500, 9, when);
	for (i = 0; i < 9; i++) {
		v.token = guest(w, text(w, "invited %d", i));
		preview(w, r, &v, when[i], 0, 200);
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-001",
		.key = v.client,
		.client = v.client,
		.start = when[0],
		.end = when[8],
		.metric = 9,
		.note =
		    "the verifier is down: links that had worked fail too" });
}

/* --- the API, at night ---------------------------------------------------- */

static const struct storm {
	const char *level; /* NULL: a look-alike */
	int64_t start, span;
	int n, clients;
	const char *note;
} storms[] = {
	{ "medium", AT(15, 5, 10, 0), 15 * MINUTE, 30, 6,
	    "30 timeouts of 6 customers" },
	{ "critical", AT(16, 3, 30, 0), 25 * MINUTE, 120, 8,
	    "120 timeouts: more than half of all requests" },
	{ NULL, AT(17, 13, 10, 0), 40 * MINUTE, 6, 3,
	    "6 timeouts of the slow statement among 200 requests" },
};

static void
storm(struct world *w, struct rng *r, const struct storm *s)
{
	int64_t when[128], first = 0, last = 0;
	int i;

	pace(r, s->start, s->span, 300, s->n, when);
	for (i = 0; i < s->n; i++) {
		last = serve(w,
		    &(struct request){ .at = when[i],
			.method = "GET",
			.path = "/api/v1/search?q=all",
			.client = text(w, "203.0.113.%d", 220 + i % s->clients),
			.agent = "-",
			.rid = new_id(w),
			.status = 503,
			.ms = 30000,
			.fault =
			    "at=error code=H12 desc=\"Request timeout\"" });
		first = first ? first : last;
	}
	report(w, when[0], SEARCH_TIMEOUT, "/api/v1/search", "u-40",
	    "203.0.113.220");
	plant(w,
	    (struct truth){ .rule = "DET-OPS-001",
		.arm = s->level ? "share" : NULL,
		.level = s->level,
		.key = APP,
		.start = first,
		.end = last,
		.metric = s->n,
		.drained = s->level,
		.note = s->note });
}

void
outages(struct world *w)
{
	struct rng r = stream(w, "outages");
	size_t i;

	nights(w, &r);
	half_fails(w, &r);
	all_fails(w, &r);
	broken_off(w, &r);
	verifier_down(w, &r);
	for (i = 0; i < countof(storms); i++)
		storm(w, &r, &storms[i]);
}
