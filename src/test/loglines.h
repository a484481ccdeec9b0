/* SPDX-License-Identifier: MIT */
/*
 * loglines.h: lines of `heroku logs` for tests of what is seen. Times are
 * seconds after 2026-06-12T10:00:00Z; files are named after them, since the
 * name says when a pull was taken or where a drain begins.
 */
#ifndef TEST_LOGLINES_H
#define TEST_LOGLINES_H

#include <stdint.h>

#include "base/buf.h"

struct store;

/* An empty store in memory and a folder for the files of a test. */
struct store *log_open(void);
void log_close(struct store *st);

/* Microseconds of a second. */
int64_t log_us(int second);

void log_line(struct buf *b, int second, const char *origin, const char *text);
/* A sample of web.1 every `step` seconds of from..to. */
void log_beats(struct buf *b, int from, int to, int step);
/* A router line with a request id that follows from `id`. */
void log_request(struct buf *b, int second, int id);

/* Loads the lines as a pull or drain of app, and empties the buffer. */
void log_pull(struct store *st, const char *app, int taken, struct buf *b);
void log_drain(struct store *st, const char *app, int begun, struct buf *b);

#endif
