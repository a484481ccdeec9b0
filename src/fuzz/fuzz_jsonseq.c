/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "parse/jsonseq.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* `used` is what one call took: white space, brackets and commas, then the
 * item. */
static void
check_used(const struct jsonseq *s, enum jsonseq_result got, sv used,
    const struct json_value *item, size_t skipped)
{
	struct json_value again;
	size_t front = used.n;

	if (got != JSONSEQ_END) {
		assert(item->raw.n && item->raw.n <= s->limit);
		assert(sv_ends(used, item->raw));
		assert(item->raw.p + item->raw.n == used.p + used.n);
		front -= item->raw.n;
	}
	for (size_t i = 0; i < front; i++) {
		assert(sv_find_byte(SV(" \t\r\n[],"), used.p[i]) < 7);
		skipped -= used.p[i] == '\n';
	}
	assert(skipped == 0);
	if (got == JSONSEQ_ITEM)
		assert(json_parse(item->raw, &again) &&
		    again.kind == item->kind && sv_eq(again.raw, item->raw));
}

static void
note(struct buf *b, enum jsonseq_result got, bool open, sv raw)
{
	buf_printf(b, "%d%d %zu:", (int)got, open, raw.n);
	buf_add(b, raw);
}

/* Reads text in pieces of `step` bytes, each in memory of just that size. */
static void
read_all(sv text, size_t limit, size_t step, struct buf *out)
{
	struct jsonseq s = JSONSEQ_INIT(limit);
	enum jsonseq_result got = JSONSEQ_MORE;
	size_t done = 0, have = 0;

	while (got != JSONSEQ_END) {
		size_t n = have - done, skipped;
		char *part = malloc(n + 1);
		sv rest = sv_of(part + 1, n);
		struct json_value item = { JSON_NULL, SV_NULL, false };

		if (n)
			memcpy(part + 1, text.p + done, n);
		got = jsonseq_next(&s, &rest, have == text.n, &item, &skipped);
		assert(rest.p == part + 1 + n - rest.n);
		if (got == JSONSEQ_MORE) {
			assert(have < text.n && rest.n <= limit);
			have += step < text.n - have ? step : text.n - have;
		} else {
			assert(got == JSONSEQ_END || rest.n < n);
			check_used(&s, got, sv_of(part + 1, n - rest.n), &item,
			    skipped);
			note(out, got, s.open, got == JSONSEQ_END ? SV_NULL :
			    item.raw);
		}
		done += n - rest.n;
		free(part);
	}
	assert(done == text.n);
}

/* An item inside an array comes back, whatever bad neighbour it has, as long
 * as that has no quotes or brackets. */
static void
check_neighbour(sv text)
{
	struct jsonseq s = JSONSEQ_INIT(8192);
	struct buf b = BUF_INIT;
	struct json_value item;
	size_t skipped;
	sv rest;

	for (size_t i = 0; i < text.n; i++)
		if (sv_find_byte(SV("\"[]{},"), text.p[i]) < 6)
			return;
	buf_lit(&b, "[x");
	buf_add(&b, text);
	buf_lit(&b, ",{\"a\":1}]");
	rest = buf_sv(&b);
	assert(jsonseq_next(&s, &rest, true, &item, &skipped) == JSONSEQ_BAD);
	assert(jsonseq_next(&s, &rest, true, &item, &skipped) == JSONSEQ_ITEM);
	assert(sv_is(item.raw, "{\"a\":1}"));
	assert(jsonseq_next(&s, &rest, true, &item, &skipped) == JSONSEQ_END);
	buf_release(&b);
}

/* The first byte chooses the step, the second the limit. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT, parts = BUF_INIT;
	sv text = sv_skip(sv_of((const char *)data, size), 2);
	size_t limit;

	if (size < 2 || size > 2048)
		return 0;
	limit = data[1] < 128 ? 4096 : data[1] - 127u;
	read_all(text, limit, text.n, &whole);
	read_all(text, limit, 1 + data[0] % 17, &parts);
	assert(sv_eq(buf_sv(&whole), buf_sv(&parts)));
	check_neighbour(text);
	buf_release(&parts);
	buf_release(&whole);
	return 0;
}
