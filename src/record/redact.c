/* SPDX-License-Identifier: MIT */
#include "record/redact.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/near.h"
#include "base/swar.h"
#include "record/cleantext.h"
#include "record/mangle.h"
#include "record/plainpath.h"
#include "record/secretmark.h"
#include "record/secretpath.h"
#include "record/secretshape.h"
#include "record/secrettext.h"

enum {
	HASH_HEX = SECRETMARK_DIGITS,
	HEAD = 8,      /* bytes of a token's head: too few to lead to the rest */
	PASSES_MAX = 8, /* over one text; two are enough for what programs write */
	MARK_MAX = 32 + HASH_HEX /* bytes of a mark, and more */
};

static void
keyed_hash(const struct redact *r, sv value, uint8_t out[SHA256_LEN])
{
	hmac_key_hash(&r->key, value, out);
}

/* The first 16 of a hash's digits, as a number. */
static uint64_t
first_word(const uint8_t h[SHA256_LEN])
{
	return swar_turn(swar_load((const char *)h));
}

/* Behind the front of a mark. Returns its number. */
static uint64_t
put_hash(const struct redact *r, struct buf *b, sv front, sv value)
{
	uint8_t h[SHA256_LEN];
	uint64_t number;

	keyed_hash(r, value, h);
	number = first_word(h);
	buf_add(b, front);
	buf_hex64(b, number);
	buf_byte(b, '>');
	return number;
}

/* Both cases, and any byte that a slash does not end at: "//", "/./", "/%61". A
 * template of segments alone is of every path. */
static void
note_begins(bool begins[256], sv template)
{
	for (int c = 0; c < 256; c++)
		begins[c] |= sv_starts(template, SV("/{")) || c == '/' ||
		    c == '.' || c == '%' || c == '\\' ||
		    to_lower(c) == to_lower(byte_at(template, 1));
}

void
redact_init(struct redact *r, const uint8_t key[REDACT_KEY_LEN],
    const struct site_list *paths)
{
	uint8_t h[SHA256_LEN];

	hmac_key_init(&r->key, key, REDACT_KEY_LEN);
	r->paths = paths;
	memset(r->begins, 0, sizeof(r->begins));
	for (size_t i = 0; i < paths->n; i++)
		note_begins(r->begins, paths->item[i]);
	secretfind_init(&r->find);
	secretfind_paths(&r->find, r->begins);
	keyed_hash(r, SV("raxx content seed"), h);
	r->seed = first_word(h);
	r->search = r->seed;
	for (size_t i = 0; i < paths->n; i++)
		r->search = hash64(paths->item[i], r->search);
}

/* A word between double quotes, as most are: a mark in its place changes the
 * meaning of nothing around it. */
static bool
is_quoted_word(sv text, sv found)
{
	size_t start = (size_t)(found.p - text.p), end = start + found.n;
	const char *last;

	if (start == 0 || end >= text.n || text.p[start - 1] != '"' ||
	    text.p[end] != '"')
		return false;
	last = found.p + found.n;
	return near_name_end(found.p, last) == last &&
	    near_byte(found.p, last, '.') == last;
}

/* *again: is another pass needed? */
static sv
replace_secrets(const struct redact *r, sv text, struct arena *scratch,
    bool *again)
{
	struct buf b = BUF_INIT;
	struct secret found = SECRET_INIT;
	size_t copied = 0;
	sv out;

	*again = false;
	if (!secretfind_next(&r->find, text, 0, &found))
		return text;
	do {
		*again |= copied > 0 || !is_quoted_word(text, found.text);
		size_t start = (size_t)(found.text.p - text.p);

		buf_add(&b, sv_of(text.p + copied, start - copied));
		buf_add(&b, found.quote);
		put_hash(r, &b, SV("<secret:"), found.text);
		buf_add(&b, found.quote);
		copied = start + found.text.n;
	} while (secretfind_next(&r->find, text, copied, &found));
	buf_add(&b, sv_skip(text, copied));
	out = arena_sv(scratch, buf_sv(&b));
	buf_release(&b);
	return out;
}

/* Secret segments of paths. */

/* The token without its trailing number of at most 9 digits. */
static sv
token_stem(sv t)
{
	size_t tail = t.n;

	while (tail > 0 && t.n - tail < 9 && is_digit(t.p[tail - 1]))
		tail--;
	return sv_take(t, tail);
}

static sv
token_shape(sv t, struct arena *a)
{
	bool upper = false, lower = false, digit = false, other = false;
	struct buf b = BUF_INIT;
	sv out;

	for (size_t i = 0; i < t.n; i++) {
		upper |= is_upper(t.p[i]);
		lower |= is_lower(t.p[i]);
		digit |= is_digit(t.p[i]);
		other |= !is_alnum(t.p[i]);
	}
	buf_u64(&b, t.n);
	buf_byte(&b, ':');
	buf_str(&b, upper ? "A" : "");
	buf_str(&b, lower ? "a" : "");
	buf_str(&b, digit ? "0" : "");
	buf_str(&b, other ? "-" : "");
	buf_byte(&b, ':');
	buf_add(&b, sv_skip(t, token_stem(t).n));
	out = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return out;
}

static void
put_part(const struct redact *r, struct buf *b, sv part)
{
	uint8_t h[SHA256_LEN];

	keyed_hash(r, part, h);
	buf_str(b, b->n ? "." : "");
	buf_hex(b, h, 4);
}

static sv
token_parts(const struct redact *r, sv t, sv core, struct arena *a)
{
	struct buf b = BUF_INIT;
	sv out;

	for (size_t i = 0; i < 3; i++) {
		size_t from = t.n * i / 3, to = t.n * (i + 1) / 3;

		put_part(r, &b, sv_of(t.p + from, to - from));
	}
	put_part(r, &b, sv_take(core, HEAD));
	put_part(r, &b, token_stem(t));
	out = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return out;
}

/* The token that a segment spells: percent-encoded it is the same one to the
 * app, and has the same hash. */
static sv
spelled_token(sv segment, struct arena *a)
{
	size_t n = 0, width;
	unsigned depth;
	char *p;

	if (sv_find_byte(segment, '%') == segment.n)
		return segment;
	p = arena_alloc(a, segment.n);
	for (size_t i = 0; i < segment.n; i += width)
		p[n++] = (char)secretpath_byte(segment, i, &width, &depth);
	return sv_of(p, n);
}

static sv
token_hash(const struct redact *r, sv t, struct arena *a)
{
	char hex[HASH_HEX];
	struct buf b = { hex, 0, sizeof(hex) };
	uint8_t h[SHA256_LEN];

	keyed_hash(r, t, h);
	buf_hex(&b, h, HASH_HEX / 2);
	return arena_sv(a, buf_sv(&b));
}

static void
describe_token(const struct redact *r, sv segment, struct arena *a,
    struct token *tok)
{
	sv t = spelled_token(segment, a), core = mangle_core(t, a);

	tok->hash = token_hash(r, t, a);
	tok->shape = token_shape(t, a);
	tok->parts = token_parts(r, t, core, a);
	if (!sv_eq(core, t))
		tok->core = token_hash(r, core, a);
}

/* --- paths ---------------------------------------------------------------- */

/* Views into one text, found template by template: none of them may see what
 * another replaced, since "/{a}/view" takes "api" out of "/api/preview/TOKEN". */
struct places {
	struct arena *arena;
	sv *item;
	size_t n, cap;
};

static void
places_add(struct places *l, sv found)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 8;
		sv *more = arena_array(l->arena, cap, sizeof(*more));

		for (size_t i = 0; i < l->n; i++)
			more[i] = l->item[i];
		l->item = more;
		l->cap = cap;
	}
	l->item[l->n++] = found;
}

static int
by_place(const void *x, const void *y)
{
	const sv *a = x, *b = y;

	return (a->p > b->p) - (a->p < b->p);
}

/* The text with these replaced by their hashes; what overlaps is one. */
static sv
replace_places(const struct redact *r, sv text, struct places *l)
{
	struct buf b = BUF_INIT;
	const char *from = text.p;

	if (l->n == 0)
		return text;
	qsort(l->item, l->n, sizeof(*l->item), by_place);
	for (size_t i = 0, next; i < l->n; i = next) {
		sv part = l->item[i];

		for (next = i + 1; next < l->n &&
		    l->item[next].p < part.p + part.n; next++) {
			const char *end = l->item[next].p + l->item[next].n;

			if (end > part.p + part.n)
				part.n = (size_t)(end - part.p);
		}
		if (secretmark_is(part))
			continue;
		buf_add(&b, sv_of(from, (size_t)(part.p - from)));
		put_hash(r, &b, SV("<token:"), spelled_token(part, l->arena));
		from = part.p + part.n;
	}
	if (from > text.p) {
		buf_add(&b, sv_skip(text, (size_t)(from - text.p)));
		text = arena_sv(l->arena, buf_sv(&b));
	}
	buf_release(&b);
	return text;
}

bool
redact_begins_path(const struct redact *r, sv text, size_t at)
{
	for (size_t i = 0; i < r->paths->n; i++)
		if (secretpath_may_begin(text, at, r->paths->item[i]))
			return true;
	return false;
}

static bool
may_hold_path(const struct redact *r, sv text)
{
	const char *end = text.p + text.n, *p = text.p;

	if (text.n == 0)
		return false;
	for (; (p = near_either(p, end, '/', '%')) < end; p++) {
		size_t at = (size_t)(p - text.p);

		if (*p == '%' || redact_may_begin(r, text, at))
			return true;
	}
	return false;
}

enum { SHORT = 128 }; /* longer texts are not worth a look of their own */

/* Told in one run, as it is of most short texts: nothing in it is secret. */
static bool
is_clean(const struct redact *r, sv text)
{
	struct secret s = SECRET_INIT;

	if (text.n > SHORT || secretshape_is_body(text))
		return false;
	for (size_t at = 0;; at++)
		switch (secretfind_look(&r->find, text, &at, &s)) {
		case SECRETFIND_NOTHING:
			return true;
		case SECRETFIND_PATH:
			if (redact_may_begin(r, text, at))
				return false;
			break;
		case SECRETFIND_SECRET:
			return false;
		}
}

/* Secret paths mentioned inside text: "https://host/api/beta/preview/TOKEN". */
static void
find_mentions(struct places *l, sv text, sv template, bool encoded, bool dots)
{
	struct secretpath m;
	sv seg;

	if (sv_starts(template, SV("/{")))
		return; /* every path: none in particular */
	secretpath_init(&m, template, text, 0, true);
	m.dots = dots;
	while (secretpath_find(&m, encoded, &seg)) {
		do
			places_add(l, seg);
		while (secretpath_next(&m, &seg));
		secretpath_init(&m, template, text, m.at, true);
		m.dots = dots;
	}
}

static sv
replace_paths(const struct redact *r, sv text, struct arena *scratch)
{
	bool encoded = sv_find_byte(text, '%') < text.n;
	bool dots = secretpath_has_dots(text, encoded);
	struct places l = { .arena = scratch };

	for (size_t i = 0; i < r->paths->n; i++) {
		sv item = r->paths->item[i];

		if (dots)
			find_mentions(&l, text, item, encoded, true);
		find_mentions(&l, text, item, encoded, false);
	}
	return replace_places(r, text, &l);
}

/* One pass. */
static sv
redact_once(const struct redact *r, sv text, struct arena *scratch, bool *again)
{
	*again = false;
	if (secretshape_is_body(text))
		return redact_value(r, text, scratch);
	if (may_hold_path(r, text))
		text = replace_paths(r, text, scratch);
	return replace_secrets(r, text, scratch, again);
}

/* Too short for a secret by its shape, and without a byte that others stand behind:
 * names of dynos, add-ons and hosts. */
static bool
is_short_name(sv text)
{
	const char *end;

	if (text.n == 0) /* perhaps null */
		return true;
	end = text.p + text.n;
	return text.n < SECRETSHAPE_MIN && near_name_end(text.p, end) == end;
}

/* A mark can give what stands around it another meaning: until nothing more is
 * found, so that a record that is read again stays as it is. */
static attr_apart sv
search_text(const struct redact *r, sv text, struct arena *scratch)
{
	bool again = !is_clean(r, text);

	if (!again)
		cleantext_add(r->search, text);
	for (int i = 0; again && i < PASSES_MAX; i++)
		text = redact_once(r, text, scratch, &again);
	return text;
}

sv
redact_text(const struct redact *r, sv text, struct arena *scratch)
{
	return is_short_name(text) || cleantext_has(r->search, text) ? text :
	    search_text(r, text, scratch);
}

/* Is no more secret than *secret, or one in the spans if that is null? */
static bool
find_one(const struct redact *r, sv text, const struct secretfind_span *span,
    size_t n, sv *secret)
{
	struct secret found = SECRET_INIT;
	size_t end;

	if (!secretfind_in_spans(&r->find, text, span, n, 0, &found))
		return found.command.end == 0;
	if (!sv_null(*secret) || found.command.end)
		return false;
	*secret = found.text;
	end = (size_t)(found.text.p - text.p) + found.text.n;
	return !secretfind_in_spans(&r->find, text, span, n, end, &found) &&
	    found.command.end == 0;
}

/* Where nothing, or one word between quotes, is secret: what redact_text says. */
static bool
redact_one(const struct redact *r, sv *text,
    const struct secretfind_span *span, size_t n, struct arena *scratch,
    sv *secret, uint64_t *hash)
{
	size_t start;
	struct buf b;

	if (!find_one(r, *text, span, n, secret))
		return false;
	if (sv_null(*secret))
		return true;
	if (!is_quoted_word(*text, *secret))
		return false;
	start = (size_t)(secret->p - text->p);
	b = (struct buf){ arena_bytes(scratch, text->n + MARK_MAX), 0,
	    text->n + MARK_MAX };
	buf_add(&b, sv_take(*text, start));
	*hash = put_hash(r, &b, SV("<secret:"), *secret);
	buf_add(&b, sv_skip(*text, start + secret->n));
	*text = buf_sv(&b);
	return true;
}

bool
redact_spans(const struct redact *r, sv *text,
    const struct secretfind_span *span, size_t n, bool path,
    struct arena *scratch, sv *secret, uint64_t *hash)
{
	return !secretshape_is_body(*text) &&
	    !(path && may_hold_path(r, *text)) &&
	    redact_one(r, text, span, n, scratch, secret, hash);
}

/* A template that begins with a segment fits every path: the rest of it must be
 * there too. Of the others the beginning is enough. */
static bool
fits(const struct secretpath *m, sv template)
{
	return !sv_starts(template, SV("/{")) || m->template.n == 0 ||
	    secretpath_literal(m->text, m->at, m->template, m->dots) > m->at;
}

/* Where the path is the template's from its start. *token is its first segment,
 * if that begins behind the one it is. */
static void
find_in_path(struct places *l, sv path, sv template, bool dots, sv *token)
{
	struct secretpath m;
	size_t before = l->n;
	sv seg;

	secretpath_init(&m, template, path, 0, false);
	m.dots = dots;
	while (secretpath_next(&m, &seg))
		places_add(l, seg);
	if (!fits(&m, template))
		l->n = before;
	else if (l->n > before &&
	    (sv_null(*token) || l->item[before].p > token->p))
		*token = l->item[before];
}

bool
redact_is_plain_path(const struct redact *r, sv path)
{
	return plainpath_is(r, path) ||
	    (sv_starts(path, SV("/")) && is_clean(r, path));
}

sv
redact_path(const struct redact *r, sv path, struct arena *scratch,
    struct token *tok)
{
	struct places l = { .arena = scratch };
	sv token = SV_NULL;
	bool dots;

	*tok = (struct token){ .hash = SV_NULL };
	dots = secretpath_has_dots(path, sv_find_byte(path, '%') < path.n);
	for (size_t i = 0; i < r->paths->n; i++) {
		if (dots)
			find_in_path(&l, path, r->paths->item[i], true, &token);
		find_in_path(&l, path, r->paths->item[i], false, &token);
	}
	if (!sv_null(token))
		describe_token(r, token, scratch, tok);
	return redact_text(r, replace_places(r, path, &l), scratch);
}

sv
redact_value(const struct redact *r, sv value, struct arena *scratch)
{
	struct buf b = BUF_INIT;
	sv out;

	put_hash(r, &b, SV("<secret:"), value);
	out = arena_sv(scratch, buf_sv(&b));
	buf_release(&b);
	return out;
}
