/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "detect/siftpriv.h"
#include "detect/sqlscan.h"
#include "detect/tally.h"
#include "store/subset.h"

enum {
	COPY_MAX = 1 << 19, /* rows of a copy, which is in memory */
	FEW = 4096          /* so many are worth it however small a table */
};

/* --- views ---------------------------------------------------------------- */

static const struct base *
base_of(const struct sift *s, const struct scan *scan)
{
	const struct base *b = s->base;

	while (strcmp(b->table, scan->plan->table->base) != 0)
		b++;
	return b;
}

static bool
is_used(const struct sift *s, const struct scan *scan)
{
	const struct base *b;

	if (!scan->plan->table)
		return s->minutes;
	if (!siftscan_asked(scan) || scan->dropped)
		return false;
	b = base_of(s, scan);
	if (scan->plan->joined && siftscan_rows(scan) > COPY_MAX)
		return false;
	return siftscan_rows(scan) <= FEW || siftscan_rows(scan) <= b->rows / 4;
}

/* A copy for a statement has the columns that it names anywhere. */
static void
choose(void *ctx, const sv *column, size_t n, bool *keep)
{
	struct sqlscan s = { *(const sv *)ctx, 0 };
	struct sqltok t;

	while (sqlscan_next(&s, &t))
		for (size_t i = 0; i < n; i++)
			keep[i] = keep[i] || sv_eq_nocase(sqltok_name(&t),
			    column[i]);
}

static void
choose_all(void *ctx, const sv *column, size_t n, bool *keep)
{
	(void)ctx;
	(void)column;
	for (size_t i = 0; i < n; i++)
		keep[i] = true;
}

static bool
make_view(struct sift *s, const struct ask *ask, struct scan *scan,
    struct err *e)
{
	sv sql = ask->sql;
	/* what has no rows others share; of a Sigma rule see make_texts() */
	bool all = scan->plan->star || siftscan_rows(scan) == 0 || ask->arm;
	struct subset_choice copy = { all ? choose_all : choose, &sql };
	const char *base = scan->plan->table->base;
	struct buf of = BUF_INIT;
	bool ok;

	buf_printf(&of, "%.*s%c", SV_ARG(scan->plan->name), '\0');
	snprintf(scan->name, sizeof(scan->name), "sift_%zu", s->nviews++);
	ok = subset_make(s->st, scan->name, of.p, base,
	    (const int64_t *)(const void *)scan->id.p, siftscan_rows(scan),
	    scan->plan->joined || siftscan_rows(scan) <= FEW ? &copy : NULL, e);
	buf_release(&of);
	return ok;
}

/* All places where no row matters share a view. */
static bool
view_of(struct sift *s, const struct ask *ask, struct scan *scan,
    struct err *e)
{
	const struct sifttable *t = scan->plan->table;

	if (!t) {
		snprintf(scan->name, sizeof(scan->name), "sift_minute");
		return true;
	}
	if (siftscan_rows(scan) > 0)
		return make_view(s, ask, scan, e);
	for (size_t i = 0; i < s->nnone; i++)
		if (s->none[i]->plan->table == t) {
			memcpy(scan->name, s->none[i]->name,
			    sizeof(scan->name));
			return true;
		}
	s->none[s->nnone++] = scan;
	return make_view(s, ask, scan, e);
}

/* Is all that a Sigma rule reads sifted? Its tables of texts then need only
 * those that the rows have. */
static bool
has_own_texts(const struct ask *ask)
{
	bool own = ask->arm && ask->plan.whole && ask->plan.nstrs > 0;

	for (size_t i = 0; i < ask->plan.n; i++)
		own = own && ask->scan[i].plan->table && ask->scan[i].name[0];
	return own;
}

static bool
make_texts(struct sift *s, const struct ask *ask, char name[32],
    struct err *e)
{
	struct buf b = BUF_INIT;
	const char *column;
	bool ok;

	snprintf(name, 32, "sift_%zu", s->nviews++);
	buf_lit(&b, "SELECT id, s FROM str WHERE id IN (SELECT 0");
	for (size_t i = 0; i < ask->plan.n; i++)
		for (size_t k = 0; (column = sifttable_text(
		    ask->scan[i].plan->table, k)) != NULL; k++)
			buf_printf(&b, " UNION SELECT \"%s\" FROM %s", column,
			    ask->scan[i].name);
	buf_printf(&b, ")%c", '\0');
	ok = subset_select(s->st, name, b.p, e);
	buf_release(&b);
	return ok;
}

/* Places of a text and what to put there, in the order of the text. */
static void
put_until(struct buf *b, const struct ask *ask, size_t *from, size_t to)
{
	buf_add(b, sv_of(ask->sql.p + *from, to - *from));
	*from = to;
}

/* The tables of texts stand in the WITH, before all that reads a table. */
static bool
rewrite_texts(struct sift *s, struct ask *ask, struct buf *b, size_t *at,
    struct err *e)
{
	char name[32];

	if (!has_own_texts(ask))
		return true;
	if (!make_texts(s, ask, name, e))
		return false;
	for (size_t i = 0; i < ask->plan.nstrs; i++) {
		put_until(b, ask, at, ask->plan.str[i]);
		buf_str(b, name);
		*at += sizeof("str") - 1;
	}
	return true;
}

/* The statement that names the views. */
static bool
rewrite(struct sift *s, struct ask *ask, struct err *e)
{
	struct buf b = BUF_INIT;
	size_t at = 0;

	if (!rewrite_texts(s, ask, &b, &at, e)) {
		buf_release(&b);
		return false;
	}
	for (size_t i = 0; i < ask->plan.n; i++) {
		const struct scan *scan = &ask->scan[i];

		if (!scan->name[0])
			continue;
		put_until(&b, ask, &at, scan->plan->at);
		buf_str(&b, scan->plan->table ? scan->name
		    : "SELECT source, minute, n FROM sift_minute");
		if (!scan->plan->named)
			buf_printf(&b, " AS %.*s", SV_ARG(scan->plan->name));
		at = scan->plan->at + scan->plan->name.n;
	}
	if (at) {
		buf_add(&b, sv_skip(ask->sql, at));
		ask->out = arena_sv(&s->a, buf_sv(&b));
	}
	buf_release(&b);
	return true;
}

/* The requests of each minute as a table. */
static bool
make_minutes(struct sift *s, struct err *e)
{
	const struct tally_minute *m;
	size_t n, rows = 0;
	int64_t *v;

	m = s->minutes ? NULL : tally_sorted(s->tally, &n);
	if (!m)
		return true;
	v = arena_array(&s->a, 3 * n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		if (m[i].requests == 0)
			continue;
		v[3 * rows] = m[i].source;
		v[3 * rows + 1] = m[i].minute;
		v[3 * rows++ + 2] = m[i].requests;
	}
	s->minutes = true;
	return subset_numbers(s->st, "sift_minute", "source, minute, n", v, 3,
	    rows, e);
}

bool
siftview_make(struct sift *s, struct ask *ask, struct err *e)
{
	for (size_t i = 0; i < ask->plan.n; i++) {
		struct scan *scan = &ask->scan[i];

		if (!scan->plan->table && !make_minutes(s, e))
			return false;
		if (is_used(s, scan) && !view_of(s, ask, scan, e))
			return false;
	}
	return rewrite(s, ask, e);
}

bool
siftview_is_empty(const struct sift *s, const struct ask *ask)
{
	bool empty = ask->arm && ask->plan.whole;

	for (size_t i = 0; i < ask->plan.n; i++)
		empty = empty && is_used(s, &ask->scan[i]) &&
		    siftscan_rows(&ask->scan[i]) == 0;
	return empty;
}

void
siftview_drop(struct sift *s)
{
	char name[32];

	for (size_t i = 0; i < s->nviews; i++) {
		snprintf(name, sizeof(name), "sift_%zu", i);
		subset_drop(s->st, name);
	}
	if (s->minutes)
		subset_drop(s->st, "sift_minute");
}
