/* SPDX-License-Identifier: MIT */
#include "base/mark.h"

#include <string.h>

#include "base/fold.h"
#include "base/swar.h"

void
mark_init(struct mark *m, const struct mark_key *key)
{
	*m = (struct mark){ .key = key };
	for (size_t i = 0; i < MARK_LANES; i++)
		m->lane[i] = key->word[2 * i + 1];
}

/* The lanes do not wait for each other. */
static void
mix(struct mark *m, const char *p)
{
	for (size_t i = 0; i < MARK_LANES; i++, p += 16)
		m->lane[i] = fold(swar_load(p) ^ m->key->word[2 * i],
		    swar_load(p + 8) ^ m->lane[i]);
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
		mix(m, m->part);
		at += take;
		n -= take;
	}
	for (; n >= MARK_STEP; at += MARK_STEP, n -= MARK_STEP)
		mix(m, at);
	if (n)
		memcpy(m->part, at, n);
}

uint64_t
mark_end(struct mark *m)
{
	size_t have = m->len % MARK_STEP;
	uint64_t h = m->len;

	memset(m->part + have, 0, MARK_STEP - have);
	mix(m, m->part);
	for (size_t i = 0; i < MARK_LANES; i++)
		h = fold(h ^ m->key->word[2 * i], m->lane[i] ^
		    m->key->word[2 * i + 1]);
	return h;
}
