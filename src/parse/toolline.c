/* SPDX-License-Identifier: MIT */
#include "parse/toolline.h"

#include "base/attr.h"

/* Beginnings, blanks in front of them left out. */
static const char *const starts[] = {
	"Fetching logs...",
	"\xe2\x80\xba",              /* "›   Warning: ...", "›   Error: ..." */
	"\xe2\x96\xb8",              /* "▸": the same, until 2020 */
	"Log stream timed out.",
	"Logs eventsource failed",
	"The --force-colors flag",
	"```",
};

/* "$ heroku logs", "~/app % heroku logs -a x", "C:\app> heroku logs". */
static bool
is_prompt(sv line)
{
	static const char *const calls[] = {
		"$ heroku ", "% heroku ", "> heroku ", "# heroku ",
	};
	enum { PROMPT_MAX = 120 };

	line = sv_take(line, PROMPT_MAX);
	for (size_t i = 0; i < countof(calls); i++)
		if (sv_has(line, sv_str(calls[i])))
			return true;
	return sv_starts(line, SV("heroku logs"));
}

bool
toolline_is(sv line)
{
	line = sv_trim(line);
	for (size_t i = 0; i < countof(starts); i++)
		if (sv_starts(line, sv_str(starts[i])))
			return true;
	return is_prompt(line);
}
