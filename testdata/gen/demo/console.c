/* SPDX-License-Identifier: MIT */
/* Planted for DET-AUTH-003: refused in the console. */
#include "demo.h"

static const struct {
	const char *action, *type;
} permissions[] = {
	{ "billing.refund", "invoice" },
	{ "user.impersonate", "user" },
	{ "flag.update", "feature_flag" },
	{ "key.read", "api_key" },
	{ "tenant.export", "tenant" },
	{ "audit.purge", "audit_log" },
	{ "role.list", "role" }, /* and from here on, new with release v89: */
	{ "report.schedule", "report" },
	{ "report.share", "report_link" },
	{ "report.delete", "report" },
};
#define NEW_PERMISSIONS 7

static const struct denial {
	const char *arm, *actor, *role;
	int64_t start, span;
	int n, first, kinds; /* permissions[first .. first + kinds) */
	bool revoked;        /* their role is taken away just before */
	const char *note;
} denials[] = {
	{ "fast", "op-07", "support", AT(16, 10, 12, 0), 6 * MINUTE, 7, 0, 4,
	    false, "7 denials of 4 different permissions in 6 minutes" },
	{ "slow", "op-11", "support", AT(14, 7, 30, 0), 13 * HOUR, 17, 0, 7,
	    false, "17 denials of 7 different permissions, 49 minutes apart" },
	{ NULL, "op-02", "support", AT(13, 14, 0, 0), 25 * MINUTE, 50, 3, 1,
	    false, "a widget polls one forbidden thing 50 times" },
	{ NULL, "op-05", "analyst", AT(15, 16, 1, 0), 8 * MINUTE, 6, 1, 3, true,
	    "refused within 10 minutes after their role was revoked" },
	{ NULL, "op-01", "admin", AT(17, 13, 46, 0), 8 * MINUTE, 5, 7, 3, false,
	    "misdeploy: four actors meet the same new denials after v89" },
	{ NULL, "op-03", "support", AT(17, 13, 47, 10), 8 * MINUTE, 5, 7, 3,
	    false, "misdeploy: as op-01" },
	{ NULL, "op-04", "support", AT(17, 13, 49, 30), 8 * MINUTE, 6, 7, 3,
	    false, "misdeploy: as op-01" },
	{ NULL, "op-06", "analyst", AT(17, 13, 50, 0), 9 * MINUTE, 5, 7, 3,
	    false, "misdeploy: as op-01" },
};

void
console(struct world *w, struct console row)
{
	row.order = w->consoles.n;
	row.rid = new_id(w);
	*(struct console *)slot(&w->consoles, sizeof row) = row;
}

static const char *
desk(struct world *w, const char *actor)
{
	return text(w, "192.0.2.%d", 40 + (int)(hash(actor) % 9));
}

static void
deny(struct world *w, int64_t at, const char *actor, const char *role, int i)
{
	console(w,
	    (struct console){ .at = at,
		.actor = actor,
		.role = role,
		.action = permissions[i].action,
		.type = permissions[i].type,
		.resource = text(w, "%s-1", permissions[i].type),
		.outcome = "denied",
		.reason = "missing permission",
		.ip = desk(w, actor) });
}

void
change_role(struct world *w, int64_t at, const char *by, const char *action,
    const char *actor)
{
	console(w,
	    (struct console){ .at = at,
		.actor = by,
		.role = "admin",
		.action = action,
		.type = "user",
		.resource = actor,
		.outcome = "allowed",
		.ip = "192.0.2.44" });
}

/* head gets the times of the first three. */
static void
denial(struct world *w, struct rng *r, const struct denial *d, int64_t head[3])
{
	int64_t when[64];
	int i;

	if (d->revoked)
		change_role(
		    w, d->start - 40 * SEC, "op-01", "role.revoke", d->actor);
	pace(r, d->start, d->span, 300, d->n, when);
	for (i = 0; i < d->n; i++)
		deny(w, when[i], d->actor, d->role, d->first + i % d->kinds);
	plant(w,
	    (struct truth){ .rule = "DET-AUTH-003",
		.arm = d->arm,
		.level = d->arm ? "medium" : NULL,
		.key = d->actor,
		.start = when[0],
		.end = when[d->n - 1],
		.metric = d->n,
		.note = d->note });
	for (i = 0; i < 3; i++)
		head[i] = when[i];
}

/* Everyday console work, with a lone denial now and then. */
static void
console_work(struct world *w)
{
	static const char *const actors[] = { "op-01", "op-02", "op-03",
		"op-04", "op-05", "op-06", "op-08" };
	static const char *const work[][2] = { { "tenant.view", "tenant" },
		{ "user.view", "user" }, { "waitlist.invite", "waitlist" },
		{ "ticket.close", "ticket" } };
	struct rng r = stream(w, "console");
	int64_t t = WEEK_START;
	int i, k, n;

	while ((t = next_time(&r, t, 5)) < WEEK_END) {
		i = below(&r, countof(actors));
		k = below(&r, countof(work));
		n = below(&r, 90);
		if (!below(&r, 25)) {
			deny(w, t, "op-08", "support", 0);
			continue;
		}
		console(w,
		    (struct console){ .at = t,
			.actor = actors[i],
			.role = i ? "support" : "admin",
			.action = work[k][0],
			.type = work[k][1],
			.resource = text(w, "%s-%d", work[k][1], n),
			.outcome = "allowed",
			.reason = below(&r, 3) ? NULL : "",
			.ip = text(w, "192.0.2.%d", 40 + i) });
	}
}

/* Each of the four meets the three new permissions one after another. */
static void
tell_misdeploy(struct world *w, int64_t first, int64_t last)
{
	plant(w,
	    (struct truth){ .rule = "DET-AUTH-003",
		.arm = "misdeploy",
		.key = "v89",
		.start = first,
		.end = last,
		.metric = 4,
		.allowed = "informational",
		.note = "misdeploy: a note for operations" });
}

void
refusals(struct world *w)
{
	struct rng r = stream(w, "refusals");
	int64_t when[3], first = 0, last = 0;
	size_t i;

	for (i = 0; i < countof(denials); i++) {
		denial(w, &r, &denials[i], when);
		if (denials[i].first != NEW_PERMISSIONS)
			continue;
		first = !first || when[0] < first ? when[0] : first;
		last = when[2] > last ? when[2] : last;
	}
	tell_misdeploy(w, first, last);
	console_work(w);
}
