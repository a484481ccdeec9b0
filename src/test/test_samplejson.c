/* SPDX-License-Identifier: MIT */
#include "parse/samplejson.h"

#include <stdlib.h>

#include "base/buf.h"
#include "store/sampletext.h"
#include "test/ck.h"

Suite *test_samplejson(void);

/* `n`: how many bytes of the text are samples that it takes. */
static const struct {
	const char *text;
	size_t n;
} texts[] = {
	{ "[[\"a\",1,\"MB\"]]", 14 },
	{ "[[\"a\",-21.5,\"MB\"]]", 18 },
	{ "[[\"a\",0.25,\"MB\"]],\"extra\":\"x\"}", 17 },
	{ "[[\"a\",1,\"MB\"],[\"b\",22,\"\"]]}", 26 },
	{ "[[\"a\",1,\"MB\"],[\"b\",22,\"\"]", 0 },
	{ "[[\"a\",1,\"MB\"],[\"b\",,\"\"]]", 0 },
	{ "[[\"a\",1,\"MB\"],[\"b\",\"1\",\"\"]]", 0 },
	{ "[[\"a\",1,\"MB\"],[\"b\",[1],\"\"]]", 0 },
	{ "[[\"a b,]<\",123456789012345,\"%\"]]", 32 },
	{ "[[\"a\",1234567890123456,\"\"]]", 0 },
	{ "[[\"a\",1.50,\"\"]]", 0 },
	{ "[[\"a\",-0,\"\"]]", 0 },
	{ "[[\"a\",01,\"\"]]", 0 },
	{ "[[\"a\",1.,\"\"]]", 0 },
	{ "[[\"a\",1e5,\"\"]]", 0 },
	{ "[[\"a\",1]]", 0 },
	{ "[[\"a\",\"x\",\"\",\"tag\"]]", 0 },
	{ "[[\"a\\u003c\",1,\"\"]]", 0 },
	{ "[[\"\xc3\xa9\",1,\"\"]]", 0 },
	{ "[[\"a\n\",1,\"\"]]", 0 },
	{ "[[\"a\",1,\"\"],]", 0 },
	{ "[[\"a\",1,\"\"] ]", 0 },
	{ "[ [\"a\",1,\"\"]]", 0 },
	{ "[[\"a", 0 },
	{ "[[", 0 },
	{ "[]", 0 },
	{ "", 0 },
};

/* The same as the general splitter, of memory of the exact length. */
static bool
check_text(sv text, size_t n)
{
	char *copy = malloc(text.n + !text.n);
	struct buf names = BUF_INIT, values = BUF_INIT;
	struct arena a = ARENA_INIT;
	struct sampleline got;
	sv rest = sv_of(copy, text.n);
	bool ok;

	memcpy(copy, text.p, text.n);
	ok = samplejson_cut(&rest, &a, &got);
	ck_assert_uint_eq(text.n - rest.n, n);
	if (ok) {
		ck_assert(sampletext_split(sv_take(text, n), &names, &values));
		ck_sv(got.names, buf_sv(&names));
		ck_sv(got.values, buf_sv(&values));
	}
	buf_release(&names);
	buf_release(&values);
	arena_release(&a);
	free(copy);
	return ok;
}

/* In order, and each behind itself: then its shape is known. */
START_TEST(like_sampletext)
{
	for (size_t i = 0; i < countof(texts); i++)
		for (int twice = 0; twice < 2; twice++)
			ck_assert(check_text(sv_str(texts[i].text),
			    texts[i].n) == (texts[i].n > 0));
}
END_TEST

/* Lines of one shape whose numbers differ in length. */
START_TEST(numbers)
{
	static const char *const number[] = { "0", "7", "-7", "12.5", "0.0001",
		"123456789012345", "-1234567890123.5" };
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < countof(number); i++)
		for (size_t k = 0; k < countof(number); k++) {
			buf_clear(&b);
			buf_printf(&b, "[[\"a\",%s,\"\"],[\"b\",%s,\"s\"]]",
			    number[i], number[k]);
			ck_assert(check_text(buf_sv(&b), b.n));
		}
	buf_release(&b);
}
END_TEST

/* More than a shape holds is for others. */
START_TEST(many)
{
	struct buf b = BUF_INIT;

	for (int n = 31; n < 35; n++) {
		buf_clear(&b);
		for (int i = 0; i < n; i++)
			buf_printf(&b, "%s[\"s%d\",%d.5,\"MB\"]", i ? "," : "[",
			    i, i);
		buf_lit(&b, "]");
		for (int twice = 0; twice < 2; twice++)
			check_text(buf_sv(&b), n <= 32 ? b.n : 0);
	}
	buf_release(&b);
}
END_TEST

Suite *
test_samplejson(void)
{
	Suite *s = suite_create("samplejson");
	TCase *tc = tcase_create("samplejson");

	tcase_add_test(tc, like_sampletext);
	tcase_add_test(tc, numbers);
	tcase_add_test(tc, many);
	suite_add_tcase(s, tc);
	return s;
}
