/* SPDX-License-Identifier: MIT */
/*
 * What a run finds is the same, to the byte, whether its statements run over the
 * rows that the pass found or over all: of every rule of the catalog, and of
 * Sigma rules, over logs made up at random of what they look for.
 */
#include "detect/sift.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/utc.h"
#include "detect/rule.h"
#include "detect/run.h"
#include "record/site.h"
#include "store/db.h"
#include "store/query.h"
#include "store/shadow.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_sift(void);

enum { LINES = 2500, SEEDS = 3, MANY = 20000 /* pages for two threads */ };

/* --- logs ----------------------------------------------------------------- */

static uint64_t state;

static uint32_t
random_below(uint32_t n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % n;
}

#define ONE_OF(list) (list)[random_below(countof(list))]

static const char *const path[] = { "/", "/login", "/assets/app.js",
	"/auth/passkey/begin", "/auth/passkey/finish?x=1", "/.env",
	"/api/beta/preview/Abcdefgh12345678/screens/one",
	"/api/beta/preview/Abcdefgh12345679/screens/two",
	"/api/beta/preview/Zbcdefgh12345670/nda",
	"/API/beta/preview/Zbcdefgh12345670/screens/%2e%2e/x",
	"/api/beta/preview", "/search?q=union%20select", "/wp-login.php",
	"/api/auth/passkey/begin", "/api/auth/passkey/finish/",
	"/x?id=1%27%20or%201=1", "/shop/admin/upload.jsp" };
static const char *const method[] = { "GET", "GET", "POST", "HEAD", "PUT" };
static const int status[] = { 200, 200, 200, 302, 401, 403, 404, 410, 499,
	500, 503 };
static const char *const agent[] = { "Mozilla/5.0 Chrome/122.0 Safari/537.36",
	"sqlmap/1.7", "curl/8.0", "" };
static const char *const event[] = { "auth.passkey.begin",
	"auth.passkey.finish", "session.created", "preview.request",
	"nda.accepted", "page.view", "register.begin" };
static const char *const outcome[] = { "ok", "invalid", "nda_required" };

static void
put_id(struct buf *b, uint32_t id)
{
	buf_printf(b, "%08x-0000-4000-8000-%012x", id * 2654435761u, id);
}

static void
put_router(struct buf *b, const char *app, uint32_t id)
{
	static const char *const code[] = { "H12", "H18", "H80", "H10" };
	int s = ONE_OF(status);
	bool bad = random_below(12) == 0;

	buf_printf(b, "heroku[router]: at=%s ", bad ? "error" : "info");
	if (bad)
		buf_printf(b, "code=%s desc=\"x\" ", ONE_OF(code));
	buf_printf(b, "method=%s path=\"%s\" host=%s.example request_id=",
	    ONE_OF(method), ONE_OF(path), app);
	put_id(b, id);
	buf_printf(b, " fwd=\"203.0.113.%u\" dyno=web.1 connect=1ms "
	    "service=%ums status=%d bytes=%u protocol=https\n",
	    random_below(9), random_below(90), bad ? 503 : s,
	    random_below(9000));
}

static void
put_app(struct buf *b, uint32_t id)
{
	switch (random_below(5)) {
	case 0:
		buf_printf(b, "app[web.1]: 203.0.113.%u - - "
		    "[12/Jun/2026:13:00:00 +0000] \"%s %s HTTP/1.1\" %d 12 "
		    "\"-\" \"%s\"\n", random_below(9), ONE_OF(method),
		    ONE_OF(path), ONE_OF(status), ONE_OF(agent));
		break;
	case 1:
		buf_printf(b, "app[worker.1]: plain words %u\n", id);
		break;
	default:
		buf_printf(b, "app[web.1]: {\"evt\":\"%s\",\"rid\":\"",
		    ONE_OF(event));
		put_id(b, random_below(3) ? id : id + 1);
		buf_printf(b, "\",\"ip\":\"203.0.113.%u\",\"id_h\":\"i%u\","
		    "\"user_h\":\"u%u\",\"known\":%s,\"outcome\":\"%s\"}\n",
		    random_below(9), random_below(40), random_below(5),
		    random_below(2) ? "true" : "false", ONE_OF(outcome));
	}
}

static void
put_platform(struct buf *b)
{
	static const char *const line[] = {
		"heroku[web.1]: State changed from up to down",
		"heroku[web.1]: State changed from starting to up",
		"heroku[run.12]: State changed from starting to up",
		"heroku[web.1]: Process exited with status 0",
		"app[api]: Release v12 created by user dev@example.com",
		"app[api]: Scaled to web@2:Standard-1X by user dev@example.com",
		"heroku[web.1]: source=web.1 dyno=heroku.1.2 "
		    "sample#memory_total=100.00MB",
		"heroku[web.1]: Error R14 (Memory quota exceeded)",
	};

	buf_printf(b, "%s\n", ONE_OF(line));
}

static sv
make_log(uint64_t seed, const char *app, uint32_t n)
{
	int64_t ts = utc_days(2026, 6, 10) * UTC_DAY;
	struct buf b = BUF_INIT;
	sv text;

	state = seed;
	for (uint32_t i = 0; i < n; i++) {
		ts += random_below(60) * UTC_SECOND + random_below(1000000);
		if (random_below(400) == 0)
			ts += 2 * UTC_HOUR;
		utc_write(&b, ts);
		buf_byte(&b, ' ');
		if (random_below(3))
			put_router(&b, app, i);
		else if (random_below(3))
			put_app(&b, i);
		else
			put_platform(&b);
	}
	text = arena_sv(&stock_arena, buf_sv(&b));
	buf_release(&b);
	return text;
}

/* --- runs ----------------------------------------------------------------- */

static sv
run(struct store *st, const struct catalog *c, const struct site *site,
    struct run_options opt)
{
	struct run_summary sum;
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;
	sv text;

	ck_assert_msg(run_eval(st, c, site, &opt, NULL, &out, &sum, &e), "%s",
	    e.msg);
	text = arena_sv(&stock_arena, buf_sv(&out));
	buf_release(&out);
	return text;
}

/* The first line that differs is told. */
static void
assert_same(sv plain, sv sifted)
{
	while (!sv_null(plain) || !sv_null(sifted)) {
		sv x = sv_cut(&plain, '\n'), y = sv_cut(&sifted, '\n');

		ck_assert_msg(sv_eq(x, y), "all rows:\n%.*s\nsifted:\n%.*s",
		    SV_ARG(sv_take(x, 1000)), SV_ARG(sv_take(y, 1000)));
	}
}

static size_t
count(sv text, sv what)
{
	size_t n = 0, at;

	while ((at = sv_find(text, what)) < text.n) {
		text = sv_skip(text, at + what.n);
		n++;
	}
	return n;
}

/* How many findings there are. */
static size_t
compare(struct store *st, const struct catalog *c, const struct site *site)
{
	int64_t noon = utc_days(2026, 6, 10) * UTC_DAY + 12 * UTC_HOUR;
	const struct { int64_t from, to; } window[] = {
		{ UTC_NONE, UTC_NONE }, { noon, noon + 6 * UTC_HOUR } };
	size_t findings = 0;

	for (size_t i = 0; i < countof(window); i++) {
		struct run_kept kept = { .a = ARENA_INIT };
		struct run_options opt = { .from = window[i].from,
			.to = window[i].to, .now = UTC_NONE, .no_sift = true };
		sv plain = run(st, c, site, opt);

		opt.no_sift = false;
		assert_same(plain, run(st, c, site, opt));
		opt.kept = &kept;
		assert_same(plain, run(st, c, site, opt));
		assert_same(plain, run(st, c, site, opt));
		run_kept_release(&kept);
		findings += count(plain, SV("\"type\":\"finding\""));
	}
	return findings;
}

/* A log of an app, and one of nobody knows which. */
static struct store *
fill(int seed, uint32_t n)
{
	struct err e = ERR_INIT;
	struct store *st = store_open(stock_path("s.db"), STORE_WRITE, &e);

	ck_assert_msg(st != NULL, "%s", e.msg);
	stock_load(st, "raxx-api-prod.heroku-logs.20260612T130500Z.log",
	    make_log((uint64_t)seed * 2 + 1, "api", n));
	stock_load(st, "other.log", make_log((uint64_t)seed * 2 + 2, "www", n));
	store_close(st);
	st = store_open(stock_path("s.db"), STORE_READ, &e);
	ck_assert_msg(st != NULL, "%s", e.msg);
	return st;
}

static void
load(const char *dir, const char *site_file, struct site *site,
    struct catalog *c)
{
	struct err e = ERR_INIT;
	sv text;

	ck_assert_msg(io_read_file(&stock_arena, site_file, 1 << 20, &text,
	    &e) && site_read(&stock_arena, sv_str(site_file), text, site, &e) &&
	    catalog_load(&stock_arena, dir, site, c, &e), "%s", e.msg);
}

START_TEST(same_findings)
{
	static const char *const dir[] = { "pipelines/rules",
		"testdata/raxx-eval/sigma-directory/rules",
		"testdata/raxx-eval/profile/rules" };
	struct store *st = fill(_i, LINES);

	for (size_t i = 0; i < countof(dir); i++) {
		struct catalog c;
		struct site site;

		load(dir[i], "pipelines/site.yml", &site, &c);
		ck_assert_uint_gt(compare(st, &c, &site), 0);
	}
	store_close(st);
}
END_TEST

/* The folder "rules", whose files the fixture does not know. */
static void
empty_rules(void)
{
	DIR *d = opendir(stock_path("rules"));
	struct dirent *f;

	ck_assert(d != NULL);
	while ((f = readdir(d)) != NULL)
		if (f->d_name[0] != '.')
			unlinkat(dirfd(d), f->d_name, 0);
	closedir(d);
}

/* Files of a folder in the folder "rules". */
static void
link_rules(const char *dir)
{
	DIR *d = opendir(dir);
	char here[4096];
	struct dirent *f;

	ck_assert(d != NULL && getcwd(here, sizeof(here)) != NULL);
	while ((f = readdir(d)) != NULL) {
		struct buf from = BUF_INIT, to = BUF_INIT;

		if (f->d_name[0] == '.')
			continue;
		buf_printf(&from, "%s/%s/%s%c", here, dir, f->d_name, '\0');
		buf_printf(&to, "%s/%s%c", stock_path("rules"), f->d_name,
		    '\0');
		ck_assert(symlink(from.p, to.p) == 0);
		buf_release(&from);
		buf_release(&to);
	}
	closedir(d);
}

/* What one rule asks for must not change what another one gets. */
START_TEST(same_beside_others)
{
	static const char message[] = "title: m\nid: 11111111-1111-4111-8111-"
	    "111111111113\nlogsource: {category: application}\ndetection:\n"
	    " k: {message|contains: plain words}\n condition: k\nlevel: high\n";
	struct store *st = fill(3, LINES);
	struct catalog c;
	struct site site;

	ck_assert(mkdir(stock_path("rules"), 0700) == 0);
	link_rules("pipelines/rules");
	link_rules("testdata/raxx-eval/sigma-directory/rules");
	link_rules("testdata/raxx-eval/profile/rules");
	stock_write("rules/message.yml", SV(message));
	load(stock_path("rules"), "pipelines/site.yml", &site, &c);
	ck_assert_uint_gt(compare(st, &c, &site), 0);
	empty_rules();
	store_close(st);
}
END_TEST

/* Of texts that are NULL, as the code of most requests is. */
static const struct {
	const char *from, *where;
} nulls[] = {
	{ "requests", "code NOT IN (SELECT value FROM "
	    "json_each(:monitor_clients))" },
	{ "requests", "lower(code) NOT IN (SELECT value FROM "
	    "json_each(:monitor_clients))" },
	{ "requests", "NOT EXISTS (SELECT 1 FROM json_each(:begin_paths) "
	    "WHERE instr(code, value) = 1)" },
	{ "requests", "code IN ('H12') IS NOT TRUE" },
	{ "requests", "(code = 'H12') IS NULL" },
	{ "requests", "code IS NOT 'H12'" },
	{ "request", "code NOT IN (SELECT id FROM str WHERE s IN ('H99'))" },
	{ "request", "code NOT IN (SELECT id FROM str WHERE "
	    "wildcard('*H99*', s))" },
	{ "request", "code NOT IN none" },
	{ "request", "code IS (SELECT id FROM str WHERE s = 'H99')" },
	{ "request", "code IS NOT (SELECT id FROM str WHERE s = 'H12')" },
};

START_TEST(same_of_nulls)
{
	static const char head[] = "-- id: NULLS\n-- title: n\n"
	    "-- description: d\n-- level: low\n-- sources: heroku_router\n"
	    "-- site: monitor_clients, begin_paths\n"
	    "-- arm: main window=1h metric='n' key='k'\n"
	    "WITH none AS MATERIALIZED (SELECT id FROM str WHERE "
	    "wildcard('*H99*', s))\nSELECT status || 'x' AS key, ts, 1 AS rec, "
	    "hash, nth, :begin_paths AS metric, :monitor_clients AS fire "
	    "FROM request WHERE status = 12345 UNION ALL\n";
	struct store *st = fill(4, LINES);
	struct buf b = BUF_INIT;
	struct catalog c;
	struct site site;
	struct err e = ERR_INIT;
	sv text, rest;

	buf_str(&b, head);
	buf_printf(&b, "SELECT status || '' AS key, ts, %s AS rec, hash, nth, "
	    "1 AS metric, 1 AS fire FROM %s WHERE %s AND status = 200\n",
	    strcmp(nulls[_i].from, "request") == 0 ? "id * 16 + 1" : "rec",
	    nulls[_i].from, nulls[_i].where);
	ck_assert(mkdir(stock_path("rules"), 0700) == 0);
	stock_write("rules/nulls.sql", buf_sv(&b));
	buf_clear(&b);
	ck_assert(io_read_file(&stock_arena, "pipelines/site.yml", 1 << 20,
	    &text, &e));
	rest = sv_skip(text, sv_find(text, SV("monitor_clients: [")));
	buf_add(&b, sv_take(text, text.n - rest.n));
	buf_lit(&b, "monitor_clients: []");
	buf_add(&b, sv_skip(rest, sv_find_byte(rest, '\n')));
	stock_write("site.yml", buf_sv(&b));
	buf_release(&b);
	load(stock_path("rules"), stock_path("site.yml"), &site, &c);
	ck_assert_uint_gt(compare(st, &c, &site), 0);
	empty_rules();
	store_close(st);
}
END_TEST

/* As of a time the tables are views: no pages are read then. */
START_TEST(same_as_of)
{
	struct store *st = fill(9, LINES);
	struct err e = ERR_INIT;
	struct catalog c;
	struct site site;

	ck_assert(store_as_of(st, utc_days(2100, 1, 1) * UTC_DAY, &e));
	load("pipelines/rules", "pipelines/site.yml", &site, &c);
	compare(st, &c, &site);
	store_close(st);
}
END_TEST

/* --- by parts, each by a thread of its own --------------------------------- */

START_TEST(same_by_parts)
{
	struct store *st = fill(21, MANY);
	struct catalog c;
	struct site site;
	struct run_options opt = { .from = UTC_NONE, .to = UTC_NONE,
		.now = UTC_NONE, .threads = 1 };
	sv one;

	load("pipelines/rules", "pipelines/site.yml", &site, &c);
	one = run(st, &c, &site, opt);
	ck_assert_uint_gt(count(one, SV("\"type\":\"finding\"")), 0);
	for (opt.threads = 2; opt.threads <= 5; opt.threads += 3)
		assert_same(one, run(st, &c, &site, opt));
	store_close(st);
}
END_TEST

/* Of a table that is read in parts a page of the last one is damaged: an error,
 * and not fewer rows. */
START_TEST(damaged_part)
{
	struct store *st = fill(22, MANY);
	int64_t page = stock_number(st, "SELECT max(pageno) FROM dbstat "
	    "WHERE name = 'app' AND pagetype = 'leaf'");
	int64_t size = stock_number(st, "PRAGMA page_size");
	struct err e = ERR_INIT;
	struct sift *s;
	int fd;

	if (page < 0)
		return; /* SQLite lacks dbstat */
	fd = open(stock_path("s.db"), O_RDWR);
	ck_assert(pwrite(fd, "\x77", 1, (off_t)((page - 1) * size)) == 1);
	close(fd);
	for (size_t threads = 1; threads <= 2; threads++) {
		s = sift_open(st, threads);
		sift_add(s, SV("SELECT 1 FROM app WHERE payload = 99"));
		e = (struct err)ERR_INIT;
		ck_assert(!sift_run(s, &e));
		ck_assert_str_eq(e.msg,
		    "store-refused: its pages are damaged");
		sift_close(s);
	}
	store_close(st);
}
END_TEST

/* So many requests have a line of the app that no copies of them are made: a loop
 * over one table inside the other would not end. */
START_TEST(joined_by_request_id)
{
	static const char sql[] = "SELECT count(*) FROM request AS r "
	    "JOIN app AS a ON a.request_id = r.request_id";
	struct store *st = stock_memory();
	struct sift *s = sift_open(st, 1);
	struct err e = ERR_INIT;
	struct query *q;

	stock_sql(st, "INSERT INTO str VALUES (1, 'app[web.1]');"
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	    "WHERE i < 70000) INSERT INTO request_row (id, ts, source, line, byte, "
	    "hash, nth, request_id, flags) SELECT i * 2, i, 1, i, 0, i, 1, "
	    "CAST(printf('%016d', i) AS BLOB), 0 FROM n;"
	    "INSERT INTO app (id, ts, source, line, byte, hash, nth, origin, "
	    "payload, request_id) SELECT id + 1, ts, 1, line, 0, hash, 1, 1, 0, "
	    "request_id FROM request_row;");
	ck_assert(shadow_install(st, &e));
	sift_add(s, SV(sql));
	ck_assert_msg(sift_run(s, &e), "%s", e.msg);
	q = query_open(st, SV(sql), NULL, &e);
	ck_assert_msg(q != NULL, "%s", e.msg);
	query_limit(q, 60, 0);
	ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
	ck_assert_int_eq(query_i64(q, 0), 70000);
	query_close(q);
	sift_close(s);
	store_close(st);
}
END_TEST

/* --- what somebody else writes -------------------------------------------- */

START_TEST(another_input)
{
	static const char sql[] = "SELECT count(*) FROM request WHERE "
	    "status = 418 AND ts > 0";
	struct store *st = fill(5, LINES);
	struct sift *s = sift_open(st, 1);
	struct err e = ERR_INIT;

	sift_add(s, SV(sql));
	ck_assert(sift_run(s, &e));
	ck_assert(sift_is_current(s));
	ck_assert_int_eq(stock_number(st, sql), 0);
	stock_change("s.db", "UPDATE request_row SET status = 418 WHERE id = "
	    "(SELECT min(id) FROM request_row);"
	    "UPDATE source SET stored = stored + 1 WHERE id = 1");
	ck_assert(!sift_is_current(s));
	ck_assert_int_eq(stock_number(st, sql), 1);
	sift_close(s);
	store_close(st);
}
END_TEST

Suite *
test_sift(void)
{
	Suite *s = suite_create("sift");
	TCase *t = tcase_create("same");

	tcase_add_checked_fixture(t, stock_setup, stock_teardown);
	tcase_set_timeout(t, 240);
	tcase_add_loop_test(t, same_findings, 0, SEEDS);
	tcase_add_test(t, same_beside_others);
	tcase_add_loop_test(t, same_of_nulls, 0, countof(nulls));
	tcase_add_test(t, same_as_of);
	tcase_add_test(t, same_by_parts);
	tcase_add_test(t, damaged_part);
	tcase_add_test(t, joined_by_request_id);
	tcase_add_test(t, another_input);
	suite_add_tcase(s, t);
	return s;
}
