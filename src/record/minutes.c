/* SPDX-License-Identifier: MIT */
#include "record/minutes.h"

#include <stdlib.h>

#include "base/utc.h"

enum { COMPACT_MIN = 1 << 16 };

void
minutes_init(struct minutes *m)
{
	*m = (struct minutes){ .compact_at = COMPACT_MIN,
	    .from = INT64_MAX, .to = INT64_MIN, .min = INT64_MAX, .max = INT64_MIN };
}

void
minutes_release(struct minutes *m)
{
	buf_release(&m->seen);
}

static int
cmp_minute(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static size_t
count(const struct minutes *m)
{
	return m->seen.n / sizeof(int64_t);
}

static int64_t *
items(const struct minutes *m)
{
	return (int64_t *)(void *)m->seen.p;
}

static void
compact(struct minutes *m)
{
	int64_t *v = items(m);
	size_t n = count(m), kept = 0;

	if (n == 0)
		return;
	qsort(v, n, sizeof(*v), cmp_minute);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || v[kept - 1] != v[i])
			v[kept++] = v[i];
	m->seen.n = kept * sizeof(*v);
	m->compact_at = kept * 2 > COMPACT_MIN ? kept * 2 : COMPACT_MIN;
}

void
minutes_begin(struct minutes *m, int64_t ts)
{
	int64_t minute = (ts - (ts % UTC_MINUTE + UTC_MINUTE) % UTC_MINUTE) /
	    UTC_MINUTE;

	m->from = minute * UTC_MINUTE;
	m->to = m->from + UTC_MINUTE;
	buf_mem(&m->seen, &minute, sizeof(minute));
	if (count(m) >= m->compact_at)
		compact(m);
}

size_t
minutes_whole(const struct minutes *m, struct arena *a, const struct span **out)
{
	struct span *s;

	if (m->lines == 0)
		return 0;
	s = arena_new(a, struct span);
	*s = (struct span){ m->min, m->max, m->lines, false };
	*out = s;
	return 1;
}

size_t
minutes_spans(struct minutes *m, int64_t silence, struct arena *a,
    const struct span **out)
{
	const int64_t *v;
	struct span *s;
	size_t n = 0;

	compact(m);
	v = items(m);
	s = arena_array(a, count(m) + 1, sizeof(*s));
	for (size_t i = 0; i < count(m); i++) {
		int64_t start = v[i] * UTC_MINUTE;

		if (n == 0 || start - s[n - 1].stop > silence)
			s[n++] = (struct span){ start, start, 0, false };
		s[n - 1].stop = start + UTC_MINUTE;
	}
	if (n) {
		s[0].start = m->min;
		s[n - 1].stop = m->max;
		s[0].lines = m->lines;
	}
	*out = s;
	return n;
}
