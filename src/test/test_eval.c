/* SPDX-License-Identifier: MIT */
/* Rules over small stores: states, results, findings, and what is printed. */
#include "detect/eval.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utc.h"
#include "detect/baseline.h"
#include "parse/json.h"
#include "record/site.h"
#include "store/db.h"
#include "test/ck.h"

/* In a static initialiser. */
#define LIT(text) { (text), sizeof(text) - 1 }

static struct store *st;
static struct arena arena;
static struct site site;

/* Distinct paths per client, three within ten minutes; ?1 is the status. */
static sv router[] = { LIT("heroku_router") };
static sv signups[] = { LIT("waitlist_signups") };
static sv sentry[] = { LIT("sentry_events") };
static struct bind bind[] = { { BIND_I64, { NULL, 0 }, 404, 0 } };
static struct param param[] = { { LIT("fast"), 3, 3, "rule" } };
static struct arm arm = { .name = LIT("fast"), .kind = ARM_VALUE_COUNT,
	.window = 10 * UTC_MINUTE, .cond = { { CMP_GTE, 0 } }, .ncond = 1,
	.threshold = 0, .metric = LIT("distinct paths"),
	.key_name = LIT("client"), .nsteps = 1, .level = -1,
	.sql = LIT("SELECT rec, ts, hash, nth, client AS key, path AS val, "
	    "0 AS step FROM requests WHERE status = ?1 AND ts BETWEEN :from "
	    "AND :to"), .bind = bind, .nbinds = 1 };
static struct rule rule;

/* The same as a statement that says itself what fires. */
static const char statement[] =
    "SELECT 'fast' AS arm, client AS key, ts, rec, hash, nth, "
    "3 AS metric, status = 404 AS fire, 'n' AS note, 'informational' AS level "
    "FROM requests WHERE ts BETWEEN :from AND :to AND :fast = 3 "
    "AND status IN (SELECT value FROM json_each(:bad))";

static void
sql(const char *text)
{
	char *why = NULL;
	int rc = sqlite3_exec(store_handle(st), text, NULL, NULL, &why);

	ck_assert_msg(rc == SQLITE_OK, "%s", why);
}

static void
setup(void)
{
	struct err e = ERR_INIT;

	st = store_open(NULL, STORE_MEMORY, &e);
	ck_assert_msg(st != NULL, "%s", e.msg);
	site = (struct site){ .loaded = false };
	rule = (struct rule){ .id = SV("T-1"), .title = SV("test"),
		.level = LEVEL_MEDIUM, .route = SV("digest"),
		.source = router, .nsources = 1, .param = param, .nparams = 1,
		.arm = &arm, .narms = 1 };
	arm.kind = ARM_VALUE_COUNT;
	arm.on = ARM_ON_SOURCES;
	arm.standing = false;
	arm.nneeds = 0;
}

static void
teardown(void)
{
	store_close(st);
	arena_release(&arena);
}

/* Requests of one client at these seconds, each for another path. */
static void
requests(const int *second, size_t n)
{
	char text[400];

	sql("INSERT OR IGNORE INTO source VALUES (1, x'01', 'a.log', 'x', "
	    "'pull', 'api', NULL, 1, 0, 0, 0, 0, 0, 0, NULL, '{}', NULL, 0);"
	    "INSERT OR IGNORE INTO str VALUES (9, 'hash of a token')");
	for (size_t i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "INSERT INTO main.request_row (ts, source, "
		    "line, byte, hash, nth, flags, status, client, path, token) "
		    "VALUES (%d000000, 1, %zu, 0, %zu, 1, 0, 404, %d, "
		    "'/api/beta/preview/%zu', 9)", second[i], i + 1, i + 100,
		    0x01020304, i);
		sql(text);
	}
}

static void
span(int from, int to)
{
	char text[100];

	snprintf(text, sizeof(text), "INSERT INTO span VALUES "
	    "(1, %d000000, %d000000, 1, 0)", from, to);
	sql(text);
}

static struct eval ev;

static struct verdict
eval_in(int64_t from, int64_t to)
{
	struct run_options opt = { .from = from, .to = to,
		.now = UTC_NONE };
	struct err e = ERR_INIT;
	struct verdict v;

	ck_assert_msg(eval_open(&arena, st, &site, &opt, &ev, &e), "%s", e.msg);
	ck_assert_msg(eval_rule(&ev, &rule, &v, &e), "%s", e.msg);
	return v;
}

static struct verdict
eval(int from, int to)
{
	return eval_in(from * UTC_SECOND, to * UTC_SECOND);
}

static const int burst[] = { 5000, 5100, 5200, 5300 };

START_TEST(missing_source_is_dormant)
{
	struct verdict v = eval(0, 9000);

	ck_assert_int_eq(v.state, STATE_DORMANT);
	ck_assert_int_eq(v.result, RESULT_NOT_EVALUATED);
	ck_assert_uint_eq(v.nmissing, 1);
	ck_sv_lit(v.missing[0], "heroku_router");
	ck_sv_lit(v.reason, "missing: heroku_router");
	ck_assert_uint_gt(v.prerequisite.n, 0);
	ck_assert(v.last_seen == UTC_NONE);
	ck_assert(v.blind);
	ck_assert(!v.observed);
}
END_TEST

START_TEST(planned_rule_says_so)
{
	struct verdict v;

	requests(burst, 4);
	rule.status = RULE_PLANNED;
	rule.reason = SV("not written yet");
	v = eval(0, 9000);
	ck_assert_int_eq(v.state, STATE_DORMANT);
	ck_assert_int_eq(v.result, RESULT_NOT_EVALUATED);
	ck_sv_lit(v.reason, "not written yet");
	ck_assert(!v.blind);
}
END_TEST

START_TEST(states_follow_the_sources)
{
	requests(burst, 4);
	ck_assert_int_eq(eval(0, 9000).state, STATE_MANUAL);
	rule.source = sentry;
	ck_assert_int_eq(eval(0, 9000).state, STATE_DORMANT);
	rule.fallback = router;
	rule.nfallbacks = 1;
	ck_assert_int_eq(eval(0, 9000).state, STATE_DEGRADED);
	ck_assert_int_eq(eval(0, 9000).result, RESULT_NOT_EVALUATED);
	arm.on = ARM_ON_ANY;
	ck_assert_int_eq(eval(0, 9000).result, RESULT_FIRED);
	rule.source = router;
	sql("UPDATE source SET form = 'stream'");
	span(5000, 5300);
	ck_assert_int_eq(eval(0, 9000).state, STATE_LIVE);
}
END_TEST

/* Until when 5000..6000 is covered, and what is claimed without a finding:
 * nearly all is not all. */
static const struct {
	int to;
	enum result want;
} gate[] = {
	{ 6000, RESULT_CLEAR }, { 5999, RESULT_CLEAR_PARTIAL },
	{ 5950, RESULT_CLEAR_PARTIAL }, { 5500, RESULT_CLEAR_PARTIAL },
	{ 5499, RESULT_NOT_EVALUATED }, { 5000, RESULT_NOT_EVALUATED },
};

START_TEST(coverage_gates_a_negative)
{
	struct verdict v;

	requests(burst, 2);
	span(5000, gate[_i].to);
	v = eval(5000, 6000);
	ck_assert_int_eq(v.result, gate[_i].want);
	ck_assert_int_eq(v.blind, gate[_i].want != RESULT_CLEAR);
	ck_assert_uint_eq(v.coverage.nblind, gate[_i].to < 6000);
	ck_assert_uint_eq(v.arm[0].hits, 2);
	ck_assert_double_eq(v.arm[0].peak, 2);
	if (gate[_i].to == 6000 || gate[_i].to == 5000)
		ck_assert_uint_eq(v.arm[0].smallest, 0);
	else
		ck_assert_uint_gt(v.arm[0].smallest, 2);
}
END_TEST

START_TEST(fired_at_any_coverage)
{
	struct verdict v;

	requests(burst, 3);
	v = eval(5000, 6000);
	ck_assert_int_eq(v.result, RESULT_FIRED);
	ck_assert_uint_eq(v.findings.n, 1);
	ck_assert(v.blind);
}
END_TEST

START_TEST(finding_points_to_its_lines)
{
	struct finding *f;
	struct verdict v;

	requests(burst, 4);
	sql("INSERT INTO str VALUES (1, 'release'), (2, 'app[api]');"
	    "INSERT INTO main.platform (id, ts, source, line, byte, hash, nth, "
	    "origin, event, version, message) VALUES (1, 4500000000, 1, 9, 0, "
	    "1, 1, 2, 1, 41, 'Release v41 created')");
	v = eval(5000, 6000);
	f = &v.findings.v[0];
	ck_assert_uint_eq(f->nevidence, 4);
	ck_sv_lit(f->evidence[0].source, "a.log");
	ck_assert_int_eq(f->evidence[0].line, 1);
	ck_sv_lit(f->evidence[0].summary,
	    "- /api/beta/preview/0 404 1.2.3.4");
	ck_sv_lit(f->key, "1.2.3.4");
	ck_assert_int_eq(f->near.release.version, 41);
}
END_TEST

/* Half an e-mail address before the cut would be no address. */
START_TEST(a_cut_summary_says_so)
{
	struct verdict v;
	sv summary;

	requests(burst, 4);
	sql("UPDATE main.request_row SET path = path || '/' || "
	    "substr(hex(zeroblob(200)), 1, 209) || 'jane@mailhaven.example'");
	v = eval(5000, 6000);
	summary = v.findings.v[0].evidence[0].summary;
	ck_assert_uint_eq(summary.n, 240);
	ck_assert(sv_ends(summary, SV("jane@m\xe2\x80\xa6")));
}
END_TEST

/* As only damage makes them. */
START_TEST(a_time_that_is_none_is_refused)
{
	struct evidence found = { .rec = 1 * 16 + 1 };
	struct err e = ERR_INIT;

	requests(burst, 1);
	ck_assert(finding_locate_one(&arena, st, &found, &e));
	sql("UPDATE main.request_row SET ts = 9223372036854775807");
	ck_assert(!finding_locate_one(&arena, st, &found, &e));
	ck_assert_str_eq(e.msg,
	    "store-refused: store: a record has a time that is none");
}
END_TEST

/* One attack over an hour and more: whatever windows look at it, a finding
 * has one name. */
START_TEST(windows_agree_on_the_id)
{
	int second[60];
	struct finding whole;
	struct verdict v;

	for (int i = 0; i < 60; i++)
		second[i] = 20000 + i * 240;
	requests(second, 60);
	v = eval(0, 40000);
	ck_assert_uint_eq(v.findings.n, 1);
	whole = v.findings.v[0];
	for (int from = 20600; from < 34000; from += 900) {
		v = eval_in(from * UTC_SECOND, (from + 900) * UTC_SECOND - 1);
		ck_assert_uint_eq(v.findings.n, 1);
		ck_assert_str_eq(v.findings.v[0].id, whole.id);
		ck_assert_int_eq(v.findings.v[0].first, whole.first);
	}
	ck_assert_uint_eq(eval(36000, 40000).findings.n, 0);
}
END_TEST

/* One client, four bursts: the second and third each within a day after the end
 * of the one before, the last one not. Whatever window looks at a burst, it is
 * of the same incident. */
START_TEST(windows_agree_on_the_incident)
{
	static const int at[] = { 20000, 20000 + 80000, 20000 + 160000,
		20000 + 160000 + 90000 };
	static const unsigned repeats[] = { 0, 1, 2, 0 };
	struct verdict v;
	char first[FINDING_ID_LEN + 1];

	for (int i = 0; i < 4; i++) {
		int second[] = { at[i], at[i] + 60, at[i] + 120 };

		requests(second, 3);
	}
	v = eval(0, 400000);
	ck_assert_uint_eq(v.findings.n, 4);
	memcpy(first, v.findings.v[0].id, sizeof(first));
	for (int i = 0; i < 4; i++) {
		struct finding *f;

		v = eval(at[i] + 100, at[i] + 200);
		ck_assert_uint_eq(v.findings.n, 1);
		f = &v.findings.v[0];
		ck_assert(!f->unsettled);
		ck_assert_uint_eq(f->repeats, repeats[i]);
		ck_assert_str_eq(f->incident, repeats[i] ? first : f->id);
	}
}
END_TEST

START_TEST(dump_is_blind_after_it_was_taken)
{
	struct verdict v;

	requests(burst, 4); /* the window */
	sql("INSERT INTO source VALUES (2, x'02', 'w.csv', 'csv', 'dump', NULL,"
	    " 'waitlist_signups', 5750000000, 64, 0, 0, 0, 0, 0, NULL, '{}', "
	    "NULL, 0)");
	rule.source = signups;
	arm.sql = SV("SELECT rec, ts, hash, nth, origin AS key, email AS val, "
	    "0 AS step FROM waitlist_signups WHERE ?1 AND ts BETWEEN :from "
	    "AND :to");
	ck_assert_int_eq(eval(5000, 5700).result, RESULT_CLEAR);
	v = eval(5000, 6000);
	ck_assert_int_eq(v.result, RESULT_CLEAR_PARTIAL);
	ck_assert_double_eq_tol(v.coverage.share, 0.75, 1e-9);
	ck_assert_uint_eq(v.coverage.nblind, 1);
	ck_assert_uint_eq(v.arm[0].smallest, 0);
	ck_assert_int_eq(eval(5800, 6000).result, RESULT_NOT_EVALUATED);
}
END_TEST

/* Its time was seen, not all of its rows; up to the whole dump before they
 * were. */
START_TEST(dump_with_rejected_rows_is_not_clean)
{
	struct verdict v;

	requests(burst, 4);
	sql("INSERT INTO source VALUES (2, x'02', 'w.csv', 'csv', 'dump', NULL,"
	    " 'waitlist_signups', 7000000000, 64, 3, 2, 0, 1, 0, NULL, '{}', "
	    "NULL, 0)");
	rule.source = signups;
	arm.sql = SV("SELECT rec, ts, hash, nth, origin AS key, email AS val, "
	    "0 AS step FROM waitlist_signups WHERE ?1 AND ts BETWEEN :from "
	    "AND :to");
	v = eval(5000, 5700);
	ck_assert_int_eq(v.result, RESULT_CLEAR_PARTIAL);
	ck_sv_lit(v.reason, "1 row of w.csv was rejected");
	ck_assert_double_eq_tol(v.coverage.share, 1, 1e-9);
	ck_assert(v.blind);
	sql("INSERT INTO source VALUES (3, x'03', 'v.csv', 'csv', 'dump', NULL,"
	    " 'waitlist_signups', 5750000000, 64, 3, 3, 0, 0, 0, NULL, '{}', "
	    "NULL, 0)");
	ck_assert_int_eq(eval(5000, 5700).result, RESULT_CLEAR);
	ck_assert_int_eq(eval(5000, 5800).result, RESULT_CLEAR_PARTIAL);
}
END_TEST

START_TEST(dump_without_a_byte_is_missing)
{
	struct verdict v;

	requests(burst, 4);
	sql("INSERT INTO source VALUES (2, x'02', 'w.csv', 'csv', 'dump', NULL,"
	    " 'waitlist_signups', 7000000000, 0, 0, 0, 0, 0, 0, NULL, '{}', "
	    "NULL, 0)");
	rule.source = signups;
	v = eval(5000, 5700);
	ck_assert_int_eq(v.state, STATE_DORMANT);
	ck_assert_int_eq(v.result, RESULT_NOT_EVALUATED);
	ck_sv_lit(v.reason, "missing: waitlist_signups (w.csv has no byte, not "
	    "even of a header)");
}
END_TEST

static void
as_statement(const char *text)
{
	static sv fact[] = { LIT("bad") };

	rule.sql = sv_str(text);
	rule.site_fact = fact;
	rule.nsite_facts = 0;
	arm.kind = ARM_SQL;
}

/* Of the rule and the evaluation of the last eval(). */
static bool
sleeps(void)
{
	struct err e = ERR_INIT;
	bool out;

	ck_assert_msg(eval_sleeps(&ev, &rule, &out, &e), "%s", e.msg);
	return out;
}

START_TEST(statement_needs_a_fact)
{
	static sv status[] = { LIT("404") };
	struct site_fact fact = { SV("bad"), { status, 1 },
		SV("[404]") };
	struct verdict v;

	requests(burst, 3);
	as_statement(statement);
	rule.nsite_facts = 1;
	v = eval(5000, 6000);
	ck_assert_int_eq(v.result, RESULT_NOT_EVALUATED);
	ck_assert_int_eq(v.state, STATE_DORMANT);
	ck_sv_lit(v.reason, "site.yml does not say bad");
	ck_sv_lit(v.prerequisite, "say bad in site.yml");
	ck_assert(sleeps());
	ck_assert_uint_eq(v.states.n, 1);
	ck_assert_int_eq(v.states.v[0].state, STATE_DORMANT);
	ck_sv_lit(v.states.v[0].reason, "site.yml does not say bad");
	site.fact = &fact;
	site.nfacts = 1;
	ck_assert(!sleeps());
	v = eval(5000, 6000);
	ck_assert_int_eq(v.result, RESULT_FIRED);
	ck_assert_int_eq(v.findings.v[0].level, LEVEL_INFORMATIONAL);
	ck_sv_lit(v.findings.v[0].note, "n");
	ck_sv_lit(v.reason, "all findings are informational");
}
END_TEST

/* What an arm lacks is said, and the absence of findings is no CLEAR. */
static struct {
	sv need;
	enum result want;
	const char *why;
} lame[] = {
	{ LIT("heroku_router.client"), RESULT_CLEAR, "" },
	{ LIT("heroku_router.code"), RESULT_CLEAR_PARTIAL,
	    "arm lame: needs heroku_router.code" },
	{ LIT("waitlist_signups"), RESULT_CLEAR_PARTIAL,
	    "arm lame: needs waitlist_signups" },
};

START_TEST(arm_without_what_it_needs)
{
	static struct arm two[2];
	struct verdict v;

	requests(burst, 2);
	span(5000, 6000);
	two[0] = two[1] = arm;
	two[1].name = SV("lame");
	two[1].need = &lame[_i].need;
	two[1].nneeds = 1;
	rule.arm = two;
	rule.narms = 2;
	v = eval(5000, 6000);
	ck_assert_int_eq(v.result, lame[_i].want);
	ck_assert_int_eq(v.arm[1].on, lame[_i].want == RESULT_CLEAR);
	ck_assert_uint_eq(v.arm[1].hits, v.arm[1].on ? 2 : 0);
	ck_assert(sv_is(v.reason, lame[_i].why) || !lame[_i].why[0]);
	rule.arm = two + 1;
	rule.narms = 1;
	v = eval(5000, 6000);
	ck_assert_int_eq(v.result, lame[_i].want == RESULT_CLEAR ? RESULT_CLEAR
	    : RESULT_NOT_EVALUATED);
	ck_assert_int_eq(v.state, lame[_i].want == RESULT_CLEAR ? STATE_MANUAL
	    : STATE_DORMANT);
	if (v.state == STATE_DORMANT)
		ck_sv(v.reason, sv_skip(sv_str(lame[_i].why), 10));
}
END_TEST

/* A table without rows lacks no column. */
START_TEST(empty_dump_lacks_nothing)
{
	static sv need = LIT("waitlist_signups.ip");
	struct verdict v;

	requests(burst, 2);
	span(5000, 6000);
	sql("INSERT INTO source (digest, name, format, form, dump, arrived, "
	    "bytes, read, stored, duplicates, rejected, blank, first) VALUES (x'00', "
	    "'d', 'csv', 'dump', 'waitlist_signups', 6000000000, 9, 0, 0, 0, 0, "
	    "0, 0)");
	arm.need = &need;
	arm.nneeds = 1;
	v = eval(5000, 6000);
	ck_assert(v.arm[0].on);
	ck_assert_int_eq(v.result, RESULT_CLEAR);
}
END_TEST

/* A dump is whole, but not the log that an arm reads beside it. */
START_TEST(blind_for_what_an_arm_needs)
{
	static sv need[] = { LIT("heroku_router.client") };
	struct verdict v;

	requests(burst, 4);
	span(5000, 5600);
	sql("INSERT INTO source VALUES (2, x'02', 'w.csv', 'csv', 'dump', NULL,"
	    " 'waitlist_signups', 6000000000, 64, 0, 0, 0, 0, 0, NULL, '{}', "
	    "NULL, 0)");
	rule.source = signups;
	v = eval(5000, 6000);
	ck_assert_double_eq_tol(v.coverage.share, 1, 1e-9);
	arm.need = need;
	arm.nneeds = 1;
	v = eval(5000, 6000);
	ck_assert_double_eq_tol(v.coverage.share, 0.6, 1e-9);
	ck_assert_uint_gt(v.arm[0].smallest, 0);
}
END_TEST

/* Rows that say that their arm cannot decide; several: the gravest counts. */
static const struct {
	const char *rows;
	enum result want;
	const char *why;
} undecided[] = {
	{ "('INSUFFICIENT_DATA', 'b'), ('INSUFFICIENT_DATA', 'a')",
	    RESULT_INSUFFICIENT_DATA, "arm fast: a" },
	{ "('CANNOT_VERIFY', 'z'), ('INSUFFICIENT_DATA', 'a')",
	    RESULT_CANNOT_VERIFY, "arm fast: z" },
	{ "('NOT_EVALUATED', NULL)", RESULT_NOT_EVALUATED, "arm fast: " },
	{ "('CLEAR', 'saw all')", RESULT_CLEAR, "arm fast: saw all" },
	{ "('CLEAR', 'a'), ('INSUFFICIENT_DATA', 'b')",
	    RESULT_INSUFFICIENT_DATA, "arm fast: b" },
	{ "('MAYBE', 'a')", RESULT_NOT_EVALUATED,
	    "rule error: a row has an unknown result: MAYBE" },
};

START_TEST(statement_cannot_decide)
{
	struct verdict v;
	char text[400];

	requests(burst, 2);
	span(5000, 6000);
	snprintf(text, sizeof(text), "WITH said(result, note) AS (VALUES %s) "
	    "SELECT 'fast' AS arm, 'k' AS key, 1 AS ts, 1 AS rec, 1 AS hash, "
	    "1 AS nth, 1 AS metric, 1 AS fire, note, result FROM said",
	    undecided[_i].rows);
	as_statement(text);
	v = eval(5000, 6000);
	ck_assert_int_eq(v.result, undecided[_i].want);
	ck_assert_msg(sv_is(v.reason, undecided[_i].why), "%.*s",
	    SV_ARG(v.reason));
	ck_assert_uint_eq(v.findings.n, 0);
}
END_TEST

/* A fact that lasts is told in a window behind it, as the same finding. */
START_TEST(standing_hits_fire_later_too)
{
	char id[FINDING_ID_LEN + 1];
	struct verdict v;

	requests(burst, 2);
	span(5000, 9000);
	as_statement("SELECT 'fast' AS arm, client AS key, ts, rec, hash, nth, "
	    "1 AS metric, ts = 5000000000 AS fire FROM requests");
	ck_assert_uint_eq(eval(8000, 9000).findings.n, 0);
	arm.standing = true;
	v = eval(5000, 9000);
	ck_assert_uint_eq(v.findings.n, 1);
	memcpy(id, v.findings.v[0].id, sizeof(id));
	v = eval(8000, 9000);
	ck_assert_int_eq(v.result, RESULT_FIRED);
	ck_assert_str_eq(v.findings.v[0].id, id);
	ck_assert_uint_eq(v.arm[0].hits, 2);
	ck_assert_uint_eq(eval(4000, 4999).findings.n, 0);
}
END_TEST

/* A key file is a source: it is there when it can be read. */
START_TEST(key_file_is_a_source)
{
	static const char digits[] = "000102030405060708090a0b0c0d0e0f";
	char path[] = "/tmp/test_eval.XXXXXX";
	struct site_chain_key key = { SV("k1"), SV_NULL };
	static sv source[] = { LIT("audit_chain_key") };
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	requests(burst, 2);
	span(5000, 6000);
	rule.source = source;
	key.file = sv_str(path);
	site.chain = (struct site_chain){ SV("raxx-audit-v1"), &key, 1 };
	ck_assert_int_eq(eval(5000, 6000).state, STATE_DORMANT);
	ck_assert_int_eq(write(fd, digits, sizeof(digits) - 1),
	    sizeof(digits) - 1);
	close(fd);
	ck_assert_int_eq(eval(5000, 6000).state, STATE_LIVE);
	ck_assert_int_eq(ev.source[SRC_AUDIT_CHAIN_KEY].records, 1);
	unlink(path);
}
END_TEST

START_TEST(statement_knows_the_run)
{
	requests(burst, 3);
	span(5000, 6000);
	as_statement("SELECT 'fast' AS arm, client AS key, ts, rec, hash, nth, "
	    "1 AS metric, :now = 5200000000 AND :covered_days = 0 AND "
	    ":seen = '[[5000000000,6000000000]]' AND :dumps = '{}' AND "
	    ":to = 5900000000 AS fire FROM requests");
	ck_assert_uint_eq(eval(5000, 5900).findings.n, 1);
}
END_TEST

START_TEST(posture_of_an_export_needs_no_hours)
{
	requests(burst, 2);
	span(5000, 5100);
	sql("INSERT INTO source VALUES (2, x'02', 'b.json', 'x', 'dump', NULL, "
	    "'sentry_event', 5000000000, 2, 0, 0, 0, 0, 0, NULL, '{}', "
	    "NULL, 0)");
	rule.posture = true;
	rule.source = sentry;
	ck_assert_int_eq(eval(5000, 6000).result, RESULT_CLEAR);
	ck_assert(!eval(5000, 6000).observed);
}
END_TEST

/* What is read from log lines is as good as the log is. */
START_TEST(posture_over_log_lines_needs_them)
{
	requests(burst, 2);
	span(5000, 5600);
	rule.posture = true;
	ck_assert_int_eq(eval(6000, 7000).result, RESULT_NOT_EVALUATED);
	ck_assert_int_eq(eval(5000, 6000).result, RESULT_CLEAR_PARTIAL);
	ck_sv_lit(eval(5000, 6000).reason, "60.0 % of the window was observed");
	ck_assert_int_eq(eval(5000, 5600).result, RESULT_CLEAR);
	arm.standing = true;
	ck_assert_int_eq(eval(5000, 6000).result, RESULT_CLEAR);
}
END_TEST

/* An arm that needs the log makes it count, if it runs; what is bad is so
 * however little was seen. */
START_TEST(posture_with_an_arm_over_log_lines)
{
	static sv need[] = { LIT("heroku_router.client") };

	requests(burst, 4);
	span(5000, 5600);
	sql("INSERT INTO source VALUES (2, x'02', 'b.json', 'x', 'dump', NULL, "
	    "'sentry_event', 5000000000, 2, 0, 0, 0, 0, 0, NULL, '{}', "
	    "NULL, 0)");
	rule.posture = true;
	rule.source = sentry;
	arm.need = need;
	arm.nneeds = 1;
	ck_assert_int_eq(eval(5250, 6000).result, RESULT_FIRED);
	ck_assert(eval(5000, 6000).observed);
	ck_assert(sv_null(eval(5000, 6000).reason));
	sql("DELETE FROM main.request_row WHERE ts > 5100000000");
	ck_assert_int_eq(eval(5000, 6000).result, RESULT_CLEAR_PARTIAL);
}
END_TEST

START_TEST(posture_that_asks_what_was_seen_judges_itself)
{
	requests(burst, 2);
	span(5000, 5100);
	rule.posture = true;
	as_statement("SELECT 'fast' AS arm, client AS key, ts, rec, hash, nth, "
	    "1 AS metric, :seen = '' AS fire FROM requests");
	ck_assert_int_eq(eval(5000, 6000).result, RESULT_CLEAR);
	ck_assert(!eval(5000, 6000).observed);
}
END_TEST

START_TEST(lines_that_nobody_could_read_forbid_clear)
{
	struct verdict v;

	requests(burst, 2);
	span(5000, 6000);
	ck_assert_int_eq(eval(5000, 6000).result, RESULT_CLEAR);
	sql("UPDATE source SET rejected = 5");
	v = eval(5000, 6000);
	ck_assert_int_eq(v.result, RESULT_CLEAR_PARTIAL);
	ck_assert_double_eq(v.coverage.share, 1);
	ck_assert(v.blind);
	ck_sv_lit(v.reason, "5 lines of a.log were rejected");
	ck_sv_lit(eval(5500, 6500).reason, "50.0 % of the window was observed; "
	    "5 lines of a.log were rejected");
}
END_TEST

/* The app's word for 40 requests, the router's for 20 of them. */
START_TEST(a_cross_check_forbids_clear)
{
	static sv app[] = { LIT("heroku_app") };

	requests(burst, 2);
	span(5000, 6000);
	sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	    "WHERE i < 40) INSERT INTO main.app (ts, source, line, byte, hash, nth, "
	    "origin, message, payload, request_id) SELECT 5000000000 + i, 1, "
	    "1000 + i, 0, i, 1, 9, 'm', 0, printf('r%02d', i) FROM n;"
	    "INSERT INTO main.request_row (ts, source, line, byte, hash, nth, flags, "
	    "status, dyno, request_id) SELECT ts, 1, line + 1000, 0, hash, 1, 0, "
	    "200, 9, request_id FROM app WHERE hash <= 20");
	ck_assert_int_eq(eval(5000, 6000).result, RESULT_CLEAR_PARTIAL);
	ck_sv_lit(eval(5000, 6000).reason, "cross-check: 50.0 % of the router "
	    "lines that must be there were found");
	ck_assert_int_eq(eval(5500, 6000).result, RESULT_CLEAR);
	rule.source = app;
	ck_assert_int_eq(eval(5000, 6000).result, RESULT_CLEAR);
}
END_TEST

START_TEST(the_log_of_another_app_is_none_of_ours)
{
	static sv ours[] = { LIT("raxx"), LIT("console") };

	requests(burst, 2);
	span(5000, 6000);
	site.apps.item = ours;
	site.apps.n = 2;
	ck_assert_int_eq(eval(5000, 6000).result, RESULT_NOT_EVALUATED);
	ck_sv_lit(eval(5000, 6000).reason, "0.0 % of the window was observed; "
	    "no log of raxx, console, only of api");
	sql("UPDATE source SET app = NULL");
	ck_assert_int_eq(eval(5000, 6000).result, RESULT_CLEAR);
	sql("UPDATE source SET app = 'console'");
	ck_assert_int_eq(eval(5000, 6000).result, RESULT_CLEAR);
}
END_TEST

/* A statement that fails for a window which begins before second 50000: on the
 * way back to where an incident began a limit is met. */
START_TEST(findings_stand_without_their_incident)
{
	static const int second[] = { 90000, 90100, 90200 }, early[] = { 10 };
	struct verdict v;

	requests(early, 1);
	requests(second, 3);
	as_statement("SELECT 'fast' AS arm, client AS key, ts, rec, hash, nth, "
	    "3 AS metric, 1 AS fire FROM requests WHERE ts BETWEEN :from AND "
	    ":to AND :fast = 3 AND (:from > 50000000000 OR "
	    "abs(-9223372036854775807 - 1) > 0)");
	rule.nsite_facts = 0;
	v = eval(90000, 91000);
	ck_assert_int_eq(v.result, RESULT_FIRED);
	ck_assert_uint_eq(v.findings.n, 1);
	ck_assert_uint_eq(v.findings.v[0].events, 3);
	ck_assert(v.findings.v[0].unsettled);
}
END_TEST

static const char *const broken[] = {
	"SELECT nothing", "SELECT 1 AS arm", "SELECT :typo AS arm",
	("SELECT 'slow' AS arm, 'k' AS key, 1 AS ts, 1 AS rec, 1 AS hash, "
	    "1 AS nth, 1 AS metric, 1 AS fire"),
};

START_TEST(broken_statement_is_a_verdict)
{
	struct verdict v;

	requests(burst, 3);
	as_statement(broken[_i]);
	v = eval(5000, 6000);
	ck_assert_int_eq(v.result, RESULT_NOT_EVALUATED);
	ck_assert(sv_starts(v.reason, SV("rule error: ")));
	ck_assert(v.blind);
}
END_TEST

START_TEST(limit_is_undecided)
{
	struct run_options opt = { .from = 0, .to = UTC_HOUR,
		.now = UTC_NONE, .rule_seconds = 0.05 };
	struct err e = ERR_INIT;
	struct verdict v;

	requests(burst, 3);
	as_statement("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
	    "FROM n) SELECT 'fast' AS arm, 'k' AS key, 5100000000 AS ts, "
	    "1 AS rec, 1 AS hash, 1 AS nth, 1 AS metric, 1 AS fire FROM n "
	    "WHERE i < 0");
	ck_assert(eval_open(&arena, st, &site, &opt, &ev, &e));
	ck_assert(eval_rule(&ev, &rule, &v, &e));
	ck_assert_int_eq(v.result, RESULT_UNDECIDED);
	ck_assert(v.blind);
}
END_TEST

static const struct {
	int seen_from, from, to; /* seconds; seen until second 6000 */
	const char *reason;
} reaches[] = {
	{ 4000, 4500, 6000, NULL }, /* longer than the arm looks back */
	{ 4000, 5900, 6000, NULL },
	{ 5400, 5900, 6000, NULL },
	{ 5700, 5900, 6000,
	    "fast: 50.0 % of the 10m before the window's end observed" },
	{ 5880, 5880, 6000,
	    "fast: 19.9 % of the 10m before the window's end observed" },
};

/* An arm that looks back on what was not seen is silent for less. */
START_TEST(clear_tells_what_arms_look_back_on)
{
	static const int sparse[] = { 4000, 4700, 5400, 5990 };
	struct verdict v;

	requests(sparse, 4);
	span(reaches[_i].seen_from, 6000);
	v = eval(reaches[_i].from, reaches[_i].to);
	ck_assert_int_eq(v.result, RESULT_CLEAR);
	ck_sv(v.reason, reaches[_i].reason ? sv_str(reaches[_i].reason)
	    : SV_NULL);
	ck_assert((v.arm[0].unseen > 0) == (reaches[_i].reason != NULL));
}
END_TEST

/* --- the whole run -------------------------------------------------------- */

static void
run(struct buf *out, struct run_summary *sum)
{
	struct run_options opt = { .from = UTC_NONE, .to = UTC_NONE,
		.now = UTC_NONE };
	struct rule *list[] = { &rule };
	struct catalog c = { list, 1, SV("c0ffee") };
	struct err e = ERR_INIT;

	buf_clear(out);
	ck_assert_msg(run_eval(st, &c, &site, &opt, NULL, out, sum, &e), "%s",
	    e.msg);
}

static sv
member(sv line, const char *name)
{
	struct json_value obj, v;

	ck_assert(json_parse(line, &obj));
	ck_assert_msg(json_find(&obj, sv_str(name), &v), "no %s", name);
	return v.raw;
}

START_TEST(prints_lines_of_json)
{
	static const char *const want[] = { "\"run\"", "\"verdict\"",
		"\"finding\"", "\"status\"", "\"evidence\"", "\"evidence\"",
		"\"evidence\"", "\"evidence\"" };
	struct buf out = BUF_INIT;
	struct run_summary sum;
	size_t n = 0;
	sv rest;

	requests(burst, 4);
	run(&out, &sum);
	ck_assert_uint_eq(sum.findings, 1);
	ck_assert_int_eq(sum.level_max, LEVEL_MEDIUM);
	ck_assert(sum.blind); /* no span: nothing vouches for the window */
	for (rest = buf_sv(&out); rest.n; n++) {
		ck_assert_uint_lt(n, countof(want));
		ck_sv(member(sv_cut(&rest, '\n'), "type"), sv_str(want[n]));
	}
	ck_assert_uint_eq(n, countof(want));
	rest = buf_sv(&out);
	ck_sv_lit(member(member(sv_cut(&rest, '\n'), "window"), "to"),
	    "\"1970-01-01T01:28:20.000000Z\"");
	buf_release(&out);
}
END_TEST

START_TEST(empty_store_claims_nothing)
{
	struct buf out = BUF_INIT;
	struct run_summary sum;

	run(&out, &sum);
	ck_assert_uint_eq(sum.findings, 0);
	ck_assert(sum.blind);
	ck_assert(sv_has(buf_sv(&out), SV("\"window\":{\"from\":null,")));
	ck_assert(sv_has(buf_sv(&out), SV("\"NOT_EVALUATED\"")));
	buf_release(&out);
}
END_TEST

static const struct {
	const char *now;
	int first, last; /* days of June 2026 with hourly runs */
	const char *want;
} schedule[] = {
	{ "2026-06-12T06:59:59Z", 12, 18, "{\"daily\":\"2026-06-12T07:00:00."
	    "000000Z\",\"hourly\":\"2026-06-12T13:00:00.000000Z\",\"next\":"
	    "\"2026-06-12T07:00:00.000000Z\"}" },
	{ "2026-06-12T07:00:00Z", 12, 18, "{\"daily\":\"2026-06-13T07:00:00."
	    "000000Z\",\"hourly\":\"2026-06-12T13:00:00.000000Z\",\"next\":"
	    "\"2026-06-12T13:00:00.000000Z\"}" },
	{ "2026-06-12T20:00:00Z", 12, 18, "{\"daily\":\"2026-06-13T07:00:00."
	    "000000Z\",\"hourly\":\"2026-06-13T13:00:00.000000Z\",\"next\":"
	    "\"2026-06-13T07:00:00.000000Z\"}" },
	/* A day before the first day is the first time to name its run. */
	{ "2026-06-11T00:00:00Z", 12, 18, "{\"daily\":\"2026-06-11T07:00:00."
	    "000000Z\",\"hourly\":\"2026-06-12T13:00:00.000000Z\",\"next\":"
	    "\"2026-06-11T07:00:00.000000Z\"}" },
	{ "2026-06-10T23:59:59Z", 12, 18, "{\"daily\":\"2026-06-11T07:00:00."
	    "000000Z\",\"hourly\":null,\"next\":"
	    "\"2026-06-11T07:00:00.000000Z\"}" },
	{ "2026-03-22T10:00:00Z", 12, 18, "{\"daily\":\"2026-03-23T07:00:00."
	    "000000Z\",\"hourly\":null,\"next\":"
	    "\"2026-03-23T07:00:00.000000Z\"}" },
	{ "2026-06-18T20:00:00Z", 12, 18, "{\"daily\":\"2026-06-19T07:00:00."
	    "000000Z\",\"hourly\":null,\"next\":"
	    "\"2026-06-19T07:00:00.000000Z\"}" },
};

START_TEST(next_run)
{
	struct run_options opt = { .from = UTC_NONE, .to = UTC_NONE,
		.now = UTC_NONE };
	struct catalog c = { NULL, 0, SV("") };
	struct buf out = BUF_INIT;
	struct run_summary sum;
	struct err e = ERR_INIT;

	site.schedule.set = true;
	site.schedule.daily = 7 * 60;
	site.schedule.hourly_from = 13 * 60;
	site.schedule.hourly_to = 20 * 60;
	site.schedule.hourly_first = utc_days(2026, 6,
	    (unsigned)schedule[_i].first) * UTC_DAY;
	site.schedule.hourly_last = utc_days(2026, 6,
	    (unsigned)schedule[_i].last) * UTC_DAY;
	ck_assert(utc_parse(sv_str(schedule[_i].now), &opt.now));
	ck_assert(run_eval(st, &c, &site, &opt, NULL, &out, &sum, &e));
	ck_sv(member(sv_trim(buf_sv(&out)), "next_run"),
	    sv_str(schedule[_i].want));
	buf_release(&out);
}
END_TEST

START_TEST(counts_days_of_preview_traffic)
{
	static const int day[] = { 100, 200, 86500, 200000, 260000 };
	struct buf out = BUF_INIT;
	struct run_summary sum;
	sv line;

	requests(day, countof(day));
	/* Something every ten minutes: longer silences are not covered. */
	sql("WITH RECURSIVE t(s) AS (SELECT 0 UNION ALL SELECT s + 600 FROM t "
	    "WHERE s < 260000) INSERT INTO main.platform (ts, source, line, byte, "
	    "hash, nth, origin, event, message) SELECT s * 1000000, 1, 1, 0, s, "
	    "1, 1, 1, '' FROM t");
	span(0, 86400 + 80000); /* day 0 whole, day 1 to 92 % */
	span(172800, 172800 + 60000); /* day 2 to 69 % */
	run(&out, &sum);
	line = buf_sv(&out);
	line = sv_cut(&line, '\n');
	ck_sv_lit(member(member(line, "rebaseline"), "have_days"), "2");
	ck_sv_lit(member(member(line, "rebaseline"), "due"), "false");
	buf_release(&out);
}
END_TEST

START_TEST(baseline_of_a_small_store)
{
	struct rule *list[] = { &rule };
	struct catalog c = { list, 1, SV("") };
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;

	requests(burst, 4);
	ck_assert(baseline_print(st, &c, &site, BASELINE_NDJSON, &out, &e));
	ck_sv_lit(member(sv_trim(buf_sv(&out)), "status"),
	    "\"INSUFFICIENT_DATA\"");
	ck_sv_lit(member(sv_trim(buf_sv(&out)), "need"), "5");
	buf_clear(&out);
	ck_assert(baseline_print(st, &c, &site, BASELINE_TEXT, &out, &e));
	ck_assert(sv_has(buf_sv(&out), SV("T-1 fast: INSUFFICIENT_DATA")));
	buf_release(&out);
}
END_TEST

Suite *
test_eval(void)
{
	Suite *s = suite_create("eval");
	TCase *tc = tcase_create("eval");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, missing_source_is_dormant);
	tcase_add_test(tc, planned_rule_says_so);
	tcase_add_test(tc, states_follow_the_sources);
	add_table(tc, coverage_gates_a_negative, gate);
	tcase_add_test(tc, fired_at_any_coverage);
	tcase_add_test(tc, finding_points_to_its_lines);
	tcase_add_test(tc, a_cut_summary_says_so);
	tcase_add_test(tc, a_time_that_is_none_is_refused);
	tcase_add_test(tc, windows_agree_on_the_id);
	tcase_add_test(tc, windows_agree_on_the_incident);
	tcase_add_test(tc, dump_is_blind_after_it_was_taken);
	tcase_add_test(tc, dump_with_rejected_rows_is_not_clean);
	tcase_add_test(tc, dump_without_a_byte_is_missing);
	tcase_add_test(tc, statement_needs_a_fact);
	add_table(tc, arm_without_what_it_needs, lame);
	tcase_add_test(tc, empty_dump_lacks_nothing);
	tcase_add_test(tc, blind_for_what_an_arm_needs);
	add_table(tc, statement_cannot_decide, undecided);
	tcase_add_test(tc, standing_hits_fire_later_too);
	tcase_add_test(tc, key_file_is_a_source);
	tcase_add_test(tc, statement_knows_the_run);
	tcase_add_test(tc, posture_of_an_export_needs_no_hours);
	tcase_add_test(tc, posture_over_log_lines_needs_them);
	tcase_add_test(tc, posture_with_an_arm_over_log_lines);
	tcase_add_test(tc, posture_that_asks_what_was_seen_judges_itself);
	tcase_add_test(tc, lines_that_nobody_could_read_forbid_clear);
	tcase_add_test(tc, a_cross_check_forbids_clear);
	tcase_add_test(tc, the_log_of_another_app_is_none_of_ours);
	tcase_add_test(tc, findings_stand_without_their_incident);
	add_table(tc, broken_statement_is_a_verdict, broken);
	tcase_add_test(tc, limit_is_undecided);
	tcase_add_loop_test(tc, clear_tells_what_arms_look_back_on, 0,
	    countof(reaches));
	tcase_add_test(tc, prints_lines_of_json);
	tcase_add_test(tc, empty_store_claims_nothing);
	add_table(tc, next_run, schedule);
	tcase_add_test(tc, counts_days_of_preview_traffic);
	tcase_add_test(tc, baseline_of_a_small_store);
	suite_add_tcase(s, tc);
	return s;
}
