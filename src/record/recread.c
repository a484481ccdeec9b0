/* SPDX-License-Identifier: MIT */
#include "record/recread.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/lanes.h"
#include "base/near.h"
#include "base/utc.h"
#include "base/utf8.h"
#include "parse/json.h"
#include "parse/samplejson.h"

/* What is left of a line, and what may be behind it. Whoever is not inlined gets a
 * copy, so that both stay in registers. */
struct cursor {
	const char *p, *end;
};

/* Where texts go that stand escaped in the line. */
struct shelf {
	struct arena *arena;
	char *room; /* for as much as is left of the line; NULL: not yet needed */
	sv v4;      /* the text of the last address, if it is an IPv4 one */
};

static attr_inline size_t
left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

static attr_inline bool
skip(struct cursor *c, sv lit)
{
	if (left(c) < lit.n || !near_starts(c->p, lit))
		return false;
	c->p += lit.n;
	return true;
}

/* The line alone, for those who know no lines. */
static attr_apart sv
left_of_line(struct cursor c)
{
	sv rest = sv_of(c.p, left(&c));

	return sv_take(rest, sv_find_byte(rest, '\n'));
}

/* Goes on behind what was read; NULL: that was nothing. */
static attr_inline bool
go_to(struct cursor *c, const char *p)
{
	if (p)
		c->p = p;
	return p != NULL;
}

/* Inside a string: what ends it, escapes, must not be there, is no ASCII. */
static inline lane_marks
marks_of(lanes x)
{
	return lanes_marks(lanes_or(lanes_less_or_wide(x, ' '),
	    lanes_or(lanes_equal(x, '"'), lanes_equal(x, '\\'))));
}

/* Where the plain front of p..end ends. */
static attr_inline const char *
plain_end(const char *p, const char *end)
{
	for (; end - p >= LANES; p += LANES) {
		lane_marks marks = marks_of(lanes_load(p));

		if (marks)
			return p + lanes_first(marks);
	}
	while (p < end && is_json_plain(*p))
		p++;
	return p;
}

/* Copies the front of p..end that is plain, and quotes and backslashes without what
 * escapes them; *to moves behind it. Up to LANES bytes more are written, and as many
 * may be left. */
static attr_inline const char *
copy_common(char **to, const char *p, const char *end)
{
	char *at = *to;

	while (end - p > LANES) {
		lane_marks marks = marks_of(lanes_load(p));
		size_t n = marks ? lanes_first(marks) : LANES;

		memcpy(at, p, LANES);
		p += n;
		at += n;
		if (marks == 0)
			continue;
		if (*p != '\\' || (p[1] != '"' && p[1] != '\\'))
			break;
		*at++ = p[1];
		p += 2;
	}
	*to = at;
	return p;
}

/* The character of an escape that the writer makes of ASCII, and how long it is;
 * 0: it is another one. */
static inline size_t
read_escape(const char *p, const char *end, char *out)
{
	enum { UNICODE = 6 }; /* \u003c */
	int hi, lo;

	if (end - p >= 2 && (p[1] == '"' || p[1] == '\\')) {
		*out = p[1];
		return 2;
	}
	if (end - p < UNICODE || memcmp(p, "\\u00", 4) != 0)
		return 0;
	hi = hex_value(p[4]);
	lo = hex_value(p[5]);
	if (hi < 0 || hi > 7 || lo < 0)
		return 0;
	*out = (char)(hi << 4 | lo);
	return *out ? UNICODE : 0;
}

/* Any text there is, by the reader of any JSON. */
static const char *
read_any_text(struct cursor c, struct arena *a, sv *out)
{
	sv rest = left_of_line(c);
	struct json_value v;

	if (!json_value(&rest, &v) || v.kind != JSON_STRING)
		return NULL;
	*out = utf8_clean(json_text(a, &v), a);
	return rest.p;
}

/* Copies what is behind a quote up to the next one, without escapes; a copy is no
 * longer. *to is behind it then, and *wide whether it has more than ASCII. NULL: it
 * has escapes that are rare, or is no text. */
static attr_inline const char *
copy_text(char **to, const char *p, const char *end, bool *wide)
{
	char *at = *to;

	while ((p = copy_common(&at, p, end)) < end && *p != '"') {
		size_t n = 1;

		if (*p == '\\')
			n = read_escape(p, end, at);
		else
			*at = *p;
		if (n == 0 || is_control(*p))
			return NULL;
		*wide |= (unsigned char)*p >= 0x80;
		p += n;
		at++;
	}
	*to = at;
	return p < end ? p + 1 : NULL;
}

/* A text that is not plain all through. */
static attr_apart const char *
read_odd_text(struct cursor c, struct shelf *s, sv *out)
{
	bool wide = false;
	const char *p;
	char *to;

	if (s->room == NULL)
		s->room = arena_alloc(s->arena, left_of_line(c).n + LANES);
	to = s->room;
	p = copy_text(&to, c.p + 1, c.end, &wide);
	if (p == NULL)
		return read_any_text(c, s->arena, out);
	*out = sv_of(s->room, (size_t)(to - s->room));
	if (wide)
		*out = utf8_clean(*out, s->arena);
	s->room = to;
	return p;
}

/* With its quotes. */
static attr_inline bool
read_text(struct cursor *c, struct shelf *s, sv *out)
{
	const char *q;

	if (left(c) < 2 || *c->p != '"')
		return false;
	q = plain_end(c->p + 1, c->end);
	if (unlikely(q == c->end || *q != '"'))
		return go_to(c, read_odd_text(*c, s, out));
	*out = sv_of(c->p + 1, (size_t)(q - c->p - 1));
	c->p = q + 1;
	return true;
}

/* A number without sign that fits, of any length and near the end. */
static attr_apart const char *
read_any_u64(struct cursor c, uint64_t *out)
{
	enum { DIGITS = 18 };
	const char *p = c.p;
	uint64_t v = 0;

	for (; p < c.end && is_digit(*p); p++)
		v = v * 10 + (unsigned)(*p - '0');
	if (p == c.p || p - c.p > DIGITS || (*c.p == '0' && p > c.p + 1))
		return NULL;
	*out = v;
	return p;
}

static attr_apart const char *
read_any_i64(struct cursor c, int64_t *out)
{
	bool minus = skip(&c, SV("-"));
	uint64_t v;
	const char *p = read_any_u64(c, &v);

	if (p)
		*out = minus ? -(int64_t)v : (int64_t)v;
	return p;
}

/* Most numbers. False: it is another one, or none. */
static attr_inline bool
read_usual(struct cursor *c, uint64_t *out)
{
	enum { WORD = 8 };
	size_t n = left(c) < WORD ? 0 : swar_digits(c->p);

	if (unlikely(n == 0 || n == WORD || (n > 1 && *c->p == '0')))
		return false;
	*out = swar_number(c->p, n);
	c->p += n;
	return true;
}

static attr_inline bool
read_u64(struct cursor *c, uint64_t *out)
{
	return read_usual(c, out) || go_to(c, read_any_u64(*c, out));
}

static attr_inline bool
read_i64(struct cursor *c, int64_t *out)
{
	return read_usual(c, (uint64_t *)out) ||
	    go_to(c, read_any_i64(*c, out));
}

/* As utc_write() has it, between quotes. */
static attr_inline bool
read_time(struct cursor *c, int64_t *us)
{
	enum { Z = 1 + UTC_COMMON };

	if (left(c) < Z + 2 || *c->p != '"' || c->p[Z] != 'Z' ||
	    c->p[Z + 1] != '"' || !utc_read_common(c->p + 1, us))
		return false;
	c->p += Z + 2;
	return true;
}

static attr_inline bool
read_id(struct cursor *c, uint64_t *id)
{
	enum { LEN = 16 };
	uint32_t high, low;

	if (left(c) < LEN || !swar_hex(c->p, &high) ||
	    !swar_hex(c->p + LEN / 2, &low))
		return false;
	*id = (uint64_t)high << 32 | low;
	c->p += LEN;
	return true;
}

static const char *
read_real(struct cursor c, double *out)
{
	sv rest = left_of_line(c);
	struct json_value v;

	return json_value(&rest, &v) && json_double(&v, out) ? rest.p : NULL;
}

static const char *
read_json(struct cursor c, struct arena *a, sv *out)
{
	sv rest = left_of_line(c);
	struct json_value v;

	if (!json_value(&rest, &v) || v.kind == JSON_NULL ||
	    utf8_clean(v.raw, a).p != v.raw.p)
		return NULL;
	*out = v.raw;
	return rest.p;
}

static attr_inline bool
read_ip(struct cursor *c, struct shelf *s, struct rec_ip *out)
{
	struct ip ip;
	sv text;

	if (!read_text(c, s, &text))
		return false;
	if (likely(ip_parse_v4(text, &ip)))
		s->v4 = text;
	else if (!rec_ip_read(text, &ip))
		return false;
	rec_ip_cut(out, &ip);
	return true;
}

/* With what they are apart. */
static const char *
read_samples(struct cursor c, struct arena *a, struct rec *r)
{
	sv rest = sv_of(c.p, left(&c));

	if (!samplejson_cut(&rest, a, &r->samples))
		return NULL;
	r->v[METRIC_samples].text = sv_of(c.p, (size_t)(rest.p - c.p));
	return rest.p;
}

static attr_inline bool
read_value(struct cursor *c, struct shelf *s, struct rec *r,
    enum field_type type, struct value *v)
{
	switch (type) {
	case F_STR:
	case F_ANY:
	case F_TEXT:
	case F_RID:
		return read_text(c, s, &v->text);
	case F_JSON:
		return go_to(c, r->kind == REC_METRIC ?
		    read_samples(*c, s->arena, r) :
		    read_json(*c, s->arena, &v->text));
	case F_INT:
		return read_i64(c, &v->u.num);
	case F_BOOL:
		v->u.num = skip(c, SV("true"));
		return v->u.num || skip(c, SV("false"));
	case F_REAL:
		return go_to(c, read_real(*c, &v->u.real));
	case F_TIME:
		return read_time(c, &v->u.num);
	case F_ADDR:
		return read_ip(c, s, &v->u.ip);
	case FIELD_TYPE_N:
		break;
	}
	return false;
}

/* Is it the front of p, of which there are n bytes, at least FIELD_KEY_FRONT? */
static attr_inline bool
is_key(const char *p, size_t n, const struct field *f)
{
	enum { WORD = FIELD_KEY_FRONT };
	sv key = f->key;

	if ((swar_load(p) ^ swar_load(key.p)) & f->front)
		return false;
	return key.n <= WORD || (n >= key.n &&
	    swar_load(p + key.n - WORD) == swar_load(key.p + key.n - WORD) &&
	    (key.n <= 2 * WORD ||
	    swar_load(p + WORD) == swar_load(key.p + WORD)));
}

static attr_inline enum rec_kind
read_kind(struct cursor *c, struct shelf *s)
{
	sv name;

	if (!skip(c, SV("{\"kind\":")) || !read_text(c, s, &name))
		return REC_NONE;
	return rec_kind_find(name);
}

/* All that stands before the fields. */
static attr_inline bool
read_head(struct cursor *c, struct shelf *s, struct rec *r, sv *source)
{
	sv app;

	rec_init(r, read_kind(c, s));
	return r->kind != REC_NONE &&
	    skip(c, SV(",\"ts\":")) && read_time(c, &r->ts) &&
	    (!skip(c, SV(",\"app\":")) || read_text(c, s, &app)) &&
	    skip(c, SV(",\"id\":\"")) && read_id(c, &r->hash) &&
	    skip(c, SV("\",\"src\":")) && skip(c, SV("{\"source\":")) &&
	    read_text(c, s, source) &&
	    skip(c, SV(",\"line\":")) && read_u64(c, &r->line) &&
	    skip(c, SV(",\"byte\":")) && read_u64(c, &r->byte) &&
	    skip(c, SV("}"));
}

/* In their order. */
static attr_inline bool
read_fields(struct cursor *c, struct shelf *s, struct rec *r)
{
	const struct field *f = rec_kinds[r->kind].field;
	const struct field *end = f + rec_kinds[r->kind].nfields;
	struct value *v = r->v;
	uint64_t set = 0;

	for (uint64_t bit = 1; left(c) >= FIELD_KEY_FRONT && *c->p == ',';
	    bit <<= 1, f++, v++) {
		for (; f < end && !is_key(c->p, left(c), f); f++, v++)
			bit <<= 1;
		if (f == end)
			return false;
		c->p += f->key.n;
		if (!read_value(c, s, r, f->type, v))
			return false;
		set |= bit;
	}
	r->set = set;
	return true;
}

/* Does its fwd say no more than its client? */
static attr_inline void
compare_client(const struct shelf *s, struct rec *r)
{
	sv fwd = rec_text(r, REQUEST_fwd);

	if (rec_has(r, REQUEST_client))
		r->v[REQUEST_client].u.ip.whole = fwd.n == s->v4.n &&
		    near_same(fwd.p, s->v4.p, fwd.n);
}

/* With its newline, or without one the last line. */
static attr_inline bool
skip_end(struct cursor *c)
{
	if (!skip(c, SV("}")))
		return false;
	skip(c, SV("\r"));
	return left(c) == 0 || skip(c, SV("\n"));
}

bool
recread_next(struct arena *a, sv *rest, struct rec *r, sv *source)
{
	struct cursor c = { rest->p, rest->p + rest->n };
	struct shelf s = { a, NULL, SV_NULL };

	if (!read_head(&c, &s, r, source) || !read_fields(&c, &s, r) ||
	    !skip_end(&c))
		return false;
	if (r->kind == REC_REQUEST)
		compare_client(&s, r);
	rec_hash_path(r);
	*rest = sv_of(c.p, left(&c));
	return true;
}
