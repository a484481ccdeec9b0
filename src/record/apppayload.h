/* SPDX-License-Identifier: MIT */
/*
 * apppayload.h: what an app wrote, as an `app` record: JSON events, logfmt,
 * tracebacks, lines of Postgres, lines of loggers, any text.
 */
#ifndef RECORD_APPPAYLOAD_H
#define RECORD_APPPAYLOAD_H

#include <stdbool.h>

#include "record/rec.h"

struct normalline;

/* Always true: what nothing else knows is text. */
bool apppayload_read(struct normalline *l, struct rec *r);

/* Does its form say where it ends? Such are JSON objects and logfmt. */
bool apppayload_is_closed(const struct rec *r);

#endif
