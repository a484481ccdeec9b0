/* SPDX-License-Identifier: MIT */
#include "input/utf16.h"

#include "test/ck.h"

#define TX(lit) { (lit), sizeof(lit) - 1 }

Suite *test_utf16(void);

static const struct {
	sv in, want; /* without the mark, low byte first */
	bool whole;
} texts[] = {
	{ TX(""), TX(""), true },
	{ TX("a\0\n\0"), TX("a\n"), true },
	{ TX("\xe9\0"), TX("\xc3\xa9"), true },
	{ TX("\xff\x07\0\x08"), TX("\xdf\xbf\xe0\xa0\x80"), true },
	{ TX("\xac\x20"), TX("\xe2\x82\xac"), true },
	{ TX("\xff\xff"), TX("\xef\xbf\xbf"), true },
	{ TX("\x3d\xd8\0\xde"), TX("\xf0\x9f\x98\x80"), true },
	{ TX("\xff\xdb\xff\xdf"), TX("\xf4\x8f\xbf\xbf"), true },
	{ TX("\0\0"), TX("\0"), true },
	/* surrogates without their other half */
	{ TX("\x3d\xd8"), TX("\xed\xa0\xbd"), true },
	{ TX("\0\xde" "a\0"), TX("\xed\xb8\x80" "a"), true },
	{ TX("\x3d\xd8" "a\0"), TX("\xed\xa0\xbd" "a"), true },
	{ TX("\x3d\xd8\x3d\xd8\0\xde"), TX("\xed\xa0\xbd\xf0\x9f\x98\x80"), true },
	/* half a unit */
	{ TX("a\0b"), TX("a"), false },
	{ TX("\x3d\xd8\0"), TX("\xed\xa0\xbd"), false },
};

static void
swap(char *p, size_t n)
{
	for (size_t i = 0; i + 1 < n; i += 2) {
		char c = p[i];

		p[i] = p[i + 1];
		p[i + 1] = c;
	}
}

/* In pieces of `step` bytes, with either byte first. */
static void
check(sv in, sv want, bool whole, size_t step, bool big)
{
	struct buf out = BUF_INIT;
	struct utf16 u;
	size_t mark;
	char bytes[16];
	sv rest = sv_of(bytes, in.n);

	memcpy(bytes, in.p, in.n);
	if (big)
		swap(bytes, in.n);
	ck_assert(utf16_start(&u, big ? SV("\xfe\xff") : SV("\xff\xfe"), &mark));
	while (rest.n)
		utf16_add(&u, sv_cut_n(&rest, step), &out);
	ck_assert(utf16_end(&u, &out) == whole);
	ck_sv(buf_sv(&out), want);
	ck_assert_uint_eq(utf16_width(buf_sv(&out)), in.n - !whole);
	buf_release(&out);
}

START_TEST(decodes)
{
	for (size_t step = 1; step < 5; step++) {
		check(texts[_i].in, texts[_i].want, texts[_i].whole, step, false);
		if (texts[_i].whole)
			check(texts[_i].in, texts[_i].want, true, step, true);
	}
}
END_TEST

static const struct {
	sv text;
	char order;  /* 'l' or 'b'; '-': it is none */
	size_t mark, needs;
} starts[] = {
	{ TX("\xff\xfe" "2"), 'l', 2, 2 },
	{ TX("\xfe\xff"), 'b', 2, 2 },
	{ TX("\xff"), '-', 0, 2 },
	{ TX(""), '-', 0, 2 },
	{ TX("\xef\xbb\xbf"), '-', 0, 2 },
	/* without a mark */
	{ TX("2\0" "0\0"), 'l', 0, 64 },
	{ TX("\0" "2\0" "0"), 'b', 0, 64 },
	{ TX("2\0" "0\0\xe9"), 'l', 0, 64 },
	{ TX(" \0\x3a\x20 \0W\0"), 'l', 0, 64 },
	{ TX("\0 \x20\x3a\0 \0W"), 'b', 0, 64 },
	{ TX("2\0"), '-', 0, 64 },
	{ TX("2\0" "0x"), '-', 0, 64 },
	{ TX("L\0\0\0\1\0"), '-', 0, 64 },
	{ TX("2\0" "0\0\0" "2\0" "6"), '-', 0, 64 },
	{ TX("2026-06-12\0x\0y\0z\0"), '-', 0, 2 },
};

START_TEST(start)
{
	struct utf16 u;
	size_t mark;
	bool is = utf16_start(&u, starts[_i].text, &mark);

	ck_assert(is == (starts[_i].order != '-'));
	ck_assert(u.big == (starts[_i].order == 'b'));
	ck_assert_uint_eq(mark, starts[_i].mark);
	ck_assert_uint_eq(utf16_needs(starts[_i].text), starts[_i].needs);
}
END_TEST

START_TEST(within)
{
	ck_assert(utf16_is_within(SV("2026 p\0a\0s\0s\0")));
	ck_assert(utf16_is_within(SV("\0p\0a\0s\0s")));
	ck_assert(utf16_is_within(SV("\0\0p\0a\0s\0s\0\0")));
	ck_assert(!utf16_is_within(SV("p\0a\0s\0")));
	ck_assert(!utf16_is_within(SV("p\0as\0s\0w\0")));
	ck_assert(!utf16_is_within(SV("\0\0\0\0\0\0\0\0")));
	ck_assert(!utf16_is_within(SV("a")) && !utf16_is_within(SV("")));
}
END_TEST

Suite *
test_utf16(void)
{
	Suite *s = suite_create("utf16");
	TCase *tc = tcase_create("decode");

	suite_add_tcase(s, tc);
	add_table(tc, decodes, texts);
	add_table(tc, start, starts);
	tcase_add_test(tc, within);
	return s;
}
