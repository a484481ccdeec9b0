/* SPDX-License-Identifier: MIT */
#include "record/rawfile.h"

#include <zlib.h>

#include "base/buf.h"
#include "input/stream.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_rawfile(void);

static struct rawfile file;

static bool
read_at(const char *format, const char *name, struct raw_want *w, size_t n)
{
	struct err e = ERR_INIT;

	return rawfile_read(&stock_arena, stock_path(name),
	    format_find(sv_str(format)), w, n, &file, &e);
}

START_TEST(lines_at_their_offsets)
{
	struct raw_want w[] = { { 0, SV("x") }, { 4, SV_NULL }, { 4, SV_NULL },
		{ 6, SV_NULL }, { 12, SV_NULL }, { 99, SV("x") } };
	sv text = SV("one\ntwo and\r\nlast");
	uint8_t digest[BLAKE3_LEN];
	struct blake3 sum;

	stock_write("f", text);
	ck_assert(read_at("heroku-text", "f", w, 6));
	ck_sv_lit(w[0].bytes, "one");
	ck_sv_lit(w[1].bytes, "two and");
	ck_sv_lit(w[2].bytes, "two and");
	ck_sv_lit(w[3].bytes, "o and"); /* whoever asks for it */
	ck_sv_lit(w[4].bytes, "");
	ck_assert(sv_null(w[5].bytes));
	blake3_init(&sum);
	blake3_add(&sum, text.p, text.n);
	blake3_end(&sum, digest);
	ck_assert_mem_eq(file.digest, digest, BLAKE3_LEN);
	ck_assert(sv_null(file.header));
}
END_TEST

START_TEST(rows_with_newlines)
{
	struct raw_want w[] = { { 10, SV_NULL }, { 20, SV_NULL } };

	stock_write("t.csv", SV("\xef\xbb\xbf" "id;note\n1;\"a\nb;\"\n2;c\n"));
	w[0].byte = 11;
	w[1].byte = 20;
	ck_assert(read_at("csv", "t.csv", w, 2));
	ck_sv_lit(file.header, "id;note");
	ck_sv_lit(w[0].bytes, "1;\"a\nb;\"");
	ck_sv_lit(w[1].bytes, "2;c");
}
END_TEST

/* Offsets are those of the decoded input, the digest is that of the file. */
START_TEST(gzip)
{
	struct raw_want w[] = { { 4, SV_NULL } };
	uint8_t plain[BLAKE3_LEN];
	struct buf b = BUF_INIT;
	gzFile z = gzopen(stock_path("f.gz"), "wb");

	for (int i = 0; i < 100000; i++)
		buf_printf(&b, "line %06d\n", i);
	ck_assert_int_eq(gzwrite(z, b.p, (unsigned)b.n), (int)b.n);
	ck_assert_int_eq(gzclose(z), Z_OK);
	w[0].byte = 12 * 98765;
	ck_assert(read_at("heroku-text", "f.gz", w, 1));
	ck_sv_lit(w[0].bytes, "line 098765");
	memcpy(plain, file.digest, sizeof(plain));
	stock_write("f", buf_sv(&b));
	ck_assert(read_at("heroku-text", "f", w, 1));
	ck_sv_lit(w[0].bytes, "line 098765");
	ck_assert_mem_ne(file.digest, plain, BLAKE3_LEN);
	buf_release(&b);
}
END_TEST

START_TEST(utf16)
{
	static const char text[] = "\xff\xfeo\0n\0e\0\n\0\xe4\0t\0w\0o\0\n\0"
	    "l\0a\0s\0t\0";
	struct raw_want w[] = { { 10, SV_NULL }, { 12, SV_NULL },
		{ 13, SV_NULL }, { 20, SV_NULL } };

	stock_write("f", SV(text));
	ck_assert(read_at("heroku-text", "f", w, 4));
	ck_sv_lit(w[0].bytes, "\xc3\xa4two");
	ck_sv_lit(w[1].bytes, "two");
	ck_assert(sv_null(w[2].bytes)); /* inside of a character */
	ck_sv_lit(w[3].bytes, "last");
}
END_TEST

START_TEST(no_file)
{
	struct raw_want w[] = { { 0, SV_NULL } };

	ck_assert(!read_at("heroku-text", "none", w, 1));
}
END_TEST

Suite *
test_rawfile(void)
{
	Suite *s = suite_create("rawfile");
	TCase *t = tcase_create("rawfile");

	tcase_add_checked_fixture(t, stock_setup, stock_teardown);
	tcase_add_test(t, lines_at_their_offsets);
	tcase_add_test(t, rows_with_newlines);
	tcase_add_test(t, gzip);
	tcase_add_test(t, utf16);
	tcase_add_test(t, no_file);
	suite_add_tcase(s, t);
	return s;
}
