/* SPDX-License-Identifier: MIT */
#include "detect/trialfile.h"

#include "base/utc.h"
#include "parse/yaml.h"
#include "test/ck.h"

Suite *test_trialfile(void);

static struct arena arena;
static struct trial_doc doc;

static void
teardown(void)
{
	arena_release(&arena);
}

static void
read_doc(const char *text)
{
	struct err e = ERR_INIT;

	ck_assert_msg(trialfile_read(&arena, SV("f"), sv_str(text), &doc, &e),
	    "%s", e.msg);
}

static const char whole[] =
    "rule: DET-X-1\n"
    "start: 2026-06-12T13:00:00Z\n"
    "window: 2h\n"
    "site: {host: a.example}\n"
    "not_applicable: {edge: no window, partial: 'never'}\n"
    "cases:\n"
    "  - case: one\n"
    "    kind: positive\n"
    "    window: 30m\n"
    "    site: {host: b.example}\n"
    "    cover: [{from: 0s, to: 10m}, {from: 20m, to: 30m}]\n"
    "    form: pull\n"
    "    log:\n"
    "      - {at: -3d, times: 8, every: 70s, rid: a, dyno: worker.1, app: 'x $i'}\n"
    "      - {at: 6m, platform: 'app[api]: Release v42'}\n"
    "      - {at: 6m, platform: 'heroku: nothing'}\n"
    "      - {at: 7m, web: {path: /a, fwd: '1.2.3.4, 192.0.2.1', agent: x}}\n"
    "    files:\n"
    "      - {name: a.csv, header: 'id,x', rows: [{at: 1s, row: '$n,$time'}]}\n"
    "      - {name: b.json, taken: 1h, text: '[]'}\n"
    "    expect:\n"
    "      result: FIRED\n"
    "      state: MANUAL\n"
    "      reason: because\n"
    "      coverage: [0.5, 0.75]\n"
    "      rejected: 2\n"
    "      findings:\n"
    "        - {arm: fast, key: 192.0.2.1, metric: 8.5, events: 9, level: high, note: n}\n"
    "        - {arm: slow}\n"
    "  - {case: two, kind: missing, cover: none, expect: {result: CLEAR}}\n";

START_TEST(reads_a_file)
{
	read_doc(whole);
	ck_sv_lit(doc.name, "f");
	ck_sv_lit(doc.rule, "DET-X-1");
	ck_assert_int_eq(doc.start,
	    utc_days(2026, 6, 12) * UTC_DAY + 13 * UTC_HOUR);
	ck_sv_lit(doc.not_applicable[TRIAL_EDGE], "no window");
	ck_sv_lit(doc.not_applicable[TRIAL_PARTIAL], "never");
	ck_assert(sv_null(doc.not_applicable[TRIAL_AT]));
	ck_assert_uint_eq(doc.n, 2);
}
END_TEST

START_TEST(reads_a_case)
{
	const struct trial_case *c;

	read_doc(whole);
	c = &doc.c[0];
	ck_assert(c->line == 7 && c->col == 5);
	ck_sv_lit(c->name, "one");
	ck_assert(c->kind == TRIAL_POSITIVE && c->form == TF_PULL);
	ck_assert_int_eq(c->window, 30 * UTC_MINUTE);
	ck_sv_lit(c->site[0]->kid->text, "a.example");
	ck_sv_lit(c->site[1]->kid->text, "b.example");
	ck_assert(c->cover == TC_SPANS && c->nspans == 2);
	ck_assert_int_eq(c->span[0].from, 0);
	ck_assert_int_eq(c->span[1].to, 30 * UTC_MINUTE);
	c = &doc.c[1];
	ck_assert(c->kind == TRIAL_MISSING && c->form == TF_DRAIN);
	ck_assert(c->site[0] && !c->site[1] && c->cover == TC_NONE);
	ck_assert_int_eq(c->window, 2 * UTC_HOUR);
	ck_assert(c->log.n == 0 && c->nfiles == 0);
}
END_TEST

START_TEST(reads_events)
{
	const struct trial_event *v;
	struct trialevent last;

	read_doc(whole);
	v = doc.c[0].log.v;
	ck_assert_uint_eq(doc.c[0].log.n, 4);
	ck_assert(v[0].log == TL_APP && v[0].times == 8 && v[0].line == 14);
	ck_sv_lit(v[0].dyno, "worker.1");
	ck_sv_lit(v[0].text, "x $i");
	last = trial_at(&v[0], doc.start, 7, true);
	ck_assert(last.i == 7 && last.dump && sv_is(last.seed, "a"));
	ck_assert_int_eq(last.ts,
	    doc.start - 3 * UTC_DAY + 7 * 70 * UTC_SECOND);
	ck_sv_lit(v[1].source, "app");
	ck_sv_lit(v[1].dyno, "api");
	ck_sv_lit(v[1].text, "Release v42");
	ck_sv_lit(v[1].seed, "15:9");
	ck_assert(v[2].dyno.n == 0 && v[2].times == 1 && v[2].every == 0);
	ck_assert(v[3].log == TL_WEB);
	ck_sv_lit(v[3].member[TM_PATH], "/a");
	ck_sv_lit(v[3].member[TM_FWD], "1.2.3.4, 192.0.2.1");
	ck_sv_lit(v[3].member[TM_METHOD], "GET");
	ck_assert(sv_null(v[3].member[TM_CODE]));
}
END_TEST

START_TEST(reads_files)
{
	const struct trial_file *f;

	read_doc(whole);
	f = doc.c[0].file;
	ck_assert_uint_eq(doc.c[0].nfiles, 2);
	ck_sv_lit(f[0].name, "a.csv");
	ck_sv_lit(f[0].header, "id,x");
	ck_assert(f[0].taken == UTC_NONE && f[0].row.n == 1);
	ck_sv_lit(f[0].row.v[0].text, "$n,$time");
	ck_assert_int_eq(f[1].taken, UTC_HOUR);
	ck_sv_lit(f[1].text, "[]");
}
END_TEST

START_TEST(reads_what_is_expected)
{
	const struct trial_expect *x;

	read_doc(whole);
	x = &doc.c[0].expect;
	ck_assert(x->result == RESULT_FIRED && x->state == STATE_MANUAL);
	ck_sv_lit(x->reason, "because");
	ck_assert(x->share[0] == 0.5 && x->share[1] == 0.75);
	ck_assert(x->rejected == 2 && x->nfindings == 2);
	ck_sv_lit(x->finding[0].key, "192.0.2.1");
	ck_assert(x->finding[0].has_metric && x->finding[0].metric == 8.5);
	ck_assert(x->finding[0].has_events && x->finding[0].events == 9);
	ck_assert(x->finding[0].level == LEVEL_HIGH);
	ck_sv_lit(x->finding[0].note, "n");
	ck_assert(!x->finding[1].has_metric && !x->finding[1].has_events);
	ck_assert(x->finding[1].level < 0 && sv_null(x->finding[1].key));
	x = &doc.c[1].expect;
	ck_assert(x->state < 0 && sv_null(x->reason) && x->share[0] < 0);
}
END_TEST

START_TEST(has_defaults)
{
	read_doc("rule: r\ncases: [{case: a, kind: other, log: [{at: 0, "
	    "router: {}}, {at: 0, access: {}}], expect: {result: CLEAR}}]\n");
	ck_assert_int_eq(doc.start,
	    utc_days(2026, 6, 12) * UTC_DAY + 12 * UTC_HOUR);
	ck_assert_int_eq(doc.c[0].window, UTC_HOUR);
	ck_assert(doc.c[0].cover == TC_FULL);
	ck_sv_lit(doc.c[0].log.v[0].member[TM_CLIENT], "192.0.2.10");
	ck_sv_lit(doc.c[0].log.v[0].member[TM_REQUEST_ID], "$rid");
	ck_assert(sv_null(doc.c[0].log.v[0].member[TM_AGENT]));
	ck_sv_lit(doc.c[0].log.v[1].member[TM_PEER], "10.1.2.3");
	ck_assert(sv_null(doc.c[0].log.v[1].member[TM_FWD]));
}
END_TEST

/* Whole files. */
static const struct {
	const char *text, *want;
} bad_file[] = {
	{ "", "f:1:1: one document is expected" },
	{ "rule: a\n---\nrule: b\n", "f:1:1: one document is expected" },
	{ "- a\n", "f:1:1: a map is expected" },
	{ "cases: []\n", "f:1:1: 'rule' is missing" },
	{ "rule: r\n", "f:1:1: 'cases' is missing" },
	{ "rule: r\ncase: x\ncases: []\n", "f:2:1: unknown key 'case'" },
	{ "rule: ''\ncases: []\n", "f:1:7: 'rule' is empty" },
	{ "rule: [r]\ncases: []\n", "f:1:7: 'rule' must be a text" },
	{ "rule: r\ncases: x\n", "f:2:8: 'cases' must be a list" },
	{ "rule: r\ncases: [x]\n", "f:2:9: a map is expected" },
	{ "rule: r\nstart: noon\ncases: []\n", "f:2:8: 'noon' is no time such "
	    "as 2026-06-12T12:00:00Z" },
	{ "rule: r\nstart: 1970-01-01\ncases: []\n", "f:2:8: '1970-01-01' is "
	    "no time such as 2026-06-12T12:00:00Z" },
	{ "rule: r\nwindow: 0s\ncases: []\n", "f:2:9: '0s' is no length of "
	    "time such as 70s, 10m, 24h (90 days at most)" },
	{ "rule: r\nwindow: -1h\ncases: []\n", "f:2:9: '-1h' is no length of "
	    "time such as 70s, 10m, 24h (90 days at most)" },
	{ "rule: r\nsite: x\ncases: []\n", "f:2:7: 'site' must be a map" },
	{ "rule: r\nnot_applicable: {other: x}\ncases: []\n",
	    "f:2:18: 'other' is no kind of case that is asked for" },
	{ "rule: r\nnot_applicable: {edge: }\ncases: []\n",
	    "f:2:24: 'edge' must be a text" },
	{ "rule: r\nnot_applicable: {edge: ''}\ncases: []\n",
	    "f:2:24: 'edge' is empty" },
	{ "rule: r\nnot_applicable: {at: x}\ncases:\n- {case: a, kind: at, "
	    "expect: {result: CLEAR}}\n",
	    "f:4:3: kind at is said not to be applicable" },
	{ "rule: r\ncases:\n- {case: a, kind: at, expect: {result: CLEAR}}\n"
	    "- {case: a, kind: at, expect: {result: CLEAR}}\n",
	    "f:4:3: case 'a' stands at line 3 too" },
};

static void
check_bad(const char *text, const char *want)
{
	struct err e = ERR_INIT;

	ck_assert_msg(!trialfile_read(&arena, SV("f"), sv_str(text), &doc, &e),
	    "%s", text);
	ck_assert_int_eq(e.status, ST_USAGE);
	ck_assert_str_eq(e.msg, want);
}

START_TEST(refuses_a_file)
{
	check_bad(bad_file[_i].text, bad_file[_i].want);
}
END_TEST

#define HEAD "rule: r\ncases:\n- case: c\n  kind: at\n"
#define FOOT "  expect: {result: CLEAR}\n"

/* Cases; line 5 is the first of these lines. */
static const struct {
	const char *text, *want;
} bad_case[] = {
	{ "rule: r\ncases: [{kind: at, expect: {result: CLEAR}}]\n",
	    "f:2:9: 'case' is missing" },
	{ "rule: r\ncases: [{case: a, expect: {result: CLEAR}}]\n",
	    "f:2:9: 'kind' is missing" },
	{ "rule: r\ncases: [{case: a, kind: good, expect: {result: CLEAR}}]\n",
	    "f:2:25: unknown kind 'good': positive, below, at, edge, "
	    "lookalike, missing, partial or other" },
	{ "rule: r\ncases: [{case: a, kind: positive, expect: "
	    "{result: CLEAR}}]\n",
	    "f:2:9: a positive case expects FIRED" },
	{ HEAD, "f:3:3: 'expect' is missing" },
	{ HEAD FOOT "  cover: some\n",
	    "f:6:10: unknown cover 'some': full or none" },
	{ HEAD FOOT "  cover: {from: 0s}\n",
	    "f:6:10: unknown cover '': full or none" },
	{ HEAD FOOT "  cover: []\n",
	    "f:6:10: a list of no spans: 'none' is expected" },
	{ HEAD FOOT "  cover: [{from: 0s}]\n", "f:6:11: 'to' is missing" },
	{ HEAD FOOT "  cover: [{from: 5m, to: 5m}]\n",
	    "f:6:11: the span ends before it begins" },
	{ HEAD FOOT "  cover: [{from: 0s, to: 5m}, {from: 5m, to: 9m}]\n",
	    "f:6:10: spans must be in order and apart" },
	{ HEAD FOOT "  form: stream\n",
	    "f:6:9: unknown form 'stream': drain, pull or both" },
	{ HEAD FOOT "  log: {}\n", "f:6:8: 'log' must be a list" },
	{ HEAD FOOT "  log: [{app: x}]\n", "f:6:9: 'at' is missing" },
	{ HEAD FOOT "  log: [{at: soon, app: x}]\n",
	    "f:6:14: 'soon' is no time such as 0s, 70s, 5m, 1h30m, -3d "
	    "(90 days at most)" },
	{ HEAD FOOT "  log: [{at: 91d, app: x}]\n",
	    "f:6:14: '91d' is no time such as 0s, 70s, 5m, 1h30m, -3d "
	    "(90 days at most)" },
	{ HEAD FOOT "  log: [{at: 0s}]\n", "f:6:9: one of app, platform, "
	    "router, access and web is expected" },
	{ HEAD FOOT "  log: [{at: 0s, app: x, router: {}}]\n",
	    "f:6:34: one of app, platform, router, access and web is "
	    "expected" },
	{ HEAD FOOT "  log: [{at: 0s, times: 0, every: 1s, app: x}]\n",
	    "f:6:25: 'times' must be a number from 1 to 100000" },
	{ HEAD FOOT "  log: [{at: 0s, times: 2, app: x}]\n",
	    "f:6:9: 'every' is missing" },
	{ HEAD FOOT "  log: [{at: 0s, times: 2, every: -1s, app: x}]\n",
	    "f:6:35: 'every' must not be negative" },
	{ HEAD FOOT "  log: [{at: 1s, times: 91, every: 1d, app: x}]\n",
	    "f:6:9: the last is more than 90 days from the start" },
	{ HEAD FOOT "  log: [{at: 0s, app: 'a $x'}]\n",
	    "f:6:23: '$x' is no placeholder; a dollar is '$$'" },
	{ HEAD FOOT "  log: [{at: 0s, app: {}}]\n",
	    "f:6:23: 'app' must be a text" },
	{ HEAD FOOT "  log: [{at: 0s, platform: no origin}]\n",
	    "f:6:28: 'platform' must be a line such as 'app[api]: Release v42 "
	    "created by user ...'" },
	{ HEAD FOOT "  log: [{at: 0s, dyno: a, platform: 'app[api]: x'}]\n",
	    "f:6:37: 'platform' must be a line such as 'app[api]: Release v42 "
	    "created by user ...'" },
	{ HEAD FOOT "  log: [{at: 0s, dyno: a, router: {}}]\n",
	    "f:6:35: 'dyno' belongs into 'router'" },
	{ HEAD FOOT "  log: [{at: 0s, router: x}]\n",
	    "f:6:26: 'router' must be a map" },
	{ HEAD FOOT "  log: [{at: 0s, router: {agent: x}}]\n",
	    "f:6:27: 'router' has no 'agent'" },
	{ HEAD FOOT "  log: [{at: 0s, access: {client: x}}]\n",
	    "f:6:27: 'access' has no 'client'" },
	{ HEAD FOOT "  log: [{at: 0s, web: {path: [a]}}]\n",
	    "f:6:30: 'path' must be a text" },
	{ HEAD FOOT "  files: {}\n", "f:6:10: 'files' must be a list" },
	{ HEAD FOOT "  files: [{text: x}]\n", "f:6:11: 'name' is missing" },
	{ HEAD FOOT "  files: [{name: ../a, text: x}]\n",
	    "f:6:18: '../a' is no name of a file without folder" },
	{ HEAD FOOT "  files: [{name: a}]\n", "f:6:11: either 'text', or "
	    "'header' and 'rows' are expected" },
	{ HEAD FOOT "  files: [{name: a, text: x, header: y}]\n",
	    "f:6:11: either 'text', or 'header' and 'rows' are expected" },
	{ HEAD FOOT "  files: [{name: a, rows: [{at: 0s}]}]\n",
	    "f:6:28: 'row' is missing" },
	{ HEAD FOOT "  files: [{name: a, rows: [{at: 0s, app: x}]}]\n",
	    "f:6:37: unknown key 'app'" },
	{ HEAD "  expect: {}\n", "f:5:11: 'result' is missing" },
	{ HEAD "  expect: {result: fired}\n",
	    "f:5:20: unknown result 'fired': FIRED, CLEAR, CLEAR_PARTIAL, "
	    "INSUFFICIENT_DATA, NOT_EVALUATED, UNDECIDED or CANNOT_VERIFY" },
	{ HEAD "  expect: {result: FIRED}\n",
	    "f:5:11: FIRED needs 'findings'" },
	{ HEAD "  expect: {result: CLEAR, state: ON}\n",
	    "f:5:34: unknown state 'ON': LIVE, MANUAL, DEGRADED or DORMANT" },
	{ HEAD "  expect: {result: CLEAR, coverage: 1}\n",
	    "f:5:37: 'coverage' must be a list of two numbers, least and "
	    "most" },
	{ HEAD "  expect: {result: CLEAR, coverage: [0, x]}\n",
	    "f:5:41: 'x' is no number" },
	{ HEAD "  expect: {result: CLEAR, rejected: -1}\n",
	    "f:5:37: 'rejected' must be a whole number" },
	{ HEAD "  expect: {result: FIRED, findings: [{key: x}]}\n",
	    "f:5:38: 'arm' is missing" },
	{ HEAD "  expect: {result: FIRED, findings: [{arm: x, level: hihg}]}\n",
	    "f:5:54: unknown level 'hihg': informational, low, medium, high "
	    "or critical" },
	{ HEAD "  expect: {result: FIRED, findings: [{arm: x, metric: a}]}\n",
	    "f:5:55: 'a' is no number" },
};

START_TEST(refuses_a_case)
{
	check_bad(bad_case[_i].text, bad_case[_i].want);
}
END_TEST

Suite *
test_trialfile(void)
{
	Suite *s = suite_create("trialfile");
	TCase *t = tcase_create("trialfile");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, reads_a_file);
	tcase_add_test(t, reads_a_case);
	tcase_add_test(t, reads_events);
	tcase_add_test(t, reads_files);
	tcase_add_test(t, reads_what_is_expected);
	tcase_add_test(t, has_defaults);
	add_table(t, refuses_a_file, bad_file);
	add_table(t, refuses_a_case, bad_case);
	suite_add_tcase(s, t);
	return s;
}
