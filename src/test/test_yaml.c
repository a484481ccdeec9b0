/* SPDX-License-Identifier: MIT */
#include "parse/yaml.h"

#include <check.h>

#include "base/buf.h"
#include "test/ck.h"

Suite *test_yaml(void);

static struct arena arena;

/* The tree as one line: kinds by letter, texts in quotes, keys before them. */
static void
dump(struct buf *b, const struct yaml *y)
{
	static const char kind[] = "nsirb";

	if (y->kind != YAML_LIST && y->kind != YAML_MAP) {
		buf_printf(b, "%c'%.*s'", kind[y->kind], SV_ARG(y->text));
		return;
	}
	buf_str(b, y->kind == YAML_LIST ? "[" : "{");
	for (const struct yaml *k = y->kid; k; k = k->next) {
		if (k != y->kid)
			buf_str(b, " ");
		if (y->kind == YAML_MAP)
			buf_printf(b, "%.*s=", SV_ARG(k->key));
		dump(b, k);
	}
	buf_str(b, y->kind == YAML_LIST ? "]" : "}");
}

static const struct {
	const char *in, *want;
} good[] = {
	{ "", "" },
	{ "# nothing\n", "" },
	{ "a", "s'a'" },
	{ "a: 1\nb: -2\nc: +3\n", "{a=i'1' b=i'-2' c=i'+3'}" },
	{ "a: 1.5\nb: 1e3\nc: .5\n", "{a=r'1.5' b=r'1e3' c=r'.5'}" },
	{ "a: '1'\nb: \"true\"\nc: |\n  1\n", "{a=s'1' b=s'true' c=s'1\n'}" },
	{ "a: yes\nb: no\nc: on\nd: off\n", "{a=s'yes' b=s'no' c=s'on' d=s'off'}" },
	{ "a: true\nb: False\n", "{a=b'true' b=b'False'}" },
	{ "a:\nb: ~\nc: null\nd: ''\n", "{a=n'' b=n'~' c=n'null' d=s''}" },
	{ "a: 0x1f\nb: 2026-06-12\nc: 07:00\n",
	    "{a=s'0x1f' b=s'2026-06-12' c=s'07:00'}" },
	{ "a: 99999999999999999999\n", "{a=r'99999999999999999999'}" },
	{ "a: .inf\nb: .nan\nc: +-1\n", "{a=s'.inf' b=s'.nan' c=s'+-1'}" },
	{ "- a\n- [b, {c: d}]\n- - e\n", "[s'a' [s'b' {c=s'd'}] [s'e']]" },
	{ "a: 1\n---\nb: 2\n---\n", "{a=i'1'};{b=i'2'};n''" },
	{ "\xef\xbb\xbf" "a: 1\r\n", "{a=i'1'}" },
	{ "a: '\\*'\nb: \"\\\\\"\n", "{a=s'\\*' b=s'\\'}" },
};

START_TEST(trees)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	struct yaml *doc;
	const char *want = good[_i].want;

	ck_assert_msg(yaml_parse(&arena, SV("t"), sv_str(good[_i].in), &doc, &e),
	    "%s", e.msg);
	for (; doc; doc = doc->next) {
		dump(&b, doc);
		if (doc->next)
			buf_str(&b, ";");
	}
	buf_byte(&b, '\0');
	ck_assert_str_eq(b.p, want);
	buf_release(&b);
}
END_TEST

/* Byte `at` of the value of the only key, or of the key. */
static const struct {
	const char *in;
	size_t at;
	const char *want;
} inside[] = {
	{ "a: bcd", 0, "t:1:4: x" },
	{ "a: bcd", 2, "t:1:6: x" },
	{ "a: bcd", 3, "t:1:7: x" },
	{ "a: bcd", 9, "t:1:7: x" },
	{ "a: 'bcd'", 1, "t:1:6: x" },
	{ "a: 'b''d'", 2, "t:1:8: x" },
	{ "a: \"bcd\"", 1, "t:1:6: x" },
	{ "a: \"\\tcd\"", 1, "t:1:7: x" },
	{ "a: \"\\x41c\"", 1, "t:1:9: x" },
	{ "a: \"\\u20acc\"", 3, "t:1:11: x" },
	{ "a: \"\\u20acc\"", 1, "t:1:5: x" },
	{ "a: \"b\\\n  c\"", 1, "t:1:6: x" },
	{ "a: \"b\\\n  cd\"", 2, "t:2:4: x" },
	{ "a: b\n  cd", 1, "t:1:5: x" },
	{ "a: b\n  cd", 3, "t:2:4: x" },
	{ "a: b  \r\n  cd", 3, "t:2:4: x" },
	{ "a: 'b\n\tcd'", 2, "t:2:2: x" },
	{ "a: |\n  bc\n   d\n", 0, "t:2:3: x" },
	{ "a: |\n  bc\n   d\n", 4, "t:3:4: x" },
	{ "a: >-\n bc\n\n de", 4, "t:4:2: x" },
	{ "\xc3\xa9: \xc3\xa9xy", 2, "t:1:5: x" },
	{ "\xef\xbb\xbf" "a: bcd", 2, "t:1:6: x" },
};

START_TEST(errors_inside)
{
	struct err e = ERR_INIT, quiet = ERR_INIT;
	struct yaml *doc;

	ck_assert(yaml_parse(&arena, SV("t"), sv_str(inside[_i].in), &doc,
	    &quiet));
	ck_assert(!yaml_err_in(&e, SV("t"), doc->kid, inside[_i].at, "%s", "x"));
	ck_assert_str_eq(e.msg, inside[_i].want);
}
END_TEST

START_TEST(errors_in_keys)
{
	static const char *const text[] = { "{a: b, cde: f}", "{'cde': f}" };
	static const char *const want[] = { "t:1:10: x", "t:1:5: x" };
	struct err e = ERR_INIT, quiet = ERR_INIT;
	struct yaml *doc, *y;

	ck_assert(yaml_parse(&arena, SV("t"), sv_str(text[_i]), &doc, &quiet));
	y = yaml_get(doc, SV("cde"));
	ck_assert(!yaml_err_key(&e, SV("t"), y, 2, "x"));
	ck_assert_str_eq(e.msg, want[_i]);
}
END_TEST

static const struct {
	const char *in, *want;
} bad[] = {
	{ "a: 1\nb: 2\na: 3\n", "t:3:1: key 'a' stands twice" },
	{ "{a: 1, b: 2, a: 3}", "t:1:14: key 'a' stands twice" },
	{ "a: &x 1\n", "t:1:4: anchors are not allowed" },
	{ "a: &x [1]\n", "t:1:4: anchors are not allowed" },
	{ "a: *x\n", "t:1:4: aliases are not allowed" },
	{ "a: !!str 1\n", "t:1:4: tags are not allowed" },
	{ "a: !x {b: c}\n", "t:1:4: tags are not allowed" },
	{ "? [a]\n: b\n", "t:1:3: a key is no scalar" },
	{ "'': b\n", "t:1:1: a key is empty" },
	{ "a: b: c\n", "t:1:5: mapping values are not allowed in this context" },
	{ "a: [1\n", "t:2:1: did not find expected ',' or ']' "
	    "(while parsing a flow sequence)" },
	{ "a:\n\tb: 1\n", "t:2:1: found character that cannot start any token "
	    "(while scanning for the next token)" },
	{ "a: 1\nb: \xff\n", "t:2:4: invalid leading UTF-8 octet" },
	{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "t:1:33: nested too deeply" },
};

START_TEST(errors)
{
	struct err e = ERR_INIT;
	struct yaml *doc;

	ck_assert(!yaml_parse(&arena, SV("t"), sv_str(bad[_i].in), &doc, &e));
	ck_assert_ptr_null(doc);
	ck_assert_int_eq(e.status, ST_USAGE);
	ck_assert_str_eq(e.msg, bad[_i].want);
}
END_TEST

START_TEST(places)
{
	static const char text[] = "a: 1\nbb:\n  - x\n  - {c: 'd'}\n";
	struct err e = ERR_INIT;
	struct yaml *doc, *bb, *c;

	ck_assert(yaml_parse(&arena, SV("t"), sv_str(text), &doc, &e));
	bb = yaml_get(doc, SV("bb"));
	c = yaml_get(bb->kid->next, SV("c"));
	ck_assert(bb->line == 3 && bb->col == 3);
	ck_assert(bb->key_line == 2 && bb->key_col == 1);
	ck_assert(bb->kid->line == 3 && bb->kid->col == 5);
	ck_assert(c->line == 4 && c->col == 9 && c->key_col == 6);
	ck_assert_uint_eq(bb->nkids, 2);
	ck_assert_ptr_null(yaml_get(doc, SV("x")));
	ck_assert_ptr_null(yaml_get(NULL, SV("x")));
	ck_assert_ptr_null(yaml_get(bb, SV("x")));
	yaml_err(&e, SV("f"), c, "bad '%s'", "d");
	ck_assert_str_eq(e.msg, "f:4:9: bad 'd'");
}
END_TEST

START_TEST(nul_is_kept)
{
	struct err e = ERR_INIT;
	struct yaml *doc;

	ck_assert(yaml_parse(&arena, SV("t"), SV("\"x\\0y\""), &doc, &e));
	ck_assert(sv_eq(doc->text, SV("x\0y")));
}
END_TEST

START_TEST(too_large)
{
	struct err e = ERR_INIT;
	struct yaml *doc;
	struct buf b = BUF_INIT;

	while (b.n <= YAML_SIZE_MAX)
		buf_str(&b, "# much\n");
	ck_assert(!yaml_parse(&arena, SV("t"), buf_sv(&b), &doc, &e));
	ck_assert_str_eq(e.msg, "t:1:1: 1048579 bytes are too many "
	    "(at most 1048576)");
	buf_release(&b);
}
END_TEST

static void
setup(void)
{
	arena_init(&arena);
}

static void
teardown(void)
{
	arena_release(&arena);
}

Suite *
test_yaml(void)
{
	Suite *s = suite_create("yaml");
	TCase *t = tcase_create("yaml");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, trees, 0, (int)countof(good));
	tcase_add_loop_test(t, errors, 0, (int)countof(bad));
	tcase_add_test(t, places);
	tcase_add_test(t, nul_is_kept);
	tcase_add_test(t, too_large);
	add_table(t, errors_inside, inside);
	tcase_add_loop_test(t, errors_in_keys, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
