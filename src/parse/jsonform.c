/* SPDX-License-Identifier: MIT */
#include "parse/jsonform.h"

#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/near.h"

static bool
is_name(sv behind)
{
	behind = sv_trim_left(behind);
	return behind.n && behind.p[0] == ':';
}

/* ,"name": */
static bool
is_before_name(sv behind)
{
	if (!sv_skip_lit(&behind, SV(",\"")))
		return false;
	while (behind.n && is_name_byte(behind.p[0]))
		behind = sv_skip(behind, 1);
	return sv_starts(behind, SV("\":"));
}

static bool
is_word(const struct json_value *v)
{
	size_t i = 0;

	while (i < v->raw.n && !is_digit(v->raw.p[i]))
		i++;
	return v->kind != JSON_NUMBER && i == v->raw.n;
}

/* `object` is what is learnt; behind the scalar stands `behind`. */
static bool
add_hole(struct jsonform *f, sv object, const struct json_value *v, sv key,
    unsigned depth, sv behind)
{
	if (f->holes == JSONFORM_HOLES)
		return false;
	f->hole[f->holes++] = (struct jsonform_hole){
		.at = (uint16_t)(v->raw.p - object.p),
		.n = (uint16_t)v->raw.n,
		.key = (uint16_t)(sv_null(key) ? 0 : key.p - object.p),
		.key_n = (uint16_t)key.n,
		.kind = v->kind,
		.esc = v->esc,
		.words = is_word(v),
		.top = depth == 1,
		.before_name = is_before_name(behind),
	};
	return true;
}

/* A string or another scalar at the front of *rest. */
static bool
learn_scalar(struct jsonform *f, sv object, sv *rest, sv *key, unsigned depth)
{
	struct json_value v;

	if (!json_scalar(rest, &v))
		return false;
	if (v.kind != JSON_STRING || !is_name(*rest))
		return add_hole(f, object, &v, *key, depth, *rest);
	*key = sv_of(v.raw.p + 1, v.raw.n - 2);
	return !v.esc;
}

/* Behind the last hole is the end. */
static void
end_holes(struct jsonform *f)
{
	f->hole[f->holes] = (struct jsonform_hole){ .at = f->n };
	for (size_t i = f->holes; i-- > 0;)
		if (f->hole[i].words)
			f->hole[i].words = (uint8_t)(f->hole[i + 1].words + 1);
}

bool
jsonform_learn(struct jsonform *f, sv object)
{
	struct json_value whole;
	sv rest = object, key = SV_NULL;
	unsigned depth = 0;

	f->n = f->holes = 0;
	if (object.n > JSONFORM_TEXT || !sv_starts(object, SV("{")) ||
	    !json_parse(object, &whole))
		return false;
	f->n = (uint16_t)object.n;
	memcpy(f->text, object.p, object.n);
	while (rest.n) {
		char c = rest.p[0];

		if (is_space(c) || sv_find_byte(SV("{}[]:,"), c) < 6) {
			depth += c == '{' || c == '[';
			depth -= c == '}' || c == ']';
			if (!is_space(c) && c != ':')
				key = SV_NULL;
			rest = sv_skip(rest, 1);
		} else if (!learn_scalar(f, object, &rest, &key, depth)) {
			return false;
		}
	}
	end_holes(f);
	return true;
}

/* Words number i to `to` of a text whose front is the form's from `done` on. */
static attr_inline void
put_words(const struct jsonform *f, size_t done, size_t i, size_t to, sv text,
    struct json_value *value)
{
	for (; i < to; i++) {
		const struct jsonform_hole *h = &f->hole[i];

		value[i] = (struct json_value){ h->kind,
			sv_of(text.p + (h->at - done), h->n), h->esc };
	}
}

/* text[from..to) of the form off the front of *rest. */
static attr_inline bool
skip_same(const struct jsonform *f, size_t from, size_t to, sv *rest)
{
	if (!near_begins(*rest, f->text + from, to - from))
		return false;
	*rest = sv_skip(*rest, to - from);
	return true;
}

/* Scalars number i to `to`, where the form has words, and what is between them and
 * before the next. */
static bool
read_words(const struct jsonform *f, size_t done, size_t i, size_t to, sv *rest,
    struct json_value *value, uint64_t *same)
{
	for (; i < to; i++) {
		const struct jsonform_hole *h = &f->hole[i];
		sv from;

		if (!skip_same(f, done, h->at, rest))
			return false;
		done = h->at + (size_t)h->n;
		from = *rest;
		if (skip_same(f, h->at, done, rest)) {
			put_words(f, h->at, i, i + 1, from, value);
			*same |= UINT64_C(1) << i;
		} else if (!json_scalar(rest, &value[i])) {
			return false;
		}
	}
	return skip_same(f, done, f->hole[to].at, rest);
}

bool
jsonform_match(const struct jsonform *f, sv text,
    struct json_value value[JSONFORM_HOLES], uint64_t *same)
{
	size_t done = 0, i = 0, to;

	for (*same = 0;; i = to + 1) {
		sv from = text;

		to = i + f->hole[i].words;
		if (skip_same(f, done, f->hole[to].at, &text)) {
			put_words(f, done, i, to, from, value);
			*same |= ((UINT64_C(1) << (to - i)) - 1) << i;
		} else if (i == to || !read_words(f, done, i, to, &text, value,
		    same)) {
			return false;
		}
		if (to == f->holes)
			return text.n == 0;
		if (!json_scalar(&text, &value[to]))
			return false;
		done = f->hole[to].at + (size_t)f->hole[to].n;
	}
}
