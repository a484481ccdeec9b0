/* SPDX-License-Identifier: MIT */
#include "detect/coverage.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/utc.h"

const char *const stream_name[] = { "router", "app", "platform" };
_Static_assert(countof(stream_name) == STREAM_N, "a name per stream");

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

size_t
span_minus(struct arena *a, const struct span *x, size_t nx,
    const struct span *y, size_t ny, struct span **out)
{
	struct span *v = arena_array(a, nx + ny, sizeof(*v));
	size_t n = 0, j = 0;

	for (size_t i = 0; i < nx; i++) {
		int64_t at = x[i].from;

		while (j < ny && y[j].to <= at)
			j++;
		for (size_t k = j; k < ny && y[k].from < x[i].to; k++) {
			if (at < y[k].from)
				v[n++] = (struct span){ at, y[k].from };
			at = y[k].to;
		}
		if (at < x[i].to || (at == x[i].to && at == x[i].from))
			v[n++] = (struct span){ at, x[i].to };
	}
	*out = v;
	return n;
}

/* --- streams that are all needed ------------------------------------------ */

static int
time_cmp(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

static const struct lossy *
lossy_at(const struct lossy *v, size_t n, size_t *i, int64_t from)
{
	while (*i < n && v[*i].to <= from)
		++*i;
	return *i < n && v[*i].from <= from ? &v[*i] : NULL;
}

static struct lossy
worse_of(const struct lossy *x, const struct lossy *y, struct span at)
{
	struct lossy l;

	if (!x || (y && y->share < x->share))
		l = *y;
	else
		l = *x;
	if (x && y && x->low < l.low)
		l.low = x->low;
	if (x && y && y->low < l.low)
		l.low = y->low;
	l.from = at.from;
	l.to = at.to;
	return l;
}

static size_t
lossy_join(struct arena *a, const struct lossy *x, size_t nx,
    const struct lossy *y, size_t ny, struct lossy **out)
{
	int64_t *cut = arena_array(a, 2 * (nx + ny) + 1, sizeof(*cut));
	struct lossy *v = arena_array(a, 2 * (nx + ny) + 1, sizeof(*v));
	size_t ncuts = 0, n = 0, i = 0, j = 0;

	for (size_t k = 0; k < nx + ny; k++) {
		const struct lossy *l = k < nx ? &x[k] : &y[k - nx];

		cut[ncuts++] = l->from;
		cut[ncuts++] = l->to;
	}
	if (ncuts)
		qsort(cut, ncuts, sizeof(*cut), time_cmp);
	for (size_t k = 0; k + 1 < ncuts; k++) {
		struct span at = { cut[k], cut[k + 1] };
		const struct lossy *p = lossy_at(x, nx, &i, at.from);
		const struct lossy *q = lossy_at(y, ny, &j, at.from);

		if (at.from < at.to && (p || q))
			v[n++] = worse_of(p, q, at);
	}
	*out = v;
	return n;
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

void
stream_join(struct arena *a, struct stream *s, const struct stream *t)
{
	struct blind *gap = arena_array(a, s->ngaps + t->ngaps, sizeof(*gap));

	s->nseen = span_common(a, s->seen, s->nseen, t->seen, t->nseen,
	    &s->seen);
	s->nlossy = lossy_join(a, s->lossy, s->nlossy, t->lossy, t->nlossy,
	    &s->lossy);
	if (s->ngaps)
		memcpy(gap, s->gap, s->ngaps * sizeof(*gap));
	if (t->ngaps)
		memcpy(gap + s->ngaps, t->gap, t->ngaps * sizeof(*gap));
	s->gap = gap;
	s->ngaps += t->ngaps;
	if (s->ngaps)
		qsort(gap, s->ngaps, sizeof(*gap), blind_cmp);
	if (t->until < s->until) {
		s->until = t->until;
		s->until_why = t->until_why;
	}
}

/* --- coverage of a window ------------------------------------------------- */

struct maker {
	struct arena *a;
	const struct stream *s;
	struct coverage *out;
	size_t cap;
	size_t gap;   /* first of s->gap that may reach further */
	size_t lossy; /* the same of s->lossy */
};

static void
add_blind(struct maker *m, struct blind b)
{
	struct coverage *c = m->out;
	struct blind *last = c->nblind ? &c->blind[c->nblind - 1] : NULL;

	if (last && last->to == b.from && sv_eq(last->why, b.why)) {
		last->to = b.to;
		return;
	}
	if (c->nblind == m->cap) {
		size_t cap = m->cap ? 2 * m->cap : 8;
		struct blind *v = arena_array(m->a, cap, sizeof(*v));

		if (c->nblind)
			memcpy(v, c->blind, c->nblind * sizeof(*v));
		c->blind = v;
		m->cap = cap;
	}
	c->blind[c->nblind++] = b;
}

/* Why nothing was seen from `at` on, and until when that is the reason. */
static struct blind
reason_at(struct maker *m, int64_t at, int64_t to)
{
	struct blind b = { at, to, SV("no log input"), false };
	const struct stream *s = m->s;

	while (m->gap < s->ngaps && s->gap[m->gap].to <= at)
		m->gap++;
	for (size_t i = m->gap; i < s->ngaps && s->gap[i].from < b.to; i++) {
		if (s->gap[i].to <= at)
			continue;
		if (s->gap[i].from > at) {
			b.to = s->gap[i].from;
			break;
		}
		b.why = s->gap[i].why;
		b.unknown = s->gap[i].unknown;
		b.to = s->gap[i].to < to ? s->gap[i].to : to;
		break;
	}
	return b;
}

static void
add_gap(struct maker *m, int64_t from, int64_t to)
{
	if (to > m->s->until)
		to = m->s->until;
	while (from < to) {
		struct blind b = reason_at(m, from, to);

		if (b.unknown)
			m->out->unknown += (double)(b.to - b.from);
		add_blind(m, b);
		from = b.to;
	}
}

/* Counts a piece that was seen, less what was lost in it. */
static void
add_piece(struct maker *m, struct span p, double *low)
{
	const struct stream *s = m->s;
	double all = (double)(p.to - p.from), gone = 0, most = 0;

	while (m->lossy < s->nlossy && s->lossy[m->lossy].to < p.from)
		m->lossy++;
	for (size_t i = m->lossy; i < s->nlossy; i++) {
		const struct lossy *l = &s->lossy[i];
		int64_t from = l->from > p.from ? l->from : p.from;
		int64_t to = l->to < p.to ? l->to : p.to;

		if (l->from > p.to)
			break;
		m->out->noticed = true;
		if (from >= to || l->share >= 1)
			continue;
		gone += (double)(to - from) * (1 - l->share);
		most += (double)(to - from) * (1 - l->low);
		add_blind(m, (struct blind){ from, to, l->why, false });
	}
	m->out->seen += all;
	m->out->covered += all - gone;
	*low += all - most;
}

/* Walks the seen spans inside w; what lies between them is a gap. */
static void
walk_seen(struct maker *m, struct span w, double *low, bool *touched)
{
	int64_t at = w.from, until = m->s->until;

	for (size_t i = 0; i < m->s->nseen; i++) {
		struct span p = m->s->seen[i];

		if (p.to < w.from || p.from > w.to)
			continue;
		p.from = p.from > w.from ? p.from : w.from;
		p.to = p.to < w.to ? p.to : w.to;
		if (p.from > until)
			break;
		p.to = p.to < until ? p.to : until;
		*touched = true;
		add_gap(m, at, p.from);
		add_piece(m, p, low);
		at = p.to;
	}
	add_gap(m, at, w.to);
}

static double
share_of(double covered, struct span w, bool touched)
{
	double share = w.from == w.to ? (touched ? 1 : 0)
	    : covered / (double)(w.to - w.from);

	return share > 1 ? 1 : share;
}

void
coverage_make(struct arena *a, const struct stream *s, struct span window,
    struct coverage *out)
{
	struct maker m = { a, s, out, 0, 0, 0 };
	bool touched = false;
	double low = 0;

	assert(window.from <= window.to);
	*out = (struct coverage){ .window = window };
	walk_seen(&m, window, &low, &touched);
	if (s->until < window.to)
		add_blind(&m, (struct blind){ s->until > window.from
		    ? s->until : window.from, window.to, s->until_why, false });
	if (out->nblind)
		qsort(out->blind, out->nblind, sizeof(*out->blind), blind_cmp);
	out->share = share_of(out->covered, window, touched);
	out->low = share_of(low, window, touched);
}

bool
coverage_is_clean(const struct coverage *c, bool open_end)
{
	if (c->noticed || (c->window.from == c->window.to && c->share < 1))
		return false;
	for (size_t i = 0; i < c->nblind; i++) {
		const struct blind *b = &c->blind[i];
		int64_t length = b->to - b->from;

		if (length > 0 && !(open_end && b->to == c->window.to &&
		    length <= COVERAGE_SLACK))
			return false;
	}
	return true;
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
