/* SPDX-License-Identifier: MIT */
/*
 * stock.h: stores filled for a test. Inputs are files in a temporary folder,
 * so that they are read as a user's are: name, time and form come from there.
 */
#ifndef TEST_STOCK_H
#define TEST_STOCK_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "record/sink.h"

struct store;

/* As setup and teardown of a fixture: the folder, and what was allocated. */
void stock_setup(void);
void stock_teardown(void);
/* Lives until teardown, as all that is returned below. */
extern struct arena stock_arena;

/* The path of a file of the folder. */
const char *stock_path(const char *name);
/* Writes it. */
void stock_write(const char *name, sv text);
sv stock_read(const char *name);

struct store *stock_memory(void);
/* Reads a file written before; asserts that this works. */
struct source stock_ingest(struct sink *sink, const char *name);
/* The file is written, read and loaded by a loader of its own. */
struct source stock_load(struct store *st, const char *name, sv text);
/* Files written before, by one loader. */
void stock_load_files(struct store *st, const char *const *name, size_t n);
/* What raxx-parse prints for files written before. */
sv stock_ndjson(const char *const *name, size_t n);
/* Loads such text through a pipe. */
void stock_pipe(struct store *st, sv text);

/* All that a store holds, without the numbers that tell the order of loading:
 * views, places, sources and counts, spans, holes, rejects; sorted lines. */
sv stock_content(struct store *st);
/* Asserts that of every source the counts fit each other and the records that
 * are there, and that each line has one row and each text one number. */
void stock_check(struct store *st);
/* First column of the first row; -1 if there is none. */
int64_t stock_number(struct store *st, const char *sql);
sv stock_text(struct store *st, const char *sql);
/* Runs statements of a test. */
void stock_sql(struct store *st, const char *sql);
/* The same by another connection to a file of the folder. */
void stock_change(const char *name, const char *sql);

#endif
