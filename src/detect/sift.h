/* SPDX-License-Identifier: MIT */
/*
 * sift.h: one pass over each table of the log for all statements of a run. It
 * finds for every place where one reads a table the rows that can matter there
 * (siftcond.h), and statements are then run over these alone: what they give is
 * the same. A place where most rows matter, or of whose rows nothing is known,
 * reads the table as before. Whoever opens such a statement (query.h) need not
 * know.
 */
#ifndef DETECT_SIFT_H
#define DETECT_SIFT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sv.h"
#include "detect/rule.h"

struct hits_env;
struct sift;
struct store;
struct tally;

/* One at a time for a store; the pass has so many threads, CREW_MAX at most. */
struct sift *sift_open(struct store *st, size_t threads);
/* Its temporary views go too. NULL is allowed. */
void sift_close(struct sift *s);

/* A statement that will be run; the text must last. */
void sift_add(struct sift *s, sv sql);
/* Those of a rule. Of `env` site.yml is asked for. */
void sift_add_rule(struct sift *s, const struct hits_env *env,
    const struct rule *r);

/* The pass. Call it once, before the first sift_sql; no statement may be under
 * way. False when the store fails. */
bool sift_run(struct sift *s, struct err *e);

/* Has nobody written to the store since the pass? Else all statements run as
 * they stand. */
bool sift_is_current(const struct sift *s);
/* Rows of a table of the log; -1: not known. s may be NULL. */
int64_t sift_rows(const struct sift *s, const char *table);
/* When there were lines; NULL: not known. */
struct tally *sift_tally(const struct sift *s);
/* No row of a table can matter to it, and it has no other rows. */
bool sift_is_empty(const struct sift *s, sv sql);

#endif
