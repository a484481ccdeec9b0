/* SPDX-License-Identifier: MIT */
#include "record/join.h"

#include "base/attr.h"
#include "base/hash.h"
#include "base/utc.h"
#include "parse/cutline.h"
#include "parse/pglog.h"
#include "parse/platform.h"

enum {
	FULL = 10000,       /* log-shuttle's chunk */
	FULL_OLD = 1024,    /* of shuttles before 0.5.1, January 2014 */
	SLOTS = 64,         /* at first; a power of two */
	KEEP_BYTES = 4096   /* of a slot's memory, for its next line */
};

/* 2015-01-01: no such shuttle runs any more. A line of just 1,024 bytes is too
 * likely to be split on no other sign. */
#define FULL_OLD_UNTIL INT64_C(1420070400000000)

const char *const join_how_name[] = {
	[JOIN_SPLIT] = "split",
	[JOIN_CHUNK] = "chunk",
	[JOIN_TRACEBACK] = "traceback",
	[JOIN_COMMAND] = "command",
	[JOIN_CONTINUED] = "continued",
};
_Static_assert(countof(join_how_name) == JOIN_HOW_N, "a name per way");

/* A line that waits, or waited: all lines of a message stay until its last is
 * out. */
struct join_slot {
	struct join_line line;
	struct buf bytes; /* what the views of `line` and `body` point to */
	sv body;          /* what it adds to the joined text */
	bool glued;       /* without a newline before it */
	uint64_t after;   /* ordinal of the next line of its group */
	uint64_t chunk;   /* Postgres: its number, from 1 */
	/* Once its role is settled: */
	bool settled, broken;
	enum join_role role;
	enum join_how how;
	uint64_t head;    /* ordinal */
	uint32_t nth;
	uint32_t lines;   /* of a head: how many */
	uint32_t left;    /* of a head: how many are not given out */
};

/* An open join. Its first line waits, and so all behind it. */
struct join_group {
	enum join_how how;
	uint64_t key;          /* hash of the origin */
	uint64_t first, last;  /* ordinals, linked by `after` */
	uint32_t count;
	uint32_t sure;         /* traceback: how many surely belong to it */
	int64_t first_ts, last_ts;
	uint64_t start;        /* join.bytes before its first line */
	uint64_t full;         /* length of the chunk that asks for its rest */
	bool done;             /* nothing but a bare line can be added */
	bool headless;         /* traceback: of a syntax error, perhaps */
	bool torn;             /* traceback: a full chunk had no rest */
	struct pytrace trace;
	sv attachment;         /* chunk: "[ATTACHMENT] [LINE-" */
	bool has_first;        /* chunk: number 1 came */
	bool router;           /* continued: a router line that is not whole */
};

void
join_init(struct join *j, bool bares)
{
	*j = (struct join){ .bares = bares, .mem = ARENA_INIT,
		.text = BUF_INIT };
}

void
join_release(struct join *j)
{
	for (uint64_t i = 0; i < j->cap; i++)
		buf_release(&j->slot[i].bytes);
	buf_release(&j->text);
	arena_release(&j->mem);
	join_init(j, j->bares);
}

/* --- lines that wait --- */

static struct join_slot *
slot(const struct join *j, uint64_t ordinal)
{
	return &j->slot[ordinal & (j->cap - 1)];
}

static void
grow(struct join *j)
{
	struct join old = *j;

	if (j->cap == 0)
		j->group = arena_array(&j->mem, JOIN_OPEN + 1,
		    sizeof(*j->group));
	j->cap = j->cap ? 2 * j->cap : SLOTS;
	j->slot = arena_array(&j->mem, j->cap, sizeof(*j->slot));
	for (uint64_t i = 0; i < old.cap; i++)
		*slot(j, old.oldest + i) = *slot(&old, old.oldest + i);
}

/* invariant: every line before `oldest` is out, and all of its message */
static void
retire(struct join *j)
{
	while (j->oldest < j->first) {
		uint64_t head = slot(j, j->oldest)->head;

		if (head >= j->oldest && slot(j, head)->left)
			return;
		j->oldest++;
	}
}

static sv
copied(struct buf *b, sv v)
{
	sv copy = sv_of(b->p + b->n, v.n);

	if (sv_null(v))
		return v;
	buf_add(b, v); /* there is room: it does not move */
	return copy;
}

static void
copy_line(struct join_slot *s, const struct join_line *line)
{
	struct envelope *e = &s->line.env;
	struct buf *b = &s->bytes;

	buf_clear(b);
	if (line->bare)
		*e = (struct envelope){ 0 };
	buf_reserve(b, line->whole.n + e->origin.n + e->source.n + e->dyno.n +
	    e->drain.n + 1);
	e->origin = copied(b, e->origin);
	e->source = copied(b, e->source);
	e->dyno = copied(b, e->dyno);
	e->drain = copied(b, e->drain);
	s->line.whole = copied(b, line->whole);
	e->message = sv_trim(s->line.whole);
}

/* The memory of long lines is given back once their message is out. */
static void
drop_spent(struct join *j)
{
	uint64_t at;

	if (j->spent == 0)
		return;
	at = j->spent - 1;
	for (uint32_t n = slot(j, at)->lines; n; n--) {
		struct join_slot *s = slot(j, at);

		at = s->after;
		if (s->bytes.cap > KEEP_BYTES)
			buf_release(&s->bytes);
	}
	j->spent = 0;
}

/* The line's own slot, its role open. */
static struct join_slot *
push(struct join *j, const struct join_line *line)
{
	struct join_slot *s;
	struct buf bytes;

	if (j->next - j->oldest == j->cap) {
		drop_spent(j);
		retire(j);
	}
	if (j->next - j->oldest == j->cap)
		grow(j);
	s = slot(j, j->next++);
	bytes = s->bytes;
	*s = (struct join_slot){ .line = *line, .bytes = bytes };
	copy_line(s, line);
	s->body = s->line.env.message;
	j->bytes += line->whole.n;
	return s;
}

/* --- settling roles --- */

/* The n lines from `first` are one message, or a line by itself. */
static void
settle(struct join *j, uint64_t first, uint32_t n, enum join_how how,
    bool broken)
{
	uint64_t at = first;

	for (uint32_t nth = 1; nth <= n; nth++) {
		struct join_slot *s = slot(j, at);

		s->settled = true;
		s->role = n == 1 ? JOIN_LONE : nth == 1 ? JOIN_HEAD : JOIN_PART;
		s->how = how;
		s->head = first;
		s->nth = nth;
		s->broken = broken && nth == 1;
		at = s->after;
	}
	slot(j, first)->lines = slot(j, first)->left = n;
}

/* A line and what surely continues it, bare lines and the rest of a split, in a
 * list of n: how many lines that are, and the last. */
static uint32_t
run_of(const struct join *j, uint64_t at, uint32_t n, uint64_t *last)
{
	uint32_t run = 1;

	for (*last = at; run < n; run++) {
		uint64_t after = slot(j, *last)->after;

		if (!slot(j, after)->line.bare && !slot(j, after)->glued)
			break;
		*last = after;
	}
	return run;
}

/* The n lines from `at` have nothing to do with each other, but for what surely
 * continues the line before. */
static void
settle_apart(struct join *j, uint64_t at, uint32_t n)
{
	uint64_t last;

	while (n) {
		uint32_t run = run_of(j, at, n, &last);
		bool split = run > 1 && slot(j, slot(j, at)->after)->glued;

		settle(j, at, run, split ? JOIN_SPLIT : JOIN_CONTINUED, false);
		at = slot(j, last)->after;
		n -= run;
	}
}

/* In order of their numbers as far as none is missing; the others by
 * themselves. */
static void
settle_chunks(struct join *j, const struct join_group *g)
{
	uint64_t at[JOIN_LINES + 1] = { 0 }; /* ordinal + 1; [0]: bare lines */
	uint64_t o = g->first, last, tail = 0;
	uint32_t good = 0, total = 0;

	if (g->count == 1) {
		settle(j, o, 1, JOIN_CHUNK, slot(j, o)->chunk > 1);
		return;
	}
	for (uint32_t n = g->count; n; o = slot(j, o)->after, n--) {
		const struct join_slot *s = slot(j, o);

		if (s->chunk <= JOIN_LINES && !at[s->chunk])
			at[s->chunk] = o + 1;
	}
	while (good < JOIN_LINES && at[good + 1])
		good++;
	o = g->first;
	for (uint32_t n = g->count, run; n; n -= run) {
		const struct join_slot *s = slot(j, o);

		run = run_of(j, o, n, &last);
		if (s->chunk > good || at[s->chunk] != o + 1)
			settle(j, o, run, JOIN_CONTINUED, true);
		else
			total += run;
		o = slot(j, last)->after;
	}
	for (uint32_t c = 1; c <= good; c++) {
		if (c > 1)
			slot(j, tail)->after = at[c] - 1;
		for (tail = at[c] - 1; tail != g->last &&
		    slot(j, slot(j, tail)->after)->line.bare;)
			tail = slot(j, tail)->after;
	}
	if (good)
		settle(j, at[1] - 1, total, JOIN_CHUNK, false);
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
		rest = slot(j, rest)->after;
	settle(j, g->first, g->sure, JOIN_TRACEBACK, !whole || g->full ||
	    g->torn);
	settle_apart(j, rest, g->count - g->sure);
}

static void
close_group(struct join *j, struct join_group *g)
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
		settle(j, g->first, g->count, g->how, g->full == FULL);
		break;
	case JOIN_COMMAND:
		settle(j, g->first, g->count, g->how, !g->done);
		break;
	case JOIN_CONTINUED:
	case JOIN_HOW_N:
		settle(j, g->first, g->count, g->how, false);
		break;
	}
	j->ngroup--;
	memmove(g, g + 1, (j->ngroup - i) * sizeof(*g));
}

/* Complete, but that a bare line may follow. */
static void
finish(struct join *j, struct join_group *g)
{
	g->done = true;
	if (!j->bares)
		close_group(j, g);
}

/* A line with a header has come: no bare line continues what is done. */
static void
close_done(struct join *j)
{
	for (size_t i = j->ngroup; i-- > 0;)
		if (j->group[i].done)
			close_group(j, &j->group[i]);
}

static uint64_t
byte_limit(const struct join_group *g)
{
	return g->how == JOIN_CONTINUED ? JOIN_CONTINUED_BYTES : JOIN_BYTES;
}

/* What is too far back for the newest line, in lines, bytes or time. */
static void
close_old(struct join *j, const struct join_line *line)
{
	uint64_t newest = j->next - 1;

	for (size_t i = j->ngroup; i-- > 0;) {
		struct join_group *g = &j->group[i];

		if (newest - g->first >= JOIN_LINES ||
		    j->bytes - g->start > byte_limit(g) || (!line->bare &&
		    line->env.ts - g->first_ts >= JOIN_WINDOW))
			close_group(j, g);
	}
}

/* --- groups --- */

static uint64_t
origin_key(const struct join_line *line)
{
	return hash64(line->env.origin, 0);
}

static bool
is_same(const struct join *j, const struct join_group *g, uint64_t key,
    const struct join_line *line)
{
	const struct envelope *e = &slot(j, g->first)->line.env;

	return g->key == key && sv_eq(e->origin, line->env.origin) &&
	    sv_eq(e->drain, line->env.drain);
}

/* A new group of the newest line. One that only waits for a bare line takes no
 * other's place: it goes with the next line. */
static struct join_group *
open_group(struct join *j, enum join_how how, uint64_t key)
{
	const struct join_line *line = &slot(j, j->next - 1)->line;
	struct join_group *g;

	if (j->ngroup == JOIN_OPEN && how != JOIN_CONTINUED)
		close_group(j, &j->group[0]);
	g = &j->group[j->ngroup++];
	*g = (struct join_group){ .how = how, .key = key,
		.first = j->next - 1, .last = j->next - 1, .count = 1,
		.sure = 1, .first_ts = line->env.ts, .last_ts = line->env.ts,
		.start = j->bytes - line->whole.n };
	return g;
}

/* The newest line joins the group. */
static void
append(struct join *j, struct join_group *g)
{
	struct join_slot *s = slot(j, j->next - 1);

	slot(j, g->last)->after = j->next - 1;
	g->last = j->next - 1;
	g->count++;
	if (!s->line.bare)
		g->last_ts = s->line.env.ts;
}

/* --- split --- */

static bool
is_platform(const struct envelope *e)
{
	return sv_starts(e->source, SV("heroku"));
}

/* Length of the chunk that the line fills, or 0. A second-precision time proves
 * nothing about two lines of 1,024 bytes. */
static uint64_t
full_length(const struct join_line *line)
{
	if (is_platform(&line->env))
		return 0;
	if (line->whole.n == FULL)
		return FULL;
	return line->whole.n == FULL_OLD && line->env.ts < FULL_OLD_UNTIL &&
	    line->env.ts % UTC_SECOND ? FULL_OLD : 0;
}

/* Blanks at a cut belong to the text. */
static sv
cut_body(const struct join_slot *s, uint64_t full)
{
	return full ? s->line.whole : sv_trim_right(s->line.whole);
}

static void
take_rest(struct join *j, struct join_group *g, struct join_slot *s)
{
	g->full = s->line.whole.n == g->full ? g->full : 0;
	s->body = cut_body(s, g->full);
	s->glued = true;
	append(j, g);
	if (g->how == JOIN_TRACEBACK)
		g->sure = g->count;
	else if (g->full == 0)
		finish(j, g);
}

/* Whatever the next line of the origin is, it decides. */
static bool
add_split(struct join *j, struct join_slot *s, uint64_t key)
{
	for (size_t i = j->ngroup; i-- > 0;) {
		struct join_group *g = &j->group[i];

		if (g->full == 0 || !is_same(j, g, key, &s->line))
			continue;
		if (g->last_ts == s->line.env.ts &&
		    s->line.whole.n <= g->full) {
			take_rest(j, g, s);
			return true;
		}
		if (g->how == JOIN_SPLIT) {
			close_group(j, g);
			continue;
		}
		g->torn = true;
		g->full = 0;
	}
	return false;
}

/* --- chunk --- */

struct chunk {
	sv key; /* "[ATTACHMENT] [LINE-" */
	uint64_t number;
	sv text;
};

static bool
may_be_chunk(const struct join_line *line)
{
	return sv_starts(line->env.message, SV("[")) &&
	    sv_starts(line->env.dyno, SV("postgres")) &&
	    sv_eq(line->env.source, SV("app"));
}

/* "[ATTACHMENT] [LINE-CHUNK] text"; the text may be missing. */
static bool
read_chunk(sv message, struct chunk *out)
{
	struct pglog_chunk c;
	size_t at;

	if (!pglog_chunk(message, &c) || c.chunk == 0)
		return false;
	at = sv_find(message, SV("] [")) + 3;
	at += sv_find_byte(sv_skip(message, at), '-');
	*out = (struct chunk){ sv_take(message, at), c.chunk, c.text };
	return true;
}

/* The open message of a chunk. A second chunk 1 is another message. */
static struct join_group *
find_chunks(struct join *j, const struct join_slot *s, uint64_t key,
    const struct chunk *c)
{
	for (size_t i = j->ngroup; i-- > 0;) {
		struct join_group *g = &j->group[i];

		if (g->how != JOIN_CHUNK || !is_same(j, g, key, &s->line) ||
		    !sv_eq(g->attachment, c->key))
			continue;
		if (c->number != 1 || !g->has_first)
			return g;
		close_group(j, g);
		return NULL;
	}
	return NULL;
}

static bool
add_chunk(struct join *j, struct join_slot *s, uint64_t key)
{
	struct join_group *g;
	struct chunk c;

	if (!may_be_chunk(&s->line) || !read_chunk(s->line.env.message, &c))
		return false;
	s->chunk = c.number;
	if (c.number > 1)
		s->body = c.text;
	g = find_chunks(j, s, key, &c);
	if (g) {
		append(j, g);
	} else {
		g = open_group(j, JOIN_CHUNK, key);
		g->attachment = c.key;
	}
	g->has_first |= c.number == 1;
	return true;
}

/* --- command --- */

static bool
opens_command(const struct join_line *line)
{
	return (is_platform(&line->env) || sv_eq(line->env.dyno, SV("api"))) &&
	    cutline_opens_command(line->env.message);
}

static void
take_command(struct join *j, struct join_group *g, const struct join_slot *s)
{
	append(j, g);
	if (cutline_ends_command(s->line.env.message))
		finish(j, g);
}

/* All lines of a command have one time; other events can have it too. */
static bool
add_command(struct join *j, struct join_slot *s, uint64_t key)
{
	struct platform other;

	for (size_t i = j->ngroup; i-- > 0;) {
		struct join_group *g = &j->group[i];

		if (g->how != JOIN_COMMAND || !is_same(j, g, key, &s->line))
			continue;
		if (g->first_ts != s->line.env.ts) {
			close_group(j, g);
		} else if (!platform_parse(s->line.env.message, &other)) {
			take_command(j, g, s);
			return true;
		}
	}
	return false;
}

/* --- traceback --- */

static bool
may_open_trace(const struct join_line *line)
{
	sv m = line->env.message;

	return !is_platform(&line->env) && m.n &&
	    (m.p[0] == 'F' || m.p[m.n - 1] == ':');
}

static int64_t
step_limit(int64_t a, int64_t b)
{
	return a % UTC_SECOND || b % UTC_SECOND ? JOIN_STEP : JOIN_STEP_COARSE;
}

/* A line on its way to one of several open tracebacks. */
struct offer {
	const struct join_slot *s;
	enum pytrace_kind kind;
	struct join_group *to; /* where it fits best so far, or NULL */
	enum pytrace_fit fit;  /* ... how well, how far off, and what follows */
	int64_t gap;
	struct pytrace next;
};

/* Of equal fits that one wins which got a line last, in time, then in order. */
static void
offer(struct offer *o, struct join_group *g, int64_t gap)
{
	enum pytrace_fit fit;
	struct pytrace next;

	gap = gap < 0 ? -gap : gap;
	fit = pytrace_step(&g->trace, o->kind, o->s->line.env.message, &next);
	if (fit == PYTRACE_NO || (o->to && (fit < o->fit ||
	    (fit == o->fit && (gap > o->gap || (gap == o->gap &&
	    g->last < o->to->last))))))
		return;
	*o = (struct offer){ o->s, o->kind, g, fit, gap, next };
}

static void
take_trace(struct join *j, struct join_group *g, struct join_slot *s,
    const struct pytrace *next)
{
	append(j, g);
	g->trace = *next;
	if (next->state != PYTRACE_GAP)
		g->sure = g->count;
	g->full = s->line.whole.n == FULL ? FULL : 0;
	if (g->full)
		s->body = sv_trim_left(s->line.whole);
}

static bool
add_trace(struct join *j, struct join_slot *s, uint64_t key)
{
	struct offer o = { .s = s, .kind = PYTRACE_TEXT };
	int64_t ts = s->line.env.ts;
	bool looked = false;

	for (size_t i = 0; i < j->ngroup;) {
		struct join_group *g = &j->group[i];
		int64_t gap = ts - g->last_ts;
		int64_t limit = step_limit(ts, g->last_ts);

		if (g->how != JOIN_TRACEBACK || !is_same(j, g, key, &s->line)) {
			i++;
		} else if (gap > limit) {
			close_group(j, g); /* no group before it moves */
		} else {
			if (!looked)
				o.kind = pytrace_look(s->line.env.message);
			looked = true;
			if (gap >= -limit)
				offer(&o, g, gap);
			i++;
		}
	}
	if (o.to)
		take_trace(j, o.to, s, &o.next);
	return o.to != NULL;
}

/* --- continued --- */

static bool
is_router(const struct envelope *e)
{
	return sv_eq(e->dyno, SV("router")) && is_platform(e);
}

/* Can a bare line continue this one? */
static bool
waits_for_bare(const struct join *j, const struct join_line *line)
{
	return j->bares && line->whole.n <= JOIN_CONTINUED_BYTES &&
	    !(is_router(&line->env) && cutline_ends_router(line->env.message));
}

static struct join_group *
group_ending_at(struct join *j, uint64_t ordinal)
{
	for (size_t i = j->ngroup; i-- > 0;)
		if (j->group[i].last == ordinal)
			return &j->group[i];
	return NULL;
}

static sv
router_tail(const struct join *j)
{
	return sv_trim_right(sv_of(j->tail, j->ntail));
}

/* The last bytes are enough to know the last word by. */
static void
note_tail(struct join *j, sv text)
{
	size_t room, keep;

	text = sv_skip(text, text.n - sv_take(text, sizeof(j->tail)).n);
	room = sizeof(j->tail) - text.n;
	keep = j->ntail < room ? j->ntail : room;
	memmove(j->tail, j->tail + (j->ntail - keep), keep);
	if (text.n)
		memcpy(j->tail + keep, text.p, text.n);
	j->ntail = keep + text.n;
}

/* The rest of a router line that the client or a terminal broke. */
static bool
add_bare_router(struct join *j, struct join_group *g, struct join_slot *s)
{
	if (!cutline_router_goes_on(router_tail(j), s->line.whole))
		return false;
	s->body = s->line.whole;
	s->glued = true;
	append(j, g);
	note_tail(j, s->body);
	if (cutline_ends_router(router_tail(j)))
		close_group(j, g);
	return true;
}

static bool
add_bare(struct join *j, struct join_slot *s)
{
	struct join_group *g = group_ending_at(j, j->next - 2);
	enum pytrace_kind kind;
	struct pytrace next;

	if (g == NULL)
		return false;
	if (g->router)
		return add_bare_router(j, g, s);
	s->body = sv_trim_right(s->line.whole);
	append(j, g);
	if (g->how == JOIN_TRACEBACK) {
		kind = pytrace_look(s->line.env.message);
		if (pytrace_step(&g->trace, kind, s->line.env.message, &next))
			g->trace = next;
		g->sure = g->count;
	}
	if (g->how == JOIN_COMMAND && cutline_ends_command(s->line.env.message))
		g->done = true;
	return true;
}

/* --- a line comes --- */

/* A cheap test that no line which opens a join fails. */
static bool
may_open(const struct join_line *line)
{
	if (line->whole.n > JOIN_CONTINUED_BYTES)
		return false;
	return full_length(line) || may_be_chunk(line) ||
	    may_open_trace(line) || opens_command(line);
}

static bool
open_trace(struct join *j, const struct join_slot *s, uint64_t key)
{
	enum pytrace_kind kind;
	struct join_group *g;
	struct pytrace t;

	if (!may_open_trace(&s->line))
		return false;
	kind = pytrace_look(s->line.env.message);
	if (!pytrace_open(&t, kind, s->line.env.message))
		return false;
	g = open_group(j, JOIN_TRACEBACK, key);
	g->trace = t;
	g->headless = kind == PYTRACE_PLACE;
	return true;
}

/* Complete, but that bare lines may follow. */
static void
open_waiting(struct join *j, struct join_slot *s, uint64_t key)
{
	struct join_group *g = open_group(j, JOIN_CONTINUED, key);

	g->done = true;
	g->router = is_router(&s->line.env);
	if (g->router) {
		s->body = s->line.whole;
		j->ntail = 0;
		note_tail(j, s->body);
	}
}

/* The newest line begins a join, or stands alone. */
static void
open_line(struct join *j, struct join_slot *s, uint64_t key)
{
	uint64_t full = full_length(&s->line);

	if (full) {
		s->body = cut_body(s, full);
		open_group(j, JOIN_SPLIT, key)->full = full;
	} else if (opens_command(&s->line)) {
		open_group(j, JOIN_COMMAND, key);
	} else if (open_trace(j, s, key)) {
		return;
	} else if (waits_for_bare(j, &s->line)) {
		open_waiting(j, s, key);
	} else {
		settle(j, j->next - 1, 1, JOIN_CONTINUED, false);
	}
}

static void
add_line(struct join *j, struct join_slot *s)
{
	uint64_t key = origin_key(&s->line);

	close_done(j);
	close_old(j, &s->line);
	if (add_split(j, s, key))
		return;
	if (s->line.whole.n > JOIN_CONTINUED_BYTES)
		settle(j, j->next - 1, 1, JOIN_CONTINUED, false);
	else if (!add_chunk(j, s, key) && !add_command(j, s, key) &&
	    !add_trace(j, s, key))
		open_line(j, s, key);
}

static void
add_queued(struct join *j, const struct join_line *line)
{
	struct join_slot *s = push(j, line);

	if (!line->bare) {
		add_line(j, s);
		return;
	}
	close_old(j, line);
	if (!add_bare(j, s))
		settle(j, j->next - 1, 1, JOIN_CONTINUED, false);
}

void
join_add(struct join *j, const struct join_line *line)
{
	if (unlikely(j->passing != NULL)) {
		add_queued(j, j->passing);
		j->passing = NULL;
	}
	if (j->first == j->next && (line->bare || (!may_open(line) &&
	    !waits_for_bare(j, line)))) {
		j->passing = line;
		return;
	}
	add_queued(j, line);
}

/* --- a line goes --- */

/* What stood between a line and the next one. */
static sv
glue(const struct join_slot *before, const struct join_slot *s)
{
	struct chunk c;

	if (s->glued)
		return SV("");
	if (s->how != JOIN_CHUNK || s->line.bare ||
	    !read_chunk(before->line.env.message, &c))
		return SV("\n");
	return pglog_glue(c.text, s->body);
}

static sv
joined_text(struct join *j, const struct join_slot *head)
{
	const struct join_slot *s = head;

	buf_clear(&j->text);
	buf_add(&j->text, head->body);
	for (uint32_t n = head->lines - 1; n; n--) {
		const struct join_slot *next = slot(j, s->after);

		buf_add(&j->text, glue(s, next));
		buf_add(&j->text, next->body);
		s = next;
	}
	return sv_trim(buf_sv(&j->text));
}

static void
give(struct join *j, struct joined *out)
{
	struct join_slot *s = slot(j, j->first++);
	struct join_slot *head = slot(j, s->head);

	*out = (struct joined){ .role = s->role, .how = s->how,
		.own = &s->line, .lines = 1, .broken = s->broken };
	if (s->role == JOIN_PART) {
		out->head = &head->line;
		out->nth = s->nth;
	} else if (s->role == JOIN_LONE) {
		out->text = s->line.env.message;
	} else {
		out->text = joined_text(j, s);
		out->lines = s->lines;
	}
	if (--head->left == 0)
		j->spent = s->head + 1;
}

bool
join_next(struct join *j, enum join_flush flush, struct joined *out)
{
	if (likely(j->passing != NULL)) {
		*out = (struct joined){ .role = JOIN_LONE,
			.how = JOIN_CONTINUED, .own = j->passing,
			.text = j->passing->env.message, .lines = 1 };
		j->passing = NULL;
		return true;
	}
	drop_spent(j);
	while (flush == JOIN_END && j->ngroup)
		close_group(j, &j->group[0]);
	if (flush == JOIN_IDLE && j->ngroup && j->group[0].done)
		close_group(j, &j->group[0]);
	if (j->first == j->next || !slot(j, j->first)->settled)
		return false;
	give(j, out);
	return true;
}
