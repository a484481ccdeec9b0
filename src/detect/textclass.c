/* SPDX-License-Identifier: MIT */
#include "detect/textclass.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/oom.h"
#include "detect/needles.h"
#include "store/rowscan.h"

enum { NUMBER_MAX = 1 << 26 }; /* of the dictionary */

struct textclass {
	struct needles *needles;
	uint32_t *of;       /* per number of the dictionary */
	size_t nof;
	struct buf bits;    /* of uint64_t, `words` per class */
	size_t n, words;
	uint32_t *slot;     /* hash of bits: class, TEXTCLASS_NONE free */
	size_t cap;         /* a power of two */
	uint64_t *found;    /* scratch */
};

static void *
room(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (p == NULL)
		oom();
	return p;
}

struct textclass *
textclass_open(struct needles *n)
{
	struct textclass *t = room(1, sizeof(*t));

	t->needles = n;
	t->words = (needles_count(n) + 63) / 64;
	t->n = 1;
	t->found = room(t->words, sizeof(*t->found));
	buf_mem(&t->bits, t->found, t->words * sizeof(*t->found));
	return t;
}

void
textclass_close(struct textclass *t)
{
	if (t == NULL)
		return;
	free(t->of);
	free(t->slot);
	free(t->found);
	buf_release(&t->bits);
	free(t);
}

const uint64_t *
textclass_bits(const struct textclass *t, uint32_t class)
{
	return class == TEXTCLASS_NONE ? NULL
	    : (const uint64_t *)(const void *)t->bits.p + class * t->words;
}

/* --- classes -------------------------------------------------------------- */

static uint32_t *
find(const struct textclass *t, const uint64_t *bits)
{
	size_t size = t->words * sizeof(*bits);
	size_t i = (size_t)hash64(sv_of((const char *)bits, size), 0) &
	    (t->cap - 1);

	while (t->slot[i] && memcmp(textclass_bits(t, t->slot[i]), bits,
	    size) != 0)
		i = (i + 1) & (t->cap - 1);
	return &t->slot[i];
}

static void
grow(struct textclass *t)
{
	free(t->slot);
	t->cap = t->cap ? 4 * t->cap : 1024;
	t->slot = room(t->cap, sizeof(*t->slot));
	for (uint32_t i = 1; i < t->n; i++)
		*find(t, textclass_bits(t, i)) = i;
}

uint32_t
textclass_of_text(struct textclass *t, sv text)
{
	uint32_t *slot;

	if (!needles_find(t->needles, text, t->found))
		return TEXTCLASS_NONE;
	if (2 * t->n >= t->cap)
		grow(t);
	slot = find(t, t->found);
	if (*slot == 0) {
		*slot = (uint32_t)t->n++;
		buf_mem(&t->bits, t->found, t->words * sizeof(*t->found));
	}
	return *slot;
}

/* --- the dictionary ------------------------------------------------------- */

static void
set(struct textclass *t, size_t id, uint32_t class)
{
	if (id >= t->nof) {
		size_t n = t->nof ? 2 * t->nof : 1 << 16;

		while (n <= id)
			n *= 2;
		t->of = realloc(t->of, n * sizeof(*t->of));
		if (t->of == NULL)
			oom();
		memset(t->of + t->nof, 0, (n - t->nof) * sizeof(*t->of));
		t->nof = n;
	}
	t->of[id] = class;
}

bool
textclass_load(struct textclass *t, struct store *st, bool *usable,
    struct err *e)
{
	static const char *const column[] = { "s" };
	const struct rowcell *cell;
	enum query_end end;
	struct rowscan *r;
	int64_t id;

	*usable = true;
	if (t->words == 0)
		return true;
	r = rowscan_open(st, "str", column, 1, e);
	if (!r)
		return false;
	while ((end = rowscan_next(r, &id, &cell, e)) == QUERY_MORE) {
		uint32_t class = textclass_of_text(t, cell[0].text);

		*usable = *usable && id >= 0 && id < NUMBER_MAX;
		if (class != TEXTCLASS_NONE && *usable)
			set(t, (size_t)id, class);
	}
	rowscan_close(r);
	return end == QUERY_DONE;
}

uint32_t
textclass_of_number(const struct textclass *t, int64_t id)
{
	return id >= 0 && (uint64_t)id < t->nof ? t->of[id] : TEXTCLASS_NONE;
}
