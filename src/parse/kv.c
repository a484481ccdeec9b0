/* SPDX-License-Identifier: MIT */
#include "parse/kv.h"

#include "base/ascii.h"
#include "base/jsonw.h"
#include "base/near.h"

/* A value whose opening quote was cut off. */
static void
read_quoted(sv *rest, struct kv *out)
{
	const char *p = rest->p, *quote = near_byte(p, p + rest->n, '"');
	size_t end = (size_t)(quote - p);
	size_t i = (size_t)(near_byte(p, quote, '\\') - p);

	out->quoted = true;
	out->esc = i < end;
	if (out->esc) {
		for (; i < rest->n && rest->p[i] != '"'; i++)
			i += rest->p[i] == '\\';
		end = i < rest->n ? i : rest->n;
	}
	out->open = end == rest->n;
	out->val = sv_cut_n(rest, end);
	*rest = sv_skip(*rest, 1);
}

static bool
is_name_begin(char c)
{
	return is_alpha(c) || c == '_' || c == '@';
}

/* A key and its '=' as most are, found and known for a name in one look. */
static inline bool
cut_plain_key(sv *rest, sv *key)
{
	lane_marks marks = rest->n < LANES ? 0 : near_strange(rest->p);
	size_t n;

	if (marks == 0)
		return false;
	n = lanes_first(marks);
	if (rest->p[n] != '=' || !is_name_begin(rest->p[0]))
		return false;
	*key = sv_take(*rest, n);
	*rest = sv_skip(*rest, n + 1);
	return true;
}

static inline lanes
blanks(lanes x)
{
	return lanes_or(lanes_within(x, '\t', '\r'), lanes_equal(x, ' '));
}

/* Up to the next blank, of a key also up to the '=', or all. */
static inline sv
cut_until(sv *rest, bool key)
{
	const char *p = rest->p, *end = rest->p + rest->n;
	lane_marks marks = 0;
	sv cut;

	for (; marks == 0 && end - p >= LANES; p += marks ? 0 : LANES) {
		lanes x = lanes_load(p);

		marks = lanes_marks(key ? lanes_or(blanks(x),
		    lanes_equal(x, '=')) : blanks(x));
	}
	if (marks)
		p += lanes_first(marks);
	else
		while (p < end && !is_space(*p) && !(key && *p == '='))
			p++;
	cut = sv_of(rest->p, (size_t)(p - rest->p));
	*rest = sv_of(p, (size_t)(end - p));
	return cut;
}

/* Up to the next blank; empty when *rest starts with one. */
static sv
cut_word(sv *rest)
{
	return cut_until(rest, false);
}

static inline void
read_value(sv *rest, struct kv *out)
{
	if (sv_skip_lit(rest, SV("\"")))
		read_quoted(rest, out);
	else
		out->val = cut_word(rest);
}

bool
kv_next(sv *rest, struct kv *out)
{
	if (rest->n && is_space(rest->p[0]))
		*rest = sv_skip(*rest, 1);
	if (rest->n && is_space(rest->p[0])) /* one is usual */
		*rest = sv_trim_left(*rest);
	if (rest->n == 0)
		return false;
	*out = (struct kv){ .val = SV_NULL };
	out->named = cut_plain_key(rest, &out->key);
	if (out->named) {
		read_value(rest, out);
		return true;
	}
	out->key = cut_until(rest, true);
	if (out->key.n == 0)
		out->key = cut_word(rest); /* "=word" has no key */
	else if (sv_skip_lit(rest, SV("=")))
		read_value(rest, out);
	return true;
}

/* The byte that backslash and c stand for, or 0. */
static char
escaped(char c)
{
	switch (c) {
	case '"':
	case '\\':
		return c;
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'r':
		return '\r';
	default:
		return 0;
	}
}

sv
kv_text(struct arena *a, const struct kv *kv)
{
	sv v = kv->val;
	size_t n = 0;
	char *p;

	if (!kv->esc)
		return v;
	p = arena_alloc(a, v.n);
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];
		char e = c == '\\' && i + 1 < v.n ? escaped(v.p[i + 1]) : 0;

		p[n++] = e ? e : c;
		/* The byte behind an unknown escape may be no escape again:
		 * "\\x" is two plain bytes. */
		if (e)
			i++;
	}
	return sv_of(p, n);
}

static bool
is_name(sv key)
{
	if (key.n == 0 || !is_name_begin(key.p[0]))
		return false;
	for (size_t i = 1; i < key.n; i++)
		if (!is_name_byte(key.p[i]) && key.p[i] != '#' &&
		    key.p[i] != '@')
			return false;
	return true;
}

bool
kv_looks_add(struct kv_looks *l, const struct kv *kv)
{
	bool pair = kv->named || (!sv_null(kv->val) && is_name(kv->key));

	l->pairs += pair;
	l->words += !pair;
	return l->pairs > 0 && !kv->open;
}

bool
kv_looks_end(const struct kv_looks *l)
{
	return l->pairs >= 2 && l->words * 4 <= l->pairs + l->words;
}

bool
kv_is_logfmt(sv line)
{
	struct kv_looks l = { 0, 0 };
	struct kv kv;

	while (kv_next(&line, &kv))
		if (!kv_looks_add(&l, &kv))
			return false;
	return kv_looks_end(&l);
}

void
kv_write(struct buf *b, sv line)
{
	struct jsonw w = JSONW_INIT(b);
	struct arena a = ARENA_INIT;
	struct kv kv;

	jsonw_open(&w, '{');
	while (kv_next(&line, &kv))
		if (!sv_null(kv.val)) {
			jsonw_key(&w, kv.key);
			jsonw_sv(&w, kv_text(&a, &kv));
		}
	jsonw_close(&w, '}');
	arena_release(&a);
}
