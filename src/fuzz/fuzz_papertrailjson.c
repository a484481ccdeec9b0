/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/papertrailjson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_item(const struct jsonlog_item *item)
{
	const struct envelope *env = &item->env;

	if (!item->ok) {
		assert(item->bad.reason && item->bad.detail);
		assert(item->bad.at <= item->record.n);
		return;
	}
	assert(env->source.n && sv_starts(env->origin, env->source));
	assert(sv_trim(env->message).n == env->message.n);
	assert(sv_null(env->drain));
}

/* The records lie in the line, one behind the other. */
static size_t
check_records(sv line, struct jsonlog_item *last, struct arena *a)
{
	struct papertrailjson_it it;
	const char *at = line.p;
	size_t n = 0;

	papertrailjson_begin(&it, line);
	for (; papertrailjson_next(&it, a, last); n++) {
		assert(last->record.p >= at);
		at = last->record.p + last->record.n;
		check_item(last);
	}
	assert(at <= line.p + line.n);
	return n;
}

/* An event alone, and twice in a list, says the same. */
static void
check_list(sv line, const struct jsonlog_item *alone, struct arena *a)
{
	struct buf b = BUF_INIT;
	struct jsonlog_item item;
	size_t n;

	buf_lit(&b, "{\"min_id\":\"1\",\"events\":[");
	buf_add(&b, line);
	buf_lit(&b, ",");
	buf_add(&b, line);
	buf_lit(&b, "]}");
	n = check_records(buf_sv(&b), &item, a);
	assert(n == 2 && item.ok && item.env.ts == alone->env.ts);
	assert(sv_eq(item.env.origin, alone->env.origin));
	assert(sv_eq(item.env.message, alone->env.message));
	assert(papertrailjson_is(buf_sv(&b)) == papertrailjson_is(line));
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);
	struct arena a = ARENA_INIT;
	struct jsonlog_item item;
	struct json_value v, events;
	size_t n = check_records(text, &item, &a);

	if (n == 1 && item.ok && json_parse(text, &v) &&
	    !json_find(&v, SV("events"), &events))
		check_list(text, &item, &a);
	arena_release(&a);
	return 0;
}
