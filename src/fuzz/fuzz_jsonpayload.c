/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/jsonpayload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No text is longer than its JSON. */
static void
check(sv v, sv json)
{
	assert(v.n <= json.n);
}

static bool
same(sv a, sv b)
{
	return sv_null(a) == sv_null(b) && sv_eq(a, b);
}

/* A member of another name, first or last, changes nothing. */
static void
check_more(struct arena *a, const struct json_value *obj,
    const struct jsonpayload *want)
{
	sv inside = sv_skip(sv_take(obj->raw, obj->raw.n - 1), 1);
	struct buf b = BUF_INIT;
	struct json_value again;
	struct jsonpayload got;
	bool ok;

	buf_lit(&b, "{\"\":{\"level\":\"info\"}");
	if (sv_trim(inside).n)
		buf_byte(&b, ',');
	buf_add(&b, inside);
	buf_lit(&b, ",\"z\":\"msg\"}");
	ok = json_parse(buf_sv(&b), &again) && jsonpayload_read(a, &again, &got);
	assert(ok && same(got.level, want->level) &&
	    same(got.event, want->event) && same(got.message, want->message) &&
	    same(got.logger, want->logger) &&
	    same(got.exception, want->exception));
	buf_release(&b);
}

/* JSON needs no mending, and what was mended no more. */
static void
check_mend(struct arena *a, sv text)
{
	bool bad_number, again;
	sv mended = jsonpayload_mend(a, text, &bad_number);
	struct json_value v;

	assert(mended.p == text.p || !json_parse(text, &v));
	assert(jsonpayload_mend(a, mended, &again).p == mended.p && !again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);
	struct arena a = ARENA_INIT;
	struct json_value obj;
	struct jsonpayload p;

	if (json_parse(text, &obj) && jsonpayload_read(&a, &obj, &p)) {
		check(p.event, text);
		check(p.message, text);
		check(p.logger, text);
		check(p.exception, text);
		check_more(&a, &obj, &p);
	}
	check_mend(&a, text);
	arena_release(&a);
	return 0;
}
