/* SPDX-License-Identifier: MIT */
#include "parse/kv.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_kv(void);

/* Each item is written as key, then "=" and the value in <> or, when quoted,
 * in []; "~" marks an escape, "!" an open quote. */
static const struct {
	const char *line, *want;
} lines[] = {
	{ "", "" },
	{ "  \t\n", "" },
	{ "a=1", "a=<1>" },
	{ " a=1  b=2 ", "a=<1> b=<2>" },
	{ "a= b=2", "a=<> b=<2>" },
	{ "a=", "a=<>" },
	{ "a=\"\"", "a=[]" },
	{ "bare a=1 word", "bare a=<1> word" },
	{ "a=b=c", "a=<b=c>" },
	{ "=x a=1", "=x a=<1>" },
	{ "= a=1", "= a=<1>" },
	{ "==", "==" },
	{ "a=\"one two\" b=3", "a=[one two] b=<3>" },
	{ "a=\"one \\\"two\\\"\" b=3", "a=[one \\\"two\\\"]~ b=<3>" },
	{ "a=\"x\\\\\" b=3", "a=[x\\\\]~ b=<3>" },
	{ "a=\"x=1 y=2\"", "a=[x=1 y=2]" },
	{ "a=\"open b=2", "a=[open b=2]!" },
	{ "a=\"", "a=[]!" },
	{ "a=\"x\\", "a=[x\\]~!" },
	{ "a=\"x\\\"", "a=[x\\\"]~!" },
	{ "a=\"x\\\" y", "a=[x\\\" y]~!" },
	{ "a=\"x\"tail b=2", "a=[x] tail b=<2>" },
	{ "a=\"x\"b=2", "a=[x] b=<2>" },
	{ "a=x\"y z\"", "a=<x\"y> z\"" },
	{ "path=C:\\temp\\new", "path=<C:\\temp\\new>" },
	{ "\"quoted word\" a=1", "\"quoted word\" a=<1>" },
	{ "a=\"one\ntwo\" b=1\r\n", "a=[one\ntwo] b=<1>" },
	{ "sample#db=1 source=X", "sample#db=<1> source=<X>" },
	{ "k\xff=\xfe", "k\xff=<\xfe>" },
	{ "err=\"a \\\"b\\\"\" c=1", "err=[a \\\"b\\\"]~ c=<1>" },
	{ "k=\"x=y\" j=\"{\\\"a\\\":1}\"", "k=[x=y] j=[{\\\"a\\\":1}]~" },
	{ "a= b=\"\" c=", "a=<> b=[] c=<>" },
	{ "name=J\xc3\xb6rg msg=\"h\xc3\xa9 \xe2\x9c\x93\" \xc3\xbc=1",
	    "name=<J\xc3\xb6rg> msg=[h\xc3\xa9 \xe2\x9c\x93] "
	    "\xc3\xbc=<1>" },
	/* the reader hands out both; who reads decides */
	{ "a=1 a=2 a=\"1\"", "a=<1> a=<2> a=[1]" },
	{ "a = 1", "a = 1" },
	{ "a = \"one two\"", "a = \"one two\"" },
	{ "a=\"1\\\\\" b=\"\\\\\\\"\" c=2", "a=[1\\\\]~ b=[\\\\\\\"]~ c=<2>" },
};

static void
show(struct buf *b, const struct kv *kv)
{
	if (b->n)
		buf_byte(b, ' ');
	buf_add(b, kv->key);
	if (sv_null(kv->val))
		return;
	buf_byte(b, '=');
	buf_byte(b, kv->quoted ? '[' : '<');
	buf_add(b, kv->val);
	buf_byte(b, kv->quoted ? ']' : '>');
	if (kv->esc)
		buf_byte(b, '~');
	if (kv->open)
		buf_byte(b, '!');
}

START_TEST(pairs)
{
	struct buf b = BUF_INIT;
	sv rest = sv_str(lines[_i].line);
	struct kv kv;

	while (kv_next(&rest, &kv))
		show(&b, &kv);
	ck_sv(buf_sv(&b), sv_str(lines[_i].want));
	ck_assert_uint_eq(rest.n, 0);
	buf_release(&b);
}
END_TEST

START_TEST(embedded_nul)
{
	sv rest = SV("a\0b=1\0002 c=\"\0\"");
	struct kv kv;

	ck_assert(kv_next(&rest, &kv));
	ck_sv_lit(kv.key, "a\0b");
	ck_sv_lit(kv.val, "1\0002");
	ck_assert(kv_next(&rest, &kv));
	ck_sv_lit(kv.val, "\0");
	ck_assert(!kv_next(&rest, &kv));
	rest = SV_NULL;
	ck_assert(!kv_next(&rest, &kv));
}
END_TEST

static const struct {
	const char *line, *want;
} values[] = {
	{ "a=\"plain\"", "plain" },
	{ "a=\"\"", "" },
	{ "a=\"\\\"q\\\" \\\\ \\n\\t\\r\"", "\"q\" \\ \n\t\r" },
	{ "a=\"\\x \\u0041 \\/\"", "\\x \\u0041 \\/" },
	{ "a=\"\\\\n\"", "\\n" },
	{ "a=\"\\\\\\n\"", "\\\n" },
	{ "a=\"x\\", "x\\" },
	{ "a=C:\\new", "C:\\new" },
};

START_TEST(text)
{
	struct arena a = ARENA_INIT;
	sv rest = sv_str(values[_i].line);
	struct kv kv;

	ck_assert(kv_next(&rest, &kv));
	ck_sv(kv_text(&a, &kv), sv_str(values[_i].want));
	ck_assert((a.head != NULL) == kv.esc);
	arena_release(&a);
}
END_TEST

static const struct {
	const char *line, *want;
} objects[] = {
	{ "", "{}" },
	{ "word", "{}" },
	{ "a=1 word b=\"two words\" c=", "{\"a\":\"1\",\"b\":\"two words\","
	    "\"c\":\"\"}" },
	{ "a=\"\\\"q\\\" \\n\" b=C:\\n", "{\"a\":\"\\\"q\\\" \\u000a\","
	    "\"b\":\"C:\\\\n\"}" },
	{ "a=1 a=2", "{\"a\":\"1\",\"a\":\"2\"}" },
};

START_TEST(object)
{
	struct buf b = BUF_INIT;

	kv_write(&b, sv_str(objects[_i].line));
	ck_sv(buf_sv(&b), sv_str(objects[_i].want));
	buf_release(&b);
}
END_TEST

START_TEST(text_of_a_bare_word_is_null)
{
	struct arena a = ARENA_INIT;
	sv rest = SV("word a=");
	struct kv kv;

	ck_assert(kv_next(&rest, &kv));
	ck_assert(sv_null(kv_text(&a, &kv)));
	ck_assert(kv_next(&rest, &kv));
	ck_assert(!sv_null(kv_text(&a, &kv)));
	arena_release(&a);
}
END_TEST

static const struct {
	const char *line;
	bool want;
} looks[] = {
	{ "at=info method=GET path=\"/\"", true },
	{ "a=1 b=2", true },
	{ "a=1", false },
	{ "", false },
	{ "word a=1 b=2 c=3", false },
	{ "a=1 b=2 c=3 word", true },
	{ "a=1 b=2 word", false },
	{ "a=1 b=2 c=3 d=4 e=5 f=6 one two", true },
	{ "a=1 b=2 c=3 d=4 e=5 one two", false },
	{ "a=1 b=\"open", false },
	{ "1a=1 b=2 c=3", false },
	{ "@a=1 _b=2", true },
	{ "1st.name=1 word-2=22222 a=3 bb=4", false },
	{ "a=1 2nd.name=2 word-2=22222", false },
	{ "a=1 2nd.name=2 3rd.name=22222", false },
	{ "_first.name=1 .name=2 word-2=22222", false },
	{ "name#x=1 @b=2 c@d=22222222222222", true },
	{ "a_key_of_more_than_16_bytes=1 b=2", true },
	{ "a_key_of_more_than_16_bytes word!=2", false },
	{ "a.b-c#d@e_f=1 b=2", true },
	{ "a/b=1 b=2 c=3", false },
	{ "a=1 b/c=2 d=3 e=4", true },
	{ "a=1 b/c=2", false },
	{ "SELECT a FROM t WHERE a=1 AND b=2", false },
	{ "\xd0\xb0=1 b=2 c=3", false },
	{ "level=info msg=\"x \\\"y\\\"\" err=", true },
	{ "a=1 a=1", true },
	{ "a= b=", true },
	{ "name=J\xc3\xb6rg msg=\"h\xc3\xa9\"", true },
	{ "a = 1 b = 2 c = 3", false },
	{ "a=1 b = 2", false },
	{ "a =1 b =2", false },
	{ "a= 1 b= 2", false },
	{ "sql_error_code = 00000 pid=\"1\" user=\"x\"", false },
};

START_TEST(looks_like_logfmt)
{
	ck_assert(kv_is_logfmt(sv_str(looks[_i].line)) == looks[_i].want);
}
END_TEST

Suite *
test_kv(void)
{
	Suite *s = suite_create("kv");
	TCase *tc = tcase_create("logfmt");

	suite_add_tcase(s, tc);
	add_table(tc, pairs, lines);
	tcase_add_test(tc, embedded_nul);
	add_table(tc, text, values);
	add_table(tc, object, objects);
	tcase_add_test(tc, text_of_a_bare_word_is_null);
	add_table(tc, looks_like_logfmt, looks);
	return s;
}
