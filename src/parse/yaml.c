/* SPDX-License-Identifier: MIT */
/*
 * A tree is built from libyaml's events with an explicit stack, so depth is a
 * number we check and not the C stack. Duplicate keys are looked for when a map
 * ends, by sorting its members: a map of many keys must not cost a square.
 */
#include "parse/yaml.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/jsonw.h"
#include "base/oom.h"

struct frame {
	struct yaml *node;  /* list or map that is open */
	struct yaml **tail; /* where its next kid goes */
	bool have_key;
	struct yaml key;    /* key, key_line, key_col of the next member */
};

struct builder {
	struct arena *a;
	sv name, text;
	struct err *e;
	struct yaml **docs; /* where the next document goes */
	struct frame stack[YAML_DEPTH_MAX];
	int depth;
};

void
yaml_json(struct jsonw *w, const struct yaml *y)
{
	switch (y->kind) {
	case YAML_NULL:
	case YAML_KIND_N:
		jsonw_null(w);
		return;
	case YAML_STRING:
		jsonw_sv(w, y->text);
		return;
	case YAML_INT:
		jsonw_i64(w, y->num);
		return;
	case YAML_REAL:
		jsonw_real(w, y->real);
		return;
	case YAML_BOOL:
		jsonw_bool(w, y->num != 0);
		return;
	case YAML_LIST:
	case YAML_MAP:
		break;
	}
	jsonw_open(w, y->kind == YAML_LIST ? '[' : '{');
	for (const struct yaml *k = y->kid; k; k = k->next) {
		if (y->kind == YAML_MAP)
			jsonw_key(w, k->key);
		yaml_json(w, k);
	}
	jsonw_close(w, y->kind == YAML_LIST ? ']' : '}');
}

/* --- errors inside of scalars --- */

/* A walk over the source of a scalar: `rest` starts with the source of the
 * next byte of its text. Lines and columns of characters, as libyaml counts. */
struct walk {
	sv rest;
	int line, col;
};

/* Length of the line break at the start of v, or 0. */
static size_t
break_len(sv v)
{
	static const char *const breaks[] = { "\r\n", "\n", "\r", "\xc2\x85",
		"\xe2\x80\xa8", "\xe2\x80\xa9" };

	for (size_t i = 0; i < countof(breaks); i++)
		if (sv_starts(v, sv_str(breaks[i])))
			return sv_str(breaks[i]).n;
	return 0;
}

/* Over n bytes; a line break is passed as a whole. */
static void
skip(struct walk *w, size_t n)
{
	while (n > 0 && w->rest.n) {
		size_t len = break_len(w->rest);
		sv v = sv_cut_n(&w->rest, len ? len : 1);

		if (len) {
			w->line++;
			w->col = 1;
		} else {
			w->col += ((unsigned char)v.p[0] & 0xc0) != 0x80;
		}
		n -= v.n < n ? v.n : n;
	}
}

/* To a line and column of the source. */
static struct walk
walk_to(sv source, int line, int col)
{
	struct walk w = { source, 1, 1 };

	sv_skip_lit(&w.rest, SV("\xef\xbb\xbf"));
	while (w.rest.n && (w.line < line || (w.line == line && w.col < col)))
		skip(&w, 1);
	if (w.rest.n == 0) { /* what is empty may stand behind the end */
		w.line = line;
		w.col = col;
	}
	return w;
}

static size_t
blanks(sv v)
{
	size_t n = 0;

	while (n < v.n && (v.p[n] == ' ' || v.p[n] == '\t'))
		n++;
	return n;
}

/* Blanks, a line break and the indentation behind it are one byte of text: its
 * length, or 0 when there is no break. */
static size_t
fold_len(sv v)
{
	size_t n = blanks(v), len = break_len(sv_skip(v, n));

	return len ? n + len + blanks(sv_skip(v, n + len)) : 0;
}

/* Length in the source of an escape of a double-quoted scalar, and in text. */
static size_t
escape_len(sv v, size_t *text)
{
	char c = v.n > 1 ? v.p[1] : '\0';

	*text = 1;
	if (c == 'x')
		return 4;
	if (c == 'u' || c == 'U') {
		*text = 3;
		return c == 'u' ? 6 : 10;
	}
	if (c == '\n') {
		*text = 0;
		return 2 + blanks(sv_skip(v, 2));
	}
	return 2;
}

static void
walk_flow(struct walk *w, char quote, size_t byte)
{
	for (size_t at = 0; at < byte && w->rest.n;) {
		size_t text = 1, n = fold_len(w->rest);

		if (n == 0)
			n = 1;
		if (quote == '"' && w->rest.p[0] == '\\')
			n = escape_len(w->rest, &text);
		else if (quote == '\'' && sv_starts(w->rest, SV("''")))
			n = 2;
		if (at + text > byte)
			return;
		skip(w, n);
		at += text;
	}
}

/* Lines of a block scalar lose their indentation, that of the first. */
static void
walk_block(struct walk *w, size_t byte)
{
	size_t indent;

	skip(w, sv_find_byte(w->rest, '\n') + 1);
	indent = blanks(w->rest);
	skip(w, indent);
	for (; byte && w->rest.n; byte--) {
		bool end = break_len(w->rest) > 0;

		skip(w, 1);
		if (end && blanks(w->rest) >= indent)
			skip(w, indent);
	}
}

attr_printf(5, 0)
static bool
err_at(struct err *e, sv name, struct walk w, size_t byte, const char *fmt,
    va_list ap)
{
	char text[sizeof(e->msg)], c = w.rest.n ? w.rest.p[0] : '\0';

	vsnprintf(text, sizeof(text), fmt, ap);
	if (c == '|' || c == '>') {
		walk_block(&w, byte);
	} else {
		skip(&w, c == '\'' || c == '"');
		walk_flow(&w, c, byte);
	}
	return err_set(e, ST_USAGE, "%.*s:%d:%d: %s", SV_ARG(name), w.line,
	    w.col, text);
}

bool
yaml_err_in(struct err *e, sv name, const struct yaml *at, size_t byte,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_at(e, name, walk_to(at->source, at->line, at->col), byte, fmt, ap);
	va_end(ap);
	return false;
}

bool
yaml_err_key(struct err *e, sv name, const struct yaml *at, size_t byte,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_at(e, name, walk_to(at->source, at->key_line, at->key_col), byte,
	    fmt, ap);
	va_end(ap);
	return false;
}

bool
yaml_err(struct err *e, sv name, const struct yaml *at, const char *fmt, ...)
{
	char text[sizeof(e->msg)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(e, ST_USAGE, "%.*s:%d:%d: %s", SV_ARG(name), at->line,
	    at->col, text);
}

static bool
mark_err(struct builder *b, const yaml_mark_t *m, const char *what)
{
	return err_set(b->e, ST_USAGE, "%.*s:%zu:%zu: %s", SV_ARG(b->name),
	    m->line + 1, m->column + 1, what);
}

static bool
is_one_of(sv v, const char *const *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sv_is(v, word[i]))
			return true;
	return false;
}

/* Kind and value of a plain scalar; all else is a string. */
static void
resolve_plain(struct yaml *y)
{
	static const char *const null[] = { "", "~", "null", "Null", "NULL" };
	static const char *const yes[] = { "true", "True", "TRUE" };
	static const char *const no[] = { "false", "False", "FALSE" };
	sv v = y->text;

	y->kind = YAML_STRING;
	if (is_one_of(v, null, countof(null))) {
		y->kind = YAML_NULL;
	} else if (is_one_of(v, yes, countof(yes))) {
		y->kind = YAML_BOOL;
		y->num = 1;
	} else if (is_one_of(v, no, countof(no))) {
		y->kind = YAML_BOOL;
	} else if (sv_to_i64(v.n > 1 && v.p[0] == '+' && is_digit(v.p[1]) ?
	    sv_skip(v, 1) : v, &y->num)) {
		y->kind = YAML_INT;
		y->real = (double)y->num;
	} else if (sv_to_double(v, &y->real)) {
		y->kind = YAML_REAL;
	}
}

static bool
take_key(struct builder *b, struct frame *f, const yaml_event_t *ev)
{
	sv text = sv_of((const char *)ev->data.scalar.value,
	    ev->data.scalar.length);

	if (text.n == 0)
		return mark_err(b, &ev->start_mark, "a key is empty");
	f->key.key = arena_sv(b->a, text);
	f->key.key_line = (int)ev->start_mark.line + 1;
	f->key.key_col = (int)ev->start_mark.column + 1;
	f->have_key = true;
	return true;
}

/* A node hung into the open list or map, or a new document. */
static struct yaml *
add_node(struct builder *b, const yaml_event_t *ev, enum yaml_kind kind)
{
	struct yaml *y = arena_new(b->a, struct yaml);

	y->kind = kind;
	y->source = b->text;
	y->line = (int)ev->start_mark.line + 1;
	y->col = (int)ev->start_mark.column + 1;
	if (b->depth == 0) {
		*b->docs = y;
		b->docs = &y->next;
		return y;
	}
	struct frame *f = &b->stack[b->depth - 1];

	if (f->node->kind == YAML_MAP) {
		assert(f->have_key);
		y->key = f->key.key;
		y->key_line = f->key.key_line;
		y->key_col = f->key.key_col;
		f->have_key = false;
	}
	*f->tail = y;
	f->tail = &y->next;
	f->node->nkids++;
	return y;
}

static bool
wants_key(const struct builder *b)
{
	const struct frame *f = b->depth ? &b->stack[b->depth - 1] : NULL;

	return f && f->node->kind == YAML_MAP && !f->have_key;
}

static bool
on_scalar(struct builder *b, const yaml_event_t *ev)
{
	struct yaml *y;

	if (ev->data.scalar.anchor)
		return mark_err(b, &ev->start_mark, "anchors are not allowed");
	if (ev->data.scalar.tag)
		return mark_err(b, &ev->start_mark, "tags are not allowed");
	if (wants_key(b))
		return take_key(b, &b->stack[b->depth - 1], ev);
	y = add_node(b, ev, YAML_STRING);
	y->text = arena_sv(b->a, sv_of((const char *)ev->data.scalar.value,
	    ev->data.scalar.length));
	if (ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		resolve_plain(y);
	return true;
}

static bool
on_open(struct builder *b, const yaml_event_t *ev, enum yaml_kind kind,
    const void *anchor, const void *tag)
{
	if (anchor)
		return mark_err(b, &ev->start_mark, "anchors are not allowed");
	if (tag)
		return mark_err(b, &ev->start_mark, "tags are not allowed");
	if (wants_key(b))
		return mark_err(b, &ev->start_mark, "a key is no scalar");
	if (b->depth == YAML_DEPTH_MAX)
		return mark_err(b, &ev->start_mark, "nested too deeply");
	struct yaml *y = add_node(b, ev, kind);

	b->stack[b->depth++] = (struct frame){ .node = y, .tail = &y->kid };
	return true;
}

static int
by_key(const void *pa, const void *pb)
{
	const struct yaml *a = *(const struct yaml *const *)pa;
	const struct yaml *b = *(const struct yaml *const *)pb;
	int c = sv_cmp(a->key, b->key);

	if (c == 0)
		c = (a->key_line > b->key_line) - (a->key_line < b->key_line);
	return c ? c : (a->key_col > b->key_col) - (a->key_col < b->key_col);
}

static bool
check_keys(struct builder *b, const struct yaml *map)
{
	struct arena_mark m = arena_mark(b->a);
	const struct yaml **v = arena_array(b->a, map->nkids, sizeof(struct yaml *));
	const struct yaml *twice = NULL;
	size_t n = 0;

	for (const struct yaml *k = map->kid; k; k = k->next)
		v[n++] = k;
	if (n)
		qsort(v, n, sizeof(struct yaml *), by_key);
	for (size_t i = 1; i < n && !twice; i++)
		if (sv_eq(v[i - 1]->key, v[i]->key))
			twice = v[i];
	arena_rewind(b->a, m);
	if (!twice)
		return true;
	return err_set(b->e, ST_USAGE, "%.*s:%d:%d: key '%.*s' stands twice",
	    SV_ARG(b->name), twice->key_line, twice->key_col,
	    SV_ARG(twice->key));
}

static bool
on_close(struct builder *b)
{
	const struct yaml *y = b->stack[--b->depth].node;

	return y->kind == YAML_LIST || check_keys(b, y);
}

static bool
on_event(struct builder *b, const yaml_event_t *ev)
{
	switch (ev->type) {
	case YAML_ALIAS_EVENT:
		return mark_err(b, &ev->start_mark, "aliases are not allowed");
	case YAML_SCALAR_EVENT:
		return on_scalar(b, ev);
	case YAML_SEQUENCE_START_EVENT:
		return on_open(b, ev, YAML_LIST, ev->data.sequence_start.anchor,
		    ev->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return on_open(b, ev, YAML_MAP, ev->data.mapping_start.anchor,
		    ev->data.mapping_start.tag);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return on_close(b);
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
	return true;
}

/* Reader errors have an offset instead of a mark. */
static void
offset_mark(sv text, size_t offset, yaml_mark_t *m)
{
	*m = (yaml_mark_t){ 0 };
	for (size_t i = 0; i < offset && i < text.n; i++) {
		m->column++;
		if (text.p[i] == '\n') {
			m->line++;
			m->column = 0;
		}
	}
}

static bool
parser_err(struct builder *b, const yaml_parser_t *p, sv text)
{
	char what[256];
	yaml_mark_t at = p->problem_mark;

	if (p->error == YAML_MEMORY_ERROR)
		oom();
	if (p->error == YAML_READER_ERROR)
		offset_mark(text, p->problem_offset, &at);
	snprintf(what, sizeof(what), "%s%s%s%s",
	    p->problem ? p->problem : "not YAML", p->context ? " (" : "",
	    p->context ? p->context : "", p->context ? ")" : "");
	return mark_err(b, &at, what);
}

static bool
build(struct builder *b, yaml_parser_t *p, sv text)
{
	bool ok = true, end = false;

	while (ok && !end) {
		yaml_event_t ev;

		if (!yaml_parser_parse(p, &ev))
			return parser_err(b, p, text);
		end = ev.type == YAML_STREAM_END_EVENT;
		ok = on_event(b, &ev);
		yaml_event_delete(&ev);
	}
	return ok;
}

bool
yaml_parse(struct arena *a, sv name, sv text, struct yaml **out, struct err *e)
{
	struct builder b = { .a = a, .name = name, .text = text, .e = e,
		.docs = out };
	yaml_parser_t p;
	bool ok;

	*out = NULL;
	if (text.n > YAML_SIZE_MAX)
		return err_set(e, ST_USAGE, "%.*s:1:1: %zu bytes are too many "
		    "(at most %d)", SV_ARG(name), text.n, YAML_SIZE_MAX);
	if (!yaml_parser_initialize(&p))
		oom();
	yaml_parser_set_input_string(&p, (const unsigned char *)
	    (text.p ? text.p : ""), text.n);
	ok = build(&b, &p, text);
	yaml_parser_delete(&p);
	if (!ok)
		*out = NULL;
	return ok;
}

struct yaml *
yaml_get(const struct yaml *map, sv key)
{
	if (!map || map->kind != YAML_MAP)
		return NULL;
	for (struct yaml *k = map->kid; k; k = k->next)
		if (sv_eq(k->key, key))
			return k;
	return NULL;
}
