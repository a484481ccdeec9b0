/* SPDX-License-Identifier: MIT */
/*
 * sink.h: where records go. One input is begin, then any number of record and
 * reject, then end. Implementations: NDJSON (record/ndjson.c), the store
 * (store/load.c), nowhere (record/ingest.c, --dry-run).
 */
#ifndef RECORD_SINK_H
#define RECORD_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sv.h"
#include "record/note.h"

struct rec;

/* Messages that Logplex keeps of an app, the most a pull can hold, and how many
 * `heroku logs` asks for when nobody says. Sources: heroku/logplex
 * src/logplex.app.src, log_history; heroku/cli src/commands/logs.ts, --num. */
enum { PULL_MAX = 1500, PULL_DEFAULT = 100 };

/* Time an input vouches for. */
struct span {
	int64_t start, stop;
	uint64_t lines;
	bool head_cut; /* as many as asked for or kept: there was more before */
};

/* One input and its accounting: read = stored + duplicates + rejected + blank. */
struct source {
	sv name;     /* as given; "-" is stdin */
	sv format;   /* row of the format table */
	const char *why; /* it has that format; NULL from a pipe */
	sv form;     /* "pull", "drain", "stream", "dump" */
	sv app;      /* null: unknown */
	sv dump;     /* table name of a dump; null for logs */
	int64_t arrived;
	uint8_t digest[32]; /* of the bytes as read; known at the end */
	uint64_t bytes;     /* decoded */
	uint64_t size;      /* as read; 0: not known, or none */
	uint64_t read, stored, duplicates, rejected, blank;
	uint64_t note[NOTE_N];
	sv damaged;  /* why it ended early or is unverified; null: neither */
	const struct span *span;
	size_t nspans;
	bool known;  /* set by the sink: it already holds this input */
	bool drift;  /* set by the sink: much less was understood than before */
	double share, share_before; /* then: percent of lines understood */
};

/* A line that was not understood. Secrets in `bytes` are already replaced. */
struct reject {
	uint64_t line, byte, length;
	const char *reason; /* code: "no-header", "bad-time" ... */
	sv detail;          /* value and what was expected; may be empty */
	sv bytes;           /* the line; of a long one its two ends */
	uint64_t at;        /* byte of the line where reading stopped */
};

struct sink {
	const struct sink_ops *ops;
};

enum { SINK_SOON = 3 }; /* records before its turn, one is best announced */

struct sink_ops {
	/* Before the first record. Spans, digest and counts are not known. */
	bool (*begin)(struct sink *, struct source *, struct err *);
	/* Sets *dup when the record was one already held. */
	bool (*record)(struct sink *, const struct rec *, bool *dup, struct err *);
	bool (*reject)(struct sink *, const struct reject *, struct err *);
	/* After the last. The sink may correct stored and duplicates, and sets
	 * known when the whole input was there before; nothing is added then. */
	bool (*end)(struct sink *, struct source *, struct err *);
	/* The next read may wait: show what there is. May be NULL. */
	bool (*idle)(struct sink *, struct err *);
	/* Gives up the open input after a failure. May be NULL. */
	void (*cancel)(struct sink *);
	/* Instead of all that: does it hold the log in the file `path` already,
	 * read the same way? Then known, the digest and the counts are set. Form,
	 * format, app, size and time of arrival are known. May be NULL. */
	bool (*recall)(struct sink *, struct source *, const char *path,
	    unsigned threads, struct err *);
	/* The record comes soon, behind those that were announced before, if nothing
	 * happens to it: what it will be looked for in may be fetched from memory.
	 * May be NULL. */
	void (*soon)(struct sink *, const struct rec *);
};

#endif
