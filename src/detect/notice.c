/* SPDX-License-Identifier: MIT */
#include "detect/notice.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "store/query.h"

/* --- loading -------------------------------------------------------------- */

static const char *const scope_name[] = {
	[NOTICE_DRAIN] = "drain",
	[NOTICE_TAIL] = "tail",
	[NOTICE_DYNO] = "dyno",
	[NOTICE_APP] = "app",
};
_Static_assert(countof(scope_name) == NOTICE_SCOPE_N, "a name per scope");

#define APP_SOURCE \
	"SELECT id FROM source WHERE form <> 'dump' AND " \
	"(?1 IS NULL OR app = ?1 OR app IS NULL)"
/* As struct input.drained; see load_inputs in streams.c. */
#define DRAINED \
	APP_SOURCE " AND (form = 'drain' OR " \
	"(form = 'stream' AND format <> 'heroku-text'))"

#define ELSEWHERE(kind, where) \
	"EXISTS (SELECT 1 FROM also AS a WHERE a.rec = r.id * 16 + " kind \
	" AND a.source " where ")"
/* Does an input of the notice's scope hold the line? */
#define HELD(kind) \
	"CASE n.scope " \
	"WHEN 'drain' THEN r.source IN (" DRAINED ") OR " \
	ELSEWHERE(kind, "IN (" DRAINED ")") \
	" WHEN 'tail' THEN r.source = n.home OR " \
	ELSEWHERE(kind, "= n.home") \
	" ELSE r.source IN (" APP_SOURCE ") END"
#define GOT(table, kind) \
	"(SELECT count(*) FROM " table " AS r WHERE r.ts BETWEEN n.since AND " \
	"n.ts AND " HELD(kind) ")"

/*
 * A notice without a start takes all of its input before it: nothing better is
 * known. One of no length is taken as a second. Where none was counted, what
 * arrived says nothing.
 */
static const char notice_sql[] =
    "WITH n AS MATERIALIZED (SELECT l.id, l.ts, l.source AS home, l.lost, "
    "(SELECT s FROM str WHERE id = l.code) AS code, "
    "(SELECT s FROM str WHERE id = l.scope) AS scope, "
    "min(coalesce(l.since, (SELECT max(start) FROM span AS p "
    "WHERE p.source = l.source AND p.start <= l.ts), l.ts), l.ts - 1000000) "
    "AS since FROM loss AS l WHERE l.source IN (" APP_SOURCE ") "
    "AND (l.lost IS NULL OR l.lost > 0)) "
    "SELECT id, since, ts, lost, code, scope, home, "
    "iif(lost IS NULL, 0, " GOT("request", "1") "), "
    "iif(lost IS NULL, 0, " GOT("access", "2") " + " GOT("app", "3") " + "
    GOT("part", "12") "), "
    "iif(lost IS NULL, 0, " GOT("platform", "4") " + " GOT("metric", "5") ") "
    "FROM n ORDER BY since, ts, code, lost, id";

static const char holder_sql[] =
    "SELECT a.rec / 16, a.source FROM loss AS l "
    "JOIN also AS a ON a.rec = l.id * 16 + 6 ORDER BY 1, 2";

static enum notice_scope
scope_of(sv text)
{
	for (size_t i = 0; i < countof(scope_name); i++)
		if (sv_is(text, scope_name[i]))
			return (enum notice_scope)i;
	return NOTICE_APP;
}

static struct notice
read_notice(struct arena *a, struct query *q)
{
	struct notice n = { .id = query_i64(q, 0), .from = query_i64(q, 1),
		.to = query_i64(q, 2),
		.lost = query_is_null(q, 3) ? -1 : query_i64(q, 3),
		.code = arena_sv(a, query_text(q, 4)),
		.scope = scope_of(query_text(q, 5)) };

	n.holder = arena_new(a, int64_t);
	n.holder[n.nholders++] = query_i64(q, 6);
	for (int i = 0; i < STREAM_N; i++)
		n.got[i] = query_i64(q, 7 + i);
	return n;
}

static bool
read_notices(struct arena *a, struct store *st, sv app, struct notices *out,
    struct err *e)
{
	struct query *q = query_open(st, SV(notice_sql), NULL, e);
	struct buf b = BUF_INIT;
	enum query_end end;

	if (!q)
		return false;
	if (!sv_null(app)) /* an unbound parameter is NULL */
		query_bind_text_at(q, 1, app);
	while ((end = query_next(q, e)) == QUERY_MORE) {
		struct notice n = read_notice(a, q);

		buf_mem(&b, &n, sizeof(n));
	}
	query_close(q);
	out->n = b.n / sizeof(*out->v);
	out->v = arena_array(a, out->n, sizeof(*out->v));
	if (out->n)
		memcpy(out->v, b.p, b.n);
	buf_release(&b);
	return end == QUERY_DONE;
}

static struct notice *
find_notice(const struct notices *l, int64_t id)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].id == id)
			return &l->v[i];
	return NULL;
}

static void
add_holder(struct arena *a, struct notice *n, int64_t source)
{
	int64_t *v = arena_array(a, n->nholders + 1, sizeof(*v));

	memcpy(v, n->holder, n->nholders * sizeof(*v));
	v[n->nholders++] = source;
	n->holder = v;
}

static bool
read_holders(struct arena *a, struct store *st, struct notices *l,
    struct err *e)
{
	struct query *q;
	enum query_end end;

	if (l->n == 0)
		return true;
	q = query_open(st, SV(holder_sql), NULL, e);
	if (!q)
		return false;
	while ((end = query_next(q, e)) == QUERY_MORE) {
		struct notice *n = find_notice(l, query_i64(q, 0));

		if (n)
			add_holder(a, n, query_i64(q, 1));
	}
	query_close(q);
	return end == QUERY_DONE;
}

static bool
holds(const struct notice *n, const struct input *in)
{
	for (size_t i = 0; i < n->nholders; i++)
		if (n->holder[i] == in->id)
			return true;
	return false;
}

/* The tail buffer was not there, or this session was refused. */
static bool
says_nothing_came(const struct notice *n)
{
	return sv_is(n->code, "L15") || sv_is(n->code, "L20");
}

static void
mark_inputs(struct notices *l, struct inputs *in)
{
	for (size_t i = 0; i < l->n; i++) {
		struct notice *n = &l->v[i];

		for (size_t k = 0; k < in->n; k++) {
			struct input *at = &in->v[k];

			if (!holds(n, at))
				continue;
			n->drained |= at->drained;
			at->invalid |= says_nothing_came(n) && !at->drained;
		}
	}
}

bool
notice_load(struct arena *a, struct store *st, sv app, struct inputs *in,
    struct notices *out, struct err *e)
{
	*out = (struct notices){ NULL, 0 };
	if (!read_notices(a, st, app, out, e) ||
	    !read_holders(a, st, out, e))
		return false;
	mark_inputs(out, in);
	return true;
}

/* --- what they mean ------------------------------------------------------- */

/*
 * A notice of a drain is about what it filled. A drain that was being received
 * when the notice came, and did not get it, is another one; one that was not
 * received then is another part of the same.
 */
static bool
affects(const struct notice *n, const struct input *in)
{
	switch (n->scope) {
	case NOTICE_DRAIN:
		return in->drained && (!n->drained || holds(n, in) ||
		    n->to < in->from || n->to > in->to);
	case NOTICE_TAIL:
		return holds(n, in);
	case NOTICE_DYNO:
	case NOTICE_APP:
	case NOTICE_SCOPE_N:
		break;
	}
	return true;
}

static bool
concerns(const struct notice *n, unsigned mask)
{
	return n->scope != NOTICE_DYNO || (mask & STREAM_APP);
}

static int64_t
got_all(const struct notice *n)
{
	int64_t all = 0;

	for (unsigned i = 0; i < STREAM_N; i++)
		if (concerns(n, 1U << i))
			all += n->got[i];
	return all;
}

static bool
concerns_all(const struct notice *n, const struct inputs *in, struct span at)
{
	for (size_t i = 0; i < in->n; i++)
		if (in->v[i].from < at.to && in->v[i].to > at.from &&
		    !in->v[i].invalid && !affects(n, &in->v[i]))
			return false;
	return n->scope != NOTICE_DYNO;
}

bool
notice_explains(const struct notices *n, const struct inputs *in,
    struct span still)
{
	const double line = 10e6; /* one in so many microseconds */
	int64_t at = still.from;
	double lost = 0;

	for (size_t i = 0; i < n->n && n->v[i].from < still.to; i++) {
		const struct notice *v = &n->v[i];

		if (v->to <= still.from)
			continue;
		if (v->lost < 0 || v->from - at > COVERAGE_SLACK ||
		    !concerns_all(v, in, still))
			return false;
		at = v->to > at ? v->to : at;
		lost += (double)v->lost;
	}
	return still.to - at <= COVERAGE_SLACK &&
	    lost * line >= (double)(still.to - still.from);
}

/* Walks over times; holds what is in force from the last one on. */
struct sweep {
	const struct notices *notices;
	const struct inputs *inputs;
	unsigned mask;
	const struct notice **on;
	size_t non, next_on;
	const struct input **in;
	size_t nin, next_in;
};

static void
advance(struct sweep *s, int64_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < s->non; i++)
		if (s->on[i]->to > at)
			s->on[n++] = s->on[i];
	for (s->non = n; s->next_on < s->notices->n &&
	    s->notices->v[s->next_on].from <= at; s->next_on++)
		if (s->notices->v[s->next_on].to > at)
			s->on[s->non++] = &s->notices->v[s->next_on];
	n = 0;
	for (size_t i = 0; i < s->nin; i++)
		if (s->in[i]->to > at)
			s->in[n++] = s->in[i];
	for (s->nin = n; s->next_in < s->inputs->n &&
	    s->inputs->v[s->next_in].from <= at; s->next_in++)
		if (s->inputs->v[s->next_in].to > at &&
		    !s->inputs->v[s->next_in].invalid)
			s->in[s->nin++] = &s->inputs->v[s->next_in];
}

/* Of the lines of one stream; losses of several notices add up. */
static double
share_of(const struct sweep *s, const struct input *in, int stream, bool low)
{
	double odds = 0;

	for (size_t i = 0; i < s->non; i++) {
		const struct notice *n = s->on[i];
		int64_t got = low ? n->got[stream] : got_all(n);

		if (!concerns(n, 1U << stream) || !affects(n, in))
			continue;
		if (n->lost < 0 || got == 0)
			return 0;
		odds += (double)n->lost / (double)got;
	}
	return 1 / (1 + odds);
}

/* The worst stream of the mask in the best input. */
static double
best_share(const struct sweep *s, bool low)
{
	double best = 0;

	for (size_t i = 0; i < s->nin; i++) {
		double worst = 1;

		for (int k = 0; k < STREAM_N; k++) {
			double share = s->mask & 1U << k
			    ? share_of(s, s->in[i], k, low) : 1;

			worst = share < worst ? share : worst;
		}
		best = worst > best ? worst : best;
	}
	return best;
}

/* Notices that are told of together. */
struct told {
	const struct notice **v;
	size_t n;
};

static void
put_codes(struct buf *b, const struct told *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		size_t k = 0;

		while (k < i && !sv_eq(t->v[k]->code, t->v[i]->code))
			k++;
		if (k < i)
			continue;
		buf_str(b, n++ ? ", " : "loss notice ");
		buf_add(b, t->v[i]->code);
	}
}

/* -1 where one is unknown, or the sum is no number. */
static int64_t
add_lost(int64_t x, int64_t y)
{
	return x < 0 || y < 0 || x > INT64_MAX - y ? -1 : x + y;
}

static void
put_told(struct buf *b, const struct told *t)
{
	int64_t lost = 0;

	for (size_t i = 0; i < t->n; i++)
		lost = add_lost(lost, t->v[i]->lost);
	put_codes(b, t);
	if (lost < 0)
		buf_lit(b, ": unknown number lost");
	else
		buf_printf(b, ": %lld lost", (long long)lost);
}

sv
notice_text(struct arena *a, const struct notices *n, struct span at)
{
	struct told t = { arena_array(a, n->n, sizeof(struct notice *)), 0 };
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < n->n && n->v[i].from < at.to; i++)
		if (n->v[i].to > at.from)
			t.v[t.n++] = &n->v[i];
	if (t.n == 0)
		return SV_NULL;
	put_told(&b, &t);
	return buf_keep(&b, a);
}

/* Of the notices in force those that concern the mask. */
static sv
text_of(struct arena *a, const struct sweep *s, double share)
{
	struct told t = { arena_array(a, s->non, sizeof(struct notice *)), 0 };
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < s->non; i++)
		if (concerns(s->on[i], s->mask))
			t.v[t.n++] = s->on[i];
	if (share < 1) {
		put_told(&b, &t);
	} else {
		put_codes(&b, &t);
		buf_lit(&b, ": another input has the lines");
	}
	return buf_keep(&b, a);
}

static bool
any_concerns(const struct sweep *s)
{
	for (size_t i = 0; i < s->non; i++)
		if (concerns(s->on[i], s->mask))
			return true;
	return false;
}

static int
time_cmp(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

static size_t
cuts_of(struct arena *a, const struct notices *n, const struct inputs *in,
    int64_t **out)
{
	int64_t *v = arena_array(a, 2 * (n->n + in->n), sizeof(*v));
	size_t k = 0;

	for (size_t i = 0; i < n->n; i++) {
		v[k++] = n->v[i].from;
		v[k++] = n->v[i].to;
	}
	for (size_t i = 0; i < in->n; i++) {
		v[k++] = in->v[i].from;
		v[k++] = in->v[i].to;
	}
	qsort(v, k, sizeof(*v), time_cmp);
	*out = v;
	return k;
}

static bool
same_piece(const struct lossy *x, const struct lossy *y)
{
	return x->to == y->from && !(x->share < y->share) &&
	    !(x->share > y->share) && !(x->low < y->low) &&
	    !(x->low > y->low) && sv_eq(x->why, y->why);
}

static void
add_lossy(struct lossy *v, size_t *n, struct lossy l)
{
	if (*n && same_piece(&v[*n - 1], &l))
		v[*n - 1].to = l.to;
	else
		v[(*n)++] = l;
}

size_t
notice_lossy(struct arena *a, const struct notices *notices,
    const struct inputs *in, unsigned mask, struct lossy **out)
{
	struct sweep s = { .notices = notices, .inputs = in, .mask = mask };
	size_t n = 0, ncuts;
	int64_t *cut;

	*out = NULL;
	if (notices->n == 0)
		return 0;
	ncuts = cuts_of(a, notices, in, &cut);
	s.on = arena_array(a, notices->n, sizeof(struct notice *));
	s.in = arena_array(a, in->n, sizeof(struct input *));
	*out = arena_array(a, ncuts, sizeof(**out));
	for (size_t i = 0; i + 1 < ncuts; i++) {
		struct lossy l = { .from = cut[i], .to = cut[i + 1] };

		if (l.from == l.to)
			continue;
		advance(&s, l.from);
		if (s.nin == 0 || !any_concerns(&s))
			continue;
		l.share = best_share(&s, false);
		l.low = best_share(&s, true);
		l.why = text_of(a, &s, l.share);
		add_lossy(*out, &n, l);
	}
	return n;
}
