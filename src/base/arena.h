/* SPDX-License-Identifier: MIT */
/*
 * arena.h: region memory. A function allocates if and only if it takes an
 * arena (or appends to a buf). Everything from one arena is freed at once.
 * Two lifetimes are in use: perm (rules, schema, one run) and scratch (one
 * record or batch, rewound). Out of memory ends the program here.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/sv.h"

struct arena_block;

struct arena {
	struct arena_block *head; /* newest block; older ones behind it */
	size_t used;              /* bytes of head handed out */
};

struct arena_mark {
	struct arena_block *head;
	size_t used;
};

#define ARENA_INIT { NULL, 0 }

void arena_init(struct arena *a);
/* Frees everything; the arena may be used again. */
void arena_release(struct arena *a);

/* n zeroed bytes, aligned for any type; never NULL. */
void *arena_alloc(struct arena *a, size_t n);
/* The same, not zeroed: for what is written at once. */
char *arena_bytes(struct arena *a, size_t n);
/* count * size zeroed bytes; ends the program on overflow too. */
void *arena_array(struct arena *a, size_t count, size_t size);
/* A copy of v in the arena, followed by a NUL that is not part of the view.
 * The copy of a null view is null. */
sv arena_sv(struct arena *a, sv v);
char *arena_str(struct arena *a, sv v);

/* Position to return to: what was allocated since then is given back. */
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark m);
/* Is there nothing to give back? */
static inline bool
arena_is_at(const struct arena *a, struct arena_mark m)
{
	return a->head == m.head && a->used == m.used;
}

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
