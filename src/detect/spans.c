/* SPDX-License-Identifier: MIT */
#include "detect/spans.h"

#include <stdlib.h>

static int
cmp(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
one_cmp(const void *pa, const void *pb)
{
	const struct spans_one *a = pa, *b = pb;
	int c = cmp(a->start, b->start);

	c = c ? c : cmp(a->stop, b->stop);
	c = c ? c : cmp(a->hash, b->hash);
	return c ? c : cmp(a->nth, b->nth);
}

static void
put(struct buf *out, const struct spans_one *first, int64_t stop)
{
	const int64_t v[] = { first->start, stop, first->rec, first->hash,
		first->nth };

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		buf_byte(out, i ? ',' : '[');
		buf_i64(out, v[i]);
	}
	buf_byte(out, ']');
}

void
spans_join(struct spans_one *v, size_t n, struct buf *out)
{
	if (n)
		qsort(v, n, sizeof(*v), one_cmp);
	buf_byte(out, '[');
	for (size_t i = 0, next; i < n; i = next) {
		int64_t stop = v[i].start;

		for (next = i; next < n && v[next].start <= stop; next++)
			if (v[next].stop > stop)
				stop = v[next].stop;
		buf_str(out, i ? "," : "");
		put(out, &v[i], stop);
	}
	buf_byte(out, ']');
}
