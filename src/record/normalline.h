/* SPDX-License-Identifier: MIT */
/* normalline.h: a line on its way to a record, for the readers of record/. */
#ifndef RECORD_NORMALLINE_H
#define RECORD_NORMALLINE_H

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
