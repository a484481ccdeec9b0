/* SPDX-License-Identifier: MIT */
#include "base/crew.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>

struct piece {
	void (*work)(void *ctx, size_t i);
	void *ctx;
	size_t i;
	pthread_t thread;
	bool runs; /* there is a thread for it */
};

static void *
run(void *p)
{
	const struct piece *x = p;

	x->work(x->ctx, x->i);
	return NULL;
}

void
crew_run(size_t n, void (*work)(void *ctx, size_t i), void *ctx)
{
	struct piece piece[CREW_MAX];

	assert(n <= CREW_MAX);
	for (size_t i = 0; i < n; i++) {
		piece[i] = (struct piece){ .work = work, .ctx = ctx, .i = i };
		piece[i].runs = i > 0 && pthread_create(&piece[i].thread,
		    NULL, run, &piece[i]) == 0;
	}
	for (size_t i = 0; i < n; i++)
		if (!piece[i].runs)
			run(&piece[i]);
	for (size_t i = 0; i < n; i++)
		if (piece[i].runs)
			pthread_join(piece[i].thread, NULL);
}
