/* SPDX-License-Identifier: MIT */
/*
 * plainpath.h: most paths are words, numbers and ids between slashes, with a query of
 * a few plain names. Of those a look at their signs, and at what stands right behind
 * them, says that nothing in them is secret.
 */
#ifndef RECORD_PLAINPATH_H
#define RECORD_PLAINPATH_H

#include <stdbool.h>

#include "record/redact.h"

/* Is it such a path? False means no more than: search all of it. */
bool plainpath_is(const struct redact *r, sv path);

#endif
