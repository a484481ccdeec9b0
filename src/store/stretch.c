/* SPDX-License-Identifier: MIT */
#include "store/stretch.h"

#include <string.h>

#include "base/attr.h"

struct stretch *
stretch_of(struct stretch_queue *q, int64_t id)
{
	int64_t first = id & -STRETCH;

	for (size_t i = q->n; i-- > 0 && q->kept[i].id >= first;)
		if (q->kept[i].id == first)
			return &q->kept[i];
	return NULL;
}

bool
stretch_takes(struct stretch_queue *q, int64_t id)
{
	return q->n == 0 || (id & -STRETCH) > q->kept[q->n - 1].id ||
	    stretch_of(q, id) != NULL;
}

bool
stretch_pop(struct stretch_queue *q, struct stretch *out)
{
	if (q->n == 0)
		return false;
	*out = q->kept[0];
	memmove(q->kept, q->kept + 1, --q->n * sizeof(q->kept[0]));
	return true;
}

const struct stretch *
stretch_add(struct stretch_queue *q, int64_t id, int64_t ts, int64_t byte,
    struct stretch *done)
{
	struct stretch *s = stretch_of(q, id);

	done->id = -1;
	if (likely(s != NULL)) {
		s->start = ts < s->start ? ts : s->start;
		s->stop = ts > s->stop ? ts : s->stop;
		return s;
	}
	if (!stretch_takes(q, id))
		return NULL;
	if (q->n == STRETCH_KEPT)
		stretch_pop(q, done);
	s = &q->kept[q->n++];
	*s = (struct stretch){ id & -STRETCH, byte, ts, ts };
	return s;
}
