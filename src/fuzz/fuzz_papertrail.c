/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/papertrail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The views lie in the row, one behind the other. */
static void
check_row(sv line, struct arena *a)
{
	struct envelope env;
	struct bad_line bad;

	if (!papertrail_parse(line, a, &env, &bad)) {
		assert(bad.reason && bad.detail && bad.at <= line.n);
		assert(!papertrail_is(line));
		return;
	}
	assert(!papertrail_is_header(line));
	assert(sv_null(env.drain) && sv_eq(env.message, sv_trim(env.whole)));
	assert(env.source.n && env.source.p > line.p);
	assert(sv_starts(env.origin, env.source));
	assert(env.origin.n ==
	    env.source.n + (env.dyno.n ? env.dyno.n + 2 : 0));
	assert(env.message.p > env.source.p + env.source.n);
	assert(env.message.p + env.message.n <= line.p + line.n);
	assert(sv_trim(env.message).n == env.message.n);
}

/* Whatever an app prints, tabs and rows too, stays its message. */
static void
check_payload(sv text, struct arena *a)
{
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;
	bool ok;

	buf_lit(&b, "7\t2026-06-12 05:02:11 -0800\t2026-06-12T13:02:12Z\t1\t"
	    "raxx-api\t192.0.2.1\tLocal7\tInfo\tapp/web.1\t");
	buf_add(&b, text);
	ok = papertrail_parse(buf_sv(&b), a, &env, &bad);
	assert(ok && papertrail_is(buf_sv(&b)));
	assert(env.ts == INT64_C(1781269331000000));
	assert(sv_is(env.origin, "app[web.1]"));
	assert(sv_eq(env.message, sv_trim(text)));
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);
	struct arena a = ARENA_INIT;

	check_row(text, &a);
	check_payload(text, &a);
	arena_release(&a);
	return 0;
}
