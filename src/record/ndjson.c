/* SPDX-License-Identifier: MIT */
#include "record/ndjson.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/io.h"
#include "base/jsonw.h"
#include "base/swar.h"
#include "base/utc.h"
#include "base/utf8.h"
#include "parse/json.h"
#include "record/recjson.h"

static void
put_place(struct jsonw *w, sv source, uint64_t line, uint64_t byte)
{
	jsonw_name(w, JSONW_NAME("src"));
	jsonw_open(w, '{');
	jsonw_put_sv(w, "source", source);
	jsonw_put_i64(w, "line", (int64_t)line);
	jsonw_put_i64(w, "byte", (int64_t)byte);
	jsonw_close(w, '}');
}

void
ndjson_rec(struct buf *b, const struct rec *r, const struct source *src)
{
	recjson_write(b, r, src->name, src->app);
}

void
ndjson_reject(struct buf *b, const struct reject *j, const struct source *src)
{
	struct jsonw w = JSONW_INIT(b);

	jsonw_open(&w, '{');
	jsonw_put_str(&w, "kind", "reject");
	put_place(&w, src->name, j->line, j->byte);
	jsonw_put_i64(&w, "length", (int64_t)j->length);
	jsonw_put_str(&w, "reason", j->reason);
	jsonw_put_sv(&w, "detail", j->detail);
	jsonw_put_sv(&w, "bytes", j->bytes);
	jsonw_close(&w, '}');
	buf_byte(b, '\n');
}

static void
put_source(struct jsonw *w, const struct source *s)
{
	jsonw_put_sv(w, "name", s->name);
	jsonw_put_sv(w, "format", s->format);
	jsonw_put_sv(w, "form", s->form);
	if (!sv_null(s->app))
		jsonw_put_sv(w, "app", s->app);
	if (!sv_null(s->dump))
		jsonw_put_sv(w, "dump", s->dump);
	jsonw_put_utc(w, "arrived", s->arrived);
}

void
ndjson_begin(struct buf *b, const struct source *src)
{
	struct jsonw w = JSONW_INIT(b);

	jsonw_open(&w, '{');
	jsonw_put_str(&w, "kind", "input");
	put_source(&w, src);
	jsonw_close(&w, '}');
	buf_byte(b, '\n');
}

static void
put_spans(struct jsonw *w, const struct source *s)
{
	jsonw_key(w, SV("spans"));
	jsonw_open(w, '[');
	for (size_t i = 0; i < s->nspans; i++) {
		jsonw_open(w, '{');
		jsonw_put_utc(w, "start", s->span[i].start);
		jsonw_put_utc(w, "stop", s->span[i].stop);
		jsonw_put_i64(w, "lines", (int64_t)s->span[i].lines);
		jsonw_put_bool(w, "head_cut", s->span[i].head_cut);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

void
ndjson_notes(struct buf *b, const struct source *src)
{
	struct jsonw w = JSONW_INIT(b);

	jsonw_open(&w, '{');
	for (int i = 0; i < NOTE_N; i++) {
		if (src->note[i] == 0)
			continue;
		jsonw_key(&w, note_def[i].name);
		jsonw_i64(&w, (int64_t)src->note[i]);
	}
	jsonw_close(&w, '}');
}

void
ndjson_end(struct buf *b, const struct source *src)
{
	struct jsonw w = JSONW_INIT(b);
	char hex[2 * sizeof(src->digest)];
	struct buf h = { hex, 0, sizeof(hex) };

	buf_hex(&h, src->digest, sizeof(src->digest));
	jsonw_open(&w, '{');
	jsonw_put_str(&w, "kind", "input_end");
	put_source(&w, src);
	jsonw_put_sv(&w, "digest", buf_sv(&h));
	jsonw_put_i64(&w, "bytes", (int64_t)src->bytes);
	jsonw_put_i64(&w, "read", (int64_t)src->read);
	jsonw_put_i64(&w, "stored", (int64_t)src->stored);
	jsonw_put_i64(&w, "duplicates", (int64_t)src->duplicates);
	jsonw_put_i64(&w, "rejected", (int64_t)src->rejected);
	jsonw_put_i64(&w, "blank", (int64_t)src->blank);
	if (!sv_null(src->damaged))
		jsonw_put_sv(&w, "damaged", src->damaged);
	put_spans(&w, src);
	jsonw_key(&w, SV("notes"));
	ndjson_notes(b, src);
	jsonw_close(&w, '}');
	buf_byte(b, '\n');
}

/* Reading back. */

static bool
read_u64(const struct json_value *v, uint64_t *out)
{
	int64_t n;

	if (!json_i64(v, &n) || n < 0)
		return false;
	*out = (uint64_t)n;
	return true;
}

static bool
read_time(struct arena *a, const struct json_value *v, int64_t *us)
{
	sv text = json_text(a, v);

	if (v->kind == JSON_NULL) {
		*us = UTC_NONE;
		return true;
	}
	return v->kind == JSON_STRING && utc_read(&text, false, us) &&
	    text.n == 0;
}

static bool
read_hex(sv text, uint8_t *out, size_t n)
{
	if (text.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int hi = hex_value(text.p[2 * i]);
		int lo = hex_value(text.p[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		out[i] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

/* A string or null. What others wrote may hold a NUL or bytes that are no
 * text. */
static bool
read_text(struct arena *a, const struct json_value *v, sv *text)
{
	*text = v->kind == JSON_STRING ? utf8_clean(json_text(a, v), a) : SV_NULL;
	return v->kind == JSON_STRING || v->kind == JSON_NULL;
}

static bool
read_value(struct arena *a, const struct json_value *v, enum field_type type,
    struct rec *r, int i)
{
	struct ip ip;
	int64_t num;
	double real;
	sv text;

	switch (type) {
	case F_STR:
	case F_ANY:
	case F_TEXT:
	case F_RID:
		if (!read_text(a, v, &text))
			return false;
		rec_put_sv(r, i, text);
		return true;
	case F_JSON:
		rec_put_sv(r, i, v->raw);
		return utf8_clean(v->raw, a).p == v->raw.p;
	case F_INT:
		if (!json_i64(v, &num))
			return false;
		rec_put_i64(r, i, num);
		return true;
	case F_BOOL:
		rec_put_i64(r, i, sv_is(v->raw, "true"));
		return v->kind == JSON_BOOL;
	case F_REAL:
		if (!json_double(v, &real))
			return false;
		rec_put_real(r, i, real);
		return true;
	case F_TIME:
		if (!read_time(a, v, &num))
			return false;
		rec_put_i64(r, i, num);
		return true;
	case F_ADDR:
		if (v->kind != JSON_STRING || !rec_ip_read(json_text(a, v), &ip))
			return false;
		rec_put_ip(r, i, ip);
		return true;
	case FIELD_TYPE_N:
		break;
	}
	return false;
}

static bool
read_place(struct arena *a, const struct json_value *obj, sv *source,
    uint64_t *line, uint64_t *byte)
{
	struct json_value key, v;
	sv it = json_begin(obj);

	while (json_member(&it, &key, &v)) {
		if (json_key_is(&key, SV("line")) && !read_u64(&v, line))
			return false;
		if (json_key_is(&key, SV("byte")) && !read_u64(&v, byte))
			return false;
		if (json_key_is(&key, SV("source")) && !read_text(a, &v, source))
			return false;
	}
	return obj->kind == JSON_OBJECT;
}

/* Fields usually come in the table's order: the search starts behind the last
 * one found. */
static int
find_field(const struct kind *k, const struct json_value *key, int from)
{
	for (int n = 0; n < k->nfields; n++) {
		int i = (from + n) % k->nfields;

		if (json_key_is(key, k->field[i].name))
			return i;
	}
	return -1;
}

static bool
read_common(struct arena *a, const struct json_value *key,
    const struct json_value *v, struct rec *r, struct source *src, bool *ours)
{
	uint8_t id[8];

	*ours = true;
	if (json_key_is(key, SV("ts")))
		return read_time(a, v, &r->ts);
	if (json_key_is(key, SV("src")))
		return read_place(a, v, &src->name, &r->line, &r->byte);
	if (json_key_is(key, SV("id"))) {
		if (!read_hex(json_text(a, v), id, sizeof(id)))
			return false;
		r->hash = swar_turn(swar_load((const char *)id));
		return true;
	}
	if (json_key_is(key, SV("kind")) || json_key_is(key, SV("app")))
		return true;
	*ours = false;
	return true;
}

static bool
read_rec(struct arena *a, const struct json_value *obj, struct rec *r,
    struct source *src, const char **why)
{
	const struct kind *k = &rec_kinds[r->kind];
	struct json_value key, v;
	sv it = json_begin(obj);
	int next = 0;
	bool common;

	r->ts = UTC_NONE;
	r->line = r->byte = 0;
	while (json_member(&it, &key, &v)) {
		int i;

		if (!read_common(a, &key, &v, r, src, &common)) {
			*why = "bad ts, id or src";
			return false;
		}
		if (common)
			continue;
		i = find_field(k, &key, next);
		if (i < 0) {
			*why = "unknown field of this kind";
			return false;
		}
		if (v.kind != JSON_NULL &&
		    !read_value(a, &v, k->field[i].type, r, i)) {
			*why = "value of the wrong type";
			return false;
		}
		next = i + 1;
	}
	return true;
}

static bool
read_reject(struct arena *a, const struct json_value *obj, struct reject *j,
    struct source *src)
{
	struct json_value key, v;
	sv it = json_begin(obj), reason = SV_NULL;
	bool ok = true;

	while (ok && json_member(&it, &key, &v)) {
		if (json_key_is(&key, SV("src")))
			ok = read_place(a, &v, &src->name, &j->line, &j->byte);
		else if (json_key_is(&key, SV("length")))
			ok = read_u64(&v, &j->length);
		else if (json_key_is(&key, SV("reason")))
			ok = read_text(a, &v, &reason);
		else if (json_key_is(&key, SV("detail")))
			ok = read_text(a, &v, &j->detail);
		else if (json_key_is(&key, SV("bytes")))
			ok = read_text(a, &v, &j->bytes);
	}
	j->reason = arena_str(a, reason);
	return ok && !sv_null(reason);
}

static bool
read_spans(struct arena *a, const struct json_value *list, struct source *src)
{
	struct json_value v, m, key;
	struct span *span;
	size_t n = 0;
	bool ok = true;
	sv it, in;

	for (it = json_begin(list); json_item(&it, &v);)
		n++;
	span = arena_array(a, n + 1, sizeof(*span));
	src->span = span;
	for (it = json_begin(list); ok && json_item(&it, &v); span++) {
		for (in = json_begin(&v); ok && json_member(&in, &key, &m);) {
			if (json_key_is(&key, SV("start")))
				ok = read_time(a, &m, &span->start);
			else if (json_key_is(&key, SV("stop")))
				ok = read_time(a, &m, &span->stop);
			else if (json_key_is(&key, SV("lines")))
				ok = read_u64(&m, &span->lines);
			else if (json_key_is(&key, SV("head_cut")))
				span->head_cut = sv_is(m.raw, "true");
		}
	}
	src->nspans = n;
	return ok;
}

static bool
read_notes(struct arena *a, const struct json_value *obj, struct source *src)
{
	struct json_value key, v;
	sv it;

	for (it = json_begin(obj); json_member(&it, &key, &v);) {
		enum note n = note_find(json_text(a, &key));

		if (n == NOTE_N || !read_u64(&v, &src->note[n]))
			return false;
	}
	return obj->kind == JSON_OBJECT;
}

static bool
read_source(struct arena *a, const struct json_value *obj, struct source *s)
{
	const struct { sv key; sv *text; } texts[] = {
		{ SV("name"), &s->name }, { SV("format"), &s->format },
		{ SV("form"), &s->form }, { SV("app"), &s->app },
		{ SV("dump"), &s->dump }, { SV("damaged"), &s->damaged },
	};
	const struct { sv key; uint64_t *num; } nums[] = {
		{ SV("bytes"), &s->bytes }, { SV("read"), &s->read },
		{ SV("stored"), &s->stored }, { SV("duplicates"), &s->duplicates },
		{ SV("rejected"), &s->rejected }, { SV("blank"), &s->blank },
	};
	struct json_value key, v;
	sv it = json_begin(obj);
	bool ok = true;

	while (ok && json_member(&it, &key, &v)) {
		for (size_t i = 0; i < countof(texts); i++)
			if (json_key_is(&key, texts[i].key))
				ok = ok && read_text(a, &v, texts[i].text);
		for (size_t i = 0; i < countof(nums); i++)
			if (json_key_is(&key, nums[i].key))
				ok = ok && read_u64(&v, nums[i].num);
		if (json_key_is(&key, SV("arrived")))
			ok = ok && read_time(a, &v, &s->arrived);
		else if (json_key_is(&key, SV("digest")))
			ok = ok && read_hex(json_text(a, &v), s->digest,
			    sizeof(s->digest));
		else if (json_key_is(&key, SV("spans")))
			ok = ok && read_spans(a, &v, s);
		else if (json_key_is(&key, SV("notes")))
			ok = ok && read_notes(a, &v, s);
	}
	return ok && !sv_null(s->name);
}

enum ndjson_line
ndjson_read(struct arena *scratch, sv line, struct rec *r, struct reject *j,
    struct source *src, const char **why)
{
	struct json_value obj, kind;
	bool end;
	sv name;

	*why = "not a JSON object with a kind";
	if (!json_parse(line, &obj) || !json_find(&obj, SV("kind"), &kind))
		return NDJSON_BAD;
	name = json_text(scratch, &kind);
	end = sv_is(name, "input_end");
	if (end || sv_is(name, "input")) {
		*why = "bad input record";
		*src = (struct source){ .arrived = UTC_NONE };
		if (!read_source(scratch, &obj, src))
			return NDJSON_BAD;
		return end ? NDJSON_INPUT_END : NDJSON_BEGIN;
	}
	if (sv_is(name, "reject")) {
		*why = "bad reject record";
		*j = (struct reject){ 0 };
		return read_reject(scratch, &obj, j, src) ? NDJSON_REJECT :
		    NDJSON_BAD;
	}
	*why = "unknown kind";
	rec_init(r, rec_kind_find(name));
	if (r->kind == REC_NONE)
		return NDJSON_BAD;
	return read_rec(scratch, &obj, r, src, why) ? NDJSON_RECORD :
	    NDJSON_BAD;
}

/* The sink. */

enum { FLUSH_AT = 1 << 18 }; /* bytes; with fewer, who reads a pipe is woken more often */

bool
ndjson_sink_flush(struct ndjson_sink *s, struct err *e)
{
	bool ok = io_write_all(s->fd, buf_sv(&s->out), e);

	buf_clear(&s->out);
	return ok;
}

static struct ndjson_sink *
self(struct sink *s)
{
	return (struct ndjson_sink *)s;
}

static bool
flush_full(struct ndjson_sink *s, struct err *e)
{
	return s->out.n < FLUSH_AT || ndjson_sink_flush(s, e);
}

static bool
sink_begin(struct sink *sink, struct source *src, struct err *e)
{
	struct ndjson_sink *s = self(sink);

	s->src = src;
	ndjson_begin(&s->out, src);
	return flush_full(s, e);
}

static bool
sink_record(struct sink *sink, const struct rec *r, bool *dup, struct err *e)
{
	struct ndjson_sink *s = self(sink);

	*dup = false;
	ndjson_rec(&s->out, r, s->src);
	return flush_full(s, e);
}

static bool
sink_reject(struct sink *sink, const struct reject *j, struct err *e)
{
	struct ndjson_sink *s = self(sink);

	ndjson_reject(&s->out, j, s->src);
	return flush_full(s, e);
}

static bool
sink_end(struct sink *sink, struct source *src, struct err *e)
{
	struct ndjson_sink *s = self(sink);

	ndjson_end(&s->out, src);
	return ndjson_sink_flush(s, e);
}

static bool
sink_idle(struct sink *sink, struct err *e)
{
	return ndjson_sink_flush(self(sink), e);
}

static const struct sink_ops ndjson_ops = {
	sink_begin, sink_record, sink_reject, sink_end, sink_idle, NULL,
	NULL, NULL
};

void
ndjson_sink_init(struct ndjson_sink *s, int fd)
{
	*s = (struct ndjson_sink){ { &ndjson_ops }, BUF_INIT, fd, NULL };
}

void
ndjson_sink_release(struct ndjson_sink *s)
{
	buf_release(&s->out);
}
