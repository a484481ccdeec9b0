/* SPDX-License-Identifier: MIT */
#include "parse/jsonform.h"

#include <string.h>

#include "base/ascii.h"
#include "base/near.h"

static void
add(struct jsonform *f, sv text)
{
	memcpy(f->text + f->n, text.p, text.n);
	f->n = (uint16_t)(f->n + text.n);
}

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
add_hole(struct jsonform *f, sv key, unsigned depth, sv behind)
{
	if (f->holes == JSONFORM_HOLES)
		return false;
	f->hole[f->holes++] = (struct jsonform_hole){
		.at = f->n,
		.key = (uint16_t)(sv_null(key) ? 0 : key.p - f->text),
		.key_n = (uint16_t)key.n,
		.top = depth == 1,
		.before_name = is_before_name(behind),
	};
	return true;
}

/* A string or another scalar at the front of *rest. */
static bool
learn_scalar(struct jsonform *f, sv *rest, sv *key, unsigned depth)
{
	struct json_value v;

	if (!json_scalar(rest, &v))
		return false;
	if (v.kind != JSON_STRING || !is_name(*rest))
		return add_hole(f, *key, depth, *rest);
	if (v.esc)
		return false;
	add(f, v.raw);
	*key = sv_of(f->text + f->n - v.raw.n + 1, v.raw.n - 2);
	return true;
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
	while (rest.n) {
		char c = rest.p[0];

		if (is_space(c) || sv_find_byte(SV("{}[]:,"), c) < 6) {
			depth += c == '{' || c == '[';
			depth -= c == '}' || c == ']';
			if (!is_space(c) && c != ':')
				key = SV_NULL;
			add(f, sv_take(rest, 1));
			rest = sv_skip(rest, 1);
		} else if (!learn_scalar(f, &rest, &key, depth)) {
			return false;
		}
	}
	return true;
}

bool
jsonform_match(const struct jsonform *f, sv text,
    struct json_value value[JSONFORM_HOLES])
{
	size_t done = 0;

	for (size_t i = 0; i < f->holes; i++) {
		size_t n = f->hole[i].at - done;

		if (!near_begins(text, f->text + done, n))
			return false;
		text = sv_skip(text, n);
		if (!json_scalar(&text, &value[i]))
			return false;
		done = f->hole[i].at;
	}
	return sv_eq(text, sv_of(f->text + done, f->n - done));
}
