/* SPDX-License-Identifier: MIT */
#include "detect/docket.h"

#include "base/utc.h"
#include "store/db.h"
#include "store/runlog.h"
#include "test/ck.h"

Suite *test_docket(void);

static struct arena arena;

#define RUN(to) "{\"type\":\"run\",\"window\":{\"from\":" \
	"\"2026-06-12T00:00:00Z\",\"to\":\"2026-06-12T" to ":00Z\"}," \
	"\"now\":\"2026-06-12T" to ":00Z\"}\n"
#define FINDING(id, key, last) "{\"type\":\"finding\",\"id\":\"" id "\"," \
	"\"rule\":\"R\",\"title\":\"T\",\"arm\":\"main\",\"level\":\"high\"," \
	"\"key_name\":\"client\",\"key\":\"" key "\",\"first\":" \
	"\"2026-06-12T01:00:00Z\",\"last\":\"2026-06-12T" last ":00Z\"," \
	"\"evidence\":[\"9f86d081884c7d65\",\"9f86d081884c7d66#2\"]," \
	"\"evidence_total\":12,\"rule_digest\":\"c0ffee\"}\n"

#define A "aaaaaa0000000001"
#define B "aaaaaa0000000002"

START_TEST(by_id_or_its_beginning)
{
	static const char text[] = RUN("05:00") "junk\n" FINDING(A, "k", "02:00")
	    "{\"type\":\"evidence\",\"finding\":\"" B "\",\"id\":\"" B "\"}\n";
	struct err e = ERR_INIT;
	struct docket d;

	ck_assert(docket_read(&arena, SV(text), SV("aaaaaa"), &d, &e));
	ck_assert(d.found);
	ck_sv_lit(d.id, A);
	ck_sv_lit(d.rule, "R");
	ck_sv_lit(d.arm, "main");
	ck_sv_lit(d.key, "k");
	ck_sv_lit(d.rule_digest, "c0ffee");
	ck_assert_int_eq(d.last - d.first, UTC_HOUR);
	ck_assert_int_eq(d.first - d.from, UTC_HOUR);
	ck_assert_int_eq(d.to - d.from, 5 * UTC_HOUR);
	ck_assert(d.now == d.to);
	ck_assert_int_eq(d.total, 12);
	ck_assert_uint_eq(d.nevidence, 2);
	ck_sv_lit(d.evidence[1], "9f86d081884c7d66#2");
	ck_assert(docket_read(&arena, SV(text), SV("bbbbbb"), &d, &e));
	ck_assert(!d.found);
	ck_assert(docket_read(&arena, SV(text), SV(B), &d, &e));
	ck_assert(!d.found); /* evidence is no finding */
}
END_TEST

START_TEST(several_begin_so)
{
	static const char text[] = FINDING(A, "k", "02:00")
	    FINDING(A, "k", "03:00") FINDING(B, "l", "02:00");
	struct err e = ERR_INIT;
	struct docket d;

	ck_assert(docket_read(&arena, SV(text), SV(A), &d, &e));
	ck_assert_int_eq(d.last - d.first, 2 * UTC_HOUR);
	ck_assert(d.from == UTC_NONE && d.to == UTC_NONE && d.now == UTC_NONE);
	ck_assert(!docket_read(&arena, SV(text), SV("aaaaaa"), &d, &e));
	ck_assert_int_eq(e.status, ST_USAGE);
	ck_assert_str_eq(e.msg, "--evidence: 'aaaaaa' begins the ids of several "
	    "findings: " A " and " B);
}
END_TEST

START_TEST(of_the_newest_run)
{
	static const char *const runs[] = {
		RUN("06:00") FINDING(A, "k", "04:00"),
		RUN("05:00") FINDING(A, "k", "02:00") FINDING(B, "l", "02:00"),
	};
	struct err e = ERR_INIT;
	struct store *st = store_open(NULL, STORE_MEMORY, &e);
	struct docket d;

	ck_assert(docket_recorded(&arena, st, SV(A), &d, &e) && !d.found);
	for (size_t i = 0; i < countof(runs); i++)
		ck_assert(runlog_add(st, sv_str(runs[i]), &e));
	ck_assert(docket_recorded(&arena, st, SV(A), &d, &e) && d.found);
	ck_assert_int_eq(d.last - d.first, 3 * UTC_HOUR);
	ck_assert_int_eq(d.to - d.from, 6 * UTC_HOUR);
	ck_assert(d.now == d.to);
	ck_assert(docket_recorded(&arena, st, SV(B), &d, &e) && d.found);
	ck_assert(docket_recorded(&arena, st, SV("%%%%%%"), &d, &e));
	ck_assert(!d.found);
	ck_assert(!docket_recorded(&arena, st, SV("aaaaaa"), &d, &e));
	store_close(st);
}
END_TEST

static const struct {
	const char *text;
	bool is;
} ids[] = {
	{ "abcdef", true }, { "0123456789abcdef", true }, { "abcde", false },
	{ "0123456789abcdef0", false }, { "ABCDEF", false },
	{ "abcdeg", false }, { "", false },
};

START_TEST(what_is_an_id)
{
	ck_assert(docket_is_id(sv_str(ids[_i].text)) == ids[_i].is);
}
END_TEST

static void
teardown(void)
{
	arena_release(&arena);
}

Suite *
test_docket(void)
{
	Suite *s = suite_create("docket");
	TCase *t = tcase_create("docket");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, by_id_or_its_beginning);
	tcase_add_test(t, several_begin_so);
	tcase_add_test(t, of_the_newest_run);
	add_table(t, what_is_an_id, ids);
	suite_add_tcase(s, t);
	return s;
}
