/* SPDX-License-Identifier: MIT */
/* Words for what casts doubt; test_eval.c has it from a store. */
#include "detect/doubt.h"

#include "detect/eval.h"
#include "test/ck.h"

Suite *test_doubt(void);

static struct arena arena;
static struct eval ev;
static struct coverage c;
static sv ours[] = { { "a", 1 }, { "b", 1 } };
static sv other[] = { { "x", 1 } };

static void
setup(void)
{
	ev = (struct eval){ .a = &arena, .window = { 0, 100 },
		.checked = true };
	c = (struct coverage){ .seen = 100 };
}

static void
teardown(void)
{
	arena_release(&arena);
}

static sv
doubt(unsigned mask)
{
	struct err e = ERR_INIT;
	sv out;

	ck_assert_msg(doubt_find(&ev, mask, &c, &out, &e), "%s", e.msg);
	return out;
}

START_TEST(nothing_is_the_matter)
{
	ev.streams.app = ours;
	ev.streams.napps = 2;
	ck_assert(sv_null(doubt(STREAM_ALL)));
	c.seen = 0;
	ck_assert(sv_null(doubt(STREAM_ALL)));
}
END_TEST

START_TEST(each_side_of_the_check_is_of_its_stream)
{
	ev.check.router = (struct crosscheck_side){ 0.5469, 1, true };
	ev.check.app = (struct crosscheck_side){ 0.25, 1, true };
	ck_sv_lit(doubt(STREAM_ROUTER), "cross-check: 54.6 % of the router "
	    "lines that must be there were found");
	ck_sv_lit(doubt(STREAM_APP | STREAM_PLATFORM), "cross-check: 25.0 % of "
	    "the app lines that must be there were found");
	ck_assert(sv_null(doubt(STREAM_PLATFORM)));
	ck_assert(sv_null(doubt(0)));
	ev.check.router.flagged = false;
	ck_assert(sv_null(doubt(STREAM_ROUTER)));
}
END_TEST

START_TEST(all_that_is_the_matter_is_told)
{
	ev.streams.app = ours;
	ev.streams.napps = 2;
	ev.streams.other = other;
	ev.streams.nothers = 1;
	ev.check.router = (struct crosscheck_side){ 0.5, 1, true };
	flaws_add(&arena, &ev.streams.flaws, &(struct flaw){ FLAW_REJECTED,
	    STREAM_ALL, 50, 60, 2, SV("f"), SV_NULL });
	ck_sv_lit(doubt(STREAM_ROUTER), "2 lines of f were rejected; "
	    "cross-check: 50.0 % of the router lines that must be there were "
	    "found");
	c.seen = 0;
	ck_sv_lit(doubt(STREAM_APP), "no log of a, b, only of x; "
	    "2 lines of f were rejected");
	ev.window.to = 49;
	ck_sv_lit(doubt(STREAM_APP), "no log of a, b, only of x");
}
END_TEST

Suite *
test_doubt(void)
{
	Suite *s = suite_create("doubt");
	TCase *tc = tcase_create("doubt");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing_is_the_matter);
	tcase_add_test(tc, each_side_of_the_check_is_of_its_stream);
	tcase_add_test(tc, all_that_is_the_matter_is_told);
	suite_add_tcase(s, tc);
	return s;
}
