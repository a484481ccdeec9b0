/* SPDX-License-Identifier: MIT */
/* Planted for DET-AUTH-001: looking for identifiers that exist. */
#include "demo.h"

#define LOGIN "/api/auth/passkey/login/"
#define REGISTER "/api/auth/passkey/register/"

static const char *
id_field(struct world *w, const char *id)
{
	return id ? text(w, ",\"id_h\":\"%s\"", hashed(w, id)) : "";
}

/* The app's hash of the account that belongs to the identifier. */
const char *
account(struct world *w, const char *id)
{
	return hashed(w, text(w, "account of %s", id));
}

int64_t
begin(struct world *w, struct rng *r, const struct ceremony *c, int64_t at)
{
	const char *rid = new_id(w);
	const char *known = c->known ? "true" : "false";

	serve(w,
	    &(struct request){ .at = at,
		.method = "POST",
		.path = text(w, "%soptions", c->registers ? REGISTER : LOGIN),
		.client = c->client,
		.forged = c->forged,
		.agent = c->agent,
		.rid = rid,
		.status = c->registers && c->known ? 409 : 200,
		.bytes = c->bytes ? c->bytes : 611,
		.ms = between(r, 8, 30),
		.event = { text(w,
		    "{\"evt\":\"%s\",\"rid\":\"%s\",\"ip\":\"%s\"%s%s%s}",
		    c->registers ? "register.begin" : "auth.passkey.begin", rid,
		    c->client, id_field(w, c->id), c->id ? ",\"known\":" : "",
		    c->id ? known : "") } });
	return at;
}

/* Ends well; returns when the session was created. */
int64_t
finish(struct world *w, struct rng *r, const struct ceremony *c, int64_t at)
{
	const char *rid = new_id(w);

	serve(w,
	    &(struct request){ .at = at,
		.method = "POST",
		.path = text(w, "%sfinish", c->registers ? REGISTER : LOGIN),
		.client = c->client,
		.forged = c->forged,
		.agent = c->agent,
		.rid = rid,
		.status = 200,
		.bytes = 240,
		.ms = between(r, 8, 30),
		.event = {
		    text(w,
			"{\"evt\":\"auth.passkey.finish\",\"rid\":\"%s\","
			"\"ip\":\"%s\"%s,\"ok\":true}",
			rid, c->client, id_field(w, c->id)),
		    text(w,
			"{\"evt\":\"session.created\",\"rid\":\"%s\","
			"\"ip\":\"%s\",\"user_h\":\"%s\","
			"\"method\":\"passkey\",\"ua\":\"%s\"}",
			rid, c->client, account(w, c->id), c->agent) } });
	return at + 900;
}

#define BROWSER "Mozilla/5.0 (Windows) Chrome/137.0"

/* --- one client ----------------------------------------------------------- */

enum way { BY_LOGIN, BY_BOTH, WITHOUT_ID }; /* BOTH: registering every other */

static const struct search {
	const char *arm; /* NULL: a look-alike */
	const char *client;
	enum guise guise;
	enum way way;
	int64_t start, span;
	int loose, n, distinct;
	bool drained;
	const char *note;
} searches[] = {
	{ "fast", "198.51.100.31", PLAIN, BY_LOGIN, AT(12, 13, 20, 10),
	    6 * MINUTE, 600, 10, 10, false,
	    "10 unknown identifiers in 6 minutes" },
	{ "fast", "2001:db8:5b:3::/64", ROTATES, BY_LOGIN, AT(13, 16, 55, 5),
	    580 * SEC, 300, 8, 8, false,
	    "exactly the threshold, from ever new addresses of one /64" },
	{ "fast", "198.51.100.33", FORGES, BY_BOTH, AT(13, 14, 30, 0),
	    7 * MINUTE, 500, 12, 12, false,
	    "logging in and registering in turn, behind forged addresses" },
	{ "slow", "198.51.100.34", PLAIN, BY_LOGIN, AT(15, 0, 20, 0),
	    620 * MINUTE, 300, 22, 22, true,
	    "22 unknown identifiers in a night, two an hour" },
	{ NULL, "192.0.2.71", PLAIN, BY_LOGIN, AT(16, 13, 15, 0), 9 * MINUTE,
	    500, 7, 7, false,
	    "7 unknown identifiers in 9 minutes, one under the threshold" },
	{ NULL, "192.0.2.72", PLAIN, WITHOUT_ID, AT(12, 18, 10, 0), 9 * MINUTE,
	    700, 40, 1, false,
	    "a page with autofill is reloaded 40 times: no identifier" },
	{ NULL, "192.0.2.250", PLAIN, BY_LOGIN, AT(13, 18, 2, 30), 9 * MINUTE,
	    0, 10, 10, false,
	    "the monitor begins with 10 identifiers of its own" },
	{ NULL, "192.0.2.75", PLAIN, BY_LOGIN, AT(14, 19, 30, 0), 3 * MINUTE,
	    700, 12, 1, false, "a phone tries one ceremony 12 times" },
};

static void
search(struct world *w, struct rng *r, const struct search *s)
{
	int64_t when[64];
	struct ceremony c = { .agent = BROWSER };
	int i;

	pace(r, s->start, s->span, s->loose, s->n, when);
	for (i = 0; i < s->n; i++) {
		c.id = s->way == WITHOUT_ID
		    ? NULL
		    : text(w, "%s guess %d", s->client, i % s->distinct);
		c.registers = s->way == BY_BOTH && i % 2;
		c.client = disguised(w, s->client, s->guise, i);
		c.forged = s->guise == FORGES
		    ? text(w, "203.0.113.%d", 5 + 11 * i)
		    : NULL;
		begin(w, r, &c, when[i]);
	}
	plant(w,
	    (struct truth){ .rule = "DET-AUTH-001",
		.arm = s->arm,
		.level = s->arm ? "medium" : NULL,
		.key = s->client,
		.client = s->client,
		.start = when[0],
		.end = when[s->n - 1],
		.metric = s->distinct,
		.drained = s->drained,
		.note = s->note });
}

/* Many unknown ones, four known ones, and then a way in: two findings. */
static void
break_in(struct world *w, struct rng *r)
{
	struct ceremony c = { .client = "198.51.100.36", .agent = BROWSER };
	struct truth t = {
		.rule = "DET-AUTH-001", .key = c.client, .client = c.client
	};
	int64_t when[16], known = 0, unknown = 0;
	int i;

	pace(r, AT(17, 14, 20, 0), 8 * MINUTE, 400, 16, when);
	for (i = 0; i < 16; i++) {
		c.known = i % 4 == 3;
		c.id = text(w, "%s guess %d", c.client, i);
		begin(w, r, &c, when[i]);
		if (!c.known)
			unknown = when[i];
		else if (!known)
			known = when[i];
	}
	t.arm = "fast";
	t.level = "medium";
	t.start = when[0];
	t.end = unknown;
	t.metric = 12;
	t.note = "12 unknown identifiers in 8 minutes";
	plant(w, t);
	t.arm = "success";
	t.level = "high";
	t.start = known;
	t.end = finish(w, r, &c, when[15] + 40 * SEC);
	t.metric = 4;
	t.note = "and then a session for one of the 4 known ones it met";
	plant(w, t);
}

/* --- many clients --------------------------------------------------------- */

static const struct crowd {
	const char *arm, *level, *key;
	const char *net; /* of the clients: "198.51.100." */
	int first, clients, unknown, known;
	int64_t start, span;
	int bytes; /* that unknown identifiers get */
	bool open;
	double metric;
	const char *note;
} crowds[] = {
	{ "distributed", "high", "all clients", "198.51.100.", 40, 12, 36, 0,
	    AT(14, 15, 0, 10), 50 * MINUTE, 0, false, 36,
	    "12 clients try 3 unknown identifiers each" },
	{ "oracle", "medium", LOGIN "options", "198.51.100.", 80, 4, 24, 0,
	    AT(18, 16, 0, 20), 55 * MINUTE, 598, true, 100,
	    "since v90 an unknown identifier gets a shorter answer" },
	{ NULL, NULL, "all clients", "192.0.2.", 100, 20, 32, 30,
	    AT(16, 17, 5, 0), 50 * MINUTE, 0, false, 32,
	    "a rush after the newsletter: half of the identifiers are known" },
};

static void
crowd(struct world *w, struct rng *r, const struct crowd *g)
{
	int64_t when[64];
	struct ceremony c = { .agent = BROWSER };
	int i, n = g->unknown + g->known;

	pace(r, g->start, g->span, 300, n, when);
	for (i = 0; i < n; i++) {
		c.known = g->known && i % 2;
		c.client = text(w, "%s%d", g->net, g->first + i % g->clients);
		c.id = text(w, "crowd %s %d", c.client, i);
		c.bytes = c.known ? 0 : g->bytes;
		begin(w, r, &c, when[i]);
	}
	plant(w,
	    (struct truth){ .rule = "DET-AUTH-001",
		.arm = g->arm,
		.level = g->level,
		.key = g->key,
		.start = when[0],
		.end = when[n - 1],
		.metric = g->metric,
		.open = g->open,
		.note = g->note });
}

/* Nine people of one network sign up: unknown until they have. */
static void
workshop(struct world *w, struct rng *r)
{
	struct ceremony c = {
		.client = "192.0.2.73", .agent = BROWSER, .registers = true
	};
	int64_t when[9];
	int i;

	pace(r, AT(18, 15, 5, 0), 9 * MINUTE, 500, 9, when);
	for (i = 0; i < 9; i++) {
		c.id = text(w, "newcomer %d", i);
		begin(w, r, &c, when[i]);
		finish(w, r, &c, when[i] + 12 * SEC);
	}
	plant(w,
	    (struct truth){ .rule = "DET-AUTH-001",
		.key = c.client,
		.client = c.client,
		.start = when[0],
		.end = when[8],
		.metric = 9,
		.note = "a workshop: 9 newcomers register from one network" });
}

/* The people of an office are all known: nothing to count. */
static void
office(struct world *w, struct rng *r)
{
	struct ceremony c = {
		.client = "192.0.2.74", .agent = BROWSER, .known = true
	};
	struct truth t = { .rule = "DET-AUTH-001",
		.key = c.client,
		.client = c.client,
		.metric = 12,
		.note = "12 people of an office sign in within 9 minutes" };
	int64_t when[12], first = 0, last = 0;
	int i;

	pace(r, AT(18, 13, 6, 0), 9 * MINUTE, 500, 12, when);
	for (i = 0; i < 12; i++) {
		c.id = text(w, "colleague %d", i);
		begin(w, r, &c, when[i]);
		last = finish(w, r, &c, when[i] + 9 * SEC);
		first = first ? first : last;
	}
	t.start = first;
	t.end = last;
	plant(w, t);
	t.rule = "DET-AUTH-002";
	t.arm = "source";
	t.allowed = "informational";
	plant(w, t);
}

void
signins(struct world *w)
{
	struct rng r = stream(w, "sign-in");
	size_t i;

	for (i = 0; i < countof(searches); i++)
		search(w, &r, &searches[i]);
	for (i = 0; i < countof(crowds); i++)
		crowd(w, &r, &crowds[i]);
	break_in(w, &r);
	workshop(w, &r);
	office(w, &r);
}
