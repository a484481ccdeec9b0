/* SPDX-License-Identifier: MIT */
/* Planted for DET-BETA-001: guessing preview tokens. */
#include "demo.h"

#include <string.h>

static const struct guess {
	const char *arm; /* NULL: a look-alike */
	const char *client;
	enum guise guise;
	int64_t start, span;
	int loose, n, distinct;
	const char *note;
} guesses[] = {
	{ "fast", "198.51.100.23", PLAIN, AT(12, 14, 21, 30), 7 * MINUTE, 700,
	    14, 14, "14 invalid tokens in 7 minutes" },
	{ "fast", "198.51.100.61", PLAIN, AT(13, 15, 55, 10), 580 * SEC, 200, 8,
	    8, "exactly the threshold, over a 10-minute clock edge" },
	{ "fast", "2001:db8:5a:7::/64", ROTATES, AT(14, 17, 10, 5), 8 * MINUTE,
	    600, 10, 10, "one /64, a new address every time" },
	{ "fast", "198.51.100.77", FORGES, AT(17, 18, 10, 20), 9 * MINUTE, 500,
	    12, 12, "a new forged left X-Forwarded-For every time" },
	{ "slow", "198.51.100.140", PLAIN, AT(15, 11, 40, 0), 8 * HOUR, 600, 18,
	    18, "one invalid token about every 28 minutes" },
	{ NULL, "192.0.2.88", PLAIN, AT(12, 17, 0, 40), 25 * MINUTE, 750, 40, 1,
	    "one expired link reloaded 40 times" },
	{ NULL, "192.0.2.91", PLAIN, AT(16, 14, 30, 15), 9 * MINUTE, 600, 7, 7,
	    "7 invalid tokens in 9 minutes, one under the threshold" },
};

/* The address from which they come the i-th time. */
const char *
disguised(struct world *w, const char *client, enum guise guise, int i)
{
	const char *end = strstr(client, "::/64");

	if (guise != ROTATES || !end)
		return client;
	return text(w, "%.*s:%x:%x:0:%x", (int)(end - client), client,
	    0x31 * (i + 1), 0x1f3 * (i + 5), i + 2);
}

static void
guess(struct world *w, struct rng *r, const struct guess *g)
{
	char token[TOKEN_LEN + 1];
	struct visit v = { token, NULL, NULL, "Mozilla/5.0 (X11) Chrome/125" };
	int64_t when[64], first = 0, last = 0;
	int i;

	pace(r, g->start, g->span, g->loose, g->n, when);
	for (i = 0; i < g->n; i++) {
		if (i < g->distinct)
			new_token(r, token);
		v.client = disguised(w, g->client, g->guise, i);
		if (g->guise == FORGES)
			v.forged = text(w, "203.0.113.%d", 3 + 17 * i);
		last = preview(w, r, &v, when[i], 0, i % 3 ? 404 : 401);
		first = first ? first : last;
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-001",
		.arm = g->arm,
		.level = g->arm ? "low" : NULL,
		.key = g->client,
		.client = g->client,
		.start = first,
		.end = last,
		.metric = g->distinct,
		.note = g->note });
}

/* A mail program glued punctuation to the link of a real tester. */
static void
mangled_link(struct world *w, struct rng *r)
{
	static const char *const tail[] = { ".", "%3E", "", ")" };
	struct visit v = visit_of(w, 4);
	const char *token = v.token;
	int64_t at = AT(14, 13, 20, 12);
	size_t i;

	for (i = 0; i < countof(tail); i++, at += 70 * SEC) {
		v.token = text(w, "%s%s", token, tail[i]);
		preview(w, r, &v, at, 0, *tail[i] ? 404 : 200);
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-001",
		.key = v.client,
		.client = v.client,
		.metric = 3,
		.note = "mail-mangled variants of one valid token" });
}

/* Mistyped links of unrelated people, over an afternoon. */
static void
strays(struct world *w, struct rng *r)
{
	char token[TOKEN_LEN + 1];
	struct visit v = { token, NULL, NULL, "Mozilla/5.0 (Macintosh)" };
	int64_t when[16];
	int i;

	pace(r, AT(13, 13, 10, 0), 6 * HOUR, 700, 16, when);
	for (i = 0; i < 16; i++) {
		new_token(r, token);
		v.client = text(w, "203.0.113.%d", 180 + i % 10);
		preview(w, r, &v, when[i], 0, 404);
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-001",
		.key = "203.0.113.180 .. 203.0.113.189",
		.metric = 2,
		.note = "ten clients with one or two invalid tokens each" });
}

void
guessers(struct world *w)
{
	struct rng r = stream(w, "guessers");
	size_t i;

	for (i = 0; i < countof(guesses); i++)
		guess(w, &r, &guesses[i]);
	mangled_link(w, &r);
	strays(w, &r);
}

/* --- tokens made from one another ----------------------------------------- */

enum making { COUNTED, NEAR, NEAR_VALID };

static const struct series {
	const char *client;
	enum making making;
	int64_t start, span;
	int n;
	const char *note;
} series[] = {
	{ "198.51.100.25", COUNTED, AT(12, 15, 10, 0), 50 * MINUTE, 6,
	    "6 tokens that count up" },
	{ "198.51.100.27", NEAR, AT(16, 13, 30, 0), 70 * MINUTE, 5,
	    "5 tokens that differ in one letter" },
	{ "198.51.100.28", NEAR_VALID, AT(18, 17, 5, 0), 60 * MINUTE, 5,
	    "5 tokens that differ in one letter from a valid one" },
};

static const char *
made(struct world *w, const struct series *s, int i)
{
	char token[TOKEN_LEN + 1];
	int at = s->making == NEAR ? TOKEN_LEN - 1 : 2;

	if (s->making == COUNTED)
		return text(w, "BetaLink2026-A%08d", 10470 + i);
	snprintf(token, sizeof token, "%s", guest(w, s->client));
	token[at] = (char)('A' + ((token[at] & 31) + 1 + i) % 26);
	return text(w, "%s", token);
}

static void
count_up(struct world *w, struct rng *r, const struct series *s)
{
	struct visit v = { guest(w, s->client), "192.0.2.96", NULL,
		"Mozilla/5.0 (Windows) Chrome/137.0" };
	int64_t when[8], first = 0, last = 0;
	int i;

	if (s->making == NEAR_VALID) { /* its holder came in the morning */
		accepted(w, v.token, AT(11, 19, 30, 0));
		preview(w, r, &v, AT(18, 13, 25, 0), 0, 200);
	}
	v.client = s->client;
	pace(r, s->start, s->span, 600, s->n, when);
	for (i = 0; i < s->n; i++) {
		v.token = made(w, s, i);
		last = preview(w, r, &v, when[i], 0, 404);
		first = first ? first : last;
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-001",
		.arm = "structured",
		.level = "medium",
		.key = s->client,
		.client = s->client,
		.start = first,
		.end = last,
		.metric = s->n,
		.note = s->note });
}

/* --- a valid one after invalid ones --------------------------------------- */

static const struct luck {
	const char *arm, *client;
	int64_t at;
	int misses;
	const char *note;
} lucks[] = {
	{ "hit", "198.51.100.26", AT(16, 15, 10, 0), 4,
	    "a valid token after 4 invalid ones" },
	{ NULL, "192.0.2.97", AT(14, 14, 25, 0), 2,
	    "a tester mistypes the link twice" },
};

static void
try_luck(struct world *w, struct rng *r, const struct luck *l)
{
	char token[TOKEN_LEN + 1];
	struct visit v = { token, l->client, NULL,
		"Mozilla/5.0 (Macintosh) Chrome/137.0" };
	int64_t first = 0, last;
	int i;

	for (i = 0; i < l->misses; i++) {
		new_token(r, token);
		last = preview(w, r, &v, l->at + i * 25 * SEC, 0, 404);
		first = first ? first : last;
	}
	v.token = guest(w, l->client);
	accepted(w, v.token, AT(11, 19, 40, 0));
	last = preview(w, r, &v, l->at + i * 25 * SEC, 0, 200);
	plant(w,
	    (struct truth){ .rule = "DET-BETA-001",
		.arm = l->arm,
		.level = l->arm ? "high" : NULL,
		.key = l->client,
		.client = l->client,
		.start = first,
		.end = last,
		.metric = l->misses,
		.note = l->note });
}

/* --- many clients, and tokens that no path shows -------------------------- */

static void
swarm(struct world *w, struct rng *r)
{
	char token[TOKEN_LEN + 1];
	struct visit v = { token, NULL, NULL, "Mozilla/5.0 (X11) Chrome/125" };
	int64_t when[30], first = 0, last = 0;
	int i;

	pace(r, AT(14, 18, 30, 0), 50 * MINUTE, 300, 30, when);
	for (i = 0; i < 30; i++) {
		new_token(r, token);
		v.client = text(w, "198.51.100.%d", 110 + i % 10);
		last = preview(w, r, &v, when[i], 0, 404);
		first = first ? first : last;
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-001",
		.arm = "distributed",
		.level = "medium",
		.key = "all clients",
		.start = first,
		.end = last,
		.metric = 30,
		.note = "10 clients try 3 invalid tokens each" });
}

static void
in_header(struct world *w, struct rng *r)
{
	const char *client = "198.51.100.29";
	int64_t when[9];
	int i;

	pace(r, AT(18, 18, 10, 0), 8 * MINUTE, 500, 9, when);
	for (i = 0; i < 9; i++) {
		const char *rid = new_id(w);
		const char *name = text(w, "header %d", i);

		serve(w,
		    &(struct request){ .at = when[i],
			.method = "GET",
			.path = "/api/beta/session",
			.client = client,
			.agent = "curl/8.5.0",
			.rid = rid,
			.status = 401,
			.bytes = 96,
			.ms = between(r, 6, 90),
			.event = { text(w,
			    "{\"evt\":\"preview.request\",\"rid\":\"%s\","
			    "\"ip\":\"%s\",\"token_h\":\"%s\",\"screen\":null,"
			    "\"outcome\":\"invalid\"}",
			    rid, client, hashed(w, guest(w, name))) } });
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-001",
		.arm = "header",
		.level = "low",
		.key = client,
		.client = client,
		.start = when[0],
		.end = when[8],
		.metric = 9,
		.note = "9 invalid tokens in a header, none in a path" });
}

/* And another mail program, which did it in nine ways. */
static void
mangled_links(struct world *w, struct rng *r)
{
	static const char *const tail[] = { ".", ",", ";", ")", "%22", "%3E",
		"!", "%27", "*" };
	struct visit v = { .client = "192.0.2.94",
		.agent = "Mozilla/5.0 (Windows) Outlook" };
	const char *token = guest(w, v.client);
	int64_t at = AT(16, 15, 40, 0);
	size_t i;

	accepted(w, token, AT(11, 19, 45, 0));
	for (i = 0; i < countof(tail); i++, at += 50 * SEC) {
		v.token = text(w, "%s%s", token, tail[i]);
		preview(w, r, &v, at, 0, 404);
	}
	v.token = token;
	preview(w, r, &v, at, 0, 200);
	plant(w,
	    (struct truth){ .rule = "DET-BETA-001",
		.key = v.client,
		.client = v.client,
		.start = AT(16, 15, 40, 0),
		.end = at,
		.metric = countof(tail),
		.note = "9 mail-mangled variants of one valid token" });
}

void
forgers(struct world *w)
{
	struct rng r = stream(w, "forgers");
	size_t i;

	for (i = 0; i < countof(series); i++)
		count_up(w, &r, &series[i]);
	for (i = 0; i < countof(lucks); i++)
		try_luck(w, &r, &lucks[i]);
	swarm(w, &r);
	in_header(w, &r);
	mangled_links(w, &r);
}
