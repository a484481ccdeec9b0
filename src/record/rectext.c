/* SPDX-License-Identifier: MIT */
#include "record/rectext.h"

#include "parse/kv.h"

void
rectext_write(struct buf *b, const struct rec *r, int field)
{
	sv text = r->v[field].text;

	if (!sv_null(text))
		buf_add(b, text);
	else if (r->kind == REC_METRIC)
		sampleline_write(b, &r->samples);
	else
		kv_write(b, r->v[APP_message].text);
}

sv
rectext_get(const struct rec *r, int field, struct buf *b)
{
	if (!sv_null(r->v[field].text))
		return r->v[field].text;
	buf_clear(b);
	rectext_write(b, r, field);
	return buf_sv(b);
}
