/* SPDX-License-Identifier: MIT */
/* sqlfncount.c: aggregates: how many, how far apart, which spans of time. */
#include "detect/sqlfnset.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/buf.h"
#include "detect/distinct.h"
#include "detect/progression.h"
#include "detect/spans.h"
#include "store/sqlvalue.h"

/* --- how many different ones --- */

/* Type and bytes; 1 and 1.0 are the same value. Of a number these are in *n. */
static sv
value_key(sqlite3_value *v, int64_t *n, char *type)
{
	double d;

	*type = (char)sqlite3_value_type(v);
	if (*type != SQLITE_INTEGER && *type != SQLITE_FLOAT)
		return sqlvalue_bytes(v);
	*n = sqlite3_value_int64(v);
	d = *type == SQLITE_FLOAT ? sqlite3_value_double(v) : 0;
	if (*type == SQLITE_FLOAT && d == (double)*n && fabs(d) < 9e15)
		*type = SQLITE_INTEGER;
	if (*type == SQLITE_FLOAT)
		memcpy(n, &d, sizeof(*n));
	return sv_of((const char *)n, sizeof(*n));
}

/* One more of a window, or one less. */
static void
distinct_change(sqlite3_context *c, sqlite3_value *v,
    void (*change)(struct distinct *d, char type, sv value))
{
	struct distinct *d = sqlite3_aggregate_context(c, sizeof(*d));
	int64_t n;
	char type;
	sv key;

	if (!d) {
		sqlite3_result_error_nomem(c);
	} else if (sqlite3_value_type(v) != SQLITE_NULL) {
		key = value_key(v, &n, &type);
		change(d, type, key);
	}
}

static void
distinct_step(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	distinct_change(c, argv[0], distinct_add);
}

static void
distinct_inverse(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	distinct_change(c, argv[0], distinct_drop);
}

static void
distinct_value(sqlite3_context *c)
{
	const struct distinct *d = sqlite3_aggregate_context(c, 0);

	sqlite3_result_int64(c, d ? (int64_t)d->n : 0);
}

static void
distinct_final(sqlite3_context *c)
{
	struct distinct *d = sqlite3_aggregate_context(c, 0);

	distinct_value(c);
	if (d)
		distinct_release(d);
}

/* --- numbers in their order --- */

/* Doubles, sorted but for the newest: those are sorted in when it matters, one
 * by one in a window, all at once in a plain aggregate. */
struct values {
	struct buf mem;
	size_t sorted; /* of them, from the front */
};

static int
cmp_double(const void *pa, const void *pb)
{
	double a, b;

	memcpy(&a, pa, sizeof(a));
	memcpy(&b, pb, sizeof(b));
	return (a > b) - (a < b);
}

static double
value_at(const struct values *v, size_t i)
{
	double d;

	memcpy(&d, v->mem.p + i * sizeof(d), sizeof(d));
	return d;
}

/* Index of the first sorted value that is not less than d. */
static size_t
lower_bound(const struct values *v, double d)
{
	size_t lo = 0, hi = v->sorted;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (value_at(v, mid) < d)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Moves the sorted values behind `from` to `to`, one place up or down. */
static void
shift(struct values *v, size_t from, size_t to)
{
	memmove(v->mem.p + to * sizeof(double),
	    v->mem.p + from * sizeof(double),
	    (v->sorted - from) * sizeof(double));
}

static void
sort_values(struct values *v)
{
	size_t n = v->mem.n / sizeof(double);

	if (n - v->sorted > 8) {
		qsort(v->mem.p, n, sizeof(double), cmp_double);
		v->sorted = n;
	}
	for (; v->sorted < n; v->sorted++) {
		double d = value_at(v, v->sorted);
		size_t at = lower_bound(v, d);

		shift(v, at, at + 1);
		memcpy(v->mem.p + at * sizeof(d), &d, sizeof(d));
	}
}

static void
median_step(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct values *v = sqlite3_aggregate_context(c, sizeof(*v));
	double d = sqlite3_value_double(argv[0]);

	(void)argc;
	if (!v)
		sqlite3_result_error_nomem(c);
	else if (sqlite3_value_type(argv[0]) != SQLITE_NULL)
		buf_mem(&v->mem, &d, sizeof(d));
}

static void
median_inverse(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct values *v = sqlite3_aggregate_context(c, sizeof(*v));
	size_t at;

	(void)argc;
	if (!v || sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	sort_values(v);
	at = lower_bound(v, sqlite3_value_double(argv[0]));
	if (at == v->sorted)
		return; /* never given: cannot happen */
	shift(v, at + 1, at);
	v->sorted--;
	v->mem.n -= sizeof(double);
}

static void
median_value(sqlite3_context *c)
{
	struct values *v = sqlite3_aggregate_context(c, 0);

	if (!v || v->mem.n == 0)
		return;
	sort_values(v);
	sqlite3_result_double(c, (value_at(v, (v->sorted - 1) / 2) +
	    value_at(v, v->sorted / 2)) / 2);
}

static void
median_final(sqlite3_context *c)
{
	struct values *v = sqlite3_aggregate_context(c, 0);

	median_value(c);
	if (v)
		buf_release(&v->mem);
}

static void
progression_value(sqlite3_context *c)
{
	struct values *v = sqlite3_aggregate_context(c, 0);

	if (!v)
		return;
	sort_values(v);
	sqlite3_result_int64(c, (int64_t)progression_longest(
	    (const double *)(const void *)v->mem.p, v->sorted));
}

static void
progression_final(sqlite3_context *c)
{
	struct values *v = sqlite3_aggregate_context(c, 0);

	progression_value(c);
	if (v)
		buf_release(&v->mem);
}

/* --- spans of time --- */

/* What lacks a start or a stop is none. */
static void
spans_step(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf *b = sqlite3_aggregate_context(c, sizeof(*b));
	struct spans_one s;

	(void)argc;
	if (!b) {
		sqlite3_result_error_nomem(c);
		return;
	}
	if (sqlvalue_any_null(2, argv))
		return;
	s = (struct spans_one){ sqlite3_value_int64(argv[0]),
		sqlite3_value_int64(argv[1]), sqlite3_value_int64(argv[2]),
		sqlite3_value_int64(argv[3]), sqlite3_value_int64(argv[4]) };
	buf_mem(b, &s, sizeof(s));
}

static void
spans_final(sqlite3_context *c)
{
	struct buf *b = sqlite3_aggregate_context(c, 0), out = BUF_INIT;

	if (!b || b->n == 0)
		return;
	spans_join((struct spans_one *)(void *)b->p,
	    b->n / sizeof(struct spans_one), &out);
	sqlvalue_give(c, buf_sv(&out));
	buf_release(&out);
	buf_release(b);
}

static const struct sqlfn_aggregate aggregates[] = {
	{ "count_distinct", 1, distinct_step, distinct_final, distinct_value,
	    distinct_inverse },
	{ "median", 1, median_step, median_final, median_value,
	    median_inverse },
	{ "progression", 1, median_step, progression_final, progression_value,
	    median_inverse },
	{ "join_spans", 5, spans_step, spans_final, NULL, NULL },
};

const struct sqlfn_set sqlfn_count = {
	NULL, 0, aggregates, countof(aggregates)
};
