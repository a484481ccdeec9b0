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
	{ "Log stream timed out. Please try again.", true },
	{ "Logs eventsource failed with: 401", true },
	{ "The --force-colors flag is deprecated. Use HEROKU_COLOR.", true },
	{ "$ heroku logs -n 1500 -a raxx-api-prod", true },
	{ "user@host:~/app$ heroku logs --tail", true },
	{ "C:\\app> heroku logs", true },
	{ "PS C:\\app> heroku logs > log.txt", true },
	{ "heroku logs --tail", true },
	{ "```text", true },
	{ "", false },
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
