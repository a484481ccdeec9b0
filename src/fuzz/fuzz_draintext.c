/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/draintext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD "2026-06-12T13:02:11Z d.0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0 "

/* The views lie in the line, one behind the other. */
static void
check_line(sv line)
{
	struct envelope env;
	struct bad_line bad;

	if (!draintext_parse(line, &env, &bad)) {
		assert(bad.reason && bad.detail && bad.at <= line.n);
		assert(!draintext_is(line));
		return;
	}
	assert(draintext_is(line) && env.source.n && env.drain.n == 38);
	assert(env.drain.p > line.p && env.source.p > env.drain.p + 38);
	assert(env.origin.p == env.source.p);
	assert(env.origin.n ==
	    env.source.n + (env.dyno.n ? env.dyno.n + 2 : 0));
	assert(env.message.p >= env.origin.p + env.origin.n);
	assert(env.message.p + env.message.n <= line.p + line.n);
	assert(sv_trim(env.message).n == env.message.n);
	assert(sv_eq(env.message, sv_trim(env.whole)));
}

/* What an app prints is kept whole behind a header with a colon, and behind
 * the nil of rsyslog; no text of an app gets another source. */
static void
check_payload(const char *header, sv text)
{
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;
	bool ok;

	buf_add(&b, sv_str(header));
	buf_add(&b, text);
	ok = draintext_parse(buf_sv(&b), &env, &bad);
	assert(ok && sv_is(env.origin, "app[web.1]"));
	assert(sv_eq(env.message, sv_trim(text)));
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);

	check_line(text);
	check_payload(HEAD "app[web.1]: ", text);
	check_payload(HEAD "app[web.1] - ", text);
	return 0;
}
