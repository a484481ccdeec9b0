/* SPDX-License-Identifier: MIT */
#include "detect/flaw.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "detect/sift.h"
#include "store/kind.h"
#include "store/query.h"

/* --- loading -------------------------------------------------------------- */

/* Lines behind the end of a damaged input may be missing, and drain files that
 * lie a minute apart are one feed: ?1. */
static const char damaged_sql[] =
    "SELECT s.name, s.damaged, 0, min(p.start), max(p.stop) + ?1 "
    "FROM source AS s JOIN span AS p ON p.source = s.id "
    "WHERE s.form <> 'dump' AND s.damaged IS NOT NULL GROUP BY s.id";

/* A line with an H code may have an empty status (H24), but goes on behind it.
 * Summed by ten minutes, or a new form of line would make as many rows. */
static const char router_sql[] =
    "WITH odd(source, ts) AS (SELECT source, ts FROM request "
    "WHERE status IS NULL AND (code IS NULL OR "
    "(bytes IS NULL AND protocol IS NULL)) "
    "UNION ALL SELECT source, ts FROM platform "
    "WHERE event IN (SELECT id FROM str WHERE s = 'other') AND origin IN "
    "(SELECT id FROM str WHERE s = 'heroku[router]' "
    "OR s GLOB 'heroku-router*')) "
    "SELECT s.name, NULL, count(*), min(o.ts), max(o.ts) "
    "FROM odd AS o JOIN source AS s ON s.id = o.source "
    "GROUP BY s.id, o.ts / 600000000";

#define AROUND(table) \
	"SELECT b.id, " \
	"max(iif(" KIND_BYTE " < b.first, r.ts, NULL)) AS before, " \
	"min(iif(" KIND_BYTE " > b.last, r.ts, NULL)) AS behind " \
	"FROM " table " AS r CROSS JOIN bad AS b ON b.id = r.source " \
	"GROUP BY b.id"

/* Tables are read whole, so that is asked only where there is a reject. A line
 * may be older than the one before it by some seconds: ?1 on either side. */
static const char rejected_sql[] =
    "WITH bad AS MATERIALIZED (SELECT s.id, s.name, s.rejected, "
    "min(r.byte) AS first, max(r.byte) AS last, count(r.id) AS known, "
    "(SELECT min(start) FROM span WHERE source = s.id) AS start, "
    "(SELECT max(stop) FROM span WHERE source = s.id) AS stop "
    "FROM source AS s LEFT JOIN reject AS r ON r.source = s.id "
    "WHERE s.form <> 'dump' AND s.rejected > 0 GROUP BY s.id), "
    "part_near AS (" AROUND("request") " UNION ALL " AROUND("access")
    " UNION ALL " AROUND("app") " UNION ALL " AROUND("platform")
    " UNION ALL " AROUND("metric") " UNION ALL " AROUND("loss")
    " UNION ALL " AROUND("part") "), "
    "near AS (SELECT id, max(before) AS before, min(behind) AS behind "
    "FROM part_near GROUP BY id), "
    "at AS (SELECT b.name, b.rejected, b.start, b.stop, "
    "iif(b.known < b.rejected, b.start, coalesce(n.before, b.start)) AS x, "
    "iif(b.known < b.rejected, b.stop, coalesce(n.behind, b.stop)) AS y "
    "FROM bad AS b LEFT JOIN near AS n ON n.id = b.id "
    "WHERE b.start IS NOT NULL) "
    "SELECT name, NULL, rejected, max(start, min(x, y) - ?1), "
    "min(stop, max(x, y) + ?1) FROM at";

/* Of a store that is looked at as of an earlier time: lines that had come and
 * belong to a message of which other lines had not. The store keeps the longest
 * version alone: what was read of these lines then is not known any more. */
static const char late_sql[] =
    "WITH line(head, ts, source) AS MATERIALIZED ("
    "SELECT head, ts, source FROM main.part UNION ALL "
    "SELECT printf('%016x', hash), ts, source FROM main.app "
    "WHERE joined IS NOT NULL UNION ALL "
    "SELECT printf('%016x', hash), ts, source FROM main.platform "
    "WHERE joined IS NOT NULL) "
    "SELECT s.name, NULL, count(*), min(l.ts), max(l.ts) FROM line AS l "
    "JOIN source AS s ON s.id = l.source WHERE l.head IN (SELECT head "
    "FROM line WHERE source NOT IN (SELECT id FROM source)) GROUP BY s.id";

static const struct {
	enum flaw_kind kind;
	unsigned streams;
	const char *sql;
} loads[] = {
	{ FLAW_REJECTED, STREAM_ALL, rejected_sql },
	{ FLAW_ROUTER, STREAM_ROUTER, router_sql },
	{ FLAW_DAMAGED, STREAM_ALL, damaged_sql },
	{ FLAW_LATE, STREAM_ALL, late_sql },
};

void
flaws_add(struct arena *a, struct flaws *list, const struct flaw *f)
{
	if ((list->n & (list->n - 1)) == 0) {
		struct flaw *v = arena_array(a, list->n ? 2 * list->n : 1,
		    sizeof(*v));

		if (list->n)
			memcpy(v, list->v, list->n * sizeof(*v));
		list->v = v;
	}
	list->v[list->n++] = *f;
}

static int
flaw_cmp(const void *pa, const void *pb)
{
	const struct flaw *a = pa, *b = pb;
	int c;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if ((c = sv_cmp(a->name, b->name)) || (c = sv_cmp(a->what, b->what)))
		return c;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return (a->to > b->to) - (a->to < b->to);
}

void
flaws_sort(struct flaws *list)
{
	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), flaw_cmp);
}

static bool
load_rows(struct arena *a, struct store *st, size_t i, struct flaws *out,
    struct err *e)
{
	struct query *q = query_open(st, sv_str(loads[i].sql), NULL, e);
	enum query_end end;

	if (!q)
		return false;
	query_bind_i64_at(q, 1, COVERAGE_SLACK); /* no effect without ?1 */
	while ((end = query_next(q, e)) == QUERY_MORE)
		flaws_add(a, out, &(struct flaw){ loads[i].kind,
		    loads[i].streams, query_i64(q, 3), query_i64(q, 4),
		    query_i64(q, 2), arena_sv(a, query_text(q, 0)),
		    query_is_null(q, 1) ? SV_NULL
		    : arena_sv(a, query_text(q, 1)) });
	query_close(q);
	return end == QUERY_DONE;
}

void
flaws_sift(struct sift *s)
{
	for (size_t i = 0; i < countof(loads); i++)
		if (loads[i].kind != FLAW_LATE)
			sift_add(s, sv_str(loads[i].sql));
}

bool
flaws_load(struct arena *a, struct store *st, struct flaws *out, struct err *e)
{
	int64_t rejected = 0, past = 0;

	*out = (struct flaws){ NULL, 0 };
	if (!query_read_i64(st, "SELECT 1 FROM source WHERE form <> 'dump' "
	    "AND rejected > 0 LIMIT 1", &rejected, e) ||
	    !query_read_i64(st, "SELECT 1 FROM main.source WHERE id NOT IN "
	    "(SELECT id FROM source) LIMIT 1", &past, e))
		return false;
	for (size_t i = 0; i < countof(loads); i++) {
		if ((loads[i].kind == FLAW_REJECTED && !rejected) ||
		    (loads[i].kind == FLAW_LATE && !past))
			continue;
		if (!load_rows(a, st, i, out, e))
			return false;
	}
	flaws_sort(out);
	return true;
}

/* --- asking --------------------------------------------------------------- */

struct flaws
flaws_in(struct arena *a, const struct flaws *list, unsigned mask,
    struct span window)
{
	struct flaws out = { NULL, 0 };

	for (size_t i = 0; i < list->n; i++) {
		const struct flaw *f = &list->v[i];
		struct flaw *last = out.n ? &out.v[out.n - 1] : NULL;

		if (!(f->streams & mask) || f->from > window.to ||
		    f->to < window.from)
			continue;
		if (last && last->kind == f->kind &&
		    sv_eq(last->name, f->name) && sv_eq(last->what, f->what)) {
			last->n += f->n;
			last->to = f->to > last->to ? f->to : last->to;
		} else {
			flaws_add(a, &out, f);
		}
	}
	return out;
}

/* --- words ---------------------------------------------------------------- */

enum { TOLD = 3 };

static void
put_lines(struct buf *b, const struct flaw *f, const char *what,
    const char *end)
{
	buf_printf(b, "%lld %s%s of %.*s %s %s", (long long)f->n, what,
	    f->n == 1 ? "" : "s", SV_ARG(f->name), f->n == 1 ? "was" : "were",
	    end);
}

static void
put_rejected(struct buf *b, const struct flaw *f)
{
	put_lines(b, f, "line", "rejected");
}

static void
put_router(struct buf *b, const struct flaw *f)
{
	put_lines(b, f, "router line", "not understood");
}

static void
put_damaged(struct buf *b, const struct flaw *f)
{
	buf_printf(b, "%.*s is damaged: %.*s", SV_ARG(f->name),
	    SV_ARG(f->what));
}

static void
put_late(struct buf *b, const struct flaw *f)
{
	put_lines(b, f, "line", "part of a message that came whole later");
}

static void
put_loss(struct buf *b, const struct flaw *f)
{
	buf_printf(b, "%.*s, which site.yml does not list: %.*s",
	    SV_ARG(f->name), SV_ARG(f->what));
}

static void (*const put[])(struct buf *, const struct flaw *) = {
	[FLAW_REJECTED] = put_rejected,
	[FLAW_ROUTER] = put_router,
	[FLAW_DAMAGED] = put_damaged,
	[FLAW_LATE] = put_late,
	[FLAW_LOSS] = put_loss,
};
_Static_assert(countof(put) == FLAW_KIND_N, "words per kind");

sv
flaws_text(struct arena *a, const struct flaws *list)
{
	struct buf b = BUF_INIT;
	sv text;

	if (list->n == 0)
		return SV_NULL;
	for (size_t i = 0; i < list->n && i < TOLD; i++) {
		buf_str(&b, i ? "; " : "");
		put[list->v[i].kind](&b, &list->v[i]);
	}
	if (list->n > TOLD)
		buf_printf(&b, "; and %zu more of this", list->n - TOLD);
	text = buf_keep(&b, a);
	return text;
}
