/* SPDX-License-Identifier: MIT */
#include "store/timedplan.h"

#include "test/ck.h"

Suite *test_timedplan(void);

enum {
	EQ = SQLITE_INDEX_CONSTRAINT_EQ, IS = SQLITE_INDEX_CONSTRAINT_IS,
	GT = SQLITE_INDEX_CONSTRAINT_GT, GE = SQLITE_INDEX_CONSTRAINT_GE,
	LT = SQLITE_INDEX_CONSTRAINT_LT, LE = SQLITE_INDEX_CONSTRAINT_LE,
	LIKE = SQLITE_INDEX_CONSTRAINT_LIKE,
	NONE = 9, /* a column that no constraint of the row is on */
	MOST = 3  /* constraints */
};

#define ON_TS "6 SELECT \"ts\", \"path\", id FROM main.t WHERE id BETWEEN ?1 " \
	"AND ?2 AND ts "
#define ON_ID "6 SELECT \"ts\", \"path\", id FROM main.t WHERE id "

/* SQLite keeps more behind what it shows, which sqlite3_vtab_in() reads. */
struct asked {
	sqlite3_index_info x;
	char hidden[256];
};

static struct timedplan_table table;

static void
setup(void)
{
	buf_mem(&table.name, "t", 2);
	buf_mem(&table.columns, "id\0ts\0path", 11);
	table.ncolumns = 3;
}

static void
teardown(void)
{
	buf_release(&table.name);
	buf_release(&table.columns);
}

/* Column, operator and the number that it has to get among the arguments. */
static const struct {
	int c[MOST][3];
	const char *text;
	int kind;
} wheres[] = {
	{ { { NONE } }, "6 SELECT \"ts\", \"path\", id FROM main.t",
	    TIMEDPLAN_SCAN },
	{ { { COLUMN_TS, GE, 1 }, { COLUMN_TS, LE, 2 }, { NONE } },
	    ON_TS ">= ?3 AND ts <= ?4", TIMEDPLAN_TIME },
	{ { { COLUMN_TS, LT, 2 }, { COLUMN_TS, GT, 1 }, { NONE } },
	    ON_TS "> ?3 AND ts < ?4", TIMEDPLAN_TIME },
	{ { { COLUMN_TS, LT, 1 }, { NONE } }, ON_TS "< ?4", TIMEDPLAN_TIME },
	{ { { COLUMN_TS, LE, 0 }, { COLUMN_TS, IS, 1 }, { NONE } },
	    ON_TS "= ?3", TIMEDPLAN_TIME },
	{ { { COLUMN_TS, GE, 0 }, { COLUMN_TS, GT, 1 }, { NONE } },
	    ON_TS "> ?3", TIMEDPLAN_TIME },
	{ { { COLUMN_ID, EQ, 1 }, { COLUMN_TS, GT, 0 }, { NONE } },
	    ON_ID "= ?1", TIMEDPLAN_ID },
	{ { { -1, GE, 1 }, { -1, LT, 2 }, { NONE } },
	    ON_ID ">= ?1 AND id < ?2", TIMEDPLAN_IDS },
	{ { { COLUMN_ID, LE, 1 }, { NONE } }, ON_ID "<= ?2", TIMEDPLAN_IDS },
	{ { { COLUMN_ID, GE, 0 }, { COLUMN_TS, GT, 1 }, { NONE } },
	    ON_TS "> ?3", TIMEDPLAN_TIME },
	{ { { COLUMN_TS, LIKE, 0 }, { 2, EQ, 0 }, { NONE } },
	    "6 SELECT \"ts\", \"path\", id FROM main.t", TIMEDPLAN_SCAN },
};

START_TEST(constraints)
{
	struct sqlite3_index_constraint c[MOST] = { 0 };
	struct sqlite3_index_constraint_usage usage[MOST] = { 0 };
	struct asked asked = { .x = { .aConstraint = c,
		.aConstraintUsage = usage, .colUsed = 6 } };
	sqlite3_index_info *x = &asked.x;

	for (int i = 0; wheres[_i].c[i][0] != NONE; i++) {
		c[i].iColumn = wheres[_i].c[i][0];
		c[i].op = (unsigned char)wheres[_i].c[i][1];
		c[i].usable = 1;
		x->nConstraint++;
	}
	ck_assert_int_eq(timedplan_best(&table, x), SQLITE_OK);
	ck_assert_str_eq(x->idxStr, wheres[_i].text);
	ck_assert_int_eq(x->idxNum & TIMEDPLAN_KIND, wheres[_i].kind);
	for (int i = 0; i < x->nConstraint; i++) {
		ck_assert_int_eq(usage[i].argvIndex, wheres[_i].c[i][2]);
		ck_assert_int_eq(usage[i].omit, wheres[_i].c[i][2] > 0);
	}
	sqlite3_free(x->idxStr);
}
END_TEST

/* What another table of a join decides cannot be asked for yet. */
START_TEST(unusable)
{
	struct sqlite3_index_constraint c = { COLUMN_TS, GT, 0, 0 };
	struct sqlite3_index_constraint_usage usage = { 0, 0 };
	sqlite3_index_info x = { .nConstraint = 1, .aConstraint = &c,
		.aConstraintUsage = &usage };

	ck_assert_int_eq(timedplan_best(&table, &x), SQLITE_OK);
	ck_assert_str_eq(x.idxStr, "0 SELECT count(*) FROM main.t");
	ck_assert_int_eq(x.idxNum, TIMEDPLAN_COUNT);
	ck_assert_int_eq(usage.argvIndex, 0);
	sqlite3_free(x.idxStr);
}
END_TEST

/* Times alone come in their order; who wants more sorts. */
START_TEST(order)
{
	struct sqlite3_index_orderby by = { COLUMN_TS, 1 };
	sqlite3_index_info x = { .nOrderBy = 1, .aOrderBy = &by, .colUsed = 2 };

	ck_assert_int_eq(timedplan_best(&table, &x), SQLITE_OK);
	ck_assert_str_eq(x.idxStr, "2 SELECT \"ts\", id FROM main.t "
	    "WHERE id BETWEEN ?1 AND ?2");
	ck_assert_int_eq(x.idxNum, TIMEDPLAN_ORDER | TIMEDPLAN_DOWN);
	ck_assert(x.orderByConsumed);
	sqlite3_free(x.idxStr);
	x.colUsed = 6;
	x.orderByConsumed = 0;
	ck_assert_int_eq(timedplan_best(&table, &x), SQLITE_OK);
	ck_assert_int_eq(x.idxNum, TIMEDPLAN_SCAN);
	ck_assert(!x.orderByConsumed);
	sqlite3_free(x.idxStr);
}
END_TEST

START_TEST(texts)
{
	struct buf b = BUF_INIT;
	uint64_t used = 0;

	ck_assert_str_eq(timedplan_sql("2a SELECT x", &used), " SELECT x");
	ck_assert_uint_eq(used, 0x2a);
	timedplan_put_sorted(&b, "2 SELECT x", false);
	ck_assert_str_eq(b.p, "2 SELECT x ORDER BY ts, id");
	buf_clear(&b);
	timedplan_put_sorted(&b, "2 SELECT x", true);
	ck_assert_str_eq(b.p, "2 SELECT x ORDER BY ts DESC, id DESC");
	buf_clear(&b);
	timedplan_put_ids(&b, &table);
	ck_assert_str_eq(b.p, "0 SELECT id FROM main.t");
	buf_release(&b);
}
END_TEST

#define PART TIMEDPLAN_READS_PART
#define ALL TIMEDPLAN_READS_ALL
#define IN_ORDER TIMEDPLAN_READS_IN_ORDER

static const struct {
	const char *plan;
	enum timedplan_reads reads;
	const char *base;
} plans[] = {
	{ "2 SELECT \"ts\", id FROM main.app", ALL, "app" },
	{ "0 SELECT count(*) FROM main.loss", ALL, "loss" },
	{ "2 SELECT \"ts\", id FROM main.app WHERE id BETWEEN ?1 AND ?2",
	    IN_ORDER, "app" },
	{ "2 SELECT \"ts\", id FROM main.app WHERE id BETWEEN ?1 AND ?2 AND "
	    "ts >= ?3", PART, "app" },
	{ "1 SELECT \"id\", id FROM main.app WHERE id = ?1", PART, "app" },
	{ "", PART, "" },
};

START_TEST(what_a_plan_reads)
{
	sv base;

	ck_assert_int_eq((int)timedplan_reads(sv_str(plans[_i].plan), &base),
	    (int)plans[_i].reads);
	ck_sv(base, sv_str(plans[_i].base));
}
END_TEST

Suite *
test_timedplan(void)
{
	Suite *s = suite_create("timedplan");
	TCase *t = tcase_create("timedplan");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, constraints, wheres);
	tcase_add_test(t, unusable);
	tcase_add_test(t, order);
	tcase_add_test(t, texts);
	add_table(t, what_a_plan_reads, plans);
	suite_add_tcase(s, t);
	return s;
}
