/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/bsdline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TAKEN (INT64_C(1781269331) * UTC_SECOND)
#define TOKEN "d.0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

static bool
inside(sv v, sv line)
{
	return v.p >= line.p && v.p + v.n <= line.p + line.n;
}

static void
check_views(const struct envelope *env, sv line)
{
	assert(inside(env->source, line) && env->source.n);
	assert(sv_null(env->drain) || (inside(env->drain, line) &&
	    env->source.p > env->drain.p + env->drain.n));
	assert(inside(env->message, line));
	assert(sv_eq(env->message, sv_trim(env->whole)));
	assert(env->message.p >= env->source.p + env->source.n);
	assert(sv_trim(env->message).n == env->message.n);
	assert(sv_starts(env->origin, env->source));
	assert(env->origin.n ==
	    env->source.n + (env->dyno.n ? env->dyno.n + 2 : 0));
}

static bool
same(const struct bsdline_year *a, const struct bsdline_year *b)
{
	return a->year == b->year && a->taken == b->taken &&
	    a->last == b->last && a->from == b->from && a->to == b->to;
}

/* The year goes from line to line by one at most, and a line that is not read
 * leaves it. */
static void
check_run(sv text, struct arena *a)
{
	struct bsdline_year y = BSDLINE_YEAR_INIT, old;

	y.year = 2024;
	while (!sv_null(text)) {
		sv line = sv_cut(&text, '\n');
		struct envelope env;
		struct bad_line bad;

		old = y;
		if (bsdline_parse(line, &y, a, &env, &bad)) {
			check_views(&env, line);
			assert(y.year >= old.year - 1);
			assert(y.year <= old.year + 1);
			continue;
		}
		assert(bad.reason && bad.detail && bad.at <= line.n);
		assert(same(&y, &old));
	}
}

/* From `taken`, no line is later than a day after it nor a year too early,
 * whatever stands before it. What sniffs as one is one. */
static void
check_dump(sv text, struct arena *a)
{
	struct bsdline_year y = BSDLINE_YEAR_INIT, old;

	while (!sv_null(text)) {
		sv line = sv_cut(&text, '\n');
		struct envelope env;
		struct bad_line bad;

		y.taken = UTC_NONE;
		old = y;
		if (bsdline_parse(line, &y, a, &env, &bad))
			continue; /* a year in the line */
		assert(!bsdline_is(line) ||
		    sv_is(sv_str(bad.reason), "no-year"));
		y.taken = old.taken = TAKEN;
		if (!bsdline_parse(line, &y, a, &env, &bad))
			continue;
		assert(env.ts <= TAKEN + UTC_DAY);
		assert(env.ts > TAKEN - 365 * UTC_DAY);
		assert(same(&y, &old));
	}
}

/* "2026-06-12T13:02:11.123456Z" as BSD syslog has it. */
static void
put_time(struct buf *b, int64_t us)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct buf t = BUF_INIT;
	int64_t month = 0, day = 0;

	utc_write(&t, us);
	assert(sv_to_i64(sv_take(sv_skip(buf_sv(&t), 5), 2), &month));
	assert(sv_to_i64(sv_take(sv_skip(buf_sv(&t), 8), 2), &day));
	buf_mem(b, names + (month - 1) * 3, 3);
	buf_printf(b, " %2d ", (int)day);
	buf_add(b, sv_take(sv_skip(buf_sv(&t), 11), 8));
	buf_release(&t);
}

/* Every time comes back, with the payload behind it. */
static void
check_payload(const char *header, uint32_t seconds, sv text, struct arena *a)
{
	int64_t us = TAKEN - (int64_t)(seconds % (364 * 86400)) * UTC_SECOND;
	struct bsdline_year y = BSDLINE_YEAR_INIT;
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;
	bool ok;

	y.taken = TAKEN;
	put_time(&b, us);
	buf_add(&b, sv_str(header));
	buf_add(&b, text);
	ok = bsdline_parse(buf_sv(&b), &y, a, &env, &bad);
	assert(ok && env.ts == us && sv_is(env.origin, "app[web.1]"));
	assert(sv_eq(env.message, sv_trim(text)));
	assert(bsdline_is(buf_sv(&b)));
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);
	struct arena a = ARENA_INIT;
	uint32_t seconds = 0;

	for (size_t i = 0; i < size && i < 4; i++)
		seconds = seconds << 8 | data[i];
	check_run(text, &a);
	check_dump(text, &a);
	check_payload(" h app/web.1: ", seconds, text, &a);
	check_payload(" " TOKEN " app[web.1] - ", seconds, text, &a);
	arena_release(&a);
	return 0;
}
