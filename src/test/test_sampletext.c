/* SPDX-License-Identifier: MIT */
#include "store/sampletext.h"

#include "test/ck.h"

Suite *test_sampletext(void);

static const struct {
	const char *text, *names, *values; /* NULL: as it is */
} texts[] = {
	{ "[[\"a\",1,\"MB\"]]", "[[\"a\",0,\"MB\"]]", "[1]" },
	{ "[[\"a\",0.50,\"\"],[\"b\",-1e5,\"s\"]]",
	    "[[\"a\",0,\"\"],[\"b\",0,\"s\"]]", "[0.50,-1e5]" },
	{ "[[\"a\",\"x,]\\\"\",\"\",\"tag\"]]", "[[\"a\",0,\"\",\"tag\"]]",
	    "[\"x,]\\\"\"]" },
	{ "[[\"a\",1]]", "[[\"a\",0]]", "[1]" },
	{ "[]", NULL, NULL },
	{ "[[]]", NULL, NULL },
	{ "[[\"a\"]]", NULL, NULL },
	{ "[[\"a\",null,\"\"]]", NULL, NULL },
	{ "[[\"a\",[1],\"\"]]", NULL, NULL },
	{ "[[\"a\",1,2]]", NULL, NULL },
	{ "[[1,1,\"\"]]", NULL, NULL },
	{ "[ [\"a\",1,\"\"]]", NULL, NULL },
	{ "[[\"a\",1,\"\"]] ", NULL, NULL },
	{ "[[\"a\",1,\"\"],]", NULL, NULL },
	{ "[[\"a\",1,\"\"]", NULL, NULL },
	{ "[[\"a", NULL, NULL },
	{ "", NULL, NULL },
};

START_TEST(apart)
{
	struct buf names = BUF_INIT, values = BUF_INIT;
	bool ok = sampletext_split(sv_str(texts[_i].text), &names, &values);

	ck_assert_int_eq(ok, texts[_i].names != NULL);
	if (ok) {
		ck_sv(buf_sv(&names), sv_str(texts[_i].names));
		ck_sv(buf_sv(&values), sv_str(texts[_i].values));
	}
	buf_release(&names);
	buf_release(&values);
}
END_TEST

Suite *
test_sampletext(void)
{
	Suite *s = suite_create("sampletext");
	TCase *t = tcase_create("sampletext");

	add_table(t, apart, texts);
	suite_add_tcase(s, t);
	return s;
}
