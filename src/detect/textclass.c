/* SPDX-License-Identifier: MIT */
#include "detect/textclass.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crew.h"
#include "base/hash.h"
#include "base/oom.h"
#include "detect/needles.h"
#include "store/query.h"
#include "store/rowscan.h"

enum { NUMBER_MAX = 1 << 26 }; /* of the dictionary */

struct textclass {
	struct needles *needles;
	uint32_t *of;       /* per number of the dictionary */
	size_t nof;
	bool shares;        /* `of` is another one's */
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
	if (t->words) /* from now on the needles are only read */
		needles_find(n, SV(""), t->found);
	return t;
}

struct textclass *
textclass_share(const struct textclass *of)
{
	struct textclass *t = room(1, sizeof(*t));

	*t = *of;
	t->shares = true;
	t->bits = (struct buf)BUF_INIT;
	buf_add(&t->bits, buf_sv(&of->bits));
	t->slot = NULL;
	t->cap = 0;
	t->found = room(t->words, sizeof(*t->found));
	return t;
}

void
textclass_close(struct textclass *t)
{
	if (t == NULL)
		return;
	if (!t->shares)
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
	t->cap = t->cap ? t->cap : 1024;
	while (t->cap <= 2 * t->n)
		t->cap *= 4;
	t->slot = room(t->cap, sizeof(*t->slot));
	for (uint32_t i = 1; i < t->n; i++)
		*find(t, textclass_bits(t, i)) = i;
}

static uint32_t
class_of(struct textclass *t, const uint64_t *bits)
{
	uint32_t *slot;

	if (2 * t->n >= t->cap)
		grow(t);
	slot = find(t, bits);
	if (*slot == 0) {
		*slot = (uint32_t)t->n++;
		buf_mem(&t->bits, bits, t->words * sizeof(*bits));
	}
	return *slot;
}

uint32_t
textclass_of_text(struct textclass *t, sv text)
{
	return needles_find(t->needles, text, t->found)
	    ? class_of(t, t->found) : TEXTCLASS_NONE;
}

/* --- the dictionary ------------------------------------------------------- */

/* A part of it, read by a thread of its own: the texts with a class of its. */
struct part {
	struct rowscan *rows;
	struct textclass *classes;
	struct buf known; /* of struct known */
	enum query_end end;
	struct err err;
};

struct known {
	int64_t id;
	uint32_t class;
};

static void
read_part(void *ctx, size_t i)
{
	struct part *p = (struct part *)ctx + i;
	const struct rowcell *cell;
	struct known k;

	while ((p->end = rowscan_next(p->rows, &k.id, &cell, &p->err)) ==
	    QUERY_MORE) {
		k.class = textclass_of_text(p->classes, cell[0].text);
		if (k.class != TEXTCLASS_NONE)
			buf_mem(&p->known, &k, sizeof(k));
	}
}

/* Numbers that SQL does not know are those of a damaged store. */
static void
take_part(struct textclass *t, const struct part *p)
{
	const struct known *k = (const struct known *)(const void *)p->known.p;

	for (size_t i = 0; i < p->known.n / sizeof(*k); i++)
		if (k[i].id >= 0 && (uint64_t)k[i].id < t->nof)
			t->of[k[i].id] = class_of(t, textclass_bits(p->classes,
			    k[i].class));
}

/* A place for every number; false: there are too many, or odd ones. */
static bool
make_table(struct textclass *t, struct store *st)
{
	int64_t last = query_one_i64(st, "SELECT max(id) FROM str", -1);

	if (last >= NUMBER_MAX ||
	    query_one_i64(st, "SELECT min(id) FROM str", 0) < 0)
		return false;
	t->nof = (size_t)(last + 1);
	t->of = room(t->nof, sizeof(*t->of));
	return true;
}

static bool
read_parts(struct textclass *t, struct part *p, size_t n, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; i < n; i++)
		p[i].classes = textclass_share(t);
	crew_run(n, read_part, p);
	for (size_t i = 0; i < n; i++) {
		if (p[i].end == QUERY_DONE)
			take_part(t, &p[i]);
		else if (ok)
			ok = err_set(e, p[i].err.status, "%s", p[i].err.msg);
		textclass_close(p[i].classes);
		rowscan_close(p[i].rows);
		buf_release(&p[i].known);
	}
	return ok;
}

bool
textclass_load(struct textclass *t, struct store *st, size_t threads,
    bool *usable, struct err *e)
{
	static const char *const column[] = { "s" };
	struct part part[CREW_MAX] = { { .rows = NULL } };
	struct rowscan *rows[CREW_MAX];
	size_t n;

	*usable = t->words == 0 || make_table(t, st);
	if (t->words == 0 || !*usable)
		return true;
	n = rowscan_open_parts(st, "str", column, 1, rows, threads, e);
	for (size_t i = 0; i < n; i++)
		part[i].rows = rows[i];
	return n > 0 && read_parts(t, part, n, e);
}

uint32_t
textclass_of_number(const struct textclass *t, int64_t id)
{
	return id >= 0 && (uint64_t)id < t->nof ? t->of[id] : TEXTCLASS_NONE;
}
