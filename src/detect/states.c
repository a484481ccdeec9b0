/* SPDX-License-Identifier: MIT */
#include "detect/states.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/jsonw.h"
#include "base/utc.h"

/* When a source was there. */
struct presence {
	sv name;
	struct spans here, automated;
	const struct dumps *dumps; /* NULL: it is none */
};

struct presences {
	struct presence *v;
	size_t n;
};

static struct spans
until(struct arena *a, int64_t to)
{
	struct spans s = { arena_new(a, struct span), 1 };

	s.v[0] = (struct span){ INT64_MIN, to };
	return s;
}

static struct presence
presence_of(struct arena *a, const struct source_fact *source,
    const struct streams *streams, sv name)
{
	struct presence p = { .name = name };
	int i = source_find(name);

	if (i < 0 || source[i].status == SOURCE_ABSENT)
		return p;
	if (source_def[i].feed == FEED_LOG) {
		p.here = i == SRC_HEROKU_DRAIN ? streams->drained
		    : streams->any;
		p.automated = i == SRC_HEROKU_DRAIN ? streams->drained
		    : streams->automated;
		return p;
	}
	if (source_def[i].feed == FEED_DUMP)
		p.dumps = &source[i].dumps;
	p.here = until(a, p.dumps ? p.dumps->until : INT64_MAX);
	if (source[i].status == SOURCE_AUTOMATED)
		p.automated = p.here;
	return p;
}

static struct presences
presences_of(struct arena *a, const struct source_fact *source,
    const struct streams *streams, const sv *name, size_t n)
{
	struct presences p = { arena_array(a, n, sizeof(*p.v)), n };

	for (size_t i = 0; i < n; i++)
		p.v[i] = presence_of(a, source, streams, name[i]);
	return p;
}

static bool
covers(const struct spans *s, struct span at)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->v[mid].to < at.to)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < s->n && s->v[lo].from <= at.from;
}

static bool
all_here(const struct presences *p, struct span at)
{
	for (size_t i = 0; i < p->n; i++)
		if (!covers(&p->v[i].here, at))
			return false;
	return p->n > 0;
}

/* --- one piece of time ---------------------------------------------------- */

static void
put_name(struct buf *b, const struct presence *p, const char *about, size_t *n)
{
	buf_str(b, (*n)++ ? ", " : about);
	buf_add(b, p->name);
}

static size_t
put_manual(struct buf *b, const struct presences *p, struct span at)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (!covers(&p->v[i].automated, at))
			put_name(b, &p->v[i], "by hand: ", &n);
	return n;
}

static size_t
put_missing(struct buf *b, const struct presences *p, struct span at)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (covers(&p->v[i].here, at))
			continue;
		put_name(b, &p->v[i], "missing: ", &n);
		if (!p->v[i].dumps)
			continue;
		buf_str(b, p->v[i].dumps->until < p->v[i].dumps->taken
		    ? " (damaged dump until " : " (dump taken ");
		utc_write_short(b, p->v[i].dumps->until);
		buf_byte(b, ')');
	}
	return n;
}

static struct state_span
state_at(struct arena *a, const struct presences *own,
    const struct presences *fallback, struct span at)
{
	struct state_span s = { at.from, at.to, STATE_DORMANT, SV_NULL };
	struct buf b = BUF_INIT;

	if (put_missing(&b, own, at))
		s.state = all_here(fallback, at) ? STATE_DEGRADED
		    : STATE_DORMANT;
	else
		s.state = put_manual(&b, own, at) || own->n == 0 ? STATE_MANUAL
		    : STATE_LIVE;
	if (b.n)
		s.reason = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return s;
}

/* --- a window ------------------------------------------------------------- */

struct cuts {
	int64_t *v;
	size_t n;
};

static size_t
count_ends(const struct presences *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += 2 * (p->v[i].here.n + p->v[i].automated.n);
	return n;
}

static void
cut_spans(struct cuts *c, const struct spans *s, struct span w)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->v[i].from > w.from && s->v[i].from < w.to)
			c->v[c->n++] = s->v[i].from;
		if (s->v[i].to > w.from && s->v[i].to < w.to)
			c->v[c->n++] = s->v[i].to;
	}
}

static void
cut_at(struct cuts *c, const struct presences *p, struct span w)
{
	for (size_t i = 0; i < p->n; i++) {
		cut_spans(c, &p->v[i].here, w);
		cut_spans(c, &p->v[i].automated, w);
	}
}

static int
time_cmp(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

static void
add_span(struct states *s, struct state_span at)
{
	struct state_span *last = s->n ? &s->v[s->n - 1] : NULL;

	if (last && last->state == at.state && sv_eq(last->reason, at.reason))
		last->to = at.to;
	else
		s->v[s->n++] = at;
}

void
states_make(struct arena *a, const struct source_fact *source,
    const struct streams *streams, const struct rule *r, struct span window,
    struct states *out)
{
	struct presences own = presences_of(a, source, streams, r->source,
	    r->nsources);
	struct presences back = presences_of(a, source, streams, r->fallback,
	    r->nfallbacks);
	struct cuts c = { arena_array(a, count_ends(&own) + count_ends(&back) +
	    2, sizeof(*c.v)), 0 };

	c.v[c.n++] = window.from;
	c.v[c.n++] = window.to;
	cut_at(&c, &own, window);
	cut_at(&c, &back, window);
	qsort(c.v, c.n, sizeof(*c.v), time_cmp);
	out->v = arena_array(a, c.n, sizeof(*out->v));
	out->n = 0;
	for (size_t i = 0; i + 1 < c.n; i++)
		if (c.v[i] < c.v[i + 1] || window.from == window.to)
			add_span(out, state_at(a, &own, &back,
			    (struct span){ c.v[i], c.v[i + 1] }));
}

void
states_one(struct arena *a, struct span window, enum rule_state state,
    sv reason, struct states *out)
{
	out->v = arena_new(a, struct state_span);
	out->v[0] = (struct state_span){ window.from, window.to, state,
		reason };
	out->n = 1;
}

enum rule_state
states_newest(const struct states *s, enum rule_state def)
{
	for (size_t i = s->n; i-- > 0;)
		if (s->v[i].state == STATE_LIVE ||
		    s->v[i].state == STATE_MANUAL)
			return s->v[i].state;
	return def;
}

void
states_write(struct jsonw *w, const struct states *s)
{
	jsonw_key(w, SV("states"));
	jsonw_open(w, '[');
	for (size_t i = 0; i < s->n; i++) {
		jsonw_open(w, '{');
		jsonw_put_utc(w, "from", s->v[i].from);
		jsonw_put_utc(w, "to", s->v[i].to);
		jsonw_put_str(w, "state", state_name[s->v[i].state]);
		jsonw_put_sv(w, "reason", s->v[i].reason);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_put_i64(w, "flips", s->n ? (int64_t)s->n - 1 : 0);
	jsonw_put_utc(w, "last_flip", s->n > 1 ? s->v[s->n - 1].from
	    : UTC_NONE);
}
