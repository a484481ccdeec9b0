/* SPDX-License-Identifier: MIT */
/*
 * sqlfntext.c: one text and others. A compiled pattern is kept with the argument
 * that it is of, for the life of the statement.
 */
#include "detect/sqlfnset.h"

#include <sqlite3.h>

#include "base/attr.h"
#include "base/utc.h"
#include "detect/editdistance.h"
#include "detect/regex.h"
#include "detect/uafamily.h"
#include "detect/wildcard.h"
#include "store/db.h"
#include "store/sqlvalue.h"

/* --- patterns --- */

static void
close_regex(void *r)
{
	regex_close(r);
}

static void
close_set(void *w)
{
	wildset_close(w);
}

/* The compiled first argument, or NULL after setting the error. */
static struct regex *
cached_regex(sqlite3_context *c, sqlite3_value **argv)
{
	struct regex *r = sqlite3_get_auxdata(c, 0);
	struct err e = ERR_INIT;

	if (r)
		return r;
	r = regex_open(sqlvalue_bytes(argv[0]), 0, &e);
	if (!r) {
		sqlite3_result_error(c, e.msg, -1);
		return NULL;
	}
	sqlite3_set_auxdata(c, 0, r, close_regex);
	/* NULL when SQLite had no memory for it: r is closed then */
	r = sqlite3_get_auxdata(c, 0);
	if (!r)
		sqlite3_result_error_nomem(c);
	return r;
}

static void
fn_regexp(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct regex *r;

	(void)argc;
	if (sqlvalue_any_null(2, argv))
		return;
	r = cached_regex(c, argv);
	if (!r)
		return;
	switch (regex_match(r, sqlvalue_bytes(argv[1]))) {
	case REGEX_MATCH:
		sqlite3_result_int(c, 1);
		break;
	case REGEX_NO_MATCH:
		sqlite3_result_int(c, 0);
		break;
	case REGEX_UNDECIDED:
		store_set_undecided(sqlite3_user_data(c));
		sqlite3_result_error(c, "a pattern hit its limit", -1);
		break;
	}
}

/* The compiled first argument. */
static struct wildset *
cached_set(sqlite3_context *c, sqlite3_value **argv, bool cased)
{
	struct wildset *w = sqlite3_get_auxdata(c, 0);

	if (w)
		return w;
	w = wildset_open(sqlvalue_bytes(argv[0]), cased);
	sqlite3_set_auxdata(c, 0, w, close_set);
	/* NULL when SQLite had no memory for it: w is closed then */
	w = sqlite3_get_auxdata(c, 0);
	if (!w)
		sqlite3_result_error_nomem(c);
	return w;
}

static void
wildcard(sqlite3_context *c, sqlite3_value **argv, bool cased)
{
	struct wildset *w;

	if (sqlvalue_any_null(2, argv))
		return;
	w = cached_set(c, argv, cased);
	if (w)
		sqlite3_result_int(c, wildset_match(w, sqlvalue_bytes(argv[1])));
}

static void
fn_wildcard(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	wildcard(c, argv, false);
}

static void
fn_wildcard_cased(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	wildcard(c, argv, true);
}

/* --- one text and another --- */

/* Where y stands in x when case is folded or not; x.n + 1 when nowhere. */
static size_t
find_text(sv x, sv y, bool cased)
{
	for (size_t i = 0; i + y.n <= x.n; i++) {
		sv here = sv_take(sv_skip(x, i), y.n);

		if (cased ? sv_eq(here, y) : sv_eq_nocase(here, y))
			return i;
	}
	return x.n + 1;
}

enum text_how { TEXT_IS = 1, TEXT_STARTS, TEXT_ENDS, TEXT_CONTAINS,
	TEXT_CASED = 8 };

static void
text_test(sqlite3_context *c, sqlite3_value **argv, int how)
{
	sv x = sqlvalue_bytes(argv[0]), y = sqlvalue_bytes(argv[1]);
	bool cased = how & TEXT_CASED, found;

	if (sv_null(x) || sv_null(y))
		return;
	how &= ~TEXT_CASED;
	if (how == TEXT_STARTS)
		x = sv_take(x, y.n);
	else if (how == TEXT_ENDS && y.n < x.n)
		x = sv_skip(x, x.n - y.n);
	found = find_text(x, y, cased) <= x.n;
	sqlite3_result_int(c, found && (how == TEXT_CONTAINS || x.n == y.n));
}

#define TEXT_TEST(name, how) \
	static void \
	name(sqlite3_context *c, int argc, sqlite3_value **argv) \
	{ \
		(void)argc; \
		text_test(c, argv, how); \
	}

TEXT_TEST(fn_text_is, TEXT_IS)
TEXT_TEST(fn_text_starts, TEXT_STARTS)
TEXT_TEST(fn_text_ends, TEXT_ENDS)
TEXT_TEST(fn_text_contains, TEXT_CONTAINS)
TEXT_TEST(fn_text_is_cased, TEXT_IS | TEXT_CASED)
TEXT_TEST(fn_text_starts_cased, TEXT_STARTS | TEXT_CASED)
TEXT_TEST(fn_text_ends_cased, TEXT_ENDS | TEXT_CASED)
TEXT_TEST(fn_text_contains_cased, TEXT_CONTAINS | TEXT_CASED)

/* --- what a text says --- */

static void
fn_number(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	int type = sqlite3_value_type(argv[0]);
	int64_t i;
	double d;

	(void)argc;
	if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
		sqlite3_result_value(c, argv[0]);
	else if (type != SQLITE_TEXT)
		return;
	else if (sv_to_i64(sv_trim(sqlvalue_bytes(argv[0])), &i))
		sqlite3_result_int64(c, i);
	else if (sv_to_double(sv_trim(sqlvalue_bytes(argv[0])), &d))
		sqlite3_result_double(c, d);
}

static void
fn_span_us(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	int64_t us;

	(void)argc;
	if (utc_span_parse(sqlvalue_bytes(argv[0]), &us))
		sqlite3_result_int64(c, us);
}

static void
fn_edit_distance(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	int max = sqlite3_value_int(argv[2]);

	(void)argc;
	if (sqlvalue_any_null(2, argv))
		return;
	sqlite3_result_int64(c, edit_distance(sqlvalue_bytes(argv[0]),
	    sqlvalue_bytes(argv[1]), max > 0 ? (unsigned)max : 0));
}

static void
fn_ua_family(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	sqlvalue_give(c, ua_family(sqlvalue_bytes(argv[0])));
}

static const struct sqlfn_call calls[] = {
	{ "regexp", 2, fn_regexp },
	{ "wildcard", 2, fn_wildcard },
	{ "wildcard_cased", 2, fn_wildcard_cased },
	{ "text_is", 2, fn_text_is },
	{ "text_starts", 2, fn_text_starts },
	{ "text_ends", 2, fn_text_ends },
	{ "text_contains", 2, fn_text_contains },
	{ "text_is_cased", 2, fn_text_is_cased },
	{ "text_starts_cased", 2, fn_text_starts_cased },
	{ "text_ends_cased", 2, fn_text_ends_cased },
	{ "text_contains_cased", 2, fn_text_contains_cased },
	{ "number", 1, fn_number },
	{ "span_us", 1, fn_span_us },
	{ "edit_distance", 3, fn_edit_distance },
	{ "ua_family", 1, fn_ua_family },
};

const struct sqlfn_set sqlfn_text = {
	calls, countof(calls), NULL, 0
};
