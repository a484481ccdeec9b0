/* SPDX-License-Identifier: MIT */
/*
 * drainlist.h: an app's log drains, of `heroku drains --json` and the Platform
 * API. Table drain, a snapshot. Source of the members: heroku/cli
 * src/commands/drains/index.ts; Platform API reference, Log Drain. url holds
 * credentials in its user info or path: a secret; url_scheme, url_host and
 * url_port are plain.
 */
#ifndef PARSE_DRAINLIST_H
#define PARSE_DRAINLIST_H

#include "parse/doc.h"

extern const struct doc_shape drainlist_shape;

#endif
