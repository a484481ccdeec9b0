/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "parse/configtext.h"
#include "parse/configvar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
note(struct buf *b, enum configtext_result got,
    const struct configtext_item *item)
{
	buf_printf(b, "%d%d %zu %zu:", (int)got, item->listed, item->lines,
	    item->value.n);
	buf_add(b, item->name);
	buf_add(b, item->value);
	buf_add(b, item->app);
	buf_add(b, item->raw);
}

static void
check_item(enum configtext_result got, const struct configtext_item *item,
    sv used)
{
	assert(sv_eq(item->raw, used) && item->raw.p == used.p && item->lines);
	assert((got == CONFIGTEXT_VAR || got == CONFIGTEXT_OPEN) ==
	    !sv_null(item->name) || got == CONFIGTEXT_BAD);
	if (got == CONFIGTEXT_OPEN)
		assert(item->lines == 1 && item->quoted);
	if (got != CONFIGTEXT_VAR)
		return;
	assert(configvar_is_name(item->name));
	assert(item->name.p >= used.p);
	assert(item->name.p + item->name.n < used.p + used.n);
	assert(item->value.n < used.n);
}

/* Reads text in pieces of `step` bytes, each in memory of just that size. */
static void
read_all(sv text, size_t step, struct buf *out)
{
	struct configtext t = CONFIGTEXT_INIT;
	enum configtext_result got = CONFIGTEXT_MORE;
	struct arena a = ARENA_INIT;
	size_t done = 0, have = 0;

	while (got != CONFIGTEXT_END) {
		size_t n = have - done;
		char *part = malloc(n + 1);
		sv rest = sv_of(part + 1, n);
		struct configtext_item item;

		if (n)
			memcpy(part + 1, text.p + done, n);
		got = configtext_next(&t, &rest, have == text.n, &a, &item);
		assert(rest.p == part + 1 + n - rest.n);
		if (got == CONFIGTEXT_MORE) {
			assert(have < text.n && rest.n == n);
			have += step < text.n - have ? step : text.n - have;
		} else if (got != CONFIGTEXT_END) {
			check_item(got, &item, sv_of(part + 1, n - rest.n));
			note(out, got, &item);
		}
		done += n - rest.n;
		free(part);
	}
	assert(done == text.n);
	arena_release(&a);
}

/* As heroku/cli src/lib/config/quote.ts writes a value. */
static void
quote(struct buf *b, sv v)
{
	bool twice = sv_find_byte(v, '\'') < v.n || sv_find_byte(v, '\n') < v.n;

	buf_byte(b, twice ? '"' : '\'');
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];

		if (twice ? sv_find_byte(SV("\"\\$`!"), c) < 5 : c == '\\')
			buf_byte(b, '\\');
		if (c == '\n')
			buf_lit(b, "\\n");
		else
			buf_byte(b, c);
	}
	buf_byte(b, twice ? '"' : '\'');
}

/* What the client wrote is read as it was. */
static void
check_round_trip(sv value)
{
	struct configtext t = CONFIGTEXT_INIT;
	struct configtext_item item;
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	sv rest;

	if (sv_find(value, SV("\r\n")) < value.n || sv_ends(value, SV("\r")))
		return;
	buf_lit(&b, "KEY=");
	quote(&b, value);
	buf_lit(&b, "\n");
	assert(configtext_is(buf_sv(&b), &a));
	rest = buf_sv(&b);
	assert(configtext_next(&t, &rest, true, &a, &item) == CONFIGTEXT_VAR);
	assert(sv_is(item.name, "KEY") && sv_eq(item.value, value));
	assert(rest.n == 0);
	buf_release(&b);
	arena_release(&a);
}

/* The first byte chooses the step. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT, parts = BUF_INIT;
	struct arena a = ARENA_INIT;
	sv text = sv_skip(sv_of((const char *)data, size), 1);

	if (size == 0 || size > 2048)
		return 0;
	read_all(text, text.n, &whole);
	read_all(text, 1 + data[0] % 17, &parts);
	assert(sv_eq(buf_sv(&whole), buf_sv(&parts)));
	check_round_trip(text);
	configtext_is(text, &a);
	arena_release(&a);
	buf_release(&parts);
	buf_release(&whole);
	return 0;
}
