/* SPDX-License-Identifier: MIT */
#include "detect/plainsql.h"

#include <math.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/jsonw.h"
#include "base/utf8.h"
#include "detect/armtext.h"
#include "detect/given.h"
#include "detect/hits.h"
#include "detect/sqlfn.h"
#include "detect/sqlscan.h"
#include "output/escape.h"

/* --- literals --- */

/* Length of the character at the start of v if it is not seen but acts on what
 * is, else 0. A stray byte counts as such. */
static size_t
unsafe_len(sv v)
{
	uint32_t cp = 0;
	size_t n = utf8_decode(v, &cp);

	if (n == 0)
		return 1;
	if (cp == '\n' || cp == '\t')
		return 0;
	return cp < ' ' || cp == 0x7f || utf8_is_unsafe(cp) ? n : 0;
}

static bool
is_unsafe(sv v)
{
	for (; v.n; v = sv_skip(v, utf8_len(v)))
		if (unsafe_len(v))
			return true;
	return false;
}

static void
put_text(struct buf *b, sv v)
{
	if (is_unsafe(v)) {
		buf_lit(b, "CAST(x'");
		buf_hex(b, v.p, v.n);
		buf_lit(b, "' AS TEXT)");
		return;
	}
	buf_byte(b, '\'');
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '\'')
			buf_byte(b, '\'');
		buf_byte(b, v.p[i]);
	}
	buf_byte(b, '\'');
}

/* A whole number too large for an integer keeps its point. */
static void
put_real(struct buf *b, double v)
{
	size_t start = b->n;
	sv text;

	jsonw_double(b, v);
	text = sv_skip(buf_sv(b), start);
	if (sv_find_byte(text, '.') == text.n && sv_find_byte(text, 'e') == text.n)
		buf_lit(b, ".0");
}

void
plainsql_literal(struct buf *b, const struct bind *v)
{
	if (v->kind == BIND_I64)
		buf_i64(b, v->num);
	else if (v->kind == BIND_REAL)
		put_real(b, v->real);
	else if (sv_null(v->text))
		buf_lit(b, "NULL");
	else
		put_text(b, v->text);
}

/* --- statements --- */

struct script {
	struct buf *b;
	const struct hits_env *env;
	const struct rule *r;
	const struct arm *arm; /* NULL: an SQL rule */
	int64_t from, to;
};

/* A comment line; what stands in it cannot end it. */
static void
put_comment(struct script *s, const char *what, sv about)
{
	buf_lit(s->b, "-- ");
	buf_str(s->b, what);
	escape_text(s->b, about);
	buf_byte(s->b, '\n');
}

/* Comments, blanks and names; nothing in them drives a terminal. */
static void
put_gap(struct script *s, sv gap)
{
	while (gap.n) {
		size_t unsafe = unsafe_len(gap);

		if (unsafe && gap.p[0] != '\r')
			buf_byte(s->b, '?');
		else if (!unsafe)
			buf_add(s->b, sv_take(gap, utf8_len(gap)));
		gap = sv_skip(gap, unsafe ? unsafe : utf8_len(gap));
	}
}

/* The number of ?1; 0 when it is none of the arm's. */
static size_t
number_of(const struct script *s, sv param)
{
	uint64_t n;

	return s->arm && sv_to_u64(sv_skip(param, 1), &n) &&
	    n <= s->arm->nbinds ? (size_t)n : 0;
}

static void
put_param(struct script *s, sv param)
{
	sv name = sv_skip(param, 1);
	size_t n = number_of(s, param);
	struct bind v = { .kind = BIND_TEXT };

	if (sv_is(name, "from") || sv_is(name, "to")) {
		buf_add(s->b, param);
		return;
	}
	if (n)
		v = s->arm->bind[n - 1];
	else
		given_find(s->env, s->r, s->from, s->to, name, &v);
	plainsql_literal(s->b, &v);
}

/* A text of the statement that the terminal must not see as it is. */
static void
put_unsafe_text(struct script *s, sv text)
{
	struct buf b = BUF_INIT;

	for (size_t i = 1; i + 1 < text.n; i++) {
		buf_byte(&b, text.p[i]);
		i += text.p[i] == '\'';
	}
	put_text(s->b, buf_sv(&b));
	buf_release(&b);
}

static void
put_token(struct script *s, const struct sqltok *t)
{
	if (t->kind == SQLTOK_PARAM) {
		put_param(s, t->text);
	} else if (t->kind == SQLTOK_TEXT && is_unsafe(t->text)) {
		put_unsafe_text(s, t->text);
	} else {
		put_gap(s, t->text);
	}
}

/* The statement without the ';' it may end in. */
static void
put_statement(struct script *s, sv sql)
{
	struct sqlscan scan = { sql, 0 };
	struct sqltok t;
	size_t end = 0;

	while (sqlscan_next(&scan, &t) && !sqltok_is_sign(&t, ";")) {
		put_gap(s, sv_take(sv_skip(sql, end), t.at - end));
		put_token(s, &t);
		end = scan.at;
	}
	buf_lit(s->b, ";\n");
}

/* --- what the shell lacks --- */

static bool
is_call(const struct sqltok *t, struct sqlscan s)
{
	struct sqltok then;

	if (sqltok_is(t, "regexp"))
		return true;
	return t->kind == SQLTOK_WORD && sqlfn_is(t->text) &&
	    sqlscan_next(&s, &then) && sqltok_is_sign(&then, "(");
}

/* Was the function at byte `at` called before? */
static bool
called_before(sv sql, sv name, size_t at)
{
	struct sqlscan s = { sv_take(sql, at), 0 };
	struct sqltok t;

	while (sqlscan_next(&s, &t))
		if (sv_eq_nocase(t.text, name) &&
		    is_call(&t, (struct sqlscan){ sql, s.at }))
			return true;
	return false;
}

static void
put_functions(struct script *s, sv sql)
{
	struct sqlscan scan = { sql, 0 };
	struct buf names = BUF_INIT;
	struct sqltok t;

	while (sqlscan_next(&scan, &t)) {
		if (!is_call(&t, scan) || called_before(sql, t.text, t.at))
			continue;
		buf_str(&names, names.n ? ", " : "");
		for (size_t i = 0; i < t.text.n; i++)
			buf_byte(&names, (char)to_lower(t.text.p[i]));
	}
	if (names.n)
		put_comment(s, "Only raxx has the functions it calls: ",
		    buf_sv(&names));
	buf_release(&names);
}

/* --- the whole --- */

static void
put_window(struct script *s)
{
	buf_printf(s->b, ".param set :from %lld\n.param set :to %lld\n",
	    (long long)s->from, (long long)s->to);
}

static void
put_missing_facts(struct script *s)
{
	for (size_t i = 0; i < s->r->nsite_facts; i++) {
		struct bind v;

		if (given_find(s->env, s->r, s->from, s->to,
		    s->r->site_fact[i], &v) == GIVEN_FACT)
			put_comment(s, "site.yml does not say, so it is NULL: ",
			    s->r->site_fact[i]);
	}
}

static void
put_sql_rule(struct script *s)
{
	put_missing_facts(s);
	put_functions(s, s->r->sql);
	put_window(s);
	put_statement(s, s->r->sql);
}

/* The compiler's mention of the largest number serves SQLite alone. */
static sv
without_bound(sv sql)
{
	sv rest = sql;

	if (!sv_starts(sql, SV("WITH bound(n) AS (SELECT ?")))
		return sql;
	sv_cut(&rest, '\n');
	return sv_null(rest) ? sql : rest;
}

/* `from`: from where on its hits must be known. */
static void
put_arm(struct script *s, const char *what, const struct arm *arm,
    int64_t from)
{
	struct buf b = BUF_INIT;
	sv sql = without_bound(arm->sql);
	bool with = sv_skip_lit(&sql, SV(", "));

	s->arm = arm;
	s->from = from - arm->window;
	armtext_condition(&b, s->r, arm);
	buf_lit(&b, "; window ");
	armtext_window(&b, arm);
	buf_printf(s->b, "\n-- %s ", what);
	escape_text(s->b, arm->name);
	buf_lit(s->b, ": ");
	escape_text(s->b, buf_sv(&b));
	buf_byte(s->b, '\n');
	buf_release(&b);
	put_functions(s, sql);
	put_window(s);
	if (with)
		buf_lit(s->b, "WITH ");
	put_statement(s, sql);
	for (size_t i = 0; i < arm->nlinks; i++) {
		buf_printf(&b, "step %d has only the rows at which this fires:",
		    arm->link[i].step);
		buf_byte(&b, '\0');
		put_arm(s, b.p, &arm->link[i], from - arm->window);
		buf_release(&b);
	}
}

void
plainsql_rule(struct buf *b, const struct hits_env *env, const struct rule *r,
    int64_t from, int64_t to)
{
	struct script s = { b, env, r, NULL, from, to };

	put_comment(&s, "", r->id);
	put_comment(&s, "", r->title);
	if (r->status != RULE_ACTIVE)
		put_comment(&s, "It has no statement: ", r->reason);
	else if (r->sql.n)
		put_sql_rule(&s);
	for (size_t i = 0; r->sql.n == 0 && i < r->narms; i++)
		put_arm(&s, "arm", &r->arm[i], from);
}
