/* SPDX-License-Identifier: MIT */
/*
 * account.h: what raxx-parse tells people: the shape it picked, lines it could
 * not understand, and the account of every input:
 * read = stored + duplicates + rejected + blank.
 */
#ifndef OUTPUT_ACCOUNT_H
#define OUTPUT_ACCOUNT_H

#include "base/buf.h"
#include "record/sink.h"

enum { ACCOUNT_REASONS = 16, ACCOUNT_SHOWN = 20 };

/* Rejects of one input, counted by reason. */
struct account {
	struct {
		const char *reason; /* of the reject: must outlive the account */
		uint64_t n;
	} by_reason[ACCOUNT_REASONS];
	size_t nreasons;
	uint64_t more; /* of reasons beyond the table */
};

/* Counts a reject; appends its message "FILE:LINE@BYTE: REASON: detail, got
 * 'what stood there'\n" for the first ACCOUNT_SHOWN of each reason. */
void account_reject(struct account *a, struct buf *b, const struct source *src,
    const struct reject *j);
/* Appends a line per reason of which not all were shown. */
void account_rest(const struct account *a, struct buf *b,
    const struct source *src);
/* "FILE: heroku-text pull of app X: why" */
void account_format(struct buf *b, const struct source *src);
/* "NAME: read 9 = stored 5 + duplicates 2 + rejected 1 + blank 1 (512 bytes)" */
void account_source(struct buf *b, sv name, const struct source *src);

/* "NAME: noticed nul-bytes 3, joined 12"; nothing when there is none. Without
 * `all` the loud ones only. */
void account_notes(struct buf *b, sv name, const struct source *src, bool all);

/* All that is to be told of an input at its end, in whole lines that begin with
 * the program's name: rejects that were not shown, damage, drift, whether it
 * was known; with `verbose` its account and notes too, with `quiet` not that it
 * was known. */
void account_input(const struct account *a, struct buf *b,
    const struct source *src, bool verbose, bool quiet);
/* "raxx-parse: resumed STORE @0: ...": a killed run's write was undone. An
 * input is one transaction, so what was under way starts again at byte 0. */
void account_resumed(struct buf *b, sv store);
/* Adds the counts of an input to those of all. */
void account_add(struct source *total, const struct source *src);
/* "raxx-parse: 2 inputs: read 9 = ..." and the notes of all. */
void account_total(struct buf *b, const struct source *total, unsigned inputs,
    bool verbose);

/* Progress on a terminal: a line that overwrites itself. */
#define ACCOUNT_CLEAR "\r\033[K"

struct account_pace {
	double start; /* seconds of a monotonic clock */
	double shown; /* when the last line was made; 0 never */
};

/* Appends "\rNAME: 12.3 MB of 279.2 MB, 45.1 MB/s, 6 s left" when the work takes
 * over a second and the last line is some time ago. size 0: unknown. */
void account_progress(struct account_pace *p, struct buf *b,
    const struct source *src, double now, uint64_t done, uint64_t size);

#endif
