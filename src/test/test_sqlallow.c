/* SPDX-License-Identifier: MIT */
#include "store/sqlallow.h"

#include <sqlite3.h>

#include "test/ck.h"

Suite *test_sqlallow(void);

static const struct {
	const char *name;
	bool ok;
} functions[] = {
	{ "abs", true }, { "ABS", true }, { "->>", true },
	{ "row_number", true }, { "strftime", true }, { "json_each", false },
	{ "random", false }, { "RANDOM", false }, { "randomblob", false },
	{ "zeroblob", false }, { "load_extension", false },
	{ "sqlite_version", false }, { "current_timestamp", false },
	{ "changes", false }, { "fts3_tokenizer", false }, { "match", false },
	{ "subtype", false }, { "", false }, { "abso", false },
};

START_TEST(of_functions)
{
	ck_assert(sqlallow_function(sv_str(functions[_i].name)) ==
	    functions[_i].ok);
}
END_TEST

static const struct {
	const char *name;
	bool ok;
} tables[] = {
	{ "request", true }, { "csv_x", true }, { "json_each", true },
	{ "sqlite_schema", false }, { "SQLITE_MASTER", false },
	{ "pragma_table_info", false }, { "dbstat", false },
	{ "bytecode", false }, { "tables_used", false },
};

START_TEST(of_tables)
{
	ck_assert(sqlallow_table(sv_str(tables[_i].name)) == tables[_i].ok);
}
END_TEST

/* What this library itself calls deterministic, and of windows; what it does
 * not, is refused but for aggregates. */
START_TEST(as_the_library_says)
{
	static const char sql[] = "SELECT DISTINCT name FROM "
	    "pragma_function_list WHERE builtin AND type = 's' AND name NOT IN "
	    "('zeroblob', 'subtype', 'sqlite_log') AND name NOT GLOB 'json?*' "
	    "AND flags & 0x800 = ?1";
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	int n = 0;

	ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	sqlite3_bind_int(s, 1, _i ? 0x800 : 0);
	for (; sqlite3_step(s) == SQLITE_ROW; n++) {
		const char *name = (const char *)sqlite3_column_text(s, 0);

		ck_assert_msg(sqlallow_function(sv_str(name)) == (_i > 0),
		    "%s", name);
	}
	ck_assert_int_gt(n, 5);
	sqlite3_finalize(s);
	sqlite3_close(db);
}
END_TEST

Suite *
test_sqlallow(void)
{
	Suite *s = suite_create("sqlallow");
	TCase *t = tcase_create("sqlallow");

	add_table(t, of_functions, functions);
	add_table(t, of_tables, tables);
	tcase_add_loop_test(t, as_the_library_says, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
