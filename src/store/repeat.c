/* SPDX-License-Identifier: MIT */
#include "store/repeat.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/table.h"

enum {
	SLOTS_MIN = 4096,
	TABLE = 8 * 1024,  /* lines after which a new table begins */
	PIECE = 4096       /* keys that are read at once */
};

/* --- a table --- */

static void
alloc(struct repeat_table *t, size_t n)
{
	t->nslots = n;
	t->used = 0;
	t->slot = table_new(n, sizeof(*t->slot));
}

static void
start(struct repeat_table *t)
{
	alloc(t, SLOTS_MIN);
	t->keys = (struct buf)BUF_INIT;
}

static void
release(struct repeat_table *t)
{
	free(t->slot);
	buf_release(&t->keys);
}

static void
clear(struct repeat_table *t)
{
	if (t->used)
		memset(t->slot, 0, t->nslots * sizeof(*t->slot));
	t->used = 0;
	buf_clear(&t->keys);
}

static inline size_t
place_of(const struct repeat_table *t, uint64_t key)
{
	return (size_t)(key >> 7) & (t->nslots - 1);
}

static struct repeat_slot *
find(struct repeat_table *t, uint64_t key)
{
	size_t i = place_of(t, key);

	while (t->slot[i].key && t->slot[i].key != key)
		i = (i + 1) & (t->nslots - 1);
	return &t->slot[i];
}

static void
grow(struct repeat_table *t)
{
	struct repeat_slot *old = t->slot;
	size_t n = t->nslots, used = t->used;

	alloc(t, n * 2);
	for (size_t i = 0; i < n; i++)
		if (old[i].key)
			*find(t, old[i].key) = old[i];
	t->used = used;
	free(old);
}

static inline uint32_t
count(struct repeat_table *t, uint64_t key, uint32_t more)
{
	struct repeat_slot *at;

	if (t->used * 2 >= t->nslots)
		grow(t);
	at = find(t, key);
	if (at->key == 0) {
		at->key = key;
		t->used++;
	}
	return at->count += more;
}

/* --- what is in memory --- */

static void
reset(struct repeat *s)
{
	s->from = s->since = s->newest = INT64_MIN;
	s->whole = false;
	spill_clear(&s->old);
}

void
repeat_init(struct repeat *s)
{
	*s = (struct repeat){ .old = SPILL_INIT };
	start(&s->now);
	start(&s->before);
	reset(s);
}

void
repeat_release(struct repeat *s)
{
	release(&s->now);
	release(&s->before);
	spill_release(&s->old);
	*s = (struct repeat){ .old = SPILL_INIT };
}

void
repeat_clear(struct repeat *s)
{
	if (s->whole) { /* it may be large */
		free(s->now.slot);
		alloc(&s->now, SLOTS_MIN);
	}
	clear(&s->now);
	clear(&s->before);
	reset(s);
}

/* What comes from now on is in a table of its own. */
static bool
turn(struct repeat *s, struct err *e)
{
	struct repeat_table t = s->before;

	if (t.keys.n && !spill_write(&s->old, t.keys.p, t.keys.n, e))
		return false;
	clear(&t);
	s->before = s->now;
	s->now = t;
	s->since = s->from;
	s->from = s->newest == INT64_MAX ? INT64_MAX : s->newest + 1;
	return true;
}

/* Everything into one table: a line is older than all that is in memory. */
static bool
read_old(struct repeat *s, struct err *e)
{
	uint64_t key[PIECE];
	size_t n;

	for (int64_t at = 0; at < s->old.size; at += (int64_t)(n *
	    sizeof(*key))) {
		n = (size_t)(s->old.size - at) / sizeof(*key);
		n = n < PIECE ? n : PIECE;
		if (!spill_read(&s->old, at, key, n * sizeof(*key), e))
			return false;
		for (size_t i = 0; i < n; i++)
			count(&s->now, key[i], 1);
	}
	for (size_t i = 0; i < s->before.nslots; i++)
		if (s->before.slot[i].key)
			count(&s->now, s->before.slot[i].key,
			    s->before.slot[i].count);
	clear(&s->before);
	s->whole = true;
	s->from = INT64_MIN;
	return true;
}

static inline uint64_t
key_of(int64_t ts, uint64_t hash)
{
	uint64_t key = hash ^ (uint64_t)ts * UINT64_C(0x9e3779b97f4a7c15);

	return key ? key : 1;
}

void
repeat_prefetch(const struct repeat *s, int64_t ts, uint64_t hash)
{
	const struct repeat_table *t = ts >= s->from ? &s->now : &s->before;

	prefetch(&t->slot[place_of(t, key_of(ts, hash))]);
}

bool
repeat_add(struct repeat *s, int64_t ts, uint64_t hash, uint32_t *nth,
    struct err *e)
{
	uint64_t key = key_of(ts, hash);
	struct repeat_table *t;

	if (unlikely(ts < s->since) && !s->whole && !read_old(s, e))
		return false;
	t = ts >= s->from ? &s->now : &s->before;
	*nth = count(t, key, 1);
	if (likely(!s->whole))
		buf_mem(&t->keys, &key, sizeof(key));
	s->newest = ts > s->newest ? ts : s->newest;
	return s->now.used < TABLE || s->whole || turn(s, e);
}
