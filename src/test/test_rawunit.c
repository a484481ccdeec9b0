/* SPDX-License-Identifier: MIT */
#include "record/rawunit.h"

#include "test/ck.h"

Suite *test_rawunit(void);

static const struct {
	const char *format, *text, *want; /* want NULL: more bytes are needed */
	bool eof;
} cuts[] = {
	{ "heroku-text", "a b\r\nc\n", "a b", false },
	{ "heroku-text", "a b", NULL, false },
	{ "heroku-text", "a b", "a b", true },
	{ "heroku-text", "\nx", "", false },
	{ "drain-frames", "9 <40>1 abc9 <40>1 def", "9 <40>1 abc", true },
	{ "drain-frames", "83 <40>1 2012-11-30T06:45:29+00:00 host app web.3 - "
	    "State changed from starting to up\n8", "83 <40>1 "
	    "2012-11-30T06:45:29+00:00 host app web.3 - State changed from "
	    "starting to up", true },
	{ "drain-frames", "84 <40>1 2012", NULL, false },
	{ "drain-frames", "no frame\nx", "no frame", true },
	{ "csv", "1,\"a\nb\",2\n3,c,4\n", "1,\"a\nb\",2", false },
	{ "csv", "1,\"a\n", NULL, false },
	{ "csv", "1,\"a\nb", "1,\"a", true },
	{ "pg-table", " a  | b+ \n c  | d\n e | f\n", " a  | b+ \n c  | d",
	    false },
	{ "pg-table", " a +| b\n c  | d\n", " a +| b\n c  | d", false },
	{ "sentry-events", "{\"a\": [1,\n2]}, {", "{\"a\": [1,\n2]}", false },
	{ "sentry-events", "{\"a\": [1,", NULL, false },
	{ "sentry-events", "{\"a\": [1,\nx", "{\"a\": [1,", true },
	{ "otlp", "{\"a\":1},{\"b\":2}]}\n", "{\"a\":1}", false },
};

START_TEST(cut)
{
	const struct format *f = format_find(sv_str(cuts[_i].format));
	sv unit;

	ck_assert(f != NULL);
	if (!cuts[_i].want) {
		ck_assert(!rawunit_cut(f, ',', sv_str(cuts[_i].text),
		    cuts[_i].eof, &unit));
		return;
	}
	ck_assert(rawunit_cut(f, ',', sv_str(cuts[_i].text), cuts[_i].eof,
	    &unit));
	ck_sv(unit, sv_str(cuts[_i].want));
}
END_TEST

Suite *
test_rawunit(void)
{
	Suite *s = suite_create("rawunit");
	TCase *t = tcase_create("rawunit");

	add_table(t, cut, cuts);
	suite_add_tcase(s, t);
	return s;
}
