/* SPDX-License-Identifier: MIT */
#include "input/filedigest.h"
#include "parse/json.h"
#include "record/ndjson.h"
#include "store/csvview.h"
#include "store/hole.h"
#include "store/home.h"
#include "store/loadpriv.h"

bool
loadsource_is_known(struct loader *l, const struct source *src)
{
	sqlite3_stmt *s = db_prepare(l->st, "SELECT name, arrived FROM source "
	    "WHERE digest = ?1 AND (app = ?2 OR app IS NULL OR ?2 IS NULL)");
	bool found = false;

	sqlite3_bind_blob(s, 1, src->digest, sizeof(src->digest), SQLITE_STATIC);
	db_bind_sv(s, 2, src->app);
	while (!found && sqlite3_step(s) == SQLITE_ROW)
		found = home_is_copy(src, db_column_sv(s, 0),
		    sqlite3_column_int64(s, 1));
	sqlite3_finalize(s);
	return found;
}

/* --- a file that is known --- */

static void
take_notes(struct source *src, sqlite3_stmt *s)
{
	struct json_value obj, key, v;
	sv it;

	if (!json_parse(db_column_sv(s, 4), &obj))
		return;
	for (it = json_begin(&obj); json_member(&it, &key, &v);) {
		enum note n = note_find(sv_of(key.raw.p + 1, key.raw.n - 2));
		int64_t count;

		/* The name is this file's own. */
		if (n < NOTE_N && n != NOTE_NAME && json_i64(&v, &count))
			src->note[n] = (uint64_t)count;
	}
}

static bool
take_counts(struct source *src, sqlite3_stmt *s,
    const uint8_t digest[BLAKE3_LEN])
{
	const void *blob = sqlite3_column_blob(s, 0);

	if (blob == NULL || sqlite3_column_bytes(s, 0) != BLAKE3_LEN ||
	    memcmp(blob, digest, BLAKE3_LEN) != 0)
		return false;
	memcpy(src->digest, digest, sizeof(src->digest));
	src->bytes = (uint64_t)sqlite3_column_int64(s, 1);
	src->read = (uint64_t)sqlite3_column_int64(s, 2);
	src->blank = (uint64_t)sqlite3_column_int64(s, 3);
	src->duplicates = src->read - src->blank;
	take_notes(src, s);
	src->known = true;
	return true;
}

/* Inputs that this one may be, read as it would be read. What was damaged or has
 * rejects is read again, to tell of them. */
static sqlite3_stmt *
prepare_recall(struct loader *l, const struct source *src)
{
	sqlite3_stmt *s = db_prepare(l->st, "SELECT digest, bytes, read, blank, "
	    "notes FROM source WHERE size = ?1 AND form = ?2 AND format = ?3 "
	    "AND (app = ?4 OR app IS NULL OR ?4 IS NULL) AND rejected = 0 AND "
	    "damaged IS NULL AND form IN ('drain', 'stream') ORDER BY id");

	sqlite3_bind_int64(s, 1, (int64_t)src->size);
	db_bind_sv(s, 2, src->form);
	db_bind_sv(s, 3, src->format);
	db_bind_sv(s, 4, src->app);
	return s;
}

bool
loadsource_recall(struct loader *l, struct source *src, const char *path,
    unsigned threads, struct err *e)
{
	sqlite3_stmt *s = prepare_recall(l, src);
	int rc = sqlite3_step(s);
	uint8_t digest[BLAKE3_LEN];
	bool ok = true, whole = false;

	if (rc == SQLITE_ROW)
		ok = filedigest(path, src->size, threads, digest, &whole, e);
	while (whole && rc == SQLITE_ROW && !take_counts(src, s, digest))
		rc = sqlite3_step(s);
	sqlite3_finalize(s);
	if (!ok)
		return false;
	if (!src->known)
		return rc == SQLITE_DONE || rc == SQLITE_ROW ||
		    db_err(l->st, e, "sources");
	return home_copy(l->st, src, e);
}

/* --- a new one --- */

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
	if (src->size)
		sqlite3_bind_int64(s, 17, (int64_t)src->size);
	else
		sqlite3_bind_null(s, 17);
	sqlite3_bind_int64(s, 18, l->first);
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
