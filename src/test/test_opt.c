/* SPDX-License-Identifier: MIT */
#include "base/opt.h"

#include <check.h>
#include <stdio.h>

Suite *test_opt(void);

static struct got {
	bool quiet, exit;
	const char *out, *level;
	const char *set[16];
	size_t nset;
} got;

static const struct opt table[] = {
	{ 'q', "quiet", .flag = &got.quiet },
	{ 'o', "output", .value = &got.out },
	{ 0, "exit", .flag = &got.exit, .value = &got.level },
	{ 's', "set", .many = got.set, .nmany = &got.nset },
};

static const struct row {
	const char *word[8];
	const char *error;
	bool quiet, exit;
	const char *out, *level, *set;
	const char *operand[3];
} rows[] = {
	{ { "a" }, .operand = { "a" } },
	{ { "-q", "a" }, .quiet = true, .operand = { "a" } },
	{ { "a", "-q", "b" }, .quiet = true, .operand = { "a", "b" } },
	{ { "-o", "f", "a" }, .out = "f", .operand = { "a" } },
	{ { "-of" }, .out = "f" },
	{ { "-qof" }, .quiet = true, .out = "f" },
	{ { "-qo", "f" }, .quiet = true, .out = "f" },
	{ { "--output=f" }, .out = "f" },
	{ { "--output=" }, .out = "" },
	{ { "--output", "f", "-" }, .out = "f", .operand = { "-" } },
	{ { "--output=a=b" }, .out = "a=b" },
	{ { "-o", "--", "x" }, .out = "--", .operand = { "x" } },
	{ { "--", "-q" }, .operand = { "-q" } },
	{ { "--exit", "a" }, .exit = true, .operand = { "a" } },
	{ { "--exit=high" }, .exit = true, .level = "high" },
	{ { "-s1", "--set=2", "-s", "3" }, .set = "123" },
	{ { "-x" }, .error = "unknown option '-x'" },
	{ { "--out=f" }, .error = "unknown option '--out'" },
	{ { "--=f" }, .error = "unknown option '--'" },
	{ { "-o" }, .error = "option '-o' needs a value" },
	{ { "--output" }, .error = "option '--output' needs a value" },
	{ { "--quiet=1" }, .error = "option '--quiet' takes no value" },
};

static void
same(const char *a, const char *b)
{
	ck_assert_msg((a == NULL) == (b == NULL), "%s / %s", a ? a : "NULL",
	    b ? b : "NULL");
	if (a)
		ck_assert_str_eq(a, b);
}

START_TEST(parse)
{
	const struct row *r = &rows[_i];
	struct err e = ERR_INIT;
	static char name[] = "prog";
	char text[8][32], *argv[9] = { name };
	int argc = 1, n = 0;

	got = (struct got){ 0 };
	for (; r->word[argc - 1]; argc++) {
		snprintf(text[argc - 1], sizeof(text[0]), "%s",
		    r->word[argc - 1]);
		argv[argc] = text[argc - 1];
	}
	if (r->error) {
		ck_assert(!opt_parse(table, countof(table), &argc, argv, &e));
		ck_assert_str_eq(e.msg, r->error);
		ck_assert_int_eq(e.status, ST_USAGE);
		return;
	}
	ck_assert_msg(opt_parse(table, countof(table), &argc, argv, &e), "%s",
	    e.msg);
	ck_assert(got.quiet == r->quiet && got.exit == r->exit);
	same(got.out, r->out);
	same(got.level, r->level);
	for (size_t i = 0; r->set && r->set[i]; i++)
		ck_assert(got.set[i][0] == r->set[i]);
	ck_assert_uint_eq(got.nset, r->set ? strlen(r->set) : 0);
	while (r->operand[n])
		n++;
	ck_assert_int_eq(argc - 1, n);
	for (int i = 0; i < n; i++)
		ck_assert_str_eq(argv[i + 1], r->operand[i]);
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	uint64_t n;
} bytes[] = {
	{ "0", true, 0 },
	{ "512", true, 512 },
	{ "64K", true, 64 << 10 },
	{ "10M", true, 10 << 20 },
	{ "2G", true, (uint64_t)2 << 30 },
	{ "1T", true, (uint64_t)1 << 40 },
	{ "18446744073709551615", true, UINT64_MAX },
	{ "18446744073709551616", false, 0 },
	{ "16777216T", false, 0 },
	{ "", false, 0 },
	{ "K", false, 0 },
	{ "-1", false, 0 },
	{ "1k", false, 0 },
	{ "1KB", false, 0 },
	{ "1 K", false, 0 },
};

START_TEST(number_of_bytes)
{
	uint64_t n = 7;

	ck_assert(opt_bytes(bytes[_i].text, &n) == bytes[_i].ok);
	ck_assert_uint_eq(n, bytes[_i].ok ? bytes[_i].n : 7);
}
END_TEST

Suite *
test_opt(void)
{
	Suite *s = suite_create("opt");
	TCase *t = tcase_create("opt");

	tcase_add_loop_test(t, parse, 0, (int)countof(rows));
	tcase_add_loop_test(t, number_of_bytes, 0, (int)countof(bytes));
	suite_add_tcase(s, t);
	return s;
}
