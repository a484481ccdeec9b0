/* SPDX-License-Identifier: MIT */
/*
 * The audit log: planted for DET-DATA-001 and DET-DATA-002, and its dumps, in
 * which every tenant's rows are a chain of MACs in the format raxx-audit-v1.
 */
#define _POSIX_C_SOURCE 200809L
#include "demo.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sha256.h"

/*
 * Tenants whose rows a job writes every few hours, so that they are the same
 * for every seed. From row `from` to row `to`, counted from 1, the fate is
 * another one than that of the rest.
 */
static const struct ledger {
	const char *tenant;
	int64_t start;
	int step_min, n;
	int from, to;
	enum fate fate;
	int mark; /* row that is a checkpoint or a reseal; 0: none */
} ledgers[] = {
	{ "t-harbor", AT(12, 2, 3, 0), 350, 28, 22, 22, EDITED, 0 },
	{ "t-inlet", AT(12, 2, 9, 0), 350, 28, 21, 21, REMOVED, 0 },
	{ "t-grove", AT(12, 2, 14, 0), 350, 28, 9, 9, REWRITTEN, 0 },
	{ "t-flint", AT(12, 2, 21, 0), 350, 14, 10, 14, REMOVED, 0 },
	{ "t-juniper", AT(11, 15, 57, 0), 350, 30, 1, 10, ERASED, 21 },
	{ "t-lagoon", AT(12, 2, 33, 0), 350, 28, 12, 14, UNDONE, 15 },
	{ "t-kestrel", AT(12, 2, 39, 0), 350, 28, 0, 0, KEPT, 0 },
};
#define ROTATED 12 /* row of t-kestrel from which on the key is k2 */

static enum fate
fate_of(const struct ledger *l, int nr)
{
	if (nr == l->mark)
		return l->fate == ERASED ? CHECKPOINT : RESEAL;
	return nr >= l->from && nr <= l->to ? l->fate : KEPT;
}

static const char *
action_of(enum fate fate, int nr)
{
	static const char *const work[] = { "sync.run", "item.update",
		"export.made" };

	return fate == CHECKPOINT ? "chain.checkpoint"
	    : fate == RESEAL      ? "chain.reseal"
				  : work[nr % 3];
}

static void
keep_ledger(struct world *w, const struct ledger *l)
{
	int nr;

	for (nr = 1; nr <= l->n; nr++) {
		enum fate fate = fate_of(l, nr);
		bool rotates = !strcmp(l->tenant, "t-kestrel");
		struct customer *c =
		    audit(w, l->start + (nr - 1) * l->step_min * MINUTE,
			l->tenant, "job:sync", action_of(fate, nr),
			text(w, "{\"rows\":%d}", 3 + nr * 7 % 11));

		c->fate = fate;
		if (rotates && nr >= ROTATED)
			c->key = "k2";
	}
}

/* --- requests without a row ----------------------------------------------- */

static const struct unwritten {
	int64_t start, span;
	int n, status;
	const char *arm, *note;
} unwritten[] = {
	{ AT(13, 17, 38, 0), 3 * MINUTE, 6, 201, "cross",
	    "6 audited requests whose rows were never written" },
	{ AT(14, 19, 40, 0), MINUTE, 2, 201, NULL,
	    "2 requests without a row, one under the threshold" },
	{ AT(16, 14, 10, 0), 4 * MINUTE, 8, 422, NULL,
	    "8 requests that were refused: no row is due" },
	{ AT(17, 13, 40, 20), MINUTE, 5, 201, NULL,
	    "5 requests whose rows got lost in the restart of v89" },
};

static void
lose_rows(struct world *w, struct rng *r, const struct unwritten *u)
{
	int64_t when[16], first = 0, last = 0;
	int i;

	pace(r, u->start, u->span, 400, u->n, when);
	for (i = 0; i < u->n; i++) {
		last = fetch(w, r, when[i], "POST", "/api/v1/items",
		    "203.0.113.58", "python-requests/2.32", u->status);
		first = first ? first : last;
	}
	plant(w,
	    (struct truth){ .rule = "DET-DATA-001",
		.arm = u->arm,
		.level = u->arm ? "high" : NULL,
		.key = "all",
		.client = "203.0.113.58",
		.start = first,
		.end = last,
		.metric = u->n,
		.note = u->note });
}

/* Nobody else writes then, so that it is clear whose row is missing. */
bool
is_read_only(int64_t at)
{
	size_t i;

	for (i = 0; i < countof(unwritten); i++)
		if (at >= unwritten[i].start - 14 * MINUTE &&
		    at < unwritten[i].start + 14 * MINUTE)
			return true;
	return false;
}

/* In maintenance the router refuses everything. */
static void
maintenance(struct world *w, struct rng *r)
{
	int64_t at = AT(15, 6, 30, 0);
	int i;

	say(w, at, API, "Maintenance mode enabled by user ops@raxx.example");
	for (i = 0; i < 9; i++)
		serve(w,
		    &(struct request){
			.at = at + (20 + i * 31) * SEC + within(r, SEC),
			.method = "POST",
			.path = "/api/v1/items",
			.client = "203.0.113.58",
			.agent = "-",
			.rid = new_id(w),
			.status = 503,
			.bytes = 0,
			.fault =
			    "at=info code=H80 desc=\"Maintenance mode\"" });
	say(w, at + 6 * MINUTE, API,
	    "Maintenance mode disabled by user ops@raxx.example");
	plant(w,
	    (struct truth){ .rule = "DET-DATA-001",
		.key = "all",
		.client = "203.0.113.58",
		.start = at,
		.end = at + 6 * MINUTE,
		.metric = 9,
		.note = "maintenance: the router refuses 9 writes" });
}

/* A row that claims to be 40 minutes older than it is. */
#define BACKDATED AT(16, 4, 50, 0)
#define BACK_BY (40 * MINUTE)

static void
backdate(struct world *w)
{
	struct customer *c;

	audit(w, BACKDATED - SEC, "t-moss", "u-moss-1", "item.create", NULL);
	c = audit(w, BACKDATED, "t-moss", "u-moss-1", "role.grant", NULL);
	c->created -= BACK_BY;
	plant(w,
	    (struct truth){ .rule = "DET-DATA-001",
		.arm = "back",
		.level = "low",
		.key = "all",
		.start = c->created,
		.end = c->created,
		.metric = (BACK_BY - SEC) / SEC,
		.note = "a row that claims to be 40 minutes older than the one"
			" before it" });
}

/* --- what a run must say of the ledgers ----------------------------------- */

static const struct fault {
	const char *rule, *arm, *level, *allowed, *tenant;
	int from, to; /* rows that show it */
	int metric;
	const char *note;
} faults[] = {
	{ "DET-DATA-002", "mac", "critical", NULL, "t-harbor", 22, 22, 1,
	    "an edited row: its MAC does not hold" },
	{ "DET-DATA-002", "link", "high", NULL, "t-inlet", 22, 22, 1,
	    "a removed row: the next one follows nothing" },
	{ "DET-DATA-001", "sequence", "high", NULL, "t-inlet", 22, 22, 1,
	    "a removed row: its number is missing" },
	{ "DET-DATA-002", "anchor", "critical", NULL, "t-grove", 9, 15, 7,
	    "rewritten with the key: the dump of the 15th knows better" },
	{ "DET-DATA-002", "anchor", "critical", NULL, "t-flint", 10, 10, 1,
	    "the last 5 rows of the dump of the 15th are gone" },
	{ "DET-DATA-001", "sequence", "high", NULL, "t-flint", 10, 10, 5,
	    "the last 5 rows of the dump of the 15th are gone" },
	{ "DET-DATA-002", "anchor", NULL, "low", "t-lagoon", 15, 17, 3,
	    "restored from a backup, and sealed again" },
	{ "DET-DATA-002", NULL, NULL, NULL, "t-juniper", 11, 11, 0,
	    "the first rows were erased, with a checkpoint" },
	{ "DET-DATA-002", NULL, NULL, NULL, "t-kestrel", ROTATED, ROTATED, 0,
	    "another key from here on" },
};

static int64_t
row_time(const char *tenant, int nr)
{
	size_t i;

	for (i = 0; strcmp(ledgers[i].tenant, tenant); i++)
		;
	return ledgers[i].start + (nr - 1) * ledgers[i].step_min * MINUTE;
}

static void
tell_faults(struct world *w)
{
	size_t i;

	for (i = 0; i < countof(faults); i++)
		plant(w,
		    (struct truth){ .rule = faults[i].rule,
			.arm = faults[i].arm,
			.level = faults[i].level,
			.key = faults[i].tenant,
			.start = row_time(faults[i].tenant, faults[i].from),
			.end = row_time(faults[i].tenant, faults[i].to),
			.metric = faults[i].metric,
			.allowed = faults[i].allowed,
			.note = faults[i].note });
}

void
audit_log(struct world *w)
{
	struct rng r = stream(w, "audit log");
	size_t i;

	for (i = 0; i < countof(ledgers); i++)
		keep_ledger(w, &ledgers[i]);
	for (i = 0; i < countof(unwritten); i++)
		lose_rows(w, &r, &unwritten[i]);
	maintenance(w, &r);
	backdate(w);
	tell_faults(w);
}

/* --- ids ------------------------------------------------------------------ */

#define WIDE_HOLE AT(17, 5, 0, 0) /* the first row after this: 14 ids less */
#define WIDE 14

/*
 * Rows get their ids as they are inserted; what is rolled back burns a number
 * or two. To be called when the rows are sorted.
 */
void
number_rows(struct world *w)
{
	struct customer *c = w->customers.items;
	int64_t id = 20000;
	bool wide = false;
	size_t i;

	for (i = 0; i < w->customers.n; i++) {
		id += i % 37 == 36 ? 3 : 1;
		if (c[i].at >= WIDE_HOLE && !wide) {
			id += WIDE;
			wide = true;
			plant(w,
			    (struct truth){ .rule = "DET-DATA-001",
				.arm = "ids",
				.level = "low",
				.key = "all",
				.start = c[i].created,
				.end = c[i].created,
				.metric = i % 37 == 36 ? WIDE + 2 : WIDE,
				.note = "14 ids that no row has" });
		}
		c[i].id = id;
	}
}

/* --- dumps ---------------------------------------------------------------- */

struct chain {
	const char *tenant;
	int seq, erased; /* erased: seq of the last row that is gone */
	uint8_t mac[SHA256_LEN], erased_mac[SHA256_LEN];
	bool begun;
};

static struct chain *
chain_of(struct chain *all, size_t n, const char *tenant)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!all[i].tenant)
			all[i].tenant = tenant;
		if (!strcmp(all[i].tenant, tenant))
			return &all[i];
	}
	return NULL;
}

static void
add_u32(struct hmac *h, size_t v)
{
	uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
		(uint8_t)(v >> 8), (uint8_t)v };

	hmac_add(h, b, sizeof b);
}

static void
add_field(struct hmac *h, const char *s)
{
	static const uint8_t null[4] = { 0xff, 0xff, 0xff, 0xff };

	if (!s) {
		hmac_add(h, null, sizeof null);
		return;
	}
	add_u32(h, strlen(s));
	hmac_add(h, s, strlen(s));
}

/* The next MAC of the chain, over the row as it was signed. */
static void
sign(struct world *w, struct chain *k, const struct customer *c,
    const char *detail)
{
	uint8_t key[AUDIT_KEY_LEN];
	struct hmac h;
	char at[64];

	audit_key(w, c->key, key);
	hmac_init(&h, key, sizeof key);
	hmac_add(&h, "raxx-audit-v1", sizeof "raxx-audit-v1");
	hmac_add(&h, k->mac, sizeof k->mac);
	add_u32(&h, 5);
	add_field(&h, text(w, "%d", k->seq));
	add_field(&h, zulu(c->created, at));
	add_field(&h, c->actor);
	add_field(&h, c->action);
	add_field(&h, detail);
	hmac_end(&h, k->mac);
	k->begun = true;
}

/* What the row says of a chain that is cut or joined there. */
static const char *
mark_detail(struct world *w, const struct chain *k, enum fate fate)
{
	if (fate == CHECKPOINT)
		return text(w,
		    "{\"seq\":%d,\"mac\":\"%s\",\"reason\":\"erased on "
		    "request\"}",
		    k->erased, hex(w, k->erased_mac, SHA256_LEN));
	return text(w,
	    "{\"seq\":%d,\"mac\":\"%s\",\"reason\":\"restored from backup\"}",
	    k->seq - 1, hex(w, k->mac, SHA256_LEN));
}

/* Is it in the dump of that time? */
static bool
is_dumped(const struct customer *c, bool late)
{
	return late ? c->fate != REMOVED && c->fate != ERASED : true;
}

static void
dump_row(struct world *w, FILE *f, struct chain *k, const struct customer *c,
    bool late)
{
	const char *detail = c->detail,
		   *prev = k->begun ? hex(w, k->mac, SHA256_LEN) : NULL;

	if (c->fate == UNDONE && late)
		return;
	k->seq++;
	if (c->fate == CHECKPOINT || c->fate == RESEAL)
		detail = mark_detail(w, k, c->fate);
	if (c->fate == REWRITTEN && late)
		detail = "{\"rows\":0}";
	sign(w, k, c, detail);
	if (c->fate == EDITED && late)
		detail = "{\"rows\":1}";
	if (c->fate == ERASED) {
		k->erased = k->seq;
		memcpy(k->erased_mac, k->mac, sizeof k->mac);
	}
	if (is_dumped(c, late))
		ROW(f, text(w, "%" PRId64, c->id), text(w, "%d", k->seq),
		    sql_time(w, c->created), c->tenant, c->actor, c->action,
		    detail, c->key, prev, hex(w, k->mac, SHA256_LEN));
}

/* The late one has no time in its name: the file's own time says when. */
void
dump_customer(struct world *w, int64_t at)
{
	static struct chain chains[32];
	const struct customer *c = w->customers.items;
	struct timespec t = { JUNE_1 + at / SEC, 0 };
	bool late = at == LATE_DUMP;
	char stamp[64];
	const char *path = text(w, "%s/dumps/customer_audit_events%s%s.csv",
	    w->dir, late ? "" : "_", late ? "" : file_stamp(at, stamp));
	FILE *f = create(path);
	size_t i;

	memset(chains, 0, sizeof chains);
	ROW(f, "id", "seq", "created_at", "tenant_id", "actor_id", "action",
	    "detail", "key_id", "prev_mac", "mac");
	for (i = 0; i < w->customers.n && c[i].at < at; i++)
		dump_row(w, f, chain_of(chains, countof(chains), c[i].tenant),
		    &c[i], late);
	close_file(f, path);
	if (utimensat(AT_FDCWD, path, (struct timespec[]){ t, t }, 0))
		die("cannot set time", path);
}
