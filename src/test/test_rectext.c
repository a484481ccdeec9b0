/* SPDX-License-Identifier: MIT */
#include "record/rectext.h"

#include "test/ck.h"

Suite *test_rectext(void);

static struct rec
new_rec(enum rec_kind kind, int field, sv text)
{
	struct rec r;

	rec_init(&r, kind);
	rec_put_text(&r, field, text);
	return r;
}

/* The same whoever asks: appended, and as a view. */
static void
check(const struct rec *r, int field, const char *want)
{
	struct buf b = BUF_INIT;

	ck_sv(rectext_get(r, field, &b), sv_str(want));
	buf_lit(&b, "?");
	ck_sv(rectext_get(r, field, &b), sv_str(want));
	buf_clear(&b);
	buf_lit(&b, "x");
	rectext_write(&b, r, field);
	ck_assert(sv_starts(buf_sv(&b), SV("x")));
	ck_sv(sv_skip(buf_sv(&b), 1), sv_str(want));
	buf_release(&b);
}

START_TEST(there_is_one)
{
	struct rec r = new_rec(REC_METRIC, METRIC_samples, SV("[[\"a\",1]]"));

	check(&r, METRIC_samples, "[[\"a\",1]]");
	r = new_rec(REC_APP, APP_fields, SV("{}"));
	check(&r, APP_fields, "{}");
}
END_TEST

START_TEST(samples)
{
	struct rec r = new_rec(REC_METRIC, METRIC_samples, SV_NULL);

	r.samples = (struct sampleline){
		SV("[[\"a\",0,\"MB\"],[\"b\",0,\"\"]]"), SV("[1.5,-2]") };
	check(&r, METRIC_samples, "[[\"a\",1.5,\"MB\"],[\"b\",-2,\"\"]]");
}
END_TEST

START_TEST(pairs)
{
	struct rec r = new_rec(REC_APP, APP_fields, SV_NULL);

	r.pairs = true;
	rec_put_text(&r, APP_message, SV("a=1 word b=\"x \\\"y\\\"\" c="));
	check(&r, APP_fields, "{\"a\":\"1\",\"b\":\"x \\\"y\\\"\",\"c\":\"\"}");
}
END_TEST

Suite *
test_rectext(void)
{
	Suite *s = suite_create("rectext");
	TCase *tc = tcase_create("rectext");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, there_is_one);
	tcase_add_test(tc, samples);
	tcase_add_test(tc, pairs);
	return s;
}
