/* SPDX-License-Identifier: MIT */
#include "store/repeat.h"

#include <stdlib.h>
#include <string.h>

#include "base/oom.h"

enum { SLOTS_MIN = 4096 };

static void
alloc(struct repeat *s, size_t n)
{
	s->nslots = n;
	s->slot = calloc(n, sizeof(*s->slot));
	if (s->slot == NULL)
		oom();
}

void
repeat_init(struct repeat *s)
{
	*s = (struct repeat){ 0 };
	alloc(s, SLOTS_MIN);
}

void
repeat_release(struct repeat *s)
{
	free(s->slot);
	*s = (struct repeat){ 0 };
}

void
repeat_clear(struct repeat *s)
{
	if (s->nslots > SLOTS_MIN) {
		free(s->slot);
		alloc(s, SLOTS_MIN);
	} else {
		memset(s->slot, 0, s->nslots * sizeof(*s->slot));
	}
	s->used = 0;
}

static struct repeat_slot *
find(struct repeat *s, uint64_t key)
{
	size_t i = (size_t)(key >> 7) & (s->nslots - 1);

	while (s->slot[i].key && s->slot[i].key != key)
		i = (i + 1) & (s->nslots - 1);
	return &s->slot[i];
}

static void
grow(struct repeat *s)
{
	struct repeat_slot *old = s->slot;
	size_t n = s->nslots;

	alloc(s, n * 2);
	for (size_t i = 0; i < n; i++)
		if (old[i].key)
			*find(s, old[i].key) = old[i];
	free(old);
}

uint32_t
repeat_add(struct repeat *s, int64_t ts, uint64_t hash)
{
	uint64_t key = hash ^ (uint64_t)ts * UINT64_C(0x9e3779b97f4a7c15);
	struct repeat_slot *at;

	if (key == 0)
		key = 1;
	if (s->used * 2 >= s->nslots)
		grow(s);
	at = find(s, key);
	if (at->key == 0) {
		at->key = key;
		s->used++;
	}
	return ++at->count;
}
