/* SPDX-License-Identifier: MIT */
/* Planted for DET-SIGNUP-001, waitlist velocity, and -002, mail patterns. */
#include "demo.h"

enum naming { ONE_DOMAIN, TWO_DOMAINS, MANY_DOMAINS, ALIASES, STAFF };

static const struct join {
	const char *arm, *client;
	enum naming naming;
	int64_t start, span;
	int loose, n, distinct;
	const char *allowed, *level, *note;
	int first; /* of the names */
} joins[] = {
	{ "fast", "198.51.100.200", ONE_DOMAIN, AT(12, 16, 30, 4), 96 * SEC,
	    100, 7, 7, NULL, "medium",
	    "7 addresses of one domain in 96 seconds", 0 },
	{ "hour", "198.51.100.205", ONE_DOMAIN, AT(13, 14, 0, 20), 58 * MINUTE,
	    100, 11, 11, NULL, "medium",
	    "11 in an hour, at most 2 in any 10 minutes", 7 },
	{ "slow", "198.51.100.210", ONE_DOMAIN, AT(16, 1, 10, 0), 22 * HOUR,
	    200, 23, 23, NULL, "high",
	    "23 in a day, one an hour: most of that day", 0 },
	{ "hour", "192.0.2.200", MANY_DOMAINS, AT(14, 18, 0, 30), 50 * MINUTE,
	    400, 12, 12, "informational", NULL,
	    "campus NAT: 12 people, 12 domains, minutes apart", 0 },
	{ NULL, "192.0.2.77", ALIASES, AT(17, 15, 3, 0), 8 * MINUTE, 500, 8, 1,
	    NULL, NULL,
	    "one mailbox submitted 8 times, with case and plus aliases", 0 },
	{ NULL, "192.0.2.60", STAFF, AT(18, 14, 10, 0), 9 * MINUTE, 400, 9, 9,
	    NULL, NULL, "9 staff test rows of the internal domain", 0 },
};

static const char *const people[] = { "ana", "bela", "chidi", "dora", "emre",
	"farah", "goran", "hana", "ivo", "jun", "kofi", "lena", "mira", "nils",
	"oya", "pavel", "quinn", "rosa", "sami", "tove", "uma", "vik", "wen",
	"yara", "zoe" };
static const char *const domains[] = { "example.com", "example.org",
	"example.net", "mailhaven.example", "postbox.test", "letters.example",
	"northmail.test", "studio.example", "uni.example", "homelink.test",
	"harbour.example", "quill.test", "fern.example", "atlas.example" };

const char *
name_of(int i)
{
	return people[i % (int)countof(people)];
}

const char *
domain_of(int i)
{
	return domains[i % (int)countof(domains)];
}

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
	case TWO_DOMAINS:
		return text(w, "%s.%s@%s", who, people[(i + 11) % 25],
		    i % 2 ? "letters.example" : "dropbox-mail.test");
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

void
signup(struct world *w, struct rng *r, struct signup row, int status)
{
	row.order = w->signups.n;
	*(struct signup *)slot(&w->signups, sizeof row) = row;
	if (status) /* else the request is in no log */
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
			.email = email(w, r, j->naming, j->first + i),
			.origin = "landing",
			.ip = j->client,
			.agent = "Mozilla/5.0 Chrome/136.0",
			.referrer = j->level ? NULL : "",
			.confirmed = j->level
			    ? 0
			    : when[i] + (2 + i) * MINUTE + 350000 },
		    i < j->distinct ? 201 : 200);
	plant(w,
	    (struct truth){ .rule = "DET-SIGNUP-001",
		.arm = j->arm,
		.level = j->level,
		.key = j->client,
		.client = j->client,
		.start = when[0],
		.end = when[j->n - 1],
		.metric = j->distinct,
		.note = j->note,
		.allowed = j->allowed });
	if (j->naming == ALIASES)
		plant(w,
		    (struct truth){ .rule = "DET-SIGNUP-002",
			.arm = "canonical",
			.level = "low",
			.key = "jo.park@example.com",
			.client = j->client,
			.start = when[0],
			.end = when[j->n - 1],
			.metric = 6,
			.note = "one mailbox under 6 addresses" });
}

static void
bulk_import(struct world *w, struct rng *r)
{
	static const char *const last[] = { "anderson", "bergmann", "castillo",
		"dimitrov", "eriksson", "fernandes", "goldberg", "horvath",
		"ibrahimovic", "johansson", "kowalski", "lindqvist", "moretti",
		"nakamura", "oliveira", "petersen", "quintero", "rasmussen" };
	int64_t at = AT(15, 9, 30, 0) + 512300;
	int i;

	for (i = 0; i < 120; i++)
		signup(w, r,
		    (struct signup){ .at = at,
			.origin = "import",
			.email = text(w, "%s.%s@%s", name_of(i),
			    last[i % (int)countof(last)], domain_of(i)) },
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

/* --- many clients --------------------------------------------------------- */

static const struct wave {
	const char *arm, *key, *net; /* net: before the number of the client */
	int clients;
	enum naming naming;
	int first;
	int64_t start, span;
	int n;
	const char *level, *allowed, *note;
} waves[] = {
	{ "rollup", "2001:db8:5c::/48", "5c:", 4, ONE_DOMAIN, 18,
	    AT(14, 5, 10, 0), 45 * MINUTE, 16, "medium", NULL,
	    "16 addresses from 4 clients of one /48" },
	{ "distributed", "all origins", "a1", 26, TWO_DOMAINS, 0,
	    AT(14, 2, 30, 0), 45 * MINUTE, 26, "medium", NULL,
	    "26 addresses of 2 domains from 26 clients at night" },
	{ "distributed", "all origins", "a2", 24, MANY_DOMAINS, 0,
	    AT(13, 23, 1, 0), 48 * MINUTE, 24, NULL, "informational",
	    "a launch post: 24 people, 14 domains, with a referrer" },
};

static void
wave(struct world *w, struct rng *r, const struct wave *v)
{
	int64_t when[32];
	int i;

	pace(r, v->start, v->span, 500, v->n, when);
	for (i = 0; i < v->n; i++) {
		unsigned host = 16 + (unsigned)(i % v->clients);

		signup(w, r,
		    (struct signup){ .at = when[i],
			.email = email(w, r, v->naming, v->first + i),
			.origin = "landing",
			.ip = text(w, "2001:db8:%s%x::9", v->net, host),
			.agent = "Mozilla/5.0 Chrome/136.0",
			.referrer = v->level ? NULL : "https://news.example/r",
			.confirmed = v->level ? 0 : when[i] + 7 * MINUTE },
		    201);
	}
	plant(w,
	    (struct truth){ .rule = "DET-SIGNUP-001",
		.arm = v->arm,
		.level = v->level,
		.key = v->key,
		.start = when[0],
		.end = when[v->n - 1],
		.metric = v->n,
		.allowed = v->allowed,
		.note = v->note });
}

/* The form mails people who never asked for it: two findings. */
static void
mail_bomb(struct world *w, struct rng *r)
{
	struct truth t = { .rule = "DET-SIGNUP-001",
		.arm = "fast",
		.level = "high",
		.key = "198.51.100.215",
		.client = "198.51.100.215",
		.metric = 12,
		.note = "12 mailboxes of 12 domains, none of them confirms" };
	int64_t when[12];
	int i;

	pace(r, AT(13, 5, 0, 0), 100 * SEC, 100, 12, when);
	for (i = 0; i < 12; i++)
		signup(w, r,
		    (struct signup){ .at = when[i],
			.email = email(w, r, MANY_DOMAINS, i),
			.origin = "landing",
			.ip = t.client,
			.agent = "Mozilla/5.0 Chrome/136.0" },
		    201);
	t.start = when[0];
	t.end = when[11];
	plant(w, t);
	t.arm = "hour";
	plant(w, t);
}

/* Colleagues sign up together, and all confirm. */
static void
colleagues(struct world *w, struct rng *r)
{
	static const char *const last[] = { "novak", "ozturk", "pires", "quist",
		"rossi", "silva" };
	const char *ip = "192.0.2.205";
	int64_t when[6];
	int i;

	pace(r, AT(17, 14, 40, 0), 8 * MINUTE, 400, 6, when);
	for (i = 0; i < 6; i++)
		signup(w, r,
		    (struct signup){ .at = when[i],
			.email =
			    text(w, "%s.%s@fern.example", name_of(i), last[i]),
			.origin = "landing",
			.ip = ip,
			.agent = "Mozilla/5.0 (Windows) Edg/137.0",
			.referrer = "",
			.confirmed = when[i] + 4 * MINUTE },
		    201);
	plant(w,
	    (struct truth){ .rule = "DET-SIGNUP-001",
		.arm = "fast",
		.key = ip,
		.client = ip,
		.start = when[0],
		.end = when[5],
		.metric = 6,
		.allowed = "low",
		.note =
		    "6 colleagues, first.last of one company, all confirm" });
}

void
waves_of_signups(struct world *w)
{
	struct rng r = stream(w, "waves");
	size_t i;

	for (i = 0; i < countof(waves); i++)
		wave(w, &r, &waves[i]);
	mail_bomb(w, &r);
	colleagues(w, &r);
}

void
waitlist(struct world *w)
{
	struct rng r = stream(w, "waitlist");
	size_t i;
	int n;

	for (i = 0; i < countof(joins); i++)
		join(w, &r, &joins[i]);
	bulk_import(w, &r);
	for (n = 0; n < 10 * (LAST_DAY - FIRST_DAY + 1); n++)
		ordinary_signup(w, &r, n);
}
