/* SPDX-License-Identifier: MIT */
#include "store/bulksort.h"

#include <stdlib.h>
#include <string.h>

#include "base/oom.h"

enum {
	KEEP = BULKSORT_WINDOW / 2, /* those that stay for what comes late */
	MOVES = 16,  /* of an insertion sort, for each pair, before it gives up */
	READ = 512   /* pairs of a run that are read at once */
};

void
bulksort_init(struct bulksort *s)
{
	*s = (struct bulksort){ .file = SPILL_INIT };
}

void
bulksort_release(struct bulksort *s)
{
	for (size_t i = 0; i < s->nruns; i++)
		free(s->run[i].pair);
	free(s->run);
	free(s->window);
	spill_release(&s->file);
	*s = (struct bulksort){ .n = 0 };
}

/* --- sorting --- */

static int
compare(const void *a, const void *b)
{
	return bulkpair_cmp(a, b);
}

/* Nearly sorted pairs take few moves. */
static void
sort(struct bulkpair *p, size_t n)
{
	size_t moves = 0;

	for (size_t i = 1; i < n; i++) {
		struct bulkpair v = p[i];
		size_t k = i;

		for (; k && bulkpair_cmp(&p[k - 1], &v) > 0; k--)
			p[k] = p[k - 1];
		p[k] = v;
		moves += i - k;
		if (moves > MOVES * n) {
			qsort(p, n, sizeof(*p), compare);
			return;
		}
	}
}

static struct bulkrun *
new_run(struct bulksort *s)
{
	s->run = realloc(s->run, (s->nruns + 1) * sizeof(*s->run));
	if (s->run == NULL)
		oom();
	s->run[s->nruns] = (struct bulkrun){ s->file.size, s->file.size,
		NULL, 0, 0 };
	return &s->run[s->nruns++];
}

/* The first n of the window, to the run under way if they continue it. */
static bool
write_run(struct bulksort *s, size_t n, struct err *e)
{
	struct bulkrun *r = s->nruns ? &s->run[s->nruns - 1] : NULL;

	if (r == NULL || bulkpair_cmp(&s->window[0], &s->last) < 0)
		r = new_run(s);
	if (!spill_write(&s->file, s->window, n * sizeof(*s->window), e))
		return false;
	r->stop = s->file.size;
	s->last = s->window[n - 1];
	s->n -= n;
	memmove(s->window, s->window + n, s->n * sizeof(*s->window));
	return true;
}

bool
bulksort_add(struct bulksort *s, struct bulkpair p, struct err *e)
{
	if (unlikely(s->window == NULL)) {
		s->window = malloc(BULKSORT_WINDOW * sizeof(*s->window));
		if (s->window == NULL)
			oom();
	}
	s->window[s->n++] = p;
	if (s->n < BULKSORT_WINDOW)
		return true;
	sort(s->window, s->n);
	return write_run(s, s->n - KEEP, e);
}

/* --- merging --- */

static bool
fill(struct bulksort *s, struct bulkrun *r, struct err *e)
{
	size_t left = (size_t)(r->stop - r->at) / sizeof(*r->pair);

	if (r->next < r->n)
		return true;
	r->next = 0;
	r->n = left < READ ? left : READ;
	if (r->n && !spill_read(&s->file, r->at, r->pair,
	    r->n * sizeof(*r->pair), e))
		return false;
	r->at += (int64_t)(r->n * sizeof(*r->pair));
	return true;
}

/* Is run a to be read before run b? One that has ended never is. */
static bool
before(const struct bulkrun *a, const struct bulkrun *b)
{
	if (a->next == a->n || b->next == b->n)
		return a->next < a->n;
	return bulkpair_cmp(&a->pair[a->next], &b->pair[b->next]) < 0;
}

/* The runs are a heap whose first is the next to be read. */
static void
sift(struct bulksort *s, size_t i)
{
	for (;;) {
		size_t kid = 2 * i + 1;
		struct bulkrun t;

		if (kid >= s->nruns)
			return;
		if (kid + 1 < s->nruns && before(&s->run[kid + 1], &s->run[kid]))
			kid++;
		if (!before(&s->run[kid], &s->run[i]))
			return;
		t = s->run[i];
		s->run[i] = s->run[kid];
		s->run[kid] = t;
		i = kid;
	}
}

bool
bulksort_end(struct bulksort *s, struct err *e)
{
	sort(s->window, s->n);
	s->next = 0;
	if (s->nruns == 0)
		return true;
	if (s->n && !write_run(s, s->n, e))
		return false;
	for (size_t i = 0; i < s->nruns; i++) {
		s->run[i].pair = malloc(READ * sizeof(struct bulkpair));
		if (s->run[i].pair == NULL)
			oom();
		if (!fill(s, &s->run[i], e))
			return false;
	}
	for (size_t i = s->nruns / 2; i-- > 0;)
		sift(s, i);
	return true;
}

bool
bulksort_next(struct bulksort *s, struct bulkpair *p, bool *more,
    struct err *e)
{
	struct bulkrun *r = s->run;

	if (s->nruns == 0) {
		*more = s->next < s->n;
		if (*more)
			*p = s->window[s->next++];
		return true;
	}
	*more = r->next < r->n;
	if (!*more)
		return true;
	*p = r->pair[r->next++];
	if (!fill(s, r, e))
		return false;
	sift(s, 0);
	return true;
}
