/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/utf8.h"
#include "parse/json.h"
#include "parse/sampleline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* [name, value, unit] or [name, value, unit, kind], the value a number or a text
 * without unit. */
static void
check_sample(const struct json_value *sample)
{
	struct json_value name, val, unit, kind, none;
	sv it = json_begin(sample);
	bool ok = json_item(&it, &name) && json_item(&it, &val) &&
	    json_item(&it, &unit);

	assert(ok);
	if (json_item(&it, &kind))
		assert(kind.kind == JSON_STRING && !json_item(&it, &none));
	assert(name.kind == JSON_STRING && unit.kind == JSON_STRING);
	assert(val.kind == JSON_NUMBER ||
	    (val.kind == JSON_STRING && sv_is(unit.raw, "\"\"")));
}

static bool
inside(sv v, sv text)
{
	return v.n == 0 || (v.p >= text.p && v.p + v.n <= text.p + text.n);
}

/* What the quick reader takes it reads like the other, also once it knows the
 * shape of the line. */
static void
check_quick(sv text, struct arena *a)
{
	struct buf b = BUF_INIT, more = BUF_INIT, whole = BUF_INIT;
	struct metric quick, in;
	struct sampleline out;

	for (int twice = 0; twice < 2; twice++) {
		bool ok;

		if (!sampleline_parse(text, a, &quick, &out))
			continue;
		buf_clear(&b);
		ok = metric_parse(text, &in, &b, &more);
		assert(ok && more.n == 0 && !in.texts && !in.bad_number);
		buf_clear(&whole);
		sampleline_write(&whole, &out);
		assert(sv_eq(buf_sv(&whole), buf_sv(&b)));
		assert(quick.samples == in.samples);
		assert(sv_eq(quick.subject, in.subject));
		assert(sv_eq(quick.instance, in.instance));
		assert(sv_eq(quick.addon, in.addon));
	}
	buf_release(&b);
	buf_release(&more);
	buf_release(&whole);
}

/* Clean text gives a JSON array of samples; no samples, no bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT, more = BUF_INIT;
	sv text = utf8_clean(sv_of((const char *)data, size), &a);
	struct json_value list, sample;
	struct metric in;
	sv it;

	if (metric_parse(text, &in, &b, &more)) {
		size_t n = 0;
		bool ok = json_parse(buf_sv(&b), &list);

		assert(ok && list.kind == JSON_ARRAY);
		for (it = json_begin(&list); json_item(&it, &sample); n++)
			check_sample(&sample);
		assert(n >= in.samples && in.samples > 0);
		assert(more.n <= 2 * text.n); /* pieces may have been glued */
	} else {
		assert(b.n == 0 && more.n == 0);
	}
	assert(inside(in.subject, text) && inside(in.addon, text));
	assert(inside(in.instance, text));
	check_quick(text, &a);
	buf_release(&b);
	buf_release(&more);
	arena_release(&a);
	return 0;
}
