/* SPDX-License-Identifier: MIT */
#include "detect/streams.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "detect/liveness.h"
#include "detect/notice.h"
#include "record/site.h"
#include "store/query.h"

/* One app. */
struct track {
	sv app;
	struct inputs in;
	struct notices notices;
	struct spans seen;
	struct blind *gap;
	size_t ngaps;
	struct spans any, automated, drained;
};

/* --- rows ----------------------------------------------------------------- */

/* A span of an input, with what its source says. */
struct row {
	sv app;
	int64_t id, start, stop, arrived;
	bool pull, drain, drained;
};

struct rows {
	struct row *v;
	size_t n;
};

static const char span_sql[] =
    "SELECT app, id, start, stop, arrived, form = 'pull', form = 'drain', "
    "form = 'drain' OR (form = 'stream' AND format <> 'heroku-text') "
    "FROM span JOIN source ON source.id = span.source WHERE form <> 'dump' "
    "ORDER BY app, id, start, stop";

static const char hole_sql[] =
    "SELECT app, 0, start, stop, 0, 0, 0, 0 FROM hole ORDER BY app, 3, 4";

static struct row
read_row(struct arena *a, struct query *q)
{
	return (struct row){ arena_sv(a, query_text(q, 0)), query_i64(q, 1),
		query_i64(q, 2), query_i64(q, 3), query_i64(q, 4),
		query_i64(q, 5) != 0, query_i64(q, 6) != 0,
		query_i64(q, 7) != 0 };
}

static bool
read_rows(struct arena *a, struct store *st, const char *sql, struct rows *out,
    struct err *e)
{
	struct query *q = query_open(st, sv_str(sql), NULL, e);
	struct buf b = BUF_INIT;
	enum query_end end;

	*out = (struct rows){ NULL, 0 };
	if (!q)
		return false;
	while ((end = query_next(q, e)) == QUERY_MORE) {
		struct row r = read_row(a, q);

		buf_mem(&b, &r, sizeof(r));
	}
	query_close(q);
	out->n = b.n / sizeof(*out->v);
	out->v = arena_array(a, out->n, sizeof(*out->v));
	if (out->n)
		memcpy(out->v, b.p, b.n);
	buf_release(&b);
	return end == QUERY_DONE;
}

/* Rows without an app belong to every app. */
static bool
is_of(const struct row *r, sv app)
{
	return sv_null(r->app) || (!sv_null(app) && sv_eq(r->app, app));
}

/* --- inputs --------------------------------------------------------------- */

static int
input_cmp(const void *pa, const void *pb)
{
	const struct input *a = pa, *b = pb;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

/* A drain's file is named for when it begins, which its first line follows. */
static int64_t
start_of(const struct row *r)
{
	return r->drain && r->arrived < r->start &&
	    r->start - r->arrived <= COVERAGE_SLACK ? r->arrived : r->start;
}

/* Silences that end a span of the store are judged by liveness.h. */
static void
load_inputs(struct arena *a, const struct rows *r, sv app, struct inputs *out)
{
	out->v = arena_array(a, r->n, sizeof(*out->v));
	out->n = 0;
	for (size_t i = 0; i < r->n; i++) {
		const struct row *row = &r->v[i];
		struct input *last = out->n ? &out->v[out->n - 1] : NULL;

		if (!is_of(row, app))
			continue;
		if (last && last->id == row->id)
			last->to = row->stop > last->to ? row->stop : last->to;
		else
			out->v[out->n++] = (struct input){ row->id,
				start_of(row), row->stop, !row->pull,
				row->drained, false };
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), input_cmp);
}

/* Joins neighbours that come by themselves; inputs are sorted by from. */
static void
bridge_inputs(struct inputs *in)
{
	struct input *far = NULL; /* reaches furthest so far */

	for (size_t i = 0; i < in->n; i++) {
		struct input *at = &in->v[i];

		if (!at->automated || at->invalid)
			continue;
		if (far && at->from > far->to &&
		    at->from - far->to <= COVERAGE_SLACK)
			far->to = at->from;
		if (!far || at->to > far->to)
			far = at;
	}
}

static struct spans
spans_of_inputs(struct arena *a, const struct inputs *in, bool invalid)
{
	struct spans s = { arena_array(a, in->n, sizeof(struct span)), 0 };

	for (size_t i = 0; i < in->n; i++)
		if (in->v[i].invalid == invalid)
			s.v[s.n++] = (struct span){ in->v[i].from,
				in->v[i].to };
	s.n = span_union(s.v, s.n);
	return s;
}

/* --- when lines came ------------------------------------------------------ */

static bool
is_invalid(const struct inputs *in, int64_t id)
{
	for (size_t i = 0; i < in->n; i++)
		if (in->v[i].id == id)
			return in->v[i].invalid;
	return false;
}

enum want { WANT_ANY, WANT_AUTOMATED, WANT_DRAINED };

static bool
comes_so(const struct row *r, enum want want)
{
	return want == WANT_ANY || (want == WANT_AUTOMATED && !r->pull) ||
	    (want == WANT_DRAINED && r->drain);
}

static size_t
bridge_spans(struct span *s, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (k && s[i].from - s[k - 1].to <= COVERAGE_SLACK)
			s[k - 1].to = s[i].to;
		else
			s[k++] = s[i];
	return k;
}

static struct spans
spans_of_rows(struct arena *a, const struct rows *r, const struct track *t,
    enum want want)
{
	struct spans s = { arena_array(a, r->n, sizeof(struct span)), 0 };

	for (size_t i = 0; i < r->n; i++)
		if (is_of(&r->v[i], t->app) && comes_so(&r->v[i], want) &&
		    !is_invalid(&t->in, r->v[i].id))
			s.v[s.n++] = (struct span){ start_of(&r->v[i]),
				r->v[i].stop };
	s.n = span_union(s.v, s.n);
	if (want != WANT_ANY)
		s.n = bridge_spans(s.v, s.n);
	return s;
}

static void
set_feeds(struct arena *a, const struct rows *r, struct track *t)
{
	struct span *v;

	t->automated = spans_of_rows(a, r, t, WANT_AUTOMATED);
	t->drained = spans_of_rows(a, r, t, WANT_DRAINED);
	t->any = spans_of_rows(a, r, t, WANT_ANY);
	v = arena_array(a, t->any.n + t->automated.n, sizeof(*v));
	if (t->any.n)
		memcpy(v, t->any.v, t->any.n * sizeof(*v));
	if (t->automated.n)
		memcpy(v + t->any.n, t->automated.v,
		    t->automated.n * sizeof(*v));
	t->any = (struct spans){ v, span_union(v, t->any.n + t->automated.n) };
}

/* --- gaps ----------------------------------------------------------------- */

static int
gap_cmp(const void *pa, const void *pb)
{
	const struct blind *a = pa, *b = pb;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return sv_cmp(a->why, b->why);
}

/* What of the spans no input vouches for, as gaps. */
static size_t
label(struct arena *a, const struct spans *s, const struct spans *possible,
    sv why, struct blind **out)
{
	struct span *v;
	size_t n = span_minus(a, s->v, s->n, possible->v, possible->n, &v);

	*out = arena_array(a, n, sizeof(**out));
	for (size_t i = 0; i < n; i++)
		(*out)[i] = (struct blind){ v[i].from, v[i].to, why, false };
	return n;
}

static struct spans
holes_of(struct arena *a, const struct rows *r, sv app)
{
	struct spans s = { arena_array(a, r->n, sizeof(struct span)), 0 };

	for (size_t i = 0; i < r->n; i++)
		if (is_of(&r->v[i], app))
			s.v[s.n++] = (struct span){ r->v[i].start,
				r->v[i].stop };
	s.n = span_union(s.v, s.n);
	return s;
}

static void
join_gaps(struct arena *a, struct track *t, struct blind *const v[],
    const size_t n[], size_t lists)
{
	size_t all = 0;

	for (size_t i = 0; i < lists; i++)
		all += n[i];
	t->gap = arena_array(a, all, sizeof(*t->gap));
	t->ngaps = 0;
	for (size_t i = 0; i < lists; i++)
		for (size_t k = 0; k < n[i]; k++)
			t->gap[t->ngaps++] = v[i][k];
	if (t->ngaps)
		qsort(t->gap, t->ngaps, sizeof(*t->gap), gap_cmp);
}

/* A gap names the notices of its time. Silences that these explain are none:
 * what was lost in them is told in numbers. */
static size_t
explain(struct arena *a, struct blind *gap, size_t n, const struct track *t)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		struct span at = { gap[i].from, gap[i].to };
		sv text = notice_text(a, &t->notices, at);
		struct buf b = BUF_INIT;

		if (text.n && notice_explains(&t->notices, &t->in, at))
			continue;
		gap[k] = gap[i];
		if (text.n) {
			buf_add(&b, gap[i].why);
			buf_lit(&b, ", ");
			buf_add(&b, text);
			gap[k].why = arena_sv(a, buf_sv(&b));
		}
		buf_release(&b);
		k++;
	}
	return k;
}

/* Seen is what inputs vouch for, as far as the logs were alive then. */
static void
set_seen(struct arena *a, const struct rows *holes, const struct liveness *l,
    struct track *t)
{
	struct spans possible = spans_of_inputs(a, &t->in, false);
	struct spans invalid = spans_of_inputs(a, &t->in, true);
	struct spans hole = holes_of(a, holes, t->app);
	struct blind *gap[3];
	struct span *dead;
	size_t n[3], ndead;

	n[0] = liveness_gaps(a, l, possible.v, possible.n, &gap[0]);
	n[0] = explain(a, gap[0], n[0], t);
	n[1] = label(a, &invalid, &possible,
	    SV("the pull says that it has no lines"), &gap[1]);
	n[2] = label(a, &hole, &possible, SV("hole between pulls"), &gap[2]);
	dead = arena_array(a, n[0], sizeof(*dead));
	for (size_t i = 0; i < n[0]; i++)
		dead[i] = (struct span){ gap[0][i].from, gap[0][i].to };
	ndead = span_union(dead, n[0]);
	t->seen.n = span_minus(a, possible.v, possible.n, dead, ndead,
	    &t->seen.v);
	join_gaps(a, t, gap, n, countof(n));
}

/* --- apps ----------------------------------------------------------------- */

/* Distinct apps of sorted rows: those that count, and the others. */
static void
set_apps(struct arena *a, const struct rows *r, const struct site *site,
    struct streams *out)
{
	sv last = SV_NULL;

	out->app = arena_array(a, r->n + site->apps.n + 1, sizeof(sv));
	out->other = arena_array(a, r->n, sizeof(sv));
	for (size_t i = 0; i < r->n; i++) {
		sv app = r->v[i].app;

		if (sv_null(app) || (!sv_null(last) && sv_eq(last, app)))
			continue;
		last = app;
		if (site_counts_app(site, app))
			out->app[out->napps++] = app;
		else
			out->other[out->nothers++] = app;
	}
	if (out->napps)
		return;
	for (size_t i = 0; out->nothers && i < site->apps.n; i++)
		out->app[out->napps++] = site->apps.item[i];
	if (out->napps == 0)
		out->app[out->napps++] = SV_NULL;
}

static bool
load_track(struct arena *a, struct store *st, const struct site *site,
    struct tally *tally, const struct rows *span, const struct rows *hole, struct track *t,
    struct err *e)
{
	struct liveness live;

	load_inputs(a, span, t->app, &t->in);
	if (!notice_load(a, st, t->app, &t->in, &t->notices, e) ||
	    !liveness_load(a, st, site, tally, t->app, &live, e))
		return false;
	set_feeds(a, span, t);
	bridge_inputs(&t->in);
	set_seen(a, hole, &live, t);
	return true;
}

static struct stream
stream_of_track(struct arena *a, const struct track *t, unsigned mask)
{
	struct stream s = { .app = t->app, .seen = t->seen.v,
		.nseen = t->seen.n, .gap = t->gap, .ngaps = t->ngaps,
		.until = INT64_MAX };

	s.nlossy = notice_lossy(a, &t->notices, &t->in, mask, &s.lossy);
	return s;
}

struct stream
streams_of(struct arena *a, const struct streams *s, size_t i, unsigned mask)
{
	struct stream all;

	if (i > 0)
		return stream_of_track(a, &s->track[i - 1], mask);
	all = stream_of_track(a, &s->track[0], mask);
	all.app = SV_NULL;
	for (i = 2; i < s->n; i++) {
		struct stream next = stream_of_track(a, &s->track[i - 1], mask);

		stream_join(a, &all, &next);
	}
	return all;
}

/* --- all of it ------------------------------------------------------------ */

/* Does an input without a name hold it? Then it is a notice of ours, too. */
static bool
held_unnamed(const struct rows *r, const struct notice *n)
{
	for (size_t i = 0; i < r->n && sv_null(r->v[i].app); i++)
		for (size_t k = 0; k < n->nholders; k++)
			if (n->holder[k] == r->v[i].id)
				return true;
	return false;
}

/* The notices of an app that is left out. */
static bool
add_others(struct arena *a, struct store *st, const struct rows *span, sv app,
    struct flaws *out, struct err *e)
{
	struct notices all;
	struct inputs in;

	load_inputs(a, span, app, &in);
	if (!notice_load(a, st, app, &in, &all, e))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		struct notice *n = &all.v[i];
		struct notices one = { n, 1 };

		if (held_unnamed(span, n))
			continue;
		flaws_add(a, out, &(struct flaw){ FLAW_LOSS,
		    n->scope == NOTICE_DYNO ? STREAM_APP : STREAM_ALL,
		    n->from, n->to, 0, app,
		    notice_text(a, &one, (struct span){ n->from, n->to }) });
	}
	return true;
}

static bool
load_flaws(struct arena *a, struct store *st, const struct rows *span,
    struct streams *out, struct err *e)
{
	if (!flaws_load(a, st, &out->flaws, e))
		return false;
	for (size_t i = 0; i < out->nothers; i++)
		if (!add_others(a, st, span, out->other[i], &out->flaws, e))
			return false;
	flaws_sort(&out->flaws);
	return true;
}

static void
join_spans(struct arena *a, struct spans *x, const struct spans *y)
{
	x->n = span_common(a, x->v, x->n, y->v, y->n, &x->v);
}

static void
join_feeds(struct arena *a, const struct track *t, size_t n,
    struct streams *out)
{
	out->any = t[0].any;
	out->automated = t[0].automated;
	out->drained = t[0].drained;
	for (size_t i = 1; i < n; i++) {
		join_spans(a, &out->any, &t[i].any);
		join_spans(a, &out->automated, &t[i].automated);
		join_spans(a, &out->drained, &t[i].drained);
	}
}

bool
streams_load(struct arena *a, struct store *st, const struct site *site,
    struct tally *tally, struct streams *out, struct err *e)
{
	struct rows span, hole;
	struct track *t;

	*out = (struct streams){ .n = 0 };
	if (!read_rows(a, st, span_sql, &span, e) ||
	    !read_rows(a, st, hole_sql, &hole, e))
		return false;
	set_apps(a, &span, site, out);
	t = arena_array(a, out->napps, sizeof(*t));
	for (size_t i = 0; i < out->napps; i++) {
		t[i].app = out->app[i];
		if (!load_track(a, st, site, tally, &span, &hole, &t[i], e))
			return false;
	}
	if (!load_flaws(a, st, &span, out, e))
		return false;
	out->n = out->napps + 1;
	out->track = t;
	join_feeds(a, t, out->napps, out);
	out->v = arena_array(a, out->n, sizeof(*out->v));
	for (size_t i = 0; i < out->n; i++)
		out->v[i] = streams_of(a, out, i, STREAM_ALL);
	return true;
}
