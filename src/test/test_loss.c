/* SPDX-License-Identifier: MIT */
#include "parse/loss.h"

#include "base/buf.h"
#include "base/utc.h"
#include "test/ck.h"

Suite *test_loss(void);

#define TOKEN "d.0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

static const struct {
	const char *source, *dyno, *message;
	const char *code, *scope;
	int64_t lost;
	const char *since, *drain;
} notices[] = {
	{ "heroku", "logplex", "Error L10 (output buffer overflow): 13 messages "
	    "dropped since 2026-06-11T09:43:26+00:00.", "L10", "drain", 13,
	    "2026-06-11T09:43:26.000000Z", NULL },
	{ "heroku", "logplex", "Error L10 (output buffer overflow): drain '"
	    TOKEN "' dropped 12 messages since "
	    "2026-06-11T14:24:27.798935+00:00.", "L10", "drain", 12,
	    "2026-06-11T14:24:27.798935Z", TOKEN },
	{ "heroku", "logplex", "Error L10 (output buffer overflow): drain '"
	    TOKEN "' dropped 7 messages.", "L10", "drain", 7, NULL, TOKEN },
	{ "heroku", "logplex", "Error L11 (Tail buffer overflow) -> This tail "
	    "session dropped 500 messages since 2026-06-11 21:35:57.035136457 "
	    "+0000 UTC.", "L11", "tail", 500, "2026-06-11T21:35:57.035136Z",
	    NULL },
	{ "heroku", "logplex", "L11 (Tail buffer overflow) -> This tail session "
	    "dropped 3 messages since 2026-06-11 21:35:57.035136 +0000 UTC.",
	    "L11", "tail", 3, "2026-06-11T21:35:57.035136Z", NULL },
	{ "heroku", "logplex", "L11 (Tail buffer overflow) -> This tail session "
	    "dropped 3 messages since 2026-06-11 21:35:57 -0700 PDT.", "L11",
	    "tail", 3, "2026-06-12T04:35:57.000000Z", NULL },
	{ "heroku", "logplex", "L11 (Tail buffer overflow) -> This tail session "
	    "dropped 3 messages since 2026-06-11 21:35:57 -07 PDT.", "L11",
	    "tail", 3, NULL, NULL },
	{ "heroku", "logplex", "Error L11 (Tail buffer overflow) -> This tail "
	    "session dropped 1101 messages since 2026-06-11T17:35:00+00:00",
	    "L11", "tail", 1101, "2026-06-11T17:35:00.000000Z", NULL },
	{ "app", "log-shuttle", "Error L12: 222 messages dropped since "
	    "2026-06-11T21:31:32.125756+00:00", "L12", "dyno", 222,
	    "2026-06-11T21:31:32.125756Z", NULL },
	{ "app", "log-shuttle", "Error L12: 222 messages dropped since "
	    "2026-06-11T21:31:32.125756+00:00.", "L12", "dyno", 222,
	    "2026-06-11T21:31:32.125756Z", NULL },
	{ "app", "log-shuttle", "Error L13: 111 messages lost since "
	    "2026-06-11T21:31:32.125756+00:00.", "L13", "dyno", 111,
	    "2026-06-11T21:31:32.125756Z", NULL },
	{ "heroku", "logplex", "Error L14 (certificate validation): "
	    "error=\"bad certificate\" uri=\"syslog+tls://logs.example:1\"",
	    "L14", "drain", -1, NULL, NULL },
	{ "heroku", "logplex", "Error L15 (Tail buffer temporarily "
	    "unavailable)", "L15", "tail", -1, NULL, NULL },
	{ "Logplex", "", "Error L20 (Tail sessions forbidden) Tail sessions "
	    "for this app are forbidden due to log volume.", "L20", "tail", -1,
	    NULL, NULL },
	{ "logplex", "", "Warning: log history discarded due to excessive "
	    "volume.", "history", "app", -1, NULL, NULL },
	/* the notice of another drain names it */
	{ "heroku", "logplex", "Error L10 (output buffer overflow): drain "
	    "'d.11111111-2222-3333-4444-555555555555' dropped 1 messages since "
	    "2026-06-11T14:24:27.798935+00:00.", "L10", "drain", 1,
	    "2026-06-11T14:24:27.798935Z",
	    "d.11111111-2222-3333-4444-555555555555" },
	{ "heroku", "logplex", "Error L10 (output buffer overflow): 7 messages "
	    "dropped.", "L10", "drain", 7, NULL, NULL },
	{ "heroku", "logplex", "Error L10 (output buffer overflow): 13 messages "
	    "dropped since 2026-06-11T02:43:26-07:00.", "L10", "drain", 13,
	    "2026-06-11T09:43:26.000000Z", NULL },
	/* Go leaves out the zeros at the end of a fraction */
	{ "heroku", "logplex", "Error L11 (Tail buffer overflow) -> This tail "
	    "session dropped 5 messages since 2026-06-11 21:35:57.0351364 "
	    "+0000 UTC.", "L11", "tail", 5, "2026-06-11T21:35:57.035136Z",
	    NULL },
	{ "heroku", "logplex", "Error L11 (Tail buffer overflow) -> This tail "
	    "session dropped 5 messages since 2026-06-11 21:35:57.03513645 "
	    "+0000 UTC.", "L11", "tail", 5, "2026-06-11T21:35:57.035136Z",
	    NULL },
	{ "heroku", "logplex", "Error L11 (Tail buffer overflow) -> This tail "
	    "session dropped 5 messages since 2026-06-11 21:35:57.03 +0000 UTC",
	    "L11", "tail", 5, "2026-06-11T21:35:57.030000Z", NULL },
	{ "heroku", "logplex", "Error L11 (Tail buffer overflow) -> This tail "
	    "session dropped 5 messages since 2026-06-11 21:35:57 +0000 UTC "
	    "m=+1.5.", "L11", "tail", 5, "2026-06-11T21:35:57.000000Z", NULL },
	{ "heroku", "logplex", "Error L11 (Tail buffer overflow) -> This tail "
	    "session dropped 5 messages", "L11", "tail", 5, NULL, NULL },
	{ "app", "log-shuttle", "Error L12 (Local buffer overflow)", "L12",
	    "dyno", -1, NULL, NULL },
	{ "app", "log-shuttle", "Error L13: 111 messages lost since "
	    "2026-06-11T21:31:32.125756+00:00", "L13", "dyno", 111,
	    "2026-06-11T21:31:32.125756Z", NULL },
	/* its text is not published */
	{ "heroku", "logplex", "Error L15: logs cannot be read since "
	    "2026-06-11T21:31:32Z, 3 messages wait", "L15", "tail", 3,
	    "2026-06-11T21:31:32.000000Z", NULL },
	{ "heroku", "logplex", "L15", "L15", "tail", -1, NULL, NULL },
	{ "heroku", "logplex", "Error L20 (Tail sessions forbidden) Tail "
	    "sessions for this app are forbidden due to log volume.", "L20",
	    "tail", -1, NULL, NULL },
	{ "heroku", "logplex", "Warning: log history discarded due to excessive "
	    "volume.", "history", "app", -1, NULL, NULL },
	/* a code that nobody knows */
	{ "heroku", "logplex", "Error L99 (some overflow): 5 messages lost "
	    "since 2026-06-11T09:43:26+00:00.", "L99", "app", 5,
	    "2026-06-11T09:43:26.000000Z", NULL },
	{ "heroku", "logplex", "Error L99 (unknown)", "L99", "app", -1, NULL,
	    NULL },
	/* parts that cannot be read are left out */
	{ "heroku", "logplex", "Error L10 (output buffer overflow): messages "
	    "dropped since yesterday.", "L10", "drain", -1, NULL, NULL },
	{ "heroku", "logplex", "Error L10: 99999999999999999999 messages "
	    "dropped since 2026-02-30T00:00:00Z.", "L10", "drain", -1, NULL,
	    NULL },
	{ "heroku", "logplex", "Error L10: drain 'd.open", "L10", "drain", -1,
	    NULL, "d.open" },
	{ "heroku", "logplex", "L10", "L10", "drain", -1, NULL, NULL },
};

START_TEST(believed)
{
	struct loss out;
	int64_t since = UTC_NONE;

	ck_assert(loss_parse(sv_str(notices[_i].source),
	    sv_str(notices[_i].dyno), sv_str(notices[_i].message), &out));
	if (notices[_i].since)
		ck_assert(utc_parse(sv_str(notices[_i].since), &since));
	ck_sv(out.code, sv_str(notices[_i].code));
	ck_sv(sv_str(out.scope), sv_str(notices[_i].scope));
	ck_assert_int_eq(out.lost, notices[_i].lost);
	ck_assert_int_eq(out.since, since);
	ck_sv(out.drain, sv_str(notices[_i].drain));
	ck_assert(sv_null(out.drain) == (notices[_i].drain == NULL));
}
END_TEST

#define L10 "Error L10 (output buffer overflow): 13 messages dropped since " \
	"2026-06-11T09:43:26+00:00."

static const struct {
	const char *source, *dyno, *message;
} others[] = {
	/* an app can print it */
	{ "app", "web.1", L10 },
	{ "app", "logplex", L10 },
	{ "app", "log-shuttle.1", L10 },
	{ "app", "", L10 },
	{ "app", "api", L10 },
	{ "app", "web.1", "Warning: log history discarded" },
	{ "heroku", "web.1", L10 },
	{ "heroku", "log-shuttle", L10 },
	{ "heroku", "router", L10 },
	{ "logplex", "web.1", L10 },
	{ "", "", L10 },
	/* Logplex says other things too */
	{ "heroku", "logplex", "" },
	{ "heroku", "logplex", "Error" },
	{ "heroku", "logplex", "Error L1" },
	{ "heroku", "logplex", "Error L101 (unknown)" },
	{ "heroku", "logplex", "Error l10" },
	{ "heroku", "logplex", "Error  L10" },
	{ "heroku", "logplex", "Error R14 (Memory quota exceeded)" },
	{ "heroku", "logplex", "hello L10" },
};

START_TEST(not_believed)
{
	struct loss out;

	ck_assert(!loss_parse(sv_str(others[_i].source),
	    sv_str(others[_i].dyno), sv_str(others[_i].message), &out));
}
END_TEST

Suite *
test_loss(void)
{
	Suite *s = suite_create("loss");
	TCase *tc = tcase_create("notices");

	suite_add_tcase(s, tc);
	add_table(tc, believed, notices);
	add_table(tc, not_believed, others);
	return s;
}
