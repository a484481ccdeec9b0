/* SPDX-License-Identifier: MIT */
/*
 * formtree.h: forms (form.h) that came last, to match texts against. They are a
 * tree of the pieces between their values, so that what forms have in common is
 * compared once, and a text of a known form needs no copy and no look at each byte.
 */
#ifndef STORE_FORMTREE_H
#define STORE_FORMTREE_H

#include <stdint.h>

#include "base/sv.h"
#include "store/form.h"

enum { FORMTREE_PIECES = 512, FORMTREE_BYTES = 32768 };

struct formtree_piece {
	uint32_t at; /* of its text */
	uint16_t n;
	uint16_t next;  /* another one in its place; 0: none */
	uint16_t below; /* what may follow behind a value; 0: nothing */
	int64_t id;     /* of the form that ends with it; 0: none does */
};

struct formtree {
	uint16_t first;
	size_t npieces, nbytes;
	struct formtree_piece piece[FORMTREE_PIECES]; /* 0 is none */
	char text[FORMTREE_BYTES + 8]; /* may be read behind its end */
};

void formtree_clear(struct formtree *t);
/* The number of the text's form if it is one of them, with f->value as form_cut()
 * would have it and f->text left alone; else 0 and *f says nothing. */
int64_t formtree_find(struct formtree *t, sv text, struct form *f);
/* Adds the form that form_cut(f, text) found; id is not 0. When there is no room
 * all others are forgotten. */
void formtree_add(struct formtree *t, sv text, const struct form *f, int64_t id);

#endif
