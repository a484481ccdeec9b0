/* SPDX-License-Identifier: MIT */
#include "record/join.h"

#include "base/attr.h"
#include "record/joinkind.h"

enum { HELD = 2 }; /* one waits, the one before it goes out */

const char *const join_how_name[] = {
	[JOIN_SPLIT] = "split",
	[JOIN_CHUNK] = "chunk",
	[JOIN_TRACEBACK] = "traceback",
	[JOIN_COMMAND] = "command",
	[JOIN_CONTINUED] = "continued",
};
_Static_assert(countof(join_how_name) == JOIN_HOW_N, "a name per way");

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
	for (size_t i = 0; j->held && i < HELD; i++)
		buf_release(&j->held[i].bytes);
	buf_release(&j->text);
	arena_release(&j->mem);
	join_init(j, j->bares);
}

static void
add_line(struct join *j, struct join_slot *s)
{
	uint64_t key = joingroup_key(&s->line);

	joingroup_close_done(j);
	joingroup_close_old(j, &s->line);
	if (joinkind_split(j, s, key))
		return;
	if (s->line.env.whole.n > JOIN_CONTINUED_BYTES)
		joinslot_settle(j, j->next - 1, 1, JOIN_CONTINUED, false);
	else if (!joinkind_chunk(j, s, key) && !joinkind_command(j, s, key) &&
	    !joinkind_trace(j, s, key))
		joinkind_open(j, s, key);
}

static void
add_queued(struct join *j, const struct join_line *line)
{
	struct join_slot *s = joinslot_push(j, line);

	if (!line->bare) {
		add_line(j, s);
		return;
	}
	joingroup_close_old(j, line);
	if (!joinkind_bare(j, s))
		joinslot_settle(j, j->next - 1, 1, JOIN_CONTINUED, false);
}

void
join_look(struct join_line *line, bool bares)
{
	line->opens = joinkind_may_open(bares, line);
	line->waits = joinkind_waits(bares, line);
	line->looked = true;
}

static bool
may_open(const struct join *j, const struct join_line *line)
{
	return line->looked ? line->opens : joinkind_may_open(j->bares, line);
}

static bool
waits(const struct join *j, const struct join_line *line)
{
	return line->looked ? line->waits : joinkind_waits(j->bares, line);
}

void
join_hold(struct join *j, const struct join_line *line)
{
	struct join_slot *s;

	j->waiting = line;
	if (line->stable)
		return;
	if (j->held == NULL)
		j->held = arena_array(&j->mem, HELD, sizeof(*j->held));
	s = &j->held[j->turn++ % HELD];
	s->line = *line;
	joinslot_copy(s);
	j->waiting = &s->line;
}

/* Nobody asked for what goes out: it waits for its turn like the others. */
static void
queue_all(struct join *j)
{
	const struct join_line *all[] = { j->npassing > 0 ? j->passing[0] : NULL,
		j->npassing > 1 ? j->passing[1] : NULL, j->waiting };

	j->npassing = 0;
	j->waiting = NULL;
	for (size_t i = 0; i < countof(all); i++)
		if (all[i])
			add_queued(j, all[i]);
}

static void
pass(struct join *j, const struct join_line *line)
{
	j->passing[j->npassing++] = line;
}

/* Nothing is in the queue. The line that waited has no bare one behind it. */
static void
add_alone(struct join *j, const struct join_line *line)
{
	if (!line->bare && unlikely(may_open(j, line))) {
		queue_all(j);
		add_queued(j, line);
		return;
	}
	if (j->waiting)
		pass(j, j->waiting);
	j->waiting = NULL;
	if (line->bare)
		pass(j, line);
	else if (waits(j, line))
		join_hold(j, line);
	else
		pass(j, line);
}

void
join_add(struct join *j, const struct join_line *line)
{
	if (unlikely(j->npassing || (line->bare && j->waiting)))
		queue_all(j);
	if (likely(j->first == j->next))
		add_alone(j, line);
	else
		add_queued(j, line);
}

void
join_detach(struct join *j)
{
	struct join_line copy;

	if (j->waiting == NULL || !j->waiting->stable)
		return;
	copy = *j->waiting;
	copy.stable = false;
	join_hold(j, &copy);
}

static sv
joined_text(struct join *j, const struct join_slot *head)
{
	const struct join_slot *s = head;

	buf_clear(&j->text);
	buf_add(&j->text, head->body);
	for (uint32_t n = head->lines - 1; n; n--) {
		const struct join_slot *next = joinslot_at(j, s->after);

		buf_add(&j->text, joinkind_glue(s, next));
		buf_add(&j->text, next->body);
		s = next;
	}
	return sv_trim(buf_sv(&j->text));
}

static void
give(struct join *j, struct joined *out)
{
	struct join_slot *s = joinslot_at(j, j->first++);
	struct join_slot *head = joinslot_at(j, s->head);

	*out = (struct joined){ .role = s->role, .how = s->how,
		.own = &s->line, .lines = head->lines, .memo = &head->memo,
		.broken = s->broken };
	if (s->role == JOIN_PART) {
		out->head = &head->line;
		out->nth = s->nth;
	} else if (s->role == JOIN_LONE) {
		out->text = s->line.env.message;
	} else {
		out->text = joined_text(j, s);
	}
	if (--head->left == 0)
		j->spent = s->head + 1;
}

static void
give_alone(const struct join_line *line, struct joined *out)
{
	*out = (struct joined){ .role = JOIN_LONE, .how = JOIN_CONTINUED,
		.own = line, .text = line->env.message, .lines = 1 };
}

bool
join_next(struct join *j, enum join_flush flush, struct joined *out)
{
	if (j->npassing) {
		give_alone(j->passing[0], out);
		j->passing[0] = j->passing[1];
		j->npassing--;
		return true;
	}
	if (j->waiting) {
		if (flush == JOIN_MORE)
			return false;
		give_alone(j->waiting, out);
		j->waiting = NULL;
		return true;
	}
	joinslot_drop_spent(j);
	while (flush == JOIN_END && j->ngroup)
		joingroup_close(j, &j->group[0]);
	if (flush == JOIN_IDLE && j->ngroup && j->group[0].done)
		joingroup_close(j, &j->group[0]);
	if (j->first == j->next || !joinslot_at(j, j->first)->settled)
		return false;
	give(j, out);
	return true;
}
