/* SPDX-License-Identifier: MIT */
#include "detect/past.h"

#include "base/utc.h"
#include "detect/rule.h"
#include "store/db.h"
#include "store/runlog.h"
#include "test/ck.h"

Suite *test_past(void);

static struct arena arena;

/* Rule R with arms x and w, which wait for an hour. */
static struct arm arms[] = { { .name = { "x", 1 } }, { .name = { "w", 1 } } };
static struct rule rule = { .id = { "R", 1 }, .arm = arms, .narms = 2 };
static struct rule *rules[] = { &rule };
static const struct catalog catalog = { .rule = rules, .n = 1 };

#define RUN(to) "{\"type\":\"run\",\"window\":{\"from\":" \
	"\"2026-06-12T00:00:00.000000Z\",\"to\":\"2026-06-12T" to \
	".000000Z\"},\"now\":\"2026-06-12T" to ".000000Z\"}\n"
#define VERDICT "{\"type\":\"verdict\",\"rule\":\"R\",\"state\":\"LIVE\"," \
	"\"result\":\"FIRED\"}\n"
#define FINDING(id, arm, key, hour) "{\"type\":\"finding\",\"id\":\"" id "\"," \
	"\"rule\":\"R\",\"arm\":\"" arm "\",\"key\":\"" key "\",\"first\":" \
	"\"2026-06-12T" hour ":00:00.000000Z\",\"last\":\"2026-06-12T" hour \
	":30:00.000000Z\"}\n"
#define STATUS(id, since) "{\"type\":\"status\",\"finding\":\"" id "\"," \
	"\"status\":\"ongoing\",\"since\":\"2026-06-12T" since \
	".000000Z\"}\n"

static int64_t
at(const char *clock)
{
	struct buf b = BUF_INIT;
	int64_t us;

	buf_printf(&b, "2026-06-12T%sZ", clock);
	ck_assert(utc_parse(buf_sv(&b), &us));
	buf_release(&b);
	return us;
}

static struct past
read_ok(const char *text, const char *before)
{
	struct err e = ERR_INIT;
	struct past p;

	ck_assert_msg(past_read(&arena, SV("f"), sv_str(text), &catalog,
	    at(before), &p, &e), "%s", e.msg);
	ck_assert(p.known);
	return p;
}

START_TEST(last_run_before_the_window_ends)
{
	static const char text[] =
	    RUN("06:00:00") VERDICT FINDING("a", "x", "k", "05")
	    RUN("07:00:00") VERDICT FINDING("b", "x", "l", "06")
	    FINDING("c", "x", "k", "05") FINDING("d", "w", "z", "06")
	    RUN("08:00:00") VERDICT FINDING("e", "x", "k", "07");
	struct past p = read_ok(text, "08:00");
	size_t n, i;

	ck_assert_uint_eq(p.n, 3);
	ck_sv_lit(p.v[0].id, "d"); /* by arm, then key */
	ck_sv_lit(p.v[1].id, "c");
	ck_sv_lit(p.v[2].id, "b");
	ck_assert_int_eq(p.v[2].first, at("06:00"));
	ck_assert_int_eq(p.v[2].last, at("06:30"));
	ck_assert_int_eq(p.v[2].since, at("07:00"));
	i = past_find(&p, SV("R"), SV("x"), SV("l"), &n);
	ck_assert_uint_eq(i, 2);
	ck_assert_uint_eq(n, 1);
	past_find(&p, SV("R"), SV("x"), SV("m"), &n);
	ck_assert_uint_eq(n, 0);
	ck_assert_uint_eq(read_ok(text, "08:01").n, 1);
	ck_assert_uint_eq(read_ok(text, "07:00").n, 1);
}
END_TEST

START_TEST(since_is_carried_on)
{
	struct past p = read_ok(RUN("07:00:00") FINDING("a", "x", "k", "05")
	    STATUS("a", "06:00:00") FINDING("b", "x", "l", "06")
	    STATUS("z", "01:00:00"), "08:00");

	ck_assert_uint_eq(p.n, 2);
	ck_assert_int_eq(p.v[0].since, at("06:00"));
	ck_assert_int_eq(p.v[1].since, at("07:00"));
}
END_TEST

static const struct {
	const char *text, *want;
} bad[] = {
	{ "", "f: no run in it that ended before this window ends" },
	{ RUN("08:00:00"), "f: no run in it that ended before this window "
	    "ends" },
	{ RUN("07:00:00") "junk\n", "f:2: this is no line of raxx-eval" },
	{ RUN("07:00:00") "\n{\"kind\":\"request\"}\n",
	    "f:3: this is no line of raxx-eval" },
	{ "{\"type\":\"run\"}\n", "f:1: this is no line of raxx-eval" },
	{ RUN("07:00:00") "{\"type\":\"finding\",\"id\":\"a\"}\n",
	    "f:2: this is no line of raxx-eval" },
};

START_TEST(errors)
{
	struct err e = ERR_INIT;
	struct past p;

	ck_assert(!past_read(&arena, SV("f"), sv_str(bad[_i].text), &catalog,
	    at("08:00"), &p, &e));
	ck_assert_str_eq(e.msg, bad[_i].want);
	ck_assert_int_eq(e.status, ST_USAGE);
}
END_TEST

/* What no run saw end is carried on; of a rule that is no more it is not. */
START_TEST(unresolved_is_carried_on)
{
#define GONE(id, rule, day) "{\"type\":\"unresolved\",\"id\":\"" id \
	"\",\"rule\":\"" rule "\",\"arm\":\"x\",\"key\":\"k\",\"first\":" \
	"\"2026-06-" day "T01:00:00Z\",\"last\":\"2026-06-" day "T02:00:00Z" \
	"\",\"since\":\"2026-06-11T03:00:00Z\"}\n"
	struct past p = read_ok(RUN("07:00:00") GONE("a", "R", "11")
	    GONE("b", "Q", "11") GONE("c", "R", "05"), "08:00");

	ck_assert_uint_eq(p.n, 1);
	ck_sv_lit(p.v[0].id, "a");
	ck_assert_int_eq(p.v[0].since, at("03:00") - UTC_DAY);
}
END_TEST

static struct past
recorded(struct store *st, const char *before)
{
	struct err e = ERR_INIT;
	struct past p;

	ck_assert_msg(past_recorded(&arena, st, &catalog, at(before), &p,
	    &e), "%s",
	    e.msg);
	return p;
}

START_TEST(newest_recorded_run)
{
	static const char *const runs[] = {
		RUN("07:00:00") FINDING("a", "x", "k", "05"),
		RUN("09:00:00") FINDING("z", "x", "k", "08"),
		RUN("08:00:00") FINDING("a", "x", "k", "05")
		    FINDING("b", "x", "k", "07"),
	};
	struct err e = ERR_INIT;
	struct store *st = store_open(NULL, STORE_MEMORY, &e);
	struct past p;

	ck_assert(!recorded(st, "10:00").known);
	for (size_t i = 0; i < countof(runs); i++)
		ck_assert(runlog_add(st, sv_str(runs[i]), &e));
	ck_assert(!recorded(st, "07:00").known);
	p = recorded(st, "09:00");
	ck_assert(p.known);
	ck_assert_uint_eq(p.n, 2);
	ck_sv_lit(p.v[0].id, "a");
	ck_assert_int_eq(p.v[0].since, at("07:00"));
	ck_sv_lit(p.v[1].id, "b");
	ck_assert_int_eq(p.v[1].first, at("07:00"));
	ck_assert_int_eq(p.v[1].since, at("08:00"));
	p = recorded(st, "23:00");
	ck_assert_uint_eq(p.n, 3); /* no run saw the others end */
	ck_sv_lit(p.v[2].id, "z");
	store_close(st);
}
END_TEST

/* A finding of 05:00 to 05:30; then runs that do not have it. */
static const struct {
	const char *later[2];
	size_t want;
} ends[] = {
#define SAID(to, result, share) \
	ARM_SAID(to, result, share, "x", "true", "null")
#define ARM_SAID(to, result, share, arm, on, undecided) RUN(to) "{\"type\":\"verdict\",\"rule\":" \
	"\"R\",\"state\":\"LIVE\",\"result\":\"" result "\",\"coverage\":" \
	share ",\"arms\":[{\"name\":\"" arm "\",\"on\":" on \
	",\"undecided\":" undecided "}]}\n"
	/* in the newest run itself it is */
	{ { NULL, NULL }, 1 },
	{ { SAID("06:00:00", "CLEAR", "1"), NULL }, 1 }, /* too early */
	{ { SAID("07:00:00", "CLEAR", "1"), NULL }, 0 },
	{ { SAID("07:00:00", "FIRED", "0.95"), NULL }, 0 },
	{ { SAID("07:00:00", "FIRED", "0.9"), NULL }, 1 },
	{ { SAID("07:00:00", "NOT_EVALUATED", "1"), NULL }, 1 },
	{ { SAID("07:00:00", "NOT_EVALUATED", "1"),
	    SAID("08:00:00", "CLEAR", "1") }, 0 },
	{ { SAID("07:00:00", "CLEAR", "1"),
	    SAID("08:00:00", "NOT_EVALUATED", "1") }, 0 },
	/* what counts of a partial verdict is its arm */
	{ { SAID("07:00:00", "CLEAR_PARTIAL", "1"), NULL }, 0 },
	{ { SAID("07:00:00", "CLEAR", "null"), NULL }, 0 }, /* posture */
	{ { ARM_SAID("07:00:00", "FIRED", "1", "y", "true", "null"), NULL },
	    1 },
	{ { ARM_SAID("07:00:00", "FIRED", "1", "x", "false", "null"), NULL },
	    1 },
	{ { ARM_SAID("07:00:00", "FIRED", "1", "x", "true",
	    "\"INSUFFICIENT_DATA\""), NULL }, 1 },
};

START_TEST(asked_after_until_it_ended)
{
	struct err e = ERR_INIT;
	struct store *st = store_open(NULL, STORE_MEMORY, &e);
	struct past p;

	ck_assert(runlog_add(st, SV(RUN("05:45:00")
	    FINDING("a", "x", "k", "05")), &e));
	for (size_t i = 0; i < 2 && ends[_i].later[i]; i++)
		ck_assert(runlog_add(st, sv_str(ends[_i].later[i]), &e));
	p = recorded(st, "09:00");
	ck_assert(p.known);
	ck_assert_uint_eq(p.n, ends[_i].want);
	if (p.n)
		ck_assert_int_eq(p.v[0].since, at("05:45"));
	store_close(st);
}
END_TEST

static void
teardown(void)
{
	arena_release(&arena);
}

Suite *
test_past(void)
{
	Suite *s = suite_create("past");
	TCase *t = tcase_create("past");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, last_run_before_the_window_ends);
	tcase_add_test(t, since_is_carried_on);
	add_table(t, errors, bad);
	tcase_add_test(t, unresolved_is_carried_on);
	tcase_add_test(t, newest_recorded_run);
	add_table(t, asked_after_until_it_ended, ends);
	suite_add_tcase(s, t);
	return s;
}
