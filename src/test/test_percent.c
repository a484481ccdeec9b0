/* SPDX-License-Identifier: MIT */
#include "base/percent.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_percent(void);

static const struct {
	sv text, want;
} escaped[] = {
	{ { "%41", 3 }, { "A", 1 } },
	{ { "/a%20b", 6 }, { "/a b", 4 } },
	{ { "%2f%2F", 6 }, { "//", 2 } },
	{ { "x%22y", 5 }, { "x\"y", 3 } },
	{ { "%0a%0D", 6 }, { "\n\r", 2 } },
	{ { "%00", 3 }, { "\0", 1 } },
	{ { "a\0%62", 5 }, { "a\0b", 3 } },
	{ { "%ff%FE", 6 }, { "\xff\xfe", 2 } },
	{ { "%c3%a9", 6 }, { "\xc3\xa9", 2 } },
	/* once only */
	{ { "%2541", 5 }, { "%41", 3 } },
	{ { "%25%34%31", 9 }, { "%41", 3 } },
	/* next to what is no escape */
	{ { "%%41", 4 }, { "%A", 2 } },
	{ { "%4%41", 5 }, { "%4A", 3 } },
	{ { "%41%", 4 }, { "A%", 2 } },
	{ { "%41%4", 5 }, { "A%4", 3 } },
	{ { "%zz%41", 6 }, { "%zzA", 4 } },
};

START_TEST(decodes)
{
	struct arena a = ARENA_INIT;

	ck_sv(percent_decode(escaped[_i].text, &a), escaped[_i].want);
	arena_release(&a);
}
END_TEST

static const sv plain[] = {
	{ NULL, 0 }, { "", 0 }, { "/", 1 }, { "a+b", 3 }, { "%", 1 },
	{ "%4", 2 }, { "%%", 2 }, { "%%%%%", 5 }, { "%zz", 3 }, { "%4g", 3 },
	{ "%g4", 3 }, { "% 41", 4 }, { "%-1", 3 }, { "%+1", 3 }, { "%0x41", 5 },
	{ "%u0041", 6 }, { "\0\xff", 2 }, { "%4\0", 3 },
	{ "%\xff\xff", 3 },
};

/* The same view, and no memory is used. */
START_TEST(stays)
{
	struct arena a = ARENA_INIT;
	sv got = percent_decode(plain[_i], &a);

	ck_assert_ptr_eq(got.p, plain[_i].p);
	ck_assert_uint_eq(got.n, plain[_i].n);
	ck_assert(a.head == NULL);
	arena_release(&a);
}
END_TEST

START_TEST(every_byte)
{
	static const char *const digits[] = { "0123456789abcdef",
		"0123456789ABCDEF" };
	struct arena a = ARENA_INIT;

	for (int c = 0; c < 256; c++)
		for (size_t d = 0; d < 2; d++) {
			char text[3] = { '%', digits[d][c >> 4],
				digits[d][c & 15] };
			sv got = percent_decode(sv_of(text, 3), &a);
			size_t n;

			ck_assert(got.n == 1 &&
			    (unsigned char)got.p[0] == c);
			ck_assert_int_eq(percent_byte(sv_of(text, 3), 0, &n),
			    c);
			ck_assert_uint_eq(n, 3);
			/* the view ends before the second digit */
			ck_assert_int_eq(percent_byte(sv_of(text, 2), 0, &n),
			    '%');
			ck_assert_uint_eq(n, 1);
		}
	arena_release(&a);
}
END_TEST

START_TEST(long_text)
{
	enum { N = 100000 };
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	sv got;

	for (int i = 0; i < N; i++)
		buf_lit(&b, "%41%");
	got = percent_decode(buf_sv(&b), &a);
	ck_assert_uint_eq(got.n, 2 * N);
	ck_assert(sv_starts(got, SV("A%A%")) && sv_ends(got, SV("A%")));
	buf_release(&b);
	arena_release(&a);
}
END_TEST

Suite *
test_percent(void)
{
	Suite *s = suite_create("percent");
	TCase *tc = tcase_create("escapes");

	suite_add_tcase(s, tc);
	add_table(tc, decodes, escaped);
	add_table(tc, stays, plain);
	tcase_add_test(tc, every_byte);
	tcase_add_test(tc, long_text);
	return s;
}
