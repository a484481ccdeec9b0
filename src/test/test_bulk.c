/* SPDX-License-Identifier: MIT */
/* Pages that we write, read by SQLite: what was added is there, and SQLite finds
 * no fault. Rows are those of `reject`, made of their number alone. */
#include "store/bulk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/dbpriv.h"
#include "store/draft.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_bulk(void);

enum { LOADS = 5 };

/* One load after another; sizes up to `longest`. */
static const struct load_case {
	int rows[LOADS];
	size_t longest;
} cases[] = {
	{ { 1 }, 40 },
	{ { 1, 1, 1 }, 40 },
	{ { 40, 41, 5 }, 300 },
	{ { 3000, 1, 3000 }, 200 },
	{ { 500, 0, 500, 500, 500 }, 20000 },
	{ { 5000, 5000 }, 20000 },
	{ { 20000, 1000 }, 60 },
	{ { 1000, 20000, 1000 }, 60 },
	{ { 20, 20 }, 5 * 1000 * 1000 },
	{ { 20000, 2000, 20000, 7, 3000 }, 100 },
};

/* The source of each load: numbers of all widths. */
static const int64_t sources[LOADS] = { -200, 0, 1, 40000, INT64_C(1) << 50 };

static uint64_t
mixed(uint64_t v)
{
	v = (v ^ v >> 31) * UINT64_C(0x7fb5d329728ea185);
	v = (v ^ v >> 27) * UINT64_C(0x81dadef4bc2dd44d);
	return v ^ v >> 33;
}

static int64_t
source_of(const struct load_case *c, int64_t id)
{
	size_t i = 0;

	while (id > c->rows[i])
		id -= c->rows[i++];
	return sources[i];
}

/* Most are short; some just about as long as fits a page, some as given. */
static size_t
length_of(int64_t id, size_t longest)
{
	uint64_t h = mixed((uint64_t)id * 3 + 1);

	if (longest > 8300 && h % 5 == 0)
		return 8000 + h / 7 % 250;
	if (h % 9 == 0)
		return h / 9 % (longest + 1);
	return h / 11 % (longest < 60 ? longest + 1 : 60);
}

static sv
bytes_of(struct buf *b, int64_t id, size_t longest)
{
	size_t n = length_of(id, longest);

	buf_clear(b);
	for (size_t i = 0; i < n; i++)
		buf_byte(b, (char)(id * 7 + (int64_t)(i * i >> 3)));
	return buf_sv(b);
}

static void
add(struct bulk *b, const struct load_case *c, int64_t id)
{
	static struct bulkrow row;
	struct buf bytes = BUF_INIT;
	struct err e = ERR_INIT;

	bulkrow_clear(&row);
	bulkrow_int(&row, b->source);
	bulkrow_int(&row, id);
	bulkrow_int(&row, -id);
	bulkrow_int(&row, (int64_t)mixed((uint64_t)id));
	bulkrow_text(&row, SV("why"));
	bulkrow_text(&row, SV(""));
	bulkrow_blob(&row, bytes_of(&bytes, id, c->longest));
	ck_assert_msg(bulk_add(b, BULK_REJECT, id, &row, &e), "%s", e.msg);
	buf_release(&bytes);
}

static void
check_rows(struct store *st, const struct load_case *c, int64_t n)
{
	sqlite3_stmt *s = db_prepare(st, "SELECT id, source, line, byte, length, "
	    "reason, detail, bytes FROM reject ORDER BY id");
	struct buf b = BUF_INIT;

	for (int64_t id = 1; id <= n; id++) {
		sv bytes = bytes_of(&b, id, c->longest);

		ck_assert_int_eq(sqlite3_step(s), SQLITE_ROW);
		ck_assert_int_eq(sqlite3_column_int64(s, 0), id);
		ck_assert_int_eq(sqlite3_column_int64(s, 1),
		    source_of(c, id));
		ck_assert_int_eq(sqlite3_column_int64(s, 2), id);
		ck_assert_int_eq(sqlite3_column_int64(s, 3), -id);
		ck_assert_int_eq(sqlite3_column_int64(s, 4),
		    (int64_t)mixed((uint64_t)id));
		ck_sv_lit(db_column_sv(s, 5), "why");
		ck_sv_lit(db_column_sv(s, 6), "");
		ck_assert(sv_eq(bytes, sv_of(bytes.n ? sqlite3_column_blob(s, 7)
		    : "", (size_t)sqlite3_column_bytes(s, 7))));
	}
	ck_assert_int_eq(sqlite3_step(s), SQLITE_DONE);
	sqlite3_finalize(s);
	buf_release(&b);
}

/* integrity_check compares the index with the table, and every page with who
 * uses it. */
static void
check(struct store *st, const struct load_case *c, int64_t n)
{
	check_rows(st, c, n);
	ck_sv_lit(stock_text(st, "PRAGMA integrity_check"), "ok");
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM reject "
	    "INDEXED BY reject_source WHERE source >= -9223372036854775807 - 1"), n);
}

static void
move(struct bulk *b, struct store *st)
{
	struct err e = ERR_INIT;

	ck_assert_msg(bulk_move(b, st, &e) && db_exec(st, "COMMIT", &e), "%s",
	    e.msg);
	bulk_detach(st);
}

static void
extend(struct bulk *b, struct store *st, const char *draft)
{
	struct err e = ERR_INIT;

	ck_assert(draft_possible(st));
	ck_assert_msg(bulk_extend(b, st, &e), "%s", e.msg);
	bulkpages_leave(&b->pages);
	ck_assert_msg(draft_open(st, draft, &e) && draft_keep(st, draft, &e),
	    "%s", e.msg);
}

/* Some loads extend the file, others are moved. */
static void
load_all(struct store *st, const struct load_case *c, const char *draft,
    unsigned extended)
{
	struct err e = ERR_INIT;
	struct bulk b;
	int64_t n = 0;
	bool moved;

	for (size_t i = 0; i < LOADS; i++) {
		if (c->rows[i] == 0)
			continue;
		ck_assert_msg(db_begin(st, &moved, &e) && !moved, "%s", e.msg);
		bulk_open(&b, sources[i],
		    (uint32_t)stock_number(st, "PRAGMA page_count"), draft);
		bulk_begin(&b, BULK_REJECT, n);
		for (int k = 0; k < c->rows[i]; k++)
			add(&b, c, ++n);
		if (extended >> i & 1)
			extend(&b, st, draft);
		else
			move(&b, st);
		bulk_release(&b);
		check(st, c, n);
	}
}

/* SQLite uses no page that holds the byte it locks, 1 GiB behind the start: the
 * file has a hole up to there. */
START_TEST(over_the_lock_page)
{
	static const struct load_case c = { { 2000 }, 20000 };
	struct store *st = stock_memory();
	struct err e = ERR_INIT;
	struct bulk b;
	bool moved;

	ck_assert(db_begin(st, &moved, &e));
	bulk_open(&b, sources[0], 0x40000000 / BULK_PAGE - 100,
	    stock_path("x-load"));
	for (int64_t id = 1; id <= c.rows[0]; id++)
		add(&b, &c, id);
	move(&b, st);
	bulk_release(&b);
	check(st, &c, c.rows[0]);
	store_close(st);
}
END_TEST

/* Entries go on behind those that are there, or not at all. */
START_TEST(only_larger_sources)
{
	static const struct load_case c = { { 3 }, 40 };
	struct err e = ERR_INIT;
	struct store *st = store_open(stock_path("s.db"), STORE_WRITE, &e);
	struct bulk b;
	bool moved;

	load_all(st, &c, NULL, 0);
	ck_assert(db_begin(st, &moved, &e));
	bulk_open(&b, sources[0] - 1,
	    (uint32_t)stock_number(st, "PRAGMA page_count"),
	    stock_path("s.db-load"));
	bulk_begin(&b, BULK_REJECT, 3);
	add(&b, &c, 4);
	ck_assert(!bulk_extend(&b, st, &e));
	ck_assert(strstr(e.msg, "store-refused") != NULL);
	bulk_release(&b);
	stock_sql(st, "ROLLBACK");
	check(st, &c, 3);
	store_close(st);
}
END_TEST

/* Pages of another size are left to SQLite. */
START_TEST(only_pages_as_ours)
{
	struct err e = ERR_INIT;
	struct store *st = store_open(stock_path("s.db"), STORE_WRITE, &e);

	ck_assert(st && bulk_may_extend(st));
	stock_sql(st, "PRAGMA page_size = 4096; VACUUM");
	ck_assert(!bulk_may_extend(st));
	stock_sql(st, "PRAGMA page_size = 8192; PRAGMA auto_vacuum = 1; VACUUM");
	ck_assert(!bulk_may_extend(st));
	store_close(st);
}
END_TEST

/* What mostly needs eight bytes is written as what may need fewer. */
START_TEST(wide_numbers)
{
	struct bulkrow want = BULKROW_INIT, got = BULKROW_INIT;

	for (unsigned bits = 0; bits < 64; bits++)
		for (int64_t by = -2; by <= 2; by++) {
			uint64_t u = (UINT64_C(1) << bits) + (uint64_t)by;
			struct bulkpen pen;

			for (int sign = 0; sign < 2; sign++, u = -u) {
				bulkrow_clear(&want);
				bulkrow_int(&want, (int64_t)u);
				bulkrow_clear(&got);
				pen = bulkrow_pen(&got);
				bulkpen_wide(&pen, (int64_t)u);
				bulkrow_wrote(&got, pen);
				ck_assert_uint_eq(got.ntype, want.ntype);
				ck_assert_uint_eq(got.type[1], want.type[1]);
				ck_assert_uint_eq(got.value.n, want.value.n);
				ck_assert(got.value.n == 0 || memcmp(got.value.p,
				    want.value.p, want.value.n) == 0);
			}
		}
	bulkrow_release(&want);
	bulkrow_release(&got);
}
END_TEST

START_TEST(moved_in_memory)
{
	struct store *st = stock_memory();

	load_all(st, &cases[_i], NULL, 0);
	store_close(st);
}
END_TEST

static void
in_file(const struct load_case *c, unsigned extended)
{
	const char *draft = stock_path("s.db-load");
	struct err e = ERR_INIT;
	struct store *st = store_open(stock_path("s.db"), STORE_WRITE, &e);

	ck_assert_msg(st != NULL, "%s", e.msg);
	load_all(st, c, draft, extended);
	store_close(st);
	ck_assert(remove(draft) != 0);
}

START_TEST(moved_in_file)
{
	in_file(&cases[_i], 0);
}
END_TEST

START_TEST(extended)
{
	in_file(&cases[_i], ~0u);
}
END_TEST

START_TEST(both_in_turn)
{
	in_file(&cases[_i], 5);
}
END_TEST

Suite *
test_bulk(void)
{
	Suite *s = suite_create("bulk");
	TCase *t = tcase_create("bulk");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, stock_setup, stock_teardown);
	tcase_add_test(t, over_the_lock_page);
	tcase_add_test(t, only_larger_sources);
	tcase_add_test(t, only_pages_as_ours);
	tcase_add_test(t, wide_numbers);
	add_table(t, moved_in_memory, cases);
	add_table(t, moved_in_file, cases);
	add_table(t, extended, cases);
	add_table(t, both_in_turn, cases);
	suite_add_tcase(s, t);
	return s;
}
