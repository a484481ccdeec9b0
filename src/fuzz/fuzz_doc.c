/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/utc.h"
#include "parse/doc.h"
#include "parse/urlhost.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_cell(const struct doc_cell *c)
{
	struct json_value v;

	assert(c->name.n && c->type < DOC_TYPE_N);
	assert((c->type == DOC_NULL) == sv_null(c->text));
	if (c->type == DOC_NUMBER || c->type == DOC_JSON)
		assert(json_parse(c->text, &v));
	if (c->type == DOC_NUMBER)
		assert(v.kind == JSON_NUMBER);
	if (c->type == DOC_BOOL)
		assert(c->num == sv_is(c->text, "true"));
	if (c->type == DOC_TIME)
		assert(c->num > utc_days(1, 1, 1) * UTC_DAY - UTC_DAY &&
		    c->num < utc_days(9999, 12, 31) * UTC_DAY + 2 * UTC_DAY);
}

/* A row has each name once, and its time is that of one of its cells. */
static void
check_row(const struct doc_shape *s, const struct doc_row *row)
{
	bool timed = row->ts == UTC_NONE;

	assert(row->ncell && row->ncell <= row->cap);
	assert(timed || !s->snapshot);
	for (size_t i = 0; i < row->ncell; i++) {
		const struct doc_cell *c = &row->cell[i];

		check_cell(c);
		assert(docrow_find(row, c->name) == c);
		timed |= c->type == DOC_TIME && c->num == row->ts;
	}
	assert(timed);
}

static void
note(struct buf *b, const struct doc_row *row)
{
	for (size_t i = 0; i < row->ncell; i++) {
		buf_printf(b, "%zu %d:", i, (int)row->cell[i].type);
		buf_add(b, row->cell[i].text);
	}
}

static void
check_item(const struct doc_shape *s, const struct json_value *item,
    struct buf *out)
{
	struct arena a = ARENA_INIT;
	struct bad_line bad = { NULL, NULL, 0 };
	struct arena_mark start = arena_mark(&a);
	struct doc_row row;
	struct doc_it it;
	bool ok;

	doc_begin(&it, s, item);
	while (doc_next(&it, &a, &row, &bad, &ok)) {
		if (ok) {
			check_row(s, &row);
			note(out, &row);
		} else {
			assert(bad.reason && bad.detail);
			assert(bad.at < item->raw.n);
		}
		arena_rewind(&a, start);
	}
	arena_release(&a);
}

/* What stands before the last '@' of a URL is never shown as its host. */
static void
check_user_info(sv user)
{
	struct buf b = BUF_INIT;
	struct urlhost u;

	buf_lit(&b, "https://");
	buf_add(&b, user);
	buf_lit(&b, "@h.example/x");
	if (urlhost_read(buf_sv(&b), &u))
		assert(sv_is(u.host, "h.example") && sv_is(u.scheme, "https"));
	buf_release(&b);
}

/* Every shape must stand an item of any other; a value gives the same rows
 * each time. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size), rest = text;
	struct json_value item;

	if (size > 8192)
		return 0;
	check_user_info(text);
	while (json_value(&rest, &item)) {
		const struct doc_shape *found = doc_find(&item);

		assert(!found || item.kind == JSON_OBJECT);
		for (size_t i = 0; i < ndoc_shapes; i++) {
			struct buf one = BUF_INIT, two = BUF_INIT;

			check_item(doc_shapes[i], &item, &one);
			check_item(doc_shapes[i], &item, &two);
			assert(sv_eq(buf_sv(&one), buf_sv(&two)));
			buf_release(&two);
			buf_release(&one);
		}
	}
	return 0;
}
