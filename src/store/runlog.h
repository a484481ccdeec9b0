/* SPDX-License-Identifier: MIT */
/* runlog.h: recorded runs: what raxx-eval printed, kept in the store. */
#ifndef STORE_RUNLOG_H
#define STORE_RUNLOG_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sv.h"

struct store;

/*
 * Adds one run: the NDJSON of detect/run.h, its run record first. One
 * transaction; no statement of the store is in use. The same run again (equal bytes of the run record) replaces
 * nothing and adds nothing.
 */
bool runlog_add(struct store *st, sv ndjson, struct err *e);

#endif
