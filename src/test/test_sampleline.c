/* SPDX-License-Identifier: MIT */
#include "parse/sampleline.h"

#include "store/sampletext.h"
#include "test/ck.h"

Suite *test_sampleline(void);

/* `plain`: read in one run. Lines of one shape follow each other. */
static const struct {
	const char *message;
	bool plain;
} lines[] = {
	{ "source=web.1 dyno=heroku.1.0f-e sample#load_avg_1m=2.46", true },
	{ "source=web.2 dyno=heroku.1.0f-e sample#load_avg_1m=0.50", true },
	{ "source=web.1 sample#load_avg_1m=0.00", true },
	{ "sample#load_avg_1m=007.10", true },
	{ "sample#load_avg_1m=-0.0", true },
	{ "sample#load_avg_1m=-3", true },
	{ "sample#load_avg_1m=0.0001", true },
	{ "sample#load_avg_1m=0.00001", false },
	{ "sample#load_avg_1m=0.000000", true },
	{ "sample#a=1.50MB sample#b=2.25s sample#limit=1000.00MB", true },
	{ "sample#a=10.00MB sample#b=-2s sample#limit=-0.50MB", true },
	{ "sample#a=0.00MB sample#b=0s sample#limit=100MB", true },
	{ "sample#a=0.0001MB sample#b=007s sample#limit=1.00010MB", true },
	{ "sample#a=0.00001MB sample#b=0s sample#limit=100MB", false },
	{ "sample#a=12345678901234.5MB sample#b=0s sample#limit=1MB", true },
	{ "sample#a=-12345678901234.5MB sample#b=0s sample#limit=1MB", true },
	{ "sample#a=123456789012345MB sample#b=0s sample#limit=1MB", true },
	{ "sample#a=1234567890123456MB sample#b=0s sample#limit=1MB", false },
	{ "sample#a=1.2345678901234MB sample#b=0s sample#limit=1MB", true },
	{ "sample#a=1.20000000000000MB sample#b=0s sample#limit=1MB", true },
	{ "sample#a=1.2.3MB sample#b=0s sample#limit=1MB", false },
	{ "sample#a=1.MB sample#b=0s sample#limit=1MB", false },
	{ "sample#a=MB sample#b=0s sample#limit=1MB", false },
	{ "sample#load_avg_1m=12345678901234.5", true },
	{ "sample#load_avg_1m=1234567890123456", false },
	{ "sample#load_avg_1m=0.1234567890123456", false },
	{ "sample#load_avg_1m=1.", false },
	{ "sample#load_avg_1m=.5", false },
	{ "sample#load_avg_1m=", false },
	{ "sample#load_avg_1m=-", false },
	{ "sample#load_avg_1m=1.2.3", false },
	{ "sample#load_avg_1m=1e5", false },
	{ "sample#load_avg_1m=1MB", true },
	{ "sample#load_avg_1m=1eV", false },
	{ "sample#load_avg_1m=1 ", false },
	{ "sample#load_avg_1m=1MB/s", false },
	{ "source=web.1 sample#m=21.00MB sample#mem0=348836pages sample#q=5%",
	    true },
	{ "source=web.1 sample#m=1.50MB sample#mem0=0pages sample#q=50%", true },
	{ "source=web.1 sample#m=1.50MB sample#mem0=0pages sample#q=50", true },
	{ "source=web.1 sample#m=1.50MB sample#mem0=0pages sample#q=50 x", false },
	{ "source=web.1 sample#m=1.50MB sample#mem0=0pages", true },
	{ "source=web.1 sample#m=1.50MB sample#mem0=0pages sample#q=5% "
	    "sample#q=6%", true },
	{ "source=web.1 sample#m=1 addon=x", true },
	{ "source=web.1 sample#m=1 addon=x sample#m=2", true },
	{ "sample#m=1 source=web.1 sample#m=2", true },
	{ "source=web.1 source=web.2 sample#m=1", false },
	{ "source=web.1  sample#m=1", false },
	{ "source=web.1 sample#m=1 count#m=1", false },
	{ "source= sample#m=1", false },
	{ "source=\"a\" sample#m=1", false },
	{ "sample#=1", false },
	{ "sample#a b=1", false },
	{ "sample#a\"=1", false },
	{ "at=info sample#m=1", false },
	{ "source=web.1", false },
	{ "sample#", false },
	{ "", false },
};

/* The same as the general reader, and apart as the store would part it. */
static void
check_line(const char *message, bool plain)
{
	struct buf json = BUF_INIT, more = BUF_INIT, whole = BUF_INIT;
	struct buf names = BUF_INIT, values = BUF_INIT;
	struct arena a = ARENA_INIT;
	struct sampleline text;
	struct metric m, want;

	ck_assert(sampleline_parse(sv_str(message), &a, &m, &text) == plain);
	if (plain) {
		ck_assert(metric_parse(sv_str(message), &want, &json, &more));
		sampleline_write(&whole, &text);
		ck_sv(buf_sv(&whole), buf_sv(&json));
		ck_assert(more.n == 0 && !want.texts && !want.bad_number);
		ck_assert_uint_eq(m.samples, want.samples);
		ck_sv(m.subject, want.subject);
		ck_sv(m.instance, want.instance);
		ck_sv(m.addon, want.addon);
		ck_assert(sampletext_split(buf_sv(&json), &names, &values));
		ck_sv(text.names, buf_sv(&names));
		ck_sv(text.values, buf_sv(&values));
	}
	buf_release(&json);
	buf_release(&more);
	buf_release(&whole);
	buf_release(&names);
	buf_release(&values);
	arena_release(&a);
}

/* In order, and each behind itself: then its shape is known. */
START_TEST(like_metric)
{
	int known = 0;

	for (size_t i = 0; i < countof(lines); i++)
		for (int twice = 0; twice < 2; twice++) {
			check_line(lines[i].message, lines[i].plain);
			if (sampleline_is_known(sv_str(lines[i].message))) {
				ck_assert(lines[i].plain);
				known++;
			}
		}
	ck_assert_int_gt(known, 0);
}
END_TEST

/* More than a shape holds. */
START_TEST(many)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < 40; i++)
		buf_printf(&b, "%ssample#s%d=%d.5MB", i ? " " : "", i, i);
	buf_byte(&b, '\0');
	for (int twice = 0; twice < 2; twice++)
		check_line(b.p, true);
	buf_clear(&b);
	buf_lit(&b, "sample#");
	for (int i = 0; i < 1200; i++)
		buf_byte(&b, 's');
	buf_lit(&b, "=1\0");
	for (int twice = 0; twice < 2; twice++)
		check_line(b.p, true);
	buf_release(&b);
}
END_TEST

Suite *
test_sampleline(void)
{
	Suite *s = suite_create("sampleline");
	TCase *tc = tcase_create("sampleline");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, like_metric);
	tcase_add_test(tc, many);
	return s;
}
