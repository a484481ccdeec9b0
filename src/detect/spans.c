/* SPDX-License-Identifier: MIT */
#include "detect/spans.h"

#include <stdlib.h>

static int
i64_cmp(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

/* No time is so late that it matters. */
static int64_t
end_of(int64_t start, int64_t length)
{
	return start > INT64_MAX - length ? INT64_MAX : start + length;
}

void
spans_merge(int64_t *start, size_t n, int64_t length, struct buf *out)
{
	length = length > 0 ? length : 0;
	if (n)
		qsort(start, n, sizeof(*start), i64_cmp);
	buf_byte(out, '[');
	for (size_t i = 0, next; i < n; i = next) {
		int64_t stop = end_of(start[i], length);

		for (next = i + 1; next < n && start[next] <= stop; next++)
			stop = end_of(start[next], length);
		buf_str(out, i ? ",[" : "[");
		buf_i64(out, start[i]);
		buf_byte(out, ',');
		buf_i64(out, stop);
		buf_byte(out, ']');
	}
	buf_byte(out, ']');
}
