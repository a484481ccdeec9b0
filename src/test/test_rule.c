/* SPDX-License-Identifier: MIT */
/*
 * Loading of files and catalogs, and the rules we ship in SQL: each is run over
 * a few records at, under and beside its thresholds.
 */
#include "detect/rule.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utc.h"
#include "detect/sqlfn.h"
#include "record/site.h"
#include "store/db.h"
#include "store/query.h"
#include "test/ck.h"

Suite *test_rule(void);

static struct arena arena;
static char dir[] = "/tmp/raxx-test-XXXXXX";

START_TEST(levels)
{
	enum level l;

	for (size_t i = 0; i < LEVEL_N; i++) {
		ck_assert(level_parse(sv_str(level_name[i]), &l));
		ck_assert_uint_eq(l, i);
	}
	ck_assert(level_parse(SV("info"), &l) && l == LEVEL_INFORMATIONAL);
	ck_assert(!level_parse(SV("HIGH"), &l) && !level_parse(SV(""), &l));
}
END_TEST

static void
put_file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert(fputs(text, f) >= 0 && fclose(f) == 0);
}

static void
remove_file(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	unlink(path);
}

#define SQL(id) "-- id: " id "\n-- title: T\n-- level: low\n" \
	"-- sources: heroku_app\n-- params: fast=3\n" \
	"-- arm: fast window=1m threshold=fast\nSELECT 'fast' AS arm, " \
	"'k' AS key, 0 AS ts, 0 AS rec, 0 AS hash, 1 AS nth, 1 AS metric, " \
	":fast < 2 AS fire\n"
#define YML(id) "title: T\nid: " id "\nlogsource: {category: webserver}\n" \
	"detection: {s: {sc-status: 1}, condition: s}\n"

static const char *const names[] = { "b.sql", "a.yml", "x.txt", ".h.sql",
	"c.yaml" };

static void
make_dir(void)
{
	arena_init(&arena);
	snprintf(dir, sizeof(dir), "/tmp/raxx-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	put_file("b.sql", SQL("A.1"));
	put_file("a.yml", YML("Z"));
	put_file("x.txt", "not a rule");
	put_file(".h.sql", "not a rule");
}

static void
remove_dir(void)
{
	for (size_t i = 0; i < countof(names); i++)
		remove_file(names[i]);
	rmdir(dir);
	arena_release(&arena);
}

START_TEST(catalogs)
{
	struct err e = ERR_INIT;
	struct site_threshold t = { .rule = SV("A.1"), .name = SV("fast"),
		.value = 7 };
	struct site site = { .threshold = &t, .nthresholds = 1,
		.file = SV("site.yml") };
	struct catalog c;
	sv digest;

	ck_assert_msg(catalog_load(&arena, dir, NULL, &c, &e), "%s", e.msg);
	ck_assert_uint_eq(c.n, 2);
	ck_sv_lit(c.rule[0]->id, "A.1");
	ck_sv_lit(c.rule[1]->id, "Z");
	ck_assert_uint_eq(c.digest.n, 64);
	digest = c.digest;
	ck_assert_msg(catalog_load(&arena, dir, &site, &c, &e), "%s", e.msg);
	ck_assert(sv_eq(digest, c.digest));
	ck_assert(c.rule[0]->param[0].value == 7);
	ck_assert(c.rule[0]->param[0].floor == 3);
	ck_assert_str_eq(c.rule[0]->param[0].from, "site");
	ck_assert(catalog_override(&c, SV("A.1.fast=9"), &e));
	ck_assert(c.rule[0]->param[0].value == 9);
	ck_assert_str_eq(c.rule[0]->param[0].from, "command line");
	ck_assert_ptr_null(catalog_find(&c, SV("B")));
}
END_TEST

static const struct {
	const char *text, *want;
} overrides[] = {
	{ "A.1.fast", "'A.1.fast' is not RULE.parameter=number" },
	{ "A.1.fast=x", "'A.1.fast=x' is not RULE.parameter=number" },
	{ "B.fast=1", "'B.fast' names no rule" },
	{ "A.1.slow=1", "rule 'A.1' has no parameter 'slow'" },
	{ "A.1.fast=-1", "'A.1.fast=-1': a negative number" },
};

START_TEST(bad_override)
{
	struct err e = ERR_INIT, quiet = ERR_INIT;
	struct catalog c;

	ck_assert(catalog_load(&arena, dir, NULL, &c, &quiet));
	ck_assert(!catalog_override(&c, sv_str(overrides[_i].text), &e));
	ck_assert_str_eq(e.msg, overrides[_i].want);
}
END_TEST

START_TEST(bad_catalogs)
{
	struct site_threshold t = { .rule = SV("A.1"), .name = SV("slow"),
		.value = 7, .rule_at = { 2, 3 }, .name_at = { 2, 9 },
		.value_at = { 2, 15 } };
	struct site site = { .threshold = &t, .nthresholds = 1,
		.file = SV("site.yml") };
	struct err e = ERR_INIT, e2 = ERR_INIT, e3 = ERR_INIT;
	struct catalog c;
	char want[256];

	ck_assert(!catalog_load(&arena, dir, &site, &c, &e));
	ck_assert_str_eq(e.msg,
	    "site.yml:2:9: thresholds: rule 'A.1' has no parameter 'slow'");
	t.rule = SV("A.2");
	e = (struct err)ERR_INIT;
	ck_assert(!catalog_load(&arena, dir, &site, &c, &e));
	ck_assert_str_eq(e.msg, "site.yml:2:3: thresholds: no rule 'A.2'");
	t = (struct site_threshold){ .rule = SV("A.1"), .name = SV("fast"),
		.value = -1, .value_at = { 2, 15 } };
	e = (struct err)ERR_INIT;
	ck_assert(!catalog_load(&arena, dir, &site, &c, &e));
	ck_assert_str_eq(e.msg,
	    "site.yml:2:15: thresholds: a negative number for 'fast'");
	put_file("c.yaml", YML("A.1"));
	ck_assert(!catalog_load(&arena, dir, NULL, &c, &e2));
	snprintf(want, sizeof(want), "%s/c.yaml:2:5: rule 'A.1' is already in "
	    "%s/b.sql", dir, dir);
	ck_assert_str_eq(e2.msg, want);
	ck_assert(!catalog_load(&arena, "/nonexistent", NULL, &c, &e3));
	ck_assert_int_eq(e3.status, ST_USAGE);
	ck_assert_str_eq(e3.msg,
	    "rule directory /nonexistent (-R DIR or RAXX_RULES names another): "
	    "No such file or directory");
}
END_TEST

/* A correlation in one file, its rule in another, a filter of that rule with a
 * list of the site. */
START_TEST(files_refer_to_each_other)
{
	struct err e = ERR_INIT, e2 = ERR_INIT;
	struct catalog c;
	struct site site;
	char want[256];

	ck_assert(site_read(&arena, SV("s.yml"), SV("monitor_clients: ["
	    "192.0.2.1]\n"), &site, &e));
	put_file("c.yaml", "title: c\nid: C\ncorrelation: {type: event_count, "
	    "rules: [Z], timespan: 1m, condition: {gte: 2}}\n---\ntitle: f\n"
	    "logsource: {category: webserver}\nfilter: {rules: Z, s: {c-ip|"
	    "expand: '%monitor_clients%'}, condition: not s}\n");
	ck_assert_msg(catalog_load(&arena, dir, &site, &c, &e), "%s", e.msg);
	ck_assert_uint_eq(c.n, 2);
	ck_sv_lit(c.rule[1]->id, "C");
	ck_sv_lit(c.rule[1]->arm[0].bind[1].text, "192.0.2.1");
	ck_assert_uint_eq(c.rule[1]->nparts, 1);
	remove_file("a.yml");
	ck_assert(!catalog_load(&arena, dir, &site, &c, &e2));
	snprintf(want, sizeof(want), "%s/c.yaml:3:42: no rule 'Z' in this file "
	    "or beside it", dir);
	ck_assert_str_eq(e2.msg, want);
}
END_TEST

START_TEST(other_files)
{
	struct err e = ERR_INIT;
	struct rule **r = NULL;
	size_t n = 0;

	ck_assert(!rule_load(&arena, (struct rule_file){ SV("a.txt"), SV("") },
	    true, &r, &n, &e));
	ck_assert_str_eq(e.msg, "a.txt:1:1: neither .yml, .yaml nor .sql");
}
END_TEST

/* --- the rules we ship --- */

static struct store *st;

static void
sql(const char *text)
{
	ck_assert_msg(sqlite3_exec(store_handle(st), text, NULL, NULL, NULL) ==
	    SQLITE_OK, "%s\n%s", sqlite3_errmsg(store_handle(st)), text);
}

static sv
fact(const char *name)
{
	if (strcmp(name, "internal_email_domains") == 0)
		return SV("[\"raxx.example\"]");
	if (strcmp(name, "monitor_clients") == 0)
		return SV("[\"192.0.2.250\"]");
	return SV("[\"s1\",\"s2\",\"s3\",\"s4\",\"s5\",\"s6\",\"s7\",\"s8\","
	    "\"s9\",\"s10\",\"s11\",\"s12\",\"s13\",\"s14\",\"s15\"]");
}

static void
bind_all(struct query *q, const struct rule *r)
{
	const char *name;

	for (int i = 1; (name = query_param(q, i)) != NULL; i++) {
		if (strcmp(name, "from") == 0)
			query_bind_i64(q, name, 0);
		else if (strcmp(name, "to") == 0)
			query_bind_i64(q, name, 30 * UTC_DAY);
		else
			query_bind_text(q, name, fact(name));
		for (size_t k = 0; k < r->nparams; k++)
			if (sv_is(r->param[k].name, name))
				query_bind_real(q, name, r->param[k].value);
	}
}

/* What fires, each arm and key once, in order: "arm key[!level] ...". */
static void
firing(const char *file, struct buf *out)
{
	struct err e = ERR_INIT;
	struct rule **r = NULL;
	size_t n = 0;
	struct buf text = BUF_INIT;
	struct query *q;
	enum query_end end;

	ck_assert_msg(rule_read(&arena, file, &r, &n, &e), "%s", e.msg);
	buf_printf(&text, "SELECT DISTINCT arm || ' ' || key || %s "
	    "FROM (%.*s) WHERE fire ORDER BY 1", strstr(file, "SIGNUP") ?
	    "coalesce('!' || level, '')" : "''", SV_ARG(r[0]->sql));
	q = query_open(st, buf_sv(&text), NULL, &e);
	ck_assert_msg(q != NULL, "%s", e.msg);
	bind_all(q, r[0]);
	while ((end = query_next(q, &e)) == QUERY_MORE)
		buf_printf(out, "%s%.*s", out->n ? "; " : "",
		    SV_ARG(query_text(q, 0)));
	ck_assert_msg(end == QUERY_DONE, "%s", e.msg);
	query_close(q);
	buf_release(&text);
	buf_byte(out, '\0');
}

/* `n` rows made from one SELECT over i = 0, 1 ... */
#define ROWS(n, insert, select) "WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL " \
	"SELECT i + 1 FROM c WHERE i + 1 < " n ") INSERT INTO " insert \
	" SELECT " select " FROM c;"
#define ANY "1, 1, 0, abs(random()), 1"

#define VISIT(n, ts, screen, status) ROWS(n, "main.request_row(ts, source, line, byte, " \
	"hash, nth, path, client, status, flags, token)", ts ", " ANY ", " \
	"'/api/beta/preview/T/screens/' || " screen \
	", 3325256711, " status ", 0, 1")
#define SEEN "INSERT INTO str VALUES (1, 'tok');"

#define DENY(n, ts, actor, action) ROWS(n, "main.dump_console_audit_events(ts, " \
	"source, line, byte, hash, nth, actor_id, action, resource_type, " \
	"outcome, seq)", ts ", " ANY ", " actor ", " action ", 't', 'denied', " \
	"abs(random())")

#define JOIN(n, ts, mail, ip, origin) ROWS(n, "main.dump_waitlist_signups(ts, " \
	"source, line, byte, hash, nth, email, ip, origin, row_id)", ts ", " \
	ANY ", " mail ", " ip ", " origin ", hex(randomblob(8))")

/* A visit every `step` on average, at no robot's pace; the first of them and
 * every third behind it is on time. */
#define UNEVEN(step) "i * " #step " + i % 3 * " #step " * 9 / 25"

static const struct {
	const char *file, *records, *want;
} shipped[] = {
	{ "BETA-002", SEEN VISIT("25", UNEVEN(25000000), "'p' || i", "200"),
	    "fast tok" },
	{ "BETA-002", SEEN VISIT("24", UNEVEN(25000000), "'p' || i", "200"), "" },
	/* both ends of the window count */
	{ "BETA-002", SEEN VISIT("25", UNEVEN(25000000), "'p' || i", "200")
	    "UPDATE main.request_row SET ts = 600000000 WHERE id = 25;", "fast tok" },
	{ "BETA-002", SEEN VISIT("25", UNEVEN(25000000), "'p' || i", "200")
	    "UPDATE main.request_row SET ts = 600000001 WHERE id = 25;", "" },
	{ "BETA-002", SEEN VISIT("60", UNEVEN(5000000), "'p' || (i % 24)", "200"),
	    "" },
	{ "BETA-002", SEEN VISIT("30", UNEVEN(5000000), "'p' || i", "403"), "" },
	{ "BETA-002", SEEN VISIT("30", UNEVEN(5000000), "'p' || i", "200")
	    "UPDATE main.request_row SET client = 3221226234;", "" }, /* monitor */
	{ "BETA-002", SEEN VISIT("12", "i * 30000000", "'s' || (i + 1)", "200"),
	    "catalogue tok" },
	{ "BETA-002", SEEN VISIT("11", "i * 30000000", "'s' || (i + 1)", "200"),
	    "" },
	/* five bursts of six are five screens; one burst of 30 is 30 */
	{ "BETA-002", SEEN VISIT("30", "i / 6 * 60000000 + i % 6 * 300000",
	    "'p' || i", "200"), "" },
	{ "BETA-002", SEEN VISIT("30", UNEVEN(50000), "'p' || i", "200"),
	    "fast tok" },
	/* quick without a pause: longer than a prefetch */
	{ "BETA-002", SEEN VISIT("30", UNEVEN(1000000), "'p' || i", "200"),
	    "fast tok" },
	{ "BETA-002", SEEN VISIT("40", UNEVEN(1800000000), "'p' || i", "200"),
	    "slow tok" },
	{ "BETA-002", SEEN VISIT("39", UNEVEN(1800000000), "'p' || i", "200"),
	    "" },
	/* testers usually see 20 a day: 40 is not three times that */
	{ "BETA-002", SEEN VISIT("20", UNEVEN(1800000000), "'p' || i", "200")
	    VISIT("40", "86400000000 * 4 + " UNEVEN(1800000000), "'p' || i", "200"),
	    "" },

	{ "AUTH-003", DENY("5", "i * 150000000", "'op'", "'a' || (i % 3)"),
	    "fast op" },
	{ "AUTH-003", DENY("4", "i * 150000000", "'op'", "'a' || i"), "" },
	{ "AUTH-003", DENY("50", "i * 1000000", "'op'", "'a' || (i % 2)"), "" },
	{ "AUTH-003", DENY("15", "i * 5000000000", "'op'", "'a' || (i % 6)"),
	    "slow op" },
	{ "AUTH-003", DENY("15", "i * 5000000000", "'op'", "'a' || (i % 5)"),
	    "" },
	/* a change of the actor's role, by somebody who was allowed to */
	{ "AUTH-003", DENY("5", "i * 1000000", "'op'", "'a' || i") DENY("1",
	    "0", "'boss'", "'role.revoke'")
	    "UPDATE main.dump_console_audit_events SET resource_id = 'op', "
	    "outcome = 'allowed' WHERE actor_id = 'boss';", "" },
	{ "AUTH-003", DENY("5", "i * 1000000", "'op'", "'a' || i") DENY("1",
	    "0", "'boss'", "'role.revoke'")
	    "UPDATE main.dump_console_audit_events SET resource_id = 'op' "
	    "WHERE actor_id = 'boss';", "fast op" },
	{ "AUTH-003", DENY("15", "10000000 + i * 1000000", "'op' || (i % 3)",
	    "'a' || (i % 5)") "INSERT INTO str VALUES (1, 'release');"
	    "INSERT INTO main.platform(ts, source, line, byte, hash, nth, origin, "
	    "event, message) VALUES (5000000, 1, 1, 0, 1, 1, 1, 1, 'v9');",
	    "misdeploy unnamed" },
	{ "AUTH-003", DENY("10", "10000000 + i * 1000000", "'op' || (i % 2)",
	    "'a' || (i % 5)") "INSERT INTO str VALUES (1, 'release');"
	    "INSERT INTO main.platform(ts, source, line, byte, hash, nth, origin, "
	    "event, message) VALUES (5000000, 1, 1, 0, 1, 1, 1, 1, 'v9');",
	    "fast op0; fast op1" },

	{ "SIGNUP-001", JOIN("5", "i * 100000000", "'u' || i || '@a.test'",
	    "'198.51.100.7'", "'landing'"), "fast 198.51.100.7" },
	{ "SIGNUP-001", JOIN("4", "i * 100000000", "'u' || i || '@a.test'",
	    "'198.51.100.7'", "'landing'"), "" },
	{ "SIGNUP-001", JOIN("5", "i * 100000000", "'u' || i || '@a.test'",
	    "'2001:db8::' || (i + 1)", "NULL"), "fast 2001:db8::/64" },
	{ "SIGNUP-001", JOIN("9", "i * 100000000", "'u+' || i || '@a.test'",
	    "'198.51.100.7'", "NULL"), "" },
	{ "SIGNUP-001", JOIN("9", "i * 1000000", "'u' || i || '@Raxx.example'",
	    "'198.51.100.7'", "NULL"), "" },
	{ "SIGNUP-001", JOIN("9", "i * 1000000", "'u' || i || '@a.test'",
	    "'198.51.100.7'", "'import'"), "" },
	{ "SIGNUP-001", JOIN("6", "7", "'u' || i || '@a.test'",
	    "'198.51.100.7'", "NULL"), "" },
	{ "SIGNUP-001", JOIN("5", "7", "'u' || i || '@a.test'",
	    "'198.51.100.7'", "NULL"), "fast 198.51.100.7" },
	{ "SIGNUP-001", JOIN("10", "i * 400000000", "'u' || i || '@a.test'",
	    "'198.51.100.7'", "NULL"), "hour 198.51.100.7" },
	{ "SIGNUP-001", JOIN("20", "i * 4000000000", "'u' || i || '@a.test'",
	    "'198.51.100.7'", "NULL"), "slow 198.51.100.7!high" },
	/* many domains: people when slow, a machine when quick */
	{ "SIGNUP-001", JOIN("5", "i * 60000000", "'u@d' || i || '.test'",
	    "'198.51.100.7'", "NULL"), "fast 198.51.100.7!informational" },
	{ "SIGNUP-001", JOIN("5", "i * 1000000", "'u@d' || i || '.test'",
	    "'198.51.100.7'", "NULL"), "fast 198.51.100.7" },
	/* no address: the origin column, unless it is one for all */
	{ "SIGNUP-001", JOIN("5", "i * 1000000", "'u' || i || '@a.test'",
	    "NULL", "'x'") JOIN("3", "i * 1000000", "'v' || i || '@a.test'",
	    "NULL", "'y'"), "fast x" },
	{ "SIGNUP-001", JOIN("50", "i * 1000000", "'u' || i || '@a.test'",
	    "NULL", "'x'") JOIN("3", "i * 1000000", "'v' || i || '@a.test'",
	    "NULL", "'y'"), "distributed all origins" },
};

START_TEST(shipped_rule)
{
	struct buf b = BUF_INIT;
	char file[64];

	snprintf(file, sizeof(file), "pipelines/rules/DET-%s.sql",
	    shipped[_i].file);
	sql(shipped[_i].records);
	firing(file, &b);
	ck_assert_str_eq(b.p, shipped[_i].want);
	buf_release(&b);
}
END_TEST

static void
open_store(void)
{
	struct err e = ERR_INIT;

	arena_init(&arena);
	st = store_open(NULL, STORE_MEMORY, &e);
	ck_assert_msg(st != NULL, "%s", e.msg);
	ck_assert_msg(sqlfn_register(st, &e), "%s", e.msg);
	sql("INSERT INTO source(id, digest, name, format, form, arrived, bytes, "
	    "read, stored, duplicates, rejected, blank, first) VALUES "
	    "(1, x'00', 'a', 'csv', 'dump', 0, 0, 0, 0, 0, 0, 0, 0);");
}

static void
close_store(void)
{
	store_close(st);
	arena_release(&arena);
}

Suite *
test_rule(void)
{
	Suite *s = suite_create("rule");
	TCase *t = tcase_create("files"), *u = tcase_create("shipped");

	tcase_add_checked_fixture(t, make_dir, remove_dir);
	tcase_add_test(t, levels);
	tcase_add_test(t, catalogs);
	add_table(t, bad_override, overrides);
	tcase_add_test(t, bad_catalogs);
	tcase_add_test(t, files_refer_to_each_other);
	tcase_add_test(t, other_files);
	suite_add_tcase(s, t);
	tcase_add_checked_fixture(u, open_store, close_store);
	add_table(u, shipped_rule, shipped);
	suite_add_tcase(s, u);
	return s;
}
