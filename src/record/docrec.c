/* SPDX-License-Identifier: MIT */
#include "record/docrec.h"

#include "base/ascii.h"
#include "base/hash.h"
#include "base/jsonw.h"
#include "base/utf8.h"
#include "parse/envelope.h"
#include "parse/json.h"
#include "record/note.h"
#include "record/secretname.h"

/* The string at the start of *json, cut off. */
static void
copy_string(struct buf *b, sv *json, struct arena *a)
{
	struct json_value v;

	if (json_value(json, &v))
		jsonw_text(b, json_text(a, &v));
	else
		*json = SV("");
}

/* The same value on one line, with every string as raxx writes strings. */
static sv
on_one_line(sv json, struct arena *a)
{
	struct buf b = BUF_INIT;
	sv out;

	while (json.n) {
		if (json.p[0] == '"')
			copy_string(&b, &json, a);
		else if (is_space(json.p[0]))
			json = sv_skip(json, 1);
		else
			buf_byte(&b, sv_cut_n(&json, 1).p[0]);
	}
	out = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return out;
}

struct row {
	const struct redact *redact;
	struct arena *scratch;
	bool secret; /* something was replaced */
};

static sv
redacted(struct row *r, sv text)
{
	sv out = redact_text(r->redact, text, r->scratch);

	r->secret |= out.p != text.p;
	return out;
}

/* The token of a drain only names it: log lines say it too, and it is what the
 * notices of lost lines and the list of drains have in common. */
static bool
is_secret(const struct doc_cell *c)
{
	return c->text.n && secretname_is(c->name, false) &&
	    !envelope_is_token(c->text);
}

static void
put_text(struct row *r, struct jsonw *w, const struct doc_cell *c)
{
	bool named = is_secret(c);
	sv text = utf8_clean(c->text, r->scratch);

	r->secret |= named;
	jsonw_sv(w, named ? redact_value(r->redact, c->text, r->scratch) :
	    redacted(r, text));
}

/* Should a replacement have made it no JSON any more, it is text. */
static void
put_json(struct row *r, struct jsonw *w, const struct doc_cell *c)
{
	bool named = is_secret(c);
	sv text = on_one_line(c->text, r->scratch);
	struct json_value v;

	r->secret |= named;
	text = named ? redact_value(r->redact, text, r->scratch) :
	    redacted(r, text);
	if (!named && json_parse(text, &v))
		jsonw_raw(w, text);
	else
		jsonw_sv(w, text);
}

static void
put_cell(struct row *r, struct jsonw *w, const struct doc_cell *c)
{
	switch (c->type) {
	case DOC_NULL:
	case DOC_TYPE_N:
		jsonw_null(w);
		break;
	case DOC_TEXT:
		put_text(r, w, c);
		break;
	case DOC_NUMBER:
		jsonw_raw(w, c->text);
		break;
	case DOC_BOOL:
		jsonw_bool(w, c->num != 0);
		break;
	case DOC_TIME:
		jsonw_utc(w, c->num);
		break;
	case DOC_JSON:
		put_json(r, w, c);
		break;
	case DOC_SECRET:
		r->secret = true;
		jsonw_sv(w, redact_value(r->redact, c->text, r->scratch));
		break;
	}
}

/* As for rows of CSV: what was read names the row, however it was indented. */
static uint64_t
hash_row(const struct row *r, sv table, const struct doc_row *row)
{
	uint64_t h = hash64(table, r->secret ? r->redact->seed : 0);

	for (size_t i = 0; i < row->ncell; i++) {
		const struct doc_cell *c = &row->cell[i];
		sv text = c->type == DOC_JSON ?
		    on_one_line(c->text, r->scratch) : c->text;

		h = hash64(c->name, h);
		h = hash64(text, h ^ (uint64_t)c->type);
	}
	return h;
}

void
docrec_make(const struct redact *redact, sv table, const struct doc_row *row,
    struct arena *scratch, struct rec *out)
{
	struct row r = { redact, scratch, false };
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	rec_init(out, REC_ROW);
	jsonw_open(&w, '{');
	for (size_t i = 0; i < row->ncell; i++) {
		jsonw_key(&w, row->cell[i].name);
		put_cell(&r, &w, &row->cell[i]);
	}
	jsonw_close(&w, '}');
	rec_put_sv(out, ROW_dump, table);
	rec_put_sv(out, ROW_fields, arena_sv(scratch, buf_sv(&b)));
	out->ts = row->ts;
	out->hash = hash_row(&r, table, row);
	if (r.secret)
		out->notes |= NOTE_BIT(NOTE_REDACTED);
	buf_release(&b);
}
