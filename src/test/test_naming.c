/* SPDX-License-Identifier: MIT */
#include "parse/naming.h"

#include "base/utc.h"
#include "test/ck.h"

Suite *test_naming(void);

#define STAMP "20260612T130212Z"
#define TAKEN "2026-06-12T13:02:12Z"

static const struct {
	const char *path, *app, *table;
	bool pull, drain;
	const char *taken;
} names[] = {
	{ "raxx-api-prod.heroku-logs." STAMP ".log", "raxx-api-prod", NULL,
	    true, false, TAKEN },
	{ "raxx-api-prod.heroku-logs." STAMP ".log.gz", "raxx-api-prod", NULL,
	    true, false, TAKEN },
	{ "raxx-api-prod.drain." STAMP ".log", "raxx-api-prod", NULL, false,
	    true, TAKEN },
	{ "raxx-api-prod.drain." STAMP ".log.gz", "raxx-api-prod", NULL, false,
	    true, TAKEN },
	{ "waitlist_signups.csv", NULL, "waitlist_signups", false, false,
	    NULL },
	{ "waitlist_signups_" STAMP ".csv", NULL, "waitlist_signups", false,
	    false, TAKEN },
	{ "waitlist_signups." STAMP ".csv.gz", NULL, "waitlist_signups", false,
	    false, TAKEN },
	/* Papertrail's archives are complete at the end of their day or hour */
	{ "2026-06-12.tsv.gz", NULL, NULL, false, true,
	    "2026-06-13T00:00:00Z" },
	{ "2026-06-12.tsv", NULL, NULL, false, true,
	    "2026-06-13T00:00:00Z" },
	{ "2026-06-12-13.tsv.gz", NULL, NULL, false, true,
	    "2026-06-12T14:00:00Z" },
	{ "dt=2026-06-12/2026-06-12-00.tsv.gz", NULL, NULL, false, true,
	    "2026-06-12T01:00:00Z" },
	{ "2026-12-31-23.tsv.gz", NULL, NULL, false, true,
	    "2027-01-01T00:00:00Z" },
	{ "2026-06-12-24.tsv.gz", NULL, NULL, false, false, NULL },
	{ "2026-06-12--1.tsv.gz", NULL, NULL, false, false, NULL },
	{ "2026-06-12_13.tsv.gz", NULL, NULL, false, false, NULL },
	{ "2026-06-31.tsv.gz", NULL, NULL, false, false, NULL },
	{ "2026-00-12.tsv.gz", NULL, NULL, false, false, NULL },
	{ "20260612.tsv.gz", NULL, NULL, false, false, NULL },
	{ "2026/06/12.tsv.gz", NULL, NULL, false, false, NULL },
	{ "2026-06-12-13-14.tsv.gz", NULL, NULL, false, false, NULL },
	{ "2026-06-12.csv.gz", NULL, "2026-06-12", false, false, NULL },
	{ "2026-06-12.txt", NULL, NULL, false, false, NULL },
	{ "a.drain." STAMP ".tsv", "a", NULL, false, true, TAKEN },
	{ "x.tsv", NULL, NULL, false, false, NULL },
	{ ".tsv", NULL, NULL, false, false, NULL },
	/* folders do not matter */
	{ "a/b.drain." STAMP ".log/x.heroku-logs." STAMP ".log", "x", NULL,
	    true, false, TAKEN },
	{ "/srv/t.csv/raxx.drain." STAMP ".log", "raxx", NULL, false, true,
	    TAKEN },
	{ "./t.csv", NULL, "t", false, false, NULL },
	/* no STAMP, or none that is a time */
	{ "raxx.heroku-logs.log", "raxx", NULL, true, false, NULL },
	{ "raxx.heroku-logs.20260631T130212Z.log", "raxx", NULL, true, false,
	    NULL },
	{ "raxx.heroku-logs.20260612T240000Z.log", "raxx", NULL, true, false,
	    NULL },
	{ "raxx.heroku-logs.20260612T136012Z.log", "raxx", NULL, true, false,
	    NULL },
	{ "raxx.heroku-logs.20260612T130260Z.log", "raxx", NULL, true, false,
	    NULL },
	{ "raxx.heroku-logs.20260612T-01212Z.log", "raxx", NULL, true, false,
	    NULL },
	{ "raxx.heroku-logs.-0260612T130212Z.log", "raxx", NULL, true, false,
	    NULL },
	{ "raxx.heroku-logs.20260612t130212Z.log", "raxx", NULL, true, false,
	    NULL },
	{ "raxx.heroku-logs.20260612", "raxx", NULL, true, false, NULL },
	{ "t_20260612T130212.csv", NULL, "t_20260612T130212", false, false,
	    NULL },
	{ "t-" STAMP ".csv", NULL, "t-" STAMP, false, false, NULL },
	{ STAMP ".csv", NULL, STAMP, false, false, NULL },
	{ "_" STAMP ".csv", NULL, "_" STAMP, false, false, NULL },
	/* nothing to learn */
	{ "", NULL, NULL, false, false, NULL },
	{ "-", NULL, NULL, false, false, NULL },
	{ "/", NULL, NULL, false, false, NULL },
	{ "heroku.log", NULL, NULL, false, false, NULL },
	{ ".heroku-logs." STAMP ".log", NULL, NULL, false, false, NULL },
	{ "x/.drain." STAMP ".log", NULL, NULL, false, false, NULL },
	{ "x.csv.bak", NULL, NULL, false, false, NULL },
	{ ".gz", NULL, NULL, false, false, NULL },
	{ "sentry-events.json", NULL, NULL, false, false, NULL },
};

static void
same(sv got, const char *want)
{
	ck_assert(sv_null(got) == (want == NULL));
	ck_sv(got, sv_str(want));
}

START_TEST(read)
{
	int64_t taken = UTC_NONE;
	struct naming n;

	naming_read(sv_str(names[_i].path), &n);
	if (names[_i].taken)
		ck_assert(utc_parse(sv_str(names[_i].taken), &taken));
	same(n.app, names[_i].app);
	same(n.table, names[_i].table);
	ck_assert(n.pull == names[_i].pull && n.drain == names[_i].drain);
	ck_assert_int_eq(n.taken, taken);
}
END_TEST

START_TEST(no_name)
{
	struct naming n;

	naming_read(SV_NULL, &n);
	ck_assert(sv_null(n.app) && sv_null(n.table) && n.taken == UTC_NONE);
}
END_TEST

Suite *
test_naming(void)
{
	Suite *s = suite_create("naming");
	TCase *tc = tcase_create("names");

	suite_add_tcase(s, tc);
	add_table(tc, read, names);
	tcase_add_test(tc, no_name);
	return s;
}
