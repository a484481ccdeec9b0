/* SPDX-License-Identifier: MIT */
#include "detect/trace.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utc.h"
#include "record/rec.h"
#include "store/kind.h"
#include "store/query.h"
#include "store/shadow.h"

/* Lines of one message lie no further apart. */
#define MESSAGE_SPAN UTC_MINUTE

enum { KIND_MASK = (1 << REC_KIND_BITS) - 1 };

static bool
is_kind(int kind)
{
	return kind > REC_NONE && kind < REC_KIND_N;
}

/* --- inputs --------------------------------------------------------------- */

static void
read_digest(sv hex, uint8_t out[BLAKE3_LEN])
{
	memset(out, 0, BLAKE3_LEN);
	for (size_t i = 0; i < hex.n && i < 2 * BLAKE3_LEN; i++)
		out[i / 2] = (uint8_t)(out[i / 2] << 4 |
		    (hex_value(hex.p[i]) & 15));
}

static void
take_source(struct arena *a, struct query *q, struct trace_source *s)
{
	s->id = query_i64(q, 0);
	s->name = arena_sv(a, query_text(q, 1));
	s->format = arena_sv(a, query_text(q, 2));
	s->app = arena_sv(a, query_text(q, 3));
	s->table = arena_sv(a, query_text(q, 4));
	s->arrived = query_i64(q, 5);
	read_digest(query_text(q, 6), s->digest);
}

bool
trace_open(struct arena *a, struct store *st, struct trace *out, struct err *e)
{
	int64_t n = query_one_i64(st, "SELECT count(*) FROM source", 0);
	struct query *q = !shadow_install(st, e) ? NULL : query_open(st,
	    SV("SELECT id, name, format, app, dump, arrived, hex(digest) "
	    "FROM source ORDER BY id"), NULL, e);
	enum query_end end;

	*out = (struct trace){ arena_array(a, (size_t)n,
	    sizeof(struct trace_source)), 0 };
	if (!q)
		return false;
	while ((end = query_next(q, e)) == QUERY_MORE &&
	    out->nsources < (size_t)n)
		take_source(a, q, &out->source[out->nsources++]);
	query_close(q);
	return end != QUERY_FAILED;
}

static size_t
source_index(const struct trace *t, int64_t id)
{
	size_t lo = 0, hi = t->nsources;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (t->source[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* --- statements ----------------------------------------------------------- */

/* A statement about the table of one kind, whose name is a constant of ours. */
static struct query *
open_for(struct store *st, const char *before, int kind, const char *behind,
    struct err *e)
{
	struct buf b = BUF_INIT;
	struct query *q;

	buf_printf(&b, "%s %s %s", before, rec_kinds[kind].table, behind);
	q = query_open(st, buf_sv(&b), NULL, e);
	buf_release(&b);
	return q;
}

/* --- places --------------------------------------------------------------- */

/* What a line is while its places are collected. */
struct spot {
	int64_t rec;
	struct trace_place home;
};

static bool
take_places(struct arena *a, struct store *st, const struct trace *t,
    const struct spot *spot, struct trace_line *out, struct err *e)
{
	struct query *q = query_open(st, SV("SELECT o.source, o.line, o.byte "
	    "FROM also AS o JOIN source AS s ON s.id = o.source "
	    "WHERE o.rec = ?1 ORDER BY s.arrived, s.digest"), NULL, e);
	enum query_end end;

	if (!q)
		return false;
	out->place = arena_array(a, t->nsources + 1, sizeof(*out->place));
	out->place[0] = spot->home;
	out->nplaces = 1;
	query_bind_i64_at(q, 1, spot->rec);
	while ((end = query_next(q, e)) == QUERY_MORE &&
	    out->nplaces <= t->nsources)
		out->place[out->nplaces++] = (struct trace_place){
			source_index(t, query_i64(q, 0)), query_i64(q, 1),
			query_i64(q, 2) };
	query_close(q);
	return end != QUERY_FAILED;
}

/* The other lines of a message, by their place in it. Of a place that several
 * messages with equal first lines have, the next one behind this first line in
 * the same input, else the nearest, else the first. */
static const char part_sql[] = "SELECT id, source, line, byte FROM ("
    "SELECT id, source, line, byte, place, row_number() OVER (PARTITION BY "
    "place ORDER BY source <> ?4, line < ?5, abs(line - ?5), source, line) AS nr "
    "FROM part WHERE ts BETWEEN ?1 AND ?2 AND head = ?3) WHERE nr = 1 ORDER BY place";

struct spots {
	struct buf mem; /* of struct spot */
	size_t n;
};

static void
add_spot(struct spots *s, const struct trace *t, int64_t rec, struct query *q,
    int col)
{
	struct spot spot = { rec, { source_index(t, query_i64(q, col)),
	    query_i64(q, col + 1), query_i64(q, col + 2) } };

	buf_mem(&s->mem, &spot, sizeof(spot));
	s->n++;
}

static bool
add_parts(struct store *st, const struct trace *t,
    const struct trace_record *r, struct spots *s, struct err *e)
{
	struct spot head = *(struct spot *)(void *)s->mem.p;
	struct query *q = query_open(st, SV(part_sql), NULL, e);
	struct buf hex = BUF_INIT;
	enum query_end end;

	if (!q)
		return false;
	buf_hex64(&hex, r->hash);
	query_bind_i64_at(q, 1, r->ts - MESSAGE_SPAN);
	query_bind_i64_at(q, 2, r->ts + MESSAGE_SPAN);
	query_bind_text_at(q, 3, buf_sv(&hex));
	query_bind_i64_at(q, 4, t->source[head.home.source].id);
	query_bind_i64_at(q, 5, head.home.line);
	while ((end = query_next(q, e)) == QUERY_MORE)
		add_spot(s, t, query_i64(q, 0) << REC_KIND_BITS | REC_PART, q,
		    1);
	query_close(q);
	buf_release(&hex);
	return end != QUERY_FAILED;
}

static bool
take_lines(struct arena *a, struct store *st, const struct trace *t,
    const struct spots *s, struct trace_record *out, struct err *e)
{
	const struct spot *spot = (const struct spot *)(void *)s->mem.p;

	out->line = arena_array(a, s->n, sizeof(*out->line));
	for (size_t i = 0; i < s->n; i++)
		if (!take_places(a, st, t, &spot[i],
		    &out->line[out->nlines++], e))
			return false;
	return true;
}

/* --- what is stored ------------------------------------------------------- */

/* Text of log records is in the dictionary, which views resolve. */
static const char *const view[REC_KIND_N] = {
	[REC_REQUEST] = "requests",
	[REC_ACCESS] = "access_lines",
	[REC_APP] = "app_events",
	[REC_PLATFORM] = "platform_events",
	[REC_METRIC] = "metrics",
	[REC_LOSS] = "losses",
};

static void
add_texts(struct buf *b, struct query *q)
{
	for (int i = 0; i < query_columns(q); i++) {
		if (sv_is(query_column_name(q, i), "source"))
			continue;
		buf_add(b, query_text(q, i));
		buf_byte(b, '\n');
	}
}

static bool
take_stored(struct arena *a, struct store *st, struct trace_record *out,
    struct err *e)
{
	int kind = (int)(out->rec & KIND_MASK);
	struct buf text = BUF_INIT;
	struct query *q;
	enum query_end end;

	if (view[kind]) {
		buf_printf(&text, "SELECT * FROM %s WHERE ts = ?1 AND rec = ?2",
		    view[kind]);
		q = query_open(st, buf_sv(&text), NULL, e);
		buf_clear(&text);
	} else {
		q = open_for(st, "SELECT * FROM", kind,
		    "WHERE ts = ?1 AND id = ?2 >> 4", e);
	}
	if (!q)
		return false;
	query_bind_i64_at(q, 1, out->ts);
	query_bind_i64_at(q, 2, out->rec);
	while ((end = query_next(q, e)) == QUERY_MORE)
		add_texts(&text, q);
	query_close(q);
	out->stored = buf_keep(&text, a);
	return end != QUERY_FAILED;
}

/* --- records -------------------------------------------------------------- */

static sv
make_name(struct arena *a, uint64_t hash, int64_t nth)
{
	struct buf b = BUF_INIT;
	sv name;

	buf_hex64(&b, hash);
	if (nth > 1)
		buf_printf(&b, "#%lld", (long long)nth);
	name = buf_keep(&b, a);
	return name;
}

#define HOME(more) "SELECT ts, hash, nth, source, " KIND_LINE ", " KIND_BYTE \
	more " FROM"

/* The row of a record, and where it was read from. */
static bool
take_home(struct store *st, const struct trace *t, struct trace_record *out,
    struct spots *s, int64_t *lines, struct err *e)
{
	int kind = (int)(out->rec & KIND_MASK);
	bool log = rec_kinds[kind].log && kind != REC_PART;
	struct query *q = open_for(st, log ? HOME(", lines") : HOME(", 1"),
	    kind, "AS r WHERE id = ?1 >> 4", e);
	enum query_end end;

	if (!q)
		return false;
	query_bind_i64_at(q, 1, out->rec);
	end = query_next(q, e);
	out->known = end == QUERY_MORE &&
	    source_index(t, query_i64(q, 3)) < t->nsources;
	if (out->known) {
		out->ts = query_i64(q, 0);
		out->hash = (uint64_t)query_i64(q, 1);
		out->nth = query_i64(q, 2);
		*lines = query_i64(q, 6);
		add_spot(s, t, out->rec, q, 3);
	}
	query_close(q);
	return end != QUERY_FAILED;
}

bool
trace_numbered(struct arena *a, struct store *st, const struct trace *t,
    int64_t rec, struct trace_record *out, struct err *e)
{
	struct spots s = { BUF_INIT, 0 };
	int64_t lines = 1;
	bool ok = true;

	*out = (struct trace_record){ .rec = rec };
	if (is_kind((int)(rec & KIND_MASK)))
		ok = take_home(st, t, out, &s, &lines, e);
	if (ok && out->known) {
		out->name = make_name(a, out->hash, out->nth);
		ok = (lines <= 1 || add_parts(st, t, out, &s, e)) &&
		    take_lines(a, st, t, &s, out, e) &&
		    take_stored(a, st, out, e);
	}
	buf_release(&s.mem);
	return ok;
}

/* "9f86d081884c7d65", "9f86d081884c7d65#2". */
static bool
read_name(sv name, uint64_t *hash, int64_t *nth)
{
	sv rest = name, hex = sv_cut(&rest, '#');

	*hash = 0;
	*nth = 1;
	for (size_t i = 0; i < hex.n; i++)
		*hash = *hash << 4 | (uint64_t)(hex_value(hex.p[i]) & 15);
	return hex.n == 16 && sv_is_hex(hex) &&
	    (sv_null(rest) || sv_to_i64(rest, nth));
}

static bool
find_in(struct store *st, int kind, const struct trace_record *r,
    int64_t first, int64_t last, int64_t *rec, struct err *e)
{
	struct query *q = open_for(st, "SELECT id FROM", kind, "WHERE ts "
	    "BETWEEN ?1 AND ?2 AND hash = ?3 AND nth = ?4 ORDER BY ts, id", e);
	enum query_end end;

	if (!q)
		return false;
	query_bind_i64_at(q, 1, first);
	query_bind_i64_at(q, 2, last);
	query_bind_i64_at(q, 3, (int64_t)r->hash);
	query_bind_i64_at(q, 4, r->nth);
	end = query_next(q, e);
	if (end == QUERY_MORE)
		*rec = query_i64(q, 0) << REC_KIND_BITS | kind;
	query_close(q);
	return end != QUERY_FAILED;
}

bool
trace_named(struct arena *a, struct store *st, const struct trace *t, sv name,
    int64_t first, int64_t last, struct trace_record *out, struct err *e)
{
	struct trace_record want = { .name = name };
	int64_t rec = 0;

	*out = want;
	if (!read_name(name, &want.hash, &want.nth))
		return true;
	for (int kind = 0; kind < REC_KIND_N && rec == 0; kind++)
		if (is_kind(kind) &&
		    !find_in(st, kind, &want, first, last, &rec, e))
			return false;
	if (rec == 0)
		return true;
	return trace_numbered(a, st, t, rec, out, e);
}
