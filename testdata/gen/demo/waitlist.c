/* SPDX-License-Identifier: MIT */
/* Planted for DET-SIGNUP-001, waitlist velocity, and -002, mail patterns. */
#include "demo.h"

enum naming { ONE_DOMAIN, MANY_DOMAINS, ALIASES, STAFF };

static const struct join {
	const char *arm, *client;
	enum naming naming;
	int64_t start, span;
	int loose, n, distinct;
	const char *allowed, *note;
} joins[] = {
	{ "fast", "198.51.100.200", ONE_DOMAIN, AT(12, 16, 30, 4), 96 * SEC,
	    100, 7, 7, NULL, "7 addresses of one domain in 96 seconds" },
	{ "hour", "198.51.100.205", ONE_DOMAIN, AT(13, 14, 0, 20), 58 * MINUTE,
	    100, 11, 11, NULL, "11 in an hour, at most 2 in any 10 minutes" },
	{ "slow", "198.51.100.210", ONE_DOMAIN, AT(16, 1, 10, 0), 22 * HOUR,
	    200, 23, 23, NULL, "23 in a day, one an hour" },
	{ NULL, "192.0.2.200", MANY_DOMAINS, AT(14, 18, 0, 30), 50 * MINUTE,
	    400, 12, 12, "INFO",
	    "campus NAT: 12 people, 12 domains, minutes"
	    " apart" },
	{ NULL, "192.0.2.77", ALIASES, AT(17, 15, 3, 0), 8 * MINUTE, 500, 8, 1,
	    NULL, "one mailbox submitted 8 times, with case and plus aliases" },
	{ NULL, "192.0.2.60", STAFF, AT(18, 14, 10, 0), 9 * MINUTE, 400, 9, 9,
	    NULL, "9 staff test rows of the internal domain" },
};

/* The same rows as another rule sees them. */
static const struct truth patterns[] = {
	{ .rule = "DET-SIGNUP-002",
	    .arm = "canonical",
	    .key = "jo.park@example.com",
	    .client = "192.0.2.77",
	    .start = AT(17, 15, 3, 0),
	    .end = AT(17, 15, 12, 0),
	    .metric = 6,
	    .note = "one mailbox under 6 addresses: LOW" },
	{ .rule = "DET-SIGNUP-002",
	    .arm = "weak",
	    .key = "dropbox-mail.test from 198.51.100.205",
	    .client = "198.51.100.205",
	    .start = AT(13, 14, 0, 20),
	    .end = AT(13, 14, 59, 0),
	    .metric = 4,
	    .note = "a machine's rhythm, and names that differ from those of"
		    " the day before by their number" },
};

static const char *const people[] = { "ana", "bela", "chidi", "dora", "emre",
	"farah", "goran", "hana", "ivo", "jun", "kofi", "lena", "mira", "nils",
	"oya", "pavel", "quinn", "rosa", "sami", "tove", "uma", "vik", "wen",
	"yara", "zoe" };
static const char *const domains[] = { "example.com", "example.org",
	"example.net", "mailhaven.example", "postbox.test", "letters.example",
	"northmail.test", "studio.example", "uni.example", "homelink.test",
	"harbour.example", "quill.test", "fern.example", "atlas.example" };

static const char *
email(struct world *w, struct rng *r, enum naming naming, int i)
{
	static const char *const alias[] = { "jo.park", "Jo.Park", "jo.park+a",
		"jo.park", "jo.park+beta", "jo.park+c", "JO.PARK+list",
		"jo.park+2" };
	const char *who = people[i % (int)countof(people)];

	switch (naming) {
	case ONE_DOMAIN:
		return text(
		    w, "%s%d@dropbox-mail.test", who, between(r, 100, 999));
	case MANY_DOMAINS:
		return text(
		    w, "%s@%s", who, domains[i % (int)countof(domains)]);
	case ALIASES:
		return text(w, "%s@example.com", alias[i]);
	case STAFF:
		break;
	}
	return text(w, "qa-%s@raxx.example", who);
}

static void
signup(struct world *w, struct rng *r, struct signup row, int status)
{
	row.order = w->signups.n;
	*(struct signup *)slot(&w->signups, sizeof row) = row;
	if (row.ip)
		fetch(w, r, row.at - 9000, "POST", "/api/waitlist", row.ip,
		    row.agent, status);
}

static void
join(struct world *w, struct rng *r, const struct join *j)
{
	int64_t when[64];
	int i;

	pace(r, j->start, j->span, j->loose, j->n, when);
	for (i = 0; i < j->n; i++)
		signup(w, r,
		    (struct signup){ .at = when[i],
			.email = email(w, r, j->naming, i),
			.origin = "landing",
			.ip = j->client,
			.agent = "Mozilla/5.0 Chrome/136.0",
			.referrer = j->arm ? NULL : "",
			.confirmed =
			    j->arm ? 0 : when[i] + (2 + i) * MINUTE + 350000 },
		    i < j->distinct ? 201 : 200);
	plant(w,
	    (struct truth){ .rule = "DET-SIGNUP-001",
		.arm = j->arm,
		.key = j->client,
		.client = j->client,
		.start = when[0],
		.end = when[j->n - 1],
		.metric = j->distinct,
		.note = j->note,
		.allowed = j->allowed });
}

static void
bulk_import(struct world *w, struct rng *r)
{
	int64_t at = AT(15, 9, 30, 0) + 512300;
	int i;

	for (i = 0; i < 120; i++)
		signup(w, r,
		    (struct signup){ .at = at,
			.origin = "import",
			.email = text(w, "%s.%d@%s", people[i % 25], i,
			    domains[i % 14]) },
		    0);
	plant(w,
	    (struct truth){ .rule = "DET-SIGNUP-001",
		.key = "import",
		.start = at,
		.end = at,
		.metric = 120,
		.note = "bulk import: 120 rows at the same microsecond" });
}

/* People: each from a network of their own, most of them confirm. */
static void
ordinary_signup(struct world *w, struct rng *r, int i)
{
	static const char *const origin[] = { "landing", "landing", "referral",
		"newsletter", "" };
	static const char *const referrer[] = { "https://news.example/raxx",
		"https://news.example/raxx", "", NULL };
	struct signup s = { .agent = "Mozilla/5.0 (Macintosh) Safari/619.1" };
	const char *who = people[below(r, countof(people))];

	s.at = AT(FIRST_DAY + i / 10, 7, 0, 0) + within(r, 15 * HOUR);
	s.email = text(w, "%s.%s@%s", who, people[i % (int)countof(people)],
	    domains[below(r, countof(domains))]);
	s.origin = origin[below(r, countof(origin))];
	s.referrer = referrer[below(r, countof(referrer))];
	s.ip = i % 2
	    ? text(w, "203.0.113.%d", 100 + i)
	    : text(w, "2001:db8:2%02x:1::%x", (unsigned)i, (unsigned)i + 1);
	if (below(r, 5))
		s.confirmed = s.at + within(r, 30 * HOUR);
	signup(w, r, s, 201);
}

void
waitlist(struct world *w)
{
	struct rng r = stream(w, "waitlist");
	size_t i;
	int n;

	for (i = 0; i < countof(joins); i++)
		join(w, &r, &joins[i]);
	for (i = 0; i < countof(patterns); i++)
		plant(w, patterns[i]);
	bulk_import(w, &r);
	for (n = 0; n < 10 * (LAST_DAY - FIRST_DAY + 1); n++)
		ordinary_signup(w, &r, n);
}
