/* SPDX-License-Identifier: MIT */
/* Planted for DET-AUTH-003: other ways to be refused, and to get in. */
#include "demo.h"

/* All of it happens within a few hours, so that it is one run. */
static const struct poke {
	const char *arm, *level; /* arm NULL: a look-alike */
	const char *actor, *role, *tenant, *owner, *ip;
	const char *action[4], *type; /* in turn */
	int resources, n;
	int64_t start, span;
	const char *note;
} pokes[] = {
	{ "idor", "medium", "op-12", "support", NULL, NULL, "192.0.2.51",
	    { "invoice.read" }, "invoice", 12, 12, AT(15, 11, 20, 0),
	    8 * MINUTE, "12 invoices in 8 minutes" },
	{ NULL, NULL, "op-20", "support", NULL, NULL, "192.0.2.52",
	    { "invoice.read" }, "invoice", 9, 18, AT(14, 9, 10, 0), 9 * MINUTE,
	    "9 invoices, twice each: one under the threshold" },
	{ "cross-tenant", "high", "op-13", "partner", "t-acme", "t-birch",
	    "192.0.2.53", { "user.view" }, "user", 3, 3, AT(13, 9, 0, 0),
	    6 * HOUR, "3 users of another tenant" },
	{ NULL, NULL, "op-19", "partner", "t-cove", "t-acme", "192.0.2.54",
	    { "user.view" }, "user", 1, 1, AT(16, 12, 30, 0), SEC,
	    "one user of another tenant" },
	{ "fast", "high", "op-21", "admin", NULL, NULL, "192.0.2.55",
	    { "role.grant", "key.rotate", "tenant.delete" }, "tenant", 1, 6,
	    AT(18, 10, 40, 0), 6 * MINUTE,
	    "an administrator is refused 6 times in 6 minutes" },
};

static void
tell(struct world *w, const struct poke *p, const char *key, int64_t start,
    int64_t end, int metric)
{
	plant(w,
	    (struct truth){ .rule = "DET-AUTH-003",
		.arm = p->arm,
		.level = p->level,
		.key = key,
		.start = start,
		.end = end,
		.metric = metric,
		.note = p->note });
}

static void
poke(struct world *w, struct rng *r, const struct poke *p)
{
	int64_t when[32];
	int i, actions = 0;

	while (actions < 4 && p->action[actions])
		actions++;
	pace(r, p->start, p->span, 300, p->n, when);
	for (i = 0; i < p->n; i++)
		console(w,
		    (struct console){ .at = when[i],
			.actor = p->actor,
			.role = p->role,
			.tenant = p->tenant,
			.action = p->action[i % actions],
			.type = p->type,
			.resource =
			    text(w, "%s-%d", p->type, 700 + i % p->resources),
			.owner = p->owner,
			.outcome = "denied",
			.reason = "missing permission",
			.ip = p->ip });
	tell(w, p, p->actor, when[0], when[p->n - 1], p->n);
}

/* Two actors of one address: neither is refused enough alone. */
static void
shared_desk(struct world *w, struct rng *r)
{
	static const char *const action[] = { "report.read", "report.share",
		"usage.read", "plan.read", "seat.add" };
	static const struct poke p = { .arm = "client",
		.level = "medium",
		.note = "two actors of one address are refused 4 times each" };
	const char *ip = "198.51.100.88";
	int64_t when[8];
	int i;

	pace(r, AT(14, 15, 30, 0), 7 * MINUTE, 300, 8, when);
	for (i = 0; i < 8; i++)
		console(w,
		    (struct console){ .at = when[i],
			.actor = i % 2 ? "op-16" : "op-17",
			.role = "support",
			.action = action[i % 5],
			.type = "plan",
			.resource = "plan-1",
			.outcome = "denied",
			.reason = "missing permission",
			.ip = ip });
	tell(w, &p, ip, when[0], when[7], 8);
}

/* --- in, after all -------------------------------------------------------- */

enum grant { NOBODY, THEMSELVES, ANOTHER };

static const struct entry {
	const char *arm, *level; /* of being allowed */
	const char *actor;
	int64_t start;
	int n,
	    kinds; /* of denials, a minute apart; the first kind is allowed */
	enum grant grant;
	int64_t allowed; /* after the start */
	const char *note;
} entries[] = {
	{ "allowed", "critical", "op-14", AT(17, 9, 10, 0), 6, 4, NOBODY,
	    110 * MINUTE,
	    "what was refused is allowed, and nobody granted it" },
	{ "allowed", "critical", "op-15", AT(18, 8, 0, 0), 1, 1, THEMSELVES,
	    20 * MINUTE, "they granted it to themselves" },
	{ NULL, NULL, "op-18", AT(17, 15, 0, 0), 6, 4, ANOTHER, 60 * MINUTE,
	    "an administrator granted what was refused" },
};

static void
ask(struct world *w, int64_t at, const char *actor, int kind, bool allowed)
{
	static const char *const what[] = { "key.read", "tenant.export",
		"flag.update", "user.impersonate" };

	console(w,
	    (struct console){ .at = at,
		.actor = actor,
		.role = "support",
		.action = what[kind],
		.type = "secret",
		.resource = "secret-1",
		.outcome = allowed ? "allowed" : "denied",
		.reason = allowed ? NULL : "missing permission",
		.ip = "192.0.2.57" });
}

static void
get_in(struct world *w, const struct entry *e)
{
	struct poke burst = { .arm = "fast",
		.level = "medium",
		.note = "6 denials of 4 different permissions in 5 minutes" };
	struct poke in = { .arm = e->arm, .level = e->level, .note = e->note };
	int64_t end = e->start + e->allowed;
	int i;

	for (i = 0; i < e->n; i++)
		ask(w, e->start + i * MINUTE, e->actor, i % e->kinds, false);
	if (e->grant != NOBODY)
		change_role(w, e->start + 6 * MINUTE,
		    e->grant == ANOTHER ? "op-01" : e->actor, "role.grant",
		    e->actor);
	ask(w, end, e->actor, 0, true);
	if (e->n > 1)
		tell(w, &burst, e->actor, e->start,
		    e->start + (e->n - 1) * MINUTE, e->n);
	tell(w, &in, e->actor, e->start, end, (e->n + e->kinds - 1) / e->kinds);
}

void
pokers(struct world *w)
{
	struct rng r = stream(w, "pokers");
	size_t i;

	for (i = 0; i < countof(pokes); i++)
		poke(w, &r, &pokes[i]);
	shared_desk(w, &r);
	for (i = 0; i < countof(entries); i++)
		get_in(w, &entries[i]);
}
