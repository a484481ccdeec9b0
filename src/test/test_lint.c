/* SPDX-License-Identifier: MIT */
/* What can be wrong with a rule file, and where it is said to be. */
#include "detect/lint.h"

#include "test/ck.h"
#include "test/stock.h"

Suite *test_lint(void);

static struct lint l;
static struct buf out;

static void
setup(void)
{
	struct err e = ERR_INIT;

	stock_setup();
	out = (struct buf)BUF_INIT;
	ck_assert_msg(lint_open(&l, &stock_arena, false, &out, &e), "%s",
	    e.msg);
}

static void
teardown(void)
{
	lint_close(&l);
	buf_release(&out);
	stock_teardown();
}

static void
lint_text(const char *name, const char *text)
{
	lint_file(&l, (struct rule_file){ sv_str(name), sv_str(text) });
}

/* The only line of output, after the file's name, starts with `want`. */
static void
check_line(const char *name, const char *want)
{
	sv line = buf_sv(&out);

	ck_assert_msg(sv_skip_lit(&line, sv_str(name)) &&
	    sv_starts(line, sv_str(want)), "got '%.*s', want '%s%s'",
	    SV_ARG(buf_sv(&out)), name, want);
	ck_assert_uint_eq(sv_count_byte(line, '\n'), 1);
}

/* --- SQL rules --- */

/* Five lines; the statement starts in the sixth. */
#define HEAD "-- id: A\n-- title: T\n-- level: low\n" \
	"-- sources: heroku_router\n"
#define ARM "-- arm: a window=1m\n"
#define COLUMNS "'k' AS key, ts, rec, hash, nth, 1 AS metric, 1 AS fire"
#define FROM " FROM requests WHERE ts BETWEEN :from AND :to"

static const struct {
	const char *text, *want;
} sql_errors[] = {
	/* the header */
	{ "", ":1:1: 'id' is missing" },
	{ "-- id: A\n", ":1:1: 'title' is missing" },
	{ "-- id: A\n-- title: T\n", ":1:1: 'level' is missing" },
	{ "-- id: A\n-- title: T\n-- level: low\n", ":1:1: an active rule "
	    "needs an arm" },
	{ "-- id: A\n-- title: T\n-- level: low\n" ARM, ":1:1: an active rule "
	    "needs sources" },
	{ HEAD ARM, ":1:1: the SELECT is missing" },
	{ "-- id: A\n-- title: T\n-- level: low\n-- status: planned\n",
	    ":1:1: a planned rule needs a reason" },
	{ HEAD "-- status: planned\n-- reason: r\nSELECT 1\n",
	    ":7:1: a planned rule has no SELECT" },
	{ "-- id: A\n-- title: T\n-- id: B\n", ":3:4: key stands twice: 'id'" },
	{ "-- id: A\n-- titel: T\n", ":2:4: unknown key 'titel'" },
	{ "-- id: A\n--\n-- title: T\n-- x\n", ":4:4: expected 'key: value'" },
	{ "--   id: A\n", ":1:6: expected 'key: value'" },
	{ "-- id: A/B\n", ":1:8: 'A/B' is no id" },
	{ "-- level: urgent\n", ":1:11: 'urgent' is no level" },
	{ "-- route: asap\n", ":1:11: 'asap' is no route" },
	{ "-- suppress: 10\n", ":1:14: '10' is no duration" },
	{ "-- status: off\n", ":1:12: 'off' is no status" },
	{ "-- kind: rule\n", ":1:10: 'rule' is no kind" },
	{ "-- sources: heroku_router, nginx\n", ":1:28: 'nginx' is no source" },
	{ "-- sources: heroku_router,\n--   heroku_app,\n--   nginx\n",
	    ":3:6: 'nginx' is no source" },
	{ "-- fallback: x\n", ":1:14: 'x' is no source" },
	{ "-- site: host, hosts\n", ":1:16: 'hosts' is no fact of site.yml" },
	{ "-- params: a=1 b\n", ":1:16: expected name=value at 'b'" },
	{ "-- params: a=1 b=many\n", ":1:18: no number: 'many'" },
	{ "-- params: a=1\n--   a=2\n", ":2:6: parameter stands twice: 'a'" },
	{ "-- params: to=1\n", ":1:12: no parameter name: 'to'" },
	{ "-- params: 1st=1\n", ":1:12: no parameter name: '1st'" },
	{ "-- params: a-b=1\n", ":1:12: no parameter name: 'a-b'" },
	{ "-- arm: a/b window=1m\n", ":1:9: no arm name: 'a/b'" },
	{ "-- arm: a\n", ":1:9: no window= in arm 'a'" },
	{ "-- arm: a window=1m\n-- arm: a window=2m\n",
	    ":2:9: arm stands twice: 'a'" },
	{ "-- arm: a window=1y\n", ":1:18: no duration such as 10m: '1y'" },
	{ "-- arm: a window=1m threshold=fast\n", ":1:31: no parameter (params "
	    "come before arms): 'fast'" },
	{ "-- arm: a window=1m\n--     treshold=fast\n",
	    ":2:8: unknown word of an arm: 'treshold'" },
	{ "-- arm: a window=1m\n--     key='client\n",
	    ":2:12: no closing quote after ''client'" },
	{ "-- arm: a window=1m level=hihg\n", ":1:27: unknown level 'hihg'" },
	{ "-- arm: a baseline=always\n", ":1:20: baseline can only be never" },
	{ "-- arm: a window=1m on=off\n", ":1:24: 'off' is neither sources" },
	{ "-- arm: a window=1m needs=nginx\n", ":1:27: 'nginx' is no source" },
	{ "-- scan: request\n", ":1:17: expected a reason in single quotes" },
	{ "-- scan: re/quest 'why'\n", ":1:10: no table name: 're/quest'" },
	/* parameters */
	{ HEAD "-- params: x=1\n" ARM "SELECT 1 AS a, " COLUMNS FROM,
	    ":5:12: the statement never uses parameter 'x'" },
	{ HEAD "-- site: host, apps\n" ARM "SELECT :host, " COLUMNS FROM,
	    ":5:16: the statement never uses site fact 'apps'" },
	{ HEAD ARM "SELECT 1,\n\t:fast, " COLUMNS FROM,
	    ":7:2: undeclared parameter ':fast'" },
	{ HEAD ARM "SELECT " COLUMNS ", 1\nAS zzz FROM requests",
	    ":7:4: unknown column 'zzz': expected arm, key" },
	{ HEAD ARM "SELECT " COLUMNS ", (SELECT zzz\nFROM (SELECT 1 AS zzz)) "
	    "AS\nzzz FROM requests", ":8:1: unknown column 'zzz'" },
	{ HEAD ARM "SELECT " COLUMNS ",\n2 AS metric FROM requests", ":7:6: the column "
	    "'metric' stands twice" },
	{ HEAD ARM "SELECT " COLUMNS ",\n(SELECT 1 FROM "
	    "pragma_table_info('str')) AS note FROM requests",
	    ":7:16: not authorized to use 'pragma_table_info'" },
	{ HEAD ARM "SELECT ?1", ":6:8: undeclared parameter '?1'" },
	{ HEAD ARM "SELECT ?", ":6:8: undeclared parameter '?'" },
	{ HEAD ARM "SELECT @from", ":6:8: parameters are written :name, not "
	    "'@from'" },
	{ HEAD ARM "SELECT $to", ":6:8: parameters are written :name, not" },
	{ HEAD "-- site: host\n-- params: host=1\n" ARM "SELECT :host",
	    ":6:12: both parameter and site fact: 'host'" },
	/* bytes */
	{ "-- id: A\n-- title: T\xff\n", ":2:12: a byte that is no UTF-8" },
	{ HEAD ARM "SELECT '\xc3' AS key", ":6:9: a byte that is no UTF-8" },
	/* the statement by its text */
	{ HEAD ARM "\n-- c\n SELECT 'k", ":8:9: no closing quote after ''k'" },
	{ HEAD ARM "SELECT 1 /* c", ":6:10: the comment has no end" },
	{ HEAD ARM "INSERT INTO str VALUES (1, 'x')",
	    ":6:1: expected one SELECT, not 'INSERT'" },
	{ HEAD ARM "\nPRAGMA query_only = 0", ":7:1: expected one SELECT, not "
	    "'PRAGMA'" },
	{ HEAD ARM "ATTACH 'x' AS x", ":6:1: expected one SELECT, not" },
	{ HEAD ARM "WITH x AS (SELECT 1)\nDELETE FROM str",
	    ":7:1: expected one SELECT, not 'DELETE'" },
	{ HEAD ARM "EXPLAIN SELECT 1", ":6:1: expected one SELECT, not" },
	{ HEAD ARM "SELECT date('now') AS key", ":6:13: another time at every "
	    "run (use :to): ''now''" },
	{ HEAD ARM "SELECT CURRENT_TIMESTAMP", ":6:8: another time at every "
	    "run" },
	{ HEAD ARM "SELECT time(ts / 1e6, 'unixepoch', 'localtime')",
	    ":6:36: depends on the time zone of the machine" },
	{ HEAD ARM "SELECT 1 FROM requests WHERE path REGEXP 'a(b'",
	    ":6:46: pattern, byte 3: missing closing parenthesis" },
	{ HEAD ARM "SELECT 1 FROM requests WHERE ip_in(client, '10.0.0.1/8')",
	    ":6:44: no network: ''10.0.0.1/8''" },
	/* the statement compiled */
	{ HEAD ARM "SELECT 1 AS a, " COLUMNS FROM ";\n-- two\nSELECT 2",
	    ":8:1: more than one statement" },
	{ HEAD ARM "SELECT " COLUMNS "\nFORM requests",
	    ":7:1: near \"FORM\": syntax error" },
	{ HEAD ARM "SELECT 1,\n  2 +\n", ":7:6: incomplete input" },
	{ HEAD ARM "SELECT 'k' AS key,\n  statsu FROM requests",
	    ":7:3: no such column: statsu" },
	{ HEAD ARM "WITH x AS (SELECT ts\n  FROM request)\nSELECT x.rec FROM x",
	    ":8:8: no such column: x.rec" },
	{ HEAD ARM "SELECT 1\nFROM reqeusts", ":7:6: no such table: reqeusts" },
	{ HEAD ARM "SELECT 1 FROM requests\nWHERE lowre(path) = 'x'",
	    ":7:7: no such function: lowre" },
	{ HEAD ARM "SELECT 1 FROM requests\nWHERE lower(path, 1) = 'x'",
	    ":7:7: wrong number of arguments to function lower()" },
	{ HEAD ARM "SELECT 1 FROM requests\nWHERE random() > 5",
	    ":7:7: not authorized to use function: random" },
	{ HEAD ARM "SELECT hex(\nrandomblob(9))",
	    ":7:1: not authorized to use function: randomblob" },
	{ HEAD ARM "SELECT sqlite_version()",
	    ":6:8: not authorized to use function: sqlite_version" },
	{ HEAD ARM "SELECT name\nFROM sqlite_schema",
	    ":7:6: access to sqlite_master.name is prohibited" },
	{ HEAD ARM "SELECT 1 FROM requests\nGROUP BY count(*)",
	    ":7:1: aggregate functions are not allowed" },
	{ HEAD ARM "SELECT 1, 2\nUNION SELECT 1", ":7:1: SELECTs to the left" },
	{ HEAD ARM "SELECT ts FROM requests,\naccess_lines",
	    ":6:8: ambiguous column name: ts" },
	{ HEAD ARM "SELECT 'k' AS key, ts, rec, hash, nth, 1 AS metric" FROM,
	    ":6:1: the statement lacks the column 'fire'" },
	{ HEAD ARM "WITH x AS (SELECT 1)\nSELECT 1 AS fire",
	    ":7:1: the statement lacks the column 'key'" },
	{ HEAD ARM "-- arm: b window=2m\nSELECT 'a', 'b', " COLUMNS FROM,
	    ":7:1: the statement lacks the column 'arm'" },
};

START_TEST(sql_error)
{
	lint_text("r.sql", sql_errors[_i].text);
	check_line("r.sql", sql_errors[_i].want);
	ck_assert(l.errors == 1 && l.warnings == 0);
}
END_TEST

static const char *const sql_good[] = {
	HEAD ARM "SELECT " COLUMNS FROM,
	HEAD ARM "\n\n-- why\nSELECT 'a' AS arm, " COLUMNS FROM " ; -- end\n",
	/* CRLF, BOM, blanks and tabs */
	"\xef\xbb\xbf-- id: A\r\n-- title: T\r\n-- level: low\r\n"
	    "-- sources: heroku_router,\r\n--   heroku_app\r\n"
	    "-- arm: a window=1m\r\n\r\nSELECT " COLUMNS FROM "\r\n",
	"\n--\tid: A\n--\n-- title: T\n-- level:low\n--\tsources:\theroku_app\n"
	    "-- arm: a\n--\t\twindow=1m\n--\t\tkey='c'\n\tSELECT\t" COLUMNS FROM,
	"-- id: A\n-- title: T: \xc3\xa4\n-- level: low\n-- status: planned\n"
	    "-- reason: r\n",
	HEAD "-- scan: request 'all of it'\n" ARM "SELECT " COLUMNS
	    " FROM requests",
	HEAD "-- params: x=1\n-- site: apps\n" ARM "SELECT " COLUMNS FROM
	    " AND :x < 1 AND app IN (SELECT value FROM json_each(:apps))",
};

START_TEST(sql_accepted)
{
	lint_text("r.sql", sql_good[_i]);
	ck_sv_lit(buf_sv(&out), "");
	ck_assert(l.rules == 1 && l.errors == 0 && l.warnings == 0);
}
END_TEST

START_TEST(nul_byte)
{
	static const char text[] = HEAD ARM "SELECT 1\0 FROM x";

	lint_file(&l, (struct rule_file){ SV("r.sql"), SV(text) });
	check_line("r.sql", ":6:9: a NUL byte");
}
END_TEST

/* --- warnings of SQL rules --- */

static const struct {
	const char *text, *want;
} sql_warnings[] = {
	{ HEAD ARM "SELECT " COLUMNS "\nFROM requests",
	    ":7:6: warning: full scan of request: bound ts with :from/:to" },
	{ HEAD ARM "SELECT " COLUMNS "\nFROM requests UNION ALL SELECT "
	    COLUMNS " FROM requests", ":7:6: warning: full scan of request" },
	{ HEAD ARM "WITH x AS (SELECT * FROM requests WHERE ts < :to),\n"
	    "y AS (SELECT 1 FROM\n'x' requests)\nSELECT " COLUMNS FROM
	    " AND 1 NOT IN (SELECT\nmax(status) FROM requests)",
	    ":9:68: warning: full scan of request" },
	{ HEAD ARM "WITH x AS MATERIALIZED (\n  SELECT * FROM waitlist_signups)"
	    ",\ny AS (SELECT * FROM x)\nSELECT " COLUMNS " FROM y",
	    ":7:17: warning: full scan of dump_waitlist_signups" },
	{ HEAD ARM "WITH x AS (SELECT client FROM\nrequests),\ny AS (SELECT * "
	    "FROM requests WHERE ts BETWEEN :from AND :to AND client IN "
	    "(SELECT client FROM x))\nSELECT " COLUMNS " FROM y",
	    ":7:1: warning: full scan of request" },
	{ HEAD "-- scan: app 'x'\n" ARM "SELECT " COLUMNS FROM,
	    ":5:1: warning: no full scan of app: the line is not needed" },
	{ HEAD ARM "-- arm: b window=2m\nSELECT 'a' AS arm, " COLUMNS FROM,
	    ":6:1: warning: the statement never says 'b'" },
	{ HEAD ARM "SELECT " COLUMNS "\nFROM csv_x",
	    ":7:6: warning: no such table: csv_x: not checked" },
};

START_TEST(sql_warning)
{
	lint_text("r.sql", sql_warnings[_i].text);
	check_line("r.sql", sql_warnings[_i].want);
	ck_assert(l.errors == 0 && l.warnings == 1);
}
END_TEST

/* --- Sigma rules --- */

#define WEB "title: t\nlogsource: {category: webserver}\ndetection:\n"
#define CORR "title: t\ncorrelation:\n  type: "
#define BASE "\n---\ntitle: b\nname: b\nlogsource: {category: webserver}\n" \
	"detection: {s: {sc-status: 404}, condition: s}\n"

static const struct {
	const char *text, *want;
} sigma_errors[] = {
	/* YAML */
	{ "a: [1, 2\nb: 3\n", ":2:2: did not find expected ',' or ']'" },
	{ "title: t\n\tlevel: low\n", ":2:1: found a tab character" },
	{ "title: t\ntitle: u\n", ":2:1: key 'title' stands twice" },
	{ WEB "  s: &x {path: a}\n", ":4:6: anchors are not allowed" },
	{ WEB "  s: *x\n", ":4:6: aliases are not allowed" },
	{ WEB "  s: !!str a\n", ":4:6: tags are not allowed" },
	{ "title: \xff\n", ":1:8: invalid leading UTF-8 octet" },
	{ "title: 'a\n", ":2:1: found unexpected end of stream" },
	/* documents */
	{ "", ":1:1: no document" },
	{ "- a\n", ":1:1: a Sigma document must be a map" },
	{ "level: low\n", ":1:1: 'title' is missing" },
	{ "title: t\n", ":1:1: " },
	{ "title: t\ndetection: {s: {path: x}, condition: s}\n",
	    ":1:1: 'logsource' is missing" },
	{ "title: t\nlogsource: [{category: webserver}]\ndetection: {s: "
	    "{path: x}, condition: s}\n", ":2:12: 'logsource' must be a map" },
	{ "title: [t]\nlogsource: {category: webserver}\ndetection: {s: "
	    "{path: x}, condition: s}\n", ":1:8: 'title' must be a text" },
	{ "title: t\nlogsource: {category: webserver}\ndetection: x\n",
	    ":3:12: 'detection' must be a map" },
	{ WEB "  s: {path: x}\n", ":4:3: 'condition' is missing" },
	{ "action: global\ntitle: t\n", ":1:1: " },
	{ WEB "  s: {path: x}\n  condition: s\nlevel: hihg\n",
	    ":6:8: unknown level 'hihg'" },
	/* selections */
	{ WEB "  s: {}\n  condition: s\n", ":4:6: the selection is empty" },
	{ WEB "  s: []\n  condition: s\n", ":4:6: the selection is empty" },
	{ WEB "  s:\n    path: []\n  condition: s\n",
	    ":5:11: the list is empty" },
	{ WEB "  s:\n    path:\n      - a\n      - null\n  condition: s\n",
	    ":7:9: null may not stand in a list" },
	{ WEB "  s:\n    path: {a: b}\n  condition: s\n",
	    ":5:11: a value or a list of values is expected" },
	{ WEB "  s:\n    path|contians: a\n  condition: s\n",
	    ":5:10: unknown modifier 'contians'" },
	{ WEB "  s:\n    path|contains|gt: 1\n  condition: s\n", ":5:19: " },
	{ WEB "  s:\n    path|contains|re: x\n  condition: s\n", ":5:19: " },
	{ WEB "  s:\n    path|exists: x\n  condition: s\n",
	    ":5:18: 'exists' takes true or false" },
	{ WEB "  s:\n    path|re: '[z-a]'\n  condition: s\n",
	    ":5:18: pattern, byte 3: range out of order" },
	{ WEB "  s:\n    path|re|i: ab(\n  condition: s\n",
	    ":5:19: pattern, byte 3: missing closing parenthesis" },
	{ WEB "  s:\n    path|re: \"\\\\d(\"\n  condition: s\n",
	    ":5:19: pattern, byte 3: missing closing parenthesis" },
	{ WEB "  s:\n    path|re:\n      - ok\n      - 'x{2'\n      - '''a('\n"
	    "  condition: s\n", ":8:14: pattern, byte 3: missing closing" },
	{ WEB "  s:\n    c-ip|cidr: 10.1.2.0/22\n  condition: s\n",
	    ":5:16: '10.1.2.0/22' is no network" },
	{ WEB "  s:\n    c-ip|cidr: [10.0.0.0/8, nowhere]\n  condition: s\n",
	    ":5:29: 'nowhere' is no network" },
	{ WEB "  s:\n    sc-status|lt: many\n  condition: s\n",
	    ":5:19: 'many' is no number" },
	{ WEB "  s:\n    sc-status|gte: null\n  condition: s\n",
	    ":5:20: null takes no modifier" },
	/* conditions */
	{ WEB "  s: {path: x}\n  condition: t\n",
	    ":5:14: no selection is called 't'" },
	{ WEB "  s: {path: x}\n  condition: s and\n    not tt\n",
	    ":6:9: no selection is called 'tt'" },
	{ WEB "  s: {path: x}\n  condition: 's or (not tt)'\n",
	    ":5:25: no selection is called 'tt'" },
	{ WEB "  s: {path: x}\n  condition: s AND s\n",
	    ":5:16: write in lower case: 'AND'" },
	{ WEB "  s: {path: x}\n  condition: (s or s\n",
	    ":5:21: ')' is missing" },
	{ WEB "  s: {path: x}\n  condition: s or s)\n", ":5:20: no '(' for" },
	{ WEB "  s: {path: x}\n  condition: s s\n",
	    ":5:16: 'and' or 'or' is missing before 's'" },
	{ WEB "  s: {path: x}\n  condition: s and\n",
	    ":5:19: the condition ends too early" },
	{ WEB "  s: {path: x}\n  condition: 2 of s*\n",
	    ":5:14: only '1 of', 'any of' and 'all of' are known" },
	{ WEB "  s: {path: x}\n  condition: s and not 1 of filter_*\n",
	    ":5:29: no selection fits 'filter_*'" },
	{ WEB "  s: {path: x}\n  condition: s | count() > 5\n",
	    ":5:16: the pipe form of conditions is gone" },
	{ WEB "  s: {path: x}\n  not: {path: y}\n  condition: s\n",
	    ":5:3: a word of conditions names no selection: 'not'" },
	{ WEB "  s: {path: x}\n  timeframe: 5m\n  condition: s\n",
	    ":5:3: gone from Sigma 2" },
	{ WEB "  s: {path: x}\n  condition: {s: t}\n",
	    ":5:14: 'condition' must be a text" },
	{ WEB "  s: {path: x}\n  condition: ''\n",
	    ":5:15: the condition ends too early" },
	/* correlations */
	{ CORR "evnt_count\n  rules: [b]\n  timespan: 1m\n  condition: {gte: 1}"
	    BASE, ":3:9: correlation type 'evnt_count' is not supported" },
	{ "title: t\ncorrelation:\n  rules: [b]\n  timespan: 1m\n" BASE,
	    ":3:3: 'type' is missing" },
	{ CORR "event_count\n  rules: [b]\n  timespan: soon\n"
	    "  condition: {gte: 1}" BASE, ":5:13: 'timespan' must be" },
	{ CORR "event_count\n  rules: [b]\n  condition: {gte: 1}" BASE,
	    ":3:3: 'timespan' must be" },
	{ CORR "event_count\n  timespan: 1m\n  condition: {gte: 1}" BASE,
	    ":3:3: 'rules' must name rules" },
	{ CORR "event_count\n  rules: [b, c]\n  timespan: 1m\n"
	    "  condition: {gte: 1}" BASE, ":4:14: no rule 'c' in this file" },
	{ CORR "event_count\n  rules: [{b: b}]\n  timespan: 1m\n"
	    "  condition: {gte: 1}" BASE, ":4:11: the id or name of a rule" },
	{ CORR "event_count\n  rules: [b]\n  timespan: 1m\n"
	    "  condition: {gte: 10, lte: 1}" BASE,
	    ":6:14: no number keeps both bounds" },
	{ CORR "event_count\n  rules: [b]\n  timespan: 1m\n"
	    "  condition: {gt: 1, lte: 1}" BASE,
	    ":6:14: no number keeps both bounds" },
	{ CORR "event_count\n  rules: [b]\n  timespan: 1m\n"
	    "  condition: {eq: 1, neq: 1}" BASE,
	    ":6:14: no number keeps both bounds" },
	{ CORR "event_count\n  rules: [b]\n  timespan: 1m\n  condition: {}" BASE,
	    ":6:14: a bound is missing" },
	{ CORR "event_count\n  rules: [b]\n  timespan: 1m\n"
	    "  condition: {gte: many}" BASE, ":6:20: 'gte' must be a number" },
	{ CORR "event_count\n  rules: [b]\n  timespan: 1m\n"
	    "  condition: {least: 1}" BASE, ":6:15: unknown key 'least'" },
	{ CORR "value_count\n  rules: [b]\n  timespan: 1m\n"
	    "  condition: {gte: 1}" BASE, ":6:14: 'field' is missing" },
	{ CORR "event_count\n  rules: [b]\n  timespan: 1m\n  window: 1m\n"
	    "  condition: {gte: 1}" BASE, ":6:3: unknown key 'window'" },
	/* what is ours */
	{ WEB "  s: {path: x}\n  condition: s\nraxx:\n  id: A\n  rout: digest\n",
	    ":8:3: unknown key 'rout'" },
	{ WEB "  s: {path: x}\n  condition: s\nraxx:\n  id: A\n  route: asap\n",
	    ":8:10: 'asap' is no route" },
	{ WEB "  s: {path: x}\n  condition: s\nraxx:\n  id: A\n"
	    "  sources: [heroku_router, nginx]\n",
	    ":8:28: 'nginx' is no source" },
	{ WEB "  s: {path: x}\n  condition: s\nraxx:\n  id: A\n"
	    "  suppress: long\n", ":8:13: 'long' is no duration" },
	{ WEB "  s: {path: x}\n  condition: s\nraxx: 5\n",
	    ":6:7: 'raxx' must be a map" },
	{ CORR "event_count\n  rules: [b]\n  timespan: 1m\n"
	    "  condition: {gte: 1}\nraxx: {id: A}" BASE "raxx: {route: digest}",
	    ":13:8: belongs into the first document: 'route'" },
	{ WEB "  s: {cs-cookie: x}\n  condition: s\nraxx: {id: A}\n",
	    ":4:7: field cs-cookie unavailable" },
	{ "title: t\nlogsource:\n  category: dns\ndetection: {s: {a: b}, "
	    "condition: s}\nraxx: {id: A}\n",
	    ":3:3: no source for log source category 'dns'" },
	{ CORR "event_count\n  rules: [b]\n  group-by: [c-ip, nope]\n"
	    "  timespan: 1m\n  condition: {gte: 1}\nraxx: {id: A}" BASE,
	    ":5:20: field nope unavailable" },
	{ CORR "event_count\n  rules: [b]\n  timespan: 1m\n"
	    "  condition: {gte: 1}\nraxx: {id: A, arm: x}\n---\ntitle: u\n"
	    "raxx: {arm: x}\ncorrelation:\n  type: event_count\n  rules: [b]\n"
	    "  timespan: 2m\n  condition: {gte: 2}" BASE,
	    ":10:13: arm 'x' stands twice" },
};

START_TEST(sigma_error)
{
	lint_text("r.yml", sigma_errors[_i].text);
	check_line("r.yml", sigma_errors[_i].want);
	ck_assert(l.errors == 1 && l.warnings == 0);
}
END_TEST

static const struct {
	const char *text, *want;
} sigma_warnings[] = {
	{ WEB "  s: {cs-cookie: x}\n  condition: s\n",
	    ":4:7: warning: it will not run: field cs-cookie unavailable" },
	{ "title: t\nlogsource: {category: dns}\ndetection: {s: {a: b}, "
	    "condition: s}\n", ":2:12: warning: it will not run: no source" },
};

START_TEST(sigma_warning)
{
	lint_text("r.yml", sigma_warnings[_i].text);
	check_line("r.yml", sigma_warnings[_i].want);
	ck_assert(l.errors == 0 && l.warnings == 1);
}
END_TEST

/* The same with `strict`, as for a catalog of our own. */
START_TEST(strict)
{
	l.strict = true;
	lint_text("r.yml", sigma_warnings[0].text);
	check_line("r.yml", ":4:7: field cs-cookie unavailable");
	ck_assert(l.errors == 1 && l.warnings == 0);
}
END_TEST

START_TEST(ids_stand_once)
{
	lint_text("a.sql", sql_good[0]);
	lint_text("b.sql", sql_good[0]);
	check_line("b.sql", ":1:8: rule 'A' is already in a.sql");
	ck_assert(l.files == 2 && l.rules == 2 && l.errors == 1);
	buf_clear(l.out);
	lint_text("c.yml", WEB "  s: {path: x}\n  condition: s\nraxx:\n"
	    "  id: A\n");
	check_line("c.yml", ":7:7: rule 'A' is already in a.sql");
	buf_clear(l.out);
	lint_text("d.yml", "description: d\n" WEB "  s: {path: x}\n"
	    "  condition: s\nid: A\n");
	check_line("d.yml", ":7:5: rule 'A' is already in a.sql");
}
END_TEST

/* Each file has its lines, in the order of the files. */
START_TEST(files_together)
{
	const char *path[3];

	stock_write("a.yml", SV("title: c\ncorrelation: {type: event_count, "
	    "rules: [b], timespan: 1m, condition: {gte: 2}}\n---\ntitle: d\n"
	    "logsource: {category: dns}\ndetection: {s: {q: x}, condition: s}"
	    "\n"));
	stock_write("b.yml", SV("title: b\nname: b\nlogsource: {category: "
	    "webserver}\ndetection: {s: {path: x}, condition: t}\n"));
	stock_write("f.yml", SV("title: f\nlogsource: {category: webserver}\n"
	    "filter: {rules: any, s: {path: y}, condition: s}\n"));
	for (size_t i = 0; i < countof(path); i++)
		path[i] = stock_path(i == 0 ? "a.yml" : i == 1 ? "b.yml" :
		    "f.yml");
	lint_paths(&l, path, 3);
	ck_assert(l.files == 3 && l.rules == 0 && l.warnings == 1);
	ck_assert_uint_eq(l.errors, 1);
	ck_assert(sv_ends(buf_sv(&out), SV("'not' is missing?\n")));
	ck_assert(sv_has(buf_sv(&out), SV("b.yml:4:38: no selection is called "
	    "'t'\n")));
}
END_TEST

START_TEST(other_files)
{
	lint_text("r.txt", "x");
	check_line("r.txt", ":1:1: neither .yml, .yaml nor .sql");
	buf_clear(&out);
	lint_path(&l, stock_path("nowhere.sql"));
	ck_assert(sv_has(buf_sv(&out), SV("nowhere.sql: No such file")));
	ck_assert(l.files == 2 && l.errors == 2);
}
END_TEST

Suite *
test_lint(void)
{
	Suite *s = suite_create("lint");
	TCase *t = tcase_create("lint");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, sql_error, sql_errors);
	add_table(t, sql_accepted, sql_good);
	tcase_add_test(t, nul_byte);
	add_table(t, sql_warning, sql_warnings);
	add_table(t, sigma_error, sigma_errors);
	add_table(t, sigma_warning, sigma_warnings);
	tcase_add_test(t, strict);
	tcase_add_test(t, ids_stand_once);
	tcase_add_test(t, files_together);
	tcase_add_test(t, other_files);
	suite_add_tcase(s, t);
	return s;
}
