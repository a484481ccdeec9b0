/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/otlp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_item(const struct jsonlog_item *item)
{
	const struct envelope *env = &item->env;
	struct json_value v;

	if (!item->ok) {
		assert(item->bad.reason && item->bad.detail);
		assert(item->bad.at <= item->record.n);
		return;
	}
	assert(json_parse(item->record, &v) && v.kind == JSON_OBJECT);
	assert(
	    sv_is(env->source, "app") || sv_starts(env->source, SV("heroku-")));
	assert(sv_starts(env->origin, env->source));
	assert(sv_trim(env->message).n == env->message.n);
	assert(env->ts > 0 && sv_null(env->drain));
}

/* The records lie in the line, one behind the other; the arena is given back
 * between two calls. */
static void
check_records(sv line)
{
	struct arena a = ARENA_INIT;
	struct jsonlog_item item;
	const char *at = line.p;
	struct otlp_it it;

	otlp_begin(&it, line);
	while (otlp_next(&it, &a, &item)) {
		assert(item.record.p >= at);
		at = item.record.p + item.record.n;
		check_item(&item);
		arena_release(&a);
	}
	assert(at <= line.p + line.n);
	arena_release(&a);
}

/* A cut line is refused as a whole. */
static void
check_cut(sv line)
{
	struct arena a = ARENA_INIT;
	struct jsonlog_item item;
	struct json_value v;
	struct otlp_it it;
	bool any;

	line = sv_trim_right(line);
	if (!json_parse(line, &v) || v.kind != JSON_OBJECT)
		return;
	line = sv_take(line, line.n - 1);
	otlp_begin(&it, line);
	any = otlp_next(&it, &a, &item);
	assert(any && !item.ok && sv_eq(item.record, line));
	assert(sv_is(sv_str(item.bad.reason), "bad-json"));
	any = otlp_next(&it, &a, &item);
	assert(!any);
	arena_release(&a);
}

/* The head decides; a whole line that is known has a list of resources. */
static void
check_known(sv line)
{
	struct buf b = BUF_INIT;
	struct json_value v;
	struct otlp_it it;

	if (!otlp_is(line))
		return;
	otlp_begin(&it, line);
	assert(it.refused == !json_parse(line, &v));
	buf_add(&b, line);
	buf_lit(&b, "\"\xff");
	assert(otlp_is(buf_sv(&b)));
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);

	check_records(text);
	check_cut(text);
	check_known(text);
	return 0;
}
