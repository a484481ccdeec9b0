/* SPDX-License-Identifier: MIT */
#include "detect/complete.h"

#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_complete(void);

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

#define WAITLIST "id,created_at,email,origin\n"
#define CONSOLE "seq,created_at,actor_id,actor_role,action,resource_type," \
	"resource_id,outcome\n"
#define CUSTOMER "id,seq,created_at,tenant_id,actor_id,action,detail\n"
#define AT "2026-06-12T10:00:00Z"

static const struct {
	int source;
	const char *name, *text;
	int64_t rows, max_id;
} dump[] = {
	{ SRC_WAITLIST_SIGNUPS, "waitlist_signups.csv", WAITLIST
	    "7," AT ",a@b.example,x\n8," AT ",b@b.example,x\n"
	    "9," AT ",c@b.example,x\n", 3, 9 },
	{ SRC_WAITLIST_SIGNUPS, "waitlist_signups.csv", WAITLIST
	    "7," AT ",a@b.example,x\n9," AT ",b@b.example,x\n", 2, -1 },
	{ SRC_WAITLIST_SIGNUPS, "waitlist_signups.csv", WAITLIST
	    "7a," AT ",a@b.example,x\n8," AT ",b@b.example,x\n", 2, -1 },
	{ SRC_WAITLIST_SIGNUPS, "waitlist_signups.csv", WAITLIST, 0, -1 },
	{ SRC_CONSOLE_AUDIT_EVENTS, "console_audit_events.csv", CONSOLE
	    "1," AT ",u,r,a,t,i,allowed\n2," AT ",u,r,a,t,i,denied\n", 2, 2 },
	/* seq is that of a tenant, id that of the table. */
	{ SRC_CUSTOMER_AUDIT_EVENTS, "customer_audit_events.csv", CUSTOMER
	    "5,1," AT ",t-a,u,a,d\n9,2," AT ",t-a,u,a,d\n"
	    "7,1," AT ",t-b,u,a,d\n", 3, 9 },
	{ SRC_CUSTOMER_AUDIT_EVENTS, "customer_audit_events.csv", CUSTOMER
	    "5,1," AT ",t-a,u,a,d\n9,2," AT ",t-a,u,a,d\n"
	    "7,1," AT ",t-b,u,a,d\n8,3," AT ",t-b,u,a,d\n", 4, -1 },
};

static sv flaw; /* of the dumps */

static struct complete
load(int source, int64_t records)
{
	const struct source_fact f = { SOURCE_MANUAL, records, 0, 0,
		{ 0, 0, 0, flaw } };
	struct err e = ERR_INIT;
	struct complete c;

	ck_assert_msg(complete_load(st, source, &f, &c, &e), "%s", e.msg);
	return c;
}

START_TEST(counts_rows_and_numbers)
{
	struct complete c;

	stock_load(st, dump[_i].name, sv_str(dump[_i].text));
	c = load(dump[_i].source, dump[_i].rows);
	ck_assert_int_eq(c.rows, dump[_i].rows);
	ck_assert_int_eq(c.max_id, dump[_i].max_id);
}
END_TEST

/* A later dump holds the rows again, one of them changed. */
START_TEST(dumps_of_two_days)
{
	struct complete c;

	stock_load(st, "waitlist_signups_20260612T120000Z.csv", SV(WAITLIST
	    "1," AT ",a@b.example,x\n2," AT ",b@b.example,x\n"));
	stock_load(st, "waitlist_signups_20260613T120000Z.csv", SV(WAITLIST
	    "1," AT ",a@b.example,y\n2," AT ",b@b.example,x\n"
	    "3," AT ",c@b.example,x\n"));
	c = load(SRC_WAITLIST_SIGNUPS, 4);
	ck_assert_int_eq(c.rows, 3);
	ck_assert_int_eq(c.max_id, 3);
}
END_TEST

/* Numbers without a gap do not tell what a cut took off their end. */
START_TEST(cut_dump_has_no_highest)
{
	stock_load(st, "waitlist_signups.csv", SV(WAITLIST
	    "1," AT ",a@b.example,x\n2," AT ",b@b.example,x\n"));
	ck_assert_int_eq(load(SRC_WAITLIST_SIGNUPS, 2).max_id, 2);
	flaw = SV("cut");
	ck_assert_int_eq(load(SRC_WAITLIST_SIGNUPS, 2).max_id, -1);
	flaw = SV_NULL;
}
END_TEST

START_TEST(table_without_numbers)
{
	ck_assert_int_eq(load(SRC_SENTRY_EVENTS, 12).rows, 12);
	ck_assert_int_eq(load(SRC_SENTRY_EVENTS, 12).max_id, -1);
}
END_TEST

Suite *
test_complete(void)
{
	Suite *s = suite_create("complete");
	TCase *tc = tcase_create("complete");

	tcase_add_checked_fixture(tc, setup, teardown);
	add_table(tc, counts_rows_and_numbers, dump);
	tcase_add_test(tc, dumps_of_two_days);
	tcase_add_test(tc, cut_dump_has_no_highest);
	tcase_add_test(tc, table_without_numbers);
	suite_add_tcase(s, tc);
	return s;
}
