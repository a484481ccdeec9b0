/* SPDX-License-Identifier: MIT */
#include "detect/coverage.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utc.h"
#include "record/site.h"
#include "store/query.h"

static int
span_cmp(const void *pa, const void *pb)
{
	const struct span *a = pa, *b = pb;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return (a->to > b->to) - (a->to < b->to);
}

size_t
span_union(struct span *s, size_t n)
{
	size_t k = 0;

	if (n)
		qsort(s, n, sizeof(*s), span_cmp);
	for (size_t i = 0; i < n; i++) {
		if (k && s[i].from <= s[k - 1].to + 1) {
			if (s[i].to > s[k - 1].to)
				s[k - 1].to = s[i].to;
		} else {
			s[k++] = s[i];
		}
	}
	return k;
}

size_t
span_common(struct arena *a, const struct span *x, size_t nx,
    const struct span *y, size_t ny, struct span **out)
{
	struct span *v = arena_array(a, nx + ny, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0, j = 0; i < nx && j < ny;) {
		int64_t from = x[i].from > y[j].from ? x[i].from : y[j].from;
		int64_t to = x[i].to < y[j].to ? x[i].to : y[j].to;

		if (from <= to)
			v[n++] = (struct span){ from, to };
		if (x[i].to < y[j].to)
			i++;
		else
			j++;
	}
	*out = v;
	return n;
}

static int
loss_cmp(const void *pa, const void *pb)
{
	const struct loss *a = pa, *b = pb;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	if (a->lost != b->lost)
		return a->lost < b->lost ? -1 : 1;
	return sv_cmp(a->code, b->code);
}

/* "L10" and "L13" -> "L10, L13". */
static sv
code_join(struct arena *a, sv x, sv y)
{
	char *p;

	if (sv_has(x, y))
		return x;
	p = arena_alloc(a, x.n + 2 + y.n);
	memcpy(p, x.p, x.n);
	memcpy(p + x.n, ", ", 2);
	memcpy(p + x.n + 2, y.p, y.n);
	return sv_of(p, x.n + 2 + y.n);
}

size_t
loss_merge(struct arena *a, struct loss *l, size_t n)
{
	size_t k = 0;

	if (n)
		qsort(l, n, sizeof(*l), loss_cmp);
	for (size_t i = 0; i < n; i++) {
		struct loss *m = k ? &l[k - 1] : NULL;

		if (!m || l[i].from >= m->to) {
			l[k++] = l[i];
			continue;
		}
		if (l[i].to > m->to)
			m->to = l[i].to;
		m->lost = m->lost < 0 || l[i].lost < 0 ? -1
		    : m->lost + l[i].lost;
		m->received += l[i].received;
		m->code = code_join(a, m->code, l[i].code);
	}
	return k;
}

/* --- coverage of a window ------------------------------------------------- */

struct maker {
	struct arena *a;
	const struct stream *s;
	struct coverage *out;
	size_t cap;
};

static void
add_blind(struct maker *m, int64_t from, int64_t to, sv why)
{
	struct coverage *c = m->out;

	if (c->nblind == m->cap) {
		size_t cap = m->cap ? 2 * m->cap : 8;
		struct blind *v = arena_array(m->a, cap, sizeof(*v));

		if (c->nblind)
			memcpy(v, c->blind, c->nblind * sizeof(*v));
		c->blind = v;
		m->cap = cap;
	}
	c->blind[c->nblind++] = (struct blind){ from, to, why };
}

static sv
gap_why(const struct stream *s, int64_t from, int64_t to)
{
	for (size_t i = 0; i < s->nholes; i++)
		if (s->hole[i].from < to && s->hole[i].to > from)
			return SV("hole between pulls");
	return SV("no log input");
}

static void
add_gap(struct maker *m, int64_t from, int64_t to)
{
	int64_t until = m->s->until;

	if (from < to && from < until)
		add_blind(m, from, to < until ? to : until,
		    gap_why(m->s, from, to < until ? to : until));
}

static double
loss_share(const struct loss *l)
{
	if (l->lost < 0)
		return 0;
	if (l->lost == 0)
		return 1;
	return (double)l->received / ((double)l->received + (double)l->lost);
}

static sv
loss_why(struct arena *a, const struct loss *l)
{
	struct buf b = BUF_INIT;
	sv text;

	if (l->lost < 0)
		buf_printf(&b, "loss notice %.*s: unknown number lost",
		    SV_ARG(l->code));
	else
		buf_printf(&b, "loss notice %.*s: %lld lost", SV_ARG(l->code),
		    (long long)l->lost);
	text = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return text;
}

/* Takes from `covered` what the notices say is missing of a covered piece. */
static double
lost_time(const struct stream *s, struct span piece)
{
	double gone = 0;

	for (size_t i = 0; i < s->nlosses; i++) {
		const struct loss *l = &s->loss[i];
		int64_t from = l->from > piece.from ? l->from : piece.from;
		int64_t to = l->to < piece.to ? l->to : piece.to;

		if (from < to)
			gone += (double)(to - from) * (1 - loss_share(l));
	}
	return gone;
}

static int
blind_cmp(const void *pa, const void *pb)
{
	const struct blind *a = pa, *b = pb;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return sv_cmp(a->why, b->why);
}

static void
add_losses(struct maker *m, struct span w)
{
	for (size_t i = 0; i < m->s->nlosses; i++) {
		const struct loss *l = &m->s->loss[i];

		if (l->from <= w.to && l->to >= w.from && l->lost != 0)
			add_blind(m, l->from > w.from ? l->from : w.from,
			    l->to < w.to ? l->to : w.to, loss_why(m->a, l));
	}
}

/* Walks the seen spans inside w; what lies between them is a gap. */
static void
walk_seen(struct maker *m, struct span w, bool *touched)
{
	int64_t at = w.from;

	for (size_t i = 0; i < m->s->nseen; i++) {
		struct span p = m->s->seen[i];

		if (p.to < w.from || p.from > w.to)
			continue;
		p.from = p.from > w.from ? p.from : w.from;
		p.to = p.to < w.to ? p.to : w.to;
		if (p.from > m->s->until)
			break;
		p.to = p.to < m->s->until ? p.to : m->s->until;
		*touched = true;
		add_gap(m, at, p.from);
		m->out->covered += (double)(p.to - p.from) -
		    lost_time(m->s, p);
		at = p.to;
	}
	add_gap(m, at, w.to);
}

void
coverage_make(struct arena *a, const struct stream *s, struct span window,
    struct coverage *out)
{
	struct maker m = { a, s, out, 0 };
	bool touched = false;

	assert(window.from <= window.to);
	*out = (struct coverage){ window, 0, 0, NULL, 0 };
	walk_seen(&m, window, &touched);
	if (s->until < window.to)
		add_blind(&m, s->until > window.from ? s->until : window.from,
		    window.to, s->until_why);
	add_losses(&m, window);
	if (out->nblind)
		qsort(out->blind, out->nblind, sizeof(*out->blind), blind_cmp);
	if (window.from == window.to)
		out->share = touched ? 1 : 0;
	else
		out->share = out->covered / (double)(window.to - window.from);
	if (out->share > 1)
		out->share = 1;
}

int64_t
day_start(int64_t ts)
{
	int64_t rest = ts % UTC_DAY;

	return ts - (rest < 0 ? rest + UTC_DAY : rest);
}

double
coverage_day(struct arena *a, const struct stream *s, int64_t day)
{
	struct arena_mark m = arena_mark(a);
	struct coverage c;

	coverage_make(a, s, (struct span){ day, day + UTC_DAY - 1 }, &c);
	arena_rewind(a, m);
	return c.share;
}

/*
 * P(at least k of n seen) = sum over m = k..n of the chance that the k-th seen
 * event is the m-th: C(m-1, k-1) p^k q^(m-k), each term from the one before.
 * The term is kept as mantissa and exponent, because p^k may be far below the
 * smallest double.
 */
unsigned
coverage_smallest(double share, unsigned k)
{
	double term = 1, sum = 0;
	int exp = 0, step;

	if (k == 0 || share >= 1)
		return k;
	if (!(share > 0))
		return 0;
	for (unsigned i = 0; i < k; i++) {
		term = frexp(term * share, &step);
		exp += step;
	}
	for (unsigned n = k; n <= COVERAGE_RUN_MAX; n++) {
		sum += ldexp(term, exp);
		if (sum >= 0.95)
			return n;
		term = frexp(term * (1 - share) * n / (n - k + 1), &step);
		exp += step;
	}
	return 0;
}

/* --- loading -------------------------------------------------------------- */

struct row {
	sv app;
	int64_t from, to, lost;
	sv code;
};

struct rows {
	struct row *v;
	size_t n, cap;
};

static void
rows_add(struct arena *a, struct rows *r, struct row row)
{
	if (r->n == r->cap) {
		size_t cap = r->cap ? 2 * r->cap : 16;
		struct row *v = arena_array(a, cap, sizeof(*v));

		if (r->n)
			memcpy(v, r->v, r->n * sizeof(*v));
		r->v = v;
		r->cap = cap;
	}
	r->v[r->n++] = row;
}

/* Columns: app, from, to, lost, code. */
static bool
rows_read(struct arena *a, struct store *st, const char *sql, struct rows *out,
    struct err *e)
{
	struct query *q = query_open(st, sv_str(sql), NULL, e);
	enum query_end end;

	*out = (struct rows){ NULL, 0, 0 };
	if (!q)
		return false;
	while ((end = query_next(q, e)) == QUERY_MORE)
		rows_add(a, out, (struct row){ arena_sv(a, query_text(q, 0)),
		    query_i64(q, 1), query_i64(q, 2),
		    query_is_null(q, 3) ? -1 : query_i64(q, 3),
		    arena_sv(a, query_text(q, 4)) });
	query_close(q);
	return end == QUERY_DONE;
}

/* A notice without a start takes all of its input before it: nothing better
 * is known. One of no length is taken as a second. */
static const char loss_sql[] =
    "SELECT app, min(coalesce(l.since, (SELECT max(start) FROM span AS p "
    "WHERE p.source = l.source AND p.start <= l.ts), l.ts), l.ts - 1000000), "
    "l.ts, l.lost, (SELECT s FROM str WHERE id = l.code) "
    "FROM loss AS l JOIN source AS s ON s.id = l.source "
    "WHERE l.lost IS NULL OR l.lost > 0 ORDER BY 1, 2, 3, 4, 5";

static const char span_sql[] =
    "SELECT app, start, stop, 0, NULL FROM span "
    "JOIN source ON source.id = span.source WHERE form <> 'dump' "
    "ORDER BY 1, 2, 3";

static const char hole_sql[] =
    "SELECT app, start, stop, 0, NULL FROM hole ORDER BY 1, 2, 3";

#define COUNT(t) \
	"(SELECT count(*) FROM " t " AS r JOIN source AS s ON s.id = r.source " \
	"WHERE r.ts BETWEEN ?1 AND ?2 AND (?3 IS NULL OR s.app IS ?3))"

static bool
count_received(struct store *st, sv app, struct loss *l, struct err *e)
{
	static const char sql[] = "SELECT " COUNT("request") " + "
	    COUNT("access") " + " COUNT("app") " + " COUNT("platform") " + "
	    COUNT("metric");
	struct query *q = query_open(st, SV(sql), NULL, e);
	enum query_end end;

	if (!q)
		return false;
	query_bind_i64_at(q, 1, l->from);
	query_bind_i64_at(q, 2, l->to);
	if (!sv_null(app)) /* an unbound parameter is NULL */
		query_bind_text_at(q, 3, app);
	end = query_next(q, e);
	l->received = end == QUERY_MORE ? query_i64(q, 0) : 0;
	query_close(q);
	return end == QUERY_MORE;
}

static bool
same_app(sv a, sv b)
{
	return sv_null(a) == sv_null(b) && sv_eq(a, b);
}

/* Rows of the app; rows without an app belong to every app. */
static size_t
pick(struct arena *a, const struct rows *r, sv app, struct span **out)
{
	size_t n = 0;

	*out = arena_array(a, r->n, sizeof(**out));
	for (size_t i = 0; i < r->n; i++)
		if (sv_null(r->v[i].app) || same_app(r->v[i].app, app))
			(*out)[n++] = (struct span){ r->v[i].from,
				r->v[i].to };
	return n;
}

static size_t
pick_loss(struct arena *a, const struct rows *r, sv app, struct loss **out)
{
	size_t n = 0;

	*out = arena_array(a, r->n, sizeof(**out));
	for (size_t i = 0; i < r->n; i++)
		if (sv_null(r->v[i].app) || same_app(r->v[i].app, app))
			(*out)[n++] = (struct loss){ r->v[i].from, r->v[i].to,
				r->v[i].lost, 0, r->v[i].code };
	return loss_merge(a, *out, n);
}

static bool
make_stream(struct arena *a, struct store *st, const struct rows r[3], sv app,
    struct stream *s, struct err *e)
{
	*s = (struct stream){ .app = app, .until = INT64_MAX };
	s->nseen = pick(a, &r[0], app, &s->seen);
	s->nseen = span_union(s->seen, s->nseen);
	s->nholes = pick(a, &r[1], app, &s->hole);
	s->nlosses = pick_loss(a, &r[2], app, &s->loss);
	for (size_t i = 0; i < s->nlosses; i++)
		if (!count_received(st, app, &s->loss[i], e))
			return false;
	return true;
}

static bool
listed(const struct site *site, sv app)
{
	for (size_t i = 0; i < site->apps.n; i++)
		if (sv_eq(site->apps.item[i], app))
			return true;
	return false;
}

/* Distinct apps of sorted rows; only those the site lists, if any is. */
static size_t
apps_of(struct arena *a, const struct rows *r, const struct site *site,
    sv **out)
{
	size_t n = 0, known = 0;

	*out = arena_array(a, r->n + 1, sizeof(**out));
	for (size_t i = 0; i < r->n; i++)
		if (!sv_null(r->v[i].app) &&
		    (n == 0 || !sv_eq((*out)[n - 1], r->v[i].app)))
			(*out)[n++] = r->v[i].app;
	for (size_t i = 0; i < n; i++)
		if (listed(site, (*out)[i])) {
			sv app = (*out)[i];

			(*out)[known++] = app;
		}
	return known ? known : n;
}

static void
join_span(struct arena *a, struct span **x, size_t *nx, const struct span *y,
    size_t ny)
{
	struct span *v = arena_array(a, *nx + ny, sizeof(*v));

	if (*nx)
		memcpy(v, *x, *nx * sizeof(*v));
	if (ny)
		memcpy(v + *nx, y, ny * sizeof(*v));
	*x = v;
	*nx += ny;
}

/* Makes *all what is known when every app has to be seen. */
static void
join_stream(struct arena *a, struct stream *all, const struct stream *s)
{
	struct loss *v = arena_array(a, all->nlosses + s->nlosses, sizeof(*v));

	all->nseen = span_common(a, all->seen, all->nseen, s->seen, s->nseen,
	    &all->seen);
	join_span(a, &all->hole, &all->nholes, s->hole, s->nholes);
	if (all->nlosses)
		memcpy(v, all->loss, all->nlosses * sizeof(*v));
	if (s->nlosses)
		memcpy(v + all->nlosses, s->loss, s->nlosses * sizeof(*v));
	all->loss = v;
	all->nlosses = loss_merge(a, v, all->nlosses + s->nlosses);
}

bool
coverage_load(struct arena *a, struct store *st, const struct site *site,
    struct streams *out, struct err *e)
{
	struct rows r[3];
	sv *app;
	size_t n;

	if (!rows_read(a, st, span_sql, &r[0], e) ||
	    !rows_read(a, st, hole_sql, &r[1], e) ||
	    !rows_read(a, st, loss_sql, &r[2], e))
		return false;
	n = apps_of(a, &r[0], site, &app);
	if (n == 0)
		app[n++] = SV_NULL;
	out->v = arena_array(a, n + 1, sizeof(*out->v));
	for (size_t i = 0; i < n; i++)
		if (!make_stream(a, st, r, app[i], &out->v[i + 1], e))
			return false;
	out->v[0] = out->v[1];
	out->v[0].app = SV_NULL;
	for (size_t i = 2; i <= n; i++)
		join_stream(a, &out->v[0], &out->v[i]);
	out->n = n + 1;
	return true;
}
