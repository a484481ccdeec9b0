/* SPDX-License-Identifier: MIT */
/* Requests that are alike share a row of shape, and those that nearly are do not. */
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_loadshape(void);

static struct store *st;

static void
setup(void)
{
	stock_setup();
	st = stock_memory();
}

static void
teardown(void)
{
	store_close(st);
	stock_teardown();
}

static int64_t
count(const char *what)
{
	struct buf sql = BUF_INIT;
	int64_t n;

	buf_printf(&sql, "SELECT count(*) FROM %s%c", what, '\0');
	n = stock_number(st, sql.p);
	buf_release(&sql);
	return n;
}

#define THAT(column, text) column \
	" IN ('" text "', (SELECT id FROM str WHERE s = '" text "'))"
#define IS(column, text) "request WHERE " THAT(column, text)
#define LONG "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm"

/* Some are alike in all that the loader looks at first. */
static const struct shape_case {
	const char *at, *host, *tail, *rows;
} cases[] = {
	{ "info", "api.example", "http", IS("protocol", "http") },
	{ "info", "api.example", "https",
	    IS("protocol", "https") " AND tls IS NULL" },
	{ "info", "api.example", "https tls=false", "request WHERE tls = 0" },
	{ "info", "api.example", "https tls=true",
	    "request WHERE tls = 1 AND tls_version IS NULL" },
	{ "info", "api.example", "https tls=true tls_version=tls1.3",
	    IS("tls_version", "tls1.3") " AND " THAT("at", "info") " AND "
	    THAT("protocol", "https") },
	{ "warning", "api.example", "https tls=true tls_version=tls1.3",
	    IS("at", "warning") },
	{ "info", "api.example", "h0 tls=true tls_version=tls1.3",
	    IS("protocol", "h0") },
	{ "info", "api.example", "https tls=true tls_version=tls1.2",
	    IS("tls_version", "tls1.2") },
	{ "error", "api.example", "h1", IS("at", "error") },
	{ "info", "aqi.example", "h2", IS("host", "aqi.example") },
	/* too long for a shape */
	{ "info", LONG LONG LONG LONG, "h3", IS("protocol", "h3") },
};

enum { ROUNDS = 3 };

START_TEST(alike_requests_share_one)
{
	struct buf log = BUF_INIT;

	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < countof(cases); i++)
			buf_printf(&log, "2026-06-12T13:00:0%d.%zu+00:00 "
			    "heroku[router]: at=%s method=GET path=\"/x\" host=%s "
			    "request_id=8b1a9953-c461-4296-a827-abf8c47804d7 "
			    "fwd=\"192.0.2.1\" dyno=web.1 connect=0ms "
			    "service=5ms status=200 bytes=7 protocol=%s\n", round,
			    i, cases[i].at, cases[i].host, cases[i].tail);
	stock_load(st, "api.heroku-logs.20260612T130100Z.log", buf_sv(&log));
	ck_assert_int_eq(count("shape"), countof(cases) - 1);
	ck_assert_int_eq(count("request_row WHERE shape IS NULL"), ROUNDS);
	for (size_t i = 0; i < countof(cases); i++)
		ck_assert_msg(count(cases[i].rows) == ROUNDS, "%s",
		    cases[i].rows);
	stock_check(st);
	buf_release(&log);
}
END_TEST

Suite *
test_loadshape(void)
{
	Suite *s = suite_create("loadshape");
	TCase *t = tcase_create("shape");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, alike_requests_share_one);
	suite_add_tcase(s, t);
	return s;
}
