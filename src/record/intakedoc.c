/* SPDX-License-Identifier: MIT */
/* intakedoc.c: items of JSON documents and config vars as text, of intake.h. */
#include "parse/configtext.h"
#include "parse/configvar.h"
#include "parse/drainlist.h"
#include "parse/jsonseq.h"
#include "record/docrec.h"
#include "record/intake.h"

/* The shape of an input's items is that of the first one that has any; an item
 * of another shape is refused. */
struct docs {
	const struct doc_shape *shape;
	struct jsonseq seq;
	uint64_t line; /* where the next item starts, from 1 */
	bool begun;
};

/* Of drains the whole URL is secret, and its name is that of many others. */
static bool
is_secret_shape(const struct doc_shape *s)
{
	return s == NULL || s == &configvar_shape || s == &drainlist_shape;
}

/* Once the table is known, or at the end. */
static bool
begin_docs(struct intake *in, struct docs *d, const struct doc_shape *shape)
{
	d->shape = shape;
	d->begun = true;
	in->secret = is_secret_shape(shape);
	in->src->dump = shape ? sv_str(shape->table) : SV("unknown");
	return intake_begin(in);
}

static bool
refuse_item(struct intake *in, const struct bad_line *bad, sv raw, uint64_t at)
{
	in->src->read++;
	return intake_refuse(in, bad, raw, in->line, at, raw.n);
}

static bool
keep_row(struct intake *in, sv table, const struct doc_row *row, uint64_t at)
{
	struct rec rec;

	in->src->read++;
	docrec_make(&in->g->normal->redact, table, row, &in->scratch, &rec);
	rec.reader = "document";
	return intake_keep(in, &rec, in->line, at);
}

/* The rows of an item: each is a unit. */
static bool
take_rows(struct intake *in, const struct doc_shape *shape,
    const struct json_value *item, uint64_t at)
{
	struct doc_it it;
	bool ok = true;

	for (doc_begin(&it, shape, item); ok;) {
		struct arena_mark mark = arena_mark(&in->scratch);
		struct doc_row row;
		struct bad_line bad;
		bool good;

		if (!doc_next(&it, &in->scratch, &row, &bad, &good))
			break;
		if (good) {
			ok = keep_row(in, sv_str(shape->table), &row, at);
		} else {
			in->src->read++;
			ok = intake_refuse(in, &bad, item->raw, in->line, at,
			    item->raw.n);
		}
		arena_rewind(&in->scratch, mark);
	}
	return ok;
}

/* What is secret is so among items of any shape. */
static bool
refuse_other(struct intake *in, const struct doc_shape *shape, sv raw,
    uint64_t at)
{
	static const struct bad_line bad = { "unknown-item",
	    "an item of another shape than the first", 0 };
	bool ok, secret = in->secret;

	in->secret |= is_secret_shape(shape);
	ok = refuse_item(in, &bad, raw, at);
	in->secret = secret;
	return ok;
}

/* What the format, forced or told by the head, or else the name says. */
static const struct doc_shape *
expected_shape(const struct intake *in)
{
	return doc_named(in->format->table ? sv_str(in->format->table) :
	    in->naming.doc);
}

/* An object of no other shape is one of config vars where these are expected:
 * it may have any names, or none. */
static const struct doc_shape *
shape_of(const struct intake *in, const struct docs *d,
    const struct json_value *item)
{
	const struct doc_shape *s = d->begun ? d->shape : expected_shape(in);
	const struct doc_shape *found;

	if (d->shape && d->shape->is(item))
		return d->shape;
	found = doc_find(item);
	return found == NULL && s == &configvar_shape &&
	    item->kind == JSON_OBJECT ? s : found;
}

static bool
take_item(struct intake *in, struct docs *d, const struct json_value *item,
    uint64_t at)
{
	static const struct bad_line unknown = { "unknown-item",
	    "an item of none of the known shapes", 0 };
	const struct doc_shape *shape = shape_of(in, d, item);

	if (!d->begun && !begin_docs(in, d, shape ? shape :
	    expected_shape(in)))
		return false;
	if (d->shape == NULL || shape == NULL)
		return refuse_item(in, &unknown, item->raw, at);
	return shape == d->shape ? take_rows(in, shape, item, at) :
	    refuse_other(in, shape, item->raw, at);
}

static bool
take_bad(struct intake *in, struct docs *d, sv raw, uint64_t at)
{
	static const struct bad_line bad = { "bad-json",
	    "expected JSON", 0 };

	if (!d->begun && !begin_docs(in, d, expected_shape(in)))
		return false;
	return refuse_item(in, &bad, raw, at);
}

static bool
take_item_or_bad(struct intake *in, struct docs *d, enum jsonseq_result got,
    const struct json_value *item, uint64_t at)
{
	return got == JSONSEQ_ITEM ? take_item(in, d, item, at) :
	    take_bad(in, d, item->raw, at);
}

/* The last item was broken off. */
static void
tell_cut(struct intake *in, const struct docs *d, enum jsonseq_result got,
    sv view, sv rest)
{
	if (got == JSONSEQ_BAD && in->feed.eof && rest.n == 0 &&
	    !d->seq.open && !sv_ends(view, SV("\n")))
		in->src->damaged = SV("json-cut: the last item has no end");
}

/* An array that no bracket ends was cut, though every item is whole. */
static void
tell_open(struct intake *in, const struct docs *d)
{
	if (d->seq.open && sv_null(in->src->damaged))
		in->src->damaged = SV("json-open: the array is never closed");
}

bool
intake_docs(struct intake *in)
{
	struct docs d = { .seq = JSONSEQ_INIT(FEED_LINE_MAX), .line = 1 };
	bool ok = true, going = true;

	while (going) {
		struct arena_mark mark = arena_mark(&in->scratch);
		sv view = feed_view(&in->feed), rest = view;
		struct json_value item;
		enum jsonseq_result got;
		size_t lines, before = 0;

		got = jsonseq_next(&d.seq, &rest, in->feed.eof, &item, &lines);
		in->line = d.line += lines;
		tell_cut(in, &d, got, view, rest);
		if (got == JSONSEQ_ITEM || got == JSONSEQ_BAD) {
			/* in UTF-16 what stands before is longer than it shows */
			before = (size_t)(item.raw.p - view.p);
			feed_consume(&in->feed, before);
			going = take_item_or_bad(in, &d, got, &item,
			    in->feed.offset);
			ok = going;
			d.line += sv_count_byte(item.raw, '\n');
		}
		feed_consume(&in->feed, view.n - rest.n - before);
		if (got == JSONSEQ_MORE)
			ok = going = intake_double(in);
		else if (got == JSONSEQ_END)
			going = false;
		arena_rewind(&in->scratch, mark);
	}
	if (ok && !d.begun)
		ok = begin_docs(in, &d, expected_shape(in));
	tell_open(in, &d);
	return ok;
}

static bool
take_var(struct intake *in, const struct configtext_item *item, uint64_t at)
{
	struct doc_row row;

	configvar_row(&in->scratch, item->name, item->value, &row);
	return keep_row(in, SV("config_var"), &row, at);
}

static bool
take_config(struct intake *in, enum configtext_result got,
    const struct configtext_item *item, uint64_t at)
{
	static const struct bad_line bad = { "no-config",
	    "expected NAME=value or NAME: value", 0 };
	static const struct bad_line open = { "config-open-quote",
	    "the quote of this value is never closed", 0 };

	in->line++;
	if (got == CONFIGTEXT_VAR)
		return take_var(in, item, at);
	in->src->read++;
	if (got == CONFIGTEXT_BAD || got == CONFIGTEXT_OPEN)
		return intake_refuse(in, got == CONFIGTEXT_OPEN ? &open : &bad,
		    item->raw, in->line, at, item->raw.n);
	in->src->blank++;
	return true;
}

/* As for tables: the next item of at most FEED_LINE_MAX bytes. */
static enum configtext_result
next_var(struct intake *in, struct configtext *t, sv *view,
    struct configtext_item *item, bool *whole)
{
	bool eof = in->feed.eof && view->n == feed_view(&in->feed).n;
	struct configtext before = *t;
	enum configtext_result got;

	got = configtext_next(t, view, eof, &in->scratch, item);
	*whole = true;
	if (got != CONFIGTEXT_MORE || view->n < FEED_LINE_MAX)
		return got;
	*t = before;
	got = configtext_next(t, view, true, &in->scratch, item);
	*whole = view->n > FEED_LINE_MAX / 2;
	return got;
}

bool
intake_config(struct intake *in)
{
	struct configtext t = CONFIGTEXT_INIT;

	in->secret = true;
	in->src->dump = SV("config_var");
	if (!intake_begin(in))
		return false;
	for (;;) {
		struct arena_mark mark = arena_mark(&in->scratch);
		sv view = sv_take(feed_view(&in->feed), FEED_LINE_MAX);
		sv rest = view;
		uint64_t at = in->feed.offset;
		struct configtext_item item;
		enum configtext_result got;
		bool ok, whole;

		got = next_var(in, &t, &rest, &item, &whole);
		if (got == CONFIGTEXT_END)
			return true;
		if (!whole) {
			ok = intake_long_unit(in, view, at);
		} else if (got == CONFIGTEXT_MORE) {
			ok = intake_double(in);
		} else {
			ok = take_config(in, got, &item, at);
			in->line += item.lines ? item.lines - 1 : 0;
			feed_consume(&in->feed, view.n - rest.n);
		}
		arena_rewind(&in->scratch, mark);
		if (!ok)
			return false;
	}
}
