/* SPDX-License-Identifier: MIT */
#include "record/joinkind.h"

#include "base/tail.h"
#include "base/utc.h"
#include "parse/accessline.h"
#include "parse/cutline.h"
#include "parse/json.h"
#include "parse/kv.h"
#include "parse/pglog.h"
#include "parse/platform.h"

enum {
	FULL = JOINGROUP_FULL,
	TRIMMED = 16,   /* blanks that the CLI takes off both ends of a chunk */
	FULL_OLD = 1024 /* of shuttles before 0.5.1, January 2014 */
};

/* 2015-01-01: no such shuttle runs any more. A line of just 1,024 bytes is too
 * likely to be split on no other sign. */
#define FULL_OLD_UNTIL INT64_C(1420070400000000)

/* --- split --- */

static bool
is_platform(const struct envelope *e)
{
	return sv_starts(e->source, SV("heroku"));
}

/* An event whose form shows that it is all there: nothing goes on with it, and
 * it goes on with nothing. Else a client could have it swallowed. */
static bool
is_object(sv message)
{
	struct json_value json;

	return sv_starts(message, SV("{")) && json_parse(message, &json);
}

/* Only the text client takes blanks off a chunk: was it full before that? */
static bool
is_trimmed(bool bares, const struct join_line *line)
{
	return bares && line->env.whole.n < FULL &&
	    line->env.whole.n >= FULL - TRIMMED &&
	    line->env.whole.n == line->env.message.n;
}

/* Colours count, for they were cut too. */
static bool
is_full(const struct join_line *line, uint64_t full)
{
	return line->env.whole.n == full || line->env.raw == full;
}

/* Length of the chunk that the line fills, or 0. Of what was trimmed only the
 * start of an object shows that there was more. A second-precision time proves
 * nothing about two lines of 1,024 bytes. */
static uint64_t
full_length(bool bares, const struct join_line *line)
{
	if (is_platform(&line->env))
		return 0;
	if (is_full(line, FULL) || (is_trimmed(bares, line) &&
	    sv_starts(line->env.whole, SV("{")) && !is_object(line->env.whole)))
		return FULL;
	return line->env.whole.n == FULL_OLD && line->env.ts < FULL_OLD_UNTIL &&
	    line->env.ts % UTC_SECOND ? FULL_OLD : 0;
}

/* Blanks at a cut belong to the text. */
static sv
cut_body(const struct join_slot *s, uint64_t full)
{
	return full ? s->line.env.whole : sv_trim_right(s->line.env.whole);
}

/* Such one, or an access line, which may be cut. */
static bool
is_event(sv message)
{
	struct accessline access;

	return is_object(message) || accessline_parse_front(message, &access);
}

/* A batch that came twice, or pulls behind each other in one input. */
static bool
is_head_again(const struct join *j, const struct join_group *g,
    const struct join_slot *s)
{
	sv head = joinslot_at(j, g->first)->line.env.whole;

	return sv_starts(head, SV("{")) && sv_eq(head, s->line.env.whole);
}

/* Equal microseconds prove the rest of a text; equal seconds prove nothing: then
 * whatever has a form stays apart. */
static bool
is_rest(const struct join *j, const struct join_group *g,
    const struct join_slot *s)
{
	const struct envelope *e = &s->line.env;

	return g->last_ts == e->ts && s->line.env.whole.n <= g->full &&
	    !is_event(e->message) && !is_head_again(j, g, s) &&
	    (e->ts % UTC_SECOND ||
	    pytrace_look(e->message) != PYTRACE_FOREIGN);
}

/* Of an object that is not closed there is more. */
static bool
goes_on(const struct join *j, const struct join_group *g,
    const struct join_line *line)
{
	sv head = joinslot_at(j, g->first)->line.env.whole;

	return is_full(line, g->full) || (g->full == FULL &&
	    is_trimmed(j->bares, line) && sv_starts(head, SV("{")) &&
	    !sv_ends(line->env.whole, SV("}")));
}

static void
take_rest(struct join *j, struct join_group *g, struct join_slot *s)
{
	g->full = goes_on(j, g, &s->line) ? g->full : 0;
	s->body = cut_body(s, g->full);
	s->glued = true;
	joingroup_append(j, g);
	if (g->how == JOIN_TRACEBACK)
		g->sure = g->count;
	else if (g->full == 0)
		joingroup_finish(j, g);
}

bool
joinkind_split(struct join *j, struct join_slot *s, uint64_t key)
{
	for (size_t i = j->ngroup; i-- > 0;) {
		struct join_group *g = &j->group[i];

		if (g->full == 0 || !joingroup_is_of(j, g, key, &s->line))
			continue;
		if (is_rest(j, g, s)) {
			take_rest(j, g, s);
			return true;
		}
		if (g->how == JOIN_SPLIT) {
			joingroup_close(j, g);
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

		if (g->how != JOIN_CHUNK || !joingroup_is_of(j, g, key, &s->line) ||
		    !sv_eq(g->attachment, c->key))
			continue;
		if (c->number != 1 || !g->has_first)
			return g;
		joingroup_close(j, g);
		return NULL;
	}
	return NULL;
}

bool
joinkind_chunk(struct join *j, struct join_slot *s, uint64_t key)
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
		joingroup_append(j, g);
	} else {
		g = joingroup_open(j, JOIN_CHUNK, key);
		g->attachment = c.key;
	}
	g->has_first |= c.number == 1;
	return true;
}

sv
joinkind_glue(const struct join_slot *before, const struct join_slot *s)
{
	struct chunk c;

	if (s->glued)
		return SV("");
	if (s->how != JOIN_CHUNK || s->line.bare ||
	    !read_chunk(before->line.env.message, &c))
		return SV("\n");
	return pglog_glue(c.text, s->body);
}

/* --- command --- */

static bool
opens_command(const struct join_line *line)
{
	return sv_starts(line->env.message, SV("S")) &&
	    (is_platform(&line->env) || sv_eq(line->env.dyno, SV("api"))) &&
	    cutline_opens_command(line->env.message);
}

/* Is the line the last of the command? */
static bool
ends_command(struct join_group *g, const struct join_slot *s)
{
	sv message = s->line.env.message;
	bool ends = cutline_ends_command(message, g->odd);

	g->odd = cutline_odd_ticks(message, g->odd);
	return ends;
}

static void
take_command(struct join *j, struct join_group *g, const struct join_slot *s)
{
	joingroup_append(j, g);
	if (ends_command(g, s))
		joingroup_finish(j, g);
}

bool
joinkind_command(struct join *j, struct join_slot *s, uint64_t key)
{
	for (size_t i = j->ngroup; i-- > 0;) {
		struct join_group *g = &j->group[i];

		if (g->how != JOIN_COMMAND || !joingroup_is_of(j, g, key, &s->line))
			continue;
		if (g->first_ts != s->line.env.ts) {
			joingroup_close(j, g);
		} else if (!platform_knows(s->line.env.message)) {
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
	joingroup_append(j, g);
	g->trace = *next;
	if (next->state != PYTRACE_GAP)
		g->sure = g->count;
	g->full = is_full(&s->line, FULL) ? FULL : 0;
	if (g->full)
		s->body = sv_trim_left(s->line.env.whole);
}

bool
joinkind_trace(struct join *j, struct join_slot *s, uint64_t key)
{
	struct offer o = { .s = s, .kind = PYTRACE_TEXT };
	int64_t ts = s->line.env.ts;
	bool looked = false;

	for (size_t i = 0; i < j->ngroup;) {
		struct join_group *g = &j->group[i];
		int64_t gap = ts - g->last_ts;
		int64_t limit = step_limit(ts, g->last_ts);

		if (g->how != JOIN_TRACEBACK || !joingroup_is_of(j, g, key, &s->line)) {
			i++;
		} else if (gap > limit) {
			joingroup_close(j, g); /* no group before it moves */
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

static bool
open_trace(struct join *j, const struct join_slot *s, uint64_t key)
{
	enum pytrace_kind kind;
	struct join_group *g;
	struct pytrace t;

	if (!may_open_trace(&s->line))
		return false;
	kind = pytrace_look(s->line.env.message);
	if (!pytrace_open(&t, kind, s->line.env.message) ||
	    (kind == PYTRACE_BEHIND && (is_event(s->line.env.message) ||
	    kv_is_logfmt(s->line.env.message))))
		return false;
	g = joingroup_open(j, JOIN_TRACEBACK, key);
	g->trace = t;
	g->headless = kind == PYTRACE_PLACE;
	return true;
}

/* --- continued --- */

static bool
is_router(const struct envelope *e)
{
	return sv_eq(e->dyno, SV("router")) && is_platform(e);
}

bool
joinkind_waits(bool bares, const struct join_line *line)
{
	return bares && line->env.whole.n <= JOIN_CONTINUED_BYTES &&
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
	j->ntail = tail_add(j->tail, j->ntail, sizeof(j->tail), text);
}

/* A bare line has the time and origin of the line it follows: it is the same
 * line wherever an input begins. */
static void
follow(struct join *j, struct join_slot *s)
{
	struct envelope *e = &s->line.env;
	sv whole = e->whole, message = e->message;

	*e = joinslot_at(j, j->next - 2)->line.env;
	e->whole = whole;
	e->message = message;
	e->odd = true;
}

/* The rest of a router line that the client or a terminal broke. */
static bool
add_bare_router(struct join *j, struct join_group *g, struct join_slot *s)
{
	if (!cutline_router_goes_on(router_tail(j), s->line.env.whole))
		return false;
	s->body = s->line.env.whole;
	s->glued = true;
	follow(j, s);
	joingroup_append(j, g);
	note_tail(j, s->body);
	if (cutline_ends_router(router_tail(j)))
		joingroup_close(j, g);
	return true;
}

bool
joinkind_bare(struct join *j, struct join_slot *s)
{
	struct join_group *g = group_ending_at(j, j->next - 2);
	enum pytrace_kind kind;
	struct pytrace next;

	if (g == NULL)
		return false;
	if (g->router)
		return add_bare_router(j, g, s);
	s->body = sv_trim_right(s->line.env.whole);
	follow(j, s);
	joingroup_append(j, g);
	if (g->how == JOIN_TRACEBACK) {
		kind = pytrace_look(s->line.env.message);
		if (pytrace_step(&g->trace, kind, s->line.env.message, &next))
			g->trace = next;
		g->sure = g->count;
	}
	if (g->how == JOIN_COMMAND && ends_command(g, s))
		g->done = true;
	return true;
}

/* Complete, but that bare lines may follow. */
static void
open_waiting(struct join *j, struct join_slot *s, uint64_t key)
{
	struct join_group *g = joingroup_open(j, JOIN_CONTINUED, key);

	g->done = true;
	g->router = is_router(&s->line.env);
	if (g->router) {
		s->body = s->line.env.whole;
		j->ntail = 0;
		note_tail(j, s->body);
	}
}

/* --- any of them --- */

bool
joinkind_may_open(bool bares, const struct join_line *line)
{
	if (line->env.whole.n > JOIN_CONTINUED_BYTES)
		return false;
	if (is_platform(&line->env))
		return opens_command(line); /* the others are of an app */
	return full_length(bares, line) || may_be_chunk(line) ||
	    may_open_trace(line) || opens_command(line);
}

void
joinkind_open(struct join *j, struct join_slot *s, uint64_t key)
{
	uint64_t full = full_length(j->bares, &s->line);

	if (full && !is_object(s->line.env.message)) {
		s->body = cut_body(s, full);
		joingroup_open(j, JOIN_SPLIT, key)->full = full;
	} else if (opens_command(&s->line)) {
		joingroup_open(j, JOIN_COMMAND, key)->odd =
		    cutline_odd_ticks(s->line.env.message, false);
	} else if (open_trace(j, s, key)) {
		return;
	} else if (joinkind_waits(j->bares, &s->line)) {
		open_waiting(j, s, key);
	} else {
		joinslot_settle(j, j->next - 1, 1, JOIN_CONTINUED, false);
	}
}
