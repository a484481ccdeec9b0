/* SPDX-License-Identifier: MIT */
/*
 * load.h: the sink that writes a store. One transaction per input: after a
 * crash or a failure the store is as before it. The same set of inputs gives
 * the same content in any order:
 *  - an input whose digest is known adds no record; its time of arrival may be
 *    earlier, or vouch for more (home.h);
 *  - of equal lines of one app (time, origin, bytes) the k-th of this input is
 *    the k-th of an input loaded before; a line that names its request is one
 *    event however often it was delivered; other repeats inside one input stay;
 *  - of the versions of a line that inputs cut inside a message give (alone, its
 *    head, a part of a longer one) one stays, see role.h;
 *  - a record's home is the earliest arrived input that holds it; its places in
 *    others are kept in `also`;
 *  - a hole between successive pulls that share no line is recorded.
 * What end() tells as stored is what was not there before; source rows count
 * the records at home, which later inputs may take over.
 * Stored lines are looked up only where time ranges of inputs overlap.
 */
#ifndef STORE_LOAD_H
#define STORE_LOAD_H

#include "base/err.h"
#include "record/sink.h"

struct store;
struct loader;

/* The store must be open for writing, or in memory, and outlive the loader. */
struct loader *loader_open(struct store *st, struct err *e);
void loader_close(struct loader *l); /* NULL is allowed; open input: rolled back */
struct sink *loader_sink(struct loader *l);

struct load_total {
	uint64_t lines;   /* of NDJSON, blank ones included */
	uint64_t records;
	uint64_t bad;     /* lines that are no record: rejected */
	uint64_t rejected; /* rejects, those that raxx-parse reported included */
	char first_bad[160]; /* "line 3: unknown kind" */
};

/* Loads what raxx-parse wrote to a pipe (gzip is fine). Bad
 * lines are kept as rejects. Of two threads one reads; the store is the same. */
bool load_ndjson(int fd, unsigned threads, struct store *st,
    struct load_total *total, struct err *e);

#endif
