/* SPDX-License-Identifier: MIT */
#include "output/report.h"

#include <check.h>
#include <math.h>

#include "base/attr.h"
#include "base/utc.h"

Suite *test_report(void);

static struct arena a = ARENA_INIT;
static struct report r;

#define RUN "{\"type\":\"run\",\"window\":{\"from\":\"2026-06-12T00:00:00Z\"," \
	"\"to\":\"2026-06-12T01:00:00Z\"},\"catalog\":{\"rules\":1}}\n"
#define FIRED "{\"type\":\"verdict\",\"rule\":\"R\",\"state\":\"LIVE\"," \
	"\"result\":\"FIRED\",\"findings\":1}\n"
#define CLEAR "{\"type\":\"verdict\",\"rule\":\"R\",\"state\":\"LIVE\"," \
	"\"result\":\"CLEAR\",\"findings\":0}\n"
#define FINDING "{\"type\":\"finding\",\"id\":\"f1\",\"rule\":\"R\"," \
	"\"key\":\"jane.roe@x.example\",\"metric\":8}\n"
#define EVIDENCE "{\"type\":\"evidence\",\"finding\":\"f1\"," \
	"\"source\":\"a.log\",\"line\":7,\"summary\":\"to joe.doe@x.example\"}\n"

static void
read(const char *text)
{
	report_read(&a, sv_str(text), false, &r);
}

START_TEST(whole_run)
{
	const struct report_finding *f;

	read(RUN FIRED FINDING EVIDENCE);
	ck_assert_uint_eq(r.nproblems, 0);
	ck_assert_uint_eq(r.nruns, 1);
	ck_assert_int_eq(r.run->to - r.run->from, UTC_HOUR);
	ck_assert_int_eq(r.run->verdict->result, REPORT_FIRED);
	ck_assert_uint_eq(r.run->verdict->nfindings, 1);
	f = r.run->finding;
	ck_assert(sv_is(f->key, "j***e@x.example"));
	ck_assert(f->metric == 8);
	ck_assert(isnan(f->threshold));
	ck_assert_int_eq(f->events, REPORT_NONE);
	ck_assert_int_eq(f->first, REPORT_NONE);
	ck_assert(sv_null(f->note));
	ck_assert_uint_eq(f->nevidence, 1);
	ck_assert_int_eq(f->evidence->line, 7);
	ck_assert(sv_is(f->evidence->summary, "to j***e@x.example"));
}
END_TEST

START_TEST(personal_data_on_request)
{
	report_read(&a, SV(RUN FIRED FINDING), true, &r);
	ck_assert(sv_is(r.run->finding->key, "jane.roe@x.example"));
}
END_TEST

#define STATUS(suppressed) "{\"type\":\"status\",\"finding\":\"f1\"," \
	"\"status\":\"new\",\"since\":\"2026-06-12T01:00:00Z\"," \
	"\"incident\":\"f0\",\"repeats\":2,\"coverage\":0.5," \
	"\"route_to\":\"ops@x.example\",\"suppressed\":" suppressed "}\n"

START_TEST(status_of_a_finding)
{
	const struct report_finding *f;

	read(RUN FIRED FINDING STATUS("null") EVIDENCE);
	ck_assert_uint_eq(r.nproblems, 0);
	f = r.run->finding;
	ck_assert(sv_is(f->status, "new"));
	ck_assert(sv_is(f->incident, "f0"));
	ck_assert_int_eq(f->repeats, 2);
	ck_assert(f->coverage > 0.4 && f->coverage < 0.6);
	ck_assert(report_is_open(f));
	ck_assert_uint_eq(r.run->nsuppressed, 0);
	read(RUN FIRED FINDING STATUS("{\"entry\":3,\"owner\":\"me\"}"));
	ck_assert(!report_is_open(r.run->finding));
	ck_assert_int_eq(r.run->finding->suppressed.entry, 3);
	ck_assert(sv_is(r.run->finding->suppressed.owner, "me"));
	ck_assert_uint_eq(r.run->nsuppressed, 1);
	ck_assert_uint_eq(r.run->verdict->nsuppressed, 1);
	/* without a status line, and with one that names no entry, it is open */
	read(RUN FIRED FINDING);
	ck_assert(report_is_open(r.run->finding));
	ck_assert_int_eq(r.run->finding->repeats, REPORT_NONE);
	read(RUN FIRED FINDING STATUS("{\"owner\":\"me\"}"));
	ck_assert(report_is_open(r.run->finding));
}
END_TEST

START_TEST(what_is_gone_and_allowed)
{
	read(RUN CLEAR "{\"type\":\"resolved\",\"id\":\"f1\",\"rule\":\"R\","
	    "\"key\":\"jane.roe@x.example\",\"why\":\"ended\"}\n"
	    "{\"type\":\"unresolved\",\"id\":\"f2\",\"rule\":\"R\"}\n"
	    "{\"type\":\"allow\",\"entry\":1,\"rule\":\"R\",\"hid\":4,"
	    "\"owner\":\"jane.roe@x.example\"}\n");
	ck_assert_uint_eq(r.nproblems, 0);
	ck_assert(sv_is(r.run->gone->key, "j***e@x.example"));
	ck_assert(sv_is(r.run->gone->why, "ended"));
	ck_assert(sv_is(r.run->gone->next->id, "f2"));
	ck_assert_int_eq(r.run->allow->hid, 4);
	ck_assert(sv_is(r.run->allow->owner, "j***e@x.example"));
	ck_assert_ptr_null(r.run->allow->next);
}
END_TEST

static const struct problem_row {
	const char *text;
	int line;
	const char *problem;
} problems[] = {
	{ RUN CLEAR "junk", 3, "not a JSON object: 'junk'" },
	{ RUN CLEAR "[]\n", 3, "not a JSON object: '[]'" },
	{ RUN CLEAR "joe.doe@x.example", 3,
	    "not a JSON object: 'j***e@x.example'" },
	{ RUN CLEAR "{\"kind\":\"request\"}", 3,
	    "record without a \"type\": not printed by raxx-eval" },
	{ RUN CLEAR "{\"type\":\"rum\"}", 3, "unknown record type 'rum'" },
	{ RUN CLEAR "\n\r\n{\"type\":7}", 5, "unknown record type '7'" },
	{ CLEAR, 1, "no run record before this verdict" },
	{ "{\"type\":\"run\"}", 1, "run record without a window" },
	{ RUN "{\"type\":\"verdict\",\"result\":\"CLEAR\"}", 2,
	    "verdict record without a rule" },
	{ RUN "{\"type\":\"verdict\",\"rule\":\"R\",\"result\":\"GONE\"}", 2,
	    "unknown result 'GONE'" },
	{ RUN CLEAR "{\"type\":\"finding\",\"rule\":\"S\"}", 3,
	    "finding of 'S', which has no verdict" },
	{ RUN CLEAR EVIDENCE, 3, "evidence does not follow its finding" },
	{ RUN CLEAR STATUS("null"), 3, "status does not follow its finding" },
	{ RUN "{\"type\":\"verdict\",\"rule\":\"R\",\"result\":\"FIRED\","
	    "\"findings\":1,\"suppressed\":1}\n" FINDING STATUS("null"), 1,
	    "R: the verdict counts other suppressed findings than follow" },
	{ RUN "{\"type\":\"verdict\",\"rule\":\"R\",\"result\":\"CLEAR\","
	      "\"title\":7}", 2, "\"title\" has a value of the wrong type" },
	{ RUN "{\"type\":\"verdict\",\"rule\":\"R\",\"result\":\"CLEAR\","
	      "\"findings\":-1}", 2,
	    "\"findings\" has a value of the wrong type" },
	{ RUN "{\"type\":\"verdict\",\"rule\":\"R\",\"result\":\"CLEAR\","
	      "\"last_seen\":\"2026-02-30T00:00:00Z\"}", 2,
	    "\"last_seen\" has a value of the wrong type" },
	{ RUN, 1, "the catalog has 1 rules, 0 verdicts follow" },
	{ RUN FIRED, 1, "R: the verdict counts 1 findings, 0 follow" },
	{ RUN CLEAR FINDING, 1, "R: the verdict counts 0 findings, 1 follow" },
	{ RUN "{\"type\":\"verdict\",\"rule\":\"R\",\"result\":\"FIRED\"}", 1,
	    "R: result and findings do not agree" },
	{ "{\"type\":\"run\",\"window\":{},\"inputs\":[{\"name\":\"a\","
	  "\"read\":3,\"stored\":1,\"duplicates\":0,\"rejected\":1,"
	  "\"blank\":0}]}", 1,
	    "input 'a': read is not stored + duplicates + rejected + blank" },
	{ "{\"type\":\"run\",\"window\":{},\"inputs\":[7]}", 1,
	    "not an object: 7" },
};

START_TEST(problem_names_line)
{
	const struct problem_row *row = &problems[_i];

	read(row->text);
	ck_assert_uint_ge(r.nproblems, 1);
	ck_assert_int_eq(r.problem->line, row->line);
	ck_assert_msg(sv_is(r.problem->text, row->problem), "%.*s",
	    SV_ARG(r.problem->text));
}
END_TEST

START_TEST(rest_is_read_after_a_bad_line)
{
	read("{\n" RUN "x\n" FIRED "{\"type\":\"verdict\"\n" FINDING);
	ck_assert_uint_eq(r.nproblems, 3);
	ck_assert_uint_eq(r.run->nverdicts, 1);
	ck_assert_uint_eq(r.run->nfindings, 1);
}
END_TEST

START_TEST(several_runs)
{
	read(RUN CLEAR RUN FIRED FINDING);
	ck_assert_uint_eq(r.nproblems, 0);
	ck_assert_uint_eq(r.nruns, 2);
	ck_assert_uint_eq(r.run->nfindings, 0);
	ck_assert_uint_eq(r.run_end->nfindings, 1);
}
END_TEST

START_TEST(nothing)
{
	read("");
	ck_assert_uint_eq(r.nruns, 0);
	ck_assert_uint_eq(r.nproblems, 0);
}
END_TEST

START_TEST(null_is_like_missing)
{
	read("{\"type\":\"run\",\"window\":{\"from\":null,\"to\":null},"
	     "\"inputs\":null,\"rebaseline\":null,\"now\":null}");
	ck_assert_uint_eq(r.nproblems, 0);
	ck_assert_int_eq(r.run->from, REPORT_NONE);
	ck_assert_uint_eq(r.run->inputs.n, 0);
}
END_TEST

static void
release(void)
{
	arena_release(&a);
}

Suite *
test_report(void)
{
	Suite *s = suite_create("report");
	TCase *t = tcase_create("report");

	tcase_add_checked_fixture(t, NULL, release);
	tcase_add_test(t, status_of_a_finding);
	tcase_add_test(t, what_is_gone_and_allowed);
	tcase_add_test(t, whole_run);
	tcase_add_test(t, personal_data_on_request);
	tcase_add_loop_test(t, problem_names_line, 0, countof(problems));
	tcase_add_test(t, rest_is_read_after_a_bad_line);
	tcase_add_test(t, several_runs);
	tcase_add_test(t, nothing);
	tcase_add_test(t, null_is_like_missing);
	suite_add_tcase(s, t);
	return s;
}
