/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/jsonw.h"
#include "base/utc.h"
#include "base/utf8.h"
#include "parse/betterstack.h"
#include "parse/datadog.h"
#include "parse/fluentjson.h"
#include "parse/jsonlog.h"
#include "parse/vectorjson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef bool reader(
    sv line, struct arena *scratch, struct envelope *out, struct bad_line *bad);

/* A reader, and a line of its shape up to the text of its message. */
static const struct {
	bool (*is)(sv line);
	reader *read;
	const char *head, *tail;
} shapes[] = {
	{ vectorjson_is, vectorjson_envelope,
	    "{\"app_name\":\"app\",\"proc_id\":\"web.1\",\"timestamp\":"
	    "\"2026-06-12T13:02:11Z\",\"source_type\":\"heroku_logs\","
	    "\"message\":",
	    "}" },
	{ betterstack_is, betterstack_envelope,
	    "{\"dt\":1781269331,\"syslog\":{\"appname\":\"app\",\"procid\":"
	    "\"web.1\"},\"message\":",
	    "}" },
	{ datadog_is, datadog_envelope,
	    "{\"id\":\"1\",\"attributes\":{\"attributes\":{\"syslog\":"
	    "{\"appname\":\"app\",\"procid\":\"web.1\"}},\"timestamp\":"
	    "1781269331000,\"message\":",
	    "}}" },
	{ fluentjson_is, fluentjson_envelope,
	    "2026-06-12T13:02:11+0000\theroku\t{\"drain_id\":\"host\","
	    "\"ident\":\"app\",\"pid\":\"web.1\",\"message\":",
	    "}" },
};

static void
check_envelope(const struct envelope *env)
{
	assert(env->source.n && sv_starts(env->origin, env->source));
	assert(env->dyno.n == 0
		? sv_eq(env->origin, env->source)
		: env->origin.n == env->source.n + env->dyno.n + 2);
	assert(!sv_null(env->message));
	assert(sv_trim(env->message).n == env->message.n);
	assert(sv_null(env->drain) || sv_starts(env->drain, SV("d.")));
}

/* A cut line is refused, wherever the cut is. */
static void
check_cut(reader *read, sv line, size_t n, struct arena *a)
{
	struct envelope env;
	struct bad_line bad;
	bool ok = read(sv_take(line, n), a, &env, &bad);

	assert(!ok && sv_is(sv_str(bad.reason), "bad-json") && bad.at <= n);
}

static void
check_line(reader *read, sv line, struct arena *a)
{
	struct envelope env, again;
	struct bad_line bad;
	bool ok;

	if (!read(line, a, &env, &bad)) {
		assert(bad.reason && bad.detail && bad.at <= line.n);
		return;
	}
	check_envelope(&env);
	ok = read(line, a, &again, &bad);
	assert(ok && again.ts == env.ts);
	assert(sv_eq(again.origin, env.origin));
	assert(sv_eq(again.message, env.message));
	line = sv_trim_right(line);
	check_cut(read, line, line.n - 1, a);
	check_cut(read, line, line.n / 2, a);
}

/* Whatever an app prints, the envelope stays what the drain said. */
static void
check_payload(size_t i, sv text, struct arena *a)
{
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;
	bool ok;

	buf_str(&b, shapes[i].head);
	jsonw_text(&b, text);
	buf_str(&b, shapes[i].tail);
	for (size_t k = 0; k < countof(shapes); k++)
		assert(shapes[k].is(buf_sv(&b)) == (k == i));
	ok = shapes[i].read(buf_sv(&b), a, &env, &bad);
	assert(ok && sv_is(env.origin, "app[web.1]"));
	assert(env.ts == 1781269331 * UTC_SECOND);
	if (sv_eq(utf8_clean(text, a), text))
		assert(sv_eq(env.message, sv_trim(text)));
	buf_release(&b);
}

/* What is read as a time is written and read as the same. */
static void
check_time(sv text, struct arena *a)
{
	struct buf b = BUF_INIT;
	struct json_value v;
	int64_t us, same;
	bool ok;

	jsonw_text(&b, text);
	if (json_parse(buf_sv(&b), &v) && jsonlog_time(a, &v, &us)) {
		buf_clear(&b);
		buf_lit(&b, "\"");
		utc_write(&b, us);
		buf_lit(&b, "\"");
		ok = json_parse(buf_sv(&b), &v) && jsonlog_time(a, &v, &same);
		assert(ok && same == us);
	}
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);
	struct arena a = ARENA_INIT;

	for (size_t i = 0; i < countof(shapes); i++) {
		check_line(shapes[i].read, text, &a);
		check_payload(i, text, &a);
	}
	check_time(text, &a);
	arena_release(&a);
	return 0;
}
