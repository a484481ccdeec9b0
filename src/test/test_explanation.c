/* SPDX-License-Identifier: MIT */
#include "detect/explanation.h"

#include <sqlite3.h>

#include "base/utc.h"
#include "detect/explainpage.h"
#include "detect/sqlrule.h"
#include "output/page.h"
#include "output/text.h"
#include "parse/json.h"
#include "record/site.h"
#include "store/db.h"
#include "test/ck.h"

Suite *test_explanation(void);

static struct arena arena;
static struct store *st;
static struct site site;
static const char site_text[] =
    "internal_email_domains: [ops@raxx.example]\n"
    "monitor_clients: [192.0.2.1]\n";

/* Seconds 1 to 3 of the epoch, seen in full. */
static const char events[] =
    "INSERT INTO source VALUES (1, x'01', 'a.log', 'x', 'pull', 'api', NULL,"
    " 1, 0, 0, 0, 0, 0, 0, NULL, '{}', NULL, 0);"
    "INSERT INTO span VALUES (1, 1000000, 3000000, 3, 0);"
    "INSERT INTO request_row (ts, source, line, byte, hash, nth, flags, status,"
    " client) VALUES (1000000, 1, 1, 0, 1, 1, 0, 404, 3325256711),"
    " (2000000, 1, 2, 0, 2, 1, 0, 404, 3325256711),"
    " (3000000, 1, 3, 0, 3, 1, 0, 200, 3325256711);";

static void
setup(void)
{
	struct err e = ERR_INIT;

	arena_init(&arena);
	st = store_open(NULL, STORE_MEMORY, &e);
	ck_assert_msg(st != NULL, "%s", e.msg);
	ck_assert_int_eq(sqlite3_exec(store_handle(st), events, NULL, NULL,
	    NULL), SQLITE_OK);
	ck_assert_msg(site_read(&arena, SV("site.yml"), SV(site_text), &site,
	    &e), "%s", e.msg);
}

static void
teardown(void)
{
	store_close(st);
	arena_release(&arena);
}

#define RULE(least) "-- id: T-1\n-- title: Refused\n-- description: what\n" \
	"-- level: low\n-- sources: heroku_router\n-- fallback: heroku_app\n" \
	"-- site: monitor_clients, internal_email_domains\n" \
	"-- params: least=" least "\n" \
	"-- arm: main window=10m on=any threshold=least metric='refusals' " \
	"key='client'\n\n" \
	"WITH refused AS (SELECT * FROM requests WHERE ts BETWEEN :from AND " \
	":to AND status = 404 AND client NOT IN (SELECT value FROM " \
	"json_each(:monitor_clients)) AND :internal_email_domains <> 'x')\n" \
	"SELECT client AS key, ts, rec, hash, nth, count(*) OVER (ORDER BY ts) " \
	"AS metric, count(*) OVER (ORDER BY ts) >= :least AS fire FROM refused"

static void
explain(const char *text, bool counted, struct explanation *x)
{
	const struct run_options run = { .from = UTC_NONE, .to = UTC_NONE,
		.now = UTC_NONE };
	struct err e = ERR_INIT;
	struct rule *r = sqlrule_read(&arena,
	    (struct rule_file){ SV("t.sql"), sv_str(text) }, &e);

	ck_assert_msg(r != NULL, "%s", e.msg);
	ck_assert_msg(explanation_make(&arena, counted ? st : NULL, &site,
	    r, &run, x, &e), "%s", e.msg);
}

static bool
has(const struct buf *b, const char *text)
{
	return sv_has(buf_sv(b), sv_str(text));
}

static void
check_has(const struct buf *b, const char *const *want, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ck_assert_msg(has(b, want[i]), "no %s in\n%.*s", want[i],
		    SV_ARG(buf_sv(b)));
}

START_TEST(records)
{
	static const char *const want[] = {
		"{\"type\":\"explain\",\"rule\":\"T-1\",\"title\":\"Refused\","
		"\"description\":\"what\",\"file\":\"t.sql\",\"line\":1,"
		"\"level\":\"low\",\"route\":\"digest\",\"status\":\"active\"",
		"\"state\":\"MANUAL\",\"result\":\"FIRED\"",
		"\"window\":{\"from\":\"1970-01-01T00:00:01.000000Z\","
		"\"to\":\"1970-01-01T00:00:03.000000Z\"}",
		"{\"name\":\"heroku_router\",\"role\":\"source\","
		"\"status\":\"manual\",\"records\":3,",
		"{\"name\":\"heroku_app\",\"role\":\"fallback\","
		"\"status\":\"absent\",\"records\":0,\"first\":null",
		"{\"name\":\"monitor_clients\",\"value\":[\"192.0.2.1\"],"
		"\"leaves_out\":true}",
		"\"value\":[\"o***@raxx.example\"]",
		"\"zero\":[]}\n",
		"{\"type\":\"stage\",\"rule\":\"T-1\",\"of\":\"refused\","
		"\"what\":\"status = 404\",\"in\":3,\"out\":2,\"why\":null}\n",
		"{\"type\":\"arm\",\"rule\":\"T-1\",\"arm\":\"main\","
		"\"window_s\":600,\"fires_at\":\"refusals per client: 2\","
		"\"threshold\":2,\"threshold_from\":\"rule\","
		"\"runs\":\"in any state\",\"rows\":2,\"fire\":1,\"peak\":2,"
		"\"why\":null}\n",
	};
	struct explanation x;
	struct buf b = BUF_INIT;
	struct json_value v;
	sv rest, line;

	explain(RULE("2"), true, &x);
	explanation_ndjson(&b, &x);
	check_has(&b, want, countof(want));
	for (rest = buf_sv(&b); rest.n;) {
		line = sv_cut(&rest, '\n');
		ck_assert(json_parse(line, &v));
	}
	buf_release(&b);
}
END_TEST

START_TEST(page)
{
	static const struct look look = { false, 100 };
	static const char *const want[] = {
		"T-1: Refused\n------------\nwhat\n",
		"State       MANUAL, CLEAR: main: 0.3 % of",
		("Sources     heroku_router: manual, 3 records, the newest of "
		    "1970-01-01T00:00:03Z\n"),
		"Fallback    heroku_app: absent, 0 records\n",
		"Leaves out  monitor_clients = [\"192.0.2.1\"]\n",
		"internal_email_domains = [\"o***@raxx.example\"]\n",
		"main: no row fires: the highest is 2 of 5\n",
	};
	struct explanation x;
	struct page p;
	struct buf b = BUF_INIT;

	explain(RULE("5"), true, &x);
	page_init(&p, &arena);
	explainpage_put(&p, &x);
	text_render(&b, &p, &look);
	check_has(&b, want, countof(want));
	ck_assert(!has(&b, "first to reach zero"));
	buf_release(&b);
}
END_TEST

START_TEST(zero)
{
	static const char text[] = "-- id: T\n-- title: T\n-- level: low\n"
	    "-- sources: heroku_router\n-- arm: a window=1m\n\n"
	    "SELECT client AS key, ts, rec, hash, nth, 1 AS metric, 1 AS fire "
	    "FROM requests WHERE ts BETWEEN :from AND :to "
	    "AND status IN (401, 403)";
	struct explained_zero z;
	struct explanation x;
	struct buf b = BUF_INIT;
	struct page p;

	explain(text, true, &x);
	ck_assert(explanation_zero(&x, 0, &z));
	ck_sv_lit(z.what, "status IN (401, 403)");
	ck_sv_lit(z.of, "result");
	page_init(&p, &arena);
	explainpage_put(&p, &x);
	text_render(&b, &p, &(const struct look){ false, 100 });
	ck_assert(has(&b,
	    "first to reach zero: status IN (401, 403) (result)\n"));
	buf_clear(&b);
	explanation_ndjson(&b, &x);
	ck_assert(has(&b, "\"zero\":[{\"arm\":null,\"of\":\"result\","
	    "\"what\":\"status IN (401, 403)\"}]"));
	buf_release(&b);
}
END_TEST

START_TEST(without_a_store)
{
	static const char *const want[] = {
		"\"state\":null,\"result\":null,\"reason\":null",
		"\"status\":null,\"records\":null,",
		"\"in\":null,\"out\":null,",
		"\"rows\":null,\"fire\":null,\"peak\":null,",
	};
	struct explanation x;
	struct explained_zero z;
	struct buf b = BUF_INIT;

	explain(RULE("2"), false, &x);
	ck_assert(!explanation_zero(&x, 0, &z));
	explanation_ndjson(&b, &x);
	check_has(&b, want, countof(want));
	buf_release(&b);
}
END_TEST

START_TEST(planned)
{
	static const char text[] = "-- id: T\n-- title: T\n-- level: low\n"
	    "-- status: planned\n-- reason: later\n";
	struct explanation x;
	struct buf b = BUF_INIT;

	explain(text, true, &x);
	explanation_ndjson(&b, &x);
	ck_assert(has(&b, "\"status\":\"planned\",\"state\":\"DORMANT\","
	    "\"result\":\"NOT_EVALUATED\",\"reason\":\"later\""));
	ck_assert_uint_eq(sv_count_lines(buf_sv(&b)), 1);
	buf_release(&b);
}
END_TEST

Suite *
test_explanation(void)
{
	Suite *s = suite_create("explanation");
	TCase *t = tcase_create("explanation");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, records);
	tcase_add_test(t, page);
	tcase_add_test(t, zero);
	tcase_add_test(t, without_a_store);
	tcase_add_test(t, planned);
	suite_add_tcase(s, t);
	return s;
}
