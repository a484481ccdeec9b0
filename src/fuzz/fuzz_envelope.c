/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/envelope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
inside(sv v, sv text)
{
	return v.n == 0 || (v.p >= text.p && v.p + v.n <= text.p + text.n);
}

/* The message is the end of the line but for blanks, and has none around. */
static void
check_message(sv msg, sv line)
{
	assert(inside(msg, line) && sv_trim(msg).n == msg.n);
	assert(msg.n == 0 || sv_ends(sv_trim_right(line), msg));
}

static void
check_cli(sv line)
{
	struct envelope env;
	struct bad_line bad;

	if (!envelope_cli(line, &env, &bad)) {
		assert(bad.reason && bad.detail && bad.at <= line.n);
		return;
	}
	assert(env.source.n && inside(env.source, line));
	assert(inside(env.dyno, line) && inside(env.origin, line));
	assert(env.origin.n == env.source.n + (env.dyno.n ? env.dyno.n + 2 : 0));
	assert(sv_eq(env.message, sv_trim(env.whole)));
	check_message(env.message, line);
}

/* The parts of the header in one word each, in the order of the line. */
static void
check_syslog(sv line, struct arena *a)
{
	struct envelope env;
	struct bad_line bad;

	if (!envelope_syslog(line, a, &env, &bad)) {
		assert(bad.reason && bad.detail && bad.at <= line.n);
		return;
	}
	assert(env.source.n && inside(env.source, line));
	assert(inside(env.dyno, line) && inside(env.drain, line));
	assert(sv_find_byte(env.origin, ' ') == env.origin.n);
	assert(sv_starts(env.origin, env.source));
	assert(env.dyno.n == 0 ? sv_eq(env.origin, env.source) :
	    env.origin.n == env.source.n + env.dyno.n + 2);
	assert(sv_eq(env.message, sv_trim(env.whole)));
	check_message(env.message, line);
}

/* What an app prints is kept whole behind the header that an HTTPS drain
 * writes, unless it has the form of structured data. */
static void
check_payload(sv text, struct arena *a)
{
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;
	bool ok;

	buf_lit(&b, "<190>1 2026-06-12T13:02:11+00:00 host app web.1 - ");
	buf_add(&b, text);
	ok = envelope_syslog(buf_sv(&b), a, &env, &bad);
	assert(ok && sv_is(env.source, "app") && sv_is(env.dyno, "web.1"));
	if (!sv_starts(text, SV("[")) && !sv_starts(text, SV("\xef\xbb\xbf")))
		assert(sv_eq(env.message, sv_trim(text)));
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);
	struct arena a = ARENA_INIT;

	check_cli(text);
	check_syslog(text, &a);
	check_payload(text, &a);
	arena_release(&a);
	return 0;
}
