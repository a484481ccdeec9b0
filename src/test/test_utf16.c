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
	char bytes[16];
	sv rest = sv_of(bytes, in.n);

	memcpy(bytes, in.p, in.n);
	if (big)
		swap(bytes, in.n);
	ck_assert(utf16_start(&u, big ? SV("\xfe\xff") : SV("\xff\xfe")));
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

START_TEST(starts)
{
	struct utf16 u;

	ck_assert(utf16_start(&u, SV("\xff\xfe" "2")) && !u.big);
	ck_assert(utf16_start(&u, SV("\xfe\xff")) && u.big);
	ck_assert(!utf16_start(&u, SV("\xff")));
	ck_assert(!utf16_start(&u, SV("")));
	ck_assert(!utf16_start(&u, SV("\xef\xbb\xbf")));
}
END_TEST

Suite *
test_utf16(void)
{
	Suite *s = suite_create("utf16");
	TCase *tc = tcase_create("decode");

	suite_add_tcase(s, tc);
	add_table(tc, decodes, texts);
	tcase_add_test(tc, starts);
	return s;
}
