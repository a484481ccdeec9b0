/* SPDX-License-Identifier: MIT */
#include "output/account.h"

#include "test/ck.h"

Suite *test_account(void);

static struct account acc;
static struct buf b;
static struct source src;

static void
setup(void)
{
	src.name = SV("a\x1b.log");
	src.format = SV("heroku-text");
}

static void
teardown(void)
{
	buf_release(&b);
}

static struct reject
reject(const char *reason, uint64_t line)
{
	return (struct reject){ line, 10 * line, 5, reason, SV("x\ny"), SV("raw"),
	    0 };
}

START_TEST(a_reject_is_one_line)
{
	struct reject j = reject("bad-time", 7);

	account_reject(&acc, &b, &src, &j);
	ck_sv_lit(buf_sv(&b), "a\\x1b.log:7@70: bad-time: x\\x0ay, "
	    "got 'raw'\n");
}
END_TEST

START_TEST(only_the_first_are_shown)
{
	struct buf rest = BUF_INIT;
	size_t lines = 0;

	for (uint64_t i = 1; i <= ACCOUNT_SHOWN + 5; i++) {
		struct reject j = reject("no-header", i);

		account_reject(&acc, &b, &src, &j);
		j = reject("bad-time", i);
		if (i <= ACCOUNT_SHOWN)
			account_reject(&acc, &b, &src, &j);
	}
	for (size_t i = 0; i < b.n; i++)
		lines += b.p[i] == '\n';
	ck_assert_uint_eq(lines, 2 * ACCOUNT_SHOWN);
	account_rest(&acc, &rest, &src);
	ck_sv_lit(buf_sv(&rest),
	    "raxx-parse: a\\x1b.log: no-header: 25 in all, 20 shown\n");
	buf_release(&rest);
}
END_TEST

/* Equal reasons count together wherever their text is; more reasons than the
 * table holds are counted too. */
START_TEST(many_reasons)
{
	char name[ACCOUNT_REASONS + 4][4], same[] = "a";
	struct reject j;

	for (size_t i = 0; i < countof(name); i++) {
		name[i][0] = (char)('a' + i);
		name[i][1] = '\0';
		j = reject(name[i], 1);
		account_reject(&acc, &b, &src, &j);
	}
	j = reject(same, 2);
	account_reject(&acc, &b, &src, &j);
	ck_assert_uint_eq(acc.by_reason[0].n, 2);
	ck_assert_uint_eq(acc.nreasons, ACCOUNT_REASONS);
	ck_assert_uint_eq(acc.more, 4);
	buf_clear(&b);
	account_rest(&acc, &b, &src);
	ck_sv_lit(buf_sv(&b),
	    "raxx-parse: a\\x1b.log: 4 more rejects for other reasons\n");
}
END_TEST

START_TEST(nothing_left_to_say)
{
	account_rest(&acc, &b, &src);
	ck_assert_uint_eq(b.n, 0);
}
END_TEST

START_TEST(notes)
{
	account_notes(&b, SV("x\n"), &src, true);
	ck_assert_uint_eq(b.n, 0);
	src.note[NOTE_JOINED] = 12;
	account_notes(&b, SV("x\n"), &src, false);
	ck_assert_uint_eq(b.n, 0);
	src.note[NOTE_NUL_BYTES] = 3;
	account_notes(&b, SV("x\n"), &src, false);
	account_notes(&b, SV("y"), &src, true);
	ck_sv_lit(buf_sv(&b), "x\\x0a: noticed nul-bytes 3\n"
	    "y: noticed nul-bytes 3, joined 12\n");
}
END_TEST

START_TEST(format)
{
	src.why = "because";
	account_format(&b, &src);
	src.dump = SV("t\n");
	src.app = SV("api");
	src.why = "of this";
	account_format(&b, &src);
	ck_sv_lit(buf_sv(&b), "a\\x1b.log: heroku-text: because\n"
	    "a\\x1b.log: heroku-text, table t\\x0a, app api: of this\n");
}
END_TEST

START_TEST(balance)
{
	src.read = 9;
	src.stored = 5;
	src.duplicates = 2;
	src.rejected = 1;
	src.blank = 1;
	src.bytes = UINT64_MAX;
	account_source(&b, SV("n\r"), &src);
	ck_sv_lit(buf_sv(&b), "n\\x0d: read 9 = stored 5 + duplicates 2 + "
	    "rejected 1 + blank 1 (18446744073709551615 bytes)\n");
}
END_TEST

/* What is told of an input that has everything. */
START_TEST(input)
{
	struct reject j = reject("bad-time", 7);

	for (int i = 0; i <= ACCOUNT_SHOWN; i++)
		account_reject(&acc, &b, &src, &j);
	buf_clear(&b);
	src.known = true;
	account_input(&acc, &b, &src, false, true);
	ck_sv_lit(buf_sv(&b),
	    "raxx-parse: a\\x1b.log: bad-time: 21 in all, 20 shown\n"
	    "raxx-parse: a\\x1b.log: empty-input: nothing to read\n");
	buf_clear(&b);
	acc = (struct account){ .nreasons = 0 };
	src.read = src.stored = 1;
	src.damaged = SV("cut\n");
	src.drift = true;
	src.note[NOTE_JOINED] = 1;
	account_input(&acc, &b, &src, true, false);
	ck_sv_lit(buf_sv(&b), "raxx-parse: a\\x1b.log: cut\\x0a\n"
	    "raxx-parse: a\\x1b.log: parser-drift: 0.0 % of the lines "
	    "understood, 0.0 % of the inputs before: see --explain\n"
	    "raxx-parse: a\\x1b.log: already-ingested "
	    "0000000000000000000000000000000000000000000000000000000000000000"
	    ": nothing new\n"
	    "raxx-parse: a\\x1b.log: read 1 = stored 1 + duplicates 0 + "
	    "rejected 0 + blank 0 (0 bytes)\n"
	    "raxx-parse: a\\x1b.log: noticed joined 1\n");
	buf_clear(&b);
	account_resumed(&b, SV("a\x1b.db"));
	ck_sv_lit(buf_sv(&b), "raxx-parse: resumed a\\x1b.db @0: the input of a "
	    "run that did not end was undone\n");
}
END_TEST

START_TEST(total)
{
	struct source sum = { .read = 0 };

	src.read = 3;
	src.stored = src.rejected = src.blank = 1;
	src.bytes = 10;
	src.note[NOTE_NUL_BYTES] = 2;
	account_add(&sum, &src);
	account_total(&b, &sum, 1, false);
	account_add(&sum, &src);
	src.note[NOTE_NUL_BYTES] = 0;
	account_add(&sum, &src);
	sum.note[NOTE_NUL_BYTES] = 0;
	account_total(&b, &sum, 3, false);
	ck_sv_lit(buf_sv(&b), "raxx-parse: 1 input: read 3 = stored 1 + "
	    "duplicates 0 + rejected 1 + blank 1 (10 bytes)\n"
	    "raxx-parse: all inputs: noticed nul-bytes 2\n"
	    "raxx-parse: 3 inputs: read 9 = stored 3 + duplicates 0 + "
	    "rejected 3 + blank 3 (30 bytes)\n");
}
END_TEST

START_TEST(progress)
{
	struct account_pace p = { .start = 100 };

	account_progress(&p, &b, &src, 100.9, 1000000, 9000000);
	ck_assert_uint_eq(b.n, 0);
	account_progress(&p, &b, &src, 102, 3000000, 9000000);
	ck_sv_lit(buf_sv(&b), ACCOUNT_CLEAR
	    "a\\x1b.log: 3.0 MB of 9.0 MB, 1.5 MB/s, 4 s left");
	account_progress(&p, &b, &src, 102.1, 4000000, 9000000);
	buf_clear(&b);
	account_progress(&p, &b, &src, 104, 8000000, 0);
	ck_sv_lit(buf_sv(&b), ACCOUNT_CLEAR "a\\x1b.log: 8.0 MB, 2.0 MB/s");
}
END_TEST

Suite *
test_account(void)
{
	Suite *s = suite_create("account");
	TCase *tc = tcase_create("account");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_reject_is_one_line);
	tcase_add_test(tc, only_the_first_are_shown);
	tcase_add_test(tc, many_reasons);
	tcase_add_test(tc, nothing_left_to_say);
	tcase_add_test(tc, notes);
	tcase_add_test(tc, format);
	tcase_add_test(tc, balance);
	tcase_add_test(tc, input);
	tcase_add_test(tc, total);
	tcase_add_test(tc, progress);
	suite_add_tcase(s, tc);
	return s;
}
