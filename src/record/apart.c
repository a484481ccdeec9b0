/* SPDX-License-Identifier: MIT */
#include "record/apart.h"

#include <pthread.h>
#include <stdbool.h>

#include "base/slot.h"

/* Of numbers that a thread takes at once. */
enum { SOME = 1 << 16 };

static uint64_t
take_some(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static uint64_t next = APART_FREE;
	uint64_t first;

	pthread_mutex_lock(&lock);
	first = next;
	next += SOME;
	pthread_mutex_unlock(&lock);
	return first;
}

uint64_t
apart_number(void)
{
	static _Thread_local uint64_t next;

	if (next % SOME == 0)
		next = take_some();
	return next++;
}

/* A change, and what comes of it. */
struct change {
	uint64_t rest, change, to; /* to is 0: none */
};

static bool
is_of(const struct change *c, uint64_t rest, uint64_t change)
{
	return c->rest == rest && c->change == change && c->to;
}

uint64_t
apart_rest(uint64_t rest, uint64_t change)
{
	enum { BITS = 7 };
	static _Thread_local struct change known[1 << BITS][2];
	struct change *c = known[slot_by_two(rest, change, BITS)];

	if (is_of(&c[0], rest, change))
		return c[0].to;
	if (is_of(&c[1], rest, change))
		return c[1].to;
	c[1] = c[0];
	c[0] = (struct change){ rest, change, apart_number() };
	return c[0].to;
}
