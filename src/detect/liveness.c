/* SPDX-License-Identifier: MIT */
#include "detect/liveness.h"

#include "base/attr.h"
#include "base/buf.h"
#include "base/utc.h"
#include "detect/tally.h"
#include "parse/json.h"
#include "record/site.h"
#include "store/query.h"

/* Before all events, behind all events. */
#define FIRST (INT64_MIN / 2)
#define LAST (INT64_MAX / 2)

/* --- what site.yml expects ------------------------------------------------ */

/* 1: a dyno of a type may run, 0: none does, -1: no type is told. */
static int
may_run(const struct json_value *dynos)
{
	struct json_value key, type, quantity;
	sv it = json_begin(dynos);
	int found = -1;
	int64_t n;

	while (json_member(&it, &key, &type)) {
		if (type.kind != JSON_OBJECT ||
		    !json_find(&type, SV("quantity"), &quantity) ||
		    quantity.kind != JSON_NUMBER || !json_i64(&quantity, &n) ||
		    n != 0)
			return 1;
		found = 0;
	}
	return found;
}

bool
liveness_expects(const struct site *site, sv app)
{
	struct json_value list, item, name, dynos;
	struct arena scratch = ARENA_INIT;
	bool listed = false, runs = false;
	sv it;

	if (!json_parse(site_fact_json(site, SV("apps")), &list) ||
	    list.kind != JSON_ARRAY)
		return true;
	for (it = json_begin(&list); json_item(&it, &item);) {
		if (item.kind != JSON_OBJECT ||
		    !json_find(&item, SV("name"), &name) ||
		    !(sv_null(app) || sv_eq(json_text(&scratch, &name), app)))
			continue;
		listed = true;
		runs = runs || !json_find(&item, SV("dynos"), &dynos) ||
		    dynos.kind != JSON_OBJECT || may_run(&dynos) != 0;
	}
	arena_release(&scratch);
	return !listed || runs;
}

/* --- silences ------------------------------------------------------------- */

#define OF_APP \
	" AND (?1 IS NULL OR source IN (SELECT id FROM source WHERE app = ?1 " \
	"OR app IS NULL))"

/* Heroku itself wrote it, about a dyno: "web.1", "heroku.2808254.web.1". */
#define OF_DYNO \
	" AND (SELECT s FROM str WHERE id = origin) GLOB 'heroku[[]*' " \
	"AND (SELECT s FROM str WHERE id = subject) GLOB '*.[0-9]*'"

struct table {
	const char *name, *where;
};

static const struct table beats[] = {
	{ "metric", OF_DYNO }, { "request", "" },
};

static const struct table lines[] = {
	{ "request", "" }, { "access", "" }, { "app", "" }, { "platform", "" },
	{ "metric", "" }, { "loss", "" }, { "part", "" },
};

/* The `way`-most of the first times that each table has behind `range`. */
static void
nearest(struct buf *b, const struct table *t, size_t n, const char *way,
    const char *range, const char *order)
{
	buf_printf(b, "(SELECT %s(x) FROM (", way);
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%sSELECT (SELECT ts FROM %s WHERE %s" OF_APP
		    "%s ORDER BY ts%s LIMIT 1) AS x", i ? " UNION ALL " : "",
		    t[i].name, range, t[i].where, order);
	buf_lit(b, "))");
}

/*
 * Walks from event to event in the longest steps that leave out no silence,
 * on the indexes of ts alone: some thousand steps a week, however many lines.
 * Rows: the ends of each silence; NULL before the first event, behind the last.
 */
static void
walk_sql(struct buf *b, const struct table *t, size_t n)
{
	buf_lit(b, "WITH RECURSIVE walk(before, at) AS (SELECT NULL, ");
	nearest(b, t, n, "min", "1", "");
	buf_lit(b, " UNION ALL SELECT at, coalesce(");
	nearest(b, t, n, "max", "ts > walk.at AND ts <= walk.at + ?2",
	    " DESC");
	buf_lit(b, ", ");
	nearest(b, t, n, "min", "ts > walk.at + ?2", "");
	buf_lit(b, ") FROM walk WHERE at IS NOT NULL) SELECT before, at FROM "
	    "walk WHERE before IS NULL OR at IS NULL OR at - before > ?2");
}

static void
add_silence(struct arena *a, struct span **v, size_t *n, struct span s)
{
	if ((*n & (*n - 1)) == 0) {
		struct span *w = arena_array(a, *n ? 2 * *n : 1, sizeof(*w));

		if (*n)
			memcpy(w, *v, *n * sizeof(*w));
		*v = w;
	}
	(*v)[(*n)++] = s;
}

static bool
silences(struct arena *a, struct store *st, sv app, const struct table *t,
    size_t ntables, int64_t most, struct span **out, size_t *n, struct err *e)
{
	struct buf b = BUF_INIT;
	enum query_end end;
	struct query *q;

	*n = 0;
	walk_sql(&b, t, ntables);
	q = query_open(st, buf_sv(&b), NULL, e);
	buf_release(&b);
	if (!q)
		return false;
	if (!sv_null(app)) /* an unbound parameter is NULL */
		query_bind_text_at(q, 1, app);
	query_bind_i64_at(q, 2, most);
	while ((end = query_next(q, e)) == QUERY_MORE)
		add_silence(a, out, n, (struct span){
		    query_is_null(q, 0) ? FIRST : query_i64(q, 0),
		    query_is_null(q, 1) ? LAST : query_i64(q, 1) });
	query_close(q);
	return end == QUERY_DONE;
}

static bool
first_beat(struct store *st, sv app, int64_t *out, struct err *e)
{
	struct query *q = query_open(st, SV("SELECT ts FROM metric WHERE "
	    "1" OF_APP OF_DYNO " ORDER BY ts LIMIT 1"), NULL, e);
	enum query_end end;

	*out = INT64_MAX;
	if (!q)
		return false;
	if (!sv_null(app))
		query_bind_text_at(q, 1, app);
	end = query_next(q, e);
	if (end == QUERY_MORE)
		*out = query_i64(q, 0);
	query_close(q);
	return end != QUERY_FAILED;
}

/* --- the same, of what a pass found --------------------------------------- */

_Static_assert(LIVENESS_BEAT >= UTC_MINUTE && LIVENESS_QUIET >= UTC_MINUTE,
    "no silence lies within a minute");

/* Sources of the app, and those that name none. */
struct of_app {
	int64_t *id;
	size_t n;
	bool all;
};

static bool
read_sources(struct arena *a, struct store *st, sv app, struct of_app *out,
    struct err *e)
{
	struct buf b = BUF_INIT;
	enum query_end end;
	struct query *q;

	*out = (struct of_app){ NULL, 0, sv_null(app) };
	if (out->all)
		return true;
	q = query_open(st, SV("SELECT id FROM source WHERE app = ?1 OR "
	    "app IS NULL ORDER BY id"), NULL, e);
	if (!q)
		return false;
	query_bind_text_at(q, 1, app);
	while ((end = query_next(q, e)) == QUERY_MORE) {
		int64_t id = query_i64(q, 0);

		buf_mem(&b, &id, sizeof(id));
	}
	query_close(q);
	out->n = b.n / sizeof(*out->id);
	out->id = arena_array(a, out->n + 1, sizeof(*out->id));
	if (out->n)
		memcpy(out->id, b.p, b.n);
	buf_release(&b);
	return end == QUERY_DONE;
}

static bool
is_of(const struct of_app *s, int64_t id)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->id[mid] == id)
			return true;
		if (s->id[mid] < id)
			low = mid + 1;
		else
			high = mid;
	}
	return s->all;
}

/* The ends of each silence of a kind, as walk_sql() finds them. */
static void
tally_silences(struct arena *a, const struct tally_minute *m, size_t n,
    const struct of_app *sources, enum tally_kind kind, int64_t most,
    struct span **out, size_t *nout)
{
	int64_t last = FIRST;

	*nout = 0;
	for (size_t i = 0; i < n;) {
		int64_t first = INT64_MAX, end = INT64_MIN, at = m[i].minute;

		for (; i < n && m[i].minute == at; i++) {
			if (!is_of(sources, m[i].source) ||
			    m[i].first[kind] > m[i].last[kind])
				continue;
			if (m[i].first[kind] < first)
				first = m[i].first[kind];
			if (m[i].last[kind] > end)
				end = m[i].last[kind];
		}
		if (first > end)
			continue;
		if (last == FIRST || first - last > most)
			add_silence(a, out, nout, (struct span){ last, first });
		last = end;
	}
	add_silence(a, out, nout, (struct span){ last, LAST });
}

static int64_t
tally_first_beat(const struct tally_minute *m, size_t n,
    const struct of_app *sources)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < n; i++)
		if (is_of(sources, m[i].source) &&
		    m[i].first[TALLY_DYNO] < first)
			first = m[i].first[TALLY_DYNO];
	return first;
}

static bool
load_tally(struct arena *a, struct store *st, const struct tally_minute *m,
    size_t n, sv app, struct liveness *out, struct err *e)
{
	struct of_app sources;

	if (!read_sources(a, st, app, &sources, e))
		return false;
	out->beat = tally_first_beat(m, n, &sources);
	tally_silences(a, m, n, &sources, TALLY_BEAT, LIVENESS_BEAT,
	    &out->still, &out->nstill);
	tally_silences(a, m, n, &sources, TALLY_LINE, LIVENESS_QUIET,
	    &out->quiet, &out->nquiet);
	return true;
}

bool
liveness_load(struct arena *a, struct store *st, const struct site *site,
    struct tally *tally, sv app, struct liveness *out, struct err *e)
{
	const struct tally_minute *m;
	size_t n;

	*out = (struct liveness){ .beat = INT64_MAX,
		.expected = liveness_expects(site, app) };
	m = tally ? tally_sorted(tally, &n) : NULL;
	if (m)
		return load_tally(a, st, m, n, app, out, e);
	return first_beat(st, app, &out->beat, e) &&
	    silences(a, st, app, beats, countof(beats), LIVENESS_BEAT,
	    &out->still, &out->nstill, e) &&
	    silences(a, st, app, lines, countof(lines), LIVENESS_QUIET,
	    &out->quiet, &out->nquiet, e);
}

/* --- gaps ----------------------------------------------------------------- */

struct gaps {
	struct blind *v;
	size_t n;
};

/* *i: first silence that may reach into the piece or a later one. */
static void
add_gaps(struct gaps *g, const struct span *s, size_t n, size_t *i,
    struct span piece, int64_t most, const struct blind *as)
{
	while (*i < n && s[*i].to <= piece.from)
		++*i;
	for (size_t k = *i; k < n && s[k].from < piece.to; k++) {
		struct blind b = *as;

		b.from = s[k].from > piece.from ? s[k].from : piece.from;
		b.to = s[k].to < piece.to ? s[k].to : piece.to;
		if (b.to - b.from > most)
			g->v[g->n++] = b;
	}
}

size_t
liveness_gaps(struct arena *a, const struct liveness *l,
    const struct span *piece, size_t n, struct blind **out)
{
	const struct blind still = { 0, 0, SV("no heartbeat"), false };
	const struct blind quiet = { 0, 0, SV("silent, no heartbeats"), true };
	struct gaps g = { NULL, 0 };
	size_t i = 0, j = 0;

	/* A silence that reaches into k pieces makes k gaps. */
	g.v = arena_array(a, l->nstill + l->nquiet + 2 * n, sizeof(*g.v));
	for (size_t k = 0; k < n; k++)
		if (l->expected && l->beat <= piece[k].to)
			add_gaps(&g, l->still, l->nstill, &i, piece[k],
			    LIVENESS_BEAT, &still);
		else
			add_gaps(&g, l->quiet, l->nquiet, &j, piece[k],
			    LIVENESS_QUIET, &quiet);
	*out = g.v;
	return g.n;
}
