/* SPDX-License-Identifier: MIT */
#include "output/explain.h"

#include "base/io.h"
#include "base/jsonw.h"
#include "output/escape.h"
#include "record/rec.h"
#include "record/recjson.h"

enum { NAME_WIDTH = 14, SHOWN_MAX = 2000 };

static void
put_name(struct buf *b, sv name)
{
	buf_lit(b, "    ");
	buf_add(b, name);
	for (size_t n = name.n; n < NAME_WIDTH; n++)
		buf_byte(b, ' ');
	buf_byte(b, ' ');
}

static void
put_place(struct buf *b, uint64_t line, uint64_t byte)
{
	buf_printf(b, "line %llu, byte %llu: ", (unsigned long long)line,
	    (unsigned long long)byte);
}

static void
put_notes(struct buf *b, uint32_t notes)
{
	const char *between = "";

	if (notes == 0)
		return;
	put_name(b, SV("noticed"));
	for (int i = 0; i < NOTE_N; i++) {
		if (!(notes & NOTE_BIT(i)))
			continue;
		buf_str(b, between);
		buf_add(b, note_def[i].name);
		buf_printf(b, " (%s)", note_def[i].doc);
		between = "; ";
	}
	buf_byte(b, '\n');
}

void
explain_rec(struct buf *b, const struct rec *r)
{
	const struct kind *k = &rec_kinds[r->kind];
	struct jsonw w = JSONW_INIT(b);

	put_place(b, r->line, r->byte);
	buf_add(b, k->name);
	if (r->reader[0])
		buf_printf(b, " (%s)", r->reader);
	buf_byte(b, '\n');
	put_name(b, SV("ts"));
	jsonw_utc(&w, r->ts);
	buf_byte(b, '\n');
	for (int i = 0; i < k->nfields; i++) {
		if (!rec_has(r, i))
			continue;
		put_name(b, k->field[i].name);
		recjson_value(b, r, i);
		buf_byte(b, '\n');
	}
	put_notes(b, r->notes);
}

/* The line, and under it a mark at the byte where reading stopped. */
static void
put_mark(struct buf *b, sv bytes, uint64_t at)
{
	struct buf before = BUF_INIT;
	size_t width;

	bytes = sv_take(bytes, SHOWN_MAX);
	buf_lit(b, "    | ");
	escape_text(b, bytes);
	buf_lit(b, "\n    | ");
	escape_text(&before, sv_take(bytes, (size_t)at));
	for (width = escape_width(buf_sv(&before)); width; width--)
		buf_byte(b, ' ');
	buf_lit(b, "^\n");
	buf_release(&before);
}

void
explain_reject(struct buf *b, const struct reject *j)
{
	put_place(b, j->line, j->byte);
	buf_printf(b, "rejected: %s\n", j->reason);
	put_name(b, SV("stopped at"));
	buf_printf(b, "byte %llu of %llu\n", (unsigned long long)j->at,
	    (unsigned long long)j->length);
	put_name(b, SV("because"));
	escape_text(b, j->detail);
	buf_byte(b, '\n');
	put_mark(b, j->bytes, j->at);
}

static struct explain_sink *
self(struct sink *s)
{
	return (struct explain_sink *)(void *)s;
}

static bool
put(struct sink *sink, struct buf *b, struct err *e)
{
	bool ok = io_write_all(self(sink)->fd, buf_sv(b), e);

	buf_release(b);
	return ok;
}

static bool
sink_begin(struct sink *sink, struct source *src, struct err *e)
{
	struct buf b = BUF_INIT;

	escape_text(&b, src->name);
	buf_lit(&b, ": read as ");
	escape_text(&b, src->format);
	buf_printf(&b, ": %s\n", src->why);
	return put(sink, &b, e);
}

static bool
sink_record(struct sink *sink, const struct rec *r, bool *dup, struct err *e)
{
	struct buf b = BUF_INIT;

	*dup = false;
	explain_rec(&b, r);
	return put(sink, &b, e);
}

static bool
sink_reject(struct sink *sink, const struct reject *j, struct err *e)
{
	struct buf b = BUF_INIT;

	explain_reject(&b, j);
	return put(sink, &b, e);
}

static bool
sink_end(struct sink *sink, struct source *src, struct err *e)
{
	(void)sink;
	(void)src;
	(void)e;
	return true;
}

void
explain_sink_init(struct explain_sink *s, int fd)
{
	static const struct sink_ops ops = {
		sink_begin, sink_record, sink_reject, sink_end, NULL, NULL,
		NULL, NULL
	};

	*s = (struct explain_sink){ { &ops }, fd };
}
