/* SPDX-License-Identifier: MIT */
#include "parse/toolline.h"

#include "test/ck.h"

Suite *test_toolline(void);

static const struct {
	const char *line;
	bool is;
} lines[] = {
	{ "Fetching logs...", true },
	{ " \xe2\x80\xba   Warning: heroku update available from 8.1 to 9.0.", true },
	{ " \xe2\x96\xb8    stream timed out", true },
	{ " \xc2\xbb   Error: Couldn't find that app.", true },
	{ " !    Couldn't find that app.", true },
	{ "! important", false },
	{ "!!! DEPRECATED", false },
	{ "Log stream timed out. Please try again.", true },
	{ "Logs eventsource failed with: 401", true },
	{ "The --force-colors flag is deprecated. Use HEROKU_COLOR.", true },
	{ "$ heroku logs -n 1500 -a raxx-api-prod", true },
	{ "user@host:~/app$ heroku logs --tail", true },
	{ "C:\\app> heroku logs", true },
	{ "PS C:\\app> heroku logs > log.txt", true },
	{ "heroku logs --tail", true },
	{ "```text", true },
	{ "$ cat drain.log", true },
	{ "me@host:~/logs$ papertrail --min-time '1 hour ago'", true },
	{ "~/app % zcat 2026-06-12.tsv.gz", true },
	{ "$ exit", true },
	/* script(1) */
	{ "Script started on 2025-05-15 00:46:06+00:00 [TERM=\"xterm\"]", true },
	{ "Script done on 2025-05-15 00:47:00+00:00 [COMMAND_EXIT_CODE=\"0\"]",
	    true },
	{ "\x1b[?2004h\x1b]0;me@host: ~/app\a\x1b[01;32mme@host\x1b[00m:"
	    "\x1b[01;34m~/app\x1b[00m$ heroku logs\r", true },
	{ "\x1b]0;me@host: ~/app\a[me@host app]$ heroku logs", true },
	{ "\x1b[?2004hme@host:~$ \x1b[?2004l\r\r", true },
	{ "\x1b[?2004l\rexit", true },
	{ "exit", false },
	{ "\x1b[?2004l\rx", false },
	{ "", false },
	{ "root@host:~# tail -f x.log", true },
	{ "# tail of the list", false },
	{ "50 % cat food", false },
	{ "> cat sat", false },
	{ "costs 5 $ per cat", false },
	{ "a > b $ cat", false },
	/* a broken line of another shape */
	{ "{\"message\":\"$ heroku logs\"", false },
	{ "<190> host app web.1 - $ heroku logs", false },
	{ "x\t$ heroku logs", false },
	{ "fetching logs...", false },
	{ "Traceback (most recent call last):", false },
	{ "run heroku config first", false },
	{ "Warning: x", false },
};

START_TEST(lines_of_tools)
{
	ck_assert(toolline_is(sv_str(lines[_i].line)) == lines[_i].is);
}
END_TEST

Suite *
test_toolline(void)
{
	Suite *s = suite_create("toolline");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, lines_of_tools, lines);
	return s;
}
