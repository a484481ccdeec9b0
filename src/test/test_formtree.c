/* SPDX-License-Identifier: MIT */
#include "store/formtree.h"

#include "test/ck.h"

Suite *test_formtree(void);

static struct formtree tree;
static struct form form;

static void
setup(void)
{
	formtree_clear(&tree);
}

static void
teardown(void)
{
	buf_release(&form.text);
}

static void
learn(const char *text, int64_t id)
{
	ck_assert(form_cut(&form, sv_str(text)));
	formtree_add(&tree, sv_str(text), &form, id);
}

static int64_t
number(const char *text)
{
	return formtree_find(&tree, sv_str(text), &form);
}

START_TEST(values)
{
	learn("id=17 took 568ms", 7);
	ck_assert_int_eq(number("id=a-1 took 9s"), 0);
	ck_assert_int_eq(number("id=a-1 took 9ms"), 7);
	ck_assert_uint_eq(form.n, 2);
	ck_sv_lit(form.value[0], "a-1");
	ck_sv_lit(form.value[1], "9");
}
END_TEST

/* What is learnt, and a text that has another form. */
static const struct {
	const char *first, *other;
} pairs[] = {
	{ "a", "a1" }, { "a", "" }, { "a 1", "a b" }, { "a 1", "a" },
	{ "a 1", "a 1 " }, { "a 1", "a 1%" }, { "a 1 b", "a 1 b2" },
	{ "a 1ms", "a x1ms" }, { "a 1", "ab 1" }, { "1", "a" }, { "-1", "1" },
	{ "2025-03-03T00:00:23.411Z", "2025-02-30T00:00:23.411Z" },
};

START_TEST(other_forms)
{
	learn(pairs[_i].first, 1);
	ck_assert_int_eq(number(pairs[_i].first), 1);
	ck_assert_int_eq(number(pairs[_i].other), 0);
	learn(pairs[_i].other, 2);
	ck_assert_int_eq(number(pairs[_i].first), 1);
	ck_assert_int_eq(number(pairs[_i].other), 2);
}
END_TEST

/* A form that has its place is found however many come. */
START_TEST(full)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < 2 * FORMTREE_PIECES; i++) {
		buf_clear(&b);
		for (int k = i; k > 0; k /= 26)
			buf_byte(&b, (char)('a' + k % 26));
		buf_lit(&b, " 1");
		buf_byte(&b, '\0');
		learn(b.p, i + 1);
		ck_assert_int_eq(number(b.p), i + 1);
	}
	buf_release(&b);
}
END_TEST

Suite *
test_formtree(void)
{
	Suite *s = suite_create("formtree");
	TCase *tc = tcase_create("tree");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, values);
	add_table(tc, other_forms, pairs);
	tcase_add_test(tc, full);
	suite_add_tcase(s, tc);
	return s;
}
