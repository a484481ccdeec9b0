/* SPDX-License-Identifier: MIT */
#include "detect/sigmastage.h"

#include "base/buf.h"
#include "detect/hits.h"
#include "detect/sqlfn.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_sigmastage(void);

static struct hits_env env;

/* Requests at 1 to 6 with status 200, 404, 404, 500, 404, 200 and paths. */
static void
setup(void)
{
	struct err e = ERR_INIT;

	stock_setup();
	env = (struct hits_env){ .st = stock_memory(), .seconds = 5 };
	ck_assert(sqlfn_register(env.st, &e));
	stock_sql(env.st, "INSERT INTO source(id, digest, name, format, form,"
	    " arrived, bytes, read, stored, duplicates, rejected, blank, first)"
	    " VALUES (1, x'00', 'a.log', 'heroku-text', 'pull', 0, 0, 0, 0, 0,"
	    " 0, 0, 0);"
	    "INSERT INTO main.request_row(ts, source, line, byte, hash, nth, status,"
	    " path, flags) VALUES (1, 1, 1, 0, 1, 1, 200, '/a', 0),"
	    " (2, 1, 2, 0, 2, 1, 404, '/a', 0), (3, 1, 3, 0, 3, 1, 404, '/b', 0),"
	    " (4, 1, 4, 0, 4, 1, 500, '/b', 0), (5, 1, 5, 0, 5, 1, 404, '/c', 0),"
	    " (6, 1, 6, 0, 6, 1, 200, '/c', 0);"
	    "INSERT INTO main.access(ts, source, line, byte, hash, nth, origin, path,"
	    " user_agent) VALUES (3, 1, 7, 0, 7, 1, 1, '/a', 'curl')");
}

static void
teardown(void)
{
	store_close(env.st);
	stock_teardown();
}

static void
put(struct buf *b, int64_t n)
{
	if (n == STAGE_UNKNOWN)
		buf_byte(b, '?');
	else
		buf_i64(b, n);
}

static sv
stages(const char *text, int rule_line, bool counted)
{
	struct rule r = { .line = rule_line };
	struct stages l = { .a = &stock_arena };
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;
	sv out;

	stock_write("r.yml", sv_str(text));
	r.file = sv_str(stock_path("r.yml"));
	ck_assert_msg(sigmastage_take(&l, counted ? &env : NULL, &r, 2, 5, &e),
	    "%s", e.msg);
	for (size_t i = 0; i < l.n; i++) {
		if (l.v[i].of.n)
			buf_printf(&b, "%.*s: ", SV_ARG(l.v[i].of));
		buf_printf(&b, "%.*s ", SV_ARG(l.v[i].what));
		put(&b, l.v[i].in);
		buf_byte(&b, '>');
		put(&b, l.v[i].out);
		buf_lit(&b, "; ");
	}
	for (size_t k = 0; counted && k < l.nways; k++)
		if (l.way[k].zero != SIZE_MAX)
			buf_printf(&b, "! %.*s %.*s; ", SV_ARG(l.way[k].name),
			    SV_ARG(l.v[l.way[k].zero].what));
	out = arena_sv(&stock_arena, buf_sv(&b));
	buf_release(&b);
	return out;
}

#define WEB "title: t\nlogsource: {category: webserver}\ndetection:\n"

static const struct {
	const char *text, *want;
} rows[] = {
	{ WEB " s: {sc-status: [404, 500], cs-uri-stem: /b}\n condition: s",
	    "t: rows of request ?>4; selection s: sc-status: 404, 500 4>4; "
	    "cs-uri-stem: /b 4>2; condition: s 4>2; " },
	{ WEB " s: {sc-status: 404, cs-uri-stem: /x}\n f: {sc-status: 500}\n"
	    " condition: s and not f", "t: rows of request ?>4; "
	    "selection s: sc-status: 404 4>3; cs-uri-stem: /x 3>0; "
	    "selection f: sc-status: 500 4>1; "
	    "condition: s and not f 4>0; ! t cs-uri-stem: /x; " },
	/* what a filter leaves out is no reason, nor one of several */
	{ WEB " a: {sc-status: 1}\n b: {sc-status: 2}\n f: {sc-status: 3}\n"
	    " condition: (a or b) and not f", "t: rows of request ?>4; "
	    "selection a: sc-status: 1 4>0; selection b: sc-status: 2 4>0; "
	    "selection f: sc-status: 3 4>0; "
	    "condition: (a or b) and not f 4>0; "
	    "! t (a or b) and not f; " },
	{ WEB " a1: {sc-status: 1}\n a2: {sc-status: 404}\n"
	    " condition: 1 of a*", "t: rows of request ?>4; "
	    "selection a1: sc-status: 1 4>0; selection a2: sc-status: 404 4>3; "
	    "condition: 1 of a* 4>3; " },
	{ WEB " a1: {sc-status: 404}\n a2: {sc-status: 1}\n"
	    " condition: all of a*", "t: rows of request ?>4; "
	    "selection a1: sc-status: 404 4>3; selection a2: sc-status: 1 4>0; "
	    "condition: all of a* 4>0; ! t sc-status: 1; " },
	/* keywords, maps of which one must fit */
	{ WEB " k: [/a, /b]\n m: [{sc-status: 404}, {sc-status: 1}]\n"
	    " condition: k and m", "t: rows of request ?>4; "
	    "selection k: /a, /b 4>3; selection m: one of several maps 4>3; "
	    "condition: k and m 4>2; " },
	{ WEB " s: {sc-status: [1, 2, 3, 4, 5, 6, 7], path: null}\n"
	    " condition: s", "t: rows of request ?>4; selection s: sc-status: "
	    "1, 2, 3, 4, 5 and 2 more 4>0; path: null 0>0; condition: s 4>0; "
	    "! t sc-status: 1, 2, 3, 4, 5 and 2 more; " },
	/* the table that has the field */
	{ WEB " s: {cs-user-agent: curl}\n condition: s",
	    "t: rows of access ?>1; selection s: cs-user-agent: curl 1>1; "
	    "condition: s 1>1; " },
	{ "title: t\nlogsource: {category: dns}\ndetection: {s: {a: b}, "
	    "condition: s}", "t: no source has its log source ?>?; " },
};

START_TEST(counted)
{
	ck_sv(stages(rows[_i].text, 1, true), sv_str(rows[_i].want));
}
END_TEST

START_TEST(not_counted)
{
	ck_sv_lit(stages(rows[0].text, 1, false),
	    "t: rows of request ?>?; selection s: sc-status: 404, 500 ?>?; "
	    "cs-uri-stem: /b ?>?; condition: s ?>?; ");
}
END_TEST

#define DOC(name) "---\ntitle: " name "\nname: " name "\nlogsource: " \
	"{category: webserver}\ndetection: {s: {sc-status: 404}, condition: s}\n"

/* Of a file with several rules only the documents of the one that is asked. */
START_TEST(parts_of_a_file)
{
	static const char text[] = "title: c\ncorrelation: {type: event_count, "
	    "rules: [a], timespan: 1m, condition: {gte: 1}}\n" DOC("a")
	    DOC("b");

	ck_sv_lit(stages(text, 1, true), "a: rows of request ?>4; "
	    "selection s: sc-status: 404 4>3; condition: s 4>3; ");
	ck_sv_lit(stages(text, 9, true), "b: rows of request ?>4; "
	    "selection s: sc-status: 404 4>3; condition: s 4>3; ");
}
END_TEST

/* A chain over rules of another file, one of which is filtered in a third. */
START_TEST(parts_in_other_files)
{
	sv part[2];
	struct rule r = { .line = 1, .part = part, .nparts = 2 };
	struct stages l = { .a = &stock_arena };
	struct err e = ERR_INIT;

	stock_write("r.yml", SV("title: c\ncorrelation: {type: temporal, rules: "
	    "[many, b], timespan: 1m}\n---\ntitle: m\nname: many\n"
	    "correlation: {type: event_count, rules: [a], timespan: 1m, "
	    "condition: {gte: 2}}\n---\ntitle: other\ncorrelation: {type: "
	    "temporal, rules: [nowhere], timespan: 1m}\n"));
	stock_write("p.yml", SV(DOC("a") DOC("b")));
	stock_write("f.yml", SV("title: F\nlogsource: {category: webserver}\n"
	    "filter: {rules: [b], s: {cs-uri: /c}, condition: not s}\n"));
	r.file = sv_str(stock_path("r.yml"));
	part[0] = sv_str(stock_path("p.yml"));
	part[1] = sv_str(stock_path("f.yml"));
	ck_assert_msg(sigmastage_take(&l, &env, &r, 2, 5, &e), "%s", e.msg);
	ck_assert_uint_eq(l.n, 7);
	ck_sv_lit(l.v[0].of, "a");
	ck_sv_lit(l.v[3].of, "b");
	ck_sv_lit(l.v[6].of, "filter F");
	ck_sv_lit(l.v[6].what, "not s");
	ck_assert(l.v[6].in == 3 && l.v[6].out == 2);
}
END_TEST

START_TEST(no_file)
{
	const struct rule r = { .file = SV("/nowhere.yml") };
	struct stages l = { .a = &stock_arena };
	struct err e = ERR_INIT;

	ck_assert(!sigmastage_take(&l, NULL, &r, 0, 0, &e));
	ck_assert(sv_has(sv_str(e.msg), SV("/nowhere.yml")));
}
END_TEST

Suite *
test_sigmastage(void)
{
	Suite *s = suite_create("sigmastage");
	TCase *t = tcase_create("sigmastage");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, counted, rows);
	tcase_add_test(t, not_counted);
	tcase_add_test(t, parts_of_a_file);
	tcase_add_test(t, parts_in_other_files);
	tcase_add_test(t, no_file);
	suite_add_tcase(s, t);
	return s;
}
