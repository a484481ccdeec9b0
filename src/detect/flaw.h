/* SPDX-License-Identifier: MIT */
/*
 * flaw.h: what there was of the log and nobody could read. An input that was
 * damaged, lines that were rejected, router lines that stayed mere text or
 * have no status: the time counts as observed, but what happened in these
 * lines is not known, so that a window with one of them is not clean. Lines of
 * the app that are mere text are what apps write, and no flaw.
 */
#ifndef DETECT_FLAW_H
#define DETECT_FLAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "detect/coverage.h"

struct sift;
struct store;

enum flaw_kind {
	FLAW_REJECTED, /* lines of an input */
	FLAW_ROUTER,   /* router lines of an input that were not understood */
	FLAW_DAMAGED,  /* an input: it ended early, or its sum is wrong */
	FLAW_LATE,     /* lines whose message came with an input after --as-of */
	FLAW_LOSS,     /* a notice of an app that site.yml does not list */
	FLAW_KIND_N
};

struct flaw {
	enum flaw_kind kind;
	unsigned streams; /* that it may concern: a mask */
	int64_t from, to; /* event time that it may concern, both ends */
	int64_t n;        /* lines; 0 where they are not counted */
	sv name;          /* of the input; FLAW_LOSS: of the app */
	sv what;          /* FLAW_DAMAGED, FLAW_LOSS: said of it, else null */
};

struct flaws {
	struct flaw *v; /* by kind, name, what, time */
	size_t n;
};

/* Those of the log inputs of a store. A reject has no time: it lies between
 * the lines that were read around it. False when the store fails. */
bool flaws_load(struct arena *a, struct store *st, struct flaws *out,
    struct err *e);

/* Appends one; the list has to be sorted before it is asked. */
void flaws_add(struct arena *a, struct flaws *list, const struct flaw *f);
void flaws_sort(struct flaws *list);

/* Those of the streams of the mask that touch a window; those of one kind and
 * input are one. Texts are borrowed. */
struct flaws flaws_in(struct arena *a, const struct flaws *list,
    unsigned mask, struct span window);

/* "5 lines of a.log were rejected; b.log is damaged: gzip-truncated"; of many
 * the first three. Null without any. */
sv flaws_text(struct arena *a, const struct flaws *list);

/* Adds the statements that flaws_load runs. */
void flaws_sift(struct sift *s);

#endif
