/* SPDX-License-Identifier: MIT */
#include "output/escape.h"

#include <check.h>

#include "base/attr.h"

Suite *test_escape(void);

static struct buf out = BUF_INIT;

static void
check(void (*escape)(struct buf *, sv), sv in, const char *want)
{
	buf_clear(&out);
	escape(&out, in);
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.p, want);
}

struct row {
	sv in;
	const char *want;
};

/* A view of a literal as a constant. */
#define T(lit) { (lit), sizeof(lit) - 1 }

static const struct row text_rows[] = {
	{ T(""), "" },
	{ T("plain text, \"quoted\""), "plain text, \"quoted\"" },
	{ T("a\\b"), "a\\\\b" },
	{ T("a\tb"), "a  b" },
	{ T("a\nb\r\0c"), "a\\x0ab\\x0d\\x00c" },
	{ T("\033]0;owned\007"), "\\x1b]0;owned\\x07" },
	{ T("\x7f"), "\\x7f" },
	{ T("na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80"),
	    "na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80" },
	{ T("\xc2\x9b" "31m"), "\\u{9b}31m" },             /* C1 CSI */
	{ T("a\xe2\x80\xae" "b"), "a\\u{202e}b" },         /* bidi */
	{ T("\xe2\x81\xa6\xe2\x80\x8b"), "\\u{2066}\\u{200b}" },
	{ T("\xef\xbb\xbf"), "\\u{feff}" },
	{ T("\xe2\x80\xa8"), "\\u{2028}" },                /* line separator */
	{ T("\xf3\xa0\x81\x81"), "\\u{e0041}" },           /* tag */
	{ T("\xff\xfe"), "\\xff\\xfe" },
	{ T("\xc3"), "\\xc3" },                            /* cut short */
	{ T("\xc0\xaf"), "\\xc0\\xaf" },                   /* overlong */
	{ T("\xed\xa0\x80"), "\\xed\\xa0\\x80" },          /* surrogate */
	{ T("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" }, /* too large */
	{ T("\xef\xbf\xbf"), "\\u{ffff}" },
};

START_TEST(text_is_shown)
{
	check(escape_text, text_rows[_i].in, text_rows[_i].want);
}
END_TEST

static const struct row md_rows[] = {
	{ T(""), "" },
	{ T("a|b"), "a\\|b" },
	{ T("a\\|b"), "a\\\\\\\\\\|b" },
	{ T("*b* _i_ `c` [t](u) !x #1 ~s~ $m$"),
	    "\\*b\\* \\_i\\_ \\`c\\` \\[t\\]\\(u\\) \\!x \\#1 \\~s\\~ \\$m\\$" },
	{ T("<b>&amp;"), "&#60;b&#62;&#38;amp;" },
	{ T("http://x.example"), "http&#58;//x.example" },
	{ T("www.x.example"), "&#119;ww.x.example" },
	{ T("a@b.example"), "a&#64;b.example" },
	{ T("12:30"), "12:30" },
	{ T("- item"), "&#45; item" },
	{ T("---"), "&#45;--" },
	{ T("+ item"), "&#43; item" },
	{ T("+1"), "+1" },
	{ T("1. item"), "1&#46; item" },
	{ T("1.5"), "1.5" },
	{ T("1."), "1&#46;" },
	{ T("2) item"), "2\\) item" },
	{ T("# h"), "\\# h" },
	{ T("> q"), "&#62; q" },
	{ T("==="), "&#61;==" },
	{ T("    code"), "&#32;   code" },
	{ T("a\n| b"), "a\\\\x0a\\| b" },
	{ T("\xe2\x80\xae"), "\\\\u{202e}" },
};

START_TEST(markdown_is_no_markup)
{
	check(escape_md, md_rows[_i].in, md_rows[_i].want);
}
END_TEST

static const struct row code_rows[] = {
	{ T("x"), "`x`" },
	{ T(""), "`  `" },
	{ T("a|b"), "`a\\|b`" },
	{ T("a`b"), "``a`b``" },
	{ T("`"), "`` ` ``" },
	{ T("a```b``c"), "````a```b``c````" },
	{ T(" x "), "`  x  `" },
	{ T("a\nb"), "`a\\x0ab`" },
	{ T("a\\"), "`a\\\\`" },
	{ T("\t"), "`    `" },
};

static void
code_in_table(struct buf *b, sv v)
{
	escape_md_code(b, v, true);
}

static void
code_in_text(struct buf *b, sv v)
{
	escape_md_code(b, v, false);
}

START_TEST(pipe_is_escaped_in_tables_only)
{
	check(code_in_text, SV("a|b"), "`a|b`");
}
END_TEST

START_TEST(code_keeps_its_fence)
{
	check(code_in_table, code_rows[_i].in, code_rows[_i].want);
}
END_TEST

static const struct row mail_rows[] = {
	{ T(""), "" },
	{ T("no address @ all"), "no address @ all" },
	{ T("jane.roe4@example.com"), "j***4@example.com" },
	{ T("to jane.roe@a.example, joe+x@b.example."),
	    "to j***e@a.example, j***x@b.example." },
	{ T("<jo@x.example>"), "<j***@x.example>" },
	{ T("joe@x.example"), "j***@x.example" },
	{ T("j@x.example"), "***@x.example" },
	{ T("o'brien@x.example"), "o***n@x.example" },
	{ T("'jane@x.example'"), "'j***e@x.example'" },
	{ T("GET /u?email=jane.roe%40x.example&a=1"),
	    "GET /u?email=j***e%40x.example&a=1" },
	{ T("jane%2540x.example"), "j***e%2540x.example" },
	{ T("{\"to\":\"jane\\u0040x.example\"}"),
	    "{\"to\":\"j***e\\u0040x.example\"}" },
	{ T("jane&#64;x.example"), "j***e&#64;x.example" },
	{ T("\"jane roe\"@x.example"), "\"***\"@x.example" },
	{ T("j\xc3\xbcrgen@x.example"), "j***n@x.example" },
	{ T("\xc3\xa9mil\xc3\xa9@x.example"),
	    "\xc3\xa9***\xc3\xa9@x.example" },
	{ T("jane@[203.0.113.7]"), "j***e@[203.0.113.7]" },
	{ T("jane@localhost"), "jane@localhost" },
	{ T("web@1:Performance-M worker@2"), "web@1:Performance-M worker@2" },
	{ T("release raxx@v87"), "release raxx@v87" },
	{ T("raxx@1.2.3, deploy@10.0.0.5"), "raxx@1.2.3, deploy@10.0.0.5" },
	{ T("lucky#@x.example"), "l***#@x.example" },
	{ T("a lucky?@x.example"), "a l***?@x.example" },
	{ T("jane/roe=1@x.example"), "j***1@x.example" },
	{ T("a!b#c$d^e~f@x.example"), "a***f@x.example" },
	{ T("a{b|c}d`e@x.example"), "a***e@x.example" },
	{ T("to=jane@x.example, s=1"), "to=j***e@x.example, s=1" },
	{ T("/u?to=jane@x.example"), "/u?to=j***e@x.example" },
	{ T("(jane+tag@x.example)"), "(j***g@x.example)" },
	{ T("[jane@x.example]"), "[j***e@x.example]" },
	{ T("\"jane@x.example\""), "\"j***e@x.example\"" },
	{ T("mailto:jane@x.example?subject=a"),
	    "mailto:j***e@x.example?subject=a" },
	{ T("jane%40x%2Eexample"), "j***e%40x%2Eexample" },
	{ T("jane@xn--mnchen-3ya.xn--p1ai"),
	    "j***e@xn--mnchen-3ya.xn--p1ai" },
	{ T("jane@m\xc3\xbcnchen.example"), "j***e@m\xc3\xbcnchen.example" },
	{ T("jane@\xe4\xbe\x8b\xe3\x80\x82\xe4\xbe\x8b"),
	    "j***e@\xe4\xbe\x8b\xe3\x80\x82\xe4\xbe\x8b" },
	{ T("jane@sub-1.x2.example."), "j***e@sub-1.x2.example." },
	{ T("cut jane@mailh\xe2\x80\xa6"), "cut j***e@mailh\xe2\x80\xa6" },
	{ T("**@x.example"), "****@x.example" },
	{ T("a@b?@c.example"), "***@b***@c.example" },
	{ T("jane@@x.example"), "j***e@@x.example" },
	{ T("roe&#64;%40@[x"), "r***&#64;%40@[x" },
	{ T("a@b@c@d@e@f"), "***@b@c@d@e@f" },
	{ T("a@b@c.example"), "***@***@c.example" },
	{ T("@handle"), "@handle" },
	{ T("jane\0roe@x"), "jane" },
};

START_TEST(addresses_are_masked)
{
	check(mask_email, mail_rows[_i].in, mail_rows[_i].want);
}
END_TEST

START_TEST(masking_twice_is_masking_once)
{
	struct buf once = BUF_INIT;

	mask_email(&once, mail_rows[_i].in);
	buf_clear(&out);
	mask_email(&out, buf_sv(&once));
	ck_assert(sv_eq(buf_sv(&once), buf_sv(&out)));
	buf_release(&once);
}
END_TEST

START_TEST(a_nul_hides_nothing)
{
	buf_clear(&out);
	mask_email(&out, SV("x\0jane@y.example"));
	ck_assert(sv_eq(buf_sv(&out), SV("x\0j***e@y.example")));
}
END_TEST

START_TEST(width_counts_columns)
{
	ck_assert_uint_eq(escape_width(SV("")), 0);
	ck_assert_uint_eq(escape_width(SV("abc")), 3);
	ck_assert_uint_eq(escape_width(SV("na\xc3\xafve")), 5);
	ck_assert_uint_eq(escape_width(SV("e\xcc\x81")), 1);
	ck_assert_uint_eq(escape_width(SV("\xe6\xbc\xa2\xe5\xad\x97")), 4);
	ck_assert_uint_eq(escape_char(SV("")), 0);
	ck_assert_uint_eq(escape_char(SV("\xe6\xbc\xa2x")), 3);
	ck_assert_uint_eq(escape_char(SV("\xe6\xbc")), 1);
}
END_TEST

Suite *
test_escape(void)
{
	Suite *s = suite_create("escape");
	TCase *t = tcase_create("escape");

	tcase_add_loop_test(t, text_is_shown, 0, countof(text_rows));
	tcase_add_loop_test(t, markdown_is_no_markup, 0, countof(md_rows));
	tcase_add_loop_test(t, code_keeps_its_fence, 0, countof(code_rows));
	tcase_add_loop_test(t, addresses_are_masked, 0, countof(mail_rows));
	tcase_add_loop_test(t, masking_twice_is_masking_once, 0,
	    countof(mail_rows));
	tcase_add_test(t, pipe_is_escaped_in_tables_only);
	tcase_add_test(t, a_nul_hides_nothing);
	tcase_add_test(t, width_counts_columns);
	suite_add_tcase(s, t);
	return s;
}
