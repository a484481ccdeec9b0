/* SPDX-License-Identifier: MIT */
/*
 * trialread.h: values of a file of tests, read strictly: what is wrong is named
 * with its place and what was expected. For trialfile.c and trialevents.c.
 */
#ifndef DETECT_TRIALREAD_H
#define DETECT_TRIALREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"

struct yaml;

struct trialread {
	struct arena *a;
	sv name;                 /* of the file */
	struct err *e;
	int64_t window;          /* of cases that have no own */
	const struct yaml *site; /* facts of all cases, or NULL */
};

/* A key of a map. What it reads it puts into *out. */
struct trialrow {
	const char *key;
	bool needed;
	bool (*read)(struct trialread *r, const struct yaml *y, void *out);
};

/* All below are false with *r->e set. */

/* The keys of the rows and no others, read in the order of the rows: so one may
 * build on what another read. */
bool trialread_map(struct trialread *r, const struct yaml *map,
    const struct trialrow *row, size_t n, void *out);
/* Each item into the next `size` bytes of *out. */
bool trialread_items(struct trialread *r, const struct yaml *list, size_t size,
    void *out, bool (*read)(struct trialread *r, const struct yaml *item,
    void *out));
bool trialread_need_list(struct trialread *r, const struct yaml *y);
bool trialread_need_map(struct trialread *r, const struct yaml *y);

bool trialread_is_scalar(const struct yaml *y);
bool trialread_text(struct trialread *r, const struct yaml *y, sv *out);
bool trialread_full_text(struct trialread *r, const struct yaml *y, sv *out);
/* A text whose placeholders (trialtext.h) resolve. */
bool trialread_pattern(struct trialread *r, const struct yaml *y, sv *out);
bool trialread_number(struct trialread *r, const struct yaml *y, double *out);
bool trialread_count(struct trialread *r, const struct yaml *y, int64_t *out);
/* Microseconds, TRIAL_DAYS_MAX at most: "0s", "70s", "-3d"; a length is more
 * than nothing. */
bool trialread_offset(struct trialread *r, const struct yaml *y, int64_t *us);
bool trialread_length(struct trialread *r, const struct yaml *y, int64_t *us);

/* Index of the name; -1: none. */
int trialread_find(sv text, const char *const *name, int n);
bool trialread_name(struct trialread *r, const struct yaml *y,
    const char *const *name, int n, int *out);

#endif
