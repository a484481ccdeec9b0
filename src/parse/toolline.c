/* SPDX-License-Identifier: MIT */
#include "parse/toolline.h"

#include "base/attr.h"
#include "parse/ansi.h"

/* Beginnings, what a terminal puts in front of them left out. */
static const char *const starts[] = {
	"Fetching logs...",
	"\xe2\x80\xba",              /* "›   Warning: ...", "›   Error: ..." */
	"\xc2\xbb",                  /* "»": the same, on Windows */
	"\xe2\x96\xb8",              /* "▸": the same, until 2020 */
	"!    ",                     /* the Toolbelt, its forerunner */
	"Log stream timed out.",
	"Logs eventsource failed",
	"The --force-colors flag",
	"```",
	"Script started on ",        /* script(1) */
	"Script done on ",
};

/* What prints a log, or ends the terminal it was printed in. */
static const char *const tools[] = {
	"cat", "exit", "grep", "gunzip", "gzip", "logout", "papertrail", "tail",
	"zcat", "zgrep",
};

static bool
is_tool(sv word)
{
	for (size_t i = 0; i < countof(tools); i++)
		if (sv_is(word, tools[i]))
			return true;
	return false;
}

/* What stands before the sign of a prompt, and not in a broken line of a log. */
static bool
is_place(sv text)
{
	return !sv_starts(text, SV("<")) && !sv_starts(text, SV("{")) &&
	    sv_find_byte(text, '\t') == text.n;
}

/* "$", "root@host:~#", "C:\logs>": a '#' or '>' by itself begins other texts. */
static bool
is_sign(sv before, char sign)
{
	static const char marks[] = "@:/\\~";

	if (sign == '$')
		return true;
	for (size_t i = 0; i < sizeof(marks) - 1; i++)
		if (sv_find_byte(before, marks[i]) < before.n)
			return true;
	return false;
}

/* "$ heroku logs", "~/app % heroku logs -a x", "C:\app> heroku logs"; before
 * any other tool the sign must be the first. */
static bool
is_prompt(sv line)
{
	enum { PROMPT_MAX = 120 };
	bool first = true;

	line = sv_take(line, PROMPT_MAX);
	for (size_t i = 0; i < line.n && is_place(sv_take(line, i)); i++) {
		sv word = sv_skip(line, i + 1);

		if (line.p[i] != '$' && line.p[i] != '%' && line.p[i] != '>' &&
		    line.p[i] != '#')
			continue;
		if (sv_starts(word, SV(" heroku ")) || (first &&
		    is_sign(sv_take(line, i), line.p[i]) &&
		    sv_skip_lit(&word, SV(" ")) && is_tool(sv_word(&word))))
			return true;
		first = false;
	}
	return sv_starts(line, SV("heroku logs"));
}

/* A shell that edits its line asks the terminal to mark what is pasted, from
 * the prompt to the line's end. */
static bool
is_edited(sv line)
{
	return sv_starts(line, SV("\x1b[?2004h")) ||
	    (sv_skip_lit(&line, SV("\x1b[?2004l")) &&
	    (sv_is(sv_trim(line), "exit") || sv_is(sv_trim(line), "logout")));
}

bool
toolline_is(sv line)
{
	sv text = sv_trim(ansi_skip(line));

	for (size_t i = 0; i < countof(starts); i++)
		if (sv_starts(text, sv_str(starts[i])))
			return true;
	return is_prompt(text) || is_edited(sv_trim_left(line));
}
