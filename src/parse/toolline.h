/* SPDX-License-Identifier: MIT */
/*
 * toolline.h: what the Heroku CLI itself, a shell prompt, script(1) or Markdown
 * puts round the lines of a log that was redirected, recorded or pasted:
 * "Fetching logs...", " ›   Warning: ...", "$ heroku logs -n 1500",
 * "Script started on ...". No part of the log. Source: heroku/cli
 * src/lib/run/log-displayer.ts, src/commands/logs.ts; oclif errors/cli.ts;
 * heroku/legacy-cli lib/heroku/helpers.rb; util-linux script(1).
 */
#ifndef PARSE_TOOLLINE_H
#define PARSE_TOOLLINE_H

#include <stdbool.h>

#include "base/sv.h"

bool toolline_is(sv line);

#endif
