/* SPDX-License-Identifier: MIT */
#include "detect/stage.h"

#include "base/buf.h"
#include "detect/sqlscan.h"

void
stage_add(struct stages *l, struct stage s)
{
	struct stage *old = l->v;

	if (l->n == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 32;
		l->v = arena_array(l->a, l->cap, sizeof(*l->v));
		if (l->n)
			memcpy(l->v, old, l->n * sizeof(*old));
	}
	l->v[l->n++] = s;
}

sv
stage_of(const struct stages *l, size_t i)
{
	while (i > 0 && sv_null(l->v[i].of))
		i--;
	return l->v[i].of;
}

sv
stage_plain(struct stages *l, sv sql)
{
	struct buf b = BUF_INIT;
	sv out;

	sqlscan_plain(&b, sql);
	out = buf_keep(&b, l->a);
	return out;
}

uint64_t
stage_add_way(struct stages *l, sv name)
{
	if (l->nways == STAGE_WAYS)
		return 0;
	l->way[l->nways] = (struct stage_way){ name, SIZE_MAX };
	return UINT64_C(1) << l->nways++;
}

/* An aggregate makes a row of none: a way ends only if its end is empty. */
static size_t
find_zero(const struct stages *l, size_t k)
{
	size_t zero = SIZE_MAX;
	int64_t last = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (!(l->v[i].way >> k & 1))
			continue;
		last = l->v[i].out;
		if (last == 0 && zero == SIZE_MAX)
			zero = i;
	}
	return last > 0 ? SIZE_MAX : zero;
}

void
stage_find_zeros(struct stages *l)
{
	for (size_t k = 0; k < l->nways; k++)
		l->way[k].zero = find_zero(l, k);
}
