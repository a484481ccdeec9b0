/* SPDX-License-Identifier: MIT */
#include "detect/lint.h"

#include "detect/rule.h"
#include "detect/sqlfn.h"
#include "store/db.h"
#include "store/query.h"

static void
complain(struct buf *out, struct lint *sum, const struct err *why)
{
	buf_str(out, why->msg);
	buf_byte(out, '\n');
	sum->errors++;
}

/* Line and column of byte `at` of the rule's statement. */
static bool
sql_err(const struct rule *r, int at, const char *msg, struct err *e)
{
	sv before = sv_take(r->sql, at < 0 ? 0 : (size_t)at);
	int line = r->sql_line, col = 1;

	for (size_t i = 0; i < before.n; i++) {
		col = before.p[i] == '\n' ? 1 : col + 1;
		line += before.p[i] == '\n';
	}
	return err_set(e, ST_USAGE, "%.*s:%d:%d: %s", SV_ARG(r->file), line,
	    col, msg);
}

static bool
check_columns(const struct rule *r, struct query *q, struct err *e)
{
	static const char *const need[] = { "arm", "key", "ts", "rec", "hash",
		"nth", "metric", "fire" };

	for (size_t i = 0; i < countof(need); i++)
		if (query_column(q, need[i]) < 0)
			return err_set(e, ST_USAGE, "%.*s:%d:1: the statement "
			    "lacks the column '%s'", SV_ARG(r->file),
			    r->sql_line, need[i]);
	return true;
}

static bool
check_sql(struct store *st, const struct rule *r, struct err *e)
{
	struct err why = ERR_INIT;
	int at;
	struct query *q = query_open(st, r->sql, &at, &why);
	bool ok;

	if (!q)
		return sql_err(r, at, why.msg, e);
	ok = check_columns(r, q, e);
	query_close(q);
	return ok;
}

/* Our own compiler made these: an error here is a bug, but must be seen. */
static bool
check_arms(struct store *st, const struct rule *r, struct err *e)
{
	for (size_t i = 0; i < r->narms; i++) {
		struct err why = ERR_INIT;
		struct query *q = query_open(st, r->arm[i].sql, NULL, &why);

		if (!q)
			return err_set(e, ST_USAGE, "%.*s:%d:1: arm '%.*s': %s",
			    SV_ARG(r->file), r->line, SV_ARG(r->arm[i].name),
			    why.msg);
		query_close(q);
	}
	return true;
}

static bool
check_rule(struct store *st, struct rule *const *all, size_t i, struct err *e)
{
	const struct rule *r = all[i];

	for (size_t k = 0; k < i; k++)
		if (sv_eq(all[k]->id, r->id))
			return err_set(e, ST_USAGE,
			    "%.*s:%d:1: rule '%.*s' is already in %.*s",
			    SV_ARG(r->file), r->line, SV_ARG(r->id),
			    SV_ARG(all[k]->file));
	if (r->status != RULE_ACTIVE)
		return true;
	return r->sql.n ? check_sql(st, r, e) : check_arms(st, r, e);
}

bool
lint_files(struct arena *perm, const char *const *path, size_t n,
    struct buf *out, struct lint *sum, struct err *e)
{
	struct store *st = store_open(NULL, STORE_MEMORY, e);
	struct rule **all = NULL;

	*sum = (struct lint){ .files = n };
	if (!st || !sqlfn_register(st, e)) {
		store_close(st);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		struct err why = ERR_INIT;

		if (!rule_read(perm, path[i], &all, &sum->rules, &why))
			complain(out, sum, &why);
	}
	for (size_t i = 0; i < sum->rules; i++) {
		struct err why = ERR_INIT;

		if (!check_rule(st, all, i, &why))
			complain(out, sum, &why);
	}
	store_close(st);
	return true;
}
