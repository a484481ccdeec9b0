/* SPDX-License-Identifier: MIT */
#include "test/envshow.h"

#include "base/utc.h"
#include "test/ck.h"

void
envshow(struct buf *b, bool ok, const struct envelope *env,
    const struct bad_line *bad)
{
	if (!ok) {
		buf_printf(b, "%s %zu: %s", bad->reason, bad->at, bad->detail);
		return;
	}
	utc_write(b, env->ts);
	buf_printf(b, " %.*s <", SV_ARG(env->origin));
	buf_add(b, env->message);
	buf_lit(b, ">");
	if (!sv_null(env->drain))
		buf_printf(b, " %.*s", SV_ARG(env->drain));
}

/* The origin says it all: the names must agree. */
static void
check_origin(const struct envelope *env)
{
	struct buf b = BUF_INIT;

	buf_add(&b, env->source);
	if (env->dyno.n)
		buf_printf(&b, "[%.*s]", SV_ARG(env->dyno));
	ck_sv(env->origin, buf_sv(&b));
	ck_assert(!sv_null(env->dyno) && !sv_null(env->message));
	buf_release(&b);
}

void
envshow_check(envshow_reader *read, sv line, const char *want)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;
	bool ok = read(line, &a, &env, &bad);

	envshow(&b, ok, &env, &bad);
	ck_sv(buf_sv(&b), sv_str(want));
	if (ok)
		check_origin(&env);
	buf_release(&b);
	arena_release(&a);
}

void
envshow_item(struct buf *b, const struct jsonlog_item *item)
{
	buf_add(b, item->record);
	buf_lit(b, "\n  ");
	envshow(b, item->ok, &item->env, &item->bad);
	buf_lit(b, "\n");
	if (item->ok)
		check_origin(&item->env);
}
