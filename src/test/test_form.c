/* SPDX-License-Identifier: MIT */
#include "store/form.h"

#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_form(void);

static const struct {
	const char *text, *form;
	size_t n;
} cuts[] = {
	{ "", "", 0 },
	{ "no digit", "no digit", 0 },
	{ "100%", "%s%%", 1 },
	{ "%s %%", "%%s %%%%", 0 },
	{ "GET /a/17?b=2%2f took 568ms", "GET /a/%s?b=%s%%%sf took %sms", 4 },
	{ "{\"a\":\"2025-03-03T00:00:23.411Z\",\"b\":-7}",
	    "{\"a\":\"%s\",\"b\":-%s}", 2 },
	{ "2025-03-03T00:00:23Z", "%s:%s:%s", 3 },
	{ "2025-02-30T00:00:23.411Z", "%s:%s:%s", 3 },
	{ "id=01234567-89ab-cdef-0123-456789abcdef.", "id=%s.", 1 },
	{ "10.0.0.1:443", "%s:%s", 2 },
	{ "12abc 12ab 12a", "%s %sab %sa", 3 },
	{ "-5 .5 _5- a--1", "-%s .%s _%s- a--%s", 4 },
	{ "words before a-b-c-d-e-f-g-h-i-j-k-l-m-1-n and behind it",
	    "words before %s and behind it", 1 },
	{ "0123456789abcde-f 0123456789abcde- 0123456789abcd--1",
	    "%s %s- %s--%s", 4 },
	{ "\xc3\xa4" "7\xff", "\xc3\xa4%s\xff", 1 },
};

START_TEST(cuts_words_with_digits)
{
	struct form f = { BUF_INIT, { SV_NULL }, 0 };

	ck_assert(form_cut(&f, sv_str(cuts[_i].text)));
		ck_sv(buf_sv(&f.text), sv_str(cuts[_i].form));
	ck_assert_uint_eq(f.n, cuts[_i].n);
	buf_release(&f.text);
}
END_TEST

START_TEST(too_much)
{
	struct form f = { BUF_INIT, { SV_NULL }, 0 };
	static char text[FORM_TEXT_MAX + 1];

	ck_assert(form_cut(&f, SV("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16")));
	ck_assert(!form_cut(&f,
	    SV("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17")));
	ck_assert(!form_cut(&f, SV("a\0b")));
	memset(text, 'x', sizeof(text));
	ck_assert(form_cut(&f, sv_of(text, FORM_TEXT_MAX)));
	ck_assert(!form_cut(&f, sv_of(text, FORM_TEXT_MAX + 1)));
	buf_release(&f.text);
}
END_TEST

#define ID "01234567-89ab-cdef-0123-456789abcdef"

static const struct {
	const char *word;
	enum form_kind kind;
	size_t bytes;
} values[] = {
	{ "0", FORM_INT, 0 }, { "42", FORM_INT, 0 },
	{ "999999999999999999", FORM_INT, 0 },
	{ "1000000000000000000", FORM_TEXT, 19 }, { "007", FORM_TEXT, 3 },
	{ "000007", FORM_BLOB, 3 }, { "9.50", FORM_TEXT, 4 },
	{ "8d8f096c6330", FORM_BLOB, 6 }, { "8D8F096C6330", FORM_TEXT, 12 },
	{ "ab12", FORM_TEXT, 4 }, { "abc12", FORM_TEXT, 5 },
	{ "a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0", FORM_TEXT, 32 },
	{ ID, FORM_BLOB, 0 }, { "192.0.2.1", FORM_BLOB, 1 },
	{ "192.0.2.2", FORM_TEXT, 9 },
	{ "11234567-89ab-cdef-0123-456789abcdef", FORM_BLOB, 16 },
	{ "11234567-89ab-cdef-0123-456789abcdeF", FORM_TEXT, 36 },
	{ "1970-01-01T00:00:00.000Z", FORM_REAL, 0 },
	{ "2025-03-03T23:59:59.999Z", FORM_REAL, 0 },
	{ "2024-02-29T12:00:00.001Z", FORM_REAL, 0 },
	{ "9999-12-31T23:59:59.999Z", FORM_REAL, 0 },
};

/* What is stored gives the word back. */
START_TEST(values_are_the_word)
{
	struct form_beside beside = { SV(ID), { 4, { 192, 0, 2, 1 } } };
	uint8_t id[16] = { 1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 1, 0x23,
		0x45, 0x67, 0x89, 0xab, 0xcd, 0xef };
	struct form_value v;
	struct buf b = BUF_INIT;

	form_value(sv_str(values[_i].word), &beside, &v);
	ck_assert_int_eq(v.kind, values[_i].kind);
	if (v.kind == FORM_TEXT || v.kind == FORM_BLOB)
		ck_assert_uint_eq(v.bytes.n, values[_i].bytes);
	form_put_value(&b, &v, sv_of((const char *)id, sizeof(id)), 0xc0000201);
	ck_sv(buf_sv(&b), sv_str(values[_i].word));
	buf_release(&b);
}
END_TEST

/* The row has an id as bytes only if it is a uuid in lower case. */
START_TEST(other_ids_are_texts)
{
	static const char *const id[] = {
		"01234567-89AB-CDEF-0123-456789ABCDEF",
		"req_00000000000000000000000000000001" };

	for (size_t i = 0; i < countof(id); i++) {
		struct form_beside beside = { sv_str(id[i]), { 0, { 0 } } };
		struct form_value v;

		form_value(sv_str(id[i]), &beside, &v);
		ck_assert_int_eq(v.kind, FORM_TEXT);
		ck_sv(v.bytes, sv_str(id[i]));
	}
}
END_TEST

START_TEST(joins)
{
	sv rest = SV("a%s%%s%%%s%");
	struct buf b = BUF_INIT;

	ck_assert(form_next(&b, &rest));
	buf_lit(&b, "1");
	ck_assert(form_next(&b, &rest));
	buf_lit(&b, "2");
	ck_assert(!form_next(&b, &rest));
	ck_sv_lit(buf_sv(&b), "a1%s%2%");
	buf_release(&b);
}
END_TEST

/* SQLite writes a time as we do, at every millisecond that is hard for it. */
START_TEST(times_in_sql)
{
	struct store *st = stock_memory();

	ck_assert_int_eq(stock_number(st, "WITH RECURSIVE n(i) AS (SELECT 1 "
	    "UNION ALL SELECT i + 1 FROM n WHERE i < 20000), t(ms) AS (SELECT "
	    "1740960000000 + i * 7919 FROM n UNION ALL SELECT "
	    "i * 12345678901 + i % 1000 FROM n) SELECT count(*) FROM t WHERE "
	    "strftime('%Y-%m-%dT%H:%M:%fZ', ms / 1000.0, 'unixepoch') <> "
	    "strftime('%Y-%m-%dT%H:%M:%S', ms / 1000, 'unixepoch') || "
	    "printf('.%03dZ', ms % 1000)"), 0);
	store_close(st);
}
END_TEST

Suite *
test_form(void)
{
	Suite *s = suite_create("form");
	TCase *t = tcase_create("form");

	tcase_add_loop_test(t, cuts_words_with_digits, 0, countof(cuts));
	tcase_add_test(t, too_much);
	tcase_add_loop_test(t, values_are_the_word, 0, countof(values));
	tcase_add_test(t, other_ids_are_texts);
	tcase_add_test(t, joins);
	tcase_add_test(t, times_in_sql);
	suite_add_tcase(s, t);
	return s;
}
