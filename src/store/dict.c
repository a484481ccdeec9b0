/* SPDX-License-Identifier: MIT */
#include "store/dict.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/oom.h"

enum { SLOTS_MIN = 4096 };

void
dict_init(struct dict *d)
{
	*d = (struct dict){ .nslots = SLOTS_MIN, .next = 1 };
	d->slot = calloc(d->nslots, sizeof(*d->slot));
	if (d->slot == NULL)
		oom();
}

void
dict_release(struct dict *d)
{
	free(d->slot);
	arena_release(&d->arena);
	*d = (struct dict){ .next = 1 };
}

/* The place of a text: where it is, or the free place where it belongs. */
static struct dict_entry *
find(struct dict *d, uint64_t hash, sv text)
{
	size_t i = (size_t)hash & (d->nslots - 1);

	while (d->slot[i].id && (d->slot[i].hash != hash ||
	    !sv_eq(d->slot[i].text, text)))
		i = (i + 1) & (d->nslots - 1);
	return &d->slot[i];
}

static void
grow(struct dict *d)
{
	struct dict_entry *old = d->slot;
	size_t n = d->nslots;

	d->nslots *= 2;
	d->slot = calloc(d->nslots, sizeof(*d->slot));
	if (d->slot == NULL)
		oom();
	for (size_t i = 0; i < n; i++)
		if (old[i].id)
			*find(d, old[i].hash, old[i].text) = old[i];
	free(old);
}

static void
put(struct dict *d, uint64_t hash, sv text, int64_t id)
{
	if (d->used * 2 >= d->nslots)
		grow(d);
	*find(d, hash, text) = (struct dict_entry){ hash,
	    sv_of(arena_str(&d->arena, text), text.n), id };
	d->used++;
}

int64_t
dict_intern(struct dict *d, sv text, bool *fresh)
{
	uint64_t hash = hash64(text, 0);
	const struct dict_entry *at = find(d, hash, text);

	*fresh = at->id == 0;
	if (!*fresh)
		return at->id;
	put(d, hash, text, d->next);
	return d->next++;
}

void
dict_load(struct dict *d, sv text, int64_t id)
{
	put(d, hash64(text, 0), text, id);
	if (id >= d->next)
		d->next = id + 1;
}
