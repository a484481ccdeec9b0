/* SPDX-License-Identifier: MIT */
#include "record/rawfind.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "record/ingest.h"

struct finder {
	struct sink sink;
	struct arena *a;
	struct raw_find **want; /* by hash */
	size_t n;
};

static struct finder *
self(struct sink *s)
{
	return (struct finder *)(void *)s;
}

static bool
on_begin(struct sink *s, struct source *src, struct err *e)
{
	(void)s;
	(void)src;
	(void)e;
	return true;
}

static void
add_place(struct finder *f, struct raw_find *want, const struct rec *rec)
{
	struct raw_place *p = arena_new(f->a, struct raw_place);

	*p = (struct raw_place){ NULL, rec->line, rec->byte };
	if (want->end)
		want->end->next = p;
	else
		want->place = p;
	want->end = p;
}

static int
hash_cmp(const void *pa, const void *pb)
{
	const struct raw_find *a = *(struct raw_find *const *)pa;
	const struct raw_find *b = *(struct raw_find *const *)pb;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

/* The first of the wants for a hash, or where it would be. */
static size_t
find_hash(const struct finder *f, uint64_t hash)
{
	size_t lo = 0, hi = f->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (f->want[mid]->hash < hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Hash of the head that a part names. */
static uint64_t
head_hash(const struct rec *rec)
{
	sv text = rec_text(rec, PART_head);
	uint64_t hash = 0;

	for (size_t i = 0; i < text.n; i++)
		hash = hash << 4 | (uint64_t)(hex_value(text.p[i]) & 15);
	return hash;
}

/* A head comes before its parts, but for chunks that came in another order:
 * those have no number here, and the first line of the message is enough. */
static bool
on_record(struct sink *s, const struct rec *rec, bool *dup, struct err *e)
{
	struct finder *f = self(s);
	bool part = rec->kind == REC_PART;
	uint64_t hash = part ? head_hash(rec) : rec->hash;

	(void)e;
	*dup = false;
	for (size_t i = find_hash(f, hash);
	     i < f->n && f->want[i]->hash == hash; i++) {
		struct raw_find *w = f->want[i];

		if (part && w->seen > 0 && w->seen <= w->nth)
			add_place(f, w, rec);
		if (part || w->seen++ >= w->nth)
			continue;
		w->place = w->end = NULL;
		add_place(f, w, rec);
	}
	return true;
}

static bool
on_reject(struct sink *s, const struct reject *j, struct err *e)
{
	(void)s;
	(void)j;
	(void)e;
	return true;
}

static bool
on_end(struct sink *s, struct source *src, struct err *e)
{
	(void)s;
	(void)src;
	(void)e;
	return true;
}

bool
rawfind_read(struct arena *a, const char *path, const struct raw_as *as,
    struct raw_find *want, size_t n, struct err *e)
{
	static const struct sink_ops ops = { on_begin, on_record, on_reject,
		on_end, NULL, NULL, NULL, NULL };
	struct finder f = { { &ops }, a, NULL, n };
	struct ingest g = { .normal = as->normal, .sink = &f.sink,
		.format = as->format, .table = as->table, .app = as->app,
		.taken = as->taken };
	struct arena perm = ARENA_INIT;
	struct source src;
	enum ingest_end end;

	f.want = arena_array(&perm, n, sizeof(struct raw_find *));
	for (size_t i = 0; i < n; i++) {
		want[i].seen = 0;
		want[i].place = want[i].end = NULL;
		f.want[i] = &want[i];
	}
	qsort(f.want, n, sizeof(struct raw_find *), hash_cmp);
	end = ingest_input(&g, path, &perm, &src, e);
	arena_release(&perm);
	return end == INGEST_DONE;
}
