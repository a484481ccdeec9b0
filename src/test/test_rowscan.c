/* SPDX-License-Identifier: MIT */
/* Pages read as such give the rows that SQLite gives. */
#include "store/rowscan.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "store/db.h"
#include "store/draft.h"
#include "store/query.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_rowscan(void);

static const char *const column[] = { "message", "ts", "hash", "event",
	"fields", "lines" };

/* Rows with texts of every length up to some pages, and large numbers. */
static const char rows[] =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 700) INSERT INTO app (id, ts, source, line, byte, hash, nth, "
    "origin, event, message, payload, fields, lines) SELECT i * 3, "
    "i * i * i * i * i, 1, i, 128, i * 1234567890123456789 >> i % 60, 1, 1, "
    "CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN 1 ELSE -i END, "
    "CASE i % 3 WHEN 0 THEN i ELSE printf('%.*c', iif(i % 50, i % 997, i * i % 30011), 'x') END, "
    "0, iif(i % 5, NULL, 'f'), iif(i % 7, NULL, i) FROM n";

/* Messages that are apart, with every kind of value; of 9 there is no form. */
static const char apart[] =
    "INSERT INTO form VALUES (1, 'a %s %% %s'), (4, '%s'), (5, 'none');"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 60), w(i, v) AS (SELECT i, CASE i / 4 % 8 WHEN 0 THEN i * i "
    "WHEN 1 THEN -i WHEN 2 THEN 'text' WHEN 3 THEN 1740960023.411 + i "
    "WHEN 4 THEN zeroblob(0) WHEN 5 THEN zeroblob(1) "
    "WHEN 6 THEN x'0123456789abcdef0123456789abcdef' ELSE x'00ff8d' END "
    "FROM n) INSERT INTO app (id, ts, source, line, byte, hash, nth, origin, "
    "payload, form, request_id, client, v1, v2) SELECT 5000 + i, i, 1, i, "
    "128, i, 1, 1, 0, CASE i % 4 WHEN 0 THEN 1 WHEN 1 THEN 4 WHEN 2 THEN 5 "
    "ELSE 9 END, x'11223344556677889900aabbccddeeff', 3221226241, v, v FROM w";

/* With what a message is made of, and columns behind it. */
static const char *const parts_column[] = { "client", "ts", "message",
	"event", "request_id", "lines" };

/* Requests of a shape, of one that there is not, and of none. */
static const char *const shaped_column[] = { "host", "ts", "flags", "status",
	"method", "tls_version", "at" };
static const char shaped[] =
    "INSERT INTO shape VALUES (1, 1, 2, 'h.example', NULL, 3, 1, 2, 7), "
    "(3, NULL, 5, 6, 8, 9, 0, 0, NULL);"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 300) INSERT INTO request_row (id, ts, source, line, byte, hash, "
    "nth, shape, status, at, method, flags, host) SELECT i, i * i, 1, i, 1, i, "
    "1, nullif(i % 5, 0), nullif(i % 7, 0), iif(i % 5, NULL, 4), "
    "iif(i % 5, NULL, i), iif(i % 5, NULL, 1), iif(i % 5, NULL, 'own') FROM n";

static void
make(void)
{
	struct err e = ERR_INIT;

	store_close(store_open(stock_path("s.db"), STORE_WRITE, &e));
	stock_change("s.db", rows);
	stock_change("s.db", apart);
	stock_change("s.db", shaped);
}

static void
put_cell(struct buf *b, const struct rowcell *c)
{
	if (c->kind == ROWCELL_INT)
		buf_printf(b, "%lld|", (long long)c->i);
	else if (c->kind == ROWCELL_NULL)
		buf_lit(b, "NULL|");
	else
		buf_printf(b, "'%.*s'|", SV_ARG(c->text));
}

/* All rows; *e when it fails. */
static sv
scan_table(struct store *st, const char *table, const char *const *name,
    size_t n, struct err *e)
{
	const struct rowcell *cell;
	struct buf b = BUF_INIT;
	struct rowscan *r = NULL;
	enum query_end end = QUERY_FAILED;
	int64_t id;
	sv text;

	if (rowscan_begin(st, e)) {
		r = rowscan_open(st, table, name, n, e);
		while (r && (end = rowscan_next(r, &id, &cell, e)) ==
		    QUERY_MORE) {
			buf_printf(&b, "%lld|", (long long)id);
			for (size_t i = 0; i < n; i++)
				put_cell(&b, &cell[i]);
			buf_byte(&b, '\n');
		}
		rowscan_close(r);
		rowscan_end(st);
	}
	ck_assert(end == QUERY_DONE || e->status != ST_OK);
	text = arena_sv(&stock_arena, buf_sv(&b));
	buf_release(&b);
	return text;
}

static sv
scan(struct store *st, struct err *e)
{
	return scan_table(st, "app", column, countof(column), e);
}

static sv
scan_with_parts(struct store *st, struct err *e)
{
	return scan_table(st, "app", parts_column, countof(parts_column), e);
}

static sv
scan_requests(struct store *st, struct err *e)
{
	return scan_table(st, "request", shaped_column,
	    countof(shaped_column), e);
}

START_TEST(two_ways)
{
	struct err e = ERR_INIT;
	struct store *st;
	sv pages, statement, requests, parts;

	make();
	st = store_open(stock_path("s.db"), STORE_READ, &e);
	ck_assert(st != NULL);
	pages = scan(st, &e);
	ck_assert_uint_eq(sv_count_byte(pages, '\n'), 760);
	parts = scan_with_parts(st, &e);
	ck_assert_uint_eq(sv_count_byte(parts, '\n'), 760);
	requests = scan_requests(st, &e);
	ck_assert_uint_eq(sv_count_byte(requests, '\n'), 300);
	stock_change("s.db", "INSERT INTO source VALUES (1, x'01', 'a', 'f', "
	    "'pull', NULL, NULL, 5, 1, 1, 1, 0, 0, 0, NULL, '{}', 0, 0)");
	ck_assert(store_as_of(st, 10, &e));
	statement = scan(st, &e);
	ck_assert_msg(e.status == ST_OK, "%s", e.msg);
	ck_assert(sv_eq(pages, statement));
	ck_assert(sv_eq(scan_with_parts(st, &e), parts));
	ck_sv(scan_requests(st, &e), requests);
	store_close(st);
}
END_TEST

START_TEST(empty)
{
	struct err e = ERR_INIT;
	struct store *st;

	store_close(store_open(stock_path("s.db"), STORE_WRITE, &e));
	st = store_open(stock_path("s.db"), STORE_READ, &e);
	ck_assert(scan(st, &e).n == 0 && e.status == ST_OK);
	store_close(st);
}
END_TEST

/* A byte of any page is another one: rows, or an error, and no more. */
START_TEST(damaged)
{
	struct err e = ERR_INIT;
	struct store *st;
	uint64_t state = 1;
	int fd;

	make();
	st = store_open(stock_path("s.db"), STORE_READ, &e);
	ck_assert(st != NULL);
	fd = open(stock_path("s.db"), O_RDWR);
	for (int i = 0; i < 600; i++) {
		off_t size = lseek(fd, 0, SEEK_END), at;
		struct err why = ERR_INIT;
		uint8_t old, new;

		state = state * 6364136223846793005u + 1442695040888963407u;
		at = 8192 + (off_t)((state >> 20) % (uint64_t)(size - 8192));
		if (i % 2) /* heads of pages */
			at = at / 8192 * 8192 + (at & 31);
		new = (uint8_t)(state >> 12);
		ck_assert(pread(fd, &old, 1, at) == 1);
		ck_assert(pwrite(fd, &new, 1, at) == 1);
		scan(st, &why);
		scan_requests(st, &why);
		ck_assert(pwrite(fd, &old, 1, at) == 1);
		if (i % 100 == 0)
			arena_release(&stock_arena);
	}
	close(fd);
	store_close(st);
}
END_TEST

/* --- parts ---------------------------------------------------------------- */

/* Enough pages for some parts; every eighth text is larger than a page. */
static const char many[] =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 9000) INSERT INTO app (id, ts, source, line, byte, hash, nth, "
    "origin, payload, message) SELECT i * 2, i, 1, i, 128, i, 1, 1, 0, "
    "printf('%.*c', iif(i % 800, 150, 20000), 'x') FROM n";

/* All rows of all parts; how many parts. */
static sv
scan_parts(struct store *st, size_t max, size_t *n, struct err *e)
{
	struct rowscan *part[8];
	const struct rowcell *cell;
	struct buf b = BUF_INIT;
	int64_t id;
	sv text;

	ck_assert(rowscan_begin(st, e));
	*n = rowscan_open_parts(st, "app", column, countof(column), part, max,
	    e);
	for (size_t k = 0; k < *n; k++) {
		enum query_end end;

		while ((end = rowscan_next(part[k], &id, &cell, e)) ==
		    QUERY_MORE) {
			buf_printf(&b, "%lld|", (long long)id);
			for (size_t i = 0; i < countof(column); i++)
				put_cell(&b, &cell[i]);
			buf_byte(&b, '\n');
		}
		ck_assert(end == QUERY_DONE || e->status != ST_OK);
	}
	for (size_t k = *n; k > 0; k--)
		rowscan_close(part[k - 1]);
	rowscan_end(st);
	text = arena_sv(&stock_arena, buf_sv(&b));
	buf_release(&b);
	return text;
}

static struct store *
make_many(void)
{
	struct err e = ERR_INIT;
	struct store *st;

	make();
	stock_change("s.db", "DELETE FROM app WHERE id < 5000;"
	    "UPDATE app SET id = id + 100000");
	stock_change("s.db", many);
	st = store_open(stock_path("s.db"), STORE_READ, &e);
	ck_assert(st != NULL);
	return st;
}

/* They stand one behind the other. */
START_TEST(in_parts)
{
	static const size_t max[] = { 2, 3, 4, 7 };
	struct store *st = make_many();
	struct err e = ERR_INIT;
	sv whole = scan(st, &e);
	size_t n, before = 1;

	ck_assert_uint_eq(sv_count_byte(whole, '\n'), 9060);
	ck_assert(sv_eq(scan_parts(st, 1, &n, &e), whole) && n == 1);
	for (size_t i = 0; i < countof(max); i++) {
		ck_assert(sv_eq(scan_parts(st, max[i], &n, &e), whole));
		ck_assert_uint_le(n, max[i]);
		ck_assert_uint_ge(n, before);
		before = n;
	}
	ck_assert_uint_gt(before, 2);
	ck_assert_msg(e.status == ST_OK, "%s", e.msg);
	store_close(st);
}
END_TEST

/* A page that is none of a table is an error in parts where it is in all. */
START_TEST(damaged_parts)
{
	struct store *st = make_many();
	int fd = open(stock_path("s.db"), O_RDWR);
	off_t size = lseek(fd, 0, SEEK_END);
	size_t errors = 0, n;

	for (off_t at = 8192; at < size; at += 7 * 8192) {
		struct err whole = ERR_INIT, parts = ERR_INIT;
		uint8_t old;

		ck_assert(pread(fd, &old, 1, at) == 1);
		ck_assert(pwrite(fd, "w", 1, at) == 1);
		scan(st, &whole);
		scan_parts(st, 3, &n, &parts);
		ck_assert_int_eq(whole.status, parts.status);
		errors += parts.status != ST_OK;
		ck_assert(pwrite(fd, &old, 1, at) == 1);
		arena_release(&stock_arena);
	}
	ck_assert_uint_gt(errors, 10);
	close(fd);
	store_close(st);
}
END_TEST

/* Of a file that has no name any more one part can be opened beside the first. */
START_TEST(nameless)
{
	struct err e = ERR_INIT;
	struct store *st = make_many();
	const char *path = stock_path("s.db");
	sv whole = scan(st, &e);
	size_t n;

	store_close(st);
	st = store_open(NULL, STORE_MEMORY, &e);
	ck_assert(st && draft_open(st, path, &e) && draft_keep(st, path, &e));
	ck_assert(access(path, F_OK) != 0);
	ck_assert(sv_eq(scan(st, &e), whole));
	ck_assert(sv_eq(scan_parts(st, 1, &n, &e), whole) && n == 1);
	ck_assert(sv_eq(scan_parts(st, 7, &n, &e), whole) && n == 2);
	ck_assert_msg(e.status == ST_OK, "%s", e.msg);
	store_close(st);
}
END_TEST

Suite *
test_rowscan(void)
{
	Suite *s = suite_create("rowscan");
	TCase *t = tcase_create("rows");

	tcase_add_checked_fixture(t, stock_setup, stock_teardown);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, two_ways);
	tcase_add_test(t, empty);
	tcase_add_test(t, damaged);
	tcase_add_test(t, in_parts);
	tcase_add_test(t, damaged_parts);
	tcase_add_test(t, nameless);
	suite_add_tcase(s, t);
	return s;
}
