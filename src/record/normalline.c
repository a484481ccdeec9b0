/* SPDX-License-Identifier: MIT */
#include "record/normalline.h"

#include "base/percent.h"
#include "base/utf8.h"

/* Of a path with escapes the other form too: probes hide in either. Once decoded
 * it may show a secret that was hidden. */
static void
put_decoded(struct normalline *l, struct rec *r, int field, sv path)
{
	sv decoded = percent_decode(path, l->scratch);

	if (decoded.p != path.p)
		rec_put_sv(r, field, normalline_redact(l,
		    utf8_clean(decoded, l->scratch)));
}

void
normalline_odd_path(struct normalline *l, struct rec *r, int field, int decoded,
    sv path, struct token *tok)
{
	sv out;

	*tok = (struct token){ .hash = SV_NULL };
	if (sv_null(path))
		return;
	out = redact_path(&l->n->redact, path, l->scratch, tok);
	l->secret |= out.p != path.p;
	rec_put_sv(r, field, out);
	put_decoded(l, r, decoded, out);
}

void
normalline_items(struct normalline *l, struct jsonw *w, const struct rec *r,
    const struct normalline_item *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int column = items[i].column;

		if (items[i].text.n == 0 || (column >= 0 && rec_has(r, column)))
			continue;
		jsonw_key(w, items[i].key);
		jsonw_sv(w, normalline_redact(l, items[i].text));
	}
}
