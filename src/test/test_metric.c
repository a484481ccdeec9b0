/* SPDX-License-Identifier: MIT */
#include "parse/metric.h"

#include "test/ck.h"

Suite *test_metric(void);

static const struct {
	const char *message, *subject, *addon, *json;
} lines[] = {
	/* dynos */
	{ "source=web.1 dyno=heroku.1.0f1e sample#load_avg_1m=2.46 "
	    "sample#load_avg_5m=1.06 sample#load_avg_15m=0.99", "web.1", NULL,
	    "[[\"load_avg_1m\",2.46,\"\"],[\"load_avg_5m\",1.06,\"\"],"
	    "[\"load_avg_15m\",0.99,\"\"]]" },
	{ "source=web.1 dyno=heroku.1.0f1e sample#memory_total=21.00MB "
	    "sample#memory_pgpgin=348836pages sample#memory_quota=512.00MB",
	    "web.1", NULL, "[[\"memory_total\",21,\"MB\"],"
	    "[\"memory_pgpgin\",348836,\"pages\"],"
	    "[\"memory_quota\",512,\"MB\"]]" },
	{ "source=heroku.1.web.1 sample#diskmbytes=0MB", "heroku.1.web.1", NULL,
	    "[[\"diskmbytes\",0,\"MB\"]]" },
	/* early in a dyno's life a load is not known yet; no quota before 2016 */
	{ "source=web.1 dyno=heroku.1.0f1e sample#load_avg_1m=0.24 "
	    "sample#load_avg_5m=0.59", "web.1", NULL,
	    "[[\"load_avg_1m\",0.24,\"\"],[\"load_avg_5m\",0.59,\"\"]]" },
	{ "source=web.1 dyno=heroku.1.0f1e sample#memory_rss=581.75MB "
	    "sample#memory_cache=0.16MB sample#memory_swap=0.00MB "
	    "sample#memory_pgpgout=0pages", "web.1", NULL,
	    "[[\"memory_rss\",581.75,\"MB\"],[\"memory_cache\",0.16,\"MB\"],"
	    "[\"memory_swap\",0,\"MB\"],[\"memory_pgpgout\",0,\"pages\"]]" },
	{ "source=web.1 dyno=heroku.1.0f1e sample#diskmbytes=0MB", "web.1", NULL,
	    "[[\"diskmbytes\",0,\"MB\"]]" },
	/* Postgres and Redis */
	{ "source=DATABASE addon=postgresql-flat-1 sample#current_transaction=7"
	    " sample#db_size=9876543bytes sample#tables=10 "
	    "sample#index-cache-hit-rate=0.99 sample#load-avg-1m=0.005 "
	    "sample#memory-total=15405636.0kB", "DATABASE", "postgresql-flat-1",
	    "[[\"current_transaction\",7,\"\"],[\"db_size\",9876543,\"bytes\"],"
	    "[\"tables\",10,\"\"],[\"index-cache-hit-rate\",0.99,\"\"],"
	    "[\"load-avg-1m\",0.005,\"\"],[\"memory-total\",15405636,\"kB\"]]" },
	{ "source=REDIS addon=redis-flat-1 sample#active-connections=3 "
	    "sample#memory-redis=700bytes sample#hit-rate=0.5", "REDIS",
	    "redis-flat-1", "[[\"active-connections\",3,\"\"],"
	    "[\"memory-redis\",700,\"bytes\"],[\"hit-rate\",0.5,\"\"]]" },
	{ "source=REDIS addon=redis-flat-1 sample#connection-percentage-used=0.15 "
	    "sample#memory-total=16070676KB sample#memory-cached=1.0kB "
	    "sample#evicted-keys=0", "REDIS", "redis-flat-1",
	    "[[\"connection-percentage-used\",0.15,\"\"],"
	    "[\"memory-total\",16070676,\"KB\"],[\"memory-cached\",1,\"kB\"],"
	    "[\"evicted-keys\",0,\"\"]]" },
	{ "source=HEROKU_POSTGRESQL_VIOLET addon=postgresql-flat-1 "
	    "sample#follower-lag-commits=0 sample#max-db-size=64GB "
	    "sample#tmp-disk-available=543900000000", "HEROKU_POSTGRESQL_VIOLET",
	    "postgresql-flat-1", "[[\"follower-lag-commits\",0,\"\"],"
	    "[\"max-db-size\",64,\"GB\"],"
	    "[\"tmp-disk-available\",543900000000,\"\"]]" },
	{ "source=DATABASE sample#wal-percentage-used=0.06", "DATABASE", NULL,
	    "[[\"wal-percentage-used\",0.06,\"\"]]" },
	/* kinds */
	{ "measure#db=12ms count#hits=1 tag#kind=x sample#t=-3s", NULL, NULL,
	    "[[\"db\",12,\"ms\",\"measure\"],[\"hits\",1,\"\",\"count\"],"
	    "[\"kind\",\"x\",\"\",\"tag\"],[\"t\",-3,\"s\"]]" },
	{ "sample#a=1 count#a=2 measure#a=3", NULL, NULL, "[[\"a\",1,\"\"],"
	    "[\"a\",2,\"\",\"count\"],[\"a\",3,\"\",\"measure\"]]" },
	{ "tag#build=12 sample#a=1", NULL, NULL,
	    "[[\"build\",\"12\",\"\",\"tag\"],[\"a\",1,\"\"]]" },
	{ "source= addon= sample#a=1", "", "", "[[\"a\",1,\"\"]]" },
};

START_TEST(samples)
{
	struct buf b = BUF_INIT, more = BUF_INIT;
	struct metric in;

	ck_assert(metric_parse(sv_str(lines[_i].message), &in, &b, &more));
	ck_sv(in.subject, sv_str(lines[_i].subject));
	ck_assert(sv_null(in.subject) == (lines[_i].subject == NULL));
	ck_sv(in.addon, sv_str(lines[_i].addon));
	ck_assert(sv_null(in.addon) == (lines[_i].addon == NULL));
	ck_sv(buf_sv(&b), sv_str(lines[_i].json));
	ck_assert(more.n == 0 && !in.bad_number);
	buf_release(&b);
	buf_release(&more);
}
END_TEST

/* Values that are none, and what is no sample. */
static const struct {
	const char *message, *json, *more;
	bool bad;
} oddities[] = {
	{ "sample#a=1e-05 sample#b=2.5E3ms sample#c=1e sample#d=5% "
	    "sample#e=1eV sample#f=.5", "[[\"a\",1e-05,\"\"],"
	    "[\"b\",2500,\"ms\"],[\"c\",1,\"e\"],[\"d\",5,\"%\"],"
	    "[\"e\",1,\"eV\"],[\"f\",0.5,\"\"]]", "", false },
	{ "sample#a=", "[[\"a\",\"\",\"\"]]", "", false },
	{ "sample#a=x", "[[\"a\",\"x\",\"\"]]", "", true },
	{ "sample#a=3e+", "[[\"a\",\"3e+\",\"\"]]", "", true },
	{ "sample#a=1.2.3", "[[\"a\",\"1.2.3\",\"\"]]", "", true },
	{ "sample#a=-", "[[\"a\",\"-\",\"\"]]", "", true },
	{ "count#a=NaN", "[[\"a\",\"NaN\",\"\",\"count\"]]", "", true },
	{ "sample#a=1e309", "[[\"a\",\"1e309\",\"\"]]", "", true },
	{ "sample#a=0x1f4", "[[\"a\",\"0x1f4\",\"\"]]", "", true },
	{ "sample#a=1,5", "[[\"a\",\"1,5\",\"\"]]", "", true },
	{ "sample#a=7MB/s sample#b=2", "[[\"a\",\"7MB/s\",\"\"],"
	    "[\"b\",2,\"\"]]", "", true },
	{ "tag#b=0x1 sample#a=1", "[[\"b\",\"0x1\",\"\",\"tag\"],"
	    "[\"a\",1,\"\"]]", "", false },
	{ "sample#a=\"two words\" sample#\"=1", "[[\"a\",\"two words\",\"\"],"
	    "[\"\\\"\",1,\"\"]]", "", true },
	{ "at=info source=web.1 sample#a=1 foo=\"b c\" source=web.2 sample#b "
	    "and so on", "[[\"a\",1,\"\"]]",
	    "at=info foo=\"b c\" source=web.2 sample#b and so on", false },
};

START_TEST(odd)
{
	struct buf b = BUF_INIT, more = BUF_INIT;
	struct metric in;

	ck_assert(metric_parse(sv_str(oddities[_i].message), &in, &b, &more));
	ck_sv(buf_sv(&b), sv_str(oddities[_i].json));
	ck_sv(buf_sv(&more), sv_str(oddities[_i].more));
	ck_assert(in.bad_number == oddities[_i].bad);
	buf_release(&b);
	buf_release(&more);
}
END_TEST

static const char *const others[] = {
	"", "source=web.1 dyno=heroku.1", "source=web.1 load_avg_1m=2", "#",
	"sample#", "sample#x", "tag#kind=x", "issue #12 a=b", "xsample#a=1",
};

START_TEST(no_samples)
{
	struct buf b = BUF_INIT, more = BUF_INIT;
	struct metric in;

	ck_assert(!metric_parse(sv_str(others[_i]), &in, &b, &more));
	ck_assert_uint_eq(b.n, 0);
	ck_assert_uint_eq(more.n, 0);
	buf_release(&b);
	buf_release(&more);
}
END_TEST

START_TEST(appends)
{
	struct buf b = BUF_INIT, more = BUF_INIT;
	struct metric in;

	buf_lit(&b, "x");
	buf_lit(&more, "y");
	ck_assert(metric_parse(SV("sample#a=1 z"), &in, &b, &more));
	ck_sv_lit(buf_sv(&b), "x[[\"a\",1,\"\"]]");
	ck_assert(!metric_parse(SV("tag#a=1"), &in, &b, &more));
	ck_sv_lit(buf_sv(&b), "x[[\"a\",1,\"\"]]");
	ck_sv_lit(buf_sv(&more), "yz");
	buf_release(&b);
	buf_release(&more);
}
END_TEST

START_TEST(instance)
{
	struct buf b = BUF_INIT, more = BUF_INIT;
	struct metric in;

	ck_assert(metric_parse(SV("source=web.1 dyno=heroku.1.uuid sample#a=1"),
	    &in, &b, &more));
	ck_sv_lit(in.instance, "heroku.1.uuid");
	ck_assert(metric_parse(SV("source=web.1 sample#a=1"), &in, &b, &more));
	ck_assert(sv_null(in.instance));
	buf_release(&b);
	buf_release(&more);
}
END_TEST

Suite *
test_metric(void)
{
	Suite *s = suite_create("metric");
	TCase *tc = tcase_create("samples");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, instance);
	add_table(tc, samples, lines);
	add_table(tc, odd, oddities);
	add_table(tc, no_samples, others);
	tcase_add_test(tc, appends);
	return s;
}
