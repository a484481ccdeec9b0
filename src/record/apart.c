/* SPDX-License-Identifier: MIT */
#include "record/apart.h"

#include <pthread.h>

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

uint64_t
apart_rest(uint64_t rest, uint64_t change)
{
	enum { BITS = 8 };
	static _Thread_local struct {
		uint64_t rest, change, to;
	} known[1 << BITS], *k;

	k = &known[(rest * UINT64_C(0xc2b2ae3d27d4eb4f) + change) *
	    UINT64_C(0x9e3779b97f4a7c15) >> (64 - BITS)];
	if (k->to == 0 || k->rest != rest || k->change != change) {
		k->rest = rest;
		k->change = change;
		k->to = apart_number();
	}
	return k->to;
}
