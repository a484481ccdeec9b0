/* SPDX-License-Identifier: MIT */
#include "detect/crosscheck.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/jsonw.h"
#include "store/query.h"

/* --- a set of hashes with counts ------------------------------------------ */

struct entry {
	uint64_t key; /* 0: free */
	uint32_t n, m;
	uint32_t last; /* of a route: bit 0 the last line, was it an m? */
	bool steady;   /* of nearly all of some RUN lines it was */
};
enum { RUN = 32, NEARLY = 26 };

struct set {
	struct entry *v;
	size_t n, cap; /* cap is a power of two, at least twice n */
};

static struct entry *
set_slot(const struct set *s, uint64_t key)
{
	size_t i = (size_t)key & (s->cap - 1);

	while (s->v[i].key && s->v[i].key != key)
		i = (i + 1) & (s->cap - 1);
	return &s->v[i];
}

static void
set_grow(struct arena *a, struct set *s)
{
	struct set to = { NULL, s->n, s->cap ? 2 * s->cap : 1024 };

	to.v = arena_array(a, to.cap, sizeof(*to.v));
	for (size_t i = 0; i < s->cap; i++)
		if (s->v[i].key)
			*set_slot(&to, s->v[i].key) = s->v[i];
	*s = to;
}

/* The entry of a key, NULL when it is not in the set. */
static struct entry *
set_find(const struct set *s, uint64_t key)
{
	struct entry *e = s->cap ? set_slot(s, key) : NULL;

	return e && e->key ? e : NULL;
}

/* The entry of a key, made if it has to be. */
static struct entry *
set_add(struct arena *a, struct set *s, uint64_t key)
{
	struct entry *e;

	if (2 * s->n >= s->cap)
		set_grow(a, s);
	e = set_slot(s, key);
	s->n += e->key == 0;
	e->key = key;
	return e;
}

static uint64_t
key_of(sv bytes)
{
	return hash64(bytes, 0) | 1;
}

/* --- counting ------------------------------------------------------------- */

/* Of a row of the table shape. */
struct shape {
	int64_t id;
	bool dyno; /* it has one */
	int64_t method;
};

/* A router line. */
struct line {
	int64_t ts, hash, nth;
	uint64_t id, route; /* keys */
	bool served;        /* by a dyno */
};

struct counter {
	struct arena a;
	struct set app;    /* ids; n: router lines, m: of them to a dyno */
	struct set routes; /* n: such lines, m: of an id that the app names */
	struct buf shapes; /* of struct shape, by id */
	struct buf lines;  /* of struct line */
	struct crosscheck *out;
};

/*
 * Of many lines one of ?3 blocks of ten minutes, not always the same one of
 * the hour. The tables are joined in this order, so that nothing else is read.
 */
#define BLOCKS \
	"WITH RECURSIVE n(i) AS (SELECT ?1 / 600000000 / ?3 UNION ALL " \
	"SELECT i + 1 FROM n WHERE ?3 > 1 AND i < ?2 / 600000000 / ?3), " \
	"block(a, b) AS (SELECT ?1, ?2 WHERE ?3 = 1 UNION ALL " \
	"SELECT max(t, ?1), min(t + 599999999, ?2) FROM (SELECT " \
	"(i * ?3 + i * 7919 % ?3) * 600000000 AS t FROM n) WHERE ?3 > 1) "
#define WINDOW(table) \
	" FROM block CROSS JOIN " table " ON ts BETWEEN a AND b " \
	"AND request_id IS NOT NULL"

static const char app_sql[] =
    BLOCKS "SELECT request_id" WINDOW("app")
    " UNION ALL SELECT request_id" WINDOW("access");

/* Of the table, since the view has a look-up for each column of a shape. */
static const char router_sql[] =
    BLOCKS "SELECT request_id, code IS NULL, shape, dyno IS NOT NULL, method, "
    "CASE typeof(path) WHEN 'integer' THEN (SELECT s FROM str WHERE id = path) "
    "ELSE path END, ts, hash, nth" WINDOW("request_row");

static const char shape_sql[] =
    "SELECT id, dyno IS NOT NULL, method FROM shape ORDER BY id";

static struct query *
open_window(struct store *st, const char *sql, struct span w, int64_t every,
    struct err *e)
{
	struct query *q = query_open(st, sv_str(sql), NULL, e);

	if (!q)
		return NULL;
	query_bind_i64_at(q, 1, w.from);
	query_bind_i64_at(q, 2, w.to);
	query_bind_i64_at(q, 3, every);
	return q;
}

static bool
read_app(struct counter *c, struct store *st, struct span w, struct err *e)
{
	struct query *q = open_window(st, app_sql, w, c->out->every, e);
	enum query_end end;

	if (!q)
		return false;
	while ((end = query_next(q, e)) == QUERY_MORE)
		set_add(&c->a, &c->app, key_of(query_text(q, 0)));
	query_close(q);
	return end == QUERY_DONE;
}

/* "7 /api/beta 4": method, two segments, how many. */
static void
put_route(struct buf *b, int64_t method, sv path)
{
	size_t n = 0;

	path = sv_take(path, sv_find_byte(path, '?'));
	buf_i64(b, method);
	buf_byte(b, ' ');
	for (sv_skip_lit(&path, SV("/")); path.n; n++) {
		sv segment = sv_cut(&path, '/');

		if (n < 2) {
			buf_byte(b, '/');
			buf_add(b, segment);
		}
	}
	buf_byte(b, ' ');
	buf_u64(b, n);
}

static int
ones(uint32_t v)
{
	int n = 0;

	for (; v; v &= v - 1)
		n++;
	return n;
}

static bool
read_shapes(struct counter *c, struct store *st, struct err *e)
{
	struct query *q = query_open(st, sv_str(shape_sql), NULL, e);
	enum query_end end;

	if (!q)
		return false;
	while ((end = query_next(q, e)) == QUERY_MORE) {
		struct shape s = { query_i64(q, 0), query_i64(q, 1) != 0,
			query_i64(q, 2) };

		buf_mem(&c->shapes, &s, sizeof(s));
	}
	query_close(q);
	return end == QUERY_DONE;
}

static int
shape_cmp(const void *a, const void *b)
{
	const struct shape *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* What the row's own columns say, or its shape; of one that is not there nothing,
 * as in the view. */
static struct shape
shape_of(const struct counter *c, struct query *q)
{
	struct shape s = { query_i64(q, 2), false, 0 };
	const struct shape *found = NULL;

	if (query_is_null(q, 2))
		return (struct shape){ 0, query_i64(q, 3) != 0,
			query_i64(q, 4) };
	if (c->shapes.n)
		found = bsearch(&s, c->shapes.p, c->shapes.n / sizeof(s),
		    sizeof(s), shape_cmp);
	return found ? *found : s;
}

static void
keep_line(struct counter *c, struct query *q, struct buf *b)
{
	struct shape s = shape_of(c, q);
	struct line l = { query_i64(q, 6), query_i64(q, 7), query_i64(q, 8),
		key_of(query_text(q, 0)), 0, query_i64(q, 1) && s.dyno };

	if (l.served) {
		buf_clear(b);
		put_route(b, s.method, query_text(q, 5));
		l.route = key_of(buf_sv(b));
	}
	buf_mem(&c->lines, &l, sizeof(l));
}

static int
line_cmp(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->nth > y->nth) - (x->nth < y->nth);
}

static void
count_route(struct counter *c, uint64_t route, bool found)
{
	struct entry *e = set_add(&c->a, &c->routes, route);

	e->n++;
	e->m += found;
	e->last = e->last << 1 | found;
	e->steady |= e->n >= RUN && ones(e->last) >= NEARLY;
}

static void
count_line(struct counter *c, const struct line *l)
{
	struct entry *e = set_find(&c->app, l->id);

	if (e) {
		e->n++;
		e->m += l->served;
	}
	if (!l->served)
		return;
	c->out->n_router++;
	count_route(c, l->route, e != NULL);
}

/* In an order that does not depend on how the lines came. */
static void
count_lines(struct counter *c)
{
	struct line *l = (struct line *)(void *)c->lines.p;
	size_t n = c->lines.n / sizeof(*l);

	if (n)
		qsort(l, n, sizeof(*l), line_cmp);
	for (size_t i = 0; i < n; i++)
		count_line(c, &l[i]);
}

/* An id that both name, of a request that got no answer from a dyno, is left
 * out on both sides. */
static void
sum_ids(struct counter *c)
{
	for (size_t i = 0; i < c->app.cap; i++) {
		c->out->matched += c->app.v[i].m > 0;
		c->out->n_app -= c->app.v[i].n > 0 && c->app.v[i].m == 0;
	}
}

static bool
read_router(struct counter *c, struct store *st, struct span w, struct err *e)
{
	struct query *q = open_window(st, router_sql, w, c->out->every, e);
	struct buf b = BUF_INIT;
	enum query_end end;

	if (!q)
		return false;
	while ((end = query_next(q, e)) == QUERY_MORE)
		keep_line(c, q, &b);
	query_close(q);
	buf_release(&b);
	count_lines(c);
	return end == QUERY_DONE;
}

/* An app may name an id now and then only, say with an error. It logs a route
 * if at some time it named nearly all of its ids. */
static bool
is_logged(const struct entry *e)
{
	return e->steady ||
	    (e->n < RUN && (uint64_t)e->m * RUN >= (uint64_t)e->n * NEARLY);
}

static void
sum_routes(struct counter *c)
{
	for (size_t i = 0; i < c->routes.cap; i++) {
		const struct entry *e = &c->routes.v[i];

		if (e->m == 0 || !is_logged(e))
			continue;
		c->out->n_expected += e->n;
		c->out->n_found += e->m;
	}
}

/* --- judging -------------------------------------------------------------- */

static struct crosscheck_side
judge(int64_t found, int64_t of, const struct coverage *c)
{
	struct crosscheck_side s = { NAN, NAN, false };

	if (of > 0)
		s.estimate = (double)found / (double)of;
	if (c->seen > 0)
		s.claimed = c->covered / c->seen;
	s.flagged = of >= CROSSCHECK_LEAST && s.estimate < s.claimed - 0.1;
	return s;
}

void
crosscheck_judge(struct crosscheck *c, const struct coverage *router,
    const struct coverage *app)
{
	c->router = judge(c->matched, c->n_app, router);
	c->app = judge(c->n_found, c->n_expected, app);
}

bool
crosscheck_load(struct store *st, struct span window, int64_t lines,
    const struct coverage *router, const struct coverage *app,
    struct crosscheck *out, struct err *e)
{
	struct counter c = { .a = ARENA_INIT, .out = out };
	bool ok;

	*out = (struct crosscheck){ .every = 1 + lines / CROSSCHECK_SAMPLE };
	ok = read_app(&c, st, window, e);
	out->known = c.app.n > 0;
	out->n_app = (int64_t)c.app.n;
	ok = ok && (!out->known || (read_shapes(&c, st, e) &&
	    read_router(&c, st, window, e)));
	sum_ids(&c);
	sum_routes(&c);
	crosscheck_judge(out, router, app);
	buf_release(&c.shapes);
	buf_release(&c.lines);
	arena_release(&c.a);
	return ok;
}

/* --- writing -------------------------------------------------------------- */

static void
put_side(struct jsonw *w, sv name, const struct crosscheck_side *s)
{
	jsonw_key(w, name);
	jsonw_open(w, '{');
	jsonw_put_real(w, "estimate", floor(s->estimate * 1e6) / 1e6);
	jsonw_put_real(w, "claimed", floor(s->claimed * 1e6) / 1e6);
	jsonw_put_bool(w, "flagged", s->flagged);
	jsonw_close(w, '}');
}

void
crosscheck_write(struct jsonw *w, const struct crosscheck *c)
{
	jsonw_key(w, SV("cross_check"));
	if (!c->known) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_put_i64(w, "every", c->every);
	jsonw_put_i64(w, "n_router", c->n_router);
	jsonw_put_i64(w, "n_app", c->n_app);
	jsonw_put_i64(w, "matched", c->matched);
	jsonw_put_i64(w, "n_expected", c->n_expected);
	jsonw_put_i64(w, "n_found", c->n_found);
	put_side(w, SV("router"), &c->router);
	put_side(w, SV("app"), &c->app);
	jsonw_close(w, '}');
}
