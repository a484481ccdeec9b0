/* SPDX-License-Identifier: MIT */
/* loadtext.c: texts of records, by the dictionary or in their rows. */
#include <stdlib.h>

#include "base/attr.h"
#include "base/near.h"
#include "base/prefetch.h"
#include "base/table.h"
#include "store/bindrec.h"
#include "store/loadpriv.h"
#include "store/query.h"

/* Above these a text that may be unique is kept in its row: the dictionary is in
 * memory. So is one that is not short the first time it comes: half of the paths
 * of a log come once, and cost more in the dictionary. */
enum {
	STR_BOUND = 4 * 1000 * 1000,
	STR_BYTES = 160 * 1000 * 1000,
	STR_SHORT = 16,
	STR_SEEN = 1 << 17 /* of the texts that came once: where to remember them */
};

static bool
load_dict(struct loader *l, struct err *e)
{
	sqlite3_stmt *s = db_prepare(l->st, "SELECT id, s FROM str");
	int rc;

	loadtext_release(l);
	dict_init(&l->dict);
	l->text_seen = table_new(STR_SEEN, sizeof(*l->text_seen));
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		dict_load(&l->dict, sv_of((const char *)sqlite3_column_text(s, 1),
		    (size_t)sqlite3_column_bytes(s, 1)),
		    sqlite3_column_int64(s, 0));
	sqlite3_finalize(s);
	return rc == SQLITE_DONE ? loadshape_load(l, e) :
	    db_err(l->st, e, "dictionary");
}

bool
loadtext_begin(struct loader *l, struct err *e)
{
	int64_t now = query_one_i64(l->st, "PRAGMA data_version", 0);
	int64_t last = query_one_i64(l->st,
	    "SELECT coalesce(max(id), 0) FROM str", 0);

	/* A new connection does not know what was written just before it. */
	if (now != l->version || last != l->dict.next - 1) {
		l->version = now;
		if (!load_dict(l, e))
			return false;
	}
	bulk_begin(&l->bulk, BULK_STR, l->dict.next - 1);
	bulk_begin(&l->bulk, BULK_SHAPE, l->shapes.next - 1);
	return true;
}

/* What is remembered of texts goes with the dictionary they are in. */
void
loadtext_release(struct loader *l)
{
	loadcolumn_release(l);
	dict_release(&l->dict);
	free(l->text_seen);
	l->text_seen = NULL;
}

bool
loadtext_is_full(const struct loader *l)
{
	return l->dict.used >= STR_BOUND || dict_bytes(&l->dict) >= STR_BYTES;
}

/* A text that the dictionary does not have, into it. */
static bool
add_text(struct loader *l, sv text, uint64_t hash, struct recent *to,
    struct err *e)
{
	to->id = dict_add(&l->dict, text, hash, &to->text);
	bulkrow_clear(&l->text);
	bulkrow_text(&l->text, text);
	return bulk_add(&l->bulk, BULK_STR, to->id, &l->text, e);
}

static uint32_t *
place_seen(struct loader *l, uint64_t hash)
{
	return &l->text_seen[hash % STR_SEEN];
}

/* Does the text, which is not in the dictionary, go into the row? */
static bool
stays_in_row(struct loader *l, sv text, uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash >> 32) | 1, *seen;

	if (loadtext_is_full(l))
		return true;
	if (text.n <= STR_SHORT)
		return false;
	seen = place_seen(l, hash);
	if (*seen == tag)
		return false;
	*seen = tag;
	return true;
}

/* A text that, if it is `any`, may go into the row; otherwise *to is about it. */
static attr_inline bool
put_text(struct loader *l, sv text, uint64_t hash, bool any, struct recent *to,
    struct err *e)
{
	int64_t id = dict_find(&l->dict, text, hash, &to->text);

	if (id) {
		to->id = id;
	} else if (any && stays_in_row(l, text, hash)) {
		bulkrow_text(&l->row, text);
		return true;
	} else if (!add_text(l, text, hash, to, e)) {
		return false;
	}
	bulkrow_int(&l->row, to->id);
	return true;
}

static attr_apart bool
put_other(struct loader *l, sv text, bool any, struct recent *to, struct err *e)
{
	return put_text(l, text, hash_text(text), any, to, e);
}

/* Which of those that are remembered of a column it may be. Most differ in a digit
 * at their end, as in web.1 or app[web.1]; then no two of ten have one place. */
static size_t
place_recent(sv text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	size_t at = text.n * 5;

	if (text.n > 1)
		at += p[0] + p[text.n - 2] * 5U + p[text.n - 1] * 3U;
	return at % RECENT;
}

bool
loadtext_put(struct loader *l, struct recent of_column[RECENT], sv text,
    bool any, struct err *e)
{
	struct recent *r = &of_column[place_recent(text)];

	if (r->id == 0 || r->text.n != text.n ||
	    !near_same(r->text.p, text.p, text.n))
		return put_other(l, text, any, r, e);
	bulkrow_int(&l->row, r->id);
	return true;
}

/* --- paths --- */

static void
prefetch_places(struct loader *l, uint64_t hash)
{
	dict_prefetch(&l->dict, hash);
	prefetch(place_seen(l, hash));
}

/* From the method on, so many bytes of a router line are in its row or looked up. */
enum { LINE_REST = 224 };

/* Paths are what the dictionary has most of: where one may be is fetched from
 * memory some records before, what is there when two more were announced. Lists of
 * forwarded addresses are mostly in no dictionary. */
void
loadtext_prefetch(struct loader *l, const struct rec *r)
{
	uint64_t hash = r->path_hash;

	if (unlikely(l->text_seen == NULL)) /* nor a dictionary */
		return;
	if (hash) {
		prefetch_places(l, hash);
		prefetch_all(r->v[r->usual ? REQUEST_method :
		    rec_path_field(r)].text.p, LINE_REST);
	}
	if (r->kind == REC_REQUEST && rec_has(r, REQUEST_fwd) &&
	    !bindrec_is_implied(r, REQUEST_fwd))
		prefetch_places(l, hash_text(r->v[REQUEST_fwd].text));
	if (l->announced[0])
		dict_prefetch_text(&l->dict, l->announced[0]);
	l->announced[0] = l->announced[1];
	l->announced[1] = hash;
}

/* Most are another one than those before. */
bool
loadtext_put_path(struct loader *l, const struct rec *r, sv text, struct err *e)
{
	struct recent seldom;

	return put_text(l, text, r->path_hash ? r->path_hash : hash_text(text),
	    true, &seldom, e);
}
