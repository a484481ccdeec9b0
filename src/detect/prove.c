/* SPDX-License-Identifier: MIT */
#include "detect/prove.h"

#include "base/arena.h"
#include "base/attr.h"
#include "detect/rule.h"
#include "detect/sqlfn.h"
#include "detect/sqlscan.h"
#include "detect/sqlshape.h"
#include "store/db.h"
#include "store/query.h"

bool
prove_err(const struct rule *r, size_t at, const char *message, struct err *e)
{
	int line, col;

	sqlscan_place(r->sql, at, &line, &col);
	return err_set(e, ST_USAGE, "%.*s:%d:%d: %s", SV_ARG(r->file),
	    r->sql_line + line - 1, col, message);
}

/* --- where SQLite does not say where --- */

/* What stands before the name in messages without a place. */
static const char *const before_name[] = {
	"no such table: ", "no such function: ", "no such column: ",
	"no such window: ", "not authorized to use function: ", "access to ",
	"ambiguous column name: ", "circular reference: ",
	"duplicate WITH table name: ", "of function ", "to function ",
	"of aggregate: ", "of window function ", "using column ",
	"use of aggregate ", "join type: ", "left and right of ", "in the ",
};

/* The name that a message is about, or null. */
static sv
named_in(sv message)
{
	for (size_t i = 0; i < countof(before_name); i++) {
		sv mark = sv_str(before_name[i]);
		size_t at = sv_find(message, mark), n = 0;
		sv name = sv_skip(message, at + mark.n);

		if (at == message.n)
			continue;
		sv_skip_lit(&name, SV("main."));
		while (n < name.n && !strchr(" .(", name.p[n]))
			n++;
		return sv_take(name, n);
	}
	return SV_NULL;
}

/* SQLite's table of tables has an old and a new name, and it says the old. */
static size_t
find_name(sv sql, sv name)
{
	size_t at = sv_null(name) ? sql.n : sqlshape_find(sql, name);

	if (at == sql.n && sv_is(name, "sqlite_master"))
		at = sqlshape_find(sql, SV("sqlite_schema"));
	return at;
}

/* What is refused without a name: a pragma as a table. */
static size_t
find_pragma(sv sql, struct sqltok *t)
{
	struct sqlscan s = { sql, 0 };

	while (sqlscan_next(&s, t))
		if (sv_starts_nocase(sqltok_name(t), SV("pragma_")))
			return t->at;
	return sql.n;
}

/* Its place in the statement, else that of the main SELECT. */
static size_t
guess_place(sv sql, sv message)
{
	struct arena a = ARENA_INIT;
	size_t at = find_name(sql, named_in(message));
	struct sqlshape shape;

	if (sv_is(message, "incomplete input"))
		return sql.n;

	sqlshape_read(&a, sql, &shape);
	if (at == sql.n)
		at = (size_t)(shape.main.p - sql.p);
	arena_release(&a);
	return at < sql.n ? at : 0;
}

/* Views of dumps that raxx does not know come with the dump. */
static bool
names_a_dump(const char *message)
{
	return sv_has(sv_str(message), SV("no such table: csv_"));
}

/* --- statements --- */

/* The columns that evaluation reads. */
static const char *const column[] = { "arm", "key", "ts", "rec", "hash", "nth",
	"metric", "fire", "note", "level", "result" };

/* As one of them, or NULL. */
static const char *
known_column(sv name)
{
	for (size_t i = 0; i < countof(column); i++)
		if (sv_is(name, column[i]))
			return column[i];
	return NULL;
}

/* Does a column of a SELECT end before the token? */
static bool
ends_column(const struct sqltok *t)
{
	static const char *const word[] = { "from", "where", "group", "order",
		"limit", "union", "except", "intersect", "window" };

	for (size_t i = 0; i < countof(word); i++)
		if (sqltok_is(t, word[i]))
			return true;
	return sqltok_is_sign(t, ",");
}

/* Where the main SELECT calls a column so for the nth time, from 1; else the
 * SELECT itself. */
static size_t
column_place(const struct rule *r, sv name, int nth)
{
	struct arena a = ARENA_INIT;
	struct sqltok t, before = { .kind = SQLTOK_SIGN };
	bool more = true;
	struct sqlshape shape;
	struct sqlscan s;
	size_t at;
	int depth = 0;

	sqlshape_read(&a, r->sql, &shape);
	at = (size_t)(shape.main.p - r->sql.p);
	s = (struct sqlscan){ r->sql, at };
	while (more && nth > 0) {
		more = sqlscan_next(&s, &t);
		if (depth == 0 && (!more || ends_column(&t)) &&
		    sv_eq_nocase(sqltok_name(&before), name) && --nth == 0)
			at = before.at;
		if (!more)
			break;
		depth += sqltok_is_sign(&t, "(");
		depth -= sqltok_is_sign(&t, ")");
		before = t;
	}
	arena_release(&a);
	return at;
}

/* A misspelt column would be lost, of two the second. */
static bool
check_names(const struct rule *r, struct query *q, struct err *e)
{
	for (int i = 0; i < query_columns(q); i++) {
		sv name = query_column_name(q, i);
		struct err why = ERR_INIT;
		const char *known = known_column(name);
		bool again = known && query_column(q, known) < i;

		if (known && !again)
			continue;
		err_set(&why, ST_USAGE, again ? "the column '%.*s' stands twice"
		    : "unknown column '%.*s': expected arm, key, ts, rec, hash,"
		    " nth, metric, fire, note, level or result", SV_ARG(name));
		return prove_err(r, column_place(r, name, again ? 2 : 1),
		    why.msg, e);
	}
	return true;
}

static bool
check_columns(const struct rule *r, struct query *q, struct err *e)
{
	static const char *const need[] = { "key", "ts", "rec", "hash", "nth",
		"metric", "fire", "arm" };
	size_t n = countof(need) - (r->narms == 1 ? 1 : 0);

	for (size_t i = 0; i < n; i++) {
		struct err why = ERR_INIT;

		if (query_column(q, need[i]) >= 0)
			continue;
		err_set(&why, ST_USAGE, "the statement lacks the column '%s'",
		    need[i]);
		return prove_err(r, guess_place(r->sql, SV("")), why.msg, e);
	}
	return true;
}

/* A second statement starts behind the blanks and comments. */
static size_t
first_token(sv sql, size_t at)
{
	struct sqlscan s = { sql, at };
	struct sqltok t;

	return sqlscan_next(&s, &t) ? t.at : at;
}

static enum proof
not_compiled(const struct rule *r, int at, const struct err *why,
    struct err *e)
{
	size_t place = at >= 0 ? first_token(r->sql, (size_t)at) :
	    guess_place(r->sql, sv_str(why->msg));
	struct err told = ERR_INIT;
	struct sqltok pragma;

	if (at < 0 && sv_is(sv_str(why->msg), "not authorized") &&
	    find_pragma(r->sql, &pragma) < r->sql.n) {
		err_set(&told, ST_USAGE, "not authorized to use '%.*s'",
		    SV_ARG(pragma.text));
		prove_err(r, pragma.at, told.msg, e);
		return PROOF_BAD;
	}
	if (!names_a_dump(why->msg)) {
		prove_err(r, place, why->msg, e);
		return PROOF_BAD;
	}
	err_set(&told, ST_USAGE, "warning: %s: not checked, it comes with the "
	    "dump", why->msg);
	prove_err(r, place, told.msg, e);
	return PROOF_NONE;
}

static enum proof
prove_sql(struct store *st, const struct rule *r, struct err *e)
{
	struct err why = ERR_INIT;
	int at;
	struct query *q = query_open(st, r->sql, &at, &why);
	bool ok;

	if (!q)
		return not_compiled(r, at, &why, e);
	ok = check_columns(r, q, e) && check_names(r, q, e);
	query_close(q);
	return ok ? PROOF_GOOD : PROOF_BAD;
}

/* Our own compiler made these: an error here is a bug, but must be seen. */
static enum proof
prove_arms(struct store *st, const struct rule *r, const struct arm *arm,
    size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct err why = ERR_INIT;
		struct query *q = query_open(st, arm[i].sql, NULL, &why);

		if (!q) {
			err_set(e, ST_USAGE, "%.*s:%d:1: arm '%.*s': %s",
			    SV_ARG(r->file), r->line, SV_ARG(arm[i].name),
			    why.msg);
			return PROOF_BAD;
		}
		query_close(q);
		if (prove_arms(st, r, arm[i].link, arm[i].nlinks, e) !=
		    PROOF_GOOD)
			return PROOF_BAD;
	}
	return PROOF_GOOD;
}

enum proof
prove_rule(struct store *st, const struct rule *r, struct err *e)
{
	if (r->status != RULE_ACTIVE)
		return PROOF_GOOD;
	return r->sql.n ? prove_sql(st, r, e)
	    : prove_arms(st, r, r->arm, r->narms, e);
}

/* --- in pieces ------------------------------------------------------------ */

/*
 * SQLite compiles a table of a WITH anew at every place that names it, and so
 * what that one names: a statement of some tables that build on one another
 * grows to megabytes. So each table is compiled alone, those that it names being
 * rows of NULL with their columns, and then the main SELECT.
 */

static void
put_name(struct buf *b, sv name)
{
	buf_byte(b, '"');
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"')
			buf_byte(b, '"');
		buf_byte(b, name.p[i]);
	}
	buf_byte(b, '"');
}

/* name(columns) AS (SELECT NULL, ...), of what `q` gives. */
static sv
stub_of(struct arena *a, sv name, struct query *q)
{
	struct buf b = BUF_INIT;
	sv out;

	put_name(&b, name);
	for (int i = 0; i < query_columns(q); i++) {
		buf_byte(&b, i ? ',' : '(');
		put_name(&b, query_column_name(q, i));
	}
	buf_lit(&b, ") AS (SELECT NULL");
	for (int i = 1; i < query_columns(q); i++)
		buf_lit(&b, ", NULL");
	buf_byte(&b, ')');
	out = buf_keep(&b, a);
	return out;
}

/* Which of the tables the text names. */
static void
find_named(const struct sqlshape *shape, sv text, bool *named)
{
	struct sqlscan scan = { text, 0 };
	struct sqltok t;

	memset(named, 0, shape->nctes * sizeof(*named));
	while (sqlscan_next(&scan, &t))
		for (size_t i = 0; i < shape->nctes; i++)
			named[i] = named[i] || sv_eq_nocase(sqltok_name(&t),
			    shape->cte[i].name);
}

/* `text` behind a WITH of the stubs that it names and of `own`, if any. */
static struct query *
open_piece(struct arena *a, struct store *st, const struct sqlshape *shape,
    const sv *stub, size_t n, sv own, sv text)
{
	bool *named = arena_array(a, shape->nctes + 1, sizeof(*named));
	const char *with = shape->recursive ? "WITH RECURSIVE " : "WITH ";
	struct err why = ERR_INIT;
	struct buf b = BUF_INIT;
	struct query *q;

	find_named(shape, sv_null(own) ? text : own, named);
	for (size_t i = 0; i < n; i++) {
		if (!named[i])
			continue;
		buf_str(&b, with);
		buf_add(&b, stub[i]);
		with = ",";
	}
	if (!sv_null(own)) {
		buf_str(&b, with);
		buf_add(&b, own);
	}
	buf_byte(&b, ' ');
	buf_add(&b, text);
	q = query_open(st, buf_sv(&b), NULL, &why);
	buf_release(&b);
	return q;
}

static bool
prove_table(struct arena *a, struct store *st, const struct sqlshape *shape,
    size_t i, sv *stub)
{
	struct buf all = BUF_INIT;
	struct query *q;

	buf_lit(&all, "SELECT * FROM ");
	put_name(&all, shape->cte[i].name);
	q = open_piece(a, st, shape, stub, i, shape->cte[i].text, buf_sv(&all));
	buf_release(&all);
	if (!q)
		return false;
	stub[i] = stub_of(a, shape->cte[i].name, q);
	query_close(q);
	return true;
}

/* False: perhaps it is good all the same. */
static bool
prove_pieces(struct store *st, const struct rule *r)
{
	struct arena a = ARENA_INIT;
	struct err why = ERR_INIT;
	struct sqlshape shape;
	struct query *q;
	sv *stub;
	bool ok = sqlshape_read(&a, r->sql, &shape) && shape.nctes > 0;

	stub = arena_array(&a, shape.nctes + 1, sizeof(*stub));
	for (size_t i = 0; ok && i < shape.nctes; i++)
		ok = prove_table(&a, st, &shape, i, stub);
	q = ok ? open_piece(&a, st, &shape, stub, shape.nctes, SV_NULL,
	    shape.main) : NULL;
	ok = q && check_columns(r, q, &why) && check_names(r, q, &why);
	query_close(q);
	arena_release(&a);
	return ok;
}

bool
prove_catalog(const struct catalog *c, struct err *e)
{
	struct store *st = store_open(NULL, STORE_MEMORY, e);
	bool ok = st && sqlfn_register(st, e);

	for (size_t i = 0; ok && i < c->n; i++) {
		struct err why = ERR_INIT;

		if (c->rule[i]->status == RULE_ACTIVE && c->rule[i]->sql.n &&
		    prove_pieces(st, c->rule[i]))
			continue;
		if (prove_rule(st, c->rule[i], &why) == PROOF_BAD)
			ok = err_set(e, why.status, "%s", why.msg);
	}
	store_close(st);
	return ok;
}
