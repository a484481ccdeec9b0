/* SPDX-License-Identifier: MIT */
#include "record/ndjson.h"
#include "store/csvview.h"
#include "store/hole.h"
#include "store/home.h"
#include "store/loadpriv.h"

bool
loadsource_is_known(struct loader *l, const struct source *src)
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

bool
loadsource_add(struct loader *l, struct source *src, struct err *e)
{
	bool ok = write_source(l, src, e) && write_spans(l, src, e) &&
	    (l->shared == 0 || home_update(l->st, l->source, e)) &&
	    (!sv_is(src->form, "pull") || hole_update(l->st, l->source, e));

	if (ok && !sv_null(src->dump) && l->rows)
		ok = csvview_make(l->st, src->dump, e);
	if (ok && !sv_is(src->form, "dump"))
		look_for_drift(l, src);
	return ok;
}
