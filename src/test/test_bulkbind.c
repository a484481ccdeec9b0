/* SPDX-License-Identifier: MIT */
/* What SQLite reads of a row that was bound is what was put there. */
#include "store/bulkbind.h"

#include "store/dbnum.h"
#include "test/ck.h"

Suite *test_bulkbind(void);

static struct bulkrow row;

static void
put_ints(void)
{
	static const int64_t ints[] = { 0, 1, -1, 2, -2, 127, -128, 128, -129,
		40000, -8388609, INT64_C(1) << 40, INT64_MIN, INT64_MAX };

	for (size_t i = 0; i < countof(ints); i++)
		bulkrow_int(&row, ints[i]);
}

static void
put_others(void)
{
	bulkrow_nulls(&row, 2);
	bulkrow_real(&row, -0.25);
	bulkrow_text(&row, SV(""));
	bulkrow_text(&row, SV("a text"));
	bulkrow_blob(&row, SV("\0\377"));
	bulkrow_null(&row);
}

static void
put_nothing(void)
{
}

static void
put_long(void)
{
	static char text[70000];

	memset(text, 'x', sizeof(text));
	bulkrow_text(&row, sv_of(text, sizeof(text)));
	bulkrow_int(&row, 7);
}

static void
put_id(void)
{
	static const uint8_t id[BULKROW_ID] = { 0xff, 1, 2, 3 };

	bulkrow_id(&row, id);
}

static void
put_ids(void)
{
	put_id();
	bulkrow_text(&row, SV("between"));
	for (size_t i = row.ntype; i < BULKROW_COLUMNS; i++)
		put_id();
}

static const struct bind_case {
	void (*put)(void);
	int columns; /* behind the id */
	const char *want;
} cases[] = {
	{ put_ints, 15, "5|0|1|-1|2|-2|127|-128|128|-129|40000|-8388609|"
	    "1099511627776|-9223372036854775808|9223372036854775807|NULL" },
	{ put_others, 8, "5|NULL|NULL|-0.25|''|'a text'|X'00FF'|NULL|NULL" },
	{ put_nothing, 1, "5|NULL" },
	{ put_long, 2, "5|70000|7" },
	{ put_ids, 3, "5|X'FF010203000000000000000000000000'|'between'|"
	    "X'FF010203000000000000000000000000'" },
};

/* All columns, as SQL writes them; of a long one its length. */
static void
query(const struct bind_case *c, struct buf *sql)
{
	buf_str(sql, "SELECT ");
	for (int i = 1; i <= c->columns + 1; i++)
		buf_printf(sql, "%siif(length(?%d) > 1000, length(?%d), "
		    "quote(?%d))", i > 1 ? "||'|'||" : "", i, i, i);
	buf_byte(sql, '\0');
}

START_TEST(values_are_those_of_the_row)
{
	const struct bind_case *c = &cases[_i];
	struct buf sql = BUF_INIT;
	sqlite3_stmt *s;
	sqlite3 *db;

	query(c, &sql);
	bulkrow_clear(&row);
	c->put();
	ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql.p, -1, &s, NULL), SQLITE_OK);
	for (int again = 0; again < 2; again++) {
		bulkbind_row(s, 5, &row);
		ck_assert_int_eq(sqlite3_step(s), SQLITE_ROW);
		ck_assert_str_eq((const char *)sqlite3_column_text(s, 0),
		    c->want);
		sqlite3_reset(s);
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
	buf_release(&sql);
	bulkrow_release(&row);
}
END_TEST

/* All lengths of SQLite's numbers, at their bounds. */
START_TEST(varint_is_read_again)
{
	for (int i = 0; i < 2 * 56; i++) {
		uint64_t v = (UINT64_C(1) << i / 2) - (uint64_t)(i % 2), got;
		uint8_t bytes[9];
		const uint8_t *at = bytes;
		size_t n = bulk_varint(bytes, v);

		ck_assert_uint_eq(n, bulk_varint_size(v));
		ck_assert(n == 1 || v >> 7 * (n - 1) != 0); /* the shortest */
		ck_assert(dbnum_varint(&at, bytes + n, &got));
		ck_assert_uint_eq(got, v);
		ck_assert_ptr_eq(at, bytes + n);
	}
}
END_TEST

Suite *
test_bulkbind(void)
{
	Suite *s = suite_create("bulkbind");
	TCase *t = tcase_create("row");

	tcase_add_loop_test(t, values_are_those_of_the_row, 0,
	    (int)countof(cases));
	tcase_add_test(t, varint_is_read_again);
	suite_add_tcase(s, t);
	return s;
}
