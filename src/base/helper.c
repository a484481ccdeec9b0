/* SPDX-License-Identifier: MIT */
#include "base/helper.h"

static void *
run(void *p)
{
	struct helper *h = p;

	helper_lock(h);
	while (!h->closing)
		h->work(h->ctx);
	helper_unlock(h);
	return NULL;
}

void
helper_open(struct helper *h, bool wanted, void (*work)(void *ctx), void *ctx)
{
	h->work = work;
	h->ctx = ctx;
	h->closing = false;
	h->news = false;
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->changed, NULL);
	h->runs = wanted && pthread_create(&h->thread, NULL, run, h) == 0;
}

void
helper_close(struct helper *h)
{
	helper_lock(h);
	h->closing = true;
	helper_tell(h);
	helper_unlock(h);
	if (h->runs)
		pthread_join(h->thread, NULL);
	pthread_cond_destroy(&h->changed);
	pthread_mutex_destroy(&h->lock);
}
