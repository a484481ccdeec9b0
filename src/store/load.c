/* SPDX-License-Identifier: MIT */
#include "store/load.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/oom.h"
#include "base/utc.h"
#include "record/ndjson.h"
#include "record/rec.h"
#include "store/csvview.h"
#include "store/dbpriv.h"
#include "store/dict.h"
#include "store/hole.h"
#include "store/home.h"
#include "store/kind.h"
#include "store/query.h"
#include "store/repeat.h"
#include "store/role.h"

enum { COMMON_COLUMNS = 7, STR_BOUND = 4 * 1000 * 1000 };
enum { DICT_STALE = -1 }; /* loader.version: read it again */

struct interval {
	int64_t start, stop;
};

struct loader {
	struct sink sink; /* first: a sink is a loader */
	struct store *st;
	struct dict dict;
	struct repeat repeats;
	struct roles roles;
	sqlite3_stmt *insert[REC_KIND_N]; /* NULL until the first record */
	sqlite3_stmt *put_str, *put_also, *put_reject, *put_span, *put_source;
	bool open;           /* an input is under way */
	int64_t source;      /* its number */
	const struct source *src;
	struct interval *old; /* sorted, disjoint: times of inputs of this app */
	size_t nold, at_old;
	uint8_t *same_app;   /* by source number: is it of this app (or dump)? */
	int64_t nsources;
	uint64_t shared;     /* lines that other inputs hold too */
	bool rows;           /* it has rows of an unknown dump */
	int64_t version;     /* of the file when the dictionary was read */
};

static struct loader *
self(struct sink *s)
{
	return (struct loader *)s;
}

/* Statements, made when first needed. */

static sqlite3_stmt *
prepare_insert(struct store *st, const struct kind *k)
{
	struct buf b = BUF_INIT;
	sqlite3_stmt *s;

	buf_printf(&b, "INSERT INTO %s VALUES (NULL", k->table);
	for (int i = 1; i < COMMON_COLUMNS + k->nfields; i++)
		buf_printf(&b, ",?%d", i);
	buf_printf(&b, ")%c", '\0');
	s = db_prepare(st, b.p);
	buf_release(&b);
	return s;
}

static bool
load_dict(struct loader *l, struct err *e)
{
	sqlite3_stmt *s = db_prepare(l->st, "SELECT id, s FROM str");
	int rc;

	dict_release(&l->dict);
	dict_init(&l->dict);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		dict_load(&l->dict, sv_of((const char *)sqlite3_column_text(s, 1),
		    (size_t)sqlite3_column_bytes(s, 1)),
		    sqlite3_column_int64(s, 0));
	sqlite3_finalize(s);
	return rc == SQLITE_DONE || db_err(l->st, e, "dictionary");
}

/* Other processes may have added texts since. Inside a transaction. */
static bool
renew_dict(struct loader *l, struct err *e)
{
	int64_t now = query_one_i64(l->st, "PRAGMA data_version", 0);

	if (now == l->version)
		return true;
	l->version = now;
	return load_dict(l, e);
}

/* Values. */

static bool
bind_str(struct loader *l, sqlite3_stmt *s, int i, sv text, bool may_inline,
    struct err *e)
{
	bool fresh;
	int64_t id;

	if (may_inline && l->dict.used >= STR_BOUND) {
		db_bind_sv(s, i, text);
		return true;
	}
	id = dict_intern(&l->dict, text, &fresh);
	sqlite3_bind_int64(s, i, id);
	if (!fresh)
		return true;
	sqlite3_bind_int64(l->put_str, 1, id);
	db_bind_sv(l->put_str, 2, text);
	return db_run(l->st, l->put_str, e);
}

static void
bind_ip(sqlite3_stmt *s, int i, const struct ip *ip)
{
	if (ip->family == 4)
		sqlite3_bind_int64(s, i, ip_v4(ip));
	else
		sqlite3_bind_blob(s, i, ip->addr, 8, SQLITE_TRANSIENT);
}

static void
bind_rid(sqlite3_stmt *s, int i, sv text)
{
	uint8_t id[16];

	if (rec_uuid(text, id))
		sqlite3_bind_blob(s, i, id, sizeof(id), SQLITE_TRANSIENT);
	else
		db_bind_sv(s, i, text);
}

static bool
bind_value(struct loader *l, sqlite3_stmt *s, int i, enum field_type type,
    const struct value *v, struct err *e)
{
	switch (type) {
	case F_STR:
		return bind_str(l, s, i, v->text, false, e);
	case F_ANY:
		return bind_str(l, s, i, v->text, true, e);
	case F_TEXT:
	case F_JSON:
		db_bind_sv(s, i, v->text);
		break;
	case F_INT:
	case F_BOOL:
	case F_TIME:
		sqlite3_bind_int64(s, i, v->u.num);
		break;
	case F_REAL:
		sqlite3_bind_double(s, i, v->u.real);
		break;
	case F_ADDR:
		bind_ip(s, i, &v->u.ip);
		break;
	case F_RID:
		bind_rid(s, i, v->text);
		break;
	case FIELD_TYPE_N:
		break;
	}
	return true;
}

/* fwd is left out when it is the IPv4 client alone: views show that then. */
static bool
is_implied(const struct rec *r, int field)
{
	char text[16];
	struct buf b = { text, 0, sizeof(text) };
	const struct ip *ip = &r->v[REQUEST_client].u.ip;

	if (r->kind != REC_REQUEST || field != REQUEST_fwd ||
	    !rec_has(r, REQUEST_client) || ip->family != 4 ||
	    r->v[field].text.n >= sizeof(text))
		return false;
	ip_write(&b, ip);
	return sv_eq(buf_sv(&b), r->v[field].text);
}

static bool
bind_fields(struct loader *l, sqlite3_stmt *s, const struct rec *r,
    struct err *e)
{
	const struct kind *k = &rec_kinds[r->kind];
	bool ok = true;

	for (int i = 0; ok && i < k->nfields; i++) {
		int at = COMMON_COLUMNS + i;

		if (!rec_has(r, i) || is_implied(r, i))
			sqlite3_bind_null(s, at);
		else
			ok = bind_value(l, s, at, k->field[i].type, &r->v[i], e);
	}
	return ok;
}

static bool
insert(struct loader *l, const struct rec *r, uint32_t nth, struct err *e)
{
	const struct kind *k = &rec_kinds[r->kind];
	sqlite3_stmt *s = l->insert[r->kind];

	l->roles.parts |= r->kind == REC_PART;
	if (s == NULL)
		s = l->insert[r->kind] = prepare_insert(l->st, k);
	sqlite3_bind_int64(s, 1, r->ts);
	sqlite3_bind_int64(s, 2, l->source);
	sqlite3_bind_int64(s, 3, (int64_t)r->line);
	sqlite3_bind_int64(s, 4, (int64_t)r->byte);
	sqlite3_bind_int64(s, 5, (int64_t)r->hash);
	sqlite3_bind_int64(s, 6, nth);
	return bind_fields(l, s, r, e) && db_run(l->st, s, e);
}

/* Overlap. */

static int
cmp_interval(const void *a, const void *b)
{
	const struct interval *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static void
merge_intervals(struct loader *l)
{
	size_t n = 0;

	if (l->nold)
		qsort(l->old, l->nold, sizeof(*l->old), cmp_interval);
	for (size_t i = 0; i < l->nold; i++) {
		if (n && l->old[i].start <= l->old[n - 1].stop) {
			if (l->old[i].stop > l->old[n - 1].stop)
				l->old[n - 1].stop = l->old[i].stop;
		} else {
			l->old[n++] = l->old[i];
		}
	}
	l->nold = n;
	l->at_old = 0;
}

/* Could a stored line have this time? Neighbours share an interval. */
static bool
overlaps(struct loader *l, int64_t ts)
{
	size_t lo = 0, hi = l->nold;

	if (l->nold == 0)
		return false;
	if (ts >= l->old[l->at_old].start && ts <= l->old[l->at_old].stop)
		return true;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (l->old[mid].stop < ts)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == l->nold || l->old[lo].start > ts)
		return false;
	l->at_old = lo;
	return true;
}

static bool
put_also(struct loader *l, const struct rec *r, enum rec_kind kind, int64_t id,
    struct err *e)
{
	sqlite3_bind_int64(l->put_also, 1,
	    (id << REC_KIND_BITS) | (int64_t)kind);
	sqlite3_bind_int64(l->put_also, 2, l->source);
	sqlite3_bind_int64(l->put_also, 3, (int64_t)r->line);
	sqlite3_bind_int64(l->put_also, 4, (int64_t)r->byte);
	l->shared++;
	return db_run(l->st, l->put_also, e);
}

/* The line is there; this version of it may be better. */
static bool
meet(struct loader *l, const struct rec *r, uint32_t nth, struct role *stored,
    struct err *e)
{
	if (!role_rivals(r, stored))
		return true;
	return insert(l, r, nth, e) && role_choose(&l->roles, r,
	    sqlite3_last_insert_rowid(l->st->db), stored, e);
}

static bool
sink_record(struct sink *sink, const struct rec *r, bool *dup, struct err *e)
{
	struct loader *l = self(sink);
	uint32_t nth = repeat_add(&l->repeats, r->ts, r->hash);
	struct role stored = { .kind = r->kind };

	l->rows |= r->kind == REC_ROW;
	*dup = nth > 1 && rec_is_single(r);
	if (*dup)
		return true;
	if (overlaps(l, r->ts) && !role_find(&l->roles, r, nth, l->same_app,
	    l->nsources, &stored, e))
		return false;
	*dup = stored.id != 0;
	if (!*dup)
		return insert(l, r, nth, e);
	return meet(l, r, nth, &stored, e) &&
	    put_also(l, r, stored.kind, stored.id, e);
}

static bool
sink_reject(struct sink *sink, const struct reject *j, struct err *e)
{
	struct loader *l = self(sink);
	sqlite3_stmt *s = l->put_reject;

	sqlite3_bind_int64(s, 1, l->source);
	sqlite3_bind_int64(s, 2, (int64_t)j->line);
	sqlite3_bind_int64(s, 3, (int64_t)j->byte);
	sqlite3_bind_int64(s, 4, (int64_t)j->length);
	db_bind_sv(s, 5, sv_str(j->reason));
	db_bind_sv(s, 6, sv_null(j->detail) ? SV("") : j->detail);
	sqlite3_bind_blob64(s, 7, j->bytes.p ? j->bytes.p : "", j->bytes.n,
	    SQLITE_STATIC);
	return db_run(l->st, s, e);
}

/* One input. */

/* Sources of the same app, of its logs or of the same dump. */
static const char same_app_sql[] =
    "SELECT id FROM source WHERE dump IS ?2 AND (form = 'dump') = ?3 "
    "AND app IS ?1";
static const char interval_sql[] =
    "SELECT start, stop FROM span WHERE source IN (SELECT id FROM source "
    "WHERE dump IS ?2 AND (form = 'dump') = ?3 AND app IS ?1)";

static sqlite3_stmt *
prepare_group(struct loader *l, const char *sql)
{
	sqlite3_stmt *s = db_prepare(l->st, sql);
	bool dump = sv_is(l->src->form, "dump");

	db_bind_sv(s, 1, l->src->app);
	db_bind_sv(s, 2, l->src->dump);
	sqlite3_bind_int(s, 3, dump);
	return s;
}

static bool
load_group(struct loader *l, struct err *e)
{
	sqlite3_stmt *s = prepare_group(l, same_app_sql);
	struct buf b = BUF_INIT;
	int rc;

	free(l->same_app);
	l->nsources = l->source;
	l->same_app = calloc((size_t)l->source + 1, 1);
	if (l->same_app == NULL)
		oom();
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		l->same_app[sqlite3_column_int64(s, 0)] = 1;
	sqlite3_finalize(s);
	if (rc != SQLITE_DONE)
		return db_err(l->st, e, "sources");
	s = prepare_group(l, interval_sql);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		struct interval v = { sqlite3_column_int64(s, 0),
		    sqlite3_column_int64(s, 1) };

		buf_mem(&b, &v, sizeof(v));
	}
	sqlite3_finalize(s);
	free(l->old);
	l->old = (struct interval *)(void *)b.p;
	l->nold = b.n / sizeof(*l->old);
	merge_intervals(l);
	return rc == SQLITE_DONE || db_err(l->st, e, "spans");
}

static bool
sink_begin(struct sink *sink, struct source *src, struct err *e)
{
	struct loader *l = self(sink);
	sqlite3_stmt *s;

	assert(!l->open);
	if (!db_exec(l->st, "BEGIN IMMEDIATE", e))
		return false;
	l->open = true;
	l->src = src;
	l->shared = 0;
	l->rows = false;
	if (!renew_dict(l, e))
		return false;
	s = db_prepare(l->st, "SELECT coalesce(max(id), 0) + 1 FROM source");
	sqlite3_step(s);
	l->source = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	repeat_clear(&l->repeats);
	l->roles.parts = query_one_i64(l->st,
	    "SELECT EXISTS (SELECT 1 FROM part)", 0);
	return load_group(l, e);
}

static void
roll_back(struct loader *l)
{
	if (!l->open)
		return;
	sqlite3_exec(l->st->db, "ROLLBACK", NULL, NULL, NULL);
	l->open = false;
	l->version = DICT_STALE;
}

static void
sink_cancel(struct sink *sink)
{
	roll_back(self(sink));
}

/* Equal bytes of two apps are two inputs; where one's app is not known they are
 * taken for a copy. */
static bool
has_digest(struct loader *l, const struct source *src)
{
	sqlite3_stmt *s = db_prepare(l->st, "SELECT 1 FROM source WHERE "
	    "digest = ?1 AND (app = ?2 OR app IS NULL OR ?2 IS NULL)");
	bool found;

	sqlite3_bind_blob(s, 1, src->digest, sizeof(src->digest), SQLITE_STATIC);
	db_bind_sv(s, 2, src->app);
	found = sqlite3_step(s) == SQLITE_ROW;
	sqlite3_finalize(s);
	return found;
}

static bool
write_spans(struct loader *l, const struct source *src, struct err *e)
{
	sqlite3_stmt *s = l->put_span;

	for (size_t i = 0; i < src->nspans; i++) {
		sqlite3_bind_int64(s, 1, l->source);
		sqlite3_bind_int64(s, 2, src->span[i].start);
		sqlite3_bind_int64(s, 3, src->span[i].stop);
		sqlite3_bind_int64(s, 4, (int64_t)src->span[i].lines);
		sqlite3_bind_int(s, 5, src->span[i].head_cut);
		if (!db_run(l->st, s, e))
			return false;
	}
	return true;
}

static bool
write_source(struct loader *l, const struct source *src, struct err *e)
{
	sqlite3_stmt *s = l->put_source;
	struct buf b = BUF_INIT;
	bool ok;

	sqlite3_bind_int64(s, 1, l->source);
	sqlite3_bind_blob(s, 2, src->digest, sizeof(src->digest), SQLITE_STATIC);
	db_bind_sv(s, 3, src->name);
	db_bind_sv(s, 4, src->format);
	db_bind_sv(s, 5, src->form);
	db_bind_sv(s, 6, src->app);
	db_bind_sv(s, 7, src->dump);
	sqlite3_bind_int64(s, 8, src->arrived);
	sqlite3_bind_int64(s, 9, (int64_t)src->bytes);
	sqlite3_bind_int64(s, 10, (int64_t)src->read);
	sqlite3_bind_int64(s, 11, (int64_t)src->stored);
	sqlite3_bind_int64(s, 12, (int64_t)src->duplicates);
	sqlite3_bind_int64(s, 13, (int64_t)src->rejected);
	sqlite3_bind_int64(s, 14, (int64_t)src->blank);
	db_bind_sv(s, 15, src->damaged);
	ndjson_notes(&b, src);
	db_bind_sv(s, 16, buf_sv(&b));
	ok = db_run(l->st, s, e);
	buf_release(&b);
	return ok;
}

static bool
finish_known(struct loader *l, struct source *src, struct err *e)
{
	roll_back(l);
	src->known = true;
	src->duplicates = src->read - src->rejected - src->blank;
	src->stored = 0;
	/* Rows of unknown dumps may have the time of the first copy as theirs. */
	return l->rows || home_copy(l->st, src, e);
}

/* Was much less understood of it than of inputs before? */
static void
look_for_drift(struct loader *l, struct source *src)
{
	sqlite3_stmt *s = db_prepare(l->st,
	    "SELECT share, share_before FROM parser_drift WHERE source_id = ?1");

	sqlite3_bind_int64(s, 1, l->source);
	src->drift = sqlite3_step(s) == SQLITE_ROW;
	src->share = sqlite3_column_double(s, 0);
	src->share_before = sqlite3_column_double(s, 1);
	sqlite3_finalize(s);
}

static bool
sink_end(struct sink *sink, struct source *src, struct err *e)
{
	struct loader *l = self(sink);
	bool ok;

	if (has_digest(l, src))
		return finish_known(l, src, e);
	ok = write_source(l, src, e) && write_spans(l, src, e) &&
	    (l->shared == 0 || home_update(l->st, l->source, e)) &&
	    (!sv_is(src->form, "pull") || hole_update(l->st, l->source, e));
	if (ok && !sv_null(src->dump) && l->rows)
		ok = csvview_make(l->st, src->dump, e);
	if (ok && !sv_is(src->form, "dump"))
		look_for_drift(l, src);
	if (ok && db_exec(l->st, "COMMIT", e)) {
		l->open = false;
		return true;
	}
	roll_back(l);
	return false;
}

static const struct sink_ops loader_ops = {
	sink_begin, sink_record, sink_reject, sink_end, NULL, sink_cancel
};

static bool
prepare_all(struct loader *l)
{
	const struct {
		sqlite3_stmt **at;
		const char *sql;
	} list[] = {
		{ &l->put_str, "INSERT INTO str VALUES (?1, ?2)" },
		{ &l->put_also, "INSERT INTO also VALUES (?1, ?2, ?3, ?4)" },
		{ &l->put_reject, "INSERT INTO reject VALUES "
		    "(NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7)" },
		{ &l->put_span, "INSERT INTO span VALUES (?1, ?2, ?3, ?4, ?5)" },
		{ &l->put_source, "INSERT INTO source VALUES (?1, ?2, ?3, ?4, "
		    "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)" },
	};
	bool ok = true;

	for (size_t i = 0; ok && i < countof(list); i++)
		ok = (*list[i].at = db_prepare(l->st, list[i].sql)) != NULL;
	return ok;
}

struct loader *
loader_open(struct store *st, struct err *e)
{
	struct loader *l = calloc(1, sizeof(*l));

	if (l == NULL)
		oom();
	l->sink.ops = &loader_ops;
	l->st = l->roles.st = st;
	l->version = DICT_STALE;
	dict_init(&l->dict);
	repeat_init(&l->repeats);
	if (prepare_all(l))
		return l;
	db_err(st, e, "store");
	loader_close(l);
	return NULL;
}

void
loader_close(struct loader *l)
{
	if (l == NULL)
		return;
	if (l->open)
		sqlite3_exec(l->st->db, "ROLLBACK", NULL, NULL, NULL);
	for (int k = 0; k < REC_KIND_N; k++)
		sqlite3_finalize(l->insert[k]);
	roles_release(&l->roles);
	sqlite3_finalize(l->put_str);
	sqlite3_finalize(l->put_also);
	sqlite3_finalize(l->put_reject);
	sqlite3_finalize(l->put_span);
	sqlite3_finalize(l->put_source);
	dict_release(&l->dict);
	repeat_release(&l->repeats);
	free(l->old);
	free(l->same_app);
	free(l);
}

struct sink *
loader_sink(struct loader *l)
{
	return &l->sink;
}
