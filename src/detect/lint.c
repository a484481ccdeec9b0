/* SPDX-License-Identifier: MIT */
#include "detect/lint.h"

#include "detect/prove.h"
#include "detect/sqlfn.h"
#include "detect/sqlscan.h"
#include "detect/sqlshape.h"
#include "store/db.h"
#include "store/plan.h"
#include "store/shadow.h"

static void
complain(struct lint *l, const struct err *why)
{
	buf_str(l->out, why->msg);
	buf_byte(l->out, '\n');
	l->errors++;
}

static void
warn(struct lint *l, const struct rule *r, int line, int col, const char *what,
    sv about, const char *then)
{
	struct err e = ERR_INIT;

	err_set(&e, ST_USAGE, "%.*s:%d:%d: warning: %s%.*s%s", SV_ARG(r->file),
	    line, col, what, SV_ARG(about), then);
	buf_str(l->out, e.msg);
	buf_byte(l->out, '\n');
	l->warnings++;
}

/* --- tables that are read as a whole --- */

static const struct scan_waiver *
waiver_of(const struct rule *r, sv table)
{
	for (size_t i = 0; i < r->nscans; i++)
		if (sv_eq(r->scan[i].table, table))
			return &r->scan[i];
	return NULL;
}

static void
warn_scan(struct lint *l, const struct rule *r, size_t at, sv table)
{
	int line, col;

	sqlscan_place(r->sql, at, &line, &col);
	warn(l, r, r->sql_line + line - 1, col, "full scan of ", table,
	    ": bound ts with :from/:to");
}

/* The first mention of the table or a view of it in part of the statement: its
 * byte of the whole, or SIZE_MAX. */
static size_t
mention(const struct rule *r, sv part, const struct plan_names *names)
{
	size_t best = SIZE_MAX, at;

	for (size_t i = 0; i < names->n; i++) {
		at = sqlshape_find(part, names->name[i]);
		if (at < part.n && at + (size_t)(part.p - r->sql.p) < best)
			best = at + (size_t)(part.p - r->sql.p);
	}
	return best;
}

static bool
has_name(const struct plan_names *v, sv name)
{
	for (size_t i = 0; i < v->n; i++)
		if (sv_eq(v->name[i], name))
			return true;
	return false;
}

/* Does the table of the WITH, for itself, read all of it? */
static bool
cte_scans(struct lint *l, const struct rule *r, const struct sqlcte *c,
    sv table)
{
	struct plan_names v;
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;
	bool yes;

	buf_add(&b, sv_take(r->sql, (size_t)(c->text.p - r->sql.p) + c->text.n));
	buf_printf(&b, "\nSELECT * FROM \"%.*s\"", SV_ARG(c->name));
	yes = plan_scans(l->a, l->st, buf_sv(&b), &v, &e) &&
	    has_name(&v, table);
	buf_release(&b);
	return yes;
}

/* The table and the views of it. */
static struct plan_names
names_of(struct lint *l, sv table)
{
	struct plan_names views = { NULL, 0 }, all;
	struct err e = ERR_INIT;

	plan_views(l->a, l->st, table, &views, &e);
	all.n = views.n + 1;
	all.name = arena_array(l->a, all.n, sizeof(sv));
	all.name[0] = table;
	for (size_t i = 0; i < views.n; i++)
		all.name[i + 1] = views.name[i];
	return all;
}

/* Does table i of the WITH read an earlier one that is in `scans`? The scan is
 * that one's then. */
static bool
reads_one(const struct sqlshape *s, size_t i, const bool *scans)
{
	for (size_t k = 0; k < i; k++)
		if (scans[k] && sqlshape_find(s->cte[i].body,
		    s->cte[k].name) < s->cte[i].body.n)
			return true;
	return false;
}

/* One warning for every table of the WITH that does it, else for the main
 * statement. */
static void
place_scan(struct lint *l, const struct rule *r, sv table)
{
	struct plan_names names = names_of(l, table);
	struct sqlshape shape;
	bool told = false, *scans;
	size_t at;

	sqlshape_read(l->a, r->sql, &shape);
	scans = arena_array(l->a, shape.nctes + 1, sizeof(*scans));
	for (size_t i = 0; i < shape.nctes; i++) {
		at = mention(r, shape.cte[i].body, &names);
		scans[i] = cte_scans(l, r, &shape.cte[i], table);
		if (at == SIZE_MAX || !scans[i] || reads_one(&shape, i, scans))
			continue;
		warn_scan(l, r, at, table);
		told = true;
	}
	at = mention(r, shape.main, &names);
	if (at == SIZE_MAX)
		at = mention(r, r->sql, &names);
	if (!told)
		warn_scan(l, r, at == SIZE_MAX ? 0 : at, table);
}

static void
check_waivers(struct lint *l, const struct rule *r,
    const struct plan_names *scans)
{
	for (size_t i = 0; i < r->nscans; i++)
		if (!has_name(scans, r->scan[i].table))
			warn(l, r, r->scan[i].line, 1, "no full scan of ",
			    r->scan[i].table, ": the line is not needed");
}

static void
check_scans(struct lint *l, const struct rule *r)
{
	struct plan_names scans = { NULL, 0 };
	struct err e = ERR_INIT;

	if (!plan_scans(l->a, l->st, r->sql, &scans, &e)) {
		complain(l, &e);
		return;
	}
	for (size_t i = 0; i < scans.n; i++)
		if (!waiver_of(r, scans.name[i]))
			place_scan(l, r, scans.name[i]);
	check_waivers(l, r, &scans);
}

static void
check_arm_scans(struct lint *l, const struct rule *r, const struct arm *arm,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct plan_names scans = { NULL, 0 };
		struct err e = ERR_INIT;

		if (!plan_scans(l->a, l->st, arm[i].sql, &scans, &e))
			complain(l, &e);
		for (size_t k = 0; k < scans.n; k++)
			warn(l, r, r->line, 1, "full scan of ", scans.name[k],
			    "");
		check_arm_scans(l, r, arm[i].link, arm[i].nlinks);
	}
}

/* --- arms --- */

/* Is 'name' a text of the statement? */
static bool
is_text_of(sv sql, sv name)
{
	struct sqlscan s = { sql, 0 };
	struct sqltok t;

	while (sqlscan_next(&s, &t))
		if (t.kind == SQLTOK_TEXT && t.text.n == name.n + 2 &&
		    sv_eq(sv_take(sv_skip(t.text, 1), name.n), name))
			return true;
	return false;
}

/* A rule with one arm need not name it. */
static void
check_arm_names(struct lint *l, const struct rule *r)
{
	for (size_t i = 0; r->narms > 1 && i < r->narms; i++)
		if (!is_text_of(r->sql, r->arm[i].name))
			warn(l, r, r->arm[i].line, 1, "the statement never "
			    "says '", r->arm[i].name,
			    "': no row can be of this arm");
}

/* --- the whole --- */

static bool
is_new(struct lint *l, const struct rule *r, struct err *e)
{
	for (size_t k = 0; k < l->rules; k++) {
		const struct rule *old = l->rule[k];

		if (old != r && sv_eq(old->id, r->id))
			return rule_twice(old, r, e);
		if (old == r)
			break;
	}
	return true;
}

static void
check_rule(struct lint *l, const struct rule *r)
{
	struct err why = ERR_INIT;
	enum proof p;

	if (!is_new(l, r, &why)) {
		complain(l, &why);
		return;
	}
	if (r->status == RULE_UNSERVED)
		warn(l, r, r->reason_at.line ? r->reason_at.line : r->line,
		    r->reason_at.line ? r->reason_at.col : 1,
		    "it will not run: ", r->reason, "");
	if (r->status != RULE_ACTIVE)
		return;
	p = prove_rule(l->st, r, &why);
	if (p == PROOF_BAD) {
		complain(l, &why);
	} else if (p == PROOF_NONE) {
		buf_str(l->out, why.msg);
		buf_byte(l->out, '\n');
		l->warnings++;
	} else if (r->sql.n) {
		check_scans(l, r);
		check_arm_names(l, r);
	} else {
		check_arm_scans(l, r, r->arm, r->narms);
	}
}

bool
lint_open(struct lint *l, struct arena *perm, bool strict, struct buf *out,
    struct err *e)
{
	*l = (struct lint){ .a = perm, .strict = strict, .out = out,
		.st = store_open(NULL, STORE_MEMORY, e) };
	if (l->st && sqlfn_register(l->st, e) && shadow_install(l->st, e))
		return true;
	lint_close(l);
	return false;
}

static bool
is_about(sv message, sv file)
{
	return sv_skip_lit(&message, file) && sv_starts(message, SV(":"));
}

/* What there is to say of a file: its error, or what its rules have. */
static void
lint_one(struct lint *l, const struct rules *r, sv file)
{
	for (size_t i = 0; i < r->nerrors; i++)
		if (is_about(sv_str(r->error[i].msg), file))
			complain(l, &r->error[i]);
	for (size_t i = 0; i < r->n; i++)
		if (sv_eq(r->rule[i]->file, file))
			check_rule(l, r->rule[i]);
	for (size_t i = 0; i < r->nwarnings; i++)
		if (is_about(r->warning[i], file)) {
			buf_add(l->out, r->warning[i]);
			buf_byte(l->out, '\n');
			l->warnings++;
		}
}

static void
take_rules(struct lint *l, const struct rules *r)
{
	for (size_t i = 0; i < r->n; i++)
		rules_append(l->a, &l->rule, &l->rules, r->rule[i]);
}

void
lint_file(struct lint *l, struct rule_file f)
{
	struct rules r;

	l->files++;
	rules_load(l->a, &f, 1, l->site, l->strict, &r);
	take_rules(l, &r);
	lint_one(l, &r, f.name);
}

/* A file that cannot be read has a message without a line. */
void
lint_paths(struct lint *l, const char *const *path, size_t n)
{
	struct rules r;

	l->files += n;
	rules_read(l->a, path, n, l->site, l->strict, &r);
	take_rules(l, &r);
	for (size_t i = 0; i < n; i++)
		lint_one(l, &r, sv_str(path[i]));
}

void
lint_path(struct lint *l, const char *path)
{
	lint_paths(l, &path, 1);
}

void
lint_close(struct lint *l)
{
	store_close(l->st);
}
