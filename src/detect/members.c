/* SPDX-License-Identifier: MIT */
#include "detect/members.h"

/* Several hits may show one record; sorted, they are neighbours. */
static bool
is_repeat(const struct evidence *last, const struct hit *h)
{
	return last->ts == h->ts && last->hash == h->hash &&
	    last->nth == h->nth;
}

static void
take(struct arena *a, const struct members_of *of, const struct hit *h,
    size_t n, struct members *out)
{
	out->v = arena_array(a, n, sizeof(*out->v));
	for (size_t i = 0; i < n; i++) {
		if (h[i].rec == 0 || !sv_eq(h[i].key, of->key) ||
		    h[i].ts < of->first ||
		    h[i].ts > of->last ||
		    (out->n && is_repeat(&out->v[out->n - 1], &h[i])))
			continue;
		out->v[out->n++] = (struct evidence){ .ts = h[i].ts,
			.rec = h[i].rec, .hash = h[i].hash, .nth = h[i].nth };
	}
}

void
members_load(struct arena *a, const struct hits_env *env,
    const struct members_of *of, struct members *out)
{
	struct arena scratch = ARENA_INIT;
	struct hits hits;
	struct hit *h;
	size_t n;

	*out = (struct members){ NULL, 0, HITS_DONE, SV_NULL };
	hits_collect(&scratch, env, of->rule, NULL, of->from, of->to, &hits);
	out->end = hits.end;
	out->why = arena_sv(a, hits.why);
	if (hits.end == HITS_DONE) {
		h = hits_at(&hits, &n);
		h = hits_arm(h, n, of->arm->name, &n);
		take(a, of, h, n, out);
	}
	hits_release(&hits);
	arena_release(&scratch);
}
