/* SPDX-License-Identifier: MIT */
/*
 * bigram.h: does a local part look like those of other people, or like drawn
 * letters? A model counts which letter (or digit, all ten being one symbol)
 * follows which in the local parts it is made of. A text is scored against it
 * and against chance: 0 means as likely from either, above 0 more likely from
 * people. Rare languages score low too: a low score of one address says nothing,
 * of many alike it does.
 */
#ifndef DETECT_BIGRAM_H
#define DETECT_BIGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

enum { BIGRAM_SYMBOLS = 27, BIGRAM_TEXT_MIN = 8 };

struct bigram {
	uint32_t pair[BIGRAM_SYMBOLS][BIGRAM_SYMBOLS];
	uint32_t first[BIGRAM_SYMBOLS]; /* sum of each row of `pair` */
};

/* Can it be scored: ASCII, a letter, BIGRAM_TEXT_MIN letters and digits? */
bool bigram_takes(sv local);
/* Counts the pairs of a text. */
void bigram_add(struct bigram *m, sv local);
/* Bits per pair, rounded to 1/1000; false when it cannot be scored. */
bool bigram_score(const struct bigram *m, sv local, double *bits);

/* As bytes, to be carried through SQL; false when they are no model. */
void bigram_write(struct buf *b, const struct bigram *m);
bool bigram_read(sv bytes, struct bigram *out);

#endif
