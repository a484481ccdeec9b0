/* SPDX-License-Identifier: MIT */
/*
 * helper.h: a second thread that works ahead of the one that has it open, and the
 * lock under which both look at what they share.
 */
#ifndef BASE_HELPER_H
#define BASE_HELPER_H

#include <pthread.h>
#include <stdbool.h>

struct helper {
	void (*work)(void *ctx);
	void *ctx;
	bool runs;    /* there is a thread */
	bool closing;
	bool news;    /* told, but not yet to who waits */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

/* Calls work(ctx) with the lock held, again and again until it is closed, by a
 * thread of its own if that is `wanted` and there is one. Where nothing is to be
 * done, work must wait. The helper must stay where it is. */
void helper_open(struct helper *h, bool wanted, void (*work)(void *ctx),
    void *ctx);
/* Without the lock; returns when the thread has ended. */
void helper_close(struct helper *h);

static inline void
helper_lock(struct helper *h)
{
	pthread_mutex_lock(&h->lock);
}

/* Who waits is woken now, and not by helper_tell: it could only wait again, for the
 * lock. */
static inline void
helper_unlock(struct helper *h)
{
	bool news = h->news;

	h->news = false;
	pthread_mutex_unlock(&h->lock);
	if (news)
		pthread_cond_broadcast(&h->changed);
}

/* With the lock held, as it is after; for the next helper_tell, or for nothing. */
static inline void
helper_wait(struct helper *h)
{
	if (h->news)
		pthread_cond_broadcast(&h->changed);
	h->news = false;
	pthread_cond_wait(&h->changed, &h->lock);
}

/* Something that others may wait for has changed; with the lock held. */
static inline void
helper_tell(struct helper *h)
{
	h->news = true;
}

#endif
