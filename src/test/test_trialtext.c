/* SPDX-License-Identifier: MIT */
#include "detect/trialtext.h"

#include "base/arena.h"
#include "base/utc.h"
#include "test/ck.h"

Suite *test_trialtext(void);

static struct buf out;

static void
teardown(void)
{
	buf_release(&out);
}

static bool
put(const char *text, struct trialevent ev, size_t *at)
{
	buf_clear(&out);
	return trialtext_put(&out, sv_str(text), &ev, at);
}

static struct trialevent
nth(int64_t i)
{
	return (struct trialevent){ .i = i, .seed = SV("a"),
		.ts = utc_days(2026, 6, 12) * UTC_DAY + 13 * UTC_HOUR + 5 };
}

static const struct {
	const char *text;
	int64_t i;
	const char *want;
} good[] = {
	{ "", 0, "" },
	{ "plain", 3, "plain" },
	{ "$i,$n", 0, "0,1" },
	{ "$i,$n", 41, "41,42" },
	{ "u$i@example.org", 7, "u7@example.org" },
	{ "$$i costs $$$i$$", 7, "$i costs $7$" },
	{ "$(i)$(n)", 7, "78" },
	{ "$(i+3)", 4, "7" }, { "$(i-3)", 1, "-2" }, { "$(i*7)", 3, "21" },
	{ "$(i/2)", 7, "3" }, { "$(i%5)", 13, "3" },
	{ "$(i/2+1)", 7, "4" }, { "$(i+1*2)", 3, "8" },
	{ "$(n*7%5+1)", 3, "4" },
	{ "$(i+1:02)", 0, "01" }, { "$(i+1:02)", 122, "123" },
	{ "$(i:x)", 255, "ff" }, { "$(i:04x)", 255, "00ff" },
	{ "$(i-1:x)", 0, "-1" }, { "$(i-11:03)", 1, "-10" },
	{ "$(i*1000000000*2)", 9, "1000000000" },
	{ "$(i*1000000000-1000000000-1000000000-1000000000)", 1,
	    "-1000000000" },
	{ "$time", 0, "2026-06-12T13:00:00.000005Z" },
	{ "$time(5m) x", 0, "2026-06-12T13:05:00.000005Z x" },
	{ "$time(-2d)", 0, "2026-06-10T13:00:00.000005Z" },
	{ "$time (x)", 0, "2026-06-12T13:00:00.000005Z (x)" },
};

START_TEST(resolves)
{
	size_t at = 99;

	ck_assert(put(good[_i].text, nth(good[_i].i), &at));
	ck_sv(buf_sv(&out), sv_str(good[_i].want));
}
END_TEST

static const struct {
	const char *text;
	size_t at;
} bad[] = {
	{ "$", 0 }, { "ab$", 2 }, { "$x", 0 }, { "$id", 0 }, { "$1", 0 },
	{ "$i $ 1", 3 }, { "$timex", 0 }, { "a $Time", 2 }, { "$ridx", 0 },
	{ "$(", 0 }, { "$()", 0 }, { "$(i", 0 }, { "$(x)", 0 },
	{ "$(i+)", 0 }, { "$(i+x)", 0 }, { "$(i^2)", 0 }, { "$(+1)", 0 },
	{ "$(1)", 0 }, { "$( i)", 0 }, { "$(i +1)", 0 },
	{ "$(i/0)", 0 }, { "$(i%0)", 0 }, { "$(i+9999999999)", 0 },
	{ "$(i:)", 0 }, { "$(i:2)", 0 }, { "$(i:0)", 0 }, { "$(i:033)", 0 },
	{ "$(i:X)", 0 }, { "$(i:-2)", 0 }, { "$(i:02:x)", 0 },
	{ "$time()", 0 }, { "$time(", 0 }, { "$time(5m", 0 },
	{ "$time(soon)", 0 }, { "$time(0s)", 0 }, { "$time(--5m)", 0 },
	{ "$time(99999d)", 0 },
};

START_TEST(is_none)
{
	size_t at = 99;

	ck_assert_msg(!put(bad[_i].text, nth(1), &at), "%s: %.*s",
	    bad[_i].text, SV_ARG(buf_sv(&out)));
	ck_assert_uint_eq(at, bad[_i].at);
}
END_TEST

START_TEST(prints_times_as_a_dump_does)
{
	struct trialevent ev = nth(0);
	size_t at;

	ev.dump = true;
	ck_assert(put("$time,$time(1h)", ev, &at));
	ck_sv_lit(buf_sv(&out), "2026-06-12 13:00:00.000005+00,"
	    "2026-06-12 14:00:00.000005+00");
}
END_TEST

/* The uuid of a seed and a number, as text. */
static sv
rid(struct arena *a, sv seed, int64_t i)
{
	struct trialevent ev = nth(i);
	size_t at;

	ev.seed = seed;
	ck_assert(put("$rid", ev, &at));
	return arena_sv(a, buf_sv(&out));
}

START_TEST(makes_a_uuid_of_seed_and_number)
{
	struct arena a = ARENA_INIT;
	sv one = rid(&a, SV("a"), 3);

	ck_assert(sv_is_uuid(one));
	ck_assert(one.p[14] == '4');
	ck_sv(rid(&a, SV("a"), 3), one);
	ck_assert(!sv_eq(rid(&a, SV("a"), 4), one));
	ck_assert(!sv_eq(rid(&a, SV("b"), 3), one));
	ck_assert(!sv_eq(rid(&a, SV("a 1"), 2), rid(&a, SV("a"), 12)));
	arena_release(&a);
}
END_TEST

Suite *
test_trialtext(void)
{
	Suite *s = suite_create("trialtext");
	TCase *t = tcase_create("trialtext");

	tcase_add_checked_fixture(t, NULL, teardown);
	add_table(t, resolves, good);
	add_table(t, is_none, bad);
	tcase_add_test(t, prints_times_as_a_dump_does);
	tcase_add_test(t, makes_a_uuid_of_seed_and_number);
	suite_add_tcase(s, t);
	return s;
}
