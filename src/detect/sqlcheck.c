/* SPDX-License-Identifier: MIT */
#include "detect/sqlcheck.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/ip.h"
#include "detect/regex.h"
#include "detect/sqlscan.h"
#include "detect/sqlshape.h"

struct checker {
	struct arena *scratch;
	sv sql;
	size_t *at;
	char *why;
};

static bool
refuse(struct checker *c, size_t at, const char *what, sv value)
{
	*c->at = at;
	if (sv_null(value))
		snprintf(c->why, SQLCHECK_WHY, "%s", what);
	else
		snprintf(c->why, SQLCHECK_WHY, "%s '%.*s'", what,
		    value.n > 60 ? 60 : (int)value.n, value.p);
	return false;
}

/* --- quotes and verb --- */

static bool
check_quotes(struct checker *c)
{
	struct sqlscan s = { c->sql, 0 };
	struct sqltok t;

	while (sqlscan_next(&s, &t))
		if (t.kind == SQLTOK_OPEN)
			return refuse(c, t.at, sv_starts(t.text, SV("/*")) ?
			    "the comment has no end:" :
			    "no closing quote after", t.text);
	return true;
}

static bool
check_verb(struct checker *c)
{
	struct sqlshape shape;
	struct sqlscan s;
	struct sqltok t;

	sqlshape_read(c->scratch, c->sql, &shape);
	s = (struct sqlscan){ c->sql, (size_t)(shape.main.p - c->sql.p) };
	if (shape.main.n == 0 || !sqlscan_next(&s, &t))
		return refuse(c, c->sql.n, "the SELECT is missing", SV_NULL);
	return sqltok_is(&t, "select") || sqltok_is(&t, "values") ||
	    sqltok_is(&t, "with") || /* SQLite tells what is wrong with it */
	    refuse(c, t.at, "expected one SELECT, not", t.text);
}

/* --- dates --- */

static const struct date_function {
	const char *name;
	size_t times;  /* arguments before this one are no modifiers */
	size_t first;  /* argument that is the first time */
} date_function[] = {
	{ "date", 1, 0 },
	{ "time", 1, 0 },
	{ "datetime", 1, 0 },
	{ "julianday", 1, 0 },
	{ "unixepoch", 1, 0 },
	{ "strftime", 2, 1 },
	{ "timediff", 2, 0 },
};

static const struct date_function *
date_function_of(sv name)
{
	for (size_t i = 0; !sv_null(name) && i < countof(date_function); i++)
		if (sv_eq_nocase(name, sv_str(date_function[i].name)))
			return &date_function[i];
	return NULL;
}

/* One argument of a call: its first token, and whether it has others. */
struct argument {
	struct sqltok first;
	size_t ntoks;
};

static bool
is_literal(const struct argument *a, const char *text)
{
	sv v = a->first.text;

	return a->ntoks == 1 && a->first.kind == SQLTOK_TEXT && v.n >= 2 &&
	    sv_eq_nocase(sv_take(sv_skip(v, 1), v.n - 2), sv_str(text));
}

/* Text that begins like a number of days: no word can come out of it. */
static bool
is_shift(const struct argument *a)
{
	sv v = a->first.text;

	return a->first.kind == SQLTOK_TEXT && v.n > 2 &&
	    (v.p[1] == '+' || v.p[1] == '-' || is_digit(v.p[1]));
}

static bool
check_time(struct checker *c, const struct argument *a)
{
	static const char *const now[] = { "now", "subsec", "subsecond" };

	for (size_t i = 0; i < countof(now); i++)
		if (is_literal(a, now[i]))
			return refuse(c, a->first.at, "another time at every "
			    "run (use :to):", a->first.text);
	return true;
}

static bool
check_modifier(struct checker *c, const struct argument *a)
{
	if (is_literal(a, "localtime") || is_literal(a, "utc"))
		return refuse(c, a->first.at, "depends on the time zone of the "
		    "machine:", a->first.text);
	return (a->ntoks == 1 && a->first.kind == SQLTOK_TEXT) || is_shift(a) ||
	    refuse(c, a->first.at, "a modifier must be a text, not",
	    a->first.text);
}

static bool
check_argument(struct checker *c, const struct date_function *f, size_t i,
    const struct argument *a)
{
	if (i < f->first)
		return true;
	return i < f->times ? check_time(c, a) : check_modifier(c, a);
}

/* A table of a WITH may be called as a function: `time(a, b) AS (`. */
static bool
is_table(struct sqlscan s)
{
	struct sqltok t;

	return sqlscan_next(&s, &t) && sqltok_is(&t, "as") &&
	    sqlscan_next(&s, &t) && (sqltok_is_sign(&t, "(") ||
	    sqltok_is(&t, "not") || sqltok_is(&t, "materialized"));
}

/* The scanner stands behind the opening parenthesis of a call. */
static bool
check_call(struct checker *c, const struct sqltok *name,
    const struct date_function *f, struct sqlscan s)
{
	struct argument arg[16] = { { .ntoks = 0 } };
	size_t n = 0;
	struct sqltok t;
	int depth = 1;

	while (depth > 0 && sqlscan_next(&s, &t)) {
		struct argument *a = &arg[n < countof(arg) ? n :
		    countof(arg) - 1];

		depth += sqltok_is_sign(&t, "(");
		depth -= sqltok_is_sign(&t, ")");
		if (depth == 1 && sqltok_is_sign(&t, ","))
			n++;
		else if (depth > 0 && a->ntoks++ == 0)
			a->first = t;
	}
	if (is_table(s))
		return true;
	if (n >= countof(arg))
		return refuse(c, name->at, "too many arguments of", name->text);
	n += arg[n].ntoks > 0;
	for (size_t i = 0; i < n; i++)
		if (!check_argument(c, f, i, &arg[i]))
			return false;
	return n > f->first || refuse(c, name->at,
	    "without a time it is now (use :to):", name->text);
}

/* One token, with the scanner behind it. */
static bool
check_word(struct checker *c, const struct sqltok *t, struct sqlscan s)
{
	static const char *const clock[] = { "current_date", "current_time",
		"current_timestamp" };
	const struct date_function *f = date_function_of(sqltok_name(t));
	struct sqltok open;

	for (size_t i = 0; i < countof(clock); i++)
		if (sqltok_is(t, clock[i]))
			return refuse(c, t->at, "another time at every run "
			    "(use :to):", t->text);
	if (!f || !sqlscan_next(&s, &open) || !sqltok_is_sign(&open, "("))
		return true;
	return check_call(c, t, f, s);
}

static bool
check_dates(struct checker *c)
{
	struct sqlscan s = { c->sql, 0 };
	struct sqltok t;

	while (sqlscan_next(&s, &t))
		if (!check_word(c, &t, s))
			return false;
	return true;
}

/* --- constant arguments --- */

/* What a text says: without its quotes, doubled ones once. */
static sv
unquoted(struct arena *scratch, sv text)
{
	struct buf b = BUF_INIT;
	sv out;

	for (size_t i = 1; i + 1 < text.n; i++) {
		buf_byte(&b, text.p[i]);
		i += text.p[i] == '\'';
	}
	out = buf_keep(&b, scratch);
	return out;
}

/* Byte of the text with its quotes where byte `at` of what it says stands. */
static size_t
quoted_at(sv text, size_t at)
{
	size_t i = 1;

	for (; at > 0 && i < text.n; at--)
		i += text.p[i] == '\'' ? 2 : 1;
	return i;
}

static bool
check_pattern(struct checker *c, const struct sqltok *t)
{
	struct err e = ERR_INIT;
	size_t at;

	return regex_check(unquoted(c->scratch, t->text), 0, &at, &e) ||
	    refuse(c, t->at + quoted_at(t->text, at), e.msg, SV_NULL);
}

static bool
check_network(struct checker *c, const struct sqltok *t)
{
	struct ip_net net;

	return ip_net_parse(unquoted(c->scratch, t->text), &net) ||
	    refuse(c, t->at, "no network:", t->text);
}

/* A text that is all of its operand or argument: no '||' follows. */
static bool
whole_text(struct sqlscan s, struct sqltok *t)
{
	struct sqltok then;

	return sqlscan_next(&s, t) && t->kind == SQLTOK_TEXT &&
	    !(sqlscan_next(&s, &then) && sqltok_is_sign(&then, "||"));
}

/* The second argument of a call, whose parenthesis comes next. */
static bool
second_argument(struct sqlscan *s)
{
	struct sqltok t;
	int depth = 0;

	while (sqlscan_next(s, &t)) {
		depth += sqltok_is_sign(&t, "(");
		depth -= sqltok_is_sign(&t, ")");
		if (depth == 1 && sqltok_is_sign(&t, ","))
			return true;
		if (depth <= 0)
			return false;
	}
	return false;
}

/* `x REGEXP 'pattern'`, regexp('pattern', x), ip_in(x, 'network'). */
static bool
check_constant(struct checker *c, const struct sqltok *word, struct sqlscan s)
{
	struct sqlscan inner = s;
	struct sqltok t;

	if (sqltok_is(word, "regexp")) {
		if (sqlscan_next(&inner, &t) && sqltok_is_sign(&t, "("))
			s = inner;
		return !whole_text(s, &t) || check_pattern(c, &t);
	}
	return !sqltok_is(word, "ip_in") || !second_argument(&s) ||
	    !whole_text(s, &t) || check_network(c, &t);
}

static bool
check_constants(struct checker *c)
{
	struct sqlscan s = { c->sql, 0 };
	struct sqltok t;

	while (sqlscan_next(&s, &t))
		if (!check_constant(c, &t, s))
			return false;
	return true;
}

bool
sqlcheck_text(struct arena *scratch, sv sql, size_t *at,
    char why[SQLCHECK_WHY])
{
	struct checker c = { scratch, sql, at, why };

	return check_quotes(&c) && check_verb(&c) && check_dates(&c) &&
	    check_constants(&c);
}
