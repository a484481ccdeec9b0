/* SPDX-License-Identifier: MIT */
/* Planted for DET-AUTH-002: sessions that are created too fast. */
#include "demo.h"

#define BROWSER "Mozilla/5.0 (Macintosh) Safari/619.1"
#define SCRIPT "python-requests/2.32"

static const struct run {
	const char *arm, *level; /* arm NULL: a look-alike */
	const char *name, *client, *agent;
	int accounts;
	int64_t start, span;
	int n;
	bool by_client, drained; /* by_client: the key is the client */
	const char *note;
} runs[] = {
	{ "account", "high", "lost phone", "198.51.100.90", BROWSER, 1,
	    AT(12, 19, 10, 0), 8 * MINUTE, 7, false, false,
	    "7 sessions of one account in 8 minutes" },
	{ "slow", "high", "sold token", "198.51.100.91", SCRIPT, 1,
	    AT(15, 0, 31, 0), 610 * MINUTE, 21, false, true,
	    "21 sessions of one account in a night, two an hour" },
	{ "source", "medium", "stuffed", "198.51.100.92", SCRIPT, 6,
	    AT(13, 13, 20, 0), 8 * MINUTE, 12, true, false,
	    "a program opens 12 sessions of 6 accounts" },
	{ NULL, NULL, "forgetful", "192.0.2.81", BROWSER, 1, AT(16, 13, 40, 0),
	    9 * MINUTE, 5, false, false,
	    "5 sessions of one account, one under the threshold" },
	{ NULL, NULL, SERVICE_ACCOUNT, "192.0.2.80", SCRIPT, 1,
	    AT(12, 15, 40, 0), 9 * MINUTE, 9, false, false,
	    "9 sessions of the account of our own tests" },
	{ NULL, NULL, "after v89", "192.0.2.82", SCRIPT, 12, AT(17, 13, 41, 5),
	    7 * MINUTE, 12, true, false,
	    "v89 ended all sessions: 12 accounts of one client come back" },
};

static void
run(struct world *w, struct rng *r, const struct run *s)
{
	struct ceremony c = {
		.client = s->client, .agent = s->agent, .known = true
	};
	int64_t when[32], first = 0, last = 0;
	int i;

	pace(r, s->start, s->span, 300, s->n, when);
	for (i = 0; i < s->n; i++) {
		c.id = text(w, "%s %d", s->name, i % s->accounts);
		last = finish(w, r, &c, when[i]);
		first = first ? first : last;
	}
	plant(w,
	    (struct truth){ .rule = "DET-AUTH-002",
		.arm = s->arm,
		.level = s->level,
		.key = s->by_client ? s->client : account(w, c.id),
		.client = s->client,
		.start = first,
		.end = last,
		.metric = s->n,
		.drained = s->drained,
		.note = s->note });
}

static const struct roam {
	const char *arm, *level, *name;
	const char *client[4], *agent[4];
	int64_t start;
	const char *note;
} roams[] = {
	{ "spread", "high", "shared",
	    { "198.51.100.93", "2001:db8:f1:1::4", "2001:db8:f2:9::7",
		"2001:db8:f3:4::1" },
	    { BROWSER, SCRIPT, "Mozilla/5.0 (X11) Firefox/128", BROWSER },
	    AT(14, 16, 20, 0), "one account from 4 networks in 50 minutes" },
	{ NULL, NULL, "on a train",
	    { "192.0.2.83", "2001:db8:e1:1::4", "203.0.113.83",
		"2001:db8:e2:1::4" },
	    { "Mozilla/5.0 (iPhone) Mobile", "Mozilla/5.0 (iPhone) Mobile",
		"Mozilla/5.0 (iPhone) Mobile", "Mozilla/5.0 (iPhone) Mobile" },
	    AT(16, 15, 30, 0), "a phone changes between IPv4 and IPv6" },
};

static void
roam(struct world *w, struct rng *r, const struct roam *s)
{
	struct ceremony c = { .id = s->name, .known = true };
	int64_t when[4], first = 0, last = 0;
	int i;

	pace(r, s->start, 50 * MINUTE, 300, 4, when);
	for (i = 0; i < 4; i++) {
		c.client = s->client[i];
		c.agent = s->agent[i];
		last = finish(w, r, &c, when[i]);
		first = first ? first : last;
	}
	plant(w,
	    (struct truth){ .rule = "DET-AUTH-002",
		.arm = s->arm,
		.level = s->level,
		.key = account(w, s->name),
		.start = first,
		.end = last,
		.metric = 4,
		.note = s->note });
}

/* An app asks for a new token every 20 seconds: the session is the same. */
static void
refreshes(struct world *w, struct rng *r)
{
	const char *h = account(w, "refreshed"), *client = "192.0.2.84";
	int64_t when[30];
	int i;

	pace(r, AT(18, 17, 20, 0), 9 * MINUTE, 100, 30, when);
	for (i = 0; i < 30; i++) {
		const char *rid = new_id(w);

		serve(w,
		    &(struct request){ .at = when[i],
			.method = "POST",
			.path = "/api/auth/session/refresh",
			.client = client,
			.agent = BROWSER,
			.rid = rid,
			.status = 200,
			.bytes = 180,
			.ms = 9,
			.event = { text(w,
			    "{\"evt\":\"session.refreshed\",\"rid\":\"%s\","
			    "\"ip\":\"%s\",\"user_h\":\"%s\","
			    "\"method\":\"passkey\",\"ua\":\"%s\"}",
			    rid, client, h, BROWSER) } });
	}
	plant(w,
	    (struct truth){ .rule = "DET-AUTH-002",
		.key = h,
		.client = client,
		.start = when[0],
		.end = when[29],
		.metric = 30,
		.note = "one session is refreshed 30 times" });
}

void
sessions(struct world *w)
{
	struct rng r = stream(w, "sessions");
	size_t i;

	for (i = 0; i < countof(runs); i++)
		run(w, &r, &runs[i]);
	for (i = 0; i < countof(roams); i++)
		roam(w, &r, &roams[i]);
	refreshes(w, &r);
}
