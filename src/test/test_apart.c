/* SPDX-License-Identifier: MIT */
#include "record/apart.h"

#include <stdlib.h>

#include "base/ip.h"
#include "base/utc.h"
#include "record/rec.h"
#include "store/db.h"
#include "store/form.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_apart(void);

START_TEST(numbers)
{
	uint64_t one = apart_number(), two = apart_number();
	uint64_t a = apart_rest(one, 7), b = apart_rest(two, 7);

	ck_assert(one >= APART_FREE && two >= APART_FREE);
	ck_assert(one != two && a != b && a != one && b != two);
	ck_assert_uint_eq(apart_rest(one, 7), a);
	ck_assert(apart_rest(one, 8) != a && apart_rest(a, 7) != a);
}
END_TEST

/* What is forgotten has a new number: none comes again. */
START_TEST(many_numbers)
{
	enum { N = 3000 };
	uint64_t first = apart_number(), last = first;

	for (uint64_t i = 1; i <= N; i++) {
		uint64_t to = apart_rest(first, i);

		ck_assert(to > last);
		ck_assert_uint_eq(apart_rest(first, i), to);
		last = to;
	}
	ck_assert(apart_rest(first, 1) > last);
}
END_TEST

static struct apart_value
value_of(enum apart_kind kind, sv text)
{
	struct apart_value v = { .kind = kind, .text = text };
	struct ip ip;

	if (kind == APART_TIME)
		ck_assert(utc_read_millis(text.p, &v.us));
	if (kind == APART_ID)
		ck_assert(rec_uuid(text, v.id));
	if (kind == APART_V4)
		ck_assert(ip_parse_v4(text, &ip));
	if (kind == APART_HASH)
		v.hash = strtoull(text.p, NULL, 16);
	return v;
}

static const struct {
	enum apart_kind kind;
	const char *text;
	bool value;
} values[] = {
	{ APART_TIME, "2025-03-03T00:00:23.411Z", true },
	{ APART_TIME, "1970-01-01T00:00:00.000Z", true },
	{ APART_TIME, "1969-12-31T23:59:59.999Z", false },
	{ APART_ID, "abcdefab-cdef-4bcd-abcd-abcdefabcdef", true },
	{ APART_ID, "01234567-89ab-acde-0123-456789abcdef", false },
	{ APART_ID, "abcdefab-cdef-abcd-abcd-abcdefabcdef", false },
	{ APART_V4, "192.0.2.1", true },
	{ APART_HASH, "0123456789abcdef", true },
	{ APART_HASH, "abcdefabcdefabc1", true },
	{ APART_HASH, "abcdefabcdefabcd", false },
	{ APART_HASH, "0123456789012345", false },
	{ APART_HASH, "01234567890123ab", false },
	{ APART_HASH, "0123456789012a34", true },
	{ APART_NUMBER, "0", true }, { APART_NUMBER, "-1", false },
	{ APART_NUMBER, "431.44", true }, { APART_NUMBER, "1e5", true },
	{ APART_NUMBER, "1e-5", true }, { APART_NUMBER, "1e+5", false },
	{ APART_NUMBER, "1234567890123", true },
	{ APART_TEXT, "", false }, { APART_TEXT, "abc", false },
	{ APART_TEXT, "abc1", true }, { APART_TEXT, "568ms", false },
	{ APART_TEXT, "1 2", false }, { APART_TEXT, "-1", false },
	{ APART_TEXT, "2025-03-03T00:00:23Z", false },
	{ APART_TEXT, "2025-03-03T00:00:23.411Z", true },
};

/* What is said to be a value, form_cut() takes for one. */
START_TEST(is_value)
{
	sv text = sv_str(values[_i].text);
	struct apart_value v = value_of(values[_i].kind, text);
	struct form f = { .text = BUF_INIT };
	struct buf b = BUF_INIT;

	ck_assert(form_are_values(&v, 1) == values[_i].value);
	buf_printf(&b, "\"%s\"", values[_i].text);
	ck_assert(form_cut(&f, buf_sv(&b)));
	if (values[_i].value) {
		ck_sv_lit(buf_sv(&f.text), "\"%s\"");
		ck_sv(f.value[0], text);
	}
	buf_release(&f.text);
	buf_release(&b);
}
END_TEST

/* --- messages in a store --- */

#define ID "8b1a9953-c461-4296-a827-abf8c47804d7"

static const char *const messages[] = {
	"{\"level\":\"info\",\"ok\":true,\"x\":\"a\",\"n\":1}",
	"{\"level\":\"info\",\"ok\":true,\"x\":\"b\",\"n\":2}",
	"{\"level\":\"warn\",\"ok\":true,\"x\":\"a\",\"n\":3.50}",
	"{\"level\":\"info\",\"ok\":false,\"x\":\"a\",\"n\":-4}",
	"{\"level\":\"info\",\"ok\":true,\"x\":\"a1\",\"n\":\"5\"}",
	"{\"level\":\"info\",\"ok\":true,\"x\":7,\"n\":6}",
	"{\"level\":\"info\",\"ok\":true,\"x\":\"7 ms\",\"n\":1e+5}",
	"{\"level\":\"info\",\"ok\":true,\"x\":null,\"n\":true}",
	"{\"level\":\"info\",\"ok\":null,\"x\":true,\"n\":7}",
	"{\"level\":\"info\",\"ok\":\"50%\",\"x\":\"%s\",\"n\":8}",
	"{\"request_id\":\"" ID "\",\"ip\":\"192.0.2.1\",\"id\":\"" ID "\"}",
	"{\"request_id\":\"1" "b1a9953-c461-4296-a827-abf8c47804d7\","
	    "\"ip\":\"192.0.2.2\",\"id\":\"" ID "\"}",
	"{\"request_id\":\"x\",\"ip\":\"192.0.2.1 192.0.2.2\",\"id\":\"\"}",
	"{\"request_id\":\"x\",\"ip\":\"2001:db8::1\",\"id\":\"" ID "\"}",
	"{\"ts\":\"2025-03-03T00:00:23.411Z\",\"v1\":\"x\"}",
	"{\"ts\":\"1969-12-31T23:59:59.999Z\",\"v1\":\"x\"}",
	"{\"ts\":\"2025-03-03T00\",\"v1\":\"y\"}",
	"{\"v\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,\"a\"]}",
	"{\"v\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,\"b\",\"a\"]}",
};

/* What a store has of messages. */
static sv
rows_of(struct store *st)
{
	return stock_text(st, "SELECT group_concat(coalesce(form, 0) || ' ' || "
	    "quote(v1) || quote(v2) || quote(v3) || quote(v4) || quote(v15) || "
	    "quote(v16) || m || char(10), '') FROM (SELECT app.*, "
	    "app_text.message AS m FROM app JOIN app_text USING (id) "
	    "ORDER BY id)");
}

/* Loads the text, and the same through a pipe, where no reader takes messages
 * apart; returns what is in the store. */
static sv
loaded(sv text)
{
	static const char *const name[] = { "a.log" };
	struct store *one = stock_memory(), *two = stock_memory();
	sv rows;

	stock_load(one, name[0], text);
	stock_pipe(two, stock_ndjson(name, 1));
	rows = rows_of(one);
	ck_sv(rows, rows_of(two));
	store_close(one);
	store_close(two);
	return rows;
}

/* Every one three times in a round, so that each form is known, the store has it,
 * and each comes after all the others. */
START_TEST(messages_come_back)
{
	enum { ROUNDS = 4 };
	struct buf text = BUF_INIT;
	sv rows;

	for (size_t i = 0; i < ROUNDS * 3 * countof(messages); i++)
		buf_printf(&text, "2026-06-12T13:00:00.%06zu+00:00 app[web.1]: "
		    "%s\n", i, messages[i / 3 % countof(messages)]);
	rows = loaded(buf_sv(&text));
	ck_assert(rows.n > text.n / 2);
	buf_release(&text);
}
END_TEST

/* Of some marks the digits are no value. A session that is harmless has none. */
START_TEST(marks_come_back)
{
	struct buf text = BUF_INIT;

	for (int i = 0; i < 5000; i++)
		buf_printf(&text, "2026-06-12T13:00:00.%06d+00:00 app[web.1]: "
		    "{\"session\":\"%s\",\"x\":\"%s%d\",\"n\":%d}\n", i,
		    i % 11 ? "abc1" : "null", i % 7 ? "ghp_abcdefghijklmnop" : "",
		    i, i);
	loaded(buf_sv(&text));
	buf_clear(&text);
	for (int i = 0; i < 5000; i++)
		buf_printf(&text, "2026-06-12T13:00:00.%06d+00:00 app[web.1]: "
		    "{\"session\":\"%s%d\",\"n\":%d}\n", i,
		    i % 11 ? "abc" : "", i, i);
	loaded(buf_sv(&text));
	buf_release(&text);
}
END_TEST

Suite *
test_apart(void)
{
	Suite *s = suite_create("apart");
	TCase *t = tcase_create("values");

	tcase_add_test(t, numbers);
	tcase_add_test(t, many_numbers);
	tcase_add_loop_test(t, is_value, 0, countof(values));
	suite_add_tcase(s, t);
	t = tcase_create("messages");
	tcase_add_checked_fixture(t, stock_setup, stock_teardown);
	tcase_add_test(t, messages_come_back);
	tcase_add_test(t, marks_come_back);
	suite_add_tcase(s, t);
	return s;
}
