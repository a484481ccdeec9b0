/* SPDX-License-Identifier: MIT */
#include <assert.h>

#include "parse/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_inside(sv part, sv whole)
{
	assert(part.p >= whole.p && part.n <= whole.n);
	assert((size_t)(part.p - whole.p) <= whole.n - part.n);
}

static void
check_text(const struct json_value *v, struct arena *a)
{
	sv text = json_text(a, v);

	assert(text.n <= v->raw.n);
	assert(v->kind != JSON_STRING || json_key_is(v, text));
}

/* Iteration reaches each byte but blanks, commas and colons, and what a whole
 * value holds is accepted again on its own. */
static void
check_inner(const struct json_value *v, struct arena *a)
{
	struct json_value key, val, same;
	sv it = json_begin(v);

	while (v->kind == JSON_OBJECT ? json_member(&it, &key, &val) :
	    json_item(&it, &val)) {
		if (v->kind == JSON_OBJECT) {
			check_inside(key.raw, v->raw);
			check_text(&key, a);
		}
		check_inside(val.raw, v->raw);
		check_text(&val, a);
		assert(json_parse(val.raw, &same) && same.kind == val.kind);
	}
	assert(it.n == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size), rest = text;
	struct arena a = ARENA_INIT;
	struct json_value v;
	int64_t i;
	double d;

	while (json_value(&rest, &v)) {
		check_inside(v.raw, text);
		check_text(&v, &a);
		check_inner(&v, &a);
		if (json_i64(&v, &i) && json_double(&v, &d))
			assert((double)i == d || v.raw.n > 15);
	}
	assert(rest.n == 0 || rest.p + rest.n == text.p + size);
	arena_release(&a);
	return 0;
}
