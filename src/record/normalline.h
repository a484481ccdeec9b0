/* SPDX-License-Identifier: MIT */
/* normalline.h: a line on its way to a record, for the readers of record/. */
#ifndef RECORD_NORMALLINE_H
#define RECORD_NORMALLINE_H

#include "base/attr.h"
#include "base/jsonw.h"
#include "record/normal.h"

struct normalline {
	const struct normal *n;
	const struct envelope *env;
	sv origin;   /* clean, without secrets */
	struct arena *scratch;
	sv msg;      /* clean and trimmed, secrets still in it */
	bool secret; /* something was replaced */
	uint32_t notes;
};

/* The text without secrets; null stays null. Every text that a reader puts into
 * a record comes through here, or out of a text that did. */
static inline sv
normalline_redact(struct normalline *l, sv text)
{
	sv out;

	if (sv_null(text) || l->n->unseen)
		return text;
	out = redact_text(&l->n->redact, text, l->scratch);
	l->secret |= out.p != text.p;
	return out;
}

/* A status, a size, milliseconds: never negative. `n` is what the text says. */
static inline void
normalline_note_count(struct normalline *l, sv text, int64_t n)
{
	if (n < 0 && text.n)
		l->notes |= NOTE_BIT(NOTE_BAD_NUMBER);
}

static inline void
normalline_put_count(struct rec *r, int field, int64_t n)
{
	if (n >= 0)
		rec_put_i64(r, field, n);
}

/* Of a path that is not plain: *tok says what was secret in it. */
void normalline_odd_path(struct normalline *l, struct rec *r, int field,
    int decoded, sv path, struct token *tok);

/* Puts a path into its field and, where that is not the same, percent-decoded into
 * the other. True: it is no plain one, and *tok is set. */
static inline bool
normalline_path(struct normalline *l, struct rec *r, int field, int decoded,
    sv path, struct token *tok)
{
	bool plain = redact_is_plain_path(&l->n->redact, path);

	if (likely(plain))
		rec_put_text(r, field, path);
	else
		normalline_odd_path(l, r, field, decoded, path, tok);
	if (l->n->unseen)
		return !plain;
	if (likely(plain))
		r->path_hash = hash_text(path);
	else
		rec_hash_path(r);
	return !plain;
}

/* A text and the column it should be in; -1: it has none. */
struct normalline_item {
	sv key, text;
	int column;
};

/* Adds those that are in no column to an object. */
void normalline_items(struct normalline *l, struct jsonw *w,
    const struct rec *r, const struct normalline_item *items, size_t n);

/* Closes the object that was built, puts it into the field and releases w->b. */
static inline void
normalline_object(struct normalline *l, struct rec *r, int field,
    struct jsonw *w)
{
	jsonw_close(w, '}');
	rec_put_sv(r, field, arena_sv(l->scratch, buf_sv(w->b)));
	buf_release(w->b);
}

#endif
