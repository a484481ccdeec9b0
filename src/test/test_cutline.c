/* SPDX-License-Identifier: MIT */
#include "parse/cutline.h"

#include "test/ck.h"

Suite *test_cutline(void);

#define START "Starting process with command `"

/* odd: of the backticks in the lines before */
static const struct {
	const char *text;
	bool odd, opens, ends;
} commands[] = {
	{ START "bash`", false, false, true },
	{ START "bash` by user ops@raxx.example", false, false, true },
	{ START "bash` by user test user", false, false, true },
	{ START "bash` by ops@raxx.example", false, false, true },
	{ START "sh -c 'a", false, true, false },
	{ START "echo `date` &&", false, true, false },
	{ START "echo `date` by and by", false, true, false },
	{ START "x=`date`", false, true, false },
	{ START "echo `date``", false, false, true },
	{ START "", false, true, false },
	{ START "`", false, false, true },
	{ "fi'` by user ops@raxx.example", true, false, true },
	{ "fi'` by user ops@raxx.example", false, false, true },
	{ "fi'`", true, false, true },
	{ "fi'`", false, false, false },
	{ "`date`", true, false, false },
	{ "` by user ", true, false, false },
	{ "` by user a b", true, false, true },
	{ "` by a b", true, false, false },
	{ "else", true, false, false },
	{ "", true, false, false },
	{ "say: " START "x", false, false, false },
};

START_TEST(command)
{
	sv text = sv_str(commands[_i].text);

	ck_assert_int_eq(cutline_opens_command(text), commands[_i].opens);
	ck_assert_int_eq(cutline_ends_command(text, commands[_i].odd),
	    commands[_i].ends);
}
END_TEST

static const struct {
	const char *text;
	bool ends;
} routers[] = {
	{ "at=info status=200 bytes=1 protocol=https", true },
	{ "at=info status=200 bytes=1 protocol=http", true },
	{ "at=info protocol=http1.1 tls=true tls_version=tls1.3", true },
	{ "at=info protocol=http1.1 tls=true tls_version=unknown", true },
	{ "at=error code=H31 bytes= protocol=https agent=\"a b\"", true },
	{ "protocol=https", true },
	{ "at=info bytes=1 protocol=http1.1 tls=true", false },
	{ "at=info protocol=http1.1 tls=true tls_version=tls1.", false },
	{ "at=info bytes=1 protocol=ht", false },
	{ "at=info bytes=1 protocol=", false },
	{ "at=info status=200 bytes=113", false },
	{ "at=info status=200 b", false },
	{ "at=info fwd=\"192.0.2.1\"", false },
	{ "", false },
};

START_TEST(router)
{
	ck_assert_int_eq(cutline_ends_router(sv_str(routers[_i].text)),
	    routers[_i].ends);
}
END_TEST

static const struct {
	const char *text, *rest;
	bool on;
} rests[] = {
	{ "at=info status=200 b", "ytes=3636", true },
	{ "at=info path=\"/a", "Log stream timed out.", true },
	{ "at=info bytes=36", "36", true },
	{ "at=info bytes=36", " protocol=https", true },
	{ "at=info bytes=36", "protocol=https", true },
	{ "at=info bytes=", "36", true },
	{ "at=info bytes=36", "Log stream timed out.", false },
	{ "at=info bytes=36", "", true },
};

START_TEST(router_rest)
{
	ck_assert_int_eq(cutline_router_goes_on(sv_str(rests[_i].text),
	    sv_str(rests[_i].rest)), rests[_i].on);
}
END_TEST

Suite *
test_cutline(void)
{
	Suite *s = suite_create("cutline");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, command, commands);
	add_table(tc, router, routers);
	add_table(tc, router_rest, rests);
	return s;
}
