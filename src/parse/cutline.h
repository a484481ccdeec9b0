/* SPDX-License-Identifier: MIT */
/*
 * cutline.h: is a line of the platform whole, or does the rest of its text
 * stand in lines behind it? Messages are trimmed. Source of the forms: real
 * files, heroku/legacy-cli issue 1023 (router lines broken anywhere).
 */
#ifndef PARSE_CUTLINE_H
#define PARSE_CUTLINE_H

#include <stdbool.h>

#include "base/sv.h"

/* Is it "Starting process with command `..." without the closing backtick? */
bool cutline_opens_command(sv message);
/* Does this line close it: "...` by user M", "...` by M", or "...`" where a shell
 * has no open backtick? odd: do the lines before it, the opening backtick
 * included, hold an odd number of them? */
bool cutline_ends_command(sv message, bool odd);
bool cutline_odd_ticks(sv message, bool before);

/* Is the end of a router line's text there beyond doubt? Lines before 2014 end
 * in bytes=113, which could be the half of a number: for them it is false. */
bool cutline_ends_router(sv message);
/* Can `rest`, which has no header, follow the text of a router line that does
 * not end beyond doubt? */
bool cutline_router_goes_on(sv message, sv rest);

#endif
