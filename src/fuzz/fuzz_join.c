/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "parse/json.h"
#include "record/join.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES = 4096 };

static const sv origins[][3] = {
	{ { "app[web.1]", 10 }, { "app", 3 }, { "web.1", 5 } },
	{ { "app[web.2]", 10 }, { "app", 3 }, { "web.2", 5 } },
	{ { "app[postgres.7]", 15 }, { "app", 3 }, { "postgres.7", 10 } },
	{ { "heroku[router]", 14 }, { "heroku", 6 }, { "router", 6 } },
	{ { "app[api]", 8 }, { "app", 3 }, { "api", 3 } },
	{ { "heroku[web.1]", 13 }, { "heroku", 6 }, { "web.1", 5 } },
};

/* Steps of time, in microseconds. */
static const int64_t steps[] = { 0, 1, 100, 5001, 999999, 2000000, -3 };

/* Lengths that a message is filled up to. */
static const size_t lengths[] = { 1024, 10000, 10000, 300000 };

static sv
filled(struct arena *mem, sv text, size_t n)
{
	char *p;

	if (text.n == 0 || text.n >= n)
		return text;
	p = arena_alloc(mem, n);
	memset(p, 'x', n);
	memcpy(p, text.p, text.n);
	return sv_of(p, n);
}

/*
 * A line of the input: one letter for the origin ('a' to 'f', anything else: no
 * header), one digit for the step of time, a letter for the length ('A' to 'D',
 * else as it is), then the message.
 */
static void
make_line(sv in, struct arena *mem, int64_t *ts, struct join_line *out)
{
	size_t at = in.n ? (size_t)(unsigned char)in.p[0] - 'a' : 99;
	size_t step = in.n > 1 ? (size_t)(unsigned char)in.p[1] - '0' : 0;
	size_t fill = in.n > 2 ? (size_t)(unsigned char)in.p[2] - 'A' : 99;
	struct envelope *e = &out->env;

	out->bare = at >= countof(origins);
	if (!out->bare) {
		*ts += step < countof(steps) ? steps[step] : 0;
		e->ts = *ts;
		e->origin = origins[at][0];
		e->source = origins[at][1];
		e->dyno = origins[at][2];
	}
	e->whole = sv_skip(in, 3);
	if (fill < countof(lengths))
		e->whole = filled(mem, e->whole, lengths[fill]);
	e->message = sv_trim(e->whole);
}

struct lines {
	struct join_line line[LINES];
	size_t n;
};

static void
note(struct buf *b, const struct joined *o)
{
	buf_printf(b, "%llu %d %d %u %u %d %llu ",
	    (unsigned long long)o->own->line, (int)o->role,
	    o->role == JOIN_LONE ? 0 : (int)o->how, o->lines, o->nth,
	    o->broken, (unsigned long long)(o->head ? o->head->line : 0));
	buf_add(b, o->text);
	buf_byte(b, '\n');
}

/* Nothing is swallowed by what is of another origin, and no event with a form of
 * its own by a text. */
static void
check_part(const struct joined *o)
{
	const struct envelope *e = &o->own->env;
	struct json_value json;

	assert(!o->broken && o->nth > 1 && o->nth <= o->lines &&
	    o->lines <= JOIN_LINES && o->head->line != o->own->line &&
	    !o->head->bare);
	assert(sv_eq(o->head->env.origin, e->origin));
	if (o->own->bare)
		return;
	assert(o->how != JOIN_CONTINUED);
	if (o->how == JOIN_SPLIT || o->how == JOIN_TRACEBACK)
		assert(!sv_starts(e->message, SV("{")) ||
		    !json_parse(e->message, &json));
}

/* The n-th line comes out n-th, as it went in; a part names a head, and of the
 * parts of a head each has its own place. */
static void
check_line(const struct lines *in, const struct joined *o, uint64_t n)
{
	const struct join_line *l = &in->line[n];

	assert(o->own->line == n + 1 && o->own->bare == l->bare);
	assert(sv_eq(o->own->env.whole, l->env.whole));
	assert(sv_eq(o->own->env.message, l->env.message));
	assert(l->bare || sv_eq(o->own->env.origin, l->env.origin));
	assert((o->role == JOIN_PART) == (o->head != NULL));
	assert((o->role == JOIN_LONE) == (o->lines == 1));
	if (o->role == JOIN_LONE)
		assert(sv_eq(o->text, l->env.message));
	if (o->role == JOIN_PART)
		check_part(o);
}

static void
fetch(const struct lines *in, struct join *j, enum join_flush flush,
    struct buf *out, uint64_t *n, uint64_t *parts)
{
	struct joined o;

	while (join_next(j, flush, &o)) {
		assert(*n < in->n);
		check_line(in, &o, (*n)++);
		if (o.role == JOIN_HEAD)
			*parts += o.lines - 1;
		if (o.role == JOIN_PART)
			*parts -= 1;
		note(out, &o);
	}
}

/* join_next is called behind every `every`-th line. */
static void
run(const struct lines *in, bool bares, size_t every, enum join_flush flush,
    struct buf *out)
{
	uint64_t n = 0, parts = 0;
	struct join j;

	join_init(&j, bares);
	for (size_t i = 0; i < in->n; i++) {
		join_add(&j, &in->line[i]);
		if (i % every == 0)
			fetch(in, &j, flush, out, &n, &parts);
	}
	fetch(in, &j, JOIN_END, out, &n, &parts);
	assert(n == in->n && parts == 0);
	assert(j.ngroup == 0);
	join_release(&j);
}

static void
check_ways(const struct lines *in, bool bares)
{
	struct buf each = BUF_INIT, third = BUF_INIT, end = BUF_INIT;

	run(in, bares, 1, JOIN_MORE, &each);
	run(in, bares, 3, JOIN_MORE, &third);
	run(in, bares, LINES + 1, JOIN_MORE, &end);
	assert(sv_eq(buf_sv(&each), buf_sv(&third)));
	assert(sv_eq(buf_sv(&each), buf_sv(&end)));
	buf_clear(&third);
	run(in, bares, 2, JOIN_IDLE, &third);
	/* Without bare lines nothing is given up when the input rests. */
	assert(bares || sv_eq(buf_sv(&each), buf_sv(&third)));
	buf_release(&each);
	buf_release(&third);
	buf_release(&end);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct lines in;
	struct arena mem = ARENA_INIT;
	sv rest = sv_of((const char *)data, size);
	int64_t ts = INT64_C(1780000000000001);
	bool bares = false;
	size_t bytes = 0;

	for (in.n = 0; rest.n && in.n < LINES && bytes < 5u << 20; in.n++) {
		in.line[in.n] = (struct join_line){ .line = in.n + 1 };
		make_line(sv_cut(&rest, '\n'), &mem, &ts, &in.line[in.n]);
		bares |= in.line[in.n].bare;
		bytes += in.line[in.n].env.whole.n;
	}
	if (!bares)
		check_ways(&in, false);
	check_ways(&in, true);
	arena_release(&mem);
	return 0;
}
