/* SPDX-License-Identifier: MIT */
/*
 * ansi.h: terminal colours (SGR: ESC [ numbers m) out of a line. `heroku logs`
 * writes them round headers, keys and inside quoted values, and apps write
 * their own. They say nothing, and one event must have one content whether it
 * came coloured or not. Other escape sequences stay inside a line. Source:
 * heroku/cli src/lib/run/colorize.ts.
 */
#ifndef PARSE_ANSI_H
#define PARSE_ANSI_H

#include "base/arena.h"
#include "base/sv.h"

/* The text itself when there is no colour in it, else a copy. */
sv ansi_strip(sv text, struct arena *scratch);

/* What of the text is behind its first n bytes that are no colours; a colour
 * right behind them too. */
sv ansi_behind(sv text, size_t n);

/* The text from where it says something: behind blanks and escape sequences of
 * any kind (a terminal's title, modes), as script(1) records them. */
sv ansi_skip(sv text);

#endif
