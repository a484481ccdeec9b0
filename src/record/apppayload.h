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

#endif
