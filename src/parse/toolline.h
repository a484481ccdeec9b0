/* SPDX-License-Identifier: MIT */
/*
 * toolline.h: what the Heroku CLI itself, a shell prompt or Markdown puts round
 * the lines of a log that was redirected or pasted: "Fetching logs...",
 * " ›   Warning: ...", "$ heroku logs -n 1500". No part of the log. Source:
 * heroku/cli src/lib/run/log-displayer.ts, src/commands/logs.ts.
 */
#ifndef PARSE_TOOLLINE_H
#define PARSE_TOOLLINE_H

#include <stdbool.h>

#include "base/sv.h"

bool toolline_is(sv line);

#endif
