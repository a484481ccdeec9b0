/* SPDX-License-Identifier: MIT */
#include "detect/dumps.h"

#include "base/buf.h"
#include "base/utc.h"
#include "record/site.h"
#include "store/query.h"

/* The most that Sentry's API gives at once, and what it gives unasked: "Default
 * and maximum allowed is 100" (per_page, docs.sentry.io/api/; what comes next
 * only the Link header says: docs.sentry.io/api/pagination/). */
enum { SENTRY_PAGE = 100 };

/* One input. */
struct dump {
	sv name, app, table, damaged;
	int64_t arrived, last; /* last: newest row; UTC_NONE without */
	int64_t bytes, read, rejected;
};

struct list {
	struct dump *v;
	size_t n, cap;
};

static void
add(struct arena *a, struct list *l, struct dump d)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 16;
		struct dump *v = arena_array(a, cap, sizeof(*v));

		if (l->n)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = d;
}

static sv
text_at(struct arena *a, struct query *q, int col)
{
	return query_is_null(q, col) ? SV_NULL
	    : arena_sv(a, query_text(q, col));
}

static bool
read_list(struct arena *a, struct store *st, const char *names, struct list *l,
    struct err *e)
{
	struct buf b = BUF_INIT;
	enum query_end end;
	struct query *q;

	buf_printf(&b, "SELECT name, app, dump, damaged, arrived, bytes, read, "
	    "rejected, (SELECT max(stop) FROM span WHERE source = id) "
	    "FROM source WHERE dump IN (%s) ORDER BY source.arrived DESC, name, "
	    "digest", names);
	q = query_open(st, buf_sv(&b), NULL, e);
	buf_release(&b);
	if (!q)
		return false;
	while ((end = query_next(q, e)) == QUERY_MORE)
		add(a, l, (struct dump){ .name = text_at(a, q, 0),
			.app = text_at(a, q, 1), .table = text_at(a, q, 2),
			.damaged = text_at(a, q, 3),
			.arrived = query_i64(q, 4), .bytes = query_i64(q, 5),
			.read = query_i64(q, 6), .rejected = query_i64(q, 7),
			.last = query_is_null(q, 8) ? UTC_NONE
			    : query_i64(q, 8) });
	query_close(q);
	return end != QUERY_FAILED;
}

/* --- one dump ------------------------------------------------------------- */

static bool
is_page(const struct dump *d)
{
	return sv_is(d->table, "sentry_event") && d->read == SENTRY_PAGE;
}

/* Until when it vouches; UTC_NONE: for nothing. */
static int64_t
until_of(const struct dump *d)
{
	if (d->bytes == 0)
		return UTC_NONE;
	if (sv_null(d->damaged))
		return d->arrived;
	return d->last < d->arrived ? d->last : d->arrived;
}

static bool
is_whole(const struct dump *d)
{
	return d->bytes > 0 && sv_null(d->damaged) && d->rejected == 0 &&
	    !is_page(d);
}

static void
put_flaw(struct buf *b, const struct dump *d)
{
	if (!sv_null(d->damaged))
		buf_printf(b, "%.*s is damaged: %.*s", SV_ARG(d->name),
		    SV_ARG(d->damaged));
	else if (d->bytes == 0)
		buf_printf(b, "%.*s has no byte, not even of a header",
		    SV_ARG(d->name));
	else if (d->rejected > 0)
		buf_printf(b, d->rejected == 1
		    ? "%lld row of %.*s was rejected"
		    : "%lld rows of %.*s were rejected",
		    (long long)d->rejected, SV_ARG(d->name));
	else
		buf_printf(b, "%.*s holds %d events, a full page of Sentry's "
		    "API: there may be more", SV_ARG(d->name), SENTRY_PAGE);
}

/* --- all of a source ------------------------------------------------------ */

/* As for copies: an app that is not known may be any. */
static bool
same_table(const struct dump *x, const struct dump *y)
{
	return sv_eq(x->table, y->table) && (sv_null(x->app) ||
	    sv_null(y->app) || sv_eq(x->app, y->app));
}

/* The newest whole dump of the same table; UTC_NONE: there is none. */
static int64_t
whole_of(const struct list *l, const struct dump *d)
{
	for (size_t i = 0; i < l->n; i++)
		if (is_whole(&l->v[i]) && same_table(&l->v[i], d))
			return l->v[i].arrived;
	return UTC_NONE;
}

/* The dump that vouches longest for the app, of which there is one. */
static const struct dump *
furthest(const struct list *l, sv app)
{
	const struct dump *best = NULL;

	for (size_t i = 0; i < l->n; i++) {
		const struct dump *d = &l->v[i];

		if (!sv_null(app) && !sv_null(d->app) && !sv_eq(app, d->app))
			continue;
		if (!best || until_of(d) > until_of(best))
			best = d;
	}
	return best;
}

/* Rules look at the rows of every app: the source vouches as long as the dumps of
 * each do that counts. False: there are dumps, but of none. */
static bool
set_until(const struct site *site, const struct list *l, struct dumps *out)
{
	const struct dump *first = NULL;
	bool named = false;

	for (size_t i = 0; i < l->n; i++)
		named |= !sv_null(l->v[i].app) &&
		    site_counts_app(site, l->v[i].app);
	for (size_t i = 0; i < l->n; i++) {
		sv app = l->v[i].app;
		const struct dump *d;

		if (sv_null(app) ? named : !site_counts_app(site, app))
			continue;
		d = furthest(l, app);
		if (!first || until_of(d) < until_of(first))
			first = d;
	}
	if (first && until_of(first) != UTC_NONE) {
		out->until = until_of(first);
		out->taken = first->arrived;
	}
	return first || l->n == 0;
}

static void
set_unlisted(struct arena *a, const struct dump *d, struct dumps *out)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%.*s is of app %.*s, which site.yml does not list",
	    SV_ARG(d->name), SV_ARG(d->app));
	out->flaw = arena_sv(a, buf_sv(&b));
	buf_release(&b);
}

/* Does it add a part to what is known, and one that is flawed? Where nothing
 * vouches for anything, each is why. */
static bool
is_flawed(const struct list *l, const struct dump *d, const struct dumps *all,
    int64_t *whole)
{
	int64_t until = until_of(d);

	*whole = whole_of(l, d);
	if (is_whole(d) || (until == UTC_NONE && all->until != UTC_NONE))
		return false;
	return *whole == UTC_NONE || until > *whole;
}

static void
set_flaw(struct arena *a, const struct list *l, struct dumps *out)
{
	struct buf b = BUF_INIT;
	size_t more = 0;
	int64_t whole;

	out->whole = out->until;
	for (size_t i = 0; i < l->n; i++) {
		if (!is_flawed(l, &l->v[i], out, &whole))
			continue;
		if (whole < out->whole)
			out->whole = whole;
		if (b.n == 0)
			put_flaw(&b, &l->v[i]);
		else
			more++;
	}
	if (more)
		buf_printf(&b, ", and %zu more dump%s", more,
		    more == 1 ? "" : "s");
	if (b.n)
		out->flaw = arena_sv(a, buf_sv(&b));
	buf_release(&b);
}

bool
dumps_load(struct arena *a, struct store *st, const struct site *site,
    const char *names, struct dumps *out, struct err *e)
{
	struct list l = { NULL, 0, 0 };

	*out = (struct dumps){ UTC_NONE, UTC_NONE, UTC_NONE, SV_NULL };
	if (!read_list(a, st, names, &l, e))
		return false;
	if (set_until(site, &l, out))
		set_flaw(a, &l, out);
	else
		set_unlisted(a, &l.v[0], out);
	return true;
}
