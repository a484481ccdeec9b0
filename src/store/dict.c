/* SPDX-License-Identifier: MIT */
#include "store/dict.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/hash.h"
#include "base/oom.h"
#include "base/prefetch.h"
#include "base/table.h"

enum {
	SLOTS_MIN = 4096,
	BLOCK_BITS = 20, BLOCK = 1 << BLOCK_BITS,
	UNIT = 4,     /* entries begin at a multiple */
	ENTRY_HEAD = 12, /* number (8 bytes), length (4) */
	ENTRY_MOST = 80 /* bytes of one; longer ones are few */
};

void
dict_init(struct dict *d)
{
	*d = (struct dict){ .nslots = SLOTS_MIN, .end = UNIT, .next = 1 };
	d->slot = table_new(d->nslots, sizeof(*d->slot));
}

void
dict_release(struct dict *d)
{
	for (size_t i = 0; i < d->nblocks; i++)
		free(d->block[i]);
	free(d->block);
	free(d->slot);
	*d = (struct dict){ .next = 1 };
}

/* Slots are chosen by the tag alone, so that a larger table can be filled
 * without a look at the texts. */
static uint32_t
tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

void
dict_prefetch(const struct dict *d, uint64_t hash)
{
	prefetch(&d->slot[tag_of(hash) & (d->nslots - 1)]);
}

/* --- entries --- */

static char *
entry(const struct dict *d, uint32_t at)
{
	uint64_t byte = (uint64_t)at * UNIT;

	return d->block[byte >> BLOCK_BITS] + (byte & (BLOCK - 1));
}

static sv
entry_text(const char *p)
{
	uint32_t n;

	memcpy(&n, p + 8, sizeof(n));
	return sv_of(p + ENTRY_HEAD, n);
}

static int64_t
entry_id(const char *p)
{
	int64_t id;

	memcpy(&id, p, sizeof(id));
	return id;
}

/* Blocks in a row for n bytes: memory of the first, the others are NULL. */
static void
add_blocks(struct dict *d, size_t n)
{
	size_t more = (n + BLOCK - 1) >> BLOCK_BITS;

	d->block = realloc(d->block, (d->nblocks + more) * sizeof(*d->block));
	if (d->block == NULL)
		oom();
	memset(d->block + d->nblocks, 0, more * sizeof(*d->block));
	d->block[d->nblocks] = table_new(more, BLOCK);
	d->end = (uint64_t)d->nblocks << BLOCK_BITS;
	d->nblocks += more;
	if (d->end == 0)
		d->end = UNIT; /* 0 is no entry */
}

static uint32_t
add_entry(struct dict *d, sv text, int64_t id)
{
	size_t n = (ENTRY_HEAD + text.n + UNIT - 1) & ~(size_t)(UNIT - 1);
	uint32_t length = (uint32_t)text.n;
	uint64_t at;
	char *p;

	if (text.n > UINT32_MAX / 2)
		oom();
	if (d->end + n > (uint64_t)d->nblocks << BLOCK_BITS)
		add_blocks(d, n + UNIT);
	at = d->end / UNIT;
	if (at > UINT32_MAX)
		oom();
	d->end += n;
	p = entry(d, (uint32_t)at);
	memcpy(p, &id, sizeof(id));
	memcpy(p + 8, &length, sizeof(length));
	if (text.n)
		memcpy(p + ENTRY_HEAD, text.p, text.n);
	if (n + UNIT > BLOCK) /* nothing begins within its other blocks */
		d->end = (uint64_t)d->nblocks << BLOCK_BITS;
	return (uint32_t)at;
}

/* --- table --- */

/* The entry of a text, or NULL. */
static const char *
find(const struct dict *d, uint32_t tag, sv text)
{
	size_t i = tag & (d->nslots - 1);

	for (; d->slot[i].at; i = (i + 1) & (d->nslots - 1))
		if (d->slot[i].tag == tag) {
			const char *p = entry(d, d->slot[i].at);

			if (sv_eq(entry_text(p), text))
				return p;
		}
	return NULL;
}

/* Where a text belongs that is not there. */
static struct dict_slot *
free_place(const struct dict *d, uint32_t tag)
{
	size_t i = tag & (d->nslots - 1);

	while (d->slot[i].at)
		i = (i + 1) & (d->nslots - 1);
	return &d->slot[i];
}

static void
grow(struct dict *d)
{
	struct dict_slot *old = d->slot;
	size_t n = d->nslots;

	d->nslots *= 2;
	d->slot = table_new(d->nslots, sizeof(*d->slot));
	for (size_t k = 0; k < n; k++)
		if (old[k].at)
			*free_place(d, old[k].tag) = old[k];
	free(old);
}

/* Returns the entry. */
static const char *
put(struct dict *d, uint32_t tag, sv text, int64_t id)
{
	uint32_t at = add_entry(d, text, id);

	if (d->used * 2 >= d->nslots) /* most searches end at once */
		grow(d);
	*free_place(d, tag) = (struct dict_slot){ tag, at };
	d->used++;
	return entry(d, at);
}

int64_t
dict_find(const struct dict *d, sv text, uint64_t hash, sv *kept)
{
	const char *p = find(d, tag_of(hash), text);

	if (p == NULL)
		return 0;
	*kept = entry_text(p);
	return entry_id(p);
}

int64_t
dict_add(struct dict *d, sv text, uint64_t hash, sv *kept)
{
	int64_t id = d->next++;

	*kept = entry_text(put(d, tag_of(hash), text, id));
	return id;
}

/* What is in the first slot that it may have, even another text: whether a text is
 * known nobody foresees, so that a branch on it costs more than what is fetched. */
void
dict_prefetch_text(const struct dict *d, uint64_t hash)
{
	size_t i = tag_of(hash) & (d->nslots - 1);

	if (likely(d->nblocks))
		prefetch_all(entry(d, d->slot[i].at), ENTRY_MOST);
}

void
dict_load(struct dict *d, sv text, int64_t id)
{
	put(d, tag_of(hash_text(text)), text, id);
	if (id >= d->next)
		d->next = id + 1;
}
