/* SPDX-License-Identifier: MIT */
#include "parse/sampleshape.h"

#include "test/ck.h"

Suite *test_sampleshape(void);

static struct sampleshape shape;

/* `n`: how far the shape "a=#kB b=# " goes in it. */
static const struct {
	const char *text;
	size_t n;
	const char *values;
} texts[] = {
	{ "a=1kB b=2.50 more", 13, "1,2.5," },
	{ "a=-12.5kB b=0 ", 14, "-12.5,0," },
	{ "a=1kB b=2", 0, NULL },
	{ "a=1MB b=2 ", 0, NULL },
	{ "a=x", 0, NULL },
	{ "", 0, NULL },
};

START_TEST(numbers_differ)
{
	sv text = sv_str(texts[_i].text);
	char room[2 * SAMPLESHAPE_VALUE], *to = room;

	ck_assert_uint_eq(sampleshape_length(&shape, text), 0);
	ck_assert(sampleshape_number(&shape, SV("a=")));
	ck_assert(sampleshape_number(&shape, SV("kB b=")));
	ck_assert(sampleshape_end(&shape, SV(" "), SV("a b")));
	ck_sv(sv_of(shape.names, shape.nnames), SV("a b"));
	ck_assert_uint_eq(sampleshape_length(&shape, text), texts[_i].n);
	ck_assert_uint_eq(sampleshape_fill(&shape, text, &to), texts[_i].n);
	if (texts[_i].n)
		ck_sv(sv_of(room, (size_t)(to - room)),
		    sv_str(texts[_i].values));
	sampleshape_clear(&shape);
	ck_assert_uint_eq(sampleshape_length(&shape, text), 0);
}
END_TEST

START_TEST(has_limits)
{
	static const char text[SAMPLESHAPE_TEXT + 1];

	for (int i = 0; i < SAMPLESHAPE_ITEMS; i++)
		ck_assert(sampleshape_number(&shape, SV("a")));
	ck_assert(!sampleshape_number(&shape, SV("a")));
	ck_assert(!sampleshape_end(&shape, sv_of(text, SAMPLESHAPE_TEXT -
	    SAMPLESHAPE_ITEMS + 1), SV("")));
	ck_assert(!sampleshape_end(&shape, SV(""), sv_of(text, sizeof(text))));
	ck_assert(sampleshape_end(&shape, sv_of(text, SAMPLESHAPE_TEXT -
	    SAMPLESHAPE_ITEMS), sv_of(text, SAMPLESHAPE_TEXT)));
	sampleshape_clear(&shape);
}
END_TEST

Suite *
test_sampleshape(void)
{
	Suite *s = suite_create("sampleshape");
	TCase *tc = tcase_create("sampleshape");

	add_table(tc, numbers_differ, texts);
	tcase_add_test(tc, has_limits);
	suite_add_tcase(s, tc);
	return s;
}
