/* SPDX-License-Identifier: MIT */
/* Planted for DET-BETA-001: guessing preview tokens. */
#include "demo.h"

enum guise { PLAIN, ROTATES, FORGES }; /* how they try to hide */

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

static const char *
guess_address(struct world *w, const struct guess *g, int i)
{
	if (g->guise != ROTATES)
		return g->client;
	return text(w, "2001:db8:5a:7:%x:%x:0:%x", 0x31 * (i + 1),
	    0x1f3 * (i + 5), i + 2);
}

static void
guess(struct world *w, struct rng *r, const struct guess *g)
{
	char token[TOKEN_LEN + 1];
	struct visit v = { token, NULL, NULL, "Mozilla/5.0 (X11) Chrome/125" };
	int64_t when[64];
	int i;

	pace(r, g->start, g->span, g->loose, g->n, when);
	for (i = 0; i < g->n; i++) {
		if (i < g->distinct)
			new_token(r, token);
		v.client = guess_address(w, g, i);
		if (g->guise == FORGES)
			v.forged = text(w, "203.0.113.%d", 3 + 17 * i);
		preview(w, r, &v, when[i], 0, i % 3 ? 404 : 401);
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-001",
		.arm = g->arm,
		.key = g->client,
		.client = g->client,
		.start = when[0],
		.end = when[g->n - 1],
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
