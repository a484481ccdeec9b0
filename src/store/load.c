/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/oom.h"
#include "store/draft.h"
#include "store/home.h"
#include "store/loadpriv.h"
#include "store/query.h"

enum { DICT_STALE = -1 }; /* loader.version: read it again */

/* A copy of the store is worth it for this many bytes of pages, which must be a
 * share of the whole. */
enum { DRAFT_MIN = 1 << 20, DRAFT_SHARE = 4 };

static struct loader *
self(struct sink *s)
{
	return (struct loader *)s;
}

/* --- records --- */

static bool
sink_record(struct sink *sink, const struct rec *r, bool *dup, struct err *e)
{
	struct loader *l = self(sink);
	uint32_t nth;
	int64_t id;

	if (!repeat_add(&l->repeats, r->ts, r->hash, &nth, e))
		return false;
	l->rows |= r->kind == REC_ROW;
	*dup = nth > 1 && rec_is_single(r);
	if (!*dup && l->nold && !loaddup_find(l, r, nth, dup, e))
		return false;
	return *dup || loadrow_add(l, r, nth, false, &id, e);
}

static void
sink_soon(struct sink *sink, const struct rec *r)
{
	struct loader *l = self(sink);

	repeat_prefetch(&l->repeats, r->ts, r->hash);
	loadtext_prefetch(l, r);
}

static bool
sink_reject(struct sink *sink, const struct reject *j, struct err *e)
{
	return loadrow_reject(self(sink), j, e);
}

/* --- one input --- */

bool
load_prepare(struct loader *l)
{
	const struct {
		sqlite3_stmt **at;
		const char *sql;
	} list[] = {
		{ &l->put_also, "INSERT INTO also VALUES (?1, ?2, ?3, ?4)" },
		{ &l->put_span, "INSERT INTO span VALUES (?1, ?2, ?3, ?4, ?5)" },
		{ &l->put_source, "INSERT INTO source VALUES (?1, ?2, ?3, ?4, "
		    "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
		    "?17, ?18)" },
	};
	bool ok = true;

	for (size_t i = 0; ok && i < countof(list); i++)
		ok = (*list[i].at = db_prepare(l->st, list[i].sql)) != NULL;
	return ok;
}

void
load_unprepare(struct loader *l)
{
	for (int k = 0; k < REC_KIND_N; k++) {
		sqlite3_finalize(l->insert[k]);
		l->insert[k] = NULL;
	}
	roles_release(&l->roles);
	sqlite3_finalize(l->put_also);
	sqlite3_finalize(l->put_span);
	sqlite3_finalize(l->put_source);
	l->put_also = l->put_span = l->put_source = NULL;
}

/* The transaction of the input; in the file that has the name now. */
static bool
begin(struct loader *l, struct err *e)
{
	bool moved;

	for (;;) {
		if (!db_begin(l->st, &moved, e))
			return false;
		if (!moved) {
			unlink(l->draft.p); /* of a run that was killed */
			return true;
		}
		load_unprepare(l);
		l->version = DICT_STALE;
		if (!db_reopen(l->st, e))
			return false;
		if (!load_prepare(l))
			return db_err(l->st, e, "store");
	}
}

/* Behind all, also behind one that somebody deleted without its rejects. */
static int64_t
next_source(struct store *st)
{
	return query_one_i64(st, "SELECT 1 + max("
	    "(SELECT coalesce(max(id), 0) FROM source), "
	    "(SELECT coalesce(max(source), 0) FROM reject))", 0);
}

static bool
sink_begin(struct sink *sink, struct source *src, struct err *e)
{
	struct loader *l = self(sink);
	uint32_t base;

	assert(!l->open);
	if (!begin(l, e))
		return false;
	l->open = true;
	l->src = src;
	l->rows = false;
	l->changed = false;
	l->source = next_source(l->st);
	l->roles.added = INT64_MAX;
	l->roles.parts = query_one_i64(l->st,
	    "SELECT EXISTS (SELECT 1 FROM part)", 0);
	base = (uint32_t)query_one_i64(l->st, "PRAGMA page_count", 0);
	bulk_open(&l->bulk, l->source, base, l->draft.p);
	l->bulk.pages.stays = l->st->mode != STORE_MEMORY;
	repeat_clear(&l->repeats);
	loadrow_begin(l);
	return loadtext_begin(l, e) && loadform_begin(l, e) &&
	    loaddup_begin(l, e);
}

/* The file for its rows is ours while the store is locked. */
static void
roll_back(struct loader *l)
{
	if (!l->open)
		return;
	draft_drop(l->st, l->draft.p);
	bulk_release(&l->bulk);
	sqlite3_exec(l->st->db, "ROLLBACK", NULL, NULL, NULL);
	bulk_detach(l->st);
	l->open = false;
	l->version = DICT_STALE;
}

static void
sink_cancel(struct sink *sink)
{
	roll_back(self(sink));
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

static bool
commit(struct loader *l, struct source *src, struct err *e)
{
	if (!bulk_is_empty(&l->bulk) && !bulk_move(&l->bulk, l->st, e))
		return false;
	bulk_release(&l->bulk);
	if (!loaddup_flush(l, e) || !loadsource_add(l, src, e) ||
	    !db_exec(l->st, "COMMIT", e))
		return false;
	bulk_detach(l->st);
	return true;
}

/* Large enough to be worth a copy of what is there? */
static bool
may_replace(struct loader *l)
{
	uint64_t size = bulk_size(&l->bulk);

	return !l->changed && size >= DRAFT_MIN &&
	    (l->st->mode != STORE_MEMORY || bulkpages_in_file(&l->bulk.pages)) &&
	    size >= (uint64_t)l->bulk.base * BULK_PAGE / DRAFT_SHARE &&
	    draft_possible(l->st) && bulk_may_extend(l->st);
}

static bool
replace(struct loader *l, struct source *src, struct err *e)
{
	bool ok;

	if (!bulk_extend(&l->bulk, l->st, e))
		return false;
	bulkpages_leave(&l->bulk.pages);
	load_unprepare(l);
	ok = draft_open(l->st, l->draft.p, e) && (load_prepare(l) ||
	    db_err(l->st, e, "store")) && loaddup_flush(l, e) &&
	    loadsource_add(l, src, e);
	load_unprepare(l);
	if (!ok || !draft_keep(l->st, l->draft.p, e))
		return false;
	bulk_release(&l->bulk);
	l->version = query_one_i64(l->st, "PRAGMA data_version", 0);
	return load_prepare(l) || db_err(l->st, e, "store");
}

static bool
sink_end(struct sink *sink, struct source *src, struct err *e)
{
	struct loader *l = self(sink);

	if (loadsource_is_known(l, src))
		return finish_known(l, src, e);
	if (loadrow_end(l, e) && (may_replace(l) ? replace(l, src, e) :
	    commit(l, src, e))) {
		l->open = false;
		return true;
	}
	roll_back(l);
	return false;
}

static bool
sink_recall(struct sink *sink, struct source *src, const char *path,
    unsigned threads, struct err *e)
{
	return loadsource_recall(self(sink), src, path, threads, e);
}

/* --- the loader --- */

static const struct sink_ops loader_ops = {
	sink_begin, sink_record, sink_reject, sink_end, NULL, sink_cancel,
	sink_recall, sink_soon
};

struct loader *
loader_open(struct store *st, struct err *e)
{
	struct loader *l = calloc(1, sizeof(*l));

	if (l == NULL)
		oom();
	l->sink.ops = &loader_ops;
	l->st = l->roles.st = st;
	l->version = DICT_STALE;
	draft_name(st, &l->draft);
	dict_init(&l->dict);
	repeat_init(&l->repeats);
	if (load_prepare(l))
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
	roll_back(l);
	load_unprepare(l);
	loadtext_release(l);
	loadform_release(l);
	loadshape_release(l);
	stretches_release(&l->roles.stretches);
	repeat_release(&l->repeats);
	bulkrow_release(&l->row);
	bulkrow_release(&l->text);
	buf_release(&l->made[0]);
	buf_release(&l->made[1]);
	buf_release(&l->form.text);
	buf_release(&l->fields.text);
	buf_release(&l->also);
	buf_release(&l->draft);
	free(l->old);
	free(l->same_app);
	free(l);
}

struct sink *
loader_sink(struct loader *l)
{
	return &l->sink;
}
