/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <math.h>

#include "base/jsonw.h"
#include "parse/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_double(sv bytes)
{
	struct buf b = BUF_INIT;
	double d, back = 0;

	memcpy(&d, bytes.p, sizeof(d));
	if (isfinite(d)) {
		struct json_value v;

		jsonw_double(&b, d);
		assert(json_parse(buf_sv(&b), &v));
		assert(json_double(&v, &back) && (back < d) == (back > d));
	}
	buf_release(&b);
}

/* The output is a JSON string without a byte that acts on a terminal or a
 * page; valid UTF-8 in, the same text out. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT, again = BUF_INIT;
	struct json_value v;
	sv back;

	jsonw_text(&b, text);
	for (size_t i = 0; i < b.n; i++) {
		unsigned char c = (unsigned char)b.p[i];

		assert(c >= 0x20 && c != 0x7f);
		assert(c != '<' && c != '>' && c != '&');
	}
	assert(json_parse(buf_sv(&b), &v) && v.kind == JSON_STRING);
	back = json_text(&a, &v);
	assert(sv_eq(back, text) || sv_has(back, SV("\\x")));
	/* Stray bytes are gone now, so a second time changes nothing. */
	jsonw_text(&again, back);
	assert(json_parse(buf_sv(&again), &v));
	assert(sv_eq(json_text(&a, &v), back));
	if (size >= sizeof(double))
		check_double(text);
	buf_release(&again);
	buf_release(&b);
	arena_release(&a);
	return 0;
}
