/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/oom.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define poison(p, n) __asan_poison_memory_region((p), (n))
#define unpoison(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define poison(p, n) ((void)(p), (void)(n))
#define unpoison(p, n) ((void)(p), (void)(n))
#endif

enum { ALIGN = 16, BLOCK_MIN = 64 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t size; /* bytes of data */
	_Alignas(ALIGN) char data[];
};

void
arena_init(struct arena *a)
{
	*a = (struct arena)ARENA_INIT;
}

static void
drop_blocks(struct arena *a, struct arena_block *until)
{
	while (a->head != until) {
		struct arena_block *next = a->head->next;

		unpoison(a->head->data, a->head->size);
		free(a->head);
		a->head = next;
	}
}

void
arena_release(struct arena *a)
{
	drop_blocks(a, NULL);
	a->used = 0;
}

static void
grow(struct arena *a, size_t n)
{
	size_t size = a->head ? a->head->size : BLOCK_MIN / 2;
	struct arena_block *b;

	size = size < (size_t)1 << 20 ? size * 2 : size;
	if (size < n)
		size = n;
	if (size > SIZE_MAX - sizeof(*b))
		oom();
	b = malloc(sizeof(*b) + size);
	if (b == NULL)
		oom();
	b->next = a->head;
	b->size = size;
	poison(b->data, size);
	a->head = b;
	a->used = 0;
}

char *
arena_bytes(struct arena *a, size_t n)
{
	char *p;

	if (n > SIZE_MAX - ALIGN)
		oom();
	n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (a->head == NULL || a->head->size - a->used < n)
		grow(a, n);
	p = a->head->data + a->used;
	a->used += n;
	unpoison(p, n);
	return p;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	return memset(arena_bytes(a, n), 0, n);
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		oom();
	return arena_alloc(a, count * size);
}

char *
arena_str(struct arena *a, sv v)
{
	char *p = arena_bytes(a, v.n + 1);

	if (v.n)
		memcpy(p, v.p, v.n);
	p[v.n] = '\0';
	return p;
}

sv
arena_sv(struct arena *a, sv v)
{
	return sv_null(v) ? v : sv_of(arena_str(a, v), v.n);
}

struct arena_mark
arena_mark(const struct arena *a)
{
	return (struct arena_mark){ a->head, a->used };
}

void
arena_rewind(struct arena *a, struct arena_mark m)
{
	/* The first block is kept, so that a scratch arena stops allocating
	 * once it is warm. */
	if (m.head == NULL && a->head) {
		while (a->head->next) {
			struct arena_block *next = a->head->next;

			unpoison(a->head->data, a->head->size);
			free(a->head);
			a->head = next;
		}
	} else {
		drop_blocks(a, m.head);
	}
	a->used = m.head ? m.used : 0;
	if (a->head)
		poison(a->head->data + a->used, a->head->size - a->used);
}
