/* SPDX-License-Identifier: MIT */
#include "record/joinslot.h"

enum {
	SLOTS = 64,       /* at first; a power of two */
	KEEP_BYTES = 4096 /* of a slot's memory, for its next line */
};

static void
grow(struct join *j)
{
	struct join old = *j;

	j->cap = j->cap ? 2 * j->cap : SLOTS;
	j->slot = arena_array(&j->mem, j->cap, sizeof(*j->slot));
	for (uint64_t i = 0; i < old.cap; i++)
		*joinslot_at(j, old.oldest + i) =
		    *joinslot_at(&old, old.oldest + i);
}

/* invariant: every line before `oldest` is out, and all of its message */
static void
retire(struct join *j)
{
	while (j->oldest < j->first) {
		uint64_t head = joinslot_at(j, j->oldest)->head;

		if (head >= j->oldest && joinslot_at(j, head)->left)
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

void
joinslot_copy(struct join_slot *s)
{
	struct envelope *e = &s->line.env;
	struct buf *b = &s->bytes;

	buf_clear(b);
	if (s->line.bare)
		*e = (struct envelope){ .whole = e->whole };
	s->line.stable = false;
	s->line.ready = NULL;
	buf_reserve(b, e->whole.n + e->origin.n + e->source.n + e->dyno.n +
	    e->drain.n + 1);
	e->origin = copied(b, e->origin);
	e->source = copied(b, e->source);
	e->dyno = copied(b, e->dyno);
	e->drain = copied(b, e->drain);
	e->whole = copied(b, e->whole);
	e->message = sv_trim(e->whole);
}

void
joinslot_drop_spent(struct join *j)
{
	uint64_t at;

	if (j->spent == 0)
		return;
	at = j->spent - 1;
	for (uint32_t n = joinslot_at(j, at)->lines; n; n--) {
		struct join_slot *s = joinslot_at(j, at);

		at = s->after;
		if (s->bytes.cap > KEEP_BYTES)
			buf_release(&s->bytes);
	}
	j->spent = 0;
}

struct join_slot *
joinslot_push(struct join *j, const struct join_line *line)
{
	struct join_slot *s;
	struct buf bytes;

	if (j->next - j->oldest == j->cap) {
		joinslot_drop_spent(j);
		retire(j);
	}
	if (j->next - j->oldest == j->cap)
		grow(j);
	s = joinslot_at(j, j->next++);
	bytes = s->bytes;
	*s = (struct join_slot){ .line = *line, .bytes = bytes };
	joinslot_copy(s);
	s->body = s->line.env.message;
	j->bytes += line->env.whole.n;
	return s;
}

void
joinslot_settle(struct join *j, uint64_t first, uint32_t n, enum join_how how,
    bool broken)
{
	uint64_t at = first;

	for (uint32_t nth = 1; nth <= n; nth++) {
		struct join_slot *s = joinslot_at(j, at);

		s->settled = true;
		s->role = n == 1 ? JOIN_LONE : nth == 1 ? JOIN_HEAD : JOIN_PART;
		s->how = how;
		s->head = first;
		s->nth = nth;
		s->broken = broken && nth == 1;
		at = s->after;
	}
	joinslot_at(j, first)->lines = joinslot_at(j, first)->left = n;
}
