/* SPDX-License-Identifier: MIT */
#include "record/joingroup.h"

#include "base/hash.h"

/* A line and what surely continues it, bare lines and the rest of a split, in a
 * list of n: how many lines that are, and the last. */
static uint32_t
run_of(const struct join *j, uint64_t at, uint32_t n, uint64_t *last)
{
	uint32_t run = 1;

	for (*last = at; run < n; run++) {
		uint64_t after = joinslot_at(j, *last)->after;

		if (!joinslot_at(j, after)->line.bare && !joinslot_at(j, after)->glued)
			break;
		*last = after;
	}
	return run;
}

/* Is a line of the run the rest of a split? */
static bool
is_split(const struct join *j, uint64_t at, uint32_t run)
{
	for (; run > 1; run--) {
		at = joinslot_at(j, at)->after;
		if (joinslot_at(j, at)->glued)
			return true;
	}
	return false;
}

/* The n lines from `at` have nothing to do with each other, but for what surely
 * continues the line before. */
static void
settle_apart(struct join *j, uint64_t at, uint32_t n)
{
	uint64_t last;

	while (n) {
		uint32_t run = run_of(j, at, n, &last);

		joinslot_settle(j, at, run, is_split(j, at, run) ? JOIN_SPLIT :
		    JOIN_CONTINUED, false);
		at = joinslot_at(j, last)->after;
		n -= run;
	}
}

/* The ordinals, plus one, of the chunks by their number; of two with one number
 * the first. Bare lines have number 0. */
static void
index_chunks(const struct join *j, const struct join_group *g,
    uint64_t at[JOIN_LINES + 1])
{
	uint64_t o = g->first;

	for (uint32_t n = g->count; n; n--) {
		const struct join_slot *s = joinslot_at(j, o);

		if (s->chunk <= JOIN_LINES && !at[s->chunk])
			at[s->chunk] = o + 1;
		o = s->after;
	}
}

/* Chunks that are not among the `good` first ones stand by themselves, with the
 * bare lines behind them: how many lines are left. */
static uint32_t
settle_strays(struct join *j, const struct join_group *g,
    const uint64_t at[JOIN_LINES + 1], uint32_t good)
{
	uint64_t o = g->first, last;
	uint32_t left = 0;

	for (uint32_t n = g->count, run; n; n -= run) {
		const struct join_slot *s = joinslot_at(j, o);

		run = run_of(j, o, n, &last);
		if (s->chunk > good || at[s->chunk] != o + 1)
			joinslot_settle(j, o, run, JOIN_CONTINUED, true);
		else
			left += run;
		o = joinslot_at(j, last)->after;
	}
	return left;
}

/* Links the first `good` chunks in order, each with its bare lines. */
static void
link_chunks(struct join *j, const struct join_group *g,
    const uint64_t at[JOIN_LINES + 1], uint32_t good)
{
	uint64_t tail = 0;

	for (uint32_t c = 1; c <= good; c++) {
		if (c > 1)
			joinslot_at(j, tail)->after = at[c] - 1;
		for (tail = at[c] - 1; tail != g->last &&
		    joinslot_at(j, joinslot_at(j, tail)->after)->line.bare;)
			tail = joinslot_at(j, tail)->after;
	}
}

/* In order of their numbers as far as none is missing; the others by
 * themselves. */
static void
settle_chunks(struct join *j, const struct join_group *g)
{
	uint64_t at[JOIN_LINES + 1] = { 0 };
	uint32_t good = 0, n;

	if (g->count == 1) {
		joinslot_settle(j, g->first, 1, JOIN_CHUNK,
		    joinslot_at(j, g->first)->chunk > 1);
		return;
	}
	index_chunks(j, g, at);
	while (good < JOIN_LINES && at[good + 1])
		good++;
	n = settle_strays(j, g, at, good);
	link_chunks(j, g, at, good);
	if (good)
		joinslot_settle(j, at[1] - 1, n, JOIN_CHUNK, false);
}

static void
settle_trace(struct join *j, const struct join_group *g)
{
	bool whole = pytrace_is_whole(&g->trace);
	uint64_t rest = g->first;

	if (g->headless && !whole) {
		settle_apart(j, g->first, g->count);
		return;
	}
	for (uint32_t n = g->sure; n; n--)
		rest = joinslot_at(j, rest)->after;
	joinslot_settle(j, g->first, g->sure, JOIN_TRACEBACK, !whole || g->full ||
	    g->torn);
	settle_apart(j, rest, g->count - g->sure);
}

void
joingroup_close(struct join *j, struct join_group *g)
{
	size_t i = (size_t)(g - j->group);

	switch (g->how) {
	case JOIN_CHUNK:
		settle_chunks(j, g);
		break;
	case JOIN_TRACEBACK:
		settle_trace(j, g);
		break;
	case JOIN_SPLIT:
		joinslot_settle(j, g->first, g->count, g->how, g->full == JOINGROUP_FULL);
		break;
	case JOIN_COMMAND:
		joinslot_settle(j, g->first, g->count, g->how, !g->done);
		break;
	case JOIN_CONTINUED:
	case JOIN_HOW_N:
		joinslot_settle(j, g->first, g->count, g->how, false);
		break;
	}
	j->ngroup--;
	memmove(g, g + 1, (j->ngroup - i) * sizeof(*g));
}

void
joingroup_finish(struct join *j, struct join_group *g)
{
	g->done = true;
	if (!j->bares)
		joingroup_close(j, g);
}

void
joingroup_close_done(struct join *j)
{
	for (size_t i = j->ngroup; i-- > 0;)
		if (j->group[i].done)
			joingroup_close(j, &j->group[i]);
}

static uint64_t
byte_limit(const struct join_group *g)
{
	return g->how == JOIN_CONTINUED ? JOIN_CONTINUED_BYTES : JOIN_BYTES;
}

void
joingroup_close_old(struct join *j, const struct join_line *line)
{
	uint64_t newest = j->next - 1;

	for (size_t i = j->ngroup; i-- > 0;) {
		struct join_group *g = &j->group[i];

		if (newest - g->first >= JOIN_LINES ||
		    j->bytes - g->start > byte_limit(g) || (!line->bare &&
		    line->env.ts - g->first_ts >= JOIN_WINDOW))
			joingroup_close(j, g);
	}
}

uint64_t
joingroup_key(const struct join_line *line)
{
	return hash64(line->env.origin, 0);
}

bool
joingroup_is_of(const struct join *j, const struct join_group *g, uint64_t key,
    const struct join_line *line)
{
	const struct envelope *e = &joinslot_at(j, g->first)->line.env;

	return g->key == key && sv_eq(e->origin, line->env.origin) &&
	    sv_eq(e->drain, line->env.drain);
}

struct join_group *
joingroup_open(struct join *j, enum join_how how, uint64_t key)
{
	const struct join_line *line = &joinslot_at(j, j->next - 1)->line;
	struct join_group *g;

	if (j->group == NULL)
		j->group = arena_array(&j->mem, JOIN_OPEN + 1,
		    sizeof(*j->group));
	if (j->ngroup == JOIN_OPEN && how != JOIN_CONTINUED)
		joingroup_close(j, &j->group[0]);
	g = &j->group[j->ngroup++];
	*g = (struct join_group){ .how = how, .key = key,
		.first = j->next - 1, .last = j->next - 1, .count = 1,
		.sure = 1, .first_ts = line->env.ts, .last_ts = line->env.ts,
		.start = j->bytes - line->env.whole.n };
	return g;
}

void
joingroup_append(struct join *j, struct join_group *g)
{
	struct join_slot *s = joinslot_at(j, j->next - 1);

	joinslot_at(j, g->last)->after = j->next - 1;
	g->last = j->next - 1;
	g->count++;
	if (!s->line.bare)
		g->last_ts = s->line.env.ts;
}
