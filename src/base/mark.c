/* SPDX-License-Identifier: MIT */
#include "base/mark.h"

#include <string.h>

#include "base/attr.h"
#include "base/fold.h"
#include "base/swar.h"

void
mark_init(struct mark *m, const struct mark_key *key)
{
	*m = (struct mark){ .key = key };
	for (size_t i = 0; i < MARK_LANES; i++)
		m->lane[i] = key->word[2 * i + 1];
}

static attr_inline uint64_t
mix_lane(const char *p, const uint64_t key[2], uint64_t lane)
{
	return fold(swar_load(p) ^ key[0], swar_load(p + 8) ^ lane);
}

/* The lanes do not wait for each other, and stay in registers. */
static void
mix(struct mark *m, const char *p, size_t steps)
{
	const uint64_t *key = m->key->word;
	uint64_t a = m->lane[0], b = m->lane[1], c = m->lane[2], d = m->lane[3];

	_Static_assert(MARK_LANES == 4, "a to d");
	for (; steps; steps--, p += MARK_STEP) {
		a = mix_lane(p, key, a);
		b = mix_lane(p + 16, key + 2, b);
		c = mix_lane(p + 32, key + 4, c);
		d = mix_lane(p + 48, key + 6, d);
	}
	m->lane[0] = a;
	m->lane[1] = b;
	m->lane[2] = c;
	m->lane[3] = d;
}

void
mark_add(struct mark *m, const void *p, size_t n)
{
	size_t have = m->len % MARK_STEP, room = MARK_STEP - have;
	const char *at = p;

	m->len += n;
	if (have) {
		size_t take = n < room ? n : room;

		memcpy(m->part + have, at, take);
		if (take < room)
			return;
		mix(m, m->part, 1);
		at += take;
		n -= take;
	}
	mix(m, at, n / MARK_STEP);
	if (n % MARK_STEP)
		memcpy(m->part, at + n / MARK_STEP * MARK_STEP, n % MARK_STEP);
}

uint64_t
mark_end(struct mark *m)
{
	size_t have = m->len % MARK_STEP;
	uint64_t h = m->len;

	memset(m->part + have, 0, MARK_STEP - have);
	mix(m, m->part, 1);
	for (size_t i = 0; i < MARK_LANES; i++)
		h = fold(h ^ m->key->word[2 * i], m->lane[i] ^
		    m->key->word[2 * i + 1]);
	return h;
}
