/* SPDX-License-Identifier: MIT */
#include "detect/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/oom.h"
#include "base/table.h"
#include "base/utc.h"

struct tally {
	struct tally_minute *v;
	size_t n, cap;
	uint32_t *slot;  /* hash of minute and source: index + 1; 0 free */
	size_t nslots;   /* a power of two */
	bool odd;        /* there was a time before 1970 */
	size_t last;     /* where the last line was: mostly the next one too */
};

struct tally *
tally_open(void)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (t == NULL)
		oom();
	return t;
}

void
tally_close(struct tally *t)
{
	if (t == NULL)
		return;
	free(t->v);
	free(t->slot);
	free(t);
}

static size_t
hash(int64_t minute, int64_t source)
{
	uint64_t v = ((uint64_t)minute ^ (uint64_t)source << 40) *
	    0x9e3779b97f4a7c15;

	return (size_t)(v >> 20);
}

static uint32_t *
find(struct tally *t, int64_t minute, int64_t source)
{
	size_t i = hash(minute, source) & (t->nslots - 1);

	while (t->slot[i] && (t->v[t->slot[i] - 1].minute != minute ||
	    t->v[t->slot[i] - 1].source != source))
		i = (i + 1) & (t->nslots - 1);
	return &t->slot[i];
}

static void
grow(struct tally *t)
{
	t->cap = t->cap ? 2 * t->cap : 1024;
	t->nslots = 4 * t->cap;
	t->v = realloc(t->v, t->cap * sizeof(*t->v));
	free(t->slot);
	t->slot = table_new(t->nslots, sizeof(*t->slot));
	if (t->v == NULL)
		oom();
	for (size_t i = 0; i < t->n; i++)
		*find(t, t->v[i].minute, t->v[i].source) = (uint32_t)i + 1;
}

struct tally_minute *
tally_at(struct tally *t, int64_t source, int64_t ts)
{
	int64_t minute = ts / UTC_MINUTE;
	struct tally_minute *m = t->v + t->last;
	uint32_t *slot;

	t->odd |= ts < 0;
	if (t->n && m->minute == minute && m->source == source)
		return m;
	if (t->n == t->cap)
		grow(t);
	slot = find(t, minute, source);
	if (*slot == 0) {
		m = &t->v[t->n++];
		*m = (struct tally_minute){ .minute = minute,
			.source = source };
		for (int k = 0; k < TALLY_N; k++) {
			m->first[k] = INT64_MAX;
			m->last[k] = INT64_MIN;
		}
		*slot = (uint32_t)t->n;
	}
	t->last = *slot - 1;
	return &t->v[t->last];
}

void
tally_add(struct tally_minute *m, enum tally_kind kind, int64_t ts)
{
	if (ts < m->first[kind])
		m->first[kind] = ts;
	if (ts > m->last[kind])
		m->last[kind] = ts;
}

void
tally_join(struct tally *t, const struct tally *more)
{
	for (size_t i = 0; i < more->n; i++) {
		const struct tally_minute *from = &more->v[i];
		struct tally_minute *m = tally_at(t, from->source,
		    from->minute * UTC_MINUTE);

		for (int k = 0; k < TALLY_N; k++) {
			if (from->first[k] > from->last[k])
				continue;
			tally_add(m, (enum tally_kind)k, from->first[k]);
			tally_add(m, (enum tally_kind)k, from->last[k]);
		}
		m->requests += from->requests;
	}
	t->odd |= more->odd;
}

static int
minute_cmp(const void *pa, const void *pb)
{
	const struct tally_minute *a = pa, *b = pb;

	if (a->minute != b->minute)
		return a->minute < b->minute ? -1 : 1;
	return (a->source > b->source) - (a->source < b->source);
}

const struct tally_minute *
tally_sorted(struct tally *t, size_t *n)
{
	if (t->cap == 0)
		grow(t);
	*n = t->odd ? 0 : t->n;
	if (t->odd)
		return NULL;
	qsort(t->v, t->n, sizeof(*t->v), minute_cmp);
	memset(t->slot, 0, t->nslots * sizeof(*t->slot));
	for (size_t i = 0; i < t->n; i++)
		*find(t, t->v[i].minute, t->v[i].source) = (uint32_t)i + 1;
	t->last = 0;
	return t->v;
}
