/* SPDX-License-Identifier: MIT */
/*
 * sampleshape.h: the shape of texts of samples, which differ in nothing but their
 * numbers: what is between these is compared in few steps, and not read again.
 */
#ifndef PARSE_SAMPLESHAPE_H
#define PARSE_SAMPLESHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/lanes.h"
#include "base/sv.h"

enum {
	SAMPLESHAPE_ITEMS = 32,  /* numbers of a shape */
	SAMPLESHAPE_TEXT = 1024, /* bytes of each of its texts */
	SAMPLESHAPE_VALUE = 24,  /* room for a number in its shortest form */
	SAMPLESHAPES = 8         /* that are remembered at once */
};

/* All zero: none yet, with which no text begins. */
struct sampleshape {
	unsigned n; /* of its numbers */
	/* Where they stand: between two bytes of what else is in the text. */
	uint16_t at[SAMPLESHAPE_ITEMS];
	uint16_t nline, nnames;
	char line[SAMPLESHAPE_TEXT + LANES]; /* for those who compare it in steps */
	char names[SAMPLESHAPE_TEXT];
};

/* Where the shape of a text is remembered, by the letter text[at]. */
static inline struct sampleshape *
sampleshape_place(struct sampleshape shapes[SAMPLESHAPES], sv text, size_t at)
{
	unsigned letter = at < text.n ? (unsigned char)text.p[at] : 0;

	return &shapes[letter % SAMPLESHAPES];
}

/* Learning: for each number what is before it, then what is behind the last one,
 * and what the samples are called. False: it is too much; whoever learns has to
 * clear the shape then. */
void sampleshape_clear(struct sampleshape *s);
bool sampleshape_number(struct sampleshape *s, sv before);
bool sampleshape_end(struct sampleshape *s, sv behind, sv names);

/* Does the text begin with this shape? Then how far it goes, else 0. */
size_t sampleshape_length(const struct sampleshape *s, sv text);
/* The same, and writes the numbers in their shortest form at *values, which moves
 * behind them, each with a comma behind it: there is room for SAMPLESHAPE_VALUE bytes
 * for each, or for as many as the text has and one such room. */
size_t sampleshape_fill(const struct sampleshape *s, sv text, char **values);

#endif
