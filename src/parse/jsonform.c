/* SPDX-License-Identifier: MIT */
#include "parse/jsonform.h"

#include <string.h>

#include "base/ascii.h"
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

static void
count_words(struct jsonform *f)
{
	for (size_t i = f->holes; i-- > 1;)
		if (f->hole[i - 1].words)
			f->hole[i - 1].words =
			    (uint8_t)(f->hole[i].words + 1);
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
	count_words(f);
	return true;
}

/* Does the form's text from `done` on stand at the front of *rest, up to the end of
 * n scalars, the first of which is number i? They are words. */
static inline bool
take_words(const struct jsonform *f, size_t done, size_t i, size_t n, sv *rest,
    struct json_value *value)
{
	const struct jsonform_hole *h = &f->hole[i], *last = h + n - 1;
	size_t end = last->at + (size_t)last->n;

	if (!near_begins(*rest, f->text + done, end - done))
		return false;
	for (; h <= last; h++)
		*value++ = (struct json_value){ h->kind,
			sv_of(rest->p + (h->at - done), h->n), h->esc };
	*rest = sv_skip(*rest, end - done);
	return true;
}

/* How many words from number i on are the same as in the form's text. They are
 * behind *rest and in value[] then. */
static inline size_t
same_words(const struct jsonform *f, size_t done, size_t i, sv *rest,
    struct json_value *value)
{
	size_t n = f->hole[i].words;

	if (n > 1 && take_words(f, done, i, n, rest, value))
		return n;
	return n && take_words(f, done, i, 1, rest, value) ? 1 : 0;
}

bool
jsonform_match(const struct jsonform *f, sv text,
    struct json_value value[JSONFORM_HOLES], uint64_t *same)
{
	size_t done = 0, i = 0, n;

	for (*same = 0; i < f->holes; i += n) {
		n = same_words(f, done, i, &text, &value[i]);
		if (n) {
			*same |= (UINT64_MAX >> (64 - n)) << i;
		} else {
			n = f->hole[i].at - done;
			if (!near_begins(text, f->text + done, n))
				return false;
			text = sv_skip(text, n);
			n = 1;
			if (!json_scalar(&text, &value[i]))
				return false;
		}
		done = f->hole[i + n - 1].at + (size_t)f->hole[i + n - 1].n;
	}
	return sv_eq(text, sv_of(f->text + done, f->n - done));
}
