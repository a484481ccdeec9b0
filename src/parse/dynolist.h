/* SPDX-License-Identifier: MIT */
/*
 * dynolist.h: an app's dynos, of `heroku ps --json` and the Platform API. Table
 * dyno, a snapshot. Source of the members: heroku/cli src/commands/ps/index.ts;
 * Platform API reference, Dyno. attach_url lets its holder into a one-off dyno:
 * a secret.
 */
#ifndef PARSE_DYNOLIST_H
#define PARSE_DYNOLIST_H

#include "parse/doc.h"

extern const struct doc_shape dynolist_shape;

#endif
