/* SPDX-License-Identifier: MIT */
#include "detect/dumps.h"

#include "base/attr.h"
#include "base/utc.h"
#include "record/site.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

static struct store *st;
static struct arena arena;

static void
setup(void)
{
	st = stock_memory();
}

static void
teardown(void)
{
	store_close(st);
	arena_release(&arena);
}

static void
sql(const char *text)
{
	stock_sql(st, text);
}

/* Input `id`, called x<id>, of 40 rows. */
#define INPUT(id, app, dump, arrived, bytes, read, rejected, damaged) \
	"INSERT INTO source VALUES (" id ", x'0" id "', 'x" id "', 'csv', " \
	"'dump', " app ", '" dump "', " arrived ", " bytes ", " read ", " read \
	" - " rejected ", 0, " rejected ", 0, " damaged ", '{}', NULL, 0);"
#define WHOLE(id, arrived) \
	INPUT(id, "NULL", "waitlist_signups", arrived, "99", "40", "0", "NULL")
#define PARTLY(id, arrived, rejected) \
	INPUT(id, "NULL", "waitlist_signups", arrived, "99", "40", rejected, \
	    "NULL")
#define EMPTY(id, arrived) \
	INPUT(id, "NULL", "waitlist_signups", arrived, "0", "0", "0", "NULL")
#define CUT(id, arrived) \
	INPUT(id, "NULL", "waitlist_signups", arrived, "99", "40", "1", \
	    "'gzip-truncated'")
#define ROWS_TO(id, stop) \
	"INSERT INTO span VALUES (" id ", 10, " stop ", 39, 0);"
#define SENTRY(id, app, arrived, read) \
	INPUT(id, app, "sentry_event", arrived, "99", read, "0", "NULL")

static const struct {
	const char *sql;
	int64_t until, taken, whole;
	const char *flaw; /* NULL: none */
} row[] = {
	{ "", UTC_NONE, UTC_NONE, UTC_NONE, NULL },
	{ WHOLE("1", "500"), 500, 500, 500, NULL },
	{ WHOLE("1", "500") WHOLE("2", "900"), 900, 900, 900, NULL },
	{ EMPTY("1", "500"), UTC_NONE, UTC_NONE, UTC_NONE,
	    "x1 has no byte, not even of a header" },
	{ WHOLE("1", "500") EMPTY("2", "900"), 500, 500, 500, NULL },
	{ CUT("1", "500") ROWS_TO("1", "300"), 300, 500, UTC_NONE,
	    "x1 is damaged: gzip-truncated" },
	/* of it nothing was understood */
	{ CUT("1", "500"), UTC_NONE, UTC_NONE, UTC_NONE,
	    "x1 is damaged: gzip-truncated" },
	/* rows of times to come do not vouch for them */
	{ CUT("1", "500") ROWS_TO("1", "700"), 500, 500, UTC_NONE,
	    "x1 is damaged: gzip-truncated" },
	{ WHOLE("1", "500") CUT("2", "900") ROWS_TO("2", "400"), 500, 500, 500,
	    NULL },
	{ WHOLE("1", "500") CUT("2", "900") ROWS_TO("2", "800"), 800, 900, 500,
	    "x2 is damaged: gzip-truncated" },
	{ CUT("1", "500") ROWS_TO("1", "300") WHOLE("2", "900"), 900, 900, 900,
	    NULL },
	{ PARTLY("1", "500", "1"), 500, 500, UTC_NONE,
	    "1 row of x1 was rejected" },
	{ WHOLE("1", "500") PARTLY("2", "900", "7"), 900, 900, 500,
	    "7 rows of x2 were rejected" },
	{ PARTLY("1", "500", "7") WHOLE("2", "900"), 900, 900, 900, NULL },
	{ PARTLY("1", "500", "7") PARTLY("2", "700", "7") CUT("3", "900"), 700,
	    700, UTC_NONE, "7 rows of x2 were rejected, and 1 more dump" },
	{ SENTRY("1", "NULL", "500", "100"), 500, 500, UTC_NONE,
	    "x1 holds 100 events, a full page of Sentry's API: there may be "
	    "more" },
	{ SENTRY("1", "NULL", "500", "101"), 500, 500, 500, NULL },
	{ SENTRY("1", "NULL", "500", "99"), 500, 500, 500, NULL },
	{ INPUT("1", "NULL", "waitlist_signups", "500", "99", "100", "0",
	    "NULL"), 500, 500, 500, NULL },
	/* a whole dump of one table or app says nothing of another's */
	{ SENTRY("1", "'a'", "500", "100") SENTRY("2", "'b'", "900", "4"), 500,
	    500, UTC_NONE, "x1 holds 100 events, a full page of Sentry's API: "
	    "there may be more" },
	{ SENTRY("1", "'a'", "500", "100") SENTRY("2", "NULL", "900", "4"), 900,
	    900, 900, NULL },
	{ WHOLE("1", "900") SENTRY("2", "NULL", "500", "100"), 900, 900,
	    UTC_NONE, "x2 holds 100 events, a full page of Sentry's API: there "
	    "may be more" },
};

static struct site site;

/* Of an app that site.yml does not list. */
START_TEST(other_apps_do_not_count)
{
	static sv apps[] = { { "a", 1 } };
	struct err e = ERR_INIT;
	struct dumps d;

	site.apps = (struct site_list){ apps, 1 };
	sql(SENTRY("1", "'b'", "900", "4"));
	ck_assert(dumps_load(&arena, st, &site, "'sentry_event'", &d, &e));
	ck_assert(d.until == UTC_NONE && d.taken == UTC_NONE);
	ck_sv_lit(d.flaw, "x1 is of app b, which site.yml does not list");
	sql(SENTRY("2", "'a'", "500", "4"));
	ck_assert(dumps_load(&arena, st, &site, "'sentry_event'", &d, &e));
	ck_assert(d.until == 500 && d.taken == 500 && sv_null(d.flaw));
	site.apps.n = 0;
	ck_assert(dumps_load(&arena, st, &site, "'sentry_event'", &d, &e));
	ck_assert(d.until == 500);
	sql(SENTRY("3", "NULL", "700", "4"));
	ck_assert(dumps_load(&arena, st, &site, "'sentry_event'", &d, &e));
	ck_assert(d.until == 700 && d.taken == 700);
}
END_TEST

START_TEST(dumps_vouch)
{
	struct err e = ERR_INIT;
	struct dumps d;

	sql(row[_i].sql);
	ck_assert_msg(dumps_load(&arena, st, &site, "'waitlist_signups', "
	    "'sentry_event'", &d, &e), "%s", e.msg);
	ck_assert(d.until == row[_i].until);
	ck_assert(d.taken == row[_i].taken);
	ck_assert(d.whole == row[_i].whole);
	if (row[_i].flaw)
		ck_sv(d.flaw, sv_str(row[_i].flaw));
	else
		ck_assert(sv_null(d.flaw));
}
END_TEST

START_TEST(other_tables_do_not_count)
{
	struct err e = ERR_INIT;
	struct dumps d;

	sql(WHOLE("1", "500"));
	ck_assert(dumps_load(&arena, st, &site, "'drain'", &d, &e));
	ck_assert(d.until == UTC_NONE);
}
END_TEST

Suite *
test_dumps(void)
{
	Suite *s = suite_create("dumps");
	TCase *tc = tcase_create("dumps");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, dumps_vouch, 0, (int)countof(row));
	tcase_add_test(tc, other_apps_do_not_count);
	tcase_add_test(tc, other_tables_do_not_count);
	suite_add_tcase(s, tc);
	return s;
}
