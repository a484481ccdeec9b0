/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include <stdlib.h>

#include "base/buf.h"
#include "test/ck.h"

Suite *test_utf8(void);

static const struct {
	const char *text;
	size_t len;
} starts[] = {
	{ "", 0 }, { "a", 1 }, { "\x7f", 1 }, { "ab", 1 },
	{ "\x80", 0 }, { "\xbf", 0 },
	{ "\xc0\x80", 0 }, { "\xc1\xbf", 0 }, /* overlong */
	{ "\xc2\x80", 2 }, { "\xdf\xbf", 2 }, { "\xc2", 0 }, { "\xc2" "a", 0 },
	{ "\xc2\xc2", 0 },
	{ "\xe0\x9f\xbf", 0 }, { "\xe0\xa0\x80", 3 },
	{ "\xe2\x82\xac", 3 }, { "\xe2\x82", 0 }, { "\xe2\x82" "a", 0 },
	{ "\xed\x9f\xbf", 3 }, { "\xed\xa0\x80", 0 }, { "\xed\xbf\xbf", 0 },
	{ "\xee\x80\x80", 3 }, { "\xef\xbf\xbd", 3 }, { "\xef\xbf\xbf", 3 },
	{ "\xf0\x8f\xbf\xbf", 0 }, { "\xf0\x90\x80\x80", 4 },
	{ "\xf0\x9f\x9a\x80", 4 }, { "\xf0\x9f\x9a", 0 },
	{ "\xf0\x9f\x9a" "a", 0 },
	{ "\xf4\x8f\xbf\xbf", 4 }, { "\xf4\x90\x80\x80", 0 },
	{ "\xf5\x80\x80\x80", 0 }, { "\xff", 0 }, { "\xfe\xff", 0 },
};

START_TEST(length)
{
	ck_assert_uint_eq(utf8_len(sv_str(starts[_i].text)), starts[_i].len);
}
END_TEST

START_TEST(length_of_nul)
{
	ck_assert_uint_eq(utf8_len(SV("\0")), 1);
	ck_assert_uint_eq(utf8_len(SV_NULL), 0);
}
END_TEST

#define ROCKET "\xf0\x9f\x9a\x80"

static const struct {
	sv text, want;
} texts[] = {
	{ { "a\0b", 3 }, { "a\\x00b", 6 } },
	{ { "\0", 1 }, { "\\x00", 4 } },
	{ { "\xff\xfe", 2 }, { "\\xff\\xfe", 8 } },
	{ { "caf\xe9!", 5 }, { "caf\\xe9!", 8 } },
	/* a character cut at the end, and in the middle */
	{ { "x\xe2\x82", 3 }, { "x\\xe2\\x82", 9 } },
	{ { "\xe2\x82x\xe2\x82\xac", 6 }, { "\\xe2\\x82x\xe2\x82\xac", 12 } },
	{ { "\xed\xa0\x80", 3 }, { "\\xed\\xa0\\x80", 12 } },
	{ { "\xc0\x80", 2 }, { "\\xc0\\x80", 8 } },
	{ { ROCKET "\xf0" ROCKET, 9 }, { ROCKET "\\xf0" ROCKET, 12 } },
};

START_TEST(cleaned)
{
	struct arena a = ARENA_INIT;
	sv got = utf8_clean(texts[_i].text, &a);

	ck_sv(got, texts[_i].want);
	ck_assert(utf8_clean(got, &a).p == got.p);
	arena_release(&a);
}
END_TEST

static const char *const plain[] = {
	"", "a", "exactly8", "more than eight bytes of text", ROCKET ROCKET,
	"tab\tnewline\nescape\x1b[0m\x01", "seven..\xc3\xa9 eight", "\\x00",
	"\xef\xbf\xbd replacement", "bytes 0x80 after a 0x01: \x01\xc2\x80",
};

START_TEST(untouched)
{
	struct arena a = ARENA_INIT;
	sv text = sv_str(plain[_i]), got = utf8_clean(text, &a);

	ck_assert(got.p == text.p && got.n == text.n && a.head == NULL);
	arena_release(&a);
}
END_TEST

START_TEST(null_stays_null)
{
	struct arena a = ARENA_INIT;

	ck_assert(sv_null(utf8_clean(SV_NULL, &a)));
	arena_release(&a);
}
END_TEST

/* The way of eight bytes at once sees a bad byte at each place. */
START_TEST(each_place)
{
	for (size_t n = 1; n <= 20; n++)
		for (size_t at = 0; at < n; at++) {
			struct arena a = ARENA_INIT;
			char *p = malloc(n);
			sv got;

			memset(p, 1, n);
			p[at] = _i ? '\x80' : '\0';
			got = utf8_clean(sv_of(p, n), &a);
			ck_assert_uint_eq(got.n, n + 3);
			ck_sv(sv_take(sv_skip(got, at), 4),
			    _i ? SV("\\x80") : SV("\\x00"));
			arena_release(&a);
			free(p);
		}
}
END_TEST

Suite *
test_utf8(void)
{
	Suite *s = suite_create("utf8");
	TCase *tc = tcase_create("text");

	suite_add_tcase(s, tc);
	add_table(tc, length, starts);
	tcase_add_test(tc, length_of_nul);
	add_table(tc, cleaned, texts);
	add_table(tc, untouched, plain);
	tcase_add_test(tc, null_stays_null);
	tcase_add_loop_test(tc, each_place, 0, 2);
	return s;
}
