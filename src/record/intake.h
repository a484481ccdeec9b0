/* SPDX-License-Identifier: MIT */
/*
 * intake.h: one input under way, shared by the files that read its unit: lines,
 * frames and rows of logs (intakelog.c), rows of CSV and of psql's tables
 * (intakerow.c), items of JSON documents and config vars (intakedoc.c), and of
 * what could not be understood (intakerefuse.c). For record/ only.
 */
#ifndef RECORD_INTAKE_H
#define RECORD_INTAKE_H

#include "input/feed.h"
#include "record/ingest.h"
#include "record/join.h"
#include "record/keyblock.h"
#include "record/minutes.h"

struct dump;
struct ahead_brief;

struct intake {
	const struct ingest *g;
	struct source *src;
	const struct format *format;
	struct bsdline_year year; /* of lines that tell none */
	struct naming naming;
	bool taken_known;    /* the time of the pull was stated, not guessed */
	struct feed feed;
	struct arena scratch; /* one record; rewound after each */
	struct arena *perm;
	struct minutes minutes;
	const struct dump *dump; /* of rows, once the header is known */
	bool secret;         /* any byte of what is refused may be a secret */
	bool listing;        /* a list of config vars: so may any line be */
	struct keyblock key; /* a private key that lines of a log may be */
	struct join join;    /* of the lines of a log */
	uint64_t position;   /* of the stream, where blocks are read ahead */
	uint64_t line;       /* number of the current unit, from 1 */
	uint64_t messages;   /* units that are no noise and continue no other */
	int64_t newest;      /* time of the newest record so far */
	bool sink_failed;
	struct err *e;
};

/* All return false when the input cannot go on, with *in->e set. */

/* Each reads all units of its kind, and calls intake_begin once it is known
 * what the input is. */
bool intake_lines(struct intake *in);
bool intake_frames(struct intake *in);
bool intake_csvlog(struct intake *in);
bool intake_rows(struct intake *in);
bool intake_table(struct intake *in);
bool intake_docs(struct intake *in);
bool intake_config(struct intake *in);

/* Tells the sink that the input begins. */
bool intake_begin(struct intake *in);
/* A record of the line and offset given. */
bool intake_keep(struct intake *in, struct rec *rec, uint64_t line,
    uint64_t byte);
/* Records that nobody will see, of the next lines. */
void intake_count(struct intake *in, const struct ahead_brief *brief, size_t n);
/* A unit of a log with an envelope. */
bool intake_unit(struct intake *in, sv unit, uint64_t byte);
/* For intake_csvlog: cuts rows, of which each is such a unit. */
bool intake_logrows(struct intake *in);
/* A unit that was not understood; bad->at is where reading stopped. */
bool intake_refuse(struct intake *in, const struct bad_line *bad, sv bytes,
    uint64_t line, uint64_t byte, uint64_t length);
/* A line without a header: of a config var the name alone stays, in a list of
 * them nothing else does. */
sv intake_hide(struct intake *in, sv line);
/* A line without a header that intake_hide has seen. */
bool intake_refuse_hidden(struct intake *in, const struct bad_line *bad,
    const struct join_line *own);
/* A line that is too long, of which `head` is at hand and consumed up to it. */
bool intake_long(struct intake *in, sv head, uint64_t byte);
/* A unit that does not end in the FEED_LINE_MAX bytes of `view`, which starts
 * with it: refused and consumed up to its last whole line in there, or with the
 * one line that it has. */
bool intake_long_unit(struct intake *in, sv view, uint64_t byte);
/* Do the bytes of a unit end where decoding ended early? */
bool intake_is_stump(const struct intake *in, sv raw);
bool intake_stump(struct intake *in, sv bytes, uint64_t byte);
/* A name that the user or a file's name gave, without secrets. */
sv intake_name(const struct intake *in, sv name);
/* More bytes; at the end that is fine too. */
bool intake_more(struct intake *in);
/* Twice the bytes at hand, or up to FEED_LINE_MAX or the end: for a unit that is
 * then read anew from its start. */
bool intake_double(struct intake *in);
/* The sink can take no more: false, for *in->e is set. */
bool intake_sink_failed(struct intake *in);
/* Nothing is there to read just now. */
bool intake_idle(struct intake *in);

#endif
