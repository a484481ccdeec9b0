/* SPDX-License-Identifier: MIT */
#include "store/role.h"

#include "base/buf.h"
#include "record/rectext.h"
#include "store/bindrec.h"
#include "store/kind.h"
#include "store/sampletext.h"

void
roles_release(struct roles *s)
{
	for (int k = 0; k < REC_KIND_N; k++) {
		sqlite3_finalize(s->lookup[k]);
		sqlite3_finalize(s->tie[k]);
		s->lookup[k] = s->tie[k] = NULL;
	}
	buf_release(&s->text);
	buf_release(&s->names);
	buf_release(&s->samples);
}

/* --- finding --- */

static sqlite3_stmt *
prepare_lookup(struct store *st, enum rec_kind kind)
{
	struct buf b = BUF_INIT;
	sqlite3_stmt *s;

	buf_printf(&b, "SELECT id, source, %s, %s FROM main.%s "
	    "WHERE id BETWEEN ?4 AND ?5 AND ts = ?1 AND hash = ?2 AND nth = ?3%c",
	    rec_kinds[kind].log ? "coalesce(lines, 1)" : "1",
	    kind == REC_PART ? "place, head, "
	    "(SELECT s FROM str WHERE str.id = joined)" : "1",
	    kind_base((int)kind), '\0');
	s = db_prepare(st, b.p);
	buf_release(&b);
	return s;
}

static bool
is_column(sqlite3_stmt *q, int i, sv text)
{
	return sv_eq(text, sv_of((const char *)sqlite3_column_text(q, i),
	    (size_t)sqlite3_column_bytes(q, i)));
}

/* Nearly all parts that inputs share are. */
static bool
is_same_part(sqlite3_stmt *q, const struct rec *r, const struct role *stored)
{
	return r->kind == REC_PART && stored->kind == REC_PART &&
	    rec_lines(r) == stored->lines &&
	    r->v[PART_place].u.num == stored->place &&
	    is_column(q, 4, rec_text(r, PART_head)) &&
	    is_column(q, 5, rec_text(r, PART_joined));
}

struct wanted {
	const struct rec *r;
	uint32_t nth;
	const uint8_t *same_app;
	int64_t nsources;
};

/* Among the rows with these ids. */
static bool
find_between(struct roles *s, enum rec_kind kind, const struct wanted *w,
    int64_t first, int64_t last, struct role *out, struct err *e)
{
	sqlite3_stmt *q = s->lookup[kind];
	int rc;

	if (q == NULL)
		q = s->lookup[kind] = prepare_lookup(s->st, kind);
	sqlite3_bind_int64(q, 1, w->r->ts);
	sqlite3_bind_int64(q, 2, (int64_t)w->r->hash);
	sqlite3_bind_int64(q, 3, w->nth);
	sqlite3_bind_int64(q, 4, first);
	sqlite3_bind_int64(q, 5, last);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		int64_t source = sqlite3_column_int64(q, 1);

		if (source >= w->nsources || !w->same_app[source])
			continue;
		*out = (struct role){ kind, sqlite3_column_int64(q, 0),
			sqlite3_column_int64(q, 2), sqlite3_column_int64(q, 3),
			false };
		out->same = is_same_part(q, w->r, out);
		break;
	}
	sqlite3_reset(q);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ||
	    db_err(s->st, e, "lookup");
}

static bool
find_as(struct roles *s, enum rec_kind kind, const struct wanted *w,
    struct role *out, struct err *e)
{
	struct timerange g = stretches_find(&s->stretches, w->r->ts, w->r->ts);
	int64_t from, to;

	while (out->id == 0 && stretches_next(&s->stretches, &g, &from, &to))
		if (!find_between(s, kind, w, from, to, out, e))
			return false;
	return out->id != 0 || s->added == INT64_MAX ||
	    find_between(s, kind, w, s->added, INT64_MAX, out, e);
}

/* A line by itself is of one kind wherever it is: another can only be there when
 * something is joined. */
static bool
may_differ(const struct roles *s, const struct rec *r)
{
	return rec_kinds[r->kind].log && (s->parts || r->kind == REC_PART ||
	    rec_lines(r) > 1);
}

bool
role_find(struct roles *s, const struct rec *r, uint32_t nth,
    const uint8_t *same_app, int64_t nsources, struct role *out, struct err *e)
{
	struct wanted w = { r, nth, same_app, nsources };

	*out = (struct role){ .kind = r->kind };
	if (!find_as(s, r->kind, &w, out, e))
		return false;
	if (out->id || !may_differ(s, r))
		return true;
	for (int k = REC_NONE + 1; k < REC_KIND_N && out->id == 0; k++)
		if (rec_kinds[k].log && k != (int)r->kind &&
		    !find_as(s, (enum rec_kind)k, &w, out, e))
			return false;
	return true;
}

/* --- choosing --- */

/* Below 0 if `stored` stays, above if `r` does; 0 if their content decides. */
static int
compare(const struct rec *r, const struct role *stored)
{
	int64_t lines = rec_lines(r), place = 1;

	if (r->kind == REC_PART)
		place = r->v[PART_place].u.num;
	if (lines != stored->lines)
		return lines < stored->lines ? -1 : 1;
	if ((r->kind == REC_PART) != (stored->kind == REC_PART))
		return r->kind == REC_PART ? 1 : -1;
	if (place != stored->place)
		return place < stored->place ? -1 : 1;
	return (stored->kind > r->kind) - (stored->kind < r->kind);
}

bool
role_rivals(const struct rec *r, const struct role *stored)
{
	if (!rec_kinds[r->kind].log || stored->same || (r->kind == stored->kind &&
	    r->kind != REC_PART && rec_lines(r) == 1))
		return false;
	return compare(r, stored) >= 0;
}

/* What is compared of a column: not the numbers of this store. */
static void
column(struct buf *b, const struct kind *k, int i)
{
	sv name = k->field[i].name;

	if (k == &rec_kinds[REC_METRIC] && i == METRIC_samples)
		buf_lit(b, "quote(coalesce((SELECT s FROM str WHERE id = "
		    "names), '') || samples)");
	else if (k == &rec_kinds[REC_APP] && (i == APP_message ||
	    i == APP_fields)) /* they may be apart */
		buf_printf(b, "quote((SELECT %.*s FROM main.app_text WHERE id = ?1))",
		    SV_ARG(name));
	else if (k->field[i].type == F_STR || k->field[i].type == F_ANY)
		buf_printf(b, "quote(CASE typeof(%.*s) WHEN 'integer' THEN "
		    "(SELECT s FROM str WHERE id = %.*s) ELSE %.*s END)",
		    SV_ARG(name), SV_ARG(name), SV_ARG(name));
	else
		buf_printf(b, "quote(%.*s)", SV_ARG(name));
}

/* Is the content of a version, field by field from ?2 on, the greater one? */
static sqlite3_stmt *
prepare_tie(struct store *st, const struct kind *k)
{
	struct buf b = BUF_INIT;
	sqlite3_stmt *s;

	buf_lit(&b, "SELECT (SELECT ''");
	for (int i = 0; i < k->nfields; i++)
		buf_printf(&b, " || quote(?%d)", i + 2);
	buf_lit(&b, ") > (SELECT ''");
	for (int i = 0; i < k->nfields; i++) {
		buf_lit(&b, " || ");
		column(&b, k, i);
	}
	buf_printf(&b, " FROM main.%s WHERE id = ?1)%c", k->table, '\0');
	s = db_prepare(st, b.p);
	buf_release(&b);
	return s;
}

/* As column() has it. */
static void
bind_json(struct roles *s, sqlite3_stmt *q, const struct rec *r, int i, int at)
{
	sv text = rectext_get(r, i, &s->text);

	if (r->kind == REC_METRIC && i == METRIC_samples &&
	    sampletext_split(text, &s->names, &s->samples)) {
		buf_add(&s->names, buf_sv(&s->samples));
		text = buf_sv(&s->names);
	}
	db_bind_sv(q, at, text);
}

static void
bind_content(struct roles *s, sqlite3_stmt *q, const struct rec *r, int i)
{
	enum field_type type = rec_kinds[r->kind].field[i].type;
	int at = i + 2;

	if (!rec_has(r, i) || bindrec_is_implied(r, i))
		sqlite3_bind_null(q, at);
	else if (type == F_JSON)
		bind_json(s, q, r, i, at);
	else
		bindrec_value(q, at, type, &r->v[i]);
}

static bool
wins_tie(struct roles *s, const struct rec *r, int64_t stored, bool *wins,
    struct err *e)
{
	const struct kind *k = &rec_kinds[r->kind];
	sqlite3_stmt *q = s->tie[r->kind];
	int rc;

	if (q == NULL)
		q = s->tie[r->kind] = prepare_tie(s->st, k);
	sqlite3_bind_int64(q, 1, stored);
	for (int i = 0; i < k->nfields; i++)
		bind_content(s, q, r, i);
	rc = sqlite3_step(q);
	*wins = rc == SQLITE_ROW && sqlite3_column_int(q, 0);
	sqlite3_reset(q);
	return rc == SQLITE_ROW || db_err(s->st, e, "versions");
}

static bool
drop(struct roles *s, enum rec_kind kind, int64_t id, struct err *e)
{
	struct buf b = BUF_INIT;
	bool ok;

	buf_printf(&b, "DELETE FROM main.%s WHERE id = %lld%c",
	    kind_base((int)kind), (long long)id, '\0');
	ok = db_exec(s->st, b.p, e);
	buf_release(&b);
	return ok;
}

/* The row `id` takes the places of `old`. */
static bool
move_places(struct roles *s, enum rec_kind kind, int64_t id,
    const struct role *old, struct err *e)
{
	struct buf b = BUF_INIT;
	bool ok;

	buf_printf(&b, "UPDATE main.%s SET (source, line, byte) = "
	    "(SELECT source, " KIND_LINE ", " KIND_BYTE " FROM main.%s AS r "
	    "WHERE id = %lld) "
	    "WHERE id = %lld;"
	    "UPDATE also SET rec = %lld << %d | %d WHERE rec = %lld << %d | %d;"
	    "%c", kind_base((int)kind), kind_base((int)old->kind),
	    (long long)old->id, (long long)id, (long long)id, REC_KIND_BITS,
	    (int)kind, (long long)old->id, REC_KIND_BITS, (int)old->kind, '\0');
	ok = db_exec(s->st, b.p, e);
	buf_release(&b);
	return ok;
}

bool
role_wins(struct roles *s, const struct rec *r, const struct role *stored,
    bool *wins, struct err *e)
{
	int way = compare(r, stored);

	*wins = way > 0;
	return way != 0 || wins_tie(s, r, stored->id, wins, e);
}

bool
role_replace(struct roles *s, const struct rec *r, int64_t id,
    struct role *stored, struct err *e)
{
	if (!move_places(s, r->kind, id, stored, e) ||
	    !drop(s, stored->kind, stored->id, e))
		return false;
	stored->kind = r->kind;
	stored->id = id;
	return true;
}
