/* SPDX-License-Identifier: MIT */
#include "detect/distinct.h"

#include "base/hash.h"

/* A value that left the window keeps its slot, with count 0, until the table is
 * full: then those in the window move to another. */
struct slot {
	uint64_t hash;
	uint64_t count; /* of it in the window */
	size_t at, n;   /* its type and bytes, among the keys; n is 0: free */
};

enum { SLOTS_MIN = 8 }; /* most windows of a client have few */

static struct slot *
slots(const struct distinct *d, size_t *n)
{
	*n = d->slots.n / sizeof(struct slot);
	return (struct slot *)(void *)d->slots.p;
}

/* Where it is, or the free slot for it. */
static struct slot *
find(const struct distinct *d, char type, sv value, uint64_t hash)
{
	size_t n;
	struct slot *s = slots(d, &n);
	size_t at = (size_t)hash & (n - 1);

	for (; s[at].n; at = (at + 1) & (n - 1)) {
		const char *key = d->keys.p + s[at].at;

		if (s[at].hash == hash && key[0] == type &&
		    sv_eq(sv_of(key + 1, s[at].n - 1), value))
			break;
	}
	return &s[at];
}

/* A key is the type and the bytes. */
static void
fill(struct distinct *d, struct slot *s, char type, sv value, uint64_t hash,
    uint64_t count)
{
	*s = (struct slot){ hash, count, d->keys.n, value.n + 1 };
	buf_byte(&d->keys, type);
	buf_add(&d->keys, value);
	d->used++;
}

/* Room for as many again as are in the window. */
static void
rebuild(struct distinct *d)
{
	struct distinct old = *d;
	size_t n = SLOTS_MIN, nold;
	const struct slot *s = slots(&old, &nold);

	while (n < 4 * (d->n + 1))
		n *= 2;
	*d = (struct distinct){ .n = old.n };
	memset(buf_reserve(&d->slots, n * sizeof(*s)), 0, n * sizeof(*s));
	d->slots.n = n * sizeof(*s);
	for (size_t i = 0; i < nold; i++) {
		sv key = sv_of(old.keys.p + s[i].at, s[i].n);

		if (s[i].count)
			fill(d, find(d, key.p[0], sv_skip(key, 1), s[i].hash),
			    key.p[0], sv_skip(key, 1), s[i].hash, s[i].count);
	}
	distinct_release(&old);
}

void
distinct_add(struct distinct *d, char type, sv value)
{
	uint64_t hash = hash64(value, (uint64_t)type);
	struct slot *s;

	if (2 * (d->used + 1) * sizeof(*s) > d->slots.n)
		rebuild(d);
	s = find(d, type, value, hash);
	if (s->n == 0)
		fill(d, s, type, value, hash, 0);
	d->n += s->count++ == 0;
}

void
distinct_drop(struct distinct *d, char type, sv value)
{
	struct slot *s;

	if (d->used == 0)
		return;
	s = find(d, type, value, hash64(value, (uint64_t)type));
	if (s->n && s->count)
		d->n -= --s->count == 0;
}

void
distinct_release(struct distinct *d)
{
	buf_release(&d->slots);
	buf_release(&d->keys);
	d->used = d->n = 0;
}
